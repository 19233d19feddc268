"""A picture says what its graph computed, the same way every time, and nothing in it overlaps."""

import hashlib
import math
import os
import re
import subprocess
import sys
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.graph import Variable, apply, topological_order
from course_utils.nodes import Add
from course_utils.pictures import Picture, draw, short, theme
from course_utils.pictures.figure import from_figure, new_figure
from course_utils.pictures.text import short_array
from course_utils.pictures.text import width as text_width
from course_utils.pictures.walk import Walk

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


@each_graph
@pytest.mark.parametrize("where", ["start", "middle", "result", "back", "end"])
def test_nothing_overlaps(build, where):
    output = run(build())
    last = Walk(output).last
    step = {"start": 0, "middle": last // 4, "result": last // 2, "back": 3 * last // 4}
    assert_nothing_overlaps(draw(output, step=step.get(where, last)))


@pytest.mark.parametrize("name", ["x" * 40, "이름이 긴 사과의 가격", "MMMM WWWW @@@@"])
def test_nothing_overlaps_with_wide_names(name):
    x = Variable(1234567, name)
    inner = named(x * Variable(-0.00012345, "short"), name)
    assert_nothing_overlaps(draw(run(named((inner + x) * 2, name))))


def test_a_highlight_stays_off_the_labels():
    z = run(fork())
    edges = [(v, slot) for v in topological_order(z) for slot in range(len(v.parents))]
    seen = Seen(draw(z, highlight=edges))
    marks = seen.lines_of(theme.HIGHLIGHT)
    assert len(marks) == len(edges)
    for element, points in marks:
        half = float(element.get("stroke-width")) / 2
        for a, b in pairwise(points):
            for text in seen.labels:
                grown = Box(text.left, text.top - half, text.right, text.bottom + half)
                assert not grown.is_crossed(a, b), text


@st.composite
def graphs(draw_one):
    """Graphs of up to 8 nodes, with forks, and numbers on either side of an operator."""
    pool = [
        Variable(draw_one(st.sampled_from([-2.5, 0, 1, 3, 12345.6])), name)
        for name in draw_one(st.lists(st.sampled_from(["x", "a long name", None]), min_size=1,
                                      max_size=3))
    ]  # fmt: skip
    for _ in range(draw_one(st.integers(1, 8))):
        a, b, c = (pool[draw_one(st.integers(0, len(pool) - 1))] for _ in range(3))
        makers = (
            lambda a, b, c: a + b, lambda a, b, c: a * b, lambda a, b, c: a - b,
            lambda a, b, c: 2 * a, lambda a, b, c: a * -0.5, lambda a, b, c: 1 - a,
            lambda a, b, c: a**2, lambda a, b, c: -a, lambda a, b, c: apply(Add(), a, b, c),
        )  # fmt: skip
        pool.append(draw_one(st.sampled_from(makers))(a, b, c))
    last = pool[-1]
    return named(last, draw_one(st.sampled_from([None, "result"])))


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(graphs(), st.floats(0, 1))
def test_nothing_overlaps_in_any_graph(output, part):
    run(output)
    assert_nothing_overlaps(draw(output))
    assert_nothing_overlaps(draw(output, step=round(part * Walk(output).last)))


# The numbers are the graph's.


@each_graph
def test_a_leaf_has_its_value_above_and_its_gradient_below(build):
    output = run(build())
    seen = Seen(draw(output))
    for leaf in [v for v in topological_order(output) if v.node is None and not v.is_constant]:
        (name,) = [text for text in seen.node_texts if text.text == leaf.name]
        above = [t for t in seen.values if abs(t.y - (name.y - 20)) < 0.2 and t.left > name.right]
        below = [t for t in seen.gradients if abs(t.y - name.y - 20) < 0.2 and t.left > name.right]
        assert min(above, key=lambda t: t.left).text == short(leaf.value)
        assert min(below, key=lambda t: t.left).text == short(leaf.grad)


@each_graph
def test_values_stand_above_solid_lines_and_gradients_below_dashed_ones(build):
    seen = Seen(draw(run(build())))
    sides = [(seen.values, theme.FORWARD, 1), (seen.gradients, theme.GRADIENT, -1)]
    for labels, colour, down in sides:
        level = [
            (a, b)
            for _, points in seen.lines_of(colour)
            for a, b in pairwise(points)
            if a[1] == b[1]
        ]
        for text in labels:
            spanning = [a[1] for a, b in level if min(a[0], b[0]) < text.x < max(a[0], b[0])]
            assert any(10 < down * (y - text.y) < 25 for y in spanning), text


@each_graph
def test_gradient_lines_are_dashed_and_point_backward(build):
    output = build()
    before = Seen(draw(output))
    assert not before.gradients and not before.shares
    assert not before.lines_of(theme.GRADIENT) and theme.GRADIENT_TEXT not in draw(output).markup
    seen = Seen(draw(run(output)))
    edges = len(Walk(output).forward)
    for colour, dashed, way in [(theme.FORWARD, False, 1), (theme.GRADIENT, True, -1)]:
        lines = seen.lines_of(colour)
        assert len(lines) > edges
        assert all((e.get("stroke-dasharray") is not None) is dashed for e, _ in lines)
        arrows = [points for e, points in seen.arrows if e.get("fill") == colour]
        assert len(arrows) == len(lines)
        for tip, *base in arrows:
            assert way * (tip[0] - sum(x for x, _ in base) / 2) > 0
        for _, points in lines:
            assert way * (points[-1][0] - points[0][0]) > 0
            assert any(math.dist(points[-1], tip) < 9 for tip, *_ in arrows)


def test_the_shares_of_a_fork_add_up_to_the_gradient_on_its_stem():
    z = run(fork())
    seen = Seen(draw(z))
    assert sorted(text.text for text in seen.shares) == ["3", "5"]
    (x, y) = sorted((t for t in seen.node_texts if t.text in "xy"), key=lambda t: t.text)
    totals = {n.text: t.text for n in (x, y) for t in seen.gradients if abs(t.y - n.y - 20) < 0.2}
    assert totals == {"x": "3", "y": "8"}


def test_a_share_stands_on_the_branch_it_came_back_over():
    seen = Seen(draw(run(sum_with_square())))
    place = {text.text: text.y for text in seen.shares}
    assert set(place) == {"6", "1"}
    (square,) = [text for text in seen.node_texts if text.text == "( )²"]
    (plus,) = [text for text in seen.node_texts if text.text == "+"]
    assert (place["6"] < place["1"]) is (square.y < plus.y)


@each_graph
def test_another_value_gives_another_picture(build):
    first, other = build(), build()
    leaf = next(v for v in topological_order(other) if v.name and v.node is None)
    leaf.value = leaf.value + 3
    assert draw(first).markup != draw(other).markup
    assert draw(first).alt != draw(other).alt


def test_values_in_between_carry_their_names_and_the_result_stands_at_the_end():
    seen = Seen(draw(squared_sum()))
    assert {t.text for t in seen.values} == {"3", "4", "t = 7", "49"}
    (name,) = [t for t in seen.labels if t.fill == theme.INK]
    assert name.text == "z" and name.left > max(t.right for t in seen.values)


# Steps.


def expected_labels(walk, step):
    """Count (values, gradients with shares) from what a walk is said to do."""
    count, edges = len(walk.forward), walk.forward
    uses = {edge.parent: sum(e.parent is edge.parent for e in edges) for edge in edges}
    gone = [edge.parent for edge in edges[: min(step, count)]]
    back = [edge.parent for edge in walk.backward[: max(0, step - count - 2)]]
    values = len(set(gone)) + (step > count)
    gradients = sum(back.count(v) == uses[v] for v in set(back)) + (step > count + 1)
    return values, gradients + sum(uses[v] > 1 for v in back)


@each_graph
def test_labels_appear_one_step_at_a_time(build):
    output = run(build())
    walk = Walk(output)
    edges = sum(not p.is_constant for v in topological_order(output) for p in v.parents)
    assert walk.last == 2 * edges + 2
    shown = []
    for step in range(walk.last + 1):
        seen = Seen(draw(output, step=step))
        assert (len(seen.values), len(seen.gradients) + len(seen.shares)) == expected_labels(
            walk, step
        )
        shown.append({(t.text, t.fill, t.x, t.y) for t in seen.values + seen.gradients})
        marks = len(seen.lines_of(theme.HIGHLIGHT))
        assert marks == (step not in (0, edges + 1, edges + 2))
        arrived = len(seen.lines_of(theme.QUIET))
        assert (arrived == 0) is (step > edges)
    assert all(before <= after for before, after in pairwise(shown))
    assert Seen(draw(output)).root.get("aria-label") == draw(output, step=walk.last).alt


def test_without_a_step_all_that_is_known_is_shown():
    z = fork()
    assert draw(z) == draw(z, step=5)
    whole, last = draw(run(z)), draw(z, step=10)
    assert whole.alt == last.alt
    marks = [line for line in last.markup.split("\n") if theme.HIGHLIGHT in line]
    assert whole.markup == last.markup.replace(marks[0] + "\n", "") and len(marks) == 1


@pytest.mark.parametrize("step", [11, -1, 1.5, True, False, "3", np.float64(2)])
def test_a_step_that_does_not_exist_is_refused(step):
    z = run(fork())
    with pytest.raises(ValueError, match="step: expected a whole number from 0 to 10, got") as why:
        draw(z, step=step)
    assert repr(step) in str(why.value)
    with pytest.raises(ValueError, match="from 0 to 10"):
        Walk(z).say(step)


@pytest.mark.parametrize("step", [6, 7, 10])
def test_a_backward_step_needs_backward_first(step):
    for refused in (lambda: draw(fork(), step=step), lambda: Walk(fork()).say(step)):
        with pytest.raises(ValueError, match=rf"step {step} shows gradients: call backward\(\)"):
            refused()


def test_every_step_of_a_fork_is_said():
    walk = Walk(run(fork()))
    assert [walk.say(step) for step in range(walk.last + 1)] == [
        "Step 0 of 10. The graph before anything is computed. Step forward.",
        "Step 1 of 10. Forward: x hands 2 to +.",
        "Step 2 of 10. Forward: y hands 3 to +. Now + has all it needs and gives 5.",
        "Step 3 of 10. Forward: the + node hands 5 to ×.",
        "Step 4 of 10. Forward: y hands 3 to ×. Now × has all it needs and gives 15.",
        "Step 5 of 10. The result is 15. Forward pass done.",
        "Step 6 of 10. Backward begins: if the result goes up by 1, the result goes up by 1.",
        "Step 7 of 10. Backward: × received 1, and sends 1 · 3 = 3 to the + node.",
        "Step 8 of 10. Backward: × received 1, and sends 1 · 5 = 5 to y.",
        "Step 9 of 10. Backward: + received 3, and sends 3 · 1 = 3 to x.",
        "Step 10 of 10. Backward: + received 3, and sends 3 · 1 = 3 to y.",
    ]


@each_graph
def test_what_a_step_says_is_true(build):
    output = run(build())
    walk = Walk(output)
    for step in range(walk.last + 1):
        words, edge = walk.say(step), walk.active(step)
        assert words.startswith(f"Step {step} of {walk.last}. ") and words.endswith(".")
        if edge is not None and step <= len(walk.forward):
            assert f"hands {short(edge.parent.value)} to" in words
            if "gives" in words:
                assert words.endswith(f"gives {short(edge.child.value)}.")
        elif edge is not None:
            sent, upstream = edge.child.sent[edge.slot], edge.child.grad
            assert f"received {short(upstream)}, and sends" in words
            assert f"{short(sent)} to" in words
            product = re.search(r"sends (\S+) · (\S+) =", words)
            assert bool(product) == bool(upstream != 0)
            if product:
                received, rate = (as_number(text.strip("()")) for text in product.groups())
                assert received * rate == pytest.approx(float(sent), rel=6e-3)


def as_number(text):
    return float(text.replace("−", "-").replace(",", ""))


def test_a_step_with_nan_or_inf_is_said_without_a_warning():
    x, y = Variable(math.inf, "x"), Variable(0, "y")
    walk = Walk(run(x * y * x))
    assert all(walk.say(step) for step in range(walk.last + 1))


# Words, names and numbers.


@each_graph
def test_the_alternative_text_names_every_input(build):
    output = run(build())
    leaves = [v for v in topological_order(output) if v.node is None and not v.is_constant]
    alt = draw(output).alt
    inputs, gradients = alt.partition(" Forward: ")[0], alt.partition(" Gradients: ")[2]
    for leaf in leaves:
        assert f"{leaf.name} {short(leaf.value)}" in inputs.rstrip(".").partition(": ")[2].split(
            ", "
        )
        assert f"{leaf.name} {short(leaf.grad)}" in gradients.rstrip(".").split(", ")
    middle = draw(output, step=Walk(output).last // 2).alt
    assert "Gradients" not in middle and f"{short(output.value)}." in middle
    assert "Forward" not in draw(output, step=0).alt


def test_the_alternative_text_of_the_apples():
    assert draw(run(apple())).alt == (
        "Computation graph. Inputs: apple price 100, apple count 2, tax 1.1. "
        "Forward: × of apple price 100 and apple count 2 gives 200; "
        "× of the × node 200 and tax 1.1 gives total = 220. "
        "Gradients: total 1, tax 200, the × node (200) 1.1, apple count 110, apple price 2.2."
    )


def test_a_gradient_is_said_once_it_is_whole():
    z = run(fork())
    said = [draw(z, step=step).alt.partition("Gradients: ")[2] for step in range(6, 11)]
    assert said == [
        "the × node (15) 1.",
        "the × node (15) 1, the + node (5) 3.",
        "the × node (15) 1, the + node (5) 3.",
        "the × node (15) 1, the + node (5) 3, x 3.",
        "the × node (15) 1, the + node (5) 3, y 8, x 3.",
    ]


@pytest.mark.parametrize("name", ["a<b", "R&D", "it's", 'say "x"', "</svg><script>", "사과 값"])
def test_names_are_escaped(name):
    z = named(named(Variable(1, name) * 2, name) + 1, name)
    picture = draw(run(z))
    seen = Seen(picture)  # parses
    assert sum(name in text.text for text in seen.texts) == 3
    assert seen.root.get("aria-label") == picture.alt
    assert f"{name} 1" in picture.alt and "<script>" not in picture.markup


@pytest.mark.parametrize(
    "value, text", [(math.nan, "nan"), (math.inf, "∞"), (-math.inf, "−∞"), (-0.0, "0")]
)
def test_unusual_values_draw(value, text):
    seen = Seen(draw(run(Variable(value, "x") + Variable(1, "y"))))
    assert text in {t.text for t in seen.values}


@pytest.mark.parametrize(
    "number, text",
    [
        (0, "0"), (1, "1"), (-1, "−1"), (7, "7"), (-0.0, "0"), (True, "1"),
        (715.0000000000001, "715"), (0.1 + 0.2, "0.3"), (1234567.8, "1,234,568"),
        (-1234.5678, "−1,235"), (3.14159, "3.142"), (12.345678, "12.35"), (0.012345, "0.01235"),
        (999.94, "999.9"), (999.96, "1,000"), (9.9996, "10"), (0.99996, "1"), (9999.5, "10,000"),
        (99999.5, "100,000"), (999999.6, "1,000,000"), (0.00999999, "0.01"), (0.0099949, "0.00999"),
        (0.00816257, "0.00816"), (0.0001, "0.0001"), (9.999e-5, "0.0001"), (9.99e-5, "9.99e−5"),
        (5.5e-5, "5.5e−5"), (999999999, "999,999,999"), (999999999.7, "1e9"), (1e9, "1e9"),
        (-2.5e12, "−2.5e12"), (1e-300, "1e−300"), (5e-324, "4.94e−324"), (1.7e308, "1.7e308"),
        (math.nan, "nan"), (math.inf, "∞"), (-math.inf, "−∞"), (np.float32(0.1), "0.1"),
        (np.float32(1 / 3), "0.3333"), (np.array(2.5), "2.5"), (np.int64(12), "12"),
        (100, "100"), (10.0, "10"), (20000, "20,000"),
    ],
)  # fmt: skip
def test_short(number, text):
    assert short(number) == text


@given(st.floats(-1e307, 1e307))
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_short_is_near_its_number(number):
    text = short(number).replace("−", "-").replace(",", "")
    assert math.isclose(float(text), number, rel_tol=6e-3 if abs(number) < 0.01 else 5.1e-3)
    if 0.01 <= abs(number) < 1e9:
        assert math.isclose(float(text), number, rel_tol=5.1e-4)
    assert len(short(number)) <= 12


@pytest.mark.parametrize(
    "value, text",
    [
        ([1, 2.5], "[1, 2.5]"), ([-1, 0, math.inf], "[−1, 0, ∞]"), ([1, 2, 3, 4], "4 array"),
        (np.ones((2, 3)), "2×3 array"), ([], "0 array"), (np.ones((1, 1, 1)), "1×1×1 array"),
    ],
)  # fmt: skip
def test_arrays_are_shown_by_shape(value, text):
    assert short_array(value) == text
    if np.size(value):
        total = Variable(value, "X") * 2.0
        total.backward(np.ones(np.shape(value)))
        picture = draw(total)
        assert f"X {text}" in picture.alt
        assert text in {t.text for t in Seen(picture).values}
        assert_nothing_overlaps(picture)


def test_a_picture_is_as_wide_as_its_letters():
    """No text is wider than thought by more than the clear space about it: measured in its font."""
    from matplotlib import get_data_path
    from matplotlib.ft2font import FT2Font

    fonts = Path(get_data_path()) / "fonts" / "ttf"
    faces = [("DejaVuSans.ttf", False), ("DejaVuSans-Bold.ttf", True)]
    words = "−0.00825 4.07e−5 1,234,568 ×(−1) exp [1,2.5,3] total MMWW mmm nan ∞ 1/x log ( )²"
    for file, bold in faces:
        font = FT2Font(fonts / file)
        font.set_size(theme.TEXT_SIZE, 72)
        for word in [*words.split(" "), "−1.5e−300", "orange count"]:
            font.set_text(word)
            assert font.get_width_height()[0] / 64 <= text_width(word, bold) + 4, word


# Unusual graphs.


@pytest.mark.parametrize("name", ["x", None, "a" * 40])
def test_a_single_variable(name):
    x = Variable(3, name)
    assert [t.text for t in Seen(draw(x)).values] == ["3"]
    assert [len(Seen(draw(x, step=step)).values) for step in (0, 1)] == [0, 1]
    run(x)
    assert [t.text for t in Seen(draw(x)).gradients] == ["1"]
    assert_nothing_overlaps(draw(x))
    assert Walk(x).last == 2 and all(Walk(x).say(step) for step in range(3))


def test_unnamed_inputs():
    z = run(Variable(2) * Variable(3))
    seen = Seen(draw(z))
    assert len(seen.nodes) == 1 and {t.text for t in seen.values} == {"2", "3", "6"}
    assert "an input 2, an input 3" in draw(z).alt
    assert_nothing_overlaps(draw(z))


def test_a_chain_of_60_nodes():
    seen = Seen(draw(run(chain_of_60())))
    assert len(seen.nodes) == 61 and len({node.y for node in seen.nodes}) == 1
    assert seen.values[-1].text == "61"


@pytest.mark.parametrize("number", [-2, 2])
def test_a_plain_number_is_written_into_its_node(number):
    texts = [t.text for t in Seen(draw(number * Variable(3, "x"))).node_texts]
    assert texts == ["x", "×2" if number == 2 else "×(−2)"]


@pytest.mark.parametrize("wrong", [3, None, "x", np.ones(2)])
def test_only_a_variable_can_be_drawn(wrong):
    with pytest.raises(TypeError, match="draw: expected a Variable, got"):
        draw(wrong)


# The same bytes, and a picture as a value.


def fingerprint():
    pictures = [draw(run(build())) for build in GRAPHS.values()]
    pictures += [draw(run(build()), step=5, room=7) for build in GRAPHS.values()]
    return hashlib.sha256("".join(p.markup + p.alt for p in pictures).encode()).hexdigest()


def test_the_same_graph_gives_the_same_bytes_in_another_process():
    code = f"import runpy; print(runpy.run_path({str(Path(__file__))!r})['fingerprint']())"
    other = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-c", code], env=other, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == fingerprint()


def test_drawing_changes_nothing():
    z = run(fork())
    before = [(v.name, float(v.value), float(v.grad)) for v in topological_order(z)]
    assert draw(z) == draw(z)
    assert before == [(v.name, float(v.value), float(v.grad)) for v in topological_order(z)]


def test_a_picture_keeps_still_while_its_numbers_change():
    def places(x):
        y = Variable(3, "y")
        seen = Seen(draw(run((Variable(x, "x") + y) * y), room=6))
        return [seen.size.right, *((n.x, n.y) for n in seen.nodes)]

    assert all(places(x) == places(0) for x in (-5, 1.25, 99.99, -120, 12345))


def test_the_widest_graph_is_legible_on_a_page_of_1280_px():
    assert theme.TEXT_SIZE * min(1, 1280 / Seen(draw(run(softmax_nary()))).size.right) >= 13


def test_a_picture_shows_itself_with_its_words():
    picture = draw(apple())
    assert picture._repr_mimebundle_() == {"text/html": picture.markup, "text/plain": picture.alt}
    root = Seen(picture).root
    assert root.get("role") == "img" and root.get("aria-label") == picture.alt
    told = picture.with_caption("a < b")
    assert told.alt == f"{picture.alt} a < b" and told.markup.endswith(">a &lt; b</p>")


@cache
def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a, b):
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


@each_graph
def test_text_stands_out_from_what_it_stands_on(build):
    output = run(build())
    edges = [(v, slot) for v in topological_order(output) for slot in range(len(v.parents))]
    picture = draw(output, highlight=edges)
    seen = Seen(picture)
    fills = {e.get("fill") for e in seen._all("rect")}
    assert fills <= {theme.INPUT_FILL, theme.NODE_FILL, theme.PAPER}
    assert all(contrast(theme.INK, fill) >= 4.5 for fill in fills)
    assert {t.fill for t in seen.node_texts} == {theme.INK}
    assert all(contrast(t.fill, theme.PAPER) >= 4.5 for t in seen.labels + seen.shares)
    assert all(contrast(c, theme.PAPER) >= 3 for c in (theme.FORWARD, theme.GRADIENT, theme.QUIET))


# Figures.


def parabola():
    figure, axes = new_figure(6, 3)
    t = np.linspace(-3, 3, 50)
    axes.plot(t, t**2)
    axes.plot(t, 4 * t - 4)
    axes.set(xlabel="t", ylabel="z")
    return figure


def test_a_figure_becomes_text_in_the_theme():
    picture = from_figure(parabola(), "z = t² with its tangent at 2, of slope 4 <")
    root = ElementTree.fromstring(picture.markup.replace("xlink:href", "href"))
    assert root.get("role") == "img" and root.get("aria-label") == picture.alt
    assert isinstance(picture, Picture) and picture.alt.endswith("slope 4 <")
    markup = picture.markup.lower()
    assert theme.FORWARD.lower() in markup and theme.GRADIENT.lower() in markup
    assert "stroke-dasharray" in markup and "<text" not in markup and "<dc:date" not in markup
    assert picture.markup.startswith("<svg ") and picture.markup.rstrip().endswith("</svg>")


def test_the_same_figure_gives_the_same_bytes():
    assert from_figure(parabola(), "a").markup == from_figure(parabola(), "a").markup


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_a_figure_needs_alternative_text(alt):
    with pytest.raises(ValueError, match="alternative text"):
        from_figure(parabola(), alt)


def test_a_figure_of_pyplot_is_closed():
    from matplotlib import pyplot

    pyplot.switch_backend("agg")
    figure, axes = pyplot.subplots()
    axes.plot([1, 2])
    from_figure(figure, "a line")
    assert not pyplot.fignum_exists(figure.number)


def test_pictures_of_graphs_do_not_wait_for_matplotlib():
    code = (
        "import sys; from course_utils.graph import Variable; from course_utils.pictures import "
        "draw; draw(Variable(1)); assert 'matplotlib' not in sys.modules"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
