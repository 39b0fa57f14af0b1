"""The Case tab: every input of a case of compute per megawatt, with its limits, its source and what it was.

Beside each value stands the one that the stored figures were worked out with, so what has changed since shows live.
"""

from dataclasses import dataclass
from typing import Any

from flexrev_xl.core.cpm.case_inputs import BATTERY, DRIVES_SERIES, INPUTS, TECHNOLOGIES
from flexrev_xl.core.expression import Reference
from flexrev_xl.core.tables import Whole
from flexrev_xl.workbook.page import Typed, name_currency, set_up, widths, write_column
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import validate, validate_list, validate_text

TITLE = "Case"
HEADER_ROW, FIRST_ROW = 6, 7
_HEADERS = ("Group", "Input", "Unit", "Value", "Least", "Most", "Source", "Figures worked out with", "Changed since by")
VALUE, LEAST, MOST, SOURCE, WORKED_OUT_WITH, CHANGE = "DEFGHI"  # columns
MADE_ANEW = "Build again to change it"


@dataclass(frozen=True)
class _Row:
    """A row: key, group, label and unit; `mark` of a number, None of text."""

    key: str
    group: str
    label: str
    unit: str
    mark: Any = None


def _rows():
    yield _Row("name", TITLE, "Name", "text")
    yield _Row("currency", TITLE, "Currency", "text")
    yield _Row("technology", BATTERY, "Kind of storage", "text")
    yield from (_Row(each.key, each.group, each.label, each.unit, each.mark) for each in INPUTS.values())


ROWS = tuple(_rows())
ROW_OF = {row.key: number for number, row in enumerate(ROWS, start=FIRST_ROW)}
LAST_ROW = FIRST_ROW + len(ROWS) - 1
NUMBERS_FIRST_ROW = ROW_OF[next(iter(INPUTS))]


def cell(key):
    """The absolute cell of an input, as other tabs name it."""
    return f"{TITLE}!${VALUE}${ROW_OF[key]}"


def references():
    """The cell of every number, for the steps of a case."""
    return {key: Reference(cell(key)) for key in INPUTS}


def column(letter):
    """The cells of a column over all the numbers, as other tabs name them."""
    return f"{TITLE}!${letter}${NUMBERS_FIRST_ROW}:${letter}${LAST_ROW}"


def runs(keys):
    """The cells of the change of some inputs, as few ranges as there are runs of neighbours."""
    rows = sorted(ROW_OF[key] for key in keys)
    starts = [r for r in rows if r - 1 not in rows]
    ends = [r for r in rows if r + 1 not in rows]
    return [f"{TITLE}!${CHANGE}${a}:${CHANGE}${b}" for a, b in zip(starts, ends, strict=True)]


def changed_since(keys):
    """The formula that counts how many of some inputs changed since the figures were worked out."""
    return "+".join(f'COUNTIF({cells},"<>0")' for cells in runs(keys))


def shown_as(row):
    """How a typed value of the row is shown."""
    if row.mark is None:
        return "text"
    if isinstance(row.mark, Whole):
        return "whole"
    return "typed percent" if row.unit == "%" else "typed number"


def subtitle(words):
    """The second line of every tab of the case: its name, its currency, and words."""
    return f'={cell("name")}&", all money in "&{cell("currency")}&"{words}"'


def lay_out(sheet):
    """Everything but values and sources."""
    from flexrev_xl.workbook.sheets import cpm_workings  # which names the cells of this tab

    words = ", annual, pre-tax, nominal; inputs are positive"
    set_up(sheet, "inputs", "Compute per megawatt: the case", f"{HEADER_ROW}:{HEADER_ROW}", subtitle=subtitle(words))
    for letter, header in zip("ABCDEFGHI", _HEADERS, strict=True):
        put(sheet, f"{letter}{HEADER_ROW}", header, "header")
    put(sheet, "A4", cpm_workings.status(), "status", "text result")
    for number, row in enumerate(ROWS, start=FIRST_ROW):
        put(sheet, f"A{number}", row.group, "label")
        put(sheet, f"B{number}", row.label, "label")
        put(sheet, f"C{number}", row.unit, "unit")
        put(sheet, f"{VALUE}{number}", None, "label" if row.key == "currency" else "input", shown_as(row))
        put(sheet, f"{SOURCE}{number}", None, "label" if row.key == "currency" else "input")
        for letter in (LEAST, MOST, WORKED_OUT_WITH):
            put(sheet, f"{letter}{number}", None, "label", shown_as(row))
        if row.mark is not None:
            sheet[f"{LEAST}{number}"].value, sheet[f"{MOST}{number}"].value = row.mark.low, row.mark.high
            put(sheet, f"{CHANGE}{number}", _change(number), "calc", "percent" if row.unit == "%" else "quantity")
    widths(sheet, 10, 44, 20, 18, 12, 22, 58, 18, 14)
    sheet.row_dimensions[HEADER_ROW].height = 30
    sheet.freeze_panes = f"C{FIRST_ROW}"


def _change(row):
    now, was = f"{VALUE}{row}", f"{WORKED_OUT_WITH}{row}"
    return f"=IFERROR(IF(ABS({now}-{was})>ABS({was})/1000/1000/1000,{now}-{was},0),1)"


def fill(sheet, record):
    """Write the values, their sources and what the figures were worked out with; validate every input."""
    texts = {key: Typed(getattr(record, key)) for key in ("name", "currency", "technology")}
    for number, row in enumerate(ROWS, start=FIRST_ROW):
        source = MADE_ANEW if row.key == "currency" else record.sources.get(row.key, "The case's file")
        write_column(sheet, 4, number, [texts.get(row.key, record.inputs.get(row.key))])
        write_column(sheet, 7, number, [Typed(source)])
        if row.mark is not None:
            write_column(sheet, 8, number, [record.worked_out_with[row.key]])
        _validate(sheet, row, number)
    name_currency(sheet, record.currency, LAST_ROW)


def _validate(sheet, row, number):
    value = f"{VALUE}{number}"
    if row.key == "currency":
        return
    validate_text(sheet, f"{SOURCE}{number}", f"Source of {row.label.lower()}", "Where the value comes from")
    if row.key == "technology":
        words = tuple(TECHNOLOGIES)
        validate_list(sheet, value, row.label, "What stores the energy", words, f'"{",".join(words)}"')
    elif row.mark is None:
        validate_text(sheet, value, row.label, "What the case is called")
    else:
        above = ">" if row.mark.above_low else ">="
        whole = f",INT({value})={value}" if isinstance(row.mark, Whole) else ""
        rule = f"AND(ISNUMBER({value}),{value}{above}{LEAST}{number},{value}<={MOST}{number}{whole})"
        hint = " (you may have typed 95 instead of 95%)" if row.unit == "%" else ""
        stale = " The series' figures rest on it." if row.key in DRIVES_SERIES else ""
        prompt = f"{row.mark.help}. {row.unit}: {row.mark.allowed}.{stale}"
        validate(
            sheet, value, "custom", row.label, prompt, f"{row.label} must be {row.mark.allowed}{hint}.", formula1=rule
        )
