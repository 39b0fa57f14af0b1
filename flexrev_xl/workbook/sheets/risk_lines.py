"""The Risk by line tab: what each line may bring by itself, and the reserve it would need alone."""

from openpyxl.utils import get_column_letter

from flexrev_xl.core.simulation import label
from flexrev_xl.workbook.fingerprint import weight
from flexrev_xl.workbook.page import OWN_ROW, set_up, write_column
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.sheets.rates import IDENTITY, identity_columns
from flexrev_xl.workbook.styles import format_of_unit, put

TITLE = "Risk by line"
BETTER_ROW, HEADER_ROW, KEY_ROW, UNIT_ROW, FIRST_ROW = 11, 12, 13, 14, 15
_PICK_CELL = "Risk!$C$6"  # the confidence chosen
_AFTER = len(IDENTITY) + 1


def _columns(run):
    """(key, label, unit) of the columns after those that name the line."""
    levels = [(f"better {b:g}", label(round(1.0 - b / 100.0, 12)), "money") for b in run.confidences]
    yield from (("budget", "Budget", "money"), ("mean", "Mean", "money"), ("sd", "Standard deviation", "money"))
    yield from levels
    yield "chosen", "At the chosen confidence", "money"
    yield "reserve", "Downside reserve by itself", "money"
    yield "weight", "Weight in fingerprints", "weight"


def _letter(key, run):
    keys = [*(k for k, _ in IDENTITY), *(k for k, *_ in _columns(run))]
    return get_column_letter(keys.index(key) + 1)


def column(key, plan, run, count=None):
    """The cells of one column, held fast; of the first `count` lines only where that is given."""
    letter, last = _letter(key, run), FIRST_ROW + (count or plan.line_count) - 1
    return f"'{TITLE}'!${letter}${FIRST_ROW}:${letter}${last}"


def lay_out(sheet):
    """Title, and the columns that name a line."""
    subtitle = f'={NAME_CELL}&", net revenue of each line simulated, all money in "&{CURRENCY_CELL}&", annual, nominal"'
    set_up(sheet, "outputs", TITLE, f"{BETTER_ROW}:{UNIT_ROW}", subtitle=subtitle, paper="A3")
    put(sheet, "A4", None, "status", "text result")
    note = "Reserves of lines by themselves add up to more than the portfolio needs, as not every line has its worst year at once."
    put(sheet, "A5", note, "remark")
    for number, (key, header, unit) in enumerate(identity_columns(), start=1):
        letter = get_column_letter(number)
        put(sheet, f"{letter}{HEADER_ROW}", header, "header")
        put(sheet, f"{letter}{KEY_ROW}", key, "key")
        put(sheet, f"{letter}{UNIT_ROW}", unit, "unit")
        put(sheet, f"{letter}{FIRST_ROW}", None, "link", format_of_unit(unit))
        sheet.column_dimensions[letter].width = {1: 26, 2: 32, 3: 12, 4: 10}[number]
    sheet.row_dimensions[HEADER_ROW].height = 72
    sheet.freeze_panes = f"E{FIRST_ROW}"


def fill(sheet, plan, run, stale):
    """Write a row for each line; arguments as of `risk.fill`."""
    sheet["A4"].value = stale
    for number, (key, _) in enumerate(IDENTITY, start=1):
        write_column(sheet, number, FIRST_ROW, plan.identity_links(key, FIRST_ROW))
    put(sheet, f"A{BETTER_ROW}", "Years in 100 that are better", "label")
    put(sheet, f"B{BETTER_ROW}", "count", "unit")
    better = {f"better {b:g}": b for b in run.confidences}
    formulas = _formulas(plan, run)
    for number, (key, header, unit) in enumerate(_columns(run), start=_AFTER):
        letter = get_column_letter(number)
        put(sheet, f"{letter}{HEADER_ROW}", header, "header")
        put(sheet, f"{letter}{KEY_ROW}", key, "key")
        put(sheet, f"{letter}{UNIT_ROW}", plan.portfolio.currency if unit == "money" else unit, "unit")
        put(sheet, f"{letter}{FIRST_ROW}", None, "link" if key == "budget" else "calc", format_of_unit(unit))
        sheet.column_dimensions[letter].width = 17
        if key in better:
            shown = "count" if better[key].is_integer() else "typed number"
            put(sheet, f"{letter}{BETTER_ROW}", better[key], "label", shown)
        write_column(sheet, number, FIRST_ROW, formulas.get(key, [None] * plan.line_count))
    for address, value, _ in stored(plan, run):
        sheet[address].value = value


def _formulas(plan, run):
    """The live formulas of each column, a row each."""
    own = {key: f"{_letter(key, run)}{OWN_ROW}" for key in ("budget", "chosen")}
    first, last = (_letter(f"better {run.confidences[n]:g}", run) for n in (0, -1))
    at = f"MATCH({_PICK_CELL},${first}${BETTER_ROW}:${last}${BETTER_ROW},0)"
    texts = {
        "chosen": f"=INDEX(${first}{OWN_ROW}:${last}{OWN_ROW},{at})",
        "reserve": f"=MAX(0,ROUND(1000*({own['budget']}-{own['chosen']}),0)/1000)",
        "weight": weight("A", FIRST_ROW),
    }
    net = plan.scenario_range("net_revenue", run.scenario).split(":")[0].rstrip("0123456789")
    budgets = [f"={net}{plan.scenario_first_row + n}" for n in range(plan.line_count)]
    return {"budget": budgets} | {key: plan.down(text, FIRST_ROW) for key, text in texts.items()}


def stored(plan, run):
    """(address, value, size that it is compared by) of every figure of the simulation; none without a result."""
    if run.result is None:
        return
    of = {(year.year, id(x.enrolment)): x.outcome for year in run.result.years for x in year.lines}
    lines = [(year, e) for year, *_ in plan.portfolio.budget_years for e in plan.enrolments]
    for row, (year, enrolment) in enumerate(lines, start=FIRST_ROW):
        found = of[year, id(enrolment)]
        figures = {"mean": found.mean, "sd": found.sd}
        figures |= {f"better {b:g}": money for b, money in run.money_at(found).items() if b in run.confidences}
        for key, value in figures.items():
            yield f"{_letter(key, run)}{row}", value, max(abs(found.budget), abs(found.mean))
