"""The explorer of lesson 12 shows the ratios that plain arithmetic and autograd give."""

import math
import re
import time
import warnings

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
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
from oracles import sigmoid, softmax, squares

from course_utils import suspects
from course_utils.explorers import lineup
from course_utils.pictures import theme

SHAPES = {"W1": (2, 3), "b1": (1, 3), "W2": (3, 3), "b2": (1, 3)}
LETTERS = ["none", *"ABCDEFGHI"]
NUDGES = range(-12, 0)
each_suspect = pytest.mark.parametrize("suspect", LETTERS)


def network(suspect):
    return suspects.network(None if suspect == "none" else suspect)


def loss(values, suspect):
    X, targets = suspects.examples()
    a = anp.dot(X, values["W1"]) + values["b1"]
    output = softmax if suspect == "G" else sigmoid
    return squares(output(anp.dot(a + a * (a > 0), values["W2"]) + values["b2"]), targets)


def central_difference(values, name, index, h, suspect):
    ends = []
    for step in (h, -h):
        moved = values[name].copy()
        moved[index] += step
        ends.append(loss(values | {name: moved}, suspect))
    return (ends[0] - ends[1]) / (2 * h)


def compared(suspect, nudge):
    """Yield (name, row, column, backward, numerical, right slope, rounding) of each entry."""
    net, h = network(suspect), 10.0**nudge
    net.forward(*suspects.examples())
    net.backward()
    values = net.params
    right = grad(lambda v: loss(v, suspect))(values)
    rounding = 4 * 2.0**-52 * loss(values, suspect) / h
    for name, gradient in net.grads.items():
        for index in np.ndindex(gradient.shape):
            numerical = central_difference(values, name, index, h, suspect)
            i, j = index if len(index) == 2 else (0, *index)
            yield name, i, j, gradient[index], numerical, right[name][index], rounding


def expected_verdict(backward, numerical, slope, rounding):
    difference = abs(backward - numerical)
    if rounding / abs(slope) > 1e-5 and difference <= rounding:
        return "noise"
    return "passes" if difference <= 1e-5 * max(abs(backward), abs(numerical)) else "fails"


def shown(picture):
    """Return {name: rows of (word, verdict)} as the frames and the places of the cells say."""
    written = list(boxes_of_texts(root_of(picture)))
    found = {}
    for cell in elements(picture, "rect", width="86"):
        box = bar_box(cell)
        (word,) = [text for text, b in written if box.holds(b)]
        name = f"{'W' if box.top < 260 + 40 * (box.left > 500) else 'b'}{1 + (box.left > 500)}"
        rows = found.setdefault(name, {})
        rows.setdefault(box.top, {})[box.left] = word, verdict_of(cell)
    return {
        name: [[row[x] for x in sorted(row)] for _, row in sorted(rows.items())]
        for name, rows in found.items()
    }


def verdict_of(cell):
    styles = {
        (theme.PAPER, theme.QUIET, "1", None): "passes",
        (theme.HIGHLIGHT, theme.INK, "2.5", None): "fails",
        (theme.PAPER, theme.INK, "2.5", theme.DASH): "noise",
    }
    names = "fill", "stroke", "stroke-width", "stroke-dasharray"
    return styles[tuple(cell.get(name) for name in names)]


def as_number(word):
    return 1.0 if word == "≈ 1" else float(word.replace("−", "-"))


# The pictures are right


@each_suspect
def test_each_cell_has_the_verdict_of_plain_arithmetic(suspect):
    for nudge in NUDGES:
        found = shown(lineup.picture(suspect, nudge))
        assert {name: np.shape(rows)[:2] for name, rows in found.items()} == SHAPES
        for name, i, j, *numbers in compared(suspect, nudge):
            assert found[name][i][j][1] == expected_verdict(*numbers), (name, i, j)


@each_suspect
def test_each_cell_has_the_ratio_of_plain_arithmetic(suspect):
    for nudge in [-1, -2, -3, -5, -6, -7]:
        found = shown(lineup.picture(suspect, nudge))
        for name, i, j, backward, numerical, *_ in compared(suspect, nudge):
            word, verdict = found[name][i][j]
            expected = f"{backward / numerical:.2f}".replace("-0.00", "0.00").replace("-", "−")
            if verdict == "fails" and expected == "1.00":
                expected = "≈ 1"
            assert word == expected or verdict == word == "noise"


