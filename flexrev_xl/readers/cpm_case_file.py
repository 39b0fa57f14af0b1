"""A case of compute per megawatt from YAML, with the trace it names: every mistake at once, each with its line."""

import os
from pathlib import Path

from flexrev_xl.core.arguments import REQUIRED, Text, is_empty
from flexrev_xl.core.cpm.case_inputs import INPUTS
from flexrev_xl.core.cpm.curves import CURVES, DEFAULT, own_curve
from flexrev_xl.errors import FlexError, nearest, refuse
from flexrev_xl.portfolio.cpm_case import NO_CAP, Bounds, CpmCase, Given, read_inputs
from flexrev_xl.portfolio.cpm_keys import (
    CURVE,
    CURVE_KEYS,
    DEMAND_RESPONSE,
    EVENT_KEYS,
    EVENTS,
    EXTRA,
    HEADER,
    LOAD,
    OPTIMISE,
    RESPONSE_KEYS,
    SECTIONS,
    section_of,
)
from flexrev_xl.portfolio.models import read_currency, read_text
from flexrev_xl.readers.cpm_trace import case_trace
from flexrev_xl.readers.text import number_from_text
from flexrev_xl.readers.yaml_document import load_yaml, place_of

ENDINGS = (".yaml", ".yml")
_VALUE_KEYS = ("value", "source")
_TOP = (*HEADER, *SECTIONS)


def read_cpm_case(path):
    """Read a case.

    Args:
        path: a .yaml or .yml file; a trace is looked for beside it.

    Returns:
        CpmCase.

    Raises:
        FlexError, FlexErrors: every mistake, with file, line, key, value, rule and remedy.
    """
    path = Path(path)
    if not os.path.isfile(path):
        raise FlexError("FLEX-101", "there is no such file", place=path)
    if path.suffix.lower() not in ENDINGS:
        what, allowed = f"{path.suffix or 'a file without ending'} is not read", ", ".join(ENDINGS)
        raise FlexError("FLEX-102", what, place=path, allowed=allowed, remedy="Start with flexrev cpm new case.yaml.")
    document = load_yaml(path)
    if not isinstance(document, dict):
        raise FlexError("FLEX-105", "the file is not a mapping", place=path.name, allowed=f"the keys {', '.join(_TOP)}")
    return _Case(path, document).read()


