"""What a trace of a load says of itself: mean over peak, steps and ramps, periods, time at idle, energy.

A reading is the mean power of its interval. Swings faster than that are averaged away, so that every peak, step and
ramp here is a lower bound of the true one.
"""

from dataclasses import dataclass

from flexrev_xl.core.cpm.marks import SECONDS_PER_HOUR
from flexrev_xl.errors import FlexError, refuse

IDLE_FRACTION_OF_PEAK = 0.4  # a node with eight H100 draws about a third of its peak while idle
MOST_PERIODS = 3
LARGEST_MW = 1e5  # beyond any site: a slip of the unit
LONGEST_INTERVAL_SECONDS = 366.0 * 86_400.0
_FEWEST_REPEATS = 3  # of a swing within a trace, for it to be called a period
_LOBE = 2  # bins either side of a line of a spectrum that belong to it
_LEAST_SHARE = 0.01  # of the variance, for a period to be told
_NO_SWING = 1e-12  # share of the mean below which a load is constant
_BLOCK = 2**17  # readings at a time; small enough for the cache


@dataclass(frozen=True)
class Period:
    """A swing that repeats: how long one takes, and the share of the load's variance it explains, 0 to 1."""

    seconds: float
    variance_fraction: float


@dataclass(frozen=True)
class LoadStatistics:
    """A trace of a load summed up.

    Attributes:
        readings, interval_seconds, duration_hours: how much there is of it.
        mean_mw, peak_mw, least_mw, energy_mwh: of its readings.
        load_factor_fraction: mean over peak; its inverse, peak_over_mean, is the most that smoothing can gain.
        largest_rise_mw, largest_fall_mw: from one reading to the next, from 0 up.
        largest_step_fraction: the larger of them as a share of the peak.
        ramp_mw_per_second: the larger of them over the interval.
        periods: the swings that repeat, the strongest first; none where the load is constant.
        idle_level_mw, idle_fraction: the level, and the share of time that the load is below it.
    """

    readings: int
    interval_seconds: float
    duration_hours: float
    mean_mw: float
    peak_mw: float
    least_mw: float
    energy_mwh: float
    load_factor_fraction: float
    peak_over_mean: float
    largest_rise_mw: float
    largest_fall_mw: float
    largest_step_fraction: float
    ramp_mw_per_second: float
    periods: tuple
    idle_level_mw: float
    idle_fraction: float

    def as_json(self):
        """The figures by name, with the sentence that bounds them."""
        figures = {name: value for name, value in vars(self).items() if name != "periods"}
        periods = [vars(period) for period in self.periods]
        return {**figures, "periods": [dict(p) for p in periods], "note": resolution_note(self.interval_seconds)}

    @property
    def idle_words(self):
        """What idle means here, with its share of time."""
        share = self.idle_level_mw / self.peak_mw
        return f"{self.idle_fraction:.1%} of the time below {self.idle_level_mw:.6g} MW ({share:.0%} of the peak)"


def resolution_note(interval_seconds):
    """What a trace cannot show.

    Example:
        >>> print(resolution_note(2.0))
        Readings are means over 2 s: faster swings are hidden, so that peak, steps and ramps are lower bounds.
    """
    return (
        f"Readings are means over {interval_seconds:.6g} s: faster swings are hidden, "
        "so that peak, steps and ramps are lower bounds."
    )


def load_statistics(load_mw, interval_seconds, idle_level_mw=None):
    """A trace summed up.

    Args:
        load_mw: at least two readings [MW], each the mean of its interval, from 0 up; one of them above 0.
        interval_seconds: the time from one reading to the next [s], above 0.
        idle_level_mw: the load below which the machines count as idle [MW]; 40 % of the peak where None.

    Returns:
        LoadStatistics.

    Raises:
        FlexError, FlexErrors: FLEX-003 an interval or level out of range, CPM-163 readings that cannot be,
            CPM-165 fewer than two of them.

    Example:
        >>> s = load_statistics([4, 4, 10, 10, 6, 2], 3600)
        >>> s.mean_mw, s.energy_mwh, s.load_factor_fraction, s.largest_rise_mw, s.idle_fraction == 1 / 6
        (6.0, 36.0, 0.6, 6.0, True)
    """
    load, interval = checked_load(load_mw, interval_seconds, idle_level_mw)
    peak, least, mean = float(load.max()), float(load.min()), float(load.mean())
    rise, fall = _largest_steps(load)
    idle = IDLE_FRACTION_OF_PEAK * peak if idle_level_mw is None else float(idle_level_mw)
    hours = len(load) * interval / SECONDS_PER_HOUR
    return LoadStatistics(
        readings=len(load),
        interval_seconds=interval,
        duration_hours=hours,
        mean_mw=mean,
        peak_mw=peak,
        least_mw=least,
        energy_mwh=mean * hours,
        load_factor_fraction=mean / peak,
        peak_over_mean=peak / mean,
        largest_rise_mw=rise,
        largest_fall_mw=fall,
        largest_step_fraction=max(rise, fall) / peak,
        ramp_mw_per_second=max(rise, fall) / interval,
        periods=dominant_periods(load, interval),
        idle_level_mw=idle,
        idle_fraction=int((load < idle).sum()) / len(load),
    )


