"""Every function gives one number, whichever face is asked: the heart of the suite.

Python's checked call is what the others are held against: the same function over arrays, both call
paths of xlwings, its closed form in a workbook under three engines, and the command line.
"""

import json

import pytest

from flexrev_xl.registry import ENTRIES, FUNCTIONS
from tests.hosts.driving import ask, in_range
from tests.parity import workbook
from tests.parity.cases import cases, largest_terms, numbers

AGREE_WITHIN = 1e-9
WORKED_OUT = {name: entry for name, entry in ENTRIES.items() if not entry.looks_up}
ALL_CASES = {name: cases(entry) for name, entry in WORKED_OUT.items()}
ROWS = {name: len(made) for name, made in ALL_CASES.items()}
CALLED = {f.entry.name: f for f in FUNCTIONS}
ELEMENTWISE = [name for name, e in ENTRIES.items() if e.is_elementwise]
every_function = pytest.mark.parametrize("name", WORKED_OUT)
every_closed_form = pytest.mark.parametrize("name", workbook.CLOSED)


def disagreements(name, results):
    """(case, Python's number, the other's number) wherever they differ by more than rounding."""
    assert ROWS[name] == len(results) > 50
    for case, result in zip(ALL_CASES[name], results, strict=True):
        for expected, actual, largest in zip(
            numbers(CALLED[name](**case)), result, largest_terms(ENTRIES[name], case), strict=True
        ):
            if type(actual) not in (float, int) or not abs(expected - actual) <= AGREE_WITHIN * max(
                abs(expected), abs(actual), largest
            ):
                yield case, expected, actual


def groups(name):
    """The cases by their text arguments, which take no range."""
    texts = [a.name for a in ENTRIES[name].arguments if a.is_text]
    found = {}
    for i, case in enumerate(ALL_CASES[name]):
        found.setdefault(tuple((t, case[t]) for t in texts), []).append(i)
    return found


def columns(name, indices):
    """The other arguments of some cases, each as a column."""
    return {a.name: [ALL_CASES[name][i][a.name] for i in indices] for a in ENTRIES[name].arguments if not a.is_text}


def scattered(name, results):
    """What was worked out group by group, in the order of the cases."""
    ordered = [None] * ROWS[name]
    for indices, values in zip(groups(name).values(), results, strict=True):
        for i, value in zip(indices, values, strict=True):
            ordered[i] = [value]
    return ordered


def in_cells(name, values):
    """A request to call a function with its arguments in cells: a column for what is a list."""
    cells = [values[a.name] for a in ENTRIES[name].arguments]
    rows = [c if isinstance(c, list) else [c] for c in cells]
    return {"name": name, "arguments": [in_range([x if isinstance(x, list) else [x] for x in r]) for r in rows]}


@pytest.fixture(scope="module", params=["server_driver", "classic_driver"])
def xlwings(request):
    """Each function's results from one of xlwings' call paths: case by case, then (elementwise ones) as ranges."""
    single = [in_cells(name, case) for name, made in ALL_CASES.items() for case in made]
    ranges = [
        in_cells(name, {**dict(texts), **columns(name, group)})
        for name in ELEMENTWISE
        for texts, group in groups(name).items()
    ]
    answers = iter([a["cells"] for a in ask(request.param, single + ranges)])
    cells = {name: [next(answers) for _ in made] for name, made in ALL_CASES.items()}
    by_case = {name: [numbers(c) if ENTRIES[name].spills else c[0] for c in made] for name, made in cells.items()}
    by_range = {
        name: scattered(name, [[row[0] for row in next(answers)] for _ in groups(name)]) for name in ELEMENTWISE
    }
    return by_case, by_range


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The workbook of closed forms."""
    path = tmp_path_factory.mktemp("parity") / "closed_forms.xlsx"
    workbook.write(path, ALL_CASES)
    return path


@pytest.fixture(scope="module")
def formualizer_results(book):
    """One evaluation of the whole workbook."""
    return workbook.by_formualizer(book, ROWS)


@pytest.fixture(scope="module")
def ironcalc_results(book):
    """One evaluation of the whole workbook."""
    return workbook.by_ironcalc(book, ROWS)


@pytest.fixture(scope="module")
def libreoffice_results(book, recalculated):
    """One recalculation of the whole workbook."""
    return workbook.by_libreoffice(recalculated(book), ROWS)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_arrays(name):
    """Python over arrays gives what it gives number by number."""
    results = [CALLED[name](**dict(texts), **columns(name, group)).tolist() for texts, group in groups(name).items()]
    assert [] == list(disagreements(name, scattered(name, results)))


@every_function
def test_xlwings(name, xlwings):
    """A cell of either xlwings path shows Python's number."""
    assert [] == list(disagreements(name, xlwings[0][name]))


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_xlwings_over_ranges(name, xlwings):
    """Each row of a range on either xlwings path shows Python's number."""
    assert [] == list(disagreements(name, xlwings[1][name]))


@every_closed_form
def test_closed_form_by_formualizer(name, formualizer_results):
    """The plain formula gives Python's number under formualizer."""
    assert [] == list(disagreements(name, formualizer_results[name]))


@every_closed_form
def test_closed_form_by_ironcalc(name, ironcalc_results):
    """The plain formula gives Python's number under ironcalc."""
    assert [] == list(disagreements(name, ironcalc_results[name]))


@pytest.mark.libreoffice
@every_closed_form
def test_closed_form_by_libreoffice(name, libreoffice_results):
    """The plain formula gives Python's number in LibreOffice."""
    assert [] == list(disagreements(name, libreoffice_results[name]))


def typed(value):
    """A value as typed at the prompt: a vector or a table as an array constant, nothing for a limit not given."""
    if isinstance(value, list):
        return "{" + ";".join(",".join(map(str, x)) if isinstance(x, list) else repr(x) for x in value) + "}"
    return "" if value is None else str(value)


@every_function
def test_command_line(name):
    """`flexrev call` prints Python's number."""
    from click.testing import CliRunner

    from flexrev_xl.cli import main

    results = []
    for case in ALL_CASES[name]:
        done = CliRunner().invoke(
            main, ["call", name, *(typed(case[a.name]) for a in ENTRIES[name].arguments), "--json"]
        )
        assert (0, name) == (done.exit_code, name), done.output
        results.append(numbers(json.loads(done.output)))
    assert [] == list(disagreements(name, results))
