"""What a controller wants to look at twice: each warning with a row that is warned of and one that is not."""

from types import SimpleNamespace

import pytest

from flexrev_xl.analysis.controls import control_warnings
from flexrev_xl.core.resources import Resource
from flexrev_xl.core.units import parse_capacity_unit
from flexrev_xl.programmes.models import Programme

SOURCE = {"title": "A page", "address": "https://example.org"}
PLAIN = {"id": "plain", "name": "Plain", "market": "M", "zone": "Z", "confidence": "contract", "source": SOURCE}
PRICED = Programme(**PLAIN, rate_unit="USD/MW-year", prices=[{"capacity_rate": 40_000.0}])
SEASONAL = Programme(
    **PLAIN | {"id": "seasonal"},
    rate_unit="USD/MW-month",
    prices=[
        {"season": "summer", "capacity_rate": 9_000.0, "periods": 4.0},
        {"season": "winter", "capacity_rate": 1_000.0, "periods": 8.0},
    ],
)
ACCREDITED = Programme(**PLAIN | {"id": "accredited"}, energy_rate=50.0, energy_unit="USD/MWh", pays_accredited_mw=True)
LIBRARY = {e.id: e for e in (PRICED, SEASONAL, ACCREDITED)}
BATTERY = Resource("Battery", "battery", 10.0, 20.0, None, 1.0, "", 0.0, 0.0, 0.0, 0.0)
GENERATOR = Resource("Engine", "generator", 10.0, 200.0, None, 1.0, "", 0.0, 0.0, 15.0, 0.0)


def line(number=2, mw=10.0, gross=1_000.0, rate=0.0, unit="USD/MW-year", periods=1.0, **fields):
    """A line of the Base scenario, read from that row of p.csv."""
    plain = {
        "site": "Ashburn", "programme": "unknown", "season": None, "place": f"p.csv row {number}", "defaults": (),
        "load_mw": None, "critical_mw": 0.0, "event_hours": None, "notice_minutes": None, "nominated_mw": mw,
        "capacity_rate": rate, "rate_unit": parse_capacity_unit(unit), "periods": periods,
    }  # fmt: skip
    values = {"nominated_mw": mw, "qualified_mw": mw, "gross_revenue": gross, "capacity_revenue": gross}
    return SimpleNamespace(enrolment=SimpleNamespace(**plain | fields), values=values)


def warned(*lines, resources=(), currency="USD"):
    """The warnings of these lines."""
    portfolio = SimpleNamespace(currency=currency, resources={"Ashburn": resources} if resources else {})
    return control_warnings(portfolio, lines, LIBRARY)


SLIP = "this looks like kW typed as MW or a rate in another unit"


def test_nothing_to_look_at():
    """A row in proportion has no warning."""
    assert [] == warned(line(load_mw=10.0), resources=(BATTERY,))


def test_more_than_the_load():
    """12 MW of a load of 10 MW."""
    assert ["p.csv row 2: 12 MW are nominated, the load of Ashburn is 10 MW"] == warned(line(mw=12.0, load_mw=10.0))


@pytest.mark.parametrize(("gross", "count"), [(2_500_000.0, 0), (2_500_001.0, 1)])
def test_gross_out_of_proportion(gross, count):
    """250,000 per nominated MW and year is not warned of, anything above is."""
    assert count == len(warned(line(mw=10.0, gross=gross)))


def test_the_sentence_of_gross():
    """It says what a MW comes to, and what may have gone wrong."""
    expected = f"p.csv row 2: gross revenue comes to 5,000,000 per nominated MW and year, above 250,000; {SLIP}"
    assert [expected] == warned(line(mw=2.0, gross=10_000_000.0))


def test_gross_without_megawatts_or_in_another_money():
    """Nothing can be said per MW where none are nominated, or in a currency of another size."""
    assert [] == warned(line(mw=0.0, gross=100.0))
    assert [] == warned(line(mw=1.0, gross=10_000_000.0), currency="JPY")


@pytest.mark.parametrize(("rate", "unit", "count"), [
    (120_000.0, "USD/MW-year", 0),
    (120_001.0, "USD/MW-year", 1),
    (120.0, "USD/kW-year", 0),
    (121.0, "USD/kW-year", 1),
])  # fmt: skip
def test_three_times_the_price_of_the_library(rate, unit, count):
    """The library has 40,000 per MW-year: three times that is not warned of, more is."""
    assert count == len(warned(line(programme="plain", rate=rate, unit=unit)))


def test_the_sentence_of_a_rate():
    """A rate per kW-year that was meant per MW-year; its gross is not told a second time."""
    expected = (
        f"p.csv row 2: the capacity rate comes to 40,000,000 per MW, 1,000 times the 40,000 of plain; {SLIP}"
    )  # fmt: skip
    assert [expected] == warned(line(programme="plain", rate=40_000.0, unit="USD/kW-year", gross=400_000_000.0))


def test_a_season_is_held_against_its_own_price():
    """Summer comes to 36,000 and winter to 8,000: 30,000 in winter is warned of, in summer or without season not."""
    winter = {"programme": "seasonal", "rate": 30_000.0}
    assert [1, 0, 0] == [len(warned(line(season=season, **winter))) for season in ("winter", "summer", None)]


def test_a_price_in_another_currency_is_not_compared():
    """The library's dollars say nothing of a row in yen."""
    row = line(programme="plain", rate=6_000_000.0, unit="JPY/MW-year")
    assert [] == warned(row, currency="JPY")
    row.enrolment.currency = "JPY"
    assert [] == warned(row)


@pytest.mark.parametrize(
    ("programme", "defaults", "count"),
    [("accredited", ("accreditation",), 1), ("accredited", (), 0), ("plain", ("accreditation",), 0), ("x", ("accreditation",), 0)],
)  # fmt: skip
def test_assumed_accreditation(programme, defaults, count):
    """A programme that pays accredited MW, and a row that does not say what share that is."""
    expected = ["p.csv row 2: accredited pays for accredited MW and no accreditation is given; 100 % is assumed"]
    assert expected[:count] == warned(line(programme=programme, defaults=defaults))


def test_more_than_the_resources():
    """20 MWh hold 5 MW for 4 h; 10 MW are nominated."""
    expected = "p.csv row 2: 10 MW are nominated, the resources of Ashburn hold 5 MW for 4 h at 30 min notice"
    assert [expected] == warned(line(event_hours=4.0, notice_minutes=30.0), resources=(BATTERY,))


def test_what_the_resources_hold_is_enough():
    """10 MW for 2 h of 20 MWh, and sites without resources."""
    assert [] == warned(line(event_hours=2.0), resources=(BATTERY,))
    assert [] == warned(line(event_hours=4.0))


@pytest.mark.parametrize(("minutes", "count"), [(15.0, 0), (14.0, 1), (None, 0)])
def test_resources_that_start_too_late(minutes, count):
    """An engine of 15 minutes gives nothing at 14; where no notice is known it is not too slow."""
    assert count == len(warned(line(notice_minutes=minutes), resources=(GENERATOR,)))


def test_many_rows_of_one_reason():
    """Five rows are told one by one, six in one sentence, each reason by itself."""
    rows = [line(number, mw=12.0, load_mw=10.0) for number in range(2, 8)]
    assert 5 == len(warned(*rows[:5]))
    assumed = line(8, programme="accredited", defaults=("accreditation",))
    assert [
        "p.csv row 2: 12 MW are nominated, the load of Ashburn is 10 MW, and 5 more rows",
        "p.csv row 8: accredited pays for accredited MW and no accreditation is given; 100 % is assumed",
    ] == warned(*rows, assumed)
