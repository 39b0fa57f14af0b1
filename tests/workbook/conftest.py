"""Workbooks that several test files read: built once."""

import pytest

from flexrev_xl.workbook.starter import demo_portfolio
from tests.workbook.making import OTHER, SITE, built, made


@pytest.fixture(scope="session")
def small_portfolio():
    """Two sites under two scenarios."""
    return made([SITE, OTHER])


@pytest.fixture(scope="session")
def small_book(small_portfolio):
    """The bytes of the small portfolio's workbook."""
    return built(small_portfolio)


@pytest.fixture(scope="session")
def demo_book():
    """The bytes of the demo's workbook."""
    return built(demo_portfolio())
