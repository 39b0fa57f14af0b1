"""FLEX_PROGRAMME_RATE: a number or a text out of the programme library."""

import datetime as dt

import pytest

from flexrev_xl import FlexError, programme_rate
from flexrev_xl.programmes import library
from flexrev_xl.programmes.models import Programme, Source
from flexrev_xl.programmes.rate import terms
from flexrev_xl.registry import find


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("pjm-rto-2026-27",), 329.17),
        ((" PJM-RTO-2026-27 ", " Capacity_Rate "), 329.17),
        (("pjm-rto-2026-27", "annual_rate"), 120147.05),
        (("pjm-rto-2026-27", "rate_unit"), "USD/MW-day"),
        (("pjm-rto-2026-27", "end"), "2027-05-31"),
        (("pjm-rto-2026-27", ""), 329.17),
        (("miso-south-2025-26", "capacity_rate Fall"), 74.09),
        (("miso-south-2025-26", "capacity_rate  summer"), 666.5),
        (("miso-south-2025-26", "periods winter"), 90.0),
        (("ca-elrp-2022", "energy_rate"), 2.0),
        (("ca-elrp-2022", "hours_per_year"), 60.0),
        (("ca-pge-bip", "penalty_rate"), 6000.0),
        (("coned-csrp-westchester-2017",), 6.0),
        (("ca-elrp-2022", "event_months"), "5-10"),
        (("hydro-quebec-winter-2018-19", "event_months"), "12-3"),
        (("gb-dfs-winter-2022-23", "bars"), "gb-t1-*; gb-t4-*; gb-ngdso-*"),
        (("pjm-rto-2026-27", "bars_permits"), "emergency"),
    ],
)
def test_value(arguments, expected):
    """The field asked for, found without regard to case or spaces; numbers are floats, all else is text."""
    actual = programme_rate(*arguments)
    assert (pytest.approx(expected), type(expected)) == (actual, type(actual))


@pytest.mark.parametrize(
    ("arguments", "code", "place", "told"),
    [
        (("pjm-rto-2026",), "FLEX-120", "programme_id", "pjm-rto-2026-27"),
        (("nothing like it",), "FLEX-120", "programme_id", "flexrev programmes list"),
        ((None,), "FLEX-001", "programme_id", "pjm-rto-2026-27"),
        ((5,), "FLEX-016", "programme_id", "5 is not a text"),
        (("miso-south-2025-26",), "FLEX-122", "field", "capacity_rate Summer, capacity_rate Fall"),
        (("miso-south-2025-26", "capacity_rate Sumer"), "FLEX-122", "field", "Did you mean capacity_rate Summer or "),
        (("pjm-rto-2026-27", "penalty"), "FLEX-122", "field", "capacity_rate, periods, rate_unit"),
        (("ca-elrp-2022",), "FLEX-122", "field", "energy_rate"),
    ],
)
def test_refused(arguments, code, place, told):
    """An unknown id offers the nearest, a field that is not stated those that are, a seasonal price its seasons."""
    with pytest.raises(FlexError) as caught:
        programme_rate(*arguments)
    assert (code, place, True) == (caught.value.code, caught.value.place, told in str(caught.value))


def test_it_has_no_closed_form():
    """A plain formula cannot look into the library, so none is written and ranges are not taken."""
    entry = find("FLEX_PROGRAMME_RATE")
    assert (True, False, False) == (entry.looks_up, entry.has_closed_form, entry.is_elementwise)


@pytest.mark.parametrize("entry", library.load().values(), ids=library.load())
def test_every_term_can_be_asked_for(entry):
    """Whatever `flexrev programmes show` prints, the function gives."""
    assert list(terms(entry).values()) == [programme_rate(entry.id, name) for name in terms(entry)]


def test_every_field_of_an_entry_is_a_term():
    """Whatever an entry may state can be asked for; prices, the days they are paid and the source have terms of their own."""
    own = {"prices", "paid_on", "holidays", "stated_annual"}
    values = {name: f"{name} of it" for name in Programme.model_fields} | {"prices": (), "pays_accredited_mw": True}
    values |= {"event_months": (1, 3, 4), "source": Source(title="A tariff", address="https://example.com")}
    values |= {"stacks_with": ("a",), "bars": ("b",), "bars_permits": ("emergency",), "start": dt.date(2026, 6, 1)}
    stated = terms(Programme.model_construct(**values | {"rate_unit": "", "energy_unit": ""}))
    assert set(Programme.model_fields) - own - {"rate_unit", "energy_unit"} <= set(stated)
    assert "1 3-4" == stated["event_months"]


def test_terms_are_numbers_and_texts():
    """A cell can show every term: dates and lists come as text."""
    kinds = {type(value) for entry in library.load().values() for value in terms(entry).values()}
    assert kinds <= {float, int, str}
    assert dt.date(2027, 5, 31).isoformat() == terms(library.find("pjm-rto-2026-27"))["end"]
