"""A portfolio in YAML 1.2: header, sites with their enrolments, scenarios; mistakes name their line."""

import os

from flexrev_xl.errors import FlexError, nearest
from flexrev_xl.portfolio.assemble import Raw, RawRow
from flexrev_xl.portfolio.columns import BY_NAME
from flexrev_xl.portfolio.header import KEYS as HEADER_KEYS
from flexrev_xl.portfolio.scenarios import EXCEPTIONS
from flexrev_xl.portfolio.terms import EVENT_MONTHS, OF_SITE
from flexrev_xl.readers.text import number_from_text
from flexrev_xl.readers.yaml_document import load_yaml
from flexrev_xl.readers.yaml_document import place_of as _place

CASE = "cpm"  # the file of a case whose tabs join the budget
_TOP = (*HEADER_KEYS, "exchange_rates", "sites", "scenarios", "simulation", CASE)
_INHERITED = ("zone", "currency", "entity", "cost_centre", "gl_account", *OF_SITE)
_SITE = ("name", "enrolments", "resources", *_INHERITED)


def read(path):
    """What a YAML file says, as Raw."""
    document = load_yaml(path)
    raw = Raw(source=path.name, rows=[])
    if not isinstance(document, dict):
        raise FlexError("FLEX-105", "the file is not a mapping", place=path.name, allowed=f"the keys {', '.join(_TOP)}")
    for key in document:
        if key not in _TOP:
            raw.problems.append(_unknown_key(key, _TOP, _place(path.name, document, key)))
    for key in (k for k in HEADER_KEYS if k in document):
        raw.header[key] = _value(key, document[key])
        raw.places[key] = f"{_place(path.name, document, key)}, {key}"
    for i, site in enumerate(_items(document, "sites", path.name, raw)):
        _site(site, f"sites[{i}]", _place(path.name, document["sites"], i), path.name, raw)
    rates = _items(document, "exchange_rates", path.name, raw)
    raw.exchange_rates = _rates(rates, path.name, "exchange_rates")
    if "scenarios" in document:
        scenarios = _items(document, "scenarios", path.name, raw)
        raw.scenarios = [
            (_scenario(s, path.name, i), f"{_place(path.name, document['scenarios'], i)}, scenarios[{i}]")
            for i, s in enumerate(scenarios)
        ]
    if document.get("simulation") is not None:
        place = f"{_place(path.name, document, 'simulation')}, simulation"
        raw.simulation = _with_numbers(document["simulation"]), place
    return raw


def case_file(path):
    """The file of the case that a portfolio in YAML names, relative to it; None where it names none.

    Raises:
        FlexError: FLEX-105 where it is no name of a file.
    """
    document = load_yaml(path)
    named = document.get(CASE) if isinstance(document, dict) else None
    if named is None:
        return None
    if not isinstance(named, str):
        place = f"{_place(path.name, document, CASE)}, {CASE}"
        raise FlexError("FLEX-105", "it is not the name of a file", place=place, remedy="Write it as cpm: case.yaml.")
    return path.parent / named


_NAMES = ("name", "programme", "site", "market", "markets")


def _with_numbers(item):
    """A mapping, and the lists and mappings in it, with numbers read where they are no names."""
    if isinstance(item, dict):
        return {str(k): v if str(k) in _NAMES else _with_numbers(v) for k, v in item.items()}
    return [_with_numbers(x) for x in item] if isinstance(item, list) else _number(item)


def _rates(items, source, key):
    """(mapping, place) of each exchange rate of a list."""
    return [(_flat(r, ("rate",)), f"{_place(source, items, i)}, {key}[{i}]") for i, r in enumerate(items)]


def read_rates(path):
    """The exchange rates of a YAML file that holds a list of them.

    Raises:
        FlexError: FLEX-101, FLEX-114.
    """
    if not os.path.isfile(path):
        raise FlexError("FLEX-101", "there is no such file", place=path)
    document = load_yaml(path)
    if not isinstance(document, list):
        raise FlexError(
            "FLEX-114", "it is not a list of exchange rates", place=path.name, remedy="Start each with a dash."
        )
    return _rates(document, path.name, "")


