"""The columns of a portfolio: name, label, unit, help and bounds of each, in their fixed order.

The bounds and the help of a number are those of the core's Quantity; the model, the readers, the
Inputs, Terms and Events tabs with their prompts, and the starter file are all derived from this list.
"""

from flexrev_xl.core import arguments as core
from flexrev_xl.core.arguments import Choice, Quantity, mark
from flexrev_xl.core.budget_line import DRIVERS
from flexrev_xl.core.tables import Whole
from flexrev_xl.portfolio.column import DATE, TABS, TEXT, Column, number_column
from flexrev_xl.portfolio.terms import EVENT_TERMS, TERM_COLUMNS

# The number beside a kind is its place in a formula: 1 where the line is of that kind.
PRICE_STATUSES = {"contracted": 1.0, "cleared": 1.0, "forecast": 0.0}
KINDS = ("revenue", "avoided_cost", "buyout")
WHOLE_YEAR = "whole year"

_LAG = Whole("months", "Months from delivery to payment: cash beside accrual", high=60)
_FLOOR = Quantity(
    "fraction",
    "Performance below which the programme counts an event as nothing; a warning only in the budget",
    high=1.0,
)

_STATUS = Choice(PRICE_STATUSES, "Contracted and cleared prices are guaranteed; forecast ones are not")
_PENALISED = "Hours of the row's own period in which a shortfall is penalised; as many as are dispatched when left out"
_STOP_LOSS = "Most that penalties can come to in the row's own period"

_FIXED = (
    Column("site", "Site", TEXT, "Name of the site, as in the contract", needed=True),
    Column("zone", "Zone", TEXT, "Delivery zone of the market"),
    Column("programme", "Programme", TEXT, "Programme the site is enrolled in, or an id of the programme library", needed=True),
    Column("season", "Season", TEXT, "Season this row is paid for", word=WHOLE_YEAR),
    Column("start", "Start", DATE, "First day paid"),
    Column("end", "End", DATE, "Last day paid"),
    number_column("nominated_mw", "Nominated capacity", core.NominatedMW, needed=True),
    number_column("accreditation", "Accreditation", core.Accreditation, 1.0),
    number_column("capacity_rate", "Capacity rate", core.CapacityRate, 0.0),
    Column("rate_unit", "Unit of capacity rate", mark(core.RateUnitText), default="MW-year"),
    number_column("periods", "Periods paid", core.PeriodsPaid, word="unit's own"),
    Column("price_status", "Price status", _STATUS, default="contracted"),
    number_column("dispatch_hours", "Dispatch hours", core.DispatchHours, 0.0, help="Hours dispatched in the row's own period"),
    number_column("energy_rate", "Energy rate", core.EnergyRate, 0.0),
    Column("energy_unit", "Unit of energy rate", mark(core.EnergyUnitText), default="MWh"),
    number_column("performance", "Performance", core.Performance, 1.0),
    number_column("availability", "Availability", core.Availability, 1.0),
    number_column("performance_cap", "Performance cap", core.PerformanceCap, 1.0),
    Column("performance_floor", "Performance floor", _FLOOR, default=0.0),
    number_column("penalty_rate", "Penalty rate", core.PenaltyRate, 0.0),
    number_column("penalty_hours", "Penalty hours", core.PenaltyHours, word="as dispatched", help=_PENALISED),
    number_column("stop_loss_money", "Stop-loss", core.StopLossMoney, word="none", help=_STOP_LOSS),
    number_column("stop_loss_share", "Stop-loss share", core.StopLossShare, word="none"),
    number_column("marginal_cost", "Marginal cost", core.MarginalCost, 0.0),
    number_column("customer_share", "Customer share", core.CustomerShare, 1.0),
    Column("kind", "Kind", Choice(dict.fromkeys(KINDS, 0.0), "What the line is"), default="revenue"),
    Column("payment_lag_months", "Payment lag", _LAG, default=0.0),
    Column("entity", "Legal entity", TEXT, "Legal entity that books the revenue"),
    Column("cost_centre", "Cost centre", TEXT, "Cost centre"),
    Column("gl_account", "GL account", TEXT, "General ledger account"),
    Column("source", "Source", TEXT, "Where the rates come from: document, section"),
    Column("source_date", "Source date", DATE, "Date of the source"),
)  # fmt: skip
COLUMNS = (*_FIXED, *TERM_COLUMNS, *EVENT_TERMS)

# Portfolio-wide inputs: key, label, unit, help.
HEADER_ITEMS = (
    ("name", "Portfolio", "text", "Name of the portfolio as it appears on every tab"),
    ("currency", "Currency", "text", "ISO code of the one currency that all rates are in"),
    ("year", "Budget year", "year", "Calendar year in which the budget starts"),
    ("fiscal_year_start", "Fiscal year starts in month", "month", "Month number, 1 to 12"),
    ("years", "Budget years", "count", "How many budget years are covered, 1 to 10; build again after a change"),
)

# Least and most of a budget year, of a fiscal year's first month, and of the number of budget years.
YEARS, MONTHS, BUDGET_YEARS = (2000, 2100), (1, 12), (1, 10)
FACTOR = Quantity("times", "Factor on the value read; 1 leaves it", high=100.0)
FACTOR_RANGE = f"{FACTOR.low:g} to {FACTOR.high:g}"

BY_NAME = {c.name: c for c in COLUMNS}
NAMES = tuple(BY_NAME)
ON_TAB = {tab: tuple(c for c in COLUMNS if c.tab == tab) for tab in TABS}
NEEDED = tuple(c.name for c in COLUMNS if c.needed)
EXTRA_PREFIX = "x_"
NOT_REPLACED = "none"  # on the Scenarios tab, of a driver without a value in its place
AS_SCENARIO, NO_EXCEPTION = "as scenario", "none"  # on the Exceptions tab: of a driver left alone, of a row not used


def driver_rows():
    """(driver, "factor" or "absolute", label, unit) of each row of the Scenarios tab, in order."""
    for driver in DRIVERS:
        column = BY_NAME[driver]
        yield driver, "factor", f"{column.label}: factor", "times"
        yield driver, "absolute", f"{column.label}: in its place", column.unit
