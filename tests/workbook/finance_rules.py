"""The 25 rules of a finance workbook, checked in the file that was generated.

`failures(data)` reads the bytes of an .xlsx and gives (rule, sheet, cell, what) for all that breaks a
rule. A rule is a generator named rule_NN_... that takes a Book; it looks at the file alone, never at
what the generator meant.
"""

from dataclasses import dataclass

from tests.workbook import rules_of_cells, rules_of_formulas, rules_of_sheets
from tests.workbook.book import Book

RULES = {
    int(name[5:7]): rule
    for module in (rules_of_sheets, rules_of_formulas, rules_of_cells)
    for name, rule in vars(module).items()
    if name.startswith("rule_")
}


@dataclass(frozen=True, order=True)
class Failure:
    """A place where a rule is broken."""

    rule: int
    sheet: str
    cell: str
    what: str


def failures(data):
    """Everything in a workbook that breaks a rule."""
    book = Book(data)
    return sorted(Failure(number, *found) for number, rule in RULES.items() for found in rule(book))
