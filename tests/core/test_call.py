"""The one broadcaster: cells and Python values in, results, errors or faults out."""

import math

import numpy as np
import pytest

from flexrev_xl import (
    FlexError,
    FlexErrors,
    battery_power,
    capacity_revenue,
    penalty,
    qualified_capacity,
    revenue_table,
    seasonal_rate,
    total_revenue,
)
from flexrev_xl.core.arguments import NominatedMW
from flexrev_xl.core.call import ErrorValue, call_cells
from flexrev_xl.core.entry import excel
from flexrev_xl.registry import find

CAPACITY, PENALTY, SEASONAL = find("FLEX_CAPACITY_REVENUE"), find("FLEX_PENALTY"), find("FLEX_SEASONAL_RATE")


def column(*cells):
    return [[c] for c in cells]


def codes(problems):
    return " ".join(p.code for p in problems)


def refusal(function, *args, **kwargs):
    with pytest.raises(FlexError) as caught:
        function(*args, **kwargs)
    return caught.value


def faults(error):
    return [(p.code, p.place) for p in error.problems]


@pytest.mark.parametrize(
    ("grids", "result"),
    [
        ([[[10]], [[100]]], [[1000.0]]),
        ([column(10, 20), [[100]]], column(1000.0, 2000.0)),
        ([[[10, 20]], [[100]]], [[1000.0, 2000.0]]),
        ([column(10, 20), column(100, 200)], column(1000.0, 4000.0)),
        ([column(10, 20), [[100, 200, 300]]], [[1000.0, 2000.0, 3000.0], [2000.0, 4000.0, 6000.0]]),
        ([[[10]], column(100, 200), [[0.5]]], column(500.0, 1000.0)),
        ([column(10, 20), [[100]], column(0.5, None)], column(500.0, 2000.0)),
        ([column(10, 20), [[100]], [[None]]], column(1000.0, 2000.0)),
        ([column(10, 20), [[100]], None, [["kW-month"]], column(5, "")], column(5e6, 24e6)),
    ],
)
def test_cells_are_broadcast(grids, result):
    """Single cells spread over ranges, rows over columns, and an empty optional cell is its default."""
    assert result == call_cells(CAPACITY, grids)


def test_limit_left_empty_in_one_row():
    """An empty stop-loss is no stop-loss, in its own row only."""
    grids = [column(10, 10), [[30]], [[0.67]], [[1150]], None, column(None, 1000)]
    assert column(pytest.approx(113_850), 1000.0) == call_cells(PENALTY, grids)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, "FLEX-001"),
        ("20 MW", "FLEX-002"),
        (True, "FLEX-002"),
        (-1, "FLEX-003"),
        (math.nan, "FLEX-006"),
        ("#N/A", "#N/A"),
        ("#DIV/0!", "#DIV/0!"),
    ],
)
def test_one_bad_row_costs_one_row(cell, shown):
    """A bad cell spoils its own row; a spreadsheet error goes out as it came in."""
    assert column(1000.0, shown, 3000.0) == call_cells(CAPACITY, [column(10, cell, 30), [[100]]], codes)


def test_bad_row_of_a_grid():
    """A bad cell of a column spoils its row of the grid, a bad cell of a row its column."""
    grid = call_cells(CAPACITY, [column(10, -1), [[100, "x", 300]]], codes)
    assert [[1000.0, "FLEX-002", 3000.0], ["FLEX-003", "FLEX-003 FLEX-002", "FLEX-003"]] == grid


def test_spreadsheet_error_stands_before_other_faults():
    """Where a row has both, the error that came in is what it shows."""
    assert column("#REF!", 2000.0) == call_cells(CAPACITY, [column(-1, 20), column("#REF!", 100)], codes)


@pytest.mark.parametrize("grids", [[[["#N/A"]], [[100]]], [[[10]], [[100]], None, [["#N/A"]]]])
def test_lone_spreadsheet_error_goes_through(grids):
    """An error in a lone cell or a unit is the error of the whole call."""
    with pytest.raises(ErrorValue) as caught:
        call_cells(CAPACITY, grids)
    assert "#N/A" == caught.value.text


