"""Pooling: numbers, who wins, and where the gradients go."""

import numpy as np
import pytest
from convolution_kinds import (
    GEOMETRIES,
    KINDS,
    assert_all_close,
    each_geometry,
    every,
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

from course_utils.nodes import AveragePool2d, Conv2d, MaxPool2d

# Numbers


IMAGE = [[[[1, 2, 1, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 4, 0, 1]]]]
UPSTREAM = [[[[1, 2], [3, 4]]]]


def test_max_pooling_by_hand():
    node = MaxPool2d(2)
    assert node.forward(IMAGE).tolist() == [[[[2, 3], [4, 2]]]]
    assert node.winners.tolist() == [[1, 3, 3, 1]], "a window's cells count row by row"
    dx = [[0, 1, 0, 0], [0, 0, 0, 2], [0, 0, 0, 4], [0, 3, 0, 0]]
    assert node.backward(UPSTREAM).tolist() == [[dx]]


def test_average_pooling_by_hand():
    node = AveragePool2d(2)
    assert node.forward(IMAGE).tolist() == [[[[1, 1.5], [2.25, 1]]]]
    quarters = np.repeat(np.repeat([[0.25, 0.5], [0.75, 1]], 2, axis=0), 2, axis=1)
    assert node.backward(UPSTREAM).tolist() == [[quarters.tolist()]]


@pytest.mark.parametrize("node", [AveragePool2d, MaxPool2d])
def test_the_stride_is_the_size_unless_given(node):
    x = np.random.default_rng(1).normal(size=(2, 3, 6, 12))
    for size, stride in [(2, (2, 2)), ((3, 2), (3, 2)), ([2, 4], 2), (3, (3, 1)), (1, None)]:
        one, two = node(size), node(size, stride=stride)
        pair = np.broadcast_to(size, 2).tolist()
        steps = pair if stride is None else np.broadcast_to(stride, 2).tolist()
        sides = [(n - k) // s + 1 for n, k, s in zip((6, 12), pair, steps, strict=True)]
        assert two.forward(x).shape == (2, 3, *sides)
        assert one.forward(x).shape == (2, 3, 6 // pair[0], 12 // pair[1])
        if steps == pair:
            np.testing.assert_array_equal(one.forward(x), two.forward(x))


# Where the gradients go


@pytest.mark.parametrize("name", ["AveragePool2d", "MaxPool2d"])
@few
@given(g=geometries(), seed=seeds)
def test_the_sum_of_the_gradients_is_kept(name, g, seed):
    g, inputs, upstream = sample(KINDS[name], g, seed)
    _, (dx,) = run(KINDS[name], g, inputs, upstream)
    for axes in [(2, 3), None]:  # in every channel of every example, so in all too
        np.testing.assert_allclose(dx.sum(axis=axes), upstream.sum(axis=axes), atol=1e-12)


@few
@given(without_border, seeds, st.integers(1, 3))
def test_only_the_first_winner_of_each_window_gets_its_gradient(g, seed, values):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, values, (g.n, g.channels, *g.sides())).astype(float)  # ties all over
    upstream = rng.integers(1, 9, (g.n, g.channels, *g.out)).astype(float)
    found, (dx,) = run(KINDS["MaxPool2d"], g, [x], upstream)
    y, (expected,) = KINDS["MaxPool2d"].loops(g, [x], upstream)
    np.testing.assert_array_equal(found, y)
    np.testing.assert_array_equal(dx, expected)


@pytest.mark.parametrize("value", [0.0, -3.0, np.inf, -np.inf])
def test_where_all_are_equal_the_first_wins(value):
    node = MaxPool2d((2, 3))
    assert (node.forward(np.full((2, 2, 4, 6), value)) == value).all()
    dx = node.backward(np.full((2, 2, 2, 2), 5.0))
    first = np.zeros((2, 2, 4, 6))
    first[:, :, ::2, ::3] = 5
    np.testing.assert_array_equal(dx, first)


def test_a_tie_goes_to_the_upper_row_and_there_to_the_left():
    node = MaxPool2d(2)
    for x, winner in [([[0, 7], [7, 0]], 1), ([[0, 0], [7, 7]], 2), ([[7, 0], [7, 0]], 0)]:
        node.forward([[x]])
        assert node.backward([[[[1]]]]).ravel().tolist() == np.eye(4)[winner].tolist()


def test_the_complex_step_does_not_decide_a_tie():
    node = MaxPool2d(2)
    assert node.forward([[[[1, 1 + 1e-20j], [0, 1 + 2e-20j]]]]).tolist() == [[[[1]]]]
    assert node.backward([[[[1]]]]).real.tolist() == [[[[1, 0], [0, 0]]]]


def test_a_cell_that_wins_several_windows_gets_the_sum():
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 5
    node = MaxPool2d(2, stride=1)
    assert node.forward(x).tolist() == [[[[5, 5], [5, 5]]]]
    dx = np.zeros((3, 3))
    dx[1, 1] = 1 + 2 + 3 + 4
    assert node.backward(UPSTREAM).tolist() == [[dx.tolist()]]
    average = AveragePool2d(2, stride=1)
    average.forward(x)
    assert average.backward(np.full((1, 1, 2, 2), 4)).tolist() == [
        [[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]
    ]


def test_cells_between_the_windows_get_nothing():
    for node in (AveragePool2d(1, stride=2), MaxPool2d(1, stride=2)):
        assert node.forward(np.arange(9.0).reshape(1, 1, 3, 3)).tolist() == [[[[0, 2], [6, 8]]]]
        assert node.backward(UPSTREAM).tolist() == [[[[1, 0, 2], [0, 0, 0], [3, 0, 4]]]]


def test_nan_wins_and_gets_the_gradient():
    x = np.array(IMAGE, dtype=float)
    x[0, 0, 1, 0] = x[0, 0, 2, 2] = x[0, 0, 3, 3] = np.nan
    node = MaxPool2d(2)
    np.testing.assert_array_equal(node.forward(x), [[[[np.nan, 3], [4, np.nan]]]])
    dx = [[0, 0, 0, 0], [1, 0, 0, 2], [0, 0, 4, 0], [0, 3, 0, 0]]
    assert node.backward(UPSTREAM).tolist() == [[dx]]
    averages = AveragePool2d(2).forward(x)
    np.testing.assert_array_equal(averages, [[[[np.nan, 1.5], [2.25, np.nan]]]])


@pytest.mark.parametrize("name", ["AveragePool2d", "MaxPool2d"])
def test_a_gradient_that_is_not_finite_stays_in_its_window(name):
    g, inputs, upstream = sample(KINDS[name], GEOMETRIES["gaps between the windows"])
    upstream[0, 1, 2, 0], upstream[1, 0, 0, 1] = np.nan, np.inf
    _, (dx,) = run(KINDS[name], g, inputs, upstream)
    window = 1 if name == "MaxPool2d" else 2
    assert np.isnan(dx[0, 1, 6]).sum() == np.isnan(dx).sum() == window
    assert np.isinf(dx[1, 0, 0]).sum() == np.isinf(dx).sum() == window


# Properties


@few
@given(geometries(), seeds)
def test_average_pooling_is_a_convolution_of_each_channel(g, seed):
    g, (x,), upstream = sample(KINDS["AveragePool2d"], g, seed)
    y, (dx,) = run(KINDS["AveragePool2d"], g, [x], upstream)
    kernel = np.full((1, 1, *g.size), 1 / np.prod(g.size))
    conv = Conv2d(kernel, [0.0], g.stride)
    for c in range(g.channels):
        assert_all_close([conv.forward(x[:, c : c + 1])], [y[:, c : c + 1]])
        assert_all_close([conv.backward(upstream[:, c : c + 1])], [dx[:, c : c + 1]])


@each_geometry
def test_winners_say_where_the_maxima_stand(g):
    g, (x,), _ = sample(KINDS["MaxPool2d"], g)
    node, y = forward(KINDS["MaxPool2d"], g, [x])
    assert node.winners.shape == (g.channels, g.n * g.out[0] * g.out[1])
    winners = node.winners.reshape(g.channels, g.n, *g.out)
    cells = {(i, np.ravel_multi_index(u, g.size)): h for i, u, h in seen(g)}
    for n, c, *i in every(*y.shape):
        assert x[n, c, *cells[tuple(i), winners[c, n, *i]]] == y[n, c, *i]


@pytest.mark.parametrize("name", ["AveragePool2d", "MaxPool2d"])
def test_channels_and_examples_are_pooled_on_their_own(name):
    g, (x,), upstream = sample(KINDS[name], GEOMETRIES["stride"])
    y, (dx,) = run(KINDS[name], g, [x], upstream)
    for n, c in every(g.n, g.channels):
        alone = (slice(n, n + 1), slice(c, c + 1))
        found = run(KINDS[name], g, [x[alone]], upstream[alone])
        assert_all_close([found[0], *found[1]], [y[alone], dx[alone]])


@few
@given(geometries(), seeds, st.floats(-5, 5), st.floats(0.1, 5))
def test_pooling_follows_a_shift_and_a_scale(g, seed, shift, scale):
    for name in ("AveragePool2d", "MaxPool2d"):
        geometry, (x,), _ = sample(KINDS[name], g, seed)
        _, y = forward(KINDS[name], geometry, [x])
        _, moved = forward(KINDS[name], geometry, [scale * x + shift])
        assert_all_close([moved], [scale * y + shift])
