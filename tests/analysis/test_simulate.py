"""Simulated portfolios: the budget where nothing spreads, the laws of large numbers, and what no worker may change."""

import json
import re
import threading

import numpy as np
import pytest

from flexrev_xl.analysis.budget import budget
from flexrev_xl.analysis.monthly import months_of
from flexrev_xl.analysis.simulate import simulate_portfolio
from flexrev_xl.analysis.simulated import TOGETHER
from flexrev_xl.core.simulation import FAN, Spread
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.models import ExchangeRate
from flexrev_xl.portfolio.uncertainty import Uncertainty, read_uncertainty
from flexrev_xl.workbook.starter import demo_portfolio
from tests.core.test_simulation import plain_years
from tests.portfolio.given import ENERGY_ROW, ROW, portfolio

CERTAIN = Uncertainty(events="fixed", performance_sd=0.0)
EVENTS_ONLY = Uncertainty(performance_sd=0.0)
SITE = {**ROW, "dispatch_hours": 30.0, "energy_rate": 75.0, "energy_unit": "USD/MWh", "event_hours": 4.0}
DATED = {"start": "2026-06-01", "end": "2027-05-31", "rate_unit": "USD/MW-day", "event_months": "6-9"}
EVERY_TERM = [
    {
        **SITE, **DATED, "capacity_rate": 329.17, "performance": 0.9, "penalty_rate": 2300.0, "stop_loss_share": 0.1,
        "customer_share": 0.8,
    },
    {
        **SITE, "site": "B", "performance": 1.05, "performance_cap": 1.2, "availability": 0.97, "penalty_rate": 1150.0,
        "penalty_share": 0.5,
    },
    {
        **SITE, "site": "C", "price_status": "forecast", "escalation": 0.03, "marginal_cost": 60.0, "performance": 0.8,
        "penalty_rate": 900.0, "penalty_hours": 10.0,
    },
    {**SITE, "site": "D", "kind": "avoided_cost", "marginal_cost": 40.0},
    {**SITE, "site": "E", "kind": "buyout", "performance": 0.5},
    {
        **SITE, "site": "F", "uplift_money": 500.0, "ancillary_money": 300.0, "test_hours": 2.0, "marginal_cost": 90.0,
        "test_charge_money": 250.0,
    },
    {
        **ENERGY_ROW, "site": "G", "energy_rate": 185.0, "energy_unit": "USD/MWh", "dispatch_hours": 75.0,
        "performance": 0.92, "availability": 0.95, "penalty_rate": 50.0, "stop_loss_money": 200.0,
    },
    {**ROW, "site": "H", "start": "2027-06-01", "end": "2028-05-31"},
]  # fmt: skip


def simulated(*rows, uncertainty=EVENTS_ONLY, draws=20_000, **options):
    """These rows simulated."""
    return simulate_portfolio(portfolio(*rows, year=2026), draws=draws, uncertainty=uncertainty, **options)


def sites(count, **more):
    """So many sites alike."""
    return [{**SITE, **more, "site": f"Site {n}"} for n in range(count)]


def converted(made):
    """The same portfolio with half of its rows in pounds."""
    for row in made.enrolments[::2]:
        row.currency = "GBP"
    return made.model_copy(update={"exchange_rates": (ExchangeRate(currency="GBP", rate=1.25),)})


def test_without_spread_every_year_is_the_budget():
    """With events fixed and nothing spread, each line and each year is the Base net of the budget, whatever its terms."""
    made = converted(portfolio(*EVERY_TERM, year=2026, years=3, fiscal_year_start=6))
    expected = budget(made).scenario("Base")
    found = simulate_portfolio(made, draws=100, uncertainty=CERTAIN)
    for year in found.years:
        lines = [line.values["net_revenue"] for line in expected.lines if line.year == year.year]
        assert lines == pytest.approx([x.outcome.mean for x in year.lines], rel=1e-9)
        totals = [expected.by_year[year.year]["net_revenue"]] * 2
        assert totals == pytest.approx([year.net.min(), year.net.max()], rel=1e-9)
        assert (0.0, 0.0) == (year.outcome.reserve, year.outcome.below_budget)


