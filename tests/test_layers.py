"""Layers against HIPS autograd, the complex step and exact numbers, and what they refuse."""

import re

import numpy as np
import pytest
from arithmetic_kinds import LAYOUTS
from autograd import jacobian
from hypothesis import given
from hypothesis import strategies as st
from layer_kinds import SIZES, each_layer, every_kind, few, kinds, small
from oracles import (
    LAYERS,
    assert_equals_autograd,
    assert_equals_complex_step,
    exact_sigmoid,
    exact_softmax,
    run,
    sample,
    softmax,
)

from course_utils.nodes import Affine, MatMul, Node, ReLU, Sigmoid, Softmax

# Equal to what others computed: layers, and losses too


@every_kind
def test_values_and_gradients_equal_autograd(kind):
    for sizes in SIZES:
        assert_equals_autograd(kind, *sample(kind, *sizes))


@few
@given(kinds, small, small, small, st.integers(0, 99))
def test_random_sizes_equal_autograd(kind, n, d, m, seed):
    assert_equals_autograd(kind, *sample(kind, n, d, m, seed))


@each_layer
def test_one_example_without_a_batch_axis(kind):
    inputs, upstream = sample(kind, 1, 3, 2)
    if kind is not LAYERS["MatMul"]:
        assert_equals_autograd(kind, [inputs[0][0], *inputs[1:]], upstream[0])


@pytest.mark.parametrize("name", ["Sigmoid", "ReLU"])
@pytest.mark.parametrize("shape", [(), (0,), (2, 1, 3), (0, 2)])
def test_activations_of_any_shape(name, shape):
    rng = np.random.default_rng(1)
    x, upstream = np.asarray(rng.normal(size=shape)), rng.normal(size=shape)
    assert_equals_autograd(LAYERS[name], [x], upstream)


@each_layer
def test_layers_take_an_empty_batch(kind):
    (x, *others), _ = sample(kind, 1, 3, 2)
    output, gradients = run(kind, [x[:0], *others], np.ones((0, 2)))
    assert output.shape == (0, 2)
    assert [g.shape for g in gradients] == [(0, x.shape[1]), *(other.shape for other in others)]
    assert not any(np.any(g) for g in gradients[1:])


@every_kind
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_any_layout_in_memory(kind, layout):
    inputs, upstream = sample(kind, 3, 3, 3)
    inputs = [layout(x) if x.ndim == 2 else np.repeat(x, 2)[::2] for x in inputs]
    assert_equals_autograd(kind, inputs, layout(upstream) if upstream.ndim else upstream)


@every_kind
@pytest.mark.parametrize("sizes", [(3, 2, 4), (1, 2, 1)])
def test_gradients_equal_the_complex_step(kind, sizes):
    assert_equals_complex_step(kind, *sample(kind, *sizes))


# Numbers


def test_sigmoid_by_hand():
    node = Sigmoid()
    assert node.forward(2) == pytest.approx(0.8808, abs=5e-5)
    assert node.backward(1) == pytest.approx(0.1050, abs=5e-5)
    x = np.linspace(-8, 8, 1601)
    node.forward(x)
    slopes = node.backward(np.ones(1601))
    assert slopes.max() == 0.25 and x[slopes.argmax()] == pytest.approx(0, abs=1e-12)


def test_relu_by_hand():
    node, upstream = ReLU(), np.array([5.0, 6.0, 7.0])
    assert node.forward([-1, 0, 2]).tolist() == [0, 0, 2]
    assert node.backward(upstream).tolist() == [0, 0, 7]
    assert upstream.tolist() == [5, 6, 7]
    node.forward([[1, -0.5], [-2, 3]])
    assert node.mask.tolist() == [[True, False], [False, True]]
    gradient = node.backward([[np.inf, np.inf], [np.nan, np.nan]])
    np.testing.assert_array_equal(gradient, [[np.inf, np.nan], [np.nan, np.nan]])  # ∞ · 0 is NaN


def test_softmax_by_hand():
    p = Softmax().forward([5.3, 0.3, 10.1])
    np.testing.assert_allclose(p, [0.00816, 0.0000550, 0.99178], rtol=1e-3)
    assert Softmax().forward([0, 0]).tolist() == [0.5, 0.5]


def test_affine_by_hand():
    node = Affine([[1, 2, 3], [4, 5, 6]], [10, 20, 30])
    assert node.forward([[1, 0], [1, 1]]).tolist() == [[11, 22, 33], [15, 27, 39]]
    assert node.grads == {}
    assert node.backward([[1, 0, 0], [1, 1, 1]]).tolist() == [[1, 4], [6, 15]]
    assert node.grads["W"].tolist() == [[2, 1, 1], [1, 1, 1]]
    assert node.grads["b"].tolist() == [2, 1, 1]


