"""A budget workbook from a portfolio and a template."""

import datetime as dt
from copy import copy

from flexrev_xl import __version__
from flexrev_xl.errors import FlexError, refuse
from flexrev_xl.portfolio.scenarios import defined_name_part
from flexrev_xl.workbook import template as templates
from flexrev_xl.workbook.files import check_output, write_file
from flexrev_xl.workbook.hashes import inputs_hash, simulation_hash
from flexrev_xl.workbook.page import name_currency
from flexrev_xl.workbook.plan import Plan

ROWS_OWN = "own money"  # unit of money that is typed, where rows are in several currencies
SCENARIO_NAMES = (("Gross_Revenue", "gross_revenue"), ("Net_Revenue", "net_revenue"))


def build_workbook(
    portfolio,
    path,
    *,
    template=None,
    force=False,
    source="",
    today=None,
    allow_loss=False,
    programmes=None,
    strict=False,
    simulate=None,
    seed=1,
    confidence=0.9,
    case=None,
    typed=None,
    progress=None,
):
    """Write the budget of a portfolio as a workbook.

    Args:
        portfolio: a Portfolio.
        path: the .xlsx to write; it must not exist unless `force`.
        template: a template of a team's own; the shipped one when left out.
        source: what the portfolio was read from, for the Change log.
        today: the date of the build; the current date when left out.
        allow_loss: build from a template though parts of it would be lost.
        programmes: the programme library by id; the shipped one when left out.
        strict: refuse megawatts sold twice, which are otherwise a warning.
        simulate: years to simulate, for the Risk tabs; without it the workbook has none.
        seed, confidence: of the simulation, as `simulate_portfolio` takes them.
        case: a cpm_record.CaseRecord whose tabs join the budget; none when left out.
        typed: a sheets.sensitivity.Settings, for its spread, target and factors; the usual ones when left out.
        progress: called with a word at each stage, and for each line and year simulated.

    Returns:
        Budget, as computed by the core.

    Raises:
        FlexError: FLEX-201 to FLEX-204 for output and template, FLEX-124 where strict; FLEX-003 and FLEX-140 to
            FLEX-145 where what is to be simulated cannot be; FLEX-129 where the money of the case is not the budget's.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from flexrev_xl.workbook.starter import demo_portfolio
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     made = build_workbook(demo_portfolio(), Path(folder, "budget.xlsx"), simulate=100, seed=7)
        >>> made.scenarios[0].name
        'Base'
    """
    from flexrev_xl.analysis.budget import budget, refuse_double_counting
    from flexrev_xl.workbook.sheets import sensitivity

    check_output(path, force)
    say = progress or (lambda stage: None)
    say("computing")
    result = budget(portfolio, programmes)
    if strict:
        refuse_double_counting(result)
    run = None if simulate is None else simulated(portfolio, programmes, simulate, seed, confidence, say)
    say("writing tabs")
    losses = any(s.totals["net_revenue"] < 0 for s in result.scenarios)
    options = {"template": template, "source": source, "today": today, "allow_loss": allow_loss, "losses": losses}
    options["settings"] = None if typed is None else sensitivity.settings_for(portfolio, typed)
    workbook = compose(portfolio, result.warnings, programmes=programmes, run=run, case=case, **options)
    say("storing results")
    data = finished(workbook)
    say("saving")
    write_file(path, data, force)
    return result


def simulated(portfolio, programmes=None, draws=10_000, seed=1, confidence=0.9, progress=lambda stage: None):
    """The Run of a simulation of a portfolio, for `compose`."""
    from flexrev_xl.analysis.simulate import simulate_portfolio
    from flexrev_xl.workbook.risk_run import Run

    how = {"draws": draws, "seed": seed, "confidence": confidence, "inputs_hash": simulation_hash(portfolio)}
    return Run.of(simulate_portfolio(portfolio, programmes, progress=progress, **how))


