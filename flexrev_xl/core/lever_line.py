"""A line of a budget with one driver moved: the parts of its net that move with each, and the net with it moved.

The steps of a line run from inputs to net once; to run them again for every case of a tornado, a grid and a search
would take a tab for each. Here a line is taken apart once, and each case is one short formula of the parts. A driver
is moved by one factor on every row, up to the factor that the row has room for: what its column allows at most.

Parts are what the customer has or bears: share of what is paid, and of penalties. Each formula is written once, for
numbers, arrays (a limit not given is nan) and spreadsheet cells (a limit not given is text).
"""

import inspect
import math

from flexrev_xl.core import budget_line, line_net, line_revenue
from flexrev_xl.core.expression import ONE, Reference, choose, given, highest, lowest
from flexrev_xl.core.step import step

DRIVERS = (*budget_line.DRIVERS, "availability", "penalty_rate", "marginal_cost", "nominated_mw", "customer_share")
# Moved by two columns of their own on each row, as they change what is delivered: its share, and what it falls short.
OF_DELIVERY = ("performance", "availability")
NO_LIMIT = "none"

# Steps of the line that the parts start from.
FROM_LINE = (
    "scenario_hours",
    "scenario_performance",
    "rate_per_mw_year",
    "rate_per_mwh",
    "uplift_revenue",
    "ancillary_revenue",
    "customer_gross",
    "hours_penalised",
    "test_charges",
    "operating_cost",
)


def not_given(like):
    """What stands for a limit that was not given, beside values of that kind."""
    return Reference(f'"{NO_LIMIT}"') if isinstance(like, Reference) else math.nan


@step("Dispatch hours of the row's own period", "h/year")
def present_dispatch_hours(dispatch_hours_absolute, dispatch_hours_factor, dispatch_hours):
    return line_revenue.driven(dispatch_hours_absolute, dispatch_hours_factor, dispatch_hours)


@step("Capacity rate in force, in the row's unit", "own unit")
def present_capacity_rate(capacity_rate_absolute, capacity_rate_factor, capacity_rate):
    return line_revenue.driven(capacity_rate_absolute, capacity_rate_factor, capacity_rate)


@step("Energy rate in force, in the row's unit", "own unit")
def present_energy_rate(energy_rate_absolute, energy_rate_factor, energy_rate):
    return line_revenue.driven(energy_rate_absolute, energy_rate_factor, energy_rate)


# Where each driver's value on a row stands: in a part of its own, a step of the line, or as it is read.
PRESENT = {driver: driver for driver in DRIVERS} | {
    "dispatch_hours": "present_dispatch_hours",
    "performance": "scenario_performance",
    "capacity_rate": "present_capacity_rate",
    "energy_rate": "present_energy_rate",
}


def room(present, most_allowed):
    """The factor that a row has room for: to what its column allows, or to where it is; 1 where it is 0."""
    return choose(present > 0.0, highest(most_allowed / present, 1.0), 1.0)


@step("Capacity receipts at full performance", "money")
def capacity_receipts(is_revenue, in_year, nominated_mw, accreditation, rate_per_mw_year, customer_share):
    qualified = line_revenue.qualified_mw.formula(is_revenue, in_year, nominated_mw, accreditation, ONE)
    return line_net.customer_gross.formula(
        line_revenue.capacity_revenue.formula(qualified, rate_per_mw_year), customer_share
    )


@step("Energy receipts at full performance", "money")
def energy_receipts(is_revenue, nominated_mw, scenario_hours, rate_per_mwh, customer_share):
    dispatched = line_revenue.dispatched_mwh.formula(is_revenue, nominated_mw, ONE, scenario_hours)
    return line_net.customer_gross.formula(
        line_revenue.energy_revenue.formula(dispatched, rate_per_mwh), customer_share
    )


@step("Adders less test charges", "money")
def adders(uplift_revenue, ancillary_revenue, customer_share, test_charges):
    return (uplift_revenue + ancillary_revenue) * customer_share - test_charges


@step("Buy-out of capacity", "money")
def capacity_buyout(is_buyout, nominated_mw, accreditation, rate_per_mw_year):
    return is_buyout * nominated_mw * accreditation * rate_per_mw_year


@step("Buy-out of energy", "money")
def energy_buyout(is_buyout, nominated_mw, scenario_hours, rate_per_mwh):
    return is_buyout * nominated_mw * scenario_hours * rate_per_mwh


@step("Penalty at full shortfall", "money")
def full_penalty(is_revenue, nominated_mw, hours_penalised, penalty_rate, exchange_rate, penalty_share):
    before = line_net.penalty_before_limit.formula(
        is_revenue, nominated_mw * hours_penalised, penalty_rate, exchange_rate
    )
    return line_net.penalties_borne.formula(before, penalty_share)


