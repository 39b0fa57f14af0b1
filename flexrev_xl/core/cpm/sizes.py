"""Sizes of batteries: usable and nameplate, power over energy, and how sure a size is after a few runs."""

import math
from dataclasses import dataclass

from flexrev_xl.core.arguments import Quantity
from flexrev_xl.core.cpm.storage import ABOVE_ZERO, AMOUNT, SHARE, refused
from flexrev_xl.errors import FlexError, refuse

LEVELS = (0.5, 0.75, 0.9, 0.95)
_LEVEL = Quantity("fraction", "Confidence level", high=0.9999, above_low=True)
_SLACK = 1e-9


@dataclass(frozen=True)
class SizeAtLevel:
    """A size that a further run of the same kind needs no more than, with at least a chance of `level`.

    Attributes:
        level: the chance, between 0 and 1.
        size: the size; the largest of the runs where they are too few; infinite where a run has none that carries it.
        runs: how many there are.
        runs_needed: how many that level needs.
    """

    level: float
    size: float
    runs: int
    runs_needed: int

    @property
    def is_sure(self):
        """Whether there are runs enough for the level."""
        return self.runs >= self.runs_needed

    @property
    def note(self):
        """What the size can be trusted for, in words."""
        if self.is_sure:
            return f"a further run needs no more with a chance of {self.level:.4g} or better"
        runs = "run" if self.runs == 1 else "runs"
        return f"the largest of {self.runs} {runs}: a chance of {self.level:.4g} needs {self.runs_needed}"


def sizes_at_levels(sizes, levels=LEVELS):
    """The size for each confidence level, from the sizes that several runs need.

    With n runs of one kind a further one is as likely to fall into each of the n + 1 gaps that they leave. It needs no
    more than the r-th smallest with a chance of r / (n + 1), whatever the distribution: r is the least that reaches the
    level, and level / (1 - level) runs are needed for there to be one.

    Args:
        sizes: what each run needs, power or energy, from 0; infinite where no size carries it.
        levels: chances, above 0 and below 1.

    Returns:
        A SizeAtLevel for each level.

    Raises:
        FlexError, FlexErrors: every value that cannot be; CPM-152 without any run.

    Source:
        Section 7 of the model: one run is one sample. Wilks 1941: distribution-free limits by order statistics.

    Example:
        >>> [(s.level, s.size, s.is_sure) for s in sizes_at_levels([1.5, 2.0, 1.0], (0.5, 0.9))]
        [(0.5, 1.5, True), (0.9, 2.0, False)]
    """
    sizes, levels = list(sizes), list(levels)
    problems = [
        e for i, size in enumerate(sizes, start=1) for e in refused(AMOUNT, size, f"sizes[{i}]", or_infinite=True)
    ]
    problems += (e for i, level in enumerate(levels, start=1) for e in refused(_LEVEL, level, f"levels[{i}]"))
    if not sizes:
        problems.append(FlexError("CPM-152", "there is no run", place="sizes", remedy="Give one size for each run."))
    refuse(problems)
    ranked, count = sorted(map(float, sizes)), len(sizes)
    found = []
    for level in levels:
        rank = math.ceil(level * (count + 1) - _SLACK)
        found.append(SizeAtLevel(level, ranked[min(rank, count) - 1], count, math.ceil(level / (1.0 - level) - _SLACK)))
    return found


def usable_energy(nameplate, depth=0.9, end_of_life=0.7):
    """Energy that can be counted on to the end of its life, from the nameplate's: nameplate x depth x end of life.

    Args:
        nameplate: energy when new, from 0.
        depth: depth of discharge, 0 to 1.
        end_of_life: share of the nameplate's energy that is left, 0 to 1.

    Raises:
        FlexError, FlexErrors: every value outside its range.

    Source:
        Template defaults of section 7 of the model: depth 90 %, end of life 70 %.

    Example:
        >>> usable_energy(100.0)
        63.0
    """
    shares = (*refused(SHARE, depth, "depth"), *refused(SHARE, end_of_life, "end_of_life"))
    refuse([*refused(AMOUNT, nameplate, "nameplate"), *shares])
    return nameplate * (depth * end_of_life)


def c_rate(power, energy):
    """Power over energy: how many times in an hour the battery could be emptied.

    Args:
        power: from 0.
        energy: above 0; of the nameplate, where the maker's limit is meant.

    Raises:
        FlexError, FlexErrors: every value outside its range.

    Example:
        >>> c_rate(10.0, 20.0)
        0.5
    """
    refuse([*refused(AMOUNT, power, "power"), *refused(ABOVE_ZERO, energy, "energy")])
    return power / energy
