"""Cells of a power trace as numbers: readings, and stamps as ticks of a clock."""

import re
from dataclasses import dataclass
from typing import Any

from flexrev_xl.core.cpm.marks import SECONDS_PER_HOUR
from flexrev_xl.errors import FlexError
from flexrev_xl.readers.telemetry_columns import shown

ELAPSED, EPOCH = "elapsed seconds", "epoch seconds"
INSTANTS, LOCAL = "stamps with their offset", "stamps without zone"
ALLOWED_STAMPS = "2024-05-17T10:00:00, with or without offset, or seconds"
_WITH_COMMA = r"^[+-]?[0-9]+(?:[.,' ][0-9]+)+$"
_ISO = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9})[0-9]*)?)?"
_ZONE = r"[0-9]\s*(Z|z|[+-][0-9]{2}:?[0-9]{2})$"
_NANOSECONDS = 10**9  # in a second
_LATEST_NANOSECONDS = 2**63  # that numpy knows a date for, in 2262
_EARLIEST_EPOCH_SECONDS = 1e8  # 1973
_LATEST_EPOCH_SECONDS = 1e11  # the year 5138
_LARGEST_TICK = 1e19  # nanoseconds of 300 years
_DATE_SERIALS = (20_000.0, 80_000.0)  # days of a spreadsheet: 1954 to 2119
_DATE_WORDS = {"date", "datetime", "timestamp", "timestamps"}
_PER_SECOND = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("ms", "millis", "milliseconds"), 1e3),
    **dict.fromkeys(("us", "micros", "microseconds"), 1e6),
    **dict.fromkeys(("ns", "nanos", "nanoseconds"), 1e9),
    **dict.fromkeys(("min", "minutes"), 1 / 60.0),
    **dict.fromkeys(("h", "hours"), 1 / SECONDS_PER_HOUR),
}


