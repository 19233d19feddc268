"""A wide graph is drawn in parts: from some values on, or up to several."""

import re

import numpy as np
import pytest
from pictured import Seen, assert_nothing_overlaps, named, run

from course_utils.graph import Variable, apply, topological_order
from course_utils.nodes import Add
from course_utils.pictures import draw, short, theme

SLIDE = 780  # px: the width of a picture on an exported slide
SCORES = (5.3, 0.3, 10.1)


def softmax_with_loss():
    """Return (scores, probabilities, loss) of lesson 08, after its backward pass."""
    scores = [Variable(v, f"z{i}") for i, v in enumerate(SCORES)]
    e = [score.exp() for score in scores]
    one_over_sum = 1 / apply(Add(), *e)
    p = [named(v * one_over_sum, f"p{i}") for i, v in enumerate(e)]
    terms = [t * v.log() for t, v in zip((0, 0, 1), p, strict=True)]
    return scores, p, run(named(-apply(Add(), *terms), "L"))


def numbers(variables):
    return {short(v.value) for v in variables}, {short(v.grad) for v in variables}


def written(texts):
    return {text.text for text in texts}


def test_the_left_half_ends_in_several_values():
    scores, p, _ = softmax_with_loss()
    seen = Seen(draw(p))
    values, gradients = numbers([*scores, *p])
    assert values <= written(seen.values) and gradients <= written(seen.gradients)
    assert written(seen.node_texts) == {"z0", "z1", "z2", "exp", "+", "1/x", "×"}
    names = [t for t in seen.labels if t.fill == theme.INK]
    assert sorted(t.text for t in names) == ["p0", "p1", "p2"]
    assert all(t.left > max(v.right for v in seen.values) for t in names)


def test_the_right_half_begins_at_them():
    _, p, loss = softmax_with_loss()
    seen = Seen(draw(loss, since=p))
    values, gradients = numbers([*p, loss])
    assert values <= written(seen.values) and gradients <= written(seen.gradients)
    assert written(seen.node_texts) == {"p0", "p1", "p2", "log", "×0", "×1", "+", "×(−1)"}


def test_the_gradient_between_the_halves_is_in_both():
    _, p, loss = softmax_with_loss()
    assert p[2].grad == pytest.approx(-1 / p[2].value)
    for picture in (draw(p), draw(loss, since=p)):
        assert short(p[2].grad) in written(Seen(picture).gradients)


def test_a_value_in_between_may_be_a_beginning_that_is_used_twice():
    x = Variable(2, "x")
    y = named(x + 1, "y")
    seen = Seen(draw(run(y * y + x), since=[y]))
    assert written(seen.node_texts) == {"x", "y", "×", "+"}
    assert written(seen.shares) == {"3"}


def test_both_halves_are_legible_on_a_slide_and_nothing_overlaps():
    _, p, loss = softmax_with_loss()
    for picture in (draw(p), draw(loss, since=p)):
        assert_nothing_overlaps(picture)
        assert theme.TEXT_SIZE * min(1, SLIDE / Seen(picture).size.right) >= 13


def test_a_part_without_gradients():
    x = Variable(3, "x")
    ends = [named(x * 2, "a"), named(x * 5, "b")]
    seen = Seen(draw(ends))
    assert written(seen.values) == {"3", "6", "15"} and not seen.gradients
    assert re.search(r"gives a = 6; .* gives b = 15\.$", draw(ends).alt)
    ends[0].backward()
    assert not Seen(draw(ends)).gradients, "b has none yet"


def test_drawing_a_part_changes_nothing():
    _, p, loss = softmax_with_loss()
    before = [(v, v.node, v.parents, v.sent, v.grad) for v in topological_order(loss)]
    assert draw(loss, since=p) == draw(loss, since=p)
    after = [(v, v.node, v.parents, v.sent, v.grad) for v in topological_order(loss)]
    assert all(a is b for one, other in zip(before, after, strict=True)
               for a, b in zip(one, other, strict=True))  # fmt: skip


def test_a_highlight_is_marked_in_a_part_too():
    _, p, loss = softmax_with_loss()
    (plus,) = loss.parents
    for picture in (draw(loss, highlight=[(plus, 1)]), draw(loss, highlight=[(plus, 1)], since=p)):
        assert len(Seen(picture).lines_of(theme.HIGHLIGHT)) == 1


def test_beginnings_may_come_in_any_way():
    _, p, loss = softmax_with_loss()
    assert draw(loss, since=p) == draw(loss, since=(v for v in p)) == draw(loss, since=set(p))
    x = Variable(2, "x")
    y = named(x * 3, "y")
    assert draw(y * 2, since=y) == draw(y * 2, since=[y])
    assert written(Seen(draw(y * 2, since=y)).node_texts) == {"y", "×2"}


def test_a_beginning_that_is_not_in_the_graph_is_refused():
    with pytest.raises(ValueError, match="a value of since does not stand in the graph"):
        draw(Variable(1, "x") * 2, since=[Variable(1, "x")])
    with pytest.raises(TypeError, match="draw: expected a Variable, got int"):
        draw(Variable(1, "x") * 2, since=[1])


def test_an_output_may_be_part_of_another_one_and_a_beginning_an_output():
    x = Variable(3, "x")
    a = named(x * 2, "a")
    b = named(a + 1, "b")
    assert written(Seen(draw([a, b])).values) == {"3", "a = 6", "7"}
    assert written(Seen(draw(b, since=b)).values) == {"7"}


def test_no_output_is_refused():
    with pytest.raises(ValueError, match="draw: expected at least one output, got none"):
        draw([])


def test_one_of_several_is_not_a_variable():
    with pytest.raises(TypeError, match="draw: expected a Variable, got ndarray"):
        draw([Variable(1), np.ones(2)])
