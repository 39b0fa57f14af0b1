"""The Waterfall tab in a workbook of its own: running totals, what is drawn across zero, checks, charts, pages."""

import datetime as dt
import io
import re
from types import SimpleNamespace

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName

from flexrev_xl.workbook.results import finish
from flexrev_xl.workbook.sheets import summary, waterfall
from tests.workbook.book import read_parts

HEADERS = ("To", "Hidden under the bar, above zero", "Hidden under the bar, below zero")
REVENUE = ("Revenue, above zero", "Revenue, below zero")
TAKEN_OFF = ("Taken off, above zero", "Taken off, below zero")


def measures(gross, share, penalties, tests, buyouts, cost):
    """The measures of a scenario that the tab reads, in money."""
    return {
        "gross_revenue": gross,
        "aggregator_share": share,
        "penalties_borne": penalties,
        "test_charges": tests,
        "buyout_cost": buyouts,
        "operating_cost": cost,
        "net_revenue": gross - share - penalties - tests - buyouts - cost,
    }


USUAL = measures(1000.0, 200.0, 50.0, 10.0, 15.0, 125.0)
LOSS = measures(400.0, 100.0, 280.0, 0.0, 60.0, 90.0)
NOTHING_EARNED = measures(0.0, 0.0, 50.0, 0.0, 0.0, 30.0)


def plan_of(cases):
    """What the tab reads of a plan."""
    scenarios = [SimpleNamespace(name=name) for name in cases]
    return SimpleNamespace(portfolio=SimpleNamespace(currency="USD", scenarios=scenarios))


def composed(cases):
    """A workbook with the tab and a Summary of fixed figures."""
    workbook = Workbook()
    workbook.properties.created = dt.datetime(2026, 1, 1)
    for title in ("Inputs", summary.TITLE, "Checks", waterfall.TITLE):
        workbook.create_sheet(title)
    workbook.defined_names["Master_Check"] = DefinedName("Master_Check", attr_text="Checks!$D$6")
    for number, figures in enumerate(cases.values()):
        for key, value in figures.items():
            workbook[summary.TITLE][summary.cell(key, number).split("!")[1]] = value
    sheet = workbook[waterfall.TITLE]
    waterfall.lay_out(sheet)
    waterfall.fill(sheet, plan_of(cases))
    return workbook


def stored(cases):
    """The bytes of that workbook with its results."""
    workbook = composed(cases)
    return finish(workbook, {waterfall.TITLE: waterfall.chart_texts(workbook[waterfall.TITLE])})


def table(cases):
    """The columns of the tab by header: stored results of every block, one below the other."""
    sheet = load_workbook(io.BytesIO(stored(cases)), data_only=True)[waterfall.TITLE]
    first, last = waterfall.FIRST_ROW, waterfall.FIRST_ROW + waterfall.BLOCK_ROWS * len(cases) - 1
    headers = {cell.value: cell.column for cell in sheet[waterfall.HEADER_ROW] if cell.value}
    return {h: [sheet.cell(row, c).value for row in range(first, last + 1)] for h, c in headers.items()}


def test_the_steps_run_from_gross_to_net():
    """Each step begins where the one before ended, and the last cost ends at net."""
    columns = table({"Base": USUAL})
    assert [1000, 800, 750, 725, 600, 600] == columns["To"][:6]
    assert [0, 1000, 800, 750, 725, 0] == columns["From"][:6]
    assert [1000, 200, 50, 25, 125, 600] == columns["Amount"][:6]


@pytest.mark.parametrize("figures", [USUAL, LOSS, NOTHING_EARNED], ids=["usual", "loss", "nothing earned"])
def test_bars_are_drawn_where_the_running_totals_stand(figures):
    """Stacked from zero, hidden parts and bar reach from one running total to the next, on either side of zero."""
    columns = table({"Base": figures})
    for row in range(6):
        ends = columns["From"][row], columns["To"][row]
        up, down = (columns[header][row] for header in HEADERS[1:])
        above, below = (
            (columns[r][row] or 0) + (columns[t][row] or 0) for r, t in zip(REVENUE, TAKEN_OFF, strict=True)
        )
        assert (max(*ends, 0), min(*ends, 0)) == (up + above, down + below)
        assert abs(ends[1] - ends[0]) == above - below
        assert up >= 0 >= down
        assert above >= 0 >= below


def test_a_step_across_zero_is_split_there():
    """The buy-outs that turn 20 into -40 are drawn 20 above zero and 40 below it."""
    columns = table({"Base": LOSS})
    assert [20, -40] == [columns[header][3] for header in TAKEN_OFF]
    assert [0, -130] == [columns[header][5] for header in REVENUE]


def test_words_under_the_bars_name_step_and_amount():
    """The words carry the figure, a loss with a minus that no line break can part from it."""
    words = table({"Base": LOSS})["Words under the bar"]
    assert ["Gross revenue: 400", "Test charges and buy-outs: 60", "Net revenue: \u2212130"] == [
        words[i] for i in (0, 3, 5)
    ]


