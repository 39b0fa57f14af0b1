"""Rules of a finance workbook that look at formulas and names: one formula, constants, length, circles, results."""

import datetime as dt
import re

from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.utils import get_column_letter

from tests.workbook import looks
from tests.workbook.book import precedents, tokens

ALLOWED_CONSTANTS = frozenset({0, 1, -1, 12, 24, 1000, 8760})
LONGEST_FORMULA = 120
MOST_NAMES = 40
FORBIDDEN = {"OFFSET", "INDIRECT", "NPV", "TODAY", "NOW", "RAND", "RANDBETWEEN", "RANDARRAY", "CELL", "INFO"}
_NAME_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}|[Rr][0-9]*[Cc][0-9]*")


def rule_07_dates_and_one_axis(book):
    """Dates are real, period ends included, and a column means the same on every scenario sheet."""
    for tables in book.tables.values():
        for table in tables:
            for column in table.columns:
                dated = (
                    str(table.unit_row and table.sheet.cell(table.unit_row, column).value) == "date"
                    or table.headers[column] == "Date"
                )
                for cell in (table.sheet.cell(row, column) for row in table.rows) if dated else ():
                    if cell.value is not None and not book.is_date(cell):
                        yield cell.parent.title, cell.coordinate, f"{cell.value!r} is no date"
            yield from _axis_faults(book, table)
    yield from _axes_apart(book)
    axes = {s.title: _axis(book, s) for s in book.scenarios}
    for title, axis in axes.items():
        if axis != next(iter(axes.values())):
            yield title, "", "columns differ from those of the first scenario"


def _axis(book, sheet):
    keys = {c.column: c.value for row in sheet.iter_rows(max_row=20) for c in row if c.style == "FlexRev key"}
    return keys, [
        (c, book.value(t.sheet.cell(t.header_row, c))) for t in book.tables[sheet.title] for c in t.period_columns
    ]


def _axes_apart(book):
    """A column that is one month on one sheet and another month on another."""
    months = {}
    for title, table in ((title, t) for title, tables in book.tables.items() for t in tables):
        for column in table.period_columns:
            end = book.value(table.sheet.cell(table.header_row, column))
            if months.setdefault(column, end) != end:
                yield title, f"{get_column_letter(column)}{table.header_row}", f"{end} stands under {months[column]}"


def _axis_faults(book, table):
    ends = [(c, book.value(table.sheet.cell(table.header_row, c))) for c in table.period_columns]
    for column, end in ends:
        if (end + dt.timedelta(days=1)).day != 1:
            yield (
                table.sheet.title,
                f"{get_column_letter(column)}{table.header_row}",
                f"{end:%Y-%m-%d} does not end a month",
            )
    if [e for _, e in ends] != sorted({e for _, e in ends}):
        yield table.sheet.title, "", "the time axis does not run forward"


def rule_08_one_formula(book):
    """One formula a column down a list in each budget year, one a row of months (the first may open it), the same for every scenario."""
    for tables in book.tables.values():
        for table in tables:
            if table.period_columns:
                rows = (*range(1, table.header_row + 1), *table.rows)
                yield from _mixed(
                    (line for line in (_along(table, r) for r in rows) if _formula(line[-1])), opening=True
                )
            elif table.unit_row:
                for rows in _years(book, table):
                    yield from _mixed([table.sheet.cell(r, c) for r in rows] for c in table.columns)
            elif table.unit_column:
                across = [c for c, text in table.headers.items() if text in {s.title for s in book.scenarios}]
                yield from _unlike([[table.sheet.cell(r, c) for c in across] for r in table.rows], table.headers)
    for first, other in ((book.scenarios[0], other) for other in book.scenarios[1:]):
        for row in first.iter_rows():
            yield from (
                (other.title, c.coordinate, f"not the formula of {first.title}")
                for c in row
                if _formula(c) != _formula(other[c.coordinate])
            )


def _years(book, table):
    """The rows of a list in a group for each budget year, where it has a column that tells them apart."""
    groups, column = {}, table.column_of("Budget year")
    for row in table.rows:
        year = book.value(table.sheet.cell(row, column)) if column else None
        groups.setdefault(year, []).append(row)
    return groups.values()


def _formula(cell):
    return cell.value if cell.data_type == "f" else None


def _moved(cell, to):
    """The formula of a cell as it would stand in another; as it is where it cannot be moved there."""
    try:
        return Translator(str(cell.value), cell.coordinate).translate_formula(to.coordinate)
    except TranslatorError:
        return cell.value


def _along(table, row):
    """The months of a row, its axis and header among them."""
    return [table.sheet.cell(row, c) for c in table.period_columns]


def _mixed(lines, opening=False):
    """Lines whose cells hold more than one formula, once each is moved to one place; the first may be an opening."""
    for cells in lines:
        same = cells[1:] if opening else cells
        found = {_moved(c, cells[0]) if c.data_type == "f" else None for c in same}
        if len(found) > 1:
            yield cells[0].parent.title, cells[0].coordinate, f"{len(found)} formulas in one line"


