"""The affine layer Y = X W + b, and the matrix product in it.

Rows are examples: X is (N, D), W is (D, M), b is (M,) and Y is (N, M). In every docstring L is
the last value of the graph and ``upstream`` is ∂L/∂Y, in Y's shape. Lesson 06 derives both.
"""

import numpy as np

from course_utils.nodes.node import Node, float_arrays


class MatMul(Node):
    """Y = X W, so ∂L/∂X = upstream · Wᵀ and ∂L/∂W = Xᵀ · upstream (lesson 06).

    Shapes: X (N, D), W (D, M), Y (N, M). Raises ValueError if they do not fit.
    """

    symbol = "@"

    def check(self, X, W):
        """Raise ValueError unless X is (N, D) and W is (D, M)."""
        if X.ndim != 2 or W.ndim != 2 or X.shape[1] != W.shape[0]:
            raise ValueError(
                f"MatMul.forward: expected shapes (N, D) and (D, M), got {X.shape} and {W.shape}"
            )

    def forward(self, X, W):
        """Return X W."""
        self.X, self.W = X, W
        return X @ W

    def backward(self, upstream):
        """Return (∂L/∂X, ∂L/∂W)."""
        return upstream @ self.W.T, self.X.T @ upstream


class Affine(Node):
    """Y = X W + b, so ∂L/∂X = upstream · Wᵀ, ∂L/∂W = Xᵀ · upstream, ∂L/∂b = Σ rows (lesson 06).

    Args:
        W: weights (D, M).
        b: bias (M,), added to every row.

    Attributes:
        params: {"W": ..., "b": ...}, copies of what was given.
        grads: after ``backward``, ∂L/∂W and ∂L/∂b under the same keys, in the same shapes.

    X is (N, D), or (D,) for one example. Raises ValueError if shapes do not fit.
    """

    symbol = "affine"

    def __init__(self, W, b):
        W, b = _checked_params("Affine", W, b)
        self.params = {"W": W.copy(), "b": b.copy()}
        self.grads = {}

    def check(self, X):
        """Raise ValueError unless X is (N, D) or (D,), and W and b still fit each other."""
        W, b = _checked_params("Affine.forward", self.params["W"], self.params["b"])
        self.params.update(W=W, b=b)  # what was put there as a list is an array now
        if X.ndim not in (1, 2) or X.shape[-1] != W.shape[0]:
            raise ValueError(
                f"Affine.forward: W has shape {W.shape}, so X must have shape "
                f"(N, {W.shape[0]}) or ({W.shape[0]},), got {X.shape}"
            )

    def forward(self, X):
        """Return X W + b."""
        self.X = X
        return X @ self.params["W"] + self.params["b"]

    def backward(self, upstream):
        """Return ∂L/∂X, and keep ∂L/∂W and ∂L/∂b in ``grads``."""
        self.grads = self._param_gradients(upstream)
        return upstream @ self.params["W"].T

    def backward_params(self, upstream):
        """Keep ∂L/∂W and ∂L/∂b in ``grads``: a first layer needs no ∂L/∂X."""
        self.grads = self._param_gradients(upstream)

    def _param_gradients(self, upstream):
        X, dY = self.X, upstream
        if dY.ndim == 1:  # one example is a batch of one
            X, dY = X[np.newaxis], dY[np.newaxis]
        return {"W": X.T @ dY, "b": dY.sum(axis=0)}


def _checked_params(where, W, b):
    """Return W and b as arrays that fit each other."""
    W, b = float_arrays(where, W, b)
    if W.ndim != 2 or b.shape != W.shape[1:]:
        raise ValueError(
            f"{where}: W must have shape (D, M) and b (M,), got {W.shape} and {b.shape}"
        )
    return W, b
