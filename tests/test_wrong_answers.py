"""Wrong answers that readers write do not pass and are told why; right ones in any style pass."""

from importlib import import_module

import pytest
from attempts import given_away, names, task, written

LESSONS = {number: import_module(f"wrong_answers.lesson_{number:02d}") for number in range(9)}


def rows(kind):
    for number, lesson in LESSONS.items():
        for name, answers in getattr(lesson, kind).items():
            for i, row in enumerate(answers):
                yield pytest.param(number, name, row, id=f"{number:02d}-{name}-{i}")


@pytest.mark.parametrize(("number", "name", "row"), list(rows("WRONG")))
def test_a_wrong_answer_is_told_why(number, name, row):
    *bodies, phrase = row
    exercise, attempt = task(number, name)[0], written(number, name, tuple(bodies))
    verdict = exercise.verdict(attempt)
    assert not verdict.passed
    assert phrase in verdict.message
    assert not given_away(exercise, attempt, verdict.message)


@pytest.mark.parametrize(("number", "name", "row"), list(rows("RIGHT")))
def test_a_right_answer_in_another_style_passes(number, name, row):
    verdict = task(number, name)[0].verdict(written(number, name, row))
    assert verdict.passed, verdict.message


@pytest.mark.parametrize("number", LESSONS)
def test_every_exercise_is_attacked(number):
    for kind, least in (("WRONG", 5), ("RIGHT", 1)):
        answers = getattr(LESSONS[number], kind)
        assert set(answers) == set(names(number))
        assert min(map(len, answers.values())) >= least
