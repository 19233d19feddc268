"""A question in JupyterLab: closed until the reader has committed."""

import pytest
from playwright.sync_api import expect

from course_utils.exercises import lesson_01

ASK = "predict(check.pay_two_apples)"
QUESTION = lesson_01.pay_two_apples
REVEALED = "You said"


@pytest.fixture
def asked(lab, run_lesson_01):
    lab.open("01_apple_shop.ipynb")
    cell = lab.run_cell(ASK)
    cell.get_by_role("button", name="Commit").wait_for()
    return cell


def test_nothing_is_revealed_by_running(asked):
    assert QUESTION.text in asked.inner_text()
    assert REVEALED not in asked.inner_text()
    assert QUESTION.why not in asked.inner_text()
    assert asked.get_by_role("button", name="Commit").is_disabled()


@pytest.mark.parametrize("key", [None, "Enter"])
def test_a_commitment_opens_the_reveal(asked, key):
    wrong = next(o for o in QUESTION.options if o != QUESTION.answer)
    letter = QUESTION.letter(wrong)
    for name in (letter, "Commit"):
        button = asked.get_by_role("button", name=name, exact=True)
        expect(button).to_be_enabled()
        button.click() if key is None else button.press(key)
    asked.get_by_text(QUESTION.why).wait_for()
    assert f"{REVEALED} {letter}" in asked.inner_text()
    buttons = asked.locator(".jp-OutputArea button")
    assert all(buttons.nth(i).is_disabled() for i in range(buttons.count()))
