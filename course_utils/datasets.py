"""Load the course's data files: from `data/`, checked, never from the network.

    from course_utils.datasets import load_co2, load_digits, load_receipts
    ppm = load_co2()
    train, held_out = load_digits()
    receipts = load_receipts()

A file that does not fit is refused with a message that names it: for the receipts, which a reader
may edit, with the line and the column, for the others with how to get the file back. No file is
read further than LARGEST bytes, and nothing here writes to a file.
"""

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from io import StringIO
from itertools import groupby
from os.path import realpath
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parent.parent / "data"
RESTORE = "get the course's own file back with `git checkout data/{}`"
LARGEST = 2_000_000  # bytes: more than any file of the course has
SHOWN = 200  # characters: as much of what was found as a message quotes
LONGEST = 60  # characters of an item's name, which a picture has room for
DIGITS, CO2 = "mnist_10k.npz", "co2_monthly.csv"
SHA256 = {
    DIGITS: "29f7e412a2d57447c339a8f5d6f3240bf5917b436b5717d9d749fe43ab28592d",
    CO2: "f19a03bc6a0daca2604e770ff5004fa06d979a33a41eebefde557ef0ca5fff6a",
}


@dataclass(frozen=True)
class Item:
    """One line of a receipt: so many pieces of one thing, with the price of one piece in won."""

    name: str
    count: int
    price: int


@dataclass(frozen=True)
class Receipt:
    """What one customer bought, and the tax on it in per cent (10.0 means 10 %)."""

    number: int
    items: tuple[Item, ...]
    tax: float


@dataclass(frozen=True)
class Digits:
    """Handwritten digits: grey images (N, 28, 28), 0 for paper to 255 for ink, and labels (N,)."""

    images: np.ndarray
    labels: np.ndarray

    def __len__(self):
        return len(self.labels)


def load_digits() -> tuple[Digits, Digits]:
    """Return (train, held out): 8,000 and 2,000 of the first 10,000 training images of MNIST.

    The split is the same at every call, each digit stands in both parts in the same proportion,
    and each part is shuffled.

    Raises FileNotFoundError if `data/mnist_10k.npz` is missing, another OSError if it cannot be
    read, and ValueError if it is not the course's file; the messages say how to get it back.
    """
    with np.load(io.BytesIO(_checked_bytes(DIGITS)), allow_pickle=False) as arrays:
        images, labels = arrays["images"], arrays["labels"]
    rng = np.random.default_rng(2026)
    shuffled = rng.permutation(len(labels))
    by_class = shuffled[np.argsort(labels[shuffled], kind="stable")]
    is_held_out = np.arange(len(labels)) % 5 == 0  # every fifth of each class
    parts = (rng.permutation(by_class[~is_held_out]), rng.permutation(by_class[is_held_out]))
    train, held_out = (Digits(images[part], labels[part]) for part in parts)
    return train, held_out


def load_co2() -> np.ndarray:
    """Return how much carbon dioxide the air on Mauna Loa held, month by month: 444 values in ppm.

    They are the means of January 1965 to December 2001. ppm is molecules in a million of dry air.

    Raises FileNotFoundError if `data/co2_monthly.csv` is missing, another OSError if it cannot be
    read, and ValueError if it is not the course's file; the messages say how to get it back.
    """
    _, *lines = _checked_bytes(CO2).decode("ascii").splitlines()
    return np.array([float(line.partition(",")[2]) for line in lines])


def moons(count=100, noise=0.15, seed=0):
    """Return (X, labels) of two half circles that interlock: no straight line parts them.

    X is (count, 2), labels (count,) with 0 and 1 in turn. Each coordinate is moved by a number from
    N(0, noise²). Raises ValueError for a count below 2.
    """
    labels, along = _labels("moons", count, 2), np.linspace(0, np.pi, count)
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.cos(along), np.sin(along)])
    X[labels == 1] = [1, 0.5] - X[labels == 1]
    return X + rng.normal(0, noise, X.shape), labels


