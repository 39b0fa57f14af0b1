"""How many megawatts a site can nominate, from what its resources can hold through an event."""

from typing import Annotated

from flexrev_xl.core.arguments import Quantity, Truth
from flexrev_xl.core.entry import excel
from flexrev_xl.core.resources import EventHours, NoticeMinutes, ResourceTable
from flexrev_xl.errors import FlexError

NPlusOne = Annotated[
    bool, Truth("Whether each redundancy group does without its largest unit; never workload or thermal")
]
LoadMW = Annotated[float, Quantity("MW", "Measured load: all together never give more; no cap when empty", high=1e6)]
CriticalMW = Annotated[float, Quantity("MW", "Load that is never curtailed, a part of load_mw", high=1e6)]

MODEL = "Section 3 of the model: power or energy over the event, less derate and reserve; N+1; within the load"
EXAMPLE = [
    ["name", "kind", "power_mw", "energy_mwh", "units", "reserve_mw", "start_minutes"],
    ["UPS A", "ups", 10, 12, 2, 1, 0],
    ["Gensets", "generator", 8, 64, 4, 0, 10],
    ["Training", "defer", 6, 24, 1, 0, 5],
]


def unit_out(resources, event_hours, notice_minutes):
    """For each redundancy group the resource whose unit would be missed most, and the MW missed.

    Batteries, UPS and generators stand in groups; a row without a group is one of its own.
    """
    missed = {}
    for r in resources:
        if not r.is_curtailed_load:
            firm = r.firm_mw(event_hours, notice_minutes)
            loss = firm - r.firm_mw(event_hours, notice_minutes, 1.0 - 1.0 / r.units)
            group = ("group", r.group.lower()) if r.group else ("row", r.name.lower())
            if group not in missed or loss > missed[group][1]:
                missed[group] = (r, loss)
    return list(missed.values())


def breakdown(resources, event_hours, notice_minutes, n_plus_1, load_mw, critical_mw):
    """(name, kind, MW, why, unit) of each resource, then of what is taken off; the MW sum to the nomination."""
    event = (event_hours, notice_minutes)
    rows = [[r.name, r.kind, r.firm_mw(*event), _limit(r, *event), "MW"] for r in resources]
    curtailed = sum(r.firm_mw(*event) for r in resources if r.is_curtailed_load)
    supplied = sum(r.firm_mw(*event) for r in resources if not r.is_curtailed_load)
    for r, loss in unit_out(resources, *event) if n_plus_1 else ():
        if loss:
            why = f"N+1 of group {r.group}" if r.group else "N+1"
            rows.append([f"One unit of {r.name} out", r.kind, -loss, why, "MW"])
            supplied -= loss
    if load_mw is not None:
        curtailable = load_mw - critical_mw
        if curtailed > curtailable:
            above, why = "Above load less critical load", "cap by load less critical load"
            rows.append([above, "workload and thermal", curtailable - curtailed, why, "MW"])
            curtailed = curtailable
        if curtailed + supplied > load_mw:
            rows.append(["Above load", "all", load_mw - (curtailed + supplied), "cap by load", "MW"])
    return rows


def total_mw(rows):
    """The nomination that the rows of a breakdown come to."""
    return max(0.0, sum(row[2] for row in rows))


def _limit(resource, event_hours, notice_minutes):
    """What keeps a resource from giving more."""
    if not resource.starts_within(notice_minutes):
        return "start-up"
    if resource.sustained_mw(event_hours) <= resource.reserve_mw:
        return "reserve" if resource.reserve_mw else "derate"
    limits = ["energy" if resource.usable_mwh / event_hours < resource.power_mw else "power"]
    limits += ["derate"] * (resource.derate > 0.0) + ["reserve"] * (resource.reserve_mw > 0.0)
    return ", ".join(limits)


def _faults(values):
    """What is wrong between the arguments."""
    load_mw, critical_mw, event_hours = values["load_mw"], values["critical_mw"], values["event_hours"]
    if critical_mw and load_mw is None:
        yield FlexError("FLEX-001", "critical_mw is a part of a load that is not given", place="load_mw")
    elif critical_mw and critical_mw > load_mw:
        what = f"{critical_mw:,.12g} MW of a load of {load_mw:,.12g} MW"
        yield FlexError("FLEX-003", what, place="critical_mw", allowed=f"0 to {load_mw:,.12g} MW")
    # With a reserve, the power that the energy allows falls below what is held back once the event is long enough.
    able = [r for r in values["resource_table"] if r.starts_within(values["notice_minutes"])]
    able = [r for r in able if r.power_mw * (1.0 - r.derate) > r.reserve_mw]
    if able and all(r.sustained_mw(event_hours) <= r.reserve_mw for r in able):
        longest = max(r.usable_mwh * (1.0 - r.derate) / r.reserve_mw for r in able)
        what = f"over {event_hours:g} h no resource holds more than its reserve"
        yield FlexError("FLEX-032", what, place="event_hours", allowed=f"below {longest:g} h")


@excel(category="Nomination", unit="MW", source=MODEL, example=((EXAMPLE, 2, 10, True, 40, 35), 13.0), check=_faults)
def nominated_capacity(
    resource_table: ResourceTable,
    event_hours: EventHours,
    notice_minutes: NoticeMinutes = 0.0,
    n_plus_1: NPlusOne = False,
    load_mw: LoadMW = None,
    critical_mw: CriticalMW = 0.0,
):
    """Power that the resources can promise for an event: what each holds, less derate and reserve, within the load.

    firm = max(0, min(power, usable energy / event_hours) x (1 - derate) - reserve) if it starts in time, else 0.
    """
    return total_mw(breakdown(resource_table, event_hours, notice_minutes, n_plus_1, load_mw, critical_mw))


@excel(
    category="Nomination",
    unit="table",
    columns=("name", "kind", "MW", "limited by", "unit"),
    source=MODEL,
    example=(
        (EXAMPLE, 2, 10, True, 40, 35),
        [
            ["UPS A", "ups", 5.0, "energy, reserve", "MW"],
            ["Gensets", "generator", 8.0, "power", "MW"],
            ["Training", "defer", 6.0, "power", "MW"],
            ["One unit of UPS A out", "ups", -3.0, "N+1", "MW"],
            ["One unit of Gensets out", "generator", -2.0, "N+1", "MW"],
            ["Above load less critical load", "workload and thermal", -1.0, "cap by load less critical load", "MW"],
            ["Total", "all", 13.0, "", "MW"],
        ],
    ),
    check=_faults,
)
def nomination_table(
    resource_table: ResourceTable,
    event_hours: EventHours,
    notice_minutes: NoticeMinutes = 0.0,
    n_plus_1: NPlusOne = False,
    load_mw: LoadMW = None,
    critical_mw: CriticalMW = 0.0,
):
    """The nominated capacity as a table: what each resource gives and why, what N+1 and load take off, the total."""
    rows = breakdown(resource_table, event_hours, notice_minutes, n_plus_1, load_mw, critical_mw)
    return [*rows, ["Total", "all", total_mw(rows), "", "MW"]]
