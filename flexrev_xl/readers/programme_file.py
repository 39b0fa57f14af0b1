"""A person's own programmes: a YAML file like those of the library, its entries added to them."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from flexrev_xl.errors import FlexError, nearest, refuse
from flexrev_xl.programmes import library
from flexrev_xl.programmes.models import Price, Programme, Source, StatedAnnual, is_named
from flexrev_xl.readers.text import number_from_text
from flexrev_xl.readers.yaml_document import load_yaml, place_of

# What a quantity reads is annotated Any; texts in YAML become numbers there.
_NUMBERS = {
    name
    for model in (Programme, Price, StatedAnnual)
    for name, f in model.model_fields.items()
    if f.annotation in (Any, float)
}
_MODELS = {"prices": Price, "source": Source, "stated_annual": StatedAnnual}


def read_programmes(path):
    """The library with a person's own entries added.

    Args:
        path: a YAML file that holds a list of entries; None for the library alone.

    Returns:
        Programmes by id.

    Raises:
        FlexError, FlexErrors: every mistake, with file, line, entry and key; FLEX-121 for an id that stands already,
            FLEX-120 for a programme in stacks_with or bars that nobody knows.
    """
    entries = dict(library.load())
    if path is None:
        return entries
    path = Path(path)
    document, problems, own = _document(path), [], []
    for number, row in enumerate(document):
        line = place_of(path.name, document, number)
        try:
            entry = _entry(row, line, path.name)
        except FlexError as e:
            problems += e.problems
            continue
        if entry.id in entries:
            problems.append(FlexError("FLEX-121", f"{entry.id!r} is {entries[entry.id].name}", place=f"{line}, id"))
        entries.setdefault(entry.id, entry)
        own.append((entry, row, f"{line}, {entry.id}"))
    refuse(problems)
    refuse(fault for each in own for fault in _unknown_members(*each, path.name, entries))
    return entries


def _document(path):
    if not path.is_file():
        raise FlexError("FLEX-101", "there is no such file", place=path)
    try:
        document = load_yaml(path)
    except OSError as e:
        raise FlexError("FLEX-101", e.strerror or str(e), place=path) from None
    if not isinstance(document, list):
        raise FlexError(
            "FLEX-114", "the file is not a list of programmes", place=path.name, remedy="Start each entry with a dash."
        )
    return document


def _entry(row, line, source):
    if not isinstance(row, dict):
        raise FlexError("FLEX-114", "the entry is not a mapping", place=line)
    name = row.get("id")
    whole = f"{line}, {name}" if isinstance(name, str) else line
    problems = []
    values = _plain(row, lambda loc, fault: problems.append(fault.at(_place(row, loc, source, whole))))
    try:
        entry = Programme(**values)
    except ValidationError as error:
        found = [fault for e in error.errors(include_url=False) for fault in _faults(e, row, source, whole)]
        told = {p.place for p in problems}
        problems += [fault for fault in found if fault.place not in told]
        entry = None
    refuse(problems)
    return entry


def _unknown_members(entry, row, whole, source, entries):
    """Members of stacks_with and bars that name no programme, which would say nothing unnoticed."""
    for field in ("stacks_with", "bars"):
        for number, member in enumerate(getattr(entry, field)):
            if not any(is_named(member, known) for known in entries):
                what = f"no programme is named by {member!r}.{library.nearest_ids(member, entries)}".rstrip(".")
                yield FlexError("FLEX-120", what, place=_place(row, (field, number), source, whole))


def _plain(value, tell, loc=()):
    """Lists, mappings and texts as plain ones, numbers read; what is not a number as written is told."""
    if isinstance(value, dict):
        return {str(k): _plain(v, tell, (*loc, k)) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v, tell, (*loc, i)) for i, v in enumerate(value)]
    if isinstance(value, str) and loc and loc[-1] in _NUMBERS:
        try:
            return number_from_text(value)
        except FlexError as e:
            tell(loc, e)
    return value


def _faults(error, row, source, whole):
    loc = error["loc"]
    place = _place(row, loc, source, whole)
    fault = error.get("ctx", {}).get("error")
    if isinstance(fault, FlexError):
        return fault.at(place).problems
    if error["type"] == "missing":
        return [FlexError("FLEX-105", "nothing is given", place=place)]
    if error["type"] == "extra_forbidden":
        known = _MODELS.get(loc[0] if len(loc) > 1 else None, Programme).model_fields
        what = f"{loc[-1]!r} is not a key here.{nearest(loc[-1], known)}".rstrip(".")
        return [FlexError("FLEX-104", what, place=place, allowed=", ".join(known), remedy="Mend the spelling.")]
    if error["type"] == "tuple_type":
        return [FlexError("FLEX-123", "not a list", place=place, allowed="a list in square brackets, such as [a, b]")]
    allowed = error.get("ctx", {}).get("expected", "")
    what = "not one of the words" if allowed else error["msg"][:1].lower() + error["msg"][1:]
    return [FlexError("FLEX-123", what, place=place, allowed=allowed)]


def _place(row, loc, source, whole):
    """'file line 7, id, prices[0].start': the line of the deepest key that the file has."""
    container, line = row, whole.partition(",")[0]
    for key in loc:
        line = place_of(source, container, key, line)
        try:
            container = container[key]
        except (KeyError, IndexError, TypeError):
            break
    path = "".join(f"[{k}]" if isinstance(k, int) else f".{k}" for k in loc).lstrip(".")
    return ", ".join(part for part in (line, whole.partition(", ")[2], path) if part)