def spirals(count=150, classes=3, noise=0.15, seed=0):
    """Return (X, labels) of arms that turn around one middle.

    X is (count, 2), labels (count,) with 0, 1, ... in turn. The angle of a point is moved by a
    number from N(0, noise²). Raises ValueError for fewer points than classes.
    """
    labels = _labels("spirals", count, classes)
    radius = np.linspace(0.1, 1, count)
    rng = np.random.default_rng(seed)
    angle = 2 * np.pi * labels / classes + 3.5 * radius + rng.normal(0, noise, count)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), labels


def _labels(name, count, classes):
    if not 1 <= classes <= count:
        raise ValueError(
            f"{name}: expected at least one point for each class, got {count} for {classes}"
        )
    return np.arange(count) % classes


def _checked_bytes(name):
    """Return the bytes of a data file, if it is the course's own."""
    restore = RESTORE.format(name)
    content = _read_bytes(DATA / name, restore)
    if hashlib.sha256(content).hexdigest() != SHA256[name]:
        raise ValueError(
            f"{name} is damaged or another file ({len(content):,} bytes, with another "
            f"checksum than the course's): {restore}"
        )
    return content


def _read_bytes(path, restore=None):
    """Return the bytes of a file of at most LARGEST; raise OSError or ValueError, which name it."""
    try:
        if path.exists() and not path.is_file():
            away = restore and f"move it away and {restore}"
            raise _refusal(ValueError, path, "is not a file", away)
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _refusal(FileNotFoundError, path, "not found", restore) from None
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise _refusal(type(error), path, what, restore) from None
    if len(content) > LARGEST:
        raise _refusal(ValueError, path, f"is larger than {LARGEST:,} bytes", restore)
    return content


def _refusal(kind, path, what, restore):
    """Return the error that says what is wrong with a file, and how to get the course's back."""
    return kind(f"{path.name} {what}: {restore}" if restore else f"{path} {what}")


def load_receipts(path: str | Path | None = None) -> list[Receipt]:
    """Return the receipts of a CSV file as a list of `Receipt`, in the order of the file.

    Without `path`, the course's own `data/receipts.csv` is read, wherever the notebook runs.
    A byte-order mark, Windows line ends, blank lines and spaces around a cell are accepted.

    Raises FileNotFoundError if there is no such file, another OSError if it cannot be read, and
    ValueError if a row is broken: the message names the file, the line, the column, what was
    expected and what was found.
    """
    path = DATA / "receipts.csv" if path is None else Path(path)
    receipts = {}
    for number, rows in groupby(_read_rows(path), key=lambda row: row["receipt"]):
        rows = list(rows)
        if number in receipts:
            expected = f"the rows of receipt {number} to stand together"
            raise _broken(path, rows[0]["line"], "receipt", expected, f"'{number}' again")
        receipts[number] = _receipt(path, rows)
    if not receipts:
        raise ValueError(f"{path.name}: no receipts, expected at least one row below the header")
    return list(receipts.values())


def _receipt(path, rows):
    """Return one `Receipt`; raise ValueError if its rows disagree on the tax or repeat an item."""
    first, lines = rows[0], {}
    for row in rows:
        if row["tax"] != first["tax"]:
            expected = f"{first['tax']:g} as on line {first['line']}, one tax rate a receipt"
            raise _broken(path, row["line"], "tax", expected, f"'{row['tax']:g}'")
        if row["item"] in lines:
            expected = f"each item once a receipt (see line {lines[row['item']]})"
            raise _broken(path, row["line"], "item", expected, f"{row['item']!r} again")
        lines[row["item"]] = row["line"]
    items = tuple(Item(row["item"], row["count"], row["price"]) for row in rows)
    return Receipt(first["receipt"], items, first["tax"])


