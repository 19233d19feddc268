"""What layers and losses are compared with: HIPS autograd, the complex step, exact decimals."""

from decimal import Decimal, localcontext
from typing import NamedTuple

import autograd.numpy as anp
import numpy as np
from autograd import make_vjp

from course_utils.nodes import (
    Affine,
    MatMul,
    MeanSquaredError,
    ReLU,
    Sigmoid,
    SigmoidWithLoss,
    Softmax,
    SoftmaxWithLoss,
)


class Kind(NamedTuple):
    """A node, the same function for autograd, and how to draw its inputs for sizes n, d, m."""

    node: type
    oracle: object
    draw: object


def sigmoid(x):
    return 1 / (1 + anp.exp(-x))


def softmax(x):
    return anp.exp(x) / anp.sum(anp.exp(x), axis=-1, keepdims=True)


def squares(prediction, target):
    return anp.sum((prediction - target) ** 2) / examples(target)


def binary_cross_entropy(scores, target):
    p = sigmoid(scores)
    return -anp.sum(target * anp.log(p) + (1 - target) * anp.log(1 - p)) / examples(target)


def cross_entropy(scores, target):
    rows = target
    if target.ndim < scores.ndim:
        rows = np.eye(scores.shape[-1])[target.astype(int)]
    return -anp.sum(rows * anp.log(softmax(scores))) / (examples(rows) if rows.ndim == 2 else 1)


def examples(array):
    return len(array) if array.ndim else 1


def hard(rng, shape):
    return rng.integers(0, 2, shape).astype(float)


def classes(rng, shape):
    return np.asarray(rng.integers(0, shape[-1], shape[:-1]))


def one_hot(rng, shape):
    return np.eye(shape[-1])[classes(rng, shape)]


def soft(rng, shape):
    return rng.dirichlet(np.ones(shape[-1]), shape[:-1])


def normal(rng, shape):
    return np.asarray(rng.normal(size=shape))


def draw_target(draw):
    return lambda rng, n, d, m: [normal(rng, (n, m)), draw(rng, (n, m))]


LAYERS = {
    "Sigmoid": Kind(Sigmoid, sigmoid, lambda rng, n, d, m: [normal(rng, (n, m))]),
    "ReLU": Kind(ReLU, lambda x: anp.maximum(x, 0), lambda rng, n, d, m: [normal(rng, (n, m))]),
    "Softmax": Kind(Softmax, softmax, lambda rng, n, d, m: [normal(rng, (n, m))]),
    "MatMul": Kind(
        MatMul, anp.matmul, lambda rng, n, d, m: [normal(rng, (n, d)), normal(rng, (d, m))]
    ),
    "Affine": Kind(
        Affine,
        lambda X, W, b: anp.matmul(X, W) + b,
        lambda rng, n, d, m: [normal(rng, (n, d)), normal(rng, (d, m)), normal(rng, m)],
    ),
}
LOSSES = {
    "MSE": Kind(MeanSquaredError, squares, draw_target(normal)),
    "BCE of 0 and 1": Kind(SigmoidWithLoss, binary_cross_entropy, draw_target(hard)),
    "BCE of probabilities": Kind(
        SigmoidWithLoss, binary_cross_entropy, draw_target(np.random.Generator.random)
    ),
    "CE of class numbers": Kind(SoftmaxWithLoss, cross_entropy, draw_target(classes)),
    "CE of one-hot rows": Kind(SoftmaxWithLoss, cross_entropy, draw_target(one_hot)),
    "CE of soft rows": Kind(SoftmaxWithLoss, cross_entropy, draw_target(soft)),
}


def sample(kind, n, d, m, seed=7):
    """Return inputs for the node and an upstream gradient."""
    rng = np.random.default_rng(seed)
    inputs = kind.draw(rng, n, d, m)
    return inputs, normal(rng, () if kind.node.has_target else (n, m))


def forward(kind, inputs):
    """Return a node that has run forward, and its output; Affine's inputs are X, W and b."""
    if kind.node is Affine:
        X, *params = inputs
        node = Affine(*params)
        return node, node.forward(X)
    node = kind.node()
    return node, node.forward(*inputs)


def backward(node, upstream):
    """Return the gradients as a tuple; Affine's are those of X, W and b."""
    gradients = node.backward(upstream)
    if isinstance(node, Affine):
        assert list(node.grads) == list(node.params) == ["W", "b"]
        return gradients, node.grads["W"], node.grads["b"]
    return gradients if isinstance(gradients, tuple) else (gradients,)


def run(kind, inputs, upstream):
    node, output = forward(kind, inputs)
    return output, backward(node, upstream)


def inputs_with_gradient(kind, inputs):
    return len(inputs) - kind.node.has_target


def assert_equals_autograd(kind, inputs, upstream, rtol=1e-10):
    output, gradients = run(kind, inputs, upstream)
    doubles = [np.array(x, dtype=float) for x in inputs]
    count = inputs_with_gradient(kind, inputs)
    vjp, expected = make_vjp(kind.oracle, tuple(range(count)))(*doubles)
    atol = 1e-4 * rtol  # gradients that are 0 but for rounding
    np.testing.assert_allclose(output, expected, rtol=rtol, atol=atol)
    for gradient, expected in zip(gradients, vjp(np.array(upstream, dtype=float)), strict=True):
        assert gradient.shape == np.shape(expected)
        np.testing.assert_allclose(gradient, expected, rtol=rtol, atol=atol)


def assert_equals_complex_step(kind, inputs, upstream):
    """Compare each gradient with what the node's own forward does to x + 1e-20i."""
    _, gradients = run(kind, inputs, upstream)
    assert len(gradients) == inputs_with_gradient(kind, inputs)
    for i, gradient in enumerate(gradients):
        for index in np.ndindex(gradient.shape):
            moved = [x.astype(complex) if i == j else x for j, x in enumerate(inputs)]
            moved[i][index] += 1e-20j
            _, output = forward(kind, moved)
            slope = np.sum(upstream * output.imag) / 1e-20
            np.testing.assert_allclose(gradient[index], slope, rtol=1e-10, atol=1e-15)


def exact_sigmoid(x):
    """Return σ(x) and its slope, computed with 60 digits."""
    with localcontext(prec=60):
        p, q = (1 / (1 + Decimal(s * float(x)).exp()) for s in (-1, 1))
        return float(p), float(p * q)


def exact_binary_cross_entropy(z, t):
    """Return the loss of one score and its gradient, computed with 60 digits."""
    with localcontext(prec=60):
        z, t = Decimal(float(z)), Decimal(float(t))
        p, q = 1 / (1 + (-z).exp()), 1 / (1 + z.exp())
        return float(-t * p.ln() - (1 - t) * q.ln()), float(p - t)


def exact_softmax(scores):
    """Return the probabilities and their negative logarithms, computed with 60 digits."""
    with localcontext(prec=60):
        scores = [Decimal(float(x)) for x in scores]
        total = sum(x.exp() for x in scores)
        p = [float(x.exp() / total) for x in scores]
        return np.array(p), np.array([float(total.ln() - x) for x in scores])
