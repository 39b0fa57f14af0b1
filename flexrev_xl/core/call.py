"""The one broadcaster: cells in, results or error values out.

Every host hands over grids of cells; Python hands over numbers and sequences. Reading, bounds and
the spread of single cells over ranges happen here and nowhere else. One bad row costs one row.
"""

import math

from flexrev_xl.core.arguments import REQUIRED, Periods, Text, Unit, is_empty, is_error
from flexrev_xl.core.units import agree_on_currency
from flexrev_xl.errors import FlexError, refuse


class ErrorValue(Exception):
    """A spreadsheet error that came in and goes out unchanged in meaning."""

    def __init__(self, text):
        super().__init__(text)
        self.text = text


def call_cells(entry, grids, error_text=lambda problems: "#VALUE!"):
    """Evaluate a function over grids of cells, as a spreadsheet hands them over.

    Args:
        entry: the function's Entry.
        grids: for each argument in order a list of rows, or None where it was left out.
        error_text: what a bad row of a range shows, made from its problems.

    Returns:
        A list of rows. A range result carries an error text in each bad row.

    Raises:
        FlexError, FlexErrors: where a lone cell, a text or a whole range cannot be read.
        ErrorValue: where a lone cell carries a spreadsheet error.
    """
    arguments = entry.arguments
    if len(grids) > len(arguments):
        raise FlexError(
            "FLEX-022", f"{len(grids)} arguments for the {len(arguments)} of {entry.usage}", place=entry.name
        )
    grids = [*grids, *[None] * (len(arguments) - len(grids))]
    values, problems = _read_whole(arguments, grids)
    rows = [
        (a, _quantity(a, values), g) for a, g in zip(arguments, grids, strict=True) if not (a.is_text or a.is_whole)
    ]
    height, width = _shape(rows, entry, problems)
    if height * width == 1:
        return _call_once(entry, values, rows, problems)
    return _call_range(entry, values, rows, problems, (height, width), error_text)


def _read_whole(arguments, grids):
    """Text, series and tables, which are read before the numbers: a unit decides what periods mean."""
    values, problems = {}, []
    for a, grid in zip(arguments, grids, strict=True):
        try:
            if a.is_text:
                values[a.name] = a.mark.read(_lone_text(a, grid))
            elif a.is_series:
                values[a.name] = [] if grid is None else [cell for row in grid for cell in row]
            elif a.is_table:
                values[a.name] = _read_table(a, grid)
        except FlexError as e:
            problems += e.at(a.name).problems
    series = [a for a in arguments if a.is_series]
    for along in dict.fromkeys(a.mark.along for a in series):
        problems += _read_series([a for a in series if a.mark.along == along], values)
    units = [v for a in arguments if isinstance(a.mark, Unit) and (v := values.get(a.name))]
    try:
        agree_on_currency(u.currency for u in units)
    except FlexError as e:
        problems.append(e.at(" and ".join(a.name for a in arguments if isinstance(a.mark, Unit))))
    return values, problems


def _lone_text(argument, grid):
    cells = [argument.default] if grid is None else [c for row in grid for c in row]
    if len(cells) != 1:
        raise FlexError("FLEX-021", f"{len(cells)} cells where one text is needed", allowed=argument.mark.allowed)
    cell = cells[0]
    if is_error(cell):
        raise ErrorValue(cell)
    if is_empty(cell):
        cell = argument.default
    if cell is REQUIRED:
        raise FlexError("FLEX-001", "empty", allowed=argument.mark.allowed)
    return cell


def _read_table(argument, grid):
    error = next((cell for row in grid or [] for cell in row if is_error(cell)), None)
    if error:
        raise ErrorValue(error)
    return argument.mark.read(grid or [])


