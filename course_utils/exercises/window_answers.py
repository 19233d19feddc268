"""Exercises about windows: right answers made of few parts, and wrong ones made of the same."""

import numpy as np


def slid(signal, w):
    """Return the convolution of the lesson: the kernel as it stands, no padding."""
    return np.correlate(signal, w, "valid")


def padded(w, upstream):
    """Return upstream with K − 1 zeros on each side."""
    return np.pad(upstream, len(w) - 1)


def misplaced(place):
    """Make an answer that writes each window's gradient to ``place(i, j, row, column)``."""

    def answer(x, upstream):
        dx, winners = np.zeros(x.shape), blocks(x).argmax(axis=2)
        for i, j in np.ndindex(upstream.shape):
            dx[place(i, j, *divmod(winners[i, j], 2))] = upstream[i, j]
        return dx

    return answer


def first_winner(x, upstream):
    """Return the gradient of a maximum pooling, in the first window alone."""
    dx = routed(lambda b: winner(b, lambda b: b.argmax(axis=2)))(x, upstream)
    return dx * (np.indices(x.shape) < 2).all(axis=0)


def first_copy(y, w, stride):
    """Return the first copy alone, in an array for all of them."""
    return np.pad(y[0] * w, (0, (len(y) - 1) * stride))


def cropped(top, bottom, left=None, right=None):
    """Make an answer that crops so many times the padding from each side."""
    left, right = (top, bottom) if left is None else (left, right)

    def answer(upstream, padding):
        (rows, columns), p = upstream.shape, padding
        return upstream[top * p : rows - bottom * p, left * p : columns - right * p]

    return answer


def blocks(x):
    """Return the windows of 2 × 2: (OH, OW, 4), row by row in each window."""
    rows, columns = x.shape
    return x.reshape(rows // 2, 2, columns // 2, 2).swapaxes(1, 2).reshape(rows // 2, -1, 4)


def unblocked(blocks):
    """Return the image that ``blocks`` cuts into windows."""
    rows, columns, _ = blocks.shape
    return blocks.reshape(rows, columns, 2, 2).swapaxes(1, 2).reshape(2 * rows, 2 * columns)


def routed(share):
    """Make an answer of a function from the windows (OH, OW, 4) to each cell's share."""
    return lambda x, upstream: unblocked(share(blocks(x)) * upstream[..., np.newaxis])


def is_largest(blocks):
    """Return where a cell is as large as its window's maximum."""
    return blocks == blocks.max(axis=2, keepdims=True)


def winner(blocks, place):
    """Return 1 at one place of each window, and 0 elsewhere."""
    return np.eye(4)[place(blocks)]


def last(blocks):
    """Return the place of each window's last maximum."""
    return 3 - blocks[..., ::-1].argmax(axis=2)


def by_columns(blocks):
    """Return the first winner, column by column."""
    return np.array([0, 2, 1, 3])[blocks[..., [0, 2, 1, 3]].argmax(axis=2)]


def copies(y, w, stride, length=None, add=True):
    """Return copies of w times each y, ``stride`` apart; added, or written over each other."""
    x = np.zeros((len(y) - 1) * stride + len(w) if length is None else length)
    for i, value in enumerate(y):
        window = slice(i * stride, i * stride + len(w))
        x[window] = value * w + (x[window] if add else 0)
    return x
