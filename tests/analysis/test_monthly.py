"""A budget by month: what is earned, what is paid, and what is owed between the two."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexrev_xl.analysis.budget import budget
from flexrev_xl.analysis.monthly import month_ends, months_of
from flexrev_xl.core.monthly import MEASURES, Cash, Sum
from tests.portfolio.given import ROW, portfolio

EARNED = (
    "gross_revenue",
    "guaranteed",
    "customer_net",
    "aggregator_share",
    "net_revenue",
    "avoided_cost",
    "buyout_cost",
)


def months(*rows, **header):
    """The months of the Base scenario."""
    made = portfolio(*rows, **{"year": 2026, "fiscal_year_start": 1, **header})
    return months_of(budget(made).scenario("Base").lines, made)


def test_the_ends_of_the_months():
    """Two fiscal years from April 2027 have 24 months, a leap February among them."""
    ends = [end.isoformat() for end in month_ends(portfolio(ROW, year=2027, fiscal_year_start=4, years=2))]
    assert (24, "2027-04-30", "2028-02-29", "2029-03-31") == (len(ends), ends[0], ends[10], ends[-1])


def test_capacity_falls_on_days_and_energy_on_event_months():
    """1,000 a MW-day in June to August; 30 hours at 50 a MWh, a third of them in June and the rest in July."""
    row = ROW | {"nominated_mw": 1.0, "rate_unit": "USD/MW-day", "start": "2026-06-01", "end": "2026-08-31"}
    made = months(row | {"dispatch_hours": 30.0, "energy_rate": 50.0, "event_months": "6:1 7:2"})
    assert pytest.approx([0] * 5 + [30_000, 31_000, 31_000] + [0] * 4) == made["capacity_revenue"]
    assert pytest.approx([0] * 5 + [500, 1_000] + [0] * 5) == made["energy_revenue"]


def test_a_rate_per_month_falls_on_months_alike():
    """February earns as much as July."""
    assert pytest.approx([10_000] * 12) == months(ROW | {"rate_unit": "USD/MW-month"})["capacity_revenue"]


def test_cash_comes_later():
    """With a lag of two months January's 10,000 come in March, December's after the year, and are owed until then."""
    made = months(ROW | {"rate_unit": "USD/MW-month", "payment_lag_months": 2.0})
    assert pytest.approx([0, 0, *[10_000] * 10]) == made["cash_received"]
    assert pytest.approx([10_000, *[20_000] * 11]) == made["receivable_closing"]
    assert pytest.approx([0, 10_000, *[20_000] * 10]) == made["receivable_opening"]


def test_cash_is_carried_over_to_the_next_year():
    """The second year begins with what the first still owes."""
    made = months(ROW | {"rate_unit": "USD/MW-month", "payment_lag_months": 3.0}, years=2)
    assert pytest.approx([0] * 3 + [10_000] * 21) == made["cash_received"]
    assert pytest.approx((30_000, 30_000)) == (made["receivable_closing"][11], made["receivable_opening"][12])


def test_a_lag_beyond_the_budget():
    """What is paid after the last month is all owed at its end."""
    made = months(ROW | {"rate_unit": "USD/MW-month", "payment_lag_months": 60.0})
    assert (0, pytest.approx(120_000)) == (sum(made["cash_received"]), made["receivable_closing"][-1])


def test_every_line_has_a_lag_of_its_own():
    """A line paid at once and one a month later: 10,000, then both."""
    monthly = ROW | {"rate_unit": "USD/MW-month"}
    made = months(monthly, monthly | {"site": "Boston", "payment_lag_months": 1.0})
    assert pytest.approx([10_000, *[20_000] * 11]) == made["cash_received"]


lines = st.lists(
    st.fixed_dictionaries(
        {
            "capacity_rate": st.floats(1, 1e4),
            "rate_unit": st.sampled_from(["USD/MW-month", "USD/MW-year"]),
            "dispatch_hours": st.floats(0, 400),
            "energy_rate": st.floats(0, 500),
            "performance": st.floats(0.1, 1.4),
            "penalty_rate": st.floats(0, 500),
            "penalty_share": st.floats(0, 1),
            "customer_share": st.floats(0, 1),
            "marginal_cost": st.floats(0, 200),
            "uplift_money": st.floats(0, 1e4),
            "test_charge_money": st.floats(0, 1e3),
            "payment_lag_months": st.integers(0, 15).map(float),
            "event_months": st.sampled_from(["6-9", "11-2", "1:1 7:3", "1-12"]),
            "kind": st.sampled_from(["revenue", "avoided_cost", "buyout"]),
            "start": st.sampled_from([None, dt.date(2026, 4, 1)]),
        }
    ),
    min_size=1,
    max_size=4,
)


def placed(rows):
    """The rows, each at a site of its own, the dated ones for a year."""
    ends = {"end": dt.date(2027, 3, 31)}
    return [ROW | r | {"site": f"Site {n}"} | (ends if r["start"] else {}) for n, r in enumerate(rows)]


@given(lines, st.integers(1, 3), st.sampled_from([1, 4]))
def test_months_add_up_to_the_years(rows, years, first_month):
    """The months of a budget year come to its totals; all that is earned is paid, or owed at the end."""
    made = portfolio(*placed(rows), year=2026, fiscal_year_start=first_month, years=years)
    base = budget(made).scenario("Base")
    found = months_of(base.lines, made)
    scale = 1e-9 * max(1.0, *(abs(x) for row in found.values() for x in row)) * 100
    for key in EARNED:
        for n, totals in enumerate(base.by_year.values()):
            assert pytest.approx(totals[key], abs=scale) == sum(found[key][12 * n : 12 * n + 12])
    assert (
        pytest.approx(sum(found["customer_net"]), abs=scale)
        == sum(found["cash_received"]) + found["receivable_closing"][-1]
    )


@given(lines, st.integers(1, 2))
def test_without_a_lag_cash_is_what_is_earned(rows, years):
    """A lag of 0 leaves nothing owed at any month's end."""
    at_once = [row | {"payment_lag_months": 0.0} for row in placed(rows)]
    found = months(*at_once, years=years)
    scale = 1e-9 * max(1.0, *(abs(x) for row in found.values() for x in row)) * 100
    assert pytest.approx(found["customer_net"], abs=scale) == found["cash_received"]
    assert pytest.approx([0.0] * 12 * years, abs=scale) == found["receivable_closing"]


