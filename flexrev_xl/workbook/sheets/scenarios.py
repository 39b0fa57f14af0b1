"""The Scenarios tab: what each scenario does to each driver."""

from openpyxl.utils import get_column_letter

from flexrev_xl.core.budget_line import DRIVERS
from flexrev_xl.portfolio.columns import FACTOR, FACTOR_RANGE, NOT_REPLACED, driver_rows
from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.sheets import lists
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import validate_list, validate_number, validate_number_or_word, validate_text

TITLE = "Scenarios"
HEADER_ROW, FIRST_ROW = 5, 6
FIRST_SCENARIO_COLUMN = 4
SHOWN_CELL = f"{TITLE}!$D$4"  # the scenario that Summary and Budget show at the top


def lay_out(sheet):
    """Title and the rows of the drivers."""
    set_up(sheet, "inputs", "Scenarios", f"{HEADER_ROW}:{HEADER_ROW}")
    put(sheet, "A2", f'={NAME_CELL}&", all money in "&{CURRENCY_CELL}', "subtitle", "text result")
    put(sheet, "A4", "Scenario shown", "label")
    put(sheet, "B4", "text", "unit")
    put(sheet, "C4", None, "input")
    put(sheet, "D4", None, "input")
    for letter, text in zip("ABC", ("Driver", "Unit", "Source"), strict=True):
        put(sheet, f"{letter}{HEADER_ROW}", text, "header")
    put(sheet, f"D{HEADER_ROW}", None, "header")
    for row, (_, kind, label, unit) in enumerate(driver_rows(), start=FIRST_ROW):
        put(sheet, f"A{row}", label, "label")
        put(sheet, f"B{row}", unit, "unit")
        put(sheet, f"C{row}", None, "input")
        put(
            sheet,
            f"D{row}",
            None,
            "input",
            "factor" if kind == "factor" else "typed percent" if unit == "%" else "typed number",
        )
    widths(sheet, 34, 16, 34, 16)
    sheet.freeze_panes = f"D{FIRST_ROW}"
    note = (
        "A factor multiplies the value on Inputs; a value in its place replaces it on every row, in the row's own unit. "
        "Programme caps apply afterwards. Single sites and programmes: Exceptions."
    )
    put(sheet, f"A{FIRST_ROW + 2 * len(DRIVERS) + 1}", note, "remark")


def first_name_cell():
    """The cell that names the first scenario."""
    return f"{TITLE}!${get_column_letter(FIRST_SCENARIO_COLUMN)}${HEADER_ROW}"


def cells_of(row, portfolio):
    """The cells of all scenarios in a row, held fast."""
    last = get_column_letter(FIRST_SCENARIO_COLUMN + len(portfolio.scenarios) - 1)
    return f"{TITLE}!${get_column_letter(FIRST_SCENARIO_COLUMN)}${row}:${last}${row}"


def fill(sheet, plan):
    """Write each scenario's factors and absolute values."""
    scenarios = plan.portfolio.scenarios
    for number, scenario in enumerate(scenarios, start=FIRST_SCENARIO_COLUMN):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 16
        sheet.cell(HEADER_ROW, number)._style = sheet.cell(HEADER_ROW, FIRST_SCENARIO_COLUMN)._style
        write_column(sheet, number, HEADER_ROW, [Typed(scenario.name)])
        for row, (driver, kind, *_) in enumerate(driver_rows(), start=FIRST_ROW):
            sheet.cell(row, number)._style = sheet.cell(row, FIRST_SCENARIO_COLUMN)._style
            sheet.cell(row, number).value = (
                scenario.factors.get(driver, 1.0) if kind == "factor" else scenario.absolutes.get(driver, NOT_REPLACED)
            )
    last = get_column_letter(FIRST_SCENARIO_COLUMN + len(scenarios) - 1)
    for row, (driver, kind, label, _) in enumerate(driver_rows(), start=FIRST_ROW):
        write_column(sheet, 3, row, [Typed(f"{plan.source}, scenarios")])
        cells = f"D{row}:{last}{row}"
        if kind == "factor":
            prompt, error = (
                "Factor on the value on Inputs; 1 leaves it as it is.",
                f"A factor must be a number from {FACTOR_RANGE} (0.9 for 90 %).",
            )
            validate_number(sheet, cells, label, prompt, error, f"{FACTOR.low:g}", f"{FACTOR.high:g}")
        else:
            prompt, error = (
                f"A number replaces the value of every row; {NOT_REPLACED} leaves it.",
                f"Type a number from 0 up, or the word {NOT_REPLACED}.",
            )
            most = lists.limit_cell(driver, "most")
            validate_number_or_word(sheet, cells, label, prompt, error, "0", most, f'"{NOT_REPLACED}"')
    names = f"$D${HEADER_ROW}:${last}${HEADER_ROW}"
    write_column(sheet, 3, 4, [Typed("Chosen by the reader")])
    write_column(sheet, 4, 4, [Typed(scenarios[0].name)])
    words = [s.name for s in scenarios]
    validate_list(sheet, "D4", "Scenario shown", "The scenario that Summary and the top of Budget show", words, names)
    validate_text(sheet, "C4", "Source", "Who chose the scenario")
    sources = f"C{FIRST_ROW}:C{FIRST_ROW + 2 * len(DRIVERS) - 1}"
    validate_text(sheet, sources, "Source", "Who set this driver, and where it is written")
