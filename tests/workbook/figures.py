"""Every figure that a workbook shows, by its place: lines and totals of scenario tabs, months and years of the Budget tab."""

import datetime as dt

from flexrev_xl.core.budget_line import STEP_OF
from flexrev_xl.workbook.sheets.budget import ROWS

KEY_OF = {label: key for key, label in ROWS}


def in_workbook(workbook, scenarios):
    """The figures of a workbook opened for its values: {(kind, scenario, place, key): figure}."""
    figures = {}
    for name in scenarios:
        rows = list(workbook[name].iter_rows(values_only=True))
        top = next(i for i, row in enumerate(rows) if row[0] == "site")
        keys = rows[top]
        for row in rows[top + 3 :]:
            line = dict(zip(keys, row, strict=True))
            season = "" if line["season"] == "whole year" else line["season"]
            place = line["site"], line["programme"], season, line["budget_year"]
            figures |= {("line", name, place, key): line[key] for key in STEP_OF}
        totals = dict(zip(keys, rows[top + 2], strict=True))
        figures |= {
            ("year", name, totals["budget_year"], key): totals[key] for key in STEP_OF if totals[key] is not None
        }
    return figures | on_budget(workbook["Budget"])


def on_budget(sheet):
    """The months, and the totals of budget years but the first, of every scenario on the Budget tab."""
    rows = list(sheet.iter_rows(values_only=True))
    top = next(i for i, row in enumerate(rows) if row[0] == "Line")
    years = [c for c, text in enumerate(rows[top]) if str(text).startswith("FY") and " " not in str(text)]
    figures = {}
    for row in rows[top + 1 :]:
        line, _, scenario, measure, *_ = row
        if line != f"{scenario}: {measure}":
            continue  # of the scenario shown, which stands below once more
        key = KEY_OF[measure]
        for column, end in enumerate(rows[top]):
            if isinstance(end, dt.datetime):
                figures["month", scenario, end.date(), key] = row[column]
        for column in years[1:]:
            if row[column] is not None:
                figures["year", scenario, int(rows[top][column][2:]), key] = row[column]
    return figures
