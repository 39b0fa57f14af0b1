"""Numbers written as text: in a CSV cell, a YAML scalar, an argument at the prompt."""

import re

from flexrev_xl.errors import FlexError

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WITH_COMMA = re.compile(r"[+-]?[0-9]+(?:[.,' ][0-9]+)+")


def number_from_text(text, decimal="."):
    """A number where the text is one, else the text as it was.

    Args:
        text: such as "95%", "120147.05" or "kW-month".
        decimal: "." or ",", the decimal mark.

    Returns:
        float, a percentage as its fraction; or the stripped text.

    Raises:
        FlexError: FLEX-108 where a comma (or with a decimal comma, a point) stands in a number.

    Example:
        >>> number_from_text("95%"), number_from_text("kW-month")
        (0.95, 'kW-month')
    """
    text = text.strip()
    digits, percent = (text[:-1].rstrip(), True) if text.endswith("%") else (text, False)
    plain = digits if decimal == "." else digits.replace(".", "\0").replace(",", ".")
    if _NUMBER.fullmatch(plain):
        return float(plain) / 100.0 if percent else float(plain)
    if _WITH_COMMA.fullmatch(digits):
        what = f"{text[:40]!r} is not written as a plain number"
        if decimal == ",":
            raise FlexError(
                "FLEX-108", what, allowed="1234,5", remedy="Write a decimal comma and no thousands separator."
            )
        raise FlexError("FLEX-108", what, allowed="1234.5")
    return text
