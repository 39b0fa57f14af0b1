"""The Exceptions tab: what a scenario does to the drivers of one site in one programme, in place of what it does to all.

A row for each pair that a scenario makes an exception of, and some rows to spare for a reader's own.
"""

from openpyxl.utils import get_column_letter

from flexrev_xl.portfolio.columns import AS_SCENARIO, FACTOR, FACTOR_RANGE, NO_EXCEPTION, driver_rows
from flexrev_xl.workbook.page import OWN_ROW, Typed, set_up, write_column
from flexrev_xl.workbook.sheets import lists, scenarios
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import validate_list, validate_number_or_word, validate_text

TITLE = "Exceptions"
HEADER_ROW, KEY_ROW, UNIT_ROW, FIRST_ROW = 6, 7, 8, 9
SPARE_ROWS = 5
DRIVEN = tuple(f"{driver}_{kind}" for driver, kind, *_ in driver_rows())
IN_FORCE = tuple(f"{key}_in_force" for key in DRIVEN)
USED, MEETS, TIMES, READ = "used", "meets", "times_named", "read"  # what Checks asks of every row
KEYS = (
    "scenario",
    "site",
    "programme",
    *DRIVEN,
    "source",
    "row",
    "scenario_number",
    "who",
    USED,
    MEETS,
    TIMES,
    READ,
    *IN_FORCE,
)
_LABELS = {
    "scenario": "Scenario", "site": "Site", "programme": "Programme", "source": "Source", "row": "Row",
    "scenario_number": "Number of the scenario", "who": "Whom it is for",
    USED: "Used", MEETS: "Rows of Inputs it is for", TIMES: "Rows here for the same", READ: "Drivers that can be read",
    **{f"{driver}_{kind}": label for driver, kind, label, _ in driver_rows()},
    **{f"{driver}_{kind}_in_force": f"{label}, in force" for driver, kind, label, _ in driver_rows()},
}  # fmt: skip
_UNITS = {
    USED: "flag",
    **dict.fromkeys(("row", "scenario_number", MEETS, TIMES, READ), "count"),
    **{f"{driver}_{kind}{end}": unit for driver, kind, _, unit in driver_rows() for end in ("", "_in_force")},
}
_WIDTHS = {"scenario": 20, "site": 26, "programme": 32, "source": 30, "who": 40}
_NOTE = (
    f"A number stands in place of what the scenario does to all rows; {AS_SCENARIO} leaves it. "
    f"A row for {NO_EXCEPTION} is not used: name a site and its programme there to add an exception."
)


def letter(key):
    """The column letter of a key."""
    return get_column_letter(KEYS.index(key) + 1)


TYPED = f"${letter(DRIVEN[0])}${KEY_ROW}:${letter(DRIVEN[-1])}${KEY_ROW}"  # the keys of the columns typed


def look_of(key):
    """(look, number format) of what a scenario does to a driver, as typed here."""
    unit = _UNITS[key]
    return "factor" if unit == "times" else "percent" if unit == "%" else "rate"


def lay_out(sheet):
    """Title, labels, keys, units and the model row."""
    subtitle = f'={NAME_CELL}&", money in "&{CURRENCY_CELL}&"; what a scenario does to single sites and programmes"'
    set_up(sheet, "inputs", TITLE, f"{HEADER_ROW}:{UNIT_ROW}", subtitle=subtitle, paper="A3")
    put(sheet, "A4", _NOTE, "remark")
    for key in KEYS:
        at, typed = letter(key), KEYS.index(key) <= KEYS.index("source")
        shown = look_of(key) if key in (*DRIVEN, *IN_FORCE) else "whole" if key in _UNITS else "text"
        if typed and key in DRIVEN:
            shown = {"factor": "factor", "percent": "typed percent"}.get(shown, "typed number")
        put(sheet, f"{at}{HEADER_ROW}", _LABELS[key], "header")
        put(sheet, f"{at}{KEY_ROW}", key, "key")
        put(sheet, f"{at}{UNIT_ROW}", _UNITS.get(key, "text"), "unit")
        put(
            sheet,
            f"{at}{FIRST_ROW}",
            None,
            *(("input", shown) if typed else ("calc", shown.replace("text", "text result"))),
        )
        sheet.column_dimensions[at].width = _WIDTHS.get(key, 14)
    sheet.row_dimensions[HEADER_ROW].height = 46
    sheet.freeze_panes = f"D{FIRST_ROW}"


def excepted(portfolio):
    """(scenario name, site, programme, factors, absolutes by driver) of each pair that a scenario makes an exception of."""
    pairs = list({(e.site, e.programme): e for e in portfolio.enrolments}.values())
    for scenario in portfolio.scenarios:
        for row in pairs:
            set_here = {d for e in scenario.exceptions if e.fits(row) for d in (*e.factors, *e.absolutes)}
            if set_here:
                factors, absolutes = scenario.drivers_of(row)
                absolutes = {d: v for d, v in absolutes.items() if d in set_here and v is not None}
                factors = {d: v for d, v in factors.items() if d in set_here and d not in absolutes}
                yield scenario.name, row.site, row.programme, factors, absolutes


