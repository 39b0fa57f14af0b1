"""The dispatch plan: hand arithmetic, exhaustive search on small cases, the merit order on large ones."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl import FlexError, dispatch_plan

COLUMNS = ["name", "kind", "power_mw", "energy_mwh", "reserve_mw", "start_minutes", "marginal_cost"]
SITE = [
    COLUMNS,
    ["Training", "defer", 6, 24, 0, 0, 2500],
    ["Battery", "battery", 10, 16, 0, 0, 85],
    ["Gensets", "generator", 8, 64, 0, 10, 280],
]


def cost(rows):
    return sum(row[3] for row in rows)


@pytest.mark.parametrize(
    ("request_mw", "event_hours", "notice_minutes", "megawatts"),
    [
        (0, 2, 10, [0, 0, 0, 0]),
        (5, 2, 10, [0, 5, 0, 0]),
        (10, 1, 10, [0, 10, 0, 0]),
        (10, 2, 10, [0, 8, 2, 0]),  # 16 MWh are 8 MW over 2 h
        (20, 2, 10, [4, 8, 8, 0]),
        (20, 2, 9, [6, 8, 0, 6]),  # the engines start too late
        (30, 2, 10, [6, 8, 8, 8]),
        (22, 2, 10, [6, 8, 8, 0]),
        (20, 8, 10, [3, 2, 8, 7]),
    ],
)
def test_plan_by_hand(request_mw, event_hours, notice_minutes, megawatts):
    """The cheapest go first, within power, energy and start-up; the last row is what is short."""
    plan = dispatch_plan(SITE, request_mw, event_hours, notice_minutes)
    prices = [2500, 85, 280, 0]
    names = ["Training", "Battery", "Gensets", "Shortfall"]
    expected = [
        [n, mw, mw * event_hours, mw * event_hours * p] for n, mw, p in zip(names, megawatts, prices, strict=True)
    ]
    assert expected == [[name, approx(mw), approx(mwh), approx(money)] for name, mw, mwh, money in plan]


def test_reserve_is_kept():
    """10 MW with 2 held back give 8."""
    assert [["B", 8.0, 8.0, 0.0], ["Shortfall", 1.0, 1.0, 0.0]] == dispatch_plan(
        [COLUMNS, ["B", "battery", 10, 40, 2, 0, None]], 9, 1
    )


@pytest.mark.parametrize("dear", [30, 1e4, 1e9])
def test_small_differences_of_cost_count_beside_an_enormous_one(dear):
    """10 is cheaper than 20 also where a third resource costs a billion."""
    rows = [
        COLUMNS,
        ["Dear", "battery", 5, 5, 0, 0, dear],
        ["Twenty", "battery", 5, 5, 0, 0, 20],
        ["Ten", "battery", 5, 5, 0, 0, 10],
    ]
    assert [0, 0, approx(3), 0] == [row[1] for row in dispatch_plan(rows, 3, 1)]


@pytest.mark.parametrize("size", [1e-6, 1e-3, 1, 1e3])
def test_plan_does_not_depend_on_the_size_of_the_site(size):
    """A site of watts and one of gigawatts are dispatched alike."""
    rows = [COLUMNS, *([*row[:2], row[2] * size, row[3] * size, *row[4:]] for row in SITE[1:])]
    assert [approx(mw * size) for mw in (4, 8, 8, 0)] == [row[1] for row in dispatch_plan(rows, 20 * size, 2, 10)]


small = st.tuples(st.integers(1, 3), st.integers(1, 6), st.integers(0, 9))


@given(st.lists(small, min_size=1, max_size=4), st.integers(0, 10), st.sampled_from([1, 2]))
def test_no_other_plan_is_cheaper(resources, request_mw, event_hours):
    """Exhaustive search: of all plans in steps of half a megawatt that leave no more short, none costs less."""
    rows = [[f"R{i}", "battery", power, energy, 0, 0, price] for i, (power, energy, price) in enumerate(resources)]
    plan = dispatch_plan([COLUMNS, *rows], request_mw, event_hours)
    limits = [min(power, energy / event_hours) for power, energy, _ in resources]
    served = min(request_mw, sum(limits))
    steps = [[step / 2 for step in range(int(2 * limit) + 1)] for limit in limits]
    prices = [price for *_, price in resources]
    costs = [
        sum(mw * event_hours * price for mw, price in zip(chosen, prices, strict=True))
        for chosen in itertools.product(*steps)
        if sum(chosen) == served
    ]
    assert approx(min(costs), abs=1e-9) == cost(plan)


large = st.tuples(st.floats(0.01, 100), st.floats(0.01, 400), st.floats(0, 3000))


@given(st.lists(large, min_size=1, max_size=50), st.floats(0, 3000), st.floats(0.25, 12))
def test_plan_costs_what_the_merit_order_costs(resources, request_mw, event_hours):
    """With one power and one energy for each, filling up from the cheapest is the least cost."""
    rows = [[f"R{i}", "battery", power, energy, 0, 0, price] for i, (power, energy, price) in enumerate(resources)]
    left, expected = request_mw, 0.0
    for power, energy, price in sorted(resources, key=lambda r: r[2]):
        mw = min(left, power, energy / event_hours)
        left, expected = left - mw, expected + mw * event_hours * price
    assert approx(expected, rel=1e-9, abs=1e-9 * request_mw * event_hours * 3000) == cost(
        dispatch_plan([COLUMNS, *rows], request_mw, event_hours)
    )


@given(st.lists(large, min_size=1, max_size=12), st.floats(0, 600), st.floats(0.25, 12))
def test_plan_balances_and_stays_within_limits(resources, request_mw, event_hours):
    """Dispatched and short make up the request; none gives more than it has, and none is spared while some is short."""
    rows = [[f"R{i}", "battery", power, energy, 0, 0, price] for i, (power, energy, price) in enumerate(resources)]
    *given_by, short = dispatch_plan([COLUMNS, *rows], request_mw, event_hours)
    limits = [min(power, energy / event_hours) for power, energy, _ in resources]
    tolerance = 1e-9 * max(request_mw, 1.0)
    assert approx(request_mw, rel=1e-9, abs=1e-9) == sum(row[1] for row in given_by) + short[1]
    assert [] == [row for row, limit in zip(given_by, limits, strict=True) if not 0 <= row[1] <= limit]
    assert short[1] <= tolerance or [row[1] for row in given_by] == limits


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((SITE, -1, 2), [("FLEX-003", "request_mw")]),
        ((SITE, None, 0), [("FLEX-001", "request_mw"), ("FLEX-003", "event_hours")]),
        ((SITE, "10", 2, "x"), [("FLEX-002", "request_mw"), ("FLEX-002", "notice_minutes")]),
        ((SITE, [1, 2], 2), [("FLEX-021", "request_mw")]),
        (([COLUMNS, ["A", "wind", 1, 1, 0, 0, 5]], 1, 2), [("FLEX-016", "resource_table, row 2, kind")]),
        (([COLUMNS, ["A", "ups", 1, 1, 0, 0, -5]], 1, 2), [("FLEX-003", "resource_table, row 2, marginal_cost")]),
    ],
)
def test_bad_arguments_are_refused(arguments, expected):
    """Every fault has its code and place."""
    with pytest.raises(FlexError) as caught:
        dispatch_plan(*arguments)
    assert expected == [(p.code, p.place) for p in caught.value.problems]
