"""Which columns of a power trace are read: the time, the load with its unit, the run."""

import re
from dataclasses import dataclass

from flexrev_xl.errors import FlexError, nearest, refuse

PER_MW = {"W": 1e6, "kW": 1e3, "MW": 1.0}
ALLOWED_UNITS = "W, kW or MW"
TIME, NUMBER, TEXT, OTHER = "time", "number", "text", "other"  # what a column can hold; a CSV holds text

_UNIT_WORDS = {
    **dict.fromkeys(("w", "watt", "watts"), "W"),
    **dict.fromkeys(("kw", "kilowatt", "kilowatts"), "kW"),
    **dict.fromkeys(("mw", "megawatt", "megawatts"), "MW"),
}
_POWER_WORDS = {"power", "load", "draw", "demand", "consumption"}
_NO_POWER_WORDS = {"wh", "kwh", "mwh", "gwh", "va", "kva", "mva", "var", "kvar"}
_TIME_WORDS = {
    *("t", "ts", "time", "timestamp", "timestamps", "datetime", "date", "stamp"),
    *("epoch", "unix", "elapsed", "second", "seconds", "sec", "utc"),
}
_RUN_HEADINGS = {"run", "run_id", "job", "job_id"}
_MOST_SHOWN = 12  # columns listed in a message


@dataclass(frozen=True)
class Columns:
    """The columns of a trace by the number they stand at, from 0, and the unit of the load with where it was found."""

    time: int | None
    load: int
    run: int | None
    unit: str
    unit_from: str


def choose(headings, kinds, *, source, column=None, time_column=None, unit=None, has_interval=False):
    """The columns to read.

    Args:
        headings: what stands above each column.
        kinds: what each column holds: TIME, NUMBER, TEXT or OTHER.
        source: the file's name.
        column, time_column: headings that the caller chose.
        unit: W, kW or MW where the caller gave it; it settles the load too where one heading alone names it.
        has_interval: whether the caller gave the interval, so that rows need no stamps.

    Returns:
        Columns.

    Raises:
        FlexError, FlexErrors: CPM-160 a column that cannot be settled, CPM-161 a unit, CPM-166 no time at all.
    """
    problems = list(_heading_faults(headings, source))
    refuse(problems)
    run = next((i for i, h in enumerate(headings) if h.strip().lower() in _RUN_HEADINGS), None)
    time = load = None
    try:
        time = _time(headings, kinds, time_column, has_interval, source)
    except FlexError as e:
        problems.append(e)
    try:
        load = _load(headings, kinds, column, {time, run}, source, unit)
    except FlexError as e:
        problems.append(e)
    found = unit_from = None
    try:
        found, unit_from = _unit("" if load is None else headings[load], unit, source, is_settled=load is not None)
    except FlexError as e:
        problems.append(e)
    refuse(problems)
    return Columns(time, load, run, found, unit_from)


def units_in(heading):
    """The units of power that a heading names, as a set.

    Example:
        >>> sorted(units_in("run1_cluster_kw")), sorted(units_in("Power [MW]")), sorted(units_in("totalkW"))
        (['kW'], ['MW'], ['kW'])
    """
    found = {_UNIT_WORDS[word] for word in _words(heading) if word in _UNIT_WORDS}
    if not found and (glued := re.search(r"(?<=[a-z0-9])(kW|KW|MW|W)$", heading.strip())):
        found = {_UNIT_WORDS[glued[1].lower()]}
    return found


def shown(heading):
    """A heading, or any text of the file, as it can stand in a message: in quotation marks, on one line, not long."""
    text = str(heading)
    return repr(text if len(text) <= 40 else text[:37] + "...")


def _words(heading):
    return [word.lower() for word in re.findall(r"[A-Za-z]+", heading)]


def _listed(headings):
    more = f" and {len(headings) - _MOST_SHOWN} more" if len(headings) > _MOST_SHOWN else ""
    return ", ".join(map(shown, headings[:_MOST_SHOWN])) + more


def _heading_faults(headings, source):
    place = f"{source}, headings"
    numbers = [h for h in headings if re.fullmatch(r"\s*[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?\s*", h)]
    if numbers:
        what = f"the first row holds the number {shown(numbers[0])} where a heading is expected"
        yield FlexError("CPM-160", what, place=place, remedy="Put a row of headings above, such as time,load_kw.")
    names = [h.strip().lower() for h in headings]
    twice = sorted({n for n in names if n and names.count(n) > 1})
    if twice:
        what = f"more than one column is named {_listed(twice)}"
        yield FlexError("CPM-160", what, place=place, remedy="Give each column a heading of its own.")


