"""What is drawn becomes what MNIST's makers would have made of it, and the network's own scores."""

import re
from base64 import b64decode
from functools import cache
from io import BytesIO
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from explored import (
    assert_is_clear,
    bar_box,
    boxes_of_texts,
    caption,
    elements,
    frame,
    root_of,
    show,
    texts,
)
from PIL import Image

from course_utils.datasets import load_digits
from course_utils.explorers import draw_digit, sheet
from course_utils.explorers.draw_digit import normalised
from course_utils.initialisation import mlp
from course_utils.nodes import SoftmaxWithLoss
from course_utils.pictures import theme
from course_utils.training import SGD, Network, accuracy, fit

ONE = "120,30 120,210"
ANGLES = np.linspace(0, 2 * np.pi, 60)
ZERO = " ".join(f"{120 + 50 * np.sin(a):.0f},{120 - 80 * np.cos(a):.0f}" for a in ANGLES)
SEVEN = "60,50 180,50 110,210;90,130 160,130"
VALUES = {"1": ONE, "0": ZERO, "7": SEVEN}


def gives(*scores):
    """Return a network that always gives these scores."""
    return SimpleNamespace(predict=lambda X: np.array([scores], dtype=float))


def logits(**shares):
    """Return a network that gives these probabilities, in per cent: d3=62."""
    rest = (100 - sum(shares.values())) / (10 - len(shares))
    return gives(*(np.log(shares.get(f"d{k}", rest)) for k in range(10)))


@cache
def digits():
    train, held_out = load_digits()
    return train, held_out


@cache
def trained():
    train, _ = digits()
    X = (train.images.reshape(-1, 784) / 255).astype(np.float32)
    network = Network(mlp((784, 100, 10), dtype=np.float32), SoftmaxWithLoss())
    fit(network, X, train.labels, SGD(0.1, momentum=0.9), 4, batch_size=100, progress=False)
    return network


def centre(image):
    mass = image.sum()
    return tuple((image.sum(axis=1 - k) @ np.arange(28)) / mass for k in (0, 1))


def box_of(image):
    rows, columns = np.nonzero(image)
    return np.ptp(rows) + 1, np.ptp(columns) + 1


# The sheet


def test_a_blank_sheet_is_blank():
    assert sheet.ink("").shape == (60, 60) and not sheet.ink("").any()
    assert sheet.strokes("") == []


def test_a_stroke_covers_the_cells_around_it():
    ink = sheet.ink("60,100 180,100")
    across, down = (4 * np.arange(60) + 2 for _ in range(2))
    beside = np.maximum(0, np.maximum(60 - across, across - 180))
    distance = np.hypot(beside[None, :], (down - 100)[:, None])
    assert ink == pytest.approx(np.clip((10 - distance) / 4 + 0.5, 0, 1), abs=0.06)
    assert ink.dtype == np.float32 and ink.min() >= 0 and ink.max() == 1


def test_strokes_are_drawn_each_by_itself():
    one, two = "30,30 30,200", "200,30 200,200"
    both = sheet.ink(f"{one};{two}")
    assert (both == np.maximum(sheet.ink(one), sheet.ink(two))).all()
    assert (sheet.ink(one + " " + two) > both).any()  # joined
    assert not (both[:, 25:35]).any()
    assert [len(points) for points in sheet.strokes(f"{one};{two};5,5")] == [2, 2, 1]


def test_a_point_is_a_dot_and_a_long_line_has_no_gaps():
    dot = sheet.ink("120,120")
    assert dot.sum() * 16 == pytest.approx(np.pi * 10**2, rel=0.05)
    assert (sheet.ink("120,120 120,120") == dot).all()
    assert (sheet.ink("20,120 220,120")[30, 6:54] == 1).all()


