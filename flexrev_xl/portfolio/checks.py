"""What must hold within an enrolment and between enrolments.

Checks yield FlexErrors (or, as warnings, sentences) with their place; nothing is raised here, so
that a portfolio with five mistakes shows five.
"""

import math
from collections import defaultdict
from itertools import pairwise

from flexrev_xl.core.phasing import events_between
from flexrev_xl.errors import FlexError, nearest
from flexrev_xl.portfolio.periods import (
    LONGEST_YEAR,
    date_faults,
    days_between,
    own_periods,
    paid_periods,
    share_of_year,
)
from flexrev_xl.portfolio.terms import EVENT_MONTHS, OF_SITE
from flexrev_xl.programmes import library


def enrolment_faults(row, bad=frozenset(), programmes=None):
    """Faults between the fields of one row; fields in `bad` were refused already and are left alone.

    Where the row is sound its `periods` are written out.
    """
    faults = []
    if not bad & {"start", "end"}:
        faults += date_faults(row)
    if not bad & {"capacity_rate", "rate_unit", "energy_rate", "dispatch_hours", "season"}:
        faults += _nothing_to_earn(row, programmes)
    dates_sound = not (bad & {"start", "end"} or faults)
    if dates_sound and not bad & {"capacity_rate", "rate_unit", "periods"}:
        try:
            row.periods = _settled_periods(row)
        except FlexError as e:
            faults.append(e if e.place else e.at("periods"))
        else:
            faults += _seasonal_faults(row, programmes)
    if row.stop_loss_share is not None and not row.capacity_rate and "capacity_rate" not in bad:
        faults.append(
            FlexError("FLEX-105", "a stop-loss share needs a capacity rate to be a share of", place="stop_loss_share")
        )
    if dates_sound and EVENT_MONTHS not in bad:
        faults += _events_faults(row)
    return [f.at(row.place) for f in faults]


def _events_faults(row):
    """Hours that no month of the row can take."""
    weights = row.events_in_months
    if events_between(row.start, row.end, weights) if row.start else any(weights):
        return
    hours = {"dispatched": row.dispatch_hours, "penalised": row.penalty_hours, "tested": row.test_hours}
    if said := next((f"{value:g} hours are {word}" for word, value in hours.items() if value), ""):
        where = f"no event month lies between {row.start} and {row.end}" if row.start else "no month has a weight"
        yield FlexError("FLEX-127", f"{where}, and {said}", place=EVENT_MONTHS)


def _settled_periods(row):
    if not row.capacity_rate and row.periods is None:  # nothing is paid, unless a scenario gives a rate
        return own_periods(row) or float(row.rate_unit.period.default or 1.0)
    if not row.capacity_rate and "rate_unit" in row.defaults:
        return row.periods
    return paid_periods(row)


_RATE_OF = {"rate_unit": "capacity_rate", "energy_unit": "energy_rate"}


def _nothing_to_earn(row, programmes):
    given = set(type(row).model_fields) - set(row.defaults)
    if "capacity_rate" in given and "rate_unit" not in given:
        yield FlexError(
            "FLEX-105",
            f"capacity_rate {row.capacity_rate:g} has no rate_unit",
            place="rate_unit",
            allowed="MW-year, kW-month, MW-day, ...",
        )
    if "energy_rate" in given and row.energy_rate and "dispatch_hours" not in given:
        yield FlexError("FLEX-105", f"energy_rate {row.energy_rate:g} has no dispatch_hours", place="dispatch_hours")
    entry = library.find(row.programme, programmes)
    alone = next((u for u, rate in _RATE_OF.items() if u in given and rate not in given), None) if entry else None
    if alone:
        yield FlexError(
            "FLEX-105",
            f"{alone} stands without its {_RATE_OF[alone]}",
            place=_RATE_OF[alone],
            remedy=f"Add it, or leave {alone} out too.",
        )
    elif entry and entry.prices and "capacity_rate" not in given:
        yield _without_season(row, entry)
    elif not {"capacity_rate", "energy_rate"} & given:
        close = library.nearest_ids(row.programme, programmes)
        yield FlexError(
            "FLEX-112",
            f"{row.programme!r} has no rate, and the programme library does not know it.{close}".rstrip("."),
            place="programme",
        )


def _without_season(row, entry):
    """A programme of the library whose price is not settled, as it has one for each season."""
    words = {"allowed": ", ".join(entry.seasons), "remedy": "Write one row a season, or give a capacity_rate."}
    if not row.season:
        return FlexError(
            "FLEX-105", f"{entry.id} has a price for each season, and this row names none", place="season", **words
        )
    close = nearest(row.season, entry.seasons)
    return FlexError(
        "FLEX-016", f"{row.season!r} is not a season of {entry.id}.{close}".rstrip("."), place="season", **words
    )


