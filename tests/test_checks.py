"""What a check says about any answer: not attempted, wrong in shape, sign or value, right."""

import numpy as np
import pytest
from checked import module_of
from lessons import PATHS

from course_utils.exercises import Exercise


def test_an_exception_in_a_helper_names_the_helpers_line(tmp_path):
    for name, source in {
        "helper": "def helper(x):\n    y = 2\n    return y + taxx\n",
        "answer": "def answer(x):\n    return helper(x)\n",
    }.items():
        (tmp_path / name).write_text(source)
        exec(compile(source, str(tmp_path / name), "exec"), globals())
    message = TOTAL.verdict(globals()["answer"]).message
    assert message.endswith("name 'taxx' is not defined, in line 3: return y + taxx")


def test_rows_of_one_table_are_not_several_results():
    product = module_of(PATHS[6]).product
    assert "returns 1 value, and needs 2" in product.verdict(lambda X, W, upstream: X).message


def test_an_array_is_not_a_single_number():
    said = "should be a single number, and is an array or a list: [1, 2]"
    assert said in module_of(PATHS[6]).bias.verdict(lambda upstream: [1, 2]).message


@pytest.mark.parametrize("size", [max, lambda a, n: abs(max(a, n))])
def test_a_division_by_0_does_not_hide_that_the_larger_number_is_wrong(size):
    relative = module_of(PATHS[4]).relative
    message = relative.verdict(lambda a, n: abs(a - n) / size(a, n)).message
    assert "The larger number is not the one of larger size" in message


def test_one_case_alone_does_not_show_that_an_answer_is_stuck():
    def attempt(x):
        assert x[0, 0] == 1, "the second case stops"
        return np.full(3, 9.0)

    assert TOTAL.verdict(attempt).message.endswith("which is not right.")


TOTAL = Exercise(
    title="Test",
    answer=lambda x: np.sum(x, axis=0),
    cases=((np.ones((2, 3)),), (np.arange(6.0).reshape(2, 3),)),
    mistakes={"This is the mean.": lambda x: np.mean(x, axis=0)},
)


def changed_in_place(x):
    x += 1
    return x.sum(axis=0)


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (..., "not attempted yet"),
        (lambda x: ..., "not attempted yet"),
        (lambda x: 2 * ..., "not attempted yet"),
        (lambda x: np.where(x > 1, x, ...), "not attempted yet"),
        (lambda x: [0, 0, ...], "not attempted yet"),
        (lambda x: None, "returns None"),
        (lambda x: "six", "not a number but 'six'"),
        (lambda x: [[1], [2, 3]], "returns 2 values, and needs one value"),
        (lambda x: (1, 2), "returns 2 values, and needs one value"),
        (lambda x: np.sum(x, axis=1), "has shape (2,), and should have shape (3,)"),
        (lambda x: np.sum(x), "has shape (), and should have shape (3,)"),
        (lambda x: [1, 2, 3, 4], "has shape (4,), and should have shape (3,)"),
        (lambda x: np.sum(x, axis=0) > 2, "which is not right"),
        (lambda x: np.mean(x, axis=0), "This is the mean."),
        (lambda x: -np.sum(x, axis=0), "its sign is wrong"),
        (lambda x: np.sum(x, axis=0) + 1, "which is not right"),
        (lambda x: np.sum(x, axis=0) * np.nan, "which is not right"),
        (lambda x: np.full(3, 2.0), "which is not right"),
        (lambda x: np.round(np.sum(x, axis=0), 2) + 1e-4, "close, but not exact"),
        (lambda x: np.array([9.0, 9.0, 9.0]), "It is the same for every input"),
        (changed_in_place, "not yet. An argument was changed in place"),
        (np.zeros(3), "write the name of your function or class, without (...)"),
        (lambda: 1, "TypeError"),
        (3, "'int' object is not callable: write the name"),
        (None, "'NoneType' object is not callable: write the name"),
        (lambda x: np.sum(x, axis=0), "right."),
        (lambda x: np.sum(x, axis=0).tolist(), "right."),
    ],
)
def test_what_a_check_says(attempt, said):
    assert said in TOTAL.verdict(attempt).message


def test_calling_an_exercise_prints_its_verdict(capsys):
    TOTAL(...)
    assert capsys.readouterr().out.startswith("Test: not attempted yet.")
