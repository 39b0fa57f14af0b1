"""Excel functions: the battery that a load above its limit needs, and the load that a limit and a battery carry."""

import math
from typing import Annotated

from flexrev_xl.core.arguments import Quantity
from flexrev_xl.core.cpm.marks import SECONDS_PER_HOUR, GridMW, IntervalSeconds, LoadSeries, cpm
from flexrev_xl.core.cpm.storage import ENERGY_SHORT, ROUNDING, Battery, carried, largest_load
from flexrev_xl.core.marginal_costs import ROUND_TRIP_EFFICIENCY, RoundTripEfficiency
from flexrev_xl.errors import FlexError

MODEL = "Section 7 of the model: what a limit and a battery carry, the series following itself without end"
EXAMPLE = [4, 4, 10, 10, 6, 2]

BatteryMW = Annotated[float, Quantity("MW", "Power of the battery, to charge and to discharge", high=1e6)]
BatteryMWh = Annotated[float, Quantity("MWh", "Usable energy of the battery at the end of its life", high=1e9)]
ChargeMW = Annotated[
    float | None, Quantity("MW", "Power to charge with; all that the limit leaves when empty", high=1e6)
]


def series_faults(values):
    """A series that tells nothing of swings."""
    series = values["load_series"]
    if len(series) < 2:
        yield FlexError("CPM-152", "it has one value", place="load_series", allowed="two or more")
    elif max(series) <= ROUNDING * values["grid_mw"]:
        what = f"its highest power is {max(series):g} MW beside {values['grid_mw']:g} MW of grid"
        yield FlexError("CPM-152", what, place="load_series")


@cpm(unit="MW", source=MODEL, example=((EXAMPLE, 7), 3.0), check=series_faults, closed_form=False)
def battery_power(load_series: LoadSeries, grid_mw: GridMW):
    """Power that a battery needs for a load: the most that the load is above the limit, 0 where it never is."""
    return max(0.0, max(load_series) - grid_mw)


@cpm(
    unit="MWh",
    source=MODEL,
    example=((EXAMPLE, 7.3, 3600, 0.81), 6.0),
    check=series_faults,
    closed_form=False,
)
def battery_energy(
    load_series: LoadSeries,
    grid_mw: GridMW,
    interval_seconds: IntervalSeconds,
    round_trip_efficiency: RoundTripEfficiency = ROUND_TRIP_EFFICIENCY,
    charge_mw: ChargeMW = None,
):
    """Usable energy that a battery needs for a load that repeats without end; refused where no battery would do.

    The losses of the round trip are split evenly between charging and discharging.
    """
    one_way = math.sqrt(round_trip_efficiency)
    charge_power = math.inf if charge_mw is None else charge_mw
    battery = Battery(math.inf, charge_power, math.inf, one_way, one_way)
    found = carried(load_series, grid_mw, interval_seconds / SECONDS_PER_HOUR, battery)
    if found.is_carried:
        return found.energy
    mean_mw = math.fsum(load_series) / len(load_series)
    if found.verdict == ENERGY_SHORT:
        what = f"the load is {mean_mw:.6g} MW on average; with losses that is more than {grid_mw:g} MW"
        raise FlexError("CPM-150", f"{what}, no battery is large enough", place="load_series")
    what = f"{charge_mw:g} MW cannot put back what the load of {mean_mw:.6g} MW on average takes out"
    raise FlexError("CPM-151", what, place="charge_mw")


@cpm(
    unit="fraction",
    source=MODEL,
    example=((EXAMPLE, 7, 3600, 4, 8, 0.81), 1.06),
    check=series_faults,
    closed_form=False,
)
def load_scale(
    load_series: LoadSeries,
    grid_mw: GridMW,
    interval_seconds: IntervalSeconds,
    battery_mw: BatteryMW,
    battery_mwh: BatteryMWh,
    round_trip_efficiency: RoundTripEfficiency = ROUND_TRIP_EFFICIENCY,
):
    """Largest multiple of a load that a limit and a battery carry without end; below 1 where it is too large already.

    The battery charges and discharges with the same power; the losses of the round trip are split evenly.
    """
    battery = Battery.of(battery_mw, battery_mwh, round_trip_efficiency)
    return largest_load(load_series, grid_mw, interval_seconds / SECONDS_PER_HOUR, battery).scale


@cpm(
    unit="MW",
    source=MODEL,
    example=((EXAMPLE, 7, 3600, 4, 8, 0.81), 10.6),
    check=series_faults,
    closed_form=False,
)
def supported_peak(
    load_series: LoadSeries,
    grid_mw: GridMW,
    interval_seconds: IntervalSeconds,
    battery_mw: BatteryMW,
    battery_mwh: BatteryMWh,
    round_trip_efficiency: RoundTripEfficiency = ROUND_TRIP_EFFICIENCY,
):
    """Highest power that a limit and a battery carry of a load of this shape: CPM_LOAD_SCALE x the series' peak."""
    scale = load_scale.formula(load_series, grid_mw, interval_seconds, battery_mw, battery_mwh, round_trip_efficiency)
    return scale * max(load_series)
