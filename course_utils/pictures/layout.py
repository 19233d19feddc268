"""Where everything stands in the picture of a graph: layers from left to right, no overlaps.

The steps are those of Sugiyama, Tagawa and Toda (1981): put every value in a layer, let long
edges pass through each layer between by a waypoint, order the layers to avoid crossings,
then choose heights. A value's own line (its *stem*) runs level to the right of its node and
carries the labels; where the value is used more than once, edges branch off at the stem's end.
"""

from dataclasses import dataclass, field

import numpy as np

from course_utils.graph import topological_order
from course_utils.pictures import theme
from course_utils.pictures.text import short, short_array

NODE_HEIGHT = 44
MARGIN = 16
BRANCH = 40  # the least width between a stem's end and the next layer
HALF_STEM = 36  # a stem with its labels reaches so far up and down
HALF_WAYPOINT = 20
HALF_SHARE = 36  # a waypoint below which a fork's share is written


@dataclass(frozen=True)
class Edge:
    """One use of a value: ``parent`` is input number ``slot`` of the node that gave ``child``."""

    parent: object
    child: object
    slot: int


@dataclass(frozen=True)
class Waypoint:
    """Where an edge passes through a layer in which it neither starts nor ends."""

    edge: Edge
    layer: int


@dataclass
class Layout:
    """The geometry of a drawn graph; all lengths in px, y downward.

    Attributes:
        output: the graph's last value.
        edges: every edge, in forward order.
        layer: vertex → its layer; a vertex is a Variable or a Waypoint.
        y: vertex → height of its centre.
        left, right, stem_end: layer → where its nodes start and end, and where its stems end.
        width, height: of the whole picture.
    """

    output: object
    edges: list
    layer: dict
    y: dict = field(default_factory=dict)
    left: list = field(default_factory=list)
    right: list = field(default_factory=list)
    stem_end: list = field(default_factory=list)
    width: float = 0
    height: float = 0

    def uses(self, variable):
        """Return the edges on which a value leaves."""
        return [edge for edge in self.edges if edge.parent is variable]

    def is_fork(self, variable):
        """Return whether a value is used more than once."""
        return len(self.uses(variable)) > 1

    def via(self, edge):
        """Return the vertices that an edge passes, from its parent to its child."""
        between = range(self.layer[edge.parent] + 1, self.layer[edge.child])
        return [edge.parent, *(Waypoint(edge, i) for i in between), edge.child]

    def variables(self):
        """Return the drawn values, parents before children."""
        return [vertex for vertex in self.layer if not isinstance(vertex, Waypoint)]

    def centre(self, variable):
        """Return where a value's node stands: leaves end where their layer ends."""
        i, half = self.layer[variable], node_width(variable) / 2
        x = self.right[i] - half if variable.node is None else (self.left[i] + self.right[i]) / 2
        return x, self.y[variable]


def edges_of(output):
    """Return every use of a value in the graph, in forward order, plain numbers left out."""
    return [
        Edge(parent, child, slot)
        for child in topological_order(output)
        for slot, parent in enumerate(child.parents)
        if not is_folded(parent)
    ]


def is_folded(variable):
    """Return whether a value is written into its node's circle: the 2 of ``2 * x``."""
    return variable.is_constant and variable.value.ndim == 0


def node_text(variable):
    """Return what stands in a value's box: an input's name, or a node's symbol."""
    if variable.node is None:
        return variable.name or ""
    numbers = [parent for parent in variable.parents if is_folded(parent)]
    if len(numbers) != 1 or len(variable.parents) == 1:
        return variable.node.symbol
    written = short(numbers[0].value)
    return variable.node.symbol + (f"({written})" if written.startswith("−") else written)


def value_text(variable, is_output=False):
    """Return what stands above a stem: the value, with its name where a node in between has one."""
    value = short_array(variable.value)
    named = variable.name is not None and variable.node is not None and not is_output
    return f"{variable.name} = {value}" if named else value


def node_width(variable):
    """Return the width of a value's box."""
    text = node_text(variable)
    if variable.node is None and not text:
        return 14
    return max(NODE_HEIGHT, theme.text_width(text) + 22)


def lay_out(output, room=5):
    """Return the Layout of the graph that ends in ``output``.

    Args:
        output: a Variable.
        room: how many characters every label has room for, so that a picture whose numbers
            change keeps still.
    """
    edges = edges_of(output)
    layout = Layout(output, edges, _layers(output, edges))
    for edge in edges:
        for vertex in layout.via(edge):
            layout.layer.setdefault(vertex, getattr(vertex, "layer", None))
    neighbours = _neighbours(layout)
    rows = _ordered_rows(layout, neighbours)
    _set_heights(layout, rows, neighbours)
    _set_widths(layout, rows, room)
    return layout


def _layers(output, edges):
    """Return variable → layer: a node right of its inputs, an input just left of its first use."""
    layer = {}
    drawn = [v for v in topological_order(output) if not is_folded(v)] or [output]
    for variable in drawn:
        before = [layer[p] for p in variable.parents if p in layer]
        layer[variable] = 1 + max(before) if before else 0 if variable.node is None else 1
    for variable in drawn:
        after = [layer[edge.child] for edge in edges if edge.parent is variable]
        if variable.node is None and after:
            layer[variable] = min(after) - 1
    least = min(layer.values())
    return {variable: i - least for variable, i in layer.items()}


