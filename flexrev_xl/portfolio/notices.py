"""Sentences for a reader who should look twice: rows, dates and terms that stand, and may be a slip."""

import math
from collections import defaultdict

from flexrev_xl.core.dates import days_between
from flexrev_xl.core.phasing import events_between
from flexrev_xl.portfolio.periods import share_of_year
from flexrev_xl.programmes import library

# Columns that only a row of kind revenue has a use for.
_OF_REVENUE = ("uplift_money", "ancillary_money", "penalty_rate", "penalty_share", "stop_loss_money", "stop_loss_share")


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
    if row.penalty_share < 1.0 and not row.penalty_rate and row.kind == "revenue":
        yield f"{row.place}: penalty_share {row.penalty_share:.0%} has no penalty_rate to be a share of"
    if row.escalation and row.price_status == "forecast" and (row.price_year or portfolio.year) > portfolio.year:
        yield f"{row.place}: the price is of {row.price_year:g}, after the budget year {portfolio.year}; escalation is taken off it"
    given = [name for name in _OF_REVENUE if getattr(row, name) and name not in row.defaults]
    unpaid = [name for name in given if name != "penalty_share"] + ["penalty_share"] * (row.penalty_share < 1.0)
    are = "are" if len(unpaid) > 1 else "is"
    if unpaid and row.kind != "revenue":
        yield f"{row.place}: {' and '.join(unpaid)} of a row of kind {row.kind} {are} not counted; only revenue has that"
    if not row.nominated_mw:
        yield f"{row.place}: 0 MW are nominated; the row comes to nothing"
    elif row.energy_rate and not row.dispatch_hours and not row.capacity_rate:
        yield f"{row.place}: the energy rate is paid for 0 dispatch hours; the row earns nothing"
    yield from _hours_warnings(row, portfolio)


def portfolio_warnings(portfolio):
    """Sentences on the whole: budget years in which no row has a day, seasons that are each paid for a year."""
    yield from _seasons_of_a_year_each(portfolio)
    if portfolio.years == 1 or any(row.start is None for row in portfolio.enrolments):
        return
    spans = {(row.start, row.end) for row in portfolio.enrolments}
    years = portfolio.budget_years
    empty = [str(y) for y, first, last in years if not any(s <= last and e >= first for s, e in spans)]
    if empty:
        yield f"nothing is budgeted in {', '.join(empty)}: no row has a day in {'it' if len(empty) == 1 else 'them'}"


def _seasons_of_a_year_each(portfolio):
    """Undated rows of one site and programme that, whatever their megawatts, are paid for more than a year."""
    groups = defaultdict(list)
    for row in portfolio.enrolments:
        if row.start is None and row.season and row.capacity_rate:
            groups[row.site, row.programme].append(row)
    for (site, programme), rows in groups.items():
        years = sum(row.periods / row.rate_unit.period.most for row in rows)
        if len(rows) > 1 and years > 1.0 + 1e-9:
            names = ", ".join(row.season for row in rows)
            yield (
                f"{rows[0].place} to {rows[-1].place}: {names} of {site} in {programme} are paid for {years:.3g} years together, "
                "as they have no dates; give start and end, or periods, where they are seasons of one year"
            )


def _hours_warnings(row, portfolio):
    """Hours that fall outside the budget, though days of the row lie in it."""
    hours = row.dispatch_hours or row.test_hours or row.penalty_hours
    if row.start is None or not hours:
        return
    first, last = max(row.start, portfolio.first_day), min(row.end, portfolio.last_day)
    if first <= last and not events_between(first, last, row.events_in_months):
        yield f"{row.place}: no event month lies between {first} and {last}; of its hours none is budgeted"


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
