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


def portfolio(*rows, scenarios=None, **header):
    """The Portfolio of these rows, read as rows 2, 3, ... of p.csv."""
    read = [RawRow(dict(values), f"p.csv row {number}") for number, values in enumerate(rows, start=2)]
    items = (
        None
        if scenarios is None
        else [(item, f"p.csv scenario {number}") for number, item in enumerate(scenarios, start=1)]
    )
    return assemble(Raw(source="p.csv", rows=read, header=header, scenarios=items))


def refusals(*rows, **options):
    """(code, place) of everything that is refused of these rows."""
    return [(p.code, p.place) for p in problems(*rows, **options)]


def problems(*rows, **options):
    """Everything that is refused of these rows, as FlexErrors."""
    with pytest.raises(FlexError) as refused:
        portfolio(*rows, **options)
    return refused.value.problems
