"""A named quantity of a budget line, and the formula that gives it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A named quantity of the line: label and unit as printed, and the formula that gives it."""

    key: str
    label: str
    unit: str
    formula: Callable
    parameters: tuple

    def of(self, values):
        """The step over a mapping that holds its parameters: numbers, arrays or References."""
        return self.formula(*[values[p] for p in self.parameters])


def step(label, unit):
    """Make a formula a Step; its name is the key, its parameters name inputs or earlier steps."""

    def decorate(formula):
        return Step(formula.__name__, label, unit, formula, tuple(inspect.signature(formula).parameters))

    return decorate
