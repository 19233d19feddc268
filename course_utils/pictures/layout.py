"""Where everything stands in the picture of a graph: layers from left to right, no overlaps.

The steps are those of Sugiyama, Tagawa and Toda (1981): put every value in a layer, let long
edges pass through each layer between by a waypoint, order the layers to avoid crossings,
then choose heights. A value's own line (its *stem*) runs level to the right of its node and
carries the labels; where the value is used more than once, edges branch off at the stem's end.
Right of the layer of such a fork stands one more layer, of waypoints alone, in which each branch
runs level and carries its share of the gradient. Lines slope between layers, where no text is.
"""

from copy import copy
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple

from course_utils.graph import Variable, topological_order
from course_utils.pictures import theme
from course_utils.pictures.text import bracketed, short, short_array, width

NODE_HEIGHT = 42
MARGIN = 12
LEVEL, STEEP = 12, 28  # the width between two layers, in which lines slope, at least and at most
HALF_STEM = 36  # a stem with its labels reaches so far up and down
HALF_WAYPOINT = 18
CLEAR = 6  # between a label and the ends of the line it stands at


class Edge(NamedTuple):
    """One use of a value: ``parent`` is input number ``slot`` of the node that gave ``child``."""

    parent: Variable
    child: Variable
    slot: int


@dataclass(eq=False)
class Waypoint:
    """Where an edge passes through a layer in which it neither starts nor ends."""

    edge: Edge
    layer: int


@dataclass
class Layout:
    """The geometry of a drawn graph; all lengths in px, y downward.

    Attributes:
        uses: value → the edges on which it leaves, none for a result; parents before children.
        layer: value → its layer.
        box: value → the width of its node.
        paths: edge → the vertices it passes, from its parent to its child; a vertex is a
            Variable or a Waypoint.
        y: vertex → height of its centre.
        left, right, stem_end: layer → where its nodes start and end, and where its stems end.
        width, height: of the whole picture.
    """

    uses: dict
    layer: dict
    box: dict
    paths: dict
    y: dict = field(default_factory=dict)
    left: list = field(default_factory=list)
    right: list = field(default_factory=list)
    stem_end: list = field(default_factory=list)
    width: float = 0
    height: float = 0

    def is_result(self, variable):
        """Return whether a computed value goes nowhere in the picture."""
        return not self.uses[variable] and variable.node is not None

    def is_fork(self, variable):
        """Return whether a value is used more than once."""
        return len(self.uses[variable]) > 1

    def centre(self, variable):
        """Return where a value's node stands: inputs at their layer's end, nodes at its start."""
        i, half = self.layer[variable], self.box[variable] / 2
        x = self.right[i] - half if variable.node is None else self.left[i] + half
        return x, self.y[variable]

    def stem(self, variable):
        """Return where a value's stem starts and ends."""
        x, _ = self.centre(variable)
        return x + self.box[variable] / 2, self.stem_end[self.layer[variable]]


def drawn_values(outputs):
    """Return the values that are drawn, parents before children: all but folded numbers."""
    found = dict.fromkeys(v for output in outputs for v in topological_order(output))
    return [v for v in found if not is_folded(v)] or list(outputs)


def cut(outputs, since):
    """Return value → its copy in a graph that begins at the values ``since``, as its inputs."""
    copies = {}
    for variable in dict.fromkeys(v for output in outputs for v in topological_order(output)):
        copies[variable] = copy(variable)
        copies[variable].parents = tuple(copies[parent] for parent in variable.parents)
        if variable in since:
            copies[variable].node, copies[variable].parents = None, ()
    return copies


def edges_of(values):
    """Return every use of one of the drawn values, in forward order."""
    return [
        Edge(parent, child, slot)
        for child in values
        for slot, parent in enumerate(child.parents)
        if not is_folded(parent)
    ]


def is_folded(variable):
    """Return whether a value is written into its node's circle: the 2 of ``2 * x``."""
    return getattr(variable, "is_constant", False) and variable.value.ndim == 0


def node_text(variable):
    """Return what stands in a value's box: an input's name, or a node's symbol."""
    if variable.node is None:
        return variable.name or ""
    numbers = [parent for parent in variable.parents if is_folded(parent)]
    if len(numbers) != 1 or len(variable.parents) == 1:
        return variable.node.symbol
    return variable.node.symbol + bracketed(short(numbers[0].value))


