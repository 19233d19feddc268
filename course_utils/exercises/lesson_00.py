"""Lesson 00: a first question, a first check."""

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.question import Question

run_twice = Question(
    text="count is 2. A cell says: count = count + 1, then print(count). You run this cell "
    "twice. What does the second run print?",
    options=("2", "3", "4"),
    answer="4",
    why="A notebook remembers. The first run made count 3, the second run started from there. "
    "To start afresh, restart the kernel and run all cells.",
)

double = Exercise(
    title="Exercise 0.1",
    answer=lambda x: 2 * x,
    cases=((3,), (2,), (-1.5,), (0,), (0.123,)),
    mistakes={
        "This is x itself, not twice x.": lambda x: x,
        "This is the square of x: the two agree only at 0 and 2.": lambda x: x * x,
        "This adds 2 instead of multiplying by 2.": lambda x: x + 2,
        "This is half of x.": lambda x: x / 2,
    },
    praise="Every exercise works like this one.",
)

cost = Exercise(
    title="Exercise 0.2",
    answer=lambda price, count: price * count,
    cases=((100, 2), (150, 3), (0, 7), (12.345, 3)),
    mistakes={
        "This adds price and count. Here each of the count pieces costs the price: multiply.": (
            lambda p, n: p + n
        ),
        "This is the price of one piece.": lambda p, n: p,
        "This divides: it is what one piece costs when count pieces cost price.": lambda p, n: (
            p / n
        ),
        "The count is 2 in the picture only: use the argument.": lambda p, n: p * 2,
        "This is the number of pieces, not what they cost.": lambda p, n: n,
    },
    praise="The picture above is this function, drawn.",
)
