"""Cap, GPUs and battery that earn most: by hand, against exhaustive search, and what always holds."""

import csv
import math
from dataclasses import fields, replace
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl.core.cpm.case import CASE_TABLE, SiteCase
from flexrev_xl.core.cpm.compute import DEFAULTS
from flexrev_xl.core.cpm.curves import own_curve
from flexrev_xl.core.cpm.layout import BY_ENERGY, BY_GPUS, BY_LIMIT, BY_MW, BY_MWH, BY_PRICE, NO_GPU, Trace
from flexrev_xl.core.cpm.optimise import best_layout, optimise
from flexrev_xl.core.cpm.storage import Battery, carried, largest_load
from flexrev_xl.errors import FlexError

SIX_HOURS = [4, 4, 10, 10, 6, 2]
PLAIN = SiteCase(
    gpu_kw=0.5, gpu_capex=0, battery_capex_per_mwh=0, energy_price_per_mwh=0, other_kw_per_gpu=0.1, pue=1,
    utilisation=1, availability=1, price_per_gpu_hour=1, price_fall=0, auxiliaries=0, round_trip_efficiency=1,
)  # fmt: skip
COSTLY = replace(
    PLAIN, gpu_capex=15_000.0, battery_capex_per_mwh=60_000.0, battery_capex_per_mw=20_000.0, energy_price_per_mwh=40.0,
    wear_per_mwh=3.0, auxiliaries=0.015, round_trip_efficiency=0.85, other_kw_per_gpu=0.2, pue=1.2,
)  # fmt: skip
ONE_CAP = replace(COSTLY, power_cap=0.8)
CURVE = own_curve([0.5, 0.8, 1], [0.6, 0.93, 1])
FLAT = own_curve([0.8, 0.9, 1], [0.1, 0.2, 1])  # no cap of it is worth while


def test_term_of_another_name_is_not_carried_through():
    """A term is mended, not carried through unread: a case has no columns of others."""
    with pytest.raises(FlexError) as refused:
        CASE_TABLE.read([["gpu_kw", 0.7], ["x_gpu", 1]])
    assert [("FLEX-104", "Mend the spelling.")] == [(p.code, p.remedy) for p in refused.value.problems]


def test_arguments_are_those_promised():
    """Order as it is promised, an own curve behind it."""
    assert "({load_series}, grid_mw, interval_seconds, {case_table}, [{caps}], [{throughputs}])" in optimise.entry.usage
    assert 255 >= len(optimise.entry.help)


def test_example_by_hand():
    """1.05 MW over 0.7 x 0.8 + 0.35 kW are 1153 GPUs at 93.75 %, 8,760 h at 1; without a cap 1000."""
    arguments, expected = optimise.entry.example
    assert expected == optimise(*arguments)
    assert (1153 * 0.9375 * 8760, (1153 * 0.9375 - 1000) * 8760) == (approx(expected[6][1]), approx(expected[8][1]))


def test_gpus_are_exact_floors():
    """1.1 MW, 0.5 + 0.1 kW, PUE 1, cap 90 %: 2000, whatever the meter of a constant load."""
    for meter in ("site", "node", "gpu"):
        found = best_layout(
            [3, 3], 1.1, 1, replace(PLAIN, power_cap=0.9, meter=meter), own_curve([0.8, 0.9, 1], [1] * 3)
        )
        assert (0.9, 2000.0, 0.0) == (found.best.power_cap, found.best.gpus, found.best.battery_mw)


