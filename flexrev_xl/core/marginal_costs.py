"""What one more megawatt-hour costs, by what delivers it."""

from typing import Annotated

from flexrev_xl.core.arguments import Quantity
from flexrev_xl.core.entry import excel

ChargePrice = Annotated[float, Quantity("money/MWh", "Price of the energy it is charged with", high=1e9)]
RoundTripEfficiency = Annotated[
    float, Quantity("fraction", "Energy out over energy in, AC to AC", high=1.0, above_low=True)
]
WearPerMWh = Annotated[float, Quantity("money/MWh", "Ageing, for each MWh delivered", high=1e9)]
FuelPrice = Annotated[float, Quantity("money/GJ", "Price of the fuel", high=1e9)]
HeatRate = Annotated[
    float, Quantity("GJ/MWh", "Fuel burnt for each MWh; 3.6 would be 100 % efficient", low=3.6, high=1000.0)
]
OAndMPerMWh = Annotated[float, Quantity("money/MWh", "Maintenance, lubricants, emissions, for each MWh", high=1e9)]
GPUPrice = Annotated[float, Quantity("money/GPU-hour", "Revenue of one GPU for one hour", high=1e6)]
KilowattsPerGPU = Annotated[
    float, Quantity("kW", "IT power of one working GPU with its share of the server", high=1000.0, above_low=True)
]
PUE = Annotated[float, Quantity("ratio", "Power at the meter over IT power", low=1.0, high=10.0)]
IdleFraction = Annotated[
    float, Quantity("fraction", "Power that a paused GPU still draws, as a share of working", high=0.99)
]

KILO = 1000.0
ROUND_TRIP_EFFICIENCY = 0.85  # of a battery, where none is given
MODEL = "Section 3 of the model: marginal cost of a battery, a generator and paused compute"


@excel(category="Marginal cost", unit="money/MWh", source=MODEL, example=((51,), 85.0))
def battery_cost(
    charge_price: ChargePrice,
    round_trip_efficiency: RoundTripEfficiency = ROUND_TRIP_EFFICIENCY,
    wear_per_mwh: WearPerMWh = 25.0,
):
    """Cost of one MWh from a battery: the energy it is charged with, losses included, plus wear."""
    return charge_price / round_trip_efficiency + wear_per_mwh


@excel(category="Marginal cost", unit="money/MWh", source=MODEL, example=((25, 10.4, 20), 280.0))
def generator_cost(fuel_price_per_gj: FuelPrice, heat_rate_gj_per_mwh: HeatRate, o_and_m_per_mwh: OAndMPerMWh = 0.0):
    """Cost of one MWh from a generator: fuel plus operation and maintenance."""
    return fuel_price_per_gj * heat_rate_gj_per_mwh + o_and_m_per_mwh


@excel(category="Marginal cost", unit="money/MWh", source=MODEL, example=((2.16, 1, 1.2), 2500.0))
def compute_cost(
    price_per_gpu_hour: GPUPrice,
    kw_per_gpu: KilowattsPerGPU,
    pue: PUE = 1.0,
    idle_fraction: IdleFraction = 0.28,
):
    """Compute revenue forgone for one MWh released by pausing GPUs, which still idle; the energy saved is apart."""
    return price_per_gpu_hour / (kw_per_gpu * pue * (1.0 - idle_fraction)) * KILO
