"""Steps of a case of compute per megawatt: three states of one grid connection, what each adds, and yearly cash.

The states are GPUs alone, GPUs under a power cap, and those with a battery beside them. Counts of GPUs, throughput,
mean load and energy discharged come from the series calculations; all else follows from them and from the case's
inputs (`core/cpm/case_inputs.py`). Each step is a formula whose parameters name inputs or earlier steps.
"""

from flexrev_xl.core.cpm import compute, economics
from flexrev_xl.core.cpm.annuity import annuity, capital_recovery
from flexrev_xl.core.cpm.marks import HOURS_PER_YEAR
from flexrev_xl.core.cpm.storage_line import STORAGE_STEPS, per
from flexrev_xl.core.expression import choose
from flexrev_xl.core.marginal_costs import KILO
from flexrev_xl.core.step import step

ALONE, CAPPED, WITH_BATTERY = "alone", "capped", "with_battery"
STATES = {ALONE: "GPUs alone", CAPPED: "Power cap", WITH_BATTERY: "Power cap and battery"}


@step("Price of a GPU-hour, level over the life of GPUs", "money/GPU-hour")
def level_price(price_per_gpu_hour, price_fall, discount_rate, gpu_years):
    """The one price whose present value over the GPUs' life is that of the falling price."""
    fallen = annuity((1.0 + discount_rate) / (1.0 - price_fall) - 1.0, gpu_years) / (1.0 - price_fall)
    return price_per_gpu_hour * fallen * capital_recovery(discount_rate, gpu_years)


# Of each state: gpus, throughput (1 without a cap) and mean_kw, the mean load at the meter for each GPU.
@step("GPU-equivalents at full speed, at work", "GPUs")
def equivalents(gpus, throughput, utilisation, availability):
    return gpus * throughput * utilisation * availability


@step("Compute per MW", "GPU-equivalents/MW")
def compute_per_mw(gpus, grid_mw, utilisation, availability, throughput):
    return compute.compute_per_mw.formula(gpus, grid_mw, utilisation, availability, throughput)


@step("Mean load at the meter", "MW")
def mean_load_mw(gpus, mean_kw):
    return gpus * mean_kw / KILO


@step("Mean load over contracted power", "%")
def provisioned_use(mean_load_mw, grid_mw):
    return mean_load_mw / grid_mw


@step("Compute revenue", "money")
def revenue(gpus, level_price, utilisation, availability, throughput):
    return compute.compute_revenue.formula(gpus, level_price, utilisation, availability, throughput)


@step("GPUs and racks, built", "money")
def state_gpu_capex(gpus, gpu_capex, rack_capex):
    return gpus * (gpu_capex + rack_capex)


@step("Annuity of GPUs and racks", "money")
def gpu_annuity(state_gpu_capex, discount_rate, gpu_years):
    return state_gpu_capex * capital_recovery(discount_rate, gpu_years)


@step("Energy, 8,760 h of the mean load", "money")
def energy_cost(mean_load_mw, energy_price_per_mwh):
    return mean_load_mw * HOURS_PER_YEAR * energy_price_per_mwh


@step("Operating cost of GPUs", "money")
def opex(gpus, gpu_opex):
    return gpus * gpu_opex


@step("Compute margin", "money")
def margin(revenue, gpu_annuity, energy_cost, opex):
    return revenue - gpu_annuity - energy_cost - opex


STATE_STEPS = (
    equivalents,
    compute_per_mw,
    mean_load_mw,
    provisioned_use,
    revenue,
    state_gpu_capex,
    gpu_annuity,
    energy_cost,
    opex,
    margin,
)


# What the battery adds: the state with it beside the state with the cap alone.
@step("Compute kept in grid events", "money")
def event_revenue(event_gpus, level_price, utilisation, availability):
    """GPU-equivalents, as a mean of the year, that events would have taken; the GPUs themselves are there either way."""
    return compute.compute_revenue.formula(event_gpus, level_price, utilisation, availability, 1.0)


@step("Added compute revenue, gross", "money")
def added_revenue(revenue_with_battery, revenue_capped, event_revenue):
    return revenue_with_battery - revenue_capped + event_revenue


@step("Cost of added GPUs and racks, built", "money")
def added_gpu_capex(state_gpu_capex_with_battery, state_gpu_capex_capped):
    return state_gpu_capex_with_battery - state_gpu_capex_capped


@step("Losses of the battery", "MWh/year")
def lost_mwh(discharged_mwh, round_trip_efficiency):
    return discharged_mwh / round_trip_efficiency - discharged_mwh


