"""The shipped template is what the code makes; a team's restyled copy is built from, and a broken one is refused."""

import io
import re

import pytest
from click.testing import CliRunner

from flexrev_xl.cli import main
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.scenarios import RESERVED_TABS
from flexrev_xl.workbook import template as templates
from flexrev_xl.workbook.build import build_workbook
from flexrev_xl.workbook.verify import verify_workbook
from tests.workbook.book import read_parts, sheet_parts
from tests.workbook.making import TODAY, opened, with_part, with_sheet, with_text

SHIPPED = templates.folder() / templates.NAME
PURPLE = "FF7030A0"
NAVY = "FF1F3864"
OF_A_SIMULATION = ("Risk", "Risk by month", "Risk by line", "Fingerprints")


def _without_dates(data):
    """The parts of a file, its dates taken out."""
    return {name: re.sub(rb"<dcterms:.*?</dcterms:\w+>", b"", part) for name, part in read_parts(data).items()}


@pytest.mark.parametrize("kind", templates.KINDS, ids=lambda kind: kind.name)
def test_shipped_template(kind, request):
    """The committed template is, part by part, what the code makes."""
    made, shipped = templates.template_bytes(kind), templates.folder() / kind.name
    if request.config.getoption("--rewrite-golden"):
        shipped.write_bytes(made)
    expected, actual = _without_dates(shipped.read_bytes()), _without_dates(made)
    assert list(expected) == list(actual)
    assert [] == [name for name in expected if expected[name] != actual[name]]


@pytest.fixture(scope="module")
def restyled(tmp_path_factory):
    """A copy of the template as a finance team would leave it: another colour, wider columns, a tab of its own."""
    path = tmp_path_factory.mktemp("team") / "our_budget.xlsx"
    workbook = opened(SHIPPED.read_bytes())
    workbook.create_sheet("Our notes", 3)["B2"] = "Board meeting: 12 May"
    workbook["Our notes"]["B3"] = "=Master_Check"
    workbook["Scenario"].column_dimensions["J"].width = 31
    workbook.save(path)
    path.write_bytes(with_part(path.read_bytes(), "xl/styles.xml", lambda text: text.replace(NAVY, PURPLE)))
    return path


@pytest.fixture(scope="module")
def built_from_it(restyled, small_portfolio):
    """A budget built from the restyled copy, beside it."""
    path = restyled.parent / "budget.xlsx"
    build_workbook(small_portfolio, path, template=restyled, source="test.yaml", today=TODAY)
    return path


def test_restyled_copy_keeps_its_looks(built_from_it):
    """Fonts, fills, widths and the extra tab of the copy are in what is built from it."""
    workbook = opened(built_from_it.read_bytes())
    header = workbook["Low"]["A9"]
    assert (PURPLE, "FlexRev header", 31) == (
        header.fill.fgColor.rgb,
        header.style,
        workbook["Low"].column_dimensions["J"].width,
    )
    assert ("Board meeting: 12 May", "=Master_Check") == (
        workbook["Our notes"]["B2"].value,
        workbook["Our notes"]["B3"].value,
    )
    before = opened(SHIPPED.read_bytes()).sheetnames
    place = before.index("Scenario")
    expected = [*before[:3], "Our notes", *before[3:place], "Base", "Low", *before[place + 1 :]]
    expected = [title for title in expected if title not in OF_A_SIMULATION]
    assert expected == workbook.sheetnames
    assert "Our notes" in [row[0].value for row in workbook["About"].iter_rows(max_col=1)]


def test_restyled_copy_verifies(built_from_it, restyled):
    """The template is found beside the workbook, or named; no differences either way."""
    for template in (None, restyled):
        report = verify_workbook(built_from_it, template=template)
        assert ((), ()) == (report.differences, report.notes)


def test_template_not_at_hand(built_from_it, tmp_path):
    """Without its template a workbook's formulas are compared among themselves, and that is said."""
    alone = tmp_path / "budget.xlsx"
    alone.write_bytes(built_from_it.read_bytes())
    report = verify_workbook(alone)
    assert () == report.differences
    assert ["built from the template our_budget.xlsx, which is not at hand"] == [
        note.split(" (")[0] for note in report.notes
    ]


def test_every_tab_is_kept_for_itself():
    """No scenario can have the name of a tab that the shipped template has, whether a budget then has that tab or not."""
    titles = opened((templates.folder() / templates.BUDGET.name).read_bytes()).sheetnames
    assert set() == set(titles) - set(RESERVED_TABS)


def _refusal(data, folder, portfolio, **options):
    (folder / "own.xlsx").write_bytes(data)
    with pytest.raises(FlexError) as refused:
        build_workbook(portfolio, folder / "out.xlsx", template=folder / "own.xlsx", **options)
    assert not (folder / "out.xlsx").exists()
    return refused.value.code, refused.value.what


def _without_tab(data, title):
    workbook = opened(data)
    del workbook[title]
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


