"""The explorer of lesson 13 shows what plain loops say of a window that slides over an image."""

import re
from itertools import combinations

import numpy as np
import pytest
from explored import (
    assert_all_clear,
    bar_box,
    boxes_of_texts,
    elements,
    points,
    root_of,
    texts,
)
from pictured import Box
from sliding_loops import (
    COUNTED,
    COUNTS,
    FORWARD,
    KERNEL,
    ONES,
    PLANS,
    STATES,
    cells_of,
    each_ahead,
    each_back,
    each_node,
    each_state,
    gradients,
    output,
    outputs,
    place,
    square,
    upstream,
    value,
)

from course_utils.explorers import window
from course_utils.nodes import AveragePool2d, Conv2d, MaxPool2d
from course_utils.pictures import short, theme

# What a picture shows


def board(picture, fill, stroke):
    """Return the box of one of the three arrays."""
    (found,) = elements(picture, "rect", fill=fill, stroke=stroke, stroke_width="2.5")
    return bar_box(found)


def boards(picture):
    x = board(picture, theme.INPUT_FILL, theme.FORWARD)
    y = board(picture, theme.PAPER, theme.FORWARD)
    is_pool = not elements(picture, "rect", fill=theme.PARAMETER_FILL)
    k = None if is_pool else board(picture, theme.PARAMETER_FILL, theme.PARAMETER)
    return {"x": x, "k": k, "y": y}


def grid(picture, box, wide=58, high=50):
    """Return rows of cells, each the texts that stand in it, from the top."""
    written = sorted(boxes_of_texts(root_of(picture)), key=lambda pair: pair[1].y)
    rows, columns = (box.bottom - box.top) / high, (box.right - box.left) / wide
    assert rows == int(rows) and columns == int(columns)

    def cell(i, j):
        left, top = box.left + j * wide, box.top + i * high
        return [t for t, b in written if Box(left, top, left + wide, top + high).holds(b)]

    return [[cell(i, j) for j in range(int(columns))] for i in range(int(rows))]


def tables(picture):
    """Return the tables of what the present window adds, as rows of texts, from the left."""
    found = elements(picture, "rect", stroke=theme.GRADIENT, stroke_width="2.5")
    boxes = sorted(map(bar_box, found), key=lambda box: box.left)
    assert all(rect["stroke-dasharray"] == theme.DASH for rect in found)
    return [[[text for (text,) in row] for row in grid(picture, b, 76, 30)] for b in boxes]


def frames(picture):
    found = elements(picture, "rect", stroke=theme.INK, stroke_width="5", fill="none")
    return sorted(map(bar_box, found), key=lambda box: box.left)


def written(rows):
    return [[short(v) for v in row] for row in rows]


def column(rows, which):
    return [[cell[which] for cell in row] for row in rows]


# The pictures are right


@each_ahead
def test_forward_fills_one_cell_of_y_after_the_other(state):
    name, _, done = state
    picture = window.picture(*state)
    found = boards(picture)
    assert column(grid(picture, found["x"]), 0) == written(PLANS[name][0])
    if found["k"]:
        assert column(grid(picture, found["k"]), 0) == written(KERNEL)
    else:
        assert name.split()[0] in texts(picture)
    known = [[short(output(name, n))] if n <= done else [] for n in range(1, COUNTS[name] + 1)]
    assert grid(picture, found["y"]) == square(known)
    filled = elements(picture, "rect", fill=theme.INPUT_FILL, width="54", height="46")
    places = [place(name, n) for n in range(1, done + 1)]
    y = found["y"]
    assert [(bar_box(f).left, bar_box(f).top) for f in filled] == [
        (y.left + 58 * j + 2, y.top + 50 * i + 2) for i, j in places
    ]
    assert not elements(picture, "rect", stroke=theme.GRADIENT)


@each_ahead
def test_the_products_of_the_window_are_written_out(state):
    name, _, done = state
    found = texts(window.picture(*state))
    if not done:
        assert "no window yet" in found and not any("·" in text for text in found)
        return
    values = [(value(name, i, j), u, v) for u, v, i, j in cells_of(name, done)]
    result = short(output(name, done))
    if "pooling" in name:
        numbers = [short(x) for x, *_ in values]
        words = {"max pooling": f"max({', '.join(numbers)}) = {result}",
                 "average pooling": f"({' + '.join(numbers)}) / 4 = {result}"}  # fmt: skip
        assert words[name] in found
        return
    terms = [f"{short(x)}·{short(KERNEL[u, v])}" for x, u, v in values]
    assert [text for text in found if re.fullmatch(r"\d·\d", text)] == terms
    assert found.count("+") == 8 and f"= {result}" in found
    boxes = list(boxes_of_texts(root_of(window.picture(*state))))
    at = [box for text, box in boxes if re.fullmatch(r"\d·\d", text)]
    assert [(b.left, b.y) for b in at] == [
        (at[0].left + 84 * v, pytest.approx(at[0].y + 34 * u)) for _, u, v in values
    ]
    (end,) = [box for text, box in boxes if text == f"= {result}"]
    assert end.y == pytest.approx(at[-1].y) and end.left > at[-1].right


