"""Money of compute per MW: the model's worked answers, annuities worked out month by month, verdicts, refusals."""

import formualizer
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl import FlexError
from flexrev_xl.core.cpm.annuity import annuity, capital_recovery
from flexrev_xl.core.cpm.economics import (
    grid_share,
    grid_verdict,
    revenue_per_mwh,
    storage_fee,
    time_to_power,
    time_to_power_value,
)
from flexrev_xl.core.cpm.returns import irr, npv, payback_years
from flexrev_xl.core.cpm.storage_value import StorageCase, storage_value

RATE = st.floats(0, 0.5)
MONEY = st.floats(1, 1e9)
# Section 7 of the model: 10 MW / 20 MWh at 350/kWh, 10 %, 10 years, O&M 2.5 %, 60,000 a MW-year from the grid.
FEE = {"battery_mw": 10, "battery_mwh": 20, "capex_per_mwh": 350_000, "grid_revenue": 600_000}
CASE = {
    "added_revenue": 900e3, "added_gpu_capex": 2e6, "added_energy_cost": 100e3, "added_opex": 50e3,
    "battery_mw": 1, "battery_mwh": 2, "battery_capex_per_mwh": 300e3, "discount_rate": 0.0,
}  # fmt: skip


def faults(function, *arguments, **named):
    with pytest.raises(FlexError) as caught:
        function(*arguments, **named)
    return [(p.code, p.place) for p in caught.value.problems]


def worked_out(formula, cells):
    """A formula over A1, B1, ... as formualizer works it out; None is a word, as in a workbook."""
    book = formualizer.Workbook()
    book.add_sheet("S")
    for column, value in enumerate(cells, start=1):
        book.set_value("S", 1, column, "none" if value is None else value)
    book.set_formula("S", 2, 1, f"={formula}")
    return book.evaluate_cell("S", 2, 1)


def paid_off(capital, rate, years, payment):
    """What is left of a loan after so many payments at year ends."""
    for _ in range(years):
        capital = capital * (1 + rate) - payment
    return capital


@pytest.mark.parametrize(("rate", "years"), [(0.1, 5), (0.1, 10), (0.09, 12), (1.0, 3), (1e-6, 30), (0.0, 7)])
def test_capital_recovery_pays_off_a_loan(rate, years):
    """Paid yearly, it leaves nothing of a loan at its end; at 0 % it is 1 / years."""
    assert approx(0, abs=1e-12) == paid_off(1.0, rate, years, capital_recovery(rate, years))
    assert 1 / years == capital_recovery(0.0, years)


@given(st.floats(0.5, 60), st.floats(1e-12, 1e-7))
def test_annuity_near_no_rate(years, rate):
    """A rate that goes to 0 brings the annuity to the number of years, without loss of digits."""
    assert approx(years, rel=1e-5) == annuity(rate, years)


@pytest.mark.parametrize(
    ("running_cost_per_added_mw", "of"),
    [(0.03 * 35e6, "3 % of the racks' cost a year"), (120 * 8760, "energy at 120 a MWh")],
)
def test_gross_misleads_as_section_7_says(running_cost_per_added_mw, of):
    """Smoothing 4.27 % at 11 M a MW: 470 k gross per MW, 75 k after racks of 35 M at 10 % over 5 years, 31 k net.

    The annuity alone, 0.0427 x 35 M x 0.2637975 = 394,245, leaves 75,455. The 31 k of the model take some 1.05 M a
    year of running cost for each MW added, which it does not itemise: either of the two does it.
    """
    added_mw = 0.0427
    value = storage_value(
        StorageCase(
            added_revenue=added_mw * 11e6,
            added_gpu_capex=added_mw * 35e6,
            added_energy_cost=0.0,
            added_opex=added_mw * running_cost_per_added_mw,
            battery_mw=0.05,
            battery_mwh=0.0125,
            battery_capex_per_mwh=0.0,
            discount_rate=0.1,
            gpu_years=5,
        )
    )
    rows = {label: amount for label, amount, _ in value.rows()}
    assert 470_000 == round(value.gross, -4) == round(rows["Added compute revenue, gross"], -4)
    assert approx(394_244.9, abs=0.5) == value.values["added_gpu_annuity"]
    assert approx(75_455.1, abs=0.5) == value.gross - value.values["added_gpu_annuity"]
    assert 31_000 == round(value.net, -3) == round(rows["Value of storage through compute, net"], -3)


