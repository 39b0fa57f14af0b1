"""A scenario tab: its drivers, its totals, and a line per enrolment from hours to net revenue.

Every scenario tab holds the same formulas; the name in `NAME_CELL` alone decides which scenario it is.
"""

from openpyxl.utils import get_column_letter, quote_sheetname

from flexrev_xl.analysis.worth import LOSES, PAYS
from flexrev_xl.core.budget_line import DRIVERS, LINE_STEPS
from flexrev_xl.core.expression import Reference
from flexrev_xl.portfolio.columns import BY_NAME, driver_rows
from flexrev_xl.workbook.page import LINE_ROW, OWN_ROW, ROW_ABOVE, ROW_BELOW, Typed, set_up, write_column
from flexrev_xl.workbook.sheets import exceptions, periods, scenarios
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, YEAR_CELL
from flexrev_xl.workbook.sheets.inputs import NAME_CELL as PORTFOLIO_NAME
from flexrev_xl.workbook.sheets.rates import IDENTITY, identity_columns
from flexrev_xl.workbook.styles import format_of_unit, put

TITLE = "Scenario"  # of the model tab in a template; a built workbook has one tab a scenario instead
NAME_CELL = "$B$4"
DRIVER_ROW, FACTOR_ROW, ABSOLUTE_ROW = 5, 6, 7
FIRST_DRIVER_COLUMN = 5
SAME_ROW = 8  # whether the formulas below are those of the first scenario's tab
HEADER_ROW, KEY_ROW, UNIT_ROW, TOTAL_ROW, FIRST_ROW = 9, 10, 11, 12, 13
# The season with most qualified capacity, so that a site's megawatts count once in the total.
WORTH = "worth"
SEASONS = (("largest_season_mw", "Largest season so far", "MW"), ("counted_mw", "Counted in the total", "MW"))
# Receipts for one day, month or event weight, which the Budget tab spreads as cash.
UNITS = (
    ("standing_unit", "Standing receipts of one unit", "money/unit", "standing_receipts", "one_unit"),
    ("event_unit", "Event receipts of one weight", "money/unit", "event_receipts", "one_event"),
)
EXCEPTION = "exception"
# What the scenario does to the drivers of each line: the row of Exceptions that is for it, and what is then in force.
DRIVEN = (
    (EXCEPTION, "Row on Exceptions", "count"),
    *((f"{driver}_{kind}", label, unit) for driver, kind, label, unit in driver_rows()),
)
KEYS = (
    *(k for k, _ in IDENTITY),
    *(k for k, *_ in DRIVEN),
    *(s.key for s in LINE_STEPS),
    *(k for k, *_ in (*SEASONS, *UNITS)),
    WORTH,
)
WITHOUT_FLAG = KEYS[:2]  # columns whose cells in SAME_ROW hold its label and unit
_FORMULA_TEXT = "_xlfn.FORMULATEXT"  # as files name what a cell shows as FORMULATEXT
_SUMMED = ("money", "MWh")


def driver_references():
    """The cells of a line that hold what the scenario does to each of its drivers."""
    return {key: Reference(f"{_letter(key)}{OWN_ROW}") for key, *_ in DRIVEN[1:]}


def _drivers_of_all():
    """The cells at the top of the tab that hold what the scenario does to each driver of all rows."""
    cells = {}
    for number, driver in enumerate(DRIVERS, start=FIRST_DRIVER_COLUMN):
        for kind, row in (("factor", FACTOR_ROW), ("absolute", ABSOLUTE_ROW)):
            cells[f"{driver}_{kind}"] = f"{get_column_letter(number)}${row}"
    return cells


def _letter(key):
    return get_column_letter(KEYS.index(key) + 1)


def lay_out(sheet):
    """Title, driver block, labels, keys, units, totals and the model row."""
    set_up(sheet, "outputs", "Scenario", f"{HEADER_ROW}:{TOTAL_ROW}", paper="A3")
    put(
        sheet,
        "A2",
        f'={PORTFOLIO_NAME}&", scenario "&{NAME_CELL}&", all money in "&{CURRENCY_CELL}&", annual, pre-tax, nominal"',
        "subtitle",
        "text result",
    )
    put(sheet, "A4", "Scenario", "label")
    put(sheet, "B4", None, "label")
    put(sheet, f"A{DRIVER_ROW}", "Drivers", "section")
    put(sheet, f"B{DRIVER_ROW}", "Unit", "header")
    for row, label, unit in (
        (FACTOR_ROW, "Factor on the value read", "times"),
        (ABSOLUTE_ROW, "In its place", "own unit"),
        (SAME_ROW, "Formula is not that of the first scenario", "flag"),
    ):
        put(sheet, f"A{row}", label, "label")
        put(sheet, f"B{row}", unit, "unit")
    for number, driver in enumerate(DRIVERS, start=FIRST_DRIVER_COLUMN):
        letter = get_column_letter(number)
        put(sheet, f"{letter}{DRIVER_ROW}", f"{BY_NAME[driver].label} (driver)", "header")
        put(sheet, f"{letter}{FACTOR_ROW}", None, "calc", "factor")
        put(sheet, f"{letter}{ABSOLUTE_ROW}", None, "calc", "percent" if BY_NAME[driver].unit == "%" else "rate")
    put(sheet, f"A{TOTAL_ROW}", "Total", "total")
    columns = (
        identity_columns()
        + [*DRIVEN]
        + [(s.key, s.label, s.unit) for s in LINE_STEPS]
        + [*SEASONS, *(u[:3] for u in UNITS), (WORTH, "Worth curtailing compute?", "text")]
    )
    for number, (key, label, unit) in enumerate(columns, start=1):
        letter = get_column_letter(number)
        put(sheet, f"{letter}{HEADER_ROW}", label, "header")
        put(sheet, f"{letter}{KEY_ROW}", key, "key")
        put(sheet, f"{letter}{UNIT_ROW}", unit, "unit")
        shown = exceptions.look_of(key) if key in exceptions.DRIVEN else format_of_unit(unit)
        if number > 1:
            put(sheet, f"{letter}{TOTAL_ROW}", None, "total", shown)
        if number > len(WITHOUT_FLAG):
            put(sheet, f"{letter}{SAME_ROW}", None, "calc", "whole")
        put(sheet, f"{letter}{FIRST_ROW}", None, "link" if number <= len(IDENTITY) else "calc", shown)
        sheet.column_dimensions[letter].width = {1: 26, 2: 32, 3: 12, 4: 10, len(columns): 32}.get(number, 14)
    sheet.row_dimensions[HEADER_ROW].height = 46
    sheet.row_dimensions[DRIVER_ROW].height = 32
    sheet.freeze_panes = f"E{FIRST_ROW}"