@step("Penalised as dispatched", "flag")
def penalised_as_dispatched(penalty_hours):
    return choose(given(penalty_hours), 0.0, 1.0)


@step("Stop-loss in money, borne", "money")
def borne_money_limit(stop_loss_money, hours_share, exchange_rate, penalty_share):
    limit = stop_loss_money * hours_share * exchange_rate * penalty_share
    return choose(given(stop_loss_money), limit, not_given(penalty_share))


@step("Stop-loss by share, borne", "money")
def borne_share_limit(stop_loss_share, nominated_mw, accreditation, rate_per_mw_year, stop_loss_part, penalty_share):
    revenue = nominated_mw * accreditation * rate_per_mw_year * stop_loss_part
    return choose(given(stop_loss_share), stop_loss_share * revenue * penalty_share, not_given(penalty_share))


@step("Operating cost of events at full delivery", "money")
def event_cost(is_buyout, nominated_mw, scenario_hours, marginal_cost, exchange_rate):
    return (
        line_net.delivered_mwh.formula(is_buyout, nominated_mw, scenario_hours, ONE, ONE)
        * marginal_cost
        * exchange_rate
    )


@step("Operating cost of tests at full delivery", "money")
def cost_of_tests(is_buyout, nominated_mw, test_hours, hours_share, marginal_cost, exchange_rate):
    tested = line_net.tested_mwh.formula(is_buyout, nominated_mw, test_hours, hours_share, ONE, ONE)
    return tested * marginal_cost * exchange_rate


@step("Delivered of nominated", "%")
def delivered_share(scenario_performance, availability):
    return scenario_performance * availability


@step("Counted as committed", "flag")
def counted_as_committed(capacity_rate):
    """Where a capacity rate is paid, a shortfall is measured against all that was nominated."""
    return choose(capacity_rate > 0.0, 1.0, 0.0)


@step("Measured against", "%")
def measured_against(counted_as_committed, availability):
    """The delivery below which a row falls short: all of nominated, or what was available."""
    return choose(counted_as_committed > 0.0, 1.0, availability)


@step("All receipts at full performance", "money")
def receipts(capacity_receipts, energy_receipts):
    return capacity_receipts + energy_receipts


@step("Adders, charges and buy-outs", "money")
def standing(adders, capacity_buyout, energy_buyout):
    return adders - capacity_buyout - energy_buyout


@step("Operating cost at full delivery", "money")
def full_cost(event_cost, cost_of_tests):
    return event_cost + cost_of_tests


# The line as it is: what hours leave alone, what grows with them, and what is penalised.


@step("Left alone by hours, before penalties", "money")
def still(delivered_share, performance_cap, capacity_receipts, adders, capacity_buyout, cost_of_tests):
    return without_hours(delivered_share, performance_cap, capacity_receipts, adders, capacity_buyout, cost_of_tests)


@step("Grows with hours, before penalties", "money")
def by_hours(delivered_share, performance_cap, energy_receipts, energy_buyout, event_cost):
    return with_hours(delivered_share, performance_cap, energy_receipts, energy_buyout, event_cost)


@step("Penalty before stop-loss, borne", "money")
def penalty(full_penalty, measured_against, delivered_share):
    return full_penalty * short_of(measured_against, delivered_share)


@step("Net before penalties", "money")
def before_penalty(still, by_hours):
    return still + by_hours


@step("Penalty up to the stop-loss in money", "money")
def penalty_by_money(penalty, borne_money_limit):
    return lowest(penalty, borne_money_limit)


@step("Penalty up to the stop-loss by share", "money")
def penalty_by_share(penalty, borne_share_limit):
    return lowest(penalty, borne_share_limit)


@step("Grows with the capacity rate", "money")
def capacity_part(delivered_share, performance_cap, capacity_receipts, capacity_buyout):
    return capacity_receipts * lowest(delivered_share, performance_cap) - capacity_buyout


@step("Grows with the energy rate", "money")
def energy_part(delivered_share, performance_cap, energy_receipts, energy_buyout):
    return energy_receipts * lowest(delivered_share, performance_cap) - energy_buyout


@step("Net, nothing moved", "money")
def base_net(before_penalty, penalty_by_money, borne_share_limit):
    return before_penalty - lowest(penalty_by_money, borne_share_limit)


