"""For a fixed cap the best layout equals a linear programme over every step: GPUs, sizes, flows and state of charge free."""

from random import Random

import numpy as np
from pytest import approx
from scipy.optimize import linprog
from scipy.sparse import coo_array

from flexrev_xl.core.cpm.case import SiteCase
from flexrev_xl.core.cpm.cuts import CapProblem, Site
from flexrev_xl.core.cpm.layout import Trace, layout
from flexrev_xl.core.cpm.ledger import ledger

YEAR = 8760.0


def random_case(random):
    """A series, a limit (with events in some cases), an interval, terms, and steps with a nomination."""
    count = random.randint(2, 24)
    load = [random.choice((random.uniform(0.05, 1.0), 1.0)) for _ in range(count)]
    limit = random.uniform(2.0, 4.0)
    if random.random() < 0.4:
        limit = np.full(count, limit)
        limit[random.randrange(count)] *= random.random()
    terms = {
        "gpu_kw": random.uniform(0.4, 1.2),
        "gpu_capex": random.choice((30e3, 50e3)),
        "battery_capex_per_mwh": random.choice((50e3, 350e3)),
        "battery_capex_per_mw": random.choice((0.0, 100e3)),
        "energy_price_per_mwh": random.choice((0.0, 60.0)),
        "wear_per_mwh": random.choice((0.0, 25.0)),
        "round_trip_efficiency": random.uniform(0.6, 1.0),
        "auxiliaries": random.choice((0.0, 0.015)),
        "price_fall": 0.0,
        "meter": random.choice(("site", "node", "gpu")),
        "most_battery_mw": random.choice((None, 0.3)),
        "most_battery_mwh": random.choice((None, 0.1)),
        "most_c_rate": random.choice((None, None, 4.0)),
        "most_gpus": random.choice((None, None, 1800.0)),
    }
    steps = None
    if random.random() < 0.5:
        terms |= {"most_dr_mw": 0.5, "dr_event_hours": 0.5, "dr_rate_per_mw_year": random.choice((20e3, 200e3))}
        if random.random() < 0.5:
            steps = np.array([random.random() < 0.4 for _ in range(count)])
            steps[0] = True
    hours = random.choice((1 / 3600, 0.05, 0.5))
    return load, limit, hours, SiteCase(**terms), steps


