"""A trace of measured power, from CSV or Parquet, as series of megawatts at one interval, with what was read."""

from dataclasses import dataclass
from typing import Any

from flexrev_xl.core.cpm.load import LARGEST_MW, LONGEST_INTERVAL_SECONDS
from flexrev_xl.errors import FlexError, refuse
from flexrev_xl.readers.telemetry_cells import misplaced_mark, numbers, stamps
from flexrev_xl.readers.telemetry_columns import PER_MW, choose, shown
from flexrev_xl.readers.telemetry_record import LoadSeries, RunRead, Telemetry, WhatWasRead
from flexrev_xl.readers.telemetry_series import (
    GAPS,
    IMPOSSIBLE,
    REFUSE,
    UNUSABLE,
    Found,
    Readings,
    lay_out,
    note_stamps,
    usual_step,
)
from flexrev_xl.readers.telemetry_table import look_into

SHORTEST_INTERVAL = 0.9  # of the time between stamps: below it, resolution would be invented
_SLICE = 2**17  # rows checked at a time


def read_telemetry(path, *, column=None, time_column=None, unit=None, interval_seconds=None, gaps=REFUSE, decimal="."):
    """Read a trace of power.

    Args:
        path: a .csv, .parquet or .pq file with headings.
        column, time_column: headings of load and time, where more than one could be.
        unit: W, kW or MW, where the heading of the load does not say it.
        interval_seconds: the interval wanted [s], or that of rows without stamps; by the stamps where None.
        gaps: "refuse", "hold" the reading before, or "drop" the time; for missing, doubled and unusable readings.
        decimal: the decimal mark of a CSV, "." or ",".

    Returns:
        Telemetry; irregular stamps are resampled so that energy is kept.

    Raises:
        FlexError, FlexErrors: FLEX-101, 102, 108, 114 for the file, CPM-160 to 166 for what it says; every fault
            with its column, its count and its first rows.
    """
    _check_options(interval_seconds, gaps)
    table = look_into(path)
    name, has_interval = table.path.name, interval_seconds is not None
    chosen = choose(
        table.headings, table.kinds, source=name, column=column, time_column=time_column, unit=unit, has_interval=has_interval
    )  # fmt: skip
    wanted = [n for n in (chosen.time, chosen.load, chosen.run) if n is not None]
    frame = table.columns(wanted)
    trace = _Trace(table, chosen, interval_seconds, gaps, decimal)
    return trace.read_at_once(frame) or trace.read(frame)


def _check_options(interval_seconds, gaps):
    from flexrev_xl.core.arguments import Quantity

    problems = []
    if interval_seconds is not None:
        try:
            Quantity("s", "Interval", high=LONGEST_INTERVAL_SECONDS, above_low=True).read(interval_seconds)
        except FlexError as e:
            problems.append(e.at("--interval"))
    if gaps not in GAPS:
        problems.append(FlexError("FLEX-016", f"{shown(gaps)} is not known", place="--gaps", allowed=", ".join(GAPS)))
    refuse(problems)


