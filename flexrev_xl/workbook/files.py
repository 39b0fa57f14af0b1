"""Files are written beside their place and moved into it, so that a failure leaves the old file as it was."""

import contextlib
import os
import tempfile
from pathlib import Path

from flexrev_xl.errors import FlexError


def check_output(path, force):
    """Refuse a place that cannot be written, before any work is done.

    Raises:
        FlexError: FLEX-201 it exists, FLEX-202 no such folder or a folder by that name.
    """
    path = Path(path)
    if os.path.isdir(path):
        raise FlexError("FLEX-202", "this is a folder", place=path, remedy="Give the name of a file.")
    if not os.path.isdir(path.parent):
        raise FlexError("FLEX-202", f"there is no folder {path.parent}", place=path, remedy="Make the folder first.")
    if os.path.lexists(path) and not force:
        raise FlexError("FLEX-201", "the file exists", place=path)


def write_file(path, data, force=False):
    """Write bytes: all of them, or nothing.

    Raises:
        FlexError: FLEX-201, FLEX-202; the old file is intact then and nothing is left beside it.
    """
    path = Path(path)
    check_output(path, force)
    beside = None
    try:
        descriptor, beside = tempfile.mkstemp(prefix=".flexrev-", suffix=path.suffix, dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, _mode(path))
        os.replace(beside, path)
    except OSError as e:
        raise FlexError("FLEX-202", e.strerror or str(e), place=path) from None
    finally:
        if beside:
            with contextlib.suppress(OSError):
                os.unlink(beside)


def _mode(path):
    """The permissions of the old file, or those of a new one."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
