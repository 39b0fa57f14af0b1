"""Sensitivity of portfolios: the published drivers' case, hand arithmetic, exact break-evens, and what always holds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl.analysis.budget import budget
from flexrev_xl.analysis.sensitivity import DRIVERS, Lines, break_even, grid, sensitivity, tornado
from flexrev_xl.errors import FlexError
from tests.portfolio.given import ROW, portfolio

# 10 MW in PJM 2026/27 at 30 h and 67 %: 804,985.24 for capacity, 335 an hour for energy, 3,795 and 12,060 an hour lost.
PUBLISHED = {
    **ROW, "capacity_rate": 120_147.05, "dispatch_hours": 30.0, "energy_rate": 50.0, "performance": 0.67,
    "penalty_rate": 1_150.0, "marginal_cost": 1_800.0,
}  # fmt: skip
CAPACITY, NET = 804_985.235, 339_385.235


def bars(*rows, **options):
    """The bars of a portfolio by driver."""
    return {bar.driver: bar for bar in tornado(portfolio(*rows), **options)}


def evens(*rows, target=0.0):
    """The break-evens of a portfolio by driver."""
    return {found.driver: found for found in break_even(portfolio(*rows), target)}


def test_published_case_by_hand():
    """10 % of capacity, of each hour's 15,520 lost, of energy's 10,050, of penalties and of costs, each alone."""
    found = bars(PUBLISHED)
    tenths = {
        "capacity_rate": CAPACITY, "dispatch_hours": -30 * 15_520.0, "energy_rate": 10_050.0,
        "penalty_rate": -30 * 3_795.0, "marginal_cost": -30 * 12_060.0, "nominated_mw": NET,
    }  # fmt: skip
    assert {d: (approx(NET - t / 10), approx(NET + t / 10)) for d, t in tenths.items()} == {
        d: (found[d].net_low, found[d].net_high) for d in tenths
    }


def test_published_scenarios_stand_in_the_grid():
    """Base, Conservative and Optimistic of the model: 339,385, 497,717 and 137,789."""
    nets = grid(portfolio(PUBLISHED), [0.5, 1, 1.5], [0.9, 1, 1.05])
    assert (497_717, 339_385, 137_789) == (round(nets[0][0]), round(nets[1][1]), round(nets[2][2]))


def test_a_driver_goes_no_further_than_its_column_allows():
    """Availability of 95 % goes up to 100 % and no further; a whole share of the customer's does not rise at all."""
    found = bars({**PUBLISHED, "availability": 0.95})
    full = budget(portfolio(PUBLISHED)).scenarios[0].totals["net_revenue"]
    assert (approx(1 / 0.95), approx(full)) == (found["availability"].high, found["availability"].net_high)
    assert (1.0, found["nominated_mw"].net_high) == (
        found["customer_share"].high,
        approx(found["customer_share"].net_high * 1.1),
    )


def test_performance_is_paid_up_to_the_cap():
    """98 % moved to 107.8 % is paid as 100 % of 10 MW x 1,000, and 98 % moved down as 88.2 %."""
    bar = bars({**ROW, "performance": 0.98})["performance"]
    assert (approx(8_820.0), approx(10_000.0)) == (bar.net_low, bar.net_high)


def test_the_base_is_the_first_scenario():
    """Half the hours and an absolute performance of the first scenario are what is moved."""
    scenarios = [{"name": "Own", "dispatch_hours": 0.5, "performance": {"absolute": 50}}, {"name": "Base"}]
    result = sensitivity(portfolio(PUBLISHED, scenarios=scenarios))
    half = {**PUBLISHED, "dispatch_hours": 15.0, "performance": 0.5}
    assert [approx(vars(bar)) for bar in tornado(portfolio(half))] == [vars(bar) for bar in result.tornado]
    assert [(f.driver, approx(f.value)) for f in evens(half).values() if f.value] == [
        (f.driver, f.value) for f in result.break_even if f.value
    ]


def test_a_value_in_place_on_one_row_leaves_the_other_rows_moved():
    """Performance of 50 % on one site alone: a tenth of it and a tenth of the other site's are moved."""
    rows = [{**ROW, "site": site, "performance": 0.8} for site in ("A", "B")]
    scenarios = [{"name": "Own", "exceptions": [{"site": "A", "performance": {"absolute": 0.5}}]}]
    by_driver = {bar.driver: bar for bar in tornado(portfolio(*rows, scenarios=scenarios))}
    assert (approx(0.9 * 13_000.0), approx(1.1 * 13_000.0)) == (
        by_driver["performance"].net_low,
        by_driver["performance"].net_high,
    )


