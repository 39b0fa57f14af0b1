"""A workbook read back, and workbooks that are broken, hostile or somebody else's."""

import io
import zipfile

import openpyxl
import pytest

from flexrev_xl.analysis.budget import budget
from flexrev_xl.errors import FlexError
from flexrev_xl.readers.portfolio import read_portfolio
from flexrev_xl.workbook.build import build_workbook
from flexrev_xl.workbook.starter import demo_portfolio
from tests.portfolio.given import ROW, portfolio

XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
REAL = ("45540_form_Footer.xlsx", "51850.xlsx", "54399.xlsx", "55923.xlsx", "ExcelPivotTableSample.xlsx") + (
    "NewStyleConditionalFormattings.xlsx", "SimpleMacro.xlsm", "WithChart.xlsx", "WithEmbeded.xlsx", "bug63189.xlsx",
)  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The bytes of a workbook of one enrolment."""
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    build_workbook(portfolio(ROW, {**ROW, "site": "Boston", "periods": 1, "stop_loss_money": 500}), path)
    return path.read_bytes()


def repacked(data, change):
    """The archive with each part's bytes as `change(name, bytes)` gives them; None leaves the part out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = change(name, source.read(name))
            if part is not None:
                target.writestr(name, part)
    return out.getvalue()


def edited(data, edit):
    """The workbook after `edit(openpyxl workbook)`."""
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    edit(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def cell_of(sheet, column, row=0):
    """The cell of a column key on Inputs, of the row-th enrolment."""
    (keys,) = (r for r in sheet.iter_rows() if r[0].value == "site")
    return next(sheet.cell(c.row + 2 + row, c.column) for c in keys if c.value == column)


def test_a_built_workbook_gives_the_same_budget(tmp_path):
    """The demo read back from its workbook has the figures, scenarios, names and texts it was built from."""
    path, demo = tmp_path / "demo.xlsx", demo_portfolio()
    build_workbook(demo, path)
    again = read_portfolio(path)
    assert (demo.name, demo.currency, demo.year, demo.fiscal_year_start) == (
        again.name,
        again.currency,
        again.year,
        again.fiscal_year_start,
    )
    assert demo.scenarios == again.scenarios
    assert [(e.key, e.start, e.source, e.gl_account) for e in demo.enrolments] == [
        (e.key, e.start, e.source, e.gl_account) for e in again.enrolments
    ]
    for old, new in zip(budget(demo).scenarios, budget(again).scenarios, strict=True):
        assert pytest.approx(old.totals, rel=1e-12) == new.totals


def test_hostile_texts_come_back_as_they_were(tmp_path):
    """Names that look like formulas, and own columns, survive the way through a workbook."""
    sites = ['=HYPERLINK("http://x","y")', "+1", "@SUM(A1)", "O'Hare", "Zürich 東京 🙂", "A" * 255]
    rows = [{**ROW, "site": site, "x_note": "=2+2", "x_count": 3} for site in sites]
    path = tmp_path / "book.xlsx"
    build_workbook(portfolio(*rows), path)
    assert [(s, {"x_note": "=2+2", "x_count": 3}) for s in sites] == [
        (e.site, e.extras) for e in read_portfolio(path).enrolments
    ]


def test_changed_inputs_are_read_as_they_stand(book, read):
    """What a person types into Inputs is what the budget is made from."""
    changed = edited(book, lambda wb: setattr(cell_of(wb["Inputs"], "nominated_mw"), "value", 7))
    assert [7.0, 10.0] == [e.nominated_mw for e in read("book.xlsx", changed).enrolments]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("nominated_mw", "#N/A", "FLEX-002"),
        ("performance", 5, "FLEX-004"),
        ("nominated_mw", None, "FLEX-105"),
        ("rate_unit", "$/kW", "FLEX-011"),
    ],
)
def test_a_bad_cell_is_named(book, refused, column, value, code):
    """An error value, a wrong number or an emptied cell is told by tab, cell and column."""
    where = []

    def spoil(workbook):
        cell = cell_of(workbook["Inputs"], column, row=1)
        cell.value = value
        where.append(f"Inputs!{cell.coordinate} {column}")

    (problem,) = refused("book.xlsx", edited(book, spoil))
    assert (code, True) == (problem.code, where[0] in problem.place)


def test_an_empty_factor_is_named(book, refused):
    """A factor deleted on the Scenarios tab is not read as 0 or 1."""

    def spoil(workbook):
        sheet = workbook["Scenarios"]
        next(r for r in sheet.iter_rows() if r[0].value == "Dispatch hours: factor")[4].value = None

    assert [("FLEX-001", "Scenarios, Conservative, Dispatch hours: factor")] == [
        (p.code, p.place) for p in refused("b.xlsx", edited(book, spoil))
    ]


