"""What a power limit and a battery carry: the battery a load needs, and the load that a battery allows.

The series follows itself without end: a battery ends each round as full as it began. Powers are in any one unit and
energies in that unit times hours, so kW and MW give the same scale. Efficiencies are one way.
"""

import math
from dataclasses import dataclass

from flexrev_xl.core.arguments import Quantity, mark
from flexrev_xl.core.cpm.marks import HOURS_PER_YEAR
from flexrev_xl.core.marginal_costs import ROUND_TRIP_EFFICIENCY, RoundTripEfficiency
from flexrev_xl.errors import FlexError, refuse

CARRIED = "carried"
ENERGY_SHORT = "energy short: no battery is large enough"
CHARGER_TOO_SMALL = "charger too small"
PEAK_TOO_HIGH = "peak needs more battery power"
BATTERY_TOO_SMALL = "battery too small"
VERDICTS = (CARRIED, ENERGY_SHORT, CHARGER_TOO_SMALL, PEAK_TOO_HIGH, BATTERY_TOO_SMALL)

_ONE_WAY = math.sqrt(ROUND_TRIP_EFFICIENCY)
ROUNDING = 1e-12  # share of what goes in and out that is lost in rounding
_FITS = 1e-9  # share by which a size that was typed may be rounded down


@dataclass(frozen=True)
class Battery:
    """A battery between a limit and a load.

    Attributes:
        energy: usable, on the battery's own side (DC); power unit x h, from 0; may be infinite.
        charge_power, discharge_power: on the grid's side (AC), from 0; may be infinite.
        charge_efficiency, discharge_efficiency: one way, above 0 to 1.
        auxiliary_share: of the rated power (the larger of the two), drawn at all times beside the load.
    """

    energy: float = math.inf
    charge_power: float = math.inf
    discharge_power: float = math.inf
    charge_efficiency: float = _ONE_WAY
    discharge_efficiency: float = _ONE_WAY
    auxiliary_share: float = 0.0

    @classmethod
    def of(cls, power, energy, round_trip_efficiency=ROUND_TRIP_EFFICIENCY, auxiliary_share=0.0):
        """A battery that charges and discharges alike, the round trip's losses split evenly between the two ways.

        Raises:
            FlexError: where the round trip's efficiency is not above 0 to 1.

        Example:
            >>> Battery.of(3, 6, round_trip_efficiency=0.81).discharge_efficiency
            0.9
        """
        try:
            one_way = math.sqrt(_EFFICIENCY.read(round_trip_efficiency))
        except FlexError as e:
            raise e.at("round_trip_efficiency") from None
        return cls(energy, power, power, one_way, one_way, auxiliary_share)

    @property
    def auxiliary_power(self):
        """What it draws at all times."""
        return self.auxiliary_share * max(self.charge_power, self.discharge_power) if self.auxiliary_share else 0.0

    def faults(self):
        """What is wrong with it."""
        found = [
            *refused(AMOUNT, self.energy, "energy", or_infinite=True),
            *refused(AMOUNT, self.charge_power, "charge_power", or_infinite=True),
            *refused(AMOUNT, self.discharge_power, "discharge_power", or_infinite=True),
            *refused(_EFFICIENCY, self.charge_efficiency, "charge_efficiency"),
            *refused(_EFFICIENCY, self.discharge_efficiency, "discharge_efficiency"),
            *refused(SHARE, self.auxiliary_share, "auxiliary_share"),
        ]
        if not found and math.isinf(self.auxiliary_power):
            what = "auxiliaries are a share of the rated power, and this battery's has no bound"
            found.append(FlexError("CPM-153", what, place="auxiliary_share"))
        return found


@dataclass(frozen=True)
class Carried:
    """What a load asks of a battery, and whether the one given has it.

    Attributes:
        power: the most that the load (with auxiliaries) is above the limit; the power a battery needs.
        energy: usable energy a battery needs; infinite where it would run down round by round.
        shortages: those of VERDICTS that apply, the gravest first; empty where the load is carried.
        peak_at: step in which the load is furthest above the limit, from 0.
        worst_at: step at whose end the battery is emptiest, from 0; None where it is never used or runs down.
    """

    power: float
    energy: float
    shortages: tuple
    peak_at: int
    worst_at: int | None

    @property
    def is_carried(self):
        """Whether limit and battery carry the load."""
        return not self.shortages

    @property
    def verdict(self):
        """In words: "carried", or the gravest shortage."""
        return self.shortages[0] if self.shortages else CARRIED


