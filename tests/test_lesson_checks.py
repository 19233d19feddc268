"""What the checks of lessons 09 to 12 say where they run an answer in their own way."""

import time

import numpy as np
import pytest
from checked import module_of
from lessons import PATHS

from course_utils.exercises import batch_answers
from course_utils.nodes import Affine, MeanSquaredError
from course_utils.training import SGD, Network

LESSON_09, LESSON_10, LESSON_11, LESSON_12 = map(module_of, PATHS[9:13])


def said(exercise, attempt):
    return exercise.verdict(attempt).message


def returns(value):
    return lambda *case: value


def losses_one_by_one(network, optimizer, X, t, iterations):
    for _ in range(iterations):
        yield network.forward(X, t)
        network.backward()
        optimizer.update(network.params, network.grads)


def test_the_losses_may_come_from_a_generator():
    assert LESSON_09.learn.verdict(losses_one_by_one).passed


@pytest.mark.parametrize("empty", [[], (), np.array([])])
def test_an_empty_list_of_losses_is_named(empty):
    def learns(*given):
        list(losses_one_by_one(*given))
        return empty

    assert "append each loss" in said(LESSON_09.learn, learns)
    assert said(LESSON_09.learn, returns(empty)).startswith("not attempted yet")


@pytest.mark.parametrize("wrong", [3.0, np.array(3.0), [[1.0], [2.0, 3.0]], ([1.0], "network")])
def test_losses_of_any_kind_stop_no_check(wrong):
    assert "Calling your code" not in said(LESSON_09.learn, returns(wrong))


def test_an_update_of_something_else_is_named():
    other = Network([Affine(np.ones((2, 1)), np.ones(1))], MeanSquaredError())

    def learns(network, optimizer, X, t, iterations):
        list(losses_one_by_one(other, SGD(0.1), X, t, iterations))
        return [network.forward(X, t) for _ in range(iterations)]

    assert "it changes something else" in said(LESSON_09.learn, learns)


FRESH = np.random.default_rng(12345)


def cut(order, size):
    return [order[start : start + size] for start in range(0, len(order), size)]


@pytest.mark.parametrize(
    "draw",
    [
        lambda count, rng: rng.random(count).argsort(),
        lambda count, rng: rng.choice(count, count, replace=False),
        lambda count, rng: rng.permutation(count).tolist(),
    ],
)
@pytest.mark.parametrize("kind", [list, tuple, iter])
def test_batches_may_be_drawn_and_returned_in_any_way(draw, kind):
    verdict = LESSON_10.batches.verdict(lambda count, size, rng: kind(cut(draw(count, rng), size)))
    assert verdict.passed


@pytest.mark.parametrize("size", [1, 2])
def test_smaller_batches_are_not_said_to_hold_the_same_examples(size):
    message = said(LESSON_10.batches, lambda count, _, rng: cut(rng.permutation(count), size))
    assert "sizes of the batches" in message


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda count, size, rng: ..., "not attempted yet"),
        (lambda count, size, rng: [..., ...], "not attempted yet"),
        (lambda count, size, rng: None, "returns None"),
        (lambda count, size, rng: count, batch_answers.NO_LIST),
        (lambda count, size, rng: rng.permutation(count), batch_answers.NO_LIST),
        (lambda count, size, rng: [[0, [1]]], batch_answers.NO_LIST),
        (lambda count, size, rng: [["0", "1"]], batch_answers.NO_LIST),
        (lambda count, size, rng: [], "list of batches is empty"),
        (lambda count, size, rng: cut(rng.permutation(count) / 2, size), "whole numbers"),
        (lambda count, size, rng: cut(rng.permutation(count) + 1, size), "a number 14; they go"),
        (lambda count, size, rng: cut(-rng.permutation(count), size), "they go from 0 to 13"),
        (lambda count, size, rng: cut(FRESH.permutation(count), size), LESSON_10.NOT_FROM_RNG),
        (lambda count, size, rng: cut(np.arange(count)[::-1], size), LESSON_10.SAME_ORDER),
        (
            lambda count, size, rng: rng.permutation(count)[np.newaxis, :size],
            LESSON_10.SOME_LEFT_OUT,
        ),
    ],
)
def test_what_is_said_about_batches(attempt, sentence):
    assert sentence in said(LESSON_10.batches, attempt)


@pytest.mark.parametrize("kind", [tuple, list, np.array])
def test_settings_may_come_in_any_sequence(kind):
    assert LESSON_10.by_heart.verdict(lambda: kind((0.4, 50))).passed
    assert LESSON_10.reach.verdict(lambda: kind((0.3, 20, 10))).passed


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (..., "not attempted yet"),
        ([0.4, ...], "not attempted yet"),
        (None, "returns None"),
        (0.4, "Return 2 numbers"),
        (np.array(0.4), "Return 2 numbers"),
        (np.array([[0.4, 50]]), "Return 2 numbers"),
        ({0.4, 50}, "Return 2 numbers"),
        ((0.4, 50, 1), "Return 2 numbers"),
        ((0.4, "50"), "number of iterations should be a number above 0, and is '50'"),
        ((True, 50), "learning rate should be a number above 0"),
        ((np.float64(-0.4), 50), "above 0, and is -0.4."),
        ((float("nan"), 50), "above 0, and is nan"),
        ((50, 0.4), "should be a whole number, and is 0.4"),
        ((100.0, 1), LESSON_10.TOO_FAR),
        ((1e30, 50), LESSON_10.TOO_FAR),
        ((0.4, 1), LESSON_10.TOO_FEW),
        ((0.1, 50), LESSON_10.TOO_SHORT),
        ((0.4, 51), LESSON_10.TOO_MANY_ITERATIONS),
    ],
)
def test_what_is_said_about_learning_by_heart(settings, sentence):
    assert sentence in said(LESSON_10.by_heart, returns(settings))


