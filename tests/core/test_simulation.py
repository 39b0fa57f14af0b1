"""Simulated years: closed forms within four standard errors, a plain loop draw by draw, and what no draw may change."""

import math
import re

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr

from flexrev_xl.core.draws import (
    EVENTS,
    HOURS,
    OF_MARKET,
    PERFORMANCE,
    PRICE,
    RATE,
    Sampler,
    event_thresholds,
    is_possible,
    loadings,
    nearest_possible,
    stream,
)
from flexrev_xl.core.simulation import PERCENTILES, Spread, label, largest_sd, outcome, simulate
from flexrev_xl.errors import FlexError

DRAWS = 40_000
BARE = re.compile(r"(?<!lenders' )\bP90\b")


def years(spread, seed=1, draws=DRAWS, **more):
    """So many years, drawn at once."""
    return Sampler(spread, seed, **more).draw(draws)


def close(expected, sample):
    """Whether the mean of a sample is what is expected, within four standard errors."""
    return abs(np.mean(sample) - expected) <= 4.0 * np.std(sample) / math.sqrt(len(sample))


def close_variance(expected, sample):
    """The same of its variance."""
    return close(expected, (sample - np.mean(sample)) ** 2)


@pytest.mark.parametrize("lognormal", [False, True])
def test_compound_poisson_hours(lognormal):
    """E[H] = n h and Var[H] = n (h^2 + s_h^2), whichever way an event's hours are spread."""
    n, h, s = 7.5, 4.0, 1.2
    hours = years(Spread(n, h, 0.9, hours_spread=s / h, lognormal_hours=lognormal)).hours
    assert (True, True) == (close(n * h, hours), close_variance(n * (h**2 + s**2), hours))


def test_negative_binomial_hours():
    """The number of events has the mean n and the variance n + dispersion x n^2."""
    n, h, dispersion = 7.5, 4.0, 0.3
    hours = years(Spread(n, h, 0.9, dispersion=dispersion)).hours
    assert (True, True) == (close(n * h, hours), close_variance(h**2 * (n + dispersion * n**2), hours))


def test_energy_revenue():
    """E[energy revenue] = C E[H] E[p] E[price] where nothing is correlated."""
    found = years(Spread(7.5, 4.0, 0.9, 0.08, hours_spread=0.2, price_sigma=0.4))
    assert close(7.5 * 4.0 * 0.9, found.hours * found.performance * found.price)


def test_performance_of_one_event():
    """With one event a year of fixed hours the year performs as a Beta of the mean and deviation given, up to the cap."""
    found = years(Spread(1.0, 4.0, 0.95, 0.08, performance_cap=1.2, events_fixed=True)).performance
    assert (True, True) == (close(0.95, found), close_variance(0.08**2, found))
    assert (True, True) == (0.0 <= found.min(), found.max() <= 1.2)


def test_year_without_event_performs_as_tested():
    """Where no event is called the performance is that of the test, and nothing is dispatched."""
    found = years(Spread(0.7, 4.0, 0.9, 0.08))
    assert {0.9} == set(found.performance[found.hours == 0.0])
    assert close(math.exp(-0.7), found.hours == 0.0)


@pytest.mark.parametrize("dispersion", [0.0, 0.3, 4.0])
def test_number_of_events_is_the_inverse_of_its_distribution(dispersion):
    """A deviate gives the number of events that scipy's own quantile gives for its rank."""
    deviates = np.linspace(-7.0, 7.0, 1999)
    law = stats.nbinom(1 / dispersion, 1 / (1 + 7.5 * dispersion)) if dispersion else stats.poisson(7.5)
    expected = np.where(deviates < 0.0, law.ppf(ndtr(deviates)), law.isf(ndtr(-deviates)))
    assert expected.tolist() == np.searchsorted(event_thresholds(7.5, dispersion), deviates).tolist()


def test_limit_of_the_programme():
    """Events beyond the limit are not called; below it nothing changes."""
    free, limited = (years(Spread(7.5, 4.0, 0.9, most_events=most)).hours for most in (None, 9.0))
    assert np.minimum(free, 36.0).tolist() == limited.tolist()


