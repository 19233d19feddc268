"""Convolutions and their windows: numbers, oracles, and what ties one node to another."""

import numpy as np
import pytest
from convolution_kinds import (
    GEOMETRIES,
    KINDS,
    assert_all_close,
    assert_equals_autograd,
    assert_equals_loops,
    each_convolution,
    each_geometry,
    every,
    every_kind,
    few,
    forward,
    geometries,
    run,
    sample,
    seeds,
    seen,
    without_border,
)
from hypothesis import given
from hypothesis import strategies as st

from course_utils.gradients import check_gradient
from course_utils.nodes import Affine, Conv1d, Conv2d, Flatten, TransposedConv2d, ZeroPad2d
from course_utils.nodes.windows import fold, output_size, unfold

# Equal to what others computed: convolutions, and padding and pooling too


@every_kind
@each_geometry
def test_values_and_gradients_equal_autograd_and_loops(kind, g):
    g, inputs, upstream = sample(kind, g)
    assert_equals_autograd(kind, g, inputs, upstream)
    assert_equals_loops(kind, g, inputs, upstream)


@every_kind
@few
@given(g=geometries(), seed=seeds)
def test_random_geometries_equal_autograd_and_loops(kind, g, seed):
    g, inputs, upstream = sample(kind, g, seed)
    assert_equals_autograd(kind, g, inputs, upstream)
    assert_equals_loops(kind, g, inputs, upstream)


@every_kind
@pytest.mark.parametrize("name", ["as plain as can be", "stride", "padding"])
def test_gradients_pass_the_gradient_check(kind, name):
    g, inputs, upstream = sample(kind, GEOMETRIES[name])
    _, gradients = run(kind, g, inputs, upstream)
    for i, gradient in enumerate(gradients):

        def f(moved, i=i):
            _, output = forward(kind, g, [*inputs[:i], moved, *inputs[i + 1 :]])
            return (output * upstream).sum()

        check = check_gradient(f, inputs[i], gradient, directions=0)
        assert check.passed and check.excused == 0, str(check)


@every_kind
def test_gradients_equal_the_complex_step(kind):
    g, inputs, upstream = sample(kind, GEOMETRIES["stride"])
    _, gradients = run(kind, g, inputs, upstream)
    for i, gradient in enumerate(gradients):
        for index in np.ndindex(gradient.shape):
            moved = [a.astype(complex) if i == j else a for j, a in enumerate(inputs)]
            moved[i][index] += 1e-20j
            _, output = forward(kind, g, moved)
            slope = np.sum(upstream * output.imag) / 1e-20
            np.testing.assert_allclose(gradient[index], slope, rtol=1e-10, atol=1e-15)


# Numbers


