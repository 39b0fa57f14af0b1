"""Stop-losses of a row's own period, and the part of them that each budget year has."""

import pytest

from flexrev_xl.analysis.budget import budget
from tests.portfolio.given import portfolio

ROW = {
    "site": "Ashburn", "programme": "Contract", "nominated_mw": 10.0, "capacity_rate": 329.17, "rate_unit": "USD/MW-day",
    "start": "2026-06-01", "end": "2027-05-31", "performance": 0.67, "dispatch_hours": 30.0,
}  # fmt: skip
LIMIT = 0.30 * 10 * 329.17 * 365
LIMITS = [{"stop_loss_share": 0.30}, {"stop_loss_money": 360_441.15}]


def penalties(row, years):
    """Penalties of the Base scenario in each calendar year from 2026."""
    base = budget(portfolio(row, year=2026, fiscal_year_start=1, years=years)).scenario("Base")
    return [totals["penalties"] for totals in base.by_year.values()]


@pytest.mark.parametrize("limit", LIMITS, ids=["share", "money"])
@pytest.mark.parametrize(
    ("rate", "expected"), [(3_000.0, 10 * 0.33 * 30 * 3_000), (6_000.0, LIMIT)], ids=["below the limit", "above it"]
)
def test_all_events_in_one_year(limit, rate, expected):
    """Where all hours fall in 2026, that year has the whole stop-loss, though it pays 214 of 365 days."""
    row = ROW | limit | {"penalty_rate": rate, "event_months": "6-9"}
    assert pytest.approx([expected]) == penalties(row, years=1)


@pytest.mark.parametrize("limit", LIMITS, ids=["share", "money"])
def test_even_events(limit):
    """Seven of twelve event months lie in 2026 and five in 2027: so do the parts of the limit, which make the whole."""
    shares = [7 / 12 * LIMIT, 5 / 12 * LIMIT]
    assert pytest.approx(shares) == penalties(ROW | limit | {"penalty_rate": 6_000.0}, years=2)
