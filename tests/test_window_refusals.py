"""What convolutions, padding and pooling refuse, and what they say."""

import numpy as np
import pytest
from convolution_kinds import GEOMETRIES, KINDS, each_convolution, every_kind, run, sample

from course_utils.nodes import (
    AveragePool2d,
    Conv1d,
    Conv2d,
    Flatten,
    MaxPool2d,
    TransposedConv2d,
    ZeroPad2d,
)

PLAIN = GEOMETRIES["as plain as can be"]
each_pool = pytest.mark.parametrize("pool", [AveragePool2d, MaxPool2d])


def said(error, call, *args, **named):
    """Return what the error says that a call must raise."""
    with pytest.raises(error) as caught:
        call(*args, **named)
    return str(caught.value)


def ones(*shape):
    return np.ones(shape)


# Backward


@every_kind
def test_backward_before_forward(kind):
    g, (_, *params), upstream = sample(kind, PLAIN)
    node = kind.make(g, *params)
    for name in ("backward", "backward_params"):
        if hasattr(node, name):
            assert said(RuntimeError, getattr(node, name), upstream) == (
                f"{kind.node.__name__}.{name} was called before forward: run forward first"
            )


@every_kind
def test_an_upstream_of_another_shape(kind):
    g, inputs, upstream = sample(kind, PLAIN)
    shape = upstream.shape
    for other in [(), (1,), shape[1:], (1, *shape), (upstream.size,), (1, *shape[1:])]:
        assert said(ValueError, run, kind, g, inputs, np.ones(other)) == (
            f"{kind.node.__name__}.backward: the upstream gradient has shape {other}, "
            f"but the output had shape {shape}"
        )


def test_an_upstream_of_another_shape_for_the_parameters():
    conv = Conv2d(ones(1, 1, 2, 2), [0.0])
    conv.forward(ones(1, 1, 3, 3))
    assert said(ValueError, conv.backward_params, ones(1, 1, 3, 3)) == (
        "Conv2d.backward_params: the upstream gradient has shape (1, 1, 3, 3), "
        "but the output had shape (1, 1, 2, 2)"
    )


# Inputs


WRONG_INPUTS = {
    "H and W alone": (28, 28),
    "one axis too few": (2, 28, 28),
    "one axis too many": (1, 2, 2, 28, 28),
    "a number": (),
    "no channel": (5, 0, 28, 28),
    "no row": (5, 2, 0, 28),
    "no column": (5, 2, 28, 0),
}
WRONG_CHANNELS = {
    "one channel": (5, 1, 28, 28),
    "three channels": (5, 3, 28, 28),
    "channels last": (5, 28, 28, 2),
}
ALL_WRONG = WRONG_INPUTS | WRONG_CHANNELS


@pytest.mark.parametrize("shape", ALL_WRONG.values(), ids=ALL_WRONG)
def test_inputs_that_convolutions_of_images_refuse(shape):
    assert said(ValueError, Conv2d(ones(4, 2, 3, 3), ones(4), 1, 1).forward, np.ones(shape)) == (
        f"Conv2d.forward: W has shape (4, 2, 3, 3), so x must have shape (N, 2, H, W), "
        f"no side 0, got {shape}"
    )
    assert said(
        ValueError, TransposedConv2d(ones(2, 4, 3, 3), ones(4)).forward, np.ones(shape)
    ) == (
        "TransposedConv2d.forward: W has shape (2, 4, 3, 3), so x must have shape (N, 2, H, W), "
        f"no side 0, got {shape}"
    )


@pytest.mark.parametrize("shape", [(9,), (2, 9), (5, 3, 9), (5, 9, 2), (5, 2, 0), (5, 2, 9, 1), ()])
def test_inputs_that_convolutions_of_signals_refuse(shape):
    assert said(ValueError, Conv1d(ones(4, 2, 3), ones(4), padding=2).forward, np.ones(shape)) == (
        "Conv1d.forward: W has shape (4, 2, 3), so x must have shape (N, 2, L), no side 0, "
        f"got {shape}"
    )