@pytest.mark.parametrize("value", ["-20,-20 260,260", "260,100", "-20,260", "0,0 240,240"])
def test_a_pen_may_leave_the_sheet(value):
    ink = sheet.ink(value)
    assert ink.shape == (60, 60) and ink.any() == (" " in value)


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "1",
        "1,2,3",
        "1,2 3",
        "1,2;",
        ";1,2",
        "1,2;;3,4",
        "-21,5",
        "5,261",
        "nan,1",
        "inf,1",
        " ",
    ],
)
def test_another_text_is_refused(value):
    message = "^sheet: expected a stroke as points, x,y x,y and so on, each from -20 to 260, got "
    with pytest.raises(ValueError, match=message):
        sheet.ink(value)


# Normalised


def test_mnist_passes_through_unchanged():
    _, held_out = digits()
    made = np.array([normalised(image) for image in held_out.images])
    wanted = held_out.images / held_out.images.max(axis=(1, 2), keepdims=True)
    assert np.abs(made - wanted).max() < 1e-6
    for grey in (held_out.images[0] / 255, held_out.images[0] / np.float32(255)):
        assert normalised(grey) == pytest.approx(made[0], abs=1e-6)


def test_mnist_drawn_larger_and_elsewhere_is_recognised_as_well():
    _, held_out = digits()
    images, labels = held_out.images[:500], held_out.labels[:500]
    before = accuracy(trained(), (images.reshape(-1, 784) / 255).astype(np.float32), labels)
    assert before > 0.9
    for times, corner in ((1, (0, 0)), (3, (5, 60)), (10, (40, 0))):
        made = []
        for image in images:
            page = np.zeros((400, 400))
            large = np.kron(image, np.ones((times, times)))
            page[corner[0] :, corner[1] :][: len(large), : len(large)] = large
            made.append(normalised(page))
        after = accuracy(trained(), np.array(made).reshape(-1, 784), labels)
        assert abs(after - before) < 0.01


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_the_centre_of_mass_is_in_the_middle_and_the_box_has_20_pixels(value):
    image = normalised(sheet.ink(value))
    assert (image.shape, image.dtype) == ((28, 28), np.float32)
    assert centre(image) == pytest.approx((14, 14), abs=0.5 + 1e-5)
    assert max(box_of(image)) == 20
    assert image.max() == 1 and image.min() == 0


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_place_and_size_of_a_drawing_do_not_matter(value):
    ink = sheet.ink(value)
    image = normalised(ink)
    for down, across in product((0, 7, 100), (0, 33)):
        moved = np.zeros((200, 130))
        moved[down : down + 60, across : across + 60] = ink
        assert (normalised(moved) == image).all()
    for times in (2, 5):
        assert normalised(np.kron(ink, np.ones((times, times)))) == pytest.approx(image, abs=1e-6)
    assert normalised(ink.T) == pytest.approx(image.T, abs=1e-6)


def test_proportions_are_kept():
    ink = np.zeros((100, 100))
    ink[10:90, 30:50] = 1
    assert box_of(normalised(ink)) == (20, 5)
    ink[40:45, 5:95] = 1
    assert box_of(normalised(ink)) == (18, 20)


def test_a_pixel_is_the_mean_of_what_it_covers():
    ink = np.zeros((40, 40))
    ink[:, :20] = 1
    ink[0, 39] = 0.5
    image = normalised(ink)
    row = np.flatnonzero(image.any(axis=1))[0]
    filled = image[row][image[row] > 0]
    assert filled == pytest.approx([1] * 10 + [0.125])


def test_a_thin_stroke_stays_visible():
    ink = np.zeros((280, 280), np.uint8)
    ink[20:260, 140] = 255
    ink[259, 100:180] = 255
    image = normalised(ink)
    assert (image > 0.4).sum() >= 20


def test_ink_on_one_side_stays_within_the_picture():
    ink = np.zeros((60, 60))
    ink[0, 5:55] = 0.01
    ink[:10, 5:15] = 1
    image = normalised(ink)
    assert np.count_nonzero(image.any(axis=0)) == 20
    assert image[:, 0].any() or image[:, -1].any()


