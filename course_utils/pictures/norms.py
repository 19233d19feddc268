"""How much of the gradient each layer gets: norms over the layers, on a logarithmic axis."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from course_utils.pictures import theme
from course_utils.pictures.axes import TICK, Axes
from course_utils.pictures.picture import label, line, svg, tag
from course_utils.pictures.text import short, superscript, width

MOST_LAYERS = 10
LEFT, TOP, HIGH = 84, 52, 300  # px
RIGHT = 988  # px: where the longest name ends
NAME_WIDE, NAME_HIGH = 400, 28  # px: the room of a name
BETWEEN = 44  # px: from the rectangle to the names
INTERVALS = 7  # at most, between the numbers of an axis


class Style(NamedTuple):
    """How a curve looks: two curves in one place are told apart by a hollow marker."""

    stroke: str
    dash: str | None
    marker: str
    is_filled: bool = True


STYLES = (
    Style(theme.GRADIENT_TEXT, theme.DASH, "circle"),
    Style(theme.FORWARD, "2 4", "square", is_filled=False),
    Style(theme.PARAMETER_TEXT, "14 5", "triangle"),
    Style(theme.INK, "12 4 2 4", "diamond", is_filled=False),
)


def norms(curves):
    """Return the norms of each layer's gradient as curves over the number of the layer.

    Args:
        curves: {name: [norm of layer 1, norm of layer 2, ...]}, one to four curves of up to ten
            layers. A norm of 0, which has no place on a logarithmic axis, stands at its bottom.

    Raises:
        ValueError: there are no curves or too many, a curve has no layers or too many, a norm is
            negative or not finite, or a name is empty or too long for its place.
    """
    curves = _checked(curves)
    names_left = RIGHT - max(map(width, curves))
    axes = _axes(curves.values(), names_left - BETWEEN - LEFT)
    parts = [*axes.frame(), label(20, 18, "norm of ∂L/∂W", anchor="start")]
    parts.append(label(LEFT + axes.width / 2, TOP + HIGH + 46, "layer"))
    for values, style in zip(curves.values(), STYLES, strict=False):
        parts += axes.curve(values, style)
    return svg(1000, 420, [*parts, *_names(axes, curves, names_left)], _in_words(axes, curves))


@dataclass(frozen=True)
class LayerAxes:
    """Axes with the numbers of layers below, and powers of ten up the side.

    Attributes:
        left, top, width, height: the rectangle in px.
        layers: how many there is room for.
        least, most: the exponents at the ends of the axis.
        has_zero: True for a place for 0 below the least power.
    """

    left: float
    top: float
    width: float
    height: float
    layers: int
    least: int
    most: int
    has_zero: bool = False

    def at(self, layer, value):
        """Return the px of a layer's value; 0 stands at the bottom."""
        return self._axes().at(layer, math.log10(value) if value else self._bottom())

    def frame(self):
        """Return the axes with their numbers, and lines across at the powers of ten."""
        axes, bottom = self._axes(), self.top + self.height
        across = {"stroke_width": 1, "stroke_opacity": "0.35"}
        parts = [axes.through(1, tick, 0, theme.QUIET, **across) for tick in axes.y_ticks]
        parts += axes.frame()
        for layer in range(1, self.layers + 1):
            x, _ = axes.at(layer, self.least)
            parts.append(line([(x, bottom), (x, bottom + TICK)], theme.INK, stroke_width=1.5))
            parts.append(label(x, bottom + 20, str(layer), font_size=theme.SMALL_SIZE))
        return parts + self._zero() if self.has_zero else parts

    def curve(self, values, style):
        """Return the line through the values of layer 1, 2, ..., and a marker at each."""
        places = [self.at(layer, value) for layer, value in enumerate(values, start=1)]
        drawn = [line(places, style.stroke, stroke_dasharray=style.dash)]
        return drawn + [_marker(x, y, style) for x, y in places]

    def _axes(self):
        ticks = _ticks(self.least, self.most)
        across = (0.5, self.layers + 0.5)
        return Axes(
            self.left, self.top, self.width, self.height, across, (self._bottom(), self.most),
            y_ticks=ticks, power=True,
        )  # fmt: skip

    def _bottom(self):
        """The least exponent, or where 0 stands below it, far enough for both numbers."""
        room = max(1, (self.most - self.least) / 9)
        return self.least - room if self.has_zero else self.least

    def _zero(self):
        """The number 0 at the bottom, and a gap in the axis above it."""
        x, y = self.left, self.top + self.height
        gap = (y - self._axes().at(1, self.least)[1]) / 2
        return [
            line([(x, y - gap - 4), (x, y - gap + 4)], theme.PAPER, stroke_width=4),
            label(x - 10, y, "0", anchor="end", font_size=theme.SMALL_SIZE),
        ]


