"""Tornado and two-way grid: the published drivers' case, hand arithmetic, every fault in its place, and what always holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl.core.costs import net_revenue
from flexrev_xl.core.revenue import total_revenue
from flexrev_xl.core.sensitivity import ARGUMENTS, sensitivity, tornado
from flexrev_xl.errors import FlexError

HEADER = ["name", "low", "base", "high"]
PUBLISHED = {
    "nominated_mw": 10, "capacity_rate": 120147.05, "dispatch_hours": 30, "energy_rate": 50, "performance": 0.67,
    "penalty_rate": 1150, "marginal_cost": 1800,
}  # fmt: skip


def table(base, **moved):
    """The input table of a base, with (low, high) of the drivers that are moved."""
    return [HEADER, *([name, *around(value, moved.get(name, (None, None)))] for name, value in base.items())]


def around(value, sides):
    return sides[0], value, sides[1]


def faults(rows):
    with pytest.raises(FlexError) as caught:
        tornado(rows)
    return [(p.code, p.place.removeprefix("input_table").removeprefix(", ")) for p in caught.value.problems]


def test_published_drivers_alone():
    """10 MW at 15 to 45 h and 60.3 to 70.35 %: net per hour dispatched is 335 - 3,795 - 12,060, from 804,985 at no hour."""
    rows = table(PUBLISHED, dispatch_hours=(15, 45), performance=(60.3, 70.35))
    at_no_hour = 10 * 0.67 * 120147.05
    base = at_no_hour - 30 * 15_520
    # An hour earns 500 p, costs 11,500 (1 - p) and 18,000 p; so a share of performance is worth 120147.05 x 10 - 6,000 x 30.
    per_share = 1_201_470.5 - 6_000 * 30
    expected = [
        ["dispatch_hours", approx(at_no_hour - 15 * 15_520), approx(at_no_hour - 45 * 15_520), approx(30 * 15_520)],
        [
            "performance",
            approx(base - 0.067 * per_share),
            approx(base + 0.0335 * per_share),
            approx(0.1005 * per_share),
        ],
        ["Base", approx(339_385.235), approx(base), 0.0],
    ]
    assert expected == tornado(rows)


@pytest.mark.parametrize(
    ("hours", "performance", "net"), [(30, 0.67, 339_385), (15, 0.603, 497_717), (45, 0.7035, 137_789)]
)
def test_published_nets_are_the_base_of_their_own_table(hours, performance, net):
    """The model's three published nets, each as the base of a tornado in which nothing is moved."""
    rows = tornado(table(PUBLISHED | {"dispatch_hours": hours, "performance": performance}))
    assert [["Base", approx(net, abs=0.5), approx(net, abs=0.5), 0.0]] == rows


def test_however_the_table_is_written():
    """Under a header in any order, by name without one, or without names in the order of FLEX_NET_REVENUE."""
    named = table(PUBLISHED, dispatch_hours=(15, 45))
    turned = [row[::-1] for row in named]
    unnamed = [["", *row[1:]] for row in named[1:]]
    with_gap = [*unnamed[:6], [None] * 4, ["", "", 0.9, ""]]  # marginal cost left out, then availability
    assert tornado(named) == tornado(turned) == tornado(named[1:]) == tornado(unnamed)
    assert tornado([row[1:] for row in named]) == tornado(named)
    without_cost = {name: value for name, value in PUBLISHED.items() if name != "marginal_cost"}
    assert tornado(table({**without_cost, "availability": 0.9}, dispatch_hours=(15, 45))) == tornado(with_gap)


def test_width_counts_the_base_where_both_sides_are_worse():
    """At 100 % performance of a 100 % cap, 10 MW x 100 h at 50 lose 10 x 100 x 50 x 10 % below and 10 x 100 x 10 x 10 % above."""
    base = {"nominated_mw": 10, "capacity_rate": 0, "dispatch_hours": 100, "energy_rate": 60, "performance": 1}
    rows = tornado(table({**base, "marginal_cost": 10, "performance_cap": 1}, performance=(0.9, 1.1)))
    assert [["performance", approx(45_000), approx(49_000), approx(5_000)], ["Base", 50_000, 50_000, 0]] == rows


