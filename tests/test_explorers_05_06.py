"""The explorers of lessons 05 and 06 show what autograd and plain formulas say."""

import math
import re
import warnings
from itertools import pairwise, product
from types import SimpleNamespace
from xml.etree import ElementTree

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, make_vjp
from test_explorers import caption, texts
from test_explorers_07_08 import (
    SVG,
    assert_follows_its_controls,
    assert_is_clear,
    assert_runs_straight,
    bar_box,
    boxes_of_texts,
    elements,
    frame,
    points,
    range_of,
    root_of,
    show,
)

from course_utils.explorers import activation, affine_board, switch
from course_utils.pictures import Picture, short, theme

# What all three have in common.


STATES = {
    activation: [{"x": 2.0}, {"x": -8.0, "upstream": -1.75}, {"x": 0.0, "function": "ReLU"}],
    switch: [{"x1": -1.0, "x2": 0.0, "x3": 2.0}, {"x1": 3.0, "x2": 3.0, "x3": 3.0}],
    affine_board: [{"N": 3, "D": 2, "M": 4}, {"N": 1, "D": 6, "M": 6, "gradient": "dX",
                                              "product": "dY @ W"}],
}  # fmt: skip
each_module = pytest.mark.parametrize("module", STATES, ids=lambda m: m.__name__[23:])


@each_module
def test_a_picture_is_the_same_in_every_run(module):
    for state in STATES[module]:
        first = module.picture(**state)
        for cached in ("_curves", "matrices"):
            getattr(module, cached, SimpleNamespace(cache_clear=int)).cache_clear()
        assert module.picture(**state) == first


@each_module
def test_the_alternative_text_ends_with_the_caption_and_is_on_the_picture(module):
    for state in STATES[module]:
        picture = module.picture(**state)
        assert picture.alt.endswith(f". {caption(picture)}")
        drawn = root_of(picture).get("aria-label")
        assert picture.alt == f"{drawn} {caption(picture)}"


@each_module
def test_every_control_is_described(module):
    described = [control.description for control in module.explore().controls.values()]
    assert all(described) and len(set(described)) == len(described)


def flat(picture):
    """Return a picture with what stands in a moved group where it is seen."""
    root = root_of(picture)
    for group in root.iter(SVG + "g"):
        dx, dy = map(float, re.findall(r"[\d.]+", group.get("transform")))
        for element in group.iter():
            for name, by in (("x", dx), ("cx", dx), ("y", dy), ("cy", dy)):
                if name in element.attrib:
                    element.set(name, str(float(element.get(name)) + by))
            if "points" in element.attrib:
                moved = [f"{x + dx},{y + dy}" for x, y in points(element.attrib)]
                element.set("points", " ".join(moved))
    return Picture(ElementTree.tostring(root, "unicode"), picture.alt)


def assert_all_clear(pictures):
    for picture in pictures:
        drawing = flat(picture)
        assert_is_clear(drawing)
        page = root_of(drawing)
        for x, y in (p for e in elements(drawing, "polyline") for p in points(e)):
            assert 0 <= x <= float(page.get("width")) and 0 <= y <= float(page.get("height"))


# Lesson 05: an activation.


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


# Lesson 05: a switch on each wire.


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


# Lesson 06: the shapes of an affine layer.


RIGHT = {"dX": "dY @ W.T", "dW": "X.T @ dY", "db": "dY.sum(axis=0)"}
TRIED = [(g, p) for g, products in affine_board.PRODUCTS.items() for p in products]
each_product = pytest.mark.parametrize("gradient, tried", TRIED)
EQUALITIES = ["", "N = D", "N = M", "D = M", "N = D = M"]  # the fewest first
SIZES = [(3, 2, 4), (1, 1, 1), (6, 6, 6), (2, 2, 5), (5, 2, 2), (2, 5, 2), (1, 1, 4), (4, 1, 1),
         (1, 4, 1), (1, 6, 6), (6, 1, 6), (1, 3, 5), (6, 5, 1)]  # fmt: skip
each_size = pytest.mark.parametrize("sizes", SIZES, ids=str)


