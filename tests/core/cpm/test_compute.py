"""Compute of a connection: hand arithmetic, exact floors, closed forms, units."""

from fractions import Fraction

import formualizer
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl import FlexError
from flexrev_xl.core.cpm.compute import (
    DEFAULTS,
    compute_per_mw,
    compute_revenue,
    gpus,
    power_capacity_effectiveness,
    whole,
    yearly_prices,
)

SHARE = st.floats(0.01, 1)
COUNT = st.floats(1, 1e6)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((1000, 2), 500),
        ((4000, 5, 0.8, 0.95, 0.9), 547.2),  # 800 x 0.684
        ((4000, 5, 0.8, 95, 0.9), 547.2),  # availability alone also takes the plain number
        ((0, 5), 0),
    ],
)
def test_compute_per_mw_by_hand(arguments, expected):
    """Utilisation x availability x GPUs x throughput over MW."""
    assert approx(expected, rel=1e-12) == compute_per_mw(*arguments)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [((1, 1), 8_760), ((1000, 2, 0.8, 0.95, 0.9), 11_983_680), ((100, 2.35, 0.8, 0.97), 1_597_473.6), ((10, 0), 0)],
)
def test_compute_revenue_by_hand(arguments, expected):
    """GPUs x throughput x utilisation x availability x 8,760 h x price: 1000 x 0.684 x 17,520 = 11,983,680."""
    assert approx(expected, rel=1e-12) == compute_revenue(*arguments)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((1.1, 0.5, 0.1, 1, 0.9), 2000),  # 1999.9999999999998 in doubles
        ((1, 0.7, 0.35, 1.2), 793),  # 1000 / 1.26 = 793.65
        ((1, 0.7, 0.3, 1), 1000),
        ((0.0012, 0.7, 0.35, 1.2), 0),  # 1.2 kW carry none of 1.26 kW
        ((1.2599, 0.7, 0.35, 1.2), 999),
        ((1.26, 0.7, 0.35, 1.2), 1000),
    ],
)
def test_gpus_of_section_7_and_by_hand(arguments, expected):
    """Whole GPUs, never one too few for rounding and never one too many."""
    assert expected == gpus(*arguments)


# GPU in W, beside it in W, PUE in %, cap in %.
SERVERS = st.tuples(st.integers(1, 2000), st.integers(1, 2000), st.integers(100, 200), st.integers(1, 100))
SLACK = Fraction(1, 10**9)


def kw_each(gpu_watts, other_watts, pue_percent, cap_percent):
    """Power at the meter of one GPU in kW, in fractions."""
    return (Fraction(gpu_watts * cap_percent, 100) + other_watts) / 1000 * Fraction(pue_percent, 100)


def gpus_on(grid_kw, gpu_watts, other_watts, pue_percent, cap_percent):
    return gpus(grid_kw / 1000, gpu_watts / 1000, other_watts / 1000, pue_percent / 100, cap_percent / 100)


@given(st.integers(1, 99), SERVERS)
def test_gpus_are_the_exact_floor(grid_kw, server):
    """Below 100 kW no count in whole kW, W and percent is near enough to the next for the slack to matter."""
    assert Fraction(grid_kw) // kw_each(*server) == gpus_on(grid_kw, *server)


