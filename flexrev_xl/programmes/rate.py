"""FLEX_PROGRAMME_RATE: one field of one entry of the programme library."""

import datetime as dt
from typing import Annotated

from flexrev_xl.core.arguments import Text
from flexrev_xl.core.entry import excel
from flexrev_xl.errors import FlexError, nearest

PJM_2026_27 = "Programme library, pjm-rto-2026-27: PJM RPM base residual auction 2026/27, 329.17 USD/MW-day"

ProgrammeId = Annotated[
    str,
    Text(
        "Id of a programme, as `flexrev programmes list` shows it", "an id, such as pjm-rto-2026-27", "pjm-rto-2026-27"
    ),
]
Field = Annotated[
    str,
    Text(
        "What is asked for: capacity_rate (of a seasonal programme with its season, such as capacity_rate Summer), "
        "annual_rate, rate_unit, energy_rate, end, source ...",
        "a field the programme states",
        "capacity_rate",
    ),
]


@excel(category="Rates", unit="number or text", source=PJM_2026_27, example=(("pjm-rto-2026-27",), 329.17))
def programme_rate(programme_id: ProgrammeId, field: Field = "capacity_rate"):
    """A rate or another term of a programme of the library, as published; dates come as text such as 2027-05-31."""
    from flexrev_xl.programmes import library

    try:
        entry = library.demand(programme_id)
    except FlexError as e:
        raise e.at("programme_id") from None
    known = terms(entry)
    name = " ".join(field.split()).lower()
    value = {k.lower(): v for k, v in known.items()}.get(name)
    if value is None:
        raise _refusal(entry, name, known)
    return float(value) if isinstance(value, int | float) else value


def _refusal(entry, name, known):
    what = f"{entry.id} states no {name[:60]!r}.{nearest(name, known)}".rstrip(".")
    if name == "capacity_rate" and entry.is_seasonal:
        what = f"{entry.id} has a price for each season"
        known = [k for k in known if k.startswith("capacity_rate") or k == "annual_rate"]
    return FlexError("FLEX-122", what, place="field", allowed=", ".join(known))


def terms(entry):
    """Everything an entry states, by field: numbers and texts, in the order they are shown."""
    fields = {name: getattr(entry, name) for name in ("id", "name", "market", "zone", "currency", "price_status")}
    if entry.is_seasonal:
        fields |= {f"capacity_rate {p.season}": p.capacity_rate for p in entry.prices}
        fields |= {f"periods {p.season}": entry.periods_paid(p) for p in entry.prices}
    elif entry.prices:
        fields |= {"capacity_rate": entry.prices[0].capacity_rate, "periods": entry.periods_paid(entry.prices[0])}
    fields |= {"rate_unit": entry.rate_unit, "annual_rate": entry.annual_rate, "season": ", ".join(entry.seasons)}
    fields |= {"start": entry.delivery_start, "end": entry.delivery_end}
    fields |= {name: getattr(entry, name) for name in _PLAIN}
    fields["pays_accredited_mw"] = "yes" if entry.pays_accredited_mw else None
    fields["event_months"] = _months(entry.event_months)
    fields |= {name: "; ".join(getattr(entry, name)) for name in ("stacks_with", "bars", "bars_permits")}
    fields["note"] = entry.note
    fields |= {"confidence": entry.confidence, "source": entry.source.title, "source_address": entry.source.address}
    fields |= {"source_date": entry.source.date, "check_against": entry.source.check_against}
    shown = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in fields.items()}
    return {name: value for name, value in shown.items() if value not in (None, "")}


def _months(months):
    """Months as a portfolio writes them: 5-10, or 6 8-9; a winter's runs on over the year's end, 12-3."""
    runs = []
    for month in months:
        if runs and month == runs[-1][-1] % 12 + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return " ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


_PLAIN = (
    "energy_rate",
    "energy_unit",
    "accreditation",
    "performance_cap",
    "performance_floor",
    "penalty_rate",
    "penalty_hours",
    "stop_loss_money",
    "stop_loss_share",
    "notice_minutes",
    "event_window",
    "event_months",
    "events_per_month",
    "events_per_year",
    "hours_per_event",
    "hours_per_year",
    "telemetry_minutes",
)
