"""`flexrev cpm`: sizes, reports, optima and starters as printed and as JSON, and every mistake in words."""

import json
import re
from pathlib import Path

import pytest
from pytest import approx

from flexrev_xl.core.cpm import cautions
from tests.cpm_cases import trace_csv, written

SIX = [4, 4, 10, 10, 6, 2]  # MW, hourly


def codes(result):
    """Code and place of each line told."""
    return re.findall(r"^(\S+) ?([^:]*):", result.stderr, re.M)


@pytest.fixture
def size(flexrev):
    """A function: the JSON of `flexrev cpm size` on the six hours of section 7, or on another file."""
    Path("six.csv").write_text(trace_csv(SIX), encoding="utf-8")

    def run(*words, load="six.csv"):
        result = flexrev("cpm", "size", "--load", load, *words, "--json")
        assert 0 == result.exit_code, result.stderr
        return json.loads(result.stdout)

    return run


def test_size_of_section_7_of_the_model(size):
    """A limit of 7 MW, round trip 81 %: 3 MW and 20 / 3 MWh usable; nameplate, C-rate and cycles by hand."""
    needed = size("--grid-mw", 7, "--round-trip-efficiency", "81%")["needed"]
    nameplate = 20 / 3 / 0.63
    assert (3.0, approx(20 / 3), approx(nameplate)) == (
        needed["power_mw"],
        needed["usable_mwh"],
        needed["nameplate_mwh"],
    )
    # 6 MWh reach the meter in each round of six hours.
    assert (approx(3 / nameplate), approx(8760), approx(8760 / nameplate)) == (
        needed["c_rate"],
        needed["discharged_mwh"],
        needed["full_cycles"],
    )


def test_auxiliaries_are_load(size):
    """A battery of P carries 3 MW and its own 5 % of P: P = 3 / 0.95."""
    needed = size("--grid-mw", 7, "--auxiliaries", "5%")["needed"]
    assert (approx(3 / 0.95), approx(3 / 19)) == (needed["power_mw"], needed["auxiliaries_mw"])


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (("--grid-mw", 5.9), "energy short: no battery is large enough"),
        (("--grid-mw", 7, "--charge-mw", 1), "charger too small"),
        (("--grid-mw", 10), "no battery needed: the load stays within the limit"),
        (("--grid-mw", 7), "a battery of this size carries it"),
    ],
)
def test_verdicts_of_what_is_needed(size, words, verdict):
    """6 MW on average with losses are above 5.9; what 3 MW take out in two hours 1 MW cannot put back in four."""
    assert verdict == size(*words)["needed"]["verdict"]


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (("--battery-mw", 4, "--battery-mwh", 8), "carried"),
        (("--battery-mw", 4, "--battery-mwh", 6), "battery too small"),
        (("--battery-mw", 2, "--battery-mwh", 80, "--charge-mw", 5), "peak needs more battery power"),
        (("--battery-mw", 4, "--battery-mwh", 80, "--charge-mw", 1), "charger too small"),
    ],
)
def test_verdicts_of_a_battery_asked_about(size, words, verdict):
    """Of a nameplate that is all usable; 8 MWh and 4 MW carry 1.06 times the load, by section 7 and hand."""
    plain = ("--grid-mw", 7, "--round-trip-efficiency", 0.81, "--depth", 1, "--end-of-life", 1)
    battery = size(*plain, *words)["runs"][0]["battery"]
    assert verdict == battery["verdict"]
    if verdict == "carried":
        found = battery["largest_scale"], battery["largest_peak_mw"], battery["peak_over_grid"]
        assert (approx(1.06), approx(10.6), approx(10.6 / 7)) == found
    else:
        assert battery["largest_scale"] < 1


@pytest.mark.parametrize(("unit", "factor"), [("W", 1e6), ("kW", 1e3), ("MW", 1)])
def test_units_are_equal(size, unit, factor):
    """The same load in W, kW and MW, the unit by the heading or by --unit without stamps, is one size."""
    Path("other.csv").write_text(trace_csv([x * factor for x in SIX], unit=unit), encoding="utf-8")
    Path("bare.csv").write_text("load\n" + "".join(f"{x * factor}\n" for x in SIX), encoding="utf-8")
    expected = size("--grid-mw", 7)["needed"]
    by_heading = size("--grid-mw", 7, load="other.csv")["needed"]
    by_option = size("--grid-mw", 7, "--unit", unit, "--interval", 3600, load="bare.csv")["needed"]
    figures = {key: approx(value, rel=1e-12) for key, value in expected.items() if key != "verdict"}
    for found in (by_heading, by_option):
        assert figures == {key: value for key, value in found.items() if key != "verdict"}


