"""The pydantic models of a budget: Enrolment, Scenario, Portfolio.

Every field of an Enrolment is a column of `portfolio/columns.py`, read by that column's mark, so
that a bound stands in one place. Checks between fields are in `portfolio/checks.py`.
"""

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from flexrev_xl.core.arguments import LONGEST_TEXT, is_empty
from flexrev_xl.core.budget_line import DRIVERS
from flexrev_xl.core.dates import budget_year_of
from flexrev_xl.core.resources import Resource
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.columns import COLUMNS, DATE, FACTOR
from flexrev_xl.portfolio.terms import EVENT_COLUMNS

LONGEST_TAB = 31
FIRST_YEAR, LAST_YEAR = 1900, 2199  # of a date
_BARRED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def read_text(value):
    """One line of text.

    Raises:
        FlexError: FLEX-107 for control characters (tabs and line breaks too) or more than 255 characters.
    """
    if isinstance(value, bool):
        raise FlexError("FLEX-107", f"{value} is a truth value, not a text", remedy="Put the text in quotes.")
    if not isinstance(value, str | int | float | dt.date):
        raise FlexError("FLEX-107", "it is not a text", allowed="one line of text")
    text = str(value).strip()
    if barred := _BARRED.search(text):
        shown = _BARRED.sub("?", text)
        raise FlexError(
            "FLEX-107", f"{shown[:60]!r} holds the control character U+{ord(barred[0]):04X}", allowed="one line of text"
        )
    if len(text) > LONGEST_TEXT:
        raise FlexError("FLEX-107", f"{text[:40]!r}... has {len(text)} characters", allowed=f"at most {LONGEST_TEXT}")
    return text


