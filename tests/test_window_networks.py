"""Convolutions and pooling at work: in a graph of Variables, and in networks that learn."""

import numpy as np
import pytest
from convolution_kinds import (
    GEOMETRIES,
    KINDS,
    assert_all_close,
    every_kind,
    run,
    sample,
)

from course_utils.graph import Variable, apply
from course_utils.nodes import (
    Affine,
    AveragePool2d,
    Conv1d,
    Conv2d,
    Flatten,
    MaxPool2d,
    MeanSquaredError,
    ReLU,
    SoftmaxWithLoss,
    TransposedConv2d,
    ZeroPad2d,
)
from course_utils.training import SGD, Network, batches, fit

GEOMETRY = GEOMETRIES["stride and padding"]

# In a graph


@every_kind
def test_a_node_in_a_graph_of_variables(kind):
    g, (x, *params), upstream = sample(kind, GEOMETRY)
    variable = Variable(x, "x")
    y = apply(kind.make(g, *params), variable)
    y.backward(upstream)
    output, gradients = run(kind, g, [x, *params], upstream)
    np.testing.assert_array_equal(y.value, output)
    np.testing.assert_array_equal(variable.grad, gradients[0])
    assert y.parents == (variable,)
    for name, gradient in zip(getattr(y.node, "params", {}), gradients[1:], strict=True):
        np.testing.assert_array_equal(y.node.grads[name], gradient)


def test_nodes_in_a_row_and_a_fork_in_a_graph():
    rng = np.random.default_rng(2)
    x, W = rng.normal(size=(2, 1, 5, 5)), rng.normal(size=(1, 1, 3, 3))
    variable = Variable(x)
    row = apply(ReLU(), apply(Conv2d(W, [0.1]), apply(ZeroPad2d(1), variable)))
    y = row * variable  # as a gate
    y.backward(np.ones(y.value.shape))
    scores = Conv2d(W, [0.1], padding=1)
    gates = np.maximum(scores.forward(x), 0)
    assert_all_close([variable.grad], [gates + scores.backward(x * (gates > 0))])


# In a network


def bars(count, side=6, dtype=float):
    """Return images with one bright row (class 0) or column (class 1), and the classes."""
    rng = np.random.default_rng(11)
    x = rng.normal(0, 0.1, (count, 1, side, side))
    classes = np.arange(count) % 2
    for image, is_column, place in zip(x, classes, rng.integers(0, side, count), strict=True):
        image[0][:, place] += is_column
        image[0][place] += 1 - is_column
    return x.astype(dtype), classes


def he(rng, *shape, dtype=float):
    return (rng.normal(size=shape) * np.sqrt(2 / np.prod(shape[1:]))).astype(dtype)


def network_for_images(pool=MaxPool2d, dtype=float):
    rng = np.random.default_rng(3)
    zeros = np.zeros(4, dtype)
    layers = [
        ZeroPad2d(1),
        Conv2d(he(rng, 4, 1, 3, 3, dtype=dtype), zeros),
        ReLU(),
        pool(2),
        Conv2d(he(rng, 4, 4, 3, 3, dtype=dtype), zeros, padding=1),
        ReLU(),
        Flatten(),
        Affine(he(rng, 2, 36, dtype=dtype).T, zeros[:2]),
    ]
    return Network(layers, SoftmaxWithLoss())


def network_for_signals():
    rng = np.random.default_rng(3)
    layers = [Conv1d(he(rng, 4, 1, 3), np.zeros(4), padding=1), ReLU()]
    return Network([*layers, Conv1d(he(rng, 1, 4, 3), [0.0], padding=1)], MeanSquaredError())


def network_with_transposed():
    rng = np.random.default_rng(3)
    layers = [TransposedConv2d(he(rng, 1, 3, 2, 2), np.zeros(3), stride=2), ReLU()]
    back = Conv2d(he(rng, 1, 3, 2, 2), np.zeros(1), stride=2)
    return Network([*layers, back, AveragePool2d(1)], MeanSquaredError())


