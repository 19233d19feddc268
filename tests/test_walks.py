"""A walk through a graph: each step shows and says what is true."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from pictured import Seen, each_graph, fork, run

from course_utils.graph import Variable, topological_order
from course_utils.pictures import draw, short, theme
from course_utils.pictures.walk import Walk


def expected_labels(walk, step):
    """Count (values, gradients with shares) from what a walk is said to do."""
    count, edges = len(walk.forward), walk.forward
    uses = {edge.parent: sum(e.parent is edge.parent for e in edges) for edge in edges}
    gone = [edge.parent for edge in edges[: min(step, count)]]
    back = [edge.parent for edge in walk.backward[: max(0, step - count - 2)]]
    values = len(set(gone)) + (step > count)
    gradients = sum(back.count(v) == uses[v] for v in set(back)) + (step > count + 1)
    return values, gradients + sum(uses[v] > 1 for v in back)


@each_graph
def test_labels_appear_one_step_at_a_time(build):
    output = run(build())
    walk = Walk(output)
    edges = sum(not p.is_constant for v in topological_order(output) for p in v.parents)
    assert walk.last == 2 * edges + 2
    shown = []
    for step in range(walk.last + 1):
        seen = Seen(draw(output, step=step))
        assert (len(seen.values), len(seen.gradients) + len(seen.shares)) == expected_labels(
            walk, step
        )
        shown.append({(t.text, t.fill, t.x, t.y) for t in seen.values + seen.gradients})
        marks = len(seen.lines_of(theme.HIGHLIGHT))
        assert marks == (step not in (0, edges + 1, edges + 2))
        arrived = len(seen.lines_of(theme.QUIET))
        assert (arrived == 0) is (step > edges)
    assert all(before <= after for before, after in pairwise(shown))
    assert Seen(draw(output)).root.get("aria-label") == draw(output, step=walk.last).alt


def test_without_a_step_all_that_is_known_is_shown():
    z = fork()
    assert draw(z) == draw(z, step=5)
    whole, last = draw(run(z)), draw(z, step=10)
    assert whole.alt == last.alt
    marks = [line for line in last.markup.split("\n") if theme.HIGHLIGHT in line]
    assert whole.markup == last.markup.replace(marks[0] + "\n", "") and len(marks) == 1


@pytest.mark.parametrize("step", [11, -1, 1.5, True, False, "3", np.float64(2)])
def test_a_step_that_does_not_exist_is_refused(step):
    z = run(fork())
    with pytest.raises(ValueError, match="step: expected a whole number from 0 to 10, got") as why:
        draw(z, step=step)
    assert repr(step) in str(why.value)
    with pytest.raises(ValueError, match="from 0 to 10"):
        Walk(z).say(step)


@pytest.mark.parametrize("step", [6, 7, 10])
def test_a_backward_step_needs_backward_first(step):
    for refused in (lambda: draw(fork(), step=step), lambda: Walk(fork()).say(step)):
        with pytest.raises(ValueError, match=rf"step {step} shows gradients: call backward\(\)"):
            refused()


def test_every_step_of_a_fork_is_said():
    walk = Walk(run(fork()))
    assert [walk.say(step) for step in range(walk.last + 1)] == [
        "Step 0 of 10. The graph before anything is computed. Step forward.",
        "Step 1 of 10. Forward: x hands 2 to +.",
        "Step 2 of 10. Forward: y hands 3 to +. Now + has all it needs and gives 5.",
        "Step 3 of 10. Forward: the + node hands 5 to ×.",
        "Step 4 of 10. Forward: y hands 3 to ×. Now × has all it needs and gives 15.",
        "Step 5 of 10. The result is 15. Forward pass done.",
        "Step 6 of 10. Backward begins: if the result goes up by 1, the result goes up by 1.",
        "Step 7 of 10. Backward: × received 1, and sends 1 · 3 = 3 to the + node.",
        "Step 8 of 10. Backward: × received 1, and sends 1 · 5 = 5 to y.",
        "Step 9 of 10. Backward: + received 3, and sends 3 · 1 = 3 to x.",
        "Step 10 of 10. Backward: + received 3, and sends 3 · 1 = 3 to y.",
    ]


@each_graph
def test_what_a_step_says_is_true(build):
    output = run(build())
    walk = Walk(output)
    for step in range(walk.last + 1):
        words, edge = walk.say(step), walk.active(step)
        assert words.startswith(f"Step {step} of {walk.last}. ") and words.endswith(".")
        if edge is not None and step <= len(walk.forward):
            assert f"hands {short(edge.parent.value)} to" in words
            if "gives" in words:
                assert words.endswith(f"gives {short(edge.child.value)}.")
        elif edge is not None:
            sent, upstream = edge.child.sent[edge.slot], edge.child.grad
            assert f"received {short(upstream)}, and sends" in words
            assert f"{short(sent)} to" in words
            product = re.search(r"sends (\S+) · (\S+) =", words)
            assert bool(product) == bool(upstream != 0)
            if product:
                received, rate = (as_number(text.strip("()")) for text in product.groups())
                assert received * rate == pytest.approx(float(sent), rel=6e-3)


def as_number(text):
    return float(text.replace("−", "-").replace(",", ""))


def test_a_step_with_nan_or_inf_is_said_without_a_warning():
    x, y = Variable(math.inf, "x"), Variable(0, "y")
    walk = Walk(run(x * y * x))
    assert all(walk.say(step) for step in range(walk.last + 1))
