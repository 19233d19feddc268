"""Numerical gradients against HIPS autograd, and gradient checks that pass and that fail."""

import re

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad, grad
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.gradients import check_gradient, numerical_gradient, relative_error
from course_utils.graph import Variable
from course_utils.nodes import Exp, Mul

few = settings(max_examples=60, deadline=None, derandomize=True)
SHAPES = [(), (1,), (3,), (2, 3), (1, 3), (2, 1, 2)]


def wave(x):
    """Return one number from an array, with a different slope at every entry."""
    return anp.sum(anp.sin(x) * anp.exp(0.5 * x)) + anp.sum(x) ** 2


def product(x):
    return anp.prod(x)


def sample(shape):
    return np.asarray(np.random.default_rng(5).normal(size=shape))


# numerical_gradient


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("f", [wave, product])
def test_numerical_gradient_equals_autograd(f, shape):
    x = sample(shape)
    gradient = numerical_gradient(f, x)
    assert gradient.shape == shape and gradient.dtype == float
    np.testing.assert_allclose(gradient, grad(f)(x), rtol=1e-7, atol=1e-8)


@few
@given(hnp.arrays(float, (2, 3), elements=st.floats(-3, 3)))
def test_numerical_gradient_equals_autograd_anywhere(x):
    np.testing.assert_allclose(numerical_gradient(wave, x), grad(wave)(x), rtol=1e-6, atol=1e-7)


KNOWN = [
    (lambda x: x**2, 3, 6),
    (lambda x: 5.0, 3, 0),
    (lambda x: x[0] * x[1], [2, 5], [5, 2]),
    (lambda x: (x[0] + x[1]) * x[1], [2, 3], [3, 8]),
    (lambda x: x[0] * x[1] * x[2], [2, 100, 1.1], [110, 2.2, 200]),
    (np.sum, [[1, 2], [3, 4]], [[1, 1], [1, 1]]),
    (lambda x: [x.sum()], [True, False], [1, 1]),
]


@pytest.mark.parametrize("f, x, expected", KNOWN)
def test_numerical_gradient_by_hand(f, x, expected):
    np.testing.assert_allclose(numerical_gradient(f, x), expected, rtol=1e-8, atol=1e-9)


def test_the_difference_is_central():
    assert numerical_gradient(lambda x: x**2, 3, h=1) == 6
    assert numerical_gradient(lambda x: x**3, 2, h=1) == 13


def test_the_errors_of_lesson_04():
    assert abs(numerical_gradient(np.exp, 1) - np.e) < 2e-10
    assert numerical_gradient(np.exp, 1, h=1e-16) == 0


def test_float32_is_stepped_in_float64():
    x = sample((3,)).astype(np.float32)
    gradient = numerical_gradient(wave, x)
    assert gradient.dtype == float
    np.testing.assert_allclose(gradient, grad(wave)(x.astype(float)), rtol=1e-7)


@pytest.mark.parametrize("view", [lambda x: x.T, lambda x: x[::-1, ::-1], lambda x: x[:, ::2]])
def test_any_layout_in_memory(view):
    x = view(sample((2, 3)))
    np.testing.assert_allclose(numerical_gradient(wave, x), grad(wave)(x), rtol=1e-7)


def test_x_is_left_as_it_was_even_if_f_writes_to_its_argument():
    def f(x):
        total = np.sum(x**2)
        x += 100
        return total

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(numerical_gradient(f, x), [2, 4], rtol=1e-8)
    assert check_gradient(f, x, [2, 4]).passed
    x.flags.writeable = False
    check_gradient(f, x, [2, 4])
    assert x.tolist() == [1, 2]


def test_f_is_called_twice_for_each_entry():
    seen = []
    numerical_gradient(lambda x: seen.append(x) or 0, np.zeros((2, 3)))
    assert len(seen) == 12
    assert all(np.count_nonzero(x) == 1 and x.shape == (2, 3) for x in seen)


