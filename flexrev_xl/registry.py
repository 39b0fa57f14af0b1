"""THE list of Excel functions. A new function is one marked function in `core/` or `programmes/` and a name here."""

from flexrev_xl.core import costs, dispatch, marginal_costs, nomination, revenue, sensitivity, simulation
from flexrev_xl.core.cpm import battery, compute, economics, optimise, power_cap, uplift
from flexrev_xl.errors import FlexError, nearest
from flexrev_xl.programmes import rate

FUNCTIONS = (
    revenue.qualified_capacity,
    revenue.capacity_revenue,
    revenue.dispatched_energy,
    revenue.energy_revenue,
    revenue.total_revenue,
    revenue.revenue_table,
    revenue.annual_rate,
    revenue.energy_rate,
    revenue.seasonal_rate,
    costs.penalty,
    costs.net_revenue,
    nomination.nominated_capacity,
    nomination.nomination_table,
    dispatch.dispatch_plan,
    marginal_costs.battery_cost,
    marginal_costs.generator_cost,
    marginal_costs.compute_cost,
    simulation.simulate,
    sensitivity.tornado,
    sensitivity.sensitivity,
    rate.programme_rate,
    compute.compute_per_mw,
    battery.battery_power,
    battery.battery_energy,
    battery.load_scale,
    battery.supported_peak,
    uplift.uplift,
    power_cap.throughput,
    compute.gpus,
    compute.compute_revenue,
    economics.revenue_per_mwh,
    economics.grid_share,
    economics.time_to_power_value,
    economics.storage_fee,
    optimise.optimise,
)

ENTRIES = {f.entry.name: f.entry for f in FUNCTIONS}


def find(name):
    """The Entry of an Excel function, by its name without regard to case.

    Raises:
        FlexError: FLEX-023, offering the nearest names.
    """
    entry = ENTRIES.get(name.strip().upper())
    if entry is None:
        raise FlexError("FLEX-023", f"there is no function {name}.{nearest(name, ENTRIES)}".rstrip("."), place="NAME")
    return entry
