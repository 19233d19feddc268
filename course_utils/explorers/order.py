"""The order of the backward pass (lesson 14): who is asked before all shares are there."""

from course_utils.explorers.explorer import Explorer, choice, end_at, slider, step_control
from course_utils.explorers.visits import GRAPHS, ORDERS, walk_of
from course_utils.pictures import theme
from course_utils.pictures.draw import describe, drawn, share_box
from course_utils.pictures.layout import NODE_HEIGHT, lay_out
from course_utils.pictures.picture import label, svg, tag
from course_utils.pictures.text import short

LEAST, MOST = 1, 5  # of x and y
ROOM = 6  # characters of a label: "b = 50"
TOP, LIST_HIGH = 30, 98  # px: above the graph stands the formula, below it the list of visits
FIRST, PITCH, BOX_WIDE, BOX_HIGH = 112, 114, 84, 34  # px: the boxes of the list
LINES = 32, 55  # px: from a box's middle to what is said below it
RING = 4  # px: how far the visited value's ring stands out
EARLY = 36  # px: from a node's middle up to its exclamation mark


def picture(graph="a·(a + x)", order="topological", step=None, x=2, y=3):
    """Return the picture of a backward pass after so many visits; after all of them unless given.

    Raises:
        ValueError: the graph is none of GRAPHS, the order none of ORDERS, x or y not a whole
            number from 1 to 5, or the graph has fewer values than steps.
    """
    _check(graph, order, x, y)
    walk, right = walk_of(graph, order, x, y)
    at = walk.begin + _step(step, len(walk.visits))
    walk.leave(at)
    layout = lay_out(walk.drawn, walk.forward, ROOM)
    drawing = tag("g", "\n".join(_graph(layout, walk, at)), transform=f"translate(0,{TOP})")
    formula = label(12, 20, _formula(graph), anchor="start", font_weight="bold")
    parts = [formula, drawing, *_list(TOP + layout.height + 20, walk, at)]
    alt = f"{_formula(graph)}. {describe(walk, at)} {_listed(walk, at)}"
    high = TOP + layout.height + LIST_HIGH
    return svg(layout.width, high, parts, alt).with_caption(_said(walk, at, right))


def last_step(graph):
    """Return how many values a graph has to visit."""
    return len(walk_of(graph, "topological", LEAST, LEAST)[0].visits)


def explore():
    """Return the explorer: the graph, the order, x and y, and a walk by whole values."""
    return Order()


class Order(Explorer):
    """A graph, an order of its backward pass, its leaves, and a slider over the visits."""

    def __init__(self):
        graph = choice("z =", GRAPHS, "a·(a + x)")
        order = choice("order", ORDERS, "topological")
        x, y = slider("x", 2, LEAST, MOST), slider("y", 3, LEAST, MOST)
        self.steps, self.play = step_control(last_step(graph.value))
        graph.observe(self._count, names="value")  # before the picture is redrawn
        controls = {"graph": graph, "order": order, "x": x, "y": y, "step": self.steps}
        rows = [[graph], [order], [x], [y], [self.steps, self.play]]
        super().__init__(picture, controls, rows)

    def _count(self, change):
        """Let the walk end at the graph's last value."""
        with self.held():
            end_at(self.steps, self.play, last_step(change["new"]))


def _check(graph, order, x, y):
    for what, given, expected in (("graph", graph, GRAPHS), ("order", order, ORDERS)):
        if given not in expected:
            one_of = " or ".join(expected)
            raise ValueError(f"order.picture: expected the {what} {one_of}, got {given!r}")
    for name, value in (("x", x), ("y", y)):
        if not _is_whole(value, LEAST, MOST):
            raise ValueError(
                f"order.picture: expected {name} whole, from {LEAST} to {MOST}, got {value!r}"
            )


def _step(step, last):
    if step is None:
        return last
    if not _is_whole(step, 0, last):
        raise ValueError(f"order.picture: expected a step from 0 to {last}, got {step!r}")
    return step


def _is_whole(value, least, most):
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return is_whole and least <= value <= most


def _formula(graph):
    return f"z = {graph}, a = {GRAPHS[graph].a}"


# The graph


def _graph(layout, walk, step):
    """The graph with the visited value's ring, its own edges, and all that came too late."""
    done = walk.done(step)
    now = done[-1].variable if done else None
    marked = {(edge.child, edge.slot) for edge in walk.forward if edge.child is now}
    ring = [_ring(layout, now)] if done else []
    early = [_exclaimed(layout, visit.variable) for visit in done if visit.is_early]
    frames = [_frame(layout, edge) for edge in walk.too_late(step)]
    return [*ring, *drawn(layout, walk, step, marked), *frames, *early]


def _ring(layout, variable):
    """What marks the value that is visited now: a ring around its node."""
    wide = layout.box[variable] + 2 * RING
    high = (NODE_HEIGHT if variable.node else 36) + 2 * RING
    return _box(*layout.centre(variable), wide, high, 10 if variable.node is None else high / 2,
                fill=theme.HIGHLIGHT, stroke=theme.INK, stroke_width=theme.LINE)  # fmt: skip


def _frame(layout, edge):
    """What marks a share that came too late: a frame."""
    (x, y), wide, high = share_box(layout, edge)
    return _box(x, y, wide + 4, high + 4, 0, fill="none", stroke=theme.INK, stroke_width=2)


