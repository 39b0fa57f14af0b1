"""The Sensitivity tab: what moves the net, a grid of two drivers, and where the net breaks even; live, of the Levers tab.

Typed are the spread, the target, the factors of the grid, and where each search for a break-even starts: at the root
that was found when the workbook was built. From there the search takes two steps along straight lines, which is exact
while the net is straight between; where it is not, the verdict asks for another start.
"""

from dataclasses import dataclass, replace

from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from flexrev_xl.analysis import sensitivity as core
from flexrev_xl.core.arguments import read_each
from flexrev_xl.core.lever_line import DRIVERS
from flexrev_xl.errors import refuse
from flexrev_xl.portfolio.columns import BY_NAME, FACTOR, FACTOR_RANGE
from flexrev_xl.workbook.page import Typed, set_up, write_column
from flexrev_xl.workbook.sheets import levers, lists, sensitivity_charts
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL, YEAR_CELL
from flexrev_xl.workbook.sheets.scenarios import first_name_cell
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import validate_number, validate_number_or_word, validate_text

TITLE = "Sensitivity"
SETTINGS_ROW, SPREAD_ROW, TARGET_ROW, BASE_ROW = 5, 6, 7, 8
FACTORS_ROW, HEADER_ROW, UNIT_ROW, FIRST_ROW = 8, 10, 11, 12
LAST_ROW = FIRST_ROW + len(DRIVERS) - 1
LAST_GRID_ROW = FIRST_ROW + len(core.HOURS_FACTORS) - 1
CHART_ROW, _CHART_ROWS = LAST_ROW + 2, 25
SPREAD_CELL, TARGET_CELL, BASE_CELL = (f"{TITLE}!$C${row}" for row in (SPREAD_ROW, TARGET_ROW, BASE_ROW))
EXACT, NO_START = "exact", "none"
_GAP = "gap"  # of the columns that part two tables
# Each column: key, header, unit, format, width.
_COLUMNS = (
    ("driver", "Driver", "text", "text", 21),
    ("unit", "Unit of the driver", "text", "text", 12),
    ("now", "Value that all rows share", "own unit", "rate", 14),
    ("low", "Low factor", "times", "factor", 8),
    ("high", "High factor", "times", "factor", 8),
    ("net_low", "Net at low", "money", "money", 14),
    ("net_high", "Net at high", "money", "money", 14),
    ("width", "Width", "money", "money", 14),
    ("rank", "Rank", "count", "count", 7),
    ("start", "Search starts at", "times", "factor", 11),
    ("left", "Net there less target", "money", "money", 13),
    ("exact", "Break-even is exact (1)", "flag", "whole", 10),
    ("factor", "Break-even factor", "times", "factor", 11),
    ("value", "Break-even value, where rows share one", "own unit", "rate", 16),
    ("verdict", "Verdict", "text", "text result", 28),
    ("source", "Source of the start", "text", "text", 42),
    (f"{_GAP}_1", None, None, None, 2),
    ("hours", "Factor on dispatch hours", "times", "factor", 21),
    *((f"net_{p}", None, "money", "money", 14) for p in levers.PERFORMANCES),
    (f"{_GAP}_2", None, None, None, 2),
    ("place", "Place", "count", "count", 7),
    ("ranked", "Driver, widest first", "text", "text result", 21),
    ("down", "Change of net at low", "money", "money", 14),
    ("up", "Change of net at high", "money", "money", 14),
)
KEYS = tuple(key for key, *_ in _COLUMNS)
LETTER = {key: get_column_letter(number) for number, key in enumerate(KEYS, start=1)}
_TYPED = ("start", "source", "hours")
_FIXED = ("driver", "unit")
_SOURCE_COLUMN = "D"
_ROW_HEIGHT = 27  # points: two lines of a source


@dataclass(frozen=True)
class Settings:
    """What is typed on the tab; starts holds for each driver a factor or None, and where it comes from."""

    spread: float
    target: float
    hours_factors: tuple
    performance_factors: tuple
    starts: dict


