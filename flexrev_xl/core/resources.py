"""What a site can give in an event: the table of its resources, and what each can hold."""

from dataclasses import dataclass
from typing import Annotated

from flexrev_xl.core.arguments import PERIODS, MarginalCost, Quantity, mark
from flexrev_xl.core.expression import most
from flexrev_xl.core.tables import Column, Label, Table, Whole, Word
from flexrev_xl.errors import FlexError

WORKLOAD = ("defer", "migrate")
CURTAILED = ("thermal", *WORKLOAD)  # less load, as against power from a source of its own
KINDS = ("battery", "ups", "generator", *CURTAILED)
MOST_MINUTES = 100_000.0
MOST_NOTICE_MINUTES = 40_320  # four weeks: the longest notice that a programme gives
EMERGENCY = "emergency"
PERMITS = {"full": 0.0, EMERGENCY: 0.0}


@dataclass(frozen=True)
class Resource:
    """A row of the resource table; a row is all its units together."""

    name: str
    kind: str
    power_mw: float
    energy_mwh: float | None
    hours: float | None
    units: float
    group: str
    derate: float
    reserve_mw: float
    start_minutes: float
    marginal_cost: float
    permit: str = "full"

    @property
    def usable_mwh(self):
        """Energy for one event: the lesser of energy_mwh and power x hours, whichever are given; None if neither."""
        held = [self.energy_mwh, self.power_mw * self.hours if self.hours else None]
        return min((mwh for mwh in held if mwh), default=None)

    @property
    def is_curtailed_load(self):
        """Whether it works by drawing less: it can then never give more than there is to curtail."""
        return self.kind in CURTAILED

    def starts_within(self, notice_minutes):
        """Whether it is up when an event begins."""
        return self.start_minutes <= notice_minutes

    def sustained_mw(self, event_hours):
        """Power it can hold through an event, before anything is held back."""
        return min(self.power_mw, self.usable_mwh / event_hours) * (1.0 - self.derate)

    def firm_mw(self, event_hours, notice_minutes, share_of_units=1.0):
        """Power it can promise for an event: what it can hold, less its reserve; nothing if it starts too late."""
        if not self.starts_within(notice_minutes):
            return 0.0
        return max(0.0, self.sustained_mw(event_hours) * share_of_units - self.reserve_mw)


def usable_energy_mwh(nameplate_mwh, depth, end_of_life, one_way_efficiency, ride_through_mwh):
    """Usable AC energy of a battery or UPS, as the resource table's energy_mwh wants it.

    Args:
        nameplate_mwh: energy of the cells when new.
        depth: share of it that may be cycled.
        end_of_life: share of it that is left in the last year it is promised for.
        one_way_efficiency: from the cells to the AC side.
        ride_through_mwh: AC energy kept for riding through an outage.

    Example:
        >>> round(usable_energy_mwh(40, 0.9, 0.7, 0.92, 3), 6)
        20.184
    """
    return most(nameplate_mwh * depth * end_of_life * one_way_efficiency - ride_through_mwh, 0.0)


def _faults(resource):
    """What is wrong between the columns of a row."""
    if resource.usable_mwh is None:
        yield FlexError("FLEX-030", f"{resource.name} has neither energy_mwh nor hours", place="energy_mwh")
    if resource.reserve_mw > resource.power_mw:
        what = f"{resource.reserve_mw:g} MW held back of {resource.power_mw:g} MW"
        yield FlexError("FLEX-031", what, place="reserve_mw", allowed=f"0 to {resource.power_mw:g} MW")


_ENERGY = Quantity(
    "MWh",
    "Usable energy for one event, all units; battery, ups: AC side, end of life, less ride-through; 0: not given",
    high=1e9,
)
_HOURS = Quantity(
    "h",
    "Hours at full power: autonomy, permitted hours, longest deferral, thermal minutes / 60; 0: not given",
    high=PERIODS["hour"].most,
)
ResourceTable = Annotated[
    list,
    Table(
        "Resources, a row each, with a header or in this order; power_mw of all units, energy_mwh usable (AC)",
        (
            Column("name", Label("Name of the resource; each stands once")),
            Column("kind", Word(dict.fromkeys(KINDS, 0.0), "What it is")),
            Column("power_mw", Quantity("MW", "Power of all its units together", high=1e6, above_low=True)),
            Column("energy_mwh", _ENERGY, None),
            Column("hours", _HOURS, None),
            Column(
                "units",
                Whole("units", "Equal units it is made of; one unit is power_mw / units", low=1.0, high=1e6),
                1.0,
            ),
            Column("group", Label("Redundancy group, for n_plus_1; a row without one is a group of its own"), ""),
            Column("derate", Quantity("fraction", "Share of power lost to heat, age or outage", high=1.0), 0.0),
            Column("reserve_mw", Quantity("MW", "Power held back for other duties", high=1e6), 0.0),
            Column("start_minutes", Quantity("min", "From the call to full power", high=MOST_MINUTES), 0.0),
            Column("marginal_cost", mark(MarginalCost), 0.0),
            Column("permit", Word(PERMITS, "What an engine may run for; emergency: for outages only"), "full"),
        ),
        Resource,
        _faults,
    ),
]
EventHours = Annotated[float, Quantity("h", "Length of the event", high=PERIODS["hour"].most, above_low=True)]
NoticeMinutes = Annotated[
    float, Quantity("min", "Notice before the event; what starts slower gives nothing", high=MOST_MINUTES)
]
