"""A MW-hour ledger of each site: megawatts that are sold twice in the same hour, and what cannot be delivered.

Hours are counted in stretches of days between the dates of a site's rows, 24 h a day, within the days of
the budget. A row without dates stands on every one of them. A buyout sells no megawatts and is left out.
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise
from math import ceil
from operator import attrgetter
from typing import Any

from flexrev_xl.core.dates import first_of_month
from flexrev_xl.core.nomination import breakdown, total_mw
from flexrev_xl.core.resources import MOST_MINUTES
from flexrev_xl.programmes import library

KINDS = ("overlap", "forbidden pair", "mandatory curtailment", "event limits", "recharge")
SELLING = ("revenue", "avoided_cost")
STORES = ("battery", "ups")
UNSTATED_EVENT_HOURS = 1.0
LONGEST_YEAR = 366
_DAY = dt.timedelta(days=1)
_SLACK = 1e-9
_KEPT = ("critical_mw", "mandatory_curtailment_mw")


@dataclass(frozen=True)
class Finding:
    """Megawatts of one site that are sold twice or cannot be delivered.

    `mw` are in excess. `hours` are those of the days from start to end; for event limits the hours beyond
    the limit; for recharge the hours of the event or of the year's dispatch, so that mw x hours is the
    energy that is missing.
    """

    site: str
    programmes: tuple[str, ...]
    kind: str
    start: dt.date | None
    end: dt.date | None
    hours: float
    mw: float
    what: str

    def as_json(self):
        """The finding with its dates as text."""
        days = {key: day and day.isoformat() for key, day in (("start", self.start), ("end", self.end))}
        return vars(self) | days | {"programmes": list(self.programmes)}

    def __str__(self):
        return self.what


def double_counting(portfolio, programmes=None):
    """What is sold twice in a portfolio: findings by site in portfolio order, then by kind, then by date.

    Args:
        portfolio: its enrolments, resources by site, first_day and last_day.
        programmes: the programme library by id; the shipped one when left out.
    """
    rows_of = defaultdict(list)
    for row in portfolio.enrolments:
        if row.kind in SELLING and row.nominated_mw > 0.0:
            rows_of[row.site].append(row)
    budget = portfolio.first_day, portfolio.last_day + _DAY
    sites = [_site(n, rows, budget, portfolio.resources.get(n), programmes) for n, rows in rows_of.items()]
    rules = (_overlaps, _forbidden_pairs, _mandatory_curtailment, _event_limits, _recharge)
    return tuple(f for site in sites for rule in rules for f in sorted(rule(site), key=attrgetter("start")))


def event_hours_of(row, entry):
    """Hours of one event: the row's, else the library's; None where neither says."""
    return row.event_hours or (entry.hours_per_event if entry else None)


def mw_of_resources(resources, event_hours, notice_minutes, load_mw, critical_mw):
    """MW that resources can hold through an event; where no notice is known, nothing is too slow."""
    notice = MOST_MINUTES if notice_minutes is None else notice_minutes
    critical_mw = critical_mw if load_mw is None else min(critical_mw, load_mw)
    return total_mw(breakdown(resources, event_hours, notice, False, load_mw, critical_mw))


def figure(number):
    """A number of a sentence."""
    return f"{number:,.6g}" if number < 1e6 else f"{number:,.0f}"


@dataclass(frozen=True, eq=False)
class _Sale:
    """A row that sells megawatts: its library entry or None, its programme without regard to case, its days.

    `hours` are those dispatched on all its days, `event_hours` those of one event.
    """

    row: Any
    entry: Any
    programme: str
    first: dt.date
    after: dt.date
    mw: float
    event_hours: float
    hours: float

    def by_month(self):
        """(first day, day after the last) of each month within its dates that has events; without weights, of all."""
        first, weights = self.first, self.row.events_in_months
        while first < self.after:
            after = min(first_of_month(first, 1), self.after)
            if weights[first.month - 1] or not any(weights):
                yield first, after
            first = after

    def callable_days(self):
        """(first day, day after the last) of each stretch within its dates that has events."""
        return [(self.first, self.after)] if all(self.row.events_in_months) else list(self.by_month())


_mw = attrgetter("mw")


def _event_mwh(sale):
    return sale.mw * sale.event_hours


def _mwh(sale):
    return sale.mw * sale.hours


def _sale(row, budget, programmes):
    entry, programme = library.find(row.programme, programmes), row.programme.strip().casefold()
    first, after = (row.start, row.end + _DAY) if row.start else budget
    event_hours, hours = event_hours_of(row, entry) or UNSTATED_EVENT_HOURS, (row.dispatch_hours or 0.0)
    return _Sale(row, entry, programme, first, after, row.nominated_mw, event_hours, hours * _years(first, after))


@dataclass(frozen=True)
class _Site:
    """A site, what it sells, the budget's days, their stretches with the same sales, and what the site has."""

    name: str
    sales: list[_Sale]
    budget: tuple
    stretches: list[tuple]
    resources: tuple
    load_mw: float | None
    critical_mw: float
    mandatory_mw: float

    def names(self, sales):
        """The programmes of these sales as typed first, in the order of the portfolio."""
        wanted = _by_programme(sales)
        return tuple(same[0].row.programme for key, same in _by_programme(self.sales).items() if key in wanted)

    def can_sell(self, sales):
        """(MW that the site can sell at one time, why no more) for the longest event and the shortest notice."""
        if self.resources:
            hours = max(s.event_hours for s in sales)
            notice = min((s.row.notice_minutes for s in sales if s.row.notice_minutes is not None), default=None)
            said = "" if notice is None else f" at {figure(notice)} min notice"
            mw = mw_of_resources(self.resources, hours, notice, self.load_mw, self.critical_mw)
            return mw, f"that its resources hold for {figure(hours)} h{said}"
        if self.load_mw is not None:
            return max(0.0, self.load_mw - self.critical_mw), "of its load less its critical load"
        unknown = "nothing says that the site has more: give load_mw and critical_mw, or resources"
        return max(map(_mw, sales)), f"of its largest nomination, and {unknown}"


