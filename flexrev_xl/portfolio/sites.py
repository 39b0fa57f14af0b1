"""What a site has: its resources, what they could be nominated for, and engines that a programme bars."""

import re

from flexrev_xl.core.arguments import mark
from flexrev_xl.core.nomination import nominated_capacity
from flexrev_xl.core.resources import EMERGENCY, ResourceTable
from flexrev_xl.errors import FlexError
from flexrev_xl.programmes import library

RESOURCES = mark(ResourceTable)


def read_resources(items, place):
    """The resources of one site.

    Args:
        items: a list of mappings, a key for each column of the resource table.
        place: of the list.

    Returns:
        (tuple of Resource, faults).
    """
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        what = "resources is not a list of mappings"
        return (), [FlexError("FLEX-114", what, place=place, allowed=RESOURCES.allowed)]
    if not items:
        return (), []
    cells = [(f"{place}[{n}], {key}", v) for n, item in enumerate(items) for key, v in item.items()]
    if found := [v.at(cell) for cell, v in cells if isinstance(v, FlexError)]:
        return (), found
    names = list(dict.fromkeys(str(key) for item in items for key in item))
    if sum(name in RESOURCES.names for name in names) < 2:  # else the table would take its header for a row
        return (), [FlexError("FLEX-105", "name, kind and power_mw are needed", place=place, allowed=RESOURCES.allowed)]
    try:
        return tuple(RESOURCES.read([names, *([_cell(item, n) for n in names] for item in items)])), []
    except FlexError as e:
        return (), [_of_list(fault, place) for fault in e.problems]


def _cell(item, name):
    return next((v for k, v in item.items() if str(k) == name), None)


def _of_list(fault, place):
    """A fault of row n of the grid, which is entry n - 2 of the list: its header, whose faults name the key, is our own."""
    row, _, column = fault.place.partition(", ")
    number = int(row.removeprefix("row ") or 1) - 2
    where = f"{place}[{number}], {column}".rstrip(", ") if number >= 0 else place
    what = re.sub(r"row (\d+) already", lambda m: f"resources[{int(m[1]) - 2}] already", fault.what)
    return FlexError(fault.code, what, place=where, allowed=fault.allowed, remedy=fault.remedy)


def nominated_from(resources, event_hours, notice_minutes, load_mw, critical_mw):
    """What resources can be nominated for, in MW.

    Raises:
        FlexError: what `FLEX_NOMINATED_CAPACITY` refuses.
    """
    header = [*RESOURCES.names]
    grid = [header, *([getattr(r, name) for name in header] for r in resources)]
    return nominated_capacity(grid, event_hours, notice_minutes or 0.0, False, load_mw, critical_mw or 0.0)


def engine_faults(rows, resources, programmes=None):
    """Engines permitted for emergencies only, at a site whose programme bars such engines: FLEX-125."""
    for row in rows:
        entry = library.find(row.programme, programmes)
        if entry is None or EMERGENCY not in entry.bars_permits:
            continue
        for resource in resources.get(row.site) or ():
            if resource.permit == EMERGENCY:
                what = f"{resource.name} is permitted for emergencies only, and {entry.id} bars such engines"
                yield FlexError("FLEX-125", what, place=f"{row.place}, {row.site}, resources")
