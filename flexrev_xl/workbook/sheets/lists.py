"""The Lists tab: unit factors, words of the dropdowns, limits of inputs; generated from the core."""

from flexrev_xl.core.units import CAPACITY_UNITS, ENERGY_UNITS, PERIODS
from flexrev_xl.portfolio.columns import COLUMNS, KINDS, PRICE_STATUSES
from flexrev_xl.workbook.page import set_up, widths
from flexrev_xl.workbook.styles import put

TITLE = "Lists"
TOLERANCE = 0.005  # money: half of the smallest coin
DOCUMENT_STATUSES = ("DRAFT", "APPROVED")


def _period_of(unit):
    return PERIODS[unit.split("-")[1]]


_LIMITED = [c for c in COLUMNS if c.is_number]
# Each list: its key, title, headers, and rows; the first column is what other tabs look up.
_TABLES = (
    ("capacity_units", "Units of capacity rates", ("Unit", "Factor to money per MW", "Most periods a year"),
     [(u, f, _period_of(u).most) for u, f in CAPACITY_UNITS.items()]),
    ("energy_units", "Units of energy rates", ("Unit ", "Factor to money per MWh"), list(ENERGY_UNITS.items())),
    ("price_statuses", "Price status", ("Status", "Guaranteed (1) or not (0)"), list(PRICE_STATUSES.items())),
    ("kinds", "Kinds of line", ("Kind",), [(k,) for k in KINDS]),
    ("document_statuses", "Status of this document", ("Document",), [(s,) for s in DOCUMENT_STATUSES]),
    ("limits", "Limits of inputs", ("Column", "Least", "Most", "Word for none"),
     [(c.name, c.mark.low, c.mark.high, c.word) for c in _LIMITED]),
    ("tolerance", "Tolerance of checks", ("What", "Money"), [("Tolerance", TOLERANCE)]),
)  # fmt: skip


def _positions():
    first, row = {}, 5
    for key, _, _, rows in _TABLES:
        first[key] = row + 2
        row += len(rows) + 3
    return first


_FIRST_ROW = _positions()
_ROWS = {key: rows for key, _, _, rows in _TABLES}


def column(key, number=1):
    """The absolute range of one column of a list, such as Lists!$A$7:$A$16."""
    letter = "ABCD"[number - 1]
    first = _FIRST_ROW[key]
    return f"{TITLE}!${letter}${first}:${letter}${first + len(_ROWS[key]) - 1}"


def look_up(cell, key, number=2):
    """The formula that finds a word in a list and gives the number beside it."""
    return f"INDEX({column(key, number)},MATCH({cell},{column(key)},0))"


def limit_row(name):
    """The row of a column's limits: least in B, most in C, the word for none in D."""
    return _FIRST_ROW["limits"] + [c.name for c in _LIMITED].index(name)


TOLERANCE_CELL = f"{TITLE}!$B${_FIRST_ROW['tolerance']}"


def lay_out(sheet):
    """Write every list; nothing on this tab depends on a portfolio."""
    set_up(sheet, "control", "Lists", "1:3", subtitle="Factors, words and limits that other tabs look up; generated, do not edit")
    widths(sheet, 26, 24, 20, 18)
    for key, title, headers, rows in _TABLES:
        first = _FIRST_ROW[key]
        put(sheet, f"A{first - 2}", title, "section")
        for number, header in enumerate(headers):
            put(sheet, f"{'ABCD'[number]}{first - 1}", header, "header")
        for row, values in enumerate(rows, start=first):
            for number, value in enumerate(values):
                number_format = "text" if isinstance(value, str) else "typed number"
                put(sheet, f"{'ABCD'[number]}{row}", value if value != "" else None, "label", number_format)
    sheet.freeze_panes = "A4"
