"""Lesson 04: gradients from nudges, how exact they are, and what they cost."""

import math

import numpy as np

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.question import Question

too_small = Question(
    text="The slope of eˣ at x = 1 is e = 2.718281828... You nudge x by h = 0.0000000000000001 "
    "(a 1 in the 16th place), and divide the change of eˣ by h. What comes out?",
    options=("2.718281828, right in all places", "2.7, right in the first places", "0"),
    answer="0",
    why="A number in a computer holds about 16 digits. 1 + h has 17, is rounded to 1, and eˣ "
    "does not move at all.",
)

ten_times_smaller = Question(
    text="The difference to both sides with h = 0.1 is wrong by 0.0045. With h = 0.01, ten times "
    "smaller, it is wrong by about",
    options=("0.00045, ten times less", "0.000045, a hundred times less", "0.0045 again"),
    answer="0.000045, a hundred times less",
    why="The error shrinks with h²: h ten times smaller, the error a hundred times. The reason "
    "follows below.",
)

how_wrong = Question(
    text="Backward says 1000.001 where nudging says 1000. For another number backward says 0.001 "
    "where nudging says 0.002. Both are off by 0.001. Which one is suspicious?",
    options=("the first", "the second", "both alike"),
    answer="the second",
    why="0.001 is a millionth of 1000, and half of 0.002. What counts is the difference relative "
    "to the size.",
)

how_many = Question(
    text="A network has 100,000 parameters, and each takes part in one multiplication of the "
    "loss. One gradient by nudging each of them: about how many multiplications?",
    options=("10⁵", "2 · 10⁵", "10¹⁰", "10²⁵"),
    answer="10¹⁰",
    why="Each of 100,000 nudges computes the loss anew, with 100,000 multiplications each. "
    "2 · 10⁵ is how often the loss is computed, if each is nudged to both sides.",
)

FUNCTIONS = {
    "x²": lambda x: x**2,
    "x³": lambda x: x**3,
    "exp": math.exp,
    "x² + y³": lambda x: x[0] ** 2 + x[1] ** 3,
    "x · y": lambda x: x[0] * x[1],
}


def _run_central(difference, f, x, h):
    return difference(FUNCTIONS[f], x, h)


