"""The Resources tab: what each site can answer an event with, a row for each resource."""

from openpyxl.utils import get_column_letter

from flexrev_xl.core.arguments import Quantity
from flexrev_xl.core.tables import Whole
from flexrev_xl.portfolio.sites import RESOURCES
from flexrev_xl.workbook.page import Typed, set_up, write_column
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import validate_number, validate_text

TITLE = "Resources"
HEADER_ROW, KEY_ROW, UNIT_ROW, FIRST_ROW = 7, 8, 9, 10
SITE, SOURCE = "site", "source"
KEYS = (SITE, *RESOURCES.names, SOURCE)
_LABELS = {
    "name": "Resource", "kind": "Kind", "power_mw": "Power", "energy_mwh": "Usable energy", "hours": "Hours at full power",
    "units": "Units", "group": "Redundancy group", "derate": "Derate", "reserve_mw": "Reserve", "start_minutes": "Start",
    "marginal_cost": "Cost of one MWh", "permit": "Permit", SITE: "Site", SOURCE: "Source",
}  # fmt: skip
_NONE = "No site names its resources; nominated_mw stands on Inputs as typed."


def _mark(key):
    return next((c.mark for c in RESOURCES.columns if c.name == key), None)


def _unit(key):
    mark = _mark(key)
    unit = mark.unit if mark else "text"
    return {"fraction": "%", "min": "minutes"}.get(unit, unit)


def _shown_as(key):
    mark = _mark(key)
    if not isinstance(mark, Quantity):
        return "text"
    return "typed percent" if mark.unit == "fraction" else "whole" if isinstance(mark, Whole) else "typed number"


def lay_out(sheet):
    """Title, labels, keys, units and the model row."""
    subtitle = f'={NAME_CELL}&", costs in "&{CURRENCY_CELL}&"; what a site can nominate is FLEX_NOMINATED_CAPACITY of its rows"'
    set_up(sheet, "inputs", "Resources", f"{HEADER_ROW}:{UNIT_ROW}", subtitle=subtitle, paper="A3")
    put(sheet, "A5", None, "remark")
    for number, key in enumerate(KEYS, start=1):
        letter = get_column_letter(number)
        put(sheet, f"{letter}{HEADER_ROW}", _LABELS[key], "header")
        put(sheet, f"{letter}{KEY_ROW}", key, "key")
        put(sheet, f"{letter}{UNIT_ROW}", _unit(key), "unit")
        put(sheet, f"{letter}{FIRST_ROW}", None, "input", _shown_as(key))
        sheet.column_dimensions[letter].width = 26 if key in (SITE, "name", SOURCE) else 14
    sheet.row_dimensions[HEADER_ROW].height = 32
    sheet.freeze_panes = f"C{FIRST_ROW}"


def fill(sheet, plan):
    """Write every site's resources and validate them."""
    rows = [(site, r) for site, held in plan.portfolio.resources.items() for r in held]
    if not rows:
        sheet["A5"].value = _NONE
        for number in range(1, len(KEYS) + 1):
            put(sheet, f"{get_column_letter(number)}{FIRST_ROW}", None, "label")
        return
    last = FIRST_ROW + len(rows) - 1
    for number, key in enumerate(KEYS, start=1):
        write_column(sheet, number, FIRST_ROW, [_value(key, site, r, plan.source) for site, r in rows])
        letter, mark = get_column_letter(number), _mark(key)
        cells = f"{letter}{FIRST_ROW}:{letter}{last}"
        if isinstance(mark, Quantity):
            error = f"{_LABELS[key]} must be {mark.allowed}."
            validate_number(sheet, cells, _LABELS[key], f"{mark.help}.", error, f"{mark.low:g}", f"{mark.high:.0f}")
        else:
            words = f"One of: {mark.allowed}" if mark and hasattr(mark, "numbers") else "Name, as in the contract"
            validate_text(sheet, cells, _LABELS[key], words)


def _value(key, site, resource, source):
    value = {SITE: site, SOURCE: f"{source}, resources of {site}"}.get(key, getattr(resource, key, None))
    return Typed(value) if isinstance(value, str) else value
