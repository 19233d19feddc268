"""Everything that a picture or a message paints can be seen: contrast as WCAG 2.2 asks for it.

Text needs 4.5 : 1 with what is beneath it, or 3 : 1 where it is large; a line or a mark needs 3 : 1
where its edge is. The colours are read from the markup, and so is what lies beneath them.
"""

import re
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from every_explorer import EXPLORERS
from explored import SVG
from lessons import PATHS, Lesson, outputs_of
from painted import contrast, is_large, mixed, painted, rgb
from shown import Shown, each_explorer, each_stored, explored, stored

from course_utils.exercises.question import Prediction, Question
from course_utils.explorers import sheet, stopwatch
from course_utils.pictures import theme
from course_utils.pictures.picture import label, line, svg, tag

TEXT, LARGE, MARK = 4.5, 3, 3
PALE = {theme.INPUT_FILL, theme.GRADIENT_FILL, theme.PARAMETER_FILL}
FIGURES = [shown for shown in stored() if shown.root.find(f".//{SVG}text") is None]
DRAWN = [shown for shown in stored() if shown not in FIGURES]
QUESTION = Question("2 · 3?", ("5", "6"), "6", "Two threes.")


def is_decoration(thing):
    """Return whether a line or mark says nothing that is not said beside it as well."""
    fill, stroke = thing.element.get("fill"), thing.element.get("stroke")
    if stroke == theme.QUIET and thing.element.get("stroke-opacity") == "0.35":
        return True  # a line across at a number of the axis, which has a tick
    if stroke == theme.HIGHLIGHT and thing.kind == "mark":
        return True  # behind an edge that the caption names, under the edge's own two lines
    if stroke == theme.PAPER and thing.kind == "line":
        return True  # a gap in an axis
    return fill in PALE and not stroke  # a region, with a dark line around it, or behind a text


def needed(thing):
    if thing.kind == "text":
        return LARGE if is_large(thing.element) else TEXT
    return 0 if is_decoration(thing) or thing.holds_text else MARK


def assert_can_be_seen(shown):
    things = painted(shown)
    assert things
    for thing in things:
        attributes = dict(thing.element) | {"d": None, "points": None}
        assert thing.contrast >= needed(thing), (thing.kind, thing.words, attributes, shown.where)


# Pictures.


@pytest.mark.parametrize("shown", DRAWN, ids=lambda shown: shown.where)
def test_all_of_a_stored_picture_can_be_seen(shown):
    assert_can_be_seen(shown)


@each_explorer
def test_all_of_an_explorer_can_be_seen(module):
    for shown in explored(module):
        assert_can_be_seen(shown)


@pytest.mark.parametrize("shown", FIGURES, ids=lambda shown: shown.where)
def test_all_of_a_figure_can_be_seen(shown):
    paper, *things = painted_figure(shown.root)
    assert paper == ("fill", "#ffffff", False) and len(things) > 20
    for kind, colour, is_text in things:
        if (kind, colour) != ("fill", "#ffffff"):
            assert contrast(rgb(colour), rgb("#ffffff")) >= (TEXT if is_text else MARK), colour


def painted_figure(element, style=None, is_text=False):
    """Yield (fill or stroke, colour, whether it is text) of what a figure of matplotlib paints."""
    style = (style or {"fill": "#000000"}) | written(element.get("style", ""))
    is_text = is_text or element.get("id", "").startswith("text_")
    if element.tag in (SVG + "path", SVG + "use"):
        for kind in ("fill", "stroke"):
            if style.get(kind, "none") != "none":
                yield kind, style[kind], is_text
    for child in element:
        if child.tag != SVG + "defs":
            yield from painted_figure(child, style, is_text)


def written(style):
    """Return the declarations of a style attribute."""
    pairs = (part.partition(":") for part in style.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if value}


@each_stored
def test_a_stored_picture_brings_its_own_paper(shown):
    assert_has_paper(shown)


@each_explorer
def test_an_explorer_brings_its_own_paper(module):
    for shown in explored(module):
        assert_has_paper(shown)


def assert_has_paper(shown):
    """Check that a picture looks the same in a dark theme."""
    style = written(shown.root.get("style"))
    papers = [fill for kind, fill, _ in painted_figure(shown.root) if kind == "fill"]
    assert style.get("background") == theme.PAPER or papers[0] == "#ffffff"


# Text that is not in a picture.


def messages():
    """Yield every piece of HTML that is shown: captions, questions, reveals, tables of times."""
    for path in PATHS:
        for kind, markup in outputs_of(Lesson(path).code):
            if kind == "text/html":
                yield markup.rpartition("</svg>")[2]
    yield from (shown.rest for module in EXPLORERS for shown in explored(module))
    asked = Prediction(QUESTION)
    yield from (asked._mimebundle(letter)["text/html"] for letter in (None, "A", "B"))


def table_of_times(monkeypatch):
    shown = []
    monkeypatch.setattr(stopwatch, "show_widget", lambda widget, words: shown.append(widget))
    stopwatch.show_times({"a step": 0.02, "a day": 86_400})
    return shown[0].value


