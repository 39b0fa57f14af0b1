"""Percent-like numbers of a portfolio, and the defaults that were taken."""

import pytest

from flexrev_xl.portfolio.columns import COLUMNS
from tests.portfolio.given import ENERGY_ROW, ROW, portfolio


@pytest.mark.parametrize(
    ("typed", "read"), [(0.95, 0.95), (95.0, 0.95), (1.5, 1.5), (10.0, 0.1), (150.0, 1.5), (0.0, 0.0)]
)
def test_performance_takes_fractions_and_percent_numbers(typed, read):
    """Up to 1.5 a number is a fraction, from 10 up it is in percent."""
    assert pytest.approx(read, rel=1e-15) == portfolio({**ROW, "performance": typed}).enrolments[0].performance


def test_a_column_that_mixes_both_is_warned_about():
    """0.95 in one row and 92 in another are both read, and the reader is told what 92 was read as."""
    mixed = portfolio({**ROW, "performance": 0.95}, {**ROW, "site": "Boston", "performance": 92.0})
    (warning,) = mixed.warnings
    assert [] == [word for word in ("performance", "0.95", "p.csv row 3", "92.0 %") if word not in warning]
    assert [0.95, 0.92] == [e.performance for e in mixed.enrolments]


@pytest.mark.parametrize("typed", [(0.95, 0.92), (95.0, 92.0), (0.0, 92.0)])
def test_a_column_of_one_kind_is_not(typed):
    """Fractions alone or percent numbers alone need no warning; 0 is both."""
    rows = [{**ROW, "site": f"Site {n}", "performance": value} for n, value in enumerate(typed)]
    assert () == portfolio(*rows).warnings


def test_defaults_are_listed_with_the_lines_that_took_them():
    """What was not given is listed once each, with how many lines took it."""
    used = portfolio({**ROW, "performance": 0.9}, {**ROW, "site": "Boston"}, year=2026).defaults_used
    assert "fiscal_year_start: 1" in used
    assert "performance: 100% (1 of 2 lines)" in used
    assert "performance_cap: 100% (2 of 2 lines)" in used
    assert "penalty_hours: as dispatched (2 of 2 lines)" in used
    assert "stop_loss_money: none (2 of 2 lines)" in used
    assert "scenarios: Base, Conservative, Optimistic, Stress" in used
    assert [] == [text for text in used if text.startswith(("year", "capacity_rate", "rate_unit", "energy_rate"))]


def test_twelve_months_are_a_default_too():
    """A monthly rate without periods or dates pays twelve, and says so."""
    used = portfolio({**ROW, "rate_unit": "USD/kW-month"}).defaults_used
    assert "periods: 12 for a rate per kW-month (1 of 1 lines)" in used


def test_nothing_is_listed_where_everything_is_given():
    """A row that gives every column, with scenarios and header, takes no default."""
    full = {c.name: c.default for c in COLUMNS if c.default is not None}
    limits = {"periods": 1.0, "penalty_hours": 5.0, "stop_loss_money": 9.0, "stop_loss_share": 1.5}
    terms = {"currency": "USD", "price_year": 2026.0, "event_hours": 3.0, "notice_minutes": 30.0, "load_mw": 40.0}
    row = {**full, **limits, **terms, **ROW, "energy_rate": 5.0, "dispatch_hours": 3.0, "compute_forgone_per_mwh": 0.0}
    assert () == portfolio(row, scenarios=[{"name": "Base"}], year=2026, fiscal_year_start=1).defaults_used


def test_an_energy_line_needs_no_capacity_rate():
    """Energy alone earns; its capacity rate is nothing rather than a default to look at."""
    used = portfolio({**ENERGY_ROW, "energy_rate": 80.0, "dispatch_hours": 20.0}, currency="USD").defaults_used
    assert [] == [text for text in used if text.startswith(("capacity_rate", "rate_unit"))]
