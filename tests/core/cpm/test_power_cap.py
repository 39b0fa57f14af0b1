"""Power caps: measured curves against their data, interpolation, refusals, and how a cap clips a load."""

import csv
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl import FlexError
from flexrev_xl.core.call import ErrorValue, call_cells
from flexrev_xl.core.cpm.curves import CURVES, DEFAULT, LLM_DECODE, PLANNING_GAINS, own_curve
from flexrev_xl.core.cpm.power_cap import BestCap, best_cap, clipped_load, throughput

CAPS, SPEEDS = [0.5, 0.7, 0.8, 1.0], [0.7, 0.9, 0.96, 1.0]
TRAINING = {
    "v100-bert-squad": ("v100", "squad", "bert_base_uncased", "16", 250),
    "v100-resnet50-imagenet": ("v100", "imagenet", "resnet50", "32", 250),
    "a40-bert-squad": ("a40", "squad", "bert_base_uncased", "56", 300),
}
INFERENCE = {"h100-llama2-70b": "llama2-70b (MLPerf 99.9)", "h100-gpt-j-6b": "gpt-j-6b"}


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def faults(function, *arguments, **named):
    with pytest.raises(FlexError) as caught:
        function(*arguments, **named)
    return [(p.code, p.place) for p in caught.value.problems]


@pytest.mark.parametrize("name", TRAINING)
def test_training_curves_are_those_measured_for_zeus_nsdi_23(shared_data, name):
    """Every cap of one model, batch and card: fastest epoch over epoch, and mean W drawn; none is left out."""
    card, dataset, network, batch, rated = TRAINING[name]
    runs = [
        (float(r["power_limit"]), float(r["time_per_epoch"]), float(r["average_power"]))
        for r in rows_of(shared_data / f"zeus_summary_power_{card}.csv")
        if (r["dataset"], r["network"], r["batch_size"]) == (dataset, network, batch)
    ]
    full = {cap: seconds for cap, seconds, _ in runs}[rated]
    expected = [(approx(c / rated), approx(full / s, abs=1e-6), approx(w, abs=0.006)) for c, s, w in sorted(runs)]
    assert expected == [(p.cap, p.throughput, p.watts) for p in CURVES[name].points]


@pytest.mark.parametrize("name", INFERENCE)
def test_inference_points_are_those_of_mlperf_inference_v4_0(shared_data, name):
    """The two points published for each model, and no W drawn."""
    rows = [r for r in rows_of(shared_data / "gpu_power_cap_curves.csv") if r["network"] == INFERENCE[name]]
    expected = sorted((float(r["cap_frac_tdp"]), float(r["throughput_frac_max"]), None) for r in rows)
    actual = [(p.cap, p.throughput, p.watts) for p in CURVES[name].points]
    assert [(approx(c, abs=1e-4), approx(t, abs=1e-4), w) for c, t, w in expected] == actual
    assert "not verified by MLCommons" in CURVES[name].source


def test_named_curves_stand_as_own_tables():
    """What is asked of a person's table holds for the curves that are shipped; each names source and licence."""
    for name in TRAINING:
        points = CURVES[name].points
        own = own_curve([p.cap for p in points], [p.throughput for p in points], [p.watts for p in points])
        assert points == own.points
    assert [] == [c.name for c in CURVES.values() if "Apache-2.0" not in c.source or not c.remark]
    assert ("v100-bert-squad", [1.05, 1.12, 1.20]) == (DEFAULT.name, list(PLANNING_GAINS.values()))
    assert "capping saves nothing" in LLM_DECODE


