"""What the commands of cpm print for a reader: tables, verdicts in words, and what to know beside them."""

import click

from flexrev_xl.cli.console import money, print_table, quantity


def show_size(sized, read):
    """The battery each run needs, what a given one carries, sizes by confidence, and cautions."""
    for sentence in read:
        click.echo(f"Read: {sentence}")
    names = [run.name for run in sized.runs]
    statistics = [
        ("Mean", "MW", "mean_mw"),
        ("Peak", "MW", "peak_mw"),
        ("Least", "MW", "least_mw"),
        ("Mean over peak", "%", "load_factor_fraction"),
        ("Largest rise between readings", "MW", "largest_rise_mw"),
        ("Largest fall between readings", "MW", "largest_fall_mw"),
        ("Ramp", "MW/s", "ramp_mw_per_second"),
    ]
    rows = [
        [label, unit, *(_fine(getattr(r.statistics, key), unit) for r in sized.runs)] for label, unit, key in statistics
    ]
    rows.append(["Strongest swings", "s", *(_periods(run.statistics) for run in sized.runs)])
    print_table(["", "unit", *names], rows, title="The load", left=2)
    needed = [
        ("Power", "MW", "power_mw"),
        ("Energy, usable", "MWh", "usable_mwh"),
        ("Energy, nameplate", "MWh", "nameplate_mwh"),
        ("Power over nameplate energy", "C", "c_rate"),
        ("Delivered in a year", "MWh", "discharged_mwh"),
        ("Full cycles of nameplate energy a year", "cycles", "full_cycles"),
    ]
    rows = [[label, unit, *(_fine(getattr(r.needed, key), unit) for r in sized.runs)] for label, unit, key in needed]
    title = f"The battery needed under a limit of {sized.terms.grid_mw:,.6g} MW"
    print_table(["", "unit", *names], rows, title=title, left=2)
    for run in sized.runs:
        most = f"a battery of any size carries up to {run.needed.largest_scale:.6f} times the trace"
        click.echo(f"{run.name}: {run.needed.verdict}; {most}.")
        if run.asked is not None:
            short = "; ".join(run.asked.shortages) or run.asked.verdict
            click.echo(
                f"{run.name}: the battery asked about: {short}. The largest load of this shape has a peak of "
                f"{run.asked.largest_peak_mw:,.6g} MW, {run.asked.peak_over_grid:.6f} of the limit "
                f"({run.asked.largest_scale:.6f} times the trace); a larger one: {run.asked.bound}."
            )
    if sized.power_levels:
        rows = [
            [f"{power.level:.0%}", _fine(power.size, "MW"), _fine(energy.size, "MWh"), power.note]
            for power, energy in zip(sized.power_levels, sized.energy_levels, strict=True)
        ]
        print_table(["chance", "MW", "MWh usable", "of a further run"], rows, title="How sure a size is")
    _tell("Note", sized.cautions)


def show_optimum(found):
    """The best layout beside those without battery, cap or either, and what must be said of it."""
    optimum, currency = found.optimum, found.case.currency
    layouts = {
        "Best": optimum.best,
        "No battery": optimum.no_battery,
        "No cap": optimum.no_cap,
        "Neither": optimum.neither,
    }
    lines = [
        ("Power cap", "of rated", lambda made: "none" if made.power_cap is None else f"{made.power_cap:.1%}"),
        ("GPUs", "GPUs", lambda made: f"{made.gpus:,.0f}"),
        ("Compute per MW", "GPU-equivalents/MW", lambda made: quantity(made.compute_per_mw(optimum.grid_mw))),
        ("Battery power", "MW", lambda made: _fine(made.battery_mw, "MW")),
        ("Battery energy, nameplate", "MWh", lambda made: _fine(made.nameplate_mwh, "MWh")),
        ("Battery energy, usable", "MWh", lambda made: _fine(made.usable_mwh, "MWh")),
        ("Nominated to demand response", "MW", lambda made: _fine(made.dr_mw, "MW")),
        *((label, currency, lambda made, k=key: money(getattr(made, k))) for label, key in _LAYOUT_MONEY),
        ("Profit less the best one's", currency, lambda made: money(made.profit - optimum.best.profit)),
    ]
    rows = [[label, unit, *(show(made) for made in layouts.values())] for label, unit, show in lines]
    print_table(["", "unit", *layouts], rows, title=f"{found.case.name}: what earns most in a year", left=2)
    _tell("Note", (*found.sentences, *found.cautions))
    _tell("Default used", found.case.defaults_used)


