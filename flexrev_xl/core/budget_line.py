"""One line of a budget: the steps from an enrolment's inputs to its net revenue.

Each step is a formula whose parameters name inputs or earlier steps. The analysis evaluates the
list with numbers, the workbook with cell addresses: a column of a scenario tab is one step.
Names of inputs are the columns of a portfolio; `<driver>_factor` and `<driver>_absolute` are what
a scenario does to a driver; `rate_factor`, `energy_factor` and `firm_price` are looked up.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from flexrev_xl.core import costs, revenue
from flexrev_xl.core.expression import choose, given, least

DRIVERS = ("dispatch_hours", "performance", "capacity_rate", "energy_rate")


@dataclass(frozen=True)
class Step:
    """A named quantity of the line: label and unit as printed, and the formula that gives it."""

    key: str
    label: str
    unit: str
    formula: Callable
    parameters: tuple

    def of(self, values):
        """The step over a mapping that holds its parameters: numbers, arrays or References."""
        return self.formula(*[values[p] for p in self.parameters])


def _step(label, unit):
    def decorate(formula):
        return Step(formula.__name__, label, unit, formula, tuple(inspect.signature(formula).parameters))

    return decorate


def _driven(absolute, factor, value):
    """A driver in a scenario: replaced where the scenario is absolute, else scaled."""
    return choose(given(absolute), absolute, value * factor)


@_step("Capacity rate a year", "money/MW-year")
def base_rate_per_mw_year(capacity_rate, rate_factor, periods):
    return revenue.annual_rate.formula(capacity_rate, rate_factor, periods)


@_step("Energy rate", "money/MWh")
def base_rate_per_mwh(energy_rate, energy_factor):
    return revenue.energy_rate.formula(energy_rate, energy_factor)


@_step("Dispatch hours", "h/year")
def scenario_hours(dispatch_hours_absolute, dispatch_hours_factor, dispatch_hours):
    return _driven(dispatch_hours_absolute, dispatch_hours_factor, dispatch_hours)


@_step("Performance", "%")
def scenario_performance(performance_absolute, performance_factor, performance):
    return _driven(performance_absolute, performance_factor, performance)


@_step("Capacity rate", "money/MW-year")
def rate_per_mw_year(capacity_rate_absolute, capacity_rate_factor, base_rate_per_mw_year, rate_factor, periods):
    replaced = (
        revenue.annual_rate.formula(capacity_rate_absolute, rate_factor, periods)
        if capacity_rate_absolute is not None
        else None
    )
    return choose(given(capacity_rate_absolute), replaced, base_rate_per_mw_year * capacity_rate_factor)


@_step("Energy rate", "money/MWh")
def rate_per_mwh(energy_rate_absolute, energy_rate_factor, base_rate_per_mwh, energy_factor):
    replaced = (
        revenue.energy_rate.formula(energy_rate_absolute, energy_factor) if energy_rate_absolute is not None else None
    )
    return choose(given(energy_rate_absolute), replaced, base_rate_per_mwh * energy_rate_factor)


@_step("Paid performance", "%")
def paid_performance(scenario_performance, availability, performance_cap):
    return revenue.paid_performance(scenario_performance, availability, performance_cap)


@_step("Qualified capacity", "MW")
def qualified_mw(nominated_mw, accreditation, paid_performance):
    return nominated_mw * accreditation * paid_performance


@_step("Capacity revenue", "money")
def capacity_revenue(qualified_mw, rate_per_mw_year):
    return qualified_mw * rate_per_mw_year


@_step("Dispatched energy", "MWh")
def dispatched_mwh(nominated_mw, paid_performance, scenario_hours):
    return nominated_mw * paid_performance * scenario_hours


@_step("Energy revenue", "money")
def energy_revenue(dispatched_mwh, rate_per_mwh):
    return dispatched_mwh * rate_per_mwh


@_step("Gross revenue", "money")
def gross_revenue(capacity_revenue, energy_revenue):
    return capacity_revenue + energy_revenue


@_step("Guaranteed", "money")
def guaranteed(firm_price, nominated_mw, accreditation, paid_performance, rate_per_mw_year):
    return firm_price * revenue.guaranteed_revenue(nominated_mw, accreditation, paid_performance, rate_per_mw_year)


@_step("Contingent", "money")
def contingent(gross_revenue, guaranteed):
    return gross_revenue - guaranteed


@_step("Hours penalised", "h/year")
def hours_penalised(penalty_hours, scenario_hours):
    return choose(given(penalty_hours), penalty_hours, scenario_hours)


@_step("Shortfall of committed", "%")
def shortfall_of_committed(scenario_performance, availability):
    return costs.shortfall_of_committed(scenario_performance, availability)


@_step("Shortfall of available", "%")
def shortfall_of_available(scenario_performance, availability):
    return costs.shortfall_of_available(scenario_performance, availability)


@_step("Shortfall", "MWh")
def shortfall_mwh(capacity_rate, nominated_mw, shortfall_of_committed, shortfall_of_available, hours_penalised):
    """Measured against what was committed where a capacity rate is paid, else against what was available."""
    return nominated_mw * choose(capacity_rate > 0.0, shortfall_of_committed, shortfall_of_available) * hours_penalised


@_step("Penalty before stop-loss", "money")
def penalty_before_limit(shortfall_mwh, penalty_rate):
    return shortfall_mwh * penalty_rate


@_step("Stop-loss in money", "money")
def limit_in_money(stop_loss_money, penalty_before_limit):
    return choose(given(stop_loss_money), stop_loss_money, penalty_before_limit)


@_step("Stop-loss by share", "money")
def limit_by_share(stop_loss_share, nominated_mw, accreditation, rate_per_mw_year, penalty_before_limit):
    limit = stop_loss_share * (nominated_mw * accreditation * rate_per_mw_year) if stop_loss_share is not None else None
    return choose(given(stop_loss_share), limit, penalty_before_limit)


@_step("Stop-loss", "money")
def stop_loss(limit_in_money, limit_by_share):
    return least(limit_in_money, limit_by_share)


@_step("Penalties", "money")
def penalties(penalty_before_limit, stop_loss):
    return least(penalty_before_limit, stop_loss)


@_step("Customer's share of gross", "money")
def customer_gross(gross_revenue, customer_share):
    return gross_revenue * customer_share


@_step("Customer net", "money")
def customer_net(customer_gross, penalties):
    return customer_gross - penalties


@_step("Delivered energy", "MWh")
def delivered_mwh(nominated_mw, scenario_hours, scenario_performance, availability):
    return costs.delivered_energy(nominated_mw, scenario_hours, scenario_performance, availability)


@_step("Operating cost", "money")
def operating_cost(delivered_mwh, marginal_cost):
    return delivered_mwh * marginal_cost


@_step("Net revenue", "money")
def net_revenue(customer_net, operating_cost):
    return customer_net - operating_cost


RATE_STEPS = (base_rate_per_mw_year, base_rate_per_mwh)
LINE_STEPS = (
    scenario_hours,
    scenario_performance,
    rate_per_mw_year,
    rate_per_mwh,
    paid_performance,
    qualified_mw,
    capacity_revenue,
    dispatched_mwh,
    energy_revenue,
    gross_revenue,
    guaranteed,
    contingent,
    hours_penalised,
    shortfall_of_committed,
    shortfall_of_available,
    shortfall_mwh,
    penalty_before_limit,
    limit_in_money,
    limit_by_share,
    stop_loss,
    penalties,
    customer_gross,
    customer_net,
    delivered_mwh,
    operating_cost,
    net_revenue,
)

# What a budget reports of every line and in total, in this order.
RESULTS = (
    "qualified_mw",
    "capacity_revenue",
    "dispatched_mwh",
    "energy_revenue",
    "gross_revenue",
    "guaranteed",
    "contingent",
    "penalties",
    "operating_cost",
    "customer_net",
    "net_revenue",
)

# What a table for people shows, from gross to net.
SHOWN = (
    "qualified_mw",
    "capacity_revenue",
    "dispatched_mwh",
    "energy_revenue",
    "gross_revenue",
    "guaranteed",
    "contingent",
    "customer_gross",
    "penalties",
    "customer_net",
    "operating_cost",
    "net_revenue",
)
STEP_OF = {step.key: step for step in LINE_STEPS}


def evaluate(inputs):
    """Every step of the line.

    Args:
        inputs: a mapping of every input named by a step: floats; None for a limit or an absolute not given.

    Returns:
        dict: the inputs and every step by key.
    """
    values = dict(inputs)
    for step in RATE_STEPS + LINE_STEPS:
        values[step.key] = step.of(values)
    return values