def _read_series(series, values):
    """Vectors of one length without their empty rows; faults carry the number of the cell in the range."""
    lengths = {a.name: len(values[a.name]) for a in series}
    if len(set(lengths.values())) > 1:
        shown = " and ".join(f"{name} has {n}" for name, n in lengths.items())
        yield FlexError("FLEX-020", f"{shown} cells", place=" and ".join(lengths))
        return
    rows = list(enumerate(zip(*(values[a.name] for a in series), strict=True), start=1))
    filled = [number for number, row in rows if not all(map(is_empty, row))]
    if not filled:
        yield FlexError("FLEX-001", "no value in the whole range", place=" and ".join(lengths))
    in_time = any(a.mark.in_time for a in series)
    kept = rows[: filled[-1]] if filled and in_time else [rows[number - 1] for number in filled]
    numbers = [number for number, _ in kept]
    for a, column in zip(series, zip(*(row for _, row in kept), strict=True), strict=False):
        unit = values.get(getattr(a.mark.quantity, "unit_argument", None))
        quantity = a.mark.quantity.of(unit) if isinstance(a.mark.quantity, Periods) and unit else a.mark.quantity
        read = []
        for i, cell in zip(numbers, column, strict=True):
            if is_error(cell):
                raise ErrorValue(cell)
            try:
                if is_empty(cell):
                    raise FlexError("FLEX-001", "empty", allowed=quantity.allowed)
                read.append(quantity.read(cell))
            except FlexError as e:
                yield e.at(f"{a.name}[{i}]")
        values[a.name] = read


def _quantity(argument, values):
    """The argument's Quantity, settled by the unit beside it where it depends on one."""
    if isinstance(argument.mark, Periods) and (unit := values.get(argument.mark.unit_argument)):
        return argument.mark.of(unit)
    return argument.mark


def _default(argument, values):
    if isinstance(argument.mark, Periods) and argument.default is None:
        unit = values.get(argument.mark.unit_argument)
        return argument.mark.default(unit) if unit else None
    return argument.default


def _shape(rows, entry, problems):
    sizes = {a.name: (len(g), len(g[0])) for a, _, g in rows if g is not None}
    height = max((h for h, _ in sizes.values()), default=1)
    width = max((w for _, w in sizes.values()), default=1)
    for name, (h, w) in sizes.items():
        if h not in (1, height) or w not in (1, width):
            problems.append(
                FlexError(
                    "FLEX-020",
                    f"{h} x {w} cells beside {height} x {width}",
                    place=name,
                    allowed="one cell, or the same size",
                )
            )
    if not entry.is_elementwise and height * width > 1:
        names = " and ".join(n for n, size in sizes.items() if size != (1, 1))
        problems.append(FlexError("FLEX-021", f"a range of {height} x {width} cells", place=names))
    if any(p.code in ("FLEX-020", "FLEX-021") for p in problems):
        refuse(problems)
    return height, width


def _read_cell(argument, quantity, cell, values):
    if is_error(cell):
        raise ErrorValue(cell)
    if is_empty(cell):
        cell = _default(argument, values)
        if cell is REQUIRED:
            raise FlexError("FLEX-001", "empty", allowed=quantity.allowed)
        return cell
    return quantity.read(cell)


def _call_once(entry, values, rows, problems):
    problems = list(problems)
    for a, quantity, grid in rows:
        try:
            values[a.name] = _read_cell(a, quantity, None if grid is None else grid[0][0], values)
        except FlexError as e:
            problems.append(e.at(a.name))
    if not problems and entry.check:
        problems += entry.check(values)
    refuse(problems)
    result = entry.formula(**_in_numbers(entry, values))
    if entry.spills:
        return result
    return [[_finite(entry, result)]]


def _finite(entry, result):
    if isinstance(result, str):
        return result
    if not math.isfinite(result):
        raise FlexError("FLEX-006", "the result is too large to be a number", place=entry.name)
    return float(result)


def _in_numbers(entry, values):
    """Units and choices as the numbers they are in a formula."""
    numbers = {}
    for a in entry.arguments:
        value = values[a.name]
        if a.is_text and not isinstance(a.mark, Text):
            value = value.factor if isinstance(a.mark, Unit) else a.mark.numbers[value]
        numbers[a.name] = value
    return numbers


def _call_range(entry, values, rows, problems, size, error_text):
    import numpy as np

    (height, width), problems, bad = size, list(problems), {}
    for a, quantity, grid in rows:
        try:
            values[a.name], faults = _read_grid(a, quantity, grid, values)
        except ErrorValue as e:
            return [[e.text] * width for _ in range(height)]
        except FlexError as e:
            problems.append(e)
            continue
        for (r, c), fault in faults.items():
            for row in range(height) if len(grid) == 1 else (r,):
                for column in range(width) if len(grid[0]) == 1 else (c,):
                    bad.setdefault((row, column), []).append(fault)
    refuse(problems)
    with np.errstate(all="ignore"):
        result = np.broadcast_to(np.asarray(entry.formula(**_in_numbers(entry, values)), dtype=float), (height, width))
    out = result.tolist()
    for r, c in zip(*np.nonzero(~np.isfinite(result)), strict=True):
        bad.setdefault(
            (int(r), int(c)), [FlexError("FLEX-006", "the result is too large to be a number", place=entry.name)]
        )
    for (r, c), faults in bad.items():
        came_in = next((f for f in faults if isinstance(f, ErrorValue)), None)
        out[r][c] = came_in.text if came_in else error_text(faults)
    return out