def test_blank_ink_and_a_dot():
    blank = normalised(np.zeros((60, 60)))
    assert (blank.shape, blank.dtype, blank.any()) == ((28, 28), np.float32, False)
    dot = np.zeros((60, 60), np.uint8)
    dot[3, 50] = 1
    assert normalised(dot).sum() == 400 and box_of(normalised(dot)) == (20, 20)


@pytest.mark.parametrize(
    "ink", [np.zeros(784), np.zeros((1, 28, 28)), [[-1.0]], [[np.nan]], [[np.inf]]], ids=str
)
def test_other_ink_is_refused(ink):
    message = f"normalised: expected ink (H, W) of 0 or more, got shape {np.shape(ink)}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        normalised(ink)


# The picture


@pytest.mark.parametrize("digit, value", VALUES.items(), ids=VALUES)
def test_a_trained_network_knows_a_drawn_digit(digit, value):
    assert caption(draw_digit.picture(trained(), value)).startswith(f"The network sees a {digit}: ")


def test_the_network_is_given_the_normalised_drawing():
    given = []

    def predict(X):
        given.append(X)
        return np.zeros((1, 10))

    draw_digit.picture(SimpleNamespace(predict=predict), SEVEN)
    assert given[0].shape == (1, 784) and given[0].dtype == np.float32
    assert (given[0].reshape(28, 28) == normalised(sheet.ink(SEVEN))).all()


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_scores_and_probabilities_are_those_of_the_network(value):
    scores = trained().predict(normalised(sheet.ink(value)).reshape(1, 784))[0].astype(float)
    assert_shows(draw_digit.picture(trained(), value), scores)


@pytest.mark.parametrize("scores", [range(-5, 5), [0] * 10, [30, -20, *range(8)], [-50.0, 3] * 5],
                         ids=str)  # fmt: skip
def test_any_scores_are_shown(scores):
    assert_shows(draw_digit.picture(gives(*scores), ONE), np.array(scores, dtype=float))


def assert_shows(picture, scores):
    assert_is_clear(picture)
    p = np.exp(scores - scores.max())
    p /= p.sum()
    written = list(boxes_of_texts(root_of(picture)))
    names = {text: box for text, box in written if re.fullmatch(r"\d", text) and box.x < 350}
    assert list(names) == [str(k) for k in range(10)]
    bars = list(map(bar_box, elements(picture, "rect", fill=theme.FORWARD)))
    zero, full = 570, next(s for s in 8 * 2.0 ** np.arange(9) if s >= np.abs(scores).max())
    for k, name in enumerate(names.values()):
        score, percent = [text for text, b in written if abs(b.y - name.y) < 3 and b.x > 360]
        assert float(score.replace("−", "-")) == pytest.approx(scores[k], abs=0.0501)
        assert percent == percent_of(p[k])
        left, right = [b for b in bars if abs(b.y - name.y) < 3]
        ends = sorted((zero, zero + 120 * scores[k] / full))
        assert (left.left, left.right) == pytest.approx(ends, abs=0.2)
        assert (right.left, right.right) == pytest.approx((726, 726 + 174 * p[k]), abs=0.2)
        assert f"{k} {score}" in picture.alt.partition("Scores: ")[2].partition(". Right")[0]
        assert f"{k} {percent}" in picture.alt.partition("Probabilities: ")[2]


def percent_of(p):
    return "< 1 %" if p < 0.005 else "> 99 %" if p > 0.995 else f"{100 * p:.0f} %"


