"""The words of lesson 13's explorer say what plain loops say."""

import pytest
from explored import caption
from sliding_loops import (
    COUNTED,
    COUNTS,
    FORWARD,
    KERNEL,
    ONES,
    PLANS,
    cells_of,
    each_ahead,
    each_back,
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
from course_utils.pictures import short

DROPPED = "The 5 on the padding are dropped."


@pytest.mark.parametrize(
    "state, words",
    [
        (("convolution", FORWARD, 0),
         "No window yet: y has 4 cells to fill, one for each place of the window."),
        (("convolution", FORWARD, 2),
         "Window 2 of 4: its 9 products with k sum to y[0, 1] = 16."),
        (("convolution", FORWARD, 4), "Window 4 of 4: its 9 products with k sum to y[1, 1] = 15. "
         "The side of y is (4 − 3) / 1 + 1 = 2."),
        (("padding 1", FORWARD, 16), "Window 16 of 16: its 9 products with k (5 with zeros of the "
         "padding) sum to y[3, 3] = 3. The side of y is (4 + 2 · 1 − 3) / 1 + 1 = 4."),
        (("padding 1", FORWARD, 2), "Window 2 of 16: its 9 products with k (3 with zeros of the "
         "padding) sum to y[0, 1] = 12."),
        (("padding 1, stride 3", FORWARD, 4), "Window 4 of 4: its 9 products with k (5 with zeros "
         "of the padding) sum to y[1, 1] = 3. The side of y is (4 + 2 · 1 − 3) / 3 + 1 = 2."),
        (("max pooling", FORWARD, 3), "Window 3 of 4: the largest of its 4 cells is y[1, 0] = 4."),
        (("average pooling", FORWARD, 4), "Window 4 of 4: the mean of its 4 cells is y[1, 1] = 1. "
         "The side of y is (4 − 2) / 2 + 1 = 2."),
        (("convolution", ONES, 0), "∂L/∂y has arrived, and nothing of it has gone further: ∂L/∂x "
         "and ∂L/∂k are still 0."),
        (("max pooling", COUNTED, 0), "∂L/∂y has arrived, and nothing of it has gone further: "
         "∂L/∂x is still 0."),
        (("convolution", COUNTED, 3), "Window 3 of 4: y[1, 0] has the upstream gradient 3: 3 · k "
         "is added to ∂L/∂x, 3 · window to ∂L/∂k."),
        (("convolution", ONES, 4), "Window 4 of 4: y[1, 1] has the upstream gradient 1: 1 · k is "
         "added to ∂L/∂x, 1 · window to ∂L/∂k. Up to 4 windows saw the same cell of x: there 4 "
         "numbers piled up."),
        (("padding 1", COUNTED, 16), "Window 16 of 16: y[3, 3] has the upstream gradient 16: "
         f"16 · k is added to ∂L/∂x, 16 · window to ∂L/∂k. {DROPPED} Up to 9 windows saw the same "
         "cell of x: there 9 numbers piled up."),
        (("padding 1, stride 3", ONES, 4), "Window 4 of 4: y[1, 1] has the upstream gradient 1: "
         f"1 · k is added to ∂L/∂x, 1 · window to ∂L/∂k. {DROPPED} No two windows overlap: nothing "
         "piles up on x, only on k."),
        (("max pooling", COUNTED, 2), "Window 2 of 4: y[0, 1] has the upstream gradient 2. All of "
         "it goes to the winner, x[1, 3], and 0 to the other 3."),
        (("average pooling", COUNTED, 4), "Window 4 of 4: y[1, 1] has the upstream gradient 4: "
         "each of the 4 cells that it is the mean of gets 4 / 4 = 1. No two windows overlap: "
         "nothing piles up on x."),
    ],
)  # fmt: skip
def test_the_caption(state, words):
    assert caption(window.picture(*state)) == words


def listed(rows):
    return "; ".join(", ".join("–" if v is None else short(v) for v in row) for row in rows)


def marked(name, done):
    """Say which cells of x and of y the window is at."""
    if not done:
        return ""
    (_, _, *corner), *_ = cells_of(name, done)
    reach = PLANS[name][1] - 1
    rows, columns = (f"{short(first)} to {short(first + reach)}" for first in corner)
    return f" Marked: rows {rows}, columns {columns} of x, and y{[*place(name, done)]}."


@each_state
def test_the_alternative_text_has_the_arrays_and_the_caption(state):
    name, picture = state[0], window.picture(*state)
    around = " with zero padding 1" if PLANS[name][3] else ""
    what = f"{name} of 2 × 2" if "pooling" in name else f"kernel k ({listed(KERNEL)})"
    start = f"Input x ({listed(PLANS[name][0])}){around}, {what}, output y. "
    assert picture.alt.startswith(start)
    assert picture.alt.endswith(caption(picture))


@each_ahead
def test_the_alternative_text_says_how_far_y_is_filled(state):
    name, _, done = state
    numbers = range(1, COUNTS[name] + 1)
    known = square([output(name, n) if n <= done else None for n in numbers])
    words = (
        f" output y. Forward, {done} of {COUNTS[name]} windows done. y so far: {listed(known)}."
        f"{marked(name, done)} "
    )
    before, _, after = window.picture(*state).alt.partition(words)
    assert before and after
    if not done:
        assert after.startswith("No window yet")
    elif "pooling" in name:
        start = {"m": "max(", "a": "("}[name[0]]
        assert after.startswith(start) and f" = {short(output(name, done))}. Window" in after
    else:
        terms = [f"{short(value(name, i, j))}·{short(KERNEL[u, v])}"
                 for u, v, i, j in cells_of(name, done)]  # fmt: skip
        assert after.startswith(f"{' + '.join(terms)} = {short(output(name, done))}. Window")


@each_back
def test_the_alternative_text_says_what_has_piled_up(state):
    name, direction, done = state
    dx, dk, own = gradients(name, direction, done)
    slopes = square([upstream(direction, n) for n in range(1, COUNTS[name] + 1)])
    piled = "" if "pooling" in name else f" ∂L/∂k so far: {listed(dk)}."
    words = (
        f" output y. y: {listed(outputs(name))}. Backward, {done} of {COUNTS[name]} windows done. "
        f"Upstream gradient ∂L/∂y: {listed(slopes)}. ∂L/∂x so far: {listed(dx)}.{piled}"
        f"{marked(name, done)} "
    )
    before, _, after = window.picture(*state).alt.partition(words)
    assert before and after
    tables = [square(list(part.values())) for part in own or () if part]
    added = after.partition("Added to ")[2].partition(". Window")[0].split("; to ")
    assert len(added) == max(1, len(tables))
    for clause, table in zip(added, tables, strict=False):
        assert clause.endswith(f", {listed(table)}")
