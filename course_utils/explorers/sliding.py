"""A window that slides over an image (lesson 13): pure computation.

``walk`` says what a node has done after so many windows, forward or backward, and what the last
of them did; ``window`` draws it. Every number comes from the node.
"""

from collections.abc import Callable
from functools import cache
from numbers import Integral
from typing import NamedTuple

import numpy as np

from course_utils.nodes import AveragePool2d, Conv2d, MaxPool2d, ZeroPad2d

IMAGE = ((1, 2, 3, 0), (0, 1, 2, 3), (3, 0, 1, 2), (2, 3, 0, 1))
POOLED = ((1, 2, 1, 0), (0, 1, 2, 3), (3, 0, 1, 2), (2, 4, 0, 1))
KERNEL = ((2, 0, 1), (0, 1, 2), (1, 0, 2))
FORWARD = "forward"
ONES, COUNTED = "backward, upstream 1", "backward, upstream 1, 2, 3, …"
DIRECTIONS = (FORWARD, ONES, COUNTED)


class Slide(NamedTuple):
    """What slides over what.

    Attributes:
        image: the input, as rows of numbers.
        size: of the window, along each side.
        stride: how far it moves.
        padding: how many zeros are put around the input.
        node: a function that makes the node.
    """

    image: tuple
    size: int
    stride: int
    padding: int
    node: Callable


def _sliding(padding, stride):
    """A convolution with the kernel, whose bias is 0."""
    return Slide(IMAGE, len(KERNEL), stride, padding,
                 lambda: Conv2d(_image(KERNEL), [0.0], stride, padding))  # fmt: skip


SLIDES = {
    "convolution": _sliding(0, 1),
    "padding 1": _sliding(1, 1),
    "padding 1, stride 3": _sliding(1, 3),
    "max pooling": Slide(POOLED, 2, 2, 0, lambda: MaxPool2d(2)),
    "average pooling": Slide(POOLED, 2, 2, 0, lambda: AveragePool2d(2)),
}


class Walk(NamedTuple):
    """What a node has done after so many windows; every array has two axes.

    Attributes:
        name: of the node, as in SLIDES.
        slide: what slides over what.
        done: how many windows are done; the last of them is the present one.
        x: the input with its padding.
        k: the kernel, None for a pooling.
        y: the output, of all windows.
        upstream: ∂L/∂y, of all windows; None in the forward pass.
        dx, dk: what has piled up of ∂L/∂x (without the padding) and ∂L/∂k.
        share_x, share_k: what the present window adds to them; None if there is no window.
        winners: True where a cell of x is the largest of its window; all False but for max.
    """

    name: str
    slide: Slide
    done: int
    x: np.ndarray
    k: np.ndarray | None
    y: np.ndarray
    upstream: np.ndarray | None = None
    dx: np.ndarray | None = None
    dk: np.ndarray | None = None
    share_x: np.ndarray | None = None
    share_k: np.ndarray | None = None
    winners: np.ndarray | None = None

    @property
    def place(self):
        """The present window's cell of y, as (row, column)."""
        return divmod(self.done - 1, self.y.shape[1])

    @property
    def corner(self):
        """The present window's first cell, counted in x without padding."""
        i, j = self.place
        _, _, stride, padding, _ = self.slide
        return i * stride - padding, j * stride - padding

    @property
    def seen(self):
        """What the present window sees of the padded x."""
        return _cut(self.x, self.corner, self.slide)

    @property
    def own(self):
        """What the present window's cells get of ∂L/∂x, with nan on the padding."""
        padded = np.pad(self.share_x, self.slide.padding, constant_values=np.nan)
        return _cut(padded, self.corner, self.slide)

    @property
    def covered(self):
        """1 in the present window and 0 outside, in the shape of x without its padding."""
        covered = np.zeros(self.x.shape)
        _cut(covered, self.corner, self.slide)[...] = 1
        return self.inside(covered)

    @property
    def on_padding(self):
        """How many cells of the present window are on the padding."""
        return int(self.seen.size - self.covered.sum())

    def inside(self, padded):
        """Return an array of the padded x's shape without its padding."""
        first, last = self.slide.padding, len(padded) - self.slide.padding
        return padded[first:last, first:last]


def walk(name, direction, done):
    """Return the Walk of a node after so many windows.

    Raises:
        ValueError: the name is none of SLIDES, the direction none of DIRECTIONS, or there are
            fewer windows.
    """
    _check(name, direction, done)
    node, found = _forward(name)
    found = found._replace(done=int(done))
    return found if direction == FORWARD else _backward(node, found, direction)


def windows(name):
    """Return how many windows a node of SLIDES has."""
    return _forward(name)[1].y.size


@cache
def overlap(name):
    """Return in how many windows a cell of the input is, at most."""
    found = _forward(name)[1]
    seen = [found._replace(done=done).covered for done in range(1, found.y.size + 1)]
    return int(np.sum(seen, axis=0).max())


def _check(name, direction, done):
    for what, value, options in (("node", name, SLIDES), ("pass", direction, DIRECTIONS)):
        if value not in options:
            expected = "; ".join(options)
            raise ValueError(f"window.picture: expected a {what} of {expected}, got {value!r}")
    last = windows(name)
    if not isinstance(done, Integral) or not 0 <= done <= last:
        raise ValueError(
            f"window.picture: expected a window from 0 to {last} for {name}, got {done!r}"
        )


@cache
def _forward(name):
    """Return (node, Walk before the first window); both are kept for the next call."""
    slide = SLIDES[name]
    node, x = slide.node(), _image(slide.image)
    y = node.forward(x)
    padded = ZeroPad2d(slide.padding).forward(x)
    k = _kept(node.params["W"]) if isinstance(node, Conv2d) else None
    won = node.backward(np.ones(y.shape)) if isinstance(node, MaxPool2d) else 0 * x
    return node, Walk(name, slide, 0, _kept(padded), k, _kept(y), winners=_kept(won > 0))


def _kept(images):
    """Return the one image of the one channel, which cannot be changed."""
    image = images[0, 0].copy()
    image.setflags(write=False)
    return image


def _backward(node, found, direction):
    """Return a Walk with the gradients that the windows so far have sent back."""
    upstream = _upstream(found.y.shape, direction)
    numbers = np.arange(1, upstream.size + 1).reshape(upstream.shape)
    dx, dk = _gradients(node, upstream * (numbers <= found.done))
    share_x, share_k = _gradients(node, upstream * (numbers == found.done))
    return found._replace(upstream=upstream, dx=dx, dk=dk, share_x=share_x, share_k=share_k)


def _upstream(shape, direction):
    counted = 1.0 + np.arange(np.prod(shape)).reshape(shape)
    return counted if direction == COUNTED else np.ones(shape)


def _gradients(node, upstream):
    """Return (∂L/∂x, ∂L/∂k), the latter None for a node without parameters."""
    dx = node.backward(_image(upstream))[0, 0]
    return dx, node.grads["W"][0, 0] if isinstance(node, Conv2d) else None


def _image(rows):
    """Return rows of numbers as one image of one channel, (1, 1, H, W)."""
    return np.array(rows, dtype=float)[np.newaxis, np.newaxis]


def _cut(padded, corner, slide):
    i, j = (place + slide.padding for place in corner)
    return padded[i : i + slide.size, j : j + slide.size]