@dataclass(frozen=True)
class Stamps:
    """Stamps as numbers.

    Attributes:
        ticks: a polars Series of Int64 or Float64, null where a stamp cannot be read.
        per_second: how many ticks there are in a second.
        read_as: ELAPSED, EPOCH, INSTANTS or LOCAL.
    """

    ticks: Any
    per_second: float
    read_as: str

    def shown(self, tick):
        """A stamp as it can stand in a message."""
        if self.read_as == ELAPSED:
            return f"{float(tick) / self.per_second:.12g} s"
        import numpy as np

        nanoseconds = int(tick) * (_NANOSECONDS // int(self.per_second)) if self._is_whole else self._rounded(tick)
        if abs(nanoseconds) >= _LATEST_NANOSECONDS:
            return f"{nanoseconds // _NANOSECONDS} s after 1970"
        text = str(np.datetime64(nanoseconds, "ns")).rstrip("0").rstrip(".")
        return f"{text}{'' if self.read_as == LOCAL else 'Z'}"

    @property
    def _is_whole(self):
        return self.per_second >= 1.0 and self.ticks.dtype.is_integer()

    def _rounded(self, tick):
        return round(float(tick) / self.per_second * 1e6) * 1000


def numbers(cells, decimal="."):
    """Cells as floats, and the masks of those that are text and of those with a comma or point out of place.

    Args:
        cells: a polars Series of numbers or text.
        decimal: "." or ",", the decimal mark of text.

    Returns:
        (Float64 Series with null where a cell is empty or cannot be read, text mask, misplaced mask).
    """
    import polars as pl

    if cells.dtype != pl.String:
        none = pl.repeat(False, len(cells), eager=True)
        return cells.cast(pl.Float64), none, none
    text = cells.str.strip_chars()
    plain = text
    if decimal == ",":
        plain = text.str.replace_all(".", "?", literal=True).str.replace_all(",", ".", literal=True)
    values = plain.cast(pl.Float64, strict=False)
    unread = (values.is_null() & (text != "")).fill_null(False)
    misplaced = unread & text.str.contains(_WITH_COMMA).fill_null(False)
    return values, unread & ~misplaced, misplaced


def stamps(cells, heading, place, decimal="."):
    """Cells as Stamps.

    Args:
        cells: a polars Series of numbers, dates, durations or text.
        heading: what stands above them; a unit of time in it is heeded.
        place: where they are, for messages.
        decimal: the decimal mark of text.

    Raises:
        FlexError: CPM-164 stamps that mix kinds or contradict their heading.
    """
    import polars as pl

    if cells.dtype == pl.Date:
        cells = cells.cast(pl.Datetime("ms"))
    if cells.dtype in (pl.Datetime, pl.Duration):
        per_second = {"ms": 1e3, "us": 1e6, "ns": 1e9}[cells.dtype.time_unit]
        read_as = ELAPSED if cells.dtype == pl.Duration else INSTANTS if cells.dtype.time_zone else LOCAL
        return Stamps(cells.to_physical(), per_second, read_as)
    if cells.dtype == pl.String:
        values, text, misplaced = numbers(cells, decimal)
        if misplaced.any():
            raise misplaced_mark(cells, misplaced, place, decimal)
        if 2 * text.sum() > len(cells) - cells.null_count():
            return _iso(cells.str.strip_chars(), place)
        return _counted(values, heading, place)
    if not cells.dtype.is_numeric():
        raise FlexError("CPM-164", f"{cells.dtype} is not a time", place=place, allowed=ALLOWED_STAMPS)
    return _counted(cells if cells.dtype == pl.Int64 else cells.cast(pl.Float64), heading, place)


def misplaced_mark(cells, mask, place, decimal):
    """The FLEX-108 of the cells under a mask."""
    first = cells.filter(mask)[0].strip()
    what = f"numbers that are not written plainly: {int(mask.sum()):,}, the first {shown(first)}"
    if decimal == ",":
        remedy = "Write a decimal comma and no thousands separator."
        return FlexError("FLEX-108", what, place=place, allowed="1234,5", remedy=remedy)
    return FlexError("FLEX-108", what, place=place, allowed="1234.5")


def _counted(values, heading, place):
    """Numbers as Stamps: the unit by the heading, else by their size."""
    import polars as pl

    words = set(re.findall(r"[a-z]+", heading.lower()))
    named = {_PER_SECOND[word] for word in words if word in _PER_SECOND}
    if len(named) > 1:
        raise FlexError("CPM-164", "the heading names more than one unit of time", place=place)
    if values.dtype.is_float():
        values = pl.select(pl.when(values.abs() < _LARGEST_TICK).then(values)).to_series()
    low, high = values.min(), values.max()
    high = 0.0 if high is None else float(high)
    if named:
        per_second = named.pop()
        if high / per_second >= _LATEST_EPOCH_SECONDS:
            what = f"{high:.12g} cannot be in the unit that the heading says"
            raise FlexError("CPM-164", what, place=place, remedy="Mend the unit in the heading, such as epoch_ms.")
    else:
        per_second = next((p for p in (1e9, 1e6, 1e3) if high / p >= _EARLIEST_EPOCH_SECONDS), 1.0)
        if words & _DATE_WORDS and _DATE_SERIALS[0] <= float(low or 0.0) <= high <= _DATE_SERIALS[1]:
            what = f"{high:.12g} looks like days of a spreadsheet"
            raise FlexError("CPM-164", what, place=place, allowed=ALLOWED_STAMPS)
    return Stamps(values, per_second, EPOCH if high / per_second >= _EARLIEST_EPOCH_SECONDS else ELAPSED)


def _iso(text, place):
    """ISO stamps as nanoseconds since 1970; with offsets as instants."""
    import polars as pl

    groups = text.str.extract_groups(_ISO).struct.unnest()
    date, clock, seconds, fraction = (groups.to_series(n) for n in range(4))
    whole = date + " " + clock + ":" + seconds.fill_null("00")
    read = whole.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="ns").to_physical()
    zone = text.str.extract(_ZONE)
    rest = text.str.replace(_ISO, "").str.strip_chars()
    read = pl.select(pl.when(rest == zone.fill_null("")).then(read)).to_series()
    nanoseconds = fraction.fill_null("").str.pad_end(9, "0").cast(pl.Int64)
    zoned, count = int((zone.is_not_null() & read.is_not_null()).sum()), len(read) - read.null_count()
    if 0 < zoned < count:
        what = f"stamps with an offset: {zoned:,}, without: {count - zoned:,}"
        raise FlexError("CPM-164", what, place=place, remedy="Write all of them with their offset, or in UTC with Z.")
    hours = zone.str.slice(1, 2).cast(pl.Int64, strict=False).fill_null(0)
    minutes = zone.str.slice(-2).cast(pl.Int64, strict=False).fill_null(0)
    sign = pl.select(pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)).to_series()
    ahead = sign * (hours * 3600 + minutes * 60) * _NANOSECONDS
    return Stamps(read + nanoseconds - ahead, float(_NANOSECONDS), INSTANTS if zoned else LOCAL)
