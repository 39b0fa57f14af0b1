"""The Lists tab: unit factors, words of the dropdowns, limits of inputs; generated from the core."""

from openpyxl.utils import get_column_letter

from flexrev_xl.core.phasing import BASES, MONTHS, basis_of
from flexrev_xl.core.units import CAPACITY_UNITS, ENERGY_UNITS, PERIODS
from flexrev_xl.portfolio.columns import COLUMNS, KINDS, PRICE_STATUSES
from flexrev_xl.portfolio.currencies import RATE_KINDS
from flexrev_xl.portfolio.terms import PAID_ON
from flexrev_xl.workbook.page import set_up
from flexrev_xl.workbook.styles import put

TITLE = "Lists"
TOLERANCE = 0.005  # money: half of the smallest coin
DOCUMENT_STATUSES = ("DRAFT", "APPROVED")
NOT_EXACT = ("none found when built", "search again from another start")  # without a start, and with one
KIND_FLAGS = tuple(f"is_{kind}" for kind in KINDS)
_QUARTERS = tuple((month, f"Q{(month - 1) // 3 + 1}") for month in range(1, 13))


def _period_of(unit):
    return PERIODS[unit.split("-")[1]]


# Units whose periods follow from a row's dates, beside months: (column of the list, key on the Periods tab).
_OWN_PERIODS = ("day", "year", "season")
OWN_PERIODS = tuple(enumerate(("by_days", "by_years", "once"), start=5))
_LIMITED = [c for c in COLUMNS if c.is_number]
# Each list, left to right: its key, title, headers, units, and rows; the first column is what other tabs look up.
_TABLES = (
    ("capacity_units", "Units of capacity rates",
     ("Capacity unit", "Factor to money per MW", "Most periods a year", "Paid by months (1)", "Per day (1)", "Per year (1)", "Per season (1)"),
     ("text", "times", "periods", "flag", "flag", "flag", "flag"),
     [(u, f, _period_of(u).most, float(basis_of(_period_of(u).name) == MONTHS), *(float(_period_of(u).name == p) for p in _OWN_PERIODS))
      for u, f in CAPACITY_UNITS.items()]),
    ("energy_units", "Units of energy rates", ("Energy unit", "Factor to money per MWh"), ("text", "times"), list(ENERGY_UNITS.items())),
    ("price_statuses", "Price status", ("Status", "Guaranteed (1) or not (0)"), ("text", "flag"), list(PRICE_STATUSES.items())),
    ("kinds", "Kinds of line", ("Kind", *(f"Is {k.replace('_', ' ')} (1)" for k in KINDS)), ("text", *["flag"] * len(KINDS)),
     [(k, *(float(k == other) for other in KINDS)) for k in KINDS]),
    ("paid_on", "Days paid", ("Days", "Business days only (1)"), ("text", "flag"), list(PAID_ON.items())),
    ("bases", "What capacity is spread over", ("Spread over",), ("text",), [(BASES[n],) for n in range(len(BASES))]),
    ("quarters", "Quarters", ("Month of the fiscal year", "Quarter"), ("month", "text"), list(_QUARTERS)),
    ("rate_kinds", "Kinds of exchange rate", ("Rate",), ("text",), [(k,) for k in RATE_KINDS]),
    ("document_statuses", "Status of this document", ("Document",), ("text",), [(s,) for s in DOCUMENT_STATUSES]),
    ("limits", "Limits of inputs", ("Column", "Least", "Most", "Word for none"), ("text", "own unit", "own unit", "text"),
     [(c.name, c.mark.low, c.mark.high, c.word) for c in _LIMITED]),
    ("tolerance", "Tolerance of checks", ("What", "Largest difference"), ("text", "money"), [("Tolerance", TOLERANCE)]),
    ("not_exact", "Of a break-even that is not exact", ("Verdict",), ("text",), [(words,) for words in NOT_EXACT]),
)  # fmt: skip
TITLE_ROW, HEADER_ROW, UNIT_ROW, FIRST_ROW = 5, 6, 7, 8
_LIMIT_COLUMNS = {"least": 2, "most": 3, "word": 4}


def _positions():
    first, column = {}, 1
    for key, _, headers, _, _ in _TABLES:
        first[key] = column
        column += len(headers) + 1
    return first


_FIRST_COLUMN = _positions()
_ROWS = {key: rows for key, *_, rows in _TABLES}


def _letter(key, number):
    return get_column_letter(_FIRST_COLUMN[key] + number - 1)


def column(key, number=1):
    """The absolute range of one column of a list, such as Lists!$A$8:$A$17."""
    letter = _letter(key, number)
    return f"{TITLE}!${letter}${FIRST_ROW}:${letter}${FIRST_ROW + len(_ROWS[key]) - 1}"


def look_up(cell, key, number=2):
    """The formula that finds a word in a list and gives the number beside it."""
    return f"INDEX({column(key, number)},MATCH({cell},{column(key)},0))"


def item(key, number_cell):
    """The formula that gives the last column of a list at a position."""
    return f"INDEX({column(key, len(_ROWS[key][0]))},{number_cell})"


def limit_cell(name, limit):
    """The absolute cell of a limit of an input column: its "least", its "most", or the "word" for none."""
    row = FIRST_ROW + [c.name for c in _LIMITED].index(name)
    return f"{TITLE}!${_letter('limits', _LIMIT_COLUMNS[limit])}${row}"


TOLERANCE_CELL = f"{TITLE}!${_letter('tolerance', 2)}${FIRST_ROW}"


def lay_out(sheet):
    """Write every list; nothing but the name of the currency depends on a portfolio."""
    note = "Factors, words and limits that other tabs look up; generated, do not edit"
    set_up(sheet, "control", "Lists", f"{TITLE_ROW}:{UNIT_ROW}", subtitle=note, paper="A3")
    for key, title, headers, units, rows in _TABLES:
        put(sheet, f"{_letter(key, 1)}{TITLE_ROW}", title, "section")
        for number, (header, unit) in enumerate(zip(headers, units, strict=True), start=1):
            put(sheet, f"{_letter(key, number)}{HEADER_ROW}", header, "header")
            put(sheet, f"{_letter(key, number)}{UNIT_ROW}", unit, "unit")
            sheet.column_dimensions[_letter(key, number)].width = 22
        sheet.column_dimensions[_letter(key, len(headers) + 1)].width = 3
        for row, values in enumerate(rows, start=FIRST_ROW):
            for number, value in enumerate(values, start=1):
                number_format = "text" if isinstance(value, str) else "typed number"
                put(sheet, f"{_letter(key, number)}{row}", value if value != "" else None, "label", number_format)
    sheet.row_dimensions[HEADER_ROW].height = 32
    sheet.freeze_panes = f"A{FIRST_ROW}"