_LAYOUT_MONEY = (
    ("Compute revenue", "compute_revenue"),
    ("Demand response", "dr_revenue"),
    ("GPUs and racks", "gpu_annuity"),
    ("Energy", "energy"),
    ("Battery", "battery_annuity"),
    ("Wear", "wear"),
    ("Profit", "profit"),
)


def show_case(result):
    """A case: three states, the uplift in its order, the storage's value, fee, returns, and what to know."""
    from flexrev_xl.core.cpm.case_line import STATE_STEPS, STATES

    for sentence in result.read:
        click.echo(f"Read: {sentence}")
    name, currency = result.case.name, result.currency
    states = list(result.states.values())
    rows = [
        ["GPUs", "GPUs", *(f"{state['gpus']:,.0f}" for state in states)],
        ["Throughput of a GPU", "%", *(f"{state['throughput']:.2%}" for state in states)],
    ]
    rows += [
        [s.label, _unit(s.unit, currency), *(_value(state[s.key], s.unit) for state in states)] for s in STATE_STEPS
    ]
    print_table(["", "unit", *STATES.values()], rows, title=f"{name}: a year", left=2)
    rows = [
        [label, f"{value:.6f}" if unit == "factor" else f"{value:.4%}"] for label, value, unit in result.uplift.rows()
    ]
    print_table(["", "factor"], rows, title="Compute, step by step")
    rows = [[label, _unit(unit, currency), _value(value, unit)] for label, value, unit in result.storage.rows()]
    values = result.values
    rows += [
        [label, f"{currency}/MW-month", money(values[key])]
        for label, key in (("Owner's floor of a storage fee", "fee_floor"), ("Host's ceiling", "fee_ceiling"))
    ]
    rows += [
        ["Power that comes earlier: extra months", currency, money(result.time_to_power.extra_months)],
        ["Power that comes earlier: the same life", currency, money(result.time_to_power.moved_life)],
        ["Net present value of the battery and what it adds", currency, money(result.npv.value)],
        ["Internal rate of return", "%", _or_none(result.irr, "{:.2%}")],
        ["Payback", "years", _or_none(result.payback_years, "{:.2f}")],
    ]
    print_table(["", "unit", "a year"], rows, title="What the battery is worth", left=2)
    needed = result.results
    click.echo(
        f"The battery: {result.carried.verdict}; {needed['needed_mw']:,.4g} MW and {needed['needed_mwh']:,.4g} MWh usable are "
        f"needed of {result.inputs['battery_mw']:,.6g} MW and {values['usable_mwh']:,.6g} MWh."
    )
    _tell("Storage", result.storage.notes)
    click.echo(f"Storage fee: {result.fee_verdict}")
    _tell("Assumed", result.assumptions)
    _tell("Note", result.cautions)
    _tell("Default used", result.defaults_used)
    _tell("Look at", result.warnings)


def _tell(title, sentences):
    for sentence in sentences:
        click.echo(f"{title}: {sentence}")


def _fine(value, unit):
    """A physical figure; small ones keep their digits."""
    if value in (float("inf"), None):
        return "-"
    return f"{value:.2%}" if unit == "%" else f"{value:,.6g}"


def _periods(statistics):
    return ", ".join(f"{period.seconds:.3g}" for period in statistics.periods) or "none"


def _unit(unit, currency):
    return "%" if unit == "fraction" else unit.replace("money", currency)


def _value(value, unit):
    if unit in ("%", "fraction"):
        return f"{value:.2%}"
    return money(value) if unit.startswith("money") else quantity(value)


def _or_none(figure, shape):
    return f"none: {figure.reason}" if figure.value is None else shape.format(figure.value)
