"""Counting what lies between two dates, the first and the last included."""

import datetime as dt

WORKING_DAYS = 5  # of a week, Monday to Friday


def days_between(start, end):
    """Days from the first to the last, both included."""
    return (end - start).days + 1


def whole_months(start, end):
    """Months between dates that begin and end a month, else None."""
    next_day = end + dt.timedelta(days=1)
    if start.day != 1 or next_day.day != 1:
        return None
    return (next_day.year - start.year) * 12 + next_day.month - start.month


def business_days(start, end, holidays=()):
    """Mondays to Fridays between two dates, the holidays left out; 0 where the end comes first.

    Example:
        >>> business_days(dt.date(2026, 5, 1), dt.date(2026, 5, 31), [dt.date(2026, 5, 18)])
        20
    """
    weeks, rest = divmod(max(days_between(start, end), 0), 7)
    weekdays = weeks * WORKING_DAYS + sum((start.weekday() + n) % 7 < WORKING_DAYS for n in range(rest))
    return weekdays - sum(start <= day <= end and day.weekday() < WORKING_DAYS for day in set(holidays))


def most_business_days(days):
    """The most Mondays to Fridays that so many days in a row can hold.

    Example:
        >>> most_business_days(184)
        132
    """
    return days // 7 * WORKING_DAYS + min(days % 7, WORKING_DAYS)


def can_hold_a_leap_day(start, end):
    """Whether the same days of a leap year have 29 February among them, and these have not."""
    days = [start + dt.timedelta(days=n) for n in range(days_between(start, end))]
    return any((d.month, d.day) == (2, 28) for d in days) and not any((d.month, d.day) == (2, 29) for d in days)


def first_of_month(day, months=0):
    """The first day of the month that lies so many months after (or before) the month of a day.

    Example:
        >>> first_of_month(dt.date(2026, 11, 24), 2)
        datetime.date(2027, 1, 1)
    """
    number = day.year * 12 + day.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


def last_of_month(day):
    """The last day of the month of a day."""
    return first_of_month(day, 1) - dt.timedelta(days=1)


def budget_year_of(first_day, years_later=0):
    """First and last day of a budget year of twelve months, so many years after the first one.

    Example:
        >>> [d.isoformat() for d in budget_year_of(dt.date(2026, 6, 1), 1)]
        ['2027-06-01', '2028-05-31']
    """
    first = first_of_month(first_day, 12 * years_later)
    return first, first_of_month(first, 12) - dt.timedelta(days=1)