IMAGE = [[[[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]]]
KERNEL = [[[[2, 0, 1], [0, 1, 2], [1, 0, 2]]]]


def test_conv1d_by_hand():
    node = Conv1d([[[1, 0, -1]]], [0])
    assert node.forward([[[1, 2, 3, 4, 5]]]).tolist() == [[[-2, -2, -2]]]
    assert node.grads == {}
    assert node.backward([[[1, 1, 1]]]).tolist() == [[[1, 1, 0, -1, -1]]]
    assert node.grads["W"].tolist() == [[[6, 9, 12]]]
    assert node.grads["b"].tolist() == [3]


def test_conv2d_by_hand():
    node = Conv2d(KERNEL, [3])
    assert node.forward(IMAGE).tolist() == [[[[18, 19], [9, 18]]]]
    node = Conv2d(KERNEL, [0])
    assert node.forward(IMAGE).tolist() == [[[[15, 16], [6, 15]]]]
    dx = node.backward(np.ones((1, 1, 2, 2)))
    assert dx.tolist() == [[[[2, 2, 1, 1], [2, 3, 4, 3], [1, 2, 5, 4], [1, 1, 2, 2]]]]
    assert node.grads["W"].tolist() == [[[[4, 8, 8], [4, 4, 8], [8, 4, 4]]]]
    assert node.grads["b"].tolist() == [4]


def test_conv2d_with_a_border_by_hand():
    y = Conv2d(KERNEL, [0], padding=1).forward(IMAGE)
    assert y.shape == (1, 1, 4, 4) and y[0, 0, 0].tolist() == [7, 12, 10, 2]
    assert y[0, 0, 1:3, 1:3].tolist() == [[15, 16], [6, 15]]
    bordered = ZeroPad2d(1).forward(IMAGE)[0, 0]
    assert bordered.tolist() == np.pad(IMAGE[0][0], 1).tolist()


def test_the_transposed_convolution_by_hand():
    node = TransposedConv2d([[[[0, 1], [2, 3]]]], [0])
    assert node.forward([[[[0, 1], [2, 3]]]]).tolist() == [[[[0, 0, 1], [0, 4, 6], [4, 12, 9]]]]
    assert node.backward(np.ones((1, 1, 3, 3))).tolist() == [[[[6, 6], [6, 6]]]]
    assert node.grads["W"].tolist() == [[[[6, 6], [6, 6]]]]
    assert node.grads["b"].tolist() == [9]


@pytest.mark.parametrize("stride, padding, side", [(1, 0, 5), (2, 0, 3), (1, 1, 7), (4, 0, 2)])
def test_one_number_for_both_axes_is_that_number_twice(stride, padding, side):
    rng = np.random.default_rng(4)
    x, W = rng.normal(size=(2, 1, 7, 7)), rng.normal(size=(1, 1, 3, 3))
    pairs = [
        (Conv2d(W, [1.0], stride, padding), Conv2d(W, [1.0], (stride,) * 2, [padding] * 2)),
        (TransposedConv2d(W, [1.0], stride), TransposedConv2d(W, [1.0], np.array([stride] * 2))),
        (ZeroPad2d(padding), ZeroPad2d(padding=(padding, padding))),
    ]
    for one, two in pairs:
        np.testing.assert_array_equal(one.forward(x), two.forward(x))
    assert pairs[0][0].forward(x).shape == (2, 1, side, side)
    assert Conv2d(W, [1.0]).forward(x).shape == (2, 1, 5, 5), "stride 1 and no border unless given"


@pytest.mark.parametrize("shape", [(3,), (3, 4), (3, 2, 5), (3, 0, 2), (0, 2, 2), (1, 2, 3, 2, 2)])
def test_flatten_keeps_the_examples_apart(shape):
    x = np.arange(np.prod(shape), dtype=float).reshape(shape)
    rows = np.arange(x.size, dtype=float).reshape(shape[0], int(np.prod(shape[1:])))
    node = Flatten()
    np.testing.assert_array_equal(node.forward(x), rows, strict=True)
    np.testing.assert_array_equal(node.backward(rows), x, strict=True)


# Windows


def columns_by_loops(g, x):
    columns = np.zeros((g.channels, *g.size, g.n, *g.out))
    for n, c in every(g.n, g.channels):
        for i, u, h in seen(g):
            columns[c, *u, n, *i] = x[n, c, *h]
    return columns.reshape(g.channels * int(np.prod(g.size)), g.n * int(np.prod(g.out)))


@few
@given(without_border, st.integers(1, 2))
def test_unfold_equals_loops_and_fold_is_its_adjoint(g, axes):
    g, rng = g.along(axes), np.random.default_rng(5)
    x = rng.normal(size=(g.n, g.channels, *g.sides()))
    columns = unfold(x, g.size, g.stride)
    np.testing.assert_array_equal(columns, columns_by_loops(g, x))
    C = rng.normal(size=columns.shape)
    folded = fold(C, x.shape, g.size, g.stride)
    assert folded.shape == x.shape
    np.testing.assert_allclose((columns * C).sum(), (x * folded).sum(), rtol=1e-12, atol=1e-12)


def test_windows_slide_along_three_axes_too():
    rng = np.random.default_rng(8)
    shape, size, stride = (2, 3, 5, 4, 6), (3, 2, 2), (2, 1, 4)
    x = rng.normal(size=shape)
    columns = unfold(x, size, stride)
    assert columns.shape == (3 * 12, 2 * 2 * 3 * 2)
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3, 4))[:, :, ::2, :, ::4]
    np.testing.assert_array_equal(
        columns.reshape(3, 3, 2, 2, 2, 2, 3, 2)[1, 2, 1, 0, 1], windows[1, 1, ..., 2, 1, 0]
    )
    C = rng.normal(size=columns.shape)
    folded = fold(C, shape, size, stride)
    np.testing.assert_allclose((columns * C).sum(), (x * folded).sum(), rtol=1e-12)


