"""Megawatts sold twice: each rule with a case that fires and one that does not, by hand arithmetic."""

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.sales import (
    EVERY_MONTH,
    FIRST,
    SUMMER,
    day,
    entry,
    found,
    months,
    resource,
    row,
    rules_of_the_library,
    told,
)

rules = pytest.fixture(autouse=True)(rules_of_the_library)


def test_two_programmes_in_the_same_hours():
    """100 MW in each of two programmes, of a load of 150 MW with 20 MW critical: 70 MW are sold twice, all year."""
    rows = row("P", 100.0, load_mw=150.0, critical_mw=20.0), row("Q", 100.0, load_mw=150.0, critical_mw=20.0)
    assert [("overlap", ("P", "Q"), 70.0, 8760.0)] == told(*rows)


def test_a_load_that_suffices():
    """Two programmes within load less critical load share nothing."""
    assert [] == told(row("P", 60.0, load_mw=150.0, critical_mw=20.0), row("Q", 70.0, load_mw=150.0, critical_mw=20.0))


def test_other_sites_are_other_megawatts():
    """One programme in one site and one in another are no overlap."""
    assert [] == told(row("P", 100.0), row("Q", 100.0, site="Boston"))


def test_one_row_alone_is_not_sold_twice():
    """A single nomination above the load is no double sale."""
    assert [] == told(row("P", 100.0, load_mw=50.0))


def test_unknown_load_counts_the_largest_nomination():
    """Where nothing says what a site has, all beyond its largest nomination is in excess, and it says how to mend it."""
    finding = found(row("P", 30.0, **SUMMER), row("Q", 12.0))[0]
    assert (12.0, 92 * 24.0, day("06-01"), day("08-31")) == (finding.mw, finding.hours, finding.start, finding.end)
    assert "give load_mw and critical_mw, or resources" in str(finding)


def test_the_sentence():
    """It names site, programmes, megawatts, dates and hours."""
    rows = row("P", 8.0, load_mw=10.0, **SUMMER), row("Q", 5.0, load_mw=10.0)
    assert (
        "Ashburn: 13 MW are sold at the same time in P and Q from 2026-06-01 to 2026-08-31 (2,208 h), "
        "3 MW more than the 10 MW of its load less its critical load"
    ) == str(found(*rows)[0])


def test_as_json():
    """A finding as data: dates as text, programmes as a list."""
    finding = found(row("P", 8.0, load_mw=10.0, **SUMMER), row("Q", 5.0, load_mw=10.0))[0]
    expected = {
        "site": "Ashburn", "programmes": ["P", "Q"], "kind": "overlap", "start": "2026-06-01", "end": "2026-08-31",
        "hours": 2208.0, "mw": 3.0, "what": finding.what,
    }  # fmt: skip
    assert expected == finding.as_json()
    assert list(expected) == list(finding.as_json())


@pytest.mark.parametrize(("start", "hours"), [("09-01", []), ("08-31", [24.0]), ("08-30", [48.0])])
def test_dates_that_touch(start, hours):
    """A row that starts the day after another ends shares no hour; one that starts on its last day shares 24."""
    rows = row("P", **SUMMER), row("Q", start=start, end="11-30")
    assert hours == [f.hours for f in found(*rows)]


@pytest.mark.parametrize(("kind", "count"), [("revenue", 1), ("avoided_cost", 1), ("buyout", 0)])
def test_kinds_of_rows(kind, count):
    """A reduction that avoids a peak is used up as if it were sold; a buyout sells no megawatts."""
    assert count == len(found(row("P"), row("Q", kind=kind)))


def test_seasons_of_one_programme():
    """Seasons of one programme are an overlap where their dates say so; without dates they follow one another."""
    summer, long_summer = row(season="summer", **SUMMER), row(season="long", start="05-01", end="09-30", mw=12.0)
    assert [("overlap", ("P",), 10.0, 2208.0)] == told(summer, long_summer)
    assert [] == told(row(season="summer"), row(season="winter", mw=12.0))


