"""Lesson 14: the order of the backward walk, undone broadcasting, and operations that record."""

import numpy as np

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.operation_answers import (
    OF_A_LATER_CALL,
    operation,
    product,
    run_one,
    run_two,
)
from course_utils.exercises.order_answers import (
    GRAPHS,
    breadth_first,
    by_value,
    depth_first,
    first_parents,
    judge,
    stack_turned_around,
    without_memory,
)
from course_utils.exercises.question import Question
from course_utils.graph import topological_order

what_is_kept = Question(
    text="z = (x + y) · y is computed, one operation after the other. What does a graph need to "
    "remember, so that it can run backward later?",
    options=(
        "the formula as text",
        "for each result, the node that computed it and what went in",
        "only the values, in the order in which they were computed",
    ),
    answer="for each result, the node that computed it and what went in",
    why="From z one gets to the × node and its two inputs, from the first of these to + and so on. "
    "Each node can run backward by itself.",
)

too_early = Question(
    text="a = x + y with x = 2, y = 3, then z = a · (a + x). Walking back from z, the value a is "
    "met first. Its + node runs backward at once, before that of a + x does. What goes wrong?",
    options=(
        "nothing, shares are added in any order",
        "a passes on only a part of its gradient",
        "a gets its gradient twice",
    ),
    answer="a passes on only a part of its gradient",
    why="The share through a + x comes later, after a's node has run: x and y never hear of it.",
)

second_time = Question(
    text="z.backward() is called a second time on the same graph. What are the gradients of the "
    "leaves x and y now?",
    options=("the same as before", "twice as large", "four times as large"),
    answer="twice as large",
    why="What arrives at a leaf is added to its grad: so one can sum over several mini-batches. "
    "In between the gradient is set anew, else the first one would be passed on again and count "
    "twice.",
)

bias_shape = Question(
    text="X @ W is (100, 8), the bias b is (8,). Let b be repeated for each row first, then added. "
    "What shape does the gradient that Add sends back have, and what shape does b need?",
    options=(
        "(100, 8), and (8,): the sum of its rows",
        "(8,), and (8,)",
        "(100, 8), and (8,): the mean of its rows",
    ),
    answer="(100, 8), and (8,): the sum of its rows",
    why="b was used 100 times, once in each row. Lesson 06 again: shares are added.",
)

also_gets = Question(
    text="The engine asks every value that the loss was computed from. Which of these gets a "
    "gradient now, though lesson 09's training had no use for it?",
    options=("t, the targets", "X, the data", "b1, the first bias"),
    answer="X, the data",
    why="X is a parent of the first node, so it gets ∂L/∂X like everyone else. t gets none: a "
    "loss's target is no parent.",
)


order = Exercise(
    title="Exercise 14.1",
    answer=topological_order,
    cases=tuple((graph,) for graph in GRAPHS),
    run=judge,
    results=(
        "number of different Variables in the list",
        "number of repetitions",
        "number of times that a value stands before one of its parents",
        "check that z is the last one (1: yes)",
    ),
    mistakes={
        "A value's parents have to be in the list before it: go through all of them first, and "
        "append the value at the end.": lambda z: depth_first(z, first=True),
        "These are the values as they are met from z on, level by level. A value that is used in "
        "two places may then come before one that it goes into.": breadth_first,
        "Some parents still stand behind. To turn around the order in which values are met from z "
        "on is not enough where paths differ in length.": lambda z: breadth_first(z)[::-1],
        "Some parents stand behind a value that needs them. It is not enough to turn around the "
        "order in which values are met: paths from z differ in length.": stack_turned_around,
        "Values that are used twice stand in the list twice: remember which you have visited.": (
            without_memory
        ),
        "z itself is missing: it is the last one.": lambda z: topological_order(z)[:-1],
        "The leaves are missing: they have no parents, but they get a gradient.": lambda z: (
            depth_first(z, without=lambda v: v.node is None)
        ),
        "These are the leaves alone.": lambda z: [
            v for v in topological_order(z) if v.node is None
        ],
        "These are z and its parents. What about the parents' parents?": lambda z: [
            *dict.fromkeys(z.parents),
            z,
        ],
        "This is z alone.": lambda z: [z],
        "The list is empty: append each value after its parents.": lambda z: [],
        "Only the first parent is followed. A node may have several.": first_parents,
        "Values come before their parents: this is the order of the backward walk, from z on.": (
            lambda z: topological_order(z)[::-1]
        ),
        "Two Variables may have the same value: remember the Variables themselves.": by_value,
    },
    praise="Parents before children; backward walks through it from the end.",
)


# 14.2


def _sum_to(gradient, shape, keepdims=True, ones=True, add=np.sum):
    extra = gradient.ndim - len(shape)
    gradient = add(gradient, axis=tuple(range(extra)))
    if not ones:
        return gradient
    repeated = tuple(k for k, n in enumerate(shape) if n == 1 and gradient.shape[k] != 1)
    return add(gradient, axis=repeated, keepdims=keepdims) if repeated else gradient


