"""The explorer of lesson 11, and its curves of norms, show what plain NumPy computes."""

import math
import re
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from explored import (
    SVG,
    assert_follows_its_controls,
    assert_is_clear,
    boxes_of_texts,
    caption,
    elements,
    frame,
    middle_of,
    points,
    range_of,
    root_of,
    texts,
)

from course_utils.datasets import load_digits
from course_utils.explorers import depth
from course_utils.pictures import theme
from course_utils.pictures.norms import norms
from course_utils.pictures.text import superscript

SMALL, HE = 0.01 * math.sqrt(32), math.sqrt(2)  # SMALL is N(0, 0.01²) in the hidden layers
SCALES = [10**-1.5, SMALL, 0.3, 1.0, HE, 10**0.5, 10.0]
STEPS = [10 ** (-1.5 + k / 20) for k in range(51)]
MEANINGS = {
    "sigmoid": "saturated: slope below 0.01, in % of all values",
    "ReLU": "dead: neurons that are 0 for all 64 digits, of 32",
}
each_activation = pytest.mark.parametrize("activation", ["sigmoid", "ReLU"])
each_depth = pytest.mark.parametrize("layers", [2, 3, 5, 9, 10])
each_scale = pytest.mark.parametrize("scale", SCALES)


@cache
def digits():
    train, _ = load_digits()
    return train.images[:64].reshape(64, 784) / 255, train.labels[:64]


@cache
def plain(layers, activation, scale):
    """Return (norms, spreads, lost) of each layer, in plain NumPy."""
    X, labels = digits()
    rng = np.random.default_rng(0)
    sizes = [784] + (layers - 1) * [32] + [10]
    Ws = [rng.normal(0, scale / D**0.5, (D, M)) for D, M in pairwise(sizes)]
    inputs, slopes = [X], []
    for W in Ws[:-1]:
        Z = inputs[-1] @ W
        Y = 1 / (1 + np.exp(-Z)) if activation == "sigmoid" else np.where(Z > 0, Z, 0)
        slopes.append(Y * (1 - Y) if activation == "sigmoid" else 1.0 * (Z > 0))
        inputs.append(Y)
    scores = inputs[-1] @ Ws[-1]
    P = np.exp(scores - scores.max(axis=1)[:, None])
    delta = (P / P.sum(axis=1)[:, None] - np.eye(10)[labels]) / 64
    found = []
    for i in reversed(range(layers)):
        found.append(math.sqrt(np.sum((inputs[i].T @ delta) ** 2)))
        if i:
            delta = delta @ Ws[i].T * slopes[i - 1]
    spreads = [np.mean(np.sqrt(np.mean((Y - Y.mean(axis=0)) ** 2, axis=0))) for Y in inputs[1:]]
    saturated = [100 * np.mean(slope < 0.01) for slope in slopes]
    dead = [sum(not slope[:, j].any() for j in range(32)) for slope in slopes]
    return found[::-1], spreads, saturated if activation == "sigmoid" else dead


def number(text):
    return float(text.replace("−", "-").replace(",", ""))


def close(value):
    """As near as two digits are."""
    return pytest.approx(value, rel=0.0501)


def listed(alt, part):
    written = re.search(rf"{part}: (.*?)(?:, 0 where .*?)?\. ", alt)[1]
    return list(map(number, written.split(", ")))


def markers(picture, kind, **attributes):
    """Return the middles of a curve's markers."""
    found = elements(picture, kind, **attributes)
    if kind == "polygon":  # a triangle's is that of its corners
        return [tuple(np.mean(points(m), axis=0)) for m in found]
    x, y, half = ("cx", "cy", 0) if kind == "circle" else ("x", "y", 8)
    return [(float(m[x]) + half, float(m[y]) + half) for m in found]


def height_of(power):
    """Return where a power of ten stands in the explorer; None is the place of 0."""
    least = -20 - 28 / 9
    return 62 + 262 * (8 - (least if power is None else power)) / (8 - least)


