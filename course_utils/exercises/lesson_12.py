"""Lesson 12: name a mistake from the gradients' ratios, and mend two published ones."""

import numpy as np

from course_utils import suspects
from course_utils.exercises.exercise import Exercise, Problem
from course_utils.exercises.node_answers import (
    OF_ANOTHER_NODE,
    OVERWRITES,
    node_of,
    run_one_input,
)
from course_utils.exercises.question import Question
from course_utils.training import Network

who_divides = Question(
    text="There are 5 examples. A: every ratio is 5. B: the ratios of b1 are 0.2, all others 1. "
    "I: every ratio is 0.2. In which of the three does the loss divide by N once too often?",
    options=("suspect A", "suspect B", "suspect I"),
    answer="suspect I",
    why="Every gradient starts at the loss. What is wrong there is wrong everywhere, by the same "
    "factor: 1/5 is one division by N too many. In A the division is missing.",
)

who_drops = Question(
    text="C, F and H have wrong ratios in W1 and b1 alone, and the numbers differ by neuron. "
    "Neuron 1 is off for every example, neuron 2 on. Which part of the network is wrong?",
    options=("the first affine layer", "the ReLU with its shortcut", "the second affine layer"),
    answer="the ReLU with its shortcut",
    why="Everything between it and the loss is right, and what is wrong depends on whether a "
    "neuron is on.",
)

where_is_it = Question(
    text="E: the ratios of W2 and b2 are 1, those of W1 and b1 have no pattern at all. Where did "
    "the gradient go wrong?",
    options=(
        "in the loss or the output",
        "on the way from the second layer back to the first",
        "in the data, before the first layer",
    ),
    answer="on the way from the second layer back to the first",
    why="The last place where it is right and the first place where it is wrong have the mistake "
    "between them.",
)

which_run = Question(
    text="The same 1000 iterations, once with the published gradient and once with the slope put "
    "back in. Which run ends with the smaller loss?",
    options=("the published one", "the one with the slope"),
    answer="the published one",
    why="0.0996 against 0.1182. A wrong gradient can look better for a while.",
)

alarm = Question(
    text="A gradient check fails in one entry of 2,000 and passes in all others. What is the first "
    "suspect?",
    options=(
        "a kink, such as that of ReLU at 0",
        "a missing transpose in the first layer",
        "a wrong loss",
    ),
    answer="a kink, such as that of ReLU at 0",
    why="A wrong formula is wrong in many entries. A kink within h of one of them is an accident.",
)

LEAVES = {  # number of a mistake: what it leaves behind in the ratios
    1: "The gradient that is not divided makes every ratio N.",
    2: "1/N taken twice makes every ratio 1/N.",
    3: "An averaged bias leaves 1/N there, and every weight right.",
    4: "A dropped branch leaves 1/2 for a neuron that is on, 0 or 1 for one that is off.",
    5: "A mask that is always true leaves 2 for a neuron that is off and 1 for one that is on.",
    6: "An overwritten upstream leaves 0 for a neuron that is off and 1 for one that is on.",
}


def _replaced(name, part):
    """Return the network with one part replaced by a wrong one."""
    parts = suspects.right_parts()
    parts[name] = part(*parts[name].params.values()) if name == "second" else part()
    *layers, loss = parts.values()
    return Network(layers, loss)


STRANGERS = {  # number: (the part it replaces, its class, the number of the mistake)
    1: ("shortcut", suspects.Overwriting, 6),
    2: ("second", suspects.MeanBias, 3),
    3: ("loss", suspects.Undivided, 1),
}


def stranger(number):
    """Return a network with one of six mistakes in it, for Exercise 12.1."""
    if number not in STRANGERS:
        raise ValueError(f"stranger: expected 1, 2 or 3, got {number!r}")
    return _replaced(*STRANGERS[number][:2])


