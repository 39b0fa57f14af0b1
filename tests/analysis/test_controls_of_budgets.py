"""What a budget warns of: megawatts beyond a site, money out of proportion, scenarios that say more than rows can hold."""

import pytest

from flexrev_xl.analysis.budget import budget
from tests.portfolio.given import ROW, portfolio

EUROS = {"currency": "EUR", "rate": 1.08, "date": "2026-01-05", "kind": "budget", "source": "Treasury"}
DOLLARS = {"currency": "USD", "rate": 84.0, "date": "2026-01-05", "kind": "budget", "source": "Treasury"}
BATTERY = {"name": "Battery", "kind": "battery", "power_mw": 10, "energy_mwh": 40}


def warned(*rows, high=None, **options):
    """The warnings of a budget of these rows, where asked for with a second scenario of these drivers."""
    scenarios = [{"name": "Base"}] + ([{"name": "High", **high}] if high else [])
    return list(budget(portfolio(*rows, scenarios=scenarios, **options)).warnings)


def test_kw_typed_as_mw():
    """1,000 MW may be a site, 20,000 are kW."""
    expected = "p.csv row 2: 20,000 MW are nominated, more than 1,000 MW; this looks like kW typed as MW"
    assert [[], [expected]] == [warned(ROW | {"nominated_mw": mw}) for mw in (1_000, 20_000)]


def test_more_than_is_beside_the_critical_load():
    """10 MW of 12 MW, 8 of them critical, need resources that hold them."""
    row = ROW | {"load_mw": 12, "critical_mw": 8, "event_hours": 2}
    expected = "p.csv row 2: 10 MW are nominated, Ashburn has 4 MW beside its critical load, and no resources are named"
    assert [expected] == warned(row)
    assert [] == warned(row, resources={"Ashburn": [BATTERY]})


@pytest.mark.parametrize(("above", "count"), [(0, 0), (1, 1)])
def test_gross_in_a_currency_of_another_size(above, count):
    """With a dollar at 84 rupees, 250,000 dollars a MW are 21 million rupees; more is warned of."""
    row = ROW | {"rate_unit": "MW-year", "capacity_rate": 250_000 * 84 + above}
    found = warned(row, currency="INR", rates=[DOLLARS])
    assert count == sum("per nominated MW and year, above 21,000,000" in sentence for sentence in found)


def test_more_hours_than_a_year_has():
    """8,000 hours half as many again are more than the 8,760 of 2026; by a tenth less they are not."""
    row = ROW | {"dispatch_hours": 8_000}
    expected = "scenario High dispatches p.csv row 2 for more hours than the days paid have"
    assert [expected] == warned(row, high={"dispatch_hours": 1.5}, year=2026)
    assert [] == warned(row, high={"dispatch_hours": 0.9}, year=2026)


def test_hours_in_the_place_of_each_season():
    """Hours that replace those of rows go to each season of a programme, not to all of them together."""
    seasons = [ROW | {"season": season, "periods": 0.5} for season in ("summer", "winter")]
    expected = "scenario High gives each season of a programme 20 dispatch hours, not all seasons together"
    high = {"dispatch_hours": {"absolute": 20}}
    assert [[expected], []] == [warned(*rows, high=high) for rows in (seasons, seasons[:1])]


def test_one_rate_for_two_currencies():
    """A rate in the place of rows in dollars and in euros is read in both."""
    row = ROW | {"rate_unit": "MW-year", "currency": "USD"}
    rows, high = [row, row | {"site": "Cork", "currency": "EUR"}], {"capacity_rate": {"absolute": 900}}
    expected = "scenario High puts one capacity_rate in the place of every row's: it is read in USD and EUR alike"
    assert expected in warned(*rows, high=high, currency="USD", rates=[EUROS])
    assert [] == warned(row, row | {"site": "Cork"}, high=high)
