"""The list of Excel functions: names and order as promised, help that fits, examples that run."""

import doctest
import inspect
import re

import pytest
from pytest import approx

import flexrev_xl
from flexrev_xl.core.entry import HELP_LIMIT, REQUIRED
from flexrev_xl.errors import FlexError
from flexrev_xl.registry import ENTRIES, FUNCTIONS, find

REVENUE = "nominated_mw, capacity_rate, dispatch_hours, energy_rate, [performance=100%]"
UNITS = '[rate_unit="MW-year"], [periods], [energy_unit="MWh"]'
FACTORS = "[availability=100%], [performance_cap=120%]"
PROMISED = {
    "FLEX_QUALIFIED_CAPACITY": f"nominated_mw, [performance=100%], {FACTORS}, [accreditation=100%]",
    "FLEX_CAPACITY_REVENUE": f'nominated_mw, capacity_rate, [performance=100%], [rate_unit="MW-year"], [periods], {FACTORS}, [accreditation=100%]',
    "FLEX_DISPATCHED_ENERGY": f"nominated_mw, dispatch_hours, [performance=100%], {FACTORS}",
    "FLEX_ENERGY_REVENUE": f'nominated_mw, dispatch_hours, energy_rate, [performance=100%], [energy_unit="MWh"], {FACTORS}',
    "FLEX_TOTAL_REVENUE": f"{REVENUE}, {UNITS}, {FACTORS}, [accreditation=100%]",
    "FLEX_REVENUE_TABLE": f"{REVENUE}, {UNITS}, {FACTORS}, [accreditation=100%]",
    "FLEX_ANNUAL_RATE": "rate, rate_unit, [periods]",
    "FLEX_ENERGY_RATE": "rate, energy_unit",
    "FLEX_SEASONAL_RATE": '{rates}, {periods}, [rate_unit="MW-day"]',
    "FLEX_PENALTY": 'nominated_mw, penalty_hours, performance, penalty_rate, [availability=100%], [stop_loss_money], [basis="available"]',
    "FLEX_NET_REVENUE": f"{REVENUE}, [penalty_rate=0], [marginal_cost=0], [availability=100%], [stop_loss_money], {UNITS}, "
    '[performance_cap=120%], [accreditation=100%], [basis="available"]',
}
NOMINATION = "event_hours, [notice_minutes=0], [n_plus_1=FALSE], [load_mw], [critical_mw=0]"
PROMISED |= {
    "FLEX_NOMINATED_CAPACITY": f"{{resource_table}}, {NOMINATION}",
    "FLEX_NOMINATION_TABLE": f"{{resource_table}}, {NOMINATION}",
    "FLEX_DISPATCH_PLAN": "{resource_table}, request_mw, event_hours, [notice_minutes=0]",
    "FLEX_BATTERY_COST": "charge_price, [round_trip_efficiency=85%], [wear_per_mwh=25]",
    "FLEX_GENERATOR_COST": "fuel_price_per_gj, heat_rate_gj_per_mwh, [o_and_m_per_mwh=0]",
    "FLEX_COMPUTE_COST": "price_per_gpu_hour, kw_per_gpu, [pue=1], [idle_fraction=28%]",
}
PROMISED |= {
    "FLEX_TORNADO": "{input_table}",
    "FLEX_SENSITIVITY": "nominated_mw, capacity_rate, energy_rate, {dispatch_hours}, {performance}",
}
PROMISED["FLEX_SIMULATE"] = (
    "nominated_mw, capacity_rate, events_per_year, hours_per_event, energy_rate, [performance_mean=95%], "
    "[performance_sd=5%], [price_sigma=0], [penalty_rate=0], [draws=10000], [seed=1]"
)
LOAD = "{load_series}, grid_mw, interval_seconds"
BATTERY = f"{LOAD}, battery_mw, battery_mwh, [round_trip_efficiency=85%]"
GPU_SHARES = "[utilisation=100%], [availability=100%], [throughput=100%]"
PROMISED |= {
    "CPM_COMPUTE_PER_MW": f"gpus, grid_mw, {GPU_SHARES}",
    "CPM_BATTERY_POWER": "{load_series}, grid_mw",
    "CPM_BATTERY_ENERGY": f"{LOAD}, [round_trip_efficiency=85%], [charge_mw]",
    "CPM_LOAD_SCALE": BATTERY,
    "CPM_SUPPORTED_PEAK": BATTERY,
    "CPM_UPLIFT": f"{BATTERY}, [power_cap], [{{caps}}], [{{throughputs}}]",
    "CPM_OPTIMISE": f"{LOAD}, {{case_table}}",
    "CPM_THROUGHPUT": "power_cap, [{caps}], [{throughputs}]",
    "CPM_GPUS": "grid_mw, gpu_kw, other_kw_per_gpu, pue, [power_cap=100%]",
    "CPM_COMPUTE_REVENUE": f"gpus, price_per_gpu_hour, {GPU_SHARES}",
    "CPM_REVENUE_PER_MWH": "added_compute_margin, storage_mwh",
    "CPM_GRID_SHARE": "grid_revenue, added_compute_margin",
    "CPM_TIME_TO_POWER_VALUE": "annual_margin, months_earlier, [discount_rate=0%], [life_years]",
    "CPM_STORAGE_FEE": "battery_mw, battery_mwh, capex_per_mwh, [discount_rate=10%], [life_years=10], [o_and_m_share=2.5%], "
    "[grid_revenue=0], [added_compute_margin]",
}
PROMISED["FLEX_PROGRAMME_RATE"] = 'programme_id, [field="capacity_rate"]'
# Words that VBA keeps for itself and that could stand where an argument's name does.
VBA_WORDS = """
and as boolean byref byte byval call case class close const currency date declare dim do double each else empty end enum eqv erase error
event exit false for friend function get global gosub goto if imp implements in input integer is let lib like long lock loop me mod new next
not nothing null object on open option optional or paramarray preserve print private property public put raiseevent redim rem resume return
seek select set single static step stop string sub then time to true type unlock until variant wend while with withevents write xor caller
"""


