"""What a simulation assumes of the enrolments of a portfolio: what is given under `simulation`, and what stands else.

The keys stand for all rows; under `by_programme` for the rows of one programme, or of one site in it.
"""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from flexrev_xl.core.arguments import PERIODS, Choice, Quantity, is_empty
from flexrev_xl.core.simulation import Spread, largest_sd, spread_faults
from flexrev_xl.errors import FlexError, nearest
from flexrev_xl.portfolio.column import TEXT
from flexrev_xl.portfolio.models import read_text
from flexrev_xl.programmes import library

USUAL_SD = 0.05
USUAL_HOURS = 1.0
WIDEST_TRIANGLE = 1.0 / math.sqrt(6.0)  # standard deviation over mean of a triangle that begins at 0 hours
_MOST = PERIODS["hour"].most
RANDOM, FIXED = EVENTS = ("random", "fixed")
TRIANGULAR, LOGNORMAL = SHAPES = ("triangular", "lognormal")


@dataclass(frozen=True)
class Item:
    """A key of `simulation`: how it is read, and what stands where nobody gives it, with a few words on that.

    A default of None is worked out row by row.
    """

    name: str
    mark: Any
    default: Any = None
    word: str = ""

    @property
    def label(self):
        """The name in words, as the header of a column."""
        return self.name.replace("_", " ").capitalize()

    def read(self, value):
        """One value.

        Raises:
            FlexError: FLEX-142 for a correlation beyond its bounds, else the code of the mark.
        """
        if isinstance(value, FlexError):
            raise value
        try:
            return read_text(value) if self.mark == TEXT else self.mark.read(value)
        except FlexError as e:
            if e.code == "FLEX-003" and "correlation" in self.name:
                raise FlexError("FLEX-142", e.what, allowed=e.allowed) from None
            raise


def _share(help, low=0.0, high=1.0):
    return Quantity("fraction", help, low=low, high=high)


def _sigma(help):
    return Quantity("sd of ln", help, high=2.0)


CORRELATION = Item("correlation", _share("Of two markets", low=-1.0))
ITEMS = (
    Item("events_per_year", Quantity("events", "Mean number of events in the row's own period", high=_MOST)),
    Item("most_events_per_year", Quantity("events", "Events beyond so many are not called", high=_MOST)),
    Item("events", Choice(dict.fromkeys(EVENTS, 0.0), "Whether the number of events is random or its mean"), RANDOM),
    Item("dispersion", Quantity("times", "0 for Poisson; variance = mean + dispersion x mean^2", high=10.0), 0.0, "Poisson"),
    Item("hours_per_event", Quantity("h", "Mean hours of an event", high=_MOST, above_low=True)),
    Item("hours_spread", _share("Standard deviation of an event's hours over their mean"), 0.0, "every event is as long"),
    Item("hours_shape", Choice(dict.fromkeys(SHAPES, 0.0), "Distribution of an event's hours"), TRIANGULAR),
    Item("performance_sd", _share("Standard deviation of the performance of an event", high=0.75)),
    Item("price_sigma", _sigma("Of the year's energy price"), 0.0, "the energy price of the budget"),
    Item("capacity_rate_sigma", _sigma("Of a forecast capacity rate"), 0.0, "the forecast of the budget"),
    Item("price_event_correlation", _share("Of energy price and number of events", low=-1.0), 0.0),
    Item("market_correlation", _share("Of a year of any two rows of one market"), 0.0, "each row has a year of its own"),
    Item("market", TEXT),
)  # fmt: skip
BY_NAME = {item.name: item for item in ITEMS}
BY_PROGRAMME, BETWEEN_MARKETS = "by_programme", "between_markets"
AS_USUAL, NO_PAIR = "as usual", "none"  # in a workbook, where nothing is given of a row, or of a pair of markets
_OVERRIDE = {"programme": Item("programme", TEXT), "site": Item("site", TEXT), **BY_NAME}
_PAIR = ("markets", "correlation")


def _field(item):
    read = BeforeValidator(lambda value: None if value is None else item.read(value))
    return Annotated[Any, read], Field(default=None)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    place: str = ""


