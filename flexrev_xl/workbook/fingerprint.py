"""Whether inputs still are those that stored figures were worked out from, in live formulas.

A spreadsheet cannot make a hash. So each range of inputs is summed up in one number, its cells weighted by
their place so that two rows that change places are noticed; what it was is stored beside it, and where the
two differ by more than a billionth, whatever rests on the inputs says that it is stale. Text goes in through
what it resolves to, or as itself. A tab that has inputs of its own makes a `Subject` of them; all subjects
stand on the tab Fingerprints (`sheets/fingerprints.py`).
"""

from dataclasses import dataclass

from flexrev_xl.workbook.page import OWN_ROW

HEADER_ROW, FIRST_ROW = 5, 6
SUBJECT, PART, UNIT, LIVE, STORED, DIFFERS = "ABCDEF"  # columns of the tab
TITLE = "Fingerprints"
ALL = "Ranges that have changed"


@dataclass(frozen=True)
class Part:
    """One number, or one text, that changes where some inputs change: what it is of, and its live formula."""

    label: str
    formula: str
    is_text: bool = False


@dataclass(frozen=True)
class Subject:
    """Figures that were worked out from inputs: the name of their tab, and the parts of what they rest on."""

    name: str
    parts: tuple


def weight(column, first_row):
    """The formula of a row's weight, for a column of weights beside a table: the root of its place.

    Args:
        column: letter of any column of the table.
        first_row: its first row.
    """
    return f"=SQRT(ROWS(${column}${first_row}:${column}{OWN_ROW}))"


def numbers(label, cells, weights):
    """A column of numbers; words in it count as 0."""
    return Part(label, f"=SUMPRODUCT({weights},{cells})")


def word(label, cells, weights, text):
    """Where in a column a word stands."""
    return Part(f"{label}: {text}", f'=SUMPRODUCT({weights}*({cells}="{text}"))')


def grid(label, cells, weights, across):
    """A table of numbers, weighted down and across."""
    return Part(label, f"=SUMPRODUCT({weights}*{across}*{cells})")


def texts(label, *cells):
    """Single cells of text, joined."""
    return Part(label, "=" + '&"|"&'.join(cells) + ('&""' if len(cells) == 1 else ""), is_text=True)


def count_cell(subjects, name):
    """The cell that counts how many parts of a subject have changed."""
    row = FIRST_ROW
    for subject in subjects:
        if subject.name == name:
            return f"{TITLE}!${DIFFERS}${row}"
        row += 1 + len(subject.parts)
    raise KeyError(name)


def words(subjects, name, fresh, stale):
    """The formula that says in words whether a subject is fresh or stale."""
    return f'=IF({count_cell(subjects, name)}=0,"{fresh}","{stale}")'


def rows(subjects):
    """(row, subject's name, label, unit, live formula, formula of whether it differs) of every row of the tab."""
    row = FIRST_ROW
    for subject in subjects:
        first, last = row + 1, row + len(subject.parts)
        yield row, subject.name, ALL, "count", None, f"=SUM({DIFFERS}{first}:{DIFFERS}{last})"
        for row, part in enumerate(subject.parts, start=first):
            live, stored = f"{LIVE}{row}", f"{STORED}{row}"
            apart = f"ABS({live}-{stored})>ABS({stored})/1000/1000/1000"
            differs = f"=IF({live}={stored},0,1)" if part.is_text else f"=IFERROR(IF({apart},1,0),1)"
            yield row, subject.name, part.label, "text" if part.is_text else "own unit", part.formula, differs
        row = last + 1


def remember(workbook):
    """Store what every live formula gives now, where nothing is stored yet.

    Args:
        workbook: an openpyxl Workbook, filled; one without the tab is left as it is.
    """
    from flexrev_xl.workbook.results import evaluated, plain

    if TITLE not in workbook.sheetnames:
        return
    sheet = workbook[TITLE]
    cells = [sheet[f"{LIVE}{row}"] for row in range(FIRST_ROW, sheet.max_row + 1)]
    waiting = [c for c in cells if c.value is not None and sheet[f"{STORED}{c.row}"].value is None]
    if waiting:
        book = evaluated(workbook)
        for cell in waiting:
            target, value = sheet[f"{STORED}{cell.row}"], plain(book.get_value(TITLE, cell.row, cell.column))
            if isinstance(value, str):
                target.data_type, target._value = "s", value
            else:
                target.value = value