@each_back
def test_gradients_pile_up_below_the_values(state):
    name, direction, done = state
    picture = window.picture(*state)
    found = {which: box and grid(picture, box) for which, box in boards(picture).items()}
    dx, dk, _ = gradients(name, direction, done)
    numbers = range(1, COUNTS[name] + 1)
    arrays = {
        "x": (PLANS[name][0], dx),
        "k": (KERNEL, dk),
        "y": (outputs(name), square([upstream(direction, n) for n in numbers])),
    }
    for which, (values, slopes) in arrays.items():
        if found[which]:
            assert column(found[which], 0) == written(values), which
            assert column(found[which], 1) == written(slopes), which


@each_back
def test_what_the_window_adds_stands_in_tables(state):
    name, direction, done = state
    picture = window.picture(*state)
    if not done:
        assert tables(picture) == [] and "no window yet" in texts(picture)
        return
    *_, own = gradients(name, direction, done)
    size = PLANS[name][1]
    expected = [
        [["–" if part[u, v] is None else f"+{short(part[u, v])}" for v in range(size)]
         for u in range(size)]
        for part in own if part
    ]  # fmt: skip
    assert tables(picture) == expected
    g = short(upstream(direction, done))
    names = {"max pooling": [f"to ∂L/∂x: {g} to the winner"],
             "average pooling": [f"to ∂L/∂x: {g} / 4 to each cell"]}  # fmt: skip
    both = [f"to ∂L/∂x: {g} · k", f"to ∂L/∂k: {g} · window"]
    assert [text for text in texts(picture) if text.startswith("to ∂")] == names.get(name, both)


@each_node
@pytest.mark.parametrize("direction", [ONES, COUNTED])
def test_the_last_window_leaves_what_backward_returns(name, direction):
    image, _, stride, padding = PLANS[name]
    nodes = {"max pooling": MaxPool2d(2), "average pooling": AveragePool2d(2)}
    node = nodes.get(name) or Conv2d(KERNEL[None, None], [0.0], stride, padding)
    y = node.forward(image[None, None])
    slopes = np.arange(1.0, y.size + 1).reshape(y.shape) if direction == COUNTED else 0 * y + 1
    dx = node.backward(slopes)
    picture = window.picture(name, direction)
    found = boards(picture)
    assert picture == window.picture(name, direction, COUNTS[name])
    assert column(grid(picture, found["x"]), 1) == written(dx[0, 0])
    if found["k"]:
        assert column(grid(picture, found["k"]), 1) == written(node.grads["W"][0, 0])


def test_the_numbers_of_the_lesson():
    def shown(name, direction, which, row):
        picture = window.picture(name, direction)
        return column(grid(picture, boards(picture)[which]), row)

    assert shown("convolution", FORWARD, "y", 0) == [["15", "16"], ["6", "15"]]
    dk = [["4", "8", "8"], ["4", "4", "8"], ["8", "4", "4"]]
    assert shown("convolution", ONES, "k", 1) == dk
    assert shown("padding 1", FORWARD, "y", 0)[0] == ["7", "12", "10", "2"]
    assert shown("max pooling", FORWARD, "y", 0) == [["2", "3"], ["4", "2"]]
    assert shown("average pooling", FORWARD, "y", 0) == [["1", "1.5"], ["2.25", "1"]]


@each_state
def test_thick_outlines_mark_the_window_and_its_cell_of_y(state):
    name, _, done = state
    picture = window.picture(*state)
    if not done:
        assert frames(picture) == []
        return
    found, (_, size, *_) = boards(picture), PLANS[name]
    of_x, of_y = frames(picture)
    (_, _, i, j), *_ = cells_of(name, done)
    for frame, box, (top, left), side in (
        (of_x, found["x"], (i, j), size),
        (of_y, found["y"], place(name, done), 1),
    ):
        corner = box.left + 58 * left, box.top + 50 * top
        assert (frame.left, frame.top) == corner
        assert (frame.right - frame.left, frame.bottom - frame.top) == (58 * side, 50 * side)


