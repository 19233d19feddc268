"""Convolutions, padding and pooling of all kinds: geometries, and what the nodes must equal.

Two oracles for each: einsum with HIPS autograd, and loops over the definition, one product at a
time. Neither slices an array as the nodes do.
"""

from itertools import product
from typing import NamedTuple

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import make_vjp
from hypothesis import settings
from hypothesis import strategies as st

from course_utils.nodes import (
    AveragePool2d,
    Conv1d,
    Conv2d,
    Flatten,
    MaxPool2d,
    TransposedConv2d,
    ZeroPad2d,
)


class Geometry(NamedTuple):
    """``out`` places of a window of ``size``; one number for each axis."""

    n: int = 2
    channels: int = 2
    filters: int = 3
    out: tuple = (3, 2)
    size: tuple = (2, 3)
    stride: tuple = (1, 1)
    padding: tuple = (0, 0)

    def along(self, axes):
        cut = {name: getattr(self, name)[:axes] for name in ("out", "size", "stride", "padding")}
        return self._replace(**cut)

    def without_border(self):
        return self._replace(padding=(0,) * len(self.padding))

    def sides(self):
        """Return the sides of the input, which the windows cover to its end."""
        grid = zip(self.out, self.stride, self.size, self.padding, strict=True)
        return tuple((n - 1) * s + k - 2 * p for n, s, k, p in grid)


GEOMETRIES = {
    "as plain as can be": Geometry(),
    "stride": Geometry(stride=(2, 3)),
    "padding": Geometry(padding=(1, 2), out=(4, 5)),
    "stride and padding": Geometry(out=(4, 2), size=(3, 2), stride=(2, 4), padding=(2, 1)),
    "1 × 1": Geometry(size=(1, 1)),
    "1 × 1 with stride": Geometry(size=(1, 1), stride=(2, 3)),
    "as large as the input": Geometry(out=(1, 1), size=(3, 4)),
    "gaps between the windows": Geometry(out=(3, 3), size=(1, 2), stride=(3, 4)),
    "windows in the border alone": Geometry(out=(8, 7), size=(2, 2), padding=(3, 2)),
    "one example": Geometry(n=1),
    "one of everything": Geometry(n=1, channels=1, filters=1, out=(1, 1), size=(1, 1)),
    "empty batch": Geometry(n=0, stride=(1, 2), padding=(1, 0), out=(4, 2)),
}