def settings_for(portfolio, typed=None):
    """Spread, target and factors as typed, else the usual ones and a target of 0, and the break-evens that are found now."""
    typed = typed or Settings(core.DEFAULT_SPREAD, 0.0, core.HOURS_FACTORS, core.PERFORMANCE_FACTORS, {})
    found = core.break_even(portfolio, typed.target)
    starts = {f.driver: (f.factor, f"When built: {f.sentence}") for f in found}
    return replace(typed, starts=starts)


def typed_in(path):
    """What is typed on the tab of a workbook, to build it again with; None without the tab.

    Raises:
        FlexErrors: every cell that holds no such number.
    """
    import warnings

    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of extensions that it does not read
        workbook = load_workbook(path, data_only=True)
    settings = read(workbook)
    if settings is None:
        return None
    places = [(core.SPREAD, SPREAD_CELL, settings.spread), (core.TARGET, TARGET_CELL, settings.target)]
    hours = [f"{TITLE}!{LETTER['hours']}{row}" for row in range(FIRST_ROW, LAST_GRID_ROW + 1)]
    performances = [f"{TITLE}!{LETTER[f'net_{p}']}{FACTORS_ROW}" for p in levers.PERFORMANCES]
    factors = zip([*hours, *performances], [*settings.hours_factors, *settings.performance_factors], strict=True)
    places += ((FACTOR, place, value) for place, value in factors)
    found, problems = read_each((place.replace("$", ""), quantity, value) for quantity, place, value in places)
    refuse(problems)
    values = list(found.values())
    count = len(settings.hours_factors)
    return Settings(values[0], values[1], tuple(values[2 : 2 + count]), tuple(values[2 + count :]), {})


def read(workbook):
    """What is typed on the tab of a workbook opened for its values, as Settings; cells as they are. None without the tab."""
    if TITLE not in workbook.sheetnames:
        return None
    sheet = workbook[TITLE]
    starts = {
        driver: (_number(sheet[f"{LETTER['start']}{row}"].value), str(sheet[f"{LETTER['source']}{row}"].value or ""))
        for driver, row in rows()
    }
    return Settings(
        sheet[SPREAD_CELL.split("!")[1]].value,
        sheet[TARGET_CELL.split("!")[1]].value,
        tuple(sheet[f"{LETTER['hours']}{row}"].value for row in range(FIRST_ROW, LAST_GRID_ROW + 1)),
        tuple(sheet[f"{LETTER[f'net_{p}']}{FACTORS_ROW}"].value for p in levers.PERFORMANCES),
        starts,
    )


def rows():
    """(driver, its row) of the table of drivers."""
    return tuple(zip(DRIVERS, range(FIRST_ROW, LAST_ROW + 1), strict=True))


def _number(value):
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _down(key):
    """The cells of a column of drivers, held fast."""
    return f"${LETTER[key]}${FIRST_ROW}:${LETTER[key]}${LAST_ROW}"


