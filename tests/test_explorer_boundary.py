"""Pictures of a boundary show a network's own answers, and its explorer what plain NumPy learns."""

import math
import re
from copy import deepcopy
from functools import cache
from itertools import pairwise, product
from types import SimpleNamespace

import numpy as np
import pytest
from explored import (
    assert_all_clear,
    assert_follows_its_controls,
    bar_box,
    boxes_of_texts,
    caption,
    elements,
    frame,
    points,
    range_of,
    root_of,
    texts,
)
from matplotlib.path import Path

from course_utils.datasets import moons, spirals
from course_utils.explorers import boundary as explorer
from course_utils.initialisation import mlp
from course_utils.pictures import boundary, theme

GROUNDS = (theme.INPUT_FILL, theme.GRADIENT_FILL, theme.PARAMETER_FILL)
COLOURS = (theme.FORWARD, theme.GRADIENT, theme.PARAMETER)
SHAPES = ("5,0a5,5", "4.5,-4.5h9v9h-9z", "0,-6l6,10.5h-12z")
MARKS = (0, 20, 100, 300)
CASES = {1: moons(), 3: spirals()}
each_case = pytest.mark.parametrize("outputs", CASES)
ALL = list(product((0.03, 0.3, 1, 10), (1, 2, 8, 32)))
each_training = pytest.mark.parametrize("rate, hidden", ALL)


class Plain:
    """A network in plain NumPy that learns as lesson 09 writes it."""

    def __init__(self, sizes):
        self.W1, self.W2 = (layer.params["W"].copy() for layer in mlp(sizes, seed=1)[::2])
        self.b1, self.b2 = np.zeros(sizes[1]), np.zeros(sizes[2])

    def predict(self, X):
        return self.hidden(X) @ self.W2 + self.b2

    def hidden(self, X):
        return np.maximum(X @ self.W1 + self.b1, 0)

    def learn(self, X, pushes, rate):
        hidden = self.hidden(X)
        back = (pushes @ self.W2.T) * (hidden > 0)
        self.W2 -= rate * hidden.T @ pushes
        self.b2 -= rate * pushes.sum(axis=0)
        self.W1 -= rate * X.T @ back
        self.b1 -= rate * back.sum(axis=0)


@cache
def learned(outputs=1, hidden=32, rate=1):
    """Return (network, loss) of iterations 0 to 300."""
    (X, t), network, seen = CASES[outputs], Plain((2, hidden, outputs)), []
    for _ in range(301):
        z = network.predict(X)
        z = np.hstack([0 * z, z]) if outputs == 1 else z
        share = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))
        loss = np.mean(np.logaddexp.reduce(z, axis=1) - z[range(len(X)), t])
        seen.append((deepcopy(network), loss))
        network.learn(X, ((share - np.eye(z.shape[1])[t]) / len(X))[:, -outputs:], rate)
    return seen


def shots(outputs, marks=MARKS):
    return [(f"iteration {k}", learned(outputs)[k][0]) for k in marks]


def framed(outputs, marks=MARKS):
    return boundary.frames(shots(outputs, marks), *CASES[outputs])


def answers(network, X):
    z = network.predict(X)
    return (z[:, 0] > 0).astype(int) if z.shape[1] == 1 else z.argmax(axis=1)


def plane(X, box):
    """Return functions from points to px and back."""
    least, most = X.min(axis=0), X.max(axis=0)
    least, most = least - 0.08 * (most - least), most + 0.08 * (most - least)
    corner, size = (box.left, box.bottom), np.array([box.right - box.left, box.top - box.bottom])
    return (
        lambda p: corner + size * (p - least) / (most - least),
        lambda px: least + (px - corner) / size * (most - least),
    )


def rims(path):
    pieces = path["d"].replace("z", "").split("M")[1:]
    return [np.array([p.split(",") for p in piece.split("L")], float) for piece in pieces]


def holds(path, px):
    """Return which points lie inside an odd number of a path's rims."""
    return np.logical_xor.reduce([Path(rim).contains_points(px) for rim in rims(path)])


def marks_of(path):
    return [tuple(map(float, m)) for m in re.findall(r"M([\d.]+),([\d.]+)", path["d"])]


