"""Lesson 06: what readers write, and a phrase of what each of them is told."""

AFFINE = "self.X = X\nreturn X @ self.W + self.b"


def _backward(dW="self.X.T @ upstream", db="upstream.sum(axis=0)", dX="upstream @ self.W.T"):
    return f'self.grads["W"] = {dW}\nself.grads["b"] = {db}\nreturn {dX}'


WRONG = {
    "product": [
        ("W *= 2\nreturn (upstream @ W, upstream.T @ X)", "An argument was changed"),
        ("upstream @ W, upstream.T @ X, upstream.sum(axis=0)", "It returns 3 values"),
        ("upstream @ W", "It returns 1 value"),
        ("upstream @ W.T, X.T @ upstream", "These are the gradients of XW. Here W is stored by"),
        ("upstream @ W.T, upstream.T @ X", "The one of X is that of XW: here W needs no"),
        ("upstream @ W, X.T @ upstream", "The one of W is transposed: its rows are the neurons."),
        ("W @ upstream, upstream.T @ X", "In the one of X the factors are in the wrong order:"),
        ("W.T @ upstream, upstream.T @ X", "In the one of X the order is wrong, and W needs no"),
        ("W.T @ upstream.T, upstream.T @ X", "The one of X is transposed."),
        ("upstream @ W, upstream @ X", "In the one of W the upstream gradient must be"),
        ("upstream @ W, X @ upstream", "In the one of W the factors are in the wrong order."),
        ("upstream @ W, X @ upstream.T", "In the one of W the factors are in the wrong order."),
        ("upstream @ W, upstream @ X.T", "In the one of W the wrong factor is transposed: it"),
        (
            "upstream @ W, upstream.T @ X / len(X)",
            "The one of W is divided by the number of examples;",
        ),
        ("upstream.T @ X, upstream @ W", "The two gradients are swapped: the one of X comes"),
        ("upstream * W, upstream * X", "Here * multiplies entry by entry, and a matrix"),
        ("upstream * W, upstream.T * X", "Here * multiplies entry by entry. A matrix product is"),
        (
            "upstream @ W / len(X), upstream.T @ X / len(X)",
            "Both gradients are divided by the number of examples;",
        ),
        ("W @ upstream, X @ upstream", "In both gradients the factors are in the wrong order."),
        ("W, X", "The upstream gradient is missing: these are the other"),
        ("(upstream @ W).T, upstream.T @ X", "The one of X is transposed."),
        (
            "upstream @ W, (upstream.T @ X).T",
            "The one of W is transposed: its rows are the neurons.",
        ),
        ("(upstream @ W).sum(axis=0), upstream.T @ X", "has shape (2,)"),
        ("upstream @ W, (upstream.T @ X).sum(axis=0)", "has shape (2,)"),
        ("-upstream @ W, -upstream.T @ X", "its sign is wrong"),
        ("upstream @ W, -(upstream.T @ X)", "its sign is wrong"),
        ("upstream, upstream", "the gradient of X comes out as"),
        ("W, upstream.T @ X", "the gradient of X comes out as"),
        ("upstream @ W, X", "the gradient of W comes out as"),
    ],
    "bias": [
        ("upstream.mean()", "This is the mean. A bias that is used many times gets"),
        ("upstream.sum() / len(upstream)", "This is divided by the number of examples. A layer"),
        ("upstream.sum(axis=0)", "This sums over the examples alone, and gives a number"),
        ("upstream.mean(axis=0)", "This is the mean over the examples for each neuron. b"),
        ("upstream.sum(axis=1)", "This sums over the neurons alone, and gives a number"),
        ("upstream", "These are the shares, one for each use of b. They are"),
        ("upstream.sum(keepdims=True)", "The sum is right, but it should be a single number:"),
        ("upstream.size", "This is how often b is used. Each use brings its"),
        ("len(upstream)", "This is the number of examples. Each use of b brings"),
        ("upstream.sum(axis=1).mean()", "This is divided by the number of examples. A layer"),
        ("sum(upstream)", "This sums over the examples alone, and gives a number"),
        ("1", "the same for every input"),
        ("8", "the same for every input"),
        ("upstream[0].sum()", "the result comes out as"),
        ("upstream[0, 0]", "the result comes out as"),
        ("-upstream.sum()", "its sign is wrong"),
        ("[upstream.sum()]", "should be a single number"),
        ("np.array([upstream.sum()])", "should be a single number"),
        ("upstream.sum(),", "is a tuple with one value"),
        ("print(upstream.sum())", "returns None"),
        ("upstream.sum", "is not a number"),
        ("upstream.sum(axis=2)", "AxisError"),
    ],
    "layer": [
        (
            "if not hasattr(self, 'X'):\n    self.X = X\nreturn X @ self.W + self.b",
            _backward(),
            "forward runs again and again while a network learns.",
        ),
        (
            AFFINE,
            (
                "self.grads['dW'] = self.X.T @ upstream\nself.grads['db'] = "
                "upstream.sum(axis=0)\nreturn upstream @ self.W.T"
            ),
            "After backward, self.grads has no 'W', but 'dW', 'db'.",
        ),
        (
            AFFINE,
            (
                "self.W -= 0.1 * self.X.T @ upstream\nself.grads['W'] = self.X.T @ "
                "upstream\nself.grads['b'] = upstream.sum(axis=0)\nreturn upstream @ "
                "self.W.T"
            ),
            "A second backward does not give the same: the first one",
        ),
        (
            AFFINE,
            (
                "self.dW = self.X.T @ upstream\nself.db = upstream.sum(axis=0)\n"
                "return upstream @ self.W.T"
            ),
            "After backward, self.grads has no 'W'.",
        ),
        (
            AFFINE,
            (
                "grads = {}\ngrads['W'] = self.X.T @ upstream\ngrads['b'] = "
                "upstream.sum(axis=0)\nreturn upstream @ self.W.T"
            ),
            "After backward, self.grads has no 'W'.",
        ),
        (
            AFFINE,
            ("dW = self.X.T @ upstream\ndb = upstream.sum(axis=0)\nreturn upstream @ self.W.T"),
            "After backward, self.grads has no 'W'.",
        ),
        (
            AFFINE,
            "self.grads['W'] = self.X.T @ upstream\nreturn upstream @ self.W.T",
            "After backward, self.grads has no 'b', but 'W'.",
        ),
        (
            AFFINE,
            _backward(db="upstream.mean(axis=0)"),
            "the gradient of b: it is the mean over the examples,",
        ),
        (
            AFFINE,
            _backward(db="upstream.sum(axis=1)"),
            "the gradient of b: it sums over the neurons, and",
        ),
        (AFFINE, _backward(db="upstream"), "the gradient of b: the shares of the examples are not"),
        (
            AFFINE,
            _backward(db="upstream.sum()"),
            "the gradient of b: it sums over everything, and each",
        ),
        (
            AFFINE,
            _backward(db="upstream.sum(axis=0, keepdims=True)"),
            "the shape of the gradient of b: it should be that of",
        ),
        (
            AFFINE,
            _backward(db="sum(sum(upstream))"),
            "the gradient of b: it sums over everything, and each",
        ),
        (AFFINE, _backward(dW="self.X @ upstream"), "the gradient of W: X must be transposed."),
        (AFFINE, _backward(dW="upstream.T @ self.X"), "the gradient of W, which is transposed."),
        (
            AFFINE,
            _backward(dW="upstream @ self.X.T"),
            "the gradient of W: the factors are in the wrong",
        ),
        (
            AFFINE,
            _backward(dW="self.X.T @ upstream / len(self.X)"),
            "the gradient of W, which is divided by the number of",
        ),
        (
            AFFINE,
            _backward(dW="self.X.T @ upstream / len(self.X)", db="upstream.mean(axis=0)"),
            "The gradients of W and b are divided by the number of",
        ),
        (AFFINE, _backward(dX="upstream @ self.W"), "the gradient of X: W must be transposed."),
        (
            AFFINE,
            _backward(dX="self.W.T @ upstream"),
            "the gradient of X: the upstream gradient comes first,",
        ),
        (
            AFFINE,
            _backward(dX="self.W @ upstream"),
            "the gradient of X: W is not transposed, and stands on",
        ),
        (
            AFFINE,
            _backward(dX="upstream * self.W"),
            "the gradient of X: * multiplies entry by entry, and a",
        ),
        (AFFINE, _backward(db="upstream.mean()"), "has shape ()"),
        (AFFINE, _backward(dW="(self.X.T @ upstream).mean()"), "has shape ()"),
        (AFFINE, _backward(db="np.ones(len(self.b))"), "the gradient of b comes out as"),
        (AFFINE, _backward(db="upstream[0]"), "the gradient of b comes out as"),
        (AFFINE, _backward(dX="self.W @ upstream.T"), "the gradient of X comes out as"),
        (
            AFFINE,
            _backward(
                dW="self.X.T @ upstream * 2",
                db="2 * upstream.sum(axis=0)",
                dX="2 * upstream @ self.W.T",
            ),
            "the gradient of X comes out as",
        ),
        (AFFINE, _backward(dX="(upstream @ self.W.T).sum(axis=0)"), "has shape (2,)"),
    ],
}

