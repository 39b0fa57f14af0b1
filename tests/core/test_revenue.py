"""Revenue of one enrolment: published cases, hand arithmetic, and what must hold for any numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl import (
    FlexError,
    annual_rate,
    capacity_revenue,
    dispatched_energy,
    energy_rate,
    energy_revenue,
    qualified_capacity,
    revenue_table,
    seasonal_rate,
    total_revenue,
)

MW, RATES, HOURS = st.floats(0, 1e5), st.floats(0, 1e6), st.floats(0, 8784)
SHARES = st.floats(0, 1)


def same(value):
    return approx(value, rel=1e-9, abs=1e-12)


def test_tva_powerflex_e5_c30():
    """TVA PowerFlex E5+C30: 568,200 for capacity and 48,000 for energy."""
    capacity = capacity_revenue(5, 9.47, rate_unit="$/kW-month", periods=12)
    energy = energy_revenue(5, 96, 0.10, energy_unit="$/kWh")
    total = total_revenue(5, 9.47, 96, 0.10, rate_unit="$/kW-month", energy_unit="$/kWh")
    assert (same(568_200), same(48_000), same(616_200)) == (capacity, energy, total)


def test_hawaiian_electric_fast_dr():
    """Hawaiian Electric Fast DR: 3,000 for capacity and 1,500 for energy."""
    capacity = capacity_revenue(0.05, 5, rate_unit="$/kW-month")
    energy = energy_revenue(0.05, 60, 0.50, energy_unit="$/kWh")
    assert (same(3_000), same(1_500)) == (capacity, energy)
    assert same(4_500) == total_revenue(0.05, 5, 60, 0.50, rate_unit="kW-month", energy_unit="kWh")


def test_calcsimpler_virtual_power_plant_1():
    """CalcSimpler VPP 1: 30 events of 2.5 h deliver 78.66 MWh and earn 14,552.10."""
    energy = dispatched_energy(1.2, 30 * 2.5, performance=0.92, availability=0.95)
    earned = energy_revenue(1.2, 30 * 2.5, 185, performance=0.92, availability=0.95)
    assert (same(78.66), same(14_552.10)) == (energy, earned)


def test_miso_2025_26_north_central():
    """MISO 2025/26: four seasonal prices for their own days come to 79,070.56, or 216.63 a day."""
    year = seasonal_rate([666.50, 91.60, 33.20, 69.88], [92, 91, 90, 92])
    assert (same(79_070.56), 216.63) == (year, round(year / 365, 2))


@pytest.mark.parametrize(
    ("price", "days", "year"), [(329.17, 365, 120_147.05), (333.44, 366, 122_039.04)], ids=["2026/27", "2027/28"]
)
def test_pjm_rto(price, days, year):
    """PJM RTO: the auction's price a day for every day of the delivery year."""
    assert same(year) == annual_rate(price, "USD/MW-day", days)


def test_sem_t_4_2022_23():
    """SEM T-4 2022/23: 7,412 MW at 46,150 EUR/MW-year."""
    assert same(342_063_800) == capacity_revenue(7_412, 46_150, rate_unit="EUR/MW-year")


def test_budget_year_across_two_pjm_delivery_years():
    """A calendar year takes each delivery year's price for its own days."""
    assert same(121_060.83) == seasonal_rate([329.17, 333.44], [151, 214])


@pytest.mark.parametrize(
    ("unit", "periods", "year"),
    [
        ("MW-year", None, 7),
        ("kW-year", None, 7_000),
        ("MW-month", None, 84),
        ("kW-month", 5, 35_000),
        ("MW-day", 365, 2_555),
        ("kW-day", 92, 644_000),
        ("MW-hour", 1_000, 7_000),
        ("kW-hour", 10, 70_000),
        ("MW-season", None, 7),
        ("kW-season", 4, 28_000),
    ],
)
def test_annual_rate_of_7_in_every_unit(unit, periods, year):
    """A rate of 7 in each unit, worked out by hand."""
    assert year == annual_rate(7, unit, periods)


@pytest.mark.parametrize(("unit", "per_mwh"), [("MWh", 8), ("kWh", 8_000), ("cents/kWh", 80), ("pence/kWh", 80)])
def test_energy_rate_of_8_in_every_unit(unit, per_mwh):
    """A rate of 8 in each unit, worked out by hand."""
    assert per_mwh == energy_rate(8, unit)


@pytest.mark.parametrize(
    ("arguments", "qualified"),
    [
        ({}, 10),
        ({"performance": 0.9, "availability": 0.8}, 7.2),
        ({"performance": 1.4}, 12),
        ({"performance": 1.1, "performance_cap": 1}, 10),
        ({"performance": 1.25, "availability": 0.8, "performance_cap": 1}, 10),
        ({"performance": 0.5, "accreditation": 0.75}, 3.75),
        ({"performance": 95}, 9.5),
    ],
)
def test_qualified_capacity_of_10_mw(arguments, qualified):
    """The delivered share counts up to the cap, then accreditation scales it."""
    assert same(qualified) == qualified_capacity(10, **arguments)


