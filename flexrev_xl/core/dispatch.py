"""Which resources answer a call, and what it costs."""

import math
from typing import Annotated

from flexrev_xl.core.arguments import Quantity
from flexrev_xl.core.entry import excel
from flexrev_xl.core.resources import EventHours, NoticeMinutes, ResourceTable

RequestMW = Annotated[float, Quantity("MW", "Power asked for through the whole event", high=1e6)]
TIGHTEST = 1e-10  # the closest tolerance HiGHS works to
SOURCE = "Section 3 of the model: least cost within power, hours and energy; what cannot be met is a shortfall"
EXAMPLE = [
    ["name", "kind", "power_mw", "energy_mwh", "start_minutes", "marginal_cost"],
    ["Battery", "battery", 10, 16, 0, 85],
    ["Gensets", "generator", 8, 64, 10, 280],
    ["Training", "defer", 6, 24, 5, 2500],
]


def least_cost_mw(limits_mw, costs_per_mwh, request_mw):
    """The MW of each resource that meet a request at least cost; all they have where it is not enough.

    A linear programme, solved by HiGHS. Each gives the same power all through the event: what varies within it could
    be evened out at no more cost, so power, hours and energy together are one limit for each.
    """
    if request_mw >= sum(limits_mw):
        return list(limits_mw)
    if request_mw == 0.0:
        return [0.0] * len(limits_mw)
    from scipy.optimize import linprog

    # HiGHS works to tolerances. Powers around 1 (a power of two scales exactly) let them mean the same for kW and GW;
    # and as with one request only the order of costs decides, places in it keep 10 and 20 apart beside a billion.
    scale = math.ldexp(1.0, math.frexp(request_mw)[1])
    place = {cost: float(i) for i, cost in enumerate(sorted(set(costs_per_mwh)))}
    plan = linprog(
        [place[cost] for cost in costs_per_mwh],
        A_eq=[[1.0] * len(limits_mw)],
        b_eq=[request_mw / scale],
        bounds=[(0.0, min(limit, request_mw) / scale) for limit in limits_mw],
        method="highs",
        options={"primal_feasibility_tolerance": TIGHTEST, "dual_feasibility_tolerance": TIGHTEST},
    )
    if plan.x is None:
        raise ArithmeticError(plan.message)
    return [min(max(mw * scale, 0.0), limit) for mw, limit in zip(plan.x.tolist(), limits_mw, strict=True)]


@excel(
    category="Nomination",
    unit="table",
    columns=("resource", "MW", "MWh", "cost"),
    source=SOURCE,
    example=(
        (EXAMPLE, 20, 2, 10),
        [
            ["Battery", 8.0, 16.0, 1360.0],
            ["Gensets", 8.0, 16.0, 4480.0],
            ["Training", 4.0, 8.0, 20000.0],
            ["Shortfall", 0.0, 0.0, 0.0],
        ],
    ),
)
def dispatch_plan(
    resource_table: ResourceTable,
    request_mw: RequestMW,
    event_hours: EventHours,
    notice_minutes: NoticeMinutes = 0.0,
):
    """How to meet a request at least cost: resource, MW, MWh, cost, within power, hours and energy; last what is short.

    Critical load is never curtailed: only what the table lists is called, and each resource up to its firm power. The
    shortfall is not costed; see FLEX_PENALTY.
    """
    limits = [r.firm_mw(event_hours, notice_minutes) for r in resource_table]
    plan = least_cost_mw(limits, [r.marginal_cost for r in resource_table], request_mw)
    rows = [
        [r.name, mw, mw * event_hours, mw * event_hours * r.marginal_cost]
        for r, mw in zip(resource_table, plan, strict=True)
    ]
    short_mw = max(0.0, request_mw - sum(limits))
    return [*rows, ["Shortfall", short_mw, short_mw * event_hours, 0.0]]
