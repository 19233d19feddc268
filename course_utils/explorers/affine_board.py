"""The shapes of an affine layer on a board (lesson 06): which product is which gradient?"""

from itertools import pairwise
from numbers import Integral

import ipywidgets as widgets
import numpy as np

from course_utils.explorers.explorer import DESCRIPTION, WIDE, Explorer, choice, slider
from course_utils.explorers.products import AXES, PRODUCTS, judge, matrices, written
from course_utils.pictures import theme
from course_utils.pictures.picture import label, line, svg, tag

MOST = 6
CELL = 22  # px
PLACES = 84, 260, 436, 612  # px: the middles of the grids
FORWARD, BACKWARD = 108, 316  # px: the middles of the rows
COUNTS, WORDS = 730, 530  # px: where words stand in the upper and in the lower row


def picture(N, D, M, gradient="dW", product="X.T @ dY"):
    """Return the board: the forward pass above, and below a product tried out as a gradient.

    Raises:
        ValueError: a size is not a whole number from 1 to 6, the gradient is none of PRODUCTS,
            or the product is not offered for it.
    """
    _check((N, D, M), gradient, product)
    board = matrices(N, D, M)
    trial = judge(board, gradient, product)
    parts = [*_forward(board), *_tried(trial), *_words(trial)]
    return svg(1000, 420, parts, _in_words(trial)).with_caption(_verdict(trial))


def explore():
    """Return the explorer: N, D and M, which gradient, and the product tried out for it."""
    return AffineBoard()


class AffineBoard(Explorer):
    """Three sizes, a gradient, and the products that are offered for it."""

    def __init__(self):
        self.gradient = choice("gradient", PRODUCTS, "dW")
        self.product = widgets.Dropdown(
            options=PRODUCTS["dW"], value="X.T @ dY", description="product", style=DESCRIPTION,
            layout=WIDE,
        )  # fmt: skip
        self.gradient.observe(self._offer, names="value")  # before the picture is redrawn
        sizes = {"N": ("N, examples", 3), "D": ("D, inputs", 2), "M": ("M, outputs", 4)}
        controls = {name: slider(*words, 1, MOST) for name, words in sizes.items()}
        super().__init__(picture, controls | {"gradient": self.gradient, "product": self.product})

    def _offer(self, change):
        with self.held():
            self.product.options = PRODUCTS[change["new"]]


def _check(sizes, gradient, product):
    if not all(isinstance(size, Integral) and 1 <= size <= MOST for size in sizes):
        raise ValueError(f"affine_board.picture: expected N, D and M from 1 to {MOST}, got {sizes}")
    if gradient not in PRODUCTS:
        expected = ", ".join(PRODUCTS)
        raise ValueError(f"affine_board.picture: expected one of {expected}, got {gradient!r}")
    if product not in PRODUCTS[gradient]:
        expected = ", ".join(PRODUCTS[gradient])
        raise ValueError(
            f"affine_board.picture: for {gradient} expected one of {expected}, got {product!r}"
        )


def _forward(board):
    """The upper row, X @ W + b = Y, and what the letters count."""
    row = [_grid(board[name], x, FORWARD) for name, x in zip("XWbY", PLACES, strict=True)]
    counts = zip(("examples N", "inputs D", "outputs M"), _sizes(board), strict=True)
    words = [f"{things} = {size}" for things, size in counts]
    return [
        *row,
        *_signs(FORWARD, "@+="),
        *_lines(COUNTS, FORWARD - 32, words),
        line([(20, 212), (980, 212)], theme.QUIET, stroke_width=1),
    ]


def _tried(trial):
    """The lower row: the factors of the product, and what it gives."""
    first, second, third, _ = PLACES
    if len(trial.factors) == 2:
        grids = zip(trial.factors, (first, second), strict=True)
        parts = [*(_grid(factor, x, BACKWARD) for factor, x in grids), *_signs(BACKWARD, "@=")]
    else:
        change = trial.product.partition(".")[2] or "as it is"
        parts = [_grid(trial.board["dY"], first, BACKWARD), *_signs(BACKWARD, " =")]
        parts.append(label(second, BACKWARD, change))
    if trial.result is None:
        return [*parts, label(third, BACKWARD, "?")]
    return [*parts, _grid(trial.result._replace(name="result"), third, BACKWARD)]


def _words(trial):
    """Beside the lower row: the question, and what is found."""
    question = f"Is {trial.gradient} = {trial.product}?"
    return [
        label(WORDS, BACKWARD - 64, question, anchor="start", font_weight="bold"),
        *_lines(WORDS, BACKWARD - 22, _findings(trial)),
    ]


