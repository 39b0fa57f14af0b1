"""A built workbook lives: periods follow dates, the master check fails on what cannot be, and verify tells what was changed."""

import datetime as dt
import io

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from flexrev_xl.analysis.budget import budget
from flexrev_xl.programmes import library
from flexrev_xl.readers.portfolio import read_portfolio
from flexrev_xl.workbook.build import build_workbook
from flexrev_xl.workbook.sheets import checks, currencies, inputs, periods, programmes
from flexrev_xl.workbook.sheets.input_table import FIRST_ROW, UNIT_ROW, letter_of
from flexrev_xl.workbook.verify import verify_workbook
from tests.portfolio.given import ENERGY_ROW, ROW, portfolio
from tests.workbook.making import EUROS, built, changed, made

DATES = {"start": "2026-06-01", "end": "2026-09-30"}
DAILY = ROW | DATES | {"site": "Ashburn", "rate_unit": "USD/MW-day"}
MONTHLY = ROW | DATES | {"site": "Boston", "rate_unit": "USD/kW-month"}
CALENDAR = {"year": 2026, "fiscal_year_start": 1}
PJM = "pjm-rto-2026-27"
NOTE_OF_CHANGE = "the inputs were changed since the workbook was built"


@pytest.fixture(scope="module")
def book():
    """The bytes of a workbook of a row paid by days and one paid by months, both from June to September."""
    return built(portfolio(DAILY, MONTHLY, **CALENDAR))


@pytest.fixture(scope="module")
def euro_book():
    """The bytes of a workbook in dollars with a row in euros."""
    row = ROW | {"rate_unit": "MW-year"}
    rows = (row | {"currency": "USD"}, row | {"site": "Cork", "currency": "EUR"})
    return built(portfolio(*rows, currency="USD", rates=[EUROS], **CALENDAR))


@pytest.fixture
def written(tmp_path):
    """A function: the path of a workbook in which cells of a tab hold these values, recalculated."""

    def write(data, tab="", cells=()):
        def change(workbook):
            for address, value in dict(cells).items():
                workbook[tab][address] = value

        path = tmp_path / "book.xlsx"
        path.write_bytes(changed(data, change) if cells else data)
        return path

    return write


def cell(name, row=0):
    """The address of an input of the row-th enrolment."""
    return f"{letter_of(name)}{FIRST_ROW + row}"


def values_of(path):
    """A workbook as its stored results show it."""
    return openpyxl.load_workbook(path, data_only=True)


def paid(workbook):
    """The periods that the two rows are paid for."""
    return [workbook[periods.TITLE][f"{periods.letter('periods')}{periods.FIRST_ROW + n}"].value for n in (0, 1)]


def is_sound(path):
    """Whether the master check finds nothing."""
    return values_of(path)[checks.TITLE][checks.MASTER_CELL.partition("!")[2]].value == 0


def found(path, **options):
    """(code, sheet, cell) of each difference that verify finds, and its notes."""
    report = verify_workbook(path, **options)
    return [(d.code, d.sheet, d.cell) for d in report.differences], list(report.notes)


JULY_AND_AUGUST = {cell("start", n): dt.datetime(2026, 7, 1) for n in (0, 1)} | {
    cell("end", n): dt.datetime(2026, 8, 31) for n in (0, 1)
}


def test_periods_left_out_follow_the_dates(book, written):
    """Written as the unit's own, 122 days and 4 months become 62 and 2 with the dates, as the core reads them back."""
    before = values_of(written(book))
    assert ["unit's own"] * 2 == [before[inputs.TITLE][cell("periods", n)].value for n in (0, 1)]
    assert [30 + 31 + 31 + 30, 4] == paid(before)
    path = written(book, inputs.TITLE, JULY_AND_AUGUST)
    assert [31 + 31, 2] == paid(values_of(path)) == [row.periods for row in read_portfolio(path).enrolments]
    money = [line.values["capacity_revenue"] for line in budget(read_portfolio(path)).scenario("Base").lines]
    assert pytest.approx([10 * 1_000 * 62, 10 * 1_000 * 1_000 * 2]) == money
    assert is_sound(path)
    assert ([], [NOTE_OF_CHANGE]) == found(path)


