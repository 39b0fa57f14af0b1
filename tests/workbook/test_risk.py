"""The Risk tabs: the figures of the simulation, live reserves, words for percentiles, and no tab where nothing was simulated."""

import io

import openpyxl
import pytest

from flexrev_xl.analysis.simulate import simulate_portfolio
from flexrev_xl.core.simulation import label
from flexrev_xl.errors import FlexError
from flexrev_xl.workbook.build import build_workbook
from tests.workbook.book import Book, read_parts
from tests.workbook.finance_rules import failures
from tests.workbook.looks import undescribed
from tests.workbook.making import OTHER, SITE, TODAY, built, changed, made
from tests.workbook.test_finance_rules import HOSTILE, WIDE

TABS = ("Risk", "Risk by month", "Risk by line", "Fingerprints")
CONFIDENCE = "C6"


def values(data):
    """A workbook opened for its stored results."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=True)


def table(data):
    """The rows of the Risk tab by label: what stands in the columns of figures."""
    return {row[0]: row[3:] for row in values(data)["Risk"].iter_rows(values_only=True) if row[0]}


@pytest.fixture(scope="module")
def expected(risk_portfolio):
    """The same simulation, as Python gives it."""
    return simulate_portfolio(risk_portfolio, draws=300, seed=2**63 + 11, confidence=0.975)


def test_rules_of_finance(risk_book):
    """A workbook with simulated years keeps all 25 rules."""
    assert [] == failures(risk_book)


def test_rules_with_hostile_texts_and_many_years():
    """Texts like formulas, ten budget years and the longest name of a scenario break no rule."""
    rows = [{**SITE, "site": text, "programme": f"{text} programme"} for text in HOSTILE]
    named = {"by_programme": [{"programme": f"{HOSTILE[0]} programme", "market": '=X"1'}]}
    assert [] == failures(built(made(rows, name=HOSTILE[0], simulation=named), draws=100))
    assert [] == failures(built(made([SITE, OTHER], [{"name": WIDE}], years=10), draws=100))


def test_years(risk_book, expected):
    """Each budget year and all of them together: mean, deviation, percentiles, median's interval, worst years, chance."""
    rows, outcomes = table(risk_book), [*(year.outcome for year in expected.years), expected.all_years]
    assert ("FY2026", "FY2027", "All years") == rows["Net revenue of a year"]
    for column, found in enumerate(outcomes):
        wanted = {
            "Mean": found.mean,
            "Standard deviation": found.sd,
            "The median lies, with 95% certainty, from": found.median_interval[0],
            "The median lies, with 95% certainty, up to": found.median_interval[1],
            "Mean of the worst 5% of years (CVaR)": found.cvar,
            "Probability below budget, as simulated": found.below_budget,
            **{label(p / 100): money for p, money in found.percentiles.items()},
            **{label(1 - share): money for share, money in found.exceedance},
        }
        assert wanted == pytest.approx({key: rows[key][column] for key in wanted}, rel=1e-9)


def test_the_budget_is_a_live_link(risk_book, expected):
    """The budget of each year is the Budget tab's cell, that of all years their sum."""
    risk = openpyxl.load_workbook(io.BytesIO(risk_book))["Risk"]
    assert [True, True, "=SUM(D9:E9)"] == [
        *(risk[c].value.startswith("=Budget!") for c in ("D9", "E9")),
        risk["F9"].value,
    ]
    budgets = [*(year.outcome.budget for year in expected.years), expected.all_years.budget]
    assert budgets == pytest.approx(table(risk_book)["Budget"], rel=1e-9)


def test_reserve_asked_for(risk_book, expected):
    """The confidence of the build is chosen, also one that no table has: 97.5 % of years are better."""
    rows = table(risk_book)
    assert "2.5th percentile: 39 years in 40 are better (lenders' P97.5)" in rows
    reserve = rows["Downside reserve: budget less that, where it is more"]
    found = [*(year.outcome.reserve for year in expected.years), expected.all_years.reserve]
    assert found == pytest.approx(reserve, abs=0.001)
    alone = [year.diversification.stand_alone for year in expected.years]
    assert alone == pytest.approx(rows["Sum of the reserves of all lines, each by itself"][:2], abs=0.01)


def test_another_confidence_is_chosen(risk_book, risk_portfolio):
    """Choosing 80 in the workbook gives the reserves that a simulation at 80 % has, of the portfolio and line by line."""
    rows = table(changed(risk_book, lambda workbook: workbook["Risk"].__setitem__(CONFIDENCE, 80)))
    again = simulate_portfolio(risk_portfolio, draws=300, seed=2**63 + 11, confidence=0.8)
    found = [year.outcome.reserve for year in again.years]
    assert found == pytest.approx(rows["Downside reserve: budget less that, where it is more"][:2], abs=0.001)
    saved = [year.diversification.saved for year in again.years]
    assert saved == pytest.approx(rows["Diversification: what they need less together"][:2], abs=0.01)


def test_confidences_to_choose_from(risk_book):
    """The picker offers every percentile that at least half of the years are better than."""
    sheet = openpyxl.load_workbook(io.BytesIO(risk_book))["Risk"]
    (rule,) = [v for v in sheet.data_validations.dataValidation if CONFIDENCE in v.sqref]
    offered = [cell.value for (cell,) in sheet[rule.formula1.replace("$", "")]]
    assert [99, 97.5, 95, 90, 80, 75, 70, 60, 50] == offered


def test_drivers(risk_book, expected):
    """What each driver makes of the variance alone, and what they make together, of each year."""
    rows = table(risk_book)
    for column, year in enumerate(expected.years):
        words = {driver: f"Share of variance: {driver}" for driver in year.shares}
        words |= {driver: f"{text} alone" for driver, text in words.items() if f"{text} alone" in rows}
        assert year.shares == pytest.approx({driver: rows[text][column] for driver, text in words.items()}, abs=1e-9)


