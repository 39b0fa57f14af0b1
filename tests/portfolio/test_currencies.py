"""Rows in currencies of their own, and the table of rates that brings them to the portfolio's."""

import pytest

from flexrev_xl.analysis.budget import budget
from tests.portfolio.given import ROW, portfolio, problems, refusals

EUR, GBP = {"currency": "EUR", "rate": 1.1}, {"currency": "GBP", "rate": 1.3}


def row(site, unit="MW-year", currency=None, **more):
    """An enrolment of a site, 10 MW at 1,000, in this unit and currency."""
    return {**ROW, "site": site, "rate_unit": unit, "currency": currency, **more}


def gross(*rows, **options):
    """Gross revenue of the Base scenario, to the cent."""
    return round(budget(portfolio(*rows, **options)).scenario("Base").totals["gross_revenue"], 2)


@pytest.mark.parametrize(
    ("given", "currency", "money"),
    [
        (row("A"), "USD", 10_000),
        (row("A", currency="EUR"), "EUR", 11_000),
        (row("A", currency=" eur "), "EUR", 11_000),
        (row("A", "EUR/MW-year"), "EUR", 11_000),
        (row("A", "EUR/MW-year", "EUR"), "EUR", 11_000),
        (row("A", "£/kW-year"), "GBP", 13_000_000),
        (row("A", "$/MW-year"), "USD", 10_000),
    ],
)
def test_the_currency_of_a_row(given, currency, money):
    """Its column says it, else its units, else the portfolio; its money is worth the rate."""
    made = portfolio(given, currency="USD", rates=[EUR, GBP])
    assert (currency, money) == (made.enrolments[0].currency, gross(given, currency="USD", rates=[EUR, GBP]))


def test_rows_of_several_currencies_add_up_in_one():
    """10,000 USD, 10,000 EUR at 1.1 and 10,000 GBP at 1.3 are 34,000 USD."""
    rows = row("A"), row("B", currency="EUR"), row("C", "GBP/MW-year")
    assert 34_000 == gross(*rows, currency="USD", rates=[EUR, GBP])


@pytest.mark.parametrize(
    ("portfolio_currency", "currency", "money"), [("USD", "USD", 10_000), ("AUD", "AUD", 10_000), ("EUR", "USD", 9_000)]
)
def test_a_dollar_sign(portfolio_currency, currency, money):
    """$ is the portfolio's own dollar, and the dollar of the United States where the portfolio has none."""
    given, rates = row("A", "$/MW-year"), [{"currency": "USD", "rate": 0.9}]
    made = portfolio(given, currency=portfolio_currency, rates=rates)
    assert currency == made.enrolments[0].currency
    assert money == gross(given, currency=portfolio_currency, rates=rates)


def test_one_currency_in_every_row_is_that_of_the_portfolio():
    """Where every row names the same currency, nothing needs to be converted."""
    made = portfolio(row("A", currency="EUR"), row("B", currency="eur"))
    assert ("EUR", ["EUR", "EUR"]) == (made.currency, [e.currency for e in made.enrolments])


@pytest.mark.parametrize(
    ("rows", "options", "code", "place", "words"),
    [
        ([row("A", currency="EUR")], {"currency": "USD"}, "FLEX-126", "p.csv row 2, currency", "EUR, the portfolio in USD"),
        ([row("A", currency="EUR")], {"currency": "USD", "rates": [GBP]}, "FLEX-126", "p.csv row 2, currency", "in EUR"),
        ([row("A", "EUR/MW-year")], {"currency": "USD", "rates": [GBP]}, "FLEX-126", "p.csv row 2, currency", "in EUR"),
        ([row("A", "USD/MW-year", "EUR")], {"currency": "USD", "rates": [EUR]}, "FLEX-013", "p.csv row 2, currency", "EUR and USD"),
        ([row("A", "$/MW-year", "EUR")], {"currency": "USD", "rates": [EUR]}, "FLEX-013", "p.csv row 2, currency", "EUR and $"),
        ([row("A", currency="EUR"), row("B")], {}, "FLEX-109", "p.csv", "which currency the budget is in"),
        ([row("A", currency="EUR")], {"rates": [EUR]}, "FLEX-109", "p.csv", "which currency the budget is in"),
        ([row("A", currency="euros")], {"currency": "USD"}, "FLEX-109", "p.csv row 2, currency", "'euros'"),
        ([row("A", currency="EUR")], {"currency": "dollars"}, "FLEX-109", "p.csv, currency", "'dollars'"),
    ],
)  # fmt: skip
def test_a_row_whose_money_cannot_be_converted(rows, options, code, place, words):
    """A rate that the table lacks, two currencies in one row, or no currency of the budget: told once, with its remedy."""
    (problem,) = problems(*rows, **options)
    assert (code, place, True) == (problem.code, problem.place, words in problem.what)
    assert problem.remedy


