"""Exercises about a node with one input: how an answer is run, and how a wrong one is made."""

import copy

import numpy as np

from course_utils.exercises.exercise import Problem

OVERWRITES = (
    "backward changes the upstream gradient that it was handed, and another branch may still need "
    "it: return a new array instead."
)


def run_one_input(node_class, x, upstream):
    """Return (output, gradient of x) of a node class, run forward on x and backward once.

    Raises:
        Problem: backward returns several gradients, or changes its upstream gradient.
    """
    node, other = node_class(), node_class()
    output = node.forward(x)
    if output is ...:
        return ...
    other.forward(x + 1)  # must not change what the first node kept
    handed = copy.copy(upstream)
    gradient = node.backward(handed)
    if isinstance(gradient, (tuple, list)) and len(gradient) > 1:
        raise Problem(
            f"backward returns {len(gradient)} gradients, and forward has one input: however often "
            "x is used, its shares are added to one gradient."
        )
    if not np.array_equal(handed, upstream):
        raise Problem(OVERWRITES)
    return output, gradient


def one_input_node(gradient, forward):
    """Return a node class that computes ``forward(x)`` and, backward, ``gradient(upstream, x)``."""

    class Node:
        def forward(self, x):
            self.x = x
            return forward(x)

        def backward(self, upstream):
            return gradient(upstream, self.x)

    return Node