def _central(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


central = Exercise(
    title="Exercise 4.1",
    answer=_central,
    cases=(("x³", 2.0, 0.5), ("exp", 1.0, 0.1), ("x²", -3.0, 0.25), ("x³", -1.0, 0.125)),
    run=_run_central,
    mistakes={
        "This is the forward difference: it nudges to one side alone.": lambda f, x, h: (
            (f(x + h) - f(x)) / h
        ),
        "This is the difference to the left alone.": lambda f, x, h: (f(x) - f(x - h)) / h,
        "From x − h to x + h it is 2h, not h: this is twice too much.": lambda f, x, h: (
            (f(x + h) - f(x - h)) / h
        ),
        "/ 2 * h divides by 2 and then multiplies by h: write / (2 * h).": lambda f, x, h: (
            (f(x + h) - f(x - h)) / 2 * h
        ),
        "Parentheses are missing around the difference: only f(x − h) is divided.": (
            lambda f, x, h: f(x + h) - f(x - h) / (2 * h)
        ),
        "The change is not divided by anything yet.": lambda f, x, h: f(x + h) - f(x - h),
        "f(x − h) is added; the change is f(x + h) minus f(x − h).": lambda f, x, h: (
            (f(x + h) + f(x - h)) / (2 * h)
        ),
        "This goes h / 2 to each side: right as a slope, but the task is h to each side.": (
            lambda f, x, h: (f(x + h / 2) - f(x - h / 2)) / h
        ),
        "The two values are taken in the wrong order: the change is f(x + h) minus f(x − h).": (
            lambda f, x, h: (f(x - h) - f(x + h)) / (2 * h)
        ),
        "This goes h to the right alone, and divides by 2h: go h to the left as well.": (
            lambda f, x, h: (f(x + h) - f(x)) / (2 * h)
        ),
        "h is missing in the division: the two points are 2h apart, not 2.": lambda f, x, h: (
            (f(x + h) - f(x - h)) / 2
        ),
        "This goes 2h to each side; the task is h to each side.": lambda f, x, h: (
            (f(x + 2 * h) - f(x - 2 * h)) / (4 * h)
        ),
        "Parentheses are missing twice: around the difference, and around 2 * h.": (
            lambda f, x, h: f(x + h) - f(x - h) / 2 * h
        ),
        "This uses an h of its own, and a tiny one. Use the h that is handed in.": (
            lambda f, x, h: _central(f, x, 1e-5)
        ),
    },
    praise="The same formula with one nudge more, and an error that shrinks with h².",
)


def _relative_error(a, n):
    larger = max(abs(a), abs(n))
    return 0.0 if larger == 0 else abs(a - n) / larger


def _over(size):
    """Make a relative error that divides by something else, and is 0 where that is 0."""
    return lambda a, n: abs(a - n) / size(a, n) if size(a, n) else 0.0


TINY = (
    "The {} below the line hides what is smaller: of 2e-13 and 1e-13 one is twice the other. Only "
    "0 and 0 need care."
)

ADDED = (
    "The {} added below the line hides what is smaller: of 2e-13 and 1e-13 one is twice the "
    "other. Only 0 and 0 need care."
)

relative = Exercise(
    title="Exercise 4.2",
    answer=_relative_error,
    cases=(
        (2.5, 2.2),
        (-0.3, 0.7),
        (-6.0, -2.25),
        (0.0, 0.0),
        (0.001, 0.003),
        (0.0, -5.0),
        (5.0, 0.0),
        (0.4, -0.4),
        (2e-13, 1e-13),
    ),
    mistakes={
        "This is the absolute error: 0.001 may be tiny or huge. Divide by the larger size.": (
            lambda a, n: abs(a - n)
        ),
        "Where both are 0 they agree, and the error is 0.": lambda a, n: (
            abs(a - n) / max(abs(a), abs(n)) if a or n else float("nan")
        ),
        "Where both are 0 they agree: the error is 0, not 1.": lambda a, n: (
            abs(a - n) / max(abs(a), abs(n)) if a or n else 1.0
        ),
        "This divides by the sum of the sizes. Some books do; here it is the larger one.": _over(
            lambda a, n: abs(a) + abs(n)
        ),
        "This divides by the size of a alone, whichever is larger.": _over(lambda a, n: abs(a)),
        "This divides by the size of n alone, whichever is larger.": _over(lambda a, n: abs(n)),
        "This divides by the smaller of the two sizes.": _over(lambda a, n: min(abs(a), abs(n))),
        "The larger number is not the one of larger size: of −6 and −2.25, max gives −2.25.": (
            _over(max)
        ),
        "An error has no sign: take the size of the difference as well.": lambda a, n: (
            (a - n) / max(abs(a), abs(n)) if a or n else 0.0
        ),
        "The larger number is not the one of larger size: of −6 and −2.25, abs(max(a, n)) gives "
        "2.25.": _over(lambda a, n: abs(max(a, n))),
        "This compares the sizes. −0.3 and 0.7 are 1 apart: take the size of the difference.": (
            lambda a, n: abs(abs(a) - abs(n)) / max(abs(a), abs(n)) if a or n else 0.0
        ),
        "An error has no sign: take the size of the difference n − a as well.": lambda a, n: (
            (n - a) / max(abs(a), abs(n)) if a or n else 0.0
        ),
        "The error is 0 only if both are 0: 0 and −5 do not agree.": lambda a, n: (
            abs(a - n) / max(abs(a), abs(n)) if a and n else 0.0
        ),
        "The error is 0 only if both are 0. Here it is 0 as soon as n is.": lambda a, n: (
            abs(a - n) / max(abs(a), abs(n)) if n else 0.0
        ),
        "The error is 0 only if both are 0. Here it is 0 as soon as a is.": lambda a, n: (
            abs(a - n) / max(abs(a), abs(n)) if a else 0.0
        ),
        "A sum of 0 does not make both of them 0: 0.4 and −0.4 do not agree.": lambda a, n: (
            abs(a - n) / max(abs(a), abs(n)) if a + n else 0.0
        ),
        **{
            TINY.format(least): lambda a, n, least=float(least): (
                abs(a - n) / max(abs(a), abs(n), least)
            )
            for least in ("1e-7", "1e-8", "1e-10", "1e-12")
        },
        **{
            ADDED.format(least): lambda a, n, least=float(least): (
                abs(a - n) / (max(abs(a), abs(n)) + least)
            )
            for least in ("1e-7", "1e-8", "1e-10", "1e-12")
        },
    },
    praise="0 where both are 0, never more than 2, and the same for won and for cents.",
)


def _run_along(along, f, x, gradient, v, h):
    return along(FUNCTIONS[f], x, gradient, v, h)


def _along(f, x, gradient, v, h):
    return (f(x + h * v) - f(x - h * v)) / (2 * h), (gradient * v).sum()


along_direction = Exercise(
    title="Exercise 4.3",
    answer=_along,
    cases=(
        ("x · y", np.array([2.0, 3.0]), np.array([3.0, 2.0]), np.array([0.6, 0.8]), 0.1),
        ("x² + y³", np.array([1.0, 2.0]), np.array([2.0, 12.0]), np.array([1.0, -0.5]), 0.5),
        ("x² + y³", np.array([-1.0, 0.5]), np.array([7.0, 0.75]), np.array([0.3, 0.111]), 0.25),
    ),
    run=_run_along,
    results=("numerical slope", "slope by the gradient"),
    mistakes={
        "The numerical slope is right. By the gradient, x moves by v: each entry counts as often "
        "as v says, and their sum is one number.": lambda f, x, g, v, h: (
            _along(f, x, g, v, h)[0], g.sum(),
        ),
        "The numerical slope is right. What the gradient says is one number: add up the entries of "
        "gradient * v.": lambda f, x, g, v, h: (_along(f, x, g, v, h)[0], g * v),
        "By the gradient it is right. The numerical slope nudges to one side alone.": (
            lambda f, x, g, v, h: ((f(x + h * v) - f(x)) / h, (g * v).sum())
        ),
        "By the gradient it is right. The two points of the numerical slope are 2h apart, not h.": (
            lambda f, x, g, v, h: ((f(x + h * v) - f(x - h * v)) / h, (g * v).sum())
        ),
        "By the gradient it is right. The numerical slope nudges every entry by h alone; move by "
        "h * v.": lambda f, x, g, v, h: ((f(x + h) - f(x - h)) / (2 * h), (g * v).sum()),
        "The slope by the gradient is h times too small: it is a slope, not a change.": (
            lambda f, x, g, v, h: (_along(f, x, g, v, h)[0], h * (g * v).sum())
        ),
        "The numerical slope is right. What the gradient says is the sum over the entries, not "
        "their mean.": lambda f, x, g, v, h: (_along(f, x, g, v, h)[0], (g * v).mean()),
        "v is made 1 long here. The slope along v is asked for, whatever its length.": (
            lambda f, x, g, v, h: _along(f, x, g, v / np.sqrt((v * v).sum()), h)
        ),
        "The two results are swapped: the numerical slope comes first.": lambda *case: (
            _along(*case)[::-1]
        ),
        "By the gradient it is right. The two points of the numerical slope are x + v and x − v; "
        "move by h * v.": lambda f, x, g, v, h: ((f(x + v) - f(x - v)) / (2 * h), (g * v).sum()),
        "By the gradient it is right. / 2 * h divides by 2 and then multiplies by h: write "
        "/ (2 * h).": lambda f, x, g, v, h: (
            (f(x + h * v) - f(x - h * v)) / 2 * h, (g * v).sum(),
        ),
        "By the gradient it is right. The change is not divided by 2h yet.": (
            lambda f, x, g, v, h: (f(x + h * v) - f(x - h * v), (g * v).sum())
        ),
        "Both numbers are what the gradient claims. The first one should come from nudging f.": (
            lambda f, x, g, v, h: ((g * v).sum(),) * 2
        ),
        "Both numbers come from nudging f. The second one should come from gradient and v alone.": (
            lambda *case: (_along(*case)[0],) * 2
        ),
    },
    praise="Two evaluations, however many entries x has. In the last case the gradient was wrong, "
    "and your two numbers say so.",
)  # fmt: skip
