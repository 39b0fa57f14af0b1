"""What a trace of a load says of itself: by hand, by closed forms, by a measured trace."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl.core.cpm.cautions import MLPERF, of_limit, of_trace
from flexrev_xl.core.cpm.load import dominant_periods, load_statistics
from flexrev_xl.errors import FlexError


def test_statistics_by_hand():
    """Six hours of 4, 4, 10, 10, 6 and 2 MW: 36 MWh, a rise of 6 and a fall of 4, below 5 MW half of the time."""
    found = load_statistics([4, 4, 10, 10, 6, 2], 3600, idle_level_mw=5)
    assert (6, 10, 2, 36, 6) == (found.mean_mw, found.peak_mw, found.least_mw, found.energy_mwh, found.duration_hours)
    assert (6, 4) == (found.largest_rise_mw, found.largest_fall_mw)
    assert (0.6, approx(5 / 3)) == (found.load_factor_fraction, found.peak_over_mean)
    assert (0.6, approx(6 / 3600)) == (found.largest_step_fraction, found.ramp_mw_per_second)
    assert (5, 0.5) == (found.idle_level_mw, found.idle_fraction)


def test_idle_is_below_40_percent_of_the_peak_unless_told():
    """Of 10 MW idle is below 4: a load of exactly 4 is not idle, and the words say which level was taken."""
    found = load_statistics([10, 4, 3.999, 0], 1)
    assert (4.0, 0.5) == (found.idle_level_mw, found.idle_fraction)
    assert "50.0% of the time below 4 MW (40% of the peak)" == found.idle_words


def test_a_fall_counts_as_much_as_a_rise():
    """The largest step is the larger of the two, whichever way it goes."""
    assert (1, 7, 0.875, 3.5) == (
        (found := load_statistics([7, 8, 1], 2)).largest_rise_mw,
        found.largest_fall_mw,
        found.largest_step_fraction,
        found.ramp_mw_per_second,
    )


def test_steps_between_blocks_are_seen():
    """A step at any place of a long trace is the largest."""
    for at in (131_071, 131_072, 131_073, 262_144):
        load = np.full(300_000, 5.0)
        load[at:] = 9.0
        assert 4.0 == load_statistics(load, 1).largest_rise_mw


def test_two_sinusoids():
    """Amplitudes 3 and 1, of whole cycles: periods as made, shares of variance 9 to 1."""
    t = np.arange(3600)
    load = 10 + 3 * np.sin(2 * np.pi * t / 36) + np.cos(2 * np.pi * t / 8)
    first, second = dominant_periods(load, 2.0)
    assert (approx(72), approx(0.9)) == (first.seconds, first.variance_fraction)
    assert (approx(16), approx(0.1)) == (second.seconds, second.variance_fraction)


@given(st.floats(5, 200), st.floats(0, 6.28))
def test_a_sinusoid_of_any_period(period, phase):
    """Where a trace holds no whole number of cycles its period is found within period^2 / duration."""
    t = np.arange(2000)
    found = dominant_periods(5 + np.sin(2 * np.pi * t / period + phase), 1.0)[0]
    assert abs(found.seconds - period) <= period**2 / 2000
    assert 0.85 <= found.variance_fraction <= 1 + 1e-9


@pytest.mark.parametrize("samples", [4, 8, 20, 100])
def test_square_wave(samples):
    """Half high, half low, N readings a cycle: harmonic k has the share 8 / (N sin(pi k / N))^2, odd ones alone."""
    wave = np.tile(np.repeat([1.0, 3.0], samples // 2), 60)
    shares = {k: 8 / (samples * math.sin(math.pi * k / samples)) ** 2 for k in (1, 3, 5) if 2 * k < samples}
    expected = [(approx(samples / k), approx(share)) for k, share in shares.items() if share > 0.01]
    assert expected == [(p.seconds, p.variance_fraction) for p in dominant_periods(wave, 1.0)][: len(expected)]


def test_every_other_reading():
    """The fastest swing a trace can show takes two intervals and is all of its variance."""
    (found,) = dominant_periods(np.tile([1.0, 2.0], 50), 2.0)
    assert (4.0, approx(1.0)) == (found.seconds, found.variance_fraction)


@pytest.mark.parametrize("load", [np.full(100, 0.1), np.arange(100.0), np.array([1.0, 2.0])])
def test_no_period_where_nothing_repeats(load):
    """A constant, a drift and two readings have no period."""
    assert () == dominant_periods(load, 1.0)


@given(st.lists(st.floats(0.1, 100), min_size=2, max_size=50), st.floats(0.1, 100), st.floats(0.01, 100))
def test_units_and_scale(load, interval, factor):
    """A larger site has larger powers and the same shares; periods grow with the interval."""
    one, other = load_statistics(load, interval), load_statistics([factor * mw for mw in load], interval)
    assert approx(factor * one.energy_mwh) == other.energy_mwh
    assert approx(one.load_factor_fraction) == other.load_factor_fraction
    assert approx(one.largest_step_fraction, abs=1e-12) == other.largest_step_fraction
    assert one.energy_mwh == approx(math.fsum(load) * interval / 3600)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([], 1), [("CPM-165", "load_mw")]),
        (([5], 1), [("CPM-165", "load_mw")]),
        (([[1, 2], [3, 4]], 1), [("CPM-163", "load_mw")]),
        ((["5", "x"], 1), [("CPM-163", "load_mw")]),
        (([0, 0], 1), [("CPM-163", "load_mw")]),
        (([1, math.nan, -1], 0), [("FLEX-003", "interval_seconds"), ("CPM-163", "load_mw"), ("CPM-163", "load_mw")]),
        (
            ([1, math.inf, 2e5], 1, -1),
            [("FLEX-003", "idle_level_mw"), ("CPM-163", "load_mw"), ("CPM-163", "load_mw")],
        ),
        (([1, 2], math.nan, math.inf), [("FLEX-006", "interval_seconds"), ("FLEX-006", "idle_level_mw")]),
    ],
)
def test_bad_arguments_are_refused(arguments, expected):
    """Every fault has its code and place, all at once; nothing comes out as NaN."""
    with pytest.raises(FlexError) as caught:
        load_statistics(*arguments)
    assert expected == [(p.code, p.place) for p in caught.value.problems]


def test_published_mean_over_peak_of_a_measured_trace(shared_data):
    """GPT-3 on 512 H100, MLPerf Training v4.0, run 1: section 7 of the model states peak over mean as 1.045898."""
    with (shared_data / "ai_training_gpt3_64nodes_512xH100_2s.csv").open(encoding="utf-8") as file:
        load = [float(row["run1_cluster_kw"]) / 1000 for row in csv.DictReader(file)]
    found = load_statistics(load, 2)
    assert 1.045898 == round(found.peak_over_mean, 6)
    assert 438.2 == round(1000 * found.mean_mw, 1)  # what the submitter states as 415.22 kWh over 3,411 s


def test_cautions_of_a_trace():
    """Each caution stands where it applies, and the resolution always."""
    assert ["over 2 s", "One run"] == [s[k : k + n] for s, k, n in zip(of_trace(2.0), (19, 0), (8, 7), strict=True)]
    assert 1 == len(of_trace(2.0, runs=3))
    assert MLPERF in of_trace(2.0, from_mlperf=True)
    assert any("synthetic" in s for s in of_trace(2.0, is_synthetic=True))


def test_cautions_of_a_limit():
    """A load within its limit needs no approval; one above says by how much with the battery out."""
    assert ["With the battery out, the load is up to 9 MW, within the limit of 10 MW."] == of_limit(10, 9)
    approval, outage, reserve = of_limit(10, 10.5, 0.25)
    assert "assumed" in approval
    assert "10.5 MW, 0.5 MW above the limit of 10 MW" in outage
    assert "0.25 MWh" in reserve and "not sold to demand response" in reserve
