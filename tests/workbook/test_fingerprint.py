"""Fingerprints: what drives the money makes the Risk tab stale, in words; what does not, does not."""

import datetime as dt
import io

import openpyxl
import pytest

from flexrev_xl.portfolio.terms import EVENT_COLUMNS
from flexrev_xl.workbook import fingerprint
from flexrev_xl.workbook.fingerprint import Subject, count_cell, grid, numbers, texts, word
from flexrev_xl.workbook.sheets import fingerprints
from tests.workbook.making import changed, opened, stored_again

FRESH = "Simulated from these inputs"
STALE = "STALE: inputs have changed since the simulation; build again"


def says(data):
    """What the Risk tabs say of their inputs."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {book[title]["A4"].value for title in ("Risk", "Risk by month", "Risk by line")}


def cell_under(title, key, row):
    """A function that sets the cell under a key of a table to a value."""

    def change(value):
        def set_cell(workbook):
            sheet = workbook[title]
            (at,) = {c.column for r in sheet.iter_rows(max_row=20) for c in r if c.value == key and "key" in c.style}
            sheet.cell(row, at).value = value

        return set_cell

    return change


def swapped(workbook):
    """Two rows of one number change places."""
    for key in ("dispatch_hours", "performance"):
        sheet = workbook["Inputs"]
        (at,) = {c.column for r in sheet.iter_rows(max_row=20) for c in r if c.value == key and "key" in c.style}
        first, last = sheet.cell(15, at), sheet.cell(17, at)
        first.value, last.value = last.value, first.value


MAKES_STALE = {
    "a number of Inputs, by a millionth": cell_under("Inputs", "nominated_mw", 15)(10.00001),
    "a penalty rate that no budgeted year pays": cell_under("Inputs", "penalty_rate", 17)(900),
    "rows that change places": swapped,
    "a price status": cell_under("Inputs", "price_status", 17)("forecast"),
    "a programme": cell_under("Inputs", "programme", 17)("NYISO capacity"),
    "a last day": cell_under("Inputs", "end", 16)(dt.date(2027, 11, 30)),
    "a unit": cell_under("Inputs", "rate_unit", 17)("MW-month"),
    "a limit in place of a word": cell_under("Inputs", "stop_loss_money", 17)(0),
    "hours of an event on Terms": cell_under("Terms", "event_hours", 15)(3),
    "a month of Events": cell_under("Events", EVENT_COLUMNS[0], 15)(3),
    "the scenario simulated": lambda workbook: workbook["Scenarios"].__setitem__("E6", 0.9),
    "an assumption": cell_under("Simulation", "price_sigma", 15)(0.31),
    "an assumption back to the usual": cell_under("Simulation", "price_sigma", 15)("as usual"),
    "an assumption of 0 in place of the usual": cell_under("Simulation", "dispersion", 15)(0),
    "a choice": cell_under("Simulation", "events", 15)("fixed"),
    "a market": cell_under("Simulation", "market", 15)("MISO"),
    "a correlation of markets": lambda workbook: workbook["Markets"].__setitem__("C9", 0.26),
    "the first year": lambda workbook: workbook["Inputs"].__setitem__("C7", 2027),
}
LEAVES_FRESH = {
    "nothing": lambda workbook: None,
    "another scenario": lambda workbook: workbook["Scenarios"].__setitem__("D6", 0.4),
    "the name of a site and a source": lambda workbook: (
        cell_under("Inputs", "site", 17)("Boston II")(workbook),
        cell_under("Inputs", "source", 17)("Letter")(workbook),
    ),
    "the confidence chosen": lambda workbook: workbook["Risk"].__setitem__("C6", 80),
    "a pair that is not used": lambda workbook: workbook["Markets"].__setitem__("C11", 0.5),
}


@pytest.mark.parametrize("name", MAKES_STALE)
def test_stale(name, risk_book):
    """Whatever drives the money of a simulated year makes every Risk tab say STALE."""
    assert {STALE} == says(changed(risk_book, MAKES_STALE[name]))


@pytest.mark.parametrize("name", LEAVES_FRESH)
def test_fresh(name, risk_book):
    """What no simulated year rests on leaves the words as they were."""
    assert {FRESH} == says(changed(risk_book, LEAVES_FRESH[name]))


def test_stale_is_shown_by_its_look_too(risk_book):
    """A conditional format marks the words."""
    formats = opened(risk_book)["Risk"].conditional_formatting
    assert ['LEFT($A$4,5)="STALE"'] == [
        f for area in formats if "A4" in area.sqref for r in area.rules for f in r.formula
    ]


def test_ranges_of_another_tab():
    """Any tab makes a subject of its ranges: numbers, words, tables and texts, weighted down and across."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Load"
    for row, (weight, number, text) in enumerate([(1.0, 4.0, "yes"), (2.0, "none", "no"), (3.0, 5.0, "yes")], start=1):
        for column, value in enumerate((weight, number, text, 10.0 * row, 20.0 * row), start=1):
            sheet.cell(row, column).value = value
    sheet["D5"], sheet["E5"] = 1, 2
    weights = "Load!$A$1:$A$3"
    parts = (
        numbers("Number", "Load!$B$1:$B$3", weights),
        word("Number", "Load!$B$1:$B$3", weights, "none"),
        grid("Table", "Load!$D$1:$E$3", weights, "Load!$D$5:$E$5"),
        texts("Text", "Load!$C$1", "Load!$C$2"),
    )
    subjects = (Subject("Other", parts[:1]), Subject("Load", parts))
    tab = workbook.create_sheet(fingerprints.TITLE)
    fingerprints.lay_out(tab)
    tab["A3"].value = None  # there are no checks in this workbook
    fingerprints.fill(tab, subjects)
    fingerprint.remember(workbook)
    assert "Fingerprints!$F$8" == count_cell(subjects, "Load")
    stored = [tab[f"{fingerprint.STORED}{row}"].value for row in range(9, 13)]
    by_hand = [1 * 4 + 3 * 5, 2, 10 * (1 + 4) + 20 * (2 + 8) + 30 * (3 + 12), "yes|no"]
    assert by_hand == stored
    sheet["C2"] = "maybe"
    fingerprint.remember(workbook)
    assert "yes|no" == tab["E12"].value


def test_long_names_are_shown_in_full(risk_book):
    """Names longer than their cell are shrunk to it, beside what they were."""
    rows = [row for row in opened(risk_book)["Fingerprints"].iter_rows(min_row=6) if row[2].value == "text"]
    assert {True} == {cell.alignment.shrink_to_fit for row in rows for cell in row[3:5]}


def test_fingerprints_are_kept(risk_book):
    """A workbook saved again by another program keeps what was stored of its inputs."""
    before = opened(risk_book)[fingerprint.TITLE]
    after = opened(stored_again(opened(risk_book)))[fingerprint.TITLE]
    column = [[sheet[f"E{row}"].value for row in range(6, 60)] for sheet in (before, after)]
    assert column[0] == column[1]
