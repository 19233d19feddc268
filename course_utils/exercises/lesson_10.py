"""Lesson 10: mini-batches, a confusion matrix, and two trainings that have to succeed."""

from functools import cache

import numpy as np

from course_utils.datasets import load_digits
from course_utils.exercises.batch_answers import (
    EMPTY,
    EMPTY_TOO_SOON,
    LAST_LEFT_OUT,
    NOT_FROM_RNG,
    NOT_SHUFFLED,
    ONE_BATCH_LARGE,
    OVERLAP,
    REPEATED,
    SAME_ORDER,
    SOME_LEFT_OUT,
    WITHIN_BATCHES,
    run_batches,
)
from course_utils.exercises.exercise import NOTHING, Exercise, Problem
from course_utils.exercises.question import Question
from course_utils.initialisation import mlp
from course_utils.nodes import SoftmaxWithLoss
from course_utils.training import SGD, DivergedError, Network, accuracy, fit

how_many_parameters = Question(
    text="784 pixels go in, 100 neurons are hidden, 10 scores come out; each affine layer has its "
    "biases. How many parameters are there?",
    options=("894", "7,950", "79,510"),
    answer="79,510",
    why="784 · 100 + 100 in the first layer, 100 · 10 + 10 in the second.",
)

first_loss = Question(
    text="Nothing is learned yet, and there are 10 classes. Near which number should the first "
    "loss be, if everything is in order?",
    options=("0", "ln 10 = 2.303", "10"),
    answer="ln 10 = 2.303",
    why="A network that knows nothing gives each class a probability near 1/10, and −ln(1/10) is "
    "ln 10.",
)

seen_and_unseen = Question(
    text="After ten epochs: which digits does the network get right more often?",
    options=(
        "those it was trained on",
        "the held-out ones",
        "both alike",
    ),
    answer="those it was trained on",
    why="It has adapted to them, their accidents included. What counts is the other number.",
)

most_confused = Question(
    text="Which digit will be taken for a 9 most often?",
    options=("1", "4", "7"),
    answer="4",
    why="A 4 whose top is closed is nearly a 9, and many people close it.",
)

evaluations = Question(
    text="The network has 79,510 parameters. One central difference for each of them takes how "
    "many forward passes?",
    options=("79,510", "159,020", "79,511"),
    answer="159,020",
    why="Two for each parameter, one to either side. Backpropagation takes one forward and one "
    "backward pass.",
)


def _split(order, size, count):
    return [order[start : start + size] for start in range(0, count, size)]


batches = Exercise(
    title="Exercise 10.2",
    answer=lambda count, size, rng: _split(rng.permutation(count), size, count),
    cases=((14, 4, 1), (15, 5, 2), (25, 10, 3)),
    run=run_batches,
    results=("number of times each example is shown", "sizes of the batches"),
    mistakes={
        NOT_SHUFFLED: lambda count, size, rng: _split(np.arange(count), size, count),
        REPEATED: lambda count, size, rng: [
            rng.integers(0, count, min(size, count - start)) for start in range(0, count, size)
        ],
        LAST_LEFT_OUT: lambda count, size, rng: _split(
            rng.permutation(count)[: count - count % size], size, count - count % size
        ),
        SOME_LEFT_OUT: lambda count, size, rng: [rng.permutation(count)[:size]],
        EMPTY: lambda count, size, rng: [
            *_split(rng.permutation(count), size, count),
            np.array([], int),
        ],
        EMPTY_TOO_SOON: lambda count, size, rng: [
            rng.permutation(count)[start:size] for start in range(0, count, size)
        ],
        SAME_ORDER: lambda count, size, rng: _split(
            np.random.default_rng(0).permutation(count), size, count
        ),
        NOT_FROM_RNG: lambda count, size, rng: _split(
            np.random.default_rng().permutation(count), size, count
        ),
        WITHIN_BATCHES: lambda count, size, rng: [
            rng.permutation(part) for part in _split(np.arange(count), size, count)
        ],
        OVERLAP: lambda count, size, rng: [
            order[start : start + size]
            for order in [rng.permutation(count)]
            for start in range(count)
        ],
        "The examples are spread evenly. Fill each batch up to size: only the last may be "
        "smaller.": lambda count, size, rng: np.array_split(
            rng.permutation(count), -(-count // size)
        ),
        "The first batch is the smaller one; that should be the last.": (
            lambda count, size, rng: _split(rng.permutation(count), size, count)[::-1]
        ),
        ONE_BATCH_LARGE: lambda count, size, rng: [rng.permutation(count)],
    },
    praise="Each example once an epoch, in another order each time.",
)


LABELS = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2, 1])
ANSWERS = np.array([0, 0, 1, 1, 2, 2, 2, 0, 2, 1])


