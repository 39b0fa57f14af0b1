"""A budget is one set of numbers: core, workbook as stored, workbook as LibreOffice recalculates it, command line."""

import json
import math
from random import Random

import pytest
from click.testing import CliRunner

from flexrev_xl.analysis.budget import budget
from flexrev_xl.cli import main
from flexrev_xl.core.budget_line import DRIVERS, RESULTS
from flexrev_xl.core.units import CAPACITY_UNITS, ENERGY_UNITS, PERIODS
from flexrev_xl.portfolio.columns import PRICE_STATUSES
from flexrev_xl.readers.portfolio import read_portfolio
from tests.workbook.book import Book
from tests.workbook.making import built

AGREE_WITHIN = 1e-9
SITES = 24
SCENARIOS = [
    {"name": "Base"},
    {"name": "Half", "dispatch_hours": 0.5, "performance": 0.7, "capacity_rate": 0.9, "energy_rate": 1.3},
    {"name": "Fixed", "dispatch_hours": {"absolute": 40}, "performance": {"absolute": 0.67}},
    {"name": "New prices", "capacity_rate": {"absolute": 12.5}, "energy_rate": {"absolute": 0.08}, "performance": 1.2},
]


def _row(random, capacity_unit):
    """An enrolment; a limit is given in every other row."""
    up_to = random.uniform
    most = PERIODS[capacity_unit.split("-")[1]].most
    row = {"rate_unit": capacity_unit, "periods": most * random.choice((1, random.random())) / 3, "source": "generated"}
    row |= {
        "nominated_mw": 10 ** up_to(-2, 4),
        "accreditation": up_to(0.2, 1.2),
        "capacity_rate": random.choice((0, 10 ** up_to(-2, 5))),
    }
    row |= {"price_status": random.choice(list(PRICE_STATUSES)), "dispatch_hours": random.choice((0, up_to(1, 500)))}
    row |= {
        "energy_rate": 10 ** up_to(-2, 3),
        "energy_unit": random.choice(list(ENERGY_UNITS)),
        "marginal_cost": up_to(0, 2000),
    }
    row |= {"performance": random.choice((0, 1, up_to(0, 1.5))), "availability": random.choice((1, random.random()))}
    row |= {
        "performance_cap": random.choice((1, up_to(0.5, 1.5))),
        "penalty_rate": random.choice((0, 10 ** up_to(0, 4))),
    }
    row |= {"customer_share": random.random()}
    limits = {"penalty_hours": up_to(0, 100), "stop_loss_money": 10 ** up_to(2, 6), "stop_loss_share": up_to(0, 2)}
    if not row["capacity_rate"]:
        del limits["stop_loss_share"]
    return row | {name: value for name, value in limits.items() if random.random() < 0.5}


def _portfolio(seed):
    """A portfolio as one would write it: sites, each with a programme of one to three seasons."""
    random = Random(f"portfolio {seed}")
    units = list(CAPACITY_UNITS)
    sites = []
    for number in range(SITES):
        unit = units[number % len(units)]
        seasons = (
            [{}] if number % 3 else [{"season": s} for s in ("Summer", "Winter", "Spring")[: random.randint(1, 3)]]
        )
        sites.append(
            {
                "name": f"Site {number}",
                "enrolments": [{"programme": f"Programme {unit}", **s, **_row(random, unit)} for s in seasons],
            }
        )
    return {"name": f"Generated {seed}", "currency": "GBP", "year": 2026, "sites": sites, "scenarios": SCENARIOS}


class Case:
    """A generated portfolio in all its forms."""

    def __init__(self, seed, folder):
        self.source, self.path = folder / "portfolio.yaml", folder / "book.xlsx"
        self.source.write_text(json.dumps(_portfolio(seed)), "utf-8")
        self.budget = budget(read_portfolio(self.source))
        self.data = built(self.budget.portfolio)
        self.path.write_bytes(self.data)


@pytest.fixture(scope="module", params=[1, 2])
def case(request, tmp_path_factory):
    """A generated portfolio, its budget and its workbook."""
    return Case(request.param, tmp_path_factory.mktemp("portfolio"))


