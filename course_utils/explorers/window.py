"""A window slides over an image (lesson 13): its products, and the gradients that pile up."""

import math
from functools import cache
from typing import NamedTuple

import numpy as np

from course_utils.explorers import window_words as words
from course_utils.explorers.explorer import Explorer, choice, end_at, step_control
from course_utils.explorers.sliding import DIRECTIONS, FORWARD, SLIDES, walk, windows
from course_utils.pictures import theme
from course_utils.pictures.picture import arrowhead, label, line, svg, tag
from course_utils.pictures.text import short

WIDE, HIGH = 58, 50  # px: a cell
FIRST = 16, 50  # px: the corner of x with its padding
KERNEL, OUTPUT, MIDDLE = 510, 830, 150  # px: where the middles of k and y are
VALUE, CHIP, CHIP_HIGH = 13, 26, 21  # px: under a cell's top: a value's middle, its gradient's chip
THICK = 5  # px: the outline of a window
PRODUCTS, SHARES = (430, 300), (510, 306, 830)  # px: where what the present window does stands
TERM, ROW = 84, 34  # px: a product's place
SHARE_WIDE, SHARE_HIGH = 76, 30  # px: a cell of a share


class Grid(NamedTuple):
    """Where an array stands: its corner in px, and how many rows and columns it has."""

    left: float
    top: float
    rows: int
    columns: int

    @property
    def wide(self):
        """Its width in px."""
        return self.columns * WIDE

    @property
    def high(self):
        """Its height in px."""
        return self.rows * HIGH

    def cell(self, i, j):
        """Return the corner of a cell."""
        return self.left + j * WIDE, self.top + i * HIGH


def picture(node="convolution", direction=FORWARD, window=None):
    """Return x, what slides over it, and y after so many windows; all of them unless given.

    Raises:
        ValueError: the node is none of SLIDES, the direction none of DIRECTIONS, or the node has
            fewer windows.
    """
    last = windows(node) if window is None and node in SLIDES else window
    now = walk(node, direction, last)
    parts = [*_input(now), *_slider(now), *_output(now), *_arrows(now), *_latest(now)]
    return svg(1000, 420, parts, words.in_words(now)).with_caption(words.verdict(now))


def explore():
    """Return the explorer: the node, the pass, and how many windows are done."""
    return Window()


class Window(Explorer):
    """A node, a pass, and a slider over its windows, with a play button."""

    def __init__(self):
        self.steps, self.play = step_control(windows("convolution"))
        self.steps.description = "window"
        node = choice("node", SLIDES, "convolution")
        direction = choice("pass", DIRECTIONS, FORWARD)
        node.style.button_width = direction.style.button_width = "auto"
        node.observe(self._count, names="value")  # before the picture is redrawn
        controls = {"window": self.steps, "direction": direction, "node": node}
        super().__init__(picture, controls, [[node], [direction], [self.steps, self.play]])

    def _count(self, change):
        """Let the walk end at the node's last window."""
        with self.held():
            end_at(self.steps, self.play, windows(change["new"]))


# The three arrays


def _input(now):
    """Return x in its padding, the window over it, and ∂L/∂x below its numbers."""
    whole, inner = _grid_of_x(now)
    inside = [(i, j) for i in range(inner.rows) for j in range(inner.columns)]
    parts = [*_padding(now.slide, whole)] if now.slide.padding else []
    parts += _board(inner, theme.INPUT_FILL, theme.FORWARD)
    parts += [_winner(now, inner, *cell) for cell in inside if _is_marked(now, *cell)]
    parts += _numbers(inner, now.inside(now.x), now.dx)
    parts += _names(whole, "input x", theme.FORWARD, now, "∂L/∂x")
    return [*parts, *_frame(inner, now, now.corner, now.slide.size)]


def _slider(now):
    """Return the kernel with ∂L/∂k, or the name of the pooling."""
    if now.k is None:
        name = now.name.removesuffix(" pooling")
        box = tag("rect", x=KERNEL - 64, y=MIDDLE - 32, width=128, height=64, rx=8,
                  fill=theme.NODE_FILL, stroke=theme.INK, stroke_width=theme.LINE)  # fmt: skip
        return [box, label(KERNEL, MIDDLE, name)]
    grid = _centred(KERNEL, now.k.shape)
    return [
        *_board(grid, theme.PARAMETER_FILL, theme.PARAMETER),
        *_numbers(grid, now.k, now.dk),
        *_names(grid, "kernel k", theme.PARAMETER_TEXT, now, "∂L/∂k"),
    ]


