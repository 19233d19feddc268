"""The explorer of lesson 08 shows what autograd says of softmax with cross-entropy."""

import math
import re
from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, jacobian
from explored import (
    SVG,
    assert_follows_its_controls,
    assert_is_clear,
    bar_box,
    boxes_of_texts,
    caption,
    elements,
    frame,
    middle_of,
    points,
    range_of,
    root_of,
    said,
    texts,
)

from course_utils.explorers import softmax
from course_utils.pictures import short, theme

EXAMPLE = (5.3, 0.3, 10.1)
LEAST, MOST = -10.0, 15.0
SCORES = [EXAMPLE, (0, 0, 0), (-1.5, 2.0, 0.5), (MOST, MOST, LEAST), (-9.9, MOST, MOST),
          (LEAST, LEAST, MOST), (-3.0, -3.2, MOST), (10.1, 5.3, 0.3)]  # fmt: skip
TEMPERATURES = [0.1, 0.9, 1.0, 2.0, 10.0]
each_score = pytest.mark.parametrize("z", SCORES, ids=str)
each_temperature = pytest.mark.parametrize("temperature", TEMPERATURES)
each_answer = pytest.mark.parametrize("answer", [0, 1, 2])


def probabilities(z):
    e = anp.exp(z - anp.max(z))
    return e / anp.sum(e)


def cross_entropy(z, answer):
    moved = z - anp.max(z)
    return anp.log(anp.sum(anp.exp(moved))) - moved[answer]


def softmax_state(z, answer, temperature):
    z = np.array(z, dtype=float)
    loss = float(cross_entropy(z / temperature, answer))
    return (
        probabilities(z / temperature),
        jacobian(lambda z: probabilities(z / temperature))(z),
        loss,
        grad(lambda z: cross_entropy(z / temperature, answer))(z),
    )


def as_number(text):
    return float(text.replace("−", "-").replace(",", "").replace("≈ ", ""))


def close(number):
    """As near as four digits, and 1e-15, are."""
    return pytest.approx(number, rel=6e-3 if abs(number) < 0.01 else 6e-4, abs=2e-14)


@each_answer
@each_temperature
@each_score
def test_the_words_of_softmax_are_those_of_autograd(z, temperature, answer):
    alt = softmax.picture(*z, answer, temperature).alt
    p, slopes, loss, gradient = softmax_state(z, answer, temperature)
    for part, letter, expected in (("Probabilities", "p", p), ("Gradient", "z", gradient)):
        found = {name: as_number(text) for name, text in said(alt, part).items()}
        assert found == {f"{letter}{i}": close(expected[i]) for i in range(3)}
    rows = re.findall(r"row (\d): ([^;.]*(?:\.\d[^;.]*)*)", alt)
    assert [int(i) for i, _ in rows] == [0, 1, 2]
    for i, row in rows:
        assert [as_number(v) for v in row.split(", ")] == [close(v) for v in slopes[int(i)]]
    assert f"Answer: {answer}. " in alt and f"at temperature {short(temperature)}. " in alt
    assert sum(gradient) == pytest.approx(0, abs=1e-12)
    said_loss = re.search(r"loss ([^ ]*)\. A step downhill ", alt)[1]
    assert as_number(said_loss) == close(loss)


@each_answer
@each_temperature
@each_score
def test_bars_and_cells_show_the_same_numbers(z, temperature, answer):
    picture = softmax.picture(*z, answer, temperature)
    p, slopes, _, gradient = softmax_state(z, answer, temperature)
    bars = list(map(bar_box, elements(picture, "rect", fill=theme.FORWARD)))
    assert_bars(picture, bars, p, foot=340, high=274, fill=theme.FORWARD)
    bars = list(map(bar_box, elements(picture, "rect", stroke=theme.GRADIENT)))
    scaled = gradient * temperature
    assert_bars(picture, bars, gradient, foot=196, high=130, fill=theme.GRADIENT_TEXT, drawn=scaled)
    cells = elements(picture, "rect", stroke_width="1")
    for cell, slope in zip(cells, slopes.ravel(), strict=True):
        text = text_in(picture, bar_box(cell))
        assert_fits(text, slope)
        strength = math.sqrt(abs(slope) * 4 * temperature)
        assert float(cell["fill-opacity"]) == pytest.approx(strength, abs=1e-3)
        hue = theme.POSITIVE_FILL if slope > 0 else theme.NEGATIVE_FILL
        assert cell["fill"] == hue or strength < 1e-3
    assert len({bar_box(cell).x for cell in cells[::3]}) == 1  # one column
    assert len({bar_box(cell).y for cell in cells[:3]}) == 1


def assert_fits(text, number):
    if abs(number) < 0.99e-9:
        assert text in ("≈ 0", "0")
    else:
        assert as_number(text) == pytest.approx(number, rel=6e-3, abs=1e-14)


