"""Co-optimisation: cap, GPUs, battery power and energy that together earn most in a year under a grid limit.

Exact for each cap that is looked at (cuts.py). Caps looked at: none, those measured, every whole percent between them,
and every tenth of a percent beside the best of these; a curve that may not be read between its points is asked at its
points alone. Within a stretch between two points profit has no simple shape, so that a cap between two tenths of a
percent might earn a little more.
"""

import math
from dataclasses import dataclass, replace
from typing import Annotated, Any

from flexrev_xl.core.cpm import cautions
from flexrev_xl.core.cpm.battery import series_faults
from flexrev_xl.core.cpm.case import CASE_TABLE
from flexrev_xl.core.cpm.compute import whole
from flexrev_xl.core.cpm.curves import CURVES
from flexrev_xl.core.cpm.economics import MOST_C_QUIET
from flexrev_xl.core.cpm.layout import BY_ENERGY, BY_GPUS, BY_LIMIT, NO_GPU, Layout, Trace, layout
from flexrev_xl.core.cpm.marks import SECONDS_PER_HOUR, GridMW, IntervalSeconds, LoadSeries, cpm
from flexrev_xl.core.cpm.power_cap import Caps, Throughputs, curve_of
from flexrev_xl.core.cpm.storage import ABOVE_ZERO, checked_series, is_series, refused
from flexrev_xl.errors import FlexError, refuse

_COARSE, _FINE = 100, 1000  # caps looked at, in parts of rated power
_LONG = 2**20  # values of a series from which only one cap's is kept
_FRONTIER = 12  # sizes of battery on either side of the best, none among them
NONE = "none"
_MONEY = "money/year"
EXAMPLE = [
    ["gpu_kw", 0.7],
    ["gpu_capex", 0],
    ["battery_capex_per_mwh", 350000],
    ["energy_price_per_mwh", 0],
    ["pue", 1],
    ["utilisation", 1],
    ["availability", 1],
    ["price_per_gpu_hour", 1],
    ["price_fall", 0],
    ["discount_rate", 0],
    ["power_cap", 0.8],
]


@dataclass(frozen=True)
class Optimum:
    """The best layout and what it is better than.

    Attributes:
        best: the Layout that earns most.
        no_battery: the best without a battery, its cap chosen anew.
        no_cap: the best without a cap, its battery chosen anew.
        neither: the best without either.
        caps_looked_at: how many caps were.
        grid_mw: the highest limit.
    """

    best: Layout
    no_battery: Layout
    no_cap: Layout
    neither: Layout
    caps_looked_at: int
    grid_mw: float
    _search: Any

    @property
    def against_no_battery(self):
        """Profit that the battery adds."""
        return self.best.profit - self.no_battery.profit

    @property
    def against_no_cap(self):
        """Profit that the cap adds."""
        return self.best.profit - self.no_cap.profit

    @property
    def against_neither(self):
        """Profit that both add."""
        return self.best.profit - self.neither.profit

    @property
    def sentences(self):
        """What must be said beside the figures."""
        best = self.best
        said = [f"Limited by: {best.bound}.", f"{self.caps_looked_at} caps were looked at, none among them."]
        if best.c_rate > MOST_C_QUIET:
            said.append(
                f"{best.c_rate:,.1f} C of nameplate: ask the maker for rating, life and warranty at this rate, "
                "or bound it with most_c_rate."
            )
        if best.dr_mw:
            said.append(f"{best.dr_mw:,.6g} MW are held for demand response and carry no compute in those hours.")
        return tuple(said)

    def cautions(self, interval_seconds, **of_trace):
        """The cautions of the trace and of the limit; of_trace: runs, from_mlperf, is_synthetic."""
        peak = self.best.gpus * self._search.fleet(self.best.power_cap).peak
        reserved = self.best.usable_mwh - self._search.held_mwh(self.best)
        lowest = float(min(self._search.limit)) if is_series(self._search.limit) else float(self._search.limit)
        return [*cautions.of_trace(interval_seconds, **of_trace), *cautions.of_limit(lowest, peak, reserved)]

    def frontier(self, nameplate_mwh=None):
        """The best layout for each size of battery, which is bought whole whether it is needed or not.

        Its caps are none, those measured and the best. With power a free choice, profit over the size rises to the
        optimum's and falls behind it.

        Args:
            nameplate_mwh: sizes, from 0; 25 of them up to twice the optimum's, within the case's bound, where left out.

        Returns:
            A list of Layouts, in the order of the sizes; a size that no layout can have is left out.
        """
        return self._search.frontier(self.best, nameplate_mwh)

    def rows(self):
        """(label, value, unit), as CPM_OPTIMISE spills them."""
        best = self.best
        return [
            ["Power cap", NONE if best.power_cap is None else best.power_cap, "fraction of rated power"],
            ["GPUs", best.gpus, "GPUs"],
            ["Battery power", best.battery_mw, "MW"],
            ["Battery energy, usable at the end of life", best.usable_mwh, "MWh"],
            ["Battery energy, nameplate", best.nameplate_mwh, "MWh"],
            ["Nominated to demand response", best.dr_mw, "MW"],
            ["Annual profit", best.profit, _MONEY],
            ["Against no battery", self.against_no_battery, _MONEY],
            ["Against no cap", self.against_no_cap, _MONEY],
            ["Against neither", self.against_neither, _MONEY],
            ["GPU-equivalents per MW", best.compute_per_mw(self.grid_mw), "GPU-equivalents/MW"],
            ["Limited by", best.bound, ""],
        ]


