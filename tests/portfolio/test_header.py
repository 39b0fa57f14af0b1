"""The budget years of a portfolio: as given, as the dates of its rows say, and what is refused of them."""

import datetime as dt

import pytest

from tests.portfolio.given import ROW, portfolio, problems

PJM_26 = {**ROW, "season": "26", "start": "2026-06-01", "end": "2027-05-31"}
PJM_27 = {**ROW, "season": "27", "start": "2027-06-01", "end": "2028-05-31"}
SUMMER = {**ROW, "start": "2026-06-15", "end": "2026-08-31"}


@pytest.mark.parametrize(
    ("rows", "header", "first", "last"),
    [
        ([ROW], {"year": 2026}, "2026-01-01", "2026-12-31"),
        ([ROW], {"year": 2026, "fiscal_year_start": 4}, "2026-04-01", "2027-03-31"),
        ([ROW], {"year": 2028, "fiscal_year_start": 2}, "2028-02-01", "2029-01-31"),
        ([ROW], {"year": 2026, "years": 3}, "2026-01-01", "2028-12-31"),
        ([PJM_26], {}, "2026-06-01", "2027-05-31"),
        ([PJM_26], {"year": 2026}, "2026-06-01", "2027-05-31"),
        ([PJM_26], {"year": 2026, "fiscal_year_start": 1}, "2026-01-01", "2026-12-31"),
        ([PJM_26, PJM_27], {"year": 2027}, "2027-01-01", "2027-12-31"),
        ([PJM_26, PJM_27], {"year": 2026}, "2026-01-01", "2026-12-31"),
        ([PJM_26, PJM_27], {"year": 2026, "years": 2}, "2026-06-01", "2028-05-31"),
        ([PJM_26, PJM_27], {}, "2026-06-01", "2027-05-31"),
        ([SUMMER], {}, "2026-06-01", "2027-05-31"),
    ],
)
def test_the_days_of_the_budget(rows, header, first, last):
    """A year named holds its rows where it can begin with them, else it begins in January; one not named begins with them."""
    made = portfolio(*rows, **header)
    assert (first, last) == (made.first_day.isoformat(), made.last_day.isoformat())


def test_a_year_that_nothing_says_is_this_year():
    """Without dates and without a year the budget is for the year that it is, and says so."""
    made = portfolio(ROW)
    this_year = dt.date.today().year
    assert (this_year, True, True) == (
        made.year,
        f"year: {this_year}" in made.defaults_used,
        "fiscal_year_start: 1" in made.defaults_used,
    )


def test_every_budget_year_follows_the_one_before():
    """Three fiscal years from June 2026, without a gap; rows without dates are said to stand in each."""
    made = portfolio(ROW, year=2026, fiscal_year_start=6, years=3)
    assert [
        (2026, "2026-06-01", "2027-05-31"),
        (2027, "2027-06-01", "2028-05-31"),
        (2028, "2028-06-01", "2029-05-31"),
    ] == [(year, first.isoformat(), last.isoformat()) for year, first, last in made.budget_years]
    assert "rows without dates are budgeted in each of the 3 years (1 of 1)" in made.defaults_used


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("year", 1999, "FLEX-003"),
        ("year", 2101, "FLEX-003"),
        ("year", 2026.5, "FLEX-003"),
        ("year", "soon", "FLEX-002"),
        ("year", "9" * 5_000, "FLEX-002"),
        ("year", float("nan"), "FLEX-006"),
        ("years", 0, "FLEX-003"),
        ("years", 11, "FLEX-003"),
        ("years", "²", "FLEX-002"),
        ("years", True, "FLEX-002"),
        ("fiscal_year_start", 0, "FLEX-003"),
        ("fiscal_year_start", 13, "FLEX-003"),
        ("name", "a\nb", "FLEX-107"),
        ("currency", "US$", "FLEX-109"),
    ],
)
def test_a_value_that_cannot_be(key, value, code):
    """Each is refused with its key, what is allowed and how to mend it."""
    (problem,) = problems(ROW, **{key: value})
    assert (code, f"p.csv, {key}") == (problem.code, problem.place)
    assert problem.allowed and problem.remedy


def test_an_unknown_key_offers_the_nearest():
    """A misspelt key of the portfolio itself."""
    (problem,) = problems(ROW, fiscal_year=6)
    assert ("FLEX-104", "p.csv", True) == (problem.code, problem.place, "fiscal_year_start" in problem.what)


def test_a_year_too_early_for_a_budget():
    """Dates of last century give no budget year by themselves."""
    (problem,) = problems({**ROW, "start": "1995-01-01", "end": "1995-12-31"})
    assert ("FLEX-003", "p.csv, year", "2000 to 2100") == (problem.code, problem.place, problem.allowed)