def test_value_of_storage_by_hand():
    """900 - 2,000 / 5 - 100 - 50 = 350 margin; less 600 / 10 + 15 + 20 x 1.5 = 245 net; 300 k of 650 k from the grid."""
    value = storage_value(StorageCase(**CASE, discharged_mwh=600, wear_per_mwh=50, grid_revenue=300e3))
    expected = {
        "Added compute revenue, gross": 900e3, "Annuity of added GPUs and racks": 400e3, "Energy": 100e3,
        "Operating cost of added GPUs": 50e3, "Added compute margin before the battery's cost": 350e3,
        "Annuity of the battery": 60e3, "Operation and maintenance of the battery": 15e3, "Wear": 30e3,
        "Value of storage through compute, net": 245e3, "Grid revenue": 300e3, "Share of grid revenue": 300 / 650,
        "Gross per MW of storage": 900e3, "Net per MW of storage": 245e3, "Grid revenue per MW of storage": 300e3,
        "Gross per MWh of storage": 450e3, "Net per MWh of storage": 122.5e3, "Net per MWh discharged": 245e3 / 600,
    }  # fmt: skip
    assert {label: approx(amount) for label, amount in expected.items()} == {r[0]: r[1] for r in value.rows()}
    assert ("0.50 C, 300 full cycles a year", "compute is the main reason for this battery") == value.notes


@pytest.mark.parametrize(
    ("mwh", "technology", "warns", "per_mwh"),
    [
        (0.5, "battery", False, True),  # 2 C
        (0.4, "battery", True, True),
        (0.25, "battery", True, True),  # 4 C
        (0.2, "battery", True, False),
        (0.001, "supercap", True, True),
        (0.001, "flywheel", True, True),
    ],
)
def test_money_per_mwh_only_where_mwh_mean_something(mwh, technology, warns, per_mwh):
    """Above 2 C there is a warning, above 4 C no money per MWh; gross and net are always both there."""
    value = storage_value(StorageCase(**CASE | {"battery_mwh": mwh, "technology": technology}))
    labels = [row[0] for row in value.rows()]
    assert warns == any("above 2 C" in note for note in value.notes)
    assert [per_mwh] * 2 == ["Gross per MWh of storage" in labels, "Net per MWh of storage" in labels]
    assert {"Added compute revenue, gross", "Value of storage through compute, net"} <= set(labels)
    assert f"{1 / mwh:.2f} C" in value.notes[0]


@given(*[MONEY] * 4, st.floats(0.1, 100), st.floats(0.1, 1000), RATE, st.floats(0.01, 100))
def test_storage_value_is_in_the_money_given(revenue, capex, energy, opex, mw, mwh, rate, currency):
    """Another unit of money multiplies every figure of money; net is never above gross."""
    one, other = (
        storage_value(StorageCase(*(x * factor for x in (revenue, capex, energy, opex)), mw, mwh, 3e5 * factor, discount_rate=rate))
        for factor in (1.0, currency)
    )  # fmt: skip
    assert approx(one.gross * currency) == other.gross
    assert approx(one.net * currency, abs=1e-9 * currency * (revenue + capex + energy + opex + 3e5 * mwh)) == other.net
    assert one.net <= one.compute_margin <= one.gross
    assert [one.values[key] for key in ("c_rate", "full_cycles")] == [
        other.values[key] for key in ("c_rate", "full_cycles")
    ]


@pytest.mark.parametrize(
    ("grid", "margin", "sentence"),
    [
        (1, 0, "storage does not pay through compute"),
        (1, -5, "storage does not pay through compute"),
        (500, 500, "compute is the main reason for this battery"),
        (501, 500, "grid revenue has become the main reason for this battery"),
    ],
)
def test_verdicts_of_section_7(grid, margin, sentence):
    """The sentences are the model's; a share is refused, with its sentence, where there is no margin."""
    assert sentence == grid_verdict(grid, margin)
    if margin <= 0:
        with pytest.raises(FlexError, match=f"CPM-159 added_compute_margin: {sentence}"):
            grid_share(grid, margin)
    else:
        assert approx(grid / (grid + margin)) == grid_share(grid, margin)