@each_activation
@each_depth
@each_scale
def test_words_and_dots_are_those_of_plain_numpy(layers, activation, scale):
    picture = depth.picture(layers, activation, scale)
    sizes, spreads, lost = plain(layers, activation, scale)
    assert listed(picture.alt, "Norms") == [close(v) for v in sizes]
    written = listed(picture.alt, "Spreads")
    hidden = [0 if activation == "sigmoid" and v < 6e-13 else v for v in spreads]
    assert written == [close(v) for v in hidden]
    assert (", 0 where rounding hides it." in picture.alt) == (0 in written)
    assert f"Below, {MEANINGS[activation]}: {', '.join(f'{n:.0f}' for n in lost)}. " in picture.alt
    for values, colour, kind, left, step in (
        (sizes, theme.GRADIENT_TEXT, "circle", 84, 396 / 10),
        (hidden, theme.FORWARD, "rect", 612, 376 / 9),
    ):
        heights = [height_of(math.log10(v) if v else None) for v in values]
        expected = [(left + step * (i + 0.5), y) for i, y in enumerate(heights)]
        drawn = markers(picture, kind, fill=colour)
        assert drawn == [pytest.approx(at, abs=0.11) for at in expected]
        (line,) = elements(picture, "polyline", stroke=colour)
        assert points(line) == [pytest.approx(at, abs=0.11) for at in drawn]
        assert line.get("stroke-dasharray") == (theme.DASH if kind == "circle" else None)


@each_activation
@each_depth
@each_scale
def test_the_ends_and_the_counts_are_written(layers, activation, scale):
    picture = depth.picture(layers, activation, scale)
    sizes, spreads, lost = plain(layers, activation, scale)
    places = [(text, box) for text, box in boxes_of_texts(root_of(picture))]
    above = sorted((b.left, t) for t, b in places if t.startswith("layer 1:"))
    for (_, text), values in zip(above, (sizes, spreads), strict=True):
        ends = re.findall(r"layer (\d+): ([^ ]*?)(?:,? |$)", text)
        assert [int(layer) for layer, _ in ends] == sorted({1, len(values)})
        hidden = [0 if values is spreads and v == "0" else values[int(i) - 1] for i, v in ends]
        assert [number(v) for _, v in ends] == list(map(close, hidden))
    row = [(t, b.x) for t, b in places if abs(b.y - 372) < 1]
    name, *counts = sorted(row, key=lambda pair: pair[1])
    assert name[0] == MEANINGS[activation].partition(":")[0]
    assert [t for t, _ in counts] == [f"{n:.0f}" for n in lost]
    across = [612 + 376 / 9 * (i + 0.5) for i in range(layers - 1)]
    assert [x for _, x in counts] == pytest.approx(across, abs=0.1)


@each_activation
@each_depth
@each_scale
def test_the_caption_is_that_of_plain_numpy(layers, activation, scale):
    words = caption(depth.picture(layers, activation, scale))
    sizes, spreads, _ = plain(layers, activation, scale)
    s = re.match(rf"{layers} affine layers, {activation}, weights N\(0, s²\), "
                 r"s = (.*)/√inputs \((.*) for 32\)\. The first layer gets ", words)  # fmt: skip
    assert number(s[1]) == pytest.approx(scale, rel=2e-3)
    assert number(s[2]) == close(scale / 32**0.5)
    part, verdict = re.search(r"gets (.*) what the last one gets: (.*)", words).groups()
    ratio = sizes[0] / sizes[-1]
    if ratio < 0.1:
        assert number(re.fullmatch("1/(.*) of", part)[1]) == close(1 / ratio)
    else:
        assert number(re.fullmatch("(.*) times", part)[1]) == close(ratio)
    expected = "the gradient arrives."
    if ratio < 1 / 100:
        expected = "the gradient vanishes."
    elif all(v < 1 / 100 for v in sizes):
        expected = "every gradient is next to nothing, since the values fade on their way forward."
    elif all(v > 100 for v in sizes):
        expected = "every gradient explodes, since the values grow on their way forward."
    if activation == "sigmoid" and min(spreads) < 5e-13:
        first = next(i for i, v in enumerate(spreads, start=1) if v < 5e-13)
        expected += f" From hidden layer {first} on all images look alike."
    assert verdict == expected


