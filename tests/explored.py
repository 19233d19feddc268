"""What an explorer shows, read from its markup, and how a test moves its controls."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from pictured import Box

from course_utils.explorers import explorer
from course_utils.pictures import Picture, theme
from course_utils.pictures.text import width as text_width

SVG = "{http://www.w3.org/2000/svg}"


def texts(picture):
    """Return what is written in a picture, top elements first, as a list."""
    markup = picture["text/html"] if isinstance(picture, dict) else picture.markup
    return re.findall(r"<text[^>]*>([^<]*)</text>", markup)


def caption(picture):
    markup = picture["text/html"] if isinstance(picture, dict) else picture.markup
    return re.findall(r"<p [^>]*>([^<]*)</p>", markup)[0]


def said(alt, part):
    """Return {name: number as it is written} of one part of the alternative text."""
    words = alt.partition(f"{part}: ")[2].partition(". ")[0].rstrip(".").split(", ")
    return dict(word.rsplit(" ", 1) for word in words)


class Handle:
    """Stands in for IPython's display handle and keeps what it is told to show."""

    def __init__(self):
        self.shown = []

    def update(self, bundle, raw=False):
        assert raw
        self.shown.append(bundle)


def root_of(picture):
    return ElementTree.fromstring(picture.markup.partition("<p ")[0])


def elements(picture, kind, **attributes):
    """Return the elements of one kind, as their attributes, that have these among them."""
    found = (element.attrib for element in root_of(picture).iter(SVG + kind))
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    return [a for a in found if wanted.items() <= a.items()]


def points(attributes):
    return [tuple(map(float, pair.split(","))) for pair in attributes["points"].split()]


def size_of(text):
    """Return a text's size, from its attributes."""
    return float(text.get("font-size", theme.TEXT_SIZE))


def middle_of(text):
    """Return the height that a text is centred on, from its attributes."""
    return float(text.get("y")) - 0.35 * size_of(text)


def boxes_of_texts(root):
    for element in root.iter(SVG + "text"):
        size = size_of(element)
        wide = text_width(element.text, element.get("font-weight") == "bold")
        wide *= size / theme.TEXT_SIZE
        x, y = float(element.get("x")), middle_of(element)
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[element.get("text-anchor")]
        yield element.text, Box(left, y - size / 2, left + wide, y + size / 2)


def strokes(root):
    """Yield (a, b) of each stroke of a line."""
    for element in root.iter(SVG + "polyline"):
        yield from pairwise(points(element.attrib))


def assert_runs_straight(line, at, y_of):
    """Check that a line's two ends stand where ``at(x, y_of(x))`` has them, at some x."""
    (x0, _), (x1, _) = at(0, 0), at(1, 0)
    for px, py in points(line):
        x = (px - x0) / (x1 - x0)
        assert py == pytest.approx(at(x, y_of(x))[1], abs=0.25)
    assert len(points(line)) == 2


def assert_is_clear(picture, least=18):
    """Check that no text meets another, a dot, a bar or a line, or leaves the picture."""
    root = root_of(picture)
    page = Box(0, 0, float(root.get("width")), float(root.get("height")))
    assert page.right <= 1000 and page.bottom <= 420
    written = list(boxes_of_texts(root))
    for (a, a_box), (b, b_box) in combinations(written, 2):
        assert not a_box.meets(b_box), f"{a!r} meets {b!r}"
    dots = [dot_box(dot.attrib) for dot in root.iter(SVG + "circle")]
    bars = [bar_box(bar.attrib) for bar in root.iter(SVG + "rect")]
    lines = [(a, b, around(a, b)) for a, b in strokes(root)]
    for text, box in written:
        assert page.holds(box), f"{text!r} leaves the picture: {box}"
        assert not any(box.shrunk(3).meets(dot) for dot in dots), f"{text!r} is under a dot"
        assert all(bar.holds(box) or not bar.meets(box) for bar in bars), f"{text!r} on a bar"
        inner = box.shrunk(1)
        near = [(a, b) for a, b, ends in lines if inner.meets(ends)]
        assert not any(inner.is_crossed(a, b) for a, b in near), f"{text!r} is crossed"
    assert min(map(size_of, root.iter(SVG + "text"))) >= least


def around(a, b):
    """Return the Box of a straight stroke."""
    (x0, y0), (x1, y1) = a, b
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def bar_box(bar):
    x, y, wide, high = (float(bar[name]) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + wide, y + high)


def dot_box(dot):
    x, y, r = (float(dot[name]) for name in ("cx", "cy", "r"))
    return Box(x - r, y - r, x + r, y + r)


def frame(picture):
    """Return what must stand still: the size, and every tick and name along an axis."""
    root = root_of(picture)
    ticks = [e.get("points") for e in root.iter(SVG + "polyline") if e.get("stroke") == theme.INK]
    return root.get("width"), root.get("height"), ticks


def show(shown, monkeypatch):
    """Show an explorer; return the handle of its picture."""
    handle = Handle()
    monkeypatch.setattr(
        explorer, "display", lambda bundle, raw, display_id=None: handle if display_id else None
    )
    shown._ipython_display_()
    return handle


def assert_follows_its_controls(module, changes, monkeypatch):
    shown = module.explore()
    handle = show(shown, monkeypatch)
    for name, value in changes.items():
        shown.controls[name].value = value
        state = {key: control.value for key, control in shown.controls.items()}
        assert state[name] == value
        assert handle.shown[-1] == module.picture(**state)._repr_mimebundle_()
    assert len(handle.shown) == len(changes)


def range_of(control):
    return control.value, control.min, control.max, control.step


def flat(picture):
    """Return a picture with what stands in a moved group where it is seen."""
    root = root_of(picture)
    for group in root.iter(SVG + "g"):
        dx, dy = map(float, re.findall(r"[\d.]+", group.get("transform")))
        for element in group.iter():
            for name, by in (("x", dx), ("cx", dx), ("y", dy), ("cy", dy)):
                if name in element.attrib:
                    element.set(name, str(float(element.get(name)) + by))
            if "points" in element.attrib:
                moved = [f"{x + dx},{y + dy}" for x, y in points(element.attrib)]
                element.set("points", " ".join(moved))
    return Picture(ElementTree.tostring(root, "unicode"), picture.alt)


def assert_all_clear(pictures):
    for picture in pictures:
        drawing = flat(picture)
        assert_is_clear(drawing)
        page = root_of(drawing)
        for x, y in (p for e in elements(drawing, "polyline") for p in points(e)):
            assert 0 <= x <= float(page.get("width")) and 0 <= y <= float(page.get("height"))
