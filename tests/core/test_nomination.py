"""Nominated capacity: hand arithmetic, refusals, and what must hold for any site."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl import FlexError, nominated_capacity, nomination_table
from flexrev_xl.core.resources import KINDS, usable_energy_mwh

COLUMNS = ("name", "kind", "power_mw", "energy_mwh", "hours", "units", "group", "derate", "reserve_mw", "start_minutes")


def resource(**cells):
    """A row of the fixed order."""
    return [cells.get(column) for column in COLUMNS]


def battery(**cells):
    return resource(**{"name": "B", "kind": "battery", "power_mw": 10, "energy_mwh": 40, **cells})


def generator(**cells):
    return resource(**{"name": "G", "kind": "generator", "power_mw": 8, "hours": 24, **cells})


@pytest.mark.parametrize(
    ("row", "event_hours", "notice_minutes", "firm"),
    [
        (battery(), 2, 0, 10),  # power
        (battery(energy_mwh=12), 2, 0, 6),  # 12 MWh / 2 h
        (battery(energy_mwh=12, derate=0.1), 2, 0, 5.4),
        (battery(energy_mwh=12, derate=0.1, reserve_mw=1), 2, 0, 4.4),  # derate first, then the reserve
        (battery(power_mw=5, derate=0.5, reserve_mw=3), 2, 0, 0),  # 2.5 - 3 is nothing, not less
        (battery(energy_mwh=None, hours=1.5), 2, 0, 7.5),
        (battery(energy_mwh=30, hours=1), 2, 0, 5),  # the lesser of 30 and 10 x 1
        (battery(energy_mwh=6, hours=1), 2, 0, 3),
        (battery(energy_mwh=12, hours=0), 2, 0, 6),  # 0 hours is an empty cell of another column
        (resource(name="U", kind="ups", power_mw=4, energy_mwh=1), 0.25, 0, 4),
        (generator(), 4, 0, 8),
        (generator(hours=4), 8, 0, 4),
        (generator(hours=None, energy_mwh=16), 4, 0, 4),  # fuel in the tank
        (generator(start_minutes=10), 4, 10, 8),
        (generator(start_minutes=10), 4, 9.9, 0),
        (generator(start_minutes=10), 4, None, 0),
        (resource(name="T", kind="thermal", power_mw=2, hours=0.5), 1, 0, 1),  # 30 minutes
        (resource(name="D", kind="defer", power_mw=6, hours=4), 8, 0, 3),
        (resource(name="M", kind="migrate", power_mw=6, hours=4), 2, 0, 6),
    ],
)
def test_firm_power_of_one_resource(row, event_hours, notice_minutes, firm):
    """Power or energy over the event, less derate, less reserve; nothing where it starts too late."""
    assert approx(firm, rel=1e-12) == nominated_capacity([row], event_hours, notice_minutes)


@pytest.mark.parametrize(
    ("rows", "without", "with_n_plus_1"),
    [
        ([generator(units=4)], 8, 6),
        ([generator(units=1)], 8, 0),
        ([generator(units=4, reserve_mw=1)], 7, 5),  # 3 units still hold back 1 MW
        ([generator(units=4, start_minutes=10)], 0, 0),
        ([generator(units=4, group="g"), generator(name="H", power_mw=9, units=3, group="G")], 17, 14),  # one unit of 3
        ([generator(units=4, group="g"), generator(name="H", power_mw=9, units=3, group="h")], 17, 12),  # 2 and 3
        ([generator(units=4), generator(name="H", power_mw=9, units=3)], 17, 12),  # a group each
        # The unit that is missed most is the one of 2 MW, not the battery whose 10 MW have energy for 1.
        ([battery(energy_mwh=2, group="g"), generator(power_mw=4, units=2, group="g")], 5, 3),
        (
            [resource(name="D", kind="defer", power_mw=6, hours=4, units=3, group="g"), generator(units=4, group="g")],
            14,
            12,
        ),
        (
            [
                resource(name="T", kind="thermal", power_mw=6, hours=4),
                resource(name="M", kind="migrate", power_mw=1, hours=4),
            ],
            7,
            7,
        ),
    ],
)
def test_n_plus_1_takes_one_unit_of_each_group(rows, without, with_n_plus_1):
    """Each redundancy group does without the unit it would miss most; workload and thermal keep theirs."""
    assert (without, with_n_plus_1) == (nominated_capacity(rows, 2), nominated_capacity(rows, 2, n_plus_1=True))


@pytest.mark.parametrize(
    ("load_mw", "critical_mw", "nominated"),
    [(None, None, 19), (30, 0, 19), (30, 20, 15), (12, 3, 12), (12, 12, 5), (4, 0, 4), (0, 0, 0)],
)
def test_never_more_than_the_load(load_mw, critical_mw, nominated):
    """10 + 4 MW of workload and thermal stay within load less critical load, all 19 MW within the load."""
    rows = [
        battery(power_mw=5),
        resource(name="D", kind="defer", power_mw=10, hours=4),
        resource(name="T", kind="thermal", power_mw=4, hours=4),
    ]
    assert nominated == nominated_capacity(rows, 1, load_mw=load_mw, critical_mw=critical_mw)


def test_breakdown():
    """The table says of each resource what it gives and what limits it, then what N+1 and the load take off."""
    rows = [
        battery(name="Power", power_mw=5, units=2),
        battery(name="Energy", energy_mwh=8, derate=0.25, reserve_mw=1, units=2, group="g"),
        battery(name="Reserve", energy_mwh=8, reserve_mw=5),
        battery(name="Derate", derate=1),
        generator(name="Late", start_minutes=11),
        resource(name="Jobs", kind="defer", power_mw=7, hours=9, derate=0.0),
    ]
    expected = [
        ["Power", "battery", 5.0, "power", "MW"],
        ["Energy", "battery", 2.0, "energy, derate, reserve", "MW"],
        ["Reserve", "battery", 0.0, "reserve", "MW"],
        ["Derate", "battery", 0.0, "derate", "MW"],
        ["Late", "generator", 0.0, "start-up", "MW"],
        ["Jobs", "defer", 7.0, "power", "MW"],
        ["One unit of Power out", "battery", -2.5, "N+1", "MW"],
        ["One unit of Energy out", "battery", -1.5, "N+1 of group g", "MW"],
        ["Above load less critical load", "workload and thermal", -3.0, "cap by load less critical load", "MW"],
        ["Above load", "all", -2.0, "cap by load", "MW"],
        ["Total", "all", 5.0, "", "MW"],
    ]
    # 5 + 2 - 2.5 - 1.5 = 3 supplied, and 5 - 1 = 4 of the 7 MW of jobs: 7 is 2 above a load of 5.
    assert expected == nomination_table(rows, 2, 10, n_plus_1=True, load_mw=5, critical_mw=1)


@pytest.mark.parametrize(
    ("rows", "arguments", "expected"),
    [
        ([battery()], {"event_hours": 0}, [("FLEX-003", "event_hours")]),
        ([battery()], {"event_hours": None}, [("FLEX-001", "event_hours")]),
        ([battery()], {"event_hours": 2, "notice_minutes": -1}, [("FLEX-003", "notice_minutes")]),
        ([battery()], {"event_hours": 2, "load_mw": "4 MW"}, [("FLEX-002", "load_mw")]),
        ([battery()], {"event_hours": 2, "critical_mw": 1}, [("FLEX-001", "load_mw")]),
        ([battery()], {"event_hours": 2, "critical_mw": 5, "load_mw": 4}, [("FLEX-003", "critical_mw")]),
        ([battery(reserve_mw=4)], {"event_hours": 10}, [("FLEX-032", "event_hours")]),
        ([battery(reserve_mw=4), battery(name="C", reserve_mw=5)], {"event_hours": 11}, [("FLEX-032", "event_hours")]),
    ],
)
def test_bad_arguments_are_refused(rows, arguments, expected):
    """What does not fit together is refused by code and argument."""
    for function in (nominated_capacity, nomination_table):
        with pytest.raises(FlexError) as caught:
            function(rows, **arguments)
        assert expected == [(p.code, p.place) for p in caught.value.problems]


@pytest.mark.parametrize(("event_hours", "allowed"), [(10, "below 10 h"), (16, "below 10 h")])
def test_event_longer_than_any_resource_holds_names_the_longest(event_hours, allowed):
    """40 MWh hold 4 MW of reserve for 10 h and 5 MW for 8 h: 10 h is where the last of them has nothing left."""
    with pytest.raises(FlexError) as caught:
        nominated_capacity([battery(reserve_mw=4), battery(name="C", reserve_mw=5)], event_hours)
    assert allowed == caught.value.allowed


def test_long_event_is_not_refused_while_one_resource_holds():
    """A battery without reserve can hold something for any time."""
    assert 0.5 == nominated_capacity([battery(reserve_mw=4), battery(name="C")], 80)


@pytest.mark.parametrize(
    ("arguments", "usable"),
    [((40, 0.9, 0.7, 0.9, 3), 19.68), ((10, 1, 1, 1, 0), 10), ((10, 0.9, 0.8, 0.95, 8), 0)],
)
def test_usable_energy(arguments, usable):
    """Nameplate x depth x end of life x one-way efficiency, less ride-through; never less than nothing."""
    assert approx(usable) == usable_energy_mwh(*arguments)


POWER = st.floats(0.01, 1e4)
RESERVE = st.floats(0, 1)


@st.composite
def sites(draw):
    """Resources of which the first always holds something, and a load."""
    count = draw(st.integers(1, 5))
    rows = [
        resource(
            name=f"R{i}", kind=draw(st.sampled_from(KINDS)), power_mw=draw(POWER), energy_mwh=draw(POWER),
            hours=draw(st.none() | st.floats(0.1, 100)),
            units=draw(st.integers(1, 5)), group=draw(st.sampled_from(["", "a", "b"])),
            derate=draw(RESERVE) if i else 0, reserve_mw=0, start_minutes=draw(st.sampled_from([0, 10])) if i else 0,
        )
        for i in range(count)
    ]  # fmt: skip
    for row in rows[1:]:
        row[COLUMNS.index("reserve_mw")] = row[COLUMNS.index("power_mw")] * draw(RESERVE)
    load = draw(st.none() | st.floats(0, 1e4))
    return rows, {
        "event_hours": draw(st.floats(0.25, 100)), "notice_minutes": draw(st.sampled_from([0, 10])),
        "n_plus_1": draw(st.booleans()),
        "load_mw": load, "critical_mw": 0 if load is None else load * draw(RESERVE),
    }  # fmt: skip


def changed(rows, which, column, factor):
    place = COLUMNS.index(column)
    return [
        [c * factor if i == which and j == place and c else c for j, c in enumerate(row)] for i, row in enumerate(rows)
    ]


@given(sites(), st.integers(0, 4), st.sampled_from(["power_mw", "energy_mwh", "hours"]), st.floats(1, 10))
def test_more_power_or_energy_never_nominates_less(site, which, column, factor):
    """A larger resource never lowers the nomination, whatever N+1 and the load do."""
    rows, event = site
    before, after = nominated_capacity(rows, **event), nominated_capacity(changed(rows, which, column, factor), **event)
    assert after >= before - 1e-9 * max(1.0, before)


@given(sites(), st.floats(1, 10))
def test_longer_event_never_nominates_more(site, factor):
    """The same energy over more hours is never more power."""
    rows, event = site
    longer = {**event, "event_hours": event["event_hours"] * factor}
    assert nominated_capacity(rows, **longer) <= nominated_capacity(rows, **event) * (1 + 1e-9) + 1e-9


@given(sites())
def test_a_site_of_double_size_nominates_double(site):
    """Powers, energies, reserves and load all doubled double the nomination exactly."""
    rows, event = site
    doubled = rows
    for column in ("power_mw", "energy_mwh", "reserve_mw"):
        for i in range(len(rows)):
            doubled = changed(doubled, i, column, 2)
    loads = {k: event[k] and 2 * event[k] for k in ("load_mw", "critical_mw")}
    assert 2 * nominated_capacity(rows, **event) == nominated_capacity(doubled, **{**event, **loads})


@given(sites())
def test_nomination_stays_within_its_bounds(site):
    """Never below 0, above the load, above the power of all resources, or above the same without N+1."""
    rows, event = site
    nominated = nominated_capacity(rows, **event)
    load = math.inf if event["load_mw"] is None else event["load_mw"]
    power = sum(row[COLUMNS.index("power_mw")] for row in rows)
    without = nominated_capacity(rows, **{**event, "n_plus_1": False})
    assert 0 <= nominated <= min(load, power, without) * (1 + 1e-9) + 1e-9


@given(sites())
def test_breakdown_adds_up_to_the_nomination(site):
    """The rows of the table sum to its total, which is the nominated capacity."""
    rows, event = site
    *parts, total = nomination_table(rows, **event)
    assert nominated_capacity(rows, **event) == total[2] == approx(sum(part[2] for part in parts), rel=1e-9, abs=1e-9)