def panels(picture):
    """Yield (box, paths in it) of each panel, by where a path begins."""
    for box in [bar_box(ground) for ground in elements(picture, "rect", fill=GROUNDS[0])]:
        first = [(marks_of(path)[0], path) for path in elements(picture, "path")]
        yield box, [path for (x, _), path in first if box.left - 0.1 <= x <= box.right + 0.1]


def changes_near(network, back, px):
    """Return around which px there is another answer 2.5 px away."""
    turns = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    there = [px + 2.5 * np.array([np.cos(turn), np.sin(turn)]) for turn in turns]
    return np.any([answers(network, back(p)) != answers(network, back(px)) for p in there], axis=0)


def assert_panel_is_right(box, paths, network, X):
    """Check regions and lines against the network's answers, but for 2 px around a line."""
    _, back = plane(X, box)
    corners = (box.left + 5, box.top + 5), (box.right - 5, box.bottom - 5)
    px = np.random.default_rng(0).uniform(*corners, (2000, 2))
    said = np.zeros(len(px), int)
    for path in (path for path in paths if path["fill"] in GROUNDS):
        assert path["fill-rule"] == "evenodd"
        said[holds(path, px)] = GROUNDS.index(path["fill"])
    near = changes_near(network, back, px)
    assert (said == answers(network, back(px)))[~near].all() and near.mean() < 0.25
    drawn = [path for path in paths if path["fill"] == "none"]
    assert len(drawn) == near.any()
    if drawn:
        assert drawn[0]["stroke"] == theme.INK
        vertices = np.concatenate(rims(drawn[0]))
        assert changes_near(network, back, vertices).all()  # a line runs only where classes meet
        apart = np.hypot(*(px[near][:, None] - vertices).transpose(2, 0, 1)).min(axis=1)
        assert apart.max() < 8  # and wherever they meet


@each_case
def test_regions_and_lines_are_the_networks_answers(outputs):
    for (box, paths), (_, network) in zip(panels(framed(outputs)), shots(outputs), strict=True):
        assert_panel_is_right(box, paths, network, CASES[outputs][0])


@each_case
def test_each_point_has_the_colour_shape_and_rim_of_its_class_and_answer(outputs):
    X, labels = CASES[outputs]
    for (box, paths), (_, network) in zip(panels(framed(outputs)), shots(outputs), strict=True):
        to_px, _ = plane(X, box)
        right = answers(network, X) == labels
        for c, is_right in product(range(max(outputs, 2)), (True, False)):
            chosen = (labels == c) & (right == is_right)
            style = {"stroke": theme.PAPER if is_right else theme.INK, "fill": COLOURS[c]}
            style["stroke-width"] = "1" if is_right else "2"
            drawn = [path for path in paths if style.items() <= path.items()]
            places = [place for path in drawn for place in marks_of(path)]
            assert len(places) == chosen.sum() == sum(p["d"].count(SHAPES[c]) for p in drawn)
            assert not places or np.allclose(places, to_px(X[chosen]), rtol=0, atol=0.06)


@each_case
def test_titles_counts_and_alternative_text(outputs):
    X, labels = CASES[outputs]
    picture, classes = framed(outputs), max(outputs, 2)
    kinds = "class 0 (blue circles) or class 1 (vermilion squares)"
    if outputs == 3:
        kinds = kinds.replace(" or", ",") + " or class 2 (green triangles)"
    assert picture.alt.startswith(f"Regions of the plane where a network answers {kinds}, with a ")
    assert f"and {len(X)} points; a dark rim marks the wrong ones. iteration 0: " in picture.alt
    assert texts(picture)[::2] == [title for title, _ in shots(outputs)]
    for i, (box, _) in enumerate(panels(picture)):
        title, network = shots(outputs)[i]
        right = answers(network, X) == labels
        assert texts(picture)[2 * i + 1] == f"{right.sum()} of {len(X)} right"
        each = [f"class {c} {right[labels == c].sum()} of 50" for c in range(classes)]
        words = f"{title}: {right.sum()} of {len(X)} right ({', '.join(each)}); area of the regions"
        said = picture.alt.partition(f"{words}: ")[2].partition(".")[0]
        shares = {int(c): int(share) for c, share in re.findall(r"class (\d) (\d+) %", said)}
        grid = np.meshgrid(np.linspace(box.left, box.right, 300), np.linspace(44, 260, 300))
        of = answers(network, plane(X, box)[1](np.stack(grid, axis=-1).reshape(-1, 2)))
        expected = [100 * np.mean(of == c) for c in range(classes)]
        assert shares == {c: pytest.approx(share, abs=1.2) for c, share in enumerate(expected)}