@step("Auxiliaries of the battery", "MWh/year")
def auxiliary_mwh(battery_mw, auxiliaries):
    return battery_mw * auxiliaries * HOURS_PER_YEAR


@step("Energy of added GPUs, losses and auxiliaries", "money")
def added_energy_cost(energy_cost_with_battery, energy_cost_capped, lost_mwh, auxiliary_mwh, energy_price_per_mwh):
    return energy_cost_with_battery - energy_cost_capped + (lost_mwh + auxiliary_mwh) * energy_price_per_mwh


@step("Operating cost of added GPUs", "money")
def added_opex(opex_with_battery, opex_capped):
    return opex_with_battery - opex_capped


@step("Grid revenue of the same battery", "money")
def grid_revenue(battery_mw, grid_revenue_per_mw_year):
    return battery_mw * grid_revenue_per_mw_year


@step("Usable energy at the end of life", "MWh")
def usable_mwh(battery_mwh, depth, end_of_life):
    return battery_mwh * depth * end_of_life


ADDED_STEPS = (
    usable_mwh,
    event_revenue,
    added_revenue,
    added_gpu_capex,
    lost_mwh,
    auxiliary_mwh,
    added_energy_cost,
    added_opex,
    grid_revenue,
)


@step("Value of the power cap", "money")
def cap_value(margin_capped, margin_alone):
    return margin_capped - margin_alone


@step("Share of grid revenue", "%")
def share_of_grid(grid_revenue, added_compute_margin):
    """0 where no margin is left to share; the verdict says so in words."""
    return per(grid_revenue * (added_compute_margin > 0), grid_revenue + added_compute_margin)


@step("Owner's floor of a storage fee", "money/MW-month")
def fee_floor(battery_mw, battery_annuity, battery_o_and_m, wear, grid_revenue):
    """The owner bears the wear too: between floor and ceiling lie the net value of the storage and its grid revenue."""
    return economics.owners_floor(battery_mw, battery_annuity, battery_o_and_m + wear, grid_revenue)


@step("Host's ceiling of a storage fee", "money/MW-month")
def fee_ceiling(battery_mw, added_compute_margin):
    return economics.hosts_ceiling(battery_mw, added_compute_margin)


@step("Power that comes earlier: extra months", "money")
def extra_months(margin_with_battery, months_earlier, discount_rate):
    return economics.time_to_power_value.formula(margin_with_battery, months_earlier, discount_rate)


@step("Power that comes earlier: the same life moves forward", "money")
def moved_life(margin_with_battery, months_earlier, discount_rate, gpu_years):
    return economics.time_to_power_value.formula(margin_with_battery, months_earlier, discount_rate, gpu_years)


MONEY_STEPS = (
    *STORAGE_STEPS,
    cap_value,
    share_of_grid,
    fee_floor,
    fee_ceiling,
    extra_months,
    moved_life,
)


# Cash of each year from 0, when all is built, to the last of the GPUs' life.
@step("Price of a GPU-hour", "money/GPU-hour")
def price_of_year(price_per_gpu_hour, price_fall, year):
    return price_per_gpu_hour * (1.0 - price_fall) ** (year - 1.0) * (year > 0)


@step("Added compute revenue", "money")
def revenue_of_year(added_revenue, level_price, price_of_year, year):
    return per(added_revenue * (year > 0), level_price) * price_of_year


@step("Running cost", "money")
def cost_of_year(added_energy_cost, added_opex, battery_o_and_m, wear, year):
    return choose(year > 0, added_energy_cost + added_opex + battery_o_and_m + wear, 0)


@step("Built", "money")
def built_in_year(added_gpu_capex, battery_capex, year):
    return choose(year > 0, 0, added_gpu_capex + battery_capex)


@step("Value of the battery's years left", "money")
def residual_of_year(battery_annuity, battery_years, gpu_years, discount_rate, year):
    """At the end of the GPUs' life: what the years left would cost as an annuity; below 0 where it wore out before."""
    left = battery_annuity * annuity(discount_rate, battery_years - gpu_years)
    return choose(year < gpu_years, 0, left)


@step("Net cash", "money")
def cash_of_year(revenue_of_year, cost_of_year, built_in_year, residual_of_year):
    return revenue_of_year - cost_of_year - built_in_year + residual_of_year


@step("Discount factor", "factor")
def discount_of_year(discount_rate, year):
    return 1.0 / (1.0 + discount_rate) ** year


@step("Present value", "money")
def present_value(cash_of_year, discount_of_year):
    return cash_of_year * discount_of_year


YEAR_STEPS = (
    price_of_year,
    revenue_of_year,
    cost_of_year,
    built_in_year,
    residual_of_year,
    cash_of_year,
    discount_of_year,
    present_value,
)
