"""Axes in an SVG picture: curves, points and bars that are drawn in well under a millisecond.

Matplotlib takes tens of milliseconds for a figure, too long for a picture that follows a slider.
"""

import math
from dataclasses import KW_ONLY, dataclass
from itertools import pairwise

from course_utils.pictures import theme
from course_utils.pictures.picture import label, line, tag
from course_utils.pictures.text import short, superscript

TICK = 6  # px


@dataclass(frozen=True)
class Axes:
    """A coordinate system in a rectangle of a picture.

    Attributes:
        left, top, width, height: the rectangle in px, without the numbers along its sides.
        x, y: (least, most) of each axis, or ValueError.
        x_ticks, y_ticks: where numbers stand.
        x_name, y_name: what the axes are called.
        power: True where an axis holds exponents of ten, so that −5 is written 10⁻⁵; they must
            be whole.
    """

    left: float
    top: float
    width: float
    height: float
    x: tuple
    y: tuple
    _: KW_ONLY
    x_ticks: tuple = ()
    y_ticks: tuple = ()
    x_name: str = ""
    y_name: str = ""
    power: bool = False

    def __post_init__(self):
        for name, (least, most) in (("x", self.x), ("y", self.y)):
            if not -math.inf < least < most < math.inf:
                raise ValueError(
                    f"Axes: expected {name} = (least, most) with least < most, "
                    f"got ({least}, {most})"
                )

    def at(self, x, y):
        """Return the px of a point."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * self.width, self.top + (1 - up) * self.height

    def frame(self):
        """Return the two axes with their numbers and names."""
        right, bottom = self.left + self.width, self.top + self.height
        corner = [(self.left, self.top), (self.left, bottom), (right, bottom)]
        parts = [line(corner, theme.INK, stroke_width=1.5)]
        for tick in self.x_ticks:
            x, _ = self.at(tick, self.y[0])
            parts.append(line([(x, bottom), (x, bottom + TICK)], theme.INK, stroke_width=1.5))
            parts.append(label(x, bottom + 20, self._number(tick), font_size=theme.SMALL_SIZE))
        for tick in self.y_ticks:
            _, y = self.at(self.x[0], tick)
            parts.append(line([(self.left - TICK, y), (self.left, y)], theme.INK, stroke_width=1.5))
            text = self._number(tick)
            parts.append(label(self.left - 10, y, text, anchor="end", font_size=theme.SMALL_SIZE))
        if self.x_name:
            parts.append(label(self.left + self.width / 2, bottom + 46, self.x_name))
        if self.y_name:
            parts.append(label(self.left, self.top - 26, self.y_name))
        return parts

    def curve(self, xs, ys, colour, **attributes):
        """Return a line through points; what lies outside the rectangle is cut off.

        Points that are not numbers (NaN) or infinite end a line, and the next one begins anew.
        """
        pieces = [[]]
        for (x0, y0), (x1, y1) in pairwise(zip(xs, ys, strict=True)):
            ends = self._inside(x0, y0, x1, y1)
            if ends and pieces[-1][-1:] == ends[:1]:
                pieces[-1].append(ends[1])
            elif ends:
                pieces.append(ends)
        return "".join(line(points, colour, **attributes) for points in pieces[1:])

    def function(self, f, colour, points=160, **attributes):
        """Return the curve of a function from number to number over the whole axis."""
        step = (self.x[1] - self.x[0]) / points
        xs = [self.x[0] + k * step for k in range(points + 1)]
        return self.curve(xs, [f(x) for x in xs], colour, **attributes)

    def through(self, x, y, slope, colour, **attributes):
        """Return the straight line of a slope through a point, from side to side."""
        ends = self.x
        return self.curve(ends, [y + slope * (end - x) for end in ends], colour, **attributes)

    def point(self, x, y, fill=theme.INK, radius=7):
        """Return a dot, or nothing where it would lie outside the rectangle."""
        inside = self.x[0] <= x <= self.x[1] and self.y[0] <= y <= self.y[1]
        px, py = self.at(x, y) if inside else (0, 0)
        return tag("circle", cx=px, cy=py, r=radius, fill=fill) if inside else ""

    def text(self, x, y, text, fill=theme.INK, shift=(0, 0), **attributes):
        """Return a text at a point, moved by so many px, or nothing where there is no point."""
        if not (math.isfinite(x) and math.isfinite(y)):
            return ""
        px, py = self.at(x, y)
        return label(px + shift[0], py + shift[1], text, fill, **attributes)

    def bar(self, x, y, fill, wide=0.6, **attributes):
        """Return a bar from 0 to y, so wide in units of x, around x, as far as the axis goes.

        Where x or y is not a number or infinite, there is none.
        """
        if not (math.isfinite(x) and math.isfinite(y)):
            return ""
        low, high = (min(max(end, self.y[0]), self.y[1]) for end in sorted((0, y)))
        (x0, y0), (x1, y1) = self.at(x - wide / 2, high), self.at(x + wide / 2, low)
        return tag("rect", x=x0, y=y0, width=x1 - x0, height=y1 - y0, fill=fill, **attributes)

    def _number(self, value):
        return f"10{superscript(value)}" if self.power else short(value)

    def _inside(self, x0, y0, x1, y1):
        """Return the px of both ends of the part of a line that is inside the rectangle, or None.

        This is the clipping of Liang and Barsky (1984): of the way from end to end, what is
        between the left and the right side, and between top and bottom.
        """
        if not all(map(math.isfinite, (x0, y0, x1, y1))):
            return None
        first, last = 0.0, 1.0
        for start, end, (least, most) in ((x0, x1, self.x), (y0, y1, self.y)):
            if start == end and not least <= start <= most:
                return None
            if start != end:
                crossed = sorted((side - start) / (end - start) for side in (least, most))
                first, last = max(first, crossed[0]), min(last, crossed[1])
        if first >= last:
            return None
        start = (x0, y0) if first == 0 else (x0 + first * (x1 - x0), y0 + first * (y1 - y0))
        end = (x1, y1) if last == 1 else (x0 + last * (x1 - x0), y0 + last * (y1 - y0))
        return [self.at(*start), self.at(*end)]
