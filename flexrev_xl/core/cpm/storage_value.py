"""What storage is worth a year: the margin of the compute it adds, less what it costs, beside what the grid pays it."""

from dataclasses import dataclass, fields
from typing import Annotated

from flexrev_xl.core.arguments import Choice, Quantity, mark, read_each
from flexrev_xl.core.cpm.case_inputs import TECHNOLOGIES
from flexrev_xl.core.cpm.compute import DEFAULTS
from flexrev_xl.core.cpm.economics import (
    MOST_C_QUIET,
    MOST_C_SHOWN,
    BatteryMW,
    CapexPerMW,
    CapexPerMWh,
    DiscountRate,
    GridRevenue,
    LifeYears,
    OAndMShare,
    StorageMWh,
    grid_share,
    grid_verdict,
)
from flexrev_xl.core.cpm.storage_line import PER_MWH, STORAGE_STEPS, evaluate
from flexrev_xl.errors import refuse

ABOVE_QUIET = f"above {MOST_C_QUIET:g} C: ask the maker for rating, life and warranty at this rate"
ABOVE_SHOWN = f"above {MOST_C_SHOWN:g} C: no money per MWh is shown, the MWh are too few to mean anything"
STEP_OF = {step.key: step for step in STORAGE_STEPS}
_YEARLY = "money/year"
_CAPITAL = Quantity("money", "Cost of added GPUs and racks, built")
_COST = Quantity(_YEARLY, "Yearly cost of what is added")
_DISCHARGED = Quantity("MWh/year", "Energy discharged in a year", high=1e12)
_WEAR = Quantity("money/MWh", "Ageing beyond the battery's life in years, for each MWh discharged", high=1e9)
_TECHNOLOGY = Choice(TECHNOLOGIES, "Kind of storage")


@dataclass(frozen=True)
class StorageCase:
    """Storage that lets a site run more GPUs: what is added, what it costs; energy and opex are those of the GPUs.

    Raises:
        FlexErrors: every number that is refused, FLEX-001 to FLEX-006 by field.
    """

    added_revenue: Annotated[float, Quantity(_YEARLY, "Compute revenue that the storage adds")]
    added_gpu_capex: Annotated[float, _CAPITAL]
    added_energy_cost: Annotated[float, _COST]
    added_opex: Annotated[float, _COST]
    battery_mw: BatteryMW
    battery_mwh: StorageMWh
    battery_capex_per_mwh: CapexPerMWh
    battery_capex_per_mw: CapexPerMW = 0.0
    discharged_mwh: Annotated[float, _DISCHARGED] = 0.0
    wear_per_mwh: Annotated[float, _WEAR] = 0.0
    grid_revenue: GridRevenue = 0.0
    discount_rate: DiscountRate = DEFAULTS["discount_rate"].value
    gpu_years: LifeYears = DEFAULTS["gpu_years"].value
    battery_years: LifeYears = DEFAULTS["battery_years"].value
    o_and_m_share: OAndMShare = DEFAULTS["o_and_m_share"].value
    technology: Annotated[str, _TECHNOLOGY] = "battery"

    def __post_init__(self):
        values, problems = read_each((f.name, mark(f.type), getattr(self, f.name)) for f in fields(self))
        refuse(problems)
        for name, value in values.items():
            object.__setattr__(self, name, value)


class StorageValue:
    """What storage is worth a year, in money: gross and net always stand together.

    Attributes:
        values: every step of storage_line.STORAGE_STEPS by key, and the case they are made of.
    """

    def __init__(self, values):
        self.values = values

    @property
    def gross(self):
        """Compute revenue added, before any cost."""
        return self.values["added_revenue"]

    @property
    def net(self):
        """Value of the storage through compute: gross less every cost; grid revenue is outside it."""
        return self.values["storage_net"]

    @property
    def compute_margin(self):
        """Added compute margin before the battery's cost."""
        return self.values["added_compute_margin"]

    @property
    def grid_revenue(self):
        """What the battery earns from grid programmes."""
        return self.values["grid_revenue"]

    @property
    def verdict(self):
        """What the share of grid revenue says."""
        return grid_verdict(self.grid_revenue, self.compute_margin)

    @property
    def shows_per_mwh(self):
        """Whether it holds energy enough that money per MWh means something."""
        return self.values["c_rate"] <= MOST_C_SHOWN or self.values["technology"] != "battery"

    @property
    def notes(self):
        """What must be printed beside the figures."""
        rate, cycles = self.values["c_rate"], self.values["full_cycles"]
        notes = [f"{rate:.2f} C, {cycles:,.0f} full cycles a year", self.verdict]
        if rate > MOST_C_QUIET:
            notes.append(ABOVE_QUIET)
        if not self.shows_per_mwh:
            notes.append(ABOVE_SHOWN)
        return tuple(notes)

    def rows(self):
        """(label, value, unit) of gross, each cost, and net; costs positive. Per MWh only where it means something."""
        values = self.values
        rows = [
            ["Added compute revenue, gross", self.gross, _YEARLY],
            [STEP_OF["added_gpu_annuity"].label, values["added_gpu_annuity"], _YEARLY],
            ["Energy", values["added_energy_cost"], _YEARLY],
            ["Operating cost of added GPUs", values["added_opex"], _YEARLY],
        ]
        for key in ("added_compute_margin", "battery_annuity", "battery_o_and_m", "wear", "storage_net"):
            rows.append([STEP_OF[key].label, values[key], _YEARLY])
        rows.append(["Grid revenue", self.grid_revenue, _YEARLY])
        if self.compute_margin > 0.0:
            share = grid_share.formula(self.grid_revenue, self.compute_margin)
            rows.append(["Share of grid revenue", share, "fraction"])
        shown = [key for key in STEP_OF if key.endswith("_per_mw")]
        shown += PER_MWH if self.shows_per_mwh else ()
        return rows + [[STEP_OF[key].label, values[key], STEP_OF[key].unit] for key in shown]


def storage_value(case):
    """What storage is worth a year.

    Args:
        case: a StorageCase.

    Returns:
        StorageValue.

    Example:
        >>> value = storage_value(StorageCase(900e3, 2e6, 100e3, 50e3, 1, 2, 300e3, discount_rate=0.0))
        >>> round(value.gross), round(value.net)
        (900000, 275000)
    """
    return StorageValue(evaluate(STORAGE_STEPS, vars(case)))