def finished(workbook):
    """The bytes of a composed workbook with stored results."""
    from flexrev_xl.workbook import cpm_tabs, fingerprint, results
    from flexrev_xl.workbook.sheets import risk, risk_charts, sensitivity, sensitivity_charts, summary, waterfall

    fingerprint.remember(workbook)
    texts = {waterfall.TITLE: waterfall.chart_texts(workbook[waterfall.TITLE])}
    texts |= {summary.TITLE: summary.CHART_TEXTS, risk.TITLE: risk_charts.CHART_TEXTS}
    texts |= {sensitivity.TITLE: sensitivity_charts.TEXTS}
    return results.finish(workbook, texts | cpm_tabs.CHART_TEXTS)


def compose(
    portfolio,
    warnings=(),
    *,
    template=None,
    source="",
    today=None,
    allow_loss=False,
    losses=False,
    programmes=None,
    settings=None,
    run=None,
    case=None,
):
    """The workbook before its results are stored, as an openpyxl Workbook.

    Args:
        portfolio, template, source, today, allow_loss, programmes: as of `build_workbook`.
        warnings: points to look at, for Summary.
        losses: whether a scenario's net is below 0.
        settings: what is typed on the Sensitivity tab; worked out when left out.
        run: a simulation's, if there is one.
        case: the record of a case of compute per megawatt, if there is one.
    """
    from flexrev_xl.workbook import cpm_tabs
    from flexrev_xl.workbook.currency_formats import group_indian
    from flexrev_xl.workbook.sheets import (
        about,
        change_log,
        checks,
        currencies,
        events,
        exceptions,
        inputs,
        levers,
        lists,
        markets,
        periods,
        phasing,
        rates,
        resources,
        scenario,
        scenarios,
        sensitivity,
        simulation,
        summary,
        terms,
        waterfall,
    )
    from flexrev_xl.workbook.sheets import budget as months
    from flexrev_xl.workbook.sheets import programmes as library

    workbook = templates.open_template(template, allow_loss)
    name = templates.shown_name(template)
    plan = Plan.of_template(
        workbook, portfolio, source or portfolio.name, today=today or dt.date.today(), template=name
    )
    templates.state_properties(workbook, portfolio.name, dt.datetime.combine(plan.today, dt.time()))
    more_checks = ()
    if case is not None:
        cpm_tabs.add(workbook, case, name, portfolio.currency)
        more_checks = tuple(cpm_tabs.checks())
    _check_tab_names(workbook, portfolio.scenarios, name)
    tabs = _scenario_tabs(workbook, portfolio.scenarios, workbook[scenario.TITLE])
    typed = ROWS_OWN if any(e.currency != portfolio.currency for e in portfolio.enrolments) else portfolio.currency
    for module in (inputs, terms, scenarios, exceptions):
        name_currency(workbook[module.TITLE], typed)
    money = (rates, summary, waterfall, months, levers, sensitivity, lists, resources)
    for title in (*(m.TITLE for m in money), *(s.title for s in tabs)):
        name_currency(workbook[title], portfolio.currency)
    plain = (inputs, terms, events, currencies, resources, scenarios, periods, phasing.capacity, phasing.energy, rates)
    for module in (*plain, exceptions, simulation, markets, waterfall, months):
        module.fill(workbook[module.TITLE], plan)
    _fill_stored(workbook, plan, run)
    library.fill(workbook[library.TITLE], _entries(plan, programmes), plan.first_day_cell)
    for tab, entry in zip(tabs, portfolio.scenarios, strict=True):
        scenario.fill(tab, plan, entry.name)
    levers.fill(workbook[levers.TITLE], plan, *sensitivity.factors())
    sensitivity.fill(workbook[sensitivity.TITLE], plan, settings or sensitivity.settings_for(portfolio))
    defaults = [f"Default used: {text}" for text in portfolio.defaults_used]
    summary.fill(workbook[summary.TITLE], plan, (*defaults, *(f"Look at: {w}" for w in warnings)), losses)
    checks.fill(workbook[checks.TITLE], plan, more_checks)
    change_log.fill(workbook[change_log.TITLE], plan, __version__, inputs_hash(portfolio))
    about.fill(workbook[about.TITLE], plan, __version__, workbook.sheetnames, {s.name for s in portfolio.scenarios})
    _define_names(workbook, plan)
    if portfolio.currency == "INR":
        group_indian(workbook)
    workbook.active = 0
    return workbook


