"""Lesson 05: activations and what they do to a gradient."""

import numpy as np

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.node_answers import (
    OF_ANOTHER_NODE,
    OVERWRITES,
    node_of,
    run_one_input,
)
from course_utils.exercises.question import Question

two_in_a_row = Question(
    text="Two layers without activations: the first multiplies its input by 2, the second by 3. "
    "Together they can compute",
    options=(
        "exactly what one layer can that multiplies by 6",
        "more than any single layer can",
        "five times their input",
    ),
    answer="exactly what one layer can that multiplies by 6",
    why="3 · (2x) = 6x. However many straight lines follow each other, the result is one.",
)

steepest = Question(
    text="The sigmoid rises from 0 at the far left to 1 at the far right. At which x is its slope "
    "largest?",
    options=("far left, at −8", "at 0", "at 2", "far right, at 8"),
    answer="at 0",
    why="It is flat on both sides, and steepest halfway up, where y = 0.5.",
)

ten_sigmoids = Question(
    text="A gradient of 1 goes back through ten sigmoids, each at the point where its slope is "
    "largest, 0.25. How much is left?",
    options=("about 2.5", "about 0.25", "about 0.025", "about 0.000001"),
    answer="about 0.000001",
    why="Slopes multiply: 0.25 ten times over.",
)

through_the_switch = Question(
    text="ReLU receives x = [−1, 0, 2] on the way forward and the upstream gradient [5, 6, 7] on "
    "the way back. What does it send back?",
    options=("[0, 0, 7]", "[5, 6, 7]", "[0, 0, 2]", "[0, 0, 14]"),
    answer="[0, 0, 7]",
    why="Where the switch was closed, the gradient passes as it is; elsewhere nothing passes.",
)


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _slope(x):
    return _sigmoid(x) * (1 - _sigmoid(x))


def _sigmoid_is(gradient, forward=_sigmoid):
    return node_of(forward, gradient)


def _relu(x):
    return np.where(x > 0, x, 0)


def _relu_is(gradient, forward=_relu):
    return node_of(forward, gradient)


def _leaky(x):
    return np.where(x > 0, x, 0.1 * x)


def _leaky_is(gradient, forward=_leaky):
    return node_of(forward, gradient)


def _overwrite_where_open(upstream, x):
    upstream[x <= 0] = 0
    return upstream


def _shrink_where_open(upstream, x):
    upstream[x <= 0] *= 0.1
    return upstream


BOTH_SIDES_OF_0 = (  # x, and an upstream gradient
    (np.array([-1.0, 0.0, 2.0]), np.array([5.0, 6.0, 7.0])),
    (np.array([[1.0, -0.5], [-2.0, 3.0]]), np.array([[-1.3, 0.4], [2.0, 0.25]])),
    (np.array([[0.3, 4.0], [-0.1, 0.0]]), np.array([[0.7, -0.6], [1.5, -2.5]])),
)

sigmoid = Exercise(
    title="Exercise 5.1",
    answer=_sigmoid_is(lambda u, x: u * _slope(x)),
    cases=(
        (2.0, 1.0),
        (np.array([-1.0, 0.0, 3.0]), np.array([2.0, -1.0, 0.5])),
        (np.array([[0.3, -2.5]]), np.array([[1.7, 0.11]])),
    ),
    run=run_one_input,
    results=("output", "gradient of x"),
    mistakes={
        "The upstream gradient is missing: backward returns the slope alone.": _sigmoid_is(
            lambda u, x: _slope(x)
        ),
        "The slope is missing: backward passes on what it received.": _sigmoid_is(lambda u, x: u),
        "The slope is y(1 − y) with the output y; here stands the input x.": _sigmoid_is(
            lambda u, x: u * x * (1 - x)
        ),
        "This is upstream · y. The second factor, 1 − y, is missing.": _sigmoid_is(
            lambda u, x: u * _sigmoid(x)
        ),
        "This is upstream · (1 − y). The first factor, y, is missing.": _sigmoid_is(
            lambda u, x: u * (1 - _sigmoid(x))
        ),
        "The sigmoid is taken twice: what forward kept is already y.": _sigmoid_is(
            lambda u, x: u * _slope(_sigmoid(x))
        ),
        "The sign is wrong: a sigmoid only rises.": _sigmoid_is(lambda u, x: -u * _slope(x)),
        "Parentheses are missing: y * 1 - y is 0.": _sigmoid_is(
            lambda u, x: u * _sigmoid(x) - _sigmoid(x)
        ),
        "This is y² · upstream; the walk back goes through exp, which multiplies by e⁻ˣ.": (
            _sigmoid_is(lambda u, x: u * _sigmoid(x) ** 2)
        ),
        "Upstream and slope are added; the chain rule multiplies them.": _sigmoid_is(
            lambda u, x: u + _slope(x)
        ),
        OF_ANOTHER_NODE.format("y"): _sigmoid_is(lambda u, x: u * _slope(x + 1)),
        OVERWRITES: _sigmoid_is(lambda u, x: np.multiply(u, _slope(x), out=np.asarray(u))),
        "The slope is taken at the upstream gradient, not at x: use the y that forward kept.": (
            _sigmoid_is(lambda u, x: u * _slope(u))
        ),
        "This is −y² · upstream, which 1/x sends back. On the way back exp and ×(−1) come after "
        "it.": _sigmoid_is(lambda u, x: -u * _sigmoid(x) ** 2),
    },
    praise="One number kept, y, and the whole graph of four nodes is walked back.",
)