def test_share_of_each_row():
    """Ranges work row by row, and a row without margin says so."""
    assert [0.6, 0.0, 0.5] == grid_share([600, 0, 1], [400, 5, 1]).tolist()
    assert [("CPM-159", "row 2, added_compute_margin")] == faults(grid_share, [600, 0], [400, -5])


@given(MONEY, MONEY, st.floats(0.01, 100))
def test_share_has_no_unit_of_money(grid, margin, currency):
    """The share is the same in any money and lies between 0 and 1."""
    share = grid_share(grid, margin)
    assert approx(share) == grid_share(grid * currency, margin * currency)
    assert 0 <= share <= 1


def test_time_to_power_of_section_7():
    """12 M a year, 9 months earlier, at 10 %: 8,651,409.64; at 0 % the nine months themselves."""
    assert approx(8_651_409.64, abs=0.005) == time_to_power_value(12e6, 9, 0.1)
    assert approx(9e6) == time_to_power_value(12e6, 9)
    assert 0.0 == time_to_power_value(12e6, 0, 0.1)


@given(st.floats(-1e9, 1e9), st.integers(0, 60), RATE, st.integers(1, 25))
def test_time_to_power_month_by_month(margin, months, rate, years):
    """Extra months are months 1 to m; a life that moves forward is worth itself today less itself m months later."""

    def months_of(first, last):
        return sum(margin / 12 / (1 + rate) ** (k / 12) for k in range(first, last + 1))

    both = time_to_power(margin, months, rate, years)
    moved = months_of(1, 12 * years) - months_of(months + 1, 12 * years + months)
    assert approx(months_of(1, months), rel=1e-9, abs=1e-6) == both.extra_months
    assert approx(moved, rel=1e-9, abs=1e-9 * abs(margin) * years + 1e-9) == both.moved_life


@given(MONEY, st.floats(0, 100), RATE, st.floats(0.5, 50))
def test_time_to_power_is_worth_at_most_its_margin(margin, months, rate, years):
    """Discounting takes from it, a life that ends takes more, and at no rate a life that moves is worth nothing."""
    both = time_to_power(margin, months, rate, years)
    assert both.moved_life <= both.extra_months <= margin * months / 12 * (1 + 1e-9) + 1e-300  # of the least numbers
    assert 0.0 == time_to_power(margin, months, 0.0, years).moved_life


def test_storage_fee_of_section_7():
    """(7 M x 0.1627454 + 175,000 - 600,000) / 120 = 5,951.81; a ceiling of 5,000 below it is no deal."""
    floor, ceiling, verdict = storage_fee(**FEE, added_compute_margin=600_000)
    assert ["Owner's floor", approx(5_951.81, abs=0.005), "money/MW-month"] == floor
    assert ["Host's ceiling", approx(5_000), "money/MW-month"] == ceiling
    assert ["Verdict", "no deal", ""] == verdict
    assert "deal" == storage_fee(**FEE, added_compute_margin=714_218)[2][1]  # 5,951.82
    assert "no deal" == storage_fee(**FEE, added_compute_margin=714_217)[2][1]
    assert ["", "no ceiling: added_compute_margin is not given"] == [row[1] for row in storage_fee(**FEE)[1:]]


def test_storage_fee_in_rupees_for_an_indian_contractor():
    """10 MW / 20 MWh at INR 1.2 crore a MWh, 9 %, 12 years, O&M 2 %; the grid pays INR 2.2 lakh a MW-month.

    The figures are the example's own, not published prices. The loan of INR 24 crore is paid off by 33.516 M a year;
    with O&M of 4.8 M, less 26.4 M, 11.916 M are 99,301 a MW-month.
    """
    (_, floor, _), (_, ceiling, _), (_, verdict, _) = storage_fee(
        10, 20, 1.2e7, 0.09, 12, 0.02, grid_revenue=2.2e5 * 12 * 10, added_compute_margin=1.5e7
    )
    payment = floor * 120 - 4.8e6 + 26.4e6
    assert approx(0, abs=1) == paid_off(24e7, 0.09, 12, payment)
    assert (99_301, 125_000, "deal") == (round(floor), round(ceiling), verdict)


