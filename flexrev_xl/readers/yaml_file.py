"""A portfolio in YAML 1.2: header, sites with their enrolments, scenarios; mistakes name their line."""

from flexrev_xl.errors import FlexError, nearest
from flexrev_xl.portfolio.assemble import Raw, RawRow
from flexrev_xl.portfolio.columns import BY_NAME
from flexrev_xl.readers.portfolio import read_text_file
from flexrev_xl.readers.text import number_from_text

_TOP = ("name", "currency", "year", "fiscal_year_start", "sites", "scenarios")
_SITE = ("name", "enrolments", "resources", "load_mw", "critical_mw", "zone", "entity", "cost_centre", "gl_account")
_INHERITED = ("zone", "entity", "cost_centre", "gl_account")


def read(path):
    """What a YAML file says, as Raw."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        document = _parser().load(read_text_file(path))
    except MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        line = f" line {mark.line + 1}" if mark else ""
        what = (e.problem or str(e)).strip().splitlines()[0]
        raise FlexError("FLEX-114", what, place=f"{path.name}{line}") from None
    except RecursionError:
        raise FlexError("FLEX-114", "lists or mappings are nested too deeply", place=path.name, remedy="Write at most the levels that a portfolio has.") from None
    except YAMLError as e:
        raise FlexError("FLEX-114", str(e).splitlines()[0], place=path.name, remedy="Take the character out.") from None
    except ValueError:
        raise FlexError("FLEX-114", "a number or a tagged value in it cannot be read", place=path.name, remedy="Look for a very long number.") from None
    raw = Raw(source=path.name, rows=[])
    if not isinstance(document, dict):
        raise FlexError("FLEX-105", "the file is not a mapping", place=path.name, allowed=f"the keys {', '.join(_TOP)}")
    for key in document:
        if key not in _TOP:
            raw.problems.append(_unknown_key(key, _TOP, _place(path.name, document, key)))
    for key in (k for k in _TOP[:4] if k in document):
        raw.header[key] = _value(key, document[key])
        raw.places[key] = f"{_place(path.name, document, key)}, {key}"
    for i, site in enumerate(_items(document, "sites", path.name, raw)):
        _site(site, f"sites[{i}]", _place(path.name, document["sites"], i), path.name, raw)
    if "scenarios" in document:
        scenarios = _items(document, "scenarios", path.name, raw)
        raw.scenarios = [(_scenario(s), f"{_place(path.name, document['scenarios'], i)}, scenarios[{i}]") for i, s in enumerate(scenarios)]
    return raw


def _parser():
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import RoundTripConstructor

    class Constructor(RoundTripConstructor):
        """Leaves dates as text, so that one that cannot be is told with its line."""

    Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda self, node: self.construct_scalar(node))
    parser = YAML(typ="rt", pure=True)
    parser.Constructor = Constructor
    return parser


def _place(source, container, key, otherwise=None):
    """'file line 7' of a key or an item; of a key that was merged in, the place of the whole."""
    try:
        line = container.lc.key(key)[0] if isinstance(container, dict) else container.lc.item(key)[0]
        return f"{source} line {line + 1}"
    except (AttributeError, KeyError, TypeError, IndexError):
        return otherwise or source


def _unknown_key(key, known, place):
    shown = str(key) if isinstance(key, str | int | float | None) else "a list or mapping"
    what = f"{shown!r} is not a key here.{nearest(shown, known)}".rstrip(".")
    return FlexError("FLEX-104", what, place=place, allowed=", ".join(known), remedy="Mend the spelling.")


def _items(container, key, source, raw):
    """The list under a key; anything else is told."""
    value = container.get(key)
    if value is None:
        if key != "scenarios":
            raw.problems.append(FlexError("FLEX-105", f"{key} is missing", place=source))
        return []
    if not isinstance(value, list):
        raw.problems.append(FlexError("FLEX-114", f"{key} is not a list", place=_place(source, container, key), remedy="Start each entry with a dash."))
        return []
    return value


def _site(site, key, place, source, raw):
    if not isinstance(site, dict):
        raw.problems.append(FlexError("FLEX-114", f"{key} is not a mapping", place=place, allowed=f"the keys {', '.join(_SITE)}"))
        return
    for k in site:
        if k not in _SITE:
            raw.problems.append(_unknown_key(k, _SITE, _place(source, site, k)))
    if site.get("resources"):
        raw.warnings.append(f"{place}, {key}: resources are carried along; nominated_mw is taken as given")
    common = {"site": _value("site", site.get("name")), **{k: _value(k, site[k]) for k in _INHERITED if k in site}}
    common_places = {{"name": "site"}.get(k, k): f"{_place(source, site, k)}, {key}.{k}" for k in site if isinstance(k, str)}
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
    """A scalar as the core reads it; '95%' is text in YAML and a number here."""
    if isinstance(value, dict | list):
        return FlexError("FLEX-114", "a list or mapping where one value is needed")
    if isinstance(value, str) and name in BY_NAME and BY_NAME[name].is_number:
        try:
            return number_from_text(value)
        except FlexError as e:
            return e
    if isinstance(value, float):
        return float(value)
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _scenario(item):
    """A scenario with its percentages as numbers."""
    if not isinstance(item, dict):
        return "a list" if isinstance(item, list) else item
    return {str(k): {str(n): _number(x) for n, x in v.items()} if isinstance(v, dict) else v if k == "name" else _number(v) for k, v in item.items()}


def _number(value):
    return number_from_text(value) if isinstance(value, str) and "," not in value else _value("", value)
