"""Pooling: a window slides over an image, and one number is left of what it sees.

x is (N, C, H, W): N examples with C channels, each of which is pooled on its own. In every
docstring L is the last value of the graph and ``upstream`` is ∂L/∂y, in y's shape. Lesson 13.
"""

import math

import numpy as np

from course_utils.nodes.node import Node
from course_utils.nodes.windows import (
    check_windows,
    fold,
    output_size,
    per_axis,
    to_columns,
    to_images,
    unfold,
)


class Pool2d(Node):
    """What poolings share: the windows, as an array (C, window's cells, windows)."""

    def __init__(self, size, stride=None):
        where = type(self).__name__
        self.size = per_axis(where, "size", size, 2)
        self.stride = self.size if stride is None else per_axis(where, "stride", stride, 2)

    def check(self, x):
        """Raise ValueError unless x is (N, C, H, W), and windows cover it."""
        where = f"{type(self).__name__}.forward"
        if x.ndim != 4 or 0 in x.shape[1:]:
            raise ValueError(f"{where}: expected x of shape (N, C, H, W), no side 0, got {x.shape}")
        check_windows(where, x.shape[2:], self.size, self.stride)

    def _windows(self, x):
        self.shape = x.shape
        return unfold(x, self.size, self.stride).reshape(x.shape[1], math.prod(self.size), -1)

    def _pooled(self, y):
        """Return y (C, windows) as (N, C, OH, OW)."""
        return to_images(y, self.shape[0], output_size(self.shape[2:], self.size, self.stride))

    def _back(self, windows):
        """Return the sum of what each entry's windows send back to it."""
        return fold(windows, self.shape, self.size, self.stride)


class AveragePool2d(Pool2d):
    """y = the mean of a window, so each of its n cells gets upstream / n (lesson 13).

    Args:
        size: of the window; one number, or (height, width).
        stride: how far it moves; the size unless given.

    Shapes: x (N, C, H, W), y (N, C, OH, OW) with OH = (H − size) / stride + 1. Raises ValueError
    if x does not fit, or the stride leaves a remainder, so that the end of x would be dropped.
    """

    symbol = "average"

    def forward(self, x):
        """Return y."""
        return self._pooled(self._windows(x).mean(axis=1))

    def backward(self, upstream):
        """Return ∂L/∂x."""
        n = math.prod(self.size)
        shares = to_columns(upstream)[:, np.newaxis] / n
        return self._back(shares.repeat(n, axis=1))


class MaxPool2d(Pool2d):
    """y = the largest entry of a window: the winner gets upstream, and the others 0 (lesson 13).

    Of several that are equally large the first wins, row by row from the top left. ``winners``
    keeps from the forward pass the winner's place in its window, (C, windows).

    Args, shapes and errors as of AveragePool2d.
    """

    symbol = "max"

    def forward(self, x):
        """Return y."""
        windows = self._windows(x)
        self.winners = windows.real.argmax(axis=1)  # the first of several
        return self._pooled(np.take_along_axis(windows, self.winners[:, np.newaxis], 1)[:, 0])

    def backward(self, upstream):
        """Return ∂L/∂x."""
        dY = to_columns(upstream)
        windows = np.zeros((len(dY), math.prod(self.size), dY.shape[1]), dY.dtype)
        np.put_along_axis(windows, self.winners[:, np.newaxis], dY[:, np.newaxis], 1)
        return self._back(windows)
