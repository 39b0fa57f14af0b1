"""The stored figures of a workbook against the core's: lines on scenario tabs, months on the Budget tab."""

from openpyxl.utils import get_column_letter

from flexrev_xl.analysis.monthly import months_of
from flexrev_xl.core.budget_line import LINE_STEPS
from flexrev_xl.portfolio.models import in_tab_order
from flexrev_xl.workbook import page
from flexrev_xl.workbook.agree import same, scales, shown
from flexrev_xl.workbook.sheets import axis
from flexrev_xl.workbook.sheets import budget as months


def lines(result, stored, add):
    """Every step of every line against the core.

    Args:
        result: a Budget.
        stored: the workbook opened for its values.
        add: called with sheet, cell, code and words for each difference.

    Returns:
        How many lines were compared.
    """
    compared = 0
    in_order = in_tab_order(result.portfolio.enrolments)
    for entry in result.scenarios:
        if entry.name not in stored.sheetnames:
            add(entry.name, "", "FLEX-306", "the tab is missing")
            continue
        sheet = stored[entry.name]
        row = page.key_row(sheet)
        columns = page.keys(sheet, row) if row else {}
        of = {(line.year, id(line.enrolment)): line for line in entry.lines}
        ordered = [of[year, id(e)] for year, *_ in result.portfolio.budget_years for e in in_order]
        for number, line in enumerate(ordered, start=(row or 0) + 3):
            compared += 1
            largest = scales((step.unit, line.values[step.key]) for step in LINE_STEPS)
            for step in LINE_STEPS:
                column = columns.get(step.key)
                value = sheet.cell(number, column).value if column else None
                if not same(value, line.values[step.key], largest[step.unit]):
                    cell = f"{get_column_letter(column)}{number}" if column else step.key
                    add(entry.name, cell, "FLEX-304", _told(value, line.values[step.key]))
    return compared


def by_month(result, stored, add):
    """Every measure of every month of every scenario on the Budget tab against the core; arguments as of `lines`."""
    if months.TITLE not in stored.sheetnames:
        add(months.TITLE, "", "FLEX-306", "the tab is missing")
        return
    sheet = stored[months.TITLE]
    for number, entry in enumerate(result.scenarios):
        expected = months_of(entry.lines, result.portfolio)
        largest = max(abs(figure) for row in expected.values() for figure in row)
        for row, (key, label) in enumerate(months.ROWS, start=months.first_row_of(number)):
            scale = largest if label in months.BALANCES else 0.0
            for column, figure in enumerate(expected[key], start=axis.FIRST_MONTH_COLUMN):
                value = sheet.cell(row, column).value
                if not same(value, figure, scale):
                    cell = f"{get_column_letter(column)}{row}"
                    add(months.TITLE, cell, "FLEX-304", _told(value, figure))


def _told(value, expected):
    return f"{shown(value)} is stored; the core gives {shown(expected)}"
