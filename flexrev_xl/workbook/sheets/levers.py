"""The Levers tab: the lines of the first scenario and budget year, taken apart by what drives them.

Left, what each row's net is made of and how far its drivers can be moved; right, a column for each case of the
Sensitivity tab: its factor stands at the top, the net of each row with it below, and their total under the header.
Nothing is typed here. The rows stand where the scenario's tab has them.
"""

import re
from typing import NamedTuple

from openpyxl.utils import get_column_letter, quote_sheetname

from flexrev_xl.analysis.sensitivity import HOURS_FACTORS, PERFORMANCE_FACTORS
from flexrev_xl.core import lever_line
from flexrev_xl.core.budget_line import STEP_OF
from flexrev_xl.core.expression import Reference, lowest
from flexrev_xl.core.lever_line import DRIVERS, FROM_LINE, NET, OF_DELIVERY, PARTS, PRESENT, SHORT
from flexrev_xl.portfolio.columns import BY_NAME, driver_rows
from flexrev_xl.workbook.page import OWN_ROW, set_up, write_column
from flexrev_xl.workbook.sheets import lists, scenario
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.sheets.rates import IDENTITY, identity_columns
from flexrev_xl.workbook.styles import format_of_unit, put

TITLE = "Levers"
FACTOR_ROW, SHARED_ROW, ONE_UNIT_ROW = 6, 7, 8
HEADER_ROW, KEY_ROW, UNIT_ROW, TOTAL_ROW, FIRST_ROW = 9, 10, 11, 12, 13  # as on the scenario's tab
HOURS, PERFORMANCES = range(1, len(HOURS_FACTORS) + 1), range(1, len(PERFORMANCE_FACTORS) + 1)
NOT_ON_ANY_ROW, DIFFERS = "none", "differs by row"
LOW, HIGH, START, START_NEAR, STEP, STEP_NEAR, FOUND = ("low", "high", "start", "near", "step", "step_near", "found")
_BLOCKS = {
    LOW: "Low",
    HIGH: "High",
    START: "Search, start",
    START_NEAR: "Search, beside the start",
    STEP: "Search, next",
    STEP_NEAR: "Search, beside the next",
    FOUND: "Search, found",
}
_LINK = re.compile(r"=\w+!\$?[A-Z]+\$?[0-9]+")
_PRESENT_STEPS = [driver for driver, key in PRESENT.items() if key.startswith("present_")]
_LINKED = tuple((f"{d}_{kind}", label, unit) for d, kind, label, unit in driver_rows() if d in _PRESENT_STEPS)
_UNITS_OF_ROWS = {"capacity_rate": "rate_unit", "energy_rate": "energy_unit"}
_OF_CURRENCY = ("capacity_rate", "energy_rate", "penalty_rate", "marginal_cost")


def _case_columns():
    """(key, label, unit) of the columns of every case, block by block."""
    for block, words in _BLOCKS.items():
        for driver in OF_DELIVERY:
            yield f"{block}_{driver}_share", f"{words}: {BY_NAME[driver].label}, delivered", "%"
            yield f"{block}_{driver}_short", f"{words}: {BY_NAME[driver].label}, short", "%"
        for driver in DRIVERS:
            yield f"{block}_{driver}", f"{words}: {BY_NAME[driver].label}", "money"
    for p in PERFORMANCES:
        yield f"grid_{p}_share", f"Grid, performance {p}: delivered", "%"
        yield f"grid_{p}_short", f"Grid, performance {p}: short", "%"
        yield f"grid_{p}_still", f"Grid, performance {p}: left alone by hours", "money"
        yield f"grid_{p}_by_hours", f"Grid, performance {p}: grows with hours", "money"
        yield f"grid_{p}_penalty", f"Grid, performance {p}: penalty before stop-loss", "money"
    for p in PERFORMANCES:
        for h in HOURS:
            yield f"grid_{h}_{p}", f"Grid: hours {h}, performance {p}", "money"


_COLUMNS = (
    *identity_columns(),
    *_LINKED,
    *((key, STEP_OF[key].label, STEP_OF[key].unit) for key in FROM_LINE),
    *((part.key, part.label, part.unit) for part in PARTS),
    *((f"{driver}_room", f"{BY_NAME[driver].label}: largest factor", "times") for driver in DRIVERS),
    *_case_columns(),
)
KEYS = tuple(key for key, *_ in _COLUMNS)
_LETTER = {key: get_column_letter(number) for number, key in enumerate(KEYS, start=1)}
_LINKS = {*(key for key, _ in IDENTITY), *(key for key, *_ in _LINKED), *FROM_LINE}


