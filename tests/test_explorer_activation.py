"""The first explorer of lesson 05 shows what autograd says of an activation."""

import math
import re
import warnings

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, make_vjp
from explored import (
    SVG,
    assert_all_clear,
    assert_follows_its_controls,
    assert_runs_straight,
    boxes_of_texts,
    caption,
    elements,
    flat,
    frame,
    points,
    range_of,
    root_of,
    texts,
)

from course_utils.explorers import activation
from course_utils.pictures import draw, short, theme
from course_utils.pictures.picture import inside

FUNCTIONS = {"sigmoid": lambda x: 1 / (1 + anp.exp(-x)), "ReLU": lambda x: x * (x > 0)}
HEIGHTS = {"sigmoid": (-0.1, 1.1), "ReLU": (-0.8, 8.8)}
XS = [-8.0, -3.25, -0.25, 0.0, 0.25, 2.0, 5.0, 8.0]
each_function = pytest.mark.parametrize("function", FUNCTIONS)
each_x = pytest.mark.parametrize("x", XS)


def on(function, x, y):
    """Return the px of a point of the upper panel; of the lower one for ``function`` None."""
    least, most = HEIGHTS.get(function, (-0.1, 1.1))
    top, high = (44, 140) if function else (234, 120)
    return 70 + 420 * (x + 8) / 16, top + high * (most - y) / (most - least)


def plotted(picture, stroke):
    """Return the lines of one colour in the two panels, left of the graph."""
    lines = elements(flat(picture), "polyline", stroke=stroke)
    return [line for line in lines if points(line)[0][0] <= 490]


@each_function
@each_x
@pytest.mark.parametrize("upstream", [-2.0, -1.75, 0.0, 0.25, 1.0])
def test_the_numbers_of_an_activation_are_those_of_autograd(x, upstream, function):
    f = FUNCTIONS[function]
    y, slope = short(f(x)), short(grad(f)(x))
    back = short(make_vjp(f)(x)[0](upstream))
    symbol = {"sigmoid": "σ", "ReLU": "ReLU"}[function]
    picture = activation.picture(x, upstream, function)
    sent = f"{short(upstream)} · {slope} = {back}"
    assert texts(picture)[-2:] == [f"{symbol}({short(x)}) = {y}", sent]
    assert f"tangent: slope {slope}" in texts(picture)
    graph = texts(picture)[-10:-2]
    assert sorted(graph[1:]) == sorted(["x", symbol, "y", short(x), y, short(upstream), back])
    start = f"x = {short(x)}: y = {y}, slope {slope}. The node receives {short(upstream)} and "
    assert caption(picture).startswith(f"{start}sends back {sent}. ")
    assert (
        f"of x {short(x)} gives y = {y}. Gradients: y {short(upstream)}, x {back}." in picture.alt
    )
    assert f"the curve of {function} over x" in picture.alt


def test_the_sigmoid_of_lesson_05():
    picture = activation.picture(2.0)
    assert caption(picture) == (
        "x = 2: y = 0.8808, slope 0.105. The node receives 1 and sends back 1 · 0.105 = 0.105. "
        "3 such nodes in a row leave less than 1 % of a gradient."
    )
    assert picture == activation.picture(2.0, 1.0, "sigmoid")


@pytest.mark.parametrize("x", [k / 4 for k in range(-32, 33)])
def test_how_many_sigmoids_leave_little(x):
    words = caption(activation.picture(x)).partition("= ")[2].rpartition(". ")[2]
    left, nodes = 1.0, 0
    while left >= 0.01:
        left, nodes = left * grad(FUNCTIONS["sigmoid"])(x), nodes + 1
    such = "One such node leaves" if nodes == 1 else f"{nodes} such nodes in a row leave"
    assert words == f"{such} less than 1 % of a gradient."


@pytest.mark.parametrize(
    "x, words",
    [
        (0.25, "sends back 1 · 1 = 1. The switch is closed: the gradient goes through unchanged."),
        (0.0, "sends back 1 · 0 = 0. At x = 0 the slope is taken as 0. The switch is open: "
         "nothing goes back."),
        (-0.25, "sends back 1 · 0 = 0. The switch is open: nothing goes back."),
    ],
)  # fmt: skip
def test_relu_is_a_switch(x, words):
    assert caption(activation.picture(x, 1.0, "ReLU")).endswith(words)


@each_function
@each_x
def test_dots_and_tangent_lie_where_they_should(x, function):
    f = FUNCTIONS[function]
    picture = activation.picture(x, 1.0, function)
    y, slope = float(f(x)), float(grad(f)(x))
    dots = [(float(dot["cx"]), float(dot["cy"])) for dot in elements(picture, "circle")]
    assert dots == [
        pytest.approx(on(function, x, y), abs=0.06),
        pytest.approx(on(None, x, slope), abs=0.06),
    ]
    (tangent,) = [a for a in plotted(picture, theme.GRADIENT) if points(a)[0][1] < 190]
    assert tangent["stroke-dasharray"]
    assert_runs_straight(tangent, lambda a, b: on(function, a, b), lambda a: y + slope * (a - x))


