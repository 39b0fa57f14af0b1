"""Events lower a limit: which steps, overlaps, and what cannot be."""

import pytest

from flexrev_xl.core.cpm.events import Event, limit_with_events
from flexrev_xl.errors import FlexError


def test_events_by_hand():
    """Quarter hours: an hour from 0.5 h takes steps 3 to 6; an overlap adds up; a step that is touched counts whole."""
    found = limit_with_events(10, [Event(0.5, 1, 3), Event(1.3, 0.1, 2)], 8, 0.25)
    assert [10, 10, 7, 7, 7, 5, 10, 10] == found.tolist()


def test_rounded_hours_touch_no_further_step():
    """Two seconds of an hour typed to twelve digits end where the step ends."""
    found = limit_with_events(10, [Event(2 / 3600, 0.000555555556, 1)], 4, 2 / 3600)
    assert [10, 9, 10, 10] == found.tolist()


def test_no_event_changes_nothing():
    """The limit throughout."""
    assert [7.0, 7.0] == limit_with_events(7, [], 2, 1).tolist()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((10, [Event(3, 2, 1)], 4, 1), [("CPM-171", "events[1]")]),
        ((10, [Event(0, 1, 1), Event(4, 1, 1)], 4, 1), [("CPM-171", "events[2]")]),
        ((10, [Event(0, 2, 6), Event(1, 1, 2)], 4, 1, 3), [("CPM-172", "events")]),
        ((10, [Event(0, 2, 11)], 4, 1), [("CPM-172", "events")]),
        ((0, [Event(-1, 0, -1)], 4, 0), [
            ("FLEX-003", "limit"), ("FLEX-003", "interval_hours"), ("FLEX-003", "events[1], start_hours"),
            ("FLEX-003", "events[1], duration_hours"), ("FLEX-003", "events[1], reduction"),
        ]),
    ],
)  # fmt: skip
def test_events_that_cannot_be_are_refused(arguments, expected):
    """Beyond the series, below the idle load, and every number at its place."""
    with pytest.raises(FlexError) as caught:
        limit_with_events(*arguments)
    assert expected == [(p.code, p.place) for p in caught.value.problems]