def test_programmes_that_may_stack_count_once():
    """Alpha may stack with beta: the larger of the two counts, beside what stacks with nothing."""
    rows = [row("alpha", 10.0, load_mw=12.0), row("beta", 8.0, load_mw=12.0)]
    entries = entry("alpha"), entry("beta"), entry("delta")
    assert [] == told(*rows, entries=entries)
    assert [("overlap", ("alpha", "delta"), 3.0, 8760.0)] == told(*rows, row("delta", 5.0), entries=entries)


def test_stacking_with_one_of_two():
    """Beta and delta need megawatts of their own; alpha, which stacks with beta alone, is the smaller choice."""
    rows = row("alpha", 10.0, load_mw=12.0), row("beta", 11.0, load_mw=12.0), row("delta", 5.0, load_mw=12.0)
    assert [("overlap", ("beta", "delta"), 4.0, 8760.0)] == told(
        *rows, entries=[entry(n) for n in ("alpha", "beta", "delta")]
    )


@pytest.mark.parametrize(
    ("others", "hours"),
    [(months(7, 8), [62 * 24.0]), (months(1, 2), []), (months(5, 7), [31 * 24.0]), (EVERY_MONTH, [92 * 24.0])],
)
def test_event_months(others, hours):
    """Only days in months in which both have events are sold twice."""
    assert hours == [
        f.hours for f in found(row("P", events_in_months=months(6, 7, 8)), row("Q", events_in_months=others))
    ]


def test_event_months_that_do_not_adjoin():
    """Each unbroken run of days is a finding of its own."""
    rows = row("P", events_in_months=months(1, 12)), row("Q")
    expected = [(day("01-01"), day("01-31")), (day("12-01"), day("12-31"))]
    assert expected == [(f.start, f.end) for f in found(*rows)]


def test_the_largest_excess_of_a_run_of_days():
    """Where the excess of the same programmes changes from day to day, one finding tells the largest."""
    rows = (
        row("P", 6.0, load_mw=10.0),
        row("Q", 5.0, **SUMMER),
        row("Q", 9.0, start="09-01", end="09-30", season="late"),
    )
    assert [("overlap", ("P", "Q"), 5.0, 122 * 24.0)] == told(*rows)


def test_each_set_of_programmes_is_a_finding():
    """A third programme in summer makes three findings: before, during and after."""
    names = [f.programmes for f in found(row("P"), row("Q"), row("R", **SUMMER))]
    assert [("P", "Q"), ("P", "Q", "R"), ("P", "Q")] == names


def test_days_outside_the_budget():
    """Days before or after the budget are not budgeted, and nothing is sold twice on them."""
    earlier = {"start": dt.date(2025, 6, 1), "end": dt.date(2026, 1, 31)}
    assert [31 * 24.0] == [f.hours for f in found(SimpleNamespace(**vars(row("P")) | earlier), row("Q"))]
    earlier["end"] = dt.date(2025, 12, 31)
    assert [] == told(SimpleNamespace(**vars(row("P")) | earlier), row("Q"))


def test_resources_for_the_longest_event():
    """A generator of 20 MW and 40 MWh holds 10 MW for the 4 h of the longer event: 5 of 15 MW are sold twice."""
    rows = row("P", 10.0, event_hours=1.0), row("Q", 5.0, event_hours=4.0)
    generator = resource("generator", 20.0, 40.0)
    assert [("overlap", ("P", "Q"), 5.0, 8760.0)] == told(*rows, resources=[generator])
    assert [] == told(rows[0], row("Q", 5.0, event_hours=2.0), resources=[generator])


def test_event_hours_of_the_library():
    """A row that does not say how long an event is takes the library's hours."""
    rows = row("alpha", 10.0), row("Q", 5.0)
    generator = resource("generator", 20.0, 40.0)
    assert [] == told(*rows, resources=[generator], entries=[entry("alpha")])
    assert [5.0] == [f.mw for f in found(*rows, resources=[generator], entries=[entry("alpha", hours_per_event=4.0)])]


