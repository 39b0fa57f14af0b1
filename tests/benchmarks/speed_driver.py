"""Times calls through xlwings' client-server path: a function of ours beside trivial ones of the same arguments."""

import asyncio
import os
import statistics
import time
import types

os.environ.update(XLWINGS_ON_SERVER="true", XLWINGS_LICENSE_KEY="noncommercial")  # before xlwings is imported

import xlwings as xw
from xlwings.server import custom_functions_call

from flexrev_xl import udfs
from tests.hosts.driving import serve
from tests.hosts.office_js import payload

LOOP = asyncio.new_event_loop()


@xw.func
def without_hints(
    nominated_mw,
    capacity_rate,
    performance=None,
    rate_unit=None,
    periods=None,
    availability=None,
    cap=None,
    accreditation=None,
):
    """As little as a function can do, converted by xlwings without being told of types."""
    return nominated_mw * capacity_rate * performance


@xw.func
def with_hints(nominated_mw: list, capacity_rate: list, performance: list) -> list:
    """As little as a function over ranges can do, as xlwings' documentation writes it."""
    return [[mw * rate * p] for mw, rate, p in zip(nominated_mw, capacity_rate, performance, strict=True)]


TRIVIAL = types.SimpleNamespace(without_hints=without_hints, with_hints=with_hints)


def seconds(module, name, arguments):
    """How long one call takes; the arguments arrive anew each time, as from a client."""
    body = payload(name, arguments)
    start = time.perf_counter()
    LOOP.run_until_complete(custom_functions_call(body, module))
    return time.perf_counter() - start


def answer(trivial, arguments, rounds):
    """The median seconds of ours and of the trivial function, called in turn; the first tenth warms up."""
    pairs = [
        (seconds(udfs, "FLEX_CAPACITY_REVENUE", arguments), seconds(TRIVIAL, trivial, arguments)) for _ in range(rounds)
    ]
    ours, floor = zip(*pairs[rounds // 10 :], strict=True)
    return [statistics.median(ours), statistics.median(floor)]


if __name__ == "__main__":
    serve(answer)
    LOOP.close()