checks = pytest.mark.parametrize(
    "check", [numerical_gradient, lambda f, x, **h: check_gradient(f, x, x, **h)]
)


@checks
@pytest.mark.parametrize("h", [0, -1e-5, np.nan])
def test_a_step_not_above_0(check, h):
    with pytest.raises(ValueError) as caught:
        check(wave, [1.0], h=h)
    assert str(caught.value) == f"numerical_gradient: the step h must be above 0, got {h}"


@checks
@pytest.mark.parametrize("shape", [(0,), (0, 3)])
def test_no_entry(check, shape):
    with pytest.raises(ValueError) as caught:
        check(wave, np.ones(shape))
    assert str(caught.value).endswith(f"_gradient: x has no entry (its shape is {shape})")


@checks
@pytest.mark.parametrize("k", [2, 0])
def test_f_that_returns_an_array(check, k):
    with pytest.raises(ValueError) as caught:
        check(lambda x: x[:k], [1.0, 2.0])
    assert str(caught.value) == f"numerical_gradient: f must return one number, got shape ({k},)"


@checks
@pytest.mark.parametrize("result", [None, "a", Variable(2)], ids=str)
def test_f_that_returns_no_number(check, result):
    with pytest.raises(TypeError, match=r"^numerical_gradient: expected a number .*, got ") as e:
        check(lambda x: result, [1.0])
    assert str(e.value).endswith(f"got {result!r}")


@pytest.mark.parametrize("x", ["a", None, [[1, 2], [3]]], ids=str)
def test_x_that_is_not_numbers(x):
    with pytest.raises(TypeError, match=r"^numerical_gradient: expected a number") as caught:
        numerical_gradient(wave, x)
    assert str(caught.value).endswith(f"got {x!r}")
    with pytest.raises(TypeError, match=r"^check_gradient: expected a number"):
        check_gradient(wave, x, 1)


# relative_error


@pytest.mark.parametrize(
    "analytic, numerical, expected",
    [
        (0, 0, 0),
        (0.0, -0.0, 0),
        (1, 1, 0),
        (2, 1, 0.5),
        (1, 2, 0.5),
        (-1, 1, 2),
        (0, 3, 1),
        (1e-300, 0, 1),
        (-4, -5, 0.2),
        ([0, 1, 4], [0, 2, -4], [0, 0.5, 2]),
        ([[1, 2]], [[1, 4]], [[0, 0.5]]),
    ],
)
def test_relative_error(analytic, numerical, expected):
    error = relative_error(analytic, numerical)
    np.testing.assert_allclose(error, expected, rtol=1e-15)
    assert np.shape(error) == np.shape(expected)


@few
@given(hnp.arrays(float, (2, 3)))
def test_relative_error_is_symmetric_and_makes_no_warning(pair):
    a, b = pair
    error = relative_error(a, b)
    np.testing.assert_array_equal(error, relative_error(b, a))
    ordinary = np.maximum(np.abs(a), np.abs(b)) < 1e300
    assert np.all((error[ordinary] >= 0) & (error[ordinary] <= 2))
    finite = np.isfinite(a)
    assert np.all(relative_error(a, a)[finite] == 0)


def test_relative_error_is_nan_for_nan():
    np.testing.assert_array_equal(relative_error([np.nan, 1], [1, np.nan]), [np.nan, np.nan])


@pytest.mark.parametrize("one, other", [((2, 3), (3, 2)), ((3, 2), (2, 3)), ((3,), ())])
def test_relative_error_of_different_shapes(one, other):
    with pytest.raises(ValueError) as caught:
        relative_error(np.ones(one), np.ones(other))
    assert str(caught.value) == f"relative_error: the gradients have shapes {one} and {other}"


def test_relative_error_of_no_numbers():
    with pytest.raises(TypeError, match=r"^relative_error: expected a number .* got 'a'$"):
        relative_error("a", 1)


