"""What the years of a portfolio may bring: its Base budget with random events, performance and prices.

The money of a simulated year comes from the steps of the budget line, over arrays of years. What is
random is said in `portfolio/uncertainty.py` and drawn in `core/draws.py`.
"""

import math
import os
import threading
from collections import defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from flexrev_xl.analysis.budget import budget
from flexrev_xl.analysis.simulated import DRIVERS, Diversification, LineOutcome, SimulatedYear, Simulation
from flexrev_xl.core.budget_line import LINE_STEPS
from flexrev_xl.core.dates import first_of_month, last_of_month
from flexrev_xl.core.draws import Sampler, Years, is_possible, loadings, nearest_possible
from flexrev_xl.core.simulation import FAN, FEWEST_DRAWS, outcome, quantile
from flexrev_xl.errors import FlexError, refuse
from flexrev_xl.portfolio.columns import BUDGET_YEARS
from flexrev_xl.portfolio.models import in_tab_order
from flexrev_xl.portfolio.uncertainty import Uncertainty, assume, rows_faults, summed_up

OPTIONS = {"seed": (0, 2**64 - 1), "years": BUDGET_YEARS, "workers": (1, 256), "confidence": (0.5, 0.999)}
MOST_UNASKED = 8  # workers; each holds years in memory
MOST_BYTES = 768 * 2**20  # of simulated years that are held at one time
_DOUBLE = 8
_DRAWN = ("scenario_hours", "scenario_performance", "rate_per_mw_year", "rate_per_mwh")
_SHORTFALLS = ("shortfall_of_committed", "shortfall_of_available")
_AS_BUDGETED = ("tested_mwh",)  # tests are run at the row's own performance
_MONEY = ("standing_receipts", "event_receipts", "operating_cost")


def _steps_between(drawn, wanted):
    """The steps of a budget line that change with what is drawn and that the wanted ones rest on, in order."""
    moved, needed = set(drawn), set(wanted)
    for step in LINE_STEPS:
        if step.key not in (*drawn, *_AS_BUDGETED) and moved.intersection(step.parameters):
            moved.add(step.key)
    for step in reversed(LINE_STEPS):
        if step.key in needed:
            needed.update(step.parameters)
    return tuple(s for s in LINE_STEPS if s.key in moved & needed and s.key not in drawn)


_STEPS = _steps_between(_DRAWN, _MONEY)


@dataclass(frozen=True)
class _Run:
    """What all lines of a simulation share."""

    draws: int
    seed: int
    reserve_quantile: float
    block: int | None
    stopped: threading.Event


@dataclass(frozen=True)
class _Drawn:
    """Simulated years of one line: what falls by days and months, what by events, and net where one driver varies."""

    standing: Any
    by_events: Any
    alone: dict
    outcome: Any


def simulate_portfolio(
    portfolio,
    programmes=None,
    *,
    draws=10_000,
    seed=1,
    years=None,
    workers=None,
    confidence=0.9,
    uncertainty=None,
    inputs_hash="",
    block=None,
    progress=lambda stage: None,
):
    """Simulate the net revenue of the Base scenario (the first one, where none has that name).

    Args:
        portfolio: a Portfolio, as `read_portfolio` gives it.
        programmes: the programme library by id; the shipped one when left out.
        draws: simulated years, from 100 up to what memory holds.
        seed: whole number from 0 up; the same seed gives the same figures to the last bit, whatever the
            workers and the block, and more draws or further rows change no figure of those before them, in the
            order of a workbook: the rows of one site and programme stand together.
        years: budget years; those of the portfolio when left out.
        workers: threads; one for each processor, eight at most, when left out.
        confidence: share of years that are better than the one that the downside reserve covers, 0.5 to 0.999.
        uncertainty: an Uncertainty; the portfolio's own when left out, else every default.
        inputs_hash: text handed on to the result.
        block: years drawn at a time; has no bearing on any figure.
        progress: called once for each line and year.

    Returns:
        Simulation, money in the portfolio's currency, annual.

    Raises:
        FlexError, FlexErrors: FLEX-003 for an option out of range; else FLEX-140 to FLEX-145, every fault at once.

    Example:
        >>> from flexrev_xl.workbook.starter import demo_portfolio
        >>> simulate_portfolio(demo_portfolio(), draws=100).years[0].year
        2026
    """
    made = _prepared(portfolio, programmes, uncertainty, draws, seed, years, workers, confidence)
    portfolio, planned, scenario, assumed, factors, workers = made
    run = _Run(draws, seed, round(1.0 - confidence, 12), block, threading.Event())
    simulated = []
    for year, first_day, _ in portfolio.budget_years:
        lines = [line for line in scenario.lines if line.year == year]
        work = [(n, line, _spread(a, line, factors)) for n, (line, a) in enumerate(zip(lines, assumed, strict=True))]
        simulated.append(_year(year, first_day, lines, work, run, workers, progress))
    return Simulation(
        portfolio=portfolio,
        scenario=scenario.name,
        draws=draws,
        seed=seed,
        confidence=confidence,
        inputs_hash=inputs_hash,
        years=tuple(simulated),
        all_years=_all_years(simulated, run) if len(simulated) > 1 else None,
        assumed=summed_up(assumed),
        warnings=planned.warnings,
    )


