"""A budget by month: what its lines are spread over, on accrual and in cash."""

from flexrev_xl.core.dates import first_of_month, last_of_month
from flexrev_xl.core.monthly import CAPACITY, CLOSING, MEASURES, OPENING, Cash, Sum

MONTHS_OF_YEAR = 12


def month_ends(portfolio):
    """The last day of every month of the budget."""
    count = MONTHS_OF_YEAR * portfolio.years
    return [last_of_month(first_of_month(portfolio.first_day, n)) for n in range(count)]


def months_of(lines, portfolio):
    """Every measure of every month of the budget.

    Args:
        lines: of one scenario.
        portfolio: whose budget years they are in.

    Returns:
        dict: a list of months by key, money; what is earned and not yet paid stands at the opening and the
        closing of each month. What is paid after the last month is in its closing.

    Example:
        >>> from flexrev_xl.analysis.budget import budget
        >>> from flexrev_xl.workbook.starter import demo_portfolio
        >>> base = budget(demo_portfolio()).scenario("Base")
        >>> round(sum(months_of(base.lines, demo_portfolio())["net_revenue"]) - base.totals["net_revenue"], 6)
        0.0
    """
    count = MONTHS_OF_YEAR * portfolio.years
    months = {}
    for measure in MEASURES:
        if isinstance(measure, Sum):
            parts = [(months[k], 1.0) for k in measure.plus] + [(months[k], -1.0) for k in measure.minus]
            months[measure.key] = [sum(sign * row[n] for row, sign in parts) for n in range(count)]
        else:
            months[measure.key] = _spread(measure, lines, portfolio, count)
    closing, owed = [], 0.0
    for earned, paid in zip(months["customer_net"], months["cash_received"], strict=True):
        owed += earned - paid
        closing.append(owed)
    months[OPENING], months[CLOSING] = [0.0, *closing[:-1]], closing
    return months


def _spread(measure, lines, portfolio, count):
    """One measure of the lines over all months, cash later by each line's payment lag."""
    row = [0.0] * count
    key = measure.of if isinstance(measure, Cash) else measure.key
    for line in lines:
        amount = line.values[key]
        if not amount:
            continue
        lag = int(line.enrolment.payment_lag_months) if isinstance(measure, Cash) else 0
        start = MONTHS_OF_YEAR * (line.year - portfolio.year) + lag
        weights = line.phasing.capacity_weights if measure.by == CAPACITY else line.phasing.event_weights
        for number, weight in enumerate(weights, start=start):
            if number < count:
                row[number] += amount * weight
    return row
