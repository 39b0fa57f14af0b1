"""The Waterfall tab: each scenario from gross to net revenue, step by step, as a table and a chart beside it.

One table holds a block of rows a scenario, as high as its chart. The columns that draw the chart split every
bar at zero, so that it is drawn right where net revenue is negative: what is hidden under a bar, and the bar.
"""

from copy import copy

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RichTextProperties
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from flexrev_xl.core.budget_line import STEP_OF
from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.sheets import summary
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL, YEAR_WORDS
from flexrev_xl.workbook.styles import put

TITLE = "Waterfall"
HEADER_ROW, FIRST_ROW = 5, 6
# Each step: its label, and the measures of Summary that it adds up.
STEPS = (
    (STEP_OF["gross_revenue"].label, ("gross_revenue",)),
    (STEP_OF["aggregator_share"].label, ("aggregator_share",)),
    (STEP_OF["penalties_borne"].label, ("penalties_borne",)),
    ("Test charges and buy-outs", ("test_charges", "buyout_cost")),
    (STEP_OF["operating_cost"].label, ("operating_cost",)),
    (STEP_OF["net_revenue"].label, ("net_revenue",)),
)
GROSS, LAST_FALL, NET, CHECK = 0, len(STEPS) - 2, len(STEPS) - 1, len(STEPS)  # rows of a block, from 0
BLOCK_ROWS = len(STEPS) + 1
_LABELS = (*(label for label, _ in STEPS), "End of the steps less net")
# Each column: key, header, width in characters. The keys in _DRAWN are the stacked series, in this order.
_COLUMNS = (
    ("scenario", "Scenario", 20),
    ("step", "Step", 25),
    ("unit", "Unit", 8),
    ("amount", "Amount", 14),
    ("start", "From", 13),
    ("end", "To", 13),
    ("base_up", "Hidden under the bar, above zero", 13),
    ("base_down", "Hidden under the bar, below zero", 13),
    ("total_up", "Revenue, above zero", 13),
    ("total_down", "Revenue, below zero", 13),
    ("fall_up", "Taken off, above zero", 13),
    ("fall_down", "Taken off, below zero", 13),
    ("words", "Words under the bar", 22),
)
_KEYS = tuple(key for key, *_ in _COLUMNS)
_HEADERS = {key: header for key, header, _ in _COLUMNS}
_LETTER = {key: get_column_letter(number) for number, key in enumerate(_KEYS, start=1)}
_DRAWN = ("base_up", "base_down", "total_up", "total_down", "fall_up", "fall_down")
_IN_LEGEND = {"total_up": "Revenue", "fall_up": "Taken off"}
_COLOURS = {"total": "1F3864", "fall": "C55A11", "grid": "D9D9D9"}
_CHART_COLUMN = get_column_letter(len(_COLUMNS) + 2)
_ROW_HEIGHT = 46  # points: a block is as high as a chart
_CHART_SIZE = (18.0, 11.0)  # centimetres, wide and high
BLOCKS_ON_A_PAGE = 3
_MINUS = "\u2212"  # no line breaks after it, as after a hyphen


def lay_out(sheet):
    """Title, headers and the model block that every scenario is styled after."""
    set_up(sheet, "outputs", "Waterfall: from gross to net", f"{HEADER_ROW}:{HEADER_ROW}", paper="A3")
    put(
        sheet,
        "A2",
        f'={NAME_CELL}&", all money in "&{CURRENCY_CELL}&", annual, pre-tax, nominal; what is taken off is positive"',
        "subtitle",
        "text result",
    )
    put(sheet, "A4", YEAR_WORDS, "subtitle", "text result")
    for key, header in _HEADERS.items():
        put(sheet, f"{_LETTER[key]}{HEADER_ROW}", header, "header")
    for number in range(BLOCK_ROWS):
        for key in _KEYS:
            look, shown_as = _style(key, number)
            value = {"step": _LABELS[number], "unit": "money"}.get(key)
            cell = put(sheet, f"{_LETTER[key]}{FIRST_ROW + number}", value, look, shown_as)
            across = {"unit": "center", "words": "left"}.get(key)
            wrap, indent = shown_as != "money", int(key == "words")
            cell.alignment = Alignment(vertical="center", horizontal=across, wrap_text=wrap, indent=indent)
        sheet.row_dimensions[FIRST_ROW + number].height = _ROW_HEIGHT
    widths(sheet, *(width for *_, width in _COLUMNS))
    sheet.column_dimensions[get_column_letter(len(_COLUMNS) + 1)].width = 2
    sheet.row_dimensions[HEADER_ROW].height = 42
    sheet.freeze_panes = f"C{FIRST_ROW}"


def _number(key):
    return _KEYS.index(key) + 1


def _style(key, number):
    """The look and number format of a column in a row of the block."""
    if key == "unit":
        return "unit", "text"
    if key in ("scenario", "step"):
        return "total" if number in (GROSS, NET) else "label", "text"
    if key == "words":
        return "calc", "text result"
    is_link = key == "amount" and number < CHECK and len(STEPS[number][1]) == 1
    return "link" if is_link else "calc", "money"


def fill(sheet, plan):
    """Write a block and a chart for each scenario."""
    currency = plan.portfolio.currency
    for number, scenario in enumerate(plan.portfolio.scenarios):
        first = FIRST_ROW + number * BLOCK_ROWS
        if number:
            _copy_block(sheet, first)
        for row in range(first, first + BLOCK_ROWS):
            write_column(sheet, _number("scenario"), row, [Typed(scenario.name)])
            write_column(sheet, _number("unit"), row, [Typed(currency)])
        for address, value in _contents(first, number).items():
            sheet[address].value = value
        sheet.add_chart(_chart(sheet, first, scenario.name, currency), f"{_CHART_COLUMN}{first}")
        if number and number % BLOCKS_ON_A_PAGE == 0:
            sheet.row_breaks.append(Break(id=first - 1))


