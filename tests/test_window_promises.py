"""What convolutions, padding and pooling promise: types, memory, state, and work in a network."""

import numpy as np
import pytest
from convolution_kinds import (
    GEOMETRIES,
    KINDS,
    assert_all_close,
    assert_equals_autograd,
    assert_equals_loops,
    backward,
    each_convolution,
    each_geometry,
    every_kind,
    few,
    forward,
    geometries,
    run,
    sample,
    seeds,
)
from hypothesis import given
from hypothesis import strategies as st
from promised import assert_left_alone

GEOMETRY = GEOMETRIES["stride and padding"]

# Types


@every_kind
@each_geometry
def test_float32_stays_float32(kind, g):
    g, inputs, upstream = sample(kind, g)
    inputs = [a.astype(np.float32) for a in inputs]
    output, gradients = run(kind, g, inputs, upstream)
    assert {a.dtype for a in (output, *gradients)} == {np.dtype(np.float32)}
    assert_equals_autograd(kind, g, inputs, upstream, rtol=1e-4)


@every_kind
@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.bool_, list])
def test_whole_numbers_are_computed_as_float64(kind, dtype):
    g, inputs, upstream = sample(kind, GEOMETRY)
    whole = [
        np.arange(a.size).reshape(a.shape) * 7 % 11 % (2 if dtype is bool else 99) for a in inputs
    ]
    counts = np.arange(upstream.size).reshape(upstream.shape)
    given = [a.tolist() if dtype is list else a.astype(dtype) for a in (*whole, counts)]
    output, gradients = run(kind, g, given[:-1], given[-1])
    assert all(type(a) is np.ndarray and a.dtype == float for a in (output, *gradients))
    doubles = [np.array(a, dtype=float) for a in given]
    expected, expected_gradients = kind.loops(g, doubles[:-1], doubles[-1])
    assert_all_close([output, *gradients], [expected, *expected_gradients])


@each_convolution
@pytest.mark.parametrize("double", range(3))
def test_each_gradient_has_the_dtype_of_its_own_array(kind, double):
    g, inputs, upstream = sample(kind, GEOMETRY)
    types = [np.float64 if i == double else np.float32 for i in range(3)]
    inputs = [a.astype(dtype) for a, dtype in zip(inputs, types, strict=True)]
    node, output = forward(kind, g, inputs)
    assert [a.dtype for a in (output, *backward(node, upstream))] == [float, *types]
    assert [a.dtype for a in node.params.values()] == types[1:]
    types = [np.float32 if i == double else np.float64 for i in range(3)]
    inputs = [a.astype(dtype) for a, dtype in zip(inputs, types, strict=True)]
    output, gradients = run(kind, g, inputs, upstream.astype(np.float32))
    assert [a.dtype for a in (output, *gradients)] == [float, *types]


# Memory


def check_memory(kind, g, inputs, upstream):
    def computed():
        node, output = forward(kind, g, inputs)
        return node, [output, *backward(node, upstream)]

    assert_left_alone([*inputs, upstream], computed)


@every_kind
@each_geometry
def test_arguments_are_left_alone_and_results_are_new(kind, g):
    check_memory(kind, *sample(kind, g))


@every_kind
@few
@given(g=geometries())
def test_arguments_are_left_alone_in_random_geometries(kind, g):
    check_memory(kind, *sample(kind, g))


def channels_last(x):
    axis = min(1, x.ndim - 1)
    return np.moveaxis(np.moveaxis(x, axis, -1).copy(), -1, axis)


LAYOUTS = {
    "Fortran": np.asfortranarray,
    "channels last": channels_last,
    "strided": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "backwards": lambda x: np.flip(np.flip(x).copy()),
    "batch repeated": lambda x: np.broadcast_to(x[:1], x.shape),
}


@every_kind
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("name", ["stride and padding", "one example"])
def test_any_layout_in_memory(kind, layout, name):
    g, inputs, upstream = sample(kind, GEOMETRIES[name])
    inputs, upstream = [layout(a) for a in inputs], layout(upstream)
    assert_equals_autograd(kind, g, inputs, upstream)
    check_memory(kind, g, inputs, upstream)


# State


@every_kind
@each_geometry
def test_writing_to_results_does_not_change_the_next_backward(kind, g):
    g, inputs, upstream = sample(kind, g)
    _, expected = run(kind, g, inputs, upstream)
    node, output = forward(kind, g, inputs)
    output[...] = np.nan
    for _ in range(3):
        gradients = backward(node, upstream)
        for gradient, right in zip(gradients, expected, strict=True):
            np.testing.assert_array_equal(gradient, right)
            gradient[...] = np.nan


@every_kind
def test_backward_belongs_to_the_last_forward(kind):
    g, inputs, upstream = sample(kind, GEOMETRY)
    out = tuple(n + 2 for n in GEOMETRY.out)
    _, (x, *_), other_upstream = sample(kind, GEOMETRY._replace(n=5, out=out), seed=8)
    node, _ = forward(kind, g, inputs)
    node.forward(x)
    node.backward(other_upstream)
    node.forward(inputs[0])
    _, expected = run(kind, g, inputs, upstream)
    for gradient, right in zip(backward(node, upstream), expected, strict=True):
        np.testing.assert_array_equal(gradient, right)


@every_kind
def test_two_nodes_share_nothing(kind):
    out = tuple(n + 2 for n in GEOMETRY.out)
    samples = [sample(kind, GEOMETRY), sample(kind, GEOMETRY._replace(n=3, out=out), seed=8)]
    nodes = [forward(kind, g, inputs)[0] for g, inputs, _ in samples]
    found = [backward(node, u) for node, (*_, u) in zip(nodes, samples, strict=True)]
    for node, gradients, one in zip(nodes, found, samples, strict=True):
        _, expected = run(kind, *one)
        for again in (gradients, backward(node, one[2])):
            for gradient, right in zip(again, expected, strict=True):
                np.testing.assert_array_equal(gradient, right)


