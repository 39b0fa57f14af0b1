"""flexrev programmes list and show, and a person's own file of programmes."""

import json
import re

import pytest
from click.testing import CliRunner

from flexrev_xl.cli import main
from flexrev_xl.programmes import library

OWN = """
- id: my-contract-2026
  name: Contract with the utility
  market: Utility
  zone: Reno
  rate_unit: USD/kW-month
  prices:
    - {start: 2026-06-01, end: 2026-09-30, capacity_rate: 7.5}
  performance_cap: 110%
  confidence: contract
  source: {title: "Contract 4711, section 3", address: "https://example.com/4711", date: 2026-01-15}
"""
PORTFOLIO = "site,programme,nominated_mw\nReno,my-contract-2026,2\n"


def run(*arguments):
    """What a command prints and its exit code."""
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def own(tmp_path):
    """A person's own file."""
    path = tmp_path / "own.yaml"
    path.write_text(OWN, "utf-8")
    return path


def test_list_names_every_programme_whole():
    """Every id can be read off the list and typed."""
    done = run("programmes", "list")
    assert (0, []) == (done.exit_code, [i for i in library.load() if f" {i} " not in done.output])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--market", "sem"], ["sem-t1-2019-20", "sem-t4-2022-23", "sem-t4-2024-25"]),
        (["--market", "PJM", "--year", "2027"], ["pjm-rto-2026-27", "pjm-rto-2027-28"]),
        (["--market", "Con Edison", "--year", "2026"], []),
    ],
)
def test_list_by_market_and_year(options, expected):
    """A market is found without regard to case; a year keeps what is delivered in it."""
    done = run("programmes", "list", *options, "--json")
    assert (0, expected) == (done.exit_code, [e["id"] for e in json.loads(done.output)])


def test_list_marks_what_is_stale():
    """Programmes past their delivery period are marked, in the table and in JSON."""
    table, entries = (
        run("programmes", "list", "--market", "NYISO").output,
        json.loads(run("programmes", "list", "--json").output),
    )
    stale = {e["id"]: e.get("is_stale") for e in entries}
    assert (8, True, None) == (
        len(re.findall(r"│ stale +│", table)),
        stale["nyiso-nyc-strip-summer-2016"],
        stale["heco-fast-dr-40"],
    )


def test_unknown_market():
    """A market that the library does not have is refused with those it has."""
    done = run("programmes", "list", "--market", "PJN")
    assert (1, True) == (
        done.exit_code,
        "FLEX-016 --market: the library has no market 'PJN'. Did you mean PJM?" in done.output,
    )


def test_show():
    """Everything the library holds of a programme, its source first of all."""
    done = run("programmes", "show", "MISO-2024-25")
    wanted = (
        "capacity_rate Fall",
        "7,329.7",
        "MISO press release",
        "https://misoenergy.org/",
        "check_against",
        "miso-2024-25 is stale",
    )
    assert (0, []) == (done.exit_code, [w for w in wanted if w not in done.output])


def test_show_as_json():
    """The same as JSON, numbers as numbers."""
    shown = json.loads(run("programmes", "show", "miso-north-central-2025-26", "--json").output)
    assert (79070.56, 666.5, "USD") == (shown["annual_rate"], shown["capacity_rate Summer"], shown["currency"])


def test_show_events_and_other_programmes():
    """Event months, permits that are barred, and what stacks or is barred are shown as text and as JSON."""
    done = run("programmes", "show", "coned-csrp-voluntary")
    shown = json.loads(run("programmes", "show", "coned-csrp-voluntary", "--json").output)
    assert [] == [w for w in ("event_months", "5-9", "stacks_with", "coned-dlrp-*", "bars") if w not in done.output]
    assert ("5-9", "coned-csrp-boroughs-2017; coned-csrp-westchester-2017") == (shown["event_months"], shown["bars"])
    assert "emergency" == json.loads(run("programmes", "show", "ca-pge-bip", "--json").output)["bars_permits"]


def test_show_unknown_offers_the_nearest():
    """An unknown id is refused with the nearest ones."""
    done = run("programmes", "show", "pjm-rto-2026")
    assert (1, True) == (done.exit_code, "FLEX-120 ID" in done.output and "pjm-rto-2026-27" in done.output)


def test_own_programmes_are_listed_and_shown(own):
    """A person's own entries stand beside those of the library."""
    listed = json.loads(run("programmes", "list", "--programmes", str(own), "--json").output)
    shown = json.loads(run("programmes", "show", "my-contract-2026", "--programmes", str(own), "--json").output)
    assert (len(library.load()) + 1, 30_000, 1.1) == (len(listed), shown["annual_rate"], shown["performance_cap"])


def test_own_programmes_in_a_budget(own, tmp_path):
    """calc and build take rates from a person's own file: 2 MW x 7.5 USD/kW-month x 4 months."""
    portfolio, book = tmp_path / "portfolio.csv", tmp_path / "book.xlsx"
    portfolio.write_text(PORTFOLIO, "utf-8")
    calculated = run("calc", str(portfolio), "--programmes", str(own), "--json")
    built = run("build", str(portfolio), "--programmes", str(own), "-o", str(book))
    assert (0, 0, 60_000) == (
        calculated.exit_code,
        built.exit_code,
        json.loads(calculated.stdout)["scenarios"][0]["totals"]["net_revenue"],
    )
    assert 0 == run("verify", str(book)).exit_code


def test_own_programme_is_unknown_without_its_file(tmp_path):
    """Without its file the programme is refused."""
    portfolio = tmp_path / "portfolio.csv"
    portfolio.write_text(PORTFOLIO, "utf-8")
    done = run("calc", str(portfolio))
    assert (1, True) == (done.exit_code, "FLEX-112" in done.output)
