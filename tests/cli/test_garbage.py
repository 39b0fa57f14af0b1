"""Whatever is fed to it, the command line tells what is wrong and never shows a traceback."""

import io
import random
import zipfile
from pathlib import Path

import pytest

from flexrev_xl.portfolio.columns import NAMES
from flexrev_xl.portfolio.cpm_starter import starter_case
from flexrev_xl.registry import ENTRIES
from flexrev_xl.workbook.starter import demo_portfolio, demo_text, portfolio_as_csv

CELLS = [
    "", "0", "-1", "95", "5", "1e400", "nan", "1,5", "95%", "$/kW", "USD/MW-day", "MW-year", "2026-06-01", "99999-01-01", "2026-13-45",
    "=1+1", "#N/A", "\x00", "é", "🙂", "true", "null", "[", "{", "&a", "*a", "'", '"', "\n", "\t", "x" * 300, "!!binary x", "? :", "- -", "<<: *a",
    "9" * 400, "0x1F", "~", "6-9", "Jun:2", "²", "9999-12-31", "9" * 5_000, "business days", "buyout", "EUR",
    "PJM", "miso-north-central-2025-26", "pjm-rto-2026-27",
]  # fmt: skip
WORDS = [
    *CELLS,
    "{1;2}",
    "{1;2;3}",
    "{}",
    "{;}",
    "{a}",
    "{1;2",
    "performance=5",
    "rate_unit=MW-day",
    "foo=1",
    "=",
    "-5",
    "-x",
    "--",
    "--json",
]
KINDS = ("csv", "yaml", "xlsx", "parts", "rows", "junk", "words", "case", "trace")
TRACE = "t_s,load_kw\n" + "".join(f"{2 * n},{400 + 90 * (n % 3)}\n" for n in range(30))


@pytest.fixture(scope="module")
def sound():
    """A sound portfolio of each kind, as bytes by ending."""
    from flexrev_xl.workbook.build import compose, finished

    demo = demo_portfolio()
    return {
        "yaml": demo_text().encode(),
        "csv": portfolio_as_csv(demo).encode(),
        "xlsx": finished(compose(demo)),
        "case": starter_case().partition("\noptimise:")[0].encode(),  # which takes seconds
        "trace": TRACE.encode(),
    }


def spoilt(data, dice):
    """Bytes with a few pieces cut, put in, changed or doubled."""
    data = bytearray(data)
    for _ in range(dice.randint(1, 12)):
        kind, at = dice.random(), dice.randrange(len(data) + 1)
        if kind < 0.3:
            del data[at : at + dice.randint(0, 30)]
        elif kind < 0.6:
            data[at:at] = dice.choice(CELLS).encode()
        elif kind < 0.8 and at < len(data):
            data[at] = dice.randrange(256)
        else:
            data[at:at] = data[: dice.randint(0, 80)]
    return bytes(data)


