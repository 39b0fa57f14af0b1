"""Whether two figures agree: to rounding of the largest that they are made of."""

RELATIVE = 1e-9


def is_number(value):
    """Whether a value is a number, truth values not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(a, b, scale=0.0):
    """Whether two values are the same, numbers to 1e-9 of themselves or of `scale`; an empty cell is 0 or no text."""
    if is_number(a) and is_number(b):
        return abs(a - b) <= RELATIVE * max(abs(a), abs(b), scale)
    return (a if a is not None else "") == (b if b is not None else "") or ({a, b} <= {None, 0, ""})


def scales(quantities):
    """The largest number of each unit in one row: what its sums and differences are made of."""
    largest = {}
    for unit, value in quantities:
        if unit:
            least = 1.0 if unit == "%" else 0.0  # a shortfall is what is left of the whole
            largest[unit] = max(largest.get(unit, least), abs(value) if is_number(value) else 0.0)
    return largest


def shown(value):
    """A value as a difference is told."""
    if is_number(value):
        return f"{value:,.6g}" if abs(value) < 1 else f"{value:,.2f}"
    return "nothing" if value is None else repr(value)[:80]