def value_text(variable, is_result=False):
    """Return what stands above a stem: the value, with its name where a node in between has one."""
    value = short_array(variable.value)
    named = variable.name is not None and variable.node is not None and not is_result
    return f"{variable.name} = {value}" if named else value


def share_text(edge):
    """Return the gradient that came back over one edge, or nothing before ``backward``."""
    return short_array(edge.child.sent[edge.slot]) if edge.child.sent else ""


def node_width(variable):
    """Return the width of a value's box."""
    text = node_text(variable)
    if variable.node is None and not text:
        return 14
    return max(NODE_HEIGHT, width(text) + 18)


def lay_out(values, edges, room=5):
    """Return the Layout of a graph.

    Args:
        values: the values to draw, parents before children.
        edges: their uses, in forward order.
        room: how many characters every label has room for, so that a picture whose numbers
            change keeps still.
    """
    uses = {variable: [] for variable in values}
    for edge in edges:
        uses[edge.parent].append(edge)
    layer = _layers(uses)
    paths = {edge: _path(edge, layer) for edge in edges}
    box = {variable: node_width(variable) for variable in values}
    layout = Layout(uses, layer, box, paths)
    links = _links(layout)
    rows = _ordered(_rows(layout), links)
    _set_heights(layout, rows, links)
    _set_widths(layout, rows, _gaps(layout, links), room)
    return layout


def _layers(uses):
    """Return value → layer: a node right of its inputs, an input just left of its first use."""
    layer = {}
    for variable in uses:
        layer[variable] = 1 + max((layer[p] for p in variable.parents if p in layer), default=-1)
    for variable, edges in uses.items():
        if variable.node is None and edges:
            layer[variable] = min(layer[edge.child] for edge in edges) - 1
    forked = {layer[variable] for variable, edges in uses.items() if len(edges) > 1}
    return {variable: i + sum(k < i for k in forked) for variable, i in layer.items()}


def _path(edge, layer):
    between = range(layer[edge.parent] + 1, layer[edge.child])
    return [edge.parent, *(Waypoint(edge, i) for i in between), edge.child]


def _links(layout):
    """Return, for each layer but the last, what is joined to what in the next one."""
    links = [[] for _ in range(max(layout.layer.values()))]
    for edge, path in layout.paths.items():
        for i, link in enumerate(pairwise(path), start=layout.layer[edge.parent]):
            links[i].append(link)
    return links


def _rows(layout):
    """Return the vertices of each layer."""
    rows = [[] for _ in range(1 + max(layout.layer.values()))]
    for variable, i in layout.layer.items():
        rows[i].append(variable)
    for path in layout.paths.values():
        for waypoint in path[1:-1]:
            rows[waypoint.layer].append(waypoint)
    return rows


def _ordered(rows, links, sweeps=12):
    """Return the vertices of each layer from top to bottom, with few crossings."""
    best, fewest = rows, _crossings(rows, links)
    for sweep in range(sweeps):
        if fewest == 0:
            break
        rows = _swept(rows, links) if sweep % 2 == 0 else _swept_back(rows, links)
        crossings = _crossings(rows, links)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _swept(rows, links):
    """Return the rows with each but the first sorted by where its neighbours on the left stand."""
    swept = [rows[0]]
    for row, link in zip(rows[1:], links, strict=True):
        place = {vertex: k for k, vertex in enumerate(swept[-1])}
        own = {vertex: k * len(place) / len(row) for k, vertex in enumerate(row)}
        near = {vertex: [] for vertex in row}
        for a, b in link:
            near[b].append(place[a])
        mean = {v: sum(near[v]) / len(near[v]) if near[v] else own[v] for v in row}
        swept.append(sorted(row, key=mean.get))
    return swept


def _swept_back(rows, links):
    mirrored = [[(b, a) for a, b in link] for link in reversed(links)]
    return _swept(rows[::-1], mirrored)[::-1]


def _crossings(rows, links):
    place = {vertex: k for row in rows for k, vertex in enumerate(row)}
    ends = [[(place[a], place[b]) for a, b in link] for link in links]
    return sum(
        (a1 - a2) * (b1 - b2) < 0
        for link in ends
        for k, (a1, b1) in enumerate(link)
        for a2, b2 in link[:k]
    )


