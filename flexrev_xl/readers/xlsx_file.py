"""A workbook that flexrev built, read back: its Inputs and Scenarios tabs as a portfolio."""

import datetime as dt

from flexrev_xl.core.arguments import is_empty
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.assemble import Raw, RawRow
from flexrev_xl.portfolio.columns import BY_NAME, EXTRA_PREFIX, FACTOR_RANGE, HEADER_ITEMS, NAMES, driver_rows
from flexrev_xl.readers.safe_zip import check_workbook_file

INPUTS, SCENARIOS = "Inputs", "Scenarios"
LABELS = {label: key for key, label, *_ in HEADER_ITEMS}
DRIVER_OF = {label: (driver, kind) for driver, kind, label, _ in driver_rows()}
ROWS_SEARCHED = 40


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
        FlexError: FLEX-118 where it has no Inputs tab of flexrev's.
    """
    for title in (INPUTS, SCENARIOS):
        if title not in workbook.sheetnames:
            raise FlexError("FLEX-118", f"there is no tab {title}", place=source)
    raw = Raw(source=source, rows=[])
    rows = workbook[INPUTS].iter_rows(values_only=True)
    keys = None
    for number, row in enumerate(rows, start=1):
        if keys is None:
            if row and row[0] in LABELS and len(row) > 2:
                raw.header[LABELS[row[0]]] = row[2]
            if row and row[0] == NAMES[0]:
                keys, first = row, number + 2
            elif number > ROWS_SEARCHED:
                break
        elif number >= first and not all(map(is_empty, row)):
            raw.rows.append(_row(keys, row, number))
    if keys is None or not set(NAMES) <= set(keys):
        raise FlexError("FLEX-118", f"its tab {INPUTS} has no row of column keys", place=source)
    raw.scenarios = list(_scenarios(workbook[SCENARIOS], source, raw))
    return raw


def _row(keys, row, number):
    from openpyxl.utils import get_column_letter

    values, places = {}, {}
    for position, (key, value) in enumerate(zip(keys, row, strict=False), start=1):
        if key not in BY_NAME and not str(key or "").startswith(EXTRA_PREFIX):
            continue
        column = BY_NAME.get(key)
        if column and column.word and value == column.word:
            value = None
        if isinstance(value, dt.datetime):
            value = value.date()
        values[key] = value
        places[key] = f"{INPUTS}!{get_column_letter(position)}{number} {key}"
    return RawRow(values, f"{INPUTS} row {number}", places)


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
