"""What a limit and a battery carry: closed forms, measured answers, verdicts, and what always holds."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl.core.cpm import drawdown
from flexrev_xl.core.cpm.storage import (
    BATTERY_TOO_SMALL,
    CARRIED,
    CHARGER_TOO_SMALL,
    ENERGY_SHORT,
    PEAK_TOO_HIGH,
    Battery,
    carried,
    full_cycles_per_year,
    largest_load,
    state_of_charge,
)

SIX_HOURS = [4, 4, 10, 10, 6, 2]
HUGE = 1e9


@pytest.fixture(scope="module")
def gpt3_kw(shared_data):
    """Measured power of 512 H100 training GPT-3, every 2 s (MLPerf Training v4.0)."""
    with open(shared_data / "ai_training_gpt3_64nodes_512xH100_2s.csv", newline="") as file:
        return np.array([float(row["run1_cluster_kw"]) for row in csv.DictReader(file)])


def square_wave_scale(rest, duty, charge_efficiency, discharge_efficiency):
    """Section 7 of the model: how far a square wave of height 1 grows under a limit of 1 with a huge battery."""
    out, into = duty / discharge_efficiency, (1.0 - duty) * charge_efficiency
    return (out + into) / (out + into * rest)


def square_wave(rest, high_steps, steps):
    return np.where(np.arange(steps) < high_steps, 1.0, rest)


@pytest.mark.parametrize(("duty", "expected"), [(50, 1.49606), (70, 1.24200), (90, 1.06796)])
def test_square_wave_of_the_model(duty, expected):
    """Rest 0.3, round trip 90 %: 1.49606, 1.24200, 1.06796 as printed, and the closed form to twelve digits."""
    found = largest_load(square_wave(0.3, duty, 100), 1, 1, Battery.of(HUGE, HUGE, 0.9))
    assert approx(expected, abs=5e-6) == found.scale
    assert approx(square_wave_scale(0.3, duty / 100, math.sqrt(0.9), math.sqrt(0.9)), rel=1e-12) == found.scale
    assert ENERGY_SHORT == found.bound


@given(st.floats(0, 0.95), st.integers(1, 39), st.floats(0.3, 1), st.floats(0.3, 1))
def test_square_wave_closed_form(rest, high_steps, charge_efficiency, discharge_efficiency):
    """Any rest level, duty and pair of efficiencies."""
    battery = Battery(math.inf, math.inf, math.inf, charge_efficiency, discharge_efficiency)
    found = largest_load(square_wave(rest, high_steps, 40), 1, 0.5, battery)
    expected = square_wave_scale(rest, high_steps / 40, charge_efficiency, discharge_efficiency)
    assert approx(expected, rel=1e-9) == found.scale


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.25, 1.029527), (0.5, 1.033958), (1, 1.037925), (2, 1.042294), (4, 1.042726), (60, 1.042726)],
)
def test_mlperf_gpt3_512_h100_by_seconds_of_grid_limit(gpt3_kw, seconds, expected):
    """Limit at the measured peak, round trip 85 %, charger without bound, battery in seconds of the limit."""
    limit = gpt3_kw.max()
    found = largest_load(gpt3_kw, limit, 2 / 3600, Battery(limit * seconds / 3600))
    assert approx(expected, abs=1e-6) == found.scale


def test_mlperf_gpt3_512_h100_at_1_c(gpt3_kw):
    """Charger and discharger of 5 % of the limit at 1 C: 1.036852; no battery passes the limit over the mean, 1.045898."""
    limit = gpt3_kw.max()
    assert (
        approx(1.036852, abs=1e-6)
        == largest_load(gpt3_kw, limit, 2 / 3600, Battery.of(0.05 * limit, 0.05 * limit)).scale
    )
    lossless = Battery(math.inf, charge_efficiency=1.0, discharge_efficiency=1.0)
    assert approx(1.045898, abs=1e-6) == largest_load(gpt3_kw, limit, 2 / 3600, lossless).scale


def test_six_hours_of_the_model():
    """{4;4;10;10;6;2} under 7 MW at 81 %: two hours of 3 MW over 0.9 are 20/3 MWh, deepest at the end of the fourth."""
    found = carried(SIX_HOURS, 7, 1, Battery.of(math.inf, math.inf, 0.81))
    assert (3.0, approx(20 / 3, rel=1e-12), CARRIED) == (found.power, found.energy, found.verdict)
    assert (2, 3) == (found.peak_at, found.worst_at)


def test_an_event_and_auxiliaries_by_hand():
    """5 MW under 6 MW with an hour at 2 MW; 10 % of 4 MW are drawn throughout: 3.4 MW short, 3.4 / 0.8 MWh deep."""
    battery = Battery(5, 4, 4, 0.8, 0.8, auxiliary_share=0.1)
    found = carried([5] * 10, [6, 6, 2, *[6] * 7], 1, battery)
    # Nine hours of 0.6 MW at 80 % put 4.32 MWh back.
    assert (approx(3.4), approx(4.25), CARRIED, 2, 2) == (
        found.power, found.energy, found.verdict, found.peak_at, found.worst_at,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("load", "battery", "shortages"),
    [
        (SIX_HOURS, Battery.of(3, 20 / 3, 0.81), ()),
        (SIX_HOURS, Battery.of(3, 6.66666667, 0.81), ()),  # nine digits were typed
        (SIX_HOURS, Battery.of(3, 6.66, 0.81), (BATTERY_TOO_SMALL,)),
        (SIX_HOURS, Battery(7, math.inf, 2.9, 0.9, 0.9), (PEAK_TOO_HIGH,)),
        (SIX_HOURS, Battery(6, math.inf, 2.9, 0.9, 0.9), (PEAK_TOO_HIGH, BATTERY_TOO_SMALL)),
        ([2, 2, 2, 12], Battery(9, 5, 5, 1, 1), ()),
        ([2, 2, 2, 12], Battery(9, 1.6, 5, 1, 1), (CHARGER_TOO_SMALL,)),  # 4.8 MWh in, 5 out
        ([2, 2, 2, 12], Battery(9, 1.6, 4, 1, 1), (CHARGER_TOO_SMALL, PEAK_TOO_HIGH)),
        ([6, 6, 6, 12], Battery(9, 5, 5, 1, 1), (ENERGY_SHORT,)),  # 7.5 MW on average
        ([6, 6, 6, 10], Battery(9, 5, 5, 1, 1), ()),  # 7 MW on average, without losses
        ([6, 6, 6, 10], Battery(9, 5, 5, 1, 0.99), (ENERGY_SHORT,)),
        ([7, 7, 7], Battery(0, 0, 0), ()),
    ],
)
def test_verdicts_under_7_mw(load, battery, shortages):
    """Each shortage alone and together, by hand."""
    found = carried(load, 7, 1, battery)
    assert (shortages, not shortages) == (found.shortages, found.is_carried)
    assert (shortages or (CARRIED,))[0] == found.verdict


@pytest.mark.parametrize(
    ("battery", "bound"),
    [
        (Battery(1, math.inf, math.inf, 0.9, 0.9), BATTERY_TOO_SMALL),
        (Battery(HUGE, math.inf, 1, 0.9, 0.9), PEAK_TOO_HIGH),
        (Battery(HUGE, 0.5, HUGE, 0.9, 0.9), CHARGER_TOO_SMALL),
        (Battery(HUGE, HUGE, HUGE, 0.9, 0.9), ENERGY_SHORT),
    ],
)
def test_what_stops_a_load_from_growing(battery, bound):
    """The bound named is the verdict on a load a millionth larger."""
    found = largest_load(SIX_HOURS, 7, 1, battery)
    assert bound == found.bound
    assert (CARRIED, bound) == tuple(carried(SIX_HOURS, 7, 1, battery, found.scale * f).verdict for f in (1, 1 + 1e-6))


@given(st.floats(1e-3, 1e5), st.floats(1e-3, 1e5), st.floats(0, 1e5), st.floats(0, 1e5), st.integers(2, 50))
def test_constant_load_gains_exactly_nothing(limit, level, power, energy, steps):
    """Storage moves nothing where nothing swings: the scale is limit over load, to the last digit."""
    assert limit / level == largest_load([level] * steps, limit, 1, Battery.of(power, energy)).scale


def test_limit_below_idle_load():
    """Idle at 4 MW under 2 MW: a scale below one half is an answer, and what stops it is said."""
    found = largest_load([4, 4, 8, 4], 2, 1, Battery.of(10, 10, 1))
    assert (approx(0.4), ENERGY_SHORT) == (found.scale, found.bound)


loads = st.lists(st.floats(0.01, 10), min_size=2, max_size=24)
efficiency = st.floats(0.3, 1)
batteries = st.builds(Battery, st.floats(0, 20), st.floats(0, 10), st.floats(0, 10), efficiency, efficiency)
limits = st.floats(0.5, 10)


def change(load, limit, battery):
    """Energy stored in each step, as the model writes it, one step at a time."""
    return [
        battery.charge_efficiency * min(battery.charge_power, max(limit - power, 0.0))
        - max(power - limit, 0.0) / battery.discharge_efficiency
        for power in load
    ]


@given(loads, limits, batteries)
def test_deepest_fall_of_any_window(load, limit, battery):
    """The energy needed is the deepest fall over all windows of one round, taken one by one."""
    stored, count = change(load, limit, battery), len(load)
    falls = {}
    for first in range(count):
        level = 0.0
        for step in range(count):
            level += stored[(first + step) % count]
            falls[first, (first + step) % count] = -level
    found = carried(load, limit, 1, battery)
    if sum(stored) < -1e-9:
        assert math.inf == found.energy
    elif sum(stored) > 1e-9:
        assert approx(max(0.0, *falls.values()), abs=1e-9) == found.energy
        if found.energy > 1e-6:
            assert approx(found.energy, abs=1e-9) == max(d for (_, last), d in falls.items() if last == found.worst_at)


@given(loads, limits, batteries, st.integers(1, 23))
def test_rotation_changes_nothing(load, limit, battery, by):
    """A series that follows itself has no beginning."""
    turned = load[by % len(load) :] + load[: by % len(load)]
    one, other = (carried(series, limit, 1, battery) for series in (load, turned))
    if abs(math.fsum(change(load, limit, battery))) > 1e-9:
        assert approx(one.energy, rel=1e-9, abs=1e-9) == other.energy
        assert one.power == other.power
    scales = [largest_load(series, limit, 1, battery).scale for series in (load, turned)]
    assert approx(scales[0], rel=1e-10) == scales[1]


@given(loads, limits, batteries, st.sampled_from([1e-3, 2.0, 1000.0]))
def test_units_and_size_of_site(load, limit, battery, unit):
    """kW and MW give one scale; every power times two needs twice the energy."""
    sized = Battery(
        battery.energy * unit, battery.charge_power * unit, battery.discharge_power * unit,
        battery.charge_efficiency, battery.discharge_efficiency,
    )  # fmt: skip
    scaled = [power * unit for power in load]
    one, other = largest_load(load, limit, 1, battery), largest_load(scaled, limit * unit, 1, sized)
    assert approx(one.scale, rel=1e-10) == other.scale
    one, other = carried(load, limit, 1, battery), carried(scaled, limit * unit, 1, sized)
    if math.isfinite(one.energy + other.energy):
        assert approx(one.energy * unit, rel=1e-9, abs=1e-9 * unit) == other.energy


@given(loads, limits, batteries, st.floats(1, 3), st.integers(0, 5))
def test_more_never_carries_less(load, limit, battery, times, what):
    """More energy, charger, discharger, efficiency or limit: the scale never falls."""
    fields = dict(vars(battery))
    more = [*fields][what] if what < 5 else None
    if more:
        fields[more] = min(fields[more] * times, 1.0) if more.endswith("efficiency") else fields[more] * times
    before = largest_load(load, limit, 1, battery).scale
    after = largest_load(load, limit if more else limit * times, 1, Battery(**fields)).scale
    assert after >= before * (1.0 - 1e-11)


@given(loads, limits, batteries)
def test_scale_is_carried_and_no_more_is(load, limit, battery):
    """What is given as scale is carried; a millionth more is not."""
    scale = largest_load(load, limit, 1, battery).scale
    assert carried(load, limit, 1, battery, scale).is_carried
    assert not carried(load, limit, 1, battery, scale * (1 + 1e-6)).is_carried


@given(loads, limits, batteries, st.integers(1, 7))
def test_blocks_leave_no_seam(load, limit, battery, block):
    """However few steps are worked at a time, every figure is the same, events included."""
    limit = np.linspace(limit, 1.5 * limit, len(load))

    def figures():
        scale = largest_load(load, limit, 1, battery).scale
        found = carried(load, limit, 1, battery, scale)
        path = state_of_charge(load, limit, 1, battery, scale).tolist()
        return [
            scale,
            found.energy,
            found.power,
            battery.energy * full_cycles_per_year(load, limit, 1, battery, scale),
            *path,
        ]

    whole = figures()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawdown, "BLOCK", block)
        assert approx(whole, rel=1e-9, abs=1e-9) == figures()


@given(loads, limits, batteries, st.floats(0, 2), st.booleans())
def test_coarse_series_first_gives_the_same(load, limit, battery, event, with_events):
    """A long series is asked in means of eight steps first, also where its length is no multiple of eight."""
    load = [power * (1.0 + 0.1 * round_) for round_ in range(4) for power in load]
    if with_events:
        limit = np.where(np.arange(len(load)) % 7 == 3, limit * event, limit)
    at_once = largest_load(load, limit, 1, battery)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawdown, "_LONG", 9)
        coarse_first = largest_load(load, limit, 1, battery)
    assert approx(at_once.scale, rel=1e-10) == coarse_first.scale


def test_many_rounds_lose_no_digits():
    """A hundred thousand rounds of a day need what one round needs, to twelve digits."""
    days = np.tile(SIX_HOURS, 100_000)
    battery = Battery.of(4, 8, 0.81)
    assert approx(20 / 3, rel=1e-12) == carried(days, 7, 1, Battery.of(3, 7, 0.81)).energy
    assert approx(1.06, rel=1e-12) == largest_load(days, 7, 1, battery).scale