def best_layout(load, limit, interval_hours, case, curve=None, dr_steps=None, progress=None):
    """The layout of a site that earns most in a year.

    Args:
        load: the shape of the site's power without a cap, from 0, two or more values; see Trace for what it stands for.
        limit: MW at the meter, or a series as long as the load (with less in the hours of an event).
        interval_hours: between two values.
        case: a SiteCase.
        curve: a Curve of throughput over caps; the case's where None.
        dr_steps: a truth value for each step: whether power is nominated to demand response in it; None for all steps.
            A nominated MW carries no compute in its step, and its energy stays in the battery until the step is over.
            What an event takes is taken to be back before steps without nomination draw on it.
        progress: called with a word for each cap.

    Returns:
        Optimum.

    Raises:
        FlexError, FlexErrors: every value that cannot be, with its place.

    Source:
        Section 7 of the model: co-optimisation.

    Example:
        >>> from flexrev_xl.core.cpm.case import SiteCase
        >>> case = SiteCase(gpu_kw=0.7, gpu_capex=40e3, battery_capex_per_mwh=350e3, energy_price_per_mwh=60, pue=1)
        >>> best_layout([1, 1], 1.05, 1, case).neither.gpus
        1000.0
    """
    import numpy as np

    problems, (load, faults) = [], checked_series(load, "load")
    problems += faults
    if is_series(limit):
        limit, faults = checked_series(limit, "limit")
        problems += faults
        if not problems and len(limit) != len(load):
            problems.append(FlexError("FLEX-020", f"{len(limit)} values beside {len(load)} of the load", place="limit"))
        elif not problems and not limit.any():
            problems.append(FlexError("CPM-153", "it is 0 throughout", place="limit"))
    else:
        problems += refused(ABOVE_ZERO, limit, "limit")
    if not problems and not load.any():
        problems.append(FlexError("CPM-152", "it is 0 throughout", place="load"))
    problems += refused(ABOVE_ZERO, interval_hours, "interval_hours")
    if dr_steps is not None:
        dr_steps = np.asarray(dr_steps, dtype=bool)
        if not problems and len(dr_steps) != len(load):
            what = f"{len(dr_steps)} values beside {len(load)} of the load"
            problems.append(FlexError("FLEX-020", what, place="dr_steps"))
        if not dr_steps.any():
            case = replace(case, most_dr_mw=0.0)
        dr_steps = dr_steps if dr_steps.any() and not dr_steps.all() else None
    refuse(problems)
    search = _Search(Trace.of(load, case), case, limit, interval_hours, curve or CURVES[case.curve], dr_steps)
    return search.optimum(progress or (lambda stage: None))


