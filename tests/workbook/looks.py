"""What a reader sees of a cell: its colour, the contrast of it, whether its number format fits."""

import re

from openpyxl.styles.numbers import is_date_format

LEAST_CONTRAST = 4.5
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
BLUE, BLACK, GREEN, RED, WHITE = "0000FF", "000000", "006100", "FF0000", "FFFFFF"
_LINK = re.compile(r"=(?:'(?:[^']|'')+'|[A-Za-z_][\w.]*)!\$?[A-Z]{1,3}\$?[0-9]+")


def _rgb(colour, otherwise):
    if colour is None or colour.type != "rgb" or not isinstance(colour.rgb, str):
        return otherwise
    return colour.rgb[-6:].upper()


def font(cell):
    """The colour of the text, as six hexadecimal digits."""
    return _rgb(cell.font.color, BLACK)


def fill(cell):
    """The colour behind the text."""
    return _rgb(cell.fill.fgColor, WHITE) if cell.fill.fill_type == "solid" else WHITE


def luminance(rgb):
    """Relative luminance as the WCAG defines it."""
    parts = [int(rgb[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(cell):
    """The contrast of text and fill, from 1 to 21."""
    light, dark = sorted((luminance(font(cell)), luminance(fill(cell))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def name(cell):
    """input (blue on a light fill), black, green, red, or other."""
    colour = font(cell)
    if colour == BLUE:
        return "input" if fill(cell) != WHITE and luminance(fill(cell)) > 0.7 else "blue"
    return {BLACK: "black", GREEN: "green", RED: "red"}.get(colour, "other")


def wanted(cell, sheet):
    """The looks that the content of a cell allows."""
    if cell.data_type == "f" and cell.style.startswith("FlexRev header"):
        return {"other"}  # a header that is worked out, such as a month, looks like every header
    if cell.data_type == "f":
        formula = str(cell.value)
        if "[" in formula:
            return {"red"}
        return {"green"} if _LINK.fullmatch(formula) and not formula.strip("='").startswith(f"{sheet}!") else {"black"}
    return {"black", "other"} if cell.protection.locked else {"input"}


def samples(about):
    """The sample cells of the colour key: what stands under its title, to the first empty row."""
    title = next((c.row for (c,) in about.iter_rows(max_col=1) if c.value == "Colour key"), None)
    row = title + 1 if title else about.max_row + 1
    while about.cell(row, 1).value is not None:
        yield about.cell(row, 1)
        row += 1


def format_fault(cell, unit):
    """What is wrong with the number format of a number or date in a unit, or None."""
    shown = cell.number_format
    if cell.value is not None and shown == "@":
        return "a number shown as text"
    if unit == "date" and not is_date_format(shown):
        return "a date not shown as one"
    if unit is not None and (unit == "%") != ("%" in shown) and unit not in ("own unit", "fraction"):
        return f"format {shown} in {unit}"
    sections = shown.split(";")
    if len(sections) > 1 and not shown.startswith("[") and not set("(-") & set(sections[1]):
        return f"format {shown} loses the sign"
    return None


def formula_elements(sheet_xml):
    """The cells with formulas in a sheet's XML."""
    return (c for c in sheet_xml.iter(f"{MAIN}c") if c.find(f"{MAIN}f") is not None)


def stored_text(element):
    """The stored result of a cell's XML as text, or None."""
    value = element.find(f"{MAIN}v")
    return None if value is None or (value.text is None and element.get("t") != "str") else value.text or ""


def undescribed(drawing_xml):
    """The names of charts and pictures without alternative text."""
    for element in drawing_xml.iter(f"{DRAWING}cNvPr"):
        if not element.get("descr"):
            yield element.get("name")
