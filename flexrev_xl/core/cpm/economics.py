"""What storage for compute is worth: net beside gross, time to power, a storage fee, and the rates of return.

Money is yearly and comes in at the end of each year, or of each month where months are counted. Inputs are positive;
costs are subtracted once, where net is formed.
"""

from dataclasses import dataclass
from typing import Annotated

from flexrev_xl.core.arguments import Quantity
from flexrev_xl.core.cpm.annuity import MONTHS, annuity, capital_recovery, monthly
from flexrev_xl.core.cpm.compute import DEFAULTS
from flexrev_xl.core.cpm.marks import MODEL, cpm
from flexrev_xl.core.cpm.storage_line import per
from flexrev_xl.core.expression import choose, given
from flexrev_xl.errors import FlexError

MOST_C_SHOWN, MOST_C_QUIET = 4.0, 2.0  # C-rates: above the first no money per MWh is shown, above the second a warning
NOT_PAYING = "storage does not pay through compute"
MAINLY_GRID = "grid revenue has become the main reason for this battery"
MAINLY_COMPUTE = "compute is the main reason for this battery"
MOST_GRID_SHARE = 0.5  # share of grid revenue above which it is the main reason
NO_DEAL, DEAL = "no deal", "deal"
NO_CEILING = "no ceiling: added_compute_margin is not given"


@dataclass(frozen=True)
class AddedMargin(Quantity):
    """A compute margin that a share is taken of: nothing is left to share where it is not above 0."""

    def read(self, cell):
        """Like Quantity.read; a margin of 0 or less is CPM-159."""
        try:
            return super().read(cell)
        except FlexError as e:
            if e.code == "FLEX-003" and cell <= 0:
                what = f"{NOT_PAYING}: the added margin is {cell:,.12g} {self.unit}"
                raise FlexError("CPM-159", what, allowed=self.allowed) from None
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
CapexPerMW = Annotated[float, Quantity("money/MW", "Cost of the storage, built, for each MW", high=1e12)]
OAndMShare = Annotated[float, Quantity("fraction", "Yearly operation and maintenance over the cost built", high=1.0)]
_DISCOUNT, _BATTERY_YEARS, _O_AND_M = (
    DEFAULTS[name].value for name in ("discount_rate", "battery_years", "o_and_m_share")
)


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
    share = grid_share.formula(grid_revenue, added_compute_margin)
    return MAINLY_GRID if share > MOST_GRID_SHARE else MAINLY_COMPUTE


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


def owners_floor(battery_mw, battery_annuity, battery_o_and_m, grid_revenue):
    """Fee in money per MW-month at which the owner of storage just recovers its cost; below 0 where the grid pays it."""
    return per(battery_annuity + battery_o_and_m - grid_revenue, battery_mw * MONTHS)


def hosts_ceiling(battery_mw, added_compute_margin):
    """Fee in money per MW-month that takes all that the host wins by the storage."""
    return per(added_compute_margin, battery_mw * MONTHS)


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
    capex = battery_mwh * capex_per_mwh
    annuity_of_capex = capex * capital_recovery(discount_rate, life_years)
    floor = owners_floor(battery_mw, annuity_of_capex, capex * o_and_m_share, grid_revenue)
    ceiling, verdict = "", NO_CEILING
    if added_compute_margin is not None:
        ceiling = hosts_ceiling(battery_mw, added_compute_margin)
        verdict = NO_DEAL if floor > ceiling else DEAL
    unit = "money/MW-month"
    return [["Owner's floor", floor, unit], ["Host's ceiling", ceiling, unit], ["Verdict", verdict, ""]]