def test_unfold_and_fold_by_hand():
    x = np.arange(1.0, 6).reshape(1, 1, 5)
    columns = unfold(x, (3,), (1,))
    assert columns.tolist() == [[1, 2, 3], [2, 3, 4], [3, 4, 5]]
    assert fold(columns, x.shape, (3,), (1,)).tolist() == [[[1, 4, 9, 8, 5]]]
    assert output_size((28, 5), (4, 5), (2, 1)) == (13, 1)


# Properties


def dot(one, other):
    assert one.shape == other.shape
    return (one * other).sum()


@few
@given(without_border, seeds)
def test_conv_and_transposed_conv_are_adjoint(g, seed):
    g, (x, W, _), y = sample(KINDS["Conv2d"], g, seed)
    conv = Conv2d(W, np.zeros(g.filters), g.stride)
    transposed = TransposedConv2d(W, np.zeros(g.channels), g.stride)
    back = transposed.forward(y)
    np.testing.assert_allclose(dot(conv.forward(x), y), dot(x, back), rtol=1e-11, atol=1e-11)
    assert_all_close([conv.backward(y)], [back])
    transposed.backward(x)
    assert_all_close([transposed.grads["W"]], [conv.grads["W"]])
    assert_all_close([transposed.backward(x)], [conv.forward(x)])


@few
@given(geometries(), seeds)
def test_a_border_is_zero_pad_before_a_convolution(g, seed):
    kind = KINDS["Conv2d"]
    g, inputs, upstream = sample(kind, g, seed)
    y, (dx, dW, db) = run(kind, g, inputs, upstream)
    pad, conv = ZeroPad2d(g.padding), Conv2d(*inputs[1:], stride=g.stride)
    np.testing.assert_array_equal(conv.forward(pad.forward(inputs[0])), y)
    np.testing.assert_array_equal(pad.backward(conv.backward(upstream)), dx)
    np.testing.assert_array_equal(conv.grads["W"], dW)
    np.testing.assert_array_equal(conv.grads["b"], db)


@few
@given(geometries(), seeds)
def test_conv1d_is_conv2d_with_one_axis_of_one_row(g, seed):
    g, inputs, upstream = sample(KINDS["Conv1d"], g, seed)
    y, gradients = run(KINDS["Conv1d"], g, inputs, upstream)
    x, W, b = inputs
    node = Conv2d(W[:, :, np.newaxis], b, (1, *g.stride), (0, *g.padding))
    found = node.forward(x[:, :, np.newaxis]), node.backward(upstream[:, :, np.newaxis])
    assert_all_close(found, [a[:, :, np.newaxis] for a in (y, gradients[0])])
    assert_all_close([node.grads["W"][:, :, 0], node.grads["b"]], gradients[1:])


def test_conv1d_takes_one_number_in_a_tuple():
    x, W = np.arange(14.0).reshape(1, 2, 7), np.ones((3, 2, 3))
    expected = Conv1d(W, np.zeros(3), 2, 1).forward(x)
    np.testing.assert_array_equal(Conv1d(W, np.zeros(3), (2,), [1]).forward(x), expected)
    assert expected.shape == (1, 3, 4)


