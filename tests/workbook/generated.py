"""Portfolios made at random, that use everything a row and a header can say."""

import datetime as dt
from random import Random

from flexrev_xl.core.dates import budget_year_of, business_days, days_between, whole_months
from flexrev_xl.core.units import CAPACITY_UNITS, ENERGY_UNITS, PERIODS
from flexrev_xl.portfolio.columns import KINDS, PRICE_STATUSES

SITES = 36
YEAR = 2027
FIRST_MONTHS = {1: 1, 2: 7, 3: 3}  # of the budget year, by seed
SCENARIOS = [
    {"name": "Base"},
    {"name": "Half", "dispatch_hours": 0.5, "performance": 0.7, "capacity_rate": 0.9, "energy_rate": 1.3},
    {"name": "Fixed", "dispatch_hours": {"absolute": 40}, "performance": {"absolute": 0.67}},
    {"name": "New prices", "capacity_rate": {"absolute": 12.5}, "energy_rate": {"absolute": 0.08}, "performance": 1.2},
]
# Of one site, of one programme, and of one site in one programme, which comes before both.
EXCEPTIONS = {
    "Half": [
        {"site": "Site 3", "dispatch_hours": 0.8, "performance": {"absolute": 0.55}},
        {"programme": "Programme MW-year", "energy_rate": {"absolute": 0.2}, "capacity_rate": 1.4},
    ],
    "Fixed": [{"site": "Site 4", "dispatch_hours": 2}, {"site": "Site 5", "capacity_rate": {"absolute": 3}}],
}
EXCHANGE_RATES = [
    {"currency": "EUR", "rate": 0.8437, "date": "2026-11-02", "kind": "budget", "source": "treasury"},
    {"currency": "JPY", "rate": 0.0051, "date": "2026-11-02", "kind": "average", "source": "treasury"},
]
LEAP_DAY = dt.date(2028, 2, 29)
EVENTS = ("every month", "11-2", "Jun-Sep", "6:1 7:2.5 8:2.5 9:1", "1:3 2:1 3:0 12:2 7:0.25")
DAY = dt.timedelta(days=1)


def dates_of_a_row(random, first):
    """First and last day of a row by how they lie to a budget that begins on that day; None for an undated row."""
    year_end, second_end = budget_year_of(first)[1], budget_year_of(first, 1)[1]
    start = first + dt.timedelta(days=random.randint(3, 200))
    return {
        "undated": None,
        "budget year": (first, year_end),
        "second year": (year_end + DAY, second_end),
        "mid-month": (start, min(year_end, start + dt.timedelta(days=random.randint(20, 150)))),
        "across years": (start, start + dt.timedelta(days=364)),
        "before and in": (first - dt.timedelta(days=random.randint(20, 300)), first + dt.timedelta(days=40)),
        "ends on the leap day": (LEAP_DAY - dt.timedelta(days=random.randint(1, 200)), LEAP_DAY),
        "begins on the leap day": (LEAP_DAY, LEAP_DAY + dt.timedelta(days=random.randint(1, 200))),
        "outside": (second_end + DAY, second_end + dt.timedelta(days=90)),
    }


def _periods(random, unit, dates, paid_on):
    """Periods paid, within what the unit and the dates hold; None where they are left to the dates."""
    name = unit.split("-")[1]
    most = PERIODS[name].most / 3
    if dates:
        paid = (business_days if paid_on == "business days" else days_between)(*dates)
        if name in ("day", "year") or (name == "month" and whole_months(*dates)):
            most = random.choice((None, most))
        if most is not None:
            most = min(most, {"day": paid, "hour": 24 * days_between(*dates), "month": 1}.get(name, most))
    return most if most is None else most * random.choice((1, random.random()))


