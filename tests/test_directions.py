"""Gradient checks along random directions: what they cost, pass and catch."""

import re

import numpy as np
import pytest

from course_utils.gradients import check_gradient
from course_utils.nodes import (
    Affine,
    MeanSquaredError,
    ReLU,
    Sigmoid,
    Softmax,
    SoftmaxWithLoss,
)


class Counted:
    """A function that counts its calls and keeps what it was called with."""

    def __init__(self, f):
        self.f, self.seen = f, []

    def __call__(self, x):
        self.seen.append(x)
        return self.f(x)


def total_square(x):
    return np.sum(x**2)


# The network of lesson 09


@pytest.fixture
def digits():
    """Return the loss as a function of the parameters, those, and their gradients."""
    rng = np.random.default_rng(0)
    X, target = rng.random((3, 784)), np.array([7, 0, 2])
    params = {
        "W1": rng.normal(size=(784, 50)) / 28,
        "b1": rng.normal(size=50) / 10,
        "W2": rng.normal(size=(50, 10)) / 7,
        "b2": rng.normal(size=10) / 10,
    }

    def build(params):
        first, second = Affine(params["W1"], params["b1"]), Affine(params["W2"], params["b2"])
        squash, loss = Sigmoid(), SoftmaxWithLoss()
        value = loss.forward(second.forward(squash.forward(first.forward(X))), target)
        return value, (first, squash, second, loss)

    _, (first, squash, second, loss) = build(params)
    first.backward(squash.backward(second.backward(loss.backward())))
    gradients = {f"{k}{i}": g for i, n in ((1, first), (2, second)) for k, g in n.grads.items()}
    return lambda **changed: build(params | changed)[0], params, gradients


def test_all_four_parameters_pass_and_cost_300_times_less(digits):
    f, params, gradients = digits
    calls = 0
    for name, x in params.items():
        counted = Counted(lambda x, name=name: f(**{name: x}))
        check = check_gradient(counted, x, gradients[name])
        assert check.passed and check.error < 1e-6, f"{name}: {check}"
        assert check.directions == (10 if x.size > 100 else 0)
        calls += len(counted.seen)
    one_by_one = sum(2 * x.size for x in params.values())
    assert one_by_one == 79_520 and one_by_one / calls >= 300


ENTRIES = [("W1", (400, 20)), ("W1", (783, 49)), ("W2", (0, 0)), ("b1", (49,)), ("b2", (3,))]


@pytest.mark.parametrize("name, index", ENTRIES)
@pytest.mark.parametrize("directions", [10, 1])
def test_one_wrong_entry_among_thousands_is_caught(digits, name, index, directions):
    f, params, gradients = digits
    gradients[name][index] += 0.01
    check = check_gradient(
        lambda x: f(**{name: x}), params[name], gradients[name], directions=directions
    )
    assert not check.passed


@pytest.mark.parametrize("wrong", [2, 0.5, -1, 0, 1.001, np.nan], ids=str)
@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_a_wrong_factor_is_caught(digits, name, wrong):
    f, params, gradients = digits
    check = check_gradient(lambda x: f(**{name: x}), params[name], wrong * gradients[name])
    assert not check.passed


# Backward passes with one mistake each, in a network with square weights and a fork


class NoSlope(Sigmoid):
    def backward(self, upstream):
        return upstream


class Diagonal(Softmax):
    def backward(self, upstream):
        return upstream * self.p * (1 - self.p)


class Undivided(MeanSquaredError):
    def backward(self, upstream=1.0):
        return upstream * 2 * self.difference


class DividedTwice(MeanSquaredError):
    def backward(self, upstream=1.0):
        return upstream * 2 * self.difference / self.count**2


class Overwriting(ReLU):
    def backward(self, upstream):
        upstream[~self.mask] = 0
        return upstream


class MaskOfOutput(ReLU):
    def forward(self, x):
        y = super().forward(x)
        self.mask = y >= 0
        return y


class MeanBias(Affine):
    def backward(self, upstream):
        dX = super().backward(upstream)
        self.grads["b"] = upstream.mean(axis=0)
        return dX


class TransposedInput(Affine):
    def backward(self, upstream):
        super().backward(upstream)
        return upstream @ self.params["W"]


class TransposedWeights(Affine):
    def backward(self, upstream):
        dX = super().backward(upstream)
        self.grads["W"] = upstream.T @ self.X
        return dX


class OneWrongEntry(Affine):
    def backward(self, upstream):
        dX = super().backward(upstream)
        self.grads["W"][3, 5] += 1e-4
        return dX


RIGHT = {
    "affine": Affine,
    "relu": ReLU,
    "join": lambda through, around: through + around,
    "output": Sigmoid,
    "loss": MeanSquaredError,
}


