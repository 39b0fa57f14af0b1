"""Grid flexibility revenue for data centres: one core behind Excel functions, workbooks and a command line."""

import importlib

__version__ = "0.1.0"

_HOME = {
    "qualified_capacity": "core.revenue",
    "capacity_revenue": "core.revenue",
    "dispatched_energy": "core.revenue",
    "energy_revenue": "core.revenue",
    "total_revenue": "core.revenue",
    "revenue_table": "core.revenue",
    "annual_rate": "core.revenue",
    "energy_rate": "core.revenue",
    "seasonal_rate": "core.revenue",
    "penalty": "core.costs",
    "net_revenue": "core.costs",
    "nominated_capacity": "core.nomination",
    "nomination_table": "core.nomination",
    "dispatch_plan": "core.dispatch",
    "battery_cost": "core.marginal_costs",
    "generator_cost": "core.marginal_costs",
    "compute_cost": "core.marginal_costs",
    "tornado": "core.sensitivity",
    "sensitivity": "core.sensitivity",
    "simulate": "core.simulation",
    "programme_rate": "programmes.rate",
    "compute_per_mw": "core.cpm.compute",
    "battery_power": "core.cpm.battery",
    "battery_energy": "core.cpm.battery",
    "load_scale": "core.cpm.battery",
    "supported_peak": "core.cpm.battery",
    "uplift": "core.cpm.uplift",
    "throughput": "core.cpm.power_cap",
    "gpus": "core.cpm.compute",
    "compute_revenue": "core.cpm.compute",
    "revenue_per_mwh": "core.cpm.economics",
    "grid_share": "core.cpm.economics",
    "time_to_power_value": "core.cpm.economics",
    "storage_fee": "core.cpm.economics",
    "optimise": "core.cpm.optimise",
    "FlexError": "errors",
    "FlexErrors": "errors",
    "Portfolio": "portfolio.models",
    "read_portfolio": "readers.portfolio",
    "budget": "analysis.budget",
    "simulate_portfolio": "analysis.simulate",
    "build_workbook": "workbook.build",
    "verify_workbook": "workbook.verify",
}

__all__ = ["__version__", *_HOME]  # noqa: PLE0604, the keys are strings


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module 'flexrev_xl' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"flexrev_xl.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(__all__)