def _row(random, capacity_unit, first):
    """An enrolment; a limit is given in every other row."""
    up_to = random.uniform
    dates = random.choice(list(dates_of_a_row(random, first).values()))
    paid_on = random.choice(("every day", "business days"))
    row = {"source": "generated", "rate_unit": capacity_unit, "paid_on": paid_on, "kind": random.choice(KINDS)}
    row |= {"start": str(dates[0]), "end": str(dates[1])} if dates else {}
    row |= {"nominated_mw": 10 ** up_to(-2, 4), "accreditation": up_to(0.2, 1.2)}
    row |= {
        "price_status": random.choice(list(PRICE_STATUSES)),
        "capacity_rate": random.choice((0, 10 ** up_to(-2, 5))),
    }
    row |= {"energy_rate": 10 ** up_to(-2, 3), "energy_unit": random.choice(list(ENERGY_UNITS))}
    row |= {"dispatch_hours": random.choice((0, up_to(1, 500))), "marginal_cost": up_to(0, 2000)}
    row |= {"performance": random.choice((0, 1, up_to(0, 1.5))), "availability": random.choice((1, random.random()))}
    row |= {
        "performance_cap": random.choice((1, up_to(0.5, 1.5))),
        "penalty_rate": random.choice((0, 10 ** up_to(0, 4))),
    }
    row |= {"penalty_share": random.choice((1, random.random())), "customer_share": random.random()}
    row |= {"escalation": random.choice((0, up_to(-0.3, 0.4))), "payment_lag_months": random.choice((0, 1, 3, 14, 60))}
    limits = {"penalty_hours": up_to(0, 100), "stop_loss_money": 10 ** up_to(2, 6), "stop_loss_share": up_to(0, 2)}
    limits |= {"price_year": random.randint(2024, 2028), "compute_forgone_per_mwh": up_to(0, 3000)}
    limits |= {
        "uplift_money": 10 ** up_to(2, 6),
        "ancillary_money": 10 ** up_to(2, 6),
        "test_charge_money": up_to(0, 9e4),
    }
    limits |= {"test_hours": up_to(0, 20), "energy_bill_per_mwh": up_to(0, 200)}
    if row["energy_unit"] != "pence/kWh":
        limits["currency"] = random.choice([rate["currency"] for rate in EXCHANGE_RATES])
    if not row["capacity_rate"]:
        del limits["stop_loss_share"]
    periods = _periods(random, capacity_unit, dates, paid_on)
    row |= {} if periods is None else {"periods": periods}
    row |= {name: value for name, value in limits.items() if random.random() < 0.5}
    hours = row["dispatch_hours"] or row.get("penalty_hours") or row.get("test_hours")
    return row | _events(random, dates, hours)


def _events(random, dates, hours):
    """The months of events: any where the row has no dates or no hours, else some that lie between its dates."""
    text = random.choice(EVENTS)
    if text == "every month":
        return {}
    if dates and hours:
        text = f"{dates[0].month}:2 {dates[0].month % 12 + 1}:0.5"
    return {"event_months": text}


def portfolio(seed):
    """A portfolio over two budget years as one would write it: sites, each with a programme of one to three seasons."""
    random = Random(f"portfolio {seed}")
    month = FIRST_MONTHS[seed]
    units = list(CAPACITY_UNITS)
    sites = []
    for number in range(SITES):
        unit = units[number % len(units)]
        seasons = [{}]
        if number % 3 == 0:
            seasons = [{"season": s} for s in ("Summer", "Winter", "Spring")[: random.randint(1, 3)]]
        rows = [{"programme": f"Programme {unit}", **s, **_row(random, unit, dt.date(YEAR, month, 1))} for s in seasons]
        sites.append({"name": f"Site {number}", "enrolments": rows})
    pair = {"site": "Site 3", "programme": sites[3]["enrolments"][0]["programme"], "dispatch_hours": {"absolute": 7}}
    exceptions = {**EXCEPTIONS, "Half": [*EXCEPTIONS["Half"], pair]}
    scenarios = [s | {"exceptions": exceptions[s["name"]]} if s["name"] in exceptions else s for s in SCENARIOS]
    header = {"name": f"Generated {seed}", "currency": "GBP", "year": YEAR, "years": 2, "fiscal_year_start": month}
    return header | {"exchange_rates": EXCHANGE_RATES, "sites": sites, "scenarios": scenarios}
