"""What slides over what in lesson 13's explorer, and what plain loops say of it."""

import numpy as np
import pytest

IMAGE = np.array([[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]], dtype=float)
POOLED = np.array([[1, 2, 1, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 4, 0, 1]], dtype=float)
KERNEL = np.array([[2, 0, 1], [0, 1, 2], [1, 0, 2]], dtype=float)
FORWARD, ONES, COUNTED = DIRECTIONS = (
    "forward", "backward, upstream 1", "backward, upstream 1, 2, 3, …",
)  # fmt: skip
PLANS = {  # the image, and the window's size, stride and padding
    "convolution": (IMAGE, 3, 1, 0),
    "padding 1": (IMAGE, 3, 1, 1),
    "padding 1, stride 3": (IMAGE, 3, 3, 1),
    "max pooling": (POOLED, 2, 2, 0),
    "average pooling": (POOLED, 2, 2, 0),
}
COUNTS = dict(zip(PLANS, (4, 16, 4, 4, 4), strict=True))
STATES = [(n, d, w) for n in PLANS for d in DIRECTIONS for w in range(COUNTS[n] + 1)]
BACK = [state for state in STATES if state[1] != FORWARD]
AHEAD = [state for state in STATES if state[1] == FORWARD]
each_state = pytest.mark.parametrize("state", STATES, ids=str)
each_back = pytest.mark.parametrize("state", BACK, ids=str)
each_ahead = pytest.mark.parametrize("state", AHEAD, ids=str)
each_node = pytest.mark.parametrize("name", PLANS)


def cells_of(name, number):
    """Yield (u, v, i, j): a place in window ``number`` from 1 on, and the cell of x it sees."""
    image, size, stride, padding = PLANS[name]
    across = (len(image) + 2 * padding - size) // stride + 1
    top, left = (stride * n - padding for n in divmod(number - 1, across))
    for u in range(size):
        for v in range(size):
            yield u, v, top + u, left + v


def value(name, i, j):
    return PLANS[name][0][i, j] if i in range(4) and j in range(4) else 0


def output(name, number):
    values = [(value(name, i, j), u, v) for u, v, i, j in cells_of(name, number)]
    if name == "max pooling":
        return max(x for x, *_ in values)
    if name == "average pooling":
        return sum(x for x, *_ in values) / 4
    return sum(x * KERNEL[u, v] for x, u, v in values)


def outputs(name):
    return square([output(name, n) for n in range(1, COUNTS[name] + 1)])


def upstream(direction, number):
    return number if direction == COUNTED else 1


def add(name, direction, number, dx, dk):
    """Add what a window sends back to dx and dk; return its own (to x with None, to k)."""
    g, places = upstream(direction, number), list(cells_of(name, number))
    own_x, own_k = {}, {}
    largest = [(i, j) for _, _, i, j in places if value(name, i, j) == output(name, number)]
    for u, v, i, j in places:
        if name == "max pooling":
            own_x[u, v] = g if (i, j) == largest[0] else 0
        elif name == "average pooling":
            own_x[u, v] = g / 4
        else:
            own_x[u, v], own_k[u, v] = g * KERNEL[u, v], g * value(name, i, j)
            dk[u, v] += own_k[u, v]
        if i in range(4) and j in range(4):
            dx[i, j] += own_x[u, v]
        else:
            own_x[u, v] = None
    return own_x, own_k


def gradients(name, direction, done):
    dx, dk, own = np.zeros((4, 4)), np.zeros((3, 3)), None
    for number in range(1, done + 1):
        own = add(name, direction, number, dx, dk)
    return dx, dk, own


def square(values):
    side = int(len(values) ** 0.5)
    return [values[i * side : (i + 1) * side] for i in range(side)]


def place(name, number):
    """Return (row, column) of a window's cell of y."""
    return divmod(number - 1, round(COUNTS[name] ** 0.5))
