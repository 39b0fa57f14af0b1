"""What must hold within an enrolment and between enrolments; everything wrong is told at once."""

import datetime as dt

import pytest

from tests.portfolio.given import ROW, portfolio, problems, refusals

SUMMER = {"start": dt.date(2026, 6, 1), "end": dt.date(2026, 8, 31)}  # 92 days
AUTUMN = {"start": dt.date(2026, 9, 1), "end": dt.date(2026, 11, 30)}  # 91 days
A_DAY = {**ROW, "rate_unit": "USD/MW-day"}


def test_five_mistakes_show_five():
    """Five rows with five different mistakes: each is told with file, row, column, value, rule and remedy."""
    told = problems(
        {**ROW, "nominated_mw": -5.0},
        {**A_DAY, "site": "Boston"},
        {**ROW, "site": "Chicago", "rate_unit": "$/kW"},
        {**ROW, "site": "Dallas", "nominated_mw": "5x"},
        {**ROW, "site": "Emden", "rate_unit": "EUR/MW-year"},
    )
    assert [
        ("FLEX-003", "p.csv row 2, nominated_mw", "-5 MW"),
        ("FLEX-014", "p.csv row 3, periods", "MW-day"),
        ("FLEX-011", "p.csv row 4, rate_unit", "'$/kW'"),
        ("FLEX-002", "p.csv row 5, nominated_mw", "'5x'"),
        ("FLEX-013", "p.csv row 6, rate_unit", "EUR"),
    ] == [(p.code, p.place, next(v for v in ("-5 MW", "MW-day", "'$/kW'", "'5x'", "EUR") if v in p.what)) for p in told]
    assert all(p.remedy for p in told)
    assert "0 to 1,000,000 MW" == told[0].allowed


def test_several_mistakes_of_one_row():
    """A row tells all its mistakes, those between its columns too."""
    row = {**ROW, "performance": 5.0, "availability": 1.2, "customer_share": 85.0, "start": dt.date(2026, 6, 1)}
    assert [
        ("FLEX-004", "p.csv row 2, performance"),
        ("FLEX-003", "p.csv row 2, availability"),
        ("FLEX-005", "p.csv row 2, customer_share"),
        ("FLEX-113", "p.csv row 2, end"),
    ] == refusals(row)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("nominated_mw", -1.0, "FLEX-003"),
        ("nominated_mw", "ten", "FLEX-002"),
        ("nominated_mw", float("nan"), "FLEX-006"),
        ("nominated_mw", None, "FLEX-105"),
        ("site", " ", "FLEX-105"),
        ("site", "a\nb", "FLEX-107"),
        ("site", "a" * 256, "FLEX-107"),
        ("capacity_rate", -1.0, "FLEX-003"),
        ("rate_unit", "$/kW", "FLEX-011"),
        ("rate_unit", "USD/MWh", "FLEX-012"),
        ("rate_unit", "per fortnight", "FLEX-010"),
        ("energy_unit", "MW-hour", "FLEX-012"),
        ("performance", 5.0, "FLEX-004"),
        ("availability", 1.2, "FLEX-003"),
        ("availability", 120.0, "FLEX-003"),
        ("accreditation", 69.0, "FLEX-005"),
        ("dispatch_hours", 8785.0, "FLEX-003"),
        ("price_status", "maybe", "FLEX-016"),
        ("kind", "bribe", "FLEX-016"),
        ("paid_on", "Sundays", "FLEX-016"),
        ("price_year", 2026.5, "FLEX-003"),
        ("escalation", 1.5, "FLEX-003"),
        ("event_hours", 0.0, "FLEX-003"),
        ("event_jan", -1.0, "FLEX-003"),
        ("currency", "euros", "FLEX-109"),
        ("start", "01/06/2026", "FLEX-113"),
        ("source_date", "2026-06-31", "FLEX-113"),
        ("stop_loss_money", -1.0, "FLEX-003"),
    ],
)
def test_one_bad_value(column, value, code):
    """A value that cannot be is refused with its code and column, and causes no other refusal."""
    assert (code, f"p.csv row 2, {column}") == refusals({**ROW, column: value})[0]
    assert 1 == len([p for p in refusals({**ROW, column: value}) if p != ("FLEX-113", "p.csv row 2, end")])