def _copy_block(sheet, first):
    """The looks of the model block and its labels, from that row on."""
    for number in range(BLOCK_ROWS):
        sheet.row_dimensions[first + number].height = sheet.row_dimensions[FIRST_ROW + number].height
        for column in range(1, len(_COLUMNS) + 1):
            sheet.cell(first + number, column)._style = copy(sheet.cell(FIRST_ROW + number, column)._style)
        step = _LETTER["step"]
        sheet[f"{step}{first + number}"].value = sheet[f"{step}{FIRST_ROW + number}"].value


def _contents(first, scenario_number):
    """Formulas of a block by address, and the zero that a total stands on."""
    cells = {}
    for number, (_, measures) in enumerate(STEPS):
        row, is_total = first + number, number in (GROSS, NET)
        amount, start, end = (f"{_LETTER[key]}{row}" for key in ("amount", "start", "end"))
        cells[amount] = "=" + "+".join(summary.cell(key, scenario_number) for key in measures)
        cells[start] = 0 if is_total else f"={_LETTER['end']}{row - 1}"
        cells[end] = f"={amount}" if is_total else f"={start}-{amount}"
        top, bottom, bar = f"MAX({start},{end})", f"MIN({start},{end})", "total" if is_total else "fall"
        cells[f"{_LETTER['base_up']}{row}"] = f"=MAX({bottom},0)"
        cells[f"{_LETTER['base_down']}{row}"] = f"=MIN({top},0)"
        cells[f"{_LETTER[f'{bar}_up']}{row}"] = f"=MAX({top},0)-MAX({bottom},0)"
        cells[f"{_LETTER[f'{bar}_down']}{row}"] = f"=MIN({bottom},0)-MIN({top},0)"
        # What binary arithmetic leaves behind goes first, so that every engine writes the same words.
        shown = f"FIXED(ROUND(ROUND(1000*{amount},0)/1000,0),0)"
        words = f'={_LETTER["step"]}{row}&": "&SUBSTITUTE({shown},"-","{_MINUS}")'
        cells[f"{_LETTER['words']}{row}"] = words
    last_fall, net = (f"{_LETTER['end']}{first + number}" for number in (LAST_FALL, NET))
    cells[_check_cell(first)] = f"=ROUND(1000*({last_fall}-{net}),0)/1000"
    return cells


def _check_cell(first):
    return f"{_LETTER['amount']}{first + CHECK}"


def check_cells(plan):
    """(label, unit, formula, where to look) of each scenario's check that its steps end at net revenue."""
    for number, scenario in enumerate(plan.portfolio.scenarios):
        first = FIRST_ROW + number * BLOCK_ROWS
        where = f"{TITLE}, rows {first} to {first + CHECK}, beside {summary.TITLE}, column {scenario.name}"
        yield f"{scenario.name}: the waterfall ends at net", "money", f"{TITLE}!{_check_cell(first)}", where


def chart_texts(sheet):
    """Alternative texts of a filled tab's charts in their order, for readers who cannot see them."""
    rows = range(FIRST_ROW, FIRST_ROW + BLOCK_ROWS * len(sheet._charts), BLOCK_ROWS)
    return tuple(_text(sheet.cell(row, _number("scenario")).value) for row in rows)


def _text(name):
    between = ", ".join(label[0].lower() + label[1:] for label, _ in STEPS[1:-1])
    return (
        f"Waterfall of {name}: from gross revenue, {between} are taken off one after the other, down to net revenue; "
        "the figures stand in the table beside the chart."
    )


def _chart(sheet, first, name, currency):
    """A stacked chart of a block's steps, its hidden parts without fill."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 40
    chart.title, chart.style = f"{name}: from gross to net", 10
    chart.title.tx.rich.p[0].r[0].rPr = CharacterProperties(sz=1200, b=True)
    chart.y_axis.title, chart.y_axis.numFmt = f"{currency} a year", "#,##0"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblPos = "low"  # below the chart, also where a bar reaches below zero
    level = RichTextProperties(rot=0)
    small = Paragraph(pPr=ParagraphProperties(defRPr=CharacterProperties(sz=800)), r=[])
    chart.x_axis.txPr = RichText(bodyPr=level, p=[small])
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_COLOURS["grid"], w=6350))
    last = first + len(STEPS) - 1
    for key in _DRAWN:
        column = _number(key)
        series = Series(Reference(sheet, min_col=column, min_row=first, max_row=last))
        series.tx = SeriesLabel(v=_IN_LEGEND.get(key, _HEADERS[key]))
        colour = _COLOURS.get(key.split("_")[0])
        if colour:
            series.graphicalProperties.solidFill = colour
            series.invertIfNegative = False
        else:
            series.graphicalProperties.noFill = True
        series.graphicalProperties.line.noFill = True
        chart.series.append(series)
    chart.set_categories(Reference(sheet, min_col=_number("words"), min_row=first, max_row=last))
    chart.legend.position = "b"
    chart.legend.legendEntry = [LegendEntry(idx=i, delete=True) for i, k in enumerate(_DRAWN) if k not in _IN_LEGEND]
    chart.width, chart.height = _CHART_SIZE
    return chart
