"""Random years of one enrolment, from streams of its own.

Each kind of number is drawn from a stream whose key is the seed, the kind, the enrolment's place and
the budget year, one year after the other. So a figure depends neither on how many workers there are,
nor on how many years are drawn at a time, nor on what other enrolments or later years are drawn.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import betainc, ndtri, pdtr, pdtrc

# Kinds of numbers, each a stream; those of a market stand apart from those of an enrolment.
EVENTS, PRICE, RATE, HOURS, PERFORMANCE = range(5)
OF_MARKET = 16
_AT_ONCE = 2**18  # events drawn at a time, so that they stay in the processor's cache
_DEPENDENT = 1e-6  # what is left of a deviate that others determine
_LEAST_TAIL = 1e-17  # a chance that no normal deviate of a double reaches


def stream(seed, kind, index=0, year=0):
    """The generator of one kind of number.

    Args:
        seed: 0 to 2**64 - 1.
        kind: EVENTS to PERFORMANCE, with OF_MARKET added for what a market has in common.
        index: place of the enrolment or of the market, below 2**32.
        year: budget year, below 2**16.
    """
    key = np.array([seed, kind << 48 | year << 32 | index], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def event_thresholds(mean, dispersion=0.0, most=None):
    """Normal deviates at which the number of events steps up: it is how many of them lie below the deviate drawn.

    Args:
        mean: of the number of events, above 0.
        dispersion: 0 for Poisson, else negative binomial with variance mean + dispersion x mean^2.
        most: events beyond so many are not called; None for no limit.
    """
    sd = math.sqrt(mean + dispersion * mean**2)
    count = int(mean + 12.0 * sd) + 40
    while True:
        number = np.arange(count if most is None else min(count, int(most)), dtype=float)
        if dispersion:
            shape = 1.0 / dispersion
            chance = shape / (shape + mean)
            below, above = betainc(shape, number + 1.0, chance), betainc(number + 1.0, shape, 1.0 - chance)
        else:
            below, above = pdtr(number, mean), pdtrc(number, mean)
        if len(number) < count or above[-1] < _LEAST_TAIL:
            return np.where(below < 0.5, ndtri(below), -ndtri(above))
        count *= 2


def beta_shape(mean, sd, cap):
    """The two parameters of the Beta, scaled to the cap, that has this mean and standard deviation.

    Example:
        >>> beta_shape(0.5, 0.25, 1.0)
        (1.5, 1.5)
    """
    share, scatter = mean / cap, sd / cap
    total = share * (1.0 - share) / scatter**2 - 1.0
    return share * total, (1.0 - share) * total


@dataclass(frozen=True)
class Years:
    """Simulated years: arrays of one length, or one number for what does not vary.

    hours: dispatched in the year. performance: mean of its events weighted by hours; the test's where none was called.
    missed: mean by hours of what events fell short of full performance. price, rate: factors on energy price and
    capacity rate.
    """

    hours: Any
    performance: Any
    missed: Any
    price: Any
    rate: Any


class Sampler:
    """Years of one enrolment, one block after the other.

    Args:
        spread: a Spread, what is random.
        seed, index, year: see `stream`.
        full_performance: performance from which on an event falls short of nothing.
    """

    def __init__(self, spread, seed, index=0, year=0, full_performance=1.0):
        self._spread, self._full = spread, full_performance
        self._key = seed, index, year
        self._streams = {}
        varies = spread.events > 0.0 and not spread.events_fixed and spread.most_events != 0.0
        self._thresholds = event_thresholds(spread.events, spread.dispersion, spread.most_events) if varies else None
        self._fixed_events = spread.events if spread.most_events is None else min(spread.events, spread.most_events)
        if not spread.performs_alike:
            self._shape = beta_shape(spread.performance, spread.performance_sd, spread.performance_cap)

    def blocks(self, draws, size=None):
        """Slices of so many years, each to be drawn at a time; their size has no bearing on any figure."""
        size = size or max(1, int(_AT_ONCE / (8.0 + self._fixed_events)))
        return [slice(first, min(first + size, draws)) for first in range(0, draws, size)]

    def draw(self, count):
        """The next so many years."""
        spread, deviates = self._spread, None
        if self._thresholds is not None or (spread.price_sigma and spread.price_event_correlation):
            deviates = self._yearly(EVENTS, count)
        hours, performance, missed = self._events(count, deviates)
        price = rate = 1.0
        if spread.price_sigma:
            own, tie = self._yearly(PRICE, count), spread.price_event_correlation
            mixed = tie * deviates + math.sqrt(1.0 - tie**2) * own if tie else own
            price = _factor(spread.price_sigma, mixed)
        if spread.rate_sigma:
            rate = _factor(spread.rate_sigma, self._yearly(RATE, count))
        return Years(hours, performance, missed, price, rate)

    def _stream(self, kind, index):
        if (kind, index) not in self._streams:
            seed, _, year = self._key
            self._streams[kind, index] = stream(seed, kind, index, year)
        return self._streams[kind, index]

    def _yearly(self, kind, count):
        """Normal deviates of a kind: what the market has in common, and the enrolment's own."""
        own, shared = self._stream(kind, self._key[1]).standard_normal(count), self._spread.market_correlation
        if not shared:
            return own
        market = 0.0
        for number, loading in self._spread.market:
            market = market + loading * self._stream(OF_MARKET + kind, number).standard_normal(count)
        return math.sqrt(shared) * market + math.sqrt(1.0 - shared) * own

    def _events(self, count, deviates):
        """(hours, performance, missed) of so many years."""
        spread = self._spread
        as_tested = spread.performance, max(0.0, self._full - spread.performance)
        events, last = self._numbers(count, deviates)
        if spread.performs_alike and not spread.hours_spread:
            return (events - (1.0 - last)) * spread.hours, *as_tested
        owner = np.repeat(np.arange(count), np.broadcast_to(events, count))
        each = self._hours_of_events(len(owner))
        if last != 1.0:
            each = each * np.where(np.arange(1, len(owner) + 1) % events, 1.0, last)
        hours = _by_year(owner, each, count) if np.ndim(each) else events * each * np.ones(count)
        if spread.performs_alike:
            return hours, *as_tested
        performance = spread.performance_cap * self._stream(PERFORMANCE, self._key[1]).beta(*self._shape, len(owner))
        mean = _mean_of_year(owner, each, performance, hours, as_tested[0])
        if self._full >= spread.performance_cap:
            return hours, mean, self._full - mean
        short = np.maximum(self._full - performance, 0.0)
        return hours, mean, _mean_of_year(owner, each, short, hours, as_tested[1])

    def _numbers(self, count, deviates):
        """(number of events of each year, or of all; what part of an event the last one is)."""
        if self._thresholds is not None:
            return np.searchsorted(self._thresholds, deviates), 1.0
        whole = math.ceil(self._fixed_events)
        return whole, 1.0 - (whole - self._fixed_events)

    def _hours_of_events(self, count):
        """Hours of so many events, or one number where they are fixed."""
        mean, spread = self._spread.hours, self._spread.hours_spread
        if not spread:
            return mean
        source = self._stream(HOURS, self._key[1])
        if self._spread.lognormal_hours:
            variance = math.log1p(spread**2)
            return source.lognormal(math.log(mean) - variance / 2.0, math.sqrt(variance), count)
        half = mean * spread * math.sqrt(6.0)
        return source.triangular(mean - half, mean, mean + half, count)


