"""The columns of a portfolio: name, label, unit, help and bounds of each, in their fixed order.

The bounds and the help of a number are those of the core's Quantity; the model, the readers, the
Inputs tab with its prompts, and the starter file are all derived from this list.
"""

from dataclasses import dataclass
from typing import Any

from flexrev_xl.core import arguments as core
from flexrev_xl.core.arguments import Choice, Quantity, Unit, mark
from flexrev_xl.core.budget_line import DRIVERS

PRICE_STATUSES = {"contracted": 1.0, "cleared": 1.0, "forecast": 0.0}
KINDS = ("revenue", "avoided_cost", "buyout")
DATE = "date"
TEXT = "text"
WHOLE_YEAR = "whole year"


@dataclass(frozen=True)
class Column:
    """One column: `mark` says how it is read, `default` what an empty cell means, `word` how that is written."""

    name: str
    label: str
    mark: Any
    help: str = ""
    default: Any = None
    word: str = ""
    needed: bool = False

    @property
    def is_number(self):
        """Whether the column holds numbers."""
        return isinstance(self.mark, Quantity)

    @property
    def is_optional_limit(self):
        """Whether an empty cell means that there is none, written as a word in the workbook."""
        return self.is_number and self.default is None and bool(self.word)

    @property
    def choices(self):
        """The words of a dropdown, or nothing."""
        return self.mark.choices if isinstance(self.mark, Unit | Choice) else ()

    @property
    def unit(self):
        """The unit as printed under the header."""
        if self.is_number:
            return {"fraction": "%", "money per unit": "money/unit", "money/year": "money"}.get(
                self.mark.unit, self.mark.unit
            )
        return self.mark if isinstance(self.mark, str) else TEXT

    @property
    def explanation(self):
        """What the column holds, in one line."""
        return self.help or self.mark.help


def _number(name, label, annotation, default=None, word="", needed=False, help=""):
    return Column(name, label, mark(annotation), default=default, word=word, needed=needed, help=help)


_LAG = Quantity(
    "months", "Months from delivery to payment; carried for the cash view, not used in annual figures", high=60
)
_FLOOR = Quantity(
    "fraction",
    "Performance below which the programme counts an event as nothing; a warning only in the budget",
    high=1.0,
)

_STATUS = Choice(PRICE_STATUSES, "Contracted and cleared prices are guaranteed; forecast ones are not")
_PENALISED = "Hours in a year in which a shortfall is penalised; the scenario's dispatch hours when left as dispatched"

COLUMNS = (
    Column("site", "Site", TEXT, "Name of the site, as in the contract", needed=True),
    Column("zone", "Zone", TEXT, "Delivery zone of the market"),
    Column("programme", "Programme", TEXT, "Programme the site is enrolled in, or an id of the programme library", needed=True),
    Column("season", "Season", TEXT, "Season this row is paid for", word=WHOLE_YEAR),
    Column("start", "Start", DATE, "First day paid"),
    Column("end", "End", DATE, "Last day paid"),
    _number("nominated_mw", "Nominated capacity", core.NominatedMW, needed=True),
    _number("accreditation", "Accreditation", core.Accreditation, 1.0),
    _number("capacity_rate", "Capacity rate", core.CapacityRate, 0.0),
    Column("rate_unit", "Unit of capacity rate", mark(core.RateUnitText), default="MW-year"),
    _number("periods", "Periods paid", core.PeriodsPaid, word="unit's own"),
    Column("price_status", "Price status", _STATUS, default="contracted"),
    _number("dispatch_hours", "Dispatch hours", core.DispatchHours, 0.0),
    _number("energy_rate", "Energy rate", core.EnergyRate, 0.0),
    Column("energy_unit", "Unit of energy rate", mark(core.EnergyUnitText), default="MWh"),
    _number("performance", "Performance", core.Performance, 1.0),
    _number("availability", "Availability", core.Availability, 1.0),
    _number("performance_cap", "Performance cap", core.PerformanceCap, 1.0),
    Column("performance_floor", "Performance floor", _FLOOR, default=0.0),
    _number("penalty_rate", "Penalty rate", core.PenaltyRate, 0.0),
    _number("penalty_hours", "Penalty hours", core.PenaltyHours, word="as dispatched", help=_PENALISED),
    _number("stop_loss_money", "Stop-loss", core.StopLossMoney, word="none"),
    _number("stop_loss_share", "Stop-loss share", core.StopLossShare, word="none"),
    _number("marginal_cost", "Marginal cost", core.MarginalCost, 0.0),
    _number("customer_share", "Customer share", core.CustomerShare, 1.0),
    Column("kind", "Kind", Choice(dict.fromkeys(KINDS, 0.0), "What the line is"), default="revenue"),
    Column("payment_lag_months", "Payment lag", _LAG, default=0.0),
    Column("entity", "Legal entity", TEXT, "Legal entity that books the revenue"),
    Column("cost_centre", "Cost centre", TEXT, "Cost centre"),
    Column("gl_account", "GL account", TEXT, "General ledger account"),
    Column("source", "Source", TEXT, "Where the rates come from: document, section"),
    Column("source_date", "Source date", DATE, "Date of the source"),
)  # fmt: skip

# Portfolio-wide inputs: key, label, unit, help.
HEADER_ITEMS = (
    ("name", "Portfolio", "text", "Name of the portfolio as it appears on every tab"),
    ("currency", "Currency", "text", "ISO code of the one currency that all rates are in"),
    ("year", "Budget year", "year", "Calendar year in which the budget starts"),
    ("fiscal_year_start", "Fiscal year starts in month", "month", "Month number, 1 to 12"),
)

YEARS, MONTHS = (2000, 2100), (1, 12)  # least and most of a budget year and of a fiscal year's first month
FACTOR = Quantity("times", "Factor on the value read; 1 leaves it", high=100.0)
FACTOR_RANGE = f"{FACTOR.low:g} to {FACTOR.high:g}"

BY_NAME = {c.name: c for c in COLUMNS}
NAMES = tuple(BY_NAME)
NEEDED = tuple(c.name for c in COLUMNS if c.needed)
EXTRA_PREFIX = "x_"
NOT_REPLACED = "none"  # on the Scenarios tab, of a driver without a value in its place


def driver_rows():
    """(driver, "factor" or "absolute", label, unit) of each row of the Scenarios tab, in order."""
    for driver in DRIVERS:
        column = BY_NAME[driver]
        yield driver, "factor", f"{column.label}: factor", "times"
        yield driver, "absolute", f"{column.label}: in its place", column.unit
