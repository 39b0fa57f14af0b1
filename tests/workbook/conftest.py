"""Workbooks that several test files read: built once."""

import pytest

from flexrev_xl.workbook.starter import demo_portfolio
from tests.workbook import cases
from tests.workbook.making import ASSUMED, EUROS, LATER, OTHER, SCENARIOS, SITE, built, made


@pytest.fixture(scope="session")
def small_portfolio():
    """Two sites under two scenarios."""
    return made([SITE, OTHER])


@pytest.fixture(scope="session")
def small_book(small_portfolio):
    """The bytes of the small portfolio's workbook."""
    return built(small_portfolio)


@pytest.fixture(scope="session")
def years_book():
    """The bytes of a workbook over two budget years, with a row in another currency."""
    return built(made([SITE, OTHER, LATER], years=2, exchange_rates=[EUROS]))


@pytest.fixture(scope="session")
def demo_book():
    """The bytes of the demo's workbook."""
    return built(demo_portfolio())


@pytest.fixture(scope="session")
def case_result(tmp_path_factory):
    """The small case of six hours, worked out."""
    return cases.worked_out(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="session")
def case_book(case_result):
    """The bytes of that case's workbook."""
    return cases.built_result(case_result)


@pytest.fixture(scope="session")
def risk_portfolio():
    """Three rows over two budget years, those of one site and programme apart, with assumptions of every kind."""
    rows = [
        {**SITE, "season": "Summer"},
        OTHER,
        {**SITE, "season": "Winter", "start": "2027-06-01", "end": "2027-12-31"},
    ]
    return made(rows, SCENARIOS[::-1], years=2, simulation=ASSUMED)


@pytest.fixture(scope="session")
def risk_book(risk_portfolio):
    """The bytes of its workbook with 300 simulated years, at a confidence of its own."""
    return built(risk_portfolio, draws=300, seed=2**63 + 11, confidence=0.975)
