"""Write data/receipts.csv: invented receipts, the same bytes at every run.

Run it from anywhere: python tools/make_receipts.py
"""

from pathlib import Path
from random import Random

TARGET = Path(__file__).resolve().parent.parent / "data" / "receipts.csv"
SEED = 43  # gives every tax rate, and one, two or three items about equally often
LAST = 36

# Receipts 1 and 2 are the examples of lesson 01, with round textbook prices.
HEAD = """\
receipt,item,count,price,tax
1,apple,2,100,10
2,apple,2,100,10
2,orange,3,150,10
"""

# Item, price in won for one piece, and the most that one customer takes.
GOODS = [
    ("apple", 1500, 8), ("banana", 500, 7), ("battery", 1300, 6), ("bread", 3200, 3),
    ("candy", 100, 20), ("carrot", 900, 5), ("chocolate", 1600, 5), ("coffee", 7800, 2),
    ("egg", 300, 30), ("juice", 2300, 4), ("kimchi", 8900, 2), ("milk", 2900, 3),
    ("notebook", 1800, 4), ("onion", 700, 6), ("orange", 1200, 8), ("pear", 3500, 4),
    ("pencil", 600, 8), ("potato", 650, 9), ("rice", 12000, 1), ("salt", 1900, 1),
    ("seaweed", 1350, 5), ("soap", 1100, 4), ("spinach", 2450, 2), ("sugar", 2700, 2),
    ("tangerine", 400, 15), ("tea", 5400, 2), ("tissue", 6500, 2), ("tofu", 1800, 3),
    ("toothpaste", 3900, 2), ("umbrella", 9900, 1), ("water", 950, 6), ("yoghurt", 850, 8),
]  # fmt: skip

TAX_RATES = [10, 10, 10, 10, 10, 10, 0, 3, 5, 8]


def make_rows(number, rng):
    """Return the lines of one receipt: one to three different items, one tax rate.

    Only `rng.random()` is used: Python promises the same numbers in every version.
    """
    tax = TAX_RATES[int(rng.random() * len(TAX_RATES))]
    how_many = 1 + int(rng.random() * 3)
    chosen = sorted(GOODS, key=lambda _: rng.random())[:how_many]
    counts = [1 + int(rng.random() * rng.random() * most) for _, _, most in chosen]
    lines = zip(chosen, counts, strict=True)
    return [f"{number},{name},{count},{price},{tax}\n" for (name, price, _), count in lines]


def make_receipts():
    """Return the whole file as text."""
    rng = Random(SEED)
    return HEAD + "".join(row for n in range(3, LAST + 1) for row in make_rows(n, rng))


if __name__ == "__main__":
    TARGET.write_bytes(make_receipts().encode("utf-8"))
