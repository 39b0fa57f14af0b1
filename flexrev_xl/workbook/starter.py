"""Portfolios to start from: the demo, and the starter files of `flexrev new`."""

import csv
import io

from flexrev_xl.portfolio.columns import COLUMNS, NAMES
from flexrev_xl.readers.portfolio import read_portfolio
from flexrev_xl.workbook.template import folder


def demo_text():
    """The demo portfolio as YAML."""
    return (folder() / "demo_portfolio.yaml").read_text("utf-8")


def starter_text():
    """A YAML portfolio with one example enrolment and the meaning of every column."""
    head = (folder() / "starter_portfolio.yaml").read_text("utf-8")
    width = max(map(len, NAMES))
    lines = [f"#   {c.name:<{width}}  {c.explanation} [{c.unit}]" for c in COLUMNS if c.name != "site"]
    return head + "\n# Every key an enrolment can have:\n" + "\n".join(lines) + "\n"


def demo_portfolio():
    """The demo portfolio."""
    return read_portfolio(folder() / "demo_portfolio.yaml")


def portfolio_as_csv(portfolio, columns=()):
    """A portfolio's enrolments as CSV, with the columns named or else those that any of them gives."""
    used = columns or [n for n in NAMES if any(n not in e.defaults for e in portfolio.enrolments)]
    rows = [
        [_cell(e, n, portfolio.currency) if n not in e.defaults else "" for n in used] for e in portfolio.enrolments
    ]
    return _csv([used, *rows])


def starter_csv():
    """A CSV with every column and the starter's example enrolment."""
    return portfolio_as_csv(read_portfolio(folder() / "starter_portfolio.yaml"), NAMES)


def _cell(enrolment, name, currency):
    value = getattr(enrolment, name)
    if name == "rate_unit":
        return f"{currency}/{value.name}"
    if name == "energy_unit":
        return f"{currency}/{value.name}" if value.name in ("MWh", "kWh") else value.name
    return f"{value:.12g}" if isinstance(value, float) else value


def _csv(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
