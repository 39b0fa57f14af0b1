"""A CSV of enrolments: one enrolment and season a row, columns in any order."""

import csv
import io
from itertools import zip_longest

from flexrev_xl.errors import FlexError, nearest
from flexrev_xl.portfolio.assemble import Raw, RawRow, unknown_column
from flexrev_xl.portfolio.columns import BY_NAME, EXTRA_PREFIX, NAMES, NEEDED
from flexrev_xl.readers.portfolio import read_text_file
from flexrev_xl.readers.text import number_from_text

LONGEST_CELL = 100_000  # characters


def read(path, decimal="."):
    """What a CSV says, as Raw."""
    text = read_text_file(path)
    first_line = text.lstrip().splitlines()[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    raw = Raw(source=path.name, rows=[])
    lines = _lines(reader, raw)
    header = _header(next(lines, None), raw)
    if header:
        for number, cells in lines:
            _row(cells, header, f"{path.name} row {number}", decimal, raw)
    return raw


def _lines(reader, raw):
    """(line number, cells) of each row that is not empty; what csv cannot parse is told and ends the file."""
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as e:
        raw.problems.append(
            FlexError(
                "FLEX-114",
                f"{e}",
                place=f"{raw.source} row {start}",
                remedy="Look for a quotation mark that is not closed.",
            )
        )


def _header(line, raw):
    if line is None:
        return None
    number, cells = line
    names = [c.strip().lower() for c in cells]
    place = f"{raw.source} row {number}"
    known = [n for n in names if n in BY_NAME]
    if not known:
        allowed = ", ".join(NAMES[:8]) + ", ..."
        raw.problems.append(
            FlexError("FLEX-105", "the first row names no column of a portfolio", place=place, allowed=allowed)
        )
        return None
    for position, name in enumerate(names, start=1):
        if name and name not in BY_NAME and not name.startswith(EXTRA_PREFIX):
            raw.problems.append(unknown_column(cells[position - 1].strip(), f"{place}, column {position}"))
        elif name and names.index(name) != position - 1:
            twice = f"the column {name} stands twice"
            raw.problems.append(
                FlexError("FLEX-104", twice, place=f"{place}, column {position}", remedy="Keep one of them.")
            )
    unknown = [n for n in names if n not in BY_NAME]
    for name in NEEDED:
        if name not in names and not nearest(name, unknown):  # else its misspelling is told already
            raw.problems.append(FlexError("FLEX-105", f"the column {name} is missing", place=place))
    return names


def _row(cells, header, place, decimal, raw):
    if any(name in NEEDED and name not in header for name in NEEDED):
        return
    over = [cell for cell, name in zip_longest(cells, header, fillvalue="") if cell.strip() and not name]
    if over:
        problem = f"{over[0][:40]!r} stands under no column name"
        raw.problems.append(
            FlexError("FLEX-114", problem, place=place, remedy="Put text with a comma in quotation marks.")
        )
        return
    values = {}
    for name, cell in zip(header, cells, strict=False):
        if name in BY_NAME and BY_NAME[name].is_number:
            try:
                values[name] = number_from_text(cell, decimal)
            except FlexError as e:
                values[name] = e
        elif name in BY_NAME or name.startswith(EXTRA_PREFIX):
            values[name] = cell
    raw.rows.append(RawRow(values, place))