Values = create_model("Values", __base__=_Strict, **{item.name: _field(item) for item in ITEMS})


class Override(Values):
    """What is given for the rows of one programme, or of one site in it."""

    programme: str
    site: str = ""

    def fits(self, row):
        """Whether a row is meant, without regard to case."""
        return _same(self.programme, row.programme) and (not self.site or _same(self.site, row.site))


class OfRow(Values):
    """What is given for one row, found by its place: a workbook has a row of assumptions for each of its inputs."""


class Pair(_Strict):
    """How far the years of two markets go together."""

    markets: tuple[str, str]
    correlation: float


class Uncertainty(Values):
    """What is given under `simulation`; what is not given is None."""

    by_programme: tuple[Override, ...] = ()
    between_markets: tuple[Pair, ...] = ()
    by_row: dict[str, OfRow] = Field(default_factory=dict)

    def given(self, row):
        """What is given for a row, by key: for itself, else its site in its programme, its programme, or all."""
        fitting = sorted((o for o in self.by_programme if o.fits(row)), key=lambda o: bool(o.site))
        own = [self.by_row[row.place]] if row.place in self.by_row else []
        values = [(name, getattr(part, name)) for part in (self, *fitting, *own) for name in BY_NAME]
        return {name: value for name, value in values if value is not None}


def _same(a, b):
    return a.strip().casefold() == b.strip().casefold()


def read_uncertainty(mapping, place, by_row=None):
    """What a YAML mapping says under `simulation`, or the tabs of a workbook.

    Args:
        mapping: keys and values, numbers read already; a FlexError among them is told with its place. What a list
            holds may be a pair of its place and itself.
        place: where it stands, put before the key in every fault.
        by_row: of a workbook (values by key, where each stands by key) of each row, by the place of the row.

    Returns:
        (Uncertainty, faults).
    """
    if not isinstance(mapping, dict):
        return Uncertainty(), [_no_mapping(mapping, place, BY_NAME)]
    lists = (BY_PROGRAMME, BETWEEN_MARKETS)
    values, faults = _values({k: v for k, v in mapping.items() if k not in lists}, BY_NAME, place, lists)
    overrides, found = _each(mapping, BY_PROGRAMME, place, _override)
    pairs, more = _each(mapping, BETWEEN_MARKETS, place, _pair)
    faults += [*found, *more, *_twice(overrides, pairs)]
    rows = {}
    for row, (typed, places) in (by_row or {}).items():
        read, wrong = _values(typed, BY_NAME, row, places=places)
        rows[row] = OfRow(**read)
        faults += wrong
    given = {"by_programme": overrides, "between_markets": pairs, "by_row": rows}
    return Uncertainty(**values, place=place, **given), faults


def _values(mapping, items, place, more_keys=(), places=None):
    values, faults, known = {}, [], (*items, *more_keys)
    for key, value in mapping.items():
        if key not in items:
            what = f"{str(key)[:40]!r} is not a key here.{nearest(str(key), known)}".rstrip(".")
            faults.append(
                FlexError("FLEX-104", what, place=place, allowed=", ".join(known), remedy="Mend the spelling.")
            )
        elif not is_empty(value):
            try:
                values[key] = items[key].read(value)
            except FlexError as e:
                faults.append(e.at((places or {}).get(key, f"{place}, {key}")))
    return values, faults


def _no_mapping(value, place, keys):
    return FlexError("FLEX-145", f"{str(value)[:40]!r} is not a mapping", place=place, allowed=", ".join(keys))


def _each(mapping, key, place, read):
    """(what a list holds, faults)."""
    items, found, faults = mapping.get(key) or [], [], []
    if not isinstance(items, list):
        return (), [
            FlexError("FLEX-145", "it is not a list", place=f"{place}, {key}", remedy="Start each with a dash.")
        ]
    for number, item in enumerate(items, start=1):
        own, item = item if isinstance(item, tuple) else (f"{place}, {key}[{number}]", item)
        made, wrong = read(item, own)
        faults += wrong
        found += [made] if made else []
    return tuple(found), faults


