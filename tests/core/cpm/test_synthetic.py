"""The synthetic trace: called so everywhere, the same for one seed, and like the measured one it is modelled on."""

import csv

import numpy as np
import pytest
from pytest import approx

from flexrev_xl.core.cpm.load import load_statistics
from flexrev_xl.core.cpm.synthetic import synthetic_training_load
from flexrev_xl.errors import FlexError


def test_one_seed_is_one_trace():
    """The same seed gives the same readings, another seed others."""
    first, again, other = (synthetic_training_load(seed).power_mw for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_it_says_that_it_is_synthetic():
    """The name and the record say so."""
    trace = synthetic_training_load(7)
    assert trace.name.startswith("synthetic")
    assert (True, 7, 2.0, 1705) == tuple(
        trace.as_json()[k] for k in ("is_synthetic", "seed", "interval_seconds", "readings")
    )


@pytest.mark.parametrize("seconds", [142.08, 1000.0, 86_400.0])
def test_peak_and_duration_are_as_asked_for(seconds):
    """The largest reading is the peak, none is negative, and there is one every 2 s."""
    power = synthetic_training_load(3, peak_mw=50, duration_seconds=seconds).power_mw
    assert (50.0, int(seconds // 2)) == (power.max(), len(power))
    assert 0 < power.min()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((-1, 0, 10), [("FLEX-003", "seed"), ("FLEX-003", "peak_mw"), ("FLEX-003", "duration_seconds")]),
        ((1.5, 1, 1e9), [("FLEX-003", "seed"), ("FLEX-003", "duration_seconds")]),
        (("x", 1), [("FLEX-002", "seed")]),
    ],
)
def test_bad_arguments_are_refused(arguments, expected):
    """Every fault has its code and place."""
    with pytest.raises(FlexError) as caught:
        synthetic_training_load(*arguments)
    assert expected == [(p.code, p.place) for p in caught.value.problems]


@pytest.mark.parametrize("seed", range(1, 6))
def test_it_is_like_the_measured_trace(shared_data, seed):
    """GPT-3 on 512 H100 (MLPerf Training v4.0, run 1): its mean, steps, periods and dips, within stated tolerances."""
    with (shared_data / "ai_training_gpt3_64nodes_512xH100_2s.csv").open(encoding="utf-8") as file:
        measured = np.array([float(row["run1_cluster_kw"]) for row in csv.DictReader(file)])
    measured = measured / measured.max()
    synthetic = synthetic_training_load(seed).power_mw
    m, s = (load_statistics(load, 2, idle_level_mw=0.9) for load in (measured, synthetic))
    assert approx(m.peak_over_mean, abs=0.003) == s.peak_over_mean
    assert approx(measured.std(), rel=0.05) == synthetic.std()
    assert approx(np.diff(measured).std(), rel=0.10) == np.diff(synthetic).std()
    assert approx(m.largest_step_fraction, abs=0.035) == s.largest_step_fraction
    assert approx(m.idle_fraction, abs=0.02) == s.idle_fraction  # share of time below 90 % of the peak
    assert approx(m.least_mw, abs=0.03) == s.least_mw
    assert approx(m.periods[0].seconds, rel=0.01) == s.periods[0].seconds
    assert approx(m.periods[0].variance_fraction, abs=0.05) == s.periods[0].variance_fraction
    assert approx(np.percentile(measured, [10, 25, 50, 75, 90]), abs=0.01) == np.percentile(
        synthetic, [10, 25, 50, 75, 90]
    )
