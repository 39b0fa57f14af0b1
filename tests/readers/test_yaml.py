"""A portfolio in YAML: what is read, and what is refused with its line."""

import datetime as dt

import pytest

TEXT = """\
currency: USD
sites:
  - name: Ashburn
    enrolments:
      - programme: Contract
        nominated_mw: 10
        capacity_rate: 1000
        rate_unit: MW-year
"""


def told(problems):
    """(code, place) of each mistake."""
    return [(p.code, p.place) for p in problems]


def with_line(old, new):
    """The text with one line changed."""
    assert TEXT.count(old) == 1
    return TEXT.replace(old, new)


def test_everything_a_file_can_say(read):
    """Header, site keys that its enrolments inherit, percentages, dates, own keys and scenarios."""
    portfolio = read(
        "p.yaml",
        """\
name: West
currency: eur
year: 2027
fiscal_year_start: 4
sites:
  - name: Ashburn
    zone: RTO
    entity: Virginia LLC
    load_mw: 40
    enrolments:
      - {programme: Contract, nominated_mw: 10, capacity_rate: 5, rate_unit: MW-day, start: 2027-01-01, end: 2027-12-31,
         performance: 95%, x_contract: C-7}
      - {programme: Other, nominated_mw: 3, energy_rate: 80, dispatch_hours: 20, zone: East}
scenarios:
  - {name: Base}
  - {name: Test, dispatch_hours: 0.5, performance: {absolute: 67%}}
""",
    )
    first, second = portfolio.enrolments
    assert ("West", "EUR", 2027, 4) == (portfolio.name, portfolio.currency, portfolio.year, portfolio.fiscal_year_start)
    assert ("Ashburn", "RTO", "Virginia LLC", 0.95) == (first.site, first.zone, first.entity, first.performance)
    assert (dt.date(2027, 1, 1), 365.0, {"x_contract": "C-7"}) == (first.start, first.periods, first.extras)
    assert ("Ashburn", "East", "Virginia LLC") == (second.site, second.zone, second.entity)
    assert [("Base", {}, {}), ("Test", {"dispatch_hours": 0.5}, {"performance": 0.67})] == [
        (s.name, s.factors, s.absolutes) for s in portfolio.scenarios
    ]


@pytest.mark.parametrize("text", ["NO", "true", "12:30", "0043", "1e3", "0x1F", "2026-06-01", "1_000", "null"])
def test_a_name_stays_the_text_it_is(read, text):
    """Norway, half past twelve, account 0043 and a quoted null are texts, not truth values, times, numbers or nothing."""
    quoted = f'"{text}"' if text == "null" else text
    assert text == read("p.yaml", with_line("Ashburn", quoted)).enrolments[0].site