@pytest.mark.parametrize(
    "state, words",
    [
        ((10, "sigmoid", SMALL), "10 affine layers, sigmoid, weights N(0, s²), s = 0.05657/√inputs "
         "(0.01 for 32). The first layer gets 1/1e16 of what the last one gets: the gradient "
         "vanishes. From hidden layer 7 on all images look alike."),
        ((5, "sigmoid", 1.0), "5 affine layers, sigmoid, weights N(0, s²), s = 1/√inputs (0.18 for "
         "32). The first layer gets 1/85 of what the last one gets: the gradient arrives."),
        ((10, "ReLU", HE), "10 affine layers, ReLU, weights N(0, s²), s = 1.414/√inputs (0.25 for "
         "32). The first layer gets 4.9 times what the last one gets: the gradient arrives."),
    ],
)  # fmt: skip
def test_captions_of_the_lesson(state, words):
    assert caption(depth.picture(*state)).endswith(words)


def test_sigmoid_with_small_weights_vanishes_by_many_powers_of_ten_and_he_arrives():
    sizes = depth.compute(10, "sigmoid", SMALL).norms
    assert sizes[0] / sizes[-1] < 1e-15
    assert all(a < b for a, b in pairwise(sizes))
    sizes = depth.compute(10, "ReLU", HE).norms
    assert max(sizes) / min(sizes) < 10 and min(sizes) > 0.1


def test_dead_neurons_do_not_depend_on_the_scale_without_biases():
    assert len({tuple(depth.compute(10, "ReLU", scale).lost) for scale in STEPS}) == 1


@each_activation
@pytest.mark.parametrize("layers", range(2, 11))
def test_nothing_meets_leaves_its_axes_or_jumps(layers, activation):
    every = STEPS if layers == 10 else [STEPS[0], STEPS[5], 1.0, STEPS[-1]]
    pictures = [depth.picture(layers, activation, scale) for scale in every]
    for picture in pictures:
        assert_is_clear(picture)
        dots = markers(picture, "circle")
        squares = markers(picture, "rect")
        assert (len(dots), len(squares)) == (layers, layers - 1)
        assert all(62 <= y <= height_of(-20) for _, y in dots)
        assert all(62 <= y <= 324 for _, y in squares)
    assert {str(frame(picture)) for picture in pictures} == {str(frame(depth.picture()))}
    assert max(len(caption(picture)) for picture in pictures) < 215  # two lines, seldom three


def test_the_words_along_the_axes():
    for activation in ("sigmoid", "ReLU"):
        written = texts(depth.picture(10, activation, 1.0))
        assert {"norm of ∂L/∂W", "spread of hidden values", "layer"} <= set(written)
        for power in ("⁻²⁰", "⁻¹⁶", "⁻¹²", "⁻⁸", "⁻⁴", "⁰", "⁴", "⁸"):
            assert written.count(f"10{power}") == 2
        assert written.count(MEANINGS[activation]) == 1


def test_the_same_state_has_the_same_bytes():
    first = depth.picture(7, "ReLU", 0.5)
    depth.picture(3, "sigmoid", 2.0)
    assert depth.picture(7, "ReLU", 0.5).markup == first.markup
    assert depth.picture() == depth.picture(5, "sigmoid", round(10**-1.25, 9))


def test_the_controls_of_depth(monkeypatch):
    controls = depth.explore().controls
    assert list(controls) == ["depth", "activation", "scale"]
    assert range_of(controls["depth"]) == (5, 2, 10, 1)
    assert tuple(controls["activation"].options) == ("sigmoid", "ReLU")
    assert range_of(controls["scale"]) == (pytest.approx(10**-1.25), -1.5, 1.0, 0.05)
    assert controls["scale"].base == 10
    names = [c.description for c in controls.values()]
    assert names == ["affine layers", "activation", "s · √inputs"]
    assert depth.explore().picture() == depth.picture()
    page = [c for row in depth.explore().box.children for c in row.children]
    assert "He: 1.41. N(0, 0.01²) with 32 inputs: 0.057." in page[-1].value
    shown = depth.explore()
    for end, words in ((1e-9, "s = 0.03162/√inputs"), (1e9, "s = 10/√inputs")):
        shown.controls["scale"].value = end
        assert words in caption(shown.picture())
    changes = {"depth": 10, "activation": "ReLU", "scale": 10.0}
    assert_follows_its_controls(depth, changes, monkeypatch)