def promised_arguments(text):
    """(name, typed default or None where there is none, takes a vector) of each argument of a promised signature."""
    for word in text.split(", "):
        name, _, default = word.strip("[]{}").partition("=")
        yield name.strip("{}"), default.strip('"'), word.startswith("["), "{" in word


@pytest.mark.parametrize("name", PROMISED)
def test_names_order_and_defaults_are_those_promised(name):
    """Arguments stand in the promised order with the promised defaults; more may follow behind them."""
    promised = list(promised_arguments(PROMISED[name]))
    arguments = find(name).arguments[: len(promised)]
    assert promised == [
        (a.name, "" if a.default in (REQUIRED, None) else a.shown_default, a.default is not REQUIRED, a.is_whole)
        for a in arguments
    ]


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_help_fits_excel(entry):
    """No help is cut at Excel's limit of 255 characters, and none is empty."""
    texts = [inspect.getdoc(entry.formula).split("\n\n")[0], *(a.help for a in entry.arguments)]
    assert [True] * len(texts) == [0 < len(text) < HELP_LIMIT for text in texts]


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_names_are_legal_in_vba(entry):
    """Names are VBA identifiers, differ without regard to case, and are no words of the language."""
    names = [entry.name, *(a.name for a in entry.arguments)]
    lowered = {n.lower() for n in names}
    assert [] == [
        n for n in names if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,254}", n) or n.lower() in VBA_WORDS.split()
    ]
    assert len(names) == len(lowered)


@pytest.mark.parametrize("function", FUNCTIONS, ids=ENTRIES)
def test_example_gives_its_result(function):
    """The worked example of each entry comes out as it says."""
    arguments, result = function.entry.example
    actual = function(*arguments)
    if function.entry.spills:
        result = [[approx(cell, rel=1e-9) if isinstance(cell, float) else cell for cell in row] for row in result]
        assert result == actual
    else:
        assert approx(result, rel=1e-9) == actual


