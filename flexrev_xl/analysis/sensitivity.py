"""What moves the net of a portfolio: a tornado of its drivers, a grid of two, and where the net breaks even.

All of it is the first scenario in the first budget year, by the steps of a budget line over all lines at once.
A driver is moved by one factor on every row; no row goes beyond what its column allows.
"""

import math
from dataclasses import asdict, dataclass

import numpy as np

from flexrev_xl.analysis.budget import budget
from flexrev_xl.core import budget_line, line_revenue
from flexrev_xl.core.arguments import Quantity, read_each
from flexrev_xl.core.lever_line import DRIVERS
from flexrev_xl.errors import refuse
from flexrev_xl.portfolio.columns import BY_NAME, FACTOR

SPREAD = Quantity("fraction", "How far each driver is moved down and up", high=1.0, above_low=True)
TARGET = Quantity("in the portfolio's currency", "Net a year that is looked for", low=-1e15)
DEFAULT_SPREAD = 0.10
HOURS_FACTORS = (0.0, 0.5, 1.0, 1.5, 2.0)
PERFORMANCE_FACTORS = (0.7, 0.8, 0.9, 1.0, 1.05)

_STEPS = budget_line.RATE_STEPS + budget_line.LINE_STEPS
_INPUTS = {name for step in _STEPS for name in step.parameters} - {step.key for step in _STEPS}
_UNIT_OF = {"capacity_rate": "rate_unit", "energy_rate": "energy_unit"}
_PER_MWH = ("penalty_rate", "marginal_cost")
_LARGEST_FACTOR = 1e15
# Where the sign of the net is looked at: close together up to twice what is, then so many factors in each decade.
_NEAR, _IN_A_DECADE = np.linspace(0.0, 2.0, 81).tolist(), 8


@dataclass(frozen=True)
class Bar:
    """One driver moved alone: its two factors, the net at each, and the width from the least to the most net."""

    driver: str
    low: float
    high: float
    net_low: float
    net_high: float
    width: float


@dataclass(frozen=True)
class BreakEven:
    """Where moving one driver alone makes the net equal the target.

    factor: on every row, the nearest to 1, or None where there is none. value: what the driver is then, where all
    rows share one, or None. sentence: the same in words, with any further factors.
    """

    driver: str
    factor: float | None
    value: float | None
    sentence: str


@dataclass(frozen=True)
class Sensitivity:
    """Tornado, grid and break-evens of a portfolio's first scenario and budget year, in its currency."""

    portfolio: object
    lines: object
    tornado: tuple
    hours_factors: tuple
    performance_factors: tuple
    grid: tuple
    break_even: tuple

    def as_json(self):
        """What `flexrev sensitivity --json` prints."""
        return {
            "currency": self.portfolio.currency,
            "scenario": self.portfolio.scenarios[0].name,
            "year": self.portfolio.year,
            "base_net": self.lines.base_net,
            "tornado": [asdict(bar) for bar in self.tornado],
            "grid": {
                "dispatch_hours": list(self.hours_factors),
                "performance": list(self.performance_factors),
                "net": [list(row) for row in self.grid],
            },
            "break_even": [asdict(found) for found in self.break_even],
        }


class Lines:
    """The lines of a first scenario and budget year as columns, to be evaluated with drivers moved."""

    def __init__(self, portfolio):
        only = portfolio.model_copy(update={"scenarios": portfolio.scenarios[:1], "years": 1})
        lines = budget(only).scenarios[0].lines
        self.currency = portfolio.currency
        self.enrolments = [line.enrolment for line in lines]
        self.inputs = {name: _column([line.values[name] for line in lines]) for name in _INPUTS}
        self.base_net = self.net()

    def net(self, **factors):
        """Net of all lines, money a year, with a factor on every row of each driver named."""
        return math.fsum(self.values(**factors)["net_revenue"])

    def values(self, **factors):
        """Every step of the lines, a column each, with a factor on every row of each driver named."""
        moved = {}
        for driver, factor in factors.items():
            moved |= self._moved(driver, factor)
        with np.errstate(all="ignore"):  # a step beside the net may be beyond all numbers, as with floats
            return budget_line.evaluate(self.inputs | moved)

    def largest_factor(self, driver):
        """Beyond it every row is at what its column allows; None where the driver is 0 on every row."""
        present = self._present(driver)
        if not present.any():
            return None
        room = self._room(driver, present)
        return min(float(room[present > 0.0].max()), _LARGEST_FACTOR)

    def shared(self, driver):
        """What a driver is in the scenario where all rows share one value, unit and currency; else None."""
        present = self._present(driver).tolist()
        rows = {(value, self._unit(driver, e)) for value, e in zip(present, self.enrolments, strict=True)}
        return rows.pop()[0] if len(rows) == 1 else None

    def shown(self, driver, factor):
        """What a factor makes of a driver that all rows share, as printed; nothing where they do not."""
        value = self.shared(driver)
        if value is None:
            return ""
        value *= min(factor, self.largest_factor(driver) or 0.0)
        unit = self._unit(driver, self.enrolments[0])
        return f"{100.0 * value:,.4g} %" if unit == "%" else f"{value:,.2f}".removesuffix(".00") + f" {unit}"

    def _unit(self, driver, enrolment):
        if driver in _UNIT_OF:
            return f"{enrolment.currency or self.currency}/{getattr(enrolment, _UNIT_OF[driver]).name}"
        return f"{enrolment.currency or self.currency}/MWh" if driver in _PER_MWH else BY_NAME[driver].unit

    def _present(self, driver):
        """What a driver is on each row."""
        if driver not in budget_line.DRIVERS:
            return self.inputs[driver]
        absolute = self.inputs[f"{driver}_absolute"]
        return line_revenue.driven(absolute, self.inputs[f"{driver}_factor"], self.inputs[driver])

    def _moved(self, driver, factor):
        """The inputs that a driver is moved by: itself, or what the scenario has of it, its factor or a value in place."""
        factor = np.minimum(factor, self._room(driver, self._present(driver)))
        levers = (f"{driver}_factor", f"{driver}_absolute") if driver in budget_line.DRIVERS else (driver,)
        return {lever: self.inputs[lever] * factor for lever in levers if self.inputs[lever] is not None}

    @staticmethod
    def _room(driver, present):
        """The factor that each row has room for: to what its column allows, or to where the scenario has it."""
        with np.errstate(divide="ignore", over="ignore"):
            return np.maximum(BY_NAME[driver].mark.high / present, 1.0)


