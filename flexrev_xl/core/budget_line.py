"""One line of a budget: the steps from an enrolment's inputs to its net revenue.

Each step is a formula whose parameters name inputs or earlier steps. The analysis evaluates the
list with numbers, the workbook with cell addresses: a column of a scenario tab is one step.
A line is one enrolment in one budget year. Names of inputs are the columns of a portfolio;
`<driver>_factor` and `<driver>_absolute` are what a scenario does to a driver; `capacity_share` and
`hours_share` are what the year takes of the row (`core/phasing.py`); unit factors, `firm_price`,
`exchange_rate` and the kind of line (`is_revenue`, ...) are looked up.
"""

from flexrev_xl.core import line_net, line_revenue

DRIVERS = ("dispatch_hours", "performance", "capacity_rate", "energy_rate")

RATE_STEPS = (
    line_revenue.rate_is_of_year,
    line_revenue.escalation_factor,
    line_revenue.periods_in_year,
    line_revenue.base_rate_per_mw_year,
    line_revenue.base_rate_per_mwh,
)
LINE_STEPS = (
    line_revenue.scenario_hours,
    line_revenue.scenario_performance,
    line_revenue.rate_per_mw_year,
    line_revenue.rate_per_mwh,
    line_revenue.paid_performance,
    line_revenue.qualified_mw,
    line_revenue.capacity_revenue,
    line_revenue.dispatched_mwh,
    line_revenue.energy_revenue,
    line_revenue.uplift_revenue,
    line_revenue.ancillary_revenue,
    line_revenue.gross_revenue,
    line_revenue.guaranteed,
    line_revenue.contingent,
    line_net.hours_penalised,
    line_net.shortfall_of_committed,
    line_net.shortfall_of_available,
    line_net.shortfall_mwh,
    line_net.penalty_before_limit,
    line_net.limit_in_money,
    line_net.limit_by_share,
    line_net.stop_loss,
    line_net.penalties,
    line_net.penalties_borne,
    line_net.customer_gross,
    line_net.aggregator_share,
    line_net.test_charges,
    line_revenue.worth_not_sold,
    line_revenue.buyout_cost,
    line_net.customer_net,
    line_net.standing_receipts,
    line_net.event_receipts,
    line_net.delivered_mwh,
    line_net.tested_mwh,
    line_net.operating_cost,
    line_net.net_revenue,
    line_revenue.avoided_cost,
    line_net.avoided_energy_bill,
    line_net.net_benefit,
    line_net.paid_per_mwh,
    line_net.forgone_per_mwh,
    line_net.gain_per_mwh,
)

# What a budget reports of every line and in total, in this order.
RESULTS = (
    "qualified_mw",
    "capacity_revenue",
    "dispatched_mwh",
    "energy_revenue",
    "uplift_revenue",
    "ancillary_revenue",
    "gross_revenue",
    "guaranteed",
    "contingent",
    "aggregator_share",
    "penalties",
    "penalties_borne",
    "test_charges",
    "buyout_cost",
    "operating_cost",
    "customer_net",
    "net_revenue",
    "avoided_cost",
    "avoided_energy_bill",
    "net_benefit",
)

# What each line says of curtailing compute, for one MWh.
WORTH = ("paid_per_mwh", "forgone_per_mwh", "gain_per_mwh")

# What a table for people shows, from gross to net; the optional ones only where they are not 0 throughout.
SHOWN = (
    "qualified_mw",
    "capacity_revenue",
    "dispatched_mwh",
    "energy_revenue",
    "uplift_revenue",
    "ancillary_revenue",
    "gross_revenue",
    "guaranteed",
    "contingent",
    "aggregator_share",
    "customer_gross",
    "penalties_borne",
    "test_charges",
    "buyout_cost",
    "customer_net",
    "operating_cost",
    "net_revenue",
    "avoided_cost",
    "avoided_energy_bill",
    "net_benefit",
)
OPTIONAL = (
    "uplift_revenue",
    "ancillary_revenue",
    "test_charges",
    "buyout_cost",
    "avoided_cost",
    "avoided_energy_bill",
    "net_benefit",
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
