"""The sheet of lesson 10 in JupyterLab: by mouse, by touch and by keyboard, with a network."""

import math

import nbformat
import pytest
from small_notebook import write_notebook

from browser.conftest import NEXT_FRAME
from browser.test_every_notebook import COLLISIONS, TOO_WIDE

TRAIN = """\
import numpy as np
from course_utils.datasets import load_digits
from course_utils.explorers import draw_digit
from course_utils.initialisation import mlp
from course_utils.nodes import SoftmaxWithLoss
from course_utils.training import SGD, Network, fit

train, held_out = load_digits()
X = (train.images.reshape(-1, 784) / 255).astype(np.float32)
network = Network(mlp((784, 100, 10), dtype=np.float32), SoftmaxWithLoss())
fit(network, X, train.labels, SGD(0.1, momentum=0.9), 4, batch_size=100, progress=False)
drawn = draw_digit.explore(network)"""
SHOW, AGAIN = "drawn", "drawn  # a second view"
CLEAR = 'drawn.controls["value"].value = ""'
ONE = 'drawn.controls["value"].value = "130,40 130,220"'
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
BLANK = "Draw a digit on the sheet above: the bars follow each stroke."
CAPTION = "cell => cell.querySelector('.jp-OutputArea-output svg ~ p')?.textContent ?? ''"
STARTS = f"([cell, words]) => ({CAPTION})(cell).startsWith(words)"
IMAGE = "cell => cell.querySelector('.jp-OutputArea-output svg image').getAttribute('href')"
OTHER = f"([cell, before]) => ({IMAGE})(cell) !== before"
FOCUSED = "canvas => canvas === document.activeElement"
DARK = """canvas => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return data.filter((value, i) => i % 4 === 0 && value < 64).length
}"""
HEARD = """() => {
    window.heard = []
    document.addEventListener('keydown', event => heard.push(event.key))
}"""
BAR = [(0.5, 0.15 + 0.07 * k) for k in range(11)]
RING = [(0.5 + 0.22 * math.sin(a / 6), 0.5 - 0.34 * math.cos(a / 6)) for a in range(39)]


