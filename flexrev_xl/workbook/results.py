"""The last pass over a workbook: stored results in every formula cell, alternative text on charts.

openpyxl writes formulas without values, so previews, phones and data tools would show blanks. The
finished archive is evaluated by an independent engine and the values are put into the sheets' XML;
every other part keeps its bytes, and the same workbook gives the same file.
"""

import datetime as dt
import io
import math
import re
import zipfile
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils.datetime import to_excel

from flexrev_xl.core.arguments import is_error
from flexrev_xl.errors import FlexError

_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+)([0-9]+)"([^>]*)><f>([^<]*)</f><v\s*(?:/>|></v>)</c>')
_TYPE = re.compile(rb'\s+t="[^"]*"')
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_ERRORS = {
    "Name": "#NAME?",
    "Value": "#VALUE!",
    "Div": "#DIV/0!",
    "Div0": "#DIV/0!",
    "Na": "#N/A",
    "NA": "#N/A",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Null": "#NULL!",
}
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def evaluate(data):
    """An evaluated copy of a workbook, in formualizer.

    Args:
        data: the bytes of an .xlsx.
    """
    import formualizer

    book = formualizer.load_workbook_bytes(data)
    book.evaluate_all()
    return book


def evaluated(workbook):
    """An evaluated copy of an openpyxl Workbook."""
    return evaluate(_saved(workbook))


def plain(value):
    """A value of an engine as number (a date as its serial), text, truth value, None, or the text of an error."""
    if isinstance(value, dict):
        return _ERRORS.get(value.get("kind"), "#VALUE!")
    if isinstance(value, float) and not math.isfinite(value):
        return "#NUM!"
    return to_excel(value) if isinstance(value, dt.date) else value


def finish(workbook, chart_texts):
    """The bytes of a workbook with stored results.

    Args:
        workbook: an openpyxl Workbook; its properties.created is the time the file states.
        chart_texts: for each sheet title the alternative texts of its charts, in order.

    Raises:
        FlexError: FLEX-302 where a formula gives an error: nothing would be fit to hand over.
    """
    data = _saved(workbook)
    book = evaluate(data)
    sheets = {f"xl/worksheets/sheet{i}.xml": title for i, title in enumerate(workbook.sheetnames, start=1)}
    drawings = _drawings(workbook, chart_texts)

    def change(name, part):
        if name in sheets:
            return _store(part, sheets[name], book)
        return _describe(part, drawings[name]) if name in drawings else part

    return _repacked(data, workbook, change)


def without_results(workbook):
    """The bytes of a workbook as openpyxl saves it, the same for the same workbook."""
    return _repacked(_saved(workbook), workbook, lambda name, part: part)


def _saved(workbook):
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _repacked(data, workbook, change):
    """An archive with its parts changed, and no time in it but the one the workbook states."""
    stamp = workbook.properties.created.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            text = change(part.filename, source.read(part))
            if part.filename == "docProps/core.xml":
                text = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<2>", text)
            target.writestr(zipfile.ZipInfo(part.filename, _FIXED_TIME), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _store(data, title, book):
    """Sheet XML with a value in every formula cell."""
    errors = []

    def put(match):
        letters, row, attributes, formula = match.groups()
        value = plain(book.get_value(title, int(row), _column_number(letters)))
        if is_error(value):
            errors.append(f"{letters.decode()}{row.decode()} {value}")
        kind, text = _as_xml(value)
        attributes = _TYPE.sub(b"", attributes) + kind
        return b'<c r="%s%s"%s><f>%s</f>%s</c>' % (letters, row, attributes, formula, text)

    data = _FORMULA_CELL.sub(put, data)
    if errors:
        shown = ", ".join(errors[:5])
        raise FlexError(
            "FLEX-302",
            f"{len(errors)} formulas give an error: {shown}",
            place=title,
            remedy="Look at the inputs these cells read.",
        )
    return data


def _column_number(letters):
    number = 0
    for byte in letters:
        number = number * 26 + byte - 64
    return number


def _as_xml(value):
    if isinstance(value, bool):
        return b' t="b"', b"<v>%d</v>" % value
    if isinstance(value, int | float):
        text = repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
        return b"", f"<v>{text}</v>".encode()
    if value is None:
        return b"", b"<v>0</v>"
    if is_error(value):
        return b' t="e"', f"<v>{escape(value)}</v>".encode()
    return b' t="str"', f"<v>{escape(value)}</v>".encode()


def _drawings(workbook, chart_texts):
    """The texts of each drawing part: openpyxl numbers them in the order of the sheets that have charts."""
    with_charts = [sheet for sheet in workbook.worksheets if sheet._charts or sheet._images]
    return {
        f"xl/drawings/drawing{i}.xml": chart_texts.get(sheet.title, ()) for i, sheet in enumerate(with_charts, start=1)
    }


def _describe(data, texts):
    """Drawing XML with a description on each chart."""
    waiting = iter(texts)

    def put(match):
        text = next(waiting, None)
        return match[0] if text is None else match[1] + b" descr=" + quoteattr(text).encode() + match[2]

    return re.sub(rb'(<(?:xdr:)?cNvPr id="[0-9]+" name="Chart [0-9]+")([^>]*>)', put, data)
