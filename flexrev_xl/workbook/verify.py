"""Whether a workbook still is what its inputs say: formulas, stored results, lines against the core."""

import functools
import io
import math
import os
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

from flexrev_xl import __version__
from flexrev_xl.analysis.budget import budget
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.assemble import assemble
from flexrev_xl.readers.safe_zip import check_workbook_file
from flexrev_xl.readers.xlsx_file import read_workbook
from flexrev_xl.workbook import cpm_build, cpm_read, cpm_tabs, page, verify_cpm, verify_lines, verify_risk
from flexrev_xl.workbook.agree import is_number, same, scales, shown
from flexrev_xl.workbook.build import compose
from flexrev_xl.workbook.engines import ENGINES
from flexrev_xl.workbook.hashes import inputs_hash
from flexrev_xl.workbook.results import plain
from flexrev_xl.workbook.sheets import (
    axis,
    change_log,
    checks,
    levers,
    lists,
    periods,
    rates,
    sensitivity,
    summary,
    waterfall,
)
from flexrev_xl.workbook.sheets import budget as months
from flexrev_xl.workbook.sheets import programmes as programmes_tab

_OF_LINES = (periods.TITLE, axis.CAPACITY, axis.ENERGY, rates.TITLE, levers.TITLE)
_FOLLOWING = ("FLEX-302", "FLEX-303", "FLEX-304")


def _rows_of_ours(scenario_names):
    """How far down the fixed values of a tab are ours; on tabs not named, all are a person's own."""
    whole = (lists.TITLE, *cpm_tabs.TITLES, *_OF_LINES, months.TITLE, waterfall.TITLE, sensitivity.TITLE)
    whole += (checks.TITLE, *verify_risk.TABS, *scenario_names)
    return dict.fromkeys(whole, math.inf) | {summary.TITLE: summary.NOTES_ROW}


_OURS_EVERYWHERE = ("FlexRev header", "FlexRev key", "FlexRev unit")  # looks of cells whose words are never a person's


@dataclass(frozen=True)
class Difference:
    """One difference: sheet, cell, code of the catalogue, and what it is."""

    sheet: str
    cell: str
    code: str
    what: str

    def __str__(self):
        return str(FlexError(self.code, self.what, place=f"{self.sheet}!{self.cell}" if self.cell else self.sheet))


@dataclass(frozen=True)
class Report:
    """What `verify` found: differences (none when all is well), notes, and how much was compared."""

    differences: tuple
    notes: tuple
    formulas: int
    lines: int

    def as_json(self):
        """The report as `flexrev verify --json` prints it."""
        return {
            "ok": not self.differences,
            "differences": [
                {"sheet": d.sheet, "cell": d.cell, "code": d.code, "what": d.what} for d in self.differences
            ],
            "notes": list(self.notes),
            "formulas_compared": self.formulas,
            "lines_compared": self.lines,
        }