def fill(sheet, plan, name):
    """Write the scenario's name, and the formulas that are the same on every tab."""
    write_column(sheet, 2, 4, [Typed(name)])
    names = scenarios.cells_of(scenarios.HEADER_ROW, plan.portfolio)
    for row, (driver, kind, *_) in enumerate(driver_rows(), start=scenarios.FIRST_ROW):
        cell, values = _drivers_of_all()[f"{driver}_{kind}"], scenarios.cells_of(row, plan.portfolio)
        sheet[cell.replace("$", "")].value = f"=INDEX({values},MATCH({NAME_CELL},{names},0))"
    first = plan.scenario_first_row
    for number, (key, _) in enumerate(IDENTITY, start=1):
        write_column(sheet, number, first, plan.identity_links(key, first))
    formulas = _driver_formulas(plan.portfolio) | plan.line_formulas() | _season_formulas() | _unit_formulas()
    for key, formula in (formulas | {WORTH: _worth_formula()}).items():
        write_column(sheet, KEYS.index(key) + 1, first, plan.down(formula, first))
    for number in range(len(WITHOUT_FLAG) + 1, len(KEYS) + 1):
        sheet.cell(SAME_ROW, number).value = _same_formula(get_column_letter(number), plan)
    _fill_totals(sheet, plan)


def _same_formula(letter, plan):
    """0 where the first line of a column holds the text of formula that it holds on the first scenario's tab, else 1."""
    own, first = f"{letter}{plan.scenario_first_row}", quote_sheetname(plan.portfolio.scenarios[0].name)
    return f"=IF(EXACT({_FORMULA_TEXT}({own}),{_FORMULA_TEXT}({first}!{own})),0,1)"


def same_formula_range(tab):
    """The flags of all columns of a tab whose formula is not that of the first scenario's."""
    first, last = (get_column_letter(number) for number in (len(WITHOUT_FLAG) + 1, len(KEYS)))
    return f"{quote_sheetname(tab)}!{first}{SAME_ROW}:{last}{SAME_ROW}"


def _driver_formulas(portfolio):
    """What the scenario does to the drivers of a line: of all rows, or of the exception that is for it."""
    exception = f"${_letter(EXCEPTION)}{OWN_ROW}"
    formulas = {EXCEPTION: exceptions.row_for(NAME_CELL, f"$A{OWN_ROW}", f"$B{OWN_ROW}", portfolio)}
    for key, of_all in _drivers_of_all().items():
        in_force = exceptions.column(f"{key}_in_force", portfolio)
        formulas[key] = f"=IF({exception}=0,{of_all},INDEX({in_force},{exception}))"
    return formulas


def _season_formulas():
    """The largest season of a site and programme, carried down its rows and counted on the last of them."""
    qualified, largest = (get_column_letter(KEYS.index(k) + 1) for k in ("qualified_mw", "largest_season_mw"))
    same_above, same_below = ("*".join(f"({c}{OWN_ROW}={c}{other})" for c in "ABD") for other in (ROW_ABOVE, ROW_BELOW))
    return {
        "largest_season_mw": f"=MAX({qualified}{OWN_ROW},{same_above}*N({largest}{ROW_ABOVE}))",
        "counted_mw": f"=IF({same_below},0,{largest}{OWN_ROW})",
    }


def _unit_formulas():
    """Receipts of a line, for one of the days, months or event weights it is paid for."""
    own = {step: get_column_letter(KEYS.index(step) + 1) for *_, step, _ in UNITS}
    return {
        key: f"={own[step]}{OWN_ROW}*{periods.TITLE}!{periods.letter(one)}{LINE_ROW}" for key, _, _, step, one in UNITS
    }


def _worth_formula():
    """Whether curtailing compute pays, in words; nothing where nothing is said of compute."""
    gain = f"{get_column_letter(KEYS.index('gain_per_mwh') + 1)}{OWN_ROW}"
    return f'=IF({gain}<0,"{LOSES}","")&IF({gain}>0,"{PAYS}","")'


def _fill_totals(sheet, plan):
    """Totals of the first budget year."""
    units = {s.key: s.unit for s in LINE_STEPS}
    first, last = plan.scenario_first_row, plan.scenario_last_row
    years = f"$D{first}:$D{last}"
    for key in KEYS[4:]:
        cell = sheet.cell(plan.total_row, KEYS.index(key) + 1)
        if units.get(key) in _SUMMED:
            cell.value = f"=SUMIFS({plan.scenario_range(key)},{years},{YEAR_CELL})"
        elif key in ("qualified_mw", "counted_mw"):
            cell.value = f"=SUMIFS({plan.scenario_range('counted_mw')},{years},{YEAR_CELL})"
    sheet.cell(plan.total_row, KEYS.index("budget_year") + 1).value = f"=D{first}"