def test_fixed_events_in_part():
    """Seven and a half events fixed are seven, and one of half the hours."""
    found = years(Spread(7.5, 4.0, 0.9, 0.05, events_fixed=True), draws=100)
    each = stream(1, PERFORMANCE).beta(*beta_of(0.9, 0.05), size=(100, 8))
    weights = np.array([1.0] * 7 + [0.5])
    assert [30.0] * 100 == found.hours.tolist()
    assert (each @ weights / 7.5).tolist() == pytest.approx(found.performance.tolist(), rel=1e-12)


def beta_of(mean, sd):
    """The parameters of a Beta from 0 to 1."""
    total = mean * (1 - mean) / sd**2 - 1
    return mean * total, (1 - mean) * total


@pytest.mark.parametrize("correlation", [1.0, -1.0])
def test_price_follows_events(correlation):
    """Perfectly correlated, the price rises (or falls) with the number of events; its own mean stays 1."""
    found = years(Spread(7.5, 4.0, 0.9, price_sigma=0.3, price_event_correlation=correlation))
    by_price = found.hours[np.argsort(correlation * found.price)]
    assert (True, True) == (bool((np.diff(by_price) >= 0.0).all()), close(1.0, found.price))


def test_correlations_of_the_deviates():
    """Prices of two rows of one market correlate as given, and with many events price and hours nearly so."""
    tie = Spread(4_000.0, 1.0, 0.9, price_sigma=0.1, price_event_correlation=0.6, market_correlation=0.5)
    a, b = (years(tie, index=index) for index in (0, 1))
    logs = [np.log(found.price) for found in (a, b)]
    within, between = np.corrcoef(a.hours, logs[0])[0, 1], np.corrcoef(*logs)[0, 1]
    error = 4.0 / math.sqrt(DRAWS)
    assert (True, True) == (abs(within - 0.6) < error, abs(between - 0.5) < error)


ALL_AT_ONCE = Spread(
    3.0, 4.0, 0.9, 0.08, performance_cap=1.1, dispersion=0.2, most_events=8.0, hours_spread=0.3, lognormal_hours=True,
    price_sigma=0.3, rate_sigma=0.2, price_event_correlation=-0.4, market_correlation=0.35, market=((0, 0.6), (2, 0.8)),
)  # fmt: skip


def plain_years(s, seed, index, year, full, draws):
    """The same years one number at a time: (hours, performance, missed, price factor, rate factor) of each."""

    def source(kind, number):
        return np.random.Generator(np.random.Philox(key=[seed, kind * 2**48 + year * 2**32 + number]))

    own = {kind: source(kind, index) for kind in (EVENTS, PRICE, RATE, HOURS, PERFORMANCE)}
    common = {(k, n): source(k + OF_MARKET, n) for k in (EVENTS, PRICE, RATE) for n, _ in s.market}
    law = stats.nbinom(1 / s.dispersion, 1 / (1 + s.events * s.dispersion))
    share, scatter = s.performance / s.performance_cap, s.performance_sd / s.performance_cap
    total = share * (1 - share) / scatter**2 - 1

    def deviate(kind):
        mine = own[kind].standard_normal()
        market = sum(loading * common[kind, n].standard_normal() for n, loading in s.market)
        return math.sqrt(s.market_correlation) * market + math.sqrt(1 - s.market_correlation) * mine

    for _ in range(draws):
        z = deviate(EVENTS)
        hours = delivered = short = 0.0
        for _ in range(int(min(law.ppf(ndtr(z)), s.most_events))):
            variance = math.log(1 + s.hours_spread**2)
            h = own[HOURS].lognormal(math.log(s.hours) - variance / 2, math.sqrt(variance))
            p = s.performance_cap * own[PERFORMANCE].beta(share * total, (1 - share) * total)
            hours, delivered, short = hours + h, delivered + h * p, short + h * max(0.0, full - p)
        tie = s.price_event_correlation
        price = math.exp(s.price_sigma * (tie * z + math.sqrt(1 - tie**2) * deviate(PRICE)) - s.price_sigma**2 / 2)
        rate = math.exp(s.rate_sigma * deviate(RATE) - s.rate_sigma**2 / 2)
        test = s.performance, max(0.0, full - s.performance)
        performance, missed = (delivered / hours, short / hours) if hours else test
        yield hours, performance, missed, price, rate


