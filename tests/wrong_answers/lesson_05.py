"""Lesson 05: what readers write, and a phrase of what each of them is told."""

SIGMOID = "self.y = 1 / (1 + np.exp(-x))\nreturn self.y"
RELU = "self.mask = x > 0\nself.x = x\nself.y = np.where(x > 0, x, 0)\nreturn self.y"
LEAKY = "self.mask = x > 0\nself.x = x\nreturn np.where(x > 0, x, 0.1 * x)"

WRONG = {
    "sigmoid": [
        (
            ("if not hasattr(self, 'y'):\n    self.y = 1 / (1 + np.exp(-x))\nreturn self.y"),
            "upstream * self.y * (1 - self.y)",
            "forward runs again and again while a network learns.",
        ),
        (
            SIGMOID,
            "self.y = self.y * (1 - self.y)\nreturn upstream * self.y",
            "A second backward does not give the same: the first one",
        ),
        (
            SIGMOID,
            "self.y *= 1 - self.y\nreturn upstream * self.y",
            "A second backward does not give the same: the first one",
        ),
        (SIGMOID, "self.y * (1 - self.y)", "The upstream gradient is missing: backward returns"),
        (SIGMOID, "upstream", "The slope is missing: backward passes on what it"),
        (SIGMOID, "upstream * self.y", "This is upstream · y. The second factor, 1 − y, is"),
        (SIGMOID, "upstream * (1 - self.y)", "This is upstream · (1 − y). The first factor, y, is"),
        (SIGMOID, "upstream * self.y * 1 - self.y", "Parentheses are missing: y * 1 - y is 0."),
        (SIGMOID, "-upstream * self.y * (1 - self.y)", "The sign is wrong: a sigmoid only rises."),
        (SIGMOID, "upstream * self.y ** 2", "This is y² · upstream; the walk back goes through"),
        (
            SIGMOID,
            "upstream + self.y * (1 - self.y)",
            "Upstream and slope are added; the chain rule",
        ),
        (
            SIGMOID,
            "upstream *= self.y * (1 - self.y)\nreturn upstream",
            "backward changes the upstream gradient that it was",
        ),
        (SIGMOID, "upstream * self.y * (self.y - 1)", "The sign is wrong: a sigmoid only rises."),
        (
            SIGMOID,
            "upstream * 1 / (1 + np.exp(-self.y)) * (1 - 1 / (1 + np.exp(-self.y)))",
            "The sigmoid is taken twice: what forward kept is",
        ),
        (
            "self.y = x\nreturn 1 / (1 + np.exp(-x))",
            "upstream * self.y * (1 - self.y)",
            "The slope is y(1 − y) with the output y; here stands",
        ),
        (
            "Sigmoid.y = 1 / (1 + np.exp(-x))\nreturn Sigmoid.y",
            "upstream * Sigmoid.y * (1 - Sigmoid.y)",
            "This uses the y of another node that ran later. Keep",
        ),
        (SIGMOID, "upstream * x * (1 - x)", "NameError"),
        (SIGMOID, "upstream * y * (1 - y)", "NameError"),
        (SIGMOID, "upstream * upstream * (1 - upstream)", "the gradient of x comes out as"),
        (SIGMOID, "upstream * 0.25", "the gradient of x comes out as"),
        (SIGMOID, "0.25", "the same for every input"),
        (SIGMOID, "0.105", "close, but not exact"),
        (SIGMOID, "np.round(upstream * self.y * (1 - self.y), 4)", "close, but not exact"),
    ],
    "relu": [
        (
            "self.x = x\nx[x <= 0] = 0\nreturn x",
            "upstream * (self.x > 0)",
            "An argument was changed",
        ),
        (
            ("if not hasattr(self, 'mask'):\n    self.mask = x > 0\nreturn np.where(x > 0, x, 0)"),
            "upstream * self.mask",
            "forward runs again and again while a network learns.",
        ),
        (
            "x[x < 0] = 0\nself.mask = x > 0\nreturn x",
            "upstream * self.mask",
            "An argument was changed",
        ),
        (RELU, "np.where(self.mask, upstream, 0).T", "the gradient of x comes out as"),
        (
            RELU,
            "self.y[self.y > 0] = 1\nreturn upstream * self.y",
            "backward changes the array that forward returned, and other ",
        ),
        (
            RELU,
            "self.mask = self.mask * upstream\nreturn self.mask",
            "A second backward does not give the same: the first one",
        ),
        (
            RELU,
            "self.x[self.x <= 0] = 0\nreturn upstream * (self.x > 0)",
            "An argument was changed",
        ),
        (RELU, "upstream", "Every gradient passes, also where the switch is open."),
        (RELU, "self.mask", "The upstream gradient is missing: backward returns"),
        (RELU, "upstream * (self.x >= 0)", "At x = 0 this course takes the slope 0: the mask is x"),
        (RELU, "upstream * (self.y >= 0)", "Every gradient passes, also where the switch is open."),
        (RELU, "1.0 * self.mask", "The upstream gradient is missing: backward returns"),
        (RELU, "upstream * (upstream > 0)", "The mask must come from x on the way forward. Here"),
        (RELU, "np.maximum(upstream, 0)", "The mask must come from x on the way forward. Here"),
        (RELU, "upstream * self.x", "This is upstream · x. Where the switch is closed the"),
        (RELU, "upstream * self.y", "Where the switch is closed the gradient passes as it"),
        (RELU, "self.y", "This is the output of forward. backward should return"),
        (RELU, "upstream * ~self.mask", "The switch is the wrong way round: gradients pass"),
        (
            RELU,
            "upstream[~self.mask] = 0\nreturn upstream",
            "backward changes the upstream gradient that it was",
        ),
        (
            RELU,
            "upstream[self.x <= 0] = 0\nreturn upstream",
            "backward changes the upstream gradient that it was",
        ),
        (RELU, "self.x * self.mask", "This is the output of forward. backward should return"),
        (RELU, "np.where(self.mask, 1, 0)", "The upstream gradient is missing: backward returns"),
        (RELU, "upstream[self.mask]", "has shape (1,)"),
        (RELU, "upstream * mask", "NameError"),
        (RELU, "upstream * (x > 0)", "NameError"),
        (RELU, "print(upstream * self.mask)", "the gradient of x is None"),
        (RELU, "None", "the gradient of x is None"),
        (RELU, "-upstream * self.mask", "its sign is wrong"),
        (RELU, "[0, 0, 7]", "the same for every input"),
    ],
    "leaky": [
        (
            "self.mask = x > 0\nreturn np.where(x > 0, x, 0.1 * x)",
            "self.mask = np.where(self.mask, 1, 0.1)\nreturn upstream * self.mask",
            "A second backward does not give the same: the first one",
        ),
        (
            "self.mask = x > 0\ny = x\ny[~self.mask] *= 0.1\nreturn y",
            "np.where(self.mask, upstream, 0.1 * upstream)",
            "An argument was changed",
        ),
        (
            "self.mask = x > 0\nx[~self.mask] *= 0.1\nreturn x",
            "np.where(self.mask, upstream, 0.1 * upstream)",
            "An argument was changed",
        ),
        (
            LEAKY,
            "upstream * np.where(self.x >= 0, 1, 0.1)",
            "At x = 0 the slope should be 0.1: the mask is x > 0,",
        ),
        (LEAKY, "upstream * self.mask", "backward is ReLU's: where x < 0 a tenth must pass."),
        (LEAKY, "upstream", "backward passes everything, also where x < 0."),
        (LEAKY, "0.1 * upstream", "backward passes a tenth everywhere, also where x > 0."),
        (
            LEAKY,
            "np.where(self.mask, 1, 0.1)",
            "The upstream gradient is missing: backward returns",
        ),
        (
            LEAKY,
            "upstream * np.where(self.mask, self.x, 0.1 * self.x)",
            "backward multiplies by the output. It needs the",
        ),
        (
            LEAKY,
            "upstream * np.where(self.mask, 1, -0.1)",
            "The slope is 0.1 where x < 0, not −0.1: the line",
        ),
        (
            LEAKY,
            "np.where(upstream > 0, upstream, 0.1 * upstream)",
            "The mask must come from x on the way forward, not",
        ),
        (
            LEAKY,
            "upstream[~self.mask] *= 0.1\nreturn upstream",
            "backward changes the upstream gradient that it was",
        ),
        (
            LEAKY,
            "np.where(self.mask, upstream, 0.1)",
            "backward gives 0.1 where x ≤ 0; a tenth of the",
        ),
        (
            LEAKY,
            "np.where(self.mask, 0.1 * upstream, upstream)",
            "In backward the two branches are swapped: a tenth",
        ),
        (
            LEAKY,
            "np.where(self.x < 0, 0.1 * upstream, upstream)",
            "At x = 0 the slope should be 0.1: the mask is x > 0,",
        ),
        (
            "self.mask = x > 0\nreturn np.where(x > 0, x, 0)",
            "np.where(self.mask, upstream, 0.1 * upstream)",
            "forward is ReLU's: where x < 0 it should give 0.1 x.",
        ),
        (
            "self.mask = x > 0\nreturn np.where(x > 0, x, 0)",
            "np.where(self.mask, upstream, 0)",
            "This is ReLU itself, forward and backward.",
        ),
        (
            "self.mask = x > 0\nreturn np.where(x > 0, x, 0.1)",
            "np.where(self.mask, upstream, 0.1 * upstream)",
            "forward gives 0.1 where x ≤ 0; it should give 0.1 x.",
        ),
        (
            "self.mask = x > 0\nreturn np.where(x > 0, x, 0.1)",
            "np.where(self.mask, upstream, 0.1)",
            "forward and backward give 0.1 where x ≤ 0; both",
        ),
        (
            "LeakyReLU.mask = x > 0\nreturn np.where(x > 0, x, 0.1 * x)",
            "np.where(LeakyReLU.mask, upstream, 0.1 * upstream)",
            "This uses the mask of another node that ran later.",
        ),
        (LEAKY, "np.where(self.mask, upstream, 0.1 * self.x)", "the gradient of x comes out as"),
        (LEAKY, "np.where(self.mask, upstream, 0.01 * upstream)", "the gradient of x comes out as"),
        (LEAKY, "np.where(x > 0, upstream, 0.1 * upstream)", "NameError"),
        ("np.where(x > 0, x, 0.1 * x)", "np.where(x > 0, upstream, 0.1 * upstream)", "NameError"),
        (LEAKY, "print(upstream)", "the gradient of x is None"),
        (LEAKY, "-np.where(self.mask, upstream, 0.1 * upstream)", "its sign is wrong"),
        (LEAKY, "np.array([0.5, 0.6, 7])", "the same for every input"),
    ],
}