def test_lone_error_cell_beside_a_range_fills_the_range():
    """As with Excel's own operators, one error beside many rows is that error in every row."""
    assert [["#N/A"], ["#N/A"]] == call_cells(capacity_revenue.entry, [column(1, 2), [["#N/A"]]])


@pytest.mark.parametrize(
    ("grids", "expected"),
    [
        ([column(1, 2), column(1, 2, 3)], [("FLEX-020", "nominated_mw")]),
        ([column(1, 2, 3), [[1, 2]], [[1, 1, 1]]], [("FLEX-020", "capacity_rate")]),
        ([[[1]], [[1]], None, column("MW-year", "kW-year")], [("FLEX-021", "rate_unit")]),
        ([[[1]]] * 9, [("FLEX-022", "FLEX_CAPACITY_REVENUE")]),
    ],
)
def test_ranges_that_do_not_fit_are_refused(grids, expected):
    """Other sizes than one or equal, a range of units, and too many arguments are refused by name."""
    assert expected == faults(refusal(call_cells, CAPACITY, grids))


def test_range_for_a_table_function_is_refused():
    """A function that spills a table takes single cells."""
    assert [("FLEX-021", "capacity_rate")] == faults(refusal(revenue_table, 1, [1, 2], 1, 1))


@pytest.mark.parametrize(
    ("rates", "days", "expected"),
    [
        ([1, 2], [10], [("FLEX-020", "rates and periods")]),
        ([None, None], [None, ""], [("FLEX-001", "rates and periods")]),
        (
            [1, None, -3],
            [10, 20, "x"],
            [("FLEX-001", "rates[2]"), ("FLEX-003", "rates[3]"), ("FLEX-002", "periods[3]")],
        ),
        ([1, 2], [367, 0], [("FLEX-015", "periods[1]"), ("FLEX-003", "periods[2]")]),
    ],
)
def test_vector_faults_name_their_element(rates, days, expected):
    """Vectors need one length, and each bad element is named."""
    assert expected == faults(refusal(seasonal_rate, rates, days))


def test_vector_rows_that_are_empty_throughout_are_left_out():
    """A range drawn too long for its data still counts only the rows filled in, whichever way it lies."""
    assert (
        [[80.0]]
        == call_cells(SEASONAL, [column(2, 3, None), column(10, 20, None)])
        == call_cells(SEASONAL, [[[2, 3]], [[10, 20]]])
    )


def test_fault_of_a_vector_names_the_cell_of_the_range():
    """Empty rows before it do not change the number of a bad cell."""
    assert [("FLEX-002", "rates[3]")] == faults(refusal(seasonal_rate, [None, 2, "x"], [None, 10, 20]))


@pytest.mark.parametrize(("cells", "expected"), [((4, None, 10), [2]), ((None, 4, "", 10), [1, 3])])
def test_gap_in_a_series_of_time_is_refused(cells, expected):
    """An empty cell between two powers would move all that follows: it is named, not left out."""
    places = [("FLEX-001", f"load_series[{number}]") for number in expected]
    assert places == faults(refusal(battery_power, list(cells), 7))


def test_empty_end_of_a_series_of_time_does_not_count():
    """A range drawn too long for its load ends with the load."""
    assert [[3.0]] == call_cells(find("CPM_BATTERY_POWER"), [column(4, 10, None, ""), [[7]]])


def test_spreadsheet_error_in_a_vector_goes_through():
    """An error in a vector is the error of the call."""
    with pytest.raises(ErrorValue, match="#REF!"):
        call_cells(SEASONAL, [column(2, "#REF!"), column(10, 20)])


