"""Without a kernel: an exported page shows the last picture."""

import subprocess
import sys

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter

from browser.conftest import ROOT, Shop
from browser.test_every_notebook import NOTEBOOKS


@pytest.fixture
def page_without_kernel(browser):
    """A page that reads local files and nothing else."""
    page = browser.new_page()
    page.route("**/*", lambda route: route.abort() if _is_remote(route) else route.continue_())
    yield page
    page.close()


def _is_remote(route):
    return not route.request.url.startswith("file:")


def test_a_saved_and_exported_notebook_shows_the_last_picture(
    lab, shop, folder, page_without_kernel, tmp_path
):
    shop.press("apple price", "ArrowRight", times=7)
    shop.expect_bill([(107, 2)], 1.1)
    lab.command("docmanager:save")
    notebook = folder / "01_apple_shop.ipynb"
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", str(tmp_path)]
    subprocess.run([*command, str(notebook)], check=True, capture_output=True)
    page_without_kernel.goto(
        (tmp_path / "01_apple_shop.html").as_uri(), wait_until="domcontentloaded"
    )
    cell = page_without_kernel.locator(".jp-CodeCell", has_text="apple_shop.explore()")
    exported = Shop(lab, cell)
    assert exported.numbers() == shop.numbers()
    assert cell.locator("svg").is_visible()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_stored_notebook_exports_every_picture(name):
    path = ROOT / "notebooks" / name
    cells = nbformat.read(path, as_version=4).cells
    stored = [text for kind, text in outputs_of(cells) if kind == "text/html" and "<svg " in text]
    page, _ = HTMLExporter().from_filename(str(path))
    assert stored and pictures_in(page) == pictures_in("".join(stored))


def outputs_of(cells):
    """Return (kind, text) of everything that stored cells show."""
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    return [item for output in outputs for item in output.get("data", {}).items()]


def pictures_in(markup):
    """Return (alternative text, [text, ...]) of every picture in a page."""
    pictures = BeautifulSoup(markup, "html.parser").select("svg[aria-label]")
    return [(p["aria-label"], [t.get_text() for t in p.select("text")]) for p in pictures]
