"""Budgets of portfolios: published cases to the cent, hand arithmetic, and what must hold for any portfolio."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexrev_xl.analysis.budget import budget
from flexrev_xl.core.budget_line import RESULTS, WORTH
from tests.portfolio.given import ENERGY_ROW, ROW, portfolio

BASE = [{"name": "Base"}]


def base(*rows, **header):
    """The totals of the Base scenario, to the cent."""
    return cents(budget(portfolio(*rows, **header)).scenario("Base").totals)


def cents(totals):
    """Amounts rounded to the cent."""
    return {key: round(value, 2) for key, value in totals.items()}


def taken(totals, *keys):
    """Some of the totals."""
    return tuple(totals[key] for key in keys)


def test_tva_powerflex():
    """TVA PowerFlex E5+C30: 5 MW at 9.47 $/kW-month and 96 h at 0.10 $/kWh give 568,200 + 48,000 = 616,200."""
    row = {**ENERGY_ROW, "nominated_mw": 5.0, "capacity_rate": 9.47, "rate_unit": "$/kW-month"}
    totals = base({**row, "dispatch_hours": 96.0, "energy_rate": 0.10, "energy_unit": "$/kWh"})
    assert (568_200.00, 48_000.00, 616_200.00) == taken(totals, "capacity_revenue", "energy_revenue", "gross_revenue")


def test_hawaiian_electric_fast_dr():
    """Hawaiian Electric Fast DR: 0.05 MW at 5 $/kW-month and 60 h at 0.50 $/kWh give 3,000 + 1,500 = 4,500."""
    row = {**ENERGY_ROW, "nominated_mw": 0.05, "capacity_rate": 5.0, "rate_unit": "USD/kW-month", "periods": 12.0}
    totals = base({**row, "dispatch_hours": 60.0, "energy_rate": 0.50, "energy_unit": "USD/kWh"})
    assert (3_000.00, 1_500.00, 4_500.00) == taken(totals, "capacity_revenue", "energy_revenue", "gross_revenue")


VPP = {
    **ENERGY_ROW, "nominated_mw": 1.2, "dispatch_hours": 75.0, "availability": 0.95, "performance": 0.92,
    "energy_rate": 185.0, "energy_unit": "USD/MWh", "penalty_rate": 50.0,
}  # fmt: skip


def test_calcsimpler_virtual_power_plant_1():
    """CalcSimpler VPP 1: 78.66 MWh earn 14,552.10; a penalty of 342.00 leaves 14,210.10."""
    keys = ("dispatched_mwh", "energy_revenue", "penalties", "net_revenue")
    assert (78.66, 14_552.10, 342.00, 14_210.10) == taken(base(VPP), *keys)


@pytest.mark.parametrize(
    ("rate", "start", "end", "money"),
    [(329.17, "2026-06-01", "2027-05-31", 120_147.05), (333.44, "2027-06-01", "2028-05-31", 122_039.04)],
)
def test_pjm_rto(rate, start, end, money):
    """PJM RTO 2026/27 has 365 days, 2027/28 has 366."""
    row = {**ROW, "nominated_mw": 1.0, "capacity_rate": rate, "rate_unit": "USD/MW-day", "start": start, "end": end}
    assert money == base(row)["capacity_revenue"]


MISO_SEASONS = [("Summer", 666.50, 92), ("Fall", 91.60, 91), ("Winter", 33.20, 90), ("Spring", 69.88, 92)]


def miso(mw, **more):
    """The four seasons of MISO 2025/26 North/Central."""
    for season, rate, days in MISO_SEASONS:
        yield {
            **ROW,
            "nominated_mw": mw,
            "season": season,
            "capacity_rate": rate,
            "rate_unit": "USD/MW-day",
            "periods": float(days),
            **more,
        }


def test_miso_north_central():
    """MISO 2025/26: four seasons' prices for their own days come to 79,070.56 $/MW-year."""
    assert 79_070.56 == base(*miso(1.0))["capacity_revenue"]