def verify_workbook(path, *, engine="formualizer", template=None, programmes=None, progress=None):
    """Compare a workbook with what its own inputs give.

    Args:
        path: an .xlsx that flexrev built, perhaps changed since.
        engine: "formualizer" or "libreoffice", which recalculates every formula.
        template: the team's template it was built from, where that is not the shipped one.
        programmes: the programme library by id; the shipped one when left out.
        progress: called with a word at each stage.

    Returns:
        Report.

    Raises:
        FlexError: where the file is none of ours or cannot be read.
    """
    from openpyxl import load_workbook

    say = progress or (lambda stage: None)
    path = Path(path)
    if not os.path.isfile(path):  # unlike Path.is_file, no name and no forbidden folder makes it raise
        raise FlexError("FLEX-101", "there is no such file", place=path)
    say("reading")
    check_workbook_file(path)
    data = path.read_bytes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of extensions that it does not read, such as sparklines
            stored, actual = load_workbook(io.BytesIO(data), data_only=True), load_workbook(io.BytesIO(data))
    except Exception as e:
        raise FlexError(
            "FLEX-114", f"the file is not a readable Excel workbook ({type(e).__name__})", place=path.name
        ) from None
    if change_log.TITLE not in actual.sheetnames:
        raise FlexError("FLEX-118", f"there is no tab {change_log.TITLE}", place=path.name)
    record = change_log.read(actual[change_log.TITLE])
    found = _Found(actual, stored)
    is_case = record["Mode"] == cpm_build.MODE
    if is_case and not cpm_tabs.has_tabs(actual):
        missing = ", ".join(title for title in cpm_tabs.TITLES if title not in actual.sheetnames)
        raise FlexError("FLEX-118", f"there is no tab {missing}", place=path.name)
    raw = None if is_case else read_workbook(stored, path.name)
    values = _recalculated(engine, data, path)
    own, note = _template_of(record, template, path)
    try:
        case = cpm_read.read(stored) if cpm_tabs.has_tabs(stored) else None
        portfolio = None if is_case else assemble(raw, programmes)
    except FlexError as e:
        for problem in e.problems:
            sheet, _, cell = problem.place.partition("!")
            allowed = f" (allowed: {problem.allowed})" if problem.allowed else ""
            found.add(sheet, cell.split(" ")[0], problem.code, problem.what + allowed)
        found.stored_results(values)
        return found.report(0)
    say("comparing")
    if is_case:
        return _case(found, case, record, (own, note), values, say)
    run = verify_risk.recorded(stored, found.add)
    if record["Version"] != __version__:
        found.notes.append(
            f"built by version {record['Version']}: formulas are compared down columns and across scenario tabs only"
        )
        found.formulas_among_themselves(portfolio)
    elif note:
        found.notes.append(note)
        found.formulas_among_themselves(portfolio)
    else:
        today = record["Date"].date() if record["Date"] else None
        found.formulas(
            compose(
                portfolio,
                template=own,
                today=today,
                programmes=programmes,
                settings=sensitivity.read(stored),
                run=run,
                case=case,
            ),
            [s.name for s in portfolio.scenarios],
        )
    say("recalculating")
    found.stored_results(values)
    result = budget(portfolio, programmes)
    compared = verify_lines.lines(result, stored, found.add)
    if record["Version"] == __version__:  # another version's rows may stand elsewhere
        verify_lines.by_month(result, stored, found.add)
        verify_lines.by_lever(portfolio, stored, found.add)
    if run is not None:
        say("simulating")
        books, version = (stored, values), record["Version"]
        found.notes += verify_risk.compared(portfolio, run, books, version, found.add, programmes=programmes)
    if record["Inputs hash"] != inputs_hash(portfolio):
        found.notes.append("the inputs were changed since the workbook was built")
    return found.report(compared + _figures(found, case))


def _figures(found, case):
    """How many figures of a case were compared with the core; 0 where there is none."""
    if case is None:
        return 0
    figures, notes = verify_cpm.compare(case, found.stored, found.add)
    found.notes += notes
    return figures


def _case(found, case, record, template, values, say):
    """The report of a workbook that holds a case alone."""
    own, note = template
    if record["Version"] != __version__:
        found.notes.append(f"built by version {record['Version']}: its formulas are not compared, its figures are")
    elif note:
        found.notes.append(note.partition(": formulas")[0] + ": its formulas are not compared, its figures are")
    else:
        today = record["Date"].date() if record["Date"] else None
        found.formulas(cpm_build.compose(case, template=own, today=today), ())
    say("recalculating")
    found.stored_results(values)
    figures = _figures(found, case)
    if record["Inputs hash"] != case.inputs_hash:
        found.notes.append("the inputs were changed since the workbook was built")
    return found.report(figures)


def _recalculated(engine, data, path):
    """The engine's values; a book that it cannot open is refused."""
    try:
        return ENGINES[engine](data)
    except OSError as e:
        raise FlexError("FLEX-114", f"{engine} cannot open the workbook ({e})", place=path.name) from None