@given(st.integers(1, 10**6), SERVERS)
def test_gpus_fit_within_the_slack_at_any_size(grid_kw, server):
    """The floor of 1.000000001 times the count, but for rounding of doubles: no more, and no fewer."""
    count, rounding = grid_kw / kw_each(*server), Fraction(1, 10**14)
    fewest, most = ((count * (1 + SLACK + r)) // 1 for r in (-rounding, rounding))
    assert fewest <= gpus_on(grid_kw, *server) <= most


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_counts_survive_division(count, parts):
    """A count cut into parts and put together again is the count, and a millionth less is one less."""
    assert count == whole(float(count) / parts * parts)
    assert count - 1 == whole(count - 1e-2)


def test_ranges_work_row_by_row():
    """A range of connections gives a GPU count for each."""
    assert [2000.0, 1818.0, 1000.0] == gpus([1.1, 1.0, 0.55], 0.5, 0.1, 1, [0.9, 0.9, 0.9]).tolist()


@given(COUNT, st.floats(1, 1e5), SHARE, SHARE, SHARE, st.floats(0.1, 10))
def test_compute_per_mw_keeps_scale(count, mw, utilisation, availability, speed, size):
    """A site of another size has the same compute per MW; more GPUs on the same MW have more, whatever they earn."""
    shares = utilisation, availability, speed
    one = compute_per_mw(count, mw, *shares)
    assert approx(one) == compute_per_mw(count * size, mw * size, *shares)
    assert one <= compute_per_mw(count * 1.1, mw, *shares)


@given(COUNT, st.floats(0.01, 100), SHARE, SHARE, SHARE)
def test_double_prices_double_revenue(count, price, utilisation, availability, speed):
    """Revenue is in the money of the price."""
    shares = utilisation, availability, speed
    assert approx(2 * compute_revenue(count, price, *shares)) == compute_revenue(count, 2 * price, *shares)


@given(st.floats(0.01, 100), st.floats(0.1, 2), st.floats(0, 1), st.floats(1, 2), st.floats(0.1, 0.9))
def test_a_lower_cap_never_carries_fewer(mw, kw, other, pue, cap):
    """GPUs under a lower cap need no more power each."""
    assert gpus(mw, kw, other, pue, cap) >= gpus(mw, kw, other, pue)


@pytest.mark.parametrize(
    ("function", "text", "cells", "result"),
    [
        (compute_per_mw, "C1*D1*A1*E1/B1", [4000, 5, 0.8, 0.95, 0.9], 547.2),
        (
            gpus,
            "INT(A1*1000/(D1*(B1*E1+C1))+A1*1000/(D1*(B1*E1+C1))/1000/1000/1000)",
            [1.1, 0.5, 0.1, 1, 0.9],
            2000,
        ),
        (compute_revenue, "A1*E1*C1*D1*8760*B1", [1000, 2, 0.8, 0.95, 0.9], 11_983_680),
    ],
)
def test_closed_form(function, text, cells, result):
    """The workbook's formula is the body, holds no constant of its own, and an independent engine agrees."""
    names = [a.name for a in function.entry.arguments]
    assert text == function.entry.closed_form(dict(zip(names, ("A1", "B1", "C1", "D1", "E1"), strict=True)))
    book = formualizer.Workbook()
    book.add_sheet("S")
    for column, value in enumerate(cells, start=1):
        book.set_value("S", 1, column, value)
    book.set_formula("S", 2, 1, f"={text}")
    assert approx(result, rel=1e-12) == book.evaluate_cell("S", 2, 1)


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (compute_per_mw, (1, 0), [("FLEX-003", "grid_mw")]),
        (compute_per_mw, (None, 5, 80), [("FLEX-001", "gpus"), ("FLEX-005", "utilisation")]),
        (compute_per_mw, (1, 5, 1, 1, 0), [("FLEX-003", "throughput")]),
        (gpus, (1, 0, 0.1, 0.9), [("FLEX-003", "gpu_kw"), ("FLEX-003", "pue")]),
        (gpus, (1, 0.5, 0.1, 1, 90), [("FLEX-005", "power_cap")]),
        (gpus, (1, 0.5, 0.1, 1, 0), [("FLEX-003", "power_cap")]),
        (compute_revenue, (1, "2 USD"), [("FLEX-002", "price_per_gpu_hour")]),
        (compute_revenue, (-1, 2, 1.1), [("FLEX-003", "gpus"), ("FLEX-003", "utilisation")]),
    ],
)
def test_bad_arguments_are_refused(function, arguments, expected):
    """Every fault at once, by code and argument."""
    with pytest.raises(FlexError) as caught:
        function(*arguments)
    assert expected == [(p.code, p.place) for p in caught.value.problems]


def test_template_defaults_of_section_7():
    """The defaults are those of the model, and shares are shares."""
    expected = {
        "other_kw_per_gpu": 0.35, "pue": 1.2, "utilisation": 0.8, "availability": 0.97, "round_trip_efficiency": 0.85,
        "auxiliaries": 0.015, "depth": 0.9, "end_of_life": 0.7, "battery_years": 10, "gpu_years": 5, "o_and_m_share": 0.025,
        "discount_rate": 0.1, "price_per_gpu_hour": 2.35, "price_per_gpu_hour_low": 1.7,
        "price_per_gpu_hour_high": 2.95, "price_fall": 0.15,
    }  # fmt: skip
    assert expected == {name: default.value for name, default in DEFAULTS.items()}
    assert [] == [d.name for d in DEFAULTS.values() if d.unit == "fraction" and not 0 < d.value < 1]


def test_prices_fall_by_the_same_share():
    """2.35 falling 15 % a year: each year 85 % of the year before; without a fall they stay."""
    prices = yearly_prices(2.35, 0.15, 5)
    assert [2.35, *(approx(0.85 * p) for p in prices[:-1])] == prices
    assert [2.35] * 3 == yearly_prices(2.35, 0, 3)


def test_power_capacity_effectiveness_by_hand():
    """6.3 MW at work of 9 provisioned are 70 %; nothing provisioned is refused."""
    assert approx(0.7) == power_capacity_effectiveness(6.3, 9)
    with pytest.raises(FlexError) as caught:
        power_capacity_effectiveness(-1, 0)
    assert ["active_it_mw", "provisioned_mw"] == [p.place for p in caught.value.problems]
