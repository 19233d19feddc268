"""Arithmetic nodes, element by element: +, ×, ×(−1), 1/x, xⁿ, exp and log.

In every docstring L is the last value of the graph, ``upstream`` is ∂L/∂z, and all arrays have
one shape. Lesson 03 derives Add and Mul; lesson 05 uses the others to build a sigmoid.
"""

import numpy as np

from course_utils.nodes.node import Node


class Add(Node):
    """z = x + y, so ∂L/∂x = upstream and ∂L/∂y = upstream (lesson 03).

    More inputs are added in the same way: each of them gets the upstream gradient.
    Shapes: all inputs and z alike. Raises ValueError if the inputs differ in shape, TypeError
    if there are fewer than two.
    """

    symbol = "+"
    same_shape = True

    def forward(self, x, y, *more):
        """Return x + y, and what follows."""
        self.count = 2 + len(more)
        return sum(more, x + y) if more else x + y

    def backward(self, upstream):
        """Return (∂L/∂x, ∂L/∂y, ...)."""
        return tuple([upstream.copy() for _ in range(self.count)])


class Mul(Node):
    """z = x · y, so ∂L/∂x = upstream · y and ∂L/∂y = upstream · x (lesson 03).

    Shapes: x, y and z alike. Raises ValueError if x and y differ in shape.
    """

    symbol = "×"
    same_shape = True

    def forward(self, x, y):
        """Return x · y."""
        self.x, self.y = x, y
        return x * y

    def backward(self, upstream):
        """Return (∂L/∂x, ∂L/∂y)."""
        return upstream * self.y, upstream * self.x


class Negate(Node):
    """z = −x, so ∂L/∂x = −upstream (lesson 05)."""

    symbol = "×(−1)"

    def forward(self, x):
        """Return −x."""
        return -x

    def backward(self, upstream):
        """Return ∂L/∂x."""
        return -upstream


class Reciprocal(Node):
    """z = 1/x, so ∂L/∂x = −upstream · z² (lesson 05).

    Raises ValueError if an entry of x is 0.
    """

    symbol = "1/x"

    def check(self, x):
        """Raise ValueError if an entry of x is 0."""
        if np.any(x == 0):
            raise ValueError("Reciprocal.forward: 1/x is not defined at x = 0, and an entry is 0")

    def forward(self, x):
        """Return 1/x."""
        self.z = 1 / x
        return self.z.copy()

    def backward(self, upstream):
        """Return ∂L/∂x."""
        return -upstream * self.z**2


class Power(Node):
    """z = xⁿ for a fixed number n, so ∂L/∂x = upstream · n · xⁿ⁻¹ (lesson 02 for n = 2).

    Raises ValueError where xⁿ or its slope is not a real number: x < 0 with a fractional n,
    x = 0 with n < 1 (n = 0 is fine: z = 1 everywhere).
    """

    def __init__(self, exponent):
        numbers = (int, float, np.integer, np.floating)
        if isinstance(exponent, bool) or not isinstance(exponent, numbers):
            raise TypeError(f"Power: the exponent must be a fixed number, got {exponent!r:.60}")
        self.exponent = exponent.item() if isinstance(exponent, np.generic) else exponent

    @property
    def symbol(self):
        """The exponent as it is written: ( )², ( )⁻¹, ( )^0.5."""
        if float(self.exponent).is_integer():
            digits = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
            return "( )" + f"{self.exponent:.0f}".translate(digits)
        return f"( )^{self.exponent:g}"

    def check(self, x):
        """Raise ValueError where xⁿ or its slope is not a real number."""
        n = self.exponent
        if not float(n).is_integer() and not np.iscomplexobj(x) and np.any(x < 0):
            raise ValueError(f"Power.forward: x^{n:g} needs x ≥ 0, got {np.nanmin(x):g}")
        if 0 != n < 1 and np.any(x == 0):
            raise ValueError(f"Power.forward: x^{n:g} has no slope at x = 0, and an entry is 0")

    def forward(self, x):
        """Return xⁿ."""
        self.x = x
        return x**self.exponent

    def backward(self, upstream):
        """Return ∂L/∂x."""
        if self.exponent == 0:
            return np.zeros_like(self.x)
        power = self.x if self.exponent == 2 else self.x ** (self.exponent - 1)
        return upstream * self.exponent * power


class Exp(Node):
    """z = eˣ, so ∂L/∂x = upstream · z (lesson 05). Above x ≈ 709 (float64) z is inf."""

    symbol = "exp"

    def forward(self, x):
        """Return eˣ."""
        self.z = np.exp(x)
        return self.z.copy()

    def backward(self, upstream):
        """Return ∂L/∂x."""
        return upstream * self.z


class Log(Node):
    """z = ln x, so ∂L/∂x = upstream / x (lesson 07).

    Raises ValueError if an entry of x is 0 or less.
    """

    symbol = "log"

    def check(self, x):
        """Raise ValueError if an entry of x is 0 or less."""
        if np.any(x.real <= 0):
            raise ValueError(f"Log.forward: log needs x > 0, got {np.nanmin(x.real):g}")

    def forward(self, x):
        """Return ln x."""
        self.x = x
        return np.log(x)

    def backward(self, upstream):
        """Return ∂L/∂x."""
        return upstream / self.x


class Sum(Node):
    """z = Σ x over all entries, so ∂L/∂x = upstream in every entry.

    Shapes: x any, z and upstream one number. A sum of no entries is 0.
    """

    symbol = "Σ"

    def forward(self, x):
        """Return Σ x."""
        self.shape = x.shape
        return x.sum()

    def backward(self, upstream):
        """Return ∂L/∂x."""
        gradient = np.empty(self.shape, upstream.dtype)
        gradient[...] = upstream
        return gradient


class Mean(Node):
    """z = (1/n) Σ x over all n entries, so ∂L/∂x = upstream / n in every entry.

    Shapes: x any, z and upstream one number. Raises ValueError if there is no entry.
    """

    symbol = "mean"

    def check(self, x):
        """Raise ValueError if there is no entry."""
        if x.size == 0:
            raise ValueError(f"Mean.forward: expected at least one entry, got shape {x.shape}")

    def forward(self, x):
        """Return the mean of x."""
        self.shape = x.shape
        return x.sum() / x.size

    def backward(self, upstream):
        """Return ∂L/∂x."""
        gradient = np.empty(self.shape, upstream.dtype)
        gradient[...] = upstream / gradient.size
        return gradient
