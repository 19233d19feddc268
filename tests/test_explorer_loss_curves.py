"""The explorer of lesson 07 shows what autograd says of binary cross-entropy."""

import math
import re

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from explored import (
    SVG,
    assert_follows_its_controls,
    assert_is_clear,
    assert_runs_straight,
    caption,
    elements,
    frame,
    middle_of,
    points,
    range_of,
    root_of,
    said,
    texts,
)

from course_utils.explorers import loss_curves
from course_utils.pictures import short, theme

ZS = [-6.0, -3.25, -1.0, -0.25, 0.0, 0.75, 2.0, 4.0, 6.0]
each_target = pytest.mark.parametrize("target", [0, 1])


def binary_cross_entropy(z, target):
    p = 1 / (1 + anp.exp(-z))
    return -(target * anp.log(p) + (1 - target) * anp.log(1 - p))


def loss_state(z, target):
    gradient = grad(binary_cross_entropy)(z, float(target))
    return 1 / (1 + math.exp(-z)), float(binary_cross_entropy(z, target)), float(gradient)


@each_target
@pytest.mark.parametrize("z", ZS)
def test_the_loss_and_its_gradient_are_those_of_autograd(z, target):
    picture = loss_curves.picture(z, target)
    p, loss, gradient = map(short, loss_state(z, target))
    named = {"z": short(z), "t": str(target), "p": p, "loss": loss, "gradient": gradient}
    assert said(picture.alt, "State") == named
    written = [f"loss = {loss}", f"slope {gradient}", f"gradient p − t = {gradient}"]
    assert texts(picture)[-3:] == written
    start = f"z = {short(z)}, t = {target}: p = σ(z) = {p}, loss {loss}. "
    assert caption(picture).startswith(f"{start}Gradient p − t = {p} − {target} = {gradient}: ")
    assert picture.alt.endswith(caption(picture))


@pytest.mark.parametrize(
    "z, target, loss, gradient", [(0, 1, "0.6931", "−0.5"), (2, 1, "0.1269", "−0.1192"),
                                  (2, 0, "2.127", "0.8808"), (-6, 1, "6.002", "−0.9975")],
)  # fmt: skip
def test_the_numbers_of_lesson_07(z, target, loss, gradient):
    state = said(loss_curves.picture(z, target).alt, "State")
    assert (state["loss"], state["gradient"]) == (loss, gradient)


@pytest.mark.parametrize(
    "z, words",
    [
        (6, "right and sure, hardly any push"),
        (2.25, "right and sure, hardly any push"),
        (2, "right but not sure, some push is left"),
        (0.5, "right but not sure, some push is left"),
        (0.25, "undecided, half of the full push"),
        (-0.25, "undecided, half of the full push"),
        (-0.5, "wrong but not sure, a strong push"),
        (-2, "wrong but not sure, a strong push"),
        (-2.25, "wrong and sure, the full push, never more than 1"),
        (-6, "wrong and sure, the full push, never more than 1"),
    ],
)
def test_a_push_is_named(z, words):
    assert caption(loss_curves.picture(z, 1)).endswith(f": {words}.")
    assert caption(loss_curves.picture(-z, 0)).endswith(f": {words}.")


@each_target
@pytest.mark.parametrize("z", ZS)
def test_curves_dots_and_tangent_lie_where_they_should(z, target):
    picture = loss_curves.picture(z, target)
    _, loss, gradient = loss_state(z, target)
    dots = [(float(dot["cx"]), float(dot["cy"])) for dot in elements(picture, "circle")]
    assert dots == [
        pytest.approx(on(PANELS[0], z, loss), abs=0.06),
        pytest.approx(on(PANELS[1], z, gradient), abs=0.06),
    ]
    (tangent,) = elements(picture, "polyline", stroke=theme.GRADIENT, stroke_width="2.5")
    assert_runs_straight(
        tangent, lambda x, y: on(PANELS[0], x, y), lambda x: loss + gradient * (x - z)
    )
    assert tangent["stroke-dasharray"]


