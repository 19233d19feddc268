"""ReLU as a switch on each of three wires (lesson 05): open where x ≤ 0, closed where x > 0."""

import math

from course_utils.explorers.explorer import Explorer, slider
from course_utils.nodes import ReLU
from course_utils.pictures import theme
from course_utils.pictures.picture import arrowhead, label, line, svg, tag
from course_utils.pictures.text import short, short_array

ROWS = 104, 206, 308  # px: the heights of the wires
START, IN, OUT, END = 50, 390, 470, 810  # where a wire starts, its switch stands, and it ends
OPEN = math.radians(35)  # how far the lever of an open switch is lifted
APART = 4  # half the distance between a value's line and its gradient's
MASK = 890


def picture(x1, x2, x3, upstream=(5, 6, 7)):
    """Return three wires with a switch each, values above them and gradients below.

    Raises:
        ValueError: the upstream gradients are not three.
    """
    relu, x = ReLU(), (x1, x2, x3)
    y, sent = relu.forward(x), relu.backward(upstream)
    mask = relu.mask.tolist()
    parts = [label((IN + OUT) / 2, 20, "ReLU: closed where x > 0"), *_mask(mask)]
    for i, is_closed in enumerate(mask):
        parts += _wire(i, is_closed, (x[i], y[i]), (sent[i], upstream[i]))
    alt = _in_words(x, y, upstream, sent, mask)
    return svg(1000, 370, parts, alt).with_caption(_verdict(x, mask, upstream, sent))


def explore():
    """Return the explorer: the value on each wire."""
    values = enumerate((-1.0, 0.0, 2.0), start=1)
    return Explorer(
        picture, {f"x{i}": slider(_name("x", i - 1), x, -3.0, 3.0, 0.5) for i, x in values}
    )


def _wire(i, is_closed, values, gradients):
    """One wire; where no signal flows, behind an open switch, its line is thin and grey."""
    y, left, right = ROWS[i], (START, IN - 10), (OUT + 10, END)
    flow = {} if is_closed else {"stroke": theme.QUIET, "stroke_width": 1.5}
    back = {"stroke": theme.GRADIENT, "stroke_dasharray": theme.DASH}
    return [
        *_arrow(*left, y - APART, stroke=theme.FORWARD),
        *_arrow(*right, y - APART, **{"stroke": theme.FORWARD} | flow),
        *_arrow(*right[::-1], y + APART, **back),
        *_arrow(*left[::-1], y + APART, **back | flow),
        *_lever(y, is_closed),
        *_labels(left, y, _name("x", i), values[0], gradients[0]),
        *_labels(right, y, _name("y", i), values[1], gradients[1]),
    ]


def _arrow(start, end, y, stroke, **attributes):
    way = 1 if end > start else -1
    shaft = line([(start, y), (end - 8 * way, y)], stroke, **attributes)
    return [shaft, arrowhead((end, y), (way, 0), stroke)]


def _lever(y, is_closed):
    lift = 0 if is_closed else OPEN
    length = OUT - IN
    tip = IN + length * math.cos(lift), y - length * math.sin(lift)
    ends = [tag("circle", cx=x, cy=y, r=7, fill=theme.INK) for x in (IN, OUT)]
    word = "closed" if is_closed else "open"
    return [
        line([(IN, y), tip], theme.INK, stroke_width=5),
        *ends,
        label((IN + OUT) / 2, y + 28, word),
    ]


def _labels(ends, y, name, value, gradient):
    middle = sum(ends) / 2
    below = f"∂L/∂{name} = {short(gradient)}"
    return [
        label(middle, y - 24, f"{name} = {short(value)}", theme.FORWARD),
        label(middle, y + 26, below, theme.GRADIENT_TEXT, font_weight="bold"),
    ]


def _mask(mask):
    """The mask in brackets, each entry beside its wire."""
    parts = [label(MASK, 20, "mask")]
    for side in (-1, 1):
        x, top, bottom = MASK + 34 * side, ROWS[0] - 36, ROWS[-1] + 36
        ends = [(x - 10 * side, top), (x, top), (x, bottom), (x - 10 * side, bottom)]
        parts.append(line(ends, theme.INK, stroke_width=1.5))
    return parts + [label(MASK, y, _letter(m)) for y, m in zip(ROWS, mask, strict=True)]


def _name(letter, i):
    return letter + "₁₂₃"[i]


def _letter(is_closed):
    return "T" if is_closed else "F"


def _in_words(x, y, upstream, sent, mask):
    return (
        f"Three wires with a switch each. x {short_array(x)}, mask {_listed(mask)}, "
        f"y {short_array(y)}; upstream gradients {short_array(upstream)}, "
        f"sent back {short_array(sent)}."
    )


def _listed(mask):
    return f"[{', '.join(map(_letter, mask))}]"


def _verdict(x, mask, upstream, sent):
    closed, open_ = ([i for i in range(3) if mask[i] is state] for state in (True, False))
    states = ", ".join(
        _standing(*pair) for pair in ((closed, "closed"), (open_, "open")) if pair[0]
    )
    zeros = [f"{_name('x', i)} = 0" for i in range(3) if x[i] == 0]
    at_zero = f" At {_and(zeros)} the slope is taken as 0." if zeros else ""
    back = f"{short_array(upstream)} comes back as {short_array(sent)}"
    return f"{states[0].upper()}{states[1:]}: the gradient {back}.{at_zero}"


def _standing(numbers, state):
    word, verb = ("switch", "is") if len(numbers) == 1 else ("switches", "are")
    return f"{word} {_and([str(i + 1) for i in numbers])} {verb} {state}"


def _and(words):
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
