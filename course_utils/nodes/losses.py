"""Losses: how far an output is from its target, as one number.

A loss is the mean over the examples, and nothing else in a network divides by their number N.
``backward`` starts the backward pass: its upstream gradient is 1 unless given, and it returns the
gradient of the first input alone, since a target is not to be changed. Lessons 07 and 08.
"""

import numpy as np

from course_utils.nodes.activations import check_rows, shifted, sigmoid
from course_utils.nodes.node import Node


class Loss(Node):
    """A node whose last input is a target, for which there is no gradient."""

    has_target = True


class MeanSquaredError(Loss):
    """L = (1/N) Σ (prediction − t)², so ∂L/∂prediction = upstream · (2/N)(prediction − t).

    Shapes: prediction and t alike; the first axis counts the N examples, and what an example
    has more than one of is summed. A single number is one example. Lesson 07.

    Raises ValueError if the shapes differ or there is no example.
    """

    symbol = "MSE"
    same_shape = True

    def check(self, prediction, target):
        """Raise ValueError if there is no example."""
        _check_some(self, prediction)

    def forward(self, prediction, target):
        """Return the loss."""
        self.count = len(prediction) if prediction.ndim else 1
        self.difference = prediction - target.astype(prediction.real.dtype)
        return (self.difference**2).sum() / self.count

    def backward(self, upstream=1.0):
        """Return ∂L/∂prediction."""
        return upstream * (2 / self.count) * self.difference


class SigmoidWithLoss(Loss):
    """L = −(1/N) Σ (t ln p + (1 − t) ln(1 − p)) with p = σ(z), so ∂L/∂z = upstream · (p − t)/N.

    Sigmoid and binary cross-entropy in one node. It computes max(z, 0) − zt + ln(1 + e^(−|z|)),
    which is the same, and finite for any finite z. Shapes: scores z and t alike; the first axis
    counts the N examples. Lesson 07.

    Raises ValueError if the shapes differ, there is no example, or a target is not in 0 ... 1.
    """

    symbol = "σ + BCE"
    same_shape = True

    def check(self, scores, target):
        """Raise ValueError if there is no example, or a target is not in 0 ... 1."""
        _check_some(self, scores)
        if not np.all((target >= 0) & (target <= 1)):
            raise ValueError(
                "SigmoidWithLoss.forward: a target is 0, 1 or a probability between them; "
                f"the targets given run from {target.min():g} to {target.max():g}"
            )

    def forward(self, scores, target):
        """Return the loss."""
        target = target.astype(scores.real.dtype)
        p, e = sigmoid(scores)
        self.count, self.difference = len(scores) if scores.ndim else 1, p - target
        losses = np.where(scores.real < 0, 0, scores) - scores * target + np.log1p(e)
        return losses.sum() / self.count

    def backward(self, upstream=1.0):
        """Return ∂L/∂scores."""
        return upstream * self.difference / self.count


class SoftmaxWithLoss(Loss):
    """L = −(1/N) Σ Σᵢ tᵢ ln pᵢ with p = softmax(scores), so ∂L/∂scores = upstream · (p − t)/N.

    Softmax and cross-entropy in one node. It computes ln pᵢ as zᵢ − ln Σⱼ e^zⱼ, which is finite
    for scores z up to 1e307. Shapes: scores (N, C), or (C,) for one example; target the class
    numbers (N,) or one-hot rows (N, C), for one example a class number or a row (C,). Any rows of
    probabilities that sum to 1 will do as well. Lesson 08.

    Raises ValueError if shapes do not fit, there is no example or class, or a target is neither.
    """

    symbol = "softmax + CE"

    def check(self, scores, target):
        """Raise ValueError unless there are scores, and a class number or a row for each."""
        check_rows(self, scores)
        _check_some(self, scores)
        classes = scores.shape[-1]
        if target.shape == scores.shape[:-1]:
            _check_class_numbers(target, classes)
        elif target.shape != scores.shape:
            raise ValueError(
                f"SoftmaxWithLoss.forward: scores of shape {scores.shape} need class numbers of "
                f"shape {scores.shape[:-1]} or one-hot rows of shape {scores.shape}, "
                f"got {target.shape}"
            )
        elif not (np.all(target >= 0) and np.allclose(target.sum(axis=-1), 1)):
            raise ValueError("SoftmaxWithLoss.forward: each one-hot row must be ≥ 0 and sum to 1")

    def forward(self, scores, target):
        """Return the loss."""
        self.count = len(scores) if scores.ndim == 2 else 1
        moved = shifted(scores)
        log_p = moved - np.log(np.exp(moved).sum(axis=-1, keepdims=True))
        self.difference = np.exp(log_p)  # p − t, once t has been taken away
        if target.ndim < scores.ndim:
            numbers = target.astype(int, copy=False)
            its_class = (np.arange(len(numbers)), numbers) if numbers.ndim else numbers
            self.difference[its_class] -= 1
            terms = log_p[its_class]
        else:
            rows = target.astype(scores.real.dtype)
            self.difference -= rows
            terms = np.where(rows == 0, 0, rows * log_p)
        return 0.0 - terms.sum() / self.count  # never −0

    def backward(self, upstream=1.0):
        """Return ∂L/∂scores."""
        return upstream * self.difference / self.count


def _check_some(node, array):
    if array.size == 0:
        name = type(node).__name__
        raise ValueError(f"{name}.forward: there is no example (the shape is {array.shape})")


def _check_class_numbers(target, classes):
    if not np.all((target >= 0) & (target < classes) & (target == np.floor(target))):
        raise ValueError(
            "SoftmaxWithLoss.forward: class numbers must be whole numbers from 0 to "
            f"{classes - 1}, got {np.unique(target)}"
        )