def test_the_currencies_at_hand_are_named():
    """A row without a rate is answered with the currencies that have one."""
    (problem,) = problems(row("A", currency="JPY"), currency="USD", rates=[EUR, GBP])
    assert "USD, EUR, GBP" == problem.allowed


@pytest.mark.parametrize(
    ("rate", "code", "place"),
    [
        ({"currency": "EURO", "rate": 1.1}, "FLEX-109", "currency"),
        ({"rate": 1.1}, "FLEX-105", "currency"),
        ({"currency": "EUR"}, "FLEX-105", "rate"),
        ({"currency": "EUR", "rate": 0.0}, "FLEX-003", "rate"),
        ({"currency": "EUR", "rate": -1.1}, "FLEX-003", "rate"),
        ({"currency": "EUR", "rate": "x"}, "FLEX-002", "rate"),
        ({"currency": "EUR", "rate": float("nan")}, "FLEX-006", "rate"),
        ({**EUR, "date": "2026-06-31"}, "FLEX-113", "date"),
        ({**EUR, "date": "9999-12-31"}, "FLEX-113", "date"),
        ({**EUR, "kind": "spot"}, "FLEX-016", "kind"),
        ({**EUR, "source": "a\nb"}, "FLEX-107", "source"),
    ],
)
def test_a_rate_that_cannot_stand(rate, code, place):
    """Each is refused with its entry and key, and no row is told besides."""
    (problem,) = problems(row("A", currency="EUR"), currency="USD", rates=[rate])
    assert (code, f"p.csv rate 1, {place}") == (problem.code, problem.place)
    assert problem.remedy


def test_an_entry_that_is_none_and_a_key_that_is_none():
    """A scalar among the rates, a misspelt key with the nearest, and a currency that stands twice."""
    scalar, misspelt, twice = problems(
        ROW, currency="USD", rates=[1.1, {**EUR, "rat": 1.2}, GBP, {"currency": "gbp", "rate": 1.4}]
    )
    assert ("FLEX-126", "p.csv rate 1", "currency, rate, date, kind, source") == (
        scalar.code,
        scalar.place,
        scalar.allowed,
    )
    assert ("FLEX-104", "p.csv rate 2", True) == (misspelt.code, misspelt.place, "mean rate" in misspelt.what)
    assert ("FLEX-126", "p.csv rate 4, currency", True) == (twice.code, twice.place, "p.csv rate 3" in twice.what)


@pytest.mark.parametrize(("kind", "warned"), [("closing", 1), ("budget", 0), ("average", 0)])
def test_a_closing_rate_is_pointed_out(kind, warned):
    """Revenue at a closing rate is converted and warned of; budget and average rates are what it should be."""
    made = portfolio(row("A", currency="EUR"), currency="USD", rates=[{**EUR, "kind": kind}])
    assert warned == len([w for w in made.warnings if "closing rate" in w])


def test_a_closing_rate_that_no_row_uses():
    """It is no matter."""
    assert () == portfolio(row("A"), currency="USD", rates=[{**EUR, "kind": "closing"}]).warnings


def test_a_rate_of_the_portfolios_own_currency_is_not_used():
    """One dollar is one dollar, whatever the table says; the table is pointed at."""
    own = {"currency": "USD", "rate": 2.0}
    made = portfolio(row("A"), currency="USD", rates=[own])
    assert (10_000, 1) == (gross(row("A"), currency="USD", rates=[own]), len(made.warnings))


def test_mixed_units_need_a_table():
    """Without a table and without a column, two currencies are refused as ever."""
    assert [("FLEX-013", "p.csv row 3, rate_unit")] == refusals(row("A", "USD/MW-year"), row("B", "EUR/MW-year"))
