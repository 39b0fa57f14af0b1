"""Compute of a grid connection: GPUs it carries, what they are worth, and the defaults that a first estimate takes.

Compute per MW counts GPUs as if at full speed, per MW contracted at the meter. No source publishes such a figure; it
does not compare across generations of GPUs and rises with overbuying, so it never stands for profit.
"""

import math
from typing import Annotated, NamedTuple

from flexrev_xl.core.arguments import Availability, Quantity, read_each
from flexrev_xl.core.cpm.curves import CAP, THROUGHPUT
from flexrev_xl.core.cpm.marks import HOURS_PER_YEAR, MODEL, GridMW, cpm
from flexrev_xl.core.expression import Reference
from flexrev_xl.core.marginal_costs import KILO, PUE, ROUND_TRIP_EFFICIENCY, GPUPrice
from flexrev_xl.errors import refuse


class Default(NamedTuple):
    """A value that a template starts from."""

    name: str
    value: float
    unit: str
    note: str


DEFAULTS = {
    default.name: default
    for default in (
        Default("other_kw_per_gpu", 0.35, "kW", "Share of CPU, memory, network and fans; IT power"),
        Default("pue", 1.2, "ratio", "Power at the meter over IT power, a mean of the year"),
        Default("utilisation", 0.80, "fraction", "Share of the year that GPUs are sold and busy"),
        Default("availability", 0.97, "fraction", "Share of the year that GPUs are in order"),
        Default("round_trip_efficiency", ROUND_TRIP_EFFICIENCY, "fraction", "Battery, AC to AC"),
        Default("auxiliaries", 0.015, "fraction", "Of rated battery power, as load"),
        Default("depth", 0.90, "fraction", "Of nameplate energy that may be cycled"),
        Default("end_of_life", 0.70, "fraction", "Of nameplate energy that is left in the last year; show both"),
        Default("battery_years", 10.0, "years", "Life of the battery"),
        Default("gpu_years", 5.0, "years", "Life of GPUs and racks"),
        Default("o_and_m_share", 0.025, "fraction", "Of the battery's cost, a year"),
        Default("discount_rate", 0.10, "fraction", "A year, pre-tax, nominal"),
        Default("price_per_gpu_hour", 2.35, "USD/GPU-hour", "Base"),
        Default("price_per_gpu_hour_low", 1.70, "USD/GPU-hour", "Low"),
        Default("price_per_gpu_hour_high", 2.95, "USD/GPU-hour", "High"),
        Default("price_fall", 0.15, "fraction", "Fall of the price of a GPU-hour from one year to the next"),
    )
}


GPUs = Annotated[float, Quantity("GPUs", "GPUs installed", high=1e9)]
Utilisation = Annotated[float, Quantity("fraction", "Share of the time that GPUs are sold and busy", high=1.0)]
Throughput = Annotated[float, THROUGHPUT]
PowerCap = Annotated[float, CAP]
RatedKW = Annotated[float, Quantity("kW", "Rated power of one GPU", high=1000.0, above_low=True)]
OtherKW = Annotated[float, Quantity("kW", "IT power of a GPU's share of its server, beside the GPU", high=1000.0)]


@cpm(
    unit="GPU-equivalents/MW",
    source=MODEL,
    example=((4000, 5, 0.8, 0.95, 0.9), 547.2),
)
def compute_per_mw(
    gpus: GPUs,
    grid_mw: GridMW,
    utilisation: Utilisation = 1.0,
    availability: Availability = 1.0,
    throughput: Throughput = 1.0,
):
    """Full-speed GPU-equivalents per contracted MW: utilisation x availability x GPUs x throughput / MW. No profit measure.

    Not comparable across generations of GPUs.
    """
    return utilisation * availability * gpus * throughput / grid_mw


def whole(number):
    """The whole number at or below a number, which may be too low by 1e-9 of itself: 1999.9999999999998 is 2000.

    From a hundred million up the slack is a tenth of one, and a count means no more than that.

    Example:
        >>> whole(1.1 * 1000 / (0.5 * 0.9 + 0.1))
        2000.0
    """
    # The slack is written with constants that a workbook's formulas may hold.
    raised = number + number / KILO / KILO / KILO
    if isinstance(raised, Reference):
        return Reference(f"INT({raised})")
    if isinstance(raised, float):
        return float(math.floor(raised))
    import numpy as np

    return np.floor(raised)


@cpm(
    unit="GPUs",
    source="Section 7 of the model: 1.1 MW, 0.5 + 0.1 kW, PUE 1, power cap 90 %",
    example=((1.1, 0.5, 0.1, 1, 0.9), 2000.0),
)
def gpus(
    grid_mw: GridMW,
    gpu_kw: RatedKW,
    other_kw_per_gpu: OtherKW,
    pue: PUE,
    power_cap: PowerCap = 1.0,
):
    """Whole GPUs that a connection carries with all of them at the power cap: MW x 1000 / (PUE x (kW x cap + other kW))."""
    return whole(grid_mw * KILO / (pue * (gpu_kw * power_cap + other_kw_per_gpu)))


@cpm(
    unit="money/year",
    source="Section 7 of the model: GPUs x throughput x utilisation x availability x 8,760 h x price per GPU-hour",
    example=((1000, 2, 0.8, 0.95, 0.9), 11983680.0),
)
def compute_revenue(
    gpus: GPUs,
    price_per_gpu_hour: GPUPrice,
    utilisation: Utilisation = 1.0,
    availability: Availability = 1.0,
    throughput: Throughput = 1.0,
):
    """Revenue of GPUs in a year of 8,760 h, before the cost of GPUs, energy and anything else."""
    return gpus * throughput * utilisation * availability * HOURS_PER_YEAR * price_per_gpu_hour


def power_capacity_effectiveness(active_it_mw, provisioned_mw):
    """PCE: IT load that is at work over power provisioned for it; stands beside compute per MW, and is no profit either.

    Args:
        active_it_mw: mean IT power of machines at work, from 0.
        provisioned_mw: power built or contracted for, above 0.

    Raises:
        FlexError, FlexErrors: FLEX-002 to FLEX-006 by argument.

    Example:
        >>> power_capacity_effectiveness(6.3, 9)
        0.7
    """
    active = Quantity("MW", "IT load at work", high=1e6)
    provisioned = Quantity("MW", "Power provisioned", high=1e6, above_low=True)
    given = (("active_it_mw", active, active_it_mw), ("provisioned_mw", provisioned, provisioned_mw))
    read, problems = read_each(given)
    refuse(problems)
    return read["active_it_mw"] / read["provisioned_mw"]


def yearly_prices(price, yearly_fall, years):
    """A price that falls by the same share every year, for each of so many years.

    Args:
        price: of the first year, in money per GPU-hour.
        yearly_fall: share, from 0 to 1.
        years: a whole number of years.

    Example:
        >>> [round(price, 4) for price in yearly_prices(2.35, 0.15, 3)]
        [2.35, 1.9975, 1.6979]
    """
    return [price * (1.0 - yearly_fall) ** year for year in range(years)]