def lay_out(sheet):
    """Title, settings, headers, units, the names of the drivers, and the looks of every cell."""
    subtitle = (
        f'={NAME_CELL}&", all money in "&{CURRENCY_CELL}&", annual, pre-tax, nominal; a driver is moved on every row"'
    )
    set_up(sheet, "outputs", "Sensitivity", f"{HEADER_ROW}:{UNIT_ROW}", subtitle=subtitle, paper="A3")
    words = f'="Scenario "&{first_name_cell()}&", budget year that begins in "&{YEAR_CELL}'
    put(sheet, "A4", words, "subtitle", "text result")
    for letter, text in zip("ABCD", ("Setting", "Unit", "Value", "Source"), strict=True):
        put(sheet, f"{letter}{SETTINGS_ROW}", text, "header")
    settings = (
        (SPREAD_ROW, "Spread of each driver", "%", "input", "typed percent"),
        (TARGET_ROW, "Net looked for", "money", "input", "typed number"),
        (BASE_ROW, "Net, nothing moved", "money", "link", "money"),
    )
    for row, label, unit, look, shown in settings:
        put(sheet, f"A{row}", label, "label")
        put(sheet, f"B{row}", unit, "unit")
        put(sheet, f"C{row}", None, look, shown)
        put(sheet, f"{_SOURCE_COLUMN}{row}", None, "input" if look == "input" else "label")
    put(sheet, f"{_SOURCE_COLUMN}{BASE_ROW}", "the tab Levers", "label")
    put(sheet, f"{LETTER['hours']}{FACTORS_ROW}", "Factors on performance", "label")
    for key, header, unit, shown, width in _COLUMNS:
        sheet.column_dimensions[LETTER[key]].width = width
        if unit is not None:
            _lay_out_column(sheet, key, header, unit, shown)
    for driver, row in rows():
        put(sheet, f"{LETTER['driver']}{row}", BY_NAME[driver].label, "label")
        put(sheet, f"{LETTER['unit']}{row}", BY_NAME[driver].unit, "label")
        sheet[f"{LETTER['verdict']}{row}"].alignment = Alignment(horizontal="left", indent=1)
        sheet[f"{LETTER['source']}{row}"].alignment = Alignment(wrap_text=True)
        sheet.row_dimensions[row].height = _ROW_HEIGHT
        for key in ("now", "value") if BY_NAME[driver].unit == "%" else ():
            put(sheet, f"{LETTER[key]}{row}", None, "calc", "percent")
    sheet.row_dimensions[HEADER_ROW].height = 46
    sheet.freeze_panes = f"B{FIRST_ROW}"
    # What draws the tornado stays on the screen: the chart prints it.
    sheet.print_area = f"A1:{LETTER[f'{_GAP}_2']}{CHART_ROW + _CHART_ROWS}"


def _lay_out_column(sheet, key, header, unit, shown):
    letter, in_grid = LETTER[key], key == "hours" or (key.startswith("net_") and key[4:].isdigit())
    put(sheet, f"{letter}{HEADER_ROW}", header, "header", "text" if header else "text result")
    put(sheet, f"{letter}{UNIT_ROW}", unit, "unit")
    look = "input" if key in _TYPED else "label" if key in _FIXED else "calc"
    for row in range(FIRST_ROW, (LAST_GRID_ROW if in_grid else LAST_ROW) + 1):
        put(sheet, f"{letter}{row}", None, look, shown)
    if in_grid and key != "hours":
        put(sheet, f"{letter}{FACTORS_ROW}", None, "input", "factor")
        sheet[f"{letter}{HEADER_ROW}"].value = f'="Performance x "&{letter}{FACTORS_ROW}'


def fill(sheet, plan, settings):
    """Write what is typed, the formulas and the charts."""
    _fill_settings(sheet, settings)
    for key, formula in _formulas().items():
        rows = range(FIRST_ROW, (LAST_GRID_ROW if key.startswith("net_") and key[4:].isdigit() else LAST_ROW) + 1)
        for row in rows:
            sheet[f"{LETTER[key]}{row}"].value = formula.format(row=row)
    grid = f"{LETTER['net_1']}{FIRST_ROW}:{LETTER[f'net_{len(levers.PERFORMANCES)}']}{LAST_GRID_ROW}"
    colours = dict(zip(("start_color", "mid_color", "end_color"), sensitivity_charts.SCALE, strict=True))
    kinds = {"start_type": "min", "mid_type": "percentile", "mid_value": 50, "end_type": "max"}
    sheet.conditional_formatting.add(grid, ColorScaleRule(**kinds, **colours))
    sensitivity_charts.add(sheet, plan.portfolio.currency)


