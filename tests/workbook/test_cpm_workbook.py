"""The workbook of a case: what it stores, what it recalculates, what it says is stale, how it is written and read back."""

import io

import openpyxl
import pytest
from pytest import approx

from flexrev_xl.analysis.cpm_case import cash_of, money
from flexrev_xl.core.cpm import case_line, economics, storage_value
from flexrev_xl.core.cpm.case_inputs import DRIVES_SERIES, INPUTS
from flexrev_xl.errors import FlexError
from flexrev_xl.workbook import cpm_read, cpm_record, engines, verify_cpm
from flexrev_xl.workbook.cpm_build import build_cpm_workbook
from flexrev_xl.workbook.sheets import cpm, cpm_case, cpm_cash, cpm_series, cpm_workings
from flexrev_xl.workbook.verify import verify_workbook
from tests.workbook import cases
from tests.workbook.making import TODAY, changed

MONEY = {
    "price_per_gpu_hour": 1.9, "price_fall": 0.2, "gpu_capex": 31e3, "gpu_years": 7.0, "energy_price_per_mwh": 85.0,
    "discount_rate": 0.08, "battery_capex_per_mwh": 250e3, "grid_revenue_per_mw_year": 90e3, "months_earlier": 9.0,
}  # fmt: skip


def values_of(data):
    """A workbook opened for its stored results."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=True)


def at(book, title, address):
    """The value of a cell."""
    return book[title][address.replace("$", "")].value


def shown(book, key, state=None):
    """A measure of the CPM tab."""
    return at(book, cpm.TITLE, cpm.own_cell(key, *([state] if state else [])))


def with_inputs(data, **values):
    """A workbook in which inputs of the case were typed anew, recalculated."""

    def type_in(workbook):
        for key, value in values.items():
            workbook[cpm_case.TITLE][f"{cpm_case.VALUE}{cpm_case.ROW_OF[key]}"].value = value

    return changed(data, type_in)


@pytest.fixture(scope="module")
def by_hand():
    """The workbook of round figures, opened for its results."""
    return values_of(cases.built(cases.by_hand()))


def test_figures_by_hand(by_hand):
    """50 more GPUs at 0.95 x 0.5 x 8,760 h x 2 = 416,100, and 8,760 kept in events, less their cost and the battery's."""
    expected = {
        "added_revenue": 424_860, "added_gpu_annuity": 250_000, "added_energy_cost": 53_800, "added_opex": 5_000,
        "added_compute_margin": 116_060, "battery_annuity": 25_000, "battery_o_and_m": 5_000, "wear": 4_000,
        "storage_net": 82_060, "grid_revenue": 60_000, "gross_per_mw": 424_860, "net_per_mw": 82_060, "net_per_mwh": 41_030,
        "share_of_grid": 60_000 / 176_060, "fee_floor": (34_000 - 60_000) / 12, "fee_ceiling": 116_060 / 12, "npv": 5 * 82_060,
        "payback": 4 + 71_760 / 482_060, "moved_life": 0, "uplift_total": 1.14 * 1.05, "c_rate": 0.5, "full_cycles": 200,
    }  # fmt: skip
    assert {key: approx(value) for key, value in expected.items()} == {key: shown(by_hand, key) for key in expected}
    margins = [shown(by_hand, "margin", state) for state in case_line.STATES]
    assert [2_784_000, 3_025_440, 10_402_500 - 6.25e6 - 876_000 - 125_000] == [approx(m) for m in margins]


def test_rate_of_return_by_hand(by_hand):
    """At the rate shown, -1.5 M, four times 357,060 and 482,060 are worth nothing."""
    rate = shown(by_hand, "irr")
    flows = (-1.5e6, *[357_060] * 4, 482_060)
    assert approx(0, abs=1e-3) == sum(flow / (1 + rate) ** year for year, flow in enumerate(flows))


def _core(record):
    """Every figure of the core by tab and cell."""
    return {(title, address): value for title, address, value in verify_cpm._expected(record)}


@pytest.mark.parametrize("currency", ["USD", "INR"])
def test_live_money_is_the_core_s(currency, recalculated, tmp_path):
    """Prices, lives and rates typed anew recalculate to what the core gives, in formualizer and LibreOffice."""
    data = with_inputs(cases.built(cases.by_hand(currency)), **MONEY)
    record = cases.by_hand(currency, **MONEY)
    values, states = money(record.inputs, verify_cpm._results(record))
    total = max(abs(values["revenue_with_battery"]), values["state_gpu_capex_with_battery"])
    (tmp_path / "case.xlsx").write_bytes(data)
    for book in (values_of(data), recalculated(tmp_path / "case.xlsx")):
        for state, figures in states.items():
            for each in case_line.STATE_STEPS:
                actual = at(book, cpm_workings.TITLE, cpm_workings.own_cell(each.key, state))
                assert approx(figures[each.key], rel=1e-9, abs=1e-9 * total) == actual, each.key
        for each in (case_line.level_price, *case_line.ADDED_STEPS, *case_line.MONEY_STEPS):
            actual = at(book, cpm_workings.TITLE, cpm_workings.own_cell(each.key))
            assert approx(values[each.key], rel=1e-9, abs=1e-9 * total) == actual, each.key
        flows = [row["cash_of_year"] for row in cash_of(values)]
        years = [book[cpm_cash.TITLE][f"H{row}"].value for row in range(cpm_cash.FIRST_ROW, cpm_cash.LAST_ROW + 1)]
        assert [approx(f, rel=1e-9, abs=1e-9 * total) for f in (*flows, *[0] * (len(years) - len(flows)))] == years
        assert 0 == at(book, "Checks", "D6")
        assert currency in book[cpm.TITLE]["A2"].value
        assert currency == at(book, cpm.TITLE, f"C{cpm.ROW_OF['npv']}")


