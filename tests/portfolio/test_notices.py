"""What a reader is told, or refused, of rows that stand and may be a slip: hours, seasons, dates, terms without use."""

import pytest

from flexrev_xl.analysis.budget import budget
from flexrev_xl.workbook.build import inputs_hash
from tests.portfolio.given import ENERGY_ROW, ROW, portfolio, problems

MONTHLY = ROW | {"rate_unit": "USD/kW-month", "capacity_rate": 5.0}
SEASONS = [MONTHLY | {"season": "summer"}, MONTHLY | {"season": "winter", "nominated_mw": 8.0}]
HALVES = [{"start": "2026-05-01", "end": "2026-10-31"}, {"start": "2026-11-01", "end": "2027-04-30"}]
CALENDAR = {"year": 2026, "fiscal_year_start": 1}


def told(*rows, **options):
    """The warnings of these rows."""
    return list(portfolio(*rows, **options).warnings)


def test_seasons_of_a_year_each():
    """Undated seasons with MW of their own are paid for twelve months each; with dates they share a year."""
    (sentence,) = told(*SEASONS)
    assert "summer, winter of Ashburn in Contract are paid for 2 years together" in sentence
    assert [] == told(*(row | dates for row, dates in zip(SEASONS, HALVES, strict=True)))


def test_business_days_of_a_year():
    """An undated row is paid for no more business days than a year has: 52 weeks of five, and two."""
    row = ROW | {"rate_unit": "USD/MW-day", "paid_on": "business days"}
    (problem,) = problems(row | {"periods": 365})
    assert ("FLEX-015", "p.csv row 2, periods", "at most 262") == (problem.code, problem.place, problem.allowed)
    assert 52 * 5 + 2 == portfolio(row | {"periods": 262}).enrolments[0].periods


@pytest.mark.parametrize("name", ["dispatch_hours", "penalty_hours", "test_hours"])
def test_more_hours_than_the_dates_have(name):
    """A day has 24 hours, and no more are dispatched, penalised or tested in it."""
    day = ROW | {"start": "2026-06-01", "end": "2026-06-01"}
    (problem,) = problems(day | {name: 8760})
    expected = ("FLEX-003", f"p.csv row 2, {name}", "0 to 24 h")
    assert expected == (problem.code, problem.place, problem.allowed)
    assert 24.0 == getattr(portfolio(day | {name: 24}).enrolments[0], name)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (ROW | {"nominated_mw": 0}, "0 MW are nominated; the row comes to nothing"),
        (
            ENERGY_ROW | {"energy_rate": 50, "energy_unit": "USD/MWh", "dispatch_hours": 0},
            "the energy rate is paid for 0 dispatch hours; the row earns nothing",
        ),
        (
            ROW | {"kind": "avoided_cost", "stop_loss_money": 5},
            "stop_loss_money of a row of kind avoided_cost is not counted; only revenue has that",
        ),
        (
            ROW | {"kind": "avoided_cost", "penalty_rate": 9, "penalty_share": 0.5},
            "penalty_rate and penalty_share of a row of kind avoided_cost are not counted; only revenue has that",
        ),
    ],
    ids=["no megawatts", "no hours", "stop-loss", "penalty share"],
)
def test_terms_without_use(row, sentence):
    """What a row says and has no use for is told."""
    assert [f"p.csv row 2: {sentence}"] == told(row)


def test_event_months_outside_the_budget():
    """All events of a row to May fall after the calendar year; from June on they do not."""
    row = ROW | {"start": "2026-06-01", "end": "2027-05-31", "dispatch_hours": 30}
    expected = "p.csv row 2: no event month lies between 2026-06-01 and 2026-12-31; of its hours none is budgeted"
    assert [True, False] == [expected in told(row | {"event_months": m}, **CALENDAR) for m in ("1-3", "6-9")]


def test_the_whole_year_is_no_season():
    """The word that the workbook shows for no season is read as none: one key, one hash."""
    named, plain = portfolio(ROW | {"season": " Whole Year"}), portfolio(ROW)
    assert plain.enrolments[0].key == named.enrolments[0].key
    assert inputs_hash(plain) == inputs_hash(named)


@pytest.mark.parametrize(
    ("unit", "end", "money"),
    [("USD/kW-month", "2026-06-30", 5 * 1_000 * 1), ("USD/MW-day", "2026-09-30", 5 * (30 + 31 + 31 + 30))],
)
def test_a_rate_that_only_a_scenario_gives(unit, end, money):
    """A row without a rate keeps the periods of its dates for the scenario that puts one in its place."""
    row = ROW | {"nominated_mw": 1.0, "capacity_rate": 0, "rate_unit": unit, "start": "2026-06-01", "end": end}
    scenarios = [{"name": "Base"}, {"name": "Offer", "capacity_rate": {"absolute": 5}}]
    budgeted = budget(portfolio(row, scenarios=scenarios, **CALENDAR))
    assert pytest.approx([0, money]) == [s.totals["capacity_revenue"] for s in budgeted.scenarios]