def _site(name, rows, budget, resources, programmes):
    sales = [_sale(row, budget, programmes) for row in rows]
    sales = [s for s in sales if s.first < budget[1] and s.after > budget[0]]
    load_mw = next((row.load_mw for row in rows if row.load_mw is not None), None)
    critical_mw, mandatory_mw = (max(getattr(row, key) or 0.0 for row in rows) for key in _KEPT)
    stretches = list(_stretches(sales, _Sale.callable_days, *budget))
    return _Site(name, sales, budget, stretches, resources or (), load_mw, critical_mw, mandatory_mw)


def _overlaps(site):
    """What is sold at one time in several rows beyond what the site can sell; rows that may stack count once."""

    def judge(sales):
        together = _apart(sales, _mw)
        if len(together) < 2:
            return None
        sold, names = sum(map(_mw, together)), site.names(together)
        can, why = site.can_sell(together)
        lead = f"{site.name}: {figure(sold)} MW are sold at the same time in {_listed(names)}"
        return _Excess(names, sold, can, lead, f", {figure(sold - can)} MW more than the {figure(can)} MW {why}")

    return _runs(site, "overlap", site.stretches, judge)


def _forbidden_pairs(site):
    """Two programmes of which one bars the other, on the days that the site is enrolled in both."""
    entries = {s.programme: s.entry for s in site.sales if s.entry}
    for pair in combinations(entries, 2):
        if library.is_barred(*(entries[programme] for programme in pair)):
            sales = [s for s in site.sales if s.programme in pair]
            enrolled = _stretches(sales, lambda s: [(s.first, s.after)], *site.budget)
            yield from _runs(site, "forbidden pair", enrolled, partial(_in_both, site))


def _in_both(site, sales):
    groups = _by_programme(sales).values()
    if len(groups) < 2:
        return None
    names, mw = site.names(sales), min(sum(map(_mw, _simultaneous(group, _mw))) for group in groups)
    lead = f"{site.name}: {_listed(names)} may not be held together, and {figure(mw)} MW are in both"
    return _Excess(names, mw, 0.0, lead, "; leave one of them")


