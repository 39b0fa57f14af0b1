"""The Inputs tab: the portfolio's header and a row per enrolment and season."""

from openpyxl.utils import get_column_letter

from flexrev_xl.portfolio.columns import COLUMNS, DATE, HEADER_ITEMS, MONTHS, TEXT, YEARS
from flexrev_xl.workbook.page import Typed, keys, set_up, write_column
from flexrev_xl.workbook.sheets import lists
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import (
    validate,
    validate_list,
    validate_number,
    validate_number_or_word,
    validate_text,
)

TITLE = "Inputs"
HEADER_ROW, KEY_ROW, UNIT_ROW, FIRST_ROW = 12, 13, 14, 15
HEADER_FIRST_ROW = 6
NAME_CELL, CURRENCY_CELL = f"{TITLE}!$C$6", f"{TITLE}!$C$7"
_WIDTHS = {
    "site": 26,
    "programme": 32,
    "zone": 18,
    "source": 44,
    "season": 12,
    "start": 13,
    "end": 13,
    "source_date": 13,
    "rate_unit": 13,
}
_LIST_OF = {
    "rate_unit": "capacity_units",
    "energy_unit": "energy_units",
    "price_status": "price_statuses",
    "kind": "kinds",
}


def number_format(column):
    """How a typed value of the column is shown."""
    if column.mark == DATE:
        return "date"
    if not column.is_number:
        return "text"
    return "typed percent" if column.unit == "%" else "typed number"


def lay_out(sheet):
    """Title, labels, keys and units, and the model row that every enrolment is styled after."""
    set_up(sheet, "inputs", "Inputs", f"{HEADER_ROW}:{UNIT_ROW}", paper="A3")
    put(
        sheet,
        "A2",
        f'={NAME_CELL[7:]}&", all money in "&{CURRENCY_CELL[7:]}&", annual, pre-tax, nominal; inputs are positive"',
        "subtitle",
        "text result",
    )
    for letter, text in zip("ABCD", ("Portfolio-wide", "Unit", "Value", "Source"), strict=True):
        put(sheet, f"{letter}{HEADER_FIRST_ROW - 1}", text, "header")
    for row, (_, label, unit, _) in enumerate(HEADER_ITEMS, start=HEADER_FIRST_ROW):
        put(sheet, f"A{row}", label, "label")
        put(sheet, f"B{row}", unit, "unit")
        put(sheet, f"C{row}", None, "input", "whole" if unit in ("year", "month") else "text")
        put(sheet, f"D{row}", None, "input")
    put(sheet, f"A{HEADER_ROW - 1}", "Enrolments: a row for each site, programme and season", "section")
    for number, column in enumerate(COLUMNS, start=1):
        _lay_out_column(sheet, get_column_letter(number), column.label, column.name, column.unit, number_format(column))
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column.name, 13)
    sheet.row_dimensions[HEADER_ROW].height = 32
    sheet.freeze_panes = f"B{FIRST_ROW}"


def _lay_out_column(sheet, letter, label, key, unit, shown_as):
    put(sheet, f"{letter}{HEADER_ROW}", label, "header")
    put(sheet, f"{letter}{KEY_ROW}", key, "key")
    put(sheet, f"{letter}{UNIT_ROW}", unit, "unit")
    put(sheet, f"{letter}{FIRST_ROW}", None, "input", shown_as)


def fill(sheet, plan):
    """Write the portfolio into the tab and validate every input."""
    portfolio = plan.portfolio
    at = keys(sheet, plan.inputs_key_row)
    header_values = {"name": Typed(portfolio.name), "currency": Typed(portfolio.currency)}
    for row, (key, label, _, explanation) in enumerate(HEADER_ITEMS, start=HEADER_FIRST_ROW):
        write_column(sheet, 3, row, [header_values.get(key, getattr(portfolio, key))])
        write_column(sheet, 4, row, [Typed(plan.source)])
        _validate_header(sheet, row, key, label, explanation)
    for extra in portfolio.extra_columns:
        letter = get_column_letter(max(at.values()) + 1)
        _lay_out_column(sheet, letter, extra, extra, "text", "text")
        at[extra] = max(at.values()) + 1
        sheet.column_dimensions[letter].width = 16
    first = plan.inputs_first_row
    for column in COLUMNS:
        write_column(sheet, at[column.name], first, [_shown(column, e) for e in plan.enrolments])
        _validate(sheet, column, plan.input_range(column.name, sheet_name=False))
    for extra in portfolio.extra_columns:
        write_column(sheet, at[extra], first, [_extra(e.extras.get(extra)) for e in plan.enrolments])
        letter = get_column_letter(at[extra])
        validate_text(sheet, f"{letter}{first}:{letter}{plan.inputs_last_row}", extra, "Passed through unread")


def _shown(column, enrolment):
    """What an enrolment's column shows: values as read, defaults written out, words for no limit."""
    value = getattr(enrolment, column.name)
    if column.name in ("rate_unit", "energy_unit"):
        return value.name
    if column.name == "source" and not value:
        return Typed(f"{enrolment.place} (no source named)")
    if value is None:
        return column.word or None
    return Typed(value) if column.mark == TEXT else value


def _extra(value):
    return Typed(value) if isinstance(value, str) else value


def _validate(sheet, column, cells):
    """The column's bounds as data validation, worded by the core."""
    if column.name in _LIST_OF:
        validate_list(
            sheet, cells, column.label, column.explanation, column.choices, lists.column(_LIST_OF[column.name])
        )
    elif column.mark == DATE:
        error = f"{column.label} must be a date (year-month-day)."
        validate(
            sheet, cells, "date", column.label, f"{column.explanation}.", error, operator="greaterThan", formula1="1"
        )
    elif not column.is_number:
        validate_text(sheet, cells, column.label, column.explanation)
    else:
        least, most, word = (lists.limit_cell(column.name, limit) for limit in ("least", "most", "word"))
        hint = " (you may have typed 95 instead of 95%)" if column.unit == "%" else ""
        prompt = f"{column.explanation}. {column.unit}: {column.mark.allowed}. From the programme's terms."
        error = f"{column.label} must be {column.mark.allowed}{hint}."
        if column.is_optional_limit:
            validate_number_or_word(
                sheet,
                cells,
                column.label,
                f"{prompt} Or: {column.word}.",
                f"{error} Or the word: {column.word}.",
                least,
                most,
                word,
            )
        else:
            validate_number(sheet, cells, column.label, prompt, error, least, most)


_WHOLE = {"year": ("a year from {} to {}", YEARS), "fiscal_year_start": ("{} to {}", MONTHS)}


def _validate_header(sheet, row, key, label, explanation):
    if key in _WHOLE:
        what, (least, most) = _WHOLE[key]
        error = f"{label} must be {what.format(least, most)}."
        validate_number(sheet, f"C{row}", label, f"{explanation}.", error, str(least), str(most), "whole")
    else:
        validate_text(sheet, f"C{row}", label, explanation)
    validate_text(sheet, f"D{row}", f"Source of {label.lower()}", "Where the value comes from")
