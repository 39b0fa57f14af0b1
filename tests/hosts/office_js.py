"""Requests as the Office.js client of xlwings Lite and Server makes them."""

from importlib.metadata import version


def _cell(cell):
    return {"type": "Error", "basicType": "Error", "basicValue": cell["error"]} if isinstance(cell, dict) else cell


def _argument(argument):
    """Always a grid, or null where left out, with entities for error cells."""
    if isinstance(argument, dict) and "omitted" in argument:
        return None
    rows = argument["range"] if isinstance(argument, dict) and "range" in argument else [[argument]]
    return [[_cell(c) for c in row] for row in rows]


def payload(name, arguments, runtime="1.4"):
    """The body of a call."""
    return {
        "func_name": name, "args": [_argument(a) for a in arguments], "version": version("xlwings"), "client": "Office.js",
        "runtime": runtime, "date_format": None, "culture_info_name": None, "caller_address": None,
    }  # fmt: skip
