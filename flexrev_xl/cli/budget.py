"""Commands that make budgets: demo, new, build, calc."""

from pathlib import Path

import click

from flexrev_xl.cli.simulation_options import SEED, confidence_option, read_to_simulate, seed_option
from flexrev_xl.portfolio.columns import YEARS


def portfolio_options(command):
    """What a CSV has no place for."""
    for option in (
        click.option("--currency", default="", help="ISO code, where the file does not say."),
        click.option("--year", type=click.IntRange(*YEARS), help="Budget year, where the file does not say."),
        click.option("--name", default="", help="Name of the portfolio, where the file does not say."),
        click.option("--programmes", type=click.Path(path_type=Path), help="A YAML file of programmes of your own."),
        click.option(
            "--exchange-rates", type=click.Path(path_type=Path), help="A YAML list of exchange rates, for a CSV."
        ),
        click.option(
            "--decimal",
            type=click.Choice(["point", "comma"]),
            default="point",
            show_default=True,
            help="Decimal mark of a CSV.",
        ),
    ):
        command = option(command)
    return command


def read_with_options(file, currency, year, name, decimal, programmes, exchange_rates):
    """(Portfolio, the programme library that it was read with, None for the shipped one)."""
    from flexrev_xl.readers.portfolio import read_portfolio
    from flexrev_xl.readers.programme_file import read_programmes

    entries = None if programmes is None else read_programmes(programmes)
    options = {"currency": currency, "year": year, "name": name, "decimal": "," if decimal == "comma" else "."}
    return read_portfolio(file, programmes=entries, exchange_rates=exchange_rates, **options), entries


STRICT = click.option("--strict", is_flag=True, help="Refuse megawatts sold twice, instead of warning of them.")


@click.command()
@click.option("--force", is_flag=True, help="Overwrite files of an earlier demo.")
def demo(force):
    """Write an example portfolio and its budget here, and print the figures."""
    from flexrev_xl.analysis.budget import budget
    from flexrev_xl.cli.console import progress
    from flexrev_xl.readers.portfolio import read_portfolio
    from flexrev_xl.workbook.build import build_workbook
    from flexrev_xl.workbook.files import check_output, write_file
    from flexrev_xl.workbook.starter import demo_text, portfolio_as_csv

    files = [Path(n) for n in ("portfolio.yaml", "portfolio.csv", "demo_budget.xlsx")]
    for file in files:
        check_output(file, force)
    write_file(files[0], demo_text().encode(), force)
    portfolio = read_portfolio(files[0])
    write_file(files[1], portfolio_as_csv(portfolio).encode(), force)
    with progress(4) as say:
        build_workbook(portfolio, files[2], force=force, source=files[0].name, progress=say)
    _print(budget(portfolio))
    click.echo(f"Written: {', '.join(map(str, files))}. Next: flexrev build portfolio.csv -o budget.xlsx")


@click.command()
@click.argument("file", type=click.Path(path_type=Path), default="portfolio.yaml")
@click.option("--force", is_flag=True, help="Overwrite the file.")
def new(file, force):
    """Write a portfolio to start from: FILE is a .yaml or a .csv [default: portfolio.yaml]."""
    from flexrev_xl.errors import FlexError
    from flexrev_xl.workbook.files import write_file
    from flexrev_xl.workbook.starter import starter_csv, starter_text

    texts = {".yaml": starter_text, ".yml": starter_text, ".csv": starter_csv}
    make = texts.get(file.suffix.lower())
    if make is None:
        raise FlexError(
            "FLEX-102", f"{file.suffix or 'a file without ending'} is not written", place=file, allowed=", ".join(texts)
        )
    write_file(file, make().encode(), force)
    click.echo(f"Written: {file}. Replace its example with your sites, then: flexrev build {file} -o budget.xlsx")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The .xlsx to write.")