def _seasonal_faults(row, programmes):
    """A price of one season paid for more days than that season has."""
    if row.rate_unit.period.name != "day" or not row.capacity_rate:
        return
    rate = row.capacity_rate * row.rate_unit.factor
    for entry in library.seasonal_kin(row.programme, programmes):
        factor = entry.capacity_unit.factor
        price = entry.price_of(row.season) or next(
            (p for p in entry.prices if math.isclose(p.capacity_rate * factor, rate)), None
        )
        most = entry.most_days(price) if price and entry.capacity_unit.period.name == "day" else None
        if most and row.periods > most:
            yield FlexError(
                "FLEX-111",
                f"{row.capacity_rate:g} per {row.rate_unit.name} is a {price.season} price of {entry.market}; it is paid for {row.periods:g} days",
                place="periods",
                allowed=f"at most the {most} days of {price.season}",
            )
            return


def portfolio_faults(rows):
    """Faults between rows: duplicates, two spellings, overlaps, too many periods."""
    yield from _duplicates(rows)
    yield from _spellings(rows)
    yield from _loads(rows)
    groups = defaultdict(list)
    first_of = {}
    for row in rows:
        first_of.setdefault(row.key, row)
    for row in first_of.values():
        groups[row.site, row.programme, row.nominated_mw].append(row)
    for group in groups.values():
        if len(group) > 1:
            yield from _overlaps(group)
            yield from _periods_of_a_year(group)


def _duplicates(rows):
    seen = {}
    for row in rows:
        first = seen.setdefault(row.key, row)
        if first is not row:
            shown = ", ".join(repr(part) for part in row.key if part)
            yield FlexError("FLEX-106", f"{shown} stands in {first.place} already", place=row.place)


def _spellings(rows):
    for field in ("site", "programme"):
        seen = {}
        for row in rows:
            value = getattr(row, field)
            first = seen.setdefault(value.casefold(), row)
            if getattr(first, field) != value:
                yield FlexError(
                    "FLEX-117",
                    f"{value!r} is {getattr(first, field)!r} in {first.place}",
                    place=f"{row.place}, {field}",
                )


def _loads(rows):
    """What is said of a site's load: the same on all its rows, and no more of it critical than there is."""
    first_of = defaultdict(dict)
    for row in rows:
        for name in (n for n in OF_SITE if n not in row.defaults):
            first = first_of[row.site].setdefault(name, row)
            here, there = getattr(row, name), getattr(first, name)
            if here != there:
                what = f"{name} of {row.site!r} is {here:g} MW here and {there:g} MW in {first.place}"
                yield FlexError("FLEX-128", what, place=f"{row.place}, {name}")
    for said in first_of.values():
        load, critical = said.get("load_mw"), said.get("critical_mw")
        if load and critical and critical.critical_mw > load.load_mw:
            what, allowed = f"{critical.critical_mw:g} MW of a load of {load.load_mw:g} MW", f"0 to {load.load_mw:g} MW"
            yield FlexError("FLEX-003", what, place=f"{critical.place}, critical_mw", allowed=allowed)


def _overlaps(group):
    dated = sorted((r for r in group if r.start and r.end and r.start <= r.end), key=lambda r: r.start)
    for earlier, later in pairwise(dated):
        if later.start <= earlier.end:
            days = days_between(later.start, min(earlier.end, later.end))
            yield FlexError(
                "FLEX-110",
                f"{later.start} to {later.end} shares {days} day{'s' if days > 1 else ''} with {earlier.place}",
                place=f"{later.place}, start",
            )


def _periods_of_a_year(group):
    """Seasons of one site, programme and MW that are paid for more than a year, whatever their units."""
    rows = [r for r in group if r.capacity_rate and r.periods]
    dated = [r for r in rows if r.start and r.end]
    if dated and days_between(min(r.start for r in dated), max(r.end for r in dated)) > LONGEST_YEAR:
        rows = [r for r in rows if not (r.start and r.end)]  # of several years, none with more than its own dates hold
    years = sum(_part_of_year(r) for r in rows)
    if len(rows) < 2 or years <= 1.0 + 1e-9:
        return
    parts = defaultdict(float)
    for row in rows:
        parts[row.rate_unit.period.name] += row.periods
    shown = " and ".join(f"{n:g} {name}s" for name, n in parts.items())
    most = " or ".join(f"{row.most:g} {row.name}s" for row in {r.rate_unit.period: None for r in rows})
    yield FlexError(
        "FLEX-015",
        f"the seasons of {rows[0].site!r} in {rows[0].programme!r} add up to {shown}",
        place=f"{rows[0].place} to {rows[-1].place}, periods",
        allowed=f"at most {most}{', in proportion' if len(parts) > 1 else ''}",
    )


