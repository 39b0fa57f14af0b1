"""Steps of a budget line from gross to net: penalties, shares, charges, cost, and what is avoided beside them."""

from flexrev_xl.core import costs
from flexrev_xl.core.expression import choose, given, least
from flexrev_xl.core.step import step


@step("Hours penalised", "h/year")
def hours_penalised(penalty_hours, hours_share, scenario_hours):
    return choose(
        given(penalty_hours), penalty_hours * hours_share if penalty_hours is not None else 0.0, scenario_hours
    )


@step("Shortfall of committed", "%")
def shortfall_of_committed(scenario_performance, availability):
    return costs.shortfall_of_committed(scenario_performance, availability)


@step("Shortfall of available", "%")
def shortfall_of_available(scenario_performance, availability):
    return costs.shortfall_of_available(scenario_performance, availability)


@step("Shortfall", "MWh")
def shortfall_mwh(capacity_rate, nominated_mw, shortfall_of_committed, shortfall_of_available, hours_penalised):
    """Measured against what was committed where a capacity rate is paid, else against what was available."""
    return nominated_mw * choose(capacity_rate > 0.0, shortfall_of_committed, shortfall_of_available) * hours_penalised


@step("Penalty before stop-loss", "money")
def penalty_before_limit(is_revenue, shortfall_mwh, penalty_rate, exchange_rate):
    return is_revenue * (shortfall_mwh * penalty_rate) * exchange_rate


@step("Stop-loss in money", "money")
def limit_in_money(stop_loss_money, hours_share, exchange_rate, penalty_before_limit):
    """For the row's own period; a budget year has the part of it that its event hours are of all."""
    limit = stop_loss_money * hours_share * exchange_rate if stop_loss_money is not None else None
    return choose(given(stop_loss_money), limit, penalty_before_limit)


@step("Stop-loss by share", "money")
def limit_by_share(
    stop_loss_share, nominated_mw, accreditation, rate_per_mw_year, stop_loss_part, penalty_before_limit
):
    """Of the capacity revenue of the row's own period; a budget year has the part that its event hours are of all."""
    revenue = nominated_mw * accreditation * rate_per_mw_year * stop_loss_part
    limit = stop_loss_share * revenue if stop_loss_share is not None else None
    return choose(given(stop_loss_share), limit, penalty_before_limit)


@step("Stop-loss", "money")
def stop_loss(limit_in_money, limit_by_share):
    return least(limit_in_money, limit_by_share)


@step("Penalties", "money")
def penalties(penalty_before_limit, stop_loss):
    return least(penalty_before_limit, stop_loss)


@step("Penalties borne", "money")
def penalties_borne(penalties, penalty_share):
    return penalties * penalty_share


@step("Customer's share of gross", "money")
def customer_gross(gross_revenue, customer_share):
    return gross_revenue * customer_share


@step("Aggregator's share", "money")
def aggregator_share(gross_revenue, customer_gross):
    return gross_revenue - customer_gross


@step("Test charges", "money")
def test_charges(test_charge_money, capacity_share, exchange_rate):
    return test_charge_money * capacity_share * exchange_rate


@step("Standing receipts", "money")
def standing_receipts(customer_gross, energy_revenue, customer_share, test_charges, buyout_cost):
    """What the customer receives by days and months: share of all but energy, less charges and buy-outs."""
    return customer_gross - energy_revenue * customer_share - test_charges - buyout_cost


@step("Event receipts", "money")
def event_receipts(energy_revenue, customer_share, penalties_borne):
    """What the customer receives by events: share of energy, less penalties."""
    return energy_revenue * customer_share - penalties_borne


@step("Customer net", "money")
def customer_net(customer_gross, penalties_borne, test_charges, buyout_cost):
    return customer_gross - penalties_borne - test_charges - buyout_cost


@step("Delivered energy", "MWh")
def delivered_mwh(is_buyout, nominated_mw, scenario_hours, scenario_performance, availability):
    delivered = costs.delivered_energy(nominated_mw, scenario_hours, scenario_performance, availability)
    return (1.0 - is_buyout) * delivered


@step("Tested energy", "MWh")
def tested_mwh(is_buyout, nominated_mw, test_hours, hours_share, scenario_performance, availability):
    tested = costs.delivered_energy(nominated_mw, test_hours * hours_share, scenario_performance, availability)
    return (1.0 - is_buyout) * tested


@step("Operating cost", "money")
def operating_cost(delivered_mwh, tested_mwh, marginal_cost, exchange_rate):
    return (delivered_mwh + tested_mwh) * marginal_cost * exchange_rate


@step("Net revenue", "money")
def net_revenue(customer_net, operating_cost):
    return customer_net - operating_cost


@step("Energy bill avoided", "money")
def avoided_energy_bill(delivered_mwh, tested_mwh, energy_bill_per_mwh, exchange_rate):
    return (delivered_mwh + tested_mwh) * energy_bill_per_mwh * exchange_rate


@step("Net with what is avoided", "money")
def net_benefit(net_revenue, avoided_cost, avoided_energy_bill):
    return net_revenue + avoided_cost + avoided_energy_bill


@step("Paid for each MWh delivered", "money/MWh")
def paid_per_mwh(delivered_mwh, customer_gross, avoided_cost):
    """What stays with the customer of one MWh delivered, before penalties; 0 where none is delivered."""
    delivers = delivered_mwh > 0.0
    return choose(delivers, customer_gross + avoided_cost, 0.0) / choose(delivers, delivered_mwh, 1.0)


@step("Compute revenue forgone", "money/MWh")
def forgone_per_mwh(compute_forgone_per_mwh, exchange_rate):
    """Compute revenue lost for each MWh released; 0 where nothing is said of compute."""
    forgone = compute_forgone_per_mwh * exchange_rate if compute_forgone_per_mwh is not None else None
    return choose(given(compute_forgone_per_mwh), forgone, 0.0)


@step("Gain of curtailing compute", "money/MWh")
def gain_per_mwh(forgone_per_mwh, delivered_mwh, paid_per_mwh, energy_bill_per_mwh, exchange_rate):
    """Paid and saved, less compute revenue forgone, for each MWh; 0 where no MWh is delivered or nothing is said of compute."""
    gain = paid_per_mwh + energy_bill_per_mwh * exchange_rate - forgone_per_mwh
    return choose(forgone_per_mwh > 0.0, gain, 0.0) * choose(delivered_mwh > 0.0, 1.0, 0.0)
