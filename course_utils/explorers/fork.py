"""A fork (lesson 03): (x + y) · y, where y reaches the result by two paths."""

from course_utils.explorers.explorer import Explorer, choice, slider
from course_utils.graph import Variable
from course_utils.pictures import draw, short
from course_utils.pictures.text import bracketed

PATHS = {
    "both paths": ("through +", "straight to ×"),
    "through +": ("through +",),
    "straight to ×": ("straight to ×",),
}


def picture(x, y, path="both paths"):
    """Return the picture of (x + y) · y with one or both paths from y marked.

    Raises:
        ValueError: the path is none of PATHS.
    """
    if path not in PATHS:
        raise ValueError(f"fork.picture: expected a path of {', '.join(PATHS)}, got {path!r}")
    x, y = Variable(x, "x"), Variable(y, "y")
    added = x + y
    z = added * y
    z.name = "z"
    z.backward()
    edges = {"through +": [(added, 1), (z, 0)], "straight to ×": [(z, 1)]}
    marked = [edge for name in PATHS[path] for edge in edges[name]]
    shares = {"through +": added.sent[1], "straight to ×": z.sent[1]}
    return draw(z, highlight=marked, room=6).with_caption(_words(path, shares, y.grad))


def _words(path, shares, total):
    if path != "both paths":
        return (
            f"The path {path} brings {short(shares[path])} back to y. Not yet the whole gradient."
        )
    through, straight = shares["through +"], shares["straight to ×"]
    added = f"{short(through)} + {bracketed(short(straight))}"
    return f"y is used twice: {added} = {short(total)} is its gradient."


def explore():
    """Return the explorer: sliders for x and y, and a choice of path."""
    path = choice("show", PATHS, "both paths")
    return Explorer(picture, {"x": slider("x", 2, -5, 5), "y": slider("y", 3, -5, 5), "path": path})
