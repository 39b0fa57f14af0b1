"""The programme library through the portfolios that use it: rates by id, seasons, and prices used wrongly."""

import pytest

from flexrev_xl.analysis.budget import budget
from tests.portfolio.given import ENERGY_ROW, ROW, portfolio, problems, refusals

MISO = "miso-north-central-2025-26"
SEASONS = {"Summer": 666.50 * 92, "Fall": 91.60 * 91, "Winter": 33.20 * 90, "Spring": 69.88 * 92}


def row(programme, **more):
    """One megawatt in a programme, without a rate of its own."""
    return {**ENERGY_ROW, "nominated_mw": 1.0, "programme": programme, **more}


def capacity(*rows):
    """Capacity revenue of the Base scenario."""
    return budget(portfolio(*rows)).scenario("Base").totals["capacity_revenue"]


@pytest.mark.parametrize(
    ("programme", "money"),
    [("pjm-rto-2026-27", 120_147.05), ("PJM-RTO-2026-27 ", 120_147.05), ("iso-ne-fca17-2026-27", 31_080.00)],
)
def test_an_id_fills_the_rate(programme, money):
    """329.17 $/MW-day x 365 days, and 2.590 $/kW-month x 12 months: the id alone gives the year's price of a megawatt."""
    assert money == pytest.approx(capacity(row(programme)), abs=0.005)


def test_what_an_id_fills():
    """Rate, unit, zone, dates, price status and source come from the library, with its currency."""
    filled = portfolio(row("pjm-rto-2026-27"))
    (e,) = filled.enrolments
    assert ("USD", 329.17, "MW-day", 365.0, "cleared") == (
        filled.currency,
        e.capacity_rate,
        e.rate_unit.name,
        e.periods,
        e.price_status,
    )
    assert ("2026-06-01", "2027-05-31", True) == (str(e.start), str(e.end), "pjm-rto-2026-27" in e.source)


def test_what_is_given_stands():
    """A rate of the contract is not overwritten by the library's."""
    own = row("pjm-rto-2026-27", capacity_rate=5.0, rate_unit="USD/MW-year", source="contract")
    (e,) = portfolio(own).enrolments
    assert (5.0, "MW-year", "contract") == (e.capacity_rate, e.rate_unit.name, e.source)


@pytest.mark.parametrize("season", SEASONS)
def test_a_seasonal_id_with_its_season(season):
    """Each season's price is paid for that season's days."""
    assert pytest.approx(SEASONS[season], abs=0.005) == capacity(row(MISO, season=season.lower()))


def test_four_seasons_make_the_year():
    """The four seasons of MISO 2025/26 North/Central come to 79,070.56 $/MW-year."""
    assert pytest.approx(79_070.56, abs=0.005) == capacity(*(row(MISO, season=season) for season in SEASONS))


@pytest.mark.parametrize("more", [{}, {"energy_rate": 50.0, "dispatch_hours": 10.0}, {"periods": 92.0}])
def test_a_seasonal_id_without_its_season(more):
    """Which season is meant is asked for; the row is never budgeted without its capacity price."""
    (problem,) = problems(row(MISO, **more))
    assert ("FLEX-105", "p.csv row 2, season", "Summer, Fall, Winter, Spring") == (
        problem.code,
        problem.place,
        problem.allowed,
    )


def test_a_season_that_is_none():
    """A misspelt season offers the one that was meant."""
    (problem,) = problems(row(MISO, season="Sumer"))
    assert ("FLEX-016", "p.csv row 2, season", True) == (problem.code, problem.place, "Summer?" in problem.what)


def test_an_unknown_programme_without_a_rate():
    """A programme the library does not know needs a rate; the nearest ids are offered, and no currency is asked for."""
    (problem,) = problems(row("pjm-rto-2026"))
    assert ("FLEX-112", "p.csv row 2, programme", True) == (
        problem.code,
        problem.place,
        "pjm-rto-2026-27" in problem.what,
    )


@pytest.mark.parametrize(
    "more",
    [
        {"programme": "MISO", "periods": 365.0},
        {"programme": "MISO planning resource auction", "periods": 93.0},
        {"programme": "MISO-LMR", "start": "2025-06-01", "end": "2026-05-31"},
        {"programme": MISO, "periods": 365.0},
        {"programme": "MISO", "season": "summer", "capacity_rate": 600.0, "periods": 365.0},
        {"programme": "MISO", "rate_unit": "USD/kW-day", "capacity_rate": 0.6665, "periods": 365.0},
    ],
)
def test_a_summer_price_for_the_whole_year(more):
    """MISO's 666.50 $/MW-day is summer's: paid for 365 days (243,272.50 in the wild) it is refused, by price or by season."""
    (problem,) = problems({**ROW, "capacity_rate": 666.50, "rate_unit": "USD/MW-day", **more})
    assert ("FLEX-111", "p.csv row 2, periods", "at most the 92 days of Summer") == (
        problem.code,
        problem.place,
        problem.allowed,
    )


def test_a_summer_price_for_the_summer():
    """The same price for its own 92 days is right."""
    summer = {
        **ROW,
        "nominated_mw": 1.0,
        "programme": "MISO",
        "season": "Summer",
        "capacity_rate": 666.50,
        "rate_unit": "USD/MW-day",
    }
    assert pytest.approx(61_318.00, abs=0.005) == capacity({**summer, "periods": 92.0})


@pytest.mark.parametrize("programme", ["Misoprint", "PJM", "Mission Bay"])
def test_another_market_may_pay_the_same_price(programme):
    """A programme that only begins like a seasonal market's name is not of that market."""
    assert [] == [w for w in portfolio({**ROW, "programme": programme}).warnings if "season" in w]
    assert pytest.approx(2_432_725.0) == capacity(
        {**ROW, "programme": programme, "capacity_rate": 666.50, "rate_unit": "USD/MW-day", "periods": 365.0}
    )


def test_two_years_prices_for_their_own_days():
    """PJM in calendar 2027: 151 x 329.17 + 214 x 333.44 = 121,060.83 $/MW."""
    first = {"season": "2026/27", "start": "2027-01-01", "end": "2027-05-31", "capacity_rate": 329.17}
    second = {"season": "2027/28", "start": "2027-06-01", "end": "2027-12-31", "capacity_rate": 333.44}
    rows = [{**ROW, "nominated_mw": 1.0, "rate_unit": "USD/MW-day", **year} for year in (first, second)]
    assert pytest.approx(121_060.83, abs=0.005) == capacity(*rows)


def test_a_mistake_beside_a_library_rate():
    """A row that takes its rate from the library is checked like any other."""
    assert [("FLEX-003", "p.csv row 2, availability")] == refusals(row("pjm-rto-2026-27", availability=1.2))
