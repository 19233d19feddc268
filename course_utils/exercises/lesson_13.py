"""Lesson 13: windows over signals and images, forward and backward."""

import numpy as np

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.question import Question
from course_utils.exercises.window_answers import (
    by_columns,
    copies,
    cropped,
    first_copy,
    first_winner,
    is_largest,
    last,
    misplaced,
    padded,
    routed,
    slid,
    winner,
)

by_hand = Question(
    text="The signal 1, 2, 3, 4, 5 and the kernel 1, 0, −1: at each place the window multiplies "
    "what it sees by its weights and adds up. What comes out?",
    options=("2, 2, 2", "−2, −2, −2", "1, 0, −3", "−2, −2, −2, −2, −2"),
    answer="−2, −2, −2",
    why="1·1 + 2·0 + 3·(−1) = −2, then 2 − 4 and 3 − 5. A window of three has three places in five "
    "numbers.",
)

twelve_equal = Question(
    text="A window of 12 months with twelve equal weights 1/12. What is left of the curve?",
    options=("its seasons, without the rise", "its rise, without the seasons", "a straight line"),
    answer="its rise, without the seasons",
    why="Each window holds every month of the year once, so the seasons cancel. The rise is not "
    "quite straight: it gets steeper.",
)

first_weight = Question(
    text="The same signal and kernel, and upstream gradients 1, 1, 1. What is the gradient of the "
    "kernel's first weight?",
    options=("1", "2", "6"),
    answer="6",
    why="It met 1, 2 and 3, once at each place, and each place sends back 1 times what it met.",
)

top_left = Question(
    text="The kernel lies over the upper left 3 × 3 cells. What is the sum of the nine products?",
    options=("9", "15", "16"),
    answer="15",
    why="Row by row: 2 + 0 + 3, then 0 + 1 + 4, then 3 + 0 + 2.",
)

how_large = Question(
    text="An image of 28 × 28, a window of 5 × 5. With a border two zeros wide on every side, how "
    "large is what comes out?",
    options=("24 × 24", "28 × 28", "32 × 32"),
    answer="28 × 28",
    why="28 + 2·2 − 5 + 1 = 28. With stride 1 and K odd, (K − 1)/2 zeros keep the size.",
)

parameters = Question(
    text="From 28 × 28 grey pixels to 8 maps of 24 × 24: an affine layer needs about 3,600,000 "
    "parameters. And a convolution with 8 filters of 5 × 5?",
    options=("208", "4,608", "115,200"),
    answer="208",
    why="8 · (25 + 1): each filter has its 25 weights and a bias, at whatever place it stands.",
)

four_equal = Question(
    text="Maximum pooling of a window whose four cells are 7, 7, 7, 7, and an upstream gradient "
    "of 2. How much do the four cells get together?",
    options=("0", "2", "8"),
    answer="2",
    why="One number went on, so one cell is the winner: the first. The other three could be a "
    "little smaller, and nothing would change.",
)

shuffled = Question(
    text="The same network, the same training, but with the pixels of all digits shuffled, all in "
    "the same way. How many of the 2,000 digits does it get wrong now?",
    options=("about as many as before", "far fewer", "far more"),
    answer="far more",
    why="Its windows see 25 pixels that have nothing to do with each other. Lesson 10's network "
    "would not notice.",
)


def _signal(*sizes):
    rng = np.random.default_rng(sum(sizes))
    return [rng.normal(size=size).round(3) for size in sizes]