@pytest.mark.parametrize("unit", ["USD/MW-day", "USD/kW-day", "USD/MW-hour", "USD/kW-hour"])
def test_a_rate_per_day_or_hour_needs_its_periods(unit):
    """Without periods or dates a daily or hourly rate says nothing of a year."""
    assert [("FLEX-014", "p.csv row 2, periods")] == refusals({**ROW, "rate_unit": unit})


@pytest.mark.parametrize(
    ("unit", "dates", "periods"),
    [
        ("USD/MW-day", SUMMER, 92.0),
        ("USD/MW-day", {"start": dt.date(2027, 6, 1), "end": dt.date(2028, 5, 31)}, 366.0),
        ("USD/kW-month", SUMMER, 3.0),
        ("USD/kW-month", {}, 12.0),
        ("USD/MW-year", {}, 1.0),
        ("USD/kW-season", {}, 1.0),
        ("USD/MW-hour", {"periods": 8760.0}, 8760.0),
    ],
)
def test_periods_follow_from_the_unit_and_the_dates(unit, dates, periods):
    """Days and whole months are counted from the dates, first and last included; a month's rate pays twelve."""
    assert periods == portfolio({**ROW, "rate_unit": unit, **dates}).enrolments[0].periods


@pytest.mark.parametrize(
    ("unit", "extra", "code"),
    [
        ("USD/MW-day", {"periods": 367.0}, "FLEX-015"),
        ("USD/MW-month", {"periods": 13.0}, "FLEX-015"),
        ("USD/MW-year", {"periods": 2.0}, "FLEX-015"),
        ("USD/MW-hour", {"periods": 8785.0}, "FLEX-015"),
        ("USD/MW-season", {"periods": 5.0}, "FLEX-015"),
        ("USD/MW-day", {"periods": 0.0}, "FLEX-003"),
        ("USD/MW-day", {"periods": 93.0, **SUMMER}, "FLEX-015"),
        ("USD/MW-month", {"periods": 4.0, **SUMMER}, "FLEX-015"),
        ("USD/MW-hour", {"periods": 2209.0, **SUMMER}, "FLEX-015"),
    ],
)
def test_no_more_periods_than_the_year_or_the_dates_have(unit, extra, code):
    """A rate is paid at most for a year, and for the days between its own dates."""
    assert [(code, "p.csv row 2, periods")] == refusals({**ROW, "rate_unit": unit, **extra})


def test_fewer_days_than_the_dates_have_are_right():
    """Business days within a season are fewer than its days."""
    assert 65.0 == portfolio({**A_DAY, "periods": 65.0, **SUMMER}).enrolments[0].periods


@pytest.mark.parametrize(
    ("dates", "code", "column"),
    [
        ({"start": "2026-06-01"}, "FLEX-113", "end"),
        ({"end": "2026-06-01"}, "FLEX-113", "start"),
        ({"start": "2026-06-02", "end": "2026-06-01"}, "FLEX-113", "end"),
        ({"start": "2026-06-01", "end": "2027-06-02"}, "FLEX-015", "end"),
    ],
)
def test_dates_that_cannot_be(dates, code, column):
    """A date alone, dates the wrong way round, and more than a year between them."""
    assert [(code, f"p.csv row 2, {column}")] == refusals({**ROW, **dates})


def test_a_month_begun_is_not_a_month_paid():
    """Dates that are not whole months leave a monthly rate open."""
    dates = {"start": dt.date(2026, 6, 15), "end": dt.date(2026, 8, 31)}
    assert [("FLEX-014", "p.csv row 2, periods")] == refusals({**ROW, "rate_unit": "USD/kW-month", **dates})


def test_the_same_enrolment_twice():
    """Site, programme and season stand once; the second names the first."""
    (problem,) = problems(ROW, {**ROW, "site": "Boston"}, ROW)
    assert ("FLEX-106", "p.csv row 4", True) == (problem.code, problem.place, "p.csv row 2" in problem.what)


def test_seasons_of_one_enrolment():
    """Two seasons of one programme stand side by side, and neither shares a day with the other."""
    first, second = {**A_DAY, "season": "Summer", **SUMMER}, {**A_DAY, "season": "Autumn", **AUTUMN}
    assert [92.0, 91.0] == [e.periods for e in portfolio(first, second).enrolments]
    (problem,) = problems(first, {**second, "start": dt.date(2026, 8, 30)})
    assert ("FLEX-110", "p.csv row 3, start", True) == (
        problem.code,
        problem.place,
        "2 days with p.csv row 2" in problem.what,
    )


