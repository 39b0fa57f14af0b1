"""A generated workbook keeps all 25 rules of a finance workbook, and each rule is seen to catch what breaks it."""

import re
from dataclasses import replace

import pytest
from openpyxl.styles import Font, PatternFill

from tests.workbook import cases
from tests.workbook.book import Book
from tests.workbook.finance_rules import RULES, failures
from tests.workbook.making import (
    OTHER,
    SITE,
    built,
    changed,
    made,
    opened,
    with_formula,
    with_part,
    with_sheet,
    with_stored,
    with_text,
)
from tests.workbook.rules_of_formulas import LONGEST_FORMULA

HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "+1",
    "@SUM(A1)",
    "-2+3",
    'the "quoted" & <site>',
    "café ⚡🔋",
    "'apostrophe",
    "1e5",
)
WIDE = "Scenario with 31 characters, it"


def test_there_are_25_rules():
    """Every rule is checked."""
    assert set(range(1, 26)) == set(RULES)


def test_demo(demo_book):
    """The demo's workbook keeps every rule."""
    assert [] == failures(demo_book)


def test_small(small_book):
    """The workbook that the mutations start from keeps every rule."""
    assert [] == failures(small_book)


def test_budget_years(years_book):
    """Two budget years, with a row in another currency, keep every rule."""
    assert [] == failures(years_book)


def test_case(case_book):
    """The workbook of a case keeps every rule."""
    assert [] == failures(case_book)


NO_BATTERY = {"battery_mw": 0.0, "battery_mwh": 0.0}


@pytest.mark.parametrize(("changes", "currency"), [({}, "INR"), (NO_BATTERY, "USD"), ({"gpu_capex": 9e4}, "USD")])
def test_cases(changes, currency):
    """Rupees, no battery, and a battery that loses money keep every rule."""
    assert [] == failures(cases.built(cases.by_hand(currency, **changes)))


def test_hostile_case(small_portfolio):
    """Texts that look like formulas break no rule as name and source of a case, in its own workbook and in a budget."""
    record = cases.by_hand()
    sources = dict(zip(record.sources, HOSTILE * 4, strict=False))
    notes = tuple(("Read", text) for text in HOSTILE)
    record = replace(record, name=HOSTILE[0], sources=sources, notes=notes)
    assert [] == failures(cases.built(record))
    assert [] == failures(built(small_portfolio, case=record))


def test_hostile_texts():
    """Texts that look like formulas, quotes and symbols break no rule, as site, programme, source or portfolio."""
    rows = [{**SITE, "site": text, "programme": f"{text} programme", "zone": text, "source": text} for text in HOSTILE]
    assert [] == failures(built(made(rows, name=HOSTILE[0])))


def test_one_scenario_and_extra_columns():
    """One scenario alone and columns passed through unread break no rule."""
    rows = [{**SITE, "x_contract": "A-17", "x_note": "=1+1"}, {**OTHER, "x_contract": "B-3"}]
    assert [] == failures(built(made(rows, [{"name": "Plan"}])))


def test_long_formulas():
    """Formulas stay short with ten thousand rows, ten budget years and the longest name of a scenario."""
    book = Book(built(made([SITE, OTHER], [{"name": WIDE}], years=10)))
    grown = [
        re.sub(r"([A-Z]{1,3})(1[3-9]|[2-9][0-9])(?![0-9:])", r"\g<1>10000", formula)
        for *_, formula in book.formula_cells
    ]
    assert [] == [f for f in grown if len(f) > LONGEST_FORMULA]


def _style(cell, **looks):
    def change(workbook):
        for key, value in looks.items():
            setattr(workbook[cell[0]][cell[1]], key, value)

    return lambda data: changed(data, change)


def _column(letter, first, count):
    return [f"{letter}{row}" for row in range(first, first + count)]


def _row_of(label, data, title="Summary"):
    return next(row[0].row for row in opened(data)[title].iter_rows(max_col=1) if row[0].value == label)


