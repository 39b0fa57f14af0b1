"""Where everything of one workbook stands: rows, columns, ranges. Sheets ask the plan, never each other."""

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter, quote_sheetname

from flexrev_xl.analysis.monthly import MONTHS_OF_YEAR
from flexrev_xl.core.budget_line import LINE_STEPS, RATE_STEPS
from flexrev_xl.core.expression import Reference
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.columns import BY_NAME, ON_TAB
from flexrev_xl.portfolio.models import in_tab_order
from flexrev_xl.workbook import page
from flexrev_xl.workbook.page import INPUT_ROW, LINE_ROW, OWN_ROW, ROW_ABOVE, ROW_BELOW
from flexrev_xl.workbook.sheets import currencies, input_table, inputs, lists, periods, rates, scenario


@dataclass
class Plan:
    """The portfolio, its enrolments in the order of the tabs, and where the tables begin.

    A line is an enrolment in a budget year: the lines of the first year stand first, then those of the next.
    """

    portfolio: object
    source: str
    inputs_key_row: int
    rates_key_row: int
    scenario_key_row: int
    today: object = None
    mode: str = "native"
    template: str = "shipped"
    enrolments: tuple = field(init=False)

    def __post_init__(self):
        self.enrolments = in_tab_order(self.portfolio.enrolments)

    @classmethod
    def of_template(cls, workbook, portfolio, source, **options):
        """The plan for a portfolio in a template.

        Raises:
            FlexError: FLEX-203 where the template does not keep its contract.
        """
        rows = {}
        main = tuple(c.name for c in ON_TAB[inputs.TITLE])
        for title, needed in ((inputs.TITLE, main), (rates.TITLE, rates.KEYS), (scenario.TITLE, scenario.KEYS)):
            rows[title] = page.key_row(workbook[title])
            have = tuple(page.keys(workbook[title], rows[title])) if rows[title] else ()
            if have[: len(needed)] != tuple(needed):
                missing = next(
                    (k for k, h in zip(needed, (*have, *[None] * len(needed)), strict=False) if k != h), "site"
                )
                raise FlexError(
                    "FLEX-203", f"the key row of the tab {title} does not hold {missing} where it belongs", place=title
                )
        return cls(portfolio, source, rows[inputs.TITLE], rows[rates.TITLE], rows[scenario.TITLE], **options)

    @property
    def count(self):
        """Enrolments, which is rows of each table of inputs."""
        return len(self.enrolments)

    @property
    def line_count(self):
        """Lines, which is rows of each table of workings and of each scenario tab."""
        return self.count * self.portfolio.years

    @property
    def month_count(self):
        """Months of all budget years."""
        return MONTHS_OF_YEAR * self.portfolio.years

    @property
    def inputs_first_row(self):
        """First enrolment on Inputs: below keys and units."""
        return self.inputs_key_row + 2

    @property
    def inputs_last_row(self):
        """Last enrolment on Inputs."""
        return self.inputs_first_row + self.count - 1

    @property
    def rates_first_row(self):
        """First row of Rates and Periods: below keys and units."""
        return self.rates_key_row + 2

    @property
    def total_row(self):
        """The totals of a scenario tab: below keys and units."""
        return self.scenario_key_row + 2

    @property
    def scenario_first_row(self):
        """First line of a scenario tab."""
        return self.total_row + 1

    @property
    def scenario_last_row(self):
        """Last line of a scenario tab."""
        return self.scenario_first_row + self.line_count - 1

    def input_range(self, name, sheet_name=True):
        """The cells of one column of the inputs."""
        letter = input_table.letter_of(name)
        cells = f"{letter}{self.inputs_first_row}:{letter}{self.inputs_last_row}"
        return f"{BY_NAME[name].tab}!{cells}" if sheet_name else cells

    def fixed_input_range(self, name):
        """The cells of one column of the inputs, held fast."""
        letter, first, last = input_table.letter_of(name), self.inputs_first_row, self.inputs_last_row
        return f"{BY_NAME[name].tab}!${letter}${first}:${letter}${last}"

    def line_range(self, title, letter, first_row):
        """The cells of one column of a table of lines."""
        return f"{title}!{letter}{first_row}:{letter}{first_row + self.line_count - 1}"

    def periods_range(self, key):
        """The cells of one column on Periods, the column held fast."""
        return self.line_range(periods.TITLE, f"${periods.letter(key)}", self.rates_first_row)

    def scenario_range(self, key, tab=None, fixed=False):
        """The cells of one column on a scenario tab."""
        letter = get_column_letter(scenario.KEYS.index(key) + 1)
        first, last = self.scenario_first_row, self.scenario_last_row
        cells = f"${letter}{first}:${letter}{last}" if fixed else f"{letter}{first}:{letter}{last}"
        return f"{quote_sheetname(tab)}!{cells}" if tab else cells

    def total_cell(self, key, tab):
        """The total of one column on a scenario tab."""
        return f"{quote_sheetname(tab)}!{get_column_letter(scenario.KEYS.index(key) + 1)}{self.total_row}"

    def rate_formulas(self):
        """Formula texts of the Rates tab by key, with marks for the row numbers."""
        cells = self._line_references()
        formulas = {
            "rate_factor": "=" + lists.look_up(str(cells["rate_unit"]), "capacity_units"),
            "energy_factor": "=" + lists.look_up(str(cells["energy_unit"]), "energy_units"),
            "firm_price": "=" + lists.look_up(str(cells["price_status"]), "price_statuses"),
            "most_periods": "=" + lists.look_up(str(cells["rate_unit"]), "capacity_units", 3),
            "exchange_rate": "=" + currencies.look_up(str(cells["currency"]), self.portfolio),
        }
        for number, kind in enumerate(lists.KIND_FLAGS, start=2):
            formulas[kind] = "=" + lists.look_up(str(cells["kind"]), "kinds", number)
        cells |= {k: Reference(f"{get_column_letter(rates.KEYS.index(k) + 1)}{OWN_ROW}") for k in rates.KEYS[4:]}
        return formulas | {step.key: f"={step.of(cells)}" for step in RATE_STEPS}

    def line_formulas(self):
        """Formula texts of a scenario tab by step, with marks for the row numbers; the same on every tab."""
        cells = self.references() | scenario.driver_references()
        formulas = {}
        for step in LINE_STEPS:
            formulas[step.key] = f"={step.of(cells)}"
            cells[step.key] = Reference(f"{get_column_letter(scenario.KEYS.index(step.key) + 1)}{OWN_ROW}")
        return formulas

    def references(self):
        """The cells that hold what the steps of a line read, but what its scenario does to its drivers."""
        return self._line_references() | {
            k: Reference(f"{rates.TITLE}!{get_column_letter(rates.KEYS.index(k) + 1)}{LINE_ROW}")
            for k in rates.KEYS[4:]
        }

    def _line_references(self):
        """The cells that hold what a line is made of: its enrolment's inputs and what its year takes of them."""
        cells = {
            name: Reference(f"{c.tab}!{input_table.letter_of(name)}{INPUT_ROW}") for name, c in BY_NAME.items() if c.tab
        }
        cells |= {key: Reference(f"{periods.TITLE}!{periods.letter(key)}{LINE_ROW}") for key in periods.FOR_LINES}
        return cells | {"first_budget_year": Reference(inputs.YEAR_CELL)}

    def down(self, formula, first_row, count=None):
        """One formula written down a table of lines, or of the first `count` of them: its text on every row."""
        count = count or self.line_count
        if not any(mark in formula for mark in (INPUT_ROW, OWN_ROW, ROW_ABOVE, ROW_BELOW, LINE_ROW)):
            return [formula] * count
        texts = []
        for number in range(count):
            row = first_row + number
            text = formula.replace(INPUT_ROW, str(self.inputs_first_row + number % self.count))
            text = text.replace(LINE_ROW, str(self.rates_first_row + number)).replace(OWN_ROW, str(row))
            texts.append(text.replace(ROW_ABOVE, str(row - 1)).replace(ROW_BELOW, str(row + 1)))
        return texts

    def identity_links(self, key, first_row):
        """Links to one of the naming columns of Inputs, or to the budget year of the line."""
        if key == "budget_year":
            return self.down(f"={periods.TITLE}!{periods.letter(key)}{LINE_ROW}", first_row)
        return self.down(f"={inputs.TITLE}!{input_table.letter_of(key)}{INPUT_ROW}", first_row)

    @property
    def first_day_cell(self):
        """The cell that holds the first day of the budget."""
        return f"{periods.TITLE}!${periods.letter('year_first')}${self.rates_first_row}"
