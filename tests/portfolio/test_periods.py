"""How many periods a row is paid for, and which rows may stand one after the other."""

import datetime as dt

import pytest

from flexrev_xl.analysis.budget import budget
from tests.portfolio.given import ROW, portfolio, problems, refusals

DAILY = {**ROW, "nominated_mw": 1.0, "rate_unit": "USD/MW-day"}


def paid(*rows, **header):
    """Capacity revenue of the Base scenario by budget year."""
    base = budget(portfolio(*rows, **header)).scenario("Base")
    return [totals["capacity_revenue"] for totals in base.by_year.values()]


@pytest.mark.parametrize(
    ("start", "end", "share"),
    [
        ("2026-06-01", "2026-08-31", 92 / 365),
        ("2028-01-01", "2028-03-31", 91 / 366),
        ("2027-06-01", "2028-05-31", 1),
        ("2026-01-01", "2026-12-31", 1),
    ],
)
def test_a_rate_per_year_is_paid_in_proportion_to_its_dates(start, end, share):
    """The year is the one that begins with the row; a whole one is paid in full."""
    assert pytest.approx([1_000 * share]) == paid(ROW | {"nominated_mw": 1.0, "start": start, "end": end})


def test_a_part_of_a_year_is_listed():
    """What a rate per year is paid for is said, with the dates that it follows from."""
    used = portfolio(ROW | {"start": "2026-06-01", "end": "2026-08-31"}).defaults_used
    assert f"periods: {92 / 365:.6g} for a rate per MW-year, from 2026-06-01 to 2026-08-31 (1 of 1 lines)" in used


@pytest.mark.parametrize(
    ("unit", "start", "end", "periods"),
    [
        ("USD/MW-day", "2026-06-01", "2026-06-30", 22),  # 30 days from a Monday: four weeks and two days
        ("USD/MW-day", "2026-06-05", "2026-06-08", 2),  # Friday to Monday
        ("USD/MW-month", "2026-06-01", "2026-07-31", 2),
        ("USD/MW-year", "2026-06-01", "2026-08-31", 92 / 365),
    ],
)
def test_business_days(unit, start, end, periods):
    """A rate per day is paid for Mondays to Fridays, one per month or year as ever."""
    row = ROW | {"rate_unit": unit, "start": start, "end": end, "paid_on": "business days"}
    assert pytest.approx(periods) == portfolio(row).enrolments[0].periods


def test_business_days_of_a_budget_year():
    """Thursday 31 December 2026 to Monday 4 January 2027: one day of three in 2026, two in 2027."""
    row = {**DAILY, "start": "2026-12-31", "end": "2027-01-04", "paid_on": "business days"}
    assert pytest.approx([1_000, 2_000]) == paid(row, year=2026, fiscal_year_start=1, years=2)


def test_dates_without_a_business_day():
    """A weekend that is paid on business days would be worth nothing; its dates are refused."""
    (problem,) = problems({**DAILY, "start": "2026-06-06", "end": "2026-06-07", "paid_on": "business days"})
    assert ("FLEX-113", "p.csv row 2, start") == (problem.code, problem.place)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", dt.date(2200, 1, 1)])
def test_dates_beyond_counting(day):
    """A year that no spreadsheet counts in is refused where it stands."""
    row = {**DAILY, "start": day, "end": day}
    assert [("FLEX-113", "p.csv row 2, start"), ("FLEX-113", "p.csv row 2, end")] == refusals(row)


def test_the_prices_of_two_delivery_years():
    """Two years of one programme, each at its own price and for its own 365 and 366 days."""
    years = [("26", "2026-06-01", "2027-05-31", 329.17), ("27", "2027-06-01", "2028-05-31", 333.44)]
    rows = [DAILY | {"season": s, "start": a, "end": b, "capacity_rate": rate} for s, a, b, rate in years]
    assert pytest.approx([120_147.05, 122_039.04]) == paid(*rows, year=2026, years=2)
    assert pytest.approx([121_060.83]) == paid(*rows, year=2027)


def test_a_leap_year_in_two_parts():
    """A rate per year, paid to 29 February and from 1 March: no more than a year, though each part has a year of its own."""
    parts = [("a", "2028-01-01", "2028-02-29"), ("b", "2028-03-01", "2028-12-31")]
    rows = [ROW | {"nominated_mw": 1.0, "season": s, "start": a, "end": b} for s, a, b in parts]
    assert pytest.approx([1_000 * (60 / 366 + 306 / 365)]) == paid(*rows)


def test_years_in_which_no_row_has_a_day():
    """A row of 2026 in a budget of three years: the years without any are named."""
    row = {**DAILY, "start": "2026-01-01", "end": "2026-12-31"}
    (warning,) = portfolio(row, year=2026, years=3).warnings
    assert "nothing is budgeted in 2027, 2028: no row has a day in them" == warning
    assert () == portfolio(row, {**ROW, "site": "Boston"}, year=2026, years=3).warnings
    assert pytest.approx([365_000, 0, 0]) == paid(row, year=2026, years=3)


def test_a_price_of_a_later_year():
    """Escalation that is taken off rather than put on is pointed out."""
    row = ROW | {"price_status": "forecast", "escalation": 0.1, "price_year": 2028.0, "nominated_mw": 1.0}
    (warning,) = portfolio(row, year=2027).warnings
    assert "the price is of 2028, after the budget year 2027" in warning
    assert pytest.approx([1_000 / 1.1, 1_000]) == paid(row, year=2027, years=2)