def layer(sizes):
    """Return the arrays of a layer and its gradients by autograd, on numbers of its own."""
    N, D, M = sizes
    rng = np.random.default_rng(123)
    arrays = {name: rng.normal(size=size) for name, size in
              {"X": (N, D), "W": (D, M), "b": (M,), "dY": (N, M)}.items()}  # fmt: skip
    X, W, b, dY = arrays.values()
    backward, Y = make_vjp(lambda p: anp.dot(p[0], p[1]) + p[2])((X, W, b))
    return arrays | {"Y": Y}, dict(zip(("dX", "dW", "db"), backward(dY), strict=True))


def value_of(tried, sizes):
    """Return a product's value, or None where it does not fit."""
    try:
        return eval(tried, {}, layer(sizes)[0])
    except ValueError:
        return None


def fits(tried, gradient, sizes):
    value, expected = value_of(tried, sizes), layer(sizes)[1][gradient]
    return value is not None and value.shape == expected.shape


def accident(tried, gradient):
    """Return the fewest equal sizes for which a product has the gradient's shape, or None."""
    for equality in EQUALITIES:
        sizes = {"N": 7, "D": 11, "M": 13} | dict.fromkeys(equality.split(" = "), 17)
        if fits(tried, gradient, [sizes[letter] for letter in "NDM"]):
            return equality
    return None


def written(shape):
    return "×".join(map(str, shape)) if len(shape) > 1 else f"({shape[0]},)"


@each_product
@each_size
def test_the_verdict_is_that_of_autograd(sizes, gradient, tried):
    words = caption(affine_board.picture(*sizes, gradient, tried))
    value, expected = value_of(tried, sizes), layer(sizes)[1][gradient]
    like, shape = f"the shape of {gradient[-1]}", written(expected.shape)
    if value is None:
        first, second = tried.split(" @ ")
        a, b = value_of(first, sizes).shape, value_of(second, sizes).shape
        assert words == (
            f"{tried} does not fit: {written(a)} and {written(b)}, "
            f"the inner numbers {a[1]} and {b[0]} differ."
        )
    elif value.shape != expected.shape:
        gives = f"has the shape {written(value.shape)}, but {gradient} needs {like}, {shape}."
        assert words == f"{tried} {gives}"
    elif tried == RIGHT[gradient]:
        is_right = f"is {gradient}: it has {like}, {shape}, and the values that backward gives."
        assert words == f"{tried} {is_right}"
        assert np.allclose(value, expected)
    else:
        only = accident(tried, gradient)
        assert only
        if np.allclose(value, expected):
            ending = f"and even the right values. It fits only because {only} = 1: change one of "
            assert words == f"{tried} has {like} {ending}them."
        else:
            ending = f"not the right values. It fits only because {only}: change one of them, or "
            assert words == f"{tried} has {like} but {ending}check the values."


@each_product
@each_size
def test_what_is_found_stands_beside_the_product(sizes, gradient, tried):
    written_on = texts(affine_board.picture(*sizes, gradient, tried))
    found = written_on[written_on.index(f"Is {gradient} = {tried}?") + 1 :]
    value, expected = value_of(tried, sizes), layer(sizes)[1][gradient]
    shape = f"shape of {gradient[-1]}: {written(expected.shape)}"
    if value is None:
        assert "?" in written_on and "result" not in written_on
        assert [line[:15] for line in found] == ["✗ does not fit:", "the inner numbe"]
        return
    assert "result" in written_on and "?" not in written_on
    if value.shape != expected.shape:
        assert found == [f"✗ not the {shape}"]
        return
    good = np.allclose(value, expected)
    values = "✓ the values of backward" if good else "✗ not the values of backward"
    assert found[:2] == [f"✓ {shape}", values]
    only = accident(tried, gradient)
    is_one = " = 1" if good else ""
    assert found[2:] == ([f"fits only because {only}{is_one}"] if only else [])


@pytest.mark.parametrize(
    "gradient, tried", [pair for pair in TRIED if pair[1] not in RIGHT.values()]
)
def test_each_wrong_product_is_found_out_by_sizes_that_differ(gradient, tried):
    assert caption(affine_board.picture(3, 2, 4, gradient, tried)) != ""
    found = texts(affine_board.picture(3, 2, 4, gradient, tried))
    assert not any(text.startswith("✓") for text in found)
    assert any(text.startswith("✗") for text in found)