@pytest.mark.libreoffice
def test_periods_follow_the_dates_in_libreoffice(book, written, recalculated):
    """A spreadsheet program that works the changed workbook out comes to the same days and months."""
    assert [62, 2] == paid(recalculated(written(book, inputs.TITLE, JULY_AND_AUGUST)))


def test_a_rate_that_only_a_scenario_gives(written):
    """Rows without a rate agree with the core under a scenario that gives them one."""
    scenarios = [{"name": "Base"}, {"name": "Offer", "capacity_rate": {"absolute": 5}}]
    rows = [row | {"capacity_rate": 0} for row in (DAILY, MONTHLY)]
    assert ([], []) == found(written(built(portfolio(*rows, scenarios=scenarios, **CALENDAR))))


OWN_CURRENCY, OWN_RATE = inputs.CURRENCY_CELL.partition("!")[2].replace("$", ""), f"B{currencies.OWN_ROW}"


@pytest.mark.parametrize(
    ("tab", "address", "value"),
    [
        (inputs.TITLE, cell("periods"), 123),
        (inputs.TITLE, OWN_CURRENCY, "EUR"),
        (currencies.TITLE, OWN_RATE, 2.0),
        (currencies.TITLE, f"B{currencies.FIRST_ROW}", None),
    ],
    ids=["more days than the dates have", "currency alone", "own rate", "no rate"],
)
def test_the_master_check_fails(tab, address, value, book, euro_book, written):
    """Days beyond the dates, a currency renamed, its own rate, a rate emptied: no workbook stands with them."""
    data = book if address == cell("periods") else euro_book
    assert is_sound(written(data))
    assert not is_sound(written(data, tab, {address: value}))


def test_a_changed_unit(book, written):
    """The unit over a column of Inputs is never a person's own."""
    address = f"{letter_of('nominated_mw')}{UNIT_ROW}"
    expected = [("FLEX-305", inputs.TITLE, address)]
    assert (expected, []) == found(written(book, inputs.TITLE, {address: "kW"}))


def test_a_forged_price(written):
    """A price on Programmes is the library's, and another one is found in its cell."""
    data = built(portfolio(ENERGY_ROW | {"programme": PJM}, **CALENDAR))
    address = f"{get_column_letter(programmes.KEYS.index('capacity_rate') + 1)}{programmes.FIRST_ROW}"
    expected = [("FLEX-305", programmes.TITLE, address)]
    assert (expected, []) == found(written(data, programmes.TITLE, {address: 400.0}))


def test_a_programme_of_a_library_that_is_not_at_hand(tmp_path):
    """A workbook built with a person's own entry is compared without it; with it there is nothing to note."""
    own = {"own-2026": library.find(PJM).model_copy(update={"id": "own-2026"})}
    path = tmp_path / "book.xlsx"
    row = ENERGY_ROW | {"programme": "own-2026"}
    build_workbook(portfolio(row, programmes=own, **CALENDAR), path, programmes=own)
    note = "the library given does not have own-2026 (--programmes): the tab Programmes is not compared"
    assert ([], []) == found(path, programmes=own)
    assert ([], [note]) == found(path)


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ({"capacity_rate": 5, "rate_unit": "USD/kW-month"}, {"F15": dt.date(2026, 8, 15)}),
        ({"capacity_rate": 5, "rate_unit": "USD/MW-day"}, {"E15": None, "F15": None}),
        ({"capacity_rate": 5, "rate_unit": "USD/kW-month"}, {f"{letter_of('periods')}15": 9}),
        ({"capacity_rate": 5, "rate_unit": "USD/MW-hour", "periods": 100}, {f"{letter_of('periods')}15": "unit's own"}),
    ],
    ids=["part of a month", "days without dates", "more months than the dates touch", "hours that nothing tells"],
)
def test_periods_that_the_core_would_refuse_fail_the_master_check(row, cells):
    """What `calc` refuses of the edited cells, the workbook itself does not call OK."""
    dates = {"start": "2026-06-01", "end": "2026-09-30"}

    def edit(workbook):
        for cell, value in cells.items():
            workbook["Inputs"][cell] = value

    data = changed(built(made([{"site": "A", "programme": "P", "nominated_mw": 10, **dates, **row}])), edit)
    assert 0 != openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Checks"]["D6"].value
