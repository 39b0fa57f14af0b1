"""`flexrev simulate` as a user runs it: what it prints, that a seed holds, what it refuses, and how it stops."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SITES = """
name: Two sites
currency: USD
year: 2026
sites:
  - name: Ashburn
    enrolments:
      - &row
        programme: PJM capacity
        nominated_mw: 20
        capacity_rate: 329.17
        rate_unit: USD/MW-day
        periods: 365
        price_status: forecast
        dispatch_hours: 30
        event_hours: 4
        energy_rate: 75
        energy_unit: USD/MWh
        performance: 92%
        penalty_rate: 2300
  - name: Columbus
    enrolments: [{<<: *row, nominated_mw: 12}]
"""
ASSUMED = """
simulation:
  performance_sd: 4%
  market_correlation: 100%
  capacity_rate_sigma: 0.2
  by_programme:
    - {programme: PJM capacity, site: Columbus, performance_sd: 0}
"""
BARE = re.compile(r"(?<!lenders' )\bP90\b")


@pytest.fixture
def sites():
    """The two sites as sites.yaml in the current folder."""
    return lambda more="": Path("sites.yaml").write_text(SITES + more, encoding="utf-8")


def simulated(flexrev, *words):
    """What `flexrev simulate --json` prints."""
    result = flexrev("simulate", *words, "--json")
    assert 0 == result.exit_code, result.stderr
    return json.loads(result.stdout)


def test_table(flexrev, sites):
    """The years from budget to reserve, the lines, the drivers, and what was assumed; no percentile by its letter alone."""
    sites()
    result = flexrev("simulate", "sites.yaml", "--draws", 200, "--years", 6)
    wanted = [
        "10th percentile: 9 years in 10 are better (lenders' P90)",
        "all years",
        "2031",
        "Diversification",
        "200 draws, seed 1",
    ]
    wanted += ["Share of variance", "Assumed: hours_per_event: 4 h, the row's event_hours (2 of 2 lines)"]
    assert (0, [], []) == (result.exit_code, [w for w in wanted if w not in result.stdout], BARE.findall(result.stdout))


@pytest.mark.parametrize(("typed", "share"), [("99.9%", 0.999), ("99.9", 0.999), ("0.999", 0.999), ("50", 0.5)])
def test_confidence_up_to_its_bounds(typed, share, flexrev, sites):
    """The surest and the least sure confidence are taken, however they are typed."""
    sites()
    assert share == simulated(flexrev, "sites.yaml", "--draws", 100, "--confidence", typed)["confidence"]


def test_json(flexrev, sites):
    """Everything that a run rests on and gives: seed, draws, hash, years, lines, months, drivers."""
    sites()
    found = simulated(flexrev, "sites.yaml", "--draws", 200, "--seed", 7, "--confidence", "95%")
    assert ("USD", 200, 7, 0.95) == tuple(found[k] for k in ("currency", "draws", "seed", "confidence"))
    assert found["inputs_hash"] == simulated(flexrev, "sites.yaml", "--draws", 300)["inputs_hash"]
    (year,) = found["years"]
    assert (2, 12, 5) == tuple(len(year[key]) for key in ("lines", "months", "drivers"))
    assert [5, 10, 25, 50, 75, 90, 95] == [p["percentile"] for p in year["percentiles"]]
    reserve = max(0.0, year["budget_net"] - year["percentiles"][0]["value"])
    assert ("Downside reserve: budget less the 5th percentile", reserve) == tuple(year["downside_reserve"].values())
    assert [] == BARE.findall(json.dumps(found))


def test_same_seed_same_figures(flexrev, sites):
    """One worker or three: one seed gives the same text, another seed another."""
    sites()
    words = ("sites.yaml", "--draws", 300)
    one, three = (simulated(flexrev, *words, "--workers", n) for n in (1, 3))
    assert (True, False) == (one == three, one == simulated(flexrev, *words, "--seed", 2))


def test_assumptions_of_the_file(flexrev, sites):
    """What stands under simulation is taken: one market moves as one, and a site of its own has no spread of its own."""
    sites(ASSUMED)
    found = simulated(flexrev, "sites.yaml", "--draws", 300)
    assert [] == [text for text in found["assumed"] if text.startswith(("performance_sd", "market_correlation"))]
    usual = next(d["share_of_variance"] for d in found["years"][0]["drivers"] if d["driver"] == "capacity rate")
    assert 0.5 < usual


def test_every_mistake_of_the_assumptions_is_told(flexrev, sites):
    """Two mistakes under simulation make two messages with the place in the file, and nothing is printed."""
    sites("simulation: {performance_sd: 4, market_corelation: 10%}\n")
    result = flexrev("simulate", "sites.yaml")
    said = re.findall(r"^(FLEX-\d+) (sites\.yaml line \d+), simulation", result.stderr, re.M)
    assert (1, ["FLEX-003", "FLEX-104"], "") == (result.exit_code, sorted(code for code, _ in said), result.stdout)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--draws", 99), "FLEX-144 draws: 99 draws are too few. Allowed: 100 to "),
        (("--draws", 10**9), "FLEX-144 draws: 1,000,000,000 draws are more than memory holds. Allowed: 100 to "),
        (("--confidence", "40%"), "FLEX-003 --confidence: "),
        (("--confidence", "99.95%"), "FLEX-003 --confidence: 0.9995 (99.95%)"),
        (("--confidence", "most"), "FLEX-002 --confidence: "),
    ],
)
def test_refusals(flexrev, words, code):
    """Draws and confidence out of range are refused with what is allowed."""
    result = flexrev("simulate", "p.csv", *words)
    assert (1, True) == (result.exit_code, result.stderr.startswith(code))


INTERRUPTED = """
import contextlib, os, signal
from flexrev_xl.cli import console, main

@contextlib.contextmanager
def interrupting(stages):
    yield lambda stage: os.kill(os.getpid(), signal.SIGINT)

console.progress = interrupting
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_interrupted(flexrev, tmp_path):
    """Ctrl-C after the first line, threads at work: one sentence, exit code 130, no file beside those that were there."""
    words = ("simulate", "p.csv", "--draws", "100000", "--years", "10", "--workers", "2")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    run = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *words], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert (130, "", "Stopped; no file was left half written.\n") == (run.returncode, run.stdout, run.stderr)
    assert ["p.csv"] == [p.name for p in tmp_path.iterdir()]
