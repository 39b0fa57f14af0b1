"""An Excel function as one Python function and its marks: all else is read off the signature."""

import functools
import inspect
from dataclasses import dataclass
from typing import Any

from flexrev_xl.core.arguments import REQUIRED, Choice, Periods, Series, Text, Truth, Unit, mark
from flexrev_xl.core.expression import Reference
from flexrev_xl.core.tables import Table

HELP_LIMIT = 255  # characters Excel shows of a function's or an argument's help


@dataclass(frozen=True)
class Argument:
    """One argument: its name, its mark, and its default (REQUIRED where there is none)."""

    name: str
    mark: Any
    default: Any

    @property
    def is_text(self):
        """Text arguments never take a range."""
        return isinstance(self.mark, Unit | Choice | Text)

    @property
    def is_series(self):
        """Series take a whole range as one vector."""
        return isinstance(self.mark, Series)

    @property
    def is_table(self):
        """Tables take a whole range as records, a row each."""
        return isinstance(self.mark, Table)

    @property
    def is_whole(self):
        """Series and tables take a whole range, all other arguments a cell for each result."""
        return self.is_series or self.is_table

    @property
    def help(self):
        """The argument's help for the function wizard, within Excel's limit."""
        default = "" if self.default is REQUIRED or self.default is None else f", default {self.shown_default}"
        unit = "" if self.mark.unit == "text" else f" [{self.mark.unit}: {self.mark.allowed}]"
        return f"{self.mark.help}{unit}{default}"[:HELP_LIMIT]

    @property
    def shown_default(self):
        """The default as it would be typed."""
        if isinstance(self.default, bool):
            return str(self.default).upper()
        if isinstance(self.default, float) and self.mark.unit == "fraction":
            return f"{100.0 * self.default:g}%"
        return f"{self.default:g}" if isinstance(self.default, float) else str(self.default)


class Entry:
    """What every face knows of a function.

    Attributes:
        name: the Excel name, the same in every host.
        formula: the raw body: floats, arrays or References in, the same out.
        unit: of the result; "table" where it spills rows, "number or text" where it looks up.
        category, source, example: for help; the example is (arguments, expected result).
        check: called with the values read; yields the faults that lie between arguments.
        columns: what stands in each row of a table that is spilled.
        prefix: of the Excel name, before the formula's own name.
        closed_form: False where the body is a search, which no plain spreadsheet formula can stand for.
    """

    def __init__(
        self,
        formula,
        *,
        category,
        unit,
        source,
        example,
        check=None,
        columns=("label", "value", "unit"),
        prefix="FLEX",
        closed_form=True,
    ):
        self.formula, self.category, self.unit, self.source = formula, category, unit, source
        self.example, self.check, self.columns = example, check, columns
        self.name = f"{prefix}_{formula.__name__.upper()}"
        self._has_closed_form = closed_form
        self.help = inspect.getdoc(formula).split("\n\n")[0].replace("\n", " ")[:HELP_LIMIT]

    @functools.cached_property
    def arguments(self):
        """The arguments in order."""
        parameters = inspect.signature(self.formula).parameters.values()
        return tuple(Argument(p.name, mark(p.annotation), p.default) for p in parameters)

    @property
    def spills(self):
        """Whether the result is a table rather than one value for each row."""
        return self.unit == "table"

    @property
    def looks_up(self):
        """Whether the result, a number or a text, is looked up by a text rather than worked out of numbers."""
        return any(isinstance(a.mark, Text) for a in self.arguments)

    @property
    def has_closed_form(self):
        """Whether a plain spreadsheet formula can stand for the function."""
        is_plain = not (self.spills or self.looks_up or any(a.is_table for a in self.arguments))
        return self._has_closed_form and is_plain

    @property
    def is_elementwise(self):
        """Whether ranges are worked row by row, as against one result for the whole call."""
        return not (self.spills or self.looks_up or any(a.is_whole for a in self.arguments))

    def closed_form(self, cells):
        """The plain formula of this function over cells that hold values as read.

        Args:
            cells: the formula text of each argument by name: a cell address, or for a unit or a
                choice whatever gives its number.

        Example:
            >>> from flexrev_xl.registry import find
            >>> find("FLEX_ENERGY_RATE").closed_form({"rate": "A1", "energy_unit": "B1"})
            'A1*B1'
        """
        return str(self.formula(**{a.name: Reference(cells[a.name]) for a in self.arguments}))

    @property
    def usage(self):
        """The call as written in help: optional arguments in brackets."""
        words = []
        for a in self.arguments:
            word = f"{{{a.name}}}" if a.is_whole else a.name
            default = "" if a.default is None else f"={a.shown_default}"
            words.append(word if a.default is REQUIRED else f"[{word}{default}]")
        return f"{self.name}({', '.join(words)})"

    @property
    def example_formula(self):
        """The worked example as typed into a cell."""
        return f"={self.name}({','.join(_typed(v) for v in self.example[0])})"