@each_case
@pytest.mark.parametrize("count, wide", [(1, 320), (2, 320), (3, 317.3), (4, 234)])
def test_nothing_overlaps_in_one_to_four_panels(outputs, count, wide):
    picture = framed(outputs, MARKS[4 - count :])
    assert_all_clear([picture])
    assert picture.markup == framed(outputs, MARKS[4 - count :]).markup
    assert len(picture.parts) < 60 and len(picture.markup) < 50_000
    boxes = [box for box, _ in panels(picture)]
    written = [box for _, box in boxes_of_texts(root_of(picture))]
    assert len(boxes) == count and root_of(picture).get("width") == "1000"
    assert sum(len(paths) for _, paths in panels(picture)) == len(elements(picture, "path"))
    for i, (box, paths) in enumerate(panels(picture)):
        assert (box.top, box.bottom) == (44, 260)
        assert box.right - box.left == pytest.approx(wide, abs=0.1)
        assert box.left + boxes[-1 - i].right == pytest.approx(1000, abs=0.3)
        assert written[2 * i].bottom < box.top < box.bottom < written[2 * i + 1].top
        assert written[2 * i].x == written[2 * i + 1].x == pytest.approx(box.x, abs=0.1)
        for path in paths:
            x, y = np.concatenate(rims(path) if "L" in path["d"] else [marks_of(path)]).T
            assert box.left - 0.1 <= min(x) and max(x) <= box.right + 0.1
            assert box.top - 0.1 <= min(y) and max(y) <= box.bottom + 0.1
    assert all(b.left - a.right == pytest.approx(16, abs=0.2) for a, b in pairwise(boxes))


def one(predict, title="a", X=CASES[1][0], labels=CASES[1][1]):
    return boundary.frames([(title, SimpleNamespace(predict=predict))], X, labels)


def test_two_columns_are_one_column_beside_0():
    column = learned()[100][0].predict
    for beside in (0, 5):
        assert one(column) == one(lambda X, b=beside: np.hstack([0 * column(X), column(X)]) + b)


@pytest.mark.parametrize("score", [0, -1, 2])
def test_one_answer_everywhere_has_no_line(score):
    picture = one(lambda X: np.full((len(X), 1), score))
    said = "class 0 0 %, class 1 100 %." if score > 0 else "class 0 100 %, class 1 0 %."
    assert picture.alt.endswith(f"area of the regions: {said}")
    assert texts(picture)[1] == "50 of 100 right"
    fills = [path["fill"] for path in elements(picture, "path")]
    assert "none" not in fills and fills.count(GROUNDS[1]) == (score > 0)


def test_an_island_is_a_region_and_a_lake_is_none():
    def ring(X):
        far = np.hypot(*(X - X.mean(axis=0)).T)[:, None]
        return (far - 0.3) * (0.8 - far)

    X = np.array([[-1.0, -1], [1, 1], [-1, 1], [1, -1]])
    ((box, paths),) = panels(one(ring, X=X, labels=np.array([0, 1, 0, 1])))
    (fill,) = [path for path in paths if path["fill"] == GROUNDS[1]]
    px = plane(X, box)[0](np.array([[0, 0], [0.5, 0], [0.9, 0]]))
    assert [len(rims(fill)), *holds(fill, px)] == [2, False, True, False]


