"""Numbers, shapes and words as a picture writes them, and how wide they are."""

import math
from functools import cache
from unicodedata import east_asian_width

import numpy as np

from course_utils.pictures import theme

WIDE = frozenset("mwMW@%∞")  # about as wide as the type is high
NARROW = frozenset(".,")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(number):
    """Return a number in four significant digits (three below 0.01), whole parts in full.

    715.0000000000001 is written 715, 1234567.8 is 1,234,568, 0.00816257 is 0.00816,
    5.5e-05 is 5.5e−5, and a minus sign is a real one (−).
    """
    number = float(number)
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    size = abs(number)
    if size == 0:
        return "0"
    digits = 3 if size < 0.01 else 4
    power = int(f"{size:.{digits - 1}e}".split("e")[1])  # of the rounded number: 999.96 has 3
    if power < -4 or round(size) >= 1e9:
        digits, power = f"{number:.2e}".split("e")
        text = f"{_trimmed(digits)}e{int(power)}"
    else:
        text = _trimmed(f"{number:,.{max(0, digits - 1 - power)}f}")
    return text.replace("-", "−")


def _trimmed(text):
    return text.rstrip("0").rstrip(".") if "." in text else text


def bracketed(written):
    """Return a written number so that it can follow + or ×: in brackets if it begins with −."""
    return f"({written})" if written.startswith("−") else written


def superscript(n):
    """Return a whole number as an exponent: −12 is ⁻¹².

    Raises:
        ValueError: n is not whole.
    """
    if not float(n).is_integer():
        raise ValueError(f"superscript: expected a whole number, got {n}")
    return f"{int(n)}".translate(RAISED)


def short_array(value):
    """Return a number as ``short`` does, up to three numbers as a list, more by their shape."""
    value = np.asarray(value)
    if value.ndim == 0:
        return short(value)
    if value.ndim == 1 and 0 < value.size <= 3:
        return "[" + ", ".join(short(v) for v in value) + "]"
    if value.ndim == 1:
        return f"{value.size} numbers"
    return "×".join(str(n) for n in value.shape) + " array"


def width(text, bold=False):
    """Return about how wide a text is in px, less than 4 px too little in the theme's fonts."""
    regular = math.fsum(map(_character_width, text))  # sum() rounds otherwise from Python 3.12 on
    return 1.1 * regular if bold else regular


@cache
def _character_width(character):
    if character in NARROW:
        return 0.4 * theme.TEXT_SIZE
    is_wide = character in WIDE or east_asian_width(character) in "WF"
    return theme.TEXT_SIZE if is_wide else theme.CHARACTER
