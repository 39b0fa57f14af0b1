"""The same answers by other means: a linear programme for the largest load, a plain loop for the state of charge."""

from random import Random

import numpy as np
import pytest
from pytest import approx
from scipy.optimize import linprog
from scipy.sparse import coo_array

from flexrev_xl.core.cpm.storage import Battery, carried, full_cycles_per_year, largest_load, state_of_charge
from flexrev_xl.errors import FlexError


def random_case(random):
    """Load, limit (with an event in some cases), interval in hours and battery; powers around 1."""
    count = random.randint(2, 30)
    load = [random.choice((0.0, random.uniform(0.1, 1.0), 1.0)) for _ in range(count - 1)] + [1.0]
    random.shuffle(load)
    limit = [random.uniform(0.5, 1.2)] * count
    if random.random() < 0.4:
        limit[random.randrange(count)] *= random.random()
    hours = random.choice((1 / 3600, 0.25, 1.0))
    battery = Battery(
        random.uniform(0.0, 4.0) * hours, random.uniform(0.05, 1.0), random.uniform(0.05, 1.0),
        random.uniform(0.5, 1.0), random.uniform(0.5, 1.0), random.choice((0.0, 0.015)),
    )  # fmt: skip
    return load, limit if len(set(limit)) > 1 else limit[0], hours, battery


def largest_scale_by_programme(load, limit, hours, battery):
    """Scale, charge, discharge and energy free within their bounds, the last energy being what the first step finds."""
    count = len(load)
    drawn = battery.auxiliary_share * max(battery.charge_power, battery.discharge_power)
    scale, charge, discharge, energy = 0, 1, 1 + count, 1 + 2 * count
    balance, store = [], []
    for t in range(count):
        balance += [(t, scale, load[t]), (t, charge + t, 1.0), (t, discharge + t, -1.0)]
        store += [
            (t, energy + t, 1.0),
            (t, energy + (t - 1) % count, -1.0),
            (t, charge + t, -battery.charge_efficiency),
            (t, discharge + t, 1.0 / battery.discharge_efficiency),
        ]

    def matrix(cells):
        rows, columns, values = zip(*cells, strict=True)
        return coo_array((values, (rows, columns)), shape=(count, 1 + 3 * count)).tocsr()

    plan = linprog(
        [-1.0] + [0.0] * 3 * count,
        A_ub=matrix(balance),
        b_ub=np.broadcast_to(limit, count) - drawn,
        A_eq=matrix(store),
        b_eq=np.zeros(count),
        bounds=[(0.0, None)]
        + [(0.0, battery.charge_power)] * count
        + [(0.0, battery.discharge_power)] * count
        + [(0.0, battery.energy / hours)] * count,
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    return plan.x[0] if plan.status == 0 else None


def test_largest_scale_equals_a_linear_programme():
    """200 random cases: asymmetric efficiencies, charge limits, auxiliaries, events, ends that meet."""
    random, bounds, idle = Random(7), set(), 0
    for _ in range(200):
        case = random_case(random)
        expected = largest_scale_by_programme(*case)
        if expected is None:
            idle += 1
            with pytest.raises(FlexError, match="CPM-153"):
                largest_load(*case)
            continue
        found = largest_load(*case)
        bounds.add(found.bound)
        assert approx(expected, rel=1e-6, abs=1e-7) == found.scale
    assert (4, True) == (len(bounds), idle < 20)  # every kind of bound was met


def simulate(load, limit, hours, battery, scale):
    """Full at first, then two rounds step by step: charge what fits, discharge what is missing; the last round."""
    drawn = battery.auxiliary_share * max(battery.charge_power, battery.discharge_power)
    energy, path, out = battery.energy, [], 0.0
    for _ in range(2):
        path, out = [], 0.0
        for power, grid in zip(load, np.broadcast_to(limit, len(load)).tolist(), strict=True):
            missing = power * scale + drawn - grid
            if missing > 0.0:
                assert missing <= battery.discharge_power * (1 + 1e-9)
                energy -= missing * hours / battery.discharge_efficiency
                out += missing * hours / battery.discharge_efficiency
            else:
                stored = min(battery.charge_power, -missing) * hours * battery.charge_efficiency
                energy = min(battery.energy, energy + stored)
            path.append(energy)
    return path, out


def test_state_of_charge_equals_a_loop_step_for_step():
    """At the largest scale and below it; it never goes below empty, and is emptiest in the step that is named."""
    random, carried_cases = Random(11), 0
    for _ in range(200):
        load, limit, hours, battery = random_case(random)
        try:
            largest = largest_load(load, limit, hours, battery)
        except FlexError:
            continue
        for scale in (largest.scale, 0.9 * largest.scale):
            found = carried(load, limit, hours, battery, scale)
            if not found.is_carried:  # a smaller load can't be short where a larger one is carried
                pytest.fail(f"{found.verdict} at {scale}")
            carried_cases += 1
            path, out = simulate(load, limit, hours, battery, scale)
            slack = 1e-9 * battery.energy + 1e-12 * hours
            assert approx(path, abs=slack) == state_of_charge(load, limit, hours, battery, scale).tolist()
            assert min(path) >= -slack
            if found.worst_at is not None and found.energy > slack:
                assert approx(min(path), abs=slack) == path[found.worst_at]
                assert approx(battery.energy - min(path), abs=slack) == found.energy
            expected = out / (len(load) * hours) * 8760 / battery.energy
            assert approx(expected, rel=1e-6, abs=1e-6) == full_cycles_per_year(load, limit, hours, battery, scale)
    assert carried_cases > 300
