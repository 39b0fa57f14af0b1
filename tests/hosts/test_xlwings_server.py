"""xlwings' client-server path (Lite and Server): its own machinery, called as its client calls it."""

import re

import pytest
from pytest import approx

from flexrev_xl.core.units import CAPACITY_UNITS, ENERGY_UNITS
from flexrev_xl.registry import ENTRIES
from tests.hosts.driving import NA, OMITTED, ask, call, in_range

VALUE_ERROR = {"type": "Error", "errorType": "Value"}
NA_ERROR = {"type": "Error", "errorType": "NotAvailable"}


def column(*cells):
    return in_range([[c] for c in cells])


RESOURCES = in_range(
    [
        ["name", "kind", "power_mw", "energy_mwh", "hours", "units", "start_minutes", "marginal_cost", "x_owner"],
        ["UPS", "ups", 10, 12, None, 3, None, 100, "A"],
        [None] * 9,
        ["Engines", "generator", 8, "", 24, 2, 10, 250, None],
        ["Jobs", "defer", 6, None, 4, 1, None, None, None],
    ]
)
# One request a line: what is asked, and the cells that come back.
CELLS = {
    "scalar": (call("FLEX_CAPACITY_REVENUE", 20, 120147.05, 0.95), [[approx(2282793.95)]]),
    "range": (call("FLEX_CAPACITY_REVENUE", column(10, 20, 30), 100), [[1000], [2000], [3000]]),
    "row of a range": (call("FLEX_CAPACITY_REVENUE", in_range([[10, 20, 30]]), 100), [[1000, 2000, 3000]]),
    "range with bad rows": (
        call("FLEX_CAPACITY_REVENUE", column(10, "x", None, NA, 30), 100),
        [[1000], [VALUE_ERROR], [VALUE_ERROR], [NA_ERROR], [3000]],
    ),
    "error cell": (call("FLEX_CAPACITY_REVENUE", NA, 100), [[NA_ERROR]]),
    "every error cell": (
        call(
            "FLEX_CAPACITY_REVENUE",
            column(
                *(
                    {"error": e}
                    for e in ("#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!")
                )
            ),
            1,
        ),
        [
            [{"type": "Error", "errorType": e}]
            for e in ("Div0", "Name", "Null", "Num", "Ref", "Value", "Value", "Value")
        ],
    ),
    "error cell in a unit": (call("FLEX_ANNUAL_RATE", 7, NA, 1), [[NA_ERROR]]),
    "optional arguments left out": (call("FLEX_ANNUAL_RATE", 7, "kW-month"), [[84000]]),
    "optional argument left out before another": (
        call("FLEX_CAPACITY_REVENUE", 10, 100, rate_unit="kW-year"),
        [[1_000_000]],
    ),
    "optional argument empty": (call("FLEX_CAPACITY_REVENUE", 10, 100, in_range([[None]]), in_range([[""]])), [[1000]]),
    "optional argument empty in one row": (
        call("FLEX_CAPACITY_REVENUE", column(10, 10), 100, column(None, 0.5)),
        [[1000], [500]],
    ),
    "vectors": (
        call("FLEX_SEASONAL_RATE", column(666.50, 91.60, 33.20, 69.88), column(92, 91, 90, 92)),
        [[approx(79070.56)]],
    ),
    "vectors of one": (call("FLEX_SEASONAL_RATE", column(2), 30), [[60]]),
    "vectors in a row": (call("FLEX_SEASONAL_RATE", in_range([[2, 3]]), in_range([[10, 20]])), [[80]]),
    "table": (
        call("FLEX_REVENUE_TABLE", 0.05, 5, 60, 0.5, rate_unit="$/kW-month", energy_unit="$/kWh"),
        [
            ["Qualified capacity", 0.05, "MW"],
            ["Capacity revenue", approx(3000), "money/year"],
            ["Dispatched energy", approx(3), "MWh/year"],
            ["Energy revenue", approx(1500), "money/year"],
            ["Total revenue", approx(4500), "money/year"],
            ["Guaranteed (committed, subject to performance)", approx(3000), "money/year"],
            ["Contingent", approx(1500), "money/year"],
        ],
    ),
    "table of resources": (
        call("FLEX_NOMINATED_CAPACITY", RESOURCES, 2, 10, n_plus_1=True),
        [[14]],
    ),
    "number looked up": (call("FLEX_PROGRAMME_RATE", in_range([["pjm-rto-2026-27"]])), [[329.17]]),
    "text looked up": (call("FLEX_PROGRAMME_RATE", "pjm-rto-2026-27", "rate_unit"), [["USD/MW-day"]]),
    "table that spills": (
        call("FLEX_NOMINATION_TABLE", RESOURCES, in_range([[2]]), n_plus_1=in_range([[False]])),
        [
            ["UPS", "ups", 6, "energy", "MW"],
            ["Engines", "generator", 0, "start-up", "MW"],
            ["Jobs", "defer", 6, "power", "MW"],
            ["Total", "all", 12, "", "MW"],
        ],
    ),
    "dispatch plan": (
        call("FLEX_DISPATCH_PLAN", RESOURCES, 21, 2, 10),
        [["UPS", 6, 12, 1200], ["Engines", 8, 16, 4000], ["Jobs", 6, 12, 0], ["Shortfall", 1, 2, 0]],
    ),
    "error cell in a table": (call("FLEX_NOMINATED_CAPACITY", in_range([["UPS", "ups", 10, NA]]), 2), [[NA_ERROR]]),
    "runtime 1.1 has no error entities": (
        {**call("FLEX_CAPACITY_REVENUE", column(10, "x", NA), 100), "runtime": "1.1"},
        [[1000], ["#VALUE!"], ["#N/A"]],
    ),
}
HOVER = {
    "table with faults": (
        call(
            "FLEX_NOMINATED_CAPACITY", in_range([["UPS", "upps", 10, 12], ["UPS", "ups", "x", 12]]), -2, n_plus_1="no"
        ),
        [
            "FLEX-016 resource_table, row 1, kind: 'upps' is not known. Did you mean ups?",
            "FLEX-002 resource_table, row 2, power_mw",
            "FLEX-033 resource_table, row 2, name",
            "FLEX-003 event_hours",
            "FLEX-016 n_plus_1",
        ],
    ),
    "empty required": (call("FLEX_CAPACITY_REVENUE", in_range([[None]]), 100), ["FLEX-001 nominated_mw: empty."]),
    "left out required": (call("FLEX_CAPACITY_REVENUE", OMITTED, 100), ["FLEX-001 nominated_mw: empty."]),
    "all faults": (
        call("FLEX_PENALTY", -1, "x", 5, in_range([[None]]), 1.2, basis="all"),
        [
            "FLEX-016 basis",
            "FLEX-003 nominated_mw",
            "FLEX-002 penalty_hours",
            "FLEX-004 performance",
            "FLEX-001 penalty_rate",
            "FLEX-003 availability",
        ],
    ),
    "sizes": (
        call("FLEX_CAPACITY_REVENUE", column(1, 2), column(1, 2, 3)),
        ["FLEX-020 nominated_mw: 2 x 1 cells beside 3 x 1."],
    ),
    "range of units": (call("FLEX_ANNUAL_RATE", 1, column("MW-year", "kW-year")), ["FLEX-021 rate_unit: 2 cells"]),
    "bad single cell beside a range": (
        call("FLEX_CAPACITY_REVENUE", column(1, 2), "x"),
        ["FLEX-002 capacity_rate: 'x' is not a number."],
    ),
}


