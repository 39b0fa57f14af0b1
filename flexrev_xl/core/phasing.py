"""Which part of a row is paid in a budget year, and in which of its months.

A row has days of its own: from its start to its end, or the whole budget year where it is undated.
Capacity is paid by those days, or by months where the rate is per month; a month paid in part counts
in proportion to its days. Energy is paid in the months in which events fall, by their weights. A
budget year takes of each row what lies between its own first and last day, so that a year across two
delivery years pays each price for its own days.
"""

import datetime as dt
from dataclasses import dataclass

from flexrev_xl.core.dates import business_days, days_between, first_of_month, last_of_month

EVERY_MONTH = (1.0,) * 12
BASES = ("days", "months", "business days")
DAYS, MONTHS, BUSINESS_DAYS = BASES


@dataclass(frozen=True)
class Phasing:
    """What one budget year takes of a row, and how that falls on its months.

    days are those of the row that lie in the year, paid or not; capacity_share and hours_share are shares of
    the row's own period; the weights of the twelve months add up to 1, or are all 0 where nothing of the row
    lies in the year.
    """

    capacity_share: float
    hours_share: float
    capacity_weights: tuple
    event_weights: tuple
    days: int

    @property
    def stop_loss_part(self):
        """Events per paid period: what brings a share of the year's capacity revenue to the row's own period, by events."""
        return self.hours_share / self.capacity_share if self.capacity_share > 0.0 else 0.0

    @property
    def in_year(self):
        """1.0 where the budget year holds a day of the row, else 0.0."""
        return 1.0 if self.capacity_share > 0.0 else 0.0


def basis_of(period_name, paid_on="every day"):
    """How capacity is spread: by months for a rate per month, else by the days that are paid."""
    if period_name == "month":
        return MONTHS
    return BUSINESS_DAYS if paid_on == "business days" else DAYS


def month_position(day):
    """A day as months since year 0, the days of its month in proportion."""
    return day.year * 12 + day.month - 1 + (day.day - 1) / last_of_month(day).day


def units_between(first, last, basis):
    """Days, months or business days from the first to the last day; 0 where the last comes first.

    Example:
        >>> units_between(dt.date(2026, 6, 1), dt.date(2026, 10, 31), "months")
        5.0
    """
    if last < first:
        return 0.0
    if basis == MONTHS:
        return month_position(last + dt.timedelta(days=1)) - month_position(first)
    return float(business_days(first, last) if basis == BUSINESS_DAYS else days_between(first, last))


def events_between(first, last, weights):
    """Weights of the calendar months from the first to the last day, a month in part in proportion to its days."""
    total, month = 0.0, first_of_month(first)
    while month <= last:
        end = last_of_month(month)
        covered = days_between(max(first, month), min(last, end))
        total += weights[month.month - 1] * covered / end.day
        month = first_of_month(month, 1)
    return total


def phasing(own, year, basis=DAYS, weights=EVERY_MONTH):
    """What a budget year takes of a row.

    Args:
        own: first and last day of the row itself.
        year: first and last day of the budget year, whole months.
        basis: one of BASES, how capacity is spread.
        weights: of the twelve calendar months in the year's events, January first.

    Returns:
        Phasing.

    Example:
        >>> row = dt.date(2026, 6, 1), dt.date(2027, 5, 31)
        >>> phasing(row, (dt.date(2027, 1, 1), dt.date(2027, 12, 31))).capacity_share * 365
        151.0
    """
    first, last = max(own[0], year[0]), min(own[1], year[1])
    starts = [first_of_month(year[0], n) for n in range(12)]
    months = [(max(first, m), min(last, last_of_month(m))) for m in starts]
    units = [units_between(*month, basis) for month in months]
    events = [events_between(*month, weights) for month in months]
    own_units, own_events = units_between(*own, basis), events_between(*own, weights)
    is_paid = own_units > 0.0 and sum(units) > 0.0  # on a weekend alone, business days have neither days nor events
    return Phasing(
        sum(units) / own_units if is_paid else 0.0,
        sum(events) / own_events if is_paid and own_events else 0.0,
        _shares(units),
        _shares(events),
        max(0, days_between(first, last)),
    )


def _shares(parts):
    total = sum(parts)
    return tuple(part / total if total else 0.0 for part in parts)
