"""The table of a power trace: the columns of a CSV or Parquet file, read with polars."""

import csv
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flexrev_xl.errors import FlexError
from flexrev_xl.readers.telemetry_columns import NUMBER, OTHER, TEXT, TIME, shown

LARGEST_CSV = 4_000_000_000  # bytes
MOST_ROWS = 200_000_000  # six years of seconds
LONGEST_LINE = 1_000_000  # bytes of headings
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Table:
    """A file before its readings are read.

    Attributes:
        path: where it is.
        headings, kinds: of each column; see telemetry_columns.choose.
        first_row: the number that a reader gives to the first row of data: 2 below a heading, 1 in Parquet.
        delimiter, skipped_lines: of a CSV; the delimiter is empty for Parquet.
    """

    path: Any
    headings: tuple
    kinds: tuple
    first_row: int = 1
    delimiter: str = ""
    skipped_lines: int = 0

    def columns(self, numbers):
        """Some columns as a polars DataFrame, each by its number.

        Raises:
            FlexError: FLEX-114 where the file is broken, with the row where that can be told.
        """
        import polars as pl

        try:
            if not self.delimiter:
                names = [self.headings[n] for n in numbers]
                frame = pl.read_parquet(self.path, columns=names, glob=False, hive_partitioning=False)
                return frame.select(pl.col(name).alias(str(n)) for n, name in zip(numbers, names, strict=True))
            frame = pl.read_csv(
                self.path,
                separator=self.delimiter,
                columns=list(numbers),
                infer_schema=False,
                skip_lines=self.skipped_lines,
                has_header=False,
                schema={str(n): pl.String for n in range(len(self.headings))},
                glob=False,
            )
            return frame.slice(1)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as e:
            raise _why_broken(self, e) from None


def look_into(path):
    """A Table: what a file's headings say.

    Raises:
        FlexError: FLEX-101 cannot be read, FLEX-102 another kind of file, FLEX-114 broken or too large,
            CPM-165 nothing in it.
    """
    path = Path(path)
    kinds = {".csv": _csv, ".parquet": _parquet, ".pq": _parquet}
    look = kinds.get(path.suffix.lower())
    if not os.path.isfile(path):
        raise FlexError("FLEX-101", "there is no such file", place=path)
    if look is None:
        what = f"{path.suffix or 'a file without ending'} is not read"
        raise FlexError("FLEX-102", what, place=path, allowed=", ".join(kinds), remedy="Save it as CSV or Parquet.")
    try:
        return look(path)
    except OSError as e:
        raise FlexError("FLEX-101", e.strerror or str(e), place=path) from None


def _csv(path):
    size = path.stat().st_size
    if size > LARGEST_CSV:
        what = f"the file has {size:,} bytes"
        remedy = "Save it as Parquet, or in parts."
        raise FlexError("FLEX-114", what, place=path.name, allowed=f"at most {LARGEST_CSV:,} bytes", remedy=remedy)
    with path.open("rb") as file:
        lines, skipped = io.BytesIO(file.read(LONGEST_LINE)), 0
    line = lines.readline()
    while line and not line.decode("utf-8-sig", "replace").strip():
        skipped, line = skipped + 1, lines.readline()
    if not line:
        raise FlexError("CPM-165", "the file is empty", place=path.name)
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _not_utf8(path, skipped + 1) from None
    if "\0" in text or (len(line) == LONGEST_LINE and not line.endswith(b"\n")):
        remedy = "Save the file as CSV UTF-8."
        raise FlexError("FLEX-114", "the first line is not a line of headings", place=path.name, remedy=remedy)
    delimiter = max(_DELIMITERS, key=text.count)
    try:
        (headings,) = csv.reader([text.rstrip("\r\n")], delimiter=delimiter, strict=True)
    except csv.Error as e:
        remedy = "Look for a quotation mark that is not closed."
        raise FlexError("FLEX-114", str(e), place=f"{path.name} row {skipped + 1}", remedy=remedy) from None
    return Table(path, tuple(headings), (TEXT,) * len(headings), skipped + 2, delimiter, skipped)


def _parquet(path):
    import polars as pl

    try:
        lazy = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        schema = lazy.collect_schema()
        rows = lazy.select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as e:
        raise FlexError("FLEX-114", _first_line(e), place=path.name, remedy="Write the Parquet file again.") from None
    if rows > MOST_ROWS:
        remedy = "Read it in parts, or at a longer interval."
        raise FlexError("FLEX-114", f"{rows:,} rows", place=path.name, allowed=f"{MOST_ROWS:,}", remedy=remedy)

    def kind(dtype):
        if dtype in (pl.Datetime, pl.Date, pl.Duration):
            return TIME
        return NUMBER if dtype.is_numeric() else TEXT if dtype == pl.String else OTHER

    return Table(path, tuple(schema.names()), tuple(map(kind, schema.dtypes())))


def _not_utf8(path, line):
    remedy = "Save the file as CSV UTF-8."
    return FlexError("FLEX-114", f"line {line} is not UTF-8 text", place=path.name, remedy=remedy)


def _why_broken(table, error):
    """The first row of a CSV that cannot be parsed, with the reason; else what polars says."""
    path = table.path
    if table.delimiter:
        line = 0
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.reader(file, delimiter=table.delimiter, strict=True)
                for cells in reader:
                    if len(cells) > len(table.headings):
                        what = f"{shown(cells[len(table.headings)])} stands under no heading"
                        remedy = "Put text with a comma in quotation marks."
                        return FlexError("FLEX-114", what, place=f"{path.name} row {line + 1}", remedy=remedy)
                    line = reader.line_num
        except UnicodeDecodeError:
            return _not_utf8(path, _first_line_not_utf8(path))
        except csv.Error as e:
            remedy = "Look for a quotation mark that is not closed."
            return FlexError("FLEX-114", str(e), place=f"{path.name} row {line + 1}", remedy=remedy)
    remedy = "Write the file again from where it comes."
    return FlexError("FLEX-114", _first_line(error), place=path.name, remedy=remedy)


def _first_line_not_utf8(path):
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


def _first_line(error):
    return (str(error).strip().splitlines() or ["the file is broken"])[0].rstrip(".")[:200]
