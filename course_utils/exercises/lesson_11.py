"""Lesson 11: what is left of a gradient, weights that keep a signal's size, and dead neurons."""

import math

import numpy as np

from course_utils.exercises.exercise import Exercise, Problem
from course_utils.exercises.question import Question
from course_utils.initialisation import xavier

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
    text="Sigmoid again, 5 layers, but W from N(0, 16/D) instead of N(0, 0.01²). How many held-out "
    "digits are right after three epochs?",
    options=("about 10 %", "about 50 %", "about 90 %"),
    answer="about 90 %",
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
    """Return (mean, in standard deviations, to one decimal; D times the variance, to two digits).

    Raises:
        Problem: W is no table of its shape, or not drawn from the rng that is given.
    """
    W = answer(inputs, outputs, np.random.default_rng(seed))
    if W is ... or W is None:
        return W, W
    W = _as_weights(W, inputs, outputs)
    _check_source(answer, seed)
    if np.ptp(W) == 0:
        raise Problem("All numbers of W are equal: draw one for each place.")
    return (W.mean() / W.std()).round(1) + 0.0, float(f"{W.var() * inputs:.2g}")


def _as_weights(W, inputs, outputs):
    try:
        W = np.asarray(W)
    except ValueError:
        raise Problem("Return W alone, an array.") from None
    if W.shape == (outputs, inputs):
        raise Problem(
            f"W has the shape {W.shape}; a row belongs to an input, a column to a neuron."
        )
    if W.shape != (inputs, outputs):
        raise Problem(f"W should have the shape ({inputs}, {outputs}), and has {W.shape}.")
    if W.dtype.kind != "f":
        raise Problem("W should hold random numbers with decimals.")
    return W


def _check_source(answer, seed):
    """Raise a Problem unless the same rng gives the same small W, and another rng another one."""
    first, again, other = (answer(8, 5, np.random.default_rng(s)) for s in (seed, seed, seed + 1))
    if np.array_equal(first, other):
        raise Problem("W is the same whatever rng is given: draw the numbers from rng.")
    if not np.array_equal(first, again):
        raise Problem("W is not drawn from the rng that is given: the same rng gives another W.")


def _normal(variance):
    return lambda inputs, outputs, rng: rng.normal(
        0, math.sqrt(variance(inputs, outputs)), (inputs, outputs)
    )


