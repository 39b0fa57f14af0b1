"""How money is grouped: in lakh and crore where the portfolio is in rupees.

A number format cannot hold two thresholds and the sign at once: the one in circulation for lakh and crore
drops the minus. So cells keep the house's format, and conditional formats put the Indian one in its place.
From 100 crore on the crores themselves are not grouped: 1234,56,78,901.
"""

from itertools import groupby

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter

from flexrev_xl.workbook.styles import FORMATS

CURRENCY = "INR"
_UNIT_STYLE = "FlexRev unit"
_LAKH, _CRORE = 100_000, 10_000_000
# By the house's format: the decimals shown, and the format from each threshold up, the largest first.
_GROUPED = {
    "money": (0, ((_CRORE, r"##\,##\,##\,##0_);(##\,##\,##\,##0)"), (_LAKH, r"##\,##\,##0_);(##\,##\,##0)"))),
    "rate": (2, ((_CRORE, r"##\,##\,##\,##0.00_);(##\,##\,##\,##0.00)"), (_LAKH, r"##\,##\,##0.00_);(##\,##\,##0.00)"))),
}  # fmt: skip
INDIAN_FORMATS = tuple(code for _, formats in _GROUPED.values() for _, code in formats)
_FIRST_FORMAT_ID = 300  # above what a workbook gives its own formats, from 164 up


def denomination(currency):
    """The currency of a header, with how its money is grouped where that is not by thousands.

    Example:
        >>> denomination("INR"), denomination("USD")
        ('INR (rupees, grouped in lakh and crore)', 'USD')
    """
    return f"{currency} (rupees, grouped in lakh and crore)" if currency == CURRENCY else currency


def group_indian(workbook):
    """Show the calculated money of a filled workbook in lakh and crore; cells and their formats stay as they are.

    Args:
        workbook: an openpyxl Workbook of a portfolio in rupees, its units named.
    """
    for sheet in workbook.worksheets:
        for kind, cells in _areas(_money_cells(sheet)):
            first, decimals = cells.split(":")[0], _GROUPED[kind][0]
            for threshold, code in _GROUPED[kind][1]:
                sheet.conditional_formatting.add(cells, _rule(f"ROUND(ABS({first}),{decimals})>={threshold}", code))


def _rule(formula, code):
    number_format = NumberFormat(numFmtId=_FIRST_FORMAT_ID + INDIAN_FORMATS.index(code), formatCode=code)
    return Rule(type="expression", dxf=DifferentialStyle(numFmt=number_format), formula=[formula], stopIfTrue=True)


def _money_cells(sheet):
    """The kind of money of each cell that shows money, by (column, row)."""
    found, of_column, of_row = {}, {}, {}
    kinds, units = {}, {}  # by the numbers of a format and of a named style: a name is looked up once
    for (row, column), cell in sorted(sheet._cells.items()):
        style = cell._style
        if style is None:  # a cell that nobody gave a look
            continue
        if style.xfId not in units:
            units[style.xfId] = cell.style == _UNIT_STYLE
        if units[style.xfId] and isinstance(cell.value, str):
            of_column[column] = of_row[row] = cell.value
            continue
        if style.numFmtId not in kinds:
            kinds[style.numFmtId] = next((k for k in _GROUPED if FORMATS[k] == cell.number_format), None)
        kind = kinds[style.numFmtId]
        if kind == "money" or (kind and _is_money(of_row.get(row) or of_column.get(column))):
            found[column, row] = kind
    return found


def _is_money(unit):
    """Whether a unit is rupees, or rupees for something."""
    return unit is not None and unit.split("/")[0] == CURRENCY


def _areas(found):
    """(kind, range) of the largest rectangles that runs of cells of one kind make, column by column."""
    runs = {}
    for column, cells in groupby(sorted(found), key=lambda at: at[0]):
        rows = [row for _, row in cells]
        for _, run in groupby(enumerate(rows), key=lambda pair: (pair[1] - pair[0], found[column, pair[1]])):
            run = [row for _, row in run]
            runs.setdefault((run[0], run[-1], found[column, run[0]]), []).append(column)
    for (first, last, kind), columns in runs.items():
        for _, neighbours in groupby(enumerate(columns), key=lambda pair: pair[1] - pair[0]):
            letters = [get_column_letter(column) for _, column in neighbours]
            yield kind, f"{letters[0]}{first}:{letters[-1]}{last}"