@each_suspect
def test_no_digit_is_written_that_rounding_may_change(suspect):
    for nudge in [-8, -9, -10, -11, -12]:
        found = shown(lineup.picture(suspect, nudge))
        for name, i, j, backward, _, slope, rounding in compared(suspect, nudge):
            word, verdict = found[name][i][j]
            right, doubt = backward / slope, abs(backward / slope) * rounding / abs(slope)
            if word == "noise":
                assert verdict == "noise" or (verdict == "fails" and doubt >= 0.5)
                continue
            digits = 2 if doubt < 0.005 else 1 if doubt < 0.05 else 0
            if word != "≈ 1":
                assert len(word.partition(".")[2]) == digits and doubt < 0.5
            assert abs(as_number(word) - right) <= 0.5 * 10.0**-digits + doubt
            assert not (verdict == "fails" and word in ("1.00", "1.0", "1"))


@each_suspect
def test_rounding_alone_changes_no_verdict(suspect):
    """Numerical gradients a fourth of the bound away, as far as they come, are judged alike."""
    for nudge in range(-12, -4):
        for *_, backward, numerical, slope, rounding in compared(suspect, nudge):
            verdicts = {
                lineup._entry(backward, numerical + away * rounding, slope, rounding).verdict
                for away in (-0.25, 0, 0.25)
            }
            assert len(verdicts) == 1


def test_fingerprints_of_the_lesson():
    found = {letter: shown(lineup.picture(letter)) for letter in LETTERS}
    words = {
        letter: {name: [[word for word, _ in row] for row in rows] for name, rows in table.items()}
        for letter, table in found.items()
    }
    ones = {name: [["1.00"] * n for _ in range(m)] for name, (m, n) in SHAPES.items()}
    assert words["none"] == ones
    assert words["A"] == {name: [["5.00"] * 3] * m for name, (m, _) in SHAPES.items()}
    assert words["I"] == {name: [["0.20"] * 3] * m for name, (m, _) in SHAPES.items()}
    assert words["B"] == ones | {"b1": [["0.20"] * 3]}
    first = [["0.00", "0.50", "0.54"], ["0.00", "0.50", "0.91"]]
    assert words["C"] == ones | {"W1": first, "b1": [["0.00", "0.50", "0.51"]]}
    first = [["2.00", "1.00", "0.91"], ["2.00", "1.00", "0.18"]]
    assert words["F"] == ones | {"W1": first, "b1": [["2.00", "1.00", "0.99"]]}
    first = [["0.00", "1.00", "1.09"], ["0.00", "1.00", "1.82"]]
    assert words["H"] == ones | {"W1": first, "b1": [["0.00", "1.00", "1.01"]]}


def test_an_entry_without_a_numerical_gradient():
    both, one = lineup._entry(0.0, 0.0, 0.0, 0.0), lineup._entry(0.5, 0.0, 0.0, 0.0)
    assert both[1:] == ("passes", "−") and one[1:] == ("fails", "−")
    assert math.isnan(one.ratio)
    entry = lineup._entry(1.0, 2.0, 2.0, 0.0)
    assert lineup._said([[one, one]]) == "fails: 2 of 2 entries"
    assert lineup._said([[one, entry, both]]) == "fails: 2 of 3 entries, ratio 0.50"


def test_a_parameter_with_noise_beside_what_fails():
    fails, noise = lineup._entry(1.0, 2.0, 2.0, 0.0), lineup._entry(1.0, 1.1, 1.0, 0.2)
    passes, other = lineup._entry(1.0, 1.0, 1.0, 0.0), lineup._entry(-3.0, 1.0, 1.0, 0.0)
    said = "fails: 2 of 4 entries, ratios −3.00 to 0.50, 1 noise"
    assert lineup._said([[fails, noise], [other, passes]]) == said
    assert lineup._said([[noise, passes]]) == "is undecided: 1 of 2 entries are noise"


# Words


@pytest.mark.parametrize(
    "suspect, nudge, words",
    [
        ("none", -5, "W1 passes. b1 passes. W2 passes. b2 passes."),
        ("B", -5, "W1 passes. b1 fails: 3 of 3 entries, ratio 0.20. W2 passes. b2 passes."),
        ("H", -5, "W1 fails: 4 of 6 entries, ratios 0.00 to 1.82. b1 fails: 2 of 3 entries, "
         "ratios 0.00 to 1.01. W2 passes. b2 passes."),
        ("none", -1, "W1 fails: 6 of 6 entries, ratio ≈ 1. b1 fails: 3 of 3 entries, ratio ≈ 1. "
         "W2 fails: 9 of 9 entries, ratios ≈ 1 to 1.01. b2 fails: 3 of 3 entries, ratio ≈ 1. "
         "The step is too large: even right gradients fail here, 21 of 21 entries."),
        ("none", -12, "W1 is undecided: 6 of 6 entries are noise. b1 is undecided: 3 of 3 entries "
         "are noise. W2 is undecided: 9 of 9 entries are noise. b2 is undecided: 3 of 3 entries "
         "are noise. The step is too small: rounding alone can make even right gradients fail "
         "here, 21 of 21 entries."),
    ],
)  # fmt: skip
def test_the_caption(suspect, nudge, words):
    assert caption(lineup.picture(suspect, nudge)) == words


