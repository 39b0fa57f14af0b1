"""An entry of the programme library: what it refuses, and how its periods are counted."""

import datetime as dt

import pytest
from pydantic import ValidationError
from pytest import approx

from flexrev_xl.programmes import library
from flexrev_xl.programmes.models import Programme

SOURCE = {"title": "A tariff", "address": "https://example.com/tariff", "date": "2026-01-31"}
COMMON = {
    "id": "a-programme",
    "name": "A programme",
    "market": "Here",
    "zone": "All",
    "confidence": "contract",
    "source": SOURCE,
}
DAILY = {"rate_unit": "USD/MW-day", "prices": [{"start": "2026-06-01", "end": "2027-05-31", "capacity_rate": 100}]}
ENERGY = {"energy_rate": 2, "energy_unit": "USD/kWh"}


def entry(**values):
    """An entry with these terms."""
    return Programme(**{**COMMON, **values})


def refusals(**values):
    """(code, place) of each fault of an entry with these terms."""
    with pytest.raises(ValidationError) as caught:
        entry(**values)
    found = []
    for error in caught.value.errors():
        fault, loc = error.get("ctx", {}).get("error"), ".".join(map(str, error["loc"]))
        problems = getattr(fault, "problems", None)
        found += (
            [(p.code, ", ".join(filter(None, (loc, p.place)))) for p in problems]
            if problems
            else [(error["type"], loc)]
        )
    return found


def price(**values):
    return {"start": "2026-06-01", "end": "2026-08-31", "capacity_rate": 5, **values}


LATER = {"season": "B", "start": "2026-09-01", "end": "2026-12-31"}
SEASONS = {
    "of one name": {"rate_unit": "USD/MW-day", "prices": [price(season="A"), price(season="a")]},
    "that overlap": {"rate_unit": "USD/MW-day", "prices": [price(season="A"), price(season="B")]},
    "of more than a year": {
        "rate_unit": "USD/kW-month",
        "prices": [price(periods=7, season="A"), price(periods=6, **LATER)],
    },
}


def test_energy_only_programme():
    """A programme that pays energy alone has no annual capacity rate."""
    made = entry(**ENERGY)
    assert (None, "USD", 2000.0, ()) == (
        made.annual_rate,
        made.currency,
        made.energy_rate * made.unit_of_energy.factor,
        made.seasons,
    )


@pytest.mark.parametrize(
    ("rate_unit", "terms", "expected"),
    [
        ("USD/MW-day", {"start": "2026-06-01", "end": "2027-05-31"}, 100 * 365),
        ("USD/kW-day", {"start": "2027-06-01", "end": "2028-05-31"}, 100 * 1000 * 366),
        ("USD/kW-month", {"start": "2026-05-01", "end": "2026-09-30"}, 100 * 1000 * 5),
        ("USD/kW-month", {}, 100 * 1000 * 12),
        ("USD/kW-season", {}, 100 * 1000),
        ("GBP/kW-year", {"start": "2026-10-01", "end": "2027-09-30"}, 100 * 1000),
        ("USD/MW-hour", {"periods": 1500}, 100 * 1500),
        ("USD/MW-day", {"periods": 60}, 100 * 60),
    ],
)
def test_annual_rate(rate_unit, terms, expected):
    """Money per MW-year is rate x factor of the unit x periods: stated, from the dates, or the unit's own."""
    assert approx(expected) == entry(rate_unit=rate_unit, prices=[{"capacity_rate": 100, **terms}]).annual_rate


