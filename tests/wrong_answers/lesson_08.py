"""Lesson 08: what readers write, and a phrase of what each of them is told."""

ONE_HOT = "one = np.eye(self.p.shape[1])[self.t]"
SHIFTED = "e = np.exp(z - z.max(axis=1, keepdims=True))"
COPY = "d = self.p.copy()"

WRONG = {
    "softmax": [
        (
            (
                "z -= z.max(axis=1, keepdims=True)\ne = np.exp(z)\nreturn e / "
                "e.sum(axis=1, keepdims=True)"
            ),
            "An argument was changed",
        ),
        (
            "e = np.exp(z)\nreturn e / e.sum(axis=1, keepdims=True)",
            "Large scores overflow: take the largest score of each",
        ),
        (SHIFTED + "\nreturn e / e.sum()", "The sum runs over everything: each row must sum to 1"),
        (
            "e = np.exp(z)\nreturn e / e.sum()",
            "The sum runs over everything: each row must sum to 1",
        ),
        (
            "e = np.exp(z - z.max())\nreturn e / e.sum()",
            "This treats the whole table as one example. Each row",
        ),
        (
            SHIFTED + "\nreturn e / e.sum(axis=0)",
            "The sum runs down the columns, over the examples. It",
        ),
        (
            "e = np.exp(z)\nreturn e / e.sum(axis=0)",
            "The sum runs down the columns, over the examples. It",
        ),
        (
            SHIFTED + "\nreturn e / e.sum(axis=1)",
            "Each row is divided by the sums of all rows, entry by",
        ),
        (
            "e = np.exp(z)\nreturn e / e.sum(axis=1)",
            "keepdims=True is missing in the sum. And is the",
        ),
        (
            "e = np.exp(z - z.max(axis=1))\nreturn e / e.sum(axis=1, keepdims=True)",
            "keepdims=True is missing in the maximum: it is taken",
        ),
        (
            "e = np.exp(z - z.max())\nreturn e / e.sum(axis=1, keepdims=True)",
            "The largest score of the whole batch is taken away,",
        ),
        (
            "z / z.sum(axis=1, keepdims=True)",
            "exp is missing: these are the scores divided by their",
        ),
        ("np.exp(z)", "exp alone: nothing is divided yet, and large scores"),
        ("np.exp(z - z.max(axis=1, keepdims=True))", "These are not divided by their sum yet."),
        (
            "e = np.exp(z - z.max(axis=0))\nreturn e / e.sum(axis=0)",
            "The sum runs down the columns, over the examples. It",
        ),
        (
            "e = np.exp(z - z.max(axis=0))\nreturn e / e.sum(axis=1, keepdims=True)",
            "The maximum is that of each column; take the largest",
        ),
        (
            (
                "e = np.exp(-z + z.min(axis=1, keepdims=True))\nreturn e / "
                "e.sum(axis=1, keepdims=True)"
            ),
            "The sign is wrong: exp(−z) is largest where the score",
        ),
        (
            (
                "e = np.exp(z - np.mean(z, axis=1, keepdims=True))\nreturn e / "
                "e.sum(axis=1, keepdims=True)"
            ),
            "Something smaller than the largest score is taken",
        ),
        (
            (
                "e = np.exp(z / z.max(axis=1, keepdims=True))\nreturn e / "
                "e.sum(axis=1, keepdims=True)"
            ),
            "Here the scores are divided by the largest one. Take",
        ),
        (
            SHIFTED + "\nreturn np.log(e / e.sum(axis=1, keepdims=True))",
            "These are the logarithms of the probabilities.",
        ),
        (
            ("e = np.exp(np.clip(z, -500, 500))\nreturn e / e.sum(axis=1, keepdims=True)"),
            "The scores are cut off: all large ones become alike.",
        ),
        ("1 / (1 + np.exp(-z))", "This is a sigmoid of each score. The probabilities of"),
        (SHIFTED + "\ne /= e.sum(axis=1, keepdims=True)", "returns None"),
        ("print(1)", "returns None"),
        (SHIFTED + "\nreturn e / e.sum(axis=1, keepdims=True) + 1e-09", "close, but not exact"),
        (SHIFTED + "\nreturn e / (e.sum(axis=1, keepdims=True) + 1e-08)", "close, but not exact"),
        ("(z == z.max(axis=1, keepdims=True)).astype(float)", "the result comes out as"),
        (
            (
                "e = 2 ** (z - z.max(axis=1, keepdims=True))\nreturn e / "
                "e.sum(axis=1, keepdims=True)"
            ),
            "the result comes out as",
        ),
        ("e = np.exp(z[0] - z[0].max())\nreturn e / e.sum()", "has shape (3,)"),
    ],
    "jacobian": [
        ("np.diag(p * (1 - p))", "Only the diagonal is here. Off it stands −pᵢpⱼ: the"),
        (
            "np.diag(p - 2 * p ** 2) + np.outer(p, p)",
            "Off it the sign is wrong: what one class gains,",
        ),
        ("-np.outer(p, p)", "On it pᵢ is missing: it is pᵢ(1 − pᵢ)."),
        ("np.diag(p) + np.outer(p, p)", "This adds pᵢpⱼ to the diagonal matrix; it must be"),
        ("np.outer(p, p) - np.diag(p)", "Every sign is wrong: raise a score, and its own"),
        ("p * (1 - p)", "These are the slopes of a sigmoid for each class, as"),
        ("np.eye(len(p)) - np.outer(p, p)", "The rows should sum to 0. On the diagonal stands 1 −"),
        ("np.outer(p, p)", "np.outer(p, p) is what is taken away. The diagonal is"),
        ("np.diag(p)", "Only the diagonal is here, and only pᵢ. From all"),
        ("np.outer(p, 1 - p)", "Off it stands pᵢ(1 − pⱼ); it is −pᵢpⱼ."),
        (
            "np.diag(p * (1 - p)) - np.outer(p, p)",
            "On it pᵢpᵢ is taken away twice: np.outer has it",
        ),
        ("np.diag(p) - p * p", "p * p is a row, not a table: np.outer(p, p) has all"),
        ("np.diag(p) - p @ p", "p @ p is a single number: np.outer(p, p) is the table"),
        ("np.diag(p) - p @ p.T", "p @ p is a single number: np.outer(p, p) is the table"),
        ("np.diag(p) - p * p.T", "p * p is a row, not a table: np.outer(p, p) has all"),
        ("p - np.outer(p, p)", "The diagonal comes from np.diag(p): p alone is a row,"),
        (
            "np.diag(np.diag(p) - np.outer(p, p))",
            "These are the slopes of a sigmoid for each class, as",
        ),
        ("np.diag(p) - np.dot(p, p)", "p @ p is a single number: np.outer(p, p) is the table"),
        (
            "[p[i] * (1 - p[i]) for i in range(len(p))]",
            "These are the slopes of a sigmoid for each class, as",
        ),
        (
            "np.tile(p, (len(p), 1)) - np.outer(p, p)",
            "The diagonal comes from np.diag(p): p alone is a row,",
        ),
        (
            "[[p[i] * (1 - p[j]) for j in range(len(p))] for i in range(len(p))]",
            "Off it stands pᵢ(1 − pⱼ); it is −pᵢpⱼ.",
        ),
        ("np.diag(p) * np.outer(p, p)", "the result comes out as"),
        ("np.diag(p) @ np.outer(p, p)", "the result comes out as"),
        ("(np.diag(p) - np.outer(p, p)).sum(axis=0)", "has shape (3,)"),
        ("np.diag(p) - np.outer(p)", "TypeError"),
        ("print(1)", "returns None"),
        (
            ("np.array([[0.16, -0.1, -0.06], [-0.1, 0.25, -0.15], [-0.06, -0.15, 0.21]])"),
            "the same for every input",
        ),
        ("np.round(np.diag(p) - np.outer(p, p), 3)", "close, but not exact"),
    ],
    "with_loss": [
        (
            ONE_HOT + "\nreturn upstream * (self.p - one)",
            "The loss is right, and divides by N. The gradient",
        ),
        (
            ONE_HOT + "\nreturn upstream * (self.p - one) / len(self.t) ** 2",
            "The gradient is divided by N twice.",
        ),
        (
            ONE_HOT + "\nreturn upstream * (self.p - one) / self.p.size",
            "The gradient is divided by the number of all entries;",
        ),
        (
            ONE_HOT + "\nreturn (self.p - one) / len(self.t)",
            "The upstream gradient is ignored. It is 1 only where",
        ),
        (ONE_HOT + "\nreturn self.p - one", "The upstream gradient is ignored, and so is the"),
        (
            ONE_HOT + "\nreturn upstream * (one - self.p) / len(self.t)",
            "The sign is wrong: it is p − t.",
        ),
        ("upstream * self.p / len(self.t)", "The target is missing: this is p, not p − t."),
        (
            ONE_HOT + "\nreturn -upstream * one / len(self.t)",
            "The softmax is missing: p − t needs probabilities,",
        ),
        (
            ONE_HOT + "\nreturn upstream * (self.p - one) * one / len(self.t)",
            "Only the answer's score gets a gradient. The others",
        ),
        (
            ONE_HOT + "\nreturn upstream * (self.p - one) * self.p * (1 - self.p) / len(self.t)",
            "The softmax's slope p(1 − p) is multiplied in once",
        ),
        (
            ("self.p[np.arange(len(self.t)), self.t] -= 1\nreturn upstream * self.p / len(self.t)"),
            "A second backward does not give the same: the first",
        ),
        (
            "upstream * (self.p - self.t) / len(self.t)",
            "t holds class numbers, and here one is subtracted from each column",
        ),
        (
            "upstream * (self.p - self.t[:, None]) / len(self.t)",
            "t holds class numbers, and these are not to be",
        ),
        (
            COPY + "\nd[:, self.t] -= 1\nreturn upstream * d / len(self.t)",
            "p[:, t] takes those columns in every row. Each row",
        ),
        (
            "upstream * (self.p - 1) / len(self.t)",
            "1 is taken away from every class; take it from the",
        ),
        (
            ONE_HOT + "\nreturn upstream * (self.p - one) / self.p.shape[1]",
            "This divides by the number of classes; divide by the",
        ),
        (
            ONE_HOT + "\nreturn -upstream * one / self.p / len(self.t)",
            "This is the gradient for p, −t/p, not for z: the",
        ),
        (
            ONE_HOT + "\nreturn 2 * upstream * (self.p - one) / len(self.t)",
            "This is twice too much. The factor 2 belongs to the",
        ),
        (
            ONE_HOT + "\nreturn upstream * (self.p - one / len(self.t))",
            "Parentheses are missing: only t is divided by N.",
        ),
        ("upstream * self.p", "The target is missing, and so is the division by N:"),
        (
            (
                "one = np.eye(self.p.shape[1])[self.p.argmax(axis=1)]\nreturn "
                "upstream * (self.p - one) / len(self.t)"
            ),
            "The target should be t, the answer; this is the class",
        ),
        (
            ONE_HOT + "\nreturn upstream * (self.p - one).mean(axis=0)",
            "The examples are added up. Each has a row of its own.",
        ),
        ("one = np.eye(3)[self.t]\nreturn upstream * (self.p - one) / len(self.t)", "ValueError"),
        (
            COPY + "\nd[0, self.t] -= 1\nreturn upstream * d / len(self.t)",
            "the gradient of z comes out as",
        ),
        (
            ONE_HOT + "\nreturn upstream * (self.p - one).T / len(self.t)",
            "the gradient of z comes out as",
        ),
        ("upstream * (self.p[np.arange(len(self.t)), self.t] - 1) / len(self.t)", "has shape (3,)"),
        ("upstream * (self.p - t) / len(self.t)", "NameError"),
        ("print(1)", "the gradient of z is None"),
        (
            ONE_HOT + "\nreturn (upstream * (self.p - one) / len(self.t), None)",
            "returns 2 gradients",
        ),
    ],
}