class _Search:
    """The caps that were looked at, each with what was learned of it."""

    def __init__(self, trace, case, limit, interval_hours, curve, dr_steps):
        from flexrev_xl.core.cpm.cuts import Site

        self.trace, self.case, self.curve = trace, case, curve
        self.limit = limit
        self.site = Site(case, limit, interval_hours, dr_steps)
        self.problems, self.looked_at = {}, set()
        self.is_long = len(trace.gpu_kw) > _LONG

    def fleet(self, cap):
        """The GPUs under a cap."""
        return self.trace.fleet(cap, 1.0 if cap is None else self.curve.throughput(cap))

    def problem(self, cap):
        """The CapProblem of a cap."""
        from flexrev_xl.core.cpm.cuts import CapProblem

        if cap not in self.problems:
            if self.is_long:  # each holds the series under its cap
                self.problems.clear()
            self.looked_at.add(cap)
            self.problems[cap] = CapProblem(self.site, self.fleet(cap))
        return self.problems[cap]

    def caps(self):
        """Caps to look at first: measured ones and whole percents, of those that clip anything."""
        if self.case.power_cap is not None:
            self.curve.throughput(self.case.power_cap)
            return [self.case.power_cap] if self.trace.clips(self.case.power_cap) else []
        caps = set(self.curve.caps)
        if self.curve.is_curve:
            caps |= self._between(self.curve.caps[0], self.curve.caps[-1], _COARSE)
        return sorted(cap for cap in caps if self.trace.clips(cap))

    def caps_beside(self, cap):
        """Caps a little above and below one."""
        if cap is None or self.case.power_cap is not None or not self.curve.is_curve:
            return []
        around = self._between(cap - 1.0 / _COARSE, cap + 1.0 / _COARSE, _FINE)
        lowest, highest = self.curve.caps[0], self.curve.caps[-1]
        return sorted(c for c in around if lowest <= c <= highest and self.trace.clips(c) and c not in self.looked_at)

    @staticmethod
    def _between(low, high, parts):
        return {n / parts for n in range(math.ceil(low * parts), math.floor(high * parts) + 1)}

    def without_battery(self, cap):
        """The best layout of a cap without a battery: as many GPUs as every limit carries, or none."""
        import numpy as np

        fleet = self.fleet(cap)
        if np.ndim(self.limit) == 0:
            most = float(self.limit) / fleet.peak
        else:
            drawing = fleet.load > 0.0
            most = float((self.limit[drawing] / fleet.load[drawing]).min())
        number, bound = max(0.0, float(whole(most))), BY_LIMIT
        if self.case.most_gpus is not None and number >= self.case.most_gpus:
            number, bound = self.case.most_gpus, BY_GPUS
        made = layout(self.case, fleet, number, 0.0, 0.0, 0.0, 0.0, bound)
        return made if made.profit > 0.0 else layout(self.case, fleet, 0.0, 0.0, 0.0, 0.0, 0.0, NO_GPU)

    def optimum(self, progress):
        """The Optimum."""
        caps = self.caps()
        alone = {cap: self.without_battery(cap) for cap in [None, *caps]}
        neither = alone[None]
        no_battery = max(alone.values(), key=_profit)
        progress("no cap")
        no_cap = self.problem(None).best(neither.profit) or neither
        best = max(no_battery, no_cap, key=_profit)
        # The most promising first: what it earns is what the others must beat.
        for cap in sorted(caps, key=lambda cap: -alone[cap].profit):
            progress(f"cap {cap:.1%}")
            best = self.problem(cap).best(best.profit) or best
        beside = {*self.caps_beside(best.power_cap), *self.caps_beside(no_battery.power_cap)}
        for cap in sorted(beside):
            progress(f"cap {cap:.1%}")
            no_battery = max(no_battery, self.without_battery(cap), key=_profit)
            best = max(best, self.problem(cap).best(best.profit) or best, no_battery, key=_profit)
        best, no_cap = (replace(made, bound=self.problem(made.power_cap).bound(made)) for made in (best, no_cap))
        looked_at = 1 + len(caps) + len(beside)
        grid_mw = float(max(self.limit)) if is_series(self.limit) else float(self.limit)
        return Optimum(best, no_battery, no_cap, neither, looked_at, grid_mw, self)

    def held_mwh(self, made):
        """Energy of a layout that is held for demand response."""
        from flexrev_xl.core.cpm.cuts import one_way_efficiency

        return made.dr_mw * self.case.dr_event_hours / one_way_efficiency(self.case)

    def frontier(self, best, sizes):
        """The best layout for each nameplate energy."""
        if sizes is None:
            top = 2.0 * best.nameplate_mwh or self.case.most_battery_mwh or self.limit_hour()
            top = min(top, self.case.most_battery_mwh or top)
            sizes = [top * part / (2 * _FRONTIER) for part in range(2 * _FRONTIER + 1)]
        measured = self.curve.caps if self.case.power_cap is None else self.caps()
        caps = {None, best.power_cap, *filter(self.trace.clips, measured)}
        points = []
        for size in sizes:
            found = None
            for cap in caps:
                if size == 0.0:
                    other = self.without_battery(cap)
                else:
                    least = -math.inf if found is None else found.profit
                    other = self.problem(cap).best(least, usable_mwh=size * self.case.usable_share)
                found = max(filter(None, (found, other)), key=_profit, default=None)
            points += [] if found is None else [found]
        return points

    def limit_hour(self):
        """Energy of the limit in a tenth of an hour: a scale where the best battery is none."""
        return 0.1 * float(max(self.limit) if is_series(self.limit) else self.limit)


