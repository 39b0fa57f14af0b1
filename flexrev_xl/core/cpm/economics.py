"""What storage for compute is worth: net beside gross, time to power, a storage fee, and the rates of return.

Money is yearly and comes in at the end of each year, or of each month where months are counted. Inputs are positive;
costs are subtracted once, where net is formed.
"""

import math
from dataclasses import dataclass, fields
from typing import Annotated

from flexrev_xl.core.arguments import Choice, Quantity, mark
from flexrev_xl.core.cpm.compute import DEFAULTS
from flexrev_xl.core.cpm.marks import MODEL, cpm
from flexrev_xl.core.expression import Reference, choose, given
from flexrev_xl.errors import FlexError, refuse

MONTHS = 12.0
MOST_C_SHOWN, MOST_C_QUIET = 4.0, 2.0  # C-rates: above the first no money per MWh is shown, above the second a warning
NOT_PAYING = "storage does not pay through compute"
MAINLY_GRID = "grid revenue has become the main reason for this battery"
MAINLY_COMPUTE = "compute is the main reason for this battery"
NO_DEAL, DEAL = "no deal", "deal"
NO_CEILING = "no ceiling: added_compute_margin is not given"


@dataclass(frozen=True)
class AddedMargin(Quantity):
    """A compute margin that a share is taken of: nothing is left to share where it is not above 0."""

    def read(self, cell):
        """Like Quantity.read; a margin of 0 or less is FLEX-159."""
        try:
            return super().read(cell)
        except FlexError as e:
            if e.code == "FLEX-003" and cell <= 0:
                what = f"{NOT_PAYING}: the added margin is {cell:,.12g} {self.unit}"
                raise FlexError("FLEX-159", what, allowed=self.allowed) from None
            raise


_MARGIN = "Added compute margin before the battery's cost"
_YEARLY = "money/year"
Margin = Annotated[float, Quantity(_YEARLY, _MARGIN, low=-1e15)]
MarginAboveZero = Annotated[float, AddedMargin(_YEARLY, _MARGIN, above_low=True)]
GridRevenue = Annotated[float, Quantity(_YEARLY, "Revenue of the battery from grid programmes, all its MW together")]
AnnualMargin = Annotated[float, Quantity(_YEARLY, "Margin of the site after the annuity of its GPUs", low=-1e15)]
MonthsEarlier = Annotated[float, Quantity("months", "Months that power comes earlier", high=240.0)]
DiscountRate = Annotated[float, Quantity("fraction", "Discount rate a year", high=1.0)]
LifeYears = Annotated[float, Quantity("years", "Life over which capital is recovered", high=100.0, above_low=True)]
BatteryMW = Annotated[float, Quantity("MW", "Rated power of the storage, AC", high=1e6, above_low=True)]
StorageMWh = Annotated[float, Quantity("MWh", "Nameplate energy of the storage", high=1e6, above_low=True)]
CapexPerMWh = Annotated[
    float, Quantity("money/MWh", "Cost of the storage, built, for each MWh of nameplate", high=1e12)
]
OAndMShare = Annotated[float, Quantity("fraction", "Yearly operation and maintenance over the cost built", high=1.0)]
_DISCOUNT, _BATTERY_YEARS, _O_AND_M = DEFAULTS["discount_rate"].value, DEFAULTS["battery_years"].value, 0.025


def annuity(rate, periods):
    """Present value of 1 at the end of each period; PV in a spreadsheet, which knows a rate of 0 too.

    Example:
        >>> round(annuity(0.1, 5), 6), annuity(0.0, 5.0)
        (3.790787, 5.0)
    """
    if isinstance(rate, Reference):
        return Reference(f"PV({rate},{periods},-1)")
    if isinstance(rate, float | int) and isinstance(periods, float | int):
        return periods if rate == 0.0 else -math.expm1(-periods * math.log1p(rate)) / rate
    import numpy as np

    above = np.where(np.equal(rate, 0.0), 1.0, rate)
    return np.where(np.equal(rate, 0.0), periods, -np.expm1(-periods * np.log1p(above)) / above)