def test_sem_t4():
    """SEM T-4 2022/23: 7,412 MW at 46,150 EUR/MW-year are 342,063,800 EUR."""
    sem = portfolio({**ROW, "nominated_mw": 7412.0, "capacity_rate": 46_150.0, "rate_unit": "EUR/MW-year"})
    assert ("EUR", 342_063_800.00) == (sem.currency, cents(budget(sem).scenario("Base").totals)["capacity_revenue"])


def test_qualified_capacity_counts_the_largest_season_once():
    """Seasons of one site and programme are the same megawatts; other sites and programmes add theirs."""
    seasons = [{**row, "nominated_mw": mw} for row, mw in zip(miso(0.0), (4.0, 7.0, 5.0, 6.0), strict=True)]
    others = [
        {**ROW, "site": "Boston", "nominated_mw": 2.0},
        {**ROW, "programme": "Other", "nominated_mw": 1.0, "performance": 0.5},
    ]
    assert 7.0 + 2.0 + 0.5 == base(*seasons, *others)["qualified_mw"]


def test_drivers_that_point_the_wrong_way():
    """10 MW in PJM 2026/27 with costly delivery: more dispatch loses money, and the reader is told."""
    row = {**ROW, "capacity_rate": 120_147.05, "dispatch_hours": 30.0, "energy_rate": 50.0, "performance": 0.67}
    result = budget(portfolio({**row, "penalty_rate": 1_150.0, "marginal_cost": 1_800.0}))
    net = {s.name: round(s.totals["net_revenue"]) for s in result.scenarios}
    assert (339_385, 497_717, 137_789) == taken(net, "Base", "Conservative", "Optimistic")
    low, high = (w for w in result.warnings if "wrong way" in w)
    assert ("Conservative is a downside case", "Optimistic is an upside case") == (
        low.split(": ")[1].split(",")[0],
        high.split(": ")[1].split(",")[0],
    )
    assert [True] * 4 == [f in w for w, f in ((low, "497,717"), (low, "339,385"), (high, "137,789"), (high, "339,385"))]


@pytest.mark.parametrize(
    ("scenario", "told"),
    [
        ({"name": "Optimistic", "dispatch_hours": 2}, True),
        ({"name": "Busy year", "dispatch_hours": 2}, True),
        ({"name": "Busy year", "dispatch_hours": 2, "performance": 0.9}, False),
        ({"name": "Quiet", "exceptions": [{"site": "Ashburn", "dispatch_hours": 0.5}]}, True),
        ({"name": "Same again"}, False),
    ],
)
def test_a_case_is_known_by_its_name_or_by_its_drivers(scenario, told):
    """A case whose drivers are all on one side of Base is an upside or a downside, whatever its name."""
    costly = {**ROW, "site": "Ashburn", "dispatch_hours": 10.0, "energy_rate": 50.0, "marginal_cost": 1_800.0}
    warnings = budget(portfolio(costly, scenarios=[{"name": "Base"}, scenario])).warnings
    assert told == any("wrong way" in w for w in warnings)


def test_drivers_that_point_the_right_way():
    """Where each better scenario earns more, there is no warning."""
    row = {**ROW, "performance": 0.8, "dispatch_hours": 10.0, "energy_rate": 50.0}
    assert () == budget(portfolio(row)).warnings


@pytest.mark.parametrize(
    ("limits", "penalty"),
    [
        ({}, 50_000.00),  # 10 MW x 50 % x 100 h x 100
        ({"stop_loss_money": 12_000.0}, 12_000.00),
        ({"stop_loss_share": 1.5}, 15_000.00),  # of 10 MW x 1,000 at full performance
        ({"stop_loss_share": 1.5, "stop_loss_money": 12_000.0}, 12_000.00),
        ({"stop_loss_share": 1.0, "stop_loss_money": 12_000.0}, 10_000.00),
        ({"stop_loss_money": 80_000.0}, 50_000.00),
        ({"stop_loss_money": 0.0}, 0.00),
        ({"stop_loss_share": 0.0}, 0.00),
        ({"penalty_hours": 10.0}, 5_000.00),
        ({"penalty_hours": 0.0}, 0.00),
        ({"stop_loss_share": 1.5, "accreditation": 0.5}, 7_500.00),
    ],
)
def test_penalties_up_to_the_stop_loss(limits, penalty):
    """The lesser of stop-losses in money and in share applies; 0 is a stop-loss; penalty hours replace dispatch hours."""
    row = {**ROW, "performance": 0.5, "dispatch_hours": 100.0, "penalty_rate": 100.0}
    assert penalty == base({**row, **limits})["penalties"]


