"""What every sheet has in common: header, print set-up, protection, and moving a model row down a table."""

from copy import copy

from openpyxl.utils import get_column_letter

from flexrev_xl.workbook.styles import TAB_COLOURS, put

STATUS = '=IF(Master_Check=0,"All checks OK","CHECK FAILED: see the Checks tab")'
KEY_ROWS_SEARCHED = 40
# Stand for row numbers in the text of a formula until it is written down a table.
# INPUT_ROW is the enrolment's on the tabs of inputs, LINE_ROW the line's on the tabs of workings.
INPUT_ROW, OWN_ROW, ROW_ABOVE, ROW_BELOW, LINE_ROW = "\x01", "\x02", "\x03", "\x04", "\x05"
FORMULA_MARKS = ("=", "+", "-", "@")


def set_up(sheet, sheet_class, title, repeat_rows, *, subtitle=None, paper="A4", status=True):
    """Title, subtitle, status of the checks, tab colour, protection, and how the sheet prints."""
    sheet.sheet_properties.tabColor = TAB_COLOURS[sheet_class]
    put(sheet, "A1", title, "title")
    if subtitle:
        put(sheet, "A2", subtitle, "subtitle", "text result" if subtitle.startswith("=") else "text")
    if status:
        put(sheet, "A3", STATUS, "status", "text result")
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if paper == "A3" else sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = repeat_rows
    sheet.oddFooter.left.text, sheet.oddFooter.center.text, sheet.oddFooter.right.text = "&F", "&A", "Page &P of &N"
    protect(sheet)
    sheet.sheet_view.showGridLines = False


def protect(sheet):
    """Lock formulas against slips; no password, so that an auditor can lift it."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.formatCells = False


def widths(sheet, *values):
    """Column widths from the first column on."""
    for number, width in enumerate(values, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def name_currency(sheet, currency, rows=KEY_ROWS_SEARCHED):
    """Units name the currency where the template says money, down to a row."""
    for row in sheet.iter_rows(min_row=1, max_row=min(sheet.max_row, rows)):
        for cell in row:
            if isinstance(cell.value, str) and cell.style == "FlexRev unit" and cell.value.startswith("money"):
                cell.value = currency + cell.value[len("money") :]


def key_row(sheet, first_key="site"):
    """The row that holds a table's column keys, found by the first of them; None where there is none."""
    for row in sheet.iter_rows(min_row=1, max_row=min(sheet.max_row, KEY_ROWS_SEARCHED), max_col=1):
        if row[0].value == first_key:
            return row[0].row
    return None


def keys(sheet, row):
    """Column numbers by key."""
    return {cell.value: cell.column for cell in sheet[row] if cell.value}


def write_column(sheet, column, first_row, values):
    """Write values down a column in the style of its first cell; text goes in as text.

    Args:
        values: numbers, dates and formulas as they are; a `Typed` for text from a file.
    """
    model = sheet.cell(first_row, column)._style
    quoted = copy(model)
    for row, value in enumerate(values, start=first_row):
        cell = sheet.cell(row, column)
        if type(value) is Typed:
            cell._style = model
            cell.data_type, cell._value = "s", value.text
            if value.looks_like_a_formula:
                cell._style = quoted
                cell.quotePrefix = True
        else:
            cell._style = model
            cell.value = value


class Typed:
    """Text that came from a file and must stay text."""

    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text

    @property
    def looks_like_a_formula(self):
        """Whether a spreadsheet would take it for a formula if a person typed it."""
        return self.text[:1] in FORMULA_MARKS
