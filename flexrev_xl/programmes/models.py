"""What an entry of the programme library holds: terms of one programme in one delivery period, with their source."""

import datetime as dt
import itertools
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from flexrev_xl.core import arguments as core
from flexrev_xl.core.arguments import LONGEST_TEXT, Quantity, mark
from flexrev_xl.core.dates import business_days, can_hold_a_leap_day, days_between, most_business_days, whole_months
from flexrev_xl.core.resources import MOST_NOTICE_MINUTES
from flexrev_xl.core.units import agree_on_currency, parse_capacity_unit, parse_energy_unit
from flexrev_xl.errors import FlexError, refuse

# What a price was read from, the surest first.
CONFIDENCE = {
    "contract": "a contract or an offer of your own",
    "operator": "a page of the market operator, the utility or the authority itself",
    "copy": "a copy of the operator's text on another site",
    "press": "trade press, an analyst or a supplier who reports the result",
    "third party": "an undated or general page; check before use",
}
LONGEST_YEAR = 366


def _quantity(quantity):
    return Annotated[Any, BeforeValidator(lambda value: None if value is None else quantity.read(value))]


def _date(value):
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise FlexError(
            "FLEX-113", f"{str(value)[:40]!r} is not a date", allowed="year-month-day, such as 2026-06-01"
        ) from None


def _text(pattern, allowed):
    def read(value):
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise FlexError("FLEX-123", f"{str(value)[:60]!r} cannot stand here", allowed=allowed)
        return value

    return Annotated[str, BeforeValidator(read)]


def _month(value):
    number = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,2}", value.strip()) else value
    if isinstance(number, bool) or number not in range(1, 13):
        raise FlexError("FLEX-123", f"{str(value)[:40]!r} is not a month", allowed="whole numbers from 1 to 12")
    return int(number)


def _each_once(months):
    twice = [m for m in dict.fromkeys(months) if months.count(m) > 1]
    if twice:
        raise FlexError("FLEX-123", f"month {twice[0]} stands twice", allowed="each month once")
    return months


def _unit(parse):
    def read(value):
        if not isinstance(value, str):
            raise FlexError("FLEX-010", f"{value!r} is not a unit")
        parse(value)
        return value.strip()

    return Annotated[str, BeforeValidator(read)]


Date = Annotated[dt.date | None, BeforeValidator(_date)]
Rate = _quantity(mark(core.CapacityRate))
EnergyRate = _quantity(mark(core.EnergyRate))
Periods = _quantity(Quantity("periods", "Periods paid", high=8784, above_low=True))
Accreditation = _quantity(mark(core.Accreditation))
Cap = _quantity(mark(core.PerformanceCap))
Floor = _quantity(Quantity("fraction", "Performance below which an event counts as nothing", high=1.0))
PenaltyRate = _quantity(mark(core.PenaltyRate))
Hours = _quantity(mark(core.PenaltyHours))
StopLossMoney = _quantity(mark(core.StopLossMoney))
StopLossShare = _quantity(mark(core.StopLossShare))
Minutes = _quantity(Quantity("minutes", "Minutes", high=MOST_NOTICE_MINUTES))
Events = _quantity(Quantity("events", "Events", high=1_000, above_low=True))
OneLine = _text(rf"[^\x00-\x1f\x7f]{{1,{LONGEST_TEXT}}}", f"one line of at most {LONGEST_TEXT} characters")
Id = _text(r"[a-z0-9]+(-[a-z0-9]+)*", "small letters, digits and single hyphens, such as pjm-rto-2026-27")
Member = _text(
    r"[a-z0-9]+(-[a-z0-9]+)*(-?\*)?",
    "an id, such as coned-csrp-voluntary, or the beginning of ids with a star, such as pjm-*",
)
Months = Annotated[tuple[Annotated[int, BeforeValidator(_month)], ...], AfterValidator(_each_once)]
Address = _text(r"https?://\S+", "an address that starts with https:// or http://")