@pytest.mark.parametrize(
    "state, message",
    [({"depth": n}, f"expected 2 to 10 affine layers, got {n!r}") for n in (1, 11, 5.0, "5", None)]
    + [({"activation": a}, f"expected sigmoid or ReLU, got {a!r}") for a in ("tanh", "relu", None)]
    + [({"scale": s}, f"expected a scale from 0.03 to 10, got {s!r}")
       for s in (0, -1.0, 0.02, 10.1, math.nan, math.inf)],
)  # fmt: skip
def test_another_state_is_refused(state, message):
    with pytest.raises(ValueError, match=f"^{re.escape(f'depth.picture: {message}')}$"):
        depth.picture(**state)


# The curves of norms.

CURVES = {
    "sigmoid, N(0, 0.01²)": [3e-17 * 57**k for k in range(10)],
    "sigmoid, Xavier": [3.7e-6 * 4**k for k in range(10)],
    "ReLU, He": [1.44, 0.28, 0.27, 0.25, 0.35, 0.34, 0.3, 0.28, 0.27, 0.28],
    "dead": [0, 0, 0.013, 0.5, 0.7],
}
SHAPES = [("circle", True), ("rect", False), ("polygon", True), ("polygon", False)]
EQUAL = {name: [1.0] * 10 for name in CURVES}


def powers_of(picture):
    """Return {power: height} of the numbers up the side."""
    written = ((e.text, middle_of(e.attrib)) for e in root_of(picture).iter(SVG + "text"))
    return {
        int(text[2:].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))): y
        for text, y in written
        if re.fullmatch("10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", text)
    }


def curves_in(picture):
    lines = elements(picture, "polyline", stroke_width="2.5")
    return [line for line in lines if line.get("stroke-dasharray")]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_each_curve_stands_on_the_axes(count):
    curves = dict(list(CURVES.items())[:count])
    picture = norms(curves)
    powers = powers_of(picture)
    (a, high), (b, low) = sorted(powers.items())[-1], sorted(powers.items())[0]
    corner = points(elements(picture, "polyline", stroke=theme.INK)[0])
    wide, bottom = (corner[2][0] - 84) / 10, corner[1][1]
    for line, values in zip(curves_in(picture), curves.values(), strict=True):
        decade = (low - high) / (a - b)
        heights = [high + decade * (a - math.log10(v)) if v else bottom for v in values]
        expected = [(84 + wide * (i + 0.5), y) for i, y in enumerate(heights)]
        assert points(line) == [pytest.approx(at, abs=0.15) for at in expected]
    assert_is_clear(picture)
    assert wide * 10 > 400 and picture == norms({n: np.array(v) for n, v in curves.items()})


def test_curves_are_told_apart_by_dashes_markers_and_names():
    picture = norms(CURVES)
    lines = curves_in(picture)
    assert len({line["stroke-dasharray"] for line in lines}) == 4
    assert len({line["stroke"] for line in lines}) == 4
    named = {e.text: e.get("fill") for e in root_of(picture).iter(SVG + "text")}
    assert [named[name] for name in CURVES] == [line["stroke"] for line in lines]
    for (shape, is_filled), line, values in zip(SHAPES, lines, CURVES.values(), strict=True):
        colour = line["stroke"]
        found = elements(picture, shape, stroke=colour)
        assert {m["fill"] for m in found} == {colour if is_filled else "none"}
        assert len(found) == len(values)
        corners = 3 if is_filled else 4  # a triangle, or a diamond
        assert shape != "polygon" or {len(points(m)) for m in found} == {corners}
        middles = markers(picture, shape, stroke=colour)
        assert middles == [pytest.approx(at, abs=1) for at in points(line)]