def _exclaimed(layout, variable):
    """What marks a value that was asked too early: an exclamation mark over its node."""
    x, y = layout.centre(variable)
    return _box(x, y - EARLY, 24, 20, 4, fill=theme.PAPER, stroke=theme.INK) + label(
        x, y - EARLY, "!", font_size=theme.SMALL_SIZE, font_weight="bold"
    )


def _box(x, y, wide, high, rx, **attributes):
    corner = {"x": x - wide / 2, "y": y - high / 2}
    return tag("rect", **corner, width=wide, height=high, rx=rx, **attributes)


# The list of visits


def _list(y, walk, step):
    """Who has been visited, in this order, each with the shares that it had by then."""
    parts = [
        label(12, y, "visited", anchor="start"),
        label(12, y + LINES[0], "shares", anchor="start", font_size=theme.SMALL_SIZE),
    ]
    done = walk.done(step)
    for i in range(len(walk.visits)):
        x = FIRST + i * PITCH + PITCH / 2
        parts += _visited(x, y, done[i], done[i] is done[-1]) if i < len(done) else _to_come(x, y)
    return parts


def _visited(x, y, visit, is_now):
    fill = theme.HIGHLIGHT if is_now else theme.NODE_FILL
    style = {"stroke": theme.INK, "stroke_width": theme.LINE if is_now else 1.5}
    parts = [
        _box(x, y, BOX_WIDE, BOX_HIGH, 6, fill=fill, **style),
        label(x, y, visit.variable.name, font_weight="bold"),
        label(x, y + LINES[0], _count(visit), font_size=theme.SMALL_SIZE),
    ]
    if visit.is_early:
        parts.append(
            label(x, y + LINES[1], "too early", font_size=theme.SMALL_SIZE, font_weight="bold")
        )
    return parts


def _to_come(x, y):
    style = {"stroke": theme.QUIET, "stroke_width": 1.5, "stroke_dasharray": theme.DASH}
    return [_box(x, y, BOX_WIDE, BOX_HIGH, 6, fill=theme.PAPER, **style)]


def _count(visit):
    return f"{len(visit.received)} of {visit.shares}"


def _listed(walk, step):
    """Return the list of visits in words."""
    done = walk.done(step)
    if not done:
        return "Visited: nothing yet."
    names = (f"{v.variable.name} ({_count(v)}{', too early' * v.is_early})" for v in done)
    late = [f"{_share(edge)} for {edge.parent.name}" for edge in walk.too_late(step)]
    lost = f" Too late: {', '.join(late)}." if late else ""
    return f"Visited, with the shares that had come: {', '.join(names)}.{lost}"


def _share(edge):
    return short(edge.child.sent[edge.slot])


# What a step does, in words


def _said(walk, step, right):
    """Return what this step does, and at the end what has become of the leaves' gradients."""
    done, last = walk.done(step), len(walk.visits)
    place = f"Step {len(done)} of {last}. "
    if not done:
        return (
            f"{place}The forward pass is done: z = {short(walk.outputs[0].value)}. Backward next."
        )
    now = "z starts with 1" if len(done) == 1 else _received(done[-1])
    said = f"{place}{now}{_sent(walk, done)}."
    return said if len(done) < last else f"{said} {_verdict(walk, right)}"


def _received(visit):
    """Say which shares a value has when its turn comes."""
    name, shares = visit.variable.name, [short(share) for share in visit.received]
    if visit.shares == 1:
        return f"{name} has received its only share, {shares[0]}"
    only = "only " if visit.is_early else ""
    total = f" = {short(sum(visit.received))}" if len(shares) > 1 else ""
    return f"{name} has received {only}{_count(visit)} shares, {' + '.join(shares)}{total}"


def _sent(walk, done):
    """Say what the visited value passes on, and what is lost."""
    visit, visited = done[-1], {v.variable for v in done}
    if not visit.variable.node:
        later = ", and what comes later is still added" if visit.late else ""
        return f"; it is a leaf and passes nothing on{later}"
    own = (edge for edge in walk.forward if edge.child is visit.variable)
    sent = " and ".join(_to(edge, edge.parent in visited) for edge in own)
    return f", and passes on {sent}{_lost(visit)}"


def _to(edge, is_visited):
    remark = " (too late)" if edge.parent.node else " (added)"
    return f"{_share(edge)} to {edge.parent.name}{remark if is_visited else ''}"


def _lost(visit):
    late = " and ".join(map(short, visit.late))
    if not late:
        return ""
    if len(visit.late) == 1:
        return f"; the share {late} that comes later is lost"
    return f"; the shares {late} that come later are lost"


def _verdict(walk, right):
    """Compare the leaves' gradients with the right ones."""
    leaves = {v.name: v.grad for v in walk.drawn if v.name in right}
    wrong = any(leaves[name] != right[name] for name in right)
    said = (_judged(name, leaves[name], right[name]) for name in right)
    return f"At the end {'; '.join(said)}.{' No error message.' * wrong}"


def _judged(name, gradient, right):
    verdict = "which is right" if gradient == right else f"and it should be {short(right)}"
    return f"{name} has {short(gradient)}, {verdict}"
