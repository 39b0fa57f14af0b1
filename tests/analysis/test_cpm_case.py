"""A case of compute per megawatt end to end: a square wave and events by hand, a measured trace by print."""

import json

import pytest
from pytest import approx

from flexrev_xl.analysis.cpm_case import cpm_case
from flexrev_xl.analysis.cpm_optimise import optimise_case
from flexrev_xl.core.cpm import cautions
from flexrev_xl.core.cpm.storage import CARRIED
from flexrev_xl.errors import FlexError
from tests.cpm_cases import HIGH_AND_LOW, case

# One hour at 1, one at 0.4 of the height, 0.9 each way: k / G = (0.5 / 0.9 + 0.45) / (0.5 / 0.9 + 0.45 x 0.4).
SCALE = (0.5 / 0.9 + 0.45) / (0.5 / 0.9 + 0.18)
GPUS = 2734  # the whole ones of 2,000 x SCALE
ADDED = GPUS - 2000
DELIVERED = 8760 / 2 * ADDED / 1000  # MWh a year: what is above 2 MW, in one of two hours
LOST = DELIVERED / 0.81 - DELIVERED


def test_square_wave_in_numbers(tmp_path):
    """2,000 GPUs fit under 2 MW; the battery carries 2,734: closed form, and its duty by hand."""
    result = cpm_case(case(tmp_path))
    expected = {
        "gpus_alone": 2000, "gpus_capped": 2000, "gpus_with_battery": GPUS, "gpus_carried": GPUS, "event_gpus": 0, "throughput": 1,
        "mean_kw_alone": 0.7, "mean_kw_capped": 0.7, "discharged_mwh": DELIVERED, "load_out_mw": GPUS / 1000,
        "needed_mw": ADDED / 1000, "needed_mwh": ADDED / 1000 / 0.9,
    }  # fmt: skip
    assert {key: approx(value) for key, value in expected.items()} == result.results
    assert {"capping": 1.0, "smoothing": approx(SCALE), "events": 1.0} == result.uplift.factors
    assert CARRIED == result.carried.verdict


def test_square_wave_in_money(tmp_path):
    """734 GPUs at 0.5 x 8,760 h x 1, less a fifth of 5,000 each, their energy and losses, and a tenth of 700,000."""
    result = cpm_case(case(tmp_path))
    revenue, annuity = ADDED * 0.5 * 8760, ADDED * 1000
    energy = ADDED * 0.0007 * 8760 * 10 + LOST * 10
    margin = revenue - annuity - energy
    expected = {
        "added_revenue": revenue, "added_gpu_annuity": annuity, "added_energy_cost": energy, "added_compute_margin": margin,
        "battery_annuity": 70_000, "battery_o_and_m": 17_500, "storage_net": margin - 87_500, "fee_floor": 87_500 / 12,
        "fee_ceiling": margin / 12, "usable_mwh": 2, "c_rate": 0.5, "full_cycles": DELIVERED / 2,
    }  # fmt: skip
    assert {key: approx(value) for key, value in expected.items()} == {key: result.values[key] for key in expected}
    yearly, built = revenue - energy - 17_500, ADDED * 5000 + 700_000
    # Five of the battery's ten years are left at the end.
    assert [approx(x) for x in (-built, *[yearly] * 4, yearly + 350_000)] == [r["cash_of_year"] for r in result.cash]
    assert (approx(5 * yearly + 350_000 - built), approx(built / yearly)) == (
        result.npv.value,
        result.payback_years.value,
    )
    assert ("deal", approx(margin - 87_500)) == (result.fee_verdict, result.storage.net)


def test_the_rate_of_return_makes_the_cash_worth_nothing(tmp_path):
    """At the rate of return the present values of all years come to nothing."""
    result = cpm_case(case(tmp_path))
    flows = [row["cash_of_year"] for row in result.cash]
    assert approx(0.0, abs=1e-3) == sum(flow / (1 + result.irr.value) ** year for year, flow in enumerate(flows))


def test_worst_hour(tmp_path):
    """The two hours of the series: charge falls by what is above the limit over 0.9, and is back an hour later."""
    low = 1 - ADDED / 1000 / 0.9 / 2
    rows = cpm_case(case(tmp_path)).worst_hour
    assert [0.0, 3600.0] == [row[0] for row in rows]
    expected = [(approx(0.4 * GPUS / 1000), 2.0, 1.0), (approx(GPUS / 1000), 2.0, approx(low))]
    assert expected == sorted(row[1:] for row in rows)


