"""The charts of the Risk tab: the exceedance curve, what the spread hangs on, and the fan of the months."""

import math

from openpyxl.chart import AreaChart, BarChart, LineChart, Reference, ScatterChart, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.series import SeriesLabel
from openpyxl.drawing.text import CharacterProperties

from flexrev_xl.core.simulation import FAN, ordinal
from flexrev_xl.workbook.risk_run import DRIVER_LABELS
from flexrev_xl.workbook.sheets import axis, risk, risk_months

_LINE = 28575  # width, in English Metric Units
_COLOURS = ("1F3864", "C55A11", "548235", "7F7F7F", "2F75B5", "BF8F00", "7030A0", "00B0F0", "FF7C80", "A9D18E")
_BANDS = ("DAE3F3", "8FAADC", "8FAADC", "DAE3F3")  # from the lowest band up
# Alternative text of the charts in the order they are added, for readers who cannot see them.
CHART_TEXTS = (
    "Exceedance curve, one a budget year: against each net revenue the years in 100 that are better; the figures stand in the table above the chart.",
    "Bars, one a driver: the share of the variance of net revenue that it makes alone; the figures stand in the table above the chart.",
    "Fan by month: bands between percentiles of net revenue, lines for the median and the budget; the figures stand on Risk by month.",
)


def add(sheet, plan, run):
    """Add the three charts below the table."""
    first = risk.chart_row(run)
    sheet.add_chart(_exceedance(sheet, plan, run), f"A{first}")
    sheet.add_chart(_drivers(sheet, plan, run), f"C{first}")
    fan = _fan(sheet.parent[risk_months.TITLE], plan)
    fan.y_axis.scaling.min = _lowest_shown([value for _, value, _ in risk_months.stored(plan, run)])
    sheet.add_chart(fan, f"A{first + risk.CHART_ROWS}")


def _years(plan):
    """(column number, letter) of each single budget year."""
    return [(risk.FIRST_YEAR_COLUMN + n, letter) for letter, n in risk.columns(plan.portfolio) if n is not None]


def _lowest_shown(values):
    """Where the axis of months begins, so that a narrow fan is not lost above a long way from 0."""
    if not values or max(values) == min(values):
        return None
    step = 10.0 ** math.floor(math.log10(max(values) - min(values)))
    return math.floor(min(values) / step) * step


def _named(chart, title):
    chart.title, chart.style = title, 10
    chart.title.tx.rich.p[0].r[0].rPr = CharacterProperties(sz=1200, b=True)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend.position = "b"


def _exceedance(sheet, plan, run):
    chart = ScatterChart()
    chart.scatterStyle = "lineMarker"
    rows = {"min_row": risk.row_of(f"better {run.levels[0]:g}", run)}
    rows["max_row"] = rows["min_row"] + len(run.levels) - 1
    shares = Reference(sheet, min_col=3, **rows)
    for (column, letter), colour in zip(_years(plan), _COLOURS, strict=False):
        series = Series(shares, Reference(sheet, min_col=column, **rows))
        series.tx = SeriesLabel(strRef=StrRef(f"{risk.TITLE}!${letter}${risk.HEADER_ROW}"))
        series.smooth, series.marker.symbol = False, "none"
        series.graphicalProperties.line.solidFill, series.graphicalProperties.line.width = colour, _LINE
        chart.series.append(series)
    _named(chart, "Exceedance: how many years are better than a net revenue")
    chart.y_axis.title, chart.y_axis.numFmt = "years in 100 that are better", "0"
    chart.y_axis.scaling.min, chart.y_axis.scaling.max, chart.y_axis.majorUnit = 0, 100, 25
    chart.x_axis.title, chart.x_axis.numFmt = f"{plan.portfolio.currency} a year", "#,##0"
    chart.x_axis.tickLblPos = chart.y_axis.tickLblPos = "low"
    chart.height, chart.width = 9.4, 13
    return chart


def _drivers(sheet, plan, run):
    chart = BarChart()
    chart.type, chart.gapWidth = "bar", 60
    first = risk.row_of(next(iter(DRIVER_LABELS)), run)
    last = first + len(DRIVER_LABELS) - 1
    for (column, letter), colour in zip(_years(plan), _COLOURS, strict=False):
        series = Series(Reference(sheet, min_col=column, min_row=first, max_row=last))
        series.tx = SeriesLabel(strRef=StrRef(f"{risk.TITLE}!${letter}${risk.HEADER_ROW}"))
        series.graphicalProperties.solidFill = colour
        chart.series.append(series)
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    _named(chart, "What the spread hangs on")
    chart.x_axis.scaling.orientation, chart.x_axis.tickLblPos = "maxMin", "low"
    chart.y_axis.title, chart.y_axis.numFmt = "share of the variance", "0%"
    chart.y_axis.crosses = "max"  # below, as the categories run from the top
    chart.height, chart.width = 9.4, 13
    return chart


def _fan(sheet, plan):
    """Bands stacked on the lowest percentile, which is not drawn, and lines for median and budget."""
    first, last = axis.FIRST_MONTH_COLUMN, axis.FIRST_MONTH_COLUMN + plan.month_count - 1
    area, line = AreaChart(), LineChart()
    area.grouping = "stacked"
    colours = dict(zip(risk_months.BANDS, _BANDS, strict=True))
    drawn = [(FAN[0], area, None), *((band, area, colour) for band, colour in colours.items())]
    drawn += [(FAN[len(FAN) // 2], line, "1F3864"), ("budget", line, "C55A11")]
    for key, chart, colour in drawn:
        row = risk_months.row_of(key)
        series = Series(Reference(sheet, min_col=first, max_col=last, min_row=row))
        words = f"{ordinal(key)} percentile (median)" if chart is line and key != "budget" else None
        label = SeriesLabel(v=words) if words else SeriesLabel(strRef=StrRef(f"'{risk_months.TITLE}'!$A${row}"))
        series.tx = label
        if colour is None:
            series.graphicalProperties.noFill = True
        elif chart is area:
            series.graphicalProperties.solidFill = colour
        else:
            series.smooth = False
            series.graphicalProperties.line.solidFill, series.graphicalProperties.line.width = colour, _LINE
        if chart is area:
            series.graphicalProperties.line.noFill = True
        chart.series.append(series)
    for chart in (area, line):
        chart.set_categories(Reference(sheet, min_col=first, max_col=last, min_row=axis.HEADER_ROW))
    _named(area, "Fan by month: what each month may bring")
    area.legend.legendEntry = [LegendEntry(idx=0, delete=True)]
    area.y_axis.title, area.y_axis.numFmt = f"{plan.portfolio.currency} a month", "#,##0"
    area.x_axis.number_format, area.x_axis.tickLblPos = "mmm-yy", "low"
    area += line
    area.height, area.width = 9.4, 26.5
    return area