def test_penalties_against_committed_or_available():
    """With a capacity rate all that was committed counts, 1.2 x (1 - 0.95 x 0.92) x 75 x 50 = 567; without, what was available."""
    with_capacity = {**VPP, "capacity_rate": 1.0, "rate_unit": "USD/MW-year"}
    assert (567.00, 342.00) == (base(with_capacity)["penalties"], base(VPP)["penalties"])


def test_customer_share_and_operating_cost():
    """80 % of a gross of 15,000 less penalties is the customer's; net takes the cost of delivered energy off once."""
    row = {
        **ROW,
        "performance": 0.5,
        "dispatch_hours": 100.0,
        "energy_rate": 20.0,
        "penalty_rate": 2.0,
        "marginal_cost": 6.0,
    }
    totals = base({**row, "customer_share": 0.8})
    assert (15_000.00, 1_000.00, 3_000.00) == taken(totals, "gross_revenue", "penalties", "operating_cost")
    assert (11_000.00, 8_000.00) == taken(totals, "customer_net", "net_revenue")


@pytest.mark.parametrize(
    ("status", "guaranteed"), [("contracted", 10_000.00), ("cleared", 10_000.00), ("forecast", 0.00)]
)
def test_guaranteed_is_capacity_at_a_settled_price(status, guaranteed):
    """Capacity at no more than 100 % performance is guaranteed where the price is settled; the rest is contingent."""
    row = {
        **ROW,
        "performance": 1.1,
        "performance_cap": 1.2,
        "dispatch_hours": 10.0,
        "energy_rate": 50.0,
        "price_status": status,
    }
    totals = base(row)
    assert (11_000.00, 5_500.00, guaranteed) == taken(totals, "capacity_revenue", "energy_revenue", "guaranteed")
    assert 16_500.00 - guaranteed == totals["contingent"]


def test_performance_below_full_lowers_what_is_guaranteed():
    """At 90 % performance nine tenths of the capacity revenue are guaranteed."""
    assert 9_000.00 == base({**ROW, "performance": 0.9})["guaranteed"]


def test_delivery_above_the_cap_costs_but_does_not_pay():
    """A portfolio pays at most 100 % unless a cap says otherwise, but 110 % delivered costs 110 %."""
    row = {**ROW, "performance": 1.1, "dispatch_hours": 10.0, "energy_rate": 50.0, "marginal_cost": 10.0}
    assert (100.00, 5_000.00, 1_100.00) == taken(base(row), "dispatched_mwh", "energy_revenue", "operating_cost")


def test_scenarios_scale_or_replace_before_the_cap():
    """A factor acts on the value read and is capped after; an absolute value stands in its place, in the row's own unit."""
    row = {
        **ROW,
        "performance": 0.98,
        "dispatch_hours": 10.0,
        "energy_rate": 50.0,
        "capacity_rate": 2.0,
        "rate_unit": "USD/kW-month",
    }
    scenarios = [
        {"name": "More", "performance": 1.05, "energy_rate": 2},
        {"name": "Own", "performance": {"absolute": 67}, "capacity_rate": {"absolute": 3}},
    ]
    result = budget(portfolio(row, scenarios=scenarios))
    more, own = (cents(s.totals) for s in result.scenarios)
    assert (10.00, 240_000.00, 10_000.00) == taken(more, "qualified_mw", "capacity_revenue", "energy_revenue")
    assert (6.70, 241_200.00) == taken(own, "qualified_mw", "capacity_revenue")


