"""The Budget tab: months, quarters and years of every scenario, on accrual and in cash, tied to the scenario tabs."""

from openpyxl.utils import get_column_letter

from flexrev_xl.core.budget_line import STEP_OF
from flexrev_xl.core.monthly import CAPACITY, CLOSING, MEASURES, OPENING, TOTALS, Cash, Spread, label_of
from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.sheets import axis, scenarios
from flexrev_xl.workbook.sheets.axis import FIRST_MONTH_COLUMN, FIRST_ROW, HEADER_ROW, NUMBER_ROW
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import put, style

TITLE = axis.BUDGET
_HEADERS = ("Line", "Unit", "Scenario", "Measure", "Total", "On the scenario tab", "Difference")
SCENARIO, MEASURE, SUM, TAB, DIFFERENCE = "CDEFG"
STOCKS = ((OPENING, "Receivable at the start of the month"), (CLOSING, "Receivable at the end of the month"))
ROWS = (*((m.key, label_of(m.key)) for m in MEASURES), *STOCKS)
BLOCK = len(ROWS)  # a row of a block for each measure
_OFFSET = {key: number for number, (key, _) in enumerate(ROWS)}
SHOWN = "Scenario shown"
# What is left when others are taken away, of lines or of months.
BALANCES = {
    label for key, label in ROWS if key not in {m.key for m in MEASURES if isinstance(m, Spread)} or "receipts" in key
}
UNIT_COLUMN, MEASURE_COLUMN = 2, 4
_TIED = tuple(m.key for m in MEASURES if m.key in STEP_OF)


def lay_out(sheet):
    """Title, axis, headers and the model row."""
    subtitle = f'={NAME_CELL}&", by month, accrual and cash, all money in "&{CURRENCY_CELL}&", pre-tax, nominal"'
    set_up(sheet, "outputs", "Budget", f"{NUMBER_ROW}:{HEADER_ROW}", subtitle=subtitle, paper="A3")
    put(sheet, "A4", None, "subtitle", "text result")
    axis.lay_out(sheet)
    for letter, header in zip("ABCDEFG", _HEADERS, strict=True):
        put(sheet, f"{letter}{HEADER_ROW}", header, "header")
    put(sheet, f"A{FIRST_ROW}", None, "label")
    put(sheet, f"B{FIRST_ROW}", None, "unit")
    put(sheet, f"C{FIRST_ROW}", None, "label")
    put(sheet, f"D{FIRST_ROW}", None, "label")
    for letter in (SUM, TAB, DIFFERENCE, get_column_letter(FIRST_MONTH_COLUMN)):
        put(sheet, f"{letter}{FIRST_ROW}", None, "calc", "money")
    widths(sheet, 44, 8, 16, 30, 16, 16, 13)
    sheet.freeze_panes = f"E{FIRST_ROW}"


def row_of(key):
    """The row of a measure in the block of the scenario shown."""
    return FIRST_ROW + _OFFSET[key]


def first_row_of(number):
    """The first row of a scenario's block, counted from 0; the block of the scenario shown stands above them."""
    return FIRST_ROW + (number + 1) * BLOCK


def cell(key, number, letter=SUM):
    """A cell of a measure in a scenario, counted from 0."""
    return f"{TITLE}!{letter}{first_row_of(number) + _OFFSET[key]}"


def year_cell(key, number, plan):
    """The cell of a measure in a scenario over the first budget year."""
    return cell(key, number, get_column_letter(FIRST_MONTH_COLUMN + plan.month_count + 4))


def last_cell(key, number, plan):
    """The cell of a measure in a scenario in the last month."""
    return cell(key, number, axis.last_letter(plan))


def fill(sheet, plan):
    """Write the scenario shown, and every scenario's months, quarters and years."""
    axis.fill(sheet, plan)
    names = [s.name for s in plan.portfolio.scenarios]
    shown, base = scenarios.SHOWN_CELL, scenarios.first_name_cell()
    sheet["A4"].value = f'="Scenario shown: "&{shown}&IF({shown}={base},"",". LOOK: not "&{base}&"; see Scenarios")'
    blocks = Blocks(sheet, plan)
    blocks.write(FIRST_ROW, None, None)
    for number, name in enumerate(names):
        blocks.write(first_row_of(number), number, name)


