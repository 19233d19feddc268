"""Lesson 07: the squared error, binary cross-entropy, and prediction − target."""

import numpy as np

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.node_answers import (
    OF_ANOTHER_NODE,
    node_of,
    other_scores,
    run_loss,
)
from course_utils.exercises.question import Question

twice_the_batch = Question(
    text="A loss is the mean of the squared errors of 2 examples. You put both examples into the "
    "batch a second time, so that there are 4. What happens to the gradient of the first "
    "prediction?",
    options=("it stays as it is", "it doubles", "it is halved"),
    answer="it is halved",
    why="The loss stays the same, but its gradient is now shared between two equal copies.",
)

surprise = Question(
    text="The answer is yes, and the loss is −ln p. What does it do as p, the probability given to "
    "yes, goes to 0?",
    options=("it goes to 0", "it goes to 1", "it grows beyond every limit"),
    answer="it grows beyond every limit",
    why="ln 0.01 is −4.6, ln 0.0001 is −9.2, and so on without an end.",
)

sure_and_wrong = Question(
    text="Binary cross-entropy behind a sigmoid, and the answer is no: t = 0. The score z rises "
    "from 2 to 8, more and more wrong. What becomes of the gradient of z?",
    options=(
        "it goes to 0, like the sigmoid's slope",
        "it comes close to 1",
        "it grows beyond every limit, like the loss",
    ),
    answer="it comes close to 1",
    why="It is σ(z) − 0: 0.8808 at 2, 0.9997 at 8. The loss grows, its slope does not.",
)

dead_when_wrong = Question(
    text="z = −8 but the answer is yes: sure and wrong. With the squared error (p − t)² behind "
    "the sigmoid, the gradient of z is about",
    options=("−2, a strong push", "−1", "−0.0007, hardly a push"),
    answer="−0.0007, hardly a push",
    why="2(p − t) is about −2, but the sigmoid multiplies it by its slope, 0.0003 at −8.",
)


def _squared(factor, gradient):
    """Make a squared error: factor(N, D) on the sum, and gradient(p − t, N, D)."""

    def squared_error(prediction, target):
        difference = prediction - target
        n, d = difference.shape
        return factor(n, d) * (difference**2).sum(), gradient(difference, n, d)

    return squared_error


def _table(*shape):
    return np.random.default_rng(10 * shape[0] + shape[1]).normal(size=shape).round(2)


mean_squared = Exercise(
    title="Exercise 7.1",
    answer=_squared(lambda n, d: 1 / n, lambda e, n, d: 2 * e / n),
    cases=tuple((_table(n, d), _table(d, n).T) for n, d in ((2, 3), (4, 1), (1, 2), (3, 2))),
    results=("loss", "gradient"),
    mistakes={
        "The loss is right. Its gradient has a factor 2, from the square.": _squared(
            lambda n, d: 1 / n, lambda e, n, d: e / n
        ),
        "The loss is right, and divides by N. The gradient must divide by N as well.": _squared(
            lambda n, d: 1 / n, lambda e, n, d: 2 * e
        ),
        "The loss is right. The gradient is divided by N twice.": _squared(
            lambda n, d: 1 / n, lambda e, n, d: 2 * e / n**2
        ),
        "The loss is right. The gradient has the wrong sign: a prediction above its target has a "
        "positive one.": _squared(lambda n, d: 1 / n, lambda e, n, d: -2 * e / n),
        "This is the mean over all entries. Here it is the mean over the examples: divide by the "
        "number of rows alone.": _squared(
            lambda n, d: 1 / (n * d), lambda e, n, d: 2 * e / (n * d)
        ),
        "The gradient is right. The loss is the mean over all entries; divide by the number of "
        "rows alone.": _squared(lambda n, d: 1 / (n * d), lambda e, n, d: 2 * e / n),
        "The loss is right. The gradient divides by the number of all entries, not of the "
        "rows.": _squared(lambda n, d: 1 / n, lambda e, n, d: 2 * e / (n * d)),
        "This is half of it: with ½ in front, as some books have it.": _squared(
            lambda n, d: 0.5 / n, lambda e, n, d: e / n
        ),
        "This is the sum over the examples, not their mean.": _squared(
            lambda n, d: 1, lambda e, n, d: 2 * e
        ),
        "The gradient is right. The loss is the sum over the examples, not their mean.": _squared(
            lambda n, d: 1, lambda e, n, d: 2 * e / n
        ),
        "The loss is right. Its gradient lacks the factor 2 and the 1/N.": _squared(
            lambda n, d: 1 / n, lambda e, n, d: e
        ),
        "The loss has ½ in front, its gradient has not: they do not belong together.": _squared(
            lambda n, d: 0.5 / n, lambda e, n, d: 2 * e / n
        ),
        "The loss is the sum, not the mean, and its gradient lacks the factor 2.": _squared(
            lambda n, d: 1, lambda e, n, d: e
        ),
        "The gradient is right. The loss is still one number for each example; take their mean.": (
            lambda p, t: (((p - t) ** 2).sum(axis=1), 2 * (p - t) / len(p))
        ),
        "The two results are swapped: the loss comes first.": lambda p, t: (
            2 * (p - t) / len(p),
            ((p - t) ** 2).sum() / len(p),
        ),
        "This divides by the number of columns. N is the number of rows, the examples.": _squared(
            lambda n, d: 1 / d, lambda e, n, d: 2 * e / d
        ),
        "The loss is the mean over all entries, and should divide by the number of rows alone; its "
        "gradient does not divide at all.": _squared(
            lambda n, d: 1 / (n * d), lambda e, n, d: 2 * e
        ),
        "This is the mean over all entries, with ½ in front. Divide by the number of rows alone, "
        "without the ½.": _squared(lambda n, d: 0.5 / (n * d), lambda e, n, d: e / (n * d)),
        "This is the sum over the examples, with ½ in front; it should be their mean, without "
        "it.": _squared(lambda n, d: 0.5, lambda e, n, d: e),
        "The gradient is right. The loss is the root of what is asked for.": lambda p, t: (
            (((p - t) ** 2).sum() / len(p)) ** 0.5,
            2 * (p - t) / len(p),
        ),
    },
    praise="One 1/N, in the loss, and the gradient has what follows from it.",
)


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _bce(z, t):
    return np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))


