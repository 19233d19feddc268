"""What a check says about an answer that is a node, a loss or a layer."""

import numpy as np
import pytest
from checked import module_of
from lessons import PATHS

from course_utils.exercises.node_answers import CHANGES_WHAT_IT_KEPT, DEFAULT_IS_ONE, OVERWRITES


def test_two_nodes_do_not_share_what_they_keep():
    exercise = module_of(PATHS[3]).square

    class Shared:
        def forward(self, x):
            Shared.x = x
            return x * x

        def backward(self, upstream):
            return upstream * 2 * Shared.x

    assert "another node that ran later" in exercise.verdict(Shared).message


def test_an_answer_that_overflows_is_named_without_a_warning():
    def naive(z, t):
        p = 1 / (1 + np.exp(-z))
        return -(t * np.log(p) + (1 - t) * np.log(1 - p))

    assert "At z = ±800" in module_of(PATHS[7]).stable.verdict(naive).message


class OneGradient:
    def forward(self, x, y):
        return x - y

    def backward(self, upstream):
        return upstream


class TwoGradients:
    def forward(self, x):
        return x * x

    def backward(self, upstream):
        return upstream, upstream


def test_too_few_or_too_many_gradients_are_counted_as_the_reader_counts():
    subtract, square = module_of(PATHS[3]).subtract, module_of(PATHS[3]).square
    assert "backward returns 1 value; it needs 2" in subtract.verdict(OneGradient).message
    assert (
        "2 gradients; it should return one, however often x is used"
        in square.verdict(TwoGradients).message
    )


class ListOfGradients:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, upstream):
        return (upstream * self.mask).tolist()


def test_a_list_is_an_array_of_one_gradient():
    assert module_of(PATHS[5]).relu.verdict(ListOfGradients).passed


class KeepsItsSlope:
    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, upstream):
        self.x = 2 * self.x
        return upstream * self.x


class ForgetsIts:
    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, upstream):
        x = self.x
        del self.x
        return upstream * 2 * x


@pytest.mark.parametrize("node_class", [KeepsItsSlope, ForgetsIts])
def test_a_second_backward_must_give_the_same(node_class):
    message = module_of(PATHS[3]).square.verdict(node_class).message
    assert message == f"not yet. {CHANGES_WHAT_IT_KEPT}"


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss_class(backward, keep=setattr):
    """Return a loss class for exercise 7.3 with this backward; keep(self, name, value)."""

    class Loss:
        def forward(self, z, t):
            keep(self, "p", sigmoid(z))
            self.t = t
            return (np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))).mean()

    Loss.backward = backward
    return Loss


def loss_gradient(self, upstream=1.0):
    return upstream * (self.p - self.t) / len(self.t)


def changes_its_p(self, upstream=1.0):
    self.p -= self.t
    self.p *= upstream / len(self.p)
    return self.p


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (loss_class(loss_gradient), "right."),
        (
            loss_class(loss_gradient, lambda self, *kept: setattr(type(self), *kept)),
            "not yet. This uses the p of another node that ran later.",
        ),
        (
            loss_class(lambda self, upstream=1.0: (loss_gradient(self, upstream), None)),
            "not yet. backward returns 2 gradients; it should return one, that of z",
        ),
        (
            loss_class(lambda self, upstream=1.0: {"z": self.p - self.t}),
            "not yet. The gradient of z is not a number but {'z'",
        ),
        (loss_class(changes_its_p), CHANGES_WHAT_IT_KEPT),
        (loss_class(lambda self, upstream=1.0: None), "not yet. With z = [ 2., -1.], t = [1., 0.]"),
        (loss_class(lambda self, upstream: loss_gradient(self, upstream)), DEFAULT_IS_ONE),
        (loss_class(lambda self, upstream=2.0: loss_gradient(self, upstream)), DEFAULT_IS_ONE),
        (loss_class(lambda self, upstream=None: loss_gradient(self, upstream)), DEFAULT_IS_ONE),
        (loss_class(lambda self, upstream=None: loss_gradient(self, upstream or 1)), "right."),
    ],
)
def test_what_is_said_about_a_loss(attempt, said):
    assert said in module_of(PATHS[7]).fused.verdict(attempt).message


class GoodLayer:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.grads = {}

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, upstream):
        self.grads["W"], self.grads["b"] = self.X.T @ upstream, upstream.sum(axis=0)
        return upstream @ self.W.T


class SharesItsX(GoodLayer):
    X = property(lambda self: SharesItsX.kept, lambda self, X: setattr(SharesItsX, "kept", X))


class SharesItsGrads(GoodLayer):
    everyones = {}  # noqa: RUF012
    grads = property(lambda self: self.everyones, lambda self, grads: None)


class AddsUpItsGrads(GoodLayer):
    def backward(self, upstream):
        for name, grad in {"W": self.X.T @ upstream, "b": upstream.sum(axis=0)}.items():
            self.grads[name] = self.grads.get(name, 0) + grad
        return upstream @ self.W.T


class OverwritesUpstream(GoodLayer):
    def backward(self, upstream):
        dX = super().backward(upstream)
        upstream *= 2
        return dX


class LearnsInBackward(GoodLayer):
    def backward(self, upstream):
        dX = super().backward(upstream)
        self.W = self.W - 0.1 * self.grads["W"]
        return dX


class ThreeGradients(GoodLayer):
    def backward(self, upstream):
        return super().backward(upstream), *self.grads.values()


class ListOfGrads(GoodLayer):
    def backward(self, upstream):
        self.grads = [self.X.T @ upstream, upstream.sum(axis=0)]
        return upstream @ self.W.T


class NoBias(GoodLayer):
    def backward(self, upstream):
        dX = super().backward(upstream)
        del self.grads["b"]
        return dX


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (GoodLayer, "right."),
        (AddsUpItsGrads, "right."),
        (SharesItsX, "X is that of another layer that ran later."),
        (SharesItsGrads, "self.grads is shared by all layers."),
        (OverwritesUpstream, OVERWRITES),
        (LearnsInBackward, CHANGES_WHAT_IT_KEPT),
        (ThreeGradients, "backward returns 3 gradients; it should return one, that of X"),
        (ListOfGrads, "self.grads should be a dictionary with 'W' and 'b'"),
        (NoBias, "self.grads has no 'b'"),
    ],
)
def test_what_is_said_about_a_layer(attempt, said):
    assert said in module_of(PATHS[6]).layer.verdict(attempt).message