@each_suspect
def test_the_words_count_the_cells(suspect):
    for nudge in NUDGES:
        picture = lineup.picture(suspect, nudge)
        said = caption(picture)
        for name, rows in shown(picture).items():
            cells = [cell for row in rows for cell in row]
            verdicts = [verdict for _, verdict in cells]
            worst = next(v for v in ("fails", "noise", "passes") if v in verdicts)
            count = f"{verdicts.count(worst)} of {len(cells)}"
            beside = f"{dict(passes='✓', fails='✗', noise='?')[worst]} "
            assert beside + ("passes" if worst == "passes" else count) in beside_table(
                picture, name
            )
            clause = re.search(rf"(?:^|\. ){name} (.*?)(?:\. [Wb]\d |\. The|\.$)", said)[1]
            if worst != "fails":
                noise = f"is undecided: {count} entries are noise"
                assert clause == ("passes" if worst == "passes" else noise)
                continue
            head, *rest = clause.split(", ")
            assert head == f"fails: {count} entries"
            numbers = [w for w, v in cells if v == "fails" and w != "noise"]
            ends = re.fullmatch(r"ratios? (\S+|≈ 1)(?: to (\S+|≈ 1))?", rest[0]).groups()
            low, high = (as_number(w) for w in (ends[0], ends[1] or ends[0]))
            assert (low, high) == (min(map(as_number, numbers)), max(map(as_number, numbers)))
            noise = verdicts.count("noise")
            assert rest[1:] == ([f"{noise} noise"] if noise else [])


def beside_table(picture, name):
    """Return what stands within 30 px of a parameter's name."""
    written = list(boxes_of_texts(root_of(picture)))
    (at,) = [box for text, box in written if text == name]
    return [t for t, b in written if abs(b.y - at.y) < 30 and abs(b.x - at.x) < 1]


def test_the_last_words_count_what_right_gradients_do_at_this_step():
    for nudge in NUDGES:
        right = shown(lineup.picture("none", nudge))
        verdicts = [verdict for rows in right.values() for row in rows for _, verdict in row]
        fails, noise = verdicts.count("fails"), verdicts.count("noise")
        large = f"too large: even right gradients fail here, {fails} of 21 entries"
        small = f"rounding alone can make even right gradients fail here, {noise} of 21 entries"
        for suspect in "ABCDEFHI":  # G's forward pass is another one
            said = caption(lineup.picture(suspect, nudge))
            assert (large in said, small in said) == (fails > 0, noise > 0)
            assert ("The step" in said) == (fails + noise > 0)
        assert (fails > 0) == (nudge >= -2) and (noise > 0) == (nudge <= -8)


@each_suspect
def test_the_alternative_text_has_the_ratios_and_the_caption(suspect):
    for nudge in NUDGES:
        picture = lineup.picture(suspect, nudge)
        assert f"Suspect: {suspect}. Step h = 10^{nudge}. Ratios: " in picture.alt
        assert picture.alt.endswith(caption(picture))
        for name, rows in shown(picture).items():
            listed = "; ".join(", ".join(word for word, _ in row) for row in rows)
            assert f" {name}: {listed}." in picture.alt
        who = "no suspect" if suspect == "none" else f"suspect {suspect}"
        assert who in texts(picture)
        raised = f"{nudge}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        assert f"h = 10{raised}" in texts(picture)


GIVEN_AWAY = "slope divid overwrit mask branch diagonal jacobian mean averag transpos twice softmax"


@each_suspect
def test_no_word_gives_the_mistake_away(suspect):
    for nudge in NUDGES:
        picture = lineup.picture(suspect, nudge)
        said = (picture.alt + picture.markup).lower()
        assert not [word for word in GIVEN_AWAY.split() if word in said]
        for _, part in suspects.SUSPECTS.values():
            assert part.__name__.lower() not in said


# The picture stays in its frame


def test_no_state_makes_texts_meet():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pictures = [lineup.picture(s, nudge) for s in LETTERS for nudge in NUDGES]
    assert_all_clear(pictures)
    assert len({str(frame(picture)) for picture in pictures}) == 1
    places = {str(list(map(bar_box, elements(picture, "rect")))) for picture in pictures}
    assert len(places) == 1


