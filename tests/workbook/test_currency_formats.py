"""Money of a portfolio in rupees: which cells are grouped in lakh and crore, and what a reader sees."""

import shutil
import subprocess

import pytest
from openpyxl import Workbook

from flexrev_xl.workbook.currency_formats import INDIAN_FORMATS, denomination, group_indian
from flexrev_xl.workbook.styles import FORMATS, put
from tests.conftest import missing

# What is printed of a value: as money, without decimals, and as a rate, with two.
PRINTED = {
    -12345678: ("(1,23,45,678)", "(1,23,45,678.00)"),
    12345678: ("1,23,45,678", "1,23,45,678.00"),
    99999: ("99,999", "99,999.00"),
    99999.6: ("1,00,000", "99,999.60"),
    100000: ("1,00,000", "1,00,000.00"),
    -100000: ("(1,00,000)", "(1,00,000.00)"),
    -99999: ("(99,999)", "(99,999.00)"),
    9999999.7: ("1,00,00,000", "99,99,999.70"),
    10000000: ("1,00,00,000", "1,00,00,000.00"),
    -10000000: ("(1,00,00,000)", "(1,00,00,000.00)"),
    0: ("-", "-"),
    -5: ("(5)", "(5.00)"),
    12345678901: ("1234,56,78,901", "1234,56,78,901.00"),
}


def book(**columns):
    """A workbook with a list under units: by column letter a (unit, format, values)."""
    workbook = Workbook()
    sheet = workbook.active
    for letter, (unit, shown_as, values) in columns.items():
        put(sheet, f"{letter}1", unit, "unit")
        sheet.column_dimensions[letter].width = 24
        for row, value in enumerate(values, start=2):
            put(sheet, f"{letter}{row}", value, "calc", shown_as)
    return workbook


def grouped(workbook):
    """The ranges that are shown in lakh and crore, once each."""
    group_indian(workbook)
    return sorted(str(area.sqref) for area in workbook.active.conditional_formatting)


def test_money_is_grouped_and_quantities_are_not():
    """Columns of rupees and of rupees for something are grouped; megawatt-hours and percentages are not."""
    workbook = book(
        A=("INR", "money", [1.0, 2.0]),
        B=("MWh", "quantity", [1.0, 2.0]),
        C=("INR/MWh", "rate", [1.0, 2.0]),
        D=("%", "percent", [0.1, 0.2]),
    )
    assert ["A2:A3", "C2:C3"] == grouped(workbook)


def test_the_unit_of_a_row_comes_before_that_of_the_column():
    """Where every row has a unit of its own, only the rows of rupees are grouped."""
    workbook = Workbook()
    for row, unit in enumerate(("INR", "MW", "INR"), start=1):
        put(workbook.active, f"A{row}", unit, "unit")
        put(workbook.active, f"B{row}", 1.0, "calc", "rate")
    assert ["B1", "B3"] == grouped(workbook)


def test_cells_without_a_look_are_left_alone():
    """A number that nobody formatted is no money, whatever stands above it."""
    workbook = book(A=("INR", "money", [1.0]))
    workbook.active["A3"] = 2.0
    assert ["A2"] == grouped(workbook)


def test_a_run_of_cells_is_grouped_at_once():
    """Neighbouring columns that begin and end alike share one range; the style of the cells may differ."""
    workbook = book(A=("INR", "money", [1.0] * 50), B=("INR", "money", [1.0] * 50), D=("INR", "money", [1.0] * 50))
    put(workbook.active, "A2", 1.0, "total", "money")
    assert ["A2:B51", "D2:D51"] == grouped(workbook)


def test_cells_keep_the_format_of_the_house():
    """The Indian formats stand in conditional formats alone, the largest first, and nothing after them is asked."""
    workbook = book(A=("INR", "money", [1.0]), B=("INR/MWh", "rate", [1.0]))
    group_indian(workbook)
    rules = [rule for area in workbook.active.conditional_formatting for rule in area.rules]
    assert INDIAN_FORMATS == tuple(rule.dxf.numFmt.formatCode for rule in rules)
    assert {True} == {rule.stopIfTrue for rule in rules}
    assert [FORMATS["money"], FORMATS["rate"]] == [workbook.active[cell].number_format for cell in ("A2", "B2")]
    assert ["ROUND(ABS(A2),0)>=10000000", "ROUND(ABS(A2),0)>=100000"] == [rule.formula[0] for rule in rules[:2]]


def test_indian_formats_keep_the_sign():
    """Each has a part for negative values, in brackets."""
    assert all(code.split(";")[1].startswith("(") for code in INDIAN_FORMATS)


@pytest.mark.parametrize(
    ("currency", "words"), [("INR", "INR (rupees, grouped in lakh and crore)"), ("USD", "USD"), ("GBP", "GBP")]
)
def test_a_header_names_the_grouping(currency, words):
    """The words of a header begin with the currency, and say where it is grouped otherwise than by thousands."""
    assert words == denomination(currency)


@pytest.mark.libreoffice
def test_libreoffice_prints_lakh_and_crore(soffice, tmp_path):
    """Every value, positive, negative or none, is printed with its sign and its groups."""
    reader = shutil.which("pdftotext") or missing("pdftotext")
    workbook = book(A=("INR", "money", list(PRINTED)), B=("INR/MWh", "rate", list(PRINTED)))
    group_indian(workbook)
    workbook.save(tmp_path / "rupees.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "rupees.xlsx")], capture_output=True, timeout=180, check=True)
    done = subprocess.run(
        [reader, "-layout", str(tmp_path / "rupees.pdf"), "-"], capture_output=True, text=True, check=True
    )
    lines = [tuple(line.split()) for line in done.stdout.splitlines() if line.strip()]
    assert list(PRINTED.values()) == lines[1 : 1 + len(PRINTED)]
