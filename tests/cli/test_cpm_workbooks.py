"""Workbooks of cases from the command line: `cpm report -o`, `build --cpm`, `verify`."""

import json
import shutil
from pathlib import Path

import openpyxl

from flexrev_xl.workbook import template as templates
from flexrev_xl.workbook.sheets import cpm
from tests.cli.test_commands import codes
from tests.workbook import cases

NET = cpm.own_cell("storage_net").replace("$", "")


def _net(path):
    return openpyxl.load_workbook(path, data_only=True)["CPM"][NET].value


def test_report_as_a_workbook(flexrev):
    """A case is written as a workbook that holds what is printed, and that verify finds right."""
    cases.written(Path())
    written = flexrev("cpm", "report", "case.yaml", "-o", "cpm.xlsx")
    assert (0, "Written: cpm.xlsx\n") == (written.exit_code, written.stdout)
    told = json.loads(flexrev("cpm", "report", "case.yaml", "--json").stdout)
    assert abs(told["values"]["storage_net"] - _net("cpm.xlsx")) <= 1e-9 * told["values"]["added_revenue"]
    checked = flexrev("verify", "cpm.xlsx")
    assert (0, True) == (checked.exit_code, checked.stdout.endswith("all agree\n"))


def test_report_overwrites_nothing(flexrev):
    """A workbook that exists stays as it is unless it is forced."""
    cases.written(Path())
    Path("cpm.xlsx").write_bytes(b"ours")
    refused = flexrev("cpm", "report", "case.yaml", "-o", "cpm.xlsx")
    assert (1, ["FLEX-201"], b"ours") == (refused.exit_code, codes(refused), Path("cpm.xlsx").read_bytes())
    assert 0 == flexrev("cpm", "report", "case.yaml", "-o", "cpm.xlsx", "--force").exit_code


def test_report_from_a_template(flexrev):
    """A copy of the shipped template is built from; a budget's is refused, and so is one without a workbook to write."""
    cases.written(Path())
    shutil.copy(templates.folder() / templates.CPM.name, "ours.xlsx")
    shutil.copy(templates.folder() / templates.BUDGET.name, "budget.xlsx")
    built = flexrev("cpm", "report", "case.yaml", "-o", "cpm.xlsx", "--template", "ours.xlsx")
    other = flexrev("cpm", "report", "case.yaml", "-o", "other.xlsx", "--template", "budget.xlsx")
    alone = flexrev("cpm", "report", "case.yaml", "--template", "ours.xlsx")
    assert [0, 1, 1] == [built.exit_code, other.exit_code, alone.exit_code]
    assert [["FLEX-203"], ["FLEX-203"], False] == [codes(other), codes(alone), Path("other.xlsx").exists()]


def test_budget_with_a_case(flexrev):
    """--cpm adds a case to a budget; built again from the workbook the case is kept, and both verify."""
    cases.written(Path())
    assert 0 == flexrev("new", "portfolio.yaml").exit_code
    first = flexrev("build", "portfolio.yaml", "-o", "budget.xlsx", "--cpm", "case.yaml")
    again = flexrev("build", "budget.xlsx", "-o", "again.xlsx")
    assert [0, 0] == [first.exit_code, again.exit_code]
    assert (_net("budget.xlsx"), True) == (_net("again.xlsx"), again.stderr.startswith("Kept: the case Hourly hall"))
    assert [0, 0] == [flexrev("verify", name).exit_code for name in ("budget.xlsx", "again.xlsx")]


def test_budget_that_names_its_case(flexrev):
    """A portfolio names its case under cpm, by a file beside it; what is no name of a file is refused."""
    Path("cases").mkdir()
    cases.written(Path("cases"))
    flexrev("new", "cases/portfolio.yaml")
    portfolio = Path("cases/portfolio.yaml")
    text = portfolio.read_text("utf-8")
    portfolio.write_text(f"cpm: case.yaml\n{text}", "utf-8")
    assert 0 == flexrev("build", portfolio, "-o", "budget.xlsx").exit_code
    flexrev("cpm", "report", "cases/case.yaml", "-o", "cpm.xlsx")
    assert _net("cpm.xlsx") == _net("budget.xlsx")
    portfolio.write_text(f"cpm: [1]\n{text}", "utf-8")
    refused = flexrev("build", portfolio, "-o", "other.xlsx")
    assert (1, ["FLEX-105"], False) == (refused.exit_code, codes(refused), Path("other.xlsx").exists())


def test_budget_with_a_broken_case(flexrev):
    """A case that cannot be read is refused with its line, and no budget is written."""
    cases.written(Path(), cases.YAML.replace("grid_mw: 7", "grid_mw: seven"))
    flexrev("new", "portfolio.yaml")
    refused = flexrev("build", "portfolio.yaml", "-o", "budget.xlsx", "--cpm", "case.yaml")
    assert (1, ["FLEX-002"], False) == (refused.exit_code, codes(refused), Path("budget.xlsx").exists())
    assert "line 4, site.grid_mw" in refused.stderr
