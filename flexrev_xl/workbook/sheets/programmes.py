"""The Programmes tab: the entries of the programme library that the portfolio's rows use, with their sources."""

import math

from openpyxl.styles import Alignment

from flexrev_xl.portfolio.terms import MONTH_NAMES
from flexrev_xl.programmes.rate import terms
from flexrev_xl.workbook.page import Typed, set_up, write_column
from flexrev_xl.workbook.styles import put

TITLE = "Programmes"
HEADER_ROW, KEY_ROW, UNIT_ROW, FIRST_ROW = 5, 6, 7, 8
NOT_DATED, IN_FORCE, OUT_OF_DATE = "no delivery period stated", "in force", "out of date"
NONE_USED = "No row names a programme of the library"
_LINE = 13.5  # points: the height of a line of text in a wrapped cell


def _number(value):
    """A rate in words: two decimals, more where it has them, at most six."""
    whole, decimals = f"{value:,.6f}".split(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _capacity_rates(entry):
    """The rate as a number, or in words with the season that each is paid in; None where only energy is paid."""
    if entry.seasons:
        return "; ".join(f"{p.season} {_number(p.capacity_rate)}" for p in entry.prices)
    return entry.prices[0].capacity_rate if entry.prices else None


def _event_months(entry):
    """Months by name, neighbours as a span: May-Oct."""
    spans = terms(entry).get("event_months", "").split()
    return ", ".join("-".join(MONTH_NAMES[int(month) - 1] for month in span.split("-")) for span in spans)


_LIMITS = (
    ("hours_per_event", "{:g} h an event"),
    ("events_per_month", "{:g} events a month"),
    ("events_per_year", "{:g} events a year"),
    ("hours_per_year", "{:g} h a year"),
)


def _limits(entry):
    """What events may come to, in words."""
    most = [words.format(getattr(entry, name)) for name, words in _LIMITS if getattr(entry, name) is not None]
    return "; ".join([*([f"at most {', '.join(most)}"] if most else []), *filter(None, [entry.event_window])])


def _notice(entry):
    """The notice before an event, in words."""
    minutes = entry.notice_minutes
    if minutes is None:
        return ""
    return f"{minutes:g} min" if minutes < 60 or minutes % 30 else f"{minutes / 60:g} h"


# Each column: its key, header, unit, number format, width in characters, and what it shows of an entry.
_COLUMNS = (
    ("id", "Programme of the library", "text", "text", 20, lambda e: e.id),
    ("name", "Name", "text", "text", 26, lambda e: e.name),
    ("market", "Market", "text", "text", 12, lambda e: e.market),
    ("zone", "Zone", "text", "text", 14, lambda e: e.zone),
    ("delivery_start", "Delivery starts", "date", "date", 12, lambda e: e.delivery_start),
    ("delivery_end", "Delivery ends", "date", "date", 12, lambda e: e.delivery_end),
    ("standing", "At the budget's first day", "text", "text result", 13, None),
    ("capacity_rate", "Capacity rate", "own unit", "typed number", 16, _capacity_rates),
    ("rate_unit", "Unit of capacity rate", "text", "text", 14, lambda e: e.rate_unit),
    ("price_status", "Price status", "text", "text", 11, lambda e: e.price_status),
    ("energy_rate", "Energy rate", "own unit", "typed number", 11, lambda e: e.energy_rate),
    ("energy_unit", "Unit of energy rate", "text", "text", 11, lambda e: e.energy_unit),
    ("annual_rate", "Capacity money per MW-year, in the rate's currency", "own unit", "rate", 15, lambda e: e.annual_rate),
    ("pays_accredited_mw", "Pays accredited MW", "text", "text", 11, lambda e: "yes" if e.pays_accredited_mw else "no"),
    ("event_months", "Event months", "text", "text", 12, _event_months),
    ("limits", "Limits of events", "text", "text", 20, _limits),
    ("notice", "Notice", "text", "text", 9, _notice),
    ("confidence", "Read from", "text", "text", 11, lambda e: e.confidence),
    ("source", "Source", "text", "text", 28, lambda e: e.source.title),
    ("source_address", "Address of source", "text", "text", 34, lambda e: e.source.address),
    ("source_date", "Date of source", "date", "date", 12, lambda e: e.source.date),
)  # fmt: skip
KEYS = tuple(key for key, *_ in _COLUMNS)
_LETTER = {key: chr(ord("A") + number) for number, key in enumerate(KEYS)}


def lay_out(sheet):
    """Title, headers, keys, units and the model row."""
    note = (
        "Terms that rows of Inputs take from the programme library, as published; for reference, nothing is typed here"
    )
    set_up(sheet, "about", "Programmes", f"{HEADER_ROW}:{UNIT_ROW}", subtitle=note, paper="A3")
    for key, header, unit, shown_as, width, _ in _COLUMNS:
        letter = _LETTER[key]
        put(sheet, f"{letter}{HEADER_ROW}", header, "header")
        put(sheet, f"{letter}{KEY_ROW}", key, "key")
        put(sheet, f"{letter}{UNIT_ROW}", unit, "unit")
        model = put(sheet, f"{letter}{FIRST_ROW}", None, "note", shown_as)
        if unit == "date":
            model.alignment = Alignment(horizontal="center", vertical="top")
        sheet.column_dimensions[letter].width = width
    sheet.row_dimensions[HEADER_ROW].height = 56
    sheet.freeze_panes = f"B{FIRST_ROW}"


def fill(sheet, entries, first_day_cell):
    """Write a row for each entry, or one that says there is none.

    Args:
        entries: Programmes of the library, in the order of their first use.
        first_day_cell: the absolute cell of the budget's first day, such as Periods!$F$15.
    """
    if not entries:
        put(sheet, f"A{FIRST_ROW}", NONE_USED, "label")
        return
    shown = {key: [show(e) for e in entries] for key, *_, show in _COLUMNS if show}
    for number, key in enumerate(KEYS, start=1):
        values = map(_as_cell, shown[key]) if key in shown else _standing(first_day_cell, len(entries))
        write_column(sheet, number, FIRST_ROW, values)
    width = {key: width for key, *_, width, _ in _COLUMNS}
    for row in range(len(entries)):
        lines = max(math.ceil(len(str(values[row])) * 1.15 / width[key]) for key, values in shown.items())
        sheet.row_dimensions[FIRST_ROW + row].height = lines * _LINE + 3


def _as_cell(value):
    if value in (None, ""):
        return None
    return Typed(value) if isinstance(value, str) else value


def _standing(first_day_cell, count):
    """The formulas that compare the end of delivery with the budget's first day; an open end stays in force."""
    start, end = _LETTER["delivery_start"], _LETTER["delivery_end"]
    words = f'"{NOT_DATED}","{IN_FORCE}","{OUT_OF_DATE}"'
    rows = range(FIRST_ROW, FIRST_ROW + count)
    return [f"=CHOOSE(1+({start}{r}>0)*(1+({end}{r}>0)*({end}{r}<{first_day_cell})),{words})" for r in rows]
