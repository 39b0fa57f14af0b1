"""A generated workbook as the rules of finance read it: cells, classes of sheets, tables, parts of the file."""

import functools
import io
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property

import openpyxl
from lxml import etree
from openpyxl.formula import Tokenizer
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter, range_boundaries

WIDEST_GAP = 3  # characters
CLASSES = ("about", "inputs", "workings", "outputs", "control")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True)
class Table:
    """A table of a sheet: its header row, its columns, the row of its units (or None), and its lines."""

    sheet: object
    header_row: int
    columns: tuple
    unit_row: int | None
    first_row: int
    last_row: int

    @property
    def rows(self):
        """The rows of the lines."""
        return range(self.first_row, self.last_row + 1)

    @property
    def headers(self):
        """Header texts by column."""
        return {c: str(self.sheet.cell(self.header_row, c).value or "") for c in self.columns}

    def column_of(self, header):
        """The column under a header, or None."""
        return next((c for c, text in self.headers.items() if text == header), None)

    @property
    def unit_column(self):
        """The column of units where every row is a line item of its own, or None."""
        return None if self.unit_row else self.column_of("Unit")

    @property
    def period_columns(self):
        """The columns of a time axis."""
        return [c for c in self.columns if is_date_format(self.sheet.cell(self.header_row, c).number_format)]

    def labels(self):
        """(cell, label) of every line item: headers of a list, or what stands left of the unit on each row."""
        if self.unit_column:
            for row in self.rows:
                left = [self.sheet.cell(row, c).value for c in range(1, self.unit_column)]
                yield self.sheet.cell(row, 1), " ".join(str(v) for v in left if v)
        elif self.unit_row:
            for column, text in self.headers.items():
                yield self.sheet.cell(self.header_row, column), text

    def units(self):
        """(cell, unit) of every line item."""
        cells = []
        if self.unit_column:
            cells = [self.sheet.cell(row, self.unit_column) for row in self.rows]
        elif self.unit_row:
            cells = [self.sheet.cell(self.unit_row, column) for column in self.columns]
        return [(cell, cell.value) for cell in cells]

    def unit_of(self, cell):
        """The unit of a cell of the table, or None."""
        if self.unit_column:
            return self.sheet.cell(cell.row, self.unit_column).value
        return self.sheet.cell(self.unit_row, cell.column).value if self.unit_row else None


