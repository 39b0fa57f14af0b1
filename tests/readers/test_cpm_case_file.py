"""A case of compute per megawatt in YAML: what is read, with its sources and defaults, and every mistake at once."""

import re

import pytest
from pytest import approx

from flexrev_xl.core.cpm.case_inputs import INPUTS
from flexrev_xl.core.cpm.events import Event
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.cpm_case import Bounds
from flexrev_xl.portfolio.cpm_starter import CURRENCIES, starter_case
from flexrev_xl.readers.cpm_case_file import read_cpm_case
from tests.cpm_cases import case, written


@pytest.fixture
def told(tmp_path):
    """A function: (code, place) of every mistake of a plain case with some keys changed."""

    def mistakes(*args, **options):
        with pytest.raises(FlexError) as refused:
            read_cpm_case(written(tmp_path, *args, **options))
        return [(p.code, p.place) for p in refused.value.problems]

    return mistakes


def test_values_sources_and_defaults(tmp_path):
    """A number, a percentage, a value with its source, and the defaults that stand in for the rest."""
    changed = {
        "gpus": {"utilisation": "60%", "gpu_capex": "{value: 4000, source: a quotation of May}", "price_fall": None}
    }
    read = case(tmp_path, changed)
    assert (0.6, 4000.0, 0.15) == tuple(read.inputs[key] for key in ("utilisation", "gpu_capex", "price_fall"))
    assert ("case.yaml", "a quotation of May") == (read.sources["utilisation"], read.sources["gpu_capex"])
    assert set(INPUTS) == set(read.inputs) == set(read.sources)
    fall = INPUTS["price_fall"]
    assert (True, f"default: {fall.note}") == (
        any(said.startswith(f"{fall.label}: 15%") for said in read.defaults_used),
        read.sources["price_fall"],
    )


def test_the_trace_is_read_beside_the_case(tmp_path):
    """Its readings in MW, what was read in sentences, the meter and the GPUs behind it."""
    trace = case(tmp_path, trace=[1000.0, 400.0], unit="kW").trace
    assert ([1.0, 0.4], 3600.0, "gpu", 1000.0, False) == (
        trace.power_mw.tolist(),
        trace.interval_seconds,
        trace.meter,
        trace.gpus,
        trace.is_synthetic,
    )
    assert "'load_kW' in kW (by its heading)" in trace.read[0]


def test_one_run_of_several_is_named(tmp_path, told):
    """A file of two runs is not guessed at; `run` names one, and the case says how many there are."""
    (tmp_path / "runs.csv").write_text("run,t_s,load_mw\na,0,1\na,1,2\nb,0,3\nb,1,4\n", encoding="utf-8")
    load = {"file": "runs.csv", "meter": "gpu", "gpus": 4000}
    assert [("CPM-160", "case.yaml line 2, load, run")] == told(load=load)
    assert [("CPM-160", "case.yaml line 2, load, run")] == told(load=load | {"run": "c"})
    trace = case(tmp_path, load=load | {"run": "b"}).trace
    assert ([3.0, 4.0], 2) == (trace.power_mw.tolist(), trace.runs)


def test_a_synthetic_trace_needs_no_file(tmp_path):
    """Its peak is the one asked for, it is of IT power, and it is said to be synthetic."""
    trace = case(tmp_path, load={"synthetic": "training job", "peak_mw": 5, "seed": 3}).trace
    assert (approx(5.0), "it", True) == (float(trace.power_mw.max()), trace.meter, trace.is_synthetic)


def test_events_curve_and_bounds(tmp_path):
    """Lists and mappings inside a section."""
    changed = {
        "site": {"events": "[{start_hour: 0, hours: 0.5, reduce_mw: 1}]", "period_hours": 6},
        "gpus": {"curve": "{caps: [150, 200, 300], throughputs: [60%, 85%, 100%], rated_watts: 300}", "power_cap": "75%"},
        "optimise": {
            "most_battery_mw": 3, "most_c_rate": 2, "caps": "[70%, 75%]",
            "demand_response": "{most_mw: 1, event_hours: 2, rate_per_mw_year: 60000}",
        },
    }  # fmt: skip
    read = case(tmp_path, changed)
    assert ((Event(0.0, 0.5, 1.0),), 6.0) == (read.events, read.period_hours)
    assert approx(0.8875) == read.curve.throughput(0.75)
    assert Bounds(3.0, None, None, 2.0, (0.7, 0.75), 1.0, 2.0, 60_000.0) == read.bounds
    assert (None, Bounds()) == (case(tmp_path).bounds, case(tmp_path, {"optimise": {}}).bounds)


def test_every_mistake_at_once_with_its_line(told):
    """Fifteen mistakes of a file: each by code, line and key."""
    changed = {
        "site": {"grid_mw": 0, "pue": 1.2},
        "gpus": {
            "gpu_kw": "700 W", "utilisation": 85, "availability": 1.2, "gpu_capex": "{value: 3, src: y}", "pou": 3,
            "curve": "{caps: [0.5, 0.8, 1], throughputs: [0.9, 0.8, 1]}", "energy_price_per_mwh": None,
        },
        "battery": {"battery_mwh": 0, "battery_capex_per_mwh": -5, "round_trip_efficiency": "120%", "technology": "super"},
        "optimise": {"caps": 3, "most_gpus": 1.5},
    }  # fmt: skip
    expected = {
        ("FLEX-003", "site.grid_mw"), ("FLEX-104", ""), ("FLEX-002", "gpus.gpu_kw"), ("FLEX-005", "gpus.utilisation"),
        ("FLEX-003", "gpus.availability"), ("CPM-155", "gpus.curve, throughputs"), ("FLEX-105", "gpus.energy_price_per_mwh"),
        ("FLEX-003", "battery.battery_mwh"), ("FLEX-003", "battery.battery_capex_per_mwh"),
        ("FLEX-003", "battery.round_trip_efficiency"), ("FLEX-016", "battery.technology"), ("FLEX-114", "optimise.caps"),
        ("FLEX-003", "optimise.most_gpus"),
    }  # fmt: skip
    found = told(changed)
    assert expected == {(code, place.partition(", ")[2]) for code, place in found}
    assert 15 == len(found)
    assert [] == [place for code, place in found if code != "FLEX-105" and not re.match(r"case\.yaml line \d+", place)]


