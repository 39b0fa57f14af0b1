"""The Checks tab: each check 0 (OK) or 1 (ERROR), and their sum, the master check."""

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from flexrev_xl.analysis.scenarios import EXPECTED_ORDER
from flexrev_xl.portfolio.column import EVENTS, INPUTS, TERMS
from flexrev_xl.portfolio.columns import AS_SCENARIO, BY_NAME, ON_TAB, driver_rows
from flexrev_xl.portfolio.scenarios import defined_name_part
from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.sheets import (
    budget,
    currencies,
    exceptions,
    lists,
    markets,
    periods,
    rates,
    scenarios,
    sensitivity,
    simulation,
    summary,
    waterfall,
)
from flexrev_xl.workbook.sheets import scenario as scenario_tab
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL, YEARS_CELL
from flexrev_xl.workbook.styles import put

TITLE = "Checks"
HEADER_ROW, MASTER_ROW, FIRST_ROW = 5, 6, 7
MASTER_CELL = f"{TITLE}!$D${MASTER_ROW}"
ENROLMENTS = "Enrolment_Rows"


_SUBTITLE = (
    f'={NAME_CELL}&", differences in "&{CURRENCY_CELL}&" or counts; each check is OK within the tolerance on Lists"'
)


def lay_out(sheet, subtitle=_SUBTITLE):
    """Title, headers, the master check and the model row."""
    set_up(sheet, "control", "Checks", f"{HEADER_ROW}:{HEADER_ROW}", subtitle=subtitle)
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


def fill(sheet, plan, more=()):
    """Write the checks and their sum; `more` are those of tabs that stand beside the budget's own."""
    checks = [*_input_checks(plan), *_period_checks(plan), *_scenario_checks(plan), *_order_check(plan)]
    net = f"Net_Revenue_{defined_name_part(plan.portfolio.scenarios[0].name)}"
    checks += [*waterfall.check_cells(plan), *sensitivity.check_cells(plan, net, summary.cell("net_revenue", 0)), *more]
    write(sheet, checks, plan.portfolio.currency, lists.TOLERANCE_CELL)


def write(sheet, checks, currency, tolerance_cell):
    """Write checks and their sum.

    Args:
        checks: (label, unit, formula, where to look) each.
        currency: of those in money.
        tolerance_cell: what a difference or count may not be above.
    """
    last = FIRST_ROW + len(checks) - 1
    sheet.cell(MASTER_ROW, 4).value = f"=SUM(D{FIRST_ROW}:D{last})"
    results = [f"=IFERROR(IF(ABS(C{row})>{tolerance_cell},1,0),1)" for row in range(FIRST_ROW, last + 1)]
    units = [currency if unit == "money" else unit for _, unit, *_ in checks]
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
    for column in (*ON_TAB[INPUTS], *ON_TAB[TERMS]):
        cells, tab = plan.input_range(column.name), column.tab
        if column.needed and not column.is_number:
            yield (
                f"{column.label}: every row is filled",
                "count",
                f"COUNTBLANK({cells})",
                f"{tab}, column {column.label}",
            )
        if column.is_number:
            least, most, word = (
                lists.limit_cell(column.name, limit).replace("$", "") for limit in ("least", "most", "word")
            )
            where = f"{tab}, column {column.label}: a number, {column.mark.allowed}"
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
    months = [plan.input_range(column.name) for column in ON_TAB[EVENTS]]
    weights = f"{months[0].split(':')[0]}:{months[-1].split(':')[1]}"
    least = lists.limit_cell(ON_TAB[EVENTS][0].name, "least").replace("$", "")
    outside = f'ROWS({weights})*COLUMNS({weights})-COUNTIF({weights},">="&{least})'
    yield "Events: every weight a number from 0 up", "count", outside, f"{EVENTS}: a weight for each month"
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
    yield from _exception_checks(plan.portfolio)
    yield from simulation.check_cells(plan)
    yield from markets.check_cells(plan)
    paid, most = plan.periods_range("periods"), _rates_range(plan, "most_periods", plan.line_count)
    over = f"SUMPRODUCT(--({paid}>{most}))"
    yield (
        "Periods paid: no rate is paid for more than a year",
        "count",
        over,
        "Inputs, Periods paid beside Unit of capacity rate",
    )


def _exception_checks(portfolio):
    """(label, unit, formula, where to look) of what must hold on Exceptions."""
    used, meets, times = (
        exceptions.column(k, portfolio) for k in (exceptions.USED, exceptions.MEETS, exceptions.TIMES)
    )
    where = f"{exceptions.TITLE}: Site and Programme of a row as they stand on Inputs"
    yield "Exceptions: every row used is for a row of Inputs", "count", f"COUNTIFS({used},1,{meets},0)", where
    where = f"{exceptions.TITLE}: one row for a scenario, a site and a programme"
    yield "Exceptions: nothing stands twice", "count", f'COUNTIF({times},">1")', where
    read = exceptions.column(exceptions.READ, portfolio)
    other = f"ROWS({read})-COUNTIF({read},COLUMNS({exceptions.TITLE}!{exceptions.TYPED}))"
    where = f"{exceptions.TITLE}: a number, or the words {AS_SCENARIO}"
    yield "Exceptions: every driver a number or the words", "count", other, where


def _rates_range(plan, key, count=None):
    letter = get_column_letter(rates.KEYS.index(key) + 1)
    last = plan.rates_first_row + (count or plan.count) - 1
    return f"{rates.TITLE}!{letter}{plan.rates_first_row}:{letter}{last}"


