"""The charts of the Sensitivity tab: a tornado around the base, and the net over dispatch hours at each performance."""

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties

TEXTS = (
    "Tornado: a bar for each driver, the widest on top, from the change of net with the driver at its low factor to the "
    "change at its high factor; 0 is the base. The figures stand in the table to the right.",
    "Lines of net over the factor on dispatch hours, one for each factor on performance; the figures stand in the grid.",
)
SCALE = ("F8CBAD", "FFFFFF", "BDD7EE")  # of the grid: least, middle, most
_LOW, _HIGH, _GRID = "C55A11", "2F75B5", "D9D9D9"
_LINES = ("C55A11", "F4B183", "7F7F7F", "2F75B5", "1F3864")
_SIZE = (21.0, 11.5)  # centimetres, wide and high


def add(sheet, currency):
    """Add both charts below the tables."""
    from flexrev_xl.workbook.sheets import sensitivity as tab

    sheet.add_chart(_tornado(sheet, currency, tab), f"A{tab.CHART_ROW}")
    sheet.add_chart(_over_hours(sheet, currency, tab), f"{tab.LETTER['start']}{tab.CHART_ROW}")


def _titled(chart, title):
    chart.title, chart.style = title, 10
    chart.title.tx.rich.p[0].r[0].rPr = CharacterProperties(sz=1200, b=True)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.numFmt, chart.y_axis.number_format = "#,##0", "#,##0"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_GRID, w=6350))
    chart.x_axis.tickLblPos, chart.legend.position = "low", "b"
    chart.width, chart.height = _SIZE
    return chart


def _column(sheet, tab, key, last_row):
    column = tab.KEYS.index(key) + 1
    return Reference(sheet, min_col=column, min_row=tab.FIRST_ROW, max_row=last_row)


def _named(sheet, tab, key, last_row):
    series = Series(_column(sheet, tab, key, last_row))
    series.tx = SeriesLabel(strRef=StrRef(f"{tab.TITLE}!${tab.LETTER[key]}${tab.HEADER_ROW}"))
    return series


def _tornado(sheet, currency, tab):
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "clustered", 100, 40
    for key, colour in (("down", _LOW), ("up", _HIGH)):
        series = _named(sheet, tab, key, tab.LAST_ROW)
        series.graphicalProperties.solidFill = colour
        series.invertIfNegative = False
        series.dLbls = DataLabelList(showVal=True, dLblPos="outEnd", numFmt="#,##0;-#,##0;;")
        for other in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
            setattr(series.dLbls, other, False)
        chart.series.append(series)
    chart.set_categories(_column(sheet, tab, "ranked", tab.LAST_ROW))
    _titled(chart, "Change of net with one driver moved alone, widest first")
    chart.y_axis.title = f"{currency} a year more or less than with nothing moved"
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"
    return chart


def _over_hours(sheet, currency, tab):
    from flexrev_xl.workbook.sheets import levers

    chart = LineChart()
    for p, colour in zip(levers.PERFORMANCES, _LINES, strict=True):
        series = _named(sheet, tab, f"net_{p}", tab.LAST_GRID_ROW)
        series.smooth = False
        series.graphicalProperties.line.solidFill, series.graphicalProperties.line.width = colour, 28575
        chart.series.append(series)
    chart.set_categories(_column(sheet, tab, "hours", tab.LAST_GRID_ROW))
    _titled(chart, "Net by dispatch hours, a line for each performance")
    chart.x_axis.title, chart.y_axis.title = "Factor on dispatch hours", f"{currency} a year"
    return chart
