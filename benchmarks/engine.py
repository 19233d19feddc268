"""How long one training step takes when a graph records it: the course's own engine, and others.

    python benchmarks/engine.py [--rounds N]

Two moons of 100 points, 2-16-16-1, ReLU, the mean hinge loss plus an L2 penalty, SGD: the demo of
micrograd. float64, one thread. What is printed is the table of benchmarks/README.md.
"""

import gc
import os
import sys
from itertools import pairwise
from pathlib import Path
from statistics import median

for library in ("OPENBLAS", "OMP", "MKL"):  # before NumPy is imported
    os.environ[f"{library}_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import autograd  # noqa: E402
import autograd.numpy as anp  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from micrograd.engine import Value  # noqa: E402
from micrograd.nn import MLP  # noqa: E402
from rounds import in_turns, print_versions, ratio, rounds_asked_for  # noqa: E402

from course_utils.datasets import moons  # noqa: E402
from course_utils.graph import Variable, apply  # noqa: E402
from course_utils.nodes import Add  # noqa: E402

SIZES, COUNT, RATE, PENALTY = (2, 16, 16, 1), 100, 0.1, 1e-4
PLAIN, MICROGRAD = "plain NumPy, one function", "micrograd"
FEW, REPEATS = 3, 50  # rounds of micrograd, which takes seconds; steps of the others in one round


def main():
    """Compare the answers of all of them, measure them in turns, and print the table."""
    rounds = rounds_asked_for(__doc__, 31)
    torch.set_num_threads(1)
    X, y = points()
    steps = {name: way(X, y, start_weights()) for name, way in WAYS.items()}
    compare({name: step() for name, step in steps.items()})
    quick = {name: step for name, step in steps.items() if name != MICROGRAD}
    print(f"\n| {rounds} rounds | median ms | median ratio | middle half |")
    print("| --- | --- | --- | --- |")
    gc.collect()  # micrograd's graphs are rings: they would be swept up while others are measured
    times = in_turns(quick, rounds, REPEATS)
    report(times, times[PLAIN])
    few = in_turns({f"{MICROGRAD}, {FEW} rounds": steps[MICROGRAD]}, FEW)
    report(few, [median(times[PLAIN])] * FEW)
    print_versions("numpy", "torch", "autograd", "micrograd")


def points():
    """Return the points (100, 2), and −1 or 1 for each of them (100, 1)."""
    X, classes = moons(COUNT, 0.1)
    return X, 2.0 * classes[:, np.newaxis] - 1


def start_weights():
    """Return W1, b1, W2, b2, W3, b3: the same for everyone."""
    rng = np.random.default_rng(0)
    shapes = [shape for pair in pairwise(SIZES) for shape in (pair, pair[1:])]
    return [0.5 * rng.normal(size=shape) for shape in shapes]


def compare(answers):
    """Raise AssertionError unless everyone's loss and gradients are those of plain NumPy."""
    expected_loss, expected = answers[PLAIN]
    for name, (loss, gradients) in answers.items():
        np.testing.assert_allclose(loss, expected_loss, rtol=1e-10, err_msg=name)
        for gradient, array in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(gradient, array, rtol=1e-8, atol=1e-12, err_msg=name)


def plain_numpy(X, y, params):
    """One function, forward and backward by hand."""
    W1, b1, W2, b2, W3, b3 = params

    def step():
        h1 = np.maximum(X @ W1 + b1, 0)
        h2 = np.maximum(h1 @ W2 + b2, 0)
        margin = np.maximum(1 - y * (h2 @ W3 + b3), 0)
        loss = margin.sum() / COUNT + PENALTY * sum((p * p).sum() for p in params)
        d3 = -y * (margin > 0) / COUNT
        d2 = (d3 @ W3.T) * (h2 > 0)
        d1 = (d2 @ W2.T) * (h1 > 0)
        slopes = [X.T @ d1, d1.sum(0), h1.T @ d2, d2.sum(0), h2.T @ d3, d3.sum(0)]
        gradients = [s + 2 * PENALTY * p for s, p in zip(slopes, params, strict=True)]
        for p, gradient in zip(params, gradients, strict=True):
            p -= RATE * gradient
        return loss, gradients

    return step


def ours(X, y, params):
    """As a reader writes it: the data as Variables, too."""
    X, y = Variable(X), Variable(y)
    params = W1, b1, W2, b2, W3, b3 = [Variable(p) for p in params]

    def step():
        h = (X @ W1 + b1).relu()
        h = (h @ W2 + b2).relu()
        data = (1 - y * (h @ W3 + b3)).relu().mean()
        penalty = apply(Add(), *[(p**2).sum() for p in params])
        loss = data + PENALTY * penalty
        loss.backward()
        gradients = [p.grad for p in params]
        for p in params:
            p.value -= RATE * p.grad
            p.grad = None
        return loss.value, gradients

    return step


def pytorch(X, y, params):
    """Tensors on the CPU; the update in place, as its manual writes it."""
    X, y, *arrays = map(torch.from_numpy, (X, y, *params))
    params = W1, b1, W2, b2, W3, b3 = [p.requires_grad_() for p in arrays]

    def step():
        h = (X @ W1 + b1).relu()
        h = (h @ W2 + b2).relu()
        data = (1 - y * (h @ W3 + b3)).relu().mean()
        loss = data + PENALTY * sum((p * p).sum() for p in params)
        loss.backward()
        gradients = [p.grad for p in params]
        with torch.no_grad():
            for p in params:
                p -= RATE * p.grad
                p.grad = None
        return loss.item(), gradients

    return step


def hips_autograd(X, y, params):
    """The loss in NumPy's words; its value and gradients by autograd."""

    def loss(params):
        W1, b1, W2, b2, W3, b3 = params
        h = anp.maximum(X @ W1 + b1, 0)
        h = anp.maximum(h @ W2 + b2, 0)
        data = anp.sum(anp.maximum(1 - y * (h @ W3 + b3), 0)) * (1 / COUNT)
        return data + PENALTY * sum(anp.sum(p * p) for p in params)

    value_and_gradients = autograd.value_and_grad(loss)

    def step():
        value, gradients = value_and_gradients(params)
        for p, gradient in zip(params, gradients, strict=True):
            p -= RATE * gradient
        return value, gradients

    return step


def micrograd(X, y, params):
    """Its own network, given the same weights; one number is one node."""
    network, points, signs = MLP(SIZES[0], list(SIZES[1:])), X.tolist(), y.ravel().tolist()
    fill(network, params)

    def step():
        losses = [
            (1 - sign * network(list(map(Value, x)))).relu()
            for x, sign in zip(points, signs, strict=True)
        ]
        penalty = PENALTY * sum(p * p for p in network.parameters())
        loss = sum(losses) * (1 / COUNT) + penalty
        network.zero_grad()
        loss.backward()
        gradients = gradients_of(network)
        for p in network.parameters():
            p.data -= RATE * p.grad
        return loss.data, gradients

    return step


def fill(network, params):
    """Set the weights of micrograd's neurons to the columns of W1, W2 and W3."""
    for layer, W, b in zip(network.layers, params[::2], params[1::2], strict=True):
        for neuron, column, bias in zip(layer.neurons, W.T, b, strict=True):
            neuron.b.data = float(bias)
            for weight, value in zip(neuron.w, column, strict=True):
                weight.data = float(value)


def gradients_of(network):
    """Return micrograd's gradients in the shapes of W1, b1, W2, b2, W3 and b3."""
    gradients = []
    for layer in network.layers:
        gradients.append(np.transpose([[w.grad for w in neuron.w] for neuron in layer.neurons]))
        gradients.append(np.array([neuron.b.grad for neuron in layer.neurons]))
    return gradients


WAYS = {
    PLAIN: plain_numpy,
    "this course, `Variable`": ours,
    "PyTorch on the CPU": pytorch,
    "HIPS autograd": hips_autograd,
    MICROGRAD: micrograd,
}


def report(times, plain):
    """Print a row for each way; a ratio is to plain NumPy, round by round."""
    for name, taken in times.items():
        low, middle, high = ratio(taken, plain)
        digits = 2 if middle < 100 else 0
        print(
            f"| {name} | {1000 * median(taken):.{digits}f} "
            f"| {middle:.{digits}f} | {low:.{digits}f}–{high:.{digits}f} |"
        )


if __name__ == "__main__":
    main()
