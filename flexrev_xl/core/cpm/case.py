"""The terms on which a site is laid out: what GPUs and batteries cost and earn, and what bounds them."""

from dataclasses import MISSING, dataclass, fields, replace
from typing import Annotated

from flexrev_xl.core.arguments import Availability, Choice, Quantity, is_empty, mark
from flexrev_xl.core.cpm.annuity import annuity, capital_recovery
from flexrev_xl.core.cpm.compute import DEFAULTS, OtherKW, RatedKW, Utilisation, yearly_prices
from flexrev_xl.core.cpm.curves import CAP, CURVES, DEFAULT
from flexrev_xl.core.cpm.economics import (
    CapexPerMWh,
    DiscountRate,
    LifeYears,
    OAndMShare,
)
from flexrev_xl.core.cpm.marks import HOURS_PER_YEAR
from flexrev_xl.core.cpm.power_cap import MOST_OF_RATED
from flexrev_xl.core.cpm.storage_value import StorageCase
from flexrev_xl.core.marginal_costs import PUE, GPUPrice, RoundTripEfficiency
from flexrev_xl.core.tables import Column, Table, Whole, Word
from flexrev_xl.errors import FlexError, nearest, refuse

METERS = {"site": 0.0, "node": 1.0, "gpu": 2.0}

_Capex = Annotated[float, Quantity("money/GPU", "Cost of one GPU with its share of server and rack, built", high=1e9)]
_CapexPerMW = Annotated[
    float, Quantity("money/MW", "Cost of the storage, built, for each MW, beside that of its MWh", high=1e12)
]
_EnergyPrice = Annotated[float, Quantity("money/MWh", "Price of energy at the meter", high=1e9)]
_Fall = Annotated[float, Quantity("fraction", "Fall of the price of a GPU-hour from one year to the next", high=1.0)]
_GPUYears = Annotated[float, Whole("years", "Life of GPUs and racks, whole years", low=1.0, high=50.0)]
_Opex = Annotated[float, Quantity("money/GPU-year", "Operating cost of one GPU beside energy", high=1e9)]
_Share = Quantity("fraction", "Share of nameplate energy", high=1.0, above_low=True)
_Auxiliaries = Annotated[float, Quantity("fraction", "Of rated battery power, drawn at all times", high=0.5)]
_MostGPUs = Annotated[float, Whole("GPUs", "Most GPUs; no bound when empty", high=1e9)]
_MostMW = Annotated[float, Quantity("MW", "Most battery power; no bound when empty", high=1e6)]
_MostMWh = Annotated[float, Quantity("MWh", "Most battery energy, nameplate; no bound when empty", high=1e9)]
_MostC = Annotated[
    float,
    Quantity("1/h", "Most battery power over nameplate energy; no bound when empty", high=1e6, above_low=True),
]
_PeakOfRated = Annotated[
    float,
    Quantity("fraction", "Power of a GPU at the series' peak over its rated power", high=MOST_OF_RATED, above_low=True),
]
_OneCap = Annotated[
    float, replace(CAP, help="The one power cap to look at beside none; all that were measured when empty")
]
_Meter = Annotated[str, Choice(METERS, "What the series holds: the site, its nodes, or the GPUs alone")]
_Curve = Annotated[str, Word(dict.fromkeys(CURVES, 0.0), "Measured curve of throughput over power cap")]
_Nominated = Annotated[float, Quantity("MW", "Most battery power nominated to demand response", high=1e6)]
_EventHours = Annotated[float, Quantity("h", "Longest event of demand response", high=168.0, above_low=True)]
_Rate = Annotated[float, Quantity("money/MW-year", "Paid for each MW nominated", high=1e9)]


