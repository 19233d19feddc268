"""Lesson 03: nodes with forward and backward, and values that are used twice."""

import numpy as np

from course_utils.exercises.exercise import Exercise, Problem
from course_utils.exercises.node_answers import OF_ANOTHER_NODE, node_of, run_one_input
from course_utils.exercises.question import Question

add_sends = Question(
    text="An Add node computed 10 + 5. It receives 1.3 from the right. What does it send back "
    "to its two inputs?",
    options=("1.3 and 1.3", "13 and 6.5", "6.5 and 13", "0.65 and 0.65"),
    answer="1.3 and 1.3",
    why="If either input goes up by 1, the sum goes up by 1. The gradient passes unchanged.",
)

mul_sends = Question(
    text="A Mul node computed 10 × 5. It receives 1.3 from the right. What does it send back to "
    "the 10 and to the 5?",
    options=("1.3 and 1.3", "13 to the 10, 6.5 to the 5", "6.5 to the 10, 13 to the 5"),
    answer="6.5 to the 10, 13 to the 5",
    why="If the 10 goes up by 1, the product goes up by 5: each input is scaled by the other.",
)

used_twice = Question(
    text="z = x + x². At x = 3, the branch x has slope 1 and the branch x² has slope 6. What is "
    "dz/dx?",
    options=(
        "1, the slope of the branch x",
        "6, the slope of the branch x²",
        "7",
        "3.5, halfway between 1 and 6",
    ),
    answer="7",
    why="A nudge of x travels both branches, and both movements arrive at z: 1 + 6.",
)


def _backward_is(gradients, forward=lambda x, y: x - y):
    return node_of(forward, gradients)


def _square_is(gradient, forward=lambda x: x * x):
    return node_of(forward, gradient)


def _run_two(node_class, x, y, upstream):
    node = node_class()
    output = node.forward(x, y)
    if output is ...:
        return ...
    gradients = node.backward(upstream)
    if gradients is ... or gradients is None:
        return output, gradients, gradients
    gradients = tuple(gradients) if np.iterable(gradients) else (gradients,)
    if len(gradients) != 2:
        said = f"backward returns {len(gradients)} value{'s' * (len(gradients) != 1)}"
        raise Problem(f"{said}; it needs 2, one gradient for each input.")
    return output, *gradients


subtract = Exercise(
    title="Exercise 3.1",
    answer=_backward_is(lambda u, x, y: (u, -u)),
    cases=((10, 5, 1.3), (2.5, 4.0, -2.0), (-3, 7, 0.123)),
    run=_run_two,
    results=("output", "gradient of x", "gradient of y"),
    mistakes={
        "This is what Add sends back. If y goes up by 1, x − y goes down by 1.": _backward_is(
            lambda u, x, y: (u, u)
        ),
        "The minus sign is at x; it belongs at y.": _backward_is(lambda u, x, y: (-u, u)),
        "Both signs are flipped: x − y goes up when x does.": _backward_is(
            lambda u, x, y: (-u, -u)
        ),
        "These are local derivatives alone: multiply them by the upstream gradient.": (
            _backward_is(lambda u, x, y: (1, -1))
        ),
        "This is what Mul sends back; a difference does not scale by its inputs.": _backward_is(
            lambda u, x, y: (u * y, u * x)
        ),
        "This is what Mul sends back, with a minus sign; a difference does not scale by its "
        "inputs.": _backward_is(lambda u, x, y: (u * y, -u * x)),
        "These are the inputs; what is sent back is upstream times the local derivative.": (
            _backward_is(lambda u, x, y: (x, -y))
        ),
        "A difference sends what it receives to both sides in full, not one half to each.": (
            _backward_is(lambda u, x, y: (u / 2, -u / 2))
        ),
    },
    praise="Nothing had to be kept from the forward pass.",
)

fork = Exercise(
    title="Exercise 3.2",
    answer=lambda x, y: (y, x + 2 * y),
    cases=((2, 3), (1, 5), (-4, 0.125), (3, -2)),
    results=("gradient of x", "gradient of y"),
    mistakes={
        "y is used twice; this is only its branch straight to ×. The branch through + is "
        "dropped.": lambda x, y: (y, x + y),
        "y is used twice; this is only its branch through +. The branch straight to × is "
        "dropped.": lambda x, y: (y, y),
        "The two branches of y are multiplied. They run side by side: add them.": lambda x, y: (
            y, (x + y) * y,
        ),
        "The gradient of x is what × sends to +. This is what × sends straight to y.": (
            lambda x, y: (x + y, x + 2 * y)
        ),
        "Along +, y gets what × sent to +. That is not 1.": lambda x, y: (y, x + y + 1),
        "The + node passes on what it receives. It receives what × sends, not 1.": lambda x, y: (
            1, x + y + 1,
        ),
        "On the straight branch × sends y its other input, and that is not y.": (
            lambda x, y: (y, 2 * y)
        ),
        "Only one branch of y is here, and the two gradients are swapped.": lambda x, y: (x + y, y),
        "This is how far z moves for a nudge of a whole 1; the slope is what remains of the rate "
        "as the nudge shrinks.": lambda x, y: (y, x + 2 * y + 1),
        "The two gradients are swapped: x comes first.": lambda x, y: (x + 2 * y, y),
        "This is the average of the two branches. Every branch counts in full.": lambda x, y: (
            y, (x + 2 * y) / 2,
        ),
    },
    praise="Two paths lead from y to z, and their shares add up.",
)  # fmt: skip

square = Exercise(
    title="Exercise 3.3",
    answer=_square_is(lambda u, x: u * 2 * x),
    cases=((3.0, 1), (-2.0, 1.3), (0.125, -4), (0.111, 0.7), (0.0, 2.0)),
    run=run_one_input,
    results=("output", "gradient of x"),
    mistakes={
        "The upstream gradient is missing: backward returns the local derivative alone.": (
            _square_is(lambda u, x: 2 * x)
        ),
        "This is the gradient of one branch: in x · x the value is used twice.": (
            _square_is(lambda u, x: u * x)
        ),
        "The slope of x² depends on x: keep x in forward and use it in backward.": (
            _square_is(lambda u, x: 2 * u)
        ),
        "backward squares as well; it needs the slope 2x.": _square_is(lambda u, x: u * x * x),
        "forward doubles; it should square.": _square_is(lambda u, x: 2 * u, lambda x: 2 * x),
        "backward is right; forward doubles, and should square.": _square_is(
            lambda u, x: u * 2 * x, lambda x: 2 * x
        ),
        "Here upstream and local derivative are added; the chain rule multiplies them.": (
            _square_is(lambda u, x: u + 2 * x)
        ),
        "forward keeps x², and backward needs x: say self.x = x.": _square_is(
            lambda u, x: u * 2 * x * x
        ),
        "The root of x² has lost the sign of x: keep x itself in forward.": _square_is(
            lambda u, x: u * 2 * abs(x)
        ),
        OF_ANOTHER_NODE.format("x"): _square_is(lambda u, x: u * 2 * (x + 1)),
    },
    praise="x · x is a fork into a Mul, in one node.",
)
