"""The explorer of lesson 04 shows the differences, and their errors, that plain formulas give."""

import math
import re

import pytest
from explored import (
    assert_follows_its_controls,
    assert_is_clear,
    assert_runs_straight,
    caption,
    elements,
    frame,
    points,
    range_of,
    texts,
)

from course_utils.explorers import secant
from course_utils.gradients import numerical_gradient
from course_utils.pictures import short, theme

SCHEMES = ["forward", "central"]
POWERS = [-16 + k / 4 for k in range(65)]
each_scheme = pytest.mark.parametrize("scheme", SCHEMES)


def slope_of(power, scheme):
    h = 10.0**power
    below = 1.0 if scheme == "forward" else 1.0 - h
    return (math.exp(1.0 + h) - math.exp(below)) / (h if scheme == "forward" else 2 * h)


def at_curve(x, y):
    """Return the px of a point of the left panel: x from -0.4 to 2.4, y from 0 to 10."""
    return 70 + 380 * (x + 0.4) / 2.8, 40 + 280 * (10 - y) / 10


def at_error(power, error):
    """Return the px of a point of the right panel: 10^-16 to 1, and 10^-13 to 10."""
    return 590 + 380 * (power + 16) / 16, 40 + 280 * (1 - math.log10(error)) / 14


@each_scheme
@pytest.mark.parametrize("power", [-15.75, -12.0, -8.0, -5.25, -3.5, -1.0, 0.0])
def test_the_slope_is_that_of_the_difference(power, scheme):
    picture = secant.picture(power, scheme)
    slope = slope_of(power, scheme)
    error = abs(slope - math.e)
    h = short(10.0**power)
    assert {f"secant: slope {short(slope)}", "tangent: slope e"} <= set(texts(picture))
    words = f"h = {h}: the slope comes out as {slope:.12f}, wrong by {short(error)}."
    assert caption(picture) == words
    assert picture.alt.endswith(f" {words}")
    assert f"slope {short(slope)}, by the {scheme} difference with h = {h}, " in picture.alt


@pytest.mark.parametrize("power", [-12.0, -8.0, -5.25, -1.0, 0.0])
def test_the_central_slope_is_that_of_the_course(power):
    slope = float(numerical_gradient(lambda x: math.exp(x), 1.0, 10.0**power))
    assert f"slope comes out as {slope:.12f}," in caption(secant.picture(power, "central"))


@each_scheme
def test_where_h_is_lost_in_rounding_it_says_so(scheme):
    words = "h = 1e−16: both values of eˣ are rounded to one number, so the slope comes out as 0, "
    assert caption(secant.picture(-16.0, scheme)) == words + "wrong by 2.718."
    assert all(slope_of(power, scheme) != 0 for power in POWERS[1:])


@each_scheme
@pytest.mark.parametrize("power", [-16.0, -8.0, -2.5, -0.25, 0.0])
def test_points_and_lines_lie_where_they_should(power, scheme):
    picture = secant.picture(power, scheme)
    h, slope = 10.0**power, slope_of(power, scheme)
    start = 1.0 if scheme == "forward" else 1.0 - h
    dots = [(float(d["cx"]), float(d["cy"])) for d in elements(picture, "circle")]
    on_curve = [at_curve(x, math.exp(x)) for x in (start, 1.0 + h)]
    expected = [*on_curve, at_error(power, abs(slope - math.e))]
    assert dots == [pytest.approx(dot, abs=0.06) for dot in expected]
    (line,) = elements(picture, "polyline", stroke_dasharray="7 5")
    assert_runs_straight(line, at_curve, lambda x: math.exp(start) + slope * (x - start))
    assert line["stroke"] == theme.GRADIENT
    (tangent,) = [line for line in elements(picture, "polyline", stroke=theme.QUIET)
                  if len(points(line)) == 2]  # fmt: skip
    assert_runs_straight(tangent, at_curve, lambda x: math.e * x)


@each_scheme
def test_the_curve_is_the_exponential(scheme):
    (curve,) = elements(secant.picture(-1.0, scheme), "polyline", stroke=theme.FORWARD)
    xs = [-0.4 + 2.8 * k / 160 for k in range(161)]
    expected = [at_curve(x, math.exp(x)) for x in xs if x < math.log(10)]
    *drawn, end = points(curve)
    assert drawn == [pytest.approx(point, abs=0.06) for point in expected]
    assert end == pytest.approx(at_curve(math.log(10), 10), abs=0.2)


@each_scheme
def test_both_errors_are_drawn_over_every_h_and_the_chosen_is_strong(scheme):
    picture = secant.picture(-4.0, scheme)
    curves = [c for c in elements(picture, "polyline") if len(points(c)) == 129]
    assert len(curves) == 2
    for curve, name in zip(curves, SCHEMES, strict=True):
        powers = [-16 + k / 8 for k in range(129)]
        expected = [at_error(p, abs(slope_of(p, name) - math.e)) for p in powers]
        assert points(curve) == [pytest.approx(point, abs=0.06) for point in expected]
        colour, width = (theme.GRADIENT, "2.5") if name == scheme else (theme.QUIET, "1.5")
        assert (curve["stroke"], curve["stroke-width"]) == (colour, width)
    named = [a["fill"] for a in elements(picture, "text")][-2:]
    strong = [fill == theme.GRADIENT_TEXT for fill in named]
    assert (texts(picture)[-2:], strong) == (SCHEMES, [name == scheme for name in SCHEMES])


@each_scheme
def test_no_power_of_the_slider_makes_texts_meet(scheme):
    pictures = [secant.picture(power, scheme) for power in POWERS]
    for picture in pictures:
        assert_is_clear(picture)
    assert len({str(frame(picture)) for picture in pictures}) == 1


def test_another_scheme_is_refused():
    message = "secant.picture: expected forward or central, got 'backward'"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        secant.picture(0.0, "backward")


@pytest.mark.parametrize("power", [-16.25, 0.25, 400.0, math.nan])
def test_another_power_is_refused(power):
    message = f"secant.picture: expected a power from -16 to 0, got {power!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        secant.picture(power)


def test_the_controls_of_secant(monkeypatch):
    controls = secant.explore().controls
    assert list(controls) == ["power", "scheme"]
    assert range_of(controls["power"]) == (0.0, -16.0, 0.0, 0.25)
    assert (list(controls["scheme"].options), controls["scheme"].value) == (SCHEMES, "central")
    assert [c.description for c in controls.values()] == ["log₁₀ h", "difference"]
    assert secant.explore().picture() == secant.picture(0.0, "central")
    assert secant.picture(-2.0) == secant.picture(-2.0, "central")
    assert_follows_its_controls(secant, {"power": -16.0, "scheme": "forward"}, monkeypatch)


@each_scheme
def test_a_state_has_one_picture(scheme):
    first = secant.picture(-3.25, scheme).markup
    secant.picture(-1.0, "central")
    assert secant.picture(-3.25, scheme).markup == first
