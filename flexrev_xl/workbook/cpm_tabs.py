"""The tabs of a case of compute per megawatt, in a workbook of their own or in a budget's: laid out, filled, checked."""

from flexrev_xl.core.cpm.case_line import STATES
from flexrev_xl.errors import FlexError, refuse
from flexrev_xl.workbook.sheets import (
    about,
    cpm,
    cpm_case,
    cpm_cash,
    cpm_charts,
    cpm_series,
    cpm_workings,
    functions,
    lists,
)
from flexrev_xl.workbook.sheets.cpm_workings import cell

SHEETS = (cpm_case, cpm_series, cpm_workings, cpm_cash, cpm)
TITLES = tuple(module.TITLE for module in SHEETS)
CHART_TEXTS = {cpm.TITLE: cpm_charts.TEXTS}
GROSS, NET, GRID = "CPM_Gross_Value", "CPM_Net_Value", "CPM_Grid_Value"
NAMES = {GROSS: "added_revenue", NET: "storage_net", GRID: "grid_revenue"}
_STATE_COSTS = ("gpu_annuity", "energy_cost", "opex")
TOLERANCE_CELL = cell("tolerance")

PURPOSE = (
    "What one grid connection earns with GPUs alone, under a power cap, and with a battery beside them; and what the "
    "battery is worth through compute, net of every cost, beside what the same battery earns from the grid."
)
_CONVENTIONS = (
    "Compute per megawatt is our definition: full-speed GPU-equivalents per contracted MW; no profit, not comparable across generations of GPUs.",
    "Inputs are positive; costs stand in their own row and are subtracted once, where margin and net are formed.",
    "Money is in one currency, annual, pre-tax and nominal. Nothing is rounded before display; GPUs are counted whole.",
    "Money recalculates live. Stored results come from the load's series; where an input they rest on has changed, tabs say STALE.",
    "Gross never stands without net: gross leaves out the cost of the GPUs and racks that it takes to earn it.",
    "Colours follow the banking convention (blue input, green link to another tab); red is kept for links to other files, of which there are none.",
    "Names are few: the outputs and the master check; formulas use cell addresses, so Trace Precedents works.",
    "Sheets are protected without a password: against slips, not against intent. Review > Unprotect Sheet lifts it.",
)
ABOUT = about.Words(
    "Compute per megawatt",
    cpm_case.subtitle(""),
    PURPOSE,
    "Figures follow the inputs and the load trace named as sources on Case",
    _CONVENTIONS,
    "Money is in {}, in units of 1.",
    f'"{",".join(lists.DOCUMENT_STATUSES)}"',
)
CHECKS_SUBTITLE = cpm_case.subtitle("; differences or counts, each OK within the tolerance on CPM workings")


def has_tabs(workbook):
    """Whether a workbook holds the tabs of a case."""
    return all(title in workbook.sheetnames for title in TITLES)


def add(workbook, record, template, currency):
    """Lay out and fill the tabs of a case in a budget, before its Functions.

    Raises:
        FlexError: FLEX-129 where its money is not the budget's, FLEX-203 where the template has a tab of the name.
    """
    if record.currency != currency:
        what = f"the case {record.name} is in {record.currency}, the budget in {currency}"
        raise FlexError("FLEX-129", what)
    taken = {title.lower(): title for title in workbook.sheetnames}
    refuse(
        FlexError(
            "FLEX-203",
            f"{taken[title.lower()]!r} is a tab of the template already, and one of the case",
            place=template,
        )
        for title in TITLES
        if title.lower() in taken
    )
    place = workbook.sheetnames.index(functions.TITLE)
    for number, module in enumerate(SHEETS):
        module.lay_out(workbook.create_sheet(module.TITLE, place + number))
    fill(workbook, record)


def fill(workbook, record):
    """Write a record into the tabs of a workbook, and name its outputs."""
    from openpyxl.workbook.defined_name import DefinedName

    for module in SHEETS:
        module.fill(workbook[module.TITLE], record)
    for name, key in NAMES.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=cpm.figure(key))


def checks():
    """(label, unit, formula, where to look) of what must hold of a case."""
    values, least, most = (cpm_case.column(letter) for letter in (cpm_case.VALUE, cpm_case.LEAST, cpm_case.MOST))
    where = f"{cpm_case.TITLE}, Value beside Least and Most"
    yield "Case: every input a number", "count", f"ROWS({values})-COUNT({values})", where
    outside = f"SUMPRODUCT(--({values}<{least}))+SUMPRODUCT(--({values}>{most}))"
    yield "Case: every input within limits", "count", outside, where
    power, energy = (cpm_case.cell(key) for key in ("battery_mw", "battery_mwh"))
    where = f"{cpm_case.TITLE}: a battery has both power and energy, or neither"
    yield "Case: battery power beside battery energy", "count", f"ABS(SIGN({power})-SIGN({energy}))", where
    for module, cells in ((cpm_workings, cpm_workings.FIGURES), (cpm_cash, cpm_cash.FIGURES), (cpm, cpm.FIGURES)):
        errors = f"SUMPRODUCT(--ISERROR({cells}))"
        yield f"{module.TITLE}: no figure an error", "count", errors, f"{module.TITLE}: an error in place of a figure"
    yield from _money_checks()


def _money_checks():
    for state, name in STATES.items():
        margin, revenue, *costs = (cpm.figure(key, state) for key in ("margin", "revenue", *_STATE_COSTS))
        label, where = f"{name}: revenue less costs makes margin", f"{cpm.TITLE}, Compute"
        yield label, "money", f"{revenue}-{'-'.join(costs)}-{margin}", where
    sums = "-".join(f"SUM({cpm.figure(a)}:{cpm.own_cell(b)})" for a, b in cpm.COSTS)
    label, where = "Battery: gross less every cost makes net", f"{cpm.TITLE}, Worth a year"
    yield label, "money", f"{GROSS}-{sums}-{NET}", where
    grid = f"{cpm_case.cell('battery_mw')}*{cpm_case.cell('grid_revenue_per_mw_year')}"
    yield "Battery: grid revenue is its power at its rate", "money", f"{GRID}-{grid}", where
    label = "Battery: present values of all years make the yearly net over the life"
    today = f"{cpm.figure('npv')}-{cell('yearly_net_today')}"
    yield label, "money", today, f"{cpm_cash.TITLE} beside {cpm_workings.TITLE}"