def _output(now):
    """Return y as far as it is known, and in the backward pass ∂L/∂y below its numbers."""
    grid = _centred(OUTPUT, now.y.shape)
    known = now.y.copy()
    if now.upstream is None:
        known.flat[now.done :] = np.nan
    return [
        *_board(grid, theme.PAPER, theme.FORWARD),
        *(_filled(grid, *cell) for cell in np.argwhere(~np.isnan(known))),
        *_numbers(grid, known, now.upstream, now.done),
        *_names(grid, "output y", theme.FORWARD, now, "∂L/∂y"),
        *_frame(grid, now, now.place, 1),
    ]


def _grid_of_x(now):
    """Return the Grids of x with its padding, and without."""
    rows, columns = np.shape(now.slide.image)
    left, top = FIRST
    inner = Grid(left + WIDE, top + HIGH, rows, columns)  # room for a padding of 1
    padding = now.slide.padding
    corner = inner.cell(-padding, -padding)
    return Grid(*corner, rows + 2 * padding, columns + 2 * padding), inner


def _centred(x, shape):
    rows, columns = shape
    return Grid(x - columns * WIDE / 2, MIDDLE - rows * HIGH / 2, rows, columns)


@cache
def _padding(slide, whole):
    """Return the zeros around x, thin and grey, and what they are."""
    outside = np.pad(np.zeros(np.shape(slide.image)), slide.padding, constant_values=1)
    places = [whole.cell(i + 0.5, j + 0.5) for i, j in np.argwhere(outside)]
    stride = "" if slide.stride == 1 else f", stride {slide.stride}"
    below = whole.left + whole.wide / 2, whole.top + whole.high + 22
    return [
        *_board(whole, theme.PAPER, theme.QUIET, 1),
        *(label(x, y, "0", theme.QUIET, font_size=theme.SMALL_SIZE) for x, y in places),
        label(*below, f"zero padding {slide.padding}{stride}", font_size=theme.SMALL_SIZE),
    ]


@cache
def _board(grid, fill, stroke, stroke_width=theme.LINE):
    """Return the outline of a grid and the lines between its cells."""
    across = [f"M{grid.left:g},{grid.top + HIGH * i:g}h{grid.wide}" for i in range(1, grid.rows)]
    down = [f"M{grid.left + WIDE * j:g},{grid.top:g}v{grid.high}" for j in range(1, grid.columns)]
    return [
        tag("rect", x=grid.left, y=grid.top, width=grid.wide, height=grid.high, fill=fill,
            stroke=stroke, stroke_width=stroke_width),
        tag("path", d="".join(across + down), stroke=stroke, stroke_width=1),
    ]  # fmt: skip


def _filled(grid, i, j):
    x, y = grid.cell(i, j)
    return tag("rect", x=x + 2, y=y + 2, width=WIDE - 4, height=HIGH - 4, fill=theme.INPUT_FILL)


def _numbers(grid, values, gradients, sent=None):
    """Return the numbers of the cells: alone in the middle, or above their gradients.

    Cells from number ``sent`` on still wait to send their gradients back.
    """
    parts = []
    for i, row in enumerate(values.tolist()):
        for j, value in enumerate(row):
            corner = grid.cell(i, j)
            if not math.isnan(value):
                parts.append(_value(*corner, value, gradients is None))
            if gradients is not None:
                waits = sent is not None and i * grid.columns + j >= sent
                parts.append(_chip(*corner, float(gradients[i, j]), waits))
    return parts


@cache
def _value(x, y, value, is_alone):
    middle, size = (HIGH / 2, theme.TEXT_SIZE) if is_alone else (VALUE, theme.SMALL_SIZE)
    return label(x + WIDE / 2, y + middle, short(value), font_size=size)


@cache
def _chip(x, y, gradient, waits):
    """Return a gradient in a dashed outline, on paper while it is 0 or waits to be sent."""
    is_pale = waits or gradient == 0
    fill = theme.PAPER if is_pale else theme.GRADIENT_FILL
    weight = None if is_pale else "bold"
    box = tag("rect", x=x + 3, y=y + CHIP, width=WIDE - 6, height=CHIP_HIGH, fill=fill,
              stroke=theme.GRADIENT, stroke_width=1.5, stroke_dasharray=theme.DASH)  # fmt: skip
    middle = x + WIDE / 2, y + CHIP + CHIP_HIGH / 2
    return box + label(*middle, short(gradient), theme.GRADIENT_TEXT, font_size=theme.SMALL_SIZE,
                       font_weight=weight)  # fmt: skip


