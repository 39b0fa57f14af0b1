"""The Functions tab: every Excel function, its arguments and a worked example; generated from the registry."""

from flexrev_xl.core.entry import REQUIRED
from flexrev_xl.registry import ENTRIES
from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.styles import put

TITLE = "Functions"
HEADER_ROW = 5
_HEADERS = ("Function", "Argument", "Unit", "Allowed", "Default", "What it is", "Example", "Result of the example")


def _default(argument):
    if argument.default is REQUIRED:
        return "required"
    return "may be left out" if argument.default is None else argument.shown_default


def _result(entry):
    value = entry.example[1]
    return "spills a table" if entry.spills else value


def rows():
    """A row for each function, then one for each of its arguments and of a table's columns, as in the columns above."""
    for entry in ENTRIES.values():
        yield (entry.name, "", entry.unit, "", "", entry.help, entry.example_formula, _result(entry))
        for a in entry.arguments:
            yield (entry.name, a.name, a.mark.unit, a.mark.allowed, _default(a), a.mark.help, "", "")
            for c in a.mark.columns if a.is_table else ():
                yield (
                    entry.name,
                    f"{a.name}: {c.name}",
                    c.mark.unit,
                    c.mark.allowed,
                    c.shown_default,
                    c.mark.help,
                    "",
                    "",
                )


def lay_out(sheet):
    """Write the reference; nothing on this tab depends on a portfolio."""
    note = "Functions of the add-in. This workbook calculates without it; use them in workbooks of your own where the add-in is installed"
    set_up(sheet, "about", "Functions", f"{HEADER_ROW}:{HEADER_ROW}", subtitle=note, paper="A3")
    widths(sheet, 28, 20, 16, 50, 16, 98, 70, 22)
    for number, header in enumerate(_HEADERS):
        put(sheet, f"{'ABCDEFGH'[number]}{HEADER_ROW}", header, "header")
    for row, values in enumerate(rows(), start=HEADER_ROW + 1):
        look = "label" if values[1] else "total"
        for letter, value in zip("ABCDEFGH", values, strict=True):
            is_number = isinstance(value, float)
            cell = put(
                sheet, f"{letter}{row}", value if is_number else None, look, "typed number" if is_number else "text"
            )
            if not is_number and value:
                write_column(sheet, cell.column, row, [Typed(value)])
    sheet.freeze_panes = f"B{HEADER_ROW + 1}"
