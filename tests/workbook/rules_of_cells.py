"""Rules of a finance workbook that look at cells: labels, units, colours, sources, validation, protection, formats, access."""

import re
from collections import Counter

from openpyxl.utils import get_column_letter

from flexrev_xl.workbook.build import ROWS_OWN
from flexrev_xl.workbook.styles import FORMATS
from tests.workbook import looks

LONGEST_TITLE, LONGEST_TEXT = 32, 255
UNITS = {
    "MW",
    "MWh",
    "h",
    "h/year",
    "%",
    "times",
    "periods",
    "months",
    "month",
    "year",
    "date",
    "text",
    "count",
    "flag",
    "own unit",
    "days",
    "business days",
    "units",
    "weight",
    "minutes",
    "per unit",
    # of compute per megawatt
    "kW",
    "MW/s",
    "s",
    "C",
    "ratio",
    "factor",
    "years",
    "GPUs",
    "GPU-equivalents/MW",
    "MWh/year",
    "cycles/year",
    "events",
    "sd of ln",
}
PER = ("/MW-year", "/MWh", "/unit", "/MW", "/MW-month", "/GPU", "/GPU-hour", "")


def rule_13_labels(book):
    """Every line item has a label, unique in its sheet."""
    for title, tables in book.tables.items():
        labels = [(cell, text.strip().casefold()) for table in tables for cell, text in table.labels()]
        count = Counter(text for _, text in labels)
        yield from ((title, c.coordinate, f"label {text!r}") for c, text in labels if not text or count[text] > 1)


def rule_14_units(book):
    """Every line item has a unit of the list."""
    known = UNITS | {f"{money}{per}" for per in PER for money in (book.currency, ROWS_OWN)}
    for title, tables in book.tables.items():
        for cell, unit in (pair for table in tables for pair in table.units()):
            # A reference of functions speaks of money in any currency.
            unit = book.value(cell) if cell.data_type == "f" else unit
            listed = bool(unit) if title == "Functions" else unit in known
            if not listed:
                yield title, cell.coordinate, f"unit {unit!r}"


def rule_15_colours(book):
    """Typed inputs are blue on a light fill, formulas black, links to another sheet green, external ones red."""
    samples = {c.coordinate for c in looks.samples(book.first)}
    for sheet, cell in book.cells:
        if sheet is book.first and cell.coordinate in samples:
            continue
        wanted = looks.wanted(cell, sheet.title)
        if looks.name(cell) not in wanted:
            yield sheet.title, cell.coordinate, f"{looks.name(cell)}, not {' or '.join(sorted(wanted))}"


def rule_16_colour_key(book):
    """About holds a key with a sample of each colour and what it means."""
    shown = {looks.name(c) for c in looks.samples(book.first) if book.first.cell(c.row, c.column + 1).value}
    yield from (
        (book.first.title, "", f"no sample of {look}") for look in ("input", "black", "green") if look not in shown
    )


def rule_17_sources(book):
    """Every row of inputs says where they come from, in a column of its own."""
    for sheet in book.of_class("inputs"):
        for table in book.tables[sheet.title]:
            source = table.column_of("Source")
            for row in table.rows:
                typed = any(_is_input(sheet.cell(row, c)) for c in table.columns)
                if typed and not (source and sheet.cell(row, source).value):
                    yield sheet.title, f"{get_column_letter(source or 1)}{row}", "no source"


def _is_input(cell):
    return cell.value is not None and not cell.protection.locked


def rule_18_validation(book):
    """Every input is validated, with a prompt and an error text that fit."""
    for sheet in book.sheets:
        rules = [v for v in sheet.data_validations.dataValidation if _speaks(v)]
        inputs = [c for s, c in book.cells if s is sheet and _is_input(c)]
        yield from (
            (sheet.title, c.coordinate, "not validated")
            for c in inputs
            if not any(c.coordinate in v.sqref for v in rules)
        )


def _speaks(validation):
    texts = (validation.prompt, validation.error)
    titles = (validation.promptTitle or "", validation.errorTitle or "")
    fits = all(t and len(t) <= LONGEST_TEXT for t in texts) and all(len(t) <= LONGEST_TITLE for t in titles)
    return fits and validation.showErrorMessage and validation.showInputMessage


def rule_19_protection(book):
    """Sheets are protected without a password; formulas are locked and what looks like an input is not."""
    for sheet in book.sheets:
        if not sheet.protection.sheet or sheet.protection.password:
            yield sheet.title, "", "not protected, or with a password"
    samples = {c.coordinate for c in looks.samples(book.first)}
    for sheet, cell in book.cells:
        of_key = sheet is book.first and cell.coordinate in samples
        if cell.data_type == "f" and not cell.protection.locked:
            yield sheet.title, cell.coordinate, "a formula that is not locked"
        elif cell.data_type != "f" and not of_key and looks.name(cell) == "input" and cell.protection.locked:
            yield sheet.title, cell.coordinate, "an input that is locked"


def rule_23_number_formats(book):
    """Numbers and dates have a format of the house list that fits their unit and keeps the sign; money names its currency."""
    for sheet, cell in book.cells:
        value = book.value(cell)
        if cell.number_format not in FORMATS.values():
            yield sheet.title, cell.coordinate, f"format {cell.number_format}"
        elif not isinstance(value, str):
            fault = looks.format_fault(cell, _unit(book, cell))
            if fault:
                yield sheet.title, cell.coordinate, fault
    for sheet in book.of_class("inputs", "workings", "outputs"):
        if book.currency not in str(book.stored[sheet.title]["A2"].value):
            yield sheet.title, "A2", "the header names no currency"


def _unit(book, cell):
    for table in book.tables.get(cell.parent.title, ()):
        if cell.row in table.rows and cell.column in table.columns:
            return table.unit_of(cell)
    return None


def rule_25_accessible(book):
    """No merged cells, plain names, title and language, described charts, contrast, status in words."""
    properties = book.formulas.properties
    if not properties.title or not properties.language:
        yield "", "", "no title or language"
    for sheet in book.sheets:
        yield from ((sheet.title, str(r), "merged") for r in sheet.merged_cells.ranges)
        plain = (
            sheet.title == sheet.title.strip()
            and sheet.title.isprintable()
            and not re.fullmatch(r"Sheet\d*", sheet.title)
        )
        if not plain:
            yield sheet.title, "", "not a plain name"
    for part in (p for p in book.parts if re.fullmatch(r"xl/drawings/drawing\d+\.xml", p)):
        yield from (("", part, "a picture without a description") for d in looks.undescribed(book.xml(part)))
    for sheet, cell in book.cells:
        ratio = looks.contrast(cell)
        if ratio < looks.LEAST_CONTRAST:
            yield sheet.title, cell.coordinate, f"contrast {ratio:.1f}"
        if "Master_Check" in str(cell.value) and cell.data_type == "f" and not isinstance(book.value(cell), str):
            yield sheet.title, cell.coordinate, "status not in words"
