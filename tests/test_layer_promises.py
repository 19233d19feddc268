"""What layers and losses promise: types, memory, and properties of every gradient."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from layer_kinds import SIZES, every_kind, few, kinds, small
from oracles import (
    LAYERS,
    LOSSES,
    assert_equals_autograd,
    backward,
    forward,
    inputs_with_gradient,
    run,
    sample,
)
from promised import assert_left_alone

from course_utils.nodes import Affine, ReLU, Sigmoid, Softmax

# Types and memory: layers, and losses too


@every_kind
def test_float32_stays_float32(kind):
    for sizes in SIZES:
        inputs, upstream = sample(kind, *sizes)
        inputs = [x.astype(np.float32) for x in inputs]
        output, gradients = run(kind, inputs, upstream)
        assert {a.dtype for a in (output, *gradients)} == {np.dtype(np.float32)}
        assert_equals_autograd(kind, inputs, upstream, rtol=1e-4)


@every_kind
@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.bool_, list])
def test_whole_numbers_are_computed_as_float64(kind, dtype):
    inputs, _ = sample(kind, 2, 3, 2)
    size = [np.arange(1, 1 + x.size).reshape(x.shape) % 2 for x in inputs]
    size[-1] = inputs[-1].astype(int) if kind is LOSSES["CE of class numbers"] else size[-1]
    inputs = [x.tolist() if dtype is list else x.astype(dtype) for x in size]
    upstream = 3 if kind.node.has_target else [[1, 2], [3, 4]]
    output, gradients = run(kind, inputs, upstream)
    assert all(type(a) is np.ndarray and a.dtype == float for a in (output, *gradients))
    if kind.node is not ReLU:  # autograd has the slope 1/2 at 0
        assert_equals_autograd(kind, inputs, upstream)


def test_each_gradient_has_the_dtype_of_its_own_array():
    inputs, upstream = sample(LAYERS["Affine"], 2, 3, 4)
    types = [np.float32, np.float64, np.float32]
    inputs = [x.astype(dtype) for x, dtype in zip(inputs, types, strict=True)]
    output, gradients = run(LAYERS["Affine"], inputs, upstream)
    assert [a.dtype for a in (output, *gradients)] == [float, *types]
    output, gradients = run(LAYERS["MatMul"], inputs[:2], upstream)
    assert [a.dtype for a in (output, *gradients)] == [float, *types[:2]]


@few
@given(kinds, small, small, small)
def test_arguments_are_left_alone_and_results_are_new(kind, n, d, m):
    inputs, upstream = sample(kind, n, d, m)

    def computed():
        node, output = forward(kind, inputs)
        return node, [output, *backward(node, upstream)]

    assert_left_alone([*inputs, upstream], computed)


@every_kind
def test_writing_to_results_does_not_change_the_next_backward(kind):
    inputs, upstream = sample(kind, 2, 3, 4)
    _, expected = run(kind, inputs, upstream)
    node, output = forward(kind, inputs)
    output[...] = np.nan
    for _ in range(3):
        gradients = backward(node, upstream)
        for gradient, right in zip(gradients, expected, strict=True):
            np.testing.assert_array_equal(gradient, right)
            gradient[...] = np.nan


@every_kind
def test_backward_belongs_to_the_last_forward(kind):
    inputs, upstream = sample(kind, 2, 3, 4)
    others, other_upstream = sample(kind, 5, 3, 4, seed=8)
    node, _ = forward(kind, inputs)
    arguments = (lambda xs: xs[:1]) if kind.node is Affine else (lambda xs: xs)
    node.forward(*arguments(others))
    backward(node, other_upstream)
    node.forward(*arguments(inputs))
    for gradient, right in zip(
        backward(node, upstream), run(kind, inputs, upstream)[1], strict=True
    ):
        np.testing.assert_array_equal(gradient, right)


def test_the_parameters_of_affine_are_copies_and_may_be_replaced():
    W, b = np.ones((2, 3)), np.zeros(3)
    node = Affine(W, b)
    W[:], b[:] = 9, 9
    assert node.forward([1, 1]).tolist() == [2, 2, 2]
    node.params["W"] -= 1
    node.params["b"] = node.params["b"] + 5
    assert node.forward([1, 1]).tolist() == [5, 5, 5]
    assert node.backward([1, 1, 1]).tolist() == [0, 0]
    assert (W.min(), b.min()) == (9, 9)


# Properties


@few
@given(kinds, small, small, small, st.floats(-4, 4), st.floats(-4, 4))
def test_backward_is_linear_in_the_upstream(kind, n, d, m, a, b):
    inputs, u = sample(kind, n, d, m)
    v = np.cos(u + 1)
    parts = [run(kind, inputs, w)[1] for w in (a * u + b * v, u, v)]
    assert len(parts[0]) == inputs_with_gradient(kind, inputs)
    for both, du, dv in zip(*parts, strict=True):
        np.testing.assert_allclose(both, a * du + b * dv, rtol=1e-12, atol=1e-12)


scores = hnp.arrays(float, hnp.array_shapes(min_dims=1, max_dims=2), elements=st.floats(-50, 50))


@few
@given(scores, st.floats(-1000, 1000))
def test_softmax_does_not_see_a_shift(x, shift):
    p = Softmax().forward(x)
    np.testing.assert_allclose(Softmax().forward(x + shift), p, rtol=1e-11)
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-14)
    assert np.all(p >= 0)


@few
@given(scores)
def test_sigmoid_is_softmax_of_two_classes(x):
    p = Softmax().forward(np.stack([x.ravel(), np.zeros(x.size)], axis=1))
    np.testing.assert_allclose(Sigmoid().forward(x).ravel(), p[:, 0], rtol=1e-13)
