"""Steps of a budget line, each by a calculation that a reader can do by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexrev_xl.core.budget_line import LINE_STEPS, RATE_STEPS, evaluate

# 10 MW at 1,000 a MW-year and 20 h at 50 a MWh, all of it in the year: 10,000 + 10,000.
PLAIN = {
    "nominated_mw": 10.0, "accreditation": 1.0, "capacity_rate": 1_000.0, "rate_factor": 1.0, "periods": 1.0,
    "dispatch_hours": 20.0, "energy_rate": 50.0, "energy_factor": 1.0, "performance": 1.0, "availability": 1.0,
    "performance_cap": 1.0, "penalty_rate": 0.0, "penalty_hours": None, "stop_loss_money": None, "stop_loss_share": None,
    "marginal_cost": 0.0, "customer_share": 1.0, "escalation": 0.0, "price_year": None, "uplift_money": 0.0,
    "ancillary_money": 0.0, "penalty_share": 1.0, "test_hours": 0.0, "test_charge_money": 0.0,
    "compute_forgone_per_mwh": None, "energy_bill_per_mwh": 0.0, "firm_price": 1.0, "exchange_rate": 1.0,
    "first_budget_year": 2026.0, "budget_year": 2026.0, "capacity_share": 1.0, "hours_share": 1.0, "in_year": 1.0, "stop_loss_part": 1.0,
    "is_revenue": 1.0, "is_avoided_cost": 0.0, "is_buyout": 0.0,
    **{f"{driver}_factor": 1.0 for driver in ("dispatch_hours", "performance", "capacity_rate", "energy_rate")},
    **{f"{driver}_absolute": None for driver in ("dispatch_hours", "performance", "capacity_rate", "energy_rate")},
}  # fmt: skip
AVOIDED = {"is_revenue": 0.0, "is_avoided_cost": 1.0}
BUYOUT = {"is_revenue": 0.0, "is_buyout": 1.0}
FORECAST = {"firm_price": 0.0}
SHORT = {"performance": 0.5, "penalty_rate": 30.0}  # 10 MW x 50 % x 20 h x 30 = 3,000
MONEY = [step.key for step in RATE_STEPS + LINE_STEPS if step.unit.startswith("money")]


def line(**changes):
    """The plain line with some of its inputs changed."""
    return evaluate(PLAIN | changes)


@pytest.mark.parametrize(
    ("changes", "key", "expected"),
    [
        ({}, "gross_revenue", 20_000),
        # What the budget year takes of the row: 151 of 365 days, half of the event hours.
        ({"capacity_share": 151 / 365}, "capacity_revenue", 10_000 * 151 / 365),
        ({"hours_share": 0.5}, "energy_revenue", 5_000),
        ({"capacity_share": 0.0, "hours_share": 0.0, "in_year": 0.0}, "gross_revenue", 0),
        ({"capacity_share": 0.0, "hours_share": 0.0, "in_year": 0.0}, "qualified_mw", 0),
        ({"capacity_share": 0.25}, "qualified_mw", 10),
        # Escalation, on forecast rates only, from the year of the price on.
        ({"escalation": 0.1, "budget_year": 2028.0, **FORECAST}, "gross_revenue", 20_000 * 1.21),
        ({"escalation": 0.1, "budget_year": 2028.0}, "gross_revenue", 20_000),
        ({"escalation": 0.1, "price_year": 2025.0, **FORECAST}, "gross_revenue", 22_000),
        ({"escalation": 0.1, "price_year": 2028.0, **FORECAST}, "gross_revenue", 20_000 / 1.21),
        ({"escalation": -0.5, "budget_year": 2027.0, **FORECAST}, "gross_revenue", 10_000),
        ({"escalation": 0.1, "budget_year": 2028.0, "energy_rate_absolute": 70.0, **FORECAST}, "energy_revenue", 14_000),
        # Uplift and ancillary services, in the row's own period.
        ({"uplift_money": 400.0, "ancillary_money": 600.0}, "gross_revenue", 21_000),
        ({"uplift_money": 400.0, "capacity_share": 0.25}, "uplift_revenue", 100),
        ({"ancillary_money": 600.0, "capacity_share": 0.25}, "ancillary_revenue", 150),
        ({"uplift_money": 400.0, "ancillary_money": 600.0}, "guaranteed", 10_000),
        # Penalties: who bears them, their hours in the year, and the lesser of two limits.
        (SHORT, "penalties", 3_000),
        (SHORT | {"penalty_share": 0.4}, "penalties_borne", 1_200),
        (SHORT | {"penalty_share": 0.0}, "customer_net", 10_000),
        (SHORT | {"penalty_hours": 40.0, "hours_share": 0.25}, "penalties", 1_500),
        (SHORT | {"exchange_rate": 1.5}, "penalties", 4_500),
        (SHORT | {"stop_loss_money": 2_000.0}, "penalties", 2_000),
        (SHORT | {"stop_loss_share": 0.15}, "penalties", 1_500),
        (SHORT | {"stop_loss_money": 2_000.0, "stop_loss_share": 0.25}, "penalties", 2_000),
        (SHORT | {"stop_loss_share": 0.15, "capacity_share": 0.5}, "penalties", 750),
        (SHORT | {"stop_loss_share": 0.15, "capacity_share": 0.5, "stop_loss_part": 2.0}, "penalties", 1500),
        # Tests cost what they deliver and are not paid; charges fall in the row's own period.
        ({"test_hours": 4.0, "marginal_cost": 10.0}, "operating_cost", 10 * (20 + 4) * 10),
        ({"test_hours": 4.0, "marginal_cost": 10.0}, "gross_revenue", 20_000),
        ({"test_charge_money": 800.0, "capacity_share": 0.5}, "test_charges", 400),
        ({"test_charge_money": 800.0}, "customer_net", 19_200),
        # Avoided costs stand beside net, at the customer's share and as performed.
        (AVOIDED, "gross_revenue", 0),
        (AVOIDED, "qualified_mw", 0),
        (AVOIDED | {"performance": 0.9, "customer_share": 0.5}, "avoided_cost", 20_000 * 0.9 * 0.5),
        (AVOIDED | {"marginal_cost": 10.0}, "net_benefit", 20_000 - 2_000),
        (AVOIDED | SHORT, "penalties", 0),
        # Buy-outs cost the whole commitment and deliver nothing.
        (BUYOUT | {"performance": 0.5}, "buyout_cost", 20_000),
        (BUYOUT | {"marginal_cost": 10.0}, "net_revenue", -20_000),
        (BUYOUT, "delivered_mwh", 0),
        (BUYOUT, "dispatched_mwh", 0),
        # Energy that is not bought, for what is delivered and tested.
        ({"energy_bill_per_mwh": 60.0, "test_hours": 5.0}, "avoided_energy_bill", 10 * 25 * 60),
        ({"energy_bill_per_mwh": 60.0}, "net_benefit", 20_000 + 12_000),
        # Compute: 20,000 for 200 MWh are 100 each, and 60 are not bought; 150 of revenue are forgone.
        ({"compute_forgone_per_mwh": 150.0, "energy_bill_per_mwh": 60.0}, "gain_per_mwh", 10),
        ({"compute_forgone_per_mwh": 250.0, "customer_share": 0.5}, "gain_per_mwh", 50 - 250),
        (AVOIDED | {"compute_forgone_per_mwh": 150.0}, "gain_per_mwh", -50),
        ({"compute_forgone_per_mwh": 150.0, "dispatch_hours": 0.0}, "gain_per_mwh", 0),
        ({"compute_forgone_per_mwh": None}, "gain_per_mwh", 0),
    ],
)  # fmt: skip
def test_a_step_by_hand(changes, key, expected):
    """One or two inputs changed, one figure of the line."""
    assert pytest.approx(expected, rel=1e-12, abs=1e-9) == line(**changes)[key]


shares = st.floats(0, 1)
kinds = st.sampled_from(({}, AVOIDED, BUYOUT))
lines = st.builds(
    lambda values, kind: values | kind,
    st.fixed_dictionaries(
        {
            "nominated_mw": st.floats(0, 1e3),
            "capacity_rate": st.sampled_from((0.0, 900.0)),
            "dispatch_hours": st.floats(0, 500),
            "performance": st.floats(0, 1.4),
            "penalty_rate": st.floats(0, 1e3),
            "stop_loss_money": st.none() | st.floats(0, 1e6),
            "stop_loss_share": st.none() | st.floats(0, 2),
            "customer_share": shares,
            "penalty_share": shares,
            "uplift_money": st.floats(0, 1e5),
            "ancillary_money": st.floats(0, 1e5),
            "test_hours": st.floats(0, 50),
            "test_charge_money": st.floats(0, 1e5),
            "marginal_cost": st.floats(0, 1e3),
            "energy_bill_per_mwh": st.floats(0, 1e3),
            "compute_forgone_per_mwh": st.none() | st.floats(0, 1e3),
            "capacity_share": shares,
            "hours_share": st.just(0.0) | st.floats(1e-6, 1),  # of a year, one hour is more
        }
    ),
    kinds,
)


@given(lines)
def test_what_the_customer_keeps(changes):
    """Share of gross less penalties, charges and buy-outs is the same as standing plus event receipts."""
    made = line(**changes)
    taken = made["penalties_borne"] + made["test_charges"] + made["buyout_cost"]
    scale = 1e-9 * (made["gross_revenue"] + taken + 1e-9)
    assert pytest.approx(made["customer_gross"] - taken, abs=scale) == made["customer_net"]
    assert pytest.approx(made["standing_receipts"] + made["event_receipts"], abs=scale) == made["customer_net"]
    assert pytest.approx(made["gross_revenue"] - made["aggregator_share"], abs=scale) == made["customer_gross"]


@given(lines, st.floats(0.01, 100))
def test_an_exchange_rate_scales_all_money(changes, rate):
    """Every amount and price of a line in another currency is that of the same line in the portfolio's, times the rate."""
    own, converted = line(**changes), line(**changes, exchange_rate=rate)
    scale = 1e-9 * rate * (own["gross_revenue"] + own["operating_cost"] + own["penalty_before_limit"] + 1.0)
    expected = {key: own[key] * rate for key in MONEY}
    assert pytest.approx(expected, rel=1e-9, abs=scale) == {key: converted[key] for key in MONEY}
    assert [own[s.key] for s in LINE_STEPS if s.key not in MONEY] == [
        converted[s.key] for s in LINE_STEPS if s.key not in MONEY
    ]


def test_a_rate_put_in_the_place_of_others_is_converted_too():
    """A scenario's own rate is in the money of the row: 2,000 at 1.5."""
    made = line(capacity_rate_absolute=2_000.0, energy_rate_absolute=10.0, exchange_rate=1.5)
    assert (30_000.0, 3_000.0) == (made["capacity_revenue"], made["energy_revenue"])