@pytest.mark.parametrize(
    ("cap", "expected"),
    [(0.5, 0.7), (0.6, 0.8), (0.75, 0.93), (0.8, 0.96), (0.9, 0.98), (1, 1), (0.49995, 0.7)],
)
def test_own_table_by_hand(cap, expected):
    """Linear between neighbours, in any order of rows: half way from 0.9 to 0.96 is 0.93; 49.995 % is 50 % as typed."""
    assert approx(expected, rel=1e-12) == throughput(cap, CAPS, SPEEDS)
    assert approx(expected, rel=1e-12) == throughput(cap, CAPS[::-1], SPEEDS[::-1])


def test_default_curve_is_the_one_named():
    """1633.78 s an epoch at 250 W over 1743.06 s at 200 W; half way in cap is half way in throughput."""
    assert approx(1633.78 / 1743.06) == throughput(0.8)
    assert approx((1633.78 / 1743.06 + 1633.78 / 1672.845) / 2) == throughput(0.85)
    assert 1.0 == throughput(1.0) == throughput(1.0, [None, ""], None)
    assert ["above 0% to 100%"] * 3 == [a.mark.allowed for a in throughput.entry.arguments]
    assert "V100" in throughput.entry.help and "SQuAD" in throughput.entry.help


def test_watts_drawn_are_not_the_cap():
    """Uncapped, a V100 of 250 W draws 228 W; capped at 100 W, an A40 draws 111 W; beside own points only what is given."""
    assert 228.35 == CURVES["v100-bert-squad"].watts_drawn(1.0)
    assert 110.99 == CURVES["a40-bert-squad"].watts_drawn(1 / 3)
    assert approx(175) == own_curve(CAPS, SPEEDS, [120, 150, 200, 210]).watts_drawn(0.75)
    assert [("CPM-156", "power_cap")] == faults(own_curve(CAPS, SPEEDS).watts_drawn, 0.75)
    assert [("CPM-156", "power_cap")] == faults(CURVES["h100-gpt-j-6b"].watts_drawn, 1.0)


def test_points_are_given_back_and_never_drawn_through():
    """MLPerf's two points answer for themselves; anything between them is refused with the reason."""
    points = CURVES["h100-llama2-70b"]
    assert approx(17_561.6 / 21_805.8) == points.throughput(450 / 700) == points.throughput(0.6429)
    with pytest.raises(FlexError, match=r"points are too few for a curve.*Allowed: 64.29%, 100.00%"):
        points.throughput(0.8)
    assert [("CPM-156", "power_cap")] == faults(points.throughput, 0.5)


def test_caps_in_watts_need_the_rated_power():
    """150 W of 300 W is 50 %; a table in W without the rated power is refused, and so is one that mixes both."""
    curve = own_curve([150, 210, 240, 300], SPEEDS, rated_watts=300)
    assert approx(0.93) == curve.throughput(0.75)
    assert [("CPM-157", "caps")] == faults(own_curve, [150, 210, 300], SPEEDS[1:])
    assert [("CPM-157", "caps")] == faults(own_curve, [0.5, 210, 1], SPEEDS[1:], rated_watts=300)
    assert [("FLEX-003", "caps[3]")] == faults(own_curve, [150, 210, 310], SPEEDS[1:], rated_watts=300)
    assert [("FLEX-003", "rated_watts")] == faults(own_curve, [150, 210, 300], SPEEDS[1:], rated_watts=0)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((0.45, CAPS, SPEEDS), [("CPM-156", "power_cap")]),
        ((1, [0.5, 0.6, 0.9], [0.6, 0.7, 0.9]), [("CPM-156", "power_cap")]),
        ((0.39,), [("CPM-156", "power_cap")]),
        ((0.7, [0.5, 1], [0.7, 1]), [("CPM-155", "caps")]),
        ((0.7, [0.5, 0.7, 1], [0.7, 0.9, 0.89]), [("CPM-155", "throughputs")]),
        ((0.7, [0.5, 0.7, 0.7, 1], [0.7, 0.9, 0.9, 1]), [("CPM-155", "caps")]),
        ((0.7, [0.5, 0.5], [0.8, 0.7]), [("CPM-155", "caps"), ("CPM-155", "caps")]),
        ((0.7, [0.5, 175, 250], [0.7, 0.9, 1]), [("CPM-157", "caps")]),
        ((0.7, [125, 175, 250], [0.7, 0.9, 1]), [("CPM-157", "caps")]),
        ((0.7, [50, 70, 100], [0.7, 0.9, 1]), [("CPM-157", "caps")]),
        ((0.7, [1.1, 1.2, 1.3], [0.7, 0.9, 1]), [("FLEX-003", f"caps[{i}]") for i in (1, 2, 3)]),
        ((0.7, CAPS), [("FLEX-001", "throughputs")]),
        ((0.7, None, SPEEDS), [("FLEX-001", "caps")]),
        ((0.7, CAPS, SPEEDS[:3]), [("FLEX-020", "caps and throughputs")]),
        ((0.7, [0.5, None, 1], [70, "x", 1]), [
            ("FLEX-001", "caps, cell 2"), ("FLEX-005", "throughputs, cell 1"), ("FLEX-002", "throughputs, cell 2"),
        ]),
        ((80, CAPS, SPEEDS), [("FLEX-005", "power_cap")]),
        ((0, CAPS, SPEEDS), [("FLEX-003", "power_cap")]),
    ],
)  # fmt: skip
def test_bad_arguments_are_refused(arguments, expected):
    """Beside the points, too few of them, falling, twice, in watts, unpaired: each by code and place, all at once."""
    assert expected == faults(throughput, *arguments)


