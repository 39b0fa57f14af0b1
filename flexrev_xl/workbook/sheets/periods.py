"""The Periods tab: which days, months and events of the budget year each line is paid for.

A line is an enrolment in a budget year. Its own period runs from its start to its end, or over the
budget year where it is undated; what the year takes of it is added up by month on Capacity and Energy.
"""

from openpyxl.utils import get_column_letter

from flexrev_xl.portfolio.columns import BY_NAME
from flexrev_xl.workbook.page import INPUT_ROW, LINE_ROW, OWN_ROW, set_up, write_column
from flexrev_xl.workbook.sheets import axis, input_table, lists
from flexrev_xl.workbook.sheets.events import MONTH_NUMBERS, WEIGHTS
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, MONTH_CELL, NAME_CELL, YEAR_CELL
from flexrev_xl.workbook.styles import put

TITLE = "Periods"
HEADER_ROW, KEY_ROW, UNIT_ROW, FIRST_ROW = 12, 13, 14, 15  # as on Inputs
_COLUMNS = (
    ("site", "Site", "text"),
    ("programme", "Programme", "text"),
    ("season", "Season", "text"),
    ("budget_year", "Budget year", "year"),
    ("year_first", "First day of the budget year", "date"),
    ("year_last", "Last day of the budget year", "date"),
    ("own_first", "Own first day", "date"),
    ("own_last", "Own last day", "date"),
    ("day_after", "Day after", "date"),
    ("first_paid", "First day in the year", "date"),
    ("last_paid", "Last day in the year", "date"),
    ("by_months", "Paid by months", "flag"),
    ("by_business_days", "Paid by business days", "flag"),
    ("by_days", "Rate is per day", "flag"),
    ("by_years", "Rate is per year", "flag"),
    ("once", "Rate is per season", "flag"),
    ("payment_lag", "Payment lag", "months"),
    ("calendar_months", "Calendar months begun", "months"),
    ("own_months", "Own months", "months"),
    ("own_business_days", "Own business days", "days"),
    ("own_units", "Own days or months", "units"),
    ("own_periods", "Unit's own periods", "periods"),
    ("own_known", "Known from the dates", "flag"),
    ("months_touched", "Months that the dates touch", "months"),
    ("hours_held", "Hours, for a rate per hour", "h"),
    ("most_own", "Most periods of the dates", "periods"),
    ("periods", "Periods paid", "periods"),
    ("paid_units", "Of them in the year", "units"),
    ("capacity_share", "Share of the period", "%"),
    ("in_year", "In the year", "flag"),
    ("one_unit", "One unit's part of the year", "%"),
    ("events_whole_first", "Event weight of whole months before", "weight"),
    ("events_part_first", "And of the month begun", "weight"),
    ("events_whole_after", "Event weight of whole months to the end", "weight"),
    ("events_part_after", "And of the month that ends it", "weight"),
    ("own_events", "Own event weight", "weight"),
    ("paid_events", "Of it in the year", "weight"),
    ("hours_share", "Share of event hours", "%"),
    ("one_event", "One weight's part of the year", "%"),
    ("stop_loss_part", "Part of the stop-loss", "times"),
)
KEYS = tuple(key for key, *_ in _COLUMNS)
NUMBERS = tuple((key, label) for key, label, unit in _COLUMNS if unit != "text")
# What the steps of a line read.
FOR_LINES = ("budget_year", "periods", "capacity_share", "hours_share", "in_year", "stop_loss_part")
_FORMATS = {"text": "text result", "year": "whole", "date": "date", "flag": "whole", "%": "percent", "days": "whole"}


def letter(key):
    """The column letter of a key."""
    return get_column_letter(KEYS.index(key) + 1)


def lay_out(sheet):
    """Title, labels, keys, units and the model row."""
    subtitle = f'={NAME_CELL}&", what each budget year takes of each row; money elsewhere is in "&{CURRENCY_CELL}'
    set_up(sheet, "workings", "Periods", f"{HEADER_ROW}:{UNIT_ROW}", subtitle=subtitle, paper="A3")
    note = "A row is paid in a budget year for those of its own days, months or event weights that lie in that year."
    put(sheet, "A5", note, "remark")
    for number, (key, label, unit) in enumerate(_COLUMNS, start=1):
        at = get_column_letter(number)
        put(sheet, f"{at}{HEADER_ROW}", label, "header")
        put(sheet, f"{at}{KEY_ROW}", key, "key")
        put(sheet, f"{at}{UNIT_ROW}", unit, "unit")
        put(sheet, f"{at}{FIRST_ROW}", None, "link" if number <= 3 else "calc", _FORMATS.get(unit, "quantity"))
        sheet.column_dimensions[at].width = {1: 26, 2: 32, 3: 12}.get(number, 13)
    put(sheet, f"{letter('payment_lag')}{FIRST_ROW}", None, "link", "whole")
    put(sheet, f"{letter('budget_year')}{FIRST_ROW}", None, "link", "whole")
    put(sheet, f"{letter('paid_units')}{FIRST_ROW}", None, "link", "quantity")
    put(sheet, f"{letter('paid_events')}{FIRST_ROW}", None, "link", "quantity")
    sheet.row_dimensions[HEADER_ROW].height = 46
    sheet.freeze_panes = f"E{FIRST_ROW}"


