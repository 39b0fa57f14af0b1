"""The demo's workbook and that of a case are, sheet by sheet and part by part, the ones that were looked at and kept.

After a wanted change: `pytest tests/workbook/test_golden.py --rewrite-golden`, and read the difference.
"""

from pathlib import Path

import pytest

from tests.workbook import golden

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module", params=["demo", "case"])
def kept_and_actual(request):
    """(folder, workbook as text) of the demo and of the small case; kept as the expected one where that is asked for."""
    kept, texts = GOLDEN / request.param, golden.texts(request.getfixturevalue(f"{request.param}_book"))
    if request.config.getoption("--rewrite-golden"):
        kept.mkdir(parents=True, exist_ok=True)
        for file in kept.iterdir():
            file.unlink()
        for name, text in texts.items():
            (kept / name).write_text(text, "utf-8", newline="\n")
    return kept, texts


def test_parts(kept_and_actual):
    """The workbook has the sheets and parts of the golden one."""
    kept, actual = kept_and_actual
    assert sorted(file.name for file in kept.iterdir()) == sorted(actual)


def test_contents(kept_and_actual):
    """Every sheet and part holds what the golden one holds."""
    kept, actual = kept_and_actual
    differing = {}
    for name, text in actual.items():
        expected, lines = (kept / name).read_text("utf-8").splitlines(), text.splitlines()
        if expected != lines:
            differing[name] = [f"-{e}" for e in expected if e not in lines][:5] + [
                f"+{line}" for line in lines if line not in expected
            ][:5]
    assert {} == differing
