"""What the Risk tabs rest on, range by range: the lines simulated, the rates, terms and days they are made from, what is assumed."""

from openpyxl.utils import get_column_letter

from flexrev_xl.core.arguments import Choice
from flexrev_xl.core.budget_line import RATE_STEPS, STEP_OF
from flexrev_xl.portfolio.column import INPUTS, TABS
from flexrev_xl.portfolio.columns import ON_TAB
from flexrev_xl.portfolio.uncertainty import AS_USUAL, ITEMS, NO_PAIR
from flexrev_xl.workbook.fingerprint import Part, Subject, grid, numbers, texts, word
from flexrev_xl.workbook.sheets import axis, input_table, markets, periods, rates, risk, risk_lines, simulation
from flexrev_xl.workbook.sheets.inputs import MONTH_CELL, YEAR_CELL, YEARS_CELL

# Of each line: what the scenario makes of its drivers, and what it then comes to.
_STEPS = (
    "scenario_hours", "scenario_performance", "rate_per_mw_year", "rate_per_mwh", "qualified_mw", "gross_revenue",
    "penalties_borne", "customer_net", "operating_cost", "net_revenue",
)  # fmt: skip


def subject(plan, run):
    """The Subject of the Risk tabs."""
    of_lines = risk_lines.column("weight", plan, run)
    of_rows = risk_lines.column("weight", plan, run, plan.count)
    parts = [Part("Budget years", f"={YEAR_CELL}*1000+{MONTH_CELL}*24+{YEARS_CELL}")]
    parts += (
        numbers(f"{run.scenario}: {STEP_OF[key].label}", plan.scenario_range(key, run.scenario, fixed=True), of_lines)
        for key in _STEPS
    )
    parts += _worked_out(plan, of_lines)
    parts += _typed(plan, of_rows)
    parts += _assumed(plan, of_rows)
    return Subject(risk.TITLE, tuple(parts))


def _worked_out(plan, weights):
    """Rates, days and months of each line."""
    named = [(k, label) for k, label, _ in rates.LOOKED_UP] + [(s.key, s.label) for s in RATE_STEPS]
    for key, label in named:
        letter = f"${get_column_letter(rates.KEYS.index(key) + 1)}"
        yield numbers(
            f"{rates.TITLE}: {label}", _fixed(plan.line_range(rates.TITLE, letter, plan.rates_first_row)), weights
        )
    for key, label in periods.NUMBERS:
        yield numbers(f"{periods.TITLE}: {label}", _fixed(plan.periods_range(key)), weights)
    for tab in (axis.CAPACITY, axis.ENERGY):
        first, last = get_column_letter(axis.FIRST_MONTH_COLUMN), axis.last_letter(plan)
        bottom = axis.FIRST_ROW + plan.line_count - 1
        across = f"{tab}!${first}${axis.NUMBER_ROW}:${last}${axis.NUMBER_ROW}"
        cells = f"{tab}!${first}${axis.FIRST_ROW}:${last}${bottom}"
        yield grid(f"{tab}: every month", cells, weights, across)


def _fixed(cells):
    """A range with its rows held fast too."""
    sheet, _, own = cells.rpartition("!")
    corners = (corner.replace("$", "") for corner in own.split(":"))
    return f"{sheet}!" + ":".join(
        f"${c.rstrip('0123456789')}${c.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}" for c in corners
    )


def _typed(plan, weights):
    """What stands on Inputs, Terms and Events, numbers and the words in their place."""
    for tab in TABS:
        for column in ON_TAB[tab]:
            cells = plan.fixed_input_range(column.name)
            if column.is_number or column.name in ("start", "end"):
                yield numbers(f"{tab}: {column.label}", cells, weights)
            words = [column.word] if column.is_number and column.word else []
            words += column.mark.choices[1:] if isinstance(column.mark, Choice) else []
            yield from (word(f"{tab}: {column.label}", cells, weights, text) for text in words)
    letter = input_table.letter_of("programme")
    for number in range(plan.count):
        row = plan.inputs_first_row + number
        market = f"{simulation.TITLE}!${simulation.letter_of('market')}${row}"
        yield texts(f"{INPUTS} row {row}: programme, and market assumed", f"{INPUTS}!${letter}${row}", market)


def _assumed(plan, weights):
    """What stands on Simulation and Markets."""
    for item in ITEMS:
        cells, label = simulation.cells(plan, item.name), f"{simulation.TITLE}: {item.label}"
        if simulation.is_number(item):
            yield numbers(label, cells, weights)
            yield word(label, cells, weights, AS_USUAL)
        else:
            yield from (word(label, cells, weights, choice) for choice in getattr(item.mark, "choices", ()))
    for row in markets.rows(plan.portfolio):
        yield texts(f"{markets.TITLE} row {row}: names", f"{markets.TITLE}!$A${row}", f"{markets.TITLE}!$B${row}")
        used = f'({markets.TITLE}!$A${row}<>"{NO_PAIR}")'
        yield Part(f"{markets.TITLE} row {row}: correlation", f"={markets.TITLE}!$C${row}*{used}")
