"""A line taken apart by drivers gives the net of the line's own steps, whichever driver is moved and how far."""

import json

import numpy as np
import pytest

from flexrev_xl.analysis.sensitivity import Lines
from flexrev_xl.core import budget_line, lever_line
from flexrev_xl.portfolio.columns import BY_NAME
from flexrev_xl.readers.portfolio import read_portfolio
from flexrev_xl.workbook.starter import demo_portfolio
from tests.workbook import generated

FACTORS = (0.0, 0.3, 0.9, 0.999, 1.0, 1.1, 1.4, 2.0, 7.0, 300.0, 1e6)


@pytest.fixture(
    scope="module", params=[*(f"{s}, {n}" for s in (1, 2, 3) for n in range(len(generated.SCENARIOS))), "demo"]
)
def lines(request, tmp_path_factory):
    """The lines of a generated portfolio's first scenario, each of its scenarios in turn; and the demo's."""
    if request.param == "demo":
        return Lines(demo_portfolio())
    seed, first = map(int, request.param.split(","))
    path = tmp_path_factory.mktemp("generated") / "portfolio.yaml"
    path.write_text(json.dumps(generated.portfolio(seed)), "utf-8")
    portfolio = read_portfolio(path)
    return Lines(portfolio.model_copy(update={"scenarios": portfolio.scenarios[first:]}))


def parts(lines):
    """The values of every line with its parts."""
    values = {name: np.nan if column is None else column for name, column in lines.values().items()}
    with np.errstate(all="ignore"):
        for step in lever_line.PARTS:
            values[step.key] = step.of(values)
    return values


def moved(driver, factor, values):
    """A factor up to what each row has room for."""
    present = values[lever_line.PRESENT[driver]]
    with np.errstate(all="ignore"):
        return np.fmin(factor, lever_line.room(present, BY_NAME[driver].mark.high))


def scale(values):
    """The largest term of each line."""
    names = ("gross_revenue", "penalty_before_limit", "operating_cost", "buyout_cost", "test_charges")
    return np.max([np.abs(values[name]) for name in names], axis=0)


def assert_same(net, steps, values):
    """Net of every line to rounding of what it is made of."""
    largest = np.maximum(scale(values), scale(steps))
    assert np.all(np.abs(net - steps["net_revenue"]) <= 1e-9 * largest)


def of_delivery(driver, factor, values):
    """Delivered share and shortfall with performance or availability moved."""
    by = moved(driver, factor, values)
    share = lever_line.delivered(by, values["delivered_share"])
    return share, lever_line.call(lever_line.SHORT[driver], values, moved=by, delivered=share)


@pytest.mark.parametrize("driver", lever_line.DRIVERS)
def test_net_with_a_driver_moved(driver, lines):
    """Every line's net is that of its steps with the driver's inputs moved."""
    values = parts(lines)
    for factor in FACTORS:
        steps = lines.values(**{driver: factor})
        if driver in lever_line.OF_DELIVERY:
            share, short = of_delivery(driver, factor, values)
            net = lever_line.call(lever_line.net_of_delivery, values, delivered=share, shortfall=short)
        else:
            net = lever_line.call(lever_line.NET[driver], values, moved=moved(driver, factor, values))
        assert_same(net, steps, values)


@pytest.mark.parametrize("hours", [0.0, 0.5, 1.0, 40.0])
@pytest.mark.parametrize("performance", [0.0, 0.7, 1.0, 1.3])
def test_net_with_hours_and_performance_moved(hours, performance, lines):
    """Every line's net is that of its steps with both moved."""
    values, steps = parts(lines), lines.values(dispatch_hours=hours, performance=performance)
    share, short = of_delivery("performance", performance, values)
    at = {
        "still": lever_line.call(lever_line.without_hours, values, delivered=share),
        "by_hours": lever_line.call(lever_line.with_hours, values, delivered=share),
        "penalty": values["full_penalty"] * short,
    }
    by = moved("dispatch_hours", hours, values)
    net = lever_line.call(lever_line.net_of_dispatch_hours, values, moved=by, **at)
    assert_same(net, steps, values)


def test_the_line_as_it_is(lines):
    """With nothing moved the parts make the net of the line."""
    values = parts(lines)
    assert np.all(np.abs(values["base_net"] - values["net_revenue"]) <= 1e-9 * scale(values))


def test_every_driver_has_its_formula():
    """Drivers of delivery and the others together are all that are moved."""
    assert set(lever_line.DRIVERS) == set(lever_line.OF_DELIVERY) | set(lever_line.NET)
    assert set(budget_line.DRIVERS) <= set(lever_line.DRIVERS)