def _naive(z, t, least=0.0):
    p = np.clip(_sigmoid(z), least, 1 - least)
    return -(t * np.log(p) + (1 - t) * np.log(1 - p))


def _without_size(z, t):
    return np.log(1 + np.exp(-z)) + (1 - t) * z


def _lifted(z, t, least):
    p = _sigmoid(z)
    return -(t * np.log(p + least) + (1 - t) * np.log(1 - p + least))


CLIPPED = (
    "Finite now, but p is cut off at {}: at z = −800, where the loss is 800, it stops growing, and "
    "so has no slope. Compute from z instead."
)
LIFTED = (
    "Finite now, but only by the {} inside the logarithm: where the loss should be 800 it stops "
    "growing, and so has no slope. Compute from z instead."
)

CUT_OFF = (
    "Finite now, but z is cut off at ±{}: where the loss should be 800 it stops growing, and so "
    "has no slope. Leave z as it is."
)

stable = Exercise(
    title="Exercise 7.2",
    answer=_bce,
    cases=(
        (np.array([0.5, -1.25, 3.0]), np.array([1.0, 1.0, 0.0])),
        (np.array([-800.0, 800.0]), np.array([1.0, 0.0])),
        (np.array([-800.0, 800.0, 2.0]), np.array([0.0, 1.0, 0.0])),
    ),
    mistakes={
        "At z = ±800 it is infinite or nan: p is rounded to 0 or 1, and log 0 is infinite. Put z "
        "into the formula instead of p.": _naive,
        **{
            CLIPPED.format(least): lambda z, t, least=float(least): _naive(z, t, least)
            for least in (
                "1e-3",
                "1e-5",
                "1e-6",
                "1e-7",
                "1e-8",
                "1e-9",
                "1e-10",
                "1e-12",
                "1e-15",
                "1e-16",
            )
        },
        **{
            LIFTED.format(least): lambda z, t, least=float(least): _lifted(z, t, least)
            for least in ("1e-5", "1e-6", "1e-7", "1e-8", "1e-9", "1e-10", "1e-12", "1e-15")
        },
        **{
            CUT_OFF.format(most): lambda z, t, most=most: _bce(np.clip(z, -most, most), t)
            for most in (20, 30, 50, 100, 500, 700, 709)
        },
        "Right in the middle, but exp(−z) overflows at z = −800: use exp(−|z|).": _without_size,
        "The size is missing in exp(−|z|): exp(−z) overflows at z = −800.": lambda z, t: (
            np.maximum(z, 0) + _without_size(z, 1) - z * t
        ),
        "exp(|z|) overflows at ±800: the sign in front of |z| is missing.": (
            lambda z, t: np.maximum(z, 0) - z * t + np.log(1 + np.exp(np.abs(z)))
        ),
        "The term z · t is missing.": lambda z, t: _bce(z, 0 * t),
        "z · t is added; it must be taken away: where t = 1 a larger z means a smaller loss.": (
            lambda z, t: _bce(z, -t)
        ),
        "The targets are swapped: this is small where the answer is wrong.": lambda z, t: _bce(
            z, 1 - t
        ),
        "The logarithm is missing: log(1 + exp(−|z|)).": lambda z, t: (
            np.maximum(z, 0) - z * t + np.exp(-np.abs(z))
        ),
        "This is the mean; here each example keeps its own loss.": lambda z, t: _bce(z, t).mean(),
        "At z = ±800 it is infinite: p, or 1 − p, is rounded to 0, and log 0 is infinite. Put z "
        "into the formula instead of p.": (
            lambda z, t: -np.log(np.where(t == 1, _sigmoid(z), 1 - _sigmoid(z)))
        ),
        "Right in the middle, but exp(z) overflows at z = 800: use exp(−|z|).": (
            lambda z, t: np.log(1 + np.exp(z)) - t * z
        ),
        "It is exp(−|z|), not exp(z).": (
            lambda z, t: np.maximum(z, 0) - z * t + np.log(1 + np.exp(z))
        ),
        "max(z, 0) is missing.": lambda z, t: _bce(z, t) - np.maximum(z, 0),
        "The first term is max(z, 0), not z: it is 0 where z is negative.": lambda z, t: (
            _bce(z, t) - np.maximum(z, 0) + z
        ),
        "np.max takes the largest of all entries. np.maximum(z, 0) works entry by entry.": (
            lambda z, t: _bce(z, t) - np.maximum(z, 0) + z.max()
        ),
        "The last term is missing: only max(z, 0) − zt is here.": lambda z, t: (
            np.maximum(z, 0) - z * t
        ),
        "This is the sum; here each example keeps its own loss.": lambda z, t: _bce(z, t).sum(),
        "This is p − t, the gradient. The loss is asked for.": lambda z, t: _sigmoid(z) - t,
        "This is the squared error, (p − t)².": lambda z, t: (_sigmoid(z) - t) ** 2,
        "The logarithm is taken away; it must be added.": lambda z, t: (
            2 * (np.maximum(z, 0) - z * t) - _bce(z, t)
        ),
        "The first term is max(z, 0), not min: it is 0 where z is negative.": lambda z, t: (
            _bce(z, t) - np.maximum(z, 0) + np.minimum(z, 0)
        ),
        "The first term is max(z, 0), not |z|: it is 0 where z is negative.": lambda z, t: (
            _bce(z, t) - np.maximum(z, 0) + np.abs(z)
        ),
    },
    praise="Right to the last digit at ±800, where the first formula gave inf and nan.",
)


