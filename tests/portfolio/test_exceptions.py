"""Exceptions: what a scenario does to the drivers of single sites and programmes."""

import pytest

from flexrev_xl.analysis.budget import budget
from tests.portfolio.given import ROW, portfolio, problems

PAID = {**ROW, "energy_rate": 50.0, "dispatch_hours": 10.0}
ROWS = (
    PAID,
    {**PAID, "programme": "Second"},
    {**PAID, "site": "Dallas"},
    {**PAID, "site": "Dallas", "programme": "Second"},
)


def hours(*exceptions, **drivers):
    """Dispatch hours of each row under a scenario with these exceptions."""
    scenario = {"name": "Own", **drivers, "exceptions": list(exceptions)}
    result = budget(portfolio(*ROWS, scenarios=[scenario]))
    return [line.values["scenario_hours"] for line in result.scenarios[0].lines]


def refused(*exceptions):
    """(code, place, what) of everything refused of a scenario with these exceptions."""
    scenario = {"name": "Own", "exceptions": list(exceptions)}
    return [(p.code, p.place, p.what) for p in problems(*ROWS, scenarios=[scenario])]


def test_one_site():
    """An exception of a site is for all its programmes, and for no other site."""
    assert [20.0, 20.0, 5.0, 5.0] == hours({"site": "Ashburn", "dispatch_hours": 2}, dispatch_hours=0.5)


def test_one_programme():
    """An exception of a programme is for all its sites; names are read without regard to case."""
    assert [5.0, 30.0, 5.0, 30.0] == hours(
        {"programme": "second", "dispatch_hours": {"absolute": 30}}, dispatch_hours=0.5
    )


def test_a_pair_comes_before_its_site_and_its_programme():
    """What is said of one site in one programme holds there, whatever is said of either."""
    exceptions = (
        {"site": "Ashburn", "dispatch_hours": 2},
        {"programme": "Second", "dispatch_hours": 3},
        {"site": "Ashburn", "programme": "Second", "dispatch_hours": {"absolute": 1}},
    )
    assert [20.0, 1.0, 10.0, 30.0] == hours(*exceptions)


def test_a_factor_stands_in_place_of_an_absolute_value():
    """An exception replaces what the scenario does to the driver, it is not applied on top of it."""
    assert [20.0, 20.0, 7.0, 7.0] == hours({"site": "Ashburn", "dispatch_hours": 2}, dispatch_hours={"absolute": 7})


def test_other_drivers_stay_the_scenarios():
    """A driver that an exception does not name is as the scenario has it."""
    scenario = {"name": "Own", "performance": 0.5, "exceptions": [{"site": "Ashburn", "dispatch_hours": 2}]}
    lines = budget(portfolio(*ROWS, scenarios=[scenario])).scenarios[0].lines
    assert [0.5] * 4 == [line.values["scenario_performance"] for line in lines]


def test_the_cap_of_the_programme_holds():
    """A performance beyond the programme's cap is paid up to the cap."""
    scenario = {"name": "Own", "exceptions": [{"site": "Ashburn", "performance": {"absolute": 1.3}}]}
    lines = budget(portfolio({**PAID, "performance_cap": 1.1}, scenarios=[scenario])).scenarios[0].lines
    assert (1.3, 1.1) == (lines[0].values["scenario_performance"], lines[0].values["paid_performance"])


@pytest.mark.parametrize(
    ("exception", "code", "words"),
    [
        ({"site": "Asburn", "dispatch_hours": 2}, "FLEX-116", "no row is in 'Asburn'. Did you mean Ashburn?"),
        ({"site": "Ashburn", "programme": "Third", "dispatch_hours": 2}, "FLEX-116", "no row is in 'Ashburn in Third'"),
        ({"dispatch_hours": 2}, "FLEX-116", "it says of no site and of no programme"),
        ({"site": "Ashburn"}, "FLEX-116", "it names no driver"),
        ({"site": "Ashburn", "hours": 2}, "FLEX-116", "'hours' is not a driver"),
        ({"site": "Ashburn", "dispatch_hours": -1}, "FLEX-003", "-1 times is outside the range"),
        ({"site": "a\nb", "dispatch_hours": 1}, "FLEX-107", "'a?b' holds the control character U+000A"),
        ("Ashburn", "FLEX-116", "'Ashburn' is not a mapping"),
    ],
)
def test_mistakes(exception, code, words):
    """What an exception cannot be is refused with its place."""
    (problem,) = refused(exception)
    assert (code, True, True) == (
        problem[0],
        problem[1].startswith("p.csv scenario 1, exceptions[1]"),
        words in problem[2],
    )


def test_two_that_say_the_same():
    """A row that a site's and a programme's exception mean alike is told, where they name the same driver."""
    site, programme = {"site": "Ashburn", "dispatch_hours": 2}, {"programme": "Second", "dispatch_hours": 3}
    ((code, place, what),) = refused(site, programme)
    assert ("FLEX-116", "p.csv scenario 1, exceptions[2]") == (code, place)
    assert "dispatch_hours of Ashburn in Second stands in p.csv scenario 1, exceptions[1] already" == what
    assert [20.0, 20.0, 10.0, 10.0] == hours(site, {"programme": "Second", "performance": 0.5})


def test_no_list():
    """Exceptions that are no list are refused."""
    (problem,) = problems(*ROWS, scenarios=[{"name": "Own", "exceptions": {"site": "Ashburn"}}])
    assert ("FLEX-116", "p.csv scenario 1, exceptions") == (problem.code, problem.place)
