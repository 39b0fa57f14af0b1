"""What the functions of compute per megawatt share: category, source, constants, and the marks of common arguments."""

from functools import partial
from typing import Annotated

from flexrev_xl.core.arguments import Quantity, Series
from flexrev_xl.core.entry import excel

MODEL = "Section 7 of the model: compute per megawatt"
HOURS_PER_YEAR = 8760.0
SECONDS_PER_HOUR = 3600.0

cpm = partial(excel, prefix="CPM", category="Compute per megawatt")

LoadSeries = Annotated[
    list, Series(Quantity("MW", "Load at the meter, one value for each interval", high=1e6), in_time=True)
]
GridMW = Annotated[float, Quantity("MW", "Power contracted from the grid, at the meter", high=1e6, above_low=True)]
IntervalSeconds = Annotated[float, Quantity("s", "Time between two values of the load", high=86_400.0, above_low=True)]
