"""The apple-shop explorer in JupyterLab: by mouse, by keyboard, and fast."""

import pytest

from course_utils.datasets import load_receipts

STEPS = [  # of receipt 1: how many of these numbers are shown at which step
    ([], []),
    *[([100, 2, 200, 1.1][:k], []) for k in range(1, 5)],
    *[([100, 2, 200, 1.1, 220], [1, 1.1, 200, 2.2, 110][:k]) for k in range(6)],
]
RECORD_FRAMES = """cell => {
    const output = [...cell.querySelectorAll('.jp-OutputArea-output')].pop()
    const frames = { all: 0, blank: 0, pictures: new Set(), heights: new Set() }
    window.frames_seen = frames
    const look = () => {
        const picture = output.isConnected && output.querySelector('svg')
        const height = picture ? picture.getBoundingClientRect().height : 0
        frames.all += 1
        frames.blank += height > 0 ? 0 : 1
        frames.heights.add(output.getBoundingClientRect().height)
        if (picture) frames.pictures.add(picture.getAttribute('aria-label'))
        frames.next = requestAnimationFrame(look)
    }
    look()
}"""
FRAMES = """() => {
    cancelAnimationFrame(frames_seen.next)
    const { all, blank, pictures, heights } = frames_seen
    return { all, blank, pictures: pictures.size, heights: [...heights] }
}"""


def test_lesson_01_opens_with_its_bill(shop):
    assert {"220"} <= set(shop.numbers()["values"])
    assert {"2.2", "110", "200"} <= set(shop.numbers()["gradients"])


@pytest.mark.parametrize("by", [-40, 33])
def test_drag_the_price(shop, by):
    shop.drag("apple price", by)
    price = shop.shown("apple price")
    assert (price < 100) == (by < 0) and price != 100
    shop.expect_bill([(price, 2)], 1.1)


@pytest.mark.parametrize(
    "name, key, shown",
    [
        ("apple price", "ArrowRight", 101),
        ("apple price", "ArrowLeft", 99),
        ("apple price", "Home", 0),
        ("apple price", "End", 200),
        ("apple count", "ArrowUp", 3),
        ("tax", "ArrowRight", 1.11),
    ],
)
def test_keys_on_a_slider(shop, name, key, shown):
    shop.press(name, key)
    amounts = {"apple price": 100, "apple count": 2, "tax": 1.1} | {name: shown}
    price, count, tax = amounts.values()
    shop.expect_bill([(price, count)], tax)
    assert shop.shown(name) == shown


def test_a_slider_keeps_its_focus_while_it_redraws(shop):
    shop.handle("apple price").focus()
    for pressed in range(1, 11):
        shop.page.keyboard.press("ArrowRight")
        shop.expect_bill([(100 + pressed, 2)], 1.1)
    assert shop.shown("apple price") == 110


def test_a_fast_drag_never_blanks_the_picture(shop):
    """200 moves of the mouse: to the right end and back, and a little further."""
    shop.cell.evaluate(RECORD_FRAMES)
    x, y = shop.grab("apple price")
    for move in range(1, 201):
        shop.page.mouse.move(x + (move if move <= 100 else 230 - 1.3 * move), y)
    shop.page.mouse.up()
    shop.expect_bill([(shop.shown("apple price"), 2)], 1.1)
    frames = shop.page.evaluate(FRAMES)
    assert frames["all"] >= 20 and frames["pictures"] >= 10
    assert frames["blank"] == 0, f"{frames['blank']} of {frames['all']} frames without a picture"
    assert len(frames["heights"]) == 1, f"what stands below jumped: {frames['heights']}"


def test_walk_by_keyboard(shop):
    shop.press("step", "Home")
    for step, (values, gradients) in enumerate(STEPS):
        shop.expect(values, gradients)
        shop.expect_caption(f"Step {step} of 10.")
        shop.page.keyboard.press("ArrowRight")
    shop.expect(*STEPS[-1])


@pytest.mark.parametrize(("step", "words"), [(1, "Forward"), (7, "Backward")])
def test_the_caption_says_what_a_step_does(shop, step, words):
    shop.press("step", "Home")
    shop.press("step", "ArrowRight", times=step)
    shop.expect_caption(f"Step {step} of 10. {words}")


@pytest.mark.parametrize("key", [None, "Enter", "Space"])
def test_play_starts_over_and_pauses(shop, key):
    shop.expect_caption("Step 10 of 10.")
    toggle_play(shop, key)
    shop.expect_caption("Step 1 of 10.")
    shop.expect_caption("Step 2 of 10.")
    toggle_play(shop, key)
    shop.cell.locator(".widget-play .fa-play").wait_for()
    stopped = shop.shown("step")
    shop.expect(*STEPS[int(stopped)])
    shop.press("step", "ArrowRight")
    shop.expect(*STEPS[int(stopped) + 1])


def toggle_play(shop, key):
    button = shop.cell.locator(".widget-play button").first
    if key is None:
        button.click()
    else:
        button.focus()
        shop.page.keyboard.press(key)


def test_choose_receipts(shop):
    """Also after a slider was moved off the steps that the next receipt's prices go in."""
    receipts = {receipt.number: receipt for receipt in load_receipts()}
    chosen, items = receipts[1], [(100, 2)]
    for number in (2, 3, 1):
        first = f"{chosen.items[0].name} price"
        shop.press(first, "ArrowRight", times=3)
        shop.expect_bill([(shop.shown(first), items[0][1]), *items[1:]], 1 + chosen.tax / 100)
        shop.choose(number)
        chosen = receipts[number]
        items = [(item.price, item.count) for item in chosen.items]
        shop.expect_bill(items, 1 + chosen.tax / 100)
        for item in chosen.items:
            assert shop.shown(f"{item.name} price") == item.price
            assert shop.shown(f"{item.name} count") == item.count


def test_the_famous_basket(shop):
    shop.choose(2)
    shop.expect_bill([(100, 2), (150, 3)], 1.1)
    assert "715" in shop.numbers()["values"]
    assert {"2.2", "110", "3.3", "165", "650"} <= set(shop.numbers()["gradients"])
