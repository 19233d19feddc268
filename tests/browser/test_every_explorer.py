"""Every explorer in JupyterLab: each slider and button moves its picture, which stays whole."""

import nbformat
import pytest

from browser.conftest import HANDLE, ROOT
from browser.test_every_notebook import COLLISIONS, NOTEBOOKS, TOO_WIDE

PICTURE = "cell => [...cell.querySelectorAll('.jp-OutputArea-output')].pop().innerHTML"
CHANGED = f"([cell, before]) => ({PICTURE})(cell) !== before"
CUT = """cell => [...cell.querySelectorAll('.widget-label')]
    .filter(label => label.scrollWidth > label.clientWidth).map(label => label.textContent)"""
LABELLED = ".jp-OutputArea-output svg[aria-label]"
WORDS = f"""cell => {{
    const picture = cell.querySelector('{LABELLED}'), caption = picture.nextElementSibling
    return [picture.getAttribute('aria-label'), caption?.textContent].filter(Boolean).join(' ')
}}"""
SLIDERS, BUTTONS = f".widget-slider:visible {HANDLE}", ".widget-toggle-buttons:visible button"


def explorers():
    for name in NOTEBOOKS:
        for cell in nbformat.read(ROOT / "notebooks" / name, as_version=4).cells:
            if cell.source.endswith(".explore()"):
                yield name, cell.source, cell.outputs[-1].data["text/plain"]


@pytest.fixture(params=explorers(), ids=lambda place: place[1].partition(".")[0])
def place(request):
    """Where an explorer stands: its notebook, its cell's source, and its stored picture's words."""
    return request.param


@pytest.fixture
def stored(place):
    """The words of the stored picture, with its caption."""
    return place[2]


@pytest.fixture
def cell(lab, place):
    """The cell of an explorer that has just been run, with its picture."""
    name, source, _ = place
    lab.open(name)
    lab.run_all()
    cell = lab.cell(source)
    cell.locator(LABELLED).wait_for()
    yield cell
    lab.close()


def expect_a_new_picture(lab, cell, act, what):
    """Do something, wait until the picture differs, and look whether it can still be read."""
    before = cell.evaluate(PICTURE)
    act()
    lab.wait_for(CHANGED, f"the picture to follow {what}", [cell.element_handle(), before])
    expect_it_can_be_read(cell)


def expect_it_can_be_read(cell):
    assert cell.evaluate(COLLISIONS) == []
    assert cell.evaluate(TOO_WIDE) == []


def test_every_slider_and_button_moves_the_picture(lab, cell, stored):
    lab.wait_until_quiet()  # the page has rounded the values to its steps, and sent them back
    assert cell.evaluate(WORDS) == stored
    assert cell.evaluate(CUT) == [], "names of controls that are cut off"
    try_every_slider_from_end_to_end(lab, cell)
    try_every_button(lab, cell)


def try_every_slider_from_end_to_end(lab, cell):
    handles = cell.locator(SLIDERS)
    assert handles.count() > 0
    for i in range(handles.count()):
        handle = handles.nth(i)
        for end, key in (("Home", "ArrowRight"), ("End", "ArrowLeft")):
            handle.press(end)
            lab.wait_until_quiet()
            expect_it_can_be_read(cell)
            expect_a_new_picture(lab, cell, lambda h=handle, k=key: h.press(k), f"slider {i}")


def try_every_button(lab, cell):
    buttons = cell.locator(BUTTONS)
    for i in range(buttons.count()):
        button = buttons.nth(i)
        if "mod-active" not in button.get_attribute("class"):
            expect_a_new_picture(lab, cell, button.click, button.inner_text())
