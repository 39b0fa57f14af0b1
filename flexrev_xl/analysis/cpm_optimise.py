"""The layout of a case's site that earns most: its terms and its load as the optimiser takes them."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from flexrev_xl.analysis.cpm_load import METER_OF, case_load
from flexrev_xl.analysis.cpm_result import FrontierPoint
from flexrev_xl.core.cpm.case import SiteCase
from flexrev_xl.core.cpm.curves import MLPERF_CURVES, Curve, Point
from flexrev_xl.core.cpm.optimise import best_layout
from flexrev_xl.errors import FlexError, FlexErrors
from flexrev_xl.portfolio.cpm_case import Bounds


@dataclass(frozen=True)
class Optimised:
    """The best layout of a case.

    Attributes:
        case: the CpmCase.
        optimum: core.cpm.optimise.Optimum.
        frontier: FrontierPoints over battery size.
        sentences, cautions: what must be said beside the figures.
    """

    case: Any
    optimum: Any
    frontier: tuple
    sentences: tuple
    cautions: tuple

    def as_json(self):
        """What `flexrev cpm optimise --json` prints."""
        optimum = self.optimum
        layouts = {key: getattr(optimum, key) for key in ("best", "no_battery", "no_cap", "neither")}
        return {
            "name": self.case.name,
            "currency": self.case.currency,
            **{key: _layout(made, optimum.grid_mw) for key, made in layouts.items()},
            "against_no_battery": optimum.against_no_battery,
            "against_no_cap": optimum.against_no_cap,
            "against_neither": optimum.against_neither,
            "caps_looked_at": optimum.caps_looked_at,
            "frontier": [point._asdict() for point in self.frontier],
            "sentences": list(self.sentences),
            "cautions": list(self.cautions),
            "defaults_used": list(self.case.defaults_used),
        }


def _layout(made, grid_mw):
    return {**asdict(made), "profit": made.profit, "compute_per_mw": made.compute_per_mw(grid_mw)}


def optimise_case(case, progress=None, load=None):
    """The layout of a case's site that earns most in a year; its cap, GPUs and battery are chosen anew.

    Args:
        case: a portfolio.cpm_case.CpmCase.
        progress: called with a word for each cap.
        load: its CaseLoad, where it is worked out already.

    Returns:
        Optimised.

    Raises:
        FlexError, FlexErrors: what case_load and the optimiser refuse, terms by the key of the case.
    """
    load = case_load(case) if load is None else load
    bounds = case.bounds or Bounds()
    shape = np.tile(np.asarray(case.trace.power_mw, dtype=float), load.repeats)
    terms, curve = site_case(case, load.peak_of_rated(case), bounds), _curve(case.curve, bounds.caps)
    optimum = best_layout(shape, load.limit_mw, load.interval_hours, terms, curve, progress=progress)
    frontier = tuple(
        FrontierPoint(made.nameplate_mwh, made.battery_mw, made.gpus, made.profit) for made in optimum.frontier()
    )
    said = [*load.sentences[:2], *optimum.sentences]
    if case.inputs["grid_revenue_per_mw_year"] and not bounds.most_dr_mw:
        said.append(
            "Grid revenue of the case is left out: what may be nominated stands under optimise.demand_response."
        )
    trace = case.trace
    is_mlperf = trace.is_mlperf or (case.curve.name in MLPERF_CURVES and optimum.best.power_cap is not None)
    cautions = optimum.cautions(trace.resolution_seconds, from_mlperf=is_mlperf, is_synthetic=trace.is_synthetic)
    return Optimised(case, optimum, frontier, tuple(said), tuple(cautions))


def site_case(case, peak_of_rated, bounds):
    """The SiteCase of a case; nothing is sold to the grid but what may be nominated."""
    inputs = case.inputs
    shared = {key: inputs[key] for key in SiteCase.__dataclass_fields__ if key in inputs and key != "power_cap"}
    asked = {key: value for key, value in vars(bounds).items() if key != "caps"}
    try:
        return SiteCase(
            **shared,
            meter=METER_OF[case.trace.meter],
            peak_of_rated=peak_of_rated,
            **asked,
        )
    except FlexError as e:
        told = [
            FlexError(p.code, p.what, place=case.place(p.place), allowed=p.allowed, remedy=p.remedy) for p in e.problems
        ]
        raise FlexErrors(told) from None


def _curve(curve, caps):
    """The curve, or its points at the caps to choose from."""
    if caps is None:
        return curve
    points = tuple(Point(cap, curve.throughput(cap)) for cap in sorted(set(caps)))
    return Curve(curve.name, points, curve.source, curve.remark, is_curve=False)
