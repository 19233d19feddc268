"""Lesson 07: what readers write, and a phrase of what each of them is told."""

ERROR = "n = len(prediction)\ne = prediction - target"
P = "p = 1 / (1 + np.exp(-z))"
SMALLER = "np.maximum(z, 0) - z * t"

WRONG = {
    "mean_squared": [
        (
            (
                "loss = ((prediction - target) ** 2).sum() / len(prediction)\n"
                "prediction -= target\nreturn (loss, 2 * prediction / len(target))"
            ),
            "An argument was changed",
        ),
        (ERROR + "\nreturn (e ** 2).sum() / n", "It returns 1 value"),
        (
            ERROR + "\nreturn ((e ** 2).sum() / n, e / n)",
            "Its gradient has a factor 2, from the square.",
        ),
        (
            ERROR + "\nreturn ((e ** 2).sum() / n, 2 * e)",
            "The loss is right, and divides by N. The gradient",
        ),
        (
            ERROR + "\nreturn ((e ** 2).sum() / n, 2 * e / n ** 2)",
            "The gradient is divided by N twice.",
        ),
        (
            ERROR + "\nreturn ((e ** 2).sum() / n, -2 * e / n)",
            "The gradient has the wrong sign: a prediction above",
        ),
        (
            ERROR + "\nreturn ((e ** 2).mean(), 2 * e / e.size)",
            "This is the mean over all entries. Here it is the",
        ),
        (
            ERROR + "\nreturn ((e ** 2).mean(), 2 * e / n)",
            "The loss is the mean over all entries; divide by the",
        ),
        (
            ERROR + "\nreturn ((e ** 2).sum() / n, 2 * e / e.size)",
            "The gradient divides by the number of all entries,",
        ),
        (
            ERROR + "\nreturn (0.5 * (e ** 2).sum() / n, e / n)",
            "This is half of it: with ½ in front, as some books",
        ),
        (
            ERROR + "\nreturn ((e ** 2).sum(), 2 * e)",
            "This is the sum over the examples, not their mean.",
        ),
        (
            ERROR + "\nreturn ((e ** 2).sum(), 2 * e / n)",
            "The loss is the sum over the examples, not their",
        ),
        (
            ERROR + "\nreturn ((e ** 2).sum() / n, e)",
            "Its gradient lacks the factor 2 and the 1/N.",
        ),
        (
            ERROR + "\nreturn (0.5 * (e ** 2).sum() / n, 2 * e / n)",
            "The loss has ½ in front, its gradient has not: they",
        ),
        (
            ERROR + "\nreturn ((e ** 2).sum(), e)",
            "The loss is the sum, not the mean, and its gradient",
        ),
        (
            ERROR + "\nreturn ((e ** 2).sum(axis=1), 2 * e / n)",
            "The loss is still one number for each example; take",
        ),
        (
            ERROR + "\nreturn (2 * e / n, (e ** 2).sum() / n)",
            "The two results are swapped: the loss comes first.",
        ),
        (
            ERROR + "\nreturn (((e ** 2).sum() / n) ** 0.5, 2 * e / n)",
            "The loss is the root of what is asked for.",
        ),
        (
            ERROR + "\nreturn ((e ** 2).sum() / e.shape[1], 2 * e / e.shape[1])",
            "This divides by the number of columns. N is the",
        ),
        (
            ERROR + "\nreturn (0.5 * (e ** 2).mean(), e / e.size)",
            "This is the mean over all entries, with ½ in front.",
        ),
        (
            ERROR + "\nreturn (0.5 * (e ** 2).sum(), e)",
            "This is the sum over the examples, with ½ in front;",
        ),
        (
            ERROR + "\nreturn ((e ** 2).sum() / 2, e)",
            "This is the sum over the examples, with ½ in front;",
        ),
        (ERROR + "\nreturn (np.linalg.norm(e) / n, 2 * e / n)", "the loss comes out as"),
        (ERROR + "\nreturn (abs(e).sum() / n, np.sign(e) / n)", "the loss comes out as"),
        (ERROR + "\nreturn ((e ** 2).sum(axis=0) / n, 2 * e / n)", "should be a single number"),
        (ERROR + "\nreturn (e ** 2 / n, 2 * e / n)", "should be a single number"),
        (ERROR + "\nreturn ((e ** 2).sum() / n, (2 * e / n).sum())", "has shape ()"),
        (ERROR + "\nreturn ((e ** 2).sum() / n, 2 * e.sum() / n)", "has shape ()"),
        (ERROR + "\nreturn ((e ** 2).sum() / n, (2 * e / n).sum(axis=0))", "has shape (3,)"),
    ],
    "stable": [
        (
            ("z[z < -700] = -700\nreturn np.maximum(z, 0) - z * t + np.log(1 + np.exp(-abs(z)))"),
            "An argument was changed",
        ),
        (
            P + "\nreturn -(t * np.log(p) + (1 - t) * np.log(1 - p))",
            "At z = ±800 it is infinite or nan: p is rounded to 0",
        ),
        (
            P + "\nreturn -(t * np.log(p + 1e-12) + (1 - t) * np.log(1 - p + 1e-12))",
            "only by the 1e-12 inside the logarithm: where the",
        ),
        (
            (
                "p = np.clip(1 / (1 + np.exp(-z)), 1e-12, 1 - 1e-12)\nreturn -(t * "
                "np.log(p) + (1 - t) * np.log(1 - p))"
            ),
            "p is cut off at 1e-12: at z = −800, where the loss is",
        ),
        (
            (
                "p = np.clip(1 / (1 + np.exp(-z)), 1e-05, 1 - 1e-05)\nreturn -(t * "
                "np.log(p) + (1 - t) * np.log(1 - p))"
            ),
            "p is cut off at 1e-5: at z = −800, where the loss is",
        ),
        (
            (
                "z = np.clip(z, -100, 100)\nreturn np.maximum(z, 0) - z * t + "
                "np.log(1 + np.exp(-abs(z)))"
            ),
            "z is cut off at ±100: where the loss should be 800 it",
        ),
        (
            "np.log(1 + np.exp(-z)) + (1 - t) * z",
            "Right in the middle, but exp(−z) overflows at z =",
        ),
        ("np.log(1 + np.exp(z)) - t * z", "Right in the middle, but exp(z) overflows at z = 800:"),
        (
            "np.maximum(z, 0) - z * t + np.log(1 + np.exp(-z))",
            "The size is missing in exp(−|z|): exp(−z) overflows",
        ),
        (
            "np.maximum(z, 0) - z * t + np.log(1 + np.exp(abs(z)))",
            "exp(|z|) overflows at ±800: the sign in front of |z|",
        ),
        ("np.maximum(z, 0) - z * t + np.log(1 + np.exp(z))", "It is exp(−|z|), not exp(z)."),
        ("np.maximum(z, 0) + np.log(1 + np.exp(-abs(z)))", "The term z · t is missing."),
        (
            "np.maximum(z, 0) + z * t + np.log(1 + np.exp(-abs(z)))",
            "z · t is added; it must be taken away: where t = 1 a",
        ),
        (
            "np.maximum(z, 0) - z * (1 - t) + np.log(1 + np.exp(-abs(z)))",
            "The targets are swapped: this is small where the",
        ),
        (
            "np.maximum(z, 0) - z * t + np.exp(-abs(z))",
            "The logarithm is missing: log(1 + exp(−|z|)).",
        ),
        (
            "(np.maximum(z, 0) - z * t + np.log(1 + np.exp(-abs(z)))).mean()",
            "This is the mean; here each example keeps its own",
        ),
        (
            "(np.maximum(z, 0) - z * t + np.log(1 + np.exp(-abs(z)))).sum()",
            "This is the sum; here each example keeps its own",
        ),
        ("-z * t + np.log(1 + np.exp(-abs(z)))", "max(z, 0) is missing."),
        (
            "z - z * t + np.log(1 + np.exp(-abs(z)))",
            "The first term is max(z, 0), not z: it is 0 where z",
        ),
        (
            "np.max(z) - z * t + np.log(1 + np.exp(-abs(z)))",
            "np.max takes the largest of all entries.",
        ),
        (SMALLER, "The last term is missing: only max(z, 0) − zt is"),
        ("1 / (1 + np.exp(-z)) - t", "This is p − t, the gradient. The loss is asked for."),
        (
            (
                "z = np.clip(z, -500, 500)\np = 1 / (1 + np.exp(-z))\nreturn -(t * "
                "np.log(p) + (1 - t) * np.log(1 - p))"
            ),
            "the result comes out as",
        ),
        (
            (
                "z = np.clip(z, -30, 30)\np = 1 / (1 + np.exp(-z))\nreturn -(t * "
                "np.log(p) + (1 - t) * np.log(1 - p))"
            ),
            "the result comes out as",
        ),
        ("max(z, 0) - z * t + np.log(1 + np.exp(-abs(z)))", "ValueError"),
        ("-(np.maximum(z, 0) - z * t + np.log(1 + np.exp(-abs(z))))", "its sign is wrong"),
        ("print(1)", "returns None"),
        ("800.0", "the same for every input"),
    ],
    "fused": [
        (
            "self.p -= self.t\nreturn upstream * self.p / len(self.p)",
            "A second backward does not give the same: the first one",
        ),
        ("upstream * (self.p - self.t)", "This is the gradient of the sum; the loss is the"),
        ("upstream * (self.p - self.t) / len(self.p) ** 2", "This divides by N twice."),
        ("(self.p - self.t) / len(self.p)", "The upstream gradient is ignored. It is 1 only where"),
        ("self.p - self.t", "The upstream gradient is ignored, and so is the"),
        (
            "upstream * (self.t - self.p) / len(self.p)",
            "The sign is wrong: it is prediction − target.",
        ),
        (
            "upstream * (self.p - self.t) * self.p * (1 - self.p) / len(self.p)",
            "The sigmoid's slope p(1 − p) is multiplied in once",
        ),
        (
            ("upstream * (-self.t / self.p + (1 - self.t) / (1 - self.p)) / len(self.p)"),
            "This is the gradient for p, not for z: the sigmoid",
        ),
        ("upstream * self.p / len(self.p)", "The target is missing: it is p − t, not p."),
        (
            "2 * upstream * (self.p - self.t) / len(self.p)",
            "This is twice too much. The factor 2 belongs to the",
        ),
        (
            "upstream * self.p * (1 - self.p) / len(self.p)",
            "p(1 − p) is the sigmoid's slope alone; the loss",
        ),
        (
            "upstream * (self.p - self.t / len(self.p))",
            "Parentheses are missing: only t is divided by N.",
        ),
        (
            "upstream * (self.p - self.t).mean()",
            "This adds up the examples. Each score gets a gradient",
        ),
        (
            "upstream * self.p - self.t / len(self.p)",
            "Parentheses are missing: upstream multiplies p alone,",
        ),
        (
            "(upstream * (self.p - self.t) / len(self.p)).sum()",
            "This adds up the examples. Each score gets a gradient",
        ),
        ("upstream * (self.z - self.t) / len(self.p)", "AttributeError"),
        ("upstream * (self.p - self.t) / upstream.size", "AttributeError"),
        ("upstream * (p - t) / len(p)", "NameError"),
        ("upstream * (self.p - self.t) / 2", "the gradient of z comes out as"),
        ("upstream * (self.p - self.t) / self.p", "the gradient of z comes out as"),
        ("upstream * (self.p - self.t).sum()", "has shape ()"),
        ("print(1)", "the gradient of z is None"),
    ],
}

