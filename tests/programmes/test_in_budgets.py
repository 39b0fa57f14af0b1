"""Rows whose programme is an id of the library: what they take from it, and what is said about it."""

import pytest
from pytest import approx

from flexrev_xl.analysis.budget import budget
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.assemble import Raw, RawRow, assemble


def portfolio(*rows, **header):
    """A portfolio of these rows."""
    raw_rows = [
        RawRow({"site": f"Site {n}", "nominated_mw": 10.0, **row}, f"row {n}") for n, row in enumerate(rows, start=1)
    ]
    return assemble(Raw("rows", raw_rows, {"name": "Rows", "year": 2026, **header}))


def base(*rows, **header):
    """The totals of the base scenario, in the budget year that the dates of the rows give."""
    return budget(portfolio(*rows, **{"year": None, **header})).scenario("Base").totals


def codes(*rows):
    """(code, place) of each refusal."""
    with pytest.raises(FlexError) as caught:
        portfolio(*rows)
    return [(p.code, p.place) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"programme": "pjm-rto-2026-27"}, 1_201_470.50),
        ({"programme": "PJM-RTO-2026-27", "start": "2026-06-01", "end": "2026-12-31"}, 10 * 329.17 * 214),
        ({"programme": "pjm-rto-2027-28"}, 10 * 333.44 * 366),
        ({"programme": "iso-ne-fca17-2026-27"}, 310_800),
        ({"programme": "miso-south-2025-26", "season": "summer"}, 10 * 666.50 * 92),
        ({"programme": "ieso-southern-2025-26", "season": "Summer"}, 10 * 332.39 * 128),
        (
            {"programme": "ieso-southern-2025-26", "season": "Summer", "start": "2025-05-01", "end": "2025-05-31"},
            10 * 332.39 * 21,
        ),
        ({"programme": "coned-csrp-boroughs-2017"}, 10 * 18_000 * 5),
        ({"programme": "heco-fast-dr-40", "dispatch_hours": 60.0}, 10 * (60_000 + 60 * 500)),
        ({"programme": "heco-fast-dr-40"}, 10 * 60_000),
        ({"programme": "ca-elrp-2022", "dispatch_hours": 60.0}, 10 * 60 * 2_000),
        ({"programme": "pjm-rto-2026-27", "capacity_rate": 100.0, "rate_unit": "USD/MW-year"}, 1_000),
    ],
)
def test_gross_revenue(row, expected):
    """Rate, unit, dates, paid days and energy rate come from the library unless the row gives its own."""
    assert approx(expected) == base(row)["gross_revenue"]


def test_published_years():
    """PJM's two prices over calendar 2027, its 2027/28 alone, and MISO's four seasons, each for its own days and MW."""
    pjm = {"programme": "pjm-rto-2026-27"}, {"programme": "pjm-rto-2027-28"}
    miso = [{"programme": "miso-north-central-2025-26", "season": s} for s in ("Summer", "Fall", "Winter", "Spring")]
    assert approx(10 * 121_060.83) == base(*pjm, year=2027)["capacity_revenue"]
    assert approx(10 * 122_039.04) == base(pjm[1], year=2027, fiscal_year_start=6)["capacity_revenue"]
    assert approx(10 * 79_070.56) == base(*miso)["capacity_revenue"]


def test_every_term_that_is_taken_is_listed():
    """What came from the library stands among the defaults used."""
    made = portfolio({"programme": "iso-ne-fca17-2026-27"}, {"programme": "iso-ne-fca17-2026-27"})
    (line,) = [text for text in made.defaults_used if "library" in text]
    assert line == (
        "from the programme library, iso-ne-fca17-2026-27: zone All zones (New Brunswick interface apart), "
        "penalty_rate 9337, notice_minutes 30, source, source_date, capacity_rate 2.59, rate_unit USD/kW-month, "
        "price_status cleared, start 2026-06-01, end 2027-05-31 (2 of 2 lines)"
    )


def test_terms_are_taken_with_a_price_of_ones_own():
    """The programme's penalty holds for a row with its own price; the library's source does not."""
    own = {"programme": "iso-ne-fca17-2026-27", "capacity_rate": 3.0, "rate_unit": "USD/kW-month"}
    (row,) = portfolio(own).enrolments
    assert (9337, None, None) == (row.penalty_rate, row.source, row.start)


