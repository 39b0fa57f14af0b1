"""The Markets tab: how far the years of two markets go together in a simulation; pairs not named do not."""

from openpyxl.utils import get_column_letter

from flexrev_xl.portfolio.uncertainty import CORRELATION, NO_PAIR, Uncertainty
from flexrev_xl.readers.xlsx_simulation import PAIR
from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import validate_number, validate_text

TITLE = "Markets"
HEADER_ROW, KEY_ROW, UNIT_ROW, FIRST_ROW = 6, 7, 8, 9
SPARE_ROWS = 3
KEYS = (*PAIR, "source")
_COLUMNS = (
    ("First market", "text"),
    ("Second market", "text"),
    ("Correlation of their years", "%"),
    ("Source", "text"),
)
_NOTE = (
    "Correlation of the deviates behind the years of two markets, as the tab Simulation and flexrev simulate name them. "
    f"A row for {NO_PAIR} is not used: name two markets there to add a pair."
)


def lay_out(sheet):
    """Title, labels, keys, units and the model row."""
    subtitle = f'={NAME_CELL}&", money in "&{CURRENCY_CELL}&"; how far the years of two markets go together"'
    set_up(sheet, "inputs", TITLE, f"{HEADER_ROW}:{UNIT_ROW}", subtitle=subtitle)
    put(sheet, "A4", _NOTE, "remark")
    for number, (key, (label, unit)) in enumerate(zip(KEYS, _COLUMNS, strict=True), start=1):
        letter = get_column_letter(number)
        put(sheet, f"{letter}{HEADER_ROW}", label, "header")
        put(sheet, f"{letter}{KEY_ROW}", key, "key")
        put(sheet, f"{letter}{UNIT_ROW}", unit, "unit")
        put(sheet, f"{letter}{FIRST_ROW}", None, "input", "typed percent" if unit == "%" else "text")
    widths(sheet, 30, 30, 18, 40)
    sheet.row_dimensions[HEADER_ROW].height = 32
    sheet.freeze_panes = f"A{FIRST_ROW}"


def _pairs(portfolio):
    return (portfolio.uncertainty or Uncertainty()).between_markets


def rows(portfolio):
    """The rows of the table, those to spare among them."""
    return range(FIRST_ROW, FIRST_ROW + len(_pairs(portfolio)) + SPARE_ROWS)


def fill(sheet, plan):
    """Write the pairs, and rows to spare."""
    table = [(*pair.markets, pair.correlation, f"{plan.source}, simulation") for pair in _pairs(plan.portfolio)]
    table += [(NO_PAIR, NO_PAIR, 0.0, "Not used")] * SPARE_ROWS
    for number, values in enumerate(zip(*table, strict=True), start=1):
        write_column(sheet, number, FIRST_ROW, [Typed(v) if isinstance(v, str) else v for v in values])
    last = rows(plan.portfolio)[-1]
    for letter, (label, _) in zip("AB", _COLUMNS, strict=False):
        explanation = f"A market of the portfolio, or {NO_PAIR} where the row is not used"
        validate_text(sheet, f"{letter}{FIRST_ROW}:{letter}{last}", label, explanation)
    mark = CORRELATION.mark
    prompt, error = f"{mark.help}. %: {mark.allowed}.", f"A correlation must be {mark.allowed}."
    bounds = (f"{mark.low:g}", f"{mark.high:g}")
    validate_number(sheet, f"C{FIRST_ROW}:C{last}", _COLUMNS[2][0], prompt, error, *bounds)
    validate_text(sheet, f"D{FIRST_ROW}:D{last}", "Source", "Who assumed this, and from what record")


def check_cells(plan):
    """(label, unit, formula, where to look) of the check that every correlation can be one."""
    table = rows(plan.portfolio)
    own, mark = f"{TITLE}!C{table[0]}:C{table[-1]}", CORRELATION.mark
    inside = f'COUNTIFS({own},">={mark.low:g}",{own},"<={mark.high:g}")'
    yield f"{TITLE}: every correlation within limits", "count", f"ROWS({own})-{inside}", f"{TITLE}: {mark.allowed}"
