"""Every command as a user runs it: what it prints, what it writes, how it exits."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import flexrev_xl
from flexrev_xl.cli import _COMMANDS

README = Path(__file__).resolve().parents[2] / "README.md"
TOTALS = [
    "qualified_mw", "capacity_revenue", "dispatched_mwh", "energy_revenue", "gross_revenue", "guaranteed", "contingent",
    "penalties", "operating_cost", "customer_net", "net_revenue",
]  # fmt: skip


def files():
    """The names in the current folder."""
    return sorted(p.name for p in Path().iterdir())


def codes(result):
    """The codes told on standard error."""
    return re.findall(r"^([A-Z]+-[0-9]{3})", result.stderr, re.M)


def test_demo_writes_three_files_and_prints_the_figures(flexrev):
    """The demo writes its portfolio twice and its workbook; a second run changes nothing unless it is forced."""
    first = flexrev("demo")
    assert (0, ["demo_budget.xlsx", "p.csv", "portfolio.csv", "portfolio.yaml"]) == (first.exit_code, files())
    assert [] == [word for word in ("Net revenue", "Conservative", "USD") if word not in first.stdout]
    Path("portfolio.yaml").unlink()
    again = flexrev("demo")
    assert (1, ["FLEX-201"], False) == (again.exit_code, codes(again), Path("portfolio.yaml").exists())
    assert 0 == flexrev("demo", "--force").exit_code


def test_the_demo_files_agree(flexrev):
    """The YAML, the CSV and the workbook of the demo give one budget."""
    flexrev("demo")
    yaml, csv, book = (
        json.loads(flexrev("calc", name, "--json").stdout)["scenarios"]
        for name in ("portfolio.yaml", "portfolio.csv", "demo_budget.xlsx")
    )
    for a, b, c in zip(yaml, csv, book, strict=True):
        assert [pytest.approx(a["totals"], rel=1e-9)] * 2 == [b["totals"], c["totals"]]


@pytest.mark.parametrize("name", ["portfolio.yaml", "mine.yml", "mine.csv"])
def test_new_writes_a_portfolio_that_builds(flexrev, name):
    """What `new` writes is a portfolio; it never overwrites one by itself."""
    assert 0 == flexrev("new", name).exit_code
    assert 0 == flexrev("build", name, "-o", "b.xlsx").exit_code
    written = Path(name).read_bytes()
    again = flexrev("new", name)
    assert (1, ["FLEX-201"], written) == (again.exit_code, codes(again), Path(name).read_bytes())


def test_new_writes_yaml_by_itself_and_no_other_kind(flexrev):
    """Without a name it is portfolio.yaml; an .xlsx is not what `new` writes."""
    assert (0, True) == (flexrev("new").exit_code, Path("portfolio.yaml").exists())
    other = flexrev("new", "mine.xlsx")
    assert (1, ["FLEX-102"], False) == (other.exit_code, codes(other), Path("mine.xlsx").exists())


def test_calc_prints_a_table(flexrev):
    """Every quantity by scenario, with the defaults that were used."""
    result = flexrev("calc", "p.csv")
    assert 0 == result.exit_code
    assert [] == [
        word for word in ("12,000", "Guaranteed", "Stress", "Default used: performance") if word not in result.stdout
    ]


def test_calc_prints_json_under_the_promised_names(flexrev):
    """Totals and lines have the documented keys in their order, others among and behind them."""
    result = json.loads(flexrev("calc", "p.csv", "--json").stdout)
    assert {"currency", "scenarios", "defaults_used", "warnings"} <= set(result)
    assert ["Base", "Conservative", "Optimistic", "Stress"] == [s["name"] for s in result["scenarios"]]
    base = result["scenarios"][0]
    assert ["name", "totals", "lines"] == list(base)[:3]
    assert TOTALS == [key for key in base["totals"] if key in TOTALS]
    promised = ["site", "programme", "season", *TOTALS]
    assert [promised] * 2 == [[key for key in line if key in promised] for line in base["lines"]]
    assert ("USD", 12_000.0, ["Ashburn", "Boston"]) == (
        result["currency"],
        base["totals"]["net_revenue"],
        [x["site"] for x in base["lines"]],
    )


def test_options_for_what_a_csv_cannot_say(flexrev):
    """Currency, year, name and the decimal mark."""
    Path("q.csv").write_text(
        "site;programme;nominated_mw;capacity_rate;rate_unit\nMünchen;Vertrag;1,5;1000;MW-year\n", encoding="utf-8"
    )
    refused = flexrev("calc", "q.csv")
    assert (1, ["FLEX-108", "FLEX-109"]) == (refused.exit_code, codes(refused))
    words = ("--json", "--currency", "eur", "--year", 2030, "--name", "Süd", "--decimal", "comma")
    result = json.loads(flexrev("calc", "q.csv", *words).stdout)
    assert ("EUR", 1_500.0) == (result["currency"], result["scenarios"][0]["totals"]["capacity_revenue"])


def test_build_and_verify(flexrev):
    """A workbook is built once, agrees with itself, and is overwritten only when forced."""
    built = flexrev("build", "p.csv", "-o", "b.xlsx")
    assert (0, True) == (built.exit_code, "2 enrolments, 4 scenario tabs, USD" in built.stdout)
    before = Path("b.xlsx").read_bytes()
    again = flexrev("build", "p.csv", "-o", "b.xlsx")
    assert (1, ["FLEX-201"], before) == (again.exit_code, codes(again), Path("b.xlsx").read_bytes())
    assert 0 == flexrev("build", "p.csv", "-o", "b.xlsx", "--force").exit_code
    checked = flexrev("verify", "b.xlsx")
    assert (0, True) == (checked.exit_code, "all agree" in checked.stdout)


def test_verify_finds_a_changed_cell(flexrev):
    """A stored figure that its formula does not give is a difference: exit 3, by sheet and cell, in words and in JSON."""
    flexrev("build", "p.csv", "-o", "b.xlsx")
    where = change_a_stored_result("b.xlsx", "Base")
    told = flexrev("verify", "b.xlsx")
    assert (3, f"FLEX-302 Base!{where}") == (
        told.exit_code,
        told.stdout.splitlines()[0][: len(f"FLEX-302 Base!{where}")],
    )
    report = json.loads(flexrev("verify", "b.xlsx", "--json").stdout)
    assert (False, [("Base", where)]) == (report["ok"], [(d["sheet"], d["cell"]) for d in report["differences"]])


def change_a_stored_result(book, tab):
    """Write another number as the result of the first formula of a tab; its cell."""
    import openpyxl

    number = openpyxl.load_workbook(book, read_only=True).sheetnames.index(tab) + 1
    cells = []

    def change(match):
        cells.append(match[2].decode())
        return match[1] + b"<v>987654321</v>"

    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = f"xl/worksheets/sheet{number}.xml"
    parts[sheet] = re.sub(rb'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v>[0-9.]+</v>', change, parts[sheet], count=1)
    with zipfile.ZipFile(book, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return cells[0]


def test_every_mistake_is_told_and_nothing_is_written(flexrev):
    """A portfolio with two mistakes shows two lines and their number, and no workbook."""
    Path("q.csv").write_text(
        "site,programme,nominated_mw,capacity_rate,rate_unit\nA,P,-1,1,USD/MW-year\nB,P,1,1,$/kW\n", encoding="utf-8"
    )
    for words in (("build", "q.csv", "-o", "b.xlsx"), ("calc", "q.csv")):
        result = flexrev(*words)
        assert (1, ["FLEX-003", "FLEX-011"], "") == (result.exit_code, codes(result), result.stdout)
        assert "2 mistakes." == result.stderr.splitlines()[-1]
    assert ["p.csv", "q.csv"] == files()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("calc", "none.csv"), 1, "FLEX-101"),
        (("verify", "none.xlsx"), 1, "FLEX-101"),
        (("calc", "."), 1, "FLEX-101"),
        (("build", "p.csv", "-o", "b.ods"), 1, "FLEX-202"),
        (("build", "p.csv", "-o", "no/b.xlsx"), 1, "FLEX-202"),
        (("verify", "p.csv"), 1, "FLEX-114"),
        (("build", "p.csv"), 2, "--output"),
        (("calc",), 2, "FILE"),
        (("calc", "p.csv", "--year", "1999"), 2, "2000"),
        (("calc", "p.csv", "--colour"), 2, "--colour"),
        (("clac", "p.csv"), 2, "calc"),
        (("functions", "FLEX_TOTAL_REVENU"), 1, "FLEX_TOTAL_REVENUE"),
    ],
)
def test_wrong_input_and_wrong_usage(flexrev, words, code, told):
    """Wrong input exits 1 with a code, wrong usage 2 with what was meant."""
    result = flexrev(*words)
    assert (code, True) == (result.exit_code, told in result.stderr)


def test_functions_lists_and_shows(flexrev):
    """The list has every function, and one is shown with its arguments, example and source."""
    from flexrev_xl.registry import ENTRIES

    assert list(ENTRIES) == [e["name"] for e in json.loads(flexrev("functions", "--json").stdout)]
    assert [] == [name for name in ENTRIES if name not in flexrev("functions").stdout]
    shown = flexrev("functions", "flex_penalty")
    assert (0, True, True) == (shown.exit_code, "stop_loss_money" in shown.stdout, "342" in shown.stdout)


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_explains_itself_and_is_in_the_readme(flexrev, command):
    """--help works for each command, and the README names it."""
    result = flexrev(command, "--help")
    assert (0, True) == (result.exit_code, result.stdout.startswith("Usage:"))
    assert f"flexrev {command}" in README.read_text("utf-8")


def test_the_public_names_are_exactly_those_listed():
    """Every name of __all__ can be had, and nothing else is public."""
    listed = flexrev_xl.__all__
    assert [] == [name for name in listed if getattr(flexrev_xl, name, None) is None]
    assert sorted(listed) == dir(flexrev_xl)
    modules = {name for name in sys.modules if name.startswith("flexrev_xl.")}
    loaded = {n for n in vars(flexrev_xl) if not n.startswith("_") and f"flexrev_xl.{n}" not in modules}
    assert set() == loaded - set(listed) - {"importlib"}
    with pytest.raises(AttributeError):
        flexrev_xl.revenue_from_nothing  # noqa: B018


RUN = [sys.executable, "-m", "flexrev_xl"]


def test_in_a_process_of_its_own(flexrev):
    """`python -m flexrev_xl` prints, writes and exits like the command."""
    version = subprocess.run([*RUN, "--version"], capture_output=True, text=True, check=True)
    assert f"flexrev {flexrev_xl.__version__}\n" == version.stdout
    bad = subprocess.run([*RUN, "calc", "none.csv"], capture_output=True, text=True, check=False)
    assert (1, "", True) == (bad.returncode, bad.stdout, bad.stderr.startswith("FLEX-101 none.csv"))
    good = subprocess.run([*RUN, "calc", "p.csv", "--json"], capture_output=True, text=True, check=False)
    assert (0, "", 12_000.0) == (
        good.returncode,
        good.stderr,
        json.loads(good.stdout)["scenarios"][0]["totals"]["net_revenue"],
    )


def test_a_pipe_that_knows_few_letters(flexrev):
    """Names beyond the encoding of a pipe neither fail nor spoil the JSON."""
    Path("q.csv").write_text(
        "site,programme,nominated_mw,capacity_rate,rate_unit\n東京 🙂,P,1,1,USD/MW-year\n", encoding="utf-8"
    )
    environment = {
        "PYTHONIOENCODING": "cp1252",
        "PATH": "",
        **{k: v for k, v in os.environ.items() if k == "PYTHONPATH"},
    }
    run = subprocess.run([*RUN, "calc", "q.csv", "--json"], capture_output=True, check=False, env=environment)
    assert (0, b"") == (run.returncode, run.stderr)
    assert "東京 🙂" == json.loads(run.stdout.decode("cp1252"))["scenarios"][0]["lines"][0]["site"]
    table = subprocess.run([*RUN, "calc", "q.csv"], capture_output=True, check=False, env=environment)
    assert (0, b"") == (table.returncode, table.stderr)


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_starting_up_imports_nothing_heavy(word):
    """The version and the help come without numpy, pydantic, openpyxl, xlwings or rich."""
    script = f"""
import sys
sys.argv = ["flexrev", {word!r}]
from flexrev_xl.cli import main
try:
    main()
except SystemExit as e:
    heavy = {{"numpy", "pydantic", "openpyxl", "xlwings", "rich", "ruamel", "formualizer", "lxml"}} & set(sys.modules)
    sys.exit(f"code {{e.code}}, {{heavy}}" if e.code or heavy else 0)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (0, "") == (run.returncode, run.stderr)
