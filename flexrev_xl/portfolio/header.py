"""The portfolio's own values: name, currency, and the budget years."""

import datetime as dt
import re

from flexrev_xl.core.arguments import Quantity, is_empty
from flexrev_xl.core.dates import budget_year_of
from flexrev_xl.errors import FlexError, nearest
from flexrev_xl.portfolio.columns import BUDGET_YEARS, HEADER_ITEMS, MONTHS, YEARS
from flexrev_xl.portfolio.models import read_currency, read_text

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
        "year": _whole("a budget year", *YEARS),
        "years": _whole("a number of years", *BUDGET_YEARS),
        "fiscal_year_start": _whole("the number of a month", *MONTHS),
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
        if key == "year" and not YEARS[0] <= header[key] <= YEARS[1]:
            what, allowed = f"the earliest row starts in {header[key]}", f"{YEARS[0]} to {YEARS[1]}"
            faults.append(FlexError("FLEX-003", what, place=f"{raw.source}, year", allowed=allowed))
        if is_empty(value) and key in _COUNTED:
            defaults.append(f"{key}: {header[key]}")
    return header, faults, defaults


def _fallback(key, raw, rows, header):
    """What a key is that the file does not give."""
    starts = [row.start for row in rows if row.start]
    if key == "year":
        return min(starts).year if starts else dt.date.today().year
    if key == "fiscal_year_start":
        return _first_month(rows, header, is_empty(raw.header.get("year")))
    return {"name": raw.source.rsplit(".", 1)[0], "currency": "", "years": 1}[key]


def _first_month(rows, header, year_is_free):
    """The month in which the earliest row starts, where the years then hold every row or were not named; else January."""
    dated = [row for row in rows if row.start and row.end]
    if not dated:
        return 1
    first = min(row.start for row in dated).replace(day=1)
    _, last = budget_year_of(first, header["years"] - 1)
    holds_all = first.year == header["year"] and all(row.end <= last for row in dated)
    return first.month if holds_all or year_is_free else 1


def _whole(what, low, high):
    quantity = Quantity(what, what, low, high)

    def read(value):
        """A whole number within its bounds."""
        allowed = f"{low} to {high}"
        try:
            is_number = isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value.strip())
            number = quantity.read(int(value) if is_number else value)
        except FlexError as e:
            what_is = f"{value} is not {what}" if e.code == "FLEX-003" else e.what
            raise FlexError(e.code, what_is, allowed=allowed) from None
        if number != int(number):
            raise FlexError("FLEX-003", f"{value} is not a whole number", allowed=allowed)
        return int(number)

    return read
