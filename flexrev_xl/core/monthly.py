"""What a budget shows of every month: which step is spread how, and what is added up from those."""

from dataclasses import dataclass

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
OPENING, CLOSING = "receivable_opening", "receivable_closing"
TOTALS = ("gross_revenue", "customer_net", "net_revenue", "cash_received", "net_cash")


def weights_of(phasing, by):
    """A line's weights of the twelve months of its year."""
    return phasing.capacity_weights if by == CAPACITY else phasing.event_weights


def months_of(lines, first_year, years):
    """Every measure of every month of the budget.

    Args:
        lines: of one scenario, each with `year`, `phasing`, `values` and `enrolment.payment_lag_months`.
        first_year: the first budget year; years: how many there are.

    Returns:
        dict: a list of months by key, money; `receivable_closing` is what is earned and not yet paid at month end.
    """
    count = 12 * years
    months = {}
    for measure in MEASURES:
        if isinstance(measure, Sum):
            parts = [(months[k], 1.0) for k in measure.plus] + [(months[k], -1.0) for k in measure.minus]
            months[measure.key] = [sum(sign * row[n] for row, sign in parts) for n in range(count)]
            continue
        row = [0.0] * count
        key = measure.of if isinstance(measure, Cash) else measure.key
        for line in lines:
            lag = int(line.enrolment.payment_lag_months) if isinstance(measure, Cash) else 0
            start = 12 * (line.year - first_year) + lag
            for number, weight in enumerate(weights_of(line.phasing, measure.by), start=start):
                if number < count:
                    row[number] += line.values[key] * weight
        months[measure.key] = row
    closing, owed = [], 0.0
    for earned, paid in zip(months["customer_net"], months["cash_received"], strict=True):
        owed += earned - paid
        closing.append(owed)
    months[OPENING], months[CLOSING] = [0.0, *closing[:-1]], closing
    return months