PARTS = (
    present_dispatch_hours,
    present_capacity_rate,
    present_energy_rate,
    capacity_receipts,
    energy_receipts,
    adders,
    capacity_buyout,
    energy_buyout,
    full_penalty,
    penalised_as_dispatched,
    borne_money_limit,
    borne_share_limit,
    event_cost,
    cost_of_tests,
    delivered_share,
    counted_as_committed,
    measured_against,
    receipts,
    standing,
    full_cost,
    still,
    by_hours,
    penalty,
    before_penalty,
    penalty_by_money,
    penalty_by_share,
    capacity_part,
    energy_part,
    base_net,
)


def short_of(measured_against, delivered):
    """Share of nominated that a row falls short of what it is measured against."""
    return highest(measured_against - delivered, 0.0)


def without_hours(delivered, performance_cap, capacity_receipts, adders, capacity_buyout, cost_of_tests):
    """What dispatch hours leave alone at a share delivered, before penalties."""
    paid = lowest(delivered, performance_cap)
    return capacity_receipts * paid + adders - capacity_buyout - cost_of_tests * delivered


def with_hours(delivered, performance_cap, energy_receipts, energy_buyout, event_cost):
    """What grows with dispatch hours at a share delivered, before penalties."""
    return energy_receipts * lowest(delivered, performance_cap) - energy_buyout - event_cost * delivered


def delivered(moved, delivered_share):
    """Delivered of nominated with performance or availability moved."""
    return moved * delivered_share


def short_by_performance(moved, delivered, measured_against):
    """What a row falls short with performance moved: the yardstick stays."""
    return short_of(measured_against, delivered)


def short_by_availability(moved, delivered, measured_against, counted_as_committed):
    """What a row falls short with availability moved: the yardstick moves too, where it is what was available."""
    yardstick = counted_as_committed + moved * (measured_against - counted_as_committed)
    return short_of(yardstick, delivered)


SHORT = {"performance": short_by_performance, "availability": short_by_availability}


def net_of_delivery(
    delivered,
    shortfall,
    performance_cap,
    receipts,
    standing,
    full_cost,
    full_penalty,
    borne_money_limit,
    borne_share_limit,
):
    """Net at a share delivered and a shortfall."""
    borne = lowest(full_penalty * shortfall, borne_money_limit, borne_share_limit)
    return receipts * lowest(delivered, performance_cap) + standing - full_cost * delivered - borne


def net_of_dispatch_hours(
    moved, still, by_hours, penalty, penalised_as_dispatched, borne_money_limit, borne_share_limit
):
    """Net with dispatch hours moved, of the line as it is or at another performance."""
    before_limit = penalty * (1.0 + (moved - 1.0) * penalised_as_dispatched)
    return still + moved * by_hours - lowest(before_limit, borne_money_limit, borne_share_limit)


def net_of_capacity_rate(moved, before_penalty, capacity_part, penalty_by_money, borne_share_limit):
    """Net with the capacity rate moved, and with it a stop-loss by share."""
    within_share = lowest(penalty_by_money, moved * borne_share_limit)
    borne = choose(given(borne_share_limit), within_share, penalty_by_money)
    return before_penalty + (moved - 1.0) * capacity_part - borne


def net_of_energy_rate(moved, base_net, energy_part):
    """Net with the energy rate moved."""
    return base_net + (moved - 1.0) * energy_part


def net_of_penalty_rate(moved, before_penalty, penalty, borne_money_limit, borne_share_limit):
    """Net with the penalty rate moved."""
    return before_penalty - lowest(moved * penalty, borne_money_limit, borne_share_limit)


def net_of_marginal_cost(moved, base_net, operating_cost):
    """Net with the marginal cost moved."""
    return base_net - (moved - 1.0) * operating_cost


def net_of_nominated_mw(moved, before_penalty, adders, penalty_by_share, borne_money_limit):
    """Net with the nominated capacity moved: all but adders, charges and a stop-loss in money grow with it."""
    borne = lowest(moved * penalty_by_share, borne_money_limit)
    return adders + moved * (before_penalty - adders) - borne


def net_of_customer_share(moved, base_net, customer_gross):
    """Net with the customer's share of gross moved."""
    return base_net + (moved - 1.0) * customer_gross


NET = {
    "dispatch_hours": net_of_dispatch_hours,
    "capacity_rate": net_of_capacity_rate,
    "energy_rate": net_of_energy_rate,
    "penalty_rate": net_of_penalty_rate,
    "marginal_cost": net_of_marginal_cost,
    "nominated_mw": net_of_nominated_mw,
    "customer_share": net_of_customer_share,
}


def call(formula, values, **own):
    """A formula over a mapping that holds its parameters, with some given by name."""
    names = inspect.signature(formula).parameters
    return formula(**{name: own[name] if name in own else values[name] for name in names})
