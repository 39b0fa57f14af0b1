"""THE list of Excel functions. A new function is one marked function in `core/` and a name here."""

from flexrev_xl.core import costs, revenue
from flexrev_xl.errors import FlexError, nearest

FUNCTIONS = (
    revenue.qualified_capacity,
    revenue.capacity_revenue,
    revenue.dispatched_energy,
    revenue.energy_revenue,
    revenue.total_revenue,
    revenue.revenue_table,
    revenue.annual_rate,
    revenue.energy_rate,
    revenue.seasonal_rate,
    costs.penalty,
    costs.net_revenue,
)

ENTRIES = {f.entry.name: f.entry for f in FUNCTIONS}


def find(name):
    """The Entry of an Excel function, by its name without regard to case.

    Raises:
        FlexError: FLEX-023, offering the nearest names.
    """
    entry = ENTRIES.get(name.strip().upper())
    if entry is None:
        raise FlexError("FLEX-023", f"there is no function {name}.{nearest(name, ENTRIES)}".rstrip("."), place="NAME")
    return entry
