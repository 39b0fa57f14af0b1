"""Inputs of a case of compute per megawatt: bounds, defaults, and what lies between them."""

import pytest

from flexrev_xl.core.cpm.case_inputs import INPUTS
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.cpm_case import Given, read_inputs, shown
from flexrev_xl.portfolio.cpm_keys import SECTIONS, section_of

REQUIRED = {
    "grid_mw": 20.0, "gpu_kw": 0.7, "gpu_capex": 30e3, "energy_price_per_mwh": 60.0, "battery_mw": 1.0, "battery_mwh": 2.0,
    "battery_capex_per_mwh": 350e3,
}  # fmt: skip


def given(**values):
    """The required inputs as given, some of them changed."""
    return {key: Given(value, f"c.yaml line 1, {key}") for key, value in (REQUIRED | values).items()}


def test_what_is_given_and_what_stands_in():
    """Given inputs are used as they are; all others take their defaults, which are named."""
    values, sources, defaults, faults = read_inputs(given(), "USD", "c.yaml")
    expected = {key: each.default for key, each in INPUTS.items() if key not in REQUIRED} | REQUIRED
    assert (expected, []) == (values, faults)
    assert len(INPUTS) - len(REQUIRED) == len(defaults) == sum(s.startswith("default: ") for s in sources.values())


def test_every_fault_is_gathered_with_its_place():
    """Out of range, no number, and a fault of reading that is handed on."""
    wrong = {"grid_mw": 0.0, "pue": "x", "depth": FlexError("FLEX-108", "a comma")}
    faults = read_inputs(given(**wrong), "USD", "c.yaml")[3]
    expected = [("FLEX-003", "grid_mw"), ("FLEX-002", "pue"), ("FLEX-108", "depth")]
    assert [(code, f"c.yaml line 1, {key}") for code, key in expected] == [(f.code, f.place) for f in faults]


def test_nothing_given_is_seven_inputs_missing():
    """What has no default is asked for, key by key; of two empty sources none is read as 0."""
    faults = read_inputs({"grid_mw": Given(" ", "c.yaml line 1")}, "USD", "c.yaml")[3]
    assert {(f"c.yaml, {section_of(key)}.{key}") for key in REQUIRED} == {f.place for f in faults}
    assert {"FLEX-105"} == {f.code for f in faults}


@pytest.mark.parametrize(
    ("changed", "code", "key"),
    [
        ({"battery_mw": 0.0}, "FLEX-003", "battery_mw"),
        ({"battery_mwh": 0.0}, "FLEX-003", "battery_mwh"),
        ({"battery_mw": 400.0, "auxiliaries": 0.05}, "CPM-153", "auxiliaries"),
    ],
)
def test_half_a_battery_and_one_that_takes_the_grid(changed, code, key):
    """Power without energy, energy without power, and auxiliaries of the whole connection."""
    (fault,) = read_inputs(given(**changed), "USD", "c.yaml")[3]
    assert (code, True) == (fault.code, fault.place.endswith(key))


def test_no_battery_at_all_is_a_case():
    """0 MW and 0 MWh are no fault."""
    assert [] == read_inputs(given(battery_mw=0.0, battery_mwh=0.0), "USD", "c.yaml")[3]


def test_every_input_stands_in_one_section():
    """Sections hold every input once, and no key stands in two."""
    keys = [key for names in SECTIONS.values() for key in names]
    assert (len(set(keys)), set()) == (len(keys), set(INPUTS) - set(keys))


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [("depth", 0.925, "92.5%"), ("battery_capex_per_mwh", 350e3, "350,000 INR/MWh"), ("gpu_years", 5.0, "5 years")],
)
def test_values_as_printed(key, value, text):
    """Percentages, money in the currency of the case, and units."""
    assert text == shown(key, value, "INR")
