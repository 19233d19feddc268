"""How long a network takes to learn: the course's own, and others, in turns.

    python benchmarks/training.py [--rounds N]

784-100-10, ReLU, softmax with cross-entropy, SGD with rate 0.1, batches of 100, 5 epochs over
9,000 digits, float32, one thread. What is printed is the table of benchmarks/README.md.
"""

import os
import sys
import warnings
from functools import partial
from pathlib import Path
from statistics import median

for library in ("OPENBLAS", "OMP", "MKL"):  # before NumPy is imported
    os.environ[f"{library}_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import autograd  # noqa: E402
import autograd.numpy as anp  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from autograd.scipy.special import logsumexp  # noqa: E402
from rounds import in_turns, print_versions, ratio, rounds_asked_for  # noqa: E402
from sklearn.exceptions import ConvergenceWarning  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402

from course_utils.datasets import load_digits  # noqa: E402
from course_utils.initialisation import mlp  # noqa: E402
from course_utils.nodes import SoftmaxWithLoss  # noqa: E402
from course_utils.training import SGD, Network, batches, fit  # noqa: E402

SIZES, RATE, BATCH, EPOCHS, COUNT = (784, 100, 10), 0.1, 100, 5, 9_000
ENOUGH = 0.9  # of the digits it has seen: less, and something else than learning was measured


def main():
    """Measure all of them in turns, and print the table."""
    rounds = rounds_asked_for(__doc__, 21)
    torch.set_num_threads(1)
    X, labels = digits()

    def check(name, classes):
        if classes is not None:
            share = np.mean(classes(X) == labels)
            assert share > ENOUGH, f"{name} gets only {share:.1%} right"

    ways = {name: partial(learner, X, labels) for name, learner in LEARNERS.items()}
    report(in_turns(ways, rounds, after=check), rounds)
    print_versions("numpy", "scikit-learn", "torch", "autograd")


def digits():
    """Return the first 9,000 digits as rows from 0 to 1, and their labels."""
    parts = load_digits()
    images = np.concatenate([part.images for part in parts])[:COUNT]
    labels = np.concatenate([part.labels for part in parts])[:COUNT]
    return images.reshape(COUNT, 784).astype(np.float32) / 255, labels.astype(np.int64)


def start_weights():
    """Return W1, b1, W2, b2: the same for everyone who can be told."""
    first, _, last = mlp(SIZES, dtype=np.float32)
    return [layer.params[name].copy() for layer in (first, last) for name in ("W", "b")]


def mini_batches(X, labels):
    """Yield the batches of all epochs, as `fit` does."""
    rng = np.random.default_rng(0)
    for _ in range(EPOCHS):
        for rows in batches(len(X), BATCH, rng):
            yield X[rows], labels[rows]


def matrix_products(X, labels):
    """The five products of each iteration and nothing else: nobody can be faster."""
    W1, _, W2, _ = start_weights()
    hidden = np.ones((BATCH, SIZES[1]), np.float32)
    scores = np.ones((BATCH, SIZES[2]), np.float32)
    for start in list(range(0, COUNT, BATCH)) * EPOCHS:
        x = X[start : start + BATCH]
        x @ W1
        hidden @ W2
        hidden.T @ scores
        scores @ W2.T
        x.T @ hidden


def ours(X, labels):
    """As a reader writes it."""
    network = Network(mlp(SIZES, dtype=np.float32), SoftmaxWithLoss())
    fit(network, X, labels, SGD(RATE), EPOCHS, BATCH, progress=False)
    return lambda X: network.predict(X).argmax(axis=1)


def plain_numpy(X, labels):
    """The same without nodes: one function, as short as it can be."""
    W1, b1, W2, b2 = start_weights()
    for x, t in mini_batches(X, labels):
        hidden = np.maximum(x @ W1 + b1, 0)
        scores = hidden @ W2 + b2
        d = np.exp(scores - scores.max(axis=1, keepdims=True))
        d /= d.sum(axis=1, keepdims=True)
        d[np.arange(len(t)), t] -= 1
        d /= len(t)
        back = (d @ W2.T) * (hidden > 0)
        W2 -= RATE * (hidden.T @ d)
        b2 -= RATE * d.sum(axis=0)
        W1 -= RATE * (x.T @ back)
        b1 -= RATE * back.sum(axis=0)
    return lambda X: (np.maximum(X @ W1 + b1, 0) @ W2 + b2).argmax(axis=1)


def scikit_learn(X, labels):
    """MLPClassifier with its extras off: no momentum, no penalty, no early stop."""
    network = MLPClassifier(
        SIZES[1:-1], solver="sgd", alpha=0, batch_size=BATCH, learning_rate_init=RATE,
        max_iter=EPOCHS, momentum=0, nesterovs_momentum=False, tol=0, random_state=0,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it was told to stop after 5 epochs
        network.fit(X, labels)
    return network.predict


def pytorch(X, labels):
    """torch.nn and torch.optim on the CPU."""
    network = torch.nn.Sequential(
        torch.nn.Linear(*SIZES[:2]), torch.nn.ReLU(), torch.nn.Linear(*SIZES[1:])
    )
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE)
    loss = torch.nn.CrossEntropyLoss()
    for x, t in mini_batches(torch.from_numpy(X), torch.from_numpy(labels)):
        optimizer.zero_grad()
        loss(network(x), t).backward()
        optimizer.step()
    return lambda X: network(torch.from_numpy(X)).argmax(axis=1).numpy()


def hips_autograd(X, labels):
    """The loss in NumPy's words, its gradient by autograd."""
    params = start_weights()

    def scores_of(params, x):
        W1, b1, W2, b2 = params
        return anp.maximum(x @ W1 + b1, 0) @ W2 + b2

    def loss(params, x, one_hot):
        scores = scores_of(params, x)
        return anp.mean(logsumexp(scores, axis=1) - anp.sum(one_hot * scores, axis=1))

    gradients, classes = autograd.grad(loss), np.eye(SIZES[-1], dtype=np.float32)
    for x, t in mini_batches(X, labels):
        for parameter, gradient in zip(params, gradients(params, x, classes[t]), strict=True):
            parameter -= RATE * gradient
    return lambda X: scores_of(params, X).argmax(axis=1)


LEARNERS = {
    "the matrix products alone": matrix_products,
    "this course, `Network` and `fit`": ours,
    "plain NumPy, one function": plain_numpy,
    "scikit-learn, `MLPClassifier`": scikit_learn,
    "PyTorch on the CPU": pytorch,
    "HIPS autograd": hips_autograd,
}


def report(times, rounds):
    """Print the table; a ratio is to the matrix products, of the same round or of the fastest."""
    limit = times["the matrix products alone"]
    print(
        f"\n| {rounds} rounds | median ms | median ratio | middle half | fastest ms | its ratio |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for name, taken in times.items():
        low, middle, high = ratio(taken, limit)
        print(
            f"| {name} | {1000 * median(taken):.0f} | {middle:.2f} | {low:.2f}–{high:.2f} "
            f"| {1000 * min(taken):.0f} | {min(taken) / min(limit):.2f} |"
        )


if __name__ == "__main__":
    main()