def _fill_settings(sheet, settings):
    sheet[f"C{SPREAD_ROW}"].value, sheet[f"C{TARGET_ROW}"].value = settings.spread, settings.target
    sheet[f"C{BASE_ROW}"].value = f"={levers.total_cell('base_net')}"
    for row in (SPREAD_ROW, TARGET_ROW):
        write_column(sheet, 4, row, [Typed("Chosen by the reader")])
    for row, factor in enumerate(settings.hours_factors, start=FIRST_ROW):
        sheet[f"{LETTER['hours']}{row}"].value = factor
    for p, factor in zip(levers.PERFORMANCES, settings.performance_factors, strict=True):
        sheet[f"{LETTER[f'net_{p}']}{FACTORS_ROW}"].value = factor
    starts = [settings.starts[driver] for driver in DRIVERS]
    values = [NO_START if start is None else start for start, _ in starts]
    write_column(sheet, KEYS.index("start") + 1, FIRST_ROW, values)
    write_column(sheet, KEYS.index("source") + 1, FIRST_ROW, [Typed(source) for _, source in starts])
    _validate(sheet)


def _validate(sheet):
    spread = f"{core.SPREAD.help}: {core.SPREAD.allowed}."
    error = f"The spread must be {core.SPREAD.allowed} (you may have typed 10 instead of 10%)."
    validate_number(sheet, f"C{SPREAD_ROW}", "Spread", spread, error, f"{core.SPREAD.low:g}", f"{core.SPREAD.high:g}")
    least, most = f"{core.TARGET.low:.0f}", f"{core.TARGET.high:.0f}"
    what = f"{core.TARGET.help}, in the budget's currency."
    validate_number(sheet, f"C{TARGET_ROW}", "Net looked for", what, "The target must be a number.", least, most)
    sources = f"{_SOURCE_COLUMN}{SPREAD_ROW}:{_SOURCE_COLUMN}{TARGET_ROW}"
    validate_text(sheet, sources, "Source", "Who set this, and where it is written")
    first, last = LETTER["net_1"], LETTER[f"net_{len(levers.PERFORMANCES)}"]
    hours = f"{LETTER['hours']}{FIRST_ROW}:{LETTER['hours']}{LAST_GRID_ROW}"
    for cells, word in ((hours, "dispatch hours"), (f"{first}{FACTORS_ROW}:{last}{FACTORS_ROW}", "performance")):
        prompt = f"Factor on {word} of every row, {FACTOR_RANGE}; no row goes beyond what its column allows."
        bounds = f"{FACTOR.low:g}", f"{FACTOR.high:g}"
        validate_number(
            sheet, cells, f"Factor on {word}", prompt, f"A factor must be a number from {FACTOR_RANGE}.", *bounds
        )
    starts = f"{LETTER['start']}{FIRST_ROW}:{LETTER['start']}{LAST_ROW}"
    prompt = f"Factor near which the net is the target: flexrev sensitivity tells it. {NO_START} starts at 1."
    error = f"Type a number from 0 up, or the word {NO_START}."
    validate_number_or_word(sheet, starts, "Start of the search", prompt, error, "0", most, f'"{NO_START}"')
    sources = f"{LETTER['source']}{FIRST_ROW}:{LETTER['source']}{LAST_ROW}"
    validate_text(sheet, sources, "Source of the start", "Where the start comes from")


