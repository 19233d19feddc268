"""The explorers of lessons 07 and 08 show what autograd and plain formulas say."""

import math
import re
from itertools import combinations, pairwise, product
from xml.etree import ElementTree

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, jacobian
from pictured import Box
from test_explorers import Handle, caption, said, texts

from course_utils.explorers import explorer, loss_curves, softmax
from course_utils.pictures import Picture, short, theme
from course_utils.pictures.text import width as text_width

SVG = "{http://www.w3.org/2000/svg}"
ZS = [-6.0, -3.25, -1.0, -0.25, 0.0, 0.75, 2.0, 4.0, 6.0]
EXAMPLE = (5.3, 0.3, 10.1)
LEAST, MOST = -10.0, 15.0
SCORES = [EXAMPLE, (0, 0, 0), (-1.5, 2.0, 0.5), (MOST, MOST, LEAST), (-9.9, MOST, MOST),
          (LEAST, LEAST, MOST), (-3.0, -3.2, MOST), (10.1, 5.3, 0.3)]  # fmt: skip
TEMPERATURES = [0.1, 0.9, 1.0, 2.0, 10.0]
each_score = pytest.mark.parametrize("z", SCORES, ids=str)
each_temperature = pytest.mark.parametrize("temperature", TEMPERATURES)
each_answer = pytest.mark.parametrize("answer", [0, 1, 2])
each_target = pytest.mark.parametrize("target", [0, 1])


# What is seen, read from the markup.


def root_of(picture):
    return ElementTree.fromstring(picture.markup.partition("<p ")[0])


def elements(picture, kind, **attributes):
    """Return the elements of one kind, as their attributes, that have these among them."""
    found = (element.attrib for element in root_of(picture).iter(SVG + kind))
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    return [a for a in found if wanted.items() <= a.items()]


def points(attributes):
    return [tuple(map(float, pair.split(","))) for pair in attributes["points"].split()]


def boxes_of_texts(root):
    for element in root.iter(SVG + "text"):
        size = float(element.get("font-size", theme.TEXT_SIZE))
        wide = text_width(element.text, element.get("font-weight") == "bold")
        wide *= size / theme.TEXT_SIZE
        x, y = float(element.get("x")), float(element.get("y")) - 0.35 * theme.TEXT_SIZE
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[element.get("text-anchor")]
        yield element.text, Box(left, y - size / 2, left + wide, y + size / 2)


def strokes(root):
    """Yield (a, b) of each stroke of a line."""
    for element in root.iter(SVG + "polyline"):
        yield from pairwise(points(element.attrib))


def assert_runs_straight(line, at, y_of):
    """Check that a line's two ends stand where ``at(x, y_of(x))`` has them, at some x."""
    (x0, _), (x1, _) = at(0, 0), at(1, 0)
    for px, py in points(line):
        x = (px - x0) / (x1 - x0)
        assert py == pytest.approx(at(x, y_of(x))[1], abs=0.25)
    assert len(points(line)) == 2


def assert_is_clear(picture, least=18):
    """Check that no text meets another, a dot, a bar or a line, or leaves the picture."""
    root = root_of(picture)
    page = Box(0, 0, float(root.get("width")), float(root.get("height")))
    assert page.right <= 1000 and page.bottom <= 420
    written = list(boxes_of_texts(root))
    for (a, a_box), (b, b_box) in combinations(written, 2):
        assert not a_box.meets(b_box), f"{a!r} meets {b!r}"
    dots = [dot_box(dot.attrib) for dot in root.iter(SVG + "circle")]
    bars = [bar_box(bar.attrib) for bar in root.iter(SVG + "rect")]
    lines = list(strokes(root))
    for text, box in written:
        assert page.holds(box), f"{text!r} leaves the picture: {box}"
        assert not any(box.shrunk(3).meets(dot) for dot in dots), f"{text!r} is under a dot"
        assert all(bar.holds(box) or not bar.meets(box) for bar in bars), f"{text!r} on a bar"
        inner = box.shrunk(1)
        assert not any(inner.is_crossed(a, b) for a, b in lines), f"{text!r} is crossed"
    sizes = [float(e.get("font-size", theme.TEXT_SIZE)) for e in root.iter(SVG + "text")]
    assert min(sizes) >= least


def bar_box(bar):
    x, y, wide, high = (float(bar[name]) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + wide, y + high)


def dot_box(dot):
    x, y, r = (float(dot[name]) for name in ("cx", "cy", "r"))
    return Box(x - r, y - r, x + r, y + r)


def frame(picture):
    """Return what must stand still: the size, and every tick and name along an axis."""
    root = root_of(picture)
    ticks = [e.get("points") for e in root.iter(SVG + "polyline") if e.get("stroke") == theme.INK]
    return root.get("width"), root.get("height"), ticks


