"""The explorer of lesson 14 shows what becomes of gradients in a right and in a wrong order."""

import re
import time
from itertools import product
from xml.etree import ElementTree

import numpy as np
import pytest
from explored import (
    assert_follows_its_controls,
    assert_is_clear,
    bar_box,
    boxes_of_texts,
    caption,
    elements,
    flat,
    range_of,
    root_of,
    said,
    strokes,
    texts,
)

from course_utils.explorers import order, visits
from course_utils.pictures import Picture, theme

RIGHT = {  # (∂z/∂x, ∂z/∂y), by hand
    "y·a": lambda x, y: (y, x + 2 * y),
    "a·(a + x)": lambda x, y: (4 * x + 3 * y, 3 * x + 2 * y),
    "(a + x)·a": lambda x, y: (4 * x + 3 * y, 3 * x + 2 * y),
    "a·(a + a·y)": lambda x, y: (8 * x * (1 + y), 4 * x * x),
}
AS_MET = RIGHT | {  # a passes on only the share that comes straight from z: the other factor
    "a·(a + x)": lambda x, y: ((2 * x + y) + (x + y), 2 * x + y),
    "a·(a + a·y)": lambda x, y: (2 * (2 * x + 2 * x * y), 4 * x * x),
}
ENDS = {"topological": RIGHT, "as met": AS_MET}
MET = {  # each with how many of its shares it has by then
    "y·a": [("z", 1, 1), ("y", 1, 2), ("a", 1, 1), ("x", 1, 1)],
    "a·(a + x)": [("z", 1, 1), ("a", 1, 2), ("b", 1, 1), ("x", 2, 2), ("y", 1, 1)],
    "(a + x)·a": [("z", 1, 1), ("b", 1, 1), ("a", 2, 2), ("x", 2, 2), ("y", 1, 1)],
    "a·(a + a·y)": [
        ("z", 1, 1), ("a", 1, 3), ("c", 1, 1), ("x", 1, 1), ("b", 1, 1), ("y", 1, 1),
    ],
}  # fmt: skip
USES = {
    "y·a": [("a", "y"), ("a", "x"), ("z", "a"), ("z", "y")],
    "a·(a + x)": [("a", "x"), ("a", "y"), ("b", "a"), ("b", "x"), ("z", "a"), ("z", "b")],
    "(a + x)·a": [("a", "x"), ("a", "y"), ("b", "a"), ("b", "x"), ("z", "a"), ("z", "b")],
    "a·(a + a·y)": [
        ("a", "x"), ("b", "a"), ("b", "y"), ("c", "a"), ("c", "b"), ("z", "a"), ("z", "c"),
    ],
}  # fmt: skip
WRONG = {"a·(a + x)": [("b", 5)], "a·(a + a·y)": [("c", 4), ("b", 12)]}  # late for a, x 2, y 3
STATES = [
    (graph, way, step) for graph in RIGHT for way in ENDS for step in range(len(MET[graph]) + 1)
]
each_graph = pytest.mark.parametrize("graph", RIGHT)
each_order = pytest.mark.parametrize("way", ENDS)
each_state = pytest.mark.parametrize("graph, way, step", STATES)


def listed(picture):
    """Return [(name, shares there, shares in all, whether too early)] of the list of visits."""
    words = picture.alt.partition("had come: ")[2]
    found = re.findall(r"(\w) \((\d) of (\d)(, too early)?\)", words.partition(". ")[0])
    return [(name, int(there), int(all_), bool(early)) for name, there, all_, early in found]


def number(text):
    return float(text.replace("−", "-"))


# The numbers.


@each_graph
@each_order
def test_the_leaves_end_with_the_gradients_that_one_computes_by_hand(graph, way):
    for x, y in product(range(1, 6), repeat=2):
        picture = order.picture(graph, way, None, x, y)
        given = said(picture.alt, "Gradients")
        ends, right = ENDS[way][graph](x, y), RIGHT[graph](x, y)
        assert (number(given["x"]), number(given["y"])) == ends
        verdict = "; ".join(
            f"{name} has {end}, " + ("which is right" if end == ok else f"and it should be {ok}")
            for name, end, ok in zip("xy", ends, right, strict=True)
        )
        silent = " No error message." if ends != right else ""
        assert caption(picture).endswith(f" At the end {verdict}.{silent}")


def test_both_graphs_whose_a_comes_too_early_end_wrong_and_the_others_right():
    wrong = [graph for graph in RIGHT if "should be" in order.picture(graph, "as met").alt]
    assert wrong == list(WRONG)
    assert not any("should be" in order.picture(graph, "topological").alt for graph in RIGHT)