def test_load_of_a_gpu_by_hand():
    """0.5 kW beside 0.1, PUE 1.5, a load at half its peak half of the time, at each meter."""
    case = replace(PLAIN, pue=1.5)
    of_gpu, of_node, of_site = (Trace.of([1, 2], replace(case, meter=meter)) for meter in ("gpu", "node", "site"))
    assert [approx(0.25), approx(0.5)] == of_gpu.gpu_kw.tolist()
    assert [approx(0.2), approx(0.5)] == of_node.gpu_kw.tolist()
    # IT of 0.35 and 0.6 kW, overhead of half its mean 0.475; capped at 0.4: 0.35 and 0.5, mean 0.425.
    assert [approx(0.0005875), approx(0.0008375)] == of_gpu.fleet().load.tolist()
    assert [approx(0.0005625), approx(0.0007125)] == of_gpu.fleet(0.8, 0.9).load.tolist()
    # At the site's meter the peak is p = 0.6 + p x 0.75 / 3, so p = 0.8, and the load is the series itself.
    assert [approx(0.0004), approx(0.0008)] == of_site.fleet().load.tolist()
    assert approx(0.5) == of_site.gpu_kw.max()


def test_a_cap_that_clips_nothing_slows_nothing():
    """Decode at 40 % of rated power: no cap helps, and none is taken."""
    found = best_layout(SIX_HOURS, 5, 1, replace(PLAIN, peak_of_rated=0.4), CURVE)
    assert (None, 0.0, 1) == (found.best.power_cap, found.against_no_cap, found.caps_looked_at)


def test_free_battery_reaches_the_bound_of_the_model(shared_data):
    """512 H100: a free battery of 1 and of 60 s of the limit carries 1.037925 and 1.042726 of the load, in whole GPUs."""
    with open(shared_data / "ai_training_gpt3_64nodes_512xH100_2s.csv", newline="") as file:
        load = np.array([float(row["run1_cluster_kw"]) for row in csv.DictReader(file)])
    for seconds, expected in ((1, 1.037925), (60, 1.042726)):
        usable = 10.0 * seconds / 3600
        case = replace(PLAIN, round_trip_efficiency=0.85, most_battery_mwh=usable / (0.9 * 0.7))
        found = best_layout(load, 10.0, 2 / 3600, case, own_curve([0.5, 0.8, 1], [0.1, 0.2, 1]))
        assert approx(10e3 / 0.6 * expected, abs=1.02) == found.best.gpus
        assert (usable * (1 + 1e-9) >= found.best.usable_mwh, 16666.0) == (True, found.neither.gpus)


def test_free_battery_of_a_given_size_carries_the_largest_load():
    """Where only size is scarce, GPUs are those of the largest load that limit and battery carry, noise of 5,000 steps."""
    noise = np.random.default_rng(4)
    for power, energy in ((0.3, 0.02), (0.1, 0.5), (2.0, 0.001), (3.0, 9.0)):
        load = noise.random(5000) + 0.5
        case = replace(PLAIN, round_trip_efficiency=0.8, most_battery_mw=power, most_battery_mwh=energy / 0.63)
        expected = largest_load(load / load.max() * 0.6e-3, 1.0, 0.01, Battery.of(power, energy, 0.8)).scale
        assert math.floor(expected) == best_layout(load, 1.0, 0.01, case, FLAT).best.gpus


def by_hand(case, curve, load, limit, hours, cap, gpus, battery_mw, usable_mwh):
    """Profit of a layout; minus infinity where it is not carried. The energy is bought, losses and auxiliaries too."""
    fleet = Trace.of(load, case).fleet(cap, 1.0 if cap is None else curve.throughput(cap))
    site = fleet.load * gpus
    battery = Battery.of(battery_mw, usable_mwh, case.round_trip_efficiency, case.auxiliaries)
    if gpus and not carried(site, limit, hours, battery).is_carried:
        return -math.inf
    over = np.maximum(site + case.auxiliaries * battery_mw - limit, 0.0).mean() * 8760
    mwh = 8760 * (site.mean() + case.auxiliaries * battery_mw) + over * (1 / case.round_trip_efficiency - 1)
    of_gpus = gpus * case.gpu_capex * 0.1 / (1 - 1.1**-5)
    built = battery_mw * case.battery_capex_per_mw + usable_mwh / 0.63 * case.battery_capex_per_mwh
    of_battery = built * (0.1 / (1 - 1.1**-10) + 0.025)
    return (
        gpus * fleet.throughput * 8760
        - of_gpus
        - of_battery
        - mwh * case.energy_price_per_mwh
        - over * case.wear_per_mwh
    )


