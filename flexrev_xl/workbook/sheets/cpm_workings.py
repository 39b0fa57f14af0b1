"""The CPM workings tab: limits and words, what the series gave (stored), and every step of the money, live.

Columns are the states of one grid connection; what holds for all of them stands in the first, what the battery adds
in the last.
"""

from dataclasses import dataclass, field

from flexrev_xl.analysis.cpm_case import NO_BATTERY
from flexrev_xl.core.cpm import case_line, economics, storage_value
from flexrev_xl.core.cpm.annuity import annuity
from flexrev_xl.core.cpm.case_inputs import DRIVES_SERIES, INPUTS
from flexrev_xl.core.cpm.case_line import ALONE, CAPPED, STATES, WITH_BATTERY
from flexrev_xl.core.cpm.uplift import LITTLE, ORDER, ORDER_WORDS
from flexrev_xl.core.expression import Reference
from flexrev_xl.workbook.cpm_record import OF_STATES, STATISTICS
from flexrev_xl.workbook.page import Typed, name_currency, set_up, widths, write_column
from flexrev_xl.workbook.sheets import cpm_case, lists
from flexrev_xl.workbook.styles import format_of_unit, put

TITLE = "CPM workings"
HEADER_ROW, FIRST_ROW = 6, 7
_HEADERS = ("Part", "Item", "Unit", "GPUs alone; what holds for all", STATES[CAPPED], STATES[WITH_BATTERY], "Note")
COLUMN_OF = {ALONE: "D", CAPPED: "E", WITH_BATTERY: "F"}
ALL = "D"
LIMITS, WORDS, STORED, TRACE, UPLIFT = "Limit", "Words", "Stored result", "Load trace, stored", "Uplift, stored"
STATE, ADDED, WORTH = "Each state", "Battery adds", "Worth"
FRESH = "Stored results are fresh: their inputs are those they were worked out with"
STALE = "STALE: inputs changed since results were stored; build again"
FRONTIER_FRESH = "The frontier is fresh: no input changed since it was worked out"
FRONTIER_STALE = "STALE: the frontier rests on inputs that have changed since; build again"
NO_FRONTIER = "No frontier was asked for: the case has no section optimise"
WITHIN_QUIET = f"at most {economics.MOST_C_QUIET:g} C"
NOT_SHOWN = "not shown"
SMOOTHING = (
    "smoothing is worth more than a little",
    "smoothing alone is worth little: no battery gives more than a load's peak is above its mean",
)
THESIS = (economics.NOT_PAYING, economics.MAINLY_COMPUTE, economics.MAINLY_GRID)
RATES = (WITHIN_QUIET, storage_value.ABOVE_QUIET, storage_value.ABOVE_SHOWN)
STATUS, FRONTIER_STATUS = (FRESH, STALE), (NO_FRONTIER, FRONTIER_FRESH, FRONTIER_STALE)
FEES = (NO_BATTERY, economics.DEAL, economics.NO_DEAL)


@dataclass(frozen=True)
class _Row:
    """A row: key, part, item, unit; fixed values by column; whether fill() writes stored values into columns."""

    key: str
    part: str
    label: str
    unit: str
    fixed: dict = field(default_factory=dict)
    stored: tuple = ()
    note: str = ""


_STATE_LABELS = {
    "gpus": ("GPUs installed", "GPUs"),
    "throughput": ("Throughput of a GPU over full speed", "%"),
    "mean_kw": ("Mean load of a GPU, at the meter", "kW"),
}
_RESULT_LABELS = {
    "event_gpus": ("GPU-equivalents kept in grid events, mean of the year", "GPUs"),
    "discharged_mwh": ("Energy discharged", "MWh/year"),
    "needed_mw": ("Battery power that the load needs", "MW"),
    "needed_mwh": ("Battery energy that the load needs, usable", "MWh"),
    "load_out_mw": ("Peak load with the battery out", "MW"),
}
_OF_CAP = ("cap_value",)  # the steps that belong to the state with the cap alone


# The gain of each step of the uplift and of all, for the chart: its key, and that of its factor.
GAINS = {**{f"gain_{key}": f"factor_{key}" for key in ORDER}, "gain_total": "uplift_total"}

_WORDS_OF = {
    "thesis": THESIS,
    "rate": RATES,
    "fee": FEES,
    "smoothing": SMOOTHING,
    "series": STATUS,
    "frontier": FRONTIER_STATUS,
}


def _words(key, texts):
    return [_Row(f"{key}_{n}", WORDS, f"{key.capitalize()}, {n + 1}", "text", {ALL: t}) for n, t in enumerate(texts)]


