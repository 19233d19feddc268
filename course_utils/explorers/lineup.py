"""The line-up (lesson 12): what each suspect's gradients are, beside the numerical ones."""

import math
from numbers import Integral
from typing import NamedTuple

import numpy as np

from course_utils import suspects
from course_utils.explorers.explorer import Explorer, choice, slider
from course_utils.gradients import numerical_gradient, relative_error
from course_utils.pictures import theme
from course_utils.pictures.picture import arrowhead, label, line, svg, tag
from course_utils.pictures.text import short, superscript

NONE = "none"
NUDGES = -12, -1
BEST = 1e-5  # the step whose slopes count as right
TOLERANCE = 1e-5  # the largest relative error that passes
PASSES, FAILS, NOISE = "passes", "fails", "noise"
SIGNS = {PASSES: "✓", FAILS: "✗", NOISE: "?"}
ROW = 78  # px: the height of the network
TOP, CELL_WIDE, CELL_HIGH, GAP = 158, 86, 42, 6
APART = 10  # px: how much more than a gap is between W and b
LEFTS = {"1": 112, "2": 520}  # px: the tables of each affine layer
COLUMNS = {"1": "neuron", "2": "output"}
KEY = 824  # px: the left side of the key


class Entry(NamedTuple):
    """One entry of a parameter: its ratio backward/numerical, what to make of it, as written."""

    ratio: float
    verdict: str
    word: str


def picture(suspect=NONE, nudge=-5):
    """Return the network with the ratios backward/numerical of its gradients, h = 10^nudge.

    Raises:
        ValueError: the suspect is neither "none" nor one of suspects.SUSPECTS, or the nudge is
            not a whole number from -12 to -1.
    """
    _check(suspect, nudge)
    tables, of_right = compute(suspect, nudge)
    parts = [*_network(), *_tables(tables), *_key(suspect, nudge)]
    caption = f"{_found(tables)} {_step(of_right)}".strip()
    return svg(1000, 410, parts, _in_words(suspect, nudge, tables)).with_caption(caption)


def explore():
    """Return the explorer: the suspect, and the step of the numerical gradient."""
    suspect = choice("suspect", [NONE, *suspects.SUSPECTS], NONE)
    suspect.style.button_width = "4.4em"
    return Explorer(picture, {"suspect": suspect, "nudge": slider("log₁₀ h", -5, *NUDGES)})


def compute(suspect, nudge):
    """Return the rows of entries of each parameter, and those that right gradients would have."""
    network = suspects.network(None if suspect == NONE else suspect)
    h = 10.0**nudge
    numerical, slopes = _numerical(network, h), _numerical(network, BEST)
    rounding = 4 * np.finfo(float).eps * network.forward(*suspects.examples()).item() / h
    network.backward()

    def compared(gradients):
        return {
            name: _rows(gradients[name], numerical[name], slopes[name], rounding)
            for name in gradients
        }

    return compared(network.grads), compared(slopes)


def _check(suspect, nudge):
    if suspect != NONE and suspect not in suspects.SUSPECTS:
        expected = ", ".join(suspects.SUSPECTS)
        raise ValueError(f"lineup.picture: expected none or one of {expected}, got {suspect!r}")
    least, most = NUDGES
    if not isinstance(nudge, Integral) or not least <= nudge <= most:
        raise ValueError(
            f"lineup.picture: expected a whole number from {least} to {most}, got {nudge!r}"
        )


def _numerical(network, h):
    """Return the numerical gradient of each parameter; the network is left as it was."""
    X, targets = suspects.examples()
    unchecked = network.unchecked()

    def slopes(parameter):
        def loss(values):
            parameter[...] = values
            return unchecked.forward(X, targets)

        before = parameter.copy()
        gradient = numerical_gradient(loss, before, h)
        parameter[...] = before
        return gradient

    return {name: slopes(parameter) for name, parameter in network.params.items()}


def _rows(gradient, numerical, slopes, rounding):
    rows = zip(*map(np.atleast_2d, (gradient, numerical, slopes)), strict=True)
    return [[_entry(*numbers, rounding) for numbers in zip(*row, strict=True)] for row in rows]


def _entry(backward, numerical, slope, rounding):
    """Judge one entry: ``slope`` is the right one, and ``rounding`` the most it makes of it."""
    ratio = float(backward / numerical) if numerical else math.nan
    word = _word(ratio, rounding / abs(slope) if slope else 0.0)
    if abs(backward - numerical) <= rounding and rounding > TOLERANCE * abs(slope):
        return Entry(ratio, NOISE, NOISE)
    if relative_error(backward, numerical) <= TOLERANCE:
        return Entry(ratio, PASSES, word)
    return Entry(ratio, FAILS, "≈ 1" if word in ("1.00", "1.0", "1") else word)


