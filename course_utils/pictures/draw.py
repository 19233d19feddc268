"""``draw(output)``: the picture of a graph, from the live values it computed."""

from itertools import pairwise

import numpy as np

from course_utils.pictures import theme
from course_utils.pictures.layout import (
    NODE_HEIGHT,
    cut,
    is_folded,
    lay_out,
    node_text,
    share_text,
    value_text,
)
from course_utils.pictures.picture import arrowhead, label, line, svg, tag
from course_utils.pictures.text import short_array, width
from course_utils.pictures.walk import Walk, name_of

RECORD = ("value", "name", "grad", "node", "parents", "sent")  # what a drawn value remembers
APART = 4  # half the distance between an edge's forward and its backward line
LABEL = APART + 16  # a label's centre above or below a stem
MARKED = 18  # the width of a highlight, which stays clear of the labels
TIP = 8  # how far a line stops short of its arrow's tip


def draw(output, step=None, highlight=(), room=5, since=()):
    """Return the Picture of the graph that ends in ``output``.

    Values stand above the edges and gradients, once there are any, below. Where a value is used
    more than once, its stem carries the sum and each branch the share that came back over it, as
    the last backward pass left them. Where a picture shows some of the uses, the sum still is that
    of all.

    Args:
        output: a Variable, the graph's last value; a list of several for a graph that ends in
            several.
        step: how far a walk has come (see ``Walk``); everything that is known unless given.
        highlight: edges to mark, as ``(child, slot)`` pairs; with a step, its own edge is.
        room: how many characters every label has room for, to keep a changing picture still.
        since: values at which the picture begins, to draw a wide graph in parts.

    Raises:
        TypeError: an output is not a Variable.
        ValueError: there is no output, a value of ``since`` is not in its graph, or the step
            does not exist, or needs a backward pass first.
    """
    outputs, since = _variables(output), _variables(since)
    if not outputs:
        raise ValueError("draw: expected at least one output, got none")
    copies = cut(outputs, since)
    if not copies.keys() >= set(since):
        raise ValueError("draw: a value of since does not stand in the graph of the output")
    walk = Walk(*(copies[end] for end in outputs))
    active = None
    if step is not None:
        walk.check(step)
        active = walk.active(step)
    step = walk.whole() if step is None else step
    marked = {(copies.get(child), slot) for child, slot in highlight}
    if active:
        marked.add((active.child, active.slot))
    layout = lay_out(walk.drawn, walk.forward, room)
    parts = drawn(layout, walk, step, marked)
    return svg(layout.width, layout.height, parts, describe(walk, step))


def _variables(given):
    """Return one Variable or several as a list; lesson 14's own ones count as well."""
    found = list(given) if np.iterable(given) else [given]
    for one in found:
        if not all(hasattr(one, name) for name in RECORD):
            raise TypeError(f"draw: expected a Variable, got {type(one).__name__}")
    return found


def describe(walk, step):
    """Return the graph in words: its inputs, what each node gave, and each gradient."""
    leaves = [v for v in walk.drawn if v.node is None]
    text = "Computation graph. Inputs: " + ", ".join(map(_with_value, leaves)) + "."
    reached = {e.child for e in walk.values(step)} - {e.child for e in walk.forward[step:]}
    done = [v for v in walk.drawn if v in reached]
    if done:
        text += " Forward: " + "; ".join(_computed(v) for v in done) + "."
    if step > walk.result_step:
        waiting = {e.parent for e in walk.backward} - walk.settled(step)
        known = [v for v in reversed(walk.drawn) if v not in waiting]
        said = (f"{_name_or_node(v)} {short_array(v.grad)}" for v in known)
        text += " Gradients: " + ", ".join(said) + "."
    return text


def _with_value(variable):
    return f"{name_of(variable)} {short_array(variable.value)}"


def _name_or_node(variable):
    if variable.name is not None or variable.node is None:
        return name_of(variable)
    return f"{name_of(variable)} ({short_array(variable.value)})"


def _computed(variable):
    inputs = " and ".join(_with_value(p) for p in variable.parents if not is_folded(p))
    named = "" if variable.name is None else f"{variable.name} = "
    return f"{node_text(variable)} of {inputs} gives {named}{short_array(variable.value)}"


def drawn(layout, walk, step, marked):
    """Return the parts of the picture of a walk's step: edges first, then what stands on them.

    Args:
        layout: where everything stands.
        walk: what has gone along the edges by this step.
        step: how far it has come.
        marked: edges to mark, as ``(child, slot)`` pairs.
    """
    valued, returned = set(walk.values(step)), set(walk.gradients(step))
    settled = walk.settled(step)
    parts = []
    for edge, path in layout.paths.items():
        route = _route(layout, edge, path)
        if (edge.child, edge.slot) in marked:
            parts.append(line(route, theme.HIGHLIGHT, stroke_width=MARKED, stroke_linecap="round"))
        parts += _edge(route, edge in valued, edge in returned)
    for variable, uses in layout.uses.items():
        has_value = any(e in valued for e in uses) if uses else step >= walk.result_step
        has_gradient = variable in settled if uses else step > walk.result_step
        parts += _stem(layout, variable, has_value, has_gradient)
        parts += _node(layout, variable)
    forked = (e for e in layout.paths if e in returned and layout.is_fork(e.parent))
    return parts + [_share(layout, edge) for edge in forked]


