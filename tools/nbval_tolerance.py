"""Teach nbval that other versions of the packages under us write other last digits.

    python -m pytest --nbval -p tools.nbval_tolerance notebooks

NumPy adds in another order, and a number differs far behind the point; matplotlib draws the same
curve with other strokes. With this plugin two texts are alike when their words are and their whole
numbers, when decimal numbers are close, and what a drawing places stands within a tenth of a pixel.
Of a figure by matplotlib only the alternative text is compared, which names the key numbers.
"""

import re
from math import isclose

from nbval.plugin import IPyNbCell

DECIMAL = re.compile(r"(\d+\.\d+(?:e[+-]\d+)?|\d+e[+-]\d+)"), {"rel_tol": 1e-6, "abs_tol": 1e-12}
PIXELS = re.compile(r"(-?\d+(?:\.\d+)?)"), {"abs_tol": 0.11}  # of two neighbours, either is stored
PLACED = re.compile(r' ((?:d|points|[cr]?[xy][12]?|r|width|height|transform)="[^"]*")')
FIGURE = re.compile(r'<svg [^>]*(aria-label="[^"]*")[^>]*>\s*<metadata>.*</svg>', re.DOTALL)


class Text(str):
    """A text that equals every text like it."""

    __hash__ = str.__hash__

    def __eq__(self, other):
        return alike(self, other)

    def __ne__(self, other):
        return not alike(self, other)


def alike(stored, fresh):
    """Return whether two texts differ in the last digits of decimal numbers only."""
    stored, fresh = (PLACED.split(FIGURE.sub(r"\1", str(text))) for text in (stored, fresh))
    return len(stored) == len(fresh) and all(
        agree(a, b, *(PIXELS if i % 2 else DECIMAL))
        for i, (a, b) in enumerate(zip(stored, fresh, strict=True))
    )


def agree(stored, fresh, numbers, tolerance):
    """Return whether what stands between the numbers is equal, and the numbers are close."""
    stored, fresh = numbers.split(stored), numbers.split(fresh)
    return stored[::2] == fresh[::2] and all(
        isclose(float(a), float(b), **tolerance)
        for a, b in zip(stored[1::2], fresh[1::2], strict=True)
    )


def tolerant(cell, text):
    """Return what nbval is to compare: a text as a `Text`, all else as it is."""
    return Text(text) if isinstance(text, str) else text


def pytest_configure():
    """Make nbval tolerant: only where it is started with this plugin."""
    IPyNbCell.sanitize = tolerant