def total_cell(key):
    """The total of a column, held fast."""
    return f"{TITLE}!${_LETTER[key]}${TOTAL_ROW}"


def across_drivers(row, block=None):
    """The cells of a row under the nets of a block, or under the largest factors, in the order of DRIVERS."""
    first, last = (f"{block}_{d}" if block else f"{d}_room" for d in (DRIVERS[0], DRIVERS[-1]))
    return f"{TITLE}!${_LETTER[first]}${row}:${_LETTER[last]}${row}"


def grid_totals(performance):
    """The totals of the grid at one performance, by dispatch hours."""
    first, last = (_LETTER[f"grid_{h}_{performance}"] for h in (HOURS[0], HOURS[-1]))
    return f"{TITLE}!${first}${TOTAL_ROW}:${last}${TOTAL_ROW}"


def lay_out(sheet):
    """Title, labels, keys, units, totals and the model row."""
    subtitle = f'={NAME_CELL}&", all money in "&{CURRENCY_CELL}&", annual, pre-tax, nominal; share of the customer"'
    set_up(sheet, "workings", "Levers", f"{HEADER_ROW}:{TOTAL_ROW}", subtitle=subtitle, paper="A3")
    put(
        sheet,
        "A5",
        "First scenario, first budget year: what each row's net is made of, and the net of each case.",
        "remark",
    )
    for row, label, unit in (
        (FACTOR_ROW, "Factor of the case; of all rows, the largest with room", "times"),
        (SHARED_ROW, "Value shared; next factor, from 1; gap that is none", "own unit"),
        (ONE_UNIT_ROW, "One unit and currency (1); next factor, from the start", "own unit"),
    ):
        put(sheet, f"A{row}", label, "label")
        put(sheet, f"C{row}", unit, "unit")
    put(sheet, f"A{TOTAL_ROW}", "Total", "total")
    for number, (key, label, unit) in enumerate(_COLUMNS, start=1):
        letter = get_column_letter(number)
        put(sheet, f"{letter}{HEADER_ROW}", label, "header")
        put(sheet, f"{letter}{KEY_ROW}", key, "key")
        put(sheet, f"{letter}{UNIT_ROW}", unit, "unit")
        shown = format_of_unit(unit)
        if number > 1:
            put(sheet, f"{letter}{TOTAL_ROW}", None, "total", shown)
        put(sheet, f"{letter}{FIRST_ROW}", None, "link" if key in _LINKS else "calc", shown)
        sheet.column_dimensions[letter].width = {1: 26, 2: 32, 3: 12, 4: 10}.get(number, 14)
    sheet.row_dimensions[HEADER_ROW].height = 58
    sheet.freeze_panes = f"E{FIRST_ROW}"


def fill(sheet, plan, tops, beside):
    """Write the formulas down the table, the totals, and what stands above it; `tops` and `beside` are of `factors`."""
    for key, _ in IDENTITY:
        write_column(sheet, KEYS.index(key) + 1, FIRST_ROW, plan.identity_links(key, FIRST_ROW)[: plan.count])
    for key, formula in _formulas(plan).items():
        write_column(sheet, KEYS.index(key) + 1, FIRST_ROW, plan.down(formula, FIRST_ROW, plan.count))
    last = FIRST_ROW + plan.count - 1
    sheet.print_area = (
        f"A1:{_LETTER[f'{DRIVERS[-1]}_room']}{last}"  # the cases, three times as wide, stay on the screen
    )
    for key, _, unit in _COLUMNS:
        if unit == "money":
            sheet[f"{_LETTER[key]}{TOTAL_ROW}"].value = f"=SUM({_LETTER[key]}{FIRST_ROW}:{_LETTER[key]}{last})"
    for driver in DRIVERS:
        _fill_room_tops(sheet, plan, driver)
    for key, formula in tops.items():
        look = "link" if _LINK.fullmatch(formula) else "calc"
        put(sheet, f"{_LETTER[key]}{FACTOR_ROW}", formula, look, "factor")
    for (key, row), formula in beside.items():
        put(sheet, f"{_LETTER[key]}{row}", formula, "calc", "rate" if key.startswith(FOUND) else "factor")


