"""Lesson 06: the affine layer, for one example and for a batch."""

import numpy as np

from course_utils.exercises.exercise import Exercise, Problem
from course_utils.exercises.node_answers import run_node
from course_utils.exercises.question import Question

shape_of_y = Question(
    text="A batch of 4 examples with 2 numbers each goes into a layer of 3 neurons. X is 4×2 and W "
    "is 2×3. Which shape has X @ W?",
    options=("4×3", "2×2", "3×4", "4×2"),
    answer="4×3",
    why="One row for each example, one column for each neuron. The 2 in the middle is summed over.",
)

shape_of_dw = Question(
    text="X is 4×2, dY is 4×3 and W is 2×3. The gradient of W has the shape of W. Which product "
    "of X and dY has it, too?",
    options=("X @ dY", "X.T @ dY", "dY.T @ X", "dY @ X.T"),
    answer="X.T @ dY",
    why="X.T is 2×4, so the 4 examples meet in the middle and 2×3 remains. X @ dY and dY @ X.T do "
    "not fit at all, and dY.T @ X is 3×2.",
)

bias_used_often = Question(
    text="One neuron's bias b is added to the sums of 3 examples. The gradients 2, 5 and 1 come "
    "back to the three results. What is the gradient of b?",
    options=("8/3, their mean", "8, their sum", "5, the largest", "2, the first"),
    answer="8, their sum",
    why="b is used three times, and shares that come back over branches are added.",
)


def _arrays(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape).round(2)


def _batch(n, d, m):
    """Return X, W and an upstream gradient with two decimals."""
    return _arrays(n, d), _arrays(d, m, 1).reshape(d, m), _arrays(n, m, 1, 1).reshape(n, m)


def _two(dX, dW):
    return lambda X, W, upstream: (dX(X, W, upstream), dW(X, W, upstream))


def _dX(X, W, upstream):
    return upstream @ W.T


def _dW(X, W, upstream):
    return X.T @ upstream


def _by_rows(n, d, m):
    """Return X, W with a neuron's weights in each row, and an upstream gradient."""
    X, W, upstream = _batch(n, d, m)
    return X, W.T.copy(), upstream


def _dX_by_rows(X, W, upstream):
    return upstream @ W


def _dW_by_rows(X, W, upstream):
    return upstream.T @ X


product = Exercise(
    title="Exercise 6.1",
    answer=_two(_dX_by_rows, _dW_by_rows),
    cases=(_by_rows(2, 2, 2), _by_rows(4, 2, 3), _by_rows(1, 3, 1)),
    results=("gradient of X", "gradient of W"),
    mistakes={
        "These are the gradients of XW. Here W is stored by rows, so it stands transposed in the "
        "forward pass.": _two(_dX, _dW),
        "The gradient of W is right. The one of X is that of XW: here W needs no transpose.": _two(
            _dX, _dW_by_rows
        ),
        "The gradient of X is right. The one of W is transposed: its rows are the neurons.": _two(
            _dX_by_rows, _dW
        ),
        "The gradient of W is right. In the one of X the factors are in the wrong order: the rows "
        "of the upstream gradient are the examples, so it comes first.": _two(
            lambda X, W, u: W @ u, _dW_by_rows
        ),
        "The gradient of W is right. The one of X is transposed.": _two(
            lambda X, W, u: W.T @ u.T, _dW_by_rows
        ),
        "The gradient of X is right. In the one of W the upstream gradient must be transposed, so "
        "that the examples stand inside and are summed over.": _two(
            _dX_by_rows, lambda X, W, u: u @ X
        ),
        "The gradient of X is right. In the one of W the factors are in the wrong order.": _two(
            _dX_by_rows, lambda X, W, u: X @ u
        ),
        "The gradient of X is right. The one of W is divided by the number of examples; only a "
        "loss does that.": _two(_dX_by_rows, lambda X, W, u: u.T @ X / len(X)),
        "The two gradients are swapped: the one of X comes first.": _two(_dW_by_rows, _dX_by_rows),
        "Here * multiplies entry by entry. A matrix product is written @.": _two(
            lambda X, W, u: u * W, lambda X, W, u: u.T * X
        ),
        "Here * multiplies entry by entry, and a matrix product is written @. Also, which factor "
        "must be transposed?": _two(lambda X, W, u: u * W, lambda X, W, u: u * X),
        "Both gradients are divided by the number of examples; only a loss does that.": _two(
            lambda X, W, u: u @ W / len(X), lambda X, W, u: u.T @ X / len(X)
        ),
        "In both gradients the factors are in the wrong order. Write the shapes above them.": _two(
            lambda X, W, u: W @ u, lambda X, W, u: X @ u
        ),
        "The gradient of X is right. In the one of W the wrong factor is transposed: it should be "
        "the upstream gradient.": _two(_dX_by_rows, lambda X, W, u: u @ X.T),
        "The gradient of X is right. In the one of W the factors are in the wrong order. Its rows "
        "are the neurons, so the upstream gradient, transposed, comes first.": _two(
            _dX_by_rows, lambda X, W, u: X @ u.T
        ),
        "The gradient of W is right. In the one of X the order is wrong, and W needs no "
        "transpose.": _two(lambda X, W, u: W.T @ u, _dW_by_rows),
        "The upstream gradient is missing: these are the other factors alone.": _two(
            lambda X, W, u: W, lambda X, W, u: X
        ),
    },
    praise="Like the Mul node: each input gets upstream times the other one, in the order and "
    "with the transpose that the shapes ask for.",
)

