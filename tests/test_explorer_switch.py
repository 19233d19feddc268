"""The second explorer of lesson 05 shows what autograd says of three ReLUs."""

import math
from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import make_vjp
from explored import (
    assert_all_clear,
    assert_follows_its_controls,
    boxes_of_texts,
    caption,
    elements,
    points,
    range_of,
    root_of,
    texts,
)

from course_utils.explorers import switch
from course_utils.pictures import short, theme

THREES = [(-1, 0, 2), (1, 2, 3), (-3, -2.5, -0.5), (0, 0, 0), (0.5, -0.5, 0), (3, 3, -3)]
UPSTREAMS = [(5, 6, 7), (-1.5, 0, 2)]
ROWS = (104, 206, 308)


@pytest.mark.parametrize("upstream", UPSTREAMS)
@pytest.mark.parametrize("x", THREES, ids=str)
def test_the_wires_carry_what_autograd_says(x, upstream):
    def relu(x):
        return anp.maximum(x, 0) * (x > 0)

    floats = np.array(x, dtype=float)
    sent = [float(v) for v in make_vjp(relu)(floats)[0](np.array(upstream, dtype=float))]
    picture = switch.picture(*x, upstream)
    boxes = dict(boxes_of_texts(root_of(picture)))
    for i, row in enumerate(ROWS):
        n = "₁₂₃"[i]
        above = f"x{n} = {short(x[i])}", f"y{n} = {short(max(x[i], 0))}"
        below = f"∂L/∂x{n} = {short(sent[i])}", f"∂L/∂y{n} = {short(upstream[i])}"
        for pair, is_above in ((above, True), (below, False)):
            assert all((boxes[text].y < row) is is_above for text in pair)
            assert boxes[pair[0]].right < 390 and boxes[pair[1]].left > 470
            assert all(abs(boxes[text].y - row) < 30 for text in pair)
    letters = ["T" if v > 0 else "F" for v in x]
    at_mask = [t for t in texts(picture) if t in ("T", "F")]
    assert at_mask == letters
    assert f"mask [{', '.join(letters)}]" in picture.alt
    back = ", ".join(map(short, sent))
    given = ", ".join(map(short, upstream))
    assert f"upstream gradients [{given}], sent back [{back}]." in picture.alt
    assert f": the gradient [{given}] comes back as [{back}]." in caption(picture)
    values = ", ".join(short(max(v, 0)) for v in x)
    assert f"x [{', '.join(map(short, x))}], mask" in picture.alt
    assert f"y [{values}]; " in picture.alt


@pytest.mark.parametrize(
    "x, words",
    [
        ((-1, 0, 2), "Switch 3 is closed, switches 1 and 2 are open: the gradient [5, 6, 7] comes "
         "back as [0, 0, 7]. At x₂ = 0 the slope is taken as 0."),
        ((1, 2, 3), "Switches 1, 2 and 3 are closed: the gradient [5, 6, 7] comes back as "
         "[5, 6, 7]."),
        ((0, -1, 0), "Switches 1, 2 and 3 are open: the gradient [5, 6, 7] comes back as "
         "[0, 0, 0]. At x₁ = 0 and x₃ = 0 the slope is taken as 0."),
        ((1, -1, 3), "Switches 1 and 3 are closed, switch 2 is open: the gradient [5, 6, 7] comes "
         "back as [5, 0, 7]."),
    ],
)  # fmt: skip
def test_the_caption_of_the_wires(x, words):
    assert caption(switch.picture(*x)) == words


@pytest.mark.parametrize("x", THREES, ids=str)
def test_a_lever_is_lifted_where_x_is_not_above_0(x):
    picture = switch.picture(*x)
    levers = [points(lever) for lever in elements(picture, "polyline", stroke_width="5")]
    words = [t for t in texts(picture) if t in ("open", "closed")]
    assert words == ["closed" if v > 0 else "open" for v in x]
    for (start, tip), v, row in zip(levers, x, ROWS, strict=True):
        assert start == (390, row)
        assert math.dist(start, tip) == pytest.approx(80, abs=0.1)
        assert (tip == (470, row)) if v > 0 else (tip[1] < row - 30)


@pytest.mark.parametrize("x", THREES, ids=str)
def test_behind_an_open_switch_the_line_is_thin(x):
    lines = [a for a in elements(switch.picture(*x), "polyline") if a["stroke"] != theme.INK]
    for i, row in enumerate(ROWS):
        own = [a for a in lines if abs(points(a)[0][1] - row) <= 4]
        flows = {(points(a)[0][1] < row, points(a)[0][0] < 430): a for a in own}
        assert len(own) == len(flows) == 4
        for (is_forward, is_left), a in flows.items():
            is_dead = x[i] <= 0 and is_forward is not is_left
            colour = theme.FORWARD if is_forward else theme.GRADIENT
            assert a["stroke"] == (theme.QUIET if is_dead else colour)
            assert a["stroke-width"] == ("1.5" if is_dead else "2.5")
            assert ("stroke-dasharray" in a) is not is_forward
            way = points(a)[1][0] - points(a)[0][0]
            assert (way > 0) is is_forward


def test_arrows_of_the_wires_point_as_their_lines_run():
    picture = switch.picture(-1, 0, 2)
    arrows = [points(arrow) for arrow in elements(picture, "polygon")]
    tips = {tip for tip, *_ in arrows}
    for tip, *back in arrows:
        forward = tip[1] in [row - 4 for row in ROWS]
        assert all((x < tip[0]) is forward for x, _ in back)
    for row in ROWS:
        assert {(380, row - 4), (810, row - 4), (50, row + 4), (480, row + 4)} <= tips
    assert len(tips) == 12


@pytest.mark.parametrize("upstream", [(1, 2), (1, 2, 3, 4)])
def test_other_than_three_gradients_are_refused(upstream):
    with pytest.raises(ValueError, match=rf"^ReLU.backward: .* shape \({len(upstream)},\), .*3"):
        switch.picture(1, 2, 3, upstream)


def test_no_state_of_the_switches_makes_texts_meet():
    pictures = [switch.picture(*x) for x in product((-3.0, -0.5, 0.0, 2.5), repeat=3)]
    pictures += [switch.picture(*x, (-1.25, 100, 0.001)) for x in THREES]
    assert_all_clear(pictures)
    assert len({root_of(picture).get("height") for picture in pictures}) == 1


def test_the_controls_of_the_switches(monkeypatch):
    controls = switch.explore().controls
    for (name, control), value in zip(controls.items(), (-1.0, 0.0, 2.0), strict=True):
        assert range_of(control) == (value, -3.0, 3.0, 0.5)
        assert control.description == name.translate(str.maketrans("123", "₁₂₃"))
    assert switch.explore().picture() == switch.picture(-1, 0, 2, (5, 6, 7))
    changes = {"x1": 3.0, "x2": -3.0, "x3": 0.0}
    assert_follows_its_controls(switch, changes, monkeypatch)
