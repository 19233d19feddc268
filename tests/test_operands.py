"""What may stand beside a Variable, and what is refused."""

import math
import re

import numpy as np
import pytest
from test_graph import OPERATIONS, variables

from course_utils.graph import Variable, apply
from course_utils.nodes import MatMul, MeanSquaredError, SigmoidWithLoss, SoftmaxWithLoss

# Numbers, lists and arrays beside a Variable

BESIDE = {
    "2 + x": (lambda x: 2 + x, 5, 1),
    "-1 + x": (lambda x: -1 + x, 2, 1),
    "x + 2": (lambda x: x + 2, 5, 1),
    "2 - x": (lambda x: 2 - x, -1, -1),
    "x - 2": (lambda x: x - 2, 1, 1),
    "2 * x": (lambda x: 2 * x, 6, 2),
    "x * 2.5": (lambda x: x * 2.5, 7.5, 2.5),
    "6 / x": (lambda x: 6 / x, 2, -2 / 3),
    "1 / x": (lambda x: 1 / x, 1 / 3, -1 / 9),
    "-1 / x": (lambda x: -1 / x, -1 / 3, 1 / 9),
    "x / 2": (lambda x: x / 2, 1.5, 0.5),
    "x / True": (lambda x: x / True, 3, 1),
    "-x": (lambda x: -x, -3, -1),
    "x**2": (lambda x: x**2, 9, 6),
    "x**-1": (lambda x: x**-1, 1 / 3, -1 / 9),
    "x**0.5": (lambda x: x**0.5, 3**0.5, 0.5 / 3**0.5),
    "exp": (Variable.exp, math.exp(3), math.exp(3)),
    "log": (Variable.log, math.log(3), 1 / 3),
}


