"""The explorer of lesson 06 judges products as autograd does."""

import re
from itertools import pairwise, product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import make_vjp
from explored import (
    assert_all_clear,
    assert_follows_its_controls,
    bar_box,
    boxes_of_texts,
    caption,
    elements,
    range_of,
    root_of,
    show,
    texts,
)

from course_utils.explorers import affine_board, products
from course_utils.pictures import theme

RIGHT = {"dX": "dY @ W.T", "dW": "X.T @ dY", "db": "dY.sum(axis=0)"}
TRIED = [(g, p) for g, offered in products.PRODUCTS.items() for p in offered]
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
    picture = affine_board.picture(3, 2, 4, gradient, tried)
    assert re.search(r" does not fit: |, but d[XWb] needs ", caption(picture))
    found = texts(picture)
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
    trial = products.judge(products.matrices(2, 3, 2), "dX", "dY @ X")
    assert (trial.has_shape, trial.has_values, trial.accident) == (True, False, "N = M")


def test_matrices_are_those_of_the_layer():
    board = products.matrices(3, 2, 4)
    X, W, b, dY = (board[name].array for name in ("X", "W", "b", "dY"))
    assert np.allclose(board["Y"].array, X @ W + b)
    assert np.allclose(board["dX"].array, np.einsum("nm,dm->nd", dY, W))
    assert np.allclose(board["dW"].array, np.einsum("nd,nm->dm", X, dY))
    assert np.allclose(board["db"].array, np.einsum("nm->m", dY))


def test_matrices_are_the_same_in_every_run():
    first = products.matrices(3, 2, 4)
    products.matrices.cache_clear()
    again = products.matrices(3, 2, 4)
    assert all(np.array_equal(first[name].array, again[name].array) for name in first)


def test_matrices_cannot_be_changed():
    board = products.matrices(3, 2, 4)
    with pytest.raises(TypeError, match="item assignment"):
        board["X"] = board["W"]
    for matrix in board.values():
        with pytest.raises(ValueError, match="read-only"):
            matrix.array[...] = 0


def test_a_size_may_be_any_whole_number():
    sizes = np.array([3, 2, 4])
    assert affine_board.picture(*sizes) == affine_board.picture(3, 2, 4)
    assert products.matrices(*sizes)["X"].written_shape == "3×2"


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
        offered = products.PRODUCTS[gradient]
        assert tuple(shown.product.options) == offered
        assert shown.product.value == offered[0]
        expected = affine_board.picture(3, 2, 4, gradient, offered[0])
        assert handle.shown[-1] == expected._repr_mimebundle_()
        assert len(handle.shown) == updates  # one update each
    for tried in products.PRODUCTS["dX"][1:]:
        shown.product.value = tried
        expected = affine_board.picture(3, 2, 4, "dX", tried)
        assert handle.shown[-1] == expected._repr_mimebundle_()