def monthly(rate):
    """The rate a month that comes to a rate a year."""
    if isinstance(rate, Reference):
        return Reference(f"(1+{rate})^(1/12)-1", Reference.ADD)
    if isinstance(rate, float | int):
        return math.expm1(math.log1p(rate) / MONTHS)
    import numpy as np

    return np.expm1(np.log1p(rate) / MONTHS)


def capital_recovery(rate, years):
    """Yearly payment that recovers a capital of 1 with its return.

    Example:
        >>> round(capital_recovery(0.1, 5), 6), capital_recovery(0.0, 5.0)
        (0.263797, 0.2)
    """
    return 1.0 / annuity(rate, years)


@cpm(unit="money/MWh", source=MODEL, example=((600000, 20), 30000.0))
def revenue_per_mwh(added_compute_margin: Margin, storage_mwh: StorageMWh):
    """Added compute margin a year for each MWh of storage. Says little of storage above 4 C, whose MWh are few."""
    return added_compute_margin / storage_mwh


@cpm(unit="fraction", source=MODEL, example=((600000, 400000), 0.6))
def grid_share(grid_revenue: GridRevenue, added_compute_margin: MarginAboveZero):
    """Grid revenue over grid revenue and added compute margin; above 50 % grid revenue is the main reason for the battery."""
    return grid_revenue / (grid_revenue + added_compute_margin)


def grid_verdict(grid_revenue, added_compute_margin):
    """What the share of grid revenue says of a battery that was bought for compute.

    Example:
        >>> grid_verdict(600_000, 400_000)
        'grid revenue has become the main reason for this battery'
    """
    if added_compute_margin <= 0.0:
        return NOT_PAYING
    return MAINLY_GRID if grid_share.formula(grid_revenue, added_compute_margin) > 0.5 else MAINLY_COMPUTE


@cpm(
    unit="money",
    source="Section 7 of the model: 12 M a year, 9 months, 10 %",
    example=((12e6, 9, 0.1), 8651409.640056),
)
def time_to_power_value(
    annual_margin: AnnualMargin,
    months_earlier: MonthsEarlier,
    discount_rate: DiscountRate = 0.0,
    life_years: LifeYears = None,
):
    """Value today of months of margin won by power that comes earlier; with life_years, of a whole life that moves forward.

    Extra months: margin / 12 at the end of each, discounted. Moved life: value of its months x (1 - (1 + rate)^(-months / 12)).
    """
    extra = annual_margin / MONTHS * annuity(monthly(discount_rate), months_earlier)
    if life_years is None:
        return extra
    # annuity(life) x (1 - v^months) = annuity(months) x (1 - v^life): the months won, less those lost at the end.
    return extra * choose(given(life_years), 1.0 - 1.0 / (1.0 + discount_rate) ** life_years, 1.0)


@dataclass(frozen=True)
class TimeToPower:
    """Both values of power that comes earlier, in money: the months are extra, or the same life moves forward."""

    extra_months: float
    moved_life: float


def time_to_power(annual_margin, months_earlier, discount_rate, life_years):
    """Both values of power that comes earlier; arguments as time_to_power_value, margin after the annuity of GPUs.

    Example:
        >>> both = time_to_power(12e6, 9, 0.1, 5)
        >>> round(both.extra_months), round(both.moved_life)
        (8651410, 3279565)
    """
    earlier = annual_margin, months_earlier, discount_rate
    return TimeToPower(time_to_power_value(*earlier), time_to_power_value(*earlier, life_years))


def owners_floor(battery_mw, battery_mwh, capex_per_mwh, capital_recovery, o_and_m_share, grid_revenue):
    """Fee in money per MW-month at which the owner of storage just recovers its cost; below 0 where the grid pays it."""
    yearly_cost = battery_mwh * capex_per_mwh * (capital_recovery + o_and_m_share)
    return (yearly_cost - grid_revenue) / (battery_mw * MONTHS)