@pytest.mark.parametrize("call, words", [
    (lambda: boundary.frames([], *moons()), "expected one to four shots, got 0"),
    (lambda: boundary.frames(shots(1) + shots(1)[:1], *moons()), "four shots, got 5"),
    (lambda: one(lambda X: X[:, 0]), r"scores \(N, 1\), \(N, 2\) or \(N, 3\), got shape"),
    (lambda: one(lambda X: np.zeros((len(X), 4))), r"got shape \(100, 4\)"),
    (lambda: one(lambda X: X[:, :1] * np.nan), "the scores of 'a' are not all finite"),
    (lambda: one(lambda X: X, labels=np.full(100, 2)), "label 2 has no score; .* 2 classes"),
    (lambda: one(lambda X: X, labels=np.full(100, -1)), "whole numbers from 0"),
    (lambda: one(lambda X: X, labels=np.full(100, 0.5)), "whole numbers from 0"),
    (lambda: one(lambda X: X, labels=np.zeros(99, int)), r"got shapes \(100, 2\) and \(99,\)"),
    (lambda: one(lambda X: X, X=np.zeros((1, 2)), labels=np.zeros(1, int)), "at least two"),
    (lambda: one(lambda X: X, title="W" * 16), "title 'W+' is wider than its panel, 320"),
])  # fmt: skip
def test_what_does_not_fit_is_refused(call, words):
    with pytest.raises(ValueError, match=rf"^boundary\.frames: .*{words}"):
        call()


BENDS = {
    1: "With one hidden neuron the line is straight, whatever the training",
    2: "With two hidden neurons the line has at most three straight pieces",
    8: "Each of the eight hidden neurons can bend the line",
    32: "Each of the 32 hidden neurons can bend the line",
}


def digits(value, count=3):
    """Return a number in so many significant digits, without zeros at its end."""
    return f"{float(f'{value:.{count}g}'):g}"


def on(k, loss):
    """Return the px of a loss: 0 to 300 across, 0.03 to 20 up, by its logarithm."""
    return 624 + 356 * k / 300, 330 - 286 * math.log(loss / 0.03) / math.log(20 / 0.03)


@each_training
def test_the_explorer_shows_what_plain_numpy_learns(rate, hidden):
    (X, labels), seen = moons(), learned(1, hidden, rate)
    for k in (0, 5, 10, 40, 100, 225, 300):
        network, loss = seen[k]
        right = np.sum(answers(network, X) == labels)
        picture = explorer.picture(k, rate, hidden)
        title = f"2-{hidden}-1, rate {rate}: iteration {k}"
        rim = " (a dark rim marks the others)" if right < 100 else ""
        start = f"Iteration {k}: loss {digits(loss)}, {right} of 100 points right{rim}. "
        losses = [loss for _, loss in seen[: k + 1]]
        ends = f"from {digits(losses[0])} to {digits(loss)}, at most {digits(max(losses))}. {start}"
        assert texts(picture)[:2] == [title, f"{right} of 100 right"]
        assert texts(picture)[-1] == f"loss {digits(loss)}"
        assert caption(picture).startswith(start)
        assert f"Right: the loss over the iterations, {ends}" in picture.alt
        assert f"{title}: {right} of 100 right (class 0 " in picture.alt
        expected = [on(i, loss) for i, loss in enumerate(losses)]
        (dot,) = elements(picture, "circle")
        assert (float(dot["cx"]), float(dot["cy"])) == pytest.approx(expected[-1], abs=0.06)
        drawn = [points(line) for line in elements(picture, "polyline", stroke=theme.FORWARD)]
        assert len(drawn) == (k > 0)
        assert not drawn or np.allclose(drawn[0], expected, rtol=0, atol=0.06)
        ((box, paths),) = panels(picture)
        assert (box.left, box.top, box.right, box.bottom) == (10, 44, 540, 354)
        assert_panel_is_right(box, paths, network, X)


def test_the_numbers_on_the_axis_of_the_loss():
    written = boxes_of_texts(root_of(explorer.picture()))
    marks = {text: box.y for text, box in written if 540 < box.x < 624}
    assert list(marks) == ["0.03", "0.1", "0.3", "1", "3", "10"]
    assert marks == {mark: pytest.approx(on(0, float(mark))[1], abs=0.2) for mark in marks}