def test_worst_hour_of_fine_steps_is_drawn_in_few_points(tmp_path):
    """An hour of seconds is 720 points of 5 s, the deepest charge among the later ones of the first half."""
    trace = [1.0] * 600 + [0.4] * 4200
    (tmp_path / "fine.csv").write_text(
        "t_s,load_mw\n" + "".join(f"{n},{v}\n" for n, v in enumerate(trace)), encoding="utf-8"
    )
    rows = cpm_case(case(tmp_path, load={"file": "fine.csv", "meter": "gpu", "gpus": 1000})).worst_hour
    assert (720, 5.0) == (len(rows), rows[1][0])
    assert 359 <= min(range(720), key=lambda n: rows[n][3]) <= 361


def test_a_cap_clips_peaks(tmp_path):
    """At 80 % the peak is 0.8 kW: 2,500 GPUs of 95 % throughput, mean (0.8 + 0.4) / 2; then 0.8 and 0.4 are smoothed."""
    changed = {"gpus": {"power_cap": "80%", "curve": "{caps: [0.5, 0.8, 1], throughputs: [0.7, 0.95, 1]}"}}
    result = cpm_case(case(tmp_path, changed))
    smoothed = (0.5 / 0.9 + 0.45) / (0.5 / 0.9 + 0.45 * 0.5)
    results = result.results
    assert (2500, 0.95, approx(0.6)) == (results["gpus_capped"], results["throughput"], results["mean_kw_capped"])
    assert {"capping": approx(1.25 * 0.95), "smoothing": approx(smoothed), "events": 1.0} == result.uplift.factors
    assert int(2500 * smoothed) == results["gpus_with_battery"]


def test_a_cap_that_clips_nothing_is_told(tmp_path):
    """GPUs that draw half of what they are rated never meet a cap of 80 %: nothing is slowed, and it is said."""
    result = cpm_case(case(tmp_path, {"gpus": {"gpu_kw": 2, "power_cap": 0.8}}))
    assert (1.0, 2000) == (result.results["throughput"], result.results["gpus_capped"])
    assert [True] == ["clips nothing" in warning for warning in result.warnings]


@pytest.mark.parametrize(
    ("meter", "watts"),
    [("gpu", [1.0, 0.4]), ("it", [1.5, 0.9]), ("site", [1.5 + 0.24, 0.9 + 0.24])],
)
def test_what_the_meter_holds_is_not_added_again(tmp_path, meter, watts):
    """0.5 kW beside each GPU and a constant 0.2 of 1.2 MW: three meters of one site are one load at the site's meter."""
    load = {"file": "trace.csv", "meter": meter, "gpus": 1000}
    changed = {"gpus": {"other_kw_per_gpu": 0.5, "pue": 1.2}}
    results = cpm_case(case(tmp_path, changed, trace=watts, load=load)).results
    assert (1149, approx(1.44)) == (results["gpus_alone"], results["mean_kw_alone"])


def test_gpus_behind_a_trace_follow_from_its_peak(tmp_path):
    """Where they are not told, each draws 1 + 0.5 kW at the peak: the trace's own scale says nothing."""
    load = {"file": "trace.csv", "meter": "it"}
    given = cpm_case(case(tmp_path, {"gpus": {"other_kw_per_gpu": 0.5}}, trace=[3.0, 1.8], load=load | {"gpus": 2000}))
    found = cpm_case(case(tmp_path, {"gpus": {"other_kw_per_gpu": 0.5}}, trace=[30.0, 18.0], load=load))
    assert {key: approx(value) for key, value in given.results.items()} == found.results
    assert [True] == ["20,000" in said for said in found.assumptions if "follow from its peak" in said]


@pytest.mark.parametrize(("unit", "factor"), [("W", 1e6), ("kW", 1e3)])
def test_units_of_a_trace_change_nothing(tmp_path, unit, factor):
    """W, kW and MW give one result."""
    expected = cpm_case(case(tmp_path)).results
    other = cpm_case(case(tmp_path, trace=[value * factor for value in HIGH_AND_LOW], unit=unit)).results
    assert {key: approx(value, rel=1e-12) for key, value in expected.items()} == other


