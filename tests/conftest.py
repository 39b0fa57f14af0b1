"""What several tests need: shared data, a real spreadsheet program, steady hypothesis profiles."""

import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from hypothesis import settings

CHECKOUT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() == "true"

settings.register_profile("default", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=200, derandomize=True)
settings.load_profile("ci" if IN_CI else "default")

# Without this LibreOffice shows the results a file already stores instead of working them out.
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def pytest_addoption(parser):
    """The option that takes today's output as the expected one, after a wanted change."""
    parser.addoption(
        "--rewrite-golden",
        action="store_true",
        help="rewrite golden workbooks, the template and the README's generated parts",
    )


def missing(what):
    """Skip where a tool is absent, but fail where every tool is promised to be there."""
    (pytest.fail if IN_CI else pytest.skip)(f"{what} is not installed")


@pytest.fixture(scope="session")
def shared_data():
    """The folder of public data sets that lies beside the checkout."""
    folder = CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"{folder} does not exist")
    return folder


@pytest.fixture(scope="session")
def soffice():
    """The path of LibreOffice."""
    return shutil.which("soffice") or missing("LibreOffice (soffice)")


@pytest.fixture(scope="session")
def recalculated(soffice, tmp_path_factory):
    """A function: the workbook at a path as LibreOffice works it out anew, opened for its values."""
    profile = tmp_path_factory.mktemp("libreoffice-profile")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, encoding="utf-8")

    def recalculate(path):
        out = tmp_path_factory.mktemp("recalculated")
        command = [
            soffice,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "xlsx",
        ]
        done = subprocess.run([*command, "--outdir", str(out), str(path)], capture_output=True, text=True, timeout=180)
        result = out / Path(path).name
        assert result.exists(), f"LibreOffice wrote nothing: {done.stdout} {done.stderr}"
        return openpyxl.load_workbook(result, data_only=True)

    return recalculate
