"""Portfolios to start from: the demo, and the starter files of `flexrev new`."""

import csv
import io

from flexrev_xl.portfolio.columns import COLUMNS, NAMES
from flexrev_xl.portfolio.events import shown_event_months
from flexrev_xl.portfolio.terms import EVENT_COLUMNS, EVENT_MONTHS
from flexrev_xl.readers.portfolio import read_portfolio
from flexrev_xl.workbook.template import folder

_TYPED = tuple(n for n in NAMES if n not in EVENT_COLUMNS)  # as people type them: months of events in one column


def demo_text():
    """The demo portfolio as YAML."""
    return (folder() / "demo_portfolio.yaml").read_text("utf-8")


def starter_text():
    """A YAML portfolio with one example enrolment and the meaning of every column."""
    head = (folder() / "starter_portfolio.yaml").read_text("utf-8")
    width = max(map(len, _TYPED))
    columns = (c for c in COLUMNS if c.name in _TYPED and c.name != "site")
    lines = [f"#   {c.name:<{width}}  {c.explanation} [{c.unit}]" for c in columns]
    return head + "\n# Every key an enrolment can have:\n" + "\n".join(lines) + "\n"


def demo_portfolio():
    """The demo portfolio."""
    return read_portfolio(folder() / "demo_portfolio.yaml")


def portfolio_as_csv(portfolio, columns=()):
    """A portfolio's enrolments as CSV, with the columns named or else those that any of them gives."""
    used = columns or [n for n in _TYPED if any(_cell(e, n, portfolio.currency) != "" for e in portfolio.enrolments)]
    return _csv([used, *([_cell(e, n, portfolio.currency) for n in used] for e in portfolio.enrolments)])


def starter_csv():
    """A CSV with every column and the starter's example enrolment."""
    return portfolio_as_csv(read_portfolio(folder() / "starter_portfolio.yaml"), _TYPED)


def _cell(enrolment, name, currency):
    """What was given for a column, as it would be typed; nothing for what was left out."""
    if name == EVENT_MONTHS:
        left_out = all(n in enrolment.defaults for n in EVENT_COLUMNS)
        return "" if left_out else shown_event_months(enrolment.events_in_months)
    if name in enrolment.defaults:
        return ""
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
