"""Exercises about a loss as a node: how an answer is run, and how a wrong one is made."""

import numpy as np

from course_utils.exercises.exercise import Problem

CHANGES_WHAT_IT_KEPT = (
    "A second backward gives something else: the first one changed what forward had kept. Compute "
    "a new array, or copy first."
)


def run_loss(node_class, scores, target, upstream):
    """Return (loss, gradient of the scores) of a loss class, whose backward is run twice.

    Raises:
        Problem: the second backward returns something else.
    """
    node = node_class()
    loss = node.forward(scores, target)
    if loss is ...:
        return ...
    first = node.backward(upstream)
    if first is ... or first is None:
        return loss, first
    first = np.array(first)
    if not np.array_equal(first, node.backward(upstream), equal_nan=True):
        raise Problem(CHANGES_WHAT_IT_KEPT)
    return loss, first


def loss_node(loss, gradient):
    """Return a loss class of two functions: ``loss(z, t)`` and ``gradient(upstream, z, t)``."""

    class WithLoss:
        def forward(self, scores, target):
            self.scores, self.target = scores, target
            return loss(scores, target)

        def backward(self, upstream=1.0):
            return gradient(upstream, self.scores, self.target)

    return WithLoss
