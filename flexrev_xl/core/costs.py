"""What falling short and delivering cost, and what is left: penalties, operating cost, net."""

from flexrev_xl.core.arguments import (
    Accreditation,
    Availability,
    Basis,
    CapacityRate,
    DispatchHours,
    EnergyRate,
    EnergyUnitText,
    MarginalCost,
    NominatedMW,
    PenaltyHours,
    PenaltyRate,
    Performance,
    PerformanceCap,
    PeriodsPaid,
    RateUnitText,
    StopLossMoney,
)
from flexrev_xl.core.entry import excel
from flexrev_xl.core.expression import choose, given, least, most
from flexrev_xl.core.revenue import VPP, total_revenue

DRIVERS = "Section 4 of the model: 10 MW in PJM 2026/27, energy 50, penalty 1,150, marginal cost 1,800, 30 h at 67 %"


def shortfall_of_available(performance, availability):
    """Share of nominated that was available but not delivered."""
    return availability * most(1.0 - performance, 0.0)


def shortfall_of_committed(performance, availability):
    """Share of nominated that was not delivered, for whatever reason."""
    return most(1.0 - availability * performance, 0.0)


def up_to(limit, amount):
    """An amount up to a limit that may not have been given."""
    return least(amount, choose(given(limit), limit, amount))


@excel(category="Net", unit="money/year", source=VPP, example=((1.2, 75, 0.92, 50, 0.95), 342.0))
def penalty(
    nominated_mw: NominatedMW,
    penalty_hours: PenaltyHours,
    performance: Performance,
    penalty_rate: PenaltyRate,
    availability: Availability = 1.0,
    stop_loss_money: StopLossMoney = None,
    basis: Basis = "available",
):
    """Yearly charge for energy not delivered: shortfall x penalty hours x penalty rate, up to the stop-loss."""
    share = choose(
        basis > 0.0,
        shortfall_of_committed(performance, availability),
        shortfall_of_available(performance, availability),
    )
    return up_to(stop_loss_money, nominated_mw * share * penalty_hours * penalty_rate)


def delivered_energy(nominated_mw, dispatch_hours, performance, availability):
    """Energy delivered in a year, uncapped: it drives the operating cost. In MWh."""
    return nominated_mw * (availability * performance) * dispatch_hours


@excel(
    category="Net",
    unit="money/year",
    source=DRIVERS,
    example=((10, 120147.05, 30, 50, 0.67, 1150, 1800), 339385.235),
)
def net_revenue(
    nominated_mw: NominatedMW,
    capacity_rate: CapacityRate,
    dispatch_hours: DispatchHours,
    energy_rate: EnergyRate,
    performance: Performance = 1.0,
    penalty_rate: PenaltyRate = 0.0,
    marginal_cost: MarginalCost = 0.0,
    availability: Availability = 1.0,
    stop_loss_money: StopLossMoney = None,
    rate_unit: RateUnitText = "MW-year",
    periods: PeriodsPaid = None,
    energy_unit: EnergyUnitText = "MWh",
    performance_cap: PerformanceCap = 1.2,
    accreditation: Accreditation = 1.0,
    basis: Basis = "available",
):
    """Yearly revenue left: gross, less penalties, less the cost of the energy delivered."""
    gross = total_revenue.formula(
        nominated_mw, capacity_rate, dispatch_hours, energy_rate, performance,
        rate_unit, periods, energy_unit, availability, performance_cap, accreditation,
    )  # fmt: skip
    charged = penalty.formula(
        nominated_mw, dispatch_hours, performance, penalty_rate, availability, stop_loss_money, basis
    )
    return gross - charged - delivered_energy(nominated_mw, dispatch_hours, performance, availability) * marginal_cost
