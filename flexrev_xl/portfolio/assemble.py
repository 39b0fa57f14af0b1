"""From what a reader found to a Portfolio, or to every mistake in it at once."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from flexrev_xl.core.arguments import LEAST_PERCENT_NUMBER, LONGEST_TEXT, MOST_FRACTION, is_empty, is_error
from flexrev_xl.core.arguments import Quantity as _Quantity
from flexrev_xl.errors import FlexError, nearest, refuse
from flexrev_xl.portfolio import checks
from flexrev_xl.portfolio.columns import BY_NAME, COLUMNS, EXTRA_PREFIX, MONTHS, NAMES, YEARS
from flexrev_xl.portfolio.models import DEFAULT_SCENARIOS, Enrolment, Portfolio, read_date, read_text
from flexrev_xl.portfolio.periods import paid_periods
from flexrev_xl.portfolio.scenarios import read_scenarios
from flexrev_xl.programmes import library


@dataclass
class RawRow:
    """One enrolment as a reader found it: values by column, its place, and a finer place for a column."""

    values: dict[str, Any]
    place: str
    places: dict[str, str] = field(default_factory=dict)


@dataclass
class Raw:
    """A portfolio as a reader found it; scenarios are (mapping, place) pairs, problems were met while reading, places are the header's."""

    source: str
    rows: list[RawRow]
    header: dict[str, Any] = field(default_factory=dict)
    scenarios: list | None = None
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
    rows, marks, comparable, currency_hidden = [], [], [], False
    for raw_row in raw.rows:
        row, bad, faults = _read_row(raw_row, programmes)
        problems += faults
        found = checks.enrolment_faults(row, bad, programmes)
        problems += found
        rows.append(row)
        marks.append([u.currency for u in (row.rate_unit, row.energy_unit) if u.currency])
        currency_hidden |= not bad.isdisjoint(("rate_unit", "energy_unit")) or (
            bool(found) and "rate_unit" in row.defaults
        )
        if bad.isdisjoint(_IDENTIFYING):
            comparable.append(row)
    if not raw.rows and not problems:
        problems.append(FlexError("FLEX-103", "there is no enrolment in it", place=raw.source))
    problems += checks.portfolio_faults(comparable)
    header, faults = _read_header(raw, rows)
    problems += faults
    currency, faults = checks.currency_faults(rows, marks, header["currency"])
    problems += faults
    if not currency and not faults and rows and not currency_hidden and is_empty(raw.header.get("currency")):
        problems.append(FlexError("FLEX-109", "nothing says which currency the rates are in", place=raw.source))
    scenarios, faults = (
        read_scenarios(raw.scenarios, raw.source) if raw.scenarios is not None else (DEFAULT_SCENARIOS, [])
    )
    problems += faults
    refuse(problems)
    header["currency"] = currency
    defaults = _defaults_used(rows, raw, header.pop("defaults"))
    first_day = dt.date(header["year"], header["fiscal_year_start"], 1)
    looks = (w for row in rows for w in checks.warnings_of(row, first_day, programmes))
    warnings = [*raw.warnings, *_mixed_percent(raw.rows), *looks]
    return Portfolio(**header, enrolments=rows, scenarios=scenarios, defaults_used=defaults, warnings=warnings)


def _read_row(raw_row, programmes):
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
        elif name in BY_NAME:
            values[name] = value
        elif name.startswith(EXTRA_PREFIX):
            try:
                extras[name] = value if isinstance(value, int | float | dt.date) else read_text(value)
            except FlexError as e:
                refuse_cell(name, e)
        else:
            faults.append(unknown_column(name, raw_row.place))
    taken = {n: v for n, v in _from_library(values, programmes).items() if n not in bad}
    values = {**taken, **values}
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
_IDENTIFYING = ("site", "programme", "season", "nominated_mw", "start", "end", "capacity_rate", "rate_unit", "periods")

# In place of a needed field that was refused, so that the rest of its row is still checked.
STAND_INS = {"site": "(refused)", "programme": "(refused)", "nominated_mw": 0.0}


def unknown_column(name, place):
    """The refusal of a column or key that is none."""
    return FlexError("FLEX-104", f"{name!r} is not a column.{nearest(name, NAMES)}".rstrip("."), place=place)


# What an entry of the library says of the programme itself, whatever price a row has.
_TERMS = (
    "zone",
    "accreditation",
    "performance_cap",
    "performance_floor",
    "penalty_rate",
    "penalty_hours",
    "stop_loss_money",
    "stop_loss_share",
)


def _from_library(values, programmes):
    """What the programme library knows of the columns that a row leaves empty."""
    entry = library.find(values.get("programme", ""), programmes)
    if entry is None:
        return {}
    known = {name: getattr(entry, name) for name in _TERMS}
    if "capacity_rate" not in values and "rate_unit" not in values:
        known |= _price(entry, values)
    if not {"energy_rate", "energy_unit"} & set(values) and ("dispatch_hours" in values or not entry.prices):
        known |= {"energy_rate": entry.energy_rate, "energy_unit": entry.energy_unit}
    return {name: value for name, value in known.items() if value not in (None, "") and name not in values}