def _neighbours(layout):
    """Return vertex → [(vertex, weight)] over all edges; long edges pull hard, to be straight."""
    neighbours = {vertex: [] for vertex in layout.layer}
    for edge in layout.edges:
        stops = layout.via(edge)
        for a, b in zip(stops, stops[1:], strict=False):
            weight = 1 + 3 * isinstance(a, Waypoint) * isinstance(b, Waypoint)
            neighbours[a].append((b, weight))
            neighbours[b].append((a, weight))
    return neighbours


def _ordered_rows(layout, neighbours, sweeps=12):
    """Return the vertices of each layer from top to bottom, with few crossings."""
    rows = [[] for _ in range(1 + max(layout.layer.values()))]
    for vertex, i in layout.layer.items():
        rows[i].append(vertex)
    best, fewest = [list(row) for row in rows], _crossings(layout, rows)
    for sweep in range(sweeps):
        step = 1 if sweep % 2 == 0 else -1
        for i in range(len(rows))[::step]:
            place = {v: k / max(1, len(row) - 1) for row in rows for k, v in enumerate(row)}
            near = {v: [place[n] for n, _ in neighbours[v] if layout.layer[n] == i - step]
                    for v in rows[i]}  # fmt: skip
            rows[i].sort(key=lambda v, near=near, place=place: np.mean(near[v] or [place[v]]))
        crossings = _crossings(layout, rows)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _crossings(layout, rows):
    place = {vertex: k for row in rows for k, vertex in enumerate(row)}
    links = [[] for _ in rows]
    for edge in layout.edges:
        stops = layout.via(edge)
        for a, b in zip(stops, stops[1:], strict=False):
            links[layout.layer[a]].append((place[a], place[b]))
    return sum(
        (a1 - a2) * (b1 - b2) < 0
        for link in links
        for k, (a1, b1) in enumerate(link)
        for a2, b2 in link[:k]
    )


def _set_heights(layout, rows, neighbours, sweeps=60):
    """Set ``layout.y``: every vertex near its neighbours, those of one layer kept apart."""
    y = {vertex: 80.0 * (k - len(row) / 2) for row in rows for k, vertex in enumerate(row)}
    for sweep in range(sweeps):
        for row in rows[:: 1 if sweep % 2 == 0 else -1]:
            wanted = [_pulled(vertex, neighbours[vertex], y) for vertex in row]
            halves = [_half_height(layout, vertex) for vertex in row]
            y.update(zip(row, _keep_apart(wanted, halves), strict=True))
    top = min(y[v] - HALF_STEM for v in y)
    layout.y = {vertex: float(np.round(height - top + MARGIN)) for vertex, height in y.items()}
    layout.height = max(layout.y.values()) + HALF_STEM + MARGIN


def _half_height(layout, vertex):
    if not isinstance(vertex, Waypoint):
        return HALF_STEM
    first = vertex.layer == layout.layer[vertex.edge.parent] + 1
    return HALF_SHARE if first and layout.is_fork(vertex.edge.parent) else HALF_WAYPOINT


def _pulled(vertex, neighbours, y):
    weights = sum(weight for _, weight in neighbours)
    return sum(y[n] * weight for n, weight in neighbours) / weights if weights else y[vertex]


def _keep_apart(wanted, halves):
    """Return heights nearest to the wanted ones that leave each its room, in their order.

    Without the room each needs this is isotonic regression, solved by pooling neighbours.
    """
    offset = np.cumsum([0] + [a + b for a, b in zip(halves, halves[1:], strict=False)])
    pools = []
    for value in np.asarray(wanted) - offset:
        pools.append([value, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            value, count = pools.pop()
            total = pools[-1][1] + count
            pools[-1] = [(pools[-1][0] * pools[-1][1] + value * count) / total, total]
    return np.concatenate([[value] * count for value, count in pools]) + offset


def _set_widths(layout, rows, room):
    """Set where each layer's nodes and stems start and end."""
    x = MARGIN
    for i, row in enumerate(rows):
        variables = [vertex for vertex in row if not isinstance(vertex, Waypoint)]
        layout.left.append(x)
        layout.right.append(x + max(node_width(v) for v in variables) if variables else x)
        widths = [theme.CHARACTER * room] + [_label_width(layout, v) for v in variables]
        layout.stem_end.append(layout.right[i] + max(widths) + 10)
        forks = any(layout.is_fork(v) for v in variables)
        share = max(widths) + 24 if forks else 0
        x = layout.stem_end[i] + max(BRANCH, share)
    name = layout.output.name if layout.output.node is not None else None
    layout.width = layout.stem_end[-1] + MARGIN + (theme.text_width(name) + 22 if name else 0)


def _label_width(layout, variable):
    """Return the room that a stem's two labels need; gradients are bold, hence wider."""
    gradient = "" if variable.grad is None else short_array(variable.grad)
    value = value_text(variable, is_output=variable is layout.output)
    return max(theme.text_width(value), 1.1 * theme.text_width(gradient))