def _first_one_only(gradient, shape):
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    return gradient.sum(axis=shape.index(1), keepdims=True) if 1 in shape else gradient


def _upstream(*shape):
    return np.random.default_rng(len(shape) + shape[0]).normal(size=shape).round(3)


sum_to = Exercise(
    title="Exercise 14.2",
    answer=lambda gradient, shape: _sum_to(gradient, shape),
    cases=(
        (_upstream(4, 3), (3,)),
        (_upstream(4, 3), (4, 1)),
        (_upstream(2, 4, 3), (1, 3)),
        (_upstream(2, 3), ()),
        (_upstream(2, 3), (2, 3)),
        (_upstream(5, 1, 2), (1, 2)),
        (_upstream(2, 3), (1, 1)),
    ),
    results=("gradient",),
    mistakes={
        "This takes means. A value that was used several times gets the sum of its shares.": (
            lambda g, shape: _sum_to(g, shape, add=np.mean)
        ),
        "Axes of length 1 are forgotten: a column (4, 1) was repeated along its rows.": (
            lambda g, shape: _sum_to(g, shape, ones=False)
        ),
        "An axis of length 1 disappears in the sum: np.sum keeps it with keepdims=True.": (
            lambda g, shape: _sum_to(g, shape, keepdims=False)
        ),
        "This cuts one row out. All rows used the value: add them up.": lambda g, shape: g[
            tuple(slice(0, n) for n in (1,) * (g.ndim - len(shape)) + shape)
        ].reshape(shape),
        "This reshapes without adding up.": lambda g, shape: np.resize(g, shape),
        "Everything is added up, and each entry gets the whole sum. Add up only along the axes "
        "along which the value was repeated.": lambda g, shape: np.full(shape, g.sum()),
        "This always adds up the rows. Which axes were repeated depends on the shape.": (
            lambda g, shape: g.sum(axis=0)
        ),
        "The gradient comes back as it is; it needs the shape of the value.": lambda g, shape: g,
        "Axes of length 1 disappear in the sum: keep them.": lambda g, shape: _sum_to(
            g, shape
        ).reshape([n for n in shape if n != 1]),
        "Only one axis of length 1 is added up. There may be several.": _first_one_only,
        "The axes that NumPy put in front are still there, with length 1.": lambda g, shape: (
            _sum_to(g, shape).reshape((1,) * (g.ndim - len(shape)) + shape)
        ),
    },
    praise="Repeating on the way forward is a fork, so the way back adds up.",
)


# 14.3 to 14.5: operations of the reader's own engine, or of the library's


EXP_CASES = (
    (np.array([0.0, 1.0, -2.0]), np.array([1.0, 2.0, -1.0])),
    (_upstream(2, 3), _upstream(3, 2).T),
)

exp = Exercise(
    title="Exercise 14.3",
    answer=operation(np.exp, lambda u, x: u * np.exp(x)),
    cases=EXP_CASES,
    run=run_one,
    results=("value", "gradient of x"),
    mistakes={
        "Here the slope is x. It should be another number that forward has seen.": operation(
            np.exp, lambda u, x: u * x
        ),
        "The upstream gradient is missing: multiply by it.": operation(
            np.exp, lambda u, x: np.exp(x)
        ),
        "The upstream gradient goes on unchanged: multiply it by the slope.": operation(
            np.exp, lambda u, x: u
        ),
        "The rule for powers, n · xⁿ⁻¹, is for a fixed exponent. Here x is the exponent.": (
            operation(np.exp, lambda u, x: u * x * np.exp(x - 1))
        ),
        "Here e is raised to the power of the output: once was enough.": operation(
            np.exp, lambda u, x: u * np.exp(np.exp(x))
        ),
        "This divides by the slope; backward multiplies.": operation(
            np.exp, lambda u, x: u / np.exp(x)
        ),
        "This is the slope of the logarithm.": operation(np.exp, lambda u, x: u / x),
        "Adding is not multiplying: upstream times slope.": operation(
            np.exp, lambda u, x: u + np.exp(x)
        ),
        OF_A_LATER_CALL: operation(np.exp, lambda u, x: u * np.exp(x + 1)),
        "This takes e to the power of upstream. The slope depends on x.": operation(
            np.exp, lambda u, x: u * np.exp(u)
        ),
        "This is e to the power of upstream. The slope depends on x.": operation(
            np.exp, lambda u, x: np.exp(u)
        ),
        "This is the rule of the sigmoid, y (1 − y).": operation(
            np.exp, lambda u, x: u * np.exp(x) * (1 - np.exp(x))
        ),
    },
    praise="The output is its own slope, so forward keeps it.",
)

RELU_CASES = (
    (np.array([-1.0, 0.0, 2.0]), np.array([5.0, 6.0, 7.0])),
    (_upstream(3, 4), -_upstream(4, 3).T),
)