def test_the_tables_stand_under_their_layers_and_their_columns_under_their_numbers():
    picture = lineup.picture()
    written = list(boxes_of_texts(root_of(picture)))
    cells = [bar_box(cell) for cell in elements(picture, "rect", width="86")]
    for side, number in ((cells[:9], 1), (cells[9:], 2)):
        columns = sorted({box.x for box in side})
        headings = {t: b.x for t, b in written if t in "123" and 0 < b.x - side[0].left < 300}
        assert columns == pytest.approx([headings[t] for t in "123"])
        (word,) = [b for t, b in written if t == {1: "neuron", 2: "output"}[number] and b.y > 120]
        assert word.right < columns[0] < word.right + 120
        (params,) = [box for text, box in written if text == f"W{number}, b{number}"]
        assert params.x == pytest.approx(columns[1], abs=0.1)
        assert any(bar_box(r).holds(params) for r in elements(picture, "rect", rx="8"))
        tops = sorted({box.top for box in side})
        assert tops[-1] - tops[-2] > tops[1] - tops[0] > side[0].bottom - side[0].top


def test_cells_do_not_touch_and_each_arrow_starts_and_ends_at_a_part():
    picture = lineup.picture("D")
    cells = [bar_box(cell) for cell in elements(picture, "rect", stroke_width="2.5")]
    for k, a in enumerate(cells):
        assert not any(a.shrunk(-1.3).meets(b.shrunk(-1.3)) for b in cells[:k])
    ends = [points(a)[-1] for a in elements(picture, "polyline", stroke=theme.FORWARD)]
    assert len(ends) == 7
    tips = [points(a)[0] for a in elements(picture, "polygon")]
    outlines = [bar_box(r) for r in elements(picture, "rect", rx="8")]
    for (x, y), tip in zip(ends, tips, strict=True):
        assert tip in ((x + 6, y), (x, y + 6))
        on_box = any(box.left == pytest.approx(tip[0], abs=0.1) for box in outlines)
        assert on_box or tip in ((499, 78), (515, 62))
    (joint,) = map(bar_box, elements(picture, "rect", rx="16"))
    assert (joint.left, joint.top, joint.right, joint.bottom) == (499, 62, 531, 94)


def test_failing_is_not_told_by_colour_alone():
    picture = lineup.picture("H")
    for element in elements(picture, "text", font_weight="bold"):
        assert element["fill"] in (theme.INK, theme.PARAMETER_TEXT, theme.FORWARD)
    bold = re.findall(r'font-weight="bold">([\d.−]+)<', picture.markup)
    assert bold == [w for t in shown(picture).values() for row in t for w, v in row if v == "fails"]
    pale = re.findall(rf'fill="{theme.QUIET}"[^>]*>([^<]+)<', picture.markup)
    assert set(pale) == {"1.00"} and len(pale) == 15
    assert {"✓ passes", "✗ fails", "? noise"} <= set(texts(picture))
    key = [verdict_of(cell) for cell in elements(picture, "rect", width="44")]
    assert key == ["passes", "fails", "noise"]
    assert "cell: backward / numerical. ✓: relative error up to 1e−5" in texts(picture)


# Its controls


@each_suspect
def test_the_same_state_gives_the_same_bytes(suspect):
    for nudge in (-1, -5, -12):
        assert lineup.picture(suspect, nudge) == lineup.picture(suspect, nudge)


def test_the_state_that_is_stored():
    assert lineup.picture() == lineup.picture("none", -5) == lineup.picture("none", np.int64(-5))


def test_the_controls(monkeypatch):
    controls = lineup.explore().controls
    assert list(controls) == ["suspect", "nudge"]
    assert range_of(controls["nudge"]) == (-5, -12, -1, 1)
    assert list(controls["suspect"].options) == LETTERS
    assert lineup.explore().picture() == lineup.picture()
    changes = {"suspect": "E", "nudge": -12}
    assert_follows_its_controls(lineup, changes, monkeypatch)


def test_a_move_takes_well_under_20_ms():
    start = time.process_time()
    [lineup.picture("E", nudge) for nudge in NUDGES]
    assert (time.process_time() - start) / len(NUDGES) < 0.02


@pytest.mark.parametrize("suspect", ["J", "a", "", None, "None", 1, "AB"])
def test_an_unknown_suspect_is_refused(suspect):
    start = "lineup.picture: expected none or one of A, B, C, D, E, F, G, H, I, got "
    with pytest.raises(ValueError, match=f"^{re.escape(start + repr(suspect))}$"):
        lineup.picture(suspect)


@pytest.mark.parametrize("nudge", [0, -13, 5, -5.0, -4.5, math.nan, "−5", None, True, False])
def test_a_step_off_the_slider_is_refused(nudge):
    message = f"lineup.picture: expected a whole number from -12 to -1, got {nudge!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        lineup.picture("A", nudge)