def test_resources_at_the_shortest_notice():
    """A generator that starts in 10 minutes gives nothing to a programme with 5; without a notice nothing is too slow."""
    resources = resource("generator", 15.0, 150.0, start_minutes=10.0), resource("battery", 8.0, 80.0)
    rows = row("P", 10.0, notice_minutes=30.0), row("Q", 5.0, notice_minutes=5.0)
    assert [("overlap", ("P", "Q"), 7.0, 8760.0)] == told(*rows, resources=resources)
    assert [] == told(row("P", 10.0), row("Q", 5.0), resources=resources)


def test_resources_within_the_load():
    """Deferred workload of 30 MW is worth no more than load less critical load."""
    rows = row("P", 10.0, load_mw=40.0, critical_mw=28.0), row("Q", 5.0, load_mw=40.0, critical_mw=28.0)
    assert [3.0] == [f.mw for f in found(*rows, resources=[resource("defer", 30.0, 300.0)])]


def test_a_forbidden_pair():
    """Alpha and gamma bar each other: the days and megawatts in both, also where the site has enough."""
    rows = row("alpha", 4.0, load_mw=100.0, **SUMMER), row("gamma", 6.0, load_mw=100.0)
    finding = found(*rows, entries=[entry("alpha"), entry("gamma")])[0]
    assert ("forbidden pair", ("alpha", "gamma"), 4.0, 2208.0) == (
        finding.kind, finding.programmes, finding.mw, finding.hours,
    )  # fmt: skip
    assert (day("06-01"), day("08-31")) == (finding.start, finding.end)


@pytest.mark.parametrize("name", ["beta", "unknown"])
def test_a_pair_that_is_not_forbidden(name):
    """Nothing is barred by a programme that does not say so or that the library does not know."""
    rows = row("alpha", 4.0, load_mw=100.0), row(name, 6.0, load_mw=100.0)
    assert [] == told(*rows, entries=[entry("alpha"), entry("beta")])


def test_a_forbidden_pair_in_turn():
    """Programmes that bar each other may follow one another."""
    rows = row("alpha", 4.0, load_mw=100.0, **SUMMER), row("gamma", 6.0, load_mw=100.0, start="09-01", end="11-30")
    assert [] == told(*rows, entries=[entry("alpha"), entry("gamma")])


SITE = {"load_mw": 100.0, "critical_mw": 60.0}


@pytest.mark.parametrize(("mw", "excess"), [(30.0, []), (35.0, [5.0]), (60.0, [10.0])])
def test_mandatory_curtailment(mw, excess):
    """Of 100 MW, 60 are critical and 10 may be curtailed without pay: 30 are free, and at most those 10 are sold."""
    findings = found(row("P", mw, mandatory_curtailment_mw=10.0, **SITE))
    assert [("mandatory curtailment", e, 8760.0) for e in excess] == [(f.kind, f.mw, f.hours) for f in findings]


def test_mandatory_curtailment_of_several_rows():
    """Nominations at one time are added: 20 MW all year and 15 in summer leave 5 that are not free."""
    rows = row("P", 20.0, mandatory_curtailment_mw=10.0, **SITE), row("Q", 15.0, **SITE, **SUMMER)
    assert [("mandatory curtailment", ("P", "Q"), 5.0, 2208.0)] == told(*rows)


def test_mandatory_curtailment_of_an_unknown_load():
    """Without a load nothing shows that the megawatts are free, and the sentence says so."""
    finding = found(row("P", 6.0, mandatory_curtailment_mw=10.0))[0]
    assert ("mandatory curtailment", 6.0) == (finding.kind, finding.mw)
    assert "nothing shows that 6 MW of them are free" in str(finding) and str(finding).endswith("give load_mw")


def test_order():
    """Findings stand by site as in the portfolio, then by kind, then by date."""
    rows = (
        row("alpha", 8.0, site="Zurich", dispatch_hours=100.0, mandatory_curtailment_mw=1.0, load_mw=9.0),
        row("P", 8.0, site="Ashburn", **SUMMER),
        row("gamma", 8.0, site="Zurich", load_mw=9.0),
        row("Q", 8.0, site="Ashburn"),
    )
    entries = entry("alpha", hours_per_year=60.0), entry("gamma")
    kinds = ["overlap", "forbidden pair", "mandatory curtailment", "event limits"]
    assert [*(("Zurich", kind) for kind in kinds), ("Ashburn", "overlap")] == [
        (f.site, f.kind) for f in found(*rows, entries=entries)
    ]


