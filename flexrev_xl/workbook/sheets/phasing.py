"""The Capacity and Energy tabs: what each line is paid for in each month of the budget.

Capacity counts the days, business days or months that are paid; Energy the weights of the event months,
a month in part in proportion to its days. The budget spreads money over months in those proportions.
"""

from openpyxl.utils import get_column_letter

from flexrev_xl.workbook.page import LINE_ROW, OWN_ROW, set_up, widths, write_column
from flexrev_xl.workbook.sheets import axis, lists, periods
from flexrev_xl.workbook.sheets.axis import (
    DAYS_ROW,
    FIRST_DAY_ROW,
    FIRST_MONTH_COLUMN,
    FIRST_ROW,
    HEADER_ROW,
    LAST_DAY_ROW,
    NUMBER_ROW,
    TOTAL,
)
from flexrev_xl.workbook.sheets.events import WEIGHTS
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import put

_HEADERS = (
    "Line",
    "Unit",
    "First day in the year",
    "Last day in the year",
    "Paid by months",
    "Paid by business days",
    "Total",
)


class PhasingTab:
    """One of the two tabs, with the title, note and formula of a month that tell them apart."""

    def __init__(self, title, note, month):
        self.TITLE, self.note, self._month = title, note, month

    def lay_out(self, sheet):
        """Title, axis, headers and the model row."""
        subtitle = f'={NAME_CELL}&", {self.note}; money elsewhere is in "&{CURRENCY_CELL}'
        set_up(sheet, "workings", f"{self.TITLE} by month", f"{NUMBER_ROW}:{HEADER_ROW}", subtitle=subtitle, paper="A3")
        axis.lay_out(sheet)
        for letter, header in zip("ABCDEFG", _HEADERS, strict=True):
            put(sheet, f"{letter}{HEADER_ROW}", header, "header")
        put(sheet, f"A{FIRST_ROW}", None, "calc", "text result")
        put(sheet, f"B{FIRST_ROW}", None, "unit", "text result")
        for letter, shown in zip("CDEF", ("date", "date", "whole", "whole"), strict=True):
            put(sheet, f"{letter}{FIRST_ROW}", None, "link", shown)
        put(sheet, f"{TOTAL}{FIRST_ROW}", None, "calc", "quantity")
        put(sheet, f"{get_column_letter(FIRST_MONTH_COLUMN)}{FIRST_ROW}", None, "calc", "quantity")
        widths(sheet, 52, 14, 13, 13, 11, 11, 12)
        sheet.freeze_panes = f"C{FIRST_ROW}"

    def fill(self, sheet, plan):
        """Write the axis and a row for every line."""
        axis.fill(sheet, plan)
        name = [_period(key) for key in ("site", "programme", "season", "budget_year")]
        links = [_period(key) for key in ("first_paid", "last_paid", "by_months", "by_business_days")]
        columns = ["=" + '&", "&'.join(name), self._unit(), *(f"={link}" for link in links)]
        columns.append(f"=SUM({get_column_letter(FIRST_MONTH_COLUMN)}{OWN_ROW}:{axis.last_letter(plan)}{OWN_ROW})")
        columns += [self._month(get_column_letter(FIRST_MONTH_COLUMN + number)) for number in range(plan.month_count)]
        for number, formula in enumerate(columns, start=1):
            if number > FIRST_MONTH_COLUMN:
                sheet.cell(FIRST_ROW, number)._style = sheet.cell(FIRST_ROW, FIRST_MONTH_COLUMN)._style
            write_column(sheet, number, FIRST_ROW, plan.down(formula, FIRST_ROW))

    def _unit(self):
        if self.TITLE == axis.ENERGY:
            return '="weight"'
        return "=" + lists.item("bases", f"1+$E{OWN_ROW}+(1+1)*$F{OWN_ROW}")


def _period(key):
    """The cell of the line on Periods."""
    return f"{periods.TITLE}!{periods.letter(key)}{LINE_ROW}"


def _within(month):
    """(first, last) day of a line in a month; the last comes first where the line has no day in it."""
    return f"MAX($C{OWN_ROW},{month}${FIRST_DAY_ROW})", f"MIN($D{OWN_ROW},{month}${LAST_DAY_ROW})"


def _capacity(month):
    first, last = _within(month)
    days = f"IF($F{OWN_ROW},NETWORKDAYS({first},{last}),{last}-{first}+1)"
    return f"=MAX(0,{days})/{month}${DAYS_ROW}^$E{OWN_ROW}"


def _energy(month):
    first, last = _within(month)
    return f"=MAX(0,{last}-{first}+1)/{month}${DAYS_ROW}*INDEX({WEIGHTS},MONTH({month}${LAST_DAY_ROW}))"


capacity = PhasingTab(axis.CAPACITY, "days, business days or months paid", _capacity)
energy = PhasingTab(axis.ENERGY, "weights of event months", _energy)
