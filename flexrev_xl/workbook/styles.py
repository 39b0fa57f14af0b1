"""How cells look: named cell styles, so that a finance team restyles a template from Excel's style gallery.

Colours follow the banking convention: inputs blue on a light fill, formulas black, links to other
sheets green, links to other files red (there are none).
"""

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

BLUE, BLACK, GREEN, WHITE, NAVY, GREY = "FF0000FF", "FF000000", "FF006100", "FFFFFFFF", "FF1F3864", "FF595959"
INPUT_FILL, TOTAL_FILL, UNIT_FILL = "FFEAF1FB", "FFF2F2F2", "FFDDE3EE"
TAB_COLOURS = {"about": "1F3864", "inputs": "2F75B5", "workings": "7F7F7F", "outputs": "548235", "control": "BF8F00"}

# The house list of number formats. Zero prints as a dash in calculations only: it would hide a typed zero.
FORMATS = {
    "text": "@",
    "text result": "0;-0;0;@",  # of formulas: a cell in the format @ would take a formula typed anew for its text
    "money": '#,##0_);(#,##0);"-"_)',
    "rate": '#,##0.00_);(#,##0.00);"-"_)',
    "quantity": '#,##0.00_);(#,##0.00);"-"_)',
    "percent": '0.0%_);(0.0%);"-"_)',
    "factor": "0.000",
    "typed number": "#,##0.00####_)",
    "typed percent": "0.0##%_)",
    "date": "dd-mmm-yyyy",
    "month": "mmm-yy",
    "whole": "0",
    "count": "#,##0_)",
    "check": '[=0]"OK";"ERROR"',
}
_BY_UNIT = {
    "%": "percent",
    "MW": "quantity",
    "MWh": "quantity",
    "h": "quantity",
    "h/year": "quantity",
    "times": "factor",
    "GPUs": "count",
    "money": "money",
    "text": "text result",
    "year": "whole",
    "flag": "whole",
}


def format_of_unit(unit):
    """The number format of a calculated quantity in that unit."""
    return _BY_UNIT.get(unit, "rate" if unit.startswith("money/") else "quantity")


def _fill(colour):
    return PatternFill("solid", fgColor=colour)


_TOP = Border(top=Side("thin", color=BLACK))
_HAIR = Border(bottom=Side("hair", color="FFBFBFBF"))
_LOOKS = {
    "title": {"font": Font(name="Calibri", size=16, bold=True, color=NAVY)},
    "subtitle": {"font": Font(name="Calibri", size=11, color=BLACK)},
    "status": {"font": Font(name="Calibri", size=11, bold=True, color=BLACK)},
    "section": {"font": Font(name="Calibri", size=12, bold=True, color=NAVY)},
    "header": {
        "font": Font(name="Calibri", size=10, bold=True, color=WHITE),
        "fill": _fill(NAVY),
        "alignment": Alignment(wrap_text=True, vertical="center", horizontal="center"),
    },
    "key": {
        "font": Font(name="Calibri", size=8, color=GREY),
        "alignment": Alignment(horizontal="center", shrink_to_fit=True),
    },
    "unit": {
        "font": Font(name="Calibri", size=9, italic=True, color=BLACK),
        "fill": _fill(UNIT_FILL),
        "alignment": Alignment(horizontal="center"),
    },
    "label": {"font": Font(name="Calibri", size=10, color=BLACK), "border": _HAIR},
    "remark": {
        "font": Font(name="Calibri", size=10, color=BLACK),
        "alignment": Alignment(vertical="top", horizontal="left"),
    },
    "note": {
        "font": Font(name="Calibri", size=10, color=BLACK),
        "alignment": Alignment(wrap_text=True, vertical="top"),
    },
    "input": {
        "font": Font(name="Calibri", size=10, color=BLUE),
        "fill": _fill(INPUT_FILL),
        "border": _HAIR,
        "protection": Protection(locked=False),
    },
    "calc": {"font": Font(name="Calibri", size=10, color=BLACK), "border": _HAIR},
    "link": {"font": Font(name="Calibri", size=10, color=GREEN), "border": _HAIR},
    "total": {"font": Font(name="Calibri", size=10, bold=True, color=BLACK), "fill": _fill(TOTAL_FILL), "border": _TOP},
    "total link": {
        "font": Font(name="Calibri", size=10, bold=True, color=GREEN),
        "fill": _fill(TOTAL_FILL),
        "border": _TOP,
    },
    "hyperlink": {"font": Font(name="Calibri", size=10, underline="single", color="FF0563C1")},
}


def style(workbook, look, number_format="text"):
    """The name of a cell style, added to the workbook where it is not there yet.

    Args:
        workbook: an openpyxl Workbook.
        look: a key of the looks above, such as "input" or "calc".
        number_format: a key of FORMATS.
    """
    name = f"FlexRev {look}" if number_format == "text" else f"FlexRev {look} {number_format}"
    if name not in workbook.named_styles:
        looks = dict(_LOOKS[look])
        if look in ("input", "calc") and "text" not in number_format:
            looks["alignment"] = Alignment(horizontal="right")  # a word such as "none" stands under its numbers
        workbook.add_named_style(NamedStyle(name=name, number_format=FORMATS[number_format], **looks))
    return name


def put(sheet, address, value, look, number_format="text"):
    """Write one cell of our own making in a look."""
    cell = sheet[address]
    cell.value = value
    cell.style = style(sheet.parent, look, number_format)
    return cell
