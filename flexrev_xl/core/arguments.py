"""What each argument is: unit, help, bounds, and how a cell is read.

A mark (Quantity, Unit, Choice, Truth, Text, Series) is attached to a parameter by `Annotated`; everything that
describes or checks the parameter, in Excel, in the workbook, at the prompt, reads it from here.
"""

import inspect
import math
from dataclasses import dataclass, replace
from typing import Annotated

from flexrev_xl.core.units import PERIODS, parse_capacity_unit, parse_energy_unit
from flexrev_xl.errors import FlexError

ERROR_VALUES = frozenset(
    {"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
MOST_FRACTION, LEAST_PERCENT_NUMBER = 1.5, 10.0
LONGEST_TEXT = 255  # characters of one line of text
REQUIRED = inspect.Parameter.empty  # the default of what has none


def is_error(cell):
    """Whether a cell carries a spreadsheet error, such as "#N/A"."""
    return isinstance(cell, str) and cell.upper() in ERROR_VALUES


def is_empty(cell):
    """Whether a cell is empty: nothing, or text of blanks only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


@dataclass(frozen=True)
class Quantity:
    """A number with a unit.

    Attributes:
        unit: as printed, such as "MW"; "fraction" for percent-like numbers.
        help: one line, in the words of the field.
        low, high: bounds, allowed themselves unless `above_low`.
        above_low: the value must be above `low` (an empty cell that a host hands over as 0 is caught).
        percent_number: the trade's plain number is read too: 95 is 95 %.
    """

    unit: str
    help: str
    low: float = 0.0
    high: float = 1e15
    above_low: bool = False
    percent_number: bool = False

    @property
    def allowed(self):
        """The range in words."""
        if self.unit == "fraction":
            low, high = f"{100.0 * self.low:.6g}%", f"{100.0 * self.high:.6g}%"
        else:
            low, high = f"{self.low:,.15g}", f"{self.high:,.15g} {self.unit}"
        return f"{'above ' if self.above_low else ''}{low} to {high}"

    def read(self, cell):
        """One cell as a float within bounds.

        Raises:
            FlexError: FLEX-002 to FLEX-006, without a place.
        """
        if type(cell) is not float:
            try:
                cell = self._number(cell)
            except TypeError:
                raise FlexError("FLEX-002", f"{_shown(cell)} is not a number", allowed=self.allowed) from None
            except OverflowError:
                cell = math.inf
        if not math.isfinite(cell):
            raise FlexError("FLEX-006", f"{cell} is not a finite number", allowed=self.allowed)
        value = cell
        if self.percent_number and value > MOST_FRACTION:
            if value < LEAST_PERCENT_NUMBER:
                raise FlexError("FLEX-004", f"{value:g} could be {value:.0%} or {value:g} %", allowed=self.allowed)
            value /= 100.0
        if value < self.low or value > self.high or (self.above_low and value == self.low):
            if self.unit == "fraction" and not self.percent_number and LEAST_PERCENT_NUMBER <= value <= 100 * self.high:
                raise FlexError(
                    "FLEX-005",
                    f"{value:g} is {value:.0%}",
                    allowed=self.allowed,
                    remedy=f"Type {value:g}% or {value / 100:g}.",
                )
            shown = f"{value:.6g} ({100.0 * value:.6g}%)" if self.unit == "fraction" else f"{value:,.12g} {self.unit}"
            raise FlexError("FLEX-003", f"{shown} is outside the range", allowed=self.allowed)
        return value

    @staticmethod
    def _number(cell):
        """Numbers of other kinds (whole ones, numpy's) as floats; text and truth values are refused."""
        if isinstance(cell, bool | str | bytes) or type(cell).__name__ in ("bool_", "bool"):
            raise TypeError
        return float(cell)

    def read_array(self, array):
        """A float array as read, and the mask of the places `read` would refuse."""
        import numpy as np

        if self.percent_number:
            ambiguous = (array > MOST_FRACTION) & (array < LEAST_PERCENT_NUMBER)
            array = np.where(array >= LEAST_PERCENT_NUMBER, array / 100.0, array)
        else:
            ambiguous = False
        inside = (array > self.low if self.above_low else array >= self.low) & (array <= self.high)
        return array, ~inside | ambiguous


def _shown(cell):
    text = cell if isinstance(cell, str) else str(cell)
    return repr(text if len(text) <= 40 else text[:37] + "...")


def read_each(given):
    """Values read by their marks.

    Args:
        given: (name, mark, value) each; the name is the place of a fault.

    Returns:
        (values by name, FlexErrors of those that are refused).

    Example:
        >>> values, problems = read_each([("load_mw", Quantity("MW", "Load"), 5), ("peak_mw", Quantity("MW", "Peak"), -1)])
        >>> values, [(p.code, p.place) for p in problems]
        ({'load_mw': 5.0}, [('FLEX-003', 'peak_mw')])
    """
    values, problems = {}, []
    for name, mark_of, value in given:
        try:
            values[name] = mark_of.read(value)
        except FlexError as e:
            problems.append(e.at(name))
    return values, problems


@dataclass(frozen=True)
class Periods(Quantity):
    """Periods paid; its bound and its default depend on the unit of the rate beside it."""

    unit_argument: str = "rate_unit"

    @property
    def allowed(self):
        """The range in words; of every period where the unit is not settled yet."""
        if self.unit != "periods":
            return super().allowed
        return "above 0 to " + ", ".join(f"{p.most:g} {p.name}s" for p in PERIODS.values() if p.most > 1)

    def read(self, cell):
        """Like Quantity.read; more than a year of periods is FLEX-015."""
        try:
            return super().read(cell)
        except FlexError as e:
            if e.code == "FLEX-003" and cell > self.high:
                raise FlexError(
                    "FLEX-015", f"{cell:g} {self.unit} are more than a year has", allowed=self.allowed
                ) from None
            raise

    def of(self, rate_unit):
        """The Quantity that a rate in this unit asks for."""
        return replace(self, unit=f"{rate_unit.period.name}s", high=rate_unit.period.most)

    def default(self, rate_unit):
        """The periods paid where none are given.

        Raises:
            FlexError: FLEX-014 for a rate per day or hour.
        """
        if rate_unit.period.default is None:
            raise FlexError(
                "FLEX-014",
                f"a rate per {rate_unit.name} needs the {rate_unit.period.name}s paid",
                allowed=self.of(rate_unit).allowed,
            )
        return float(rate_unit.period.default)


@dataclass(frozen=True)
class Unit:
    """A unit typed as text; in a formula it is its factor to the canonical rate."""

    kind: str
    help: str
    unit: str = "text"

    def read(self, cell):
        """The RateUnit of one cell."""
        if not isinstance(cell, str):
            raise FlexError("FLEX-010", f"{_shown(cell)} is not a unit", allowed=self.allowed)
        return (parse_capacity_unit if self.kind == "capacity" else parse_energy_unit)(cell)

    @property
    def choices(self):
        """The canonical spellings, for a dropdown."""
        from flexrev_xl.core import units

        return tuple(units.CAPACITY_UNITS if self.kind == "capacity" else units.ENERGY_UNITS)

    @property
    def allowed(self):
        """The canonical spellings in words."""
        return ", ".join(self.choices)


@dataclass(frozen=True)
class Choice:
    """One of a few words; in a formula it is the number beside the word."""

    numbers: dict
    help: str
    unit: str = "text"

    def read(self, cell):
        """The word of one cell, as it is spelled here."""
        for word in self.numbers:
            if isinstance(cell, str) and cell.strip().lower() == word:
                return word
        raise FlexError("FLEX-016", f"{_shown(cell)} is not known", allowed=self.allowed)

    @property
    def choices(self):
        """The words, for a dropdown."""
        return tuple(self.numbers)

    @property
    def allowed(self):
        """The words in words."""
        return " or ".join(self.choices)


@dataclass(frozen=True)
class Truth:
    """Yes or no: TRUE or FALSE, as a truth value, as the word, or as 1 and 0."""

    help: str
    unit: str = "truth value"
    allowed: str = "TRUE or FALSE"

    def read(self, cell):
        """The truth value of one cell."""
        word = cell.strip().upper() if isinstance(cell, str) else cell
        for value, name in ((True, "TRUE"), (False, "FALSE")):
            if word in (value, name):
                return value
        raise FlexError("FLEX-016", f"{_shown(cell)} is neither", allowed=self.allowed)


@dataclass(frozen=True)
class Text:
    """Free text, such as an id; a function that takes one has no closed form."""

    help: str
    allowed: str
    example: str
    unit: str = "text"
    choices: tuple = ()

    def read(self, cell):
        """The text of one cell, trimmed."""
        if not isinstance(cell, str):
            raise FlexError("FLEX-016", f"{str(cell)[:40]} is not a text", allowed=self.allowed)
        return cell.strip()


@dataclass(frozen=True)
class Series:
    """A whole range taken as one vector of a Quantity; vectors `along` the same thing have one length.

    Where the vector is in time, an empty cell between two values is a gap and refused: left out, it would move all that
    follows. Elsewhere rows that are empty throughout do not count.
    """

    quantity: Quantity
    along: str = "rows"
    in_time: bool = False

    @property
    def unit(self):
        """The unit of each element."""
        return self.quantity.unit

    @property
    def help(self):
        """The help of the element, marked as a range."""
        return f"{self.quantity.help} (a range)"

    @property
    def allowed(self):
        """The range of each element in words."""
        return self.quantity.allowed


# The quantities of flexibility revenue. Units stand in the names of the parameters.
NominatedMW = Annotated[float, Quantity("MW", "Power nominated to the programme", high=1e6)]
CapacityRate = Annotated[float, Quantity("money per unit", "Capacity rate, in the unit of rate_unit", high=1e12)]
EnergyRate = Annotated[float, Quantity("money per unit", "Energy rate, in the unit of energy_unit", high=1e9)]
DispatchHours = Annotated[float, Quantity("h", "Hours dispatched in a year", high=PERIODS["hour"].most)]
PenaltyHours = Annotated[
    float, Quantity("h", "Hours in a year in which a shortfall is penalised", high=PERIODS["hour"].most)
]
Performance = Annotated[
    float,
    Quantity(
        "fraction",
        "Performance factor: delivered over committed; 95%, 0.95 or 95",
        high=MOST_FRACTION,
        percent_number=True,
    ),
]
Availability = Annotated[
    float,
    Quantity("fraction", "Share of the time the power is available; 95%, 0.95 or 95", high=1.0, percent_number=True),
]
PerformanceCap = Annotated[
    float,
    Quantity(
        "fraction",
        "Most that the programme pays for, as a share of nominated",
        high=MOST_FRACTION,
        above_low=True,
        percent_number=True,
    ),
]
Accreditation = Annotated[
    float, Quantity("fraction", "Accredited (UCAP, de-rated) over nominated power", high=MOST_FRACTION, above_low=True)
]
PenaltyRate = Annotated[float, Quantity("money/MWh", "Charge for each MWh not delivered", high=1e9)]
MarginalCost = Annotated[float, Quantity("money/MWh", "Cost of delivering one MWh", high=1e9)]
StopLossMoney = Annotated[
    float, Quantity("money/year", "Most that penalties can come to in a year; none when empty", high=1e12)
]
StopLossShare = Annotated[
    float,
    Quantity(
        "fraction", "Most that penalties can come to, as a share of capacity revenue at 100 % performance", high=9.99
    ),
]
CustomerShare = Annotated[
    float, Quantity("fraction", "Share of gross that stays with the site after the aggregator's fee", high=1.0)
]
RateUnitText = Annotated[
    str, Unit("capacity", "Unit of the capacity rate, with its period, such as MW-year or kW-month")
]
EnergyUnitText = Annotated[str, Unit("energy", "Unit of the energy rate")]
PeriodsPaid = Annotated[
    float | None,
    Periods(
        "periods",
        "Months, days or hours paid; needed for a rate per day or hour, 12 for a rate per month",
        high=PERIODS["hour"].most,
        above_low=True,
    ),
]
Basis = Annotated[
    str,
    Choice(
        {"available": 0.0, "committed": 1.0},
        "Shortfall is measured against what was available, or against all that was committed",
    ),
]
Rates = Annotated[list, Series(CapacityRate.__metadata__[0])]
PeriodsOfRates = Annotated[list, Series(PeriodsPaid.__metadata__[0])]


def mark(annotation):
    """The mark that an annotated parameter carries."""
    return annotation.__metadata__[0]