LETTERS = {"X": "N×D", "X.T": "D×N", "W": "D×M", "W.T": "M×D", "dY": "N×M", "dY.T": "M×N",
           "Y": "N×M", "b": "(M,)"}  # fmt: skip
OUTLINES = {"X": theme.FORWARD, "Y": theme.FORWARD, "W": "#009E73", "b": "#009E73"}


@each_product
@each_size
def test_the_grids_have_their_shapes(sizes, gradient, tried):
    picture = affine_board.picture(*sizes, gradient, tried)
    value = value_of(tried, sizes)
    factors = tried.split(" @ ") if "@" in tried else ["dY"]
    shown = [(name, value_of(name, sizes)) for name in ["X", "W", "b", "Y", *factors]]
    shown += [] if value is None else [("result", value)]
    boxes = list(boxes_of_texts(root_of(picture)))
    grids = elements(picture, "rect")
    inner = elements(picture, "path")
    assert len(grids) == len(shown)
    for grid, lines, (name, array) in zip(grids, inner, shown, strict=True):
        rows, columns = np.atleast_2d(array).shape
        assert (float(grid["width"]), float(grid["height"])) == (22 * columns, 22 * rows)
        is_gradient = name.startswith("d") or name == "result"
        assert grid["stroke"] == lines["stroke"]
        assert grid["stroke"] == (theme.GRADIENT if is_gradient else OUTLINES[name[0]])
        assert ("stroke-dasharray" in grid) is is_gradient
        assert (lines["d"].count("h"), lines["d"].count("v")) == (rows - 1, columns - 1)
        box = bar_box(grid)
        near = {text for text, b in boxes if abs(b.x - box.x) < 0.2 and
                min(abs(b.y - box.top), abs(b.y - box.bottom)) < 20}  # fmt: skip
        assert name in near
        ends = [text for text in near if text.endswith(f"= {written(array.shape)}")]
        assert len(ends) == 1 and ends[0].startswith(LETTERS.get(name, ""))


@each_product
def test_the_lines_of_a_grid_are_evenly_apart(gradient, tried):
    picture = affine_board.picture(3, 2, 4, gradient, tried)
    for grid, lines in zip(elements(picture, "rect"), elements(picture, "path"), strict=True):
        box = bar_box(grid)
        drawn = re.findall(r"M([\d.]+),([\d.]+)([hv])(\d+)", lines["d"])
        across = [(float(x), float(y), int(n)) for x, y, way, n in drawn if way == "h"]
        down = [(float(x), float(y), int(n)) for x, y, way, n in drawn if way == "v"]
        assert across == [
            (box.left, box.top + 22 * (i + 1), box.right - box.left) for i in range(len(across))
        ]
        assert down == [
            (box.left + 22 * (j + 1), box.top, box.bottom - box.top) for j in range(len(down))
        ]


@each_size
def test_the_upper_row_is_the_forward_pass(sizes):
    picture = affine_board.picture(*sizes)
    N, D, M = sizes
    assert texts(picture)[:14] == [
        "X", f"N×D = {N}×{D}", "W", f"D×M = {D}×{M}", "b", f"(M,) = ({M},)", "Y",
        f"N×M = {N}×{M}", "@", "+", "=", f"examples N = {N}", f"inputs D = {D}",
        f"outputs M = {M}",
    ]  # fmt: skip
    shapes = f"Shapes: X {N}×{D}, W {D}×{M}, b ({M},), Y {N}×{M}."
    tried = f"Tried as dW: X.T @ dY. Factors: X.T {D}×{N}, dY {N}×{M}."
    assert f"{shapes} {tried} X.T @ dY is dW: " in picture.alt
    upper = [bar_box(grid) for grid in elements(picture, "rect")[:4]]
    signs = [box for text, box in boxes_of_texts(root_of(picture)) if text in "@+="]
    for left, sign, right in zip(upper, signs, upper[1:], strict=False):
        assert left.right < sign.left and sign.right < right.left


@pytest.mark.parametrize("tried, word", [("dY.sum(axis=0)", "sum(axis=0)"), ("dY", "as it is")])
def test_a_gradient_that_is_no_product_says_what_is_done(tried, word):
    picture = affine_board.picture(3, 2, 4, "db", tried)
    assert word in texts(picture)
    assert "@" not in texts(picture)[15:]


