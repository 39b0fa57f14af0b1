"""Scenarios: their names become tabs and defined names, their drivers scale or replace."""

import pytest

from flexrev_xl.portfolio.scenarios import RESERVED_TABS
from tests.portfolio.given import ROW, portfolio, problems, refusals


def names_refused(*names):
    """What is refused of scenarios with these names."""
    return refusals(ROW, scenarios=[{"name": name} for name in names])


def test_the_usual_four():
    """Without scenarios a budget has Base, Conservative, Optimistic and Stress, as documented."""
    assert [
        ("Base", {}, {}),
        ("Conservative", {"dispatch_hours": 0.5, "performance": 0.9}, {}),
        ("Optimistic", {"dispatch_hours": 1.5, "performance": 1.05}, {}),
        ("Stress", {"dispatch_hours": 1.5}, {"performance": 0.67}),
    ] == [(s.name, s.factors, s.absolutes) for s in portfolio(ROW).scenarios]


def test_factors_and_absolute_values():
    """A number is a factor; {absolute: value} is read like the column it replaces."""
    (given,) = portfolio(
        ROW, scenarios=[{"name": "Own", "capacity_rate": 0, "performance": {"absolute": 67}}]
    ).scenarios
    assert ({"capacity_rate": 0.0}, {"performance": 0.67}) == (given.factors, given.absolutes)


@pytest.mark.parametrize("name", ["Base", "2027 plan", "Über", "A" * 31, "東京", "O'Hare", "a-b", "1"])
def test_names_that_stand(name):
    """Any short name that can be a tab is a scenario's name."""
    assert [name] == [s.name for s in portfolio(ROW, scenarios=[{"name": name}]).scenarios]


@pytest.mark.parametrize(
    "name",
    [
        "A" * 32,
        "a/b",
        "a\\b",
        "a:b",
        "a*b",
        "a?b",
        "[a",
        "a]",
        "'a",
        "a'",
        "",
        None,
        "Inputs",
        "inputs",
        "CHECKS",
        "history",
    ],
)
def test_names_that_cannot_be_tabs(name):
    """Too long, with a letter tabs cannot hold, empty, or a tab of the workbook already."""
    assert [("FLEX-116", "p.csv scenario 1, name")] == names_refused(name)


@pytest.mark.parametrize("tab", RESERVED_TABS)
def test_no_scenario_takes_a_tab_of_ours(tab):
    """Every tab a workbook has is refused as a name, in any case."""
    assert [("FLEX-116", "p.csv scenario 1, name")] == names_refused(tab.upper())


@pytest.mark.parametrize("name", ["a\nb", "a\tb", "a\x00b"])
def test_names_with_control_characters(name):
    """A line break or control character is told as such."""
    assert ["FLEX-107"] == [code for code, _ in names_refused(name)]


@pytest.mark.parametrize(
    ("first", "second"),
    [("Base", "Base"), ("Base", "BASE"), ("Low case", "Low-case"), ("a.b", "a b"), ("Über", "Ãber")],
)
def test_names_that_collide(first, second):
    """Names that differ by case or punctuation alone would share Net_Revenue_<name>."""
    assert [("FLEX-116", "p.csv scenario 2, name")] == names_refused(first, second)


def test_an_empty_list_of_scenarios():
    """A list without a scenario is refused rather than read as the usual four."""
    assert [("FLEX-116", "p.csv")] == refusals(ROW, scenarios=[])


@pytest.mark.parametrize(
    ("driver", "value", "code", "words"),
    [
        ("performence", 0.9, "FLEX-116", "performance?"),
        ("penalty_rate", 2, "FLEX-116", "not a driver"),
        ("performance", -0.1, "FLEX-003", "-0.1"),
        ("performance", 101, "FLEX-003", "101"),
        ("performance", "half", "FLEX-002", "'half'"),
        ("performance", True, "FLEX-002", "True"),
        ("performance", {"absolut": 1}, "FLEX-116", "absolut"),
        ("performance", {"absolute": 0.6, "factor": 1}, "FLEX-116", "factor"),
        ("performance", {}, "FLEX-116", "performance"),
        ("performance", {"absolute": 5}, "FLEX-004", "5"),
        ("performance", {"absolute": -1}, "FLEX-003", "-1"),
        ("dispatch_hours", {"absolute": 9000}, "FLEX-003", "9,000"),
        ("capacity_rate", {"absolute": "x"}, "FLEX-002", "'x'"),
    ],
)
def test_a_driver_that_cannot_be(driver, value, code, words):
    """A name that is no driver, a factor below 0, and {absolut: 1} are refused with what would be accepted."""
    (problem,) = problems(ROW, scenarios=[{"name": "Base"}, {"name": "Own", driver: value}])
    assert (code, True, True) == (problem.code, problem.place.startswith("p.csv scenario 2"), words in problem.what)


def test_every_mistake_of_the_scenarios_at_once():
    """Mistakes in several scenarios and in a row are told together."""
    scenarios = [{"name": "Inputs"}, {"name": "Own", "performance": -1, "hours": 2}, "Base"]
    assert ["FLEX-003", "FLEX-116", "FLEX-003", "FLEX-116", "FLEX-116"] == [
        code for code, _ in refusals({**ROW, "nominated_mw": -1}, scenarios=scenarios)
    ]