def _route(layout, edge, path):
    """The points an edge runs through, from its parent's node or fork to its child's rim."""
    start, end = layout.stem(edge.parent)
    y = layout.y[edge.parent]
    points = [(end, y)] if layout.is_fork(edge.parent) else [(start, y), (end, y)]
    for waypoint in path[1:-1]:
        at = layout.y[waypoint]
        points += [(layout.left[waypoint.layer], at), (layout.stem_end[waypoint.layer], at)]
    x, y = layout.centre(edge.child)
    rim = NODE_HEIGHT / 2
    cap = (x - layout.box[edge.child] / 2 + rim, y)
    dx, dy = _direction(points[-1], cap)
    return [*points, (cap[0] - (rim + 2) * dx, cap[1] - (rim + 2) * dy)]


def _edge(route, has_value, has_gradient):
    """An edge's two lines: forward above, and backward below once a gradient came back."""
    colour = theme.FORWARD if has_value else theme.QUIET
    parts = _arrow(_beside(route, APART), colour)
    return parts + _backward(route) if has_gradient else parts


def _backward(route):
    """The dashed line of a gradient, with its arrow at the start of the route."""
    return _arrow(_beside(route, -APART)[::-1], theme.GRADIENT, stroke_dasharray=theme.DASH)


def _arrow(points, colour, **attributes):
    direction = _direction(points[-2], points[-1])
    (x, y), (dx, dy) = points[-1], direction
    shaft = [*points[:-1], (x - TIP * dx, y - TIP * dy)]
    return [line(shaft, colour, **attributes), arrowhead(points[-1], direction, colour)]


def _beside(points, distance):
    """Return the points of a line so far to the left of the one given, as one walks along it."""
    ways = [_direction(a, b) for a, b in pairwise(points)]
    moved = []
    for (x, y), (ax, ay), (bx, by) in zip(points, [ways[0], *ways], [*ways, ways[-1]], strict=True):
        scale = distance / (1 + ax * bx + ay * by)  # to the corner of the two lines moved
        moved.append((x + scale * (ay + by), y - scale * (ax + bx)))
    return moved


def _stem(layout, variable, has_value, has_gradient):
    """The labels of a value's stem, and its lines where no single edge draws them."""
    start, end = layout.stem(variable)
    y = layout.y[variable]
    parts = []
    is_result = layout.is_result(variable)
    if is_result or layout.is_fork(variable):
        route = [(start, y), (end, y)]
        parts += _edge(route, has_value, has_gradient)
    if is_result and variable.name:
        parts.append(label(end + 10, y, variable.name, anchor="start", font_weight="bold"))
    if layout.is_fork(variable):
        parts.append(tag("circle", cx=end, cy=y, r=7, fill=theme.INK))
    return parts + _labels(layout, variable, (start + end) / 2, has_value, has_gradient)


def _labels(layout, variable, x, has_value, has_gradient):
    """The value above a stem and the gradient below it."""
    y, parts = layout.y[variable], []
    if has_value:
        text = value_text(variable, layout.is_result(variable))
        parts.append(label(x, y - LABEL, text, theme.FORWARD))
    if has_gradient:
        text = short_array(variable.grad)
        parts.append(label(x, y + LABEL, text, theme.GRADIENT_TEXT, font_weight="bold"))
    return parts


def _node(layout, variable):
    """A node's circle with its symbol, or an input's box with its name."""
    (x, y), wide = layout.centre(variable), layout.box[variable]
    if variable.node is None and not variable.name:
        return [tag("circle", cx=x, cy=y, r=7, fill=theme.FORWARD)]
    is_input = variable.node is None
    height = 36 if is_input else NODE_HEIGHT
    box = tag(
        "rect", x=x - wide / 2, y=y - height / 2, width=wide, height=height,
        rx=6 if is_input else height / 2, fill=theme.INPUT_FILL if is_input else theme.NODE_FILL,
        stroke=theme.INK, stroke_width=1.5,
    )  # fmt: skip
    return [box, label(x, y, node_text(variable))]


def _share(layout, edge):
    """The share of a gradient that came back over one branch of a fork."""
    (x, y), wide, height = share_box(layout, edge)
    box = tag("rect", x=x - wide / 2, y=y - height / 2, width=wide, height=height, rx=4,
              fill=theme.PAPER)  # fmt: skip
    return box + label(x, y, share_text(edge), theme.GRADIENT_TEXT, font_weight="bold")


def share_box(layout, edge):
    """Return the centre, the width and the height of the share on one branch of a fork."""
    waypoint = layout.paths[edge][1]
    x = (layout.left[waypoint.layer] + layout.stem_end[waypoint.layer]) / 2
    wide = width(share_text(edge), bold=True) + 6
    return (x, layout.y[waypoint]), wide, theme.TEXT_SIZE + 3


def _direction(start, end):
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    return dx / length, dy / length
