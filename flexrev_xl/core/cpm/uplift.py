"""Uplift of compute under a grid limit: a power cap, then a battery, then grid events, each recalculated after the last.

Compute is counted as the load's multiple times the throughput of its GPUs. It starts from the load whose peak just
meets the lowest limit, without cap or battery. The factors of the steps multiply to the total, since each is a step's
compute over that of the step before; another order gives other factors and the same total but for events.
"""

import math
from dataclasses import dataclass
from typing import Annotated

from flexrev_xl.core.arguments import Quantity, mark
from flexrev_xl.core.cpm import cautions
from flexrev_xl.core.cpm.battery import BatteryMW, BatteryMWh, series_faults
from flexrev_xl.core.cpm.compute import PowerCap, whole
from flexrev_xl.core.cpm.curves import THROUGHPUT
from flexrev_xl.core.cpm.marks import SECONDS_PER_HOUR, GridMW, IntervalSeconds, LoadSeries, cpm
from flexrev_xl.core.cpm.power_cap import (
    MOST_OF_RATED,
    Caps,
    Throughputs,
    curve_faults,
    curve_of,
    measurements,
)
from flexrev_xl.core.cpm.storage import AMOUNT, ROUND_TRIP_EFFICIENCY, Battery, LargestLoad, largest_load, refused
from flexrev_xl.core.marginal_costs import IdleFraction, RoundTripEfficiency, compute_cost
from flexrev_xl.errors import FlexError, refuse

