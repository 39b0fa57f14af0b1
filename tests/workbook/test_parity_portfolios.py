"""A budget is one set of numbers: core, workbook as stored, workbook as LibreOffice recalculates it, command line."""

import datetime as dt
import json
import math

import pytest
from click.testing import CliRunner

from flexrev_xl.analysis.budget import budget
from flexrev_xl.analysis.monthly import month_ends, months_of
from flexrev_xl.cli import main
from flexrev_xl.core.budget_line import DRIVERS, RESULTS, STEP_OF, WORTH
from flexrev_xl.core.monthly import CLOSING, MEASURES, OPENING, Cash, Spread
from flexrev_xl.core.units import CAPACITY_UNITS, ENERGY_UNITS
from flexrev_xl.portfolio.columns import KINDS, PRICE_STATUSES
from flexrev_xl.readers.portfolio import read_portfolio
from flexrev_xl.workbook.verify import verify_workbook
from tests.workbook import generated
from tests.workbook.book import Book
from tests.workbook.figures import in_workbook
from tests.workbook.making import built

AGREE_WITHIN = 1e-9


class Case:
    """A generated portfolio in all its forms."""

    def __init__(self, seed, folder):
        self.source, self.path = folder / "portfolio.yaml", folder / "book.xlsx"
        self.source.write_text(json.dumps(generated.portfolio(seed)), "utf-8")
        self.budget = budget(read_portfolio(self.source))
        self.data = built(self.budget.portfolio)
        self.path.write_bytes(self.data)
        self.core = dict(in_core(self.budget))


@pytest.fixture(scope="module", params=list(generated.FIRST_MONTHS))
def case(request, tmp_path_factory):
    """A generated portfolio, its budget and its workbook."""
    return Case(request.param, tmp_path_factory.mktemp("portfolio"))


def in_core(result):
    """((kind, scenario, place, key), (figure, the largest term it is made of)) of every line, year and month."""
    for scenario in result.scenarios:
        for line in scenario.lines:
            e = line.enrolment
            place = e.site, e.programme, e.season or "", line.year
            largest = max(abs(v) for v in line.values.values() if isinstance(v, int | float))
            for key in RESULTS + WORTH:
                yield ("line", scenario.name, place, key), (line.values[key], largest)
        for year, totals in scenario.by_year.items():
            for key in RESULTS:
                yield ("year", scenario.name, year, key), (totals[key], _largest(key, scenario.lines))
        months = months_of(scenario.lines, result.portfolio)
        for key, row in months.items():
            largest = _terms_of(key, scenario.lines)
            for end, figure in zip(month_ends(result.portfolio), row, strict=True):
                yield ("month", scenario.name, end, key), (figure, largest)


def _largest(key, lines):
    """The largest of a step over the lines, or of what it is made of there."""
    made_of = [key, *(p for p in STEP_OF[key].parameters if p in STEP_OF and STEP_OF[p].unit == "money")]
    return max(abs(line.values[k]) for line in lines for k in made_of)


def _terms_of(key, lines):
    """The largest term of a figure of a month."""
    if key in (OPENING, CLOSING):
        return max(_terms_of(k, lines) for k in ("customer_net", "cash_received"))
    measure = next(m for m in MEASURES if m.key == key)
    if isinstance(measure, Spread | Cash):
        return _largest(measure.of if isinstance(measure, Cash) else key, lines)
    return max(_terms_of(k, lines) for k in (*measure.plus, *measure.minus))


def calculated(path):
    """What `flexrev calc --json` prints, by the places of `in_core`."""
    done = CliRunner().invoke(main, ["calc", str(path), "--json"])
    assert 0 == done.exit_code, done.output
    figures = {}
    for scenario in json.loads(done.stdout)["scenarios"]:
        tables = {
            "line": [((x["site"], x["programme"], x["season"], x["year"]), x) for x in scenario["lines"]],
            "year": [(x["year"], x["totals"]) for x in scenario["years"]],
            "month": [(dt.date.fromisoformat(x["month_end"]), x) for x in scenario["months"]],
        }
        for kind, rows in tables.items():
            for place, row in rows:
                figures |= {
                    (kind, scenario["name"], place, key): v for key, v in row.items() if isinstance(v, int | float)
                }
    return figures


def disagreements(core, figures):
    """(place, core, other) wherever a number differs by more than rounding."""
    for place, (figure, largest) in core.items():
        other = figures.get(place)
        if not (
            isinstance(other, int | float)
            and abs(figure - other) <= AGREE_WITHIN * max(abs(figure), abs(other), largest)
        ):
            yield place, figure, other


def test_domain(case):
    """The generated rows hold every unit, kind, status, currency and way to be dated, and each optional term given and not given."""
    portfolio = case.budget.portfolio
    rows = portfolio.enrolments
    assert set(CAPACITY_UNITS) == {e.rate_unit.name for e in rows}
    assert set(ENERGY_UNITS) == {e.energy_unit.name for e in rows}
    assert (set(PRICE_STATUSES), set(KINDS)) == ({e.price_status for e in rows}, {e.kind for e in rows})
    assert {"GBP", "EUR", "JPY"} == {e.currency for e in rows}
    assert {"every day", "business days"} == {e.paid_on for e in rows}
    for optional in ("penalty_hours", "stop_loss_money", "stop_loss_share", "price_year", "compute_forgone_per_mwh"):
        assert {True, False} == {getattr(e, optional) is None for e in rows}
    assert set(DRIVERS) == {d for s in portfolio.scenarios for d in s.absolutes}
    assert 2 == portfolio.years
    dated = [e for e in rows if e.start]
    (_, first, first_end), (_, _, last) = portfolio.budget_years
    assert dated and len(dated) < len(rows)
    assert any(e.start <= first_end < e.end for e in dated)
    assert any(e.start < first <= e.end for e in dated)
    assert any(e.start > last for e in dated)
    assert any(e.start <= generated.LEAP_DAY <= e.end for e in dated)
    assert any(e.start.day != 1 for e in dated)


