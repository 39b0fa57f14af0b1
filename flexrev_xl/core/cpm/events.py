"""Grid events on a load series: the hours in which the limit is lower, and by how much."""

from dataclasses import dataclass

from flexrev_xl.core.arguments import Quantity
from flexrev_xl.core.cpm.storage import AMOUNT, refused
from flexrev_xl.errors import FlexError, refuse

_START = Quantity("h", "Start of the event, from the start of the series", high=1e6)
_DURATION = Quantity("h", "How long the event lasts", high=1e6, above_low=True)
_ROUNDING = 1e-9  # of a step, within which an event that was typed begins or ends at a step's edge


@dataclass(frozen=True)
class Event:
    """A call on a site to draw less.

    Attributes:
        start_hours: from the start of the series, from 0.
        duration_hours: above 0.
        reduction: by which the limit is lower meanwhile, in the limit's unit.
    """

    start_hours: float
    duration_hours: float
    reduction: float

    @property
    def end_hours(self):
        """When the limit is back."""
        return self.start_hours + self.duration_hours


def limit_with_events(limit, events, steps, interval_hours, idle_load=0.0):
    """The limit of each step of a series once events have lowered it.

    A step that an event touches has the event's whole reduction: a limit holds at every moment of a step. Events that
    overlap add up: each is a promise of its own, and one MW cannot keep two of them.

    Args:
        limit: power from above 0, outside events.
        events: Events, in any order.
        steps: how many values the load series has.
        interval_hours: between two of them, above 0.
        idle_load: what the site draws with every GPU idle; an event cannot ask for less.

    Returns:
        A float array of `steps` limits.

    Raises:
        FlexError, FlexErrors: every fault at once: CPM-171 an event outside the series, CPM-172 a limit below the
            idle load, FLEX-002 to FLEX-006 for one number; places count the events from 1.

    Example:
        >>> limit_with_events(10, [Event(1, 2, 3), Event(2, 1, 1)], steps=5, interval_hours=1).tolist()
        [10.0, 7.0, 6.0, 10.0, 10.0]
    """
    import numpy as np

    above_zero = Quantity("in one unit", "Limit or interval", above_low=True)
    problems = [*refused(above_zero, limit, "limit"), *refused(above_zero, interval_hours, "interval_hours")]
    problems += refused(AMOUNT, idle_load, "idle_load")
    for number, event in enumerate(events, start=1):
        for quantity, name in ((_START, "start_hours"), (_DURATION, "duration_hours"), (AMOUNT, "reduction")):
            problems += refused(quantity, getattr(event, name), f"events[{number}], {name}")
    refuse(problems)
    limits = np.full(steps, float(limit))
    for number, event in enumerate(events, start=1):
        first = int(event.start_hours / interval_hours + _ROUNDING)
        last = int(np.ceil(event.end_hours / interval_hours - _ROUNDING))
        if last > steps:
            what = f"it ends {event.end_hours:g} h from the start of a series of {steps * interval_hours:g} h"
            problems.append(FlexError("CPM-171", what, place=f"events[{number}]"))
        else:
            limits[first:last] -= event.reduction
    if not problems and (lowest := float(limits.min())) < idle_load:
        at = int(limits.argmin())
        what = f"they leave {lowest:g} in step {at + 1}, beside an idle load of {idle_load:g}"
        problems.append(FlexError("CPM-172", what, place="events"))
    refuse(problems)
    return limits
