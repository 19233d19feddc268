"""Lesson 02: rates along a chain multiply."""

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.question import Question

order_of_two = Question(
    text="add4 adds 4 to its input and square squares it. Which of these is 49?",
    options=("square(add4(3))", "add4(square(3))", "both", "neither"),
    answer="square(add4(3))",
    why="The inner function runs first: 3 + 4 = 7, and 7² = 49. The other way round, 3² + 4 = 13.",
)

slope_at_seven = Question(
    text="z = t². At t = 7, z is 49. Nudge t by 0.01. About how much does z move?",
    options=("0.01", "0.07", "0.14", "0.49"),
    answer="0.14",
    why="A square of side 7 grows along two sides, each 7 long: 2 · 7 · 0.01 = 0.14. The small "
    "corner, 0.01 · 0.01, hardly counts.",
)

gears_in_a_row = Question(
    text="For each turn of the first gear, the second turns 3 times. For each turn of the second, "
    "the third turns 5 times. You turn the first gear once. How often does the third one turn?",
    options=("5 times", "8 times", "15 times"),
    answer="15 times",
    why="Rates along a chain multiply: each of the 3 turns in the middle makes 5 at the end.",
)

where_to_evaluate = Question(
    text="z = t² and t = 3x + 1. At x = 2, t is 7. What is dz/dx?",
    options=("4 · 3 = 12", "14 · 3 = 42", "14 + 3 = 17", "14"),
    answer="14 · 3 = 42",
    why="The outer slope 2t is taken at t = 7, so it is 14. The inner one is 3: if x goes up by 1, "
    "t goes up by 3. The rates multiply.",
)


def _from_the_front(rates):
    a, b, c = rates
    return a, a * b, a * b * c


def _back(rates):
    a, b, c = rates
    return a * b * c, b * c, c


slope = Exercise(
    title="Exercise 2.1",
    answer=lambda x, y: 2 * (x + y),
    cases=((3, 4), (1, -5), (0.123, 2), (-2, 2), (-2, 5)),
    mistakes={
        "This is the slope at x instead of at t: square's slope is taken where t = x + y.": (
            lambda x, y: 2 * x
        ),
        "This is z itself, not its slope.": lambda x, y: (x + y) ** 2,
        "This is t. The slope of t² is twice that.": lambda x, y: x + y,
        "The inner rate dt/dx is 1, not x: nudge x by 1, and t moves by 1.": (
            lambda x, y: 2 * (x + y) * x
        ),
        "The inner rate dt/dx is 1, not y: nudge x by 1, and t moves by 1.": (
            lambda x, y: 2 * (x + y) * y
        ),
        "Parentheses are missing: 2 * x + y doubles x alone.": lambda x, y: 2 * x + y,
        "y is 4 in the text only: use the argument y.": lambda x, y: 2 * (x + 4),
        "This is how far z moves for a nudge of a whole 1; the slope is what remains of the rate "
        "as the nudge shrinks.": lambda x, y: 2 * (x + y) + 1,
        "This grows like t²; the slope of t² grows like t.": (lambda x, y: 2 * (x + y) ** 2),
        "dt/dx is 1: y does not move when x does.": lambda x, y: 4 * (x + y),
    },
    praise="By symmetry, dz/dy is the same.",
)

chained = Exercise(
    title="Exercise 2.2",
    answer=lambda x: -4 * (5 - 2 * x),
    cases=((2.0,), (0.0,), (-1.0,), (0.1234,), (4.0,)),
    mistakes={
        "The inner rate, −2, is missing.": lambda x: 2 * (5 - 2 * x),
        "The inner rate is −2, not 2: t falls when x rises.": lambda x: 4 * (5 - 2 * x),
        "Rates along a chain multiply; here they are added.": lambda x: 2 * (5 - 2 * x) - 2,
        "The outer slope is taken at x; it belongs at t = 5 − 2x.": lambda x: -4 * x,
        "This is z itself, not its slope.": lambda x: (5 - 2 * x) ** 2,
        "The slope of t² is 2t; here the 2 is missing.": lambda x: -2 * (5 - 2 * x),
        "Parentheses are missing: the slope 2t needs all of t, 5 and −2x alike.": (
            lambda x: -4 * 5 - 2 * x
        ),
        "This is the slope of 25 + 4x², but (5 − 2x)² has a middle term, too.": lambda x: 8 * x,
        "The inner rate dt/dx is −2, not −2x.": lambda x: 2 * (5 - 2 * x) * -2 * x,
        "This is how far z moves for a nudge of a whole 1; the slope is what remains of the rate "
        "as the nudge shrinks.": lambda x: (3 - 2 * x) ** 2 - (5 - 2 * x) ** 2,
        "This multiplies z itself by the inner rate; the first factor is the slope of t².": (
            lambda x: -2 * (5 - 2 * x) ** 2
        ),
    },
    praise="Outer slope at t, times inner slope at x.",
)

backward = Exercise(
    title="Exercise 2.3",
    answer=_back,
    cases=(((3.0, 2.0, 5.0),), ((1.0, -4.0, 0.5),), ((0.25, 0.1, 7.123),), ((0.0, 2.0, -3.0),)),
    results=("rate for x", "rate for a", "rate for b"),
    mistakes={
        "These are products from the front: how fast a, b and y move with x. The "
        "question is how y moves with x, a and b.": _from_the_front,
        "The order is reversed: the rate for x comes first.": lambda r: _back(r)[::-1],
        "These are the local rates alone. Each must be multiplied by all the rates that "
        "follow it.": tuple,
        "Rates along a chain multiply; here they are added.": lambda r: (
            r[0] + r[1] + r[2], r[1] + r[2], r[2],
        ),
        "These are the local rates alone, from the last to the first. Each must be multiplied by "
        "all the rates that follow it.": lambda r: r[::-1],
        "The rates for a and b are products from the front. Take the local rates that follow, "
        "not those that come before.": lambda r: _from_the_front(r)[::-1],
        "The rate for x is right; the one for a is its local rate alone.": lambda r: (
            r[0] * r[1] * r[2], r[1], r[2],
        ),
        "This starts one node too late: 1 is the rate for y itself, which is not asked.": (
            lambda r: (r[1] * r[2], r[2], 1.0)
        ),
        "The last one is the rate for b. 1 is the rate for y itself, which is not asked.": (
            lambda r: (r[0] * r[1] * r[2], r[1] * r[2], 1.0)
        ),
    },
    praise="Each rate is the one to its right times one local rate: that is the backward pass.",
)  # fmt: skip