@dataclass(frozen=True, kw_only=True)
class SiteCase:
    """What a layout of a site is judged by. Money is of one currency; rates are of a year.

    The price of a GPU-hour is that of the first year; with its fall it is levelled over the life of the GPUs, so that
    one year stands for all. Storage: capital is nameplate, sizes used are what depth and end of life leave of it.

    Raises:
        FlexErrors: every number that is refused, FLEX-001 to FLEX-006 and FLEX-016 by field.
    """

    gpu_kw: RatedKW
    gpu_capex: _Capex
    battery_capex_per_mwh: CapexPerMWh
    energy_price_per_mwh: _EnergyPrice
    battery_capex_per_mw: _CapexPerMW = 0.0
    other_kw_per_gpu: OtherKW = DEFAULTS["other_kw_per_gpu"].value
    pue: PUE = DEFAULTS["pue"].value
    utilisation: Utilisation = DEFAULTS["utilisation"].value
    availability: Availability = DEFAULTS["availability"].value
    price_per_gpu_hour: GPUPrice = DEFAULTS["price_per_gpu_hour"].value
    price_fall: _Fall = DEFAULTS["price_fall"].value
    gpu_years: _GPUYears = DEFAULTS["gpu_years"].value
    gpu_opex_per_year: _Opex = 0.0
    discount_rate: DiscountRate = DEFAULTS["discount_rate"].value
    battery_years: LifeYears = DEFAULTS["battery_years"].value
    o_and_m_share: OAndMShare = StorageCase.o_and_m_share
    wear_per_mwh: Annotated[float, Quantity("money/MWh", "Ageing, for each MWh delivered", high=1e9)] = (
        StorageCase.wear_per_mwh
    )
    round_trip_efficiency: RoundTripEfficiency = DEFAULTS["round_trip_efficiency"].value
    auxiliaries: _Auxiliaries = DEFAULTS["auxiliaries"].value
    depth: Annotated[float, _Share] = DEFAULTS["depth"].value
    end_of_life: Annotated[float, _Share] = DEFAULTS["end_of_life"].value
    most_gpus: _MostGPUs = None
    most_battery_mw: _MostMW = None
    most_battery_mwh: _MostMWh = None
    most_c_rate: _MostC = None
    power_cap: _OneCap = None
    curve: _Curve = DEFAULT.name
    meter: _Meter = "site"
    peak_of_rated: _PeakOfRated = 1.0
    most_dr_mw: _Nominated = 0.0
    dr_event_hours: _EventHours = 1.0
    dr_rate_per_mw_year: _Rate = 0.0

    def __post_init__(self):
        problems = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None and field.default is None:
                continue
            try:
                object.__setattr__(self, field.name, mark(field.type).read(value))
            except FlexError as e:
                problems.append(e.at(field.name))
        refuse(problems)

    @property
    def usable_share(self):
        """Usable over nameplate energy."""
        return self.depth * self.end_of_life

    @property
    def level_price(self):
        """The one price of a GPU-hour that is worth as much over the life of the GPUs as the falling one."""
        prices = yearly_prices(self.price_per_gpu_hour, self.price_fall, int(self.gpu_years))
        today = sum(price / (1.0 + self.discount_rate) ** year for year, price in enumerate(prices, start=1))
        return today / annuity(self.discount_rate, self.gpu_years)

    @property
    def revenue_per_gpu(self):
        """Of a GPU at full throughput, in a year."""
        return self.utilisation * self.availability * HOURS_PER_YEAR * self.level_price

    @property
    def cost_per_gpu(self):
        """Annuity and operating cost of a GPU in a year, without energy."""
        return self.gpu_capex * capital_recovery(self.discount_rate, self.gpu_years) + self.gpu_opex_per_year

    @property
    def storage_recovery(self):
        """What each unit of money in storage costs in a year: its annuity, operation and maintenance."""
        return capital_recovery(self.discount_rate, self.battery_years) + self.o_and_m_share


TERMS = {field.name: field for field in fields(SiteCase)}


@dataclass(frozen=True)
class AsGiven:
    """A cell that is left to the term named in its row, or to nobody."""

    help: str
    unit: str = "of the term"
    allowed: str = "as the term named"

    def read(self, cell):
        """The cell as it is."""
        return cell


@dataclass(frozen=True)
class CaseTable(Table):
    """Terms of a SiteCase, a row each, in any order; those left out take their defaults."""

    def read(self, grid):
        """The SiteCase of a range.

        Raises:
            FlexError, FlexErrors: every fault at once: by row where a name is wrong, by name where a value is.
        """
        rows = {record["name"]: record["value"] for record in super().read(grid)}
        given = {name: value for name, value in rows.items() if not is_empty(value)}
        needed = [name for name, field in TERMS.items() if field.default is MISSING and name not in given]
        problems = [
            FlexError("FLEX-105", f"the row {name} is missing", place=name, allowed=mark(TERMS[name].type).allowed)
            for name in needed
        ]
        for name, value in given.items():
            try:
                mark(TERMS[name].type).read(value)
            except FlexError as e:
                problems.append(e.at(name))
        refuse(problems)
        return SiteCase(**given)


class _Term(Word):
    """The name of a term; a misspelt one is answered with the nearest."""

    def read(self, cell):
        """The name as it is spelled here."""
        from flexrev_xl.core.tables import as_column_name

        name = as_column_name(cell)
        if name in self.numbers:
            return name
        what = f"{str(cell)[:40]!r} is no term of a case.{nearest(name, self.numbers)}".rstrip(".")
        raise FlexError("FLEX-104", what, allowed=self.allowed)


_NAME = _Term(dict.fromkeys(TERMS, 0.0), "Name of a term")
CASE_TABLE = CaseTable(
    "Rows of name and value: gpu_kw, gpu_capex, battery_capex_per_mwh, energy_price_per_mwh, and what departs from the defaults",
    (
        Column("name", _NAME),
        Column("value", AsGiven("Value of the term"), None),
        Column("unit", AsGiven("Unit, for the reader"), None),
    ),
    dict,
    lambda record: (),
)
