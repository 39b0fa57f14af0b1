"""The Exceptions tab: live, read back as it stands, and checked; the picker on Scenarios that Summary follows."""

import pytest

from flexrev_xl.analysis.budget import budget
from flexrev_xl.errors import FlexError
from flexrev_xl.readers.portfolio import read_portfolio
from tests.workbook.book import Book
from tests.workbook.making import OTHER, SITE, built, changed, made

SCENARIOS = [
    {"name": "Base"},
    {
        "name": "Low",
        "dispatch_hours": 0.5,
        "exceptions": [{"site": "Ashburn", "performance": 0.8, "dispatch_hours": 2}],
    },
]
FIRST, SPARE = 9, 10  # rows of the table: the exception above, and the first to spare


@pytest.fixture(scope="module")
def data():
    """A workbook with one exception."""
    return built(made([SITE, OTHER], SCENARIOS))


def edited(data, **cells):
    """The workbook with cells of Exceptions typed anew and everything recalculated."""

    def edit(workbook):
        for address, value in cells.items():
            workbook["Exceptions"][address] = value

    return changed(data, edit)


def read(data, folder):
    """The portfolio of a workbook's bytes."""
    path = folder / "book.xlsx"
    path.write_bytes(data)
    return read_portfolio(path)


def column(data, key, tab="Low"):
    """The stored figures of the two lines of a scenario tab."""
    sheet = Book(data).stored[tab]
    at = next(c.column for c in sheet[10] if c.value == key)
    return [sheet.cell(row, at).value for row in (13, 14)]


def failed(data):
    """Names of the checks that failed."""
    sheet = Book(data).stored["Checks"]
    return [row[0] for row in sheet.iter_rows(min_row=7, values_only=True) if row[3]]


def test_lines_take_what_is_for_them(data):
    """The line of the exception has its drivers, the other line those of all rows."""
    assert ([2.0, 0.5], [0.8, 1]) == (column(data, "dispatch_hours_factor"), column(data, "performance_factor"))
    assert [1, 1] == column(data, "dispatch_hours_factor", "Base")


def test_an_exception_typed_in_the_workbook(data, tmp_path):
    """A row to spare that is filled in moves its line at once, and is read back as the same."""
    own = {f"A{SPARE}": "Low", f"B{SPARE}": "Boston", f"C{SPARE}": "ISO-NE capacity", f"G{SPARE}": 0.6}
    data = edited(data, **own)
    assert [] == failed(data)
    net = [line.values["net_revenue"] for line in budget(read(data, tmp_path)).scenario("Low").lines]
    assert net == pytest.approx(column(data, "net_revenue"), rel=1e-12)
    assert [0.6] == [
        e.absolutes["performance"] for e in read(data, tmp_path).scenarios[1].exceptions if e.site == "Boston"
    ]


@pytest.mark.parametrize(
    ("cells", "check", "words"),
    [
        ({"B9": "Nowhere"}, "Exceptions: every row used is for a row of Inputs", "no row is in 'Nowhere in PJM"),
        (
            {"C9": "none"},
            "Exceptions: every row used is for a row of Inputs",
            "it names a site or a programme, not both",
        ),
        ({"D9": "double"}, "Exceptions: every driver a number or the words", "'double' is not a number"),
        (
            {"A10": "Low", "B10": SITE["site"], "C10": SITE["programme"], "H10": 2},
            "Exceptions: nothing stands twice",
            "the same scenario, site and programme stand in Exceptions row 9 already",
        ),
    ],
)
def test_mistakes_typed_in_the_workbook(data, tmp_path, cells, check, words):
    """What a row cannot say fails a check, and is refused with its row when the workbook is read."""
    spoiled = edited(data, **cells)
    assert check in failed(spoiled)
    with pytest.raises(FlexError) as refused:
        read(spoiled, tmp_path)
    assert [] == [p for p in refused.value.problems if "Exceptions row" not in p.place] and words in str(refused.value)


def test_summary_follows_the_picker(data):
    """The scenario that the picker names stands first on Summary, beside how far it is from Base."""

    def pick(workbook):
        workbook["Scenarios"]["D4"] = "Low"

    sheet = Book(changed(data, pick)).stored["Summary"]
    assert ("Low (shown)", "against Base", "Base", "Low") == tuple(c.value for c in sheet[6][2:6])
    for row in sheet.iter_rows(min_row=7, max_row=26, min_col=3, max_col=6, values_only=True):
        assert (row[3], row[3] - row[2]) == (row[0], row[1])
