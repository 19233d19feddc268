"""``draw(output)``: the picture of a graph, from the live values it computed."""

from course_utils.graph import Variable, topological_order
from course_utils.pictures import theme
from course_utils.pictures.layout import (
    NODE_HEIGHT,
    is_folded,
    lay_out,
    node_text,
    node_width,
    value_text,
)
from course_utils.pictures.picture import arrowhead, label, line, svg, tag
from course_utils.pictures.text import short_array
from course_utils.pictures.walk import Walk, name_of

APART = 4  # half the distance between an edge's forward and its backward line
LABEL = APART + 15  # a label's centre above or below a stem


def draw(output, step=None, highlight=(), room=5):
    """Return the Picture of the graph that ends in ``output``.

    Values stand above the edges and gradients, once there are any, below. Where a value is used
    more than once, its stem carries the sum and each branch the share that came back over it.

    Args:
        output: a Variable, the graph's last value.
        step: how far a walk has come (see ``Walk``); everything that is known unless given.
        highlight: edges to mark, as ``(child, slot)`` pairs; with a step, its own edge is.
        room: how many characters every label has room for, to keep a changing picture still.

    Raises:
        TypeError: ``output`` is not a Variable.
        ValueError: the step does not exist, or needs a backward pass first.
    """
    if not isinstance(output, Variable):
        raise TypeError(f"draw: expected a Variable, got {type(output).__name__}")
    walk = Walk(output)
    active = walk.active(step) if step is not None else None
    step = walk.whole() if step is None else step
    walk.check(step)
    layout = lay_out(output, room)
    marked = set(highlight) | ({(active.child, active.slot)} if active else set())
    valued, returned = set(walk.values(step)), set(walk.gradients(step))
    parts = []
    for edge in layout.edges:
        is_marked = (edge.child, edge.slot) in marked
        parts += _edge(layout, edge, edge in valued, edge in returned, is_marked)
    for variable in layout.variables():
        uses = layout.uses(variable)
        if uses:
            parts += _stem(
                layout, variable, any(e in valued for e in uses), all(e in returned for e in uses)
            )
        elif variable is output:
            parts += _result(layout, variable, step >= walk.result_step, step > walk.result_step)
        parts += _node(layout, variable)
    parts += [_share(layout, e) for e in layout.edges if e in returned and layout.is_fork(e.parent)]
    return svg(layout.width, layout.height, parts, describe(output, step))


def describe(output, step=None):
    """Return the graph in words: its inputs, what each node gave, and each gradient."""
    walk = Walk(output)
    step = walk.whole() if step is None else step
    order = [v for v in topological_order(output) if not is_folded(v)]
    leaves = [v for v in order if v.node is None]
    text = "Computation graph. Inputs: " + ", ".join(map(_with_value, leaves)) + "."
    reached = {edge.child for edge in walk.values(step)} - {e.child for e in walk.forward[step:]}
    done = [v for v in order if v in reached]
    if done:
        text += " Forward: " + "; ".join(_computed(v) for v in done) + "."
    back = walk.gradients(step)
    if step > walk.result_step:
        waiting = {edge.parent for edge in walk.backward[len(back) :]}
        known = [v for v in reversed(order) if v not in waiting]
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


def _stem(layout, variable, has_value, has_gradient):
    """The level part of a value's line, with its labels; a dot where it forks."""
    start = layout.centre(variable)[0] + node_width(variable) / 2
    end, y = layout.stem_end[layout.layer[variable]], layout.y[variable]
    parts = []
    if layout.is_fork(variable):
        parts.append(line([(start, y - APART), (end, y - APART)], _forward_colour(has_value)))
        if has_gradient:
            parts += _backward_line([(start, y + APART), (end, y + APART)])
        parts.append(tag("circle", cx=end, cy=y, r=7, fill=theme.INK))
    return parts + _labels(variable, _middle(layout, variable), y, has_value, has_gradient)


def _middle(layout, variable):
    """Where a stem's labels stand: in the middle of its level line."""
    start = layout.centre(variable)[0] + node_width(variable) / 2
    end = layout.stem_end[layout.layer[variable]]
    uses = layout.uses(variable)
    if len(uses) == 1 and len(layout.via(uses[0])) == 2:
        (x, y) = layout.centre(uses[0].child)
        end = x - node_width(uses[0].child) / 2 if y == layout.y[variable] else end
    return (start + end) / 2


