"""A trace of power as read: its series, and what is to be said of how they were read."""

from dataclasses import dataclass
from typing import Any

from flexrev_xl.readers.telemetry_columns import shown


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
            counts = {"gaps": run.gaps, "double stamps": run.duplicates}
            counts |= {f"{kind} readings": count for kind, count in (run.unusable or {}).items()}
            done = [f"{what} {count:,}" for what, count in counts.items() if count]
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
