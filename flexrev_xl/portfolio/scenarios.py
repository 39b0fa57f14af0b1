"""Scenarios as a person writes them: a name, and a factor or an absolute value for each driver, of all rows or of some."""

import re

from flexrev_xl.core.arguments import is_empty
from flexrev_xl.core.budget_line import DRIVERS
from flexrev_xl.errors import FlexError, nearest
from flexrev_xl.portfolio.columns import BY_NAME
from flexrev_xl.portfolio.models import LONGEST_TAB, DriverException, Scenario, read_factor, read_text

# Tabs that a budget may have besides its scenarios; a spreadsheet keeps "History" for itself.
RESERVED_TABS = (
    "About", "Inputs", "Terms", "Events", "Currencies", "Resources", "Programmes", "Scenarios", "Exceptions", "Simulation", "Markets",
    "Periods", "Capacity", "Energy", "Rates", "Scenario", "Summary", "Waterfall", "Budget", "Levers", "Sensitivity", "Risk",
    "Risk by month", "Risk by line", "CPM", "Reconciliation", "Functions",
    "Lists", "Fingerprints", "Checks", "Change log", "History",
)  # fmt: skip
EXCEPTIONS = "exceptions"
_WHO = ("site", "programme")
_HOW = "site, programme, or both, beside the drivers"
_BARRED_IN_TABS = re.compile(r"[\[\]:*?/\\~]")


def defined_name_part(name):
    """A scenario's name as part of a defined name: other characters than letters and digits become _."""
    return re.sub(r"[^A-Za-z0-9]", "_", name)


def read_scenarios(items, source):
    """Scenarios from (mapping, place) pairs.

    Returns:
        (tuple of Scenario, faults).
    """
    scenarios, faults = [], []
    for number, (item, place) in enumerate(items, start=1):
        place = place or f"{source}, scenarios[{number}]"
        if not isinstance(item, dict):
            faults.append(
                FlexError("FLEX-116", f"{str(item)[:40]!r} is not a mapping of name and drivers", place=place)
            )
            continue
        scenario, found = _read_scenario(item, place)
        faults += found
        if scenario:
            scenarios.append((scenario, place))
    if not items:
        faults.append(
            FlexError(
                "FLEX-116",
                "the list of scenarios is empty",
                place=source,
                remedy="Leave it out for the usual four, or name one.",
            )
        )
    faults += _collisions(scenarios)
    return tuple(s for s, _ in scenarios), faults


def _read_scenario(item, place):
    faults, name = [], None
    try:
        name = _tab_name(item.get("name"))
    except FlexError as e:
        faults.append(e.at(place))
    drivers, found = _read_drivers(item, ("name", EXCEPTIONS), place)
    exceptions, wrong = _read_exceptions(item.get(EXCEPTIONS), place)
    faults += [*found, *wrong]
    return (Scenario(name=name, exceptions=exceptions, **drivers) if name else None), faults


def _read_drivers(item, others, place):
    """(factors and absolutes by driver, faults) of a mapping that holds the keys `others` beside its drivers."""
    faults, factors, absolutes = [], {}, {}
    known = (*DRIVERS, *(k for k in others if k != "name"))
    for key, value in item.items():
        if key in others or is_empty(value):
            continue
        if key not in DRIVERS:
            what = f"{key!r} is not a driver.{nearest(key, known)}".rstrip(".")
            faults.append(FlexError("FLEX-116", what, place=place, allowed=", ".join(known)))
            continue
        try:
            for part in value.values() if isinstance(value, dict) else (value,):
                if isinstance(part, FlexError):
                    raise part
            if isinstance(value, dict):
                if set(value) != {"absolute"}:
                    raise FlexError(
                        "FLEX-116", f"{key} holds {sorted(map(str, value))}", allowed="a factor, or {absolute: value}"
                    )
                absolutes[key] = BY_NAME[key].mark.read(value["absolute"])
            else:
                factors[key] = read_factor(value)
        except FlexError as e:
            faults.append(e.at(f"{place}, {key}"))
    return {"factors": factors, "absolutes": absolutes}, faults


