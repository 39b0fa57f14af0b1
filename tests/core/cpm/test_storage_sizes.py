"""Sizes: usable and nameplate, C-rate, full cycles, and what a few runs can tell of the next."""

import math
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl.core.cpm.sizes import c_rate, sizes_at_levels, usable_energy
from flexrev_xl.core.cpm.storage import Battery, full_cycles_per_year
from flexrev_xl.errors import FlexError


def test_usable_energy_and_c_rate_by_hand():
    """Template defaults: 90 % x 70 % of 20 MWh are 12.6; 10 MW of 20 MWh are half a C."""
    assert (approx(12.6), 0.5) == (usable_energy(20), c_rate(10, 20))


def test_full_cycles_by_hand():
    """Every other hour of 1 MW over 0.8 from 5 MWh: a quarter of a cycle in 2 h, 1,095 in 8,760 h; none where idle."""
    battery = Battery(5, 9, 9, 1.0, 0.8)
    assert approx(1095) == full_cycles_per_year([3, 0], 2, 1, battery)
    assert 0.0 == full_cycles_per_year([2, 1], 3, 1, battery)


def test_levels_of_four_runs_by_hand():
    """Of four runs the third is enough for 3 in 5, the largest for 4 in 5; 95 % needs 19 runs."""
    found = sizes_at_levels([4.0, 1.0, 3.0, 2.0], (0.2, 0.6, 0.8, 0.95))
    assert [(1.0, True), (3.0, True), (4.0, True), (4.0, False)] == [(s.size, s.is_sure) for s in found]
    assert [1, 2, 4, 19] == [s.runs_needed for s in found]
    assert "the largest of 4 runs: a chance of 0.95 needs 19" == found[-1].note
    assert "a further run needs no more with a chance of 0.8 or better" == found[2].note


@pytest.mark.parametrize(("level", "runs"), [(0.5, 1), (0.75, 3), (0.9, 9), (0.95, 19), (0.99, 99)])
def test_runs_needed(level, runs):
    """A level is reached by the largest of n runs where n / (n + 1) reaches it."""
    assert [(runs, True)] == [(s.runs_needed, s.is_sure) for s in sizes_at_levels(range(runs), [level])]
    if runs > 1:
        assert not sizes_at_levels(range(runs - 1), [level])[0].is_sure


def test_promise_holds_for_runs_drawn_at_random():
    """Of 4,000 further runs after nine each, at least the level fits, within four standard errors."""
    random, tries = Random(3), 4000
    for level in (0.5, 0.9):
        fit = 0
        for _ in range(tries):
            *seen, further = (random.lognormvariate(0.0, 1.0) for _ in range(10))
            fit += further <= sizes_at_levels(seen, [level])[0].size
        assert fit / tries >= level - 4 * math.sqrt(level * (1 - level) / tries)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.lists(st.floats(0.01, 0.99), min_size=2, max_size=5))
def test_surer_is_never_smaller(sizes, levels):
    """A higher level never asks for less, and no size lies outside the runs."""
    found = [s.size for s in sizes_at_levels(sizes, sorted(levels))]
    assert [True] * (len(found) - 1) == [a <= b for a, b in pairwise(found)]
    assert set() == set(found) - set(sizes)


def test_a_run_that_no_battery_carries_counts():
    """It stands above all others: the sure levels that reach it have no size."""
    assert [2.0, math.inf] == [s.size for s in sizes_at_levels([1.0, math.inf, 2.0], (0.5, 0.75))]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: sizes_at_levels([]), [("CPM-152", "sizes")]),
        (lambda: sizes_at_levels([1.0, -1.0, math.nan], (0.0, 95)),
         [("FLEX-003", "sizes[2]"), ("FLEX-006", "sizes[3]"), ("FLEX-003", "levels[1]"), ("FLEX-005", "levels[2]")]),
        (lambda: usable_energy(-1, 90, 1.1), [("FLEX-003", "nameplate"), ("FLEX-005", "depth"), ("FLEX-003", "end_of_life")]),
        (lambda: c_rate(-1, 0), [("FLEX-003", "power"), ("FLEX-003", "energy")]),
        (lambda: c_rate("1", None), [("FLEX-002", "power"), ("FLEX-002", "energy")]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(call, expected):
    """Every number outside its range, at its place."""
    with pytest.raises(FlexError) as caught:
        call()
    assert expected == [(p.code, p.place) for p in caught.value.problems]