def _findings(trial):
    if trial.result is None:
        fit, inner = _misfit(trial)
        return [f"✗ {fit}", inner]
    wanted = trial.gradient[-1]
    shape = f"shape of {wanted}: {trial.board[wanted].written_shape}"
    if not trial.has_shape:
        return [f"✗ not the {shape}"]
    values = "✓ the values of backward" if trial.has_values else "✗ not the values of backward"
    accident = [f"fits only because {_equal(trial)}"] if trial.accident else []
    return [f"✓ {shape}", values, *accident]


def _misfit(trial):
    first, second = trial.factors
    inner = f"{first.array.shape[1]} and {second.array.shape[0]}"
    return (
        f"does not fit: {first.written_shape} and {second.written_shape}",
        f"the inner numbers {inner} differ",
    )


def _verdict(trial):
    """Say in a sentence or two what the product comes to."""
    product, gradient, like = trial.product, trial.gradient, f"the shape of {trial.gradient[-1]}"
    wanted = f"{like}, {trial.board[gradient].written_shape}"
    if trial.result is None:
        return f"{product} {', '.join(_misfit(trial))}."
    if not trial.has_shape:
        return (
            f"{product} has the shape {trial.result.written_shape}, but {gradient} needs {wanted}."
        )
    if not trial.accident and trial.has_values:
        return f"{product} is {gradient}: it has {wanted}, and the values that backward gives."
    only = f"It fits only because {_equal(trial)}: change one of them"
    if trial.has_values:
        return f"{product} has {like} and even the right values. {only}."
    return f"{product} has {like} but not the right values. {only}, or check the values."


def _equal(trial):
    """The accident, with its size where that is 1 and so even the values agree."""
    size = dict(zip("NDM", _sizes(trial.board), strict=True))[trial.accident[0]]
    return f"{trial.accident} = 1" if size == 1 else trial.accident


def _sizes(board):
    return (*board["X"].array.shape, board["b"].array.size)


def _in_words(trial):
    shapes = ", ".join(f"{name} {trial.board[name].written_shape}" for name in AXES)
    tried = ", ".join(f"{factor.name} {factor.written_shape}" for factor in trial.factors)
    return (
        f"Grids of cells. Forward: X @ W + b = Y. Shapes: {shapes}. "
        f"Tried as {trial.gradient}: {trial.product}. Factors: {tried}."
    )


def _signs(y, signs):
    """The signs that stand between the grids of a row."""
    middles = [(a + b) / 2 for a, b in pairwise(PLACES)]
    return [label(x, y, sign) for x, sign in zip(middles, signs, strict=False) if sign != " "]


def _lines(x, y, texts):
    return [label(x, y + 32 * i, text, anchor="start") for i, text in enumerate(texts)]


def _grid(matrix, x, y):
    """A matrix as cells, one axis as one row, with its name above and its shape below."""
    rows, columns = np.atleast_2d(matrix.array).shape
    wide, high = columns * CELL, rows * CELL
    left, top = x - wide / 2, y - high / 2
    stroke, text, fill, dash = _style(matrix.name)
    shape = f"{written(matrix.axes)} = {matrix.written_shape}"
    return "".join([
        tag("rect", x=left, y=top, width=wide, height=high, fill=fill, stroke=stroke,
            stroke_width=theme.LINE, stroke_dasharray=dash),
        tag("path", d=_inner_lines(left, top, columns, rows), stroke=stroke, stroke_width=1),
        label(x, top - 18, matrix.name, text, font_weight="bold"),
        label(x, top + high + 18, shape, font_size=theme.SMALL_SIZE),
    ])  # fmt: skip


def _style(name):
    """Return (outline, text, fill, dashes): gradients are dashed, parameters green."""
    if name[0] in "Wb":
        return theme.PARAMETER, theme.PARAMETER_TEXT, theme.PARAMETER_FILL, None
    if name[0] in "XY":
        return theme.FORWARD, theme.FORWARD, theme.INPUT_FILL, None
    return theme.GRADIENT, theme.GRADIENT_TEXT, theme.PAPER, theme.DASH


def _inner_lines(left, top, columns, rows):
    across = [f"M{left:g},{top + CELL * i:g}h{CELL * columns}" for i in range(1, rows)]
    down = [f"M{left + CELL * j:g},{top:g}v{CELL * rows}" for j in range(1, columns)]
    return "".join(across + down)
