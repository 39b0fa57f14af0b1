"""Calls functions through xlwings' client-server path, as the Office.js client of Lite and Server does."""

import asyncio
import json
import os

os.environ.update(XLWINGS_ON_SERVER="true", XLWINGS_LICENSE_KEY="noncommercial")  # before xlwings is imported

import xlwings as xw
from xlwings.server import custom_functions_call, custom_functions_meta

from flexrev_xl import udfs
from tests.hosts.driving import serve
from tests.hosts.office_js import payload

LOOP = asyncio.new_event_loop()


def answer(name=None, arguments=(), runtime="1.4"):
    """The cells of a call's result, or the text shown when hovering over #VALUE!; without a name the metadata."""
    if name is None:
        return custom_functions_meta(udfs)
    try:
        cells = LOOP.run_until_complete(custom_functions_call(payload(name, arguments, runtime), udfs))
        return {"cells": json.loads(json.dumps(cells, allow_nan=False))}
    except xw.XlwingsError as e:
        return {"hover": str(e)}


if __name__ == "__main__":
    serve(answer)
    LOOP.close()
