"""Lesson 08: softmax, its Jacobian, and cross-entropy."""

import numpy as np

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.node_answers import (
    CHANGES_WHAT_IT_KEPT,
    OF_ANOTHER_NODE,
    node_of,
    other_scores,
    run_loss,
)
from course_utils.exercises.question import Question

all_scores_up = Question(
    text="Three scores become three probabilities by softmax. You add 100 to each of the three "
    "scores. What do the probabilities do?",
    options=("they all rise", "they become more equal", "they stay as they are"),
    answer="they stay as they are",
    why="Each eᶻ is multiplied by e¹⁰⁰, and so is their sum: the factor cancels.",
)

one_score_up = Question(
    text="You raise the score of class 0 a little and leave the other two alone. What happens to "
    "the probability of class 1?",
    options=("nothing, its score is the same", "it falls", "it rises"),
    answer="it falls",
    why="The probabilities share 1. What class 0 gains, the others lose.",
)

who_is_pushed = Question(
    text="Softmax gives p = (0.008, 0.00005, 0.992), but the answer is class 0. Which scores get a "
    "gradient that is far from 0?",
    options=("class 0 alone", "classes 0 and 2", "all three alike"),
    answer="classes 0 and 2",
    why="p − t is (−0.992, 0.00005, 0.992): class 0 is pushed up, class 2 down by nearly as much.",
)

at_the_fork = Question(
    text="The answer is class 2. The branch of class 0 ends in ×0, since t₀ = 0. Which gradient "
    "arrives at e^z₀?",
    options=("0, since t₀ = 0", "1/S, through the sum S", "z₀, its score"),
    answer="1/S, through the sum S",
    why="Nothing comes back through its own product. But e^z₀ is part of S, and S is in every "
    "probability: that is how classes compete.",
)


def _softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _rows(*rows):
    return np.array(rows, dtype=float)


def _unshifted(z, **total):
    e = np.exp(z)
    return e / e.sum(**total)


def _shifted_by(z, most, **total):
    e = np.exp(z - most)
    return e / e.sum(**total)


BY_ROW = {"axis": 1, "keepdims": True}