@each_graph
def test_a_topological_order_asks_a_value_after_all_that_used_it(graph):
    walk, _ = visits.walk_of(graph, "topological", 2, 3)
    place = {visit.variable.name: i for i, visit in enumerate(walk.visits)}
    assert sorted(place) == sorted({name for use in USES[graph] for name in use})
    assert all(place[child] < place[parent] for child, parent in USES[graph])
    assert all(not visit.late and visit.received for visit in walk.visits)


@each_graph
def test_as_met_a_value_is_visited_once_when_it_is_first_reached(graph):
    picture = order.picture(graph, "as met")
    assert [visit[:3] for visit in listed(picture)] == MET[graph]
    early = [name for name, *_, is_early in listed(picture) if is_early]
    assert early == (["a"] if graph in WRONG else [])


# The picture of a step.


@each_state
def test_what_has_been_sent_so_far_is_drawn(graph, way, step):
    picture = order.picture(graph, way, step)
    names, uses = [visit[0] for visit in listed(picture)], USES[graph]
    users = {parent: [c for c, p in uses if p == parent] for _, parent in uses}
    forks = [name for name, children in users.items() if len(children) > 1]
    known = [f for f in forks if f in names or all(child in names for child in users[f])]
    sent = sum(child in names for child, _ in uses)
    forward = elements(picture, "polyline", stroke=theme.FORWARD)
    backward = elements(picture, "polyline", stroke=theme.GRADIENT, stroke_dasharray=theme.DASH)
    assert len(names) == step and len(forward) == len(uses) + len(forks) + 1  # the last is z's
    assert len(backward) == sent + len(known) + (step > 0)


@each_state
def test_the_value_that_is_visited_now_has_a_ring_and_marked_edges(graph, way, step):
    picture = flat(order.picture(graph, way, step))
    names = [visit[0] for visit in listed(picture)]
    marked = elements(picture, "polyline", stroke=theme.HIGHLIGHT)
    assert len(marked) == (sum(names[-1] == c for c, _ in USES[graph]) if step else 0)
    strong = [bar_box(r) for r in elements(picture, "rect", fill=theme.HIGHLIGHT, stroke=theme.INK)]
    assert len(strong) == 2 * (step > 0)
    if step:
        ring, box = strong
        inside = [text for text, place in boxes_of_texts(root_of(picture)) if ring.holds(place)]
        written = [text for text, place in boxes_of_texts(root_of(picture)) if box.holds(place)]
        symbols = {"b": "+", "c": "+", "a": "+", "z": "×"}
        if graph == "a·(a + a·y)":
            symbols |= {"a": "×2", "b": "×"}
        assert (inside, written) == ([symbols.get(names[-1], names[-1])], [names[-1]])
        nodes = [bar_box(rect) for rect in elements(picture, "rect")]
        first = next(node for node in nodes if ring.holds(node))
        assert (first.left, first.right) == (ring.left, ring.right)  # it lies under its node


@each_state
def test_what_came_too_early_and_what_came_too_late_is_marked(graph, way, step):
    picture = order.picture(graph, way, step)
    names = [visit[0] for visit in listed(picture)]
    lost = [share for child, share in WRONG.get(graph, []) if way == "as met" and child in names]
    early = way == "as met" and graph in WRONG and "a" in names
    assert texts(picture).count("!") == texts(picture).count("too early") == early
    framed = [bar_box(r) for r in elements(picture, "rect", fill="none", stroke=theme.INK)]
    inside = [t for t, box in boxes_of_texts(root_of(picture)) if any(f.holds(box) for f in framed)]
    assert sorted(map(number, inside)) == sorted(lost) and len(framed) == len(lost)
    words = ", ".join(f"{share} for a" for share in lost)
    assert (f" Too late: {words}. Step" in picture.alt) is bool(lost)
    assert ("Too late" in picture.alt) is bool(lost)


@each_state
def test_the_list_is_written_below_the_graph(graph, way, step):
    picture = order.picture(graph, way, step)
    place = texts(picture).index("shares")
    written = [text for text in texts(picture)[place + 1 :] if text not in ("too early", "!")]
    visited = listed(picture)
    assert len(visited) == step
    expected = [text for name, there, all_, _ in visited for text in (name, f"{there} of {all_}")]
    assert written == expected
    waiting = elements(picture, "rect", stroke=theme.QUIET, stroke_dasharray=theme.DASH)
    assert len(waiting) == len(MET[graph]) - step
    if way == "as met":
        assert [visit[:3] for visit in visited] == MET[graph][:step]


