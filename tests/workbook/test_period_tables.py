"""The rules read a table with time across: its axis by rule 07, its formulas along the row by rule 08."""

import datetime as dt

import pytest

from tests.workbook.finance_rules import failures
from tests.workbook.making import changed

ENDS = [dt.datetime(2026, 1, 31), dt.datetime(2026, 2, 28), dt.datetime(2026, 3, 31)]
EVEN = ["=Summary!$C$10/12", "=Summary!$C$10/12", "=Summary!$C$10/12"]
RUNNING = ["=C6", "=C7+D6", "=D7+E6"]


def broken(data, ends=ENDS, even=EVEN, running=RUNNING):
    """The rules among 07 and 08 that a workbook breaks with a tab of three months added."""

    def change(workbook):
        sheet = workbook.create_sheet("Months")
        for column, end in enumerate(ends, start=3):
            sheet.cell(5, column, end)
        sheet["A5"], sheet["B5"] = "Line", "Unit"
        for cell in sheet[5]:
            cell.style = "FlexRev header month" if cell.is_date else "FlexRev header"
        for row, (label, formulas) in enumerate((("Revenue", even), ("Revenue so far", running)), start=6):
            for column, value in enumerate((label, "USD", *formulas), start=1):
                sheet.cell(row, column, value)

    return {f.rule for f in failures(changed(data, change)) if f.rule in (7, 8)}


def test_good(small_book):
    """Month ends running forward, one formula a row, two where the first period opens."""
    assert set() == broken(small_book)


@pytest.mark.parametrize(
    "ends", [[ENDS[0], dt.datetime(2026, 2, 15), ENDS[2]], ENDS[::-1]], ids=["not an end", "backwards"]
)
def test_axis(ends, small_book):
    """A date that ends no month, or an axis that runs backwards, breaks rule 07."""
    assert {7} == broken(small_book, ends=ends)


def test_formulas(small_book):
    """A row with a third formula breaks rule 08."""
    assert {8} == broken(small_book, running=["=C6", "=C7+D6", "=D7+E6*2"])