full = Exercise(
    title="Exercise 13.1",
    answer=lambda w, upstream: slid(padded(w, upstream), w[::-1]),
    cases=(
        (np.array([1.0, 0.0, -1.0]), np.ones(3)),
        tuple(_signal(2, 4)),
        tuple(_signal(4, 6)),
    ),
    results=("gradient of x",),
    mistakes={
        "The kernel is not turned around: the entry x[j] met w[0] in the window that starts at j, "
        "and w[1] in the one before.": lambda w, u: slid(padded(w, u), w),
        "There are zeros missing around upstream: the entries at the ends are seen by fewer "
        "windows, and the result has to be as long as x.": lambda w, u: slid(u, w[::-1]),
        "This turns upstream around, too. Only the kernel has to be.": lambda w, u: slid(
            padded(w, u)[::-1], w[::-1]
        ),
        "This turns upstream around instead of the kernel.": lambda w, u: slid(
            padded(w, u)[::-1], w
        ),
        "These are K zeros on each side, one too many.": lambda w, u: slid(
            np.pad(u, len(w)), w[::-1]
        ),
        "The zeros stand on one side only; both ends need K − 1.": lambda w, u: slid(
            np.pad(u, (len(w) - 1, 0)), w[::-1]
        ),
        "The zeros stand on one side only; both ends need K − 1 of them.": lambda w, u: slid(
            np.pad(u, (0, len(w) - 1)), w[::-1]
        ),
        "The zeros stand on one side only, 2(K − 1) of them; each side needs K − 1.": (
            lambda w, u: slid(np.pad(u, (2 * len(w) - 2, 0)), w[::-1])
        ),
        "The zeros stand behind upstream only, 2(K − 1) of them; each side needs K − 1.": (
            lambda w, u: slid(np.pad(u, (0, 2 * len(w) - 2)), w[::-1])
        ),
        "These are always two zeros on each side; it has to be K − 1, and K is len(w).": (
            lambda w, u: slid(np.pad(u, 2), w[::-1])
        ),
        "The sign is turned, not the kernel: w[::-1] has its weights in reverse order.": (
            lambda w, u: slid(padded(w, u), -w)
        ),
        "This is np.convolve with an output of another size: mode 'full' is wanted.": (
            lambda w, u: np.convolve(u, w, "same")
        ),
        "Neither are there zeros around upstream, nor is the kernel turned around.": (
            lambda w, u: slid(u, w)
        ),
        "Nothing comes out: the window is longer than the signal. convolve(signal, kernel) takes "
        "the signal first.": lambda w, u: np.zeros(0),
        "Always two zeros on each side, and the kernel is not turned around.": lambda w, u: slid(
            np.pad(u, 2), w
        ),
        "These are K // 2 zeros on each side. The result has to be as long as x.": (
            lambda w, u: slid(np.pad(u, len(w) // 2), w[::-1])
        ),
        "These are (K − 1) // 2 zeros on each side, too few: x is longer than upstream.": (
            lambda w, u: slid(np.pad(u, (len(w) - 1) // 2), w[::-1])
        ),
    },
    praise="Upstream with K − 1 zeros on each side, under the kernel turned around. NumPy calls it "
    "np.convolve(upstream, w).",
)


def _image(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape).round(3)


crop = Exercise(
    title="Exercise 13.2",
    answer=cropped(1, 1),
    cases=((_image(6, 6), 1), (_image(7, 9), 2), (_image(3, 4), 0)),
    results=("gradient of x",),
    mistakes={
        "With a padding of 0, upstream[0:-0] is empty: −0 is 0. Count from the front: len − p.": (
            lambda u, p: u[p:-p, p:-p]
        ),
        "Only the rows and columns before the image are cut off; there are zeros behind it, "
        "too.": cropped(1, 0),
        "Only the rows and columns behind the image are cut off; there are zeros before it, "
        "too.": cropped(0, 1),
        "Only rows are cut off; the zeros stand left and right, too.": cropped(1, 1, 0, 0),
        "Only columns are cut off; the zeros stand above and below, too.": cropped(0, 0, 1, 1),
        "All of upstream comes back. The border's part belongs to zeros that are no input: leave "
        "it out.": lambda u, p: u,
        "This puts a border around upstream. Backward goes the other way.": np.pad,
        "This cuts off one cell on each side, whatever the padding is.": lambda u, p: u[1:-1, 1:-1],
        "Twice as much is cut off as was put around.": cropped(2, 2),
        "The border is set to 0, but it is still there: x has no border.": lambda u, p: np.pad(
            cropped(1, 1)(u, p), p
        ),
        "Half of the padding is cut off from each side. It stood on each side in full.": (
            lambda u, p: u[p // 2 : len(u) - p // 2, p // 2 : u.shape[1] - p // 2]
        ),
        "The columns are counted with the number of rows. An image need not be square.": (
            lambda u, p: u[p : len(u) - p, p : len(u) - p]
        ),
        "The second pair of brackets cuts rows again. Rows and columns go into one pair.": (
            lambda u, p: u[p:-p][p:-p]
        ),
        "The second pair of brackets cuts off rows again. Both slices go into one pair.": (
            lambda u, p: u[p : len(u) - p][p : len(u) - p]
        ),
        "The size is right, but the place is not: the image does not begin in the first row.": (
            lambda u, p: u[: len(u) - 2 * p, : u.shape[1] - 2 * p]
        ),
        "One row and one column of the image are missing at its end: a slice stops before its "
        "second number.": lambda u, p: u[p : len(u) - p - 1, p : u.shape[1] - p - 1],
    },
    praise="Nothing was computed with x but copying it, so its gradient is a copy, too. The "
    "border's part goes nowhere.",
)


POOLED = np.array([[1.0, 2, 1, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 4, 0, 1]])
TIES = np.array(
    [[2.0, 2, -1, -3], [2, 2, -1, -2], [0, 5, 0, 1], [5, 0, 4, 4], [0, 0, 1, 6], [0, 0, 6, 1]]
)
UPSTREAM = np.array([[1.0, 2.0], [3.0, 4.0]])

route = Exercise(
    title="Exercise 13.3",
    answer=routed(lambda b: winner(b, lambda b: b.argmax(axis=2))),
    cases=(
        (POOLED, UPSTREAM),
        (TIES, np.array([[3.0, -1], [0.5, 2], [5, 4]])),
        (-POOLED.reshape(2, 8), np.array([[1.125, 2, 3, 4]])),
    ),
    results=("gradient of x",),
    mistakes={
        "Where several cells are equally large, all of them get the gradient. One number went on, "
        "so only the first of them should.": routed(is_largest),
        "Where several cells are equally large, they share the gradient. Here the first of them "
        "gets all of it.": routed(
            lambda b: is_largest(b) / is_largest(b).sum(axis=2, keepdims=True)
        ),
        "Where several cells are equally large, this takes the last of them; it should be the "
        "first.": routed(lambda b: winner(b, last)),
        "Where several cells are equally large, this takes the first one column by column; it "
        "should be row by row.": routed(lambda b: winner(b, by_columns)),
        "Every cell of a window gets the gradient. Only the largest one went on.": routed(
            np.ones_like
        ),
        "This shares the gradient among the four cells: that is average pooling.": routed(
            lambda b: np.full_like(b, 0.25)
        ),
        "The gradient goes to the smallest cell.": routed(
            lambda b: winner(b, lambda b: b.argmin(axis=2))
        ),
        "The upstream gradient is missing: the winners get 1.": lambda x, u: routed(
            lambda b: winner(b, lambda b: b.argmax(axis=2))
        )(x, np.ones_like(u)),
        "The upstream gradient is missing, and where several cells are equally large all of them "
        "get something.": lambda x, u: routed(is_largest)(x, np.ones_like(u)),
        "The winners get their own value times upstream. The slope of a maximum is 1.": routed(
            lambda b: winner(b, lambda b: b.argmax(axis=2)) * b
        ),
        "Windows without a number above 0 get nothing: a maximum may be negative, or 0.": routed(
            lambda b: winner(b, lambda b: b.argmax(axis=2)) * (b > 0)
        ),
        "This is found by x == max over all of x. Each window has its own maximum.": lambda x, u: (
            (x == x.max()) * np.kron(u, np.ones((2, 2)))
        ),
        "Nothing has been written into dx: it is still full of zeros.": lambda x, u: 0 * x,
        "The gradients land in the wrong places: window (i, j) does not begin in row i and "
        "column j of x.": misplaced(lambda i, j, row, column: (i + row, j + column)),
        "row and column count inside the window. Where does the window itself begin?": (
            misplaced(lambda i, j, row, column: (row, column))
        ),
        "Only the first window's winner is there: does return stand in the loop?": first_winner,
        "The winners' own values are in their places. What goes back is upstream.": lambda x, u: (
            routed(lambda b: winner(b, lambda b: b.argmax(axis=2)) * b)(x, np.ones_like(u))
        ),
        "The first cell of each window gets the gradient, whichever is the largest.": routed(
            lambda b: np.eye(4)[np.zeros(b.shape[:2], dtype=int)]
        ),
    },
    praise="One number went on, so one cell gets the gradient, and all the others 0.",
)


average = Exercise(
    title="Exercise 13.4",
    answer=lambda upstream, size: np.kron(upstream, np.ones((size, size))) / size**2,
    cases=((UPSTREAM, 2), (_image(2, 3), 3), (_image(1, 2), 4)),
    results=("gradient of x",),
    mistakes={
        "Each cell gets the whole gradient. A mean divides: together the cells of a window should "
        "get what came in.": lambda u, size: np.kron(u, np.ones((size, size))),
        "This divides by the side of the window. It has size · size cells.": lambda u, size: (
            np.kron(u, np.ones((size, size))) / size
        ),
        "The windows' gradients stand side by side again and again. Each belongs to a block of "
        "size × size neighbours.": lambda u, size: np.tile(u, (size, size)) / size**2,
        "This divides by 4, whatever the window's size is.": lambda u, size: (
            np.kron(u, np.ones((size, size))) / 4
        ),
        "Only the first cell of each window gets a gradient. A mean depends on all of them.": (
            lambda u, size: np.kron(u, np.eye(1, size**2).reshape(size, size))
        ),
        "Only the first cell of each window gets its share. The others have one, too.": (
            lambda u, size: np.kron(u, np.eye(1, size**2).reshape(size, size)) / size**2
        ),
        "This divides by the number of windows. Each window shares among its own cells.": (
            lambda u, size: np.kron(u, np.ones((size, size))) / u.size
        ),
        "This divides by the number of all cells. Each window shares among its own size · size.": (
            lambda u, size: np.kron(u, np.ones((size, size))) / (u.size * size**2)
        ),
        "The upstream gradient is divided, but not yet handed to each cell of its window.": (
            lambda u, size: u / size**2
        ),
        "This is repeated along one axis only.": lambda u, size: u.repeat(size, axis=0) / size**2,
        "This is repeated along one axis only, from left to right.": lambda u, size: (
            u.repeat(size, axis=1) / size**2
        ),
        "This divides by 2 · size. How many cells has a window?": lambda u, size: (
            np.kron(u, np.ones((size, size))) / (2 * size)
        ),
        "Without an axis repeat makes one long row of numbers. Rows and columns are repeated one "
        "after the other.": lambda u, size: u.repeat(size) / size**2,
        "The windows' gradients stand side by side again and again, and nothing is divided.": (
            lambda u, size: np.tile(u, (size, size))
        ),
        "This multiplies by the number of cells. A mean divides.": lambda u, size: (
            np.kron(u, np.ones((size, size))) * size**2
        ),
        "This is full of zeros: nothing has been written into it.": lambda u, size: np.kron(
            u, np.zeros((size, size))
        ),
    },
    praise="The equal parts add up to what came in: a mean loses no gradient.",
)


spread = Exercise(
    title="Exercise 13.5",
    answer=lambda y, w, stride: copies(y, w, stride),
    cases=(
        (np.array([1.0, 2.0, -1.0]), np.array([1.0, 0.0, -1.0]), 1),
        (*_signal(4, 3), 2),
        (*_signal(3, 2), 3),
        (*_signal(2, 5), 2),
    ),
    results=("result",),
    mistakes={
        "Copies that overlap write over each other. They have to be added: +=.": (
            lambda y, w, stride: copies(y, w, stride, add=False)
        ),
        "The stride is not used: the copies should start `stride` entries apart.": (
            lambda y, w, stride: copies(y, w, 1)
        ),
        "The stride is used for the length only: copy i should start at i · stride.": (
            lambda y, w, stride: copies(y, w, 1, (len(y) - 1) * stride + len(w))
        ),
        "The kernel is turned around. The convolution used it as it stands, so each copy stands "
        "that way, too.": lambda y, w, stride: copies(y, w[::-1], stride),
        "This is too long: the last copy starts at (len(y) − 1) · stride.": lambda y, w, stride: (
            copies(y, w, stride, len(y) * stride + len(w))
        ),
        "This is too long: at len(y) · stride one copy more would start.": (
            lambda y, w, stride: copies(y, w, stride, len(y) * stride + len(w) - 1)
        ),
        "This is one entry too long.": lambda y, w, stride: copies(
            y, w, stride, (len(y) - 1) * stride + len(w) + 1
        ),
        "This is the convolution itself, which makes the signal shorter.": lambda y, w, stride: (
            slid(y, w)[::stride]
        ),
        "All copies are the kernel itself: each has to be multiplied by its y.": (
            lambda y, w, stride: copies(np.ones_like(y), w, stride)
        ),
        "Nothing has been added: the result is full of zeros.": lambda y, w, stride: (
            0 * copies(y, w, stride)
        ),
        "Only the first copy is there. Does return stand inside the loop?": first_copy,
        "The last copy is missing: every entry of y has one.": lambda y, w, stride: copies(
            np.append(y[:-1], 0), w, stride
        ),
        "y and w are swapped: these are copies of y.": lambda y, w, stride: copies(w, y, stride),
        "The copies stand one behind the other. They start `stride` entries apart.": (
            lambda y, w, stride: np.kron(y, w)
        ),
    },
    praise="Each entry spreads a copy of the kernel: the backward pass of a convolution, used "
    "forward. With it (conv x) · y = x · (convᵀ y).",
)