def two_digits(number):
    """Return a number as ``short`` does, in two significant digits."""
    return short(float(f"{number:.1e}"))


def _checked(curves):
    if not 1 <= len(curves) <= len(STYLES):
        raise ValueError(f"norms: expected one to four curves, got {len(curves)}")
    return {_checked_name(name): _checked_norms(name, norms) for name, norms in curves.items()}


def _checked_name(name):
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"norms: expected a name for each curve, got {name!r}")
    if width(name) > NAME_WIDE:
        letters = int(NAME_WIDE / theme.CHARACTER)
        raise ValueError(f"norms: {name!r} is too long for its place; {letters} letters fit")
    return name


def _checked_norms(name, norms):
    norms = [float(norm) for norm in norms]
    if not 1 <= len(norms) <= MOST_LAYERS:
        raise ValueError(f"norms: expected 1 to {MOST_LAYERS} layers of {name!r}, got {len(norms)}")
    for layer, norm in enumerate(norms, start=1):
        if not 0 <= norm < math.inf:
            raise ValueError(
                f"norms: expected finite norms of 0 or more, got {norm} in layer {layer} "
                f"of {name!r}"
            )
    return norms


def _axes(curves, wide):
    """Return the axes from the smallest to the largest power of ten that the norms need."""
    # Rounded, so that a last digit does not decide whether 10⁻³ needs 10⁻⁴.
    powers = [round(math.log10(norm), 9) for norms in curves for norm in norms if norm]
    least, most = math.floor(min(powers, default=-1)), math.ceil(max(powers, default=0))
    has_zero = any(norm == 0 for norms in curves for norm in norms)
    layers = max(map(len, curves))
    return LayerAxes(LEFT, TOP, wide, HIGH, layers, least, max(most, least + 1), has_zero)


def _ticks(least, most):
    """Return the multiples of one step from least to most, few enough to be read."""
    step = math.ceil((most - least) / INTERVALS)
    return tuple(range(math.ceil(least / step) * step, most + 1, step))


def _marker(x, y, style):
    look = {"fill": style.stroke if style.is_filled else "none", "stroke": style.stroke}
    look |= {"stroke_width": 2}
    if style.marker == "circle":
        return tag("circle", cx=x, cy=y, r=6, **look)
    if style.marker == "square":
        return tag("rect", x=x - 8, y=y - 8, width=16, height=16, **look)
    corners = {
        "triangle": [(0, -8), (7, 5), (-7, 5)],
        "diamond": [(0, -10), (10, 0), (0, 10), (-10, 0)],
    }[style.marker]
    places = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return tag("polygon", points=places, **look)


def _names(axes, curves, left):
    """Each curve's name right of its end, with a thin line to it where it had to move."""
    ends = [axes.at(len(norms), norms[-1]) for norms in curves.values()]
    parts = []
    for name, style, end, y in zip(curves, STYLES, ends, _apart(ends), strict=False):
        way = [(end[0] + 12, end[1]), (left - 8, y)]
        parts.append(line(way, style.stroke, stroke_width=1, stroke_opacity="0.7"))
        parts.append(label(left, y, name, style.stroke, anchor="start"))
    return parts


def _apart(ends):
    """Return heights near those of the ends, far enough from each other for a name each."""
    order = sorted(range(len(ends)), key=lambda i: ends[i][1])
    heights, lowest = [0.0] * len(ends), -math.inf
    for i in order:
        heights[i] = lowest = max(ends[i][1], lowest + NAME_HIGH)
    lowest = TOP + HIGH + NAME_HIGH
    for i in reversed(order):
        heights[i] = lowest = min(heights[i], lowest - NAME_HIGH)
    return heights


def _in_words(axes, curves):
    said = " ".join(_said(name, norms) for name, norms in curves.items())
    ends = f"10{superscript(axes.least)} to 10{superscript(axes.most)}"
    return f"Norms of ∂L/∂W by layer, on a logarithmic axis from {ends}. {said}"


def _said(name, norms):
    zeros = ", ".join(str(layer) for layer, norm in enumerate(norms, start=1) if norm == 0)
    where = f", exactly 0 in layer {zeros}" if zeros else ""
    last = f", layer {len(norms)} {two_digits(norms[-1])}" if len(norms) > 1 else ""
    return f"{name}: layer 1 {two_digits(norms[0])}{last}{where}."