RIGHT = {
    "sigmoid": [
        (
            "self.x = x\nreturn 1 / (1 + np.exp(-x))",
            "y = 1 / (1 + np.exp(-self.x))\nreturn upstream * y * (1 - y)",
        ),
        (
            SIGMOID,
            "upstream * (self.y - self.y ** 2)",
        ),
        (
            SIGMOID,
            "dx = upstream * self.y * (1 - self.y)\nreturn dx",
        ),
        (
            ("e = np.exp(-x)\nself.y = 1 / (1 + e)\nself.s = e / (1 + e) ** 2\nreturn self.y"),
            "upstream * self.s",
        ),
        (
            "self.y = np.exp(x) / (1 + np.exp(x))\nreturn self.y",
            "np.multiply(upstream, self.y) * (1 - self.y)",
        ),
        (
            "self.y = 0.5 * (1 + np.tanh(x / 2))\nreturn self.y",
            "upstream * self.y * (1 - self.y)",
        ),
        (
            (
                "self.y = np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), "
                "np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))\nreturn self.y"
            ),
            "upstream * self.y * (1 - self.y)",
        ),
    ],
    "relu": [
        (
            "self.mask = x > 0\nreturn x * self.mask",
            "upstream * self.mask",
        ),
        (
            "self.x = x\nreturn np.maximum(x, 0)",
            "dx = upstream.copy()\ndx[self.x <= 0] = 0\nreturn dx",
        ),
        (
            "self.mask = (x > 0).astype(float)\nreturn np.maximum(0, x)",
            "self.mask * upstream",
        ),
        (
            "self.y = np.maximum(x, 0)\nreturn self.y",
            "upstream * (self.y > 0)",
        ),
        (
            "self.y = np.maximum(x, 0)\nreturn self.y",
            "upstream * np.sign(self.y)",
        ),
        (
            "self.x = x.copy()\nreturn (x + abs(x)) / 2",
            (
                "np.array([u * (v > 0) for u, v in zip(upstream.ravel(), "
                "self.x.ravel())]).reshape(upstream.shape)"
            ),
        ),
        (
            "self.closed = x <= 0\ny = x.copy()\ny[self.closed] = 0\nreturn y",
            "np.where(self.closed, 0, upstream)",
        ),
    ],
    "leaky": [
        (
            "self.slope = np.where(x > 0, 1, 0.1)\nreturn self.slope * x",
            "self.slope * upstream",
        ),
        (
            "self.x = x\nreturn np.maximum(x, 0.1 * x)",
            "upstream * np.where(self.x > 0, 1, 0.1)",
        ),
        (
            "self.mask = x > 0\ny = 0.1 * x\ny[self.mask] = x[self.mask]\nreturn y",
            "d = upstream * 0.1\nd[self.mask] = upstream[self.mask]\nreturn d",
        ),
        (
            "self.mask = x > 0\nreturn x * self.mask + 0.1 * x * ~self.mask",
            "upstream * self.mask + 0.1 * upstream * ~self.mask",
        ),
        (
            "self.mask = x <= 0\nreturn np.where(self.mask, 0.1 * x, x)",
            "np.where(self.mask, 0.1 * upstream, upstream)",
        ),
    ],
}