def read_date(value):
    """A date, from a date or from text such as 2026-06-01.

    Raises:
        FlexError: FLEX-113 for what is no date, and for years that a spreadsheet or a budget cannot count in.
    """
    if isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
    else:
        try:
            day = dt.date.fromisoformat(str(value).strip())
        except ValueError:
            what = f"{str(value)[:40]!r} is not a date"
            raise FlexError("FLEX-113", what, allowed="year-month-day, such as 2026-06-01") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise FlexError("FLEX-113", f"the year of {day} cannot be", allowed=f"years from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def read_currency(value):
    """An ISO currency code.

    Raises:
        FlexError: FLEX-109 for anything but three letters.
    """
    code = str(value).strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise FlexError(
            "FLEX-109", f"{str(value)[:20]!r} is not a currency", allowed="an ISO code such as USD, EUR, GBP or INR"
        )
    return code


def _reader(column):
    of_text = read_currency if column.name == "currency" else read_text
    read = read_date if column.mark == DATE else of_text if isinstance(column.mark, str) else column.mark.read
    return BeforeValidator(lambda value: None if is_empty(value) else read(value))


def _field(column):
    needed = Field(...) if column.needed else Field(default=column.default, validate_default=column.default is not None)
    return Annotated[Any, _reader(column)], needed


class _Row(BaseModel):
    """One enrolment of one site in one programme, for one season: the columns as read.

    `place` says where it was read; `extras` holds the x_ columns; `defaults` names the columns left empty;
    `from_library` holds what the programme library gave in place of an empty column.
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    place: str = ""
    extras: dict[str, Any] = Field(default_factory=dict)
    defaults: tuple[str, ...] = ()
    from_library: dict[str, Any] = Field(default_factory=dict)

    @property
    def key(self):
        """What must be unique in a portfolio."""
        return self.site, self.programme, self.season or ""

    @property
    def events_in_months(self):
        """Weights of the twelve calendar months in the year's events, January first."""
        return tuple(getattr(self, name) for name in EVENT_COLUMNS)


Enrolment = create_model("Enrolment", __base__=_Row, __doc__=_Row.__doc__, **{c.name: _field(c) for c in COLUMNS})


class _Drivers(BaseModel):
    """For each driver a factor on the value read or an absolute value in its place."""

    model_config = ConfigDict(extra="forbid")

    factors: dict[str, float] = Field(default_factory=dict)
    absolutes: dict[str, float] = Field(default_factory=dict)

    def sets(self, driver):
        """Whether it says anything of a driver."""
        return driver in self.factors or driver in self.absolutes


class DriverException(_Drivers):
    """What a scenario does to drivers of one site, of one programme, or of one site in one programme.

    It stands in place of what the scenario does to all rows; a driver it does not name stays the scenario's.
    """

    site: str = ""
    programme: str = ""
    place: str = ""

    @property
    def who(self):
        """The rows that are meant, in words."""
        return " in ".join(filter(None, (self.site, self.programme)))

    @property
    def is_for_one_pair(self):
        """Whether it names both, and so comes before those that name one."""
        return bool(self.site and self.programme)

    def fits(self, row):
        """Whether a row is meant, without regard to case."""
        return all(
            not name or name.strip().casefold() == of_row.strip().casefold()
            for name, of_row in ((self.site, row.site), (self.programme, row.programme))
        )


class Scenario(_Drivers):
    """A name, what it does to the drivers of all rows, and the exceptions."""

    name: str
    exceptions: tuple[DriverException, ...] = ()

    def drivers_of(self, row):
        """What the scenario does to the drivers of one row, as (factors, absolutes) by driver."""
        fitting = [e for e in self.exceptions if e.fits(row)]
        parts = sorted(fitting, key=lambda e: not e.is_for_one_pair)
        chosen = {d: next((part for part in (*parts, self) if part.sets(d)), self) for d in DRIVERS}
        factors = {d: part.factors.get(d, 1.0) for d, part in chosen.items()}
        return factors, {d: part.absolutes.get(d) for d, part in chosen.items()}

    def inputs(self, row):
        """The scenario as inputs of a row's budget line."""
        factors, absolutes = self.drivers_of(row)
        return {f"{d}_factor": factors[d] for d in DRIVERS} | {f"{d}_absolute": absolutes[d] for d in DRIVERS}


def read_factor(value):
    """A factor of a scenario, from 0 to 100."""
    return FACTOR.read(value)


DEFAULT_SCENARIOS = (
    Scenario(name="Base"),
    Scenario(name="Conservative", factors={"dispatch_hours": 0.5, "performance": 0.9}),
    Scenario(name="Optimistic", factors={"dispatch_hours": 1.5, "performance": 1.05}),
    Scenario(name="Stress", factors={"dispatch_hours": 1.5}, absolutes={"performance": 0.67}),
)


class ExchangeRate(BaseModel):
    """What one unit of a currency is in the portfolio's, from when, and what kind of rate it is."""

    model_config = ConfigDict(extra="forbid")

    currency: str
    rate: float
    date: dt.date | None = None
    kind: str = "budget"
    source: str = ""


class Portfolio(BaseModel):
    """Everything a budget is made from, in one currency."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    name: str
    currency: str
    year: int
    fiscal_year_start: int = 1
    years: int = 1
    enrolments: tuple[Enrolment, ...]
    scenarios: tuple[Scenario, ...] = DEFAULT_SCENARIOS
    exchange_rates: tuple[ExchangeRate, ...] = ()
    resources: dict[str, tuple[Resource, ...]] = Field(default_factory=dict)
    uncertainty: Any = None
    defaults_used: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def budget_years(self):
        """(year, first day, last day) of each budget year; the year is the one it begins in."""
        start = dt.date(self.year, self.fiscal_year_start, 1)
        return tuple((self.year + n, *budget_year_of(start, n)) for n in range(self.years))

    @property
    def first_day(self):
        """First day of the first budget year."""
        return self.budget_years[0][1]

    @property
    def last_day(self):
        """Last day of the last budget year."""
        return self.budget_years[-1][2]

    def exchange_rate(self, currency):
        """What one unit of a row's currency is in the portfolio's."""
        if currency == self.currency:
            return 1.0
        return next((r.rate for r in self.exchange_rates if r.currency == currency), 1.0)

    @property
    def extra_columns(self):
        """The x_ columns, in the order they were first met."""
        return tuple(dict.fromkeys(name for e in self.enrolments for name in e.extras))


def in_tab_order(enrolments):
    """Enrolments with those of one site and programme together, so that a season's neighbour is the row above."""
    order = {}
    for e in enrolments:
        order.setdefault((e.site, e.programme), []).append(e)
    return tuple(e for group in order.values() for e in group)


__all__ = [
    "DEFAULT_SCENARIOS",
    "DriverException",
    "Enrolment",
    "ExchangeRate",
    "Portfolio",
    "Scenario",
    "in_tab_order",
    "read_currency",
    "read_date",
    "read_factor",
    "read_text",
]
