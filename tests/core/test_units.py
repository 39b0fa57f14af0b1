"""Units of rates: spellings, worth, refusals, currencies."""

import pytest

from flexrev_xl.core.units import agree_on_currency, parse_capacity_unit, parse_energy_unit
from flexrev_xl.errors import FlexError


def refusal(function, *args):
    with pytest.raises(FlexError) as caught:
        function(*args)
    return caught.value


@pytest.mark.parametrize(
    ("text", "name", "factor", "currency"),
    [
        ("MW-year", "MW-year", 1, ""),
        ("kW-year", "kW-year", 1000, ""),
        ("MW-month", "MW-month", 1, ""),
        ("kW-month", "kW-month", 1000, ""),
        ("MW-day", "MW-day", 1, ""),
        ("kW-day", "kW-day", 1000, ""),
        ("MW-hour", "MW-hour", 1, ""),
        ("kW-hour", "kW-hour", 1000, ""),
        ("MW-season", "MW-season", 1, ""),
        ("kW-season", "kW-season", 1000, ""),
        ("$/MW-yr", "MW-year", 1, "$"),
        ("USD/MW-year", "MW-year", 1, "USD"),
        ("usd/mw-YEAR", "MW-year", 1, "USD"),
        ("GBP/kW/year", "kW-year", 1000, "GBP"),
        ("£/kW/yr", "kW-year", 1000, "GBP"),
        ("EUR per MW per annum", "MW-year", 1, "EUR"),
        ("per kW-month", "kW-month", 1000, ""),
        ("$/MW/day", "MW-day", 1, "$"),
        (" A$/MW-d ", "MW-day", 1, "AUD"),
        ("€ / MW / h", "MW-hour", 1, "EUR"),
    ],
)
def test_capacity_unit_is_read(text, name, factor, currency):
    """Each spelling gives its canonical name, its factor to MW, and the currency it names."""
    unit = parse_capacity_unit(text)
    assert (name, factor, currency) == (unit.name, unit.factor, unit.currency)


@pytest.mark.parametrize(
    ("text", "name", "factor", "currency"),
    [
        ("MWh", "MWh", 1, ""),
        ("$/MWh", "MWh", 1, "$"),
        ("eur/mwh", "MWh", 1, "EUR"),
        ("kWh", "kWh", 1000, ""),
        ("USD/kWh", "kWh", 1000, "USD"),
        ("per kWh", "kWh", 1000, ""),
        ("cents/kWh", "cents/kWh", 10, ""),
        ("c/kWh", "cents/kWh", 10, ""),
        ("pence/kWh", "pence/kWh", 10, "GBP"),
        ("p/kWh", "pence/kWh", 10, "GBP"),
    ],
)
def test_energy_unit_is_read(text, name, factor, currency):
    """Each spelling gives its canonical name, its factor to MWh, and the currency it names."""
    unit = parse_energy_unit(text)
    assert (name, factor, currency) == (unit.name, unit.factor, unit.currency)


@pytest.mark.parametrize(
    ("period", "most", "default"),
    [("year", 1, 1), ("month", 12, 12), ("day", 366, None), ("hour", 8784, None), ("season", 4, 1)],
)
def test_period_of_a_capacity_unit(period, most, default):
    """A period knows how many a leap year has, and what is paid when nothing is said."""
    found = parse_capacity_unit(f"kW-{period}").period
    assert (period, most, default) == (found.name, found.most, found.default)


@pytest.mark.parametrize(
    "text", ["", "week", "MW-week", "MW-quarter", "GW-year", "95", "MW-year-month", "USDMW-year", "kVA-month"]
)
def test_unknown_capacity_unit_is_refused(text):
    """A unit that is not known is FLEX-010, and the known ones are listed."""
    e = refusal(parse_capacity_unit, text)
    assert ("FLEX-010", True) == (e.code, "MW-year, kW-year, MW-month" in str(e))


@pytest.mark.parametrize("text", ["", "GWh", "J", "cents/MWh", "therm", "MWh/year"])
def test_unknown_energy_unit_is_refused(text):
    """A unit that is not known is FLEX-010, and the known ones are listed."""
    e = refusal(parse_energy_unit, text)
    assert ("FLEX-010", True) == (e.code, "MWh, kWh, cents/kWh, pence/kWh" in str(e))


@pytest.mark.parametrize("text", ["$/kW", "kW", "MW", "USD/MW", "per kW"])
def test_capacity_unit_without_its_period_is_refused(text):
    """A bare $/kW can be meant per month or per year, so it is FLEX-011."""
    assert "FLEX-011" == refusal(parse_capacity_unit, text).code


@pytest.mark.parametrize(
    ("parse", "text", "pointed_to"),
    [
        (parse_capacity_unit, "USD/MWh", "MW-hour"),
        (parse_capacity_unit, "cents/kWh", "MW-hour"),
        (parse_energy_unit, "MW-hour", "MWh"),
        (parse_energy_unit, "$/kW-month", "kWh"),
        (parse_energy_unit, "kW", "kWh"),
    ],
)
def test_capacity_and_energy_units_are_not_taken_for_each_other(parse, text, pointed_to):
    """Each kind of unit in the other's place is FLEX-012 and names the unit that was probably meant."""
    e = refusal(parse, text)
    assert ("FLEX-012", True) == (e.code, pointed_to in e.what)


@pytest.mark.parametrize(
    ("marks", "portfolio", "code"),
    [
        ([], "", ""),
        (["", "GBP"], "", "GBP"),
        (["$"], "", "USD"),
        (["$", "CAD"], "", "CAD"),
        (["$"], "AUD", "AUD"),
        (["USD", "$"], "", "USD"),
    ],
)
def test_currency_that_all_marks_can_mean(marks, portfolio, code):
    """A dollar sign is USD unless something names another dollar."""
    assert code == agree_on_currency(marks, portfolio)


@pytest.mark.parametrize(
    ("marks", "portfolio"), [(["USD", "EUR"], ""), (["$", "GBP"], ""), (["$"], "EUR"), (["CAD"], "USD")]
)
def test_two_currencies_are_refused(marks, portfolio):
    """Marks that cannot be one currency are FLEX-013."""
    assert "FLEX-013" == refusal(agree_on_currency, marks, portfolio).code
