"""An activation (lesson 05): its curve with a tangent, its slope, and what it sends back."""

from functools import cache
from itertools import count

import numpy as np

from course_utils.explorers.explorer import Explorer, choice, slider
from course_utils.graph import Variable, apply
from course_utils.nodes import ReLU, Sigmoid
from course_utils.pictures import draw, theme
from course_utils.pictures.axes import Axes
from course_utils.pictures.picture import inside, label, svg
from course_utils.pictures.text import short

FUNCTIONS = {"sigmoid": Sigmoid, "ReLU": ReLU}
REACH = 8
HALVES = np.linspace(-REACH, 0, 81), np.linspace(1e-9, REACH, 81)  # ReLU's slope jumps between
LEFT, WIDE = 70, 420
UPPER = LEFT, 44, WIDE, 140, (-REACH, REACH)
VALUES = {
    "sigmoid": Axes(*UPPER, (-0.1, 1.1), y_ticks=(0, 0.5, 1), y_name="y"),
    "ReLU": Axes(*UPPER, (-0.8, 8.8), y_ticks=(0, 4, 8), y_name="y"),
}
SLOPES = Axes(
    LEFT, 234, WIDE, 120, (-REACH, REACH), (-0.1, 1.1), x_ticks=(-8, -4, 0, 4, 8),
    y_ticks=(0, 0.25, 1), x_name="x", y_name="slope",
)  # fmt: skip
NOTES = {  # on the curve of the slope: (x, words, px down)
    "sigmoid": [(0, "largest slope", -26)],
    "ReLU": [(-4, "slope", -24), (4, "slope", 26)],
}
GRAPH = 512, 150  # px: its corner
MIDDLE = 740  # px
LITTLE = 0.01  # of a gradient, after so many nodes in a row


def picture(x, upstream=1.0, function="sigmoid"):
    """Return an activation's curve with the tangent at x, over its slope, beside its graph.

    Raises:
        ValueError: the function is none of FUNCTIONS, or x is not between -8 and 8.
    """
    if function not in FUNCTIONS:
        expected = " or ".join(FUNCTIONS)
        raise ValueError(f"activation.picture: expected {expected}, got {function!r}")
    if not -REACH <= x <= REACH:
        raise ValueError(f"activation.picture: expected x from -{REACH} to {REACH}, got {x!r}")
    y = compute(x, upstream, function)
    slope = _slopes(function, x).item()
    graph = draw(y, room=9)
    at_x = _at(function, x, y.value.item(), slope)
    parts = [*_curves(function), *at_x, inside(graph, *GRAPH), *_computed(y, slope)]
    words = f"{_said(y, slope)} {_verdict(function, x, slope)}"
    return svg(1000, 420, parts, _in_words(function, graph.alt)).with_caption(words)


def explore():
    """Return the explorer: the function, x and the upstream gradient."""
    controls = {
        "function": choice("function", FUNCTIONS, "sigmoid"),
        "x": slider("x", 2.0, -8.0, 8.0, 0.25),
        "upstream": slider("upstream", 1.0, -2.0, 2.0, 0.25),
    }
    return Explorer(picture, controls)


def compute(x, upstream, function):
    """Return y = function(x) as a graph with its gradients."""
    y = apply(FUNCTIONS[function](), Variable(x, "x"))
    y.name = "y"
    y.backward(upstream)
    return y


def _slopes(function, xs):
    """The local derivatives: what comes back for an upstream gradient of 1."""
    node = FUNCTIONS[function]()
    return node.backward(np.ones_like(node.forward(xs)))


@cache
def _curves(function):
    """What stands still: both axes, the curves, and words on the slope."""
    values = VALUES[function]
    parts = [*values.frame(), *SLOPES.frame()]
    for xs in HALVES:
        ys = FUNCTIONS[function]().forward(xs)
        parts.append(values.curve(xs, ys, theme.FORWARD, stroke_width=4))
        parts.append(
            SLOPES.curve(xs, _slopes(function, xs), theme.GRADIENT, stroke_dasharray=theme.DASH)
        )
    return parts + [_note(function, *note) for note in NOTES[function]]


def _note(function, x, words, down):
    slope = _slopes(function, x).item()
    return SLOPES.text(x, slope, f"{words} {short(slope)}", theme.GRADIENT_TEXT, (0, down))


def _at(function, x, y, slope):
    """What moves with x: the tangent and both dots."""
    values = VALUES[function]
    tangent = f"tangent: slope {short(slope)}"
    return [
        values.through(x, y, slope, theme.GRADIENT, stroke_dasharray=theme.DASH),
        values.point(x, y),
        SLOPES.point(x, slope),
        label(LEFT + WIDE, 20, tangent, theme.GRADIENT_TEXT, anchor="end", font_weight="bold"),
    ]


def _computed(y, slope):
    """What the graph's node computes: forward above it, and backward below."""
    forward = f"{y.node.symbol}({short(y.parents[0].value)}) = {short(y.value)}"
    return [
        label(MIDDLE, GRAPH[1] - 40, forward, theme.FORWARD),
        label(MIDDLE, GRAPH[1] + 136, _product(y, slope), theme.GRADIENT_TEXT, font_weight="bold"),
    ]


def _product(y, slope):
    return f"{short(y.grad)} · {short(slope)} = {short(y.parents[0].grad)}"


def _in_words(function, graph):
    return (
        f"Left: the curve of {function} over x from -{REACH} to {REACH} with its tangent at x, "
        f"and below it the slope, dashed. Right: its graph. {graph}"
    )


def _said(y, slope):
    return (
        f"x = {short(y.parents[0].value)}: y = {short(y.value)}, slope {short(slope)}. "
        f"The node receives {short(y.grad)} and sends back {_product(y, slope)}."
    )


def _verdict(function, x, slope):
    """Say what is left of a gradient after many such nodes, or how ReLU's switch stands."""
    if function == "ReLU":
        return _switch(x, slope)
    nodes = next(n for n in count(1) if slope**n < LITTLE)
    such = "One such node leaves" if nodes == 1 else f"{nodes} such nodes in a row leave"
    return f"{such} less than 1 % of a gradient."


def _switch(x, slope):
    if slope:
        return "The switch is closed: the gradient goes through unchanged."
    at_zero = "At x = 0 the slope is taken as 0. " if x == 0 else ""
    return f"{at_zero}The switch is open: nothing goes back."