def row_count(portfolio):
    """Rows of the table."""
    return len(list(excepted(portfolio))) + SPARE_ROWS


def fill(sheet, plan):
    """Write the exceptions, rows to spare, and what is in force of each."""
    portfolio = plan.portfolio
    rows = [
        (name, site, programme, *_typed(factors, absolutes), f"{plan.source}, scenarios")
        for name, site, programme, factors, absolutes in excepted(portfolio)
    ]
    spare = (portfolio.scenarios[0].name, NO_EXCEPTION, NO_EXCEPTION, *[AS_SCENARIO] * len(DRIVEN), "Not used")
    rows += [spare] * SPARE_ROWS
    for number, values in enumerate(zip(*rows, strict=True), start=1):
        write_column(sheet, number, FIRST_ROW, [Typed(v) if isinstance(v, str) else v for v in values])
    for key, formula in _formulas(plan).items():
        texts = [formula.replace(OWN_ROW, str(row)) for row in range(FIRST_ROW, FIRST_ROW + len(rows))]
        write_column(sheet, KEYS.index(key) + 1, FIRST_ROW, texts)
    _validate(sheet, portfolio, FIRST_ROW + len(rows) - 1)


def _typed(factors, absolutes):
    return [(factors if kind == "factor" else absolutes).get(driver, AS_SCENARIO) for driver, kind, *_ in driver_rows()]


def _formulas(plan):
    portfolio = plan.portfolio
    sites, programmes = map(plan.fixed_input_range, ("site", "programme"))
    own = {key: f"${letter(key)}{OWN_ROW}" for key in KEYS}
    names = scenarios.cells_of(scenarios.HEADER_ROW, portfolio)
    typed = f"{own[DRIVEN[0]]}:{own[DRIVEN[-1]]}"
    formulas = {
        "row": f"=ROWS($A${FIRST_ROW}:$A{OWN_ROW})",
        "scenario_number": f"=MATCH({own['scenario']},{names},0)",
        "who": f'={own["scenario"]}&"|"&{own["site"]}&"|"&{own["programme"]}',
        USED: f'=1-({own["site"]}="{NO_EXCEPTION}")*({own["programme"]}="{NO_EXCEPTION}")',
        MEETS: f"=SUMPRODUCT(({sites}={own['site']})*({programmes}={own['programme']}))",
        TIMES: f"=SUMPRODUCT(({column('who', portfolio)}={own['who']})*{own[USED]})",
        READ: f'=COUNT({typed})+COUNTIF({typed},"{AS_SCENARIO}")',
    }
    for row, (driver, kind, *_) in enumerate(driver_rows(), start=scenarios.FIRST_ROW):
        key, factor = f"{driver}_{kind}", f"{driver}_factor"
        is_set = f"ISNUMBER({own[key]})" if kind == "factor" else f"ISNUMBER({own[factor]})+ISNUMBER({own[key]})>0"
        of_all = f"INDEX({scenarios.cells_of(row, portfolio)},{own['scenario_number']})"
        formulas[f"{key}_in_force"] = f"=IF({is_set},{own[key]},{of_all})"
    return formulas


def _validate(sheet, portfolio, last):
    def cells(key):
        return f"{letter(key)}{FIRST_ROW}:{letter(key)}{last}"

    words = [s.name for s in portfolio.scenarios]
    names = scenarios.cells_of(scenarios.HEADER_ROW, portfolio)
    validate_list(sheet, cells("scenario"), "Scenario", "The scenario that makes the exception", words, names)
    for key, what in (("site", "Site"), ("programme", "Programme")):
        explanation = f"{what} as on Inputs, or {NO_EXCEPTION} where the row is not used"
        validate_text(sheet, cells(key), what, explanation)
    validate_text(sheet, cells("source"), "Source", "Who made the exception, and where it is written")
    for driver, kind, label, _ in driver_rows():
        if kind == "factor":
            bounds, error = (f"{FACTOR.low:g}", f"{FACTOR.high:g}"), f"Type a number from {FACTOR_RANGE}"
        else:
            bounds = ("0", lists.limit_cell(driver, "most"))
            error = "Type a number from 0 up"
        prompt = f"A number in place of what the scenario does to all rows; {AS_SCENARIO} leaves it."
        error = f"{error}, or the words {AS_SCENARIO}."
        validate_number_or_word(sheet, cells(f"{driver}_{kind}"), label, prompt, error, *bounds, f'"{AS_SCENARIO}"')


def column(key, portfolio):
    """The cells of one column, held fast."""
    return f"{TITLE}!${letter(key)}${FIRST_ROW}:${letter(key)}${FIRST_ROW + row_count(portfolio) - 1}"


def row_for(scenario_cell, site_cell, programme_cell, portfolio):
    """The formula that gives the row of the table that is for a scenario, a site and a programme; 0 where there is none."""
    who = f'{scenario_cell}&"|"&{site_cell}&"|"&{programme_cell}'
    return f"=SUMPRODUCT(({column('who', portfolio)}={who})*{column('row', portfolio)})"
