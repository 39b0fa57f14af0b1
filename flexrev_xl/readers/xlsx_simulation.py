"""What a workbook that flexrev built assumes of a simulation: its tabs Simulation and Markets."""

from flexrev_xl.core.arguments import is_empty
from flexrev_xl.portfolio.columns import NAMES
from flexrev_xl.portfolio.uncertainty import AS_USUAL, BETWEEN_MARKETS, BY_NAME, NO_PAIR
from flexrev_xl.readers.xlsx_table import table_of

SIMULATION, MARKETS = "Simulation", "Markets"
PAIR = ("first_market", "second_market", "correlation")


def read_simulation(workbook, places, source):
    """The arguments of `read_uncertainty`; None where everything is as usual, or an older workbook has no such tab.

    Args:
        workbook: an opened workbook.
        places: of each enrolment, in the order of the rows.
        source: name of the file.
    """
    by_row = dict(_rows(workbook[SIMULATION], places, source)) if SIMULATION in workbook.sheetnames else {}
    pairs = list(_pairs(workbook[MARKETS], source)) if MARKETS in workbook.sheetnames else []
    if not by_row and not pairs:
        return None
    return {BETWEEN_MARKETS: pairs} if pairs else {}, SIMULATION, by_row


def _rows(sheet, places, source):
    """(place of the enrolment, (what is given, where each value stands)) of each row of which something is given."""
    from openpyxl.utils import get_column_letter

    keys, rows = table_of(sheet, NAMES[0], source)
    for place, (number, row) in zip(places, rows, strict=False):
        cells = [(key, column, v) for column, (key, v) in enumerate(zip(keys, row, strict=False), start=1)]
        given = [(k, c, v) for k, c, v in cells if k in BY_NAME and not is_empty(v) and not _is(v, AS_USUAL)]
        if given:
            at = {k: f"{SIMULATION}!{get_column_letter(c)}{number} {k}" for k, c, _ in given}
            yield place, ({k: v for k, _, v in given}, at)


def _pairs(sheet, source):
    """(place, mapping as in YAML) of each pair of markets."""
    keys, rows = table_of(sheet, PAIR[0], source)
    for number, row in rows:
        first, second, correlation = (dict(zip(keys, row, strict=False)).get(key) for key in PAIR)
        names = [None if _is(name, NO_PAIR) else name for name in (first, second)]
        if not all(map(is_empty, names)):
            yield f"{MARKETS} row {number}", {"markets": names, "correlation": correlation}


def _is(value, word):
    return isinstance(value, str) and value.strip().casefold() == word
