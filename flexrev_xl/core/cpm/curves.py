"""Throughput of a GPU under a power cap: measured curves, each of one model on one card, and what they may be asked.

A cap is a share of the card's rated power. What a card draws under a cap is another quantity than the cap, and is
kept beside it. Nothing is ever read off beside the points that were measured.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise

from flexrev_xl.core.arguments import MOST_FRACTION, Quantity
from flexrev_xl.errors import FlexError, refuse

FEWEST = 3  # points that make a curve
MOST_WATTS = 10_000.0  # of one card
_TYPED = 1e-4  # within which a cap typed as 33.33 % is the measured one of 1/3

CAP = Quantity("fraction", "Power cap as a share of the card's rated power", high=1.0, above_low=True)
THROUGHPUT = Quantity("fraction", "Throughput as a share of that at full power", high=1.0, above_low=True)
_WATTS = Quantity("W", "Power", high=MOST_WATTS, above_low=True)


@dataclass(frozen=True)
class Point:
    """What was measured at one cap: shares of rated power and of full throughput; mean W drawn, None if unknown."""

    cap: float
    throughput: float
    watts: float | None = None


@dataclass(frozen=True)
class Curve:
    """Throughput of one model on one card over power caps.

    Attributes:
        name: what the points are called.
        points: Points, the lowest cap first.
        source: where they were measured and under what licence, in words.
        remark: what to know before they are used.
        is_curve: whether it may be read between its points, on straight lines; else at the points alone.
    """

    name: str
    points: tuple = field(repr=False)
    source: str = "the user's own measurements"
    remark: str = ""
    is_curve: bool = True

    @property
    def caps(self):
        """The caps measured, as shares of rated power, rising."""
        return [p.cap for p in self.points]

    def throughput(self, cap):
        """Share of full throughput at a cap given as a share of rated power.

        Raises:
            FlexError: CPM-156 where it was not measured: beside the points, or between points that are no curve.

        Example:
            >>> round(CURVES["v100-bert-squad"].throughput(0.8), 4)
            0.9373
        """
        return self._at(cap, [p.throughput for p in self.points])

    def watts_drawn(self, cap):
        """Mean power that one card draws at a cap, in W; below the cap where the work needs less.

        Raises:
            FlexError: CPM-156 where it was not measured.

        Example:
            >>> round(CURVES["v100-bert-squad"].watts_drawn(1.0), 2)
            228.35
        """
        if any(p.watts is None for p in self.points):
            raise FlexError("CPM-156", f"no power drawn was measured for {self.name}", place="power_cap")
        return self._at(cap, [p.watts for p in self.points])

    def _at(self, cap, values):
        caps = self.caps
        nearest = min(range(len(caps)), key=lambda i: abs(caps[i] - cap))
        is_at_an_end = not caps[0] <= cap <= caps[-1]
        if abs(caps[nearest] - cap) <= _TYPED and (is_at_an_end or not self.is_curve):
            return values[nearest]
        if is_at_an_end or not self.is_curve:
            allowed = f"{caps[0]:.2%} to {caps[-1]:.2%}" if self.is_curve else ", ".join(f"{c:.2%}" for c in caps)
            between = "" if is_at_an_end else ", whose points are too few for a curve"
            raise FlexError(
                "CPM-156", f"{cap:.2%} was not measured for {self.name}{between}", place="power_cap", allowed=allowed
            )
        above = bisect_left(caps, cap)
        if caps[above] == cap:
            return values[above]
        share = (cap - caps[above - 1]) / (caps[above] - caps[above - 1])
        return values[above - 1] + share * (values[above] - values[above - 1])


def own_curve(caps, throughputs, watts=None, rated_watts=None, name="the table given"):
    """A person's own table as a Curve; rows in any order.

    Args:
        caps: above 0 up to 1, as shares of rated power; or all in W, with rated_watts.
        throughputs: of the same length, above 0 up to 1, as shares of full throughput.
        watts: mean W that one card draws at each cap, or None.
        rated_watts: rated power of the card in W; needed for caps in W.
        name: what the curve is called in messages.

    Raises:
        FlexError, FlexErrors: FLEX-020 lengths differ; CPM-155 fewer than three points, one cap twice, or throughput
            that falls as the cap rises; CPM-157 caps in W mixed with shares; FLEX-002 to FLEX-006 for one number.

    Example:
        >>> own_curve([150, 200, 300], [0.6, 0.85, 1], rated_watts=300).throughput(0.75)
        0.8875
    """
    columns = {"caps": caps, "throughputs": throughputs, **({} if watts is None else {"watts": watts})}
    if len({len(column) for column in columns.values()}) > 1:
        shown = " and ".join(f"{name} has {len(column)}" for name, column in columns.items())
        raise FlexError("FLEX-020", f"{shown} values", place=" and ".join(columns))
    marks = {"caps": Quantity("fraction or W", CAP.help, high=MOST_WATTS, above_low=True), "throughputs": THROUGHPUT}
    problems, read = [], {}
    for column, cells in columns.items():
        read[column] = [
            _read(marks.get(column, _WATTS), cell, f"{column}[{i}]", problems) for i, cell in enumerate(cells, 1)
        ]
    if rated_watts is not None:
        rated_watts = _read(_WATTS, rated_watts, "rated_watts", problems)
    refuse(problems)
    shares = list(_shares(read["caps"], rated_watts, problems))
    refuse(problems)
    drawn = read.get("watts", [None] * len(shares))
    rows = sorted(zip(shares, read["throughputs"], drawn, strict=True), key=lambda row: row[0])
    refuse(_curve_faults(rows))
    return Curve(name, tuple(Point(*row) for row in rows))


def _read(quantity, cell, place, problems):
    try:
        return quantity.read(cell)
    except FlexError as e:
        problems.append(e.at(place))


def _shares(caps, rated_watts, problems):
    """Caps as shares of rated power; what is wrong with their unit is added to the problems."""
    in_watts = [cap for cap in caps if cap > MOST_FRACTION]
    if in_watts and len(in_watts) < len(caps):
        shown = f"{len(in_watts)} of {len(caps)} caps are in W (such as {in_watts[0]:g}), the others are shares"
        problems.append(FlexError("CPM-157", shown, place="caps"))
        return
    if in_watts and rated_watts is None:
        shown = f"caps of {min(caps):g} to {max(caps):g} are no shares of rated power"
        problems.append(FlexError("CPM-157", shown, place="caps", allowed=CAP.allowed))
        return
    for i, cap in enumerate(caps, 1):
        yield _read(CAP, cap / rated_watts if in_watts else cap, f"caps[{i}]", problems)


def _curve_faults(rows):
    """What keeps rows of (cap, throughput, watts), the lowest cap first, from being a curve."""
    if len(rows) < FEWEST:
        yield FlexError(
            "CPM-155", f"{len(rows)} points make no curve", place="caps", allowed=f"{FEWEST} or more points"
        )
    for (lower, slow, _), (upper, fast, _) in pairwise(rows):
        if lower == upper:
            yield FlexError("CPM-155", f"the cap {upper:.4g} stands twice", place="caps")
        elif fast < slow:
            what = f"throughput falls from {slow:.4g} to {fast:.4g} as the cap rises from {lower:.4g} to {upper:.4g}"
            yield FlexError("CPM-155", what, place="throughputs")


def _training(name, rated_watts, measured, what):
    """A Curve of rows (cap in W, seconds an epoch, mean W drawn), the highest cap last, at full power."""
    fastest = measured[-1][1]
    points = tuple(Point(cap / rated_watts, fastest / seconds, watts) for cap, seconds, watts in measured)
    return Curve(name, points, f"{what}; {_ZEUS}", "Training on one card; another model or card has another curve.")


_ZEUS = (
    "throughput as seconds an epoch at full power over seconds an epoch, and mean W a GPU, as measured for Zeus (NSDI '23): "
    "ml-energy/zeus @ 75a8b9398034, examples/research_reproducibility/zeus_nsdi23/trace, Apache-2.0"
)
_MLPERF = (
    "NVIDIA DGX-H100, MLPerf Inference v4.0, offline, MaxQ over MaxP, Apache-2.0; "
    "a derived figure, not verified by MLCommons Association"
)
_TWO_POINTS = (
    "Two points make no curve; they are one submitter's tuned systems, and W drawn by a GPU were not published."
)
LLM_DECODE = "LLM decode is bound by memory and may draw far below any cap: then capping saves nothing. Measure the power drawn first."
PLANNING_GAINS = {"low": 1.05, "base": 1.12, "high": 1.20}  # GPU-equivalents per MW, capped over not; planning figures

CURVES = {
    curve.name: curve
    for curve in (
        _training(
            "v100-bert-squad",
            250.0,
            (
                (100, 3278.435, 99.76),
                (125, 2501.78, 122.65),
                (150, 2029.8, 146.93),
                (175, 1823.29, 169.74),
                (200, 1743.06, 189.61),
                (225, 1672.845, 212.34),
                (250, 1633.78, 228.35),
            ),
            "BERT base fine-tuned on SQuAD, batch 16, on one V100 of 250 W",
        ),
        _training(
            "v100-resnet50-imagenet",
            250.0,
            (
                (100, 6934.273, 96.86),
                (125, 5254.05, 121.95),
                (150, 4635.007, 146.86),
                (175, 4411.19, 165.49),
                (200, 4248.647, 188.0),
                (225, 4125.17, 211.66),
                (250, 4051.0, 227.36),
            ),
            "ResNet-50 trained on ImageNet, batch 32, on one V100 of 250 W",
        ),
        _training(
            "a40-bert-squad",
            300.0,
            (
                (100, 3637.435, 110.99),
                (125, 2564.905, 122.68),
                (150, 1693.455, 145.84),
                (175, 1215.84, 167.11),
                (200, 1056.14, 189.02),
                (225, 986.395, 209.59),
                (250, 969.365, 230.92),
                (275, 942.395, 251.88),
                (300, 937.465, 269.2),
            ),
            "BERT base fine-tuned on SQuAD, batch 56, on one A40 of 300 W",
        ),
        Curve(
            "h100-llama2-70b",
            (Point(450 / 700, 17_561.6 / 21_805.8), Point(1.0, 1.0)),
            f"Llama 2 70B inference (99.9 %), 17,561.6 tokens/s at 450 W over 21,805.8 at 700 W; {_MLPERF}",
            f"{_TWO_POINTS} The system drew about 5.93 kW at the wall at 450 W.",
            is_curve=False,
        ),
        Curve(
            "h100-gpt-j-6b",
            (Point(350 / 700, 178.896 / 239.895), Point(1.0, 1.0)),
            f"GPT-J 6B inference, 178.896 samples/s at 350 W over 239.895 at 700 W; {_MLPERF}",
            _TWO_POINTS,
            is_curve=False,
        ),
    )
}
DEFAULT = CURVES["v100-bert-squad"]
MLPERF_CURVES = tuple(curve.name for curve in CURVES.values() if _MLPERF in curve.source)