class Blocks:
    """Writes the rows of one scenario, or of the scenario shown, in the style of the model row."""

    def __init__(self, sheet, plan):
        self.sheet, self.plan = sheet, plan
        self.months = [get_column_letter(FIRST_MONTH_COLUMN + n) for n in range(plan.month_count)]
        self.summed = self._summed_columns()
        self.models = {c.column: c._style for c in sheet[FIRST_ROW][:FIRST_MONTH_COLUMN]}
        self.total_label, self.total_money = (style(sheet.parent, "total", shown) for shown in ("text", "money"))
        self._headers()

    def _summed_columns(self):
        """(letter, header formula, row of the axis that tells its months, cell of what they must equal)."""
        first = FIRST_MONTH_COLUMN + self.plan.month_count
        years = self.plan.portfolio.years
        columns = []
        for year in range(years):
            starts = [self.months[12 * year + 3 * quarter] for quarter in range(4)]
            for start in starts:
                columns.append((f"={start}{axis.QUARTER_ROW}", axis.QUARTER_ROW, start))
            columns.append((f'="FY"&{starts[0]}{axis.YEAR_ROW}', axis.YEAR_ROW, starts[0]))
        return [(get_column_letter(first + n), *column) for n, column in enumerate(columns)]

    def _headers(self):
        for letter, header, row, start in self.summed:
            put(self.sheet, f"{letter}{HEADER_ROW}", header, "header", "text result")
            put(
                self.sheet,
                f"{letter}{row}",
                f"={start}{row}",
                "calc",
                "text result" if row == axis.QUARTER_ROW else "whole",
            )
            self.sheet.column_dimensions[letter].width = 14

    def write(self, first, number, scenario):
        """Write one block; `number` None for the scenario shown."""
        prefix = SHOWN if number is None else scenario
        for offset, (key, label) in enumerate(ROWS):
            row = first + offset
            name = [Typed(scenario)] if number is not None else [f"={scenarios.SHOWN_CELL}"]
            self._cells(row, 1, [Typed(f"{prefix}: {label}")], key)
            self._cells(row, 2, [self.plan.portfolio.currency], key)
            self._cells(row, 3, name, key)
            if number is None:
                put(self.sheet, f"C{row}", name[0], "link", "text result")
            self._cells(row, 4, [label], key)
            is_stock = key in (OPENING, CLOSING)
            formulas = [self._month(row, number, first, n) for n in range(len(self.months))]
            if not is_stock:
                self._cells(row, 5, [f"=SUM({self.months[0]}{row}:{self.months[-1]}{row})"], key)
            if key in _TIED and number is not None:
                lines = self.plan.scenario_range(key, scenario)
                self._cells(row, 6, [f"=SUM({lines})"], key)
                self._cells(row, 7, [f"=ROUND(1000*({SUM}{row}-{TAB}{row}),0)/1000"], key)
            for offset_month, formula in enumerate(formulas):
                self._cells(row, FIRST_MONTH_COLUMN + offset_month, [formula], key)
            if not is_stock:
                for letter, _, axis_row, _ in self.summed:
                    span = axis.months(axis_row, self.plan)
                    own = f"${self.months[0]}{row}:${self.months[-1]}{row}"
                    at = self.sheet[f"{letter}1"].column
                    self._cells(row, at, [f"=SUMIFS({own},{span},{letter}${axis_row})"], key)

    def _cells(self, row, column, values, key):
        target = self.sheet.cell(row, column)
        if key in TOTALS and column != UNIT_COLUMN:
            target.style = self.total_label if column <= MEASURE_COLUMN else self.total_money
        else:
            target._style = self.models[min(column, FIRST_MONTH_COLUMN)]
        write_column(self.sheet, column, row, values)

    def _month(self, row, number, first, n):
        """The formula of one measure in one month."""
        letter = self.months[n]
        key = ROWS[row - first][0]
        at = {k: f"{letter}{first + i}" for i, (k, _) in enumerate(ROWS)}
        if number is None:
            last = first_row_of(len(self.plan.portfolio.scenarios)) - 1
            rows = range(first_row_of(0), last + 1)
            figures, names, labels = (f"{c}${rows[0]}:{c}${rows[-1]}" for c in (letter, f"${SCENARIO}", f"${MEASURE}"))
            # Compared and not searched for: a criterion would read a name such as TRUE or >5 as something else.
            return f"=SUMPRODUCT({figures}*({names}=${SCENARIO}{row})*({labels}=${MEASURE}{row}))"
        if key == OPENING:
            before = get_column_letter(FIRST_MONTH_COLUMN + n - 1)
            return f"=N({before}{row + 1})"
        if key == CLOSING:
            return f"={at[OPENING]}+{at['customer_net']}-{at['cash_received']}"
        measure = next(m for m in MEASURES if m.key == key)
        if isinstance(measure, Spread):
            return self._spread(measure, number, letter)
        if isinstance(measure, Cash):
            return self._cash(measure, number, letter)
        return "=" + "+".join(at[k] for k in measure.plus) + "".join(f"-{at[k]}" for k in measure.minus)

    def _spread(self, measure, number, letter):
        scenario = self.plan.portfolio.scenarios[number].name
        capacity = measure.by == CAPACITY
        amounts = self.plan.scenario_range(measure.key, scenario, fixed=True)
        one = self.plan.periods_range("one_unit" if capacity else "one_event")
        grid = self.plan.line_range(axis.CAPACITY if capacity else axis.ENERGY, letter, FIRST_ROW)
        return f"=SUMPRODUCT({amounts},{one},{grid})"

    def _cash(self, measure, number, letter):
        scenario = self.plan.portfolio.scenarios[number].name
        key = "standing_unit" if measure.by == CAPACITY else "event_unit"
        amounts = self.plan.scenario_range(key, scenario, fixed=True)
        last = FIRST_ROW + self.plan.line_count - 1
        tab = axis.CAPACITY if measure.by == CAPACITY else axis.ENERGY
        grid = f"{tab}!${self.months[0]}{FIRST_ROW}:${self.months[-1]}{last}"
        lag = self.plan.periods_range("payment_lag")
        numbers = f"${self.months[0]}{NUMBER_ROW}:${self.months[-1]}{NUMBER_ROW}"
        return f"=SUMPRODUCT({amounts}*{grid}*({lag}+{numbers}={letter}{NUMBER_ROW}))"
