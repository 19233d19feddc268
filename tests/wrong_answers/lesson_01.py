"""Lesson 01: what readers write, and a phrase of what each of them is told."""

SHORT = "a, n, o, m, t = (apple_price, apple_count, orange_price, orange_count, tax)"

WRONG = {
    "pay": [
        ("price * count + tax", "The tax is a factor on the whole sum; here it is"),
        ("price * count", "The tax is missing."),
        ("price * tax", "The count is missing: this is the price of one piece."),
        ("(price + count) * tax", "Here price and count are added; multiply them."),
        ("price * count * (1 + tax)", "tax is the whole factor, 1.1 for 10 % more; here the"),
        ("price * count * 1.1", "The 1.1 is the tax of the text: use the argument tax."),
        ("price * count * (1 + tax / 100)", "tax is a factor such as 1.1, not a percentage."),
        ("price * count * (tax - 1)", "Only the tax is returned, not what you pay with it."),
        ("price * 2 * tax", "The count is 2 in the text only: use the argument."),
        (
            "price * count + 0.1 * price * count",
            "The 1.1 is the tax of the text: use the argument tax.",
        ),
        (
            "price * count + price * count * tax",
            "tax is the whole factor, 1.1 for 10 % more; here the",
        ),
        ("220", "the same for every input"),
        ("715", "the same for every input"),
        ("count * tax", "the result comes out as"),
        ("price + count * tax", "the result comes out as"),
        ("print(price * count * tax)", "returns None"),
        ("round(price * count * tax)", "close, but not exact"),
        ("int(price * count * tax)", "close, but not exact"),
        ("-price * count * tax", "its sign is wrong"),
        ("str(price * count * tax)", "is not a number"),
        ("price * count * tax,", "is a tuple with one value"),
        ("[price * count * tax]", "should be a single number"),
    ],
    "gradients": [
        ("count * tax + price * tax + price * count", "It returns 1 value"),
        ("{'price': count * tax}", "It returns 1 value"),
        ("count * tax, price * tax", "It returns 2 values"),
        (
            "price * tax, count * tax, price * count",
            "Price and count are swapped: a price that rises by 1",
        ),
        ("count, price, price * count", "The tax is missing: what goes back to price and count"),
        ("price, count, tax", "These are the inputs themselves, not the rates of the"),
        (
            "count * tax, price * tax, price * count * tax",
            "The rate for the tax is the sum before tax, not what",
        ),
        (
            "price * count, price * tax, count * tax",
            "The order is reversed: the rate for the price comes",
        ),
        (
            "count * 1.1, price * 1.1, price * count",
            "The 1.1 is the tax of the text: use the argument tax.",
        ),
        (
            ("(price + 1) * count * tax, price * (count + 1) * tax, price * count * (tax + 1)"),
            "This is what you pay after each rise; the question is",
        ),
        (
            "count * tax, price * tax, price * count / 100",
            "The rate for the tax is per 1 of tax; here it is per",
        ),
        (
            "1.1 * count, 1.1 * price, price * count",
            "The 1.1 is the tax of the text: use the argument tax.",
        ),
        (
            "t = price * count * tax\nreturn t / price if price else 0, price * tax, price * count",
            "the rate for the price comes out as",
        ),
        ("2.2, 110, 200", "the same for every input"),
        ("count * tax, price * tax, 1", "the same for every input"),
        ("tax, tax, price * count", "the rate for the price comes out as"),
        ("count, price * tax, price * count", "the rate for the price comes out as"),
        ("print(count * tax, price * tax, price * count)", "returns None"),
        ("-count * tax, -price * tax, -price * count", "its sign is wrong"),
        ("count * tax, price * tax, count * price - 1", "close, but not exact"),
        ("count * tax, price * tax, price + count", "the rate for the tax comes out as"),
        (
            ("price * count * tax / price, price * count * tax / count, price * count * tax / tax"),
            "ZeroDivisionError",
        ),
        ("count * tax, price, price * count", "the rate for the count comes out as"),
    ],
    "basket": [
        (SHORT + "\nreturn n * t, a * t, m * t, o * t", "It returns 4 values"),
        (
            SHORT + "\nreturn a * t, n * t, o * t, m * t, a * n + o * m",
            "In each pair, price and count are swapped.",
        ),
        (
            SHORT + "\nreturn n * t, a * t, m * t, o * t, a * n",
            "The rate for the tax is the whole sum: apples and",
        ),
        (
            SHORT + "\nreturn n * t, a * t, m * t, o * t, o * m",
            "The rate for the tax is the whole sum; these are the",
        ),
        (
            SHORT + "\nreturn n * t, a * t, m * t, o * t, (a * n + o * m) * t",
            "The rate for the tax is the sum before tax, not what",
        ),
        (SHORT + "\nreturn n, a, m, o, a * n + o * m", "The tax is missing on the way back."),
        (
            SHORT + "\nreturn n * 1.1, a * 1.1, m * 1.1, o * 1.1, a * n + o * m",
            "The 1.1 is the tax of the text: use the argument tax.",
        ),
        (
            SHORT + "\nreturn n * t / 2, a * t / 2, m * t / 2, o * t / 2, a * n + o * m",
            "A + node sends what it receives to both sides in",
        ),
        (
            SHORT + "\nreturn n * t, m * t, a * t, o * t, a * n + o * m",
            "The order is not that of the arguments: here the two",
        ),
        (
            SHORT + "\nreturn n * t, a * t, o * t, m * t, a * n + o * m",
            "For the oranges, price and count are swapped.",
        ),
        ("2.2, 110, 3.3, 165, 650", "the same for every input"),
        (SHORT + "\nreturn n * t, a * t, m * t, o * t, 650", "the same for every input"),
        (
            SHORT + "\nreturn a * n * t, a * t, m * t, o * t, 650",
            "the rate for the apple price comes out as",
        ),
        (
            SHORT + "\nreturn m * t, o * t, n * t, a * t, a * n + o * m",
            "the rate for the apple price comes out as",
        ),
        (SHORT + "\nreturn n * t, a * t, m * t, o * t, a + o", "the rate for the tax comes out as"),
        (
            SHORT + "\nreturn n * t, a * t, m * t, o * t, a * n * o * m",
            "the rate for the tax comes out as",
        ),
        (SHORT + "\nreturn -n * t, -a * t, -m * t, -o * t, -(a * n + o * m)", "its sign is wrong"),
        ("print(1)", "returns None"),
        (
            SHORT + "\nreturn n * t, a * t, n * t, a * t, a * n + o * m",
            "the rate for the orange price comes out as",
        ),
    ],
    "saving": [
        ("cut * count", "You save tax, too: the factor tax is missing."),
        ("cut * tax", "Every piece is cheaper, not one alone: the count is"),
        ("(price - cut) * count * tax", "This is what you pay after the cut; the question is"),
        ("2.2 * cut", "2.2 is the rate for two apples with tax 1.1: compute"),
        ("count * tax", "This is the rate for the price; multiply it by the"),
        ("price * count * tax - cut", "This takes the cut off the bill once, and the"),
        ("-cut * count * tax", "How much less you pay is a positive number; this is"),
        ("cut * price * tax", "This multiplies the cut by the rate for the count;"),
        ("cut * count * 1.1", "The 1.1 is the tax of the text: use the argument tax."),
        ("cut * 2 * tax", "The count is 2 in the text only: use the argument."),
        ("22", "the same for every input"),
        ("cut", "the result comes out as"),
        ("price * count * tax * cut", "the result comes out as"),
        ("print(cut * count * tax)", "returns None"),
        ("int(cut * count * tax)", "close, but not exact"),
    ],
}

RIGHT = {
    "pay": [
        ("tax * price * count",),
        ("total = price * count\ntotal *= tax\nreturn total",),
        ("price * count + price * count * (tax - 1)",),
    ],
    "gradients": [
        ("[count * tax, price * tax, price * count]",),
        (
            (
                "def f(p, c, t):\n    return p * c * t\nbase = f(price, count, tax)\n"
                "return (f(price + 1, count, tax) - base, f(price, count + 1, tax) "
                "- base, f(price, count, tax + 1) - base)"
            ),
        ),
        ("yield (count * tax)\nyield (price * tax)\nyield (price * count)",),
    ],
    "basket": [
        (SHORT + "\ns = a * n + o * m\nd = t\nreturn (d * n, d * a, d * m, d * o, s)",),
    ],
    "saving": [
        ("count * tax * cut",),
        ("price * count * tax - (price - cut) * count * tax",),
        ("rate = count * tax\nreturn rate * cut",),
    ],
}