EVENT = "[{start_hour: 5, hours: 1, reduce_mw: 1}]"
FREE = {"round_trip_efficiency": 1, "battery_mw": 5, "battery_mwh": 50}


def test_rare_events_count_what_throttling_would_lose(tmp_path):
    """A flat load, 2 MW but 1 MW in one hour of 24: 47 / 24 x 1,000 GPUs are carried; paused ones idle at 28 %."""
    result = cpm_case(case(tmp_path, {"site": {"events": EVENT}, "battery": FREE}, trace=[1.0] * 24))
    carried = 47 / 24
    working = (1 / carried - 0.28) / 0.72
    results = result.results
    assert (1000, 1000, 1958) == (results["gpus_alone"], results["gpus_with_battery"], results["gpus_carried"])
    assert approx((1 - working) / 24 * carried * 1000) == results["event_gpus"]
    assert approx(1.958) == results["load_out_mw"]
    assert (
        approx(results["event_gpus"] * 0.5 * 8760) == result.values["event_revenue"] == result.values["added_revenue"]
    )


def test_frequent_events_count_as_room_for_gpus(tmp_path):
    """0.1 MW less in 20 of 24 hours: sizing to 1.9 MW loses 1 in 115, throttling more; the GPUs are added and paid."""
    events = "[{start_hour: 0, hours: 20, reduce_mw: 0.1}]"
    results = cpm_case(case(tmp_path, {"site": {"events": events}, "battery": FREE}, trace=[1.0] * 24)).results
    assert (1900, 1916, 0.0) == (results["gpus_alone"], results["gpus_with_battery"], results["event_gpus"])


def test_a_trace_is_repeated_to_fill_the_period_of_its_events(tmp_path):
    """Two hours of trace stand twelve times in a day; without a period, as often as the events need."""
    day = cpm_case(case(tmp_path, {"site": {"events": EVENT, "period_hours": 24}, "battery": FREE}, trace=[1.0, 1.0]))
    assert 1958 == day.results["gpus_carried"]
    short = cpm_case(case(tmp_path, {"site": {"events": EVENT}, "battery": FREE}, trace=[1.0, 1.0]))
    assert int(1000 * 11 / 6) == short.results["gpus_carried"]
    assert [True, True] == [any("is repeated" in said for said in r.assumptions) for r in (day, short)]


def test_a_case_without_a_battery(tmp_path):
    """Nothing is added, no return is made up, and no approval is needed."""
    result = cpm_case(case(tmp_path, {"battery": {"battery_mw": 0, "battery_mwh": 0}}))
    assert (0.0, "no battery") == (result.values["storage_net"], result.fee_verdict)
    assert [(None, True)] * 2 == [(f.value, "no battery" in f.reason) for f in (result.irr, result.payback_years)]
    assert cautions.APPROVAL not in result.cautions


def test_a_battery_that_never_pays_has_no_rate_of_return(tmp_path):
    """At a price of nothing, and nothing left at the end, all cash is paid out: reasons, not figures."""
    result = cpm_case(case(tmp_path, {"gpus": {"price_per_gpu_hour": 0}, "battery": {"battery_years": 5}}))
    assert (None, None) == (result.irr.value, result.payback_years.value)
    assert ("no deal", "storage does not pay through compute") == (result.fee_verdict, result.storage.verdict)
    assert all((result.irr.reason, result.payback_years.reason))


@pytest.mark.parametrize(
    ("seconds", "factor"), [(0.25, 1.029527), (0.5, 1.033958), (1, 1.037925), (2, 1.042294), (4, 1.042726)]
)
def test_measured_512_h100_section_7_of_the_model(shared_data, tmp_path, seconds, factor):
    """Smoothing of the GPT-3 trace by a battery of so many seconds of the limit, round trip 85 %, charger unlimited."""
    file = shared_data / "ai_training_gpt3_64nodes_512xH100_2s.csv"
    load = {"file": file, "column": "run1_cluster_kw", "meter": "it", "gpus": 512, "is_mlperf": "true"}
    battery = {"battery_mw": 1000, "battery_mwh": 20 * seconds / 3600, "round_trip_efficiency": "85%"}
    changed = {"site": {"grid_mw": 20}, "gpus": {"gpu_kw": 0.7, "other_kw_per_gpu": 0.35}, "battery": battery}
    result = cpm_case(case(tmp_path, changed, load=load))
    assert approx(factor, abs=5e-7) == result.uplift.factors["smoothing"]
    # 458.332 kW of 512 GPUs at the peak.
    assert (int(20_000 / (458.332 / 512)), True) == (result.results["gpus_alone"], cautions.MLPERF in result.cautions)


