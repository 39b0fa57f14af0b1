"""The months of a budget make its years, line by line, and the Budget tab shows the scenario that is chosen."""

import json
import math

import pytest

from flexrev_xl.analysis.budget import budget
from flexrev_xl.analysis.monthly import months_of
from flexrev_xl.core.budget_line import STEP_OF
from flexrev_xl.core.monthly import CLOSING, MEASURES
from flexrev_xl.readers.portfolio import read_portfolio
from tests.workbook import generated
from tests.workbook.book import Book
from tests.workbook.making import SITE, built, changed, made

WITHIN = 1e-9


@pytest.fixture(scope="module", params=list(generated.FIRST_MONTHS))
def result(request, tmp_path_factory):
    """The budget of a generated portfolio."""
    path = tmp_path_factory.mktemp("portfolio") / "portfolio.yaml"
    path.write_text(json.dumps(generated.portfolio(request.param)), "utf-8")
    return budget(read_portfolio(path))


def lines_of(result):
    """Every line under every scenario."""
    return [line for scenario in result.scenarios for line in scenario.lines]


def test_months_make_the_year(result):
    """The months of every line add up to its annual figure, for each measure that is one."""
    keys = [measure.key for measure in MEASURES if measure.key in STEP_OF]
    for line in lines_of(result):
        months = months_of([line], result.portfolio)
        within = WITHIN * max(abs(line.values[key]) for key in keys)
        apart = {key: math.fsum(months[key]) - line.values[key] for key in keys}
        assert {} == {key: difference for key, difference in apart.items() if abs(difference) > within}


def test_weights_of_a_line(result):
    """The weights of a line add up to 1, or are all 0."""
    for line in lines_of(result):
        for weights in (line.phasing.capacity_weights, line.phasing.event_weights):
            assert not any(weights) or abs(math.fsum(weights) - 1.0) <= WITHIN


def test_what_is_not_paid_is_owed(result):
    """What every line earns is received within the budget or still owed at its end; without a lag none is owed."""
    for line in lines_of(result):
        months = months_of([line], result.portfolio)
        within = WITHIN * max(abs(line.values[key]) for key in ("customer_gross", "penalties_borne", "customer_net"))
        owed = math.fsum(months["customer_net"]) - math.fsum(months["cash_received"])
        assert abs(owed - months[CLOSING][-1]) <= within
        assert line.enrolment.payment_lag_months or abs(owed) <= within


def _block(book, scenario):
    """The figures of one block of the Budget tab: those of the scenario shown, or of one by its name."""
    rows = book.stored["Budget"].iter_rows(min_row=15, values_only=True)
    own = [row for row in rows if str(row[0]).startswith(f"{scenario}: ")]
    return [(row[3], *row[7:]) for row in own]


@pytest.mark.parametrize("name", ["TRUE", ">5", "2027", "=1+1"])
def test_scenario_of_any_name_is_shown(name):
    """A name that a criterion would read as something else is compared as the text that it is."""
    book = Book(built(made([SITE], [{"name": name}, {"name": "Other", "dispatch_hours": 0.5}])))
    assert _block(book, name) == _block(book, "Scenario shown") != _block(book, "Other")


def test_scenario_shown(years_book):
    """The rows at the top are those of the scenario that a reader picks; another than the first is said."""
    book = Book(changed(years_book, lambda workbook: workbook["Scenarios"].__setitem__("D4", "Low")))
    assert _block(Book(years_book), "Base") == _block(Book(years_book), "Scenario shown")
    assert _block(book, "Low") == _block(book, "Scenario shown") != _block(book, "Base")
    said = [b.stored["Budget"]["A4"].value for b in (Book(years_book), book)]
    assert ["Scenario shown: Base", "Scenario shown: Low. LOOK: not Base; see Scenarios"] == said
