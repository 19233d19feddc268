"""From a key on a slider to the painted picture: the course's explorer beside the usual way.

    python benchmarks/slider_latency.py [--samples N]

Both explorers stand in one notebook, in one JupyterLab and one Chromium, and are measured in
turns. What is printed is the table of benchmarks/README.md.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.lab import Lab, chromium, jupyter_lab  # noqa: E402

OURS = """\
from course_utils.explorers import apple_shop

apple_shop.explore()"""
USUAL = """\
import matplotlib.pyplot as plt
from ipywidgets import IntSlider, interact


def show(price):
    count, tax = 2, 1.1
    values = {"price": price, "count": count, "apples": price * count, "tax": tax}
    values["total"] = price * count * tax
    gradients = [count * tax, price * tax, tax, price * count, 1]
    plt.bar_label(plt.bar(values.keys(), values.values(), 0.4, align="edge"), fmt="%.4g")
    plt.bar_label(plt.bar(values.keys(), gradients, -0.4, align="edge"), fmt="%.4g")
    plt.show()


interact(show, price=IntSlider(100, 0, 200))"""
WAYS = {"explorer, SVG": (OURS, "apple price"), "interact, matplotlib": (USUAL, "price")}
PACKAGES = ["ipywidgets", "jupyterlab", "ipykernel", "matplotlib", "numpy", "playwright"]
MOVES, DRAG_SECONDS = 30, 1.0

# What is on show: the picture's element, and a text that is another one for another picture.
WATCH = """cell => {
    const area = cell.querySelector('.jp-OutputArea')
    window.shown = () => area.querySelector('svg[aria-label], .jp-OutputArea-output img')
    window.content = picture => picture && (picture.src ?? picture.outerHTML)
    window.afterPaint = () => new Promise(resolve => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = resolve
        port2.postMessage(null)
    }))
    window.nextPainted = before => new Promise(resolve => {
        const look = async () => {
            const picture = shown()
            if (!picture || content(picture) === before) return
            watcher.disconnect()
            await picture.decode?.()
            await afterPaint()
            resolve(performance.now())
        }
        const watcher = new MutationObserver(look)
        watcher.observe(area, { subtree: true, childList: true, attributes: true })
    })
}"""
AWAIT_KEY = """handle => {
    window.sample = new Promise(resolve => handle.addEventListener('keydown', async event => {
        const painted = nextPainted(content(shown()))
        resolve(await painted - event.timeStamp)
    }, { once: true, capture: true }))
}"""
COUNT_FRAMES = """() => {
    const frames = { blank: 0, pictures: new Set() }
    const look = () => {
        const picture = shown()
        const isThere = picture?.getBoundingClientRect().height > 0 && picture.complete !== false
        if (isThere) frames.pictures.add(content(picture))
        else frames.blank += 1
        frames.next = requestAnimationFrame(look)
    }
    window.frames = frames
    look()
}"""
COUNTED = """() => {
    cancelAnimationFrame(frames.next)
    return { painted: frames.pictures.size - 1, blank: frames.blank }
}"""


def main():
    """Measure both ways and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=40, help="of each way (default: 40)")
    samples = parser.parse_args().samples
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        notebooks, home = Path(folder, "notebooks"), Path(folder, "home")
        notebooks.mkdir()
        home.mkdir()
        _write_notebook(notebooks / "sliders.ipynb")
        with jupyter_lab(notebooks, home) as url, chromium() as browser:
            lab = Lab(browser, url)
            lab.open("sliders.ipynb")
            lab.run_all()
            _report(*_measure(lab, samples), samples, browser.version)


def _write_notebook(path):
    cells = [nbformat.v4.new_code_cell(source) for source, _ in WAYS.values()]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, path)


def _measure(lab, samples):
    """Return way → milliseconds of every sample, and way → frames of a fast drag."""
    times, frames = {way: [] for way in WAYS}, {}
    for sample in range(-3, samples):  # the first few warm both up
        for way in WAYS:
            taken = _one_key(lab, way, "ArrowRight" if sample % 2 else "ArrowLeft")
            if sample >= 0:
                times[way].append(taken)
    for way in WAYS:
        frames[way] = _one_drag(lab, way)
    return times, frames


def _one_key(lab, way, key):
    """Press an arrow key on a slider; return the milliseconds until the picture is painted."""
    handle = _handle(lab, way)
    handle.focus()
    handle.evaluate(AWAIT_KEY)
    lab.page.keyboard.press(key)
    taken = lab.page.evaluate("() => sample")
    lab.wait_until_quiet()
    return taken


def _one_drag(lab, way):
    """Drag a slider for a second; return how many pictures were painted meanwhile."""
    box = _handle(lab, way).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lab.page.mouse.move(x, y)
    lab.page.mouse.down()
    lab.page.evaluate(COUNT_FRAMES)
    start = time.monotonic()
    for move in range(1, MOVES + 1):
        lab.page.mouse.move(x + 3 * move, y)
        time.sleep(max(0, start + move * DRAG_SECONDS / MOVES - time.monotonic()))
    frames = lab.page.evaluate(COUNTED)
    lab.page.mouse.up()
    lab.wait_until_quiet()
    return frames


def _handle(lab, way):
    source, description = WAYS[way]
    cell = lab.cell(source)
    cell.evaluate(WATCH)
    return lab.slider(cell, description).locator(".noUi-handle")


def _report(times, frames, samples, chromium_version):
    ours, usual = (statistics.median(times[way]) for way in WAYS)
    print(f"\n| {samples} samples each | median ms | 90 % ms | frames of {MOVES} | blank |")
    print("| --- | --- | --- | --- | --- |")
    for way, taken in times.items():
        ninth = statistics.quantiles(taken, n=10)[-1]
        painted, blank = frames[way]["painted"], frames[way]["blank"]
        print(f"| {way} | {statistics.median(taken):.0f} | {ninth:.0f} | {painted} | {blank} |")
    print(f"\nRatio of the medians: {ours / usual:.2f}\n")
    versions = [f"{package} {version(package)}" for package in PACKAGES]
    python = ".".join(map(str, sys.version_info[:3]))
    print(", ".join([f"Python {python}", *versions, f"Chromium {chromium_version}"]))


if __name__ == "__main__":
    main()