def spoilt_part(data, dice):
    """A workbook in which one part is spoilt and the archive is sound."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        victim = dice.choice(source.namelist())
        old, new = dice.choice(
            [
                (b"<v>", b"<v>x"),
                (b'r="', b'r="Q'),
                (b't="', b't="b'),
                (b"<f>", b"<f>1/0+"),
                (b'name="', b'nme="'),
                (b"sheet", b""),
            ]
        )
        for name in source.namelist():
            part = source.read(name)
            if name == victim:
                part = spoilt(part, dice) if dice.random() < 0.5 else part.replace(old, new, dice.randint(1, 5))
            target.writestr(name, part)
    return out.getvalue()


def random_rows(dice):
    """A CSV of known and unknown columns with anything in its cells."""
    head = dict.fromkeys(
        ["site", "programme", "nominated_mw", *(dice.choice((*NAMES, "x_a", "foo")) for _ in range(dice.randint(0, 9)))]
    )
    mark = dice.choice(",;")
    plain = ["1", "USD/MW-year", "2026-06-01", "A"]
    rows = (
        mark.join(dice.choice(CELLS if dice.random() < 0.5 else plain) for _ in head) for _ in range(dice.randint(0, 5))
    )
    return "\n".join([mark.join(head), *rows]).encode()


def garbage(kind, sound, dice):
    """(words of the command line, file name, bytes) of one attempt."""
    if kind == "words":
        name = dice.choice([*ENTRIES, "FLEX_X", ""])
        return (
            ("call", name, *(dice.choice(WORDS).replace("\x00", "") for _ in range(dice.randint(0, 7)))),
            "f.csv",
            b"",
        )
    ending = {"parts": "xlsx", "rows": "csv", "junk": dice.choice(["csv", "yaml", "xlsx"])}.get(kind, kind)
    data = {
        "parts": lambda: spoilt_part(sound["xlsx"], dice),
        "rows": lambda: random_rows(dice),
        "junk": lambda: dice.randbytes(dice.randint(0, 400)),
    }.get(kind, lambda: spoilt(sound[ending], dice))()
    file = "f." + {"case": "yaml", "trace": "csv"}.get(ending, ending)
    if kind == "case":
        return ("cpm", "report", file, "--json"), file, data
    if kind == "trace":
        return (
            ("cpm", "size", "--load", file, "--grid-mw", "0.45", "--gaps", dice.choice(["refuse", "hold"])),
            file,
            data,
        )
    commands = [
        ("calc", file),
        ("calc", file, "--json"),
        ("calc", file, "--decimal", "comma"),
        ("verify", file),
        ("build", file, "-o", "o.xlsx", "--force"),
    ]
    return dice.choice(commands), file, data


@pytest.mark.parametrize("kind", KINDS)
def test_no_garbage_is_met_with_a_traceback(flexrev, sound, kind):
    """Thirty seeded pieces of garbage of each kind: an exit code of ours, a code on every line, no defect."""
    dice = random.Random(f"garbage {kind}")
    for number in range(30):
        words, file, data = garbage(kind, sound, dice)
        Path(file).write_bytes(data)
        result = flexrev(*words)
        lines = result.stderr.splitlines()
        told = f"{kind} {number}: {words} gave {result.exit_code}: {lines[:3]}"
        assert result.exit_code in (0, 1, 2, 3), told
        assert "Traceback" not in result.output and "FLEX-900" not in result.output, told
        if result.exit_code == 1:
            assert lines or result.stdout, told
            assert all(line.startswith(("FLEX-", "CPM-")) or line.endswith("mistakes.") for line in lines), told


@pytest.mark.parametrize("command", ["calc", "verify"])
def test_a_workbook_with_a_part_missing(flexrev, sound, command):
    """A workbook that lost any one of its parts is read where the part does not matter, else refused; never a defect."""
    with zipfile.ZipFile(io.BytesIO(sound["xlsx"])) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    defects = []
    for missing in parts:
        with zipfile.ZipFile("f.xlsx", "w") as target:
            for name, data in parts.items():
                if name != missing:
                    target.writestr(name, data)
        result = flexrev(command, "f.xlsx")
        if result.exit_code not in (0, 1, 3) or "FLEX-900" in result.output:
            defects.append((missing, result.output[:200]))
    assert [] == defects


@pytest.mark.parametrize("name", ["x" * 300, "a\nb.csv", "\udcff.csv", "🙂.csv", "-.csv"])
def test_odd_file_names(flexrev, name):
    """A name too long, with a line break or of broken letters is told in one printable line."""
    for words in (("calc", "--", name), ("verify", "--", name), ("build", "p.csv", "--output", f"{name}.xlsx")):
        result = flexrev(*words)
        lines = result.stderr.splitlines()
        assert result.exit_code in (0, 1) and "FLEX-900" not in result.output, (words, lines)
        assert len(lines) == result.exit_code and all(line.startswith(("FLEX-", "CPM-")) for line in lines), (
            words,
            lines,
        )