def _prepared(portfolio, programmes, uncertainty, draws, seed, years, workers, confidence):
    """(portfolio in the order of a workbook, its budget, the scenario, what is assumed, factors, workers).

    Raises:
        FlexError, FlexErrors: as of `simulate_portfolio`.
    """
    changed = {"enrolments": in_tab_order(portfolio.enrolments)}  # so that a workbook read back has the same streams
    portfolio = portfolio.model_copy(update=changed if years is None else changed | {"years": years})
    uncertainty = uncertainty or getattr(portfolio, "uncertainty", None) or Uncertainty()
    workers = min(os.cpu_count() or 1, MOST_UNASKED) if workers is None else workers
    options = {"seed": seed, "years": portfolio.years, "workers": workers, "confidence": confidence}
    wrong = list(_option_faults(**options))
    if any(fault.place in ("years", "workers") for fault in wrong):
        refuse(wrong)
    planned = budget(portfolio, programmes)
    scenario = planned.scenario(simulated_scenario(portfolio).name)
    assumed, faults = _assumptions(uncertainty, portfolio, scenario, programmes)
    factors, more = _factors(uncertainty, [a.values["market"] for a in assumed], portfolio.enrolments)
    refuse([*wrong, *faults, *more, *_draws_faults(draws, portfolio, workers)])
    return portfolio, planned, scenario, assumed, factors, workers


def simulation_faults(portfolio, programmes=None, *, draws, seed=1, years=None, workers=None, confidence=0.9):
    """What `simulate_portfolio` would refuse, as a list: for a command to tell beside what else is wrong."""
    try:
        _prepared(portfolio, programmes, None, draws, seed, years, workers, confidence)
    except FlexError as e:
        return list(e.problems)
    return []


def simulated_scenario(portfolio):
    """The scenario that is simulated: Base, or the first one where none has that name."""
    return next((s for s in portfolio.scenarios if s.name == "Base"), portfolio.scenarios[0])


def option_faults(draws):
    """What is wrong with a number of draws, whatever the portfolio: for a command whose file cannot be read."""
    if draws < FEWEST_DRAWS:
        yield FlexError("FLEX-144", f"{draws:,} draws are too few", place="draws", allowed=f"{FEWEST_DRAWS} or more")


def _assumptions(uncertainty, portfolio, scenario, programmes):
    """(what is assumed of each row, faults)."""
    assumed, faults = [], []
    of_row = {id(line.enrolment): line for line in reversed(scenario.lines)}
    for number, row in enumerate(portfolio.enrolments, start=1):
        values = of_row[id(row)].values
        absolute = values["dispatch_hours_absolute"]
        hours = values["dispatch_hours"] * values["dispatch_hours_factor"] if absolute is None else absolute
        made, wrong = assume(uncertainty, row, values["scenario_performance"], hours, programmes, number)
        assumed.append(made)
        faults += wrong
    return assumed, faults


def _factors(uncertainty, markets, rows):
    """(of each market by name without regard to case the loadings on independent factors, faults)."""
    first = {}
    for market in markets:
        first.setdefault(market.casefold(), market)
    names = list(first.values())
    faults = list(rows_faults(uncertainty, rows, names))
    if faults:
        return {}, faults
    place = {name: n for n, name in enumerate(first)}
    matrix = np.eye(len(names))
    for pair in uncertainty.between_markets:
        a, b = (place[m.casefold()] for m in pair.markets)
        matrix[a, b] = matrix[b, a] = pair.correlation if a != b else 1.0
    if not is_possible(matrix):
        near = nearest_possible(matrix)
        shown = [
            f"{names[a]} and {names[b]} {near[a, b]:.1%}" for a in range(len(names)) for b in range(a) if near[a, b]
        ]
        what = "no numbers can have these correlations of markets with each other"
        where = f"{uncertainty.place}, between_markets"
        return {}, [FlexError("FLEX-143", what, place=where, allowed=f"the nearest are {', '.join(shown)}")]
    lower = loadings(matrix)
    return {m: tuple((j, float(lower[n, j])) for j in range(n + 1) if lower[n, j]) for m, n in place.items()}, []


def _option_faults(**options):
    for name, value in options.items():
        low, high = OPTIONS[name]
        if not low <= value <= high:
            yield FlexError("FLEX-003", f"{value:,} is outside the range", place=name, allowed=f"{low:,} to {high:,}")


def _draws_faults(draws, portfolio, workers):
    """Too few draws to tell a percentile, or more than memory holds."""
    at_work = 2 * workers + 1
    profiles = len({row.events_in_months for row in portfolio.enrolments}) + len(
        {(row.start, row.end, row.rate_unit.period.name, row.paid_on) for row in portfolio.enrolments}
    )
    held = (2 + len(DRIVERS)) * (at_work + 1) + portfolio.years + profiles + 3
    fit = MOST_BYTES // (_DOUBLE * held)
    if not FEWEST_DRAWS <= draws <= fit:
        what = f"{draws:,} draws are {'too few' if draws < FEWEST_DRAWS else 'more than memory holds'}"
        yield FlexError("FLEX-144", what, place="draws", allowed=f"{FEWEST_DRAWS} to {fit:,}, which fit in memory")


