"""`flexrev verify`: what was changed in a workbook is found, with its sheet and cell, and nothing else is."""

import io
import json
import shutil
import subprocess

import openpyxl
import pytest
from click.testing import CliRunner

from flexrev_xl.cli import main
from tests.workbook.book import Book
from tests.workbook.making import (
    OTHER,
    SITE,
    built,
    changed,
    made,
    opened,
    with_formula,
    with_sheet,
    with_stored,
    with_text,
)


def verified(data, folder, *options):
    """(exit code, what `flexrev verify --json` prints)."""
    path = folder / "book.xlsx"
    path.write_bytes(data)
    done = CliRunner().invoke(main, ["verify", str(path), "--json", *options])
    return done.exit_code, json.loads(done.stdout) if done.stdout else done.stderr


def found(report):
    """(code, sheet, cell) of every difference."""
    return {(d["code"], d["sheet"], d["cell"]) for d in report["differences"]}


def outcome(code, report):
    """(exit code, the differences in order)."""
    return code, sorted(found(report))


def test_fresh_build(demo_book, tmp_path):
    """A workbook as it was built agrees with its inputs: exit code 0, all lines compared, nothing to note."""
    code, report = verified(demo_book, tmp_path)
    assert (0, True, 28, []) == (code, report["ok"], report["lines_compared"], report["notes"])


def test_printed_verdict(small_book, tmp_path):
    """Without --json each difference is a line with its place, and the last line is the verdict."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(with_stored(small_book, "Base", "T13", "1"))
    done = CliRunner().invoke(main, ["verify", str(path)])
    first, *_, last = done.stdout.splitlines()
    assert (3, "FLEX-302 Base!T13: 1.00 is stored; the formula gives 1,141,396.98") == (
        done.exit_code,
        first.split(". Recalculate")[0],
    )
    assert last.endswith("1 difference")


def test_stored_result_changed(small_book, tmp_path):
    """A stored result typed over is found in its own cell alone."""
    code, report = verified(with_stored(small_book, "Base", "T13", "1141397.08"), tmp_path)
    assert (3, {("FLEX-302", "Base", "T13")}) == (code, found(report))


def test_formula_changed(small_book, tmp_path):
    """A formula changed and recalculated is found where it stands, and in the lines that follow from it."""

    def change(workbook):
        workbook["Rates"]["P15"] = f"{workbook['Rates']['P15'].value}*1.1"

    code, report = verified(changed(small_book, change), tmp_path)
    assert (3, ("FLEX-301", "Rates", "P15")) == (code, min(found(report)))
    assert {("FLEX-304", "Base", "P13"), ("FLEX-304", "Base", "T13"), ("FLEX-304", "Low", "AW13")} <= found(report)


def _reversed_factors(formula):
    return "*".join(reversed(formula.split("*")))


def test_formula_changed_to_the_same_value(small_book, tmp_path):
    """A formula that gives the same value today is still another formula."""
    data = with_formula(small_book, "Rates", ["P15"], _reversed_factors)
    assert (3, [("FLEX-301", "Rates", "P15")]) == outcome(*verified(data, tmp_path))


def test_formula_overwritten(small_book, tmp_path):
    """A formula overwritten by the number it gave is found."""

    def change(workbook):
        workbook["Base"]["AB14"] = 0

    code, report = verified(changed(small_book, change), tmp_path)
    assert (3, {("FLEX-301", "Base", "AB14")}) == (code, found(report))


def test_input_changed_without_recalculation(small_book, tmp_path):
    """An input changed by a program that does not recalculate leaves stored results that are found, and no others."""
    code, report = verified(with_stored(small_book, "Inputs", "X15", "41"), tmp_path)
    cells = {cell for _, sheet, cell in found(report) if sheet == "Base"}
    assert (3, {"AV12", "AW12", "AZ12", "AV13", "AW13", "AZ13"}) == (code, cells)
    assert {"FLEX-302"} == {code for code, *_ in found(report)}


def test_input_changed_and_recalculated(small_book, tmp_path):
    """An input changed and recalculated is a budget like any other, with a note."""

    def change(workbook):
        workbook["Inputs"]["G15"] = 12
        workbook["Scenarios"]["E6"] = 0.25

    code, report = verified(changed(small_book, change), tmp_path)
    assert (0, ["the inputs were changed since the workbook was built"]) == (code, report["notes"])


def test_input_out_of_range(small_book, tmp_path):
    """An input that no portfolio could have is refused at its cell."""

    def change(workbook):
        workbook["Inputs"]["Q15"] = 1.2

    code, report = verified(changed(small_book, change), tmp_path)
    assert 3 == code
    assert ("FLEX-003", "Inputs", "Q15") in found(report)


def test_results_dropped(small_book, tmp_path):
    """What openpyxl saves has no stored results: each formula that gives any is named."""
    out = io.BytesIO()
    opened(small_book).save(out)
    code, report = verified(out.getvalue(), tmp_path)
    book = Book(small_book)
    giving = {("FLEX-303", s.title, c.coordinate) for s, c, _ in book.formula_cells if book.value(c) not in (None, "")}
    assert (3, giving) == (code, found(report))


def test_factor_of_a_unit_changed(small_book, tmp_path):
    """A factor of the Lists tab changed and recalculated is found, and so are the lines."""

    def change(workbook):
        workbook["Lists"]["B11"] = 1030

    code, report = verified(changed(small_book, change), tmp_path)
    assert 3 == code
    assert {("FLEX-305", "Lists", "B11"), ("FLEX-304", "Base", "T14")} <= found(report)


def test_tab_missing(small_book, tmp_path):
    """A tab taken out is named."""

    def change(workbook):
        del workbook["Functions"]

    code, report = verified(changed(small_book, change), tmp_path)
    assert (3, {("FLEX-306", "Functions", "")}) == (code, found(report))


def test_name_moved(small_book, tmp_path):
    """A defined name that points elsewhere is named."""

    def change(workbook):
        workbook.defined_names["Net_Revenue_Low"].attr_text = "Low!$AB$12"

    code, report = verified(changed(small_book, change), tmp_path)
    assert 3 == code
    assert ("FLEX-306", "Net_Revenue_Low", "") in found(report)


def test_other_tabs_and_looks(small_book, tmp_path):
    """A tab of one's own, wider columns and other colours are no differences."""

    def change(workbook):
        workbook.create_sheet("My notes")["A1"] = "=Summary!C10*2"
        workbook["Base"].column_dimensions["S"].width = 30
        workbook["Base"]["S13"].font = openpyxl.styles.Font(color="FF123456")

    code, report = verified(changed(small_book, change), tmp_path)
    assert (0, []) == (code, report["notes"])