def columns(found):
    """The arrays of Years in order."""
    return [found.hours, found.performance, found.missed, found.price, found.rate]


def test_a_plain_loop_agrees_draw_by_draw():
    """Years drawn one number at a time from the same streams are the same years."""
    expected = np.array(list(plain_years(ALL_AT_ONCE, 11, 5, 2027, 1.0, 2_000))).T
    found = Sampler(ALL_AT_ONCE, 11, 5, 2027).draw(2_000)
    for column, actual in zip(expected, columns(found), strict=True):
        assert column.tolist() == pytest.approx(actual.tolist(), rel=1e-12)


def test_no_figure_depends_on_the_block():
    """Drawn 7 at a time, 1,000 at a time or all at once, the years are the same to the last bit."""
    whole = columns(Sampler(ALL_AT_ONCE, 3).draw(5_000))
    for size in (7, 1_000):
        sampler = Sampler(ALL_AT_ONCE, 3)
        parts = [columns(sampler.draw(part.stop - part.start)) for part in sampler.blocks(5_000, size)]
        assert [c.tobytes() for c in whole] == [np.concatenate(c).tobytes() for c in zip(*parts, strict=True)]


def test_streams_differ():
    """Each kind, row, year and seed has numbers of its own."""
    keys = [(1, EVENTS, 0, 2026), (1, PRICE, 0, 2026), (1, EVENTS, 1, 2026), (1, EVENTS, 0, 2027), (2, EVENTS, 0, 2026)]
    keys.append((1, OF_MARKET + EVENTS, 0, 2026))
    assert len(keys) == len({stream(*key).standard_normal() for key in keys})


MARKETS = [[1.0, 0.8, -0.3], [0.8, 1.0, 0.1], [-0.3, 0.1, 1.0]]


def test_loadings_give_the_correlations():
    """The lower triangle times itself is the matrix, also where one market follows another in all."""
    for matrix in (MARKETS, [[1.0, 1.0, 0.5], [1.0, 1.0, 0.5], [0.5, 0.5, 1.0]]):
        lower = loadings(np.array(matrix))
        assert np.array(matrix).ravel().tolist() == pytest.approx((lower @ lower.T).ravel().tolist())


def test_impossible_correlations():
    """Of three markets no two pairs can go together while the third goes apart; what is offered instead is possible."""
    wrong = [[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]]
    offered = nearest_possible(wrong)
    assert (True, False, True) == (is_possible(MARKETS), is_possible(wrong), is_possible(offered))
    assert [0.5, -0.5, 0.5] == pytest.approx([offered[0, 1], offered[0, 2], offered[1, 2]], abs=0.005)


@pytest.mark.parametrize(
    ("quantile", "text"),
    [
        (0.01, "1st percentile: 99 years in 100 are better (lenders' P99)"),
        (0.025, "2.5th percentile: 39 years in 40 are better (lenders' P97.5)"),
        (0.10, "10th percentile: 9 years in 10 are better (lenders' P90)"),
        (0.5, "50th percentile: 1 year in 2 is better (lenders' P50)"),
        (0.9, "90th percentile: 1 year in 10 is better (lenders' P10)"),
    ],
)
def test_labels(quantile, text):
    """A percentile says in words how many years are better."""
    assert text == label(quantile)


def test_outcome_of_known_years():
    """The years 1 to 1,000 in any order: percentiles as Excel has them, the mean of the worst fifty, the reserve."""
    found = outcome(np.random.default_rng(1).permutation(np.arange(1.0, 1001.0)), 400.0, 0.10)
    assert (500.5, 25.5, 0.399) == (found.mean, found.cvar, found.below_budget)
    assert [1 + 999 * p / 100 for p in PERCENTILES] == pytest.approx(list(found.percentiles.values()))
    assert 400.0 - 100.9 == pytest.approx(found.reserve)
    assert 0.0 == outcome(np.arange(1.0, 1001.0), 50.0).reserve


