"""Uplift in the order capping, smoothing, events: closed forms, measured answers, what is said beside them."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl.core.cpm.power_cap import clipped_load
from flexrev_xl.core.cpm.storage import Battery, largest_load
from flexrev_xl.core.cpm.uplift import ORDER_WORDS, successive_uplift, uplift
from flexrev_xl.errors import FlexError

SIX_HOURS = [4, 4, 10, 10, 6, 2]
HUGE = 1e6


def test_arguments_are_those_promised():
    """Order and defaults as they are promised, refinements behind them."""
    promised = (
        "({load_series}, grid_mw, interval_seconds, battery_mw, battery_mwh, [round_trip_efficiency=85%], [power_cap], "
        "[{caps}], [{throughputs}], "
    )
    assert promised in uplift.entry.usage


def test_six_hours_by_hand():
    """Cap 80 % at 90 %: 0.9 / 0.8. Then peak 8 under 8 MW, 4 MWh: two peak hours of 2 (1.25 x 8 - 8) are its energy."""
    rows = uplift(SIX_HOURS, 8, 3600, 4, 4, 1, 0.8, [0.6, 0.8, 1], [0.7, 0.9, 1])
    assert ["1. Capping", "2. Smoothing", "3. Events", "Product of 1 to 3"] == [row[0] for row in rows]
    assert [approx(1.125), approx(1.25), 1.0, approx(1.40625)] == [row[1] for row in rows]
    assert uplift.entry.example[1] == rows


def test_square_wave_of_the_model():
    """Rest 0.3, half the time, round trip 90 %, huge battery: smoothing is worth 1.49606 as printed."""
    rows = uplift([1.0, 0.3], 5, 60, HUGE, HUGE, 0.9)
    assert [1.0, approx(1.49606, abs=5e-6)] == [row[1] for row in rows[:2]]


def test_mlperf_gpt3_512_h100_smoothing_alone(shared_data):
    """A second of the limit is worth 3.79 %, no battery more than 4.59 %: both are said."""
    with open(shared_data / "ai_training_gpt3_64nodes_512xH100_2s.csv", newline="") as file:
        load = np.array([float(row["run1_cluster_kw"]) for row in csv.DictReader(file)])
    limit = load.max()
    found = successive_uplift(load, limit, 2 / 3600, Battery(limit / 3600), gpus=512)
    assert approx(1.037925, abs=1e-5) == found.factors["smoothing"]
    assert {"start": 512, "capping": 512, "smoothing": 531, "events": 531} == found.gpus
    order, smoothing = found.sentences[0], found.sentences[2]
    assert ORDER_WORDS == order
    assert smoothing.startswith("Smoothing alone is worth 3.79%: the load's peak is 4.59% above its mean")
    assert [True] * 3 == [word in " ".join(found.cautions(from_mlperf=True)) for word in ("2 s", "MLCommons", "shed")]


loads = st.lists(st.floats(0.1, 10), min_size=2, max_size=20)


@given(loads, st.floats(0.5, 1), st.floats(0.5, 1), st.floats(0, 5), st.floats(0, 5), st.floats(0, 0.9))
def test_factors_multiply_to_the_total(load, cap, throughput, power, energy, event):
    """A cap at a share of the peak is worth throughput over cap; the product is compute at the end over the start."""
    capped = np.minimum(load, cap * max(load))
    limit = np.full(len(load), 5.0)
    limit[0] *= 1.0 - event
    found = successive_uplift(load, limit, 1, Battery.of(power, energy), capped, throughput)
    start, *_, end = found.steps
    assert approx(limit.min() / max(load)) == start.compute
    assert approx(end.compute / start.compute) == found.total
    assert approx(throughput / cap if cap < 1 else 1.0) == found.factors["capping"]
    assert approx(found.factors["capping"] * found.factors["smoothing"] * found.factors["events"]) == found.total
    assert found.factors["events"] >= 1.0
    assert (
        end.compute <= found.steps[2].compute + (end.largest.scale - found.steps[2].largest.scale) * throughput + 1e-9
    )


@given(st.floats(0.1, 10), st.integers(2, 20), st.floats(0, 9), st.floats(0, 9))
def test_constant_load_gains_exactly_nothing_from_smoothing(level, steps, power, energy):
    """To the last digit."""
    assert 1.0 == successive_uplift([level] * steps, 5, 1, Battery.of(power, energy)).factors["smoothing"]


def test_decode_that_draws_far_below_the_cap_saves_nothing():
    """At most 40 % of rated power under a cap of 70 %: no room is made and nothing is slowed, and this is said."""
    shares = [0.3, 0.4, 0.35, 0.4]
    free, capped = (clipped_load(shares, 1000, 0.7, 0.35, cap, 1.2) for cap in (1.0, 0.7))
    found = successive_uplift(free, 1, 1, Battery(0, 0, 0), capped, throughput=0.87)
    assert {"capping": 1.0, "smoothing": 1.0, "events": 1.0} == found.factors
    assert "The load never reaches the cap: capping saves nothing and slows nothing." == found.sentences[1]
    in_cells = uplift(SIX_HOURS, 8, 3600, 0, 0, power_cap=0.7, peak_of_rated=0.4)
    assert [1.0] * 4 == [row[1] for row in in_cells]


def test_the_rest_of_the_load_is_not_capped():
    """GPUs draw 60 % of the peak: a cap of 80 % of them takes 12 % off, and 90 % of throughput is worth 0.9 / 0.88."""
    rows = uplift(SIX_HOURS, 8, 3600, 0, 0, 1, 0.8, [0.6, 0.8, 1], [0.7, 0.9, 1], gpu_share=0.6)
    assert approx(0.9 / 0.88) == rows[0][1]


def test_a_cap_that_slows_more_than_it_saves_is_told():
    """Half the power at 40 % of throughput."""
    found = successive_uplift([1, 1], 1, 1, Battery(0, 0, 0), [0.5, 0.5], throughput=0.4)
    assert approx(0.8) == found.total
    assert "capping alone loses 20.0%" in found.sentences[1]


def test_an_event_by_hand():
    """10 h of a constant load under 10 MW, one at 8: the battery carries 9.8; 1.8 more than firm, 0.25 by throttling.

    Throttling: 1.8 MW of 9.8 are missing for one hour in ten; a paused GPU still draws 28 %: 1.8 / 0.72 / 10.
    """
    limit = [10.0] * 9 + [8.0]
    found = successive_uplift([1.0] * 10, limit, 1, Battery.of(HUGE, HUGE, 1.0))
    value = found.event_value
    assert (approx(1.8), approx(0.25), 0.1) == (value.firm_sizing, value.throttling, value.event_share)
    assert value.throttling == value.value
    assert approx(8.25 / 8) == found.factors["events"]
    assert (
        "spare 22.500% of compute against sizing to the lowest limit, 3.125% against throttling" in found.sentences[-1]
    )
    in_cells = uplift([1] * 10, 10, 3600, 1e6, 1e6, 1, event_mw=[0] * 9 + [2])
    assert [row[1:] for row in found.rows()] == [[approx(row[1]), row[2]] for row in in_cells]


def test_long_events_leave_firm_sizing_as_the_cheaper_way_out():
    """Eight hours in ten with 8 MW: 8.4 are carried; 0.4 more than firm, while throttling loses 0.4 / 0.72 x 0.8."""
    found = successive_uplift([1.0] * 10, [10.0] * 2 + [8.0] * 8, 1, Battery.of(HUGE, HUGE, 1.0))
    assert (approx(0.4), approx(0.4 / 0.72 * 0.8)) == (found.event_value.firm_sizing, found.event_value.throttling)
    assert approx(8.4 / 8) == found.factors["events"]


def test_smoothing_is_the_largest_load_under_the_cap():
    """The second factor is CPM_LOAD_SCALE's of the load that the cap left."""
    capped = np.minimum(SIX_HOURS, 8)
    found = successive_uplift(SIX_HOURS, 7, 1, Battery.of(1, 2), capped, 0.95)
    assert approx(largest_load(capped, 7, 1, Battery.of(1, 2)).scale * 8 / 7) == found.factors["smoothing"]
    assert math.prod(found.factors.values()) == found.total


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"event_mw": [0, 1]}, [("FLEX-020", "event_mw")]),
        ({"event_mw": [0, 0, 8, 0, 0, 0]}, [("CPM-153", "event_mw")]),
        ({"power_cap": 0.2}, [("CPM-156", "power_cap")]),
        ({"power_cap": 0.7, "caps": [0.5, 0.8, 1]}, [("FLEX-001", "throughputs")]),
        ({"power_cap": 70, "gpu_share": 0}, [("FLEX-005", "power_cap"), ("FLEX-003", "gpu_share")]),
    ],
)
def test_bad_arguments_are_refused(more, expected):
    """Each by code and place."""
    with pytest.raises(FlexError) as caught:
        uplift(SIX_HOURS, 8, 3600, 1, 1, **more)
    assert expected == [(p.code, p.place) for p in caught.value.problems]


def test_bad_loads_are_refused():
    """A capped load of another length, and shares outside their range, all at once."""
    with pytest.raises(FlexError) as caught:
        successive_uplift([1, 2], 1, 1, Battery(), [1], throughput=90, idle_fraction=1.0, gpus=-1)
    assert ["throughput", "idle_fraction", "gpus", "capped_load"] == [p.place for p in caught.value.problems]