@dataclass(frozen=True)
class _Trace:
    """How a file is to be read, with its columns settled."""

    table: Any
    chosen: Any
    interval_seconds: float | None
    gaps: str
    decimal: str

    @property
    def source(self):
        return self.table.path.name

    @property
    def load_heading(self):
        return self.table.headings[self.chosen.load]

    @property
    def time_heading(self):
        return "" if self.chosen.time is None else self.table.headings[self.chosen.time]

    def read_at_once(self, frame):
        """Telemetry of a flawless file of numbers at one interval, in a single pass; None where it is anything else."""
        import numpy as np
        import polars as pl

        time, load, run = self.chosen.time, self.chosen.load, self.chosen.run
        if time is None or run is not None or len(frame) < 2 or any(frame.null_count().row(0)):
            return None
        of_load = frame[str(load)].dtype
        if not (of_load.is_float() or of_load.is_integer()) or frame[str(time)].dtype == pl.String:
            return None
        try:
            read = stamps(frame[str(time)], self.time_heading, self._place(self.time_heading), self.decimal)
        except FlexError:
            return None  # to be told with all the rest
        pairs = pl.DataFrame([read.ticks.alias("ticks"), frame[str(load)].alias("load")])
        divisor, peak, last, step, at = PER_MW[self.chosen.unit], pairs["load"].max(), None, None, 0
        power = np.empty(len(pairs))
        for part in pairs.iter_slices(_SLICE):
            ticks, readings = part["ticks"].to_numpy(), part["load"].to_numpy()
            if last is not None:
                ticks = np.concatenate(([last], ticks))
            step = ticks[1] - ticks[0] if step is None else step
            if not ((np.diff(ticks) == step).all() and readings.min() >= 0.0):  # NaN is neither
                return None
            np.divide(readings, divisor, out=power[at : at + len(readings)], dtype=float)
            last, at = ticks[-1], at + len(readings)
        is_plausible = 2 * int((pairs["load"] >= peak / IMPOSSIBLE).sum()) > len(pairs)  # so the median is as large
        if not (step > 0 and peak / divisor <= LARGEST_MW and is_plausible):
            return None
        interval = float(step) / read.per_second
        if self.interval_seconds not in (None, interval):
            return None
        first, last = (read.shown(read.ticks[i]) for i in (0, -1))
        run = RunRead(self.load_heading, len(power), first, last, len(power), interval)
        series = LoadSeries(run.name, power, interval)
        return Telemetry((series,), self._record(len(power), 0, read.read_as, interval, [run]))

    def read(self, frame):
        """Telemetry of any file, or every fault of it."""
        import numpy as np

        frame, rows, empty = self._without_empty_rows(frame)
        if not len(frame):
            raise FlexError("CPM-165", "there are headings and no readings", place=self.source)
        found, problems = Found(), []
        load = self._readings(frame, rows, found, problems)
        read = self._stamps(frame, problems)
        if problems:
            refuse([*problems, *self._faults(found, len(frame))])
        names, parts = self._runs(frame)
        seconds = self._seconds(read, len(frame))
        runs = [Readings(seconds[at], load[at], rows[at]) for at in parts]
        step = (self.interval_seconds if read is None else usual_step(runs)) or 1.0
        kept = []
        for run, at in zip(runs, parts, strict=True):
            stays = note_stamps(found, run, step, read and read.read_as, self._stamp_of(frame, read, at))
            kept.append(Readings(run.seconds[stays], run.load[stays], run.rows[stays]))
            found.add("first", kept[-1].rows[:1][np.isnan(kept[-1].load[:1])])
        short = [
            f"usable readings of {name}: {count}"
            for name, run in zip(names, kept, strict=True)
            if (count := int((~np.isnan(run.load)).sum())) < 2
        ]
        problems = [FlexError("CPM-165", words, place=self.source, allowed="2 or more") for words in short]
        refuse([*(list(self._faults(found, len(frame))) or problems), *self._interval_faults(step)])
        series, records = [], []
        for name, run, at in zip(names, kept, parts, strict=True):
            laid = lay_out(run, step, self.interval_seconds, self.gaps)
            series.append(LoadSeries(name, laid.load / PER_MW[self.chosen.unit], laid.interval_seconds))
            records.append(self._run_read(name, rows[at], found, laid, self._stamp_of(frame, read, at)))
        read_as = "rows in order" if read is None else read.read_as
        return Telemetry(tuple(series), self._record(len(frame), empty, read_as, step, records))

    def _without_empty_rows(self, frame):
        """The rows that hold anything, their numbers as a reader counts them, and how many do not."""
        import numpy as np
        import polars as pl

        is_empty = pl.repeat(True, len(frame), eager=True)
        for column in frame:
            blank = column.is_null()
            if column.dtype == pl.String:
                blank = blank | (column.str.strip_chars() == "").fill_null(True)
            is_empty = is_empty & blank
        rows = self.table.first_row + np.flatnonzero(~is_empty.to_numpy())
        return frame.filter(~is_empty), rows, int(is_empty.sum())

    def _readings(self, frame, rows, found, problems):
        """The load as an array with NaN where a reading cannot be used; what is wrong is noted."""
        import numpy as np

        cells = frame[str(self.chosen.load)]
        values, text, misplaced = numbers(cells, self.decimal)
        if misplaced.any():
            problems.append(misplaced_mark(cells, misplaced, self._place(self.load_heading), self.decimal))
        load, text = values.to_numpy().copy(), text.to_numpy()
        with np.errstate(invalid="ignore", over="ignore"):
            is_power = np.isfinite(load) & (load >= 0.0)
            working = load[is_power & (load > 0.0)]
            most = IMPOSSIBLE * float(np.median(working)) if len(working) else np.inf
            masks = {
                "missing": np.isnan(load) & ~text & ~misplaced.to_numpy(),
                "text": text,
                "infinite": np.isinf(load),
                "negative": np.isfinite(load) & (load < 0.0),
                "impossible": is_power & (load > most),
            }
        for kind, mask in masks.items():
            example = shown(cells[int(mask.argmax())]) if mask.any() and kind != "missing" else ""
            found.add(kind, rows[mask], example)
            load[mask] = np.nan
        peak = float(np.nanmax(load)) / PER_MW[self.chosen.unit] if len(working) else 0.0
        if peak > LARGEST_MW:
            what = f"the largest reading is {peak:,.6g} MW"
            remedy = "Look for the unit: MW in a heading is megawatts, never milliwatts."
            allowed = f"up to {LARGEST_MW:,.0f} MW"
            problems.append(
                FlexError("CPM-163", what, place=self._place(self.load_heading), allowed=allowed, remedy=remedy)
            )
        return load

    def _stamps(self, frame, problems):
        if self.chosen.time is None:
            return None
        try:
            cells = frame[str(self.chosen.time)]
            return stamps(cells, self.time_heading, self._place(self.time_heading), self.decimal)
        except FlexError as e:
            problems.append(e)

    def _seconds(self, read, count):
        """Seconds from the first stamp, NaN where it cannot be read; of rows without stamps, from their number."""
        import numpy as np

        if read is None:
            return np.arange(count) * self.interval_seconds
        ticks = read.ticks
        start = ticks.drop_nulls().head(1)
        seconds = (ticks - (start[0] if len(start) else 0)).cast(float).to_numpy() / read.per_second
        return np.where(np.isfinite(seconds), seconds, np.nan)

    def _runs(self, frame):
        """The names of the runs and the places of their rows, in the order of the file."""
        import numpy as np

        if self.chosen.run is None:
            return [self.load_heading], [np.arange(len(frame))]
        labels = frame[str(self.chosen.run)].cast(str).fill_null("").str.strip_chars()
        heading = self.table.headings[self.chosen.run].strip()
        unique = labels.unique(maintain_order=True)
        number = labels.replace_strict(unique, range(len(unique))).to_numpy()
        order = np.argsort(number, kind="stable")
        parts = np.split(order, np.flatnonzero(np.diff(number[order])) + 1)
        names = [label if label.isprintable() else shown(label) for label in unique]
        return [f"{heading} {name or '(empty)'}" for name in names], parts

    def _stamp_of(self, frame, read, at):
        """A function: the text of the stamp at an index of a run, as it was read, or else as it stands."""

        def text(index):
            if read is None:
                return ""
            place = int(at[index])
            tick = read.ticks[place]
            if tick is None:
                cell = frame[str(self.chosen.time)][place]
                return "an empty cell" if cell is None else shown(cell)
            return read.shown(tick)

        return text

    def _faults(self, found, count):
        return found.faults(self.gaps, count, self._place(self.load_heading), self._place(self.time_heading))

    def _interval_faults(self, step):
        if self.interval_seconds is not None and self.interval_seconds < SHORTEST_INTERVAL * step:
            what = f"{self.interval_seconds:.9g} s is finer than the file, which has a reading every {step:.9g} s"
            yield FlexError("CPM-166", what, place="--interval", remedy="Leave it out, or give a longer one.")

    def _run_read(self, name, rows, found, laid, stamp_of):
        counts = {kind: found.count_within(kind, rows) for kind in (*UNUSABLE, "gap", "duplicate")}
        return RunRead(
            name=name,
            rows=len(rows),
            first=stamp_of(0),
            last=stamp_of(-1),
            readings=len(laid.load),
            interval_seconds=laid.interval_seconds,
            is_resampled=laid.is_resampled,
            gaps=counts.pop("gap"),
            duplicates=counts.pop("duplicate"),
            unusable={kind: count for kind, count in counts.items() if count},
            seconds_held=laid.seconds_held,
            seconds_dropped=laid.seconds_dropped,
        )

    def _record(self, rows, empty, read_as, step, runs):
        return WhatWasRead(
            source=self.source,
            rows=rows,
            empty_rows=empty,
            load_column=self.load_heading,
            unit=self.chosen.unit,
            unit_from=self.chosen.unit_from,
            time_column=self.time_heading,
            time_read_as=read_as,
            resolution_seconds=step,
            interval_from="stamps" if self.interval_seconds is None else "given",
            gaps=self.gaps,
            runs=tuple(runs),
        )

    def _place(self, heading):
        return f"{self.source}, {shown(heading)}" if heading else self.source