# left, top, width, height in px, and the numbers at the bottom and the top
PANELS = [(56, 44, 394, 286, -0.2, 6.5), (576, 44, 394, 286, -1.2, 1.2)]


def on(panel, z, y):
    left, top, wide, high, least, most = panel
    return left + wide * (z + 6) / 12, top + high * (most - y) / (most - least)


@each_target
def test_the_chosen_target_is_strong_and_the_other_thin(target):
    picture = loss_curves.picture(1.0, target)
    strong = elements(picture, "polyline", stroke_width="4")
    thin = elements(picture, "polyline", stroke_width="1.5", stroke=theme.QUIET)
    assert [curve["stroke"] for curve in strong] == [theme.FORWARD, theme.GRADIENT]
    assert len(thin) == 2
    for chosen, pair in ((target, strong), (1 - target, thin)):
        assert ["stroke-dasharray" in curve for curve in pair] == [False, True]
        for which, curve in enumerate(pair):
            zs = np.linspace(-6, 6, 97)
            heights = [loss_state(float(z), chosen)[1 + which] for z in zs]
            expected = [on(PANELS[which], z, y) for z, y in zip(zs, heights, strict=True)]
            assert np.allclose(points(curve), expected, rtol=0, atol=0.06)


@each_target
def test_each_curve_is_named_beside_it(target):
    picture = loss_curves.picture(1.0, target)
    named = [(e.text, e.attrib) for e in root_of(picture).iter(SVG + "text") if " = " in e.text]
    found = [(text, a["fill"] != theme.QUIET, float(a["x"]) < 500) for text, a in named[:4]]
    assert sorted(found) == sorted(
        (f"t = {t}", t == target, is_left) for t in (0, 1) for is_left in (False, True)
    )
    for (text, a), panel in zip(named[:4], 2 * PANELS, strict=True):
        which, t = int(panel is PANELS[1]), int(text[-1])
        x, y = float(a["x"]), middle_of(a)
        z = (x - panel[0]) / panel[2] * 12 - 6
        assert abs(y - on(panel, z, loss_state(z, t)[1 + which])[1]) < 32


def test_the_gradient_has_lines_at_its_bounds():
    thin = elements(loss_curves.picture(2.0), "polyline", stroke_width="1", stroke=theme.QUIET)
    heights = [on(PANELS[1], 0, y)[1] for y in (-1, 0, 1)]
    assert [points(line)[0][1] for line in thin] == pytest.approx(heights, abs=0.06)
    written = texts(loss_curves.picture(2.0))
    assert {"−1", "0", "1", "2", "4", "6", "−3", "score z"} <= set(written)


@pytest.mark.parametrize("target", [2, -1, 0.5, "1", None, math.nan])
def test_another_target_is_refused(target):
    message = f"loss_curves.picture: expected a target of 0 or 1, got {target!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        loss_curves.picture(2.0, target)


@pytest.mark.parametrize("z", [-6.25, 6.25, math.inf, math.nan])
def test_a_score_off_the_axis_is_refused(z):
    message = f"loss_curves.picture: expected z from -6 to 6, got {z!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        loss_curves.picture(z, 1)


@each_target
def test_no_score_of_the_slider_makes_texts_meet(target):
    pictures = [loss_curves.picture(z / 4, target) for z in range(-24, 25)]
    for picture in pictures:
        assert_is_clear(picture)
    assert len({str(frame(picture)) for picture in pictures}) == 1


def test_the_controls_of_loss_curves(monkeypatch):
    controls = loss_curves.explore().controls
    assert list(controls) == ["z", "target"]
    assert range_of(controls["z"]) == (2.0, -6.0, 6.0, 0.25)
    assert (tuple(controls["target"].options), controls["target"].value) == ((0, 1), 1)
    assert [c.description for c in controls.values()] == ["score z", "target t"]
    assert loss_curves.picture(2.0) == loss_curves.explore().picture()
    assert_follows_its_controls(loss_curves, {"z": -6.0, "target": 0}, monkeypatch)
