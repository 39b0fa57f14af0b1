"""The terms on which a site is laid out: what GPUs and batteries cost and earn, and what bounds them."""

from dataclasses import MISSING, dataclass, fields, replace
from typing import Annotated

from flexrev_xl.core.arguments import Choice, Quantity, is_empty, mark, read_each
from flexrev_xl.core.cpm import case_line
from flexrev_xl.core.cpm.annuity import capital_recovery
from flexrev_xl.core.cpm.case_inputs import INPUTS
from flexrev_xl.core.cpm.curves import CAP, CURVES, DEFAULT
from flexrev_xl.core.cpm.marks import HOURS_PER_YEAR
from flexrev_xl.core.cpm.power_cap import MOST_OF_RATED
from flexrev_xl.core.tables import Column, Table, Whole, Word
from flexrev_xl.errors import FlexError, nearest, refuse

METERS = {"site": 0.0, "node": 1.0, "gpu": 2.0}


def _of(key):
    """The type of a field that is an input of every case."""
    return Annotated[float, INPUTS[key].mark]


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

    gpu_kw: _of("gpu_kw")
    gpu_capex: _of("gpu_capex")
    battery_capex_per_mwh: _of("battery_capex_per_mwh")
    energy_price_per_mwh: _of("energy_price_per_mwh")
    battery_capex_per_mw: _of("battery_capex_per_mw") = INPUTS["battery_capex_per_mw"].default
    other_kw_per_gpu: _of("other_kw_per_gpu") = INPUTS["other_kw_per_gpu"].default
    pue: _of("pue") = INPUTS["pue"].default
    utilisation: _of("utilisation") = INPUTS["utilisation"].default
    availability: _of("availability") = INPUTS["availability"].default
    price_per_gpu_hour: _of("price_per_gpu_hour") = INPUTS["price_per_gpu_hour"].default
    price_fall: _of("price_fall") = INPUTS["price_fall"].default
    rack_capex: _of("rack_capex") = INPUTS["rack_capex"].default
    gpu_opex: _of("gpu_opex") = INPUTS["gpu_opex"].default
    gpu_years: _of("gpu_years") = INPUTS["gpu_years"].default
    discount_rate: _of("discount_rate") = INPUTS["discount_rate"].default
    battery_years: _of("battery_years") = INPUTS["battery_years"].default
    o_and_m_share: _of("o_and_m_share") = INPUTS["o_and_m_share"].default
    wear_per_mwh: _of("wear_per_mwh") = INPUTS["wear_per_mwh"].default
    round_trip_efficiency: _of("round_trip_efficiency") = INPUTS["round_trip_efficiency"].default
    auxiliaries: _of("auxiliaries") = INPUTS["auxiliaries"].default
    depth: _of("depth") = INPUTS["depth"].default
    end_of_life: _of("end_of_life") = INPUTS["end_of_life"].default
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
        given = ((field, getattr(self, field.name)) for field in fields(self))
        values, problems = read_each(
            (field.name, mark(field.type), value)
            for field, value in given
            if not (value is None and field.default is None)
        )
        refuse(problems)
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def usable_share(self):
        """Usable over nameplate energy."""
        return self.depth * self.end_of_life

    @property
    def level_price(self):
        """The one price of a GPU-hour that is worth as much over the life of the GPUs as the falling one."""
        return case_line.level_price.of(vars(self))

    @property
    def revenue_per_gpu(self):
        """Of a GPU at full throughput, in a year."""
        return self.utilisation * self.availability * HOURS_PER_YEAR * self.level_price

    @property
    def cost_per_gpu(self):
        """Annuity and operating cost of a GPU in a year, without energy."""
        capex = self.gpu_capex + self.rack_capex
        return capex * capital_recovery(self.discount_rate, self.gpu_years) + self.gpu_opex

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
        problems += read_each((name, mark(TERMS[name].type), value) for name, value in given.items())[1]
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
        raise FlexError("FLEX-104", what, allowed=self.allowed, remedy="Mend the spelling.")


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