@given(lines)
def test_months_by_a_plain_calculation(rows):
    """Each line is spread by counting days or months by itself, and summed up by month."""
    made = portfolio(*placed(rows), year=2026, fiscal_year_start=1)
    base = budget(made).scenario("Base").lines
    found = months_of(base, made)
    expected = {m.key: [0.0] * 12 for m in MEASURES if not isinstance(m, Sum)}
    for line in base:
        row = line.enrolment
        first, last = row.start or dt.date(2026, 1, 1), min(row.end or dt.date(2026, 12, 31), dt.date(2026, 12, 31))
        days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
        in_month = [sum(day.month == m for day in days) for m in range(1, 13)]
        units = [float(n > 0) for n in in_month] if row.rate_unit.period.name == "month" else in_month
        events = [w * (n > 0) for w, n in zip(row.events_in_months, in_month, strict=True)]
        for measure in MEASURES:
            if isinstance(measure, Sum):
                continue
            is_cash = isinstance(measure, Cash)
            parts, key = units if measure.by == "capacity" else events, measure.of if is_cash else measure.key
            for m in range(12):
                later = m + (int(row.payment_lag_months) if is_cash else 0)
                if later < 12 and sum(parts):
                    expected[measure.key][later] += line.values[key] * parts[m] / sum(parts)
    scale = 1e-9 * max(1.0, *(abs(x) for months in expected.values() for x in months))
    for key, by_month in expected.items():
        assert pytest.approx(by_month, abs=scale) == found[key]
