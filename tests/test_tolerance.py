"""tools/nbval_tolerance.py lets pass what other versions write otherwise, and nothing else."""

import re
import subprocess
import sys

import nbformat
import pytest
from nbval.plugin import IPyNbCell
from small_notebook import write_notebook

from tools.nbval_tolerance import alike, tolerant
from tools.refresh import ROOT

LINE = '<polyline points="522.2,165.9 9.0,3.5" x="7"/>'
CURVE = f'<svg aria-label="from 0.5 to 1.5">{LINE}<text>7.1</text></svg>'
FIGURE = '<svg role="img" aria-label="slope 14" width="9pt">\n <metadata>\n</metadata><path/></svg>'
# what is stored -> what a run may show instead
ALIKE = [
    ("loss 0.12345678", "loss 0.12345679"),
    ("0.1 + 0.2 = 0.3", "0.1 + 0.2 = 0.30000000000000004"),
    ("error 5.9e-11", "error 5.9e-11"),
    ("<b>2.0</b> [1.5, 2.5]", "<b>2.0</b> [1.5000001, 2.5]"),
    (CURVE, CURVE.replace("165.9", "165.8")),
    (CURVE, CURVE.replace('"7"', '"7.1"')),
    ('<rect width="113.5" height="9"/>', '<rect width="113.6" height="9"/>'),
    (FIGURE, FIGURE.replace("<path/>", "<path/><path/>").replace("9pt", "9.5pt")),
]
# what is stored -> what must not pass for it
DIFFERENT = [
    ("loss 0.1234", "loss 0.1235"),
    ("loss 0.1234", "loss -0.1234"),
    ("rate 0.3", "rate 0.4"),
    ("error 5.9e-11", "error 6.9e-11"),
    ("to pay: 220", "to pay: 221"),
    ("to pay: 220", "to pay: 220.0"),
    ("to pay: 220\na second line\n", "to pay: 220\n"),
    ("1.5\n2.5\n", "1.5\n"),
    ("[1.5, 2.5]", "[1.5, 2.5, 2.5]"),
    ("the loss falls 0.5", "the loss rises 0.5"),
    ("nan", "0.5"),
    (CURVE, CURVE.replace("165.9", "165.7")),
    (CURVE, CURVE.replace('"7"', '"7.2"')),
    (CURVE, CURVE.replace("7.1<", "7.2<")),
    (CURVE, CURVE.replace('x="7"', 'y="7"')),
    (CURVE, CURVE.replace("0.5", "0.6")),
    (CURVE, CURVE.replace(" 9.0,3.5", "")),
    (CURVE, ""),
    ("<path", '<path d="1"'),
    (FIGURE, FIGURE.replace("slope 14", "slope 15")),
    (FIGURE, FIGURE.replace("<metadata>", "<g>")),
]


@pytest.mark.parametrize(("stored", "fresh"), ALIKE)
def test_last_digits_may_differ(stored, fresh):
    assert alike(stored, fresh) and alike(fresh, stored)


@pytest.mark.parametrize(("stored", "fresh"), DIFFERENT)
def test_anything_else_differs(stored, fresh):
    assert not alike(stored, fresh) and not alike(fresh, stored)


def stored_and_shown(folder, pairs):
    """Write a notebook whose cells store one text each and print another; return its path."""
    path = write_notebook(folder / "printed.ipynb", [f"print({fresh!r})" for _, fresh in pairs])
    notebook = nbformat.read(path, as_version=4)
    for cell, (stored, _) in zip(notebook.cells, pairs, strict=True):
        cell.execution_count = 1
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=stored + "\n")]
    nbformat.write(notebook, path)
    return path


def test_nbval_compares_so_where_it_is_started_with_the_plugin(tmp_path):
    path = stored_and_shown(tmp_path, [*ALIKE, *DIFFERENT])
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "no:cacheprovider"]
    options = ["-p", "tools.nbval_tolerance", "--nbval", "--nbval-current-env", "-rpf"]
    report = subprocess.run(
        [*command, *options, "--color=no", path], cwd=ROOT, capture_output=True, encoding="utf-8"
    ).stdout
    outcomes = re.findall(r"^(PASSED|FAILED) .*::Cell (\d+)", report, re.MULTILINE)
    passed = {int(cell) for outcome, cell in outcomes if outcome == "PASSED"}
    assert passed == set(range(len(ALIKE)))
    assert len(outcomes) == len(ALIKE) + len(DIFFERENT)


def test_nbval_is_strict_where_it_is_started_without_it(pytestconfig):
    started = pytestconfig.pluginmanager.has_plugin("tools.nbval_tolerance")
    assert (IPyNbCell.sanitize is tolerant) == started