class _Terms(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Price(_Terms):
    """The capacity price of one season (or of the whole year, season empty) and the dates it is paid for."""

    season: str = ""
    start: Date = None
    end: Date = None
    capacity_rate: Rate
    periods: Periods = None

    @property
    def days(self):
        """Days between its dates, first and last included; None where it is undated."""
        return days_between(self.start, self.end) if self.start else None


class Source(_Terms):
    """Where a price was read: title, address, date, and the operator's document to check it against."""

    title: OneLine
    address: Address
    date: Date = None
    check_against: str = ""


class StatedAnnual(_Terms):
    """A yearly figure that a source prints, in money per MW-year, and the step it is rounded to."""

    figure: Rate
    precision: Annotated[float, Field(gt=0)]


class Programme(_Terms):
    """One programme in one delivery period. Left out means that no source says.

    Attributes:
        event_months: the calendar months in which events are called.
        stacks_with: programmes in which the same megawatts may be paid at the same time, by id or by the
            beginning of ids with a star. A programme that neither stacks nor bars may be held beside this
            one, with other megawatts of the site.
        bars: programmes in which a site of this one may not be at the same time, named alike.
        bars_permits: what an engine may not be permitted as if it is to answer.
    """

    id: Id
    name: OneLine
    market: OneLine
    zone: OneLine
    rate_unit: _unit(parse_capacity_unit) = ""
    price_status: Literal["contracted", "cleared", "forecast"] = "contracted"
    prices: tuple[Price, ...] = ()
    paid_on: Literal["every day", "business days"] = "every day"
    holidays: tuple[Date, ...] = ()
    energy_rate: EnergyRate = None
    energy_unit: _unit(parse_energy_unit) = ""
    start: Date = None
    end: Date = None
    pays_accredited_mw: bool = False
    accreditation: Accreditation = None
    performance_cap: Cap = None
    performance_floor: Floor = None
    penalty_rate: PenaltyRate = None
    penalty_hours: Hours = None
    stop_loss_money: StopLossMoney = None
    stop_loss_share: StopLossShare = None
    notice_minutes: Minutes = None
    event_window: str = ""
    event_months: Months = ()
    events_per_month: Events = None
    events_per_year: Events = None
    hours_per_event: Hours = None
    hours_per_year: Hours = None
    telemetry_minutes: Minutes = None
    stacks_with: tuple[Member, ...] = ()
    bars: tuple[Member, ...] = ()
    bars_permits: tuple[Literal["emergency"], ...] = ()
    note: str = ""
    stated_annual: StatedAnnual | None = None
    confidence: Literal[tuple(CONFIDENCE)]
    source: Source

    @model_validator(mode="after")
    def _between_fields(self):
        refuse(_faults(self))
        return self

    @property
    def currency(self):
        """The ISO code that its units name."""
        return agree_on_currency(u.currency for u in (self.capacity_unit, self.unit_of_energy) if u)

    @property
    def capacity_unit(self):
        """The unit of its capacity rates as read, or None."""
        return parse_capacity_unit(self.rate_unit) if self.rate_unit else None

    @property
    def unit_of_energy(self):
        """The unit of its energy rate as read, or None."""
        return parse_energy_unit(self.energy_unit) if self.energy_unit else None

    @property
    def delivery_start(self):
        """First day of the delivery period, or None."""
        return self.start or min((p.start for p in self.prices if p.start), default=None)

    @property
    def delivery_end(self):
        """Last day of the delivery period, or None where it is open or unknown."""
        return self.end or max((p.end for p in self.prices if p.end), default=None)

    @property
    def is_seasonal(self):
        """Whether each season has a price of its own."""
        return len(self.prices) > 1

    @property
    def seasons(self):
        """The seasons that have a price, as named in the library."""
        return tuple(p.season for p in self.prices if p.season)

    def is_stale(self, today):
        """Whether the delivery period is over on that day."""
        return self.delivery_end is not None and self.delivery_end < today

    def touches(self, year):
        """Whether the delivery period has a day in that calendar year; an open end reaches every later year."""
        if self.delivery_start is None:
            return False
        return self.delivery_start.year <= year <= (self.delivery_end.year if self.delivery_end else year)

    def price_of(self, season):
        """The price of a season by name without regard to case, or None."""
        wanted = (season or "").strip().lower()
        return next((p for p in self.prices if p.season.lower() == wanted), None)

    def price_for(self, season):
        """The price that a row naming this season (or none) is paid, or None where that is not settled."""
        only = self.prices[0] if len(self.prices) == 1 else None
        return self.price_of(season) or (only if only and not (season and only.season) else None)

    def periods_paid(self, price):
        """The periods of the rate's unit that a price is paid for: stated, from its dates, or the unit's own.

        Raises:
            FlexError: FLEX-014 where a rate per day or hour has neither.
        """
        unit = self.capacity_unit
        if price.periods is not None:
            return price.periods
        if unit.period.name == "day" and price.start:
            return float(self.days_paid(price.start, price.end))
        if unit.period.name == "month" and price.start and whole_months(price.start, price.end):
            return float(whole_months(price.start, price.end))
        return mark(core.PeriodsPaid).default(unit)

    def days_paid(self, start, end):
        """The days that are paid between two dates."""
        if self.paid_on == "business days":
            return business_days(start, end, self.holidays)
        return days_between(start, end)

    def most_days(self, price):
        """The most days that the season of a price can have in any year, or None where it is undated."""
        if not price.start:
            return None
        days = price.days + can_hold_a_leap_day(price.start, price.end)
        return most_business_days(days) if self.paid_on == "business days" else days

    def season_rate(self, price):
        """What a price comes to in money per MW-year: rate x factor x its own periods."""
        return price.capacity_rate * self.capacity_unit.factor * self.periods_paid(price)

    @property
    def annual_rate(self):
        """Capacity money per MW-year, summed over the seasons it has; None where only energy is paid."""
        return sum(map(self.season_rate, self.prices)) if self.prices else None


def _faults(entry):
    """What must hold between the fields of an entry."""
    if not entry.prices and entry.energy_rate is None:
        yield FlexError(
            "FLEX-112",
            "neither prices nor energy_rate is given",
            remedy="Give prices with rate_unit, or energy_rate with energy_unit.",
        )
    for rate, unit in (("prices", "rate_unit"), ("energy_rate", "energy_unit")):
        if bool(getattr(entry, unit)) != (getattr(entry, rate) not in (None, ())):
            yield FlexError("FLEX-105", f"{rate} and {unit} belong together", place=unit)
    units = [u for u in (entry.capacity_unit, entry.unit_of_energy) if u]
    try:
        agree_on_currency(u.currency for u in units)
    except FlexError as e:
        yield e.at("rate_unit and energy_unit")
    if units and not any(len(u.currency) == 3 for u in units):
        yield FlexError(
            "FLEX-109", "no unit names an ISO currency", place="rate_unit", allowed="such as USD/MW-day or GBP/kW-year"
        )
    if entry.end and not entry.start:
        yield FlexError("FLEX-113", "end stands without start", place="end")
    if entry.start and entry.end and entry.end < entry.start:
        yield FlexError("FLEX-113", f"{entry.end} comes before {entry.start}", place="end")
    for mine, barred in itertools.product(entry.stacks_with, entry.bars):
        if _meet(mine, barred):
            what = f"{barred} is barred, and stacks_with names {mine}"
            yield FlexError("FLEX-123", what, place="bars", allowed="a programme in one of the two")
    yield from _price_faults(entry)


def is_named(member, name):
    """Whether a member of stacks_with or bars names the programme of that id.

    Example:
        >>> is_named("pjm-*", "pjm-rto-2026-27"), is_named("pjm-rto", "pjm-rto-2026-27")
        (True, False)
    """
    return name.startswith(member[:-1]) if member.endswith("*") else name == member


def _meet(one, other):
    """Whether an id could be named by both members."""
    shorter, longer = sorted((one, other), key=lambda member: len(member.rstrip("*")))
    return is_named(shorter, longer.rstrip("*"))


def _price_faults(entry):
    sound = True
    for number, price in enumerate(entry.prices):
        for fault in _dates_and_periods(entry, price):
            sound = False
            yield fault.at(f"prices[{number}]")
    names = [p.season.lower() for p in entry.prices]
    if len(names) > 1 and (len(set(names)) < len(names) or "" in names):
        yield FlexError("FLEX-106", "several prices need a season each, every one its own", place="prices")
    dated = sorted((p for p in entry.prices if p.start and p.end), key=lambda p: p.start)
    for earlier, later in itertools.pairwise(dated):
        if later.start <= earlier.end:
            yield FlexError(
                "FLEX-110", f"{later.start} lies in {earlier.season or 'another price'} already", place="prices"
            )
    if sound and entry.prices and entry.capacity_unit:
        most, total = entry.capacity_unit.period.most, sum(map(entry.periods_paid, entry.prices))
        if total > most:
            yield FlexError(
                "FLEX-015", f"the prices are paid for {total:g} periods", place="prices", allowed=f"at most {most:g}"
            )


def _dates_and_periods(entry, price):
    if (price.start is None) != (price.end is None):
        yield FlexError("FLEX-113", "start and end belong together")
    elif price.start and price.end < price.start:
        yield FlexError("FLEX-113", f"{price.end} comes before {price.start}", place="end")
    elif price.start and price.days > LONGEST_YEAR:
        yield FlexError("FLEX-015", f"{price.days} days lie between start and end", allowed=f"at most {LONGEST_YEAR}")
    elif entry.capacity_unit:
        try:
            entry.periods_paid(price)
        except FlexError as e:
            yield e.at("periods")
