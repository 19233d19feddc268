"""Axes put points where they belong, and cut off what lies outside."""

import math
import re
from xml.etree import ElementTree

import pytest
from explored import middle_of, size_of

from course_utils.pictures import theme
from course_utils.pictures.axes import Axes

AXES = Axes(
    100, 50, 200, 100, (-1, 3), (0, 10), x_ticks=(-1, 1, 3), y_ticks=(0, 5, 10), x_name="x",
    y_name="y",
)  # fmt: skip


def drawn(*parts):
    return list(ElementTree.fromstring(f"<svg>{''.join(parts)}</svg>"))


def points(element):
    return [tuple(map(float, pair.split(","))) for pair in element.get("points").split()]


def lines(markup):
    return [points(element) for element in drawn(markup)]


@pytest.mark.parametrize(
    "point, px",
    [((-1, 0), (100, 150)), ((3, 10), (300, 50)), ((1, 5), (200, 100)), ((5, -10), (400, 250))],
)
def test_where_a_point_stands(point, px):
    assert AXES.at(*point) == pytest.approx(px)


def test_the_frame_has_its_numbers_and_names():
    parts = drawn(*AXES.frame())
    corner, *ticks = [points(part) for part in parts if part.tag == "polyline"]
    assert corner == [(100, 50), (100, 150), (300, 150)]
    assert ticks == [
        *([(x, 150), (x, 156)] for x in (100, 200, 300)),
        *([(94, y), (100, y)] for y in (150, 100, 50)),
    ]
    named = {
        (part.text, part.get("text-anchor")): (float(part.get("x")), middle_of(part))
        for part in parts
        if part.tag == "text"
    }
    expected = {
        ("−1", "middle"): (100, 170), ("1", "middle"): (200, 170), ("3", "middle"): (300, 170),
        ("0", "end"): (90, 150), ("5", "end"): (90, 100), ("10", "end"): (90, 50),
        ("x", "middle"): (200, 196), ("y", "middle"): (100, 24),
    }  # fmt: skip
    assert named == {key: pytest.approx(at, abs=0.1) for key, at in expected.items()}
    sizes = [size_of(part) for part in parts if part.tag == "text"]
    assert sizes == 6 * [18] + 2 * [theme.TEXT_SIZE]


def test_without_numbers_and_names_the_frame_is_a_corner():
    assert [part.tag for part in drawn(*Axes(0, 0, 9, 9, (0, 1), (0, 1)).frame())] == ["polyline"]


def test_powers_are_written_as_exponents():
    ticks = {"x_ticks": (-16, -4, 0), "y_ticks": (-1, 12, 1e6, -0.0)}
    axes = Axes(0, 0, 160, 9, (-16, 0), (-1, 12), **ticks, power=True)
    written = [part.text for part in drawn(*axes.frame()) if part.tag == "text"]
    assert written == ["10⁻¹⁶", "10⁻⁴", "10⁰", "10⁻¹", "10¹²", "10¹⁰⁰⁰⁰⁰⁰", "10⁰"]


@pytest.mark.parametrize("tick", [0.5, -2.25, math.nan, math.inf])
def test_a_power_that_is_not_whole_is_refused(tick):
    axes = Axes(0, 0, 160, 9, (-16, 0), (-1, 12), x_ticks=(tick,), power=True)
    with pytest.raises(ValueError, match=f"^superscript: expected a whole number, got {tick}$"):
        axes.frame()


@pytest.mark.parametrize(
    "ends", [(1, 1), (2, -3), (math.nan, 1), (0, math.nan), (-math.inf, 0), (0, math.inf)]
)
@pytest.mark.parametrize("name", ["x", "y"])
def test_an_axis_runs_from_less_to_more(name, ends):
    given = {"x": (0, 1), "y": (0, 1)} | {name: ends}
    message = f"Axes: expected {name} = (least, most) with least < most, got {ends}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Axes(0, 0, 9, 9, **given)


@pytest.mark.parametrize(
    "xs, ys, expected",
    [
        ((-1, 1, 3), (0, 5, 10), [[(100, 150), (200, 100), (300, 50)]]),
        ((-1, 1, 3), (0, 20, 0), [[(100, 150), (150, 50)], [(250, 50), (300, 150)]]),
        ((-3, 1), (0, 10), [[(100, 100), (200, 50)]]),
        ((1, 5), (0, 10), [[(200, 150), (300, 100)]]),
        ((0, 2), (5, 5), [[(150, 100), (250, 100)]]),
        ((1, 1), (-5, 15), [[(200, 150), (200, 50)]]),
        ((0, 2), (11, 12), []),
        ((4, 5), (1, 2), []),
        ((4, 4), (1, 2), []),
        ((0, 1, 2, 3), (5, math.nan, 5, 5), [[(250, 100), (300, 100)]]),
        ((0, 1, 2, 3), (5, 5, math.inf, 5), [[(150, 100), (200, 100)]]),
        ((0, math.nan, 2, 3), (5, 5, 5, 5), [[(250, 100), (300, 100)]]),
        ((4, 3, 4), (2, 5, 8), []),  # touches a side at one point
        ((0, 1, 2), (-5, 0, -5), []),
        ((2, 4), (12, 8), []),  # touches a corner
        ((1,), (5,), []),
        ((), (), []),
    ],
)
def test_a_curve_is_cut_at_the_sides(xs, ys, expected):
    assert lines(AXES.curve(xs, ys, "red")) == expected


