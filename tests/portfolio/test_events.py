"""Months in which events fall: the shorthand, its weights, and what cannot be read."""

import datetime as dt

import pytest

from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.events import read_event_months, shown_event_months
from flexrev_xl.portfolio.terms import EVENT_COLUMNS
from tests.portfolio.given import ROW, portfolio, problems, refusals

SUMMER = {"start": dt.date(2026, 6, 1), "end": dt.date(2026, 8, 31)}
CALLED = {**ROW, "dispatch_hours": 10.0, "energy_rate": 50.0}


def weights(**named):
    """Weights of the twelve months by name, 0 for the others."""
    return tuple(float(named.get(name.removeprefix("event_"), 0.0)) for name in EVENT_COLUMNS)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("6-9", weights(jun=1, jul=1, aug=1, sep=1)),
        ("Jun-Sep", weights(jun=1, jul=1, aug=1, sep=1)),
        ("june - SEPT", weights(jun=1, jul=1, aug=1, sep=1)),
        ("11-2", weights(nov=1, dec=1, jan=1, feb=1)),
        ("12,1,2", weights(dec=1, jan=1, feb=1)),
        ("6:1 7:2 8:2", weights(jun=1, jul=2, aug=2)),
        ("Jun:20%; Jul-Aug:40%", weights(jun=0.2, jul=0.4, aug=0.4)),
        ("6:0 7", weights(jul=1)),
        ([6, "7-8"], weights(jun=1, jul=1, aug=1)),
        ({6: 1, "Jul-Aug": 2}, weights(jun=1, jul=2, aug=2)),
        (7.0, weights(jul=1)),
    ],
)
def test_months_as_they_are_typed(given, expected):
    """Numbers or names, spans over the turn of the year too, lists, and weights."""
    assert expected == read_event_months(given)


@pytest.mark.parametrize(
    "given",
    [
        "13", "0", "summer", "Ju", "Marvel", "²", "6-", "6--9", "6:-1", "6:x", "6-9:", "6 6", "6-9 8", "6:0", "9-Jun", "Jun-09",
        6.5, float("nan"), float("inf"), True, dt.date(2026, 6, 9), [], [[6]], {6: [1]}, {6: None}, "9" * 5_000,
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_what_is_no_month_is_refused(given):
    """Other numbers and words, months twice, no weight at all, and what a spreadsheet made a date of."""
    with pytest.raises(FlexError) as refused:
        read_event_months(given)
    assert ("FLEX-127", True) == (refused.value.code, "6-9" in refused.value.allowed)


@pytest.mark.parametrize(
    ("given", "shown"), [("1-12", "1 2 3 4 5 6 7 8 9 10 11 12"), ("Jun-Aug", "6 7 8"), ("6:1 7:2.5", "6:1 7:2.5")]
)  # fmt: skip
def test_weights_are_shown_as_they_would_be_typed(given, shown):
    """The shorthand of weights reads as the same weights."""
    assert shown == shown_event_months(read_event_months(given))


def test_the_shorthand_stands_for_the_twelve_columns():
    """A row with the shorthand is a row with the weights; without either every month counts alike."""
    short, long, none = portfolio(
        CALLED | {"event_months": "6:1 7:2"},
        CALLED | {"site": "B"} | dict(zip(EVENT_COLUMNS, weights(jun=1, jul=2), strict=True)),
        CALLED | {"site": "C"},
    ).enrolments
    assert (weights(jun=1, jul=2), short.events_in_months) == (short.events_in_months, long.events_in_months)
    assert (1.0,) * 12 == none.events_in_months


def test_the_months_of_the_library():
    """A programme's months hold unless the row names its own."""
    row = {"site": "A", "nominated_mw": 1.0, "programme": "ca-elrp-2022", "dispatch_hours": 10.0}
    taken, own = portfolio(row, row | {"site": "B", "event_months": "7"}).enrolments
    assert (weights(may=1, jun=1, jul=1, aug=1, sep=1, oct=1), weights(jul=1)) == (
        taken.events_in_months,
        own.events_in_months,
    )


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"event_months": "6-99"}, "event_months", "'99' is not a month"),
        ({"event_months": "6", "event_jun": 1.0}, "event_jun", "beside event_months"),
        ({"event_months": "11-2", **SUMMER}, "event_months", "2026-06-01 and 2026-08-31, and 10 hours are dispatched"),
        ({"event_months": "11-2", "dispatch_hours": 0.0, "test_hours": 2.0, **SUMMER}, "event_months", "2 hours are tested"),
        ({"event_months": "11-2", "dispatch_hours": 0.0, "penalty_hours": 3.0, **SUMMER}, "event_months", "3 hours are penalised"),
        (dict.fromkeys(EVENT_COLUMNS, 0.0), "event_months", "no month has a weight"),
    ],
)  # fmt: skip
def test_hours_that_no_month_can_take(changes, column, words):
    """Hours outside the event months would silently come to nothing; they are refused with their row."""
    (problem,) = problems(CALLED | changes)
    assert ("FLEX-127", f"p.csv row 2, {column}", True) == (problem.code, problem.place, words in problem.what)
    assert problem.remedy


def test_a_weight_out_of_bounds_names_its_month():
    """A weight of the shorthand is bound like that of a column."""
    assert [("FLEX-003", "p.csv row 2, event_jun")] == refusals(CALLED | {"event_months": "6:9999999"})


def test_months_without_hours_are_no_matter():
    """Where nothing is dispatched, tested or penalised, a season may lie outside the event months."""
    assert () == portfolio(ROW | SUMMER | {"event_months": "11-2"}).warnings
