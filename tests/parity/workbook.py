"""The generated cases as a workbook: arguments in cells, closed forms beside them, unit factors on a Lists tab."""

import formualizer
import ironcalc
import openpyxl
from openpyxl.utils import get_column_letter

from flexrev_xl.registry import ENTRIES
from tests.parity.cases import lists

CLOSED = {name: entry for name, entry in ENTRIES.items() if entry.has_closed_form}
RESULT = 1  # the column of the closed form; the arguments follow
NOT_GIVEN = "none"  # defaults are written out; a limit that is not given is a word


def write(path, all_cases):
    """Save the workbook: a tab for each function, a row for each case."""
    book = openpyxl.Workbook()
    words = lists()
    book.active.title = "Lists"
    for word, number in words.items():
        book.active.append([word, number])
    for name, entry in CLOSED.items():
        sheet = book.create_sheet(name)
        for row, case in enumerate(all_cases[name], start=1):
            cells, column = {}, RESULT + 1
            for a in entry.arguments:
                values = case[a.name] if a.is_series else [case[a.name]]
                first, last = f"{get_column_letter(column)}{row}", f"{get_column_letter(column + len(values) - 1)}{row}"
                for value in values:
                    sheet.cell(row, column, NOT_GIVEN if value is None else value)
                    column += 1
                lookup = f"INDEX(Lists!$B$1:$B${len(words)},MATCH({first},Lists!$A$1:$A${len(words)},0))"
                cells[a.name] = lookup if a.is_text else f"{first}:{last}" if a.is_series else first
            sheet.cell(row, RESULT, f"={entry.closed_form(cells)}")
    book.save(path)


def by_formualizer(path, rows):
    """The results as formualizer works them out."""
    book = formualizer.load_workbook(str(path))
    book.evaluate_all()
    return {name: [[book.get_value(name, row, RESULT)] for row in range(1, rows[name] + 1)] for name in CLOSED}


def by_ironcalc(path, rows):
    """The results as ironcalc works them out."""
    book = ironcalc.load_from_xlsx(str(path), "en", "UTC")
    book.evaluate()
    sheets = [s["name"] for s in book.get_worksheets_properties()]
    return {
        name: [[book.get_cell_value(sheets.index(name), row, RESULT)] for row in range(1, rows[name] + 1)]
        for name in CLOSED
    }


def by_libreoffice(book, rows):
    """The results in a workbook that LibreOffice recalculated."""
    return {name: [[book[name].cell(row, RESULT).value] for row in range(1, rows[name] + 1)] for name in CLOSED}
