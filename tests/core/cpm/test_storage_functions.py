"""The Excel functions of storage: the model's answers through cells, and every refusal with code and place."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl.core.call import call_cells
from flexrev_xl.core.cpm.battery import battery_energy, battery_power, load_scale, supported_peak
from flexrev_xl.core.cpm.storage import Battery, carried, full_cycles_per_year, largest_load, state_of_charge
from flexrev_xl.errors import FlexError

SIX_HOURS = [4, 4, 10, 10, 6, 2]
FUNCTIONS = (battery_power, battery_energy, load_scale, supported_peak)


def faults(call):
    with pytest.raises(FlexError) as caught:
        call()
    return [(p.code, p.place) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("function", "promised"),
    [
        (battery_power, "{load_series}, grid_mw"),
        (battery_energy, "{load_series}, grid_mw, interval_seconds, [round_trip_efficiency=85%], [charge_mw]"),
        (load_scale, "{load_series}, grid_mw, interval_seconds, battery_mw, battery_mwh, [round_trip_efficiency=85%]"),
        (supported_peak, "{load_series}, grid_mw, interval_seconds, battery_mw, battery_mwh, [round_trip_efficiency=85%]"),
    ],
)  # fmt: skip
def test_arguments_are_those_promised(function, promised):
    """Order and defaults as FUNCTIONS.md names them."""
    assert f"{function.entry.name}({promised})" == function.entry.usage


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_example_gives_its_result(function):
    """The example of each, by hand: 10 - 7; two hours of 2.7 over 0.9; 8 MWh are two hours of 3.6 over 0.9."""
    arguments, result = function.entry.example
    assert approx(result, rel=1e-12) == function(*arguments)


def test_six_hours_of_the_model_in_cells():
    """A row and a column of cells, empty cells behind them, give 3 MW and 20/3 MWh."""
    column, row = [[v] for v in SIX_HOURS] + [[None]], [SIX_HOURS]
    assert [[3.0]] == call_cells(battery_power.entry, [row, [[7]]])
    for cells in (column, row):
        assert [[approx(20 / 3)]] == call_cells(battery_energy.entry, [cells, [[7]], [[3600]], [[0.81]]])


def test_interval_is_in_seconds():
    """The same six values a minute apart need a sixtieth of the energy."""
    assert approx(battery_energy(SIX_HOURS, 7, 3600) / 60) == battery_energy(SIX_HOURS, 7, 60)


def test_load_below_the_limit_needs_nothing():
    """No power, no energy; it may grow, and without a battery up to the limit."""
    assert (0.0, 0.0, 2.0) == (battery_power([3, 4], 8), battery_energy([3, 4], 8, 60), load_scale([3, 4], 8, 60, 0, 0))


@given(
    st.lists(st.floats(0.1, 100), min_size=2, max_size=20), st.floats(1, 100), st.floats(0, 50), st.floats(0, 50), st.floats(0.3, 1)
)  # fmt: skip
def test_functions_agree_with_each_other(load, grid_mw, battery_mw, battery_mwh, round_trip_efficiency):
    """At the largest scale, power and energy needed are no more than the battery's, and the peak is the scale's."""
    given_values = (load, grid_mw, 900, battery_mw, battery_mwh, round_trip_efficiency)
    scale = load_scale(*given_values)
    scaled = [v * scale for v in load]
    assert battery_power(scaled, grid_mw) <= battery_mw * (1 + 1e-9) + 1e-10
    # A thousandth below, so that what is left over the round is above what rounding takes.
    below = [v * 0.999 for v in scaled]
    assert battery_energy(below, grid_mw, 900, round_trip_efficiency, battery_mw) <= battery_mwh * (1 + 1e-9) + 1e-10
    assert approx(scale * max(load), rel=1e-12) == supported_peak(*given_values)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: battery_power([], 7), [("FLEX-001", "load_series")]),
        (lambda: battery_power([5], 7), [("CPM-152", "load_series")]),
        (lambda: battery_power([0, 0], 7), [("CPM-152", "load_series")]),
        (lambda: battery_power([5, math.nan, -1, "x", True], 0),
         [("FLEX-006", "load_series[2]"), ("FLEX-003", "load_series[3]"), ("FLEX-002", "load_series[4]"),
          ("FLEX-002", "load_series[5]"), ("FLEX-003", "grid_mw")]),
        (lambda: battery_energy([9, 9], 7, 3600), [("CPM-150", "load_series")]),
        (lambda: battery_energy([9, 9], 7, 3600, 1, 1), [("CPM-150", "load_series")]),
        (lambda: battery_energy([2, 2, 2, 12], 7, 3600, 1, 1.6), [("CPM-151", "charge_mw")]),
        (lambda: battery_energy(SIX_HOURS, 7, 0, 85, -1),
         [("FLEX-003", "interval_seconds"), ("FLEX-005", "round_trip_efficiency"), ("FLEX-003", "charge_mw")]),
        (lambda: load_scale(SIX_HOURS, -7, 1, -1, -1, 1.2),
         [("FLEX-003", p) for p in ("grid_mw", "battery_mw", "battery_mwh", "round_trip_efficiency")]),
        (lambda: load_scale([0, 1e-30], 7, 1, 1, 1), [("CPM-152", "load_series")]),
        (lambda: supported_peak(SIX_HOURS, 7, 1, None, 1), [("FLEX-001", "battery_mw")]),
        (lambda: supported_peak(SIX_HOURS, [7, 8], 1, 1, 1), [("FLEX-021", "grid_mw")]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(call, expected):
    """Each wrong value with its code and its place, all at once."""
    assert expected == faults(call)


SOUND = Battery(1, 1, 1)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([], 7, 1), [("CPM-152", "load")]),
        ((5, 7, 1), [("CPM-152", "load")]),
        (([[1, 2], [3, 4]], 7, 1), [("CPM-152", "load")]),
        (([[1, 2], [3]], 7, 1), [("FLEX-020", "load")]),
        (([0, 0], 7, 1), [("CPM-152", "load")]),
        (([1, None], 7, 1), [("FLEX-002", "load")]),
        ((["1", "2"], 7, 1), [("FLEX-002", "load")]),
        (([1, -1, math.inf, math.nan, 1e16], 7, 1),
         [("FLEX-006", "load[3]"), ("FLEX-003", "load[2]"), ("FLEX-003", "load[5]")]),
        (([1, 2], 0, 0), [("FLEX-003", "limit"), ("FLEX-003", "interval_hours")]),
        (([1, 2], [1, 2, 3], 1), [("FLEX-020", "limit")]),
        (([1, 2], [0, 0], 1), [("CPM-153", "limit")]),
        (([1, 2], [3, -1], math.nan), [("FLEX-003", "limit[2]"), ("FLEX-006", "interval_hours")]),
        (([1, 2], 7, 1, Battery(-1, math.nan, -1, 0, 85, 2)),
         [("FLEX-003", "energy"), ("FLEX-006", "charge_power"), ("FLEX-003", "discharge_power"),
          ("FLEX-003", "charge_efficiency"), ("FLEX-005", "discharge_efficiency"), ("FLEX-003", "auxiliary_share")]),
        (([1, 2], 7, 1, Battery(1, 1, math.inf, auxiliary_share=0.1)), [("CPM-153", "auxiliary_share")]),
    ],
)  # fmt: skip
def test_what_the_core_cannot_take_is_refused(arguments, expected):
    """From Python too: codes and places, never a traceback or a number that is none."""
    assert expected == faults(lambda: carried(*arguments))
    assert expected == faults(lambda: largest_load(*arguments[:3], (*arguments, SOUND)[3]))


def test_refusals_that_need_the_answer():
    """A scale that is none, auxiliaries above all there is, and what is asked of a battery that carries nothing."""
    assert [("FLEX-006", "scale")] == faults(lambda: carried([1, 2], 7, 1, SOUND, math.inf))
    assert [("CPM-153", "auxiliary_share")] == faults(
        lambda: largest_load([1, 2], 1, 1, Battery(1, 9, 9, auxiliary_share=0.2))
    )
    assert [("CPM-154", "battery")] == faults(lambda: state_of_charge(SIX_HOURS, 7, 1, SOUND))
    assert [("CPM-154", "battery")] == faults(lambda: state_of_charge(SIX_HOURS, 7, 1, Battery()))
    assert [("CPM-154", "battery")] == faults(lambda: full_cycles_per_year(SIX_HOURS, 7, 1, SOUND))
    assert [("FLEX-005", "round_trip_efficiency")] == faults(lambda: Battery.of(1, 1, 85))


def test_every_value_alike_is_counted():
    """A thousand wrong values are one line that names the first."""
    load = np.ones(2000)
    load[1000:] = -1.0
    with pytest.raises(FlexError, match=r"FLEX-003 load\[1001\]: -1 .*, and 999 more like it\."):
        carried(load, 7, 1)
