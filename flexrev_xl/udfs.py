"""The xlwings face: every registry entry as a function that xlwings finds, on both of its paths.

Classic (Windows, through COM) and client-server (Lite, Server) hand cells over differently and
show errors differently; this module is the only place that knows. Functions are made without type
hints, which xlwings would apply cell by cell, and read their cells through `Cells`.
"""

import sys

import xlwings as xw
from xlwings.conversion import Accessor, Pipeline

from flexrev_xl.core.call import ErrorValue, call_cells
from flexrev_xl.core.entry import REQUIRED
from flexrev_xl.errors import FlexError
from flexrev_xl.registry import ENTRIES

# What COM hands over for an error in a cell.
COM_ERRORS = {
    -2146826281: "#DIV/0!",
    -2146826246: "#N/A",
    -2146826259: "#NAME?",
    -2146826288: "#NULL!",
    -2146826252: "#NUM!",
    -2146826265: "#REF!",
    -2146826273: "#VALUE!",
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826238: "#CALC!",
}

# What Office.js calls the errors that a function may return; those only Excel itself makes go out as #VALUE!.
ERROR_TYPES = {
    "#DIV/0!": "Div0",
    "#N/A": "NotAvailable",
    "#NAME?": "Name",
    "#NULL!": "Null",
    "#NUM!": "Num",
    "#REF!": "Ref",
    "#VALUE!": "Value",
    "#GETTING_DATA": "Value",
    "#SPILL!": "Value",
    "#CALC!": "Value",
}


class Cells(Accessor):
    """An argument as a grid of raw cells: no conversion of each cell, no rounding of currencies."""

    @classmethod
    def reader(cls, options):
        """The stage xlwings runs in place of its own conversions."""
        return Pipeline([cls._read])

    @staticmethod
    def _read(context):
        value = context.value if context.range is None else context.range.api.Value2
        if not isinstance(value, list | tuple):
            value = [[value]]
        elif not (value and isinstance(value[0], list | tuple)):
            value = [value]
        plain = {float, str}
        context.value = [[x if type(x) in plain else _cell(x) for x in row] for row in value]

    @classmethod
    def writer(cls, options):
        """Results go out as they are, but for errors, which Office.js takes as entities since 1.4."""
        if float(options.get("runtime") or 0) < 1.4:
            return Pipeline()
        return Pipeline([cls._write_errors])

    @staticmethod
    def _write_errors(context):
        context.value = [
            [{"type": "Error", "errorType": ERROR_TYPES[x]} if type(x) is str and x in ERROR_TYPES else x for x in row]
            for row in context.value
        ]


def _cell(x):
    """A cell of a kind that only a host knows: Office.js entities, COM error numbers, JavaScript's null."""
    if isinstance(x, dict):
        return x.get("basicValue")
    if type(x) is int:
        return COM_ERRORS.get(x, x)
    return None if type(x).__name__ == "JsNull" else x


def _is_classic():
    return xw.func.__module__ == "xlwings.udfs"


def publish(entry, module):
    """Make one entry an xlwings function of `module`, under its Excel name."""
    classic = _is_classic()

    def run(*cells):
        grids = [c if c is None or isinstance(c, list) else [[c]] for c in cells]
        try:
            return call_cells(entry, grids, _short if classic else _value_error)
        except ErrorValue as e:
            return [[e.text]]
        except FlexError as e:
            if classic:
                return [[e.problems[0].short]]
            raise xw.XlwingsError(str(e)) from None

    names = [a.name for a in entry.arguments]
    signature = ", ".join(a.name if a.default is REQUIRED else f"{a.name}=None" for a in entry.arguments)
    namespace = {"run": run}
    exec(f"def {entry.name}({signature}):\n    return run({', '.join(names)})", namespace)
    function = namespace[entry.name]
    function.__doc__, function.__module__ = entry.help, module.__name__
    function = xw.func(function, category="FlexRev") if classic else xw.func(function)
    for a in entry.arguments:
        options = {"enum": _dropdown(entry, a)} if a.is_text and a.mark.choices and not classic else {}
        function = xw.arg(a.name, Cells, doc=a.help, **options)(function)
    setattr(module, entry.name, xw.ret(Cells)(function))


def _value_error(problems):
    return "#VALUE!"


def _short(problems):
    return problems[0].short


def _dropdown(entry, argument):
    """The choices of a text argument as xlwings describes a dropdown to Office.js."""
    return {
        "id": f"{entry.name}.{argument.name}".upper(),
        "type": "string",
        "values": list(argument.mark.choices),
        "tooltips": {},
    }


__all__ = list(ENTRIES)  # `from flexrev_xl.udfs import *` in a module of your own brings the functions and nothing else

for _entry in ENTRIES.values():
    publish(_entry, sys.modules[__name__])
