"""A first look into an .xlsx before any spreadsheet library opens it."""

import io
import posixpath
import zipfile
import zlib

from flexrev_xl.errors import FlexError

MOST_UNPACKED = 1_000_000_000  # bytes of all parts
MOST_RATIO = 200  # unpacked over packed, for parts beyond SMALL_PART
SMALL_PART = 5_000_000
MOST_PARTS = 5_000
NEEDED_PARTS = {"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"}


def check_workbook_file(path):
    """Refuse an archive that unpacks far beyond its size, and XML with a document type or entities.

    Raises:
        FlexError: FLEX-115 unsafe, FLEX-114 not a workbook, FLEX-101 not readable at all.
    """
    from xml.sax.handler import ContentHandler

    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parse

    try:
        data = path.read_bytes()
    except OSError as e:
        raise FlexError("FLEX-101", e.strerror or str(e), place=path) from None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_sizes(parts, path)
            if not {p.filename for p in parts} >= NEEDED_PARTS:
                raise FlexError("FLEX-114", "the file is not an Excel workbook", place=path.name)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        parse(stream, ContentHandler(), forbid_dtd=True)
            _check_parts(archive, path)
    except DefusedXmlException as e:
        raise FlexError(
            "FLEX-115",
            f"{part.filename} holds {type(e).__name__.removesuffix('Forbidden')} declarations",
            place=path.name,
        ) from None
    except FlexError:
        raise
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        OSError,
        zlib.error,
    ) as e:
        raise FlexError("FLEX-114", f"the file is not a readable Excel workbook ({e})", place=path.name) from None
    except Exception as e:
        if type(e).__module__.startswith("xml."):
            raise FlexError("FLEX-114", f"{part.filename} is not sound XML", place=path.name) from None
        raise


def _check_sizes(parts, path):
    total = sum(p.file_size for p in parts)
    if total > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise FlexError(
            "FLEX-115",
            f"{len(parts):,} parts unpack to {total:,} bytes",
            place=path.name,
            allowed=f"{MOST_UNPACKED:,} bytes",
        )
    for part in parts:
        if part.file_size > SMALL_PART and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise FlexError(
                "FLEX-115",
                f"{part.filename} unpacks {part.file_size / max(part.compress_size, 1):,.0f} times its size",
                place=path.name,
            )


def _check_parts(archive, path):
    """Every part that the workbook says it has must be there."""
    from defusedxml.ElementTree import fromstring

    names = set(archive.namelist())
    for part in fromstring(archive.read("xl/_rels/workbook.xml.rels")) if "xl/_rels/workbook.xml.rels" in names else ():
        name = posixpath.normpath(posixpath.join("/xl", part.get("Target", ""))).lstrip("/")
        if part.get("TargetMode") != "External" and name not in names:
            raise FlexError(
                "FLEX-114", f"{name} is missing from the file", place=path.name, remedy="Fetch the workbook again."
            )
