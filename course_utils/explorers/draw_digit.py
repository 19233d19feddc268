"""Your own digit (lesson 10): what a network says of it, score by score, while it is drawn."""

from functools import partial

import numpy as np

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.sheet import Sheet, ink
from course_utils.nodes import Softmax
from course_utils.pictures import theme
from course_utils.pictures.digits import PIXELS, paper, pixels
from course_utils.pictures.picture import label, line, svg, tag

CLASSES = range(10)
BOX = 20  # pixels: what a digit of MNIST fits in
MIDDLE = 14  # the pixel, of 0 to 27, that MNIST has its centre of mass in
POSSIBLE = 0.1  # the least probability of a second answer that is worth a word
LEAST_SCALE = 8  # scores: as far as the bars go, doubled where that is not enough

IMAGE_LEFT, IMAGE_TOP, SIDE = 14, 36, 252  # px
TOP, ROW, THICK = 36, 25, 15  # px: the first row, the way to the next, and a bar
MARK, NAME, SCORE, ZERO, REACH = 316, 340, 440, 570, 120  # px across: the scores
LEFT, WIDE, PERCENT = 726, 174, 986  # px across: the probabilities
BLANK = "Draw a digit on the sheet above: the bars follow each stroke."


def normalised(ink):
    """Return a drawing as MNIST was made: its size and its place no longer matter.

    The drawing is cropped, scaled to fit 20 × 20 pixels, each the mean of what it covers, and
    placed in 28 × 28 with its centre of mass in the middle. Its darkest pixel becomes 1, so
    that a thin stroke is not lost.

    Args:
        ink: (H, W), 0 for paper: uint8 up to 255 or floats up to 1, or to any other value.

    Returns:
        (28, 28) float32 from 0 to 1; all zeros for a blank sheet.

    Raises:
        ValueError: the ink has another shape, or a value below 0 or not finite.
    """
    ink = np.asarray(ink, dtype=float)
    if ink.ndim != 2 or not (np.isfinite(ink) & (ink >= 0)).all():
        raise ValueError(f"normalised: expected ink (H, W) of 0 or more, got shape {ink.shape}")
    placed = np.zeros((PIXELS, PIXELS), np.float32)
    if ink.any():
        fitted = _fitted(_cropped(ink))
        placed[_places(fitted)] = fitted / fitted.max()
    return placed


def picture(network, value=""):
    """Return the drawing as the network sees it, its ten scores, and their softmax.

    Args:
        network: anything with ``predict(X)`` that gives scores (N, 10) for X (N, 784).
        value: of a Sheet.

    Raises:
        ValueError: the network gives something else than 10 finite scores, or the value is not
            that of a sheet.
    """
    image = normalised(ink(value))
    parts = [*_seen(image), *_frame()]
    if not image.any():
        words = "An empty sheet: nothing is drawn yet, so there are no scores."
        return svg(1000, 292, parts, words).with_caption(BLANK)
    scores = _scores(network, image)
    p = Softmax().forward(scores)
    parts += [part for k in CLASSES for part in _row(k, scores, p)]
    return svg(1000, 292, parts, _in_words(scores, p)).with_caption(_caption(p))


def explore(network):
    """Return the explorer: a sheet to draw on, over what the network says.

    Raises:
        ValueError: the network gives something else than 10 finite scores for (1, 784).
    """
    _scores(network, np.zeros((PIXELS, PIXELS), np.float32))
    return Explorer(partial(picture, network), {"value": Sheet()})


def _cropped(ink):
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _fitted(ink):
    """Return ink scaled so that its longer side has 20 pixels."""
    sizes = [max(1, round(BOX * size / max(ink.shape))) for size in ink.shape]
    down, across = (_means(size, n) for size, n in zip(ink.shape, sizes, strict=True))
    return down @ ink @ across.T


def _means(size, n):
    """Return (n, size): what share of each new pixel each of ``size`` old ones covers."""
    edges = np.arange(n + 1)[:, None] * size / n
    covered = np.clip(edges - np.arange(size), 0, 1)  # of each old pixel, left of each edge
    return np.diff(covered, axis=0) * n / size