def test_the_loss_after_the_last_update_counts():
    X, labels = (array[:20] for array in LESSON_10._digits()[0])
    losses = LESSON_10._trained(X, labels, 0.5, epochs=50)[1]  # each from before its update
    enough = int(np.argmax(np.array(losses) < 0.01))
    assert LESSON_10.by_heart.verdict(lambda: (0.5, enough)).passed
    assert LESSON_10.TOO_FEW in said(LESSON_10.by_heart, lambda: (0.5, enough - 1))


@pytest.mark.parametrize("size", [1, 9])
def test_batches_that_would_take_minutes_are_refused_at_once(size):
    start = time.perf_counter()
    assert LESSON_10.TOO_SMALL_BATCHES in said(LESSON_10.reach, lambda: (0.05, size, 10))
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize("share", ["histogram2d", "largest label"])
def test_a_class_that_occurs_nowhere_has_a_row(share):
    def confusion(labels, answers, classes):
        if share == "histogram2d":
            return np.histogram2d(labels, answers, bins=classes)[0]
        return LESSON_10._confusion(labels, answers, labels.max() + 1)

    assert not LESSON_10.confusion.verdict(confusion).passed


def he(inputs, outputs, rng):
    return rng.normal(0, np.sqrt(2 / inputs), (inputs, outputs))


def from_another_order(number):
    def weights(inputs, outputs, rng):
        return he(inputs, outputs, np.random.default_rng(rng.integers(1 << 40) + number))

    return weights


def test_right_weights_pass_in_whichever_order_they_are_drawn():
    for number in range(20):
        assert LESSON_11.weights.verdict(from_another_order(number)).passed
    assert LESSON_11.weights.verdict(lambda D, M, rng: he(D, M, rng).astype(np.float32)).passed
    assert LESSON_11.weights.verdict(lambda D, M, rng: he(D, M, rng).tolist()).passed


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda D, M, rng: ..., "not attempted yet"),
        (lambda D, M, rng: None, "returns None"),
        (lambda D, M, rng: he(D, M, rng).T, "a row belongs to an input"),
        (lambda D, M, rng: he(D, M, rng)[0], "should have the shape (500, 400), and has (400,)"),
        (lambda D, M, rng: (he(D, M, rng), np.zeros(M)), "Return W alone"),
        (lambda D, M, rng: rng.integers(0, 2, (D, M)), "random numbers with decimals"),
        (lambda D, M, rng: np.zeros((D, M)), "the same whatever rng is given"),
        (lambda D, M, rng: he(D, M, np.random.default_rng(0)), "the same whatever rng is given"),
        (lambda D, M, rng: he(D, M, np.random), "not drawn from the rng that is given"),
        (lambda D, M, rng: he(D, M, np.random.default_rng()), "not drawn from the rng"),
        (lambda D, M, rng: np.full((D, M), rng.normal()), "All numbers of W are equal"),
        (lambda D, M, rng: he(D, M, rng) + 0.1 / np.sqrt(D), "divided by its standard deviation"),
    ],
)
def test_what_is_said_about_weights(attempt, sentence):
    assert sentence in said(LESSON_11.weights, attempt)


def test_a_neuron_that_is_hardly_on_is_not_dead():
    for threshold in (0.001, 0.01, 0.1):
        attempt = lambda h, least=threshold: (h.mean(axis=0) < least).mean()  # noqa: E731
        assert not LESSON_11.dead.verdict(attempt).passed


def test_no_factor_that_lacks_something_is_1_or_more():
    for slope, std, width, _ in LESSON_11.layers_until.cases:
        root = np.sqrt(width)
        assert max(slope * root, std * root, slope * std * width, std * width) < 1


@pytest.mark.parametrize("kind", [tuple, list, np.array])
def test_the_names_may_come_in_any_sequence(kind):
    assert LESSON_12.name_them.verdict(lambda: kind((6, 3, 1))).passed
    assert LESSON_12.name_them.verdict(lambda: kind((6.0, 3.0, 1.0))).passed


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        (..., "not attempted yet"),
        ([6, ..., 1], "not attempted yet"),
        (None, "returns None"),
        (6, "Return 3 numbers, one for each stranger; this is 6."),
        (np.array(6), "Return 3 numbers, one for each stranger; this is 6."),
        ("631", "Return 3 numbers, one for each stranger; this is '631'."),
        ({6, 3, 1}, "Return 3 numbers"),
        ([[6, 3, 1]], "Return 3 numbers, one for each stranger; this is [[6, 3, 1]]."),
        ([[6], [3], [1]], "a number of the list, 1 to 6; this is [6]."),
        (("6", "3", "1"), "a number of the list, 1 to 6; this is '6'."),
        ((True, 3, 1), "this is True"),
        ((6, 3, None), "this is None"),
        ((6, 3, 7), "this is 7"),
        ((6, 3, 1.5), "this is 1.5"),
        (np.array([6.0, 2.0, 1.0]), "Stranger 2 is not number 2. 1/N"),
    ],
)
def test_what_is_said_about_names(numbers, sentence):
    assert sentence in said(LESSON_12.name_them, returns(numbers))
