"""Calls functions through xlwings' classic path, as VBA does through COM on Windows, with stand-ins for pywin32."""

import ctypes
import io
import os
import sys
import types

from tests.hosts.driving import serve

RANGE_IID = "a range of cells"
PYWIN32 = (
    "pywintypes pythoncom win32api win32con win32gui win32process win32timezone win32event win32com win32com.client"
)
OMITTED_IN_COM = -2147352572
ERRORS_IN_COM = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
}
ERRORS_IN_COM |= {"#GETTING_DATA": 2043, "#SPILL!": 2045, "#CALC!": 2050}


class StandIn(types.ModuleType):
    """A module, or anything in it, that has whatever it is asked for."""

    __file__ = __path__ = "stand-in"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(name)

    def __call__(self, *args, **kwargs):
        return StandIn("result")

    def __getitem__(self, index):
        return StandIn("item")


def import_classic():
    """xlwings' classic decorators and call machinery, which import only where pywin32 does."""
    os.environ.pop("XLWINGS_ON_SERVER", None)
    sys.modules.update({name: StandIn(name) for name in PYWIN32.split()})
    sys.modules["win32com"].client = sys.modules["win32com.client"]
    for name in ("CDispatch", "DispatchBaseClass", "CoClassBaseClass"):
        setattr(sys.modules["win32com.client"], name, type(name, (), {}))
    sys.modules["pywintypes"].TimeType = type("TimeType", (), {})
    sys.modules["pywintypes"].com_error = type("com_error", (Exception,), {})
    sys.modules["pywintypes"].IID = lambda text: RANGE_IID
    ctypes.windll = ctypes.oledll = StandIn("dll")
    real, ctypes.PyDLL = ctypes.PyDLL, StandIn("PyDLL")
    import xlwings

    sys.modules["xlwings.com_server"] = StandIn("xlwings.com_server")
    from xlwings import _xlwindows, udfs

    ctypes.PyDLL = real
    xlwings._xlwindows = _xlwindows
    xlwings.engines.add(xlwings.Engine(impl=_xlwindows.engine))
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    return udfs


class Cells:
    """A range as Excel hands it to VBA: only the raw values of its cells can be read."""

    class _oleobj_:
        GetTypeInfo = staticmethod(
            lambda: types.SimpleNamespace(GetTypeAttr=lambda: types.SimpleNamespace(iid=RANGE_IID))
        )

    def __init__(self, rows):
        rows = tuple(tuple(com(c) for c in row) for row in rows)
        self.Value2 = rows[0][0] if len(rows) == len(rows[0]) == 1 else rows
        self.Worksheet = self.Row = self.Column = self.Rows = self.Columns = StandIn("where the cells are")


def com(argument):
    """A JSON argument as it comes through COM."""
    if not isinstance(argument, dict):
        return argument
    if "omitted" in argument:
        return OMITTED_IN_COM
    return Cells(argument["range"]) if "range" in argument else ERRORS_IN_COM[argument["error"]] - 2**31 + 10 * 2**16


def answer(name=None, arguments=()):
    """The cells of a call's result; without a name the VBA text that makes the functions known to Excel."""
    if name is None:
        text = io.StringIO()
        UDFS.generate_vba_wrapper("flexrev_xl.udfs", flexrev_xl.udfs, text, types.SimpleNamespace(Name="book.xlsm"))
        return text.getvalue()
    return {"cells": UDFS.call_udf("flexrev_xl.udfs", name, tuple(map(com, arguments)))}


if __name__ == "__main__":
    UDFS = import_classic()
    import flexrev_xl.udfs

    serve(answer)