def dominant_periods(load_mw, interval_seconds, most=MOST_PERIODS):
    """The swings of a load that repeat, by the lines of its Fourier spectrum.

    A line is a top of the spectrum with two bins either side; its period is known to about period^2 / duration.
    Swings that a trace does not hold three times, and lines of less than 1 % of the variance, are left out; so is
    a drift, which has no top. A single large step within the trace, as at its start, does show as weak lines: leave
    the start out to see the rest.

    Args:
        load_mw: a float array of at least two readings [MW].
        interval_seconds: the time from one reading to the next [s].
        most: how many are told.

    Returns:
        tuple of Period, the strongest first; empty where the load is constant.

    Example:
        >>> import numpy as np
        >>> swing = 5 + np.sin(2 * np.pi * np.arange(1200) / 12)
        >>> [(round(p.seconds, 9), round(p.variance_fraction, 9)) for p in dominant_periods(swing, 2.0)]
        [(24.0, 1.0)]
    """
    import numpy as np

    load = np.asarray(load_mw, dtype=float)
    mean = load.mean()
    power = np.abs(np.fft.rfft(load - mean)) ** 2
    power[1 : (len(load) + 1) // 2] *= 2.0  # the bins that stand for two frequencies, one of them negative
    power[0] = 0.0
    total = float(power.sum())
    if total <= (_NO_SWING * mean * len(load)) ** 2:
        return ()
    is_top = np.concatenate(([False], power[1:] > power[:-1]))
    is_top[:-1] &= power[:-1] >= power[1:]
    is_top[:_FEWEST_REPEATS] = False
    lines, left = [], power.copy()
    while len(lines) < most:
        strongest = int(np.where(is_top, left, 0.0).argmax())
        bins = np.arange(max(strongest - _LOBE, _FEWEST_REPEATS), min(strongest + _LOBE + 1, len(left)))
        of_line = left[bins]
        share = float(of_line.sum()) / total
        if not is_top[strongest] or share < _LEAST_SHARE:
            break
        cycles = float((bins * of_line).sum() / of_line.sum())
        lines.append(Period(len(load) * interval_seconds / cycles, share))
        left[bins] = 0.0
        is_top[bins] = False
    return tuple(sorted(lines, key=lambda line: -line.variance_fraction))


def checked_load(load_mw, interval_seconds, idle_level_mw=None):
    """Readings as a float array and the interval as a float, or every fault of both.

    Raises:
        FlexError, FlexErrors: as load_statistics.
    """
    import numpy as np

    from flexrev_xl.core.arguments import Quantity, read_each

    interval = Quantity("s", "Interval of the readings", high=LONGEST_INTERVAL_SECONDS, above_low=True)
    level = Quantity("MW", "Level below which a load is idle", high=LARGEST_MW)
    idle = 0.0 if idle_level_mw is None else idle_level_mw
    _, problems = read_each((("interval_seconds", interval, interval_seconds), ("idle_level_mw", level, idle)))
    try:
        load = np.asarray(load_mw, dtype=float)
    except (TypeError, ValueError):
        refuse([*problems, FlexError("CPM-163", "not all of it is numbers", place="load_mw")])
    problems += _load_faults(load)
    refuse(problems)
    return load, float(interval_seconds)


def _load_faults(load):
    """What is wrong with an array of readings; each fault names the first reading that has it, counted from 1."""
    import numpy as np

    if load.ndim != 1:
        yield FlexError("CPM-163", f"it has {load.ndim} dimensions", place="load_mw", allowed="one row of readings")
        return
    if len(load) < 2:
        yield FlexError("CPM-165", f"{len(load)} readings", place="load_mw", allowed="2 or more")
        return
    least, peak = load.min(), load.max()
    if least >= 0.0 and 0.0 < peak <= LARGEST_MW:  # NaN is neither
        return
    if least == peak == 0.0:
        yield FlexError("CPM-163", "the load is 0 throughout", place="load_mw", allowed="a reading above 0")
    wrong = {
        "not finite": ~np.isfinite(load),
        "negative": np.isfinite(load) & (load < 0.0),
        f"above {LARGEST_MW:,.0f} MW": np.isfinite(load) & (load > LARGEST_MW),
    }
    for words, mask in wrong.items():
        if mask.any():
            first = int(mask.argmax())
            what = (
                f"{int(mask.sum()):,} of {len(load):,} readings are {words}, the first {load[first]:g} at {first + 1}"
            )
            yield FlexError("CPM-163", what, place="load_mw", allowed=f"0 to {LARGEST_MW:,.0f} MW")


def _largest_steps(load):
    """The largest rise and the largest fall from one reading to the next, each from 0 up."""
    rise = fall = 0.0
    for start in range(0, len(load) - 1, _BLOCK):
        part = load[start : start + _BLOCK + 1]
        steps = part[1:] - part[:-1]
        rise, fall = max(rise, float(steps.max())), max(fall, -float(steps.min()))
    return rise, fall
