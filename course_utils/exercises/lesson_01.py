"""Lesson 01: what to pay, and how much more of it there is when something goes up by 1."""

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.question import Question

pay_two_apples = Question(
    text="Two apples at 100 won each, and 10 % tax on the sum. What do you pay?",
    options=("200 won", "210 won", "220 won", "221 won"),
    answer="220 won",
    why="2 × 100 = 200, and 10 % more is 200 × 1.1.",
)

what_a_node_sees = Question(
    text="Another shop sells 4 apples at 50 won each, with the same tax. Which number changes "
    "at the tax node?",
    options=("the value that comes in", "the value that goes out", "both", "neither"),
    answer="neither",
    why="200 comes in and 220 goes out, as before. A node sees only its own inputs: how the 200 "
    "came about does not concern it.",
)

price_up_by_one = Question(
    text="The price of one apple rises from 100 to 101 won. You still buy two, with 10 % tax. "
    "How much more do you pay?",
    options=("1 won", "1.1 won", "2 won", "2.2 won"),
    answer="2.2 won",
    why="Each of the two apples costs 1 won more, and the tax is added to both: 1 × 2 × 1.1.",
)

who_sends_what = Question(
    text="A × node computed 6 × 7. It receives 10 from the right. What does it send back to the 6?",
    options=("10", "60", "70", "420"),
    answer="70",
    why="If the 6 goes up by 1, the product goes up by 7, and each of these 7 counts 10 times.",
)

orange_price_up = Question(
    text="Two apples at 100 won and three oranges at 150 won, with 10 % tax. The price of one "
    "orange rises by 1 won. How much more do you pay?",
    options=("1.1 won", "2.2 won", "3.3 won", "165 won"),
    answer="3.3 won",
    why="Three oranges, each of which costs 1 won more, with tax: 1 × 3 × 1.1. The apples do not "
    "matter.",
)


def _gradients(price, count, tax):
    return count * tax, price * tax, price * count


def _basket(apple_price, apple_count, orange_price, orange_count, tax):
    return (
        apple_count * tax,
        apple_price * tax,
        orange_count * tax,
        orange_price * tax,
        apple_price * apple_count + orange_price * orange_count,
    )


pay = Exercise(
    title="Exercise 1.1",
    answer=lambda price, count, tax: price * count * tax,
    cases=((100, 2, 1.1), (150, 3, 1.1), (80, 7, 1.055), (99.125, 1, 1.0)),
    mistakes={
        "The tax is a factor on the whole sum; here it is added.": lambda p, n, t: p * n + t,
        "The tax is missing.": lambda p, n, t: p * n,
        "The count is missing: this is the price of one piece.": lambda p, n, t: p * t,
        "Here price and count are added; multiply them.": lambda p, n, t: (p + n) * t,
        "tax is the whole factor, 1.1 for 10 % more; here the sum is added once more.": (
            lambda p, n, t: p * n * (1 + t)
        ),
        "tax is a factor such as 1.1, not a percentage.": (lambda p, n, t: p * n * (1 + t / 100)),
        "The 1.1 is the tax of the text: use the argument tax.": lambda p, n, t: p * n * 1.1,
        "Only the tax is returned, not what you pay with it.": lambda p, n, t: p * n * (t - 1),
        "The count is 2 in the text only: use the argument.": lambda p, n, t: p * 2 * t,
    },
    praise="This is the forward pass in one line.",
)

gradients = Exercise(
    title="Exercise 1.2",
    answer=_gradients,
    cases=(
        (100, 2, 1.1), (250, 3, 1.055), (80.5, 7, 1.2), (3, 5, 7), (100, 0, 1.1), (0, 3, 1.1),
    ),
    results=("rate for the price", "rate for the count", "rate for the tax"),
    mistakes={
        "A × node sends back what it received times the OTHER input; here each gets its own.": (
            lambda p, n, t: (p * t, n * t, t)
        ),
        "Price and count are swapped: a price that rises by 1 is paid once for each piece.": (
            lambda p, n, t: (p * t, n * t, p * n)
        ),
        "The tax is missing: what goes back to price and count passes the tax node first.": (
            lambda p, n, t: (n, p, p * n)
        ),
        "These are the inputs themselves, not the rates of the backward pass.": (
            lambda p, n, t: (p, n, t)
        ),
        "The rate for the tax is the sum before tax, not what you pay in all.": (
            lambda p, n, t: (n * t, p * t, p * n * t)
        ),
        "The order is reversed: the rate for the price comes first, the one for the tax last.": (
            lambda p, n, t: (p * n, p * t, n * t)
        ),
        "This is what you pay after each rise; the question is how much more that is.": (
            lambda p, n, t: ((p + 1) * n * t, p * (n + 1) * t, p * n * (t + 1))
        ),
        "The rate for the tax is per 1 of tax; here it is per percentage point.": (
            lambda p, n, t: (n * t, p * t, p * n / 100)
        ),
        "What a × node receives is multiplied by the other input; here it is added.": (
            lambda p, n, t: (n + t, p + t, p + n)
        ),
        "The 1.1 is the tax of the text: use the argument tax.": lambda p, n, t: (
            n * 1.1, p * 1.1, p * n,
        ),
    },
    praise="These are the three rates that one walk from right to left gives.",
)  # fmt: skip