@pytest.mark.parametrize("title", ["Inputs", "Scenarios"])
def test_a_workbook_without_our_tabs_is_refused(book, refused, title):
    """A workbook whose tab was renamed is not one flexrev built."""
    renamed = edited(book, lambda wb: setattr(wb[title], "title", "Mine"))
    assert ["FLEX-118"] == [p.code for p in refused("book.xlsx", renamed)]


def test_somebody_elses_workbook_is_refused(refused):
    """An ordinary workbook, even with an Inputs tab, is not one flexrev built."""
    workbook = openpyxl.Workbook()
    workbook.active.title = "Inputs"
    workbook.create_sheet("Scenarios")
    out = io.BytesIO()
    workbook.save(out)
    assert ["FLEX-118"] == [p.code for p in refused("book.xlsx", out.getvalue())]


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet2.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("doctype", [XXE, LAUGHS])
def test_entities_are_refused(book, refused, part, doctype):
    """XML that declares an entity, of a file or of its own, is never opened."""

    def poison(name, data):
        return data if name != part else data.replace(b"?>", b"?>" + doctype, 1) if b"?>" in data else doctype + data

    (problem,) = refused("book.xlsx", repacked(book, poison))
    assert ("FLEX-115", True) == (problem.code, part in problem.what)


@pytest.mark.parametrize("name", ["xl/media/image1.png", "xl/worksheets/sheet99.xml"])
def test_a_zip_bomb_is_refused(book, refused, name):
    """A part of a few kilobytes that unpacks to hundreds of megabytes is refused by its sizes, unread."""
    out = io.BytesIO(book)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w", force_zip64=True) as part:
        for _ in range(300):
            part.write(b"0" * 1_000_000)
    (problem,) = refused("book.xlsx", out.getvalue())
    assert ("FLEX-115", True) == (problem.code, name in problem.what)


def test_an_archive_of_countless_parts_is_refused(refused):
    """Six thousand parts are no workbook of anybody's."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(6000):
            archive.writestr(f"xl/{number}.xml", b"<a/>")
    assert ["FLEX-115"] == [p.code for p in refused("book.xlsx", out.getvalue())]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_workbook_is_refused(book, refused, share):
    """A download that broke off is told as such."""
    assert ["FLEX-114"] == [p.code for p in refused("book.xlsx", book[: int(len(book) * share)])]


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", b"\xd0\xcf\x11\xe0" + bytes(600), b"site,programme\n"])
def test_what_is_not_a_workbook_is_refused(refused, data):
    """A file of another kind under the name of a workbook is refused."""
    assert ["FLEX-114"] == [p.code for p in refused("book.xlsx", data)]


def test_another_archive_is_refused(refused):
    """A zip of something else is no workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert ["FLEX-114"] == [p.code for p in refused("book.xlsx", out.getvalue())]


@pytest.mark.parametrize(("old", "new"), [(b"<row ", b"<rwo "), (b'<c r="A', b'<c r="!'), (b"</sheetData>", b"")])
def test_a_sheet_that_is_damaged_is_refused(book, refused, old, new):
    """Damage inside a sheet, which only shows while its rows are read, is a refusal too."""
    damaged = repacked(
        book, lambda name, data: data.replace(old, new) if name.startswith("xl/worksheets/sheet") else data
    )
    assert {"FLEX-114", "FLEX-118", "FLEX-103", "FLEX-105"} >= {p.code for p in refused("book.xlsx", damaged)}


@pytest.mark.parametrize("name", REAL)
def test_real_workbooks_are_refused_cleanly(shared_data, refused, name):
    """Workbooks that Excel saved (footers, pivots, macros, charts, embedded parts) are none of ours."""
    data = (shared_data / "excel_files" / name).read_bytes()
    (problem,) = refused("book.xlsx", data)
    assert "FLEX-118" == problem.code


def test_a_macro_workbook_by_its_own_name_is_not_read(refused):
    """An .xlsm is a kind that is not read."""
    assert ["FLEX-102"] == [p.code for p in refused("book.xlsm", b"PK")]


def test_reading_changes_nothing(book, tmp_path):
    """A workbook that was read keeps every byte, also where it is refused."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(book[:5000])
    with pytest.raises(FlexError):
        read_portfolio(path)
    assert book[:5000] == path.read_bytes()
