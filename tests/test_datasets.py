"""The data files are what their README says, and a broken file is refused by line and column."""

import hashlib
import re
import runpy
from collections import Counter
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from course_utils import datasets
from course_utils.datasets import Item, Receipt, load_receipts

ROOT = Path(__file__).resolve().parent.parent
RECEIPTS = ROOT / "data" / "receipts.csv"
HEADER = "receipt,item,count,price,tax"
GOOD = f"{HEADER}\n7,apple,2,100,10\n7,orange,3,150,10\n4,milk,1,2900,3.5\n"
LOADED = [
    Receipt(7, (Item("apple", 2, 100), Item("orange", 3, 150)), 10.0),
    Receipt(4, (Item("milk", 1, 2900),), 3.5),
]


@pytest.fixture
def write(tmp_path):
    """Return a function that writes text or bytes to shop.csv and returns its path."""

    def write_file(content):
        path = tmp_path / "shop.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write_file


def message_of(path):
    """Return the message with which the file is refused."""
    with pytest.raises(ValueError) as caught:
        load_receipts(path)
    assert caught.type is ValueError, "a UnicodeDecodeError is not meant for readers"
    return str(caught.value)


# The course's own file


def test_receipts_1_and_2_are_the_examples_of_lesson_01():
    receipts = load_receipts()
    assert receipts[0] == Receipt(1, (Item("apple", 2, 100),), 10.0)
    assert receipts[1] == Receipt(2, (Item("apple", 2, 100), Item("orange", 3, 150)), 10.0)


def test_there_are_36_receipts_in_order():
    assert [receipt.number for receipt in load_receipts()] == list(range(1, 37))


def test_known_receipts():
    receipts = load_receipts()
    assert receipts[19] == Receipt(20, (Item("rice", 1, 12000),), 10.0)
    last = (Item("umbrella", 1, 9900), Item("tangerine", 13, 400), Item("candy", 5, 100))
    assert receipts[35] == Receipt(36, last, 10.0)


def test_known_numbers_of_the_file():
    items = [item for receipt in load_receipts() for item in receipt.items]
    assert len(items) == 72
    assert sum(item.count for item in items) == 135
    assert sum(item.count * item.price for item in items) == 285_450


def test_one_to_three_items_each_about_equally_often():
    sizes = Counter(len(receipt.items) for receipt in load_receipts())
    assert set(sizes) == {1, 2, 3}
    assert all(10 <= often <= 14 for often in sizes.values())


def test_tax_rates_are_mostly_10():
    rates = Counter(receipt.tax for receipt in load_receipts())
    assert set(rates) == {0.0, 3.0, 5.0, 8.0, 10.0}
    assert rates[10.0] > 18


def test_items_are_plausible():
    for receipt in load_receipts()[2:]:
        for item in receipt.items:
            assert re.fullmatch("[a-z]{3,12}", item.name)
            assert 100 <= item.price <= 12_000 and item.price % 10 == 0
            assert 1 <= item.count <= 30


def test_types():
    receipt = load_receipts()[0]
    item = receipt.items[0]
    assert type(receipt.number) is int and type(receipt.tax) is float
    assert type(receipt.items) is tuple
    assert (type(item.name), type(item.count), type(item.price)) == (str, int, int)


def test_receipts_cannot_be_changed_by_accident():
    receipt = load_receipts()[0]
    with pytest.raises(FrozenInstanceError):
        receipt.tax = 0.0
    with pytest.raises(FrozenInstanceError):
        receipt.items[0].price = 0


def test_the_file_is_found_from_any_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(load_receipts()) == 36


def test_the_readme_has_the_checksum():
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    section = readme.split("## receipts.csv")[1].split("\n## ")[0]
    checksum = hashlib.sha256(RECEIPTS.read_bytes()).hexdigest()
    assert re.findall("[0-9a-f]{64}", section) == [checksum]


def test_the_script_makes_the_same_bytes():
    script = runpy.run_path(str(ROOT / "tools" / "make_receipts.py"))
    assert script["TARGET"] == RECEIPTS
    for _ in range(2):
        assert script["make_receipts"]().encode("utf-8") == RECEIPTS.read_bytes()


def test_the_script_writes_its_target(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "tools").mkdir()
    copy = tmp_path / "tools" / "make_receipts.py"
    copy.write_bytes((ROOT / "tools" / "make_receipts.py").read_bytes())
    runpy.run_path(str(copy), run_name="__main__")
    assert (tmp_path / "data" / "receipts.csv").read_bytes() == RECEIPTS.read_bytes()


# A reader's file that is fine


