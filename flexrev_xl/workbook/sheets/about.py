"""The About tab: what the workbook is for, who stands behind it, its contents, and how to read its colours."""

from dataclasses import dataclass

from openpyxl.styles import Protection
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from flexrev_xl.workbook.currency_formats import denomination
from flexrev_xl.workbook.page import Typed, set_up, widths, write_column
from flexrev_xl.workbook.sheets import lists
from flexrev_xl.workbook.sheets.inputs import CURRENCY_CELL, NAME_CELL
from flexrev_xl.workbook.styles import put
from flexrev_xl.workbook.validation import validate_list, validate_text

TITLE = "About"
DETAILS_ROW = 5
PEOPLE = (("Prepared by", "Preparer: builds the budget and fills the inputs"), ("Reviewed by", "Reviewer: has checked inputs, checks and summary"),
          ("Approved by", "Approver: releases the budget for use"))  # fmt: skip
NOT_NAMED = "not yet named"
PURPOSE = (
    "Annual revenue of grid flexibility: what the enrolled sites earn for being available and for energy delivered, "
    "what penalties and delivery cost, and what is left, under each scenario."
)
_SHEETS = {
    "Inputs": ("inputs", "The portfolio: a row for each site, programme and season, with the source of its rates"),
    "Scenarios": ("inputs", "What each scenario does to hours, performance and rates"),
    "Exceptions": ("inputs", "What a scenario does to single sites and programmes"),
    "Simulation": ("inputs", "What a simulation takes to be random in each row"),
    "Markets": ("inputs", "How far the years of two markets go together in a simulation"),
    "Terms": ("inputs", "Terms between gross and net, what each site has, currency and days paid of each row"),
    "Events": ("inputs", "In which calendar months each programme calls its events"),
    "Currencies": ("inputs", "Exchange rates, with date, kind and source"),
    "Resources": ("inputs", "What each site can answer an event with"),
    "Programmes": ("about", "Terms of the programme library that the rows rest on, with source and date"),
    "Periods": ("workings", "What each budget year takes of each row: days, months, event weights"),
    "Capacity": ("workings", "Days or months paid, by month"),
    "Energy": ("workings", "Weights of event months, by month"),
    "Rates": ("workings", "Every rate as money per MW-year and per MWh, in the budget's currency"),
    "Budget": ("outputs", "Months, quarters and years of every scenario, accrual and cash"),
    "Risk": ("outputs", "What simulated years bring: percentiles, reserve, what they hang on, with charts"),
    "Risk by month": ("outputs", "What each month may bring, as percentiles"),
    "Risk by line": ("outputs", "What each line may bring by itself, and the reserve it would need alone"),
    "Waterfall": ("outputs", "From gross to net, a chart for each scenario"),
    "Levers": ("workings", "Lines of the first scenario taken apart by what drives them, a column for each case"),
    "Sensitivity": (
        "outputs",
        "What moves the net of the first scenario, a grid of two drivers, break-evens; with charts",
    ),
    "Summary": ("outputs", "Scenarios side by side, with charts, defaults used and points to look at"),
    "Functions": ("about", "The functions of the add-in, for workbooks of your own"),
    "Case": ("inputs", "Compute per megawatt: grid connection, GPUs, battery and money, with sources"),
    "CPM series": ("workings", "The hour that strains the battery most, and the frontier of battery sizes"),
    "CPM workings": ("workings", "What the load gave (stored), and every step of the money in three states (live)"),
    "CPM cash": ("workings", "Cash of what the battery adds, by year"),
    "CPM": ("outputs", "Compute per megawatt: three states, worth of the battery, verdicts, charts, cautions"),
    "Lists": ("control", "Factors of units, words of dropdowns, limits of inputs"),
    "Fingerprints": ("control", "Whether inputs are still those that stored figures were worked out from"),
    "Checks": ("control", "Every check and the master check"),
    "Change log": ("control", "Versions: date, who, what"),
}
_KEY = (
    ("input", "Typed input: blue on light fill, unlocked"),
    ("calc", "Formula: black, locked"),
    ("link", "Formula that is one reference to another tab: green"),
    ("total", "Total"),
)
_CONVENTIONS = (
    "Inputs are positive; penalties and costs stand in their own column and are subtracted once, where net is formed.",
    "Money is in one currency, annual, pre-tax and nominal. Nothing is rounded before display.",
    "Guaranteed means committed, subject to performance: capacity revenue at no more than 100 % performance on contracted or cleared prices.",
    "Colours follow the banking convention (blue input, green link to another tab); red is kept for links to other files, of which there are none.",
    "Names are few: outputs, the master check and the enrolment rows; formulas use cell addresses, so Trace Precedents works.",
    "Sheets are protected without a password: against slips, not against intent. Review > Unprotect Sheet lifts it.",
)


