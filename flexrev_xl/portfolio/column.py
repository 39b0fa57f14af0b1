"""What a column of a portfolio is: its name, label, bounds, default, and the tab that it stands on."""

from dataclasses import dataclass
from typing import Any

from flexrev_xl.core.arguments import Choice, Quantity, Unit, mark

DATE, TEXT = "date", "text"
INPUTS, TERMS, EVENTS = "Inputs", "Terms", "Events"
TABS = (INPUTS, TERMS, EVENTS)  # of a workbook; a column that stands on none is a shorthand for others


@dataclass(frozen=True)
class Column:
    """One column: `mark` says how it is read, `default` what an empty cell means, `word` how that is written."""

    name: str
    label: str
    mark: Any
    help: str = ""
    default: Any = None
    word: str = ""
    needed: bool = False
    tab: str = INPUTS

    @property
    def is_number(self):
        """Whether the column holds numbers."""
        return isinstance(self.mark, Quantity)

    @property
    def is_optional_limit(self):
        """Whether an empty cell means that there is none, written as a word in the workbook."""
        return self.is_number and self.default is None and bool(self.word)

    @property
    def choices(self):
        """The words of a dropdown, or nothing."""
        return self.mark.choices if isinstance(self.mark, Unit | Choice) else ()

    @property
    def unit(self):
        """The unit as printed under the header."""
        if self.is_number:
            return {"fraction": "%", "money per unit": "money/unit", "money/year": "money"}.get(
                self.mark.unit, self.mark.unit
            )
        return self.mark if isinstance(self.mark, str) else TEXT

    @property
    def explanation(self):
        """What the column holds, in one line."""
        return self.help or self.mark.help


def number_column(name, label, annotation, default=None, word="", needed=False, help=""):
    """A column of numbers with the bounds and the help of a quantity of the core."""
    return Column(name, label, mark(annotation), default=default, word=word, needed=needed, help=help)
