"""Asking a spreadsheet host's own machinery, run in a process of its own, to call functions.

A driver is a module with an `answer(**request)`; `serve` runs it over the JSON requests on standard
input, `ask` starts it. Each host needs its own process: what xlwings is depends on how it was imported.
"""

import json
import os
import subprocess
import sys

from flexrev_xl.registry import ENTRIES
from tests.conftest import CHECKOUT

OMITTED = {"omitted": True}
NA = {"error": "#N/A"}


def in_range(rows):
    """A range of cells, as against a value typed into the formula."""
    return {"range": rows}


def ask(driver, requests, package="tests.hosts"):
    """The driver's answer to each request."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", f"{package}.{driver}"],
        input=json.dumps(requests), capture_output=True, text=True, encoding="utf-8", env=environment, cwd=CHECKOUT, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def call(name, *arguments, **named):
    """A request to call a function; arguments may be named, those between are left out."""
    names = [a.name for a in ENTRIES[name].arguments]
    given = {**dict(zip(names, arguments, strict=False)), **named}
    last = max((names.index(n) for n in given), default=-1)
    return {"name": name, "arguments": [given.get(n, OMITTED) for n in names[: last + 1]]}


def serve(answer):
    """The driver's side: answer the requests on standard input."""
    json.dump([answer(**request) for request in json.load(sys.stdin)], sys.stdout)
