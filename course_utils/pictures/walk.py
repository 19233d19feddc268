"""A walk through a graph, an edge at a time: forward with values, then backward with gradients."""

import numpy as np

from course_utils.pictures.layout import drawn_values, edges_of, is_folded, node_text
from course_utils.pictures.text import bracketed, short_array


class Walk:
    """The steps of a forward and a backward pass through the graph that ends in ``outputs``.

    With E edges, step 0 shows the bare graph; steps 1 to E carry a value along one edge each;
    step E + 1 shows the result; step E + 2 puts the gradient 1 there; steps E + 3 to
    ``last`` = 2E + 2 send a gradient back along one edge each.
    """

    def __init__(self, *outputs):
        self.outputs = outputs
        self.drawn = drawn_values(outputs)
        self.forward = edges_of(self.drawn)
        self.backward = edges_of(reversed(self.drawn))
        self.result_step = len(self.forward) + 1
        self.last = 2 * len(self.forward) + 2

    def whole(self):
        """Return the step that shows all that is known: gradients once there are any."""
        return self.last if self._has_gradients() else self.result_step

    def _has_gradients(self):
        return all(output.grad is not None for output in self.outputs)

    def check(self, step):
        """Raise ValueError where a step does not exist or cannot be shown yet."""
        if isinstance(step, bool) or not isinstance(step, int) or not 0 <= step <= self.last:
            raise ValueError(f"step: expected a whole number from 0 to {self.last}, got {step!r}")
        if step > self.result_step and not self._has_gradients():
            raise ValueError(f"step {step} shows gradients: call backward() on the output first")

    def values(self, step):
        """Return the edges along which a value has gone by this step."""
        return self.forward[:step]

    def gradients(self, step):
        """Return the edges along which a gradient has come back by this step."""
        return self.backward[: max(0, step - self.result_step - 1)]

    def settled(self, step):
        """Return the values to which every gradient that they get has come back by this step."""
        came = self.gradients(step)
        return {edge.parent for edge in came} - {e.parent for e in self.backward[len(came) :]}

    def active(self, step):
        """Return the edge that this step moves along, or None."""
        if 1 <= step < self.result_step:
            return self.forward[step - 1]
        if step > self.result_step + 1:
            return self.backward[step - self.result_step - 2]
        return None

    def say(self, step):
        """Return what happens in this step, in one or two sentences."""
        self.check(step)
        edge = self.active(step)
        place = f"Step {step} of {self.last}. "
        if step == 0:
            return place + "The graph before anything is computed. Step forward."
        if edge is None and step == self.result_step:
            result = ", ".join(short_array(output.value) for output in self.outputs)
            return place + f"The result is {result}. Forward pass done."
        if edge is None:
            return place + "Backward begins: if the result goes up by 1, the result goes up by 1."
        return place + (_say_forward(edge) if step < self.result_step else _say_backward(edge))


def name_of(variable):
    """Return how words refer to a value: its name, or the node that computed it."""
    if variable.name is not None:
        return variable.name
    return "an input" if variable.node is None else f"the {node_text(variable)} node"


def _say_forward(edge):
    value, node = short_array(edge.parent.value), node_text(edge.child)
    text = f"Forward: {name_of(edge.parent)} hands {value} to {node}."
    drawn = [slot for slot, parent in enumerate(edge.child.parents) if not is_folded(parent)]
    if edge.slot == drawn[-1]:
        text += f" Now {node} has all it needs and gives {short_array(edge.child.value)}."
    return text


def _say_backward(edge):
    upstream, sent = edge.child.grad, edge.child.sent[edge.slot]
    received, sends = short_array(upstream), short_array(sent)
    if upstream.ndim == 0 and upstream != 0:
        with np.errstate(invalid="ignore", over="ignore"):
            rate = short_array(sent / upstream)
        sends = f"{received} · {bracketed(rate)} = {sends}"
    node = node_text(edge.child)
    return f"Backward: {node} received {received}, and sends {sends} to {name_of(edge.parent)}."