def _word(ratio, doubt):
    """Write a ratio in as many digits as rounding, relative to the slope, leaves it."""
    if math.isnan(ratio):
        return "−"
    doubt *= abs(ratio)
    for digits in (2, 1, 0):
        if doubt < 0.5 * 10**-digits:
            return f"{round(ratio, digits) + 0.0:.{digits}f}".replace("-", "−")
    return NOISE


def _network():
    """The network as a row: boxes with arrows between them, and the shortcut over the ReLU."""
    first, second = (_middle(number) for number in LEFTS)
    middles_and_ends = [(64, first - 75), (first + 75, 392), (468, 499), (531, second - 75),
                        (second + 75, 756), (856, 890)]  # fmt: skip
    fork, join = 362, 515
    arc = [(fork, ROW), (fork, 16), (join, 16), (join, ROW - 16)]
    return [
        label(40, ROW, "X", theme.FORWARD, font_weight="bold"),
        *(_arrow([(x0, ROW), (x1, ROW)]) for x0, x1 in middles_and_ends),
        _arrow(arc),
        tag("circle", cx=fork, cy=ROW, r=5, fill=theme.FORWARD),
        label((fork + join) / 2, 34, "shortcut", font_size=theme.SMALL_SIZE),
        *_affine(first, "W1, b1"),
        *_box(430, 76, "ReLU"),
        _outline(join, 32, high=32, rx=16),
        label(join, ROW, "+"),
        *_affine(second, "W2, b2"),
        *_box(806, 100, "output"),
        *_box(930, 80, "loss"),
    ]


def _arrow(points):
    """A line in the forward pass, which ends to the right or downward."""
    (_, y0), (x, y) = points[-2:]
    direction = (1, 0) if y0 == y else (0, 1)
    shaft = [*points[:-1], (x - 6 * direction[0], y - 6 * direction[1])]
    return line(shaft, theme.FORWARD) + arrowhead((x, y), direction, theme.FORWARD)


def _box(x, wide, name):
    return [_outline(x, wide), label(x, ROW, name)]


def _affine(x, params):
    return [
        _outline(x, 150, fill=theme.PARAMETER_FILL, stroke=theme.PARAMETER),
        label(x, ROW - 13, "affine"),
        label(x, ROW + 15, params, theme.PARAMETER_TEXT, font_weight="bold"),
    ]


def _outline(x, wide, high=58, rx=8, fill=theme.NODE_FILL, stroke=theme.INK):
    return tag("rect", x=x - wide / 2, y=ROW - high / 2, width=wide, height=high, rx=rx, fill=fill,
               stroke=stroke, stroke_width=theme.LINE)  # fmt: skip


def _tables(tables):
    """Under each affine layer its W, and under that its b."""
    parts = []
    for number, left in LEFTS.items():
        W, b = tables[f"W{number}"], tables[f"b{number}"]
        below = TOP + len(W) * (CELL_HIGH + GAP) + APART
        parts += _heading(number)
        parts += _table(left, TOP, f"W{number}", W) + _table(left, below, f"b{number}", b)
    return parts


def _heading(number):
    left = LEFTS[number]
    columns = [
        label(_across(left, j), TOP - 18, str(j + 1), font_size=theme.SMALL_SIZE) for j in range(3)
    ]
    return [label(left - 56, TOP - 18, COLUMNS[number], font_size=theme.SMALL_SIZE), *columns]


def _table(left, top, name, rows):
    """A parameter's cells, and left of them its name and how many of them pass."""
    middle = top + (len(rows) * (CELL_HIGH + GAP) - GAP) / 2
    verdict, count = _verdict(rows)
    total = len(rows) * len(rows[0])
    words = PASSES if verdict == PASSES else f"{count} of {total}"
    cells = [
        _cell(_across(left, j), top + i * (CELL_HIGH + GAP) + CELL_HIGH / 2, entry)
        for i, row in enumerate(rows)
        for j, entry in enumerate(row)
    ]
    return [
        label(left - 56, middle - 13, name, theme.PARAMETER_TEXT, font_weight="bold"),
        label(left - 56, middle + 12, f"{SIGNS[verdict]} {words}", font_size=theme.SMALL_SIZE),
        *cells,
    ]