def test_stored_results_are_the_core_s(case_result, case_book, recalculated, tmp_path):
    """What is stored of a case that was worked out is what its result holds."""
    (tmp_path / "case.xlsx").write_bytes(case_book)
    for book in (values_of(case_book), recalculated(tmp_path / "case.xlsx")):
        assert approx(case_result.npv.value) == shown(book, "npv")
        assert approx(case_result.irr.value) == shown(book, "irr")
        assert approx(case_result.payback_years.value) == shown(book, "payback")
        assert approx(case_result.storage.gross) == shown(book, "added_revenue")
        assert approx(case_result.storage.net) == shown(book, "storage_net")
        assert approx(case_result.uplift.total) == shown(book, "uplift_total")
        said = [shown_words(book, key) for key in ("share_of_grid", "fee_ceiling")]
        assert [case_result.storage.verdict, case_result.fee_verdict] == said


def shown_words(book, key):
    """What stands in words beside a measure."""
    return at(book, cpm.TITLE, f"G{cpm.ROW_OF[key]}")


STATUS = ((cpm_case.TITLE, "A4"), (cpm_series.TITLE, "A4"), (cpm_workings.TITLE, "A4"), (cpm_cash.TITLE, "A4"), (cpm.TITLE, "A4"))  # fmt: skip


def _statuses(data):
    book = values_of(data)
    return {at(book, *cell) for cell in STATUS}, at(book, cpm_series.TITLE, "A5")


def test_fresh(case_book):
    """A workbook as built is fresh on every tab."""
    assert ({cpm_workings.FRESH}, cpm_workings.FRONTIER_FRESH) == _statuses(case_book)


@pytest.mark.parametrize("typed", [{}, {"battery_mw": 1.5}])
def test_frontier_that_was_not_asked_for(typed, tmp_path):
    """A case without the section optimise has no frontier that could be fresh or stale."""
    text = cases.YAML.replace("optimise: {most_battery_mw: 3, most_battery_mwh: 12}\n", "")
    data = cases.built_result(cases.worked_out(tmp_path, text))
    assert cpm_workings.NO_FRONTIER == _statuses(with_inputs(data, **typed) if typed else data)[1]


def test_another_battery_is_stale(case_book):
    """Another battery makes what the series gave stale, on every tab and in words."""
    assert ({cpm_workings.STALE}, cpm_workings.FRONTIER_STALE) == _statuses(with_inputs(case_book, battery_mw=2.5))


def test_another_price_is_not_stale(case_book):
    """Another price leaves what the series gave as it is; the frontier alone rests on money."""
    expected = ({cpm_workings.FRESH}, cpm_workings.FRONTIER_STALE)
    assert expected == _statuses(with_inputs(case_book, price_per_gpu_hour=2.1))


@pytest.mark.parametrize("key", INPUTS)
def test_each_input_is_watched(key):
    """Each input that the series rest on makes them stale, and no other does."""
    value = cases.ROUND[key]
    data = with_inputs(cases.built(cases.by_hand()), **{key: value + 1 if key == "gpu_years" else value * 1.01 or 0.01})
    expected = cpm_workings.STALE if key in DRIVES_SERIES else cpm_workings.FRESH
    assert {expected} == _statuses(data)[0]


def test_all_that_drives_the_series():
    """The inputs that the series rest on are those of section 7 of the model: contract, GPU, cap, battery."""
    expected = {
        "grid_mw", "gpu_kw", "other_kw_per_gpu", "pue", "power_cap", "battery_mw", "battery_mwh",
        "round_trip_efficiency", "auxiliaries", "depth", "end_of_life",
    }  # fmt: skip
    assert expected == set(DRIVES_SERIES)


