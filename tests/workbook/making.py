"""Workbooks for the tests: built from rows, and then changed as a person or another program would change them."""

import datetime as dt
import io
import re
import zipfile
from xml.sax.saxutils import escape

import openpyxl

from flexrev_xl.portfolio.assemble import Raw, RawRow, assemble
from flexrev_xl.workbook import cpm_build
from flexrev_xl.workbook.build import compose, finished, simulated
from tests.workbook.book import read_parts, sheet_parts

TODAY = dt.date(2026, 1, 31)
SCENARIOS = ({"name": "Base"}, {"name": "Low", "dispatch_hours": 0.5, "performance": {"absolute": 0.8}})
SITE = {
    "site": "Ashburn", "programme": "PJM capacity, demand response", "start": "2026-06-01", "end": "2027-05-31", "nominated_mw": 10,
    "capacity_rate": 329.17, "rate_unit": "USD/MW-day", "dispatch_hours": 30, "energy_rate": 50, "performance": 0.95, "penalty_rate": 1150,
    "stop_loss_share": 1.5, "marginal_cost": 40, "customer_share": 0.8, "source": "Auction report",
}  # fmt: skip
OTHER = {
    "site": "Boston",
    "programme": "ISO-NE capacity",
    "nominated_mw": 6,
    "capacity_rate": 2.59,
    "rate_unit": "USD/kW-month",
    "source": "Newswire",
}
# A row of the second of two budget years, in euros, and what is said of them.
LATER = {
    "site": "Cork", "programme": "Capacity auction", "start": "2027-01-15", "end": "2027-11-30", "nominated_mw": 4, "capacity_rate": 46150,
    "rate_unit": "MW-year", "currency": "EUR", "dispatch_hours": 12, "energy_rate": 90, "event_months": "11-2", "paid_on": "business days",
    "price_status": "forecast", "escalation": 0.02, "penalty_rate": 300, "performance": 0.9, "payment_lag_months": 3, "source": "Auction report",
}  # fmt: skip
EUROS = {"currency": "EUR", "rate": 1.08, "date": "2026-01-05", "kind": "budget", "source": "Treasury"}


ASSUMED = {
    "price_sigma": 0.3, "price_event_correlation": 0.4, "market_correlation": 0.5, "hours_spread": 0.2,
    "by_programme": [{"programme": "ISO-NE capacity", "events": "fixed", "market": "New England"}],
    "between_markets": [{"markets": ["PJM", "New England"], "correlation": 0.25}],
}  # fmt: skip


def made(rows, scenarios=SCENARIOS, *, exchange_rates=(), simulation=None, **header):
    """A portfolio from mappings of columns; scenarios None for the usual four; the header's keys by name."""
    raw_rows = [RawRow(dict(row), f"test row {number}") for number, row in enumerate(rows, start=1)]
    named = None if scenarios is None else [(dict(s), f"test scenario {s['name']}") for s in scenarios]
    header = {"name": "Test portfolio", "currency": "USD", "year": 2026, **header}
    rates = [(dict(r), f"test rate {r['currency']}") for r in exchange_rates]
    assumed = None if simulation is None else (simulation, "test simulation")
    return assemble(Raw("test.yaml", raw_rows, header, named, rates, simulation=assumed))


def built(portfolio, warnings=(), draws=None, case=None, **how):
    """The bytes of a portfolio's workbook; with draws of one with so many simulated years, with a case of one with it."""
    run = None if draws is None else simulated(portfolio, draws=draws, **how)
    return finished(compose(portfolio, warnings, source="test.yaml", today=TODAY, run=run, case=case))


def stored_again(workbook):
    """The bytes of an openpyxl workbook with its results stored anew."""
    return (finished if "Inputs" in workbook.sheetnames else cpm_build.finished)(workbook)


def opened(data):
    """A workbook as openpyxl loads it, formulas and no results."""
    return openpyxl.load_workbook(io.BytesIO(data))


def changed(data, change):
    """A workbook changed in openpyxl and recalculated, as a spreadsheet program would leave it."""
    workbook = opened(data)
    change(workbook)
    return stored_again(workbook)


def with_part(data, name, change):
    """A workbook with one part of its file changed: a function of its text, or new text for a new part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            text = source.read(part)
            if part.filename == name:
                new = change(text.decode()).encode()
                assert new != text, f"{name} was not changed"
                text = new
            target.writestr(part, text)
        if name not in source.namelist():
            target.writestr(name, change(""))
    return out.getvalue()


def with_sheet(data, title, old, new, count=1):
    """A workbook with some text in a sheet's XML replaced, found by a regular expression."""
    return with_part(
        data, sheet_parts(read_parts(data))[title], lambda text: re.sub(old, lambda m: m.expand(new), text, count=count)
    )


def with_formula(data, title, cells, change):
    """A workbook in which the formulas of some cells were changed in the XML; their stored results stay."""
    for cell in cells:
        pattern = rf'(<c r="{cell}"[^>]*><f>)([^<]*)(</f>)'
        new = lambda text, p=pattern: re.sub(p, lambda m: m[1] + escape(change(_unescaped(m[2]))) + m[3], text)  # noqa: E731
        data = with_part(data, sheet_parts(read_parts(data))[title], new)
    return data


def with_stored(data, title, cell, value):
    """A workbook in which the stored number of a cell was changed in the XML."""
    return with_sheet(data, title, rf'(<c r="{cell}"[^>]*>(?:<f>[^<]*</f>)?<v>)[^<]*(</v>)', rf"\g<1>{value}\g<2>")


def with_text(data, title, cell, text):
    """A workbook in which a cell holds that text; nothing for an empty text."""
    new = f'<c r="{cell}"\\g<1> t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else f'<c r="{cell}"\\g<1>/>'
    return with_sheet(data, title, rf'<c r="{cell}"( s="[0-9]+")?[^>]*>.*?</c>', new)


def _unescaped(text):
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
