"""How fast and in how little memory a portfolio is simulated, against numpy drawing the same numbers and nothing else."""

import time
import tracemalloc

import numpy as np

from flexrev_xl.analysis.simulate import simulate_portfolio
from flexrev_xl.core.draws import beta_shape
from flexrev_xl.portfolio.uncertainty import Uncertainty
from tests.portfolio.given import ROW, portfolio

EVENTS, HOURS, MEAN, SD = 7.5, 4.0, 0.92, 0.05
GIVEN = Uncertainty(performance_sd=SD, price_sigma=0.3, price_event_correlation=0.3, market_correlation=0.2)
GIBIBYTE = 2**30


def of_enrolments(count):
    """So many enrolments, each with its share of energy, penalties and costs."""
    row = {
        **ROW, "capacity_rate": 120_147.05, "dispatch_hours": EVENTS * HOURS, "event_hours": HOURS, "energy_rate": 75.0,
        "energy_unit": "USD/MWh", "performance": MEAN, "penalty_rate": 2300.0, "stop_loss_share": 1.5, "marginal_cost": 60.0,
        "customer_share": 0.8, "event_months": "6-9",
    }  # fmt: skip
    return portfolio(*({**row, "site": f"Site {n}", "nominated_mw": 1.0 + n % 40} for n in range(count)))


def bare_sampling(enrolments, draws):
    """As many variates from numpy's default generator: a number of events, three normals, a performance each event."""
    source, shape = np.random.default_rng(1), beta_shape(MEAN, SD, 1.0)
    for _ in range(enrolments):
        events = source.poisson(EVENTS, draws)
        source.standard_normal((3, draws))
        source.beta(*shape, int(events.sum()))


def seconds(work, runs=2, clock=time.process_time):
    """Processor time, which other work of the machine hardly disturbs; the least of a few runs."""
    times = []
    for _ in range(runs):
        start = clock()
        work()
        times.append(clock() - start)
    return min(times)


def simulating(enrolments, draws, workers=1):
    """A run of the simulation alone, the portfolio made already."""
    made = of_enrolments(enrolments)
    return lambda: simulate_portfolio(made, draws=draws, uncertainty=GIVEN, workers=workers)


def test_against_bare_sampling(capsys):
    """100 enrolments x 100,000 years by one worker cost at most 3 times numpy's sampling of as many numbers."""
    work = simulating(100, 100_000)
    ours, floor = seconds(work), seconds(lambda: bare_sampling(100, 100_000))
    one, two = (seconds(w, 1, time.perf_counter) for w in (work, simulating(100, 100_000, workers=2)))
    with capsys.disabled():
        print(
            f"\n100 x 100,000 years: {ours:.2f} s, bare sampling {floor:.2f} s, ratio {ours / floor:.2f} (limit 3); "
            f"by the clock one worker {one:.2f} s, two {two:.2f} s"
        )
    assert ours <= 3 * floor


def test_memory(capsys):
    """100 enrolments x 100,000 years by four workers hold less than 1 GiB at any time."""
    work = simulating(100, 100_000, workers=4)
    tracemalloc.start()
    try:
        work()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    with capsys.disabled():
        print(f"\n100 x 100,000 years: peak {peak / 2**20:.0f} MiB (limit 1,024)")
    assert peak < GIBIBYTE


def test_growth_is_linear(capsys):
    """Ten times the draws, or ten times the enrolments, cost at most 12 times as much."""
    base = seconds(simulating(10, 20_000), runs=5)
    draws, enrolments = seconds(simulating(10, 200_000)), seconds(simulating(100, 20_000))
    with capsys.disabled():
        print(f"\nten times the draws {draws / base:.1f}, ten times the enrolments {enrolments / base:.1f} (limit 12)")
    assert max(draws, enrolments) <= 12 * base