bias = Exercise(
    title="Exercise 6.2",
    answer=lambda upstream: upstream.sum(),
    cases=(
        (np.array([[2.0, -1.0], [5.0, 0.25]]),),
        (np.array([[2.0, -1.0, 0.5], [5.0, 0.25, 1.5], [1.0, 4.0, -3.0], [0.111, 2.0, 2.0]]),),
        (np.array([[0.123, 4.0]]),),
    ),
    mistakes={
        "This is the mean. A bias that is used many times gets the sum of all shares; only a loss "
        "divides.": lambda upstream: upstream.mean(),
        "This is divided by the number of examples. A layer does not divide; only a loss does.": (
            lambda upstream: upstream.sum() / len(upstream)
        ),
        "This sums over the examples alone, and gives a number for each neuron. All neurons share "
        "one b: add those up, too.": lambda upstream: upstream.sum(axis=0),
        "This is the mean over the examples for each neuron. b is a single number, and gets the "
        "sum of all shares.": lambda upstream: upstream.mean(axis=0),
        "This sums over the neurons alone, and gives a number for each example. All examples share "
        "one b: add those up, too.": lambda upstream: upstream.sum(axis=1),
        "These are the shares, one for each use of b. They are branches of one fork: add them "
        "up.": lambda upstream: upstream,
        "The sum is right, but it should be a single number: leave keepdims out.": (
            lambda upstream: upstream.sum(keepdims=True)
        ),
        "This is the number of examples. Each use of b brings its share back: add up the shares.": (
            len
        ),
        "This is how often b is used. Each use brings its share back: add up the shares.": (
            lambda upstream: upstream.size
        ),
    },
    praise="The fork of lesson 03, with a branch for every entry.",
)


def _run_layer(layer_class, W, b, X, upstream):
    layer, other = layer_class(W, b), layer_class(W + 1, b + 1)
    which = "that of X: those of W and b are kept in self.grads."
    output, dX = run_node(layer, other, (X,), (X + 1,), upstream, which)
    if output is ... or dX is ...:
        return ...
    grads = getattr(layer, "grads", None)
    if not isinstance(grads, dict):
        raise Problem("After backward, self.grads should be a dictionary with 'W' and 'b'.")
    missing = [name for name in ("W", "b") if name not in grads]
    if missing:
        has = f", but {', '.join(map(repr, grads))}" if grads else ""
        raise Problem(f"After backward, self.grads has no {missing[0]!r}{has}.")
    return output, dX, grads["W"], grads["b"]


def _layer(dX=None, dW=None, db=None, forward=None):
    """Make an affine layer with one or more of its formulas replaced."""
    dX, dW = dX or _dX, dW or _dW
    db = db or (lambda upstream: upstream.sum(axis=0))
    forward = forward or (lambda X, W, b: X @ W + b)

    class Affine:
        def __init__(self, W, b):
            self.W, self.b, self.grads = W, b, {}

        def forward(self, X):
            self.X = X
            return forward(X, self.W, self.b)

        def backward(self, upstream):
            self.grads["W"] = dW(self.X, self.W, upstream)
            self.grads["b"] = db(upstream)
            return dX(self.X, self.W, upstream)

    return Affine


