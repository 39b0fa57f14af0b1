"""Units of rates: how they are spelled, what they are worth, how many periods a year has.

Canonical rates are money per MW-year and money per MWh. A capacity rate is worth
rate x factor x periods; the factors stand in `CAPACITY_UNITS`, the periods in `PERIODS`.
"""

import re
from dataclasses import dataclass

from flexrev_xl.errors import FlexError


@dataclass(frozen=True)
class Period:
    """What a capacity rate is paid for, how many a year has, and how many are paid when nothing is said."""

    name: str
    most: float
    default: float | None


PERIODS = {
    p.name: p
    for p in (
        Period("year", 1, 1),
        Period("month", 12, 12),
        Period("day", 366, None),
        Period("hour", 8784, None),
        Period("season", 4, 1),
    )
}

CAPACITY_UNITS = {f"{power}-{period}": factor for period in PERIODS for power, factor in (("MW", 1.0), ("kW", 1000.0))}
ENERGY_UNITS = {"MWh": 1.0, "kWh": 1000.0, "cents/kWh": 10.0, "pence/kWh": 10.0}

CURRENCY_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "US$": "USD", "A$": "AUD", "C$": "CAD", "¥": "JPY"}
DOLLARS = frozenset({"USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD"})
_PERIOD_WORDS = {
    "year": "year years yr y annum a",
    "month": "month months mo mth",
    "day": "day days d",
    "hour": "hour hours hr h",
    "season": "season seasons",
}
_PERIOD_OF = {word: name for name, words in _PERIOD_WORDS.items() for word in words.split()}
_CURRENCY = r"(?P<currency>(?!per\b)[A-Z]{3}(?=\s|/)|US\$|A\$|C\$|[$€£₹¥])?\s*"
_CAPACITY = re.compile(
    rf"\s*{_CURRENCY}(?:/|per\b)?\s*(?P<power>[mk]w)\s*(?:[-/·.]|per\b)?\s*(?P<period>[a-z]*)\s*", re.I
)
_ENERGY = re.compile(
    rf"\s*{_CURRENCY}(?P<minor>cents?|c|¢|pence|p)?\s*(?:/|per\b)?\s*(?P<energy>[mk]w)h(?:r|our)?\s*", re.I
)


@dataclass(frozen=True)
class RateUnit:
    """A unit as read: canonical name, the factor to the canonical rate, its period, and the currency it names.

    `currency` is an ISO code, "$" where only a dollar sign was written, or "" where none was.
    """

    name: str
    factor: float
    period: Period | None
    currency: str


def _currency(text):
    text = (text or "").strip()
    return CURRENCY_SIGNS.get(text, text.upper())


def _words(units):
    return ", ".join(units)


def parse_capacity_unit(text):
    """Read the unit of a capacity rate.

    Args:
        text: any spelling, such as "MW-year", "$/kW-month", "USD/MW/day" or "per kW-month".

    Returns:
        RateUnit.

    Raises:
        FlexError: FLEX-010 unknown, FLEX-011 no period, FLEX-012 an energy unit.

    Example:
        >>> parse_capacity_unit("GBP/kW/year").name
        'kW-year'
    """
    if _ENERGY.fullmatch(text):
        raise _confused(text, "an energy unit", "a capacity unit, such as MW-year or MW-hour (of availability)")
    match = _CAPACITY.fullmatch(text)
    if not match:
        raise FlexError("FLEX-010", f"{text!r} is not a unit of a capacity rate", allowed=_words(CAPACITY_UNITS))
    power = "MW" if match["power"].lower() == "mw" else "kW"
    word = match["period"].lower()
    if not word:
        raise FlexError(
            "FLEX-011",
            f"{text!r} does not say whether it is paid per year, month, day, hour or season",
            allowed=_words(CAPACITY_UNITS),
        )
    if word not in _PERIOD_OF:
        raise FlexError("FLEX-010", f"{text!r} is not a unit of a capacity rate", allowed=_words(CAPACITY_UNITS))
    name = f"{power}-{_PERIOD_OF[word]}"
    return RateUnit(name, CAPACITY_UNITS[name], PERIODS[_PERIOD_OF[word]], _currency(match["currency"]))


def parse_energy_unit(text):
    """Read the unit of an energy rate.

    Args:
        text: any spelling, such as "MWh", "$/MWh", "USD/kWh", "cents/kWh" or "pence/kWh".

    Returns:
        RateUnit, its period None.

    Raises:
        FlexError: FLEX-010 unknown, FLEX-012 a capacity unit.

    Example:
        >>> parse_energy_unit("$/kWh").factor
        1000.0
    """
    match = _ENERGY.fullmatch(text)
    if not match and _CAPACITY.fullmatch(text):
        raise _confused(text, "a capacity unit", f"an energy unit: {_words(ENERGY_UNITS)}")
    minor = (match["minor"] or "").lower() if match else ""
    energy = "MWh" if match and match["energy"].lower() == "mw" else "kWh"
    if not match or (minor and energy == "MWh"):
        raise FlexError("FLEX-010", f"{text!r} is not a unit of an energy rate", allowed=_words(ENERGY_UNITS))
    if minor:
        energy = "pence/kWh" if minor.startswith("p") else "cents/kWh"
    return RateUnit(
        energy, ENERGY_UNITS[energy], None, _currency(match["currency"]) or ("GBP" if energy == "pence/kWh" else "")
    )


def _confused(text, is_a, needed):
    return FlexError("FLEX-012", f"{text!r} is {is_a}; this rate needs {needed}")


def agree_on_currency(currencies, portfolio=""):
    """The one currency that all these marks can mean.

    Args:
        currencies: marks as `RateUnit.currency` gives them.
        portfolio: the portfolio's ISO code where it is known.

    Returns:
        The ISO code, or "" where nothing says.

    Raises:
        FlexError: FLEX-013 where they cannot all be one currency.

    Example:
        >>> agree_on_currency(["$", "CAD"])
        'CAD'
    """
    marks = [m for m in (portfolio, *currencies) if m]
    codes = list(dict.fromkeys(m for m in marks if m != "$"))
    dollar = "$" in marks
    if len(codes) > 1 or (dollar and codes and codes[0] not in DOLLARS):
        named = codes + (["$"] if dollar and len(codes) < 2 else [])
        raise FlexError("FLEX-013", f"{' and '.join(named)} are mixed")
    return codes[0] if codes else ("USD" if dollar else "")
