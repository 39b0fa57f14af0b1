"""What the programme library knows of the columns that a row leaves empty."""

from flexrev_xl.core.arguments import LONGEST_TEXT
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.models import read_date
from flexrev_xl.portfolio.terms import EVENT_COLUMNS, EVENT_MONTHS
from flexrev_xl.programmes import library

# What an entry of the library says of the programme itself, whatever price a row has.
_TERMS = (
    "zone",
    "accreditation",
    "performance_cap",
    "performance_floor",
    "penalty_rate",
    "penalty_hours",
    "stop_loss_money",
    "stop_loss_share",
)


def terms_from_library(values, programmes):
    """What the programme library knows of the columns that a row leaves empty."""
    entry = library.find(values.get("programme", ""), programmes)
    if entry is None:
        return {}
    known = {name: getattr(entry, name) for name in _TERMS}
    known |= {"event_hours": entry.hours_per_event, "notice_minutes": entry.notice_minutes}
    if entry.paid_on != "every day":
        known["paid_on"] = entry.paid_on
    if entry.event_months and not any(n in values for n in EVENT_COLUMNS):
        known[EVENT_MONTHS] = ",".join(map(str, entry.event_months))
    if "capacity_rate" not in values and "rate_unit" not in values:
        known |= _price(entry, values)
    if not {"energy_rate", "energy_unit"} & set(values) and ("dispatch_hours" in values or not entry.prices):
        known |= {"energy_rate": entry.energy_rate, "energy_unit": entry.energy_unit}
    return {name: value for name, value in known.items() if value not in (None, "") and name not in values}


def _price(entry, values):
    """The price of a row's season, its unit, status, dates, and source."""
    source = {
        "source": f"Programme library, {entry.id}: {entry.source.title}"[:LONGEST_TEXT],
        "source_date": entry.source.date,
    }
    price = entry.price_for(values.get("season"))
    if price is None:
        return {} if entry.prices else source | {"price_status": entry.price_status}
    known = source | {"season": price.season, "capacity_rate": price.capacity_rate, "rate_unit": entry.rate_unit}
    known["price_status"] = entry.price_status
    if "periods" in values:
        return known
    if "start" in values or "end" in values:
        return known | _business_days(entry, values)
    if entry.paid_on != "every day" or price.periods is not None:
        known["periods"] = entry.periods_paid(price)
    return known | {"start": price.start, "end": price.end}


def _business_days(entry, values):
    """The periods of a row that has dates of its own, where the programme pays on business days."""
    if entry.paid_on == "every day" or entry.capacity_unit.period.name != "day":
        return {}
    try:
        start, end = (read_date(values.get(name)) for name in ("start", "end"))
    except FlexError:
        return {}  # told where the dates are read
    return {"periods": entry.days_paid(start, end)} if start <= end else {}
