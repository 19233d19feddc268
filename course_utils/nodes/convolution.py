"""Convolutions: one small kernel of weights, used at every place of a signal or an image.

x is (N, C, L) or (N, C, H, W): N examples with C channels. In every docstring L is the last value
of the graph and ``upstream`` is ∂L/∂y, in y's shape. What other fields call convolution turns the
kernel around first; here, as in most libraries for networks, it is used as it stands. Lesson 13.
"""

import math

import numpy as np

from course_utils.nodes.node import Node, float_arrays
from course_utils.nodes.windows import (
    check_windows,
    crop,
    fold,
    grown,
    output_size,
    pad,
    per_axis,
    to_columns,
    to_images,
    unfold,
)


class Filters(Node):
    """What convolutions share: F filters in ``params["W"]``, and ``params["b"]`` beside them."""

    axes = 2  # that the windows slide along
    layout = "(F, C, KH, KW)"  # of W
    filters = 0  # the axis of W that counts the filters; the other one counts the channels of x

    def __init__(self, W, b, stride=1):
        where = type(self).__name__
        self.stride = per_axis(where, "stride", stride, self.axes)
        W, b = self._checked_params(where, W, b)
        self.params = {"W": W.copy(), "b": b.copy()}
        self.grads = {}

    def check(self, x):
        """Raise ValueError unless x has W's channels, and W and b still fit each other."""
        where = f"{type(self).__name__}.forward"
        W, b = self._checked_params(where, self.params["W"], self.params["b"])
        self.params.update(W=W, b=b)  # what was put there as a list is an array now
        channels = W.shape[1 - self.filters]
        if x.ndim != self.axes + 2 or x.shape[1] != channels or 0 in x.shape[2:]:
            sides = ("L",) if self.axes == 1 else ("H", "W")
            raise ValueError(
                f"{where}: W has shape {W.shape}, so x must have shape "
                f"(N, {channels}, {', '.join(sides)}), no side 0, got {x.shape}"
            )

    def _checked_params(self, where, W, b):
        W, b = float_arrays(where, W, b)
        if W.ndim != self.axes + 2 or 0 in W.shape or b.shape != (W.shape[self.filters],):
            raise ValueError(
                f"{where}: W must have shape {self.layout}, no side 0, and b (F,), "
                f"got {W.shape} and {b.shape}"
            )
        return W, b


class Conv2d(Filters):
    """y[n, f, i, j] = b[f] + Σ x[n, c, i·s + u, j·s + v] · W[f, c, u, v], over c, u and v.

    In columns (see ``windows.unfold``) it is the affine layer again: Y = W X + b, so
    ∂L/∂W = upstream · Xᵀ, ∂L/∂X = Wᵀ · upstream, ∂L/∂b = Σ upstream (lesson 13).

    Args:
        W: kernels (F, C, KH, KW): F filters, each with one kernel for each channel.
        b: bias (F,), added to every cell of a filter's output.
        stride: s, how far the window moves; one number, or one for each axis.
        padding: how many zeros are put around x; one number, or one for each axis.

    Attributes:
        params: {"W": ..., "b": ...}, copies of what was given.
        grads: after ``backward``, ∂L/∂W and ∂L/∂b under the same keys, in the same shapes.

    Shapes: x (N, C, H, W), y (N, F, OH, OW) with OH = (H + 2 · padding − KH) / stride + 1.
    Raises ValueError if shapes do not fit, a kernel is larger than its input, or the stride
    leaves a remainder, so that the end of the input would be dropped.
    """

    symbol = "conv"

    def __init__(self, W, b, stride=1, padding=0):
        super().__init__(W, b, stride)
        self.padding = per_axis(type(self).__name__, "padding", padding, self.axes, least=0)

    def check(self, x):
        """Raise ValueError unless x has W's channels, and windows of W's size cover it."""
        super().check(x)
        where, size = f"{type(self).__name__}.forward", self.params["W"].shape[2:]
        check_windows(where, grown(x.shape[2:], self.padding), size, self.stride)

    def forward(self, x):
        """Return y."""
        W, b = self.params["W"], self.params["b"]
        x = pad(x, self.padding)
        self.shape, self.columns = x.shape, unfold(x, W.shape[2:], self.stride)
        Y = W.reshape(len(W), -1) @ self.columns + b[:, np.newaxis]
        return to_images(Y, len(x), output_size(x.shape[2:], W.shape[2:], self.stride))

    def backward(self, upstream):
        """Return ∂L/∂x, and keep ∂L/∂W and ∂L/∂b in ``grads``."""
        W, dY = self.params["W"], to_columns(upstream)
        self.grads = self._param_gradients(dY)
        dX = W.reshape(len(W), -1).T @ dY
        return crop(fold(dX, self.shape, W.shape[2:], self.stride), self.padding)

    def backward_params(self, upstream):
        """Keep ∂L/∂W and ∂L/∂b in ``grads``: a first layer needs no ∂L/∂x."""
        self.grads = self._param_gradients(to_columns(upstream))

    def _param_gradients(self, dY):
        dW = dY @ self.columns.T
        return {"W": dW.reshape(self.params["W"].shape), "b": dY.sum(axis=1)}


