"""The Currencies tab: what one unit of each currency is in the portfolio's."""

from flexrev_xl.core.arguments import LONGEST_TEXT
from flexrev_xl.portfolio.currencies import KEYS, RATE, RATE_KINDS
from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.sheets import lists
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import validate, validate_list, validate_number, validate_text

TITLE = "Currencies"
HEADER_ROW, KEY_ROW, UNIT_ROW, OWN_ROW, FIRST_ROW = 5, 6, 7, 8, 9
OWN_CELLS = (f"{TITLE}!$A${OWN_ROW}", f"{TITLE}!$B${OWN_ROW}")  # code and rate of the portfolio's own currency
_HEADERS = ("Currency", "Rate", "Date of the rate", "Kind of rate", "Source")
_UNITS = ("text", "per unit", "date", "text", "text")
_FORMATS = ("text", "typed number", "date", "text", "text")


def lay_out(sheet):
    """Title, headers, the portfolio's own currency and the model row."""
    subtitle = f'={NAME_CELL}&", rates are money in "&{CURRENCY_CELL}&" for one unit of the currency"'
    set_up(sheet, "inputs", "Currencies", f"{HEADER_ROW}:{UNIT_ROW}", subtitle=subtitle)
    sheet["A2"].style = "FlexRev subtitle text result"
    for letter, header, key, unit, shown in zip("ABCDE", _HEADERS, KEYS, _UNITS, _FORMATS, strict=True):
        put(sheet, f"{letter}{HEADER_ROW}", header, "header")
        put(sheet, f"{letter}{KEY_ROW}", key, "key")
        put(sheet, f"{letter}{UNIT_ROW}", unit, "unit")
        put(sheet, f"{letter}{FIRST_ROW}", None, "input", shown)
    put(sheet, f"A{OWN_ROW}", None, "label")
    put(sheet, f"B{OWN_ROW}", 1.0, "label", "typed number")
    put(sheet, f"C{OWN_ROW}", None, "label", "date")
    put(sheet, f"D{OWN_ROW}", "own currency", "label")
    put(sheet, f"E{OWN_ROW}", "The portfolio's own currency", "label")
    widths(sheet, 14, 16, 18, 16, 70)
    sheet.freeze_panes = f"B{OWN_ROW}"


def others(portfolio):
    """The rates of currencies other than the portfolio's own."""
    return tuple(r for r in portfolio.exchange_rates if r.currency != portfolio.currency)


def look_up(cell, portfolio):
    """The formula that finds the rate of the currency that a cell names."""
    last = OWN_ROW + len(others(portfolio))
    return f"INDEX({TITLE}!$B${OWN_ROW}:$B${last},MATCH({cell},{TITLE}!$A${OWN_ROW}:$A${last},0))"


def fill(sheet, plan):
    """Write the table of rates and validate it."""
    rates = others(plan.portfolio)
    write_column(sheet, 1, OWN_ROW, [Typed(plan.portfolio.currency)])
    if not rates:
        for letter in "ABCDE":
            put(sheet, f"{letter}{FIRST_ROW}", None, "label")
        return
    columns = (
        [Typed(r.currency) for r in rates],
        [r.rate for r in rates],
        [r.date for r in rates],
        [Typed(r.kind) for r in rates],
        [Typed(r.source or f"{plan.source} (no source named)") for r in rates],
    )
    for number, values in enumerate(columns, start=1):
        write_column(sheet, number, FIRST_ROW, values)
    last = FIRST_ROW + len(rates) - 1
    validate_text(sheet, f"A{FIRST_ROW}:A{last}", "Currency", "ISO code of three letters")
    error = f"A rate must be a number, {RATE.allowed}."
    validate_number(sheet, f"B{FIRST_ROW}:B{last}", "Rate", f"{RATE.help}.", error, "0", f"{RATE.high:.0f}")
    rule = {"operator": "greaterThan", "formula1": "1"}
    validate(sheet, f"C{FIRST_ROW}:C{last}", "date", "Date", "Day the rate was taken.", "Type a date.", **rule)
    kinds = lists.column("rate_kinds")
    validate_list(sheet, f"D{FIRST_ROW}:D{last}", "Kind of rate", "Budget, average or closing", RATE_KINDS, kinds)
    validate_text(
        sheet, f"E{FIRST_ROW}:E{last}", "Source", f"Where the rate comes from, at most {LONGEST_TEXT} characters"
    )
