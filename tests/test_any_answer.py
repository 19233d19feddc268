"""Answers that suit no exercise, given to every one: none passes, and each is told something."""

import ast
import copy
import re
from dataclasses import replace

import numpy as np
import pytest
from attempts import names, task
from lessons import PATHS, Lesson, outputs_of

TASKS = [(number, name) for number in range(len(PATHS)) for name in names(number)]
GOALS = {"by_heart", "reach", "weights", "name_them"}  # the same is asked for in all cases


def raises(*_):
    raise ValueError("a mistake of the reader's")


def returns(value):
    return lambda *_: value


ANSWERS = {
    "nothing": returns(None),
    "a blank": returns(...),
    "an exception": raises,
    "an exit": lambda *_: exit(),
    "a word": returns("0.5"),
    "a flag": returns(True),
    "zero": returns(0.0),
    "nan": returns(float("nan")),
    "one number in a list": returns([0.5]),
    "seven numbers": returns((0.5,) * 7),
    "an empty list": returns([]),
    "a dictionary": returns({"x": 0.5}),
    "a ragged list": returns([[1.0], [2.0, 3.0]]),
    "a table": returns(np.ones((2, 3))),
    "itself": lambda *_: ANSWERS["itself"],
    "its first argument": lambda *inputs: inputs[0] if inputs else None,
    "its last argument": lambda *inputs: inputs[-1] if inputs else None,
    "all its arguments": lambda *inputs: inputs,
    "what it prints": print,
}


def is_class(number, name):
    _, attempt, stub, _ = task(number, name)
    kinds = {line.name: type(line) for line in ast.parse(stub).body}
    return kinds[attempt] is ast.ClassDef


def as_node(function):
    """Return a class whose forward and backward are this function."""

    class Node:
        def __init__(self, *_):
            self.grads = {"W": np.zeros(1), "b": np.zeros(1)}

        def forward(self, *inputs):
            return function(*inputs)

        def backward(self, upstream=1.0):
            return function(upstream)

    return Node


def solved(number, name):
    """Return the answer that the notebook shows as its solution."""
    _, attempt, _, namespace = task(number, name)
    solution = Lesson(PATHS[number]).exercises()[names(number).index(name)][2]
    there = dict(namespace)
    exec(solution, there)
    return there[attempt]


def with_backward(answer, function):
    return type("Node", (answer,), {"backward": lambda self, upstream=1.0: function(upstream)})


@pytest.mark.parametrize(("number", "name"), TASKS)
def test_no_answer_that_suits_nothing_passes(number, name):
    exercise = task(number, name)[0]
    for kind, function in ANSWERS.items():
        attempts = [function]
        if is_class(number, name):
            attempts = [as_node(function), with_backward(solved(number, name), function)]
        for attempt in attempts:
            verdict = exercise.verdict(attempt)
            assert not verdict.passed, kind
            assert verdict.message.startswith("not attempted" if kind == "a blank" else "not ")


@pytest.mark.parametrize(("number", "name"), [t for t in TASKS if t[1] not in GOALS])
def test_the_right_results_of_one_case_do_not_pass_in_all(number, name):
    exercise = task(number, name)[0]
    for case in exercise.cases:
        results = exercise._results(exercise.answer, case)
        one = results[0] if len(results) == 1 else tuple(results)
        attempts = [returns(one)]
        if is_class(number, name):
            attempts = [with_backward(solved(number, name), returns(r)) for r in results]
        assert not any(exercise.verdict(attempt).passed for attempt in attempts)


def printed(number):
    """Return the numbers that a lesson shows, in text and outputs, outside its folded parts."""
    cells = Lesson(PATHS[number]).cells
    folded = re.compile(r"<details>.*?</details>", re.DOTALL)
    shown = [folded.sub("", cell.source) for cell in cells]
    shown += [text for kind, text in outputs_of(Lesson(PATHS[number]).code) if kind == "text/plain"]
    return [int(digits) for digits in re.findall(r"\d+", "\n".join(shown))]


def test_no_three_numbers_that_lesson_12_shows_name_the_strangers():
    exercise, shown = task(12, "name_them")[0], printed(12)
    for three in set(zip(shown, shown[1:], shown[2:], strict=False)):
        assert not exercise.verdict(returns(three)).passed, three


def overwriting(answer):
    """Return an answer that is right, and then fills its arguments with 7."""

    def attempt(*inputs):
        results = answer(*copy.deepcopy(inputs))
        for array in (one for one in inputs if isinstance(one, np.ndarray)):
            array[...] = 7
        return results

    return attempt


def takes_arrays(number, name):
    exercise = task(number, name)[0]
    if exercise.run is not None and not is_class(number, name):
        return False  # what it is handed is made by the check
    return any(isinstance(one, np.ndarray) for case in exercise.cases for one in case)


@pytest.mark.parametrize(("number", "name"), [t for t in TASKS if takes_arrays(*t)])
def test_an_argument_is_not_to_be_overwritten(number, name):
    exercise, answer = task(number, name)[0], solved(number, name)
    if not is_class(number, name):
        assert "changed in place" in exercise.verdict(overwriting(answer)).message
        return
    said = {"forward": "changed in place", "backward": "the upstream gradient that it was handed"}
    for method in said if isinstance(exercise.cases[-1][-1], np.ndarray) else ["forward"]:
        right = getattr(answer, method)

        def mended(self, *inputs, right=right):
            return overwriting(lambda *those: right(self, *those))(*inputs)

        node = type("Node", (answer,), {method: mended})
        assert said[method] in exercise.verdict(node).message


def gives_one_table(number, name):
    exercise = task(number, name)[0]
    results = exercise._results(exercise.answer, exercise.cases[0])
    return exercise.run is None and len(results) == 1 and np.ndim(results[0]) > 0


@pytest.mark.parametrize(("number", "name"), [t for t in TASKS if gives_one_table(*t)])
def test_a_table_may_come_in_other_kinds(number, name):
    exercise, answer = task(number, name)[0], solved(number, name)
    for kind in (list, tuple, iter, np.ndarray.tolist):

        def attempt(*inputs, kind=kind):
            table = np.asarray(answer(*inputs))
            return kind(table) if table.ndim else table

        assert exercise.verdict(attempt).passed
    short = exercise.verdict(lambda *inputs: np.asarray(answer(*inputs), np.float32))
    assert short.passed or "float32" in short.message


def endless(*_):
    while True:
        pass


@pytest.mark.parametrize(("number", "name"), [(0, "double"), (3, "square")])
def test_an_endless_answer_is_stopped(number, name):
    exercise = replace(task(number, name)[0], seconds=0.1)
    attempt = as_node(endless) if is_class(number, name) else endless
    assert "does not come to an end" in exercise.verdict(attempt).message
