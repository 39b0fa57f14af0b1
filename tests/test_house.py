"""The house keeps its shape: which part may import which, small documented files, examples that run."""

import ast
import doctest
import importlib
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "flexrev_xl"
FILES = sorted(PACKAGE.rglob("*.py"))
NAMES = [
    ".".join(("flexrev_xl", *f.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__") for f in FILES
]
MODULES = dict(zip(NAMES, FILES, strict=True))

# Each part with what it may import besides itself and errors; arrows go one way.
MAY_IMPORT = {
    "errors": set(),
    "core": set(),
    "programmes": {"core"},
    "registry": {"core", "programmes"},
    "portfolio": {"programmes", "core"},
    "analysis": {"portfolio", "programmes", "core"},
    "readers": {"portfolio", "programmes", "core"},
    "workbook": {"readers", "analysis", "portfolio", "programmes", "core", "registry"},
    "hosts": {"workbook", "readers", "analysis", "portfolio", "programmes", "core", "registry"},
    "udfs": {"registry", "core"},
    "cli": {"hosts", "workbook", "readers", "analysis", "portfolio", "programmes", "core", "registry"},
    "__main__": {"cli"},
}
# The public names load their homes when they are first used; the version stands there for everyone.
ROOT = "flexrev_xl"


def part(module):
    """The part of the house that a module belongs to."""
    return module.split(".")[1] if "." in module else ROOT


def imports(module):
    """Every module that a module imports, anywhere in its file."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            name = ".".join(filter(None, (base, node.module)))
            yield name
            yield from (f"{name}.{alias.name}" for alias in node.names if f"{name}.{alias.name}" in MODULES)


@pytest.mark.parametrize("module", [name for name in NAMES if name != ROOT])
def test_arrows_go_one_way(module):
    """A module imports its own part, errors, and the parts below it; nobody imports the command line."""
    own = part(module)
    used = {part(name) for name in imports(module) if name.startswith(f"{ROOT}.")}
    assert set() == used - MAY_IMPORT[own] - {own, "errors"}


def test_every_part_has_its_place():
    """A new part of the house is given its arrows here."""
    assert set() == {part(name) for name in NAMES} - set(MAY_IMPORT) - {ROOT}


def test_the_package_itself_imports_nothing_of_its_own():
    """`import flexrev_xl` loads a name's home when the name is first used."""
    assert [] == [name for name in imports(ROOT) if name.startswith(ROOT)]


@pytest.mark.parametrize("module", NAMES)
def test_a_file_is_small_and_says_what_it_is(module):
    """At most 400 lines, and a docstring that says what the file is for."""
    text = MODULES[module].read_text("utf-8")
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("module", [name for name in NAMES if part(name) not in ("udfs", "__main__")])
def test_examples_of_docstrings_run(module):
    """Every example gives what its docstring shows."""
    loaded = importlib.import_module(module)
    finder, runner = (
        doctest.DocTestFinder(exclude_empty=True),
        doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE),
    )
    for example in finder.find(loaded, module):
        runner.run(example)
    assert 0 == runner.failures


def test_there_are_examples():
    """The examples are found where they stand, so that running them means something."""
    loaded = importlib.import_module("flexrev_xl.core.units")
    found = {test.name.rpartition(".")[2] for test in doctest.DocTestFinder().find(loaded, "units") if test.examples}
    assert {"agree_on_currency", "parse_capacity_unit", "parse_energy_unit"} == found


@pytest.mark.parametrize("module", NAMES)
def test_nothing_but_public_apis_and_standard_registries(module):
    """Shipped code never imports xlwings.pro, and names no package registry."""
    assert [] == [name for name in imports(module) if name.startswith("xlwings.pro")]
    assert [] == re.findall(
        r"pypi\.|pythonhosted|conda\.|npmjs|artifactory|index-url", MODULES[module].read_text("utf-8"), re.I
    )