@each_training
def test_one_sentence_says_what_there_is_to_see(rate, hidden):
    seen = learned(1, hidden, rate)
    at_0 = caption(explorer.picture(0, rate, hidden))
    assert at_0.endswith(". The weights are random: nothing has been learned yet.")
    for k in range(5, 301, 5):
        losses = [loss for _, loss in seen[max(0, k - 10) : k + 1]]
        silent, steps = np.sum(~seen[k][0].hidden(moons()[0]).any(axis=0)), len(losses) - 1
        ups = sum(after > 1.001 * before for before, after in pairwise(losses))
        words = caption(explorer.picture(k, rate, hidden))
        assert ("every hidden neuron is now 0" in words) == (silent == hidden)
        too_long = f"The steps are too long: {ups} of the last {steps} made the loss larger."
        assert words.endswith(too_long) == (ups > 0 and silent < hidden)
        silenced = f"Too long steps silenced {silent} of {hidden} hidden neurons: "
        assert (silenced in words) == (0 < silent < hidden and not ups)
        fall = "The steps are short" if rate == 0.03 else BENDS[hidden]
        fall += f"; the last {steps} steps made the loss "
        fall += f"{digits(100 * (1 - losses[-1] / losses[0]), 2)} % smaller."
        assert words.endswith(f". {fall}") == (silent == 0 and not ups)
        assert (losses[-1] < losses[0]) or "smaller" not in words
        assert len(words) <= 200  # two lines under the picture


@each_training
def test_what_is_printed_is_clear_of_the_last_digits(rate, hidden):
    seen = learned(1, hidden, rate)
    for k, (network, loss) in list(enumerate(seen))[::5]:
        z, fall = network.predict(moons()[0]), 100 * (1 - loss / seen[max(0, k - 10)][1])
        assert np.abs(z[z != 0]).min() > 1e-6 and (k == 0 or z.all())
        assert digits(loss * (1 - 1e-8)) == digits(loss * (1 + 1e-8))
        assert abs(fall) < 1e-3 or digits(fall - 1e-7, 2) == digits(fall + 1e-7, 2)
    assert all(abs(b / a - 1.001) > 1e-4 for (_, a), (_, b) in pairwise(seen))


@each_training
def test_no_state_of_the_explorer_makes_texts_meet(rate, hidden, monkeypatch):
    pictures = [explorer.picture(k, rate, hidden) for k in (0, 5, 10, 15, 60, 105, 300)]
    assert_all_clear(pictures)
    assert len({str(frame(picture)) for picture in [*pictures, explorer.picture()]}) == 1
    explorer.train.cache_clear()
    assert explorer.picture(60, rate, hidden).markup == pictures[4].markup
    monkeypatch.setattr(explorer, "fit", None)  # a network learns once
    assert len({explorer.picture(k, rate, hidden).markup for k in range(0, 301, 60)}) == 6


def test_a_training_that_diverges_is_said_in_words(monkeypatch):
    monkeypatch.setattr(explorer, "RATES", (1e20,))
    picture = explorer.picture(300, 1e20, 2)
    assert len(explorer.train(1e20, 2).losses) == 10
    assert texts(picture)[0] == "2-2-1, rate 1e20: iteration 5"
    assert texts(picture)[-1] == "loss not finite"
    assert caption(picture) == (
        "Iteration 300: the loss is no longer a finite number. The steps are far too long; "
        "the picture shows the last numbers that can be drawn."
    )
    assert_all_clear([picture])


@pytest.mark.parametrize("name, value, words", [
    *product(["iteration"], (-5, 3, 305, 2.5, math.nan, None), ["an iteration of 0, 5, ..., 300"]),
    *product(["rate"], (0.1, None), ["a rate of 0.03, 0.3, 1, 10"]),
    *product(["hidden"], (4, 0), ["a hidden of 1, 2, 8, 32"]),
])  # fmt: skip
def test_another_state_is_refused(name, value, words):
    message = re.escape(f"boundary.picture: expected {words}, got {value!r}")
    with pytest.raises(ValueError, match=f"^{message}$"):
        explorer.picture(**{name: value})


def test_the_controls_of_boundary(monkeypatch):
    controls = explorer.explore().controls
    assert range_of(controls["iteration"]) == (300, 0, 300, 5)
    assert controls["rate"].options == (0.03, 0.3, 1, 10)
    assert controls["hidden"].options == (1, 2, 8, 32)
    assert explorer.explore().picture() == explorer.picture(300, 1, 8)
    changes = {"rate": 10, "hidden": 32, "iteration": 0}
    assert_follows_its_controls(explorer, changes, monkeypatch)
