"""The record of a case read back from its tabs, so that it can be verified or built again without the load's trace."""

from flexrev_xl.core.cpm.case_inputs import INPUTS, TECHNOLOGIES
from flexrev_xl.core.cpm.case_line import STATES
from flexrev_xl.core.cpm.uplift import ORDER
from flexrev_xl.errors import FlexError, refuse
from flexrev_xl.portfolio.cpm_case import battery_faults
from flexrev_xl.workbook.agree import is_number
from flexrev_xl.workbook.cpm_record import FRONTIER, OF_STATES, RESULTS, STATISTICS, WORST_HOUR, CaseRecord
from flexrev_xl.workbook.sheets import cpm, cpm_case, cpm_series, cpm_workings


def read(workbook):
    """The record that the tabs of a case hold.

    Args:
        workbook: an openpyxl Workbook opened for its values, with the tabs of a case.

    Returns:
        CaseRecord.

    Raises:
        FlexError, FlexErrors: every input that is refused and every stored figure that is no number, with its cell.
    """
    problems = []
    case, workings = workbook[cpm_case.TITLE], workbook[cpm_workings.TITLE]

    def at(sheet, address):
        return sheet[address.replace("$", "")].value

    def number(sheet, address):
        value = at(sheet, address)
        if not is_number(value):
            what = f"{value!r} is not a number"
            problems.append(FlexError("FLEX-002", what, place=f"{sheet.title}!{address.replace('$', '')}"))
            return 0.0
        return float(value)

    inputs, sources, before = {}, {}, {}
    for key, each in INPUTS.items():
        row = cpm_case.ROW_OF[key]
        address = f"{cpm_case.VALUE}{row}"
        try:
            inputs[key] = each.mark.read(at(case, address))
        except FlexError as e:
            problems += e.at(f"{cpm_case.TITLE}!{address}").problems
        sources[key] = str(at(case, f"{cpm_case.SOURCE}{row}") or "")
        before[key] = number(case, f"{cpm_case.WORKED_OUT_WITH}{row}")
    problems += battery_faults(inputs, lambda key: f"{cpm_case.TITLE}!{cpm_case.VALUE}{cpm_case.ROW_OF[key]}")
    texts = {k: at(case, f"{cpm_case.VALUE}{cpm_case.ROW_OF[k]}") for k in ("name", "currency", "technology")}
    if texts["technology"] not in TECHNOLOGIES:
        what, place = (
            f"{texts['technology']!r} is no kind of storage",
            f"{cpm_case.TITLE}!D{cpm_case.ROW_OF['technology']}",
        )
        problems.append(FlexError("FLEX-016", what, place=place, allowed=", ".join(TECHNOLOGIES)))

    def figure(key, state=None):
        return number(workings, cpm_workings.own_cell(key, state))

    record = {
        "states": {state: {key: figure(key, state) for key in OF_STATES} for state in STATES},
        "results": {key: figure(key) for key in RESULTS},
        "statistics": {key: figure(key) for key, *_ in STATISTICS},
        "factors": {key: figure(f"factor_{key}") for key in ORDER},
    }
    series = workbook[cpm_series.TITLE]
    worst_hour = _rows(series, 1, len(WORST_HOUR), number)
    frontier = _rows(series, cpm_series.FIRST_OF_FRONTIER, len(FRONTIER), number)
    refuse(problems)
    return CaseRecord(
        name=str(texts["name"] or ""),
        currency=str(texts["currency"] or ""),
        technology=texts["technology"],
        inputs=inputs,
        sources=sources,
        worked_out_with=before,
        **record,
        verdict=str(at(workings, cpm_workings.own_cell("verdict")) or ""),
        worst_hour=worst_hour,
        frontier=frontier,
        notes=cpm.notes_of(workbook[cpm.TITLE]),
    )


def stored_hash(workbook):
    """The hash that was written beside the stored results."""
    return workbook[cpm_workings.TITLE][cpm_workings.own_cell("hash").replace("$", "")].value


def _rows(sheet, first, count, number):
    """The rows of a table of numbers, down to the first that is empty."""
    found = []
    for cells in sheet.iter_rows(min_row=cpm_series.FIRST_ROW, min_col=first, max_col=first + count - 1):
        if all(cell.value is None for cell in cells):
            break
        found.append(tuple(number(sheet, cell.coordinate) for cell in cells))
    return tuple(found)
