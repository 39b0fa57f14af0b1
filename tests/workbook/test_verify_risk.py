"""`flexrev verify` of a workbook with simulated years: run again where its inputs are unchanged, told where they are not."""

import io

import pytest

from tests.workbook.making import OTHER, SITE, built, changed, made, opened, with_text
from tests.workbook.test_verify import found, outcome, verified

STALE = "the Risk tab is stale: inputs have changed since the simulation, and its figures were not compared"


def cell_of(data, title, text, letter="A"):
    """The row in which a text stands."""
    return next(c.row for c in opened(data)[title][letter] if c.value == text)


def test_fresh_build(risk_book, tmp_path):
    """Simulated again from its own inputs, seed, draws and confidence, every stored figure agrees."""
    code, report = verified(risk_book, tmp_path)
    assert (0, [], []) == (code, report["differences"], report["notes"])


def test_events_that_are_not_the_budgets(tmp_path):
    """Words on a line whose events come to other hours than the budget's name it alike in a file and in its workbook."""
    assumed = {"events_per_year": 9, "hours_per_event": 2, "most_events_per_year": 7}
    code, report = verified(built(made([SITE, OTHER], simulation=assumed), draws=100), tmp_path)
    assert (0, []) == (code, report["differences"])


def test_in_libreoffice(risk_book, soffice, tmp_path):
    """The same where a real spreadsheet program recalculates it."""
    code, report = verified(risk_book, tmp_path, "--engine", "libreoffice")
    assert (0, []) == (code, report["differences"])


@pytest.mark.parametrize(
    ("title", "cell"), [("Risk", "D10"), ("Risk", "F12"), ("Risk by month", "H17"), ("Risk by line", "G15")]
)
def test_a_stored_figure_changed(title, cell, risk_book, tmp_path):
    """A figure of the simulation typed over is found where it stands."""

    def change(workbook):
        workbook[title][cell].value *= 1.001

    code, report = verified(changed(risk_book, change), tmp_path)
    assert (3, [("FLEX-304", title, cell)]) == outcome(code, report)


def test_a_reserve_overwritten(risk_book, tmp_path):
    """A live reserve overwritten by what it gave is found."""
    row = cell_of(risk_book, "Risk", "Downside reserve: budget less that, where it is more")
    data = changed(risk_book, lambda workbook: workbook["Risk"].__setitem__(f"D{row}", 1))
    code, report = verified(data, tmp_path)
    assert (3, True) == (code, ("FLEX-301", "Risk", f"D{row}") in found(report))


def test_another_seed_written(risk_book, tmp_path):
    """Another seed than the figures were drawn with is found by the figures."""
    row = cell_of(risk_book, "Risk", "Seed")
    code, report = verified(with_text(risk_book, "Risk", f"C{row}", "12"), tmp_path)
    assert (3, True) == (code, ("FLEX-304", "Risk", "D10") in found(report))


def test_what_was_simulated_is_not_told(risk_book, tmp_path):
    """Without its draws a Risk tab cannot be run again, and is no longer ours."""
    row = cell_of(risk_book, "Risk", "Draws (years simulated)")
    code, report = verified(with_text(risk_book, "Risk", f"C{row}", "many"), tmp_path)
    assert (3, [("FLEX-305", "Risk", "")]) == outcome(code, report)


def test_inputs_changed(risk_book, tmp_path):
    """Inputs changed and recalculated make a stale Risk tab, which is a note and no difference."""
    for title, cell, value in (("Inputs", "G15", 12), ("Simulation", "L15", 0.2), ("Markets", "C9", 0.5)):
        data = changed(risk_book, lambda w, t=title, c=cell, v=value: w[t].__setitem__(c, v))
        code, report = verified(data, tmp_path)
        assert (0, [], True) == (code, report["differences"], STALE in report["notes"])


def test_another_confidence_chosen(risk_book, tmp_path):
    """The reader's own choice of confidence is neither a difference nor a note."""
    code, report = verified(changed(risk_book, lambda workbook: workbook["Risk"].__setitem__("C6", 80)), tmp_path)
    assert (0, [], []) == (code, report["differences"], report["notes"])


def test_another_scenario_changed(risk_book, tmp_path):
    """A scenario that is not simulated may change: the figures of Risk are still compared."""
    data = changed(risk_book, lambda workbook: workbook["Scenarios"].__setitem__("D6", 0.4))
    code, report = verified(data, tmp_path)
    assert (0, ["the inputs were changed since the workbook was built"]) == (code, report["notes"])


def test_a_fingerprint_changed(risk_book, tmp_path):
    """A stored fingerprint typed over would call fresh figures stale."""
    data = changed(risk_book, lambda workbook: workbook["Fingerprints"].__setitem__("E8", 1))
    assert (3, [("FLEX-305", "Fingerprints", "E8")]) == outcome(*verified(data, tmp_path))


def test_stale_made_to_look_fresh(risk_book, tmp_path):
    """Inputs changed and the fingerprints taken anew: the figures, run again, are not those stored."""

    def change(workbook):
        workbook["Inputs"]["G15"] = 12
        for row in range(6, 200):
            workbook["Fingerprints"][f"E{row}"] = None

    code, report = verified(changed(risk_book, change), tmp_path)
    note = "the hash on the Risk tab is not that of these inputs, though no fingerprint has changed"
    assert (3, True) == (code, note in report["notes"])
    assert {"FLEX-304"} == {code for code, *_ in found(report)}


def test_other_random_numbers(risk_book, tmp_path):
    """Figures drawn with another version of the generator are not compared, and that is said."""
    row = cell_of(risk_book, "Risk", "Random numbers")
    code, report = verified(with_text(risk_book, "Risk", f"C{row}", "numpy 1.0, Philox"), tmp_path)
    assert (0, 1) == (
        code,
        sum("numpy 1.0, Philox: the figures of Risk were not compared" in n for n in report["notes"]),
    )


def test_a_tab_missing(risk_book, tmp_path):
    """A Risk tab taken out is told, whatever else is then amiss."""
    workbook, out = opened(risk_book), io.BytesIO()
    del workbook["Risk by month"]
    workbook.save(out)
    code, report = verified(out.getvalue(), tmp_path)
    assert (3, True) == (code, ("FLEX-306", "Risk by month", "") in found(report))
