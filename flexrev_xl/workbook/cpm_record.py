"""A case of compute per megawatt as its tabs hold it: inputs, what the series gave and with which of them, sentences.

Tabs are written from a record, and a record is read back from tabs, so a workbook can be built again or verified
without the load's trace.
"""

import hashlib
import json
from dataclasses import dataclass, field

from flexrev_xl.core.cpm.case_inputs import DRIVES_SERIES, INPUTS
from flexrev_xl.core.cpm.case_line import ALONE, CAPPED, STATES, WITH_BATTERY
from flexrev_xl.core.cpm.uplift import ORDER
from flexrev_xl.workbook.agree import same

# What the series gave for each state; throughput is 1 without a cap, and a battery changes no GPU's mean load.
OF_STATES = ("gpus", "throughput", "mean_kw")
RESULTS = ("event_gpus", "discharged_mwh", "needed_mw", "needed_mwh", "load_out_mw")
NO_SOURCE = "No source named"
NOTE_KINDS = ("Read", "Look at", "Caution", "Assumed", "Default used")
WORST_HOUR = (
    ("seconds", "Time", "s"),
    ("load_mw", "Load", "MW"),
    ("limit_mw", "Limit", "MW"),
    ("charge_fraction", "State of charge", "%"),
)
FRONTIER = (
    ("battery_mwh", "Battery energy, nameplate", "MWh"),
    ("battery_mw", "Battery power", "MW"),
    ("gpus", "GPUs", "GPUs"),
    ("profit", "Profit of a year", "money"),
)
STATISTICS = (
    ("readings", "Readings", "count"),
    ("interval_seconds", "Interval of the readings", "s"),
    ("duration_hours", "Length", "h"),
    ("mean_mw", "Mean load", "MW"),
    ("peak_mw", "Peak load", "MW"),
    ("least_mw", "Least load", "MW"),
    ("load_factor_fraction", "Mean over peak", "%"),
    ("peak_over_mean", "Peak over mean", "times"),
    ("largest_step_fraction", "Largest step over peak", "%"),
    ("ramp_mw_per_second", "Fastest ramp", "MW/s"),
    ("idle_fraction", "Time below the idle level", "%"),
)


@dataclass(frozen=True)
class CaseRecord:
    """What the tabs of a case hold beside their formulas.

    Attributes:
        name, currency, technology: of the case.
        inputs: numbers by key of `case_inputs.INPUTS`; sources: where each is from.
        worked_out_with: the inputs that the stored figures were worked out with.
        states: for each state the figures OF_STATES by key; results: RESULTS by key.
        verdict: what the series says of the battery.
        statistics: figures of the trace by key; factors: of ORDER, by key.
        worst_hour, frontier: rows in the order of WORST_HOUR and FRONTIER.
        notes: (kind, sentence), in the order they are printed.
    """

    name: str
    currency: str
    technology: str
    inputs: dict
    sources: dict
    worked_out_with: dict
    states: dict
    results: dict
    verdict: str
    statistics: dict
    factors: dict
    worst_hour: tuple
    frontier: tuple
    notes: tuple = field(default=())

    @property
    def inputs_hash(self):
        """A hash of every input as it stands."""
        return _hash([self.name, self.currency, self.technology, self.inputs])

    @property
    def stored_hash(self):
        """A hash of everything that formulas cannot work out anew, and of the inputs it was worked out with."""
        stored = (self.states, self.results, self.statistics, self.factors)
        return _hash([self.worked_out_with, *stored, self.verdict, self.worst_hour, self.frontier])

    @property
    def changed_inputs(self):
        """Labels of the inputs that the series rest on and that changed since."""
        return self._changed(DRIVES_SERIES)

    @property
    def changed_money(self):
        """Labels of the other inputs that changed since."""
        return self._changed(key for key in INPUTS if key not in DRIVES_SERIES)

    def _changed(self, keys):
        return tuple(INPUTS[k].label for k in keys if not same(self.inputs[k], self.worked_out_with[k]))


def of_result(result):
    """The record of a worked-out case.

    Args:
        result: an analysis.cpm_case.CaseResult.
    """
    found = {key: kept(value) for key, value in result.results.items()}
    inputs = {key: kept(result.inputs[key]) for key in INPUTS}
    kw = {ALONE: found["mean_kw_alone"], CAPPED: found["mean_kw_capped"], WITH_BATTERY: found["mean_kw_capped"]}
    throughput = {ALONE: 1.0, CAPPED: found["throughput"], WITH_BATTERY: found["throughput"]}
    states = {
        state: {"gpus": found[f"gpus_{state}"], "throughput": throughput[state], "mean_kw": kw[state]}
        for state in STATES
    }
    sentences = (result.read, result.warnings, result.cautions, result.assumptions, result.defaults_used)
    notes = tuple((kind, text) for kind, texts in zip(NOTE_KINDS, sentences, strict=True) for text in texts)
    return CaseRecord(
        name=result.case.name,
        currency=result.case.currency,
        technology=result.case.technology,
        inputs=inputs,
        sources={key: result.sources[key] or NO_SOURCE for key in INPUTS},
        worked_out_with=dict(inputs),
        states=states,
        results={key: found[key] for key in RESULTS},
        verdict=result.carried.verdict,
        statistics={key: kept(getattr(result.statistics, key)) for key, *_ in STATISTICS},
        factors={key: kept(result.uplift.factors[key]) for key in ORDER},
        worst_hour=tuple(tuple(map(kept, row)) for row in result.worst_hour),
        frontier=tuple(tuple(kept(getattr(point, key)) for key, *_ in FRONTIER) for point in result.frontier),
        notes=notes,
    )


def kept(number):
    """A number to the 15 digits that every spreadsheet program keeps of it when it saves.

    Example:
        >>> kept(1 / 3)
        0.333333333333333
    """
    return float(f"{number:.15g}")


def _hash(value):
    return hashlib.sha256(json.dumps(_as_text(value), sort_keys=True).encode()).hexdigest()[:32]


def _as_text(value):
    """Every number in its 15 digits, whole or not."""
    if isinstance(value, dict):
        return {key: _as_text(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [_as_text(v) for v in value]
    return f"{value:.15g}" if isinstance(value, int | float) else value
