"""A range read as a table: header or fixed order, empty cells, every fault with its row and column."""

import pytest

from flexrev_xl import FlexError, nominated_capacity
from flexrev_xl.core.arguments import Truth, mark
from flexrev_xl.core.call import ErrorValue, call_cells
from flexrev_xl.core.resources import ResourceTable
from flexrev_xl.registry import find

TABLE, NOMINATED = mark(ResourceTable), find("FLEX_NOMINATED_CAPACITY")
HEADER = ["name", "kind", "power_mw", "energy_mwh"]
UPS = ["UPS A", "ups", 10, 12]


def faults(rows):
    with pytest.raises(FlexError) as caught:
        TABLE.read(rows)
    return [(p.code, p.place) for p in caught.value.problems]


@pytest.mark.parametrize(
    "rows",
    [
        [HEADER, UPS],
        [["Energy (MWh)", " Power MW", "KIND", "Name"], [12, 10, "UPS", " UPS A "]],
        [UPS],
        [[*UPS, None, None, "", None, None, None, None]],
        [[None] * 4, HEADER, ["", " ", None, None], UPS, [None] * 4],
        [[*HEADER, "x_owner", None], [*UPS, "Facilities", None]],
        [[*HEADER, "hours", "units"], [*UPS, 0, 1]],
    ],
    ids=[
        "header",
        "any order and spelling",
        "no header",
        "all columns",
        "empty rows",
        "column of the user's own",
        "0 for not given",
    ],
)
def test_one_resource_however_it_is_written(rows):
    """Columns stand in any order under a header, or in the fixed order; what is left out has its default."""
    (resource,) = TABLE.read(rows)
    assert ("UPS A", "ups", 10.0, 12.0, 1.0, "", 0.0) == (
        resource.name,
        resource.kind,
        resource.power_mw,
        resource.usable_mwh,
        resource.units,
        resource.group,
        resource.marginal_cost,
    )


def test_numbers_as_names():
    """Resources and groups may be numbered."""
    resources = TABLE.read([[*HEADER, "group"], [101.0, "ups", 10, 12, 1], ["102", "ups", 10, 12, 1.5]])
    assert [("101", "1"), ("102", "1.5")] == [(r.name, r.group) for r in resources]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[None, None]], [("FLEX-001", "")]),
        ([HEADER], [("FLEX-001", "")]),
        ([HEADER, ["A", "baterry", 10, 12]], [("FLEX-016", "row 2, kind")]),
        ([HEADER, ["A", 3, 10, 12]], [("FLEX-016", "row 2, kind")]),
        ([HEADER, ["A", "ups", "10 MW", 12]], [("FLEX-002", "row 2, power_mw")]),
        ([["A", "ups", "10", 12]], [("FLEX-002", "row 1, power_mw")]),
        ([HEADER, ["A", "ups", True, 12]], [("FLEX-002", "row 2, power_mw")]),
        ([HEADER, ["A", "ups", -1, 12]], [("FLEX-003", "row 2, power_mw")]),
        ([HEADER, ["A", "ups", 0, 12]], [("FLEX-003", "row 2, power_mw")]),
        ([HEADER, ["A", "ups", None, 12]], [("FLEX-001", "row 2, power_mw")]),
        ([HEADER, ["A", "ups", 10, None]], [("FLEX-030", "row 2, energy_mwh")]),
        ([HEADER, ["A", "ups", 10, 0]], [("FLEX-030", "row 2, energy_mwh")]),
        ([HEADER, [None, "ups", 10, 12]], [("FLEX-001", "row 2, name")]),
        ([HEADER, [True, "ups", 10, 12]], [("FLEX-107", "row 2, name")]),
        ([HEADER, ["A\nB", "ups", 10, 12]], [("FLEX-107", "row 2, name")]),
        ([HEADER, ["A" * 256, "ups", 10, 12]], [("FLEX-107", "row 2, name")]),
        ([HEADER, UPS, [None] * 4, ["ups a", "ups", 1, 1]], [("FLEX-033", "row 4, name")]),
        ([[*HEADER, "units"], [*UPS, 2.5]], [("FLEX-003", "row 2, units")]),
        ([[*HEADER, "units"], [*UPS, 0]], [("FLEX-003", "row 2, units")]),
        ([[*HEADER, "derate"], [*UPS, 10]], [("FLEX-005", "row 2, derate")]),
        ([[*HEADER, "reserve_mw"], [*UPS, 10.5]], [("FLEX-031", "row 2, reserve_mw")]),
        ([[*HEADER, "hour"], [*UPS, 2]], [("FLEX-104", "row 1, column 5")]),
        ([[*HEADER, "name"], [*UPS, "B"]], [("FLEX-104", "row 1, column 5")]),
        ([[*HEADER, None], [*UPS, "B"]], [("FLEX-104", "row 2, column 5")]),
        ([[*UPS, *[None] * 7, "outages"]], [("FLEX-016", "row 1, permit")]),
        ([[*UPS, *[None] * 8, "beyond"]], [("FLEX-104", "row 1, column 13")]),
        ([["name", "power_mw", "hours"], ["A", 10, 2]], [("FLEX-105", "row 1")]),
        ([["nam", "kinds", "power", "energy"], UPS], [("FLEX-104", f"row 1, column {i}") for i in (1, 2, 3, 4)]),
        ([HEADER, [*UPS, 5]], [("FLEX-020", "")]),
    ],
)
def test_fault_is_told_with_row_and_column(rows, expected):
    """Each fault has its code, and the row counted from the top of the range."""
    assert expected == faults(rows)