def _rows():
    quiet, shown = "C-rate above which a warning stands", "C-rate above which no money per MWh is shown"
    yield _Row("most_c_quiet", LIMITS, quiet, "C", {ALL: economics.MOST_C_QUIET})
    yield _Row("most_c_shown", LIMITS, shown, "C", {ALL: economics.MOST_C_SHOWN})
    share = "Share of grid revenue above which it is the main reason"
    yield _Row("most_grid_share", LIMITS, share, "%", {ALL: economics.MOST_GRID_SHARE})
    little = "Factor of smoothing below which it is called little"
    yield _Row("least_smoothing", LIMITS, little, "factor", {ALL: 1.0 + LITTLE})
    yield _Row("tolerance", LIMITS, "Tolerance of checks", "money", {ALL: lists.TOLERANCE})
    for key, texts in _WORDS_OF.items():
        yield from _words(key, texts)
    for key in OF_STATES:
        yield _Row(key, STORED, *_STATE_LABELS[key], stored=tuple(COLUMN_OF.values()))
    for key, (label, unit) in _RESULT_LABELS.items():
        yield _Row(key, STORED, label, unit, stored=("F",))
    yield _Row("verdict", STORED, "What the load says of the battery", "text", stored=("F",))
    yield _Row("hash", STORED, "Hash of what is stored and its inputs", "text", stored=(ALL,))
    changed = cpm_case.changed_since(DRIVES_SERIES)
    yield _Row("changed", STORED, "Inputs changed since", "count", {ALL: f"={changed}"})
    yield _Row("any_changed", STORED, "Inputs changed since, money too", "count", {ALL: f"={_any_changed()}"})
    for key, label, unit in STATISTICS:
        yield _Row(key, TRACE, label, unit, stored=(ALL,))
    for n, key in enumerate(ORDER, start=1):
        yield _Row(f"factor_{key}", UPLIFT, f"{n}. {key.capitalize()}", "factor", stored=("F",))
    yield _Row("uplift_total", UPLIFT, f"Product of 1 to {len(ORDER)}", "factor", note=ORDER_WORDS)
    for key, factor in GAINS.items():
        yield _Row(key, UPLIFT, f"Gain of {factor.removeprefix('factor_').replace('uplift_total', 'all three')}", "%")
    yield _Row("level_price", STATE, case_line.level_price.label, case_line.level_price.unit)
    for part, steps in ((STATE, case_line.STATE_STEPS), (ADDED, case_line.ADDED_STEPS), (WORTH, case_line.MONEY_STEPS)):
        for each in steps:
            yield _Row(each.key, part, each.label, each.unit)
    yield _Row("yearly_net_today", WORTH, "Net of a year over the life of GPUs, value today", "money")
    yield _Row("shows_per_mwh", WORTH, "Money per MWh is shown (1)", "flag")


def _any_changed():
    return cpm_case.changed_since(INPUTS)


ROWS = tuple(_rows())
ROW_OF = {row.key: number for number, row in enumerate(ROWS, start=FIRST_ROW)}
UNIT_OF = {row.key: row.unit for row in ROWS}
LAST_ROW = FIRST_ROW + len(ROWS) - 1
FIGURES = f"'{TITLE}'!$D${FIRST_ROW}:$F${LAST_ROW}"
_STATE_KEYS = (*OF_STATES, *(s.key for s in case_line.STATE_STEPS))
_IN_ALL = ("level_price", "changed", "any_changed", "hash", *(key for key, *_ in STATISTICS))


def _letter(key, state=None):
    if state:
        return COLUMN_OF[state]
    row = ROWS[ROW_OF[key] - FIRST_ROW]
    if ALL in row.fixed or key in _IN_ALL:
        return ALL
    return COLUMN_OF[CAPPED] if key in _OF_CAP else COLUMN_OF[WITH_BATTERY]


def own_cell(key, state=None):
    """The absolute cell of an item on this tab; `state` where it has one for each state."""
    return f"${_letter(key, state)}${ROW_OF[key]}"


def cell(key, state=None):
    """The same, as other tabs name it."""
    return f"'{TITLE}'!{own_cell(key, state)}"


def words(kind, number):
    """The formula that takes one of the words of a kind, counted from 0 by a formula."""
    first, last = (ROW_OF[f"{kind}_{n}"] for n in (0, len(_WORDS_OF[kind]) - 1))
    return f"=INDEX('{TITLE}'!${ALL}${first}:${ALL}${last},1+{number})"


