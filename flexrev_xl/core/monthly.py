"""What a budget shows of every month: which step is spread how, and what is added up from those."""

from dataclasses import dataclass

from flexrev_xl.core.budget_line import STEP_OF

CAPACITY, ENERGY = "capacity", "energy"


@dataclass(frozen=True)
class Spread:
    """A step of the lines that is spread over months: by paid days and months, or by event months."""

    key: str
    by: str


@dataclass(frozen=True)
class Sum:
    """A figure of a month made of others of the same month: those added, and those taken away."""

    key: str
    label: str
    plus: tuple
    minus: tuple = ()


@dataclass(frozen=True)
class Cash:
    """A step of the lines as it is paid: spread like the step, and later by each line's payment lag."""

    key: str
    label: str
    of: str
    by: str


# In the order of the Budget tab. What a line earns by days, months and events falls on those; cash follows.
MEASURES = (
    Spread("capacity_revenue", CAPACITY),
    Spread("energy_revenue", ENERGY),
    Spread("uplift_revenue", CAPACITY),
    Spread("ancillary_revenue", CAPACITY),
    Sum(
        "gross_revenue", "Gross revenue", ("capacity_revenue", "energy_revenue", "uplift_revenue", "ancillary_revenue")
    ),
    Spread("guaranteed", CAPACITY),
    Sum("contingent", "Contingent", ("gross_revenue",), ("guaranteed",)),
    Spread("standing_receipts", CAPACITY),
    Spread("event_receipts", ENERGY),
    Sum("customer_net", "Customer net", ("standing_receipts", "event_receipts")),
    Spread("penalties_borne", ENERGY),
    Spread("test_charges", CAPACITY),
    Spread("buyout_cost", CAPACITY),
    Sum(
        "aggregator_share",
        "Aggregator's share",
        ("gross_revenue",),
        ("penalties_borne", "test_charges", "buyout_cost", "customer_net"),
    ),
    Spread("operating_cost", ENERGY),
    Sum("net_revenue", "Net revenue", ("customer_net",), ("operating_cost",)),
    Spread("avoided_cost", CAPACITY),
    Spread("avoided_energy_bill", ENERGY),
    Cash("standing_cash", "Cash from standing receipts", "standing_receipts", CAPACITY),
    Cash("event_cash", "Cash from event receipts", "event_receipts", ENERGY),
    Sum("cash_received", "Cash received", ("standing_cash", "event_cash")),
    Sum("net_cash", "Net cash", ("cash_received",), ("operating_cost",)),
)
_LABELS = {m.key: getattr(m, "label", "") or STEP_OF[m.key].label for m in MEASURES}


def label_of(key):
    """The label of a measure, the one of its step where it is one."""
    return _LABELS[key]


OPENING, CLOSING = "receivable_opening", "receivable_closing"
TOTALS = ("gross_revenue", "customer_net", "net_revenue", "cash_received", "net_cash")