def test_every_fault_is_told_at_once():
    """Faults in a cell, between columns, and between rows are one answer."""
    rows = [[*HEADER, "reserve_mw"], ["A", "baterry", "x", 12, 0], ["B", "ups", 10, 12, 11], ["A", "ups", 10, None, 0]]
    expected = [
        ("FLEX-016", "row 2, kind"),
        ("FLEX-002", "row 2, power_mw"),
        ("FLEX-031", "row 3, reserve_mw"),
        ("FLEX-030", "row 4, energy_mwh"),
        ("FLEX-033", "row 4, name"),
    ]
    assert expected == faults(rows)


@pytest.mark.parametrize(
    ("rows", "offered"),
    [
        ([HEADER, ["A", "baterry", 10, 12]], "'baterry' is not known. Did you mean battery?"),
        ([HEADER, ["A", "solar", 10, 12]], "'solar' is not known"),
        ([[*HEADER, "Hour"], [*UPS, 2]], "'Hour' is not a column. Did you mean hours?"),
    ],
)
def test_nearest_word_is_offered(rows, offered):
    """A misspelt kind or column is answered with the nearest known one."""
    with pytest.raises(FlexError) as caught:
        TABLE.read(rows)
    assert offered == caught.value.what


def test_faults_of_the_table_and_of_other_arguments_are_told_together():
    """A call with a bad table, a bad number and a bad truth value tells all three."""
    with pytest.raises(FlexError) as caught:
        nominated_capacity([HEADER, ["A", "baterry", "x", 12]], -2, n_plus_1="perhaps")
    expected = [
        ("FLEX-016", "resource_table, row 2, kind"),
        ("FLEX-002", "resource_table, row 2, power_mw"),
        ("FLEX-003", "event_hours"),
        ("FLEX-016", "n_plus_1"),
    ]
    assert expected == [(p.code, p.place) for p in caught.value.problems]


def test_table_left_out():
    """A required table that is left out is FLEX-001."""
    with pytest.raises(FlexError, match="FLEX-001 resource_table: no row"):
        nominated_capacity(None, 2)


def test_error_cell_goes_through():
    """A spreadsheet error anywhere in the table is the error of the call; in Python it is not a number."""
    rows = [HEADER, ["A", "ups", "#REF!", 12]]
    with pytest.raises(ErrorValue, match="#REF!"):
        call_cells(NOMINATED, [rows, [[2]]])
    with pytest.raises(FlexError, match="FLEX-002"):
        nominated_capacity(rows, 2)


def test_range_of_events_is_refused():
    """A function of a table gives one result: a range for a number is FLEX-021."""
    with pytest.raises(FlexError, match="FLEX-021 event_hours"):
        nominated_capacity([HEADER, UPS], [1, 2])


@pytest.mark.parametrize(
    ("cell", "value"), [(True, True), (False, False), (1, True), (0.0, False), ("TRUE", True), (" false ", False)]
)
def test_truth_value_is_read(cell, value):
    """TRUE and FALSE are read as truth values, as words, and as 1 and 0."""
    assert value is Truth("?").read(cell)


@pytest.mark.parametrize("cell", [2, -1, 0.5, "yes", "1", float("nan")])
def test_other_cells_are_no_truth_values(cell):
    """Anything else is FLEX-016."""
    with pytest.raises(FlexError, match=r"FLEX-016.*TRUE or FALSE"):
        Truth("?").read(cell)
