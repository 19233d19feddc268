"""The apple shop (lesson 01): a receipt as a graph, every price, count and tax a slider."""

import ipywidgets as widgets

from course_utils.datasets import load_receipts
from course_utils.explorers.explorer import DESCRIPTION, WIDE, Explorer, slider, step_control
from course_utils.graph import Variable
from course_utils.pictures import draw
from course_utils.pictures.walk import Walk

MOST_ITEMS = 3


def total(items, tax):
    """Return the graph of what a receipt costs, with its gradients.

    Args:
        items: (name, price, count) of each item, prices in won.
        tax: the factor on the sum, 1.1 for 10 %.
    """
    lines = [
        Variable(price, f"{name} price") * Variable(count, f"{name} count")
        for name, price, count in items
    ]
    to_pay = sum(lines[1:], lines[0]) * Variable(tax, "tax")
    to_pay.name = "total"
    to_pay.backward()
    return to_pay


def picture(items, tax, step=None):
    """Return the picture of a receipt's graph, with words for the step that is shown."""
    to_pay = total(items, tax)
    walk = Walk(to_pay)
    step = walk.last if step is None else min(step, walk.last)
    return draw(to_pay, step=step, room=7).with_caption(walk.say(step))


def tax_factor(receipt):
    """Return the factor that adds a receipt's tax: 1.1 for 10 %."""
    return round(1 + receipt.tax / 100, 4)


def explore(receipts=None):
    """Return the explorer of the apple shop.

    Args:
        receipts: what can be chosen, as ``load_receipts`` returns it; the course's own unless
            given. Only receipts of at most three items are offered.

    Raises:
        ValueError: no receipt is left to offer.
    """
    receipts = load_receipts() if receipts is None else receipts
    offered = {r.number: r for r in receipts if len(r.items) <= MOST_ITEMS}
    if not offered:
        raise ValueError(f"apple_shop.explore: expected a receipt of at most {MOST_ITEMS} items")
    return AppleShop(offered)


class AppleShop(Explorer):
    """A receipt chooser, sliders for what is on the receipt, and a walk through its graph."""

    def __init__(self, offered):
        self.offered = offered
        self.receipt = widgets.Dropdown(
            options=[(_title(receipt), number) for number, receipt in offered.items()],
            description="receipt",
            style=DESCRIPTION,
            layout=WIDE,
        )
        self.receipt.observe(self._load, names="value")  # before the picture is redrawn
        self.prices = [slider("price", 1, 0, 200) for _ in range(MOST_ITEMS)]
        self.counts = [slider("count", 1, 0, 24) for _ in range(MOST_ITEMS)]
        self.tax = slider("tax", 1.0, 1.0, 1.3, 0.01)
        self.step, self.play = step_control(1)
        controls = {"receipt": self.receipt, "tax": self.tax, "step": self.step}
        controls |= {f"price_{i}": price for i, price in enumerate(self.prices)}
        controls |= {f"count_{i}": count for i, count in enumerate(self.counts)}
        lines = [list(pair) for pair in zip(self.prices, self.counts, strict=True)]
        play = [self.play, widgets.Label("plays the steps")]
        rows = [[self.receipt], *lines, [self.tax], [self.step, *play]]
        super().__init__(self._picture_of, controls, rows)
        self._load()

    def _picture_of(self, receipt, tax, step, **amounts):
        return picture(self._items(receipt, amounts), tax, step)

    def _items(self, receipt, amounts):
        names = [item.name for item in self.offered[receipt].items]
        return [(n, amounts[f"price_{i}"], amounts[f"count_{i}"]) for i, n in enumerate(names)]

    def _load(self, _change=None):
        receipt = self.offered[self.receipt.value]
        tax = tax_factor(receipt)
        last = Walk(total([(i.name, i.price, i.count) for i in receipt.items], tax)).last
        with self.held():
            for i, (price, count) in enumerate(zip(self.prices, self.counts, strict=True)):
                _set_item(receipt.items[i] if i < len(receipt.items) else None, price, count)
            _set_tax(tax, self.tax)
            self.step.max = self.play.max = last
            self.step.value = self.play.value = last


def _title(receipt):
    return f"{receipt.number}: " + ", ".join(f"{i.count} × {i.name}" for i in receipt.items)


def _set_item(item, price, count):
    """Point a pair of sliders at an item of a receipt, or hide them."""
    for control in (price, count):
        control.layout.display = None if item else "none"
    if item:
        price.description, count.description = f"{item.name} price", f"{item.name} count"
        price.step = 1  # the page rounds a value to the step it knows, and sends it back
        price.max, count.max = max(200, 2 * item.price), max(24, 2 * item.count)
        price.value, count.value = item.price, item.count
        price.step = 1 if item.price < 1000 or item.price % 10 else 10


def _set_tax(factor, control):
    """Point the slider of the tax at a receipt's factor, however high and however fine."""
    step, form = (0.01, ".2f") if factor == round(factor, 2) else (0.0001, ".4f")
    control.step = 0.0001
    control.max = max(1.3, factor)
    control.value, control.step, control.readout_format = factor, step, form
