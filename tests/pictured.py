"""Graphs to draw, and what a picture shows, read back from its markup."""

from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from course_utils.graph import Variable, apply
from course_utils.nodes import Add
from course_utils.pictures import theme
from course_utils.pictures.text import width as text_width

ROOT = Path(__file__).resolve().parent.parent


def named(variable, name):
    variable.name = name
    return variable


def apple():
    cost = Variable(100, "apple price") * Variable(2, "apple count") * Variable(1.1, "tax")
    return named(cost, "total")


def receipt():
    amounts = [("rice", 12000, 1), ("orange", 150, 3), ("milk", 2500, 2)]
    lines = [Variable(p, f"{n} price") * Variable(c, f"{n} count") for n, p, c in amounts]
    return named(sum(lines[1:], lines[0]) * Variable(1.1, "tax"), "total")


def squared_sum():
    return named(named(Variable(3, "x") + Variable(4, "y"), "t") ** 2, "z")


def sum_with_square():
    x = Variable(3, "x")
    return x + x**2


def fork():
    x, y = Variable(2, "x"), Variable(3, "y")
    return (x + y) * y


def product_with_itself():
    x = Variable(-3, "x")
    return named(x * x, "z")


def sigmoid():
    return named(1 / (1 + (-Variable(2, "x")).exp()), "y")


def softmax_loss(add):
    scores = [Variable(s, f"s{i}") for i, s in enumerate((5.3, 0.3, 10.1), start=1)]
    targets = [Variable(t, f"t{i}") for i, t in enumerate((0, 0, 1), start=1)]
    exps = [score.exp() for score in scores]
    share = 1 / add(*exps)
    logs = [(e * share).log() * t for e, t in zip(exps, targets, strict=True)]
    return named(-add(*logs), "loss")


def softmax_binary():
    return softmax_loss(lambda a, b, c: a + b + c)


def softmax_nary():
    return softmax_loss(lambda *terms: apply(Add(), *terms))


def chain_of_60():
    x = Variable(1, "x")
    for _ in range(60):
        x = x + 1
    return x


GRAPHS = {
    build.__name__: build
    for build in (
        apple, receipt, squared_sum, sum_with_square, fork, product_with_itself, sigmoid,
        softmax_binary, softmax_nary,
    )
}  # fmt: skip
each_graph = pytest.mark.parametrize("build", GRAPHS.values(), ids=GRAPHS)


def run(output):
    output.backward()
    return output


# What stands where, read from the markup.


class Box:
    def __init__(self, left, top, right, bottom):
        self.left, self.top, self.right, self.bottom = left, top, right, bottom
        self.x, self.y = (left + right) / 2, (top + bottom) / 2

    def __repr__(self):
        return f"Box({self.left:.0f}…{self.right:.0f}, {self.top:.0f}…{self.bottom:.0f})"

    def shrunk(self, by):
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by)

    def meets(self, other):
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def holds(self, other):
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def is_crossed(self, a, b):
        """Return whether the straight line from a to b runs through the box (Liang, Barsky)."""
        start, end = 0.0, 1.0
        for (p, q), low, high in zip(
            zip(a, b, strict=True), (self.left, self.top), (self.right, self.bottom), strict=True
        ):
            if p == q:
                if not low < p < high:
                    return False
                continue
            first, last = sorted(((low - p) / (q - p), (high - p) / (q - p)))
            start, end = max(start, first), min(end, last)
        return start < end


class Text(Box):
    def __init__(self, element):
        self.text, self.fill = element.text or "", element.get("fill")
        wide = text_width(self.text, bold=element.get("font-weight") == "bold")
        x, y = float(element.get("x")), float(element.get("y")) - 0.35 * theme.TEXT_SIZE
        left = x - wide / 2 if element.get("text-anchor") == "middle" else x
        half = theme.TEXT_SIZE / 2
        super().__init__(left, y - half, left + wide, y + half)

    def __repr__(self):
        return f"{self.text!r} in {super().__repr__()}"


class Seen:
    """The elements of a picture of a graph."""

    def __init__(self, picture):
        root = ElementTree.fromstring(picture.markup)
        self.root = root
        self.size = Box(0, 0, float(root.get("width")), float(root.get("height")))
        self.texts = [Text(e) for e in self._all("text")]
        rects = [(e, self._box(e)) for e in self._all("rect")]
        self.nodes = [box for e, box in rects if e.get("stroke")]
        self.chips = [box for e, box in rects if not e.get("stroke")]
        self.node_texts = [t for t in self.texts if any(same_place(t, n) for n in self.nodes)]
        self.shares = [t for t in self.texts if any(same_place(t, c) for c in self.chips)]
        inside = self.node_texts + self.shares
        self.labels = [t for t in self.texts if t not in inside]
        self.values = [t for t in self.labels if t.fill == theme.FORWARD]
        self.gradients = [t for t in self.labels if t.fill == theme.GRADIENT_TEXT]
        self.lines = [(e, self._points(e)) for e in self._all("polyline")]
        self.arrows = [(e, self._points(e)) for e in self._all("polygon")]

    def _all(self, name):
        return self.root.iter("{http://www.w3.org/2000/svg}" + name)

    def _box(self, element):
        x, y, w, h = (float(element.get(key)) for key in ("x", "y", "width", "height"))
        return Box(x, y, x + w, y + h)

    def _points(self, element):
        return [tuple(map(float, pair.split(","))) for pair in element.get("points").split()]

    def lines_of(self, colour):
        return [(e, points) for e, points in self.lines if e.get("stroke") == colour]

    def strokes(self):
        """Yield (a, b) of every straight stroke: of lines, and of the rims of arrowheads."""
        for element, points in self.lines:
            if element.get("stroke") != theme.HIGHLIGHT:
                yield from pairwise(points)
        for _, points in self.arrows:
            yield from pairwise([*points, points[0]])


def same_place(a, b):
    return abs(a.x - b.x) < 0.2 and abs(a.y - b.y) < 0.2


def assert_nothing_overlaps(picture):
    seen = Seen(picture)
    for a, b in combinations(seen.texts, 2):
        assert not a.meets(b), f"{a} meets {b}"
    for text in seen.texts:
        assert seen.size.holds(text), f"{text} leaves the picture {seen.size}"
    for node in seen.nodes:
        for text in seen.texts:
            own = same_place(text, node)
            assert node.holds(text) if own else not node.meets(text), f"{text} and {node}"
    for a, b in combinations(seen.nodes, 2):
        assert not a.meets(b), f"{a} meets {b}"
    assert_no_line_crosses(seen)


def assert_no_line_crosses(seen):
    for a, b in seen.strokes():
        for text in seen.labels:
            assert not text.is_crossed(a, b), f"{text} is crossed by {a} to {b}"
        for share in seen.shares:
            own = a[1] == b[1] and abs(abs(a[1] - share.y) - 4) < 0.2
            assert own or not share.is_crossed(a, b), f"{share} is crossed by {a} to {b}"
        for node in seen.nodes:
            assert not node.shrunk(7).is_crossed(a, b), f"{node} is crossed by {a} to {b}"