@each_pool
@pytest.mark.parametrize("shape", WRONG_INPUTS.values(), ids=WRONG_INPUTS)
def test_inputs_that_pooling_refuses(pool, shape):
    assert said(ValueError, pool(1).forward, np.ones(shape)) == (
        f"{pool.__name__}.forward: expected x of shape (N, C, H, W), no side 0, got {shape}"
    )


@pytest.mark.parametrize("shape", [(), (28,), (28, 28), (2, 28, 28), (1, 1, 2, 28, 28)])
def test_inputs_that_zero_pad_refuses(shape):
    expected = f"ZeroPad2d.forward: expected x of shape (N, C, H, W), got {shape}"
    assert said(ValueError, ZeroPad2d(1).forward, np.ones(shape)) == expected


def test_flatten_refuses_what_has_no_axis_for_the_examples():
    expected = "Flatten.forward: expected an array of examples, got a single number"
    assert said(ValueError, Flatten().forward, 3.0) == expected


# Windows that do not fit


def nodes_with_windows(size):
    """Return nodes whose windows have this size, for images of one channel."""
    conv = Conv2d(ones(1, 1, *size), [0.0])
    return [conv, AveragePool2d(size, stride=1), MaxPool2d(size, stride=1)]


@pytest.mark.parametrize("size", [(6, 1), (1, 4), (6, 4), (5, 4), (99, 99)])
def test_windows_larger_than_the_input(size):
    for node in nodes_with_windows(size):
        assert said(ValueError, node.forward, ones(2, 1, 5, 3)) == (
            f"{type(node).__name__}.forward: a window of {size[0]} × {size[1]} does not fit into "
            "an input of 5 × 3 (padding included)"
        )


def test_windows_larger_than_the_input_with_its_border():
    x = ones(2, 1, 5, 3)
    assert Conv2d(ones(1, 1, 7, 7), [0.0], padding=(1, 2)).forward(x).shape == (2, 1, 1, 1)
    assert said(ValueError, Conv2d(ones(1, 1, 8, 7), [0.0], padding=(1, 2)).forward, x) == (
        "Conv2d.forward: a window of 8 × 7 does not fit into an input of 7 × 7 (padding included)"
    )
    assert said(ValueError, Conv1d(ones(1, 1, 6), [0.0], padding=1).forward, ones(2, 1, 3)) == (
        "Conv1d.forward: a window of 6 does not fit into an input of 5 (padding included)"
    )


@pytest.mark.parametrize(
    "sides, size, stride, dropped",
    [
        ((6, 5), (3, 3), (2, 2), "the last 1 row would"),
        ((5, 6), (3, 3), (2, 2), "the last 1 column would"),
        ((6, 6), (3, 3), (2, 2), "the last 1 row and 1 column would"),
        ((7, 9), (3, 2), (5, 4), "the last 4 rows and 3 columns would"),
        ((7, 9), (3, 2), (2, 4), "the last 3 columns would"),
        ((28, 28), (3, 3), (3, 3), "the last 1 row and 1 column would"),
        ((2, 2), (1, 1), (9, 1), "the last 1 row would"),
    ],
)
def test_a_stride_that_leaves_a_remainder(sides, size, stride, dropped):
    conv = Conv2d(ones(1, 1, *size), [0.0], stride)
    for node in (conv, AveragePool2d(size, stride), MaxPool2d(size, stride)):
        where = rf"^{type(node).__name__}\.forward: "
        size_, stride_, sides_ = (" × ".join(map(str, pair)) for pair in (size, stride, sides))
        windows = f"windows of {size_} with stride {stride_} do not reach the end of an "
        inputs = rf"input of {sides_} \(padding included\): {dropped} be dropped\. "
        with pytest.raises(ValueError, match=f"{where}{windows}{inputs}Cut the input or pad it"):
            node.forward(ones(2, 1, *sides))