def _unknown_key(key, known, place):
    shown = key if isinstance(key, str) else str(key) if key is None else "a list or mapping"
    what = f"{shown!r} is not a key here.{nearest(shown, known)}".rstrip(".")
    return FlexError("FLEX-104", what, place=place, allowed=", ".join(known), remedy="Mend the spelling.")


def _items(container, key, source, raw):
    """The list under a key; anything else is told."""
    value = container.get(key)
    if value is None:
        if key in ("sites", "enrolments"):
            raw.problems.append(FlexError("FLEX-105", f"{key} is missing", place=source))
        return []
    if not isinstance(value, list):
        place = _place(source, container, key)
        raw.problems.append(
            FlexError("FLEX-114", f"{key} is not a list", place=place, remedy="Start each entry with a dash.")
        )
        return []
    return value


def _site(site, key, place, source, raw):
    if not isinstance(site, dict):
        raw.problems.append(
            FlexError("FLEX-114", f"{key} is not a mapping", place=place, allowed=f"the keys {', '.join(_SITE)}")
        )
        return
    for k in site:
        if k not in _SITE:
            raw.problems.append(_unknown_key(k, _SITE, _place(source, site, k)))
    if site.get("resources") is not None:
        items = site["resources"]
        listed = [_flat(item) for item in items] if isinstance(items, list) else items
        name, at = str(site.get("name", "")).strip(), f"{_place(source, site, 'resources')}, {key}.resources"
        if name in raw.resources:
            what, remedy = f"{name!r} has resources in {raw.resources[name][1]} already", "Keep one list for a site."
            raw.problems.append(FlexError("FLEX-033", what, place=at, remedy=remedy))
        raw.resources.setdefault(name, (listed, at))
    common = {"site": _value("site", site.get("name")), **{k: _value(k, site[k]) for k in _INHERITED if k in site}}
    common_places = {
        {"name": "site"}.get(k, k): f"{_place(source, site, k)}, {key}.{k}" for k in site if isinstance(k, str)
    }
    for i, enrolment in enumerate(_items(site, "enrolments", place, raw)):
        line = _place(source, site["enrolments"], i)
        row_place = f"{line}, {key}.enrolments[{i}]"
        if not isinstance(enrolment, dict):
            raw.problems.append(FlexError("FLEX-114", "the enrolment is not a mapping", place=row_place))
            continue
        values = {str(k): _value(str(k), v) for k, v in enrolment.items()}
        places = {str(k): f"{_place(source, enrolment, k, line)}, {key}.enrolments[{i}].{k}" for k in enrolment}
        raw.rows.append(RawRow({**common, **values}, row_place, {**common_places, **places}))


def _value(name, value):
    """A scalar as the core reads it: in a column of numbers a number where it is one, else text."""
    if name in BY_NAME and BY_NAME[name].is_number:
        return _number(value)
    if isinstance(value, dict | list) and name != EVENT_MONTHS:
        return FlexError("FLEX-114", "a list or mapping where one value is needed")
    return value


_TEXTS = ("name", "kind", "group", "permit")


def _flat(item, numbers=None):
    """A mapping with numbers read where they belong; anything else as it is."""
    if not isinstance(item, dict):
        return item
    is_number = (lambda k: k in numbers) if numbers else (lambda k: k not in _TEXTS)
    return {str(k): _number(v) if is_number(str(k)) else v for k, v in item.items()}


def _number(value):
    """A number where the text is one; a refusal is handed on, to be told with its place."""
    if not isinstance(value, str):
        return (
            FlexError("FLEX-114", "a list or mapping where one value is needed")
            if isinstance(value, dict | list)
            else value
        )
    try:
        return number_from_text(value)
    except FlexError as e:
        return e


def _scenario(item, source, number):
    """A scenario with its factors and absolute values as numbers, its exceptions each with its place."""
    if not isinstance(item, dict):
        return "a list" if isinstance(item, list) else item
    read = _with_numbers(item) | {str(k): _number(v) for k, v in item.items() if isinstance(v, list)}
    if isinstance(found := item.get(EXCEPTIONS), list):
        key = f"scenarios[{number}].{EXCEPTIONS}"
        places = [f"{_place(source, found, i)}, {key}[{i}]" for i in range(len(found))]
        read[EXCEPTIONS] = list(zip(map(_with_numbers, found), places, strict=True))
    return read