def test_texts_and_limits_can_be_moved():
    """A basis is moved by its words, a stop-loss by money; half available of 10 MW for 10 h at 100 is 5,000 or 7,500 short."""
    base = {
        "nominated_mw": 10, "capacity_rate": 0, "dispatch_hours": 10, "energy_rate": 0, "performance": 0.5,
        "penalty_rate": 100, "availability": 0.5, "stop_loss_money": None, "basis": None,
    }  # fmt: skip
    rows = tornado(table(base, basis=("available", "committed"), stop_loss_money=(1_000, 2_000)))
    expected = [
        ["basis", -2_500, -7_500, 5_000],
        ["stop_loss_money", -1_000, -2_000, 1_500],
        ["Base", -2_500, -2_500, 0],
    ]
    assert expected == rows


SOUND = [
    ["nominated_mw", "", 10, ""],
    ["capacity_rate", "", 1, ""],
    ["dispatch_hours", "", 1, ""],
    ["energy_rate", "", 1, ""],
]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], [("FLEX-001", "")]),
        ([HEADER], [("FLEX-001", "")]),
        ([HEADER, *SOUND[1:]], [("FLEX-001", "nominated_mw")]),
        ([HEADER, ["nominated", 1, 2, 3], *SOUND[1:]], [("FLEX-016", "row 2, name")]),
        ([*SOUND, ["nominated_mw", "", 1, ""]], [("FLEX-033", "row 5, name")]),
        ([*SOUND, ["", "", 1, ""]], [("FLEX-001", "row 5, name")]),
        ([*SOUND, ["performance", "90 %", "x", True]], [("FLEX-002", f"row 5, {c}") for c in ("base", "low", "high")]),
        ([*SOUND, ["performance", 5, 0.9, 151]], [("FLEX-004", "row 5, low"), ("FLEX-003", "row 5, high")]),
        ([*SOUND, ["availability", -1, 0.9, 1.1]], [("FLEX-003", "row 5, low"), ("FLEX-003", "row 5, high")]),
        ([*SOUND, ["accreditation", 85, 0.9, 1]], [("FLEX-005", "row 5, low")]),
        ([*SOUND, ["penalty_rate", 5, 6, ""]], [("FLEX-001", "row 5, high")]),
        ([*SOUND, ["rate_unit", "", "$/kW", ""]], [("FLEX-011", "row 5, base")]),
        ([*SOUND, ["rate_unit", "", "MW-day", ""]], [("FLEX-014", "periods")]),
        ([*SOUND, ["rate_unit", "MW-day", "MW-year", "kW-year"]], [("FLEX-014", "row 5, low, periods")]),
        ([*SOUND, ["rate_unit", "", "MW-month", ""], ["periods", 11, 12, 13]], [("FLEX-015", "row 6, high")]),
        (
            [*SOUND, ["rate_unit", "", "USD/MW-year", ""], ["energy_unit", "", "EUR/MWh", ""]],
            [("FLEX-013", "rate_unit and energy_unit")],
        ),
        ([["name", "lower", "base", "high"], *SOUND], [("FLEX-104", "row 1, column 2")]),
        ([SOUND[0], ["capacity_rate", 1]], [("FLEX-020", "")]),
    ],
)  # fmt: skip
def test_every_fault_is_told_with_row_and_column(rows, expected):
    """Unknown and doubled names, cells that the argument refuses, and what does not fit together, all at once."""
    assert expected == faults(rows)


def test_a_row_beyond_the_last_argument():
    """Without names there is a row for each argument of FLEX_NET_REVENUE and no more; what lies above is left out."""
    rows = [[None] * 4] * len(ARGUMENTS) + [["", "", 1, ""]]
    assert [("FLEX-022", "row 16, name"), *(("FLEX-001", name) for name in ARGUMENTS[:4])] == faults(rows)