def _run_names(answer, strangers):
    """Return an answer's three numbers, or say what is wrong with one of them."""
    numbers = answer()
    if isinstance(numbers, np.ndarray):
        numbers = numbers.tolist()
    if numbers is None:
        raise Problem("Your code returns None: is a return missing?")
    if numbers is ... or (isinstance(numbers, (tuple, list)) and any(n is ... for n in numbers)):
        return ...
    if not isinstance(numbers, (tuple, list)) or len(numbers) != strangers:
        raise Problem(
            f"Return {strangers} numbers, one for each stranger; this is {numbers!r:.40}."
        )
    for place, number in enumerate(numbers, start=1):
        _check_name(place, number)
    return np.array(numbers)


def _check_name(place, number):
    is_number = isinstance(number, (int, float, np.number)) and not isinstance(number, bool)
    if not is_number or number not in LEAVES:
        raise Problem(f"Each answer is a number of the list, 1 to 6; this is {number!r:.20}.")
    if number != STRANGERS[place][2]:
        raise Problem(_not_it(place, int(number)))


def _not_it(place, number):
    return f"Stranger {place} is not number {number}. {LEAVES[number]}"


name_them = Exercise(
    title="Exercise 12.1",
    answer=lambda: (6, 3, 1),
    cases=((3,),),
    run=_run_names,
    results=("numbers",),
    mistakes={
        _not_it(1, 4): lambda: (4, 3, 1),
        _not_it(1, 5): lambda: (5, 3, 1),
        _not_it(2, 2): lambda: (6, 2, 1),
        _not_it(3, 2): lambda: (6, 3, 2),
        _not_it(3, 5): lambda: (6, 3, 5),
    },
    praise="Where it is wrong says which node, by how much says which mistake.",
)


def _shortcut(gradient):
    return node_of(lambda x: np.maximum(x, 0) + x, lambda upstream, x: gradient(upstream, x > 0))


class _Overwrites:
    def forward(self, x):
        self.mask = x > 0
        return np.maximum(x, 0) + x

    def backward(self, upstream):
        through_relu = upstream
        through_relu[~self.mask] = 0
        return through_relu + upstream


class _MaskOfOutput(_Overwrites):
    def forward(self, x):
        y = np.maximum(x, 0)
        self.mask = y >= 0
        return y + x


X0 = np.array([[-1.5, 0.5, 2.0], [0.25, -0.75, 1.0]])
UPSTREAM = np.array([[0.5, -2.0, 1.5], [3.0, 1.25, -0.5]])

shortcut = Exercise(
    title="Exercise 12.2",
    answer=_shortcut(lambda upstream, is_on: upstream * is_on + upstream),
    cases=((X0, UPSTREAM), (-X0, UPSTREAM + 1), (X0[:1] + 1.5, UPSTREAM[1:])),
    run=run_one_input,
    results=("output", "gradient of x"),
    mistakes={
        OVERWRITES: _Overwrites,
        "The mask is true everywhere: ReLU's output is never below 0, so ask where x > 0.": (
            _shortcut(lambda upstream, is_on: 2 * upstream)
        ),
        "The shortcut is dropped: x goes into the sum as well, so upstream is added once more.": (
            _shortcut(lambda upstream, is_on: upstream * is_on)
        ),
        "The branch through the ReLU is dropped: this is the shortcut alone.": _shortcut(
            lambda upstream, is_on: upstream
        ),
        "The two branches are multiplied. At a fork they are added.": _shortcut(
            lambda upstream, is_on: upstream * is_on * upstream
        ),
        "The slopes are right, 2 or 1, but the upstream gradient is missing.": _shortcut(
            lambda upstream, is_on: 1.0 + is_on
        ),
        "The mask is the wrong way round: it should be 1 where x > 0.": _shortcut(
            lambda upstream, is_on: upstream * ~is_on + upstream
        ),
        "Where the ReLU is off nothing comes back here. The shortcut still sends upstream.": (
            _shortcut(lambda upstream, is_on: 2 * upstream * is_on)
        ),
        OF_ANOTHER_NODE.format("mask"): node_of(
            lambda x: np.maximum(x, 0) + x, lambda upstream, x: upstream * (x + 1 > 0) + upstream
        ),
        "The mask is taken from upstream. The switch was set on the way forward, by x.": _shortcut(
            lambda upstream, is_on: upstream * (upstream > 0) + upstream
        ),
        "At x = 0 the slope of the ReLU is 0 in this course: ask where x > 0.": node_of(
            lambda x: np.maximum(x, 0) + x, lambda upstream, x: upstream * (x >= 0) + upstream
        ),
        "The two branches are subtracted. At a fork they are added.": _shortcut(
            lambda upstream, is_on: upstream * is_on - upstream
        ),
        "The two branches are averaged. At a fork they are added.": _shortcut(
            lambda upstream, is_on: (upstream * is_on + upstream) / 2
        ),
        "The mask is added to upstream. The switch multiplies.": _shortcut(
            lambda upstream, is_on: is_on + upstream
        ),
        "upstream is multiplied by x. The slope of the ReLU is 1 or 0.": node_of(
            lambda x: np.maximum(x, 0) + x, lambda upstream, x: upstream * x + upstream
        ),
        "backward is right. In forward the shortcut is missing: x is added.": node_of(
            lambda x: np.maximum(x, 0), lambda upstream, x: upstream * (x > 0) + upstream
        ),
    },
    praise="2 where the ReLU is on, 1 where it is off, and upstream as it was.",
)