def test_stored(case):
    """The workbook stores the core's numbers."""
    names = [s.name for s in case.budget.scenarios]
    assert [] == list(disagreements(_on_tabs(case.core), in_workbook(Book(case.data).stored, names)))


@pytest.mark.libreoffice
def test_libreoffice(case, recalculated):
    """LibreOffice works the same numbers out."""
    names = [s.name for s in case.budget.scenarios]
    assert [] == list(disagreements(_on_tabs(case.core), in_workbook(recalculated(case.path), names)))


def _on_tabs(core):
    """The core's figures that a tab shows: of later years only what Budget has by month."""
    by_month = {key for kind, _, _, key in core if kind == "month"}
    return {
        (kind, scenario, place, key): figure
        for (kind, scenario, place, key), figure in core.items()
        if kind != "year" or place == generated.YEAR or key in by_month
    }


def test_calc(case):
    """`flexrev calc --json` prints the same numbers for the portfolio's file."""
    assert [] == list(disagreements(case.core, calculated(case.source)))


def test_calc_of_the_workbook(case):
    """`flexrev calc --json` prints the same numbers for the workbook: nothing is lost on the way through it."""
    assert [] == list(disagreements(case.core, calculated(case.path)))


def test_verify(case):
    """Nothing differs from the core and the inputs, line by line and month by month."""
    assert () == verify_workbook(case.path).differences


def test_checks(case):
    """Every check of the workbook is sound."""
    checks = Book(case.data).stored["Checks"]
    assert [] == [row[0].value for row in checks.iter_rows(min_row=6) if row[3].value]


DELIVERY_YEAR = {"start": "2026-06-01", "end": "2027-05-31"}
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
        {**DELIVERY_YEAR, "nominated_mw": 1, "capacity_rate": 329.17, "rate_unit": "$/MW-day"},
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
        {**DELIVERY_YEAR, "nominated_mw": 1, "capacity_rate": 2.59, "rate_unit": "$/kW-month"},
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
CALENDAR_2027 = 121060.83  # 151 days at 329.17 and 214 days at 333.44


def _published(name, currency, cases, folder, **header):
    """The cases' lines as the workbook stores them and as calc prints them; the path of the workbook."""
    sites = [
        {"name": case, "enrolments": [{"programme": "Published", "source": "published case", **row} for row in rows]}
        for case, rows in cases.items()
    ]
    path, book = folder / f"{name}.yaml", folder / f"{name}.xlsx"
    header = {"name": name, "currency": currency, "sites": sites, "scenarios": [{"name": "Base"}], **header}
    path.write_text(json.dumps(header), "utf-8")
    book.write_bytes(built(read_portfolio(path)))
    return in_workbook(Book(book.read_bytes()).stored, ["Base"]), calculated(path), book


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """(figures of the workbook, figures of calc) of every published case, over two years from June 2026."""
    folder = tmp_path_factory.mktemp("published")
    unit = {"programme": "MISO auction 2025/26", "nominated_mw": 1, "rate_unit": "$/MW-day"}
    seasons = [{**unit, "season": s, "capacity_rate": rate, "periods": days} for s, (rate, days, _) in MISO.items()]
    usd = {name: [row] for name, (row, _) in USD.items()} | {"MISO": seasons}
    years = {"year": 2026, "fiscal_year_start": 6, "years": 2}
    faces = [_published("Dollars", "USD", usd, folder, **years)]
    faces += [_published("Euros", "EUR", {name: [row] for name, (row, _) in EUR.items()}, folder, **years)]
    return [{k: v for face in faces for k, v in face[i].items()} for i in (0, 1)]


@pytest.mark.parametrize("name", [*USD, *EUR])
def test_published(name, published):
    """The published case to the cent in its delivery year, in the workbook and from calc."""
    row, expected = {**USD, **EUR}[name]
    year = int(row.get("start", "2026")[:4])
    for figures in published:
        line = {key: figures["line", "Base", (name, "Published", "", year), key] for key in expected}
        assert expected == {key: round(figure, 2) for key, figure in line.items()}


def test_published_miso_2025_26(published):
    """MISO's four seasons, each for its own days, make 79,070.56 a MW and year."""
    for figures in published:
        place = {s: ("line", "Base", ("MISO", "MISO auction 2025/26", s, 2026), "capacity_revenue") for s in MISO}
        assert {s: money for s, (*_, money) in MISO.items()} == {s: round(figures[p], 2) for s, p in place.items()}
        assert 79070.56 == round(math.fsum(figures[p] for p in place.values()), 2)


@pytest.mark.libreoffice
def test_published_pjm_over_a_calendar_year(tmp_path, recalculated):
    """PJM 2026/27 and 2027/28 over the year 2027: each price for its own days, in core, workbook, calc and LibreOffice."""
    unit = {"nominated_mw": 1, "rate_unit": "$/MW-day"}
    rows = [{**unit, **USD[f"PJM RTO {season}"][0], "season": season} for season in ("2026/27", "2027/28")]
    stored, calc, book = _published("PJM", "USD", {"PJM": rows}, tmp_path, year=2027)
    core = budget(read_portfolio(tmp_path / "PJM.yaml")).scenarios[0].totals["capacity_revenue"]
    totals = [
        f["year", "Base", 2027, "capacity_revenue"] for f in (stored, calc, in_workbook(recalculated(book), ["Base"]))
    ]
    assert [CALENDAR_2027] * 4 == [round(total, 2) for total in (core, *totals)]
