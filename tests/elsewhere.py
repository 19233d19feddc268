"""Run notebooks with their kernels in another folder than theirs, and compare every byte.

    python tests/elsewhere.py FOLDER NOTEBOOKS...

Prints the names of those that would be stored otherwise now, as tools/refresh.py stores them.
"""

import sys
from pathlib import Path

import nbformat

from tools import refresh


def as_run_in(folder, path):
    """Return the text that the notebook at `path` has after a run with the kernel in `folder`."""
    notebook = nbformat.read(path, as_version=4)
    refresh.execute(notebook, folder / path.name)
    refresh.normalise(notebook)
    return nbformat.writes(notebook) + "\n"


def main(folder, *names):
    """Return the exit status: 1 when a notebook shows something else, or a cell raises."""
    paths = [Path(name) for name in names]
    different = [p.name for p in paths if as_run_in(Path(folder), p).encode() != p.read_bytes()]
    print(*different)
    return len(different)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