@each_convolution
@few
@given(g=geometries(), seed=seeds, a=st.floats(-4, 4), b=st.floats(-4, 4))
def test_convolutions_are_linear_but_for_the_bias(kind, g, seed, a, b):
    g, (x, W, bias), _ = sample(kind, g, seed)
    other = np.cos(x)
    node = kind.make(g, W, 0 * bias)
    both = a * node.forward(x) + b * node.forward(other)
    assert_all_close([node.forward(a * x + b * other)], [both])
    biased = kind.make(g, W, bias).forward(x) - node.forward(x)
    shape = (1, -1) + (1,) * (x.ndim - 2)
    assert_all_close([biased], [np.broadcast_to(bias.reshape(shape), biased.shape)])


@few
@given(g=without_border, by=st.tuples(st.integers(0, 2), st.integers(0, 2)))
def test_what_moves_in_the_input_moves_in_the_output(g, by):
    g, (x, W, b), _ = sample(KINDS["Conv2d"], g)
    conv, (down, right) = Conv2d(W, b, g.stride), by
    cells = [n * s for n, s in zip(by, g.stride, strict=True)]
    moved = np.pad(x, [(0, 0), (0, 0), *((n, 0) for n in cells)])
    assert_all_close([conv.forward(moved)[:, :, down:, right:]], [conv.forward(x)])


@few
@given(without_border, seeds)
def test_dx_is_the_full_correlation_of_upstream_with_the_turned_kernel(g, seed):
    g = g._replace(stride=(1, 1))
    g, (x, W, b), upstream = sample(KINDS["Conv2d"], g, seed)
    conv = Conv2d(W, b)
    conv.forward(x)
    turned = W[:, :, ::-1, ::-1].swapaxes(0, 1)
    border = [k - 1 for k in g.size]
    full = Conv2d(turned, np.zeros(g.channels), padding=border)
    assert_all_close([full.forward(upstream)], [conv.backward(upstream)])


def assert_is_affine(name, g, rows):
    """Compare a convolution with an affine layer; ``rows`` writes examples or cells as rows."""
    g, (x, W, b), upstream = sample(KINDS[name], g)
    y, (dx, dW, db) = run(KINDS[name], g, (x, W, b), upstream)
    affine = Affine(W.reshape(len(W), -1).T, b)
    assert_all_close([affine.forward(rows(x))], [rows(y)])
    assert_all_close([affine.backward(rows(upstream))], [rows(dx)])
    assert_all_close([affine.grads["W"].T.reshape(W.shape), affine.grads["b"]], [dW, db])


@pytest.mark.parametrize("name", ["Conv1d", "Conv2d"])
def test_a_kernel_of_one_cell_is_an_affine_layer_on_every_cell(name):
    def cells(x):
        return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])

    assert_is_affine(name, GEOMETRIES["1 × 1"], cells)


@pytest.mark.parametrize("name", ["Conv1d", "Conv2d"])
def test_a_kernel_as_large_as_the_input_is_an_affine_layer(name):
    assert_is_affine(name, GEOMETRIES["as large as the input"], lambda x: x.reshape(len(x), -1))


def test_a_layer_for_digits_equals_sliding_windows():
    rng = np.random.default_rng(6)
    x, W, b = rng.normal(size=(5, 3, 28, 28)), rng.normal(size=(8, 3, 5, 5)), rng.normal(size=8)
    windows = np.lib.stride_tricks.sliding_window_view(x, (5, 5), axis=(2, 3))
    conv, upstream = Conv2d(W, b), rng.normal(size=(5, 8, 24, 24))
    y = np.einsum("ncijuv,fcuv->nfij", windows, W, optimize=True) + b[:, None, None]
    assert_all_close([conv.forward(x)], [y])
    conv.backward(upstream)
    dW = np.einsum("ncijuv,nfij->fcuv", windows, upstream, optimize=True)
    assert_all_close([conv.grads["W"]], [dW])
