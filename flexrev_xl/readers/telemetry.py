"""A trace of measured power, from CSV or Parquet, as series of megawatts at one interval, with what was read."""

from dataclasses import dataclass
from typing import Any

from flexrev_xl.core.cpm.load import LARGEST_MW, LONGEST_INTERVAL_SECONDS
from flexrev_xl.errors import FlexError, refuse
from flexrev_xl.readers.telemetry_cells import ELAPSED, numbers, stamps
from flexrev_xl.readers.telemetry_columns import PER_MW, choose, shown
from flexrev_xl.readers.telemetry_series import GAPS, REFUSE, Found, Readings, lay_out, note_stamps, usual_step
from flexrev_xl.readers.telemetry_table import look_into

SHORTEST_INTERVAL = 0.9  # of the time between stamps: below it, resolution would be invented
IMPOSSIBLE = 1000.0  # times the median of the readings above 0
_SLICE = 2**17  # rows checked at a time


@dataclass(frozen=True)
class RunRead:
    """One run as read.

    Attributes:
        name: what the run column says; the heading of the load where there is none.
        rows, first, last: its rows in the file and their stamps.
        readings, interval_seconds, is_resampled: the series made of them.
        gaps, duplicates: how many stamps stand behind missing ones, or twice (the first is kept).
        unusable: how many readings of each kind were not used.
        seconds_held, seconds_dropped: time filled with the reading before, or left out.
    """

    name: str
    rows: int
    first: str
    last: str
    readings: int
    interval_seconds: float
    is_resampled: bool = False
    gaps: int = 0
    duplicates: int = 0
    unusable: dict | None = None
    seconds_held: float = 0.0
    seconds_dropped: float = 0.0


@dataclass(frozen=True)
class WhatWasRead:
    """What a file was read as, to be shown with whatever follows from it.

    Attributes:
        source, rows, empty_rows: the file; rows that were empty throughout are left out.
        load_column, unit, unit_from: the unit is from the heading or given.
        time_column, time_read_as: "" and "rows in order" where there is none.
        resolution_seconds: the usual time between stamps in the file: swings faster than that are hidden.
        interval_from: stamps or given.
        gaps: the caller's choice.
        runs: a RunRead each.
    """

    source: str
    rows: int
    empty_rows: int
    load_column: str
    unit: str
    unit_from: str
    time_column: str
    time_read_as: str
    resolution_seconds: float
    interval_from: str
    gaps: str
    runs: tuple

    def as_json(self):
        """All of it by name."""
        return {**vars(self), "runs": [dict(vars(run)) for run in self.runs]}

    @property
    def sentences(self):
        """All of it in words."""
        time = f"time from {shown(self.time_column)} as {self.time_read_as}" if self.time_column else self.time_read_as
        empty = f", {self.empty_rows:,} empty rows left out" if self.empty_rows else ""
        lines = [
            f"{self.source}: {self.rows:,} rows{empty}; load from {shown(self.load_column)} in {self.unit} "
            f"(by {'its heading' if self.unit_from == 'heading' else '--unit'}); {time}; "
            f"a reading every {self.resolution_seconds:.9g} s"
        ]
        for run in self.runs:
            span = f"{run.first} to {run.last}" if run.first else "no stamps"
            text = f"{run.name}: {span}, {run.readings:,} readings of {run.interval_seconds:.9g} s"
            text += " (resampled, energy kept)" if run.is_resampled else ""
            done = [f"{count:,} {kind} readings" for kind, count in (run.unusable or {}).items()]
            done += [f"{run.gaps:,} gaps"] * bool(run.gaps) + [f"{run.duplicates:,} double stamps"] * bool(run.duplicates)
            if done:
                seconds = run.seconds_held or run.seconds_dropped
                text += f"; {', '.join(done)}: {seconds:,.6g} s {'held' if self.gaps == 'hold' else 'dropped'}"
            lines.append(text)
        return lines