def _cell(x, y, entry):
    fails = entry.verdict == FAILS
    text = theme.QUIET if entry.verdict == PASSES else theme.INK
    weight = "bold" if fails else None
    frame = _frame(x - CELL_WIDE / 2, y, CELL_WIDE, entry.verdict)
    return frame + label(x, y, entry.word, text, font_weight=weight)


def _frame(left, y, wide, verdict):
    """A cell's rectangle: thin, thick on yellow, or dashed."""
    fill = theme.HIGHLIGHT if verdict == FAILS else theme.PAPER
    stroke = theme.QUIET if verdict == PASSES else theme.INK
    return tag("rect", x=left, y=y - CELL_HIGH / 2, width=wide, height=CELL_HIGH, fill=fill,
               stroke=stroke, stroke_width=1 if verdict == PASSES else theme.LINE,
               stroke_dasharray=theme.DASH if verdict == NOISE else None)  # fmt: skip


def _key(suspect, nudge):
    """Whose gradients these are, what the cells hold, and what their frames mean."""
    who = "no suspect" if suspect == NONE else f"suspect {suspect}"
    bottom = TOP + len(SIGNS) * (CELL_HIGH + GAP) + APART
    parts = [
        label(KEY, TOP - 18, who, anchor="start", font_weight="bold"),
        label(KEY, bottom + CELL_HIGH / 2, f"h = 10{superscript(nudge)}", anchor="start"),
    ]
    for i, verdict in enumerate(SIGNS):
        y = TOP + i * (CELL_HIGH + GAP) + CELL_HIGH / 2
        words = f"{SIGNS[verdict]} {verdict}"
        parts.append(_frame(KEY, y, 44, verdict))
        parts.append(label(KEY + 58, y, words, anchor="start", font_size=theme.SMALL_SIZE))
    words = f"cell: backward / numerical. ✓: relative error up to {short(TOLERANCE)}"
    return [*parts, label(20, 386, words, anchor="start", font_size=theme.SMALL_SIZE)]


def _middle(number):
    return _across(LEFTS[number], 1)


def _across(left, j):
    return left + j * (CELL_WIDE + GAP) + CELL_WIDE / 2


def _verdict(rows):
    """Return the worst verdict of a parameter's entries, and how many have it."""
    verdicts = [entry.verdict for row in rows for entry in row]
    worst = next(v for v in (FAILS, NOISE, PASSES) if v in verdicts)
    return worst, verdicts.count(worst)


def _found(tables):
    return " ".join(f"{name} {_said(rows)}." for name, rows in tables.items())


def _said(rows):
    """Say whether a parameter passes, or how many of its entries do not, and by how much."""
    entries = [entry for row in rows for entry in row]
    verdict, count = _verdict(rows)
    how_many = f"{count} of {len(entries)} entries"
    if verdict == PASSES:
        return PASSES
    if verdict == NOISE:
        return f"is undecided: {how_many} are noise"
    noise = sum(entry.verdict == NOISE for entry in entries)
    beside = f", {noise} noise" if noise else ""
    return f"fails: {how_many}{_range(entries)}{beside}"


def _range(entries):
    """Say the smallest and the largest ratio of what fails."""
    fails = sorted(e for e in entries if e.verdict == FAILS and e.word not in (NOISE, "−"))
    if not fails:
        return ""
    least, most = fails[0].word, fails[-1].word
    return f", ratio {least}" if least == most else f", ratios {least} to {most}"


def _step(of_right):
    """Say what the step alone does to right gradients."""
    verdicts = [e.verdict for rows in of_right.values() for row in rows for e in row]
    fails, noise, total = verdicts.count(FAILS), verdicts.count(NOISE), len(verdicts)
    if fails:
        return f"The step is too large: even right gradients fail here, {fails} of {total} entries."
    if noise:
        return (
            f"The step is too small: rounding alone can make even right gradients fail here, "
            f"{noise} of {total} entries."
        )
    return ""


def _in_words(suspect, nudge, tables):
    ratios = " ".join(f"{name}: {_listed(rows)}." for name, rows in tables.items())
    return (
        "A network in a row: X, affine (W1, b1), ReLU with a shortcut around it, affine (W2, b2), "
        "output, loss. Under each affine layer stand the ratios of backward's gradient to the "
        f"numerical one. Suspect: {suspect}. Step h = 10^{nudge}. Ratios: {ratios}"
    )


def _listed(rows):
    return "; ".join(", ".join(entry.word for entry in row) for row in rows)