def by_programme(load, limit, hours, case, steps, throughput, gpus=None):
    """Most profit of a year; `load` is MW of one GPU in each step. None where nothing is feasible."""
    count, one_way = len(load), np.sqrt(case.round_trip_efficiency)
    fleet, power, energy, dr = range(4)
    charge, discharge, store = 4, 4 + count, 4 + 2 * count
    recovery = 0.1 / (1 - 1.1**-case.battery_years) + case.o_and_m_share
    gpu_annuity = case.gpu_capex * 0.1 / (1 - 1.1**-case.gpu_years)
    per_step, price = YEAR / count, case.energy_price_per_mwh
    gains = np.zeros(4 + 3 * count)
    gains[fleet] = (
        throughput * case.utilisation * case.availability * YEAR * case.price_per_gpu_hour
        - gpu_annuity
        - float(np.sum(load)) * per_step * price
    )
    gains[power] = -case.battery_capex_per_mw * recovery - case.auxiliaries * YEAR * price
    gains[energy] = -case.battery_capex_per_mwh * recovery / (case.depth * case.end_of_life)
    gains[dr] = case.dr_rate_per_mw_year
    # Energy bought is what is charged less what is discharged, beside the load's own.
    gains[charge:discharge] = -per_step * price
    gains[discharge:store] = per_step * price - per_step * case.wear_per_mwh
    limits, held = np.broadcast_to(limit, count), case.dr_event_hours / one_way
    nominated = np.ones(count) if steps is None else steps.astype(float)
    rows, sides = [], []

    def row(side, **cells):
        rows.append([(int(k[1:]), v) for k, v in cells.items()])
        sides.append(side)

    for t in range(count):
        row(
            limits[t],
            **{f"v{fleet}": load[t], f"v{power}": case.auxiliaries, f"v{charge + t}": 1, f"v{discharge + t}": -1},
        )
        row(0.0, **{f"v{charge + t}": 1, f"v{power}": -1})
        row(0.0, **{f"v{discharge + t}": 1, f"v{power}": -1, f"v{dr}": nominated[t]})
        row(0.0, **{f"v{store + t}": 1, f"v{energy}": -1})
        row(0.0, **{f"v{store + t}": -1, f"v{dr}": nominated[t] * held})
        if nominated[t]:
            row(0.0, **{f"v{dr}": 1, f"v{fleet}": -load[t]})
            row(limits[t], **{f"v{dr}": 1})
    if case.most_c_rate is not None:
        row(0.0, **{f"v{power}": 1, f"v{energy}": -case.most_c_rate / (case.depth * case.end_of_life)})
    balance = []
    for t in range(count):
        balance += [
            (t, store + t, 1.0),
            (t, store + (t - 1) % count, -1.0),
            (t, charge + t, -one_way * hours),
            (t, discharge + t, hours / one_way),
        ]

    def matrix(cells, height):
        r, c, v = zip(*cells, strict=True)
        return coo_array((v, (r, c)), shape=(height, len(gains))).tocsr()

    most = [case.most_gpus, case.most_battery_mw, None, case.most_dr_mw]
    if case.most_battery_mwh is not None:
        most[energy] = case.most_battery_mwh * case.depth * case.end_of_life
    bounds = [(0.0, m) for m in most] + [(0.0, None)] * (3 * count)
    if gpus is not None:
        bounds[fleet] = (gpus, gpus)
    plan = linprog(
        -gains / 1e6,
        A_ub=matrix([(r, c, v) for r, cells in enumerate(rows) for c, v in cells], len(rows)),
        b_ub=sides,
        A_eq=matrix(balance, count),
        b_eq=np.zeros(count),
        bounds=bounds,
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    return (plan.x, -plan.fun * 1e6) if plan.status == 0 else None


def test_best_layout_of_a_cap_equals_a_linear_programme():
    """A hundred random cases, within 1e-6: every meter, bounds, losses, auxiliaries, wear, events, nominations; no MW twice."""
    random, nominated, stored = Random(5), 0, 0
    for _ in range(100):
        series, limit, hours, case, steps = random_case(random)
        cap, throughput = random.choice(((None, 1.0), (0.8, 0.95), (0.6, 0.85)))
        fleet = Trace.of(series, case).fleet(cap, throughput)
        found = CapProblem(Site(case, limit, hours, steps), fleet).best()
        given = fleet.load, limit, hours, case, steps, fleet.throughput
        plan, most = by_programme(*given)
        below = int(plan[0] + 1e-6)
        plans = [by_programme(*given, n) for n in {below, min(below + 1, case.most_gpus or below + 1)}]
        expected = max(whole[1] for whole in plans if whole is not None)
        assert approx(expected, rel=1e-6, abs=1e-3) == found.profit
        assert found.profit <= most + 1e-6 * abs(most) + 1e-3
        if found.battery_mw:
            stored += 1
            nominated += found.dr_mw > 0.0
            assert [] == ledger(series, limit, hours, case, found, steps).overdrawn
    assert (True, True) == (stored > 50, nominated > 20)  # the cases are not all trivial


def test_a_nominated_mw_carries_no_compute():
    """A layout that sold what compute uses is overdrawn in just those steps."""
    case = SiteCase(
        gpu_kw=1, gpu_capex=0, battery_capex_per_mwh=0, energy_price_per_mwh=0, other_kw_per_gpu=0, pue=1,
        auxiliaries=0, round_trip_efficiency=1,
    )  # fmt: skip
    fleet = Trace.of([2, 1, 1, 2], case).fleet()
    for dr_mw, usable_mwh, expected in ((0.5, 2.0, []), (0.6, 3.0, [1, 4]), (0.5, 1.2, [1])):
        # Of 1.2 MWh the last step leaves 0.7, the first 0.2, where 0.5 MW for an hour hold 0.5.
        made = layout(case, fleet, 2000, 1.0, usable_mwh, dr_mw, 0.0)
        steps = [True, False, False, True]
        assert expected == ledger([2, 1, 1, 2], 1.5, 1.0, case, made, steps).overdrawn