def _rounding(change):
    """Change the formulas of a whole row of Summary."""

    def of(data):
        row = _row_of("Rounding of gross as printed", data)
        return with_formula(data, "Summary", [f"E{row}", f"F{row}"], lambda f: change(f, row))

    return of


def _months(data, title, row, change):
    """Change the formulas of a row's twelve months."""
    return with_formula(data, title, [f"{letter}{row}" for letter in "HIJKLMNOPQRS"], change)


def _axis_a_month_late(workbook):
    """Let the months of Energy end a month after those of the other tabs."""
    for letter in "HIJKLMNOPQRS":
        workbook["Energy"][f"{letter}14"] = f"=EOMONTH(Capacity!{letter}14,1)"


def _part(name, old, new):
    return lambda data: with_part(data, name, lambda text: re.sub(old, new, text, count=1))


def _workbook_xml(old, new):
    return _part("xl/workbook.xml", old, new)


# What breaks a good workbook in exactly one rule: (rule, what, how).
MUTATIONS = [
    (1, "tab without a colour", lambda b: with_sheet(b, "Rates", r"<tabColor [^>]*/>", "")),
    (1, "class not told", lambda b: with_text(b, "About", "C17", "some tab")),
    (2, "no purpose", lambda b: with_text(b, "About", "B6", "")),
    (2, "a link less", lambda b: with_sheet(b, "About", r"<hyperlink [^>]*'Rates'[^>]*/>", "")),
    (3, "another version", lambda b: with_text(b, "Change log", "A6", "9.9.9")),
    (3, "nobody did it", lambda b: with_text(b, "Change log", "C6", "")),
    (4, "a check left out of the sum", lambda b: with_formula(b, "Checks", ["D6"], lambda f: re.sub(r"D(\d+)\)$", "D9)", f))),
    (4, "a failed check", lambda b: with_stored(b, "Checks", "D9", "1")),
    (5, "no status on a sheet", lambda b: with_text(b, "Rates", "A3", "")),
    (5, "no status above the months", lambda b: with_text(b, "Budget", "A3", "")),
    (6, "panes not frozen", lambda b: with_sheet(b, "Rates", r"<pane [^>]*/>", "")),
    (6, "panes frozen above the units", lambda b: with_sheet(b, "Rates", 'ySplit="14" topLeftCell="E15"', 'ySplit="12" topLeftCell="E13"')),
    (6, "panes frozen above the months", lambda b: with_sheet(b, "Budget", 'ySplit="14" topLeftCell="E15"', 'ySplit="12" topLeftCell="E13"')),
    (7, "a date as text", lambda b: with_text(b, "Inputs", "E15", "2026-06-01")),
    (7, "months of one tab a month late", lambda b: changed(b, _axis_a_month_late)),
    (7, "columns of one scenario swapped", lambda b: with_text(with_text(b, "Low", "AD10", "limit_by_share"), "Low", "AE10", "limit_in_money")),
    (8, "one cell's own formula", lambda b: with_formula(b, "Rates", ["P16"], lambda f: "*".join(reversed(f.split("*"))))),
    (8, "one month's own formula", lambda b: with_formula(b, "Budget", ["K40"], lambda f: f"{f}*1")),
    (8, "one month's own days", lambda b: with_formula(b, "Capacity", ["I15"], lambda f: f"{f}+0")),
    (8, "one month's own end", lambda b: with_formula(b, "Energy", ["M14"], lambda f: f"EOMONTH({f},0)")),
    (8, "scenarios with different formulas", lambda b: with_formula(b, "Low", _column("Y", 13, 2), lambda f: "+".join(f.split("+")[::-1]))),
    (8, "one case's own formula on one row", lambda b: with_formula(b, "Levers", ["BK14"], lambda f: f"{f}+0")),
    (8, "one driver's own formula", lambda b: with_formula(b, "Sensitivity", ["F14"], lambda f: f"{f}*1")),
    (8, "one row of the grid on its own", lambda b: with_formula(b, "Sensitivity", ["T13"], lambda f: f"{f}*1")),
    (9, "a factor in a case", lambda b: with_formula(b, "Levers", _column("BK", 13, 2), lambda f: f"{f}*1.05")),
    (9, "a rate in a formula", lambda b: with_formula(b, "Rates", _column("I", 15, 2), lambda f: f"{f}*1.05")),
    (9, "a rate in a month", lambda b: _months(b, "Budget", 41, lambda f: f"{f}*1.05")),
    (10, "an IF inside an IF", lambda b: with_formula(b, "Rates", _column("E", 15, 2), lambda f: f"IF(1,IF(1,{f},0),0)")),
    (10, "a long formula", lambda b: with_formula(b, "Summary", ["A2"], lambda f: f"{f}&Inputs!$C$6")),
    (11, "a name nobody uses", _workbook_xml("</definedNames>", '<definedName name="Spare">Inputs!$A$1</definedName></definedNames>')),
    (12, "a date that changes by itself", _rounding(lambda f, row: f"{f}+0*TODAY()")),
    (12, "OFFSET", lambda b: with_formula(b, "Rates", _column("O", 15, 2), lambda f: f"OFFSET({f.split('*')[0]},0,0)*{f.split('*')[1]}")),
    (13, "two lines of one name", lambda b: with_text(b, "Summary", "A8", "Gross revenue")),
    (13, "two columns of one name", lambda b: with_text(b, "Rates", "F12", "Factor of capacity unit")),
    (13, "two rows of one name", lambda b: with_text(b, "Budget", "A40", "Base: Capacity revenue")),
    (14, "no unit", lambda b: with_text(b, "Summary", "B8", "")),
    (13, "two cases of one name", lambda b: with_text(b, "Levers", "BK9", "High: Dispatch hours")),
    (14, "no unit of a case", lambda b: with_text(b, "Levers", "BK11", "")),
    (14, "no unit of the grid", lambda b: with_text(b, "Sensitivity", "T11", "")),
    (14, "no unit of months", lambda b: with_text(b, "Budget", "B40", "")),
    (14, "no unit of a term", lambda b: with_text(b, "Terms", "L14", "")),
    (14, "an unknown unit", lambda b: with_text(b, "Rates", "I14", "dollars")),
    (15, "a month in blue", _style(("Budget", "K40"), font=Font(color="FF0000FF"))),
    (15, "a formula in blue", _style(("Rates", "H15"), font=Font(color="FF0000FF"))),
    (15, "an input in black", _style(("Inputs", "I15"), font=Font(color="FF000000"))),
    (15, "green that is no link", _style(("Rates", "E15"), font=Font(color="FF006100"))),
    (16, "a colour not explained", lambda b: with_text(b, "About", f"B{_row_of('Colour key', b, 'About') + 3}", "")),
    (17, "a row without a source", lambda b: with_text(b, "Inputs", "AE16", "")),
    (18, "an input not validated", lambda b: with_sheet(b, "Scenarios", r'<dataValidation sqref="D8:E8".*?</dataValidation>', "")),
    (18, "a spread not validated", lambda b: with_sheet(b, "Sensitivity", r'<dataValidation sqref="C6".*?</dataValidation>', "")),
    (18, "no error shown", lambda b: with_sheet(b, "Inputs", 'showErrorMessage="1"', 'showErrorMessage="0"')),
    (19, "a sheet not protected", lambda b: with_sheet(b, "Rates", r"<sheetProtection [^>]*/>", "")),
    (20, "a hidden sheet", _workbook_xml(r'(name="Lists" sheetId="\d+" state=)"visible"', r'\1"hidden"')),
    (20, "a hidden column", lambda b: with_sheet(b, "Rates", r'<col width="16"', '<col hidden="1" width="16"')),
    (21, "a link to another file", lambda b: with_part(b, "xl/externalLinks/externalLink1.xml", lambda t: "<externalLink/>")),
    (21, "iterative calculation", _workbook_xml("<calcPr ", '<calcPr iterate="1" ')),
    (21, "a circle", _rounding(lambda f, row: f"{f}+{f[6]}{row}*0")),
    (22, "no stored result", lambda b: with_sheet(b, "Rates", r'(<c r="H15"[^>]*><f>[^<]*</f>)<v>[^<]*</v>', r"\g<1>")),
    (22, "a stored error", lambda b: with_sheet(b, "Base", r'<c r="S13"( s="\d+")><f>([^<]*)</f><v>[^<]*', r'<c r="S13"\1 t="e"><f>\2</f><v>#NAME?')),
    (23, "no format", _style(("Rates", "H15"), number_format="General")),
    (23, "a month without a format", _style(("Budget", "K40"), number_format="General")),
    (23, "a percentage as a plain number", _style(("Inputs", "P15"), number_format="#,##0.00####_)")),
    (24, "portrait", lambda b: with_sheet(b, "Rates", 'orientation="landscape"', 'orientation="portrait"')),
    (24, "no sheet name in the footer", lambda b: with_sheet(b, "Rates", r"&amp;C&amp;A", "")),
    (25, "a chart without a description", _part("xl/drawings/drawing1.xml", r' descr="[^"]*"', "")),
    (25, "months of a chart without a description", _part("xl/drawings/drawing1.xml", r'(?s)^(.*) descr="[^"]*"', r"\1")),
    (25, "merged cells", lambda b: with_sheet(b, "Rates", "</sheetData>", '</sheetData><mergeCells><mergeCell ref="S15:T15"/></mergeCells>')),
    (25, "no language", _part("docProps/core.xml", r"<dc:language.*?</dc:language>", "")),
    (25, "grey on grey", _style(("Rates", "A5"), font=Font(color="FF999999"), fill=PatternFill("solid", fgColor="FFDDDDDD"))),
]  # fmt: skip