def network(values, **parts):
    """Run X → affine → relu(a) + a → affine → output → loss; return the loss and gradients."""
    parts = RIGHT | parts
    first = parts["affine"](values["W1"], values["b1"])
    second = Affine(values["W2"], values["b2"])
    relu, output, loss = parts["relu"](), parts["output"](), parts["loss"]()
    a = first.forward(values["X"])
    y = output.forward(second.forward(relu.forward(a) + a))
    value = loss.forward(y, values["target"])
    dh = second.backward(output.backward(loss.backward()))
    dX = first.backward(parts["join"](relu.backward(dh), dh))
    gradients = {"X": dX, "W1": first.grads["W"], "b1": first.grads["b"]}
    return value, gradients | {"W2": second.grads["W"], "b2": second.grads["b"]}


def values():
    rng = np.random.default_rng(3)
    shapes = {"X": (9, 12), "W1": (12, 12), "b1": (12,), "W2": (12, 12), "b2": (12,)}
    drawn = {name: rng.normal(size=shape) / 2 for name, shape in shapes.items()}
    return drawn | {"target": np.eye(12)[rng.integers(0, 12, 9)]}


EVERYTHING = ["X", "W1", "b1", "W2", "b2"]
BEFORE_THE_FORK = ["X", "W1", "b1"]
MISTAKES = {
    "the slope of the output left out": (dict(output=NoSlope), EVERYTHING),
    "the gradient not divided by N": (dict(loss=Undivided), EVERYTHING),
    "1/N twice": (dict(loss=DividedTwice), EVERYTHING),
    "the diagonal of softmax alone": (dict(output=Diagonal), EVERYTHING),
    "ReLU overwrites its upstream": (dict(relu=Overwriting), BEFORE_THE_FORK),
    "the mask lets 0 through": (dict(relu=MaskOfOutput), BEFORE_THE_FORK),
    "one branch dropped": (dict(join=lambda through, around: through), BEFORE_THE_FORK),
    "the other branch dropped": (dict(join=lambda through, around: around), BEFORE_THE_FORK),
    "the bias averaged": (dict(affine=MeanBias), ["b1"]),
    "W not transposed": (dict(affine=TransposedInput), ["X"]),
    "the gradient of W transposed": (dict(affine=TransposedWeights), ["W1"]),
    "one entry": (dict(affine=OneWrongEntry), ["W1"]),
}


def failures(given, right_parts, wrong_parts, **options):
    """Return the names whose gradient, from wrong_parts, does not fit the loss of right_parts."""
    _, gradients = network(given, **wrong_parts)
    checks = {
        name: check_gradient(
            lambda x, name=name: network(given | {name: x}, **right_parts)[0],
            given[name],
            gradient,
            **options,
        )
        for name, gradient in gradients.items()
    }
    return [name for name, check in checks.items() if not check.passed]


@pytest.mark.parametrize("output", [Sigmoid, Softmax])
def test_the_network_without_a_mistake_passes(output):
    assert failures(values(), dict(output=output), dict(output=output)) == []


@pytest.mark.parametrize("parts, caught", MISTAKES.values(), ids=MISTAKES)
@pytest.mark.parametrize("directions", [None, 10])
def test_a_mistake_is_caught_where_it_is_and_nowhere_else(parts, caught, directions):
    output = parts.get("output", Sigmoid).__base__ if "output" in parts else Sigmoid
    assert failures(values(), dict(output=output), parts, directions=directions) == caught


# How it is chosen, and what is shown


@pytest.mark.parametrize(
    "shape, directions, expected, calls",
    [
        ((100,), None, 0, 201),
        ((101,), None, 10, 21),
        ((10, 10), None, 0, 201),
        ((1, 101), None, 10, 21),
        ((101,), 0, 0, 203),
        ((101,), 1, 1, 3),
        ((3,), 7, 7, 15),
        ((), 2, 2, 5),
        ((100,), 10, 10, 21),
    ],
)
def test_which_way_is_taken(shape, directions, expected, calls):
    f, x = Counted(total_square), np.full(shape, 1.5)
    check = check_gradient(f, x, 2 * x, directions=directions)
    assert check.passed and check.directions == expected
    assert len(f.seen) == calls
    assert all(np.shape(seen) == shape for seen in f.seen)


TWICE, NUMBERS = r"worst relative error 2e\+00", r"\(backward \S+, numerical \S+\)"


@pytest.mark.parametrize(
    "factor, size, shown",
    [
        (1, 101, "passed along 10 random directions: relative error below 1e-05"),
        (1, 100, "passed entry by entry: relative error below 1e-05"),
        (-1, 101, rf"FAILED along 10 random directions: {TWICE} at direction \d {NUMBERS}"),
        (-1, 100, rf"FAILED entry by entry: {TWICE} at \(\d+,\) {NUMBERS}"),
    ],
)
def test_text_of_a_check_says_which_way(factor, size, shown):
    x = np.linspace(1, 2, size)
    check = check_gradient(total_square, x, factor * 2 * x)
    assert re.fullmatch(shown, str(check)), str(check)
    assert "np." not in repr(check)


