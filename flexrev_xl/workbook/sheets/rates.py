"""The Rates tab: each enrolment's rates brought to money per MW-year and per MWh, once for all scenarios."""

from openpyxl.utils import get_column_letter

from flexrev_xl.core.budget_line import RATE_STEPS
from flexrev_xl.workbook.page import set_up, write_column
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import format_of_unit, put

TITLE = "Rates"
IDENTITY = (("site", "Site"), ("programme", "Programme"), ("season", "Season"), ("budget_year", "Budget year"))
LOOKED_UP = (
    ("rate_factor", "Factor of capacity unit", "times"),
    ("energy_factor", "Factor of energy unit", "times"),
    ("firm_price", "Guaranteed price", "times"),
    ("most_periods", "Most periods of the unit", "periods"),
    ("exchange_rate", "Exchange rate", "times"),
    ("is_revenue", "Is revenue", "flag"),
    ("is_avoided_cost", "Is avoided cost", "flag"),
    ("is_buyout", "Is a buy-out", "flag"),
)
KEYS = (*(k for k, _ in IDENTITY), *(k for k, *_ in LOOKED_UP), *(s.key for s in RATE_STEPS))
HEADER_ROW, KEY_ROW, UNIT_ROW, FIRST_ROW = 12, 13, 14, 15  # as on Inputs: one row number for one enrolment


def identity_columns():
    """(key, label, unit) of the columns that name a line."""
    return [(key, label, "year" if key == "budget_year" else "text") for key, label in IDENTITY]


def lay_out(sheet):
    """Title, labels, keys, units and the model row."""
    set_up(sheet, "workings", "Rates", f"{HEADER_ROW}:{UNIT_ROW}")
    put(
        sheet,
        "A2",
        f'={NAME_CELL}&", all money in "&{CURRENCY_CELL}&", annual, pre-tax, nominal"',
        "subtitle",
        "text result",
    )
    put(
        sheet,
        "A5",
        "Rate x factor of the unit x periods paid in the year x escalation x exchange rate gives money per MW-year, in the budget's currency.",
        "remark",
    )
    columns = identity_columns() + [*LOOKED_UP] + [(s.key, s.label, s.unit) for s in RATE_STEPS]
    for number, (key, label, unit) in enumerate(columns, start=1):
        letter = get_column_letter(number)
        put(sheet, f"{letter}{HEADER_ROW}", label, "header")
        put(sheet, f"{letter}{KEY_ROW}", key, "key")
        put(sheet, f"{letter}{UNIT_ROW}", unit, "unit")
        put(sheet, f"{letter}{FIRST_ROW}", None, "link" if number <= len(IDENTITY) else "calc", format_of_unit(unit))
        sheet.column_dimensions[letter].width = {1: 26, 2: 32, 3: 12, 4: 10}.get(number, 16)
    sheet.row_dimensions[HEADER_ROW].height = 32
    sheet.freeze_panes = f"E{FIRST_ROW}"


def fill(sheet, plan):
    """Write the formulas down the table."""
    for number, (key, _) in enumerate(IDENTITY, start=1):
        write_column(sheet, number, plan.rates_first_row, plan.identity_links(key, plan.rates_first_row))
    for key, formula in plan.rate_formulas().items():
        write_column(sheet, KEYS.index(key) + 1, plan.rates_first_row, plan.down(formula, plan.rates_first_row))
