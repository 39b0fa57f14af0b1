"""Commands of the programme library: programmes list and programmes show."""

from pathlib import Path

import click

from flexrev_xl.portfolio.columns import YEARS

_file = click.option("--programmes", type=click.Path(path_type=Path), help="A YAML file of programmes of your own.")
_json = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.group()
def programmes():
    """List the programmes of the library, or show one: its terms, dates and source."""


@programmes.command("list")
@click.option("--market", default="", help="Only this market, such as PJM.")
@click.option("--year", type=click.IntRange(*YEARS), help="Only what is delivered in this calendar year.")
@_file
@_json
def list_(market, year, programmes, as_json):
    """List the programmes: id, market, delivery period, rate, and what it comes to in a year."""
    import datetime as dt

    from flexrev_xl.cli.console import print_json, print_table
    from flexrev_xl.readers.programme_file import read_programmes

    every, today = read_programmes(programmes).values(), dt.date.today()
    market = _known_market(market, every)
    chosen = [e for e in every if market in ("", e.market) and (year is None or e.touches(year))]
    if as_json:
        print_json([_described(e, today) for e in chosen])
        return
    rows = [[e.id, f"{e.market}: {e.zone}", _period(e), _state(e, today), *_rates(e)] for e in chosen]
    headers = ["id", "market: zone", "delivery", "", "rate", "unit", "a year, per MW"]
    print_table(headers, rows, left=4, whole=("id", "delivery", "unit"))
    stale = sum(e.is_stale(today) for e in chosen)
    noun = "programme" if len(chosen) == 1 else "programmes"
    click.echo(f"{len(chosen)} {noun}; stale (past the delivery period on {today}): {stale}.")


@programmes.command()
@click.argument("programme", metavar="ID")
@_file
@_json
def show(programme, programmes, as_json):
    """Show everything the library holds of one programme."""
    import datetime as dt

    from flexrev_xl.cli.console import print_json, print_table
    from flexrev_xl.errors import FlexError
    from flexrev_xl.programmes import library
    from flexrev_xl.programmes.models import CONFIDENCE
    from flexrev_xl.readers.programme_file import read_programmes

    try:
        entry = library.demand(programme, read_programmes(programmes))
    except FlexError as e:
        raise e.at("ID") from None
    today = dt.date.today()
    described = _described(entry, today)
    if as_json:
        print_json(described)
        return
    described["confidence"] = f"{entry.confidence}: {CONFIDENCE[entry.confidence]}"
    print_table(["field", "value"], [[name, _text(value)] for name, value in described.items()], left=2)
    if _state(entry, today):
        click.echo(f"{entry.id} is {_state(entry, today)}: check the price before you budget with it.")


def _known_market(market, entries):
    """The market as the library spells it."""
    from flexrev_xl.errors import FlexError, nearest

    markets = {e.market.casefold(): e.market for e in entries}
    if market and market.casefold() not in markets:
        what = f"the library has no market {market!r}.{nearest(market, markets.values())}".rstrip(".")
        raise FlexError("FLEX-016", what, place="--market", allowed=", ".join(markets.values()))
    return markets.get(market.casefold(), "")


def _period(entry):
    if entry.delivery_start is None:
        return ""
    return f"{entry.delivery_start:%Y-%m} to {f'{entry.delivery_end:%Y-%m}' if entry.delivery_end else 'open'}"


def _state(entry, today):
    if entry.delivery_start is None:
        return "undated"
    return "stale" if entry.is_stale(today) else ""


def _rates(entry):
    """Rate, unit, and capacity money per MW-year as shown in the list."""
    if not entry.prices:
        return f"{entry.energy_rate:g}", entry.energy_unit, "energy only"
    rates = ", ".join(f"{p.capacity_rate:g}" for p in entry.prices)
    return rates, entry.rate_unit, f"{entry.annual_rate:,.2f}"


def _text(value):
    return f"{value:,.12g}" if isinstance(value, float) else str(value)


def _described(entry, today):
    from flexrev_xl.programmes.rate import terms

    stale = {"is_stale": entry.is_stale(today)} if entry.delivery_start else {}
    return {name: round(v, 9) if isinstance(v, float) else v for name, v in terms(entry).items()} | stale
