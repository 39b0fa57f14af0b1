"""A case of compute per megawatt worked out: GPUs in three states, what cap and battery add, and what that is worth."""

import math

import numpy as np

from flexrev_xl.analysis.cpm_load import case_load
from flexrev_xl.analysis.cpm_optimise import optimise_case
from flexrev_xl.analysis.cpm_result import CaseResult, Figure
from flexrev_xl.core.cpm import case_line, cautions
from flexrev_xl.core.cpm.case_line import ALONE, CAPPED, WITH_BATTERY
from flexrev_xl.core.cpm.curves import CURVES, MLPERF_CURVES
from flexrev_xl.core.cpm.economics import DEAL, NO_DEAL
from flexrev_xl.core.cpm.load import load_statistics
from flexrev_xl.core.cpm.marks import SECONDS_PER_HOUR
from flexrev_xl.core.cpm.power_cap import best_cap
from flexrev_xl.core.cpm.returns import irr, npv, payback_years
from flexrev_xl.core.cpm.sizes import usable_energy
from flexrev_xl.core.cpm.storage import Battery, carried, full_cycles_per_year, state_of_charge
from flexrev_xl.core.cpm.storage_line import evaluate
from flexrev_xl.core.cpm.storage_value import StorageValue
from flexrev_xl.core.cpm.uplift import successive_uplift
from flexrev_xl.core.marginal_costs import KILO
from flexrev_xl.errors import FlexError

NO_BATTERY = "no battery"
MOST_POINTS = 720  # of a chart
_FEWEST_STEPS = 24  # of a chart, where a step is long


def cpm_case(case, progress=None):
    """Work a case out.

    Args:
        case: a portfolio.cpm_case.CpmCase.
        progress: called with a word for each stage.

    Returns:
        CaseResult.

    Raises:
        FlexError, FlexErrors: CPM-153 a limit that carries no GPU, and what the series calculations refuse.
    """
    say = progress or (lambda stage: None)
    say("load")
    statistics = load_statistics(case.trace.power_mw, case.trace.interval_seconds)
    load = case_load(case)
    battery = battery_of(case)
    throughput = case.curve.throughput(case.inputs["power_cap"]) if load.clips else 1.0
    say("limit and battery")
    capped = load.capped_mw if case.has_cap else None
    uplift = successive_uplift(
        load.free_mw, load.limit_mw, load.interval_hours, battery, capped, throughput, gpus=load.gpus
    )
    results, scale = _results(case, load, battery, uplift, throughput)
    series = load.capped_mw, load.limit_mw, load.interval_hours, battery
    found = carried(*series, scale=scale)
    results |= _duty(series, scale, found)
    say("money")
    values, states = money(case.inputs, results, case.technology)
    cash = cash_of(values)
    flows = [row["cash_of_year"] for row in cash]
    rate, years = (_figure(case, work_out, flows) for work_out in (irr, payback_years))
    optimised = None if case.bounds is None else optimise_case(case, say, load)
    say("chart")
    return CaseResult(
        case=case,
        statistics=statistics,
        results=results,
        uplift=uplift,
        states=states,
        values=values,
        cash=cash,
        npv=Figure(flows[0] + npv(case.inputs["discount_rate"], flows[1:])),
        irr=rate,
        payback_years=years,
        storage=StorageValue(values),
        fee_verdict=_fee_verdict(case, values),
        carried=found,
        worst_hour=_worst_hour(series, scale, found),
        cautions=_cautions(case, results, float(np.min(load.limit_mw))),
        assumptions=(*load.sentences, *_assumptions(case, load, uplift)),
        warnings=tuple(_warnings(case, load, uplift, results)),
        frontier=() if optimised is None else optimised.frontier,
        optimum=None if optimised is None else optimised.optimum,
    )


def battery_of(case):
    """The Battery of a case: its usable energy, so that it carries the load to the end of its life."""
    inputs = case.inputs
    usable = usable_energy(inputs["battery_mwh"], inputs["depth"], inputs["end_of_life"])
    return Battery.of(inputs["battery_mw"], usable, inputs["round_trip_efficiency"], inputs["auxiliaries"])


