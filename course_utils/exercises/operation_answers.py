"""Operations for an engine: how an answer is run, and how a wrong one is made."""

import numpy as np

from course_utils.exercises.exercise import Problem, same
from course_utils.exercises.node_answers import CHANGES_WHAT_IT_KEPT, OVERWRITES
from course_utils.exercises.order_answers import engine_of
from course_utils.graph import apply
from course_utils.nodes import Node


class Recorded(Node):
    """A node of two functions, forward and gradients."""

    def __init__(self, forward, gradients):
        self._forward, self._gradients = forward, gradients

    def forward(self, *inputs):
        """Return what the function returns."""
        self.inputs = inputs
        return self._forward(*inputs)

    def backward(self, upstream):
        """Return what the other function returns."""
        return self._gradients(upstream, *self.inputs)


def operation(forward, gradients):
    """Return an answer: a function of Variables that records a node."""
    return lambda *inputs: apply(Recorded(forward, gradients), *inputs)


def run_one(answer, x, upstream):
    """Return (value, gradient) of an operation with one input."""
    return run(answer, upstream, x)


def run_two(answer, X, W, upstream):
    """Return (value, gradient of X, gradient of W) of an operation with two inputs."""
    return run(answer, upstream, X, W)


def run(answer, upstream, *values):
    """Return (value, gradient of each input) of an operation on fresh leaves of its own engine.

    It is applied to other values in between, and backward runs twice: a node must change neither
    its inputs, nor what it keeps, nor what another one keeps.
    """
    engine = engine_of(answer)
    leaves = [engine(value.copy()) for value in values]
    result = answer(*leaves)
    if result is ... or result is None:
        return (result,) * (1 + len(leaves))
    check_recorded(result, engine)
    value = result.value.copy()
    answer(*[engine(value + 1) for value in values])
    if not same([leaf.value for leaf in leaves], list(values)):
        raise Problem(CHANGES_ITS_INPUT)
    once, again = (gradients_of(result, leaves, upstream) for _ in range(2))
    if not same(result.value, value) or not same(once, again):
        raise Problem(CHANGES_WHAT_IT_KEPT)
    return (value, *once)


def check_recorded(result, engine):
    """Raise a Problem unless a result is a Variable that can run backward to its inputs."""
    if not isinstance(result, engine):
        raise Problem(
            "The result is no Variable, so the engine has not recorded it: return apply(node, ...)."
        )
    if not hasattr(result, "backward"):
        raise Problem("Your Variable has no backward yet: run the cells that define it.")
    if not result.parents:
        raise Problem("The result has no parents: it is a new leaf. Return apply(node, ...).")
    if result.value.ndim == 0 and np.isnan(result.value):
        raise Problem("forward returns None: is a return missing?")


def gradients_of(result, leaves, upstream):
    """Return the leaves' gradients of one backward, or raise a Problem."""
    for leaf in leaves:
        leaf.grad = None
    handed = upstream.copy()
    result.backward(handed)
    if not np.array_equal(handed, upstream):
        raise Problem(OVERWRITES)
    if any(leaf.grad is None for leaf in leaves):
        raise Problem("No gradient arrives at an input: is it a parent of the result?")
    return [np.copy(leaf.grad) for leaf in leaves]


OF_A_LATER_CALL = (
    "This uses what a later call kept. Each call needs a node of its own, which keeps its own "
    "values: in self."
)


CHANGES_ITS_INPUT = (
    "forward changes the value of its input in place, and other nodes still need it: compute a "
    "new array."
)


def product(dX, dW):
    """Return an answer: a recorded matrix product with these two gradients."""
    return operation(lambda X, W: X @ W, lambda u, X, W: (dX(u, X, W), dW(u, X, W)))
