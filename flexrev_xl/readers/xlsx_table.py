"""A table of a workbook that flexrev built: its row of keys, and the rows below it."""

from flexrev_xl.core.arguments import is_empty
from flexrev_xl.errors import FlexError

ROWS_SEARCHED = 40


def table_of(sheet, first_key, source):
    """(keys, [(row number, cells)]) of the table whose row of keys begins with a key; empty rows are left out."""
    keys, first, found = None, 0, []
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if keys is None:
            if row and row[0] == first_key:
                keys, first = row, number + 2
            elif number > ROWS_SEARCHED:
                break
        elif number >= first and not all(map(is_empty, row)):
            found.append((number, row))
    if keys is None:
        raise FlexError("FLEX-118", f"its tab {sheet.title} has no row of column keys", place=source)
    return keys, found