HARMLESS = {
    "plain": GOOD,
    "no last line end": GOOD.rstrip("\n"),
    "Windows": GOOD.replace("\n", "\r\n"),
    "old Mac": GOOD.replace("\n", "\r"),
    "byte-order mark": "\ufeff" + GOOD,
    "both": "\ufeff" + GOOD.replace("\n", "\r\n"),
    "spaces": GOOD.replace(",", " , "),
    "blank lines": GOOD.replace("\n", "\n\n") + "  \n",
    "quoted": GOOD.replace("apple", '"apple"'),
}


@pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS)
def test_harmless_differences_are_accepted(write, content):
    assert load_receipts(write(content)) == LOADED


def test_a_path_may_be_text(write):
    assert load_receipts(str(write(GOOD))) == LOADED


@pytest.mark.parametrize("name", ["사과", "crème", "ice cream", "a,b"])
def test_names_of_items(write, name):
    receipts = load_receipts(write(f'{HEADER}\n1,"{name}",1,100,10\n'))
    assert receipts[0].items[0].name == name


@pytest.mark.parametrize("text, tax", [("0", 0.0), ("100", 100.0), ("7.25", 7.25), (".5", 0.5)])
def test_limits_of_the_tax(write, text, tax):
    assert load_receipts(write(f"{HEADER}\n1,apple,1,100,{text}\n"))[0].tax == tax


def test_the_same_item_in_two_receipts(write):
    receipts = load_receipts(write(f"{HEADER}\n1,apple,1,100,10\n2,apple,1,100,8\n"))
    assert [receipt.tax for receipt in receipts] == [10.0, 8.0]