def _template_of(record, template, path):
    """(template to rebuild from, note where it is not at hand)."""
    if template is not None or record["Template"] in (None, "shipped"):
        return template, ""
    beside = path.parent / str(record["Template"])
    if os.path.isfile(beside):
        return beside, ""
    return (
        None,
        f"built from the template {record['Template']}, which is not at hand (--template): formulas are compared among themselves only",
    )


class _Found:
    """Differences as they are met, one a cell; the first reason met is kept."""

    def __init__(self, actual, stored):
        self.actual, self.stored = actual, stored
        self.differences, self.notes, self.count = {}, [], 0

    def add(self, sheet, cell, code, what):
        self.differences.setdefault((sheet, cell), Difference(sheet, cell, code, what))

    def report(self, lines):
        """Everything found, changed formulas and values before the results that follow from them."""
        ordered = sorted(self.differences.values(), key=lambda d: d.code in _FOLLOWING)
        return Report(tuple(ordered), tuple(self.notes), self.count, lines)

    def stored_results(self, value_of):
        """Every formula's stored result against an engine's."""
        for sheet in self.actual.worksheets:
            values, units = self.stored[sheet.title], _units(sheet)
            of_case = verify_cpm.largest(values) if sheet.title in cpm_tabs.TITLES else {}

            @functools.cache
            def largest(number, values=values):
                """The largest number of a column: what the differences in it are made of."""
                column = values.iter_rows(min_col=number, max_col=number, values_only=True)
                return max((abs(v) for (v,) in column if is_number(v)), default=0.0)

            for row in sheet.iter_rows():
                cells = [c for c in row if _formula(c) is not None]
                engine = [value_of(sheet.title, c.row, c.column) for c in cells]
                of_units = scales((units.get(c.column, ""), v) for c, v in zip(cells, engine, strict=True))
                balances = self._is_balance(sheet, row[0].row)
                for cell, expected in zip(cells, engine, strict=True):
                    self.count += 1
                    value = plain(values.cell(cell.row, cell.column).value)
                    if value is None and expected not in (None, ""):
                        what = f"nothing is stored; the formula gives {shown(expected)}"
                        self.add(sheet.title, cell.coordinate, "FLEX-303", what)
                        continue
                    scale = largest(cell.column) if balances else of_units.get(units.get(cell.column), 0.0)
                    if of_case:
                        scale = of_case.get(verify_cpm.unit_of(values, cell), 0.0)
                    if not same(value, expected, scale):
                        what = f"{shown(value)} is stored; the formula gives {shown(expected)}"
                        self.add(sheet.title, cell.coordinate, "FLEX-302", what)

    @staticmethod
    def _is_balance(sheet, row):
        """Whether a row of months is made of differences, and rounds as its largest parts do."""
        if sheet.title in (waterfall.TITLE, sensitivity.TITLE):
            return True
        return sheet.title == months.TITLE and sheet.cell(row, months.MEASURE_COLUMN).value in months.BALANCES

    def formulas(self, expected, scenario_names):
        """Every formula, and every fixed value of generated tabs, against a fresh build."""
        ours = _rows_of_ours(scenario_names)
        if self._same_programmes(expected):
            ours[programmes_tab.TITLE] = math.inf
        for sheet in expected.worksheets:
            if sheet.title not in self.actual.sheetnames:
                self.add(sheet.title, "", "FLEX-306", "the tab is missing")
                continue
            have = self.actual[sheet.title]
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        own = cell.row < ours.get(sheet.title, 0) and cell.protection.locked
                        fixed = own or (cell.style or "").startswith(_OURS_EVERYWHERE)
                        self._cell(sheet.title, cell, have.cell(cell.row, cell.column), fixed)
        for name, defined in expected.defined_names.items():
            target = self.actual.defined_names.get(name)
            if target is None or _normal(target.attr_text) != _normal(defined.attr_text):
                self.add(
                    name,
                    "",
                    "FLEX-306",
                    f"the name is {'missing' if target is None else 'moved to ' + target.attr_text}",
                )

    def _same_programmes(self, expected):
        """Whether the Programmes tab holds the entries that this library knows; what it lacks is said in a note."""
        rows = {"min_row": programmes_tab.FIRST_ROW, "max_col": 1, "values_only": True}
        title = programmes_tab.TITLE
        here, there = (
            {value for (value,) in book[title].iter_rows(**rows) if value} if title in book.sheetnames else set()
            for book in (self.actual, expected)
        )
        if here - there:
            unknown = ", ".join(map(str, sorted(here - there)))
            self.notes.append(
                f"the library given does not have {unknown} (--programmes): the tab {title} is not compared"
            )
        return here == there

    def _cell(self, title, expected, have, fixed):
        formula, actual = _formula(expected), _formula(have)
        if formula is not None:
            if actual is None or (actual != formula and _normal(actual) != _normal(formula)):
                stands = actual if actual is not None else shown(have.value)
                self.add(title, expected.coordinate, "FLEX-301", f"{stands} stands where {formula} belongs")
        elif fixed and not same(plain(have.value), plain(expected.value), 0.0):
            self.add(
                title,
                expected.coordinate,
                "FLEX-305",
                f"{shown(have.value)} stands where {shown(expected.value)} belongs",
            )

    def formulas_among_themselves(self, portfolio):
        """Each column one formula, and every scenario tab the same: what can be said of another version's book."""
        tabs = [s.name for s in portfolio.scenarios if s.name in self.actual.sheetnames]
        for title in (*tabs, *_OF_LINES):
            if title in self.actual.sheetnames:
                for year in range(portfolio.years):
                    self._down_columns(self.actual[title], len(portfolio.enrolments), year)
        for title in tabs[1:]:
            for row in self.actual[tabs[0]].iter_rows():
                for cell in row:
                    other = self.actual[title].cell(cell.row, cell.column)
                    if _formula(cell) is not None and _normal(_formula(cell)) != _normal(_formula(other) or ""):
                        self.add(
                            title,
                            other.coordinate,
                            "FLEX-301",
                            f"{shown(other.value)} stands where {tabs[0]} has {_formula(cell)}",
                        )

    def _down_columns(self, sheet, count, year):
        """Each column one formula, over the lines of one budget year."""
        from openpyxl.formula.translate import Translator

        row = axis.HEADER_ROW - 1 if sheet.title in (axis.CAPACITY, axis.ENERGY) else page.key_row(sheet)
        if row is None:
            return
        first = row + 2 + (1 if sheet.cell(row + 2, 1).value == "Total" else 0) + year * count
        for column in range(1, sheet.max_column + 1):
            model = _formula(sheet.cell(first, column))
            for number in range(first + 1, first + count) if model else ():
                cell = sheet.cell(number, column)
                wanted = Translator(model, f"A{first}").translate_formula(f"A{number}")
                if _normal(_formula(cell) or "") != _normal(wanted):
                    self.add(
                        sheet.title, cell.coordinate, "FLEX-301", f"{shown(cell.value)} stands where {wanted} belongs"
                    )


def _formula(cell):
    value = cell.value
    if hasattr(value, "text"):  # an array formula
        value = value.text
    return value if isinstance(value, str) and cell.data_type == "f" else None


_QUOTED = re.compile(r"'([^\W\d][\w.]*)'!")


def _normal(formula):
    """A formula as every program writes it: no blanks outside text, no needless quotes, one case."""
    parts = _QUOTED.sub(r"\1!", formula).split('"')
    return '"'.join(p if i % 2 else p.replace(" ", "").upper() for i, p in enumerate(parts))


def _units(sheet):
    """The unit of each column of a table, by column number; nothing where the sheet has no row of keys."""
    row = page.key_row(sheet)
    return {cell.column: cell.value for cell in sheet[row + 1] if cell.value} if row else {}