def test_interval_of_the_median():
    """Its ends are the years that a binomial of one half leaves 2.5 % beyond, as far from the worst as from the best."""
    below = stats.binom(1000, 0.5).ppf(0.025) - 1
    assert (below, 999.0 - below) == outcome(np.arange(1000.0), 0.0).median_interval


def test_function_without_spread():
    """With nothing random but when events fall, and no energy paid, every year is the capacity revenue."""
    assert {2_282_793.95, 0.0} == {row[1] for row in simulate(20, 120_147.05, 7.5, 4, 0, 0.95, 0)}


def test_function_with_poisson_events():
    """Fully performed, money is fixed but for the events, so that its percentiles are those of Poisson."""
    rows = simulate(10, 1000, 7.5, 4, 50, 1, 0)
    expected = [10_000 + 10 * 4 * 50 * stats.poisson(7.5).ppf(p / 100) for p in PERCENTILES]
    assert expected == [row[1] for row in rows[2:9]]
    assert 10_000 + 10 * 30 * 50 - expected[1] == rows[10][1]


def test_function_pays_and_charges_by_event():
    """Mean revenue less penalties is the closed form, though no event makes up for another."""
    mean, sd, cap, n, h = 0.95, 0.1, 1.2, 8.0, 4.0
    share = stats.beta(*beta_of(mean / cap, sd / cap))
    short = share.expect(lambda x: 1 - cap * x, ub=1 / cap)
    rows = simulate(10, 0, n, h, 50, mean, sd, 0.2, 1150, 100_000)
    error = rows[1][1] / math.sqrt(100_000)
    assert abs(10 * n * h * (mean * 50 - short * 1150) - rows[0][1]) <= 4 * error


def test_function_says_what_its_percentiles_are():
    """Rows are mean, deviation, rising percentiles, CVaR and reserve; no percentile goes by a letter alone."""
    rows = simulate(10, 1000, 7.5, 4, 50, price_sigma=0.3, penalty_rate=1150, seed=4)
    labels, values = [row[0] for row in rows], [row[1] for row in rows]
    assert (11, [], sorted(values[2:9])) == (len(rows), BARE.findall("\n".join(labels)), values[2:9])
    assert True is (values[9] < values[2])


def test_function_keeps_to_its_seed():
    """One seed gives the same rows twice, another others."""
    first, again, other = (simulate(10, 1000, 7.5, 4, 50, seed=seed) for seed in (1, 1, 2))
    assert (True, False) == (first == again, first == other)


@pytest.mark.parametrize(
    ("given", "code", "place"),
    [
        ({"performance_mean": 1.3}, "FLEX-140", "performance_mean"),
        ({"performance_mean": 1.2}, "FLEX-141", "performance_sd"),
        ({"performance_sd": 0.5, "performance_cap": 1.0}, "FLEX-141", "performance_sd"),
        ({"draws": 99}, "FLEX-003", "draws"),
        ({"draws": 200.5}, "FLEX-003", "draws"),
        ({"hours_per_event": 0}, "FLEX-003", "hours_per_event"),
        ({"energy_rate": -1}, "FLEX-003", "energy_rate"),
    ],
)
def test_function_refuses(given, code, place):
    """Spreads that no Beta has, too few draws, and rates below 0 are refused where they stand."""
    values = {"nominated_mw": 10, "capacity_rate": 1000, "events_per_year": 5, "hours_per_event": 4, "energy_rate": 50}
    with pytest.raises(FlexError) as refused:
        simulate(**values | given)
    assert [(code, place)] == [(p.code, p.place) for p in refused.value.problems]


def test_largest_deviation_is_named():
    """A Beta stays below the square root of mean x (cap - mean): 0.3 for 90 % of 100 %."""
    with pytest.raises(FlexError, match=r"FLEX-141 performance_sd: .* Allowed: 0, or below 0\.3\."):
        simulate(10, 1000, 5, 4, 50, 0.9, 0.3, performance_cap=1)
    assert 0.3 == largest_sd(0.9, 1.0)