def _formulas():
    """Formula texts of the columns by key, with {row} for their row."""
    own = {key: f"{LETTER[key]}{{row}}" for key in KEYS}
    number = f"ROWS(A${FIRST_ROW}:A{{row}})"

    def of_levers(row, block=None):
        return f"INDEX({levers.across_drivers(row, block)},{number})"

    width, above = own["width"], f"{LETTER['width']}${FIRST_ROW}:{LETTER['width']}{{row}}"
    # To a thousandth, so that what binary arithmetic leaves behind ranks nothing.
    wider, tied = f"SUMPRODUCT(--({_down('width')}>{width}))", f"SUMPRODUCT(--({above}={width}))"
    nets = f"{own['net_low']},{own['net_high']},{BASE_CELL.split('!')[1]}"
    target = TARGET_CELL.split("!")[1]
    exact = own["exact"]
    at_place = f"MATCH({own['place']},{_down('rank')},0)"
    base = BASE_CELL.split("!")[1]
    formulas = {
        "now": f"={of_levers(levers.SHARED_ROW)}",
        "low": f"={of_levers(levers.FACTOR_ROW, levers.LOW)}",
        "high": f"={of_levers(levers.FACTOR_ROW, levers.HIGH)}",
        "net_low": f"={of_levers(levers.TOTAL_ROW, levers.LOW)}",
        "net_high": f"={of_levers(levers.TOTAL_ROW, levers.HIGH)}",
        "width": f"=ROUND(1000*(MAX({nets})-MIN({nets})),0)/1000",
        "rank": f"={wider}+{tied}",
        "left": f"=ROUND(1000*({of_levers(levers.TOTAL_ROW, levers.FOUND)}-{target}),0)/1000",
        "exact": f"=ISNUMBER({of_levers(levers.FACTOR_ROW)})*(ABS({own['left']})<={of_levers(levers.SHARED_ROW, levers.FOUND)})",
        "factor": f'=IF({exact}=1,{of_levers(levers.FACTOR_ROW, levers.FOUND)},"none")',
        "value": f'=IF({exact}*ISNUMBER({own["now"]})=1,N({own["now"]})*N({own["factor"]}),"{NO_START}")',
        "verdict": f'=IF({exact}=1,"{EXACT}",INDEX({lists.column("not_exact")},1+ISNUMBER({own["start"]})))',
        "place": f"={number}",
        "ranked": f"=INDEX({_down('driver')},{at_place})",
        "down": f"=INDEX({_down('net_low')},{at_place})-{base}",
        "up": f"=INDEX({_down('net_high')},{at_place})-{base}",
    }
    for p in levers.PERFORMANCES:
        formulas[f"net_{p}"] = f"=INDEX({levers.grid_totals(p)},{number})"
    return formulas


def factors():
    """Formulas for the factors on Levers; see `levers.factors`."""
    row_of = dict(rows())

    def given(block, of):
        if block == "performance":
            return f"{TITLE}!{LETTER[f'net_{of}']}{FACTORS_ROW}"
        if block == "hours":
            return f"{TITLE}!{LETTER['hours']}{FIRST_ROW + of - 1}"
        start = f"{TITLE}!{LETTER['start']}{row_of[of]}"
        return f"IF(ISNUMBER({start}),{start},1)"

    return levers.factors(given, SPREAD_CELL, TARGET_CELL, lists.TOLERANCE_CELL)


def check_cells(plan, net_of_scenario, net_of_summary):
    """(label, unit, formula, where to look) of what must hold on Levers and here."""
    first = plan.portfolio.scenarios[0].name
    base = levers.total_cell("base_net")
    yield (
        f"{TITLE}: nothing moved on Levers makes net of {first}",
        "money",
        f"{base}-{net_of_scenario}",
        "Levers, Net, nothing moved",
    )
    yield (
        f"{TITLE}: net, nothing moved, is net on Summary",
        "money",
        f"{BASE_CELL}-{net_of_summary}",
        f"{TITLE}, cell C{BASE_ROW}",
    )
    hours = f"{TITLE}!{LETTER['hours']}{FIRST_ROW}:{LETTER['hours']}{LAST_GRID_ROW}"
    performances = f"{TITLE}!{LETTER['net_1']}{FACTORS_ROW}:{LETTER[f'net_{len(levers.PERFORMANCES)}']}{FACTORS_ROW}"
    typed = f"{TITLE}!C{SPREAD_ROW}:C{TARGET_ROW}"
    where = f"{TITLE}, cells C{SPREAD_ROW} and C{TARGET_ROW}"
    yield f"{TITLE}: spread and target are numbers", "count", f"ROWS({typed})-COUNT({typed})", where
    missing = f"ROWS({hours})-COUNT({hours})+COLUMNS({performances})-COUNT({performances})"
    yield f"{TITLE}: factors of the grid are numbers", "count", missing, f"{TITLE}, factors beside and above the grid"
