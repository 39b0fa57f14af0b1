"""Counting days, months and business days between dates."""

import datetime as dt

import pytest

from flexrev_xl.core.dates import (
    budget_year_of,
    business_days,
    can_hold_a_leap_day,
    days_between,
    first_of_month,
    last_of_month,
    most_business_days,
    whole_months,
)

DAY = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("start", "end", "days", "months"),
    [
        ("2026-06-01", "2027-05-31", 365, 12),
        ("2027-06-01", "2028-05-31", 366, 12),
        ("2026-05-01", "2026-10-31", 184, 6),
        ("2026-02-01", "2026-02-28", 28, 1),
        ("2026-06-15", "2026-07-14", 30, None),
        ("2026-06-01", "2026-06-01", 1, None),
    ],
)
def test_days_and_whole_months(start, end, days, months):
    """The first and the last day count; months must be whole ones."""
    assert (days, months) == (days_between(DAY(start), DAY(end)), whole_months(DAY(start), DAY(end)))


def test_business_days():
    """May to October 2025 has 132 Mondays to Fridays, four of which are public holidays in Ontario."""
    holidays = [DAY(d) for d in ("2025-05-19", "2025-07-01", "2025-09-01", "2025-10-13")]
    summer = DAY("2025-05-01"), DAY("2025-10-31")
    assert (132, 128) == (business_days(*summer), business_days(*summer, holidays))


@pytest.mark.parametrize("days", range(1, 40))
def test_most_business_days(days):
    """No window of so many days holds more Mondays to Fridays, and one of them holds as many."""
    first = DAY("2026-06-01")
    starts = [first + dt.timedelta(days=n) for n in range(7)]
    counted = [business_days(s, s + dt.timedelta(days=days - 1)) for s in starts]
    assert max(counted) == most_business_days(days)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [("2025-12-01", "2026-02-28", True), ("2027-12-01", "2028-02-29", False), ("2026-06-01", "2026-08-31", False)],
)
def test_season_that_can_hold_a_leap_day(start, end, expected):
    """A winter without 29 February has a day more in a leap year."""
    assert expected == can_hold_a_leap_day(DAY(start), DAY(end))


@pytest.mark.parametrize(
    ("first", "later", "expected"),
    [
        ("2026-01-01", 0, ("2026-01-01", "2026-12-31")),
        ("2026-06-01", 1, ("2027-06-01", "2028-05-31")),
        ("2027-03-01", 0, ("2027-03-01", "2028-02-29")),
        ("2028-02-01", 0, ("2028-02-01", "2029-01-31")),
    ],
)
def test_budget_years(first, later, expected):
    """Twelve months from the first day of one, so many years later."""
    assert expected == tuple(day.isoformat() for day in budget_year_of(DAY(first), later))


@pytest.mark.parametrize(
    ("day", "months", "first", "last"),
    [("2026-11-24", 2, "2027-01-01", "2027-01-31"), ("2028-03-31", -1, "2028-02-01", "2028-02-29")],
)
def test_months_before_and_after(day, months, first, last):
    """The months before and after a day begin and end where the calendar has it."""
    found = first_of_month(DAY(day), months)
    assert (first, last) == (found.isoformat(), last_of_month(found).isoformat())
