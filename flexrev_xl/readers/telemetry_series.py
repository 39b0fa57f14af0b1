"""From readings at stamps to a series of one interval: what is wrong with them, and how energy is kept."""

from dataclasses import dataclass, field
from typing import Any

from flexrev_xl.core.cpm.marks import SECONDS_PER_HOUR
from flexrev_xl.errors import FlexError
from flexrev_xl.readers.telemetry_cells import ALLOWED_STAMPS, LOCAL
from flexrev_xl.readers.telemetry_table import MOST_ROWS as MOST_READINGS

REFUSE, HOLD, DROP = GAPS = ("refuse", "hold", "drop")
GAP_INTERVALS = 1.5  # intervals between two stamps from which readings are missing between them
# Times the median of the readings above 0: no load does that, while a reading in W among kW is 1,000 times what it is.
IMPOSSIBLE = 300.0
MOST_UNUSABLE = 0.10  # share of readings beyond which nothing is held or dropped
_JITTER = 1e-3  # of an interval, within which stamps lie on a grid
_CLOCK_CHANGE = SECONDS_PER_HOUR  # by which clocks go back
_MOST_ROWS_SHOWN = 5
_CHOOSE = "Mend the rows, or choose: --gaps hold keeps the reading before, --gaps drop leaves the time out."
UNUSABLE = {
    "missing": ("CPM-162", "are empty or NaN"),
    "text": ("CPM-163", "are not numbers"),
    "infinite": ("CPM-163", "are infinite"),
    "negative": ("CPM-163", "are negative"),
    "impossible": ("CPM-163", f"are more than {IMPOSSIBLE:g} times the median"),
}
_BACK = "Sort the rows by time, and give each series a file or a run column of its own."
_CLOCK = "Write stamps with their offset, such as 2024-10-27T02:30:00+01:00, or in UTC."


@dataclass
class Found:
    """What is wrong with the rows of a file: by kind the rows, as a reader numbers them, and one example."""

    rows: dict = field(default_factory=dict)
    examples: dict = field(default_factory=dict)

    def add(self, kind, rows, example=""):
        """Note some rows; nothing where there are none."""
        if len(rows):
            self.rows.setdefault(kind, []).extend(int(row) for row in rows)
            self.examples.setdefault(kind, example)

    def count(self, *kinds):
        """How many rows are of these kinds."""
        return sum(len(self.rows.get(kind, ())) for kind in kinds)

    def count_within(self, kind, rows):
        """How many rows of a kind are among these, an ascending array."""
        import numpy as np

        noted = np.asarray(self.rows.get(kind, ()), dtype=rows.dtype)
        return int(np.isin(noted, rows, assume_unique=True).sum()) if len(noted) else 0

    def words(self, kind):
        """The rows of a kind in words, the first few by number."""
        rows = sorted(self.rows[kind])
        named = ", ".join(f"{row}" for row in rows[:_MOST_ROWS_SHOWN])
        more = f" and {len(rows) - _MOST_ROWS_SHOWN:,} more" if len(rows) > _MOST_ROWS_SHOWN else ""
        example = f"; the first is {self.examples[kind]}" if self.examples[kind] else ""
        return f"row{'s' if len(rows) > 1 else ''} {named}{more}{example}"

    def faults(self, gaps, readings, load_place, time_place):
        """The FlexErrors of all that the caller's choice does not settle.

        Args:
            gaps: REFUSE, HOLD or DROP.
            readings: how many rows there are.
            load_place, time_place: file and heading of the two columns.
        """
        always = {
            "unreadable": ("that cannot be read", ALLOWED_STAMPS, "Mend the stamps."),
            "back": ("that lie before the one above", "", _BACK),
            "clock": ("that lie an hour back, probably where the clock changed", "", _CLOCK),
        }
        for kind, (words, allowed, remedy) in always.items():
            if kind in self.rows:
                what = f"stamps {words}: {self.count(kind):,} ({self.words(kind)})"
                yield FlexError("CPM-164", what, place=time_place, allowed=allowed, remedy=remedy)
        unusable = self.count(*UNUSABLE, "duplicate") / readings
        too_many = unusable > MOST_UNUSABLE
        if gaps == REFUSE or too_many:
            remedy = _CHOOSE
            if too_many:
                remedy = f"Look for the right column; above {MOST_UNUSABLE:.0%} of unusable readings none is made up."
            for kind, (code, words) in UNUSABLE.items():
                if kind in self.rows:
                    what = f"readings that {words}: {self.count(kind):,} of {readings:,} ({self.words(kind)})"
                    yield FlexError(code, what, place=load_place, remedy=remedy)
            if "duplicate" in self.rows:
                what = f"stamps that stand twice: {self.count('duplicate'):,} ({self.words('duplicate')})"
                remedy = _BACK if too_many else "Mend the rows; --gaps hold or drop keeps the first of each."
                yield FlexError("CPM-164", what, place=time_place, remedy=remedy)
        if gaps == REFUSE and "gap" in self.rows:
            what = f"stamps with readings missing before them: {self.count('gap'):,} ({self.words('gap')})"
            yield FlexError("CPM-162", what, place=time_place, remedy=_CHOOSE)
        if gaps == HOLD and "first" in self.rows:
            what = f"the first reading cannot be used ({self.words('first')}), and there is none before it to hold"
            yield FlexError("CPM-162", what, place=load_place, remedy="Choose --gaps drop, or leave the row out.")


@dataclass(frozen=True)
class Readings:
    """The readings of one run in the order of the file.

    Attributes:
        seconds: of each stamp; NaN where it cannot be read.
        load: of each reading; NaN where there is none.
        rows: the numbers of the rows, as a reader counts them.
    """

    seconds: Any
    load: Any
    rows: Any


