"""How one cell is read: percent rules, bounds, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexrev_xl.core import arguments
from flexrev_xl.core.arguments import Quantity, mark
from flexrev_xl.core.units import parse_capacity_unit
from flexrev_xl.errors import FlexError

PERFORMANCE, AVAILABILITY, CAP = (
    mark(arguments.Performance),
    mark(arguments.Availability),
    mark(arguments.PerformanceCap),
)
ACCREDITATION, NOMINATED, PERIODS = (
    mark(arguments.Accreditation),
    mark(arguments.NominatedMW),
    mark(arguments.PeriodsPaid),
)


def refusal(quantity, cell):
    with pytest.raises(FlexError) as caught:
        quantity.read(cell)
    return caught.value


@pytest.mark.parametrize(
    ("quantity", "cell", "value"),
    [
        (PERFORMANCE, 0, 0.0),
        (PERFORMANCE, 0.95, 0.95),
        (PERFORMANCE, 1, 1.0),
        (PERFORMANCE, 1.5, 1.5),
        (PERFORMANCE, 10, 0.1),
        (PERFORMANCE, 95, 0.95),
        (PERFORMANCE, 150, 1.5),
        (AVAILABILITY, 100, 1.0),
        (CAP, 150, 1.5),
        (ACCREDITATION, 1.5, 1.5),
    ],
)
def test_percent_like_number_is_read(quantity, cell, value):
    """Up to 1.5 is a fraction; from 10 up, where the trade writes so, a percent number."""
    assert value == quantity.read(cell)


@pytest.mark.parametrize("cell", [1.5000001, 2, 5, 9.99])
def test_number_between_fraction_and_percent_is_refused(cell):
    """Between 1.5 and 10 a number could be read two ways: FLEX-004 names both."""
    e = refusal(PERFORMANCE, cell)
    assert ("FLEX-004", True) == (e.code, f"{cell:g} %" in e.what)


@pytest.mark.parametrize("cell", [1.2, 120])
def test_availability_above_100_percent_is_refused(cell):
    """120 % availability is FLEX-003, however it is typed."""
    assert "FLEX-003" == refusal(AVAILABILITY, cell).code


def test_share_typed_as_percent_number_is_refused_with_the_hint():
    """An accreditation of 85 is FLEX-005 and says what to type."""
    e = refusal(ACCREDITATION, 85)
    assert ("FLEX-005", "Type 85% or 0.85.") == (e.code, e.remedy)


@pytest.mark.parametrize(
    ("quantity", "cell", "code"),
    [
        (NOMINATED, "20 MW", "FLEX-002"),
        (NOMINATED, "20", "FLEX-002"),
        (NOMINATED, True, "FLEX-002"),
        (NOMINATED, np.True_, "FLEX-002"),
        (NOMINATED, b"1", "FLEX-002"),
        (NOMINATED, [1], "FLEX-002"),
        (NOMINATED, math.nan, "FLEX-006"),
        (NOMINATED, math.inf, "FLEX-006"),
        (NOMINATED, -math.inf, "FLEX-006"),
        pytest.param(NOMINATED, 10**400, "FLEX-006", id="10**400"),
        (NOMINATED, -1e-9, "FLEX-003"),
        (NOMINATED, 1.0000001e6, "FLEX-003"),
        (ACCREDITATION, 0, "FLEX-003"),
        (CAP, 0, "FLEX-003"),
        (PERFORMANCE, -0.5, "FLEX-003"),
        (PERFORMANCE, 151, "FLEX-003"),
    ],
)
def test_cell_is_refused(quantity, cell, code):
    """What is not a finite number within bounds is refused with its code and with what is allowed."""
    e = refusal(quantity, cell)
    assert (code, quantity.allowed) == (e.code, e.allowed)


@pytest.mark.parametrize("cell", [0, 1e6, np.float32(2.5), np.int64(3)])
def test_bounds_themselves_and_numbers_of_other_kinds_are_read(cell):
    """Bounds are allowed, and what is read is a plain float."""
    value = NOMINATED.read(cell)
    assert (float(cell), float) == (value, type(value))


def test_long_text_is_shortened_in_the_message():
    """A cell that holds a whole sentence does not fill the message."""
    assert 60 > len(refusal(NOMINATED, "x" * 500).what)


@pytest.mark.parametrize(
    ("unit", "periods", "value"),
    [("kW-month", None, 12), ("MW-season", None, 1), ("MW-year", None, 1), ("MW-day", 366, 366), ("kW-month", 5, 5)],
)
def test_periods_follow_the_unit(unit, periods, value):
    """What is paid when nothing is said, and how much may be paid, depend on the unit."""
    unit = parse_capacity_unit(unit)
    assert value == (PERIODS.default(unit) if periods is None else PERIODS.of(unit).read(periods))


@pytest.mark.parametrize(
    ("unit", "periods"), [("MW-day", 367), ("kW-month", 13), ("MW-hour", 8785), ("MW-year", 2), ("MW-season", 5)]
)
def test_more_periods_than_a_year_has_are_refused(unit, periods):
    """Periods beyond a year are FLEX-015."""
    assert "FLEX-015" == refusal(PERIODS.of(parse_capacity_unit(unit)), periods).code


@pytest.mark.parametrize(("unit", "word"), [("MW-day", "days"), ("kW-hour", "hours")])
def test_rate_per_day_or_hour_without_periods_is_refused(unit, word):
    """A daily or hourly rate is FLEX-014 until it is said how many are paid."""
    with pytest.raises(FlexError, match=f"FLEX-014.*{word}"):
        PERIODS.default(parse_capacity_unit(unit))


@given(
    st.sampled_from(
        [
            PERFORMANCE,
            AVAILABILITY,
            CAP,
            ACCREDITATION,
            NOMINATED,
            Quantity("h", "hours", low=1, high=10, above_low=True),
        ]
    ),
    st.lists(st.floats() | st.sampled_from([0.0, 1.0, 1.5, 2.0, 10.0, 95.0, 150.0, 200.0]), min_size=1, max_size=20),
)
def test_arrays_are_read_like_cells(quantity, cells):
    """A whole range refuses the same places as single cells would, and reads the same values at the others."""
    values, refused = quantity.read_array(np.array(cells))
    for cell, value, is_refused in zip(cells, values.tolist(), refused.tolist(), strict=True):
        try:
            assert (quantity.read(cell), False) == (value, is_refused)
        except FlexError:
            assert is_refused