BROKEN = {
    "a tab missing": (lambda t: _without_tab(t, "Rates"), "it lacks Rates"),
    "another key": (
        lambda t: with_text(t, "Inputs", "G13", "mw"),
        "'nominated_mw' is not in the cell where the shipped template has it",
    ),
    "no keys": (
        lambda t: with_text(t, "Scenario", "A10", ""),
        "'site' is not in the cell where the shipped template has it",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_contract(name, small_portfolio, tmp_path):
    """A template that does not keep its contract is refused, naming what is amiss."""
    change, what = BROKEN[name]
    assert ("FLEX-203", what) == _refusal(change(SHIPPED.read_bytes()), tmp_path, small_portfolio)


def _extended(data):
    return with_sheet(
        data,
        "Summary",
        "</worksheet>",
        '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"/></extLst></worksheet>',
    )


def _drawn(data):
    shape = '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"><xdr:sp macro=""/></xdr:wsDr>'
    return with_part(data, "xl/drawings/drawing1.xml", lambda text: shape)


SUMMARY = sheet_parts(read_parts(SHIPPED.read_bytes()))["Summary"]
LOSSES = {
    "xl/ctrlProps/ctrlProp1.xml": lambda t: with_part(t, "xl/ctrlProps/ctrlProp1.xml", lambda text: "<formControlPr/>"),
    SUMMARY: _extended,
    "xl/drawings/drawing1.xml": _drawn,
    "xl/drawings/vmlDrawing1.vml": lambda t: with_part(
        t, "xl/drawings/vmlDrawing1.vml", lambda text: '<xml><v:shape id="_x0000_s1"/></xml>'
    ),
}


@pytest.mark.parametrize("part", LOSSES)
def test_losses(part, small_portfolio, tmp_path):
    """A template of which something would be lost is refused, naming the part."""
    assert ("FLEX-204", f"building from it would lose {part}") == _refusal(
        LOSSES[part](SHIPPED.read_bytes()), tmp_path, small_portfolio
    )


def test_allowed_loss(tmp_path):
    """With --allow-loss it is built all the same."""
    own, out = tmp_path / "own.xlsx", tmp_path / "out.xlsx"
    own.write_bytes(_extended(SHIPPED.read_bytes()))
    run = CliRunner().invoke
    assert 0 == run(main, ["new", str(tmp_path / "portfolio.yaml")]).exit_code
    arguments = ["build", str(tmp_path / "portfolio.yaml"), "-o", str(out), "--template", str(own)]
    assert (1, False) == (run(main, arguments).exit_code, out.exists())
    assert (0, True) == (run(main, [*arguments, "--allow-loss"]).exit_code, out.exists())


def test_notes_are_kept(small_portfolio, tmp_path):
    """A template with notes on cells is built from, and keeps them."""
    from openpyxl.comments import Comment

    workbook = opened(SHIPPED.read_bytes())
    workbook["Summary"]["A6"].comment = Comment("Check with treasury", "CFO")
    workbook.save(tmp_path / "own.xlsx")
    build_workbook(small_portfolio, tmp_path / "out.xlsx", template=tmp_path / "own.xlsx")
    assert "Check with treasury" == opened((tmp_path / "out.xlsx").read_bytes())["Summary"]["A6"].comment.text


@pytest.mark.parametrize(
    "title", [title for title in opened(SHIPPED.read_bytes()).sheetnames if title not in ("About", "Functions")]
)
def test_moved_tables_are_refused(title, small_portfolio, tmp_path):
    """A row put in above a table, as for a logo, would shift figures under other labels: refused."""
    data = changed_template(lambda workbook: workbook[title].insert_rows(2))
    code, what = _refusal(data, tmp_path, small_portfolio)
    assert ("FLEX-203", True) == (code, what.endswith("is not in the cell where the shipped template has it"))


@pytest.mark.parametrize(
    "title",
    [
        "Inputs",
        "Terms",
        "Events",
        "Simulation",
        "Markets",
        "Periods",
        "Capacity",
        "Energy",
        "Rates",
        "Scenario",
        "Budget",
        "Risk",
        "Risk by line",
        "Fingerprints",
    ],
)
def test_text_under_a_table_is_refused(title, small_portfolio, tmp_path):
    """A note where lines will be written would be read as one of them."""
    data = changed_template(lambda workbook: workbook[title].__setitem__("A30", "our note"))
    expected = ("FLEX-203", "'our note' stands in the rows that enrolments are written to")
    assert expected == _refusal(data, tmp_path, small_portfolio)


@pytest.mark.parametrize("title", ["Base", "base"])
def test_tab_named_like_a_scenario_is_refused(title, small_portfolio, tmp_path):
    """A tab of the team's own cannot stand in for a scenario."""
    data = changed_template(lambda workbook: workbook.create_sheet(title))
    assert "FLEX-116" == _refusal(data, tmp_path, small_portfolio)[0]


def changed_template(change):
    """The shipped template after a change in openpyxl."""
    workbook = opened(SHIPPED.read_bytes())
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