softmax = Exercise(
    title="Exercise 8.1",
    answer=_softmax,
    cases=(
        (_rows([1.0, 2.0, 0.5], [0.25, -1.0, 3.0], [2.0, 2.0, 1.123]),),
        (_rows([10_000.0, 10_001.0], [-10_000.0, -10_003.0], [0.0, 2_000.0]),),
        (_rows([5.3, 0.3, 10.1, 0.0]),),
    ),
    mistakes={
        "Large scores overflow: take the largest score of each row away first.": lambda z: (
            _unshifted(z, **BY_ROW)
        ),
        "The sum runs over everything: each row must sum to 1 by itself.": lambda z: _shifted_by(
            z, z.max(axis=1, keepdims=True)
        ),
        "The sum runs over everything: each row must sum to 1 by itself. And large scores "
        "overflow.": _unshifted,
        "This treats the whole table as one example. Each row needs its own maximum and its own "
        "sum.": lambda z: _shifted_by(z, z.max()),
        "The sum runs down the columns, over the examples. It should run along each row.": (
            lambda z: _shifted_by(z, z.max(axis=1, keepdims=True), axis=0)
        ),
        "The sum runs down the columns, over the examples. It should run along each row. And large "
        "scores overflow.": lambda z: _unshifted(z, axis=0),
        "Each row is divided by the sums of all rows, entry by entry: keepdims=True is missing in "
        "the sum.": lambda z: _shifted_by(z, z.max(axis=1, keepdims=True), axis=1),
        "keepdims=True is missing in the sum. And is the largest score of each row taken away?": (
            lambda z: _unshifted(z, axis=1)
        ),
        "keepdims=True is missing in the maximum: it is taken from the columns.": lambda z: (
            _shifted_by(z, z.max(axis=1), **BY_ROW)
        ),
        "The largest score of the whole batch is taken away, so that a row of much smaller scores "
        "becomes 0/0. Take each row's own.": lambda z: _shifted_by(z, z.max(), **BY_ROW),
        "exp is missing: these are the shifted scores divided by their sum.": (
            lambda z: (z - z.max(1, keepdims=True)) / (z - z.max(1, keepdims=True)).sum(**BY_ROW)
        ),
        "exp is missing: these are the scores divided by their sum.": (
            lambda z: z / z.sum(**BY_ROW)
        ),
        "These are not divided by their sum yet.": lambda z: np.exp(z - z.max(1, keepdims=True)),
        "keepdims=True is missing twice, in the maximum and in the sum.": lambda z: _shifted_by(
            z, z.max(axis=1), axis=1
        ),
        "The sum runs down the columns, over the examples. It should run along each row, and so "
        "should the maximum.": lambda z: _shifted_by(z, z.max(axis=0), axis=0),
        "The maximum is that of each column; take the largest score of each row.": lambda z: (
            _shifted_by(z, z.max(axis=0), **BY_ROW)
        ),
        "Something smaller than the largest score is taken away, and a large one still overflows. "
        "Take the largest away.": lambda z: _shifted_by(z, z.min(**BY_ROW), **BY_ROW),
        "The sign is wrong: the largest score gets the smallest probability.": (
            lambda z: _shifted_by(-z, -z.max(**BY_ROW), **BY_ROW)
        ),
        "The sign is wrong: exp(−z) is largest where the score is smallest.": lambda z: _softmax(
            -z
        ),
        "These are the logarithms of the probabilities.": lambda z: np.log(_softmax(z)),
        "The table is transposed: each example has a row.": lambda z: _softmax(z).T,
        "Here the scores are divided by the largest one. Take it away from them.": lambda z: (
            _softmax(z / z.max(**BY_ROW))
        ),
        "The largest score is added; take it away.": lambda z: _shifted_by(
            z, -z.max(**BY_ROW), **BY_ROW
        ),
        "This is a sigmoid of each score. The probabilities of a row should share 1.": lambda z: (
            1 / (1 + np.exp(-z))
        ),
        "The scores are cut off: all large ones become alike. Take the largest score of each row "
        "away instead.": lambda z: _softmax(np.clip(z, -500, 500)),
        "exp alone: nothing is divided yet, and large scores overflow.": (np.exp),
        "The largest score is taken away above the line only: do the same in the sum.": (
            lambda z: np.exp(z - z.max(**BY_ROW)) / np.exp(z).sum(**BY_ROW)
        ),
    },
    praise="Every row sums to 1, and scores of 10,000 are nothing special.",
)

