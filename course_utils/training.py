"""Learning: a network, the update of its parameters, and the loop around both.

Forward, backward, update, over and over: lesson 09 writes this loop in plain NumPy first.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from course_utils.nodes.node import float_arrays, unchecked
from course_utils.progress import progress_bar


class Network:
    """Layers in a row and a loss at their end: a graph with one path, used like a node.

    Args:
        layers: nodes with one input each, in the order of the forward pass.
        loss: a node with the inputs (output of the last layer, target).

    Attributes:
        params: the parameters of all layers, {"W1": ..., "b1": ..., "W2": ...}, numbered by the
            layers that have any. They are the layers' own arrays: changing one in place changes
            the network.
        grads: after ``backward``, ∂L/∂parameter under the same names.

    Shapes: X as the first layer wants it, the target as the loss wants it; the loss is one number.
    Raises ValueError if there is no layer or one of them twice, and whatever the nodes raise.
    Lesson 09.
    """

    def __init__(self, layers, loss):
        self.layers, self.loss = tuple(layers), loss
        if not self.layers:
            raise ValueError("Network: expected at least one layer, got none")
        if len({id(layer) for layer in self.layers}) < len(self.layers):
            raise ValueError(
                "Network: one layer stands in two places, and keeps only what its last forward "
                "needs; make a layer of its own for each place"
            )
        with_params = [layer for layer in self.layers if getattr(layer, "params", None)]
        self._first = self.layers.index(with_params[0]) if with_params else len(self.layers) - 1
        self._names = [
            (f"{name}{number}", layer, name)
            for number, layer in enumerate(with_params, start=1)
            for name in layer.params
        ]

    @property
    def params(self):
        """The parameters of all layers, by name."""
        return {full: layer.params[name] for full, layer, name in self._names}

    @property
    def grads(self):
        """The gradients of all parameters, by name."""
        return {full: layer.grads[name] for full, layer, name in self._names}

    def predict(self, X):
        """Return the output of the last layer: the scores, where the loss holds a softmax."""
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def forward(self, X, target):
        """Return the loss."""
        return self.loss.forward(self.predict(X), target)

    def unchecked(self):
        """Return the same network without its nodes' checks, for data like those that passed."""
        return Network(map(_Unchecked, self.layers), _Unchecked(self.loss))

    def backward(self, upstream=1.0):
        """Return ∂L/∂X, and keep the gradients of all parameters in ``grads``."""
        return self._back_through(self.layers, upstream)

    def backward_params(self, upstream=1.0):
        """Keep the gradients of all parameters: nothing before the first of them is asked."""
        gradient = self._back_through(self.layers[self._first + 1 :], upstream)
        first = self.layers[self._first]
        getattr(first, "backward_params", first.backward)(gradient)

    def _back_through(self, layers, upstream):
        gradient = self.loss.backward(upstream)
        for layer in reversed(layers):
            gradient = layer.backward(gradient)
        return gradient


class _Unchecked:
    """A node without the checks around its methods."""

    def __init__(self, node):
        if hasattr(node, "params"):
            self.params = node.params
        for name in ("forward", "backward", "backward_params"):
            if hasattr(node, name):
                setattr(self, name, unchecked(node, name))


class SGD:
    """Stochastic gradient descent: w ← w − rate · ∂L/∂w, with the gradient of one mini-batch.

    With momentum μ each step also keeps a part of the one before, as a ball rolls on:
    v ← μ v − rate · ∂L/∂w, and w ← w + v. Lesson 09.

    Args:
        rate: the learning rate, above 0.
        momentum: μ, from 0 to below 1.

    Raises ValueError for a rate or a momentum outside these bounds.
    """

    def __init__(self, rate, momentum=0.0):
        if not 0 < rate < np.inf:
            raise ValueError(f"SGD: expected a learning rate above 0, got {rate!r}")
        if not 0 <= momentum < 1:
            raise ValueError(f"SGD: expected a momentum from 0 to below 1, got {momentum!r}")
        self.rate, self.momentum = float(rate), float(momentum)
        self._before = {}  # name → (parameter, its last step)

    def update(self, params, grads):
        """Change each parameter in place.

        Args:
            params: {name: array}.
            grads: {name: ∂L/∂array}.
        """
        for name, gradient in grads.items():
            step = -self.rate * gradient
            if self.momentum:
                step += self.momentum * self._step_before(name, params[name])
                self._before[name] = params[name], step
            params[name] += step

    def _step_before(self, name, parameter):
        """Return the last step of this very array; another network's counts for nothing."""
        known, step = self._before.get(name, (None, None))
        return step if known is parameter else 0


AT_ONCE = 500  # examples: windows of many images take much memory
ADVICE = "Try a smaller learning rate, or smaller weights to start with."


@dataclass
class History:
    """What happened while a network learned.

    Attributes:
        losses: of each iteration, the loss of its mini-batch, before the update.
        epoch_losses: of each epoch, the mean of them.
        measures: of each epoch, what ``each_epoch`` returned.
    """

    losses: list = field(default_factory=list)
    epoch_losses: list = field(default_factory=list)
    measures: list = field(default_factory=list)


class DivergedError(ArithmeticError):
    """A loss that is no longer a finite number; ``history`` holds what came before."""

    def __init__(self, message, history):
        super().__init__(message)
        self.history = history