basket = Exercise(
    title="Exercise 1.3",
    answer=_basket,
    cases=(
        (100, 2, 150, 3, 1.1), (80, 5, 300, 1, 1.055), (7, 2, 3, 5, 11), (0, 4, 120, 0, 1.2),
    ),
    results=(
        "rate for the apple price",
        "rate for the apple count",
        "rate for the orange price",
        "rate for the orange count",
        "rate for the tax",
    ),
    mistakes={
        "The rate for the tax is the whole sum: apples and oranges.": lambda a, n, o, m, t: (
            *_basket(a, n, o, m, t)[:4],
            a * n,
        ),
        "Here the + node multiplies by its other side, as a × would. It should pass the "
        "gradient on unchanged.": lambda a, n, o, m, t: (
            n * o * m * t, a * o * m * t, m * a * n * t, o * a * n * t, a * n + o * m,
        ),
        "A + node sends what it receives to both sides in full, not one half to each.": (
            lambda a, n, o, m, t: (n * t / 2, a * t / 2, m * t / 2, o * t / 2, a * n + o * m)
        ),
        "The rate for the tax is the whole sum; these are the oranges.": lambda a, n, o, m, t: (
            *_basket(a, n, o, m, t)[:4], o * m,
        ),
        "The 1.1 is the tax of the text: use the argument tax.": lambda a, n, o, m, t: (
            *_basket(a, n, o, m, 1.1)[:4], a * n + o * m,
        ),
        "For the oranges, price and count are swapped.": lambda a, n, o, m, t: (
            n * t, a * t, o * t, m * t, a * n + o * m,
        ),
        "For the apples, price and count are swapped.": lambda a, n, o, m, t: (
            a * t, n * t, m * t, o * t, a * n + o * m,
        ),
        "The order is not that of the arguments: here the two prices stand before the two "
        "counts.": lambda a, n, o, m, t: (n * t, m * t, a * t, o * t, a * n + o * m),
        "The order is reversed: the apple price comes first, the tax last.": (
            lambda *case: _basket(*case)[::-1]
        ),
        "This is what you pay after each rise; the question is how much more that is.": (
            lambda a, n, o, m, t: (
                *((a * n + o * m) * t + rate for rate in _basket(a, n, o, m, t)[:4]),
                (a * n + o * m) * (t + 1),
            )
        ),
        "The tax is missing on the way back.": lambda a, n, o, m, t: (n, a, m, o, a * n + o * m),
        "In each pair, price and count are swapped.": lambda a, n, o, m, t: (
            a * t, n * t, o * t, m * t, a * n + o * m,
        ),
        "The rate for the tax is the sum before tax, not what you pay in all.": (
            lambda a, n, o, m, t: (*_basket(a, n, o, m, t)[:4], (a * n + o * m) * t)
        ),
    },
    praise="The + node let the gradient through to both sides unchanged.",
)  # fmt: skip

saving = Exercise(
    title="Exercise 1.4",
    answer=lambda price, count, tax, cut: cut * count * tax,
    cases=((100, 2, 1.1, 10), (1500, 3, 1.055, 201), (80, 7, 1.0, 5), (99, 3, 1.055, 7)),
    mistakes={
        "You save tax, too: the factor tax is missing.": lambda p, n, t, c: c * n,
        "Every piece is cheaper, not one alone: the count is missing.": lambda p, n, t, c: c * t,
        "This is what you pay after the cut; the question is how much less that is.": (
            lambda p, n, t, c: (p - c) * n * t
        ),
        "2.2 is the rate for two apples with tax 1.1: compute the rate from the arguments.": (
            lambda p, n, t, c: 2.2 * c
        ),
        "This is the rate for the price; multiply it by the change.": lambda p, n, t, c: n * t,
        "This takes the cut off the bill once, and the question is how much less you pay.": (
            lambda p, n, t, c: p * n * t - c
        ),
        "How much less you pay is a positive number; this is the change of the bill.": (
            lambda p, n, t, c: -c * n * t
        ),
        "This multiplies the cut by the rate for the count; the price is what changes.": (
            lambda p, n, t, c: c * p * t
        ),
        "The 1.1 is the tax of the text: use the argument tax.": lambda p, n, t, c: c * n * 1.1,
        "The count is 2 in the text only: use the argument.": lambda p, n, t, c: c * 2 * t,
    },
    praise="A rate times a change is all it takes, even if you computed two bills.",
)