def _profit(made):
    return made.profit


def _faults(values):
    """A series that tells nothing, or half a curve."""
    yield from series_faults(values)
    try:
        if values["caps"] is not None or values["throughputs"] is not None:
            curve_of(values["caps"], values["throughputs"])
    except FlexError as e:
        yield from e.problems


@cpm(
    unit="table",
    source="Section 7 of the model: cap, GPUs, battery power and energy to maximise annual profit",
    example=(
        ([1, 1], 1.05, 3600, EXAMPLE, [0.5, 0.8, 1], [0.5, 0.9375, 1]),
        [
            ["Power cap", 0.8, "fraction of rated power"],
            ["GPUs", 1153.0, "GPUs"],
            ["Battery power", 0.0, "MW"],
            ["Battery energy, usable at the end of life", 0.0, "MWh"],
            ["Battery energy, nameplate", 0.0, "MWh"],
            ["Nominated to demand response", 0.0, "MW"],
            ["Annual profit", 9469012.5, _MONEY],
            ["Against no battery", 0.0, _MONEY],
            ["Against no cap", 709012.5, _MONEY],
            ["Against neither", 709012.5, _MONEY],
            ["GPU-equivalents per MW", 1029.4642857142858, "GPU-equivalents/MW"],
            ["Limited by", BY_ENERGY, ""],
        ],
    ),
    check=_faults,
)
def optimise(
    load_series: LoadSeries,
    grid_mw: GridMW,
    interval_seconds: IntervalSeconds,
    case_table: Annotated[list, CASE_TABLE],
    caps: Caps = None,
    throughputs: Throughputs = None,
):
    """Power cap, GPUs and battery that earn most in a year. The series is a shape, MW of the site without a cap: at its
    peak each GPU draws gpu_kw, other_kw_per_gpu and overhead; case_table holds rows of name and value.

    Exact for each cap looked at: none, those measured, whole percents between them, tenths beside the best.
    """
    curve = None if caps is None else curve_of(caps, throughputs)
    hours = interval_seconds / SECONDS_PER_HOUR
    return best_layout(load_series, grid_mw, hours, case_table, curve).rows()