def hosts_ceiling(battery_mw, added_compute_margin):
    """Fee in money per MW-month that takes all that the host wins by the storage."""
    return added_compute_margin / (battery_mw * MONTHS)


@cpm(
    unit="table",
    source="Section 7 of the model: 10 MW / 20 MWh, 350/kWh, 10 %, 10 years, O&M 2.5 %, grid 60,000 per MW-year",
    example=(
        (10, 20, 350000, 0, 10, 0.025, 600000, 720000),
        [
            ["Owner's floor", 2291.666666666667, "money/MW-month"],
            ["Host's ceiling", 6000.0, "money/MW-month"],
            ["Verdict", "deal", ""],
        ],
    ),
)
def storage_fee(
    battery_mw: BatteryMW,
    battery_mwh: StorageMWh,
    capex_per_mwh: CapexPerMWh,
    discount_rate: DiscountRate = _DISCOUNT,
    life_years: LifeYears = _BATTERY_YEARS,
    o_and_m_share: OAndMShare = _O_AND_M,
    grid_revenue: GridRevenue = 0.0,
    added_compute_margin: Margin = None,
):
    """Storage as a service, a month and MW: what its owner must ask, what its host can pay, and whether they can agree."""
    floor = owners_floor(
        battery_mw, battery_mwh, capex_per_mwh, capital_recovery(discount_rate, life_years), o_and_m_share, grid_revenue
    )
    ceiling, verdict = "", NO_CEILING
    if added_compute_margin is not None:
        ceiling = hosts_ceiling(battery_mw, added_compute_margin)
        verdict = NO_DEAL if floor > ceiling else DEAL
    unit = "money/MW-month"
    return [["Owner's floor", floor, unit], ["Host's ceiling", ceiling, unit], ["Verdict", verdict, ""]]


_CAPITAL = Quantity("money", "Cost of added GPUs and racks, built")
_COST = Quantity(_YEARLY, "Yearly cost of what is added")
_DISCHARGED = Quantity("MWh/year", "Energy discharged in a year", high=1e12)
_WEAR = Quantity("money/MWh", "Ageing beyond the battery's life in years, for each MWh discharged", high=1e9)
_TECHNOLOGY = Choice({"battery": 0.0, "supercap": 1.0, "flywheel": 2.0}, "Kind of storage")


@dataclass(frozen=True)
class StorageCase:
    """Storage that lets a site run more GPUs: what is added, what it costs; energy and opex are those of the GPUs.

    Raises:
        FlexErrors: every number that is refused, FLEX-001 to FLEX-006 by field.
    """

    added_revenue: Annotated[float, Quantity(_YEARLY, "Compute revenue that the storage adds")]
    gpu_and_rack_capex: Annotated[float, _CAPITAL]
    energy: Annotated[float, _COST]
    opex: Annotated[float, _COST]
    battery_mw: BatteryMW
    battery_mwh: StorageMWh
    capex_per_mwh: CapexPerMWh
    discharged_mwh: Annotated[float, _DISCHARGED] = 0.0
    wear_per_mwh: Annotated[float, _WEAR] = 0.0
    grid_revenue: GridRevenue = 0.0
    discount_rate: DiscountRate = _DISCOUNT
    gpu_years: LifeYears = DEFAULTS["gpu_years"].value
    battery_years: LifeYears = _BATTERY_YEARS
    o_and_m_share: OAndMShare = _O_AND_M
    technology: Annotated[str, _TECHNOLOGY] = "battery"

    def __post_init__(self):
        problems = []
        for field in fields(self):
            try:
                object.__setattr__(self, field.name, mark(field.type).read(getattr(self, field.name)))
            except FlexError as e:
                problems.append(e.at(field.name))
        refuse(problems)


