"""Lesson 11: what is left of a gradient, weights that keep a signal's size, and dead neurons."""

import math

import numpy as np

from course_utils.exercises.exercise import Exercise, Problem
from course_utils.exercises.question import Question

ten_slopes = Question(
    text="A gradient goes back through sigmoids, each of them where it is steepest. After how many "
    "is less than a hundredth of it left?",
    options=("4", "10", "25"),
    answer="4",
    why="0.25⁴ = 0.0039. Slopes along a path multiply. After ten, a millionth is left.",
)

twice_as_deep = Question(
    text="5 affine layers: the first one's gradient is about 5,000,000 times as small as the last "
    "one's. How much smaller is it with 10 layers?",
    options=(
        "10,000,000 times: twice as deep, twice as small",
        "more than 10¹² times",
        "5,000,000 times as well",
    ),
    answer="more than 10¹² times",
    why="About 10¹⁶ times. Each further layer multiplies by the same small factor: depth stands in "
    "the exponent.",
)

how_large = Question(
    text="ReLU networks with 256 neurons in each layer. W comes from N(0, c/256). With which c "
    "does a signal keep its size through ten layers?",
    options=("c = 1", "c = 2", "c = 4"),
    answer="c = 2",
    why="The ReLU sets half of what comes in to 0, so the weights have to make up for a half.",
)

better_sigmoid = Question(
    text="Sigmoid again, but W from N(0, 16/D) instead of N(0, 0.01²). Does the network of 5 "
    "layers learn now?",
    options=("yes", "no, sigmoids always stall"),
    answer="yes",
    why="0.25 · 4 = 1: the weights make up for the slopes. It was never the sigmoid alone.",
)

after_the_step = Question(
    text="One hidden layer. One step with a learning rate of 10, then small steps again. Do the "
    "neurons recover that this step has switched off for every digit?",
    options=("yes, small steps repair them", "no, they stay off"),
    answer="no, they stay off",
    why="Where the ReLU is off for all examples, its slope is 0 for all of them: no gradient, no "
    "update.",
)


def _run_weights(answer, inputs, outputs, seed):
    """Return (mean, its variance as a multiple of 1/D) of an answer's W, each to one decimal."""
    W = answer(inputs, outputs, np.random.default_rng(seed))
    if W is ... or W is None:
        return W, W
    W = np.asarray(W)
    if W.shape != (inputs, outputs):
        raise Problem(f"W should have the shape ({inputs}, {outputs}), and has {W.shape}.")
    if W.dtype.kind != "f":
        raise Problem("W should hold random numbers with decimals.")
    if np.array_equal(W, answer(inputs, outputs, np.random.default_rng(seed + 1))):
        raise Problem("W is the same whatever rng is given: draw the numbers from rng.")
    return W.mean().round(1) + 0.0, (W.var() * inputs).round(1)


def _normal(variance):
    return lambda inputs, outputs, rng: rng.normal(
        0, math.sqrt(variance(inputs, outputs)), (inputs, outputs)
    )


weights = Exercise(
    title="Exercise 11.1",
    answer=_normal(lambda D, M: 2 / D),
    cases=((500, 40, 1), (200, 800, 2), (40, 500, 3)),
    run=_run_weights,
    results=("mean of W", "variance of W, times D"),
    mistakes={
        "rng.normal wants the standard deviation, and this is the variance: take the root.": (
            lambda D, M, rng: rng.normal(0, 2 / D, (D, M))
        ),
        "The 2 is missing: the ReLU takes away half.": _normal(lambda D, M: 1 / D),
        "This divides by the number of outputs. What adds up in a neuron are its inputs: D.": (
            _normal(lambda D, M: 2 / M)
        ),
        "These are Xavier's weights, for activations that are symmetric around 0.": _normal(
            lambda D, M: 2 / (D + M)
        ),
        "The variance is 1, whatever D is: large layers will explode.": _normal(lambda D, M: 1),
        "The variance is 2, whatever D is: divide by D.": _normal(lambda D, M: 2),
        "The variance is that of N(0, 0.01²), whatever D is.": _normal(lambda D, M: 1e-4),
        "Only the D is under the root; the 2 belongs there as well.": _normal(lambda D, M: 4 / D),
        "These numbers are uniform from 0 on: their mean should be 0.": lambda D, M, rng: (
            rng.random((D, M)) * math.sqrt(2 / D)
        ),
        "These numbers come from −√(2/D) ... √(2/D), and their variance is a third of 2/D.": (
            lambda D, M, rng: rng.uniform(-1, 1, (D, M)) * math.sqrt(2 / D)
        ),
    },
    praise="A variance of 2/D: N(0, 2/D), known as He initialisation.",
)


