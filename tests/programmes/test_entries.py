"""The shipped entries: every one validated, sourced, found in the published prices, and worth what is printed of it."""

import csv
import datetime as dt
import math
import re

import pytest
from pytest import approx

from flexrev_xl.core.units import parse_capacity_unit, parse_energy_unit
from flexrev_xl.errors import FlexError
from flexrev_xl.programmes import library

ENTRIES = library.load()
every_entry = pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
# Money per MW-year as printed, or as price x days, months or kW by hand.
PUBLISHED = {
    "pjm-rto-2024-25": 10_555.80,
    "pjm-rto-2025-26": 98_520.80,
    "pjm-dominion-2025-26": 162_154.90,
    "pjm-bge-2025-26": 170_217.75,
    "pjm-rto-2026-27": 120_147.05,
    "pjm-rto-2027-28": 333.44 * 366,
    "miso-2024-25": 7_329.70,
    "miso-zone-5-2024-25": 134_552.73,
    "miso-north-central-2025-26": 79_070.56,
    "miso-south-2025-26": 77_477.15,
    "iso-ne-fca17-2026-27": 31_080,
    "iso-ne-fca18-2027-28": 42_960,
    "nyiso-zone-j-strip-summer-2021": 5.54 * 1000 * 6,
    "gb-t1-2024-25": 35_790,
    "gb-t4-2026-27": 63_000,
    "sem-t4-2022-23": 46_150,
    "sem-t4-2024-25": 47_820,
    "ieso-dr-2019-20": 52_810,
    "ieso-southern-2025-26": 332.39 * 128 + 139.00 * 124,
    "coned-csrp-boroughs-2017": 18 * 1000 * 5,
    "hydro-quebec-winter-2018-19": 70_000,
    "heco-fast-dr-40": 5 * 12_000,
}
# A year's mean per MW-day that the operator prints, rounded to whole dollars.
MEAN_PER_DAY = {"miso-north-central-2025-26": 217, "miso-south-2025-26": 212}


@pytest.fixture(scope="module")
def published_prices(shared_data):
    """The published prices, a dict a row."""
    path = shared_data / "programme_prices.csv"
    if not path.is_file():
        pytest.skip(f"{path} does not exist")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def unit_of(text):
    """The canonical name of a unit as the published prices spell it."""
    text = text.replace("$/MW-h", "$/MW-hour").replace("kW-summer", "kW-season").replace("GBP/MW/h", "GBP/MWh")
    for parse in (parse_capacity_unit, parse_energy_unit):
        try:
            return parse(text).name
        except FlexError:
            continue
    return ""


def prices_of(entry):
    """(price, unit) of every price of an entry."""
    capacity = [(p.capacity_rate, entry.capacity_unit.name) for p in entry.prices]
    return capacity + ([(entry.energy_rate, entry.unit_of_energy.name)] if entry.energy_rate is not None else [])


def test_there_are_many():
    """At least forty entries in at least ten markets."""
    assert (True, True) == (len(ENTRIES) >= 40, len({e.market for e in ENTRIES.values()}) >= 10)


def test_ids_are_unique():
    """No id stands twice in the data files."""
    ids = re.findall(r"^- id: (\S+)", "\n".join(p.read_text("utf-8") for p in library.DATA.glob("*.yaml")), re.M)
    assert sorted(ids) == sorted(set(ids)) == sorted(ENTRIES)


def test_files_are_short_and_hold_one_market_each():
    """A person who looks for a market finds its file, and can read it."""
    lines = [len(p.read_text("utf-8").splitlines()) for p in library.DATA.glob("*.yaml")]
    assert (True, True) == (max(lines) < 300, len(lines) >= 10)


@every_entry
def test_entry_is_sourced(entry):
    """Every entry names a document, its address, the document to check it against, and how sure it is."""
    source = entry.source
    assert "" not in (source.title, source.address, source.check_against, entry.confidence)
    dated = source.date is not None or re.search(r"(19|20)\d\d|undated", source.title)
    assert (True, 3) == (bool(dated), len(entry.currency))


@every_entry
def test_undated_entry_says_so(entry):
    """Where no delivery period is known, the source's title or the note says that it is undated or old."""
    said = re.search("undated|without a date", entry.source.title + entry.note)
    assert entry.delivery_start is not None or said


@every_entry
def test_prices_are_published_ones(entry, published_prices):
    """Each price of an entry stands in the published prices, with its unit, under the entry's own source or market."""
    known = {(float(r["price"]), unit_of(r["unit"]), r["currency"]) for r in published_prices}
    assert [] == [p for p in prices_of(entry) if (*p, entry.currency) not in known]


@every_entry
def test_source_is_a_published_one(entry, published_prices):
    """The address of each entry's source is that of a published price with one of its figures."""
    rates = {rate for rate, _ in prices_of(entry)}
    addresses = {r["source_address"] for r in published_prices if float(r["price"]) in rates}
    assert entry.source.address in addresses


@pytest.mark.parametrize("name", PUBLISHED)
def test_annual_rate_is_the_published_one(name):
    """Rate x factor x its own periods, summed over seasons, is the figure in print."""
    assert approx(PUBLISHED[name], rel=1e-9) == ENTRIES[name].annual_rate


@pytest.mark.parametrize("name", [e.id for e in ENTRIES.values() if e.stated_annual])
def test_annual_rate_is_the_stated_one(name):
    """The figure a source states is met as far as it is rounded."""
    entry = ENTRIES[name]
    assert abs(entry.stated_annual.figure - entry.annual_rate) <= entry.stated_annual.precision / 2


@pytest.mark.parametrize("name", MEAN_PER_DAY)
def test_annual_mean_per_day_by_the_operator(name):
    """MISO's own annual mean for 2025/26 is the seasons' prices weighted by their days."""
    assert MEAN_PER_DAY[name] == round(ENTRIES[name].annual_rate / 365)


def test_annual_figures_in_the_notes_of_the_published_prices(published_prices):
    """Wherever a published daily or monthly price comes with its annual figure, the entry gives the same."""
    compared = 0
    for row in published_prices:
        found = re.search(r"([\d.]+) (?:\$|GBP)/MW-yr", row["note"])
        if not found or "->" not in row["note"]:
            continue
        same = [
            e
            for e in ENTRIES.values()
            if e.source.address == row["source_address"] and (float(row["price"]), unit_of(row["unit"])) in prices_of(e)
        ]
        assert [] == [e.id for e in same if not math.isclose(e.annual_rate, float(found[1]), rel_tol=1e-9)]
        compared += len(same)
    assert compared >= 6


def test_sem_t4_2022_23_total():
    """EirGrid: 7,412 MW at 46,150 EUR per MW-year come to 342 million EUR."""
    assert 342_063_800 == 7_412 * ENTRIES["sem-t4-2022-23"].annual_rate


def test_stale_by_date():
    """An entry is stale from the day after its delivery period."""
    entry = ENTRIES["pjm-rto-2026-27"]
    assert [False, True] == [entry.is_stale(dt.date(2027, 5, 31)), entry.is_stale(dt.date(2027, 6, 1))]
