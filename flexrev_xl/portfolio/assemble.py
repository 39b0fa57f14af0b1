"""From what a reader found to a Portfolio, or to every mistake in it at once."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from flexrev_xl.core.arguments import LEAST_PERCENT_NUMBER, MOST_FRACTION, is_empty, is_error
from flexrev_xl.errors import FlexError, nearest, refuse
from flexrev_xl.portfolio import checks, notices
from flexrev_xl.portfolio.columns import BY_NAME, COLUMNS, EXTRA_PREFIX, NAMES, WHOLE_YEAR
from flexrev_xl.portfolio.currencies import currency_warnings, read_exchange_rates, settle_currencies
from flexrev_xl.portfolio.defaults import defaults_used
from flexrev_xl.portfolio.events import as_columns, read_event_months
from flexrev_xl.portfolio.from_library import terms_from_library
from flexrev_xl.portfolio.header import read_header
from flexrev_xl.portfolio.models import DEFAULT_SCENARIOS, Enrolment, Portfolio, read_text
from flexrev_xl.portfolio.scenarios import exception_faults, read_scenarios
from flexrev_xl.portfolio.sites import engine_faults, nominated_from, read_resources
from flexrev_xl.portfolio.terms import EVENT_COLUMNS, EVENT_MONTHS, OF_SITE
from flexrev_xl.portfolio.uncertainty import read_uncertainty


@dataclass
class RawRow:
    """One enrolment as a reader found it: values by column, its place, and a finer place for a column."""

    values: dict[str, Any]
    place: str
    places: dict[str, str] = field(default_factory=dict)


@dataclass
class Raw:
    """A portfolio as a reader found it.

    scenarios and exchange_rates are (mapping, place) pairs, resources (list, place) pairs by site,
    simulation holds the arguments of `read_uncertainty`; problems were met while reading; places are the header's.
    """

    source: str
    rows: list[RawRow]
    header: dict[str, Any] = field(default_factory=dict)
    scenarios: list | None = None
    exchange_rates: list = field(default_factory=list)
    resources: dict = field(default_factory=dict)
    simulation: tuple | None = None
    problems: list[FlexError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)


def assemble(raw, programmes=None):
    """A Portfolio from what was read.

    Args:
        raw: what a reader found.
        programmes: the programme library by id; the shipped one when left out.

    Raises:
        FlexError, FlexErrors: every mistake with its place.
    """
    problems = list(raw.problems)
    resources, faults = _read_resources(raw)
    problems += faults
    rows, marks, comparable, currency_hidden = [], [], [], False
    for raw_row in raw.rows:
        row, bad, faults = _read_row(raw_row, programmes, resources)
        problems += faults
        found = checks.enrolment_faults(row, bad, programmes)
        problems += found
        rows.append(row)
        marks.append([u.currency for u in (row.rate_unit, row.energy_unit) if u.currency])
        currency_hidden |= not bad.isdisjoint(("rate_unit", "energy_unit", "currency")) or (
            bool(found) and "rate_unit" in row.defaults
        )
        if bad.isdisjoint(_IDENTIFYING):
            comparable.append(row)
    if not raw.rows and not problems:
        problems.append(FlexError("FLEX-103", "there is no enrolment in it", place=raw.source))
    problems += checks.portfolio_faults(comparable)
    problems += engine_faults(comparable, resources, programmes)
    header, faults, header_defaults = read_header(raw, rows)
    problems += faults
    currency, rates, faults = _settle_currencies(raw, rows, marks, header["currency"])
    problems += faults
    is_named = not is_empty(raw.header.get("currency"))  # where that was refused, it is told already
    if rows and not (currency or faults or currency_hidden or is_named):
        problems.append(FlexError("FLEX-109", "nothing says which currency the budget is in", place=raw.source))
    scenarios, faults = (
        read_scenarios(raw.scenarios, raw.source) if raw.scenarios is not None else (DEFAULT_SCENARIOS, [])
    )
    problems += faults
    if len(comparable) == len(raw.rows):  # else a name that was refused would be missed here too
        problems += exception_faults(scenarios, rows)
    uncertainty, faults = read_uncertainty(*raw.simulation) if raw.simulation else (None, [])
    problems += faults
    refuse({str(p): p for p in problems}.values())  # what a site says once is told once, not for each of its rows
    header["currency"] = currency
    portfolio = Portfolio(
        **header, enrolments=rows, scenarios=scenarios, exchange_rates=rates, resources=resources,
        uncertainty=uncertainty,
        defaults_used=(*header_defaults, *defaults_used(rows, header, raw.scenarios is None)),
    )  # fmt: skip
    portfolio.warnings = (
        *raw.warnings,
        *_mixed_percent(raw.rows),
        *(w for row in rows for w in notices.warnings_of(row, portfolio, programmes)),
        *notices.portfolio_warnings(portfolio),
        *currency_warnings(portfolio),
    )
    return portfolio


def _settle_currencies(raw, rows, marks, currency):
    """(currency, exchange rates, faults); no row is held against rates of which one was refused."""
    rates, faults = read_exchange_rates(raw.exchange_rates, raw.source)
    if not faults:
        currency, faults = settle_currencies(rows, marks, currency, rates)
    return currency, rates, faults


def _read_resources(raw):
    """(resources by site, None where they were refused; faults)."""
    resources, faults = {}, []
    for site, (items, place) in raw.resources.items():
        resources[site], found = read_resources(items, place)
        if found:
            resources[site] = None
        faults += found
    return resources, faults


def _read_row(raw_row, programmes, resources):
    """(Enrolment, the refused fields, faults) of one row; a refused field holds its default or a stand-in."""
    faults, bad = [], set()

    def refuse_cell(name, fault):
        bad.add(name)
        faults.append(fault.at(raw_row.places.get(name, f"{raw_row.place}, {name}")))

    values, extras = {}, {}
    for name, value in raw_row.values.items():
        if is_empty(value):
            continue
        if isinstance(value, FlexError):
            refuse_cell(name, value)
        elif name in BY_NAME and is_error(value):
            refuse_cell(name, FlexError("FLEX-002", f"the cell holds the error {value}", allowed=BY_NAME[name].unit))
        elif name == "season" and str(value).strip().casefold() == WHOLE_YEAR:
            continue
        elif name in BY_NAME:
            values[name] = value
        elif name.startswith(EXTRA_PREFIX):
            try:
                extras[name] = value if isinstance(value, int | float | dt.date) else read_text(value)
            except FlexError as e:
                refuse_cell(name, e)
        else:
            faults.append(unknown_column(name, raw_row.place))
    taken = {n: v for n, v in terms_from_library(values, programmes).items() if n not in bad}
    values = {**taken, **values}
    _fill_from_others(values, resources.get(str(values.get("site", "")).strip(), ()), bad, refuse_cell)
    defaults = tuple(c.name for c in COLUMNS if c.name not in values and c.name not in bad)
    try:
        return (
            Enrolment(**values, place=raw_row.place, extras=extras, defaults=defaults, from_library=taken),
            bad,
            faults,
        )
    except ValidationError as error:
        for e in error.errors(include_url=False):
            name = e["loc"][0]
            fault = e.get("ctx", {}).get("error")
            if not isinstance(fault, FlexError):
                fault = FlexError("FLEX-105", "nothing is given", allowed=BY_NAME[name].explanation)
            if name not in bad:
                refuse_cell(name, fault)
    values = {n: v for n, v in values.items() if n not in bad} | {n: STAND_INS[n] for n in bad & set(STAND_INS)}
    taken = {n: v for n, v in taken.items() if n not in bad}
    return Enrolment(**values, place=raw_row.place, extras=extras, defaults=defaults, from_library=taken), bad, faults


# What must have been read for a row to be compared with others.
_IDENTIFYING = (
    "site", "programme", "season", "nominated_mw", "start", "end", "capacity_rate", "rate_unit", "periods", *OF_SITE,
)  # fmt: skip

# In place of a needed field that was refused, so that the rest of its row is still checked.
STAND_INS = {"site": "(refused)", "programme": "(refused)", "nominated_mw": 0.0}


def unknown_column(name, place):
    """The refusal of a column or key that is none."""
    return FlexError("FLEX-104", f"{name!r} is not a column.{nearest(name, NAMES)}".rstrip("."), place=place)


def _fill_from_others(values, resources, bad, refuse_cell):
    """What a row leaves empty and its other columns or its site say: event weights, nomination, marginal cost."""
    if EVENT_MONTHS in values:
        try:
            weights = as_columns(read_event_months(values[EVENT_MONTHS]))
        except FlexError as e:
            refuse_cell(EVENT_MONTHS, e)
        else:
            if twice := next((n for n in EVENT_COLUMNS if n in values), None):
                refuse_cell(
                    twice, FlexError("FLEX-127", "it stands beside event_months", remedy="Keep one of the two.")
                )
            else:
                values |= weights
        values.pop(EVENT_MONTHS)
    if "nominated_mw" not in values and "nominated_mw" not in bad and resources != ():
        _nominate(values, resources, bad, refuse_cell)
    if "marginal_cost" not in values and "compute_forgone_per_mwh" in values and "marginal_cost" not in bad:
        values["marginal_cost"] = values["compute_forgone_per_mwh"]


_EVENT = ("event_hours", "notice_minutes", "load_mw", "critical_mw")


def _nominate(values, resources, bad, refuse_cell):
    """The nomination that the resources of a row's site give; where they or the event were refused, that is told already."""
    bad.add("nominated_mw")
    if resources is None or bad.intersection(_EVENT):
        return
    if "event_hours" not in values:
        what = "resources give a nomination for an event of a given length, and none is given"
        refuse_cell("event_hours", FlexError("FLEX-105", what, remedy="Give event_hours, or nominated_mw itself."))
        return
    try:
        event = [BY_NAME[name].mark.read(values[name]) if name in values else None for name in _EVENT]
    except FlexError:
        return
    try:
        values["nominated_mw"] = nominated_from(resources, *event)
        if not values["nominated_mw"]:
            what = f"the resources of the site hold 0 MW for {event[0]:g} h at {event[1] or 0.0:g} min notice"
            remedy = "Give notice_minutes, other resources, or nominated_mw itself."
            raise FlexError("FLEX-112", what, remedy=remedy)
    except FlexError as e:
        for fault in e.problems:
            refuse_cell("nominated_mw", fault)
    else:
        bad.remove("nominated_mw")


def _mixed_percent(raw_rows):
    """A column in which some typed 0.95 and others 95."""
    for column in COLUMNS:
        if not (column.is_number and column.mark.percent_number):
            continue
        typed = [
            (v, r)
            for r in raw_rows
            if isinstance(v := r.values.get(column.name), int | float) and not isinstance(v, bool)
        ]
        fractions = [v for v, _ in typed if 0 < v <= MOST_FRACTION]
        percents = [(v, r) for v, r in typed if v >= LEAST_PERCENT_NUMBER]
        if fractions and percents:
            value, row = percents[0]
            yield f"{column.name} mixes fractions such as {fractions[0]:g} with percent numbers: in {row.place} {value:g} was read as {value:.1f} %"
