"""`flexrev verify` of a case: in its own workbook and in a budget, what was changed is found; a stale one is noted."""

import pytest

from flexrev_xl.errors import FlexError
from flexrev_xl.workbook.sheets import cpm_case, cpm_workings
from flexrev_xl.workbook.verify import verify_workbook
from tests.workbook import cases
from tests.workbook.making import built, changed, opened, with_formula, with_sheet, with_stored, with_text
from tests.workbook.test_cpm_workbook import with_inputs
from tests.workbook.test_verify import found, verified

HASH = cpm_workings.own_cell("hash").replace("$", "")


@pytest.fixture(scope="module")
def budget_book(small_portfolio):
    """The bytes of a budget with a case in it."""
    return built(small_portfolio, case=cases.by_hand())


@pytest.mark.parametrize("engine", ["formualizer", "libreoffice"])
def test_fresh_build(engine, case_book, tmp_path, soffice):
    """A workbook as it was built agrees: exit code 0, every figure of the core compared, nothing to note."""
    code, report = verified(case_book, tmp_path, "--engine", engine)
    # 10 steps in 3 states, the level price, 9 added, 21 of money, 8 a year over 6 years, value today and payback
    assert (0, 111, []) == (code, report["lines_compared"], report["notes"])


def _cell(key, state=None):
    return cpm_workings.own_cell(key, state).replace("$", "")


TAMPERED = {
    "a formula": (
        lambda b: with_formula(b, "CPM workings", [_cell("storage_net")], lambda f: f"{f}+0"),
        {("FLEX-301", "CPM workings", _cell("storage_net"))},
    ),
    "a formula of a year": (
        lambda b: with_formula(b, "CPM cash", ["D10"], lambda f: f"1*({f})"),
        {("FLEX-301", "CPM cash", "D10")},
    ),
    "a stored result": (
        lambda b: with_stored(b, "CPM workings", _cell("compute_per_mw", "alone"), "800"),
        {("FLEX-302", "CPM workings", _cell("compute_per_mw", "alone"))},
    ),
    "a word": (
        lambda b: with_text(b, "CPM workings", _cell("thesis_0"), "storage pays"),
        {("FLEX-305", "CPM workings", _cell("thesis_0"))},
    ),
    "a limit": (
        lambda b: with_stored(b, "CPM workings", _cell("most_c_shown"), "40"),
        {("FLEX-305", "CPM workings", _cell("most_c_shown"))},
    ),
    "a label": (lambda b: with_text(b, "CPM", "B7", "GPUs sold"), {("FLEX-305", "CPM", "B7")}),
    "a bound": (lambda b: with_stored(b, "Case", "F10", "8"), {("FLEX-305", "Case", "F10")}),
    "the worst hour": (lambda b: with_stored(b, "CPM series", "B12", "1"), {("FLEX-305", "CPM workings", HASH)}),
    "what it was worked out with": (
        lambda b: with_stored(b, "Case", f"H{cpm_case.ROW_OF['discount_rate']}", "0.1000000001"),
        {("FLEX-305", "CPM workings", HASH)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_tampered(what, case_book, tmp_path):
    """A formula, a stored result or a fixed value that was changed is found in its own cell alone."""
    change, expected = TAMPERED[what]
    code, report = verified(change(case_book), tmp_path)
    assert (3, expected) == (code, found(report))


def test_number_of_the_series_typed_over(case_book, tmp_path):
    """GPUs typed over and recalculated do not pass for what the load gave."""

    def change(workbook):
        workbook["CPM workings"][_cell("gpus", "with_battery")] = 20_000

    code, report = verified(changed(case_book, change), tmp_path)
    assert (3, {("FLEX-305", "CPM workings", HASH)}) == (code, found(report))


def test_result_in_place_of_a_formula(case_book, tmp_path):
    """A figure typed over a formula is found, and what follows from it against the core."""

    def change(workbook):
        workbook["CPM workings"][_cell("added_opex")] = 0

    code, report = verified(changed(case_book, change), tmp_path)
    assert (3, ("FLEX-301", "CPM workings", _cell("added_opex"))) == (code, min(found(report)))
    assert ("FLEX-304", "CPM workings", _cell("storage_net")) in found(report)


def test_input_that_is_refused(case_book, tmp_path):
    """An input outside its bounds is found in its cell, with its code."""
    cell = f"D{cpm_case.ROW_OF['pue']}"
    code, report = verified(with_stored(case_book, "Case", cell, "0.5"), tmp_path)
    assert (3, True) == (code, ("FLEX-003", "Case", cell) in found(report))


def test_another_price(case_book, tmp_path):
    """A price typed anew and recalculated is a case like any other, with notes."""
    code, report = verified(with_inputs(case_book, price_per_gpu_hour=2.1), tmp_path)
    expected = [
        "money of the case was changed since it was worked out: Price of a GPU-hour, first year",
        "the inputs were changed since the workbook was built",
    ]
    assert (0, expected) == (code, report["notes"])


def test_stale(case_book, tmp_path):
    """Another battery is no difference, but a note says that the results are stale."""
    code, report = verified(with_inputs(case_book, battery_mw=2.5, power_cap=0.9), tmp_path)
    assert (0, []) == (code, report["differences"])
    said = "STALE: the stored results of the case were worked out with other values of Power cap, Battery power"
    assert said == report["notes"][0]


def test_battery_of_power_alone(case_book, tmp_path):
    """A battery without energy, which a case's file may not hold either, is a difference at its cell."""
    code, report = verified(with_inputs(case_book, battery_mwh=0.0), tmp_path)
    expected = {("FLEX-003", "Case", f"D{cpm_case.ROW_OF['battery_mwh']}")}
    assert (3, expected) == (code, found(report))


def test_another_version(case_book, tmp_path):
    """A workbook of another version is compared with the core, not with this version's formulas."""
    other = with_text(case_book, "Change log", "A6", "0.0.1")
    code, report = verified(with_formula(other, "CPM cash", ["D10"], lambda f: f"1*({f})"), tmp_path)
    assert (0, True) == (code, report["notes"][0].startswith("built by version 0.0.1"))


def test_tab_missing(case_book, tmp_path):
    """A case without one of its tabs is none of ours any more."""
    workbook = opened(case_book)
    del workbook["CPM cash"]
    workbook.save(tmp_path / "cpm.xlsx")
    with pytest.raises(FlexError) as refused:
        verify_workbook(tmp_path / "cpm.xlsx")
    assert ("FLEX-118", "there is no tab CPM cash") == (refused.value.code, refused.value.what)


def test_in_a_budget(budget_book, tmp_path):
    """A budget with a case agrees with both: 4 lines and 111 figures."""
    code, report = verified(budget_book, tmp_path)
    assert (0, 115, []) == (code, report["lines_compared"], report["notes"])


def test_tampered_in_a_budget(budget_book, tmp_path):
    """What was changed of a case is found in a budget too."""
    data = with_formula(budget_book, "CPM cash", ["D10"], lambda f: f"1*({f})")
    data = with_stored(data, "CPM series", "B9", "9")
    expected = {("FLEX-301", "CPM cash", "D10"), ("FLEX-305", "CPM workings", HASH)}
    code, report = verified(data, tmp_path)
    assert (3, expected) == (code, found(report))


def test_rows_of_a_series_taken_out(case_book, tmp_path):
    """Rows taken out of the worst hour are missed."""
    code, report = verified(with_sheet(case_book, "CPM series", r'<row r="20".*?</row>', ""), tmp_path)
    assert (3, {("FLEX-305", "CPM workings", HASH)}) == (code, found(report))
