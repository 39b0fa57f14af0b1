"""The Checks tab: each check 0 (OK) or 1 (ERROR), and their sum, the master check."""

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from flexrev_xl.analysis.budget import EXPECTED_ORDER
from flexrev_xl.portfolio.columns import COLUMNS, driver_rows
from flexrev_xl.portfolio.scenarios import defined_name_part
from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.sheets import lists, rates, scenarios, summary
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import put

TITLE = "Checks"
HEADER_ROW, MASTER_ROW, FIRST_ROW = 5, 6, 7
MASTER_CELL = f"{TITLE}!$D${MASTER_ROW}"
ENROLMENTS = "Enrolment_Rows"


def lay_out(sheet):
    """Title, headers, the master check and the model row."""
    set_up(sheet, "control", "Checks", f"{HEADER_ROW}:{HEADER_ROW}")
    put(
        sheet,
        "A2",
        f'={NAME_CELL}&", differences in "&{CURRENCY_CELL}&" or counts; each check is OK within the tolerance on Lists"',
        "subtitle",
        "text result",
    )
    headers = ("Check", "Unit", "Difference or count", "Result", "Where to look when it fails")
    for letter, header in zip("ABCDE", headers, strict=True):
        put(sheet, f"{letter}{HEADER_ROW}", header, "header")
    put(sheet, f"A{MASTER_ROW}", "Master check: number of failed checks", "total")
    put(sheet, f"B{MASTER_ROW}", "count", "unit")
    put(sheet, f"C{MASTER_ROW}", None, "total")
    put(sheet, f"D{MASTER_ROW}", None, "total", "check").alignment = Alignment(horizontal="center")
    put(sheet, f"E{MASTER_ROW}", "0 when every check below is OK; shown in words at the top of every tab", "total")
    put(sheet, f"A{FIRST_ROW}", None, "label")
    put(sheet, f"B{FIRST_ROW}", None, "unit")
    put(sheet, f"C{FIRST_ROW}", None, "calc", "rate")
    put(sheet, f"D{FIRST_ROW}", None, "calc", "check").alignment = Alignment(horizontal="center")
    put(sheet, f"E{FIRST_ROW}", None, "label")
    widths(sheet, 62, 12, 20, 12, 84)
    sheet.freeze_panes = f"A{FIRST_ROW}"


def fill(sheet, plan):
    """Write the checks and their sum."""
    checks = [*_input_checks(plan), *_scenario_checks(plan), *_order_check(plan)]
    last = FIRST_ROW + len(checks) - 1
    sheet.cell(MASTER_ROW, 4).value = f"=SUM(D{FIRST_ROW}:D{last})"
    results = [f"=IF(ABS(C{row})>{lists.TOLERANCE_CELL},1,0)" for row in range(FIRST_ROW, last + 1)]
    units = [plan.portfolio.currency if unit == "money" else unit for _, unit, *_ in checks]
    formulas = [f"={_rounded(formula) if unit == 'money' else formula}" for _, unit, formula, _ in checks]
    labels, places = ([Typed(check[i]) for check in checks] for i in (0, 3))
    columns = (labels, list(map(Typed, units)), formulas, results, places)
    for number, values in enumerate(columns, start=1):
        write_column(sheet, number, FIRST_ROW, values)


def _rounded(formula):
    """A difference of money without what binary arithmetic leaves behind: to a thousandth."""
    return f"ROUND(1000*({formula}),0)/1000"