weights = Exercise(
    title="Exercise 11.1",
    answer=_normal(lambda D, M: 2 / D),
    cases=((500, 400, 1), (200, 800, 2), (400, 500, 3)),
    run=_run_weights,
    results=("mean of W, divided by its standard deviation", "variance of W, times D"),
    mistakes={
        "rng.normal wants the standard deviation, and this is the variance: take the root.": (
            lambda D, M, rng: rng.normal(0, 2 / D, (D, M))
        ),
        "The 2 is missing: the ReLU takes away half.": _normal(lambda D, M: 1 / D),
        "This divides by the number of outputs. What adds up in a neuron are its inputs: D.": (
            _normal(lambda D, M: 2 / M)
        ),
        "These are Xavier's weights, for activations that are symmetric around 0.": (
            lambda D, M, rng: xavier((D, M), rng)
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
        "These are the sigmoid's weights, 4/√D. Here it is a ReLU.": _normal(lambda D, M: 16 / D),
        "Only the 2 is under the root; the D belongs there as well.": _normal(
            lambda D, M: 2 / D**2
        ),
        "This is the square of the variance: take its root instead.": _normal(
            lambda D, M: (2 / D) ** 4
        ),
        "The 2 is on the wrong side: the ReLU takes away half, so the weights are larger.": _normal(
            lambda D, M: 1 / (2 * D)
        ),
        "The variance is 2/(D · M): only the inputs add up in a neuron.": _normal(
            lambda D, M: 2 / (D * M)
        ),
        "The variance is 2/256, whatever D is: use inputs.": _normal(lambda D, M: 2 / 256),
        "The first argument of rng.normal is the mean, which should be 0.": lambda D, M, rng: (
            rng.normal(math.sqrt(2 / D), 1, (D, M))
        ),
        "None is below 0: the mean of W should be 0.": lambda D, M, rng: abs(
            rng.normal(0, math.sqrt(2 / D), (D, M))
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
ALWAYS_ON = np.array([[0.3, 0.0, 0.002, 0.0], [1.1, 0.0, 0.0, 0.4], [0.6, 0.0, 0.0, 0.0]])

dead = Exercise(
    title="Exercise 11.2",
    answer=lambda h: (h == 0).all(axis=0).mean(),
    cases=(
        (HIDDEN,),
        (ALWAYS_ON,),
        (HIDDEN[:, [1, 0, 3]],),
        (HIDDEN[:2].T.copy(),),
        (np.zeros((2, 3)),),
    ),
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
        "Nothing is below 0 after a ReLU: a neuron that is off gives exactly 0.": lambda h: (
            (h < 0).all(axis=0).mean()
        ),
        "A neuron that is hardly ever on, or by little, is not dead: look for 0 and nothing "
        "else.": lambda h: (h.mean(axis=0) < 0.01).mean(),
        "This is the share of neurons that are on for every example.": lambda h: (
            (h > 0).all(axis=0).mean()
        ),
        "These are percent; the share goes from 0 to 1.": lambda h: (
            100 * (h == 0).all(axis=0).mean()
        ),
        "This divides by the number of all entries; divide by the number of neurons.": lambda h: (
            (h == 0).all(axis=0).sum() / h.size
        ),
        "This divides by 32, whatever h is: divide by the number of its columns.": lambda h: (
            (h == 0).all(axis=0).sum() / 32
        ),
        "This divides by the neurons that live; divide by all of them.": lambda h: (
            (h == 0).all(axis=0).sum() / (h > 0).any(axis=0).sum()
        ),
        "This says for each neuron how often it is off; ask which are off always, and take the "
        "share.": lambda h: (h == 0).mean(axis=0),
        "This is which neurons are dead; the share is wanted.": lambda h: np.flatnonzero(
            (h == 0).all(axis=0)
        ),
    },
    praise="A column of zeros: off for every example, so its own weights get no gradient.",
)


def _layers(slope, std, width, left):
    """Return the smallest n with (slope · std · √width)ⁿ < left."""
    return math.floor(math.log(left) / math.log(slope * std * math.sqrt(width))) + 1


def _counted(factor):
    """Make an answer with another factor for each layer."""
    return lambda slope, std, width, left: _layers(factor(slope, std, width), 1, 1, left)


def _quotient(slope, std, width, left):
    return math.log(left) / math.log(slope * std * math.sqrt(width))


# Without its slope, its std or its root each factor is still below 1, so that no loop is endless.
layers_until = Exercise(
    title="Exercise 11.3",
    answer=_layers,
    cases=((0.25, 0.01, 9, 1e-6), (0.25, 0.05, 12, 0.01), (0.5, 0.1, 3, 1e-7)),
    mistakes={
        "The weights are missing: each layer multiplies by its slope and by std · √width.": (
            _counted(lambda slope, std, width: slope)
        ),
        "The slope is missing: each layer multiplies by std · √width and by its slope.": _counted(
            lambda slope, std, width: std * math.sqrt(width)
        ),
        "The root is missing: √width of the weights' random numbers add up, not all of them.": (
            _counted(lambda slope, std, width: slope * std * width)
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
        "std is missing: the weights are small, and a layer multiplies by std · √width.": _counted(
            lambda slope, std, width: slope * math.sqrt(width)
        ),
        "The logarithms' quotient has to be rounded up: layers are whole.": _quotient,
        "The quotient is rounded to the nearest whole number: it has to be rounded up.": (
            lambda *given: round(_quotient(*given))
        ),
        "This is what remains, not the number of layers.": lambda slope, std, width, left: (
            (slope * std * math.sqrt(width)) ** _layers(slope, std, width, left)
        ),
        "No layer is counted: the loop goes on while as much as `left` or more remains.": (
            lambda slope, std, width, left: 0
        ),
        "This is 1 whatever is given: what remains starts at 1, not at `left`; or two logarithms "
        "are swapped.": lambda slope, std, width, left: 1,
        "The factor is subtracted. Each layer multiplies by it.": lambda slope, std, width, left: (
            math.floor((1 - left) / (slope * std * math.sqrt(width))) + 1
        ),
        "The root is over std as well: it belongs to width alone.": _counted(
            lambda slope, std, width: slope * math.sqrt(std * width)
        ),
    },
    praise="Depth stands in the exponent, so a few layers are enough.",
)