def test_never_below_an_exhaustive_grid():
    """Four random cases: caps in steps of 5 %, GPUs, powers and energies around the optimum and far from it."""
    random = Random(2)
    for _ in range(4):
        load = [random.uniform(0.2, 1.0) for _ in range(random.randint(3, 8))]
        case = replace(
            COSTLY,
            gpu_capex=random.uniform(5e3, 25e3),
            battery_capex_per_mwh=random.choice((0.0, 5e3, 60e3)),
            meter=random.choice(("site", "gpu")),
        )
        limit, hours = np.array([1.0] * (len(load) - 1) + [random.uniform(0.6, 1.0)]), random.choice((0.01, 1.0))
        found = best_layout(load, limit, hours, case, CURVE)
        best = found.best
        top = max(best.gpus, 1000.0)
        choices = product(
            [None, *(n / 20 for n in range(10, 20)), best.power_cap],
            {best.gpus + n for n in (-30, -1, 0, 1, 30)} | {top * n // 4 for n in range(6)},
            {0.0, *(best.battery_mw * f for f in (0.5, 0.9, 1.0, 1.2))},
            {0.0, *(best.usable_mwh * f for f in (0.5, 0.9, 1.0, 1.2))},
        )
        profits = [by_hand(case, CURVE, load, limit, hours, *choice) for choice in choices if choice[1] >= 0]
        assert max(profits) <= best.profit + 1e-6 * abs(best.profit) + 1e-6
        own = best.power_cap, best.gpus, best.battery_mw * (1 + 1e-9), best.usable_mwh * (1 + 1e-9)
        assert approx(best.profit, rel=1e-7, abs=1e-3) == by_hand(case, CURVE, load, limit, hours, *own)


loads = st.lists(st.floats(0.1, 10), min_size=2, max_size=12)


@given(loads, st.integers(1, 11))
@settings(max_examples=25, deadline=None)
def test_rotation_and_units_change_nothing(load, by):
    """A series has no beginning, and its unit is no matter: it is a shape."""
    turned = [1000.0 * power for power in load[by % len(load) :] + load[: by % len(load)]]
    one, other = (best_layout(series, 5, 0.1, ONE_CAP, CURVE).best for series in (load, turned))
    assert approx(one.profit, rel=1e-6, abs=1e-3) == other.profit


@given(loads, st.sampled_from([0.0, 60_000.0]))
@settings(max_examples=25, deadline=None)
def test_twice_every_mw_is_twice_the_answer(load, per_mwh):
    """But for whole GPUs, which are worth a few thousand a year each."""
    case = replace(ONE_CAP, battery_capex_per_mwh=per_mwh)
    one, other = (best_layout(load, limit, 0.1, case, CURVE) for limit in (5.0, 10.0))
    assert approx(2 * one.best.profit, rel=1e-6, abs=20_000) == other.best.profit
    assert approx(2 * one.against_neither, rel=1e-6, abs=20_000) == other.against_neither


@given(loads, st.floats(1, 2), st.integers(0, 4))
@settings(max_examples=30, deadline=None)
def test_more_never_earns_less(load, times, what):
    """More limit, more battery allowed, better efficiency, a longer life, a cheaper battery."""
    case = replace(ONE_CAP, most_battery_mwh=0.2, most_battery_mw=1.0)
    better = [
        case,
        replace(case, most_battery_mwh=0.2 * times, most_battery_mw=times),
        replace(case, round_trip_efficiency=min(1.0, 0.85 * times)),
        replace(case, end_of_life=min(1.0, 0.7 * times)),
        replace(case, battery_capex_per_mwh=case.battery_capex_per_mwh / times),
    ][what]
    before = best_layout(load, 5.0, 0.1, case, CURVE).best.profit
    after = best_layout(load, 5.0 if what else 5.0 * times, 0.1, better, CURVE).best.profit
    assert after >= before - 1e-6 * abs(before)


def test_constant_load_buys_no_battery():
    """Storage moves nothing where nothing swings."""
    found = best_layout([2, 2, 2], 5, 1, COSTLY, CURVE)
    assert (0.0, 0.0, 0.0) == (found.best.battery_mw, found.best.usable_mwh, found.against_no_battery)


def test_an_optimum_is_no_worse_than_its_parts():
    """Against no battery, no cap, neither: never below 0, and neither is the least of the parts."""
    found = best_layout(SIX_HOURS, 5, 0.1, COSTLY, CURVE)
    assert min(found.against_no_battery, found.against_no_cap) >= 0.0
    assert found.against_neither >= max(found.against_no_battery, found.against_no_cap)
    assert found.best.profit == approx(found.neither.profit + found.against_neither)


@pytest.mark.parametrize(
    ("case", "limit", "bound"),
    [
        (replace(COSTLY, gpu_capex=1e6), 5.0, NO_GPU),
        (replace(COSTLY, most_gpus=100), 5.0, BY_GPUS),
        (replace(PLAIN, most_battery_mw=0.1), 5.0, BY_MW),
        (replace(PLAIN, most_battery_mwh=0.01), 5.0, BY_MWH),
        (replace(PLAIN, most_battery_mw=0), 5.0, BY_LIMIT),
        (PLAIN, 5.0, BY_ENERGY),
        (replace(COSTLY, battery_capex_per_mwh=1e7), 5.0, BY_PRICE),
    ],
)
def test_what_limits_a_layout(case, limit, bound):
    """Each bound, met by its own."""
    assert bound == best_layout(SIX_HOURS, limit, 1, case, FLAT).best.bound


def test_demand_response_takes_its_own_mw_by_hand():
    """A constant load at its limit leaves a free battery to demand response, at most the load: no export."""
    case = replace(PLAIN, most_dr_mw=2, dr_rate_per_mw_year=1000, dr_event_hours=2)
    found = best_layout([1, 1], 3, 1, case, CURVE).best
    assert (approx(2), approx(2), approx(4), approx(2000)) == (
        found.dr_mw, found.battery_mw, found.usable_mwh, found.dr_revenue,
    )  # fmt: skip
    assert approx(1.2) == best_layout([1, 1], 1.2, 1, case, CURVE).best.dr_mw
    assert 0.0 == best_layout([1, 1], 3, 1, case, CURVE, [False, False]).best.dr_mw


def test_energy_held_for_demand_response_is_not_reserved_for_smoothing():
    """Of 4 MWh usable all are held for two hours of 2 MW: nothing is said of smoothing; a swing adds its own energy."""
    case = replace(PLAIN, most_dr_mw=2, dr_rate_per_mw_year=1000, dr_event_hours=2)
    constant, swing = (best_layout(load, 3, 1, case, FLAT) for load in ([1, 1], [1, 0.9]))
    told = [any("reserved for smoothing" in s for s in found.cautions(2.0)) for found in (constant, swing)]
    assert [False, True] == told
    assert "2 MW are held for demand response and carry no compute in those hours." in constant.sentences


def test_a_bound_on_the_c_rate():
    """4 C of nameplate: at least a quarter of an hour, of which depth and end of life leave 63 %."""
    free, bound = (best_layout(SIX_HOURS, 5, 2 / 3600, replace(COSTLY, most_c_rate=c)) for c in (None, 4))
    assert free.best.c_rate > 4 >= bound.best.c_rate * (1 - 1e-9)
    assert approx(0.63 * bound.best.nameplate_mwh) == bound.best.usable_mwh
    assert "C of nameplate: ask the maker" in " ".join(free.sentences)


def test_frontier_tops_at_the_optimum():
    """No size earns more than the best one, which earns the optimum; without storage it is the best without."""
    found = best_layout(SIX_HOURS, 5, 0.1, ONE_CAP, CURVE)
    points = found.frontier()
    assert (25, approx(found.no_battery.profit)) == (len(points), points[0].profit)
    assert approx(found.best.profit, rel=1e-9) == max(p.profit for p in points) == points[12].profit
    sizes = [0.0, 0.3, 0.7]
    assert sizes == approx([p.nameplate_mwh for p in found.frontier(sizes)])


def test_progress_is_told_for_each_cap():
    """A word for every cap that was looked at."""
    words = []
    found = best_layout(SIX_HOURS, 5, 1, COSTLY, CURVE, progress=words.append)
    assert (found.caps_looked_at, "no cap") == (len(words), words[0])


def test_defaults_are_those_of_the_model():
    """Each default of a first estimate that a case has, under the same name."""
    shared = {f.name: f.default for f in fields(SiteCase) if f.name in DEFAULTS}
    assert {name: DEFAULTS[name].value for name in shared} == shared
    assert {"price_per_gpu_hour_low", "price_per_gpu_hour_high"} == DEFAULTS.keys() - shared.keys()


def test_price_is_levelled_over_the_life():
    """2.35 falling 15 % a year, 10 %, 5 years: a growing annuity over an annuity."""
    case = SiteCase(gpu_kw=0.7, gpu_capex=40e3, battery_capex_per_mwh=350e3, energy_price_per_mwh=60)
    expected = 2.35 * (1 - (0.85 / 1.1) ** 5) / 0.25 / ((1 - 1.1**-5) / 0.1)
    assert approx(expected) == case.level_price


TABLE = optimise.entry.example[0][3]


@pytest.mark.parametrize(
    ("table", "codes", "text"),
    [
        ([*TABLE, ["utilization", 0.5]], ["FLEX-104"], "Did you mean utilisation?"),
        ([*TABLE, ["pue", 1]], ["FLEX-033"], "stands in row 5 already"),
        (TABLE[1:], ["FLEX-105"], "the row gpu_kw is missing"),
        ([*TABLE, ["depth", 90], ["curve", "v100-bert"], ["meter", "pdu"]], ["FLEX-005", "FLEX-016", "FLEX-016"], "v100-bert-squad"),
        ([*TABLE, ["gpus", 1], ["most_gpus", 1.5]], ["FLEX-104"], "most_gpus"),
        ([*TABLE, ["most_gpus", 1.5]], ["FLEX-003"], "1.5 is not a whole number"),
    ],
)  # fmt: skip
def test_bad_tables_are_refused(table, codes, text):
    """Unknown names with the nearest, names twice or missing, values by name, all at once."""
    with pytest.raises(FlexError) as caught:
        optimise(SIX_HOURS, 5, 3600, table)
    assert codes == [p.code for p in caught.value.problems]
    assert text in str(caught.value)


def test_a_table_may_have_a_header_units_and_empty_values():
    """name, value, unit in any order of columns; an empty value is its default."""
    rows = [["Unit", "Name", "Value"], *(["", name, value] for name, value in TABLE), ["MW", "most battery mw", None]]
    given_rows = optimise([1, 1], 1.05, 3600, rows, [0.5, 0.8, 1], [0.5, 0.9375, 1])
    assert optimise.entry.example[1] == given_rows


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([1, -1], 0, 0, PLAIN), [("FLEX-003", "load[2]"), ("FLEX-003", "limit"), ("FLEX-003", "interval_hours")]),
        (([0, 0], 1, 1, PLAIN), [("CPM-152", "load")]),
        (([1, 2], [1, 1, 1], 1, PLAIN), [("FLEX-020", "limit")]),
        (([1, 2], [0, 0], 1, PLAIN), [("CPM-153", "limit")]),
        (([1, 2], 1, 1, PLAIN, None, [True]), [("FLEX-020", "dr_steps")]),
        (([1, 2], 1, 1, replace(PLAIN, power_cap=0.3)), [("CPM-156", "power_cap")]),
    ],
)
def test_bad_arguments_are_refused(arguments, expected):
    """Each by code and place."""
    with pytest.raises(FlexError) as caught:
        best_layout(*arguments)
    assert expected == [(p.code, p.place) for p in caught.value.problems]
