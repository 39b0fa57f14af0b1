"""What the speed of a build is measured against: openpyxl alone, writing the same cells and styles."""

import csv
import io

from openpyxl import Workbook, load_workbook

COLUMNS = (
    "site,programme,season,start,end,nominated_mw,capacity_rate,rate_unit,"
    "price_status,dispatch_hours,energy_rate,energy_unit,performance,penalty_rate,source"
)


def many_enrolments(folder, count):
    """A CSV of that many enrolments, and its path."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS.split(","))
    for i in range(count):
        mw, share = 1 + i % 40, 0.9 + (i % 10) / 100
        row = (
            f"Site {i:05d}",
            "PJM capacity",
            "",
            "2026-06-01",
            "2027-05-31",
            mw,
            329.17,
            "USD/MW-day",
            "cleared",
            30,
            75,
            "USD/MWh",
            share,
            1150,
            "test",
        )
        writer.writerow(row)
    path = folder / f"portfolio_{count}.csv"
    path.write_text(text.getvalue(), "utf-8")
    return path


def cells_of(path):
    """Every cell of a workbook as (sheet, row, column, value, named style)."""
    book = load_workbook(path)
    return [
        (s.title, [(c.row, c.column, c.value, c.style) for row in s.iter_rows() for c in row if c.value is not None])
        for s in book
    ], book


def write_alone(sheets, styled, path):
    """Write the cells with openpyxl and nothing else."""
    book = Workbook()
    book.remove(book.active)
    styles = {}
    for sheet in styled:
        for row in sheet.iter_rows(max_row=40):
            for cell in row:
                styles.setdefault(cell.style, cell)
    for named in styled._named_styles:
        if named.name not in book.named_styles:
            book.add_named_style(_copy(named))
    for title, cells in sheets:
        sheet = book.create_sheet(title)
        arrays = {}
        for row, column, value, style in cells:
            cell = sheet.cell(row, column, value)
            if style in arrays:
                cell._style = arrays[style]
            else:
                cell.style = style
                arrays[style] = cell._style
    book.save(path)


def _copy(named):
    from copy import copy

    from openpyxl.styles import NamedStyle

    return NamedStyle(
        name=named.name, number_format=named.number_format,
        font=copy(named.font), fill=copy(named.fill), border=copy(named.border), alignment=copy(named.alignment), protection=copy(named.protection),
    )  # fmt: skip
