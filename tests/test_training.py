"""A network's gradients against HIPS autograd, what it promises, and the steps of SGD."""

from itertools import islice

import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import LAYERS, LOSSES, normal

from course_utils.nodes import (
    Affine,
    MeanSquaredError,
    ReLU,
    Sigmoid,
    SigmoidWithLoss,
    SoftmaxWithLoss,
)
from course_utils.training import SGD, Network

few = settings(max_examples=80, deadline=None, derandomize=True)
rows_of_layers = st.lists(
    st.sampled_from(["Affine", "Affine", "ReLU", "Sigmoid", "Softmax"]), min_size=1, max_size=6
)
losses = st.sampled_from(list(LOSSES.values()))
seeds = st.integers(0, 999)


def draw_network(names, kind, seed, dtype=float):
    """Return a network with these layers, an X of 1 to 4 examples, and a target."""
    rng = np.random.default_rng(seed)
    count, width = rng.integers(1, 5, 2)
    X, layers = normal(rng, (count, width)).astype(dtype), []
    for name in names:
        params = ()
        if name == "Affine":
            _, *params = LAYERS[name].draw(rng, count, width, rng.integers(1, 5))
            params = [(parameter / np.sqrt(width)).astype(dtype) for parameter in params]
            width = len(params[1])
        layers.append(LAYERS[name].node(*params))
    return Network(layers, kind.node()), X, kind.draw(rng, count, 1, width)[1]


def oracle(names, kind, target):
    """Return the loss for autograd, a function of X and all parameters."""

    def loss(X, *params):
        params = iter(params)
        for name in names:
            X = LAYERS[name].oracle(X, *islice(params, 2 if name == "Affine" else 0))
        return kind.oracle(X, target)

    return loss


def small_network(dtype=float):
    rng = np.random.default_rng(3)
    first = Affine(rng.normal(size=(2, 4)).astype(dtype), rng.normal(size=4).astype(dtype))
    last = Affine(rng.normal(size=(4, 3)).astype(dtype), rng.normal(size=3).astype(dtype))
    return Network([first, ReLU(), last], SoftmaxWithLoss())


SMALL_X, SMALL_TARGET = np.array([[1.0, 2.0], [-0.5, 0.25]]), np.array([2, 0])


def copies(arrays):
    return {name: array.copy() for name, array in arrays.items()}


def assert_same(arrays, others):
    assert list(arrays) == list(others)
    for name, array in arrays.items():
        assert array.dtype == others[name].dtype
        np.testing.assert_array_equal(array, others[name], err_msg=name)


# Network


@few
@given(rows_of_layers, losses, seeds, st.floats(-3, 3))
def test_all_gradients_equal_autograd(names, kind, seed, upstream):
    network, X, target = draw_network(names, kind, seed)
    params = list(network.params.values())
    loss = network.forward(X, target)
    gradients = [network.backward(upstream), *network.grads.values()]
    of_oracle = oracle(names, kind, target)
    np.testing.assert_allclose(loss, of_oracle(X, *params), rtol=1e-9, atol=1e-14)
    slopes = grad(of_oracle, tuple(range(1 + len(params))))(X, *params)
    for gradient, slope in zip(gradients, slopes, strict=True):
        assert gradient.shape == slope.shape
        np.testing.assert_allclose(gradient, upstream * slope, rtol=1e-8, atol=1e-14)


@few
@given(rows_of_layers, losses, seeds, st.sampled_from([1.0, -0.75]))
def test_backward_params_gives_the_same_gradients(names, kind, seed, upstream):
    network, X, target = draw_network(names, kind, seed)
    network.forward(X, target)
    network.backward(upstream)
    expected = copies(network.grads)
    for gradient in network.grads.values():
        gradient[...] = np.nan
    assert network.backward_params(upstream) is None
    assert_same(network.grads, expected)


@few
@given(rows_of_layers, losses, seeds, st.sampled_from([np.float64, np.float32]))
def test_without_checks_each_bit_is_the_same(names, kind, seed, dtype):
    network, X, target = draw_network(names, kind, seed, dtype)
    loss, gradient = network.forward(X, target), network.backward()
    scores, grads = network.predict(X), copies(network.grads)
    running = network.unchecked()
    assert_same(running.params, network.params)
    assert running.forward(X, target) == loss
    np.testing.assert_array_equal(running.backward(), gradient)
    assert_same(network.grads, grads)
    running.backward_params()
    assert_same(network.grads, grads)
    np.testing.assert_array_equal(running.predict(X), scores)


