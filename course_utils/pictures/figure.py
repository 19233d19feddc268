"""Matplotlib figures that stand still, in the theme, as pictures with alternative text.

Matplotlib is imported when the first figure is made, so that pictures without one start fast.
"""

import io
import logging
import sys
from contextlib import contextmanager
from html import escape

from course_utils.pictures import theme
from course_utils.pictures.picture import Picture

STYLE = {
    "font.size": 16,
    "axes.linewidth": 1.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": theme.INK,
    "svg.fonttype": "path",  # the same letters on every computer
    "svg.hashsalt": "course",  # the same bytes in every run
}


def new_figure(width=8, height=4.5):
    """Return (figure, axes) in the theme: a first curve is drawn as values, a second as gradients.

    Args:
        width: in inches, of 96 px on a page.
        height: in inches.
    """
    with _hushed():
        from matplotlib import rc_context
        from matplotlib.figure import Figure

    with rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots()
    axes.tick_params(labelsize=STYLE["font.size"])
    colours, dashes = [theme.FORWARD, theme.GRADIENT], ["-", "--"]
    axes.set_prop_cycle(color=colours, linestyle=dashes, linewidth=[theme.LINE] * 2)
    return figure, axes


@contextmanager
def _hushed():
    """Let matplotlib not say, where it may not write, that it keeps its list of fonts elsewhere."""
    logger = logging.getLogger("matplotlib")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def from_figure(figure, alt):
    """Return a matplotlib figure as a Picture of SVG, and close the figure.

    Args:
        figure: a ``matplotlib.figure.Figure``, from ``new_figure`` or from pyplot.
        alt: what it shows, with its key numbers.

    Raises:
        ValueError: the alternative text is empty.
    """
    if not alt or not alt.strip():
        raise ValueError("from_figure: a figure needs alternative text that says what it shows")
    from matplotlib import rc_context

    written = io.StringIO()
    with rc_context(STYLE):
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    if "matplotlib.pyplot" in sys.modules:  # else pyplot does not know the figure
        sys.modules["matplotlib.pyplot"].close(figure)
    drawing = written.getvalue().partition("<svg ")[2]
    opening = f'<svg role="img" aria-label="{escape(alt)}" style="max-width:100%;height:auto" '
    return Picture(opening + drawing, alt)
