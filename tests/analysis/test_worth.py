"""Whether curtailing compute pays: what is paid and saved for a MWh, against the compute revenue forgone."""

import pytest

from flexrev_xl.analysis.budget import budget
from tests.portfolio.given import ROW, portfolio

# 10 MW at 1,000 a MW-year and 20 h at 50 a MWh: 20,000 for 200 MWh, 100 each.
COMPUTE = {**ROW, "dispatch_hours": 20.0, "energy_rate": 50.0}
BASE = [{"name": "Base"}]


def line(**changes):
    """The line of such a row as JSON, and the warnings of its budget."""
    made = budget(portfolio(COMPUTE | changes, scenarios=BASE, year=2026)).as_json()
    return made["scenarios"][0]["lines"][0], made["warnings"]


@pytest.mark.parametrize(
    ("changes", "gain", "worth"),
    [
        ({"compute_forgone_per_mwh": 99.0}, 1, "Curtailing compute pays"),
        ({"compute_forgone_per_mwh": 101.0}, -1, "Curtailing compute loses money"),
        ({"compute_forgone_per_mwh": 101.0, "energy_bill_per_mwh": 60.0}, 59, "Curtailing compute pays"),
        ({"compute_forgone_per_mwh": 100.0}, 0, ""),
        ({"compute_forgone_per_mwh": 99.0, "customer_share": 0.5}, -49, "Curtailing compute loses money"),
        ({"compute_forgone_per_mwh": 99.0, "dispatch_hours": 0.0}, 0, ""),
        ({}, 0, ""),
    ],
)
def test_the_word_on_a_line(changes, gain, worth):
    """It says so where compute revenue is forgone and something is delivered, else nothing."""
    made, _ = line(**changes)
    assert (pytest.approx(gain, abs=1e-9), worth) == (made["gain_per_mwh"], made["worth"])


def test_a_loss_is_a_sentence_with_its_figures():
    """The row, the site, what is forgone, what the programme leaves and what is not bought."""
    _, (warning,) = line(compute_forgone_per_mwh=180.0, energy_bill_per_mwh=60.0, customer_share=0.5, marginal_cost=0.0)
    expected = (
        "p.csv row 2: curtailing compute loses money at Ashburn: each MWh forgoes 180.00 USD of compute revenue; "
        "Contract leaves 50.00 of it, and 60.00 of energy is not bought"
    )
    assert expected == warning


def test_a_loss_in_another_currency_is_told_in_that_of_the_portfolio():
    """180 EUR forgone are 198 USD at 1.1."""
    row = COMPUTE | {"rate_unit": "EUR/MW-year", "compute_forgone_per_mwh": 180.0, "marginal_cost": 0.0}
    rates = [{"currency": "EUR", "rate": 1.1}]
    made = portfolio(row, scenarios=BASE, year=2026, currency="USD", rates=rates)
    (warning,) = budget(made).warnings
    assert ("forgoes 198.00 USD" in warning, "leaves 110.00" in warning) == (True, True)


@pytest.mark.parametrize(("changes", "cost"), [({}, 200 * 180.0), ({"marginal_cost": 25.0}, 200 * 25.0)])
def test_compute_forgone_is_the_marginal_cost_where_none_is_given(changes, cost):
    """A MWh released costs the compute revenue it would have earned, unless the row says its cost."""
    made, _ = line(compute_forgone_per_mwh=180.0, **changes)
    assert pytest.approx(cost) == made["operating_cost"]
