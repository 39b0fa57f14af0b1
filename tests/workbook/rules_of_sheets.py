"""Rules of a finance workbook that look at whole sheets: classes, contents, log, checks, headers, printing."""

import re

from openpyxl.utils import get_column_letter

from tests.workbook.book import CLASSES

KNOWN_CLASS = {"About": "about", "Inputs": "inputs", "Scenarios": "inputs", "Rates": "workings", "Summary": "outputs"}
KNOWN_CLASS |= {
    "Terms": "inputs",
    "Events": "inputs",
    "Currencies": "inputs",
    "Resources": "inputs",
    "Programmes": "about",
}
KNOWN_CLASS |= {"Periods": "workings", "Capacity": "workings", "Energy": "workings"}
KNOWN_CLASS |= {"Exceptions": "inputs", "Simulation": "inputs", "Markets": "inputs", "Fingerprints": "control"}
KNOWN_CLASS |= {"Risk": "outputs", "Risk by month": "outputs", "Risk by line": "outputs"}
KNOWN_CLASS |= {"Waterfall": "outputs", "Budget": "outputs"}
KNOWN_CLASS |= {"Levers": "workings", "Sensitivity": "outputs"}
KNOWN_CLASS |= {"Case": "inputs", "CPM": "outputs"}
KNOWN_CLASS |= {"CPM series": "workings", "CPM workings": "workings", "CPM cash": "workings"}
KNOWN_CLASS |= {"Functions": "about", "Lists": "control", "Checks": "control", "Change log": "control"}


def rule_01_each_sheet_has_a_class(book):
    """Name and tab colour tell the class of a sheet: about, inputs, workings, outputs or control."""
    colours = {}
    for sheet in book.sheets:
        name, colour = book.classes.get(sheet.title), sheet.sheet_properties.tabColor
        if name not in CLASSES or KNOWN_CLASS.get(sheet.title, name) != name:
            yield sheet.title, "", f"class {name}"
        elif colour is None or colours.setdefault(name, colour.rgb) != colour.rgb:
            yield sheet.title, "", "the tab has not the colour of its class"
    if len(set(colours.values())) != len(colours):
        yield book.first.title, "", "two classes share a colour"


def rule_02_first_sheet_is_about(book):
    """The first sheet is About: purpose, author, version, date, contents with a link to every sheet."""
    about = book.first
    if about.title != "About":
        yield about.title, "", "the first sheet is not About"
    said = {row[0]: row[1] for row in about.iter_rows(max_col=2, values_only=True) if row[0]}
    yield from (
        (about.title, "", f"no {what}")
        for what in ("Purpose", "Prepared by", "Version", "Built on")
        if not said.get(what)
    )
    links = {c.hyperlink.location for s, c in book.cells if s is about and c.hyperlink}
    for sheet in book.sheets[1:]:
        quoted = "'" + sheet.title.replace("'", "''") + "'"
        if not links & {f"{sheet.title}!A1", f"{quoted}!A1"}:
            yield about.title, "", f"no link to {sheet.title}"


def rule_03_change_log(book):
    """A change log holds version, date, who and what, and its version is the document's."""
    if "Change log" not in book.formulas.sheetnames:
        yield "Change log", "", "missing"
        return
    sheet = book.formulas["Change log"]
    for table in book.tables[sheet.title]:
        columns = [table.column_of(h) for h in ("Version", "Date", "Who", "What")]
        first = [sheet.cell(table.first_row, c).value for c in columns if c]
        if len(first) < 4 or None in first:
            yield sheet.title, f"A{table.first_row}", "version, date, who or what is missing"
        elif first[0] != book.formulas.properties.version:
            yield (
                sheet.title,
                f"A{table.first_row}",
                f"version {first[0]}, the document says {book.formulas.properties.version}",
            )
        return
    yield sheet.title, "", "no table"


def rule_04_checks_and_master(book):
    """Each check is 0 or 1 and one named master check is their sum, 0 in what is handed over."""
    table = next(iter(book.tables.get("Checks", ())), None)
    name = book.formulas.defined_names.get("Master_Check")
    if table is None or name is None:
        yield "Checks", "", "no checks, or no name Master_Check"
        return
    sheet, column = table.sheet, table.column_of("Result")
    letter, first = get_column_letter(column), table.first_row + 1
    if name.attr_text.replace("$", "") != f"Checks!{letter}{table.first_row}":
        yield "Checks", "", f"Master_Check is {name.attr_text}"
    if sheet.cell(table.first_row, column).value != f"=SUM({letter}{first}:{letter}{table.last_row})":
        yield "Checks", f"{letter}{table.first_row}", "not the sum of all checks"
    master, *results = [book.value(sheet.cell(row, column)) for row in table.rows]
    yield from (
        ("Checks", f"{letter}{first + i}", f"stored {value}") for i, value in enumerate(results) if value not in (0, 1)
    )
    if master != 0 or any(results):
        yield "Checks", f"{letter}{table.first_row}", f"{master} checks failed, {sum(map(bool, results))} say so"


def rule_05_master_check_in_every_header(book):
    """The header of every sheet with a table, above its freeze row, refers to the master check."""
    for title in (t for t, tables in book.tables.items() if tables):
        frozen = _frozen_row(book.formulas[title]) or 5
        above = [f for s, c, f in book.formula_cells if s.title == title and c.row < frozen]
        if not any("Master_Check" in f for f in above):
            yield title, "A1", "no status of the checks"


def rule_06_panes_are_frozen(book):
    """Panes are frozen below the header, the units included, of the last table that begins on a sheet."""
    for title, tables in book.tables.items():
        needed = max((t.unit_row or t.header_row for t in tables), default=0)
        frozen = _frozen_row(book.formulas[title])
        if needed and (frozen is None or frozen <= needed):
            yield title, "", f"panes are frozen at row {frozen}, the header ends at {needed}"


def rule_20_nothing_hidden(book):
    """No sheet, row, column or name is hidden."""
    for sheet in book.sheets:
        if sheet.sheet_state != "visible":
            yield sheet.title, "", sheet.sheet_state
        for key, dimension in [*sheet.row_dimensions.items(), *sheet.column_dimensions.items()]:
            size = dimension.height if isinstance(key, int) else dimension.width
            if dimension.hidden or size == 0:
                yield sheet.title, str(key), "hidden"
    yield from (("", name, "hidden") for name, defined in book.formulas.defined_names.items() if defined.hidden)


def rule_24_printing(book):
    """Sheets print landscape, one page wide, with repeated title rows and file, sheet and page in the footer."""
    for sheet in book.sheets:
        footer = "".join(
            str(part.text) for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right)
        )
        setup, fit = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
        sound = {
            "landscape": setup.orientation == "landscape",
            "one page wide": setup.fitToWidth == 1 and setup.fitToHeight == 0 and fit is not None and fit.fitToPage,
            "title rows": bool(sheet.print_title_rows),
            "footer": all(mark in footer for mark in ("&F", "&A", "&P")),
        }
        yield from ((sheet.title, "", f"not {what}") for what, holds in sound.items() if not holds)


def _frozen_row(sheet):
    if not sheet.freeze_panes:
        return None
    return int(re.sub(r"[A-Z$]", "", sheet.freeze_panes))
