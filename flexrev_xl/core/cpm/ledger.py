"""A ledger of a battery's MW and MWh, step by step: what is used for compute, what is held for demand response."""

from dataclasses import dataclass
from typing import Any

from flexrev_xl.core.cpm.layout import Trace

_ROUNDING = 1e-9  # share of a size by which rounding may overdraw it


@dataclass(frozen=True)
class Ledger:
    """What each MW and MWh of a battery is for. Arrays have a value for each step.

    Attributes:
        interval_hours: of a step.
        rated_mw: of the battery.
        for_compute_mw: discharged to carry GPUs above the limit.
        for_dr_mw: held for demand response; not used for compute in the same step.
        stored_mwh: usable energy at the end of the step, the battery as full as it can be.
        held_mwh: of it, held for an event of demand response.
    """

    interval_hours: float
    rated_mw: float
    for_compute_mw: Any
    for_dr_mw: Any
    stored_mwh: Any
    held_mwh: Any

    @property
    def free_mw(self):
        """Rated power less both uses."""
        return self.rated_mw - self.for_compute_mw - self.for_dr_mw

    @property
    def overdrawn(self):
        """Steps, from 1, in which a MW or a MWh is counted twice; none in a layout that stands."""
        import numpy as np

        slack = _ROUNDING * self.rated_mw
        top = float(self.stored_mwh.max())
        wrong = (self.free_mw < -slack) | (self.stored_mwh < self.held_mwh - _ROUNDING * max(top, slack))
        return (np.flatnonzero(wrong) + 1).tolist()

    def rows(self):
        """(label, value, unit) of the sums over the series."""
        hours = self.interval_hours
        return [
            ["Delivered for compute", float(self.for_compute_mw.sum()) * hours, "MWh"],
            ["Held for demand response", float(self.for_dr_mw.sum()) * hours, "MW-hours"],
            ["Free", float(self.free_mw.sum()) * hours, "MW-hours"],
            ["Least energy stored", float(self.stored_mwh.min()), "MWh"],
        ]


def ledger(load, limit, interval_hours, case, made, dr_steps=None):
    """The ledger of a layout.

    Args:
        load, limit, interval_hours, case, dr_steps: as for optimise.best_layout.
        made: a Layout.

    Returns:
        Ledger.

    Example:
        >>> from flexrev_xl.core.cpm.case import SiteCase
        >>> from flexrev_xl.core.cpm.layout import layout
        >>> case = SiteCase(
        ...     gpu_kw=1, gpu_capex=0, battery_capex_per_mwh=0, energy_price_per_mwh=0, other_kw_per_gpu=0, pue=1,
        ...     auxiliaries=0, round_trip_efficiency=1,
        ... )
        >>> made = layout(case, Trace.of([2, 1], case).fleet(), 2000, battery_mw=1, usable_mwh=2, dr_mw=0.5, delivered_mwh=0)
        >>> book = ledger([2, 1], 1.5, 1, case, made)
        >>> book.for_compute_mw.tolist(), book.free_mw.tolist(), book.stored_mwh.tolist(), book.overdrawn
        ([0.5, 0.0], [0.0, 0.5], [1.5, 2.0], [])
    """
    import numpy as np

    from flexrev_xl.core.cpm.cuts import one_way_efficiency
    from flexrev_xl.core.cpm.drawdown import Flow

    site_mw = Trace.of(load, case).fleet(made.power_cap).load * made.gpus
    efficiency = one_way_efficiency(case)
    limits = np.broadcast_to(np.asarray(limit, dtype=float), site_mw.shape) - case.auxiliaries * made.battery_mw
    flow = Flow(site_mw, limits, made.battery_mw, efficiency, efficiency)
    stored = made.usable_mwh - flow.path(flow.draw()) * interval_hours
    nominated = np.ones(len(site_mw)) if dr_steps is None else np.asarray(dr_steps, dtype=float)
    for_dr = nominated * made.dr_mw
    held = for_dr * case.dr_event_hours / efficiency
    return Ledger(interval_hours, made.battery_mw, np.maximum(site_mw - limits, 0.0), for_dr, stored, held)
