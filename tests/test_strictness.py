"""The comparison of stored outputs can fail: proof on a small notebook, altered in four ways."""

import re
import subprocess
import sys

import nbformat
import pytest
from small_notebook import CELLS, write_notebook

from tools import refresh

NOTEBOOKS = sorted((refresh.ROOT / "notebooks").glob("*.ipynb"))
NUMBER, PICTURE, EXPLORER = range(len(CELLS))
# notebook: what is replaced in its file, and by what
ALTERATIONS = {
    "as_it_is": {},
    "other_outputs": {
        "to pay: 220": "to pay: 221",
        "value 110.0": "value 111.0",
        "value 3<": "value 1<",
    },
    "broken_callback": {"handle.update(picture(change.new))": "raise RuntimeError(change)"},
}


def run_nbval(folder):
    """Return how every cell of the notebooks in `folder` fares: (notebook, cell) -> outcome."""
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "tools.nbval_updates"]
    options = ["-p", "no:cacheprovider", "--color=no", "-rpf", "--nbval", "--nbval-current-env"]
    report = subprocess.run(
        [*command, *options, str(folder)], cwd=refresh.ROOT, capture_output=True, encoding="utf-8"
    ).stdout
    lines = re.findall(r"^(PASSED|FAILED) .*?(\w+)\.ipynb::Cell (\d+)", report, re.MULTILINE)
    return {(name, int(cell)): outcome for outcome, name, cell in lines}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("altered")
    original = write_notebook(folder / "as_it_is.ipynb", CELLS)
    assert refresh.main([str(original)]) == 0
    for name, replacements in ALTERATIONS.items():
        text = original.read_text("utf-8")
        for old, new in replacements.items():
            assert old in text
            text = text.replace(old, new)
        (folder / f"{name}.ipynb").write_text(text, "utf-8")
    return run_nbval(folder)


@pytest.mark.parametrize("cell", [NUMBER, PICTURE, EXPLORER])
def test_what_was_refreshed_passes(outcomes, cell):
    assert outcomes["as_it_is", cell] == "PASSED"


@pytest.mark.parametrize("cell", [NUMBER, PICTURE, EXPLORER])
def test_another_stored_number_or_picture_fails(outcomes, cell):
    assert outcomes["other_outputs", cell] == "FAILED"


def test_a_slider_whose_callback_raises_fails(outcomes):
    assert outcomes["broken_callback", EXPLORER] == "FAILED"
    assert outcomes["broken_callback", NUMBER] == outcomes["broken_callback", PICTURE] == "PASSED"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_code_cell_has_been_run(path):
    # nbval passes over the outputs of a cell without an execution count.
    cells = nbformat.read(path, as_version=4).cells
    code_cells = [cell for cell in cells if cell.cell_type == "code"]
    assert [cell.source for cell in code_cells if not cell.execution_count] == []