def _mean_bce(z, t):
    return _bce(z, t).mean()


def _pushed(gradient):
    """Make a loss node whose gradient is ``gradient(upstream, p, t, N)``."""
    return node_of(_mean_bce, lambda upstream, z, t: gradient(upstream, _sigmoid(z), t, len(z)))


fused = Exercise(
    title="Exercise 7.3",
    answer=_pushed(lambda u, p, t, n: u * (p - t) / n),
    cases=(
        (np.array([2.0, -1.0]), np.array([1.0, 0.0]), 1.0),
        (np.array([0.5, 2.0, -3.0]), np.array([1.0, 0.0, 1.0]), 2.5),
        (np.array([0.123]), np.array([1.0]), -0.5),
    ),
    run=run_loss,
    results=("loss", "gradient of z"),
    mistakes={
        "This is the gradient of the sum; the loss is the mean: divide by N.": _pushed(
            lambda u, p, t, n: u * (p - t)
        ),
        "This divides by N twice.": _pushed(lambda u, p, t, n: u * (p - t) / n**2),
        "The upstream gradient is ignored. It is 1 only where the loss is the end of the graph.": (
            _pushed(lambda u, p, t, n: (p - t) / n)
        ),
        "The upstream gradient is ignored, and so is the division by N.": _pushed(
            lambda u, p, t, n: p - t
        ),
        "The sign is wrong: it is prediction − target.": _pushed(
            lambda u, p, t, n: u * (t - p) / n
        ),
        "The sigmoid's slope p(1 − p) is multiplied in once more; in p − t it has cancelled.": (
            _pushed(lambda u, p, t, n: u * (p - t) * p * (1 - p) / n)
        ),
        "This is the gradient for p, not for z: the sigmoid still has to be gone through.": _pushed(
            lambda u, p, t, n: u * (-t / p + (1 - t) / (1 - p)) / n
        ),
        "The target is missing: it is p − t, not p.": _pushed(lambda u, p, t, n: u * p / n),
        "This is twice too much. The factor 2 belongs to the squared error.": _pushed(
            lambda u, p, t, n: 2 * u * (p - t) / n
        ),
        "p(1 − p) is the sigmoid's slope alone; the loss behind it has a slope as well.": _pushed(
            lambda u, p, t, n: u * p * (1 - p) / n
        ),
        "Parentheses are missing: only t is divided by N.": _pushed(
            lambda u, p, t, n: u * (p - t / n)
        ),
        "Parentheses are missing: upstream multiplies p alone, and N divides t alone.": _pushed(
            lambda u, p, t, n: u * p - t / n
        ),
        "This adds up the examples. Each score gets a gradient of its own.": _pushed(
            lambda u, p, t, n: u * (p - t).mean()
        ),
        "This is z − t: the prediction is p, the sigmoid of z.": node_of(
            _mean_bce, lambda u, z, t: u * (z - t) / len(z)
        ),
        OF_ANOTHER_NODE.format("p"): node_of(
            _mean_bce, lambda u, z, t: u * (_sigmoid(other_scores(z)) - t) / len(z)
        ),
    },
    praise="Three nodes' worth of backward pass, in one short line.",
)
