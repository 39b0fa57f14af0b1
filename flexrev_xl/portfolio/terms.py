"""Further columns of a portfolio: terms between gross and net, what the site has, and when events fall."""

from flexrev_xl.core.arguments import PERIODS, Choice, Quantity
from flexrev_xl.core.resources import MOST_NOTICE_MINUTES
from flexrev_xl.core.tables import Whole
from flexrev_xl.portfolio.column import EVENTS, TERMS, TEXT, Column

PAID_ON = {"every day": 0.0, "business days": 1.0}
NOT_STATED = "not stated"
BUDGET_YEAR = "budget year"
EVENT_MONTHS = "event_months"  # the shorthand for the twelve weights
FULL_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MONTH_NAMES = tuple(name[:3] for name in FULL_MONTH_NAMES)
EVENT_COLUMNS = tuple(f"event_{name.lower()}" for name in MONTH_NAMES)

_MONEY = "Added to gross in the row's own period"
_HOURS = PERIODS["hour"].most


def _money(help):
    return Quantity("money/year", help, high=1e12)


def _per_mwh(help):
    return Quantity("money/MWh", help, high=1e9)


def _mw(help):
    return Quantity("MW", help, high=1e6)


def _terms(name, label, mark, default=None, word="", help=""):
    return Column(name, label, mark, help, default, word, tab=TERMS)


_ESCALATION = Quantity("fraction", "Yearly rise of a forecast rate; contracted and cleared rates stay", -0.5, 1.0)
_NOTICE = Quantity("minutes", "Time between call and delivery", high=MOST_NOTICE_MINUTES)
_PRICE_YEAR = Whole("year", "Budget year that the rate is of; escalation counts from it", 1990, 2100)

TERM_COLUMNS = (
    _terms("currency", "Currency of the row", TEXT, help="ISO code of the row's money where it is not the portfolio's"),
    _terms("paid_on", "Days paid", Choice(PAID_ON, "Days that a rate per day is paid for, and capacity is spread over"), "every day"),
    _terms("escalation", "Escalation", _ESCALATION, 0.0),
    _terms("price_year", "Year of the price", _PRICE_YEAR, word=BUDGET_YEAR),
    _terms("event_hours", "Hours of an event", Quantity("h", "Length of one event", high=_HOURS, above_low=True), word=NOT_STATED),
    _terms("notice_minutes", "Notice", _NOTICE, word=NOT_STATED),
    _terms("uplift_money", "Uplift", _money(f"Uplift and make-whole payments. {_MONEY}"), 0.0),
    _terms("ancillary_money", "Ancillary services", _money(f"Payment for ancillary services. {_MONEY}"), 0.0),
    _terms("penalty_share", "Penalties borne", Quantity("fraction", "Share of penalties that the customer bears, not the aggregator", high=1.0), 1.0),
    _terms("test_hours", "Test hours", Quantity("h", "Hours of test events in the row's own period: costly and not paid", high=_HOURS), 0.0),
    _terms("test_charge_money", "Test charges", _money("Charges for tests, audits and telemetry in the row's own period"), 0.0),
    _terms("compute_forgone_per_mwh", "Compute revenue forgone", _per_mwh("Compute revenue lost for each MWh released"), word=NOT_STATED),
    _terms("energy_bill_per_mwh", "Energy not bought", _per_mwh("Price of energy not bought, for each MWh released"), 0.0),
    _terms("load_mw", "Site load", _mw("Measured load of the whole site"), word=NOT_STATED),
    _terms("critical_mw", "Critical load", _mw("Load of the site that is never curtailed"), 0.0),
    _terms("mandatory_curtailment_mw", "Mandatory curtailment", _mw("Load that the grid may curtail without pay; it cannot be sold"), 0.0),
)  # fmt: skip

_WEIGHT = Quantity("weight", "Weight of the month in the year's events; 0 where none fall", high=1e6)
_SHORTHAND = "Months in which events fall, such as 6-9 or Jun-Sep, or with weights: 6:1 7:2 8:2"
EVENT_TERMS = (
    *(Column(name, f"Events in {month}", _WEIGHT, default=1.0, tab=EVENTS) for name, month in zip(EVENT_COLUMNS, MONTH_NAMES, strict=True)),
    Column(EVENT_MONTHS, "Event months", TEXT, _SHORTHAND, word="every month", tab=""),
)  # fmt: skip

# What is said of a site once, and holds for all its rows.
OF_SITE = ("load_mw", "critical_mw", "mandatory_curtailment_mw")
