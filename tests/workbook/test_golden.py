"""The demo's workbook is, sheet by sheet and part by part, the one that was looked at and kept.

After a wanted change: `pytest tests/workbook/test_golden.py --rewrite-golden`, and read the difference.
"""

from pathlib import Path

import pytest

from tests.workbook import golden

KEPT = Path(__file__).parents[1] / "golden" / "demo"


@pytest.fixture(scope="module")
def actual(demo_book, request):
    """The demo's workbook as text; kept as the expected one where that is asked for."""
    texts = golden.texts(demo_book)
    if request.config.getoption("--rewrite-golden"):
        KEPT.mkdir(parents=True, exist_ok=True)
        for file in KEPT.iterdir():
            file.unlink()
        for name, text in texts.items():
            (KEPT / name).write_text(text, "utf-8", newline="\n")
    return texts


def test_parts(actual):
    """The workbook has the sheets and parts of the golden one."""
    assert sorted(file.name for file in KEPT.iterdir()) == sorted(actual)


def test_contents(actual):
    """Every sheet and part holds what the golden one holds."""
    differing = {}
    for name, text in actual.items():
        expected, lines = (KEPT / name).read_text("utf-8").splitlines(), text.splitlines()
        if expected != lines:
            differing[name] = [f"-{e}" for e in expected if e not in lines][:5] + [
                f"+{line}" for line in lines if line not in expected
            ][:5]
    assert {} == differing
