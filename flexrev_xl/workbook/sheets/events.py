"""The Events tab: in which calendar months each programme calls its events, as weights."""

from openpyxl.utils import get_column_letter

from flexrev_xl.portfolio.terms import EVENT_COLUMNS
from flexrev_xl.workbook.page import INPUT_ROW
from flexrev_xl.workbook.sheets import input_table
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import put

TITLE = "Events"
MONTH_NUMBER_ROW = 10
_FIRST, _LAST = input_table.letter_of(EVENT_COLUMNS[0]), input_table.letter_of(EVENT_COLUMNS[-1])
WEIGHTS = f"{TITLE}!${_FIRST}{INPUT_ROW}:${_LAST}{INPUT_ROW}"  # of the enrolment's row
MONTH_NUMBERS = f"{TITLE}!${_FIRST}${MONTH_NUMBER_ROW}:${_LAST}${MONTH_NUMBER_ROW}"


def lay_out(sheet):
    """Everything but the enrolments."""
    subtitle = f'={NAME_CELL}&", energy is spread over months by these weights; money in "&{CURRENCY_CELL}'
    note = "A weight of 0 means that no event falls in that month; equal weights spread energy evenly. Only their proportions count."
    input_table.lay_out_beside(sheet, TITLE, "Events", subtitle, note)
    put(sheet, f"A{MONTH_NUMBER_ROW}", "Number of the calendar month", "label")
    put(sheet, f"B{MONTH_NUMBER_ROW}", "month", "unit")
    for number, name in enumerate(EVENT_COLUMNS):
        letter = input_table.letter_of(name)
        before = get_column_letter(sheet[f"{letter}1"].column - 1)
        formula = "=1" if number == 0 else f"={before}{MONTH_NUMBER_ROW}+1"
        put(sheet, f"{letter}{MONTH_NUMBER_ROW}", formula, "calc", "whole")
        sheet.column_dimensions[letter].width = 10


def fill(sheet, plan):
    """Write the portfolio into the tab."""
    input_table.fill_beside(sheet, plan, TITLE)
