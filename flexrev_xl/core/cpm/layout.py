"""A layout of a site, GPUs, cap and battery, and what it earns in a year; and what one GPU draws under a cap."""

from dataclasses import dataclass
from typing import Any

from flexrev_xl.core.cpm.compute import compute_per_mw
from flexrev_xl.core.cpm.marks import HOURS_PER_YEAR
from flexrev_xl.core.marginal_costs import KILO

BY_PRICE = "a further GPU or its battery would cost more than it earns"
BY_GPUS, BY_MW, BY_MWH = "most_gpus", "most_battery_mw", "most_battery_mwh"
BY_ENERGY = "the grid's energy: no battery is large enough for more"
BY_LIMIT = "the grid's limit"
NO_GPU = "no GPU earns its cost"


@dataclass(frozen=True)
class Layout:
    """A layout and its year. Money of a year; costs positive, subtracted once in `profit`.

    Attributes:
        power_cap: share of rated power; None without a cap.
        gpus: whole GPUs, installed.
        battery_mw: rated power, AC.
        usable_mwh, nameplate_mwh: energy at the end of life within its depth, and when new.
        dr_mw: power nominated to demand response.
        gpu_equivalents: full-speed GPUs: utilisation x availability x GPUs x throughput.
        discharged_mwh: delivered for compute in a year, AC.
        bound: what keeps it from being larger.
    """

    power_cap: float | None
    gpus: float
    battery_mw: float
    usable_mwh: float
    nameplate_mwh: float
    dr_mw: float
    gpu_equivalents: float
    discharged_mwh: float
    compute_revenue: float
    dr_revenue: float
    gpu_annuity: float
    energy: float
    battery_annuity: float
    wear: float
    bound: str = ""

    @property
    def profit(self):
        """Revenue less every cost."""
        costs = self.gpu_annuity + self.energy + self.battery_annuity + self.wear
        return self.compute_revenue + self.dr_revenue - costs

    @property
    def c_rate(self):
        """Battery power over nameplate energy; 0 without a battery."""
        return self.battery_mw / self.nameplate_mwh if self.nameplate_mwh else 0.0

    def compute_per_mw(self, grid_mw):
        """Full-speed GPU-equivalents for each MW contracted."""
        return compute_per_mw.formula(self.gpu_equivalents, grid_mw)


@dataclass(frozen=True)
class Fleet:
    """GPUs under one cap, all of them alike.

    Attributes:
        power_cap: share of rated power; None without a cap.
        throughput: share of full throughput.
        load: what one GPU draws at the meter in each step, in MW: a float array.
        peak, mean: of load.
    """

    power_cap: float | None
    throughput: float
    load: Any
    peak: float
    mean: float


@dataclass(frozen=True)
class Trace:
    """A series taken apart into what one GPU draws.

    The series is a shape: its peak is where GPUs draw peak_of_rated of their rated power. At the site's meter it holds
    other IT power and overhead already, at the nodes' other IT power alone, at the GPUs' neither; what is missing is
    added as a constant, overhead as (PUE - 1) x mean IT power.

    Attributes:
        gpu_kw: of one GPU in each step, in kW, without a cap.
        other_kw: IT power beside it.
        rated_kw, pue: of the case.
    """

    gpu_kw: Any
    other_kw: float
    rated_kw: float
    pue: float

    @classmethod
    def of(cls, series, case):
        """The Trace of a series at the meter that the case names."""
        import numpy as np

        shape = np.asarray(series, dtype=float)
        shape = shape / shape.max()
        at_peak, other = case.gpu_kw * case.peak_of_rated, case.other_kw_per_gpu
        if case.meter == "gpu":
            gpu_kw = shape * at_peak
        elif case.meter == "node":
            gpu_kw = shape * (at_peak + other) - other
        else:
            # The peak at the meter is all IT power and an overhead that is itself a share of the mean at the meter.
            share = (case.pue - 1.0) / case.pue * float(shape.mean())
            peak_kw = (at_peak + other) / (1.0 - share)
            gpu_kw = (shape - share) * peak_kw - other
        return cls(gpu_kw, other, case.gpu_kw, case.pue)

    def clips(self, cap):
        """Whether a cap keeps anything down."""
        return cap * self.rated_kw < float(self.gpu_kw.max())

    def fleet(self, cap=None, throughput=1.0):
        """The GPUs under a cap; a cap that clips nothing slows nothing."""
        import numpy as np

        gpu_kw = self.gpu_kw
        if cap is not None and self.clips(cap):
            gpu_kw = np.minimum(gpu_kw, cap * self.rated_kw)
        else:
            cap, throughput = None, 1.0
        it_kw = gpu_kw + self.other_kw
        load = (it_kw + (self.pue - 1.0) * float(it_kw.mean())) / KILO
        return Fleet(cap, throughput, load, float(load.max()), float(load.mean()))


@dataclass(frozen=True)
class Rates:
    """What each unit of a layout brings in a year: money for one GPU, MW, usable MWh, MW nominated, MWh delivered."""

    per_gpu: float
    per_mw: float
    per_usable_mwh: float
    per_dr_mw: float
    per_delivered_mwh: float

    @classmethod
    def of(cls, case, fleet):
        """Those of a case for GPUs under a cap."""
        energy_per_mw = HOURS_PER_YEAR * case.energy_price_per_mwh
        losses = case.energy_price_per_mwh * (1.0 / case.round_trip_efficiency - 1.0)
        return cls(
            fleet.throughput * case.revenue_per_gpu - case.cost_per_gpu - fleet.mean * energy_per_mw,
            -case.battery_capex_per_mw * case.storage_recovery - case.auxiliaries * energy_per_mw,
            -case.battery_capex_per_mwh * case.storage_recovery / case.usable_share,
            case.dr_rate_per_mw_year,
            -case.wear_per_mwh - losses,
        )


def layout(case, fleet, gpus, battery_mw, usable_mwh, dr_mw, delivered_mwh, bound=""):
    """The Layout of these sizes, each cost on its own; delivered_mwh is that of a year."""
    nameplate = usable_mwh / case.usable_share
    mwh = fleet.mean * gpus * HOURS_PER_YEAR + case.auxiliaries * battery_mw * HOURS_PER_YEAR
    mwh += delivered_mwh * (1.0 / case.round_trip_efficiency - 1.0)
    capex = battery_mw * case.battery_capex_per_mw + nameplate * case.battery_capex_per_mwh
    return Layout(
        fleet.power_cap,
        float(gpus),
        battery_mw,
        usable_mwh,
        nameplate,
        dr_mw,
        gpu_equivalents=case.utilisation * case.availability * gpus * fleet.throughput,
        discharged_mwh=delivered_mwh,
        compute_revenue=gpus * fleet.throughput * case.revenue_per_gpu,
        dr_revenue=dr_mw * case.dr_rate_per_mw_year,
        gpu_annuity=gpus * case.cost_per_gpu,
        energy=mwh * case.energy_price_per_mwh,
        battery_annuity=capex * case.storage_recovery,
        wear=delivered_mwh * case.wear_per_mwh,
        bound=bound,
    )
