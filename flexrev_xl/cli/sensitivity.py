"""The command sensitivity: what moves the net of a portfolio, and where it breaks even."""

from pathlib import Path

import click

from flexrev_xl.cli.budget import portfolio_options, read_with_options

BAR = 40  # letters of the longest bar
DOWN, UP, BOTH, BASE = "-+=|"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--spread", default="10%", show_default=True, help="How far each driver is moved down and up.")
@click.option("--target", default="0", show_default=True, help="Net a year that the break-evens look for.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@portfolio_options
def sensitivity(file, spread, target, as_json, **options):
    """Show which drivers move the net of a portfolio most, and where it breaks even.

    All of it is the first scenario in the first budget year; a driver is moved on every row at once.
    """
    from flexrev_xl.analysis.sensitivity import SPREAD, TARGET
    from flexrev_xl.analysis.sensitivity import sensitivity as work_out
    from flexrev_xl.cli.console import print_json
    from flexrev_xl.errors import FlexError, refuse

    problems, read = [], []
    for ask in (
        lambda: _number(SPREAD, spread, "--spread"),
        lambda: _number(TARGET, target, "--target"),
        lambda: read_with_options(file, **options)[0],
    ):
        try:
            read.append(ask())
        except FlexError as e:
            problems += e.problems
    refuse(problems)
    spread, target, portfolio = read
    result = work_out(portfolio, spread, target)
    if as_json:
        print_json(result.as_json())
    else:
        _print(result, target)


def _number(quantity, text, place):
    from flexrev_xl.errors import FlexError
    from flexrev_xl.readers.text import number_from_text

    try:
        return quantity.read(number_from_text(text))
    except FlexError as e:
        raise e.at(place) from None


def _print(result, target):
    from flexrev_xl.cli.console import money, print_table
    from flexrev_xl.portfolio.columns import BY_NAME

    portfolio, lines = result.portfolio, result.lines
    scale = _scale(result.tornado, lines.base_net)
    rows = [
        [
            BY_NAME[bar.driver].label,
            _drawn(bar, lines.base_net, scale),
            f"x {bar.low:.4g}",
            money(bar.net_low),
            f"x {bar.high:.4g}",
            money(bar.net_high),
            money(bar.width),
        ]
        for bar in result.tornado
    ]
    base = f"{portfolio.scenarios[0].name} in {portfolio.year}: net {money(lines.base_net)} {portfolio.currency}"
    title = f"{portfolio.name}: {base}, and with one driver moved alone"
    headers = ["", f"{DOWN} moved down   {UP} moved up   {BASE} base", "down", "net", "up", "net", "width"]
    print_table(headers, rows, title=title, left=2, whole=headers)

    rows = [
        [_factor(lines, "dispatch_hours", factor), *map(money, nets)]
        for factor, nets in zip(result.hours_factors, result.grid, strict=True)
    ]
    headers = ["dispatch hours \\ performance", *(_factor(lines, "performance", f) for f in result.performance_factors)]
    print_table(headers, rows, title=f"Net by dispatch hours and performance, {portfolio.currency}", whole=headers)

    rows = [
        [BY_NAME[f.driver].label, f.sentence, "none" if f.factor is None else f"{f.factor:.6g}"]
        for f in result.break_even
    ]
    title = f"Where moving one driver alone makes the net {target:,.12g} {portfolio.currency}"
    print_table(["", "where", "factor"], rows, title=title, left=2)


def _factor(lines, driver, factor):
    """A factor as printed, with what the driver is then where all rows share one value."""
    value = lines.shown(driver, factor)
    return f"x {factor:g}" + (f" ({value})" if value else "")


def _scale(bars, base_net):
    """The least and the most net of all bars."""
    nets = [base_net, *(net for bar in bars for net in (bar.net_low, bar.net_high))]
    return min(nets), max(nets)


def _drawn(bar, base_net, scale):
    """A bar of letters from the net at low to the net at high, with the base where it is for all of them."""

    def place(net):
        least, most = scale
        return round(BAR * (net - least) / (most - least)) if most > least else 0

    base, letters = place(base_net), [" "] * (BAR + 1)
    for net, letter in ((bar.net_low, DOWN), (bar.net_high, UP)):
        for n in range(min(base, place(net)), max(base, place(net)) + 1):
            letters[n] = letter if letters[n] in (" ", letter) else BOTH
    letters[base] = BASE
    return "".join(letters).rstrip()