def test_json_has_what_is_promised(tmp_path):
    """Plain JSON under the documented names, every step and every input with its source."""
    found = json.loads(json.dumps(cpm_case(case(tmp_path)).as_json(), allow_nan=False))
    promised = {
        "name", "currency", "inputs", "read", "statistics", "results", "verdict", "uplift", "states", "values", "cash", "npv", "irr",
        "irr_reason", "payback_years", "payback_reason", "storage", "fee_verdict", "time_to_power", "worst_hour", "frontier",
        "cautions", "assumptions", "defaults_used", "warnings",
    }  # fmt: skip
    assert promised == set(found)
    assert ["alone", "capped", "with_battery"] == list(found["states"])
    assert {"value": 2.0, "source": "case.yaml"} == found["inputs"]["grid_mw"]
    assert found["inputs"]["battery_years"]["source"].startswith("default: ")
    assert [] == found["frontier"]


def test_optimum_of_a_case(tmp_path):
    """A GPU earns 4,380 and costs 1,000; all 2,734 are built. What is taken out in one hour at 0.9 each way must be put
    back in the next: 0.734 / 0.81 MW of charger."""
    read = case(tmp_path, {"optimise": {"most_c_rate": 2, "caps": "[100%]"}, "gpus": {"rack_capex": 0}})
    best = optimise_case(read).optimum.best
    assert (GPUS, None, approx(ADDED / 1000 / 0.81, rel=1e-6)) == (best.gpus, best.power_cap, best.battery_mw)
    assert best.usable_mwh >= ADDED / 1000 / 0.9 * (1 - 1e-6)
    result = cpm_case(read)
    assert (best, True) == (result.optimum.best, len(result.frontier) > 1)
    profits = [point.profit for point in result.frontier]
    assert max(profits) <= best.profit * (1 + 1e-9)


def test_an_optimum_in_another_currency_and_bounds(tmp_path):
    """Prices in the thousands of thousands are no fault; most_gpus holds, and grid revenue of the case is set apart."""
    changed = {
        "gpus": {"price_per_gpu_hour": 30_000, "gpu_capex": 150e6, "energy_price_per_mwh": 2.5e6},
        "money": {"grid_revenue_per_mw_year": 1e9},
        "optimise": {"most_gpus": 2100},
    }
    found = optimise_case(case(tmp_path, changed, currency="VND"))
    assert 2100 == found.optimum.best.gpus
    assert [True] == ["demand_response" in said for said in found.sentences if "Grid revenue" in said]
    json.dumps(found.as_json(), allow_nan=False)


@pytest.mark.parametrize(
    ("changed", "options", "code", "place"),
    [
        ({"site": {"grid_mw": 0.0005}, "battery": {"battery_mw": 0, "battery_mwh": 0}}, {}, "CPM-153", "site.grid_mw"),
        ({"site": {"events": "[{start_hour: 0, hours: 1, reduce_mw: 2}]"}}, {}, "CPM-172", "site.events"),
        ({"site": {"events": "[{start_hour: 30, hours: 1, reduce_mw: 1}]", "period_hours": 24}}, {}, "CPM-171", "site.events"),
        ({"gpus": {"gpu_kw": 0.4}}, {}, "CPM-163", "load.gpus"),
        ({"gpus": {"other_kw_per_gpu": 0.5}}, {"load": {"file": "trace.csv", "meter": "it", "gpus": 1000}}, "CPM-163", "load.gpus"),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_out_names_its_key(tmp_path, changed, options, code, place):
    """A limit that carries no GPU, events that leave nothing or do not fit, and a trace that the GPUs cannot have drawn."""
    with pytest.raises(FlexError) as told:
        cpm_case(case(tmp_path, changed, **options))
    assert (code, True) == (told.value.code, place in told.value.place)
