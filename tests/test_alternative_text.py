"""What the alternative text of a picture says is what the picture shows, number by number.

Every picture stored in a lesson is read, and every explorer in many of its states. A number that
is said stands in the picture or in its caption; one that does not is measured in the picture, or
computed again.
"""

import math
import re
import struct
from base64 import b64decode
from html import unescape
from itertools import pairwise

import pytest
from every_explorer import EXPLORERS
from explored import SVG, points
from lessons import PATHS, Lesson
from pictured import ROOT
from shown import Shown, each_explorer, each_stored, explored, stored

from course_utils.explorers import boundary, depth, softmax
from course_utils.pictures import short, theme
from course_utils.pictures.boundary import CLASSES
from course_utils.pictures.curves import curve_with_tangent

LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻-", "01234567890123456789−−")
NUMBER = re.compile(
    r"(?<![\w.,])(?:10\^−?\d+|−?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e−?\d+)?(?![\w^]))"
)
NAME = re.compile(r"\b(?:class|row|layer) \d+")  # a number that is a name
VALUE = re.compile(r"\[[^]]*\]|[\d×]+ array|(?<![×+(])" + NUMBER.pattern)


def numbers_in(text):
    """Return the numbers of a text, all written in one way: 10⁻³ is 10^−3, and z₀ is z0."""
    text = re.sub(r"10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", r"10^\1", NAME.sub("", text))
    return NUMBER.findall(text.translate(LOWERED))


def value_of(number):
    if number.startswith("10^"):
        return 10 ** value_of(number[3:])
    return float(number.replace(",", "").replace("−", "-"))


def drawn_numbers(shown):
    """Return the numbers that can be read in a picture, and in the caption below it."""
    below = unescape(re.sub("<[^>]*>", " ", shown.rest))
    return {n for text in [*texts_of(shown.root), below] for n in numbers_in(text)}


def texts_of(root):
    """Return what is written in a picture; a figure's letters are outlines with a number."""
    written = [text.text for text in root.iter(SVG + "text")]
    groups = (g for g in root.iter(SVG + "g") if g.get("id", "").startswith("text_"))
    return written or [outlined(group) for group in groups]


def outlined(group):
    """Return a line of a figure's outlines, a line below it in front."""
    address = "{http://www.w3.org/1999/xlink}href"
    uses = [use.get(address).rpartition("-")[2] for use in group.iter(SVG + "use")]
    return "".join(chr(int(code, 16)) for code in uses)


# What is said but not written: measured in the picture, or computed again.


def regions(shown):
    """Return whether the points right in each class, and each class's area, are those drawn."""
    panels = list(panels_of(shown.root))
    said = re.findall(r"(\d+) of (\d+) right \((.*?)\); area of the regions: (.*?)\.", shown.alt)
    assert len(panels) == len(said)
    found = set()
    for (right, count, each, areas), (counts, shares) in zip(said, panels, strict=True):
        of_class = [tuple(map(int, n)) for n in re.findall(r"(\d+) of (\d+)", each)]
        assert of_class == counts[: len(of_class)]
        assert (int(right), int(count)) == tuple(map(sum, zip(*of_class, strict=True)))
        percent = [int(n) for n in re.findall(r"(\d+) %", areas)]
        assert percent == pytest.approx([100 * s for s in shares[: len(percent)]], abs=1.5)
        found |= {*numbers_in(each), *numbers_in(areas), right, count}
    return found


def panels_of(root):
    """Yield ([(right, all) of each class], [share of the area of each class]) of each panel."""
    panel = None
    for element in root:
        fill = element.get("fill")
        if element.tag == SVG + "rect" and fill == theme.INPUT_FILL and not element.get("stroke"):
            panel = ([(0, 0)] * 3, [1.0, 0.0, 0.0])
            yield panel  # filled while its parts are met
            whole = float(element.get("width")) * float(element.get("height"))
        elif element.get("fill-rule") == "evenodd":
            c = [pale for *_, pale in CLASSES].index(fill)
            panel[1][c] = area(element.get("d")) / whole
            panel[1][0] -= panel[1][c]
        elif element.tag == SVG + "path" and fill != "none":
            c = [colour for _, colour, *_ in CLASSES].index(fill)
            count, (right, of) = element.get("d").count("M"), panel[0][c]
            is_right = element.get("stroke") == theme.PAPER
            panel[0][c] = (right + count * is_right, of + count)


