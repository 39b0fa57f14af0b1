"""What one more megawatt-hour costs: hand arithmetic, closed forms, refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl import FlexError, battery_cost, compute_cost, generator_cost
from flexrev_xl.registry import find


@pytest.mark.parametrize(
    ("arguments", "cost"),
    [((51,), 85), ((51, 0.6), 110), ((0,), 25), ((40, 0.8, 0), 50), ((40, 1, 7.5), 47.5)],
)
def test_battery(arguments, cost):
    """Charge price / round-trip efficiency + wear: 51 / 85 % + 25 = 85."""
    assert approx(cost) == battery_cost(*arguments)


@pytest.mark.parametrize(
    ("arguments", "cost"), [((25, 10.4, 20), 280), ((8, 9.5), 76), ((0, 9.5, 3), 3), ((10, 3.6), 36)]
)
def test_generator(arguments, cost):
    """Fuel price x heat rate + operation and maintenance: 25 x 10.4 + 20 = 280."""
    assert approx(cost) == generator_cost(*arguments)


@pytest.mark.parametrize(
    ("arguments", "cost"),
    [((1.8, 1), 2500), ((2.16, 1, 1.2), 2500), ((2, 0.8, 1.25, 0), 2000), ((2, 0.8, 1.25, 0.5), 4000), ((0, 0.8), 0)],
)
def test_compute(arguments, cost):
    """Price / (kW x PUE x (1 - idle)) x 1000: 1.8 / 0.72 x 1000 = 2500 where a paused GPU draws 28 %."""
    assert approx(cost) == compute_cost(*arguments)


@pytest.mark.parametrize(
    ("name", "cells", "text"),
    [
        ("FLEX_BATTERY_COST", "ABC", "A/B+C"),
        ("FLEX_GENERATOR_COST", "ABC", "A*B+C"),
        ("FLEX_COMPUTE_COST", "ABCD", "A/(B*C*(1-D))*1000"),
    ],
)
def test_closed_form(name, cells, text):
    """The spreadsheet formula is the one of the model, with the brackets it needs."""
    entry = find(name)
    assert text == entry.closed_form(dict(zip([a.name for a in entry.arguments], cells, strict=True)))


def test_ranges():
    """Each row of a range has its own cost, with defaults for empty cells."""
    assert [85, 110, 25] == battery_cost([51, 51, 0], [None, 0.6, 0.85]).round(9).tolist()


@given(st.floats(0, 1e6), st.floats(0.01, 1), st.floats(0, 1e3))
def test_losses_never_make_a_battery_cheaper(price, efficiency, wear):
    """Delivering costs at least the price of charging plus wear."""
    assert battery_cost(price, efficiency, wear) >= price + wear


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (battery_cost, (None,), ("FLEX-001", "charge_price")),
        (battery_cost, ("51 EUR",), ("FLEX-002", "charge_price")),
        (battery_cost, (51, 0), ("FLEX-003", "round_trip_efficiency")),
        (battery_cost, (51, 1.1), ("FLEX-003", "round_trip_efficiency")),
        (battery_cost, (51, 85), ("FLEX-005", "round_trip_efficiency")),
        (battery_cost, (51, 0.85, -1), ("FLEX-003", "wear_per_mwh")),
        (generator_cost, (25, 3.5), ("FLEX-003", "heat_rate_gj_per_mwh")),
        (generator_cost, (25, 10, -1), ("FLEX-003", "o_and_m_per_mwh")),
        (compute_cost, (2, 0), ("FLEX-003", "kw_per_gpu")),
        (compute_cost, (2, 1, 0.9), ("FLEX-003", "pue")),
        (compute_cost, (2, 1, 1, 1), ("FLEX-003", "idle_fraction")),
        (compute_cost, (2, 1, 1, 28), ("FLEX-005", "idle_fraction")),
    ],
)
def test_bad_arguments_are_refused(function, arguments, expected):
    """What cannot be divided by, or is no share, is refused by code and argument."""
    with pytest.raises(FlexError) as caught:
        function(*arguments)
    assert expected == (caught.value.code, caught.value.place)
