"""tools/refresh.py: the same bytes twice, nothing stored from a run that failed."""

import shutil
from pathlib import Path

import nbformat
import pytest
from small_notebook import CELLS, write_notebook

from tools import refresh


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory):
    path = write_notebook(tmp_path_factory.mktemp("refreshed") / "small.ipynb", CELLS)
    assert refresh.main([str(path)]) == 0
    return path


@pytest.fixture
def copy(refreshed, tmp_path):
    return Path(shutil.copy(refreshed, tmp_path))


def test_a_second_refresh_writes_the_same_bytes(refreshed, copy):
    assert refresh.main([str(copy)]) == 0
    assert copy.read_bytes() == refreshed.read_bytes()


def test_what_is_stored_is_what_the_reader_sees_at_the_end(refreshed):
    notebook = nbformat.read(refreshed, as_version=4)
    number, picture, explorer = notebook.cells
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3]
    assert [cell.id for cell in notebook.cells] == ["cell-0", "cell-1", "cell-2"]
    assert [output.text for output in number.outputs] == ["to pay: 220\na second line\n"]
    assert "value 110.0" in picture.outputs[0].data["text/html"]
    assert "value 3" in explorer.outputs[1].data["text/html"]


def test_nothing_is_stored_that_differs_from_run_to_run(refreshed):
    notebook = nbformat.read(refreshed, as_version=4)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.language_info == {"name": "python"}
    assert all(cell.metadata == {} for cell in notebook.cells)
    assert notebook.cells[2].outputs[0].data == {"text/plain": "count: a slider"}


def test_check_finds_a_stale_number_and_writes_nothing(copy, capsys):
    stale = copy.read_text("utf-8").replace("to pay: 220", "to pay: 221")
    copy.write_text(stale, "utf-8")
    assert refresh.main(["--check", str(copy)]) == 1
    assert copy.read_text("utf-8") == stale
    assert capsys.readouterr().out == f"{copy}: stale\n"


def test_a_cell_that_raises_leaves_the_file_as_it_was(tmp_path, capsys):
    path = write_notebook(tmp_path / "broken.ipynb", ["print('fine')", "1 / 0"])
    before = path.read_bytes()
    assert refresh.main([str(path)]) == 1
    assert path.read_bytes() == before
    assert capsys.readouterr().err == f"{path}: code cell 2: ZeroDivisionError: division by zero\n"


def output(**fields):
    return nbformat.v4.new_output(**fields)


def test_only_neighbouring_pieces_of_one_stream_are_joined():
    pieces = [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]
    outputs = [output(output_type="stream", name=name, text=text) for name, text in pieces]
    merged = [(piece.name, piece.text) for piece in refresh.merge_streams(outputs)]
    assert merged == [("stdout", "ab"), ("stderr", "c"), ("stdout", "d")]


@pytest.mark.parametrize(
    ("printed", "stored"),
    [
        ("<Node object at 0x7f3a5c2b9d10>", "<Node object at 0x0>"),
        (f"File {refresh.ROOT}/course_utils/graph.py:3", "File course/course_utils/graph.py:3"),
        ("/tmp/ipykernel_4711/123.py:1: RuntimeWarning", "cell:1: RuntimeWarning"),
        ("0xff is 255", "0xff is 255"),
    ],
)
def test_addresses_and_paths_are_made_neutral(printed, stored):
    assert refresh.neutral({"text": [printed]}) == {"text": [stored]}
