"""Matplotlib figures that stand still, as pictures with alternative text."""

import base64
import io
from html import escape

import matplotlib.pyplot as plt

from course_utils.pictures import theme
from course_utils.pictures.picture import Picture

STYLE = {
    "font.size": 16,
    "axes.linewidth": 1.5,
    "lines.linewidth": theme.LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "course",
}


def from_figure(figure, alt):
    """Return a matplotlib figure as a Picture, and close the figure.

    Args:
        figure: a ``matplotlib.figure.Figure``.
        alt: what it shows, with its key numbers.

    Raises:
        ValueError: the alternative text is empty.
    """
    if not alt or not alt.strip():
        raise ValueError("from_figure: a figure needs alternative text that says what it shows")
    written = io.BytesIO()
    figure.savefig(written, format="png", dpi=96)
    plt.close(figure)
    data = base64.b64encode(written.getvalue()).decode("ascii")
    return Picture(f'<img alt="{escape(alt)}" src="data:image/png;base64,{data}">', alt)