def _formulas(plan):
    """Formula texts of the lines by key."""
    tab = quote_sheetname(plan.portfolio.scenarios[0].name)
    own = {key: Reference(f"${_LETTER[key]}{OWN_ROW}") for key in KEYS}
    formulas = {}
    for key in (*(k for k, *_ in _LINKED), *FROM_LINE):
        formulas[key] = f"={tab}!{get_column_letter(scenario.KEYS.index(key) + 1)}{OWN_ROW}"
    cells = plan.references() | {key: own[key] for key in formulas}
    for part in PARTS:
        formulas[part.key] = f"={part.of(cells)}"
        cells[part.key] = own[part.key]
    for driver in DRIVERS:
        most = Reference(lists.limit_cell(driver, "most"))
        formulas[f"{driver}_room"] = f"={lever_line.room(cells[PRESENT[driver]], most)}"
    for block in _BLOCKS:
        formulas |= _block_formulas(block, cells, own)
    return formulas | _grid_formulas(cells, own)


def _moved(key, driver, own):
    """The factor at the top of a column, up to what the row has room for."""
    return lowest(Reference(f"{_LETTER[key]}${FACTOR_ROW}"), own[f"{driver}_room"])


def _block_formulas(block, cells, own):
    """Each driver moved alone."""
    formulas = {}
    for driver in DRIVERS:
        key = f"{block}_{driver}"
        if driver in OF_DELIVERY:
            share, short = f"{key}_share", f"{key}_short"
            by = {"moved": _moved(share, driver, own), "delivered": own[share], "shortfall": own[short]}
            formulas[share] = f"={lever_line.call(lever_line.delivered, cells, **by)}"
            formulas[short] = f"={lever_line.call(SHORT[driver], cells, **by)}"
            formulas[key] = f"={lever_line.call(lever_line.net_of_delivery, cells, **by)}"
        else:
            formulas[key] = f"={lever_line.call(NET[driver], cells, moved=_moved(key, driver, own))}"
    return formulas


def _grid_formulas(cells, own):
    """Performance and dispatch hours moved together."""
    formulas = {}
    for p in PERFORMANCES:
        share, short, still, by_hours, penalty = (
            f"grid_{p}_{part}" for part in ("share", "short", "still", "by_hours", "penalty")
        )
        by = {"moved": _moved(share, "performance", own), "delivered": own[share]}
        formulas[share] = f"={lever_line.call(lever_line.delivered, cells, **by)}"
        formulas[short] = f"={lever_line.call(SHORT['performance'], cells, **by)}"
        formulas[still] = f"={lever_line.call(lever_line.without_hours, cells, **by)}"
        formulas[by_hours] = f"={lever_line.call(lever_line.with_hours, cells, **by)}"
        formulas[penalty] = f"={cells['full_penalty'] * own[short]}"
        at = {"still": own[still], "by_hours": own[by_hours], "penalty": own[penalty]}
        for h in HOURS:
            moved = _moved(f"grid_{h}_{p}", "dispatch_hours", own)
            formulas[f"grid_{h}_{p}"] = f"={lever_line.call(NET['dispatch_hours'], cells, moved=moved, **at)}"
    return formulas


def _fill_room_tops(sheet, plan, driver):
    """The largest factor of a driver, the value that all rows share, and whether they share unit and currency."""
    letter, last = _LETTER[f"{driver}_room"], FIRST_ROW + plan.count - 1
    key = PRESENT[driver]
    own = f"${_LETTER[key]}${FIRST_ROW}:${_LETTER[key]}${last}" if key in _LETTER else None
    present = own or plan.fixed_input_range(driver)
    most = f'=IF(MAX({present})>0,MAX({letter}{FIRST_ROW}:{letter}{last}),"{NOT_ON_ANY_ROW}")'
    shared = f'=IF(MIN({present})*{letter}{ONE_UNIT_ROW}=MAX({present}),MAX({present}),"{DIFFERS}")'
    names = [n for n in (_UNITS_OF_ROWS.get(driver), "currency" if driver in _OF_CURRENCY else None) if n]
    ranges = [plan.fixed_input_range(name) for name in names]
    same = ",".join(f"{cells},{cells.split(':')[0]}" for cells in ranges)
    one_unit = f"=IF(COUNTIFS({same})=ROWS(Enrolment_Rows),1,0)" if names else "=1"
    put(sheet, f"{letter}{FACTOR_ROW}", most, "calc", "factor")
    put(sheet, f"{letter}{SHARED_ROW}", shared, "calc", "percent" if BY_NAME[driver].unit == "%" else "rate")
    put(sheet, f"{letter}{ONE_UNIT_ROW}", one_unit, "calc", "whole")


