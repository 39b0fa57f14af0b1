"""What a budget year takes of a row, and how that falls on its months."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexrev_xl.core.dates import budget_year_of, days_between
from flexrev_xl.core.phasing import (
    BASES,
    BUSINESS_DAYS,
    DAYS,
    EVERY_MONTH,
    MONTHS,
    basis_of,
    events_between,
    phasing,
    units_between,
)

DAY = dt.date.fromisoformat
SUMMER_EVENTS = (0.0,) * 5 + (1.0, 2.0, 2.0) + (0.0,) * 4  # June 1, July and August 2 each


def year(first):
    """First and last day of the budget year that begins in this month."""
    return budget_year_of(DAY(f"{first}-01"))


def own(start, end):
    """First and last day of a row."""
    return DAY(start), DAY(end)


@pytest.mark.parametrize(
    ("row", "budget_year", "days"),
    [
        (own("2026-06-01", "2027-05-31"), "2027-01", 151),
        (own("2027-06-01", "2028-05-31"), "2027-01", 214),
        (own("2027-06-01", "2028-05-31"), "2027-06", 366),
        (own("2028-02-01", "2029-01-31"), "2028-02", 366),
        (own("2028-02-01", "2029-01-31"), "2027-02", 0),
        (own("2026-03-10", "2026-03-10"), "2026-01", 1),
    ],
)
def test_days_of_a_row_in_a_budget_year(row, budget_year, days):
    """A year across two delivery years takes 151 and 214 of their days, a leap year 366."""
    part = phasing(row, year(budget_year))
    assert days == pytest.approx(part.capacity_share * days_between(*row), abs=1e-9)
    assert float(days > 0) == part.in_year


def test_days_of_each_month():
    """From 15 January to 10 March there are 17, 28 and 10 days, of 55."""
    weights = phasing(own("2026-01-15", "2026-03-10"), year("2026-01")).capacity_weights
    assert pytest.approx((17 / 55, 28 / 55, 10 / 55, *[0.0] * 9)) == weights


def test_months_in_part():
    """From 15 January to 10 March there are 17/31, 1 and 10/31 months; months are alike, whatever their days."""
    months = 17 / 31 + 1 + 10 / 31
    part = phasing(own("2026-01-15", "2026-03-10"), year("2026-01"), MONTHS)
    expected = (17 / 31 / months, 1 / months, 10 / 31 / months)
    assert (1.0, pytest.approx(expected)) == (part.capacity_share, part.capacity_weights[:3])


def test_a_budget_year_begins_in_its_first_month():
    """The weights follow the budget year: a row of May 2027 is the twelfth month of a year from June 2026."""
    assert (0.0,) * 11 + (1.0,) == phasing(own("2027-05-01", "2027-05-31"), year("2026-06")).capacity_weights


def test_events_fall_in_their_months():
    """Of the weights 1, 2, 2 of a summer, a year that ends with June takes 1 of 5, and all of it in June."""
    part = phasing(own("2026-06-01", "2026-08-31"), year("2025-07"), DAYS, SUMMER_EVENTS)
    assert (pytest.approx(1 / 5), (0.0,) * 11 + (1.0,)) == (part.hours_share, part.event_weights)


def test_a_month_in_part_takes_its_part_of_the_events():
    """From 16 June to 31 July there are 15/30 of June's weight and all of July's."""
    assert pytest.approx(0.5 * 1 + 2) == events_between(*own("2026-06-16", "2026-07-31"), SUMMER_EVENTS)


@pytest.mark.parametrize(
    ("period", "paid_on", "basis"),
    [
        ("month", "every day", MONTHS),
        ("month", "business days", MONTHS),
        ("day", "every day", DAYS),
        ("day", "business days", BUSINESS_DAYS),
        ("year", "every day", DAYS),
    ],
)
def test_what_capacity_is_spread_by(period, paid_on, basis):
    """A rate per month by months, any other by the days that are paid."""
    assert basis == basis_of(period, paid_on)


dates = st.dates(dt.date(2024, 1, 1), dt.date(2031, 12, 31))
rows = st.builds(lambda first, days: (first, first + dt.timedelta(days=days)), dates, st.integers(0, 365))
years = st.builds(lambda day: budget_year_of(day.replace(day=1)), dates)
event_weights = st.tuples(*[st.sampled_from((0.0, 0.5, 1.0, 3.0))] * 12)


@given(rows)
def test_business_days_are_those_of_the_calendar(row):
    """Counted one by one, the weekdays from Monday to Friday are as many."""
    days = [row[0] + dt.timedelta(days=n) for n in range(days_between(*row))]
    assert sum(day.isoweekday() <= 5 for day in days) == units_between(*row, BUSINESS_DAYS)


@given(rows, years, st.sampled_from(BASES), event_weights)
def test_weights_add_up_to_one_or_are_all_nothing(row, budget_year, basis, weights):
    """What is in the year falls on its months; where nothing is, no month has any."""
    part = phasing(row, budget_year, basis, weights)
    for share, parts in ((part.capacity_share, part.capacity_weights), (part.hours_share, part.event_weights)):
        assert 0.0 <= share <= 1.0 + 1e-12
        assert float(share > 0.0) == pytest.approx(sum(parts), abs=1e-12)
        assert min(parts) >= 0.0


@given(rows, years, st.sampled_from(BASES), event_weights, st.data())
def test_two_adjoining_rows_are_one(row, budget_year, basis, weights, data):
    """A row in two parts, each with its own units and events, is paid the same in every month."""
    cut = row[0] + dt.timedelta(days=data.draw(st.integers(0, days_between(*row) - 1)))
    halves = (row[0], cut), (cut + dt.timedelta(days=1), row[1])

    def paid(*parts):
        months = [0.0] * 24
        for part in parts:
            if part[0] <= part[1]:
                phase = phasing(part, budget_year, basis, weights)
                units = phase.capacity_share * units_between(*part, basis)
                events = phase.hours_share * events_between(*part, weights)
                amounts = [units * w for w in phase.capacity_weights] + [events * w for w in phase.event_weights]
                months = [a + b for a, b in zip(months, amounts, strict=True)]
        return months

    assert pytest.approx(paid(row), abs=1e-9) == paid(*halves)


@given(rows, st.dates(dt.date(2023, 1, 1), dt.date(2024, 1, 1)), st.sampled_from(BASES), event_weights)
def test_budget_years_take_all_of_a_row_between_them(row, first, basis, weights):
    """Over ten years one after the other, a row is paid once; no year takes more days than it has."""
    parts = [(y, phasing(row, y, basis, weights)) for y in (budget_year_of(first.replace(day=1), n) for n in range(11))]
    assert float(units_between(*row, basis) > 0) == pytest.approx(sum(p.capacity_share for _, p in parts), abs=1e-9)
    assert float(events_between(*row, weights) > 0) == pytest.approx(sum(p.hours_share for _, p in parts), abs=1e-9)
    days = units_between(*row, DAYS)
    assert all(phasing(row, y).capacity_share * days <= days_between(*y) + 1e-9 for y, _ in parts)


def test_every_month_is_the_same_to_events_unless_weights_say_otherwise():
    """Without weights a quarter takes a quarter of the hours, though not a quarter of the days."""
    part = phasing((DAY("2026-01-01"), DAY("2026-12-31")), (DAY("2026-01-01"), DAY("2026-12-31")))
    assert (EVERY_MONTH, 1.0) == (tuple(12 * w for w in part.event_weights), part.hours_share)
    assert pytest.approx(3 / 12) == sum(part.event_weights[:3])
    assert pytest.approx(90 / 365) == sum(part.capacity_weights[:3])
