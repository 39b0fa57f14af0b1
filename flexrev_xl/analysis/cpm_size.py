"""The battery that traces of a load need under a grid limit, how sure that is, and what a given battery carries."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from flexrev_xl.core.arguments import Quantity, read_each
from flexrev_xl.core.cpm import cautions
from flexrev_xl.core.cpm.case_inputs import INPUTS
from flexrev_xl.core.cpm.economics import MOST_C_QUIET
from flexrev_xl.core.cpm.load import load_statistics
from flexrev_xl.core.cpm.marks import SECONDS_PER_HOUR
from flexrev_xl.core.cpm.sizes import c_rate, sizes_at_levels, usable_energy
from flexrev_xl.core.cpm.storage import (
    Battery,
    carried,
    full_cycles_per_year,
    largest_load,
)
from flexrev_xl.core.cpm.storage_value import ABOVE_QUIET
from flexrev_xl.errors import FlexError, refuse

NOT_NEEDED, NEEDED = "no battery needed: the load stays within the limit", "a battery of this size carries it"
_FAR = 20.0  # times the peak, from which a limit looks like a slip of the unit
_BATTERY_MW = Quantity("MW", "Power", high=1e6, above_low=True)
_BATTERY_MWH = Quantity("MWh", "Nameplate energy", high=1e9, above_low=True)


@dataclass(frozen=True)
class SizeTerms:
    """What a battery is sized under. Sizes asked about are None where not given.

    Attributes:
        grid_mw: the limit.
        round_trip_efficiency: AC to AC, split evenly between both ways.
        depth, end_of_life: what makes usable energy of the nameplate's.
        auxiliaries: load of the battery's own, as a share of its power.
        charge_mw: power to charge with; all that the limit leaves where None, or that of the battery asked about.
        battery_mw, battery_mwh: a battery asked about; energy is nameplate.

    Raises:
        FlexError, FlexErrors: every number that is refused, by its option.
    """

    grid_mw: float
    round_trip_efficiency: float = INPUTS["round_trip_efficiency"].default
    depth: float = INPUTS["depth"].default
    end_of_life: float = INPUTS["end_of_life"].default
    auxiliaries: float = 0.0
    charge_mw: float | None = None
    battery_mw: float | None = None
    battery_mwh: float | None = None

    def __post_init__(self):
        marks = {key: INPUTS[key].mark for key in vars(self) if key in INPUTS}
        marks |= {"charge_mw": _BATTERY_MW, "battery_mw": _BATTERY_MW, "battery_mwh": _BATTERY_MWH}
        flags = {f"--{key.replace('_', '-')}": key for key in marks if getattr(self, key) is not None}
        values, problems = read_each((flag, marks[key], getattr(self, key)) for flag, key in flags.items())
        refuse(problems)
        for flag, value in values.items():
            object.__setattr__(self, flags[flag], value)

    @property
    def one_way(self):
        """Efficiency of one way."""
        return math.sqrt(self.round_trip_efficiency)

    @property
    def usable_share(self):
        """Usable over nameplate energy."""
        return usable_energy(1.0, self.depth, self.end_of_life)

    @property
    def asks(self):
        """Whether a battery is asked about."""
        return self.battery_mw is not None or self.battery_mwh is not None


@dataclass(frozen=True)
class Needed:
    """The battery that a load needs; energy and what follows from it are infinite where no battery is large enough.

    Attributes:
        power_mw: to discharge with, at the meter.
        usable_mwh, nameplate_mwh: at the end of its life, and when new.
        auxiliaries_mw: its own load.
        c_rate: power over nameplate energy.
        discharged_mwh, full_cycles: delivered in a year, and that over nameplate energy.
        verdict: whether there is such a battery, in words.
        largest_scale: the largest multiple of the load that a battery of any size carries with this charger.
    """

    power_mw: float
    usable_mwh: float
    nameplate_mwh: float
    auxiliaries_mw: float
    c_rate: float
    discharged_mwh: float
    full_cycles: float
    verdict: str
    largest_scale: float


@dataclass(frozen=True)
class Asked:
    """What a given battery carries: the verdict, all that is short, and the largest load of this shape.

    Attributes:
        verdict, shortages: see core.cpm.storage.Carried.
        largest_scale, largest_peak_mw: of the load that is carried.
        peak_over_grid: that peak over the limit.
        bound: what a larger load would meet.
    """

    verdict: str
    shortages: tuple
    largest_scale: float
    largest_peak_mw: float
    peak_over_grid: float
    bound: str


@dataclass(frozen=True)
class SizedRun:
    """One run: its name, statistics, the Needed battery, and the Asked one or None."""

    name: str
    statistics: Any
    needed: Needed
    asked: Asked | None


@dataclass(frozen=True)
class Sized:
    """Every run sized.

    Attributes:
        terms: the SizeTerms.
        runs: a SizedRun each.
        power_levels, energy_levels: SizeAtLevel each; empty for a single run.
        cautions: sentences.
    """

    terms: SizeTerms
    runs: tuple
    power_levels: tuple
    energy_levels: tuple
    cautions: tuple

    @property
    def largest(self):
        """What the run that needs most energy needs, with the most power of any."""
        return max((run.needed for run in self.runs), key=lambda needed: (needed.usable_mwh, needed.power_mw))

    def as_json(self):
        """What `flexrev cpm size --json` prints, without what was read."""
        terms = {key: value for key, value in asdict(self.terms).items() if value is not None}
        runs = [
            {
                "name": run.name,
                "statistics": run.statistics.as_json(),
                "needed": finite(asdict(run.needed)),
                "battery": None if run.asked is None else finite(asdict(run.asked)),
            }
            for run in self.runs
        ]
        levels = [
            {"level": power.level, "power_mw": power.size, "usable_mwh": energy.size, "note": power.note}
            for power, energy in zip(self.power_levels, self.energy_levels, strict=True)
        ]
        needed = finite(asdict(self.largest) | {"power_mw": max(run.needed.power_mw for run in self.runs)})
        return {
            "terms": terms,
            "needed": needed,
            "runs": runs,
            "levels": [finite(level) for level in levels],
            "cautions": list(self.cautions),
        }


def finite(values):
    """A mapping with None where a number is not finite, as JSON has it.

    Example:
        >>> finite({"a": 1.0, "b": float("inf")})
        {'a': 1.0, 'b': None}
    """
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in values.items()}


def size_battery(series, terms, resolution_seconds=None, from_mlperf=False):
    """The battery that each run of a load needs, and what a given one carries.

    Args:
        series: runs with name, power_mw and interval_seconds, as a trace has them.
        terms: SizeTerms.
        resolution_seconds: of the trace as measured, the coarsest; that of the series where None.
        from_mlperf: whether it derives from logs of MLPerf submissions.

    Returns:
        Sized.

    Raises:
        FlexError, FlexErrors: CPM-153 a limit below all readings, and what the series calculations refuse, by run.

    Example:
        >>> from types import SimpleNamespace
        >>> import numpy as np
        >>> run = SimpleNamespace(name="hall", power_mw=np.array([4.0, 4, 10, 10, 6, 2]), interval_seconds=3600.0)
        >>> needed = size_battery([run], SizeTerms(7, 0.81)).largest
        >>> needed.power_mw, round(needed.usable_mwh, 6)
        (3.0, 6.666667)
    """
    runs, problems = [], []
    for run in series:
        try:
            statistics = load_statistics(run.power_mw, run.interval_seconds)
            if statistics.least_mw >= terms.grid_mw:
                what = (
                    f"{terms.grid_mw:,.6g} MW are no more than the load's least reading, {statistics.least_mw:,.6g} MW"
                )
                remedy = "Give a limit above the load at idle: below it a battery can never charge. Check the units."
                raise FlexError("CPM-153", what, place="--grid-mw", remedy=remedy)
            hours = run.interval_seconds / SECONDS_PER_HOUR
            needed = _needed(run.power_mw, hours, statistics.peak_mw, terms)
            asked = _asked(run.power_mw, hours, terms) if terms.asks else None
            runs.append(SizedRun(run.name, statistics, needed, asked))
        except FlexError as e:
            problems += e.at(run.name).problems if len(series) > 1 else e.problems
    refuse(problems)
    powers, energies = [run.needed.power_mw for run in runs], [run.needed.usable_mwh for run in runs]
    levels = (sizes_at_levels(powers), sizes_at_levels(energies)) if len(runs) > 1 else ((), ())
    seconds = resolution_seconds or max(run.statistics.interval_seconds for run in runs)
    return Sized(terms, tuple(runs), *map(tuple, levels), tuple(_cautions(runs, terms, seconds, from_mlperf)))


def _needed(load, hours, peak_mw, terms):
    """The battery that a load needs. Its auxiliaries are a share of its power, which carries them too."""
    excess = max(0.0, peak_mw - terms.grid_mw)
    # A battery of P carries excess + auxiliaries x P, and is rated by its charger where that is larger.
    rated = excess / (1.0 - terms.auxiliaries)
    if excess and terms.charge_mw is not None:
        rated = max(rated, terms.charge_mw)
    own = rated * terms.auxiliaries
    if own >= terms.grid_mw:
        what = f"auxiliaries of {own:,.6g} MW leave nothing of {terms.grid_mw:,.6g} MW"
        raise FlexError("CPM-153", what, place="--auxiliaries")
    charge = math.inf if terms.charge_mw is None else terms.charge_mw
    battery = Battery(math.inf, charge, math.inf, terms.one_way, terms.one_way)
    found = carried(load, terms.grid_mw - own, hours, battery)
    most = largest_load(load, terms.grid_mw - own, hours, battery).scale
    if not found.is_carried:
        return Needed(found.power, math.inf, math.inf, own, math.inf, math.inf, math.inf, found.verdict, most)
    if excess == 0.0:
        return Needed(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, NOT_NEEDED, most)
    nameplate = found.energy / terms.usable_share
    sized = Battery(found.energy, charge, found.power, terms.one_way, terms.one_way)
    # Cycles count on the battery's own side; what reaches the meter is less by the way out.
    cycles = full_cycles_per_year(load, terms.grid_mw - own, hours, sized)
    delivered = cycles * found.energy * terms.one_way
    rate = c_rate(found.power, nameplate)
    return Needed(found.power, found.energy, nameplate, own, rate, delivered, delivered / nameplate, NEEDED, most)


def _asked(load, hours, terms):
    """What the battery asked about carries; a size that is not given has no bound."""
    power = math.inf if terms.battery_mw is None else terms.battery_mw
    charge = power if terms.charge_mw is None else terms.charge_mw
    if terms.auxiliaries and math.isinf(max(power, charge)):
        what = "they are a share of a power that is not given"
        raise FlexError("CPM-153", what, place="--auxiliaries", remedy="Give --battery-mw too.")
    usable = math.inf if terms.battery_mwh is None else terms.battery_mwh * terms.usable_share
    battery = Battery(usable, charge, power, terms.one_way, terms.one_way, terms.auxiliaries)
    found = carried(load, terms.grid_mw, hours, battery)
    largest = largest_load(load, terms.grid_mw, hours, battery)
    over = largest.peak / terms.grid_mw
    return Asked(found.verdict, found.shortages, largest.scale, largest.peak, over, largest.bound)


def _cautions(runs, terms, seconds, from_mlperf):
    yield from cautions.of_trace(seconds, len(runs), from_mlperf)
    reserved = max(run.needed.usable_mwh for run in runs)
    peak = max(run.statistics.peak_mw for run in runs)
    yield from cautions.of_limit(terms.grid_mw, peak, reserved if math.isfinite(reserved) else 0.0)
    if terms.grid_mw > _FAR * peak:
        yield f"The limit is {terms.grid_mw / peak:,.4g} times the load's peak: look at the units."
    if any(MOST_C_QUIET < run.needed.c_rate < math.inf for run in runs):
        yield f"The battery needed is {ABOVE_QUIET}."
    if not terms.auxiliaries and any(run.needed.power_mw for run in runs):
        usual = usual_auxiliaries()
        yield f"Auxiliaries of the battery are not counted; --auxiliaries {usual} counts them as load."


def usual_auxiliaries():
    """The usual share of auxiliaries as it is typed.

    Example:
        >>> usual_auxiliaries()
        '1.5%'
    """
    return f"{100.0 * INPUTS['auxiliaries'].default:g}%"
