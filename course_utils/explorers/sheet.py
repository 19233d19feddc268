"""A sheet to draw on, by mouse, pen, finger or keyboard: a control of an Explorer.

What is drawn is a text, as ``value``: strokes with a semicolon between them, each the points
that the pen went through, as "130,40 130,220". An empty text is a blank sheet.
"""

from pathlib import Path

import numpy as np
from anywidget import AnyWidget
from traitlets import Int, Unicode

SIZE = 240  # px: the sheet is square
PEN = 20  # px: the width of a stroke
CELL = 4  # px: of the grey picture that a drawing becomes
MARGIN = 10  # cells around the sheet, for a pen that leaves it
HERE = Path(__file__)


class Sheet(AnyWidget):
    """A square sheet with the buttons Undo and Clear, drawn by the page itself.

    Attributes:
        value: the strokes, as a text; setting it draws them in every view.
    """

    _esm = HERE.with_suffix(".js").read_text(encoding="utf-8")
    _css = HERE.with_suffix(".css").read_text(encoding="utf-8")
    value = Unicode("").tag(sync=True)
    description = Unicode("sheet to draw on")
    size = Int(SIZE, read_only=True).tag(sync=True)
    pen = Int(PEN, read_only=True).tag(sync=True)


def strokes(value):
    """Return the strokes of a sheet's value: of each, its points (N, 2) in px.

    Raises:
        ValueError: the text holds something else than points, or one that is far off the sheet.
    """
    return [_points(stroke) for stroke in value.split(";")] if value else []


def ink(value):
    """Return the drawing of a sheet's value as grey cells (60, 60), 0 for paper to 1 for ink.

    Raises:
        ValueError: as ``strokes``.
    """
    wide = SIZE // CELL + 2 * MARGIN
    cells = np.zeros((wide, wide), np.float32)
    for points in strokes(value):
        _draw(cells, _close(points) / CELL + MARGIN)
    return cells[MARGIN:-MARGIN, MARGIN:-MARGIN]


def _points(stroke):
    try:
        points = np.array([pair.split(",") for pair in stroke.split()], dtype=float)
    except ValueError:
        points = np.empty(0)
    if points.ndim != 2 or points.shape[1] != 2 or not _is_near(points):
        raise ValueError(
            f"sheet: expected a stroke as points, x,y x,y and so on, each from {-PEN} to "
            f"{SIZE + PEN}, got {stroke[:40]!r}"
        )
    return points


def _is_near(points):
    return bool(((points >= -PEN) & (points <= SIZE + PEN)).all())


def _close(points):
    """Return points along a stroke that are no more than a cell apart."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    length = np.concatenate([[0], np.cumsum(steps)])
    along = np.linspace(0, length[-1], 1 + int(np.ceil(length[-1] / CELL)))
    return np.column_stack([np.interp(along, length, points[:, axis]) for axis in (0, 1)])


def _draw(cells, points):
    """Put a round pen on each point: a cell on its rim is covered in part."""
    radius = PEN / 2 / CELL
    reach = np.arange(-int(radius + 1.5), int(radius + 1.5) + 1)
    x, y = (points[:, axis, None] for axis in (0, 1))
    column, row = np.floor(x).astype(int) + reach, np.floor(y).astype(int) + reach
    across, down = column + 0.5 - x, row + 0.5 - y
    distance = np.hypot(across[:, None, :], down[:, :, None])
    covered = np.clip(radius + 0.5 - distance, 0, 1).astype(cells.dtype)
    np.maximum.at(cells, (row[:, :, None], column[:, None, :]), covered)