def test_without_spread_the_months_are_those_of_the_budget():
    """The fan of every month closes on what the budget spreads over it."""
    made = portfolio(*EVERY_TERM, year=2026, years=3, fiscal_year_start=6)
    expected = months_of(budget(made).scenario("Base").lines, made)["net_revenue"]
    found = simulate_portfolio(made, draws=100, uncertainty=CERTAIN)
    months = [fan for year in found.years for _, fan in year.months]
    assert [[value] * len(FAN) for value in expected] == [pytest.approx(list(m.values()), rel=1e-9) for m in months]


def test_the_base_scenario_is_simulated_as_it_stands():
    """What Base does to its drivers holds; a portfolio without a Base is simulated in its first scenario."""
    made = portfolio(SITE, scenarios=[{"name": "Plan", "dispatch_hours": 2.0, "performance": {"absolute": 0.7}}])
    found = simulate_portfolio(made, draws=100, uncertainty=CERTAIN)
    assert ("Plan", 1000 * 10 * 0.7 + 10 * 0.7 * 60 * 75) == (
        found.scenario,
        pytest.approx(found.years[0].outcome.mean),
    )


def test_independent_sites_spread_with_the_square_root():
    """Sixteen independent sites spread four times as far as one; in one market that moves as one, sixteen times."""
    one = simulated(SITE).years[0].outcome.sd
    apart = simulated(*sites(16)).years[0].outcome.sd
    together = simulated(*sites(16), uncertainty=Uncertainty(performance_sd=0.0, market_correlation=1.0)).years[0]
    # The error of a standard deviation is about that of a normal one: sd / sqrt(2 n), here of two of them.
    assert abs(apart / one - 4.0) <= 4.0 * 4.0 / np.sqrt(20_000)
    assert 16 * together.lines[0].outcome.sd == pytest.approx(together.outcome.sd)


def test_diversification():
    """Reserves of lines by themselves add up to the portfolio's where all move as one, and to more where none does."""
    rows, one_market = sites(9), Uncertainty(performance_sd=0.0, market_correlation=1.0)
    together = simulated(*rows, uncertainty=one_market).years[0].diversification
    apart = simulated(*rows).years[0].diversification
    assert pytest.approx(0.0, abs=1e-6) == together.saved
    assert True is (apart.saved > 0.5 * apart.stand_alone)


def test_mean_and_variance_of_energy_revenue():
    """With fixed performance a site earns C E[H] p in the mean, with the variance of compound Poisson hours."""
    found = simulated(SITE, uncertainty=Uncertainty(performance_sd=0.0, hours_spread=0.25)).years[0]
    per_hour, n, h = 10 * 75, 7.5, 4.0
    variance = per_hour**2 * n * (h**2 + (0.25 * h) ** 2)
    error = np.sqrt(variance / 20_000)
    assert abs(10 * 1000 + per_hour * n * h - found.outcome.mean) <= 4 * error
    squares = (found.net - found.net.mean()) ** 2
    assert abs(variance - squares.mean()) <= 4 * squares.std() / np.sqrt(20_000)


def test_forecast_rates_spread_and_contracted_ones_do_not():
    """Of capacity alone a contracted row is certain; a forecast one is lognormal of mean 1."""
    given = Uncertainty(performance_sd=0.0, capacity_rate_sigma=0.3)
    contracted, forecast = (
        simulated({**ROW, "price_status": s}, uncertainty=given) for s in ("contracted", "forecast")
    )
    sd = 10_000 * np.sqrt(np.exp(0.3**2) - 1)
    assert (10_000.0, 0.0) == (contracted.years[0].outcome.mean, contracted.years[0].outcome.sd)
    assert abs(10_000 - forecast.years[0].outcome.mean) <= 4 * sd / np.sqrt(20_000)
    assert 1.0 == pytest.approx(forecast.years[0].shares["capacity rate"])
    assert "capacity_rate_sigma: not used, as the price is contracted or cleared (1 of 1 lines)" in contracted.assumed