def _price(entry, values):
    """The price of a row's season, its unit, status, dates, and source."""
    source = {
        "source": f"Programme library, {entry.id}: {entry.source.title}"[:LONGEST_TEXT],
        "source_date": entry.source.date,
    }
    price = entry.price_for(values.get("season"))
    if price is None:
        return {} if entry.prices else source | {"price_status": entry.price_status}
    known = source | {"season": price.season, "capacity_rate": price.capacity_rate, "rate_unit": entry.rate_unit}
    known["price_status"] = entry.price_status
    if "periods" in values:
        return known
    if "start" in values or "end" in values:
        return known | _business_days(entry, values)
    if entry.paid_on != "every day" or price.periods is not None:
        known["periods"] = entry.periods_paid(price)
    return known | {"start": price.start, "end": price.end}


def _business_days(entry, values):
    """The periods of a row that has dates of its own, where the programme pays on business days."""
    if entry.paid_on == "every day" or entry.capacity_unit.period.name != "day":
        return {}
    try:
        start, end = (read_date(values.get(name)) for name in ("start", "end"))
    except FlexError:
        return {}  # told where the dates are read
    return {"periods": entry.days_paid(start, end)} if start <= end else {}


_HEADER = {"name", "currency", "year", "fiscal_year_start"}


def _read_header(raw, rows):
    header, faults, defaults = {}, [], []
    for key in raw.header:
        if key not in _HEADER:
            faults.append(
                FlexError(
                    "FLEX-104",
                    f"{key!r} is not a key of a portfolio.{nearest(key, _HEADER)}".rstrip("."),
                    place=raw.source,
                )
            )
    given = {k: v for k, v in raw.header.items() if not is_empty(v)}
    first_years = [row.start.year for row in rows if row.start]
    fallback = {
        "name": raw.source.rsplit(".", 1)[0],
        "currency": "",
        "year": min(first_years, default=dt.date.today().year),
        "fiscal_year_start": 1,
    }
    readers = {
        "name": read_text,
        "currency": _read_currency,
        "year": _whole("a year", *YEARS),
        "fiscal_year_start": _whole("a month", *MONTHS),
    }
    for key, read in readers.items():
        if key not in given:
            header[key] = fallback[key]
            if key in ("year", "fiscal_year_start"):
                defaults.append(f"{key}: {fallback[key]}")
            continue
        try:
            if isinstance(given[key], FlexError):
                raise given[key]
            header[key] = read(given[key])
        except FlexError as e:
            faults.append(e.at(raw.places.get(key, f"{raw.source}, {key}")))
            header[key] = fallback[key]
    return header | {"defaults": defaults}, faults


def _read_currency(value):
    code = str(value).strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise FlexError(
            "FLEX-109", f"{str(value)[:20]!r} is not a currency", allowed="an ISO code such as USD, EUR, GBP or INR"
        )
    return code


def _whole(what, low, high):
    quantity = _Quantity(what, what, low, high)

    def read(value):
        number = quantity.read(int(value) if isinstance(value, str) and value.strip().isdigit() else value)
        if number != int(number):
            raise FlexError("FLEX-003", f"{value} is not a whole number", allowed=quantity.allowed)
        return int(number)

    return read


def _defaults_used(rows, raw, header_defaults):
    """Each default with the number of lines that took it."""
    taken = defaultdict(int)
    for row in rows:
        for name in row.defaults:
            column = BY_NAME[name]
            if name == "periods":
                if row.capacity_rate and not row.start and row.periods == paid_periods(row):
                    taken[f"periods: {row.periods:g} for a rate per {row.rate_unit.name}"] += 1
            elif column.default is not None or column.is_optional_limit:
                if (
                    name in ("rate_unit", "energy_unit")
                    or (name == "capacity_rate" and row.energy_rate)
                    or (name == "energy_rate" and row.capacity_rate)
                ):
                    continue
                taken[f"{name}: {_shown_default(column)}"] += 1
    taken |= _library_terms_used(rows)
    lines = [f"{text} ({n} of {len(rows)} lines)" for text, n in taken.items()]
    if raw.scenarios is None:
        lines.append(f"scenarios: {', '.join(s.name for s in DEFAULT_SCENARIOS)}")
    return [*header_defaults, *lines]


def _library_terms_used(rows):
    """What came from the programme library, with the number of lines that took the same."""
    taken = defaultdict(int)
    for row in rows:
        if row.from_library:
            terms = ", ".join(_shown_term(name, value) for name, value in row.from_library.items())
            taken[f"from the programme library, {row.programme}: {terms}"] += 1
    return taken


def _shown_term(name, value):
    if name.startswith("source"):
        return name  # stands in its own column
    return f"{name} {value:.12g}" if isinstance(value, float) else f"{name} {value}"


def _shown_default(column):
    if column.word:
        return column.word
    if column.is_number:
        return f"{column.default:.0%}" if column.unit == "%" else f"{column.default:g}"
    return column.default


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