def _set_heights(layout, rows, links, sweeps=60):
    """Set ``layout.y``: every vertex near its neighbours, those of one layer kept apart.

    Layer by layer the sum of the squares of the lines' rises, each with its weight, is made as
    small as it can be, until nothing moves any more.
    """
    pulls = _pulls(rows, links)
    y = {vertex: 80.0 * (k - len(row) / 2) for row in rows for k, vertex in enumerate(row)}
    columns = [(row, _offsets(row), [pulls[v][0] for v in row]) for row in rows]
    for _ in range(sweeps):
        moved = 0
        for row, offsets, weights in columns:
            wanted = [_pulled(y, *pulls[vertex]) for vertex in row]
            heights = _keep_apart(wanted, weights, offsets)
            moved = max(moved, *(abs(y[v] - h) for v, h in zip(row, heights, strict=True)))
            y.update(zip(row, heights, strict=True))
        if moved < 1:
            break
        columns.reverse()
    top = min(y.values()) - HALF_STEM
    layout.y = {vertex: round(height - top + MARGIN) for vertex, height in y.items()}
    layout.height = max(layout.y.values()) + HALF_STEM + MARGIN


def _pulls(rows, links):
    """Return vertex → (sum of weights, [(neighbour, weight)]); long edges pull to be straight."""
    near = {vertex: [] for row in rows for vertex in row}
    for a, b in (pair for link in links for pair in link):
        weight = 4 if isinstance(a, Waypoint) and isinstance(b, Waypoint) else 1
        near[a].append((b, weight))
        near[b].append((a, weight))
    return {vertex: (sum(w for _, w in pairs), pairs) for vertex, pairs in near.items()}


def _pulled(y, weights, pairs):
    total = 0
    for neighbour, weight in pairs:
        total += weight * y[neighbour]
    return total / weights if weights else 0.0


def _offsets(row):
    """Return how far below the first of a row each must stand at least."""
    halves = [HALF_WAYPOINT if isinstance(vertex, Waypoint) else HALF_STEM for vertex in row]
    return list(accumulate((a + b for a, b in pairwise(halves)), initial=0))


def _keep_apart(wanted, weights, offsets):
    """Return heights nearest to the wanted ones that leave each its room, in their order.

    Without the room each needs this is isotonic regression, solved by pooling neighbours.
    """
    pools = []
    for height, weight, offset in zip(wanted, weights, offsets, strict=True):
        value, count = height - offset, 1
        while pools and pools[-1][0] > value:
            above, heavy, more = pools.pop()
            value = (above * heavy + value * weight) / (heavy + weight)
            weight, count = heavy + weight, more + count
        pools.append((value, weight, count))
    level = (value for value, _, count in pools for _ in range(count))
    return [value + offset for value, offset in zip(level, offsets, strict=True)]


def _gaps(layout, links):
    """Return the width right of each layer: the more, the steeper its lines are."""
    y = layout.y
    steepest = (max(abs(y[a] - y[b]) for a, b in link) for link in links)
    return [min(STEEP, LEVEL + height / 3) for height in steepest]


def _set_widths(layout, rows, gaps, room):
    """Set where each layer's nodes and stems start and end."""
    x, least = MARGIN, 1.1 * theme.CHARACTER * room  # bold, as gradients are
    for row, gap in zip(rows, [*gaps, 0], strict=True):
        boxes = [layout.box[vertex] for vertex in row if vertex in layout.box]
        labels = [_label_width(layout, vertex) for vertex in row]
        layout.left.append(x)
        layout.right.append(x + max(boxes, default=0))
        layout.stem_end.append(layout.right[-1] + max(least, *labels) + 2 * CLEAR)
        x = layout.stem_end[-1] + gap
    names = [v.name for v in layout.uses if layout.is_result(v) and v.name]
    beside = max((width(name, bold=True) + 10 for name in names), default=0)
    layout.width = layout.stem_end[-1] + MARGIN + beside


def _label_width(layout, vertex):
    """Return the room that a stem's two labels need, or the share on a fork's branch."""
    if isinstance(vertex, Waypoint):
        first = layout.paths[vertex.edge][1]
        shared = vertex is first and layout.is_fork(vertex.edge.parent)
        return width(share_text(vertex.edge), bold=True) if shared else 0
    gradient = "" if vertex.grad is None else short_array(vertex.grad)
    value = value_text(vertex, layout.is_result(vertex))
    return max(width(value), width(gradient, bold=True))
