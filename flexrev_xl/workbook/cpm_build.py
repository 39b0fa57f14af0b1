"""The workbook of a case of compute per megawatt, from a worked-out case and a template."""

import datetime as dt

from flexrev_xl import __version__
from flexrev_xl.workbook import cpm_record
from flexrev_xl.workbook import template as templates
from flexrev_xl.workbook.files import check_output, write_file

MODE = "compute per megawatt"  # of the Change log, which tells the kinds of workbook apart


def build_cpm_workbook(
    result, path, *, template=None, force=False, source="", today=None, allow_loss=False, progress=None
):
    """Write a worked-out case as a workbook.

    Args:
        result: an analysis.cpm_result.CaseResult.
        path: the .xlsx to write; it must not exist unless `force`.
        template: a template of a team's own; the shipped one when left out.
        source: what the case was read from, for the Change log; the case's own when left out.
        today: the date of the build; the current date when left out.
        allow_loss: build from a template though parts of it would be lost.
        progress: called with a word at each stage.

    Raises:
        FlexError: FLEX-201 to FLEX-204 for output and template.
    """
    check_output(path, force)
    say = progress or (lambda stage: None)
    say("writing tabs")
    record = cpm_record.of_result(result)
    source = source or result.case.source
    workbook = compose(record, template=template, source=source, today=today, allow_loss=allow_loss)
    say("storing results")
    data = finished(workbook)
    say("saving")
    write_file(path, data, force)


def compose(record, *, template=None, source="", today=None, allow_loss=False):
    """The workbook of a CaseRecord before its results are stored, as an openpyxl Workbook."""
    from openpyxl.workbook.defined_name import DefinedName

    from flexrev_xl.workbook import cpm_tabs
    from flexrev_xl.workbook.currency_formats import CURRENCY, group_indian
    from flexrev_xl.workbook.sheets import about, change_log, checks

    today = today or dt.date.today()
    workbook = templates.open_template(template, allow_loss, templates.CPM)
    name = templates.shown_name(template)
    templates.state_properties(workbook, record.name, dt.datetime.combine(today, dt.time()), templates.CPM)
    cpm_tabs.fill(workbook, record)
    checks.write(workbook[checks.TITLE], list(cpm_tabs.checks()), record.currency, cpm_tabs.TOLERANCE_CELL)
    what = f"Built from {source or record.name}: {len(record.inputs)} inputs, {len(record.worst_hour)} rows of series"
    values = (__version__, today, "flexrev_xl", what, record.inputs_hash, MODE, name)
    change_log.write(workbook[change_log.TITLE], values)
    about.write(workbook[about.TITLE], cpm_tabs.ABOUT, __version__, today, record.currency, workbook.sheetnames)
    workbook.defined_names["Master_Check"] = DefinedName("Master_Check", attr_text=checks.MASTER_CELL)
    if record.currency == CURRENCY:
        group_indian(workbook)
    workbook.active = 0
    return workbook


def finished(workbook):
    """The bytes of a composed workbook with stored results."""
    from flexrev_xl.workbook import cpm_tabs, results

    return results.finish(workbook, cpm_tabs.CHART_TEXTS)
