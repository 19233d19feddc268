"""A question stays closed until its reader commits."""

import pytest
from checked import members

from course_utils.exercises import Question
from course_utils.exercises import question as question_module
from course_utils.exercises.question import Prediction


class Shown:
    """A stand-in for the display of a notebook."""

    def __init__(self):
        self.bundles = []

    def __call__(self, bundle, **_options):
        self.bundles.append(bundle)
        return self

    def update(self, bundle, **_options):
        self.bundles.append(bundle)


@pytest.fixture
def shown(monkeypatch):
    shown = Shown()
    monkeypatch.setattr(question_module, "display", shown)
    monkeypatch.setattr(question_module, "show_widget", lambda *_: None)
    return shown


@pytest.mark.parametrize("question", list(members(Question)))
def test_a_question_stays_closed_until_the_reader_commits(question, shown):
    prediction = Prediction(question)
    prediction._ipython_display_()
    assert prediction.commit.disabled
    prediction.choice.value = question.letter(question.options[0])
    assert not prediction.commit.disabled
    assert len(shown.bundles) == 1, "choosing alone reveals nothing"
    closed = shown.bundles[0]
    assert question.why not in closed["text/plain"] and "You said" not in closed["text/html"]
    assert all(option in closed["text/plain"] for option in question.options)


@pytest.mark.parametrize("question", list(members(Question)))
@pytest.mark.parametrize("which", [0, 1])
def test_a_commitment_opens_the_reveal(question, which, shown):
    prediction = Prediction(question)
    prediction._ipython_display_()
    chosen = question.options[which]
    prediction.choice.value = question.letter(chosen)
    prediction.commit.click()
    opened = shown.bundles[-1]["text/plain"]
    assert question.why in opened and f"You said {question.letter(chosen)}" in opened
    assert ("and so it is" in opened) == (chosen == question.answer)
    assert prediction.choice.disabled and prediction.commit.disabled


@pytest.mark.parametrize(
    ("options", "answer"), [(("a",), "a"), (("a", "a"), "a"), (("a", "b"), "c"), ((), "a")]
)
def test_a_broken_question_is_refused(options, answer):
    with pytest.raises(ValueError, match="Question"):
        Question("?", options, answer, "because")
