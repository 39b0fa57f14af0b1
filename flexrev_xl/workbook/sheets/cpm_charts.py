"""The charts of the CPM tab, and their words for readers who cannot see them."""

from openpyxl.chart import BarChart, LineChart, Reference, ScatterChart, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties

from flexrev_xl.workbook.cpm_record import FRONTIER
from flexrev_xl.workbook.sheets import cpm_cash, cpm_series, cpm_workings

_MANY_ROWS = 120  # above which the load is a thin line
ROWS = 23  # that a chart takes
_WIDE, _HIGH = 23.5, 11.0  # centimetres
LOAD, LIMIT, CHARGE, BAR, LINE, GRID = "5B87C5", "C00000", "548235", "2F75B5", "375623", "D9D9D9"
TEXTS = (
    "Lines over the seconds of the hour in which the battery is emptied furthest: load and limit in MW on the left "
    "axis, state of charge in % on the right; the figures stand on the tab CPM series.",
    "Columns: how much more compute capping, smoothing and events bring, each over the one before, and all three together; "
    "the factors stand in the table above.",
    "Columns by year: net cash of what the battery adds, and a line of net cash to date; the figures stand on the tab CPM cash.",
    "Points joined by a line: the profit of a year over the energy of the battery; the figures stand on the tab CPM series.",
)


def add(sheet, record, row):
    """Add the four charts, two a line, from that row on."""
    book, currency = sheet.parent, record.currency
    series, workings, cash = (book[m.TITLE] for m in (cpm_series, cpm_workings, cpm_cash))
    charts = [
        _worst_hour(series, record.worst_hour),
        _uplift(workings),
        _cash(cash, currency, int(record.inputs["gpu_years"])),
    ]
    if record.frontier:
        charts.append(_frontier(series, len(record.frontier), currency))
    for number, chart in enumerate(charts):
        sheet.add_chart(chart, f"{'AE'[number % 2]}{row + number // 2 * ROWS}")


def _dress(chart, title, x, y, y_format="#,##0"):
    chart.title, chart.style = title, 10
    chart.title.tx.rich.p[0].r[0].rPr = CharacterProperties(sz=1200, b=True)
    chart.x_axis.title, chart.y_axis.title, chart.y_axis.numFmt = x, y, y_format
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblPos = "low"  # below the chart, also where something reaches below zero
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=GRID, w=6350))
    chart.width, chart.height = _WIDE, _HIGH


def _line(series, colour, width=19050, dash=None):
    series.smooth = False
    series.marker.symbol = "none"
    series.graphicalProperties.line.solidFill, series.graphicalProperties.line.width = colour, width
    series.graphicalProperties.line.dashStyle = dash


def _named(series, sheet, row, column_letter):
    series.tx = SeriesLabel(strRef=StrRef(f"'{sheet.title}'!${column_letter}${row}"))
    return series


def _worst_hour(sheet, rows):
    first, last = cpm_series.FIRST_ROW, cpm_series.FIRST_ROW + len(rows) - 1
    seconds = Reference(sheet, min_col=1, min_row=first, max_row=last)
    power, charge = ScatterChart(), ScatterChart()
    thin = 9525 if len(rows) > _MANY_ROWS else 22225
    for chart, column, letter, colour, width, dash in (
        (power, 2, "B", LOAD, thin, None), (power, 3, "C", LIMIT, 25400, None), (charge, 4, "D", CHARGE, 19050, None),
    ):  # fmt: skip
        values = Reference(sheet, min_col=column, min_row=first, max_row=last)
        line = _named(Series(values, seconds), sheet, cpm_series.HEADER_ROW, letter)
        _line(line, colour, width, dash)
        chart.series.append(line)
        chart.style, chart.scatterStyle = 10, "lineMarker"
        chart.x_axis.scaling.min, chart.x_axis.scaling.max = 0, rows[-1][0]
    _dress(power, "The hour of deepest drawdown: load, limit, charge", "Seconds", "MW", "#,##0.0")
    # A line on the right axis needs a horizontal axis of its own, which is not shown.
    charge.x_axis.axId, charge.x_axis.crossAx, charge.x_axis.delete = 500, 200, True
    charge.y_axis.crossAx = 500
    charge.y_axis.axId, charge.y_axis.title, charge.y_axis.numFmt = 200, "State of charge", "0%"
    charge.y_axis.scaling.min, charge.y_axis.scaling.max = 0, 1
    charge.y_axis.crosses, charge.y_axis.majorGridlines, charge.y_axis.delete = "max", None, False
    power.x_axis.numFmt, power.x_axis.majorGridlines = "#,##0", None
    power.legend.position = "b"
    power += charge
    return power


def _uplift(sheet):
    rows = [cpm_workings.ROW_OF[key] for key in cpm_workings.GAINS]
    first, last = rows[0], rows[-1]
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 60
    series = Series(Reference(sheet, min_col=6, min_row=first, max_row=last), title="Gain")
    series.graphicalProperties.solidFill, series.invertIfNegative = BAR, False
    chart.series.append(series)
    chart.set_categories(Reference(sheet, min_col=2, min_row=first, max_row=last))
    _dress(chart, "Uplift: gain of each step over the one before, and of all", None, "More compute", "0.0%")
    chart.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
    chart.legend = None
    return chart


def _frontier(sheet, count, currency):
    first, last, left = cpm_series.FIRST_ROW, cpm_series.FIRST_ROW + count - 1, cpm_series.FIRST_OF_FRONTIER
    chart = ScatterChart()
    chart.style, chart.scatterStyle = 10, "lineMarker"
    size = Reference(sheet, min_col=left, min_row=first, max_row=last)
    profit = left + [key for key, *_ in FRONTIER].index("profit")
    series = Series(Reference(sheet, min_col=profit, min_row=first, max_row=last), size, title="Profit of a year")
    _line(series, LINE)
    series.marker.symbol, series.marker.size = "circle", 6
    series.marker.graphicalProperties = GraphicalProperties(solidFill=LINE)
    chart.series.append(series)
    _dress(chart, "Frontier: profit over battery size", "Battery energy, nameplate, MWh", f"{currency} a year")
    chart.x_axis.numFmt, chart.x_axis.majorGridlines = "#,##0.0", None
    chart.legend = None
    return chart


def _cash(sheet, currency, years):
    first, last = cpm_cash.FIRST_ROW, cpm_cash.FIRST_ROW + years
    bars, line = BarChart(), LineChart()
    bars.type, bars.gapWidth = "col", 50
    for chart, key in ((bars, "cash_of_year"), (line, "balance")):
        letter = cpm_cash.letter(key)
        column = [key for key, *_ in cpm_cash.COLUMNS].index(key) + 1
        values = Reference(sheet, min_col=column, min_row=first, max_row=last)
        series = _named(Series(values), sheet, cpm_cash.HEADER_ROW, letter)
        if chart is line:
            _line(series, LINE, 28575)
        else:
            series.graphicalProperties.solidFill, series.invertIfNegative = BAR, False
        chart.series.append(series)
        chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    _dress(bars, "Net cash of what the battery adds, by year", "Year", currency)
    bars.legend.position = "b"
    bars += line
    return bars
