"""The Terms tab: what stands between gross and net, what the site has, and how its days are paid."""

from flexrev_xl.workbook.sheets import input_table
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL

TITLE = "Terms"


def lay_out(sheet):
    """Everything but the enrolments."""
    subtitle = f'={NAME_CELL}&", money in the row\'s own currency; budget in "&{CURRENCY_CELL}'
    note = "Each row is the enrolment of the same row on Inputs. Words such as none and not stated stand for nothing given."
    input_table.lay_out_beside(sheet, TITLE, "Terms", subtitle, note)


def fill(sheet, plan):
    """Write the portfolio into the tab."""
    input_table.fill_beside(sheet, plan, TITLE)
