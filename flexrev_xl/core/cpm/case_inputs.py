"""What a case of compute per megawatt is asked: each input with its group, label, unit, bounds and default.

A default is None where the input is required. Prices have defaults in USD only.
"""

from dataclasses import dataclass
from typing import Any

from flexrev_xl.core.arguments import Availability, Choice, Quantity, mark
from flexrev_xl.core.cpm import compute, economics
from flexrev_xl.core.cpm.curves import CAP
from flexrev_xl.core.cpm.marks import GridMW
from flexrev_xl.core.marginal_costs import PUE, GPUPrice, RoundTripEfficiency, WearPerMWh
from flexrev_xl.core.tables import Whole

SITE, GPUS, BATTERY, MONEY = "Site", "GPUs", "Battery", "Money"
TECHNOLOGIES = {"battery": 0.0, "supercap": 1.0, "flywheel": 2.0}
_PER_GPU = Quantity("money/GPU", "", high=1e9)


@dataclass(frozen=True)
class CaseInput:
    """One input: `mark` says how it is read; `default` is None where it is required; `note` says where a default is from."""

    key: str
    group: str
    label: str
    mark: Any
    default: Any = None
    note: str = ""

    @property
    def unit(self):
        """The unit as printed."""
        return {"fraction": "%"}.get(self.mark.unit, self.mark.unit)

    @property
    def is_price_in_usd(self):
        """Whether its default serves cases in USD only."""
        return self.key == "price_per_gpu_hour"


def _input(key, group, label, annotation, default=None, note=""):
    known = compute.DEFAULTS.get(key)
    if default is None and known is not None:
        default, note = known.value, known.note
    return CaseInput(
        key, group, label, annotation if isinstance(annotation, Quantity | Choice) else mark(annotation), default, note
    )


_BATTERY_MW = Quantity("MW", "Power of the battery, to charge and to discharge; 0 for none", high=1e6)
_BATTERY_MWH = Quantity("MWh", "Nameplate energy of the battery; 0 for none", high=1e6)
_SHARE = Quantity("fraction", "Share", high=1.0, above_low=True)
_FALL = Quantity("fraction", "Fall of a price from one year to the next", high=0.9)
_GPU_YEARS = Whole("years", "Life of GPUs and racks", low=1.0, high=15.0)
_ENERGY = Quantity("money/MWh", "Price of energy at the meter", high=1e9)
_GRID = Quantity("money/MW-year", "What grid programmes pay for the battery's power", high=1e12)
_AUXILIARIES = Quantity("fraction", "Load of the battery's own, as a share of its power", high=0.5)

INPUTS = {
    each.key: each
    for each in (
        _input("grid_mw", SITE, "Grid contract", GridMW),
        _input("gpu_kw", GPUS, "Rated power of one GPU", compute.RatedKW),
        _input("other_kw_per_gpu", GPUS, "IT power beside the GPU", compute.OtherKW),
        _input("pue", GPUS, "PUE", PUE),
        _input("power_cap", GPUS, "Power cap", CAP, 1.0, "No cap"),
        _input("utilisation", GPUS, "Utilisation", compute.Utilisation),
        _input("availability", GPUS, "Availability", Availability),
        _input("price_per_gpu_hour", GPUS, "Price of a GPU-hour, first year", GPUPrice),
        _input("price_fall", GPUS, "Fall of that price a year", _FALL),
        _input("gpu_capex", GPUS, "Cost of one GPU with its share of the server", _PER_GPU),
        _input("rack_capex", GPUS, "Cost of racks, power and cooling for one GPU", _PER_GPU, 0.0, "None added"),
        _input("gpu_opex", GPUS, "Operating cost of one GPU, a year", _PER_GPU, 0.0, "None"),
        _input("gpu_years", GPUS, "Life of GPUs and racks", _GPU_YEARS),
        _input("energy_price_per_mwh", GPUS, "Price of energy", _ENERGY),
        _input("battery_mw", BATTERY, "Battery power", _BATTERY_MW),
        _input("battery_mwh", BATTERY, "Battery energy, nameplate", _BATTERY_MWH),
        _input("round_trip_efficiency", BATTERY, "Round-trip efficiency", RoundTripEfficiency),
        _input("auxiliaries", BATTERY, "Auxiliaries", _AUXILIARIES),
        _input("depth", BATTERY, "Depth of discharge", _SHARE),
        _input("end_of_life", BATTERY, "Energy left at the end of life", _SHARE),
        _input("battery_capex_per_mw", BATTERY, "Cost of power", economics.CapexPerMW, 0.0, "In the cost of energy"),
        _input("battery_capex_per_mwh", BATTERY, "Cost of energy, nameplate", economics.CapexPerMWh),
        _input("battery_years", BATTERY, "Life of the battery", economics.LifeYears),
        _input("o_and_m_share", BATTERY, "Operation and maintenance, of cost", economics.OAndMShare),
        _input("wear_per_mwh", BATTERY, "Wear", WearPerMWh, 0.0, "In the battery's life in years"),
        _input("grid_revenue_per_mw_year", MONEY, "Grid revenue of the battery", _GRID, 0.0, "No grid programme"),
        _input("discount_rate", MONEY, "Discount rate", economics.DiscountRate),
        _input("months_earlier", MONEY, "Months that power comes earlier", economics.MonthsEarlier, 0.0, "None"),
    )
}

# What the calculations over the load's series rest on; money may change without them.
DRIVES_SERIES = (
    "grid_mw", "gpu_kw", "other_kw_per_gpu", "pue", "power_cap", "battery_mw", "battery_mwh", "round_trip_efficiency",
    "auxiliaries", "depth", "end_of_life",
)  # fmt: skip
