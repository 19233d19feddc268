"""Backward passes that visit whole values, in the right order or not (for lesson 14)."""

from collections.abc import Callable
from typing import NamedTuple

from course_utils.graph import Variable, topological_order
from course_utils.pictures.walk import Walk


def _plus(x, y):
    return _named(x + y, "a")


def _named(variable, name):
    variable.name = name
    return variable


def _leaf_twice(x, y):
    return y * _plus(x, y)


def _a_first(x, y):
    a = _plus(x, y)
    return a * _named(a + x, "b")


def _a_last(x, y):
    a = _plus(x, y)
    return _named(a + x, "b") * a


def _three_times(x, y):
    a = _named(2 * x, "a")
    b = _named(a * y, "b")
    return a * _named(a + b, "c")


class Graph(NamedTuple):
    """A graph z of the leaves x and y: what its a stands for, and how it is built."""

    a: str
    build: Callable


GRAPHS = {
    "y·a": Graph("x + y", _leaf_twice),
    "a·(a + x)": Graph("x + y", _a_first),
    "(a + x)·a": Graph("x + y", _a_last),
    "a·(a + a·y)": Graph("2·x", _three_times),
}


def topological(output):
    """Return the values in reverse topological order: each after all that used it."""
    return [v for v in reversed(topological_order(output)) if not v.is_constant]


def as_met(output):
    """Return the values as they are met on the way back from the output, breadth first."""
    met = [output]
    for variable in met:  # the list grows while it is walked
        for parent in variable.parents:
            if parent not in met and not parent.is_constant:
                met.append(parent)
    return met


ORDERS = {"topological": topological, "as met": as_met}


class Visit(NamedTuple):
    """What happens when a value's turn comes in a backward pass.

    Attributes:
        variable: the value.
        received: the shares of its gradient that are there already.
        late: those that come only afterwards.
        sent: what its node passes on to each parent; nothing for a leaf.
    """

    variable: Variable
    received: list
    late: list
    sent: tuple

    @property
    def is_early(self):
        """Whether the value passes on a part of its gradient as if it were the whole."""
        return bool(self.late and self.variable.node)

    @property
    def shares(self):
        """How many shares come in all."""
        return len(self.received) + len(self.late)


class Visits(Walk):
    """A walk backward by whole values: after the forward pass, each step visits one.

    ``begin`` is the step at which the forward pass is done and nothing has been visited.
    """

    def __init__(self, output, visits):
        super().__init__(output)
        self.visits = visits
        self.begin = self.result_step
        self.last = self.begin + len(visits)

    def done(self, step):
        """Return the visits by this step."""
        return self.visits[: step - self.begin]

    def gradients(self, step):
        """Return the edges along which a share has been sent by this step."""
        visited = {visit.variable for visit in self.done(step)}
        return [edge for edge in self.backward if edge.child in visited]

    def settled(self, step):
        """Return the values that have been visited, or have all of their shares."""
        visited = {visit.variable for visit in self.done(step)}
        came = self.gradients(step)
        waiting = {edge.parent for edge in self.backward if edge not in came}
        return visited | {edge.parent for edge in came} - waiting

    def leave(self, step):
        """Let every Variable keep what such a pass has left in it by this step."""
        done = {visit.variable: visit for visit in self.done(step)}
        for visit in self.visits:
            variable, visited = visit.variable, visit.variable in done
            came = (visit.received + visit.late)[: self._arrived(variable, done)]
            asked = visit.received if visited and variable.node else came
            variable.grad = sum(asked) if asked else None
            variable.sent = visit.sent if visited else ()

    def too_late(self, step):
        """Return the edges whose share has come to a value that had passed on its gradient."""
        passed, late = set(), []
        for visit in self.done(step):
            passed.add(visit.variable)
            own = (edge for edge in self.forward if edge.child is visit.variable)
            late += [edge for edge in own if edge.parent.node and edge.parent in passed]
        return late

    def _arrived(self, variable, done):
        """Return how many shares have come to a value from those that used it."""
        return sum(edge.parent is variable and edge.child in done for edge in self.forward)


def walk_of(graph, order, x, y):
    """Return (walk, right): the Visits of a graph, and its leaves' right gradients by name."""
    x, y = Variable(x, "x"), Variable(y, "y")
    z = _named(GRAPHS[graph].build(x, y), "z")
    z.backward()
    right = {leaf.name: leaf.grad for leaf in (x, y)}
    return Visits(z, visit_all(z, ORDERS[order](z))), right


def visit_all(output, order):
    """Return the Visits of a backward pass that asks the values in this order.

    Each node's own ``backward`` runs with what has arrived at its value so far.
    """
    received = {variable: [] for variable in order}
    received[output].append(1.0)
    visits = []
    for variable in order:
        there = list(received[variable])
        sent = _passed_on(variable, sum(there))
        for parent, share in zip(variable.parents, sent, strict=True):
            if not parent.is_constant:
                received[parent].append(share)
        visits.append((variable, there, sent))
    return [Visit(v, there, received[v][len(there) :], sent) for v, there, sent in visits]


def _passed_on(variable, gradient):
    if variable.node is None:
        return ()
    sent = variable.node.backward(gradient)
    return sent if isinstance(sent, tuple) else (sent,)