# The same of a workbook over two budget years, with a row in another currency.
OF_YEARS = [
    (8, "one line's own share in its year", lambda b: with_formula(b, "Periods", ["F19"], lambda f: f"{f}+0")),
    (17, "a rate without a source", lambda b: with_text(b, "Currencies", "E9", "")),
    (18, "a rate not validated", lambda b: with_sheet(b, "Currencies", r'<dataValidation sqref="B9".*?</dataValidation>', "")),
    (18, "a weight not validated", lambda b: with_sheet(b, "Events", r'<dataValidation sqref="G15:G17".*?</dataValidation>', "")),
]  # fmt: skip

# The same of the workbook of a case of compute per megawatt.
OF_CASE = [
    (1, "tab without a colour", lambda b: with_sheet(b, "CPM cash", r"<tabColor [^>]*/>", "")),
    (2, "a link less", lambda b: with_sheet(b, "About", r"<hyperlink [^>]*'CPM cash'[^>]*/>", "")),
    (3, "nobody did it", lambda b: with_text(b, "Change log", "C6", "")),
    (4, "a failed check", lambda b: with_stored(b, "Checks", "D9", "1")),
    (5, "no status above the years", lambda b: with_text(b, "CPM cash", "A3", "")),
    (6, "panes frozen above the units", lambda b: with_sheet(b, "CPM cash", 'ySplit="7" topLeftCell="B8"', 'ySplit="5" topLeftCell="B6"')),
    (7, "a date as text", lambda b: with_text(b, "Change log", "B6", "2026-01-31")),
    (8, "one year's own formula", lambda b: with_formula(b, "CPM cash", ["D10"], lambda f: f"{f}+0")),
    (9, "a rate in a formula", lambda b: with_formula(b, "CPM workings", ["F60"], lambda f: f"{f}*1.05")),
    (10, "an IF inside an IF", lambda b: with_formula(b, "CPM workings", ["F60"], lambda f: f"IF(1,IF(1,{f},0),0)")),
    (11, "a name nobody uses", _workbook_xml("</definedNames>", '<definedName name="Spare">CPM!$A$1</definedName></definedNames>')),
    (12, "a date that changes by itself", lambda b: with_formula(b, "CPM workings", ["F60"], lambda f: f"{f}+0*TODAY()")),
    (12, "NPV", lambda b: with_formula(b, "CPM", ["F49"], lambda f: f.replace("SUM(", "NPV(0,"))),
    (13, "two lines of one name", lambda b: with_text(b, "CPM", "B8", "GPUs installed")),
    (14, "no unit", lambda b: with_text(b, "CPM", "C8", "")),
    (14, "no unit of years", lambda b: with_text(b, "CPM cash", "D7", "")),
    (15, "a year in blue", _style(("CPM cash", "D10"), font=Font(color="FF0000FF"))),
    (15, "a link in black", _style(("CPM", "F36"), font=Font(color="FF000000"))),
    (16, "a colour not explained", lambda b: with_text(b, "About", f"B{_row_of('Colour key', b, 'About') + 3}", "")),
    (17, "an input without a source", lambda b: with_text(b, "Case", "G12", "")),
    (18, "an input not validated", lambda b: with_sheet(b, "Case", r'<dataValidation sqref="D12".*?</dataValidation>', "")),
    (19, "a sheet not protected", lambda b: with_sheet(b, "CPM", r"<sheetProtection [^>]*/>", "")),
    (20, "a hidden sheet", _workbook_xml(r'(name="CPM series" sheetId="\d+" state=)"visible"', r'\1"hidden"')),
    (21, "a circle", lambda b: with_formula(b, "CPM workings", ["F60"], lambda f: f"{f}+F60*0")),
    (22, "no stored result", lambda b: with_sheet(b, "CPM cash", r'(<c r="D10"[^>]*><f>[^<]*</f>)<v>[^<]*</v>', r"\g<1>")),
    (23, "no format", _style(("CPM cash", "D10"), number_format="General")),
    (23, "a share as a plain number", _style(("CPM", "F10"), number_format="#,##0.00####_)")),
    (24, "portrait", lambda b: with_sheet(b, "CPM", 'orientation="landscape"', 'orientation="portrait"')),
    (25, "a chart without a description", _part("xl/drawings/drawing1.xml", r' descr="[^"]*"', "")),
    (25, "merged cells", lambda b: with_sheet(b, "CPM", "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A55:B55"/></mergeCells>')),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "change"), [(r, c) for r, _, c in MUTATIONS], ids=[f"{r:02}: {what}" for r, what, _ in MUTATIONS]
)
def test_broken(rule, change, small_book):
    """A workbook broken in one rule fails in that rule alone."""
    assert {rule} == {f.rule for f in failures(change(small_book))}


@pytest.mark.parametrize(
    ("rule", "change"), [(r, c) for r, _, c in OF_YEARS], ids=[f"{r:02}: {what}" for r, what, _ in OF_YEARS]
)
def test_broken_over_years(rule, change, years_book):
    """A workbook over two budget years, broken in one rule, fails in that rule alone."""
    assert {rule} == {f.rule for f in failures(change(years_book))}


@pytest.mark.parametrize(
    ("rule", "change"), [(r, c) for r, _, c in OF_CASE], ids=[f"{r:02}: {what}" for r, what, _ in OF_CASE]
)
def test_broken_case(rule, change, case_book):
    """The workbook of a case, broken in one rule, fails in that rule alone."""
    assert {rule} == {f.rule for f in failures(change(case_book))}


@pytest.mark.parametrize("mutations", [MUTATIONS, OF_CASE], ids=["budget", "case"])
def test_every_rule_is_broken_once(mutations):
    """There is a mutation for each rule."""
    assert set(RULES) == {rule for rule, *_ in mutations}