jacobian = Exercise(
    title="Exercise 8.2",
    answer=lambda p: np.diag(p) - np.outer(p, p),
    cases=(
        (np.array([0.2, 0.5, 0.3]),),
        (np.array([0.9, 0.1]),),
        (np.array([0.125, 0.375, 0.25, 0.25]),),
    ),
    mistakes={
        "Only the diagonal is here. Off it stands −pᵢpⱼ: the classes compete.": lambda p: np.diag(
            p * (1 - p)
        ),
        "The diagonal is right. Off it the sign is wrong: what one class gains, another loses.": (
            lambda p: np.diag(p - 2 * p**2) + np.outer(p, p)
        ),
        "Off the diagonal it is right. On it pᵢ is missing: it is pᵢ(1 − pᵢ).": lambda p: (
            -np.outer(p, p)
        ),
        "Off the diagonal it is right. On it stands pᵢ; it is pᵢ(1 − pᵢ).": lambda p: (
            np.diag(p + p**2) - np.outer(p, p)
        ),
        "This adds pᵢpⱼ to the diagonal matrix; it must be taken away.": lambda p: (
            np.diag(p) + np.outer(p, p)
        ),
        "Every sign is wrong: raise a score, and its own probability rises.": lambda p: (
            np.outer(p, p) - np.diag(p)
        ),
        "These are the slopes of a sigmoid for each class, as if the others did not exist.": (
            lambda p: p * (1 - p)
        ),
        "The rows should sum to 0. On the diagonal stands 1 − pᵢpᵢ: np.eye has ones there, and "
        "what belongs there are the pᵢ.": lambda p: np.eye(len(p)) - np.outer(p, p),
        "np.outer(p, p) is what is taken away. The diagonal is missing, and so is the sign.": (
            lambda p: np.outer(p, p)
        ),
        "Only the diagonal is here, and only pᵢ. From all entries pᵢpⱼ is taken away.": np.diag,
        "The diagonal is right. Off it stands pᵢ(1 − pⱼ); it is −pᵢpⱼ.": lambda p: np.outer(
            p, 1 - p
        ),
        "Off the diagonal it is right. On it pᵢpᵢ is taken away twice: np.outer has it already.": (
            lambda p: np.diag(p * (1 - p)) - np.outer(p, p)
        ),
        "The diagonal comes from np.diag(p): p alone is a row, and is repeated in each row.": (
            lambda p: p - np.outer(p, p)
        ),
        "p * p is a row, not a table: np.outer(p, p) has all products.": lambda p: (
            np.diag(p) - p * p
        ),
        "p @ p is a single number: np.outer(p, p) is the table of all products.": lambda p: (
            np.diag(p) - p @ p
        ),
        "Off the diagonal it is right. On it stands 1 − pᵢ; it is pᵢ(1 − pᵢ).": lambda p: (
            np.diag(1 - p + p**2) - np.outer(p, p)
        ),
        "Off the diagonal it is right. On it the sign is wrong: raise a score, and its own "
        "probability rises.": lambda p: np.diag(2 * p**2 - p) - np.outer(p, p),
    },
    praise="Its rows sum to 0, since raising all scores alike moves no probability; its columns "
    "too, since the probabilities always share 1.",
)


def _chosen(z, t):
    rows = np.zeros(z.shape)
    rows[np.arange(len(z)), t] = 1
    return rows


def _cross_entropy(z, t):
    return -np.log(_softmax(z)[np.arange(len(z)), t]).mean()


def _with_gradient(gradient, loss=_cross_entropy):
    """Make a loss node whose gradient is ``gradient(upstream, p, t, N)``; t is one-hot."""
    return node_of(loss, lambda u, z, t: gradient(u, _softmax(z), _chosen(z, t), len(z)))


class _ChangesItsP:
    def forward(self, z, t):
        self.p, self.t = _softmax(z), t
        return _cross_entropy(z, t)

    def backward(self, upstream=1.0):
        self.p[np.arange(len(self.p)), self.t] -= 1
        return upstream * self.p / len(self.p)


