"""Gradients from function values alone, and the check that compares them with backward.

Lesson 04 derives the central difference and the relative error.
"""

from dataclasses import dataclass

import numpy as np

from course_utils.nodes.node import float_arrays


def numerical_gradient(f, x, h=1e-5):
    """Return ∂f/∂x by central differences: (f(x + h) − f(x − h)) / 2h for each entry of x.

    Args:
        f: a function from an array of x's shape to one number.
        x: a number, a list or an array; it is left as it was.
        h: the step. 1e-5 is near the best for float64.

    Returns:
        A float64 array of x's shape.

    Raises:
        ValueError: x has no entry, h is not above 0, or f does not return one number.
    """
    if not h > 0:
        raise ValueError(f"numerical_gradient: the step h must be above 0, got {h}")
    (x,) = float_arrays("numerical_gradient", x)
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
    """What a gradient check found: its worst entry, and whether that is good enough."""

    passed: bool
    error: float
    index: tuple
    analytic: float
    numerical: float

    def __str__(self):
        return (
            f"{'passed' if self.passed else 'FAILED'}: relative error {self.error:.0e} "
            f"at {self.index} (backward {self.analytic:.6g}, numerical {self.numerical:.6g})"
        )


@np.errstate(over="ignore", invalid="ignore")
def check_gradient(f, x, gradient, h=1e-5, tolerance=1e-5):
    """Compare ``gradient`` with the numerical gradient of f at x, entry by entry.

    A difference that rounding alone can make, about ε·|f|/h, counts as none.

    Args:
        f: a function from an array of x's shape to one number.
        x: where; a number, a list or an array.
        gradient: what a backward pass returned for x, in x's shape.
        h: the step of the central difference.
        tolerance: the largest relative error that passes.

    Returns:
        A GradientCheck; NaN anywhere is a failed check.

    Raises:
        ValueError: gradient and x differ in shape, or x has no entry.
    """
    gradient, x = float_arrays("check_gradient", gradient, x)
    if gradient.shape != x.shape:
        raise ValueError(f"check_gradient: the gradient has shape {gradient.shape}, x {x.shape}")
    numerical = numerical_gradient(f, x, h)
    rounding = 4 * np.finfo(float).eps * abs(_one_number(f(x.astype(float)))) / h
    errors = relative_error(gradient, numerical)
    errors = np.where(np.abs(gradient - numerical) <= rounding, 0, errors)
    finite = np.isfinite(gradient) & np.isfinite(numerical) & np.isfinite(rounding)
    errors = np.where(finite, errors, np.inf)
    index = tuple(int(i) for i in np.unravel_index(np.argmax(errors), errors.shape))
    error = float(errors[index])
    return GradientCheck(
        error <= tolerance, error, index, float(gradient[index]), float(numerical[index])
    )
