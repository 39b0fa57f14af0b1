"""What moves the result: a tornado of the drivers of net revenue, and gross revenue over hours and performance."""

from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Annotated, Any

from flexrev_xl.core.arguments import (
    CapacityRate,
    DispatchHours,
    EnergyRate,
    NominatedMW,
    Performance,
    Series,
    is_empty,
    mark,
)
from flexrev_xl.core.costs import net_revenue
from flexrev_xl.core.entry import excel
from flexrev_xl.core.revenue import TVA, total_revenue
from flexrev_xl.core.tables import Column, Table, Word, as_column_name
from flexrev_xl.errors import FlexError, nearest, refuse

NET = net_revenue.entry
ARGUMENTS = tuple(a.name for a in NET.arguments)
BASE = "Base"  # the last row of a tornado
CORNER = "h \\ performance"


@dataclass(frozen=True)
class Driver:
    """What an argument of net_revenue is, and what it is moved to: cells that the argument reads, None where empty."""

    name: str
    low: Any = None
    base: Any = None
    high: Any = None

    @property
    def is_moved(self):
        """Whether it has a low and a high; else it is held at its base."""
        return not (is_empty(self.low) or is_empty(self.high))


@dataclass(frozen=True)
class AsTyped:
    """A cell that is left to the argument named in its row."""

    help: str
    unit: str = "of the argument"
    allowed: str = f"as {NET.name}"

    def read(self, cell):
        """The cell as it is."""
        return cell


class InputTable(Table):
    """Arguments of net_revenue, a row each: by name in any order, or without any name in its own order."""

    def read(self, grid):
        """The Drivers of a range; rows that are empty throughout are arguments left out.

        Raises:
            FlexError, FlexErrors: every fault at once, each with its row and column.
        """
        if len({len(row) for row in grid}) > 1:
            raise FlexError("FLEX-020", "its rows have different lengths", allowed="rows of one length")
        names, data, problems = self._without_header(grid)
        columns_fit, rows, unknown = not problems, {}, []
        for (number, row), argument in zip(data, _arguments_in_order(names, data), strict=False):
            if all(map(is_empty, row)):
                continue
            values, faults = self._values(names, row)
            name = values.get("name", "") or argument
            if "name" not in values:
                unknown.append(row[names.index("name")])  # told by its mark
            elif name is None:
                what = f"there is no argument {number - data[0][0] + 1} of {NET.name}"
                faults.append(FlexError("FLEX-022", what, place="name", allowed=f"at most {len(ARGUMENTS)} rows"))
            elif not name:
                faults.append(FlexError("FLEX-001", "empty, while other rows are named", place="name"))
            elif name in rows:
                faults.append(FlexError("FLEX-033", f"{name!r} stands in row {rows[name][0]} already", place="name"))
            else:
                rows[name] = number, Driver(**{**values, "name": name})
            problems += (e.at(f"row {number}") for e in faults)
        if not (rows or problems):
            raise FlexError("FLEX-001", "no row in the whole range", allowed=self.allowed)
        refuse([*problems, *(_argument_faults(rows, unknown) if columns_fit else ())])
        return [driver for _, driver in rows.values()]

    def _without_header(self, grid):
        """The columns, the numbered rows below the header (all where there is none), and the faults of the header."""
        data = list(enumerate(grid, start=1))
        first = next((n for n, row in data if not all(map(is_empty, row))), None)
        if first is None or not self._is_header(grid[first - 1]):
            return self.names, data, []
        names = [as_column_name(cell) for cell in grid[first - 1]]
        faults = self._header_faults(grid[first - 1], names)
        return names, data[first:], [e.at(f"row {first}") for e in faults]


def _arguments_in_order(names, data):
    """For each row the argument that it is by its place; nothing where any row has a name."""
    column = names.index("name") if "name" in names else None
    is_named = column is not None and not all(is_empty(cell) for _, row in data for cell in row[column : column + 1])
    return repeat("") if is_named else chain(ARGUMENTS, repeat(None))


