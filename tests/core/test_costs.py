"""Penalties, costs and net: published cases, hand arithmetic, and what must hold for any numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl import FlexError, net_revenue, penalty, total_revenue

MW, RATES, HOURS, SHARES = st.floats(0, 1e5), st.floats(0, 1e6), st.floats(0, 8784), st.floats(0, 1)


def same(value):
    return approx(value, rel=1e-9, abs=1e-12)


def test_calcsimpler_virtual_power_plant_1():
    """CalcSimpler VPP 1: a penalty of 342.00 leaves 14,210.10 of 14,552.10."""
    charged = penalty(1.2, 75, 0.92, 50, availability=0.95)
    net = net_revenue(1.2, 0, 75, 185, performance=0.92, penalty_rate=50, availability=0.95)
    assert (same(342), same(14_210.10)) == (charged, net)


@pytest.mark.parametrize(
    ("hours", "performance", "net"), [(30, 0.67, 339_385), (15, 0.603, 497_717), (45, 0.7035, 137_789)]
)
def test_drivers_that_point_the_wrong_way(hours, performance, net):
    """10 MW in PJM 2026/27 with costly delivery: more dispatch loses money."""
    assert net == round(net_revenue(10, 120_147.05, hours, 50, performance, penalty_rate=1_150, marginal_cost=1_800))


@pytest.mark.parametrize(("stop_loss", "charged"), [(None, 113_850), (200_000, 113_850), (100_000, 100_000), (0, 0)])
def test_penalty_up_to_the_stop_loss(stop_loss, charged):
    """10 MW x 33 % x 30 h x 1,150 is 113,850, or the stop-loss where that is less; 0 is a stop-loss too."""
    assert same(charged) == penalty(10, 30, 0.67, 1_150, stop_loss_money=stop_loss)


@pytest.mark.parametrize(
    ("performance", "availability", "basis", "charged"),
    [
        (0.92, 0.95, "available", 342),  # 1.2 x 0.95 x 0.08 x 75 x 50
        (0.92, 0.95, "committed", 567),  # 1.2 x (1 - 0.874) x 75 x 50
        (0.92, 0.95, " Committed ", 567),
        (1.1, 0.9, "available", 0),
        (1.1, 0.9, "committed", 45),  # 1.2 x (1 - 0.99) x 75 x 50
        (1.2, 1.0, "committed", 0),
    ],
)
def test_penalty_on_either_basis(performance, availability, basis, charged):
    """A shortfall of what was available, or of all that was committed; delivering more is never charged."""
    assert same(charged) == penalty(1.2, 75, performance, 50, availability, basis=basis)


def test_unknown_basis_is_refused():
    """A basis that is not one of the words is FLEX-016."""
    with pytest.raises(FlexError, match=r"FLEX-016 basis: 'nominated' is not known. Allowed: available or committed"):
        penalty(1, 1, 1, 1, basis="nominated")


def test_cost_of_energy_delivered_beyond_the_cap():
    """Operating cost follows what was delivered (10 x 1.4 x 30), revenue what is paid (10 x 1.2 x 30)."""
    assert same(10 * 1.2 * 30 * 50 - 10 * 1.4 * 30 * 20) == net_revenue(
        10, 0, 30, 50, performance=1.4, marginal_cost=20
    )


def test_net_revenue_with_every_argument():
    """Each argument stands in its own place: worked out by hand in 3 MW at 8 $/kW-month for 5 months."""
    gross = 3 * 0.5 * 0.72 * 8 * 1000 * 5 + 3 * 0.72 * 20 * 40 * 10
    charged = 3 * (1 - 0.9 * 0.8) * 20 * 2_000
    cost = 3 * 0.9 * 0.8 * 20 * 30
    net = net_revenue(3, 8, 20, 40, 0.8, 2_000, 30, 0.9, 50_000, "kW-month", 5, "cents/kWh", 1.0, 0.5, "committed")
    assert same(gross - charged - cost) == net


@given(MW, RATES, HOURS, RATES, st.floats(0, 1.5), SHARES)
def test_net_without_costs_is_gross(mw, rate, hours, price, performance, availability):
    """Where nothing is charged and delivery costs nothing, net is gross."""
    gross = total_revenue(mw, rate, hours, price, performance, availability=availability)
    assert gross == net_revenue(mw, rate, hours, price, performance, availability=availability)


@given(MW, HOURS, st.floats(0, 1.5), RATES, SHARES, st.floats(0, 1e9), st.sampled_from(["available", "committed"]))
def test_penalty_stays_within_its_bounds(mw, hours, performance, rate, availability, stop_loss, basis):
    """A penalty is never negative, never above the stop-loss, never above all that was committed."""
    charged = penalty(mw, hours, performance, rate, availability, stop_loss, basis)
    assert 0 <= charged <= min(stop_loss, mw * hours * rate * (1 + 1e-12))


@given(MW, HOURS, SHARES, SHARES, RATES, SHARES)
def test_penalty_on_what_was_committed_is_never_smaller(mw, hours, performance, better, rate, availability):
    """Measuring against all that was committed never charges less, and performing better never charges more."""
    available = penalty(mw, hours, performance, rate, availability)
    rounding = 1e-9 * mw * hours * rate
    assert available <= penalty(mw, hours, performance, rate, availability, basis="committed") + rounding
    assert available >= penalty(mw, hours, max(performance, better), rate, availability)


@given(MW, RATES, HOURS, RATES, st.floats(0, 1.5), RATES, RATES, SHARES)
def test_doubling_nominated_power_doubles_net(mw, rate, hours, price, performance, penalty_rate, cost, availability):
    """Without a stop-loss net is proportional to nominated power."""
    arguments = (rate, hours, price, performance, penalty_rate, cost, availability)
    assert same(2 * net_revenue(mw, *arguments)) == net_revenue(2 * mw, *arguments)