@pytest.mark.parametrize(("seconds", "factor"), [(0.25, 1.029527), (1, 1.037925), (4, 1.042726)])
def test_measured_512_h100_section_7_of_the_model(size, shared_data, seconds, factor):
    """The peak carried over the limit, by a battery of so many seconds; --unit kW settles the column among six."""
    words = ("--unit", "kW", "--interval", 2, "--grid-mw", 0.43, "--depth", 1, "--end-of-life", 1, "--mlperf")
    found = size(
        *words, "--battery-mwh", 0.43 * seconds / 3600, load=shared_data / "ai_training_gpt3_64nodes_512xH100_2s.csv"
    )
    assert approx(factor, abs=5e-7) == found["runs"][0]["battery"]["peak_over_grid"]
    assert "run1_cluster_kw" in found["read"][0]
    assert cautions.MLPERF in found["cautions"]


def test_several_columns_are_several_runs(size):
    """Three runs need 3, 2 and 1 MW: the median with even odds, the largest with three in four, not sure beyond."""
    rows = "".join(f"{n},{x},{x - (x == 10)},{x - 2 * (x == 10)}\n" for n, x in enumerate(SIX))
    Path("runs.csv").write_text(f"t_h,a_mw,b_mw,c_mw\n{rows}", encoding="utf-8")
    found = size("--grid-mw", 7, "--column", "a_mw", "--column", "b_mw", "--column", "c_mw", load="runs.csv")
    assert [3.0, 2.0, 1.0] == [run["needed"]["power_mw"] for run in found["runs"]]
    levels = {level["level"]: (level["power_mw"], "needs" in level["note"]) for level in found["levels"]}
    assert (2.0, 3.0, 3.0) == tuple(levels[level][0] for level in (0.5, 0.75, 0.9))
    assert "needs 9" in found["levels"][2]["note"]
    assert not any("One run is one sample" in said for said in found["cautions"])


def test_several_files_are_several_runs(flexrev, size):
    """Files of one heading are told apart by their names."""
    Path("five.csv").write_text(trace_csv([5, 8]), encoding="utf-8")
    result = flexrev("cpm", "size", "--load", "six.csv", "--load", "five.csv", "--grid-mw", 7, "--json")
    names = [run["name"] for run in json.loads(result.stdout)["runs"]]
    assert ["six.csv load_MW", "five.csv load_MW"] == names


def test_printed_sizes(flexrev, size):
    """What was read, the load, the battery, verdicts in words and cautions; above 2 C a warning."""
    size("--grid-mw", 7)
    text = flexrev("cpm", "size", "--load", "six.csv", "--grid-mw", 9.9, "--battery-mw", 1).stdout
    words = (
        "Read: six.csv",
        "Mean over peak",
        "60.00%",
        "a battery of this size carries it",
        "the battery asked about: carried",
    )
    assert [] == [word for word in words if word not in text]
    short = flexrev("cpm", "size", "--load", "six.csv", "--grid-mw", 5.9).stdout
    assert "no battery is large enough" in short
    Path("spike.csv").write_text(trace_csv([4, 4, 10, 10, 6, 2], interval_seconds=60), encoding="utf-8")
    assert "above 2 C" in flexrev("cpm", "size", "--load", "spike.csv", "--grid-mw", 7).stdout
    assert "look at the units" in flexrev("cpm", "size", "--load", "six.csv", "--grid-mw", 7000).stdout


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("t_s,load_kw\n0,1\n1,2\n", ("--grid-mw", "0"), [("FLEX-003", "--grid-mw")]),
        ("t_s,load_kw\n0,1\n1,2\n", ("--grid-mw", "450 kW"), [("FLEX-002", "--grid-mw")]),
        ("t_s,load_kw\n0,1\n1,2\n", ("--grid-mw", 0.0005), [("CPM-153", "--grid-mw")]),
        ("t_s,load_kw\n0,1\n1,2\n", ("--grid-mw", 1, "--unit", "MW"), [("CPM-161", "f.csv, 'load_kw'")]),
        ("t_s,load_kw,load_w\n0,1,1\n1,2,1\n", ("--grid-mw", 1), [("CPM-160", "f.csv, headings")]),
        ("t_s,load_kw\n0,1\n", ("--grid-mw", 1), [("CPM-165", "f.csv")]),
        ("t_s,load_kw\n", ("--grid-mw", 1), [("CPM-165", "f.csv")]),
        ("t_s,load_kw\n0,NaN\n1,-2\n2,1\n", ("--grid-mw", 1), [("CPM-162", "f.csv, 'load_kw'"), ("CPM-163", "f.csv, 'load_kw'")]),
        ("t_s,load_kw\n0,0\n1,0\n", ("--grid-mw", 1), [("CPM-163", "load_mw")]),
        (None, ("--grid-mw", 1), [("FLEX-101", "f.csv")]),
        (
            None, ("--grid-mw", "x", "--round-trip-efficiency", 1.2, "--depth", 90, "--auxiliaries", "0,1", "--interval", 0),
            [("FLEX-002", "--grid-mw"), ("FLEX-108", "--auxiliaries"), ("FLEX-003", "--round-trip-efficiency"), ("FLEX-005", "--depth"),
             ("FLEX-003", "--interval")],
        ),
        ("t_s,load_kw\n0,1\n1,2\n", ("--grid-mw", 0.0015, "--battery-mwh", 1, "--auxiliaries", "1%"), [("CPM-153", "--auxiliaries")]),
    ],
)  # fmt: skip
def test_mistakes_of_a_size(flexrev, text, words, expected):
    """Mixed units, limits that cannot be, short and faulty traces, shares that are none: code and place, all at once."""
    if text is not None:
        Path("f.csv").write_text(text, encoding="utf-8")
    result = flexrev("cpm", "size", "--load", "f.csv", *words)
    assert (1, expected) == (result.exit_code, codes(result))


