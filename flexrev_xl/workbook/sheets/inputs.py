"""The Inputs tab: the portfolio's header and a row per enrolment and season."""

from openpyxl.utils import get_column_letter

from flexrev_xl.portfolio.columns import BUDGET_YEARS, HEADER_ITEMS, MONTHS, YEARS
from flexrev_xl.workbook.page import Typed, keys, set_up, write_column
from flexrev_xl.workbook.sheets.input_table import (
    FIRST_ROW,
    HEADER_ROW,
    UNIT_ROW,
    fill_columns,
    lay_out_column,
    lay_out_columns,
)
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import validate_number, validate_text

TITLE = "Inputs"
HEADER_FIRST_ROW = 5


def _cell_of(key):
    row = HEADER_FIRST_ROW + [k for k, *_ in HEADER_ITEMS].index(key)
    return f"{TITLE}!$C${row}"


NAME_CELL, CURRENCY_CELL, YEAR_CELL, MONTH_CELL, YEARS_CELL = (
    _cell_of(key) for key in ("name", "currency", "year", "fiscal_year_start", "years")
)
# What annual tabs show of several budget years.
YEAR_WORDS = f'="Budget year that begins in "&{YEAR_CELL}&IF({YEARS_CELL}>1,"; the years after it stand on Budget","")'
_WIDTHS = {
    "site": 26,
    "programme": 32,
    "zone": 18,
    "source": 44,
    "season": 12,
    "start": 13,
    "end": 13,
    "source_date": 13,
    "rate_unit": 13,
}


def lay_out(sheet):
    """Title, labels, keys and units, and the model row that every enrolment is styled after."""
    set_up(sheet, "inputs", "Inputs", f"{HEADER_ROW}:{UNIT_ROW}", paper="A3")
    name, currency = (cell.removeprefix(f"{TITLE}!") for cell in (NAME_CELL, CURRENCY_CELL))
    words = ', annual, pre-tax, nominal; inputs are positive"'
    put(sheet, "A2", f'={name}&", all money in "&{currency}&"{words}', "subtitle", "text result")
    for letter, text in zip("ABCD", ("Portfolio-wide", "Unit", "Value", "Source"), strict=True):
        put(sheet, f"{letter}{HEADER_FIRST_ROW - 1}", text, "header")
    for row, (_, label, unit, _) in enumerate(HEADER_ITEMS, start=HEADER_FIRST_ROW):
        put(sheet, f"A{row}", label, "label")
        put(sheet, f"B{row}", unit, "unit")
        put(sheet, f"C{row}", None, "input", "text" if unit == "text" else "whole")
        put(sheet, f"D{row}", None, "input")
    put(sheet, f"A{HEADER_ROW - 1}", "Enrolments: a row for each site, programme and season", "section")
    lay_out_columns(sheet, TITLE, _WIDTHS)
    sheet.freeze_panes = f"B{FIRST_ROW}"


def fill(sheet, plan):
    """Write the portfolio into the tab and validate every input."""
    portfolio = plan.portfolio
    header_values = {"name": Typed(portfolio.name), "currency": Typed(portfolio.currency)}
    for row, (key, label, _, explanation) in enumerate(HEADER_ITEMS, start=HEADER_FIRST_ROW):
        write_column(sheet, 3, row, [header_values.get(key, getattr(portfolio, key))])
        write_column(sheet, 4, row, [Typed(plan.source)])
        _validate_header(sheet, row, key, label, explanation)
    fill_columns(sheet, plan, TITLE)
    at = keys(sheet, plan.inputs_key_row)
    for extra in portfolio.extra_columns:
        number = max(at.values()) + 1
        at[extra], letter = number, get_column_letter(number)
        lay_out_column(sheet, letter, extra, extra, "text", "text")
        sheet.column_dimensions[letter].width = 16
        values = [_extra(e.extras.get(extra)) for e in plan.enrolments]
        write_column(sheet, number, plan.inputs_first_row, values)
        cells = f"{letter}{plan.inputs_first_row}:{letter}{plan.inputs_last_row}"
        validate_text(sheet, cells, extra, "Passed through unread")


def _extra(value):
    return Typed(value) if isinstance(value, str) else value


_WHOLE = {
    "year": ("a year from {} to {}", YEARS),
    "fiscal_year_start": ("{} to {}", MONTHS),
    "years": ("{} to {}", BUDGET_YEARS),
}


def _validate_header(sheet, row, key, label, explanation):
    if key in _WHOLE:
        what, (least, most) = _WHOLE[key]
        error = f"{label} must be {what.format(least, most)}."
        validate_number(sheet, f"C{row}", label, f"{explanation}.", error, str(least), str(most), "whole")
    else:
        validate_text(sheet, f"C{row}", label, explanation)
    validate_text(sheet, f"D{row}", f"Source of {label.lower()}", "Where the value comes from")