@given(st.floats(0.1, 1e3), st.floats(0.1, 1e3), MONEY, RATE, st.floats(1, 40), MONEY, st.floats(0.01, 100))
def test_floor_of_storage_fee(mw, mwh, capex, rate, years, grid, factor):
    """It falls as grid revenue rises, scales with money, and stays as it is for a fleet of such batteries."""

    def floor(size=1.0, money=1.0, grid=grid):
        return storage_fee(mw * size, mwh * size, capex * money, rate, years, 0.025, grid * size * money)[0][1]

    about = approx(floor(), rel=1e-9, abs=1e-9 * (capex * mwh + grid) / mw)
    assert floor(grid=grid * 2) < floor() <= floor(grid=0.0)
    assert about == floor(money=factor) / factor
    assert about == floor(size=factor)


@pytest.mark.parametrize(
    ("function", "text", "cells", "result"),
    [
        (revenue_per_mwh, "A1/B1", [600_000, 20], 30_000),
        (grid_share, "A1/(A1+B1)", [600, 400], 0.6),
        (
            time_to_power_value,
            "A1/12*PV((1+C1)^(1/12)-1,B1,-1)*IF(ISNUMBER(D1),1-1/(1+C1)^D1,1)",
            [12e6, 9, 0.1, None],
            8_651_409.640056,
        ),
    ],
)
def test_closed_form(function, text, cells, result):
    """The workbook's formula is short, holds only constants that may stand in one, and another engine agrees."""
    names = [a.name for a in function.entry.arguments]
    columns = dict(zip(names, ("A1", "B1", "C1", "D1"), strict=False))
    assert text == function.entry.closed_form(columns)
    assert approx(result, rel=1e-12) == worked_out(text, cells)


@pytest.mark.parametrize(
    "cells", [[12e6, 9, 0.0, None], [12e6, 9, 0.0, 5.0], [-5e6, 4.5, 0.07, 12.0], [1e6, 0, 0, None]]
)
def test_time_to_power_in_a_workbook_and_over_ranges(cells):
    """No rate, part of a month, a negative margin: cell, range and engine agree, a life not given being nan."""
    names = [a.name for a in time_to_power_value.entry.arguments]
    text = time_to_power_value.entry.closed_form(dict(zip(names, ("A1", "B1", "C1", "D1"), strict=True)))
    expected = approx(time_to_power_value(*cells), rel=1e-9)
    assert expected == worked_out(text, cells)
    assert [expected] * 2 == time_to_power_value(*([cell] * 2 for cell in cells)).tolist()


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (revenue_per_mwh, (1, 0), [("FLEX-003", "storage_mwh")]),
        (grid_share, (-1, 0), [("FLEX-003", "grid_revenue"), ("CPM-159", "added_compute_margin")]),
        (grid_share, (1, None), [("FLEX-001", "added_compute_margin")]),
        (time_to_power_value, (1, -1, 10), [("FLEX-003", "months_earlier"), ("FLEX-005", "discount_rate")]),
        (time_to_power_value, (1, 9, 0.1, 0), [("FLEX-003", "life_years")]),
        (storage_fee, (0, None, "350/kWh"), [
            ("FLEX-003", "battery_mw"), ("FLEX-001", "battery_mwh"), ("FLEX-002", "capex_per_mwh"),
        ]),
        (storage_fee, (10, [20, 21], 350_000), [("FLEX-021", "battery_mwh")]),
        (StorageCase, (-1, 1, 1, "x", 1, 0, 1), [
            ("FLEX-003", "added_revenue"), ("FLEX-002", "added_opex"), ("FLEX-003", "battery_mwh"),
        ]),
    ],
)  # fmt: skip
def test_bad_arguments_are_refused(function, arguments, expected):
    """Every fault at once, by code and argument."""
    assert expected == faults(function, *arguments)
    assert [("FLEX-016", "technology")] == faults(StorageCase, **CASE, technology="pump")