@dataclass(frozen=True)
class Words:
    """What a kind of workbook says of itself: title, the formula under it, purpose, what it rests on, conventions.

    `statuses` is where the words of a document's status stand: a range, or the words themselves as a list formula.
    """

    title: str
    subtitle: str
    purpose: str
    rests_on: str
    conventions: tuple
    money: str
    statuses: str


_SUBTITLE = f'={NAME_CELL}&", all money in "&{CURRENCY_CELL}'
BUDGET = Words(
    "Grid flexibility budget",
    _SUBTITLE,
    PURPOSE,
    "Figures follow the programmes' terms named as sources on Inputs",
    _CONVENTIONS,
    "Money is in {}, in units of 1; other currencies at the rates on Currencies.",
    lists.column("document_statuses"),
)


def lay_out(sheet, words=BUDGET):
    """Everything but the contents and the date."""
    set_up(sheet, "about", words.title, "1:3", subtitle=words.subtitle)
    for letter, text in zip("ABC", ("About this workbook", "Value", "Note"), strict=True):
        put(sheet, f"{letter}{DETAILS_ROW}", text, "header")
    put(sheet, f"A{DETAILS_ROW + 1}", "Purpose", "remark")
    put(sheet, f"B{DETAILS_ROW + 1}", words.purpose, "note")
    put(sheet, f"C{DETAILS_ROW + 1}", words.rests_on, "note")
    sheet.row_dimensions[DETAILS_ROW + 1].height = 48
    for row, label in ((DETAILS_ROW + 2, "Version"), (DETAILS_ROW + 3, "Built on")):
        put(sheet, f"A{row}", label, "label")
    put(sheet, f"B{DETAILS_ROW + 2}", None, "label")
    put(sheet, f"B{DETAILS_ROW + 3}", None, "remark", "date")
    put(sheet, f"C{DETAILS_ROW + 2}", "flexrev_xl, the program that built it", "label")
    put(sheet, f"C{DETAILS_ROW + 3}", "Later changes stand on the Change log", "label")
    status_row = DETAILS_ROW + 4
    put(sheet, f"A{status_row}", "Status", "label")
    put(sheet, f"B{status_row}", lists.DOCUMENT_STATUSES[0], "input")
    put(sheet, f"C{status_row}", "DRAFT until the approver sets APPROVED", "label")
    told = "DRAFT or APPROVED; the approver sets it"
    validate_list(sheet, f"B{status_row}", "Status", told, lists.DOCUMENT_STATUSES, words.statuses)
    for row, (label, note) in enumerate(PEOPLE, start=status_row + 1):
        put(sheet, f"A{row}", label, "label")
        put(sheet, f"B{row}", NOT_NAMED, "input")
        put(sheet, f"C{row}", note, "label")
        validate_text(sheet, f"B{row}", label, f"Name. {note}")
    put(sheet, f"A{CONTENTS_ROW}", "Contents", "section")
    widths(sheet, 34, 64, 76)


CONTENTS_ROW = DETAILS_ROW + 9


def fill(sheet, plan, version, titles, scenario_names):
    """Write version, date, contents with links, colour key and conventions."""
    write(sheet, BUDGET, version, plan.today, plan.portfolio.currency, titles, scenario_names)


def write(sheet, words, version, today, currency, titles, scenario_names=()):
    """The same of any kind of workbook."""
    write_column(sheet, 2, DETAILS_ROW + 2, [Typed(version)])
    write_column(sheet, 2, DETAILS_ROW + 3, [today])
    row = CONTENTS_ROW + 1
    for title in titles:
        if title == TITLE:
            continue
        sheet_class, what = _SHEETS.get(
            title,
            ("outputs", "Scenario: every enrolment from hours to net revenue" if title in scenario_names else "Added"),
        )
        sheet[f"A{row}"].hyperlink = Hyperlink(ref=f"A{row}", location=f"{quote_sheetname(title)}!A1")
        put(sheet, f"A{row}", None, "hyperlink")
        write_column(sheet, 1, row, [Typed(title)])
        put(sheet, f"B{row}", what, "label")
        put(sheet, f"C{row}", f"{sheet_class} tab", "label")
        row += 1
    put(sheet, f"A{row + 1}", "Colour key", "section")
    for number, (look, meaning) in enumerate(_KEY, start=row + 2):
        put(sheet, f"A{number}", "Sample", look).protection = Protection(locked=True)
        put(sheet, f"B{number}", meaning, "label")
    row += 3 + len(_KEY)
    put(sheet, f"A{row}", "Conventions", "section")
    money = words.money.format(denomination(currency))
    for number, text in enumerate((*words.conventions, money), start=row + 1):
        put(sheet, f"A{number}", text, "remark")