def test_words_do_not_hang_on_the_last_bits_of_a_sum():
    """An amount that one engine leaves a hair below a half reads as the half does, and next to nothing is 0 without a sign."""
    gross, share, *_ = table({"Base": measures(5000.499999999, -0.2, 0.0, 0.0, 0.0, 0.0)})["Words under the bar"]
    assert ("Gross revenue: 5,001", "Aggregator's share: 0") == (gross, share)


@pytest.mark.parametrize(("net", "difference"), [(600.0, 0), (601.5, -1.5)])
def test_the_check_compares_the_last_step_with_net(net, difference):
    """The check's cell holds what the steps end at less net, and Checks is pointed to it."""
    cases = {"Base": USUAL | {"net_revenue": net}}
    ((label, unit, formula, where),) = waterfall.check_cells(plan_of(cases))
    value = load_workbook(io.BytesIO(stored(cases)), data_only=True)[waterfall.TITLE][formula.split("!")[1]].value
    assert difference == value
    assert ("Base: the waterfall ends at net", "money") == (label, unit)
    assert where.startswith("Waterfall, rows 6 to 12")


@pytest.mark.parametrize("count", [1, 10])
def test_every_scenario_has_a_block_a_chart_and_a_check(count):
    """One to ten scenarios fill as many blocks of unique lines, with short formulas."""
    cases = {f"Scenario number {number} of the list": USUAL for number in range(count)}
    sheet = composed(cases)[waterfall.TITLE]
    rows = range(waterfall.FIRST_ROW, waterfall.FIRST_ROW + waterfall.BLOCK_ROWS * count)
    assert len(rows) == len({(sheet.cell(row, 1).value, sheet.cell(row, 2).value) for row in rows})
    assert count == len(sheet._charts) == len(list(waterfall.check_cells(plan_of(cases))))
    assert {"USD"} == {sheet.cell(row, 3).value for row in rows}
    assert all(len(c.value) <= 120 for row in sheet.iter_rows() for c in row if c.data_type == "f")


def test_pages_break_between_charts():
    """A page holds three blocks, and no break stands after the last."""
    for count, breaks in ((3, []), (4, [26]), (10, [26, 47, 68])):
        sheet = composed({f"S{number}": USUAL for number in range(count)})[waterfall.TITLE]
        assert breaks == [b.id for b in sheet.row_breaks.brk]


def test_amounts_that_are_one_reference_look_like_links():
    """A link to Summary is green; the sum of two measures is black."""
    sheet = composed({"Base": USUAL, "Low": LOSS})[waterfall.TITLE]
    looks = {sheet[f"D{row}"].style: sheet[f"D{row}"].value for row in (13, 16)}
    assert {"FlexRev link money": "=Summary!F13", "FlexRev calc money": "=Summary!F19+Summary!F20"} == looks


def test_charts_are_stacked_over_hidden_parts():
    """Hidden parts have no fill and no place in the legend; axes are shown and named."""
    parts = read_parts(stored({"Base": USUAL, "R&D <low>": LOSS}))
    xml = parts["xl/charts/chart2.xml"].decode()
    series = re.findall(r"<(?:c:)?ser>.*?</(?:c:)?ser>", xml, re.DOTALL)
    assert [True, True, False, False, False, False] == ["solidFill" not in s for s in series]
    assert ["0", "1", "3", "5"] == re.findall(r"legendEntry><(?:c:)?idx val=\"(\d)\"", xml)
    assert 'overlap val="100"' in xml and 'grouping val="stacked"' in xml and 'delete val="1"' not in _axes(xml)
    assert ["R&amp;D &lt;low&gt;: from gross to net", "USD a year"] == re.findall(r"<a:t>([^<]*)</a:t>", xml)


def _axes(xml):
    return "".join(re.findall(r"<(?:c:)?(?:cat|val)Ax>.*?</(?:c:)?(?:cat|val)Ax>", xml, re.DOTALL))


def test_charts_are_described():
    """Each chart tells its scenario and its steps to who cannot see it, also once the file is read again."""
    data = stored({"Base": USUAL, "Low": LOSS})
    texts = waterfall.chart_texts(load_workbook(io.BytesIO(data))[waterfall.TITLE])
    assert 2 == len(texts) == read_parts(data)["xl/drawings/drawing1.xml"].count(b"descr=")
    assert texts[1].startswith(
        "Waterfall of Low: from gross revenue, aggregator's share, penalties borne, test charges"
    )


def test_a_template_holds_one_block_and_no_formula():
    """What is laid out is headers, labels, units and looks; formulas and charts come with a portfolio."""
    sheet = Workbook().create_sheet(waterfall.TITLE)
    waterfall.lay_out(sheet)
    below = [c for row in sheet.iter_rows(min_row=waterfall.FIRST_ROW) for c in row if c.value is not None]
    assert {"B", "C"} == {c.column_letter for c in below}
    assert waterfall.FIRST_ROW + waterfall.BLOCK_ROWS - 1 == sheet.max_row
    assert [] == sheet._charts
