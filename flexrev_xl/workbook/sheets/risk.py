"""The Risk tab: what the years may bring, from simulated years; the reserve at a confidence that the reader chooses.

Figures of the simulation are stored; the budget, the reserve and whether the inputs still are those that
were simulated are live formulas.
"""

from dataclasses import dataclass

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from flexrev_xl.analysis.simulated import METHOD
from flexrev_xl.core.simulation import CERTAINTY, CVAR, label
from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.risk_run import DRIVER_LABELS, Run
from flexrev_xl.workbook.sheets import axis, budget, risk_lines
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL, YEAR_CELL
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import validate_list

TITLE = "Risk"
STALE_ROW, WORDS_ROW, PICK_ROW, YEAR_ROW, HEADER_ROW, FIRST_ROW = 4, 5, 6, 7, 8, 9
BETTER, FIRST_YEAR_COLUMN = "C", 4
PICK_CELL = f"{TITLE}!${BETTER}${PICK_ROW}"
FRESH = "Simulated from these inputs"
STALE = "STALE: inputs have changed since the simulation; build again"
CHART_ROWS = 20
_HEADERS = ("Net revenue of a year", "Unit", "Years in 100 that are better")
_PICK = "Confidence, in years in 100 that are better than the reserve covers"
_STALE_LOOK = {"font": Font(bold=True, color="FF9C0006"), "fill": PatternFill("solid", bgColor="FFFFC7CE")}
# What the simulation was run with: the key of Run, and the label that it is read back by.
FACTS = {
    "scenario": "Scenario simulated",
    "draws": "Draws (years simulated)",
    "seed": "Seed",
    "confidence": "Confidence asked for",
    "inputs_hash": "Hash of the inputs (SHA-256)",
    "generator": "Random numbers",
}


@dataclass(frozen=True)
class Row:
    """One line of the table: its key, label, unit, and of a percentile the years in 100 that are better."""

    key: str
    label: str
    unit: str = "money"
    better: float | None = None


def rows_of(run):
    """The lines of the table in their order."""
    low, high = (f"The median lies, with {CERTAINTY:.0%} certainty, {word}" for word in ("from", "up to"))
    chosen = "Net revenue at the chosen confidence"
    return (
        Row("budget", "Budget"),
        Row("mean", "Mean"),
        Row("sd", "Standard deviation"),
        *(Row(f"better {level:g}", label(round(1.0 - level / 100.0, 12)), better=level) for level in run.levels),
        Row("median_low", low),
        Row("median_high", high),
        Row("cvar", CVAR),
        Row("below_budget", "Probability below budget, as simulated", "%"),
        Row("chosen", chosen),
        Row("reserve", "Downside reserve: budget less that, where it is more"),
        Row("alone", "Sum of the reserves of all lines, each by itself"),
        Row("saved", "Diversification: what they need less together"),
        *(Row(driver, words, "%") for driver, words in DRIVER_LABELS.items()),
    )


def row_of(key, run):
    """The row of a line by its key."""
    return FIRST_ROW + [row.key for row in rows_of(run)].index(key)


def columns(portfolio):
    """(letter, number of the budget year from 0, None for all of them) of each column of figures."""
    numbers = [*range(portfolio.years), *([None] if portfolio.years > 1 else [])]
    return [(get_column_letter(FIRST_YEAR_COLUMN + at), number) for at, number in enumerate(numbers)]


def chart_row(run):
    """The row that the first charts stand at."""
    return FIRST_ROW + len(rows_of(run)) + 2


def facts_row(run):
    """The row of the title above what the simulation was run with."""
    return chart_row(run) + 2 * CHART_ROWS + 1


def lay_out(sheet):
    """Title and headers."""
    subtitle = f'={NAME_CELL}&", net revenue, all money in "&{CURRENCY_CELL}&", annual, pre-tax, nominal"'
    set_up(sheet, "outputs", "Risk: what the years may bring", f"{YEAR_ROW}:{HEADER_ROW}", subtitle=subtitle)
    put(sheet, f"A{STALE_ROW}", None, "status", "text result")
    put(sheet, f"A{WORDS_ROW}", None, "remark")
    put(sheet, f"A{PICK_ROW}", _PICK, "label")
    put(sheet, f"B{PICK_ROW}", "count", "unit")
    put(sheet, f"{BETTER}{PICK_ROW}", None, "input", "typed number")
    put(sheet, f"A{YEAR_ROW}", "Budget year that begins in", "label")
    put(sheet, f"B{YEAR_ROW}", "year", "unit")
    for letter, header in zip("ABC", _HEADERS, strict=True):
        put(sheet, f"{letter}{HEADER_ROW}", header, "header")
    put(sheet, f"D{HEADER_ROW}", None, "header")
    put(sheet, f"A{FIRST_ROW}", None, "label")
    widths(sheet, 62, 8, 14, 16)
    sheet.row_dimensions[HEADER_ROW].height = 32
    sheet.freeze_panes = f"D{FIRST_ROW}"


