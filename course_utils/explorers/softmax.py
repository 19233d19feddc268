"""Three scores (lesson 08): their softmax, its Jacobian, and the gradient p − t of the loss."""

import math

from course_utils.explorers.explorer import Explorer, choice, slider
from course_utils.graph import Variable, apply
from course_utils.nodes import Softmax, SoftmaxWithLoss
from course_utils.pictures import theme
from course_utils.pictures.axes import TICK, Axes
from course_utils.pictures.picture import label, line, svg, tag
from course_utils.pictures.text import short

ANSWERS = (0, 1, 2)
COLDEST, HOTTEST = 0.1, 10.0
TINY = 1e-9  # a smaller number is written ≈ 0, so that every number fits its place
TOP, NAMES = 66, 364  # px: where the bars begin, and where their names stand
CELL_LEFT, CELL_TOP, CELL_WIDE, CELL_HIGH = 340, 80, 106, 76


def picture(z0, z1, z2, answer=2, temperature=1.0):
    """Return p = softmax(z / T) as bars, beside its Jacobian and the gradient of the loss.

    Raises:
        ValueError: the answer is none of 0, 1, 2; the temperature is not between 0.1 and 10; or
            a score is not finite.
    """
    _check(answer, temperature, z0, z1, z2)
    p, jacobian, loss, gradient = compute((z0, z1, z2), answer, temperature)
    parts = [
        *_probabilities(p, answer, temperature),
        *_heat_map(jacobian, temperature),
        *_gradient(gradient, temperature),
    ]
    alt = _in_words(p, jacobian, gradient, answer, temperature)
    cooled = _cooled(max(p), (z0, z1, z2), temperature)
    return svg(1000, 400, parts, alt).with_caption(_caption(p, loss, gradient, answer) + cooled)


def explore():
    """Return the explorer: three scores, the answer and the temperature."""
    scores = [
        slider(f"score {_name('z', i)}", value, -10.0, 15.0, 0.1)
        for i, value in enumerate((5.3, 0.3, 10.1))
    ]
    answer = choice("answer", ANSWERS, 2)
    temperature = slider("temperature T", 1.0, COLDEST, HOTTEST, 0.1)
    controls = {f"z{i}": score for i, score in enumerate(scores)}
    controls |= {"answer": answer, "temperature": temperature}
    rows = [[scores[0], temperature], [scores[1], answer], [scores[2]]]
    return Explorer(picture, controls, rows)


def compute(z, answer, temperature):
    """Return (p, ∂p/∂z, loss, ∂loss/∂z) of the scores z at a temperature."""
    z = Variable(z)
    scores = z / temperature
    loss = apply(SoftmaxWithLoss(), scores, answer)
    loss.backward()
    softmax = Softmax()
    p = softmax.forward(scores.value)
    return p, softmax.jacobian() / temperature, loss.value, z.grad


def _check(answer, temperature, *z):
    if answer not in ANSWERS:
        raise ValueError(f"softmax.picture: expected an answer of 0, 1 or 2, got {answer!r}")
    if not COLDEST <= temperature <= HOTTEST:
        raise ValueError(
            f"softmax.picture: expected a temperature from {COLDEST} to {HOTTEST:g}, "
            f"got {temperature!r}"
        )
    if not all(map(math.isfinite, z)):
        raise ValueError(f"softmax.picture: expected three finite scores, got {z}")


def _probabilities(p, answer, temperature):
    axes = Axes(30, TOP, 276, 274, (-0.5, 2.5), (0, 1), y_ticks=(0, 1))
    outlines = [{"stroke": theme.INK, "stroke_width": 4} if i == answer else {} for i in ANSWERS]
    return [
        _title(168, "p = softmax(z)", "p = softmax(z / T)", temperature),
        *axes.frame(),
        *(axes.bar(i, p[i], theme.FORWARD, **outlines[i]) for i in ANSWERS),
        *(_number(axes, i, p[i], theme.FORWARD) for i in ANSWERS),
        *(_under(axes, i, _name("p", i)) for i in ANSWERS),
        _under(axes, answer, "answer", 25, font_size=theme.SMALL_SIZE),
    ]


def _heat_map(jacobian, temperature):
    middle, bottom = CELL_LEFT + 1.5 * CELL_WIDE, CELL_TOP + 3 * CELL_HIGH
    cells = [_cell(i, j, jacobian[i, j], temperature) for i in ANSWERS for j in ANSWERS]
    rows = [label(CELL_LEFT - 16, _cell_at(i, 0)[1], _name("p", i)) for i in ANSWERS]
    columns = [label(_cell_at(0, j)[0], CELL_TOP - 20, _name("z", j)) for j in ANSWERS]
    note = label(middle, bottom + 24, "each row sums to 0", font_size=theme.SMALL_SIZE)
    return [label(middle, 20, "Jacobian ∂pᵢ/∂zⱼ"), *cells, *rows, *columns, note]


