"""Weights to start with: small random numbers, whose size decides how far a signal gets.

A function here is given the shape (D, M) of W and a random generator, and returns W. Lesson 11
shows why the size matters.
"""

from itertools import pairwise

import numpy as np

from course_utils.nodes import Affine, ReLU


def he(shape, rng):
    """Return W from N(0, 2/D): with ReLU a signal keeps its size from layer to layer.

    Source: He, Zhang, Ren and Sun (2015), equation 10. Raises ValueError for a shape that is not
    (D, M).
    """
    inputs, _ = _sizes("he", shape)
    return rng.normal(0, np.sqrt(2 / inputs), shape)


def xavier(shape, rng):
    """Return W from N(0, 2/(D + M)): for activations that are symmetric around 0, as tanh.

    Source: Glorot and Bengio (2010), equation 12. Raises ValueError for a shape that is not (D, M).
    """
    inputs, outputs = _sizes("xavier", shape)
    return rng.normal(0, np.sqrt(2 / (inputs + outputs)), shape)


def normal(scale):
    """Return the function that gives W from N(0, scale²), whatever its shape.

    Raises ValueError if the scale is not above 0.
    """
    if not 0 < scale < np.inf:
        raise ValueError(f"normal: expected a scale above 0, got {scale!r}")

    def weights(shape, rng):
        return rng.normal(0, scale, _sizes("normal", shape))

    return weights


def _sizes(name, shape):
    sizes = tuple(shape) if np.iterable(shape) else (shape,)
    if len(sizes) != 2 or not all(isinstance(s, (int, np.integer)) and s >= 1 for s in sizes):
        raise ValueError(f"{name}: expected the shape (D, M) of W, both 1 or more, got {shape!r}")
    return sizes


def mlp(sizes, seed=0, activation=ReLU, weights=he, dtype=float):
    """Return the layers of a multilayer perceptron: affine, activation, affine, ..., affine.

    Args:
        sizes: how many values go in, come out of each hidden layer, and go out at the end:
            (784, 100, 10).
        seed: of the random generator.
        activation: the node that stands between two affine layers.
        weights: a function of (shape, rng) that returns W. Biases start at 0.
        dtype: of all parameters. float32 is about twice as fast as float64.

    Raises:
        ValueError: fewer than two sizes, or one that is not a whole number of 1 or more.
    """
    if not np.iterable(sizes) or len(sizes) < 2:
        raise ValueError(f"mlp: expected two sizes or more, as (784, 100, 10), got {sizes!r}")
    rng = np.random.default_rng(seed)
    layers = []
    for shape in pairwise(sizes):
        W = weights(_sizes("mlp", shape), rng).astype(dtype)
        layers += [Affine(W, np.zeros(shape[1], dtype)), activation()]
    return layers[:-1]
