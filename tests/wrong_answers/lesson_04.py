"""Lesson 04: what readers write, and a phrase of what each of them is told."""

NUMERICAL = "(f(x + h * v) - f(x - h * v)) / (2 * h)"

WRONG = {
    "central": [
        ("(f(x + h) - f(x)) / h", "This is the forward difference: it nudges to one side"),
        ("(f(x) - f(x - h)) / h", "This is the difference to the left alone."),
        ("(f(x + h) - f(x - h)) / h", "From x − h to x + h it is 2h, not h: this is twice"),
        ("(f(x + h) - f(x - h)) / 2 * h", "/ 2 * h divides by 2 and then multiplies by h: write"),
        ("f(x + h) - f(x - h) / (2 * h)", "Parentheses are missing around the difference: only"),
        ("f(x + h) - f(x - h)", "The change is not divided by anything yet."),
        (
            "(f(x + h) + f(x - h)) / (2 * h)",
            "f(x − h) is added; the change is f(x + h) minus f(x −",
        ),
        (
            "(f(x + h / 2) - f(x - h / 2)) / h",
            "This goes h / 2 to each side: right as a slope, but",
        ),
        ("(f(x - h) - f(x + h)) / (2 * h)", "The two values are taken in the wrong order: the"),
        ("(f(x + h) - f(x)) / (2 * h)", "This goes h to the right alone, and divides by 2h: go"),
        ("(f(x + h) - f(x - h)) / 2", "h is missing in the division: the two points are 2h"),
        (
            "h = 1e-05\nreturn (f(x + h) - f(x - h)) / (2 * h)",
            "This uses an h of its own, and a tiny one. Use the h",
        ),
        ("f(x + h) - f(x - h) / 2 * h", "Parentheses are missing twice: around the difference,"),
        (
            "(f(x + 2 * h) - f(x - 2 * h)) / (4 * h)",
            "This goes 2h to each side; the task is h to each",
        ),
        ("f(x + h) - f(x - h) / 2 / h", "Parentheses are missing around the difference: only"),
        (
            "h = 1e-06\nreturn (f(x + h) - f(x - h)) / (2 * h)",
            "This uses an h of its own, and a tiny one. Use the h",
        ),
        ("h = 0.0001\nreturn (f(x + h) - f(x - h)) / (2 * h)", "the result comes out as"),
        ("h = 0.1\nreturn (f(x + h) - f(x - h)) / (2 * h)", "the result comes out as"),
        ("(f(x) + h - f(x) - h) / (2 * h)", "the same for every input"),
        ("(f(x) + h - (f(x) - h)) / (2 * h)", "the same for every input"),
        ("(f * (x + h) - f * (x - h)) / (2 * h)", "TypeError"),
        ("print((f(x + h) - f(x - h)) / (2 * h))", "returns None"),
        ("round((f(x + h) - f(x - h)) / (2 * h), 4)", "close, but not exact"),
    ],
    "relative": [
        ("abs(a - n)", "This is the absolute error: 0.001 may be tiny or"),
        ("abs(a - n) / (abs(a) + abs(n))", "This divides by the sum of the sizes. Some books do;"),
        ("abs(a - n) / abs(a)", "This divides by the size of a alone, whichever is"),
        ("abs(a - n) / abs(n)", "This divides by the size of n alone, whichever is"),
        ("abs(a - n) / max(a, n)", "The larger number is not the one of larger size: of"),
        (
            "(a - n) / max(abs(a), abs(n)) if a or n else 0",
            "An error has no sign: take the size of the difference",
        ),
        (
            "abs(a - n) / (max(abs(a), abs(n)) + 1e-08)",
            "The 1e-8 added below the line hides what is smaller:",
        ),
        (
            "abs(a - n) / (max(abs(a), abs(n)) + 1e-12)",
            "The 1e-12 added below the line hides what is smaller:",
        ),
        (
            "abs(a - n) / max(abs(a), abs(n), 1e-08)",
            "The 1e-8 below the line hides what is smaller: of",
        ),
        (
            "if a == n:\n    return 1\nreturn abs(a - n) / max(abs(a), abs(n))",
            "Where both are 0 they agree: the error is 0, not 1.",
        ),
        (
            ("if a == 0 or n == 0:\n    return 0\nreturn abs(a - n) / max(abs(a), abs(n))"),
            "The error is 0 only if both are 0: 0 and −5 do not",
        ),
        ("abs(a - n) / min(abs(a), abs(n))", "This divides by the smaller of the two sizes."),
        (
            "abs(abs(a) - abs(n)) / max(abs(a), abs(n))",
            "This compares the sizes. −0.3 and 0.7 are 1 apart:",
        ),
        (
            "abs(a - n) / np.maximum(abs(a), abs(n))",
            "Where both are 0 they agree, and the error is 0.",
        ),
        (
            "if a + n == 0:\n    return 0\nreturn abs(a - n) / max(abs(a), abs(n))",
            "A sum of 0 does not make both of them 0: 0.4 and −0.4",
        ),
        (
            "if a * n == 0:\n    return 0.0\nreturn abs(a - n) / max(abs(a), abs(n))",
            "The error is 0 only if both are 0: 0 and −5 do not",
        ),
        (
            "1 - min(abs(a), abs(n)) / max(abs(a), abs(n)) if a or n else 0",
            "This compares the sizes. −0.3 and 0.7 are 1 apart:",
        ),
        ("abs((a - n) / a) if a else 0", "This divides by the size of a alone, whichever is"),
        (
            "if n == 0:\n    return 0\nreturn abs(a - n) / max(abs(a), abs(n))",
            "The error is 0 only if both are 0. Here it is 0 as",
        ),
        (
            "if a == 0:\n    return 0\nreturn abs(a - n) / max(abs(a), abs(n))",
            "The error is 0 only if both are 0. Here it is 0 as",
        ),
        ("abs(a - n) / max(abs(a), abs(n))", "ZeroDivisionError"),
        ("abs(a - n) / max(abs(a), abs(n), 1)", "the result comes out as"),
        ("2 * abs(a - n) / (abs(a) + abs(n)) if a or n else 0", "the result comes out as"),
        ("0.0", "the same for every input"),
        ("if a == 0 and n == 0:\n    return 0\nabs(a - n) / max(abs(a), abs(n))", "returns None"),
        ("print(0)", "returns None"),
        ("np.max(a, n)", "TypeError"),
    ],
    "along_direction": [
        (NUMERICAL, "It returns 1 value"),
        (
            "v *= h\nreturn ((f(x + v) - f(x - v)) / (2 * h), (gradient * v).sum())",
            "An argument was changed",
        ),
        (
            (
                "x += h * v\na = f(x)\nx -= 2 * h * v\nb = f(x)\nreturn ((a - b) / (2 "
                "* h), (gradient * v).sum())"
            ),
            "An argument was changed",
        ),
        (NUMERICAL + ", gradient.sum()", "By the gradient, x moves by v: each entry counts as"),
        (NUMERICAL + ", gradient * v", "What the gradient says is one number: add up the"),
        (
            "(f(x + h * v) - f(x)) / h, (gradient * v).sum()",
            "The numerical slope nudges to one side alone.",
        ),
        (
            "(f(x + h * v) - f(x - h * v)) / h, (gradient * v).sum()",
            "The two points of the numerical slope are 2h apart,",
        ),
        (
            "(f(x + h) - f(x - h)) / (2 * h), (gradient * v).sum()",
            "The numerical slope nudges every entry by h alone;",
        ),
        (
            NUMERICAL + ", h * (gradient * v).sum()",
            "The slope by the gradient is h times too small: it is",
        ),
        (
            "(gradient * v).sum(), (f(x + h * v) - f(x - h * v)) / (2 * h)",
            "The two results are swapped: the numerical slope",
        ),
        (
            "(f(x + v) - f(x - v)) / (2 * h), (gradient * v).sum()",
            "The two points of the numerical slope are x + v and x",
        ),
        (
            "(f(x + h * v) - f(x - h * v)) / 2 * h, (gradient * v).sum()",
            "/ 2 * h divides by 2 and then multiplies by h: write",
        ),
        (
            "(gradient * v).sum(), (gradient * v).sum()",
            "Both numbers are what the gradient claims. The first",
        ),
        (
            "n = (f(x + h * v) - f(x - h * v)) / (2 * h)\nreturn (n, n)",
            "Both numbers come from nudging f. The second one",
        ),
        (
            NUMERICAL + ", (gradient * v).mean()",
            "What the gradient says is the sum over the entries,",
        ),
        (
            (
                "u = v / np.linalg.norm(v)\nreturn ((f(x + h * u) - f(x - h * u)) / "
                "(2 * h), (gradient * u).sum())"
            ),
            "v is made 1 long here. The slope along v is asked",
        ),
        (NUMERICAL + ", np.linalg.norm(gradient * v)", "the slope by the gradient comes out as"),
        (NUMERICAL + ", (gradient + v).sum()", "the slope by the gradient comes out as"),
        (
            ("(f(x + h * v) - f(x - h * v)) / (2 * h * np.linalg.norm(v)), gradient @ v"),
            "the numerical slope comes out as",
        ),
        ("print(1)", "returns None"),
        ("0.0, 0.0", "the same for every input"),
        ("(f(x + h * v) - f(x - h * v)) / (2 * h * v), gradient @ v", "should be a single number"),
        ("(f(x - h * v) - f(x + h * v)) / (2 * h), gradient @ v", "its sign is wrong"),
    ],
}

