"""The programme library: what a market pays, for which delivery period, and who says so.

Terms stand in data files, one a market, which a person can add to without touching code. Functions
take `entries`, a mapping of Programmes by id; the shipped ones when left out.
"""

import functools
from pathlib import Path

from flexrev_xl.errors import FlexError, nearest
from flexrev_xl.programmes.models import Price, Programme, Source, is_named

DATA = Path(__file__).parent / "data"


@functools.cache
def load():
    """Every programme that is shipped, by id, in the order of the files."""
    from ruamel.yaml import YAML

    files = [YAML(typ="safe", pure=True).load(path.read_text("utf-8")) for path in sorted(DATA.glob("*.yaml"))]
    entries = [Programme(**row) for rows in files for row in rows]
    return {entry.id: entry for entry in entries}


def find(programme, entries=None):
    """The library's entry of that id, or None."""
    return (load() if entries is None else entries).get(str(programme).strip().lower())


def demand(programme, entries=None):
    """The library's entry of that id.

    Raises:
        FlexError: FLEX-120, offering the nearest ids.
    """
    entry = find(programme, entries)
    if entry is None:
        close = nearest_ids(programme, entries)
        raise FlexError("FLEX-120", f"the programme library has no {str(programme)[:60]!r}.{close}".rstrip("."))
    return entry


def seasonal_kin(programme, entries=None):
    """The seasonal entries of the market that a programme's name starts with, or the one that it is the id of."""
    entries = load() if entries is None else entries
    entry, name = find(programme, entries), str(programme).strip().lower()
    if entry:
        return [entry] if entry.is_seasonal else []
    return [e for e in entries.values() if e.is_seasonal and _starts_with(name, e.market.lower())]


def _starts_with(name, word):
    return name.startswith(word) and not name[len(word) : len(word) + 1].isalnum()


def may_stack(a, b, entries=None):
    """Whether the same megawatts may be paid by two programmes at once: either names the other in stacks_with.

    Args:
        a, b: Programmes or their ids; what the library does not know stacks with nothing.

    Example:
        >>> may_stack("coned-csrp-boroughs-2017", "coned-dlrp-tier-2-2017")
        True
        >>> may_stack("coned-csrp-boroughs-2017", "pjm-rto-2026-27")
        False
    """
    return _either_names("stacks_with", a, b, entries)


def is_barred(a, b, entries=None):
    """Whether a site may not be in two programmes at once: either names the other in bars.

    Args:
        a, b: Programmes or their ids; what the library does not know bars nothing.

    Example:
        >>> is_barred("gb-t1-2023-24", "gb-dfs-winter-2022-23")
        True
        >>> is_barred("gb-t1-2023-24", "gb-t4-2026-27")
        False
    """
    return _either_names("bars", a, b, entries)


def _either_names(field, a, b, entries):
    a, b = (p if isinstance(p, Programme) else find(p, entries) for p in (a, b))
    if a is None or b is None or a.id == b.id:
        return False
    return any(is_named(member, other.id) for one, other in ((a, b), (b, a)) for member in getattr(one, field))


def nearest_ids(programme, entries=None):
    """' Did you mean ...?' with the library's nearest ids, or an empty string."""
    return nearest(programme, load() if entries is None else entries)


__all__ = [
    "DATA",
    "Price",
    "Programme",
    "Source",
    "demand",
    "find",
    "is_barred",
    "load",
    "may_stack",
    "nearest_ids",
    "seasonal_kin",
]
