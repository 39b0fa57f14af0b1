"""A workbook that flexrev built, read back: its Inputs and Scenarios tabs as a portfolio."""

import datetime as dt

from flexrev_xl.core.arguments import is_empty
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.assemble import Raw, RawRow
from flexrev_xl.portfolio.column import INPUTS, TABS
from flexrev_xl.portfolio.columns import (
    AS_SCENARIO,
    BY_NAME,
    EXTRA_PREFIX,
    FACTOR_RANGE,
    HEADER_ITEMS,
    NAMES,
    NO_EXCEPTION,
    ON_TAB,
    driver_rows,
)
from flexrev_xl.portfolio.currencies import KEYS as RATE_KEYS
from flexrev_xl.portfolio.scenarios import EXCEPTIONS as LIST_OF_EXCEPTIONS
from flexrev_xl.portfolio.sites import RESOURCES as RESOURCE_TABLE
from flexrev_xl.readers.safe_zip import check_workbook_file
from flexrev_xl.readers.xlsx_simulation import read_simulation
from flexrev_xl.readers.xlsx_table import ROWS_SEARCHED, table_of

SCENARIOS, EXCEPTIONS, CURRENCIES, RESOURCES = "Scenarios", "Exceptions", "Currencies", "Resources"
LABELS = {label: key for key, label, *_ in HEADER_ITEMS}
DRIVER_OF = {label: (driver, kind) for driver, kind, label, _ in driver_rows()}


def read(path):
    """What a built workbook's inputs say, as Raw."""
    from openpyxl import load_workbook

    check_workbook_file(path)
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
    except Exception as e:
        raise FlexError(
            "FLEX-114", f"the file is not a readable Excel workbook ({type(e).__name__})", place=path.name
        ) from None
    try:
        return read_workbook(workbook, path.name)
    except FlexError:
        raise
    except Exception as e:  # read-only sheets are parsed while they are read
        raise FlexError(
            "FLEX-114", f"a tab of the workbook cannot be read ({type(e).__name__})", place=path.name
        ) from None
    finally:
        workbook.close()


def read_workbook(workbook, source):
    """The inputs of an opened workbook, as Raw.

    Raises:
        FlexError: FLEX-118 where it lacks a tab of flexrev's, or a row of keys.
    """
    for title in (*TABS, CURRENCIES, RESOURCES, SCENARIOS):
        if title not in workbook.sheetnames:
            raise FlexError("FLEX-118", f"there is no tab {title}", place=source)
    raw = Raw(source=source, rows=[])
    raw.header = _header(workbook[INPUTS])
    for tab in TABS:
        keys, rows = table_of(workbook[tab], NAMES[0], source)
        needed = {c.name for c in ON_TAB[tab]}
        if not needed <= set(keys):
            raise FlexError("FLEX-118", f"its tab {tab} has no row of column keys", place=source)
        own = needed if tab != INPUTS else None
        for position, (number, row) in enumerate(rows):
            if tab == INPUTS:
                raw.rows.append(RawRow({}, f"{INPUTS} row {number}"))
            if position < len(raw.rows):
                _add(raw.rows[position], tab, keys, row, number, own)
    raw.exchange_rates = list(_exchange_rates(workbook[CURRENCIES], source, raw.header.get("currency")))
    raw.resources = _resources(workbook[RESOURCES], source)
    raw.scenarios = list(_scenarios(workbook[SCENARIOS], source, raw))
    if EXCEPTIONS in workbook.sheetnames:  # an older workbook has none
        _add_exceptions(workbook[EXCEPTIONS], source, raw)
    raw.simulation = read_simulation(workbook, [row.place for row in raw.rows], source)
    return raw


def _header(sheet):
    rows = sheet.iter_rows(min_row=1, max_row=ROWS_SEARCHED, max_col=3, values_only=True)
    return {LABELS[row[0]]: row[2] for row in rows if row and row[0] in LABELS and len(row) > 2}


def _add(raw_row, tab, keys, row, number, own=None):
    """Add the cells of a row of one tab to an enrolment; on tabs beside Inputs only the columns of their own."""
    from openpyxl.utils import get_column_letter

    for position, (key, value) in enumerate(zip(keys, row, strict=False), start=1):
        known = key in own if own else key in BY_NAME or str(key or "").startswith(EXTRA_PREFIX)
        if not known:
            continue
        column = BY_NAME.get(key)
        if column and column.word and value == column.word:
            value = None
        if isinstance(value, dt.datetime):
            value = value.date()
        raw_row.values[key] = value
        raw_row.places[key] = f"{tab}!{get_column_letter(position)}{number} {key}"


