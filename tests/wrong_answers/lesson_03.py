"""Lesson 03: what readers write, and a phrase of what each of them is told."""

SQUARE = "self.x = x\nreturn x ** 2"

WRONG = {
    "subtract": [
        ("upstream, upstream", "This is what Add sends back. If y goes up by 1, x − y"),
        ("-upstream, upstream", "The minus sign is at x; it belongs at y."),
        ("-upstream, -upstream", "Both signs are flipped: x − y goes up when x does."),
        ("1, -1", "These are local derivatives alone: multiply them by"),
        ("upstream / 2, -upstream / 2", "A difference sends what it receives to both sides in"),
        (
            "self.x, self.y = (x, y)\nreturn x - y",
            "upstream * self.y, -upstream * self.x",
            "This is what Mul sends back, with a minus sign; a",
        ),
        (
            "x - y",
            "upstream = 1\nreturn (upstream, -upstream)",
            "These are local derivatives alone: multiply them by",
        ),
        ("upstream * y, upstream * x", "NameError"),
        ("x, -y", "NameError"),
        ("upstream", "needs 2"),
        ("upstream - upstream", "needs 2"),
        ("1.3, -1.3", "the same for every input"),
        ("upstream, 0", "the same for every input"),
        ("print(upstream, -upstream)", "the gradient of x is None"),
        ("None", "the gradient of x is None"),
        ("upstream, upstream * -1 + 1", "the gradient of y comes out as"),
        ("self.x * upstream, -self.y * upstream", "AttributeError"),
        ("upstream, abs(upstream)", "its sign is wrong"),
        ("abs(upstream), -abs(upstream)", "its sign is wrong"),
        ("upstream + 1, upstream - 1", "the gradient of x comes out as"),
        ("self.backward(upstream)", "RecursionError"),
        ("print(x - y)", "upstream, -upstream", "the output is None"),
    ],
    "fork": [
        ("{'x': y}", "It returns 1 value"),
        ("y, x + 2 * y, 15", "It returns 3 values"),
        ("x + 2 * y", "It returns 1 value"),
        ("y, x + y", "y is used twice; this is only its branch straight to"),
        ("y, y", "y is used twice; this is only its branch through +."),
        ("y, (x + y) * y", "The two branches of y are multiplied. They run side"),
        ("x + y, x + 2 * y", "The gradient of x is what × sends to +. This is what"),
        ("y, x + y + 1", "Along +, y gets what × sent to +. That is not 1."),
        ("1, x + y + 1", "The + node passes on what it receives. It receives"),
        ("y, 2 * y", "On the straight branch × sends y its other input, and"),
        ("x + y, y", "Only one branch of y is here, and the two gradients"),
        ("y, x + 2 * y + 1", "This is how far z moves for a nudge of a whole 1; the"),
        ("x + 2 * y, y", "The two gradients are swapped: x comes first."),
        ("y, (x + 2 * y) / 2", "This is the average of the two branches. Every branch"),
        ("3, 8", "the same for every input"),
        ("15, 15", "the same for every input"),
        ("x, 2 * y", "the gradient of x comes out as"),
        ("x, x + 2 * y", "the gradient of x comes out as"),
        ("y, x", "the gradient of y comes out as"),
        ("y, x * 2 * y", "the gradient of y comes out as"),
        ("-y, -(x + 2 * y)", "its sign is wrong"),
        ("abs(y), x + 2 * y", "its sign is wrong"),
    ],
    "square": [
        (
            SQUARE,
            "self.x = self.x * 2\nreturn upstream * self.x",
            "A second backward does not give the same: the first one",
        ),
        (
            "if not hasattr(self, 'x'):\n    self.x = x\nreturn x ** 2",
            "upstream * 2 * self.x",
            "forward runs again and again while a network learns.",
        ),
        (
            SQUARE,
            "self.x *= 2\nreturn upstream * self.x",
            "A second backward does not give the same: the first one",
        ),
        (SQUARE, "2 * self.x", "The upstream gradient is missing: backward returns"),
        (SQUARE, "upstream * self.x", "This is the gradient of one branch: in x · x the"),
        (SQUARE, "2 * upstream", "The slope of x² depends on x: keep x in forward and"),
        (SQUARE, "upstream * self.x ** 2", "backward squares as well; it needs the slope 2x."),
        (SQUARE, "upstream + 2 * self.x", "Here upstream and local derivative are added; the"),
        (
            SQUARE,
            "upstream * 2 * abs(self.x)",
            "The root of x² has lost the sign of x: keep x itself",
        ),
        (SQUARE, "upstream * 2", "The slope of x² depends on x: keep x in forward and"),
        ("x * 2", "upstream * 2", "forward doubles; it should square."),
        (
            "self.x = x ** 2\nreturn self.x",
            "upstream * 2 * self.x",
            "forward keeps x², and backward needs x: say self.x =",
        ),
        (
            "self.x = x ** 2\nreturn self.x",
            "upstream * 2 * self.x ** 0.5",
            "The root of x² has lost the sign of x: keep x itself",
        ),
        (
            "global saved\nsaved = x\nreturn x ** 2",
            "upstream * 2 * saved",
            "This uses the x of another node that ran later. Keep",
        ),
        (
            "Square.x = x\nreturn x ** 2",
            "upstream * 2 * Square.x",
            "This uses the x of another node that ran later. Keep",
        ),
        (SQUARE, "upstream * 2 * x", "NameError"),
        (SQUARE, "upstream * 2 * forward(x)", "NameError"),
        (SQUARE, "-upstream * 2 * self.x", "its sign is wrong"),
        (SQUARE, "6", "the same for every input"),
        ("self.x = x\nreturn 9", "upstream * 2 * self.x", "the same for every input"),
        (SQUARE, "upstream * 2 * self.x, upstream * 2 * self.x", "returns 2 gradients"),
        (SQUARE, "upstream * self.x, upstream * self.x", "returns 2 gradients"),
    ],
}

RIGHT = {
    "subtract": [
        ("[upstream, -upstream]",),
        (
            "self.x, self.y = (x, y)\nreturn x - y",
            "dx = upstream\ndy = -1 * upstream\nreturn (dx, dy)",
        ),
        ("yield upstream\nyield (-upstream)",),
    ],
    "fork": [
        ("[y, x + 2 * y]",),
        ("dx = y\ndy = x + y + y\nreturn (dx, dy)",),
        ("y, 2 * y + x",),
    ],
    "square": [
        (
            "self.x = x\nreturn x * x",
            "2 * self.x * upstream",
        ),
        (
            "self.slope = 2 * x\nreturn x ** 2",
            "upstream * self.slope",
        ),
        (
            "self.x = x\nreturn pow(x, 2)",
            "upstream * self.x + upstream * self.x",
        ),
        (
            "self.cache = (x,)\nreturn x ** 2",
            "x, = self.cache\nreturn upstream * 2 * x",
        ),
    ],
}