def _mandatory_curtailment(site):
    """Of the MW that the grid may curtail without pay, those that are sold: what can be sold less those is free."""
    unpaid = f"{figure(site.mandatory_mw)} MW that the grid may curtail without pay"

    def judge(sales):
        free = 0.0 if site.load_mw is None else max(0.0, site.can_sell(sales)[0] - site.mandatory_mw)
        together = _apart(sales, _mw)
        sold, names = sum(map(_mw, together)), site.names(together)
        mw = min(site.mandatory_mw, sold - free)
        tail = f"; {figure(mw)} MW of them belong to the {unpaid}, as only {figure(free)} MW are free"
        if site.load_mw is None:
            tail = f"; nothing shows that {figure(mw)} MW of them are free of the {unpaid}: give load_mw"
        lead = f"{site.name}: {figure(sold)} MW are sold in {_listed(names)}"
        return _Excess(names, sold, max(free, sold - site.mandatory_mw), lead, tail)

    return _runs(site, "mandatory curtailment", site.stretches, judge) if site.mandatory_mw else ()


def _event_limits(site):
    """Hours dispatched beyond what a programme calls: of its rows one after the other, else of each by itself."""
    for sales in _by_programme(s for s in site.sales if s.entry and s.hours).values():
        whole = _beyond_limits(site, _in_turn(sales))
        yield from [whole] if whole else filter(None, (_beyond_limits(site, (s,)) for s in sales))


def _beyond_limits(site, sales):
    hours = sum(s.hours for s in sales)
    most, limit = min(_limits(sales), default=(hours, ""))
    if not _exceeds(hours, most):
        return None
    names, mw = site.names(sales), max(map(_mw, sales))
    first, last = min(s.first for s in sales), max(s.after for s in sales) - _DAY
    called = f"{figure(mw)} MW in {_listed(names)} are dispatched {figure(hours)} h from {first} to {last}"
    what = f"{site.name}: {called}, {figure(hours - most)} h more than the programme's {limit}"
    return Finding(site.name, names, "event limits", first, last, hours - most, mw, what)


def _limits(sales):
    """(hours, in words) of each limit that the programme states; a number of events needs the hours of one."""
    entry, years = sales[0].entry, _years(min(s.first for s in sales), max(s.after for s in sales))
    if entry.hours_per_year is not None:
        yield entry.hours_per_year * years, f"{figure(entry.hours_per_year)} h a year"
    each = max(event_hours_of(s.row, entry) or 0.0 for s in sales)
    if each and entry.events_per_year is not None:
        yield entry.events_per_year * each * years, f"{figure(entry.events_per_year)} events a year of {figure(each)} h"
    if each and entry.events_per_month is not None:
        months = len({(first.year, first.month) for s in sales for first, _ in s.by_month()})
        words = f"{figure(entry.events_per_month)} events a month of {figure(each)} h over {months} month{'s' * (months > 1)}"
        yield entry.events_per_month * each * months, words


def _recharge(site):
    """Energy beyond what batteries and UPS hold for one event, or beyond one full recharge on each enrolled day.

    Rule: the sum of MW x event hours that can be called on one day is at most the usable MWh, and the MWh
    dispatched are at most the usable MWh x days enrolled in months with events. Any other resource
    holds energy of its own: with one of them on the site the rule is left alone.
    """
    if site.resources and all(r.kind in STORES for r in site.resources):
        usable = sum(r.usable_mwh for r in site.resources)
        yield from _runs(site, "recharge", site.stretches, partial(_beyond_one_charge, site, usable))
        enrolled = [s for s in _stretches(site.sales, _Sale.callable_days) if s[-1]]
        days = sum((after - first).days for first, after, _ in enrolled)
        whole = [(enrolled[0][0], enrolled[-1][1], [s for s in site.sales if s.hours])] if enrolled else []
        yield from _runs(site, "recharge", whole, partial(_beyond_daily_recharge, site, usable, days))


def _beyond_one_charge(site, usable, sales):
    called = _apart(sales, _event_mwh)
    needed, hours, names = sum(map(_event_mwh, called)), max(s.event_hours for s in called), site.names(called)
    lead = f"{site.name}: one event of {_listed(names)} takes {figure(needed)} MWh on a day"
    excess = figure((needed - usable) / hours)
    tail = f", more than the {figure(usable)} MWh usable: {excess} MW too many for {figure(hours)} h"
    return _Excess(names, needed, usable, lead, tail, hours)


