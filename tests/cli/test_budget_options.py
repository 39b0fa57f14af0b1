"""Options of `calc` and `build`: what is sold twice, exchange rates of a CSV, programmes of one's own."""

import json
import re
from pathlib import Path

import pytest

HEAD = "site,programme,nominated_mw,capacity_rate,rate_unit"
TWICE = f"{HEAD}\nAshburn,One,10,1000,USD/MW-year\nAshburn,Two,10,1000,USD/MW-year\n"
EUROS = f"{HEAD},currency\nAshburn,One,10,1000,MW-year,\nBerlin,Two,10,1000,MW-year,EUR\n"
RATES = "- {currency: EUR, rate: 1.1, date: 2026-01-02, kind: budget, source: Treasury}\n"
PROGRAMME = """\
- id: my-contract
  name: My contract
  market: Utility
  zone: Here
  rate_unit: USD/MW-year
  prices: [{capacity_rate: 2000}]
  confidence: contract
  source: {title: Contract, address: https://example.org}
"""


def codes(result):
    """The codes told on standard error."""
    return re.findall(r"^([A-Z]+-[0-9]{3})", result.stderr, re.M)


def gross(result):
    """Gross revenue of the Base scenario in what `calc --json` printed."""
    return json.loads(result.stdout)["scenarios"][0]["totals"]["gross_revenue"]


def test_megawatts_sold_twice_are_told_in_words_and_in_json(flexrev):
    """Ten megawatts in each of two programmes, and nothing says that the site has twenty."""
    Path("q.csv").write_text(TWICE, "utf-8")
    made = json.loads(flexrev("calc", "q.csv", "--year", 2026, "--json").stdout)
    (found,) = made["double_counting"]
    assert ("Ashburn", ["One", "Two"], "overlap", 10.0) == tuple(found[k] for k in ("site", "programmes", "kind", "mw"))
    assert ("2026-01-01", "2026-12-31", 8_760.0) == tuple(found[k] for k in ("start", "end", "hours"))
    assert found["what"] in made["warnings"]


@pytest.mark.parametrize("words", [("calc", "q.csv"), ("calc", "q.csv", "--json"), ("build", "q.csv", "-o", "b.xlsx")])
def test_strict_refuses_them_and_writes_nothing(flexrev, words):
    """With --strict what is otherwise a warning exits 1, and no workbook is made."""
    Path("q.csv").write_text(TWICE, "utf-8")
    assert 0 == flexrev("calc", "q.csv").exit_code
    refused = flexrev(*words, "--strict")
    assert (1, ["FLEX-124"], "") == (refused.exit_code, codes(refused), refused.stdout)
    assert ("Ashburn, One and Two" in refused.stderr, Path("b.xlsx").exists()) == (True, False)


def test_strict_lets_a_sound_portfolio_pass(flexrev):
    """One programme a site is nothing to refuse."""
    assert 0 == flexrev("calc", "p.csv", "--strict").exit_code


def test_exchange_rates_for_a_csv(flexrev):
    """10,000 USD and 10,000 EUR at 1.1 are 21,000 USD; without the file the row in euros is refused."""
    Path("q.csv").write_text(EUROS, "utf-8")
    Path("rates.yaml").write_text(RATES, "utf-8")
    options = ("--currency", "USD", "--year", 2026)
    assert pytest.approx(21_000) == gross(
        flexrev("calc", "q.csv", "--json", *options, "--exchange-rates", "rates.yaml")
    )
    refused = flexrev("calc", "q.csv", *options)
    assert (1, ["FLEX-126"], True) == (refused.exit_code, codes(refused), "q.csv row 3, currency" in refused.stderr)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (None, "FLEX-101", "rates.yaml"),
        ("EUR: 1.1\n", "FLEX-114", "rates.yaml"),
        ("- {currency: EUR, rat: 1.1}\n", "FLEX-104", "rates.yaml line 1"),
        ("\n- {currency: EUR, rate: '1,1'}\n", "FLEX-108", "rates.yaml line 2"),
        ("- {currency: EUR, rate: [1]}\n", "FLEX-114", "rates.yaml line 1"),
        (RATES + RATES, "FLEX-126", "rates.yaml line 2"),
        ("- [", "FLEX-114", "rates.yaml line 1"),
    ],
)
def test_exchange_rates_that_cannot_be_read(flexrev, text, code, place):
    """A file that is not there, of another shape, or with a mistake in an entry: told with file and line."""
    Path("q.csv").write_text(EUROS, "utf-8")
    if text is not None:
        Path("rates.yaml").write_text(text, "utf-8")
    refused = flexrev("calc", "q.csv", "--currency", "USD", "--exchange-rates", "rates.yaml")
    assert (1, code, True) == (refused.exit_code, codes(refused)[0], f"{code} {place}" in refused.stderr)


def test_programmes_of_ones_own(flexrev):
    """A row takes its price from a programme of the user's file; without the file it has nothing to earn."""
    Path("q.csv").write_text("site,programme,nominated_mw\nAshburn,my-contract,10\n", "utf-8")
    Path("own.yaml").write_text(PROGRAMME, "utf-8")
    assert pytest.approx(20_000) == gross(flexrev("calc", "q.csv", "--json", "--programmes", "own.yaml"))
    assert ["FLEX-112"] == codes(flexrev("calc", "q.csv"))


def test_many_mistakes_of_one_file_are_told_at_once(flexrev):
    """Eight kinds of mistakes in one YAML file: eight lines, each with the line that it stands on."""
    text = """\
currency: USD
years: 11
exchange_rates:
  - {currency: EUR, rate: 0}
sites:
  - name: Ashburn
    resources:
      - {name: UPS, kind: ups, power_mw: 10, energy_mwh: 12, reserve_mw: 11}
    enrolments:
      - {programme: One, nominated_mw: 10, capacity_rate: 1000, rate_unit: MW-year, event_months: 6-99}
      - {programme: Two, nominated_mw: 10, capacity_rate: 1000, rate_unit: MW-year, paid_on: Sundays}
      - {programme: Three, nominated_mw: 10, capacity_rate: 1000, rate_unit: MW-year, escalation: 3}
      - {programme: Four, nominated_mw: 10, capacity_rate: 1000, rate_unit: MW-year, currency: euros}
      - {programme: Five, nominated_mw: 10, energy_rate: 9, dispatch_hours: 4, event_months: 1,
         start: 2026-06-01, end: 2026-08-31}
"""
    Path("q.yaml").write_text(text, "utf-8")
    refused = flexrev("calc", "q.yaml")
    told = re.findall(r"^(FLEX-[0-9]{3}) q\.yaml line ([0-9]+)", refused.stderr, re.M)
    expected = {
        ("FLEX-003", "2"), ("FLEX-003", "4"), ("FLEX-031", "7"), ("FLEX-127", "10"), ("FLEX-016", "11"),
        ("FLEX-003", "12"), ("FLEX-109", "13"), ("FLEX-127", "14"),
    }  # fmt: skip
    assert (1, 8, expected) == (refused.exit_code, len(told), set(told))
    assert "8 mistakes." == refused.stderr.splitlines()[-1]