def test_nothing_is_sold():
    """A portfolio without nominations has no findings."""
    assert () == found(row("P", 0.0), row("Q", 0.0))


MEGAWATTS = st.integers(1, 50).map(float)
SPANS = st.lists(st.integers(0, 364), min_size=2, max_size=2, unique=True).map(sorted)
SELLING = st.fixed_dictionaries({
    "programme": st.sampled_from(["alpha", "beta", "gamma", "P"]),
    "mw": MEGAWATTS,
    "event_hours": st.sampled_from([None, 1.0, 2.0, 4.0]),
    "dispatch_hours": st.sampled_from([0.0, 50.0, 500.0]),
    "span": SPANS,
})  # fmt: skip
SITES = st.fixed_dictionaries({
    "load_mw": st.none() | st.integers(40, 60).map(float),
    "critical_mw": st.integers(0, 30).map(float),
    "mandatory_curtailment_mw": st.sampled_from([0.0, 5.0]),
})  # fmt: skip
RESOURCES = st.sampled_from([(), (resource(),), (resource("generator", 30.0, 60.0), resource("defer", 20.0, 20.0))])
ENTRIES = [entry(name, hours_per_year=60.0) for name in ("alpha", "beta", "gamma")]


def sold(selling, site, factor=1.0):
    """The rows of a site, each a season of its own, every MW scaled."""
    site = {key: value and value * factor for key, value in site.items()}
    for number, fields in enumerate(selling):
        start, end = (FIRST + dt.timedelta(days=n) for n in fields["span"])
        rest = {key: fields[key] for key in ("event_hours", "dispatch_hours")}
        made = row(fields["programme"], fields["mw"] * factor, season=f"season {number}", **site, **rest)
        made.start, made.end = start, end
        yield made


@given(st.lists(SELLING, min_size=1, max_size=4), SITES, RESOURCES, st.data())
def test_splitting_a_row_changes_nothing(selling, site, resources, data):
    """A row in two adjoining seasons has the findings that it had whole.

    Its hours are shared between the halves. That tells more of when a programme is called, so that its
    limits are compared only where no other row is in the same programme.
    """
    rows = list(sold(selling, site))
    whole = data.draw(st.sampled_from(rows))
    last = data.draw(st.dates(whole.start, whole.end - dt.timedelta(days=1)))
    first, hours = last + dt.timedelta(days=1), whole.dispatch_hours / 2
    early = SimpleNamespace(**vars(whole) | {"end": last, "season": "early", "dispatch_hours": hours})
    late = SimpleNamespace(**vars(whole) | {"start": first, "season": "late", "dispatch_hours": hours})
    others = [r for r in rows if r is not whole]
    alone = whole.programme not in {r.programme for r in others}
    before, after = (
        {
            (f.kind, frozenset(f.programmes), f.start, f.end, f.kind == "recharge" and f.hours): f.mw
            for f in found(*given_rows, resources=resources, entries=ENTRIES)
            if f.kind != "event limits" or alone or whole.programme not in f.programmes
        }
        for given_rows in (rows, [*others, late, early])
    )
    assert before == pytest.approx(after)


@given(st.lists(SELLING, min_size=1, max_size=4), SITES, RESOURCES, st.sampled_from([0.001, 0.5, 3.0, 1000.0]))
def test_scaling_every_megawatt_scales_the_excess(selling, site, resources, factor):
    """Every MW and MWh times a factor: the same findings with their excess times the factor."""
    larger = [resource(r.kind, r.power_mw * factor, r.energy_mwh * factor) for r in resources]
    before = found(*sold(selling, site), resources=resources, entries=ENTRIES)
    after = found(*sold(selling, site, factor), resources=larger, entries=ENTRIES)
    assert [(f.kind, f.programmes, f.start, f.end, f.hours) for f in before] == [
        (f.kind, f.programmes, f.start, f.end, f.hours) for f in after
    ]
    assert [f.mw * factor for f in before] == pytest.approx([f.mw for f in after])