# check_gradient passes


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("f", [wave, product])
def test_the_right_gradient_passes(f, shape):
    x = sample(shape)
    check = check_gradient(f, x, grad(f)(x))
    assert check.passed is True
    assert check.error < 1e-6


@few
@given(hnp.arrays(float, (2, 2), elements=st.floats(-3, 3)))
def test_the_right_gradient_passes_anywhere(x):
    assert check_gradient(wave, x, grad(wave)(x)).passed


def test_gradients_of_nodes_and_graphs_pass():
    x, y = sample((2, 3)), sample((3, 2)).T
    mul, exp = Mul(), Exp()
    exp.forward(mul.forward(x, y))
    dx, dy = mul.backward(exp.backward(np.ones((2, 3))))
    assert check_gradient(lambda x: np.sum(np.exp(x * y)), x, dx).passed
    assert check_gradient(lambda y: np.sum(np.exp(x * y)), y, dy).passed
    a = Variable(3)
    (a + a**2).backward()
    assert check_gradient(lambda x: x + x**2, 3, a.grad).passed


@pytest.mark.parametrize("size", [1e-6, 1, 1e6, 1e12])
def test_entries_that_are_exactly_0_pass(size):
    check = check_gradient(lambda x: size * x[1] ** 2, [1, 2, 3], [0, 4 * size, 0])
    assert check.passed


def test_a_difference_that_rounding_makes_passes_and_no_more():
    assert check_gradient(lambda x: 1e9 + 0 * x, 1, 1e-2).passed
    assert not check_gradient(lambda x: 1e9 + 0 * x, 1, 1).passed
    assert not check_gradient(lambda x: 1 + 0 * x, 1, 1e-6).passed


def test_a_float32_gradient_passes():
    x = sample((2, 3))
    assert check_gradient(wave, x, grad(wave)(x).astype(np.float32)).passed


def test_the_tolerance():
    def f(x):
        return 1 + x[0] + x[1]

    assert not check_gradient(f, [1, 1], [1, 1.001]).passed
    assert not check_gradient(f, [1, 1], [1, 1.001], tolerance=0.0005).passed
    assert check_gradient(f, [1, 1], [1, 1.001], tolerance=0.0015).passed


# check_gradient fails


WRONG = {
    "factor 2": lambda g: 2 * g,
    "half": lambda g: g / 2,
    "sign": lambda g: -g,
    "0": lambda g: 0 * g,
    "0.1 % off": lambda g: 1.001 * g,
    "shifted": lambda g: g + 1e-3,
    "NaN": lambda g: g * np.nan,
    "inf": lambda g: g * np.inf,
    "other order": lambda g: g[..., ::-1],
    "averaged": lambda g: np.full(g.shape, g.mean()),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("shape", [(3,), (2, 3)])
def test_a_wrong_gradient_fails(wrong, shape):
    x = sample(shape)
    assert check_gradient(wave, x, wrong(grad(wave)(x))).passed is False


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 0.0, 123.0])
@pytest.mark.parametrize("index", list(np.ndindex(2, 3)))
def test_one_wrong_entry_is_named(index, wrong):
    x = sample((2, 3))
    gradient = grad(wave)(x)
    right = gradient[index]
    gradient[index] = wrong
    check = check_gradient(wave, x, gradient)
    assert check.passed is False and check.index == index
    assert all(type(i) is int for i in check.index)
    np.testing.assert_equal(check.analytic, wrong)
    assert np.isfinite(wrong) or check.error == np.inf
    assert check.numerical == pytest.approx(right, rel=1e-6)
    assert str(index) in str(check)


def test_the_worst_of_several_wrong_entries_is_named():
    assert check_gradient(np.sum, [1, 1, 1], [1.1, 3, 1.2]).index == (1,)