def calculated(path):
    """What `flexrev calc --json` prints, as by_line gives it of a workbook."""
    done = CliRunner().invoke(main, ["calc", str(path), "--json"])
    assert 0 == done.exit_code, done.output
    lines, totals = {}, {}
    for scenario in json.loads(done.stdout)["scenarios"]:
        totals[scenario["name"]] = scenario["totals"]
        lines |= {(scenario["name"], x["site"], x["programme"], x["season"]): x for x in scenario["lines"]}
    return lines, totals


def in_workbook(workbook, scenarios):
    """The lines and totals that the scenario tabs of a workbook show."""
    lines, totals = {}, {}
    for name in scenarios:
        rows = list(workbook[name].iter_rows(values_only=True))
        top = next(i for i, row in enumerate(rows) if row[0] == "site")
        keys = rows[top]
        totals[name] = dict(zip(keys, rows[top + 2], strict=True))
        for row in rows[top + 3 :]:
            season = "" if row[2] == "whole year" else row[2]
            lines[name, row[0], row[1], season] = dict(zip(keys, row, strict=True))
    return lines, totals


def disagreements(result, lines, totals):
    """(where, key, core, other) wherever a number differs by more than rounding."""
    seen = 0
    for scenario in result.scenarios:
        for line in scenario.lines:
            e = line.enrolment
            other = lines[scenario.name, e.site, e.programme, e.season or ""]
            largest = max(abs(v) for v in line.values.values() if isinstance(v, int | float))
            for key in RESULTS:
                seen += 1
                if not _agree(line.values[key], other[key], largest):
                    yield f"{scenario.name}, {e.site}", key, line.values[key], other[key]
        for key in RESULTS:
            largest = max(abs(line.values[key]) for line in scenario.lines)
            if not _agree(scenario.totals[key], totals[scenario.name][key], largest):
                yield scenario.name, key, scenario.totals[key], totals[scenario.name][key]
    assert seen == len(RESULTS) * len(result.portfolio.enrolments) * len(result.scenarios) == len(RESULTS) * len(lines)


def _agree(a, b, largest):
    return isinstance(b, int | float) and abs(a - b) <= AGREE_WITHIN * max(abs(a), abs(b), largest)


def test_domain(case):
    """The generated rows hold every unit, every price status, and each optional limit given and not given."""
    rows = case.budget.portfolio.enrolments
    assert set(CAPACITY_UNITS) == {e.rate_unit.name for e in rows}
    assert set(ENERGY_UNITS) == {e.energy_unit.name for e in rows}
    assert set(PRICE_STATUSES) == {e.price_status for e in rows}
    for limit in ("penalty_hours", "stop_loss_money", "stop_loss_share"):
        assert {True, False} == {getattr(e, limit) is None for e in rows}
    assert set(DRIVERS) == {d for s in case.budget.portfolio.scenarios for d in s.absolutes}


def test_stored(case):
    """The workbook stores the core's numbers."""
    names = [s.name for s in case.budget.scenarios]
    assert [] == list(disagreements(case.budget, *in_workbook(Book(case.data).stored, names)))


@pytest.mark.libreoffice
def test_libreoffice(case, recalculated):
    """LibreOffice works the same numbers out."""
    names = [s.name for s in case.budget.scenarios]
    assert [] == list(disagreements(case.budget, *in_workbook(recalculated(case.path), names)))


def test_calc(case):
    """`flexrev calc --json` prints the same numbers for the portfolio's file."""
    assert [] == list(disagreements(case.budget, *calculated(case.source)))


def test_calc_of_the_workbook(case):
    """`flexrev calc --json` prints the same numbers for the workbook: nothing is lost on the way through it."""
    assert [] == list(disagreements(case.budget, *calculated(case.path)))


def test_checks(case):
    """Every check of the workbook is sound."""
    assert 0 == Book(case.data).stored["Checks"]["D6"].value