@pytest.mark.parametrize("shape", [(2, 4), (3, 3), (1, 2), (2, 1), (4,)])
def test_the_jacobian_of_softmax(shape):
    rng = np.random.default_rng(2)
    x, upstream = rng.normal(size=shape), rng.normal(size=shape)
    node = Softmax()
    node.forward(x)
    J = node.jacobian()
    rows = [jacobian(softmax)(row) for row in np.atleast_2d(x)]
    np.testing.assert_allclose(J, rows if len(shape) == 2 else rows[0], rtol=1e-10, atol=1e-16)
    np.testing.assert_allclose(J.sum(axis=-1), 0, atol=1e-15)
    np.testing.assert_array_equal(J, np.swapaxes(J, -1, -2))
    expected = np.einsum("...ij,...i->...j", J, upstream)
    np.testing.assert_allclose(node.backward(upstream), expected, rtol=1e-10, atol=1e-15)
    J[...] = 0
    assert node.jacobian().any() == (shape[-1] > 1)
    node.forward(x.astype(np.float32))
    assert node.jacobian().dtype == np.float32


# Stability


def test_the_jacobian_of_scores_far_apart_is_silent():
    node = Softmax()
    node.forward([0.0, -700.0, -700.0])
    with np.errstate(all="raise"):
        assert node.jacobian()[1, 2] == 0


FAR = [-1000, -745, -709, -100, -37, -1, -1e-9, 0, 1e-9, 1, 37, 100, 709, 745, 1000]


@pytest.mark.parametrize("dtype, eps", [(np.float64, 4e-16), (np.float32, 2e-7)])
def test_sigmoid_far_from_0_is_exact_and_silent(dtype, eps):
    x = np.array(FAR, dtype=dtype)
    with np.errstate(all="raise"):
        y, (slope,) = run(LAYERS["Sigmoid"], [x], np.ones(len(x)))
    expected_y, expected_slope = np.transpose([exact_sigmoid(number) for number in x])
    np.testing.assert_allclose(y, expected_y, rtol=eps, atol=2 * np.finfo(dtype).smallest_subnormal)
    np.testing.assert_allclose(slope, expected_slope, rtol=1e-6, atol=eps)


@pytest.mark.parametrize("dtype, eps", [(np.float64, 1e-15), (np.float32, 1e-6)])
@pytest.mark.parametrize(
    "scores",
    [(10_000, -10_000, 9_999), (-10_000, -10_001, -9_998), (0, 0, 10_000), (70, 0, -9), (9_000,)],
)
def test_softmax_of_large_scores_is_exact_and_silent(scores, dtype, eps):
    x = np.array(scores, dtype=dtype)
    upstream = np.arange(1.0, 1 + len(x))
    with np.errstate(all="raise"):
        p, (gradient,) = run(LAYERS["Softmax"], [x], upstream)
    expected, _ = exact_softmax(scores)
    np.testing.assert_allclose(p, expected, rtol=eps, atol=0)
    slope = expected * (upstream - expected @ upstream)
    np.testing.assert_allclose(gradient, slope, rtol=10 * eps, atol=10 * eps)


@pytest.mark.parametrize("x", [[np.inf, 1], [-np.inf, 1], [1e308, -1e308], [np.nan, 1]], ids=str)
@each_layer
def test_no_value_makes_a_warning(kind, x):
    inputs, _ = sample(kind, 1, 2, 2)
    with np.errstate(all="raise"):
        run(kind, [np.array([x]), *inputs[1:]], [[1e308, np.inf]])


@each_layer
def test_nan_stays_nan(kind):
    inputs, upstream = sample(kind, 2, 3, 3)
    inputs[0][1, 1] = np.nan
    output, gradients = run(kind, inputs, upstream)
    alone = kind.node in (Sigmoid, ReLU)
    assert np.isnan(output).tolist() == [[False] * 3, [not alone, True, not alone]]
    if kind.node is not ReLU:
        assert any(np.isnan(gradient).any() for gradient in gradients)
    inputs, upstream = sample(kind, 2, 3, 3)
    inputs[0], upstream[0, 0] = np.abs(inputs[0]), np.nan
    _, gradients = run(kind, inputs, upstream)
    assert all(np.isnan(gradient).any() for gradient in gradients)
    assert not np.isnan(gradients[0][1]).any()


# What is refused


@every_kind
def test_backward_before_forward(kind):
    node = Affine([[1]], [1]) if kind.node is Affine else kind.node()
    with pytest.raises(RuntimeError) as caught:
        node.backward(1)
    name = kind.node.__name__
    assert str(caught.value) == f"{name}.backward was called before forward: run forward first"


