"""The months that Capacity, Energy and Budget have across: one axis, the same column for the same month on each.

The axis is made on Capacity; the other tabs link to it.
"""

from openpyxl.utils import get_column_letter

from flexrev_xl.workbook.sheets import lists
from flexrev_xl.workbook.sheets.inputs import MONTH_CELL, YEAR_CELL
from flexrev_xl.workbook.styles import put

CAPACITY, ENERGY, BUDGET = "Capacity", "Energy", "Budget"
FIRST_MONTH_COLUMN = 8
OPENING = get_column_letter(FIRST_MONTH_COLUMN - 1)
TOTAL = OPENING  # the total of a line stands left of its months
NUMBER_ROW, FIRST_DAY_ROW, LAST_DAY_ROW, DAYS_ROW, MONTH_ROW, YEAR_ROW, QUARTER_ROW = range(6, 13)
HEADER_ROW, FIRST_ROW = 14, 15
_LABELS = {
    NUMBER_ROW: ("Month of the budget", "count", "whole"),
    FIRST_DAY_ROW: ("First day", "date", "date"),
    LAST_DAY_ROW: ("Last day", "date", "date"),
    DAYS_ROW: ("Days", "days", "whole"),
    MONTH_ROW: ("Month of the fiscal year", "month", "whole"),
    YEAR_ROW: ("Budget year", "year", "whole"),
    QUARTER_ROW: ("Quarter", "text", "text result"),
}


def lay_out(sheet):
    """Labels of the axis, and its model column."""
    for row, (label, unit, shown) in _LABELS.items():
        put(sheet, f"A{row}", label, "label")
        put(sheet, f"B{row}", unit, "unit")
        if sheet.title == CAPACITY:
            put(sheet, f"{OPENING}{row}", None, "calc", shown)
    letter = get_column_letter(FIRST_MONTH_COLUMN)
    look = "calc" if sheet.title == CAPACITY else "link"
    for row, (_, _, shown) in _LABELS.items():
        put(sheet, f"{letter}{row}", None, look, shown)
    put(sheet, f"{letter}{HEADER_ROW}", None, "header", "month")
    sheet.row_dimensions[HEADER_ROW].height = 46


def fill(sheet, plan):
    """Write the axis for every month of the budget."""
    if sheet.title == CAPACITY:
        sheet[f"{OPENING}{NUMBER_ROW}"].value = "=0"
        sheet[f"{OPENING}{FIRST_DAY_ROW}"].value = f"=DATE({YEAR_CELL},{MONTH_CELL},1)-1"
        sheet[f"{OPENING}{MONTH_ROW}"].value = "=0"
        sheet[f"{OPENING}{YEAR_ROW}"].value = f"={YEAR_CELL}-1"
    for number in range(plan.month_count):
        column = FIRST_MONTH_COLUMN + number
        here, before = get_column_letter(column), get_column_letter(column - 1)
        sheet.column_dimensions[here].width = 12
        for row in (*_LABELS, HEADER_ROW):
            cell = sheet.cell(row, column)
            cell._style = sheet.cell(row, FIRST_MONTH_COLUMN)._style
            cell.value = _formula(row, here, before) if sheet.title == CAPACITY else f"={CAPACITY}!{here}{row}"


def _formula(row, here, before):
    return {
        NUMBER_ROW: f"={before}{row}+1",
        FIRST_DAY_ROW: f"=EOMONTH({before}{row},0)+1",
        LAST_DAY_ROW: f"=EOMONTH({here}{FIRST_DAY_ROW},0)",
        DAYS_ROW: f"={here}{LAST_DAY_ROW}-{here}{FIRST_DAY_ROW}+1",
        MONTH_ROW: f"=IF({before}{row}=12,1,{before}{row}+1)",
        YEAR_ROW: f"=IF({here}{MONTH_ROW}=1,{before}{row}+1,{before}{row})",
        QUARTER_ROW: f'="FY"&{here}{YEAR_ROW}&" "&{lists.item("quarters", f"{here}{MONTH_ROW}")}',
        HEADER_ROW: f"={here}{LAST_DAY_ROW}",
    }[row]


def last_letter(plan):
    """The column letter of the last month."""
    return get_column_letter(FIRST_MONTH_COLUMN + plan.month_count - 1)


def months(row, plan):
    """The cells of a row of the axis, held fast."""
    return f"${get_column_letter(FIRST_MONTH_COLUMN)}${row}:${last_letter(plan)}${row}"