RIGHT = {
    "softmax": [
        (("e = np.exp(z - np.max(z, axis=1).reshape(-1, 1))\nreturn e / e.sum(axis=1)[:, None]"),),
        (
            (
                "rows = []\nfor row in z:\n    e = np.exp(row - row.max())\n    "
                "rows.append(e / e.sum())\nreturn np.array(rows)"
            ),
        ),
        (
            (
                "rows = []\nfor row in z:\n    e = np.exp(row - row.max())\n    "
                "rows.append(e / e.sum())\nreturn rows"
            ),
        ),
        ("e = np.exp((z.T - z.max(axis=1)).T)\nreturn (e.T / e.sum(axis=1)).T",),
        (
            (
                "s = z - z.max(axis=-1, keepdims=True)\nreturn np.exp(s - "
                "np.log(np.exp(s).sum(axis=-1, keepdims=True)))"
            ),
        ),
        (SHIFTED + "\nreturn np.einsum('nc,n->nc', e, 1 / e.sum(axis=1))",),
        ("tuple((np.exp(r - r.max()) / np.exp(r - r.max()).sum() for r in z))",),
        ("np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))",),
        (
            (
                "z = z - z.max(axis=1, keepdims=True)\nreturn np.exp(z) / "
                "np.sum(np.exp(z), axis=1, keepdims=True)"
            ),
        ),
        ("np.array([softmax(row) for row in z])",),
        (
            (
                "e = np.exp(z - z.max(axis=1, keepdims=True) - 1)\nreturn e / "
                "e.sum(axis=1, keepdims=True)"
            ),
        ),
    ],
    "jacobian": [
        ("np.diag(p) - p[:, None] * p",),
        ("np.diag(p) - p[:, None] @ p[None, :]",),
        ("np.eye(len(p)) * p - np.outer(p, p)",),
        (("[[p[i] * ((i == j) - p[j]) for j in range(len(p))] for i in range(len(p))]"),),
        ("np.diag(p) - np.einsum('i,j->ij', p, p)",),
        ("(np.eye(len(p)) - p) * p[:, None]",),
        ("J = -np.outer(p, p)\nJ[np.diag_indices(len(p))] += p\nreturn J",),
        (
            (
                "np.array([[p[i] * (1 - p[i]) if i == j else -p[i] * p[j] for j in "
                "range(len(p))] for i in range(len(p))])"
            ),
        ),
        ("np.diag(p) - np.multiply.outer(p, p)",),
        (
            (
                "tuple((tuple((p[i] * ((i == j) - p[j]) for j in range(len(p)))) "
                "for i in range(len(p))))"
            ),
        ),
    ],
    "with_loss": [
        (COPY + ("\nd[np.arange(len(self.t)), self.t] -= 1\nreturn upstream * d / len(self.t)"),),
        (
            (
                "d = np.array(self.p)\nfor i, k in enumerate(self.t):\n    d[i, k] "
                "-= 1\nreturn d * upstream / len(d)"
            ),
        ),
        (
            (
                "one = np.zeros(self.p.shape)\none[np.arange(len(self.t)), self.t] "
                "= 1\nreturn (self.p - one) * (upstream / len(self.t))"
            ),
        ),
        (("upstream * (self.p - (np.arange(self.p.shape[1]) == self.t[:, None])) / len(self.t)"),),
        (
            (
                "self.z, self.t = (z, t)\np = np.exp(z - z.max(1, keepdims=True))\n"
                "self.p = p / p.sum(1, keepdims=True)\nreturn "
                "-np.log(self.p[np.arange(len(t)), t]).mean()"
            ),
            ("return upstream * (self.p - np.identity(self.p.shape[1])[self.t]) / self.p.shape[0]"),
        ),
    ],
}