def _beyond_daily_recharge(site, usable, days, sales):
    called = _apart(sales, _mwh, at_once=False)
    needed, most, names = sum(map(_mwh, called)), usable * days, site.names(called)
    hours = max(sum(s.hours for s in group) for group in _by_programme(called).values())
    lead = f"{site.name}: {figure(needed)} MWh are dispatched in {_listed(names)}"
    gives = f"one full recharge on each of {days} days gives ({figure(most)} MWh)"
    tail = f", more than {gives}: {figure((needed - most) / hours)} MW too many for {figure(hours)} h"
    return _Excess(names, needed, most, lead, tail, hours)


@dataclass(frozen=True)
class _Excess:
    """What is needed and the most there is, in MW, or in MWh over `hours`; the sentence before and after the days."""

    programmes: tuple[str, ...]
    needed: float
    most: float
    lead: str
    tail: str
    hours: float | None = None

    @property
    def mw(self):
        """MW in excess."""
        return (self.needed - self.most) / (self.hours or 1.0)


def _stretches(sales, days_of, first_day=dt.date.min, day_after=dt.date.max):
    """(first day, day after the last, sales) of each stretch of days on which the same sales stand."""
    spans = [(s, max(first, first_day), min(after, day_after)) for s in sales for first, after in days_of(s)]
    dates = sorted({date for _, first, after in spans if first < after for date in (first, after)})
    for day, after in pairwise(dates):
        yield day, after, [sale for sale, first, end in spans if first <= day < end]


def _runs(site, kind, stretches, judge):
    """One finding for each unbroken run of days with the same programmes in excess, at its largest excess."""
    runs = []
    for first, after, sales in stretches:
        excess = judge(sales) if sales else None
        if excess is None or not _exceeds(excess.needed, excess.most):
            continue
        if runs and runs[-1][1] == first and runs[-1][2].programmes == excess.programmes:
            first, _, before = runs.pop()
            excess = max(before, excess, key=_mw)
        runs.append((first, after, excess))
    for first, after, excess in runs:
        last, hours = after - _DAY, excess.hours or 24.0 * (after - first).days
        counted = "" if excess.hours else f" ({figure(hours)} h)"
        what = f"{excess.lead} from {first} to {last}{counted}{excess.tail}"
        yield Finding(site.name, excess.programmes, kind, first, last, hours, excess.mw, what)


def _by_programme(sales):
    groups = defaultdict(list)
    for sale in sales:
        groups[sale.programme].append(sale)
    return groups


def _apart(sales, weight, at_once=True):
    """The sales that need something of their own: of programmes that may stack, those that weigh most."""
    held = [_simultaneous(group, weight) if at_once else group for group in _by_programme(sales).values()]
    unknown = [group for group in held if not group[0].entry]
    known = sorted((group for group in held if group[0].entry), key=lambda group: group[0].programme)
    return [s for group in (*unknown, *_heaviest(known, lambda g: sum(map(weight, g)))) for s in group]


def _simultaneous(sales, weight):
    """Of one programme's sales on a day those that stand together: seasons without dates follow one another."""
    dated = [s for s in sales if s.row.start]
    undated = [max((s for s in sales if not s.row.start), key=weight)] if len(dated) < len(sales) else []
    return max(dated, undated, key=lambda held: sum(map(weight, held)))


def _heaviest(groups, weight):
    """The heaviest choice of groups of which no two may stack."""
    if not groups:
        return []
    first, *rest = groups
    others = [group for group in rest if not library.may_stack(first[0].entry, group[0].entry)]
    with_first, without = (
        [first, *_heaviest(others, weight)],
        _heaviest(rest, weight) if len(others) < len(rest) else [],
    )
    return max(with_first, without, key=lambda chosen: sum(map(weight, chosen)))


def _in_turn(sales):
    """The sales that follow one another without sharing a day, those with the most hours."""
    ordered = sorted(sales, key=lambda s: s.after)
    ends, best = [s.after for s in ordered], [()]
    for number, sale in enumerate(ordered):
        chain = (*best[bisect_right(ends, sale.first)], sale)
        best.append(max(best[number], chain, key=lambda held: sum(s.hours for s in held)))
    return best[-1]


def _years(first, after):
    return ceil((after - first).days / LONGEST_YEAR)


def _exceeds(amount, most):
    return amount > most * (1.0 + _SLACK)


def _listed(names):
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
