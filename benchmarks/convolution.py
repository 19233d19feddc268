"""How long a convolution takes, forward and backward: the course's own node, and others, in turns.

    python benchmarks/convolution.py [--rounds N]

Two sizes, stride 1, no padding, float32, one thread. What is printed is the table of
benchmarks/README.md.
"""

import os
import sys
from pathlib import Path
from statistics import median
from typing import NamedTuple

for library in ("OPENBLAS", "OMP", "MKL"):  # before NumPy is imported
    os.environ[f"{library}_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from rounds import in_turns, print_versions, ratio, rounds_asked_for  # noqa: E402

from course_utils.nodes import Conv2d  # noqa: E402

SHAPES = {  # of x and of W
    "8 × 1 × 28², 8 filters of 5²": ((8, 1, 28, 28), (8, 1, 5, 5)),
    "64 × 16 × 14², 32 filters of 3²": ((64, 16, 14, 14), (32, 16, 3, 3)),
}
FEW = 3  # rounds of the loops, which take seconds where the others take milliseconds
PRODUCTS, REFERENCE, LOOPS = "the matrix products alone", "PyTorch on the CPU", "four loops"


class Case(NamedTuple):
    """A convolution's input, weights and bias, and the gradient that comes back to its output."""

    x: np.ndarray
    W: np.ndarray
    b: np.ndarray
    upstream: np.ndarray


def main():
    """Compare the answers of all of them, measure them in turns, and print the table."""
    rounds = rounds_asked_for(__doc__, 101)
    torch.set_num_threads(1)
    print(f"\n| {rounds} rounds | way | median ms | median ratio | middle half |")
    print("| --- | --- | --- | --- | --- |")
    for name, shapes in SHAPES.items():
        case = drawn(*shapes)
        ways = {way: make(case) for way, make in WAYS.items()}
        compare({way: run() for way, run in ways.items() if way != PRODUCTS})
        report(name, in_turns({way: run for way, run in ways.items() if way != LOOPS}, rounds))
        few = in_turns({way: ways[way] for way in (REFERENCE, LOOPS)}, FEW)
        report(name, few, skip=REFERENCE)
    print_versions("numpy", "torch")


def drawn(x, W):
    """Return the Case of these shapes, with random numbers."""
    rng = np.random.default_rng(0)
    sides = [n - k + 1 for n, k in zip(x[2:], W[2:], strict=True)]
    shapes = x, W, W[:1], (x[0], W[0], *sides)
    return Case(*(rng.normal(size=shape).astype(np.float32) for shape in shapes))


def compare(answers):
    """Raise AssertionError unless the output and the gradients are PyTorch's."""
    for way, arrays in answers.items():
        for array, expected in zip(arrays, answers[REFERENCE], strict=True):
            largest = np.abs(expected).max()
            np.testing.assert_allclose(array, expected, atol=1e-4 * largest, err_msg=way)


def ours(case):
    """The node, as a reader uses it."""
    node = Conv2d(case.W, case.b)

    def run():
        y = node.forward(case.x)
        dx = node.backward(case.upstream)
        return y, dx, node.grads["W"], node.grads["b"]

    return run


def matrix_products(case):
    """The three products over unfolded windows and nothing else: no window is unfolded."""
    filters, across = len(case.W), case.W[0].size
    W = case.W.reshape(filters, across)
    upstream = case.upstream.swapaxes(0, 1).reshape(filters, -1).copy()
    columns = np.ones((across, upstream.shape[1]), np.float32)

    def run():
        W @ columns
        upstream @ columns.T
        W.T @ upstream

    return run


def pytorch(case):
    """torch.nn.functional.conv2d and its gradients."""
    inputs = [torch.from_numpy(array).requires_grad_() for array in case[:3]]
    upstream = torch.from_numpy(case.upstream)

    def run():
        y = torch.nn.functional.conv2d(*inputs)
        gradients = torch.autograd.grad(y, inputs, upstream)
        return [tensor.detach().numpy() for tensor in (y, *gradients)]

    return run


def four_loops(case):
    """The definition: each output cell by itself, with NumPy for the products of one window."""
    x, W, b, upstream = case
    KH, KW = W.shape[2:]

    def run():
        y, dx, dW = np.empty_like(upstream), np.zeros_like(x), np.zeros_like(W)
        for n, f, i, j in np.ndindex(upstream.shape):
            seen = n, slice(None), slice(i, i + KH), slice(j, j + KW)
            y[n, f, i, j] = (x[seen] * W[f]).sum() + b[f]
            dW[f] += upstream[n, f, i, j] * x[seen]
            dx[seen] += upstream[n, f, i, j] * W[f]
        return y, dx, dW, upstream.sum(axis=(0, 2, 3))

    return run


WAYS = {
    PRODUCTS: matrix_products,
    "this course, `Conv2d`": ours,
    REFERENCE: pytorch,
    LOOPS: four_loops,
}


def report(name, times, skip=None):
    """Print a row for each way; a ratio is to PyTorch in the same round."""
    for way, taken in times.items():
        low, middle, high = ratio(taken, times[REFERENCE])
        label = f"{way}, {FEW} rounds" if way == LOOPS else way
        digits = 0 if middle > 100 else 2
        if way != skip:
            print(
                f"| {name} | {label} | {1000 * median(taken):.2f} "
                f"| {middle:.{digits}f} | {low:.{digits}f}–{high:.{digits}f} |"
            )


if __name__ == "__main__":
    main()
