"""The explorer of lesson 01 shows the bill of any receipt, and its gradients."""

import pytest
from explored import caption, said

from course_utils.datasets import Item, Receipt, load_receipts
from course_utils.explorers import apple_shop
from course_utils.pictures import short

OFFERED = [receipt for receipt in load_receipts() if len(receipt.items) <= 3]
RECEIPTS = [
    [("apple", 100, 2)],
    [("apple", 100, 2), ("orange", 150, 3)],
    [("rice", 12000, 1), ("orange", 150, 3), ("milk", 2500, 2)],
    [("a", 0, 0), ("b", 200, 24)],
]


def assert_is_receipt(alt, items, tax):
    """Compare a whole picture's words with plain arithmetic."""
    amounts = {f"{n} price": p for n, p, _ in items} | {f"{n} count": c for n, _, c in items}
    sum_ = sum(price * count for _, price, count in items)
    inputs = {name: short(value) for name, value in (amounts | {"tax": tax}).items()}
    assert said(alt, "Inputs") == inputs
    assert f"gives total = {short(sum_ * tax)}." in alt
    gradients = said(alt, "Gradients")
    assert gradients["tax"] == short(sum_) and gradients["total"] == "1"
    for name, price, count in items:
        assert gradients[f"{name} price"] == short(count * tax)
        assert gradients[f"{name} count"] == short(price * tax)


@pytest.mark.parametrize("items", RECEIPTS, ids=len)
@pytest.mark.parametrize("tax", [1.0, 1.1, 1.3])
def test_apple_shop(items, tax):
    whole = apple_shop.picture(items, tax)
    assert_is_receipt(whole.alt, items, tax)
    last = 2 * (2 * len(items) + 2 * (len(items) - 1) + 2) + 2
    assert caption(whole).startswith(f"Step {last} of {last}. Backward: × received ")
    for step in range(last + 1):
        picture = apple_shop.picture(items, tax, step)
        assert caption(picture).startswith(f"Step {step} of {last}. ")
        assert ("Gradients" in picture.alt) is (step > last // 2)
    assert apple_shop.picture(items, tax, last) == whole
    assert apple_shop.picture(items, tax, last + 7) == whole


@pytest.mark.parametrize("tax", [0, 3, 5, 8, 10, 12.5])
def test_the_tax_of_a_receipt_becomes_a_factor(tax):
    assert apple_shop.tax_factor(Receipt(1, (), tax)) == pytest.approx(1 + tax / 100, abs=1e-12)
    assert apple_shop.tax_factor(Receipt(1, (), 10.0)) == 1.1


@pytest.mark.parametrize("tax, step", [(0, 0.01), (7.25, 0.0001), (30, 0.01), (100, 0.01)])
def test_any_tax_that_a_receipt_may_have_is_shown(show, tax, step):
    shop = apple_shop.explore([OFFERED[0], Receipt(40, (Item("apple", 2, 100),), float(tax))])
    handle = show(shop)
    shop.receipt.value = 40
    assert_is_receipt(shop.picture().alt, [("apple", 100, 2)], 1 + tax / 100)
    assert shop.tax.value == pytest.approx(1 + tax / 100) and shop.tax.step == step
    assert shop.tax.max == max(1.3, shop.tax.value)
    assert float(format(shop.tax.value, shop.tax.readout_format)) == shop.tax.value
    shop.receipt.value = OFFERED[0].number
    assert handle.shown[-1] == handle.first
    assert (shop.tax.max, shop.tax.step, shop.tax.readout_format) == (1.3, 0.01, ".2f")


@pytest.mark.parametrize("receipts", [[], [Receipt(1, tuple(Item(n, 1, 1) for n in "abcd"), 10)]])
def test_a_shop_without_receipts_is_refused(receipts):
    with pytest.raises(ValueError, match="expected a receipt of at most 3 items"):
        apple_shop.explore(receipts)


def test_a_receipt_of_many_items_is_not_offered():
    many = Receipt(8, tuple(Item(n, 1, 1) for n in "abcd"), 10)
    shop = apple_shop.explore([many, OFFERED[1]])
    assert [number for _, number in shop.receipt.options] == [OFFERED[1].number]


def test_the_shop_starts_with_the_first_receipt_and_its_whole_walk(show):
    shop = apple_shop.explore()
    handle = show(shop)
    assert_is_receipt(handle.first["text/plain"], [("apple", 100, 2)], 1.1)
    assert shop.step.value == shop.step.max == shop.play.value == shop.play.max == 10


def test_every_receipt_loads_with_one_update(show):
    shop = apple_shop.explore()
    handle = show(shop)
    shop.tax.value = 1.25
    for receipt in [*OFFERED[::-1], OFFERED[1]]:
        if shop.receipt.value == receipt.number:
            continue
        before = len(handle.shown)
        shop.receipt.value = receipt.number
        assert len(handle.shown) == before + 1, receipt
        items = [(item.name, item.price, item.count) for item in receipt.items]
        assert_is_receipt(handle.shown[-1]["text/plain"], items, 1 + receipt.tax / 100)
        assert shop.step.value == shop.step.max == shop.play.max == shop.play.value
        assert f"Step {shop.step.max} of {shop.step.max}." in caption(handle.shown[-1])
        for i, row in enumerate(zip(shop.prices, shop.counts, strict=True)):
            has_item = i < len(items)
            assert all((c.layout.display != "none") is has_item for c in row)
            if has_item:
                kinds = ("price", "count")
                expected = [f"{items[i][0]} {kind}" for kind in kinds]
                assert [c.description for c in row] == expected
    assert {number for _, number in shop.receipt.options} == {r.number for r in OFFERED}


def test_a_receipt_says_what_is_on_it_before_it_is_chosen():
    titles = dict((number, title) for title, number in apple_shop.explore().receipt.options)
    assert titles[2] == "2: 2 × apple, 3 × orange"


def test_the_steps_stay_within_the_walk(show):
    shop = apple_shop.explore()
    handle = show(shop)
    shop.receipt.value = 3
    assert shop.step.max == 26
    shop.receipt.value = 1
    assert (shop.step.max, shop.step.value) == (10, 10)
    for step in range(11):
        shop.step.value = step
        assert caption(handle.shown[-1]).startswith(f"Step {step} of 10. ")
    shop.step.value = 99
    assert shop.step.value == 10


def test_sliders_of_a_loaded_receipt_move_its_own_numbers(show):
    shop = apple_shop.explore()
    handle = show(shop)
    shop.receipt.value = 2
    shop.prices[1].value, shop.counts[0].value, shop.tax.value = 180, 5, 1.2
    assert_is_receipt(handle.shown[-1]["text/plain"], [("apple", 100, 5), ("orange", 180, 3)], 1.2)


def test_nothing_is_updated_before_the_picture_is_shown():
    shop = apple_shop.explore()
    shop.receipt.value = 2
    assert_is_receipt(shop.picture().alt, [("apple", 100, 2), ("orange", 150, 3)], 1.1)