YEAR = {"start": "2026-06-01", "end": "2027-05-31"}
USD = {
    "TVA PowerFlex E5+C30": (
        {
            "nominated_mw": 5,
            "capacity_rate": 9.47,
            "rate_unit": "$/kW-month",
            "dispatch_hours": 96,
            "energy_rate": 0.10,
            "energy_unit": "$/kWh",
        },
        {"capacity_revenue": 568200.00, "energy_revenue": 48000.00, "gross_revenue": 616200.00},
    ),
    "Hawaiian Electric Fast DR": (
        {
            "nominated_mw": 0.05,
            "capacity_rate": 5,
            "rate_unit": "$/kW-month",
            "dispatch_hours": 60,
            "energy_rate": 0.50,
            "energy_unit": "$/kWh",
        },
        {"capacity_revenue": 3000.00, "energy_revenue": 1500.00, "gross_revenue": 4500.00},
    ),
    "CalcSimpler VPP 1": (
        {
            "nominated_mw": 1.2,
            "dispatch_hours": 75,
            "availability": "95%",
            "performance": "92%",
            "energy_rate": 185,
            "penalty_rate": 50,
        },
        {"dispatched_mwh": 78.66, "energy_revenue": 14552.10, "penalties": 342.00, "net_revenue": 14210.10},
    ),
    "PJM RTO 2026/27": (
        {**YEAR, "nominated_mw": 1, "capacity_rate": 329.17, "rate_unit": "$/MW-day"},
        {"capacity_revenue": 120147.05},
    ),
    "PJM RTO 2027/28": (
        {
            "start": "2027-06-01",
            "end": "2028-05-31",
            "nominated_mw": 1,
            "capacity_rate": 333.44,
            "rate_unit": "$/MW-day",
        },
        {"capacity_revenue": 122039.04},
    ),
    "ISO-NE FCA 17": (
        {**YEAR, "nominated_mw": 1, "capacity_rate": 2.59, "rate_unit": "$/kW-month"},
        {"capacity_revenue": 31080.00},
    ),
}
MISO = {
    "Summer": (666.50, 92, 61318.00),
    "Fall": (91.60, 91, 8335.60),
    "Winter": (33.20, 90, 2988.00),
    "Spring": (69.88, 92, 6428.96),
}
EUR = {
    "SEM T-4 2022/23": (
        {"nominated_mw": 7412, "capacity_rate": 46150, "rate_unit": "EUR/MW-year"},
        {"capacity_revenue": 342063800.00},
    )
}


def _published(currency, cases, folder):
    """The cases' lines as the workbook stores them and as calc prints them."""
    sites = [
        {"name": name, "enrolments": [{"programme": "Published", "source": "published case", **row}]}
        for name, (row, _) in cases.items()
    ]
    if currency == "USD":
        unit = {
            "programme": "MISO auction 2025/26",
            "nominated_mw": 1,
            "rate_unit": "$/MW-day",
            "source": "published case",
        }
        seasons = [
            {**unit, "season": season, "capacity_rate": rate, "periods": days}
            for season, (rate, days, _) in MISO.items()
        ]
        sites.append({"name": "MISO", "enrolments": seasons})
    path, book = folder / f"{currency}.yaml", folder / f"{currency}.xlsx"
    path.write_text(
        json.dumps(
            {"name": "Published", "currency": currency, "year": 2026, "sites": sites, "scenarios": [{"name": "Base"}]}
        ),
        "utf-8",
    )
    portfolio = read_portfolio(path)
    book.write_bytes(built(portfolio))
    return in_workbook(Book(book.read_bytes()).stored, ["Base"])[0], calculated(path)[0]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Every published case by name: its line in the workbook and its line of calc."""
    folder = tmp_path_factory.mktemp("published")
    found = {}
    for currency, cases in (("USD", USD), ("EUR", EUR)):
        workbook, calc = _published(currency, cases, folder)
        found |= {
            (site, season): (line, calc["Base", site, programme, season])
            for (_, site, programme, season), line in workbook.items()
        }
    return found


@pytest.mark.parametrize("name", [*USD, *EUR])
def test_published(name, published):
    """The published case to the cent, in the workbook and from calc."""
    _, expected = {**USD, **EUR}[name]
    for line in published[name, ""]:
        assert expected == {key: round(line[key], 2) for key in expected}


def test_published_miso_2025_26(published):
    """MISO's four seasons, each for its own days, make 79,070.56 a MW and year."""
    for face in (0, 1):
        lines = {season: published["MISO", season][face]["capacity_revenue"] for season in MISO}
        assert {season: money for season, (*_, money) in MISO.items()} == {
            season: round(v, 2) for season, v in lines.items()
        }
        assert 79070.56 == round(math.fsum(lines.values()), 2)