RIGHT = {
    "mean_squared": [
        (("e = prediction - target\nreturn ((e * e).sum(axis=1).mean(), 2 * e / len(e))"),),
        (
            (
                "n, d = prediction.shape\nreturn (sum(((p - t) @ (p - t) for p, t "
                "in zip(prediction, target))) / n, 2 * (prediction - target) / n)"
            ),
        ),
        (
            (
                "e = prediction - target\nreturn (np.mean(np.sum(e ** 2, axis=1)), "
                "(2 / e.shape[0] * e).tolist())"
            ),
        ),
        (
            (
                "e = prediction - target\nreturn (np.einsum('nd,nd->', e, e) / "
                "len(e), 2 * e / len(e))"
            ),
        ),
        (
            (
                "[np.square(prediction - target).sum() / len(prediction), 2 * "
                "(prediction - target) / len(prediction)]"
            ),
        ),
    ],
    "stable": [
        ("np.logaddexp(0, z) - z * t",),
        ("np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))",),
        (
            (
                "np.where(z >= 0, z - z * t + np.log(1 + np.exp(-np.abs(z))), -z * "
                "t + np.log(1 + np.exp(-np.abs(z))))"
            ),
        ),
        ("np.where(t == 1, np.logaddexp(0, -z), np.logaddexp(0, z))",),
        (("np.array([max(a, 0) - a * b + np.log(1 + np.exp(-abs(a))) for a, b in zip(z, t)])"),),
        ("[max(a, 0) - a * b + np.log(1 + np.exp(-abs(a))) for a, b in zip(z, t)]",),
        (("tuple((max(a, 0) - a * b + np.log(1 + np.exp(-abs(a))) for a, b in zip(z, t)))"),),
        ("np.maximum(0, z) - t * z + np.log(1 + np.exp(-abs(z)))",),
        ("np.maximum(z, 0) - z * t + np.log(1 + np.exp(np.minimum(z, -z)))",),
        ("(max(a, 0) - a * b + np.log(1 + np.exp(-abs(a))) for a, b in zip(z, t))",),
        (("for a, b in zip(z, t):\n    yield (max(a, 0) - a * b + np.log(1 + np.exp(-abs(a))))"),),
    ],
    "fused": [
        ("(self.p - self.t) * upstream / self.p.size",),
        ("upstream * (self.p - self.t) / self.p.shape[0]",),
        ("d = self.p - self.t\nd /= len(d)\nd *= upstream\nreturn d",),
        ("[upstream * (p - t) / len(self.t) for p, t in zip(self.p, self.t)]",),
        ("upstream * np.mean(1) * (self.p - self.t) / len(self.t)",),
        (
            "self.z, self.t = (z, t)\nreturn np.mean(np.logaddexp(0, z) - z * t)",
            "upstream * (1 / (1 + np.exp(-self.z)) - self.t) / len(self.t)",
        ),
    ],
}