def _typed(value):
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, list | tuple):
        rows = [row if isinstance(row, list | tuple) else [row] for row in value]
        return "{" + ";".join(",".join(map(_typed, row)) for row in rows) + "}"
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:.12g}"


def excel(**marks):
    """Mark a core function as an Excel function; see Entry for the marks.

    The function returned checks its arguments and reports every fault at once; `.formula` is the
    body as written, `.entry` what the faces know.
    """

    def decorate(formula):
        @functools.wraps(formula)
        def checked(*args, **kwargs):
            from flexrev_xl.core.call import call_from_python

            return call_from_python(checked.entry, args, kwargs)

        checked.formula = formula
        checked.entry = Entry(formula, **marks)
        checked.__doc__ = _documented(checked.entry)
        del checked.__wrapped__
        checked.__signature__ = inspect.signature(formula)
        return checked

    return decorate


def _shape(entry, argument):
    """What a Python caller hands over for an argument."""
    if argument.is_table:
        return "a list of rows"
    if argument.is_series:
        return "a sequence"
    if argument.is_text:
        return "text"
    if isinstance(argument.mark, Truth):
        return "True or False"
    return "a number, or a sequence to work row by row" if entry.is_elementwise else "a number"


def _documented(entry):
    lines = [inspect.getdoc(entry.formula), "", "Args:"]
    for a in entry.arguments:
        shape = _shape(entry, a)
        optional = (
            ""
            if a.default is REQUIRED
            else " May be left out: the unit's own default."
            if isinstance(a.mark, Periods)
            else (" May be left out." if a.default is None else f" Default {a.shown_default}.")
        )
        unit = "" if a.is_text or a.is_table or isinstance(a.mark, Truth) else f" in {a.mark.unit}"
        lines.append(f"    {a.name}: {a.mark.help}; {shape}{unit}; allowed: {a.mark.allowed}.{optional}")
    returns = f"rows of {', '.join(entry.columns)}" if entry.spills else f"{entry.unit}; a float"
    if entry.looks_up:
        returns = entry.unit
    elif entry.is_elementwise:
        returns += ", or an array of the shape of the sequences given"
    arguments, result = entry.example
    lines += [
        "",
        "Returns:",
        f"    {returns}.",
        "",
        "Raises:",
        "    FlexError: one fault, or FlexErrors with all of them, each with its code and argument.",
        "",
    ]
    lines += ["Source:", f"    {entry.source}", "", "Example:"]
    call = f"{entry.formula.__name__}({', '.join(map(repr, arguments))})"
    lines += [f"    >>> from flexrev_xl import {entry.formula.__name__}"]
    if entry.spills:
        lines += [f"    >>> {call}[{len(result) - 1}]", f"    {result[-1]!r}"]
    else:
        lines += [f"    >>> round({call}, 6)", f"    {result!r}"]
    return "\n".join(lines)
