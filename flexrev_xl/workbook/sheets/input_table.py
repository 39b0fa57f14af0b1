"""The tables of inputs: a row per enrolment on Inputs, Terms and Events, all in the same rows."""

from openpyxl.utils import get_column_letter

from flexrev_xl.portfolio.column import DATE, INPUTS, TEXT
from flexrev_xl.portfolio.columns import ON_TAB
from flexrev_xl.portfolio.periods import own_periods
from flexrev_xl.workbook.page import INPUT_ROW, Typed, keys, set_up, widths, write_column
from flexrev_xl.workbook.sheets import lists
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import (
    validate,
    validate_list,
    validate_number,
    validate_number_or_word,
    validate_text,
)

HEADER_ROW, KEY_ROW, UNIT_ROW, FIRST_ROW = 12, 13, 14, 15
IDENTITY = (("site", "Site"), ("programme", "Programme"), ("season", "Season"))
SOURCE = "source"
_LIST_OF = {
    "rate_unit": "capacity_units",
    "energy_unit": "energy_units",
    "price_status": "price_statuses",
    "kind": "kinds",
    "paid_on": "paid_on",
}
_LETTERS = {
    c.name: get_column_letter(number + (0 if tab == INPUTS else len(IDENTITY)))
    for tab, columns in ON_TAB.items()
    for number, c in enumerate(columns, start=1)
}


def letter_of(name):
    """The column letter of an input on its own tab."""
    return _LETTERS[name]


def number_format(column):
    """How a typed value of the column is shown."""
    if column.mark == DATE:
        return "date"
    if not column.is_number:
        return "text"
    if column.unit == "year":
        return "whole"
    return "typed percent" if column.unit == "%" else "typed number"


def lay_out_columns(sheet, tab, wide=None):
    """Labels, keys and units of a tab's columns, and the model row that every enrolment is styled after."""
    for column in ON_TAB[tab]:
        letter = letter_of(column.name)
        lay_out_column(sheet, letter, column.label, column.name, column.unit, number_format(column))
        sheet.column_dimensions[letter].width = (wide or {}).get(column.name, 13)
    sheet.row_dimensions[HEADER_ROW].height = 46


def lay_out_column(sheet, letter, label, key, unit, shown_as, look="input"):
    """One column's label, key and unit, and its cell of the model row."""
    put(sheet, f"{letter}{HEADER_ROW}", label, "header")
    put(sheet, f"{letter}{KEY_ROW}", key, "key")
    put(sheet, f"{letter}{UNIT_ROW}", unit, "unit")
    put(sheet, f"{letter}{FIRST_ROW}", None, look, shown_as)


def lay_out_beside(sheet, tab, title, subtitle, note):
    """A tab of inputs beside Inputs: the same rows, named by links."""
    set_up(sheet, "inputs", title, f"{HEADER_ROW}:{UNIT_ROW}", subtitle=subtitle, paper="A3")
    put(sheet, "A5", note, "remark")
    for number, (key, label) in enumerate(IDENTITY, start=1):
        lay_out_column(sheet, get_column_letter(number), label, key, TEXT, "text result", "link")
    lay_out_columns(sheet, tab)
    letter = get_column_letter(len(IDENTITY) + len(ON_TAB[tab]) + 1)
    lay_out_column(sheet, letter, "Source", SOURCE, TEXT, "text result", "link")
    widths(sheet, 26, 32, 12)
    sheet.column_dimensions[letter].width = 44
    sheet.freeze_panes = f"D{FIRST_ROW}"


def fill_beside(sheet, plan, tab):
    """Write a tab of inputs beside Inputs."""
    first = plan.inputs_first_row
    for number, (key, _) in enumerate(IDENTITY, start=1):
        write_column(sheet, number, first, links(plan, key))
    fill_columns(sheet, plan, tab)
    write_column(sheet, len(IDENTITY) + len(ON_TAB[tab]) + 1, first, links(plan, SOURCE))


def links(plan, key):
    """Links to a column of Inputs, a row each."""
    formula = f"={INPUTS}!{letter_of(key)}{INPUT_ROW}"
    rows = range(plan.inputs_first_row, plan.inputs_last_row + 1)
    return [formula.replace(INPUT_ROW, str(row)) for row in rows]


def fill_columns(sheet, plan, tab):
    """Write the values of a tab's columns and validate them."""
    at = keys(sheet, plan.inputs_key_row)
    for column in ON_TAB[tab]:
        write_column(sheet, at[column.name], plan.inputs_first_row, [_shown(column, e) for e in plan.enrolments])
        _validate(sheet, column, plan.input_range(column.name, sheet_name=False))


def _shown(column, enrolment):
    """What an enrolment's column shows: values as read, defaults written out, words for no limit."""
    value = getattr(enrolment, column.name)
    if column.name in ("rate_unit", "energy_unit"):
        return value.name
    if column.name == "periods" and "periods" in enrolment.defaults and value == own_periods(enrolment):
        return column.word  # so that they follow the dates
    if column.name == "source" and not value:
        return Typed(f"{enrolment.place} (no source named)")
    if value is None:
        return column.word or None
    return Typed(value) if column.mark == TEXT else value


def _validate(sheet, column, cells):
    """The column's bounds as data validation, worded by the core."""
    if column.name in _LIST_OF:
        source = lists.column(_LIST_OF[column.name])
        validate_list(sheet, cells, column.label, column.explanation, column.choices, source)
    elif column.mark == DATE:
        error = f"{column.label} must be a date (year-month-day)."
        rule = {"operator": "greaterThan", "formula1": "1"}
        validate(sheet, cells, "date", column.label, f"{column.explanation}.", error, **rule)
    elif not column.is_number:
        validate_text(sheet, cells, column.label, column.explanation)
    else:
        _validate_number(sheet, column, cells)


def _validate_number(sheet, column, cells):
    least, most, word = (lists.limit_cell(column.name, limit) for limit in ("least", "most", "word"))
    hint = " (you may have typed 95 instead of 95%)" if column.unit == "%" else ""
    prompt = f"{column.explanation}. {column.unit}: {column.mark.allowed}. From the programme's terms."
    error = f"{column.label} must be {column.mark.allowed}{hint}."
    if column.is_optional_limit:
        prompt, error = f"{prompt} Or: {column.word}.", f"{error} Or the word: {column.word}."
        validate_number_or_word(sheet, cells, column.label, prompt, error, least, most, word)
    else:
        validate_number(sheet, cells, column.label, prompt, error, least, most)
