"""Workbooks that several test files read: built once."""

import pytest

from flexrev_xl.workbook.starter import demo_portfolio
from tests.workbook import cases
from tests.workbook.making import EUROS, LATER, OTHER, SITE, built, made


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
