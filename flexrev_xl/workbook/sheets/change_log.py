"""The Change log tab: version, date, who, what; and what `flexrev verify` needs to rebuild the book."""

from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.styles import put

TITLE = "Change log"
HEADER_ROW, FIRST_ROW = 5, 6
HEADERS = ("Version", "Date", "Who", "What", "Inputs hash", "Mode", "Template")


def lay_out(sheet):
    """Title, headers and the model row."""
    set_up(
        sheet,
        "control",
        "Change log",
        f"{HEADER_ROW}:{HEADER_ROW}",
        subtitle="Add a row below for each change; the first row is the build itself",
    )
    for letter, header in zip("ABCDEFG", HEADERS, strict=True):
        put(sheet, f"{letter}{HEADER_ROW}", header, "header")
        put(sheet, f"{letter}{FIRST_ROW}", None, "label", "date" if header == "Date" else "text")
    widths(sheet, 12, 14, 24, 60, 34, 22, 16)
    sheet.freeze_panes = f"A{FIRST_ROW}"


def fill(sheet, plan, version, inputs_hash):
    """Write the row of the build."""
    what = f"Built from {plan.source}: {plan.count} enrolments, {len(plan.portfolio.scenarios)} scenarios"
    write(sheet, (version, plan.today, "flexrev_xl", what, inputs_hash, plan.mode, plan.template))


def write(sheet, values):
    """Write the row of the build, in the order of HEADERS."""
    for number, value in enumerate(values, start=1):
        write_column(sheet, number, FIRST_ROW, [Typed(value) if isinstance(value, str) else value])


def read(sheet):
    """The row of the build by header, as text and date; missing cells are None."""
    header = {
        cell.value: cell.column for row in sheet.iter_rows(min_row=HEADER_ROW, max_row=HEADER_ROW) for cell in row
    }
    return {h: sheet.cell(FIRST_ROW, header[h]).value if h in header else None for h in HEADERS}
