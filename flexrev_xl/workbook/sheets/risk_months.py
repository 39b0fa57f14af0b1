"""The Risk by month tab: percentiles of net revenue in each month, and the bands between them that the fan is drawn from."""

from itertools import pairwise

from openpyxl.utils import get_column_letter

from flexrev_xl.core.simulation import FAN, label, ordinal
from flexrev_xl.workbook.page import set_up, widths
from flexrev_xl.workbook.sheets import axis, budget
from flexrev_xl.workbook.sheets.axis import FIRST_MONTH_COLUMN, FIRST_ROW, HEADER_ROW, NUMBER_ROW
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import put

TITLE = "Risk by month"
ROWS = {"budget": "Budget", **{p: label(p / 100.0) for p in FAN}}
BANDS = {(a, b): f"Between the {ordinal(a)} and the {ordinal(b)} percentile" for a, b in pairwise(FAN)}
_KEYS = (*ROWS, *BANDS)


def row_of(key):
    """The row of the budget, of a percentile, or of a band between two."""
    return FIRST_ROW + _KEYS.index(key)


def lay_out(sheet):
    """Title, axis, labels and the model column."""
    subtitle = f'={NAME_CELL}&", net revenue by month, simulated, all money in "&{CURRENCY_CELL}&", pre-tax, nominal"'
    set_up(sheet, "outputs", TITLE, f"{NUMBER_ROW}:{HEADER_ROW}", subtitle=subtitle, paper="A3")
    put(sheet, "A4", None, "status", "text result")
    axis.lay_out(sheet)
    put(sheet, f"A{HEADER_ROW}", "Net revenue of a month", "header")
    put(sheet, f"B{HEADER_ROW}", "Unit", "header")
    letter = get_column_letter(FIRST_MONTH_COLUMN)
    for key, words in (ROWS | BANDS).items():
        put(sheet, f"A{row_of(key)}", words, "total" if key == "budget" else "label")
        put(sheet, f"B{row_of(key)}", "money", "unit")
        put(sheet, f"{letter}{row_of(key)}", None, "link" if key == "budget" else "calc", "money")
    widths(sheet, 60, 8, *[2] * (FIRST_MONTH_COLUMN - 3))
    sheet.freeze_panes = f"C{FIRST_ROW}"


def fill(sheet, plan, run, stale):
    """Write the months; arguments as of `risk.fill`."""
    sheet["A4"].value = stale
    axis.fill(sheet, plan)
    scenario = [s.name for s in plan.portfolio.scenarios].index(run.scenario)
    for number in range(plan.month_count):
        letter = get_column_letter(FIRST_MONTH_COLUMN + number)
        for key in _KEYS:
            cell = sheet[f"{letter}{row_of(key)}"]
            cell._style = sheet.cell(row_of(key), FIRST_MONTH_COLUMN)._style
            if key == "budget":
                cell.value = f"={budget.cell('net_revenue', scenario, letter)}"
            elif key in BANDS:
                low, high = (f"{letter}{row_of(p)}" for p in key)
                cell.value = f"=ROUND(1000*({high}-{low}),0)/1000"
    for address, value, _ in stored(plan, run):
        sheet[address].value = value


def stored(plan, run):
    """(address, value, size that it is compared by) of every figure of the simulation; none without a result."""
    if run.result is None:
        return
    months = [fan for year in run.result.years for _, fan in year.months]
    size = max(abs(value) for fan in months for value in fan.values())
    for number, fan in enumerate(months):
        letter = get_column_letter(FIRST_MONTH_COLUMN + number)
        for p, value in fan.items():
            yield f"{letter}{row_of(p)}", value, size
