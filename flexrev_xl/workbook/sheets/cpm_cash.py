"""The CPM cash tab: what the battery and the GPUs it adds pay and cost, year by year, over the life of GPUs.

A row a year, from 0, when all is built; years count from the start and are no calendar. Years after the life of GPUs
are kept in the table and hold nothing, so that the life can change live.
"""

from openpyxl.utils import get_column_letter

from flexrev_xl.core.cpm.case_inputs import INPUTS
from flexrev_xl.core.cpm.case_line import YEAR_STEPS
from flexrev_xl.core.expression import Reference
from flexrev_xl.workbook.page import name_currency, set_up, widths
from flexrev_xl.workbook.sheets import cpm_case, cpm_workings
from flexrev_xl.workbook.styles import put

TITLE = "CPM cash"
HEADER_ROW, UNIT_ROW, FIRST_ROW = 6, 7, 8
YEARS = range(int(INPUTS["gpu_years"].mark.high) + 1)
LAST_ROW = FIRST_ROW + YEARS[-1]
_ONLY_IN_LIFE = ("price_of_year", "cost_of_year", "built_in_year", "residual_of_year")
# Each column: key, header, unit.
COLUMNS = (
    ("year", "Year", "year"),
    ("in_life", "Within the life of GPUs (1)", "flag"),
    *((step.key, step.label, step.unit) for step in YEAR_STEPS),
    ("balance", "Net cash to date", "money"),
    ("comes_back", "Year in which it has come back", "year"),
)
_LETTER = {key: get_column_letter(number) for number, (key, *_) in enumerate(COLUMNS, start=1)}
FIGURES = f"'{TITLE}'!$A${FIRST_ROW}:${get_column_letter(len(COLUMNS))}${LAST_ROW}"


def column(key):
    """The cells of a column over every year, as other tabs name them."""
    letter = _LETTER[key]
    return f"'{TITLE}'!${letter}${FIRST_ROW}:${letter}${LAST_ROW}"


def letter(key):
    """The letter of a column."""
    return _LETTER[key]


def lay_out(sheet):
    """The whole tab; nothing but the name of the currency depends on a case."""
    words = ", at the end of each year, pre-tax, nominal; costs are positive"
    title = "Compute per megawatt: cash of what the battery adds, by year"
    set_up(sheet, "workings", title, f"{HEADER_ROW}:{UNIT_ROW}", subtitle=cpm_case.subtitle(words))
    put(sheet, "A4", cpm_workings.status(), "status", "text result")
    for key, header, unit in COLUMNS:
        put(sheet, f"{_LETTER[key]}{HEADER_ROW}", header, "header")
        put(sheet, f"{_LETTER[key]}{UNIT_ROW}", unit, "unit")
    for year in YEARS:
        row = FIRST_ROW + year
        put(sheet, f"A{row}", year, "label", "whole")
        for key, formula in _formulas(row).items():
            unit = next(u for k, _, u in COLUMNS if k == key)
            shown = "quantity" if key == "comes_back" else cpm_workings.format_of(unit)
            put(sheet, f"{_LETTER[key]}{row}", f"={formula}", "calc", shown)
    widths(sheet, 8, 14, *[17] * (len(COLUMNS) - 2))
    sheet.row_dimensions[HEADER_ROW].height = 46
    sheet.freeze_panes = f"B{FIRST_ROW}"


def _formulas(row):
    """Formula by key of one year; the same in every row."""
    own = {key: Reference(f"${letter}{row}") for key, letter in _LETTER.items()}
    cells = {key: Reference(cpm_workings.cell(key)) for step in YEAR_STEPS for key in step.parameters
             if key in cpm_workings.ROW_OF} | cpm_case.references() | own  # fmt: skip
    year, life = own["year"], cells["gpu_years"]
    found = {"in_life": 1 - (year > life)}
    for step in YEAR_STEPS:
        formula = step.of(cells)
        found[step.key] = own["in_life"] * formula if step.key in _ONLY_IN_LIFE else formula
    cash, balance = _LETTER["cash_of_year"], _LETTER["balance"]
    found["balance"] = f"SUM(${cash}${FIRST_ROW}:${cash}{row})"
    before = f"{own['balance']}-{own['cash_of_year']}<0"
    found["comes_back"] = f"IF(({before})*(1-(${balance}{row}<0)),{year}-{own['balance']}/{own['cash_of_year']},0)"
    return found


def fill(sheet, record):
    """Name the currency."""
    name_currency(sheet, record.currency, UNIT_ROW)
