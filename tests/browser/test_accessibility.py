"""The course without a mouse and without a screen: keys, names, and what axe-core finds."""

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from every_explorer import EXPLORERS
from small_notebook import write_notebook

from tools.lab import NOTEBOOK, SCREEN

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
START = """\
import numpy as np
from types import SimpleNamespace
from course_utils.exercises.question import Question, predict
from course_utils.progress import progress_bar
print("1.1 Two apples: not yet. The sign is wrong.")
with progress_bar(1, 1) as bar:
    bar.advance(0.5)"""
NETWORK = "SimpleNamespace(predict=lambda X: X[:, 300:500:20] - X[:, 310:510:20])"
PREDICT = "predict(Question('2 · 3?', ('5', '6'), '6', 'Two threes.'))"


def source_of(module):
    """Return a cell that shows an explorer."""
    name = module.__name__.rpartition(".")[2]
    network = NETWORK if name == "draw_digit" else ""
    return f"from course_utils.explorers import {name}\n{name}.explore({network})"


CELLS = [START, *map(source_of, EXPLORERS), PREDICT]
each_explorer = pytest.mark.parametrize(
    "source", CELLS[1:-1], ids=[module.__name__[23:] for module in EXPLORERS]
)
each_cell = pytest.mark.parametrize(
    "source", CELLS[1:], ids=[*(module.__name__[23:] for module in EXPLORERS), "predict"]
)

STOPS = ".noUi-handle, .widget-readout, button:not([disabled]), select, canvas"
VISIBLE = f"""cell => [...cell.querySelectorAll('.jp-OutputArea')].flatMap(
    area => [...area.querySelectorAll('{STOPS}')]).filter(stop => stop.offsetParent)"""
FOCUS = f"""cell => {{
    const at = document.activeElement, {{ outlineWidth, outlineColor, boxShadow }}
        = getComputedStyle(at)
    return {{
        place: ({VISIBLE})(cell).indexOf(at), html: at.outerHTML,
        kind: at.className.split(' ')[0] || at.tagName,
        ring: [outlineWidth, outlineColor, boxShadow],
        isActive: at.classList.contains('mod-active'), name: at.ariaLabel ?? at.textContent,
        isAtEnd: at.ariaValueNow === at.ariaValueMax,
    }}
}}"""
BEGIN = f"""place => {{
    const {{ content }} = {NOTEBOOK}
    content.mode = 'command'
    content.activeCellIndex = place
    content.activeCell.node.focus()
}}"""
PICTURE = "cell => [...cell.querySelectorAll('.jp-OutputArea-output')].pop().innerHTML"
CHANGED = f"([cell, before]) => ({PICTURE})(cell) !== before"
RING = "rgb(0, 114, 178)"
SPOKEN = """cell => {
    const shown = [...cell.querySelectorAll('.course-controls *')].filter(at => at.offsetParent)
    const all = selector => shown.filter(at => at.matches(selector))
    const words = (at, part) => at.querySelector(part).textContent.trim()
    return {
        sliders: all('.widget-slider').map(at => [words(at, '.widget-label'),
            words(at, '.widget-readout'), at.querySelector('.noUi-handle').ariaLabel,
            at.querySelector('.noUi-handle').ariaValueText]),
        rows: all('.widget-toggle-buttons').map(at => [words(at, '.widget-label'), at.ariaLabel,
            at.role]),
        buttons: all('.widget-toggle-button').map(at => [at.classList.contains('mod-active'),
            at.ariaPressed]),
        play: all('.widget-play button').map(at => at.ariaLabel),
    }
}"""
# What JupyterLab draws, and a notebook has no part in.
OF_JUPYTERLAB = {
    "link-in-text-block": ".jp-RenderedMarkdown a",  # its links have no line below them
    "scrollable-region-focusable": ".jp-RenderedMarkdown",  # it scrolls a formula that is too wide
}
CONTENT = [".jp-RenderedMarkdown", ".jp-OutputArea-output"]
TALL = {"width": 1280, "height": 20_000}  # px: all of a notebook is on the screen
# JupyterLab's body has no height, so that axe-core takes all that is in it for hidden.
WHOLE = "body { height: 100vh !important }"
HAS_THEME = """theme => document.body.dataset.jpThemeName === theme
    && !document.querySelector('.jp-Splash, #jupyterlab-splash')"""
AUDIT = """async ([content, known]) => {
    const context = { include: content, exclude: ['svg *'] }  // see tests/test_contrast.py
    const { violations, passes } = await axe.run(context, { elementRef: true })
    const found = violations.flatMap(({ id, nodes }) => nodes.filter(
        ({ element }) => !(known[id] && element.matches(known[id]))).map(
        ({ element, failureSummary }) => [id, element.outerHTML.slice(0, 200), failureSummary]))
    return { found, looked: Object.fromEntries(passes.map(({ id, nodes }) => [id, nodes.length])) }
}"""


@pytest.fixture(scope="module")
def explorers(shared_lab, folder):
    """A notebook with every explorer and a question, just run."""
    path = write_notebook(folder / "explorers.ipynb", CELLS)
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["kernelspec"] = KERNEL
    nbformat.write(notebook, path)
    shared_lab.open(path.name)
    shared_lab.run_all()
    assert shared_lab.errors() == []
    yield
    shared_lab.close()
    path.unlink()


