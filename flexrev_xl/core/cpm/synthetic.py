"""A synthetic trace of a training job, for examples and tests: a formula with a seed, measured nowhere.

It repeats what stands out in public traces of large language model training (GPT-3 175B on 64 nodes of eight H100,
MLPerf Training v4.0, AC power every 2 s): a dip at the end of each iteration, a steady evaluation at lower power every
twelve iterations, the first of them entered by a pause.
"""

from dataclasses import dataclass
from typing import Any

from flexrev_xl.errors import refuse

NAME = "synthetic training job"
INTERVAL_SECONDS = 2.0
DURATION_SECONDS = 3410.0  # 24 cycles of 12 iterations and an evaluation
MOST_DURATION_SECONDS = 366 * 86_400.0

ITERATION_SECONDS, ITERATIONS, EVALUATION_SECONDS = 10.8, 12, 12.48
# Power as a share of the plateau by seconds after the end of an iteration: exchange of gradients, then ramping up.
DIP_SECONDS = (-1.7, -0.5, 0.6, 1.9, 5.0)
DIP_LEVEL = (1.0, 0.88, 0.88, 0.974, 1.0)
DIP_SPREAD = 0.16  # standard deviation of a dip's depth, as a share of it
# Power by seconds after the start of an evaluation; it dips on entry.
EVALUATION_AT_SECONDS = (0.0, 0.8, 2.4, 3.4, EVALUATION_SECONDS)
EVALUATION_LEVEL = (1.0, 0.84, 0.86, 0.893, 0.893)
PAUSE_SECONDS, PAUSE_LEVEL = (1.3, 4.4), 0.715  # from and to, in the first evaluation
NOISE = 0.0018  # standard deviation of a reading
_FINE_STEPS = 20  # of a reading, to average over


@dataclass(frozen=True)
class SyntheticLoad:
    """A synthetic trace; its name and its record say so.

    Attributes:
        power_mw: float array [MW], each the mean of its interval.
        interval_seconds: 2 s.
        seed: what it follows from.
        name, is_synthetic: told wherever it is shown.
    """

    power_mw: Any
    interval_seconds: float
    seed: int
    name: str = NAME
    is_synthetic: bool = True

    def as_json(self):
        """What it is, without its readings."""
        return {
            "name": self.name,
            "is_synthetic": self.is_synthetic,
            "seed": self.seed,
            "interval_seconds": self.interval_seconds,
            "readings": len(self.power_mw),
        }


def synthetic_training_load(seed=1, peak_mw=1.0, duration_seconds=DURATION_SECONDS):
    """A synthetic trace of one training job, a reading every 2 s.

    Args:
        seed: a whole number from 0 up; one seed gives one trace.
        peak_mw: its largest reading [MW], above 0.
        duration_seconds: how long it runs [s], from 142.08 s (a first evaluation) to a year.

    Returns:
        SyntheticLoad.

    Raises:
        FlexError, FlexErrors: FLEX-003 an argument out of range.

    Example:
        >>> trace = synthetic_training_load(seed=1, peak_mw=50)
        >>> trace.name, len(trace.power_mw), float(trace.power_mw.max())
        ('synthetic training job', 1705, 50.0)
    """
    import numpy as np

    seed = _checked(seed, peak_mw, duration_seconds)
    rng = np.random.default_rng(seed)
    count = int(duration_seconds // INTERVAL_SECONDS)
    cycle_seconds = ITERATIONS * ITERATION_SECONDS + EVALUATION_SECONDS
    depths = rng.normal(1.0, DIP_SPREAD, (int(duration_seconds // cycle_seconds) + 1, ITERATIONS))
    level = np.zeros(count)
    for step in range(_FINE_STEPS):
        at = (np.arange(count) + (step + 0.5) / _FINE_STEPS) * INTERVAL_SECONDS
        level += _plateau_share(at, cycle_seconds, depths) / _FINE_STEPS
    level += rng.normal(0.0, NOISE, count)
    return SyntheticLoad(level / level.max() * float(peak_mw), INTERVAL_SECONDS, seed)


def _checked(seed, peak_mw, duration_seconds):
    """The seed as a whole number, or every fault of the arguments."""
    from flexrev_xl.core.arguments import Quantity, read_each
    from flexrev_xl.core.cpm.load import LARGEST_MW
    from flexrev_xl.core.tables import Whole

    least = ITERATIONS * ITERATION_SECONDS + EVALUATION_SECONDS
    given = (
        ("seed", Whole("seed", "Number that the trace follows from", high=1e9), seed),
        ("peak_mw", Quantity("MW", "Its largest reading", high=LARGEST_MW, above_low=True), peak_mw),
        ("duration_seconds", Quantity("s", "How long", low=least, high=MOST_DURATION_SECONDS), duration_seconds),
    )
    read, problems = read_each(given)
    refuse(problems)
    return int(read["seed"])


def _plateau_share(at, cycle_seconds, depths):
    """Power as a share of the plateau at some times, each dip as deep as drawn."""
    import numpy as np

    cycle = (at // cycle_seconds).astype(int)
    within = at - cycle * cycle_seconds
    ended = np.rint(within / ITERATION_SECONDS).astype(int)  # the end of an iteration that is nearest
    nearest = within - ended * ITERATION_SECONDS
    depth = depths[cycle, np.clip(ended, 1, ITERATIONS) - 1]
    is_dip = (ended > 0) & (ended < ITERATIONS)
    training = 1.0 - (1.0 - np.interp(nearest, DIP_SECONDS, DIP_LEVEL)) * depth * is_dip
    # A cycle starts as an iteration does after its dip.
    training = np.where(ended == 0, np.interp(nearest, DIP_SECONDS, DIP_LEVEL), training)
    since = within - ITERATIONS * ITERATION_SECONDS
    evaluation = np.interp(since, EVALUATION_AT_SECONDS, EVALUATION_LEVEL)
    evaluation[(cycle == 0) & (since >= PAUSE_SECONDS[0]) & (since < PAUSE_SECONDS[1])] = PAUSE_LEVEL
    return np.where(since >= 0.0, evaluation, training)
