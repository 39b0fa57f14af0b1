"""What a row of cash flows returns: net present value, internal rate of return, payback.

NPV and IRR are numpy-financial's, in the definitions of Excel's NPV and IRR. It is pure Python over numpy, so it runs
wherever numpy does, a browser included.
"""

import math
from itertools import accumulate, pairwise

from flexrev_xl.core.arguments import Quantity, read_each
from flexrev_xl.errors import FlexError, refuse

MOST_FLOWS = 480  # forty years of months
_FLOW = Quantity("money", "Cash flow; paid out is below 0", low=-1e15)
_RATE = Quantity("fraction", "Discount rate for the time between two flows", high=1.0)


def npv(rate, flows):
    """Net present value of flows at the end of each period, the first one included: Excel's NPV.

    An outlay today is added undiscounted: outlay + npv(rate, flows).

    Args:
        rate: of one period, 0 to 1.
        flows: money at the end of periods 1, 2, ...; at most 480.

    Raises:
        FlexError, FlexErrors: FLEX-001 to FLEX-006 by argument.

    Example:
        >>> round(npv(0.1, [110, 121]), 9)
        200.0
    """
    flows, rate = _read(flows, rate)
    import numpy_financial

    return float(numpy_financial.npv(rate, [0.0, *flows]))


def irr(flows):
    """The one rate at which the flows, the first of them today, are worth nothing: Excel's IRR.

    Args:
        flows: money today and at the end of each period; at most 480.

    Raises:
        FlexError: CPM-158 where no rate does that, or more than one: Excel would show one of them.

    Example:
        >>> round(irr([-100, 60, 60]), 6)
        0.130662
    """
    flows, _ = _read(flows)
    rate = _rate(flows)
    if not math.isfinite(rate):
        raise FlexError("CPM-158", "at no rate are these flows worth nothing", place="flows")
    if _changes_of_sign(flows) > 1:
        # A second rate would be one of the balances that the first rate leaves from period to period.
        balances = list(accumulate(flows, lambda balance, flow: balance * (1.0 + rate) + flow))[:-1]
        other = _rate(balances)
        if math.isfinite(other):
            low, high = sorted((rate, other))
            raise FlexError(
                "CPM-158",
                f"at {100 * low:.6g} % and at {100 * high:.6g} % these flows are worth nothing",
                place="flows",
            )
    return rate


def _rate(flows):
    """The rate nearest to 0, or nan where there is none or the numbers are too far apart to tell."""
    import numpy as np
    import numpy_financial

    with np.errstate(all="ignore"):
        try:
            return float(numpy_financial.irr(flows))
        except np.linalg.LinAlgError:
            return math.nan


def payback_years(flows, rate=0.0):
    """Years until the flows have come back for good, linear within the year in which they do.

    Args:
        flows: yearly money, the first of it today and below 0; at most 480.
        rate: discount rate a year, 0 to 1; 0 for simple payback.

    Raises:
        FlexError: CPM-158 where nothing is paid out first, or it never comes back.

    Example:
        >>> payback_years([-100, 40, 40, 40])
        2.5
    """
    flows, rate = _read(flows, rate)
    if flows[0] >= 0.0:
        raise FlexError("CPM-158", "nothing is paid out first", place="flows[1]", allowed="below 0")
    balances = list(accumulate(flow / (1.0 + rate) ** year for year, flow in enumerate(flows)))
    if balances[-1] < 0.0:
        what = f"after {len(flows) - 1} years {-balances[-1]:,.6g} is still to come back"
        raise FlexError("CPM-158", what, place="flows")
    last = max(year for year, balance in enumerate(balances) if balance < 0.0)
    return last + balances[last] / (balances[last] - balances[last + 1])


def _changes_of_sign(flows):
    signs = [flow > 0.0 for flow in flows if flow]
    return sum(a != b for a, b in pairwise(signs))


def _read(flows, rate=0.0):
    """The flows and the rate as floats; every fault is told at once."""
    problems = []
    if not 1 <= len(flows) <= MOST_FLOWS:
        problems.append(FlexError("FLEX-001", f"{len(flows)} flows", place="flows", allowed=f"1 to {MOST_FLOWS} flows"))
    read, faults = read_each((f"flows[{number}]", _FLOW, flow) for number, flow in enumerate(flows, start=1))
    of_rate, more = read_each([("rate", _RATE, rate)])
    refuse([*problems, *faults, *more])
    return list(read.values()), of_rate["rate"]
