"""Where a network's answer changes: its regions of the plane, with the points it learns from.

A class has a colour and a shape. A point with a dark rim lies in another class's region.
"""

from functools import cached_property

import numpy as np
from contourpy import FillType, LineType, contour_generator

from course_utils.pictures import theme
from course_utils.pictures.axes import Axes
from course_utils.pictures.picture import label, number, svg, tag
from course_utils.pictures.text import width

CLASSES = (  # words, colour of a point, its path around 0, 0, and the fill of its region
    ("blue circles", theme.FORWARD, "m-5,0a5,5 0 1 0 10,0a5,5 0 1 0 -10,0z", theme.INPUT_FILL),
    ("vermilion squares", theme.GRADIENT, "m-4.5,-4.5h9v9h-9z", theme.GRADIENT_FILL),
    ("green triangles", theme.PARAMETER, "m0,-6l6,10.5h-12z", theme.PARAMETER_FILL),
)
MOST = 4  # panels side by side
WIDE, EDGE, GAP = 1000, 8, 16  # px: the picture, and what is left free beside and between
TOP, HIGH, WIDEST = 44, 216, 320  # px of a panel
CELL = 5  # px: the scores are asked for so far apart
MARGIN = 0.08  # of the points' extent, on each side


def frames(shots, X, labels):
    """Return a Picture of networks side by side, each with its regions and the points.

    Args:
        shots: one to four of (title, network), where ``network.predict(points)`` returns scores
            (N, 1), class 1 where above 0, or (N, K), the largest wins.
        X: points (N, 2).
        labels: their classes (N,), whole numbers from 0; up to three classes.

    Raises:
        ValueError: too few or too many shots, shapes or labels that do not fit, scores that are
            not finite, or a title wider than its panel.
    """
    shots = list(shots)
    if not 1 <= len(shots) <= MOST:
        raise ValueError(f"boundary.frames: expected one to four shots, got {len(shots)}")
    wide = min(WIDEST, (WIDE - 2 * EDGE - (len(shots) - 1) * GAP) / len(shots))
    left = (WIDE - len(shots) * (wide + GAP) + GAP) / 2
    panels = [
        Panel(title, network, X, labels, (left + i * (wide + GAP), TOP, wide, HIGH))
        for i, (title, network) in enumerate(shots)
    ]
    parts = [part for panel in panels for part in panel.parts()]
    alt = " ".join([panels[0].key(), *(panel.words() for panel in panels)])
    return svg(WIDE, TOP + HIGH + 40, parts, alt)


