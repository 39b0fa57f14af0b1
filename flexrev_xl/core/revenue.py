"""Flexibility revenue of one enrolment: what is qualified, dispatched and paid.

Each function's body is the formula, over values already read: fractions, factors of units,
periods written out. The steps a budget line is made of (`core/budget_line.py`) are these bodies.
"""

from flexrev_xl.core.arguments import (
    Accreditation,
    Availability,
    CapacityRate,
    DispatchHours,
    EnergyRate,
    EnergyUnitText,
    NominatedMW,
    Performance,
    PerformanceCap,
    PeriodsOfRates,
    PeriodsPaid,
    Rates,
    RateUnitText,
)
from flexrev_xl.core.entry import excel
from flexrev_xl.core.expression import least, sum_product
from flexrev_xl.errors import FlexError

PJM_2026_27 = "PJM RPM base residual auction 2026/27: 329.17 USD/MW-day x 365 = 120,147.05 USD/MW-year"
TVA = "TVA PowerFlex E5+C30: 5 MW, 9.47 $/kW-month, 96 h, 0.10 $/kWh"
MISO_2025_26 = "MISO planning resource auction 2025/26, North/Central: four seasonal prices"
HECO = "Hawaiian Electric Fast DR: 0.05 MW, 5 $/kW-month, 60 h, 0.50 $/kWh"
VPP = "CalcSimpler virtual power plant, case 1: 1.2 MW, 30 events of 2.5 h, availability 95 %, performance 92 %"


def paid_performance(performance, availability, performance_cap):
    """What the programme pays for, as a share of nominated: delivered share up to the cap."""
    return least(availability * performance, performance_cap)


@excel(category="Capacity", unit="MW", source=VPP, example=((1.2, 0.92, 0.95), 1.0488))
def qualified_capacity(
    nominated_mw: NominatedMW,
    performance: Performance = 1.0,
    availability: Availability = 1.0,
    performance_cap: PerformanceCap = 1.2,
    accreditation: Accreditation = 1.0,
):
    """Power that earns the capacity rate: nominated x accreditation x the performance paid for."""
    return nominated_mw * accreditation * paid_performance(performance, availability, performance_cap)


@excel(category="Rates", unit="money/MW-year", source=PJM_2026_27, example=((329.17, "MW-day", 365), 120147.05))
def annual_rate(rate: CapacityRate, rate_unit: RateUnitText, periods: PeriodsPaid = None):
    """A capacity rate in any unit as money per MW-year: rate x factor of the unit x periods paid."""
    return rate * rate_unit * periods


@excel(category="Rates", unit="money/MWh", source=TVA, example=((0.10, "$/kWh"), 100.0))
def energy_rate(rate: EnergyRate, energy_unit: EnergyUnitText):
    """An energy rate in any unit as money per MWh."""
    return rate * energy_unit


def _season_faults(values):
    unit, periods = values["rate_unit"], values["periods"]
    if sum(periods) > unit.period.most:
        yield FlexError(
            "FLEX-015",
            f"the periods add up to {sum(periods):g} {unit.period.name}s",
            place="periods",
            allowed=f"at most {unit.period.most:g} {unit.period.name}s",
        )


@excel(
    category="Rates",
    unit="money/MW-year",
    source=MISO_2025_26,
    example=(([666.50, 91.60, 33.20, 69.88], [92, 91, 90, 92]), 79070.56),
    check=_season_faults,
)
def seasonal_rate(rates: Rates, periods: PeriodsOfRates, rate_unit: RateUnitText = "MW-day"):
    """A year of seasonal prices as money per MW-year: each price for its own season's periods, then summed."""
    return sum_product(rates, periods) * rate_unit


@excel(category="Capacity", unit="money/year", source=PJM_2026_27, example=((20, 120147.05, 0.95), 2282793.95))
def capacity_revenue(
    nominated_mw: NominatedMW,
    capacity_rate: CapacityRate,
    performance: Performance = 1.0,
    rate_unit: RateUnitText = "MW-year",
    periods: PeriodsPaid = None,
    availability: Availability = 1.0,
    performance_cap: PerformanceCap = 1.2,
    accreditation: Accreditation = 1.0,
):
    """Yearly payment for being available: qualified capacity x capacity rate."""
    qualified_mw = qualified_capacity.formula(nominated_mw, performance, availability, performance_cap, accreditation)
    return qualified_mw * annual_rate.formula(capacity_rate, rate_unit, periods)


@excel(category="Energy", unit="MWh/year", source=VPP, example=((1.2, 75, 0.92, 0.95), 78.66))
def dispatched_energy(
    nominated_mw: NominatedMW,
    dispatch_hours: DispatchHours,
    performance: Performance = 1.0,
    availability: Availability = 1.0,
    performance_cap: PerformanceCap = 1.2,
):
    """Energy paid for in a year: nominated x the performance paid for x dispatch hours."""
    return nominated_mw * paid_performance(performance, availability, performance_cap) * dispatch_hours


