"""Galleries, heat maps of weights and tables of confusions show the numbers they are given."""

import io
import re
from base64 import b64decode

import numpy as np
import pytest
from explored import assert_is_clear, bar_box, boxes_of_texts, elements, root_of, texts
from PIL import Image

from course_utils.datasets import load_digits
from course_utils.pictures import digits, theme

BELOW, ABOVE = ([int(c[k : k + 2], 16) for k in (1, 3, 5)]
                for c in (theme.NEGATIVE_FILL, theme.POSITIVE_FILL))  # fmt: skip


@pytest.fixture(scope="module")
def held_out():
    return load_digits()[1]


def decoded(picture):
    """Return the images of a picture, as another program reads them."""
    for element in elements(picture, "image"):
        assert element["style"] == "image-rendering:pixelated"
        kind, content = element["href"].split(",")
        assert kind == "data:image/png;base64"
        yield Image.open(io.BytesIO(b64decode(content)))


def colours(image):
    return np.asarray(image.convert("RGB")).astype(int)


# Gallery


@pytest.mark.parametrize("shape", [(-1, 28, 28), (-1, 784)])
@pytest.mark.parametrize("kind", ["uint8", "int64", "float32", "float64"])
def test_a_gallery_shows_the_pixels(held_out, shape, kind):
    images = held_out.images[:12]
    given = images.astype(kind) / (255 if kind[0] == "f" else 1)
    given = given.astype(kind).reshape(shape)
    picture = digits.gallery(given, held_out.labels[:12])
    shown = np.array([np.asarray(image) for image in decoded(picture)])
    assert (shown == 255 - images).all()
    assert picture == digits.gallery(images, held_out.labels[:12])


@pytest.mark.parametrize("count, columns", [(1, 10), (3, 3), (10, 10), (30, 10), (50, 10), (8, 4)])
def test_digits_stand_in_rows_over_their_titles(held_out, count, columns):
    titles = [f"{k % 10}, not 9" for k in range(count)]
    picture = digits.gallery(held_out.images[:count], titles, columns)
    assert_is_clear(picture)
    boxes = list(map(bar_box, elements(picture, "image")))
    assert boxes == [] or {round(b.right - b.left) % 28 for b in boxes} == {0}
    root = root_of(picture)
    written = list(boxes_of_texts(root))
    assert [text for text, _ in written] == titles
    for k, (box, (_, title)) in enumerate(zip(boxes, written, strict=True)):
        assert box.left >= 0 and box.right <= float(root.get("width"))
        assert title.x == pytest.approx(box.x, abs=0.11)
        assert 0 <= title.top - box.bottom < 10
        assert box.top == boxes[k - k % columns].top
        assert box.x == pytest.approx(boxes[k % columns].x)
        assert k % columns == 0 or box.left >= boxes[k - 1].right + 8
        assert k < columns or box.top >= boxes[k - columns].bottom + 18


def test_the_words_of_a_gallery(held_out):
    images = held_out.images
    assert digits.gallery(images[:3], [7, 2, 1]).alt == "3 digits: 7, 2, 1."
    assert digits.gallery(images[:1], ["7"]).alt == "1 digit: 7."
    assert digits.gallery(images[:2], ["4, not 9", "1"]).alt == "2 digits: 4, not 9; 1."
    picture = digits.gallery(images[:3], [7, 2, 1])
    assert root_of(picture).get("aria-label") == picture.alt


def test_a_gallery_of_the_known_bytes():
    """A PNG that is stored, not compressed, is the same for every version of zlib."""
    image = elements(digits.gallery(np.zeros((1, 28, 28)), ["0"]), "image")[0]["href"]
    png = b64decode(image.split(",")[1])
    rows = 28 * (b"\x00" + 28 * b"\xff")
    assert png[41:48] == b"\x78\x01\x01" + bytes([44, 3, 211, 252]) and rows in png
    assert len(png) == 8 + 25 + 12 + 7 + len(rows) + 4 + 12


@pytest.mark.parametrize(
    "images, message",
    [
        (np.zeros((2, 27, 28)), "expected images (N, 28, 28) or (N, 784), got shape (2, 27, 28)"),
        (np.zeros(784), "expected images (N, 28, 28) or (N, 784), got shape (784,)"),
        (np.zeros((0, 784)), "expected images (N, 28, 28) or (N, 784), got shape (0, 784)"),
        (np.full((2, 784), 1.5), "expected whole numbers from 0 to 255 or floats from 0 to 1"),
        (np.full((2, 784), -0.1), "expected whole numbers from 0 to 255 or floats from 0 to 1"),
        (np.full((2, 784), np.nan), "expected whole numbers from 0 to 255 or floats from 0 to 1"),
        (np.full((2, 784), 256), "expected whole numbers from 0 to 255 or floats from 0 to 1"),
        (np.full((2, 784), "a"), "expected whole numbers from 0 to 255 or floats from 0 to 1"),
    ],
)
def test_other_images_are_refused(images, message):
    with pytest.raises(ValueError, match=f"^gallery: {re.escape(message)}$"):
        digits.gallery(images, ["0", "1"])