def text_in(picture, box):
    (text,) = [text for text, b in boxes_of_texts(root_of(picture)) if box.holds(b)]
    return text


def assert_bars(picture, bars, numbers, foot, high, fill, drawn=None):
    """Check three bars, and the number beyond the end of each."""
    drawn = numbers if drawn is None else drawn
    places = dict((text, box) for text, box in boxes_of_texts(root_of(picture)))
    written = [a for a in elements(picture, "text", fill=fill) if a.get("font-size") == "18"]
    shown = [
        e.text for e in root_of(picture).iter(SVG + "text")
        if e.get("fill") == fill and e.get("font-size") == "18"
    ]  # fmt: skip
    assert places and len(bars) == len(written) == 3
    for bar, number, size, text, at in zip(bars, numbers, drawn, shown, written, strict=True):
        ends = sorted((foot, foot - high * size))
        assert (bar.top, bar.bottom) == pytest.approx(ends, abs=0.11)
        assert_fits(text, number)
        assert float(at["x"]) == pytest.approx(bar.x, abs=0.11)
        beyond = bar.bottom + 14 if number < -1e-12 else bar.top - 14
        assert middle_of(at) == pytest.approx(beyond, abs=0.2) or abs(number) < 1e-12


@pytest.mark.parametrize(
    "answer, temperature, words",
    [
        (2, 1.0, "The answer has p₂ = 0.9918: loss 0.00825. A step downhill pushes z₂ up, z₀ and "
         "z₁ down; the three gradients sum to 0."),
        (0, 1.0, "The answer has p₀ = 0.00816: loss 4.808. A step downhill pushes z₀ up, z₁ and "
         "z₂ down; the three gradients sum to 0."),
        (1, 2.0, "The answer has p₁ = 0.00678: loss 4.994. A step downhill pushes z₁ up, z₀ and "
         "z₂ down; the three gradients sum to 0. T = 2 makes p flatter: its largest is 0.9106, at "
         "T = 1 it is 0.9918."),
        (2, 0.5, "The answer has p₂ = 0.9999: loss 6.77e−5. A step downhill pushes z₂ up, z₀ and "
         "z₁ down; the three gradients sum to 0. T = 0.5 makes p sharper: its largest is 0.9999, "
         "at T = 1 it is 0.9918."),
    ],
)  # fmt: skip
def test_the_caption_of_the_lessons_scores(answer, temperature, words):
    assert caption(softmax.picture(*EXAMPLE, answer, temperature)) == words


def test_the_caption_where_nothing_moves():
    words = caption(softmax.picture(LEAST, LEAST, MOST, 2, 0.1))
    assert "A step downhill hardly moves any score; the three" in words
    assert words.endswith(" T = 0.1 leaves the largest p at 1.")
    words = caption(softmax.picture(0, 0, 0, 1, 5.0))
    assert words.endswith(" T = 5 leaves the largest p at 0.3333.")
    words = caption(softmax.picture(LEAST, MOST, 9, 0, 0.1))
    assert "pushes z₀ up, z₁ down; the" in words


def test_the_diagonal_alone_is_not_the_gradient():
    gradient = said(softmax.picture(*EXAMPLE, 0).alt, "Gradient")
    assert gradient == {"z0": "−0.9918", "z1": "5.5e−5", "z2": "0.9918"}


@each_answer
def test_the_answer_is_marked_by_more_than_colour(answer):
    picture = softmax.picture(*EXAMPLE, answer)
    bars = elements(picture, "rect", fill=theme.FORWARD)
    assert [bar.get("stroke") == theme.INK for bar in bars] == [i == answer for i in range(3)]
    written = [(text, box) for text, box in boxes_of_texts(root_of(picture)) if box.y > 345]
    places = {text: box for text, box in written if box.x < 300}
    assert [text for text in places if text != "answer"] == ["p₀", "p₁", "p₂"]
    assert places["answer"].x == pytest.approx(bar_box(bars[answer]).x, abs=0.11)
    assert places[f"p{'₀₁₂'[answer]}"].x == pytest.approx(places["answer"].x, abs=0.11)
    assert [text for text, box in written if box.x > 700] == ["z₀", "z₁", "z₂"]
    assert texts(picture).count("answer") == 1


def test_the_gradient_is_dashed_and_stands_on_a_line_at_0():
    picture = softmax.picture(*EXAMPLE, 0)
    bars = elements(picture, "rect", stroke=theme.GRADIENT, stroke_dasharray="7 5")
    assert len(bars) == 3
    flat = [points(line) for line in elements(picture, "polyline", stroke=theme.INK)]
    assert [(687, 196), (991, 196)] in flat