def test_a_border_counts_in_the_remainder():
    x, W = ones(1, 1, 6, 6), ones(1, 1, 3, 3)
    with pytest.raises(
        ValueError, match=r"of 8 × 8 \(padding included\): the last 1 row and 1 col"
    ):
        Conv2d(W, [0.0], stride=2, padding=1).forward(x)
    assert Conv2d(W, [0.0], stride=3, padding=0).forward(x).shape == (1, 1, 2, 2)
    assert Conv2d(W, [0.0], stride=5, padding=1).forward(x).shape == (1, 1, 2, 2)
    with pytest.raises(ValueError, match=r"input of 6 .*: the last 1 entry would be dropped"):
        Conv1d(W[:, :, 0], [0.0], stride=2).forward(x[:, :, 0])
    with pytest.raises(ValueError, match=r"input of 8 .*: the last 2 entries would be dropped"):
        Conv1d(W[:, :, 0], [0.0], stride=3).forward(ones(1, 1, 8))


def test_windows_are_checked_anew_for_every_input():
    pool, conv = MaxPool2d(2), Conv2d(ones(1, 1, 2, 2), [0.0], 2)
    for node in (pool, conv):
        node.forward(ones(1, 1, 4, 4))
        with pytest.raises(ValueError, match="the last 1 column would be dropped"):
            node.forward(ones(1, 1, 4, 5))
    conv.params["W"] = ones(1, 1, 5, 5)
    with pytest.raises(ValueError, match=r"a window of 5 × 5 does not fit into an input of 4 × 4"):
        conv.forward(ones(1, 1, 4, 4))


# Parameters


LAYOUTS = {Conv1d: "(F, C, K)", Conv2d: "(F, C, KH, KW)", TransposedConv2d: "(C, F, KH, KW)"}
RIGHT = {Conv1d: (4, 2, 3), Conv2d: (4, 2, 3, 3), TransposedConv2d: (2, 4, 3, 3)}


def wrong_params(node):
    """Return shapes of W and b that a convolution refuses."""
    W = RIGHT[node]
    biases = [(W, b) for b in [(), (2,), (3,), (1,), (4, 1), (1, 4), (0,)]]
    kernels = [W[:-1], (*W, 1), (), (4,), W[::-1][:2]]
    empty = [tuple(0 if i == axis else n for i, n in enumerate(W)) for axis in range(len(W))]
    return biases + [(kernel, (4,)) for kernel in kernels + empty]


@each_convolution
def test_parameters_that_convolutions_refuse(kind):
    node = kind.node
    for W, b in [*wrong_params(node), ((0, *RIGHT[node][1:]), (0,))]:
        wanted = f"W must have shape {LAYOUTS[node]}, no side 0, and b (F,), got {W} and {b}"
        assert said(ValueError, node, np.ones(W), np.ones(b)) == f"{node.__name__}: {wanted}"
        made = node(np.ones(RIGHT[node]), ones(4))
        made.params["W"], made.params["b"] = np.ones(W), np.ones(b).tolist()
        x = np.ones((1, 2, *[5] * kind.axes))
        assert said(ValueError, made.forward, x) == f"{node.__name__}.forward: {wanted}"


@each_convolution
@pytest.mark.parametrize("bad", ["a", None, [[1, 2], [3]]], ids=str)
def test_what_is_not_numbers(kind, bad):
    g, (x, W, b), _ = sample(kind, PLAIN)
    name, expected = kind.node.__name__, f"expected a number or an array of numbers, got {bad!r}"
    assert said(TypeError, kind.node, bad, b) == f"{name}: {expected}"
    assert said(TypeError, kind.node, W, bad) == f"{name}: {expected}"
    node = kind.make(g, W, b)
    assert said(TypeError, node.forward, bad) == f"{name}.forward: {expected}"
    node.forward(x)
    assert said(TypeError, node.backward, bad) == f"{name}.backward: {expected}"
    node.params["b"] = bad
    assert said(TypeError, node.forward, x) == f"{name}.forward: {expected}"


