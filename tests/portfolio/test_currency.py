"""One currency per portfolio: where it comes from, and what cannot stand together."""

import pytest

from tests.portfolio.given import ROW, portfolio, problems, refusals


def row(site, unit, **more):
    """An enrolment of a site whose rate is in this unit."""
    return {**ROW, "site": site, "rate_unit": unit, **more}


@pytest.mark.parametrize(
    ("units", "header", "currency"),
    [
        (["EUR/MW-year"], {}, "EUR"),
        (["$/MW-year"], {}, "USD"),
        (["$/MW-year", "CAD/MW-year"], {}, "CAD"),
        (["$/MW-year"], {"currency": "AUD"}, "AUD"),
        (["MW-year"], {"currency": " gbp "}, "GBP"),
        (["£/kW-year", "MW-year"], {}, "GBP"),
    ],
)
def test_the_currency_of_a_portfolio(units, header, currency):
    """It is named by a unit or the header; $ means USD unless the portfolio's currency is another dollar."""
    rows = [row(f"Site {n}", unit) for n, unit in enumerate(units)]
    assert currency == portfolio(*rows, **header).currency


def test_mixed_currencies_name_the_row_that_differs():
    """The second currency is refused where it first appears, once for each row that has it."""
    rows = [row("A", "USD/MW-year"), row("B", "EUR/MW-year"), row("C", "USD/MW-year"), row("D", "GBP/MW-year")]
    assert [("FLEX-013", "p.csv row 3, rate_unit"), ("FLEX-013", "p.csv row 5, rate_unit")] == refusals(*rows)


@pytest.mark.parametrize(
    ("unit", "header"),
    [("EUR/MW-year", {"currency": "USD"}), ("$/MW-year", {"currency": "EUR"}), ("CAD/MW-year", {"currency": "USD"})],
)
def test_a_unit_in_another_currency_than_the_portfolio(unit, header):
    """A unit must be in the portfolio's currency; a dollar sign is no euro."""
    assert [("FLEX-013", "p.csv row 2, rate_unit")] == refusals(row("A", unit), **header)


def test_capacity_and_energy_in_two_currencies():
    """Within one row too there is one currency."""
    mixed = row("A", "USD/MW-year", energy_rate=80.0, energy_unit="EUR/MWh", dispatch_hours=10.0)
    assert [("FLEX-013", "p.csv row 2, rate_unit")] == refusals(mixed)


def test_no_currency_at_all():
    """Where nothing says, it is asked for, once."""
    (problem,) = problems(row("A", "MW-year"), row("B", "MW-year"))
    assert ("FLEX-109", "p.csv", True) == (problem.code, problem.place, "--currency" in problem.remedy)


def test_a_currency_that_is_none():
    """A currency is an ISO code; its refusal is not followed by another for having none."""
    assert [("FLEX-109", "p.csv, currency")] == refusals(row("A", "MW-year"), currency="dollars")


def test_a_refused_row_may_have_named_the_currency():
    """Where the only row that names a currency is refused for something else, no currency is asked for."""
    assert [("FLEX-002", "p.csv row 2, nominated_mw")] == refusals(row("A", "USD/MW-year", nominated_mw="ten"))


def test_the_flag_and_the_file_must_agree(tmp_path):
    """A currency that is asked for beside another in the file is refused."""
    from flexrev_xl.errors import FlexError
    from flexrev_xl.readers.portfolio import read_portfolio

    path = tmp_path / "p.yaml"
    path.write_text(
        "currency: EUR\nsites: [{name: A, enrolments: [{programme: P, nominated_mw: 1, capacity_rate: 1, rate_unit: MW-year}]}]\n"
    )
    assert "EUR" == read_portfolio(path, currency="eur").currency
    with pytest.raises(FlexError) as refused:
        read_portfolio(path, currency="USD")
    assert [("FLEX-013", "--currency")] == [(p.code, p.place) for p in refused.value.problems]