def carried(load, limit, interval_hours, battery=Battery(), scale=1.0):
    """Whether a limit and a battery carry a load without end, and what battery it would need.

    Args:
        load: series of powers from 0, two or more.
        limit: power, or a series as long as the load (with less power in the hours of an event).
        interval_hours: between two values of the series, above 0.
        battery: a Battery; without bounds on its size unless given.
        scale: the load is taken so many times, from 0.

    Returns:
        Carried. Sizes fit where they are right to nine digits.

    Raises:
        FlexError, FlexErrors: every value that cannot be, with its place.

    Source:
        Section 7 of the model: drawdown of a cyclic series.

    Example:
        >>> found = carried([4, 4, 10, 10, 6, 2], 7, 1, Battery.of(3, 6.5, round_trip_efficiency=0.81))
        >>> found.power, round(found.energy, 6), found.worst_at, found.verdict
        (3.0, 6.666667, 3, 'battery too small')
    """
    flow = _flow(load, limit, interval_hours, battery, scale)
    drawn = flow.draw(scale)
    peak_at = flow.peak_at(drawn, scale)
    rounding = ROUNDING * float(flow.load[peak_at]) * scale
    if drawn.excess <= rounding:
        return Carried(0.0, 0.0, (), peak_at, None)
    shortages, energy, worst_at = [], math.inf, None
    if _runs_down(flow, drawn):
        shortages.append(_why_it_runs_down(flow, scale))
    else:
        energy = drawn.depth * interval_hours
        worst_at = flow.worst_window(drawn, scale)[1]
    if drawn.excess > battery.discharge_power * (1.0 + _FITS) + rounding:
        shortages.append(PEAK_TOO_HIGH)
    if math.inf > energy > battery.energy * (1.0 + _FITS):
        shortages.append(BATTERY_TOO_SMALL)
    return Carried(drawn.excess, energy, tuple(shortages), peak_at, worst_at)


@dataclass(frozen=True)
class LargestLoad:
    """How far a load can grow.

    Attributes:
        scale: the largest multiple of the series that is carried; below 1 where it is not carried as it is.
        peak: the highest power of the series so multiplied.
        bound: the one of VERDICTS that a larger multiple would meet.
    """

    scale: float
    peak: float
    bound: str


def largest_load(load, limit, interval_hours, battery):
    """The largest multiple of a load that a limit and a battery carry without end.

    Args:
        load, limit, interval_hours, battery: see `carried`.

    Returns:
        LargestLoad, to about twelve digits; what it gives as scale is carried.

    Raises:
        FlexError, FlexErrors: every value that cannot be; CPM-153 where not even the auxiliaries are carried.

    Source:
        Section 7 of the model: monotone in the load scale.

    Example:
        >>> found = largest_load([4, 4, 10, 10, 6, 2], 7, 1, Battery.of(4, 8, round_trip_efficiency=0.81))
        >>> round(found.scale, 9), round(found.peak, 9), found.bound
        (1.06, 10.6, 'battery too small')
    """
    from flexrev_xl.core.cpm.drawdown import DEPTH, NET

    flow = _flow(load, limit, interval_hours, battery)
    peak = float(flow.load.max())
    scale, stop = flow.largest_scale(float(battery.energy / interval_hours), float(battery.discharge_power), ROUNDING)
    if scale < 0.0:
        what = f"auxiliaries of {battery.auxiliary_power:g} alone are more than the limit and the battery carry"
        raise FlexError("CPM-153", what, place="auxiliary_share")
    bound = {DEPTH: BATTERY_TOO_SMALL, NET: ENERGY_SHORT}.get(stop, PEAK_TOO_HIGH)
    if stop == NET and not math.isinf(battery.charge_power):
        bound = _why_it_runs_down(flow, scale * (1.0 + _FITS))
    return LargestLoad(scale, scale * peak, bound)


def state_of_charge(load, limit, interval_hours, battery, scale=1.0):
    """The usable energy left at the end of each step, the battery as full as it can be: a float array.

    The series follows itself: the last value is what the first step starts from.

    Args:
        load, limit, interval_hours, battery, scale: see `carried`.

    Raises:
        FlexError, FlexErrors: every value that cannot be; CPM-154 where the load is not carried.

    Example:
        >>> state_of_charge([4, 4, 10, 10, 6, 2], 7, 1, Battery.of(3, 8, round_trip_efficiency=1)).tolist()
        [8.0, 8.0, 5.0, 2.0, 3.0, 6.0]
    """
    import numpy as np

    found = carried(load, limit, interval_hours, battery, scale)
    if not found.is_carried or math.isinf(battery.energy):
        what = found.verdict if found.shortages else "a battery without bound is never full"
        raise FlexError("CPM-154", what, place="battery")
    flow = _flow(load, limit, interval_hours, battery, scale)
    path = flow.path(flow.draw(scale), scale)
    path *= -interval_hours
    path += battery.energy
    return np.maximum(path, 0.0, out=path)