def fill(sheet, plan, run, stale):
    """Write the table, the charts and how it was simulated.

    Args:
        run: a Run.
        stale: the formula that says in words whether the inputs have changed.
    """
    from flexrev_xl.workbook.sheets import risk_charts

    sheet[f"A{STALE_ROW}"].value = stale
    rule = FormulaRule(formula=[f'LEFT($A${STALE_ROW},5)="{STALE[:5]}"'], **_STALE_LOOK)
    sheet.conditional_formatting.add(f"A{STALE_ROW}", rule)
    words = (
        f"{run.draws:,} simulated years of the scenario {run.scenario}, seed {run.seed}; what was assumed stands below"
    )
    write_column(sheet, 1, WORDS_ROW, [Typed(words)])
    _fill_pick(sheet, run)
    _fill_table(sheet, plan, run)
    for address, value, *_ in stored(plan, run):
        write_column(
            sheet, sheet[address].column, sheet[address].row, [Typed(value) if isinstance(value, str) else value]
        )
    _fill_facts(sheet, run)
    risk_charts.add(sheet, plan, run)
    for row in (row_of(next(iter(DRIVER_LABELS)), run) + 1, chart_row(run) + CHART_ROWS, facts_row(run)):
        sheet.row_breaks.append(Break(id=row - 2))  # a row before charts, or their edge stays behind


def _fill_pick(sheet, run):
    first, last = (row_of(f"better {level:g}", run) for level in (run.confidences[0], run.confidences[-1]))
    words = [f"{level:g}" for level in run.confidences]
    pick = f"{BETTER}{PICK_ROW}"
    sheet[pick].value = run.asked
    explanation = "Of 100 years so many are better than the one that the reserve covers"
    validate_list(sheet, pick, "Confidence", explanation, words, f"${BETTER}${first}:${BETTER}${last}")


def _fill_table(sheet, plan, run):
    currency = plan.portfolio.currency
    for letter, number in columns(plan.portfolio):
        sheet.column_dimensions[letter].width = 16
        put(sheet, f"{letter}{HEADER_ROW}", "All years" if number is None else _name(plan, number), "header")
        if number is not None:
            before = get_column_letter(sheet[f"{letter}1"].column - 1)
            formula = f"={before}{YEAR_ROW}+1" if number else f"={YEAR_CELL}"
            put(sheet, f"{letter}{YEAR_ROW}", formula, "calc" if number else "link", "whole")
    for row, line in enumerate(rows_of(run), start=FIRST_ROW):
        strong = line.key in ("budget", "chosen", "reserve")
        put(sheet, f"A{row}", line.label, "total" if strong else "label")
        put(sheet, f"B{row}", currency if line.unit == "money" else line.unit, "unit")
        whole = line.better is None or line.better.is_integer()
        put(sheet, f"{BETTER}{row}", line.better, "label", "count" if whole else "typed number")
        for letter, number in columns(plan.portfolio):
            formula = _formula(line.key, letter, number, plan, run)
            is_link = line.key == "budget" and number is not None
            shown = "percent" if line.unit == "%" else "money"
            put(sheet, f"{letter}{row}", formula, "link" if is_link else "total" if strong else "calc", shown)


def _name(plan, number):
    return f"FY{plan.portfolio.year + number}"