def _named(name, headings, flag):
    """The number of the column that the caller named."""
    for at, heading in enumerate(headings):
        if heading.strip().lower() == str(name).strip().lower():
            return at
    what = f"there is no column {shown(name)}.{nearest(name, headings)}".removesuffix(".")
    raise FlexError("CPM-160", what, place=flag, allowed=_listed(headings), remedy="Name one of them.")


def _time(headings, kinds, chosen, has_interval, source):
    if chosen is not None:
        return _named(chosen, headings, "--time-column")
    found = [i for i, kind in enumerate(kinds) if kind == TIME] or [
        i
        for i, heading in enumerate(headings)
        if kinds[i] != OTHER and _TIME_WORDS & set(_words(heading)) and not units_in(heading)
    ]
    if len(found) > 1:
        what = f"{len(found)} columns could be the time: {_listed([headings[i] for i in found])}"
        remedy = "Name one with --time-column; a date and a time apart must be joined in one column first."
        raise FlexError("CPM-160", what, place=f"{source}, headings", remedy=remedy)
    if not found and not has_interval:
        what = f"no column is a time among {_listed(headings)}"
        raise FlexError("CPM-166", what, place=f"{source}, headings")
    return found[0] if found else None


def _load(headings, kinds, chosen, taken, source, unit):
    place = f"{source}, headings"
    if chosen is not None:
        at = _named(chosen, headings, "--column")
        if at in taken:
            what = f"{shown(headings[at])} is the column of the time or of the run"
            raise FlexError("CPM-160", what, place="--column", remedy="Name the column that holds the load.")
        if kinds[at] in (TIME, OTHER) or _NO_POWER_WORDS & set(_words(headings[at])):
            what = f"{shown(headings[at])} does not hold power"
            remedy = "Name a column of power; energy of an interval divided by its hours is its mean power."
            raise FlexError("CPM-160", what, place="--column", remedy=remedy)
        return at
    free = [
        i
        for i, kind in enumerate(kinds)
        if i not in taken and kind in (NUMBER, TEXT) and not _NO_POWER_WORDS & set(_words(headings[i]))
    ]
    found = [i for i in free if units_in(headings[i]) or _POWER_WORDS & set(_words(headings[i]))] or free
    if not found:
        what = f"no column can be the load among {_listed(headings)}"
        raise FlexError("CPM-160", what, place=place, remedy="Add a column of power, such as load_kw.")
    if len(found) > 1 and unit is not None:
        of_unit = [i for i in found if units_in(headings[i]) == {_UNIT_WORDS.get(str(unit).strip().lower())}]
        found = of_unit if len(of_unit) == 1 else found
    if len(found) > 1:
        what = f"{len(found)} columns could be the load: {_listed([headings[i] for i in found])}"
        remedy = f"Name one with --column, such as --column {shown(headings[found[0]])}."
        raise FlexError("CPM-160", what, place=place, remedy=remedy)
    return found[0]


def _unit(heading, given, source, is_settled):
    """The unit of the load and where it was found; of the given one alone while the column is not settled."""
    place = f"{source}, {shown(heading)}"
    named = units_in(heading)
    unit = None if given is None else _UNIT_WORDS.get(str(given).strip().lower())
    if given is not None and (unit is None or str(given).strip() == "mW"):
        raise FlexError("CPM-161", f"{shown(given)} is not read", place="--unit", allowed=ALLOWED_UNITS)
    if not is_settled:
        return unit, "given"
    if len(named) > 1:
        what = f"the heading names more than one unit: {', '.join(u for u in PER_MW if u in named)}"
        raise FlexError("CPM-161", what, place=place, allowed=ALLOWED_UNITS, remedy="Leave one in the heading.")
    if "mW" in re.findall(r"[A-Za-z]+", heading):
        what = "the heading says mW, which is milliwatts"
        remedy = "Write MW where megawatts are meant; divide by 1,000 and write W where milliwatts are."
        raise FlexError("CPM-161", what, place=place, allowed=ALLOWED_UNITS, remedy=remedy)
    if named and unit and {unit} != named:
        what = f"--unit {unit} is given, and the heading says {named.pop()}"
        remedy = "Leave --unit out, or mend the heading."
        raise FlexError("CPM-161", what, place=place, remedy=remedy)
    if named:
        return named.pop(), "heading"
    if unit is None:
        raise FlexError("CPM-161", "neither the heading nor --unit says the unit", place=place, allowed=ALLOWED_UNITS)
    return unit, "given"