HIDDEN = np.array(
    [
        [0.0, 1.5, 0.0, 0.2, 0.0],
        [0.0, 0.0, 0.0, 0.7, 0.4],
        [0.0, 2.0, 0.0, 0.0, 0.0],
    ]
)


dead = Exercise(
    title="Exercise 11.2",
    answer=lambda h: (h == 0).all(axis=0).mean(),
    cases=((HIDDEN,), (HIDDEN[:, [1, 0, 3]],), (HIDDEN[:2].T.copy(),)),
    mistakes={
        "This is the share of zeros. A neuron is dead if it is 0 for every example.": lambda h: (
            h == 0
        ).mean(),
        "This looks along the rows: it finds examples for which every neuron is off.": lambda h: (
            (h == 0).all(axis=1).mean()
        ),
        "A neuron that is off for one example is not dead yet: it has to be off for all.": (
            lambda h: (h == 0).any(axis=0).mean()
        ),
        "This is the number of dead neurons; divide it by the number of neurons.": lambda h: (
            (h == 0).all(axis=0).sum()
        ),
        "This is the share of neurons that live.": lambda h: 1 - (h == 0).all(axis=0).mean(),
        "This divides by the number of examples; divide by the number of neurons.": lambda h: (
            (h == 0).all(axis=0).sum() / len(h)
        ),
        "This says for each neuron whether it is dead; the share is wanted.": lambda h: (
            h == 0
        ).all(axis=0),
    },
    praise="A column of zeros: off for every example, so its own weights get no gradient.",
)


def _layers(slope, std, width, left):
    """Return the smallest n with (slope · std · √width)ⁿ < left."""
    return math.floor(math.log(left) / math.log(slope * std * math.sqrt(width))) + 1


def _counted(factor, over=lambda left: left):
    """Make an answer with another factor for each layer."""

    def layers(slope, std, width, left):
        each = factor(slope, std, width)
        if not each < 1:
            raise ValueError("nothing is lost")
        return math.floor(math.log(over(left)) / math.log(each)) + 1

    return layers


layers_until = Exercise(
    title="Exercise 11.3",
    answer=_layers,
    cases=((0.25, 0.01, 32, 1e-6), (0.25, 0.25, 100, 0.01), (0.5, 0.1, 64, 0.001)),
    mistakes={
        "The weights are missing: each layer multiplies by its slope and by std · √width.": (
            _counted(lambda slope, std, width: slope)
        ),
        "The slope is missing: each layer multiplies by std · √width and by its slope.": _counted(
            lambda slope, std, width: std * math.sqrt(width)
        ),
        "The root is missing: √width of the weights' random numbers add up, not all of them.": (
            _counted(lambda slope, std, width: min(slope * std * width, 0.999999))
        ),
        "√width is missing: a layer multiplies by std · √width, not by std.": _counted(
            lambda slope, std, width: slope * std
        ),
        "This is one layer too few: there, the part that is left is not below `left` yet.": (
            lambda slope, std, width, left: _layers(slope, std, width, left) - 1
        ),
        "This is one layer too many: count the first number for which it is below `left`.": (
            lambda slope, std, width, left: _layers(slope, std, width, left) + 1
        ),
        "The logarithms' quotient has to be rounded up: layers are whole.": (
            lambda slope, std, width, left: (
                math.log(left) / math.log(slope * std * math.sqrt(width))
            )
        ),
    },
    praise="Depth stands in the exponent, so a few layers are enough.",
)