def show(shown, monkeypatch):
    """Show an explorer; return the handle of its picture."""
    handle = Handle()
    monkeypatch.setattr(
        explorer, "display", lambda bundle, raw, display_id=None: handle if display_id else None
    )
    shown._ipython_display_()
    return handle


def assert_follows_its_controls(module, changes, monkeypatch):
    shown = module.explore()
    handle = show(shown, monkeypatch)
    for name, value in changes.items():
        shown.controls[name].value = value
        state = {key: control.value for key, control in shown.controls.items()}
        assert state[name] == value
        assert handle.shown[-1] == module.picture(**state)._repr_mimebundle_()
    assert len(handle.shown) == len(changes)


def range_of(control):
    return control.value, control.min, control.max, control.step


# Lesson 07: the loss and its gradient over the score.


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
        x, y = float(a["x"]), float(a["y"]) - 0.35 * theme.TEXT_SIZE
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


# Lesson 08: three scores.


def probabilities(z):
    e = anp.exp(z - anp.max(z))
    return e / anp.sum(e)


def cross_entropy(z, answer):
    moved = z - anp.max(z)
    return anp.log(anp.sum(anp.exp(moved))) - moved[answer]


def softmax_state(z, answer, temperature):
    z = np.array(z, dtype=float)
    loss = float(cross_entropy(z / temperature, answer))
    return (
        probabilities(z / temperature),
        jacobian(lambda z: probabilities(z / temperature))(z),
        loss,
        grad(lambda z: cross_entropy(z / temperature, answer))(z),
    )


def as_number(text):
    return float(text.replace("−", "-").replace(",", "").replace("≈ ", ""))


def close(number):
    """As near as four digits, and 1e-15, are."""
    return pytest.approx(number, rel=6e-3 if abs(number) < 0.01 else 6e-4, abs=2e-14)


@each_answer
@each_temperature
@each_score
def test_the_words_of_softmax_are_those_of_autograd(z, temperature, answer):
    alt = softmax.picture(*z, answer, temperature).alt
    p, slopes, loss, gradient = softmax_state(z, answer, temperature)
    for part, letter, expected in (("Probabilities", "p", p), ("Gradient", "z", gradient)):
        found = {name: as_number(text) for name, text in said(alt, part).items()}
        assert found == {f"{letter}{i}": close(expected[i]) for i in range(3)}
    rows = re.findall(r"row (\d): ([^;.]*(?:\.\d[^;.]*)*)", alt)
    assert [int(i) for i, _ in rows] == [0, 1, 2]
    for i, row in rows:
        assert [as_number(v) for v in row.split(", ")] == [close(v) for v in slopes[int(i)]]
    assert f"Answer: {answer}. " in alt and f"at temperature {short(temperature)}. " in alt
    assert sum(gradient) == pytest.approx(0, abs=1e-12)
    said_loss = re.search(r"loss ([^ ]*)\. A step downhill ", alt)[1]
    assert as_number(said_loss) == close(loss)


@each_answer
@each_temperature
@each_score
def test_bars_and_cells_show_the_same_numbers(z, temperature, answer):
    picture = softmax.picture(*z, answer, temperature)
    p, slopes, _, gradient = softmax_state(z, answer, temperature)
    bars = list(map(bar_box, elements(picture, "rect", fill=theme.FORWARD)))
    assert_bars(picture, bars, p, foot=340, high=274, fill=theme.FORWARD)
    bars = list(map(bar_box, elements(picture, "rect", stroke=theme.GRADIENT)))
    scaled = gradient * temperature
    assert_bars(picture, bars, gradient, foot=196, high=130, fill=theme.GRADIENT_TEXT, drawn=scaled)
    cells = elements(picture, "rect", stroke_width="1")
    for cell, slope in zip(cells, slopes.ravel(), strict=True):
        text = text_in(picture, bar_box(cell))
        assert_fits(text, slope)
        strength = math.sqrt(abs(slope) * 4 * temperature)
        assert float(cell["fill-opacity"]) == pytest.approx(strength, abs=1e-3)
        hue = softmax.POSITIVE if slope > 0 else softmax.NEGATIVE
        assert cell["fill"] == hue or strength < 1e-3
    assert len({bar_box(cell).x for cell in cells[::3]}) == 1  # one column
    assert len({bar_box(cell).y for cell in cells[:3]}) == 1


def assert_fits(text, number):
    if abs(number) < 0.99e-9:
        assert text in ("≈ 0", "0")
    else:
        assert as_number(text) == pytest.approx(number, rel=6e-3, abs=1e-14)


def text_in(picture, box):
    (text,) = [text for text, b in boxes_of_texts(root_of(picture)) if box.holds(b)]
    return text


