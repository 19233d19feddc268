"""Whatever stands in place of a data file: one clear error that names it, and nothing written."""

import os
import re
import subprocess
import tracemalloc
from pathlib import Path

import pytest

from course_utils import datasets
from course_utils.datasets import LARGEST, load_co2, load_digits, load_receipts

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "data"
LOADERS = {
    "receipts.csv": load_receipts,
    "mnist_10k.npz": load_digits,
    "co2_monthly.csv": load_co2,
}
CHECKED = ["mnist_10k.npz", "co2_monthly.csv"]
HEADER = "receipt,item,count,price,tax"
each_file = pytest.mark.parametrize("name", LOADERS)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty folder in the place of the course's data."""
    monkeypatch.setattr(datasets, "DATA", tmp_path.resolve())
    return tmp_path.resolve()


def refusal(name, kind):
    """Return the message with which the course's file is refused, which must name it."""
    with pytest.raises(kind) as caught:
        LOADERS[name]()
    error = caught.value
    assert type(error) is kind and (error.__context__ is None or error.__suppress_context__)
    assert str(caught.value).startswith(name)
    return str(caught.value)


def restored(name):
    return f"get the course's own file back with `git checkout data/{name}`"


# Not a file that can be read


@each_file
def test_a_folder_in_its_place_is_not_to_be_overwritten(data, name):
    (data / name).mkdir()
    (data / name / "mine.txt").write_text("kept")
    assert refusal(name, ValueError) == f"{name} is not a file: move it away and {restored(name)}"
    assert (data / name / "mine.txt").read_text() == "kept"


@each_file
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with a name")
def test_a_pipe_is_not_waited_for(data, name):
    os.mkfifo(data / name)
    assert "is not a file" in refusal(name, ValueError)


@each_file
def test_a_link_to_itself(data, name):
    (data / name).symlink_to(data / name)
    message = refusal(name, OSError)
    assert re.fullmatch(rf"{name} cannot be read \(.+\): {re.escape(restored(name))}", message)


@each_file
def test_a_link_to_nowhere(data, name):
    (data / name).symlink_to(data / "nowhere")
    assert refusal(name, FileNotFoundError) == f"{name} not found: {restored(name)}"


@each_file
def test_a_file_that_may_not_be_read(data, name, monkeypatch):
    (data / name).write_bytes((OWN / name).read_bytes())

    def denied(*_):
        raise PermissionError(13, "Permission denied", str(data / name))

    monkeypatch.setattr(datasets, "open", denied, raising=False)
    assert "cannot be read (Permission denied): get" in refusal(name, PermissionError)


@pytest.mark.parametrize("place", ["folder", "loop"])
def test_a_file_of_the_readers_own_is_named_with_its_path(tmp_path, place):
    path = tmp_path / "shop.csv"
    path.mkdir() if place == "folder" else path.symlink_to(path)
    with pytest.raises((ValueError, OSError)) as caught:
        load_receipts(path)
    assert str(caught.value).startswith(f"{path} ") and "git checkout" not in str(caught.value)


# A file that is not the course's


@each_file
def test_a_gigabyte_is_refused_without_being_read(data, name):
    (data / name).write_bytes((OWN / name).read_bytes())
    os.truncate(data / name, 2**30)
    tracemalloc.start()
    message = refusal(name, ValueError)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert message == f"{name} is larger than 2,000,000 bytes: {restored(name)}"
    assert peak < 5 * LARGEST


def test_the_courses_own_files_are_no_larger():
    assert all((OWN / name).stat().st_size <= LARGEST for name in LOADERS)


def flipped(content):
    return content[:500] + bytes([content[500] ^ 1]) + content[501:]


