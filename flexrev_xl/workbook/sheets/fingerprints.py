"""The Fingerprints tab: what stored figures rest on, as it is now beside what it was, so that stale ones can say so."""

from openpyxl.styles import Alignment

from flexrev_xl.workbook import fingerprint
from flexrev_xl.workbook.fingerprint import DIFFERS, FIRST_ROW, HEADER_ROW, LIVE, PART, STORED, SUBJECT, TITLE, UNIT
from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.styles import put

__all__ = ["TITLE", "fill", "lay_out"]

_HEADERS = ("Tab", "What it rests on", "Unit", "Now", "When it was worked out", "Differs")
_NOTE = "Each number sums up a range of inputs, weighted by place. Where one differs by more than a billionth, the tab says STALE."


def lay_out(sheet):
    """Title and headers."""
    set_up(sheet, "control", "Fingerprints of inputs", f"{HEADER_ROW}:{HEADER_ROW}", subtitle=_NOTE)
    for letter, header in zip((SUBJECT, PART, UNIT, LIVE, STORED, DIFFERS), _HEADERS, strict=True):
        put(sheet, f"{letter}{HEADER_ROW}", header, "header")
        put(sheet, f"{letter}{FIRST_ROW}", None, "label")
    widths(sheet, 14, 62, 12, 26, 26, 10)
    sheet.freeze_panes = f"A{FIRST_ROW}"


def fill(sheet, subjects):
    """Write the rows of every subject; what each number was is stored by `fingerprint.remember`."""
    for row, name, label, unit, live, differs in fingerprint.rows(subjects):
        counts, shown = live is None, "text result" if unit == "text" else "quantity"
        for letter, value, look, number_format in (
            (SUBJECT, Typed(name), "total" if counts else "label", "text"),
            (PART, Typed(label), "total" if counts else "label", "text"),
            (UNIT, unit, "unit", "text"),
            (LIVE, live, "total" if counts else "calc", "text result" if counts else shown),
            (STORED, None, "total" if counts else "calc", "text result" if counts else shown),
            (DIFFERS, differs, "total" if counts else "calc", "whole"),
        ):
            put(sheet, f"{letter}{row}", None, look, number_format)
            write_column(sheet, sheet[f"{letter}{row}"].column, row, [value])
            if shown == "text result" and letter in (LIVE, STORED):
                sheet[f"{letter}{row}"].alignment = Alignment(shrink_to_fit=True)
