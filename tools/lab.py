"""JupyterLab in Chromium, as the browser tests and the benchmark drive it.

    with jupyter_lab(notebooks, home) as url, chromium() as browser:
        lab = Lab(browser, url)
        lab.open("01_apple_shop.ipynb")
        lab.run_all()

Nothing outside the two folders is read or written. Every method waits on a condition, and says
what it waited for when that does not come true.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import TimeoutError as WaitedTooLongError
from playwright.sync_api import sync_playwright

SYSTEM_CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREEN = {"width": 1280, "height": 720}
SECONDS_TO_START = 60
SECONDS_TO_RUN = 60
SECONDS_TO_SHOW = 10
SECONDS_TO_STOP = 10

NOTEBOOK = "jupyterapp.shell.currentWidget"
IS_OPEN = f"path => {NOTEBOOK}?.context?.path === path && {NOTEBOOK}.context.isReady"
IS_IDLE = f"() => {NOTEBOOK}?.sessionContext?.session?.kernel?.status === 'idle'"
HAS_RUN = f"""() => {NOTEBOOK}.content.widgets.every(({{ model }}) =>
    model.type !== 'code' || !model.sharedModel.source.trim() || model.executionCount !== null)"""
IS_DRAWN = f"""() => {NOTEBOOK}.content.widgets.every(cell => {{
    if (cell.model.type !== 'code') return true
    const stored = cell.model.outputs.toJSON().filter(output =>
        [output.data?.['text/html'] ?? ''].flat().join('').includes('<svg '))
    return cell.node.querySelectorAll('.jp-OutputArea-output svg[aria-label]').length
        >= stored.length
}})"""
PLACE_OF = f"""source => {NOTEBOOK}.content.widgets.findIndex(
    cell => cell.model.sharedModel.source.trim() === source.trim())"""
RUN_ONE = f"""async place => {{
    {NOTEBOOK}.content.activeCellIndex = place
    await jupyterapp.commands.execute('notebook:run-cell')
}}"""
ERRORS = f"""() => {NOTEBOOK}.content.widgets.flatMap(({{ model }}) => {{
    if (model.type !== 'code') return []
    const wrong = model.outputs.toJSON().filter(output => output.output_type === 'error'
        || output.name === 'stderr')
    return wrong.map(output => [model.sharedModel.source, output.evalue ?? output.text].flat()
        .join('\\n→ '))
}})"""


@contextmanager
def jupyter_lab(notebooks, home):
    """Run JupyterLab over a folder of notebooks, with its settings in ``home``; yield its address.

    Raises:
        RuntimeError: the server ended or did not answer; the end of its log is in the message.
    """
    port = free_port()
    with serving(_command(notebooks, port), port, home) as url:
        yield url


@contextmanager
def serving(command, port, home, **variables):
    """Run a command that starts JupyterLab at a port, as ``jupyter_lab`` does.

    Args:
        command: its words.
        port: where it will answer.
        home: an empty folder, for its settings.
        **variables: more of its environment.
    """
    log, url = home / "jupyterlab.log", f"http://127.0.0.1:{port}"
    with open(log, "w") as written:
        server = subprocess.Popen(
            command,
            env=_environment(home) | variables,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for_answer(server, f"{url}/api", log)
        yield url
    finally:
        _stop(server)


def _stop(server):
    """End a server and what it started, by force where a thread of it does not end."""
    os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(timeout=SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _command(notebooks, port):
    """Return the command that serves a folder on this computer alone, without a password."""
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="]
    command += [f"--ServerApp.root_dir={notebooks}", "--expose-app-in-browser"]
    return [*command, *as_root()]


def as_root():
    """Return the option that JupyterLab asks of the system's administrator, else none."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--allow-root"] if is_root else []


def free_port():
    """Return a port of this computer that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(home):
    """Return the environment of a server that knows nothing of the settings of this account."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTEST"))}
    news = home / "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    news.parent.mkdir(parents=True)
    news.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    own = {"HOME": "", "IPYTHONDIR": "ipython", "JUPYTER_CONFIG_DIR": "config"}
    own |= {"JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime"}
    own |= {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    kept |= {name: str(home / folder) for name, folder in own.items()}
    return kept | {"JUPYTER_PREFER_ENV_PATH": "1", "OPENBLAS_NUM_THREADS": "1"}


def _wait_for_answer(server, url, log):
    end = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"JupyterLab did not start. Its log ends:\n{log.read_text()[-2000:]}")


