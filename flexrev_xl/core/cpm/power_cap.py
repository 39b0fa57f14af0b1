"""A power cap on GPUs: the throughput it leaves, and how it clips the load."""

from dataclasses import dataclass
from typing import Annotated

from flexrev_xl.core.arguments import Quantity, is_empty, mark, read_each
from flexrev_xl.core.cpm.compute import GPUs, OtherKW, PowerCap, RatedKW
from flexrev_xl.core.cpm.curves import CAP, DEFAULT, MOST_WATTS, THROUGHPUT, own_curve
from flexrev_xl.core.cpm.marks import cpm
from flexrev_xl.core.marginal_costs import KILO, PUE
from flexrev_xl.core.tables import Column, Table
from flexrev_xl.errors import FlexError, refuse

MOST_OF_RATED = 2.0  # a GPU's power over its rated power: what a spike may reach


@dataclass(frozen=True)
class Measurements(Table):
    """A range that may be left out, as one column of numbers; empty cells at its end do not count."""

    @property
    def allowed(self):
        """The range of each number in words."""
        return self.columns[0].mark.allowed

    def read(self, grid):
        """The numbers of a range, or None where it is left out.

        Raises:
            FlexError, FlexErrors: FLEX-001 to FLEX-006, each with the number of its cell.
        """
        cells = [cell for row in grid for cell in row]
        while cells and is_empty(cells[-1]):
            cells.pop()
        quantity, values, problems = self.columns[0].mark, [], []
        for number, cell in enumerate(cells, start=1):
            try:
                if is_empty(cell):
                    raise FlexError("FLEX-001", "empty", allowed=quantity.allowed)
                values.append(quantity.read(cell))
            except FlexError as e:
                problems.append(e.at(f"cell {number}"))
        refuse(problems)
        return values or None


@dataclass(frozen=True)
class MeasuredCap(Quantity):
    """A cap of a table: W are read too, so that the table can be told to be in W or mixed."""

    @property
    def allowed(self):
        """The range in words: that of a share."""
        return CAP.allowed


def measurements(name, quantity):
    """The mark of an optional column of one quantity."""
    help = f"{quantity.help} (a range)"
    return Measurements(help, (Column(name, quantity),), float, lambda record: (), key=name, unit=quantity.unit)


_MEASURED_CAP = MeasuredCap(
    "fraction",
    "Caps measured, as shares of rated power; left out with throughputs for the default curve",
    high=MOST_WATTS,
    above_low=True,
)
Caps = Annotated[list, measurements("cap", _MEASURED_CAP)]
Throughputs = Annotated[list, measurements("throughput", THROUGHPUT)]


def curve_of(caps, throughputs):
    """The curve of an own table, or the default curve where both are None.

    Raises:
        FlexError, FlexErrors: FLEX-001 where only one is given, and what own_curve refuses.
    """
    if caps is None and throughputs is None:
        return DEFAULT
    for name, values in (("caps", caps), ("throughputs", throughputs)):
        if values is None:
            raise FlexError("FLEX-001", "caps and throughputs belong together", place=name)
    return own_curve(caps, throughputs)


def curve_faults(values):
    """What is wrong between the arguments, or with the curve they make."""
    try:
        throughput.formula(**values)
    except FlexError as e:
        yield from e.problems


@cpm(
    unit="fraction",
    source=f"{DEFAULT.name}: {DEFAULT.source}",
    example=((0.75, [0.5, 0.7, 0.8, 1], [0.7, 0.9, 0.96, 1]), 0.93),
    check=curve_faults,
)
def throughput(power_cap: PowerCap, caps: Caps = None, throughputs: Throughputs = None):
    """Share of full throughput at a power cap, linear between points measured on one card; default: V100, BERT on SQuAD.

    Nothing is read off below the lowest cap or above the highest, nor from fewer than three points.
    """
    return curve_of(caps, throughputs).throughput(power_cap)


@dataclass(frozen=True)
class BestCap:
    """The cap that gives most compute for a fixed megawatt; gain is GPU-equivalents per MW over those without a cap."""

    cap: float
    throughput: float
    gain: float


