"""Arithmetic nodes of all kinds with their oracles, as tests go through them."""

from typing import NamedTuple

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import make_vjp
from hypothesis import settings

from course_utils.nodes import Add, Exp, Log, Mul, Negate, Power, Reciprocal


class Kind(NamedTuple):
    make: object
    oracle: object
    inputs: int = 1
    positive: bool = False


def power(n):
    return Kind(lambda: Power(n), lambda x: x**n, positive=not float(n).is_integer())


KINDS = {
    "Add of 2": Kind(Add, lambda x, y: x + y, 2),
    "Add of 3": Kind(Add, lambda x, y, z: x + y + z, 3),
    "Mul": Kind(Mul, lambda x, y: x * y, 2),
    "Negate": Kind(Negate, lambda x: -x),
    "Reciprocal": Kind(Reciprocal, lambda x: 1 / x),
    "Exp": Kind(Exp, anp.exp),
    "Log": Kind(Log, anp.log, positive=True),
} | {f"Power({n})": power(n) for n in (2, 3, 1, 0, -1, -2, 2.0, 0.5, 2.5, -1.5)}


EACH_NODE = {
    name: KINDS[name]
    for name in ("Add of 2", "Add of 3", "Mul", "Negate", "Reciprocal", "Exp", "Log", "Power(2)")
}


every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


each_node = pytest.mark.parametrize("kind", EACH_NODE.values(), ids=EACH_NODE)


few = settings(max_examples=80, deadline=None, derandomize=True)


def sample(kind, shape):
    """Return inputs that the node accepts, and an upstream gradient."""
    rng = np.random.default_rng(7)
    inputs = [rng.uniform(0.5, 2, shape) for _ in range(kind.inputs)]
    if not kind.positive:
        inputs = [x * rng.choice([-1, 1], shape) for x in inputs]
    return [np.asarray(x) for x in inputs], np.asarray(rng.normal(size=shape))


def run(kind, inputs, upstream):
    """Return the node's output and its gradients as a tuple."""
    node = kind.make()
    output = node.forward(*inputs)
    gradients = node.backward(upstream)
    return output, gradients if isinstance(gradients, tuple) else (gradients,)


def assert_equals_autograd(kind, inputs, upstream, rtol=1e-10):
    output, gradients = run(kind, inputs, upstream)
    doubles = [np.array(x, dtype=float) for x in inputs]
    vjp, expected = make_vjp(kind.oracle, tuple(range(kind.inputs)))(*doubles)
    np.testing.assert_allclose(output, expected, rtol=rtol, strict=rtol < 1e-6)
    expected_gradients = vjp(np.array(upstream, dtype=float))
    for gradient, expected in zip(gradients, expected_gradients, strict=True):
        np.testing.assert_allclose(gradient, expected, rtol=rtol)
        assert gradient.shape == np.shape(expected)


LAYOUTS = {
    "transposed": lambda x: x.T.copy().T,
    "strided": lambda x: np.repeat(x, 2, axis=1)[:, ::2],
    "backwards": lambda x: x[::-1, ::-1].copy()[::-1, ::-1],
    "repeated": lambda x: np.broadcast_to(x[:1], x.shape),
}