@pytest.mark.parametrize(
    "curves",
    [CURVES, EQUAL, {n: [v[0], 0] for n, v in EQUAL.items()}, {"a": [0.0]}, {"a": [1e-3, 1e-3]},
     {n: [1.0, 10.0 ** -k] for k, n in enumerate(CURVES)}, {"M" * 19: [1e-300, 1e300]},
     {"w" * 15: [0, 1e-17, 1], "b": [3]}, {n: [1.0, 1e-9 * (1 + k)] for k, n in enumerate("abcd")}],
    ids=lambda curves: next(iter(curves)),
)  # fmt: skip
def test_names_stand_at_the_ends_and_nothing_meets(curves):
    picture = norms(curves)
    assert_is_clear(picture)
    places = dict(boxes_of_texts(root_of(picture)))
    leaders = elements(picture, "polyline", stroke_width="1", stroke_opacity="0.7")
    for name, line, leader in zip(curves, curves_in(picture), leaders, strict=True):
        start, end = points(leader)
        assert start == pytest.approx((points(line)[-1][0] + 12, points(line)[-1][1]), abs=0.11)
        assert end == pytest.approx((places[name].left - 8, places[name].y), abs=0.11)
        assert abs(end[1] - start[1]) <= 28 * (len(curves) - 1) + 0.2


@pytest.mark.parametrize(
    "values, least, most, ticks",
    [
        ([0.02, 3], -2, 1, [-2, -1, 0, 1]),
        ([1e-3, 1e-3], -3, -2, [-3, -2]),
        ([0.001 * (1 - 1e-14), 10 * (1 + 1e-14)], -3, 1, [-3, -2, -1, 0, 1]),
        ([3e-17, 0.4], -17, 0, [-15, -12, -9, -6, -3, 0]),
        ([2e-9, 5e3], -9, 4, [-8, -6, -4, -2, 0, 2, 4]),
        ([0, 0], -1, 0, [-1, 0]),
        ([0, 5e-5], -5, -4, [-5, -4]),
    ],
)
def test_the_axis_has_the_powers_it_needs(values, least, most, ticks):
    picture = norms({"net": values})
    powers = powers_of(picture)
    assert sorted(powers) == ticks
    assert f"from 10{superscript(least)} to 10{superscript(most)}. " in picture.alt
    assert powers.get(most, 52) == pytest.approx(52, abs=0.1)
    assert 0 in values or powers.get(least, 352) == pytest.approx(352, abs=0.1)
    assert ("0" in texts(picture)) == (0 in values)
    gaps = elements(picture, "polyline", stroke=theme.PAPER)
    assert len(gaps) == (0 in values)
    assert all(powers[least] < y < 352 for gap in gaps for _, y in points(gap))


def test_norms_in_words():
    alt = norms(CURVES | {"dead": [0, 0.00123, 0, 0.5]}).alt
    assert alt.startswith("Norms of ∂L/∂W by layer, on a logarithmic axis from 10⁻¹⁷ to 10¹. ")
    assert " layer 10 0.97. ReLU, He: layer 1 1.4, layer 10 0.28. dead: layer 1 0, layer 4" in alt
    assert alt.endswith(" layer 4 0.5, exactly 0 in layer 1, 3.")
    assert norms({"one": [0.0123]}).alt.endswith(" one: layer 1 0.012.")


@pytest.mark.parametrize(
    "curves, message",
    [
        ({}, "expected one to four curves, got 0"),
        ({name: [1] for name in "abcde"}, "expected one to four curves, got 5"),
        *(({name: [1]}, f"expected a name for each curve, got {name!r}") for name in ("", " ", 3)),
        ({"M" * 20: [1]}, f"'{'M' * 20}' is too long for its place; 29 letters fit"),
        *(({"net": [1] * n}, f"expected 1 to 10 layers of 'net', got {n}") for n in (0, 11)),
        *(({"net": [1, v]}, f"expected finite norms of 0 or more, got {v} in layer 2 of 'net'")
          for v in (-2.0, math.nan, math.inf)),
    ],
)  # fmt: skip
def test_curves_that_do_not_fit_are_refused(curves, message):
    with pytest.raises(ValueError, match=f"^{re.escape(f'norms: {message}')}$"):
        norms(curves)
