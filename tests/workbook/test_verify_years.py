"""`flexrev verify` on the tabs of months and terms: what was changed there is found at its cell, over two budget years."""

import io

import pytest

from tests.workbook.making import changed, opened, with_formula, with_stored
from tests.workbook.test_verify import found, outcome, verified


def test_fresh_build_of_two_years(years_book, tmp_path):
    """Three rows in two years under two scenarios agree as they were built."""
    code, report = verified(years_book, tmp_path)
    assert (0, [], [], 12) == (code, report["differences"], report["notes"], report["lines_compared"])


@pytest.mark.libreoffice
def test_fresh_build_of_two_years_in_libreoffice(years_book, soffice, tmp_path):
    """LibreOffice recalculates it to the same."""
    assert (0, []) == outcome(*verified(years_book, tmp_path, "--engine", "libreoffice"))


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("Periods", "T19"),
        ("Capacity", "K16"),
        ("Energy", "V20"),
        ("Budget", "J40"),
        ("Budget", "AG41"),
        ("Waterfall", "E8"),
    ],
)
def test_formula_changed(title, cell, years_book, tmp_path):
    """A formula that gives the same value today is still another formula."""
    data = with_formula(years_book, title, [cell], lambda f: f"({f})*1")
    assert (3, [("FLEX-301", title, cell)]) == outcome(*verified(data, tmp_path))


@pytest.mark.parametrize("cell", ["J39", "U62", "AG41", "E52", "J15"])
def test_stored_month_changed(cell, years_book, tmp_path):
    """A stored month, quarter, year, total, receivable or month of the scenario shown typed over is found in its own cell alone."""
    data = with_stored(years_book, "Budget", cell, "123456.78")
    assert (3, [("FLEX-302", "Budget", cell)]) == outcome(*verified(data, tmp_path))


@pytest.mark.parametrize("cell", ["A39", "B39", "D14", "A8"])
def test_label_or_unit_changed(cell, years_book, tmp_path):
    """A label, a unit, a heading or a row of the axis that says something else is found, though every figure is right."""
    data = changed(years_book, lambda workbook: workbook["Budget"].__setitem__(cell, "kUSD"))
    assert (3, [("FLEX-305", "Budget", cell)]) == outcome(*verified(data, tmp_path))


def test_tab_of_months_deleted(years_book, tmp_path):
    """A workbook without its Budget tab is told so, before what follows from it."""
    workbook, out = opened(years_book), io.BytesIO()
    del workbook["Budget"]
    workbook.save(out)
    code, report = verified(out.getvalue(), tmp_path)
    first = report["differences"][0]
    assert (3, "FLEX-306", "Budget", "") == (code, first["code"], first["sheet"], first["cell"])


def test_another_scenario_shown(years_book, tmp_path):
    """The scenario that Budget shows is the reader's choice: no difference and no note."""
    data = changed(years_book, lambda workbook: workbook["Scenarios"].__setitem__("D4", "Low"))
    code, report = verified(data, tmp_path)
    assert (0, [], []) == (code, report["differences"], report["notes"])


def test_weight_changed_without_recalculation(years_book, tmp_path):
    """A weight of January's events typed over by a program that does not recalculate leaves results that are found."""
    code, report = verified(with_stored(years_book, "Events", "D17", "3"), tmp_path)
    assert (3, {"FLEX-302"}) == (code, {c for c, *_ in found(report)})
    assert {("FLEX-302", "Energy", "O17"), ("FLEX-302", "Budget", "O40")} <= found(report)


def test_weight_changed_and_recalculated(years_book, tmp_path):
    """A weight changed and recalculated is a budget like any other, with a note."""
    code, report = verified(changed(years_book, lambda workbook: workbook["Events"].__setitem__("D17", 3)), tmp_path)
    assert (0, ["the inputs were changed since the workbook was built"]) == (code, report["notes"])


def test_months_against_the_core(years_book, tmp_path):
    """Days paid changed on Capacity and recalculated: the months that follow are not the core's."""

    def change(workbook):
        workbook["Capacity"]["K15"] = f"{workbook['Capacity']['K15'].value}*2"

    code, report = verified(changed(years_book, change), tmp_path)
    assert (3, "FLEX-301") == (code, report["differences"][0]["code"])
    assert {("FLEX-304", "Budget", "K39"), ("FLEX-304", "Budget", "K63")} <= found(report)
