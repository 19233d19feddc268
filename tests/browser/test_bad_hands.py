"""Hands that are too fast, too early or too late: JupyterLab's cells and controls ill-treated."""

import nbformat
import pytest
from small_notebook import write_notebook

from browser.test_every_explorer import WORDS
from course_utils.explorers.explorer import WIDGET_VIEW
from tools.lab import IS_IDLE, NOTEBOOK, PLACE_OF, SECONDS_TO_RUN

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
FAST = ["fork", "lineup", "depth", "boundary", "window"]  # quick to draw, and slow
START = f"""\
import signal, warnings
import numpy as np
from course_utils.exercises import Exercise
from course_utils.explorers import {", ".join(FAST)}
from course_utils.nodes import Affine, MeanSquaredError
from course_utils.training import SGD, Network, fit

def spin(x):
    print("spinning", flush=True)
    while True:
        pass

def state():
    return np.geterr(), list(warnings.filters), signal.getsignal(signal.SIGALRM)

check = Exercise("Exercise 0.0", lambda x: 2 * x, ((1.0,), (2.0,)))
X = np.ones((64, 4))
before = state()"""
SHOW = {name: f"{name}_shown = {name}.explore()\n{name}_shown" for name in FAST}
SPIN = "check(spin)"
TRAIN = "history = fit(Network([Affine(np.ones((4, 1)), [0.0])], MeanSquaredError()), X, " + (
    "np.ones((64, 1)), SGD(0.01), {epochs}, batch_size=1)"
)
TRAIN_LONG, TRAIN_SHORT = TRAIN.format(epochs=10**5), TRAIN.format(epochs=2)
SAY = "print(state() == before, signal.getitimer(signal.ITIMER_REAL))"
KEYS = """([handle, keys]) => {
    handle.focus()
    for (const key of keys)
        handle.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
}"""
EVALUATED = f"""async what => {{
    const {{ kernel }} = {NOTEBOOK}.sessionContext.session
    const request = {{ code: '', silent: true, user_expressions: {{ what }} }}
    const reply = await kernel.requestExecute(request).done
    return reply.content.user_expressions.what.data['text/plain']
}}"""
BEGIN = f"""place => {{
    {NOTEBOOK}.content.activeCellIndex = place
    jupyterapp.commands.execute('notebook:run-cell')
}}"""
RESTART = """() => {
    window.isRestarted = false
    jupyterapp.commands.execute('notebook:restart-kernel').then(() => { isRestarted = true })
}"""
SAYS = "([cell, words]) => cell.querySelector('.jp-OutputArea')?.textContent.includes(words)"
LOST = "box => getComputedStyle(box, '::after').content"
OUTPUTS = f"""() => {NOTEBOOK}.content.widgets.map(({{ model }}) => model.type !== 'code' ? ''
    : JSON.stringify(model.outputs.toJSON().map(({{ data, text, evalue }}) =>
        [data?.['text/html'], data?.['text/plain'], text, evalue])))"""
VIEWS = f"""() => {NOTEBOOK}.content.widgets.filter(({{ model }}) => model.type === 'code')
    .map(({{ model, node }}) => [
        model.outputs.toJSON().filter(({{ data }}) => data?.['{WIDGET_VIEW}']).length,
        node.querySelectorAll('.jp-OutputArea-output > .jupyter-widgets').length])"""


@pytest.fixture(scope="module")
def written(shared_lab, folder):
    """A notebook with explorers, a check and a training, open."""
    cells = [START, *SHOW.values(), SPIN, TRAIN_LONG, TRAIN_SHORT, SAY]
    path = write_notebook(folder / "bad_hands.ipynb", cells)
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["kernelspec"] = KERNEL
    nbformat.write(notebook, path)
    shared_lab.open(path.name)
    yield
    shared_lab.close()
    path.unlink()


@pytest.fixture
def hands(lab, written):
    lab.command("notebook:clear-all-cell-outputs")
    lab.run_cell(START)
    lab.wait_until_quiet()
    assert lab.errors() == []
    return lab


def shown(lab, name):
    """Run an explorer's cell; return it, and a handle of its first slider."""
    cell = lab.run_cell(SHOW[name])
    handle = cell.locator(".widget-slider:visible .noUi-handle").first
    handle.wait_for()
    lab.wait_until_quiet()
    return cell, handle


def evaluated(lab, expression):
    return lab.page.evaluate(EVALUATED, expression)


