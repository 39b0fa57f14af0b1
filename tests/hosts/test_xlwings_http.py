"""A real xlwings Server over HTTP on this machine, its project made as its documentation says."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from pytest import approx

from flexrev_xl.registry import ENTRIES
from tests.conftest import CHECKOUT, missing
from tests.hosts.driving import NA, call, in_range
from tests.hosts.office_js import payload

STARTS_WITHIN = 60  # seconds


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def project(folder, environment):
    """A server project whose functions are ours."""
    command = [sys.executable, "-c", "from xlwings_server.cli import main; main()", "init", str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=60, stdin=subprocess.DEVNULL, env=environment)
    (folder / "custom_functions" / "__init__.py").write_text("from flexrev_xl.udfs import *\n", encoding="utf-8")


def answers_on(url, server):
    """Wait until the server answers, within reason."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except OSError:
            time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a running server; it always ends with the tests."""
    if not importlib.util.find_spec("xlwings_server"):
        missing("xlwings-server")
    folder, port = tmp_path_factory.mktemp("server") / "project", free_port()
    environment = {
        **os.environ, "PYTHONPATH": str(CHECKOUT), "XLWINGS_PROJECT_DIR": str(folder), "XLWINGS_LICENSE_KEY": "noncommercial",
        "XLWINGS_ENVIRONMENT": "prod", "XLWINGS_ENABLE_SOCKETIO": "false",
    }  # fmt: skip
    project(folder, environment)
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "xlwings_server.main:main_app",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    log = folder / "server.log"
    with (
        log.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        ) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}/xlwings"
            assert answers_on(f"{address}/custom-functions-meta", process), log.read_text(encoding="utf-8")
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def post(server, request):
    """The status and the answer to a call."""
    body = json.dumps(payload(**request)).encode()
    message = urllib.request.Request(
        f"{server}/custom-functions-call", data=body, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(message, timeout=30) as response:
            return response.status, json.load(response)["result"]
    except urllib.error.HTTPError as e:
        with e:
            return e.code, e.read().decode()


def test_metadata_names_every_function(server):
    """Excel is told the functions by their own names."""
    with urllib.request.urlopen(f"{server}/custom-functions-meta", timeout=30) as response:
        assert sorted(ENTRIES) == sorted(f["name"] for f in json.load(response)["functions"])


def test_scalar(server):
    """TVA PowerFlex E5+C30 over HTTP: 616,200."""
    request = call("FLEX_TOTAL_REVENUE", 5, 9.47, 96, 0.1, rate_unit="$/kW-month", energy_unit="$/kWh")
    assert (200, [[approx(616_200)]]) == post(server, request)


def test_range_with_a_bad_row_and_an_error_cell(server):
    """A bad row and an error cell are errors in their own rows."""
    request = call("FLEX_CAPACITY_REVENUE", in_range([[10], ["x"], [NA], [30]]), 100)
    value, na = {"type": "Error", "errorType": "Value"}, {"type": "Error", "errorType": "NotAvailable"}
    assert (200, [[1000], [value], [na], [3000]]) == post(server, request)


def test_lone_fault_is_told_once_with_its_code(server):
    """A fault is answered with 400, which the client does not try again, and with the message for the hover text."""
    status, text = post(server, call("FLEX_CAPACITY_REVENUE", 10, 100, 5))
    assert (400, "FLEX-004 performance: 5 could be 500% or 5 %.") == (status, text.partition(" Allowed")[0])
