"""The best number of GPUs and battery under one cap, by cutting planes: exact, as a linear programme over all steps is.

For one cap what a layout needs is convex in GPUs and battery power: the energy is the deepest of all falls, each fall a
sum of straight pieces, and so is what runs short over the series. A small linear programme proposes a layout; one pass
over the series finds the fall that it overlooks, whose plane is added. Profit is concave in GPUs, so that the best
whole number stands beside the best number.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from flexrev_xl.core.cpm.compute import whole
from flexrev_xl.core.cpm.drawdown import BLOCK, Flow
from flexrev_xl.core.cpm.layout import BY_ENERGY, BY_GPUS, BY_LIMIT, BY_MW, BY_MWH, BY_PRICE, NO_GPU, Rates, layout
from flexrev_xl.core.cpm.marks import HOURS_PER_YEAR
from flexrev_xl.errors import FlexError

_TIGHT = 1e-9  # share by which a plane may be missed, and a size be short
_FINE = 1e-10  # tolerance of the linear programme
_MOST_ROUNDS = 400
_TIE = 1e-8  # cost, as a share of the profit at stake, of a size that costs nothing: the smallest is taken

GPUS, MW, MWH, DR, OUT = range(5)  # the variables, in the units of Scales


def one_way_efficiency(case):
    """Of charging and of discharging, the losses of the round trip split evenly."""
    return math.sqrt(case.round_trip_efficiency)


@dataclass(frozen=True)
class Site:
    """What all caps have in common.

    Attributes:
        case: a SiteCase.
        limit: MW, a number or a float array.
        interval_hours: of a step.
        dr_steps: whether power is nominated in each step: a bool array; None where it is in all of them.
    """

    case: Any
    limit: Any
    interval_hours: float
    dr_steps: Any = None


@dataclass
class CapProblem:
    """One cap's search; the planes that were found serve every later question about the same cap.

    Attributes:
        site: a Site.
        fleet: the GPUs under the cap.
        planes: in the order in which they were found; a dict, so that none stands twice.
        passes: how often the series was gone through.
    """

    site: Site
    fleet: Any
    planes: dict = field(default_factory=dict)
    passes: int = 0

    def __post_init__(self):
        case, limit = self.site.case, self.site.limit
        self.unit_mw, self.count = float(np.max(limit)), len(self.fleet.load)
        self.load = self.fleet.load / self.fleet.peak
        self.limits = np.asarray(limit, dtype=float) / self.unit_mw
        if self.limits.ndim == 0:
            self.limits = float(self.limits)
        self.efficiency = one_way_efficiency(case)
        self.per_gpu = self.fleet.peak / self.unit_mw  # one GPU in units of power
        self.unit_mwh = self.unit_mw * self.site.interval_hours
        hours = self.count * self.site.interval_hours
        rates = Rates.of(case, self.fleet)
        self.gains = np.array(
            [
                rates.per_gpu / self.per_gpu,
                rates.per_mw * self.unit_mw,
                rates.per_usable_mwh * self.unit_mwh,
                rates.per_dr_mw * self.unit_mw,
                rates.per_delivered_mwh * self.unit_mwh * HOURS_PER_YEAR / hours,
            ]
        )
        # Energy that a nominated MW holds back, in its own unit.
        self.reserve = case.dr_event_hours / self.efficiency / self.site.interval_hours
        # Usable energy that a unit of power needs, where the C-rate is bounded.
        rate = case.most_c_rate
        self.usable_hours = case.usable_share / rate / self.site.interval_hours if rate else 0.0
        self.bounds = self._bounds()
        self._first_planes()

    def _bounds(self):
        case, inf = self.site.case, math.inf
        self.in_sum = float(np.sum(np.broadcast_to(self.limits, self.load.shape)))
        most = self.in_sum / float(self.load.sum())
        if case.most_gpus is not None:
            most = min(most, case.most_gpus * self.per_gpu)
        least_limit = float(np.broadcast_to(self.limits, self.load.shape)[self._window].min())
        dr = min(case.most_dr_mw / self.unit_mw, least_limit)
        power = (most + dr + 1.0) / (1.0 - case.auxiliaries)
        if case.most_battery_mw is not None:
            power = min(power, case.most_battery_mw / self.unit_mw)
        energy = self.count * power / self.efficiency + dr * self.reserve + power * self.usable_hours
        if case.most_battery_mwh is not None:
            energy = min(energy, case.most_battery_mwh * case.usable_share / self.unit_mwh)
        return [(0.0, most), (0.0, power), (0.0, energy), (0.0, dr), (0.0, inf)]

    def _first_planes(self):
        """Those that need no search: power at the peak and at the lowest limit; nominated power is there and not exported."""
        self._add([0.0, -1.0, 0.0, 1.0, 0.0], 0.0)
        self._add([0.0, 0.0, -1.0, self.reserve, 0.0], 0.0)
        self._add([-float(np.min(self.load[self._window])), 0.0, 0.0, 1.0, 0.0], 0.0)
        if self.usable_hours:
            self._add([0.0, 1.0, -1.0 / self.usable_hours, 0.0, 0.0], 0.0)
        limits = np.broadcast_to(self.limits, self.load.shape)
        for at in {int(self.load.argmax()), int(limits.argmin())}:
            self._power_plane(at)

    @property
    def _window(self):
        """The steps with a nomination, as an index."""
        return slice(None) if self.site.dr_steps is None else self.site.dr_steps

    def _nominated(self, step):
        return 1.0 if self.site.dr_steps is None or self.site.dr_steps[step] else 0.0

    def _power_plane(self, step):
        limit = self.limits if isinstance(self.limits, float) else float(self.limits[step])
        auxiliaries = self.site.case.auxiliaries
        row = [float(self.load[step]), auxiliaries - 1.0, 0.0, self._nominated(step), 0.0]
        self._add(row, limit)

    def _add(self, row, side):
        """A plane row x point <= side, scaled to coefficients of at most 1; one that is there already is not added."""
        scale = max(map(abs, row))
        self.planes[(*(float(cell) / scale for cell in row), float(side) / scale)] = None

    def best(self, at_least=-math.inf, gpus=None, usable_mwh=None):
        """The layout that earns most.

        Args:
            at_least: profit below which none is looked for.
            gpus: their number, where it is given.
            usable_mwh: energy of the battery, where it is given.

        Returns:
            Layout, or None where none earns more than at_least, or none is possible.
        """
        if gpus is not None:
            return self._settled(gpus, at_least, usable_mwh)
        point = self._converged(self.bounds, at_least, usable_mwh)
        if point is None:
            return None
        found, below = None, whole(point[GPUS] / self.per_gpu)
        most = self.bounds[GPUS][1] / self.per_gpu
        for number in (below, below + 1.0):
            if number <= whole(most) and (other := self._settled(number, at_least, usable_mwh)) is not None:
                found, at_least = other, other.profit
        return found

    def _settled(self, gpus, at_least, usable_mwh):
        """The layout of a number of GPUs."""
        share = gpus * self.per_gpu
        bounds = [(share, share), *self.bounds[MW:]]
        point = self._converged(bounds, at_least, usable_mwh)
        if point is None:
            return None
        # Sizes as small as the rounding of the programme allows.
        power, dr = float(point[MW]), float(point[DR])
        drawn, flow = self._drawn(share, power)
        energy = max(self._depth(flow, drawn, share, dr)[0], power * self.usable_hours)
        out = flow.taken_out(share) * self.efficiency
        if power <= _FINE and energy <= _FINE * self.count:
            power = energy = dr = 0.0
        if usable_mwh is not None:
            energy = usable_mwh / self.unit_mwh
        hours = self.count * self.site.interval_hours
        made = layout(
            self.site.case,
            self.fleet,
            gpus,
            power * self.unit_mw,
            energy * self.unit_mwh,
            dr * self.unit_mw,
            out * self.unit_mwh * HOURS_PER_YEAR / hours if power else 0.0,
        )
        return made if made.profit > at_least else None

    def bound(self, made):
        """What keeps a layout from having a GPU more, in words."""
        case, share = self.site.case, (made.gpus + 1.0) * self.per_gpu
        if self.gains[GPUS] <= 0.0:
            return NO_GPU
        if case.most_gpus is not None and made.gpus >= case.most_gpus:
            return BY_GPUS
        bounds = [(share, share), *self.bounds[MW:]]
        if self._converged(bounds, -math.inf, None) is not None:
            return BY_PRICE
        unlimited = replace(self._flow(0.0), charge_power=math.inf)
        if unlimited.draw(share).net < 0.0:
            return BY_ENERGY
        if 0.0 in (case.most_battery_mw, case.most_battery_mwh):
            return BY_LIMIT
        bounds[MWH] = (0.0, math.inf)
        if case.most_battery_mwh is not None and self._converged(bounds, -math.inf, None) is not None:
            return BY_MWH
        return BY_MW if case.most_battery_mw is not None else BY_PRICE

    def _converged(self, bounds, at_least, usable_mwh):
        """The best point that no plane cuts off, or None where none is or it earns no more than at_least."""
        bounds = list(bounds)
        if usable_mwh is not None:
            bounds[MWH] = (usable_mwh / self.unit_mwh,) * 2
        for _ in range(_MOST_ROUNDS):
            point = self._proposed(bounds)
            if point is None or float(self.gains @ point) <= at_least:
                return None
            if not self._cut(point):
                return point
        raise FlexError("FLEX-900", f"no layout settled in {_MOST_ROUNDS} rounds", place="optimise")

    def _proposed(self, bounds):
        """The best point of the planes found so far; None where they leave none."""
        from scipy.optimize import linprog

        if any(low > high for low, high in bounds):
            return None
        stake = max(float(np.abs(self.gains[:DR]).max()), 1e-300)
        costs = -self.gains / stake
        costs[[i for i in (MW, MWH) if self.gains[i] == 0.0]] = _TIE
        planes = np.array(list(self.planes))
        options = {"primal_feasibility_tolerance": _FINE, "dual_feasibility_tolerance": _FINE}
        found = linprog(costs, A_ub=planes[:, :-1], b_ub=planes[:, -1], bounds=bounds, method="highs", options=options)
        return np.maximum(found.x, 0.0) if found.status == 0 else None

    def _flow(self, power):
        limit = self.limits - self.site.case.auxiliaries * power
        return Flow(self.load, limit, power, self.efficiency, self.efficiency)

    def _drawn(self, share, power):
        self.passes += 1
        flow = self._flow(power)
        return flow.draw(share), flow

    def _depth(self, flow, drawn, share, dr):
        """Energy that is needed with what is held back, and the window of the fall: (energy, first, last)."""
        if drawn.depth <= 0.0:
            return dr * self.reserve, None, None
        steps = self.site.dr_steps
        if steps is None or dr <= 0.0:
            first, last = flow.worst_window(drawn, share)
            return drawn.depth + dr * self.reserve, first, last
        below = flow.path(drawn, share)
        needed = below + steps * (dr * self.reserve)
        last = int(needed.argmax())
        if below[last] <= _FINE * drawn.depth:
            return dr * self.reserve, None, None
        full = np.flatnonzero(below <= _FINE * drawn.depth)
        before = full[full <= last]
        first = int(before[-1] if before.size else full[-1] if full.size else last) + 1
        return max(float(needed[last]), dr * self.reserve), first % self.count, last

    def _cut(self, point):
        """Add the planes that a point breaks; whether there are any that were not there, kept but for rounding, already."""
        share, power, energy, dr, out = map(float, point)
        drawn, flow = self._drawn(share, power)
        before = len(self.planes)
        step = self._worst_step(flow, drawn, share, dr)
        missing = share * float(self.load[step]) - float(np.broadcast_to(flow.limit, self.load.shape)[step])
        if missing + dr * self._nominated(step) > power + _TIGHT * max(power, share):
            self._power_plane(step)
        if drawn.net < -_TIGHT * self.in_sum:
            fall = self._fall(flow, share, power, 0, self.count - 1)
            self._add([fall[0], fall[1], 0.0, 0.0, 0.0], -fall[2])
        else:
            needed, first, last = self._depth(flow, drawn, share, dr)
            if first is not None and needed > energy + _TIGHT * max(energy, needed):
                fall = self._fall(flow, share, power, first, last)
                held = self.reserve * self._nominated(last)
                self._add([fall[0], fall[1], -1.0, held, 0.0], -fall[2])
        if self.gains[OUT] < 0.0:
            given = flow.taken_out(share) * self.efficiency
            if given > out + _TIGHT * max(given, out):
                self._add(*self._out_plane(flow, share))
        return len(self.planes) > before

    def _worst_step(self, flow, drawn, share, dr):
        if self.site.dr_steps is None or dr <= 0.0:
            return flow.peak_at(drawn, share)
        return int((self.load * share - flow.limit + self.site.dr_steps * dr).argmax())

    def _fall(self, flow, share, power, first, last):
        """The straight piece of a fall over a window: (per GPU share, per power, constant)."""
        auxiliaries, efficiency = self.site.case.auxiliaries, self.efficiency
        of_load, of_power, constant = [], [], []
        parts = [(first, last + 1)] if first <= last else [(first, self.count), (0, last + 1)]
        for low, high in parts:
            for begin in range(low, high, BLOCK):
                part = slice(begin, min(begin + BLOCK, high))
                room, load = flow.headroom(part, share), self.load[part]
                limit = np.broadcast_to(self.limits, self.load.shape)[part]
                outwards = room < 0.0
                clipped = room > power
                weight = np.where(outwards, 1.0 / efficiency, np.where(clipped, 0.0, efficiency))
                of_load.append((weight * load).sum())
                of_power.append(auxiliaries * weight.sum() - efficiency * np.count_nonzero(clipped))
                constant.append(-(weight * limit).sum())
        return math.fsum(of_load), math.fsum(of_power), math.fsum(constant)

    def _out_plane(self, flow, share):
        """What the battery delivers, at least, as a plane."""
        load, power, constant = [], 0.0, []
        for begin in range(0, self.count, BLOCK):
            part = slice(begin, begin + BLOCK)
            outwards = flow.headroom(part, share) < 0.0
            load.append((self.load[part] * outwards).sum())
            constant.append((np.broadcast_to(self.limits, self.load.shape)[part] * outwards).sum())
            power += self.site.case.auxiliaries * np.count_nonzero(outwards)
        return [math.fsum(load), power, 0.0, 0.0, -1.0], math.fsum(constant)
