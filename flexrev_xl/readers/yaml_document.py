"""YAML 1.2 from a person's file: every scalar as the text it is, every mistake with its line."""

from flexrev_xl.errors import FlexError
from flexrev_xl.readers.portfolio import read_text_file


def load_yaml(path):
    """The document of a YAML file, its lists and mappings knowing their lines.

    Raises:
        FlexError: FLEX-114 where it cannot be parsed.
    """
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    text = read_text_file(path)
    try:
        return _parser().load(text)
    except MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        line = f" line {mark.line + 1}" if mark else ""
        what = (e.problem or str(e)).strip().splitlines()[0]
        raise FlexError("FLEX-114", what, place=f"{path.name}{line}") from None
    except RecursionError:
        remedy = "Write at most the levels that the file's kind has."
        raise FlexError("FLEX-114", "lists or mappings are nested too deeply", place=path.name, remedy=remedy) from None
    except YAMLError as e:
        raise FlexError("FLEX-114", str(e).splitlines()[0], place=path.name, remedy="Take the character out.") from None
    except ValueError:
        what, remedy = "a tagged value in it cannot be read", "Write it without its tag."
        raise FlexError("FLEX-114", what, place=path.name, remedy=remedy) from None


def _parser():
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import RoundTripConstructor

    class Constructor(RoundTripConstructor):
        """Leaves every scalar the text it is: 0043 keeps its zeros, what cannot be a number is told with its line."""

    for kind in ("int", "float", "bool", "timestamp"):
        Constructor.add_constructor(f"tag:yaml.org,2002:{kind}", lambda self, node: self.construct_scalar(node))
    parser = YAML(typ="rt", pure=True)
    parser.Constructor = Constructor
    return parser


def place_of(source, container, key, otherwise=None):
    """'file line 7' of a key or an item; of a key that was merged in, the place of the whole."""
    try:
        line = container.lc.key(key)[0] if isinstance(container, dict) else container.lc.item(key)[0]
        return f"{source} line {line + 1}"
    except (AttributeError, KeyError, TypeError, IndexError):
        return otherwise or source
