"""One formula, three readers: numbers, arrays, spreadsheet text."""

import math
import operator

import numpy as np
import pytest
from hypothesis import given as generate
from hypothesis import strategies as st

from flexrev_xl.core.expression import ONE, Reference, choose, given, highest, least, lowest, most, sum_product

A, B, C = Reference("A1"), Reference("B1"), Reference("C1")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (A + B + C, "A1+B1+C1"),
        (A - (B - C), "A1-(B1-C1)"),
        (A - (B + C), "A1-(B1+C1)"),
        (A - B - C, "A1-B1-C1"),
        (A + (B - C), "A1+B1-C1"),
        (A * (B + C), "A1*(B1+C1)"),
        ((A + B) * C, "(A1+B1)*C1"),
        (A * B + C, "A1*B1+C1"),
        (1 - A * B, "1-A1*B1"),
        (2.5 * A, "2.5*A1"),
        (A * 1e-7, "A1*1E-07"),
        (A + 1e16, "A1+1E+16"),
        (A / B / C, "A1/B1/C1"),
        (A / (B / C), "A1/(B1/C1)"),
        (A / (B * C), "A1/(B1*C1)"),
        (A * B / C, "A1*B1/C1"),
        (A * (B / C), "A1*B1/C1"),
        (A / (B + C), "A1/(B1+C1)"),
        ((A - B) / C, "(A1-B1)/C1"),
        (A / B + C, "A1/B1+C1"),
        (A - B / C, "A1-B1/C1"),
        (1 / (1 - A), "1/(1-A1)"),
        ((A > B) * C, "(A1>B1)*C1"),
        (A < (B < C), "A1<(B1<C1)"),
        (1 < A, "A1>1"),
        (choose(A > 0.0, B, C), "IF(A1>0,B1,C1)"),
        (least(A * B, C) * 2, "IF(A1*B1<C1,A1*B1,C1)*2"),
        (most(1.0 - A, 0.0), "IF(1-A1>0,1-A1,0)"),
        (choose(given(A), A, B), "IF(ISNUMBER(A1),A1,B1)"),
        (sum_product(A, B) * C, "SUMPRODUCT(A1,B1)*C1"),
    ],
)
def test_spreadsheet_text(expression, text):
    """The text has the brackets it needs and no others, and never MIN or MAX."""
    assert text == str(expression)


def test_a_cell_has_no_truth():
    """A comparison of cells used as a Python condition is a mistake in a formula, and says so."""
    with pytest.raises(TypeError, match="choose"):
        bool(A > B)


@pytest.mark.parametrize(("value", "is_given"), [(None, False), (float("nan"), False), (0.0, True), (3, True)])
def test_limit_is_given_or_not(value, is_given):
    """None and nan stand for a limit that was left out; 0 is a limit."""
    assert is_given == given(value)


def _combine(children):
    operators = st.sampled_from([operator.add, operator.sub, operator.mul, least, most])
    return st.tuples(operators, children, children).map(lambda t: lambda *cells: t[0](t[1](*cells), t[2](*cells)))


def _scale(children):
    operators = st.sampled_from([operator.mul, operator.truediv])
    return st.tuples(operators, children, children).map(lambda t: lambda *cells: t[0](t[1](*cells), t[2](*cells)))


LEAVES = st.sampled_from([0, 1, 2]).map(lambda i: lambda *cells: cells[i]) | st.integers(-9, 9).map(
    lambda n: lambda *cells: float(n)
)
FORMULAS = st.recursive(LEAVES, _combine, max_leaves=8)
WHOLE = st.integers(-9, 9).map(float)


@generate(FORMULAS, st.lists(st.tuples(WHOLE, WHOLE, WHOLE), min_size=1, max_size=4))
def test_three_readers_agree(formula, rows):
    """Small whole numbers are exact, so the three readings of any formula are the very same numbers."""
    numbers = [float(formula(*row)) for row in rows]
    arrays = np.broadcast_to(formula(*np.array(rows).T), len(rows)).tolist()
    text = str(formula(*map(Reference, ("a", "b", "c"))))
    evaluated = [
        float(eval(text, {"IF": lambda c, x, y: x if c else y, **dict(zip("abc", row, strict=True))})) for row in rows
    ]
    assert numbers == arrays == evaluated


POWERS_OF_TWO = st.integers(-9, 9).map(lambda n: 2.0**n)
CELLS = st.sampled_from([0, 1, 2]).map(lambda i: lambda *cells: cells[i])
RATIOS = st.recursive(CELLS | POWERS_OF_TWO.map(lambda x: lambda *cells: x), _scale, max_leaves=8)


@generate(RATIOS, POWERS_OF_TWO, POWERS_OF_TWO, POWERS_OF_TWO)
def test_products_and_quotients_keep_their_brackets(formula, a, b, c):
    """Powers of two divide exactly, so a bracket too few would show as another number."""
    assert formula(a, b, c) == eval(str(formula(*map(Reference, "abc"))), {"a": a, "b": b, "c": c})


def test_least_and_greatest_of_those_given():
    """nan is left out, of numbers and of arrays, as MIN and MAX leave out a cell of text."""
    column = np.array([3.0, math.nan])
    assert (2.0, 5.0) == (lowest(5.0, math.nan, 2.0), highest(5.0, math.nan, 2.0))
    assert [[2.0, 2.0], [3.0, 2.0]] == [lowest(column, 2.0).tolist(), highest(column, 2.0).tolist()]
    assert "MIN(A1,B1*2)" == str(lowest(Reference("A1"), Reference("B1") * 2))
    assert "MAX(1-A1,0)" == str(highest(1 - Reference("A1"), 0.0))


def test_one_of_something_leaves_no_trace():
    """A product with ONE is the other factor: number, array or formula, from either side."""
    cell, column = Reference("A1"), np.array([2.0, 3.0])
    assert ("A1", "A1") == (str(cell * ONE), str(ONE * cell))
    assert (7.0, 7.0) == (7.0 * ONE, ONE * 7.0)
    assert [[2.0, 3.0], [2.0, 3.0]] == [(column * ONE).tolist(), (ONE * column).tolist()]
