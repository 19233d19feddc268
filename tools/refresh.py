"""Run notebooks and store their outputs, so that a second run writes the same bytes.

    python tools/refresh.py [--check] [FILES...]

Without files: every notebook of the course. With --check nothing is written, and the exit
status is 1 when something would change. A notebook whose cell raises is left as it was.
"""

import argparse
import os
import re
import sys
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parents[1]
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
SECONDS_PER_CELL = 120
# What differs from machine to machine or run to run, and what is stored in its place.
NEUTRAL = [
    (re.compile(re.escape(str(ROOT))), "course"),
    (re.compile(re.escape(str(ROOT).replace(str(Path.home()), "~", 1))), "course"),
    (re.compile(r"[^\s:]*/ipykernel_\d+/\d+\.py"), "cell"),
    (re.compile(r"(?<= at )0x[0-9a-f]{6,}"), "0x0"),
]


class CellFailedError(Exception):
    """A notebook cannot be refreshed, because one of its cells does not run."""


def refresh(path):
    """Return the text that the notebook at `path` has after a run; write nothing."""
    notebook = nbformat.read(path, as_version=4)
    execute(notebook, path)
    normalise(notebook)
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def execute(notebook, path):
    """Run every cell in the notebook's own folder; raise `CellFailedError` where one fails."""
    client = NotebookClient(
        notebook,
        km=own_kernel(),
        timeout=SECONDS_PER_CELL,
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(path.parent)}},
    )
    with client.setup_kernel(cleanup_kc=True):
        for index, cell in enumerate(notebook.cells):
            try:
                client.execute_cell(cell, index)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                raise CellFailedError(failure(path, notebook, index, error)) from error


def own_kernel():
    """Return a manager of this environment's kernel, whatever kernels are installed elsewhere."""
    specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)


def failure(path, notebook, index, error):
    """Return one line: the notebook, the number of the code cell, what went wrong."""
    number = sum(cell.cell_type == "code" for cell in notebook.cells[: index + 1])
    if isinstance(error, CellExecutionError):
        reason = f"{error.ename}: {error.evalue}"
    else:
        reason = str(error).splitlines()[0]
    return f"{path}: code cell {number}: {reason}"


def normalise(notebook):
    """Rewrite, in place, all that a run stores and the next run would store otherwise."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata["kernelspec"] = dict(KERNEL)
    notebook.metadata["language_info"] = {"name": "python"}
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code_cells:
        cell.metadata.pop("execution", None)
        cell.outputs = [neutral(output) for output in merge_streams(cell.outputs)]
    number_executions(code_cells)
    leave_words_for_widgets(code_cells)


def merge_streams(outputs):
    """Return the outputs with neighbouring pieces of one stream joined."""
    merged = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output.output_type == "stream" and output.name == last.get("name"):
            last.text += output.text
        else:
            merged.append(output)
    return merged


def neutral(value):
    """Return a copy of `value` in which every string has `NEUTRAL` applied."""
    if isinstance(value, dict):
        return type(value)({key: neutral(item) for key, item in value.items()})
    if isinstance(value, list):
        return [neutral(item) for item in value]
    if isinstance(value, str):
        for pattern, replacement in NEUTRAL:
            value = pattern.sub(replacement, value)
    return value


def number_executions(code_cells):
    """Number the code cells that hold code 1, 2, 3, ..., and their results likewise."""
    count = 0
    for cell in code_cells:
        count += bool(cell.source.strip())
        cell.execution_count = count if cell.source.strip() else None
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count


def leave_words_for_widgets(code_cells):
    """Store a widget as the words that stand in for it.

    Its view means nothing without the kernel that made it: JupyterLab would show an error there.
    """
    for cell in code_cells:
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET_VIEW, None)


def update(path, check):
    """Refresh one notebook, or only look; return whether all is well with it."""
    try:
        text = refresh(path)
    except CellFailedError as error:
        print(error, file=sys.stderr)
        return False
    if text.encode() == path.read_bytes():
        return True
    print(f"{path}: {'stale' if check else 'refreshed'}")
    if not check:
        path.write_text(text, encoding="utf-8", newline="\n")
    return not check


def main(arguments=None):
    """Refresh the notebooks named on the command line; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, report what is stale")
    parser.add_argument("files", nargs="*", type=Path, help="notebooks (default: all)")
    options = parser.parse_args(arguments)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    files = options.files or sorted((ROOT / "notebooks").glob("*.ipynb"))
    return 0 if all([update(path, options.check) for path in files]) else 1


if __name__ == "__main__":
    sys.exit(main())
