"""A case of compute per megawatt: one grid connection, the load behind it, its GPUs, its battery and what they cost."""

from dataclasses import dataclass, field
from typing import Any

from flexrev_xl.core.arguments import is_empty
from flexrev_xl.core.cpm.case_inputs import BATTERY, INPUTS
from flexrev_xl.core.cpm.curves import DEFAULT
from flexrev_xl.errors import FlexError

NO_CAP = 1.0
USD = "USD"


@dataclass(frozen=True)
class Given:
    """A value that a person gave, with where it stands and, if told, where it is from."""

    value: Any
    place: str
    source: str = ""


@dataclass(frozen=True)
class CaseTrace:
    """The load of a case.

    Attributes:
        power_mw: float array [MW], each the mean of its interval.
        interval_seconds: from one reading to the next.
        resolution_seconds: of the readings as they were measured.
        read: what was read, in sentences.
        meter: one of cpm_keys.METERS.
        gpus: behind the trace; None where not told.
        is_mlperf, is_synthetic: where it is from.
        runs: how many runs the file holds, of which this is one.
    """

    power_mw: Any
    interval_seconds: float
    resolution_seconds: float
    read: tuple
    meter: str
    gpus: float | None = None
    is_mlperf: bool = False
    is_synthetic: bool = False
    runs: int = 1


@dataclass(frozen=True)
class Bounds:
    """What an optimisation may choose from; None where it is free.

    Attributes:
        most_battery_mw, most_battery_mwh, most_gpus, most_c_rate: upper bounds; energy is nameplate.
        caps: power caps to choose from, none beside them.
        most_dr_mw, dr_event_hours, dr_rate_per_mw_year: battery power that may be nominated to demand response.
    """

    most_battery_mw: float | None = None
    most_battery_mwh: float | None = None
    most_gpus: float | None = None
    most_c_rate: float | None = None
    caps: tuple | None = None
    most_dr_mw: float = 0.0
    dr_event_hours: float = 1.0
    dr_rate_per_mw_year: float = 0.0


@dataclass(frozen=True)
class CpmCase:
    """A case as it is worked out.

    Attributes:
        name, currency, source: the source is the file's name.
        inputs: every scalar input by key, as used.
        sources: where each is from.
        defaults_used: those that were not given, in sentences.
        trace: a CaseTrace.
        curve: Curve of throughput over caps; only used under a cap.
        technology: kind of storage.
        events: core.cpm.events.Event each.
        period_hours: in which the events recur; None for no longer than the trace and its events need.
        bounds: of an optimisation; None where none is asked for.
        places: where inputs and other keys stand in the file, for messages.
    """

    name: str
    currency: str
    source: str
    inputs: dict
    sources: dict
    defaults_used: tuple
    trace: CaseTrace
    curve: Any = DEFAULT
    technology: str = "battery"
    events: tuple = ()
    period_hours: float | None = None
    bounds: Bounds | None = None
    places: dict = field(default_factory=dict)

    @property
    def has_cap(self):
        """Whether GPUs are capped at all."""
        return self.inputs["power_cap"] < NO_CAP

    @property
    def has_battery(self):
        """Whether there is a battery."""
        return self.inputs["battery_mw"] > 0.0

    def place(self, key):
        """Where a key stands in the file, or would."""
        return self.places.get(key, f"{self.source}, {key}")


def shown(key, value, currency):
    """A value of an input as printed.

    Example:
        >>> shown("utilisation", 0.8, "USD"), shown("price_per_gpu_hour", 2.35, "USD"), shown("pue", 1.2, "USD")
        ('80%', '2.35 USD/GPU-hour', '1.2')
    """
    unit = INPUTS[key].unit
    if unit == "%":
        return f"{100.0 * value:.6g}%"
    return f"{value:,.10g}" if unit == "ratio" else f"{value:,.10g} {unit.replace('money', currency)}"


def read_inputs(given, currency, source):
    """Every scalar input of a case.

    Args:
        given: a Given by key.
        currency: ISO code; prices have defaults in USD only; None where it could not be read.
        source: the file's name, for messages.

    Returns:
        (values by key, sources by key, defaults used in sentences, faults).
    """
    values, sources, defaults, faults = {}, {}, [], []
    for key, each in INPUTS.items():
        place = f"{source}, {each.group.lower()}.{key}"
        found = given.get(key)
        if found is not None and not is_empty(found.value):
            try:
                if isinstance(found.value, FlexError):
                    raise found.value
                values[key] = each.mark.read(found.value)
                sources[key] = found.source or source
            except FlexError as e:
                faults += e.at(found.place).problems
        elif each.default is None:
            what = f"it is missing: {each.label} [{each.unit}]"
            faults.append(FlexError("FLEX-105", what, place=place, allowed=each.mark.allowed))
        elif each.is_price_in_usd and currency not in (None, USD):
            what = f"the default is in {USD}, the case in {currency}"
            faults.append(FlexError("FLEX-105", what, place=place, remedy=f"Give it in {currency}."))
        else:
            values[key] = float(each.default)
            sources[key] = f"default: {each.note}"
            defaults.append(f"{each.label}: {shown(key, each.default, currency or USD)} ({each.note})")
    places = {key: found.place for key, found in given.items()}
    faults += battery_faults(values, lambda key: places.get(key, f"{source}, {BATTERY.lower()}.{key}"))
    return values, sources, defaults, faults


def battery_faults(values, place_of):
    """A battery that has power and no energy, or energy and no power; auxiliaries that take the whole connection.

    Args:
        values: inputs by key; those that could not be read are left out.
        place_of: a function of a key that says where it stands.
    """
    mw, mwh, grid = (values.get(key) for key in ("battery_mw", "battery_mwh", "grid_mw"))
    for has, key in ((mw, "battery_mwh"), (mwh, "battery_mw")):
        if has and values.get(key) == 0.0:
            what = "it is 0 beside a battery"
            yield FlexError("FLEX-003", what, place=place_of(key), remedy="Give both power and energy, or 0 for both.")
    if mw and grid and (own := mw * values.get("auxiliaries", 0.0)) >= grid:
        what = f"auxiliaries of {own:,.6g} MW leave nothing of {grid:,.6g} MW"
        yield FlexError("CPM-153", what, place=place_of("auxiliaries"))