@pytest.mark.parametrize("name", ["ZeroPad2d", "Flatten", "AveragePool2d", "MaxPool2d"])
@pytest.mark.parametrize("bad", ["a", None, [[1, 2], [3]]], ids=str)
def test_an_image_that_is_not_numbers(name, bad):
    node = KINDS[name].make(PLAIN)
    expected = f"{name}.forward: expected a number or an array of numbers, got {bad!r}"
    assert said(TypeError, node.forward, bad) == expected


# Strides, paddings and sizes


NO_COUNT = [-1, 1.0, 2.5, True, None, "2", np.nan, 1j, np.float64(2), np.bool_(True), np.array(2)]
NO_PAIR = [(), (1,), (1, 2, 3), (1, 2.0), (1, True), (-1, 1), (1, None), "12", [[1, 2]], ((1,), 2)]
WANTED = "must be a whole number of {} or more, or 2 of them, got {!r}"
W, B = np.ones((1, 1, 2, 2)), np.zeros(1)


@pytest.mark.parametrize("value", [*NO_COUNT, 0, *NO_PAIR, (0, 1), (1, 0)], ids=repr)
def test_strides_that_are_refused(value):
    wanted = "stride " + WANTED.format(1, value)
    assert said(ValueError, Conv2d, W, B, value) == f"Conv2d: {wanted}"
    assert said(ValueError, TransposedConv2d, W, B, stride=value) == f"TransposedConv2d: {wanted}"
    if value is not None:  # the size unless given
        assert said(ValueError, AveragePool2d, 2, value) == f"AveragePool2d: {wanted}"
        assert said(ValueError, MaxPool2d, 2, stride=value) == f"MaxPool2d: {wanted}"


@pytest.mark.parametrize("value", [*NO_COUNT, *NO_PAIR], ids=repr)
def test_paddings_that_are_refused(value):
    wanted = "padding " + WANTED.format(0, value)
    assert said(ValueError, Conv2d, W, B, 1, value) == f"Conv2d: {wanted}"
    assert said(ValueError, ZeroPad2d, value) == f"ZeroPad2d: {wanted}"


@each_pool
@pytest.mark.parametrize("value", [*NO_COUNT, 0, *NO_PAIR, (0, 1), (1, 0)], ids=repr)
def test_sizes_that_are_refused(pool, value):
    expected = f"{pool.__name__}: size " + WANTED.format(1, value)
    assert said(ValueError, pool, value) == expected
    assert said(ValueError, pool, value, 1) == expected


@pytest.mark.parametrize("value", [*NO_COUNT, (), (1, 1), [-1], (1.0,), (True,)], ids=repr)
def test_numbers_that_are_refused_where_there_is_one_axis(value):
    expected = "Conv1d: {} must be a whole number of {} or more, got " + repr(value)
    assert said(ValueError, Conv1d, W[0], B, value) == expected.format("stride", 1)
    assert said(ValueError, Conv1d, W[0], B, 1, value) == expected.format("padding", 0)
    assert said(ValueError, Conv1d, W[0], B, 0).endswith("of 1 or more, got 0")


def test_whole_numbers_of_numpy_are_accepted():
    x = np.ones((1, 1, 6, 6))
    one, pair = np.int32(1), np.array([2, 1], dtype=np.uint8)
    assert Conv2d(W, B, pair, one).forward(x).shape == (1, 1, 4, 7)
    assert TransposedConv2d(W, B, pair).forward(x).shape == (1, 1, 12, 7)
    assert ZeroPad2d(pair).forward(x).shape == (1, 1, 10, 8)
    assert MaxPool2d(pair).forward(x).shape == AveragePool2d(pair).forward(x).shape == (1, 1, 3, 6)