def tasks():
    """Return {name: (function that makes a network, X, target, learning rate)}, 23 examples."""
    images, classes = bars(23)
    signals = np.random.default_rng(4).normal(size=(23, 1, 9))
    blurred = (np.pad(signals, [(0, 0), (0, 0), (1, 1)]) * 0.5)[:, :, 2:] + signals
    return {
        "max": (network_for_images, images, classes, 0.1),
        "average": (lambda: network_for_images(AveragePool2d), images, classes, 0.1),
        "signals": (network_for_signals, signals, blurred, 0.01),
        "transposed": (network_with_transposed, images, 0.5 * images + 0.1, 0.01),
    }


each_task = pytest.mark.parametrize("task", tasks().values(), ids=tasks())


@each_task
def test_a_network_learns_with_a_last_batch_of_fewer(task):
    make, X, target, rate = task
    network = make()
    before = network.forward(X, target)
    history = fit(network, X, target, SGD(rate), 30, batch_size=4, progress=False)
    assert len(history.losses) == 30 * 6, "five batches of 4 and one of 3"
    assert network.forward(X, target) < before / 10


@each_task
def test_learning_without_checks_is_the_same_learning(task):
    make, X, target, rate = task
    fitted, checked = make(), make()
    fit(fitted, X, target, SGD(rate), 3, batch_size=4, progress=False)
    rng, optimizer = np.random.default_rng(0), SGD(rate)
    for _ in range(3):
        for rows in batches(len(X), 4, rng):
            checked.forward(X[rows], target[rows])
            checked.backward()
            optimizer.update(checked.params, checked.grads)
    assert list(fitted.params) == list(checked.params)
    for name, parameter in checked.params.items():
        np.testing.assert_array_equal(fitted.params[name], parameter)


@each_task
def test_an_unchecked_network_gives_the_same_gradients(task):
    make, X, target, _ = task
    one, other = make(), make()
    unchecked = other.unchecked()
    assert unchecked.forward(X, target) == one.forward(X, target)
    np.testing.assert_array_equal(unchecked.backward(), one.backward())
    for forget in (False, True):
        if forget:
            unchecked.forward(X, target)
            unchecked.backward_params()
        for name, gradient in one.grads.items():
            np.testing.assert_array_equal(other.grads[name], gradient)


@pytest.mark.parametrize("pool", [AveragePool2d, MaxPool2d])
def test_a_network_of_float32_learns_in_float32(pool):
    X, classes = bars(10, dtype=np.float32)
    network = network_for_images(pool, np.float32)
    fit(network, X, classes, SGD(0.1), 2, batch_size=4, progress=False)
    arrays = [*network.params.values(), *network.grads.values(), network.predict(X)]
    assert {a.dtype for a in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", ["Conv1d", "Conv2d"])
@pytest.mark.parametrize("checks", [True, False])
def test_a_first_convolution_is_not_asked_for_its_input(name, checks):
    kind = KINDS[name]

    class OnlyParams(kind.node):
        def backward(self, upstream):
            raise AssertionError("nobody wants ∂L/∂x")

        def backward_params(self, upstream):
            super().backward_params(upstream)

    g, (x, *params), _ = sample(kind, GEOMETRY)
    network = Network([OnlyParams(*params, g.stride, g.padding)], MeanSquaredError())
    one = network if checks else network.unchecked()
    y = kind.make(g, *params).forward(x)
    one.forward(x, 0 * y)
    one.backward_params()
    _, (_, dW, db) = run(kind, g, [x, *params], 2 * y / len(y))
    assert_all_close(network.grads.values(), [dW, db])


class Flipped(Conv2d):
    """A reader's mistake to look at: the sign of every gradient is wrong."""

    def backward(self, upstream):
        dx = super().backward(upstream)
        self.grads = {name: -gradient for name, gradient in self.grads.items()}
        return -dx


@pytest.mark.parametrize("checks", [True, False])
def test_a_backward_of_ones_own_is_what_learning_asks_too(checks):
    g, (x, *params), _ = sample(KINDS["Conv2d"], GEOMETRIES["as plain as can be"])
    y = Conv2d(*params).forward(x)
    network = Network([Flipped(*params)], MeanSquaredError())
    one = network if checks else network.unchecked()
    network.forward(x, 0 * y)  # so that the checked methods know their shapes
    one.forward(x, 0 * y)
    one.backward_params()
    _, (_, dW, db) = run(KINDS["Conv2d"], g, [x, *params], 2 * y / len(y))
    assert_all_close(network.grads.values(), [-dW, -db])
