"""The stored figures of a simulation against the same simulation run again, where its inputs are unchanged."""

from flexrev_xl import __version__
from flexrev_xl.errors import FlexError
from flexrev_xl.workbook import fingerprint
from flexrev_xl.workbook.agree import same, shown
from flexrev_xl.workbook.build import simulated
from flexrev_xl.workbook.hashes import simulation_hash
from flexrev_xl.workbook.plan import Plan
from flexrev_xl.workbook.risk_run import generator
from flexrev_xl.workbook.sheets import inputs, rates, risk, risk_lines, risk_months, scenario

_MODULES = (risk, risk_months, risk_lines)
TABS = (*(m.TITLE for m in _MODULES), fingerprint.TITLE)


def recorded(stored, add):
    """The Run that a workbook tells of; None where nothing was simulated, or where its tab does not tell with what.

    Args:
        stored: the workbook opened for its values.
        add: called with sheet, cell, code and words for each difference.
    """
    there = [title for title in TABS if title in stored.sheetnames]
    if not any(module.TITLE in there for module in _MODULES):
        return None
    for title in TABS:
        if title not in there:
            add(title, "", "FLEX-306", "the tab is missing")
    run = risk.read(stored[risk.TITLE]) if len(there) == len(TABS) else None
    if run is None and len(there) == len(TABS):
        what = f"{', '.join(risk.FACTS.values())}: they do not say what was simulated"
        add(risk.TITLE, "", "FLEX-305", what)
    return run


def compared(portfolio, run, books, version, add, *, programmes=None):
    """Compare every stored figure with the core's; where that cannot be, say why.

    Args:
        portfolio: what the workbook's inputs say.
        run: the Run that the workbook tells of.
        books: (the workbook opened for its values, a function of sheet, row and column that recalculates it).
        version: the version that built the workbook.
        add: called with sheet, cell, code and words for each difference.
        programmes: the programme library by id; the shipped one when left out.

    Returns:
        notes, as sentences.
    """
    stored, value_of = books
    is_same, changed, notes = run.inputs_hash == simulation_hash(portfolio), list(_changed(stored, value_of)), []
    if not is_same and changed:
        return ["the Risk tab is stale: inputs have changed since the simulation, and its figures were not compared"]
    if not is_same:
        notes = ["the hash on the Risk tab is not that of these inputs, though no fingerprint has changed"]
    for cell in changed:
        what = f"{shown(stored[fingerprint.TITLE][cell].value)} is stored of inputs that have not changed"
        add(fingerprint.TITLE, cell, "FLEX-305", what)
    if version != __version__ or run.generator != generator():
        other = f"version {version}, {run.generator}"
        return [*notes, f"simulated with {other}: the figures of Risk were not compared, as another may draw others"]
    try:
        again = simulated(portfolio, programmes, run.draws, run.seed, run.confidence)
    except FlexError as e:
        return [*notes, f"the simulation of the Risk tab cannot be run again here: {e}"]
    plan = Plan(portfolio, "", inputs.HEADER_ROW, rates.KEY_ROW, scenario.KEY_ROW)
    for module in _MODULES:
        for address, expected, size in module.stored(plan, again):
            value = stored[module.TITLE][address].value
            if not same(value, expected, size):
                add(module.TITLE, address, "FLEX-304", f"{shown(value)} is stored; the core gives {shown(expected)}")
    return notes


def _changed(stored, value_of):
    """The cells of stored fingerprints that are not those of the inputs as they are."""
    sheet = stored[fingerprint.TITLE]
    for row in range(fingerprint.FIRST_ROW, sheet.max_row + 1):
        cell = sheet[f"{fingerprint.DIFFERS}{row}"]
        subject, part = (sheet[f"{letter}{row}"].value for letter in (fingerprint.SUBJECT, fingerprint.PART))
        if subject == risk.TITLE and part != fingerprint.ALL and value_of(sheet.title, row, cell.column):
            yield f"{fingerprint.STORED}{row}"
