"""Portfolios for tests: rows as a reader hands them over, and what is refused of them."""

import pytest

from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.assemble import Raw, RawRow, assemble

ROW = {
    "site": "Ashburn",
    "programme": "Contract",
    "nominated_mw": 10.0,
    "capacity_rate": 1000.0,
    "rate_unit": "USD/MW-year",
}
ENERGY_ROW = {"site": "Ashburn", "programme": "Contract", "nominated_mw": 10.0}


def portfolio(*rows, scenarios=None, rates=(), resources=None, programmes=None, **header):
    """The Portfolio of these rows, read as rows 2, 3, ... of p.csv, with exchange rates and resources by site."""
    read = [RawRow(dict(values), f"p.csv row {number}") for number, values in enumerate(rows, start=2)]
    items = (
        None
        if scenarios is None
        else [(item, f"p.csv scenario {number}") for number, item in enumerate(scenarios, start=1)]
    )
    raw = Raw(source="p.csv", rows=read, header=header, scenarios=items)
    raw.exchange_rates = [(item, f"p.csv rate {number}") for number, item in enumerate(rates, start=1)]
    raw.resources = {site: (table, f"resources of {site}") for site, table in (resources or {}).items()}
    return assemble(raw, programmes)


def refusals(*rows, **options):
    """(code, place) of everything that is refused of these rows."""
    return [(p.code, p.place) for p in problems(*rows, **options)]


def problems(*rows, **options):
    """Everything that is refused of these rows, as FlexErrors."""
    with pytest.raises(FlexError) as refused:
        portfolio(*rows, **options)
    return refused.value.problems
