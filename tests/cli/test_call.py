"""`flexrev call`: one function at the prompt."""

import json

import pytest


def told(result):
    """The lines on standard error."""
    return result.stderr.splitlines()


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (("FLEX_TOTAL_REVENUE", "1", "120147.05", "30", "75", "95%"), 116_277.1975),  # 0.95 x (120,147.05 + 30 x 75)
        (("FLEX_TOTAL_REVENUE", "1", "120147.05", "30", "75", "95"), 116_277.1975),
        (("flex_penalty", "1.2", "75", "92%", "50", "0.95"), 342.0),
        (("FLEX_PENALTY", "1.2", "75", "92%", "50", "availability=95%", "basis=committed"), 567.0),
        (("FLEX_CAPACITY_REVENUE", "5", "9.47", "", "kW-month"), 568_200.0),
        (("FLEX_ANNUAL_RATE", "329.17", "MW-day", "365"), 120_147.05),
        (("FLEX_SEASONAL_RATE", "{666.5;91.6;33.2;69.88}", "{92;91;90;92}"), 79_070.56),
        (("FLEX_ENERGY_RATE", "10", "pence/kWh"), 100.0),
        (("FLEX_ANNUAL_RATE", "1e3", "rate_unit=MW-year"), 1_000.0),
    ],
)
def test_a_number_is_printed_and_given_as_json(flexrev, words, value):
    """Numbers, percentages, names, texts and ranges; the value is the same in words and as JSON."""
    result = flexrev("call", *words, "--json")
    assert (0, pytest.approx(value, rel=1e-12)) == (result.exit_code, json.loads(result.stdout))
    assert flexrev("call", *words).stdout.startswith(f"{value:,.9f}".rstrip("0").rstrip("."))


def test_a_range_gives_a_value_for_each(flexrev):
    """One bad value of a range costs its own result; the exit code says that there is one."""
    result = flexrev("call", "FLEX_ENERGY_RATE", "{1;2;0.5}", "kWh", "--json")
    assert (0, [[1000.0], [2000.0], [500.0]]) == (result.exit_code, json.loads(result.stdout))
    spoilt = flexrev("call", "FLEX_ENERGY_RATE", "{1;-2}", "kWh", "--json")
    (good,), (bad,) = json.loads(spoilt.stdout)
    assert (1, 1000.0, True) == (spoilt.exit_code, good, isinstance(bad, str))


def test_a_table_spills(flexrev):
    """A function that spills prints its table, and gives it as rows."""
    rows = json.loads(flexrev("call", "FLEX_REVENUE_TABLE", "1", "120147.05", "30", "75", "--json").stdout)
    assert ["Total revenue", pytest.approx(122_397.05)] == next(r[:2] for r in rows if r[0].startswith("Total"))


@pytest.mark.parametrize("number", ["-5", "-1e3", "-.5"])
def test_a_negative_number_is_an_argument(flexrev, number):
    """A minus does not make an option of it: it is refused by the function, by name."""
    result = flexrev("call", "FLEX_QUALIFIED_CAPACITY", number)
    assert (1, True) == (result.exit_code, told(result)[0].startswith("FLEX-003 nominated_mw"))


def test_a_wrong_name_offers_the_nearest(flexrev):
    """A misspelt function or argument names what was meant or what there is."""
    (line,) = told(flexrev("call", "FLEX_TOTAL_REVENEU", "1"))
    assert (True, True) == (line.startswith("FLEX-023"), "FLEX_TOTAL_REVENUE" in line)
    result = flexrev("call", "FLEX_ANNUAL_RATE", "1", "unit=MW-year")
    assert (1, True, True) == (result.exit_code, told(result)[0].startswith("FLEX-022"), "rate_unit" in told(result)[0])


def test_every_mistake_at_once(flexrev):
    """Three wrong arguments are three lines, each with its name."""
    result = flexrev("call", "FLEX_TOTAL_REVENUE", "-1", "x", "9999", "5", "5")
    assert [
        "FLEX-003 nominated_mw:",
        "FLEX-002 capacity_rate:",
        "FLEX-003 dispatch_hours:",
        "FLEX-004 performance:",
    ] == [" ".join(line.split(" ")[:2]) for line in told(result)[:-1]]
    assert (1, "4 mistakes.") == (result.exit_code, told(result)[-1])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("FLEX_ANNUAL_RATE", "1", "MW-year", "1", "2"), "FLEX-022"),
        (("FLEX_ANNUAL_RATE", "1", "rate=2"), "FLEX-022"),
        (("FLEX_ANNUAL_RATE",), "FLEX-001"),
        (("FLEX_ANNUAL_RATE", "5", "$/kW"), "FLEX-011"),
        (("FLEX_ANNUAL_RATE", "5", "MW-day"), "FLEX-014"),
        (("FLEX_ANNUAL_RATE", "1,000", "MW-year"), "FLEX-108"),
        (("FLEX_SEASONAL_RATE", "{1;2}", "{90}"), "FLEX-020"),
        (("FLEX_SEASONAL_RATE", "{1;2}", "{200;200}"), "FLEX-015"),
        (("FLEX_ENERGY_RATE", "nan", "MWh"), "FLEX-002"),
        (("FLEX_ENERGY_RATE", "1e999", "MWh"), "FLEX-006"),
        (("",), "FLEX-023"),
    ],
)
def test_what_cannot_be_called(flexrev, words, code):
    """Too many, too few or wrong arguments exit 1 with their code first."""
    result = flexrev("call", *words)
    assert (1, code) == (result.exit_code, told(result)[0][: len(code)])
