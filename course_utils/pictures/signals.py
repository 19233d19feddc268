"""Signals: one number after another, as curves over time."""

import math

import numpy as np

from course_utils.pictures import theme
from course_utils.pictures.axes import Axes
from course_utils.pictures.picture import label, svg
from course_utils.pictures.text import short, width

LEFT, TOP, WIDE, HIGH = 104, 52, 670, 270  # px: the rectangle of the axes
NAMES, WHOLE = 788, (1000, 384)  # px: where the names of the curves stand, and the picture
INTERVALS = 6  # at most, between numbers along an axis
APART = 28  # px between two names
LARGEST = 1e5  # a value, so that the numbers of the axis have room
STYLES = ((theme.FORWARD, 1.5), (theme.INK, 4))  # of the first and the second curve


def signals(curves, x_name, y_name):
    """Return the Picture of one or two curves, each with its name at its end.

    Args:
        curves: {name: (xs, ys)}, xs rising; the second curve is drawn dark and thick.
        x_name: what the horizontal axis is called.
        y_name: what the vertical axis is called.

    Raises:
        ValueError: no curve or more than two, a name that is too long, fewer than two points, xs
            that do not rise, another number of ys, a value that is not finite, or 100,000 and
            more, for which there is no room.
    """
    curves = _checked(curves)
    xs, ys = (np.concatenate(values) for values in zip(*curves.values(), strict=True))
    y_ticks = _ticks(ys.min(), ys.max())
    axes = YearAxes(
        LEFT, TOP, WIDE, HIGH, (xs.min(), xs.max()), (y_ticks[0], y_ticks[-1]), y_ticks=y_ticks,
        x_ticks=[x for x in _ticks(xs.min(), xs.max()) if xs.min() <= x <= xs.max()],
        x_name=x_name, y_name=y_name,
    )  # fmt: skip
    lines = [
        axes.curve(*points, colour, stroke_width=wide)
        for points, (colour, wide) in zip(curves.values(), STYLES, strict=False)
    ]
    said = " ".join(_in_words(name, *points) for name, points in curves.items())
    parts = [*axes.frame(), *lines, *_names(axes, curves)]
    return svg(*WHOLE, parts, f"{y_name} over {x_name}. {said}")


class YearAxes(Axes):
    """Axes whose four-digit numbers are years, without a comma."""

    def _number(self, value):
        return f"{value:g}" if 1000 <= value < 10_000 else short(value)


def _checked(curves):
    if not 1 <= len(curves) <= len(STYLES):
        raise ValueError(f"signals: expected one or two curves, got {len(curves)}")
    checked = {}
    for name, points in curves.items():
        xs, ys = (np.asarray(values, dtype=float) for values in points)
        if width(name) > WHOLE[0] - NAMES:
            raise ValueError(f"signals: the name {name!r} is too long for its place")
        if xs.ndim != 1 or xs.shape != ys.shape or len(xs) < 2 or not (np.diff(xs) > 0).all():
            raise ValueError(
                f"signals: expected rising xs and as many ys, at least two, for {name!r}; "
                f"got shapes {xs.shape} and {ys.shape}"
            )
        if not (np.isfinite(xs).all() and (np.abs(ys) < LARGEST).all()):
            raise ValueError(f"signals: expected finite values below 100,000 for {name!r}")
        checked[name] = xs, ys
    return checked


def _ticks(least, most):
    """Return the multiples of 1, 2 or 5 times a power of ten around two numbers, a few of them."""
    rough = (most - least or 1) / INTERVALS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= rough)
    first, last = math.floor(least / step), math.ceil(most / step)
    return [round(k * step, 9) for k in range(first, max(last, first + 1) + 1)]


def _names(axes, curves):
    """Each name right of its curve's end, the two of them not too near to each other."""
    heights = [axes.at(axes.x[1], ys[-1])[1] for _, ys in curves.values()]
    if len(heights) == 2 and abs(heights[1] - heights[0]) < APART:
        first_is_higher, middle = heights[0] <= heights[1], sum(heights) / 2
        heights = [middle - APART / 2, middle + APART / 2]
        heights = heights if first_is_higher else heights[::-1]
    colours = [colour for colour, _ in STYLES]
    return [
        label(NAMES, height, name, colour, anchor="start")
        for name, height, colour in zip(curves, heights, colours, strict=False)
    ]


def _in_words(name, xs, ys):
    low, high = ys.argmin(), ys.argmax()
    return (
        f"{name}, {len(xs)} points: from {short(ys[0])} to {short(ys[-1])}, "
        f"least {short(ys[low])}, largest {short(ys[high])}."
    )