def assert_bars(picture, bars, numbers, foot, high, fill, drawn=None):
    """Check three bars, and the number beyond the end of each."""
    drawn = numbers if drawn is None else drawn
    places = dict((text, box) for text, box in boxes_of_texts(root_of(picture)))
    written = [a for a in elements(picture, "text", fill=fill) if a.get("font-size") == "18"]
    shown = [
        e.text for e in root_of(picture).iter(SVG + "text")
        if e.get("fill") == fill and e.get("font-size") == "18"
    ]  # fmt: skip
    assert places and len(bars) == len(written) == 3
    for bar, number, size, text, at in zip(bars, numbers, drawn, shown, written, strict=True):
        ends = sorted((foot, foot - high * size))
        assert (bar.top, bar.bottom) == pytest.approx(ends, abs=0.11)
        assert_fits(text, number)
        assert float(at["x"]) == pytest.approx(bar.x, abs=0.11)
        y = float(at["y"]) - 0.35 * theme.TEXT_SIZE
        beyond = bar.bottom + 14 if number < -1e-12 else bar.top - 14
        assert y == pytest.approx(beyond, abs=0.2) or abs(number) < 1e-12


@pytest.mark.parametrize(
    "answer, temperature, words",
    [
        (2, 1.0, "The answer has p₂ = 0.9918: loss 0.00825. A step downhill pushes z₂ up, z₀ and "
         "z₁ down; the three gradients sum to 0."),
        (0, 1.0, "The answer has p₀ = 0.00816: loss 4.808. A step downhill pushes z₀ up, z₁ and "
         "z₂ down; the three gradients sum to 0."),
        (1, 2.0, "The answer has p₁ = 0.00678: loss 4.994. A step downhill pushes z₁ up, z₀ and "
         "z₂ down; the three gradients sum to 0. T = 2 makes p flatter: its largest is 0.9106, at "
         "T = 1 it is 0.9918."),
        (2, 0.5, "The answer has p₂ = 0.9999: loss 6.77e−5. A step downhill pushes z₂ up, z₀ and "
         "z₁ down; the three gradients sum to 0. T = 0.5 makes p sharper: its largest is 0.9999, "
         "at T = 1 it is 0.9918."),
    ],
)  # fmt: skip
def test_the_caption_of_the_lessons_scores(answer, temperature, words):
    assert caption(softmax.picture(*EXAMPLE, answer, temperature)) == words


def test_the_caption_where_nothing_moves():
    words = caption(softmax.picture(LEAST, LEAST, MOST, 2, 0.1))
    assert "A step downhill hardly moves any score; the three" in words
    assert words.endswith(" T = 0.1 leaves the largest p at 1.")
    words = caption(softmax.picture(0, 0, 0, 1, 5.0))
    assert words.endswith(" T = 5 leaves the largest p at 0.3333.")
    words = caption(softmax.picture(LEAST, MOST, 9, 0, 0.1))
    assert "pushes z₀ up, z₁ down; the" in words


def test_the_diagonal_alone_is_not_the_gradient():
    gradient = said(softmax.picture(*EXAMPLE, 0).alt, "Gradient")
    assert gradient == {"z0": "−0.9918", "z1": "5.5e−5", "z2": "0.9918"}


@each_answer
def test_the_answer_is_marked_by_more_than_colour(answer):
    picture = softmax.picture(*EXAMPLE, answer)
    bars = elements(picture, "rect", fill=theme.FORWARD)
    assert [bar.get("stroke") == theme.INK for bar in bars] == [i == answer for i in range(3)]
    written = [(text, box) for text, box in boxes_of_texts(root_of(picture)) if box.y > 345]
    places = {text: box for text, box in written if box.x < 300}
    assert [text for text in places if text != "answer"] == ["p₀", "p₁", "p₂"]
    assert places["answer"].x == pytest.approx(bar_box(bars[answer]).x, abs=0.11)
    assert places[f"p{'₀₁₂'[answer]}"].x == pytest.approx(places["answer"].x, abs=0.11)
    assert [text for text, box in written if box.x > 700] == ["z₀", "z₁", "z₂"]
    assert texts(picture).count("answer") == 1


def test_the_gradient_is_dashed_and_stands_on_a_line_at_0():
    picture = softmax.picture(*EXAMPLE, 0)
    bars = elements(picture, "rect", stroke=theme.GRADIENT, stroke_dasharray="7 5")
    assert len(bars) == 3
    flat = [points(line) for line in elements(picture, "polyline", stroke=theme.INK)]
    assert [(687, 196), (991, 196)] in flat


