"""A team's restyled copy of the template of a case is built from and verified; a broken one is refused."""

import io

import pytest

from flexrev_xl.errors import FlexError
from flexrev_xl.workbook import cpm_tabs
from flexrev_xl.workbook import template as templates
from flexrev_xl.workbook.cpm_build import build_cpm_workbook
from flexrev_xl.workbook.sheets import cpm_workings
from flexrev_xl.workbook.verify import verify_workbook
from tests.workbook.making import TODAY, opened, with_part, with_text
from tests.workbook.test_template import NAVY, PURPLE

SHIPPED = templates.folder() / templates.CPM.name


@pytest.fixture(scope="module")
def built_from_restyled(case_result, tmp_path_factory):
    """A case built from a copy with another colour, a wider column and a tab of the team's own, beside that copy."""
    folder = tmp_path_factory.mktemp("team")
    own = folder / "our_case.xlsx"
    workbook = opened(SHIPPED.read_bytes())
    workbook.create_sheet("Our notes", 2)["B2"] = "Board meeting: 12 May"
    workbook["CPM"].column_dimensions["B"].width = 51
    workbook.save(own)
    own.write_bytes(with_part(own.read_bytes(), "xl/styles.xml", lambda text: text.replace(NAVY, PURPLE)))
    build_cpm_workbook(case_result, folder / "cpm.xlsx", template=own, today=TODAY)
    return folder / "cpm.xlsx"


def test_restyled_copy_keeps_its_looks(built_from_restyled):
    """Fills, widths and the extra tab of the copy are in what is built from it, and About lists the tab."""
    workbook = opened(built_from_restyled.read_bytes())
    header = workbook["CPM"]["A6"]
    actual = header.fill.fgColor.rgb, workbook["CPM"].column_dimensions["B"].width, workbook["Our notes"]["B2"].value
    assert (PURPLE, 51, "Board meeting: 12 May") == actual
    assert "Our notes" in [row[0].value for row in workbook["About"].iter_rows(max_col=1)]


def test_restyled_copy_verifies(built_from_restyled, tmp_path):
    """It agrees with its template beside it; without that its figures are still compared, and this is said."""
    report = verify_workbook(built_from_restyled)
    assert ((), (), 111) == (report.differences, report.notes, report.lines)
    alone = tmp_path / "cpm.xlsx"
    alone.write_bytes(built_from_restyled.read_bytes())
    report = verify_workbook(alone)
    said = "built from the template our_case.xlsx, which is not at hand (--template): its formulas are not compared, its figures are"
    assert ((), (said,), 111) == (report.differences, report.notes, report.lines)


def _changed(change):
    workbook = opened(SHIPPED.read_bytes())
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


NET = cpm_workings.own_cell("storage_net").replace("$", "")
FORMULA = opened(SHIPPED.read_bytes())["CPM workings"][NET].value
BROKEN = {
    "a tab missing": (_changed(lambda w: w.remove(w["CPM cash"])), "it lacks CPM cash"),
    "a unit changed": (
        with_text(SHIPPED.read_bytes(), "Case", "C10", "kW"),
        "'MW' is not in the cell where the shipped template has it",
    ),
    "a formula changed": (
        _changed(lambda w: w["CPM workings"].__setitem__(NET, 1)),
        f"{FORMULA!r} is not in the cell where the shipped template has it",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_contract(name, case_result, tmp_path):
    """A template that does not keep its contract is refused, naming what is amiss."""
    data, what = BROKEN[name]
    (tmp_path / "own.xlsx").write_bytes(data)
    with pytest.raises(FlexError) as refused:
        build_cpm_workbook(case_result, tmp_path / "out.xlsx", template=tmp_path / "own.xlsx")
    assert ("FLEX-203", what, False) == (refused.value.code, refused.value.what, (tmp_path / "out.xlsx").exists())


@pytest.mark.parametrize("title", [*cpm_tabs.TITLES, "Checks", "Change log"])
def test_moved_tables_are_refused(title, case_result, tmp_path):
    """A row put in above a table, as for a logo, would shift figures under other labels: refused."""
    (tmp_path / "own.xlsx").write_bytes(_changed(lambda workbook: workbook[title].insert_rows(2)))
    with pytest.raises(FlexError) as refused:
        build_cpm_workbook(case_result, tmp_path / "out.xlsx", template=tmp_path / "own.xlsx")
    assert "FLEX-203" == refused.value.code


def test_text_under_a_series_is_refused(case_result, tmp_path):
    """A note where the series will be written would be read as part of it."""
    (tmp_path / "own.xlsx").write_bytes(_changed(lambda w: w["CPM series"].__setitem__("B40", "our note")))
    with pytest.raises(FlexError) as refused:
        build_cpm_workbook(case_result, tmp_path / "out.xlsx", template=tmp_path / "own.xlsx")
    assert "FLEX-203" == refused.value.code