def _read_grid(argument, quantity, grid, values):
    """A grid as a float array (nan where a limit was not given) and its faults by place."""
    import numpy as np

    if grid is None or len(grid) == len(grid[0]) == 1:
        try:
            value = _read_cell(argument, quantity, None if grid is None else grid[0][0], values)
        except FlexError as e:
            raise e.at(argument.name) from None
        return value, {}
    cells = [cell for row in grid for cell in row]
    faults, plain = {}, cells
    width = len(grid[0])
    if not {float, int}.issuperset(map(type, cells)):
        plain = []
        for i, cell in enumerate(cells):
            try:
                value = cell if type(cell) in (float, int) else _read_cell(argument, quantity, cell, values)
                plain.append(math.nan if value is None else value)
            except (FlexError, ErrorValue) as e:
                faults[divmod(i, width)] = e.at(argument.name) if isinstance(e, FlexError) else e
                plain.append(math.nan)
    array, refused = quantity.read_array(np.array(plain, dtype=float))
    for i in np.nonzero(refused)[0].tolist():
        place = divmod(i, width)
        if place not in faults and not (is_empty(cells[i]) and argument.default is None):
            try:
                quantity.read(cells[i])
            except FlexError as e:
                faults[place] = e.at(argument.name)
    return array.reshape(len(grid), width), faults


def call_from_python(entry, args, kwargs):
    """Call a function with Python values: numbers, text, sequences; every fault is raised at once."""
    names = [a.name for a in entry.arguments]
    given = dict(zip(names, args, strict=False))
    problems = [FlexError("FLEX-022", f"unknown argument {k!r}", place=entry.name) for k in kwargs if k not in names]
    problems += [FlexError("FLEX-022", f"{k} is given twice", place=entry.name) for k in kwargs if k in given]
    if len(args) > len(names):
        problems.append(
            FlexError("FLEX-022", f"{len(args)} arguments for the {len(names)} of {entry.usage}", place=entry.name)
        )
    refuse(problems)
    given.update(kwargs)
    grids = []
    for name in names:
        try:
            grids.append(_grid(given.get(name)))
        except FlexError as e:
            problems.append(e.at(name))
    refuse(problems)
    elementwise = [given[a.name] for a in entry.arguments if a.name in given and not (a.is_text or a.is_whole)]
    sequence = next(
        (v for v in elementwise if isinstance(v, list | tuple) or (hasattr(v, "shape") and v.shape != ())), None
    )
    try:
        if sequence is None:
            result = call_cells(entry, grids)
            return result if entry.spills else result[0][0]
        out = call_cells(entry, grids, error_text=list)
    except ErrorValue as e:
        raise FlexError("FLEX-002", f"{e.text!r} is not a number", place=entry.name) from None
    refuse(_faults_by_row(out))
    import numpy as np

    array = np.array(out, dtype=float)
    return array[:, 0] if np.ndim(sequence) == 1 and array.shape[1] == 1 else array


def _faults_by_row(out):
    """The faults that `call_cells` left in the cells of a result, each with its row."""
    for number, row in enumerate(out, start=1):
        for cell in row:
            if isinstance(cell, str):
                yield FlexError("FLEX-002", f"{cell!r} is not a number", place=f"row {number}")
            elif isinstance(cell, list):
                yield from (fault.at(f"row {number}") for fault in cell)


def _grid(value):
    """A Python value as a grid of cells: a sequence is a column."""
    if value is None:
        return None
    if hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, list | tuple):
        return [[value]]
    rows = [list(row) if isinstance(row, list | tuple) else [row] for row in value] or [[None]]
    if len({len(row) for row in rows}) > 1:
        raise FlexError("FLEX-020", "its rows have different lengths", allowed="rows of one length")
    return rows