ORDER = ("capping", "smoothing", "events")
ORDER_WORDS = "Order: capping, smoothing, events; each step is recalculated after the one before."
IDLE_FRACTION = next(a.default for a in compute_cost.entry.arguments if a.name == "idle_fraction")
LITTLE = 0.1  # gain below which smoothing is said to be worth little
_NO_BATTERY = Battery(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Step:
    """What is carried after a step.

    Attributes:
        name: "start", or one of ORDER.
        largest: the LargestLoad; its scale is a multiple of the load as it was given.
        throughput: of each GPU as a share of its full throughput.
        compute: full-speed multiples of the load as given that count; for events no more than their value adds.
        factor: compute over that of the step before; 1 at the start.
    """

    name: str
    largest: LargestLoad
    throughput: float
    compute: float
    factor: float


@dataclass(frozen=True)
class EventValue:
    """What a battery that carries events spares a site, in full-speed multiples of the load.

    Attributes:
        firm_sizing: added compute over a site sized, battery and all, to the lowest limit.
        throttling: compute the same site would lose if it paused GPUs in the steps with a lower limit instead.
        event_share: share of the time that the limit is below its highest.
    """

    firm_sizing: float
    throttling: float
    event_share: float

    @property
    def value(self):
        """The lesser of the two: the site would choose the cheaper way out."""
        return min(self.firm_sizing, self.throttling)


@dataclass(frozen=True)
class Uplift:
    """The steps in order and what must be said beside them.

    Attributes:
        steps: Steps: start, capping, smoothing, events.
        event_value: an EventValue; None where the limit is one number throughout.
        peak_over_mean: of the load under the cap: no battery makes smoothing worth more.
        clips: whether the cap clips the load at all.
        firm_limit: the lowest limit.
        battery: the Battery.
        interval_hours: of the series.
        gpus_as_given: GPUs of the load as it was given; None where not told.
        has_cap: whether a load under a cap was given at all.
    """

    steps: tuple
    event_value: EventValue | None
    peak_over_mean: float
    clips: bool
    firm_limit: float
    battery: Battery
    interval_hours: float
    gpus_as_given: float | None = None
    has_cap: bool = True

    @property
    def factors(self):
        """The factor of each step by name, in order."""
        return {step.name: step.factor for step in self.steps[1:]}

    @property
    def total(self):
        """The product of the factors: compute after the last step over compute at the start."""
        return math.prod(self.factors.values())

    @property
    def gpus(self):
        """Whole GPUs that each step carries, by name; None where the load's own are not told."""
        if self.gpus_as_given is None:
            return None
        return {step.name: whole(step.largest.scale * self.gpus_as_given) for step in self.steps}

    @property
    def sentences(self):
        """The order, and what keeps the factors from being misread."""
        capping, smoothing, _ = self.steps[1:]
        said = [ORDER_WORDS]
        if not self.has_cap:
            said.append("No cap is asked for.")
        elif not self.clips:
            said.append("The load never reaches the cap: capping saves nothing and slows nothing.")
        elif capping.factor < 1.0:
            said.append(
                f"The cap slows GPUs more than it makes room for: capping alone loses {1 - capping.factor:.1%}."
            )
        if smoothing.factor < 1.0 + LITTLE:
            said.append(
                f"Smoothing alone is worth {smoothing.factor - 1:.2%}: the load's peak is "
                f"{self.peak_over_mean - 1:.2%} above its mean, and no battery gives more than that."
            )
        if (events := self.event_value) is not None:
            before = smoothing.compute
            said.append(
                f"Events take {events.event_share:.2%} of the time. Carried by the battery they spare "
                f"{events.firm_sizing / before:.3%} of compute against sizing to the lowest limit, "
                f"{events.throttling / before:.3%} against throttling; the lesser counts."
            )
        return tuple(said)

    def cautions(self, measured_interval_seconds=None, **of_trace):
        """The cautions of the trace and of the limit.

        Args:
            measured_interval_seconds: resolution of the trace as measured; that of the series where left out.
            of_trace: runs, from_mlperf, is_synthetic; see cautions.of_trace.
        """
        seconds = (
            self.interval_hours * SECONDS_PER_HOUR if measured_interval_seconds is None else measured_interval_seconds
        )
        reserved = self.battery.energy if math.isfinite(self.battery.energy) else 0.0
        peak = self.steps[-1].largest.peak
        return [*cautions.of_trace(seconds, **of_trace), *cautions.of_limit(self.firm_limit, peak, reserved)]

    def rows(self):
        """(label, value, unit): the factors in order and their product; what events are worth, where there are any."""
        rows = [[f"{n}. {step.name.capitalize()}", step.factor, "factor"] for n, step in enumerate(self.steps[1:], 1)]
        if (events := self.event_value) is not None:
            before = self.steps[-2].compute
            rows.append(["Events against sizing to the lowest limit", events.firm_sizing / before, "fraction"])
            rows.append(["Events against throttling", events.throttling / before, "fraction"])
        return [*rows, [f"Product of 1 to {len(ORDER)}", self.total, "factor"]]


def successive_uplift(
    load,
    limit,
    interval_hours,
    battery,
    capped_load=None,
    throughput=1.0,
    idle_fraction=IDLE_FRACTION,
    gpus=None,
):
    """Uplift by a cap, a battery and events as successive recalculations.

    Capping: the load under the cap grows until its peak meets the lowest limit. Smoothing: it grows to what that limit
    and the battery carry. Events: it grows to what the limit of every step and the battery carry; this counts no
    further than throttling would have cost: in a step with less than the highest limit, GPUs paused until the load
    meets the limit, paused ones still idling.

    Args:
        load: series of powers from 0, two or more, without a cap.
        limit: power, or a series as long as the load, lower in the hours of events; see events.limit_with_events.
        interval_hours: between two values, above 0.
        battery: a Battery.
        capped_load: the same site's load under the cap, such as power_cap.clipped_load's; the load itself where None.
        throughput: of a GPU under the cap, as a share of its full throughput; without effect where nothing is clipped.
        idle_fraction: power that a paused GPU still draws, as a share of working.
        gpus: GPUs of the load as given, for whole GPUs of each step.

    Returns:
        Uplift.

    Raises:
        FlexError, FlexErrors: every value that cannot be; FLEX-020 where the loads differ in length.

    Source:
        Section 7 of the model: successive recalculations in the order capping, smoothing, events.

    Example:
        >>> found = successive_uplift(
        ...     [4, 4, 10, 10, 6, 2], 8, 1, Battery.of(4, 4, 1.0), [4, 4, 8, 8, 6, 2], throughput=0.9
        ... )
        >>> {name: round(factor, 6) for name, factor in found.factors.items()}, round(found.total, 6)
        ({'capping': 1.125, 'smoothing': 1.25, 'events': 1.0}, 1.40625)
    """
    import numpy as np

    has_cap = capped_load is not None
    capped_load = capped_load if has_cap else load
    problems = [*refused(THROUGHPUT, throughput, "throughput")]
    problems += refused(mark(IdleFraction), idle_fraction, "idle_fraction")
    problems += [] if gpus is None else refused(AMOUNT, gpus, "gpus")
    if len(capped_load) != len(load):
        what = f"{len(capped_load)} values beside {len(load)} of the load"
        problems.append(FlexError("FLEX-020", what, place="capped_load"))
    refuse(problems)
    has_events = bool(np.ndim(limit)) and float(np.min(limit)) < float(np.max(limit))
    firm = float(np.min(limit))
    free = largest_load(load, firm, interval_hours, _NO_BATTERY)
    clips = bool(np.any(np.less(capped_load, load)))
    if not clips:
        capped_load, throughput = load, 1.0
    alone = largest_load(capped_load, firm, interval_hours, _NO_BATTERY) if clips else free
    smoothed = largest_load(capped_load, firm, interval_hours, battery)
    carried = largest_load(capped_load, limit, interval_hours, battery) if has_events else smoothed
    value, gain = None, 0.0
    if has_events:
        value = _event_value(capped_load, np.asarray(limit, dtype=float), carried, smoothed, throughput, idle_fraction)
        gain = value.value
    compute = [
        free.scale,
        *(found.scale * throughput for found in (alone, smoothed)),
        smoothed.scale * throughput + gain,
    ]
    found = [free, alone, smoothed, carried]
    steps = [Step("start", free, 1.0, compute[0], 1.0)]
    for name, largest, before, after in zip(ORDER, found[1:], compute, compute[1:], strict=False):
        steps.append(Step(name, largest, throughput, after, after / before))
    capped = np.asarray(capped_load, dtype=float)
    peak_over_mean = float(capped.max() / capped.mean())
    return Uplift(tuple(steps), value, peak_over_mean, clips, firm, battery, interval_hours, gpus, has_cap)


def _event_value(load, limit, carried, smoothed, throughput, idle_fraction):
    """Both ways out of events, priced for the site that the battery carries through them."""
    import numpy as np

    in_event = limit < limit.max()
    drawn = np.asarray(load, dtype=float)[in_event] * carried.scale
    with np.errstate(divide="ignore"):
        power = np.divide(limit[in_event], drawn, out=np.full(len(drawn), math.inf), where=drawn > 0.0)
    working = np.clip((power - idle_fraction) / (1.0 - idle_fraction), 0.0, 1.0)
    lost = float((1.0 - working).sum()) / len(limit) * carried.scale * throughput
    gain = (carried.scale - smoothed.scale) * throughput
    return EventValue(max(gain, 0.0), lost, float(in_event.mean()))


GPUShare = Annotated[
    float,
    Quantity(
        "fraction",
        "Share of the series' peak that GPUs draw; the cap does not act on the rest",
        high=1.0,
        above_low=True,
    ),
]
PeakOfRated = Annotated[
    float,
    Quantity(
        "fraction", "Power of the GPUs at the series' peak over their rated power", high=MOST_OF_RATED, above_low=True
    ),
]
_REDUCTION = Quantity("MW", "Reduction of grid_mw in each interval by events; none when left out", high=1e6)
EventMW = Annotated[list, measurements("event_mw", _REDUCTION)]


def _faults(values):
    """A series that tells nothing, a cap that was not measured, events that are not along the series."""
    series, events = values["load_series"], values["event_mw"]
    yield from series_faults(values)
    if values["power_cap"] is not None:
        yield from curve_faults({name: values[name] for name in ("power_cap", "caps", "throughputs")})
    if events is not None and len(events) != len(series):
        what = f"{len(events)} values beside {len(series)} of load_series"
        yield FlexError("FLEX-020", what, place="event_mw")
    elif events is not None and max(events) >= values["grid_mw"]:
        what = f"{max(events):g} MW of {values['grid_mw']:g} MW leave nothing"
        yield FlexError("CPM-153", what, place="event_mw")


@cpm(
    unit="table",
    source="Section 7 of the model: successive recalculations in the order capping, smoothing, events",
    example=(
        ([4, 4, 10, 10, 6, 2], 8, 3600, 4, 4, 1, 0.8, [0.6, 0.8, 1], [0.7, 0.9, 1]),
        [
            ["1. Capping", 1.125, "factor"],
            ["2. Smoothing", 1.25, "factor"],
            ["3. Events", 1.0, "factor"],
            ["Product of 1 to 3", 1.40625, "factor"],
        ],
    ),
    check=_faults,
)
def uplift(
    load_series: LoadSeries,
    grid_mw: GridMW,
    interval_seconds: IntervalSeconds,
    battery_mw: BatteryMW,
    battery_mwh: BatteryMWh,
    round_trip_efficiency: RoundTripEfficiency = ROUND_TRIP_EFFICIENCY,
    power_cap: PowerCap = None,
    caps: Caps = None,
    throughputs: Throughputs = None,
    gpu_share: GPUShare = 1.0,
    peak_of_rated: PeakOfRated = 1.0,
    event_mw: EventMW = None,
):
    """Compute carried by power cap, then battery, then events, each over the step before, and the product. The cap clips
    the series, MW at the meter, at that share of its peak; gpu_share and peak_of_rated refine this.

    It starts from the load whose peak just meets the limit, without cap or battery. Without power_cap nothing is capped.
    """
    capped, throughput = None, 1.0
    if power_cap is not None:
        kept = min(1.0, power_cap / peak_of_rated)
        most = max(load_series) * (1.0 - gpu_share * (1.0 - kept))
        capped = [min(power, most) for power in load_series]
        throughput = curve_of(caps, throughputs).throughput(power_cap)
    limit = grid_mw if event_mw is None else [grid_mw - reduction for reduction in event_mw]
    battery = Battery.of(battery_mw, battery_mwh, round_trip_efficiency)
    hours = interval_seconds / SECONDS_PER_HOUR
    return successive_uplift(load_series, limit, hours, battery, capped, throughput).rows()