def test_a_dip_beside_the_first_factor_is_found():
    """100 of energy less 10,000 a factor while the stop-loss of 15,000 holds, then 5,000 more a factor less 220: 0.01, 0.024."""
    row = {**ROW, "performance": 0.5, "dispatch_hours": 10.0, "energy_rate": 2.0}
    found = evens({**row, "penalty_rate": 4.4, "stop_loss_share": 1.5})["capacity_rate"]
    assert (approx(0.024), "net is 0 at 0.024 times the capacity rate: 24 USD/MW-year; also at 0.01 times") == (
        found.factor,
        found.sentence,
    )


def test_break_evens_of_the_published_case_by_hand():
    """Capacity's 804,985 last 51.87 h of 15,520; 465,600 lost need a rate of 69,493; costs may rise by the net over 201 MWh."""
    found = evens(PUBLISHED)
    expected = {
        "dispatch_hours": CAPACITY / 15_520,
        "capacity_rate": 30 * 15_520 / 6.7,
        "penalty_rate": 1_150 + NET / (30 * 3.3),
        "marginal_cost": 1_800 + NET / 201,
        "customer_share": (NET - (CAPACITY + 10_050)) / -(CAPACITY + 10_050),
    }
    assert {d: approx(value, rel=1e-12) for d, value in expected.items()} == {d: found[d].value for d in expected}
    assert approx(expected["dispatch_hours"] / 30, rel=1e-12) == found["dispatch_hours"].factor
    assert "net is 0 at 1.729 times the dispatch hours: 51.87 h" == found["dispatch_hours"].sentence


@pytest.mark.parametrize(
    ("row", "target", "driver", "sentence"),
    [
        (PUBLISHED, 0.0, "energy_rate", "net stays above 0 at every energy rate from 0 to 1,000,000,000 USD/MWh"),
        (ROW, -1.0, "performance", "net stays above -1 at every performance from 0 % to 150 %"),
        (ROW, 20_000.0, "performance", "net stays below 20,000 at every performance from 0 % to 150 %"),
        (ROW, 0.0, "penalty_rate", "penalty rate is 0 on every row: no factor moves it"),
        ({**ROW, "penalty_rate": 5.0}, 0.0, "penalty_rate", "net is 10,000.00 at every penalty rate from 0 to 1,000,000,000 USD/MWh"),
        ({**ROW, "penalty_rate": 5.0}, 10_000.0, "penalty_rate", "net is 10,000 at every penalty rate from 0 to 1,000,000,000 USD/MWh"),
    ],
)  # fmt: skip
def test_where_there_is_no_break_even_a_sentence_says_so(row, target, driver, sentence):
    """Above or below the target within all bounds, nothing to move, or a driver that the net does not depend on."""
    assert sentence == evens(row, target=target)[driver].sentence


def test_both_break_evens_of_a_net_that_rises_and_falls():
    """Paid 10,000 p up to 100 % and costing 2,500 p throughout, the net is 7,000 at 93.33 % and again at 120 %."""
    row = {**ROW, "performance": 1.0, "dispatch_hours": 100.0, "marginal_cost": 2.5}
    found = evens(row, target=7_000.0)["performance"]
    assert (approx(7 / 7.5), approx(7 / 7.5)) == (found.factor, found.value)
    assert "net is 7,000 at 0.9333 times the performance: 93.33 %; also at 1.2 times" == found.sentence


def test_a_target_that_is_met_already():
    """Paid in full from 100 % on, a performance of 120 % need not be moved to come to 10,000."""
    found = evens({**ROW, "performance": 1.2}, target=10_000.0)["performance"]
    assert (1.0, 1.2) == (found.factor, found.value)


def test_rows_that_differ_have_a_factor_and_no_value():
    """Two rates share a factor; a rate shared in another unit is not one value either."""
    two = [{**PUBLISHED, "site": "A"}, {**PUBLISHED, "site": "B", "capacity_rate": 100_000.0, "nominated_mw": 5.0}]
    found = evens(*two)
    assert (True, None) == (found["capacity_rate"].factor is not None, found["capacity_rate"].value)
    units = [
        {**row, "capacity_rate": 10.0, "rate_unit": unit}
        for row, unit in zip(two, ("USD/kW-month", "USD/MW-year"), strict=True)
    ]
    assert None is Lines(portfolio(*units)).shared("capacity_rate")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"spread": 0}, [("FLEX-003", "spread")]),
        ({"spread": 1.1}, [("FLEX-003", "spread")]),
        ({"spread": 10}, [("FLEX-005", "spread")]),
        ({"spread": "10 %"}, [("FLEX-002", "spread")]),
        ({"spread": -1, "target": float("nan"), "hours_factors": [1, 101], "performance_factors": [-1]},
         [("FLEX-003", "spread"), ("FLEX-006", "target"), ("FLEX-003", "hours_factors[2]"), ("FLEX-003", "performance_factors[1]")]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_once(options, expected):
    """A spread outside 0 to 100 %, a target that is no number, factors beyond a scenario's."""
    with pytest.raises(FlexError) as caught:
        sensitivity(portfolio(ROW), **options)
    assert expected == [(p.code, p.place) for p in caught.value.problems]


TINY = 1e-290  # of numbers that are too small to have 15 digits
amounts, shares = st.floats(0, 1e4), st.floats(0, 1)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "nominated_mw": st.floats(0.01, 1e4), "capacity_rate": amounts, "dispatch_hours": st.floats(0, 4000),
            "energy_rate": amounts, "performance": st.floats(0, 1.4), "availability": shares, "penalty_rate": amounts,
            "marginal_cost": amounts, "customer_share": shares, "stop_loss_money": st.none() | st.floats(0, 1e6),
            "performance_cap": st.sampled_from([1.0, 1.2]),
        }
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip


