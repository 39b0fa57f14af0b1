"""The catalogue of refusals: complete, used, and readable."""

import re

import pytest

from flexrev_xl.errors import CATALOGUE, FlexError, FlexErrors, nearest, refuse
from tests.conftest import CHECKOUT

PACKAGE = CHECKOUT / "flexrev_xl"
CODE = re.compile(r"\b(?:FLEX|CPM)-\d{3}\b")


def codes_in_source():
    """The codes that the code of the package uses, its catalogue and its docstrings left out."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name == "errors.py" and path.parent == PACKAGE:
            text = text[text.index("class FlexError") :]
        found.update(re.findall(r'"((?:FLEX|CPM)-\d{3})"', re.sub(r'"""(?s:.)*?"""', "", text)))
    return found


def test_every_code_used_is_in_the_catalogue():
    """No code is raised, or named in a docstring, that the catalogue does not explain."""
    named = {code for path in PACKAGE.rglob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert set() == named - set(CATALOGUE)


def test_every_code_in_the_catalogue_is_used():
    """The catalogue explains nothing that cannot happen."""
    assert set() == set(CATALOGUE) - codes_in_source()


def test_catalogue_is_in_order_and_reads_well():
    """Codes ascend by number; each has a meaning without a full stop and a remedy that is a sentence."""
    assert sorted(CATALOGUE, key=lambda code: code.partition("-")[2]) == list(CATALOGUE)
    assert [] == [
        c
        for c, (meaning, remedy) in CATALOGUE.items()
        if meaning.endswith(".") or not remedy.endswith(".") or not remedy[0].isupper()
    ]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (FlexError("FLEX-001", "empty"), "FLEX-001: empty. Fill it in: an empty cell is never read as 0."),
        (
            FlexError("FLEX-003", "-1 MW is low", place="B7", allowed="0 to 9"),
            "FLEX-003 B7: -1 MW is low. Allowed: 0 to 9. " + CATALOGUE["FLEX-003"][1],
        ),
        (
            FlexError("FLEX-005", "85 is 8500%", place="share", remedy="Type 85%."),
            "FLEX-005 share: 85 is 8500%. Type 85%.",
        ),
        (FlexError("FLEX-023", "no X. Did you mean Y?", remedy=""), "FLEX-023: no X. Did you mean Y?"),
    ],
)
def test_message(error, text):
    """Code, place, what is wrong, what is allowed, how to mend it, each once and with its full stop."""
    assert text == str(error)


def test_short_form():
    """Where a cell can show only a few words it shows code and place."""
    assert ("FLEX-001 B7", "FLEX-001") == (
        FlexError("FLEX-001", "empty", place="B7").short,
        FlexError("FLEX-001", "empty").short,
    )


def test_place_in_front_of_the_place():
    """A fault found inside something keeps its own place behind the outer one."""
    inner = FlexError("FLEX-003", "low", place="share", allowed="0 to 1", remedy="Mend it.")
    assert "FLEX-003 row 2, share: low. Allowed: 0 to 1. Mend it." == str(inner.at("row 2"))


def test_several_faults_keep_each_other():
    """Several faults read as a line each, are all kept, and all move when their place does."""
    both = FlexErrors(
        [FlexError("FLEX-001", "empty", place="a", remedy=""), FlexError("FLEX-002", "text", place="b", remedy="")]
    )
    assert "FLEX-001 a: empty.\nFLEX-002 b: text." == str(both)
    assert ["FLEX-001", "FLEX-002"] == [p.code for p in both.problems]
    assert "FLEX-001 row 2, a: empty.\nFLEX-002 row 2, b: text." == str(both.at("row 2"))


def test_refuse_raises_what_was_collected():
    """Nothing raises nothing, one fault itself, several FlexErrors."""
    one, two = FlexError("FLEX-001", "empty"), FlexError("FLEX-002", "text")
    assert refuse([]) is None
    with pytest.raises(FlexError) as caught:
        refuse(iter([one]))
    assert one is caught.value
    with pytest.raises(FlexErrors) as caught:
        refuse([one, two])
    assert [one, two] == caught.value.problems


@pytest.mark.parametrize(
    ("name", "offered"),
    [("perfomance", " Did you mean performance?"), ("PERIOD", " Did you mean periods?"), ("zzz", ""), (5, "")],
)
def test_nearest_name(name, offered):
    """The nearest known spelling is offered, or nothing."""
    assert offered == nearest(name, ["performance", "periods", "nominated_mw"])