def test_shares_of_the_drivers():
    """One driver makes all of the variance, independent ones add up, and nothing that is frozen makes any."""
    alone = simulated(SITE).years[0].shares
    assert {"events": 1.0, "performance": 0.0, "energy price": 0.0, "capacity rate": 0.0, TOGETHER: 0.0} == alone
    row = {**SITE, "price_status": "forecast", "energy_rate": 0.0, "performance": 0.9, "penalty_rate": 0.0}
    both = simulated(row, uncertainty=Uncertainty(events="fixed", performance_sd=0.05, capacity_rate_sigma=0.1))
    shares = both.years[0].shares
    # Of a product of independent factors: the squares of their relative deviations, and the product of those.
    a, b = 0.05**2 / 0.9**2 * (7 + 0.5**2) / 7.5**2, np.exp(0.1**2) - 1
    whole = a + b + a * b
    expected = {"performance": a / whole, "capacity rate": b / whole}
    assert expected == pytest.approx({name: shares[name] for name in expected}, abs=0.02)


MARKET_ROWS = [
    {
        **SITE, "programme": "PJM capacity", "nominated_mw": 20.0, "price_status": "forecast", "performance": 0.9,
        "performance_cap": 1.1, "availability": 0.97, "penalty_rate": 2300.0, "stop_loss_share": 1.5,
        "customer_share": 0.8, "marginal_cost": 60.0,
    },
    {
        **SITE, "site": "B", "programme": "PJM energy", "energy_rate": 180.0, "performance": 0.9, "performance_cap": 1.1,
        "penalty_rate": 400.0, "stop_loss_money": 900.0, "marginal_cost": 25.0,
    },
]  # fmt: skip
SPREAD = {
    "dispersion": 0.2, "hours_spread": 0.3, "hours_shape": "lognormal", "performance_sd": 0.08, "price_sigma": 0.3,
    "price_event_correlation": -0.4, "market_correlation": 0.35, "capacity_rate_sigma": 0.2, "most_events_per_year": 8.0,
}  # fmt: skip


def net_by_hand(row, year):
    """What a year of events earns a row, written out with plain numbers from MODEL sections 1 and 4."""
    hours, performance, missed, price, rate = year
    mw, available, share = row["nominated_mw"], row.get("availability", 1.0), row.get("customer_share", 1.0)
    paid = available * performance
    full_price = mw * row["capacity_rate"] * (rate if row.get("price_status") == "forecast" else 1.0)
    capacity, energy = full_price * paid, mw * paid * hours * row["energy_rate"] * price
    limit = min(row.get("stop_loss_money", np.inf), row.get("stop_loss_share", np.inf) * full_price)
    penalty = min(mw * available * missed * hours * row["penalty_rate"], limit)
    return share * (capacity + energy) - penalty - mw * paid * hours * row["marginal_cost"]


def test_a_plain_loop_earns_the_same_money_year_by_year():
    """Penalties to their stop-loss, forecast rates, prices and a market in common: the same net, draw by draw."""
    found = simulate_portfolio(
        portfolio(*MARKET_ROWS, year=2026), draws=1_000, seed=11, uncertainty=Uncertainty(**SPREAD)
    )
    same = {"dispersion": 0.2, "most_events": 8.0, "hours_spread": 0.3, "lognormal_hours": True, "price_sigma": 0.3}
    same |= {"rate_sigma": 0.2, "price_event_correlation": -0.4, "market_correlation": 0.35}
    spread = Spread(7.5, 4.0, 0.9, 0.08, performance_cap=1.1, **same)
    total = np.zeros(1_000)
    for number, row in enumerate(MARKET_ROWS):
        years = plain_years(spread, 11, number, 2026, 1.0 / row.get("availability", 1.0), 1_000)
        total += np.array([net_by_hand(row, year) for year in years])
    assert total.tolist() == pytest.approx(found.years[0].net.tolist(), rel=1e-9)
    # The limit is met in some years and not in others, or it would not be tested here.
    penalties = [10.0 * y[2] * y[0] * 400.0 for y in plain_years(spread, 11, 1, 2026, 1.0, 1_000)]
    assert 0 < sum(p > 900.0 for p in penalties) < 1_000


def test_rows_of_one_programme_need_not_stand_together():
    """Rows are simulated in the order of a workbook, wherever they stand in a file: the same years to the last bit."""
    first = {**SITE, "season": "First half", "start": "2026-01-01", "end": "2026-06-30"}
    second = {**SITE, "season": "Second half", "start": "2026-07-01", "end": "2026-12-31"}
    rows = [first, {**SITE, "site": "B"}, second]
    apart, together = (simulated(*rows), simulated(rows[0], rows[2], rows[1]))
    assert bits(apart)[0] == bits(together)[0]


