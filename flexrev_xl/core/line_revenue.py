"""Steps of a budget line from rates to gross: what is qualified, dispatched and paid, and what is firm of it."""

from flexrev_xl.core import revenue
from flexrev_xl.core.expression import choose, given
from flexrev_xl.core.step import step


def driven(absolute, factor, value):
    """A driver in a scenario: replaced where the scenario is absolute, else scaled."""
    return choose(given(absolute), absolute, value * factor)


@step("Year the rate is of", "year")
def rate_is_of_year(price_year, first_budget_year):
    return choose(given(price_year), price_year, first_budget_year)


@step("Escalation", "times")
def escalation_factor(firm_price, escalation, budget_year, rate_is_of_year):
    """Forecast rates rise with the years; what is contracted or cleared stays."""
    return choose(firm_price > 0.0, 1.0, (1.0 + escalation) ** (budget_year - rate_is_of_year))


@step("Periods paid in the year", "periods")
def periods_in_year(periods, capacity_share):
    return periods * capacity_share


@step("Capacity rate a year", "money/MW-year")
def base_rate_per_mw_year(capacity_rate, rate_factor, periods_in_year, escalation_factor, exchange_rate):
    return revenue.annual_rate.formula(capacity_rate, rate_factor, periods_in_year) * escalation_factor * exchange_rate


@step("Energy rate", "money/MWh")
def base_rate_per_mwh(energy_rate, energy_factor, escalation_factor, exchange_rate):
    return revenue.energy_rate.formula(energy_rate, energy_factor) * escalation_factor * exchange_rate


@step("Dispatch hours", "h/year")
def scenario_hours(dispatch_hours_absolute, dispatch_hours_factor, dispatch_hours, hours_share):
    return driven(dispatch_hours_absolute, dispatch_hours_factor, dispatch_hours) * hours_share


@step("Performance", "%")
def scenario_performance(performance_absolute, performance_factor, performance):
    return driven(performance_absolute, performance_factor, performance)


@step("Capacity rate", "money/MW-year")
def rate_per_mw_year(
    capacity_rate_absolute, capacity_rate_factor, base_rate_per_mw_year, rate_factor, periods_in_year, exchange_rate
):
    replaced = (
        revenue.annual_rate.formula(capacity_rate_absolute, rate_factor, periods_in_year) * exchange_rate
        if capacity_rate_absolute is not None
        else None
    )
    return choose(given(capacity_rate_absolute), replaced, base_rate_per_mw_year * capacity_rate_factor)


@step("Energy rate", "money/MWh")
def rate_per_mwh(energy_rate_absolute, energy_rate_factor, base_rate_per_mwh, energy_factor, exchange_rate):
    replaced = (
        revenue.energy_rate.formula(energy_rate_absolute, energy_factor) * exchange_rate
        if energy_rate_absolute is not None
        else None
    )
    return choose(given(energy_rate_absolute), replaced, base_rate_per_mwh * energy_rate_factor)


@step("Paid performance", "%")
def paid_performance(scenario_performance, availability, performance_cap):
    return revenue.paid_performance(scenario_performance, availability, performance_cap)


@step("Qualified capacity", "MW")
def qualified_mw(is_revenue, in_year, nominated_mw, accreditation, paid_performance):
    return is_revenue * in_year * (nominated_mw * accreditation * paid_performance)


@step("Capacity revenue", "money")
def capacity_revenue(qualified_mw, rate_per_mw_year):
    return qualified_mw * rate_per_mw_year


@step("Dispatched energy", "MWh")
def dispatched_mwh(is_revenue, nominated_mw, paid_performance, scenario_hours):
    return is_revenue * (nominated_mw * paid_performance * scenario_hours)


@step("Energy revenue", "money")
def energy_revenue(dispatched_mwh, rate_per_mwh):
    return dispatched_mwh * rate_per_mwh


@step("Uplift", "money")
def uplift_revenue(is_revenue, uplift_money, capacity_share, exchange_rate):
    return is_revenue * uplift_money * capacity_share * exchange_rate


@step("Ancillary services", "money")
def ancillary_revenue(is_revenue, ancillary_money, capacity_share, exchange_rate):
    return is_revenue * ancillary_money * capacity_share * exchange_rate


@step("Gross revenue", "money")
def gross_revenue(capacity_revenue, energy_revenue, uplift_revenue, ancillary_revenue):
    return capacity_revenue + energy_revenue + uplift_revenue + ancillary_revenue


@step("Guaranteed", "money")
def guaranteed(is_revenue, firm_price, nominated_mw, accreditation, paid_performance, rate_per_mw_year):
    return (
        is_revenue
        * firm_price
        * revenue.guaranteed_revenue(nominated_mw, accreditation, paid_performance, rate_per_mw_year)
    )


@step("Contingent", "money")
def contingent(gross_revenue, guaranteed):
    return gross_revenue - guaranteed


@step("Worth of what is not sold", "money")
def worth_not_sold(
    is_avoided_cost,
    is_buyout,
    nominated_mw,
    accreditation,
    paid_performance,
    rate_per_mw_year,
    rate_per_mwh,
    scenario_hours,
):
    """What a line that is no revenue comes to at its own rates: an avoided cost as performed, a buy-out in full."""
    performed = is_avoided_cost * paid_performance + is_buyout
    return nominated_mw * performed * (accreditation * rate_per_mw_year + scenario_hours * rate_per_mwh)


@step("Buy-outs", "money")
def buyout_cost(is_buyout, worth_not_sold):
    return is_buyout * worth_not_sold


@step("Avoided cost", "money")
def avoided_cost(is_avoided_cost, worth_not_sold, customer_share):
    return is_avoided_cost * worth_not_sold * customer_share
