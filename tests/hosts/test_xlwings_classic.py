"""xlwings' classic path (Windows): its own machinery, called as VBA calls it through COM."""

import re

import pytest
from pytest import approx

from flexrev_xl.registry import ENTRIES
from tests.hosts.driving import NA, OMITTED, ask, call, in_range


def column(*cells):
    return in_range([[c] for c in cells])


RESOURCES = in_range(
    [
        ["name", "kind", "power_mw", "energy_mwh", "units", "marginal_cost"],
        ["UPS", "ups", 10.0, 12.0, 3.0, 100.0],
        [None] * 6,
        ["Engines", "generator", 8.0, 96.0, 2.0, 250.0],
    ]
)

# One request a line: what is asked, and the cells that come back; errors can be shown as text only.
CELLS = {
    "typed values": (call("FLEX_CAPACITY_REVENUE", 20.0, 120147.05, 0.95), [[approx(2282793.95)]]),
    "single cells": (
        call("FLEX_CAPACITY_REVENUE", in_range([[20.0]]), in_range([[120147.05]]), in_range([[0.95]])),
        [[approx(2282793.95)]],
    ),
    "range": (call("FLEX_CAPACITY_REVENUE", column(10.0, 20.0), 100.0), [[1000], [2000]]),
    "row of a range": (call("FLEX_CAPACITY_REVENUE", in_range([[10.0, 20.0]]), 100.0), [[1000, 2000]]),
    "array constant": (call("FLEX_CAPACITY_REVENUE", [[10.0], [20.0]], 100.0), [[1000], [2000]]),
    "array constant in a row": (call("FLEX_CAPACITY_REVENUE", [10.0, 20.0], 100.0), [[1000, 2000]]),
    "range with bad rows": (
        call("FLEX_CAPACITY_REVENUE", column(10.0, "x", None, NA, 30.0), 100.0),
        [[1000], ["FLEX-002 nominated_mw"], ["FLEX-001 nominated_mw"], ["#N/A"], [3000]],
    ),
    "every error cell": (
        call(
            "FLEX_CAPACITY_REVENUE",
            column(*({"error": e} for e in ("#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!"))),
            1.0,
        ),
        [["#DIV/0!"], ["#NAME?"], ["#NULL!"], ["#NUM!"], ["#REF!"], ["#VALUE!"], ["#SPILL!"]],
    ),
    "error typed": (call("FLEX_CAPACITY_REVENUE", NA, 100.0), [["#N/A"]]),
    "error cell": (call("FLEX_CAPACITY_REVENUE", in_range([[NA]]), 100.0), [["#N/A"]]),
    "error cell in a unit": (call("FLEX_ANNUAL_RATE", 7.0, in_range([[NA]]), 1.0), [["#N/A"]]),
    "optional arguments left out": (call("FLEX_ANNUAL_RATE", 7.0, "kW-month", OMITTED), [[84000]]),
    "optional argument left out before another": (
        call("FLEX_CAPACITY_REVENUE", 10.0, 100.0, rate_unit="kW-year"),
        [[1_000_000]],
    ),
    "optional argument empty": (
        call("FLEX_CAPACITY_REVENUE", 10.0, 100.0, in_range([[None]]), in_range([[""]])),
        [[1000]],
    ),
    "required argument empty": (call("FLEX_CAPACITY_REVENUE", in_range([[None]]), 100.0), [["FLEX-001 nominated_mw"]]),
    "required argument left out": (call("FLEX_CAPACITY_REVENUE", OMITTED, 100.0), [["FLEX-001 nominated_mw"]]),
    "several faults show the first": (call("FLEX_PENALTY", -1.0, "x", 5.0, 1.0), [["FLEX-003 nominated_mw"]]),
    "table of resources": (call("FLEX_NOMINATED_CAPACITY", RESOURCES, 2.0, 0.0, True), [[8]]),
    "number looked up": (call("FLEX_PROGRAMME_RATE", in_range([["pjm-rto-2026-27"]])), [[329.17]]),
    "text looked up": (call("FLEX_PROGRAMME_RATE", "pjm-rto-2026-27", "rate_unit"), [["USD/MW-day"]]),
    "seasonal price without its season": (call("FLEX_PROGRAMME_RATE", "miso-south-2025-26"), [["FLEX-122 field"]]),
    "table that spills": (
        call("FLEX_DISPATCH_PLAN", RESOURCES, in_range([[15.0]]), 2.0),
        [["UPS", 6, 12, 1200], ["Engines", 8, 16, 4000], ["Shortfall", 1, 2, 0]],
    ),
    "error cell in a table": (call("FLEX_NOMINATED_CAPACITY", in_range([["UPS", "ups", 10.0, NA]]), 2.0), [["#N/A"]]),
    "table with a fault": (
        call("FLEX_NOMINATED_CAPACITY", in_range([["UPS", "ups", 0.0, 12.0]]), 2.0),
        [["FLEX-003 resource_table, row 1, power_mw"]],
    ),
    "sizes": (call("FLEX_CAPACITY_REVENUE", column(1.0, 2.0), column(1.0, 2.0, 3.0)), [["FLEX-020 nominated_mw"]]),
    "vectors": (
        call("FLEX_SEASONAL_RATE", column(666.50, 91.60, 33.20, 69.88), column(92.0, 91.0, 90.0, 92.0)),
        [[approx(79070.56)]],
    ),
}


@pytest.fixture(scope="module")
def answers():
    """The answers to all requests and the VBA text, from one process."""
    return dict(
        zip([*CELLS, "VBA"], ask("classic_driver", [*(request for request, _ in CELLS.values()), {}]), strict=True)
    )


@pytest.mark.parametrize("case", CELLS)
def test_cells(case, answers):
    """The cells that Excel shows."""
    assert {"cells": CELLS[case][1]} == answers[case]


def test_vba_wrappers(answers):
    """The VBA that xlwings writes has each function once, its optional arguments marked, and calls our module."""
    signatures = dict(re.findall(r"^Function (\w+)\((.*)\)$", answers["VBA"], re.M))
    expected = {}
    for e in ENTRIES.values():
        required = [a.name for a in e.arguments if not re.search(rf"\[{{?{a.name}\b", e.usage)]
        expected[e.name] = ", ".join(a.name if a.name in required else f"Optional {a.name}" for a in e.arguments)
    assert expected == signatures
    assert set(ENTRIES) == set(re.findall(r'XLPy\.CallUDF\("flexrev_xl\.udfs", "(\w+)"', answers["VBA"]))


def test_vba_text_is_legal(answers):
    """No line is longer than the 1,023 characters VBA takes, and all is plain ASCII."""
    assert answers["VBA"].isascii()
    assert [] == [line for line in answers["VBA"].splitlines() if len(line) > 1023]
