"""What each host shows for arguments that cannot be worked out: the table of behaviour outside the parity domain."""

import pytest

from flexrev_xl import FlexError
from flexrev_xl.core.arguments import Quantity, Text
from flexrev_xl.core.entry import REQUIRED
from flexrev_xl.registry import FUNCTIONS
from tests.hosts.driving import NA, ask, in_range

TERMS = [["gpu_kw", 0.7], ["gpu_capex", 3e4], ["battery_capex_per_mwh", 3e5], ["energy_price_per_mwh", 80.0]]
MEASURED = {"case_table": TERMS, "caps": [[0.5], [0.75], [1.0]], "throughputs": [[0.6], [0.9], [1.0]], "event_mw": None}
RESOURCES = [["name", "kind", "power_mw", "energy_mwh"], ["UPS", "ups", 10.0, 12.0]]
# What is typed, which quantities it is typed for, its code. Python raises the code, the client-server
# path shows #VALUE! with the code as hover text, the classic path shows code and argument as text.
NUMBERS = {
    "nominated_mw",
    "dispatch_hours",
    "penalty_hours",
    "penalty_rate",
    "marginal_cost",
    "stop_loss_money",
    "periods",
}
NUMBERS |= {"event_hours", "notice_minutes", "request_mw", "load_mw", "critical_mw"}
NUMBERS |= {
    "charge_price",
    "wear_per_mwh",
    "fuel_price_per_gj",
    "heat_rate_gj_per_mwh",
    "price_per_gpu_hour",
    "kw_per_gpu",
    "pue",
}
PERCENT_LIKE = {"performance", "availability", "performance_cap"}
CASES = [
    ("text in a number", "20 MW", NUMBERS | PERCENT_LIKE | {"accreditation"}, "FLEX-002"),
    ("number as text", "20", NUMBERS | PERCENT_LIKE | {"accreditation"}, "FLEX-002"),
    ("TRUE", True, NUMBERS | PERCENT_LIKE | {"accreditation"}, "FLEX-002"),
    ("negative", -1.0, NUMBERS | PERCENT_LIKE | {"accreditation"}, "FLEX-003"),
    ("ambiguous percentage", 5.0, PERCENT_LIKE, "FLEX-004"),
    ("availability 120 %", 1.2, {"availability"}, "FLEX-003"),
    ("availability 120", 120.0, {"availability"}, "FLEX-003"),
    ("share as percent number", 85.0, {"accreditation", "round_trip_efficiency", "idle_fraction"}, "FLEX-005"),
    (
        "nothing where 0 has no meaning",
        0.0,
        {"performance_cap", "accreditation", "periods", "event_hours", "kw_per_gpu"},
        "FLEX-003",
    ),
    ("share that leaves nothing to divide by", 1.0, {"idle_fraction"}, "FLEX-003"),
    ("better than perfect", 1.0, {"heat_rate_gj_per_mwh"}, "FLEX-003"),
    ("periods beyond a year", 400.0, {"periods"}, "FLEX-015"),
    ("hours beyond a year", 9000.0, {"dispatch_hours", "penalty_hours"}, "FLEX-003"),
    ("unit without its period", "$/kW", {"rate_unit"}, "FLEX-011"),
    ("energy unit for a capacity rate", "MWh", {"rate_unit"}, "FLEX-012"),
    ("capacity unit for an energy rate", "MW-hour", {"energy_unit"}, "FLEX-012"),
    ("number for a unit", 1.0, {"rate_unit", "energy_unit"}, "FLEX-010"),
    ("daily rate without its days", "MW-day", {"rate_unit"}, "FLEX-014"),
    ("unknown word", "nominated", {"basis"}, "FLEX-016"),
    ("unknown programme", "pjm-rto-1999", {"programme_id"}, "FLEX-120"),
    ("field that is not stated", "stop_loss_share", {"field"}, "FLEX-122"),
    ("number for a text", 5.0, {"programme_id", "field"}, "FLEX-016"),
    ("neither yes nor no", "maybe", {"n_plus_1"}, "FLEX-016"),
    ("a count where yes or no is asked", 2.0, {"n_plus_1"}, "FLEX-016"),
]


