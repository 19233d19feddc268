"""Windows that slide over an array: unfolded into the columns of a matrix, and folded back.

A column holds what one window sees, so a convolution is one matrix product and a pooling one
reduction. ``fold`` is the backward of ``unfold``: each window sends its gradients back to the
entries that it saw, and where windows overlap, they add up. Lesson 13.

Windows slide along one axis of a signal, and along two of an image. ``size``, ``stride`` and
``padding`` have one whole number for each of them.
"""

import math

import numpy as np

NAMES = {  # of what stands along an axis: of one, of several
    1: (("entry", "entries"),),
    2: (("row", "rows"), ("column", "columns")),
}


def unfold(x, size, stride):
    """Return the columns: (C · KH · KW, N · OH · OW) for x (N, C, H, W) and size (KH, KW).

    A row belongs to a channel and a place in the window, a column to an example and a place of
    the window. Output size: OH = (H − KH) / stride + 1.
    """
    out = output_size(x.shape[2:], size, stride)
    columns = np.empty((x.shape[1], *size, len(x), *out), x.dtype)
    for place in np.ndindex(*size):
        columns[:, *place] = x[_seen(place, out, stride)].swapaxes(0, 1)
    return columns.reshape(x.shape[1] * math.prod(size), -1)


def fold(columns, shape, size, stride):
    """Return an array of the shape (N, C, H, W): each entry is the sum of its copies in columns."""
    n, channels, *sides = shape
    out = output_size(sides, size, stride)
    columns = columns.reshape(channels, *size, n, *out)
    x = np.zeros((channels, n, *sides), columns.dtype).swapaxes(0, 1)
    for place in np.ndindex(*size):
        x[_seen(place, out, stride)] += columns[:, *place].swapaxes(0, 1)
    return x


def output_size(sides, size, stride):
    """Return how many places a window has along each axis."""
    return tuple((n - k) // s + 1 for n, k, s in zip(sides, size, stride, strict=True))


def _seen(place, out, stride):
    """Return the index of the entries that stand at one place of all windows."""
    starts = zip(place, out, stride, strict=True)
    return ..., *(slice(start, start + s * n, s) for start, n, s in starts)


def to_columns(y):
    """Return y (N, F, OH, OW) as (F, N · OH · OW): a row for each channel."""
    return y.swapaxes(0, 1).reshape(y.shape[1], -1)


def to_images(columns, n, out):
    """Return columns (F, N · OH · OW) as (N, F, OH, OW)."""
    return columns.reshape(len(columns), n, *out).swapaxes(0, 1)


def pad(x, padding):
    """Return x with so many zeros before and after it, along each of its last axes."""
    if not any(padding):
        return x
    padded = np.zeros((*x.shape[:2], *grown(x.shape[2:], padding)), x.dtype)
    padded[_inside(padding)] = x
    return padded


def crop(x, padding):
    """Return x without its border: the backward of ``pad``."""
    return x[_inside(padding)]


def grown(sides, padding):
    """Return the sides of an array after ``pad``."""
    return tuple(n + 2 * p for n, p in zip(sides, padding, strict=True))


def _inside(padding):
    return ..., *(slice(p, -p or None) for p in padding)


def per_axis(where, name, value, axes, least=1):
    """Return a whole number of at least ``least`` for each axis, or say what was expected."""
    values = tuple(value) if np.iterable(value) else (value,) * axes
    whole = all(isinstance(v, (int, np.integer)) and not isinstance(v, bool) for v in values)
    if not whole or len(values) != axes or min(values) < least:
        pair = f", or {axes} of them" if axes > 1 else ""
        raise ValueError(
            f"{where}: {name} must be a whole number of {least} or more{pair}, got {value!r}"
        )
    return tuple(int(v) for v in values)


def check_windows(where, sides, size, stride):
    """Raise ValueError unless windows fit into an array, and reach its last row and column."""
    if any(k > n for k, n in zip(size, sides, strict=True)):
        raise ValueError(
            f"{where}: a window of {by(size)} does not fit into an input of {by(sides)} "
            "(padding included)"
        )
    left = [(n - k) % s for n, k, s in zip(sides, size, stride, strict=True)]
    if any(left):
        names = zip(left, NAMES[len(sides)], strict=True)
        dropped = " and ".join(
            f"{many} {one_or_more[many > 1]}" for many, one_or_more in names if many
        )
        raise ValueError(
            f"{where}: windows of {by(size)} with stride {by(stride)} do not reach the end of an "
            f"input of {by(sides)} (padding included): the last {dropped} would be dropped. Cut "
            "the input or pad it."
        )


def by(sides):
    """Return sides as "28 × 28"."""
    return " × ".join(map(str, sides))
