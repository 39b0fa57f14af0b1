"""`flexrev build --simulate` as a user runs it: a workbook that verifies, refusals all at once, and how it stops."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.cli.test_simulate import ASSUMED, SITES

THREE = (
    SITES
    + """
  - name: Cleveland
    enrolments: [{<<: *row, programme: MISO auction}, {<<: *row, programme: NYISO auction}]
"""
)
CONTRADICTING = """
simulation:
  between_markets:
    - {markets: [PJM, MISO], correlation: 90%}
    - {markets: [MISO, NYISO], correlation: 90%}
    - {markets: [PJM, NYISO], correlation: -90%}
"""


@pytest.fixture
def write():
    """A function that writes sites.yaml into the current folder."""
    return lambda text: Path("sites.yaml").write_text(text, encoding="utf-8")


def test_built_and_verified(flexrev, write):
    """A workbook with simulated years verifies, and simulates to the same figures and the same hash as its portfolio."""
    write(SITES + ASSUMED)
    words = ("--simulate", 2_000, "--seed", 7, "--confidence", "95%")
    built = flexrev("build", "sites.yaml", "-o", "b.xlsx", *words)
    assert (0, 0) == (built.exit_code, flexrev("verify", "b.xlsx").exit_code), built.stderr
    how = ("--draws", 2_000, "--seed", 7, "--confidence", 0.95, "--json")
    one, two = (json.loads(flexrev("simulate", file, *how).stdout) for file in ("sites.yaml", "b.xlsx"))
    assert one == two
    rows = {row[0]: row for row in openpyxl.load_workbook("b.xlsx", data_only=True)["Risk"].iter_rows(values_only=True)}
    (year,) = one["years"]
    assert (one["inputs_hash"], "7") == (rows["Hash of the inputs (SHA-256)"][2], rows["Seed"][2])
    assert (year["mean"], year["cvar"]["value"]) == pytest.approx(
        (rows["Mean"][3], rows["Mean of the worst 5% of years (CVaR)"][3]), rel=1e-9
    )


def test_built_from_a_workbook(flexrev, write):
    """A workbook is built from a workbook, and verifies."""
    write(SITES + ASSUMED)
    assert 0 == flexrev("build", "sites.yaml", "-o", "a.xlsx").exit_code
    assert 0 == flexrev("build", "a.xlsx", "-o", "b.xlsx", "--simulate", 200).exit_code
    assert 0 == flexrev("verify", "b.xlsx").exit_code


def test_stale_is_a_note(flexrev, write):
    """After an input was changed and recalculated, verify says in a note that the Risk tab is stale, and exits with 0."""
    from tests.workbook.making import changed

    write(SITES)
    flexrev("build", "sites.yaml", "-o", "b.xlsx", "--simulate", 200)
    Path("b.xlsx").write_bytes(changed(Path("b.xlsx").read_bytes(), lambda w: w["Inputs"].__setitem__("G15", 19)))
    result = flexrev("verify", "b.xlsx")
    assert (0, True) == (result.exit_code, "Note: the Risk tab is stale: inputs have changed" in result.stdout)


# What is wrong, as YAML, with the words of the command beside the file; and every code that is told, in order.
WRONG = {
    "draws": ("", ("99", "90%"), ["FLEX-144"]),
    "more than memory": ("", ("999999999", "90%"), ["FLEX-144"]),
    "confidence and draws": ("", ("99", "40%"), ["FLEX-003", "FLEX-144"]),
    "no confidence at all": ("", ("99", "most"), ["FLEX-002", "FLEX-144"]),
    "correlation": ("simulation: {price_event_correlation: 1.2}", ("99", "40%"), ["FLEX-003", "FLEX-142", "FLEX-144"]),
    "deviation": ("simulation: {performance_sd: 40%}", ("99", "40%"), ["FLEX-003", *["FLEX-141"] * 2, "FLEX-144"]),
    "negative": (
        "simulation: {dispersion: -1, price_sigma: -0.1}",
        ("99", "90%"),
        ["FLEX-003", "FLEX-003", "FLEX-144"],
    ),
}


@pytest.mark.parametrize("command", ["simulate", "build"])
@pytest.mark.parametrize("name", WRONG)
def test_refusals(name, command, flexrev, write):
    """What is wrong with file, draws and confidence is told together, each with its code and remedy; nothing is written."""
    text, (draws, confidence), codes = WRONG[name]
    write(f"{SITES}\n{text}\n")
    how = ("--draws", draws) if command == "simulate" else ("-o", "b.xlsx", "--simulate", draws)
    result = flexrev(command, "sites.yaml", *how, "--confidence", confidence)
    said = re.findall(r"^(FLEX-\d+) .*\. \S.*\.$", result.stderr, re.M)
    assert (1, codes, "") == (result.exit_code, sorted(said), result.stdout)
    assert ["p.csv", "sites.yaml"] == sorted(p.name for p in Path().iterdir())


@pytest.mark.parametrize("command", ["simulate", "build"])
def test_means_that_cannot_spread(command, flexrev, write):
    """An average performance above its cap cannot spread: refused with the row, beside draws that are too few."""
    write(SITES.replace("performance: 92%", "performance: 108%"))
    how = ("--draws", "99") if command == "simulate" else ("-o", "b.xlsx", "--simulate", "99")
    result = flexrev(command, "sites.yaml", *how)
    said = re.findall(r"^(FLEX-\d+) ", result.stderr, re.M)
    assert (1, ["FLEX-140", "FLEX-140", "FLEX-144"]) == (result.exit_code, sorted(said))


@pytest.mark.parametrize("command", ["simulate", "build"])
def test_correlations_that_contradict_each_other(command, flexrev, write):
    """Correlations that no markets can have are refused, and those offered in their place are taken."""
    write(THREE + CONTRADICTING)
    how = ("--draws", "200") if command == "simulate" else ("-o", "b.xlsx", "--simulate", "200")
    result = flexrev(command, "sites.yaml", *how)
    offered = re.findall(r"(\w+) and (\w+) (-?[\d.]+%)", result.stderr)
    assert (1, 3, True) == (result.exit_code, len(offered), result.stderr.startswith("FLEX-143 sites.yaml line "))
    pairs = [f"    - {{markets: [{a}, {b}], correlation: {c}}}" for a, b, c in offered]
    write(THREE + "\nsimulation:\n  between_markets:\n" + "\n".join(pairs))
    assert 0 == flexrev(command, "sites.yaml", *how).exit_code


def test_a_seed_without_a_simulation(flexrev):
    """--seed without --simulate would do nothing: wrong usage, exit code 2."""
    result = flexrev("build", "p.csv", "-o", "b.xlsx", "--seed", 7)
    assert (2, True) == (result.exit_code, "give --simulate" in result.stderr)


INTERRUPTED = """
import contextlib, os, signal
from flexrev_xl.cli import console, main

@contextlib.contextmanager
def interrupting(stages):
    def say(stage):
        if stage.startswith("STAGE"):
            os.kill(os.getpid(), signal.SIGINT)
    yield say

console.progress = interrupting
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize("stage", ["simulating", "storing", "saving"])
def test_interrupted(stage, flexrev, tmp_path):
    """Ctrl-C at any stage: one sentence, exit code 130, and no file beside those that were there."""
    words = ("build", "p.csv", "-o", "b.xlsx", "--simulate", "20000")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    code = INTERRUPTED.replace("STAGE", stage)
    run = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert (130, "", "Stopped; no file was left half written.\n") == (run.returncode, run.stdout, run.stderr)
    assert ["p.csv"] == [p.name for p in tmp_path.iterdir()]