@excel(category="Energy", unit="money/year", source=VPP, example=((1.2, 75, 185, 0.92, "MWh", 0.95), 14552.1))
def energy_revenue(
    nominated_mw: NominatedMW,
    dispatch_hours: DispatchHours,
    energy_rate: EnergyRate,
    performance: Performance = 1.0,
    energy_unit: EnergyUnitText = "MWh",
    availability: Availability = 1.0,
    performance_cap: PerformanceCap = 1.2,
):
    """Yearly payment for energy delivered: dispatched energy x energy rate."""
    dispatched_mwh = dispatched_energy.formula(nominated_mw, dispatch_hours, performance, availability, performance_cap)
    return dispatched_mwh * (energy_rate * energy_unit)


@excel(
    category="Revenue",
    unit="money/year",
    source=TVA,
    example=((5, 9.47, 96, 0.10, 1, "kW-month", 12, "kWh"), 616200.0),
)
def total_revenue(
    nominated_mw: NominatedMW,
    capacity_rate: CapacityRate,
    dispatch_hours: DispatchHours,
    energy_rate: EnergyRate,
    performance: Performance = 1.0,
    rate_unit: RateUnitText = "MW-year",
    periods: PeriodsPaid = None,
    energy_unit: EnergyUnitText = "MWh",
    availability: Availability = 1.0,
    performance_cap: PerformanceCap = 1.2,
    accreditation: Accreditation = 1.0,
):
    """Gross yearly revenue: capacity revenue plus energy revenue."""
    paid = (performance, rate_unit, periods, availability, performance_cap, accreditation)
    capacity = capacity_revenue.formula(nominated_mw, capacity_rate, *paid)
    return capacity + energy_revenue.formula(
        nominated_mw, dispatch_hours, energy_rate, performance, energy_unit, availability, performance_cap
    )


def guaranteed_revenue(nominated_mw, accreditation, paid_performance, rate_per_mw_year):
    """Capacity revenue that does not rest on performing above 100 %: committed, subject to performance."""
    return nominated_mw * accreditation * least(paid_performance, 1.0) * rate_per_mw_year


@excel(
    category="Revenue",
    unit="table",
    source=HECO,
    example=(
        (0.05, 5, 60, 0.50, 1, "kW-month", 12, "kWh"),
        [
            ["Qualified capacity", 0.05, "MW"],
            ["Capacity revenue", 3000.0, "money/year"],
            ["Dispatched energy", 3.0, "MWh/year"],
            ["Energy revenue", 1500.0, "money/year"],
            ["Total revenue", 4500.0, "money/year"],
            ["Guaranteed (committed, subject to performance)", 3000.0, "money/year"],
            ["Contingent", 1500.0, "money/year"],
        ],
    ),
)
def revenue_table(
    nominated_mw: NominatedMW,
    capacity_rate: CapacityRate,
    dispatch_hours: DispatchHours,
    energy_rate: EnergyRate,
    performance: Performance = 1.0,
    rate_unit: RateUnitText = "MW-year",
    periods: PeriodsPaid = None,
    energy_unit: EnergyUnitText = "MWh",
    availability: Availability = 1.0,
    performance_cap: PerformanceCap = 1.2,
    accreditation: Accreditation = 1.0,
):
    """The whole sum as a table: qualified MW, capacity, energy, total, what is guaranteed and what is contingent.

    Guaranteed assumes the rate is contracted or cleared.
    """
    paid = (performance, availability, performance_cap)
    per_mw_year = annual_rate.formula(capacity_rate, rate_unit, periods)
    qualified_mw = qualified_capacity.formula(nominated_mw, *paid, accreditation)
    capacity = qualified_mw * per_mw_year
    dispatched_mwh = dispatched_energy.formula(nominated_mw, dispatch_hours, *paid)
    energy = dispatched_mwh * (energy_rate * energy_unit)
    guaranteed = guaranteed_revenue(nominated_mw, accreditation, paid_performance(*paid), per_mw_year)
    return [
        ["Qualified capacity", qualified_mw, qualified_capacity.entry.unit],
        ["Capacity revenue", capacity, capacity_revenue.entry.unit],
        ["Dispatched energy", dispatched_mwh, dispatched_energy.entry.unit],
        ["Energy revenue", energy, energy_revenue.entry.unit],
        ["Total revenue", capacity + energy, total_revenue.entry.unit],
        ["Guaranteed (committed, subject to performance)", guaranteed, capacity_revenue.entry.unit],
        ["Contingent", capacity + energy - guaranteed, total_revenue.entry.unit],
    ]
