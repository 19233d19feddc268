"""The gears of the chain rule (lesson 02): x turns t = x², and t turns z = 3t."""

import math

from course_utils.explorers.explorer import Explorer, slider
from course_utils.graph import Variable
from course_utils.pictures import short, theme
from course_utils.pictures.picture import arrowhead, label, line, svg, tag
from course_utils.pictures.text import bracketed

RADIUS = 92
SPACING = 330
DEGREES = 12  # how far a gear turns for 1
NUDGE = 5  # degrees that x is turned on, to show how much the others turn
TEETH = 20


def chain(x):
    """Return (x, t, z) of t = x² and z = 3t, as a graph with its gradients."""
    x = Variable(x, "x")
    t = x**2
    z = 3 * t
    t.name, z.name = "t", "z"
    z.backward()
    return x, t, z


def picture(x):
    """Return the gears at x: turned by their values, with both rates and their product."""
    gears = chain(x)
    rates = [1.0, float(gears[1].sent[0] / gears[1].grad), float(gears[2].sent[1])]
    products = [1.0, rates[1], rates[1] * rates[2]]
    parts = []
    for i, (gear, rate) in enumerate(zip(gears, products, strict=True)):
        parts += _gear(150 + i * SPACING, gear, rate)
    parts += _link(150, "dt/dx = 2x", rates[1]) + _link(150 + SPACING, "dz/dt = 3", rates[2])
    parts += _product(rates, products[2])
    return svg(960, 380, parts, _in_words(gears, rates, products[2])).with_caption(_nudged(gears))


def explore():
    """Return the explorer: one slider, x."""
    return Explorer(picture, {"x": slider("x", 1.0, -3.0, 3.0, 0.1)})


def _gear(x, variable, rate):
    """A gear turned by its value; the wedge is how far it turns on when x is nudged."""
    y, turn = 150, DEGREES * float(variable.value)
    wedge = NUDGE * rate
    hand = _on_circle(x, y, RADIUS - 16, turn)
    parts = [
        tag("polygon", points=_teeth(x, y, turn), fill=theme.NODE_FILL, stroke=theme.INK,
            stroke_width=1.5),
        tag("path", d=_wedge(x, y, RADIUS - 16, turn, wedge), fill=theme.HIGHLIGHT,
            stroke=theme.GRADIENT, stroke_width=1.5, stroke_dasharray=theme.DASH),
        line([(x, y), hand], theme.FORWARD, stroke_width=4),
        tag("circle", cx=x, cy=y, r=7, fill=theme.INK),
    ]  # fmt: skip
    text = f"{variable.name} = {short(variable.value)}"
    return [*parts, label(x, y + RADIUS + 28, text, theme.FORWARD, font_weight="bold")]


def _link(x, name, rate):
    """The arrow between two gears: value above, rate below."""
    start, end, y = x + RADIUS + 22, x + SPACING - RADIUS - 22, 150
    return [
        line([(start, y), (end - 8, y)], theme.FORWARD),
        arrowhead((end, y), (1, 0), theme.FORWARD),
        label((start + end) / 2, y - 22, name, theme.GRADIENT_TEXT, font_size=theme.SMALL_SIZE),
        label((start + end) / 2, y + 26, f"×{bracketed(short(rate))}", theme.GRADIENT_TEXT,
              font_weight="bold"),
    ]  # fmt: skip


def _product(rates, product):
    start, end, y = 150, 150 + 2 * SPACING, 312
    text = f"dz/dx = {bracketed(short(rates[1]))} × {bracketed(short(rates[2]))} = {short(product)}"
    return [
        line([(start + 8, y), (end, y)], theme.GRADIENT, stroke_dasharray=theme.DASH),
        arrowhead((start, y), (-1, 0), theme.GRADIENT),
        label((start + end) / 2, y + 30, text, theme.GRADIENT_TEXT, font_weight="bold"),
    ]


def _in_words(gears, rates, product):
    values = ", ".join(f"{gear.name} = {short(gear.value)}" for gear in gears)
    return (
        f"Three gears: {values}. For a small turn of x, t turns {short(rates[1])} times as much, "
        f"z turns {short(rates[2])} times as much as t, and so {short(product)} times as much as x."
    )


def _nudged(gears, nudge=0.01):
    x = float(gears[0].value)
    moved = float(chain(x + nudge)[2].value - gears[2].value)
    rate = float(gears[0].grad)
    return f"Nudge x by {nudge}: z moves by {short(moved)}; the rates say {short(rate * nudge)}."


def _on_circle(x, y, radius, degrees):
    """The point at so many degrees clockwise from the top."""
    angle = math.radians(degrees)
    return x + radius * math.sin(angle), y - radius * math.cos(angle)


def _teeth(x, y, turn):
    corners = []
    for k in range(4 * TEETH):
        radius = RADIUS if k % 4 < 2 else RADIUS - 10
        corners.append(_on_circle(x, y, radius, turn + 90 * k / TEETH))
    return " ".join(f"{px:.1f},{py:.1f}" for px, py in corners)


def _wedge(x, y, radius, turn, degrees):
    (x0, y0), (x1, y1) = _on_circle(x, y, radius, turn), _on_circle(x, y, radius, turn + degrees)
    far, clockwise = int(abs(degrees) > 180), int(degrees > 0)
    arc = f"A{radius},{radius} 0 {far} {clockwise} {x1:.1f},{y1:.1f}"
    return f"M{x:.1f},{y:.1f} L{x0:.1f},{y0:.1f} {arc} Z"
