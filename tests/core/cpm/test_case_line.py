"""Steps of a case: three states, what each adds, and cash by year, by hand and against each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl.core.cpm import case_line
from flexrev_xl.core.cpm.annuity import annuity
from flexrev_xl.core.cpm.case_inputs import INPUTS
from flexrev_xl.core.cpm.compute import yearly_prices
from flexrev_xl.core.cpm.storage_line import evaluate
from flexrev_xl.core.expression import Reference

# 1,000 GPUs alone, 1,200 capped at 80 % with 95 % of the throughput, 1,250 with a battery of 1 MW / 2 MWh.
ROUND = {
    "grid_mw": 2.0, "utilisation": 0.5, "availability": 1.0, "price_per_gpu_hour": 2.0, "price_fall": 0.0,
    "gpu_capex": 20e3, "rack_capex": 5e3, "gpu_opex": 100.0, "gpu_years": 5.0, "energy_price_per_mwh": 100.0,
    "battery_mw": 1.0, "battery_mwh": 2.0, "round_trip_efficiency": 0.8, "auxiliaries": 0.01, "depth": 0.9,
    "end_of_life": 0.7, "battery_capex_per_mw": 50e3, "battery_capex_per_mwh": 100e3, "battery_years": 10.0,
    "o_and_m_share": 0.02, "wear_per_mwh": 10.0, "grid_revenue_per_mw_year": 60e3, "discount_rate": 0.0,
    "months_earlier": 6.0, "event_gpus": 1.0, "discharged_mwh": 400.0,
}  # fmt: skip
STATES = {"alone": (1000.0, 1.0, 1.0), "capped": (1200.0, 0.95, 0.8), "with_battery": (1250.0, 0.95, 0.8)}


def worked_out(inputs, states=STATES):
    """Every step of a case, the states' with their names behind them."""
    values = evaluate((case_line.level_price,), inputs)
    for state, figures in states.items():
        own = evaluate(
            case_line.STATE_STEPS, values | dict(zip(("gpus", "throughput", "mean_kw"), figures, strict=True))
        )
        values |= {f"{s.key}_{state}": own[s.key] for s in case_line.STATE_STEPS}
    return evaluate((*case_line.ADDED_STEPS, *case_line.MONEY_STEPS), values)


def cash(values):
    """The rows of each year."""
    return [evaluate(case_line.YEAR_STEPS, values | {"year": float(y)}) for y in range(int(values["gpu_years"]) + 1)]


def test_case_by_hand():
    """50 more GPUs at 0.95 x 0.5 x 8,760 h x 2 = 416,100, and 8,760 kept in events, less their cost and the battery's."""
    values = worked_out(ROUND)
    expected = {
        "revenue_alone": 8_760_000, "revenue_capped": 9_986_400, "revenue_with_battery": 10_402_500,
        "equivalents_alone": 500, "compute_per_mw_alone": 250, "mean_load_mw_capped": 0.96, "provisioned_use_capped": 0.48,
        "margin_alone": 8_760_000 - 5e6 - 876_000 - 100_000,
        "margin_capped": 9_986_400 - 6e6 - 840_960 - 120_000,
        "cap_value": 3_025_440 - 2_784_000,
        "event_revenue": 8_760, "added_revenue": 424_860, "added_gpu_capex": 1_250_000, "added_gpu_annuity": 250_000,
        "lost_mwh": 100, "auxiliary_mwh": 87.6, "added_energy_cost": 35_040 + 18_760, "added_opex": 5_000,
        "added_compute_margin": 424_860 - 250_000 - 53_800 - 5_000, "usable_mwh": 1.26,
        "battery_capex": 250_000, "battery_annuity": 25_000, "battery_o_and_m": 5_000, "wear": 4_000,
        "storage_net": 116_060 - 34_000, "c_rate": 0.5, "full_cycles": 200, "grid_revenue": 60_000,
        "share_of_grid": 60_000 / 176_060, "fee_floor": (34_000 - 60_000) / 12, "fee_ceiling": 116_060 / 12,
        "net_per_mwh_discharged": 82_060 / 400, "extra_months": (10_402_500 - 6.25e6 - 876_000 - 125_000) / 2, "moved_life": 0,
    }  # fmt: skip
    assert {key: approx(value) for key, value in expected.items()} == {key: values[key] for key in expected}


