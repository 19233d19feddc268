"""What a check notices besides the results: names from elsewhere, what is kept, a broken cell."""

from types import SimpleNamespace

import numpy as np
import pytest
from attempts import task, written
from IPython.core.interactiveshell import ExecutionResult

from course_utils.exercises import exercise as exercise_module
from course_utils.exercises.exercise import IN_PLACE, KEPT
from course_utils.exercises.node_answers import CHANGES_ITS_OUTPUT, KEEPS_ITS_FIRST


def said(number, name, *bodies, **earlier):
    answer = written(number, name, bodies, **earlier)
    return task(number, name)[0].verdict(answer).message


@pytest.mark.parametrize(
    ("number", "name", "bodies", "earlier", "asked"),
    [
        (1, "pay", ("price * count * rate",), {"rate": 1.2}, "takes rate from an earlier cell"),
        (2, "slope", ("2 * t",), {"t": 7.0}, "takes t from an earlier cell: should it be an arg"),
        (3, "square", ("x**2", "upstream * 2 * x"), {"x": 3.5}, "should it be self.x?"),
        (5, "relu", ("np.maximum(x, 0)", "upstream * mask"), {"mask": 0.5}, "self.mask?"),
        (6, "product", ("[A @ W for _ in X], X",), {"A": np.ones((2, 2))}, "takes A from an"),
    ],
)
def test_a_value_from_an_earlier_cell_is_asked_about(number, name, bodies, earlier, asked):
    assert asked in said(number, name, *bodies, **earlier)


def test_functions_and_modules_from_earlier_cells_are_not_asked_about():
    message = said(7, "stable", "softplus(z) * np.abs(z)", softplus=lambda z: z)
    assert "earlier cell" not in message


def test_what_is_kept_between_calls_is_noticed():
    adds_up = "kept.append(price * count * tax)\nreturn sum(kept)"
    assert said(1, "pay", adds_up, kept=[]).endswith(KEPT)
    assert KEPT not in said(1, "pay", "price * count * tax + 5")


@pytest.mark.parametrize(
    ("number", "name", "bodies"),
    [
        (3, "square", ("self.x = getattr(self, 'x', x)\nreturn x**2", "upstream * 2 * self.x")),
        (8, "with_loss", None),
        (6, "layer", None),
    ],
)
def test_a_node_keeps_its_values_anew_each_time(number, name, bodies):
    if bodies is not None:
        assert KEEPS_ITS_FIRST in said(number, name, *bodies)
        return
    exercise = task(number, name)[0]

    class Node(exercise.answer):
        def forward(self, *inputs):
            kept = vars(self).copy()
            output = super().forward(*inputs)
            vars(self).update({key: kept[key] for key in ("inputs", "X") if key in kept})
            return output

    assert KEEPS_ITS_FIRST in exercise.verdict(Node).message


def test_backward_leaves_the_output_as_it_was():
    forward = "self.y = np.maximum(x, 0)\nreturn self.y"
    assert CHANGES_ITS_OUTPUT in said(
        5, "relu", forward, "self.y[self.y > 0] = 1\nreturn upstream * self.y"
    )


def test_an_argument_that_was_changed_explains_what_follows():
    assert IN_PLACE in said(7, "mean_squared", "target[...] = 0\nreturn 1 / 0, 0")
    assert IN_PLACE in said(8, "softmax", "z -= z.max(axis=1, keepdims=True)\nreturn z[5]")


@pytest.mark.parametrize(
    ("number", "name", "bodies", "hint"),
    [
        (3, "square", ("x**2", "upstream * 2 * x"), "Does forward keep it, as self.x?"),
        (3, "square", ("x**2", "upstream * 2 * self.x"), "Does forward keep it, as self.x?"),
        (3, "square", ("x**2", "upstream * twice"), None),
        (3, "square", ("x ^ 2", "upstream"), "a power is written **"),
        (3, "square", ("self.forward(x)", "upstream"), "It calls itself"),
        (6, "product", ("X @ np.ones((5, 2)), X",), "must be equal"),
        (7, "stable", ("max(z, 0) - z * t",), "np.maximum take each entry"),
    ],
)
def test_an_exception_comes_with_what_it_often_means(number, name, bodies, hint):
    message = said(number, name, *bodies)
    assert hint in message.split("\n")[-1] if hint else "\n" not in message


def test_an_exception_of_a_later_case_says_which():
    assert "With a = 0, n = 0, your code stops with ZeroDivisionError" in said(
        4, "relative", "abs(a - n) / max(abs(a), abs(n))"
    )
    assert "Your code stops with ZeroDivisionError" in said(4, "relative", "1 / 0")


def test_an_exit_does_not_leave_the_notebook():
    assert "SystemExit" in said(0, "double", "exit()")


def ran_before(monkeypatch, error):
    """Let the last cell have stopped with an error before it ran, or not."""
    result = ExecutionResult(info=None)
    result.error_before_exec = error
    shell = SimpleNamespace(last_execution_result=result)
    monkeypatch.setattr(exercise_module, "get_ipython", lambda: shell)


@pytest.mark.parametrize(
    ("error", "is_said"), [(SyntaxError("invalid syntax"), True), (None, False)]
)
def test_the_check_after_a_broken_cell_says_that_its_code_is_older(
    monkeypatch, capsys, error, is_said
):
    ran_before(monkeypatch, error)
    double = task(0, "double")[0]
    double(lambda x: ...)
    message = capsys.readouterr().out
    assert message.startswith("Exercise 0.1: not attempted yet.")
    assert ("stopped with a SyntaxError, so it defined nothing" in message) is is_said
    double(lambda x: x + x)
    assert "SyntaxError" not in capsys.readouterr().out


def test_outside_a_notebook_nothing_is_said_of_cells(monkeypatch, capsys):
    monkeypatch.setattr(exercise_module, "get_ipython", lambda: None)
    task(0, "double")[0](lambda x: ...)
    assert "cell that you ran" not in capsys.readouterr().out