def test_aliases_and_merged_keys(read, refused):
    """A second enrolment may repeat the first by << and change a key; a mistake in what it repeats names both lines."""
    merged = (
        with_line("- programme", "- &first\n        programme")
        + "      - <<: *first\n        programme: Other\n        nominated_mw: 4\n"
    )
    first, second = read("p.yaml", merged).enrolments
    assert (10.0, 4.0, 1000.0, "Other") == (
        first.nominated_mw,
        second.nominated_mw,
        second.capacity_rate,
        second.programme,
    )
    places = [p.place for p in refused("p.yaml", merged.replace("1000", "-1"))]
    assert [
        "p.yaml line 8, sites[0].enrolments[0].capacity_rate",
        "p.yaml line 10, sites[0].enrolments[1].capacity_rate",
    ] == places


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("        nominated_mw: 10", "        nominated_mw: -1", "FLEX-003", "p.yaml line 6, sites[0].enrolments[0].nominated_mw"),
        ("MW-year", "$/kW", "FLEX-011", "p.yaml line 8, sites[0].enrolments[0].rate_unit"),
        ("MW-year", "MW-year\n        start: 2026-06-31\n        end: 2026-07-01", "FLEX-113", "p.yaml line 9, sites[0].enrolments[0].start"),
        ("1000", "1,000", "FLEX-108", "p.yaml line 7, sites[0].enrolments[0].capacity_rate"),
        ("1000", "9" * 5000, "FLEX-006", "p.yaml line 7, sites[0].enrolments[0].capacity_rate"),
        ("1000", "0x1F", "FLEX-002", "p.yaml line 7, sites[0].enrolments[0].capacity_rate"),
        ("1000", "[1, 2]", "FLEX-114", "p.yaml line 7, sites[0].enrolments[0].capacity_rate"),
        ("Ashburn", "{a: b}", "FLEX-114", "p.yaml line 3, sites[0].name"),
        ("Ashburn", "!name Ashburn", "FLEX-107", "p.yaml line 3, sites[0].name"),
        ("Ashburn", '"a\\nb"', "FLEX-107", "p.yaml line 3, sites[0].name"),
        ("currency: USD", "currency: [USD]", "FLEX-114", "p.yaml line 1, currency"),
        ("currency: USD", "currency: dollars", "FLEX-109", "p.yaml line 1, currency"),
        ("currency: USD", "currency: USD\nyear: 2026-99-99", "FLEX-002", "p.yaml line 2, year"),
        ("currency: USD", "currency: USD\nyear: 26", "FLEX-003", "p.yaml line 2, year"),
        ("currency: USD", "currency: USD\nfiscal_year_start: 13", "FLEX-003", "p.yaml line 2, fiscal_year_start"),
        ("currency: USD", "currency: USD\ncurrency: EUR", "FLEX-114", "p.yaml line 2"),
        ("currency: USD", "currency: USD\n\tyear: 2026", "FLEX-114", "p.yaml line 2"),
        ("  - name: Ashburn", "  - name: Ashburn\n   zone: RTO", "FLEX-114", "p.yaml line 4"),
        ("Ashburn", "*nowhere", "FLEX-114", "p.yaml line 3"),
        ("Ashburn", '"Ashburn', "FLEX-114", "p.yaml line 9"),
        ("Contract", "!!binary x", "FLEX-114", "p.yaml line 5"),
        ("Contract", "a\x07b", "FLEX-114", "p.yaml"),
    ],
)  # fmt: skip
def test_one_mistake_is_told_with_its_line(refused, old, new, code, place):
    """Each mistake of a value or of the writing is told once, with the line and the key it stands in."""
    assert [(code, place)] == told(refused("p.yaml", with_line(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "line", "meant"),
    [
        ("currency: USD", "currency: USD\nyaer: 2026", 2, "year"),
        ("  - name: Ashburn", "  - name: Ashburn\n    zne: RTO", 4, "zone"),
    ],
)
def test_an_unknown_key_offers_the_nearest(refused, old, new, line, meant):
    """A misspelt key of the file or of a site names its line and the key that was meant."""
    (problem,) = refused("p.yaml", with_line(old, new))
    assert ("FLEX-104", f"p.yaml line {line}", True) == (problem.code, problem.place, f"mean {meant}" in problem.what)


def test_an_unknown_key_of_an_enrolment_offers_the_nearest(refused):
    """A misspelt key beside the others is told; the needed key it was meant to be is missing too."""
    unknown, missing = refused("p.yaml", with_line("nominated_mw", "nominatd_mw"))
    assert ("FLEX-104", "FLEX-105", True) == (unknown.code, missing.code, "mean nominated_mw" in unknown.what)


@pytest.mark.parametrize("text", ["hello", "- a\n- b\n", "5", "~", "--- a\n--- b\n", "a: 1\n---\nb: 2\n"])
def test_a_file_of_another_shape_is_refused(refused, text):
    """A text, a list, a number, nothing, or two documents are no portfolio."""
    assert {"FLEX-105", "FLEX-114"} >= {p.code for p in refused("p.yaml", text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("currency: USD\n", [("FLEX-105", "p.yaml")]),
        ("currency: USD\nsites: 5\n", [("FLEX-114", "p.yaml line 2")]),
        ("currency: USD\nsites: {name: A}\n", [("FLEX-114", "p.yaml line 2")]),
        ("currency: USD\nsites: [5]\n", [("FLEX-114", "p.yaml line 2")]),
        ("currency: USD\nsites:\n  - name: A\n", [("FLEX-105", "p.yaml line 3")]),
        (
            "currency: USD\nsites:\n  - name: A\n    enrolments: [7]\n",
            [("FLEX-114", "p.yaml line 4, sites[0].enrolments[0]")],
        ),
        ("currency: USD\nsites: []\n", [("FLEX-103", "p.yaml")]),
        (TEXT + "scenarios: 5\n", [("FLEX-114", "p.yaml line 9")]),
        (TEXT + "scenarios: [[1]]\n", [("FLEX-116", "p.yaml line 9, scenarios[0]")]),
    ],
)
def test_a_list_or_mapping_in_the_wrong_place(refused, text, expected):
    """Where the shape is wrong, the place is named and nothing else is guessed."""
    found = told(refused("p.yaml", text))
    assert expected == found[: len(expected)]


@pytest.mark.parametrize("text", ["[" * 5_000, "- " * 5_000])
def test_deep_nesting_is_refused(refused, text):
    """A file nested thousands deep does not crash the reader."""
    assert {"FLEX-114"} == {p.code for p in refused("p.yaml", text)}


def test_a_file_that_multiplies_itself_is_refused(refused):
    """Aliases of aliases that unfold to ten thousand million texts are told without unfolding them."""
    layers = "".join(
        f"  {b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    text = f"x:\n  a: &a [lol]\n{layers}currency: *j\nyear: *j\nsites: *j\nscenarios: *j\n"
    assert {"FLEX-104", "FLEX-114", "FLEX-116"} == {p.code for p in refused("p.yaml", text)}


def test_tags_make_no_objects(refused):
    """A tag that asks for a Python object is data like any other, and no portfolio."""
    assert {"FLEX-105"} == {p.code for p in refused("p.yaml", '!!python/object/apply:os.system ["exit 1"]\n')}