def test_text_stands_on_a_paper_of_its_own_or_has_no_colour_at_all(monkeypatch):
    """Text without a colour takes JupyterLab's, in its light theme and in its dark one."""
    pages = [*messages(), table_of_times(monkeypatch)]
    found = [style for page in pages for style in styles_of_text(page)]
    coloured = [style for style in found if "color" in style or "background" in style]
    for style in coloured:
        assert contrast(rgb(style["color"]), rgb(style["background"])) >= TEXT
    assert len(coloured) > 80 and len(coloured) < len(found)


def styles_of_text(markup):
    """Yield the style that each piece of text has from the elements around it."""
    for text in BeautifulSoup(markup, "html.parser").find_all(string=re.compile(r"\S")):
        style = {}
        for parent in reversed(list(text.parents)):
            style |= written(parent.get("style") or "")
        yield style


def test_the_sheet_can_be_seen():
    """Its ink, its words, the pen of the keyboard, its rim, and the ring of the focus."""
    on_paper = set(re.findall(r"(?:fillStyle|strokeStyle): '(#\w+)'", sheet.Sheet._esm))
    assert re.findall(r"brush.fillStyle = '(#\w+)'", sheet.Sheet._esm) == ["#fff"]
    assert on_paper == {"#767676", "#000", "#0072B2"}
    for colour in on_paper:
        assert contrast(rgb(colour), rgb("#fff")) >= TEXT
    rim, ring = re.findall(r"box-shadow: 0 0 0 [23]px (#\w+)", sheet.Sheet._css)
    assert contrast(rgb(rim), rgb(ring)) >= MARK and contrast(rgb(ring), rgb("#fff")) >= MARK
    assert contrast(rgb(ring), rgb("#111")) >= MARK, "in JupyterLab's dark theme"


# The measure itself.


@pytest.mark.parametrize(
    "one, other, ratio",
    [("#000000", "#FFFFFF", 21), ("#777777", "#FFFFFF", 4.48), ("#0072B2", "#FFF", 5.19),
     ("#FF0000", "#0000FF", 2.15), ("#123456", "#123456", 1)],
)  # fmt: skip
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(rgb(one), rgb(other)) == pytest.approx(ratio, abs=0.005)
    assert contrast(rgb(other), rgb(one)) == contrast(rgb(one), rgb(other))


def test_a_colour_that_lets_light_through():
    assert mixed((0, 0, 0), 0.25, (255, 255, 255)) == (191.25, 191.25, 191.25)


HIDDEN = {
    "text on a box": [tag("rect", x=20, y=20, width=80, height=60, fill="#0072B2"),
                      label(60, 50, "7", theme.INK)],
    "text on a pale box": [tag("rect", x=20, y=20, width=80, height=60, fill="#D55E00",
                               fill_opacity="0.5"), label(60, 50, "7", theme.FORWARD)],
    "text on a thick line": [line([(20, 80), (100, 20)], theme.QUIET, stroke_width=18),
                             label(60, 50, "7", theme.INK)],
    "a line on a box": [tag("rect", x=20, y=20, width=80, height=60, fill=theme.NEGATIVE_FILL),
                        line([(0, 50), (120, 50)], theme.GRADIENT)],
    "a pale line": [line([(0, 50), (120, 50)], theme.NODE_FILL)],
    "a pale dot": [tag("circle", cx=60, cy=50, r=7, fill=theme.POSITIVE_FILL)],
    "a faint box": [tag("rect", x=20, y=20, width=80, height=60, fill=theme.FORWARD,
                        fill_opacity="0.3")],
    "small grey text": [label(60, 50, "7", "#808080")],
}  # fmt: skip


@pytest.mark.parametrize("parts", HIDDEN.values(), ids=HIDDEN)
def test_what_cannot_be_seen_is_found(parts):
    with pytest.raises(AssertionError):
        assert_can_be_seen(Shown("here", svg(120, 100, parts, "a test").markup))


def test_a_rim_or_a_text_can_make_up_for_a_pale_fill():
    box = {"x": 20, "y": 20, "width": 80, "height": 60}
    rimmed = tag("rect", **box, fill=theme.NODE_FILL, stroke=theme.INK)
    chip = tag("rect", **box, fill=theme.NODE_FILL) + label(60, 50, "7")
    large = label(60, 90, "7", "#808080", font_size=24)
    for parts in (rimmed, chip, large):
        assert_can_be_seen(Shown("here", svg(120, 100, [parts], "a test").markup))


def test_a_figure_of_a_pale_curve_is_found():
    style = 'style="fill: none; stroke: #e69f00"'
    figure = f'<svg xmlns="{SVG[1:-1]}"><g id="line2d_1"><path {style}/></g></svg>'
    (kind, colour, is_text), *_ = painted_figure(ElementTree.fromstring(figure))
    assert (kind, is_text) == ("stroke", False) and contrast(rgb(colour), rgb("#fff")) < MARK