def _places(fitted):
    """Return where the pixels go: the centre of mass into the middle, nothing over the rim."""
    slices = []
    for axis, size in enumerate(fitted.shape):
        mass = fitted.sum(axis=1 - axis)
        start = MIDDLE - mass @ np.arange(size) / mass.sum()
        start = round(round(start, 6))  # no last digit decides between two pixels
        start = min(max(start, 0), PIXELS - size)
        slices.append(slice(start, start + size))
    return tuple(slices)


def _scores(network, image):
    scores = np.asarray(network.predict(image.reshape(1, -1)))
    if scores.shape != (1, len(CLASSES)):
        raise ValueError(
            "draw_digit: expected a network that gives scores (1, 10) for one digit, "
            f"got shape {scores.shape}"
        )
    if not np.isfinite(scores).all():
        raise ValueError("draw_digit: expected finite scores: has the training diverged?")
    return scores[0].astype(float)


def _seen(image):
    return [
        label(IMAGE_LEFT, 16, "what the network sees", anchor="start"),
        pixels(paper(image), IMAGE_LEFT, IMAGE_TOP, SIDE),
        tag("rect", x=IMAGE_LEFT, y=IMAGE_TOP, width=SIDE, height=SIDE, fill="none",
            stroke=theme.INK, stroke_width=1.5),
    ]  # fmt: skip


def _frame():
    """What stands still: titles, names of the classes, and where the bars begin."""
    foot = TOP + ROW * len(CLASSES)
    return [
        label(ZERO, 16, "score"),
        label(LEFT + WIDE / 2, 16, "softmax"),
        *(line([(x, TOP), (x, foot)], theme.INK, stroke_width=1.5) for x in (ZERO, LEFT)),
    ]


def _row(k, scores, p):
    """One class: its name, its score and its probability; the winner bold, marked and outlined."""
    y, wins = TOP + ROW * (k + 0.5), k == p.argmax()
    weight = "bold" if wins else None
    to = ZERO + REACH * scores[k] / _scale(scores)
    style = {"font_size": theme.SMALL_SIZE, "font_weight": weight, "anchor": "end"}
    parts = [
        label(NAME, y, str(k), font_weight=weight),
        label(SCORE, y, _score(scores[k]), theme.FORWARD, **style),
        _bar(ZERO, to, y, wins),
        _bar(LEFT, LEFT + WIDE * p[k], y, wins),
        label(PERCENT, y, _percent(p[k]), theme.FORWARD, **style),
    ]
    corners = f"{MARK - 12},{y - 8} {MARK},{y} {MARK - 12},{y + 8}"
    return [*parts, tag("polygon", points=corners, fill=theme.INK)] if wins else parts


def _bar(start, end, y, wins):
    outline = {"stroke": theme.INK, "stroke_width": 3} if wins else {}
    return tag("rect", x=min(start, end), y=y - THICK / 2, width=abs(end - start), height=THICK,
               fill=theme.FORWARD, **outline)  # fmt: skip


def _scale(scores):
    """Return how far the bars of the scores go: it doubles, so that it seldom jumps."""
    scale, largest = LEAST_SCALE, np.abs(scores).max()
    while scale < largest:
        scale *= 2
    return scale


def _score(score):
    text = f"{score:.1f}"
    return "0.0" if text == "-0.0" else text.replace("-", "−")


def _percent(p):
    """Return whole per cent, but neither 0 nor 100, which a softmax never gives."""
    percent = round(100 * p)
    return "< 1 %" if percent < 1 else "> 99 %" if percent > 99 else f"{percent} %"


def _caption(p):
    first, second = np.argsort(-p, kind="stable")[:2]
    but = f", but {_a(second)} is possible: {_percent(p[second])}" if p[second] >= POSSIBLE else ""
    share = _percent(p[first]).replace(">", "more than")
    return f"The network sees {_a(first)}: {share}{but}."


def _a(k):
    return f"an {k}" if k == 8 else f"a {k}"


def _in_words(scores, p):
    said = ", ".join(f"{k} {_score(score)}" for k, score in enumerate(scores))
    shares = ", ".join(f"{k} {_percent(share)}" for k, share in enumerate(p))
    return (
        "Left: the drawing as the network sees it, 28 × 28 pixels. Middle: bars of the scores, "
        f"left and right of 0. Scores: {said}. Right: bars of the softmax. "
        f"Probabilities: {shares}."
    )
