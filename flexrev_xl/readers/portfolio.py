"""A portfolio file into a Portfolio: the kind of file decides the reader."""

import os
from pathlib import Path

from flexrev_xl.errors import FlexError

LARGEST_TEXT_FILE = 50_000_000  # bytes


def read_portfolio(path, *, currency="", year=None, name="", decimal=".", programmes=None, exchange_rates=None):
    """Read a portfolio.

    Args:
        path: a .yaml, .yml, .csv or .xlsx file; a workbook must be one that flexrev built.
        currency, year, name: what a CSV has no place for; in other files they stand in for missing keys.
        decimal: the decimal mark of a CSV, "." or ",".
        programmes: a YAML file of your own programmes beside those of the library, or the library as read.
        exchange_rates: a YAML file with a list of rates, for a file that has no place for them.

    Returns:
        Portfolio.

    Raises:
        FlexError, FlexErrors: every mistake, with file, row or key, value, rule and remedy.
    """
    from flexrev_xl.portfolio.assemble import assemble

    path = Path(path)
    readers = {".csv": _csv, ".yaml": _yaml, ".yml": _yaml, ".xlsx": _xlsx}
    reader = readers.get(path.suffix.lower())
    if not os.path.isfile(path):
        raise FlexError("FLEX-101", "there is no such file", place=path)
    if reader is None:
        raise FlexError(
            "FLEX-102", f"{path.suffix or 'a file without ending'} is not read", place=path, allowed=", ".join(readers)
        )
    try:
        raw = reader(path, decimal)
    except OSError as e:
        raise FlexError("FLEX-101", e.strerror or str(e), place=path) from None
    for key, value in (("currency", currency), ("year", year), ("name", name)):
        if value and not raw.header.get(key):
            raw.header[key] = value
        elif key == "currency" and value and str(raw.header[key]).strip().upper() != value.strip().upper():
            raw.problems.append(
                FlexError("FLEX-013", f"{value} is asked for, and the file is in {raw.header[key]}", place="--currency")
            )
        elif key != "currency" and value and str(raw.header[key]).strip() != str(value).strip():
            raw.warnings.append(f"--{key} {value} is not used: {path.name} says {raw.header[key]}")
    if exchange_rates is not None:
        from flexrev_xl.readers.yaml_file import read_rates

        raw.exchange_rates = [*raw.exchange_rates, *read_rates(Path(exchange_rates))]
    if programmes is None or isinstance(programmes, dict):
        return assemble(raw, programmes)
    from flexrev_xl.readers.programme_file import read_programmes

    return assemble(raw, read_programmes(programmes))


def read_text_file(path):
    """The text of a file in UTF-8, with or without a byte order mark.

    Raises:
        FlexError: FLEX-101 cannot be read, FLEX-103 empty, FLEX-114 not UTF-8 or too large.
    """
    try:
        data = path.read_bytes()
    except OSError as e:
        raise FlexError("FLEX-101", e.strerror or str(e), place=path) from None
    if len(data) > LARGEST_TEXT_FILE:
        raise FlexError(
            "FLEX-114",
            f"the file has {len(data):,} bytes",
            place=path.name,
            allowed=f"at most {LARGEST_TEXT_FILE:,} bytes",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = data[: e.start].count(b"\n") + 1
        remedy = "Save the file as CSV UTF-8 or as UTF-8 text."
        raise FlexError("FLEX-114", f"line {line} is not UTF-8 text", place=path.name, remedy=remedy) from None
    if not text.strip():
        raise FlexError("FLEX-103", "the file is empty", place=path.name)
    return text


def _csv(path, decimal):
    from flexrev_xl.readers.csv_file import read

    return read(path, decimal)


def _yaml(path, decimal):
    from flexrev_xl.readers.yaml_file import read

    return read(path)


def _xlsx(path, decimal):
    from flexrev_xl.readers.xlsx_file import read

    return read(path)