def test_another_site_or_size_may_have_the_same_days():
    """The same days in another programme, at another site or for other megawatts are no overlap."""
    first = {**A_DAY, "season": "A", **SUMMER}
    others = [
        {**first, "site": "Boston"},
        {**first, "programme": "Other"},
        {**first, "season": "B", "nominated_mw": 4.0},
    ]
    assert 4 == len(portfolio(first, *others).enrolments)


def test_seasons_add_up_to_a_year_at_most():
    """Two seasons of 200 days without dates are more than a year has."""
    rows = [{**A_DAY, "season": season, "periods": 200.0} for season in "AB"]
    assert [("FLEX-015", "p.csv row 2 to p.csv row 3, periods")] == refusals(*rows)


@pytest.mark.parametrize(("column", "other"), [("site", "ASHBURN"), ("programme", "contract")])
def test_two_spellings_of_one_name(column, other):
    """A spreadsheet takes Ashburn and ASHBURN for one; so they must be spelled alike."""
    (problem,) = problems(ROW, {**ROW, "season": "B", column: other, "rate_unit": "USD/MW-season"})
    assert ("FLEX-117", f"p.csv row 3, {column}", True) == (
        problem.code,
        problem.place,
        repr(ROW[column]) in problem.what,
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rate_unit": None}, [("FLEX-105", "p.csv row 2, rate_unit")]),
        ({"energy_rate": 50.0}, [("FLEX-105", "p.csv row 2, dispatch_hours")]),
        ({"capacity_rate": None, "rate_unit": None}, [("FLEX-112", "p.csv row 2, programme")]),
        (
            {"capacity_rate": None, "stop_loss_share": 1.5, "energy_rate": 5.0, "dispatch_hours": 3.0},
            [("FLEX-105", "p.csv row 2, stop_loss_share")],
        ),
    ],
)
def test_an_enrolment_must_be_able_to_earn(changes, expected):
    """A rate needs its unit, energy its hours, a stop-loss share a capacity rate, and a row something to earn."""
    assert expected == refusals({**ROW, **changes}, currency="USD")


def test_no_enrolment_at_all():
    """An empty portfolio has nothing to budget."""
    assert [("FLEX-103", "p.csv")] == refusals()


def test_an_unknown_column():
    """A column that is none is refused with the nearest, one that begins with x_ is carried along."""
    (problem,) = problems({**ROW, "performence": 0.9})
    assert ("FLEX-104", True) == (problem.code, "Did you mean performance" in problem.what)
    assert {"x_any": "thing"} == portfolio({**ROW, "x_any": "thing"}).enrolments[0].extras


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"performance": 0.7, "performance_floor": 0.75}, ["p.csv row 2", "70.0%", "75.0%"]),
        ({"periods": 1.0, **SUMMER}, ["p.csv row 2", "per year and paid for 1 of it", "92 days"]),
        ({"escalation": 0.02}, ["p.csv row 2", "2.0%", "contracted"]),
        ({"penalty_share": 0.5}, ["p.csv row 2", "50%", "no penalty_rate"]),
        ({"kind": "buyout", "uplift_money": 5.0}, ["p.csv row 2", "uplift_money", "buyout"]),
        ({"programme": "MISO, own contract"}, ["p.csv row 2", "MISO", "no season"]),
    ],
)
def test_what_to_look_at(changes, words):
    """What is allowed but seldom meant is told as a sentence with its row."""
    (warning,) = portfolio({**ROW, **changes}).warnings
    assert [] == [word for word in words if word not in warning]


def test_a_year_is_a_year_in_any_units():
    """A season, eleven months and three hundred days of one site, programme and MW are more than a year."""
    parts = (("A", "USD/kW-season", 1), ("B", "USD/kW-month", 11), ("C", "USD/MW-day", 300))
    rows = [ROW | {"season": season, "rate_unit": unit, "periods": periods} for season, unit, periods in parts]
    assert [("FLEX-015", "p.csv row 2 to p.csv row 4, periods")] == refusals(*rows)


def test_an_overlap_is_told_beside_other_mistakes():
    """Dates that overlap are told though the rows have other faults."""
    months = ROW | {"rate_unit": "USD/kW-month"}
    rows = [
        months | {"season": "A", "start": "2026-01-01", "end": "2026-06-30"},
        months | {"season": "B", "start": "2026-06-30", "end": "2026-12-31"},
    ]
    assert {"FLEX-014", "FLEX-110"} == {code for code, _ in refusals(*rows)}
