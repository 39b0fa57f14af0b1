"""How many periods a row is paid for: from its periods, or from its start and end dates."""

from flexrev_xl.core.arguments import PeriodsPaid, mark
from flexrev_xl.core.dates import business_days, days_between, most_business_days, whole_months
from flexrev_xl.errors import FlexError

LONGEST_YEAR = 366
MOST_WEEKDAYS = most_business_days(LONGEST_YEAR)
PERIODS = mark(PeriodsPaid)


def date_faults(row):
    """Faults of the dates themselves."""
    if (row.start is None) != (row.end is None):
        missing = "end" if row.end is None else "start"
        yield FlexError("FLEX-113", f"{missing} is empty beside the other date", place=missing)
    elif row.start and row.end < row.start:
        yield FlexError("FLEX-113", f"{row.end} comes before {row.start}", place="end")
    elif row.start and days_between(row.start, row.end) > LONGEST_YEAR:
        yield FlexError(
            "FLEX-015",
            f"{days_between(row.start, row.end)} days lie between start and end",
            place="end",
            allowed="at most 366 days",
        )
    elif row.start and row.paid_on == "business days" and not business_days(row.start, row.end):
        what = f"no business day lies between {row.start} and {row.end}"
        yield FlexError("FLEX-113", what, place="start", remedy="Give other dates, or let every day be paid.")


def paid_periods(row):
    """The periods that the row's rate is paid for.

    Args:
        row: an Enrolment whose rate_unit and dates are sound.

    Raises:
        FlexError: FLEX-014 none known, FLEX-015 more than the unit, the year or the dates have.
    """
    unit = row.rate_unit
    if row.periods is None:
        return _from_dates(row, unit)
    periods = PERIODS.of(unit).read(row.periods)
    most = _most_by_dates(row, unit)
    if most is not None and periods > most:
        raise FlexError(
            "FLEX-015",
            f"{periods:g} {unit.period.name}s are paid "
            + (f"between {row.start} and {row.end}" if row.start else f"on {row.paid_on}"),
            place="periods",
            allowed=f"at most {most:g}",
        )
    return periods


def _from_dates(row, unit):
    if row.start is None or unit.period.name not in ("day", "month", "year"):
        return PERIODS.default(unit)
    if unit.period.name == "year":
        return share_of_year(row)
    if unit.period.name == "day":
        return float(_days_paid(row))
    months = whole_months(row.start, row.end)
    if months is None:
        raise FlexError(
            "FLEX-014",
            f"{row.start} to {row.end} are not whole months",
            place="periods",
            allowed="the months paid, above 0 to 12",
        )
    return float(months)


def _days_paid(row):
    between = business_days if row.paid_on == "business days" else days_between
    return between(row.start, row.end)


def share_of_year(row):
    """The part of a year of twelve months that lies between a row's dates."""
    first = row.start
    try:
        after = first.replace(year=first.year + 1)
    except ValueError:  # 29 February: twelve months later is the 28th, as a spreadsheet counts
        after = first.replace(year=first.year + 1, day=28)
    return min(1.0, days_between(first, row.end) / (after - first).days)


def own_periods(row):
    """The periods that follow from a row's unit and dates, whatever it says of them; None where they do not."""
    try:
        return _from_dates(row, row.rate_unit)
    except FlexError:
        return None


def _most_by_dates(row, unit):
    """The most periods that the row's dates can hold, or None where they say nothing of them."""
    if row.start is None:
        return MOST_WEEKDAYS if unit.period.name == "day" and row.paid_on == "business days" else None
    days = _days_paid(row)
    if unit.period.name == "month":
        first, last = row.start, row.end
        return (last.year - first.year) * 12 + last.month - first.month + 1
    return {"day": days, "hour": 24 * days_between(row.start, row.end)}.get(unit.period.name)