DAMAGES = {
    "a flipped bit": flipped,
    "half of it": lambda content: content[: len(content) // 2],
    "nothing": lambda content: b"",
    "all zeros": lambda content: bytes(len(content)),
    "a byte-order mark": lambda content: b"\xef\xbb\xbf" + content,
    "Windows line ends": lambda content: content.replace(b"\n", b"\r\n"),
    "a row twice": lambda content: content + content.splitlines(True)[-1],
    "a blank line": lambda content: content + b"\n",
    "a merge that stopped": lambda content: (
        b"<<<<<<< HEAD\n" + content + b"=======\n>>>>>>> main\n"
    ),
    "a web page": lambda content: b"<!DOCTYPE html>\n<title>404</title>\n",
}
HARMLESS = {"a byte-order mark": 36, "Windows line ends": 36, "a blank line": 36}
AS_IF_EDITED = {"a flipped bit": 36, "half of it": 16}  # other prices, fewer receipts
ACCEPTED = HARMLESS | AS_IF_EDITED


@pytest.mark.parametrize("name", CHECKED)
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_another_content_is_refused(data, name, damage):
    content = damage((OWN / name).read_bytes())
    (data / name).write_bytes(content)
    found = f"{len(content):,} bytes, with another checksum than the course's"
    expected = f"{name} is damaged or another file ({found}): {restored(name)}"
    assert refusal(name, ValueError) == expected
    assert (data / name).read_bytes() == content
    assert list(data.iterdir()) == [data / name]


@pytest.mark.parametrize("what", sorted(DAMAGES.keys() - ACCEPTED))
def test_another_content_of_the_receipts_is_refused_by_its_line(data, what):
    content = DAMAGES[what]((OWN / "receipts.csv").read_bytes())
    (data / "receipts.csv").write_bytes(content)
    assert re.match(r"receipts\.csv, line \d+[:,] ", refusal("receipts.csv", ValueError))
    assert (data / "receipts.csv").read_bytes() == content


@pytest.mark.parametrize("what", ACCEPTED)
def test_what_could_be_the_readers_own_receipts_is_read(data, what):
    content = DAMAGES[what]((OWN / "receipts.csv").read_bytes())
    (data / "receipts.csv").write_bytes(content)
    receipts = load_receipts()
    assert len(receipts) == ACCEPTED[what]
    assert (receipts == load_receipts(OWN / "receipts.csv")) is (what in HARMLESS)
    assert (data / "receipts.csv").read_bytes() == content


@each_file
@pytest.mark.parametrize("other", LOADERS)
def test_one_file_under_the_name_of_another(data, name, other):
    (data / name).write_bytes((OWN / other).read_bytes())
    if name == other:
        LOADERS[name]()
    else:
        refusal(name, ValueError)


def test_no_byte_is_changed_on_the_way_from_git():
    command = ["git", "check-attr", "text", "--", *(f"data/{name}" for name in LOADERS)]
    try:
        said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs git and the course's repository")
    assert [line.rpartition(": ")[2] for line in said.splitlines()] == ["unset"] * len(LOADERS)


# Receipts that a spreadsheet or an editor has changed


def message_of(tmp_path, content):
    path = tmp_path / "shop.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError) as caught:
        load_receipts(path)
    return str(caught.value)


@pytest.mark.parametrize("column", HEADER.split(","))
@pytest.mark.parametrize("text", ["=1+1", "+1", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_a_formula_is_refused_in_every_column(tmp_path, column, text):
    cells = dict(zip(HEADER.split(","), ["1", "apple", "2", "100", "10"], strict=True))
    row = ",".join((cells | {column: text}).values())
    message = message_of(tmp_path, f"{HEADER}\n{row}\n")
    assert message.startswith(f"shop.csv, line 2, column {column!r}: expected ")
    assert message.endswith(f", got {text!r}")


@pytest.mark.parametrize("text", ["3,5", "10,25"])
def test_a_decimal_comma(tmp_path, text):
    message = message_of(tmp_path, f'{HEADER}\n1,apple,2,100,"{text}"\n')
    assert message.endswith(f"got {text!r} (write a decimal point: 3.5, not 3,5)")
    message = message_of(tmp_path, f"{HEADER}\n1,apple,2,100,{text}\n")
    assert "expected 5 cells (a comma starts a new one: " in message and "not 3,5" in message


def test_a_decimal_comma_with_semicolons(tmp_path):
    content = f"{HEADER}\n1,apple,2,100,3,5\n".replace(",", ";")
    assert "expected the header 'receipt,item," in message_of(tmp_path, content)


def test_a_name_is_as_long_as_a_picture_has_room_for(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text(f"{HEADER}\n1,{'a' * 60},2,100,10\n")
    assert load_receipts(path)[0].items[0].name == "a" * 60
    message = message_of(tmp_path, f"{HEADER}\n1,{'a' * 61},2,100,10\n")
    assert "line 2, column 'item': expected the name of an item, up to 60 characters" in message


@pytest.mark.parametrize(
    "content",
    [
        "x" * 100_000 + "\n",
        f"{HEADER}\n" + "1," * 100_000 + "\n",
        f"{HEADER}\n1,{'a' * 100_000},1,1,1\n",
        f'{HEADER}\n1,"{"a" * 200_000},1,1,1\n',
    ],
    ids=["one long line", "many cells", "a long cell", "a quotation mark left open"],
)
def test_a_message_stays_short_whatever_was_found(tmp_path, content):
    assert len(message_of(tmp_path, content)) < 400