def test_every_mistake_at_once():
    """An impossible spread, too few draws, a seed and a confidence out of range are refused together."""
    with pytest.raises(FlexError) as found:
        simulated(SITE, uncertainty=Uncertainty(hours_spread=0.9), draws=99, seed=-1, confidence=0.2)
    expected = ["FLEX-003", "FLEX-003", "FLEX-141", "FLEX-144"]
    assert expected == sorted(p.code for p in found.value.problems)


def bits(found):
    """Every simulated year of every budget year, and all that is reported of them."""
    return [year.net.tobytes() for year in found.years], json.dumps(found.as_json())


MIXED = Uncertainty(
    dispersion=0.2, hours_spread=0.3, price_sigma=0.3, price_event_correlation=0.4, market_correlation=0.5,
    capacity_rate_sigma=0.1,
)  # fmt: skip


def test_neither_workers_nor_blocks_change_a_bit():
    """The demo over two years: one worker or four, in blocks of any size, gives the same figures to the last bit."""
    runs = [{"workers": 1}, {"workers": 4}, {"workers": 3, "block": 333}, {"workers": 1, "block": 1}]
    found = [simulate_portfolio(demo_portfolio(), draws=1_000, years=2, uncertainty=MIXED, **run) for run in runs]
    assert [bits(found[0])] * 3 == [bits(other) for other in found[1:]]
    other_seed = simulate_portfolio(demo_portfolio(), draws=1_000, years=2, uncertainty=MIXED, seed=2)
    assert bits(found[0]) != bits(other_seed)


def test_more_changes_nothing_before_it():
    """More draws, further rows and further years leave the figures of those before them as they were."""
    few = simulated(*sites(2), uncertainty=MIXED, draws=500)
    many = simulated(*sites(3), uncertainty=MIXED, draws=500, years=2)
    longer = simulated(*sites(2), uncertainty=MIXED, draws=900)
    outcomes = [[x.outcome for x in found.years[0].lines[:2]] for found in (few, many)]
    assert outcomes[0] == outcomes[1]
    assert few.years[0].net.tobytes() == longer.years[0].net[:500].tobytes()


def test_all_years_add_up():
    """Several years are summed draw by draw; independent as they are, their variances add up."""
    found = simulated(SITE, years=3)
    total = sum(year.net for year in found.years)
    assert float(np.mean(total)) == pytest.approx(found.all_years.mean)
    ratio = found.all_years.sd**2 / sum(year.outcome.sd**2 for year in found.years)
    assert abs(ratio - 1.0) <= 4.0 * np.sqrt(2 / 20_000)
    assert None is simulated(SITE, draws=100).all_years


def test_percentiles_rise():
    """Of the year, of each line and of each month the percentiles rise, and the exceedance curve falls."""
    (year,) = simulate_portfolio(demo_portfolio(), draws=1_000, uncertainty=MIXED).years
    curves = [x.outcome.percentiles.values() for x in (year, *year.lines)] + [fan.values() for _, fan in year.months]
    curves.append(value for _, value in year.outcome.exceedance)
    assert [True] * len(curves) == [values == sorted(values) for values in map(list, curves)]


@pytest.mark.parametrize("draws", [100, 101, 1_000])
def test_the_median_lies_in_its_interval(draws):
    """The 50th percentile lies between the ends printed beside it, and a label means the same however many are drawn."""
    found = simulate_portfolio(demo_portfolio(), draws=draws, uncertainty=MIXED)
    for x in (found.years[0], *found.years[0].lines):
        low, high = x.outcome.median_interval
        assert low <= x.outcome.percentiles[50] <= high
    labels = [p["label"] for p in found.as_json()["years"][0]["percentiles"]]
    assert "10th percentile: 9 years in 10 are better (lenders' P90)" == labels[1]


def test_nothing_goes_by_a_bare_letter():
    """In all that is reported the lenders' count of percentiles is called so."""
    text = json.dumps(simulate_portfolio(demo_portfolio(), draws=100, inputs_hash="abc").as_json())
    assert ([], True) == (re.findall(r"(?<!lenders' )\bP90\b", text), '"inputs_hash": "abc"' in text)