def test_rows_and_columns_are_named():
    named = [(text, box) for text, box in boxes_of_texts(root_of(softmax.picture(*EXAMPLE)))
             if 300 < box.x < 650]  # fmt: skip
    cells = list(map(bar_box, elements(softmax.picture(*EXAMPLE), "rect", stroke_width="1")))
    rows = [text for cell in cells[::3] for text, b in named
            if b.right < 340 and abs(b.y - cell.y) < 1]  # fmt: skip
    columns = [text for cell in cells[:3] for text, b in named
               if 40 < b.bottom < 80 and abs(b.x - cell.x) < 1]  # fmt: skip
    assert (rows, columns) == (["p₀", "p₁", "p₂"], ["z₀", "z₁", "z₂"])
    assert "each row sums to 0" in [text for text, _ in named]


@pytest.mark.parametrize("temperature, scale", [(1.0, "1"), (2.0, "1/T"), (0.1, "1/T")])
def test_titles_and_scale_name_the_temperature_unless_it_is_1(temperature, scale):
    written = texts(softmax.picture(*EXAMPLE, 2, temperature))
    has_t = temperature != 1
    titles = {"p = softmax(z / T)", "gradient (p − t) / T"}
    assert titles <= set(written) if has_t else not titles & set(written)
    assert {"p = softmax(z)", "gradient p − t"} <= set(written) or has_t
    assert scale in written and f"−{scale}" in written


@each_answer
@pytest.mark.parametrize("temperature", [0.1, 0.9, 1.0, 1.3, 10.0])
def test_no_state_of_the_sliders_makes_texts_meet(temperature, answer):
    ends = [*product((LEAST, MOST), repeat=3), *SCORES]
    ends += [(a, b, MOST) for a in (-6.1, 6.1) for b in (-6.2, 6.3, 5.9)]  # long numbers
    ends += [z[::-1] for z in ends[-6:]]
    pictures = [softmax.picture(*z, answer, temperature) for z in ends]
    for picture in pictures:
        assert_is_clear(picture)
    assert len({str(frame(picture)) for picture in pictures}) == 1


def test_the_axes_stand_still_while_the_temperature_moves():
    states = [softmax.picture(*EXAMPLE, 2, t / 10) for t in range(1, 101)]
    assert len({str(frame(picture)) for picture in states}) == 1
    for picture in states:
        assert_is_clear(picture)


@pytest.mark.parametrize("answer", [3, -1, "2", None, 0.5])
def test_another_answer_is_refused(answer):
    message = f"softmax.picture: expected an answer of 0, 1 or 2, got {answer!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        softmax.picture(*EXAMPLE, answer)


@pytest.mark.parametrize("temperature", [0, -1.0, 0.05, 10.1, math.nan, math.inf])
def test_another_temperature_is_refused(temperature):
    message = f"softmax.picture: expected a temperature from 0.1 to 10, got {temperature!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        softmax.picture(*EXAMPLE, 2, temperature)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_score_that_is_no_number_is_refused(place, bad):
    z = tuple(bad if i == place else 1.0 for i in range(3))
    message = f"softmax.picture: expected three finite scores, got {z}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        softmax.picture(*z)


def test_scores_far_beyond_the_sliders_are_fine():
    picture = softmax.picture(10_000, -10_000, 9_999, 0)
    assert said(picture.alt, "Probabilities") == {"p0": "0.7311", "p1": "0", "p2": "0.2689"}
    assert_is_clear(picture)


def test_the_controls_of_softmax(monkeypatch):
    controls = softmax.explore().controls
    assert list(controls) == ["z0", "z1", "z2", "answer", "temperature"]
    for i, value in enumerate(EXAMPLE):
        assert range_of(controls[f"z{i}"]) == (value, LEAST, MOST, 0.1)
    assert range_of(controls["temperature"]) == (1.0, 0.1, 10.0, 0.1)
    assert (tuple(controls["answer"].options), controls["answer"].value) == ((0, 1, 2), 2)
    words = ["score z₀", "score z₁", "score z₂", "answer", "temperature T"]
    assert [c.description for c in controls.values()] == words
    on_page = [c for row in softmax.explore().box.children for c in row.children]
    assert sorted(c.description for c in on_page) == sorted(words)
    assert softmax.picture(*EXAMPLE) == softmax.explore().picture()
    changes = {"z0": -10.0, "z1": 15.0, "z2": 3.0, "answer": 0, "temperature": 0.1}
    assert_follows_its_controls(softmax, changes, monkeypatch)


# Both.


@pytest.mark.parametrize("module, state", [(loss_curves, (-1.25, 0)), (softmax, (*EXAMPLE, 1, 2))])
def test_a_state_has_one_picture(module, state):
    first = module.picture(*state)
    module.picture(*(3.0, 1) if module is loss_curves else (1, 2, 3))
    assert isinstance(first, Picture)
    assert module.picture(*state).markup == first.markup
    assert re.search(r'aria-label="([^"]*)"', first.markup)[1] in first.alt