class Keyboard:
    """A cell as a reader goes through it with the keyboard alone."""

    def __init__(self, lab, source):
        self.lab, self.page, self.cell = lab, lab.page, lab.cell(source)
        self.place = CELLS.index(source)
        self.cell.locator(".course-controls").wait_for()

    def tab(self, key="Tab"):
        """Go on to the next control; return what has the focus then, at place −1 elsewhere."""
        self.page.keyboard.press(key)
        return self.cell.evaluate(FOCUS)

    def stops(self):
        """Choose the cell and yield what has the focus, until it has gone through the controls."""
        self.page.evaluate(BEGIN, self.place)
        at = self.tab()
        if at["place"] < 0:  # JupyterLab's buttons of a cell come first
            at = self.tab()
        while at["place"] >= 0:
            yield at
            at = self.tab()

    def act(self, key):
        """Press a key, and wait for another picture."""
        handle, before = self.cell.element_handle(), self.cell.evaluate(PICTURE)
        self.page.keyboard.press(key)
        self.lab.wait_for(CHANGED, f"{key} to change the picture", [handle, before])

    def spoken(self):
        """Return what stands beside the controls, and what a screen reader says of them."""
        self.lab.wait_until_quiet()
        return self.cell.evaluate(SPOKEN)


@pytest.fixture
def keyboard(lab, explorers, source):
    return Keyboard(lab, source)


def has_a_ring(at):
    """Return whether a ring of 3 px in one colour shows where the focus is."""
    width, colour, shadow = at["ring"]
    return [width, colour] == ["3px", RING] or f"{RING} 0px 0px 0px 3px" in shadow


def key_for(at):
    """Return the key that changes the picture at a control, or None where there is none."""
    if at["kind"] == "noUi-handle":
        return "ArrowLeft" if at["isAtEnd"] else "ArrowRight"
    if at["kind"] == "widget-toggle-button":
        return None if at["isActive"] else "Space"
    keys = {"SELECT": "ArrowDown", "CANVAS": "Space"}
    return keys.get(at["kind"]) or {"play": "Enter", "Undo": "Enter"}.get(at["name"])


# By keyboard.


@each_cell
def test_tab_goes_to_each_control_and_on(keyboard):
    stops = list(keyboard.stops())
    assert [at["place"] for at in stops] == list(range(len(keyboard.cell.evaluate(VISIBLE))))
    assert [at["html"] for at in stops if not has_a_ring(at)] == []
    back = [keyboard.tab("Shift+Tab")["place"] for _ in range(len(stops) + 2)]
    back = [place for place in back if place >= 0]
    assert back[:1] == [len(stops) - 1] and back == sorted(back, reverse=True)


@each_explorer
def test_keys_change_the_picture_at_each_control(keyboard):
    acted = set()
    for at in keyboard.stops():
        if key := key_for(at):
            keyboard.act(key)
            acted.add(at["kind"])
        if at["name"] == "play":
            keyboard.page.keyboard.press("Enter")
    assert acted & {"noUi-handle", "CANVAS"}


def test_a_prediction_by_keyboard(lab, explorers):
    """The button Commit can be reached once a letter is chosen."""
    keyboard = Keyboard(lab, PREDICT)
    names = []
    for at in keyboard.stops():
        names.append(at["name"])
        if at["name"] in ("A", "Commit"):
            keyboard.page.keyboard.press("Enter")
            lab.wait_until_quiet()
    assert names[:3] == ["A", "B", "Commit"]
    assert "You said A, and it is B: 6." in keyboard.cell.inner_text()


# By ear.


@each_cell
def test_controls_say_what_stands_beside_them(keyboard):
    first = keyboard.spoken()
    for at in keyboard.stops():
        if at["kind"] in ("noUi-handle", "widget-toggle-button") and key_for(at):
            keyboard.page.keyboard.press(key_for(at))
    spoken = keyboard.spoken()
    for label, readout, name, value in first["sliders"] + spoken["sliders"]:
        assert label and (name, value) == (label, readout)
    for label, name, role in spoken["rows"]:
        assert (name or "", role) == (label, "group")
    for is_active, pressed in first["buttons"] + spoken["buttons"]:
        assert pressed == str(is_active).lower()
    assert spoken["play"] in ([], ["play", "stop"])
    assert spoken["sliders"] + spoken["rows"] or "draw_digit" in CELLS[keyboard.place]


# What axe-core finds.


def audit(lab):
    """Return (violations that are ours, {rule: how often it was kept}) of the open notebook."""
    lab.page.set_viewport_size(TALL)
    try:
        lab.page.add_style_tag(content=WHOLE)
        lab.page.evaluate(AXE_SCRIPT)
        result = lab.page.evaluate(AUDIT, [CONTENT, OF_JUPYTERLAB])
    finally:
        lab.page.set_viewport_size(SCREEN)
    return result["found"], result["looked"]


@pytest.mark.parametrize(
    "name", ["01_apple_shop", "05_sigmoid_and_relu", "08_softmax_cross_entropy"]
)
def test_axe_finds_nothing_in_a_lesson(lab, name):
    lab.open(f"{name}.ipynb")
    lab.run_all()
    found, looked = audit(lab)
    lab.close()
    assert found == []
    assert looked["svg-img-alt"] >= 4 and looked["heading-order"] > 5
    assert looked["color-contrast"] > 100 and looked["aria-input-field-name"] > 1


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_in_explorers_and_messages(lab, explorers, theme):
    lab.command("apputils:change-theme", theme=theme)
    lab.wait_for(HAS_THEME, theme, theme)
    found, looked = audit(lab)
    lab.command("apputils:change-theme", theme="JupyterLab Light")
    lab.wait_for(HAS_THEME, "the light theme", "JupyterLab Light")
    assert found == []
    assert looked["color-contrast"] > 5 and looked["button-name"] > 50