def _factor(sigma, deviates):
    """Lognormal factors of mean 1."""
    return np.exp(sigma * deviates - sigma**2 / 2.0)


def _by_year(owner, values, count):
    """The sum of each year's events, added in their order."""
    return np.bincount(owner, weights=values, minlength=count)


def _mean_of_year(owner, hours_of_events, values, hours, without_events):
    """The mean of each year's events weighted by their hours."""
    total = _by_year(owner, hours_of_events * values, len(hours))
    return np.divide(total, hours, out=np.full(len(hours), without_events), where=hours > 0.0)


def loadings(correlations):
    """Of each market the loadings on independent factors that give these correlations: a lower triangle.

    Args:
        correlations: a positive semi-definite matrix with ones on its diagonal.
    """
    size = len(correlations)
    lower = np.zeros((size, size))
    for i in range(size):
        for j in range(i + 1):
            rest = correlations[i][j] - lower[i, :j] @ lower[j, :j]
            if i == j:
                lower[i, i] = math.sqrt(max(rest, 0.0))
            elif lower[j, j] > _DEPENDENT:
                lower[i, j] = rest / lower[j, j]
    return lower


def is_possible(correlations):
    """Whether any numbers at all can have these correlations: no eigenvalue is below 0."""
    return bool(np.linalg.eigvalsh(np.asarray(correlations))[0] >= -(_DEPENDENT**2))


def nearest_possible(correlations, decimals=3):
    """The correlations nearest to these that some numbers can have, rounded and still possible.

    Higham, Computing the nearest correlation matrix (2002): projections by turns, the first one corrected.
    """
    found = np.asarray(correlations, dtype=float)
    correction = np.zeros_like(found)
    for _ in range(1000):
        values, vectors = np.linalg.eigh(found - correction)
        possible = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = possible - (found - correction)
        found = possible.copy()
        np.fill_diagonal(found, 1.0)
    shrunk = len(found) * 0.5 * 10.0**-decimals  # what rounding can take off the least eigenvalue
    found = np.round(found * (1.0 - 2.0 * shrunk), decimals)
    np.fill_diagonal(found, 1.0)
    return found