@pytest.mark.parametrize(
    ("name", "offered"), [("performence", "Did you mean performance"), ("marginal_costs", "Did you mean marginal_cost")]
)
def test_nearest_argument_is_offered(name, offered):
    """A misspelt driver is answered with the nearest argument."""
    with pytest.raises(FlexError) as caught:
        tornado([*SOUND, [name, 1, 1, 1]])
    assert offered in caught.value.problems[0].what


def test_tva_powerflex_by_hours_and_performance():
    """TVA PowerFlex: 568,200 for 5 MW and 500 for each of 96 h come to 616,200; half the performance earns half."""
    assert [
        ["h \\ performance", 0.5, 1.0],
        [0.0, approx(284_100), approx(568_200)],
        [96.0, approx(308_100), approx(616_200)],
    ] == sensitivity(5, 12 * 9_470, 100, [0, 96], [50, 1])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((-1, 1, 1, [1], [1]), [("FLEX-003", "nominated_mw")]),
        ((1, 1, 1, [1, 9000], [0.9, 5, "x"]),
         [("FLEX-003", "dispatch_hours[2]"), ("FLEX-004", "performance[2]"), ("FLEX-002", "performance[3]")]),
        ((1, 1, 1, None, [None, None]), [("FLEX-001", "dispatch_hours"), ("FLEX-001", "performance")]),
    ],
)  # fmt: skip
def test_bad_axes_are_refused(arguments, expected):
    """Each cell that cannot be read is told by its place along its own axis."""
    with pytest.raises(FlexError) as caught:
        sensitivity(*arguments)
    assert expected == [(p.code, p.place) for p in caught.value.problems]


numbers = st.floats(0, 1e4)
shares = st.floats(0, 1)
bases = st.fixed_dictionaries(
    {
        "nominated_mw": numbers, "capacity_rate": numbers, "dispatch_hours": st.floats(0, 4000), "energy_rate": numbers,
        "performance": st.floats(0, 1.5), "penalty_rate": numbers, "marginal_cost": numbers, "availability": shares,
    }
)  # fmt: skip


@given(
    bases, st.dictionaries(st.sampled_from(["nominated_mw", "penalty_rate", "availability"]), st.tuples(shares, shares))
)
def test_each_row_is_net_revenue_with_one_argument_changed(base, moved):
    """Net at low and high is FLEX_NET_REVENUE itself, ranked by width; the base comes last."""
    *rows, last = tornado(table(base, **moved))
    expected = {n: [net_revenue(**{**base, n: side}) for side in sides] for n, sides in moved.items()}
    assert expected == {name: [low, high] for name, low, high, _ in rows}
    assert sorted((row[3] for row in rows), reverse=True) == [row[3] for row in rows]
    assert ["Base", net_revenue(**base), net_revenue(**base), 0.0] == last


@given(bases, numbers, numbers)
def test_a_driver_that_does_nothing_has_no_width(base, low, high):
    """The penalty rate moves nothing where all is delivered."""
    assert 0.0 == tornado(table({**base, "performance": 1.0}, penalty_rate=(low, high)))[0][3]


@given(bases, shares, shares)
def test_low_and_high_may_be_exchanged(base, low, high):
    """The nets change places and the width stays."""
    (one, _), (other, _) = (tornado(table(base, availability=sides)) for sides in ((low, high), (high, low)))
    assert [other[0], other[2], other[1], other[3]] == one


@given(
    numbers,
    numbers,
    numbers,
    st.lists(st.floats(0, 8784), min_size=1, max_size=4),
    st.lists(shares, min_size=1, max_size=3),
)
def test_grid_is_the_function_cell_by_cell(mw, rate, energy, hours, performances):
    """Each cell is FLEX_TOTAL_REVENUE at the hours of its row and the performance of its column."""
    header, *rows = sensitivity(mw, rate, energy, hours, performances)
    assert performances == header[1:]
    assert [[h, *(total_revenue(mw, rate, h, energy, p) for p in performances)] for h in hours] == rows
