"""A table as an argument: a whole range with a record in each row, its columns by name or in a fixed order."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flexrev_xl.core.arguments import LONGEST_TEXT, REQUIRED, Choice, Quantity, is_empty
from flexrev_xl.errors import FlexError, nearest, refuse

UNREAD = "x_"  # columns whose names start so are the user's own


@dataclass(frozen=True)
class Label:
    """A name in a cell; a number is taken as the text it shows."""

    help: str
    unit: str = "text"
    allowed: str = f"one line of at most {LONGEST_TEXT} characters"

    def read(self, cell):
        """The text of one cell."""
        text = f"{cell:g}" if isinstance(cell, int | float) and not isinstance(cell, bool) else cell
        if not isinstance(text, str) or not text.isprintable() or len(text) > LONGEST_TEXT:
            raise FlexError("FLEX-107", f"{str(cell)[:40]!r} is not a name", allowed=self.allowed)
        return text.strip()


@dataclass(frozen=True)
class Word(Choice):
    """One of many words: a misspelt one is answered with the nearest."""

    def read(self, cell):
        """The word of one cell, as it is spelled here."""
        try:
            return super().read(cell)
        except FlexError as e:
            what = f"{e.what}.{nearest(cell, self.numbers)}".rstrip(".")
            raise FlexError(e.code, what, allowed=self.allowed) from None


@dataclass(frozen=True)
class Whole(Quantity):
    """A Quantity that is counted."""

    def read(self, cell):
        """One cell as a whole number within bounds, a float all the same."""
        value = super().read(cell)
        if not value.is_integer():
            raise FlexError("FLEX-003", f"{value:g} is not a whole number", allowed=self.allowed)
        return value


@dataclass(frozen=True)
class Column:
    """A column: its name, the mark that reads its cells, and what an empty cell means."""

    name: str
    mark: Any
    default: Any = REQUIRED

    @property
    def shown_default(self):
        """What an empty cell means, in words."""
        if self.default is REQUIRED:
            return "required"
        if self.default in (None, ""):
            return "may be left empty"
        if isinstance(self.default, str):
            return self.default
        return f"{self.default:.0%}" if self.mark.unit == "fraction" else f"{self.default:g}"


@dataclass(frozen=True)
class Table:
    """A whole range taken as records, a row each.

    Attributes:
        help: one line.
        columns: in the order that a range without a header row must keep.
        record: makes a record of the values of a row by name.
        faults: called with a record; yields what is wrong between its columns.
        key: the column whose text names a row and may stand only once.
    """

    help: str
    columns: tuple
    record: Callable
    faults: Callable
    key: str = "name"
    unit: str = "table"

    @property
    def names(self):
        """The columns in order."""
        return [c.name for c in self.columns]

    @property
    def allowed(self):
        """The columns in words."""
        return ", ".join(self.names)

    def read(self, grid):
        """The records of a range; rows that are empty throughout are left out.

        Raises:
            FlexError, FlexErrors: every fault at once, each with its row and column.
        """
        if len({len(row) for row in grid}) > 1:
            raise FlexError("FLEX-020", "its rows have different lengths", allowed="rows of one length")
        rows = [(n, row) for n, row in enumerate(grid, start=1) if not all(map(is_empty, row))]
        problems, names, columns_fit = [], self.names, True
        if rows and self._is_header(rows[0][1]):
            number, header = rows.pop(0)
            names = [as_column_name(cell) for cell in header]
            problems += (e.at(f"row {number}") for e in self._header_faults(header, names))
            columns_fit = not problems
        if not rows:
            problems.append(FlexError("FLEX-001", "no row in the whole range", allowed=self.allowed))
        records, seen = [], {}
        for number, row in rows:
            values, faults = self._values(names, row)
            if columns_fit and not faults:
                records.append(self.record(**values))
                faults += self.faults(records[-1])
            name = str(values.get(self.key) or "").lower()
            if name and seen.setdefault(name, number) != number:
                what = f"{values[self.key]!r} stands in row {seen[name]} already"
                faults.append(FlexError("FLEX-033", what, place=self.key))
            problems += (e.at(f"row {number}") for e in faults)
        refuse(problems)
        return records

    def _is_header(self, row):
        """Two column names make a header, or two near misses in a row that holds no number."""
        names = [as_column_name(cell) for cell in row]
        near = sum(bool(name and nearest(name, self.names)) for name in names)
        has_number = any(isinstance(cell, int | float) for cell in row)
        return sum(name in self.names for name in names) >= 2 or (near >= 2 and not has_number)

    def _header_faults(self, header, names):
        unknown = [n for n in names if n and n not in self.names and not n.startswith(UNREAD)]
        for position, (cell, name) in enumerate(zip(header, names, strict=True), start=1):
            if name in unknown:
                what = f"{str(cell)[:40]!r} is not a column.{nearest(name, self.names)}".rstrip(".")
                yield FlexError("FLEX-104", what, place=f"column {position}", allowed=self.allowed)
            elif name and names.index(name) != position - 1:
                what = f"the column {name} stands twice"
                yield FlexError("FLEX-104", what, place=f"column {position}", remedy="Keep one of them.")
        for c in self.columns:
            # A column that is missing because it is misspelt is told as misspelt already.
            if c.default is REQUIRED and c.name not in names and not nearest(c.name, unknown):
                yield FlexError("FLEX-105", f"the column {c.name} is missing", allowed=self.allowed)

    def _values(self, names, row):
        """The values of a row by name, and its faults."""
        cells, values, faults = dict(zip(names, row, strict=False)), {}, []
        for position, cell in enumerate(row, start=1):
            if not is_empty(cell) and (position > len(names) or not names[position - 1]):
                what = f"{str(cell)[:40]!r} stands under no column name"
                faults.append(FlexError("FLEX-104", what, place=f"column {position}", allowed=self.allowed))
        for c in self.columns:
            if c.name not in names and c.default is REQUIRED:
                continue  # told once, for the header
            try:
                values[c.name] = _read(c, cells.get(c.name))
            except FlexError as e:
                faults.append(e.at(c.name))
        return values, faults


def _read(column, cell):
    if not is_empty(cell):
        return column.mark.read(cell)
    if column.default is REQUIRED:
        raise FlexError("FLEX-001", "empty", allowed=column.mark.allowed)
    return column.default


def as_column_name(cell):
    """A header cell as a column name: "Power (MW)" is power_mw."""
    return "" if is_empty(cell) else re.sub(r"[^a-z0-9]+", "_", str(cell).strip().lower()).strip("_")
