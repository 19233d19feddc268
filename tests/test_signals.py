"""Pictures of signals: curves through their points, names at their ends, true words."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from explored import assert_is_clear, texts

from course_utils.datasets import load_co2
from course_utils.pictures.signals import HIGH, LEFT, TOP, WIDE, signals


def points_of(picture):
    """Return the points of each curve in px: the lines that are neither axis nor tick."""
    lines = re.findall(r'<polyline points="([^"]*)"', picture.markup)
    curves = [line for line in lines if line.count(",") > 3]
    return [[tuple(map(float, point.split(","))) for point in line.split()] for line in curves]


def test_a_curve_goes_through_its_points():
    xs, ys = [0.0, 1.0, 2.0, 4.0, 6.0], [0.0, 3.0, 1.0, -2.0, 4.0]
    (curve,) = points_of(signals({"a": (xs, ys)}, "t", "v"))
    for (px, py), x, y in zip(curve, xs, ys, strict=True):  # from −2 to 4, with ticks at both
        assert px == pytest.approx(LEFT + WIDE * x / 6, abs=0.06)
        assert py == pytest.approx(TOP + HIGH * (4 - y) / 6, abs=0.06)


def test_years_are_written_without_a_comma_and_large_numbers_with_one():
    xs = np.linspace(1965, 2002, 50)
    written = texts(signals({"a": (xs, 20_000 * np.sin(xs))}, "year", "v"))
    assert {"1970", "1980", "1990", "2000", "20,000", "−20,000"} <= set(written)


def test_the_words_name_the_ends_and_the_extremes():
    picture = signals({"up": ([0, 1, 2], [5, 1, 7]), "down": ([0, 2], [3, 2])}, "t", "v")
    assert picture.alt == (
        "v over t. up, 3 points: from 5 to 7, least 1, largest 7. "
        "down, 2 points: from 3 to 2, least 2, largest 3."
    )
    assert ElementTree.fromstring(picture.markup).get("aria-label") == picture.alt


@pytest.mark.parametrize("last", [-3.0, 0.0, 0.001, 2.9, 3.0, 3.001, 4.0])
def test_two_names_stand_apart_in_the_order_of_the_curves(last):
    xs = [0.0, 1.0, 2.0]
    picture = signals({"one": (xs, [0, 5, 3.0]), "two": (xs, [0, -5, last])}, "t", "v")
    assert_is_clear(picture)
    heights = {
        name: float(re.search(rf'y="([^"]*)"[^>]*>{name}<', picture.markup)[1])
        for name in ("one", "two")
    }
    assert abs(heights["one"] - heights["two"]) >= 28
    assert (heights["one"] < heights["two"]) == (last <= 3)


def test_the_second_curve_is_thick_and_dark():
    picture = signals({"one": ([0, 1], [0, 1]), "two": ([0, 1], [1, 0])}, "t", "v")
    assert 'stroke="#0072B2" stroke-width="1.5"' in picture.markup
    assert re.search(r'stroke="#1\w{5}" stroke-width="4"', picture.markup)


def test_a_curve_that_stays_level_can_be_drawn():
    assert_is_clear(signals({"a": ([0, 1], [3, 3])}, "t", "v"))


@pytest.mark.parametrize("scale", [1e-6, 0.03, 1, 7, 1234, 9.9e4])
def test_any_scale_can_be_read(scale):
    ys = scale * np.sin(np.arange(60))
    picture = signals({"a": (np.arange(60), ys)}, "t", "v")
    assert_is_clear(picture)
    assert 4 <= len(re.findall('text-anchor="end"', picture.markup)) <= 9


def test_the_lessons_curves_are_clear_and_the_same_at_every_call():
    ppm = load_co2()
    years = 1965 + np.arange(444) / 12
    curves = {
        "monthly": (years, ppm),
        "mean of 12": (years[:-11], np.convolve(ppm, np.ones(12) / 12, "valid")),
    }
    picture = signals(curves, "year", "CO₂ in ppm")
    assert_is_clear(picture)
    assert picture == signals(curves, "year", "CO₂ in ppm")
    assert len(points_of(picture)[0]) == 444


BAD = {
    "expected one or two curves, got 0": {},
    "expected one or two curves, got 3": dict.fromkeys("abc", ([0, 1], [0, 1])),
    "is too long for its place": {"a name without end, and then": ([0, 1], [0, 1])},
    "rising xs and as many ys, at least two, for 'a'; got shapes (2,) and (3,)": {
        "a": ([0, 1], [0, 1, 2])
    },
    "got shapes (1,) and (1,)": {"a": ([0], [0])},
    "expected rising xs": {"a": ([0, 2, 2], [0, 1, 2])},
    "expected finite values below 100,000 for 'a'": {"a": ([0, 1], [0, np.nan])},
    "below 100,000 for 'b'": {"b": ([0, 1], [0, -1e5])},
}


@pytest.mark.parametrize("message", BAD)
def test_other_curves_are_refused(message):
    with pytest.raises(ValueError, match=r"^signals: .*" + re.escape(message)):
        signals(BAD[message], "t", "v")
