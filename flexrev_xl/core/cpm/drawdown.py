"""How deep a load above its limit draws a battery down: one pass over a series of any length, in blocks.

Energy is counted in power x steps throughout. Sums start anew in each block and only what must be carried is carried,
so that a year of seconds loses no digits and stays in the processor's cache.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

NET, DEPTH, EXCESS = "net", "depth", "excess"  # what can stop a load from growing
BLOCK = 2**14  # steps at a time; four arrays of them fit in the cache
_CHUNK = 8  # steps that are one in the coarser series of a long one
_LONG = 2**16  # steps from which a coarser series is asked first


@dataclass(frozen=True)
class Drawn:
    """What one pass over a series found.

    Attributes:
        net: energy put into the battery less energy taken out over the whole series.
        depth: the most that the battery is drawn down, the series following itself without end.
        excess: the most that the load is above its limit; below 0 where it stays under it.
        peak_block, worst, start: where these are; see Flow.peak_at, Flow.worst_window and Flow.path.
    """

    net: float
    depth: float
    excess: float
    peak_block: int
    worst: tuple
    start: float


@dataclass(frozen=True)
class Flow:
    """A load under a limit, and how a battery without bounds on its energy would follow it.

    Attributes:
        load: float array, not empty.
        limit: a number, or a float array as long as the load.
        charge_power: on the grid's side; may be infinite.
        charge_efficiency, discharge_efficiency: one way, above 0 to 1.
    """

    load: Any
    limit: Any
    charge_power: float
    charge_efficiency: float
    discharge_efficiency: float

    def limit_in(self, part):
        """The limit of some steps: a number or an array."""
        return self.limit if np.ndim(self.limit) == 0 else self.limit[part]

    def headroom(self, part, scale):
        """Limit less scaled load, for each of some steps."""
        room = self.load[part] * scale
        return np.subtract(self.limit_in(part), room, out=room)

    def stored(self, room):
        """Energy into the battery in each step, negative out of it; `room` is used up."""
        if self.charge_power < math.inf:
            np.minimum(room, self.charge_power, out=room)
        into = room * self.charge_efficiency
        np.multiply(room, 1.0 / self.discharge_efficiency, out=room)
        # Efficiencies are at most 1: the smaller of the two is the one of its sign.
        return np.minimum(into, room, out=into)

    def draw(self, scale=1.0):
        """One pass with the load times `scale`: a Drawn.

        The battery stands at its top at the start of the first round. What it is short of its top at the end of the
        round is what it starts the next round with, and all rounds after that are alike.
        """
        sums, net, below_top, depth, lowest, least_room = [], 0.0, 0.0, 0.0, 0.0, math.inf
        top_block, low_block, peak_block, worst = None, 0, 0, (None, 0, 0.0)
        for begin in range(0, len(self.load), BLOCK):
            room = self.headroom(slice(begin, begin + BLOCK), scale)
            if (least := room.min()) < least_room:
                least_room, peak_block = least, begin
            stored = self.stored(room)
            level = stored.cumsum()
            if (low := net + level.min()) < lowest:
                lowest, low_block = low, begin
            top = np.maximum.accumulate(level, out=room)
            rises = top[-1] > below_top
            np.maximum(top, below_top, out=top)
            top -= level
            if (most := top.max()) > depth:
                depth, worst = most, (top_block, begin, below_top)
            if rises:
                top_block = begin
            below_top = top[-1]
            sums.append(stored.sum())
            net += sums[-1]
        if below_top - lowest > depth:  # the deepest fall runs over the end of the series
            depth, worst = below_top - lowest, (top_block, low_block, None)
        return Drawn(math.fsum(sums), float(depth), -float(least_room), peak_block, worst, float(below_top))

    def peak_at(self, drawn, scale=1.0):
        """The step in which the load is furthest above its limit."""
        begin = drawn.peak_block
        return begin + int(self.headroom(slice(begin, begin + BLOCK), scale).argmin())

    def worst_window(self, drawn, scale=1.0):
        """(first, last) step of the deepest fall; it runs over the end of the series where last is before first."""
        top_block, begin, below_top = drawn.worst
        level = self._level(begin, scale)
        if below_top is None:
            return self._after_top(top_block, scale), begin + int(level.argmin())
        last = int((np.maximum(np.maximum.accumulate(level), below_top) - level).argmax())
        first = int(level[: last + 1].argmax())
        if level[first] > below_top:
            return begin + first + 1, begin + last
        return self._after_top(top_block, scale), begin + last

    def _level(self, begin, scale):
        return self.stored(self.headroom(slice(begin, begin + BLOCK), scale)).cumsum()

    def _after_top(self, block, scale):
        """The step after the top of the first round; the first step where it was never above its start."""
        return 0 if block is None else (block + int(self._level(block, scale).argmax()) + 1) % len(self.load)

    def slope(self, scale, first=0, last=None):
        """How much more is taken out in a window for each unit that the scale rises; the lesser slope at a corner."""
        count = len(self.load)
        last = count - 1 if last is None else last
        parts = [(first, last + 1)] if first <= last else [(first, count), (0, last + 1)]
        sums = []
        for low, high in parts:
            for begin in range(low, high, BLOCK):
                part = slice(begin, min(begin + BLOCK, high))
                load, room = self.load[part], self.headroom(part, scale)
                outwards = room < 0.0
                inwards = (room < self.charge_power) > outwards
                # No product of vectors: that may be spread over threads, which costs more than it gains.
                sums.append((load * outwards).sum() / self.discharge_efficiency)
                sums.append((load * inwards).sum() * self.charge_efficiency)
        return math.fsum(sums)

    def path(self, drawn, scale=1.0):
        """How far the battery is below its top at the end of each step, once all rounds are alike: a float array."""
        below_top, path = drawn.start, np.empty(len(self.load))
        for begin in range(0, len(path), BLOCK):
            level = self._level(begin, scale)
            part = path[begin : begin + BLOCK]
            np.maximum.accumulate(level, out=part)
            np.maximum(part, below_top, out=part)
            part -= level
            below_top = part[-1]
        return path

    def taken_out(self, scale=1.0):
        """All that the battery gives over the series, on its own side."""
        sums = []
        for begin in range(0, len(self.load), BLOCK):
            room = self.headroom(slice(begin, begin + BLOCK), scale)
            sums.append(-np.minimum(room, 0.0).sum())
        return math.fsum(sums) / self.discharge_efficiency

    def sum_of_limit(self):
        """The limit summed over all steps."""
        return float(np.sum(np.broadcast_to(self.limit, self.load.shape)))

    def least_ratio(self, more=0.0):
        """The least of (limit + more) over load; where there is no load there is no ratio."""
        if np.ndim(self.limit) == 0:
            return float((self.limit + more) / self.load.max())
        least = math.inf
        for begin in range(0, len(self.load), BLOCK):
            part = slice(begin, begin + BLOCK)
            load = self.load[part]
            with np.errstate(over="ignore"):
                ratio = np.divide(self.limit[part] + more, load, out=np.full(len(load), math.inf), where=load > 0.0)
            least = min(least, ratio.min())
        return float(least)

    def coarser(self):
        """A series of the means of several steps: what it stores is never less, so that it carries at least as much."""
        return replace(self, load=_means(self.load, len(self.load)), limit=_means(self.limit, len(self.load)))

    def largest_scale(self, energy, discharge_power, slack):
        """The largest scale that is carried, and which of NET, DEPTH, EXCESS stops it; -1 where none is.

        Both what is short over the series and what a fall is deeper than the energy are convex in the scale and rise
        with it. A tangent is never above its curve: each step from above ends at or above the answer, and since the
        curves are made of straight pieces the steps end. Means over several steps give a first one that is near.
        """
        in_sum = self.sum_of_limit()
        surely = self.least_ratio()  # nothing is taken out of the battery up to here
        if np.min(self.limit) < 0.0:  # without any load, auxiliaries draw on it
            idle, surely = self.draw(0.0), 0.0
            if idle.net < 0.0 or idle.depth > energy or idle.excess > discharge_power:
                return -1.0, EXCESS
        peak, mean = self.least_ratio(discharge_power), in_sum / float(self.load.sum())
        above = [(peak, EXCESS), (mean, NET)]
        if len(self.load) >= _LONG:
            above.append(self.coarser().largest_scale(energy / _CHUNK, discharge_power, slack))
        scale, bound = min(above)
        least_step = scale * slack * 1e-3
        while scale > surely * (1.0 + 1e-13):
            drawn = self.draw(scale)
            if drawn.net < -slack * in_sum:
                over, slope, bound = -drawn.net, self.slope(scale), NET
            elif drawn.depth > energy * (1.0 + slack):
                over, slope = drawn.depth - energy, self.slope(scale, *self.worst_window(drawn, scale))
                bound = DEPTH
            else:
                return scale, bound
            step = over / slope if slope > 0.0 else math.inf
            if step < least_step:  # lost in rounding
                step, least_step = least_step, 2.0 * least_step
            scale -= step
        return surely, bound


def _means(values, count):
    """The mean of each chunk of steps, the last one filled up with steps in which nothing happens."""
    whole, left = divmod(count, _CHUNK)
    if np.ndim(values) == 0:
        return values if not left else np.append(np.full(whole, values), values * left / _CHUNK)
    means = np.einsum("ij->i", values[: whole * _CHUNK].reshape(whole, _CHUNK)) / _CHUNK
    return means if not left else np.append(means, values[whole * _CHUNK :].sum() / _CHUNK)
