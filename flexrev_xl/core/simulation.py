"""What a year may bring instead of its budget: what is random in it, and how many simulated years are summed up.

A percentile is always one of the distribution of money: at the 10th percentile 9 years in 10 are better.
Lenders count the other way round, so a percentile never stands by its letter and number alone.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from flexrev_xl.core import costs
from flexrev_xl.core.arguments import (
    MOST_FRACTION,
    NominatedMW,
    PenaltyRate,
    Performance,
    PerformanceCap,
    Quantity,
)
from flexrev_xl.core.entry import excel
from flexrev_xl.core.revenue import total_revenue
from flexrev_xl.core.tables import Whole
from flexrev_xl.errors import FlexError

PERCENTILES = (5, 10, 25, 50, 75, 90, 95)
FAN = (5, 25, 50, 75, 95)
EXCEEDANCE = (99, 95, 90, 80, 75, 70, 60, 50, 40, 30, 25, 20, 10, 5, 1)  # percent of years in which more is earned
WORST = 0.05  # share of years that CVaR is the mean of
CERTAINTY = 0.95  # of the interval in which the true median lies
FEWEST_DRAWS = 100
CVAR = f"Mean of the worst {WORST:.0%} of years (CVaR)"
_SLACK = 1e-9  # below which a difference from the budget is rounding
_NO_SPREAD = 1e-12  # share of the largest variance below which a Beta is a point


@dataclass(frozen=True)
class Spread:
    """What is random in a year of one enrolment; as it stands by default, nothing but when events fall.

    Attributes:
        events: mean number of events a year, from 0 up.
        hours: mean hours of an event, above 0.
        performance: mean performance of an event, from 0 to the cap; that of the test where no event is called.
        performance_sd: its standard deviation; a Beta distribution between 0 and the cap.
        performance_cap: most that an event is counted with.
        events_fixed: whether the number of events is its mean; a part of an event is one of so much fewer hours.
        dispersion: 0 for Poisson; else negative binomial, variance = mean + dispersion x mean^2.
        most_events: events beyond so many are not called; None for no limit.
        hours_spread: standard deviation of an event's hours as a share of their mean; 0 for fixed hours.
        lognormal_hours: whether hours are lognormal, as against a symmetric triangle.
        price_sigma, rate_sigma: standard deviation of the logarithm of the factor, of mean 1, on energy price and
            capacity rate.
        price_event_correlation: of the normal deviates behind energy price and number of events, -1 to 1.
        market_correlation: share, 0 to 1, of the variance of those deviates that the whole market has in common.
        market: (number of a market, loading) of each independent factor in what the market has in common.
    """

    events: float
    hours: float
    performance: float
    performance_sd: float = 0.0
    performance_cap: float = 1.0
    events_fixed: bool = False
    dispersion: float = 0.0
    most_events: float | None = None
    hours_spread: float = 0.0
    lognormal_hours: bool = False
    price_sigma: float = 0.0
    rate_sigma: float = 0.0
    price_event_correlation: float = 0.0
    market_correlation: float = 0.0
    market: tuple = ((0, 1.0),)

    @property
    def performs_alike(self):
        """Whether every event performs the same."""
        largest = largest_sd(self.performance, self.performance_cap)
        return self.performance_sd**2 <= _NO_SPREAD * largest**2 or largest == 0.0


def largest_sd(mean, cap):
    """The standard deviation that a Beta with this mean between 0 and the cap stays below.

    Example:
        >>> largest_sd(0.9, 1.0)
        0.3
    """
    return round(math.sqrt(max(0.0, mean * (cap - mean))), 15)


def spread_faults(mean, sd, cap):
    """What is wrong with a spread of performance: FLEX-140 for its mean, FLEX-141 for its width."""
    if sd == 0.0:
        return
    if not 0.0 <= mean <= cap:
        what = f"performance is {mean:.4g} on average and {cap:.4g} at most, so that it cannot spread around its mean"
        yield FlexError("FLEX-140", what, place="performance", allowed=f"0 to {cap:.4g}")
    elif sd >= (largest := largest_sd(mean, cap)):
        what = (
            f"performance of {mean:.4g} on average, from 0 to {cap:.4g}, cannot have a standard deviation of {sd:.4g}"
        )
        yield FlexError("FLEX-141", what, place="performance_sd", allowed=f"0, or below {largest:.4g}")


def label(quantile):
    """A quantile of yearly money in words that cannot be read the wrong way round.

    Args:
        quantile: share of years that are worse, between 0 and 1.

    Example:
        >>> label(0.10)
        "10th percentile: 9 years in 10 are better (lenders' P90)"
    """
    percentile = round(100.0 * quantile, 6)
    better = 1 - Fraction(str(percentile)) / 100
    verb = "is" if better.numerator == 1 else "are"
    years = "year" if better.numerator == 1 else "years"
    lenders = f"lenders' P{round(100.0 - percentile, 6):g}"
    return f"{ordinal(percentile)} percentile: {better.numerator} {years} in {better.denominator} {verb} better ({lenders})"


def ordinal(percentile):
    """A percentile as an ordinal number: 10th, 2.5th, 1st."""
    text = f"{percentile:g}"
    ending = (
        "th" if text.endswith(("11", "12", "13")) or "." in text else {"1": "st", "2": "nd", "3": "rd"}.get(text[-1])
    )
    return f"{text}{ending or 'th'}"


def reserve_label(quantile):
    """The downside reserve in words."""
    return f"Downside reserve: budget less the {ordinal(round(100.0 * quantile, 6))} percentile"


@dataclass(frozen=True)
class Outcome:
    """Simulated years of one amount of money, summed up; every figure but probabilities is money.

    Attributes:
        budget: the amount as budgeted.
        mean, sd: of the simulated years.
        percentiles: by percent of years that are worse.
        cvar: mean of the worst 5 % of years.
        below_budget: share of years below the budget.
        reserve_quantile: the quantile that the reserve is measured to.
        covered: the amount at that quantile.
        reserve: max(0, budget - that quantile).
        median_interval: (low, high) between which the true median lies with 95 % certainty, by order statistics.
        exceedance: (share of years, money exceeded in that share of years), from the surest to the rarest.
    """

    budget: float
    mean: float
    sd: float
    percentiles: dict
    cvar: float
    below_budget: float
    reserve_quantile: float
    covered: float
    reserve: float
    median_interval: tuple
    exceedance: tuple

    def as_json(self):
        """The figures, each under a name or a label that says what it is."""
        low, high = self.median_interval
        return {
            "budget_net": self.budget,
            "mean": self.mean,
            "sd": self.sd,
            "percentiles": [
                {"percentile": p, "label": label(p / 100.0), "value": value} for p, value in self.percentiles.items()
            ],
            "cvar": {"label": CVAR, "value": self.cvar},
            "probability_below_budget": self.below_budget,
            "downside_reserve": {"label": reserve_label(self.reserve_quantile), "value": self.reserve},
            "median": {"value": self.percentiles[50], "low": low, "high": high, "certainty": CERTAINTY},
            "exceedance": [{"probability": share, "value": value} for share, value in self.exceedance],
        }


def outcome(money, budget, reserve_quantile=0.10):
    """Simulated years summed up.

    Args:
        money: an array of at least 100 years.
        budget: what was budgeted.
        reserve_quantile: the quantile that the downside reserve is measured to, between 0 and 1.

    Returns:
        Outcome. Quantiles are those of Excel's PERCENTILE.INC.
    """
    import numpy as np

    ranked = np.sort(money)
    around = ranked - ranked[0]  # what does not vary has no spread at all, whatever its size
    slack = _SLACK * abs(budget)
    covered = quantile(ranked, reserve_quantile)
    short = budget - covered
    return Outcome(
        budget=budget,
        mean=float(ranked[0] + around.mean()),
        sd=float(around.std(ddof=1)),
        percentiles={p: quantile(ranked, p / 100.0) for p in PERCENTILES},
        cvar=float(ranked[0] + _mean_of_first(around, WORST)),
        below_budget=float(np.searchsorted(ranked, budget - slack) / len(ranked)),
        reserve_quantile=reserve_quantile,
        covered=covered,
        reserve=short if short > slack else 0.0,
        median_interval=_median_interval(ranked),
        exceedance=tuple((p / 100.0, quantile(ranked, 1.0 - p / 100.0)) for p in EXCEEDANCE),
    )


def quantile(ranked, share):
    """A quantile of years ranked from the worst, linear between two of them."""
    place = (len(ranked) - 1) * share
    below = min(int(place), len(ranked) - 2)
    low, high = float(ranked[below]), float(ranked[below + 1])
    return low + (high - low) * (place - below)


def _mean_of_first(ranked, share):
    """The mean of the first share of ranked years, the last of them counted in part."""
    count = share * len(ranked)
    whole = int(count)
    return (ranked[:whole].sum() + (count - whole) * ranked[whole]) / count


def _median_interval(ranked):
    """The years, as far from the worst as from the best, between which the true median lies."""
    from scipy.special import bdtrik

    count = len(ranked)
    below = int(bdtrik((1.0 - CERTAINTY) / 2.0, count, 0.5))  # P(at most so many years below the median) <= 2.5 %
    return float(ranked[below]), float(ranked[count - 1 - below])


_EVENTS = Annotated[float, Quantity("events", "Mean number of events in a year; Poisson", high=366.0)]
_HOURS = Annotated[float, Quantity("h", "Hours of one event", high=24.0, above_low=True)]
_RATE = Annotated[float, Quantity("money/MW-year", "Capacity rate of a year", high=1e12)]
_ENERGY = Annotated[float, Quantity("money/MWh", "Energy rate", high=1e9)]
_SD = Annotated[
    float,
    Quantity(
        "fraction", "Standard deviation of the performance of an event; Beta from 0 to the cap", high=MOST_FRACTION / 2
    ),
]
_SIGMA = Annotated[
    float, Quantity("sd of ln", "Spread of the year's energy price: sigma of a lognormal of mean 1", high=2.0)
]
_DRAWS = Annotated[float, Whole("years", "Years simulated", low=float(FEWEST_DRAWS), high=1e5)]
_SEED = Annotated[float, Whole("seed", "Number that the random draws follow from: same seed, same figures", high=1e9)]

MODEL = (
    "Section 6 of the model: Poisson events, Beta performance, lognormal price; test performance where none is called"
)


def _faults(values):
    """What is wrong between the arguments."""
    for fault in spread_faults(values["performance_mean"], values["performance_sd"], values["performance_cap"]):
        place = "performance_mean" if fault.place == "performance" else fault.place
        yield FlexError(fault.code, fault.what, place=place, allowed=fault.allowed)


@excel(
    category="Risk",
    unit="table",
    source=MODEL,
    example=(
        (20, 120147.05, 7.5, 4, 0, 0.95, 0),  # no energy rate and no spread: capacity revenue in every year
        [
            ["Mean", 2282793.95, "money/year"],
            ["Standard deviation", 0.0, "money/year"],
            *([label(p / 100.0), 2282793.95, "money/year"] for p in PERCENTILES),
            [CVAR, 2282793.95, "money/year"],
            [reserve_label(0.10), 0.0, "money/year"],
        ],
    ),
    check=_faults,
)
def simulate(
    nominated_mw: NominatedMW,
    capacity_rate: _RATE,
    events_per_year: _EVENTS,
    hours_per_event: _HOURS,
    energy_rate: _ENERGY,
    performance_mean: Performance = 0.95,
    performance_sd: _SD = 0.05,
    price_sigma: _SIGMA = 0.0,
    penalty_rate: PenaltyRate = 0.0,
    draws: _DRAWS = 10_000.0,
    seed: _SEED = 1.0,
    performance_cap: PerformanceCap = 1.2,
):
    """What a year may bring: mean, spread, percentiles and reserve of revenue less penalties, from simulated years.

    The reserve is what the budget, at the means, exceeds the 10th percentile by.
    """
    import numpy as np

    from flexrev_xl.core.draws import Sampler

    spread = Spread(
        events_per_year, hours_per_event, performance_mean, performance_sd, performance_cap, price_sigma=price_sigma
    )
    sampler = Sampler(spread, int(seed))

    def net(hours, performance, missed, price):
        paid = (performance, 1.0, 1.0, 1.0, 1.0, performance_cap, 1.0)
        gross = total_revenue.formula(nominated_mw, capacity_rate, hours, energy_rate * price, *paid)
        return gross - nominated_mw * missed * hours * penalty_rate

    money = np.empty(int(draws))
    for part in sampler.blocks(len(money)):
        years = sampler.draw(part.stop - part.start)
        money[part] = net(years.hours, years.performance, years.missed, years.price)
    missed_at_mean = costs.shortfall_of_available(performance_mean, 1.0)
    budget = net(events_per_year * hours_per_event, performance_mean, missed_at_mean, 1.0)
    found = outcome(money, budget)
    rows = [
        ("Mean", found.mean),
        ("Standard deviation", found.sd),
        *((label(p / 100.0), value) for p, value in found.percentiles.items()),
        (CVAR, found.cvar),
        (reserve_label(found.reserve_quantile), found.reserve),
    ]
    return [[name, value, "money/year"] for name, value in rows]
