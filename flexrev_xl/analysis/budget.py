"""The budget of a portfolio: each enrolment under each scenario, and their totals."""

import math
from collections import defaultdict
from dataclasses import dataclass

from flexrev_xl.analysis.controls import control_warnings
from flexrev_xl.analysis.ledger import double_counting
from flexrev_xl.analysis.monthly import month_ends, months_of
from flexrev_xl.analysis.nominations import nominations
from flexrev_xl.analysis.scenarios import scenario_warnings
from flexrev_xl.analysis.worth import worth_of, worth_warnings
from flexrev_xl.core.budget_line import OPTIONAL, RESULTS, SHOWN, WORTH, evaluate
from flexrev_xl.core.phasing import basis_of, phasing
from flexrev_xl.errors import FlexError, refuse
from flexrev_xl.portfolio.columns import COLUMNS, KINDS, PRICE_STATUSES


@dataclass(frozen=True)
class Line:
    """One enrolment in one budget year under one scenario; `values` holds its inputs and every step by key."""

    enrolment: object
    year: int
    phasing: object
    values: dict

    @property
    def results(self):
        """What a budget reports of the line."""
        return {key: self.values[key] for key in RESULTS}


@dataclass(frozen=True)
class ScenarioBudget:
    """The lines of one scenario, and their totals by budget year; `totals` are those of the first.

    qualified_mw counts each site and programme once, at its largest season.
    """

    name: str
    lines: tuple
    by_year: dict

    @property
    def totals(self):
        """The totals of the first budget year."""
        return next(iter(self.by_year.values()))


@dataclass(frozen=True)
class Budget:
    """The budget of a portfolio under all its scenarios."""

    portfolio: object
    scenarios: tuple
    nominations: list
    double_counting: tuple
    warnings: tuple

    def scenario(self, name):
        """The scenario of that name, or None."""
        return next((s for s in self.scenarios if s.name == name), None)

    def as_json(self):
        """The budget as `flexrev calc --json` prints it."""
        return {
            "name": self.portfolio.name,
            "year": self.portfolio.year,
            "first_day": self.portfolio.first_day.isoformat(),
            "last_day": self.portfolio.last_day.isoformat(),
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
                            "year": x.year,
                            **x.results,
                            **{key: x.values[key] for key in WORTH},
                            "worth": worth_of(x.values),
                        }
                        for x in s.lines
                    ],
                    "years": [
                        {"year": year, "totals": {key: totals[key] for key in RESULTS}}
                        for year, totals in s.by_year.items()
                    ],
                    "months": _months_as_json(s, self.portfolio),
                }
                for s in self.scenarios
            ],
            "defaults_used": list(self.portfolio.defaults_used),
            "nominations": self.nominations,
            "double_counting": [found.as_json() for found in self.double_counting],
            "warnings": list(self.warnings),
        }


def _months_as_json(scenario, portfolio):
    """A mapping a month: its last day, and every measure of the Budget tab."""
    months = months_of(scenario.lines, portfolio)
    return [
        {"month_end": end.isoformat(), **{key: row[n] for key, row in months.items()}}
        for n, end in enumerate(month_ends(portfolio))
    ]


_NUMBERS = tuple(c.name for c in COLUMNS if c.is_number)


def line_inputs(enrolment, portfolio):
    """An enrolment as the inputs of a budget line, before any scenario and any budget year."""
    values = {name: getattr(enrolment, name) for name in _NUMBERS}
    values["rate_factor"] = enrolment.rate_unit.factor
    values["energy_factor"] = enrolment.energy_unit.factor
    values["firm_price"] = PRICE_STATUSES[enrolment.price_status]
    values["exchange_rate"] = portfolio.exchange_rate(enrolment.currency)
    values["first_budget_year"] = float(portfolio.year)
    return values | {f"is_{kind}": float(enrolment.kind == kind) for kind in KINDS}


def phasing_of(enrolment, first_day, last_day):
    """What the budget year between two days takes of an enrolment."""
    own = (enrolment.start or first_day, enrolment.end or last_day)
    basis = basis_of(enrolment.rate_unit.period.name, enrolment.paid_on)
    return phasing(own, (first_day, last_day), basis, enrolment.events_in_months)


def budget(portfolio, programmes=None):
    """Evaluate every enrolment in every budget year under every scenario.

    Args:
        portfolio: a Portfolio, as `read_portfolio` gives it.
        programmes: the programme library by id; the shipped one when left out.

    Returns:
        Budget, money in the portfolio's currency, annual.

    Example:
        >>> from flexrev_xl.workbook.starter import demo_portfolio
        >>> [s.name for s in budget(demo_portfolio()).scenarios]
        ['Base', 'Conservative', 'Optimistic', 'Stress']
    """
    inputs = [
        (e, year, part, {**line_inputs(e, portfolio), **_of_year(year, part)})
        for year, first, last in portfolio.budget_years
        for e in portfolio.enrolments
        for part in [phasing_of(e, first, last)]
    ]
    scenarios = []
    for scenario in portfolio.scenarios:
        drivers = {id(e): scenario.inputs(e) for e in portfolio.enrolments}
        lines = tuple(Line(e, year, part, evaluate({**values, **drivers[id(e)]})) for e, year, part, values in inputs)
        by_year = {year: _totals([x for x in lines if x.year == year]) for year, *_ in portfolio.budget_years}
        scenarios.append(ScenarioBudget(scenario.name, lines, by_year))
    found = double_counting(portfolio, programmes)
    first_lines = _first_lines(scenarios[0].lines)
    warnings = (
        *portfolio.warnings,
        *control_warnings(portfolio, first_lines, programmes),
        *map(str, found),
        *worth_warnings(first_lines, portfolio.currency),
        *scenario_warnings(scenarios, portfolio),
    )
    return Budget(portfolio, tuple(scenarios), nominations(portfolio, programmes), found, warnings)


def _first_lines(lines):
    """For each enrolment its line in the first budget year that pays it."""
    first = {}
    for line in lines:
        if line.phasing.in_year:
            first.setdefault(id(line.enrolment), line)
    return list(first.values())


def shown_measures(result):
    """The measures that a table for people shows: of the optional ones those that any scenario has."""
    totals = [t for s in result.scenarios for t in s.by_year.values()]
    beside = any(t["avoided_cost"] or t["avoided_energy_bill"] for t in totals)
    return [
        key for key in SHOWN if key not in OPTIONAL or (beside if key == "net_benefit" else any(t[key] for t in totals))
    ]


def refuse_double_counting(result):
    """Refuse a budget that sells megawatts twice: what is otherwise a warning, one FLEX-124 each."""
    refuse(
        FlexError("FLEX-124", found.what.rstrip("."), place=f"{found.site}, {' and '.join(found.programmes)}")
        for found in result.double_counting
    )


def _of_year(year, part):
    """What a budget year makes of an enrolment, as inputs of its line."""
    shares = {"capacity_share": part.capacity_share, "hours_share": part.hours_share, "in_year": part.in_year}
    shares["stop_loss_part"] = part.stop_loss_part
    return {"budget_year": float(year), **shares}


def _totals(lines):
    totals = {key: math.fsum(line.values[key] for line in lines) for key in dict.fromkeys(RESULTS + SHOWN)}
    largest = defaultdict(float)
    for line in lines:
        key = line.enrolment.site, line.enrolment.programme
        largest[key] = max(largest[key], line.values["qualified_mw"])
    totals["qualified_mw"] = math.fsum(largest.values())
    return totals