def fill(sheet, plan):
    """Write the formulas down the table, a block for each budget year."""
    first = plan.rates_first_row
    for key, formula in _formulas().items():
        write_column(sheet, KEYS.index(key) + 1, first, plan.down(formula, first))
    years = [f"={YEAR_CELL}"] * plan.count
    years += [f"={letter('budget_year')}{first + n}+1" for n in range(plan.line_count - plan.count)]
    write_column(sheet, KEYS.index("budget_year") + 1, first, years)
    for row in range(first + plan.count, first + plan.line_count):
        put(sheet, f"{letter('budget_year')}{row}", sheet[f"{letter('budget_year')}{row}"].value, "calc", "whole")


def _formulas():
    own = {key: f"{letter(key)}{OWN_ROW}" for key in KEYS}

    def typed(name):
        return f"{BY_NAME[name].tab}!{input_table.letter_of(name)}{INPUT_ROW}"

    def whole_months(day):
        weights = f"SUMPRODUCT({WEIGHTS}*({MONTH_NUMBERS}<MONTH({day})))"
        return f"=(YEAR({day})-{own['budget_year']})*SUM({WEIGHTS})+{weights}"

    def part_of_month(day):
        return f"=INDEX({WEIGHTS},MONTH({day}))*(DAY({day})-1)/DAY(EOMONTH({day},0))"

    def of_one(total):
        return f"=IF({own[total]}>0,1,0)/IF({own[total]}>0,{own[total]},1)"

    begins, after = own["own_first"], own["day_after"]
    months = f"(YEAR({after})-YEAR({begins}))*12+MONTH({after})-MONTH({begins})"
    parts = f"(DAY({after})-1)/DAY(EOMONTH({after},0))-(DAY({begins})-1)/DAY(EOMONTH({begins},0))"
    years = f"MIN(1,({after}-{begins})/(EDATE({begins},12)-{begins}))"
    by_days = f"(1-{own['by_months']}-{own['by_business_days']})*({after}-{begins})"
    return {
        **{key: f"={typed(key)}" for key in ("site", "programme", "season")},
        "year_first": f"=DATE({own['budget_year']},{MONTH_CELL},1)",
        "year_last": f"=EOMONTH({own['year_first']},12-1)",
        "own_first": f"=IF(ISNUMBER({typed('start')}),{typed('start')},{own['year_first']})",
        "own_last": f"=IF(ISNUMBER({typed('end')}),{typed('end')},{own['year_last']})",
        "day_after": f"={own['own_last']}+1",
        "first_paid": f"=MAX({own['own_first']},{own['year_first']})",
        "last_paid": f"=MIN({own['own_last']},{own['year_last']})",
        "by_months": "=" + lists.look_up(typed("rate_unit"), "capacity_units", 4),
        **{key: "=" + lists.look_up(typed("rate_unit"), "capacity_units", n) for n, key in lists.OWN_PERIODS},
        "by_business_days": f"=(1-{own['by_months']})*{lists.look_up(typed('paid_on'), 'paid_on')}",
        "payment_lag": f"={typed('payment_lag_months')}",
        "calendar_months": f"={months}",
        "own_months": f"={own['calendar_months']}+{parts}",
        "own_business_days": f"=NETWORKDAYS({begins},{own['own_last']})",
        "own_units": f"={own['by_months']}*{own['own_months']}+{own['by_business_days']}*{own['own_business_days']}+{by_days}",
        "paid_units": f"={axis.CAPACITY}!{axis.TOTAL}{LINE_ROW}",
        "capacity_share": f"=IF({own['own_units']}>0,{own['paid_units']},0)/IF({own['own_units']}>0,{own['own_units']},1)",
        "in_year": f"=IF({own['capacity_share']}>0,1,0)",
        "one_unit": of_one("paid_units"),
        "events_whole_first": whole_months(begins),
        "events_part_first": part_of_month(begins),
        "events_whole_after": whole_months(after),
        "events_part_after": part_of_month(after),
        "own_events": f"={own['events_whole_after']}+{own['events_part_after']}-{own['events_whole_first']}-{own['events_part_first']}",
        "paid_events": f"={axis.ENERGY}!{axis.TOTAL}{LINE_ROW}",
        "hours_share": f"={own['in_year']}*IF({own['own_events']}>0,{own['paid_events']},0)/IF({own['own_events']}>0,{own['own_events']},1)",
        "one_event": of_one("paid_events"),
        "stop_loss_part": f"=IF({own['in_year']}>0,{own['hours_share']},0)/IF({own['in_year']}>0,{own['capacity_share']},1)",
        "own_periods": f"={own['by_months']}*{own['own_months']}+{own['by_days']}*{own['own_units']}+{own['once']}+{own['by_years']}*{years}",
        "own_known": f"=IF(ISNUMBER({typed('periods')}),1,{own['by_years']}+{own['once']}"
        f"+{own['by_months']}*({own['own_months']}=INT({own['own_months']}))+{own['by_days']}*ISNUMBER({typed('start')}))",
        "months_touched": f"=(YEAR({own['own_last']})-YEAR({begins}))*12+MONTH({own['own_last']})-MONTH({begins})+1",
        "hours_held": f"=(1-{own['by_months']}-{own['by_days']}-{own['by_years']}-{own['once']})*24*({after}-{begins})",
        "most_own": f"=IF(ISNUMBER({typed('start')}),{own['by_months']}*{own['months_touched']}"
        f"+{own['by_days']}*{own['own_units']}+{own['by_years']}+1000*{own['once']}+{own['hours_held']},24*1000)",
        "periods": f"=IF(ISNUMBER({typed('periods')}),{typed('periods')},{own['own_periods']})",
    }