class Conv1d(Conv2d):
    """y[n, f, i] = b[f] + Σ x[n, c, i·s + u] · W[f, c, u], over c and u: Conv2d with one axis.

    Shapes: x (N, C, L), W (F, C, K), b (F,), y (N, F, OL) with
    OL = (L + 2 · padding − K) / stride + 1. Arguments, attributes and errors as of Conv2d.
    Lesson 13.
    """

    axes = 1
    layout = "(F, C, K)"


class TransposedConv2d(Filters):
    """Each entry of x puts a copy of the kernel, times itself, into y; copies that overlap add up.

    That is what Conv2d's backward does, so the two are adjoint: ⟨conv x, y⟩ = ⟨x, convᵀ y⟩ without
    biases. In columns: Y = fold(Wᵀ X) + b, so ∂L/∂X = W · unfold(upstream),
    ∂L/∂W = X · unfold(upstream)ᵀ, ∂L/∂b = Σ upstream (lesson 13).

    Args:
        W: kernels (C, F, KH, KW), from C channels to F.
        b: bias (F,), added to every cell of a filter's output.
        stride: s, how far apart the copies stand; one number, or one for each axis.

    Attributes: as of Conv2d.

    Shapes: x (N, C, H, W), y (N, F, OH, OW) with OH = (H − 1) · stride + KH.
    Raises ValueError if shapes do not fit.
    """

    symbol = "convᵀ"
    layout = "(C, F, KH, KW)"
    filters = 1

    def forward(self, x):
        """Return y."""
        W, b = self.params["W"], self.params["b"]
        n, _, *sides = x.shape
        self.X, self.sides = to_columns(x), sides
        grid = zip(sides, self.stride, W.shape[2:], strict=True)
        shape = n, W.shape[1], *((side - 1) * s + k for side, s, k in grid)
        Y = fold(W.reshape(len(W), -1).T @ self.X, shape, W.shape[2:], self.stride)
        return Y + b[:, np.newaxis, np.newaxis]

    def backward(self, upstream):
        """Return ∂L/∂x, and keep ∂L/∂W and ∂L/∂b in ``grads``."""
        W = self.params["W"]
        dY = unfold(upstream, W.shape[2:], self.stride)
        self.grads = {"W": (self.X @ dY.T).reshape(W.shape), "b": upstream.sum(axis=(0, 2, 3))}
        return to_images(W.reshape(len(W), -1) @ dY, len(upstream), self.sides)


class ZeroPad2d(Node):
    """y is x with a border of zeros, so ∂L/∂x = upstream without its border (lesson 13).

    Args:
        padding: the border's width in cells; one number, or one for each axis.

    Shapes: x (N, C, H, W), y (N, C, H + 2 · padding, W + 2 · padding).
    Raises ValueError for another number of axes.
    """

    symbol = "pad"

    def __init__(self, padding):
        self.padding = per_axis("ZeroPad2d", "padding", padding, 2, least=0)

    def check(self, x):
        """Raise ValueError unless x is (N, C, H, W)."""
        if x.ndim != 4:
            raise ValueError(f"ZeroPad2d.forward: expected x of shape (N, C, H, W), got {x.shape}")

    def forward(self, x):
        """Return y."""
        return pad(x, self.padding).copy()

    def backward(self, upstream):
        """Return ∂L/∂x."""
        return crop(upstream, self.padding).copy()


class Flatten(Node):
    """y is x with one row for each example, so ∂L/∂x = upstream in x's shape (lesson 13).

    Shapes: x (N, C, H, W) or any other with an axis for the examples, y (N, D) with
    D = C · H · W. Raises ValueError for a single number.
    """

    symbol = "flatten"

    def check(self, x):
        """Raise ValueError unless x has an axis that counts the examples."""
        if x.ndim == 0:
            raise ValueError("Flatten.forward: expected an array of examples, got a single number")

    def forward(self, x):
        """Return y."""
        self.shape = x.shape
        return x.reshape(len(x), math.prod(x.shape[1:])).copy()

    def backward(self, upstream):
        """Return ∂L/∂x."""
        return upstream.reshape(self.shape).copy()