@pytest.fixture(scope="module")
def answers():
    """The answers to all requests, from one process."""
    requests = {**CELLS, **HOVER}
    return dict(zip(requests, ask("server_driver", [request for request, _ in requests.values()]), strict=True))


@pytest.fixture(scope="module")
def metadata():
    """What Excel is told of the functions."""
    return ask("server_driver", [{}])[0]


@pytest.mark.parametrize("case", CELLS)
def test_cells(case, answers):
    """The cells that Excel shows."""
    assert {"cells": CELLS[case][1]} == answers[case]


@pytest.mark.parametrize("case", HOVER)
def test_hover_text(case, answers):
    """A lone cell that cannot be worked out is #VALUE!; hovering over it tells every fault, one a line."""
    lines = answers[case]["hover"].splitlines()
    assert HOVER[case][1] == [line[: len(start)] for line, start in zip(lines, HOVER[case][1], strict=True)]


def test_every_function_is_found_with_its_help(metadata):
    """Excel is told every function under its own name, with help for it and for each argument."""
    expected = {e.name: (e.help, [(a.name, a.help) for a in e.arguments]) for e in ENTRIES.values()}
    assert expected == {
        f["name"]: (f["description"], [(p["name"], p["description"]) for p in f["parameters"]])
        for f in metadata["functions"]
    }


def test_optional_arguments_are_told_as_optional(metadata):
    """Excel asks only for what is required."""
    expected = {
        e.name: [a.name for a in e.arguments if not re.search(rf"\[{{?{a.name}\b", e.usage)] for e in ENTRIES.values()
    }
    assert expected == {
        f["name"]: [p["name"] for p in f["parameters"] if not p.get("optional")] for f in metadata["functions"]
    }


def test_units_and_choices_have_dropdowns(metadata):
    """Text arguments offer their canonical words; all other arguments take ranges."""
    values = {e["id"]: [v["stringValue"] for v in e["values"]] for e in metadata["enums"]}
    shown = {
        (f["name"], p["name"]): values.get(p.get("customEnumId"))
        for f in metadata["functions"]
        for p in f["parameters"]
    }
    words = {"rate_unit": list(CAPACITY_UNITS), "energy_unit": list(ENERGY_UNITS), "basis": ["available", "committed"]}
    assert {key: words.get(key[1]) for key in shown} == shown
    shapes = {(f["name"], p["name"]): p["dimensionality"] for f in metadata["functions"] for p in f["parameters"]}
    assert {key: "scalar" if key[1] in words else "matrix" for key in shapes} == shapes
