"""Nine backward passes that look right and are wrong: the line-up of lesson 12.

Mistakes like these have been published. All stand in the same small network, one part of which is
replaced; its forward pass is always right. Solve the lesson before you read on.
"""

import numpy as np

from course_utils.nodes import Affine, MeanSquaredError, Node, Sigmoid, Softmax
from course_utils.training import Network


class Shortcut(Node):
    """y = ReLU(x) + x, so ∂L/∂x = upstream · (2 where x > 0, else 1): a fork around a ReLU."""

    def forward(self, x):
        """Return ReLU(x) + x."""
        self.mask = x > 0
        return np.maximum(x, 0) + x

    def backward(self, upstream):
        """Return ∂L/∂x."""
        through_relu = upstream * self.mask
        return through_relu + upstream


def right_parts():
    """Return the layers and the loss of the network without a mistake, by name."""
    W1 = [[0.5, -0.4, 0.7], [0.4, 0.5, -0.8]]
    W2 = [[0.5, -0.8, 0.3], [0.6, 0.4, -0.5], [-0.2, 0.7, 0.4]]
    return {
        "first": Affine(W1, [-1.2, 1.2, 0.1]),
        "shortcut": Shortcut(),
        "second": Affine(W2, [0.2, -0.1, 0.3]),
        "output": Sigmoid(),
        "loss": MeanSquaredError(),
    }


def examples():
    """Return (X, targets): 5 examples, for which neuron 1 is always off, neuron 2 always on."""
    X = [[0.5, -0.3], [-0.9, 0.7], [0.2, 1.1], [-0.4, -0.8], [1.2, 0.4]]
    return np.array(X), np.eye(3)[[0, 2, 1, 1, 0]]


def network(letter=None):
    """Return the network with one suspect's part in it, or the one without a mistake.

    Raises ValueError if the letter is none of SUSPECTS.
    """
    if letter is not None and letter not in SUSPECTS:
        raise ValueError(f"suspects.network: expected one of {', '.join(SUSPECTS)}, got {letter!r}")
    parts = right_parts()
    if letter is not None:
        name, part = SUSPECTS[letter]
        given = parts[name].params.values() if name in ("first", "second") else ()
        parts[name] = part(*given)
    *layers, loss = parts.values()
    return Network(layers, loss)


class NoSlope(Sigmoid):
    """The output's slope is left out."""

    def backward(self, upstream):
        """Return what came in: y(1 − y) is missing."""
        return upstream


class Undivided(MeanSquaredError):
    """The loss is divided by N, its gradient is not."""

    def backward(self, upstream=1.0):
        """Return the gradient of the sum."""
        return upstream * 2 * self.difference


class Overwriting(Shortcut):
    """The ReLU overwrites its upstream gradient, which the other branch still needs."""

    def backward(self, upstream):
        """Change upstream in place."""
        through_relu = upstream
        through_relu[~self.mask] = 0
        return through_relu + upstream


class MaskOfOutput(Shortcut):
    """The mask is taken from ReLU's output with ≥, which is true everywhere."""

    def forward(self, x):
        """Return ReLU(x) + x."""
        y = np.maximum(x, 0)
        self.mask = y >= 0
        return y + x


class DiagonalSoftmax(Softmax):
    """The Jacobian without what stands off its diagonal."""

    def backward(self, upstream):
        """Return pᵢ(1 − pᵢ) · upstreamᵢ alone."""
        return self.p * (1 - self.p) * upstream


class MeanBias(Affine):
    """The bias's gradient is averaged over the examples."""

    def backward(self, upstream):
        """Return ∂L/∂X; ∂L/∂b is divided by N."""
        self.grads = {"W": self.X.T @ upstream, "b": upstream.mean(axis=0)}
        return upstream @ self.params["W"].T


class OneBranch(Shortcut):
    """One branch of the fork is dropped."""

    def backward(self, upstream):
        """Return what comes through the ReLU."""
        through_relu = upstream * self.mask
        return through_relu


class DividedTwice(MeanSquaredError):
    """1/N is taken twice."""

    def backward(self, upstream=1.0):
        """Return the gradient, divided by N once more."""
        dy = 2 * self.difference / self.count
        return upstream * dy / self.count


class NotTransposed(Affine):
    """W is square, so the missing transpose fits."""

    def backward(self, upstream):
        """Return upstream · W."""
        self.grads = {"W": self.X.T @ upstream, "b": upstream.sum(axis=0)}
        return upstream @ self.params["W"]


SUSPECTS = {  # letter: (the part it replaces, its class)
    "A": ("loss", Undivided),
    "B": ("first", MeanBias),
    "C": ("shortcut", OneBranch),
    "D": ("output", NoSlope),
    "E": ("second", NotTransposed),
    "F": ("shortcut", MaskOfOutput),
    "G": ("output", DiagonalSoftmax),
    "H": ("shortcut", Overwriting),
    "I": ("loss", DividedTwice),
}