def test_the_loss_and_gradients_have_an_upstream_of_1_unless_given():
    network = small_network()
    network.forward(SMALL_X, SMALL_TARGET)
    gradient, grads = network.backward(), copies(network.grads)
    np.testing.assert_array_equal(network.backward(1.0), gradient)
    network.backward_params(1.0)
    assert_same(network.grads, grads)


def test_names_count_the_layers_with_parameters():
    one = np.ones((1, 1)), np.ones(1)
    layers = [ReLU(), Affine(*one), Sigmoid(), ReLU(), Affine(*one), Affine(*one), Sigmoid()]
    network = Network(layers, MeanSquaredError())
    names = ["W1", "b1", "W2", "b2", "W3", "b3"]
    assert list(network.params) == names
    network.forward([[1]], [[0]])
    network.backward()
    assert list(network.grads) == names
    for number, layer in ((1, 1), (2, 4), (3, 5)):
        assert network.params[f"W{number}"] is layers[layer].params["W"]
        assert network.grads[f"b{number}"] is layers[layer].grads["b"]


@pytest.mark.parametrize("form", [list, tuple, iter])
def test_layers_may_come_in_any_row(form):
    layers = [ReLU(), Affine(np.ones((2, 1)), np.ones(1))]
    network = Network(form(layers), MeanSquaredError())
    assert network.layers == tuple(layers)
    assert network.predict([[1, 2]]).tolist() == [[4]]


def test_the_parameters_are_the_layers_own():
    network = small_network()
    running, before = network.unchecked(), network.forward(SMALL_X, SMALL_TARGET)
    network.params["b2"] += [0, 0, 5]
    changed = network.forward(SMALL_X, SMALL_TARGET)
    assert changed != before and running.forward(SMALL_X, SMALL_TARGET) == changed
    network.layers[2].params["b"] = np.zeros(3)
    assert network.params["b2"].tolist() == running.params["b2"].tolist() == [0, 0, 0]
    assert running.forward(SMALL_X, SMALL_TARGET) == network.forward(SMALL_X, SMALL_TARGET)


def test_predict_is_the_last_layers_output():
    network = small_network()
    W1, b1, W2, b2 = network.params.values()
    scores = network.predict(SMALL_X)
    np.testing.assert_array_equal(scores, np.maximum(SMALL_X @ W1 + b1, 0) @ W2 + b2)
    assert network.loss.forward(scores, SMALL_TARGET) == network.forward(SMALL_X, SMALL_TARGET)


def test_a_network_without_parameters():
    network = Network([Sigmoid(), ReLU()], MeanSquaredError())
    for one in (network, network.unchecked()):
        assert one.params == one.grads == {}
        assert one.forward(np.zeros((1, 1)), np.zeros((1, 1))) == 0.25
        assert one.backward().tolist() == [[0.25]]
        assert one.backward_params() is None


def test_a_network_without_parameters_asks_its_last_layer_alone():
    class Same:
        def forward(self, x):
            return x

        def backward(self, upstream):
            asked.append(self)
            return upstream

    asked, layers = [], [Same(), Same()]
    network = Network(layers, MeanSquaredError())
    network.forward([[1.0]], [[0.0]])
    network.backward_params()
    assert asked == layers[1:]


