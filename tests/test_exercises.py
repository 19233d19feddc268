"""Exercises: the solution passes, each known mistake is named, and nothing is given away."""

import re

import numpy as np
import pytest
from checked import members, module_of
from lessons import PATHS, Lesson

from course_utils.exercises import Exercise, Question
from course_utils.exercises.exercise import Verdict, same

FUNCTIONS = [p for p in members(Exercise) if p.values[0].run is None]


def mistakes():
    for param in members(Exercise):
        (exercise,) = param.values
        for i, sentence in enumerate(exercise.mistakes):
            yield pytest.param(exercise, sentence, id=f"{param.id}-{i}")


def in_notebooks():
    for path in PATHS:
        lesson = Lesson(path)
        cells = lesson.tagged("exercise")
        for cell, (stub, check, solution) in zip(cells, lesson.exercises(), strict=True):
            name, attempt = re.fullmatch(r"check\.(\w+)\((\w+)\)", check).groups()
            sources = [f"{lesson.definitions(cell)}\n{source}" for source in (stub, solution)]
            yield pytest.param(getattr(module_of(path), name), attempt, *sources, id=name)


def written(source, name):
    namespace = {}
    exec(source, namespace)
    return namespace[name]


@pytest.mark.parametrize(("exercise", "name", "stub", "solution"), list(in_notebooks()))
def test_the_solution_in_the_notebook_passes(exercise, name, stub, solution):
    verdict = exercise.verdict(written(solution, name))
    assert verdict.passed
    assert verdict.message.startswith("right.")


@pytest.mark.parametrize(("exercise", "name", "stub", "solution"), list(in_notebooks()))
def test_the_untouched_stub_is_not_attempted_yet(exercise, name, stub, solution):
    verdict = exercise.verdict(written(stub, name))
    assert not verdict.passed
    assert verdict.message.startswith("not attempted yet")


def test_every_exercise_stands_in_a_notebook():
    used = {id(param.values[0]) for param in in_notebooks()}
    assert {id(param.values[0]) for param in members(Exercise)} == used


def test_every_question_stands_in_a_notebook():
    for path in PATHS:
        questions = {n for n, m in vars(module_of(path)).items() if isinstance(m, Question)}
        code = "\n".join(cell.source for cell in Lesson(path).code)
        assert questions == set(re.findall(r"^predict\(check\.(\w+)\)", code, re.MULTILINE))


@pytest.mark.parametrize(("exercise", "sentence"), list(mistakes()))
def test_a_known_mistake_is_named(exercise, sentence):
    verdict = exercise.verdict(exercise.mistakes[sentence])
    assert verdict == Verdict(False, f"not yet. {sentence}")


@pytest.mark.parametrize("exercise", list(members(Exercise)))
def test_no_two_mistakes_give_the_same_results(exercise):
    seen = []
    for sentence, mistake in exercise.mistakes.items():
        try:
            results = [exercise._results(mistake, case) for case in exercise.cases]
        except Exception:
            continue  # it stops somewhere: test_a_known_mistake_is_named covers it
        twins = [other for other, others in seen if same(results, others)]
        assert not twins, f"{sentence!r} is never said, since this one is: {twins}"
        seen.append((sentence, results))


# What these ask for is the same in all cases: a training that succeeds, or a property.
GOALS = {"by_heart", "reach", "weights", "name_them"}


@pytest.mark.parametrize(
    "exercise", [p for p in members(Exercise) if p.id.partition("-")[2] not in GOALS]
)
def test_the_numbers_of_one_case_do_not_pass(exercise):
    first = exercise._results(exercise.answer, exercise.cases[0])
    if exercise.run is None:
        attempt = lambda *case: first  # noqa: E731
        assert not exercise.verdict(attempt).passed
    assert len({str(exercise._results(exercise.answer, case)) for case in exercise.cases}) > 1


def numbers_in(values):
    """Every number of nested results or arguments, as a message may write it."""
    flat = np.concatenate([np.ravel(value).astype(float) for value in values])
    return {f"{number:.{digits}g}" for number in flat for digits in (4, 5, 6, 8)}


@pytest.mark.parametrize("exercise", FUNCTIONS)
@pytest.mark.parametrize("wrong", [12345.678, -0.1375])
def test_a_wrong_value_is_shown_and_the_right_one_is_not(exercise, wrong):
    def attempt(*case):
        return tuple(np.full(np.shape(r), wrong) for r in exercise._results(exercise.answer, case))

    verdict = exercise.verdict(attempt)
    assert not verdict.passed
    said = set(re.findall(r"-?\d+(?:\.\d+)?", verdict.message))
    assert said & numbers_in([wrong])
    for case in exercise.cases:
        results = exercise._results(exercise.answer, case)
        assert not (said - numbers_in(case)) & (numbers_in(results) - {"0", "1"})


@pytest.mark.parametrize("exercise", FUNCTIONS)
def test_an_exception_is_the_readers_own_with_its_line(exercise, tmp_path):
    answer = tmp_path / "answer.py"
    answer.write_text("def attempt(*case):\n    broken = 1\n    return broken / 0\n")
    namespace = {}
    exec(compile(answer.read_text(), str(answer), "exec"), namespace)
    message = exercise.verdict(namespace["attempt"]).message
    assert "ZeroDivisionError: division by zero, in line 3: return broken / 0" in message


def returns_decimals(exercise):
    results = exercise._results(exercise.answer, exercise.cases[0])
    return any(np.asarray(result).dtype.kind == "f" for result in results)


@pytest.mark.parametrize("exercise", [p for p in FUNCTIONS if returns_decimals(*p.values)])
def test_a_rounded_answer_does_not_pass(exercise):
    def rounded(*case):
        return tuple(np.round(r, 2) for r in exercise._results(exercise.answer, case))

    assert not exercise.verdict(rounded).passed


def returns_several_numbers(exercise):
    results = exercise._results(exercise.answer, exercise.cases[0])
    return len(results) > 1 and all(np.ndim(result) == 0 for result in results)


@pytest.mark.parametrize("exercise", [p for p in FUNCTIONS if returns_several_numbers(*p.values)])
@pytest.mark.parametrize("kind", [np.array, list, iter])
def test_results_may_come_in_any_sequence(exercise, kind):
    assert exercise.verdict(lambda *case: kind(exercise.answer(*case))).passed