def _input_checks(plan):
    """(label, unit, formula, where to look) of what must hold on Inputs."""
    for column in COLUMNS:
        cells = plan.input_range(column.name)
        if column.needed and not column.is_number:
            yield (
                f"{column.label}: every row is filled",
                "count",
                f"COUNTBLANK({cells})",
                f"Inputs, column {column.label}",
            )
        if column.is_number:
            least, most, word = (
                lists.limit_cell(column.name, limit).replace("$", "") for limit in ("least", "most", "word")
            )
            where = f"Inputs, column {column.label}: a number, {column.mark.allowed}"
            if column.is_optional_limit:
                where += f" or the word {column.word}"
                yield (
                    f"{column.label}: every row a number or the word",
                    "count",
                    f"ROWS({cells})-COUNT({cells})-COUNTIF({cells},{word})",
                    where,
                )
                outside = f'COUNTIF({cells},"<"&{least})+COUNTIF({cells},">"&{most})'
            else:
                outside = f'ROWS({cells})-COUNTIFS({cells},">="&{least},{cells},"<="&{most})'
            yield f"{column.label}: every row within limits", "count", outside, where
    last = get_column_letter(scenarios.FIRST_SCENARIO_COLUMN + len(plan.portfolio.scenarios) - 1)
    for row, (_, kind, label, _) in enumerate(driver_rows(), start=scenarios.FIRST_ROW):
        if kind == "factor":
            cells = f"{scenarios.TITLE}!D{row}:{last}{row}"
            yield (
                f"{label}: a number in every scenario",
                "count",
                f"COLUMNS({cells})-COUNT({cells})",
                f"Scenarios, {label}",
            )
    over = f"SUMPRODUCT(--({plan.input_range('periods')}>{_rates_range(plan, 'most_periods')}))"
    yield (
        "Periods paid: no rate is paid for more than a year",
        "count",
        over,
        "Inputs, Periods paid beside Unit of capacity rate",
    )


def _rates_range(plan, key):
    letter = get_column_letter(rates.KEYS.index(key) + 1)
    return f"{rates.TITLE}!{letter}{plan.rates_first_row}:{letter}{plan.rates_first_row + plan.count - 1}"


def _scenario_checks(plan):
    for number, scenario in enumerate(plan.portfolio.scenarios):
        tab = scenario.name

        def total(key, number=number):
            """The total as Summary links to it: short, however long the scenario's name."""
            return summary.cell(key, number)

        part = defined_name_part(tab)
        lines = plan.scenario_range("net_revenue", tab)
        yield (
            f"{tab}: a line for every enrolment",
            "count",
            f"ROWS({ENROLMENTS})-COUNT({lines})",
            f"{tab}, Net revenue: an error or text in place of a number",
        )
        yield (
            f"{tab}: capacity and energy make gross", "money",
            f"{total('gross_revenue')}-{total('capacity_revenue')}-{total('energy_revenue')}", f"{tab}, totals",
        )  # fmt: skip
        yield (
            f"{tab}: guaranteed and contingent make gross", "money",
            f"{total('gross_revenue')}-{total('guaranteed')}-{total('contingent')}", f"{tab}, totals",
        )  # fmt: skip
        yield (
            f"{tab}: share of gross less penalties makes customer net", "money",
            f"{total('customer_net')}-{total('customer_gross')}+{total('penalties')}", f"{tab}, totals",
        )  # fmt: skip
        yield (
            f"{tab}: customer net less cost makes net", "money",
            f"{total('net_revenue')}-{total('customer_net')}+{total('operating_cost')}", f"{tab}, totals",
        )  # fmt: skip
        for word, name, key in (("gross", "Gross_Revenue", "gross_revenue"), ("net", "Net_Revenue", "net_revenue")):
            where = f"Summary, column {tab}"
            yield f"{tab}: {word} on Summary is the tab's", "money", f"{name}_{part}-{summary.cell(key, number)}", where


def _order_check(plan):
    names = [s.name for s in plan.portfolio.scenarios]
    if not all(name in names for name in EXPECTED_ORDER):
        return
    low, base, high = (summary.cell("net_revenue", names.index(name)) for name in EXPECTED_ORDER)
    yield (
        "Net revenue: Conservative <= Base <= Optimistic", "money", f"MAX({low}-{base},0)+MAX({base}-{high},0)",
        "The drivers point the wrong way here: more dispatch loses money where penalties and costs exceed what is paid",
    )  # fmt: skip