def test_what_an_event_is_comes_from_the_row_else_from_the_library():
    """Hours: the row's own, the library's, else one; the library's limit of events; each with the lines that took it."""
    bare = {k: v for k, v in SITE.items() if k != "event_hours"}
    listed = {**bare, "site": "B", "programme": "heco-fast-dr-40", "dispatch_hours": 60.0}
    assumed = simulated(SITE, listed, {**bare, "site": "C"}, draws=100).assumed
    expected = [
        "hours_per_event: 4 h, the row's event_hours (1 of 3 lines)",
        "hours_per_event: 1 h, the row's event_hours (1 of 3 lines)",
        "hours_per_event: 1 h, as nothing says how long an event is (1 of 3 lines)",
        "most_events_per_year: 40, the programme library's (1 of 3 lines)",
        "line 2: 60 events a year on average, of which at most 40 are called (1 of 3 lines)",
    ]
    assert [] == [text for text in expected if text not in assumed]


def test_given_hours_that_are_not_the_budgets():
    """Events that come to other hours than the budget's are told, row by row."""
    assumed = simulated(SITE, uncertainty=Uncertainty(performance_sd=0.0, events_per_year=10.0), draws=100).assumed
    assert "line 1: 40 h a year on average, where the budget has 30 (1 of 1 lines)" in assumed


def test_the_usual_deviation_gives_way_to_the_cap():
    """Five per cent, or half of what the mean leaves room for below the cap."""
    rows = [{**SITE, "site": str(p), "performance": p} for p in (0.9, 0.999, 1.0)]
    found = simulated(*rows, uncertainty=Uncertainty(), draws=100).assumed
    said = [text for text in found if text.startswith("performance_sd")]
    room = [
        "performance_sd: 1.58%, half of the most that a mean of 0.999 up to 1 leaves room for (1 of 3 lines)",
        "performance_sd: 0%, as a mean of 1 up to 1 leaves room for none (1 of 3 lines)",
    ]
    assert ["performance_sd: 5% (1 of 3 lines)", *room] == said


def test_overrides_for_programmes_and_sites():
    """What is given for a site in a programme goes before the programme's, and that before what is given for all."""
    mapping = {
        "events": "fixed",
        "performance_sd": 0.01,
        "by_programme": [
            {"programme": "contract", "site": "Site 0", "performance_sd": 0.03},
            {"programme": "Contract", "performance_sd": 0.02},
        ],
    }
    given, faults = read_uncertainty(mapping, "simulation")
    rows = [*sites(2, performance=0.9), {**SITE, "programme": "Other", "performance": 0.9}]
    spreads = [given.given(row)["performance_sd"] for row in portfolio(*rows).enrolments]
    assert ([], [0.03, 0.02, 0.01]) == (faults, spreads)


@pytest.mark.parametrize(
    ("mapping", "faults"),
    [
        ([], [("FLEX-145", "s")]),
        ({"performance": 0.1}, [("FLEX-104", "s")]),
        ({"hours_spread": -1.0, "events": "some"}, [("FLEX-003", "s, hours_spread"), ("FLEX-016", "s, events")]),
        ({"market_correlation": 1.2}, [("FLEX-142", "s, market_correlation")]),
        ({"price_event_correlation": -1.01}, [("FLEX-142", "s, price_event_correlation")]),
        ({"dispersion": FlexError("FLEX-108", "1,5")}, [("FLEX-108", "s, dispersion")]),
        ({"by_programme": {}}, []),
        ({"by_programme": "x"}, [("FLEX-145", "s, by_programme")]),
        ({"by_programme": [{"site": "A"}]}, [("FLEX-105", "s, by_programme[1]")]),
        ({"by_programme": [{"programme": "A"}, {"programme": "a"}]}, [("FLEX-145", "s, by_programme[2]")]),
        ({"between_markets": [{"markets": ["A"], "correlation": 1.0}]}, [("FLEX-145", "s, between_markets[1]")]),
        ({"between_markets": [{"markets": ["A", "B"], "correlation": 2.0}]}, [("FLEX-142", "s, between_markets[1]")]),
    ],
)
def test_what_cannot_be_read(mapping, faults):
    """Every mistake is told with its key."""
    assert faults == [(f.code, f.place) for f in read_uncertainty(mapping, "s")[1]]