def _argument_faults(rows, unknown):
    """What net_revenue refuses of the base, and of each low and high in its place.

    Args:
        rows: (row number, Driver) by argument.
        unknown: names that are no arguments; what is missing because it is misspelt is told as misspelt already.
    """
    base = {name: driver.base for name, (_, driver) in rows.items()}
    of_base = _refused(base)
    for problem in of_base:
        if problem.place in rows:
            yield _placed(problem, f"row {rows[problem.place][0]}, base")
        elif not nearest(problem.place, unknown):
            yield problem
    told = set(map(str, of_base))
    for name, (number, driver) in rows.items():
        sides = {"low": driver.low, "high": driver.high}
        for side, cell in sides.items():
            place = f"row {number}, {side}"
            if is_empty(cell):
                if any(not is_empty(other) for other in sides.values()):
                    remedy = "Give both, or leave both empty to hold it at its base."
                    yield FlexError("FLEX-001", "only one of low and high is given", place=place, remedy=remedy)
                continue
            for problem in _refused({**base, name: cell}):
                if problem.place == name:
                    yield _placed(problem, place)
                elif str(problem) not in told:
                    yield problem.at(place)


def _refused(cells):
    """What net_revenue refuses of these cells, each by the name of its argument."""
    try:
        net_revenue(**cells)
    except FlexError as e:
        return e.problems
    return []


def _placed(problem, place):
    """The same mistake at another place."""
    return FlexError(problem.code, problem.what, place=place, allowed=problem.allowed, remedy=problem.remedy)


InputRows = Annotated[
    list,
    InputTable(
        f"Arguments of {NET.name}: name (or none, in its order), low, base, high; without low and high it is held",
        (
            Column("name", Word(dict.fromkeys(ARGUMENTS, 0.0), f"Argument of {NET.name}"), ""),
            Column("low", AsTyped("What it is moved down to; without low and high it is held at its base"), None),
            Column("base", AsTyped("What it is; the argument's own default when empty"), None),
            Column("high", AsTyped("What it is moved up to"), None),
        ),
        Driver,
        lambda driver: (),
    ),
]
RatePerMWYear = Annotated[float, replace(mark(CapacityRate), unit="money/MW-year", help="Capacity rate")]
RatePerMWh = Annotated[float, replace(mark(EnergyRate), unit="money/MWh", help="Energy rate")]
HoursAxis = Annotated[list, Series(mark(DispatchHours), along="hours")]
PerformanceAxis = Annotated[list, Series(mark(Performance), along="performance")]


@excel(
    category="Sensitivity",
    unit="table",
    columns=("driver", "net at low", "net at high", "width"),
    source=f"{NET.name}, one argument moved at a time; section 4 of the model",
    example=(
        (
            [
                ["name", "low", "base", "high"],
                ["nominated_mw", "", 10, ""],
                ["capacity_rate", 90000, 100000, 110000],
                ["dispatch_hours", 16, 32, 64],
                ["energy_rate", "", 50, ""],
                ["performance", 0.5, 0.75, 1],
                ["penalty_rate", "", 1000, ""],
                ["marginal_cost", "", 200, ""],
            ],
        ),
        [
            ["performance", 316000.0, 952000.0, 636000.0],
            ["dispatch_hours", 692000.0, 518000.0, 174000.0],
            ["capacity_rate", 559000.0, 709000.0, 150000.0],
            ["Base", 634000.0, 634000.0, 0.0],
        ],
    ),
)
def tornado(input_table: InputRows):
    """What net revenue comes to when one driver alone is low, then high; the widest first, the base last.

    Width is the distance between the least and the most of net at low, at base and at high.
    """
    cells = {driver.name: driver.base for driver in input_table}
    base = net_revenue(**cells)
    rows = []
    for driver in input_table:
        if driver.is_moved:
            low, high = (net_revenue(**{**cells, driver.name: cell}) for cell in (driver.low, driver.high))
            rows.append([driver.name, low, high, max(low, base, high) - min(low, base, high)])
    rows.sort(key=lambda row: -row[-1])
    return [*rows, [BASE, base, base, 0.0]]


@excel(
    category="Sensitivity",
    unit="table",
    columns=("h", "total revenue at each performance"),
    source=TVA,
    example=(
        (5, 113640, 100, [0, 48, 96], [0.5, 1]),
        [
            [CORNER, 0.5, 1.0],
            [0.0, 284100.0, 568200.0],
            [48.0, 296100.0, 592200.0],
            [96.0, 308100.0, 616200.0],
        ],
    ),
)
def sensitivity(
    nominated_mw: NominatedMW,
    capacity_rate: RatePerMWYear,
    energy_rate: RatePerMWh,
    dispatch_hours: HoursAxis,
    performance: PerformanceAxis,
):
    """Gross revenue a year for each pair of dispatch hours (down) and performance (across), before penalties and cost."""
    grid = total_revenue(nominated_mw, capacity_rate, [[h] for h in dispatch_hours], energy_rate, [performance])
    rows = [[h, *row] for h, row in zip(dispatch_hours, grid.tolist(), strict=True)]
    return [[CORNER, *performance], *rows]
