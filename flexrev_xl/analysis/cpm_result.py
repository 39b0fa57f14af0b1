"""What a case of compute per megawatt comes to: the contract of whatever prints it, charts it or writes it."""

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from flexrev_xl.core.cpm.case_line import ADDED_STEPS, MONEY_STEPS
from flexrev_xl.core.cpm.economics import TimeToPower

WORST_HOUR = ("seconds", "load_mw", "limit_mw", "charge_fraction")


class Figure(NamedTuple):
    """A figure, or None with the reason why there is none."""

    value: float | None
    reason: str = ""


class FrontierPoint(NamedTuple):
    """The best layout with a battery of one size: nameplate energy, power, GPUs, and profit a year."""

    battery_mwh: float
    battery_mw: float
    gpus: float
    profit: float


@dataclass(frozen=True)
class CaseResult:
    """A case worked out.

    Attributes:
        case: the CpmCase.
        statistics: LoadStatistics of the trace.
        results: what the steps need of the series: gpus_alone, gpus_capped, gpus_with_battery, event_gpus, throughput,
            mean_kw_alone, mean_kw_capped, discharged_mwh; and gpus_carried, those that the battery carries through
            events too, load_out_mw, their peak with the battery out, needed_mw and needed_mwh (usable) of a battery.
        uplift: core.cpm.uplift.Uplift.
        states: by state its steps and gpus, throughput, mean_kw.
        values: every input and step by key; those of a state with its name behind them.
        cash: a dict of year and the YEAR_STEPS for each year from 0.
        npv, irr, payback_years: a Figure each, of the yearly cash.
        storage: core.cpm.storage_value.StorageValue.
        fee_verdict: "deal", "no deal" or "no battery".
        carried: core.cpm.storage.Carried of the GPUs that the battery carries.
        worst_hour: rows of WORST_HOUR.
        frontier: FrontierPoints over battery size; empty where not asked for.
        optimum: core.cpm.optimise.Optimum; None where not asked for.
        cautions, assumptions, warnings: in sentences.
    """

    case: Any
    statistics: Any
    results: dict
    uplift: Any
    states: dict
    values: dict
    cash: list
    npv: Figure
    irr: Figure
    payback_years: Figure
    storage: Any
    fee_verdict: str
    carried: Any
    worst_hour: tuple
    cautions: tuple
    assumptions: tuple
    warnings: tuple
    frontier: tuple = ()
    optimum: Any = None

    @property
    def currency(self):
        """ISO code of all money."""
        return self.case.currency

    @property
    def inputs(self):
        """Every scalar input by key, as used."""
        return self.case.inputs

    @property
    def sources(self):
        """Where each input is from, by key."""
        return self.case.sources

    @property
    def defaults_used(self):
        """Inputs that were not given, in sentences."""
        return self.case.defaults_used

    @property
    def read(self):
        """What was read of the trace, in sentences."""
        return self.case.trace.read

    @property
    def time_to_power(self):
        """Both values of power that comes earlier."""
        return TimeToPower(self.values["extra_months"], self.values["moved_life"])

    def as_json(self):
        """What `flexrev cpm report --json` prints."""
        steps = [step.key for step in (*ADDED_STEPS, *MONEY_STEPS)]
        found = {
            "name": self.case.name,
            "currency": self.currency,
            "inputs": {key: {"value": value, "source": self.sources[key]} for key, value in self.inputs.items()},
            "read": list(self.read),
            "statistics": self.statistics.as_json(),
            "results": self.results,
            "verdict": self.carried.verdict,
            "uplift": {
                "factors": self.uplift.factors,
                "product": self.uplift.total,
                "sentences": list(self.uplift.sentences),
            },
            "states": self.states,
            "values": {key: self.values[key] for key in ("level_price", *steps)},
            "cash": self.cash,
            "npv": self.npv.value,
            "irr": self.irr.value,
            "irr_reason": self.irr.reason,
            "payback_years": self.payback_years.value,
            "payback_reason": self.payback_years.reason,
            "storage": {"verdict": self.storage.verdict, "notes": list(self.storage.notes)},
            "fee_verdict": self.fee_verdict,
            "time_to_power": asdict(self.time_to_power),
            "worst_hour": [dict(zip(WORST_HOUR, row, strict=True)) for row in self.worst_hour],
            "frontier": [point._asdict() for point in self.frontier],
        }
        for key in ("cautions", "assumptions", "defaults_used", "warnings"):
            found[key] = list(getattr(self, key))
        return found