RIGHT = {
    "product": [
        ("dX = upstream.dot(W)\ndW = (X.T @ upstream).T\nreturn (dX, dW)",),
        ("np.einsum('nm,md->nd', upstream, W), np.einsum('nm,nd->md', upstream, X)",),
        ("[upstream @ W, upstream.T @ X]",),
        (
            (
                "dW = np.zeros(W.shape)\ndX = np.zeros(X.shape)\nfor n in "
                "range(len(X)):\n    for m in range(len(W)):\n        for d in "
                "range(X.shape[1]):\n            dX[n, d] += upstream[n, m] * W[m, "
                "d]\n            dW[m, d] += upstream[n, m] * X[n, d]\nreturn (dX, "
                "dW)"
            ),
        ),
        ("(W.T @ upstream.T).T, sum((np.outer(u, x) for u, x in zip(upstream, X)))",),
        ("(upstream @ W).tolist(), (upstream.T @ X).tolist()",),
        ("np.matmul(upstream, W), np.dot(upstream.T, X)",),
        ("yield (upstream @ W)\nyield (upstream.T @ X)",),
    ],
    "bias": [
        ("sum(sum(upstream))",),
        ("np.sum(upstream)",),
        ("upstream.sum(axis=0).sum()",),
        ("float(upstream.sum())",),
        (("total = 0\nfor row in upstream:\n    for g in row:\n        total += g\nreturn total"),),
        ("np.einsum('nm->', upstream)",),
        ("upstream.ravel() @ np.ones(upstream.size)",),
        ("np.array(upstream.sum())",),
    ],
    "layer": [
        (
            AFFINE,
            _backward(
                dW="np.dot(self.X.T, upstream)",
                db="np.ones(len(upstream)) @ upstream",
                dX="np.dot(upstream, self.W.T)",
            ),
        ),
        (
            "self.cache = X\nreturn np.dot(X, self.W) + self.b[None, :]",
            (
                "X = self.cache\nself.grads = {'W': X.T @ upstream, 'b': "
                "np.sum(upstream, 0)}\nreturn upstream @ self.W.T"
            ),
        ),
        (
            "self.X = X\nself.Y = X @ self.W\nself.Y += self.b\nreturn self.Y",
            _backward(db="sum(upstream)", dX="np.einsum('nm,dm->nd', upstream, self.W)"),
        ),
        (
            "self.X = X.copy()\nreturn np.array([x @ self.W + self.b for x in X])",
            _backward(dW="sum((np.outer(x, u) for x, u in zip(self.X, upstream)))"),
        ),
        (
            AFFINE,
            (
                "self.grads.update(W=self.X.T @ upstream, b=upstream.sum(0))\n"
                "return upstream @ self.W.T"
            ),
        ),
    ],
}