def test_all_faults_are_reported_at_once():
    """Five mistakes in one call are five problems, each with its argument, and as many lines."""
    e = refusal(total_revenue, None, "x", 9000, 50, performance=5, rate_unit="kW", availability=120)
    expected = [("FLEX-011", "rate_unit"), ("FLEX-001", "nominated_mw"), ("FLEX-002", "capacity_rate")]
    expected += [("FLEX-003", "dispatch_hours"), ("FLEX-004", "performance"), ("FLEX-003", "availability")]
    assert (FlexErrors, expected, 6) == (type(e), faults(e), len(str(e).splitlines()))


def test_all_lone_faults_beside_a_range_are_reported_at_once():
    """Two bad single cells beside a good range are both told."""
    assert [("FLEX-001", "capacity_rate"), ("FLEX-004", "performance")] == faults(
        refusal(capacity_revenue, [10, 20], None, 5)
    )


def test_faults_of_several_rows_name_their_rows():
    """A Python sequence with two bad rows raises both, each with its row number and argument."""
    e = refusal(capacity_revenue, [10, -1, 30, "x", "#N/A"], 100)
    assert [("FLEX-003", "row 2, nominated_mw"), ("FLEX-002", "row 4, nominated_mw"), ("FLEX-002", "row 5")] == faults(
        e
    )


def test_two_currencies_in_one_call_are_refused():
    """Units that name two currencies are FLEX-013, with both arguments named."""
    e = refusal(total_revenue, 1, 1, 1, 1, rate_unit="USD/MW-year", energy_unit="GBP/MWh")
    assert [("FLEX-013", "rate_unit and energy_unit")] == faults(e)


@pytest.mark.parametrize(
    ("nominated", "shape"),
    [
        ([10, 20], (2,)),
        ((10, 20), (2,)),
        (np.array([10, 20]), (2,)),
        ([[10, 20]], (1, 2)),
        (np.array([[10], [20]]), (2, 1)),
        ([10], (1,)),
    ],
)
def test_python_sequences_give_arrays_of_their_shape(nominated, shape):
    """Lists, tuples and arrays work row by row and keep their shape."""
    result = capacity_revenue(nominated, 100)
    assert (shape, (np.array(nominated) * 100.0).tolist()) == (result.shape, result.tolist())


def test_python_rows_of_different_lengths_are_refused():
    """A list of lists that is no rectangle is FLEX-020, with its argument."""
    assert [("FLEX-020", "capacity_rate")] == faults(refusal(capacity_revenue, 10, [[1, 2], [3]]))


def test_python_numbers_give_a_float():
    """Single numbers, also numpy's own, give a plain float."""
    result = qualified_capacity(np.float64(10), np.array(0.5))
    assert (5.0, float) == (result, type(result))


@pytest.mark.parametrize(
    ("args", "kwargs", "message"),
    [
        ((1, 2), {"nominatd": 3}, "unknown argument 'nominatd'"),
        ((1, 2), {"nominated_mw": 3}, "nominated_mw is given twice"),
        ((1,) * 9, {}, "9 arguments for the 8 of"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(args, kwargs, message):
    """Unknown, doubled and surplus arguments are FLEX-022 with what the function takes."""
    e = refusal(capacity_revenue, *args, **kwargs)
    assert ("FLEX-022", True) == (e.code, message in e.what)


def test_spreadsheet_error_handed_over_in_python_is_refused():
    """Python has no error cells: the text of one is not a number."""
    assert "FLEX-002" == refusal(penalty, "#N/A", 1, 1, 1).code


@excel(category="Test", unit="MW", source="none", example=((1,), 1e305))
def enormous(nominated_mw: NominatedMW):
    """A result that leaves floating point within the bounds of its argument."""
    return nominated_mw * 1e305


@pytest.mark.parametrize(("nominated", "place"), [(1e6, "FLEX_ENORMOUS"), ([1, 1e6], "row 2, FLEX_ENORMOUS")])
def test_result_beyond_floating_point_is_refused(nominated, place):
    """A result too large for a number is FLEX-006, never inf."""
    assert [("FLEX-006", place)] == faults(refusal(enormous, nominated))