def test_jacobian_before_forward():
    with pytest.raises(RuntimeError, match=r"^Softmax\.jacobian was called before forward"):
        Softmax().jacobian()


@every_kind
@pytest.mark.parametrize("shape", [(1,), (2,), (4, 2), (1, 2, 4), (2, 1), (0,)])
def test_an_upstream_of_another_shape(kind, shape):
    inputs, upstream = sample(kind, 2, 3, 4)
    with pytest.raises(ValueError) as caught:
        run(kind, inputs, np.ones(shape))
    assert str(caught.value) == (
        f"{kind.node.__name__}.backward: the upstream gradient has shape {shape}, "
        f"but the output had shape {upstream.shape}"
    )


@pytest.mark.parametrize("shape", [(), (2, 0), (0,), (1, 2, 3)])
def test_scores_that_softmax_refuses(shape):
    with pytest.raises(ValueError, match=rf"^Softmax\.forward: .*, got {re.escape(str(shape))}$"):
        Softmax().forward(np.ones(shape))


@pytest.mark.parametrize(
    "X, W",
    [
        ((2, 3), (2, 3)),
        ((3, 2), (3, 2)),
        ((3,), (3, 2)),
        ((2, 3), (3,)),
        ((), ()),
        ((2, 3, 3), (3, 3)),
    ],
)
def test_shapes_that_matmul_refuses(X, W):
    with pytest.raises(ValueError) as caught:
        MatMul().forward(np.ones(X), np.ones(W))
    expected = f"MatMul.forward: expected shapes (N, D) and (D, M), got {X} and {W}"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    "W, b",
    [
        ((2, 3), (2,)),
        ((2, 3), ()),
        ((2, 3), (1, 3)),
        ((3,), ()),
        ((2, 1), (3,)),
        ((), (1,)),
        ((2, 3, 4), (3, 4)),
    ],
)
def test_parameters_that_affine_refuses(W, b):
    with pytest.raises(ValueError) as caught:
        Affine(np.ones(W), np.ones(b))
    assert str(caught.value) == f"Affine: W must have shape (D, M) and b (M,), got {W} and {b}"


@pytest.mark.parametrize("X", [(3,), (), (2, 3), (3, 1), (1, 2, 2)])
def test_inputs_that_affine_refuses(X):
    with pytest.raises(ValueError) as caught:
        Affine(np.ones((2, 3)), np.ones(3)).forward(np.ones(X))
    assert str(caught.value) == (
        f"Affine.forward: W has shape (2, 3), so X must have shape (N, 2) or (2,), got {X}"
    )


@pytest.mark.parametrize("bad", ["a", None, [[1, 2], [3]]], ids=str)
def test_what_is_not_numbers(bad):
    for make, where in [
        (lambda: Affine(bad, [1.0]), "Affine"),
        (lambda: Affine([[1.0]], bad), "Affine"),
        (lambda: Affine([[1.0]], [1.0]).forward(bad), "Affine.forward"),
        (lambda: MatMul().forward([[1.0]], bad), "MatMul.forward"),
        (lambda: Softmax().forward(bad), "Softmax.forward"),
    ]:
        with pytest.raises(TypeError) as caught:
            make()
        assert (
            str(caught.value) == f"{where}: expected a number or an array of numbers, got {bad!r}"
        )


@pytest.mark.parametrize("name, wrong", [("b", np.ones((5, 1))), ("b", [1.0]), ("W", np.ones(3))])
def test_parameters_that_do_not_fit_any_more_are_refused(name, wrong):
    layer = Affine(np.ones((2, 3)), np.zeros(3))
    layer.params[name] = wrong
    with pytest.raises(ValueError, match=r"^Affine.forward: W must have shape \(D, M\)"):
        layer.forward(np.ones((5, 2)))


def test_a_parameter_stays_the_same_array_beside_one_given_as_a_list():
    layer = Affine(np.ones((2, 3)), np.zeros(3))
    W, layer.params["b"] = layer.params["W"], [1, 2, 3]
    layer.forward(np.ones((5, 2)))
    assert layer.params["W"] is W and layer.params["b"].dtype == float


class Halved(Node):
    def forward(self, x):
        return x

    def backward(self, upstream):
        return upstream[:1]


def test_a_gradient_of_another_shape_than_its_input_is_refused():
    node = Halved()
    node.forward([1.0, 2.0])
    said = r"^Halved.backward: a gradient has shape \(1,\), and its input had shape \(2,\)$"
    with pytest.raises(ValueError, match=said):
        node.backward([1.0, 1.0])