def best_cap(curve, gpu_kw, other_kw_per_gpu):
    """The power cap of a curve that carries most GPU-equivalents per MW, where GPUs draw all that a cap allows.

    Between two points throughput and power are both straight lines, so that their ratio only rises or only falls there:
    the best is one of the points measured.

    Args:
        curve: a Curve.
        gpu_kw: rated power of one GPU, above 0, in kW.
        other_kw_per_gpu: IT power beside it, from 0, in kW.

    Returns:
        BestCap; a cap of 1, no cap, where the curve has no better one.

    Raises:
        FlexError: FLEX-001 to FLEX-006 for a number.

    Example:
        >>> best = best_cap(own_curve([0.6, 0.8, 1], [0.7, 0.95, 1]), 0.7, 0.35)
        >>> best.cap, round(best.gain, 6)
        (0.8, 1.096154)
    """
    rated, other = mark(RatedKW).read(gpu_kw), mark(OtherKW).read(other_kw_per_gpu)

    def gain(cap, throughput):
        return throughput * (rated + other) / (rated * cap + other)

    found = [BestCap(1.0, 1.0, 1.0)]
    found += (BestCap(p.cap, p.throughput, gain(p.cap, p.throughput)) for p in curve.points)
    return max(found, key=lambda best: best.gain)


def clipped_load(shares, gpus, gpu_kw, other_kw_per_gpu, power_cap=1.0, pue=1.0, overhead_mw=None):
    """The load at the meter of GPUs under a power cap, which clips their peaks and leaves the rest as it is.

    GPUs x (other + min(rated x share, rated x cap)) + overhead. The overhead, cooling above all, is constant: it
    follows no swing of seconds.

    Args:
        shares: power of a GPU at each step as a share of its rated power, 0 to 2. A trace of a whole node holds the
            other power of its GPUs already: take it off first.
        gpus: how many.
        gpu_kw: rated power of one, in kW.
        other_kw_per_gpu: IT power beside the GPU, in kW.
        power_cap: share of rated power, above 0 to 1.
        pue: mean power at the meter over mean IT power, from 1 up.
        overhead_mw: the overhead in MW instead of pue's.

    Returns:
        An array of MW, as long as shares.

    Raises:
        FlexError, FlexErrors: every fault at once, FLEX-001 to FLEX-006 by argument.

    Example:
        >>> clipped_load([0.2, 1, 0.6], 1000, 1, 0.5, power_cap=0.7).tolist()
        [0.7, 1.2, 1.1]
    """
    import numpy as np

    given = [
        ("gpus", mark(GPUs), gpus),
        ("gpu_kw", mark(RatedKW), gpu_kw),
        ("other_kw_per_gpu", mark(OtherKW), other_kw_per_gpu),
        ("power_cap", mark(PowerCap), power_cap),
        ("pue", mark(PUE), pue),
    ]
    if overhead_mw is not None:
        given.append(("overhead_mw", Quantity("MW", "Constant overhead", high=1e6), overhead_mw))
    read, problems = read_each(given)
    try:
        shares = _read_shares(shares)
    except FlexError as e:
        problems.append(e)
    refuse(problems)
    gpu_kw = np.minimum(read["gpu_kw"] * shares, read["gpu_kw"] * read["power_cap"])
    it_mw = read["gpus"] * (read["other_kw_per_gpu"] + gpu_kw) / KILO
    return it_mw + read.get("overhead_mw", (read["pue"] - 1.0) * it_mw.mean())


def _read_shares(shares):
    """A series of shares of rated power as an array."""
    import numpy as np

    quantity = Quantity("fraction", "Power of a GPU over its rated power", high=MOST_OF_RATED)
    try:
        array = np.asarray(shares, dtype=float)
    except (TypeError, ValueError):
        raise FlexError("FLEX-002", "not all are numbers", place="shares", allowed=quantity.allowed) from None
    if array.ndim != 1 or not array.size:
        raise FlexError("FLEX-001", "no step in the series", place="shares", allowed="a row of numbers")
    wrong = np.nonzero(~((array >= quantity.low) & (array <= quantity.high)))[0]
    if wrong.size:
        try:
            quantity.read(float(array[wrong[0]]))
        except FlexError as e:
            raise e.at(f"shares[{wrong[0] + 1}]") from None
    return array
