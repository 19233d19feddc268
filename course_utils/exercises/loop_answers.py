"""Exercise 9.1: how an answer that trains a network is run, and what students write instead."""

import inspect

import numpy as np

from course_utils.exercises.exercise import Problem
from course_utils.nodes import Affine, MeanSquaredError, ReLU
from course_utils.training import SGD, Network


def _small_network(seed, rate):
    rng = np.random.default_rng(seed)
    layers = [
        Affine(rng.normal(size=(2, 3)), rng.normal(size=3)),
        ReLU(),
        Affine(rng.normal(size=(3, 1)), rng.normal(size=1)),
    ]
    X, t = rng.normal(size=(6, 2)), rng.normal(size=(6, 1))
    return Network(layers, MeanSquaredError()), SGD(rate), X, t


def run_learn(answer, seed, rate, iterations):
    """Return (losses, W1 afterwards) of an answer that trains a small network."""
    network, optimizer, X, t = _small_network(seed, rate)
    before = network.params["W1"].copy()
    try:
        losses = answer(network, optimizer, X, t, iterations)
        losses = list(losses) if inspect.isgenerator(losses) else losses
    except KeyError as error:
        if error.args[0] not in ("W", "b"):
            raise
        raise Problem(
            "update needs gradients, and there are none yet: call backward before it."
        ) from None
    after = network.params["W1"].copy()
    if losses is not None and np.iterable(losses) and len(losses) == 0:
        if np.array_equal(before, after):
            return ..., ...
        raise Problem("The network learns, but the list of losses is empty: append each loss.")
    return losses, after


def in_order(network, optimizer, X, t, iterations):
    """Return the losses of the right loop: forward, backward, update."""
    losses = []
    for _ in range(iterations):
        losses.append(network.forward(X, t))
        network.backward()
        optimizer.update(network.params, network.grads)
    return losses


def no_update(network, optimizer, X, t, iterations):
    """Never update."""
    return [network.forward(X, t) for _ in range(iterations)]


def loss_afterwards(network, optimizer, X, t, iterations):
    """Append each loss after the update."""
    losses = in_order(network, optimizer, X, t, iterations)
    return [*losses[1:], network.forward(X, t)]


def forward_once(network, optimizer, X, t, iterations):
    """Run forward once, before the loop."""
    loss = network.forward(X, t)
    for _ in range(iterations):
        network.backward()
        optimizer.update(network.params, network.grads)
    return [loss] * iterations


def backward_once(network, optimizer, X, t, iterations):
    """Run backward in the first iteration alone."""
    losses = [network.forward(X, t)]
    network.backward()
    optimizer.update(network.params, network.grads)
    for _ in range(iterations - 1):
        losses.append(network.forward(X, t))
        optimizer.update(network.params, network.grads)
    return losses


def one_behind(network, optimizer, X, t, iterations):
    """Update before backward, from the second iteration on."""
    losses = [network.forward(X, t)]
    network.backward()
    for _ in range(iterations - 1):
        losses.append(network.forward(X, t))
        optimizer.update(network.params, network.grads)
        network.backward()
    return losses


def update_after_the_loop(network, optimizer, X, t, iterations):
    """Update once, after the loop."""
    losses = no_update(network, optimizer, X, t, iterations)
    network.backward()
    optimizer.update(network.params, network.grads)
    return losses


def loss_handed_back(network, optimizer, X, t, iterations):
    """Hand the loss to backward as its upstream gradient."""
    losses = []
    for _ in range(iterations):
        losses.append(network.forward(X, t))
        network.backward(losses[-1])
        optimizer.update(network.params, network.grads)
    return losses


def uphill(network, optimizer, X, t, iterations):
    """Update along the gradient instead of against it."""
    losses = []
    for _ in range(iterations):
        losses.append(network.forward(X, t))
        network.backward()
        optimizer.update(network.params, {name: -g for name, g in network.grads.items()})
    return losses
