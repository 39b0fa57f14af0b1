"""The shipped template: a workbook that holds everything of a budget but the portfolio.

A finance team restyles a copy of it (cell styles, widths, fonts, a tab of its own) and builds from
that. Its contract: the tabs below, the key row of each table, and the model row under it.
"""

import datetime as dt
import os
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flexrev_xl import __version__
from flexrev_xl.errors import FlexError

NAME = "budget.xlsx"
FIXED_DATE = dt.datetime(2026, 1, 1)
_PACKAGE = Path(__file__).parents[1]


def folder():
    """Where the templates are: in the package, or beside it in a source checkout."""
    shipped = _PACKAGE / "workbook_templates"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "workbook_templates"


@dataclass(frozen=True)
class Kind:
    """A kind of workbook: the name of its template, what it states of itself, and what lays out its tabs.

    Attributes:
        name, title, subject, keywords: of the shipped file.
        lay_outs: gives (title, function of a sheet) for each tab.
        tables: gives the titles of tabs whose last laid-out row is the first that is written to.
        formulas: gives the titles of tabs whose formulas the template holds already, and must keep.
    """

    name: str
    title: str
    subject: str
    keywords: str
    lay_outs: Callable
    tables: Callable
    formulas: Callable


def _sheets():
    from flexrev_xl.workbook.sheets import (
        about,
        budget,
        change_log,
        checks,
        currencies,
        events,
        exceptions,
        fingerprints,
        functions,
        inputs,
        levers,
        lists,
        markets,
        periods,
        phasing,
        programmes,
        rates,
        resources,
        risk,
        risk_lines,
        risk_months,
        scenario,
        scenarios,
        sensitivity,
        simulation,
        summary,
        terms,
        waterfall,
    )

    given = (inputs, terms, events, currencies, resources, programmes, scenarios, exceptions, simulation, markets)
    worked = (periods, phasing.capacity, phasing.energy, rates)
    found = (scenario, summary, waterfall, budget, levers, sensitivity, risk, risk_months, risk_lines)
    return (about, *given, *worked, *found, functions, lists, fingerprints, checks, change_log)


def _budget_tables():
    from flexrev_xl.workbook.sheets import (
        axis,
        currencies,
        events,
        exceptions,
        fingerprints,
        inputs,
        levers,
        markets,
        periods,
        rates,
        resources,
        risk,
        risk_lines,
        scenario,
        simulation,
        terms,
    )

    tables = [m.TITLE for m in (inputs, terms, events, periods, rates, scenario, simulation, markets, levers)]
    tables += [risk.TITLE, risk_lines.TITLE, fingerprints.TITLE]
    return [*tables, axis.CAPACITY, axis.ENERGY, axis.BUDGET, currencies.TITLE, resources.TITLE, exceptions.TITLE]


def _cpm_lay_outs():
    from flexrev_xl.workbook import cpm_tabs
    from flexrev_xl.workbook.sheets import about, change_log, checks

    yield about.TITLE, lambda sheet: about.lay_out(sheet, cpm_tabs.ABOUT)
    yield from ((module.TITLE, module.lay_out) for module in cpm_tabs.SHEETS)
    yield checks.TITLE, lambda sheet: checks.lay_out(sheet, cpm_tabs.CHECKS_SUBTITLE)
    yield change_log.TITLE, change_log.lay_out


def _cpm_tables():
    from flexrev_xl.workbook.sheets import cpm_series

    return [cpm_series.TITLE]


def _cpm_formulas():
    from flexrev_xl.workbook import cpm_tabs

    return cpm_tabs.TITLES


BUDGET = Kind(
    NAME,
    "Grid flexibility budget: template",
    "Grid flexibility revenue",
    "capacity, demand response, budget",
    lambda: ((module.TITLE, module.lay_out) for module in _sheets()),
    _budget_tables,
    lambda: (),
)
CPM = Kind(
    "cpm_case.xlsx",
    "Compute per megawatt: template",
    "Compute per megawatt",
    "data centre, GPU, battery, power cap",
    _cpm_lay_outs,
    _cpm_tables,
    _cpm_formulas,
)
KINDS = (BUDGET, CPM)