def _results(case, load, battery, uplift, throughput):
    """What the steps need of the series, and the load's multiple that the battery carries.

    Where events would cost least by throttling, the GPUs are there either way: the state with a battery has those of
    the lowest limit, and what throttling would have taken counts apart. Else the battery makes room for more GPUs.
    """
    counts, events = uplift.gpus, uplift.event_value
    kept = events is not None and events.throttling < events.firm_sizing
    with_battery = counts["smoothing"] if kept else counts["events"]
    if counts["start"] < 1.0:
        peak_kw = float(load.free_mw.max()) / load.gpus * KILO
        what = f"{uplift.firm_limit:,.6g} MW carry no GPU of {peak_kw:,.4g} kW at its peak"
        raise FlexError("CPM-153", what, place=case.place("grid_mw"), remedy="Look at grid_mw, events and gpu_kw.")
    if with_battery < 1.0:
        what = f"{uplift.firm_limit:,.6g} MW less the battery's auxiliaries of {battery.auxiliary_power:,.6g} MW carry no GPU"
        raise FlexError("CPM-153", what, place=case.place("auxiliaries"))
    results = {
        "gpus_alone": counts["start"],
        "gpus_capped": counts["capping"],
        "gpus_with_battery": with_battery,
        "event_gpus": events.throttling * load.gpus if kept else 0.0,
        "throughput": throughput,
        "mean_kw_alone": float(load.free_mw.mean()) / load.gpus * KILO,
        "mean_kw_capped": float(load.capped_mw.mean()) / load.gpus * KILO,
        "gpus_carried": counts["events"],
    }
    return results, counts["events"] / load.gpus


def _duty(series, scale, found):
    """What the battery does for the GPUs that it carries: energy delivered in a year, power and energy needed."""
    load, _, _, battery = series
    cycles = full_cycles_per_year(*series, scale=scale)
    return {
        # Cycles count on the battery's own side; what reaches the meter is less by the way out.
        "discharged_mwh": cycles * battery.energy * battery.discharge_efficiency,
        "load_out_mw": float(load.max()) * scale,
        "needed_mw": found.power,
        "needed_mwh": found.energy,
    }


def money(inputs, results, technology="battery"):
    """Every step of a case.

    Args:
        inputs: every scalar input by key.
        results: gpus_alone, gpus_capped, gpus_with_battery, event_gpus, throughput, mean_kw_alone, mean_kw_capped,
            discharged_mwh.
        technology: kind of storage.

    Returns:
        (values by key, those of a state with its name behind them; by state the values of its steps).
    """
    of_results = {key: results[key] for key in ("event_gpus", "discharged_mwh")}
    values = evaluate((case_line.level_price,), {**inputs, **of_results, "technology": technology})
    figures = {
        ALONE: (results["gpus_alone"], 1.0, results["mean_kw_alone"]),
        CAPPED: (results["gpus_capped"], results["throughput"], results["mean_kw_capped"]),
        WITH_BATTERY: (results["gpus_with_battery"], results["throughput"], results["mean_kw_capped"]),
    }
    states = {}
    for state, own in figures.items():
        given = dict(zip(("gpus", "throughput", "mean_kw"), own, strict=True))
        found = evaluate(case_line.STATE_STEPS, values | given)
        states[state] = {**given, **{step.key: found[step.key] for step in case_line.STATE_STEPS}}
    for state, found in states.items():
        values |= {f"{key}_{state}": value for key, value in found.items()}
    return evaluate((*case_line.ADDED_STEPS, *case_line.MONEY_STEPS), values), states


def cash_of(values):
    """A dict of year and YEAR_STEPS for each year, from 0, when all is built, to the last of the GPUs' life."""
    years = range(int(values["gpu_years"]) + 1)
    keys = ("year", *(step.key for step in case_line.YEAR_STEPS))
    rows = (evaluate(case_line.YEAR_STEPS, values | {"year": float(year)}) for year in years)
    return [{key: row[key] for key in keys} for row in rows]


def _figure(case, work_out, flows):
    """A Figure of the yearly cash."""
    if not case.has_battery:
        return Figure(None, f"there is {NO_BATTERY}")
    try:
        return Figure(work_out(flows))
    except FlexError as e:
        return Figure(None, e.what)


def _fee_verdict(case, values):
    if not case.has_battery:
        return NO_BATTERY
    return NO_DEAL if values["fee_floor"] > values["fee_ceiling"] else DEAL