def test_a_failed_check_names_the_worst_direction():
    x = np.linspace(1, 2, 200)
    check = check_gradient(total_square, x, 2.5 * x, directions=4)
    (k,) = check.index
    assert type(k) is int and 0 <= k < 4
    assert check.error == pytest.approx(0.2) and type(check.error) is float
    assert check.analytic == pytest.approx(1.25 * check.numerical)


def test_the_directions_have_length_1_and_differ():
    f, x = Counted(total_square), np.linspace(1, 2, 101)
    check_gradient(f, x, 2 * x, h=0.5)
    steps = np.array([seen - x for seen in f.seen if np.any(seen != x)]) / 0.5
    assert steps.shape == (20, 101)
    np.testing.assert_allclose((steps**2).sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(steps[::2], -steps[1::2], atol=1e-12)
    cosines = steps[::2] @ steps[::2].T - np.eye(10)
    assert np.abs(cosines).max() < 0.5
    assert np.all(np.abs(steps).max(axis=1) < 0.5), "none follows an axis"
    assert len(np.unique(np.abs(steps[::2]).round(12))) == 1010, "no two entries can cancel"


def test_a_check_is_the_same_every_time():
    x = np.random.default_rng(1).normal(size=300)
    checks = [check_gradient(lambda x: np.sum(np.sin(x)), x, np.cos(x)) for _ in range(2)]
    assert checks[0] == checks[1]


def test_what_a_check_found_cannot_be_changed():
    check = check_gradient(np.sum, [1.0], [2.0])
    with pytest.raises(AttributeError):
        check.passed = True


def test_x_and_the_gradient_are_left_as_they_were_even_if_f_writes_to_its_argument():
    def f(x):
        total = total_square(x)
        x += 100
        return total

    x = np.linspace(1, 2, 101)
    gradient = 2 * x
    x.flags.writeable = gradient.flags.writeable = False
    assert check_gradient(f, x, gradient).passed
    assert x.tolist() == np.linspace(1, 2, 101).tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.int64, list])
def test_x_is_stepped_in_float64(dtype):
    x = np.arange(1, 151)
    given = x.tolist() if dtype is list else x.astype(dtype)
    f = Counted(total_square)
    check = check_gradient(f, given, (2 * x).astype(np.float32))
    assert check.passed and check.directions == 10
    assert {seen.dtype for seen in f.seen} == {np.dtype(float)}


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_gradient_or_an_f_that_is_not_finite_fails_without_a_warning(bad):
    x = np.ones(101)
    gradient = 2 * x
    gradient[50] = bad
    assert check_gradient(total_square, x, gradient).error == np.inf
    assert check_gradient(lambda x: bad, x, 2 * x).error == np.inf


def test_a_difference_that_rounding_makes_passes_and_no_more():
    x = np.ones(101)
    assert check_gradient(lambda x: 1e9 + 0 * x[0], x, np.full(101, 1e-3)).passed
    assert not check_gradient(lambda x: 1e9 + 0 * x[0], x, x).passed
    assert check_gradient(lambda x: 5.0, x, 0 * x).passed


@pytest.mark.parametrize("h", [0, -1e-5, np.nan])
def test_a_step_not_above_0(h):
    with pytest.raises(ValueError, match="the step h must be above 0"):
        check_gradient(total_square, np.ones(101), np.ones(101), h=h)


@pytest.mark.parametrize("directions", [-1, 2.5, True, "3"])
def test_directions_that_are_no_number_of_times(directions):
    message = "check_gradient: directions must be a whole number from 0 up, got "
    with pytest.raises(ValueError, match=re.escape(f"{message}{directions!r}")):
        check_gradient(total_square, [1.0], [2.0], directions=directions)


def test_a_single_wrong_entry_that_is_tiny_beside_the_rest_needs_every_entry():
    w = np.ones(200)
    w[0] = 1e6
    wrong = w.copy()
    wrong[5] = 2
    f = lambda x: w @ x  # noqa: E731
    assert check_gradient(f, np.ones(200), wrong).passed
    check = check_gradient(f, np.ones(200), wrong, directions=0)
    assert not check.passed and check.index == (5,)


def test_f_gets_an_array_along_directions_also_for_a_single_number():
    kinds = set()
    check_gradient(lambda x: kinds.add(type(x)) or x**2, 3.0, 6.0, directions=2)
    assert kinds == {np.ndarray}


@pytest.mark.parametrize("directions", [None, 0, 3])
def test_no_entry(directions):
    with pytest.raises(ValueError, match="x has no entry"):
        check_gradient(total_square, np.ones((0, 3)), np.ones((0, 3)), directions=directions)


def test_shapes_that_differ():
    with pytest.raises(ValueError) as caught:
        check_gradient(total_square, np.ones((2, 60)), np.ones((60, 2)))
    assert str(caught.value) == "check_gradient: the gradient has shape (60, 2), x (2, 60)"


def test_f_that_returns_an_array():
    with pytest.raises(ValueError, match="f must return one number"):
        check_gradient(lambda x: x, np.ones(101), np.ones(101))
