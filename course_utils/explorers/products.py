"""Products tried out as the gradients of an affine layer (lesson 06): pure computation.

``judge`` says of a product whether it fits, and whether it is the gradient; ``affine_board``
draws what it says.
"""

from functools import cache, partial
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from course_utils.nodes import Affine

PRODUCTS = {
    "dX": ("dY @ W", "dY @ W.T", "W @ dY", "W.T @ dY"),
    "dW": ("X @ dY", "X.T @ dY", "dY.T @ X", "X.T @ dY.T"),
    "db": ("dY.sum(axis=0)", "dY.sum(axis=1)", "dY"),
}
AXES = {"X": "ND", "W": "DM", "b": "M", "Y": "NM"}  # what each axis counts; dX is like X
CHANGES = {  # what may stand behind a name: what it does to the array, and to its axes
    "": (np.asarray, slice(None)),
    "T": (np.transpose, slice(None, None, -1)),
    "sum(axis=0)": (partial(np.sum, axis=0), slice(1, None)),
    "sum(axis=1)": (partial(np.sum, axis=1), slice(0, 1)),
}


class Matrix(NamedTuple):
    """An array on the board: its name, a letter for each axis, and its numbers."""

    name: str
    axes: str
    array: np.ndarray

    @property
    def written_shape(self):
        """The shape in text: 3×2, or (4,) for one axis."""
        return written(self.array.shape)


class Trial(NamedTuple):
    """A product tried out as a gradient.

    Attributes:
        board: name → Matrix, as ``matrices`` returns it.
        gradient, product: what is tried for what, by name.
        factors: the Matrices that are multiplied, or the one that is taken as it is.
        result: what they give, or None where they do not fit.
        has_shape: whether it has the shape of what it is to be the gradient of.
        has_values: whether it has the values that the layer's own backward gives.
        accident: the equal sizes without which it would not fit, as "D = M"; "" if none.
    """

    board: MappingProxyType
    gradient: str
    product: str
    factors: list
    result: Matrix | None
    has_shape: bool = False
    has_values: bool = False
    accident: str = ""


@cache
def matrices(N, D, M):
    """Return name → Matrix of an affine layer and of its gradients, on random numbers.

    What is returned is kept for the next call, and so cannot be changed.
    """
    rng = np.random.default_rng(6)
    X, W, b, dY = (rng.normal(size=size) for size in ((N, D), (D, M), M, (N, M)))
    layer = Affine(W, b)
    arrays = {"X": X, "W": W, "b": b, "Y": layer.forward(X), "dY": dY, "dX": layer.backward(dY)}
    arrays |= {f"d{name}": gradient for name, gradient in layer.grads.items()}
    for array in arrays.values():
        array.setflags(write=False)
    board = {name: Matrix(name, AXES[name[-1]], array) for name, array in arrays.items()}
    return MappingProxyType(board)


def judge(board, gradient, product):
    """Return the Trial of a product: by its live shape, and by the layer's own values."""
    factors, wanted = _factors(board, product), board[gradient]
    result = _multiplied(*factors)
    trial = Trial(board, gradient, product, factors, result)
    if result is None or result.array.shape != wanted.array.shape:
        return trial
    has_values = np.allclose(result.array, wanted.array)
    accident = _accident(factors, result, wanted)
    return trial._replace(has_shape=True, has_values=has_values, accident=accident)


def _factors(board, product):
    return [_factor(board, *term.partition(".")[::2]) for term in product.split(" @ ")]


def _factor(board, name, change):
    compute, kept = CHANGES[change]
    matrix = board[name]
    return Matrix(f"{name}.{change}".rstrip("."), matrix.axes[kept], compute(matrix.array))


def _multiplied(first, second=None):
    """Return the product of two matrices, None where they do not fit, or one as it is."""
    if second is None:
        return first
    if first.array.shape[1] != second.array.shape[0]:
        return None
    axes = first.axes[0] + second.axes[1]
    return Matrix(f"{first.name} @ {second.name}", axes, first.array @ second.array)


def _accident(factors, result, wanted):
    """Say which sizes have to be equal so that a product fits which as letters does not."""
    pairs = [*zip(result.axes, wanted.axes, strict=True)]
    if len(factors) == 2:
        pairs.append((factors[0].axes[1], factors[1].axes[0]))
    letters = {letter for pair in pairs if pair[0] != pair[1] for letter in pair}
    return " = ".join(letter for letter in "NDM" if letter in letters)


def written(sizes):
    """Return sizes, or the letters that stand for them, as a shape in text."""
    return "×".join(map(str, sizes)) if len(sizes) > 1 else f"({sizes[0]},)"