def make_template(kind=BUDGET):
    """The template as an openpyxl Workbook."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, lay_out in kind.lay_outs():
        lay_out(workbook.create_sheet(title))
    state_properties(workbook, kind.title, FIXED_DATE, kind)
    return workbook


def shown_name(path):
    """The name of a template as the Change log keeps it."""
    return "shipped" if path is None else str(path).replace("\\", "/").rsplit("/", 1)[-1]


def state_properties(workbook, title, when, kind=BUDGET):
    """Title, language, program and time that the file states of itself."""
    properties = workbook.properties
    properties.title, properties.language, properties.creator = title, "en", "flexrev_xl"
    properties.version, properties.created, properties.modified = __version__, when, when
    properties.subject, properties.keywords = kind.subject, kind.keywords


def template_bytes(kind=BUDGET):
    """The template as the file that is shipped."""
    from flexrev_xl.workbook.results import without_results

    return without_results(make_template(kind))


# Cell styles whose fixed text is what the builder finds its way by.
_ANCHORS = ("FlexRev header", "FlexRev key", "FlexRev unit")

# Parts that a load and save with openpyxl keeps, by how their names begin.
_KEPT = (
    "[Content_Types].xml", "_rels/", "docProps/app.xml", "docProps/core.xml", "docProps/custom.xml", "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml", "xl/theme/", "xl/worksheets/sheet", "xl/worksheets/_rels/",
    "xl/calcChain.xml", "xl/comments", "xl/tables/", "xl/drawings/drawing", "xl/drawings/_rels/", "xl/charts/chart", "xl/media/",
    "xl/printerSettings/",  # lost, and made anew by the next program that prints
)  # fmt: skip
_VML_SHAPE = re.compile(rb"<(?:\w+:)?shape ")
_SHAPE = re.compile(rb"<(?:\w+:)?(?:sp|cxnSp|grpSp|AlternateContent)[ >]")


def open_template(path=None, allow_loss=False, kind=BUDGET):
    """A template loaded for building from.

    Args:
        path: a template of a team's own, or None for the shipped one.
        allow_loss: go on though parts of it would not survive.
        kind: the Kind of workbook it is for.

    Raises:
        FlexError: FLEX-101, FLEX-114, FLEX-115, FLEX-203, FLEX-204.
    """
    from openpyxl import load_workbook

    from flexrev_xl.readers.safe_zip import check_workbook_file

    own = path is not None
    path = Path(path) if own else folder() / kind.name
    if not os.path.isfile(path):
        raise FlexError("FLEX-101", "there is no such template", place=path)
    if own:
        check_workbook_file(path)
        _check_loss(path, allow_loss)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it drops; that was told or allowed above
        workbook = load_workbook(path, keep_vba=False)
    missing = [title for title, _ in kind.lay_outs() if title not in workbook.sheetnames]
    if missing:
        raise FlexError("FLEX-203", f"it lacks {', '.join(missing)}", place=path)
    if own:
        _check_contract(workbook, path, kind)
    return workbook


def _check_contract(workbook, path, kind):
    """Headers, keys, units and formulas stand where the shipped template has them, and its tables are empty."""
    from openpyxl import load_workbook

    from flexrev_xl.errors import refuse

    problems = []
    for shipped in load_workbook(folder() / kind.name).worksheets:
        have = workbook[shipped.title]
        keeps = shipped.title in kind.formulas()
        cells = (c for row in shipped.iter_rows() for c in row if c.value is not None)
        labels = (c for c in cells if c.style.startswith(_ANCHORS) or (keeps and c.data_type == "f"))
        moved = next((c for c in labels if have[c.coordinate].value != c.value), None)
        if moved is not None:
            what = f"{moved.value!r} is not in the cell where the shipped template has it"
            problems.append(FlexError("FLEX-203", what, place=f"{path.name}, {shipped.title}!{moved.coordinate}"))
        elif shipped.title in kind.tables():
            below = (c for row in have.iter_rows(min_row=shipped.max_row) for c in row if c.value is not None)
            extra = next(below, None)
            if extra is not None:
                what = f"{str(extra.value)[:40]!r} stands in the rows that enrolments are written to"
                problems.append(FlexError("FLEX-203", what, place=f"{path.name}, {shipped.title}!{extra.coordinate}"))
    refuse(problems)


def _check_loss(path, allow_loss):
    import zipfile

    with zipfile.ZipFile(path) as archive:
        lost = sorted(n for n in archive.namelist() if not n.endswith("/") and _is_lost(n, archive))
    if lost and not allow_loss:
        shown = ", ".join(lost[:8])
        raise FlexError("FLEX-204", f"building from it would lose {shown}", place=path)


def _is_lost(name, archive):
    """Whether openpyxl would lose a part or something in it: extensions of a sheet, shapes beside charts and pictures, drawings but notes."""
    if name.endswith(".vml"):
        data = archive.read(name)
        return len(_VML_SHAPE.findall(data)) != data.count(b'ObjectType="Note"')
    if name.startswith("xl/worksheets/sheet"):
        return b"<extLst" in archive.read(name)
    if name.startswith("xl/drawings/drawing"):
        return _SHAPE.search(archive.read(name)) is not None
    return not name.startswith(_KEPT)
