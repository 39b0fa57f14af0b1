"""What a built workbook promises its reader: texts stay texts, links lead somewhere, names point at one cell, charts are told."""

import re

import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from flexrev_xl.portfolio.scenarios import defined_name_part
from tests.workbook.book import Book, split_reference
from tests.workbook.looks import DRAWING, undescribed
from tests.workbook.making import OTHER, SITE, built, made
from tests.workbook.test_finance_rules import HOSTILE


@pytest.fixture(scope="module")
def demo(demo_book):
    """The demo's workbook, read."""
    return Book(demo_book)


@pytest.fixture(scope="module")
def hostile():
    """A workbook whose every text looks like something else."""
    rows = [
        {**SITE, "site": text, "programme": f"{text}!", "entity": text, "source": text, "x_note": text}
        for text in HOSTILE
    ]
    return Book(built(made(rows, [{"name": "It's = 1+1"}], name=HOSTILE[0])))


def test_charts_have_alternative_text(demo):
    """Each chart says in words what it shows."""
    drawing = demo.xml("xl/drawings/drawing1.xml")
    assert (3, []) == (len(list(drawing.iter(f"{DRAWING}cNvPr"))), list(undescribed(drawing)))


def test_charts_show_every_scenario(demo):
    """Each series of the first charts reads one measure of all scenarios, its name beside them."""
    summary = demo.formulas["Summary"]
    last = "EFGH"[len(demo.scenarios) - 1]
    for chart in summary._charts[:2]:
        for series in chart.series:
            row = re.search(r"\$A\$(\d+)", series.tx.strRef.f)[1]
            assert f"'Summary'!$E${row}:${last}${row}" == series.val.numRef.f
            assert summary[f"A{row}"].value in ("Capacity revenue", "Energy revenue", "Gross revenue", "Net revenue")


def test_chart_shows_every_month(demo):
    """Each series of the last chart reads one measure of all months of the scenario shown, under the axis of Budget."""
    (table,) = demo.tables["Budget"]
    first, last = (get_column_letter(c) for c in (table.period_columns[0], table.period_columns[-1]))
    shown = {}
    for part in demo.formulas["Summary"]._charts[2]._charts:
        for series in part.series:
            row = re.fullmatch(r"Budget!\$D\$(\d+)", series.tx.strRef.f)[1]
            assert f"'Budget'!${first}${row}:${last}${row}" == series.val.numRef.f
            shown[demo.value(table.sheet[f"A{row}"])] = type(part).__name__
    months = demo.formulas["Summary"]._charts[2].series[0].cat.numRef.f
    assert f"'Budget'!${first}${table.header_row}:${last}${table.header_row}" == months
    expected = {"Scenario shown: Capacity revenue": "BarChart", "Scenario shown: Energy revenue": "BarChart"}
    assert {**expected, "Scenario shown: Net revenue": "LineChart"} == shown


def test_contents_lead_to_tabs(demo):
    """The contents list every other tab in order, each with a link to it inside the file."""
    about = demo.first
    links = [(c.value, split_reference(c.hyperlink.location, "")) for (c,) in about.iter_rows(max_col=1) if c.hyperlink]
    assert [(title, (title, "A1")) for title in demo.formulas.sheetnames[1:]] == links


@pytest.mark.parametrize("book", ["demo", "hostile"])
def test_names_point_at_single_cells(book, request):
    """Master_Check, and gross and net revenue of every scenario, are one cell each, the total of that name."""
    book = request.getfixturevalue(book)
    names = {"Master_Check": ("Checks", None)}
    for sheet in book.scenarios:
        names[f"Gross_Revenue_{defined_name_part(sheet.title)}"] = (sheet.title, "gross_revenue")
        names[f"Net_Revenue_{defined_name_part(sheet.title)}"] = (sheet.title, "net_revenue")
    assert set(names) | {"Enrolment_Rows"} == set(book.formulas.defined_names)
    for name, (title, key) in names.items():
        where, cells = split_reference(book.formulas.defined_names[name].attr_text, "")
        left, top, right, bottom = range_boundaries(cells.replace("$", ""))
        assert (title, left, top) == (where, right, bottom)
        if key:
            assert (key, "Total") == (
                book.formulas[title].cell(10, left).value,
                book.formulas[title].cell(top, 1).value,
            )


def _shown(book, title, column, first):
    cells = [book.formulas[title].cell(first + i, column) for i in range(len(HOSTILE))]
    return cells, [book.stored[title][c.coordinate].value for c in cells]


def test_texts_stay_texts_on_inputs(hostile):
    """A text that looks like a formula is text in the file, and marked so that it stays text when the cell is edited."""
    for column in (1, 28, 31, 33):
        cells, values = _shown(hostile, "Inputs", column, 15)
        assert list(HOSTILE) == values
        assert {"s"} == {c.data_type for c in cells}
        assert {text: text[0] in "=+-@" for text in HOSTILE} == {c.value: bool(c.quotePrefix) for c in cells}


def test_texts_stay_texts_on_scenario_tabs(hostile):
    """On a scenario tab such a text is what its link gives, as text; the name of the scenario too."""
    name = "It's = 1+1"
    cells, values = _shown(hostile, name, 1, 13)
    assert (list(HOSTILE), {"f"}) == (values, {c.data_type for c in cells})
    assert [f"=Inputs!A{row}" for row in range(15, 15 + len(HOSTILE))] == [c.value for c in cells]
    assert (name, "s") == (hostile.formulas[name]["B4"].value, hostile.formulas[name]["B4"].data_type)


def test_extra_columns():
    """x_ columns stand behind the others under their own names, with what the file gave."""
    book = Book(built(made([{**SITE, "x_contract": "A-17"}, {**OTHER, "x_budget_line": "=7"}])))
    shown = [[book.formulas["Inputs"].cell(row, column).value for row in (13, 15, 16)] for column in (33, 34)]
    assert [["x_contract", "A-17", None], ["x_budget_line", None, "=7"]] == shown


def test_same_portfolio_same_file(small_portfolio, small_book):
    """The same portfolio on the same day gives the same bytes."""
    assert small_book == built(small_portfolio)
