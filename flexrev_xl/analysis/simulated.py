"""The results of a simulation, and how they read as JSON."""

from dataclasses import dataclass, field
from typing import Any

from flexrev_xl.core.simulation import label

# Each driver with what is random in a year because of it.
DRIVERS = {
    "events": ("hours",),
    "performance": ("performance", "missed"),
    "energy price": ("price",),
    "capacity rate": ("rate",),
}
METHOD = (
    "variance of net revenue with this driver as drawn and all others at their means, over the variance with all as "
    "drawn; what is left is due to drivers together"
)
TOGETHER = "drivers together"
INDEPENDENT = (
    "performance of an event: independent of other events, of other rows and of everything else that is random",
    "budget years: independent of each other",
)


@dataclass(frozen=True)
class LineOutcome:
    """One enrolment in one year by itself."""

    enrolment: Any
    outcome: Any


@dataclass(frozen=True)
class Diversification:
    """Downside reserves of all lines, each by itself, beside that of the portfolio; money."""

    stand_alone: float
    portfolio: float

    @property
    def saved(self):
        """What the lines need less together than each by itself."""
        return self.stand_alone - self.portfolio

    def as_json(self):
        """The three amounts."""
        return {
            "sum_of_stand_alone_reserves": self.stand_alone,
            "portfolio_reserve": self.portfolio,
            "diversification": self.saved,
        }


@dataclass(frozen=True)
class SimulatedYear:
    """One budget year: `net` holds the simulated years, `months` (last day, percentiles), `variances` by driver."""

    year: int
    outcome: Any
    lines: tuple
    months: tuple
    variances: dict
    diversification: Diversification
    net: Any = field(repr=False, compare=False)

    @property
    def shares(self):
        """The share of the variance that each driver alone makes, and the rest; all 0 where nothing varies."""
        whole = self.outcome.sd**2
        shares = {driver: variance / whole if whole else 0.0 for driver, variance in self.variances.items()}
        return shares | {TOGETHER: 1.0 - sum(shares.values()) if whole else 0.0}

    def as_json(self):
        """Every figure of the year."""
        return {
            "year": self.year,
            **self.outcome.as_json(),
            "diversification": self.diversification.as_json(),
            "drivers": [{"driver": driver, "share_of_variance": share} for driver, share in self.shares.items()],
            "months": [
                {
                    "month_end": end.isoformat(),
                    "percentiles": [{"percentile": p, "value": value} for p, value in fan.items()],
                }
                for end, fan in self.months
            ],
            "lines": [
                {
                    "site": x.enrolment.site,
                    "programme": x.enrolment.programme,
                    "season": x.enrolment.season or "",
                    **x.outcome.as_json(),
                }
                for x in self.lines
            ],
        }


@dataclass(frozen=True)
class Simulation:
    """Simulated years of a portfolio's net revenue; `all_years` sums them up where there are several."""

    portfolio: Any
    scenario: str
    draws: int
    seed: int
    confidence: float
    inputs_hash: str
    years: tuple
    all_years: Any
    assumed: tuple
    warnings: tuple

    @property
    def assumptions(self):
        """What was assumed, in words."""
        return (*self.assumed, *INDEPENDENT)

    def as_json(self):
        """The simulation as `flexrev simulate --json` prints it."""
        return {
            "name": self.portfolio.name,
            "currency": self.portfolio.currency,
            "scenario": self.scenario,
            "measure": "net_revenue",
            "draws": self.draws,
            "seed": self.seed,
            "confidence": self.confidence,
            "reserve_covers": label(round(1.0 - self.confidence, 12)),
            "inputs_hash": self.inputs_hash,
            "years": [year.as_json() for year in self.years],
            "all_years": self.all_years and self.all_years.as_json(),
            "drivers_method": METHOD,
            "assumed": list(self.assumptions),
            "warnings": list(self.warnings),
        }
