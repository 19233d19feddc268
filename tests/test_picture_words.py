"""How pictures write numbers and names, and say in words what they show."""

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictured import Seen, apple, assert_nothing_overlaps, each_graph, fork, named, run

from course_utils.graph import Variable, topological_order
from course_utils.pictures import draw, short, theme
from course_utils.pictures.text import short_array
from course_utils.pictures.text import width as text_width
from course_utils.pictures.walk import Walk


@each_graph
def test_the_alternative_text_names_every_input(build):
    output = run(build())
    leaves = [v for v in topological_order(output) if v.node is None and not v.is_constant]
    alt = draw(output).alt
    inputs, gradients = alt.partition(" Forward: ")[0], alt.partition(" Gradients: ")[2]
    for leaf in leaves:
        assert f"{leaf.name} {short(leaf.value)}" in inputs.rstrip(".").partition(": ")[2].split(
            ", "
        )
        assert f"{leaf.name} {short(leaf.grad)}" in gradients.rstrip(".").split(", ")
    middle = draw(output, step=Walk(output).last // 2).alt
    assert "Gradients" not in middle and f"{short(output.value)}." in middle
    assert "Forward" not in draw(output, step=0).alt


def test_the_alternative_text_of_the_apples():
    assert draw(run(apple())).alt == (
        "Computation graph. Inputs: apple price 100, apple count 2, tax 1.1. "
        "Forward: × of apple price 100 and apple count 2 gives 200; "
        "× of the × node 200 and tax 1.1 gives total = 220. "
        "Gradients: total 1, tax 200, the × node (200) 1.1, apple count 110, apple price 2.2."
    )


def test_a_gradient_is_said_once_it_is_whole():
    z = run(fork())
    said = [draw(z, step=step).alt.partition("Gradients: ")[2] for step in range(6, 11)]
    assert said == [
        "the × node (15) 1.",
        "the × node (15) 1, the + node (5) 3.",
        "the × node (15) 1, the + node (5) 3.",
        "the × node (15) 1, the + node (5) 3, x 3.",
        "the × node (15) 1, the + node (5) 3, y 8, x 3.",
    ]


@pytest.mark.parametrize("name", ["a<b", "R&D", "it's", 'say "x"', "</svg><script>", "사과 값"])
def test_names_are_escaped(name):
    z = named(named(Variable(1, name) * 2, name) + 1, name)
    picture = draw(run(z))
    seen = Seen(picture)  # parses
    assert sum(name in text.text for text in seen.texts) == 3
    assert seen.root.get("aria-label") == picture.alt
    assert f"{name} 1" in picture.alt and "<script>" not in picture.markup


@pytest.mark.parametrize(
    "value, text", [(math.nan, "nan"), (math.inf, "∞"), (-math.inf, "−∞"), (-0.0, "0")]
)
def test_unusual_values_draw(value, text):
    seen = Seen(draw(run(Variable(value, "x") + Variable(1, "y"))))
    assert text in {t.text for t in seen.values}


@pytest.mark.parametrize(
    "number, text",
    [
        (0, "0"), (1, "1"), (-1, "−1"), (7, "7"), (-0.0, "0"), (True, "1"),
        (715.0000000000001, "715"), (0.1 + 0.2, "0.3"), (1234567.8, "1,234,568"),
        (-1234.5678, "−1,235"), (3.14159, "3.142"), (12.345678, "12.35"), (0.012345, "0.01235"),
        (999.94, "999.9"), (999.96, "1,000"), (9.9996, "10"), (0.99996, "1"), (9999.5, "10,000"),
        (99999.5, "100,000"), (999999.6, "1,000,000"), (0.00999999, "0.01"), (0.0099949, "0.00999"),
        (0.00816257, "0.00816"), (0.0001, "0.0001"), (9.999e-5, "0.0001"), (9.99e-5, "9.99e−5"),
        (5.5e-5, "5.5e−5"), (999999999, "999,999,999"), (999999999.7, "1e9"), (1e9, "1e9"),
        (-2.5e12, "−2.5e12"), (1e-300, "1e−300"), (5e-324, "4.94e−324"), (1.7e308, "1.7e308"),
        (math.nan, "nan"), (math.inf, "∞"), (-math.inf, "−∞"), (np.float32(0.1), "0.1"),
        (np.float32(1 / 3), "0.3333"), (np.array(2.5), "2.5"), (np.int64(12), "12"),
        (100, "100"), (10.0, "10"), (20000, "20,000"),
    ],
)  # fmt: skip
def test_short(number, text):
    assert short(number) == text


@given(st.floats(-1e307, 1e307))
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_short_is_near_its_number(number):
    text = short(number).replace("−", "-").replace(",", "")
    assert math.isclose(float(text), number, rel_tol=6e-3 if abs(number) < 0.01 else 5.1e-3)
    if 0.01 <= abs(number) < 1e9:
        assert math.isclose(float(text), number, rel_tol=5.1e-4)
    assert len(short(number)) <= 12


@pytest.mark.parametrize(
    "value, text",
    [
        ([1, 2.5], "[1, 2.5]"), ([-1, 0, math.inf], "[−1, 0, ∞]"), ([1, 2, 3, 4], "4 numbers"),
        (np.ones((2, 3)), "2×3 array"), ([], "0 numbers"), (np.ones((1, 1, 1)), "1×1×1 array"),
    ],
)  # fmt: skip
def test_arrays_are_shown_by_shape(value, text):
    assert short_array(value) == text
    if np.size(value):
        total = Variable(value, "X") * 2.0
        total.backward(np.ones(np.shape(value)))
        picture = draw(total)
        assert f"X {text}" in picture.alt
        assert text in {t.text for t in Seen(picture).values}
        assert_nothing_overlaps(picture)


@pytest.mark.parametrize("text", ["softmax + CE", "1/t = −0.00825", "N(0, 0.01²), 5 layers, W"])
def test_a_width_is_rounded_once_so_that_every_python_agrees(text):
    exact = sum(Fraction(text_width(letter)) for letter in text)
    assert text_width(text) == float(exact)


def test_a_picture_is_as_wide_as_its_letters():
    """No text is wider than thought by more than the clear space about it: measured in its font."""
    from matplotlib import get_data_path
    from matplotlib.ft2font import FT2Font

    fonts = Path(get_data_path()) / "fonts" / "ttf"
    faces = [("DejaVuSans.ttf", False), ("DejaVuSans-Bold.ttf", True)]
    words = "−0.00825 4.07e−5 1,234,568 ×(−1) exp [1,2.5,3] total MMWW mmm nan ∞ 1/x log ( )²"
    for file, bold in faces:
        font = FT2Font(fonts / file)
        font.set_size(theme.TEXT_SIZE, 72)
        for word in [*words.split(" "), "−1.5e−300", "orange count"]:
            font.set_text(word)
            assert font.get_width_height()[0] / 64 <= text_width(word, bold) + 4, word
