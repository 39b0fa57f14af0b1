"""`flexrev sensitivity`: bars, grid and break-evens as printed and as JSON, and every mistake at once."""

import json
import re
from pathlib import Path

import pytest
from pytest import approx

PUBLISHED = (
    "site,programme,nominated_mw,capacity_rate,rate_unit,dispatch_hours,energy_rate,performance,penalty_rate,marginal_cost\n"
    "Ashburn,Contract,10,120147.05,USD/MW-year,30,50,67%,1150,1800\n"
)


@pytest.fixture
def show(flexrev):
    """A function: the result of `flexrev sensitivity` on the published drivers' case."""
    Path("drivers.csv").write_text(PUBLISHED, encoding="utf-8")
    return lambda *words: flexrev("sensitivity", "drivers.csv", *words)


def test_json_under_the_promised_names(show):
    """The keys as documented; the published nets stand in the grid, 25 % of capacity's 804,985 in the first bar."""
    result = json.loads(show("--spread", "25%", "--json").stdout)
    assert ["currency", "base_net", "tornado", "grid", "break_even"] == [
        key for key in result if key not in ("scenario", "year")
    ]
    assert ("USD", approx(339_385.235)) == (result["currency"], result["base_net"])
    assert {
        "driver": "capacity_rate", "low": 0.75, "high": 1.25, "net_low": approx(339_385.235 - 201_246.30875),
        "net_high": approx(339_385.235 + 201_246.30875), "width": approx(402_492.6175),
    } == result["tornado"][0]  # fmt: skip
    axes, nets = result["grid"], result["grid"]["net"]
    at = [(axes["dispatch_hours"].index(h), axes["performance"].index(p)) for h, p in ((0.5, 0.9), (1, 1), (1.5, 1.05))]
    assert [497_717, 339_385, 137_789] == [round(nets[row][column]) for row, column in at]
    assert [["driver", "factor", "value", "sentence"]] * 9 == [list(found) for found in result["break_even"]]


def test_break_even_at_a_target(show):
    """705,000 less of 804,985 by 15,520 an hour: 99,985 are left for 6.442 h."""
    found = json.loads(show("--target", "705000", "--json").stdout)["break_even"]
    assert {"dispatch_hours": approx((804_985.235 - 705_000) / 15_520)} == {
        f["driver"]: f["value"] for f in found if f["driver"] == "dispatch_hours"
    }


def test_printed_bars_reach_to_either_side_of_the_base(show):
    """More rate is right of the base and less is left; more hours lose here, so they are left; a whole share cannot rise."""
    lines = show().stdout.splitlines()
    drawn = {
        label: re.search(rf"{label} +\S +([-+|]+)", "\n".join(lines))[1]
        for label in ("Capacity rate", "Dispatch hours", "Customer share")
    }
    shapes = {label: re.sub(r"(.)\1*", r"\1", bar) for label, bar in drawn.items()}
    assert {"Capacity rate": "-|+", "Dispatch hours": "+|-", "Customer share": "-|"} == shapes
    labels = [label for line in lines for label in drawn if f" {label} " in line and ("-|" in line or "|-" in line)]
    assert ["Capacity rate", "Dispatch hours", "Customer share"] == labels


def test_printed_grid_and_break_evens(show):
    """The published nets with their hours and performance, losses in brackets, and break-evens in words."""
    text = show().stdout
    words = (
        "x 0.5 (15 h)",
        "x 0.9 (60.3 %)",
        "497,717",
        "137,789",
        "(126,215)",
        "at 1.729 times the dispatch hours: 51.87 h",
    )
    assert [] == [word for word in words if word not in text]


def test_a_portfolio_whose_rows_differ(flexrev):
    """p.csv has two sites at 1,000 and 500 for 10 and 4 MW: 12,000, and no penalty to move."""
    result = json.loads(flexrev("sensitivity", "p.csv", "--json").stdout)
    assert 12_000.0 == result["base_net"]
    sentences = {f["driver"]: f["sentence"] for f in result["break_even"]}
    assert "penalty rate is 0 on every row: no factor moves it" == sentences["penalty_rate"]
    assert 0 == flexrev("sensitivity", "p.csv").exit_code


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (("--spread", "0"), ["FLEX-003 --spread"]),
        (("--spread", "120%"), ["FLEX-003 --spread"]),
        (("--spread", "10"), ["FLEX-005 --spread"]),
        (("--spread", "1,5"), ["FLEX-108 --spread"]),
        (("--spread", "wide", "--target", "much", "--currency", "1"), ["FLEX-002 --spread", "FLEX-002 --target", "FLEX-109 drivers.csv, currency"]),
        (("--target", "1e400"), ["FLEX-006 --target"]),
    ],
)  # fmt: skip
def test_every_mistake_is_told_at_once(show, words, codes):
    """Options and the portfolio are refused together, each by code and place."""
    result = show(*words)
    assert (1, codes) == (result.exit_code, re.findall(r"^(\S+ [^:]+):", result.stderr, re.M))


def test_a_file_that_is_not_there(flexrev):
    """A missing portfolio is wrong input, a missing FILE wrong usage."""
    assert (1, 2) == (flexrev("sensitivity", "none.csv").exit_code, flexrev("sensitivity").exit_code)