@dataclass(frozen=True)
class LaidOut:
    """Readings on a grid: the array, its interval [s], and what was done to get there [s]."""

    load: Any
    interval_seconds: float
    is_resampled: bool
    seconds_held: float
    seconds_dropped: float


def usual_step(runs):
    """The median time between stamps that follow each other [s], to nine digits; None where none does."""
    import numpy as np

    steps = np.concatenate([np.diff(run.seconds[~np.isnan(run.seconds)]) for run in runs])
    steps = steps[steps > 0.0]
    return float(f"{np.median(steps):.9g}") if len(steps) else None


def note_stamps(found, run, step, read_as, shown):
    """Note what is wrong with the stamps of a run.

    Args:
        found: where it is noted.
        run: its Readings.
        step: the usual time between stamps [s].
        read_as: how stamps were read; only local ones know clock changes.
        shown: a function, the text of the stamp at an index.

    Returns:
        the mask of the readings that stay, their stamps being readable, and the first of those alike.
    """
    import numpy as np

    is_read = ~np.isnan(run.seconds)
    found.add("unreadable", run.rows[~is_read], "" if is_read.all() else shown(int((~is_read).argmax())))
    at = np.flatnonzero(is_read)
    moved = np.diff(run.seconds[at])
    changed = (moved <= 0.0) & (np.abs(moved - step + _CLOCK_CHANGE) <= 0.5 * step) & (read_as == LOCAL)
    for kind, mask in {
        "clock": changed,
        "back": (moved < 0.0) & ~changed,
        "duplicate": (moved == 0.0) & ~changed,
        "gap": moved > GAP_INTERVALS * step,
    }.items():
        later = at[1:][mask]
        if len(later):
            example = shown(int(later[0]))
            if kind == "gap":
                forward = moved[mask] - step
                example = f"{example}, {moved[mask][0]:.6g} s after the one above"
                if read_as == LOCAL and (np.abs(forward - _CLOCK_CHANGE) <= 0.5 * step).any():
                    example += "; an hour may be missing where the clock changed"
            found.add(kind, run.rows[later], example)
    stays = is_read.copy()
    stays[at[1:][moved == 0.0]] = False
    return stays


def lay_out(run, step, interval_seconds=None, gaps=REFUSE):
    """A run whose stamps ascend on a grid of one interval.

    Args:
        run: Readings, of which only the load may be NaN, and not the first of it where it is held.
        step: the usual time between stamps [s].
        interval_seconds: the interval wanted [s]; that of the stamps where None.
        gaps: HOLD keeps the reading before a gap or an unusable reading, DROP leaves the time out.

    Returns:
        LaidOut; its energy is that of the readings, each lasting until the next one counts.

    Raises:
        FlexError: CPM-166 where a grid would have more readings than are ever read.
    """
    import numpy as np

    lasting = np.append(np.diff(run.seconds), step)
    excess = np.where(lasting > GAP_INTERVALS * step, lasting - step, 0.0)
    is_good = ~np.isnan(run.load)
    made_up = float(excess[is_good].sum() + lasting[~is_good].sum())
    load, seconds = run.load[is_good], run.seconds[is_good]
    if gaps == DROP and made_up:
        lasting = (lasting - excess)[is_good]
        seconds = np.concatenate(([0.0], np.cumsum(lasting[:-1])))
    seconds = seconds - seconds[0]
    held, dropped = (0.0, made_up) if gaps == DROP else (made_up, 0.0)
    even = float(seconds[-1] / (len(seconds) - 1))
    even = step if abs(even - step) <= 1e-9 * step else even
    is_wanted = interval_seconds is None or abs(even - interval_seconds) <= 1e-9 * interval_seconds
    if is_wanted and np.abs(seconds - even * np.arange(len(seconds))).max() <= _JITTER * even:
        return LaidOut(load, even, False, held, dropped)
    interval = interval_seconds or step
    if seconds[-1] / interval >= MOST_READINGS:
        what = f"{seconds[-1]:,.6g} s would be {seconds[-1] / interval:,.0f} readings of {interval:.9g} s"
        allowed, remedy = f"{MOST_READINGS:,}", "Choose --gaps drop, give a longer --interval, or mend the stamps."
        raise FlexError("CPM-166", what, place="--interval", allowed=allowed, remedy=remedy)
    return LaidOut(resampled(seconds, load, interval), interval, True, held, dropped)


def resampled(seconds, load, interval_seconds):
    """Readings at any stamps as means over equal intervals, weighted by time.

    A reading lasts until the next one; the last, until the grid ends, within one interval. Energy is kept.

    Args:
        seconds: ascending stamps, the first 0.
        load: the reading at each.
        interval_seconds: of the grid [s], above 0.

    Returns:
        a float array.

    Example:
        >>> import numpy as np
        >>> resampled(np.array([0.0, 1.0, 3.0]), np.array([6.0, 2.0, 4.0]), 2.0).tolist()
        [4.0, 3.0]
    """
    import numpy as np

    count = int(seconds[-1] / interval_seconds + 1e-9) + 1
    edges = interval_seconds * np.arange(count + 1)
    cuts = np.union1d(seconds[seconds < edges[-1]], edges)
    reading = np.searchsorted(seconds, cuts[:-1], side="right") - 1
    part = np.searchsorted(edges, cuts[:-1], side="right") - 1
    energy = np.bincount(part, weights=load[reading] * np.diff(cuts), minlength=count)
    return energy / interval_seconds