def sensitivity(
    portfolio, spread=DEFAULT_SPREAD, target=0.0, hours_factors=HOURS_FACTORS, performance_factors=PERFORMANCE_FACTORS
):
    """Tornado, grid and break-evens of a portfolio at once; see `tornado`, `grid` and `break_even`.

    Returns:
        Sensitivity.

    Raises:
        FlexError, FlexErrors: every spread, target and factor outside its range.

    Example:
        >>> from flexrev_xl.workbook.starter import demo_portfolio
        >>> sensitivity(demo_portfolio()).as_json()["currency"]
        'USD'
    """
    factors = _factors(hours_factors, performance_factors)
    spread, target, *factors = _read((SPREAD, spread, "spread"), (TARGET, target, "target"), *factors)
    hours, performances = tuple(factors[: len(hours_factors)]), tuple(factors[len(hours_factors) :])
    lines = Lines(portfolio)
    bars, found = tuple(_bars(lines, spread)), tuple(_break_evens(lines, target))
    return Sensitivity(portfolio, lines, bars, hours, performances, tuple(_nets(lines, hours, performances)), found)


def tornado(portfolio, spread=DEFAULT_SPREAD):
    """Move each driver alone down and up.

    Args:
        portfolio: a Portfolio; its first scenario is the base.
        spread: share of what each row has, above 0 to 1; performance is paid up to the programme's cap all the same.

    Returns:
        list of Bar, the widest first, money a year in the portfolio's currency.

    Raises:
        FlexError: for a spread outside its range.

    Example:
        >>> from flexrev_xl.workbook.starter import demo_portfolio
        >>> sorted(bar.driver for bar in tornado(demo_portfolio())) == sorted(DRIVERS)
        True
    """
    return _bars(Lines(portfolio), *_read((SPREAD, spread, "spread")))


def grid(portfolio, hours_factors=HOURS_FACTORS, performance_factors=PERFORMANCE_FACTORS):
    """The net for each pair of a factor on dispatch hours and one on performance.

    Args:
        portfolio: a Portfolio; its first scenario is the base.
        hours_factors, performance_factors: 0 to 100 times what each row has.

    Returns:
        list of rows, one for each factor on dispatch hours: the net a year for each factor on performance.

    Raises:
        FlexError, FlexErrors: every factor outside its range.

    Example:
        >>> from flexrev_xl.workbook.starter import demo_portfolio
        >>> [len(row) for row in grid(demo_portfolio(), [0, 1], [0.9, 1, 1.05])]
        [3, 3]
    """
    factors = _read(*_factors(hours_factors, performance_factors))
    return _nets(Lines(portfolio), factors[: len(hours_factors)], factors[len(hours_factors) :])


def break_even(portfolio, target=0.0):
    """For each driver the factor on every row at which the net equals a target.

    Args:
        portfolio: a Portfolio; its first scenario is the base.
        target: net a year in the portfolio's currency.

    Returns:
        list of BreakEven in the order of DRIVERS. Factors are looked for from 0 to where the column allows no more.

    Raises:
        FlexError: for a target that is no amount.

    Example:
        >>> from flexrev_xl.workbook.starter import demo_portfolio
        >>> [found.factor for found in break_even(demo_portfolio()) if found.driver == "nominated_mw"]
        [0.0]
    """
    return _break_evens(Lines(portfolio), *_read((TARGET, target, "target")))


