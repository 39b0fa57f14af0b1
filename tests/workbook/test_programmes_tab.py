"""The Programmes tab in a workbook of its own: a row an entry, terms in words, and whether its price is out of date."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName

from flexrev_xl.programmes.library import load
from flexrev_xl.programmes.models import Programme
from flexrev_xl.workbook import page
from flexrev_xl.workbook.results import finish
from flexrev_xl.workbook.sheets import programmes

FIRST_DAY = dt.date(2026, 6, 1)
PLAIN = {
    "id": "test-2026",
    "name": "A test",
    "market": "Test",
    "zone": "All",
    "rate_unit": "USD/MW-day",
    "prices": [{"capacity_rate": 0.0725, "start": dt.date(2026, 6, 1), "end": dt.date(2027, 5, 31)}],
    "confidence": "contract",
    "source": {"title": "Offer", "address": "https://example.com/offer"},
}


def sheet_of(*entries):
    """The tab with its stored results, in a workbook whose budget begins on FIRST_DAY."""
    workbook = Workbook()
    workbook.properties.created = dt.datetime(2026, 1, 1)
    workbook.create_sheet("Checks")
    workbook.defined_names["Master_Check"] = DefinedName("Master_Check", attr_text="Checks!$D$6")
    workbook.create_sheet("Periods")["F15"] = FIRST_DAY
    sheet = workbook.create_sheet(programmes.TITLE)
    programmes.lay_out(sheet)
    programmes.fill(sheet, entries, "Periods!$F$15")
    return load_workbook(io.BytesIO(finish(workbook, {})), data_only=True)[programmes.TITLE]


def rows(*entries):
    """The rows of the tab as mappings by key."""
    sheet = sheet_of(*entries)
    at = page.keys(sheet, page.key_row(sheet, "id"))
    return [
        {key: sheet.cell(row, column).value for key, column in at.items()}
        for row in range(programmes.FIRST_ROW, sheet.max_row + 1)
    ]


def of_library(*ids):
    """Rows of entries of the library."""
    return rows(*(load()[i] for i in ids))


def test_a_row_states_rate_dates_and_source():
    """Terms of an entry stand as numbers, dates and text, as published."""
    (row,) = of_library("pjm-rto-2026-27")
    entry = load()["pjm-rto-2026-27"]
    assert (329.17, "USD/MW-day", entry.annual_rate) == (row["capacity_rate"], row["rate_unit"], row["annual_rate"])
    assert dt.datetime(2026, 6, 1) == row["delivery_start"]
    assert (entry.source.title, entry.source.address) == (row["source"], row["source_address"])
    assert ("yes", "press") == (row["pays_accredited_mw"], row["confidence"])


def test_seasonal_rates_are_told_in_words():
    """Each season's rate stands with its name; a single price of a named season too."""
    shown = [row["capacity_rate"] for row in of_library("miso-north-central-2025-26", "unitil-connectedsolutions")]
    assert ["Summer 666.50; Fall 91.60; Winter 33.20; Spring 69.88", "Summer 18.00"] == shown


def test_rates_in_words_keep_their_decimals():
    """Two decimals at least, and no more than the rate has."""
    prices = [
        {"season": "Summer", "capacity_rate": 0.0725, "periods": 92},
        {"season": "Winter", "capacity_rate": 1234.5, "periods": 90},
    ]
    assert "Summer 0.0725; Winter 1,234.50" == rows(Programme(**PLAIN | {"prices": prices}))[0]["capacity_rate"]


def test_a_rate_of_nothing_is_shown():
    """A price of 0 is a price; it is not left blank."""
    assert 0 == rows(Programme(**PLAIN | {"prices": [{**PLAIN["prices"][0], "capacity_rate": 0}]}))[0]["capacity_rate"]


def test_entries_that_pay_energy_alone_have_no_capacity_rate():
    """Where only energy is paid, the capacity columns are empty."""
    (row,) = of_library("ca-elrp-2022")
    assert (None, None, 2.0, "USD/kWh") == (
        row["capacity_rate"],
        row["annual_rate"],
        row["energy_rate"],
        row["energy_unit"],
    )


@pytest.mark.parametrize(
    ("programme", "standing"),
    [
        ("pjm-rto-2026-27", "in force"),
        ("miso-north-central-2025-26", "out of date"),
        ("ca-elrp-2022", "in force"),
        ("ca-pge-bip", "no delivery period stated"),
    ],
    ids=["later end", "earlier end", "open end", "undated"],
)
def test_a_price_out_of_date_says_so(programme, standing):
    """A formula compares the end of delivery with the budget's first day."""
    assert standing == of_library(programme)[0]["standing"]


def test_delivery_that_ends_on_the_first_day_is_in_force():
    """The last day of delivery is paid."""
    entry = Programme(**PLAIN | {"prices": [{"capacity_rate": 1, "start": dt.date(2025, 6, 2), "end": FIRST_DAY}]})
    assert "in force" == rows(entry)[0]["standing"]


def test_limits_notice_and_months_are_told_in_words():
    """Events, hours, window, notice and months read as a person would say them."""
    first, second = of_library("heco-fast-dr-40", "coned-csrp-voluntary")
    assert "at most 1 h an event, 40 events a year; 07:00-21:00 on weekdays, holidays apart" == first["limits"]
    assert ("10 min", "21 h") == (first["notice"], second["notice"])
    assert (None, "May-Sep") == (first["event_months"], second["event_months"])


def test_a_winter_of_events_runs_over_the_year():
    """Months that run on from December to January are one span."""
    assert "Nov-Feb, Jun" == rows(Programme(**PLAIN | {"event_months": [11, 12, 1, 2, 6]}))[0]["event_months"]


def test_text_stays_text_and_addresses_are_no_links():
    """A name that begins like a formula is text, and nothing leads out of the workbook."""
    sheet = sheet_of(Programme(**PLAIN | {"name": "=1+1"}))
    cell = sheet[f"B{programmes.FIRST_ROW}"]
    assert ("=1+1", "s", True) == (cell.value, cell.data_type, cell.quotePrefix)
    assert [] == [c.coordinate for row in sheet.iter_rows() for c in row if c.hyperlink]


def test_no_entry_is_told_in_one_row():
    """A portfolio that uses nothing of the library says so."""
    sheet = sheet_of()
    below = [c for row in sheet.iter_rows(min_row=programmes.FIRST_ROW) for c in row if c.value is not None]
    assert [("No row names a programme of the library", "FlexRev label")] == [(c.value, c.style) for c in below]


def test_every_entry_of_the_library_has_its_row():
    """The whole library can be shown, in the order given, high enough for its longest text."""
    sheet = sheet_of(*load().values())
    assert list(load()) == [sheet.cell(row, 1).value for row in range(programmes.FIRST_ROW, sheet.max_row + 1)]
    assert all(sheet.row_dimensions[row].height > 15 for row in range(programmes.FIRST_ROW, sheet.max_row + 1))


def test_the_tab_prints_on_one_wide_page():
    """A3 across, one page wide, headers repeated, the id in view."""
    sheet = sheet_of()
    assert ("landscape", "8", 1, "$5:$7", "B8") == (
        sheet.page_setup.orientation,
        str(sheet.page_setup.paperSize),
        sheet.page_setup.fitToWidth,
        sheet.print_title_rows,
        sheet.freeze_panes,
    )
