"""A workbook as text that a person can read and compare: a file for each sheet and each other part that says something."""

import datetime as dt
import re

from lxml import etree

from flexrev_xl import __version__
from tests.workbook.book import MAIN, Book

DIGITS = 12
NOISE = 1e-6  # what is left of a difference that should be 0 hangs on the order of adding
LEFT_OUT = "Functions"  # written from the registry, which has tests of its own
_TOLD = re.compile(r"xl/(workbook|styles|charts/chart\d+|drawings/drawing\d+)\.xml|docProps/core\.xml")
_DATES = re.compile(r"<dcterms:.*?</dcterms:\w+>")


def texts(data):
    """Text by file name."""
    book = Book(data)
    told = {
        f"{number:02} {s.title}.txt": _sheet(book, s) for number, s in enumerate(book.sheets) if s.title != LEFT_OUT
    }
    for part, xml in book.parts.items():
        if _TOLD.fullmatch(part):
            told[part.replace("/", "-")] = _pretty(etree.fromstring(_DATES.sub("", xml.decode())))
    told["parts.txt"] = "\n".join(sorted(book.parts)) + "\n"
    return {name: text.replace(__version__, "VERSION") for name, text in told.items()}


def _sheet(book, sheet):
    """Everything around the cells as XML, then a line a cell: address, formula or value, stored result, style, number format."""
    xml = book.xml(book.sheet_parts[sheet.title])
    xml.remove(xml.find(f"{MAIN}sheetData"))
    lines = [_line(book, cell) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return _pretty(xml) + "\n".join(lines) + "\n"


def _line(book, cell):
    stored = f"\t{_shown(book.value(cell))}" if cell.data_type == "f" else ""
    return f"{cell.coordinate}\t{_shown(cell.value)}{stored}\t{cell.style}\t{cell.number_format}"


def _shown(value):
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, int | float):
        return "0" if abs(value) < NOISE else f"{value:.{DIGITS}g}"
    return str(value)


def _pretty(element):
    """XML with sorted attributes, an element a line."""
    plain = etree.fromstring(etree.canonicalize(element, strip_text=False))
    return etree.tostring(plain, pretty_print=True, encoding="unicode")
