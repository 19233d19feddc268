"""What a training says when its numbers end: in which iteration, and where on the way."""

import numpy as np
import pytest

from course_utils.initialisation import mlp
from course_utils.nodes import Affine, MeanSquaredError, ReLU
from course_utils.training import SGD, DivergedError, History, Network, batches, fit

rng = np.random.default_rng(5)
X, TARGET = rng.normal(size=(10, 2)), rng.normal(size=(10, 3))
ADVICE = "Try a smaller learning rate, or smaller weights to start with."


def one_layer(W=1.0, b=0.0):
    return [Affine([[W]], [b])]


def diverged(layers, X=(1, 2, 3, 4), t=(1, 2, 3, 4), optimizer=None, **how):
    """Return the error of a training that diverges, each example one number."""
    X, t = np.array(X, float)[:, np.newaxis], np.array(t, float)[:, np.newaxis]
    with pytest.raises(DivergedError) as caught:
        fit(Network(layers, MeanSquaredError()), X, t, optimizer or SGD(0.01), 5, **how)
    return caught.value


def said(loss, iteration, where):
    return (
        f"fit: the loss is {loss} in iteration {iteration}. The first value that is not finite "
        f"is {where}"
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_bad_number_in_the_data(bad):
    loss = "nan" if np.isnan(bad) else "inf"
    error = diverged(one_layer(), t=(1, 2, bad, 4))
    assert str(error) == said(loss, 1, "in the target: look at the data.")
    error = diverged(one_layer(), X=(1, 2, bad, 4))
    assert str(error) == said(loss, 1, "in the input X: look at the data.")
    error = diverged(one_layer(b=np.nan), X=(1, 2, bad, 4), t=(1, 2, bad, 4))
    assert str(error) == said("nan", 1, "in the target: look at the data.")


@pytest.mark.parametrize("seed", range(4))
def test_the_iteration_is_that_of_the_bad_number(seed):
    order = np.concatenate(list(batches(4, 1, np.random.default_rng(seed)))).tolist()
    history = diverged(one_layer(), X=(1, 2, np.nan, 4), batch_size=1, seed=seed)
    place = order.index(2) + 1
    assert str(history) == said("nan", place, "in the input X: look at the data.")
    assert len(history.history.losses) == place - 1


class Spoil:
    def __init__(self, name):
        self.name = name

    def update(self, params, grads):
        params[self.name][...] = np.inf


@pytest.mark.parametrize("name, layer", [("W1", 1), ("b1", 1), ("W2", 3), ("b2", 3)])
def test_a_parameter_that_is_not_finite(name, layer):
    error = diverged([*one_layer(), ReLU(), *one_layer(W=-1)], optimizer=Spoil(name))
    where = f"in {name[0]} of layer {layer} (Affine). {ADVICE}"
    assert str(error).endswith(f" in iteration 2. The first value that is not finite is {where}")


def test_a_rate_that_is_far_too_large():
    error = diverged(one_layer(), t=(9, 9, 9, 9), optimizer=SGD(1e308))
    assert str(error) == said("inf", 2, f"in W of layer 1 (Affine). {ADVICE}")


@pytest.mark.parametrize("name, bad", [("W", np.nan), ("b", np.nan), ("b", np.inf)])
def test_a_parameter_that_was_never_finite(name, bad):
    error = diverged([*one_layer(), *one_layer(**{name: bad})])
    assert str(error) == said(f"{abs(bad)}", 1, f"in {name} of layer 2 (Affine). {ADVICE}")


def test_an_output_that_is_not_finite():
    where = "in the output of layer {} (Affine). " + ADVICE
    assert str(diverged(one_layer(W=1e308))) == said("inf", 1, where.format(1))
    error = diverged([*one_layer(W=1e200), ReLU(), *one_layer(W=1e200)])
    assert str(error) == said("inf", 1, where.format(3))


def test_a_loss_that_overflows_by_itself():
    error = diverged([*one_layer(W=1e200), ReLU()], X=[1, -3], t=[0, 0])
    where = "the loss itself: layer 2 (ReLU) gives values up to 1e+200, and MeanSquaredError "
    assert str(error) == said("inf", 1, f"{where}overflows. {ADVICE}")


def test_what_came_before_is_kept():
    network, epochs = Network(one_layer(), MeanSquaredError()), []
    with pytest.raises(DivergedError) as caught:
        fit(network, X[:, :1], TARGET[:, :1], SGD(1e40), 9, 4, each_epoch=lambda: epochs.append(1))
    history = caught.value.history
    assert isinstance(history, History) and isinstance(caught.value, ArithmeticError)
    done = len(history.losses)
    assert f" in iteration {done + 1}. " in str(caught.value) and done > 3
    assert np.isfinite(history.losses).all()
    assert len(history.epoch_losses) == len(history.measures) == len(epochs) == done // 3


def test_a_layer_that_is_no_node_is_named_too():
    class Broken:
        def forward(self, x):
            return x / 0.0

    assert "in the output of layer 2 (Broken). " in str(diverged([*one_layer(), Broken()]))


@pytest.mark.parametrize("rate", [0.01, 1e308])
def test_no_warning_is_printed(rate, capfd):
    before, network = np.geterr(), Network(mlp((2, 4, 3)), MeanSquaredError())
    with np.errstate(all="raise"):
        try:
            fit(network, X, TARGET, SGD(rate), 5, batch_size=4)
        except DivergedError:
            assert rate > 1
    assert capfd.readouterr() == ("", "") and np.geterr() == before