@pytest.mark.parametrize(
    "graph, way, name, expected",
    [
        ("a·(a + x)", "as met", "a", [None, "7", "7", "7", "7"]),
        ("a·(a + x)", "topological", "a", [None, "12", "12", "12", "12"]),
        ("a·(a + a·y)", "as met", "a", [None, "16", "16", "16", "16", "16"]),
        ("y·a", "as met", "y", [None, "5", "8", "8"]),
        ("a·(a + x)", "as met", "x", [None, None, "12", "12", "12"]),
    ],
)
def test_a_node_keeps_what_it_passed_on_and_a_leaf_adds_what_comes_later(
    graph, way, name, expected
):
    alts = [order.picture(graph, way, step).alt for step in range(1, len(expected) + 1)]
    assert [said(alt, "Gradients").get(name) for alt in alts] == expected


# The words.


def captions(graph, way):
    found = [caption(order.picture(graph, way, step)) for step in range(len(MET[graph]) + 1)]
    assert all(words.startswith(f"Step {i} of {len(found) - 1}. ") for i, words in enumerate(found))
    return [words.partition(". ")[2] for words in found]


def test_every_step_of_a_wrong_order_is_said():
    assert captions("a·(a + x)", "as met") == [
        "The forward pass is done: z = 35. Backward next.",
        "z starts with 1, and passes on 7 to a and 5 to b.",
        "a has received only 1 of 2 shares, 7, and passes on 7 to x and 7 to y; "
        "the share 5 that comes later is lost.",
        "b has received its only share, 5, and passes on 5 to a (too late) and 5 to x.",
        "x has received 2 of 2 shares, 7 + 5 = 12; it is a leaf and passes nothing on.",
        "y has received its only share, 7; it is a leaf and passes nothing on. "
        "At the end x has 12, and it should be 17; y has 7, and it should be 12. "
        "No error message.",
    ]


def test_every_step_of_a_right_order_is_said():
    found = captions("a·(a + a·y)", "topological")
    assert found[1] == "z starts with 1, and passes on 16 to a and 4 to c."
    asked = "a has received 3 of 3 shares, 16 + 4 + 12 = 32, and passes on 64 to x."
    assert asked in found
    assert "too late" not in "".join(found) and "only 1 of" not in "".join(found)
    assert found[-1].endswith("At the end x has 64, which is right; y has 16, which is right.")


def test_a_wrong_order_spoils_only_what_lies_behind_the_value_asked_too_early():
    found = captions("a·(a + a·y)", "as met")
    assert found[2] == (
        "a has received only 1 of 3 shares, 16, and passes on 32 to x; "
        "the shares 4 and 12 that come later are lost."
    )
    end = "At the end x has 32, and it should be 64; y has 16, which is right. No error message."
    assert found[-1].endswith(end)


def test_a_leaf_that_is_asked_early_loses_nothing():
    found = captions("y·a", "as met")
    assert found[2] == (
        "y has received 1 of 2 shares, 5; it is a leaf and passes nothing on, "
        "and what comes later is still added."
    )
    assert found[3] == "a has received its only share, 3, and passes on 3 to x and 3 to y (added)."
    assert found[4].endswith("At the end x has 3, which is right; y has 8, which is right.")


@each_graph
def test_the_formula_is_true(graph):
    picture = order.picture(graph, step=0)
    formula = texts(picture)[0]
    assert picture.alt.startswith(formula + ". ") and formula.startswith(f"z = {graph}, a = ")
    for x, y in [(2, 3), (5, 1)]:
        a = eval(formula.partition("a = ")[2].replace("·", "*"), {"x": x, "y": y})
        z = eval(graph.replace("·", "*"), {"x": x, "y": y, "a": a})
        alt = order.picture(graph, step=0, x=x, y=y).alt
        assert f"gives a = {a}" in alt and f"gives z = {z}." in alt


# How it looks.


def without_shares(picture):
    """Return (the flat picture without the texts of shares, the boxes of those)."""
    drawing = flat(picture)
    root = root_of(drawing)
    chips = [bar_box(r) for r in elements(drawing, "rect", fill=theme.PAPER) if "stroke" not in r]
    found = []
    for element in list(root):
        for text in list(element):
            if text.tag.endswith("text") and (chip := chip_of(text, chips)):
                element.remove(text)
                found.append(chip)
    return Picture(ElementTree.tostring(root, "unicode"), picture.alt), found


def chip_of(text, chips):
    x, y = float(text.get("x")), float(text.get("y")) - 0.35 * theme.TEXT_SIZE
    return next((c for c in chips if abs(c.x - x) < 0.2 and abs(c.y - y) < 0.2), None)


