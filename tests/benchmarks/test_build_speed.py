"""How fast a budget is built, as ratios to floors measured in the same run."""

import subprocess
import sys
import time

from flexrev_xl.readers.portfolio import read_portfolio
from flexrev_xl.workbook.build import build_workbook
from tests.benchmarks.floor import cells_of, many_enrolments, write_alone


def _seconds(work, runs=3):
    """The least of a few runs: the one that the machine disturbed least."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _build(source, out):
    build_workbook(read_portfolio(source), out, force=True, source=source.name)


def test_build_against_openpyxl_alone(tmp_path, capsys):
    """1,000 enrolments x 4 scenarios cost at most 3 times what openpyxl alone needs for the same cells and styles."""
    source, out = many_enrolments(tmp_path, 1000), tmp_path / "out.xlsx"
    ours = _seconds(lambda: _build(source, out))
    sheets, styled = cells_of(out)
    floor = _seconds(lambda: write_alone(sheets, styled, tmp_path / "floor.xlsx"))
    count = sum(len(cells) for _, cells in sheets)
    with capsys.disabled():
        print(
            f"\nbuild, {count:,} cells: {ours:.2f} s, openpyxl alone {floor:.2f} s, ratio {ours / floor:.2f} (limit 3)"
        )
    assert ours <= 3 * floor


def test_growth_is_linear(tmp_path, capsys):
    """5,000 enrolments cost at most 6 times 1,000."""
    small, large = many_enrolments(tmp_path, 1000), many_enrolments(tmp_path, 5000)
    one = _seconds(lambda: _build(small, tmp_path / "one.xlsx"), runs=2)
    five = _seconds(lambda: _build(large, tmp_path / "five.xlsx"), runs=2)
    with capsys.disabled():
        print(f"\nbuild of 5,000: {five:.2f} s, of 1,000: {one:.2f} s, ratio {five / one:.2f} (limit 6)")
    assert five <= 6 * one


def _process(*command):
    return lambda: subprocess.run([sys.executable, *command], check=True, capture_output=True)


def test_version_starts_at_once(capsys):
    """`flexrev --version` costs at most 6 times an empty Python."""
    empty = _seconds(_process("-c", "pass"), runs=15)
    version = _seconds(
        _process("-c", "import sys; sys.argv=['flexrev','--version']; from flexrev_xl.cli import main; main()"), runs=15
    )
    with capsys.disabled():
        print(
            f"\nflexrev --version: {version * 1000:.0f} ms, empty Python {empty * 1000:.0f} ms, ratio {version / empty:.2f} (limit 6)"
        )
    assert version <= 6 * empty
