"""Independent engines that recalculate a workbook: every formula cell's value by sheet and address."""

import contextlib
import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from flexrev_xl.errors import FlexError

SECONDS = 300
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def formualizer(data):
    """A function of (sheet, row, column) that gives values as formualizer calculates them."""
    from flexrev_xl.workbook.results import evaluate, plain

    book = evaluate(data)
    return lambda sheet, row, column: plain(book.get_value(sheet, row, column))


def libreoffice(data):
    """A function of (sheet, row, column) that gives values as LibreOffice calculates them.

    Raises:
        FlexError: FLEX-205 where LibreOffice is missing or does not answer.
    """
    from openpyxl import load_workbook

    from flexrev_xl.workbook.results import plain

    book = load_workbook(io.BytesIO(recalculated(data)), data_only=True)
    return lambda sheet, row, column: plain(book[sheet].cell(row, column).value)


def recalculated(data):
    """The bytes of a workbook after LibreOffice has recalculated every cell of it, in a profile of its own."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise FlexError("FLEX-205", "soffice is not on the path", place="--engine libreoffice")
    with tempfile.TemporaryDirectory(prefix="flexrev-") as folder:
        profile = Path(folder, "profile", "user")
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
        source, out = Path(folder, "book.xlsx"), Path(folder, "out")
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={profile.parent.as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            str(source),
        ]
        environment = {**os.environ, "HOME": folder}
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, timeout=SECONDS, env=environment, check=False)
        result = out / source.name
        if not result.is_file():
            raise FlexError("FLEX-205", "LibreOffice gave no result", place="--engine libreoffice")
        return result.read_bytes()


ENGINES = {"formualizer": formualizer, "libreoffice": libreoffice}