@pytest.mark.parametrize("gradient, x", [((3, 2), (2, 3)), ((), (1,)), ((1, 3), (3,))])
def test_a_gradient_of_another_shape(gradient, x):
    with pytest.raises(ValueError) as caught:
        check_gradient(wave, np.ones(x), np.ones(gradient))
    assert str(caught.value) == f"check_gradient: the gradient has shape {gradient}, x {x}"


def test_a_transposed_square_gradient_fails():
    x = sample((2, 2))
    assert not check_gradient(wave, x, grad(wave)(x).T).passed


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("where", [lambda x: True, lambda x: x > 1, lambda x: x == 1])
def test_an_f_that_is_not_finite_fails(bad, where):
    check = check_gradient(lambda x: bad if where(x) else x, 1.0, 1.0)
    assert check.passed is False and check.error == np.inf


def test_a_slope_that_overflows_fails_without_a_warning():
    def f(x):
        return np.copysign(1.7e308, x - 1)

    assert numerical_gradient(f, 1) == np.inf
    assert check_gradient(f, 1, np.inf).passed is False


def test_what_rounding_alone_excuses_is_counted_and_said():
    def f(x):
        return 1e8 + 1e-3 * np.sum(x)

    check = check_gradient(f, [1.0, 2.0], [-1e-3, -1e-3])
    assert check.passed and check.excused == 2 and check.error == 0
    assert str(check).endswith("below 1e-05, 2 of them too small to tell from rounding")
    assert check_gradient(np.sum, [1.0, 2.0], [1, 1]).excused == 0
    assert ", 1 of them too small" in str(check_gradient(f, 1.0, -1e-3))


def test_an_error_equal_to_the_tolerance_passes_without_an_excuse():
    check = check_gradient(lambda x: 1, [1.0, 2.0], [0, 0], tolerance=0)
    assert check.passed and check.excused == 0


@pytest.mark.parametrize("factor, passes", [(0.9, True), (1, True), (1.1, False)])
def test_rounding_excuses_four_times_epsilon(factor, passes):
    size, h = 1e6, 1e-5
    allowed = 4 * np.finfo(float).eps * size / h
    assert check_gradient(lambda x: size + 0 * x, 1.0, factor * allowed).passed is passes


@pytest.mark.parametrize("x, gradient", [([1j, 2], [1, 2]), ([1, 2], [1j, 2])])
def test_complex_numbers_are_refused(x, gradient):
    with pytest.raises(TypeError, match=r"^check_gradient: x and the gradient must be real"):
        check_gradient(np.sum, x, gradient)
    with pytest.raises(TypeError, match=r"^numerical_gradient: x must be real"):
        numerical_gradient(np.sum, [1j, 2])


# What is shown

WORST = "FAILED: worst relative error"


@pytest.mark.parametrize(
    "x, gradient, shown",
    [
        ([1, 3], [2, 6], r"passed: relative error below 1e-05$"),
        ([1, 3], [2, -6], rf"{WORST} 2e\+00 at \(1,\) \(backward -6, numerical 6\)$"),
        ([1, 3], [2, 12], rf"{WORST} 5e-01 at \(1,\) \(backward 12, numerical 6\)$"),
        ([1, 3], [2, np.nan], r"FAILED: .* at \(1,\) \(backward nan, numerical 6\)$"),
        (
            [[0.5]],
            [[0]],
            rf"{WORST} 1e\+00 at \(0, 0\) \(backward 0, numerical 1\)$",
        ),
    ],
)
def test_text_of_a_check(x, gradient, shown):
    check = check_gradient(lambda x: np.sum(x**2), x, gradient)
    assert " entry by entry: " in str(check)
    assert re.match(shown, str(check).replace(" entry by entry", "")), str(check)
    assert "np.float64" not in repr(check)


def test_elements_are_checked_independently():
    x = sample((4,))
    gradient = elementwise_grad(anp.sin)(x)
    assert check_gradient(lambda x: np.sum(np.sin(x)), x, gradient).passed