def test_extensions_of_excel(small_book, tmp_path):
    """What Excel adds to a sheet that openpyxl cannot read, such as sparklines, is no difference and no warning."""
    sparklines = '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"/></extLst></worksheet>'
    assert (0, []) == outcome(*verified(with_sheet(small_book, "Summary", "</worksheet>", sparklines), tmp_path))


def test_book_of_another_version(small_book, tmp_path):
    """A workbook of another version is compared down its columns and across its scenario tabs."""
    older = with_text(small_book, "Change log", "A6", "0.0.1")
    note = "built by version 0.0.1: formulas are compared down columns and across scenario tabs only"
    code, report = verified(older, tmp_path)
    assert (0, [note]) == (code, report["notes"])
    one_row = with_formula(older, "Rates", ["P16"], _reversed_factors)
    one_tab = with_formula(one_row, "Low", ["Y13", "Y14"], lambda f: "+".join(reversed(f.split("+"))))
    code, report = verified(one_tab, tmp_path)
    expected = {("FLEX-301", "Rates", "P16"), ("FLEX-301", "Low", "Y13"), ("FLEX-301", "Low", "Y14")}
    follows = ("FLEX-302", "Low", "Y8")  # the tab itself says that the formula is not that of the first scenario
    assert (3, expected, True) == (code, {f for f in found(report) if f[0] == "FLEX-301"}, follows in found(report))


def _ours_no_more():
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"site,programme\n", "FLEX-114"), (b"PK\x03\x04 torn", "FLEX-114"), (_ours_no_more(), "FLEX-118")],
)
def test_not_a_budget(data, code, tmp_path):
    """A file that is no workbook, or none of ours, is refused with its code and exit code 1."""
    exit_code, message = verified(data, tmp_path)
    assert (1, code) == (exit_code, message[:8])