@pytest.mark.parametrize(
    ("changed", "hint"),
    [
        ({"gpus": {"utilization": 0.8}}, "Did you mean utilisation?"),
        ({"site": {"pue": 1.2}}, "It belongs under gpus"),
        ({"sites": {"grid_mw": 2}}, "Did you mean site?"),
    ],
)
def test_an_unknown_key_offers_the_nearest(tmp_path, changed, hint):
    """A misspelt key, one in the wrong section, and a section of another name."""
    with pytest.raises(FlexError) as refused:
        case(tmp_path, changed)
    (problem,) = refused.value.problems
    assert ("FLEX-104", True) == (problem.code, hint in str(problem))


@pytest.mark.parametrize(
    ("load", "code", "place"),
    [
        ({"file": "none.csv", "meter": "it"}, "FLEX-101", "none.csv"),
        ({"file": "trace.csv"}, "FLEX-105", "load"),
        ({"meter": "it"}, "FLEX-105", "load"),
        ({"file": "trace.csv", "synthetic": "training job", "meter": "it"}, "FLEX-105", "load"),
        ({"file": "trace.csv", "meter": "node"}, "FLEX-016", "load.meter"),
        ({"file": "trace.csv", "meter": "it", "unit": "kW"}, "CPM-161", "trace.csv"),
        ({"file": "trace.csv", "meter": "it", "gpus": 0}, "FLEX-003", "load.gpus"),
        ({"file": "trace.csv", "meter": "it", "interval_seconds": 0}, "FLEX-003", "load.interval_seconds"),
    ],
)
def test_a_load_that_cannot_be_settled(told, load, code, place):
    """No file, no meter, two sources, a unit that the heading contradicts."""
    ((found, where),) = told(load=load)
    assert (code, True) == (found, place in where)


def test_a_trace_is_refused_in_the_words_of_a_case(tmp_path):
    """Where a command would name options, a case names its keys."""
    with pytest.raises(FlexError) as refused:
        case(tmp_path, trace=[1.0] * 10 + [float("nan")])
    (problem,) = refused.value.problems
    assert ("CPM-162", True, False) == (problem.code, "gaps: hold" in str(problem), "--" in str(problem))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("currency: USD\ncurrency: EUR\n", "FLEX-114"),
        ("- a\n- b\n", "FLEX-105"),
        ("", "FLEX-103"),
        ("gpus: [", "FLEX-114"),
    ],
)
def test_a_file_that_is_no_case(tmp_path, text, code):
    """A key that stands twice, a list, nothing, and what is no YAML."""
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FlexError) as refused:
        read_cpm_case(path)
    assert code == refused.value.code


@pytest.mark.parametrize("name", ["c.csv", "none.yaml"])
def test_a_path_that_is_no_case(tmp_path, name):
    """Another kind of file, and none."""
    (tmp_path / "c.csv").write_text("a\n", encoding="utf-8")
    with pytest.raises(FlexError) as refused:
        read_cpm_case(tmp_path / name)
    assert {"c.csv": "FLEX-102", "none.yaml": "FLEX-101"}[name] == refused.value.code


def test_prices_have_defaults_in_usd_only(told, tmp_path):
    """In rupees the price of a GPU-hour must be told; in dollars it has a default."""
    changed = {"gpus": {"price_per_gpu_hour": None}}
    assert [("FLEX-105", "case.yaml, gpus.price_per_gpu_hour")] == told(changed, currency="INR")
    assert 2.35 == case(tmp_path, changed).inputs["price_per_gpu_hour"]


def test_a_cap_beside_its_curve_is_refused(told):
    """30 % was not measured on a V100, whose lowest cap is 40 %."""
    assert ["CPM-156"] == [code for code, _ in told({"gpus": {"power_cap": "30%"}})]


@pytest.mark.parametrize("currency", CURRENCIES)
def test_a_starter_is_a_case_with_every_key(tmp_path, currency):
    """It is read without a file beside it, explains every input, and marks its figures as examples."""
    path = tmp_path / "case.yaml"
    path.write_text(starter_case(currency), encoding="utf-8")
    read = read_cpm_case(path)
    assert (currency, True) == (read.currency, read.trace.is_synthetic)
    text = path.read_text(encoding="utf-8")
    assert [] == [key for key in INPUTS if not re.search(rf"^  (# )?{key}: ", text, re.M)]
    assert "not a published price" in read.sources["gpu_capex"]


@pytest.mark.parametrize("currency", CURRENCIES)
def test_defaults_shown_in_a_starter_are_the_defaults(tmp_path, currency):
    """Taking the comment marks off keys of inputs changes no value."""
    paths = [tmp_path / name for name in ("as.yaml", "all.yaml")]
    text = starter_case(currency)
    keys = "|".join(key for key in INPUTS if (currency, key) != ("INR", "price_per_gpu_hour"))
    for path, content in zip(paths, (text, re.sub(rf"^  # ({keys}): ", r"  \1: ", text, flags=re.M)), strict=True):
        path.write_text(content, encoding="utf-8")
    first, second = map(read_cpm_case, paths)
    assert first.inputs == second.inputs
    assert () == tuple(said for said in second.defaults_used if not said.startswith("Curve"))