def read_parts(data):
    """The parts of an .xlsx by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class Book:
    """A workbook read three ways: formulas, stored results, and the parts of the file."""

    def __init__(self, data):
        self.formulas = openpyxl.load_workbook(io.BytesIO(data))
        self.stored = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        self.parts = read_parts(data)

    @property
    def sheets(self):
        """The sheets with their formulas."""
        return self.formulas.worksheets

    @property
    def first(self):
        """The first sheet."""
        return self.sheets[0]

    @cached_property
    def cells(self):
        """Every cell that holds something, as (sheet, cell)."""
        return [(s, c) for s in self.sheets for row in s.iter_rows() for c in row if c.value is not None]

    @cached_property
    def formula_cells(self):
        """Every cell that holds a formula, as (sheet, cell, text)."""
        return [(s, c, getattr(c.value, "text", c.value)) for s, c in self.cells if c.data_type == "f"]

    def value(self, cell):
        """The stored result of a formula, or the value of any other cell."""
        return self.stored[cell.parent.title][cell.coordinate].value

    def is_date(self, cell):
        """Whether a cell holds a date, or a formula that gives one."""
        return self.stored[cell.parent.title][cell.coordinate].is_date

    @cached_property
    def classes(self):
        """The class of each sheet as the contents of the first sheet tell it."""
        told = {self.first.title: "about"}
        for row in self.first.iter_rows(values_only=True):
            words = [str(v) for v in row if v is not None]
            word = words[-1].removesuffix(" tab") if words else ""
            if word in CLASSES and words[-1].endswith(" tab"):
                told.setdefault(words[0], word)
        return told

    def of_class(self, *classes):
        """The sheets of some classes."""
        return [s for s in self.sheets if self.classes.get(s.title) in classes]

    @cached_property
    def scenarios(self):
        """The sheets of the scenarios, as the header of the Scenarios sheet names them; none where there is none."""
        if "Scenarios" not in self.formulas.sheetnames:
            return []
        names = {
            c.value
            for row in self.formulas["Scenarios"].iter_rows(max_row=8)
            for c in row
            if c.style == "FlexRev header"
        }
        return [s for s in self.sheets if s.title in names]

    @cached_property
    def tables(self):
        """The tables of every sheet but the first, by title."""
        return {s.title: list(_tables(s)) for s in self.sheets if s is not self.first}

    @cached_property
    def currency(self):
        """The currency that the inputs name."""
        sheet = self.stored["Inputs" if "Inputs" in self.stored.sheetnames else "Case"]
        for row in sheet.iter_rows(max_row=12, max_col=4, values_only=True):
            values = [v for v in row if v is not None]
            if "Currency" in values[:2]:
                return str(row[2] if row[0] == "Currency" else row[3])
        return ""

    def xml(self, part):
        """A part of the file, parsed."""
        return etree.fromstring(self.parts[part])

    @cached_property
    def sheet_parts(self):
        """The part of each sheet by title."""
        return sheet_parts(self.parts)


def sheet_parts(parts):
    """The part of each sheet by title, from the parts of a file."""
    relations = etree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {r.get("Id"): r.get("Target").lstrip("/").removeprefix("xl/") for r in relations}
    return {
        s.get("name"): f"xl/{targets[s.get(f'{RELATION}id')]}"
        for s in etree.fromstring(parts["xl/workbook.xml"]).iter(f"{MAIN}sheet")
    }


def _styled(sheet, row, style):
    return tuple(c.column for c in sheet[row] if c.style.startswith(style) and c.value is not None)


def _tables(sheet):
    for row in range(1, sheet.max_row + 1):
        columns = _styled(sheet, row, "FlexRev header")
        if len(columns) > 1:
            yield from (_table(sheet, row, group) for group in _side_by_side(sheet, columns))


def _side_by_side(sheet, columns):
    """The columns of each table of a header row: tables are parted by an empty column, narrow as no column of a table is."""
    groups = []
    for column in columns:
        between = range(groups[-1][-1] + 1, column) if groups else ()
        if not groups or any(sheet.column_dimensions[get_column_letter(c)].width <= WIDEST_GAP for c in between):
            groups.append([])
        groups[-1].append(column)
    return [tuple(group) for group in groups]


def _table(sheet, row, columns):
    unit_row = next((r for r in (row + 1, row + 2) if _is_unit_row(sheet, r, columns)), None)
    first = (unit_row or row) + 1
    if sheet.cell(first, columns[0]).value == "Total":
        first += 1
    last = first - 1
    while any(sheet.cell(last + 1, c).value is not None for c in columns):
        if len(_styled(sheet, last + 1, "FlexRev header")) > 1:  # the next table stands right under it
            break
        last += 1
    return Table(sheet, row, columns, unit_row, first, last)


def _is_unit_row(sheet, row, columns):
    styled = sum(sheet.cell(row, c).style == "FlexRev unit" for c in columns)
    return styled * 2 > len(columns)


@functools.cache
def tokens(formula):
    """The parts of a formula."""
    return Tokenizer(formula).items


_WITH_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([A-Za-z_][\w.]*))!(.+)")


def split_reference(text, own_sheet):
    """(sheet, cells) of a reference."""
    match = _WITH_SHEET.fullmatch(text)
    if match is None:
        return own_sheet, text
    return (match[1] or "").replace("''", "'") or match[2], match[3]


def precedents(book, sheet, formula):
    """The cells that a formula reads, as (sheet title, row, column); a name stands for its cells."""
    for token in tokens(formula):
        if token.type != "OPERAND" or token.subtype != "RANGE":
            continue
        text = token.value
        if text in book.formulas.defined_names:
            text = book.formulas.defined_names[text].attr_text
        title, cells = split_reference(text, sheet.title)
        try:
            left, top, right, bottom = range_boundaries(cells.replace("$", ""))
        except ValueError:
            continue
        yield from ((title, r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
