"""What a YAML portfolio says beside its rows: budget years, currencies, what a site has, and when events fall."""

import datetime as dt

import pytest

TEXT = """\
name: West
currency: USD
year: 2027
years: 2
fiscal_year_start: 6
exchange_rates:
  - currency: eur
    rate: 1.08
    date: 2026-11-02
    kind: average
    source: Treasury desk
sites:
  - name: Ashburn
    currency: EUR
    load_mw: 40
    critical_mw: 28
    mandatory_curtailment_mw: 2
    resources:
      - name: UPS A
        kind: ups
        power_mw: 10
        energy_mwh: 12
        derate: 5%
        permit: full
      - {name: 7, kind: generator, power_mw: 8, hours: 6, group: east, permit: emergency}
    enrolments:
      - programme: Contract
        nominated_mw: 10
        capacity_rate: 5
        rate_unit: kW-month
        escalation: -2%
        price_year: 2026
        price_status: forecast
        event_months: {6: 1, Jul-Aug: 2}
        event_hours: 2
        notice_minutes: 30
        dispatch_hours: 20
        penalty_share: 50%
        uplift_money: 1e3
      - {programme: Other, nominated_mw: 3, energy_rate: 80, dispatch_hours: 20, currency: USD, event_months: [6, 7-9]}
"""


def with_line(old, new):
    """The text with one line changed."""
    assert TEXT.count(old) == 1
    return TEXT.replace(old, new)


def test_budget_years_and_exchange_rates(read):
    """Years, the month they begin in, and each rate with its date, kind and source."""
    made = read("p.yaml", TEXT)
    assert (2027, 2, 6, dt.date(2029, 5, 31)) == (made.year, made.years, made.fiscal_year_start, made.last_day)
    (rate,) = made.exchange_rates
    expected = ("EUR", 1.08, dt.date(2026, 11, 2), "average", "Treasury desk")
    assert expected == (rate.currency, rate.rate, rate.date, rate.kind, rate.source)


def test_what_a_site_says_once_holds_for_its_rows(read):
    """Load and currency are those of every enrolment, unless it has its own."""
    first, second = read("p.yaml", TEXT).enrolments
    assert [(40.0, 28.0, 2.0)] * 2 == [(e.load_mw, e.critical_mw, e.mandatory_curtailment_mw) for e in (first, second)]
    assert ("EUR", "USD") == (first.currency, second.currency)


def test_the_resources_of_a_site(read):
    """A resource each, numbers and percentages read, names and groups kept as the text they are."""
    ups, engine = read("p.yaml", TEXT).resources["Ashburn"]
    assert ("UPS A", "ups", 10.0, 12.0, 0.05, "full") == (
        ups.name, ups.kind, ups.power_mw, ups.energy_mwh, ups.derate, ups.permit,
    )  # fmt: skip
    assert ("7", 6.0, "east", "emergency") == (engine.name, engine.hours, engine.group, engine.permit)


def test_the_terms_of_a_row(read):
    """Escalation, price year, event, shares and money of a row, and its event months as a mapping or a list."""
    first, second = read("p.yaml", TEXT).enrolments
    assert (-0.02, 2026.0, 2.0, 30.0, 0.5, 1_000.0) == (
        first.escalation, first.price_year, first.event_hours, first.notice_minutes, first.penalty_share, first.uplift_money,
    )  # fmt: skip
    assert (0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 2.0, 0.0, 0.0, 0.0, 0.0) == first.events_in_months
    assert (0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0) == second.events_in_months