@st.composite
def geometries(draw):
    """Draw a geometry in which the input has no side 0."""
    numbers = st.integers(1, 3)
    out, size, stride = (draw(st.tuples(numbers, numbers)) for _ in range(3))
    bare = Geometry(draw(st.integers(0, 3)), draw(numbers), draw(numbers), out, size, stride)
    borders = (st.integers(0, min(2, (side - 1) // 2)) for side in bare.sides())
    return bare._replace(padding=draw(st.tuples(*borders)))


without_border = geometries().map(Geometry.without_border)


def selection(g):
    """Return for each axis S[i, u, h] = 1 where cell u of window i stands on entry h, else 0."""
    found = []
    for n, k, s, p, side in zip(g.out, g.size, g.stride, g.padding, g.sides(), strict=True):
        i, u, h = np.ogrid[:n, :k, :side]
        found.append((i * s + u - p == h).astype(float))
    return found


def convolved(g, x, W, b):
    S = selection(g)
    if len(S) == 1:
        return anp.einsum("ncl,iul,fcu->nfi", x, *S, W) + b[:, None]
    return anp.einsum("nchw,iuh,jvw,fcuv->nfij", x, *S, W) + b[:, None, None]


def transposed(g, x, W, b):
    S = selection(g)
    return anp.einsum("ncij,iuh,jvw,cfuv->nfhw", x, *S, W) + b[:, None, None]


def padded(g, x):
    return anp.pad(x, [(0, 0), (0, 0), *((p, p) for p in g.padding)], "constant")


def flattened(g, x):
    return anp.reshape(x, (g.n, g.channels * int(np.prod(g.out))))


def averaged(g, x):
    return anp.einsum("nchw,iuh,jvw->ncij", x, *selection(g)) / np.prod(g.size)


def largest(g, x):
    seen = anp.einsum("nchw,iuh,jvw->ncijuv", x, *selection(g))
    return anp.max(seen, axis=(4, 5))


def every(*counts):
    return product(*(range(n) for n in counts))


def seen(g):
    """Yield (window, cell, entry) for every cell of every window that stands on an entry."""
    for window, cell in product(every(*g.out), every(*g.size)):
        grid = zip(window, g.stride, cell, g.padding, strict=True)
        entry = tuple(i * s + u - p for i, s, u, p in grid)
        if all(0 <= h < side for h, side in zip(entry, g.sides(), strict=True)):
            yield window, cell, entry


def convolution_loops(g, inputs, upstream):
    (x, W, b), (dx, dW, db) = inputs, map(np.zeros_like, inputs)
    y = np.zeros_like(upstream)
    for n, f, c in every(g.n, g.filters, g.channels):
        for i, u, h in seen(g):
            y[n, f, *i] += x[n, c, *h] * W[f, c, *u]
            dx[n, c, *h] += upstream[n, f, *i] * W[f, c, *u]
            dW[f, c, *u] += upstream[n, f, *i] * x[n, c, *h]
    for n, f, *i in every(*y.shape):
        y[n, f, *i] += b[f]
        db[f] += upstream[n, f, *i]
    return y, (dx, dW, db)


def transposed_loops(g, inputs, upstream):
    (x, W, b), (dx, dW, db) = inputs, map(np.zeros_like, inputs)
    y = np.zeros_like(upstream)
    for n, f, c in every(g.n, g.filters, g.channels):
        for i, u, h in seen(g):
            y[n, f, *h] += x[n, c, *i] * W[c, f, *u]
            dx[n, c, *i] += upstream[n, f, *h] * W[c, f, *u]
            dW[c, f, *u] += upstream[n, f, *h] * x[n, c, *i]
    for n, f, *h in every(*y.shape):
        y[n, f, *h] += b[f]
        db[f] += upstream[n, f, *h]
    return y, (dx, dW, db)


def padding_loops(g, inputs, upstream):
    (x,), y, dx = inputs, np.zeros_like(upstream), np.zeros_like(inputs[0])
    above, before = g.padding
    for n, c, i, j in every(*x.shape):
        y[n, c, above + i, before + j] = x[n, c, i, j]
        dx[n, c, i, j] = upstream[n, c, above + i, before + j]
    return y, (dx,)


def flatten_loops(g, inputs, upstream):
    (x,), y, dx = inputs, np.zeros_like(upstream), np.zeros_like(inputs[0])
    for n in range(g.n):
        for d, (c, i, j) in enumerate(every(g.channels, *g.out)):
            y[n, d], dx[n, c, i, j] = x[n, c, i, j], upstream[n, d]
    return y, (dx,)


def average_loops(g, inputs, upstream):
    (x,), y, dx = inputs, np.zeros_like(upstream), np.zeros_like(inputs[0])
    cells = g.size[0] * g.size[1]
    for n, c in every(g.n, g.channels):
        for i, _, h in seen(g):
            y[n, c, *i] += x[n, c, *h] / cells
            dx[n, c, *h] += upstream[n, c, *i] / cells
    return y, (dx,)


def max_loops(g, inputs, upstream):
    (x,), y, dx = inputs, np.full_like(upstream, -np.inf), np.zeros_like(inputs[0])
    for n, c in every(g.n, g.channels):
        winners = {}
        for i, _, h in seen(g):  # row by row from the top left
            if x[n, c, *h] > y[n, c, *i]:
                y[n, c, *i], winners[i] = x[n, c, *h], h
        for i, h in winners.items():
            dx[n, c, *h] += upstream[n, c, *i]
    return y, (dx,)


class Kind(NamedTuple):
    """A node, how to make it, the shapes of x, W and b, and its two oracles."""

    node: type
    make: object
    shapes: object
    oracle: object
    loops: object
    axes: int = 2
    has_border: bool = True


def convolution(node, axes):
    def shapes(g):
        return (g.n, g.channels, *g.sides()), (g.filters, g.channels, *g.size), (g.filters,)

    def make(g, W, b):
        return node(W, b, stride=g.stride, padding=g.padding)

    return Kind(node, make, shapes, convolved, convolution_loops, axes)


def pooling(node, oracle, loops):
    return Kind(
        node,
        lambda g: node(g.size, g.stride),
        lambda g: ((g.n, g.channels, *g.sides()),),
        oracle,
        loops,
        has_border=False,
    )


KINDS = {
    "Conv1d": convolution(Conv1d, 1),
    "Conv2d": convolution(Conv2d, 2),
    "TransposedConv2d": Kind(
        TransposedConv2d,
        lambda g, W, b: TransposedConv2d(W, b, stride=g.stride),
        lambda g: ((g.n, g.channels, *g.out), (g.channels, g.filters, *g.size), (g.filters,)),
        transposed,
        transposed_loops,
        has_border=False,
    ),
    "ZeroPad2d": Kind(
        ZeroPad2d,
        lambda g: ZeroPad2d(g.padding),
        lambda g: ((g.n, g.channels, *g.out),),
        padded,
        padding_loops,
    ),
    "Flatten": Kind(
        Flatten,
        lambda g: Flatten(),
        lambda g: ((g.n, g.channels, *g.out),),
        flattened,
        flatten_loops,
    ),
    "AveragePool2d": pooling(AveragePool2d, averaged, average_loops),
    "MaxPool2d": pooling(MaxPool2d, largest, max_loops),
}
CONVOLUTIONS = {name: kind for name, kind in KINDS.items() if "Conv" in name}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
each_convolution = pytest.mark.parametrize("kind", CONVOLUTIONS.values(), ids=CONVOLUTIONS)
each_geometry = pytest.mark.parametrize("g", GEOMETRIES.values(), ids=GEOMETRIES)
few = settings(max_examples=40, deadline=None, derandomize=True)
seeds = st.integers(0, 99)


def distinct(rng, shape):
    """Return multiples of 1/8 around 0, no two of them equal: no window has two winners."""
    count = int(np.prod(shape))
    return rng.permutation(np.arange(count) - count // 2).reshape(shape) / 8


def sample(kind, g, seed=7):
    """Return the kind's geometry, its inputs [x, W, b] or [x], and an upstream gradient."""
    rng, g = np.random.default_rng(seed), g.along(kind.axes)
    g = g if kind.has_border else g.without_border()
    x, *params = kind.shapes(g)
    inputs = [distinct(rng, x), *(rng.normal(size=shape) for shape in params)]
    return g, inputs, rng.normal(size=np.shape(kind.oracle(g, *inputs)))


def forward(kind, g, inputs):
    """Return a node that has run forward, and its output."""
    x, *params = inputs
    node = kind.make(g, *params)
    return node, node.forward(x)


def backward(node, upstream):
    """Return the gradients of x, W and b, or of x alone, as a tuple."""
    dx = node.backward(upstream)
    if not hasattr(node, "params"):
        return (dx,)
    assert list(node.grads) == list(node.params) == ["W", "b"]
    return dx, node.grads["W"], node.grads["b"]


def run(kind, g, inputs, upstream):
    node, output = forward(kind, g, inputs)
    return output, backward(node, upstream)


def assert_equals_autograd(kind, g, inputs, upstream, rtol=1e-10):
    output, gradients = run(kind, g, inputs, upstream)
    doubles = [np.array(a, dtype=float) for a in inputs]
    wanted = tuple(range(1, 1 + len(doubles)))
    vjp, expected = make_vjp(kind.oracle, wanted)(g, *doubles)
    assert_all_close([output, *gradients], [expected, *vjp(np.array(upstream, dtype=float))], rtol)


def assert_equals_loops(kind, g, inputs, upstream):
    output, gradients = run(kind, g, inputs, upstream)
    expected, expected_gradients = kind.loops(g, inputs, upstream)
    assert_all_close([output, *gradients], [expected, *expected_gradients])


def assert_all_close(found, expected, rtol=1e-10):
    for one, other in zip(found, expected, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=rtol, atol=rtol)
