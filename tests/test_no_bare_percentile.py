"""A percentile never goes by its letter and number alone, in anything that a person reads: lenders count the other way."""

import inspect
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from flexrev_xl.cli import _COMMANDS, main
from flexrev_xl.registry import ENTRIES
from tests.workbook.book import Book

BARE = re.compile(r"(?<!lenders' )\bP\d{1,2}(?:\.\d+)?\b")
ROOT = Path(__file__).resolve().parents[1]
_TAGS = re.compile(r"<(?:\w+:)?f>.*?</(?:\w+:)?f>", re.S)  # a cell's address is no percentile


def bare(text):
    """Every percentile by its letter alone in a text."""
    return BARE.findall(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("at P90", ["P90"]),
        ("P5 to P95.", ["P5", "P95"]),
        ("10th percentile: 9 years in 10 are better (lenders' P90)", []),
        ("1st percentile (lenders' P99), not P99", ["P99"]),
        ("MP90, $P$90, P100, SHIP90", []),
    ],
)
def test_what_is_barred(text, found):
    """A letter P with one or two digits is, but after the word lenders'."""
    assert found == bare(text)


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"])
def test_documents(name):
    """The documents that are read with the program."""
    assert [] == bare((ROOT / name).read_text("utf-8"))


@pytest.mark.parametrize("command", sorted(_COMMANDS))
def test_help_of_commands(command):
    """What every command says of itself."""
    result = CliRunner().invoke(main, [command, "--help"])
    assert (0, []) == (result.exit_code, bare(result.stdout))


def test_help_of_functions():
    """What `flexrev functions` prints, and the docstring of each function."""
    listed = CliRunner().invoke(main, ["functions", "--json"]).stdout
    assert True is (len(listed) > 1000)
    docs = [inspect.getdoc(entry.formula) for entry in ENTRIES.values()]
    texts = [listed, *docs, *(CliRunner().invoke(main, ["functions", name]).stdout for name in ENTRIES)]
    assert [] == [found for text in texts for found in bare(text)]


def test_docstrings_of_the_package():
    """Every line of code that may be printed to a person: docstrings, messages, labels."""
    allowed = re.compile(r"lenders' P\{|lenders' P90|P\$")
    found = {}
    for file in (ROOT / "flexrev_xl").rglob("*.py"):
        lines = [line for line in file.read_text("utf-8").splitlines() if bare(line) and not allowed.search(line)]
        if lines:
            found[file.name] = lines
    assert {} == found


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The folder of the demo, its portfolio, and its workbook with simulated years."""
    folder = tmp_path_factory.mktemp("demo")
    from flexrev_xl.workbook.starter import demo_text

    (folder / "portfolio.yaml").write_text(demo_text(), "utf-8")
    words = ["build", str(folder / "portfolio.yaml"), "-o", str(folder / "b.xlsx"), "--simulate", "200"]
    assert 0 == CliRunner().invoke(main, words).exit_code
    return folder


@pytest.mark.parametrize("words", [(), ("--json",)])
@pytest.mark.parametrize("command", ["calc", "simulate", "sensitivity", "verify"])
def test_output_of_commands(command, words, files):
    """What commands print, as text and as JSON."""
    file = files / ("b.xlsx" if command == "verify" else "portfolio.yaml")
    result = CliRunner().invoke(main, [command, str(file), *words])
    assert (0, []) == (result.exit_code, bare(result.output))
    if words:
        assert json.loads(result.stdout)


def test_cells_of_a_workbook(files):
    """Every text and every stored result of a workbook with simulated years."""
    book = Book((files / "b.xlsx").read_bytes())
    texts = [v for sheet in book.stored.worksheets for row in sheet.iter_rows(values_only=True) for v in row]
    texts = [text for text in texts if isinstance(text, str)]
    assert True is ("10th percentile: 9 years in 10 are better (lenders' P90)" in texts)
    assert [] == [found for text in texts for found in bare(text)]


def test_parts_of_a_workbook(files):
    """Charts, their descriptions and the prompts of inputs: every part of the file but addresses in formulas."""
    book = Book((files / "b.xlsx").read_bytes())
    parts = {
        name: data.decode() for name, data in book.parts.items() if re.search(r"charts/|drawings/|sharedStr", name)
    }
    assert True is (len(parts) > 10)
    assert {} == {name: bare(_TAGS.sub("", text)) for name, text in parts.items() if bare(_TAGS.sub("", text))}
    for sheet in book.sheets:
        prompts = [f"{v.prompt} {v.error} {v.promptTitle}" for v in sheet.data_validations.dataValidation]
        assert [] == [found for text in prompts for found in bare(text)]