@pytest.mark.parametrize("write, value, slope", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_python_numbers_on_either_side(write, value, slope, dtype):
    rtol = 1e-14 if dtype is np.float64 else 1e-6
    for shape in [(), (2,)]:
        x = Variable(np.full(shape, 3, dtype))
        z = write(x)
        z.backward(np.ones(shape))
        assert {a.dtype for a in (z.value, z.grad, x.grad)} == {np.dtype(dtype)}
        np.testing.assert_allclose(z.value, np.full(shape, value), rtol=rtol)
        np.testing.assert_allclose(x.grad, np.full(shape, slope), rtol=rtol)


def test_numbers_are_constants_and_variables_are_not():
    x, y = variables(x=3, y=4)
    z = 2 * x + y
    product, _ = z.parents
    assert [p.is_constant for p in product.parents] == [True, False]
    assert [p.is_constant for p in z.parents] == [False, False]
    assert [p.value.tolist() for p in product.parents] == [2, 3]
    z.backward()
    assert product.parents[0].grad == 3


def test_one_over_x_is_a_single_node():
    x = Variable(4)
    assert (1 / x).parents == (x,)
    assert len((2 / x).parents) == 2


def test_a_sum_of_a_list_starts_without_a_constant():
    x, y = variables(x=3, y=4)
    assert sum([x]) is x
    assert sum([x, y]).parents == (x, y)


LEFT = {
    "+": (lambda a, x: a + x, [4, 5], [1, 1]),
    "-": (lambda a, x: a - x, [-2, -1], [-1, -1]),
    "*": (lambda a, x: a * x, [3, 6], [1, 2]),
    "/": (lambda a, x: a / x, [1 / 3, 2 / 3], [-1 / 9, -2 / 9]),
}


@pytest.mark.parametrize("left", [[1, 2], np.array([1, 2]), np.array([1.0, 2.0])])
@pytest.mark.parametrize("write, value, slope", LEFT.values(), ids=LEFT)
@pytest.mark.parametrize("shape", [(), (2,)])
def test_an_array_or_a_list_on_the_left(write, left, value, slope, shape):
    x = Variable(np.full(shape, 3.0))
    z = write(left, x)
    assert type(z) is Variable
    z.backward([1, 1])
    np.testing.assert_allclose(z.value, value, rtol=1e-14)
    np.testing.assert_allclose(x.grad, slope if shape else sum(slope), rtol=1e-14)


RIGHT = {
    "+": (lambda x, a: x + a, [4, 5]),
    "-": (lambda x, a: x - a, [2, 1]),
    "*": (lambda x, a: x * a, [3, 6]),
    "/": (lambda x, a: x / a, [3, 1.5]),
}


@pytest.mark.parametrize("dtype", [list, float, int, np.int8, np.uint8])
@pytest.mark.parametrize("write, value", RIGHT.values(), ids=RIGHT)
def test_an_array_or_a_list_on_the_right(write, value, dtype):
    right = [1, 2] if dtype is list else np.array([1, 2], dtype)
    z = write(Variable([3, 3]), right)
    assert z.value.tolist() == value and z.value.dtype == float


def test_a_bool_array_on_the_right():
    x, mask = Variable([3, 3]), np.array([True, False])
    assert (x * mask).value.tolist() == [3, 0]
    assert (x - mask).value.tolist() == [2, 3]


@pytest.mark.parametrize("number", [np.float64(2), np.float32(2), np.int64(2)])
def test_a_numpy_number_on_either_side(number):
    x = Variable([1, 2])
    results = [number * x, x * number, number + x, x - number, x / number, number / x, x**number]
    expected = [[2, 4], [2, 4], [3, 4], [-1, 0], [0.5, 1], [2, 1], [1, 4]]
    assert [z.value.tolist() for z in results] == expected


# Overflow


@pytest.mark.parametrize(
    "write, gradient",
    [
        (lambda x: x * 1e308 + x * 1e308, np.inf),
        (lambda x: x * np.array([1e308, 1e308]), np.inf),
        (lambda x: x * np.array([np.inf, -np.inf]), np.nan),
        (lambda x: (x * 1000).exp(), np.inf),
    ],
    ids=["fork", "broadcast", "inf - inf", "exp"],
)
def test_overflow_without_a_warning(write, gradient):
    x = Variable(1)
    z = write(x)
    z.backward(np.ones(z.value.shape))
    np.testing.assert_array_equal(x.grad, gradient)


def test_overflow_of_a_second_backward_without_a_warning():
    x = Variable(1)
    z = x * 1.7e308
    z.backward()
    z.backward()
    assert x.grad == np.inf


def test_overflow_to_float32_without_a_warning():
    x = Variable(np.float32(1))
    z = x * 1e300
    z.backward(1e300)
    assert z.value == z.grad == x.grad == np.inf and x.grad.dtype == np.float32


# What is refused


@pytest.mark.parametrize("shape", [(2, 3), (3,), (1,)])
def test_backward_from_an_array_needs_an_upstream(shape):
    z = Variable(np.ones(shape)) * 2
    with pytest.raises(ValueError, match=re.escape(f"backward: this value has shape {shape}; say")):
        z.backward()
    assert z.grad is None


@pytest.mark.parametrize("start", [(), (3,)])
@pytest.mark.parametrize("shape", [(1,), (1, 3), (2,)])
def test_an_upstream_of_another_shape(start, shape):
    x = Variable(np.ones(start))
    with pytest.raises(ValueError) as caught:
        (2 * x).backward(np.ones(shape))
    assert str(caught.value) == (
        f"backward: the upstream gradient has shape {shape}, but the value has shape {start}"
    )
    assert x.grad is None


NOT_NUMBERS = ["a", None, [[1, 2], [3]], [1, "a"], Ellipsis, {"x": 1}]
not_numbers = pytest.mark.parametrize("x", NOT_NUMBERS, ids=str)


def message(where, x):
    return f"{where}: expected a number or an array of numbers, got {x!r}"


@not_numbers
def test_a_value_that_is_not_numbers(x):
    with pytest.raises(TypeError) as caught:
        Variable(x)
    assert str(caught.value) == message("Variable", x)
    with pytest.raises(TypeError) as caught:
        Variable(x, name="price")
    assert str(caught.value) == message("Variable 'price'", x)


def test_a_variable_of_a_variable():
    for x in (Variable(1), [Variable(1), Variable(2)]):
        with pytest.raises(TypeError) as caught:
            Variable(x)
        assert str(caught.value) == message("Variable", x)


@pytest.mark.parametrize("x", ["a", {"x": 1}, Ellipsis, None], ids=str)
@pytest.mark.parametrize("write", OPERATIONS.values(), ids=OPERATIONS)
def test_an_operand_that_is_not_a_number(write, x):
    for operands in ((Variable(2), x), (x, Variable(2))):
        with pytest.raises(TypeError) as caught:
            write(*operands)
        assert str(caught.value) == message("Variable", x)


@pytest.mark.parametrize("x", ["a", [1, "a"], Ellipsis], ids=str)
def test_an_upstream_that_is_not_numbers(x):
    with pytest.raises(TypeError) as caught:
        Variable(2).backward(x)
    assert str(caught.value) == message("backward", x)


@pytest.mark.parametrize("exponent", [Variable(2), "2", None, [1, 2], np.ones(2)], ids=repr)
def test_an_exponent_that_is_not_a_number(exponent):
    with pytest.raises(TypeError) as caught:
        Variable(3) ** exponent
    assert str(caught.value) == f"Power: the exponent must be a fixed number, got {exponent!r}"


def test_a_variable_in_the_exponent():
    with pytest.raises(TypeError):
        2 ** Variable(3)
    with pytest.raises(TypeError):
        np.ones(2) ** Variable(3)


@pytest.mark.parametrize("zero", [0, 0.0, np.float64(0), np.zeros(2), Variable(0)], ids=repr)
def test_division_by_0(zero):
    with pytest.raises(ValueError, match="1/x is not defined at x = 0"):
        Variable([1, 2]) / zero


def test_numpy_functions_do_not_take_variables():
    with pytest.raises(TypeError, match="Variable"):
        np.exp(Variable(1))


@pytest.mark.parametrize(
    "x, shown",
    [
        (Variable(2), "Variable(2)"),
        (Variable(0.5, "price"), "Variable(0.5, name='price')"),
        (Variable([[1, 2]]), "Variable(shape (1, 2))"),
    ],
)
def test_repr(x, shown):
    assert repr(x) == shown


# Matrix products and losses

X, W = [[1, 2], [3, 4], [5, 6]], [[1, 0, 2], [0, 1, 3]]
XW = [[1, 2, 8], [3, 4, 18], [5, 6, 28]]
U = [[1, 0, 0], [0, 1, 0], [1, 1, 1]]


@pytest.mark.parametrize("make", [Variable, list, np.array, lambda x: np.array(x, dtype=float)])
def test_a_matrix_product(make):
    right, left = Variable(W), Variable(X)
    for z in (make(X) @ right, left @ make(W)):
        assert type(z) is Variable and type(z.node) is MatMul and len(z.parents) == 2
        z.backward(U)
        assert z.value.tolist() == XW
        assert [p.is_constant for p in z.parents].count(True) == (make is not Variable)
    assert right.grad.tolist() == [[6, 8, 5], [8, 10, 6]]
    assert left.grad.tolist() == [[1, 0], [0, 1], [3, 4]]


def test_a_matrix_times_itself():
    x = Variable([[1, 2], [3, 4]])
    z = x @ x
    z.backward([[1, 0], [0, 0]])
    assert x.grad.tolist() == [[2, 3], [2, 0]] and len(z.sent) == 2


@pytest.mark.parametrize("other", [2, 2.0, [1, 2], [[1, 2, 3]], np.ones((2, 2, 2))], ids=str)
def test_a_matrix_product_that_does_not_fit(other):
    x, shape = Variable([[1, 2], [3, 4]]), np.shape(other)
    for write, shapes in [
        (lambda: x @ other, f"(2, 2) and {shape}"),
        (lambda: other @ x, f"{shape} and (2, 2)"),
    ]:
        with pytest.raises(ValueError) as caught:
            write()
        assert (
            str(caught.value) == f"MatMul.forward: expected shapes (N, D) and (D, M), got {shapes}"
        )


TARGETS = {
    "mean squares": (MeanSquaredError, [[1, 0, 2], [0.5, 1, 3], [4, 4, 4]]),
    "binary": (SigmoidWithLoss, [[1, 0, 1], [0.5, 1, 0], [0, 0, 1]]),
    "class numbers": (SoftmaxWithLoss, [2, 0, 1]),
    "one-hot rows": (SoftmaxWithLoss, [[0, 0, 1], [1, 0, 0], [0, 1, 0]]),
}


@pytest.mark.parametrize("make", [list, np.array, Variable])
@pytest.mark.parametrize("node, target", TARGETS.values(), ids=TARGETS)
def test_a_loss_at_the_end_of_a_graph(node, target, make):
    alone, given = node(), make(target)
    expected = alone.forward(XW, target)
    x, w = Variable(X), Variable(W)
    scores = x @ w
    loss = apply(node(), scores, given)
    assert loss.value == expected
    assert loss.parents == (scores,), "the target is not part of the record"
    (3 * loss).backward()
    np.testing.assert_array_equal(scores.grad, alone.backward(3))
    np.testing.assert_allclose(w.grad, np.transpose(X) @ scores.grad)
    assert make is not Variable or given.grad is None


@pytest.mark.parametrize("node", [MeanSquaredError, SigmoidWithLoss])
@pytest.mark.parametrize("scores, target", [((3, 1), (3,)), ((3,), (3, 1)), ((1,), (3,))])
def test_a_target_is_not_broadcast_into_more_examples(node, scores, target):
    with pytest.raises(ValueError, match=node.__name__):
        apply(node(), Variable(np.ones(scores)), np.ones(target))


def test_float32_scores_keep_their_dtype():
    scores = Variable(np.ones((2, 3), dtype=np.float32))
    loss = apply(SoftmaxWithLoss(), scores, [0, 1])
    loss.backward()
    assert loss.value.dtype == scores.grad.dtype == np.float32
    z = Variable(np.float32(2))
    loss = apply(SigmoidWithLoss(), z, 1)
    loss.backward()
    assert loss.value == pytest.approx(0.1269, abs=5e-5)
    assert loss.value.dtype == z.grad.dtype == np.float32