def area(path):
    """Return the area inside a path: of what runs around a hole, its sign is the other one."""
    total = 0
    for piece in path.split("M")[1:]:
        corners = [tuple(map(float, c.split(","))) for c in piece.rstrip("z").split("L")]
        total += sum(a * d - b * c for (a, b), (c, d) in pairwise([*corners, corners[0]])) / 2
    return abs(total)


def images(shown):
    """Return how many images there are, and how many pixels each has along its sides."""
    found = [image.get("href") for image in shown.root.iter(SVG + "image")]
    data = [b64decode(address.partition("base64,")[2]) for address in found]
    sides = {side for png in data for side in struct.unpack(">II", png[16:24])}
    each = 3 if "eat map" in shown.alt else 1  # a number of a heat map has 3 × 3 pixels
    signs = {"0"} if each == 3 else set()  # blue above 0, orange below 0
    return {str(len(found)), *(str(side // each) for side in sides)} | signs


def table(shown):
    """Return the sum of all counts, that of the right ones, which are bold, and their share."""
    cells = [text for text in shown.root.iter(SVG + "text") if text.get("font-size") == "18"]
    counts = [value_of(cell.text) for cell in cells]
    right = sum(value_of(cell.text) for cell in cells if cell.get("font-weight") == "bold")
    return {short(sum(counts)), short(right), f"{100 * right / sum(counts):.1f}"}


def scale(root):
    """Return a function from heights in px to values, by the numbers along the vertical axis."""
    ticks = [text for text in root.iter(SVG + "text") if text.get("text-anchor") == "end"]
    heights = [float(tick.get("y")) - 6.3 for tick in ticks]
    values = [value_of(numbers_in(tick.text)[0]) for tick in ticks]
    is_power = all(tick.text.startswith("10") for tick in ticks)
    values = [math.log10(value) for value in values] if is_power else values
    slope = (values[-1] - values[0]) / (heights[-1] - heights[0])

    def value(height):
        linear = values[0] + slope * (height - heights[0])
        return 10**linear if is_power else linear

    return value


def curves_of(root):
    """Return the values at the corner of the axes, and at the points of each curve."""
    at, ways = scale(root), (points(line.attrib) for line in root.iter(SVG + "polyline"))
    return [[at(y) for _, y in way] for way in ways if len(way) > 2]


def norms(shown):
    """Return what is said, once the ends of the axis and of the curves have been measured."""
    axis, *curves = curves_of(shown.root)
    said = re.findall(r"layer \d+ ([\d.]+(?:e−\d+)?)[,.]", shown.alt)
    ends = [norm for curve in curves for norm in (curve[0], curve[-1])]
    assert [value_of(norm) for norm in said] == pytest.approx(ends, rel=0.05)
    return {*said, *(f"10^{round(math.log10(end))}" for end in axis)}


def signals(shown):
    """Return what is said of each curve, once it has been measured."""
    said = re.findall(
        r"(\d+) points: from ([\d.]+) to ([\d.]+), least ([\d.]+), largest ([\d.]+)\.", shown.alt
    )
    for curve, (count, *values) in zip(curves_of(shown.root)[1:], said, strict=True):
        assert int(count) == len(curve)
        measured = [curve[0], curve[-1], min(curve), max(curve)]
        assert [value_of(value) for value in values] == pytest.approx(measured, abs=0.1)
    return {number for curve in said for number in curve}


def tangent(shown):
    """Return what is said of a curve and a line that touches it, once the two are computed."""
    f = FUNCTIONS[shown.where[:2]]
    left, right, low, high, slope, at, height = map(value_of, numbers_in(shown.alt))
    assert [low, high, height] == pytest.approx([f(left), f(right), f(at)], rel=2e-3)
    assert slope == pytest.approx((f(at + 1e-5) - f(at - 1e-5)) / 2e-5)
    assert left < at < right and low < high, "it rises"
    return set(numbers_in(shown.alt))


FUNCTIONS = {"02": lambda t: t**2, "05": lambda x: 1 / (1 + math.exp(-x))}
MEASURED = {  # what an alternative text begins with
    "Regions of": regions,
    "Heat maps": images,
    "Table of": table,
    "Norms of": norms,
    "CO₂ in ppm": signals,
    "A curve over": tangent,
    **{f"{count} {kind}": images for count, kind in ((20, "digits"), (8, "heat maps"))},
}


def losses(shown):
    """Return the first loss, the last and the largest, beside what is measured in the regions."""
    state = shown.state
    found = boundary.train(state["rate"], state["hidden"]).losses[: state["iteration"] + 1]
    return {f"{loss:.3g}" for loss in (found[0], found[-1], max(found))} | regions(shown)


def spreads(shown):
    state = depth.compute(**shown.state)
    return {depth.two_digits(v) for v in state.norms + state.spreads} | {str(depth.EXAMPLES)}


def jacobian(shown):
    *z, answer, temperature = shown.state.values()
    p, slopes, _, gradient = softmax.compute(z, answer, temperature)
    return {short(v) for v in (*p, *slopes.flat, *gradient)} | {str(answer)}


def inputs(shown):
    """Return the values of the controls, which stand beside them on the page."""
    return {short(v) for v in shown.state.values() if isinstance(v, (int, float))}


COMPUTED = {"boundary": losses, "depth": spreads, "softmax": jacobian, "apple_shop": inputs}
COMPUTED["draw_digit"] = images


def assert_says_what_is_drawn(shown, measure=None):
    said = {number for number in numbers_in(shown.alt)} - drawn_numbers(shown)
    if said or measure:
        assert measure, f"said, but not drawn: {sorted(said)}"
        said -= {number for text in measure(shown) for number in numbers_in(text)}
    assert not said, f"said, but neither drawn nor measured: {sorted(said)}"


OF_EXPLORERS = [shown for shown in stored() if re.search(r"\.explore\(.*\)$", shown.where)]
STILL = [shown for shown in stored() if shown not in OF_EXPLORERS]


@pytest.mark.parametrize("shown", STILL, ids=lambda shown: shown.where)
def test_a_stored_picture_says_what_it_shows(shown):
    measure = next((m for begin, m in MEASURED.items() if shown.alt.startswith(begin)), None)
    assert_says_what_is_drawn(shown, measure)


@each_explorer
def test_an_explorer_says_what_it_shows(module):
    for shown in explored(module):
        assert_says_what_is_drawn(shown, COMPUTED.get(module.__name__.rpartition(".")[2]))


def test_a_stored_explorer_is_one_of_these():
    opened = [explored(module)[0].alt for module in EXPLORERS]
    assert sorted(shown.alt for shown in OF_EXPLORERS) == sorted(opened)


# A graph in words.


def graphs():
    every = [*stored(), *(shown for module in EXPLORERS for shown in explored(module))]
    return [shown for shown in every if shown.alt.startswith("Computation graph. ")]


def test_the_words_of_a_graph_have_every_number_that_is_drawn():
    """Blue ones are inputs and results, vermilion ones gradients, and shares where it forks."""
    found = graphs()
    assert len(found) > 50
    for shown in found:
        values, _, gradients = shown.alt.partition("Gradients: ")
        texts = list(shown.root.iter(SVG + "text"))
        blue = values_in(text.text for text in texts if text.get("fill") == theme.FORWARD)
        red = values_in(text.text for text in texts if text.get("fill") == theme.GRADIENT_TEXT)
        assert blue <= values_in([values]), shown
        assert red - shares_of(shown) <= values_in([gradients]), shown


def values_in(texts):
    return {value for text in texts for value in VALUE.findall(text)}


def shares_of(shown):
    """Return what stands on white paper, on a branch of a fork: a share of a gradient."""
    boxes = [r for r in shown.root.iter(SVG + "rect") if r.get("fill") == theme.PAPER]
    middles = {float(r.get("y")) + float(r.get("height")) / 2 for r in boxes}
    texts = shown.root.iter(SVG + "text")
    return values_in(
        t.text for t in texts if any(abs(float(t.get("y")) - 7.35 - y) < 0.2 for y in middles)
    )


OPERATIONS = {
    "×": lambda *v: math.prod(v), "+": lambda *v: sum(v), "exp": math.exp, "log": math.log,
    "1/x": lambda x: 1 / x, "( )²": lambda x: x * x, "+1": lambda x: x + 1,
    "σ": lambda x: 1 / (1 + math.exp(-x)),
}  # fmt: skip


def test_the_arithmetic_in_the_words_of_a_graph_is_right():
    checked = sum(check_steps(shown) for shown in graphs())
    assert checked > 250


def check_steps(shown):
    """Compute each step that is said anew, from the rounded numbers; return how many there are."""
    steps = re.findall(
        r"(?:: |; )(\S+|\( \)²) of ([^;\[]*?) gives ([^;]*?)(?=;|\.(?: |$))", shown.alt
    )
    steps = [step for step in steps if "array" not in "".join(step)]
    for operation, given, result in steps:
        result = value_of(result.rpartition(" ")[2])
        inputs = [value_of(part.rpartition(" ")[2]) for part in given.split(" and ")]
        times = re.fullmatch(r"×\(?(−?\d+)\)?", operation)
        compute = OPERATIONS.get(operation) or (lambda x, n=times[1]: x * value_of(n))
        assert compute(*inputs) == pytest.approx(result, rel=0.012, abs=2e-3), (operation, shown)
    return len(steps)


# Every picture has words at all.

EMPTY = re.compile(r"(image|picture|figure|graph|plot|todo|alt( text)?|untitled)?\W*", re.I)


@each_stored
def test_a_stored_picture_has_words(shown):
    assert_has_words(shown)


def assert_has_words(shown):
    assert shown.root.get("role") == "img" and not EMPTY.fullmatch(shown.alt)
    assert len(shown.alt.split()) >= 4 and shown.alt.endswith(".")
    assert not re.search(r"<[/\w]|None|nan\b", shown.alt)


@each_explorer
def test_an_explorer_has_words(module):
    for shown in explored(module):
        assert_has_words(shown)
        assert shown.rest.strip() or module.__name__.endswith("one_node")


def test_every_image_is_one_of_these():
    """No picture comes into the course in another way: no PNG, no <img>, no attachment."""
    for path in PATHS:
        lesson = Lesson(path)
        for cell in lesson.prose:
            assert not re.search(r"!\[|<img|<svg", cell.source) and "attachments" not in cell
        kinds = {k for c in lesson.code for o in c.outputs for k in o.get("data", {})}
        assert not [kind for kind in kinds if kind.startswith("image/")]
        shown = [o.data["text/html"] for c in lesson.code for o in c.outputs if "data" in o
                 and "text/html" in o.data]  # fmt: skip
        assert not [html for html in shown if "<img" in html or html.count("<svg") > 1]


def test_the_picture_of_the_readme_has_words():
    found = re.findall(r"!\[(.*?)\]\((.*?)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert [address for _, address in found] == ["docs/apple_shop.png"]
    assert all(len(words.split()) > 4 and not EMPTY.fullmatch(words) for words, _ in found)


# The test itself.


@pytest.mark.parametrize("said", ["Its sum is 7.", "1 and −2.", "10⁻³ of it.", "2,000 of them."])
def test_a_number_that_is_not_drawn_is_found(said):
    markup = f'<svg xmlns="{SVG[1:-1]}" aria-label="{said}"><text>2 10⁻² 1</text></svg>'
    with pytest.raises(AssertionError, match="said, but not drawn"):
        assert_says_what_is_drawn(Shown("here", markup))


def test_numbers_in_a_text():
    text = "z₀ −1,234.5, x1 5.5e−5 (10⁻¹⁷), row 2: −3; -4 and 0.5."
    assert numbers_in(text) == ["−1,234.5", "5.5e−5", "10^−17", "−3", "−4", "0.5"]


@pytest.mark.parametrize("at, way", [(2, "rises"), (-2, "falls"), (0, "goes")])
def test_a_curve_rises_or_falls_as_its_words_say(at, way):
    assert f"that {way} from" in curve_with_tangent(lambda t: t**2, at, 2 * at, 1).alt
