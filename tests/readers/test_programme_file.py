"""A person's own file of programmes: read beside the library, every mistake at once."""

import pytest

from flexrev_xl.errors import FlexError
from flexrev_xl.programmes import library
from flexrev_xl.readers.programme_file import read_programmes

GOOD = """- id: my-deal
  name: Own deal
  market: Here
  zone: All
  rate_unit: USD/MW-day
  prices:
    - {start: 2026-06-01, end: 2027-05-31, capacity_rate: 300}
  performance_cap: 105%
  pays_accredited_mw: true
  confidence: contract
  source: {title: Contract, address: "https://example.com/x", date: 2026-01-31}
"""


def problems(text, tmp_path):
    """(code, place) of each mistake of a file with this text."""
    path = tmp_path / "own.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(FlexError) as caught:
        read_programmes(path)
    return [(p.code, p.place) for p in caught.value.problems]


def test_own_entries_stand_beside_the_library(tmp_path):
    """Numbers, percentages, dates and yes or no are read; the library itself is not changed."""
    path = tmp_path / "own.yaml"
    path.write_text(GOOD, "utf-8")
    entries = read_programmes(path)
    own = entries["my-deal"]
    assert (109_500, 1.05, True, "2026-01-31") == (
        own.annual_rate,
        own.performance_cap,
        own.pays_accredited_mw,
        str(own.source.date),
    )
    assert ({"my-deal"}, None) == (set(entries) - set(library.load()), library.find("my-deal"))


def test_terms_that_are_lists(tmp_path):
    """Months, permits and other programmes are read from lists as a person types them."""
    path = tmp_path / "own.yaml"
    lists = "  event_months: [6, 07, 8]\n  bars_permits: [emergency]\n  stacks_with: [pjm-*]\n"
    path.write_text(GOOD + lists, "utf-8")
    own = read_programmes(path)["my-deal"]
    assert ((6, 7, 8), ("emergency",), ("pjm-*",)) == (own.event_months, own.bars_permits, own.stacks_with)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("event_months: [6, 13]", ("FLEX-123", "own.yaml line 12, my-deal, event_months[1]")),
        ("event_months: May", ("FLEX-123", "own.yaml line 12, my-deal, event_months")),
        ("bars_permits: [diesel]", ("FLEX-123", "own.yaml line 12, my-deal, bars_permits[0]")),
        ("bars: [PJM]", ("FLEX-123", "own.yaml line 12, my-deal, bars[0]")),
        ("stacks_with: [pjm-*, pmj-*]", ("FLEX-120", "own.yaml line 12, my-deal, stacks_with[1]")),
    ],
)
def test_lists_that_cannot_stand(line, expected, tmp_path):
    """A wrong member of a list is told with its line and place; so is a programme that nobody knows."""
    assert [expected] == problems(f"{GOOD}  {line}\n", tmp_path)


def test_without_a_file():
    """Without a file there is the library alone."""
    assert library.load() == read_programmes(None)


def test_colliding_ids(tmp_path):
    """An id of the library, or one of the file itself, is refused where it stands again."""
    text = GOOD + GOOD + GOOD.replace("my-deal", "pjm-rto-2026-27")
    assert [("FLEX-121", "own.yaml line 12, id"), ("FLEX-121", "own.yaml line 23, id")] == problems(text, tmp_path)


def test_all_mistakes_at_once(tmp_path):
    """Each mistake of each entry is told with line, entry and key."""
    text = (
        GOOD.replace("105%", "1,05")
        .replace("capacity_rate: 300", "capacity_rate: -3")
        .replace("2026-01-31", "2026-02-30")
        + GOOD.replace("my-deal", "other").replace("zone: All", "zonne: All").replace("contract", "hearsay")
        + "- 5\n"
    )
    expected = [
        ("FLEX-108", "own.yaml line 8, my-deal, performance_cap"),
        ("FLEX-003", "own.yaml line 7, my-deal, prices[0].capacity_rate"),
        ("FLEX-113", "own.yaml line 11, my-deal, source.date"),
        ("FLEX-105", "own.yaml line 12, other, zone"),
        ("FLEX-123", "own.yaml line 21, other, confidence"),
        ("FLEX-104", "own.yaml line 15, other, zonne"),
        ("FLEX-114", "own.yaml line 23"),
    ]
    assert expected == problems(text, tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id: x\n", [("FLEX-114", "own.yaml")]),
        ("- id: [\n", [("FLEX-114", "own.yaml line 2")]),
        ("", [("FLEX-103", "own.yaml")]),
        (
            GOOD.replace("  source", "  bource"),
            [("FLEX-105", "own.yaml line 1, my-deal, source"), ("FLEX-104", "own.yaml line 11, my-deal, bource")],
        ),
        (
            "- {id: a}\n",
            [("FLEX-105", f"own.yaml line 1, a, {k}") for k in ("name", "market", "zone", "confidence", "source")],
        ),
    ],
)
def test_files_that_cannot_stand(text, expected, tmp_path):
    """What is no list of entries is told with its line; an entry without a source too."""
    assert expected == problems(text, tmp_path)


def test_no_such_file(tmp_path):
    """A path that leads nowhere is told."""
    with pytest.raises(FlexError, match="FLEX-101"):
        read_programmes(tmp_path / "nothing.yaml")