@pytest.mark.parametrize(
    "count, titles, columns, message",
    [
        (2, ["1"], 10, "gallery: expected 2 titles, one for each, got 1"),
        (51, range(51), 10, "gallery: no room for 51 digits in 10 columns"),
        (2, [1, 2], 20, "gallery: no room for 2 digits in 20 columns"),
        (2, [1, 2], 0, "gallery: expected a whole number of columns, got 0"),
        (2, [1, 2], 1.5, "gallery: expected a whole number of columns, got 1.5"),
        (1, ["four or nine"], 10,
         "gallery: the title 'four or nine' is wider than 100 px: fewer columns"),
    ],
)  # fmt: skip
def test_what_has_no_room_is_refused(count, titles, columns, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        digits.gallery(np.zeros((count, 784)), titles, columns)


# Weights


def test_weights_are_blue_above_0_and_orange_with_a_hole_below():
    W = np.zeros((784, 2))
    W[0], W[1], W[28] = (2, -0.5), (-2, 0.5), (1, 0.25)
    picture = digits.weights(W, ["a", "b"])
    first, second = map(colours, decoded(picture))
    assert first.shape == (84, 84, 3)
    assert (first[:3, :3] == ABOVE).all()
    assert (first[:3, 3:6][[0, 1, 2, 1], [1, 0, 1, 2]] == BELOW).all()
    assert (first[1, 4] == 255).all()
    half = np.rint(255 + 4 / 7 * (np.array(ABOVE) - 255))
    assert (first[3:6, :3] == half).all()
    assert (first[6:] == 255).all() and (first[:3, 6:] == 255).all()
    assert (second[:3, 3:6] == ABOVE).all() and (second[0, 0] == BELOW).all()


def test_each_heat_map_has_its_own_scale():
    W = np.random.default_rng(1).normal(size=(784, 3))
    titles = ["a", "b", "c"]
    assert digits.weights(W, titles) == digits.weights(W * [1, 100, 0.01], titles)
    assert digits.weights(W, titles) != digits.weights(-W, titles)
    assert digits.weights(W, titles) == digits.weights(W * (1 + 1e-14), titles)


def test_weights_of_0_are_white():
    (image,) = decoded(digits.weights(np.zeros((784, 1)), ["0"]))
    assert (colours(image) == 255).all()


def test_the_words_and_the_size_of_weights():
    picture = digits.weights(np.random.default_rng(1).normal(size=(784, 10)), range(10))
    assert "10 units" in picture.alt and picture.alt.endswith(
        "below 0: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9."
    )
    assert_is_clear(picture)
    assert len(picture.markup) < 120_000
    assert texts(picture) == [str(k) for k in range(10)]


@pytest.mark.parametrize("W", [np.zeros((783, 2)), np.zeros(784), np.zeros((784, 0)),
                               np.full((784, 2), np.inf)], ids=str)  # fmt: skip
def test_other_weights_are_refused(W):
    message = f"weights: expected finite weights (784, K), got shape {W.shape}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        digits.weights(W, ["0", "1"])
    with pytest.raises(ValueError, match=r"^weights: expected 2 titles, one for each, got 1$"):
        digits.weights(np.ones((784, 2)), ["0"])


# Confusion

TABLE = np.array([[7, 0, 4], [1, 0, 9], [0, 0, 1234]])


def cells_of(picture):
    """Return {(true, answer): (text, style)} by where the cells stand, and the names there."""
    written = list(boxes_of_texts(root_of(picture)))
    boxes = [(bar_box(cell), cell) for cell in elements(picture, "rect")]
    rows, columns = (sorted({round(at(b), 1) for b, _ in boxes})
                     for at in (lambda b: b.y, lambda b: b.x))  # fmt: skip
    left, top = min(b.left for b, _ in boxes), min(b.top for b, _ in boxes)
    names = [
        [t for y in rows for t, b in written if abs(b.y - y) < 1 and 80 < b.right < left],
        [t for x in columns for t, b in written if abs(b.x - x) < 1 and 25 < b.y < top],
    ]
    found = {}  # fmt: skip
    for box, cell in boxes:
        text = "".join(t for t, b in written if box.holds(b))
        found[rows.index(round(box.y, 1)), columns.index(round(box.x, 1))] = text, cell
    return found, names


def test_a_table_shows_its_counts_true_down_and_answers_across():
    found, names = cells_of(digits.confusion(TABLE, "abc"))
    shown = [[found[i, j][0] for j in range(3)] for i in range(3)]
    assert shown == [["7", "", "4"], ["1", "", "9"], ["", "", "1,234"]]
    assert names == [list("abc"), list("abc")]
    for (i, j), (text, cell) in found.items():
        hue = theme.POSITIVE_FILL if i == j else theme.NEGATIVE_FILL
        assert cell["fill"] == hue
        assert (float(cell["fill-opacity"]) > 0) == bool(text)
    strengths = [float(found[place][1]["fill-opacity"]) for place in ((1, 2), (0, 2), (1, 0))]
    assert strengths == pytest.approx([1, 2 / 3, 1 / 3], abs=0.01)
    assert float(found[0, 0][1]["fill-opacity"]) == pytest.approx((7 / 11) ** 0.5, abs=0.01)
    bold = elements(digits.confusion(TABLE, "abc"), "text", font_weight="bold")
    assert len(bold) == 2


def test_a_full_table_can_be_read():
    rng = np.random.default_rng(0)
    for most in (2, 1000, 10_000):
        picture = digits.confusion(rng.integers(0, most, (10, 10)), range(10))
        assert_is_clear(picture)
        assert {"answer", "true"} <= set(texts(picture))
    root = root_of(picture)
    assert (float(root.get("width")), float(root.get("height"))) <= (1000, 420)


def test_the_words_of_a_table():
    assert digits.confusion(TABLE, "abc").alt == (
        "Table of 1,255 answers, a row for each true class, a column for each answer: "
        "1,241 right (98.9 %). Largest confusions: b taken for c, 9 times; a taken for c, "
        "4 times; b taken for a, 1 times."
    )
    assert digits.confusion(np.diag([2, 3]), [0, 1]).alt.endswith(
        "5 right (100.0 %). No confusions."
    )
    assert digits.confusion(np.zeros((2, 2), int), [0, 1]).alt.endswith(": 0 right. No confusions.")
    alt = digits.confusion(np.array([[0, 2, 2], [2, 0, 2], [2, 2, 0]]), "abc").alt
    assert alt.endswith("a taken for b, 2 times; a taken for c, 2 times; b taken for a, 2 times.")


@pytest.mark.parametrize(
    "table, names",
    [(np.zeros((2, 3), int), "ab"), (np.zeros((2, 2), int), "abc"), (np.zeros((0, 0), int), ""),
     (np.zeros((11, 11), int), range(11)), (np.zeros(4, int), "abcd")],
)  # fmt: skip
def test_a_table_of_another_shape_is_refused(table, names):
    message = (
        "confusion: expected a table (K, K) with K names, K from 1 to 10, got shape "
        f"{table.shape} and {len(names)} names"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        digits.confusion(table, names)


@pytest.mark.parametrize("table", [[[1, -1], [0, 1]], [[1.5, 0], [0, 1]]])
def test_other_counts_are_refused(table):
    with pytest.raises(ValueError, match=r"^confusion: expected whole numbers of 0 or more$"):
        digits.confusion(table, "ab")


# Heat maps of any arrays


def test_a_heat_map_of_the_same_numbers_is_the_one_of_weights():
    W = np.random.default_rng(0).normal(size=(784, 3))
    titles = ["a", "b", "c"]
    images = re.findall(r'href="([^"]*)"', digits.weights(W, titles).markup)
    assert images == re.findall(
        r'href="([^"]*)"', digits.heat_maps(W.T.reshape(3, 28, 28), titles).markup
    )


@pytest.mark.parametrize("count, side, columns", [(8, 5, 8), (16, 3, 8), (1, 1, 1), (8, 24, 8)])
def test_heat_maps_of_any_side(count, side, columns):
    arrays = np.random.default_rng(1).normal(size=(count, side, side))
    titles = [f"no. {k}" for k in range(count)]
    picture = digits.heat_maps(arrays, titles, columns)
    assert_is_clear(picture)
    assert picture.markup.count("<image") == count
    assert picture.alt.startswith(f"{count} heat maps, each of {side} × {side} numbers in its own")
    assert picture.alt.endswith(f"{', '.join(titles)}.")


@pytest.mark.parametrize(
    "arrays, message",
    [
        (np.zeros((2, 5)), "expected arrays (K, S, S), S up to 28, got shape (2, 5)"),
        (np.zeros((2, 5, 6)), "expected arrays (K, S, S), S up to 28, got shape (2, 5, 6)"),
        (np.zeros((0, 5, 5)), "expected arrays (K, S, S), S up to 28, got shape (0, 5, 5)"),
        (np.zeros((2, 29, 29)), "expected arrays (K, S, S), S up to 28, got shape (2, 29, 29)"),
        (np.full((2, 3, 3), np.inf), "expected finite numbers"),
        (np.zeros((3, 3, 3)), "expected 3 titles, one for each, got 2"),
    ],
)
def test_other_arrays_are_refused(arrays, message):
    with pytest.raises(ValueError, match=rf"^heat_maps: {re.escape(message)}$"):
        digits.heat_maps(arrays, ["a", "b"])