def _worst_hour(series, scale, found):
    """The hour around the deepest drawdown: (seconds from its start, MW of load, MW of limit, charge as a share).

    At most 720 rows; where steps are finer each row is their mean, and the charge at their end. A series that is
    shorter than an hour stands there once. Without a deepest drawdown it is the hour around the peak.
    """
    load, limit, interval_hours, battery = series
    count = min(len(load), max(round(1.0 / interval_hours), _FEWEST_STEPS))
    together = math.ceil(count / MOST_POINTS)
    count = max(count // together, 1) * together
    centre = found.peak_at if found.worst_at is None else found.worst_at
    at = (np.arange(count) + centre - count // 2) % len(load)
    shares = np.zeros(len(load))
    if battery.energy > 0.0:
        shares = state_of_charge(load, limit, interval_hours, battery, scale) / battery.energy
    limits = np.broadcast_to(limit, load.shape)
    columns = (load[at] * scale, limits[at])
    load_mw, limit_mw = (column.reshape(-1, together).mean(axis=1) for column in columns)
    charge = shares[at].reshape(-1, together)[:, -1]
    seconds = np.arange(len(load_mw)) * together * interval_hours * SECONDS_PER_HOUR
    rows = zip(seconds, load_mw, limit_mw, charge, strict=True)
    return tuple(tuple(float(value) for value in row) for row in rows)


def _cautions(case, results, firm_mw):
    trace = case.trace
    said = cautions.of_trace(trace.resolution_seconds, 1, trace.is_mlperf, trace.is_synthetic)
    from_mlperf = case.curve.name in MLPERF_CURVES and case.has_cap
    said += [cautions.MLPERF] if from_mlperf and not trace.is_mlperf else []
    return tuple(said + cautions.of_limit(firm_mw, results["load_out_mw"], results["needed_mwh"]))


def _assumptions(case, load, uplift):
    """What was taken for granted, in sentences."""
    inputs = case.inputs
    yield "The series follows itself without end: the battery ends each round as full as it began."
    if case.has_cap:
        curve = f"the curve {case.curve.name}" if case.curve.name in CURVES else case.curve.name
        yield f"Throughput under the cap is read off {curve}: {case.curve.source}."
        if case.curve.remark:
            yield case.curve.remark
        best = best_cap(case.curve, inputs["gpu_kw"], inputs["other_kw_per_gpu"])
        yield (
            f"On that curve most compute per MW is at a cap of {best.cap:.4g} of rated power, {best.gain:.4g} times that "
            "without a cap, where GPUs draw all that a cap allows; what it earns is another question."
        )
    if case.has_battery:
        yield (
            f"The battery carries with {inputs['depth']:.4g} x {inputs['end_of_life']:.4g} of its nameplate energy, what "
            f"is left at the end of its life; its auxiliaries, {inputs['auxiliaries']:.2%} of its power, are load. "
            "Losses of the round trip are split evenly between both ways."
        )
    yield from uplift.sentences
    if uplift.event_value is not None:
        yield (
            "GPUs without a battery are counted at the lowest limit. What throttling in events would take counts where it "
            "is less than what room for more GPUs would bring."
        )
    yield (
        "A year is 8,760 h like the trace. Money is nominal and pre-tax; the price of a GPU-hour is levelled over the life "
        "of GPUs; utilisation lowers what is sold, not what is drawn."
    )


def _warnings(case, load, uplift, results):
    """What to look at."""
    if case.has_cap and not load.clips:
        yield "the power cap clips nothing: GPUs draw less than the cap throughout, so that it saves nothing"
    if case.has_battery and results["gpus_with_battery"] < results["gpus_capped"]:
        yield "the battery carries fewer GPUs than the grid alone: its auxiliaries take more room than it makes"
    if case.has_battery and results["needed_mw"] == 0.0:
        yield "the battery is never used: the load stays within the limit"
    if results["needed_mw"] > 0.0 and case.inputs["grid_revenue_per_mw_year"] > 0.0:
        mw, mwh = results["needed_mw"], results["needed_mwh"]
        yield (
            f"grid revenue is taken for all {case.inputs['battery_mw']:,.6g} MW of the battery, while {mw:,.4g} MW and "
            f"{mwh:,.4g} MWh of it are needed for compute: no MW earns from both in one hour"
        )
    if case.trace.runs > 1:
        yield f"one run of {case.trace.runs} is used; see flexrev cpm size for what all of them need"
    if load.peak_of_rated(case) > 1.0:
        over = load.peak_of_rated(case)
        yield f"at the trace's peak a GPU draws {over:.3g} times its rated power: look at gpus, gpu_kw and other_kw_per_gpu"
