"""The Summary tab: scenarios side by side, their charts, the defaults that were used and what to look at twice."""

import textwrap

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.series import SeriesLabel
from openpyxl.drawing.text import CharacterProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from flexrev_xl.core.budget_line import SHOWN, STEP_OF
from flexrev_xl.workbook.page import Typed, set_up, write_column
from flexrev_xl.workbook.sheets import axis, budget
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL, YEAR_WORDS
from flexrev_xl.workbook.sheets.scenarios import SHOWN_CELL, first_name_cell
from flexrev_xl.workbook.styles import format_of_unit, put

TITLE = "Summary"
HEADER_ROW, FIRST_ROW = 6, 7
SHOWN_COLUMN, CHANGE_COLUMN, FIRST_SCENARIO_COLUMN = 3, 4, 5
MEASURES = tuple(STEP_OF[key] for key in SHOWN)
TOTALS = ("gross_revenue", "net_revenue")
_PARTS_OF_GROSS = ("capacity_revenue", "energy_revenue", "uplift_revenue", "ancillary_revenue")
ROUNDING_ROW = FIRST_ROW + len(MEASURES)
CHART_ROW, CHART_ROWS = ROUNDING_ROW + 2, 19
MONTHS_CHART_ROW = CHART_ROW + CHART_ROWS
NOTES_ROW = MONTHS_CHART_ROW + CHART_ROWS
LEAST_NOTE_WIDTH, WIDTH_OF_A_SCENARIO = 120, 18  # characters


def row_of(key):
    """The row of a measure."""
    return FIRST_ROW + SHOWN.index(key)


def cell(key, scenario_number):
    """The cell of a measure in a scenario, counted from 0."""
    return f"{TITLE}!{get_column_letter(FIRST_SCENARIO_COLUMN + scenario_number)}{row_of(key)}"


def lay_out(sheet):
    """Title, the measures with their units, and one model column."""
    set_up(sheet, "outputs", "Summary", f"{HEADER_ROW}:{HEADER_ROW}")
    put(
        sheet,
        "A2",
        f'={NAME_CELL}&", all money in "&{CURRENCY_CELL}&", annual, pre-tax, nominal; costs and penalties are positive and subtracted"',
        "subtitle",
        "text result",
    )
    put(sheet, "A4", YEAR_WORDS, "subtitle", "text result")
    put(sheet, "A5", f'="Shown: "&{SHOWN_CELL}&"; chosen on the tab Scenarios, cell D4"', "subtitle", "text result")
    put(sheet, f"A{HEADER_ROW}", "Measure", "header")
    put(sheet, f"B{HEADER_ROW}", "Unit", "header")
    put(sheet, f"C{HEADER_ROW}", f'={SHOWN_CELL}&" (shown)"', "header", "text result")
    put(sheet, f"D{HEADER_ROW}", f'="against "&{first_name_cell()}', "header", "text result")
    put(sheet, f"E{HEADER_ROW}", None, "header")
    for row, step in enumerate(MEASURES, start=FIRST_ROW):
        total = step.key in TOTALS
        put(sheet, f"A{row}", step.label, "total" if total else "label")
        put(sheet, f"B{row}", step.unit, "unit")
        look = "total" if total else "calc"
        put(sheet, f"C{row}", None, look, format_of_unit(step.unit))
        put(sheet, f"D{row}", None, look, format_of_unit(step.unit))
        put(sheet, f"E{row}", None, "link", format_of_unit(step.unit))
    put(sheet, f"A{ROUNDING_ROW}", "Rounding of gross as printed", "label")
    put(sheet, f"B{ROUNDING_ROW}", "money", "unit")
    for letter in "CDE":
        put(sheet, f"{letter}{ROUNDING_ROW}", None, "calc", "money")
    put(sheet, f"A{NOTES_ROW}", "Defaults used and points to look at", "section")
    put(sheet, f"A{NOTES_ROW + 1}", None, "remark")
    for letter, width in (("A", 40), ("B", 14), ("C", 22), ("D", 18)):
        sheet.column_dimensions[letter].width = width
    sheet.row_dimensions[HEADER_ROW].height = 30
    sheet.freeze_panes = f"C{FIRST_ROW}"


