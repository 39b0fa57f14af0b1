"""Where writing fails the old file stays, nothing is left beside it, and the reason is told."""

import errno
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from flexrev_xl.workbook import files

HEAD = "site,programme,nominated_mw,capacity_rate,rate_unit,performance,dispatch_hours,energy_rate\n"


@pytest.fixture
def built(flexrev):
    """A folder with b.xlsx; gives its bytes."""
    assert 0 == flexrev("build", "p.csv", "-o", "b.xlsx").exit_code
    return Path("b.xlsx").read_bytes()


def unharmed(result, before, reason):
    """Assert that a failed build told its reason and left everything as it was."""
    assert (1, True) == (result.exit_code, result.stderr.startswith("FLEX-202 b.xlsx: " + reason))
    assert (before, ["b.xlsx", "p.csv"]) == (Path("b.xlsx").read_bytes(), sorted(p.name for p in Path().iterdir()))


@pytest.mark.parametrize(("module", "name"), [(tempfile, "mkstemp"), (os, "replace"), (os, "fsync")])
def test_a_folder_that_may_not_be_written(flexrev, built, monkeypatch, module, name):
    """Whichever step the system refuses."""

    def refuse(*words, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(module, name, refuse)
    unharmed(flexrev("build", "p.csv", "-o", "b.xlsx", "--force"), built, "Permission denied")


def test_a_disk_that_fills_up_half_way(flexrev, built, monkeypatch):
    """The first half is written, then the disk is full."""
    opened = os.fdopen

    class Full:
        def __init__(self, *words):
            self.file = opened(*words)

        def __enter__(self):
            return self

        def __exit__(self, *error):
            self.file.close()

        def write(self, data):
            self.file.write(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(files.os, "fdopen", Full)
        result = flexrev("build", "p.csv", "-o", "b.xlsx", "--force")
    unharmed(result, built, "No space left on device")


def test_a_disk_that_is_full(flexrev, tmp_path):
    """On a real disk of 64 kilobytes a workbook that does not fit is told, and the old file stays."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        book = disk / "b.xlsx"
        book.write_bytes(b"old" * 15_000)
        result = flexrev("build", "p.csv", "-o", book, "--force")
        assert (1, True) == (result.exit_code, result.stderr.startswith(f"FLEX-202 {book}: No space left"))
        assert (b"old" * 15_000, ["b.xlsx"]) == (book.read_bytes(), [p.name for p in disk.iterdir()])
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("words", [("new", "x.yaml"), ("demo",)])
def test_the_other_commands_that_write(flexrev, monkeypatch, words):
    """`new` and `demo` tell it alike, without a trace."""

    def refuse(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "replace", refuse)
    result = flexrev(*words)
    assert (1, True, ["p.csv"]) == (
        result.exit_code,
        "Read-only file system" in result.stderr,
        [p.name for p in Path().iterdir()],
    )


def test_a_folder_by_that_name(flexrev):
    """An output that is a folder is refused, forced or not."""
    Path("b.xlsx").mkdir()
    result = flexrev("build", "p.csv", "-o", "b.xlsx", "--force")
    assert (1, True) == (result.exit_code, result.stderr.startswith("FLEX-202 b.xlsx"))


def test_permissions_of_the_old_file_are_kept(flexrev, built):
    """A workbook that colleagues may write stays so."""
    os.chmod("b.xlsx", 0o664)
    assert 0 == flexrev("build", "p.csv", "-o", "b.xlsx", "--force").exit_code
    assert 0o664 == os.stat("b.xlsx").st_mode & 0o777


SITES = [
    '=HYPERLINK("http://x","y")',
    "+1",
    "@SUM(A1)",
    "-2+3",
    'say "no"',
    "O'Hare",
    "Zürich 東京 🙂",
    "#1 hall",
    "A" * 255,
    "<b>&amp;</b>",
    "1e3",
    "TRUE",
]


def test_hostile_names_build_verify_and_read_back(flexrev):
    """Names that look like formulas, markup or numbers stay the texts they are, all the way."""
    lines = ['"' + site.replace('"', '""') + '",P,1,1,USD/MW-year,1,0,\n' for site in SITES]
    Path("h.csv").write_text(HEAD + "".join(lines), encoding="utf-8")
    assert 0 == flexrev("build", "h.csv", "-o", "h.xlsx").exit_code
    checked = flexrev("verify", "h.xlsx")
    assert (0, True) == (checked.exit_code, "all agree" in checked.stdout)
    back = json.loads(flexrev("calc", "h.xlsx", "--json").stdout)
    assert SITES == [line["site"] for line in back["scenarios"][0]["lines"]]


@pytest.mark.parametrize("site", ["a\nb", "A" * 300, "a\tb", "a\x00b", "a\x1b[31mb"])
def test_names_that_no_workbook_holds(flexrev, site):
    """A line break, a control sequence or 300 characters are refused in one printable line."""
    Path("h.csv").write_text(HEAD + f'"{site}",P,1,1,USD/MW-year,1,0,\n', encoding="utf-8")
    result = flexrev("build", "h.csv", "-o", "h.xlsx")
    (line,) = result.stderr.splitlines()
    assert (1, True, True) == (result.exit_code, line.startswith("FLEX-107 h.csv row 2, site"), line.isprintable())


def test_five_thousand_rows(flexrev):
    """A portfolio of 5,000 sites builds, agrees with itself, and adds up."""
    rows = (f"Site {n},Contract,{1 + n % 7},{1000 + n},USD/MW-year,95%,20,75\n" for n in range(5000))
    Path("big.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    assert 0 == flexrev("build", "big.csv", "-o", "big.xlsx").exit_code
    book = load_workbook("big.xlsx", read_only=True, data_only=True)
    stored = {row[0]: row[2] for row in book["Summary"].iter_rows(min_row=5, max_row=20, values_only=True)}
    assert "All checks OK" == book["Summary"]["A3"].value
    book.close()
    base = json.loads(flexrev("calc", "big.csv", "--json").stdout)["scenarios"][0]["totals"]
    expected = sum((1 + n % 7) * 0.95 * (1000 + n + 20 * 75) for n in range(5000))
    assert pytest.approx([expected, expected], rel=1e-9) == [base["gross_revenue"], stored["Gross revenue"]]