@pytest.mark.parametrize("function", FUNCTIONS, ids=ENTRIES)
def test_example_in_the_docstring_runs(function):
    """Each docstring holds an example and it prints what it says."""
    (test,) = doctest.DocTestFinder(recurse=False).find(function, function.__name__, globs={})
    assert doctest.TestResults(failed=0, attempted=2) == doctest.DocTestRunner().run(test)


@pytest.mark.parametrize("function", FUNCTIONS, ids=ENTRIES)
def test_docstring_names_every_argument_and_the_source(function):
    """Arguments, what is returned, what is refused and the source can be read with help()."""
    wanted = [
        *(f"    {a.name}: " for a in function.entry.arguments),
        "Returns:",
        "Raises:",
        f"Source:\n    {function.entry.source}",
    ]
    assert [] == [text for text in wanted if text not in function.__doc__]


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_usage_and_example_are_as_typed(entry):
    """Usage shows optional arguments in brackets, and the example is a formula Excel would take."""
    shown = [w.strip("[]{}").partition("=")[0] for w in entry.usage[len(entry.name) + 1 : -1].split(", ")]
    assert [a.name for a in entry.arguments] == shown
    assert re.fullmatch(
        rf'={entry.name}\((("[^"]*"|[-\d.e]+|TRUE|FALSE|{{("[^"]*"|[-\d.,;])+}}),?)+\)', entry.example_formula
    )


@pytest.mark.parametrize("name", ["flex_penalty", " FLEX_PENALTY ", "Flex_Penalty"])
def test_function_is_found_without_regard_to_case(name):
    """A name is found however it is typed."""
    assert "FLEX_PENALTY" == find(name).name


@pytest.mark.parametrize(
    ("name", "offered"), [("FLEX_PENALTIES", "FLEX_PENALTY?"), ("flex_anual_rate", "FLEX_ANNUAL_RATE")]
)
def test_unknown_function_offers_the_nearest(name, offered):
    """A misspelt name is FLEX-023 with the nearest names."""
    with pytest.raises(FlexError) as caught:
        find(name)
    assert ("FLEX-023", True) == (caught.value.code, offered in caught.value.what)


def test_unknown_function_with_nothing_near():
    """A name like no other is FLEX-023 with the place to look."""
    with pytest.raises(FlexError, match=r"FLEX-023 NAME: there is no function QQQ\. See `flexrev functions`"):
        find("QQQ")


def test_every_function_is_public():
    """Each function of the list is a name of the package, listed in its __all__."""
    names = [f.__name__ for f in FUNCTIONS]
    assert list(FUNCTIONS) == [getattr(flexrev_xl, name) for name in names]
    assert set(names) | {"FlexError", "FlexErrors"} <= set(flexrev_xl.__all__)


def test_unknown_public_name():
    """A name the package does not have is an AttributeError, as of any module."""
    with pytest.raises(AttributeError, match="no attribute 'capacity'"):
        flexrev_xl.capacity  # noqa: B018


def test_closed_form_never_collapses_a_range():
    """Closed forms hold none of the functions that make one value of a range, and no empty argument."""
    names = [a.name for e in ENTRIES.values() for a in e.arguments]
    texts = [e.closed_form({n: n for n in names}) for e in ENTRIES.values() if e.has_closed_form]
    without = {
        "CPM_BATTERY_POWER",
        "CPM_BATTERY_ENERGY",
        "CPM_LOAD_SCALE",
        "CPM_SUPPORTED_PEAK",
        "CPM_THROUGHPUT",
        "CPM_UPLIFT",
        "CPM_OPTIMISE",
        "CPM_STORAGE_FEE",
        "FLEX_REVENUE_TABLE",
        "FLEX_NOMINATED_CAPACITY",
        "FLEX_NOMINATION_TABLE",
        "FLEX_DISPATCH_PLAN",
        "FLEX_SIMULATE",
        "FLEX_TORNADO",
        "FLEX_SENSITIVITY",
        "FLEX_PROGRAMME_RATE",
    }
    assert without == {name for name, e in ENTRIES.items() if not e.has_closed_form}
    assert [] == [t for t in texts if re.search(r"\b(MIN|MAX|AND|OR)\(|,,|\(,", t)]