class Panel:
    """One network's regions in a rectangle, a title above it, and the points it has right below.

    Args:
        title, network, X, labels: see ``frames``.
        rectangle: (left, top, width, height) in px.

    Attributes:
        right: of each point, whether the network's answer is its label.
        shares: of each class, the share of the rectangle that is its region.

    Raises ValueError as ``frames`` does.
    """

    def __init__(self, title, network, X, labels, rectangle):
        X, labels = _checked_points(X, labels)
        if width(title, bold=True) > rectangle[2]:
            raise ValueError(
                f"boundary.frames: the title {title!r} is wider than its panel, {rectangle[2]} px"
            )
        self.title, self.network, self.X, self.labels = title, network, X, labels
        self.axes = Axes(*rectangle, *_extent(X))
        scores = self._scores(X)
        self.classes = scores.shape[1]
        if labels.max() >= self.classes:
            raise ValueError(
                f"boundary.frames: label {labels.max()} has no score; the network tells "
                f"{self.classes} classes apart"
            )
        self.right = scores.argmax(axis=1) == labels

    @property
    def count(self):
        """How many points are right, in words."""
        return _of(self.right)

    @property
    def shares(self):
        """The share of each class in the rectangle."""
        answers = self._field[2].argmax(axis=-1)
        return np.bincount(answers.ravel(), minlength=self.classes) / answers.size

    def parts(self):
        """Return the SVG elements: regions, lines between them, points, title and count."""
        axes, middle = self.axes, self.axes.left + self.axes.width / 2
        ground = {"x": axes.left, "y": axes.top, "width": axes.width, "height": axes.height}
        return [
            tag("rect", **ground, fill=CLASSES[0][3]),
            *self._regions(),
            *self._points(),
            tag("rect", **ground, fill="none", stroke=theme.QUIET, stroke_width=1),
            label(middle, axes.top - 22, self.title, font_weight="bold"),
            label(middle, axes.top + axes.height + 22, f"{self.count} right"),
        ]

    def key(self):
        """Say what there is to see."""
        kinds = [f"class {c} ({CLASSES[c][0]})" for c in range(self.classes)]
        return (
            f"Regions of the plane where a network answers {', '.join(kinds[:-1])} or {kinds[-1]}, "
            f"with a line between them, and {len(self.X)} points; a dark rim marks the wrong ones."
        )

    def words(self):
        """Say how many points are right, and how large the regions are."""
        each = [self.right[self.labels == c] for c in range(self.classes)]
        of_class = ", ".join(f"class {c} {_of(right)}" for c, right in enumerate(each))
        area = ", ".join(f"class {c} {share:.0%}" for c, share in enumerate(self.shares))
        area = area.replace("%", " %")
        return f"{self.title}: {self.count} right ({of_class}); area of the regions: {area}."

    def _regions(self):
        """The regions over the ground, which is class 0, then the lines around them."""
        lines, (x, y, scores) = [], self._field
        for c in range(1, self.classes):
            above = scores[..., c] - np.delete(scores, c, axis=-1).max(axis=-1)
            contours = contour_generator(
                x, y, _sloping(above), fill_type=FillType.OuterOffset, line_type=LineType.Separate
            )
            rims = [
                rim
                for points, starts in zip(*contours.filled(0, np.inf), strict=True)
                for rim in np.split(points, starts[1:-1])
            ]
            yield from _path(rims, "z", fill=CLASSES[c][3], fill_rule="evenodd")
            lines += contours.lines(0)
        style = {"stroke_width": theme.LINE, "stroke_linejoin": "round"}
        yield from _path(lines, "", fill="none", stroke=theme.INK, **style)

    def _points(self):
        """Each class in its colour and shape: those in their region, then the others."""
        x, y = self.axes.at(*self.X.T)
        for is_right, rim in ((True, theme.PAPER), (False, theme.INK)):
            for c, (_, colour, shape, _) in enumerate(CLASSES):
                chosen = (self.labels == c) & (self.right == is_right)
                places = zip(x[chosen], y[chosen], strict=True)
                path = "".join(f"M{number(px)},{number(py)}{shape}" for px, py in places)
                if path:
                    style = {"stroke": rim, "stroke_width": 1 if is_right else 2}
                    yield tag("path", d=path, fill=colour, **style)

    @cached_property
    def _field(self):
        """The px of a grid over the rectangle, x (W,) and y (H,), and its scores (H, W, K)."""
        axes = self.axes
        across, up = (1 + round(size / CELL) for size in (axes.width, axes.height))
        x, y = np.linspace(*axes.x, across), np.linspace(*axes.y, up)
        grid = np.stack(np.meshgrid(x, y), axis=-1)
        scores = self._scores(grid.reshape(-1, 2)).reshape(up, across, -1)
        return *axes.at(x, y), scores

    def _scores(self, points):
        """Return the scores (N, K) of points; one column is the second of two, beside 0."""
        scores = np.asarray(self.network.predict(points))
        if scores.ndim != 2 or not 1 <= scores.shape[1] <= len(CLASSES):
            raise ValueError(
                "boundary.frames: expected predict to return scores (N, 1), (N, 2) or (N, 3), "
                f"got shape {scores.shape}"
            )
        if not np.isfinite(scores).all():
            raise ValueError(f"boundary.frames: the scores of {self.title!r} are not all finite")
        return np.pad(scores, ((0, 0), (1, 0))) if scores.shape[1] == 1 else scores


def _checked_points(X, labels):
    X, labels = np.asarray(X), np.asarray(labels)
    if X.ndim != 2 or X.shape[1] != 2 or len(X) < 2 or labels.shape != X.shape[:1]:
        raise ValueError(
            "boundary.frames: expected points (N, 2) and labels (N,), at least two of them; "
            f"got shapes {X.shape} and {labels.shape}"
        )
    if labels.dtype.kind not in "iu" or labels.min() < 0:
        raise ValueError("boundary.frames: expected labels that are whole numbers from 0")
    return X, labels


def _extent(X):
    """Return (least, most) of both coordinates, with a margin."""
    least, most = X.min(axis=0), X.max(axis=0)
    margin = MARGIN * (most - least)
    return zip(least - margin, most + margin, strict=True)


def _sloping(above):
    """Return heights (H, W) that go on below 0, as steep as above it, where they were level at 0.

    Scores are level where every ReLU is off; without a slope a line would keep to the grid.
    """
    wide = np.pad(above, 2, mode="edge")
    ways = [(step, axis) for step in (1, -1) for axis in (0, 1)]
    beyond = [2 * np.roll(wide, s, axis) - np.roll(wide, 2 * s, axis) for s, axis in ways]
    return np.where(above == 0, np.minimum(0, np.min(beyond, axis=0)[2:-2, 2:-2]), above)


def _of(right):
    return f"{np.count_nonzero(right)} of {len(right)}"


def _path(pieces, end, **attributes):
    """Yield one SVG path through arrays of (x, y), or nothing where there is none."""
    written = [
        "M" + "L".join(f"{number(x)},{number(y)}" for x, y in piece) + end for piece in pieces
    ]
    if written:
        yield tag("path", d="".join(written), **attributes)
