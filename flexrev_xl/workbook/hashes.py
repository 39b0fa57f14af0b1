"""Hashes of what figures rest on, the same for a portfolio and for the workbook that was built from it."""

import hashlib
import json

from flexrev_xl.portfolio.models import in_tab_order
from flexrev_xl.portfolio.uncertainty import Uncertainty


def inputs_hash(portfolio):
    """A hash of everything the budget rests on, in the order of the tabs."""
    drivers = [[s.name, *s.inputs(e).values()] for s in portfolio.scenarios for e in portfolio.enrolments]
    rows = [[*e.key, *line] for e, line in zip(in_tab_order(portfolio.enrolments), _lines(portfolio), strict=True)]
    return _hash(_header(portfolio), rows, drivers)


def simulation_hash(portfolio):
    """A hash of everything a simulation rests on: the rows, the scenario that is simulated, and what is assumed.

    Names drive no money, but that of the programme, which tells the market and what an event is.

    Args:
        portfolio: a Portfolio, of which `uncertainty` is read too.
    """
    from flexrev_xl.analysis.simulate import simulated_scenario

    scenario, given = simulated_scenario(portfolio), portfolio.uncertainty or Uncertainty()
    rows = in_tab_order(portfolio.enrolments)
    drivers = [list(scenario.inputs(e).values()) for e in rows]
    assumed = [[item for pair in sorted(given.given(e).items()) for item in pair] for e in rows]
    pairs = sorted([*sorted(m.casefold() for m in p.markets), p.correlation] for p in given.between_markets)
    lines = [[e.programme.casefold(), *line] for e, line in zip(rows, _lines(portfolio), strict=True)]
    return _hash(_header(portfolio), lines, drivers, assumed, pairs)


def _header(portfolio):
    return [portfolio.currency, portfolio.year, portfolio.fiscal_year_start, portfolio.years]


def _lines(portfolio):
    from flexrev_xl.analysis.budget import line_inputs

    return [
        [str(e.start), str(e.end), e.paid_on, *line_inputs(e, portfolio).values()]
        for e in in_tab_order(portfolio.enrolments)
    ]


def _hash(header, *tables):
    text = json.dumps([header, *map(_as_stored, tables)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _as_stored(rows):
    """Numbers to the digits that a workbook keeps of them."""
    return [[f"{v:.15g}" if isinstance(v, float) else v for v in row] for row in rows]