@pytest.mark.parametrize(
    ("old", "new", "place", "meant"),
    [
        ("years: 2", "yeers: 2", "line 4", "years"),
        ("exchange_rates:", "exchange_rate:", "line 6", "exchange_rates"),
        ("    rate: 1.08", "    rte: 1.08", "line 7, exchange_rates[0]", "rate"),
        ("    load_mw: 40", "    laod_mw: 40", "line 15", "load_mw"),
        ("        derate: 5%", "        derated: 5%", "line 18, sites[0].resources", "derate"),
        ("        event_hours: 2", "        event_hour: 2", "line 27, sites[0].enrolments[0]", "event_hours"),
    ],
)  # fmt: skip
def test_an_unknown_key_offers_the_nearest(refused, old, new, place, meant):
    """A misspelt key of the file, a rate, a site, a resource or a row is told with the key that was meant."""
    problem = next(p for p in refused("p.yaml", with_line(old, new)) if p.code == "FLEX-104")
    assert (True, True) == (
        problem.place.startswith(f"p.yaml {place}"),
        meant in problem.what.partition("Did you mean")[2],
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("years: 2", "years: [2]", "FLEX-114", "line 4, years"),
        ("    rate: 1.08", "    rate: {a: 1}", "FLEX-114", "line 7, exchange_rates[0], rate"),
        ("    rate: 1.08", "    rate: '1,08'", "FLEX-108", "line 7, exchange_rates[0], rate"),
        ("    rate: 1.08", "    rate: .nan", "FLEX-002", "line 7, exchange_rates[0], rate"),
        ("    load_mw: 40", "    load_mw: [40]", "FLEX-114", "line 15, sites[0].load_mw"),
        ("        power_mw: 10", "        power_mw: [10]", "FLEX-114", "line 18, sites[0].resources[0], power_mw"),
        ("        power_mw: 10", "        power_mw: .inf", "FLEX-002", "line 18, sites[0].resources[0], power_mw"),
        ("        derate: 5%", "        derate: 5", "FLEX-003", "line 18, sites[0].resources[0], derate"),
        ("{6: 1, Jul-Aug: 2}", "{6: [1]}", "FLEX-127", "line 34, sites[0].enrolments[0].event_months"),
        ("        price_year: 2026", "        price_year: 2026.5", "FLEX-003", "line 32, sites[0].enrolments[0].price_year"),
        ("        escalation: -2%", "        escalation: -60%", "FLEX-003", "line 31, sites[0].enrolments[0].escalation"),
        ("currency: USD, event", "currency: [USD], event", "FLEX-114", "line 40, sites[0].enrolments[1].currency"),
    ],
)  # fmt: skip
def test_one_mistake_is_told_with_its_line(refused, old, new, code, place):
    """A list or mapping where one value belongs, and a number that is none, with the line and the key."""
    (problem,) = refused("p.yaml", with_line(old, new))
    assert (code, f"p.yaml {place}") == (problem.code, problem.place)
    assert problem.remedy


@pytest.mark.parametrize("value", ["{EUR: 1.08}", "5"])
def test_rates_that_are_no_list(refused, value):
    """A mapping of rates is told with its line and how a list is begun."""
    rates, sites = TEXT.index("exchange_rates:"), TEXT.index("sites:")
    text = f"{TEXT[:rates]}exchange_rates: {value}\n{TEXT[sites:].replace('currency: EUR', 'zone: East')}"
    (problem,) = refused("p.yaml", text)
    assert ("FLEX-114", "p.yaml line 6", "Start each entry with a dash.") == (
        problem.code,
        problem.place,
        problem.remedy,
    )


def test_a_site_that_stands_twice(read, refused):
    """What a site has may stand under one of its two entries; a second list is refused with the place of the first."""
    row = "      - {programme: Third, nominated_mw: 1, capacity_rate: 5, rate_unit: kW-month}\n"
    again = TEXT + "  - name: Ashburn\n    enrolments:\n" + row
    made = read("p.yaml", again)
    assert (3, 2) == (len(made.enrolments), len(made.resources["Ashburn"]))
    listed = "    resources:\n      - {name: B, kind: ups, power_mw: 1, hours: 1}\n"
    (problem,) = refused("p.yaml", again.replace("    enrolments:\n" + row, listed + "    enrolments:\n" + row))
    assert ("FLEX-033", "p.yaml line 42, sites[1].resources", True) == (
        problem.code,
        problem.place,
        "p.yaml line 18, sites[0].resources" in problem.what,
    )


def test_resources_and_rates_may_be_merged_and_repeated(read):
    """An anchor serves a second site, a merged key a second resource."""
    text = with_line("    resources:\n      - name", "    resources: &all\n      - &ups\n        name")
    text = text.replace("      - {name: 7,", "      - {<<: *ups, name: UPS B}\n      - {name: 7,")
    row = "{programme: Third, nominated_mw: 1, capacity_rate: 5, rate_unit: kW-month}"
    made = read("p.yaml", f"{text}  - {{name: Boston, resources: *all, enrolments: [{row}]}}\n")
    assert [["UPS A", "UPS B", "7"]] * 2 == [[r.name for r in made.resources[site]] for site in ("Ashburn", "Boston")]
    assert [10.0, 10.0] == [r.power_mw for r in made.resources["Boston"][:2]]