relu = Exercise(
    title="Exercise 5.2",
    answer=_relu_is(lambda u, x: u * (x > 0)),
    cases=BOTH_SIDES_OF_0,
    run=run_one_input,
    results=("output", "gradient of x"),
    mistakes={
        OVERWRITES: _relu_is(_overwrite_where_open),
        "Every gradient passes, also where the switch is open. Is the mask left out, or taken from "
        "the output with >=? The output is never below 0.": _relu_is(lambda u, x: u),
        "At x = 0 this course takes the slope 0: the mask is x > 0.": _relu_is(
            lambda u, x: u * (x >= 0)
        ),
        "The upstream gradient is missing: backward returns the mask alone.": _relu_is(
            lambda u, x: 1.0 * (x > 0)
        ),
        "The mask must come from x on the way forward. Here the upstream gradient decides what "
        "passes.": _relu_is(lambda u, x: u * (u > 0)),
        "Only positive gradients pass here. A negative one passes as well where x > 0.": _relu_is(
            lambda u, x: u * (u > 0) * (x > 0)
        ),
        "Where the switch is closed the gradient passes as it is; here it is multiplied by x.": (
            _relu_is(lambda u, x: u * _relu(x))
        ),
        "The switch is the wrong way round: gradients pass where x > 0.": _relu_is(
            lambda u, x: u * (x <= 0)
        ),
        OF_ANOTHER_NODE.format("mask"): _relu_is(lambda u, x: u * (x + 1 > 0)),
        "This is upstream · x. Where the switch is closed the gradient passes as it is, and where "
        "it is open nothing passes.": _relu_is(lambda u, x: u * x),
        "This is the output of forward. backward should return the upstream gradient where x > 0, "
        "and 0 elsewhere.": _relu_is(lambda u, x: _relu(x)),
    },
    praise="A mask kept on the way forward, and a new array on the way back.",
)

leaky = Exercise(
    title="Exercise 5.3",
    answer=_leaky_is(lambda u, x: u * np.where(x > 0, 1, 0.1)),
    cases=BOTH_SIDES_OF_0,
    run=run_one_input,
    results=("output", "gradient of x"),
    mistakes={
        "At x = 0 the slope should be 0.1: the mask is x > 0, without the 0.": _leaky_is(
            lambda u, x: u * np.where(x >= 0, 1, 0.1)
        ),
        "forward is right. backward is ReLU's: where x < 0 a tenth must pass.": _leaky_is(
            lambda u, x: u * (x > 0)
        ),
        "forward is right. backward passes everything, also where x < 0.": _leaky_is(
            lambda u, x: u
        ),
        "forward is right. backward passes a tenth everywhere, also where x > 0.": _leaky_is(
            lambda u, x: 0.1 * u
        ),
        "The upstream gradient is missing: backward returns the slopes alone.": _leaky_is(
            lambda u, x: np.where(x > 0, 1, 0.1)
        ),
        "backward multiplies by the output. It needs the slope: 1 or 0.1.": _leaky_is(
            lambda u, x: u * _leaky(x)
        ),
        "backward is right. forward is ReLU's: where x < 0 it should give 0.1 x.": _leaky_is(
            lambda u, x: u * np.where(x > 0, 1, 0.1), _relu
        ),
        "This is ReLU itself, forward and backward.": _leaky_is(lambda u, x: u * (x > 0), _relu),
        "The slope is 0.1 where x < 0, not −0.1: the line still rises.": _leaky_is(
            lambda u, x: u * np.where(x > 0, 1, -0.1)
        ),
        "The mask must come from x on the way forward, not from the upstream gradient.": _leaky_is(
            lambda u, x: np.where(u > 0, u, 0.1 * u)
        ),
        OVERWRITES: _leaky_is(_shrink_where_open),
        OF_ANOTHER_NODE.format("mask"): _leaky_is(lambda u, x: u * np.where(x + 1 > 0, 1, 0.1)),
        "forward is right. backward gives 0.1 where x ≤ 0; a tenth of the upstream gradient should "
        "pass.": _leaky_is(lambda u, x: np.where(x > 0, u, 0.1)),
        "forward is right. In backward the two branches are swapped: a tenth passes where x ≤ 0.": (
            _leaky_is(lambda u, x: u * np.where(x > 0, 0.1, 1))
        ),
        "backward is right. forward gives 0.1 where x ≤ 0; it should give 0.1 x.": _leaky_is(
            lambda u, x: u * np.where(x > 0, 1, 0.1), lambda x: np.where(x > 0, x, 0.1)
        ),
        "forward and backward give 0.1 where x ≤ 0; both should give a tenth of what they "
        "receive.": _leaky_is(
            lambda u, x: np.where(x > 0, u, 0.1), lambda x: np.where(x > 0, x, 0.1)
        ),
    },
    praise="It always leaks a little, so a gradient can always find its way back.",
)