def restart(lab):
    lab.page.evaluate(RESTART)
    lab.page.locator(".jp-Dialog .jp-mod-accept").click()
    lab.wait_for("() => window.isRestarted", "the kernel to start", seconds=SECONDS_TO_RUN)
    lab.wait_for(IS_IDLE, "the kernel to be idle")


def begin(lab, source, words):
    """Run a cell without waiting for its end; wait until it says something."""
    cell = lab.cell(source)
    lab.page.evaluate(BEGIN, lab.page.evaluate(PLACE_OF, source))
    expect(lab, cell, words)
    return cell


def expect(lab, cell, words):
    lab.wait_for(SAYS, f"the cell to say {words!r}", [cell.element_handle(), words])


def interrupt(lab, cell, words):
    """Press the square; wait until the cell that runs says so."""
    lab.command("notebook:interrupt-kernel")
    expect(lab, cell, words)
    lab.wait_until_quiet()


def expect_nothing_left(lab):
    expect(lab, lab.run_cell(SAY), "True (0.0, 0.0)")


@pytest.mark.parametrize("name", FAST)
def test_200_events_at_once_end_in_the_state_of_the_last(hands, name):
    cell, handle = shown(hands, name)
    keys = ["End", "ArrowLeft", "ArrowLeft", "Home", "ArrowRight"] * 40
    hands.page.evaluate(KEYS, [handle.element_handle(), keys])
    for _ in range(2):  # the page sends the last value once the kernel has answered
        hands.page.evaluate("() => new Promise(requestAnimationFrame)")
        hands.wait_until_quiet()
    first = f"next(c for c in {name}_shown.controls.values() if hasattr(c, 'readout'))"
    value, least, step = eval(evaluated(hands, f"(lambda c: (c.value, c.min, c.step))({first})"))
    assert value == least + step
    words = eval(evaluated(hands, f"{name}_shown.picture().alt"))
    assert cell.evaluate(WORDS) == words
    assert hands.errors() == []


def test_an_explorer_that_lost_its_kernel_says_so_and_comes_back(hands):
    cell, handle = shown(hands, "fork")
    box = cell.locator(".course-controls")
    assert box.evaluate(LOST) == "none"
    restart(hands)
    cell.locator(".course-controls.jupyter-widgets-disconnected").wait_for()
    before = cell.evaluate(WORDS)
    handle.press("End")
    assert "Run the cells again" in box.evaluate(LOST) and cell.evaluate(WORDS) == before
    hands.run_cell(SHOW["fork"])
    assert "name 'fork' is not defined" in cell.locator(".jp-OutputArea").inner_text()
    hands.run_cell(START)
    cell, handle = shown(hands, "fork")
    assert cell.locator(".course-controls").count() == 1
    assert cell.locator(".course-controls").evaluate(LOST) == "none"
    handle.press("End")
    hands.wait_until_quiet()
    assert cell.evaluate(WORDS) == eval(evaluated(hands, "fork_shown.picture().alt"))
    assert hands.errors() == []


def test_a_check_that_is_interrupted_leaves_nothing_behind(hands):
    cell = begin(hands, SPIN, "spinning")
    interrupt(hands, cell, "KeyboardInterrupt")
    expect_nothing_left(hands)


@pytest.mark.parametrize("stop", ["interrupt", "restart"])
def test_a_training_that_is_stopped_can_be_run_again(hands, stop):
    cell = begin(hands, TRAIN_LONG, "epoch ")
    if stop == "restart":
        restart(hands)
        hands.run_cell(START)
    else:
        interrupt(hands, cell, "stopped after")
    expect(hands, hands.run_cell(TRAIN_SHORT), "2 epochs of 64 iterations")
    expect_nothing_left(hands)


@pytest.mark.parametrize("name", ["00_start_here.ipynb", "03_add_and_multiply_nodes.ipynb"])
def test_a_lesson_run_twice_in_one_kernel_says_the_same(lab, name):
    lab.open(name)
    lab.run_all()
    lab.wait_until_quiet()
    once = lab.page.evaluate(OUTPUTS)
    lab.command("notebook:run-all-cells")
    lab.wait_until_quiet()
    assert lab.errors() == []
    assert lab.page.evaluate(OUTPUTS) == once
    views = lab.page.evaluate(VIEWS)
    assert views and all(stored == drawn for stored, drawn in views)
    lab.close()