def test_no_file(tmp_path):
    """A file that does not exist is refused."""
    done = CliRunner().invoke(main, ["verify", str(tmp_path / "none.xlsx")])
    assert (1, "FLEX-101") == (done.exit_code, done.stderr[:8])


@pytest.fixture(scope="module")
def saved_by_libreoffice(small_book, soffice, tmp_path_factory):
    """The small workbook opened and saved again by LibreOffice, as a person would."""
    folder = tmp_path_factory.mktemp("saved")
    (folder / "book.xlsx").write_bytes(small_book)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        soffice,
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(folder / "out"),
        str(folder / "book.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    data = (folder / "out" / "book.xlsx").read_bytes()
    shutil.rmtree(folder / "profile")
    return data


@pytest.mark.libreoffice
def test_saved_by_libreoffice(saved_by_libreoffice, tmp_path):
    """LibreOffice writes the same formulas in another spelling: no differences."""
    code, report = verified(saved_by_libreoffice, tmp_path)
    assert (0, [], 4) == (code, report["notes"], report["lines_compared"])


@pytest.mark.libreoffice
def test_engine_libreoffice(small_book, soffice, tmp_path):
    """LibreOffice as the engine agrees on a good workbook and finds what is wrong with a bad one."""
    assert (0, []) == outcome(*verified(small_book, tmp_path, "--engine", "libreoffice"))
    code, report = verified(with_stored(small_book, "Base", "T13", "1141397.08"), tmp_path, "--engine", "libreoffice")
    assert (3, {("FLEX-302", "Base", "T13")}) == (code, found(report))


@pytest.mark.parametrize(
    ("sheet", "cell", "stored"),
    [
        ("Base", "O13", "0.9500001"),
        ("Base", "S13", "9.50001"),
        ("Base", "N13", "30.001"),
        ("Periods", "R15", "364.9999"),
        ("Energy", "H15", "0.9999999"),
        ("Checks", "D6", "1"),
        ("Summary", "E7", "15.51"),
    ],
)
def test_small_quantities_beside_large_money(sheet, cell, stored, tmp_path):
    """A share, a megawatt, an hour or a check is held against itself, not against the rupees beside it."""
    rows = [
        SITE | {"capacity_rate": 25e6, "rate_unit": "INR/MW-year", "energy_rate": 6000},
        OTHER | {"rate_unit": "INR/kW-month"},
    ]
    data = built(made(rows, currency="INR"))
    code, report = verified(with_stored(data, sheet, cell, stored), tmp_path)
    assert (3, {("FLEX-302", sheet, cell)}) == (code, found(report))


def test_changed_formula_comes_before_what_follows(small_book, tmp_path):
    """After a change with openpyxl, which drops every result, the changed formula is the first thing told."""
    workbook = opened(small_book)
    workbook["Base"]["T13"] = "=S13*P13*1"
    out = io.BytesIO()
    workbook.save(out)
    code, report = verified(out.getvalue(), tmp_path)
    first = report["differences"][0]
    assert (3, "FLEX-301", "Base", "T13") == (code, first["code"], first["sheet"], first["cell"])


def test_swapped_headings(small_book, tmp_path):
    """A heading or a unit that says something else is found, though every figure is right."""

    def swap(workbook):
        workbook["Summary"]["E6"], workbook["Summary"]["F6"] = "Low", "Base"
        workbook["Base"]["T11"] = "kUSD"

    code, report = verified(changed(small_book, swap), tmp_path)
    expected = {("FLEX-305", "Summary", "E6"), ("FLEX-305", "Summary", "F6"), ("FLEX-305", "Base", "T11")}
    assert (3, expected) == (code, found(report))


def test_quotes_that_another_program_leaves_out(tmp_path):
    """A tab whose name needs no quotes, in any script, is the same tab without them."""
    data = built(made([SITE], [{"name": "Base"}, {"name": "Élevé"}]))
    bare = with_sheet(data, "Summary", "'([^']*lev[^']*)'!", r"\1!", count=0)
    assert bare != data
    assert 0 == verified(bare, tmp_path)[0]
