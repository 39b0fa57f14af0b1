"""The command that simulates the years a portfolio may bring."""

from pathlib import Path

import click

from flexrev_xl.cli.budget import portfolio_options
from flexrev_xl.cli.simulation_options import SEED, confidence_option, read_to_simulate, seed_option
from flexrev_xl.portfolio.columns import BUDGET_YEARS

_MOST_COLUMNS = 5  # of years in one table, so that labels are never broken
_MOST_LINES = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--draws", type=int, default=10_000, show_default=True, help="Years simulated.")
@seed_option
@click.option("--years", type=click.IntRange(*BUDGET_YEARS), help="Budget years; those of the file when left out.")
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Threads; one for each processor, eight at most, when left out."
)
@confidence_option
@click.option("--json", "as_json", is_flag=True, help="Print everything, by year, line and month, as JSON.")
@portfolio_options
def simulate(file, draws, seed, years, workers, confidence, as_json, **options):
    """Simulate the years a portfolio may bring: mean, percentiles, reserve, and what they hang on.

    What is assumed stands under the key `simulation` of a YAML portfolio, or on the tabs Simulation and Markets of a
    workbook, and is listed with the figures.
    """
    from flexrev_xl.analysis.simulate import simulate_portfolio
    from flexrev_xl.cli.console import print_json, progress
    from flexrev_xl.workbook.hashes import simulation_hash

    how = {"draws": draws, "years": years, "workers": workers}
    portfolio, programmes, share = read_to_simulate(file, confidence=confidence, **how, **options)
    how |= {"seed": SEED if seed is None else seed, "confidence": share, "inputs_hash": simulation_hash(portfolio)}
    with progress(len(portfolio.enrolments) * (years or portfolio.years)) as say:
        result = simulate_portfolio(portfolio, programmes, progress=say, **how)
    if as_json:
        print_json(result.as_json())
    else:
        _print(result)


def _print(result):
    _print_years(result)
    first = result.years[0]
    _print_lines(result, first)
    _print_drivers(first)
    notes = [
        f"{result.draws:,} draws, seed {result.seed}{result.inputs_hash and f', inputs {result.inputs_hash}'}",
        *(f"Assumed: {text}" for text in result.assumptions),
        *(f"Look at: {text}" for text in result.warnings),
    ]
    for note in notes:
        click.echo(note)


def _print_years(result):
    """What each year may bring, and all together, from the budget to the reserve."""
    from flexrev_xl.cli.console import print_table

    title = f"{result.portfolio.name}: net revenue of {result.scenario}, simulated; annual, pre-tax, nominal, {result.portfolio.currency}"
    columns = [(str(year.year), year.outcome) for year in result.years]
    columns += [("all years", result.all_years)] if result.all_years else []
    for start in range(0, len(columns), _MOST_COLUMNS):
        shown = columns[start : start + _MOST_COLUMNS]
        rows = zip(*(_figures(found) for _, found in shown), strict=True)
        table = [[cells[0][0], *(text for _, text in cells)] for cells in rows]
        print_table(["Net revenue", *(name for name, _ in shown)], table, title=title, whole=("Net revenue",))


def _figures(found):
    """(label, figure as printed) of one outcome."""
    from flexrev_xl.cli.console import money
    from flexrev_xl.core.simulation import CERTAINTY, CVAR, label, reserve_label

    low, high = found.median_interval
    return [
        ("Budget", money(found.budget)),
        ("Mean", money(found.mean)),
        ("Standard deviation", money(found.sd)),
        *((label(p / 100.0), money(value)) for p, value in found.percentiles.items()),
        (f"The median lies, with {CERTAINTY:.0%} certainty, from", money(low)),
        ("to", money(high)),
        (CVAR, money(found.cvar)),
        ("Probability below budget", f"{found.below_budget:.1%}"),
        (reserve_label(found.reserve_quantile), money(found.reserve)),
    ]


def _print_lines(result, year):
    """The reserve of each line by itself, and what they need less together."""
    from flexrev_xl.cli.console import money, print_table

    rows = [
        [x.enrolment.site, x.enrolment.programme, x.enrolment.season or ""]
        + [money(v) for v in (x.outcome.budget, x.outcome.mean, x.outcome.sd, x.outcome.reserve)]
        for x in year.lines[:_MOST_LINES]
    ]
    if len(year.lines) > _MOST_LINES:
        rows.append([f"and {len(year.lines) - _MOST_LINES} more (--json lists them all)", *[""] * 6])
    found, parts = year.outcome, year.diversification
    rows.append(["Sum of reserves by line", *[""] * 5, money(parts.stand_alone)])
    rows.append(["Diversification", *[""] * 5, money(-parts.saved)])
    rows.append(["Portfolio", "", "", *(money(v) for v in (found.budget, found.mean, found.sd, found.reserve))])
    headers = ["Site", "Programme", "Season", "Budget", "Mean", "Standard deviation", "Downside reserve"]
    print_table(headers, rows, title=f"Downside reserve by line, {year.year}, {result.portfolio.currency}", left=3)


def _print_drivers(year):
    from flexrev_xl.analysis.simulated import METHOD
    from flexrev_xl.cli.console import print_table

    rows = [[driver, f"{share:.1%}"] for driver, share in year.shares.items()]
    print_table(["Driver", "Share of variance"], rows, title=f"What the spread hangs on, {year.year}")
    click.echo(f"Share of variance: {METHOD}.")