def _is_marked(now, i, j):
    """Return whether a cell of x is known to be the winner of its window."""
    size = now.slide.size
    number = i // size * now.y.shape[1] + j // size
    return now.winners[i, j] and (now.upstream is not None or number < now.done)


def _winner(now, grid, i, j):
    """Return the mark of a winner, behind its number."""
    x, y = grid.cell(i, j)
    high = HIGH - 12 if now.upstream is None else CHIP - 5
    top = 6 if now.upstream is None else 3
    return tag("rect", x=x + 6, y=y + top, width=WIDE - 12, height=high, fill=theme.HIGHLIGHT,
               stroke=theme.INK, stroke_width=1.5)  # fmt: skip


def _names(grid, name, fill, now, gradient):
    """Return what stands above a grid: its name, and the gradient's in the backward pass."""
    x, y = grid.left + grid.wide / 2, grid.top - 18
    if now.upstream is None:
        return [label(x, y, name, fill, font_weight="bold")]
    return [
        label(x + 14, y, name, fill, "end", font_weight="bold"),
        label(x + 26, y, gradient, theme.GRADIENT_TEXT, "start", font_weight="bold"),
    ]


def _frame(grid, now, corner, size):
    """Return the thick outline of so many cells, if a window is there."""
    if not now.done:
        return []
    x, y = grid.cell(*corner)
    return [tag("rect", x=x, y=y, width=size * WIDE, height=size * HIGH, fill="none",
                stroke=theme.INK, stroke_width=THICK)]  # fmt: skip


def _arrows(now):
    """Return an arrow from x to the node and one on to y; back and dashed in the other pass."""
    whole, _ = _grid_of_x(now)
    half = 64 if now.k is None else 1.5 * WIDE
    ends = [(whole.left + whole.wide, KERNEL - half),
            (KERNEL + half, OUTPUT - now.y.shape[1] * WIDE / 2)]  # fmt: skip
    return [_arrow(start + 10, end - 10, now.upstream is not None) for start, end in ends]


@cache
def _arrow(start, end, is_backward):
    way, colour, dash = 1, theme.FORWARD, None
    if is_backward:
        start, end, way, colour, dash = end, start, -1, theme.GRADIENT, theme.DASH
    shaft = line([(start, MIDDLE), (end - 8 * way, MIDDLE)], colour, stroke_dasharray=dash)
    return shaft + arrowhead((end, MIDDLE), (way, 0), colour)


# What the present window does


def _latest(now):
    if not now.done:
        return [_word("no window yet")]
    if now.upstream is not None:
        return _shares(now)
    return [_word(words.pooled(now))] if now.k is None else _sum(now)


def _word(text):
    """Return a text alone where the products or the shares would stand."""
    return label((KERNEL + OUTPUT) / 2, 330, text)


def _sum(now):
    """Return the products of the window, a row for each of its rows, and their sum."""
    left, top = PRODUCTS
    rows, parts = words.products(now), []
    for i, row in enumerate(rows):
        y = top + i * ROW
        for j, term in enumerate(row):
            parts.append(label(left + j * TERM, y, term, anchor="start"))
            if (i, j) != (0, 0):
                parts.append(label(left + j * TERM - 20, y, "+"))
    result = f"= {short(now.y[now.place])}"
    end = label(left + len(rows) * TERM - 28, top + (len(rows) - 1) * ROW, result, theme.FORWARD,
                "start", font_weight="bold")  # fmt: skip
    return [*parts, end]


def _shares(now):
    """Return what the present window adds to ∂L/∂x, and to ∂L/∂k."""
    middle, top, second = SHARES
    of_x, of_k = words.shares(now)
    if now.k is None:
        return _share((middle + second) / 2, top, of_x, now.own)
    return [*_share(middle, top, of_x, now.own), *_share(second, top, of_k, now.share_k)]


def _share(x, top, name, share):
    """Return a small table of what is added, with its name above."""
    rows, columns = share.shape
    left = x - columns * SHARE_WIDE / 2
    box = tag("rect", x=left, y=top, width=columns * SHARE_WIDE, height=rows * SHARE_HIGH,
              fill=theme.PAPER, stroke=theme.GRADIENT, stroke_width=theme.LINE,
              stroke_dasharray=theme.DASH)  # fmt: skip
    cells = [
        label(left + (j + 0.5) * SHARE_WIDE, top + (i + 0.5) * SHARE_HIGH, words.added(gradient),
              theme.GRADIENT_TEXT, font_size=theme.SMALL_SIZE)
        for (i, j), gradient in np.ndenumerate(share)
    ]  # fmt: skip
    return [label(x, top - 20, name, font_size=theme.SMALL_SIZE), box, *cells]