def _part_of_year(row):
    """Periods as a part of the most there are; a rate per year that follows its dates by their days."""
    period = row.rate_unit.period
    if period.name == "year" and row.start and row.end and "periods" in row.defaults:
        return days_between(row.start, row.end) / LONGEST_YEAR
    return row.periods / period.most


def warnings_of(row, portfolio, programmes=None):
    """Sentences for a reader who should look twice at this row of a portfolio."""
    yield from _library_warnings(row, portfolio.first_day, library.find(row.programme, programmes))
    yield from _date_warnings(row, portfolio)
    if row.performance_floor and row.performance * row.availability < row.performance_floor:
        yield (
            f"{row.place}: performance {row.performance * row.availability:.1%} lies below the programme's floor of {row.performance_floor:.1%}; "
            "events below the floor may be settled as nothing, the budget pays them in proportion"
        )
    kin = library.seasonal_kin(row.programme, programmes)
    if kin and row.capacity_rate and not row.season:
        yield f"{row.place}: {kin[0].market} prices each season by itself; this row names no season"
    if row.escalation and row.price_status != "forecast":
        yield f"{row.place}: escalation {row.escalation:.1%} is not applied, as the price is {row.price_status}; only forecast prices rise"
    if row.penalty_share < 1.0 and not row.penalty_rate:
        yield f"{row.place}: penalty_share {row.penalty_share:.0%} has no penalty_rate to be a share of"
    if row.escalation and row.price_status == "forecast" and (row.price_year or portfolio.year) > portfolio.year:
        yield f"{row.place}: the price is of {row.price_year:g}, after the budget year {portfolio.year}; escalation is taken off it"
    unpaid = [name for name in ("uplift_money", "ancillary_money", "penalty_rate") if getattr(row, name)]
    if unpaid and row.kind != "revenue":
        yield f"{row.place}: {' and '.join(unpaid)} of a row of kind {row.kind} is not counted; only revenue has it"


def portfolio_warnings(portfolio):
    """Sentences on the whole: budget years in which no row has a day."""
    if portfolio.years == 1 or any(row.start is None for row in portfolio.enrolments):
        return
    spans = {(row.start, row.end) for row in portfolio.enrolments}
    years = portfolio.budget_years
    empty = [str(y) for y, first, last in years if not any(s <= last and e >= first for s, e in spans)]
    if empty:
        yield f"nothing is budgeted in {', '.join(empty)}: no row has a day in {'it' if len(empty) == 1 else 'them'}"


def _date_warnings(row, portfolio):
    """Where dates and the budget years, or dates and the rate, do not cover each other."""
    if row.start is None:
        return
    first, last = portfolio.first_day, portfolio.last_day
    days = days_between(row.start, row.end)
    inside = max(0, days_between(max(row.start, first), min(row.end, last)))
    if not inside:
        yield f"{row.place}: {row.start} to {row.end} lies outside the budget, {first} to {last}; nothing of it is budgeted"
    elif inside < days:
        yield f"{row.place}: {inside} of the {days} days from {row.start} to {row.end} lie in the budget, {first} to {last}; only those are paid"
    given = "periods" not in row.defaults
    if given and row.capacity_rate and row.rate_unit.period.name == "year" and row.periods > share_of_year(row):
        yield f"{row.place}: the rate is per year and paid for {row.periods:g} of it, though {row.start} to {row.end} are {days} days"


def _library_warnings(row, first_day, entry):
    """Where a row and its entry of the library are at odds, or the entry's price belongs to another time."""
    if entry is None:
        return
    if row.zone and row.zone.casefold() != entry.zone.casefold():
        yield f"{row.place}: the zone is {row.zone}, the price of {entry.id} is that of {entry.zone}"
    price = entry.price_for(row.season)
    is_price = price and math.isclose(
        row.capacity_rate * row.rate_unit.factor, price.capacity_rate * entry.capacity_unit.factor
    )
    if not (is_price or (not entry.prices and row.energy_rate == entry.energy_rate)):
        return
    if entry.is_stale(first_day):
        yield f"{row.place}: {entry.id} is out of date, its delivery period ended on {entry.delivery_end}, before {first_day}"
    elif entry.delivery_start is None:
        yield f"{row.place}: the source of {entry.id} names no delivery period; check that its price still holds"