def _confusion(labels, answers, classes):
    table = np.zeros((classes, classes), int)
    np.add.at(table, (labels, answers), 1)
    return table


def _confusion_once(labels, answers, classes):
    table = np.zeros((classes, classes), int)
    table[labels, answers] += 1
    return table


confusion = Exercise(
    title="Exercise 10.3",
    answer=_confusion,
    cases=(
        (LABELS, ANSWERS, 3),
        (np.array([3, 3, 0, 0, 0, 2]), np.array([0, 3, 0, 3, 3, 2]), 4),
        (np.array([1, 1, 2, 1]), np.array([1, 2, 2, 1]), 5),
    ),
    mistakes={
        "Rows and columns are swapped: a row is a true class, a column an answer.": (
            lambda labels, answers, classes: _confusion(answers, labels, classes)
        ),
        "Each pair is counted once, however often it occurs: += 1 in a loop counts, = 1 does not, "
        "and table[labels, answers] += 1 adds to each place only once.": _confusion_once,
        "Only right answers are counted. The others are what the table is for.": (
            lambda labels, answers, classes: np.diag(
                np.bincount(labels[labels == answers], minlength=classes)
            )
        ),
        "Only wrong answers are counted. The right ones belong on the diagonal.": (
            lambda labels, answers, classes: _confusion(
                labels[labels != answers], answers[labels != answers], classes
            )
        ),
        "These are shares; the table holds counts.": lambda labels, answers, classes: (
            _confusion(labels, answers, classes) / len(labels)
        ),
        "Each row is divided by its sum; the table holds counts.": (
            lambda labels, answers, classes: (
                _confusion(labels, answers, classes)
                / np.maximum(_confusion(labels, answers, classes).sum(axis=1, keepdims=True), 1)
            )
        ),
        "Every row is divided by its sum; the table holds counts.": (
            lambda labels, answers, classes: (
                _confusion(labels, answers, classes)
                / _confusion(labels, answers, classes).sum(axis=1, keepdims=True)
            )
        ),
        "Each column is divided by its sum; the table holds counts.": (
            lambda labels, answers, classes: (
                _confusion(labels, answers, classes)
                / _confusion(labels, answers, classes).sum(axis=0, keepdims=True)
            )
        ),
        "All rows are alike: [[0] * classes] * classes is one row, many times. Use np.zeros.": (
            lambda labels, answers, classes: np.tile(
                np.bincount(answers, minlength=classes), (classes, 1)
            )
        ),
        "These are percentages; the table holds counts.": lambda labels, answers, classes: (
            100 * _confusion(labels, answers, classes) / len(labels)
        ),
        "Only the first pair is counted: is return inside the loop?": (
            lambda labels, answers, classes: _confusion(labels[:1], answers[:1], classes)
        ),
        "The table is 10 × 10, whatever classes is.": lambda labels, answers, classes: _confusion(
            labels, answers, 10
        ),
        "There are as many rows as labels occur. There should be one for each class, also for one "
        "that does not occur.": lambda labels, answers, classes: _confusion(
            labels, answers, max(labels.max(), answers.max()) + 1
        ),
    },
    praise="Its diagonal holds what is right; its rows sum to how often each class occurs.",
)


@cache
def _digits():
    """Return (X, labels) of the training part and of the held-out part, in float32."""
    return tuple(
        (part.images.reshape(-1, 784).astype(np.float32) / 255, part.labels)
        for part in load_digits()
    )


def _numbers(answer, names):
    """Return the settings that an answer returns, each a number above 0; None while it is open."""
    settings = answer()
    if settings is None:
        raise Problem(NOTHING)
    if isinstance(settings, (list, np.ndarray)) and np.ndim(settings) == 1:
        settings = tuple(settings)
    if settings is ... or (isinstance(settings, tuple) and any(s is ... for s in settings)):
        return None
    if not isinstance(settings, tuple) or len(settings) != len(names):
        raise Problem(f"Return {len(names)} numbers: {', '.join(names)}.")
    for name, value in zip(names, settings, strict=True):
        _check_setting(name, value)
    return float(settings[0]), *map(int, settings[1:])