RIGHT = {
    "central": [
        ("a = f(x + h)\nb = f(x - h)\nreturn (a - b) / h / 2",),
        ("0.5 * (f(x + h) - f(x - h)) / h",),
        ("((f(x + h) - f(x)) / h + (f(x) - f(x - h)) / h) / 2",),
    ],
    "relative": [
        ("m = max(abs(a), abs(n))\nreturn abs(a - n) / m if m > 0 else 0.0",),
        ("if a == 0 == n:\n    return 0\nreturn abs(n - a) / max(abs(a), abs(n))",),
        ("0 if a == n else np.abs(a - n) / np.maximum(np.abs(a), np.abs(n))",),
        (
            (
                "try:\n    return abs(a - n) / max(abs(a), abs(n))\nexcept "
                "ZeroDivisionError:\n    return 0"
            ),
        ),
        ("if a == n:\n    return 0\nreturn abs(a - n) / max(abs(a), abs(n))",),
        ("float(np.float32(0)) if a == n else abs(a - n) / max([abs(a), abs(n)])",),
    ],
    "along_direction": [
        (NUMERICAL + ", gradient @ v",),
        (NUMERICAL + ", np.dot(gradient, v)",),
        ("[(f(x + h * v) - f(x - h * v)) / 2 / h, sum(gradient * v)]",),
        (NUMERICAL + ", np.sum(gradient * v)",),
        (NUMERICAL + ", sum((g * w for g, w in zip(gradient, v)))",),
    ],
}