def test_between_floor_and_ceiling_lies_what_both_gain():
    """Wear of 400 MWh at 300 makes owner and host lose 33,940 a year together: no fee can mend that."""
    values = worked_out(ROUND | {"wear_per_mwh": 300.0, "grid_revenue_per_mw_year": 0.0})
    assert approx(116_060 - 30_000 - 120_000) == 12 * (values["fee_ceiling"] - values["fee_floor"])
    assert approx(values["storage_net"]) == 12 * (values["fee_ceiling"] - values["fee_floor"])


def test_cash_by_hand():
    """1.5 M built in year 0; 424,860 less 67,800 a year; five of ten battery years are left at the end."""
    rows = cash(worked_out(ROUND))
    assert [approx(x) for x in (-1.5e6, *[357_060] * 4, 357_060 + 125_000)] == [row["cash_of_year"] for row in rows]


@given(st.floats(0, 0.3), st.floats(0, 0.5), st.integers(1, 12), st.floats(0.5, 30), st.floats(0.1, 50))
def test_cash_is_worth_the_yearly_net(rate, fall, gpu_years, battery_years, price):
    """Present values of all years come to the yearly net over the life of the GPUs: level price and residual are right."""
    given_values = {
        "discount_rate": rate, "price_fall": fall, "gpu_years": float(gpu_years), "battery_years": battery_years,
        "price_per_gpu_hour": price,
    }  # fmt: skip
    values = worked_out(ROUND | given_values)
    total = sum(row["present_value"] for row in cash(values))
    largest = values["added_revenue"] + values["added_gpu_capex"] + values["battery_capex"]
    assert approx(values["storage_net"] * annuity(rate, gpu_years), abs=1e-8 * gpu_years * largest) == total


def test_level_price_is_worth_the_falling_one():
    """2.35 falling 15 % a year at 10 % over 5 years, year by year."""
    inputs = {"price_per_gpu_hour": 2.35, "price_fall": 0.15, "discount_rate": 0.1, "gpu_years": 5.0}
    level = evaluate((case_line.level_price,), inputs)["level_price"]
    falling = sum(p / 1.1**y for y, p in enumerate(yearly_prices(2.35, 0.15, 5), start=1))
    assert approx(falling) == sum(level / 1.1**y for y in range(1, 6))


def test_no_battery_adds_nothing():
    """Without a battery nothing is divided by its size."""
    states = STATES | {"with_battery": STATES["capped"]}
    values = worked_out(
        ROUND | {"battery_mw": 0.0, "battery_mwh": 0.0, "discharged_mwh": 0.0, "event_gpus": 0.0}, states
    )
    shown = ("added_revenue", "storage_net", "fee_floor", "fee_ceiling", "c_rate", "net_per_mwh", "share_of_grid")
    assert [0.0] * len(shown) == [values[key] for key in shown]


EVERY_STEP = (
    case_line.level_price,
    *case_line.STATE_STEPS,
    *case_line.ADDED_STEPS,
    *case_line.MONEY_STEPS,
    *case_line.YEAR_STEPS,
)


@pytest.mark.parametrize("step", EVERY_STEP, ids=lambda step: step.key)
def test_steps_are_short_formulas(step):
    """As a workbook's formula each step is short and nests no IF."""
    text = str(step.of({name: Reference(f"CPM!$D${row}") for row, name in enumerate(step.parameters, start=100)}))
    assert len(text) <= 118
    assert text.count("IF(") <= 1


def test_inputs_have_defaults_within_their_bounds():
    """Each default is one that its own mark reads; what has none is what a case must tell."""
    defaults = {key: each.default for key, each in INPUTS.items() if each.default is not None}
    assert defaults == {key: INPUTS[key].mark.read(value) for key, value in defaults.items()}
    required = {
        "grid_mw",
        "gpu_kw",
        "gpu_capex",
        "energy_price_per_mwh",
        "battery_mw",
        "battery_mwh",
        "battery_capex_per_mwh",
    }
    assert required == set(INPUTS) - set(defaults)
