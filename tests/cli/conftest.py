"""The command line run in a folder of its own."""

import pytest
from click.testing import CliRunner

from flexrev_xl.cli import main

CSV = "site,programme,nominated_mw,capacity_rate,rate_unit\nAshburn,Contract,10,1000,USD/MW-year\nBoston,Contract,4,500,USD/MW-year\n"


@pytest.fixture
def flexrev(tmp_path, monkeypatch):
    """A function: the result of `flexrev` with these words, run in an empty folder that holds p.csv."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FLEXREV_DEBUG", raising=False)
    (tmp_path / "p.csv").write_text(CSV, encoding="utf-8")
    return lambda *words: CliRunner().invoke(main, [str(w) for w in words])
