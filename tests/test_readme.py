"""The README: its generated parts are up to date, and every block of code in it runs."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from flexrev_xl.analysis.cpm_case import cpm_case
from flexrev_xl.analysis.simulate import simulate_portfolio
from flexrev_xl.cli import main
from flexrev_xl.readers.cpm_case_file import read_cpm_case
from flexrev_xl.readers.portfolio import read_portfolio
from tests.reference import PARTS, with_generated_parts

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.S | re.M)


def test_generated_parts_are_up_to_date(request):
    """Functions, columns, codes and the example's figures stand in the README as the program knows them."""
    expected = with_generated_parts(TEXT)
    if request.config.getoption("--rewrite-golden"):
        README.write_text(expected, "utf-8")
    assert expected == README.read_text("utf-8"), "run pytest with --rewrite-golden"
    assert set(PARTS) == set(re.findall(r"<!-- generated: (\w+) -->", TEXT))


def test_there_are_two_set_up_commands():
    """One command installs and runs the demo, one installs and runs the tests."""
    set_up = [b.strip() for language, b in BLOCKS if language == "bash" and "pip install" in b]
    assert ["flexrev demo", "python -m pytest"] == [command.split(" && ")[1] for command in set_up]


@pytest.mark.parametrize("block", [b for language, b in BLOCKS if language == "bash" and "pip install" not in b])
def test_commands_run(block, tmp_path, monkeypatch):
    """Commands run one after the other in an empty folder, as a reader would type them."""
    monkeypatch.chdir(tmp_path)
    for line in block.strip().splitlines():
        program, *arguments = shlex.split(line)
        assert "flexrev" == program
        result = CliRunner().invoke(main, arguments)
        assert 0 == result.exit_code, result.output


@pytest.mark.parametrize("block", [b for language, b in BLOCKS if language == "python"])
def test_python_runs(block):
    """Python runs and prints what the text around it promises."""
    done = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, check=True)
    assert "2282793.95\n" == done.stdout


YAML = [b for language, b in BLOCKS if language == "yaml"]


@pytest.mark.parametrize("block", [b for b in YAML if "\nload:" not in b])
def test_portfolios_are_simulated(block, tmp_path):
    """Every portfolio shown is one that can be budgeted, and simulated with what it assumes."""
    path = tmp_path / "portfolio.yaml"
    path.write_text(block, "utf-8")
    (year,) = simulate_portfolio(read_portfolio(path), draws=100).years
    assert 2 == len(year.lines)


@pytest.mark.parametrize("block", [b for b in YAML if "\nload:" in b])
def test_cases_are_worked_out(block, tmp_path):
    """Every case shown is one whose battery is worth something, gross."""
    path = tmp_path / "case.yaml"
    path.write_text(block, "utf-8")
    assert cpm_case(read_cpm_case(path)).storage.gross > 0.0


def test_every_language_is_covered():
    """No block is left untested."""
    assert {"bash", "python", "yaml"} == {language for language, _ in BLOCKS}