def fit(
    network, X, target, optimizer, epochs, batch_size=None, seed=0, each_epoch=None, progress=True
):
    """Let a network learn: forward, backward, update, for each mini-batch of each epoch.

    Args:
        network: a Network; its parameters are changed in place.
        X: the examples, the first axis counts them.
        target: their targets, as many.
        optimizer: an SGD, or anything with ``update(params, grads)``.
        epochs: how often each example is seen.
        batch_size: the examples of one iteration; all of them unless given.
        seed: of the order in which the examples are seen.
        each_epoch: called without arguments after each epoch; see ``History.measures``.
        progress: whether to show a bar.

    The nodes check what they are given in the first iteration; the others, whose rows have
    the same shape and type, run without these checks.

    Returns:
        A History.

    Raises:
        ValueError: X and target differ in number, there is no example, epochs or batch_size is
            not a whole number of 1 or more, or the loss refuses a target. For that the network
            sees the first example once, before it learns.
        DivergedError: the loss is not finite; it says in which iteration and in which layer.
    """
    (X,), target = float_arrays("fit", X), np.asarray(target)
    X = np.asarray(X, order="C")  # the numbers of an example side by side: batches are cut faster
    count, batch_size = _checked_sizes(X, target, epochs, batch_size)
    _check_all_targets(network, X, target)
    rng, history = np.random.default_rng(seed), History()
    running, unchecked = network, network.unchecked()  # the first iteration has all checks
    bar = progress_bar(epochs, -(-count // batch_size), progress)
    with np.errstate(all="ignore"), bar:
        for _ in range(epochs):
            params = network.params
            for rows in batches(count, batch_size, rng):
                x, t = X.take(rows, axis=0), target.take(rows, axis=0)
                loss = float(running.forward(x, t))
                if not math.isfinite(loss):
                    raise DivergedError(_diagnosis(network, x, t, loss, bar.done + 1), history)
                running.backward_params()
                optimizer.update(params, network.grads)
                history.losses.append(loss)
                running = unchecked
                bar.advance(loss)
            latest = history.losses[-bar.iterations :]
            history.epoch_losses.append(math.fsum(latest) / len(latest))
            history.measures.append(each_epoch() if each_epoch else None)
    return history


def batches(count, size, rng):
    """Yield the numbers 0 to count − 1 in a new order, ``size`` at a time; the last may be fewer.

    Where one batch holds all of them they stay in order, since the loss is the same.
    """
    order = np.arange(count) if size >= count else rng.permutation(count)
    for start in range(0, count, size):
        yield order[start : start + size]


def accuracy(network, X, labels):
    """Return the share of examples whose largest score is that of their label.

    Shapes: X as the network wants it, labels (N,). Raises ValueError if they differ in number.
    """
    parts = range(0, len(X), AT_ONCE)
    answers = [network.predict(X[start : start + AT_ONCE]).argmax(axis=1) for start in parts]
    answers, labels = np.concatenate(answers or [[]]), np.asarray(labels)
    if labels.shape != answers.shape or labels.size == 0:
        raise ValueError(
            f"accuracy: expected one label for each example, and at least one; got labels of shape "
            f"{labels.shape} for answers of shape {answers.shape}"
        )
    return float(np.mean(answers == labels))


@np.errstate(all="ignore")
def _check_all_targets(network, X, target):
    """Let the loss refuse a target anywhere in the data: later iterations do not ask it."""
    check = getattr(network.loss, "check", None)
    if check:
        if np.iscomplexobj(target):
            raise TypeError("fit: a target must be real, and this one is complex")
        scores = network.predict(X[:1])
        check(np.broadcast_to(scores, (len(X), *scores.shape[1:])), *float_arrays("fit", target))


def _diagnosis(network, X, target, loss, iteration):
    """Say in which iteration numbers ended, and where on the way from the data to the loss."""
    return (
        f"fit: the loss is {loss} in iteration {iteration}. The first value that is not finite is "
        f"{_first_not_finite(network, X, target)}"
    )


def _first_not_finite(network, X, target):
    if not np.isfinite(target).all():
        return "in the target: look at the data."
    if not np.isfinite(X).all():
        return "in the input X: look at the data."
    for number, layer in enumerate(network.layers, start=1):
        where = f"layer {number} ({type(layer).__name__})"
        for name, parameter in getattr(layer, "params", {}).items():
            if not np.isfinite(parameter).all():
                return f"in {name} of {where}. {ADVICE}"
        X = layer.forward(X)
        if not np.isfinite(X).all():
            return f"in the output of {where}. {ADVICE}"
    return (
        f"the loss itself: {where} gives values up to {np.abs(X).max():.0e}, and "
        f"{type(network.loss).__name__} overflows. {ADVICE}"
    )


def _checked_sizes(X, target, epochs, batch_size):
    """Return (number of examples, batch size), or say what does not fit."""
    count, targets = (len(array) if array.ndim else 0 for array in (X, target))
    if count == 0 or targets != count:
        raise ValueError(
            "fit: expected as many targets as examples, and at least one of each; "
            f"got X of shape {X.shape} and a target of shape {target.shape}"
        )
    batch_size = count if batch_size is None else batch_size
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < 1:
            raise ValueError(f"fit: {name} must be a whole number of 1 or more, got {value!r}")
    return count, batch_size
