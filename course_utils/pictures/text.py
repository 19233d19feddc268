"""Numbers and shapes as a picture writes them."""

import math

import numpy as np


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
    if not 1e-4 <= size < 1e9:
        digits, power = f"{number:.2e}".split("e")
        text = f"{_trimmed(digits)}e{int(power)}"
    else:
        power = math.floor(math.log10(size))
        digits = 3 if size < 0.01 else 4
        text = _trimmed(f"{number:,.{max(0, digits - 1 - power)}f}")
    return text.replace("-", "−")


def _trimmed(text):
    return text.rstrip("0").rstrip(".") if "." in text else text


def short_array(value):
    """Return a number as ``short`` does, up to three numbers as a list, more as their shape."""
    value = np.asarray(value)
    if value.ndim == 0:
        return short(value)
    if value.ndim == 1 and 0 < value.size <= 3:
        return "[" + ", ".join(short(v) for v in value) + "]"
    return "×".join(str(n) for n in value.shape) + " array"