@dataclass(frozen=True)
class StorageValue:
    """What storage is worth a year, in money: gross and net always stand together.

    Attributes:
        gross: compute revenue added, before any cost.
        gpu_annuity, energy, opex: what the added GPUs and racks cost.
        battery_annuity, battery_o_and_m, wear: what the storage costs.
        grid_revenue: what it earns from grid programmes, outside gross and net.
        c_rate: MW over MWh; full_cycles: MWh discharged in a year over MWh.
        battery_mwh: nameplate energy.
        shows_per_mwh: whether it holds energy enough that money per MWh means something.
    """

    gross: float
    gpu_annuity: float
    energy: float
    opex: float
    battery_annuity: float
    battery_o_and_m: float
    wear: float
    grid_revenue: float
    c_rate: float
    full_cycles: float
    battery_mwh: float
    shows_per_mwh: bool

    @property
    def compute_margin(self):
        """Added compute margin before the battery's cost."""
        return self.gross - self.gpu_annuity - self.energy - self.opex

    @property
    def net(self):
        """Value of the storage through compute: gross less every cost."""
        return self.compute_margin - self.battery_annuity - self.battery_o_and_m - self.wear

    @property
    def verdict(self):
        """What the share of grid revenue says."""
        return grid_verdict(self.grid_revenue, self.compute_margin)

    @property
    def notes(self):
        """What must be printed beside the figures."""
        notes = [f"{self.c_rate:.2f} C, {self.full_cycles:,.0f} full cycles a year", self.verdict]
        if self.c_rate > MOST_C_QUIET:
            notes.append(f"above {MOST_C_QUIET:g} C: ask the maker for rating, life and warranty at this rate")
        if not self.shows_per_mwh:
            notes.append(f"above {MOST_C_SHOWN:g} C: no money per MWh is shown, the MWh are too few to mean anything")
        return tuple(notes)

    def rows(self):
        """(label, value, unit) of gross, each cost, and net; costs positive. Per MWh only where it means something."""
        rows = [
            ["Added compute revenue, gross", self.gross, _YEARLY],
            ["Annuity of added GPUs and racks", self.gpu_annuity, _YEARLY],
            ["Energy", self.energy, _YEARLY],
            ["Operating cost of added GPUs", self.opex, _YEARLY],
            ["Added compute margin before the battery's cost", self.compute_margin, _YEARLY],
            ["Annuity of the battery", self.battery_annuity, _YEARLY],
            ["Operation and maintenance of the battery", self.battery_o_and_m, _YEARLY],
            ["Wear", self.wear, _YEARLY],
            ["Value of storage through compute, net", self.net, _YEARLY],
            ["Grid revenue", self.grid_revenue, _YEARLY],
        ]
        if self.compute_margin > 0.0:
            share = grid_share.formula(self.grid_revenue, self.compute_margin)
            rows.append(["Share of grid revenue", share, "fraction"])
        if self.shows_per_mwh:
            rows.append(["Gross per MWh of storage", self.gross / self.battery_mwh, "money/MWh"])
            rows.append(["Net per MWh of storage", self.net / self.battery_mwh, "money/MWh"])
        return rows


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
    c_rate, capex = case.battery_mw / case.battery_mwh, case.battery_mwh * case.capex_per_mwh
    return StorageValue(
        gross=case.added_revenue,
        gpu_annuity=case.gpu_and_rack_capex * capital_recovery(case.discount_rate, case.gpu_years),
        energy=case.energy,
        opex=case.opex,
        battery_annuity=capex * capital_recovery(case.discount_rate, case.battery_years),
        battery_o_and_m=capex * case.o_and_m_share,
        wear=case.discharged_mwh * case.wear_per_mwh,
        grid_revenue=case.grid_revenue,
        c_rate=c_rate,
        full_cycles=case.discharged_mwh / case.battery_mwh,
        battery_mwh=case.battery_mwh,
        shows_per_mwh=c_rate <= MOST_C_SHOWN or case.technology != "battery",
    )
