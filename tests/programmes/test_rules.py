"""Rules of the shipped entries beyond their prices: when events fall, whom they bar, and what may be held together."""

import itertools

import pytest

from flexrev_xl.programmes import library
from flexrev_xl.programmes.library import is_barred, may_stack
from flexrev_xl.programmes.models import is_named

ENTRIES = library.load()
WHOLESALE = ("PJM", "ISO-NE", "MISO", "NYISO", "ERCOT")


@pytest.mark.parametrize(
    ("programme", "field", "expected"),
    [
        ("ca-elrp-2022", "event_months", (5, 6, 7, 8, 9, 10)),  # CPUC, page of the programme
        ("ca-elrp-2022", "hours_per_event", 5),  # CPUC, page of the programme
        ("unitil-connectedsolutions", "event_months", (6, 7, 8, 9)),  # Unitil, ConnectedSolutions for businesses
        ("unitil-connectedsolutions", "events_per_year", 8),  # Unitil, ConnectedSolutions for businesses
        ("coned-csrp-voluntary", "event_months", (5, 6, 7, 8, 9)),  # Con Edison, Smart Usage Rewards
        ("coned-csrp-boroughs-2017", "notice_minutes", 21 * 60),  # Con Edison, payment options
        ("coned-dlrp-tier-1-2017", "notice_minutes", 2 * 60),  # Con Edison, payment options
        ("ca-pge-bip", "notice_minutes", 30),  # PG&E, base interruptible program
        ("heco-fast-dr-80", "notice_minutes", 10),  # GridFabric, Fast DR
        ("hydro-quebec-winter-2018-19", "event_months", (12, 1, 2, 3)),  # Hydro-Quebec, peak demand events
        ("ui-automated-dr-2023", "events_per_year", 15),  # UI, automated demand response
        ("gb-t4-2026-27", "notice_minutes", 4 * 60),  # operator, what is a capacity market notice
    ],
)
def test_published_rule(programme, field, expected):
    """The entry has the rule as the source beside it prints it."""
    assert expected == getattr(ENTRIES[programme], field)


def test_emergency_engines_are_barred_since_delaware_v_epa():
    """40 CFR 60.4211(f): no wholesale programme of the United States takes an engine permitted for emergencies only."""
    wholesale = [e for e in ENTRIES.values() if e.market in WHOLESALE]
    assert [("emergency",)] * len(wholesale) == [e.bars_permits for e in wholesale]


@pytest.mark.parametrize("entry", [e for e in ENTRIES.values() if e.bars_permits], ids=lambda e: e.id)
def test_a_bar_names_its_rule(entry):
    """Whoever is told that an engine is barred can look the rule up."""
    assert "40 CFR 60.4211(f)" in entry.note or "CPUC Decision 16-09-056" in entry.note


@pytest.mark.parametrize("entry", [e for e in ENTRIES.values() if e.event_months], ids=lambda e: e.id)
def test_events_fall_into_the_delivery_period(entry):
    """Months in which events are called have days that are paid."""
    first, last = entry.delivery_start, entry.delivery_end
    if first and last:
        paid = {n % 12 + 1 for n in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)}
        assert set() == set(entry.event_months) - paid


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("coned-csrp-boroughs-2017", "coned-dlrp-tier-2-2017", (True, False)),  # Con Edison: one or both programmes
        ("coned-dlrp-tier-1-2017", "nyiso-zone-j-strip-summer-2021", (True, False)),  # LoadVizPro, New York utilities
        ("coned-csrp-voluntary", "coned-csrp-boroughs-2017", (False, True)),  # Con Edison: one option of each
        ("gb-dfs-winter-2022-23", "gb-t1-2023-24", (False, True)),  # operator: no capacity market contract
        ("gb-dfs-nov-dec-2023", "gb-t1-2023-24", (False, False)),
        ("ca-elrp-2022", "ca-pge-bip", (False, False)),  # both may be held, with megawatts of their own
        ("nyiso-scr-energy-floor", "nyiso-scr-energy-floor", (False, False)),
        ("pjm-rto-2026-27", "nobody-knows-it", (False, False)),
    ],
)
def test_two_programmes(one, other, expected):
    """Whether two programmes stack or bar each other is the same from either side, by id or by entry."""
    assert expected == (may_stack(one, other), is_barred(one, other))
    pair = [ENTRIES.get(other, other), ENTRIES[one]]
    assert expected == (may_stack(*pair), is_barred(*pair))


def test_entries_of_ones_own_stack_too():
    """The entries that are handed over are looked into, not the shipped ones."""
    own = ENTRIES["pjm-rto-2026-27"].model_copy(update={"id": "my-own", "stacks_with": ("pjm-*",)})
    assert (True, False) == (
        may_stack("pjm-rto-2026-27", "my-own", {**ENTRIES, own.id: own}),
        may_stack("pjm-rto-2026-27", "my-own"),
    )


def test_every_member_names_another_programme():
    """No shipped entry stacks with or bars what the library does not have."""
    named = [(e.id, member) for e in ENTRIES.values() for member in (*e.stacks_with, *e.bars)]
    assert [] == [m for name, m in named if not any(is_named(m, other) for other in ENTRIES if other != name)]


def test_none_both_stacks_and_bars():
    """No two shipped entries stack and bar each other, whichever of them says so."""
    pairs = itertools.combinations(ENTRIES.values(), 2)
    assert [] == [(a.id, b.id) for a, b in pairs if may_stack(a, b) and is_barred(a, b)]