def _formula(key, letter, number, plan, run):
    """The live formula of a line in a column; None where a figure of the simulation is stored."""
    at = {row: f"{letter}{row_of(row, run)}" for row in ("budget", "chosen", "reserve", "alone")}
    if key == "budget":
        if number is None:
            first, last = (columns(plan.portfolio)[n][0] for n in (0, -2))
            return f"=SUM({first}{row_of(key, run)}:{last}{row_of(key, run)})"
        return f"={budget_of_year(plan, run, number)}"
    if key == "chosen":
        levels = (row_of(f"better {level:g}", run) for level in (run.levels[0], run.levels[-1]))
        first, last = levels
        at_level = f"MATCH(${BETTER}${PICK_ROW},${BETTER}${first}:${BETTER}${last},0)"
        return f"=INDEX({letter}${first}:{letter}${last},{at_level})"
    if key == "reserve":
        return f"=MAX(0,ROUND(1000*({at['budget']}-{at['chosen']}),0)/1000)"
    if key == "alone" and number is not None:
        reserves, years = (risk_lines.column(key, plan, run) for key in ("reserve", "budget_year"))
        return f"=SUMIFS({reserves},{years},{letter}${YEAR_ROW})"
    if key == "saved" and number is not None:
        return f"=ROUND(1000*({at['alone']}-{at['reserve']}),0)/1000"
    return None


def budget_of_year(plan, run, number):
    """The cell of the Budget tab with net revenue of the scenario simulated in a budget year, counted from 0."""
    scenario = scenario_number(plan, run)
    at = axis.FIRST_MONTH_COLUMN + plan.month_count + 5 * number + 4  # after four quarters of each year
    return budget.cell("net_revenue", scenario, get_column_letter(at))


def scenario_number(plan, run):
    """The place of the scenario simulated among all, from 0."""
    return [s.name for s in plan.portfolio.scenarios].index(run.scenario)


def stored(plan, run):
    """(address, value, size that it is compared by) of every figure of the simulation; none without a result."""
    if run.result is None:
        return
    outcomes = [year.outcome for year in run.result.years]
    for letter, number in columns(plan.portfolio):
        found = run.result.all_years if number is None else outcomes[number]
        size = max(abs(found.budget), abs(found.mean))
        money = {f"better {level:g}": value for level, value in run.money_at(found).items()}
        money |= {"mean": found.mean, "sd": found.sd, "cvar": found.cvar}
        money |= dict(zip(("median_low", "median_high"), found.median_interval, strict=True))
        shares = {"below_budget": found.below_budget}
        shares |= {} if number is None else run.result.years[number].shares
        for figures, scale in ((money, size), (shares, 1.0)):
            for key, value in figures.items():
                yield f"{letter}{row_of(key, run)}", value, scale
    for row, text in enumerate(_notes(run.result), start=facts_row(run) + len(FACTS) + 2):
        yield f"A{row}", text, 0.0


def _notes(result):
    """How the figures are to be read, and what was assumed, in words."""
    yield f"Share of variance: {METHOD}."
    yield "Percentiles of months stand on Risk by month; those of twelve months do not add up to the year's."
    yield "What is given of a row stands on Simulation, and of two markets on Markets; where nothing is given:"
    yield from (f"Assumed: {text}" for text in result.assumptions)


def _fill_facts(sheet, run):
    first = facts_row(run)
    put(sheet, f"A{first}", "How it was simulated", "section")
    for row, (key, words) in enumerate(FACTS.items(), start=first + 1):
        value = getattr(run, key)
        shown = {"draws": "count", "confidence": "typed percent"}.get(key, "text")
        put(sheet, f"A{row}", words, "label")
        put(sheet, f"{BETTER}{row}", None, "remark", shown)
        value = Typed(str(value)) if shown == "text" else value  # a seed may have more digits than a spreadsheet keeps
        write_column(sheet, sheet[f"{BETTER}{row}"].column, row, [value])
    if run.result is not None:
        for row, _ in enumerate(_notes(run.result), start=first + len(FACTS) + 2):
            put(sheet, f"A{row}", sheet[f"A{row}"].value, "remark")


def read(sheet):
    """The Run that a workbook's tab tells of, without its results; None where it does not tell all of it.

    Args:
        sheet: the tab, opened for its values.
    """
    told = {row[0]: row[2] for row in sheet.iter_rows(max_col=3, values_only=True) if row and row[0]}
    try:
        values = {key: told[words] for key, words in FACTS.items()}
        numbers = {
            "draws": int(values["draws"]),
            "seed": int(values["seed"]),
            "confidence": float(values["confidence"]),
        }
        return Run(**values | numbers)
    except (KeyError, TypeError, ValueError):
        return None
