"""Which defaults a budget took, in words, each with the number of lines that took it."""

from collections import defaultdict

from flexrev_xl.portfolio.column import EVENTS, TERMS
from flexrev_xl.portfolio.columns import BY_NAME, ON_TAB
from flexrev_xl.portfolio.models import DEFAULT_SCENARIOS
from flexrev_xl.portfolio.periods import paid_periods
from flexrev_xl.portfolio.terms import EVENT_COLUMNS, EVENT_MONTHS

_UNITS = ("rate_unit", "energy_unit")


def defaults_used(rows, header, scenarios_are_usual):
    """The defaults that rows and scenarios took.

    Args:
        rows: the enrolments, their periods settled.
        header: the portfolio's own values.
        scenarios_are_usual: whether none were given.
    """
    taken = defaultdict(int)
    for row in rows:
        for name in row.defaults:
            if text := _of_column(name, row):
                taken[text] += 1
    taken |= _of_library(rows)
    lines = [f"{text} ({n} of {len(rows)} lines)" for text, n in taken.items()]
    lines += _of_terms(rows)
    undated = sum(row.start is None for row in rows)
    if header["years"] > 1 and undated:
        lines.append(
            f"rows without dates are budgeted in each of the {header['years']} years ({undated} of {len(rows)})"
        )
    if scenarios_are_usual:
        lines.append(f"scenarios: {', '.join(s.name for s in DEFAULT_SCENARIOS)}")
    return tuple(lines)


def _of_column(name, row):
    """What a row took for a column of Inputs, in words; nothing where that says nothing."""
    column = BY_NAME[name]
    if column.tab in (TERMS, EVENTS, "") or name in _UNITS:
        return ""
    if name == "periods":
        if (
            not row.capacity_rate
            or row.periods != paid_periods(row)
            or (row.start and row.rate_unit.period.name != "year")
        ):
            return ""
        dates = f", from {row.start} to {row.end}" if row.start else ""
        return (
            f"periods: {row.periods:.6g} for a rate per {row.rate_unit.name}{dates}"
            if not dates or row.periods != 1.0
            else ""
        )
    other_rate = {"capacity_rate": row.energy_rate, "energy_rate": row.capacity_rate}
    if other_rate.get(name) or (column.default is None and not column.is_optional_limit):
        return ""
    return f"{name}: {_shown_default(column)}"


def _of_terms(rows):
    """One line for the terms that nobody gave, one for each that some did, one for the event months."""
    left_out = {c.name: sum(c.name in row.defaults for row in rows) for c in ON_TAB[TERMS]}
    none_gave = [f"{n}: {_shown_default(BY_NAME[n])}" for n, count in left_out.items() if rows and count == len(rows)]
    if none_gave:
        yield f"terms that no line gives: {', '.join(none_gave)}"
    some = [f"{n}: {_shown_default(BY_NAME[n])} ({count})" for n, count in left_out.items() if 0 < count < len(rows)]
    if some:
        yield f"terms that some of {len(rows)} lines leave out: {', '.join(some)}"
    even = sum(all(n in row.defaults for n in EVENT_COLUMNS) for row in rows)
    if even:
        yield f"{EVENT_MONTHS}: every month ({even} of {len(rows)} lines)"


def _of_library(rows):
    """What came from the programme library, with the number of lines that took the same."""
    taken = defaultdict(int)
    for row in rows:
        if row.from_library:
            terms = ", ".join(_shown_term(name, value) for name, value in row.from_library.items())
            taken[f"from the programme library, {row.programme}: {terms}"] += 1
    return taken


def _shown_term(name, value):
    if name.startswith("source"):
        return name  # stands in its own column
    return f"{name} {value:.12g}" if isinstance(value, float) else f"{name} {value}"


def _shown_default(column):
    if column.word:
        return column.word
    if column.is_number:
        return f"{column.default:.0%}" if column.unit == "%" else f"{column.default:g}"
    return column.default if column.default is not None else "the portfolio's"
