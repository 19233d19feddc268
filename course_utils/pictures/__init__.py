"""Pictures that are computed from live values: graphs, plots and dials in one theme.

A picture is a ``Picture``: markup (SVG first) with alternative text. Same input, same bytes.
"""

from course_utils.pictures.curves import curve_with_tangent
from course_utils.pictures.draw import draw
from course_utils.pictures.figure import from_figure
from course_utils.pictures.picture import Picture
from course_utils.pictures.text import short

__all__ = ["Picture", "curve_with_tangent", "draw", "from_figure", "short"]