with_loss = Exercise(
    title="Exercise 8.3",
    answer=_with_gradient(lambda u, p, t, n: u * (p - t) / n),
    cases=(
        (_rows([5.3, 0.3, 10.1], [1.0, 2.0, 0.5], [0.2, -1.0, 0.7]), np.array([0, 1, 1]), 1.0),
        (_rows([5.3, 0.3, 10.1], [1.0, 2.0, 0.5]), np.array([0, 1]), 1.0),
        (_rows([0.1, 0.2], [-1.0, 3.0], [2.0, 0.123]), np.array([1, 0, 0]), 2.5),
        (_rows([1.0, 0.0, -1.0, 0.5]), np.array([3]), -0.5),
    ),
    run=run_loss,
    results=("loss", "gradient of z"),
    mistakes={
        "The loss is right, and divides by N. The gradient must divide by N as well.": (
            _with_gradient(lambda u, p, t, n: u * (p - t))
        ),
        "The gradient is divided by N twice.": _with_gradient(
            lambda u, p, t, n: u * (p - t) / n**2
        ),
        "The gradient is divided by the number of all entries; divide by the examples alone.": (
            _with_gradient(lambda u, p, t, n: u * (p - t) / p.size)
        ),
        "The upstream gradient is ignored. It is 1 only where the loss is the end of the graph.": (
            _with_gradient(lambda u, p, t, n: (p - t) / n)
        ),
        "The upstream gradient is ignored, and so is the division by N.": _with_gradient(
            lambda u, p, t, n: p - t
        ),
        "The sign is wrong: it is p − t.": _with_gradient(lambda u, p, t, n: u * (t - p) / n),
        "The target is missing: this is p, not p − t.": _with_gradient(
            lambda u, p, t, n: u * p / n
        ),
        "The softmax is missing: p − t needs probabilities, and these are exactly −t.": (
            _with_gradient(lambda u, p, t, n: -u * t / n)
        ),
        "Only the answer's score gets a gradient. The others compete with it: theirs is p.": (
            _with_gradient(lambda u, p, t, n: u * (p - t) * t / n)
        ),
        "The softmax's slope p(1 − p) is multiplied in once more; in p − t it is done.": (
            _with_gradient(lambda u, p, t, n: u * (p - t) * p * (1 - p) / n)
        ),
        CHANGES_WHAT_IT_KEPT: _ChangesItsP,
        "t holds class numbers, and these are not to be subtracted: make a one-hot row of each.": (
            node_of(_cross_entropy, lambda u, z, t: u * (_softmax(z) - t[:, None]) / len(z))
        ),
        "t holds class numbers, and here one is subtracted from each column: make a one-hot row of "
        "each, and subtract that.": node_of(
            _cross_entropy, lambda u, z, t: u * (_softmax(z) - t) / len(z)
        ),
        "p[t] takes whole rows. From each row take one entry, that of its class: "
        "p[np.arange(N), t].": node_of(
            _cross_entropy,
            lambda u, z, t: u * (_softmax(z) - np.isin(np.arange(len(z)), t)[:, None]) / len(z),
        ),
        "The sum over everything is 0, always: what one score gains, the others lose. Each score "
        "has a gradient of its own.": _with_gradient(lambda u, p, t, n: u * (p - t).sum() / n),
        "p[:, t] takes those columns in every row. Each row has a class of its own: "
        "p[np.arange(N), t].": _with_gradient(lambda u, p, t, n: u * (p - t.any(axis=0)) / n),
        "1 is taken away from every class; take it from the answer's alone.": _with_gradient(
            lambda u, p, t, n: u * (p - 1) / n
        ),
        "This divides by the number of classes; divide by the number of examples.": _with_gradient(
            lambda u, p, t, n: u * (p - t) / p.shape[1]
        ),
        "This is the gradient for p, −t/p, not for z: the softmax still has to be gone through.": (
            _with_gradient(lambda u, p, t, n: -u * t / p / n)
        ),
        "This is twice too much. The factor 2 belongs to the squared error.": _with_gradient(
            lambda u, p, t, n: 2 * u * (p - t) / n
        ),
        "Parentheses are missing: only t is divided by N.": _with_gradient(
            lambda u, p, t, n: u * (p - t / n)
        ),
        "The target is missing, and so is the division by N: this is p.": _with_gradient(
            lambda u, p, t, n: u * p
        ),
        "The target should be t, the answer; this is the class with the largest p.": _with_gradient(
            lambda u, p, t, n: u * (p - np.eye(p.shape[1])[p.argmax(axis=1)]) / n
        ),
        "The examples are added up. Each has a row of its own.": _with_gradient(
            lambda u, p, t, n: u * (p - t).mean(axis=0)
        ),
        OF_ANOTHER_NODE.format("p"): node_of(
            _cross_entropy,
            lambda u, z, t: u * (_softmax(other_scores(z)) - _chosen(z, t)) / len(z),
        ),
    },
    praise="Softmax, its Jacobian and the logarithm, gone through in one line.",
)