def test_loading_changes_nothing(write):
    path = write("\ufeff" + GOOD)
    before = path.read_bytes()
    load_receipts(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


# A reader's file that is broken: row 3 of the file, below a good row

WHOLE = "a whole number of 1 or more"
WON = "a whole number of won, 1 or more"
CENT = "a number of per cent from 0 to 100"
NAME = "the name of an item"
BROKEN_CELLS = [
    ("receipt", ["", "0", "-1", "1.5", "one", "nan"], WHOLE),
    ("count", ["", "0", "-2", "2.5", "2.0", "two", "nan", "inf", "1e3", "1_000", "2x"], WHOLE),
    ("price", ["", "0", "-5", "99.5", "cheap", "nan", "NaN", "inf", "-inf", "100 won"], WON),
    ("tax", ["", "-0.1", "100.1", "101", "ten", "nan", "inf", "10%", "1e1", "."], CENT),
    ("item", ["", "\x00", "\x1b[31m"], NAME),
]
CELL_CASES = [(column, text, words) for column, texts, words in BROKEN_CELLS for text in texts]


def with_cell(column, text):
    """Return a file whose line 3 has `text`, quoted, in one column."""
    cells = {"receipt": "2", "item": "pear", "count": "1", "price": "3500", "tax": "10"}
    cells[column] = f'"{text}"'
    return f"{HEADER}\n1,apple,1,1500,10\n{','.join(cells.values())}\n"


@pytest.mark.parametrize("column, text, expected", CELL_CASES)
def test_a_broken_cell(write, column, text, expected):
    message = message_of(write(with_cell(column, text)))
    assert message.startswith(f"shop.csv, line 3, column '{column}': expected {expected}")
    assert f", got {text!r}" in message


def test_the_whole_message(write):
    message = message_of(write(with_cell("count", "-2")))
    expected = "expected a whole number of 1 or more, got '-2'"
    assert message == f"shop.csv, line 3, column 'count': {expected}"


@pytest.mark.parametrize("column", ["count", "price", "tax"])
@pytest.mark.parametrize("text", ["1,000", "1 000", "1'000", "1_000"])
def test_thousands_separators(write, column, text):
    message = message_of(write(with_cell(column, text)))
    assert message.startswith(f"shop.csv, line 3, column '{column}': expected a ")
    assert f"got {text!r} (write numbers without separators: 1000, not 1,000)" in message


@pytest.mark.parametrize("column", ["receipt", "count", "price"])
@pytest.mark.parametrize("digits", [13, 400, 5000])
def test_a_number_too_long(write, column, digits):
    message = message_of(write(with_cell(column, "9" * digits)))
    assert message.startswith(f"shop.csv, line 3, column '{column}': expected a whole number")
    assert message.endswith("9' (more than 12 digits)")


@pytest.mark.parametrize(
    "row, column",
    [("1", "item"), ("1,apple", "count"), ("1,apple,2", "price"), ("1,apple,2,100", "tax")],
)
def test_too_few_cells(write, row, column):
    message = message_of(write(f"{HEADER}\n{row}\n"))
    assert message.startswith(f"shop.csv, line 2, column '{column}': expected ")
    assert message.endswith("got no cell, the row ends early")


@pytest.mark.parametrize("row, cells", [("1,apple,2,1,000,10", 6), ("1,apple,2,100,10,", 6)])
def test_too_many_cells(write, row, cells):
    message = message_of(write(f"{HEADER}\n{row}\n"))
    assert message.startswith("shop.csv, line 2: expected 5 cells")
    assert "write 1000, not 1,000" in message
    assert message.endswith(f"got {cells}: {row!r}")


BROKEN_ROWS = {
    "item twice": (
        "1,apple,1,100,10\n1,pear,1,100,10\n1,apple,2,100,10\n",
        "line 4, column 'item': expected each item once a receipt (see line 2), got 'apple' again",
    ),
    "tax differs": (
        "1,apple,1,100,10\n1,pear,1,100,8\n",
        "line 3, column 'tax': expected 10 as on line 2, one tax rate a receipt, got '8'",
    ),
    "not together": (
        "1,apple,1,100,10\n2,pear,1,100,10\n1,pear,1,100,10\n",
        "line 4, column 'receipt': expected the rows of receipt 1 to stand together, got '1' again",
    ),
}


@pytest.mark.parametrize("rows, expected", BROKEN_ROWS.values(), ids=BROKEN_ROWS)
def test_rows_that_do_not_fit_together(write, rows, expected):
    assert message_of(write(f"{HEADER}\n{rows}")) == f"shop.csv, {expected}"


@pytest.mark.parametrize(
    "header",
    [
        "receipt,item,count,price",
        "receipt,item,count,price,tax,note",
        "receipt,item,price,count,tax",
        "receipt;item;count;price;tax",
        "1,apple,2,100,10",
    ],
)
def test_another_header(write, header):
    message = message_of(write(f"{header}\n1,apple,2,100,10\n"))
    assert message == f"shop.csv, line 1: expected the header {HEADER!r}, got {header!r}"


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n", " \r\n"])
def test_an_empty_file(write, content):
    message = message_of(write(content))
    assert message == f"shop.csv, line 1: expected the header {HEADER!r}, got an empty file"


@pytest.mark.parametrize("content", [HEADER, f"{HEADER}\r\n\r\n"])
def test_only_a_header(write, content):
    assert message_of(write(content)).startswith("shop.csv: no receipts")


def test_bytes_that_are_not_utf_8(write):
    message = message_of(write(f"{HEADER}\n1,apple,2,100,10\n2,crème,1,100,10\n".encode("latin-1")))
    assert message == "shop.csv, line 3: expected UTF-8 text, got the byte 0xe8"


def test_a_utf_16_file(write):
    message = message_of(write(GOOD.encode("utf-16")))
    assert message.startswith("shop.csv, line 1: expected UTF-8 text, got the byte 0xf")


def test_a_quotation_mark_left_open(write):
    message = message_of(write(f'{HEADER}\n1,apple,2,100,10\n2,"pear,1,100,10\n3,tea,1,100,10\n'))
    assert message.startswith("shop.csv, line 3: expected comma-separated values")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "text, where",
    [
        (f'\n{HEADER}\n\n\n1,"two\nlines",1,100,10\n', "line 5, column 'item'"),
        (f"{HEADER}\n\n1,apple,1,100,10\n\n1,pear,x,100,10\n", "line 5, column 'count'"),
        (f'{HEADER}\n1,"apple\n",1,100,10\n1,pear,x,100,10\n', "line 4, column 'count'"),
    ],
    ids=["name on two lines", "blank lines", "row on two lines"],
)
def test_lines_are_counted_as_an_editor_counts_them(write, text, where, end):
    assert message_of(write(text.replace("\n", end))).startswith(f"shop.csv, {where}")


# No file at all


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        load_receipts(tmp_path / "nowhere.csv")
    assert str(caught.value) == f"{tmp_path / 'nowhere.csv'} not found"


@pytest.mark.parametrize("given", [True, False])
def test_the_course_file_missing_says_how_to_get_it_back(tmp_path, monkeypatch, given):
    monkeypatch.setattr(datasets, "DATA", tmp_path.resolve())
    with pytest.raises(FileNotFoundError, match=r"git checkout data/receipts\.csv") as caught:
        load_receipts(tmp_path / "receipts.csv" if given else None)
    assert str(caught.value).startswith("receipts.csv not found: ")