def _cell(i, j, slope, temperature):
    """One entry, the stronger in colour the nearer to the largest there is, 1/4 over T."""
    x, y = _cell_at(i, j)
    strength = math.sqrt(abs(slope) * 4 * temperature)
    fill = theme.POSITIVE_FILL if slope > 0 else theme.NEGATIVE_FILL
    box = tag("rect", x=x - CELL_WIDE / 2, y=y - CELL_HIGH / 2, width=CELL_WIDE, height=CELL_HIGH,
              fill=fill, fill_opacity=f"{strength:.3f}", stroke=theme.INK,
              stroke_width=1)  # fmt: skip
    return box + label(x, y, _fitting(slope), font_size=theme.SMALL_SIZE)


def _cell_at(i, j):
    """The middle of a cell of the heat map."""
    return CELL_LEFT + (j + 0.5) * CELL_WIDE, CELL_TOP + (i + 0.5) * CELL_HIGH


def _gradient(gradient, temperature):
    full = 1 / temperature
    axes = Axes(687, TOP, 304, 260, (-0.6, 2.5), (-full, full))
    style = {"stroke": theme.GRADIENT, "stroke_width": theme.LINE, "stroke_dasharray": theme.DASH}
    return [
        _title(840, "gradient p − t", "gradient (p − t) / T", temperature),
        *_scale(axes, "1" if temperature == 1 else "1/T"),
        *(axes.bar(i, gradient[i], theme.GRADIENT_FILL, **style) for i in ANSWERS),
        axes.through(0, 0, 0, theme.INK, stroke_width=1.5),
        *(_number(axes, i, gradient[i], theme.GRADIENT_TEXT, font_weight="bold") for i in ANSWERS),
        *(_under(axes, i, _name("z", i)) for i in ANSWERS),
    ]


def _scale(axes, full):
    """A vertical axis from minus the largest push to the largest."""
    x, parts = axes.left, [axes.curve(axes.x[:1] * 2, axes.y, theme.INK, stroke_width=1.5)]
    for y, text in zip((axes.y[0], 0, axes.y[1]), (f"−{full}", "0", full), strict=True):
        height = axes.at(0, y)[1]
        parts.append(line([(x - TICK, height), (x, height)], theme.INK, stroke_width=1.5))
        parts.append(label(x - 10, height, text, anchor="end", font_size=theme.SMALL_SIZE))
    return parts


def _title(x, at_1, otherwise, temperature):
    """A panel's title, one for T = 1 and one that names T."""
    return label(x, 20, at_1 if temperature == 1 else otherwise)


def _number(axes, i, value, fill, **attributes):
    """A bar's number, beyond its end."""
    shift = (0, -14 if value >= 0 else 14)
    return axes.text(
        i, value, _fitting(value), fill, shift, font_size=theme.SMALL_SIZE, **attributes
    )


def _under(axes, i, text, lower=0, **attributes):
    return label(axes.at(i, 0)[0], NAMES + lower, text, **attributes)


def _name(letter, i):
    return letter + "₀₁₂"[i]


def _fitting(value):
    return "≈ 0" if 0 < abs(value) < TINY else short(value)


def _in_words(p, jacobian, gradient, answer, temperature):
    rows = "; ".join(f"row {i}: " + ", ".join(map(short, jacobian[i])) for i in ANSWERS)
    return (
        f"Left: bars of the probabilities at temperature {short(temperature)}. "
        f"Probabilities: {_listed('p', p)}. Answer: {answer}. "
        f"Middle: a heat map of the Jacobian, each row sums to 0. Jacobian: {rows}. "
        f"Right: bars of the gradient, up and down from 0. Gradient: {_listed('z', gradient)}."
    )


def _listed(letter, values):
    return ", ".join(f"{letter}{i} {short(value)}" for i, value in enumerate(values))


def _caption(p, loss, gradient, answer):
    named = _name("p", answer)
    return (
        f"The answer has {named} = {short(p[answer])}: loss {short(loss)}. "
        f"A step downhill {_pushed(gradient)}; the three gradients sum to 0."
    )


def _pushed(gradient):
    """Say which scores a step against the gradient moves up, and which down."""
    up = [_name("z", i) for i in ANSWERS if gradient[i] <= -TINY]
    down = [_name("z", i) for i in ANSWERS if gradient[i] >= TINY]
    ways = [f"{' and '.join(names)} {way}" for names, way in ((up, "up"), (down, "down")) if names]
    return f"pushes {', '.join(ways)}" if ways else "hardly moves any score"


def _cooled(largest, z, temperature):
    """Say what the temperature does to the largest probability, unless it is 1."""
    if temperature == 1:
        return ""
    before = Softmax().forward(z).max()
    now, then = short(largest), short(before)
    if now == then:
        return f" T = {short(temperature)} leaves the largest p at {now}."
    how = "flatter" if largest < before else "sharper"
    return f" T = {short(temperature)} makes p {how}: its largest is {now}, at T = 1 it is {then}."
