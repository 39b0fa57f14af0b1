"""Scenarios as a person writes them: a name, and a factor or an absolute value for each driver."""

import re

from flexrev_xl.core.arguments import is_empty
from flexrev_xl.core.budget_line import DRIVERS
from flexrev_xl.errors import FlexError, nearest
from flexrev_xl.portfolio.columns import BY_NAME
from flexrev_xl.portfolio.models import LONGEST_TAB, Scenario, read_factor, read_text

# Tabs that a budget has besides its scenarios; a spreadsheet keeps "History" for itself.
RESERVED_TABS = (
    "About", "Inputs", "Terms", "Events", "Currencies", "Resources", "Programmes", "Scenarios", "Periods", "Capacity",
    "Energy", "Rates", "Scenario", "Summary", "Waterfall", "Budget", "Sensitivity", "Risk", "CPM",
    "Reconciliation", "Functions", "Lists", "Checks", "Change log", "History",
)  # fmt: skip
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
    faults, factors, absolutes = [], {}, {}
    try:
        name = _tab_name(item.get("name"))
    except FlexError as e:
        faults.append(e.at(place))
        name = None
    for key, value in item.items():
        if key == "name" or is_empty(value):
            continue
        if key not in DRIVERS:
            faults.append(
                FlexError(
                    "FLEX-116",
                    f"{key!r} is not a driver.{nearest(key, DRIVERS)}".rstrip("."),
                    place=place,
                    allowed=", ".join(DRIVERS),
                )
            )
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
    return (Scenario(name=name, factors=factors, absolutes=absolutes) if name else None), faults


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
