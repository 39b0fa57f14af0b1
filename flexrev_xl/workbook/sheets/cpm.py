"""The CPM tab: compute per megawatt at a glance, three states side by side, what the battery adds, its verdicts.

Gross never stands without net, nor either without what the same battery earns from grid programmes.
"""

import textwrap

from openpyxl.styles import Alignment
from openpyxl.worksheet.pagebreak import Break

from flexrev_xl.core.cpm.case_line import ALONE, CAPPED, STATES, WITH_BATTERY
from flexrev_xl.core.cpm.storage_line import PER_MWH
from flexrev_xl.core.cpm.uplift import ORDER
from flexrev_xl.workbook.page import Typed, name_currency, set_up, widths, write_column
from flexrev_xl.workbook.sheets import cpm_case, cpm_cash, cpm_charts, cpm_workings
from flexrev_xl.workbook.sheets.cpm_workings import cell, words
from flexrev_xl.workbook.styles import put

TITLE = "CPM"
HEADER_ROW, FIRST_ROW = 6, 7
_HEADERS = ("Part", "Measure", "Unit", *STATES.values(), "In words")
_COLUMN = {ALONE: "D", CAPPED: "E", WITH_BATTERY: "F"}
_WORDS = "G"
NO_RATE = "none from 0% up"
NEVER = "never"
_OF_COMPUTE, _OF_BATTERY = ("added_gpu_annuity", "added_energy_cost", "added_opex"), ("battery_annuity", "battery_o_and_m", "wear")  # fmt: skip
COSTS = tuple((costs[0], costs[-1]) for costs in (_OF_COMPUTE, _OF_BATTERY))  # first and last of a run of rows
# Keys of CPM workings by part, in the order shown; those of _EACH in every state.
_EACH = ("gpus", "compute_per_mw", "mean_load_mw", "provisioned_use", "revenue", "gpu_annuity", "energy_cost", "opex", "margin")  # fmt: skip
_PARTS = (
    ("Compute", (*_EACH, "cap_value")),
    ("Uplift", (*(f"factor_{key}" for key in ORDER), "uplift_total")),
    ("Battery", ("usable_mwh", "needed_mw", "needed_mwh", "load_out_mw", "c_rate", "full_cycles")),
    ("Worth a year", ("added_revenue", *_OF_COMPUTE, "added_compute_margin", *_OF_BATTERY, "storage_net", "grid_revenue")),
    ("Per MW", ("gross_per_mw", "net_per_mw", "grid_per_mw")),
    ("Per MWh", PER_MWH),
    ("Thesis check", ("share_of_grid",)),
    ("Time to power", ("extra_months", "moved_life")),
    ("Storage fee", ("fee_floor", "fee_ceiling")),
)  # fmt: skip
_RETURNS = (
    ("sign_changes", "Changes of sign of net cash", "count"),
    ("npv", "Net present value", "money"),
    ("irr", "Internal rate of return", "%"),
    ("payback", "Payback", "years"),
)
_TOTALS = ("margin", "uplift_total", "added_revenue", "storage_net", "grid_revenue", "npv")
_LABELS = {row.key: row.label for row in cpm_workings.ROWS}


def _rows():
    for part, keys in _PARTS:
        yield from ((key, part, _LABELS[key], cpm_workings.UNIT_OF[key]) for key in keys)
    yield from ((key, "Return", label, unit) for key, label, unit in _RETURNS)


ROWS = tuple(_rows())
ROW_OF = {key: number for number, (key, *_) in enumerate(ROWS, start=FIRST_ROW)}
LAST_ROW = FIRST_ROW + len(ROWS) - 1
FIGURES = f"{TITLE}!$D${FIRST_ROW}:$G${LAST_ROW}"
CHART_ROW = LAST_ROW + 2
NOTES_ROW = CHART_ROW + 2 * cpm_charts.ROWS
NOTE_WIDTH = 190  # characters


def own_cell(key, state=WITH_BATTERY):
    """The absolute cell of a measure on this tab."""
    return f"${_COLUMN[CAPPED if key == 'cap_value' else state]}${ROW_OF[key]}"


def figure(key, state=WITH_BATTERY):
    """The same, as other tabs name it."""
    return f"{TITLE}!{own_cell(key, state)}"


def lay_out(sheet):
    """Everything but the charts and the notes."""
    words_of_header = ", annual, pre-tax, nominal; costs are positive and taken off once"
    title = "Compute per megawatt"
    set_up(sheet, "outputs", title, f"{HEADER_ROW}:{HEADER_ROW}", subtitle=cpm_case.subtitle(words_of_header))
    put(sheet, "A4", cpm_workings.status(), "status", "text result")
    for letter, header in zip("ABCDEFG", _HEADERS, strict=True):
        put(sheet, f"{letter}{HEADER_ROW}", header, "header")
    for number, (key, part, label, unit) in enumerate(ROWS, start=FIRST_ROW):
        look = "total" if key in _TOTALS else "label"
        put(sheet, f"A{number}", part, look)
        put(sheet, f"B{number}", label, look)
        put(sheet, f"C{number}", unit, "unit")
        put(sheet, f"{_WORDS}{number}", None, "total" if key in _TOTALS else "calc", "text result")
        sheet[f"{_WORDS}{number}"].alignment = Alignment(horizontal="left", indent=1)
        formulas = _formulas(key)
        for letter in _COLUMN.values():
            formula = formulas.get(letter)
            is_link = formula is not None and "(" not in formula
            total = "total link" if is_link else "total"
            look = total if key in _TOTALS else "link" if is_link else "calc"
            put(sheet, f"{letter}{number}", formula, look, _shown_as(key, unit))
    for key, formula in _sentences().items():
        sheet[f"{_WORDS}{ROW_OF[key]}"].value = formula
    put(sheet, f"A{NOTES_ROW}", "What was read, what to look at, what was assumed", "section")
    put(sheet, f"A{NOTES_ROW + 1}", None, "remark")
    widths(sheet, 14, 48, 20, 18, 18, 22, 74)
    sheet.row_dimensions[HEADER_ROW].height = 30
    sheet.freeze_panes = f"D{FIRST_ROW}"