def test_json_has_the_documented_keys():
    """Currency, scenarios with totals, lines, years and months, defaults and warnings, under the names that are promised."""
    result = budget(portfolio(*miso(1.0), scenarios=BASE, year=2026, years=2)).as_json()
    assert {"currency", "scenarios", "defaults_used", "double_counting", "warnings"} <= set(result)
    (scenario,) = result["scenarios"]
    assert ["name", "totals", "lines"] == list(scenario)[:3]
    assert list(RESULTS) == list(scenario["totals"])
    assert {"year", "site", "programme", "season", *RESULTS, *WORTH, "worth"} == set(scenario["lines"][0])
    assert [(year, season) for year in (2026, 2027) for season, *_ in MISO_SEASONS] == [
        (line["year"], line["season"]) for line in scenario["lines"]
    ]
    assert [(2026, scenario["totals"]), (2027, scenario["totals"])] == [
        (y["year"], y["totals"]) for y in scenario["years"]
    ]
    assert ["2026-01-31", "2027-12-31", 24] == [
        *(scenario["months"][n]["month_end"] for n in (0, -1)),
        len(scenario["months"]),
    ]


shares = st.floats(0, 1)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "nominated_mw": st.floats(0, 1e4),
            "capacity_rate": st.floats(1, 1e6),
            "dispatch_hours": st.floats(0, 4000),
            "energy_rate": st.floats(0, 1e4),
            "performance": st.floats(0, 1.4),
            "availability": shares,
            "penalty_rate": st.floats(0, 1e4),
            "marginal_cost": st.floats(0, 1e4),
            "customer_share": shares,
            "stop_loss_share": st.none() | st.floats(0, 3),
            "price_status": st.sampled_from(["contracted", "cleared", "forecast"]),
            "programme": st.sampled_from(["One", "Two"]),
        }
    ),
    min_size=1,
    max_size=6,
)


def named(rows):
    """The rows, each at a site of its own."""
    return [{**ROW, **row, "site": f"Site {number}"} for number, row in enumerate(rows)]


def close(a, b, scale):
    """Equal within 1e-9 of the largest amount that was added up, or of nothing that could be counted."""
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b), scale, 1e-290)


@given(rows)
def test_lines_add_up_to_the_totals(rows):
    """Every total is the sum of its lines, and on every line gross, guaranteed, contingent and net hang together."""
    for scenario in budget(portfolio(*named(rows))).scenarios:
        lines = [line.results for line in scenario.lines]
        for key in RESULTS:
            assert close(sum(line[key] for line in lines), scenario.totals[key], sum(abs(line[key]) for line in lines))
        for line in (*lines, scenario.totals):
            scale = line["gross_revenue"] + line["penalties"] + line["operating_cost"]
            assert close(line["capacity_revenue"] + line["energy_revenue"], line["gross_revenue"], scale)
            assert close(line["guaranteed"] + line["contingent"], line["gross_revenue"], scale)
            assert close(line["customer_net"] - line["operating_cost"], line["net_revenue"], scale)


@given(rows, st.randoms())
def test_the_order_of_rows_changes_no_total(rows, random):
    """A portfolio sorted otherwise has the very same totals."""
    shuffled = named(rows)
    random.shuffle(shuffled)
    first, second = (budget(portfolio(*some)) for some in (named(rows), shuffled))
    assert [s.totals for s in first.scenarios] == [s.totals for s in second.scenarios]


@given(rows)
def test_twice_the_megawatts_is_twice_the_money(rows):
    """Everything but a stop-loss in money is in proportion to the megawatts."""
    doubled = [{**row, "nominated_mw": 2 * row["nominated_mw"]} for row in named(rows)]
    for once, twice in zip(
        budget(portfolio(*named(rows))).scenarios, budget(portfolio(*doubled)).scenarios, strict=True
    ):
        scale = once.totals["gross_revenue"] + once.totals["penalties"] + once.totals["operating_cost"]
        assert [] == [key for key in RESULTS if not close(2 * once.totals[key], twice.totals[key], scale)]


def test_one_rate_in_the_place_of_many_is_pointed_out():
    """A scenario that replaces a rate says how many rows had none, and which units it is read in."""
    rows = [ROW, ENERGY_ROW | {"site": "Boston", "energy_rate": 50.0, "dispatch_hours": 10.0}]
    (warning,) = budget(portfolio(*rows, scenarios=[{"name": "High", "capacity_rate": {"absolute": 10.0}}])).warnings
    expected = "scenario High puts one capacity_rate in the place of every row's: 1 of 2 rows have none of their own"
    assert expected == warning