@pytest.mark.parametrize("rate", [0.0, 0.01, 0.1, 1.0])
@pytest.mark.parametrize("flows", [[110, 121], [-500, 200, 0, 400], [7]])
def test_npv_is_that_of_excel(rate, flows):
    """As a spreadsheet's NPV: the first flow is a period away."""
    array = ",".join(map(str, flows))
    assert approx(worked_out(f"NPV({rate},{array})", []), rel=1e-12) == npv(rate, flows)
    assert approx(sum(f / (1 + rate) ** k for k, f in enumerate(flows, start=1))) == npv(rate, flows)


@pytest.mark.parametrize(
    "flows", [[-100, 110], [-100, 60, 60], [-100, 0, 0, 74], [-70000, 12000, 15000, 18000, 21000, 26000]]
)
def test_irr_is_that_of_excel(flows):
    """As a spreadsheet's IRR; the last is the example of Excel's help page, 8.66 %."""
    array = ";".join(map(str, flows))
    assert approx(worked_out(f"IRR({{{array}}})", []), abs=1e-9) == irr(flows)


@given(st.floats(0.001, 0.9), st.integers(1, 40), MONEY)
def test_irr_undoes_the_annuity(rate, years, payment):
    """Level payments bought at their present value earn the rate, and then npv is nothing."""
    flows = [-payment * annuity(rate, years), *[payment] * years]
    assert approx(rate, abs=1e-7) == irr(flows)
    assert approx(0, abs=1e-6 * payment * years) == flows[0] + npv(irr(flows), flows[1:])


def test_a_battery_replaced_in_mid_life_still_has_one_rate():
    """Signs change three times, and yet only one rate makes the flows worth nothing."""
    flows = [-100, 30, 30, 30, -10, 30, 30]
    assert approx(0, abs=1e-9) == sum(f / (1 + irr(flows)) ** k for k, f in enumerate(flows))


@pytest.mark.parametrize(
    ("flows", "what"),
    [
        ([100, 60], "at no rate"),
        ([-100, -60], "at no rate"),
        ([0, 0], "at no rate"),
        ([-100], "at no rate"),
        ([-100, 230, -132], "at 10 % and at 20 %"),  # -100 (1 - 1.1 v)(1 - 1.2 v)
        ([10, -30, 30], "at no rate"),  # both roots are complex
    ],
)
def test_no_single_rate_is_refused(flows, what):
    """Where none or two rates make the flows worth nothing, it says so, and gives no number."""
    with pytest.raises(FlexError, match=f"CPM-158 flows: {what}"):
        irr(flows)


@pytest.mark.parametrize(
    ("flows", "rate", "years"),
    [
        ([-100, 40, 40, 40], 0, 2.5),
        ([-100, 50, 50], 0, 2),
        ([-100, 110, -20, 20], 0, 2.5),  # came back after 10/11 of a year, but not for good
        ([-100, 110, 110], 0.1, 1.0),
        ([-100, 55, 121], 0.1, 1.5),  # 50 and 100 today
    ],
)
def test_payback_by_hand(flows, rate, years):
    """Linear within the year in which the flows have come back for good, discounted or not."""
    assert approx(years) == payback_years(flows, rate)


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (payback_years, ([-100, 40, 40],), [("CPM-158", "flows")]),
        (payback_years, ([100, 40],), [("CPM-158", "flows[1]")]),
        (irr, ([],), [("FLEX-001", "flows")]),
        (irr, ([-1, "x", None],), [("FLEX-002", "flows[2]"), ("FLEX-002", "flows[3]")]),
        (npv, (10, [1, float("inf")]), [("FLEX-006", "flows[2]"), ("FLEX-005", "rate")]),
    ],
)
def test_bad_flows_are_refused(function, arguments, expected):
    """What never comes back is no number of years; a bad flow is told by its place."""
    assert expected == faults(function, *arguments)
