"""A case in a budget: its tabs under the budget's checks and contents, kept when the budget is built again."""

import pytest

from flexrev_xl.errors import FlexError
from flexrev_xl.readers.portfolio import read_portfolio
from flexrev_xl.workbook import cpm_tabs
from flexrev_xl.workbook import template as templates
from flexrev_xl.workbook.build import compose
from flexrev_xl.workbook.cpm_source import case_of_build
from tests.workbook import cases
from tests.workbook.finance_rules import failures
from tests.workbook.making import SITE, built, made, opened
from tests.workbook.test_cpm_workbook import with_inputs
from tests.workbook.test_verify import verified


@pytest.fixture(scope="module")
def with_case(small_portfolio):
    """The bytes of a small budget with a case."""
    return built(small_portfolio, case=cases.by_hand())


def test_rules(with_case):
    """A budget with a case keeps every rule of a finance workbook: one Master_Check, contents of every tab."""
    assert [] == failures(with_case)


def test_places(with_case):
    """The tabs of the case stand together before Functions; its checks are under the one master check; its outputs are named."""
    workbook = opened(with_case)
    before = workbook.sheetnames.index("Functions")
    assert list(cpm_tabs.TITLES) == workbook.sheetnames[before - len(cpm_tabs.TITLES) : before]
    labels = [row[0].value for row in workbook["Checks"].iter_rows(max_col=1)]
    assert set(labels) >= {label for label, *_ in cpm_tabs.checks()}
    assert set(workbook.defined_names) >= {"CPM_Gross_Value", "CPM_Net_Value", "CPM_Grid_Value", "Master_Check"}


def test_none_without_a_case(small_book):
    """A budget without a case has no tab and no name of one."""
    workbook = opened(small_book)
    assert [] == [title for title in cpm_tabs.TITLES if title in workbook.sheetnames]
    assert [] == [name for name in workbook.defined_names if name.startswith("CPM")]


def test_read_back(with_case, small_portfolio, tmp_path):
    """A budget read back gives its portfolio as if there were no case, and keeps the case when it is built again."""
    path = tmp_path / "budget.xlsx"
    path.write_bytes(with_case)
    read = read_portfolio(path)
    assert [e.key for e in small_portfolio.enrolments] == [e.key for e in read.enrolments]
    kept = case_of_build(None, path)
    assert cases.by_hand() == kept
    assert with_case == built(small_portfolio, case=kept)


def test_changed_case_is_kept(with_case, small_portfolio, tmp_path):
    """What was typed into the case since is kept, and so is that it is stale."""
    path = tmp_path / "budget.xlsx"
    path.write_bytes(with_inputs(with_case, battery_mw=0.5, gpu_opex=90.0))
    kept = case_of_build(None, path)
    assert (0.5, 90.0) == (kept.inputs["battery_mw"], kept.inputs["gpu_opex"])
    code, report = verified(built(small_portfolio, case=kept), tmp_path)
    assert (0, True) == (code, report["notes"][0].startswith("STALE"))


def test_no_case_to_keep(small_book, tmp_path):
    """A workbook without a case, a CSV, and a portfolio that names none have nothing to keep."""
    path, portfolio = tmp_path / "budget.xlsx", tmp_path / "portfolio.yaml"
    path.write_bytes(small_book)
    portfolio.write_text("name: Plain\n", "utf-8")
    found = [case_of_build(None, file) for file in (path, portfolio, tmp_path / "p.csv")]
    assert [None, None, None] == found


def test_another_currency_is_refused(small_portfolio):
    """Rupees do not stand beside dollars under one set of checks."""
    with pytest.raises(FlexError) as refused:
        built(small_portfolio, case=cases.by_hand("INR"))
    assert ("FLEX-129", "the case Round figures is in INR, the budget in USD") == (
        refused.value.code,
        refused.value.what,
    )


def test_scenario_named_like_a_tab_is_refused():
    """A scenario cannot have the name of a tab of the case; without a case it can."""
    portfolio = made([SITE], [{"name": "Base"}, {"name": "case"}])
    assert "case" in opened(built(portfolio)).sheetnames
    with pytest.raises(FlexError) as refused:
        built(portfolio, case=cases.by_hand())
    assert "FLEX-116" == refused.value.code


def test_beside_a_simulation(risk_portfolio, tmp_path):
    """A case and simulated years stand in one budget: every rule is kept and everything agrees."""
    data = built(risk_portfolio, draws=200, case=cases.by_hand())
    assert [] == failures(data)
    code, report = verified(data, tmp_path)
    assert (0, [], []) == (code, report["differences"], report["notes"])


def test_tab_of_a_template_in_the_way(small_portfolio, tmp_path):
    """A template with a tab that a case would bring is refused, naming it."""
    workbook = opened((templates.folder() / templates.BUDGET.name).read_bytes())
    workbook.create_sheet("cpm cash")
    workbook.save(tmp_path / "own.xlsx")
    with pytest.raises(FlexError) as refused:
        compose(small_portfolio, template=tmp_path / "own.xlsx", case=cases.by_hand())
    expected = ("FLEX-203", "'cpm cash' is a tab of the template already, and one of the case")
    assert expected == (refused.value.code, refused.value.what)
