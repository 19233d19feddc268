"""Exercises about nodes: how an answer is run, and how a wrong one is made."""

import copy
from contextlib import redirect_stdout
from io import StringIO

import numpy as np

from course_utils.exercises.exercise import Problem, as_numbers, same

OVERWRITES = (
    "backward changes the upstream gradient that it was handed, and another branch may still need "
    "it: return a new array instead."
)
CHANGES_WHAT_IT_KEPT = (
    "A second backward does not give the same: the first one changed what the node keeps. "
    "Compute a new array, or copy first."
)
CHANGES_ITS_OUTPUT = (
    "backward changes the array that forward returned, and other nodes still use it: compute a "
    "new array."
)
KEEPS_ITS_FIRST = (
    "forward runs again and again while a network learns. This node still uses what it kept the "
    "first time: keep it anew each time."
)
DEFAULT_IS_ONE = (
    "A loss is usually the end of the graph: backward without an argument should take upstream "
    "as 1. Write upstream=1.0 in its def line."
)
OF_ANOTHER_NODE = (
    "This uses the {0} of another node that ran later. Keep it as self.{0}, so that each node has "
    "its own."
)


def run_node(node, other, inputs, other_inputs, upstream, which):
    """Return (output, gradient) of a node, run forward and backward once, or raise a Problem.

    Another node of its class runs forward in between, and backward twice afterwards: it must
    change neither what the first node kept nor what it kept itself, nor what forward returned.
    ``which`` ends the sentence about several gradients: which one backward should return.
    """
    returned = node.forward(*inputs)
    if returned is ...:
        return ..., ...
    output = copy.deepcopy(returned)
    with redirect_stdout(StringIO()):  # a print of the reader's is shown often enough
        _check_kept_anew(other, inputs, other_inputs, upstream)
    other.forward(*other_inputs)
    handed = copy.copy(upstream)
    gradient = node.backward(handed)
    if isinstance(gradient, tuple) and len(gradient) > 1:
        raise Problem(f"backward returns {len(gradient)} gradients; it should return one, {which}")
    if not np.array_equal(handed, upstream):
        raise Problem(OVERWRITES)
    if as_numbers(gradient) is not None and not _same_twice(other, upstream + 1):
        raise Problem(CHANGES_WHAT_IT_KEPT)
    if as_numbers(output) is not None and not same(output, returned):
        raise Problem(CHANGES_ITS_OUTPUT)
    return output, gradient


def _check_kept_anew(node, inputs, other_inputs, upstream):
    """Raise a Problem unless a node that ran forward before gives what a fresh one gives."""
    fresh, used = copy.deepcopy(node), copy.deepcopy(node)
    used.forward(*copy.deepcopy(other_inputs))
    results = []
    for one in (fresh, used):
        output = copy.deepcopy(one.forward(*copy.deepcopy(inputs)))
        gradient = one.backward(copy.copy(upstream))
        grads = getattr(one, "grads", None)
        results.append([output, gradient, *(grads.values() if isinstance(grads, dict) else ())])
    pairs = zip(*results, strict=False)
    if not all(as_numbers(a) is None or same(a, b) for a, b in pairs):
        raise Problem(KEEPS_ITS_FIRST)


def _same_twice(node, upstream):
    """Return whether a second backward gives what the first one gave."""
    first = copy.deepcopy(node.backward(copy.copy(upstream)))
    try:
        return same(first, node.backward(copy.copy(upstream)))
    except Exception:
        return False  # nothing else but the first one can have stopped it


def run_one_input(node_class, x, upstream):
    """Return (output, gradient of x) of a node class with one input."""
    which = "however often x is used: its shares are added."
    return run_node(node_class(), node_class(), (x,), (x + 1,), upstream, which)


def node_of(forward, gradient):
    """Return a node class of two functions: ``forward(*inputs)``, ``gradient(upstream, *inputs)``.

    Like a loss's, its upstream gradient is 1 unless given.
    """

    class Node:
        def forward(self, *inputs):
            self.inputs = inputs
            return forward(*inputs)

        def backward(self, upstream=1.0):
            return gradient(upstream, *self.inputs)

    return Node


def run_loss(loss_class, z, t, upstream):
    """Return (loss, gradient of z) of a loss class.

    Raises:
        Problem: as run_node, or backward does not take upstream as 1 unless it is given.
    """
    node, other = loss_class(), loss_class()
    which = "that of z: the target t is not to be changed."
    loss, gradient = run_node(node, other, (z, t), (other_scores(z), t), upstream, which)
    if upstream == 1 and as_numbers(gradient) is not None:
        _check_default(node, gradient)
    return loss, gradient


def _check_default(node, gradient):
    """Raise a Problem unless backward without an argument gives this gradient."""
    try:
        is_one = same(gradient, node.backward())
    except TypeError:
        is_one = False
    if not is_one:
        raise Problem(DEFAULT_IS_ONE)


def other_scores(z):
    """Return the scores on which run_loss runs another node: no two are shifted alike."""
    return z + 1.5 * np.arange(1, z.size + 1).reshape(z.shape)
