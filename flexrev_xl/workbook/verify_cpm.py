"""The tabs of a case against the core: every stored figure of the money, and whether what is stored is what was stored."""

from flexrev_xl.analysis.cpm_case import cash_of, money
from flexrev_xl.core.cpm import case_line
from flexrev_xl.core.cpm.case_line import ALONE, CAPPED, STATES, WITH_BATTERY
from flexrev_xl.core.cpm.returns import payback_years
from flexrev_xl.errors import FlexError
from flexrev_xl.workbook import cpm_read
from flexrev_xl.workbook.agree import is_number, same, shown
from flexrev_xl.workbook.sheets import cpm, cpm_cash, cpm_series, cpm_workings

_UNIT_COLUMN = 3


def compare(record, stored, add):
    """Every figure that steps give against the core, and the hash of what the series gave.

    Args:
        record: the CaseRecord that was read from the tabs.
        stored: the workbook opened for its values.
        add: called with sheet, cell, code and words for each difference.

    Returns:
        (figures compared, notes).
    """
    notes = []
    if record.changed_inputs:
        changed = ", ".join(record.changed_inputs)
        notes.append(f"STALE: the stored results of the case were worked out with other values of {changed}")
    if record.changed_money:
        notes.append(f"money of the case was changed since it was worked out: {', '.join(record.changed_money)}")
    if cpm_read.stored_hash(stored) != record.stored_hash:
        what = "the stored results, or the inputs beside them, are not those that were worked out"
        add(cpm_workings.TITLE, cpm_workings.own_cell("hash").replace("$", ""), "FLEX-305", what)
    compared = 0
    for title, address, expected in _expected(record):
        sheet = stored[title]
        value, compared = sheet[address].value, compared + 1
        scale = largest(sheet).get(unit_of(sheet, sheet[address]), 0.0)
        if not same(value, expected, scale):
            add(title, address, "FLEX-304", f"{shown(value)} is stored; the core gives {shown(expected)}")
    return compared, notes


def _expected(record):
    """(tab, cell, figure) of everything the core works out."""
    values, states = money(record.inputs, _results(record), record.technology)
    title = cpm_workings.TITLE
    for state in STATES:
        for each in case_line.STATE_STEPS:
            yield title, cpm_workings.own_cell(each.key, state).replace("$", ""), states[state][each.key]
    for each in (case_line.level_price, *case_line.ADDED_STEPS, *case_line.MONEY_STEPS):
        yield title, cpm_workings.own_cell(each.key).replace("$", ""), values[each.key]
    rows = cash_of(values)
    for row in rows:
        for each in case_line.YEAR_STEPS:
            number = cpm_cash.FIRST_ROW + int(row["year"])
            yield cpm_cash.TITLE, f"{cpm_cash.letter(each.key)}{number}", row[each.key]
    yield cpm.TITLE, cpm.own_cell("npv").replace("$", ""), sum(row["present_value"] for row in rows)
    try:
        payback = payback_years([row["cash_of_year"] for row in rows])
    except FlexError:
        payback = cpm.NEVER
    yield cpm.TITLE, cpm.own_cell("payback").replace("$", ""), payback


def _results(record):
    """What the series gave, as the steps of the money ask for it."""
    states = record.states
    return record.results | {
        **{f"gpus_{state}": states[state]["gpus"] for state in STATES},
        "throughput": states[WITH_BATTERY]["throughput"],
        "mean_kw_alone": states[ALONE]["mean_kw"],
        "mean_kw_capped": states[CAPPED]["mean_kw"],
    }


def unit_of(sheet, cell):
    """The unit of a cell on a tab of a case: of its column on CPM cash and CPM series, of its row elsewhere."""
    if sheet.title in (cpm_cash.TITLE, cpm_series.TITLE):
        row = cpm_cash.UNIT_ROW if sheet.title == cpm_cash.TITLE else cpm_series.UNIT_ROW
        return sheet.cell(row, cell.column).value
    return sheet.cell(cell.row, _UNIT_COLUMN).value


def largest(sheet):
    """The largest number of each unit on a tab of a case: what its differences are made of."""
    found = {}
    for row in sheet.iter_rows(min_row=cpm_workings.FIRST_ROW):
        for cell in row[_UNIT_COLUMN:] if sheet.title != cpm_cash.TITLE else row:
            if is_number(cell.value):
                unit = unit_of(sheet, cell)
                found[unit] = max(found.get(unit, 0.0), abs(cell.value))
    return found
