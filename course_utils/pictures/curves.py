"""Curves that stand still, as figures."""

from course_utils.pictures import theme
from course_utils.pictures.figure import from_figure, new_figure
from course_utils.pictures.text import short


def curve_with_tangent(f, at, slope, reach, names=("t", "z")):
    """Return the picture of a curve and of the line that touches it at one point.

    Args:
        f: the curve, a function from number to number.
        at: where the line touches.
        slope: the slope of the line.
        reach: how far to draw to each side.
        names: what the two axes are called.
    """
    across, up = names
    left, right = at - reach, at + reach
    line = [f(at) - slope * reach, f(at) + slope * reach]
    points = [left + reach * k / 50 for k in range(101)]
    figure, axes = new_figure()
    axes.plot(points, [f(t) for t in points])
    axes.plot([left, right], line)
    axes.plot([at], [f(at)], "o", color=theme.INK, markersize=9)
    axes.set(xlabel=across, ylabel=up, xlim=(left, right))
    axes.text(right, f(right), "  curve", color=theme.FORWARD, va="center", fontsize=16)
    axes.text(right, line[1], "  tangent", color=theme.GRADIENT_TEXT, va="center", fontsize=16)
    way = "rises" if f(right) > f(left) else "falls" if f(right) < f(left) else "goes"
    words = f"{across} = {short(at)}, {up} = {short(f(at))}"
    axes.annotate(
        f"{words}\nslope {short(slope)}", (at, f(at)), (16, -44), textcoords="offset points",
        fontsize=16,
    )  # fmt: skip
    return from_figure(
        figure,
        f"A curve over {across} from {short(left)} to {short(right)} that {way} from "
        f"{short(f(left))} to {short(f(right))}, and the straight line of slope {short(slope)} "
        f"that touches it at {words}. Near that point the two can hardly be told apart.",
    )