@each_state
@pytest.mark.parametrize("x, y", [(1, 1), (2, 3), (5, 5)])
def test_everything_is_clear(graph, way, step, x, y):
    picture = order.picture(graph, way, step, x, y)
    drawing, chips = without_shares(picture)
    assert_is_clear(drawing)
    frames = elements(drawing, "rect", fill="none")
    others = [bar_box(r) for r in elements(drawing, "rect") if r not in frames]
    for chip in chips:
        assert sum(chip.meets(other) for other in others) == 1  # itself
        assert not any(chip.meets(box) for _, box in boxes_of_texts(root_of(drawing)))
        for a, b in strokes(root_of(drawing)):
            own = a[1] == b[1] and abs(a[1] - chip.y) < 4.2
            assert own or not chip.is_crossed(a, b)


@each_graph
def test_the_graph_keeps_still(graph):
    seen = set()
    for way, step, (x, y) in product(ENDS, (0, 2, None), product((1, 3, 5), repeat=2)):
        picture = order.picture(graph, way, step, x, y)
        root = root_of(picture)
        dots = [(dot["cx"], dot["cy"]) for dot in elements(picture, "circle")]
        lines = [p["points"] for p in elements(picture, "polyline", stroke=theme.FORWARD)]
        seen.add((root.get("width"), root.get("height"), str(dots), str(lines)))
    assert len(seen) == 1


def test_the_state_that_is_stored():
    whole = order.picture("a·(a + x)", "topological", 5, 2, 3)
    assert order.picture() == whole == order.explore().picture() == order.picture()


# The controls.


def test_the_controls(monkeypatch):
    controls = order.explore().controls
    assert list(controls) == ["graph", "order", "x", "y", "step"]
    assert list(controls["graph"].options) == list(RIGHT)
    assert list(controls["order"].options) == ["topological", "as met"]
    assert (range_of(controls["x"]), range_of(controls["y"])) == ((2, 1, 5, 1), (3, 1, 5, 1))
    assert range_of(controls["step"]) == (5, 0, 5, 1)
    changes = {"order": "as met", "graph": "a·(a + a·y)", "x": 4, "y": 1, "step": 3}
    assert_follows_its_controls(order, changes, monkeypatch)


def test_the_steps_end_with_the_last_value_of_the_graph(show):
    shown = order.explore()
    handle = show(shown)
    graph, steps, play = shown.controls["graph"], shown.steps, shown.play
    for name in ["a·(a + a·y)", "y·a", "(a + x)·a"]:
        before = len(handle.shown)
        graph.value = name
        last = len(MET[name])
        assert len(handle.shown) == before + 1
        assert steps.value == steps.max == play.max == play.value == last
        assert caption(handle.shown[-1]).startswith(f"Step {last} of {last}. ")
    steps.value = 2
    graph.value = "a·(a + a·y)"
    assert (steps.value, steps.max, play.value, play.max) == (2, 6, 2, 6)
    steps.value = 5
    graph.value = "y·a"
    assert (steps.value, steps.max, play.value, play.max) == (4, 4, 4, 4)


def test_a_picture_takes_well_under_20_ms():
    start = time.process_time()
    [order.picture("a·(a + a·y)", "as met", step) for step in range(7)]
    assert (time.process_time() - start) / 7 < 0.02


@pytest.mark.parametrize(
    "wrong, expected",
    [
        ({"graph": "x"}, "the graph y·a or a·(a + x) or (a + x)·a or a·(a + a·y), got 'x'"),
        ({"graph": None}, "the graph y·a or a·(a + x) or (a + x)·a or a·(a + a·y), got None"),
        ({"order": "as_met"}, "the order topological or as met, got 'as_met'"),
        ({"step": 6}, "a step from 0 to 5, got 6"),
        ({"step": -1}, "a step from 0 to 5, got -1"),
        ({"step": True}, "a step from 0 to 5, got True"),
        ({"step": 1.0}, "a step from 0 to 5, got 1.0"),
        ({"graph": "y·a", "step": 5}, "a step from 0 to 4, got 5"),
        ({"x": 0}, "x whole, from 1 to 5, got 0"),
        ({"x": 6}, "x whole, from 1 to 5, got 6"),
        ({"y": 2.5}, "y whole, from 1 to 5, got 2.5"),
        ({"y": True}, "y whole, from 1 to 5, got True"),
        ({"y": np.nan}, "y whole, from 1 to 5, got nan"),
    ],
)
def test_what_the_controls_do_not_offer_is_refused(wrong, expected):
    with pytest.raises(ValueError, match=f"^{re.escape('order.picture: expected ' + expected)}$"):
        order.picture(**wrong)
