"""The programme library: what a market pays, for which delivery period, and who says so.

Terms stand in data files, one a market, which a person can add to without touching code.
"""

import datetime as dt
import functools
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from flexrev_xl.core.units import parse_capacity_unit
from flexrev_xl.errors import nearest

DATA = Path(__file__).parent / "data"


class Price(BaseModel):
    """The price of one season (or of the whole year, season empty) and the days it is paid for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    season: str = ""
    start: dt.date
    end: dt.date
    capacity_rate: float = Field(ge=0)

    @property
    def days(self):
        """Days paid, first and last included."""
        return (self.end - self.start).days + 1


class Source(BaseModel):
    """Where a price was read: title, address, date, and the operator's document to check it against."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1)
    address: str = Field(pattern=r"^https?://")
    date: dt.date
    check_against: str = ""


class Programme(BaseModel):
    """One programme in one delivery period."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    market: str
    zone: str
    rate_unit: str
    price_status: str
    prices: tuple[Price, ...] = Field(min_length=1)
    source: Source

    @property
    def is_seasonal(self):
        """Whether each season has a price of its own."""
        return len(self.prices) > 1

    @property
    def seasons(self):
        """The seasons that have a price, as named in the library."""
        return tuple(p.season for p in self.prices)

    def price_of(self, season):
        """The price of a season by name without regard to case, or None."""
        wanted = (season or "").strip().lower()
        return next((p for p in self.prices if p.season.lower() == wanted), None)


@functools.cache
def load():
    """Every programme of the library by id."""
    from ruamel.yaml import YAML

    entries = [Programme(**row) for path in sorted(DATA.glob("*.yaml")) for row in YAML(typ="safe", pure=True).load(path.read_text("utf-8"))]
    for entry in entries:
        parse_capacity_unit(entry.rate_unit)
    return {entry.id: entry for entry in entries}


def find(programme):
    """The library's entry of that id, or None."""
    return load().get(str(programme).strip().lower())


def seasonal_kin(programme):
    """The seasonal entries of the market that a programme's name starts with, or that it is an id of."""
    entry, name = find(programme), str(programme).strip().lower()
    return [e for e in load().values() if e.is_seasonal and (entry.market == e.market if entry else _starts_with(name, e.market.lower()))]


def _starts_with(name, word):
    return name.startswith(word) and not name[len(word) : len(word) + 1].isalnum()


def nearest_ids(programme):
    """' Did you mean ...?' with the library's nearest ids, or an empty string."""
    return nearest(programme, load())