class _Case:
    """One reading of a document; `problems` gathers what is wrong."""

    def __init__(self, path, document):
        self.path, self.document, self.source = path, document, path.name
        self.problems, self.given, self.extra, self.places = [], {}, {}, {}

    def read(self):
        """The CpmCase, or every mistake."""
        for key in self.document:
            if key not in _TOP:
                self._unknown(key, _TOP, self.document)
        name = self._header("name", read_text, self.path.stem)
        currency = self._header("currency", read_currency, None)
        if "currency" not in self.document:
            self.problems.append(FlexError("FLEX-109", "currency is missing", place=self.source))
        for section in SECTIONS:
            self._section(section)
        curve = self._curve()
        inputs, sources, defaults, faults = read_inputs(self.given, currency, self.source)
        self.problems += faults
        cap = inputs.get("power_cap", NO_CAP)
        if curve is not None and cap < NO_CAP:
            try:
                curve.throughput(cap)
            except FlexError as e:
                place = self._place_of_key("gpus", "power_cap")
                self.problems.append(FlexError(e.code, e.what, place=place, allowed=e.allowed))
            if ("gpus", CURVE) not in self.extra:
                defaults.append(f"Curve of throughput: {curve.name} ({curve.source})")
        events, bounds = self._events(), self._bounds(curve)
        trace = self._trace()
        refuse(self.problems)
        technology, period = self.extra.get(("battery", "technology")), self.extra.get(("site", "period_hours"))
        return CpmCase(
            name,
            currency,
            self.source,
            inputs,
            sources,
            tuple(defaults),
            trace,
            curve,
            technology or EXTRA["battery", "technology"].default,
            events,
            period,
            bounds,
            self.places,
        )

    def _try(self, make, place=""):
        try:
            return make()
        except FlexError as e:
            self.problems += (e.at(place) if place else e).problems

    def _unknown(self, key, known, container):
        text = key if isinstance(key, str) else str(key)[:40]
        home = section_of(text)
        hint = f". It belongs under {home}" if home and known is not SECTIONS.get(home) else nearest(text, known)
        what = f"{text!r} is not a key here{'' if hint.startswith('. ') or not hint else '.'}{hint}"
        place = place_of(self.source, container, key)
        self.problems.append(
            FlexError("FLEX-104", what, place=place, allowed=", ".join(known), remedy="Mend the spelling.")
        )

    def _header(self, key, read, otherwise):
        value = self.document.get(key)
        if key not in self.document or is_empty(value):
            return otherwise
        return self._try(lambda: read(value), f"{place_of(self.source, self.document, key)}, {key}")

    def _place_of_key(self, section, key):
        return self.places.get(key) or f"{self.source}, {section}.{key}"

    def _section(self, section):
        """The values of a section: scalars by their marks, lists and mappings as they are."""
        found = self.document.get(section)
        if found is None:
            return
        if not isinstance(found, dict):
            place = place_of(self.source, self.document, section)
            allowed = f"the keys {', '.join(SECTIONS[section])}"
            self.problems.append(FlexError("FLEX-114", f"{section} is not a mapping", place=place, allowed=allowed))
            return
        for key, value in found.items():
            if key not in SECTIONS[section]:
                self._unknown(key, SECTIONS[section], found)
                continue
            place = self.places[key] = f"{place_of(self.source, found, key)}, {section}.{key}"
            if key in INPUTS:
                self.given[key] = self._given(value, place)
            elif (mark := EXTRA[section, key].mark) is None:
                self.extra[section, key] = value
            elif not is_empty(value):
                self.extra[section, key] = self._try(lambda m=mark, v=value: m.read(_scalar(v, m)), place)

    def _given(self, value, place):
        """A number, or a mapping of value and source."""
        if not isinstance(value, dict):
            return Given(_number(value), place)
        for key in value:
            if key not in _VALUE_KEYS:
                self._unknown(key, _VALUE_KEYS, value)
        source = self._try(lambda: read_text(value.get("source") or ""), f"{place}.source")
        return Given(_number(value.get("value")), place, source or "")

    def _curve(self):
        """The Curve that is named or given point by point; the default one where there is none."""
        asked = self.extra.get(("gpus", CURVE))
        if is_empty(asked):
            return DEFAULT
        place = self.places[CURVE]
        if not isinstance(asked, dict):
            name = str(asked).strip().lower()
            if name in CURVES:
                return CURVES[name]
            what = f"{str(asked)[:40]!r} is no curve.{nearest(name, CURVES)}".rstrip(".")
            allowed = f"{', '.join(CURVES)}, or a mapping of {', '.join(CURVE_KEYS)}"
            self.problems.append(FlexError("FLEX-016", what, place=place, allowed=allowed))
            return None
        for key in asked:
            if key not in CURVE_KEYS:
                self._unknown(key, CURVE_KEYS, asked)
        lists = {}
        for key in CURVE_KEYS[:3]:
            if asked.get(key) is None and key != "watts":
                self.problems.append(FlexError("FLEX-105", f"{key} is missing", place=place))
            elif asked.get(key) is not None:
                lists[key] = self._numbers(asked[key], f"{place}.{key}")
        rated = _number(asked.get("rated_watts"))
        if isinstance(rated, FlexError) or None in lists.values() or not {"caps", "throughputs"} <= set(lists):
            self.problems += rated.at(place).problems if isinstance(rated, FlexError) else []
            return None
        return self._try(lambda: own_curve(**lists, rated_watts=rated, name="the curve of the case"), place)

    def _numbers(self, items, place):
        """A list of numbers; None, and told, where it is anything else."""
        if not isinstance(items, list):
            self.problems.append(
                FlexError("FLEX-114", "it is not a list", place=place, remedy="Write it as [1, 2, 3].")
            )
            return None
        read = [_number(item) for item in items]
        faults = [e.at(f"{place}[{n}]") for n, e in enumerate(read, 1) if isinstance(e, FlexError)]
        self.problems += faults
        return None if faults else read

    def _record(self, item, marks, place, needed=True):
        """A mapping of numbers by their marks; None, and told, where it is anything else."""
        if not isinstance(item, dict):
            allowed = f"the keys {', '.join(marks)}"
            self.problems.append(FlexError("FLEX-114", "it is not a mapping", place=place, allowed=allowed))
            return None
        before = len(self.problems)
        for key in item:
            if key not in marks:
                self._unknown(key, tuple(marks), item)
        read = {}
        for key, mark in marks.items():
            if not is_empty(item.get(key)):
                read[key] = self._try(lambda k=key, m=mark: m.read(_scalar(item[k], m)), f"{place}.{key}")
            elif needed:
                self.problems.append(FlexError("FLEX-105", f"{key} is missing", place=place, allowed=mark.allowed))
        return read if len(self.problems) == before else None

    def _events(self):
        from flexrev_xl.core.cpm.events import Event

        items = self.extra.get(("site", EVENTS))
        if is_empty(items):
            return ()
        place = self.places[EVENTS]
        if not isinstance(items, list):
            remedy = "Start each event with a dash."
            self.problems.append(FlexError("FLEX-114", "it is not a list", place=place, remedy=remedy))
            return ()
        records = [
            self._record(item, EVENT_KEYS, f"{place_of(self.source, items, n, place)}, site.{EVENTS}[{n + 1}]")
            for n, item in enumerate(items)
        ]
        return tuple(Event(*(record[key] for key in EVENT_KEYS)) for record in records if record)

    def _bounds(self, curve):
        """The Bounds of an optimisation, or None."""
        if OPTIMISE not in self.document:
            return None
        asked = {key: self.extra.get((OPTIMISE, key)) for key in SECTIONS[OPTIMISE]}
        caps, response = asked.pop("caps"), asked.pop(DEMAND_RESPONSE)
        terms = {}
        if response is not None:
            read = self._record(response, RESPONSE_KEYS, self.places[DEMAND_RESPONSE]) or {}
            terms = dict(zip(("most_dr_mw", "dr_event_hours", "dr_rate_per_mw_year"), read.values(), strict=False))
        if caps is not None:
            place = self.places["caps"]
            caps = self._numbers(caps, place) or ()
            for number, cap in enumerate(caps, start=1):
                if curve is not None:
                    self._try(lambda c=cap: curve.throughput(INPUTS["power_cap"].mark.read(c)), f"{place}[{number}]")
            caps = tuple(caps)
        return Bounds(**asked, **terms, caps=caps)

    def _trace(self):
        """The CaseTrace; its readings are not asked for while its keys are wrong."""
        if not isinstance(self.document.get(LOAD), dict):
            remedy = "Give load with file and meter, or with synthetic: training job."
            self.problems.append(FlexError("FLEX-105", "load is missing", place=self.source, remedy=remedy))
            return None
        keys = [key for (section, _), key in EXTRA.items() if section == LOAD]
        if any(place.endswith(f"{LOAD}.{key.name}") for key in keys for place in (p.place for p in self.problems)):
            return None
        asked = {key.name: None if key.default is REQUIRED else key.default for key in keys}
        asked |= {key: value for (section, key), value in self.extra.items() if section == LOAD}
        place = f"{place_of(self.source, self.document, LOAD)}, {LOAD}"
        return self._try(lambda: case_trace(asked, self.path.parent, place))


def _number(value):
    """A number where a scalar is one, its text where it is none; a refusal is handed on, to be told with its place."""
    if isinstance(value, dict | list):
        return FlexError("FLEX-114", "a list or mapping where one value is needed")
    if not isinstance(value, str):
        return value
    try:
        return number_from_text(value)
    except FlexError as e:
        return e


def _scalar(value, mark):
    """A scalar as its mark reads it."""
    if isinstance(value, dict | list):
        raise FlexError("FLEX-114", "a list or mapping where one value is needed")
    if isinstance(mark, Text) or not hasattr(mark, "high"):
        return value
    number = _number(value)
    if isinstance(number, FlexError):
        raise number
    return number