def test_a_line_that_is_cut_keeps_its_slope():
    (((x0, y0), (x1, y1)),) = lines(AXES.curve((-1e6, 1e6), (-4e6, 4e6), "red"))
    assert (y1 - y0) / (x1 - x0) == pytest.approx(-4 * (100 / 10) / (200 / 4), abs=0.01)


def test_a_curve_of_other_lengths_is_refused():
    with pytest.raises(ValueError, match=r"zip\(\)"):
        AXES.curve((1, 2), (1, 2, 3), "red")


def test_a_curve_has_its_colour_and_its_style():
    (curve,) = drawn(AXES.curve((0, 1), (1, 2), "red", stroke_dasharray="7 5", stroke_width=4))
    styled = curve.get("stroke"), curve.get("stroke-dasharray"), curve.get("stroke-width")
    assert styled == ("red", "7 5", "4")
    assert drawn(AXES.curve((0, 1), (1, 2), "red"))[0].get("stroke-width") == str(theme.LINE)


@pytest.mark.parametrize("count", [2, 160])
def test_a_function_runs_over_the_whole_axis(count):
    (curve,) = lines(AXES.function(lambda x: x * x, "red", points=count))
    assert len(curve) == count + 1
    for k, point in enumerate(curve):
        x = -1 + 4 * k / count
        assert point == pytest.approx(AXES.at(x, x * x), abs=0.06)
    assert len(lines(AXES.function(lambda x: 5, "red"))[0]) == 161


@pytest.mark.parametrize("slope", [-40, -2.5, 0, 0.1, 3, 1e6])
@pytest.mark.parametrize("at", [(1, 5), (-1, 0), (3, 4), (2, 9.5)])
def test_a_line_through_a_point_has_its_slope(at, slope):
    (x, y), sides = AXES.at(*at), AXES.through(*at, slope, "red")
    for px, py in [end for piece in lines(sides) for end in piece]:
        assert 100 <= px <= 300 and 50 <= py <= 150
        steep = -slope * (100 / 10) / (200 / 4)
        assert (py - y) == pytest.approx(steep * (px - x), abs=0.06 * (1 + abs(steep)))
        assert px in (100, 300) or py in (50, 150)  # it goes as far as the rectangle does


@pytest.mark.parametrize("slope", [math.nan, math.inf])
def test_a_line_without_a_slope_is_not_drawn(slope):
    assert AXES.through(1, 5, slope, "red") == ""


@pytest.mark.parametrize("at, shown", [
    ((1, 5), True), ((-1, 0), True), ((3, 10), True), ((3.1, 5), False), ((-1.1, 5), False),
    ((1, 10.1), False), ((1, -0.1), False), ((math.nan, 5), False), ((1, math.inf), False),
])  # fmt: skip
def test_a_dot_is_shown_inside(at, shown):
    dots = drawn(AXES.point(*at))
    assert len(dots) == shown
    for dot in dots:
        assert (float(dot.get("cx")), float(dot.get("cy"))) == pytest.approx(AXES.at(*at))
        assert (dot.get("fill"), dot.get("r")) == (theme.INK, "7")


def test_a_dot_has_its_colour_and_its_size():
    (dot,) = drawn(AXES.point(1, 5, "red", 9))
    assert (dot.get("fill"), dot.get("r")) == ("red", "9")


def test_a_text_is_moved_from_its_point():
    (text,) = drawn(AXES.text(1, 5, "a < b", "red", (7, -9), anchor="start", font_size=18))
    assert float(text.get("x")) == pytest.approx(207, abs=0.1)
    assert float(text.get("y")) == pytest.approx(91 + 0.35 * 18, abs=0.1)
    styled = text.text, text.get("fill"), text.get("text-anchor"), text.get("font-size")
    assert styled == ("a < b", "red", "start", "18")
    assert drawn(AXES.text(1, 5, "a"))[0].get("fill") == theme.INK


@pytest.mark.parametrize(
    "y, top, high", [(5, 80, 40), (10, 40, 80), (0, 120, 0), (-2.5, 120, 20), (40, 40, 80),
                     (-40, 120, 40)],
)  # fmt: skip
def test_a_bar_stands_on_0_and_ends_where_the_axis_does(y, top, high):
    axes = Axes(100, 40, 200, 120, (0, 4), (-5, 10))
    (bar,) = drawn(axes.bar(1, y, "red", stroke="blue"))
    placed = [float(bar.get(name)) for name in ("x", "y", "width", "height")]
    assert placed == pytest.approx([135, top, 30, high])
    assert (bar.get("fill"), bar.get("stroke")) == ("red", "blue")
    (wide,) = drawn(axes.bar(1, 5, "red", wide=1))
    assert float(wide.get("width")) == 50


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_bar_or_a_text_that_is_nowhere_is_not_drawn(bad):
    assert AXES.bar(1, bad, "red") == AXES.bar(bad, 5, "red") == ""
    assert AXES.text(1, bad, "a") == AXES.text(bad, 5, "a") == ""


def test_a_bar_on_an_axis_without_0_stands_on_its_end():
    (bar,) = drawn(Axes(0, 0, 100, 100, (0, 1), (5, 10)).bar(0.5, 7.5, "red"))
    assert (float(bar.get("y")), float(bar.get("height"))) == (50, 50)


def test_nothing_but_plain_numbers_is_written():
    markup = "".join([*AXES.frame(), AXES.function(math.exp, "red"), AXES.bar(1, 2, "red")])
    assert not re.search(r"nan|inf|e[+-]\d", markup)