def test_revenue_table_above_100_percent():
    """10 MW at 110 %: guaranteed stops at 100 % of nominated, the rest and all energy are contingent."""
    table = revenue_table(10, 60_000, 30, 50, performance=1.1)
    assert [
        ["Qualified capacity", same(11), "MW"],
        ["Capacity revenue", same(660_000), "money/year"],
        ["Dispatched energy", same(330), "MWh/year"],
        ["Energy revenue", same(16_500), "money/year"],
        ["Total revenue", same(676_500), "money/year"],
        ["Guaranteed (committed, subject to performance)", same(600_000), "money/year"],
        ["Contingent", same(76_500), "money/year"],
    ] == table


@pytest.mark.parametrize(
    ("prices", "periods", "unit"),
    [([1, 1, 1, 1], [92, 92, 92, 91], "MW-day"), ([1, 1], [6, 7], "kW-month"), ([1, 1], [1, 1], "MW-year")],
)
def test_seasons_that_do_not_fit_in_a_year_are_refused(prices, periods, unit):
    """Seasons that come to more than 366 days, 12 months or a year are FLEX-015."""
    with pytest.raises(FlexError, match="FLEX-015 periods: the periods add up to"):
        seasonal_rate(prices, periods, unit)


def test_rate_for_more_days_than_a_year_has_is_refused():
    """A price for 400 days is FLEX-015."""
    with pytest.raises(FlexError, match="FLEX-015 periods"):
        annual_rate(329.17, "MW-day", 400)


@given(MW, RATES, HOURS, RATES, SHARES)
def test_total_is_capacity_plus_energy(mw, rate, hours, price, performance):
    """The total is the sum of its two parts, and the table shows the same total."""
    parts = capacity_revenue(mw, rate, performance) + energy_revenue(mw, hours, price, performance)
    total = total_revenue(mw, rate, hours, price, performance)
    assert same(parts) == total == revenue_table(mw, rate, hours, price, performance)[4][1]


@given(MW, RATES, HOURS, RATES, st.floats(0, 1.5), SHARES)
def test_doubling_nominated_power_doubles_revenue(mw, rate, hours, price, performance, availability):
    """Revenue is proportional to nominated power: twice the MW is twice the money."""
    once = total_revenue(mw, rate, hours, price, performance, availability=availability)
    assert same(2 * once) == total_revenue(2 * mw, rate, hours, price, performance, availability=availability)


@given(MW, st.floats(0, 10), RATES, st.floats(0, 1e5), st.floats(0, 1.5))
def test_revenue_never_falls_with_power_or_rate(mw, more_mw, rate, more_rate, performance):
    """More power, or a higher rate, never earns less."""
    base = capacity_revenue(mw, rate, performance)
    assert base <= capacity_revenue(mw + more_mw, rate, performance)
    assert base <= capacity_revenue(mw, rate + more_rate, performance)


@given(MW, st.floats(0, 1.5), SHARES, st.floats(0.01, 2), st.floats(0.01, 1.5))
def test_qualified_capacity_stays_within_its_bounds(mw, performance, availability, cap, accreditation):
    """What qualifies is never negative and never above accredited power times the cap."""
    qualified = qualified_capacity(mw, performance, availability, cap if not 1.5 < cap < 10 else 1.5, accreditation)
    assert 0 <= qualified <= mw * accreditation * cap * (1 + 1e-12)


@given(RATES, st.integers(1, 12))
def test_units_are_equivalent(rate, months):
    """A rate per kW is a thousand per MW, and a monthly rate a year's share."""
    assert same(annual_rate(1000 * rate, "MW-month", months)) == annual_rate(rate, "kW-month", months)
    assert same(annual_rate(rate, "kW-year")) == annual_rate(rate / 12, "kW-month")
    assert same(annual_rate(rate, "MW-day", 365)) == annual_rate(rate / 24, "MW-hour", 8760)
    assert same(energy_rate(rate, "kWh")) == energy_rate(100 * rate, "cents/kWh")


@given(st.lists(st.tuples(RATES, st.floats(0.5, 91)), min_size=1, max_size=4))
def test_seasonal_rate_is_the_sum_over_seasons(seasons):
    """A year of seasons is the sum of each season's own rate."""
    parts = sum(annual_rate(rate, "MW-day", days) for rate, days in seasons)
    assert same(parts) == seasonal_rate([r for r, _ in seasons], [d for _, d in seasons])