def test_rows_and_columns_are_named():
    named = [(text, box) for text, box in boxes_of_texts(root_of(softmax.picture(*EXAMPLE)))
             if 300 < box.x < 650]  # fmt: skip
    cells = list(map(bar_box, elements(softmax.picture(*EXAMPLE), "rect", stroke_width="1")))
    rows = [text for cell in cells[::3] for text, b in named
            if b.right < 340 and abs(b.y - cell.y) < 1]  # fmt: skip
    columns = [text for cell in cells[:3] for text, b in named
               if 40 < b.bottom < 80 and abs(b.x - cell.x) < 1]  # fmt: skip
    assert (rows, columns) == (["p₀", "p₁", "p₂"], ["z₀", "z₁", "z₂"])
    assert "each row sums to 0" in [text for text, _ in named]


@pytest.mark.parametrize("temperature, scale", [(1.0, "1"), (2.0, "1/T"), (0.1, "1/T")])
def test_titles_and_scale_name_the_temperature_unless_it_is_1(temperature, scale):
    written = texts(softmax.picture(*EXAMPLE, 2, temperature))
    has_t = temperature != 1
    titles = {"p = softmax(z / T)", "gradient (p − t) / T"}
    assert titles <= set(written) if has_t else not titles & set(written)
    assert {"p = softmax(z)", "gradient p − t"} <= set(written) or has_t
    assert scale in written and f"−{scale}" in written


@each_answer
@pytest.mark.parametrize("temperature", [0.1, 0.9, 1.0, 1.3, 10.0])
def test_no_state_of_the_sliders_makes_texts_meet(temperature, answer):
    ends = [*product((LEAST, MOST), repeat=3), *SCORES]
    ends += [(a, b, MOST) for a in (-6.1, 6.1) for b in (-6.2, 6.3, 5.9)]  # long numbers
    ends += [z[::-1] for z in ends[-6:]]
    pictures = [softmax.picture(*z, answer, temperature) for z in ends]
    for picture in pictures:
        assert_is_clear(picture)
    assert len({str(frame(picture)) for picture in pictures}) == 1


def test_the_axes_stand_still_while_the_temperature_moves():
    states = [softmax.picture(*EXAMPLE, 2, t / 10) for t in range(1, 101)]
    assert len({str(frame(picture)) for picture in states}) == 1
    for picture in states:
        assert_is_clear(picture)


@pytest.mark.parametrize("answer", [3, -1, "2", None, 0.5])
def test_another_answer_is_refused(answer):
    message = f"softmax.picture: expected an answer of 0, 1 or 2, got {answer!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        softmax.picture(*EXAMPLE, answer)


@pytest.mark.parametrize("temperature", [0, -1.0, 0.05, 10.1, math.nan, math.inf])
def test_another_temperature_is_refused(temperature):
    message = f"softmax.picture: expected a temperature from 0.1 to 10, got {temperature!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        softmax.picture(*EXAMPLE, 2, temperature)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_score_that_is_no_number_is_refused(place, bad):
    z = tuple(bad if i == place else 1.0 for i in range(3))
    message = f"softmax.picture: expected three finite scores, got {z}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        softmax.picture(*z)


def test_scores_far_beyond_the_sliders_are_fine():
    picture = softmax.picture(10_000, -10_000, 9_999, 0)
    assert said(picture.alt, "Probabilities") == {"p0": "0.7311", "p1": "0", "p2": "0.2689"}
    assert_is_clear(picture)


def test_the_controls_of_softmax(monkeypatch):
    controls = softmax.explore().controls
    assert list(controls) == ["z0", "z1", "z2", "answer", "temperature"]
    for i, value in enumerate(EXAMPLE):
        assert range_of(controls[f"z{i}"]) == (value, LEAST, MOST, 0.1)
    assert range_of(controls["temperature"]) == (1.0, 0.1, 10.0, 0.1)
    assert (tuple(controls["answer"].options), controls["answer"].value) == ((0, 1, 2), 2)
    words = ["score z₀", "score z₁", "score z₂", "answer", "temperature T"]
    assert [c.description for c in controls.values()] == words
    on_page = [c for row in softmax.explore().box.children for c in row.children]
    assert sorted(c.description for c in on_page) == sorted(words)
    assert softmax.picture(*EXAMPLE) == softmax.explore().picture()
    changes = {"z0": -10.0, "z1": 15.0, "z2": 3.0, "answer": 0, "temperature": 0.1}
    assert_follows_its_controls(softmax, changes, monkeypatch)


def test_a_value_that_the_page_added_up_from_steps_is_the_value():
    shown = softmax.explore()
    shown.controls["temperature"].value = 1.0000000000000002
    shown.controls["z1"].value = 0.30000000000000071
    assert shown.picture() == softmax.picture(*EXAMPLE)
