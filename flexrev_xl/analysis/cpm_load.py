"""The load of a case: what one GPU draws by the trace, the load at the meter with and without a cap, the limit."""

import math
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from flexrev_xl.core.cpm.events import limit_with_events
from flexrev_xl.core.cpm.layout import Trace
from flexrev_xl.core.cpm.marks import SECONDS_PER_HOUR
from flexrev_xl.core.cpm.power_cap import MOST_OF_RATED
from flexrev_xl.core.marginal_costs import KILO
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.cpm_keys import GPU_METER, IT_METER, METER_WORDS, SITE_METER

METER_OF = {SITE_METER: "site", IT_METER: "node", GPU_METER: "gpu"}  # of a case, as the optimiser calls it
MOST_STEPS = 20_000_000
_SLACK = 1e-9


@dataclass(frozen=True)
class CaseLoad:
    """The load of a case at the meter, for the GPUs behind the trace.

    Attributes:
        gpus: behind the trace.
        gpu_kw: what one of them draws in each step, in kW.
        free_mw, capped_mw: at the meter, without and with the cap; the same array where nothing is clipped.
        limit_mw: a number, or an array as long as the load where events lower it.
        interval_hours: of a step.
        repeats: how many times the trace stands in the series.
        sentences: how the trace was taken apart.
    """

    gpus: float
    gpu_kw: Any
    free_mw: Any
    capped_mw: Any
    limit_mw: Any
    interval_hours: float
    repeats: int
    sentences: tuple

    @property
    def clips(self):
        """Whether the cap keeps anything down."""
        return self.capped_mw is not self.free_mw

    def peak_of_rated(self, case):
        """Power of a GPU at the peak over its rated power."""
        return float(self.gpu_kw.max()) / case.inputs["gpu_kw"]


def case_load(case):
    """The CaseLoad of a case.

    Raises:
        FlexError, FlexErrors: CPM-163 a trace that the GPUs behind it cannot have drawn, CPM-171 and 172 events that
            do not fit, FLEX-003 a period of too many steps.
    """
    inputs, trace = case.inputs, case.trace
    rated, other, pue = (inputs[key] for key in ("gpu_kw", "other_kw_per_gpu", "pue"))
    power_kw = np.asarray(trace.power_mw, dtype=float) * KILO
    # Overhead is a constant share of the mean; where the meter of the site holds it, it is taken off.
    overhead = (pue - 1.0) / pue * float(power_kw.mean()) if trace.meter == SITE_METER else 0.0
    beside = 0.0 if trace.meter == GPU_METER else other
    gpus, said = trace.gpus, [f"The trace is taken to be from {METER_WORDS[trace.meter]}."]
    if gpus is None:
        gpus = (float(power_kw.max()) - overhead) / (rated + beside)
        drawn = f"{rated:g} kW rated" + (f" and {beside:g} kW beside it" if beside else "")
        said.append(f"GPUs behind the trace follow from its peak, where each draws {drawn}: {gpus:,.6g}.")
    else:
        said.append(f"{gpus:,.10g} GPUs are behind the trace, as given.")
    peak_of_rated = ((float(power_kw.max()) - overhead) / gpus - beside) / rated
    meter = METER_OF[trace.meter]
    terms = SimpleNamespace(gpu_kw=rated, other_kw_per_gpu=other, pue=pue, meter=meter, peak_of_rated=peak_of_rated)
    apart = Trace.of(power_kw, terms)
    gpu_kw = apart.gpu_kw
    _check(case, gpu_kw)
    said += _said_of_meter(trace.meter, overhead, other, pue)
    free = apart.fleet().load * gpus
    cap_kw = inputs["power_cap"] * rated
    clips = case.has_cap and apart.clips(inputs["power_cap"])
    capped = apart.fleet(inputs["power_cap"]).load * gpus if clips else free
    if clips:
        said.append(f"The cap clips what a GPU draws at {cap_kw:,.6g} kW; power beside the GPU stays.")
    hours = trace.interval_seconds / SECONDS_PER_HOUR
    limit, repeats = _limit(case, len(free), hours)
    if repeats > 1:
        again, once = np.tile(free, repeats), capped is free
        free, capped = again, again if once else np.tile(capped, repeats)
        said.append(
            f"The trace is repeated {repeats:,} times to fill {len(free) * hours:,.6g} h, in which events recur."
        )
    return CaseLoad(gpus, gpu_kw, free, capped, limit, hours, repeats, tuple(said))


def _check(case, gpu_kw):
    """A GPU draws no less than nothing and no more than a spike may."""
    place = case.place("gpus" if case.trace.gpus is not None else "meter")
    least, most, rated = float(gpu_kw.min()), float(gpu_kw.max()), case.inputs["gpu_kw"]
    if least < -_SLACK * rated:
        other = case.inputs["other_kw_per_gpu"]
        what = f"{other:g} kW beside each GPU would leave a GPU {least:.4g} kW at the trace's lowest reading"
        remedy = "Look at gpus, other_kw_per_gpu and meter of the case, and leave the idle start of a trace out."
        raise FlexError("CPM-163", what, place=place, allowed="0 kW or more", remedy=remedy)
    if most > MOST_OF_RATED * rated:
        what = f"a GPU would draw {most:.4g} kW at the trace's peak, rated {rated:g} kW"
        remedy = "Look at gpus, gpu_kw, meter and the unit of the trace."
        raise FlexError("CPM-163", what, place=place, allowed=f"up to {MOST_OF_RATED:g} times rated", remedy=remedy)


def _said_of_meter(meter, overhead, other, pue):
    """What was added to the trace and what it is taken to hold, in sentences."""
    if meter == SITE_METER:
        yield (
            f"It holds an overhead of {overhead:,.6g} kW, a constant share of its mean by a PUE of {pue:g}, and "
            f"{other:g} kW beside each GPU: PUE does not multiply swings of seconds."
        )
        return
    held = f"IT power of {other:g} kW beside each GPU {'is added' if meter == GPU_METER else 'is in it already'}"
    if pue == 1.0:
        yield f"{held}; no cooling and losses are added, by a PUE of 1."
        return
    added = f"{held}; cooling and losses are added as a constant {pue - 1.0:.4g} of the mean IT power"
    yield f"{added}: PUE does not multiply swings of seconds."


def _limit(case, steps, interval_hours):
    """The limit, a number or an array, and how many times the trace is repeated for it."""
    grid = case.inputs["grid_mw"]
    if not case.events:
        return grid, 1
    once = steps * interval_hours
    hours = max(case.period_hours or 0.0, 0.0 if case.period_hours else max(e.end_hours for e in case.events))
    repeats = max(1, math.ceil(hours / once - _SLACK))
    if steps * repeats > MOST_STEPS:
        what = f"{hours:,.6g} h are {steps * repeats:,} readings of {interval_hours * SECONDS_PER_HOUR:.6g} s"
        remedy = "Give a shorter period_hours, or a longer interval_seconds for the trace."
        raise FlexError(
            "FLEX-003", what, place=case.place("period_hours"), allowed=f"up to {MOST_STEPS:,}", remedy=remedy
        )
    try:
        limit = limit_with_events(grid, case.events, steps * repeats, interval_hours)
    except FlexError as e:
        raise e.at(case.place("events")) from None
    own = case.inputs["battery_mw"] * case.inputs["auxiliaries"]
    if (lowest := float(limit.min())) <= own:
        what = f"they leave {lowest:,.6g} MW beside {own:,.6g} MW of the battery's auxiliaries"
        raise FlexError("CPM-172", what, place=case.place("events"))
    return limit, repeats
