"""Hours beyond what programmes call, and energy beyond what batteries hold: each with a case that fires and one that does not."""

import datetime as dt

import pytest

from tests.analysis.sales import SUMMER, day, entry, found, months, resource, row, rules_of_the_library, told

rules = pytest.fixture(autouse=True)(rules_of_the_library)


@pytest.mark.parametrize(
    ("limits", "hours", "beyond"),
    [
        ({"hours_per_year": 60.0}, 60.0, []),
        ({"hours_per_year": 60.0}, 100.0, [40.0]),
        ({"events_per_year": 10.0, "hours_per_event": 4.0}, 40.0, []),
        ({"events_per_year": 10.0, "hours_per_event": 4.0}, 41.0, [1.0]),
        ({"events_per_year": 10.0}, 1000.0, []),
        ({"events_per_month": 2.0, "hours_per_event": 4.0}, 96.0, []),
        ({"events_per_month": 2.0, "hours_per_event": 4.0}, 100.0, [4.0]),
        ({"hours_per_year": 60.0, "events_per_year": 10.0, "hours_per_event": 4.0}, 100.0, [60.0]),
        ({}, 8000.0, []),
    ],
)
def test_event_limits(limits, hours, beyond):
    """Hours dispatched beyond the tightest limit of the programme; a number of events needs the hours of one."""
    findings = found(row("alpha", 10.0, dispatch_hours=hours), entries=[entry("alpha", **limits)])
    assert [("event limits", 10.0, hours) for hours in beyond] == [(f.kind, f.mw, f.hours) for f in findings]


def test_event_limits_by_month():
    """Two events a month of the row's own 3 h: June to August has 18 h, or 6 with events in July alone."""
    alpha = entry("alpha", events_per_month=2.0, hours_per_event=4.0)
    fields = {"dispatch_hours": 20.0, "event_hours": 3.0, **SUMMER}
    assert [2.0] == [f.hours for f in found(row("alpha", **fields), entries=[alpha])]
    fields["events_in_months"] = months(7, 12)
    assert [14.0] == [f.hours for f in found(row("alpha", **fields), entries=[alpha])]


def test_event_limits_of_seasons_in_turn():
    """Seasons of one programme that follow one another share the hours of a year; tranches of one season do not."""
    alpha = entry("alpha", hours_per_year=60.0)
    late = {"start": "09-01", "end": "11-30", "season": "late"}
    in_turn = row("alpha", dispatch_hours=40.0, **SUMMER), row("alpha", dispatch_hours=40.0, **late)
    assert [("event limits", ("alpha",), 10.0, 20.0)] == told(*in_turn, entries=[alpha])
    at_once = [row("alpha", 5.0, dispatch_hours=40.0, season=s, load_mw=10.0, **SUMMER) for s in ("a", "b")]
    assert [] == told(*at_once, entries=[alpha])


def test_event_limits_of_several_years():
    """In a budget of three years a row without dates is held against the limit of each year."""
    alpha, last = entry("alpha", hours_per_year=60.0), dt.date(2028, 12, 31)
    assert [] == told(row("alpha", dispatch_hours=60.0), entries=[alpha], last=last)
    assert [3.0] == [f.hours for f in found(row("alpha", dispatch_hours=61.0), entries=[alpha], last=last)]


def test_a_programme_that_the_library_does_not_know_has_no_limits():
    """Without an entry nothing is known of its events."""
    assert [] == told(row("unknown", dispatch_hours=8000.0))


def test_one_event_beyond_the_battery():
    """5 MW for 2 h and 5 MW for 4 h, called on one day, take 30 of 20 MWh: 2.5 MW too many for 4 h."""
    rows = row("P", 5.0, event_hours=2.0, **SUMMER), row("Q", 5.0, event_hours=4.0)
    findings = found(*rows, resources=[resource("battery", 20.0, 20.0)])
    recharge = [(f.programmes, f.mw, f.hours, f.start) for f in findings if f.kind == "recharge"]
    assert [(("P", "Q"), 2.5, 4.0, day("06-01"))] == recharge


@pytest.mark.parametrize("rows", [
    (row("P", 5.0, event_hours=2.0), row("Q", 5.0, event_hours=2.0)),
    (row("P", 5.0, event_hours=4.0, **SUMMER), row("Q", 5.0, event_hours=4.0, start="09-01", end="10-31")),
    (row("alpha", 5.0, event_hours=4.0), row("beta", 5.0, event_hours=4.0)),
])  # fmt: skip
def test_a_battery_that_holds_an_event(rows):
    """Energy that suffices, events on other days, and programmes that may stack are no shortfall."""
    entries = entry("alpha"), entry("beta")
    assert [] == told(*rows, resources=[resource("battery", 20.0, 20.0)], entries=entries)


def test_other_resources_hold_energy_of_their_own():
    """With a generator on the site the energy of its battery is no bound."""
    resources = resource("battery", 20.0, 20.0), resource("generator", 20.0, 2000.0)
    assert [] == told(row("P", 20.0, event_hours=4.0), resources=resources)


@pytest.mark.parametrize(("hours", "excess"), [(730.0, []), (800.0, [0.875])])
def test_one_full_recharge_a_day(hours, excess):
    """20 MWh recharged on 365 days give 7,300 MWh: 10 MW for 730 h; 70 h more are 700 MWh, 0.875 MW of 800 h."""
    findings = found(row("P", 10.0, event_hours=2.0, dispatch_hours=hours), resources=[resource()])
    assert [("recharge", mw, hours) for mw in excess] == [(f.kind, f.mw, f.hours) for f in findings]


def test_recharge_on_the_days_enrolled():
    """In summer there are 92 recharges of 20 MWh: 200 h of 10 MW are 160 MWh too many, and together with others more."""
    summer = row("P", 10.0, event_hours=2.0, dispatch_hours=200.0, **SUMMER)
    assert [("recharge", ("P",), 0.8, 200.0)] == told(summer, resources=[resource()])
    autumn = {"start": "09-01", "end": "11-30"}
    assert [] == told(summer, row("Q", 1.0, dispatch_hours=10.0, **autumn), resources=[resource()])