@pytest.mark.parametrize("k", range(10))
def test_the_winner_is_marked_by_weight_and_shape(k):
    picture = draw_digit.picture(gives(*(5.0 * (i == k) for i in range(10))), ONE)
    bold = elements(picture, "text", font_weight="bold")
    (mark,) = elements(picture, "polygon")
    outlined = elements(picture, "rect", stroke=theme.INK, stroke_width="3", fill=theme.FORWARD)
    heights = [float(b["y"]) + float(b["height"]) / 2 for b in outlined]
    corners = [tuple(map(float, pair.split(","))) for pair in mark["points"].split()]
    row = 36 + 25 * (k + 0.5)
    assert (len(bold), len(outlined)) == (3, 2)
    assert [*heights, corners[1][1]] == pytest.approx([row] * 3, abs=0.3)
    assert all(abs(float(text["y"]) - row) < 9 for text in bold)
    assert caption(picture).startswith(f"The network sees {'an' if k == 8 else 'a'} {k}: 94 %.")


@pytest.mark.parametrize(
    "shares, words",
    [
        ({"d3": 98}, "a 3: 98 %."),
        ({"d3": 62, "d5": 31}, "a 3: 62 %, but a 5 is possible: 31 %."),
        ({"d5": 62, "d8": 31}, "a 5: 62 %, but an 8 is possible: 31 %."),
        ({"d8": 89, "d1": 10.2}, "an 8: 89 %, but a 1 is possible: 10 %."),
        ({"d8": 89, "d1": 9.6}, "an 8: 89 %."),
        ({"d0": 99.9}, "a 0: more than 99 %."),
        ({"d0": 99.4}, "a 0: 99 %."),
    ],
)
def test_the_caption(shares, words):
    assert caption(draw_digit.picture(logits(**shares), ONE)) == f"The network sees {words}"


@pytest.mark.parametrize("value", ["", "260,260"])
def test_a_blank_sheet_says_what_to_do_and_asks_no_network(value):
    picture = draw_digit.picture(None, value)
    assert caption(picture) == draw_digit.BLANK and "Draw a digit" in draw_digit.BLANK
    assert not re.search(r"\d", picture.alt) and not re.search(r"\d", "".join(texts(picture)))
    assert frame(picture) == frame(draw_digit.picture(trained(), ONE))
    assert_is_clear(picture)


def test_the_drawing_is_shown_as_the_network_sees_it():
    for value in ("", SEVEN):
        (image,) = elements(draw_digit.picture(trained(), value), "image")
        shown = Image.open(BytesIO(b64decode(image["href"].split(",")[1])))
        wanted = 255 - 255 * normalised(sheet.ink(value))
        assert np.asarray(shown) == pytest.approx(wanted, abs=0.51)


@pytest.mark.parametrize("shape", [(1, 9), (10,), (2, 10), (1, 10, 1)])
def test_another_network_is_refused(shape):
    network = SimpleNamespace(predict=lambda X: np.zeros(shape))
    message = re.escape(f"that gives scores (1, 10) for one digit, got shape {shape}")
    with pytest.raises(ValueError, match=message):
        draw_digit.explore(network)
    with pytest.raises(ValueError, match=message):
        draw_digit.picture(network, ONE)
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match="expected finite scores: has the training diverged"):
            draw_digit.explore(gives(bad, *range(9)))


# The explorer


def test_the_explorer_follows_the_sheet(monkeypatch):
    shown = draw_digit.explore(trained())
    assert list(shown.controls) == ["value"]
    control = shown.controls["value"]
    assert shown.picture() == draw_digit.picture(None)
    handle = show(shown, monkeypatch)
    for value in (ONE, SEVEN, "", ZERO):
        control.value = value
        assert handle.shown[-1] == draw_digit.picture(trained(), value)._repr_mimebundle_()
    assert len(handle.shown) == 4


def test_the_sheet_as_a_widget():
    control = draw_digit.explore(trained()).controls["value"]
    assert control.description == "sheet to draw on" and control.layout.display is None
    state = control.get_state()
    assert (state["value"], state["size"], state["pen"]) == ("", 240, 20)
    assert "export default" in state["_esm"] and ".sheet" in state["_css"]
    assert not re.search(r"https?://|\bimport\b", state["_esm"] + state["_css"])
