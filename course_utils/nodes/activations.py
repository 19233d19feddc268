"""Activations: Sigmoid, ReLU and Softmax.

In every docstring L is the last value of the graph and ``upstream`` is ∂L/∂y, in y's shape.
"""

import numpy as np

from course_utils.nodes.node import Node


class Sigmoid(Node):
    """y = σ(x) = 1 / (1 + e⁻ˣ), so ∂L/∂x = upstream · y(1 − y) (lesson 05).

    Works element by element, in any shape. Where x < 0 it computes eˣ / (1 + eˣ), which is the
    same number, so that nothing overflows.
    """

    symbol = "σ"

    def forward(self, x):
        """Return σ(x)."""
        self.y, _ = sigmoid(x)
        return self.y.copy()

    def backward(self, upstream):
        """Return ∂L/∂x."""
        return upstream * self.y * (1 - self.y)


def sigmoid(x):
    """Return σ(x) and e^(−|x|), from which σ(x) was computed without overflow."""
    is_negative = x.real < 0
    e = np.exp(np.where(is_negative, x, -x))
    return np.where(is_negative, e, 1) / (1 + e), e


class ReLU(Node):
    """y = max(x, 0), so ∂L/∂x = upstream where x > 0, and 0 elsewhere (lesson 05).

    Works element by element, in any shape. At x = 0, where there is no slope, it takes 0.
    ``mask`` keeps from the forward pass where x > 0.
    """

    symbol = "ReLU"

    def forward(self, x):
        """Return max(x, 0)."""
        self.mask = x.real > 0
        return np.maximum(x, 0)  # NaN stays NaN

    def backward(self, upstream):
        """Return ∂L/∂x."""
        return upstream * self.mask


class Softmax(Node):
    """pᵢ = e^xᵢ / Σⱼ e^xⱼ, so ∂L/∂xᵢ = pᵢ (upstreamᵢ − Σⱼ pⱼ upstreamⱼ) (lesson 08).

    Shapes: x and p are (N, C), or (C,) for one example; each row of p sums to 1. The largest
    score of a row is taken from all of them first, which changes no p and prevents overflow.
    Raises ValueError for another number of axes, or no class.
    """

    symbol = "softmax"

    def check(self, x):
        """Raise ValueError unless x is (N, C) or (C,), with at least one class."""
        check_rows(self, x)

    def forward(self, x):
        """Return p."""
        e = np.exp(shifted(x))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p.copy()

    def backward(self, upstream):
        """Return ∂L/∂x."""
        return self.p * (upstream - (self.p * upstream).sum(axis=-1, keepdims=True))

    @np.errstate(all="ignore")
    def jacobian(self):
        """Return ∂pᵢ/∂xⱼ = pᵢ(1 − pᵢ) for i = j, −pᵢpⱼ for i ≠ j: (C, C) for each example.

        Raises RuntimeError before ``forward``.
        """
        if not hasattr(self, "p"):
            raise RuntimeError("Softmax.jacobian was called before forward: run forward first")
        across, down = self.p[..., np.newaxis, :], self.p[..., np.newaxis]
        return down * (np.eye(self.p.shape[-1], dtype=self.p.dtype) - across)


def check_rows(node, x):
    """Raise ValueError unless x holds rows of scores: (N, C), or (C,) for one example."""
    if x.ndim not in (1, 2) or x.shape[-1] == 0:
        raise ValueError(
            f"{type(node).__name__}.forward: the scores must have shape (N, C) or (C,) with at "
            f"least one class, got {x.shape}"
        )


def shifted(x):
    """Return the scores minus the largest of their row, which softmax does not see."""
    return x - x.real.max(axis=-1, keepdims=True)
