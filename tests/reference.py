"""The generated parts of the README: what the program prints or knows, in Markdown."""

import io
import re
import tempfile
from dataclasses import replace
from pathlib import Path

from flexrev_xl.analysis.budget import budget, shown_measures
from flexrev_xl.analysis.cpm_case import cpm_case
from flexrev_xl.core.budget_line import STEP_OF
from flexrev_xl.core.cpm import case_line
from flexrev_xl.errors import CATALOGUE
from flexrev_xl.portfolio.columns import COLUMNS
from flexrev_xl.portfolio.cpm_starter import starter_case
from flexrev_xl.portfolio.terms import EVENT_COLUMNS
from flexrev_xl.readers.cpm_case_file import read_cpm_case
from flexrev_xl.registry import ENTRIES
from flexrev_xl.workbook.starter import demo_portfolio

_MARKED = re.compile(r"(<!-- generated: (\w+) -->\n)(.*?)(<!-- end -->)", re.S)


def _table(headers, rows):
    text = io.StringIO()
    for row in (headers, ["---"] * len(headers), *rows):
        text.write("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |\n")
    return text.getvalue()


def _demo():
    result = budget(demo_portfolio())
    rows = []
    for key in shown_measures(result):
        step = STEP_OF[key]
        unit = result.portfolio.currency if step.unit == "money" else step.unit
        shown = (f"{s.totals[key]:,.0f}" if step.unit == "money" else f"{s.totals[key]:,.2f}" for s in result.scenarios)
        rows.append((step.label, unit, *shown))
    return _table(("", "unit", *(s.name for s in result.scenarios)), rows)


def _case():
    """The case that `flexrev cpm new` writes, without its optimisation."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "case.yaml")
        path.write_text(starter_case(), "utf-8")
        result = cpm_case(replace(read_cpm_case(path), bounds=None))
    keys = ("equivalents", "compute_per_mw", "revenue", "gpu_annuity", "energy_cost", "margin")
    steps = [step for step in case_line.STATE_STEPS if step.key in keys]
    rows = [("GPUs", "GPUs", *(f"{state['gpus']:,.0f}" for state in result.states.values()))]
    for step in steps:
        values = [state[step.key] for state in result.states.values()]
        shown = (f"{v:,.0f}" if step.unit == "money" else f"{v:,.1f}" for v in values)
        rows.append((step.label, result.currency if step.unit == "money" else step.unit, *shown))
    added = [(label, f"{value:,.0f}") for label, value, _ in result.storage.rows()]
    names = ("Added compute revenue, gross", "Value of storage through compute, net", "Grid revenue")
    rows += [(label, result.currency, "", "", value) for label, value in added if label in names]
    return _table(("", "unit", *case_line.STATES.values()), rows)


def _columns():
    def default(c):
        if c.needed:
            return "needed"
        if c.word or c.default is None:
            return c.word
        return f"{c.default:.0%}" if c.unit == "%" else f"{c.default:g}" if c.is_number else c.default

    def name(c):
        return f"`{c.name}` to `{EVENT_COLUMNS[-1]}`" if c.name == EVENT_COLUMNS[0] else f"`{c.name}`"

    return _table(
        ("column", "unit", "what it is", "when empty"),
        [(name(c), c.unit, c.explanation, default(c)) for c in COLUMNS if c.name not in EVENT_COLUMNS[1:]],
    )


def _functions():
    return _table(("function", "what it gives"), [(f"`{e.usage}`", f"{e.help} {_result(e)}") for e in ENTRIES.values()])


def _result(entry):
    """The unit of a function's result as a sentence."""
    return "Spills." if entry.spills else "" if entry.looks_up else f"In {entry.unit}."


def _codes():
    return _table(("code", "meaning", "what to do"), [(code, *words) for code, words in CATALOGUE.items()])


PARTS = {"demo": _demo, "case": _case, "columns": _columns, "functions": _functions, "codes": _codes}


def with_generated_parts(readme):
    """A README with every generated part as it should be now."""
    return _MARKED.sub(lambda m: m[1] + PARTS[m[2]]() + m[4], readme)
