"""Formulas that serve three readers: numbers, numpy arrays, and the text of a spreadsheet formula.

A formula is written once, with operators (+ - * / **) and `least`, `most`, `choose`, `given`, `sum_product`.
Called with floats it needs no numpy; called with arrays it works element by element; called with
`Reference("D7")` for each argument it returns the formula that a cell would hold. The spreadsheet
text is therefore never written by hand, and never MIN or MAX, which collapse a range to one value; `lowest`
and `highest` alone write them, for formulas of a workbook's own that read single cells.
"""


class _One:
    """One of something: what it multiplies stays as it is, without a trace in a formula's text."""

    __array_ufunc__ = None  # so that an array leaves the product to this class

    def __mul__(self, other):
        return other

    __rmul__ = __mul__


ONE = _One()


class Reference:
    """A piece of spreadsheet formula, with the binding strength of its outermost operator.

    Example:
        >>> str(Reference("A1") * (Reference("B1") + 1))
        'A1*(B1+1)'
    """

    __slots__ = ("strength", "text")
    COMPARE, ADD, MULTIPLY, POWER, ATOM = 1, 2, 3, 4, 5

    def __init__(self, text, strength=ATOM):
        self.text, self.strength = text, strength

    def __str__(self):
        return self.text

    def __bool__(self):
        raise TypeError("a cell has no truth of its own; use choose()")

    def __add__(self, other):
        return _join(self, "+", other, Reference.ADD)

    def __radd__(self, other):
        return _join(other, "+", self, Reference.ADD)

    def __sub__(self, other):
        return _join(self, "-", other, Reference.ADD)

    def __rsub__(self, other):
        return _join(other, "-", self, Reference.ADD)

    def __mul__(self, other):
        return self if other is ONE else _join(self, "*", other, Reference.MULTIPLY)

    def __rmul__(self, other):
        return _join(other, "*", self, Reference.MULTIPLY)

    def __truediv__(self, other):
        return _join(self, "/", other, Reference.MULTIPLY)

    def __rtruediv__(self, other):
        return _join(other, "/", self, Reference.MULTIPLY)

    def __pow__(self, other):
        return _join(self, "^", other, Reference.POWER)

    def __lt__(self, other):
        return _join(self, "<", other, Reference.COMPARE)

    def __gt__(self, other):
        return _join(self, ">", other, Reference.COMPARE)


def _reference(value):
    if isinstance(value, Reference):
        return value
    number = float(value)
    return Reference(str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number).upper())


def _join(left, operator, right, strength):
    left, right = _reference(left), _reference(right)
    a = left.text if left.strength >= strength else f"({left.text})"
    needs_brackets = right.strength < strength or (right.strength == strength and operator in "-/<>^")
    b = f"({right.text})" if needs_brackets else right.text
    return Reference(f"{a}{operator}{b}", strength)


def choose(condition, when_true, when_false):
    """`when_true` where the condition holds, else `when_false`; IF in a spreadsheet."""
    if isinstance(condition, bool):
        return when_true if condition else when_false
    if isinstance(condition, Reference):
        return Reference(f"IF({condition},{_reference(when_true)},{_reference(when_false)})")
    import numpy as np

    return np.where(condition, when_true, when_false)


def least(a, b):
    """The smaller of two, element by element."""
    return choose(a < b, a, b)


def most(a, b):
    """The larger of two, element by element."""
    return choose(a > b, a, b)


def lowest(*values):
    """The least of several, those not given (nan; text in a cell) left out; MIN of single cells in a spreadsheet."""
    return _extreme("MIN", "fmin", values)


def highest(*values):
    """The greatest of several, those not given left out; MAX of single cells in a spreadsheet."""
    return _extreme("MAX", "fmax", values)


def _extreme(name, of_two, values):
    if any(isinstance(value, Reference) for value in values):
        return Reference(f"{name}({','.join(str(_reference(value)) for value in values)})")
    import functools

    import numpy as np

    return functools.reduce(getattr(np, of_two), values)


def given(value):
    """Whether an optional limit was given: None, nan or text means it was not."""
    if value is None:
        return False
    if isinstance(value, Reference):
        return Reference(f"ISNUMBER({value})")
    if isinstance(value, float | int):
        return value == value
    import numpy as np

    return ~np.isnan(value)


def sum_product(a, b):
    """The sum of the products of two vectors of one length."""
    if isinstance(a, Reference):
        return Reference(f"SUMPRODUCT({a},{b})")
    return sum(x * y for x, y in zip(a, b, strict=True))