def fill(sheet, plan, notes, losses=False):
    """Write a column a scenario, the charts and the notes; `losses` says that a column may point below zero."""
    for number, scenario in enumerate(plan.portfolio.scenarios):
        column = FIRST_SCENARIO_COLUMN + number
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = 18
        for row in range(HEADER_ROW, ROUNDING_ROW + 1):
            sheet.cell(row, column)._style = sheet.cell(row, FIRST_SCENARIO_COLUMN)._style
        write_column(sheet, column, HEADER_ROW, [Typed(scenario.name)])
        for step in MEASURES:
            sheet.cell(row_of(step.key), column).value = f"={plan.total_cell(step.key, scenario.name)}"
        gross, *parts = (f"{letter}{row_of(k)}" for k in ("gross_revenue", *_PARTS_OF_GROSS))
        sheet.cell(ROUNDING_ROW, column).value = "=" + "-".join(f"ROUND({part},0)" for part in (gross, *parts))
    _fill_shown(sheet, plan)
    wide = max(LEAST_NOTE_WIDTH, 94 + WIDTH_OF_A_SCENARIO * len(plan.portfolio.scenarios))
    wrapped = [line for note in notes or ("No default was used.",) for line in _wrapped(note, wide)]
    write_column(sheet, 1, NOTES_ROW + 1, [Typed(line) for line in wrapped])
    last = FIRST_SCENARIO_COLUMN + len(plan.portfolio.scenarios) - 1
    currency = plan.portfolio.currency
    stacked = _chart(
        sheet,
        "Capacity and energy revenue",
        currency,
        ("capacity_revenue", "energy_revenue"),
        last,
        ("2F75B5", "F4B183"),
    )
    stacked.y_axis.scaling.min = 0  # a cut axis would make columns look more different than they are
    stacked.grouping, stacked.overlap = "stacked", 100
    sheet.add_chart(stacked, f"A{CHART_ROW}")
    net = _chart(sheet, "Gross and net revenue", currency, TOTALS, last, ("7F7F7F", "548235"))
    net.y_axis.scaling.min = None if losses else 0
    sheet.add_chart(net, f"E{CHART_ROW}")
    sheet.add_chart(_by_month(sheet.parent[budget.TITLE], plan), f"A{MONTHS_CHART_ROW}")
    for row in (CHART_ROW, NOTES_ROW):
        sheet.row_breaks.append(Break(id=row - 2))  # a row earlier, or the edge of a chart stays behind


def _fill_shown(sheet, plan):
    """The scenario that the picker names, and how far it is from the first."""
    first, last = (get_column_letter(FIRST_SCENARIO_COLUMN + n) for n in (0, len(plan.portfolio.scenarios) - 1))
    shown, change = get_column_letter(SHOWN_COLUMN), get_column_letter(CHANGE_COLUMN)
    names = f"${first}${HEADER_ROW}:${last}${HEADER_ROW}"
    for row in range(FIRST_ROW, ROUNDING_ROW + 1):
        sheet[f"{shown}{row}"].value = f"=INDEX(${first}{row}:${last}{row},MATCH({SHOWN_CELL},{names},0))"
        sheet[f"{change}{row}"].value = f"={shown}{row}-{first}{row}"


def _wrapped(note, width):
    """A note as lines that fit the printed page, those after the first set in."""
    return textwrap.wrap(note, width, subsequent_indent="    ", break_long_words=False) or [note]


# Alternative text of the charts in the order they are added, for readers who cannot see them.
CHART_TEXTS = (
    "Stacked columns, one a scenario: capacity revenue below, energy revenue above; the figures stand in the table above the chart.",
    "Two columns a scenario: gross revenue and net revenue; the figures stand in the table above the chart.",
    "Stacked columns, one a month: capacity and energy revenue of the scenario shown; a line is its net revenue.",
)


def _chart(sheet, title, currency, keys, last_column, colours):
    chart = BarChart()
    chart.type, chart.title, chart.style = "col", title, 10
    chart.y_axis.title, chart.y_axis.numFmt = f"{currency} a year", "#,##0"
    chart.title.tx.rich.p[0].r[0].rPr = CharacterProperties(sz=1200, b=True)
    chart.x_axis.delete = chart.y_axis.delete = False
    for key, colour in zip(keys, colours, strict=True):
        series = Series(Reference(sheet, min_col=FIRST_SCENARIO_COLUMN, max_col=last_column, min_row=row_of(key)))
        series.tx = SeriesLabel(strRef=StrRef(f"{TITLE}!$A${row_of(key)}"))
        series.graphicalProperties.solidFill = colour
        chart.series.append(series)
    chart.set_categories(Reference(sheet, min_col=FIRST_SCENARIO_COLUMN, max_col=last_column, min_row=HEADER_ROW))
    chart.legend.position = "b"
    chart.height, chart.width, chart.gapWidth = 9, 14, 60
    return chart


def _by_month(sheet, plan):
    """Capacity and energy revenue of the scenario shown as stacked columns, its net revenue as a line."""
    first, last = axis.FIRST_MONTH_COLUMN, axis.FIRST_MONTH_COLUMN + plan.month_count - 1
    bars, line = BarChart(), LineChart()
    bars.type, bars.grouping, bars.overlap, bars.gapWidth = "col", "stacked", 100, 50
    drawn = (("capacity_revenue", bars, "2F75B5"), ("energy_revenue", bars, "F4B183"), ("net_revenue", line, "375623"))
    for key, chart, colour in drawn:
        row = budget.row_of(key)
        series = Series(Reference(sheet, min_col=first, max_col=last, min_row=row))
        series.tx = SeriesLabel(strRef=StrRef(f"{budget.TITLE}!${budget.MEASURE}${row}"))
        if chart is line:
            series.smooth = False
            series.graphicalProperties.line.solidFill, series.graphicalProperties.line.width = colour, 28575
        else:
            series.graphicalProperties.solidFill = colour
        chart.series.append(series)
    for chart in (bars, line):
        chart.set_categories(Reference(sheet, min_col=first, max_col=last, min_row=axis.HEADER_ROW))
    bars.title, bars.legend.position = "By month, of the scenario shown", "b"
    bars.title.tx.rich.p[0].r[0].rPr = CharacterProperties(sz=1200, b=True)
    bars.y_axis.title, bars.y_axis.numFmt = f"{plan.portfolio.currency} a month", "#,##0"
    bars.x_axis.number_format, bars.x_axis.delete, bars.y_axis.delete = "mmm-yy", False, False
    bars += line
    bars.height, bars.width = 9, 30
    return bars
