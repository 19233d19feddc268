"""Losses by hand, far from 0 and for every form of target; test_layers.py holds what all share."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import (
    LOSSES,
    assert_equals_autograd,
    assert_equals_complex_step,
    exact_binary_cross_entropy,
    exact_softmax,
    run,
    sample,
)

from course_utils.nodes import (
    MeanSquaredError,
    Sigmoid,
    SigmoidWithLoss,
    Softmax,
    SoftmaxWithLoss,
)

NODES = [MeanSquaredError, SigmoidWithLoss, SoftmaxWithLoss]
each_loss = pytest.mark.parametrize("kind", LOSSES.values(), ids=LOSSES)
each_node = pytest.mark.parametrize("node", NODES)
few = settings(max_examples=60, deadline=None, derandomize=True)


def loss_and_gradient(node, scores, target, *upstream):
    node = node()
    return node.forward(scores, target), node.backward(*upstream)


# Numbers


def test_mean_squared_error_by_hand():
    loss, gradient = loss_and_gradient(MeanSquaredError, [1, 2, 3, 6], [1, 0, 3, 5])
    assert loss == 1.25 and gradient.tolist() == [0, 1, 0, 0.5]
    loss, gradient = loss_and_gradient(MeanSquaredError, [[1, 2], [3, 6]], [[1, 0], [3, 5]])
    assert loss == 2.5 and gradient.tolist() == [[0, 2], [0, 1]]
    loss, gradient = loss_and_gradient(MeanSquaredError, 5, 3)
    assert loss == 4 and gradient == 4 and gradient.shape == ()


BINARY = [
    (0, 1, 0.6931, -0.5),
    (2, 1, 0.1269, -0.1192),
    (2, 0, 2.1269, 0.8808),
    (-800, 1, 800, -1),
    (800, 0, 800, 1),
    (800, 1, 0, 0),
    (-800, 0, 0, 0),
]


@pytest.mark.parametrize("z, t, loss, gradient", BINARY)
def test_binary_cross_entropy_by_hand(z, t, loss, gradient):
    got = loss_and_gradient(SigmoidWithLoss, z, t)
    np.testing.assert_allclose(got, (loss, gradient), atol=5e-5)
    got_loss, got_gradient = loss_and_gradient(SigmoidWithLoss, [z, 0], [t, 1])
    np.testing.assert_allclose(got_loss, (loss + np.log(2)) / 2, atol=5e-5)
    np.testing.assert_allclose(got_gradient, [gradient / 2, -0.25], atol=5e-5)


@pytest.mark.parametrize(
    "number, loss, gradient",
    [(2, 0.00825, [0.00816, 0.000055, -0.00822]), (0, 4.808, [-0.9918, 0.000055, 0.9918])],
)
def test_cross_entropy_by_hand(number, loss, gradient):
    scores = [5.3, 0.3, 10.1]
    got_loss, got_gradient = loss_and_gradient(SoftmaxWithLoss, scores, number)
    np.testing.assert_allclose(got_loss, loss, rtol=5e-4)
    np.testing.assert_allclose(got_gradient, gradient, rtol=1e-3)
    twice = loss_and_gradient(SoftmaxWithLoss, [scores, scores], [number, number])
    np.testing.assert_allclose(twice[0], got_loss, rtol=1e-14)
    np.testing.assert_allclose(twice[1], [got_gradient / 2] * 2, rtol=1e-14)


# One number for many examples


@each_loss
def test_the_loss_of_a_batch_is_the_mean_of_its_rows(kind):
    (scores, target), _ = sample(kind, 5, 1, 3)
    loss, (gradient,) = run(kind, [scores, target], 1)
    assert loss.shape == () and gradient.shape == scores.shape
    rows = [run(kind, [scores[i : i + 1], target[i : i + 1]], 1) for i in range(5)]
    np.testing.assert_allclose(loss, np.mean([row[0] for row in rows]), rtol=1e-13)
    np.testing.assert_allclose(gradient, [row[1][0][0] / 5 for row in rows], rtol=1e-13)


@few
@given(st.sampled_from(list(LOSSES.values())), st.integers(1, 6), st.integers(0, 99))
def test_the_order_of_the_examples_does_not_matter(kind, n, seed):
    (scores, target), _ = sample(kind, n, 1, 3, seed)
    order = np.random.default_rng(seed).permutation(n)
    loss, (gradient,) = run(kind, [scores, target], 1)
    other, (moved,) = run(kind, [scores[order], target[order]], 1)
    np.testing.assert_allclose(other, loss, rtol=1e-13)
    np.testing.assert_allclose(moved, gradient[order], rtol=1e-13)


@pytest.mark.parametrize("name", ["CE of class numbers", "CE of one-hot rows", "CE of soft rows"])
def test_one_example_without_a_batch_axis(name):
    (scores, target), _ = sample(LOSSES[name], 1, 1, 4)
    assert_equals_autograd(LOSSES[name], [scores[0], np.asarray(target[0])], 2.5)


@pytest.mark.parametrize("name", ["MSE", "BCE of 0 and 1"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 1, 3)])
def test_any_shape(name, shape):
    rng = np.random.default_rng(4)
    target = np.asarray(rng.integers(0, 2, shape))
    assert_equals_autograd(LOSSES[name], [np.asarray(rng.normal(size=shape)), target], 2.5)


@each_loss
def test_the_upstream_is_1_unless_given(kind):
    inputs, _ = sample(kind, 3, 1, 2)
    loss, gradient = loss_and_gradient(kind.node, *inputs)
    assert type(gradient) is np.ndarray, "one gradient: a target has none"
    for upstream in (2.5, -1, 0, np.float32(0.5)):
        scaled = loss_and_gradient(kind.node, *inputs, upstream)
        assert scaled[0] == loss
        np.testing.assert_allclose(scaled[1], upstream * gradient, rtol=1e-14)
    node = kind.node()
    node.forward(*inputs)
    np.testing.assert_array_equal(node.backward(upstream=1), gradient)


# Forms of a target

FORMS = {
    "class numbers": [2, 0],
    "floats": [2.0, 0.0],
    "small integers": np.array([2, 0], dtype=np.uint8),
    "one-hot rows": [[0, 0, 1], [1, 0, 0]],
    "rows of booleans": np.array([[False, False, True], [True, False, False]]),
    "float32 rows": np.array([[0, 0, 1], [1, 0, 0]], dtype=np.float32),
}


@pytest.mark.parametrize("target", FORMS.values(), ids=FORMS)
def test_class_numbers_and_one_hot_rows_are_alike(target):
    scores = np.array([[5.3, 0.3, 10.1], [1, 2, -3]])
    expected = loss_and_gradient(SoftmaxWithLoss, scores, np.eye(3)[[2, 0]])
    for got, right in zip(
        loss_and_gradient(SoftmaxWithLoss, scores, target), expected, strict=True
    ):
        np.testing.assert_array_equal(got, right)
    one = loss_and_gradient(SoftmaxWithLoss, scores[1], target[1])
    np.testing.assert_allclose(one[1] / 2, expected[1][1], rtol=1e-14)


ROWS = [[0.5, 0.25, 0.25], [0, 1, 0]]


@pytest.mark.parametrize(
    "node, target", [(SoftmaxWithLoss, [2, 0]), *((node, ROWS) for node in NODES)]
)
def test_a_float64_target_leaves_float32_scores_as_they_are(node, target):
    scores, target = np.ones((2, 3), dtype=np.float32), np.array(target, dtype=float)
    loss, gradient = loss_and_gradient(node, scores, target)
    assert loss.dtype == gradient.dtype == np.float32


@pytest.mark.parametrize("node", NODES)
def test_a_complex_target_is_refused(node):
    with pytest.raises(TypeError, match=rf"^{node.__name__}.forward: a target must be real"):
        node().forward(np.ones((2, 2)), np.eye(2) * (1 + 0j))


@pytest.mark.parametrize("node", NODES)
def test_inputs_may_be_named(node):
    first = "prediction" if node is MeanSquaredError else "scores"
    scores, target = np.array([[1.0, 2.0]]), np.array([[0.0, 1.0]])
    named = node().forward(target=target, **{first: scores})
    assert named == node().forward(scores, target) == node().forward(scores, target=target)
    with pytest.raises(TypeError, match="missing a required argument: 'target'"):
        node().forward(scores, targets=target)


def test_a_refused_forward_leaves_the_last_one_whole():
    node = SigmoidWithLoss()
    node.forward([1.0, 2.0, 3.0], [0, 1, 1])
    before = node.backward()
    with pytest.raises(ValueError, match="a target is 0, 1"):
        node.forward([1.0, 2.0], [0, 7])
    np.testing.assert_array_equal(node.backward(), before)


def test_a_perfect_prediction_costs_zero_without_a_sign():
    assert not np.signbit(SoftmaxWithLoss().forward([[3.0]], [0]))
    assert not np.signbit(SoftmaxWithLoss().forward([1e4, -1e4], 0))


@few
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 99))
def test_a_loss_is_its_activation_followed_by_the_plain_formula(n, classes, seed):
    rng = np.random.default_rng(seed)
    scores, t = rng.normal(size=(n, classes)), rng.dirichlet(np.ones(classes), n)
    p = Softmax().forward(scores)
    np.testing.assert_allclose(
        loss_and_gradient(SoftmaxWithLoss, scores, t)[0], -np.sum(t * np.log(p)) / n, atol=1e-13
    )
    p = Sigmoid().forward(scores)
    expected = -np.sum(t * np.log(p) + (1 - t) * np.log(1 - p)) / n
    np.testing.assert_allclose(loss_and_gradient(SigmoidWithLoss, scores, t)[0], expected)


# Stability


@pytest.mark.parametrize("z", [-10_000, -800, -40, -1, -1e-9, 0, 1e-9, 1, 40, 800, 10_000])
@pytest.mark.parametrize("t", [0, 0.25, 0.5, 1])
@pytest.mark.parametrize("dtype, eps", [(np.float64, 1e-15), (np.float32, 1e-6)])
def test_binary_cross_entropy_is_exact_and_silent(z, t, dtype, eps):
    with np.errstate(all="raise"):
        loss, gradient = loss_and_gradient(SigmoidWithLoss, np.array(z, dtype=dtype), t)
    expected_loss, expected_gradient = exact_binary_cross_entropy(np.array(z, dtype=dtype), t)
    np.testing.assert_allclose(loss, expected_loss, rtol=eps, atol=1e-44)
    np.testing.assert_allclose(gradient, expected_gradient, atol=eps)


@pytest.mark.parametrize(
    "scores", [(10_000, -10_000, 9_999), (-800, -801, 800), (0, 0, 10_000), (1, 2, 3), (-800,)]
)
@pytest.mark.parametrize("dtype, eps", [(np.float64, 1e-15), (np.float32, 1e-6)])
def test_cross_entropy_is_exact_and_silent(scores, dtype, eps):
    p, minus_log_p = exact_softmax(scores)
    for number, row in enumerate(np.eye(len(scores))):
        with np.errstate(all="raise"):
            loss, gradient = loss_and_gradient(SoftmaxWithLoss, np.array(scores, dtype), number)
        np.testing.assert_allclose(loss, minus_log_p[number], rtol=eps, atol=eps)
        np.testing.assert_allclose(gradient, p - row, rtol=eps, atol=eps)


def test_the_complex_step_agrees_with_backward_at_a_score_of_0():
    scores, targets = np.array([0.0, -0.0, 0.0]), np.array([0, 0.25, 1])
    assert_equals_complex_step(LOSSES["BCE of probabilities"], [scores, targets], 1)


def test_a_class_with_target_0_may_be_infinitely_unlikely():
    with np.errstate(all="raise"):
        loss, gradient = loss_and_gradient(SoftmaxWithLoss, [1e308, -1e308], [1, 0])
        assert loss == 0 and gradient.tolist() == [0, 0]
        loss, gradient = loss_and_gradient(SoftmaxWithLoss, [1e308, -1e308], 1)
        assert loss == np.inf and gradient.tolist() == [1, -1]


@pytest.mark.parametrize("scores", [[np.nan, 1], [np.inf, 1], [1e200, 1e308]], ids=str)
@each_node
def test_no_score_makes_a_warning(node, scores):
    with np.errstate(all="raise"):
        loss, gradient = loss_and_gradient(node, scores, [1, 0])
    if np.isnan(scores[0]):
        assert np.isnan(loss) and np.isnan(gradient[0]), "NaN stays NaN"
        assert np.isnan(gradient[1]) == (node is SoftmaxWithLoss), "and in its own row"


# What is refused

ONE_SHAPE = [((3,), (3, 1)), ((3, 1), (3,)), ((3,), ()), ((), (3,)), ((2, 3), (3,)), ((2,), (3,))]


@pytest.mark.parametrize("node", [MeanSquaredError, SigmoidWithLoss])
@pytest.mark.parametrize("scores, target", ONE_SHAPE)
def test_a_target_of_another_shape_is_not_broadcast(node, scores, target):
    with pytest.raises(ValueError) as caught:
        node().forward(np.ones(scores), np.ones(target))
    assert str(caught.value) == (
        f"{node.__name__}.forward: the inputs must have one shape, got {scores} and {target}"
    )


@pytest.mark.parametrize(
    "scores, target",
    [
        ((3, 2), (3, 1)),
        ((3, 2), (2,)),
        ((3, 2), ()),
        ((3, 2), (2, 3)),
        ((3, 2), (1, 2)),
        ((3, 1), (1,)),
        ((3,), (1,)),
        ((3,), (3, 1)),
        ((3,), (1, 3)),
    ],
)
def test_a_target_that_fits_no_form(scores, target):
    with pytest.raises(ValueError) as caught:
        SoftmaxWithLoss().forward(np.ones(scores), np.ones(target))
    assert str(caught.value) == (
        f"SoftmaxWithLoss.forward: scores of shape {scores} need class numbers of shape "
        f"{scores[:-1]} or one-hot rows of shape {scores}, got {target}"
    )


@pytest.mark.parametrize(
    "target, shown",
    [
        ([0, 3], "[0. 3.]"),
        ([3, 3], "[3.]"),
        ([1, 4], "[1. 4.]"),
        ([-1, 1], "[-1.  1.]"),
        ([0.5, 1], "[0.5 1. ]"),
        ([0, np.nan], "[ 0. nan]"),
    ],
)
def test_a_class_number_that_is_none(target, shown):
    where = "SoftmaxWithLoss.forward: class numbers must be whole numbers from 0 to 2, got "
    with pytest.raises(ValueError, match=f"^{re.escape(where)}.*{re.escape(shown)}$"):
        SoftmaxWithLoss().forward(np.ones((2, 3)), target)
    bad = next(number for number in target if number not in (0, 1))
    with pytest.raises(ValueError, match=f"^{re.escape(where)}"):
        SoftmaxWithLoss().forward(np.ones(3), bad)


@pytest.mark.parametrize(
    "row", [[0, 0, 0], [1, 1, 0], [2, -1, 0], [0.5, 0.4, 0], [1.001, 0, 0], [np.nan, 1, 0]], ids=str
)
def test_a_row_that_is_no_probabilities(row):
    for scores, target in [(np.ones(3), row), (np.ones((2, 3)), [[0, 1, 0], row])]:
        with pytest.raises(ValueError) as caught:
            SoftmaxWithLoss().forward(scores, target)
        expected = "SoftmaxWithLoss.forward: each one-hot row must be ≥ 0 and sum to 1"
        assert str(caught.value) == expected


@pytest.mark.parametrize(
    "target, shown", [([0, 2], "0 to 2"), ([-1, 1], "-1 to 1"), ([1.5, 0.5], "0.5 to 1.5")]
)
def test_a_binary_target_that_is_no_probability(target, shown):
    with pytest.raises(ValueError, match=rf"^SigmoidWithLoss\.forward: .* run from {shown}$"):
        SigmoidWithLoss().forward([1, 1], target)
    with pytest.raises(ValueError, match=r"^SigmoidWithLoss\.forward: "):
        SigmoidWithLoss().forward([1, 1], [0, np.nan])


@each_node
@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_no_example(node, shape):
    target = np.ones(shape)
    why = "there is no example|at least one class" if shape != (0, 3) else "there is no example"
    with pytest.raises(ValueError, match=rf"^{node.__name__}\.forward: .*({why})") as caught:
        node().forward(np.ones(shape), target)
    assert str(shape) in str(caught.value)


@pytest.mark.parametrize("shape", [(), (2, 3, 4), (3, 0)])
def test_scores_that_softmax_with_loss_refuses(shape):
    with pytest.raises(ValueError) as caught:
        SoftmaxWithLoss().forward(np.ones(shape), np.ones(shape))
    assert str(caught.value) == (
        "SoftmaxWithLoss.forward: the scores must have shape (N, C) or (C,) with at least one "
        f"class, got {shape}"
    )


@each_node
@pytest.mark.parametrize("bad", ["a", None, [[1, 2], [3]]], ids=str)
def test_what_is_not_numbers(node, bad):
    for inputs in [(bad, [1.0, 0.0]), ([1.0, 0.0], bad)]:
        with pytest.raises(TypeError) as caught:
            node().forward(*inputs)
        assert str(caught.value) == (
            f"{node.__name__}.forward: expected a number or an array of numbers, got {bad!r}"
        )
