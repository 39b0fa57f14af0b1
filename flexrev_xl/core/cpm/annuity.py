"""Capital as a yearly cost: what payments at the end of each year or month are worth today, and the other way round."""

import math

from flexrev_xl.core.expression import Reference

MONTHS = 12.0
_NO_RATE = 1e-15  # below it, a rate changes no digit of any sum of payments


def annuity(rate, periods):
    """Present value of 1 at the end of each period; PV in a spreadsheet, which knows a rate of 0 too.

    Example:
        >>> round(annuity(0.1, 5), 6), annuity(0.0, 5.0)
        (3.790787, 5.0)
    """
    if isinstance(rate, Reference):
        return Reference(f"PV({rate},{periods},-1)")
    if isinstance(rate, float | int) and isinstance(periods, float | int):
        return periods if rate < _NO_RATE else -math.expm1(-periods * math.log1p(rate)) / rate
    import numpy as np

    above = np.where(np.less(rate, _NO_RATE), 1.0, rate)
    return np.where(np.less(rate, _NO_RATE), periods, -np.expm1(-periods * np.log1p(above)) / above)


def monthly(rate):
    """The rate a month that comes to a rate a year."""
    if isinstance(rate, Reference):
        return Reference(f"(1+{rate})^(1/12)-1", Reference.ADD)
    if isinstance(rate, float | int):
        return math.expm1(math.log1p(rate) / MONTHS)
    import numpy as np

    return np.expm1(np.log1p(rate) / MONTHS)


def capital_recovery(rate, years):
    """Yearly payment that recovers a capital of 1 with its return.

    Example:
        >>> round(capital_recovery(0.1, 5), 6), capital_recovery(0.0, 5.0)
        (0.263797, 0.2)
    """
    return 1.0 / annuity(rate, years)