def _layer_case(n, d, m):
    X, W, upstream = _batch(n, d, m)
    return W, _arrays(m), X, upstream


layer = Exercise(
    title="Exercise 6.3",
    answer=_layer(),
    cases=(_layer_case(2, 2, 2), _layer_case(4, 2, 3), _layer_case(3, 5, 1)),
    run=_run_layer,
    results=("output", "gradient of X", "gradient of W", "gradient of b"),
    mistakes={
        "All is right but the gradient of b: it is the mean over the examples, and should be their "
        "sum.": _layer(db=lambda u: u.mean(axis=0)),
        "All is right but the gradient of b: it sums over the neurons, and should sum over the "
        "examples.": _layer(db=lambda u: u.sum(axis=1)),
        "All is right but the gradient of b: the shares of the examples are not added up.": _layer(
            db=lambda u: u
        ),
        "The gradients of W and b are divided by the number of examples; only a loss does that.": (
            _layer(dW=lambda X, W, u: X.T @ u / len(X), db=lambda u: u.mean(axis=0))
        ),
        "All is right but the gradient of W, which is divided by the number of examples.": _layer(
            dW=lambda X, W, u: X.T @ u / len(X)
        ),
        "All is right but the gradient of W: X must be transposed.": _layer(
            dW=lambda X, W, u: X @ u
        ),
        "All is right but the gradient of W, which is transposed.": _layer(
            dW=lambda X, W, u: u.T @ X
        ),
        "All is right but the gradient of X: W must be transposed.": _layer(
            dX=lambda X, W, u: u @ W
        ),
        "All is right but the gradient of X: the upstream gradient comes first, since its rows are "
        "the examples.": _layer(dX=lambda X, W, u: W.T @ u),
        "All is right but the gradient of X: * multiplies entry by entry, and a matrix product is "
        "written @.": _layer(dX=lambda X, W, u: u * W),
        "All is right but the gradient of W: * multiplies entry by entry, and a matrix product is "
        "written @.": _layer(dW=lambda X, W, u: X.T * u),
        "The gradients of X and W are swapped: backward returns the one of X.": _layer(
            dX=_dW, dW=_dX
        ),
        "backward is right. forward leaves out the bias.": _layer(forward=lambda X, W, b: X @ W),
        "backward is right. forward transposes W, which is stored so that X @ W fits.": _layer(
            forward=lambda X, W, b: X @ W.T + b
        ),
        "All is right but the gradient of b: it sums over everything, and each neuron has a bias "
        "of its own.": _layer(db=lambda u: u.sum()),
        "All is right but the shape of the gradient of b: it should be that of b, (M,), and not "
        "(1, M).": _layer(db=lambda u: u.sum(axis=0, keepdims=True)),
        "All three gradients are divided by the number of examples; only a loss does that.": _layer(
            dX=lambda X, W, u: u @ W.T / len(X),
            dW=lambda X, W, u: X.T @ u / len(X),
            db=lambda u: u.mean(axis=0),
        ),
        "All is right but the gradient of W: the factors are in the wrong order, X.T comes "
        "first.": _layer(dW=lambda X, W, u: u @ X.T),
        "All is right but the gradient of X: W is not transposed, and stands on the wrong side.": (
            _layer(dX=lambda X, W, u: W @ u)
        ),
        "backward is right. forward multiplies in the wrong order: it is X @ W.": _layer(
            forward=lambda X, W, b: W @ X + b
        ),
        "backward is right. forward multiplies entry by entry: a matrix product is written @.": (
            _layer(forward=lambda X, W, b: X * W + b)
        ),
        "X is that of another layer that ran later. Keep it as self.X, so that each layer has its "
        "own.": _layer(dW=lambda X, W, u: (X + 1).T @ u),
        "self.grads is shared by all layers. Make it in __init__.": _layer(
            dW=lambda X, W, u: (X + 1).T @ (u + 1), db=lambda u: (u + 1).sum(axis=0)
        ),
    },
    praise="Three formulas, and every network of this course is made of them.",
)