def _override(item, place):
    if not isinstance(item, dict):
        return None, [_no_mapping(item, place, _OVERRIDE)]
    values, faults = _values(item, _OVERRIDE, place)
    if is_empty(item.get("programme")):
        faults.append(FlexError("FLEX-105", "programme is missing", place=place, allowed=", ".join(_OVERRIDE)))
    return (None if faults else Override(**values, place=place)), faults


def _pair(item, place):
    markets = item.get("markets") if isinstance(item, dict) else None
    if not isinstance(markets, list) or len(markets) != 2 or set(item) != set(_PAIR):
        what = "it is not a correlation of two markets"
        return None, [
            FlexError("FLEX-145", what, place=place, allowed="such as {markets: [PJM, MISO], correlation: 40%}")
        ]
    try:
        names = tuple(read_text(name) for name in markets)
        return Pair(markets=names, correlation=CORRELATION.read(item["correlation"]), place=place), []
    except FlexError as e:
        return None, [e.at(place)]


def _twice(overrides, pairs):
    """What is said of the same rows, or of the same markets, in two places."""
    seen = {}
    for part in (*overrides, *pairs):
        is_pair = isinstance(part, Pair)
        names = sorted(m.casefold() for m in part.markets) if is_pair else (part.programme, part.site)
        key = tuple(name.strip().casefold() for name in names)
        if (is_pair, key) in seen:
            what = f"the same stands in {seen[is_pair, key]} already"
            yield FlexError("FLEX-145", what, place=part.place, remedy="Keep one of them.")
        seen.setdefault((is_pair, key), part.place)


@dataclass(frozen=True)
class Assumed:
    """What is assumed of one row: a value for every key, and in words what nobody gave."""

    values: dict
    words: tuple

    def spread(self, performance, row, hours_in_year, hours_share):
        """The Spread of one budget year.

        Args:
            performance: mean, as budgeted.
            row: the enrolment.
            hours_in_year: budgeted hours of dispatch in the budget year.
            hours_share: share of the row's own period that the budget year takes.
        """
        v = self.values
        given = v["events_per_year"]
        return Spread(
            events=hours_in_year / v["hours_per_event"] if given is None else given * hours_share,
            hours=v["hours_per_event"],
            performance=performance,
            performance_sd=v["performance_sd"],
            performance_cap=row.performance_cap,
            events_fixed=v["events"] == FIXED,
            dispersion=v["dispersion"],
            most_events=v["most_events_per_year"],
            hours_spread=v["hours_spread"],
            lognormal_hours=v["hours_shape"] == LOGNORMAL,
            price_sigma=v["price_sigma"],
            rate_sigma=v["capacity_rate_sigma"],
            price_event_correlation=v["price_event_correlation"],
            market_correlation=v["market_correlation"],
        )


def assume(uncertainty, row, performance, hours, programmes=None, number=1):
    """What is assumed of one row.

    Args:
        uncertainty: what is given.
        row: the enrolment.
        performance: its mean performance, as budgeted.
        hours: its dispatch hours in its own period, as budgeted.
        programmes: the programme library by id; the shipped one when left out.
        number: its place among the lines, by which the words name it: a workbook read back has it too.

    Returns:
        (Assumed, faults): FLEX-140 and FLEX-141 for spreads that cannot be.
    """
    entry, given = library.find(row.programme, programmes), uncertainty.given(row)
    fixed = {item.name: item.default for item in ITEMS if item.default is not None}
    words = [
        f"{name}: {_shown(BY_NAME[name], value)}"
        for name, value in fixed.items()
        if name not in given and not (name == "capacity_rate_sigma" and row.price_status != "forecast")
    ]
    values = {**dict.fromkeys(BY_NAME), **fixed, **given}
    for name, worked_out in (
        ("hours_per_event", _hours(row, entry)),
        ("performance_sd", _performance_sd(performance, row.performance_cap)),
        ("most_events_per_year", _most_events(entry)),
        ("market", (market_of(row, entry, programmes), "")),
    ):
        if name not in given:
            values[name], said = worked_out
            words += [f"{name}: {said}"] if said else []
    if values["capacity_rate_sigma"] and row.price_status != "forecast":
        words.append("capacity_rate_sigma: not used, as the price is contracted or cleared")
        values["capacity_rate_sigma"] = 0.0
    words += _of_events(f"line {number}", values, hours)
    return Assumed(values, tuple(words)), [e.at(row.place) for e in _faults(row, values, performance)]