def _read_exceptions(items, place):
    """(tuple of DriverException, faults) of a scenario's list, of mappings or (mapping, place) pairs."""
    if is_empty(items):
        return (), []
    if not isinstance(items, list):
        remedy = "Start each with a dash, then site or programme, and drivers."
        return (), [FlexError("FLEX-116", "it is not a list", place=f"{place}, {EXCEPTIONS}", remedy=remedy)]
    exceptions, faults = [], []
    for number, item in enumerate(items, start=1):
        item, where = item if isinstance(item, tuple) else (item, f"{place}, {EXCEPTIONS}[{number}]")
        if not isinstance(item, dict):
            faults.append(FlexError("FLEX-116", f"{str(item)[:40]!r} is not a mapping", place=where))
            continue
        names = {}
        for key in _WHO:
            try:
                names[key] = "" if is_empty(item.get(key)) else read_text(item[key])
            except FlexError as e:
                faults.append(e.at(f"{where}, {key}"))
        drivers, found = _read_drivers(item, _WHO, where)
        if not any(names.values()) and len(names) == len(_WHO):
            found.append(FlexError("FLEX-116", "it says of no site and of no programme", place=where, allowed=_HOW))
        if not any(drivers.values()) and not found:
            found.append(FlexError("FLEX-116", "it names no driver", place=where, allowed=", ".join(DRIVERS)))
        faults += found
        exceptions.append(DriverException(**names, **drivers, place=where))
    return tuple(exceptions), faults


def exception_faults(scenarios, rows):
    """Exceptions that no row is meant by, and rows of which two exceptions say the same driver: FLEX-116."""
    for scenario in scenarios:
        for number, one in enumerate(scenario.exceptions):
            if not any(one.fits(row) for row in rows):
                near = nearest(one.site, {r.site for r in rows}) or nearest(one.programme, {r.programme for r in rows})
                what = f"no row is in {one.who!r}.{near}".rstrip(".")
                yield FlexError("FLEX-116", what, place=one.place, allowed="a site, a programme, or both, of a row")
            for other in scenario.exceptions[number + 1 :]:
                yield from _clash(scenario, one, other, rows)


def _clash(scenario, one, other, rows):
    """Two exceptions of one scenario that say the same driver of a row with equal right."""
    twice = [driver for driver in DRIVERS if one.sets(driver) and other.sets(driver)]
    if not twice or one.is_for_one_pair != other.is_for_one_pair:
        return
    for row in rows:
        if one.fits(row) and other.fits(row):
            settled = [e for e in scenario.exceptions if e.is_for_one_pair and e.fits(row)]
            open_to_both = [d for d in twice if one.is_for_one_pair or not any(e.sets(d) for e in settled)]
            if open_to_both:
                what = f"{' and '.join(open_to_both)} of {row.site} in {row.programme} stands in {one.place} already"
                remedy = "Keep one, or add an exception that names this site and this programme."
                yield FlexError("FLEX-116", what, place=other.place, remedy=remedy)
                return


def _tab_name(value):
    if is_empty(value):
        raise FlexError("FLEX-116", "a scenario has no name", place="name")
    name = read_text(value)
    if len(name) > LONGEST_TAB:
        raise FlexError(
            "FLEX-116",
            f"{name!r} has {len(name)} characters",
            place="name",
            allowed=f"at most {LONGEST_TAB}, as it names a tab",
        )
    if _BARRED_IN_TABS.search(name) or name[0] == "'" or name[-1] == "'":
        raise FlexError(
            "FLEX-116",
            f"{name!r} cannot name a tab",
            place="name",
            allowed="no [ ] : * ? / \\ ~ and no apostrophe at either end",
        )
    if name.lower() in (t.lower() for t in RESERVED_TABS):
        raise FlexError("FLEX-116", f"{name!r} is a tab of the workbook already", place="name")
    return name


def _collisions(scenarios):
    seen = {}
    for scenario, place in scenarios:
        part = defined_name_part(scenario.name).lower()
        if part in seen:
            other = seen[part]
            yield FlexError(
                "FLEX-116",
                f"{scenario.name!r} and {other!r} would both be Net_Revenue_{defined_name_part(other)}",
                place=f"{place}, name",
            )
        seen.setdefault(part, scenario.name)
