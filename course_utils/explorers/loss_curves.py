"""Loss and gradient over the score (lesson 07): binary cross-entropy of σ(z), and σ(z) − t."""

from functools import cache

from course_utils.explorers.explorer import Explorer, choice, slider
from course_utils.nodes import Sigmoid, SigmoidWithLoss
from course_utils.pictures import theme
from course_utils.pictures.axes import Axes
from course_utils.pictures.picture import label, svg
from course_utils.pictures.text import short

REACH = 6
TARGETS = (0, 1)
SCORES = [k / 8 for k in range(-8 * REACH, 8 * REACH + 1)]
ACROSS = {"x": (-REACH, REACH), "x_ticks": (-6, -3, 0, 3, 6), "x_name": "score z"}
LOSS = Axes(56, 44, 394, 286, y=(-0.2, 6.5), y_ticks=(0, 2, 4, 6), **ACROSS)
GRADIENT = Axes(576, 44, 394, 286, y=(-1.2, 1.2), y_ticks=(-1, 0, 1), **ACROSS)
DASHED = {"stroke_dasharray": theme.DASH}
VERDICTS = (  # the largest push of each
    (0.1, "right and sure, hardly any push"),
    (0.4, "right but not sure, some push is left"),
    (0.6, "undecided, half of the full push"),
    (0.9, "wrong but not sure, a strong push"),
    (1.0, "wrong and sure, the full push, never more than 1"),
)


def picture(z, target=1):
    """Return the loss over z with its tangent at z, beside its gradient over z.

    Raises:
        ValueError: the target is neither 0 nor 1, or z is not between -6 and 6.
    """
    if target not in TARGETS:
        raise ValueError(f"loss_curves.picture: expected a target of 0 or 1, got {target!r}")
    if not -REACH <= z <= REACH:
        raise ValueError(f"loss_curves.picture: expected z from -{REACH} to {REACH}, got {z!r}")
    _, loss, gradient = values(z, target)
    parts = [*_curves(target), *_at(z, loss, gradient), *_numbers(loss, gradient)]
    return svg(1000, 400, parts, _in_words(z, target)).with_caption(_verdict(z, target))


def explore():
    """Return the explorer: the score z, and the target."""
    target = choice("target t", TARGETS, 1)
    return Explorer(picture, {"z": slider("score z", 2.0, -6.0, 6.0, 0.25), "target": target})


@cache
def values(z, target):
    """Return (p, loss, gradient) of one example, as the nodes compute them."""
    node = SigmoidWithLoss()
    loss = node.forward(z, target)
    return float(Sigmoid().forward(z)), float(loss), float(node.backward())


@cache
def _curves(target):
    """What stays while z moves: the axes, and the chosen target's curves over the other's."""
    lines = [GRADIENT.through(0, y, 0, theme.QUIET, stroke_width=1) for y in (-1, 0, 1)]
    both = [part for t in (1 - target, target) for part in _curve(t, is_shown=t == target)]
    return [*LOSS.frame(), *GRADIENT.frame(), *lines, *both]


def _curve(target, is_shown):
    _, losses, gradients = zip(*(values(z, target) for z in SCORES), strict=True)
    forward, backward, text = (
        (theme.FORWARD, theme.GRADIENT, theme.GRADIENT_TEXT) if is_shown else 3 * (theme.QUIET,)
    )
    style = {"stroke_width": 4 if is_shown else 1.5}
    side, anchor = (1, "start") if target == 1 else (-1, "end")
    return [
        LOSS.curve(SCORES, losses, forward, **style),
        GRADIENT.curve(SCORES, gradients, backward, **style, **DASHED),
        _name(LOSS, -4 * side, target, 1, forward, (14 * side, 0), anchor),
        _name(GRADIENT, -side, target, 2, text, (-18 * side, -14 * side),
              "end" if target == 1 else "start"),
    ]  # fmt: skip


def _name(axes, z, target, which, fill, shift, anchor):
    height = values(z, target)[which]
    return axes.text(z, height, f"t = {short(target)}", fill, shift, anchor=anchor)


def _at(z, loss, gradient):
    """What moves with z: the tangent and both dots."""
    return [
        LOSS.through(z, loss, gradient, theme.GRADIENT, **DASHED),
        LOSS.point(z, loss),
        GRADIENT.point(z, gradient),
    ]


def _numbers(loss, gradient):
    middle, bold = LOSS.left + LOSS.width / 2, {"font_weight": "bold"}
    push = f"gradient p − t = {short(gradient)}"
    return [
        label(20, 20, f"loss = {short(loss)}", theme.FORWARD, anchor="start"),
        label(middle, 82, f"slope {short(gradient)}", theme.GRADIENT_TEXT, **bold),
        label(540, 20, push, theme.GRADIENT_TEXT, anchor="start", **bold),
    ]


def _in_words(z, target):
    p, loss, gradient = values(z, target)
    return (
        f"Left: the loss over the score z from -{REACH} to {REACH} for both targets, falling for "
        "t = 1, rising for t = 0, with its tangent at z. Right: the gradient σ(z) − t, dashed, "
        "from -1 to 0 for t = 1, from 0 to 1 for t = 0. "
        f"State: z {short(z)}, t {short(target)}, p {short(p)}, loss {short(loss)}, "
        f"gradient {short(gradient)}."
    )


def _verdict(z, target):
    p, loss, gradient = values(z, target)
    push = next(words for most, words in VERDICTS if abs(gradient) <= most)
    return (
        f"z = {short(z)}, t = {short(target)}: p = σ(z) = {short(p)}, loss {short(loss)}. "
        f"Gradient p − t = {short(p)} − {short(target)} = {short(gradient)}: {push}."
    )
