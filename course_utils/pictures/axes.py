"""Axes in an SVG picture: curves, points and bars that are drawn in well under a millisecond.

Matplotlib takes tens of milliseconds for a figure, too long for a picture that follows a slider.
"""

import math
from dataclasses import dataclass

from course_utils.pictures import theme
from course_utils.pictures.picture import label, line, tag
from course_utils.pictures.text import short

TICK = 6  # px
SMALL = 18  # px: the type of the numbers along an axis


@dataclass(frozen=True)
class Axes:
    """A coordinate system in a rectangle of a picture.

    Attributes:
        left, top, width, height: the rectangle in px, without the numbers along its sides.
        x, y: (least, most) of each axis.
        x_ticks, y_ticks: where numbers stand.
        x_name, y_name: what the axes are called.
        power: True where an axis holds exponents of ten, so that −5 is written 10⁻⁵.
    """

    left: float
    top: float
    width: float
    height: float
    x: tuple
    y: tuple
    x_ticks: tuple = ()
    y_ticks: tuple = ()
    x_name: str = ""
    y_name: str = ""
    power: bool = False

    def at(self, x, y):
        """Return the px of a point, kept within twice the height and width of the rectangle."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        across, up = min(max(across, -1), 2), min(max(up, -1), 2)
        return self.left + across * self.width, self.top + (1 - up) * self.height

    def frame(self):
        """Return the two axes with their numbers and names."""
        right, bottom = self.left + self.width, self.top + self.height
        corner = [(self.left, self.top), (self.left, bottom), (right, bottom)]
        parts = [line(corner, theme.INK, stroke_width=1.5)]
        for tick in self.x_ticks:
            x, _ = self.at(tick, self.y[0])
            parts.append(line([(x, bottom), (x, bottom + TICK)], theme.INK, stroke_width=1.5))
            parts.append(label(x, bottom + 20, self._number(tick), font_size=SMALL))
        for tick in self.y_ticks:
            _, y = self.at(self.x[0], tick)
            parts.append(line([(self.left - TICK, y), (self.left, y)], theme.INK, stroke_width=1.5))
            text = self._number(tick)
            parts.append(label(self.left - 10, y, text, anchor="end", font_size=SMALL))
        if self.x_name:
            parts.append(label(self.left + self.width / 2, bottom + 46, self.x_name))
        if self.y_name:
            parts.append(label(self.left, self.top - 20, self.y_name))
        return parts

    def curve(self, xs, ys, colour, **attributes):
        """Return a line through points; what lies outside the rectangle is cut off.

        Points that are not numbers (NaN) or infinite end a line, and the next one begins anew.
        """
        pieces, piece = [], []
        for x, y in zip(xs, ys, strict=True):
            if math.isfinite(x) and math.isfinite(y):
                piece.append(self.at(x, y))
            elif piece:
                pieces.append(piece)
                piece = []
        pieces = [p for p in [*pieces, piece] if len(p) > 1]
        return self._cut("".join(line(points, colour, **attributes) for points in pieces))

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
        """Return a text at a point, moved by so many px."""
        px, py = self.at(x, y)
        return label(px + shift[0], py + shift[1], text, fill, **attributes)

    def bar(self, x, y, fill, wide=0.6, **attributes):
        """Return a bar from 0 to y, so wide in units of x, around x."""
        (x0, y0), (x1, y1) = self.at(x - wide / 2, max(y, 0)), self.at(x + wide / 2, min(y, 0))
        return tag("rect", x=x0, y=y0, width=x1 - x0, height=y1 - y0, fill=fill, **attributes)

    def _number(self, value):
        if not self.power:
            return short(value)
        return "10" + f"{value:g}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))

    def _cut(self, content):
        """Return content without what lies outside the rectangle."""
        box = f"{self.left:g} {self.top:g} {self.width:g} {self.height:g}"
        return tag("svg", content, x=self.left, y=self.top, width=self.width, height=self.height,
                   viewBox=box)  # fmt: skip