@every_kind
def test_forward_takes_its_input_by_name_too(kind):
    g, inputs, upstream = sample(kind, GEOMETRY)
    node, output = forward(kind, g, inputs)
    np.testing.assert_array_equal(node.forward(x=inputs[0]), output)
    assert node.backward(upstream=upstream).shape == inputs[0].shape


# Parameters


@each_convolution
def test_parameters_are_copies_and_may_be_replaced(kind):
    g, (x, W, b), _ = sample(kind, GEOMETRY)
    given = [W.copy(), b.copy()]
    node = kind.make(g, *given)
    given[0][...], given[1][...] = 9, 9
    expected = kind.oracle(g, x, W, b)
    assert_all_close([node.forward(x)], [expected])
    node.params["W"] *= 2
    node.params["b"] = node.params["b"] + 1
    expected = kind.oracle(g, x, 2 * W, b + 1)
    assert_all_close([node.forward(x)], [expected])
    assert given[0].min() == given[0].max() == 9


@each_convolution
@pytest.mark.parametrize("as_list", [True, False])
def test_more_filters_and_another_kernel_may_be_put_there(kind, as_list):
    g, (_, *first), _ = sample(kind, GEOMETRY)
    node = kind.make(g, *first)
    larger = GEOMETRY._replace(filters=5, size=(5, 3), out=(5, 3))
    larger, inputs, upstream = sample(kind, larger)
    W, b = (a.tolist() if as_list else a for a in inputs[1:])
    node.params["W"], node.params["b"] = W, b
    found = node.forward(inputs[0]), *backward(node, upstream)
    output, gradients = run(kind, larger, inputs, upstream)
    assert_all_close(found, [output, *gradients])


@each_convolution
def test_a_kernel_changed_before_backward_is_the_one_that_dx_sees(kind):
    g, inputs, upstream = sample(kind, GEOMETRY)
    node, _ = forward(kind, g, inputs)
    dx, dW, db = backward(node, upstream)
    node.params["W"] *= 2  # as of Affine
    assert_all_close(backward(node, upstream), [2 * dx, dW, db])


@pytest.mark.parametrize("name", ["Conv1d", "Conv2d"])
@few
@given(g=geometries(), seed=seeds)
def test_backward_params_gives_the_same_gradients_of_the_parameters(name, g, seed):
    g, inputs, upstream = sample(KINDS[name], g, seed)
    _, (_, dW, db) = run(KINDS[name], g, inputs, upstream)
    node, _ = forward(KINDS[name], g, inputs)
    assert node.backward_params(upstream) is None
    assert list(node.grads) == ["W", "b"]
    np.testing.assert_array_equal(node.grads["W"], dW)
    np.testing.assert_array_equal(node.grads["b"], db)


@pytest.mark.parametrize("name", ["Conv1d", "Conv2d"])
def test_backward_params_keeps_the_dtypes_of_the_parameters(name):
    g, (x, W, b), upstream = sample(KINDS[name], GEOMETRY)
    node, _ = forward(KINDS[name], g, [x, W.astype(np.float32), b])
    node.backward_params(upstream.tolist())
    assert [a.dtype for a in node.grads.values()] == [np.float32, np.float64]


@each_convolution
def test_grads_of_an_earlier_backward_are_left_alone(kind):
    g, inputs, upstream = sample(kind, GEOMETRY)
    node, _ = forward(kind, g, inputs)
    assert node.grads == {}
    _, dW, db = backward(node, upstream)
    copies = dW.copy(), db.copy()
    backward(node, 3 * upstream)
    assert_all_close([dW, db], copies)
    assert_all_close(node.grads.values(), [3 * a for a in copies])


# Any value, no warning


@every_kind
@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan, 1e308])
def test_no_value_makes_a_warning(kind, value):
    g, inputs, upstream = sample(kind, GEOMETRY)
    with np.errstate(all="raise"):
        for i in range(len(inputs) + 1):
            arrays = [*inputs, upstream]
            arrays[i] = np.full_like(arrays[i], value)
            run(kind, g, arrays[:-1], arrays[-1])
        full = [np.full_like(a, value) for a in inputs]
        run(kind, g, full, np.full_like(upstream, value))


@every_kind
@pytest.mark.parametrize("value", [np.nan, np.inf])
@np.errstate(invalid="ignore")
def test_what_is_not_finite_goes_where_it_was_seen_and_nowhere_else(kind, value):
    g, inputs, upstream = sample(kind, GEOMETRIES["stride"])
    inputs[0][1, 0, -1] = value
    if kind is not KINDS["MaxPool2d"]:  # whose loops do not see a NaN
        assert_equals_loops(kind, g, inputs, upstream)
    g, inputs, upstream = sample(kind, GEOMETRIES["stride"])
    upstream.reshape(len(upstream), -1)[0, 3] = value
    assert_equals_loops(kind, g, inputs, upstream)


# Properties of every backward


@every_kind
@few
@given(g=geometries(), a=st.floats(-4, 4), b=st.floats(-4, 4))
def test_backward_is_linear_in_the_upstream(kind, g, a, b):
    g, inputs, u = sample(kind, g)
    v = np.cos(u + 1)
    both, of_u, of_v = (run(kind, g, inputs, w)[1] for w in (a * u + b * v, u, v))
    assert_all_close(both, [a * du + b * dv for du, dv in zip(of_u, of_v, strict=True)])