def refused(*rows, draws=100, **given):
    """(code, place) of everything that is refused of a simulation."""
    uncertainty, faults = read_uncertainty(given, "simulation")
    assert [] == faults
    with pytest.raises(FlexError) as found:
        simulated(*rows, uncertainty=uncertainty, draws=draws)
    return [(p.code, p.place) for p in found.value.problems]


def test_spreads_that_cannot_be():
    """A mean above the cap, a deviation too wide for its mean, and hours below 0 are refused together."""
    rows = [{**SITE, "performance": 1.1}, {**SITE, "site": "B", "performance": 0.9}]
    expected = [
        ("FLEX-140", "p.csv row 2, performance"),
        ("FLEX-141", "p.csv row 2, hours_spread"),
        ("FLEX-141", "p.csv row 3, performance_sd"),
        ("FLEX-141", "p.csv row 3, hours_spread"),
    ]
    assert expected == refused(*rows, performance_sd=0.3, hours_spread=0.5)


@pytest.mark.parametrize("draws", [99, 10**9])
def test_draws_that_do_not_fit(draws):
    """Too few draws, or more than memory holds, are refused with how many fit."""
    assert [("FLEX-144", "draws")] == refused(SITE, draws=draws)


def test_options_out_of_range():
    """A seed, years, workers and a confidence that cannot be are refused together."""
    with pytest.raises(FlexError) as found:
        simulated(SITE, seed=-1, years=0, workers=0, confidence=1.0)
    assert ["seed", "years", "workers", "confidence"] == [p.place for p in found.value.problems]


def test_rows_and_markets_that_are_not_there():
    """What is said of a programme, a site or a market that no row has is refused."""
    given = {
        "by_programme": [{"programme": "Contrct"}, {"programme": "Contract", "site": "Nowhere"}],
        "between_markets": [{"markets": ["Contract", "MISO"], "correlation": 0.5}],
    }
    places = ("by_programme[1]", "by_programme[2]", "between_markets[1]")
    assert [("FLEX-145", f"simulation, {place}") for place in places] == refused(SITE, **given)


def test_correlations_that_contradict_each_other():
    """Three markets that cannot correlate so are refused, and what is offered in their place is taken."""
    rows = [{**SITE, "programme": name} for name in "ABC"]
    pairs = {("A", "B"): 0.9, ("B", "C"): 0.9, ("A", "C"): -0.9}
    given = [{"markets": list(pair), "correlation": c} for pair, c in pairs.items()]
    with pytest.raises(FlexError, match="FLEX-143 simulation, between_markets") as found:
        simulated(*rows, uncertainty=read_uncertainty({"between_markets": given}, "simulation")[0], draws=100)
    offered = re.findall(r"(\w) and (\w) (-?[\d.]+)%", found.value.allowed)
    nearest = [{"markets": [a, b], "correlation": float(c) / 100} for a, b, c in offered]
    assert (3, 1) == (
        len(nearest),
        len(simulated(*rows, uncertainty=read_uncertainty({"between_markets": nearest}, "s")[0], draws=100).years),
    )


def test_markets_that_move_together():
    """Two markets of full correlation make one; the library names the market that a programme's name begins with."""
    rows = [{**SITE, "programme": "PJM capacity"}, {**SITE, "site": "B", "programme": "MISO auction"}]
    pair = [{"markets": ["PJM", "MISO"], "correlation": 1.0}]
    given = {"performance_sd": 0.0, "market_correlation": 1.0, "between_markets": pair}
    (year,) = simulated(*rows, uncertainty=read_uncertainty(given, "s")[0]).years
    assert 2 * year.lines[0].outcome.sd == pytest.approx(year.outcome.sd)


@pytest.mark.parametrize("workers", [1, 3])
def test_an_interrupted_simulation_ends(workers):
    """Ctrl-C ends the threads and goes on to the caller."""

    def interrupt(stage):
        raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        simulate_portfolio(demo_portfolio(), draws=50_000, workers=workers, progress=interrupt)
    assert before == threading.active_count()