class Drawn:
    """The explorer as a reader handles it; places on the sheet are shares of its side."""

    def __init__(self, lab, cell):
        self.lab, self.page, self.cell = lab, lab.page, cell
        self.sheet = cell.locator(".sheet canvas")

    def at(self, place):
        box = self.sheet.bounding_box()
        return box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"]

    def press(self, place):
        self.page.mouse.move(*self.at(place))
        self.page.mouse.down()

    def draw(self, places):
        self.press(places[0])
        for place in places[1:]:
            self.page.mouse.move(*self.at(place))
        self.page.mouse.up()

    def click(self, name):
        self.cell.get_by_role("button", name=name).click()

    def keys(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def image(self):
        """Return the picture of the drawing, once everything drawn has come to it."""
        self.settle()
        return self.cell.evaluate(IMAGE)

    def settle(self):
        settle(self.lab)

    def dark(self):
        """Return how many px of the sheet are ink."""
        return self.sheet.evaluate(DARK)

    def expect(self, words):
        handle = self.cell.element_handle()
        self.lab.wait_for(STARTS, f"a caption that starts with {words!r}", [handle, words])

    def expect_other_than(self, image):
        handle = self.cell.element_handle()
        self.lab.wait_for(OTHER, "another picture", [handle, image])


def settle(lab):
    """Wait until what was drawn has come to the kernel, and its picture to the page."""
    for _ in range(2):
        lab.page.evaluate(NEXT_FRAME)
        lab.wait_until_quiet()


@pytest.fixture(scope="module")
def trained(shared_lab, folder):
    """A notebook with a trained network, open."""
    path = write_notebook(folder / "draw_digit.ipynb", [TRAIN, SHOW, AGAIN, CLEAR, ONE])
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["kernelspec"] = KERNEL
    nbformat.write(notebook, path)
    shared_lab.open("draw_digit.ipynb")
    shared_lab.run_cell(TRAIN)
    shared_lab.wait_until_quiet()
    assert shared_lab.errors() == []
    yield
    shared_lab.close()
    path.unlink()


@pytest.fixture
def drawn(lab, trained):
    """The explorer over a blank sheet."""
    settle(lab)  # or a stroke of the test before might come after the sheet is cleared
    lab.run_cell(CLEAR)
    settle(lab)
    drawn = Drawn(lab, lab.run_cell(SHOW))
    drawn.sheet.wait_for()
    drawn.expect(BLANK)
    return drawn


def test_a_1_and_a_0_by_mouse(drawn):
    drawn.draw(BAR)
    drawn.expect("The network sees a 1: ")
    assert drawn.sheet.evaluate(FOCUSED)  # the keys go on from there
    drawn.click("Clear")
    drawn.expect(BLANK)
    assert drawn.dark() == 0
    drawn.draw(RING)
    drawn.expect("The network sees a 0: ")
    assert drawn.cell.evaluate(COLLISIONS) == []
    assert drawn.cell.evaluate(TOO_WIDE) == []
    assert drawn.lab.errors() == []


def test_the_picture_follows_within_a_stroke(drawn):
    blank = drawn.image()
    drawn.press(RING[0])
    drawn.expect_other_than(blank)  # a dot
    for part in (RING[:13], RING[13:26], RING[26:]):
        before = drawn.image()
        for place in part:
            drawn.page.mouse.move(*drawn.at(place))
        drawn.expect_other_than(before)
    drawn.page.mouse.up()
    after = drawn.image()
    drawn.page.mouse.move(*drawn.at((0.9, 0.9)))  # with the button up
    assert drawn.image() == after


def test_undo_takes_back_the_last_stroke_alone(drawn):
    drawn.draw(BAR)
    drawn.expect("The network sees a 1: ")
    one, ink = drawn.image(), drawn.dark()
    drawn.draw([(0.1, 0.5), (0.9, 0.5)])
    assert drawn.image() != one and drawn.dark() > ink
    drawn.click("Undo")
    assert drawn.image() == one
    assert drawn.dark() == ink
    drawn.click("Undo")
    drawn.expect(BLANK)
    drawn.click("Undo")  # of nothing
    drawn.draw(BAR)
    drawn.expect("The network sees a 1: ")


def test_a_stroke_may_leave_the_sheet_and_come_back(drawn):
    drawn.draw([(0.5, 0.5), (2, 0.5), (2, 0.9), (0.5, 0.9)])
    drawn.settle()
    at_the_rim, on_the_way = drawn.sheet.evaluate("""canvas => [0.97, 0.5].map(across => {
        const side = canvas.width, brush = canvas.getContext('2d')
        return brush.getImageData(across * side, 0.7 * side, 1, 1).data[0]
    })""")
    assert (at_the_rim, on_the_way) == (255, 255)  # the line is off the sheet
    assert drawn.dark() > 0


def test_another_button_does_not_draw(drawn):
    drawn.page.mouse.move(*drawn.at((0.5, 0.2)))
    drawn.page.mouse.down(button="middle")
    drawn.page.mouse.move(*drawn.at((0.5, 0.8)))
    drawn.page.mouse.up(button="middle")
    drawn.settle()
    assert drawn.cell.evaluate(CAPTION) == BLANK


def test_by_keyboard(drawn):
    name = drawn.sheet.get_attribute("aria-label")
    assert all(word in name for word in ("arrow keys", "Space", "Backspace", "Delete"))
    assert drawn.sheet.get_attribute("data-lm-suppress-shortcuts") == "true"
    drawn.page.evaluate(HEARD)
    cells = drawn.page.evaluate("() => jupyterapp.shell.currentWidget.content.widgets.length")
    drawn.sheet.focus()
    drawn.keys("ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown")  # lifted
    drawn.settle()
    assert drawn.cell.evaluate(CAPTION) == BLANK
    drawn.keys("Space", *["ArrowDown"] * 24)
    drawn.expect("The network sees a 1: ")
    one = drawn.image()
    drawn.keys("Space", *["ArrowLeft"] * 8)  # lifted again
    assert drawn.image() == one
    drawn.keys("Space", *["ArrowUp"] * 8)
    drawn.expect_other_than(one)
    drawn.keys("Backspace")
    drawn.expect("The network sees a 1: ")
    assert drawn.cell.locator(".sheet [role=status]").inner_text() == "The pen is lifted."
    drawn.keys("ArrowLeft", "Delete")
    drawn.expect(BLANK)
    assert drawn.page.evaluate("() => heard") == [], "keys that reached JupyterLab"
    assert drawn.sheet.evaluate(FOCUSED)
    after = drawn.page.evaluate("() => jupyterapp.shell.currentWidget.content.widgets.length")
    assert after == cells
    drawn.keys("Tab")
    assert drawn.page.evaluate("() => document.activeElement.textContent") == "Undo"


def test_by_touch(drawn):
    """Fingers on a screen; a second one neither draws nor ends the stroke."""
    assert drawn.sheet.evaluate("canvas => getComputedStyle(canvas).touchAction") == "none"
    screen = drawn.page.context.new_cdp_session(drawn.page)
    points = [dict(zip("xy", drawn.at(place), strict=True), id=1) for place in RING]
    other = dict(zip("xy", drawn.at((0.05, 0.05)), strict=True), id=2)
    for k, point in enumerate(points):
        kind = "touchMove" if k else "touchStart"
        touching = [point, other] if 10 <= k < 20 else [point]
        kind = "touchStart" if k == 10 else kind
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touching})
        if k in (1, 15):
            drawn.expect("The network sees a")
    screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    drawn.expect("The network sees a 0: ")
    drawn.click("Undo")
    drawn.expect(BLANK)


def test_all_views_of_a_sheet_say_the_same(drawn):
    again = Drawn(drawn.lab, drawn.lab.run_cell(AGAIN))
    again.sheet.wait_for()
    again.expect(BLANK)
    drawn = Drawn(drawn.lab, drawn.lab.cell(SHOW))
    drawn.draw(BAR)
    again.expect("The network sees a 1: ")
    assert again.dark() == drawn.dark() > 0
    again.click("Undo")
    again.expect(BLANK)
    assert again.dark() == drawn.dark() == 0


def test_python_may_draw_and_clear_also_within_a_stroke(drawn):
    drawn.lab.run_cell(ONE)
    drawn.expect("The network sees a 1: ")
    one, ink = drawn.image(), drawn.dark()
    assert ink > 0
    for source, image, px in ((ONE, one, ink), (CLEAR, None, 0)):
        drawn.cell.scroll_into_view_if_needed()
        drawn.press((0.2, 0.5))
        drawn.settle()
        assert drawn.dark() > px
        drawn.lab.run_cell(source)
        drawn.settle()
        drawn.page.mouse.move(*drawn.at((0.4, 0.5)))
        drawn.page.mouse.up()
        assert drawn.image() == image or source == CLEAR
        assert drawn.dark() == px
    assert drawn.cell.evaluate(CAPTION) == BLANK
