"""The shorthand `event_months`: months in which events fall, and their weights, as text or as a list."""

import re

from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.terms import EVENT_COLUMNS, FULL_MONTH_NAMES, MONTH_NAMES

ALLOWED = "6-9, Jun-Sep, 12,1,2, or with weights 6:1 7:2 8:2"
_PART = re.compile(r"(?P<first>\w+)(?:\s*-\s*(?P<last>\w+))?(?:\s*:\s*(?P<weight>\d*\.?\d+)(?P<percent>%?))?")


def read_event_months(value):
    """The weight of each of the twelve months, January first.

    Args:
        value: text such as "6-9", "Jun-Sep", "11-2" or "6:1 7:2 8:2"; or a list of months; or a mapping of months to weights.

    Raises:
        FlexError: FLEX-127.

    Example:
        >>> read_event_months("Jun-Sep")[4:10]
        (0.0, 1.0, 1.0, 1.0, 1.0, 0.0)
    """
    weights = [0.0] * 12
    named = [0] * 12
    for text in _parts(value):
        match = _PART.fullmatch(text)
        if match is None:
            raise FlexError("FLEX-127", f"{text[:40]!r} is not a month or a span of months", allowed=ALLOWED)
        if match["last"] and match["first"].isdigit() != match["last"].isdigit():
            remedy = "Write 6-9 or Jun-Sep; a spreadsheet program may have turned what was typed into a date."
            raise FlexError("FLEX-127", f"{text[:40]!r} mixes a number and a name", allowed=ALLOWED, remedy=remedy)
        first = _month(match["first"])
        last = _month(match["last"]) if match["last"] else first
        weight = float(match["weight"]) / (100.0 if match["percent"] else 1.0) if match["weight"] else 1.0
        for step in range((last - first) % 12 + 1):
            weights[(first + step) % 12] = weight
            named[(first + step) % 12] += 1
    if max(named) > 1:
        raise FlexError("FLEX-127", f"{MONTH_NAMES[named.index(max(named))]} stands more than once", allowed=ALLOWED)
    if not any(weights):
        raise FlexError("FLEX-127", "no month has a weight", allowed=ALLOWED)
    return tuple(weights)


def _parts(value):
    if isinstance(value, dict):
        return [f"{month}:{weight}" for month, weight in value.items()]
    if isinstance(value, list | tuple):
        return [str(month).strip() for month in value]
    is_whole = isinstance(value, float) and value.is_integer()
    text = re.sub(r"\s*([-:])\s*", r"\1", str(int(value)) if is_whole else str(value).strip())
    return [part for part in re.split(r"[\s,;]+", text) if part]


def _month(word):
    """The number of a month, January 0: from a number, or from three or more letters of its name."""
    if re.fullmatch("0?[1-9]|1[0-2]", word):
        return int(word) - 1
    for number, name in enumerate(FULL_MONTH_NAMES):
        if len(word) >= 3 and name.lower().startswith(word.lower()):
            return number
    raise FlexError("FLEX-127", f"{word[:20]!r} is not a month", allowed=ALLOWED)


def shown_event_months(weights):
    """Weights in the shorthand, as they would be typed."""
    even = len({w for w in weights if w}) == 1
    return " ".join(f"{m}" if even else f"{m}:{w:g}" for m, w in enumerate(weights, start=1) if w)


def as_columns(weights):
    """The weights by the names of their columns."""
    return dict(zip(EVENT_COLUMNS, weights, strict=True))