def _subjects(plan, run):
    """What stored figures of this workbook rest on, a Subject for each tab that has some."""
    from flexrev_xl.workbook.sheets import risk_inputs

    return () if run is None else (risk_inputs.subject(plan, run),)


def _fill_stored(workbook, plan, run):
    """The tabs with stored figures, and the one that tells whether these are stale; what is not wanted is taken out."""
    from flexrev_xl.workbook import fingerprint
    from flexrev_xl.workbook.sheets import fingerprints, risk, risk_lines, risk_months

    subjects = _subjects(plan, run)
    name_currency(workbook[risk_months.TITLE], plan.portfolio.currency)
    for module in (risk_months, risk_lines, risk):
        if run is None:
            workbook.remove(workbook[module.TITLE])
        else:
            stale = fingerprint.words(subjects, risk.TITLE, risk.FRESH, risk.STALE)
            module.fill(workbook[module.TITLE], plan, run, stale)
    if subjects:
        fingerprints.fill(workbook[fingerprints.TITLE], subjects)
    else:
        workbook.remove(workbook[fingerprints.TITLE])


def _entries(plan, programmes):
    """The entries of the programme library that the rows name, in order of first use."""
    from flexrev_xl.programmes import library

    found = (library.find(e.programme, programmes) for e in plan.enrolments)
    return tuple({entry.id: entry for entry in found if entry}.values())


def _check_tab_names(workbook, scenarios, template):
    """Refuse a scenario named like a tab that the template has already."""
    taken = {title.lower() for title in workbook.sheetnames}
    refuse(
        FlexError("FLEX-116", f"{entry.name!r} is a tab of the template already", place=f"{template}, scenarios")
        for entry in scenarios
        if entry.name.lower() in taken
    )


def _scenario_tabs(workbook, scenarios, model):
    """A copy of the model tab for each scenario, in its place; the model itself is taken out."""
    place = workbook.sheetnames.index(model.title)
    tabs = []
    for entry in scenarios:
        tab = workbook.copy_worksheet(model)
        tab.title = entry.name
        tab.sheet_properties = copy(model.sheet_properties)
        tab.protection = copy(model.protection)
        tab.freeze_panes, tab.print_title_rows = model.freeze_panes, model.print_title_rows
        tab.sheet_view.showGridLines = model.sheet_view.showGridLines
        tab.oddFooter, tab.oddHeader = copy(model.oddFooter), copy(model.oddHeader)
        tab["A1"] = None
        tab["A1"].data_type, tab["A1"]._value = "s", entry.name
        tabs.append(tab)
    workbook.remove(model)
    for offset, tab in enumerate(tabs):
        workbook.move_sheet(tab, place + offset - workbook.sheetnames.index(tab.title))
    return tabs


def _define_names(workbook, plan):
    from openpyxl.workbook.defined_name import DefinedName

    from flexrev_xl.workbook.sheets import checks

    names = {"Master_Check": checks.MASTER_CELL, checks.ENROLMENTS: plan.input_range("site")}
    for entry in plan.portfolio.scenarios:
        for prefix, key in SCENARIO_NAMES:
            names[f"{prefix}_{defined_name_part(entry.name)}"] = plan.total_cell(key, entry.name)
    for name, target in names.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=_absolute(target))


def _absolute(target):
    """A cell or range with $ before every letter and number."""
    from openpyxl.utils.cell import absolute_coordinate

    sheet, _, cells = target.rpartition("!")
    return f"{sheet}!{absolute_coordinate(cells.replace('$', ''))}"
