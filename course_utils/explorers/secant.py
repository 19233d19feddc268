"""From secant to tangent (lesson 04): the slope of eˣ at 1 by differences, and its error over h."""

import math
from functools import cache

from course_utils.explorers.explorer import Explorer, choice, slider
from course_utils.pictures import theme
from course_utils.pictures.axes import Axes
from course_utils.pictures.picture import label, svg
from course_utils.pictures.text import short

AT = 1.0
SCHEMES = {
    "forward": lambda h: (math.exp(AT + h) - math.exp(AT)) / h,
    "central": lambda h: (math.exp(AT + h) - math.exp(AT - h)) / (2 * h),
}
LEAST = 1e-17  # an error of exactly 0 is drawn here
POWERS = [-16 + k / 8 for k in range(129)]


def picture(power, scheme="central"):
    """Return the secant of eˣ for h = 10^power beside the error of its slope over all h.

    Raises:
        ValueError: the scheme is none of SCHEMES, or the power is not between -16 and 0.
    """
    if scheme not in SCHEMES:
        raise ValueError(f"secant.picture: expected {' or '.join(SCHEMES)}, got {scheme!r}")
    if not POWERS[0] <= power <= POWERS[-1]:
        raise ValueError(f"secant.picture: expected a power from -16 to 0, got {power!r}")
    h = 10.0**power
    slope = SCHEMES[scheme](h)
    parts = [*_secant(h, slope, scheme), *_errors(power, slope, scheme)]
    return svg(1000, 400, parts, _in_words(h, slope, scheme)).with_caption(_verdict(h, slope))


def explore():
    """Return the explorer: the power of ten of h, and which difference."""
    power = slider("log₁₀ h", 0.0, -16.0, 0.0, 0.25)
    return Explorer(picture, {"power": power, "scheme": choice("difference", SCHEMES, "central")})


def _error(power, scheme):
    return max(abs(SCHEMES[scheme](10.0**power) - math.exp(AT)), LEAST)


def _secant(h, slope, scheme):
    axes = Axes(
        70, 40, 380, 280, (-0.4, 2.4), (0, 10), x_ticks=(0, 1, 2), y_ticks=(0, 5, 10),
        x_name="x", y_name="eˣ",
    )  # fmt: skip
    ends = (AT, AT + h) if scheme == "forward" else (AT - h, AT + h)
    height = math.exp(ends[0])
    return [
        *axes.frame(),
        axes.through(AT, math.exp(AT), math.exp(AT), theme.QUIET, stroke_width=1.5),
        axes.function(math.exp, theme.FORWARD),
        axes.through(ends[0], height, slope, theme.GRADIENT, stroke_dasharray=theme.DASH),
        *(axes.point(x, math.exp(x)) for x in ends),
        label(90, 64, f"secant: slope {short(slope)}", theme.GRADIENT_TEXT, anchor="start"),
        label(90, 94, "tangent: slope e", theme.QUIET, anchor="start"),
    ]


def _errors(power, slope, scheme):
    axes = Axes(
        590, 40, 380, 280, (-16, 0), (-13, 1), x_ticks=(-16, -12, -8, -4, 0),
        y_ticks=(-12, -8, -4, 0), x_name="h", y_name="error", power=True,
    )  # fmt: skip
    now = math.log10(_error(power, scheme))
    return [
        *axes.frame(),
        *(_error_curve(axes, name, is_shown=name == scheme) for name in SCHEMES),
        axes.point(power, max(now, axes.y[0]), theme.GRADIENT, 9),
    ]


def _error_curve(axes, scheme, is_shown):
    ys = _log_errors(scheme)
    colour = theme.GRADIENT if is_shown else theme.QUIET
    width = theme.LINE if is_shown else 1.5
    k = POWERS.index(-3.5)
    shift, anchor = ((-6, -16), "end") if scheme == "forward" else ((14, 12), "start")
    text = theme.GRADIENT_TEXT if is_shown else theme.QUIET
    return axes.curve(POWERS, ys, colour, stroke_width=width) + axes.text(
        POWERS[k], ys[k], scheme, text, shift, anchor=anchor
    )


@cache
def _log_errors(scheme):
    return [math.log10(_error(power, scheme)) for power in POWERS]


def _in_words(h, slope, scheme):
    return (
        f"Left: the curve of e to the x with a secant of slope {short(slope)}, by the {scheme} "
        f"difference with h = {short(h)}, and the tangent at 1. Right: the error of the slope over "
        "h from 10^-16 to 1 for both differences: falling as h shrinks, then rising again."
    )


def _verdict(h, slope):
    error = abs(slope - math.exp(AT))
    if slope == 0:
        return (
            f"h = {short(h)}: both values of eˣ are rounded to one number, so the slope comes "
            f"out as 0, wrong by {short(error)}."
        )
    return f"h = {short(h)}: the slope comes out as {slope:.12f}, wrong by {short(error)}."