def _factors(hours_factors, performance_factors):
    for name, factors in (("hours_factors", hours_factors), ("performance_factors", performance_factors)):
        yield from ((FACTOR, factor, f"{name}[{number}]") for number, factor in enumerate(factors, start=1))


def _read(*given):
    """Values, each given with its Quantity and its place, as read; every fault at once."""
    read, problems = read_each((place, quantity, value) for quantity, value, place in given)
    refuse(problems)
    return list(read.values())


def _column(cells):
    """An input of all lines: an array, nan where a limit was not given; None where no line has it."""
    if all(cell is None for cell in cells):
        return None
    return np.array([math.nan if cell is None else cell for cell in cells], dtype=float)


def _bars(lines, spread):
    bars = []
    for driver in DRIVERS:
        low, high = 1.0 - spread, min(1.0 + spread, lines.largest_factor(driver) or math.inf)
        nets = [lines.net(**{driver: factor}) for factor in (low, high)]
        every = [*nets, lines.base_net]
        bars.append(Bar(driver, low, high, *nets, max(every) - min(every)))
    return sorted(bars, key=lambda bar: -bar.width)


def _nets(lines, hours_factors, performance_factors):
    return [[lines.net(dispatch_hours=h, performance=p) for p in performance_factors] for h in hours_factors]


def _break_evens(lines, target):
    return [_break_even(lines, driver, target) for driver in DRIVERS]


def _break_even(lines, driver, target):
    word, largest = BY_NAME[driver].label.lower(), lines.largest_factor(driver)
    if largest is None:
        return BreakEven(driver, None, None, f"{word} is 0 on every row: no factor moves it")

    def gap(factor):
        return lines.net(**{driver: factor}) - target

    nodes = _nodes(largest)
    gaps = [gap(node) for node in nodes]
    roots, present, net = _roots(gap, nodes, gaps), lines.shared(driver), f"net {{}} {target:,.12g}"
    top = lines.shown(driver, largest) or f"{largest:,.4g} times what it is"
    every = f"at every {word} from {'0 %' if top.endswith('%') else '0'} to {top}"
    if all(g == 0.0 for g in gaps):
        return BreakEven(driver, 1.0, present, f"{net.format('is')} {every}")
    if not roots and min(gaps) == max(gaps):
        return BreakEven(driver, None, None, f"net is {gaps[0] + target:,.2f} {every}")
    if not roots:
        return BreakEven(driver, None, None, f"{net.format('stays above' if gaps[0] > 0.0 else 'stays below')} {every}")
    first, *others = sorted(roots, key=lambda factor: abs(factor - 1.0))
    value = None if present is None else present * first
    where = f"at {first:,.4g} times the {word}" + ("" if value is None else f": {lines.shown(driver, first)}")
    more = "".join(f"; also at {factor:,.4g} times" for factor in sorted(others))
    return BreakEven(driver, first, value, f"{net.format('is')} {where}{more}")


def _nodes(largest):
    """Factors in order at which the sign of the gap is looked at, what is (1) among them."""
    near = [factor for factor in _NEAR if factor < largest]
    decades = math.log10(largest / _NEAR[-1]) if largest > _NEAR[-1] else 0.0
    far = np.geomspace(_NEAR[-1], largest, 2 + math.ceil(_IN_A_DECADE * decades)).tolist()[1:-1] if decades else []
    return [*near, *far, largest]


def _roots(gap, nodes, gaps):
    """Every factor found at which the gap is 0; where it is 0 throughout, the nearest to 1."""
    from scipy.optimize import brentq

    points = sorted([*zip(nodes, gaps, strict=True), *_nearest_approaches(gap, nodes, gaps)])
    roots, was_zero = [], False
    for n, (factor, value) in enumerate(points):
        if value == 0.0 and was_zero:
            roots[-1] = min(roots[-1], factor, key=lambda root: abs(root - 1.0))
        elif value == 0.0:
            roots.append(factor)
        elif n and min(value, points[n - 1][1]) < 0.0 < max(value, points[n - 1][1]):
            roots.append(float(brentq(gap, points[n - 1][0], factor, xtol=1e-300, rtol=1e-15, maxiter=5000)))
        was_zero = value == 0.0
    return roots


def _nearest_approaches(gap, nodes, gaps):
    """(factor, gap) of the dips between nodes in which the gap reaches the other side of 0."""
    from scipy.optimize import minimize_scalar

    last = len(nodes) - 1
    for n in range(len(nodes)):
        first, end = max(n - 1, 0), min(n + 1, last)  # a dip may also lie beside the first factor or the last
        before, here, after = gaps[first], gaps[n], gaps[end]
        same_side = min(before, here, after) > 0.0 or max(before, here, after) < 0.0
        if same_side and abs(here) <= min(abs(before), abs(after)) and not before == here == after:
            side = math.copysign(1.0, here)
            found = minimize_scalar(lambda f, s=side: s * gap(f), bounds=(nodes[first], nodes[end]), method="bounded")
            if found.fun <= 0.0:
                yield float(found.x), side * float(found.fun)