@each_state
def test_winners_are_marked_as_far_as_they_are_known(state):
    name, direction, done = state
    picture = window.picture(*state)
    marks = [bar_box(m) for m in elements(picture, "rect", fill=theme.HIGHLIGHT)]
    known = COUNTS[name] if direction != FORWARD else done
    expected = [
        next((i, j) for _, _, i, j in cells_of(name, n) if value(name, i, j) == output(name, n))
        for n in range(1, known + 1) if name == "max pooling"
    ]  # fmt: skip
    box = boards(picture)["x"]
    assert sorted(((m.top - box.top) // 50, (m.left - box.left) // 58) for m in marks) == sorted(
        expected
    )
    values = {(b.x, b.y): b for _, b in boxes_of_texts(root_of(picture))}
    for mark in marks:
        assert sum(mark.holds(b) for b in values.values()) == 1
    assert all(m["stroke"] == theme.INK for m in elements(picture, "rect", fill=theme.HIGHLIGHT))


@each_state
def test_the_padding_is_grey_zeros_around_x(state):
    name = state[0]
    picture = window.picture(*state)
    outer = [bar_box(r) for r in elements(picture, "rect", stroke=theme.QUIET, stroke_width="1")]
    zeros = re.findall(rf'fill="{theme.QUIET}"[^>]*>([^<]+)<', picture.markup)
    notes = [text for text in texts(picture) if text.startswith("zero padding")]
    if PLANS[name][3] == 0:
        assert outer == [] and zeros == [] and notes == []
        return
    (box,), x = outer, boards(picture)["x"]
    assert (box.left, box.top) == (x.left - 58, x.top - 50)
    assert (box.right, box.bottom) == (x.right + 58, x.bottom + 50)
    assert zeros == ["0"] * 20
    edge = [(i, j) for i in range(6) for j in range(6) if {i, j} & {0, 5}]
    at = [(b.y, b.x) for text, b in boxes_of_texts(root_of(picture)) if text == "0"][:20]
    assert at == [pytest.approx((box.top + 50 * i + 25, box.left + 58 * j + 29)) for i, j in edge]
    stride = ", stride 3" if "stride 3" in name else ""
    assert notes == [f"zero padding 1{stride}"]


def test_x_stands_where_it_stood_whatever_slides_over_it():
    pictures = [window.picture(*state) for state in STATES]
    assert len({str(boards(picture)["x"]) for picture in pictures}) == 1
    assert {root_of(p).get("width") + " " + root_of(p).get("height") for p in pictures} == {
        "1000 420"
    }


@each_state
def test_gradients_are_not_told_by_colour_alone(state):
    name, direction, _ = state
    picture = window.picture(*state)
    arrows = [points(p) for p in elements(picture, "polyline")]
    tips = [points(p)[0] for p in elements(picture, "polygon")]
    assert len(arrows) == len(tips) == 2
    for ((x0, _), (x1, _)), (tip, _) in zip(arrows, tips, strict=True):
        assert (x0 < x1 < tip) if direction == FORWARD else (x0 > x1 > tip)
    dashes = {p.get("stroke-dasharray") for p in elements(picture, "polyline")}
    assert dashes == {None if direction == FORWARD else theme.DASH}
    chips = elements(picture, "rect", stroke=theme.GRADIENT, stroke_width="1.5")
    assert all(chip["stroke-dasharray"] == theme.DASH for chip in chips)
    count = 16 + COUNTS[name] + (0 if "pooling" in name else 9)
    assert len(chips) == (0 if direction == FORWARD else count)
    below = [text for text in texts(picture) if re.fullmatch("∂L/∂[xky]", text)]
    has = ["∂L/∂x", "∂L/∂y"] if "pooling" in name else ["∂L/∂x", "∂L/∂k", "∂L/∂y"]
    assert below == ([] if direction == FORWARD else has)


@each_back
def test_what_was_sent_is_bold_and_the_rest_waits(state):
    name, direction, done = state
    picture = window.picture(*state)
    y = boards(picture)["y"]
    chips = [bar_box(c) for c in elements(picture, "rect", fill=theme.GRADIENT_FILL)]
    assert sum(y.holds(chip) for chip in chips) == done
    dx, dk, _ = gradients(name, direction, done)
    piled = np.count_nonzero(dx) + np.count_nonzero(dk)
    assert len(chips) == done + piled
    bold = re.findall(rf'fill="{theme.GRADIENT_TEXT}"[^>]*font-weight="bold">([\d.]+)<',
                      picture.markup)  # fmt: skip
    assert len(bold) == len(chips) and "0" not in bold


# The picture stays in its frame


def test_no_state_makes_texts_meet():
    assert_all_clear([window.picture(*state) for state in STATES])


@each_state
def test_lines_of_text_are_22_px_apart(state):
    """A line of 18 px is about 21 px high in a browser."""
    written = list(boxes_of_texts(root_of(window.picture(*state))))
    for (a, a_box), (b, b_box) in combinations(written, 2):
        if a_box.left < b_box.right and b_box.left < a_box.right:
            assert abs(a_box.y - b_box.y) >= 22, f"{a!r} and {b!r}"