@click.option(
    "--template", type=click.Path(path_type=Path), help="A restyled copy of the shipped template to build from."
)
@click.option("--force", is_flag=True, help="Overwrite the output.")
@click.option("--allow-loss", is_flag=True, help="Build though parts of the template would be lost.")
@click.option(
    "--simulate", type=int, help="Years to simulate, for the tab Risk: what they may bring, and the downside reserve."
)
@seed_option
@confidence_option
@click.option(
    "--cpm", type=click.Path(path_type=Path), help="A case of compute per megawatt (.yaml) whose tabs join the budget."
)
@STRICT
@portfolio_options
def build(file, output, template, force, allow_loss, simulate, seed, confidence, cpm, strict, **options):
    """Write the budget of a portfolio as a workbook with a tab for each scenario."""
    from flexrev_xl.cli.console import progress
    from flexrev_xl.errors import FlexError
    from flexrev_xl.workbook.files import check_output

    if output.suffix.lower() != ".xlsx":
        raise FlexError(
            "FLEX-202", f"{output.name} is not an .xlsx", place="--output", remedy="Give a name that ends in .xlsx."
        )
    check_output(output, force)
    from flexrev_xl.workbook.build import build_workbook
    from flexrev_xl.workbook.cpm_source import case_of_build
    from flexrev_xl.workbook.sheets import sensitivity

    is_workbook = file.suffix.lower() == ".xlsx"
    if simulate is None and not (seed is None and confidence is None):
        raise click.UsageError(
            "--seed and --confidence are of a simulation: give --simulate, with the years to simulate."
        )
    how = {"template": template, "force": force, "allow_loss": allow_loss, "strict": strict, "source": file.name}
    with progress(1 if cpm is None else None) as say:
        say("reading")
        if simulate is None:
            portfolio, programmes = read_with_options(file, **options)
        else:
            portfolio, programmes, share = read_to_simulate(file, simulate, confidence, **options)
            how |= {"simulate": simulate, "seed": SEED if seed is None else seed, "confidence": share}
        case = how["case"] = case_of_build(cpm, file, say)
        how["typed"] = sensitivity.typed_in(file) if is_workbook else None
    lines = 0 if simulate is None else len(portfolio.enrolments) * portfolio.years
    with progress(4 + lines) as say:
        result = build_workbook(portfolio, output, programmes=programmes, progress=say, **how)
    for warning in result.warnings:
        click.echo(f"Look at: {warning}", err=True)
    if case is not None and cpm is None and is_workbook:
        click.echo(f"Kept: the case {case.name} with what its load gave; --cpm takes another", err=True)
    lines = len(portfolio.enrolments)
    click.echo(
        f"Written: {output} ({lines} enrolment{'s' if lines > 1 else ''}, {len(result.scenarios)} scenario tabs, {portfolio.currency})"
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print everything, line by line and month by month, as JSON.")
@click.option("--months", is_flag=True, help="Print the months of the first scenario, accrual and cash, too.")
@STRICT
@portfolio_options
def calc(file, as_json, months, strict, **options):
    """Print the budget of a portfolio."""
    from flexrev_xl.analysis.budget import budget, refuse_double_counting
    from flexrev_xl.cli.console import print_json

    result = budget(*read_with_options(file, **options))
    if strict:
        refuse_double_counting(result)
    if as_json:
        print_json(result.as_json())
    else:
        if months:
            _print_months(result)
        _print(result)


_MONTHLY = ("gross_revenue", "guaranteed", "customer_net", "operating_cost", "net_revenue", "cash_received")


def _print_months(result):
    """The months of the first scenario, one a row, and their total."""
    from flexrev_xl.analysis.monthly import month_ends, months_of
    from flexrev_xl.cli.console import money, print_table
    from flexrev_xl.core.monthly import label_of

    scenario = result.scenarios[0]
    months = months_of(scenario.lines, result.portfolio)
    rows = [
        [f"{end:%b %Y}", *(money(months[key][n]) for key in _MONTHLY)]
        for n, end in enumerate(month_ends(result.portfolio))
    ]
    rows.append(["Total", *(money(sum(months[key])) for key in _MONTHLY)])
    title = f"{result.portfolio.name}: {scenario.name} by month, {result.portfolio.currency}"
    print_table(["", *map(label_of, _MONTHLY)], rows, title=title, left=1)


def _print(result):
    """A table for each budget year, then what was taken for granted and what to look at."""
    for year, first, last in result.portfolio.budget_years:
        _print_year(result, year, f"{result.portfolio.name}: {first} to {last}, pre-tax, nominal")
    for title, texts in (("Default used", result.portfolio.defaults_used), ("Look at", result.warnings)):
        for text in texts:
            click.echo(f"{title}: {text}")


def _print_year(result, year, title):
    from flexrev_xl.analysis.budget import shown_measures
    from flexrev_xl.cli.console import money, print_table, quantity
    from flexrev_xl.core.budget_line import STEP_OF

    currency = result.portfolio.currency
    rows = []
    for key in shown_measures(result):
        step = STEP_OF[key]
        shown, unit = (money, currency) if step.unit == "money" else (quantity, step.unit)
        rows.append([step.label, unit, *(shown(s.by_year[year][key]) for s in result.scenarios)])
    print_table(["", "unit", *(s.name for s in result.scenarios)], rows, title=title, left=2)
