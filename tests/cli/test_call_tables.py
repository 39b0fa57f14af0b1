"""Tables at the prompt: `flexrev call` and `flexrev functions` of what takes or gives a table."""

import json

import pytest
from click.testing import CliRunner

from flexrev_xl.cli import main
from flexrev_xl.core.resources import ResourceTable
from flexrev_xl.registry import find

TABLE = "{name,kind,power_mw,energy_mwh,units;UPS,ups,10,12,3;Engines,generator,8,96,2}"


def run(*arguments):
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(
    ("table", "more", "nominated"),
    [
        (TABLE, [], 14),
        (TABLE, ["n_plus_1=TRUE"], 8),
        (TABLE, ["0", "1", "5"], 5),
        ("{UPS,ups,10,12}", [], 6),
        ("{UPS,ups,10,,2}", [], 10),
        ('{"UPS; A, ""old""",ups,10,12;"",,,}', [], 6),
        ("{ name , kind , power_mw , energy_mwh , derate ; UPS , ups , 10 , 12 , 50% }", [], 3),
    ],
)
def test_table_is_written_as_an_array_constant(table, more, nominated):
    """Rows are parted by semicolons, cells by commas; quotation marks hold both, and an empty cell is empty."""
    done = run("call", "FLEX_NOMINATED_CAPACITY", table, "2", *more)
    assert (0, f"{nominated} MW\n") == (done.exit_code, done.output)


def test_quoted_text_comes_out_as_it_was():
    """A name with signs of its own is printed without the quotation marks around it."""
    done = run("call", "FLEX_NOMINATION_TABLE", '{"UPS; A, ""old""",ups,10,12}', "2", "--json")
    assert [['UPS; A, "old"', "ups", 6.0, "energy", "MW"], ["Total", "all", 6.0, "", "MW"]] == json.loads(done.output)


@pytest.mark.parametrize("name", ["FLEX_NOMINATED_CAPACITY", "FLEX_NOMINATION_TABLE", "FLEX_DISPATCH_PLAN"])
def test_example_can_be_pasted(name):
    """The table of a worked example, copied from the help, is read at the prompt."""
    entry = find(name)
    table, rest = entry.example_formula[len(name) + 2 : -1].split("}")
    done = run("call", name, table + "}", *rest[1:].split(","), "--json")
    assert entry.example[1] == json.loads(done.output)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('{"UPS,ups,10,12}', "FLEX-022 resource_table: a quotation mark is not closed"),
        ("{UPS,ups,10,12;B,ups,10}", "FLEX-020 resource_table: its rows have different lengths"),
        ("{UPS,ups,x,12}", "FLEX-002 resource_table, row 1, power_mw: 'x' is not a number"),
        ("", "FLEX-001 resource_table: no row in the whole range"),
    ],
)
def test_bad_table_is_wrong_input(table, message):
    """A table that cannot be read is told by code and place."""
    done = run("call", "FLEX_NOMINATED_CAPACITY", table, "2")
    assert (1, True) == (done.exit_code, message in done.output)


def test_spilled_table_has_the_names_of_its_columns():
    """A plan is printed under resource, MW, MWh and cost."""
    lines = run("call", "FLEX_DISPATCH_PLAN", TABLE, "20", "2").output.splitlines()
    assert ["MW", "MWh", "cost"] == lines[1].replace("┃", " ").split()


def test_help_lists_the_columns_of_a_table():
    """`flexrev functions NAME` shows each column with unit, bounds and default, in print and as JSON."""
    names = ResourceTable.__metadata__[0].names
    shown = run("functions", "FLEX_NOMINATED_CAPACITY").output
    assert [] == [name for name in names if name not in shown.partition("column of resource_table")[2]]
    described = json.loads(run("functions", "FLEX_NOMINATED_CAPACITY", "--json").output)["arguments"]
    assert names == [c["name"] for c in described[0]["columns"]]
    assert "FALSE" == next(a["default"] for a in described if a["name"] == "n_plus_1")
