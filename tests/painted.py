"""What is painted on what in a picture: every text, line and mark with the colours beneath it.

A ground is a set of colours. Rectangles and thick lines lie where they lie; where any other area
may lie, in the box around it, the ground has both colours, with it and without it, and the worse
one counts.
"""

import math
import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from xml.etree import ElementTree

from explored import SVG, bar_box, boxes_of_texts, dot_box, flat, points, size_of
from pictured import Box

from course_utils.pictures import Picture, theme

AREA = 16  # px: what is smaller, a marker, an arrowhead or a dot, is no ground for others
THICK = 8  # px: what is thinner is a line, and not a ground
SAMPLES = 12  # of a line


@cache
def luminance(colour):
    """Return the relative luminance of (red, green, blue) from 0 to 255, as WCAG 2.2 has it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _unit(colour)]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _unit(colour):
    return [channel / 255 for channel in colour]


@cache
def contrast(one, other):
    """Return the contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@cache
def rgb(colour):
    """Return #RRGGBB or #RGB as (red, green, blue).

    Raises:
        ValueError: it is written in another way.
    """
    if re.fullmatch(r"#[0-9a-fA-F]{3}", colour):
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"rgb: expected #RRGGBB, got {colour!r}")
    return tuple(int(colour[k : k + 2], 16) for k in (1, 3, 5))


@cache
def mixed(top, opacity, below):
    """Return the colour of something that lets a part of what is below it through."""
    return tuple(opacity * t + (1 - opacity) * b for t, b in zip(top, below, strict=True))


class Painted(NamedTuple):
    """One thing in a picture.

    Attributes:
        kind: "text", "line" or "mark".
        element: its attributes.
        words: of a text, what it says.
        contrast: the worst with the ground, or of a mark the best that its edge has, on the worst.
        holds_text: whether it is an area behind a text.
    """

    kind: str
    element: dict
    words: str
    contrast: float
    holds_text: bool = False


class Area(NamedTuple):
    box: Box
    way: list  # of a thick line, its points
    is_certain: bool
    colour: tuple
    opacity: float

    def covers(self, x, y):
        box = self.box
        if not (box.left <= x <= box.right and box.top <= y <= box.bottom):
            return False
        return not self.way or any(_distance((x, y), a, b) <= THICK for a, b in pairwise(self.way))


def painted(shown):
    """Return everything that is painted in a picture of SVG elements, from bottom to top."""
    root = ElementTree.fromstring(flat(_as_picture(shown.root)).markup)
    boxes, areas, found = list(boxes_of_texts(root)), [], []
    texts = iter(boxes)
    for element in root.iter():
        kind = element.tag.removeprefix(SVG)
        if kind == "text":
            words, box = next(texts)
            found.append(_text(element, words, box, areas))
        elif kind == "polyline" and _width(element) < THICK:
            found.append(_line(element, areas))
        elif kind in ("rect", "circle", "polygon", "path", "polyline"):
            if element.get("fill", "none") == "none" and kind == "path":
                found += [_line(element, areas)] if element.get("d") else []
                continue
            for box in _boxes(kind, element):
                found += _mark(kind, element, box, areas, boxes)
                areas += _area(kind, element, box)
    return found


def _as_picture(root):
    return Picture(ElementTree.tostring(root, "unicode"), "")


def _text(element, words, box, areas):
    inner = box.shrunk(2)
    corners = [(x, y) for x in (inner.left, box.x, inner.right) for y in (inner.top, inner.bottom)]
    ground = _ground(corners, areas)
    return Painted("text", element.attrib, words, _worst(element.get("fill"), 1, ground))


def _line(element, areas):
    way = points(element.attrib) if "points" in element.attrib else _corners(element.get("d"))
    steps = list(pairwise(way))[:: max(1, len(way) // SAMPLES)]
    on_it = way[-1:] + [
        (a[0] + k * (b[0] - a[0]) / 4, a[1] + k * (b[1] - a[1]) / 4)
        for a, b in steps
        for k in range(5)
    ]
    opacity = float(element.get("stroke-opacity", 1))
    worst = _worst(element.get("stroke"), opacity, _ground(on_it, areas))
    return Painted("line", element.attrib, "", worst)


def _mark(kind, element, box, areas, texts):
    """An area, or nothing where nothing of it can be seen: its fill, its rim, or between both."""
    fill, opacity = element.get("fill"), float(element.get("fill-opacity", 1))
    seen = [(fill, opacity)] if fill != "none" and opacity else []
    seen += [(element.get("stroke"), 1)] if element.get("stroke") else []
    if not seen or min(box.right - box.left, box.bottom - box.top) == 0:
        return []
    corners = [(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]
    ground = _ground([(box.x, box.y), *corners], areas)
    edges = [_worst(colour, opacity, ground) for colour, opacity in seen]
    if element.get("stroke"):
        middle = _ground([(box.x, box.y)], areas)
        inside = [mixed(rgb(fill), opacity, c) if fill != "none" else c for c in middle]
        edges.append(_worst(element.get("stroke"), 1, inside))
    holds_text = any(box.holds(text.shrunk(3)) for _, text in texts)
    return [Painted("mark", element.attrib, "", max(edges), holds_text)]


def _area(kind, element, box):
    is_large = min(box.right - box.left, box.bottom - box.top) >= AREA or kind == "rect"
    colour = element.get("stroke" if kind == "polyline" else "fill")
    if colour == "none" or not is_large:
        return []
    way = points(element.attrib) if kind == "polyline" else []
    is_certain = bool(way) or kind == "rect"
    return [Area(box, way, is_certain, rgb(colour), float(element.get("fill-opacity", 1)))]


def _ground(places, areas):
    """Return all colours that may be beneath some places."""
    found = set()
    for x, y in places:
        colours = {rgb(theme.PAPER)}
        for area in areas:
            if area.covers(x, y):
                above = {mixed(area.colour, area.opacity, below) for below in colours}
                colours = above if area.is_certain else colours | above
        found |= colours
    return found


def _distance(place, a, b):
    """Return how far a place is from a straight stroke."""
    (x, y), (ax, ay), (dx, dy) = place, a, (b[0] - a[0], b[1] - a[1])
    along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy or 1)
    along = min(max(along, 0), 1)
    return math.hypot(x - ax - along * dx, y - ay - along * dy)


def _worst(colour, opacity, ground):
    return min(contrast(mixed(rgb(colour), opacity, below), below) for below in ground)


def _width(element):
    return float(element.get("stroke-width", 1))


def _boxes(kind, element):
    """Return the box around an area, of a path one for each of its pieces."""
    if kind == "rect":
        return [bar_box(element.attrib)]
    if kind == "circle":
        return [dot_box(element.attrib)]
    if kind == "path":
        return [_box_of_path(piece) for piece in re.findall(r"M[^M]*", element.get("d"))]
    beyond = _width(element) / 2 if kind == "polyline" else 0
    return [_around(points(element.attrib), beyond)]


def _around(places, beyond=0.0):
    xs, ys = zip(*places, strict=True)
    return Box(min(xs) - beyond, min(ys) - beyond, max(xs) + beyond, max(ys) + beyond)


def _corners(path):
    corners = re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", path)
    return [(float(x), float(y)) for x, y in corners]


def _box_of_path(piece):
    """Return a box around a path of corners, or around the middle of a small marker."""
    places = _corners(piece)
    if len(places) == 1:  # what follows is written from there on
        return _around(places, 6)
    return _around(places)


def is_large(text):
    """Return whether a text needs less contrast: of 24 px, or of 18.66 px and bold."""
    return size_of(text) >= (18.66 if text.get("font-weight") == "bold" else 24)
