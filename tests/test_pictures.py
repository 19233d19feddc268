"""Pictures of graphs: the graph's own numbers, in their places, nothing over anything else."""

import hashlib
import math
import os
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictured import (
    GRAPHS,
    ROOT,
    Box,
    Seen,
    apple,
    assert_nothing_overlaps,
    chain_of_60,
    each_graph,
    fork,
    named,
    run,
    softmax_nary,
    squared_sum,
    sum_with_square,
)

from course_utils.graph import Variable, apply, topological_order
from course_utils.nodes import Add
from course_utils.pictures import draw, short, theme
from course_utils.pictures.walk import Walk


@each_graph
@pytest.mark.parametrize("where", ["start", "middle", "result", "back", "end"])
def test_nothing_overlaps(build, where):
    output = run(build())
    last = Walk(output).last
    step = {"start": 0, "middle": last // 4, "result": last // 2, "back": 3 * last // 4}
    assert_nothing_overlaps(draw(output, step=step.get(where, last)))


@pytest.mark.parametrize("name", ["x" * 40, "이름이 긴 사과의 가격", "MMMM WWWW @@@@"])
def test_nothing_overlaps_with_wide_names(name):
    x = Variable(1234567, name)
    inner = named(x * Variable(-0.00012345, "short"), name)
    assert_nothing_overlaps(draw(run(named((inner + x) * 2, name))))


def test_a_highlight_stays_off_the_labels():
    z = run(fork())
    edges = [(v, slot) for v in topological_order(z) for slot in range(len(v.parents))]
    seen = Seen(draw(z, highlight=edges))
    marks = seen.lines_of(theme.HIGHLIGHT)
    assert len(marks) == len(edges)
    for element, points in marks:
        half = float(element.get("stroke-width")) / 2
        for a, b in pairwise(points):
            for text in seen.labels:
                grown = Box(text.left, text.top - half, text.right, text.bottom + half)
                assert not grown.is_crossed(a, b), text


@st.composite
def graphs(draw_one):
    """Graphs of up to 8 nodes, with forks, and numbers on either side of an operator."""
    pool = [
        Variable(draw_one(st.sampled_from([-2.5, 0, 1, 3, 12345.6])), name)
        for name in draw_one(st.lists(st.sampled_from(["x", "a long name", None]), min_size=1,
                                      max_size=3))
    ]  # fmt: skip
    for _ in range(draw_one(st.integers(1, 8))):
        a, b, c = (pool[draw_one(st.integers(0, len(pool) - 1))] for _ in range(3))
        makers = (
            lambda a, b, c: a + b, lambda a, b, c: a * b, lambda a, b, c: a - b,
            lambda a, b, c: 2 * a, lambda a, b, c: a * -0.5, lambda a, b, c: 1 - a,
            lambda a, b, c: a**2, lambda a, b, c: -a, lambda a, b, c: apply(Add(), a, b, c),
        )  # fmt: skip
        pool.append(draw_one(st.sampled_from(makers))(a, b, c))
    last = pool[-1]
    return named(last, draw_one(st.sampled_from([None, "result"])))


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(graphs(), st.floats(0, 1))
def test_nothing_overlaps_in_any_graph(output, part):
    run(output)
    assert_nothing_overlaps(draw(output))
    assert_nothing_overlaps(draw(output, step=round(part * Walk(output).last)))


# The numbers are the graph's.


@each_graph
def test_a_leaf_has_its_value_above_and_its_gradient_below(build):
    output = run(build())
    seen = Seen(draw(output))
    for leaf in [v for v in topological_order(output) if v.node is None and not v.is_constant]:
        (name,) = [text for text in seen.node_texts if text.text == leaf.name]
        above = [t for t in seen.values if abs(t.y - (name.y - 20)) < 0.2 and t.left > name.right]
        below = [t for t in seen.gradients if abs(t.y - name.y - 20) < 0.2 and t.left > name.right]
        assert min(above, key=lambda t: t.left).text == short(leaf.value)
        assert min(below, key=lambda t: t.left).text == short(leaf.grad)


@each_graph
def test_values_stand_above_solid_lines_and_gradients_below_dashed_ones(build):
    seen = Seen(draw(run(build())))
    sides = [(seen.values, theme.FORWARD, 1), (seen.gradients, theme.GRADIENT, -1)]
    for labels, colour, down in sides:
        level = [
            (a, b)
            for _, points in seen.lines_of(colour)
            for a, b in pairwise(points)
            if a[1] == b[1]
        ]
        for text in labels:
            spanning = [a[1] for a, b in level if min(a[0], b[0]) < text.x < max(a[0], b[0])]
            assert any(10 < down * (y - text.y) < 25 for y in spanning), text


@each_graph
def test_gradient_lines_are_dashed_and_point_backward(build):
    output = build()
    before = Seen(draw(output))
    assert not before.gradients and not before.shares
    assert not before.lines_of(theme.GRADIENT) and theme.GRADIENT_TEXT not in draw(output).markup
    seen = Seen(draw(run(output)))
    edges = len(Walk(output).forward)
    for colour, dashed, way in [(theme.FORWARD, False, 1), (theme.GRADIENT, True, -1)]:
        lines = seen.lines_of(colour)
        assert len(lines) > edges
        assert all((e.get("stroke-dasharray") is not None) is dashed for e, _ in lines)
        arrows = [points for e, points in seen.arrows if e.get("fill") == colour]
        assert len(arrows) == len(lines)
        for tip, *base in arrows:
            assert way * (tip[0] - sum(x for x, _ in base) / 2) > 0
        for _, points in lines:
            assert way * (points[-1][0] - points[0][0]) > 0
            assert any(math.dist(points[-1], tip) < 9 for tip, *_ in arrows)


def test_the_shares_of_a_fork_add_up_to_the_gradient_on_its_stem():
    z = run(fork())
    seen = Seen(draw(z))
    assert sorted(text.text for text in seen.shares) == ["3", "5"]
    (x, y) = sorted((t for t in seen.node_texts if t.text in "xy"), key=lambda t: t.text)
    totals = {n.text: t.text for n in (x, y) for t in seen.gradients if abs(t.y - n.y - 20) < 0.2}
    assert totals == {"x": "3", "y": "8"}


def test_a_share_stands_on_the_branch_it_came_back_over():
    seen = Seen(draw(run(sum_with_square())))
    place = {text.text: text.y for text in seen.shares}
    assert set(place) == {"6", "1"}
    (square,) = [text for text in seen.node_texts if text.text == "( )²"]
    (plus,) = [text for text in seen.node_texts if text.text == "+"]
    assert (place["6"] < place["1"]) is (square.y < plus.y)


@each_graph
def test_another_value_gives_another_picture(build):
    first, other = build(), build()
    leaf = next(v for v in topological_order(other) if v.name and v.node is None)
    leaf.value = leaf.value + 3
    assert draw(first).markup != draw(other).markup
    assert draw(first).alt != draw(other).alt


def test_values_in_between_carry_their_names_and_the_result_stands_at_the_end():
    seen = Seen(draw(squared_sum()))
    assert {t.text for t in seen.values} == {"3", "4", "t = 7", "49"}
    (name,) = [t for t in seen.labels if t.fill == theme.INK]
    assert name.text == "z" and name.left > max(t.right for t in seen.values)


# Unusual graphs.


@pytest.mark.parametrize("name", ["x", None, "a" * 40])
def test_a_single_variable(name):
    x = Variable(3, name)
    assert [t.text for t in Seen(draw(x)).values] == ["3"]
    assert [len(Seen(draw(x, step=step)).values) for step in (0, 1)] == [0, 1]
    run(x)
    assert [t.text for t in Seen(draw(x)).gradients] == ["1"]
    assert_nothing_overlaps(draw(x))
    assert Walk(x).last == 2 and all(Walk(x).say(step) for step in range(3))


def test_unnamed_inputs():
    z = run(Variable(2) * Variable(3))
    seen = Seen(draw(z))
    assert len(seen.nodes) == 1 and {t.text for t in seen.values} == {"2", "3", "6"}
    assert "an input 2, an input 3" in draw(z).alt
    assert_nothing_overlaps(draw(z))


def test_a_chain_of_60_nodes():
    seen = Seen(draw(run(chain_of_60())))
    assert len(seen.nodes) == 61 and len({node.y for node in seen.nodes}) == 1
    assert seen.values[-1].text == "61"


@pytest.mark.parametrize("number", [-2, 2])
def test_a_plain_number_is_written_into_its_node(number):
    texts = [t.text for t in Seen(draw(number * Variable(3, "x"))).node_texts]
    assert texts == ["x", "×2" if number == 2 else "×(−2)"]


@pytest.mark.parametrize("wrong", [3, None, "x", np.ones(2)])
def test_only_a_variable_can_be_drawn(wrong):
    with pytest.raises(TypeError, match="draw: expected a Variable, got"):
        draw(wrong)


# The same bytes, and a picture as a value.


def fingerprint():
    pictures = [draw(run(build())) for build in GRAPHS.values()]
    pictures += [draw(run(build()), step=5, room=7) for build in GRAPHS.values()]
    return hashlib.sha256("".join(p.markup + p.alt for p in pictures).encode()).hexdigest()


def test_the_same_graph_gives_the_same_bytes_in_another_process():
    code = f"import runpy; print(runpy.run_path({str(Path(__file__))!r})['fingerprint']())"
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    other = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": path}
    result = subprocess.run(
        [sys.executable, "-c", code], env=other, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == fingerprint()


def test_drawing_changes_nothing():
    z = run(fork())
    before = [(v.name, float(v.value), float(v.grad)) for v in topological_order(z)]
    assert draw(z) == draw(z)
    assert before == [(v.name, float(v.value), float(v.grad)) for v in topological_order(z)]


def test_a_picture_keeps_still_while_its_numbers_change():
    def places(x):
        y = Variable(3, "y")
        seen = Seen(draw(run((Variable(x, "x") + y) * y), room=6))
        return [seen.size.right, *((n.x, n.y) for n in seen.nodes)]

    assert all(places(x) == places(0) for x in (-5, 1.25, 99.99, -120, 12345))


def test_the_widest_graph_is_legible_on_a_page_of_1280_px():
    assert theme.TEXT_SIZE * min(1, 1280 / Seen(draw(run(softmax_nary()))).size.right) >= 13


def test_a_picture_shows_itself_with_its_words():
    picture = draw(apple())
    assert picture._repr_mimebundle_() == {"text/html": picture.markup, "text/plain": picture.alt}
    root = Seen(picture).root
    assert root.get("role") == "img" and root.get("aria-label") == picture.alt
    told = picture.with_caption("a < b")
    assert told.alt == f"{picture.alt} a < b" and told.markup.endswith(">a &lt; b</p>")


@cache
def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a, b):
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


@each_graph
def test_text_stands_out_from_what_it_stands_on(build):
    output = run(build())
    edges = [(v, slot) for v in topological_order(output) for slot in range(len(v.parents))]
    picture = draw(output, highlight=edges)
    seen = Seen(picture)
    fills = {e.get("fill") for e in seen._all("rect")}
    assert fills <= {theme.INPUT_FILL, theme.NODE_FILL, theme.PAPER}
    assert all(contrast(theme.INK, fill) >= 4.5 for fill in fills)
    assert {t.fill for t in seen.node_texts} == {theme.INK}
    assert all(contrast(t.fill, theme.PAPER) >= 4.5 for t in seen.labels + seen.shares)
    assert all(contrast(c, theme.PAPER) >= 3 for c in (theme.FORWARD, theme.GRADIENT, theme.QUIET))
