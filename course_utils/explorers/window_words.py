"""What the explorer of lesson 13 says of a window, from its numbers."""

import numpy as np

from course_utils.explorers.sliding import overlap
from course_utils.pictures.text import short

MAX = "max pooling"


def products(now):
    """Return the products of the present window and the kernel, as rows of texts."""
    rows = zip(now.seen, now.k, strict=True)
    return [[f"{short(a)}·{short(b)}" for a, b in zip(*row, strict=True)] for row in rows]


def pooled(now):
    """Return how a pooling comes to its number."""
    seen, result = [short(value) for value in now.seen.flat], short(now.y[now.place])
    if now.name == MAX:
        return f"max({', '.join(seen)}) = {result}"
    return f"({' + '.join(seen)}) / {len(seen)} = {result}"


def shares(now):
    """Return what the present window adds to ∂L/∂x and, for a convolution, to ∂L/∂k."""
    upstream = short(now.upstream[now.place])
    if now.k is not None:
        return f"to ∂L/∂x: {upstream} · k", f"to ∂L/∂k: {upstream} · window"
    to_each = "to the winner" if now.name == MAX else f"/ {now.seen.size} to each cell"
    return f"to ∂L/∂x: {upstream} {to_each}", None


def added(gradient):
    """Return a number of a share; what falls on the padding is a dash."""
    return "–" if np.isnan(gradient) else f"+{short(gradient)}"


def verdict(now):
    """Say in a sentence or two what the present window did."""
    if now.upstream is None:
        return _forward(now)
    return _backward(now)


def _forward(now):
    if not now.done:
        return f"No window yet: y has {now.y.size} cells to fill, one for each place of the window."
    number, cell, result = _number(now), _cell("y", now.place), short(now.y[now.place])
    if now.k is not None:
        zeros = f" ({now.on_padding} with zeros of the padding)" if now.on_padding else ""
        what = f"its {now.k.size} products with k{zeros} sum to {cell} = {result}."
    elif now.name == MAX:
        what = f"the largest of its {now.seen.size} cells is {cell} = {result}."
    else:
        what = f"the mean of its {now.seen.size} cells is {cell} = {result}."
    return f"{number} {what}{_size(now) if now.done == now.y.size else ''}"


def _size(now):
    """Say how the size of y comes from that of x."""
    side, (_, size, stride, padding, _) = len(now.slide.image), now.slide
    top = f"{side} + 2 · {padding}" if padding else f"{side}"
    return f" The side of y is ({top} − {size}) / {stride} + 1 = {len(now.y)}."


def _backward(now):
    if not now.done:
        what = "∂L/∂x" if now.k is None else "∂L/∂x and ∂L/∂k"
        verb = "is" if now.k is None else "are"
        return f"∂L/∂y has arrived, and nothing of it has gone further: {what} {verb} still 0."
    upstream = short(now.upstream[now.place])
    start = f"{_number(now)} {_cell('y', now.place)} has the upstream gradient {upstream}"
    return f"{start}{_sent(now, upstream)}{_end(now) if now.done == now.y.size else ''}"


def _sent(now, upstream):
    if now.k is not None:
        lost = now.on_padding
        dropped = f" The {lost} on the padding are dropped." if lost else ""
        return f": {upstream} · k is added to ∂L/∂x, {upstream} · window to ∂L/∂k.{dropped}"
    size = now.seen.size
    if now.name == MAX:
        winner = tuple(np.argwhere(now.share_x)[0])
        return (
            f". All of it goes to the winner, {_cell('x', winner)}, and 0 to the other {size - 1}."
        )
    each = short(now.share_x.max())
    return f": each of the {size} cells that it is the mean of gets {upstream} / {size} = {each}."


def _end(now):
    """Say what the last window leaves."""
    most = overlap(now.name)
    if most > 1:
        return f" Up to {most} windows saw the same cell of x: there {most} numbers piled up."
    kernel = ", only on k" if now.k is not None else ""
    return f" No two windows overlap: nothing piles up on x{kernel}."


def _number(now):
    return f"Window {now.done} of {now.y.size}:"


def _cell(name, place):
    return f"{name}[{place[0]}, {place[1]}]"


# The alternative text


def in_words(now):
    """Return the alternative text: the arrays, how far the walk is, and the present window."""
    padding, size = now.slide.padding, now.slide.size
    around = f" with zero padding {padding}" if padding else ""
    what = f"kernel k ({_rows(now.k)})" if now.k is not None else f"{now.name} of {size} × {size}"
    return (
        f"Input x ({_rows(now.slide.image)}){around}, {what}, output y. "
        f"{_in_words_forward(now) if now.upstream is None else _in_words_backward(now)}"
    )


def _in_words_forward(now):
    known = now.y.copy()
    known.flat[now.done :] = np.nan
    how = f" Marked: {_window(now)}. {_computed(now)}." if now.done else ""
    return f"Forward, {now.done} of {now.y.size} windows done. y so far: {_rows(known)}.{how}"


def _in_words_backward(now):
    piled = f"∂L/∂x so far: {_rows(now.dx)}."
    if now.k is not None:
        piled += f" ∂L/∂k so far: {_rows(now.dk)}."
    added = f" Marked: {_window(now)}. Added {_shares(now)}." if now.done else ""
    return (
        f"y: {_rows(now.y)}. Backward, {now.done} of {now.y.size} windows done. "
        f"Upstream gradient ∂L/∂y: {_rows(now.upstream)}. {piled}{added}"
    )


def _window(now):
    """Say which rows and columns of x the present window sees, −1 being the padding."""
    (i, j), reach = now.corner, now.slide.size - 1
    rows, columns = (f"{short(first)} to {short(first + reach)}" for first in (i, j))
    return f"rows {rows}, columns {columns} of x, and {_cell('y', now.place)}"


def _computed(now):
    if now.k is None:
        return pooled(now)
    terms = " + ".join(term for row in products(now) for term in row)
    return f"{terms} = {short(now.y[now.place])}"


def _shares(now):
    tables = zip(shares(now), (now.own, now.share_k), strict=True)
    return "; ".join(f"{name}, {_rows(table)}" for name, table in tables if name)


def _rows(array):
    """Return an array in words, row by row; what is not there is a dash."""
    return "; ".join(", ".join(map(_written, row)) for row in array)


def _written(value):
    return "–" if np.isnan(value) else short(value)