def sites(rows):
    """A portfolio of the rows, each at a site of its own."""
    return portfolio(*({**ROW, **row, "site": f"Site {n}"} for n, row in enumerate(rows)))


def largest_term(portfolio):
    """The largest amount that is added up to the net."""
    totals = budget(portfolio).scenarios[0].totals
    return max(abs(totals[key]) for key in ("gross_revenue", "penalties", "operating_cost"))


@given(rows, st.floats(0.01, 1))
def test_bars_are_ranked_around_the_net_of_the_budget(rows, spread):
    """The base is the budget's; the widest bar comes first; a driver that is 0 everywhere has no width."""
    given_rows = sites(rows)
    net = budget(given_rows).scenarios[0].totals["net_revenue"]
    assert approx(net, abs=1e-9 * largest_term(given_rows) + TINY) == Lines(given_rows).base_net
    found = tornado(given_rows, spread)
    widths = [bar.width for bar in found]
    assert (set(DRIVERS), sorted(widths, reverse=True)) == ({bar.driver for bar in found}, widths)
    assert [] == [b for b in found if b.width and not any(row.get(b.driver, 1.0) for row in rows)]


@given(rows)
def test_drivers_that_only_help_or_only_cost(rows):
    """More rate never lowers the net, more penalty or cost never raises it, within rounding."""
    given_rows = sites(rows)
    slack = 1e-9 * largest_term(given_rows) + TINY
    for bar in tornado(given_rows, 0.5):
        if bar.driver in ("capacity_rate", "energy_rate", "customer_share"):
            assert bar.net_low <= bar.net_high + slack
        if bar.driver in ("penalty_rate", "marginal_cost"):
            assert bar.net_high <= bar.net_low + slack


@settings(max_examples=10)
@given(rows, st.integers(-1_000_000, 1_000_000))
def test_the_net_at_a_break_even_is_the_target(rows, target):
    """Put back into the lines, every factor found gives the target within 1e-9 of the largest term."""
    lines = Lines(sites(rows))
    for found in break_even(sites(rows), target):
        if found.factor is not None:
            values = lines.values(**{found.driver: found.factor})
            terms = [abs(values[key]).max() for key in ("gross_revenue", "penalties", "operating_cost", "net_revenue")]
            assert abs(lines.net(**{found.driver: found.factor}) - target) <= 1e-9 * max(*terms, abs(target)) + TINY


@settings(max_examples=10)
@given(rows, st.integers(-100_000, 100_000), st.integers(0, 400))
def test_no_break_even_means_that_no_factor_reaches_the_target(rows, target, step):
    """Where none is found, the net lies on one side of the target at any factor within the bounds."""
    lines = Lines(sites(rows))
    for found in break_even(sites(rows), target):
        largest = lines.largest_factor(found.driver)
        if found.factor is None and largest is not None:
            there = lines.net(**{found.driver: largest * step / 400}) - target
            slack = 1e-9 * (abs(target) + abs(lines.base_net)) + TINY
            assert there * (lines.base_net - target) > 0.0 or abs(there) <= slack


@given(rows, st.lists(st.floats(0, 2), min_size=1, max_size=3), st.lists(st.floats(0, 1), min_size=1, max_size=3))
def test_grid_is_the_budget_of_a_scenario_cell_by_cell(rows, hours, performances):
    """Each net is that of a scenario with the two factors."""
    named = [(h, p) for h in hours for p in performances]
    scenarios = [{"name": f"S{n}", "dispatch_hours": h, "performance": p} for n, (h, p) in enumerate(named)]
    items = [{**ROW, **row, "site": f"Site {n}"} for n, row in enumerate(rows)]
    expected = [s.totals for s in budget(portfolio(*items, scenarios=scenarios)).scenarios]
    actual = [net for row in grid(sites(rows), hours, performances) for net in row]
    for totals, net in zip(expected, actual, strict=True):
        scale = max(abs(totals[key]) for key in ("gross_revenue", "penalties", "operating_cost"))
        assert approx(totals["net_revenue"], abs=1e-9 * scale + TINY) == net