def _unlike(lines, headers):
    """Lines across scenarios where a formula is neither the neighbour's moved nor the same cell of its own scenario's sheet."""
    for cells in (line for line in lines if any(c.data_type == "f" for c in line)):
        moved = {_moved(c, cells[0]) for c in cells}
        own = {str(c.value).replace("'" + headers[c.column].replace("'", "''") + "'", "''") for c in cells}
        if min(len(moved), len(own)) > 1:
            yield cells[0].parent.title, cells[0].coordinate, "formulas differ between scenarios"


def rule_09_no_constants(book):
    """Formulas hold no numbers but those of the one list."""
    for sheet, cell, formula in book.formula_cells:
        for token in tokens(formula):
            if token.type == "OPERAND" and token.subtype == "NUMBER" and float(token.value) not in ALLOWED_CONSTANTS:
                yield sheet.title, cell.coordinate, token.value


def rule_10_short_formulas(book):
    """Formulas are short, on one line, and without an IF inside an IF."""
    for sheet, cell, formula in book.formula_cells:
        if len(formula) > LONGEST_FORMULA or "\n" in formula:
            yield sheet.title, cell.coordinate, f"{len(formula)} characters"
        if _depth_of_if(formula) > 1:
            yield sheet.title, cell.coordinate, "nested IF"


def _depth_of_if(formula):
    depth, stack = 0, []
    for token in tokens(formula):
        if token.subtype == "OPEN":
            stack.append(token.value.upper() in ("IF(", "IFS("))
            depth = max(depth, sum(stack))
        elif token.subtype == "CLOSE":
            stack.pop()
    return depth


def rule_11_names(book):
    """Names are few, whole, used, of the workbook, and unlike cells."""
    used = {t.value for *_, f in book.formula_cells for t in tokens(f) if t.subtype == "RANGE"}
    names = book.formulas.defined_names
    if len(names) > MOST_NAMES:
        yield "", "", f"{len(names)} names"
    for name, defined in names.items():
        broken = "#REF!" in defined.attr_text or _NAME_LIKE_A_CELL.fullmatch(name)
        if broken or name not in used:
            yield "", name, "broken or like a cell" if broken else "no formula uses it"
    for sheet in book.sheets:
        yield from (
            (sheet.title, name, "of a sheet, not of the workbook")
            for name in sheet.defined_names
            if not name.startswith("_xlnm.")
        )


def rule_12_no_volatile_functions(book):
    """No OFFSET, INDIRECT or NPV, and nothing that changes by itself: a date is an input."""
    for sheet, cell, formula in book.formula_cells:
        called = {
            t.value.rstrip("(").upper().removeprefix("_XLFN.")
            for t in tokens(formula)
            if t.type == "FUNC" and t.subtype == "OPEN"
        }
        yield from ((sheet.title, cell.coordinate, name) for name in sorted(called & FORBIDDEN))


def rule_21_no_links_macros_or_circles(book):
    """Nothing links to other files, runs code, iterates or refers to itself."""
    barred = (
        "xl/externalLinks/",
        "xl/vbaProject",
        "xl/macrosheets/",
        "xl/activeX/",
        "xl/connections",
        "xl/queryTables/",
    )
    yield from (("", part, "in the file") for part in book.parts if part.startswith(barred))
    for part in (p for p in book.parts if p.endswith(".rels")):
        yield from (("", part, r.get("Target")) for r in book.xml(part) if r.get("TargetMode") == "External")
    if book.formulas.calculation.iterate:
        yield "", "", "iterative calculation"
    yield from ((sheet, cell, "refers to itself") for sheet, cell in _circles(book))


def _circles(book):
    """A cell of each circle, found by taking away what depends on nothing that is left."""
    cells = {(s.title, c.row, c.column): (s, f) for s, c, f in book.formula_cells}
    waits = {key: {p for p in precedents(book, s, f) if p in cells} for key, (s, f) in cells.items()}
    readers = {}
    for key, reads in waits.items():
        for read in reads:
            readers.setdefault(read, []).append(key)
    free = [key for key, reads in waits.items() if not reads]
    while free:
        done = free.pop()
        del waits[done]
        for key in readers.get(done, ()):
            waits[key].discard(done)
            if not waits[key]:
                free.append(key)
    yield from sorted((title, f"{get_column_letter(column)}{row}") for title, row, column in waits)


def rule_22_stored_results(book):
    """Every formula has a stored result and none is an error."""
    for title, part in book.sheet_parts.items():
        for cell in looks.formula_elements(book.xml(part)):
            value = looks.stored_text(cell)
            if value is None or cell.get("t") == "e":
                yield title, cell.get("r"), "nothing is stored" if value is None else value