def test_measured_curve_that_falls_is_refused(shared_data):
    """ResNet-50 on the A40 was slower at 250 W than at 225 W: one run each, and no curve."""
    rows = [
        r for r in rows_of(shared_data / "gpu_power_cap_curves.csv") if (r["gpu"], r["network"]) == ("A40", "resnet50")
    ]
    columns = [[float(r[c]) for r in rows] for c in ("power_cap_w", "throughput_frac_max")]
    with pytest.raises(FlexError, match=r"CPM-155 throughputs: throughput falls from 0.9957 to 0.944 .* never falling"):
        own_curve(*columns, rated_watts=300)


def test_error_cell_in_a_table_goes_through():
    """A spreadsheet error in the range is the error of the call."""
    with pytest.raises(ErrorValue, match="#N/A"):
        call_cells(throughput.entry, [[[0.7]], [[0.5], ["#N/A"], [1.0]], [[0.5], [0.8], [1.0]]])


@st.composite
def tables(draw):
    """Caps rising, throughput never falling."""
    count = draw(st.integers(3, 9))
    caps = draw(st.lists(st.integers(1, 100), min_size=count, max_size=count, unique=True))
    speeds = draw(st.lists(st.integers(1, 100), min_size=count, max_size=count))
    return [c / 100 for c in sorted(caps)], [s / 100 for s in sorted(speeds)]


@given(tables(), st.floats(0, 1), st.floats(0, 1))
def test_interpolation_is_monotone_and_agrees_with_numpy(table, one, other):
    """Within the points it is numpy's linear interpolation: a higher cap never gives less."""
    caps, speeds = table
    low, high = (caps[0] + x * (caps[-1] - caps[0]) for x in sorted((one, other)))
    at_low, at_high = (throughput(min(max(c, caps[0]), caps[-1]), caps, speeds) for c in (low, high))
    assert at_low <= at_high + 1e-12
    assert approx(np.interp(low, caps, speeds), rel=1e-9) == at_low


def test_a_cap_clips_peaks_and_scales_nothing():
    """1000 GPUs of 1 kW beside 0.5 kW, capped at 0.7 kW: what was below the cap stays as it was."""
    shares = [0.2, 1.0, 0.6]
    assert [approx(0.7), approx(1.5), approx(1.1)] == clipped_load(shares, 1000, 1, 0.5).tolist()
    assert [approx(0.7), approx(1.2), approx(1.1)] == clipped_load(shares, 1000, 1, 0.5, power_cap=0.7).tolist()