def _check_setting(name, value):
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    shown = value.item() if isinstance(value, np.generic) else value
    if not is_number or not 0 < value < np.inf:
        raise Problem(f"The {name} should be a number above 0, and is {shown!r:.40}.")
    if name != "learning rate" and value != int(value):
        raise Problem(f"The {name} should be a whole number, and is {shown!r:.40}.")


def _trained(X, labels, rate, **how):
    """Return (network, its losses) after a training, or raise the Problem with its rate."""
    network = Network(mlp((784, 100, 10), dtype=np.float32), SoftmaxWithLoss())
    try:
        return network, fit(network, X, labels, SGD(rate), progress=False, **how).losses
    except DivergedError:
        raise Problem(f"{TOO_FAR} The loss is no longer a number.") from None


TOO_FAR = "The steps are too large: the loss jumps about instead of falling."
TOO_SHORT = "The loss still falls, but slowly: take larger steps."
TOO_FEW = "The loss still falls: use more of the 50 iterations, or larger steps."
TOO_MANY_ITERATIONS = "That takes more than 50 iterations; larger steps do it in fewer."
TOO_MANY_EPOCHS = "That takes more than 10 epochs; smaller batches make more steps in an epoch."
TOO_SMALL_BATCHES = "Batches of fewer than 10 take too long here: take larger ones."
FEW_STEPS = (
    "The network would still learn. Take larger steps, smaller batches, or more epochs (10 at "
    "most)."
)


def _run_by_heart(answer, digits):
    """Return 1 once so many digits are learned by heart."""
    settings = _numbers(answer, ("learning rate", "number of iterations"))
    if settings is None:
        return ...
    rate, iterations = settings
    if iterations > 50:
        raise Problem(TOO_MANY_ITERATIONS)
    X, labels = (array[:digits] for array in _digits()[0])
    network, losses = _trained(X, labels, rate, epochs=iterations)
    after = network.forward(X, labels)
    if not after < 0.01:
        too_far = not after <= 1.5 * losses[0] or max(losses) > 1.5 * losses[0]
        raise Problem(TOO_FAR if too_far else TOO_FEW if iterations < 50 else TOO_SHORT)
    return 1


by_heart = Exercise(
    title="Exercise 10.1",
    answer=lambda: (0.4, 50),
    cases=((20,),),
    run=_run_by_heart,
    results=("result",),
    mistakes={
        TOO_FAR: lambda: (8.0, 50),
        TOO_SHORT: lambda: (0.01, 50),
        TOO_FEW: lambda: (0.4, 25),
        TOO_MANY_ITERATIONS: lambda: (0.1, 1000),
    },
    praise="The loss ends below 0.01. A network that cannot do this will not learn 8,000 digits.",
)


@cache
def _reached(rate, batch_size, epochs):
    """Return (share of the held-out digits that are right, losses) after a training."""
    (X, labels), held_out = _digits()
    network, losses = _trained(X, labels, rate, batch_size=batch_size, epochs=epochs)
    return accuracy(network, *held_out), losses


def _run_reach(answer, share):
    """Return 1 once this share of the held-out digits is right."""
    settings = _numbers(answer, ("learning rate", "batch size", "number of epochs"))
    if settings is None:
        return ...
    rate, batch_size, epochs = settings
    if epochs > 10:
        raise Problem(TOO_MANY_EPOCHS)
    if batch_size < 10:
        raise Problem(TOO_SMALL_BATCHES)
    right, losses = _reached(rate, batch_size, epochs)
    if right >= share:
        return 1
    jumps = np.mean(losses[-20:]) > 1.0 and max(losses) > 1.5 * losses[0]
    small = rate * len(losses) < 100 and len(losses) > 500
    raise Problem(TOO_FAR if jumps else TOO_SHORT if small else FEW_STEPS)


reach = Exercise(
    title="Exercise 10.4",
    answer=lambda: (0.3, 20, 10),
    cases=((0.95,),),
    run=_run_reach,
    results=("result",),
    mistakes={
        TOO_FAR: lambda: (5.0, 50, 4),
        TOO_SHORT: lambda: (0.01, 50, 5),
        FEW_STEPS: lambda: (0.3, 1000, 10),
        TOO_MANY_EPOCHS: lambda: (0.3, 20, 30),
        TOO_SMALL_BATCHES: lambda: (0.05, 1, 10),
    },
    praise="95 % or more of the held-out digits. They are no longer quite unseen: you have "
    "tuned to them.",
)
