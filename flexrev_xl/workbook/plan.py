"""Where everything of one workbook stands: rows, columns, ranges. Sheets ask the plan, never each other."""

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter, quote_sheetname

from flexrev_xl.core.budget_line import LINE_STEPS, RATE_STEPS
from flexrev_xl.core.expression import Reference
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.columns import COLUMNS, NAMES
from flexrev_xl.workbook import page
from flexrev_xl.workbook.page import INPUT_ROW, OWN_ROW, ROW_ABOVE, ROW_BELOW
from flexrev_xl.workbook.sheets import inputs, lists, rates, scenario


@dataclass
class Plan:
    """The portfolio, its enrolments in the order of the tabs, and where the tables begin."""

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
        for title, needed in ((inputs.TITLE, NAMES), (rates.TITLE, rates.KEYS), (scenario.TITLE, scenario.KEYS)):
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
        """Enrolments, which is rows of each table."""
        return len(self.enrolments)

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
        """First row of Rates: below keys and units."""
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
        return self.scenario_first_row + self.count - 1

    def input_range(self, name, sheet_name=True):
        """The cells of one column on Inputs."""
        letter = get_column_letter(NAMES.index(name) + 1)
        cells = f"{letter}{self.inputs_first_row}:{letter}{self.inputs_last_row}"
        return f"{inputs.TITLE}!{cells}" if sheet_name else cells

    def scenario_range(self, key, tab=None):
        """The cells of one column on a scenario tab."""
        letter = get_column_letter(scenario.KEYS.index(key) + 1)
        cells = f"{letter}{self.scenario_first_row}:{letter}{self.scenario_last_row}"
        return f"{quote_sheetname(tab)}!{cells}" if tab else cells

    def total_cell(self, key, tab):
        """The total of one column on a scenario tab."""
        return f"{quote_sheetname(tab)}!{get_column_letter(scenario.KEYS.index(key) + 1)}{self.total_row}"

    def rate_formulas(self):
        """Formula texts of the Rates tab by key, with marks for the row numbers."""
        cells = _input_references()
        formulas = {
            "rate_factor": "=" + lists.look_up(str(cells["rate_unit"]), "capacity_units"),
            "energy_factor": "=" + lists.look_up(str(cells["energy_unit"]), "energy_units"),
            "firm_price": "=" + lists.look_up(str(cells["price_status"]), "price_statuses"),
            "most_periods": "=" + lists.look_up(str(cells["rate_unit"]), "capacity_units", 3),
        }
        cells |= {k: Reference(f"{get_column_letter(rates.KEYS.index(k) + 1)}{OWN_ROW}") for k in rates.KEYS}
        return formulas | {step.key: f"={step.of(cells)}" for step in RATE_STEPS}

    def line_formulas(self):
        """Formula texts of a scenario tab by step, with marks for the row numbers; the same on every tab."""
        cells = _input_references()
        shift = self.rates_first_row - self.inputs_first_row
        if shift:
            raise FlexError(
                "FLEX-203", "the tables of Inputs and Rates do not begin in the same row", place=rates.TITLE
            )
        cells |= {
            k: Reference(f"{rates.TITLE}!{get_column_letter(rates.KEYS.index(k) + 1)}{INPUT_ROW}")
            for k in rates.KEYS[3:]
        }
        cells |= scenario.driver_references()
        formulas = {}
        for step in LINE_STEPS:
            formulas[step.key] = f"={step.of(cells)}"
            cells[step.key] = Reference(f"{get_column_letter(scenario.KEYS.index(step.key) + 1)}{OWN_ROW}")
        return formulas

    def down(self, formula, first_row):
        """One formula written down a table: its text on every row."""
        shift = self.inputs_first_row - first_row
        rows = range(first_row, first_row + self.count)
        if ROW_ABOVE not in formula and ROW_BELOW not in formula:
            return [formula.replace(INPUT_ROW, str(r + shift)).replace(OWN_ROW, str(r)) for r in rows]
        return [
            formula.replace(OWN_ROW, str(r)).replace(ROW_ABOVE, str(r - 1)).replace(ROW_BELOW, str(r + 1)) for r in rows
        ]

    def identity_links(self, key, first_row):
        """Links to one of the naming columns of Inputs."""
        formula = f"=Inputs!{get_column_letter(NAMES.index(key) + 1)}{INPUT_ROW}"
        return self.down(formula, first_row)


def _input_references():
    return {
        c.name: Reference(f"{inputs.TITLE}!{get_column_letter(i)}{INPUT_ROW}") for i, c in enumerate(COLUMNS, start=1)
    }


def in_tab_order(enrolments):
    """Enrolments with those of one site and programme together, so that a season's neighbour is the row above."""
    order = {}
    for e in enrolments:
        order.setdefault((e.site, e.programme), []).append(e)
    return tuple(e for group in order.values() for e in group)