def test_float32_stays_float32():
    network = small_network(np.float32)
    loss = network.forward(SMALL_X.astype(np.float32), SMALL_TARGET)
    arrays = [loss, network.backward(), *network.grads.values(), *network.params.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


# What a network refuses


def test_no_layer():
    with pytest.raises(ValueError) as caught:
        Network([], MeanSquaredError())
    assert str(caught.value) == "Network: expected at least one layer, got none"


class PlainSquare:
    """y = x², by a class that is no Node."""

    def forward(self, x):
        return x**2


@pytest.mark.parametrize("make", [ReLU, PlainSquare, lambda: Affine(np.eye(2), np.zeros(2))])
def test_one_layer_in_two_places(make):
    twice, between = make(), Affine(np.eye(2), np.zeros(2))
    for layers in ([twice, twice], [twice, between, twice], iter([between, twice, twice])):
        with pytest.raises(ValueError) as caught:
            Network(layers, MeanSquaredError())
        assert str(caught.value) == (
            "Network: one layer stands in two places, and keeps only what its last forward "
            "needs; make a layer of its own for each place"
        )
    assert len(Network([make(), between, make()], MeanSquaredError()).layers) == 3


@pytest.mark.parametrize("method", ["backward", "backward_params"])
def test_backward_before_forward(method):
    with pytest.raises(RuntimeError, match=r"^SoftmaxWithLoss.backward was called before forward"):
        getattr(small_network(), method)()


@pytest.mark.parametrize(
    "X, target, said",
    [
        (np.ones((2, 3)), [0, 1], r"^Affine.forward: W has shape \(2, 4\), so X must"),
        (np.ones((2, 2)), [0, 1, 2], "^SoftmaxWithLoss.forward: scores of shape"),
        (np.ones((2, 2)), [0, 3], "^SoftmaxWithLoss.forward: class numbers must be"),
    ],
)
def test_what_the_nodes_refuse(X, target, said):
    with pytest.raises(ValueError, match=said):
        small_network().forward(X, target)


def test_layers_that_do_not_fit_each_other():
    layers = [Affine(np.ones((2, 3)), np.ones(3)), Affine(np.ones((2, 3)), np.ones(3))]
    with pytest.raises(ValueError, match=r"^Affine.forward: .*, got \(5, 3\)$"):
        Network(layers, SigmoidWithLoss()).forward(np.ones((5, 2)), np.ones((5, 3)))


# SGD


def test_sgd_by_hand():
    w = np.array([1.0, -2.0])
    optimizer = SGD(0.5)
    for expected in ([0, -4], [-1, -6]):
        optimizer.update({"w": w}, {"w": np.array([2.0, 4.0])})
        assert w.tolist() == expected
    w, optimizer = np.array([1.0]), SGD(rate=0.5, momentum=0.25)
    for expected in (0, -1.25, -2.5625):  # the steps are −1, −1.25, −1.3125
        optimizer.update({"w": w}, {"w": np.array([2.0])})
        assert w.tolist() == [expected]


@few
@given(st.floats(1e-3, 2), st.sampled_from([0.0, 0.5, 0.9]), seeds)
def test_sgd_equals_its_formula_bit_by_bit(rate, momentum, seed):
    rng = np.random.default_rng(seed)
    params = {"W1": rng.normal(size=(2, 3)), "b1": rng.normal(size=3), "a": np.array(0.5)}
    plain, v = copies(params), dict.fromkeys(params, 0)
    optimizer = SGD(rate, momentum)
    for _ in range(4):
        grads = {name: np.asarray(rng.normal(size=w.shape)) for name, w in params.items()}
        optimizer.update(params, grads)
        for name in plain:
            v[name] = momentum * v[name] - rate * grads[name]
            plain[name] = plain[name] + v[name]
            np.testing.assert_array_equal(params[name], plain[name])


@pytest.mark.parametrize("momentum", [0, 0.9])
def test_an_update_changes_parameters_in_place_and_nothing_else(momentum):
    w, unused = np.ones(2, np.float32), np.ones(1)
    gradient = np.array([1, 2], np.float32)
    gradient.flags.writeable = False
    optimizer, params = SGD(0.25, momentum), {"w": w, "unused": unused}
    for _ in range(3):
        optimizer.update(params, {"w": gradient})
    assert params["w"] is w and w.dtype == np.float32 and (w < 0.26).all()
    assert gradient.tolist() == [1, 2] and unused.tolist() == [1]


def test_momentum_belongs_to_an_array():
    optimizer, gradient = SGD(0.5, 0.5), {"w": np.array([2.0])}
    first, second = np.array([0.0]), np.array([0.0])
    for _ in range(2):
        optimizer.update({"w": first}, gradient)
    assert first.tolist() == [-2.5]
    optimizer.update({"w": second}, gradient)
    assert second.tolist() == [-1], "a second network starts anew"
    optimizer.update({"w": second}, gradient)
    assert second.tolist() == [-2.5]


def test_a_rate_may_be_changed_on_the_way():
    w, optimizer = np.array([0.0]), SGD(1, 0.5)
    optimizer.update({"w": w}, {"w": np.array([2.0])})
    optimizer.rate = 0.25
    optimizer.update({"w": w}, {"w": np.array([2.0])})
    assert w.tolist() == [-2 - 0.5 * 2 - 0.25 * 2]


@pytest.mark.parametrize("rate", [0, -0.1, np.inf, -np.inf, np.nan])
def test_rates_that_sgd_refuses(rate):
    with pytest.raises(ValueError) as caught:
        SGD(rate)
    assert str(caught.value) == f"SGD: expected a learning rate above 0, got {rate!r}"


@pytest.mark.parametrize("momentum", [1, 1.5, -0.1, np.inf, np.nan])
def test_momentums_that_sgd_refuses(momentum):
    with pytest.raises(ValueError) as caught:
        SGD(0.1, momentum)
    assert str(caught.value) == f"SGD: expected a momentum from 0 to below 1, got {momentum!r}"
