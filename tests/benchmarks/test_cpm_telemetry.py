"""How fast and in how little memory a year of seconds is read from Parquet, against polars reading it and nothing else."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from flexrev_xl.readers.telemetry import read_telemetry

ROWS = 31_536_000  # seconds of a year
SERIES_BYTES = 8 * ROWS


@pytest.fixture(scope="module")
def year_of_seconds(tmp_path_factory):
    """A Parquet file, as polars writes it by default, of a stamp and a reading every second."""
    path = tmp_path_factory.mktemp("year") / "year.parquet"
    source = np.random.default_rng(1)
    stamps = np.datetime64("2025-01-01", "us") + np.arange(ROWS) * np.timedelta64(1_000_000, "us")
    pl.DataFrame({"time": stamps, "load_kw": (400 + 50 * source.random(ROWS)).round(1)}).write_parquet(path)
    return path


def _seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_against_polars_alone(year_of_seconds, capsys):
    """31,536,000 rows are read, checked and made megawatts in at most twice the time polars takes to read them."""
    pairs = [
        (_seconds(lambda: read_telemetry(year_of_seconds)), _seconds(lambda: pl.read_parquet(year_of_seconds)))
        for _ in range(6)
    ]
    ours, floor = map(min, zip(*pairs, strict=True))
    with capsys.disabled():
        print(f"\n{ROWS:,} rows: {ours:.2f} s, polars alone {floor:.2f} s, ratio {ours / floor:.2f} (limit 2)")
    assert ours <= 2 * floor


def _peak_bytes(work):
    """The most memory that a process of its own holds; not ru_maxrss, which starts from that of its parent."""
    code = f"from pathlib import Path\n{work}\nprint(Path('/proc/self/status').read_text())"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")
def test_memory(year_of_seconds, capsys):
    """Beyond what polars takes by itself, reading holds at most four times the series."""
    ours = _peak_bytes(
        f"from flexrev_xl.readers.telemetry import read_telemetry\nkept = read_telemetry({str(year_of_seconds)!r})"
    )
    floor = _peak_bytes(f"import polars as pl\nkept = pl.read_parquet({str(year_of_seconds)!r})")
    times = (ours - floor) / SERIES_BYTES
    with capsys.disabled():
        print(
            f"\nmemory: {ours / 2**20:,.0f} MiB, polars alone {floor / 2**20:,.0f} MiB; the difference is {times:.2f} series (limit 4)"
        )
    assert ours > SERIES_BYTES  # else the series is not held at all
    assert times <= 4
