"""The portfolio's own values: name, currency, and the budget years."""

import datetime as dt

from flexrev_xl.core.arguments import Quantity, is_empty
from flexrev_xl.core.dates import budget_year_of
from flexrev_xl.errors import FlexError, nearest
from flexrev_xl.portfolio.columns import BUDGET_YEARS, HEADER_ITEMS, MONTHS, YEARS
from flexrev_xl.portfolio.models import read_text

KEYS = tuple(key for key, *_ in HEADER_ITEMS)
_COUNTED = ("year", "fiscal_year_start")  # what was not given of these is named among the defaults


def read_header(raw, rows):
    """The header as read.

    Args:
        raw: what a reader found.
        rows: the enrolments, whose dates say when an unnamed budget year begins.

    Returns:
        (values by key, faults, defaults used).
    """
    header, faults, defaults = {}, [], []
    for key in raw.header:
        if key not in KEYS:
            what = f"{key!r} is not a key of a portfolio.{nearest(key, KEYS)}".rstrip(".")
            faults.append(FlexError("FLEX-104", what, place=raw.source))
    readers = {
        "name": read_text,
        "currency": read_currency,
        "year": _whole("a year", *YEARS),
        "years": _whole("a number of years", *BUDGET_YEARS),
        "fiscal_year_start": _whole("a month", *MONTHS),
    }
    for key, read in readers.items():
        value = raw.header.get(key)
        if not is_empty(value):
            try:
                if isinstance(value, FlexError):
                    raise value
                header[key] = read(value)
                continue
            except FlexError as e:
                faults.append(e.at(raw.places.get(key, f"{raw.source}, {key}")))
        header[key] = _fallback(key, raw, rows, header)
        if is_empty(value) and key in _COUNTED:
            defaults.append(f"{key}: {header[key]}")
    return header, faults, defaults


def _fallback(key, raw, rows, header):
    """What a key is that the file does not give."""
    starts = [row.start for row in rows if row.start]
    if key == "year":
        return min(starts).year if starts else dt.date.today().year
    if key == "fiscal_year_start":
        return _first_month(rows, header["year"], is_empty(raw.header.get("year")))
    return {"name": raw.source.rsplit(".", 1)[0], "currency": "", "years": 1}[key]


def _first_month(rows, year, year_is_free):
    """The month in which the earliest row starts, where the year then holds every row or was not named; else January."""
    dated = [row for row in rows if row.start and row.end]
    if not dated:
        return 1
    first, last = budget_year_of(min(row.start for row in dated).replace(day=1))
    holds_all = first.year == year and all(row.end <= last for row in dated)
    return first.month if holds_all or year_is_free else 1


def read_currency(value):
    """An ISO currency code.

    Raises:
        FlexError: FLEX-109 for anything but three letters.
    """
    code = str(value).strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise FlexError(
            "FLEX-109", f"{str(value)[:20]!r} is not a currency", allowed="an ISO code such as USD, EUR, GBP or INR"
        )
    return code


def _whole(what, low, high):
    quantity = Quantity(what, what, low, high)

    def read(value):
        number = quantity.read(int(value) if isinstance(value, str) and value.strip().isdigit() else value)
        if number != int(number):
            raise FlexError("FLEX-003", f"{value} is not a whole number", allowed=quantity.allowed)
        return int(number)

    return read
