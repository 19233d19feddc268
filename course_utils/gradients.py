"""Gradients from function values alone, and the check that compares them with backward.

Lesson 04 derives the central difference and the relative error.
"""

from dataclasses import dataclass

import numpy as np

from course_utils.nodes.node import float_arrays

LARGE = 100  # more entries than these are not compared one by one
DIRECTIONS = 10


def numerical_gradient(f, x, h=1e-5):
    """Return ∂f/∂x by central differences: (f(x + h) − f(x − h)) / 2h for each entry of x.

    Args:
        f: a function from an array of x's shape to one number.
        x: a number, a list or an array; it is left as it was.
        h: the step. 1e-5 is near the best for float64 and an x of about size 1.

    Returns:
        A float64 array of x's shape.

    Raises:
        ValueError: x has no entry, h is not above 0, or f does not return one number.
        TypeError: x is complex, or f's value is no number.
    """
    if not h > 0:
        raise ValueError(f"numerical_gradient: the step h must be above 0, got {h}")
    (x,) = float_arrays("numerical_gradient", x)
    if np.iscomplexobj(x):
        raise TypeError("numerical_gradient: x must be real, and it is complex")
    if x.size == 0:
        raise ValueError(f"numerical_gradient: x has no entry (its shape is {x.shape})")
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above, below = x.astype(float), x.astype(float)
        above[index] += h
        below[index] -= h
        gradient[index] = (_one_number(f(above)) - _one_number(f(below))) / (2 * h)
    return gradient


def _one_number(value):
    (value,) = float_arrays("numerical_gradient", value)
    if value.size != 1:
        raise ValueError(f"numerical_gradient: f must return one number, got shape {value.shape}")
    return value.item()


@np.errstate(over="ignore", invalid="ignore")
def relative_error(analytic, numerical):
    """Return |a − n| / max(|a|, |n|) for each entry, and 0 where both are 0.

    Raises:
        ValueError: the shapes differ.
    """
    analytic, numerical = float_arrays("relative_error", analytic, numerical)
    if analytic.shape != numerical.shape:
        raise ValueError(
            f"relative_error: the gradients have shapes {analytic.shape} and {numerical.shape}"
        )
    larger = np.maximum(np.abs(analytic), np.abs(numerical))
    return np.abs(analytic - numerical) / np.where(larger == 0, 1, larger)


@dataclass(frozen=True)
class GradientCheck:
    """What a gradient check found: its worst comparison, and whether that is good enough.

    Attributes:
        passed: whether the largest relative error is within the tolerance.
        error: that error.
        index: the entry of x it belongs to, or the number of the direction.
        analytic: what the gradient says there.
        numerical: what the function says there.
        directions: how many random directions were tried; 0 if each entry was compared.
        tolerance: the largest relative error that passes.
        excused: how many comparisons passed only because rounding alone can make their difference.
    """

    passed: bool
    error: float
    index: tuple
    analytic: float
    numerical: float
    directions: int
    tolerance: float
    excused: int

    def __str__(self):
        how, place = "entry by entry", str(self.index)
        if self.directions:
            how = f"along {self.directions} random directions"
            place = f"direction {self.index[0]}"
        if self.passed:
            but = f", {self.excused} of them too small to tell from rounding" * (self.excused > 0)
            return f"passed {how}: relative error below {self.tolerance:.0e}{but}"
        return (
            f"FAILED {how}: worst relative error {self.error:.0e} at {place} "
            f"(backward {self.analytic:.6g}, numerical {self.numerical:.6g})"
        )


@np.errstate(over="ignore", invalid="ignore")
def check_gradient(f, x, gradient, h=1e-5, tolerance=1e-5, directions=None):
    """Compare ``gradient`` with what f does around x.

    Up to 100 entries are compared one by one with the numerical gradient. A larger x would take
    two evaluations of f for each entry; there ten random directions v of length 1 are tried:
    (f(x + hv) − f(x − hv)) / 2h must be Σᵢ gradientᵢ vᵢ. A wrong formula shows along any of them
    (lesson 04). A wrong entry that is tiny beside the whole gradient may not: for certainty give
    ``directions=0``, at two evaluations an entry.

    A difference that rounding alone can make, 4ε·|f|/h, counts as none.

    Args:
        f: a function from an array of x's shape to one number.
        x: where; a number, a list or an array.
        gradient: what a backward pass returned for x, in x's shape.
        h: the step of the central difference.
        tolerance: the largest relative error that passes.
        directions: how many random directions to try, 0 for entry by entry; as said above
            unless given.

    Returns:
        A GradientCheck; NaN anywhere is a failed check.

    Raises:
        ValueError: gradient and x differ in shape, x has no entry, h is not above 0, or
            directions is not a whole number from 0 up.
        TypeError: x or the gradient is complex.
    """
    gradient, x = float_arrays("check_gradient", gradient, x)
    directions = _checked(gradient, x, directions)
    if directions:
        analytic, numerical = _along_directions(f, x, gradient, directions, h)
    else:
        analytic, numerical = gradient, numerical_gradient(f, x, h)
    rounding = 4 * np.finfo(float).eps * abs(_one_number(f(x.astype(float)))) / h
    errors, excused = _judged(analytic, numerical, rounding, tolerance)
    index = tuple(int(i) for i in np.unravel_index(np.argmax(errors), errors.shape))
    return GradientCheck(
        passed=bool(errors[index] <= tolerance),
        error=float(errors[index]),
        index=index,
        analytic=float(analytic[index]),
        numerical=float(numerical[index]),
        directions=directions,
        tolerance=tolerance,
        excused=excused,
    )


def _checked(gradient, x, directions):
    """Return the number of directions, 0 for entry by entry, or say what does not fit."""
    if gradient.shape != x.shape:
        raise ValueError(f"check_gradient: the gradient has shape {gradient.shape}, x {x.shape}")
    if x.size == 0:
        raise ValueError(f"check_gradient: x has no entry (its shape is {x.shape})")
    if np.iscomplexobj(x) or np.iscomplexobj(gradient):
        raise TypeError("check_gradient: x and the gradient must be real, and one is complex")
    if directions is None:
        return DIRECTIONS if x.size > LARGE else 0
    whole = isinstance(directions, (int, np.integer)) and not isinstance(directions, bool)
    if not whole or directions < 0:
        raise ValueError(
            f"check_gradient: directions must be a whole number from 0 up, got {directions!r}"
        )
    return int(directions)


def _judged(analytic, numerical, rounding, tolerance):
    """Return the relative errors, 0 where rounding explains them, and how often it had to."""
    errors = relative_error(analytic, numerical)
    is_rounding = np.abs(analytic - numerical) <= rounding
    excused = int((is_rounding & (errors > tolerance)).sum())
    errors = np.where(is_rounding, 0, errors)
    finite = np.isfinite(analytic) & np.isfinite(numerical) & np.isfinite(rounding)
    return np.where(finite, errors, np.inf), excused


def _along_directions(f, x, gradient, count, h):
    """Return what the gradient and f say about so many random directions of length 1."""
    rng = np.random.default_rng(0)
    analytic, numerical = np.zeros(count), np.zeros(count)
    for k in range(count):
        v = rng.normal(size=x.shape)
        v /= np.sqrt((v**2).sum())
        analytic[k] = (gradient * v).sum()
        numerical[k] = numerical_gradient(lambda s, v=v: f(np.asarray(x + s * v)), 0.0, h)
    return analytic, numerical