@each_function
def test_the_curves_are_those_of_the_function_and_of_its_slope(function):
    picture, f = activation.picture(2.0, 1.0, function), FUNCTIONS[function]
    values = plotted(picture, theme.FORWARD)
    slopes = [a for a in plotted(picture, theme.GRADIENT) if points(a)[0][1] > 220]
    xs = np.linspace(-8, 8, 161)
    for panel, curves, heights in (
        (function, values, f(xs)), (None, slopes, [grad(f)(x) for x in xs])
    ):  # fmt: skip
        left, right = (points(curve) for curve in curves)
        expected = [on(panel, x, y) for x, y in zip(xs, heights, strict=True)]
        assert np.allclose(left, expected[:81], rtol=0, atol=0.06)
        assert np.allclose(right[1:], expected[81:], rtol=0, atol=0.06)
        beside = 1e-9, float(f(1e-9)) if panel else grad(f)(1e-9)
        assert right[0] == pytest.approx(on(panel, *beside), abs=0.06)
    assert all("stroke-dasharray" in curve for curve in slopes)
    assert not any("stroke-dasharray" in curve for curve in values)


def test_the_slope_is_named_on_its_curve():
    assert "largest slope 0.25" in texts(activation.picture(2.0))
    assert {"slope 0", "slope 1"} <= set(texts(activation.picture(2.0, 1.0, "ReLU")))
    for function, named in (("sigmoid", {0.0: 0.25}), ("ReLU", {-4.0: 0.0, 4.0: 1.0})):
        written = dict(boxes_of_texts(root_of(activation.picture(2.0, 1.0, function))))
        for x, slope in named.items():
            word = "largest slope" if function == "sigmoid" else "slope"
            box, at = written[f"{word} {short(slope)}"], on(None, x, slope)
            assert box.x == pytest.approx(at[0], abs=0.1) and 20 < abs(box.y - at[1]) < 30


def test_the_graph_stands_in_the_picture_as_it_is_drawn_alone():
    graph = draw(activation.compute(2.0, 1.0, "sigmoid"), room=9)
    root = root_of(activation.picture(2.0))
    (group,) = root.iter(SVG + "g")
    assert group.get("transform") == "translate(512,150)"
    alone = [(element.tag, element.attrib, element.text) for element in root_of(graph)]
    assert [(element.tag, element.attrib, element.text) for element in group] == alone
    assert "aria-label" not in {name for element in group.iter() for name in element.attrib}
    assert activation.picture(2.0).markup.count("<svg") == 1


def test_only_elements_of_svg_are_put_inside_a_picture():
    captioned = activation.picture(2.0)
    with pytest.raises(ValueError, match=r"^inside: expected a picture of SVG elements, without a"):
        inside(captioned, 0, 0)


@pytest.mark.parametrize("function", ["tanh", "", None, "relu"])
def test_another_function_is_refused(function):
    message = f"activation.picture: expected sigmoid or ReLU, got {function!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        activation.picture(2.0, 1.0, function)


@pytest.mark.parametrize("x", [-8.25, 8.25, math.inf, math.nan])
def test_an_x_off_the_axis_is_refused(x):
    message = f"activation.picture: expected x from -8 to 8, got {x!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        activation.picture(x)


@each_function
@pytest.mark.parametrize("upstream", [-2.0, -1.75, 0.0, 2.0])
def test_no_state_of_an_activation_makes_texts_meet(upstream, function):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pictures = [activation.picture(x / 4, upstream, function) for x in range(-32, 33)]
    assert_all_clear(pictures)
    assert len({str(frame(picture)) for picture in pictures}) == 1
    placed = {str(elements(flat(picture), "rect")) for picture in pictures}
    assert len(placed) == 1  # the graph's nodes stand still


def test_the_controls_of_activation(monkeypatch):
    controls = activation.explore().controls
    assert list(controls) == ["function", "x", "upstream"]
    assert range_of(controls["x"]) == (2.0, -8.0, 8.0, 0.25)
    assert range_of(controls["upstream"]) == (1.0, -2.0, 2.0, 0.25)
    assert tuple(controls["function"].options) == ("sigmoid", "ReLU")
    assert activation.explore().picture() == activation.picture(2.0)
    changes = {"x": -8.0, "upstream": -2.0, "function": "ReLU"}
    assert_follows_its_controls(activation, changes, monkeypatch)