def test_an_accident_may_be_in_the_inner_numbers_alone():
    trial = affine_board.judge(affine_board.matrices(2, 3, 2), "dX", "dY @ X")
    assert (trial.has_shape, trial.has_values, trial.accident) == (True, False, "N = M")


def test_matrices_are_those_of_the_layer():
    board = affine_board.matrices(3, 2, 4)
    X, W, b, dY = (board[name].array for name in ("X", "W", "b", "dY"))
    assert np.allclose(board["Y"].array, X @ W + b)
    assert np.allclose(board["dX"].array, np.einsum("nm,dm->nd", dY, W))
    assert np.allclose(board["dW"].array, np.einsum("nd,nm->dm", X, dY))
    assert np.allclose(board["db"].array, np.einsum("nm->m", dY))


def test_matrices_are_the_same_in_every_run():
    first = affine_board.matrices(3, 2, 4)
    affine_board.matrices.cache_clear()
    again = affine_board.matrices(3, 2, 4)
    assert all(np.array_equal(first[name].array, again[name].array) for name in first)


@pytest.mark.parametrize("sizes", [(0, 2, 4), (3, 7, 4), (3, 2, -1), (3, 2.0, 4), ("3", 2, 4)])
def test_other_sizes_are_refused(sizes):
    message = f"affine_board.picture: expected N, D and M from 1 to 6, got {sizes}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        affine_board.picture(*sizes)


@pytest.mark.parametrize(
    "gradient, tried, words",
    [
        ("dY", "dY", "expected one of dX, dW, db, got 'dY'"),
        ("db", "X.T @ dY",
         "for db expected one of dY.sum(axis=0), dY.sum(axis=1), dY, got 'X.T @ dY'"),
    ],
)  # fmt: skip
def test_other_products_are_refused(gradient, tried, words):
    with pytest.raises(ValueError, match=f"^{re.escape(f'affine_board.picture: {words}')}$"):
        affine_board.picture(3, 2, 4, gradient, tried)


@each_product
def test_no_sizes_of_the_board_make_texts_meet(gradient, tried):
    pictures = [affine_board.picture(*s, gradient, tried) for s in product((1, 2, 6), repeat=3)]
    assert_all_clear(pictures)
    for picture in pictures:
        page = root_of(picture)
        assert (page.get("width"), page.get("height")) == ("1000", "420")
        grids = list(map(bar_box, elements(picture, "rect")))
        assert all(g.left > 0 and g.right < 720 and g.top > 0 and g.bottom < 420 for g in grids)
        upper, lower = grids[:4], grids[4:]
        assert all(g.bottom < 212 for g in upper) and all(g.top > 212 for g in lower)
        for row in (upper, lower):
            assert all(a.right < b.left for a, b in pairwise(row))


def test_the_controls_of_the_board(monkeypatch):
    controls = affine_board.explore().controls
    assert list(controls) == ["N", "D", "M", "gradient", "product"]
    for name, value in (("N", 3), ("D", 2), ("M", 4)):
        assert range_of(controls[name]) == (value, 1, 6, 1)
    assert tuple(controls["gradient"].options) == ("dX", "dW", "db")
    assert affine_board.explore().picture() == affine_board.picture(3, 2, 4)
    changes = {"N": 6, "D": 6, "M": 1, "product": "dY.T @ X"}
    assert_follows_its_controls(affine_board, changes, monkeypatch)


def test_the_products_on_offer_follow_the_gradient(monkeypatch):
    shown = affine_board.explore()
    handle = show(shown, monkeypatch)
    for updates, gradient in enumerate(("dX", "db", "dW", "dX"), start=1):
        shown.gradient.value = gradient
        offered = affine_board.PRODUCTS[gradient]
        assert tuple(shown.product.options) == offered
        assert shown.product.value == offered[0]
        expected = affine_board.picture(3, 2, 4, gradient, offered[0])
        assert handle.shown[-1] == expected._repr_mimebundle_()
        assert len(handle.shown) == updates  # one update each
    for tried in affine_board.PRODUCTS["dX"][1:]:
        shown.product.value = tried
        expected = affine_board.picture(3, 2, 4, "dX", tried)
        assert handle.shown[-1] == expected._repr_mimebundle_()
