"""`make lab`, as the README tells a reader to type it."""

import shlex

from browser.conftest import ROOT
from tools.lab import NOTEBOOK, SCREEN, as_root, free_port, serving

FIRST = "00_start_here.ipynb"
HAS_PICTURE = f"""() => {NOTEBOOK}?.content?.widgets.some(
    cell => cell.node.querySelector('.jp-OutputArea-output svg[aria-label]'))"""


def test_it_opens_the_first_lesson_with_its_stored_pictures(browser, tmp_path):
    address, home = tmp_path / "address", tmp_path / "home"
    home.mkdir()
    stand_in = f"sh -c 'echo \"$0\" >{shlex.quote(str(address))}' %s"
    port = free_port()
    flags = ["--expose-app-in-browser", "--ip=127.0.0.1", f"--port={port}", *as_root()]
    command = ["make", "-C", str(ROOT), "lab", f"LAB_FLAGS={' '.join(flags)}"]
    with serving(command, port, home, BROWSER=stand_in):
        page = browser.new_page(viewport=SCREEN)
        page.goto(wait_for_address(page, address))
        page.wait_for_function("() => window.jupyterapp")
        page.wait_for_function(HAS_PICTURE)
        assert page.url.endswith(f"/lab/tree/{FIRST}")
        page.close()


def wait_for_address(page, file):
    """Return the address that the browser was asked to open."""
    for _ in range(100):
        if file.exists() and file.read_text().strip():
            return file.read_text().strip()
        page.wait_for_timeout(100)
    raise AssertionError("make lab opened no browser")