@dataclass(frozen=True)
class LoadSeries:
    """One run of a trace: power [MW] as a float array, a reading each interval [s]."""

    name: str
    power_mw: Any
    interval_seconds: float


@dataclass(frozen=True)
class Telemetry:
    """A trace: its series, one a run, and the record of how it was read."""

    series: tuple
    read: WhatWasRead


def read_telemetry(
    path, *, column=None, time_column=None, unit=None, interval_seconds=None, gaps=REFUSE, decimal="."
):
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
        FlexError, FlexErrors: FLEX-101, 102, 108, 114 for the file, FLEX-160 to 166 for what it says; every fault
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

    def place(self, heading):
        return f"{self.source}, {shown(heading)}" if heading else self.source

    def record(self, rows, empty, read_as, step, runs):
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

    def read_at_once(self, frame):
        """Telemetry of a flawless file of numbers at one interval, in a single pass; None where it is anything else."""
        import numpy as np
        import polars as pl

        time, load, run = self.chosen.time, self.chosen.load, self.chosen.run
        if time is None or run is not None or self.interval_seconds is not None or len(frame) < 2:
            return None
        if frame[str(load)].dtype != pl.Float64 or frame[str(time)].dtype == pl.String or any(frame.null_count().row(0)):
            return None
        read = stamps(frame[str(time)], self.time_heading, self.place(self.time_heading), self.decimal)
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
            np.divide(readings, divisor, out=power[at : at + len(readings)])
            last, at = ticks[-1], at + len(readings)
        is_plausible = 2 * int((pairs["load"] >= peak / IMPOSSIBLE).sum()) > len(pairs)  # so the median is as large
        if not (step > 0 and peak / divisor <= LARGEST_MW and is_plausible):
            return None
        interval = float(step) / read.per_second
        first, last = (read.shown(read.ticks[i]) for i in (0, -1))
        run = RunRead(self.load_heading, len(power), first, last, len(power), interval)
        series = LoadSeries(run.name, power, interval)
        return Telemetry((series,), self.record(len(power), 0, read.read_as, interval, [run]))

    def read(self, frame):
        """Telemetry of any file, or every fault of it."""
        import numpy as np

        frame, rows, empty = self._without_empty_rows(frame)
        if not len(frame):
            raise FlexError("FLEX-165", "there are headings and no readings", place=self.source)
        found, masks, load, read = Found(), {}, *self._cells(frame)
        load, masks["text"] = load
        seconds = self._seconds(read, len(frame))
        names, parts = self._runs(frame)
        runs = [Readings(seconds[at], load[at], rows[at]) for at in parts]
        step = (self.interval_seconds if read is None else usual_step(runs)) or 1.0
        cells = frame[str(self.chosen.load)]
        for kind, mask in {**self._not_power(load, masks["text"]), **masks}.items():
            found.add(kind, rows[mask], "" if kind == "missing" or not mask.any() else shown(cells[int(mask.argmax())]))
            load[mask] = np.nan
        self._check_size(load)
        kept = [self._stays(found, Readings(seconds[at], load[at], rows[at]), step, read, frame, at) for at in parts]
        problems = [
            *found.faults(self.gaps, len(frame), self.place(self.load_heading), self.place(self.time_heading)),
            *self._short_runs(names, kept),
            *self._interval_faults(step, read),
        ]
        refuse(problems)
        series, records = [], []
        for name, run, at in zip(names, kept, parts, strict=True):
            laid = lay_out(run, step, self.interval_seconds, self.gaps)
            laid.load.setflags(write=True)
            power = laid.load / PER_MW[self.chosen.unit]
            series.append(LoadSeries(name, power, laid.interval_seconds))
            records.append(self._run_record(name, rows[at], found, read, at, laid))
        read_as = "rows in order" if read is None else read.read_as
        return Telemetry(tuple(series), self.record(len(frame), empty, read_as, step, records))
