"""Lesson 02: what readers write, and a phrase of what each of them is told."""

RATES = "first, second, third = rates"

WRONG = {
    "slope": [
        ("2 * (x + y) if x > 0 else 0", "the result comes out as"),
        ("2 * x", "This is the slope at x instead of at t: square's"),
        ("(x + y) ** 2", "This is z itself, not its slope."),
        ("x + y", "This is t. The slope of t² is twice that."),
        ("2 * (x + y) * x", "The inner rate dt/dx is 1, not x: nudge x by 1, and t"),
        ("2 * (x + y) * y", "The inner rate dt/dx is 1, not y: nudge x by 1, and t"),
        ("2 * x + y", "Parentheses are missing: 2 * x + y doubles x alone."),
        ("2 * (x + 4)", "y is 4 in the text only: use the argument y."),
        ("2 * (x + y) + 1", "This is how far z moves for a nudge of a whole 1; the"),
        ("2 * (x + y) ** 2", "This grows like t²; the slope of t² grows like t."),
        ("4 * (x + y)", "dt/dx is 1: y does not move when x does."),
        ("2 * x + 2 * y + 1", "This is how far z moves for a nudge of a whole 1; the"),
        ("(2 * x + 2 * y) / 2", "This is t. The slope of t² is twice that."),
        ("14", "the same for every input"),
        ("49", "the same for every input"),
        ("((x + 0.01 + y) ** 2 - (x + y) ** 2) / 0.01", "close, but not exact"),
        ("14.01", "close, but not exact"),
        ("print(2 * (x + y))", "returns None"),
        ("2 * t", "NameError"),
        ("2 * (x - y)", "the result comes out as"),
        ("2 * x * y", "the result comes out as"),
        ("-2 * (x + y)", "its sign is wrong"),
        ("2 * abs(x + y)", "its sign is wrong"),
    ],
    "chained": [
        ("2 * (5 - 2 * x)", "The inner rate, −2, is missing."),
        ("4 * (5 - 2 * x)", "The inner rate is −2, not 2: t falls when x rises."),
        ("2 * (5 - 2 * x) - 2", "Rates along a chain multiply; here they are added."),
        ("-4 * x", "The outer slope is taken at x; it belongs at t = 5 −"),
        ("(5 - 2 * x) ** 2", "This is z itself, not its slope."),
        ("-2 * (5 - 2 * x)", "The slope of t² is 2t; here the 2 is missing."),
        ("-4 * 5 - 2 * x", "Parentheses are missing: the slope 2t needs all of t,"),
        ("8 * x", "This is the slope of 25 + 4x², but (5 − 2x)² has a"),
        ("2 * (5 - 2 * x) * -2 * x", "The inner rate dt/dx is −2, not −2x."),
        ("-2 * (5 - 2 * x) ** 2", "This multiplies z itself by the inner rate; the first"),
        ("2 * x * -2", "The outer slope is taken at x; it belongs at t = 5 −"),
        ("10 - 4 * x", "The inner rate, −2, is missing."),
        ("20 - 8 * x", "The inner rate is −2, not 2: t falls when x rises."),
        ("-4", "the same for every input"),
        ("-2", "the same for every input"),
        ("print(-4 * (5 - 2 * x))", "returns None"),
        ("2 * (5 - 2 * x) * (5 - 2)", "the result comes out as"),
        ("2 * 5 - 2 * x * -2", "the result comes out as"),
        ("2 * (5 - 2 * x) * -2 * 1.0001", "close, but not exact"),
        ("((5 - 2 * (x + 0.01)) ** 2 - (5 - 2 * x) ** 2) / 0.01", "close, but not exact"),
        ("2 * t * -2", "NameError"),
        ("-4 * abs(5 - 2 * x)", "its sign is wrong"),
    ],
    "backward": [
        (
            RATES + "\nreturn [first * second * third, second * third, third, 1]",
            "It returns 4 values",
        ),
        (RATES + "\nreturn first * second * third", "It returns 1 value"),
        (RATES + "\nreturn (first * second * third, second * third)", "It returns 2 values"),
        (
            RATES + "\nreturn (first, first * second, first * second * third)",
            "These are products from the front: how fast a, b and",
        ),
        ("rates", "These are the local rates alone. Each must be"),
        ("rates[::-1]", "These are the local rates alone, from the last to the"),
        (
            RATES + "\nreturn (third, second * third, first * second * third)",
            "The order is reversed: the rate for x comes first.",
        ),
        (
            RATES + "\nreturn (first + second + third, second + third, third)",
            "Rates along a chain multiply; here they are added.",
        ),
        (
            RATES + "\nreturn (first * second * third, second, third)",
            "The rate for x is right; the one for a is its local",
        ),
        (
            RATES + "\nreturn (second * third, third, 1)",
            "This starts one node too late: 1 is the rate for y",
        ),
        (
            RATES + "\nreturn (first * second * third, second * third, 1)",
            "The last one is the rate for b. 1 is the rate for y",
        ),
        (
            RATES + "\nreturn (first * second * third, first * second, first)",
            "The rates for a and b are products from the front.",
        ),
        ("30, 10, 5", "the same for every input"),
        ("1, 1, 1", "the same for every input"),
        (
            RATES + "\nreturn (first * second * third, first * second, third)",
            "the rate for a comes out as",
        ),
        (
            RATES + "\nreturn (first * second * third, first * third, first * second)",
            "the rate for a comes out as",
        ),
        (
            (
                "y = rates[0] * rates[1] * rates[2]\nreturn (y, y / rates[0], y / "
                "rates[0] / rates[1])"
            ),
            "ZeroDivisionError",
        ),
        ("print(rates)", "returns None"),
        ("rates[1] *= rates[2]\nreturn rates", "TypeError"),
        (
            RATES + "\nreturn (-first * second * third, -second * third, -third)",
            "its sign is wrong",
        ),
        (
            RATES + "\nreturn (first * second * third, third * second, second)",
            "the rate for b comes out as",
        ),
        (
            RATES + "\nreturn (first * second * third, second * third, first)",
            "the rate for b comes out as",
        ),
    ],
}

RIGHT = {
    "slope": [
        ("2 * x + 2 * y",),
        ("t = x + y\nreturn 2 * t * 1",),
        ("(x + y + 0.5) ** 2 - (x + y - 0.5) ** 2",),
    ],
    "chained": [
        ("8 * x - 20",),
        ("t = 5 - 2 * x\nreturn 2 * t * -2",),
        ("2 * (5 - 2 * x) * -2",),
    ],
    "backward": [
        (("out = [1]\nfor r in rates[::-1]:\n    out.append(out[-1] * r)\nreturn out[:0:-1]"),),
        ("a, b, c = rates\nreturn [a * b * c, b * c, c]",),
    ],
}
