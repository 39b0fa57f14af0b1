"""The CPM series tab: the worst hour of the load and the frontier of battery sizes, stored, as the charts show them."""

from openpyxl.utils import get_column_letter

from flexrev_xl.workbook.cpm_record import FRONTIER, WORST_HOUR
from flexrev_xl.workbook.page import name_currency, set_up, widths, write_column
from flexrev_xl.workbook.sheets import cpm_case, cpm_workings
from flexrev_xl.workbook.styles import put

TITLE = "CPM series"
TITLE_ROW, HEADER_ROW, UNIT_ROW, FIRST_ROW = 6, 7, 8, 9
FIRST_OF_FRONTIER = len(WORST_HOUR) + 2
_TABLES = (
    ("The hour in which the battery is emptied furthest", 1, WORST_HOUR),
    ("Frontier: the best layout with a battery of each size", FIRST_OF_FRONTIER, FRONTIER),
)
_PRINTED_ROWS = 30  # of the hour, at least


def lay_out(sheet):
    """Titles, headers, units and the model row of both tables."""
    words = "; stored values, worked out from the load's series"
    title = "Compute per megawatt: series"
    set_up(sheet, "workings", title, f"{HEADER_ROW}:{UNIT_ROW}", subtitle=cpm_case.subtitle(words))
    put(sheet, "A4", cpm_workings.status(), "status", "text result")
    put(
        sheet,
        "A5",
        cpm_workings.frontier_status(f"{get_column_letter(FIRST_OF_FRONTIER)}{FIRST_ROW}"),
        "status",
        "text result",
    )
    for title, first, columns in _TABLES:
        put(sheet, f"{get_column_letter(first)}{TITLE_ROW}", title, "section")
        for number, (_, header, unit) in enumerate(columns, start=first):
            letter = get_column_letter(number)
            put(sheet, f"{letter}{HEADER_ROW}", header, "header")
            put(sheet, f"{letter}{UNIT_ROW}", unit, "unit")
            shown = {"%": "typed percent", "money": "money", "GPUs": "count"}.get(unit, "typed number")
            put(sheet, f"{letter}{FIRST_ROW}", None, "label", shown)
    widths(sheet, *[16] * len(WORST_HOUR), 3, *[18] * len(FRONTIER))
    sheet.row_dimensions[HEADER_ROW].height = 30
    sheet.freeze_panes = f"A{FIRST_ROW}"


def fill(sheet, record):
    """Write both tables; what is printed is their start and the whole frontier, not the pages of an hour."""
    last = FIRST_ROW + max(len(record.frontier), _PRINTED_ROWS) - 1
    sheet.print_area = f"A1:{get_column_letter(FIRST_OF_FRONTIER + len(FRONTIER) - 1)}{last}"
    for rows, (_, first, columns) in zip((record.worst_hour, record.frontier), _TABLES, strict=True):
        for number in range(len(columns)):
            write_column(sheet, first + number, FIRST_ROW, [row[number] for row in rows])
    name_currency(sheet, record.currency, UNIT_ROW)
