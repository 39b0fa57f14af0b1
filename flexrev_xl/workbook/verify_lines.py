"""The stored figures of a workbook against the core's: lines on scenario tabs, months, what is on Sensitivity."""

from openpyxl.utils import get_column_letter

from flexrev_xl.analysis import sensitivity as core
from flexrev_xl.analysis.monthly import months_of
from flexrev_xl.core.budget_line import LINE_STEPS
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.models import in_tab_order
from flexrev_xl.workbook import page
from flexrev_xl.workbook.agree import is_number, same, scales, shown
from flexrev_xl.workbook.sheets import axis, lists, sensitivity
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


def by_lever(portfolio, stored, add):
    """Tornado, grid and break-evens of the Sensitivity tab against the core, for what is typed on it; arguments as of `lines`."""
    settings = sensitivity.read(stored)
    if settings is None:
        add(sensitivity.TITLE, "", "FLEX-306", "the tab is missing")
        return
    typed = settings.spread, settings.target, settings.hours_factors, settings.performance_factors
    try:
        result = core.sensitivity(portfolio, *typed)
    except FlexError as e:
        for problem in e.problems:
            add(sensitivity.TITLE, "", problem.code, f"{problem.place}: {problem.what}")
        return
    sheet, made_of = stored[sensitivity.TITLE], _made_of(result.lines)
    for cell, expected in _nets(result):
        value = sheet[cell].value
        if not same(value, expected, made_of):
            add(sensitivity.TITLE, cell, "FLEX-304", _told(value, expected))
    for driver, row in sensitivity.rows():
        cell = f"{sensitivity.LETTER['factor']}{row}"
        factor = sheet[cell].value
        if is_number(factor):
            there = result.lines.net(**{driver: factor})
            close = abs(there - settings.target) <= lists.TOLERANCE
            if not close and not same(there, settings.target, _made_of(result.lines, **{driver: factor})):
                add(sensitivity.TITLE, cell, "FLEX-304", f"net is {shown(there)} there, not {shown(settings.target)}")


def _nets(result):
    """(cell, net as the core has it) of the tornado and the grid."""
    bars, rows = {bar.driver: bar for bar in result.tornado}, dict(sensitivity.rows())
    for driver, row in rows.items():
        yield f"{sensitivity.LETTER['net_low']}{row}", bars[driver].net_low
        yield f"{sensitivity.LETTER['net_high']}{row}", bars[driver].net_high
    for row, nets in enumerate(result.grid, start=sensitivity.FIRST_ROW):
        for number, net in enumerate(nets, start=1):
            yield f"{sensitivity.LETTER[f'net_{number}']}{row}", net


def _made_of(lines, **factors):
    """The largest sum that a net is made of."""
    values = lines.values(**factors)
    return max(float(abs(values[key]).sum()) for key in ("gross_revenue", "penalties", "operating_cost", "buyout_cost"))


def _told(value, expected):
    return f"{shown(value)} is stored; the core gives {shown(expected)}"