def full_cycles_per_year(load, limit, interval_hours, battery, scale=1.0):
    """Energy out of the battery in 8,760 h of such a load, over its usable energy.

    Args:
        load, limit, interval_hours, battery, scale: see `carried`.

    Raises:
        FlexError, FlexErrors: every value that cannot be; CPM-154 where the load is not carried.

    Example:
        >>> full_cycles_per_year([5, 9], 7, 12, Battery.of(3, 24, round_trip_efficiency=1))
        365.0
    """
    found = carried(load, limit, interval_hours, battery, scale)
    if not found.is_carried:
        raise FlexError("CPM-154", found.verdict, place="battery")
    if found.energy == 0.0 or math.isinf(battery.energy):
        return 0.0
    flow = _flow(load, limit, interval_hours, battery, scale)
    return flow.taken_out(scale) / len(flow.load) * HOURS_PER_YEAR / battery.energy


SHARE = Quantity("fraction", "Share", high=1.0)
AMOUNT = Quantity("in one unit", "Power or energy")
ABOVE_ZERO = Quantity("in one unit", "Power, energy or time", above_low=True)
_EFFICIENCY = mark(RoundTripEfficiency)
_SCALE = Quantity("times", "Multiple of the load")


def refused(quantity, value, place, or_infinite=False):
    """What is wrong with a number, at its place."""
    if or_infinite and isinstance(value, float) and value == math.inf:
        return []
    try:
        quantity.read(value)
    except FlexError as e:
        return [e.at(place)]
    return []


def _flow(load, limit, interval_hours, battery, scale=1.0):
    """The Flow of values that have been checked."""
    import numpy as np

    from flexrev_xl.core.cpm.drawdown import Flow

    problems, (load, faults) = [], checked_series(load, "load")
    problems += faults
    limit, faults = checked_series(limit, "limit") if is_series(limit) else (limit, refused(ABOVE_ZERO, limit, "limit"))
    problems += faults
    if not problems and is_series(limit):
        if len(limit) != len(load):
            what = f"{len(limit)} values beside {len(load)} of the load"
            problems.append(FlexError("FLEX-020", what, place="limit"))
        elif not limit.any():
            problems.append(FlexError("CPM-153", "it is 0 throughout", place="limit"))
    if not problems and load.max() <= ROUNDING * (highest := float(np.max(limit))):
        what = f"its highest power is {load.max():g} beside a limit of {highest:g}"
        problems.append(FlexError("CPM-152", what, place="load"))
    problems += refused(ABOVE_ZERO, interval_hours, "interval_hours") + refused(_SCALE, scale, "scale")
    refuse([*problems, *battery.faults()])
    return Flow(
        load,
        limit - battery.auxiliary_power if battery.auxiliary_power else limit,
        float(battery.charge_power),
        float(battery.charge_efficiency),
        float(battery.discharge_efficiency),
    )


def is_series(value):
    """Whether a value is a row of values rather than one."""
    return isinstance(value, list | tuple) or bool(getattr(value, "shape", ()))


def checked_series(values, place):
    """Powers as a float array, and what is wrong with them: the first place of each kind."""
    import numpy as np

    try:
        array = np.asarray(values)
    except ValueError:
        return None, [FlexError("FLEX-020", "its rows have different lengths", place=place, allowed="one row")]
    if array.dtype.kind not in "iuf":
        return None, [FlexError("FLEX-002", "it holds something that is not a number", place=place)]
    if array.ndim != 1 or len(array) < 2:
        what = f"it has the shape {' x '.join(map(str, array.shape)) or 'of one number'}"
        return None, [FlexError("CPM-152", what, place=place, allowed="two or more values in a row")]
    array = array.astype(float, copy=False)
    with np.errstate(invalid="ignore"):
        if array.min() >= 0.0 and array.max() <= AMOUNT.high:  # not so where any is not a number
            return array, []
    faults = []
    for wrong in (~np.isfinite(array), array < 0.0, np.isfinite(array) & (array > AMOUNT.high)):
        if count := int(np.count_nonzero(wrong)):
            at = int(wrong.argmax())
            ((fault),) = refused(AMOUNT, float(array[at]), f"{place}[{at + 1}]")
            more = f", and {count - 1} more like it" if count > 1 else ""
            faults.append(FlexError(fault.code, fault.what + more, place=fault.place, allowed=fault.allowed))
    return array, faults


def _runs_down(flow, drawn):
    """Whether the battery ends each round with less, beyond what rounding explains."""
    return drawn.net < -ROUNDING * max(flow.sum_of_limit(), 0.0)


def _why_it_runs_down(flow, scale):
    """Whether a charger of any power would mend it."""
    from dataclasses import replace

    if math.isinf(flow.charge_power):
        return ENERGY_SHORT
    unlimited = replace(flow, charge_power=math.inf)
    return ENERGY_SHORT if _runs_down(unlimited, unlimited.draw(scale)) else CHARGER_TOO_SMALL
