"""Numbers written as text, and what a text file must be."""

import pytest

from flexrev_xl.errors import FlexError
from flexrev_xl.readers.text import number_from_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("95%", 0.95),
        (" 12.5 ", 12.5),
        ("-3", -3.0),
        ("+.5", 0.5),
        ("1e3", 1000.0),
        ("7.", 7.0),
        ("kW-month", "kW-month"),
        ("", ""),
        ("12:30", "12:30"),
    ],
)
def test_plain_numbers_and_percentages_are_read(text, expected):
    """A plain number becomes a float, a percentage its fraction, anything else stays text."""
    assert expected == number_from_text(text)


@pytest.mark.parametrize("text", ["1,5", "1,000", "1.000,5", "1,234.5", "1 200", "1'200", "12,5%"])
def test_a_comma_in_a_number_is_refused(text):
    """With a decimal point no comma, blank or apostrophe stands inside a number."""
    with pytest.raises(FlexError) as refused:
        number_from_text(text)
    assert ("FLEX-108", True) == (refused.value.code, "--decimal comma" in refused.value.remedy)


def test_a_decimal_comma_is_read_when_asked_for():
    """With a decimal comma 1,5 is one and a half."""
    assert (1.5, 0.125, 3.0) == (
        number_from_text("1,5", ","),
        number_from_text("12,5%", ","),
        number_from_text("3", ","),
    )


@pytest.mark.parametrize("text", ["1.5", "1.000", "1.000,5"])
def test_a_point_is_refused_beside_a_decimal_comma(text):
    """With a decimal comma 1.000 could be one or a thousand, and the remedy does not send anyone in a circle."""
    with pytest.raises(FlexError) as refused:
        number_from_text(text, ",")
    assert ("FLEX-108", False) == (refused.value.code, "--decimal" in refused.value.remedy)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
@pytest.mark.parametrize("name", ["p.csv", "p.yaml"])
def test_an_empty_file_is_refused(refused, name, content):
    """An empty file, with or without a byte order mark, has nothing to budget."""
    assert [("FLEX-103", name)] == [(p.code, p.place) for p in refused(name, content)]


@pytest.mark.parametrize("name", ["p.csv", "p.yaml"])
def test_text_that_is_not_utf8_names_its_line(refused, name):
    """Bytes of another encoding are refused with the line they stand in."""
    (problem,) = refused(name, "site: Ashburn\nzone: M\u00fcnchen\n".encode("latin-1"))
    assert ("FLEX-114", "line 2 is not UTF-8 text") == (problem.code, problem.what)


@pytest.mark.parametrize("name", ["p.csv", "p.yaml"])
def test_utf16_of_a_spreadsheet_is_refused(refused, name):
    """What Excel calls Unicode Text is UTF-16; the remedy names the right choice."""
    (problem,) = refused(name, "site,programme\nA,B\n".encode("utf-16"))
    assert ("FLEX-114", True) == (problem.code, "UTF-8" in problem.remedy)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    """A missing file and a kind that is not read are told apart."""
    from flexrev_xl.readers.portfolio import read_portfolio

    (tmp_path / "p.ods").write_bytes(b"x")
    for name, code in (("none.csv", "FLEX-101"), ("p.ods", "FLEX-102"), ("x" * 5000 + ".csv", "FLEX-101")):
        with pytest.raises(FlexError) as refused:
            read_portfolio(tmp_path / name)
        assert code == refused.value.code


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    """A locked file is told in the system's words, with its path."""
    import pathlib

    from flexrev_xl.readers.portfolio import read_portfolio

    def locked(self):
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "p.csv"
    path.write_text("site\n", encoding="utf-8")
    monkeypatch.setattr(pathlib.Path, "read_bytes", locked)
    with pytest.raises(FlexError) as refused:
        read_portfolio(path)
    assert ("FLEX-101", str(path), "Permission denied") == (refused.value.code, refused.value.place, refused.value.what)