def test_lines(risk_book, expected):
    """A row a line and year, in the order of Inputs, with its budget live and its own reserve."""
    rows = list(values(risk_book)["Risk by line"].iter_rows(min_row=15, max_row=20, values_only=True))
    lines = [(year.year, x) for year in expected.years for x in year.lines]
    named = [(x.enrolment.site, x.enrolment.season or "whole year", year) for year, x in lines]
    assert named == [(row[0], row[2], row[3]) for row in rows]
    assert ["Summer", "Winter", "whole year"] == [row[2] for row in rows[:3]]
    for row, (_, x) in zip(rows, lines, strict=True):
        assert [x.outcome.budget, x.outcome.mean, x.outcome.sd] == pytest.approx(row[4:7], rel=1e-9, abs=1e-6)
        assert x.outcome.reserve == pytest.approx(row[-2], abs=0.001)


def test_months(risk_book, expected):
    """Percentiles of each month of both years under the month-ends of Budget; bands are what lies between."""
    sheet = values(risk_book)["Risk by month"]
    months = [fan for year in expected.years for _, fan in year.months]
    for column, fan in enumerate(months, start=8):
        assert list(fan.values()) == pytest.approx([sheet.cell(row, column).value for row in range(16, 21)], rel=1e-9)
        bands = [b - a for a, b in zip(list(fan.values()), list(fan.values())[1:], strict=False)]
        assert bands == pytest.approx([sheet.cell(row, column).value for row in range(21, 25)], abs=0.002)
    assert 24 == len(months)
    assert values(risk_book)["Budget"].cell(14, 31).value == sheet.cell(14, 31).value


def test_how_it_was_simulated(risk_book):
    """Draws, the seed to its last digit, and what was assumed stand on the tab in words."""
    texts = [str(v) for row in values(risk_book)["Risk"].iter_rows(values_only=True) for v in row if v is not None]
    assert {"300", str(2**63 + 11), "Base"} <= set(texts)
    assert "Assumed: budget years: independent of each other" in texts
    assert "Assumed: events_per_year: dispatch_hours / hours_per_event (3 of 3 lines)" in texts


def test_charts_are_described(risk_book):
    """Three charts on Risk, each with a text for readers who cannot see it."""
    book = Book(risk_book)
    drawings = [p for p in book.parts if p.startswith("xl/drawings/drawing")]
    assert [] == [name for part in drawings for name in undescribed(book.xml(part))]
    told = [p for p in drawings if b"Exceedance curve" in book.parts[p]]
    assert [3] == [book.parts[p].count(b"descr=") for p in told]


def test_one_year_has_one_column(small_portfolio):
    """Of one budget year there is no column for all of them."""
    assert ("FY2026",) == table(built(small_portfolio, draws=100))["Net revenue of a year"]


def test_without_a_simulation_there_is_no_risk_tab(small_book):
    """Nothing simulated: no such tab, none in the contents of About, and the assumptions stand ready on their own tabs."""
    book = values(small_book)
    contents = {row[0].value for row in book["About"].iter_rows(max_col=1)}
    assert [] == [title for title in TABS if title in book.sheetnames or title in contents]
    assert {"Simulation", "Markets"} <= contents & set(book.sheetnames)


def test_contents_tell_of_the_risk_tabs(risk_book):
    """The contents of About name every tab that a simulation fills."""
    assert set(TABS) <= {row[0].value for row in values(risk_book)["About"].iter_rows(max_col=1)}


def test_libreoffice_gives_the_same(risk_book, recalculated, tmp_path):
    """Every live formula of the Risk tabs and of Fingerprints is worked out alike by a real spreadsheet program."""
    (tmp_path / "book.xlsx").write_bytes(risk_book)
    again, ours = recalculated(tmp_path / "book.xlsx"), values(risk_book)
    formulas = [(s.title, c.coordinate) for s, c, _ in Book(risk_book).formula_cells if s.title in TABS]
    assert 100 < len(formulas)
    for title, cell in formulas:
        theirs, mine = again[title][cell].value, ours[title][cell].value
        assert mine == (pytest.approx(theirs, rel=1e-9, abs=0.001) if isinstance(theirs, int | float) else theirs)


def test_the_same_workbook_twice(risk_portfolio, risk_book):
    """Built again with the same seed, every part of the file is the same."""
    again = built(risk_portfolio, draws=300, seed=2**63 + 11, confidence=0.975)
    assert read_parts(risk_book) == read_parts(again)


@pytest.mark.parametrize(
    ("how", "codes"),
    [
        ({"simulate": 99}, ["FLEX-144"]),
        ({"simulate": 10**9}, ["FLEX-144"]),
        ({"simulate": 99, "confidence": 0.2, "seed": -1}, ["FLEX-003", "FLEX-003", "FLEX-144"]),
    ],
)
def test_refusals(how, codes, tmp_path):
    """What cannot be simulated is refused, all at once, before anything is written."""
    with pytest.raises(FlexError) as refused:
        build_workbook(made([SITE, OTHER]), tmp_path / "b.xlsx", today=TODAY, **how)
    assert codes == sorted(p.code for p in refused.value.problems)
    assert [] == list(tmp_path.iterdir())


def test_interrupted(tmp_path):
    """Ctrl-C while years are simulated leaves no file, not even one beside it."""

    def interrupt(stage):
        if stage.startswith("simulating"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_workbook(made([SITE, OTHER]), tmp_path / "b.xlsx", simulate=1000, progress=interrupt)
    assert [] == list(tmp_path.iterdir())