def test_overhead_is_constant():
    """PUE 1.2 adds 20 % of the mean of 1.0 MW to every step, or what is stated; swings stay those of the GPUs."""
    capped = {"shares": [0.2, 1.0, 0.6], "gpus": 1000, "gpu_kw": 1, "other_kw_per_gpu": 0.5, "power_cap": 0.7}
    assert [approx(0.9), approx(1.4), approx(1.3)] == clipped_load(**capped, pue=1.2).tolist()
    assert [approx(1.0), approx(1.5), approx(1.4)] == clipped_load(**capped, pue=1.2, overhead_mw=0.3).tolist()


@given(st.lists(st.floats(0, 2), min_size=1, max_size=20), st.floats(0.1, 1), st.floats(1, 2), st.integers(1, 1000))
def test_load_under_a_cap(shares, cap, pue, count):
    """It never rises by the cap, grows with the count of GPUs, and in the mean is PUE x IT load."""
    free = clipped_load(shares, count, 0.7, 0.3, pue=pue)
    capped = clipped_load(shares, count, 0.7, 0.3, cap, pue)
    it_load = [count * (0.3 + min(0.7 * s, 0.7 * cap)) / 1000 for s in shares]
    assert (capped <= free * (1 + 1e-12)).all()
    assert approx(pue * np.mean(it_load)) == capped.mean()
    assert approx(np.ptp(it_load), abs=1e-9) == np.ptp(capped)
    assert approx(2 * capped) == clipped_load(shares, 2 * count, 0.7, 0.3, cap, pue)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([0.5, 70], 10, 0.7, 0.3), [("FLEX-005", "shares[2]")]),
        (([0.5, float("nan")], 10, 0.7, 0.3), [("FLEX-006", "shares[2]")]),
        ((["x"], 10, 0.7, 0.3), [("FLEX-002", "shares")]),
        (([], -1, 0, 0.3), [("FLEX-003", "gpus"), ("FLEX-003", "gpu_kw"), ("FLEX-001", "shares")]),
        (([0.5], 10, 0.7, 0.3, 0, 0.9), [("FLEX-003", "power_cap"), ("FLEX-003", "pue")]),
        (([0.5], 10, 0.7, 0.3, 1, 1, "2"), [("FLEX-002", "overhead_mw")]),
    ],
)
def test_bad_loads_are_refused(arguments, expected):
    """A series of watts, holes or words, and every number beside it, all at once."""
    assert expected == faults(clipped_load, *arguments)


@given(
    st.lists(st.tuples(st.floats(0.2, 0.99), st.floats(0.1, 1)), min_size=2, max_size=6, unique_by=lambda x: x[0]),
    st.floats(0, 2),
)
def test_best_cap_is_never_beaten_between_its_points(points, other_kw):
    """No cap read off the curve carries more GPU-equivalents for each kW than the best of the points measured."""
    caps = sorted(cap for cap, _ in points)
    assume(all(upper - lower > 1e-6 for lower, upper in pairwise(caps)))
    curve = own_curve([*caps, 1.0], [*sorted(t for _, t in points), 1.0])
    best = best_cap(curve, 1.0, other_kw)
    for cap in np.linspace(caps[0], 1.0, 200).tolist():
        assert curve.throughput(min(max(cap, caps[0]), 1.0)) * (1.0 + other_kw) / (cap + other_kw) <= best.gain * (
            1 + 1e-9
        )


def test_no_cap_is_best_where_power_is_little_of_all():
    """A GPU of 0.1 kW beside 1 kW of other power: half its power saves 4.5 %, and costs more throughput."""
    assert BestCap(1.0, 1.0, 1.0) == best_cap(own_curve([0.5, 0.8, 1], [0.7, 0.9, 1]), 0.1, 1.0)
