"""Layers of a reader's own classes in a network: no Node, and any kind of method."""

from functools import wraps
from types import SimpleNamespace

import numpy as np
import pytest

from course_utils.nodes import Affine, MeanSquaredError, ReLU
from course_utils.training import SGD, Network, fit


class Scale:
    """y = a x, in plain Python: no Node, and no way to ask for ∂L/∂a alone."""

    def __init__(self, a):
        self.params, self.grads, self.asked = {"a": np.array(a)}, {}, 0

    def forward(self, x):
        self.x = x
        return x * self.params["a"]

    def backward(self, upstream):
        self.asked += 1
        self.grads["a"] = (upstream * self.x).sum()
        return upstream * self.params["a"]


class Shift:
    """y = x + 1, which has no parameter."""

    asked = 0

    def forward(self, x):
        return x + 1

    def backward(self, upstream):
        self.asked += 1
        return upstream


@pytest.mark.parametrize("checks", [True, False])
def test_own_layers_may_be_plain_classes(checks):
    network = Network([Shift(), Scale(3.0), Shift(), Scale(2.0)], MeanSquaredError())
    one = network if checks else network.unchecked()
    assert list(one.params) == ["a1", "a2"]
    assert one.forward(np.array([1.0]), np.array([4.0])) == (2 * (3 * 2 + 1) - 4) ** 2
    assert one.backward().tolist() == [20 * 2 * 3]
    assert network.grads == {"a1": 20 * 2 * 2, "a2": 20 * 7}
    network.layers[1].grads.clear()
    one.backward_params()
    assert network.grads == {"a1": 20 * 2 * 2, "a2": 20 * 7}


def test_backward_params_asks_nothing_before_the_first_parameter():
    before, first, after = Shift(), Scale(3.0), Shift()
    network = Network([before, first, after], MeanSquaredError())
    network.forward(np.array([1.0]), np.array([4.0]))
    network.backward_params()
    assert (before.asked, first.asked, after.asked) == (0, 1, 1)


class OnlyFirst(Affine):
    def backward(self, upstream):
        raise AssertionError("nobody wants ∂L/∂X")

    def backward_params(self, upstream):
        super().backward_params(upstream)


@pytest.mark.parametrize("checks", [True, False])
def test_a_first_affine_layer_is_not_asked_for_its_input(checks):
    network = Network([ReLU(), OnlyFirst(np.eye(2), np.zeros(2)), ReLU()], MeanSquaredError())
    one = network if checks else network.unchecked()
    one.forward(np.array([[1.0, 2.0]]), np.zeros((1, 2)))
    one.backward_params()
    assert network.grads["W1"].tolist() == [[2, 4], [4, 8]]
    fit(network, np.ones((1, 2)), np.zeros((1, 2)), SGD(0.1), 2)


class Empty(Shift):
    """A layer that could have parameters, and has none."""

    def __init__(self):
        self.params, self.grads = {}, {}


@pytest.mark.parametrize("checks", [True, False])
def test_a_layer_with_empty_params_takes_no_number(checks):
    empty = Empty()
    network = Network([empty, Scale(3.0), Empty(), Scale(2.0)], MeanSquaredError())
    one = network if checks else network.unchecked()
    assert list(one.params) == ["a1", "a2"]
    one.forward(np.array([1.0]), np.array([13.0]))
    one.backward_params()
    assert network.grads == {"a1": 2 * 2 * 2, "a2": 2 * 7} and empty.asked == 0
    alone = Network([empty], MeanSquaredError())
    assert alone.params == alone.unchecked().params == {}


def counted(method, calls):
    """Return the method, wrapped so that each call is counted."""

    @wraps(method)
    def wrapped(*args):
        calls.append(method.__name__)
        return method(*args)

    return wrapped


def kinds_of_methods():
    """Return {kind: (a layer y = x whose methods are of this kind, the list of its calls)}."""
    of_class, of_static, of_instance, of_classmethod = [], [], [], []

    class Wrapped:
        forward = counted(Shift.forward, of_class)
        backward = counted(Shift.backward, of_class)
        asked = 0

    class Static:
        forward = staticmethod(counted(np.copy, of_static))
        backward = staticmethod(counted(np.copy, of_static))

    class Bound:
        forward = classmethod(counted(lambda cls, x: x, of_classmethod))
        backward = classmethod(counted(lambda cls, upstream: upstream, of_classmethod))

    own = SimpleNamespace(
        forward=counted(np.copy, of_instance), backward=counted(np.copy, of_instance)
    )
    return {
        "decorated": (Wrapped(), of_class),
        "static": (Static(), of_static),
        "of the class": (Bound(), of_classmethod),
        "of the instance": (own, of_instance),
    }


@pytest.mark.parametrize("kind", ["decorated", "static", "of the class", "of the instance"])
def test_own_methods_are_called_as_they_are_in_every_iteration(kind):
    layer, calls = kinds_of_methods()[kind]
    affine = Affine(np.eye(2), np.zeros(2))
    network = Network([affine, layer], MeanSquaredError())
    fit(network, np.ones((3, 2)), np.zeros((3, 2)), SGD(0.01), 5)
    assert len(calls) == 1 + 2 * 5, "once for the targets, then forward and backward"


class FlippedAffine(Affine):
    """A reader's mistake to look at: the sign of every gradient is wrong."""

    def backward(self, upstream):
        dX = super().backward(upstream)
        self.grads = {name: -gradient for name, gradient in self.grads.items()}
        return -dX


@pytest.mark.parametrize("checks", [True, False])
def test_a_backward_of_ones_own_is_what_learning_asks_too(checks):
    X, target = np.ones((3, 2)), np.zeros((3, 1))
    network = Network([FlippedAffine(np.ones((2, 1)), [0.0])], MeanSquaredError())
    one = network if checks else network.unchecked()
    network.forward(X, target)  # so that the checked methods know their shapes
    for rows in (X, X[:1]):
        one.forward(rows, target[: len(rows)])
        one.backward()
        asked = {name: gradient.copy() for name, gradient in network.grads.items()}
        one.backward_params()
        assert asked["W1"].tolist() == [[-4.0], [-4.0]]
        for name, gradient in network.grads.items():
            np.testing.assert_array_equal(gradient, asked[name])


def test_a_method_goes_by_the_name_it_has_in_its_class():
    def keep(self, upstream):
        self.grads = {"W": self.X.T @ upstream, "b": upstream.sum(axis=0)}

    class Named(Affine):
        backward = lambda self, upstream: upstream[0]  # noqa: E731
        backward_params = keep

    layer = Named(np.ones((2, 3)), np.zeros(3))
    layer.forward(np.ones((4, 2)))
    assert layer.backward_params(np.ones((4, 3))) is None
    np.testing.assert_array_equal(layer.grads["W"], np.full((2, 3), 4.0))
    with pytest.raises(ValueError, match=r"^Named\.backward: a gradient has shape \(3,\)"):
        layer.backward(np.ones((4, 3)))
