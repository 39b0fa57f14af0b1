"""A portfolio in CSV: what is read, and what is refused with its row and column."""

import pytest

HEAD = "site,programme,nominated_mw,capacity_rate,rate_unit"
TEXT = f"{HEAD}\nAshburn,Contract,10,1000,USD/MW-year\n"


def told(problems):
    """(code, place) of each mistake."""
    return [(p.code, p.place) for p in problems]


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("mark", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_usual_dialect_reads_alike(read, start, mark, end):
    """With or without a byte order mark, comma or semicolon, either line end: the same enrolment."""
    text = start + TEXT.replace(",", mark).replace("\n", end)
    (row,) = read("p.csv", text).enrolments
    assert ("Ashburn", "Contract", 10.0, 1000.0, "MW-year") == (
        row.site,
        row.programme,
        row.nominated_mw,
        row.capacity_rate,
        row.rate_unit.name,
    )


def test_columns_stand_in_any_order(read):
    """Columns are known by name, in any case and place; empty rows and cells left out at the end are no matter."""
    text = "Rate_Unit, NOMINATED_MW ,programme,capacity_rate,site,performance\n\nUSD/MW-year,10,Contract,1000,Ashburn\n,,,,,\n"
    (row,) = read("p.csv", text).enrolments
    assert ("Ashburn", 10.0, 1000.0, 1.0) == (row.site, row.nominated_mw, row.capacity_rate, row.performance)


def test_the_name_and_year_of_the_flags_stand_in(read):
    """A CSV has no header of its own: name, currency and year come from the caller, the name else from the file."""
    text = f"{HEAD}\nAshburn,Contract,10,1000,MW-year\n"
    given = read("west.csv", text, currency="cad", year=2031, name="West")
    assert ("West", "CAD", 2031) == (given.name, given.currency, given.year)
    assert "west" == read("west.csv", text, currency="CAD").name


def test_own_columns_pass_through(read):
    """Columns that begin with x_ are carried along unread, in the order they were met."""
    portfolio = read("p.csv", f"x_contract,{HEAD},x_note\nC-7,Ashburn,Contract,10,1000,USD/MW-year,=1+1\n")
    assert ("x_contract", "x_note") == portfolio.extra_columns
    assert {"x_contract": "C-7", "x_note": "=1+1"} == portfolio.enrolments[0].extras


def test_an_unknown_column_offers_the_nearest_name(refused):
    """A misspelt column is told once, with its place and the name that was meant."""
    (problem,) = refused("p.csv", TEXT.replace("nominated_mw", "nominated_mv"))
    assert ("FLEX-104", "p.csv row 1, column 3") == (problem.code, problem.place)
    assert "'nominated_mv'" in problem.what and "nominated_mw?" in problem.what


def test_a_missing_column_is_named(refused):
    """A needed column that is not there is a mistake of the header, not of each row."""
    assert [("FLEX-105", "p.csv row 1")] == told(refused("p.csv", "site,programme,capacity_rate\nA,B,1\nC,D,1\n"))


def test_a_file_of_something_else_is_refused(refused):
    """Where no column is known, the first are listed."""
    (problem,) = refused("p.csv", "date,price\n2026-01-01,5\n")
    assert ("FLEX-105", True) == (problem.code, problem.allowed.startswith("site, zone, programme"))


def test_a_column_named_twice_is_refused(refused):
    """Two columns of one name leave open which is meant."""
    assert [("FLEX-104", "p.csv row 1, column 6")] == told(refused("p.csv", f"{HEAD},site\nA,B,1,1,USD/MW-year,C\n"))


@pytest.mark.parametrize("head", [HEAD, f"{HEAD},"])
def test_a_cell_under_no_column_is_refused(refused, head):
    """A cell too many, beyond the header or under a blank one, is told with its text: nothing is dropped."""
    (problem,) = refused("p.csv", f"{head}\nAshburn,Contract,10,1000,USD/MW-year,lost\n")
    assert ("FLEX-114", "p.csv row 2", True) == (problem.code, problem.place, "'lost'" in problem.what)


def test_a_decimal_comma_needs_the_option(read, refused):
    """1,5 between semicolons is refused with a hint, and is one and a half with the option."""
    text = "site;programme;nominated_mw;capacity_rate;rate_unit\nAshburn;Contract;1,5;1000,25;USD/MW-year\n"
    problems = refused("p.csv", text)
    assert [("FLEX-108", "p.csv row 2, nominated_mw"), ("FLEX-108", "p.csv row 2, capacity_rate")] == told(problems)
    assert "--decimal comma" in problems[0].remedy
    (row,) = read("p.csv", text, decimal=",").enrolments
    assert (1.5, 1000.25) == (row.nominated_mw, row.capacity_rate)


@pytest.mark.parametrize(
    ("cell", "character"),
    [
        ('"Ash\nburn"', "U+000A"),
        ('"Ash\r\nburn"', "U+000D"),
        ("Ash\tburn", "U+0009"),
        ("Ash\x07burn", "U+0007"),
        ("Ash\x00burn", "U+0000"),
        ("Ash\u2028burn", "U+2028"),
    ],
)
def test_control_characters_are_refused(refused, cell, character):
    """A line break in quotes, a tab or a control character cannot stand in a name."""
    (problem,) = refused("p.csv", TEXT.replace("Ashburn", cell))
    assert ("FLEX-107", "p.csv row 2, site", True) == (problem.code, problem.place, character in problem.what)


def test_a_text_of_300_characters_is_refused(refused):
    """The longest text is what a spreadsheet shows and validates: 255 characters."""
    assert [("FLEX-107", "p.csv row 2, site")] == told(refused("p.csv", TEXT.replace("Ashburn", "A" * 300)))


@pytest.mark.parametrize(
    "site", ['=HYPERLINK("http://x","y")', "+1", "@SUM(A1)", "-2", "O'Hare", "Zürich 東京 🙂", "#1 site", "A" * 255]
)
def test_hostile_names_are_plain_text(read, site):
    """What a spreadsheet would take for a formula is read as it stands."""
    quoted = '"' + site.replace('"', '""') + '"'
    assert site == read("p.csv", TEXT.replace("Ashburn", quoted)).enrolments[0].site


def test_an_unclosed_quotation_mark_is_refused(refused):
    """The rest of the file would be one cell; the row where it began is named."""
    text = TEXT + 'Boston,"Contract,10,1000,USD/MW-year\nChicago,Contract,1,1,USD/MW-year\n'
    assert [("FLEX-114", "p.csv row 3")] == told(refused("p.csv", text))


def test_a_header_alone_has_nothing_to_budget(refused):
    """Without a row there is no enrolment."""
    assert [("FLEX-103", "p.csv")] == told(refused("p.csv", f"{HEAD}\n"))


def test_rows_are_numbered_as_an_editor_shows_them(refused):
    """Blank lines and quoted cells do not shift the number of a row."""
    text = f'{HEAD}\n\nAshburn,"Con""tract",10,1000,USD/MW-year\n\nBoston,Contract,ten,1000,USD/MW-year\n'
    assert [("FLEX-002", "p.csv row 5, nominated_mw")] == told(refused("p.csv", text))


def test_an_error_value_in_a_cell_is_refused(refused):
    """A spreadsheet's #N/A saved as CSV is never read as 0 or as text."""
    assert [("FLEX-002", "p.csv row 2, nominated_mw")] == told(refused("p.csv", TEXT.replace(",10,", ",#N/A,")))


def test_a_cell_too_long_for_any_csv_is_refused(refused):
    """A cell of megabytes is a broken file, not a name."""
    assert [("FLEX-114", "p.csv row 2")] == told(refused("p.csv", TEXT.replace("Ashburn", "A" * 200_000)))