def factors(given, spread, target, tolerance):
    """Formulas of the factors by key, and of what stands beside them.

    Args:
        given: a function of (START, driver), and of ("hours" or "performance", number) for the grid: the formula of
            a factor, without an equals sign.
        spread, target, tolerance: cells of the spread, of the net looked for, and of the least gap that counts.

    Returns:
        ({key: formula}, {(key, row): formula}): the latter of where the next factor of a search may be, and of the
        gap that counts as none.
    """
    tops, beside = {}, {}
    for driver in DRIVERS:
        at = {block: _first_of_case(block, driver) for block in _BLOCKS}
        most = f"{_LETTER[f'{driver}_room']}{FACTOR_ROW}"
        tops[at[LOW]] = f"=1-{spread}"
        tops[at[HIGH]] = f"=IF(ISNUMBER({most}),MIN(1+{spread},{most}),1+{spread})"
        tops[at[START]] = f"={given(START, driver)}"
        for block, of in ((START_NEAR, START), (STEP_NEAR, STEP)):
            factor = _top(at[of])
            tops[at[block]] = f"=IF({factor}>0,{factor}-{factor}/1000,1/1000)"
        start, base = _Point(_top(at[START]), _total(f"{START}_{driver}")), _Point("1", _total("base_net"))
        near, low = (_Point(_top(at[b]), _total(f"{b}_{driver}")) for b in (START_NEAR, LOW))
        step, step_near = (_Point(_top(at[b]), _total(f"{b}_{driver}")) for b in (STEP, STEP_NEAR))
        beside[at[STEP], SHARED_ROW] = _next(base, low, target, most)
        beside[at[STEP], ONE_UNIT_ROW] = _next(start, near, target, most)
        tops[at[STEP]] = _better(at[STEP], start, base, target)
        tops[at[FOUND]] = _next(step, step_near, target, most)
        slope = f"({step.net}-{step_near.net})/({step.factor}-{step_near.factor})"
        beside[f"{FOUND}_{driver}", SHARED_ROW] = f"=MAX({tolerance},ABS({slope}*{_top(at[FOUND])})/1000/1000/1000)"
        for block in _BLOCKS if driver in OF_DELIVERY else ():
            tops[f"{block}_{driver}_short"] = tops[f"{block}_{driver}"] = f"={_top(at[block])}"
    for p in PERFORMANCES:
        tops[f"grid_{p}_share"] = f"={given('performance', p)}"
        tops |= {f"grid_{h}_{p}": f"={given('hours', h)}" for h in HOURS}
    return tops, beside


def _first_of_case(block, driver):
    """The first column of a case: the one that its factor is worked out on."""
    return f"{block}_{driver}_share" if driver in OF_DELIVERY else f"{block}_{driver}"


def _top(key):
    return f"{_LETTER[key]}{FACTOR_ROW}"


def _total(key):
    return f"{_LETTER[key]}{TOTAL_ROW}"


class _Point(NamedTuple):
    """A factor and the net at it, as cells."""

    factor: str
    net: str


def _next(here, beside, target, most):
    """Where the line through two points meets the target, from 0 to the largest factor; where it is level, the first."""
    step = f"({here.net}-{target})*({here.factor}-{beside.factor})/({here.net}-{beside.net})"
    return f"=IF({here.net}-{beside.net}=0,{here.factor},MIN(MAX({here.factor}-{step},0),{most}))"


def _better(key, start, base, target):
    """The next factor from the start, unless the target lies between start and 1 and that step leaves them: then from 1."""
    from_base, from_start = f"{_LETTER[key]}{SHARED_ROW}", f"{_LETTER[key]}{ONE_UNIT_ROW}"
    between = f"({start.net}-{target})*({base.net}-{target})<0"
    leaves = f"({from_start}-1)*({from_start}-{start.factor})>=0"
    return f"=IF(AND({between},{leaves}),{from_base},{from_start})"
