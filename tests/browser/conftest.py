"""One JupyterLab and one Chromium for all browser tests, and pictures as a reader sees them."""

import shutil
from pathlib import Path

import pytest

from course_utils.pictures import short, theme
from tools.lab import Lab, chromium, jupyter_lab

ROOT = Path(__file__).resolve().parents[2]
COLOURS = {"values": theme.FORWARD, "gradients": theme.GRADIENT_TEXT}
WRITTEN = """cell => [...cell.querySelectorAll('.jp-OutputArea-output svg text')].map(
    text => [text.getAttribute('fill'), text.textContent])"""
HANDLE = ".noUi-handle"


@pytest.fixture(scope="package")
def folder(tmp_path_factory):
    """A copy of the notebooks, so that the checkout is never written to."""
    copy = tmp_path_factory.mktemp("course") / "notebooks"
    return Path(shutil.copytree(ROOT / "notebooks", copy))


@pytest.fixture(scope="package")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def shared_lab(browser, folder, tmp_path_factory):
    with jupyter_lab(folder, tmp_path_factory.mktemp("home")) as url:
        yield Lab(browser, url)


@pytest.fixture
def lab(shared_lab, tmp_path):
    """JupyterLab; where a test fails, a screenshot is left in its ``tmp_path``."""
    return shared_lab


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed and {"lab", "tmp_path"} <= set(getattr(item, "funcargs", {})):
        path = item.funcargs["tmp_path"] / f"{report.when}_failed.png"
        item.funcargs["lab"].page.screenshot(path=path)
        report.sections.append(("screenshot", str(path)))
    return report


class Shop:
    """The apple-shop explorer as a reader handles it: sliders by name, numbers by colour."""

    def __init__(self, lab, cell):
        self.lab, self.cell, self.page = lab, cell, lab.page

    def slider(self, name):
        return self.lab.slider(self.cell, name)

    def handle(self, name):
        return self.slider(name).locator(HANDLE)

    def shown(self, name):
        """Return the value that a slider says it has."""
        return float(self.slider(name).locator(".widget-readout").inner_text())

    def press(self, name, key, times=1):
        """Focus a slider's handle and press a key."""
        self.handle(name).focus()
        for _ in range(times):
            self.page.keyboard.press(key)

    def drag(self, name, by, moves=5):
        """Take a slider's handle with the mouse and move it so many px to the right."""
        x, y = self.grab(name)
        self.page.mouse.move(x + by, y, steps=moves)
        self.page.mouse.up()

    def grab(self, name):
        """Press the mouse on a slider's handle; return where it is."""
        box = self.handle(name).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        return x, y

    def choose(self, number):
        """Choose a receipt by its number."""
        options = self.cell.locator("select option").all_inner_texts()
        title = next(text for text in options if text.startswith(f"{number}:"))
        self.cell.locator("select").select_option(label=title)

    def numbers(self):
        """Return the numbers written in the picture, in order of size."""
        written = self.cell.evaluate(WRITTEN)
        return {
            kind: sorted(text for fill, text in written if fill == colour)
            for kind, colour in COLOURS.items()
        }

    def caption(self):
        return self.cell.locator(".jp-OutputArea-output svg ~ p").inner_text()

    def expect(self, values, gradients):
        """Wait until the picture shows exactly these numbers."""
        wanted = {"values": _written(values), "gradients": _written(gradients)}
        self._wait_until(lambda: self.numbers() == wanted)
        assert self.numbers() == wanted

    def expect_caption(self, start):
        self._wait_until(lambda: self.caption().startswith(start))
        assert self.caption().startswith(start)

    def expect_bill(self, items, tax):
        """Wait until the picture shows the bill of (price, count) items and all its gradients."""
        self.expect(*bill(items, tax))

    def _wait_until(self, is_true):
        """Wait, from one painted frame to the next, but not for ever."""
        end = self.page.evaluate("() => performance.now()") + 5000
        while not is_true() and self.page.evaluate(NEXT_FRAME) < end:
            pass


NEXT_FRAME = "() => new Promise(requestAnimationFrame)"


def bill(items, tax):
    """Return (values, gradients) of every edge in the graph of a bill, by plain arithmetic."""
    lines = [price * count for price, count in items]
    sums = [sum(lines[: i + 1]) for i in range(1, len(lines))]
    whole = sum(lines)
    values = [number for item in items for number in item] + lines + sums + [tax, whole * tax]
    gradients = [tax * other for item in items for other in reversed(item)]
    gradients += [tax] * (len(lines) + len(sums)) + [whole, 1]
    return values, gradients


def _written(numbers):
    return sorted(short(number) for number in numbers)


EXPLORE = "apple_shop.explore()"


@pytest.fixture(scope="package")
def run_lesson_01(shared_lab):
    shared_lab.open("01_apple_shop.ipynb")
    shared_lab.run_all()


@pytest.fixture
def shop(lab, run_lesson_01):
    """The explorer of lesson 01, as it is when its cell has just run."""
    lab.open("01_apple_shop.ipynb")
    shop = Shop(lab, lab.run_cell(EXPLORE))
    shop.slider("apple price").wait_for()
    shop.expect_bill([(100, 2)], 1.1)
    return shop