@contextmanager
def chromium():
    """Run Debian's Chromium where there is one, else Playwright's own; yield the browser."""
    path = SYSTEM_CHROMIUM if SYSTEM_CHROMIUM.exists() else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Lab:
    """A page with JupyterLab in it, of the size of a projector."""

    def __init__(self, browser, url):
        self.page = browser.new_page(viewport=SCREEN)
        self.page.set_default_timeout(1000 * SECONDS_TO_SHOW)
        self.page.goto(f"{url}/lab")
        self.wait_for("() => window.jupyterapp?.shell?.node.isConnected", "JupyterLab's window")
        self.page.evaluate("async () => { await jupyterapp.restored }")

    def wait_for(self, condition, what, arg=None, seconds=SECONDS_TO_SHOW):
        """Wait until a JavaScript function of ``arg`` returns something true.

        Raises:
            AssertionError: it did not, in so many seconds; the message says ``what`` was awaited.
        """
        try:
            self.page.wait_for_function(condition, arg=arg, timeout=1000 * seconds)
        except WaitedTooLongError:
            raise AssertionError(f"waited {seconds} s in vain for {what}") from None

    def command(self, name, **arguments):
        """Execute one of JupyterLab's commands and wait until it is done."""
        run = "async ([name, args]) => { await jupyterapp.commands.execute(name, args) }"
        self.page.evaluate(run, [name, arguments])

    def open(self, path):
        """Open a notebook and wait for its kernel."""
        self.command("docmanager:open", path=path)
        self.wait_for(IS_OPEN, f"{path} to open", path, SECONDS_TO_START)
        self.wait_for(IS_IDLE, f"the kernel of {path}", seconds=SECONDS_TO_START)

    def close(self):
        """Shut the open notebook's kernel down, and close it without saving."""
        self.page.evaluate(f"""async () => {{
            const notebook = {NOTEBOOK}
            await notebook.sessionContext.shutdown()
            await notebook.context.revert()
            notebook.context.model.dirty = false
            notebook.close()
        }}""")

    def run_all(self):
        """Restart the kernel and run all cells, by the toolbar; wait until the last has run."""
        self.command("notebook:clear-all-cell-outputs")
        self.page.locator(f'{self.panel} [data-command="notebook:restart-run-all"]').click()
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.wait_for(HAS_RUN, "the last cell to have run", seconds=SECONDS_TO_RUN)
        self.wait_for(IS_IDLE, "the kernel to be idle")
        self.wait_for(IS_DRAWN, "every picture to be on the page")

    def wait_until_quiet(self):
        """Wait until the kernel has answered everything that was asked of it."""
        self.page.evaluate(
            f"async () => {{ await {NOTEBOOK}.sessionContext.session.kernel.requestKernelInfo() }}"
        )
        self.wait_for(IS_IDLE, "the kernel to be idle")

    def run_cell(self, source):
        """Run the cell that holds exactly this source; return it, scrolled into view."""
        cell = self.cell(source)
        self.page.evaluate(RUN_ONE, self.page.evaluate(PLACE_OF, source))
        return cell

    def cell(self, source):
        """Return the locator of the cell that holds exactly this source, scrolled into view."""
        place = self.page.evaluate(PLACE_OF, source)
        assert place >= 0, f"no cell of the open notebook reads {source!r}"
        scroll = f"place => {NOTEBOOK}.content.scrollToItem(place, 'start')"
        self.page.evaluate(scroll, place)
        return self.page.locator(f'{self.panel} .jp-Cell[data-windowed-list-index="{place}"]')

    def slider(self, cell, description):
        """Return the locator of the slider of a cell that goes by this description."""
        name = self.page.get_by_text(description, exact=True)
        return cell.locator(".widget-slider:visible").filter(has=name)

    def errors(self):
        """Return what went wrong in the open notebook: each cell with its error."""
        return self.page.evaluate(ERRORS)

    @property
    def panel(self):
        """The selector of the open notebook."""
        return ".jp-NotebookPanel:not(.lm-mod-hidden)"