def _period_checks(plan):
    """(label, unit, formula, where to look) of what must hold of dates, events, currencies and the site's load."""
    share = plan.periods_range("capacity_share")
    where = f"{periods.TITLE}, Share of the period"
    yield (
        "Periods: no line takes more than its own period",
        "count",
        f'COUNTIF({share},">"&1+{lists.TOLERANCE_CELL})',
        where,
    )
    yield from _paid_period_checks(plan)
    errors = f"ROWS({share})-COUNT({share})"
    yield "Periods: a share for every line", "count", errors, f"{where}: an error in place of a number"
    letter, first, last = periods.letter("own_events"), plan.rates_first_row, plan.rates_first_row + plan.count - 1
    events = f"{periods.TITLE}!{letter}{first}:{letter}{last}"
    where = "Events: a weight above 0 in a month between the row's dates"
    for name in ("dispatch_hours", "penalty_hours", "test_hours"):
        hours, label = plan.input_range(name), BY_NAME[name].label
        without = f'COUNTIF({hours},">0")-COUNTIFS({hours},">0",{events},">0")'
        yield f"{label}: every row that has them has event months", "count", without, where
    rate = _rates_range(plan, "exchange_rate", plan.line_count)
    where = "Currencies: a rate for each currency that Terms names"
    yield "Currencies: a rate for every line", "count", f'ROWS({rate})-COUNTIF({rate},">0")', where
    own_code, own_rate = currencies.OWN_CELLS
    same = f"IF({CURRENCY_CELL}={own_code},0,1)+IF({own_rate}=1,0,1)"
    where = "Inputs, Currency, is the first on Currencies, at a rate of 1; build again to change it"
    yield "Currencies: the budget's own currency is the one it was built in", "count", same, where
    load, nominated = plan.input_range("load_mw"), plan.input_range("nominated_mw")
    where = "Inputs, Nominated capacity beside Terms, Site load"
    above = f"SUMPRODUCT(--({nominated}>{load}))"
    yield "Nominated capacity: not above the site's load", "count", above, where


def _paid_period_checks(plan):
    """Of periods typed beside dates, and of periods that are left to follow from them."""
    first, last = plan.rates_first_row, plan.rates_first_row + plan.count - 1
    paid, most, known = (
        f"{periods.TITLE}!{periods.letter(key)}{first}:{periods.letter(key)}{last}"
        for key in ("periods", "most_own", "own_known")
    )
    where = "Inputs, Periods paid beside Start and End; unit's own lets them follow the dates"
    beyond = f"SUMPRODUCT(--({paid}>{most}+{lists.TOLERANCE_CELL}))"
    yield "Periods paid: no more than the row's dates have", "count", beyond, where
    where = "Inputs, Periods paid: days need dates, months whole months, hours a number"
    unknown = f'ROWS({known})-COUNTIF({known},">0")'
    yield "Periods paid: unit's own where the dates tell them", "count", unknown, where


def _scenario_checks(plan):
    for number, scenario in enumerate(plan.portfolio.scenarios):
        tab = scenario.name

        def total(key, number=number):
            """The total as Summary links to it: short, however long the scenario's name."""
            return summary.cell(key, number)

        where = f"{tab}, row {scenario_tab.SAME_ROW}; flexrev verify compares every row"
        same = f"SUM({scenario_tab.same_formula_range(tab)})"
        yield f"{tab}: the same formulas as on the first scenario's tab", "count", same, where
        part = defined_name_part(tab)
        lines = plan.scenario_range("net_revenue", tab)
        yield (
            f"{tab}: a line for every enrolment and budget year",
            "count",
            f"ROWS({ENROLMENTS})*{YEARS_CELL}-COUNT({lines})",
            f"{tab}, Net revenue: an error or text in place of a number",
        )
        yield (
            f"{tab}: capacity, energy and adders make gross", "money",
            f"{total('gross_revenue')}-SUM({total('capacity_revenue')},{total('energy_revenue')},{total('uplift_revenue')},"
            f"{total('ancillary_revenue')})", f"{tab}, totals",
        )  # fmt: skip
        yield (
            f"{tab}: guaranteed and contingent make gross", "money",
            f"{total('gross_revenue')}-{total('guaranteed')}-{total('contingent')}", f"{tab}, totals",
        )  # fmt: skip
        yield (
            f"{tab}: share of gross less penalties and charges makes customer net", "money",
            f"{total('customer_net')}-{total('customer_gross')}+SUM({total('penalties_borne')},{total('test_charges')},"
            f"{total('buyout_cost')})", f"{tab}, totals",
        )  # fmt: skip
        yield (
            f"{tab}: customer net less cost makes net", "money",
            f"{total('net_revenue')}-{total('customer_net')}+{total('operating_cost')}", f"{tab}, totals",
        )  # fmt: skip
        first, last = budget.first_row_of(number), budget.first_row_of(number + 1) - 1
        cells = f"{budget.TITLE}!{budget.DIFFERENCE}{first}:{budget.DIFFERENCE}{last}"
        where = f"Budget, rows {first} to {last}, Difference"
        yield f"{tab}: months of Budget make the tab's lines", "money", f"MAX({cells},0)-MIN({cells},0)", where
        year = budget.year_cell("net_revenue", number, plan)
        yield f"{tab}: first year of Budget is net of the tab", "money", f"{year}-Net_Revenue_{part}", where
        owed, paid, closing = (
            budget.cell("customer_net", number),
            budget.cell("cash_received", number),
            budget.last_cell(budget.CLOSING, number, plan),
        )
        yield f"{tab}: accrual less cash is what is owed", "money", f"{owed}-{paid}-{closing}", where
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