relu = Exercise(
    title="Exercise 14.4",
    answer=operation(lambda x: np.maximum(x, 0), lambda u, x: u * (x > 0)),
    cases=RELU_CASES,
    run=run_one,
    results=("value", "gradient of x"),
    mistakes={
        "At x = 0 the course takes the slope 0: x > 0, without the =.": operation(
            lambda x: np.maximum(x, 0), lambda u, x: u * (x >= 0)
        ),
        "backward is a ReLU of the upstream gradient. The mask comes from x, in forward.": (
            operation(lambda x: np.maximum(x, 0), lambda u, x: np.maximum(u, 0))
        ),
        "The upstream gradient is missing: this is the mask alone.": operation(
            lambda x: np.maximum(x, 0), lambda u, x: 1.0 * (x > 0)
        ),
        "The upstream gradient goes on everywhere; where the switch is off it is 0.": operation(
            lambda x: np.maximum(x, 0), lambda u, x: u
        ),
        "The mask is turned around: it lets through what is off.": operation(
            lambda x: np.maximum(x, 0), lambda u, x: u * (x <= 0)
        ),
        "The gradient is multiplied by x. The slope of a closed switch is 1.": operation(
            lambda x: np.maximum(x, 0), lambda u, x: u * np.maximum(x, 0)
        ),
        "forward gives absolute values; what is below 0 becomes 0.": operation(
            np.abs, lambda u, x: u * (x > 0)
        ),
        OF_A_LATER_CALL: operation(lambda x: np.maximum(x, 0), lambda u, x: u * (x + 1 > 0)),
        "The gradient is multiplied by x itself. The slope is 1 or 0.": operation(
            lambda x: np.maximum(x, 0), lambda u, x: u * x
        ),
        "The mask lets through where x is below 0.": operation(
            lambda x: np.maximum(x, 0), lambda u, x: u * (x < 0)
        ),
        "forward returns x itself: what is below 0 becomes 0.": operation(
            lambda x: 1.0 * x, lambda u, x: u * (x > 0)
        ),
        "This multiplies by the sign of x. Below 0 the slope is 0.": operation(
            lambda x: np.maximum(x, 0), lambda u, x: u * np.sign(x)
        ),
    },
    praise="One engine, one more node: nothing else had to change.",
)

MATMUL_CASES = (
    (_upstream(2, 2), _upstream(3, 2).T[:, :2], _upstream(2, 2) + 1),
    (_upstream(4, 2), _upstream(2, 3), _upstream(4, 3)),
    (_upstream(1, 3), _upstream(3, 2), _upstream(1, 2)),
)


matmul = Exercise(
    title="Exercise 14.5",
    answer=product(lambda u, X, W: u @ W.T, lambda u, X, W: X.T @ u),
    cases=MATMUL_CASES,
    run=run_two,
    results=("value", "gradient of X", "gradient of W"),
    mistakes={
        "In the gradient of X a transpose is missing: write the shapes above the product.": (
            product(lambda u, X, W: u @ W, lambda u, X, W: X.T @ u)
        ),
        "In the gradient of W a transpose is missing: write the shapes above the product.": (
            product(lambda u, X, W: u @ W.T, lambda u, X, W: X @ u)
        ),
        "Both gradients lack their transpose: write the shapes above each product.": product(
            lambda u, X, W: u @ W, lambda u, X, W: X @ u
        ),
        "The two gradients are swapped: the one of X comes first.": product(
            lambda u, X, W: X.T @ u, lambda u, X, W: u @ W.T
        ),
        "In the gradient of X the factors are in the wrong order.": product(
            lambda u, X, W: W.T @ u, lambda u, X, W: X.T @ u
        ),
        "In the gradient of W the factors are in the wrong order.": product(
            lambda u, X, W: u @ W.T, lambda u, X, W: u @ X.T
        ),
        "The gradient of W is transposed.": product(
            lambda u, X, W: u @ W.T, lambda u, X, W: u.T @ X
        ),
        "These are the slopes of ×, entry by entry. A matrix product adds up over the inner "
        "index.": product(lambda u, X, W: u * W, lambda u, X, W: u * X),
        "Here * multiplies entry by entry. A matrix product is written @.": operation(
            lambda X, W: X * W, lambda u, X, W: (u * W, u * X)
        ),
        "Both gradients are divided by the number of rows; only a loss does that.": product(
            lambda u, X, W: u @ W.T / len(X), lambda u, X, W: X.T @ u / len(X)
        ),
        OF_A_LATER_CALL: product(lambda u, X, W: u @ (W + 1).T, lambda u, X, W: (X + 1).T @ u),
        "In both gradients the factors are in the wrong order: write the shapes above them.": (
            product(lambda u, X, W: W.T @ u, lambda u, X, W: u @ X.T)
        ),
        "The gradient of X needs W, and the one of W needs X: here they are exchanged.": product(
            lambda u, X, W: u @ X.T, lambda u, X, W: W.T @ u
        ),
        "The gradient of W is divided by the number of rows; only a loss does that.": product(
            lambda u, X, W: u @ W.T, lambda u, X, W: X.T @ u / len(X)
        ),
        "Both transposes are missing, and in the gradient of W the order is wrong, too.": product(
            lambda u, X, W: u @ W, lambda u, X, W: u @ X
        ),
    },
    praise="Lesson 06's two products, now recorded.",
)