def status():
    """The formula that says in words whether the stored results are fresh."""
    return words("series", f"({cell('changed')}>0)")


def frontier_status(first):
    """The same of the frontier, which rests on money too; `first` is its first figure, empty where none was asked for."""
    return words("frontier", f"ISNUMBER({first})*(1+({cell('any_changed')}>0))")


def _references():
    """The cell of every input and item for the steps; those of a state carry its name."""
    cells = cpm_case.references()
    for key in ROW_OF:
        if key in _STATE_KEYS:
            cells |= {f"{key}_{state}": Reference(own_cell(key, state)) for state in STATES}
        else:
            cells[key] = Reference(own_cell(key))
    return cells


def _formulas():
    """Formula by cell of every step."""
    cells = _references()
    found = {own_cell("level_price"): case_line.level_price.of(cells)}
    for state in STATES:
        of_state = cells | {key: cells[f"{key}_{state}"] for key in _STATE_KEYS}
        found |= {own_cell(each.key, state): each.of(of_state) for each in case_line.STATE_STEPS}
    for each in (*case_line.ADDED_STEPS, *case_line.MONEY_STEPS):
        found[own_cell(each.key)] = each.of(cells)
    today = cells["storage_net"] * annuity(cells["discount_rate"], cells["gpu_years"])
    found[own_cell("yearly_net_today")] = today
    first, last = (own_cell(f"factor_{key}") for key in (ORDER[0], ORDER[-1]))
    found[own_cell("uplift_total")] = f"PRODUCT({first}:{last})"
    found |= {own_cell(key): f"{own_cell(factor)}-1" for key, factor in GAINS.items()}
    is_battery = f'({cpm_case.cell("technology")}="battery")'
    found[own_cell("shows_per_mwh")] = f"1-({own_cell('c_rate')}>{own_cell('most_c_shown')})*{is_battery}"
    return {address.replace("$", ""): f"={formula}" for address, formula in found.items()}


def lay_out(sheet):
    """Everything but stored values."""
    words = ", annual, pre-tax, nominal; costs are positive and taken off once"
    title = "Compute per megawatt: workings"
    set_up(sheet, "workings", title, f"{HEADER_ROW}:{HEADER_ROW}", subtitle=cpm_case.subtitle(words))
    put(sheet, "A4", status(), "status", "text result")
    for letter, header in zip("ABCDEFG", _HEADERS, strict=True):
        put(sheet, f"{letter}{HEADER_ROW}", header, "header")
    for number, row in enumerate(ROWS, start=FIRST_ROW):
        put(sheet, f"A{number}", row.part, "label")
        put(sheet, f"B{number}", row.label, "label")
        put(sheet, f"C{number}", row.unit, "unit")
        put(sheet, f"G{number}", row.note or None, "label")
        for letter, value in row.fixed.items():
            is_formula = str(value).startswith("=")
            shown = format_of(row.unit) if is_formula else _typed(row.unit)
            put(sheet, f"{letter}{number}", value, "calc" if is_formula else "label", shown)
        for letter in row.stored:
            put(sheet, f"{letter}{number}", None, "label", _typed(row.unit))
    for address, formula in _formulas().items():
        unit = ROWS[sheet[address].row - FIRST_ROW].unit
        put(sheet, address, formula, "calc", format_of(unit))
    widths(sheet, 17, 54, 20, 24, 18, 24, 74)
    sheet.row_dimensions[HEADER_ROW].height = 30
    sheet.freeze_panes = f"D{FIRST_ROW}"


def format_of(unit):
    """The number format of a calculated quantity of a case."""
    return unit if unit in ("factor", "count") else format_of_unit(unit)


def _typed(unit):
    return {"text": "text", "%": "typed percent", "GPUs": "count", "count": "count", "factor": "factor"}.get(
        unit, "typed number"
    )


def fill(sheet, record):
    """Write what the series gave."""
    for key in OF_STATES:
        for state, letter in COLUMN_OF.items():
            sheet[f"{letter}{ROW_OF[key]}"].value = record.states[state][key]
    values = record.results | record.statistics | {f"factor_{key}": v for key, v in record.factors.items()}
    for key, value in values.items():
        sheet[own_cell(key).replace("$", "")].value = value
    for key, text in (("verdict", record.verdict), ("hash", record.stored_hash)):
        target = sheet[own_cell(key).replace("$", "")]
        write_column(sheet, target.column, target.row, [Typed(text)])
    name_currency(sheet, record.currency, LAST_ROW)
