"""A simulation as a workbook holds it: what it was run with, and its results where they are at hand."""

from dataclasses import dataclass
from typing import Any

from flexrev_xl.analysis.simulated import DRIVERS, TOGETHER
from flexrev_xl.core.simulation import EXCEEDANCE


def generator():
    """The library that random numbers come from, with its version: another one may draw others."""
    import numpy as np

    return f"numpy {np.__version__}, Philox"


@dataclass(frozen=True)
class Run:
    """What a simulation was run with; `result` is a Simulation, or None where a workbook is compared without one."""

    scenario: str
    draws: int
    seed: int
    confidence: float
    inputs_hash: str
    generator: str
    result: Any = None

    @classmethod
    def of(cls, simulation):
        """The run of a Simulation."""
        s = simulation
        return cls(s.scenario, s.draws, s.seed, s.confidence, s.inputs_hash, generator(), s)

    @property
    def asked(self):
        """The years in 100 that are better than the one that the reserve was asked to cover."""
        return round(100.0 * self.confidence, 6)

    @property
    def levels(self):
        """Years in 100 that are better, from the surest to the rarest: a percentile is shown of each."""
        return tuple(sorted({float(p) for p in EXCEEDANCE} | {self.asked}, reverse=True))

    @property
    def confidences(self):
        """Of those the levels that a reserve can be measured to: at least half of the years are better."""
        return tuple(level for level in self.levels if level >= 50.0)

    def money_at(self, outcome):
        """The money of an Outcome at each level."""
        of = {round(100.0 * share, 6): money for share, money in outcome.exceedance}
        return {level: outcome.covered if level == self.asked else of[level] for level in self.levels}


DRIVER_LABELS = {**{driver: f"Share of variance: {driver} alone" for driver in DRIVERS}}
DRIVER_LABELS[TOGETHER] = f"Share of variance: {TOGETHER}"