def _exchange_rates(sheet, source, own_currency):
    """(mapping, place) of each row of the Currencies tab but the portfolio's own."""
    keys, rows = table_of(sheet, RATE_KEYS[0], source)
    for number, row in rows:
        if row[0] != own_currency:
            item = {k: v.date() if isinstance(v, dt.datetime) else v for k, v in zip(keys, row, strict=False) if k}
            yield {k: v for k, v in item.items() if k in RATE_KEYS}, f"{CURRENCIES} row {number}"


def _resources(sheet, source):
    """(list of mappings, place) of each site on the Resources tab."""
    keys, rows = table_of(sheet, NAMES[0], source)
    found = {}
    for number, row in rows:
        item = dict(zip(keys, row, strict=False))
        held, _ = found.setdefault(str(item.get("site")), ([], f"{RESOURCES} row {number}"))
        held.append({k: v for k, v in item.items() if k in RESOURCE_TABLE.names and not is_empty(v)})
    return found


def _scenarios(sheet, source, raw):
    """(mapping, place) of each scenario: a column of the Scenarios tab."""
    rows = [row for row in sheet.iter_rows(min_row=1, max_row=ROWS_SEARCHED, values_only=True) if row]
    header = next((i for i, row in enumerate(rows) if row[0] == "Driver"), None)
    if header is None:
        raise FlexError("FLEX-118", f"its tab {SCENARIOS} has no row of drivers", place=source)
    for column in range(3, len(rows[header])):
        name = rows[header][column]
        if is_empty(name):
            continue
        item = {"name": name}
        for row in rows[header + 1 :]:
            driver, kind = DRIVER_OF.get(row[0], (None, None))
            value = row[column] if column < len(row) else None
            if driver and kind == "factor":
                if is_empty(value):
                    raw.problems.append(
                        FlexError(
                            "FLEX-001",
                            "the factor is empty",
                            place=f"{SCENARIOS}, {name}, {row[0]}",
                            allowed=FACTOR_RANGE,
                        )
                    )
                elif value != 1 and driver not in item:
                    item[driver] = value
            elif driver and isinstance(value, int | float) and not isinstance(value, bool):
                item[driver] = {"absolute": value}
        yield item, f"{SCENARIOS}, {name}"


def _add_exceptions(sheet, source, raw):
    """Give each scenario the rows of the Exceptions tab that name it."""
    keys, rows = table_of(sheet, "scenario", source)
    known, seen = {str(item["name"]).casefold(): item for item, _ in raw.scenarios}, {}
    for number, row in rows:
        cells, place = dict(zip(keys, row, strict=False)), f"{EXCEPTIONS} row {number}"
        who = {key: None if cells.get(key) == NO_EXCEPTION else cells.get(key) for key in ("site", "programme")}
        item = known.get(str(cells["scenario"]).casefold())
        if all(map(is_empty, who.values())):
            continue
        if any(map(is_empty, who.values())):
            what = "it names a site or a programme, not both"
            raw.problems.append(
                FlexError("FLEX-116", what, place=place, remedy=f"Name both, or {NO_EXCEPTION} in both.")
            )
            continue
        key = tuple(str(v).strip().casefold() for v in (cells["scenario"], *who.values()))
        if (first := seen.setdefault(key, place)) != place:
            what = f"the same scenario, site and programme stand in {first} already"
            raw.problems.append(FlexError("FLEX-116", what, place=place, remedy="Keep one row, with all its drivers."))
            continue
        if item is None:
            what = f"there is no scenario {str(cells['scenario'])[:40]!r}"
            raw.problems.append(
                FlexError("FLEX-116", what, place=place, allowed=", ".join(i["name"] for i in known.values()))
            )
            continue
        for driver, kind, *_ in driver_rows():
            value = cells.get(f"{driver}_{kind}")
            if not is_empty(value) and value != AS_SCENARIO:
                who[driver] = value if kind == "factor" else {"absolute": value}
        raw_exceptions = item.setdefault(LIST_OF_EXCEPTIONS, [])
        raw_exceptions.append(({k: v for k, v in who.items() if v is not None}, place))
