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
    if dates_sound and row.start:
        faults += _hours_faults(row, bad)
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


_HOURS = ("dispatch_hours", "penalty_hours", "test_hours")


def _hours_faults(row, bad):
    """More hours than the days between the row's dates have."""
    most = 24 * days_between(row.start, row.end)
    for name in _HOURS:
        hours = getattr(row, name)
        if name not in bad and hours and hours > most:
            what = f"{hours:g} hours from {row.start} to {row.end}"
            yield FlexError("FLEX-003", what, place=name, allowed=f"0 to {most} h")


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
        if critical and critical.critical_mw and not load:
            what = f"critical_mw {critical.critical_mw:g} is a part of a load that is not given"
            allowed = "the measured load of the whole site"
            yield FlexError("FLEX-001", what, place=f"{critical.place}, load_mw", allowed=allowed)
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
