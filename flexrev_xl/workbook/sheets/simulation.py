"""The Simulation tab: what a simulation assumes of each row of Inputs, typed or as usual."""

from openpyxl.utils import get_column_letter

from flexrev_xl.core.arguments import Choice
from flexrev_xl.portfolio.column import TEXT
from flexrev_xl.portfolio.uncertainty import AS_USUAL, ITEMS, Uncertainty
from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.sheets import input_table
from flexrev_xl.workbook.sheets.input_table import FIRST_ROW, HEADER_ROW, IDENTITY, SOURCE, UNIT_ROW
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import validate_list, validate_number_or_word, validate_text

TITLE = "Simulation"
_NOTE = (
    f"What flexrev build --simulate and flexrev simulate take to be random. {AS_USUAL} leaves what stands where nobody "
    "says more; the tab Risk, and flexrev simulate, list it in words. A number in its place holds for the row."
)
_NO_SOURCE = "Nothing given"


def letter_of(name):
    """The column letter of an assumption."""
    return get_column_letter(len(IDENTITY) + 1 + [item.name for item in ITEMS].index(name))


_SOURCE_LETTER = get_column_letter(len(IDENTITY) + 1 + len(ITEMS))


def is_number(item):
    """Whether an assumption is a number, as against one of a few words or a name."""
    return item.mark != TEXT and not isinstance(item.mark, Choice)


def _unit(item):
    if not is_number(item):
        return TEXT
    return "%" if item.mark.unit == "fraction" else item.mark.unit


def lay_out(sheet):
    """Everything but the enrolments."""
    subtitle = f'={NAME_CELL}&", money in "&{CURRENCY_CELL}&"; what may come otherwise than budgeted"'
    set_up(sheet, "inputs", TITLE, f"{HEADER_ROW}:{UNIT_ROW}", subtitle=subtitle, paper="A3")
    put(sheet, "A5", _NOTE, "remark")
    for number, (key, label) in enumerate(IDENTITY, start=1):
        letter = get_column_letter(number)
        input_table.lay_out_column(sheet, letter, label, key, TEXT, "text result", "link")
    for item in ITEMS:
        unit = _unit(item)
        shown = "text" if unit == TEXT else "typed percent" if unit == "%" else "typed number"
        input_table.lay_out_column(sheet, letter_of(item.name), item.label, item.name, unit, shown)
        sheet.column_dimensions[letter_of(item.name)].width = 13
    input_table.lay_out_column(sheet, _SOURCE_LETTER, "Source", SOURCE, TEXT, "text")
    widths(sheet, 26, 32, 12)
    sheet.column_dimensions[letter_of("market")].width = 20
    sheet.column_dimensions[_SOURCE_LETTER].width = 36
    sheet.row_dimensions[HEADER_ROW].height = 46
    sheet.freeze_panes = f"D{FIRST_ROW}"


def fill(sheet, plan):
    """Write what is given of each enrolment, and validate it."""
    first, uncertainty = plan.inputs_first_row, plan.portfolio.uncertainty or Uncertainty()
    given = [uncertainty.given(row) for row in plan.enrolments]
    for number, (key, _) in enumerate(IDENTITY, start=1):
        write_column(sheet, number, first, input_table.links(plan, key))
    for item in ITEMS:
        values = [values.get(item.name, AS_USUAL) for values in given]
        at = sheet[f"{letter_of(item.name)}1"].column
        write_column(sheet, at, first, [Typed(v) if isinstance(v, str) else v for v in values])
        _validate(sheet, item, cells(plan, item.name).partition("!")[2].replace("$", ""))
    sources = [Typed(f"{plan.source}, simulation" if values else _NO_SOURCE) for values in given]
    write_column(sheet, sheet[f"{_SOURCE_LETTER}1"].column, first, sources)
    own = f"{_SOURCE_LETTER}{first}:{_SOURCE_LETTER}{plan.inputs_last_row}"
    validate_text(sheet, own, "Source", "Who assumed this, and from what record")


def cells(plan, name):
    """The cells of one assumption, held fast."""
    letter = letter_of(name)
    return f"{TITLE}!${letter}${plan.inputs_first_row}:${letter}${plan.inputs_last_row}"


def _validate(sheet, item, own):
    if item.mark == TEXT:
        validate_text(sheet, own, item.label, f"Rows of one market share their years. Or: {AS_USUAL}")
    elif not is_number(item):
        words = (*item.mark.choices, AS_USUAL)
        validate_list(sheet, own, item.label, item.mark.help, words, f'"{",".join(words)}"')
    else:
        prompt = f"{item.mark.help}. {_unit(item)}: {item.mark.allowed}. Or the words: {AS_USUAL}."
        error = f"{item.label} must be {item.mark.allowed}, or the words {AS_USUAL}."
        bounds = (f"{item.mark.low:g}", f"{item.mark.high:g}")
        validate_number_or_word(sheet, own, item.label, prompt, error, *bounds, f'"{AS_USUAL}"')


def check_cells(plan):
    """(label, unit, formula, where to look) of the checks of each assumption that is a number."""
    for item in filter(is_number, ITEMS):
        own = cells(plan, item.name).replace("$", "")
        where = f"{TITLE}, column {item.label}: a number, {item.mark.allowed}, or the words {AS_USUAL}"
        words = f'ROWS({own})-COUNT({own})-COUNTIF({own},"{AS_USUAL}")'
        yield f"{TITLE}, {item.label}: every row a number or the words", "count", words, where
        below = f'"{"<=" if item.mark.above_low else "<"}{item.mark.low:g}"'
        outside = f'COUNTIF({own},{below})+COUNTIF({own},">{item.mark.high:g}")'
        yield f"{TITLE}, {item.label}: every number within limits", "count", outside, where