def _result(layout, variable, has_value, has_gradient):
    """The last value's line, and its name."""
    start = layout.centre(variable)[0] + node_width(variable) / 2
    end, y = layout.stem_end[layout.layer[variable]], layout.y[variable]
    if variable.node is None:
        return _labels(variable, (start + end) / 2, y, has_value, has_gradient)
    colour = _forward_colour(has_value)
    parts = [line([(start, y - APART), (end - 8, y - APART)], colour)]
    parts.append(arrowhead((end, y - APART), (1, 0), colour))
    if has_gradient:
        parts += _backward_line([(start, y + APART), (end, y + APART)])
    if variable.name:
        parts.append(label(end + 10, y, variable.name, anchor="start", font_weight="bold"))
    value = _labels(variable, (start + end) / 2, y, has_value, has_gradient, is_output=True)
    return parts + value


def _labels(variable, x, y, has_value, has_gradient, is_output=False):
    parts = []
    if has_value:
        parts.append(label(x, y - LABEL, value_text(variable, is_output), theme.FORWARD))
    if has_gradient:
        grad = short_array(variable.grad)
        parts.append(label(x, y + LABEL, grad, theme.GRADIENT_TEXT, font_weight="bold"))
    return parts


def _node(layout, variable):
    """A node's circle with its symbol, or an input's box with its name."""
    (x, y), width = layout.centre(variable), node_width(variable)
    if variable.node is None and not variable.name:
        return [tag("circle", cx=x, cy=y, r=7, fill=theme.FORWARD)]
    is_input = variable.node is None
    height = 36 if is_input else NODE_HEIGHT
    box = tag(
        "rect", x=x - width / 2, y=y - height / 2, width=width, height=height,
        rx=6 if is_input else height / 2, fill=theme.INPUT_FILL if is_input else theme.NODE_FILL,
        stroke=theme.INK, stroke_width=1.5,
    )  # fmt: skip
    return [box, label(x, y, node_text(variable))]


def _edge(layout, edge, has_value, has_gradient, is_marked):
    """An edge's two lines: forward above, and backward below once a gradient came back."""
    route = _route(layout, edge)
    parts = []
    if is_marked:
        parts.append(line(route, theme.HIGHLIGHT, stroke_width=26, stroke_linecap="round"))
    colour = _forward_colour(has_value)
    forward = [(x, y - APART) for x, y in route]
    direction = _direction(forward[-2], forward[-1])
    (x, y), (dx, dy) = forward[-1], direction
    parts.append(line([*forward[:-1], (x - 8 * dx, y - 8 * dy)], colour))
    parts.append(arrowhead(forward[-1], direction, colour))
    if has_gradient:
        parts += _backward_line([(x, y + APART) for x, y in route])
    return parts


def _backward_line(points):
    """A dashed line, drawn from its last point back to its first, where the arrow is."""
    (x, y), second = points[0], points[1]
    dx, dy = _direction(second, (x, y))
    parts = [line([(x - 8 * dx, y - 8 * dy), *points[1:]], theme.GRADIENT, stroke_dasharray="7 5")]
    return [*parts, arrowhead((x, y), (dx, dy), theme.GRADIENT)]


def _route(layout, edge):
    """The points an edge runs through, from its parent's node or fork to its child's rim."""
    parent, child = edge.parent, edge.child
    i, y = layout.layer[parent], layout.y[parent]
    points = [(layout.stem_end[i], y)]
    if not layout.is_fork(parent):
        points.insert(0, (layout.centre(parent)[0] + node_width(parent) / 2, y))
    for waypoint in layout.via(edge)[1:-1]:
        at = layout.y[waypoint]
        points += [(layout.left[waypoint.layer], at), (layout.stem_end[waypoint.layer], at)]
    x, y = layout.centre(child)
    rim = NODE_HEIGHT / 2
    cap = (x - node_width(child) / 2 + rim, y)
    dx, dy = _direction(points[-1], cap)
    return [*points, (cap[0] - (rim + 2) * dx, cap[1] - (rim + 2) * dy)]


def _share(layout, edge):
    """The share of a gradient that came back over one branch of a fork."""
    text = short_array(edge.child.sent[edge.slot])
    x, y = share_place(layout, edge)
    width, height = theme.text_width(text) + 6, theme.TEXT_SIZE + 3
    box = tag("rect", x=x - width / 2, y=y - height / 2, width=width, height=height, rx=4,
              fill=theme.PAPER, opacity="0.9")  # fmt: skip
    return box + label(x, y, text, theme.GRADIENT_TEXT, font_weight="bold")


def share_place(layout, edge):
    """Return where a branch's label stands: on its slope, or below its first level stretch."""
    route = _route(layout, edge)
    (x0, y0), (x1, y1) = (route[0], route[-1]) if len(route) == 2 else route[1:3]
    below = LABEL if len(route) > 2 else 0
    return (x0 + x1) / 2, (y0 + y1) / 2 + below


def _forward_colour(has_value):
    return theme.FORWARD if has_value else theme.QUIET


def _direction(start, end):
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    return dx / length, dy / length