def _shown(item, value):
    number = f"{value:.0%}" if getattr(item.mark, "unit", "") == "fraction" else value
    number = f"{number:g}" if isinstance(number, float) else number
    return f"{number}, {item.word}" if item.word else number


def _hours(row, entry):
    if row.event_hours:
        return row.event_hours, f"{row.event_hours:g} h, the row's event_hours"
    if entry and entry.hours_per_event:
        return entry.hours_per_event, f"{entry.hours_per_event:g} h, the programme library's"
    return USUAL_HOURS, f"{USUAL_HOURS:g} h, as nothing says how long an event is"


def _performance_sd(performance, cap):
    most = largest_sd(performance, cap) / 2.0
    if most >= USUAL_SD or performance > cap:
        return USUAL_SD, f"{USUAL_SD:.0%}"
    if most:
        return most, f"{most:.2%}, half of the most that a mean of {performance:.6g} up to {cap:g} leaves room for"
    return 0.0, f"0%, as a mean of {performance:g} up to {cap:g} leaves room for none"


def _most_events(entry):
    if entry and entry.events_per_year is not None:
        return entry.events_per_year, f"{entry.events_per_year:g}, the programme library's"
    return None, ""


def _of_events(line, values, hours):
    """How many events come of what is given, and where the year's hours are then others than the budget's."""
    mean = values["events_per_year"]
    if mean is None:
        yield "events_per_year: dispatch_hours / hours_per_event"
        mean = hours / values["hours_per_event"]
    elif not math.isclose(mean * values["hours_per_event"], hours, rel_tol=1e-9):
        yield f"{line}: {mean * values['hours_per_event']:,.6g} h a year on average, where the budget has {hours:,.6g}"
    most = values["most_events_per_year"]
    if most is not None and mean > most:
        yield f"{line}: {mean:,.6g} events a year on average, of which at most {most:g} are called"


def _faults(row, values, performance):
    yield from spread_faults(performance, values["performance_sd"], row.performance_cap)
    if values["hours_shape"] == TRIANGULAR and values["hours_spread"] > WIDEST_TRIANGLE:
        what = f"hours in a triangle around their mean cannot have a spread of {values['hours_spread']:.4g}"
        allowed = f"0% to {WIDEST_TRIANGLE:.1%}, or hours_shape: lognormal"
        yield FlexError("FLEX-141", what, place="hours_spread", allowed=allowed)


def market_of(row, entry, programmes=None):
    """The market of a row: of its library entry, else the one its programme's name begins with, else its programme."""
    if entry:
        return entry.market
    name = row.programme.strip().casefold()
    markets = {e.market for e in (library.load() if programmes is None else programmes).values()}
    begins = [m for m in markets if name.startswith(m.casefold()) and not name[len(m) : len(m) + 1].isalnum()]
    return max(begins, key=len, default=row.programme.strip())


def rows_faults(uncertainty, rows, markets):
    """What is given for rows, or for markets, that a portfolio does not have: FLEX-145."""
    for o in uncertainty.by_programme:
        if not any(o.fits(row) for row in rows):
            programmes = dict.fromkeys(row.programme for row in rows)
            who = f"{o.programme!r} at {o.site!r}" if o.site else f"{o.programme!r}"
            what = f"no row is in {who}.{nearest(o.programme, programmes)}".rstrip(".")
            yield FlexError("FLEX-145", what, place=o.place, allowed=", ".join(programmes))
    known = [m.casefold() for m in markets]
    for pair in uncertainty.between_markets:
        for name in pair.markets:
            if name.casefold() not in known:
                what = f"no row is in the market {name!r}.{nearest(name, markets)}".rstrip(".")
                yield FlexError("FLEX-145", what, place=pair.place, allowed=", ".join(markets))


def summed_up(assumed):
    """The words of all rows, each once with the number of rows that it holds for."""
    counts = Counter(word for a in assumed for word in a.words)
    return tuple(f"{word} ({n} of {len(assumed)} lines)" for word, n in counts.items())
