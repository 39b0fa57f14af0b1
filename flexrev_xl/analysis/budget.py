"""The budget of a portfolio: each enrolment under each scenario, and their totals."""

import math
from collections import defaultdict
from dataclasses import dataclass

from flexrev_xl.core.budget_line import RESULTS, SHOWN, evaluate
from flexrev_xl.portfolio.columns import COLUMNS, PRICE_STATUSES

EXPECTED_ORDER = ("Conservative", "Base", "Optimistic")


@dataclass(frozen=True)
class Line:
    """One enrolment under one scenario; `values` holds its inputs and every step by key."""

    enrolment: object
    values: dict

    @property
    def results(self):
        """What a budget reports of the line."""
        return {key: self.values[key] for key in RESULTS}


@dataclass(frozen=True)
class ScenarioBudget:
    """The lines of one scenario and their totals; qualified_mw counts each site and programme once, at its largest season."""

    name: str
    lines: tuple
    totals: dict


@dataclass(frozen=True)
class Budget:
    """The budget of a portfolio under all its scenarios."""

    portfolio: object
    scenarios: tuple
    warnings: tuple

    def scenario(self, name):
        """The scenario of that name, or None."""
        return next((s for s in self.scenarios if s.name == name), None)

    def as_json(self):
        """The budget as `flexrev calc --json` prints it."""
        return {
            "name": self.portfolio.name,
            "year": self.portfolio.year,
            "currency": self.portfolio.currency,
            "scenarios": [
                {
                    "name": s.name,
                    "totals": {key: s.totals[key] for key in RESULTS},
                    "lines": [
                        {
                            "site": x.enrolment.site,
                            "programme": x.enrolment.programme,
                            "season": x.enrolment.season or "",
                            **x.results,
                        }
                        for x in s.lines
                    ],
                }
                for s in self.scenarios
            ],
            "defaults_used": list(self.portfolio.defaults_used),
            "warnings": list(self.warnings),
        }


_NUMBERS = tuple(c.name for c in COLUMNS if c.is_number)


def line_inputs(enrolment):
    """An enrolment as the inputs of a budget line, before any scenario."""
    values = {name: getattr(enrolment, name) for name in _NUMBERS}
    values["rate_factor"] = enrolment.rate_unit.factor
    values["energy_factor"] = enrolment.energy_unit.factor
    values["firm_price"] = PRICE_STATUSES[enrolment.price_status]
    return values


def budget(portfolio):
    """Evaluate every enrolment under every scenario.

    Args:
        portfolio: a Portfolio, as `read_portfolio` gives it.

    Returns:
        Budget, money in the portfolio's currency, annual.

    Example:
        >>> from flexrev_xl.workbook.starter import demo_portfolio
        >>> [s.name for s in budget(demo_portfolio()).scenarios]
        ['Base', 'Conservative', 'Optimistic', 'Stress']
    """
    inputs = [(e, line_inputs(e)) for e in portfolio.enrolments]
    scenarios = []
    for scenario in portfolio.scenarios:
        drivers = scenario.inputs()
        lines = tuple(Line(e, evaluate({**values, **drivers})) for e, values in inputs)
        scenarios.append(ScenarioBudget(scenario.name, lines, _totals(lines)))
    warnings = (*portfolio.warnings, *_replaced_rate_warnings(portfolio), *_order_warnings(scenarios))
    return Budget(portfolio, tuple(scenarios), warnings)


def _totals(lines):
    totals = {key: math.fsum(line.values[key] for line in lines) for key in dict.fromkeys(RESULTS + SHOWN)}
    largest = defaultdict(float)
    for line in lines:
        key = line.enrolment.site, line.enrolment.programme
        largest[key] = max(largest[key], line.values["qualified_mw"])
    totals["qualified_mw"] = math.fsum(largest.values())
    return totals


def _replaced_rate_warnings(portfolio):
    """One rate in the place of rates that some rows have not, or have in another unit."""
    for scenario in portfolio.scenarios:
        for driver, unit in (("capacity_rate", "rate_unit"), ("energy_rate", "energy_unit")):
            if driver not in scenario.absolutes:
                continue
            none = sum(not getattr(e, driver) for e in portfolio.enrolments)
            units = dict.fromkeys(getattr(e, unit).name for e in portfolio.enrolments)
            said = [f"{none} of {len(portfolio.enrolments)} rows have none of their own"] if none else []
            said += [f"it is read in {' and '.join(units)} alike"] if len(units) > 1 else []
            if said:
                yield f"scenario {scenario.name} puts one {driver} in the place of every row's: {'; '.join(said)}"


def _order_warnings(scenarios):
    """The drivers point the wrong way where less activity earns more."""
    net = {s.name: s.totals["net_revenue"] for s in scenarios}
    if not all(name in net for name in EXPECTED_ORDER):
        return
    low, base, high = (net[name] for name in EXPECTED_ORDER)
    if not low <= base <= high:
        yield (
            f"the drivers point the wrong way here: net is {low:,.0f} in Conservative, {base:,.0f} in Base, {high:,.0f} in Optimistic; "
            "more dispatch loses money where penalties and costs exceed what is paid"
        )