Z2 = np.array([[0.5], [-0.25], [1.5], [-2.0]])
TARGETS = np.array([[0.75], [0.5], [0.25], [0.125]])


def _published(gradient):
    """Make an answer to Exercise 12.3 from the gradient of each A2 − Y, with N and the mask."""
    return lambda Z, Y: gradient(np.maximum(Z, 0) - Y, Z > 0, len(Z))


published = Exercise(
    title="Exercise 12.3",
    answer=_published(lambda d, is_on, n: 2 / n * d * is_on),
    cases=((Z2, TARGETS), (Z2[::-1] + 0.25, TARGETS), (-Z2[:3], TARGETS[:3] + 1)),
    mistakes={
        "This is the published line: the slope of the output's ReLU is missing, and so is the 2 of "
        "the square.": _published(lambda d, is_on, n: d / n),
        "The slope of the output's ReLU is there. The 2 of the square is not.": _published(
            lambda d, is_on, n: d * is_on / n
        ),
        "The 2 of the square is there. The slope of the output's ReLU is not: where Z2 ≤ 0 nothing "
        "goes back.": _published(lambda d, is_on, n: 2 * d / n),
        "The division by N is missing: the loss is a mean.": _published(
            lambda d, is_on, n: 2 * d * is_on
        ),
        "At Z2 = 0 the slope of the ReLU is 0 in this course: ask where Z2 > 0.": lambda Z, Y: (
            2 / len(Z) * (np.maximum(Z, 0) - Y) * (Z >= 0)
        ),
        "The mask is the wrong way round.": _published(lambda d, is_on, n: 2 / n * d * ~is_on),
        "The sign is wrong: it is A2 − Y.": _published(lambda d, is_on, n: -2 / n * d * is_on),
        "This uses Z2 − Y. The loss compares A2 with Y, and A2 is ReLU(Z2).": lambda Z, Y: (
            2 / len(Z) * (Z - Y)
        ),
        "This is A2 − Y alone: the 2 of the square, the division by N and the ReLU's slope are "
        "missing.": _published(lambda d, is_on, n: d),
        "The ReLU's slope is there. The 2 of the square and the division by N are not.": _published(
            lambda d, is_on, n: d * is_on
        ),
        "The 2 of the square is there. The ReLU's slope and the division by N are not.": _published(
            lambda d, is_on, n: 2 * d
        ),
        "The sign is wrong, it is A2 − Y; and the 2 of the square is missing.": _published(
            lambda d, is_on, n: -d / n * is_on
        ),
        "The sign is wrong, it is A2 − Y; and the 2 of the square and the ReLU's slope are "
        "missing.": _published(lambda d, is_on, n: -d / n),
        "This uses Z2 − Y, and the 2 of the square is missing.": lambda Z, Y: (Z - Y) / len(Z),
        "This multiplies by A2. The slope of the ReLU is 1 or 0.": lambda Z, Y: (
            2 / len(Z) * (np.maximum(Z, 0) - Y) * np.maximum(Z, 0)
        ),
    },
    praise="Two factors were missing: one is 0 or 1, the other is 2. Without the 2 it learns half "
    "as fast, and nobody notices.",
)