def good_value(argument):
    """A value that is refused for no quantity: 1, or 100 %, or the nearest that is allowed."""
    if argument.is_table:
        return MEASURED.get(argument.name, RESOURCES)
    if isinstance(argument.mark, Quantity):
        return min(max(1.0, argument.mark.low), argument.mark.high)
    if isinstance(argument.mark, Text):
        return argument.mark.example
    return argument.mark.choices[0] if argument.is_text else 1.0


def calls():
    """(case, function, its argument, its arguments by position, code) for each entry and each case that fits it."""
    for function in FUNCTIONS:
        arguments = function.entry.arguments
        for case, cell, names, code in [
            *CASES,
            ("empty required", None, None, "FLEX-001"),
            ("error cell", NA, None, None),
        ]:
            for a in arguments:
                fits = a.name in names if names else (a.default is REQUIRED or code is None)
                if a.is_whole or not fits or (code == "FLEX-014" and function.__name__ == "seasonal_rate"):
                    continue
                values = [None if code == "FLEX-014" and b.name == "periods" else good_value(b) for b in arguments]
                yield case, function, a, [cell if b is a else v for b, v in zip(arguments, values, strict=True)], code


CALLS = list(calls())
IDS = [f"{function.entry.name}-{argument.name}-{case}" for case, function, argument, _, _ in CALLS]


def in_cells(function, values):
    return {"name": function.entry.name, "arguments": [in_range(v if isinstance(v, list) else [[v]]) for v in values]}


@pytest.fixture(scope="module")
def shown():
    """What each host shows for each call, and for the same cell as the second row of a range."""
    requests = [in_cells(f, values) for _, f, _, values, _ in CALLS]
    rows = [
        {
            "name": f.entry.name,
            "arguments": [
                in_range([[good_value(b)], [v]]) if b is a else in_range([[v]])
                for b, v in zip(f.entry.arguments, values, strict=True)
            ],
        }
        for _, f, a, values, _ in CALLS
        if f.entry.is_elementwise and not a.is_text
    ]
    answers = {driver: ask(driver, requests + rows) for driver in ("server_driver", "classic_driver")}
    return {d: (dict(zip(IDS, a, strict=False)), a[len(CALLS) :]) for d, a in answers.items()}


def place(argument, code):
    return "periods" if code == "FLEX-014" else argument.name


@pytest.mark.parametrize(("case", "function", "argument", "values", "code"), CALLS, ids=IDS)
def test_lone_call(case, function, argument, values, code, shown, request):
    """Each host tells the same code and argument in its own way, and hands an error cell through."""
    key = request.node.callspec.id
    server, classic = shown["server_driver"][0][key], shown["classic_driver"][0][key]
    with pytest.raises(FlexError) as caught:
        function(*("#N/A" if v is NA else v for v in values))
    if code is None:
        assert {"cells": [[{"type": "Error", "errorType": "NotAvailable"}]]} == server
        assert {"cells": [["#N/A"]]} == classic
        assert "FLEX-002" == caught.value.code
    else:
        assert [(code, place(argument, code))] == [(p.code, p.place) for p in caught.value.problems]
        assert {"hover": str(caught.value)} == server
        assert {"cells": [[f"{code} {place(argument, code)}"]]} == classic


def test_second_row_of_a_range(shown):
    """In a range the same cells spoil their own row: a real error in Office.js, the short text in classic Excel."""
    server, classic = shown["server_driver"][1], shown["classic_driver"][1]
    assert len(server) > 100
    assert [] == [s for s in server if not (type(s["cells"][0][0]) is float and s["cells"][1][0]["type"] == "Error")]
    assert [] == [
        c for c in classic if not (type(c["cells"][0][0]) is float and c["cells"][1][0].startswith(("FLEX-0", "#N/A")))
    ]