def _shown_as(key, unit):
    if key in ("needed_mw", "needed_mwh"):
        return "typed number"  # a few kWh carry a load of seconds
    return "quantity" if key == "payback" else cpm_workings.format_of(unit)


def _formulas(key):
    """Formula by column letter of a measure."""
    battery = _COLUMN[WITH_BATTERY]
    if key in _EACH:
        return {letter: f"={cell(key, state)}" for state, letter in _COLUMN.items()}
    if key in PER_MWH:
        return {battery: f'=IF({cell("shows_per_mwh")}=1,{cell(key)},"{cpm_workings.NOT_SHOWN}")'}
    if key in _of_cash():
        return {battery: _of_cash()[key]}
    return {_COLUMN[CAPPED] if key == "cap_value" else battery: f"={cell(key)}"}


def _of_cash():
    """Formulas over the cash of every year."""
    title, first, last = cpm_cash.TITLE, cpm_cash.FIRST_ROW, cpm_cash.LAST_ROW
    cash = cpm_cash.letter("cash_of_year")
    before, after = f"'{title}'!{cash}{first}:{cash}{last - 1}", f"'{title}'!{cash}{first + 1}:{cash}{last}"
    flows, balance = cpm_cash.column("cash_of_year"), f"'{title}'!{cpm_cash.letter('balance')}"
    is_back = f"({balance}{first}<0)*(1-({balance}{last}<0))"
    return {
        "sign_changes": f"=SUMPRODUCT(--({before}*{after}<0))",
        "npv": f"=SUM({cpm_cash.column('present_value')})",
        "irr": f'=IF({own_cell("sign_changes")}*(1-({balance}{last}<0))=1,IFERROR(IRR({flows}),"{NO_RATE}"),"{NO_RATE}")',
        "payback": f'=IF({is_back}=1,MAX({cpm_cash.column("comes_back")}),"{NEVER}")',
    }


def _sentences():
    """Formulas of what is said beside a measure."""
    margin, share = cell("added_compute_margin"), f"{cell('share_of_grid')}>{cell('most_grid_share')}"
    rate, battery = cell("c_rate"), cpm_case.cell("battery_mw")
    floor, ceiling = cell("fee_floor"), cell("fee_ceiling")
    is_dear = f"({battery}>0)*(1+({floor}>{ceiling}))"
    above = f"({rate}>{cell('most_c_quiet')})+1-{cell('shows_per_mwh')}"
    return {
        "factor_smoothing": words("smoothing", f"({cell('factor_smoothing')}<{cell('least_smoothing')})"),
        "uplift_total": f'="{cpm_workings.ORDER_WORDS}"',
        "needed_mw": f'="Verdict of the load: "&{cell("verdict")}',
        "c_rate": words("rate", above),
        "share_of_grid": words("thesis", f"({margin}>0)*(1+({share}))"),
        "storage_net": '="through compute, after every cost; grid revenue stands apart"',
        "extra_months": '="months added to the life"',
        "moved_life": '="the same life moves forward"',
        "fee_ceiling": words("fee", is_dear),
        "irr": '="of year 0 to the end of the life of GPUs; one rate only where cash changes sign once"',
    }


def fill(sheet, record):
    """Write the charts and the notes, and name the currency."""
    name_currency(sheet, record.currency, LAST_ROW)
    lines = [line for kind, text in record.notes for line in _wrapped(f"{kind}: {text}")] or ["Nothing to add."]
    write_column(sheet, 1, NOTES_ROW + 1, [Typed(line) for line in lines])
    cpm_charts.add(sheet, record, CHART_ROW)
    for row in (CHART_ROW, NOTES_ROW):
        sheet.row_breaks.append(Break(id=row - 2))  # a row earlier, or the edge of a chart stays behind


def _wrapped(note):
    return textwrap.wrap(note, NOTE_WIDTH, subsequent_indent="    ", break_long_words=False) or [note]


def notes_of(sheet):
    """The notes of a filled tab as (kind, sentence), lines put together again."""
    found = []
    for (text,) in sheet.iter_rows(min_row=NOTES_ROW + 1, max_col=1, values_only=True):
        if text is None:
            break
        if text.startswith("    ") and found:
            kind, sentence = found[-1]
            found[-1] = (kind, f"{sentence} {text.strip()}")
        elif ": " in text:
            kind, _, sentence = text.partition(": ")
            found.append((kind, sentence))
    return tuple(found)
