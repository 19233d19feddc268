"""Matplotlib figures as pictures."""

import os
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from pictured import ROOT

from course_utils.pictures import Picture, theme
from course_utils.pictures.figure import from_figure, new_figure


def parabola():
    figure, axes = new_figure(6, 3)
    t = np.linspace(-3, 3, 50)
    axes.plot(t, t**2)
    axes.plot(t, 4 * t - 4)
    axes.set(xlabel="t", ylabel="z")
    return figure


def test_a_figure_becomes_text_in_the_theme():
    picture = from_figure(parabola(), "z = t² with its tangent at 2, of slope 4 <")
    root = ElementTree.fromstring(picture.markup.replace("xlink:href", "href"))
    assert root.get("role") == "img" and root.get("aria-label") == picture.alt
    assert isinstance(picture, Picture) and picture.alt.endswith("slope 4 <")
    markup = picture.markup.lower()
    assert theme.FORWARD.lower() in markup and theme.GRADIENT.lower() in markup
    assert "stroke-dasharray" in markup and "<text" not in markup and "<dc:date" not in markup
    assert picture.markup.startswith("<svg ") and picture.markup.rstrip().endswith("</svg>")


def test_the_same_figure_gives_the_same_bytes():
    assert from_figure(parabola(), "a").markup == from_figure(parabola(), "a").markup


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_a_figure_needs_alternative_text(alt):
    with pytest.raises(ValueError, match="alternative text"):
        from_figure(parabola(), alt)


def test_a_figure_of_pyplot_is_closed():
    from matplotlib import pyplot

    pyplot.switch_backend("agg")
    figure, axes = pyplot.subplots()
    axes.plot([1, 2])
    from_figure(figure, "a line")
    assert not pyplot.fignum_exists(figure.number)


def test_pictures_of_graphs_do_not_wait_for_matplotlib():
    code = (
        "import sys; from course_utils.graph import Variable; from course_utils.pictures import "
        "draw; draw(Variable(1)); assert 'matplotlib' not in sys.modules"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
