"""The keys of a case of compute per megawatt beside its scalar inputs: each with its section, help, mark and default."""

from dataclasses import dataclass
from typing import Any

from flexrev_xl.core.arguments import REQUIRED, Choice, Quantity, Text, Truth
from flexrev_xl.core.cpm.case_inputs import INPUTS, TECHNOLOGIES
from flexrev_xl.core.cpm.curves import CURVES
from flexrev_xl.core.cpm.load import LARGEST_MW, LONGEST_INTERVAL_SECONDS
from flexrev_xl.core.tables import Whole, Word

LOAD, OPTIMISE, EVENTS, CURVE, DEMAND_RESPONSE = "load", "optimise", "events", "curve", "demand_response"
SYNTHETIC = "training job"
SITE_METER, IT_METER, GPU_METER = METERS = ("site", "it", "gpu")
METER_WORDS = {
    SITE_METER: "the whole site, cooling and losses included",
    IT_METER: "the IT equipment: GPUs, the servers around them, idle power too",
    GPU_METER: "the GPUs alone",
}
LONGEST_HOURS = 8784.0  # a leap year


@dataclass(frozen=True)
class Key:
    """A key: the section it stands in, the mark that reads it, its default (REQUIRED where there is none), its help."""

    section: str
    name: str
    mark: Any
    default: Any = None
    help: str = ""


def _words(words, help):
    return Word(dict.fromkeys(words, 0.0), help)


def _text(help, example):
    return Text(help, "text", example)


_HOURS = Quantity("h", "", high=LONGEST_HOURS)
_PERIOD = Quantity("h", "", high=LONGEST_HOURS, above_low=True)
_MW, _MWH = Quantity("MW", "", high=1e6), Quantity("MWh", "", high=1e9)
_KEYS = (
    Key(LOAD, "file", _text("Trace", "trace.csv"), None, "A CSV or Parquet trace, beside this file"),
    Key(LOAD, "synthetic", Choice({SYNTHETIC: 0.0}, "Trace by formula"), None, "A trace made by a formula instead"),
    Key(LOAD, "peak_mw", Quantity("MW", "", high=LARGEST_MW, above_low=True), 1.0, "Largest reading of the synthetic trace"),
    Key(LOAD, "seed", Whole("seed", "", high=1e9), 1.0, "What the synthetic trace follows from"),
    Key(LOAD, "unit", _text("Unit", "kW"), None, "W, kW or MW, where the heading does not say it"),
    Key(LOAD, "interval_seconds", Quantity("s", "", high=LONGEST_INTERVAL_SECONDS, above_low=True), None, "By the stamps where left out"),
    Key(LOAD, "gaps", _words(("refuse", "hold", "drop"), "Missing readings"), "refuse", "What is done about missing readings"),
    Key(LOAD, "decimal", _words(("point", "comma"), "Decimal mark"), "point", "Decimal mark of a CSV"),
    Key(LOAD, "column", _text("Heading", "load_kw"), None, "Heading of the load, where more than one could be"),
    Key(LOAD, "time_column", _text("Heading", "t_s"), None, "Heading of the time, where more than one could be"),
    Key(LOAD, "run", _text("Run", "1"), None, "Which run, where the file holds several"),
    Key(LOAD, "meter", _words(METERS, "Meter"), REQUIRED, "; ".join(f"{k}: {v}" for k, v in METER_WORDS.items())),
    Key(LOAD, "gpus", Quantity("GPUs", "", high=1e9, above_low=True), None, "GPUs behind the trace; by its peak where left out"),
    Key(LOAD, "is_mlperf", Truth("From MLPerf logs"), False, "Whether the trace is from logs of MLPerf submissions"),
    Key("site", "period_hours", _PERIOD, None, "Events recur in these hours; the trace is repeated to fill them"),
    Key("site", EVENTS, None, (), "Calls on the site to draw less, in hours from the start of the trace"),
    Key("gpus", CURVE, None, None, f"Throughput under a cap: {', '.join(CURVES)}, or caps and throughputs of your own"),
    Key("battery", "technology", _words(TECHNOLOGIES, "Kind of storage"), "battery", f"{', '.join(TECHNOLOGIES)}"),
    Key(OPTIMISE, "most_battery_mw", _MW, None, "Most battery power; no bound where left out"),
    Key(OPTIMISE, "most_battery_mwh", _MWH, None, "Most battery energy, nameplate; no bound where left out"),
    Key(OPTIMISE, "most_gpus", Whole("GPUs", "", high=1e9), None, "Most GPUs; no bound where left out"),
    Key(OPTIMISE, "most_c_rate", Quantity("1/h", "", high=1e6, above_low=True), None, "Most power over nameplate energy"),
    Key(OPTIMISE, "caps", None, None, "Power caps to choose from; all that the curve allows where left out"),
    Key(OPTIMISE, DEMAND_RESPONSE, None, None, "Battery power that may be nominated to demand response"),
)  # fmt: skip
EXTRA = {(key.section, key.name): key for key in _KEYS}
HEADER = ("name", "currency")
SECTIONS = {
    LOAD: tuple(key.name for key in _KEYS if key.section == LOAD),
    **{
        group: (
            *(each.key for each in INPUTS.values() if each.group.lower() == group),
            *(key.name for key in _KEYS if key.section == group),
        )
        for group in dict.fromkeys(each.group.lower() for each in INPUTS.values())
    },
    OPTIMISE: tuple(key.name for key in _KEYS if key.section == OPTIMISE),
}
EVENT_KEYS = {
    "start_hour": _HOURS,
    "hours": _PERIOD,
    "reduce_mw": Quantity("MW", "", high=1e6, above_low=True),
}
CURVE_KEYS = ("caps", "throughputs", "watts", "rated_watts")
RESPONSE_KEYS = {
    "most_mw": _MW,
    "event_hours": Quantity("h", "", high=168.0, above_low=True),
    "rate_per_mw_year": Quantity("money/MW-year", "", high=1e9),
}


def section_of(name):
    """The section a key stands in, or None.

    Example:
        >>> section_of("pue"), section_of("battery_mw"), section_of("pou")
        ('gpus', 'battery', None)
    """
    return next((section for section, names in SECTIONS.items() if name in names), None)
