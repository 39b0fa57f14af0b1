"""Assumptions of a simulation read back out of a workbook: as given, row by row, with the cell of every mistake."""

import pytest

from flexrev_xl.analysis.simulate import simulate_portfolio
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.models import in_tab_order
from flexrev_xl.readers.portfolio import read_portfolio
from flexrev_xl.workbook.hashes import simulation_hash
from tests.workbook.making import ASSUMED, OTHER, SITE, built, made, opened


@pytest.fixture(scope="module")
def assumed():
    """Rows of which those of one site and programme stand apart, with assumptions of every kind."""
    return made(
        [SITE, OTHER, {**SITE, "season": "Winter", "start": "2027-06-01", "end": "2027-12-31"}], simulation=ASSUMED
    )


@pytest.fixture(scope="module")
def book(assumed):
    """The bytes of their workbook, in which nothing was simulated."""
    return built(assumed)


def read(data, folder):
    """The portfolio of a workbook."""
    (folder / "book.xlsx").write_bytes(data)
    return read_portfolio(folder / "book.xlsx")


def test_what_is_given_comes_back(assumed, book, tmp_path):
    """What is given of each row, of its programme or of all is given of the row; what is not stays as usual."""
    back = read(book, tmp_path)
    expected = [assumed.uncertainty.given(row) for row in in_tab_order(assumed.enrolments)]
    assert expected == [back.uncertainty.given(row) for row in back.enrolments]
    assert [(("PJM", "New England"), 0.25)] == [(p.markets, p.correlation) for p in back.uncertainty.between_markets]


def test_the_same_figures_and_the_same_hash(assumed, book, tmp_path):
    """A workbook simulates to the last bit as the portfolio does that it was built from, and has its hash."""
    back = read(book, tmp_path)
    one, two = (simulate_portfolio(p, draws=200, seed=5) for p in (assumed, back))
    assert one.years[0].net.tobytes() == two.years[0].net.tobytes()
    assert (one.assumed, simulation_hash(assumed)) == (two.assumed, simulation_hash(back))


def test_nothing_given_is_nothing_read(tmp_path):
    """Where every cell is as usual there are no assumptions, as in a file without any."""
    assert None is read(built(made([SITE, OTHER])), tmp_path).uncertainty


def test_a_workbook_without_the_tabs(book, tmp_path):
    """An older workbook has no such tabs, and everything is as usual."""
    workbook = opened(book)
    del workbook["Simulation"], workbook["Markets"]
    workbook.save(tmp_path / "old.xlsx")
    assert None is read_portfolio(tmp_path / "old.xlsx").uncertainty


def test_every_mistake_has_its_cell(book, tmp_path):
    """A correlation beyond 100 %, a word for a number, a rate below 0 and half a pair are told together."""
    workbook = opened(book)
    sheet = workbook["Simulation"]
    at = {c.value: c.column_letter for c in sheet[13]}
    sheet[f"{at['price_event_correlation']}15"] = 1.5
    sheet[f"{at['hours_per_event']}16"] = "long"
    sheet[f"{at['dispersion']}17"] = -1
    workbook["Markets"]["A10"] = "MISO"
    workbook.save(tmp_path / "book.xlsx")
    with pytest.raises(FlexError) as refused:
        read_portfolio(tmp_path / "book.xlsx")
    expected = {
        ("FLEX-142", f"Simulation!{at['price_event_correlation']}15 price_event_correlation"),
        ("FLEX-002", f"Simulation!{at['hours_per_event']}16 hours_per_event"),
        ("FLEX-003", f"Simulation!{at['dispersion']}17 dispersion"),
        ("FLEX-107", "Markets row 10"),
    }
    assert expected == {(p.code, p.place) for p in refused.value.problems}
