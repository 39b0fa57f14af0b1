"""How fast and in how little memory a year of seconds is sized, against numpy's running sum and running maximum alone."""

import time
import tracemalloc

import numpy as np
import pytest
from pytest import approx

from flexrev_xl.core.cpm import drawdown
from flexrev_xl.core.cpm.storage import Battery, carried, largest_load

SECONDS = 31_536_000
STEP = 1.0 / 3600.0
LIMIT = 0.98


@pytest.fixture(scope="module")
def year():
    """Noise on iterations of five minutes on days; powers of 0.5 to 1.1."""
    second = np.arange(SECONDS)
    load = np.random.default_rng(1).random(SECONDS)
    load *= 0.2
    load += 0.6
    load += 0.2 * (second % 300 < 240)
    load += 0.1 * np.sin(second * (2 * np.pi / 86_400))
    return load


def seconds(work, runs=3):
    """Processor time, which other work of the machine hardly disturbs; the least of a few runs."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


@pytest.fixture(scope="module")
def floor(year):
    """One pass of numpy: running sum, then running maximum, into memory that is there already."""
    room = np.empty_like(year)

    def one_pass():
        np.cumsum(year, out=room)
        np.maximum.accumulate(room, out=room)

    return seconds(one_pass)


def test_sizing(year, floor, capsys):
    """The energy needed over a year of seconds takes at most 4 passes, also where the limit is a series."""
    limits = np.full(SECONDS, LIMIT)
    one, other = (seconds(lambda limit=limit: carried(year, limit, STEP)) for limit in (LIMIT, limits))
    with capsys.disabled():
        print(
            f"\nsizing a year of seconds: {one:.2f} s, one pass {floor:.2f} s, "
            f"ratio {one / floor:.1f} (limit 4); with a series of limits {other / floor:.1f}"
        )
    assert max(one, other) <= 4 * floor


BATTERIES = {
    "energy binds": Battery.of(1.0, 0.05),
    "seconds of energy": Battery.of(1.0, 2 * STEP),
    "charger binds": Battery(4.0, 0.02, 1.0),
    "losses bind": Battery.of(1.0, 4.0),
    "power binds": Battery.of(0.05, 4.0),
}


@pytest.mark.parametrize("name", BATTERIES)
def test_largest_load(year, floor, capsys, monkeypatch, name):
    """The largest load over a year of seconds takes at most 40 passes, whatever binds; what is found is carried."""
    rounds, draw = [], drawdown.Flow.draw
    monkeypatch.setattr(
        drawdown.Flow, "draw", lambda self, scale=1.0: rounds.append(len(self.load)) or draw(self, scale)
    )
    found = []
    took = seconds(lambda: found.append(largest_load(year, LIMIT, STEP, BATTERIES[name])), runs=1)
    with capsys.disabled():
        print(
            f"\nlargest load, {name}: {found[0].scale:.9f} ({found[0].bound}), "
            f"{rounds.count(SECONDS)} rounds, {took:.2f} s, ratio {took / floor:.1f} (limit 40)"
        )
    assert took <= 40 * floor
    assert carried(year, LIMIT, STEP, BATTERIES[name], found[0].scale).is_carried
    assert not carried(year, LIMIT, STEP, BATTERIES[name], found[0].scale * (1 + 1e-7)).is_carried


def test_memory(capsys):
    """Sizing and search hold at most 4 times the series at any time, the series itself among it."""
    tracemalloc.start()
    try:
        load = np.random.default_rng(1).random(SECONDS)
        tracemalloc.reset_peak()
        carried(load, LIMIT, STEP)
        sizing = tracemalloc.get_traced_memory()[1] / load.nbytes
        tracemalloc.reset_peak()
        largest_load(load, LIMIT, STEP, Battery.of(0.5, 0.01))
        search = tracemalloc.get_traced_memory()[1] / load.nbytes
    finally:
        tracemalloc.stop()
    with capsys.disabled():
        print(f"\npeak memory, in series: sizing {sizing:.2f}, search {search:.2f} (limit 4)")
    assert max(sizing, search) <= 4


def test_a_year_loses_no_digits(capsys):
    """Five million rounds of six hours, 31.5 million values, need the 20/3 MWh that one round needs, to twelve digits."""
    load = np.tile([4.0, 4.0, 10.0, 10.0, 6.0, 2.0], SECONDS // 6)
    energy = carried(load, 7, 1, Battery.of(3, 7, 0.81)).energy
    scale = largest_load(load, 7, 1, Battery.of(4, 8, 0.81)).scale
    with capsys.disabled():
        print(f"\nerror of energy {energy / (20 / 3) - 1:.1e}, of scale {scale / 1.06 - 1:.1e}")
    assert (approx(20 / 3, rel=1e-12), approx(1.06, rel=1e-12)) == (energy, scale)