@pytest.mark.parametrize(
    ("mwh", "technology", "words", "is_shown"),
    [
        (1.0, "battery", cpm_workings.WITHIN_QUIET, True),
        (0.4, "battery", storage_value.ABOVE_QUIET, True),
        (0.2, "battery", storage_value.ABOVE_SHOWN, False),
        (0.2, "supercap", storage_value.ABOVE_QUIET, True),
    ],
)
def test_few_hours_of_storage(mwh, technology, words, is_shown):
    """Above 2 C a warning stands; above 4 C no money per MWh, unless it is no battery."""
    book = values_of(cases.built(cases.by_hand(technology=technology, battery_mwh=mwh)))
    assert words == shown_words(book, "c_rate")
    values = [shown(book, key) for key in ("gross_per_mwh", "net_per_mwh", "net_per_mwh_discharged")]
    assert is_shown == all(isinstance(v, float | int) for v in values)
    assert is_shown or [cpm_workings.NOT_SHOWN] * 3 == values


@pytest.mark.parametrize(
    ("changes", "thesis", "fee"),
    [
        ({}, economics.MAINLY_COMPUTE, economics.DEAL),
        ({"grid_revenue_per_mw_year": 120e3}, economics.MAINLY_GRID, economics.DEAL),
        ({"gpu_capex": 40e3}, economics.NOT_PAYING, economics.NO_DEAL),
        ({"battery_mw": 0.0, "battery_mwh": 0.0}, economics.MAINLY_COMPUTE, "no battery"),
    ],
)
def test_verdicts(changes, thesis, fee):
    """The words follow margin and grid revenue: 116,060 beside 60,000 and 120,000; margin below 0; no battery."""
    book = values_of(cases.built(cases.by_hand(**changes)))
    assert [thesis, fee] == [shown_words(book, key) for key in ("share_of_grid", "fee_ceiling")]


def test_losses_have_no_rate():
    """Where cash never comes back there is no payback and no rate from 0 up, in words and not as an error."""
    book = values_of(cases.built(cases.by_hand(gpu_capex=60e3)))
    assert [cpm.NO_RATE, cpm.NEVER] == [shown(book, key) for key in ("irr", "payback")]


@pytest.mark.parametrize(
    ("typed", "failed"),
    [
        ({"pue": 0.9}, {"Case: every input within limits"}),
        ({"utilisation": 1.2, "gpu_years": 16}, {"Case: every input within limits"}),
        ({"wear_per_mwh": None}, {"Case: every input a number"}),
        ({"battery_mwh": 0}, {"Case: battery power beside battery energy"}),
    ],
)
def test_checks_catch_what_cannot_be(typed, failed):
    """What data validation would refuse, and a battery with power alone, fail their checks and the master check."""
    book = values_of(with_inputs(cases.built(cases.by_hand()), **typed))
    rows = [row for row in book["Checks"].iter_rows(min_row=7, max_col=4, values_only=True) if row[3] == 1]
    told = {label for label, *_ in rows}
    assert (failed, True) == (told & ALL_OF_INPUTS, book["Checks"]["D6"].value >= 1)
    assert "CHECK FAILED" in book[cpm.TITLE]["A3"].value


def test_text_for_a_number_fails_in_words(case_book, soffice):
    """A text where a number belongs makes figures errors; the master check is still a number, and every tab says so."""
    book = openpyxl.load_workbook(io.BytesIO(case_book))
    book[cpm_case.TITLE][f"D{cpm_case.ROW_OF['utilisation']}"].value = "most of it"
    typed = io.BytesIO()
    book.save(typed)
    book = values_of(engines.recalculated(typed.getvalue()))
    assert "CHECK FAILED: see the Checks tab" == book[cpm.TITLE]["A3"].value == book[cpm_case.TITLE]["A3"].value


ALL_OF_INPUTS = {
    "Case: every input within limits",
    "Case: every input a number",
    "Case: battery power beside battery energy",
}


def test_sentences_stand_there(case_result, case_book):
    """Everything that was read, warned of, assumed and cautioned is printed, and read back as it was."""
    record = cpm_read.read(values_of(case_book))
    assert cpm_record.of_result(case_result).notes == record.notes
    texts = {text for _, text in record.notes}
    assert {*case_result.cautions, *case_result.assumptions, *case_result.read} <= texts


def test_read_back(case_result, case_book):
    """The record that is read back is the one that was written."""
    assert cpm_record.of_result(case_result) == cpm_read.read(values_of(case_book))


def test_nothing_is_overwritten(case_result, tmp_path):
    """A file that exists stays as it is unless force is said."""
    path = tmp_path / "cpm.xlsx"
    path.write_bytes(b"ours")
    with pytest.raises(FlexError) as refused:
        build_cpm_workbook(case_result, path, today=TODAY)
    assert ("FLEX-201", b"ours", [path]) == (refused.value.code, path.read_bytes(), list(tmp_path.iterdir()))
    build_cpm_workbook(case_result, path, today=TODAY, force=True)
    assert ([path], ()) == (list(tmp_path.iterdir()), verify_workbook(path).differences)


def test_same_case_same_file(case_result, case_book):
    """The same case gives the same bytes."""
    assert case_book == cases.built_result(case_result)