def test_report_prints_and_as_json(flexrev, tmp_path):
    """Three states, uplift in its order, net beside gross, the fee; JSON with the same figures."""
    written(tmp_path)
    text = flexrev("cpm", "report", "case.yaml").stdout
    words = (
        "GPUs alone",
        "Power cap and battery",
        "2,734",
        "1. Capping",
        "Added compute revenue, gross",
        "Storage fee: deal",
    )
    assert [] == [word for word in words if word not in text]
    found = json.loads(flexrev("cpm", "report", "case.yaml", "--json").stdout)
    assert (2734, "deal") == (found["results"]["gpus_with_battery"], found["fee_verdict"])


def test_optimise_prints_and_as_json(flexrev, tmp_path):
    """The best layout beside those without; profit of the best is the largest."""
    written(tmp_path, {"optimise": {"most_c_rate": 2, "caps": "[100%]"}})
    assert "No battery" in flexrev("cpm", "optimise", "case.yaml").stdout
    found = json.loads(flexrev("cpm", "optimise", "case.yaml", "--json").stdout)
    assert 2734 == found["best"]["gpus"]
    assert found["best"]["profit"] == max(found[key]["profit"] for key in ("best", "no_battery", "no_cap", "neither"))


@pytest.mark.parametrize("currency", ["USD", "inr"])
def test_new_writes_a_case_that_reports(flexrev, currency):
    """A starter needs no file beside it, is reported at once, and is never overwritten by itself."""
    assert 0 == flexrev("cpm", "new", "mine.yaml", "--currency", currency).exit_code
    result = flexrev("cpm", "report", "mine.yaml", "--json")
    found = json.loads(result.stdout)
    assert (currency.upper(), True) == (found["currency"], any("synthetic" in said for said in found["cautions"]))
    assert ("FLEX-201", "mine.yaml") == codes(flexrev("cpm", "new", "mine.yaml"))[0]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("new", "c.xlsx"), "FLEX-102"),
        (("new", "--currency", "EUR"), "FLEX-016"),
        (("report", "none.yaml"), "FLEX-101"),
        (("optimise", "p.csv"), "FLEX-102"),
        (("report", "none.yaml", "-o", "c.csv"), "FLEX-202"),
        (("report", "none.yaml", "-o", "p.csv.xlsx/x.xlsx"), "FLEX-202"),
    ],
)
def test_mistakes_of_a_case(flexrev, words, code):
    """Kinds of file, currencies without an example, places that cannot be written."""
    result = flexrev("cpm", *words)
    assert (1, [code]) == (result.exit_code, [found for found, _ in codes(result)])


def test_an_interruption_is_told(flexrev, tmp_path, monkeypatch):
    """Ctrl-C ends a command in a sentence and with the exit code of a shell."""

    def interrupted(*args, **options):
        raise KeyboardInterrupt

    written(tmp_path)
    monkeypatch.setattr("flexrev_xl.analysis.cpm_case.cpm_case", interrupted)
    result = flexrev("cpm", "report", "case.yaml")
    assert (130, True) == (result.exit_code, result.stderr.startswith("Stopped"))
