"""Sites that sell megawatts: rows, library entries and resources for tests of the ledger, and what it finds of them."""

import datetime as dt
from types import SimpleNamespace

from flexrev_xl.analysis.ledger import double_counting
from flexrev_xl.core.resources import Resource
from flexrev_xl.programmes import library

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
EVERY_MONTH = (1.0,) * 12
ANY = SimpleNamespace(
    hours_per_event=None, hours_per_year=None, events_per_year=None, events_per_month=None, notice_minutes=None
)
STACKING = ("alpha", "beta")
BARRED = ("alpha", "gamma")


def rules_of_the_library(monkeypatch):
    """Alpha may stack with beta, alpha and gamma bar each other, whatever the shipped library says."""
    monkeypatch.setattr(library, "may_stack", lambda a, b: {a.id, b.id} == set(STACKING))
    monkeypatch.setattr(library, "is_barred", lambda a, b: {a.id, b.id} == set(BARRED))


def day(text):
    """A date of 2026 from month and day."""
    return dt.date.fromisoformat(f"2026-{text}")


def row(programme="P", mw=10.0, site="Ashburn", **fields):
    """An enrolment; start and end as month and day."""
    dates = {key: day(fields.pop(key)) for key in ("start", "end") if key in fields}
    plain = {
        "site": site, "programme": programme, "season": None, "start": None, "end": None, "nominated_mw": mw,
        "dispatch_hours": 0.0, "event_hours": None, "notice_minutes": None, "events_in_months": EVERY_MONTH,
        "load_mw": None, "critical_mw": 0.0, "mandatory_curtailment_mw": 0.0, "kind": "revenue", "place": "p.csv row 2",
    }  # fmt: skip
    return SimpleNamespace(**plain | fields | dates)


def entry(name, **fields):
    """An entry of a library, with the limits that are given."""
    return SimpleNamespace(**vars(ANY) | {"id": name} | fields)


def found(*rows, resources=(), entries=(), site="Ashburn", last=LAST):
    """The findings of these rows."""
    portfolio = SimpleNamespace(
        enrolments=rows, resources={site: tuple(resources)} if resources else {}, first_day=FIRST, last_day=last
    )
    return double_counting(portfolio, {e.id: e for e in entries})


def told(*rows, **given):
    """(kind, programmes, MW, hours) of each finding."""
    return [(f.kind, f.programmes, f.mw, f.hours) for f in found(*rows, **given)]


def resource(kind="battery", power=10.0, energy=20.0, start_minutes=0.0):
    """A resource of one unit."""
    return Resource(kind, kind, power, energy, None, 1.0, "", 0.0, 0.0, start_minutes, 0.0)


def months(*numbers):
    """Weights that let events fall in these months."""
    return tuple(float(n in numbers) for n in range(1, 13))


SUMMER = {"start": "06-01", "end": "08-31"}  # 92 days