def test_business_days_less_holidays():
    """A programme paid on business days counts Mondays to Fridays, its holidays left out."""
    terms = {"rate_unit": "CAD/MW-day", "prices": [{"start": "2026-05-01", "end": "2026-05-31", "capacity_rate": 10}]}
    made = entry(**terms, paid_on="business days", holidays=["2026-05-18"])
    assert 200 == made.annual_rate


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, [("FLEX-112", "")]),
        ({**ENERGY, "source": None}, [("model_type", "source")]),
        ({**ENERGY, "source": {**SOURCE, "title": ""}}, [("FLEX-123", "source.title")]),
        ({**ENERGY, "source": {**SOURCE, "address": "somewhere"}}, [("FLEX-123", "source.address")]),
        ({**ENERGY, "source": {"address": SOURCE["address"]}}, [("missing", "source.title")]),
        ({**ENERGY, "id": "Not An Id"}, [("FLEX-123", "id")]),
        ({**ENERGY, "confidence": "hearsay"}, [("literal_error", "confidence")]),
        ({**ENERGY, "surprise": 1}, [("extra_forbidden", "surprise")]),
        ({**ENERGY, "accreditation": 85}, [("FLEX-005", "accreditation")]),
        ({**ENERGY, "penalty_rate": "much"}, [("FLEX-002", "penalty_rate")]),
        ({**ENERGY, "end": "2026-05-01"}, [("FLEX-113", "end")]),
        ({**ENERGY, "start": "2026-05-31", "end": "2026-05-01"}, [("FLEX-113", "end")]),
        ({"energy_rate": 2}, [("FLEX-105", "energy_unit"), ]),
        ({**ENERGY, "energy_unit": "kWh"}, [("FLEX-109", "rate_unit")]),
        ({**DAILY, "rate_unit": "$/MW-day"}, [("FLEX-109", "rate_unit")]),
        ({**DAILY, "rate_unit": "USD/MW"}, [("FLEX-011", "rate_unit")]),
        ({**DAILY, **ENERGY, "energy_unit": "GBP/kWh"}, [("FLEX-013", "rate_unit and energy_unit")]),
        ({"prices": DAILY["prices"]}, [("FLEX-105", "rate_unit")]),
        ({"rate_unit": "USD/MW-day", "prices": [{"capacity_rate": 5}]}, [("FLEX-014", "prices[0], periods")]),
        ({"rate_unit": "USD/MW-day", "prices": [price(end="2026-05-01")]}, [("FLEX-113", "prices[0], end")]),
        ({"rate_unit": "USD/MW-day", "prices": [price(end=None)]}, [("FLEX-113", "prices[0]")]),
        ({"rate_unit": "USD/MW-day", "prices": [price(end="2027-08-31")]}, [("FLEX-015", "prices[0]")]),
        ({"rate_unit": "USD/MW-day", "prices": [price(start="2026-13-01")]}, [("FLEX-113", "prices.0.start")]),
        ({**ENERGY, "event_months": [5, 13]}, [("FLEX-123", "event_months.1")]),
        ({**ENERGY, "event_months": [0, 6.5, True, "May"]}, [("FLEX-123", f"event_months.{n}") for n in range(4)]),
        ({**ENERGY, "event_months": [5, 6, 5]}, [("FLEX-123", "event_months")]),
        ({**ENERGY, "bars_permits": ["emergency", "diesel"]}, [("literal_error", "bars_permits.1")]),
        ({**ENERGY, "stacks_with": ["*", "PJM-*", "pjm*2026"]}, [("FLEX-123", f"stacks_with.{n}") for n in range(3)]),
        ({**ENERGY, "bars": ["pjm-"]}, [("FLEX-123", "bars.0")]),
        ({**ENERGY, "stacks_with": ["pjm-*"], "bars": ["pjm-rto-2026-27"]}, [("FLEX-123", "bars")]),
        ({**ENERGY, "stacks_with": ["pjm-rto-*"], "bars": ["pjm-*"]}, [("FLEX-123", "bars")]),
        (SEASONS["of one name"], [("FLEX-106", "prices"), ("FLEX-110", "prices")]),
        (SEASONS["that overlap"], [("FLEX-110", "prices")]),
        (SEASONS["of more than a year"], [("FLEX-015", "prices")]),
    ],
)  # fmt: skip
def test_refused(values, expected):
    """What cannot stand is refused with its code and its field; an entry without a source among it."""
    assert sorted(expected) == sorted(refusals(**values))


def test_entry_without_a_source():
    """An entry must say where it was read."""
    with pytest.raises(ValidationError, match="source\n  Field required"):
        Programme(**{k: v for k, v in {**COMMON, **DAILY}.items() if k != "source"})


@pytest.mark.parametrize(
    ("terms", "today", "year", "expected"),
    [
        (DAILY, "2027-05-31", 2026, (False, True)),
        (DAILY, "2027-06-01", 2028, (True, False)),
        (ENERGY, "2040-01-01", 2026, (False, False)),
        ({**ENERGY, "start": "2022-05-01"}, "2040-01-01", 2030, (False, True)),
        ({**ENERGY, "start": "2022-05-01", "end": "2022-10-31"}, "2022-11-01", 2021, (True, False)),
    ],
)
def test_stale_and_year(terms, today, year, expected):
    """Past its last day an entry is stale; one that is undated or open never is; a year is touched by its days."""
    made = entry(**terms)
    assert expected == (made.is_stale(dt.date.fromisoformat(today)), made.touches(year))


@pytest.mark.parametrize(
    ("programme", "season", "expected"),
    [
        ("pjm-rto-2026-27", None, 329.17),
        ("pjm-rto-2026-27", "Summer", 329.17),
        ("miso-south-2025-26", " fall ", 74.09),
        ("miso-south-2025-26", None, None),
        ("coned-csrp-westchester-2017", None, 6),
        ("coned-csrp-westchester-2017", "summer", 6),
        ("coned-csrp-westchester-2017", "Winter", None),
    ],
)
def test_price_for_a_season(programme, season, expected):
    """A season's own price, or the only one where that is meant for the season asked."""
    found = library.find(programme).price_for(season)
    assert expected == (found and found.capacity_rate)


@pytest.mark.parametrize(
    ("programme", "season", "expected"),
    [
        ("miso-south-2025-26", "Summer", 92),
        ("miso-south-2025-26", "Winter", 91),
        ("ieso-southern-2025-26", "Summer", 132),
        ("heco-fast-dr-40", "", None),
    ],
)
def test_most_days_of_a_season(programme, season, expected):
    """A season has a leap day in some years, and business days that fall differently."""
    made = library.find(programme)
    assert expected == made.most_days(made.price_of(season))