def _read_rows(path):
    """Yield each row below the header as {"line": its number, column: value, ...}."""
    rows = _read_cells(path)
    line, header = next(rows, (1, None))
    if header != list(COLUMNS):
        found = "an empty file" if header is None else repr(",".join(header))
        raise _broken(path, line, None, f"the header {','.join(COLUMNS)!r}", found)
    for line, cells in rows:
        if len(cells) > len(COLUMNS):
            advice = "a comma starts a new one: write 1000, not 1,000, and 3.5, not 3,5"
            expected = f"{len(COLUMNS)} cells ({advice})"
            raise _broken(path, line, None, expected, f"{len(cells)}: {','.join(cells)!r}")
        texts = cells + [None] * (len(COLUMNS) - len(cells))
        values = (_value(path, line, *cell) for cell in zip(COLUMNS, texts, strict=True))
        yield {"line": line, **dict(zip(COLUMNS, values, strict=True))}


def _read_cells(path):
    """Yield (line number, stripped cells) for each row that is not blank, the header too."""
    reader = csv.reader(StringIO(_read_text(path), newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if cells not in ([], [""]):
                yield line, cells
            line = reader.line_num + 1  # where the next row starts
    except csv.Error as error:
        expected = "comma-separated values, each quotation mark closed"
        raise _broken(path, line, None, expected, str(error)) from None


def _read_text(path):
    """Return the text of a UTF-8 file; raise OSError or ValueError."""
    own = Path(realpath(path.parent)) / path.name == DATA / "receipts.csv"
    try:
        return _read_bytes(path, RESTORE.format(path.name) if own else None).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        found = f"the byte 0x{error.object[error.start]:02x}"
        raise _broken(path, line, None, "UTF-8 text", found) from None


def _value(path, line, column, text):
    """Return the value of one cell; raise ValueError if its column expects something else."""
    parse, expected = COLUMNS[column]
    value = None if text is None else parse(text)
    if value is None:
        found = "no cell, the row ends early" if text is None else repr(text) + _hint(text)
        raise _broken(path, line, column, expected, found)
    return value


def _broken(path, line, column, expected, found):
    """Return the ValueError that says where the file is broken, and how."""
    where = f"{path.name}, line {line}" + (f", column {column!r}" if column else "")
    if len(found) > SHOWN:
        found = f"{found[: SHOWN // 2]} … {found[-SHOWN // 2 :]}"
    return ValueError(f"{where}: expected {expected}, got {found}")


# A parser takes the text of a cell and returns its value, or None if the text does not fit.
# float() and int() alone would let "nan", "inf", "1_000" and numbers of any length through.


def _whole_number(text):
    number = int(text) if re.fullmatch("[0-9]{1,12}", text) else 0
    return number if number >= 1 else None


def _percent(text):
    number = float(text) if re.fullmatch(r"[0-9]+\.?[0-9]*|\.[0-9]+", text) else -1.0
    return number if 0 <= number <= 100 else None


def _name(text):
    is_formula = text.startswith(("=", "+", "-", "@"))  # a spreadsheet would run it
    fits = 0 < len(text) <= LONGEST and text.isprintable() and not is_formula
    return text if fits else None


def _hint(text):
    if re.fullmatch("[0-9]+,[0-9]{1,2}", text):
        return " (write a decimal point: 3.5, not 3,5)"
    if re.search(r"[0-9][,'_\s][0-9]", text):
        return " (write numbers without separators: 1000, not 1,000)"
    return " (more than 12 digits)" if re.fullmatch("[0-9]{13,}", text) else ""


COLUMNS = {  # column: (its parser, what it expects), in the order of the header
    "receipt": (_whole_number, "a whole number of 1 or more"),
    "item": (_name, f"the name of an item, up to {LONGEST} characters on one line, no formula"),
    "count": (_whole_number, "a whole number of 1 or more"),
    "price": (_whole_number, "a whole number of won, 1 or more"),
    "tax": (_percent, "a number of per cent from 0 to 100"),
}
