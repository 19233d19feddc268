"""A bar that shows how far a training is: in a notebook, in a terminal, or not at all."""

import sys
from html import escape
from time import monotonic

SECONDS = 0.1  # between two looks of the bar: an eye sees no more
CELLS = 30  # of the bar in a terminal


def progress_bar(epochs, iterations, show=True):
    """Return a ProgressBar that shows itself where it can.

    In a notebook it is an output that is replaced in place, and at the end holds nothing that
    differs from run to run. In a terminal it is a line of standard error. Elsewhere it is silent.
    """
    write = _silent
    if show and _is_notebook():
        write = _Cell()
    elif show and sys.stderr is not None and sys.stderr.isatty():
        write = _to_terminal
    return ProgressBar(epochs, iterations, write)


class ProgressBar:
    """Counts iterations, and says so a few times a second; to be used in a ``with`` statement.

    Args:
        epochs: how many there will be.
        iterations: in each epoch.
        write: called with (share done, words, whether it is the last time).
    """

    def __init__(self, epochs, iterations, write):
        self.epochs, self.iterations, self.done = epochs, iterations, 0
        self._write = write
        self._next = 0.0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        said = f"{_count(self.epochs, 'epoch')} of {_count(self.iterations, 'iteration')}"
        if error is not None:
            said += f", stopped after {self.done}"
        self._write(self._share(), said, True)

    def advance(self, loss):
        """Count one more iteration, which had this loss."""
        self.done += 1
        if monotonic() >= self._next:
            epoch = -(-self.done // self.iterations)
            said = f"epoch {epoch} of {self.epochs}, loss {loss:.4f}"
            self._write(self._share(), said, False)
            self._next = monotonic() + SECONDS

    def _share(self):
        return self.done / (self.epochs * self.iterations)


def _count(number, what):
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _is_notebook():
    """Return whether this runs in a kernel that can show HTML."""
    shell = sys.modules.get("IPython")
    shell = shell.get_ipython() if shell else None
    return shell is not None and hasattr(shell, "kernel")


def _silent(share, words, is_last):
    pass


def _to_terminal(share, words, is_last):
    full = round(share * CELLS)
    bar = "#" * full + "." * (CELLS - full)
    sys.stderr.write(f"\r[{bar}] {words}\033[K" + "\n" * is_last)
    sys.stderr.flush()


class _Cell:
    """Shows a bar as one output of a notebook's cell, and replaces it in place."""

    def __init__(self):
        self._shown = None

    def __call__(self, share, words, is_last):
        from IPython.display import display

        bar = f'<progress value="{share:.3f}" max="1" style="width:20em"></progress>'
        words = escape(words)
        html = f'<label style="font-size:16px">{bar} {words}</label>'
        bundle = {"text/html": html, "text/plain": words}
        if self._shown is None:
            self._shown = display(bundle, raw=True, display_id=True)
        else:
            self._shown.update(bundle, raw=True)
