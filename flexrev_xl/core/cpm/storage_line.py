"""Steps from what storage adds to what it is worth a year: margin of added compute, cost of the battery, net.

As in a budget line, each step is a formula whose parameters name inputs or earlier steps: numbers give numbers, cell
addresses the formula of a workbook. Money is a year's; costs are positive and taken off once.
"""

from flexrev_xl.core.cpm.annuity import capital_recovery
from flexrev_xl.core.expression import Reference, choose
from flexrev_xl.core.step import step


def per(amount, size):
    """An amount for each unit of a size; 0 where there is nothing of it.

    Example:
        >>> per(12.0, 4.0), per(12.0, 0.0)
        (3.0, 0.0)
    """
    if isinstance(size, Reference):
        return choose(size > 0, amount / size, 0)
    return amount / size if size > 0.0 else 0.0


@step("Annuity of added GPUs and racks", "money")
def added_gpu_annuity(added_gpu_capex, discount_rate, gpu_years):
    return added_gpu_capex * capital_recovery(discount_rate, gpu_years)


@step("Added compute margin before the battery's cost", "money")
def added_compute_margin(added_revenue, added_gpu_annuity, added_energy_cost, added_opex):
    return added_revenue - added_gpu_annuity - added_energy_cost - added_opex


@step("Cost of the battery, built", "money")
def battery_capex(battery_mw, battery_mwh, battery_capex_per_mw, battery_capex_per_mwh):
    return battery_mw * battery_capex_per_mw + battery_mwh * battery_capex_per_mwh


@step("Annuity of the battery", "money")
def battery_annuity(battery_capex, discount_rate, battery_years):
    return battery_capex * capital_recovery(discount_rate, battery_years)


@step("Operation and maintenance of the battery", "money")
def battery_o_and_m(battery_capex, o_and_m_share):
    return battery_capex * o_and_m_share


@step("Wear", "money")
def wear(discharged_mwh, wear_per_mwh):
    return discharged_mwh * wear_per_mwh


@step("Value of storage through compute, net", "money")
def storage_net(added_compute_margin, battery_annuity, battery_o_and_m, wear):
    return added_compute_margin - battery_annuity - battery_o_and_m - wear


@step("Battery power over nameplate energy", "C")
def c_rate(battery_mw, battery_mwh):
    return per(battery_mw, battery_mwh)


@step("Full cycles of nameplate energy", "cycles/year")
def full_cycles(discharged_mwh, battery_mwh):
    return per(discharged_mwh, battery_mwh)


@step("Gross per MW of storage", "money/MW")
def gross_per_mw(added_revenue, battery_mw):
    return per(added_revenue, battery_mw)


@step("Net per MW of storage", "money/MW")
def net_per_mw(storage_net, battery_mw):
    return per(storage_net, battery_mw)


@step("Grid revenue per MW of storage", "money/MW")
def grid_per_mw(grid_revenue, battery_mw):
    return per(grid_revenue, battery_mw)


@step("Gross per MWh of storage", "money/MWh")
def gross_per_mwh(added_revenue, battery_mwh):
    return per(added_revenue, battery_mwh)


@step("Net per MWh of storage", "money/MWh")
def net_per_mwh(storage_net, battery_mwh):
    return per(storage_net, battery_mwh)


@step("Net per MWh discharged", "money/MWh")
def net_per_mwh_discharged(storage_net, discharged_mwh):
    return per(storage_net, discharged_mwh)


STORAGE_STEPS = (
    added_gpu_annuity,
    added_compute_margin,
    battery_capex,
    battery_annuity,
    battery_o_and_m,
    wear,
    storage_net,
    c_rate,
    full_cycles,
    gross_per_mw,
    net_per_mw,
    grid_per_mw,
    gross_per_mwh,
    net_per_mwh,
    net_per_mwh_discharged,
)
PER_MWH = ("gross_per_mwh", "net_per_mwh", "net_per_mwh_discharged")  # shown only where the battery holds energy enough


def evaluate(steps, inputs):
    """The inputs and every step by key, each step over what stands before it.

    Example:
        >>> evaluate((wear,), {"discharged_mwh": 600.0, "wear_per_mwh": 50.0})["wear"]
        30000.0
    """
    values = dict(inputs)
    for each in steps:
        values[each.key] = each.of(values)
    return values