def test_what_the_row_gives_is_kept():
    """A term of the row's own, 0 included, is never replaced."""
    row = {
        "programme": "iso-ne-fca17-2026-27",
        "penalty_rate": 0.0,
        "price_status": "forecast",
        "source": "Our desk",
        "zone": "Maine",
    }
    (made,) = portfolio(row).enrolments
    assert (0, "forecast", "Our desk", "Maine") == (made.penalty_rate, made.price_status, made.source, made.zone)


@pytest.mark.parametrize(
    ("row", "header", "expected"),
    [
        ({"programme": "pjm-rto-2026-27"}, {}, []),
        ({"programme": "pjm-rto-2026-27", "zone": "rto (ALL LDAs)"}, {}, []),
        (
            {"programme": "pjm-rto-2026-27", "zone": "Dominion"},
            {},
            ["row 1: the zone is Dominion, the price of pjm-rto-2026-27 is that of RTO (all LDAs)"],
        ),
        (
            {"programme": "pjm-rto-2025-26"},
            {"fiscal_year_start": 6},
            [
                "row 1: pjm-rto-2025-26 is out of date, its delivery period ended on 2026-05-31, before 2026-06-01",
                "row 1: 2025-06-01 to 2026-05-31 lies outside the budget, 2026-06-01 to 2027-05-31; nothing of it is budgeted",
            ],
        ),
        (
            {"programme": "pjm-rto-2025-26"},
            {},
            [
                "row 1: 151 of the 365 days from 2025-06-01 to 2026-05-31 lie in the budget, 2026-01-01 to 2026-12-31; only those are paid"
            ],
        ),
        (
            {"programme": "pjm-rto-2025-26", "capacity_rate": 300.0, "rate_unit": "USD/MW-day", "periods": 365.0},
            {"year": 2030},
            [],
        ),
        (
            {"programme": "gb-dfs-nov-dec-2023", "dispatch_hours": 10.0},
            {},
            ["row 1: gb-dfs-nov-dec-2023 is out of date, its delivery period ended on 2023-12-31, before 2026-01-01"],
        ),
        (
            {"programme": "heco-fast-dr-80"},
            {},
            ["row 1: the source of heco-fast-dr-80 names no delivery period; check that its price still holds"],
        ),
    ],
)
def test_warnings(row, header, expected):
    """Another zone, a delivery period that ended before the budget year, and a price without one are pointed out."""
    assert expected == list(portfolio(row, **header).warnings)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"programme": "ca-elrp-2022"}, [("FLEX-105", "row 1, dispatch_hours")]),
        ({"programme": "coned-csrp-boroughs-2017", "season": "Winter"}, [("FLEX-016", "row 1, season")]),
        ({"programme": "miso-south-2025-26"}, [("FLEX-105", "row 1, season")]),
        ({"programme": "pjm-rto-2026-27", "rate_unit": "USD/MW-year"}, [("FLEX-105", "row 1, capacity_rate")]),
        (
            {"programme": "ca-elrp-2022", "energy_unit": "USD/MWh", "dispatch_hours": 1.0},
            [("FLEX-105", "row 1, energy_rate")],
        ),
        (
            {
                "programme": "ieso-southern-2025-26",
                "season": "Summer",
                "capacity_rate": 332.39,
                "rate_unit": "CAD/MW-day",
                "periods": 184.0,
            },
            [("FLEX-111", "row 1, periods")],
        ),
        (
            {"programme": "MISO capacity", "capacity_rate": 666.50, "rate_unit": "USD/MW-day", "periods": 365.0},
            [("FLEX-111", "row 1, periods")],
        ),
    ],
)
def test_refused(row, expected):
    """A unit without its rate, a season the programme has not, a seasonal price paid beyond its days."""
    assert expected == codes(row)


def test_a_leap_winter_has_a_day_more():
    """A winter price of a market that pays by season may be paid for 91 days in a leap year."""
    row = {"programme": "MISO capacity", "season": "Winter", "capacity_rate": 33.2, "rate_unit": "USD/MW-day"}
    made = portfolio({**row, "start": "2027-12-01", "end": "2028-02-29"}, year=2027)
    assert 91 == made.enrolments[0].periods