def _spread(assumed, line, factors):
    values, row = line.values, line.enrolment
    spread = assumed.spread(values["scenario_performance"], row, values["scenario_hours"], values["hours_share"])
    return replace(spread, market=factors[assumed.values["market"].casefold()])


def _year(year, first_day, lines, work, run, workers, progress):
    """One budget year of all lines, added up in their order."""
    net, alone = np.zeros(run.draws), {driver: np.zeros(run.draws) for driver in DRIVERS}
    standing, by_events = (defaultdict(lambda: np.zeros(run.draws)) for _ in range(2))
    outcomes = []
    with closing(_in_order(lambda item: _line(*item, run), work, workers, run.stopped)) as results:
        for line, drawn in zip(lines, results, strict=True):
            net += drawn.standing + drawn.by_events
            standing[line.phasing.capacity_weights] += drawn.standing
            by_events[line.phasing.event_weights] += drawn.by_events
            for driver, money in drawn.alone.items():
                alone[driver] += money
            outcomes.append(LineOutcome(line.enrolment, drawn.outcome))
            progress(f"simulating {year}")
    total = outcome(net, math.fsum(line.values["net_revenue"] for line in lines), run.reserve_quantile)
    variances = {driver: float(money.var(ddof=1)) for driver, money in alone.items()}
    return SimulatedYear(
        year=year,
        net=net,
        outcome=total,
        lines=tuple(outcomes),
        months=tuple(_months(first_day, standing, by_events, run.draws)),
        variances=variances,
        diversification=Diversification(math.fsum(x.outcome.reserve for x in outcomes), total.reserve),
    )


def _all_years(simulated, run):
    """The sum of all budget years, which are independent of each other."""
    net = sum(year.net for year in simulated)
    return outcome(net, math.fsum(year.outcome.budget for year in simulated), run.reserve_quantile)


def _in_order(work, items, workers, stopped):
    """The results of work on items, in their order, by threads that are never far ahead of what is taken."""
    if workers == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting = deque()
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BaseException:
            stopped.set()
            raise
        finally:
            for future in waiting:
                future.cancel()


def _line(number, line, spread, run):
    """The simulated years of one line."""
    values = line.values
    availability, pays_capacity = values["availability"], values["capacity_rate"] > 0.0
    full = (1.0 / availability if availability else math.inf) if pays_capacity else 1.0
    sampler = Sampler(spread, run.seed, number, line.year, full)
    mean = Years(spread.events * spread.hours, spread.performance, max(0.0, full - spread.performance), 1.0, 1.0)
    by_event = full < spread.performance_cap  # an event above it makes up for no other
    standing, by_events = np.empty(run.draws), np.empty(run.draws)
    alone = defaultdict(lambda: np.empty(run.draws))
    for part in sampler.blocks(run.draws, run.block):
        if run.stopped.is_set():
            raise InterruptedError
        years = sampler.draw(part.stop - part.start)
        standing[part], by_events[part] = _money(values, years, by_event)
        for driver, varied in _one_at_a_time(mean, years):
            alone[driver][part] = sum(_money(values, varied, by_event))
    found = outcome(standing + by_events, values["net_revenue"], run.reserve_quantile)
    return _Drawn(standing, by_events, alone, found)


def _one_at_a_time(mean, years):
    """(driver, years in which it alone varies and all else is at its mean); drivers that do not vary are left out."""
    for driver, names in DRIVERS.items():
        varied = {name: getattr(years, name) for name in names}
        if any(map(np.ndim, varied.values())):
            yield driver, replace(mean, **varied)


def _money(line_values, years, by_event):
    """(standing receipts, event receipts less operating cost) of simulated years, by the steps of the budget line."""
    values = {**line_values, "scenario_hours": years.hours, "scenario_performance": years.performance}
    values["rate_per_mw_year"] = line_values["rate_per_mw_year"] * years.rate
    values["rate_per_mwh"] = line_values["rate_per_mwh"] * years.price
    for step in _STEPS:
        if by_event and step.key in _SHORTFALLS:
            values[step.key] = values["availability"] * years.missed
        else:
            values[step.key] = step.of(values)
    return values["standing_receipts"], values["event_receipts"] - values["operating_cost"]


def _months(first_day, standing, by_events, draws):
    """(last day, percentiles) of each month of the year: lines spread as the budget spreads them."""
    for n in range(12):
        month = np.zeros(draws)
        for money in (standing, by_events):
            for weights, amount in money.items():
                if weights[n]:
                    month += weights[n] * amount
        month.sort()
        yield last_of_month(first_of_month(first_day, n)), {p: quantile(month, p / 100.0) for p in FAN}
