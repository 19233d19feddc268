"""The loop that lets a network learn, against the same loop in plain NumPy; what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.initialisation import mlp
from course_utils.nodes import Affine, MeanSquaredError, ReLU, SigmoidWithLoss, SoftmaxWithLoss
from course_utils.training import SGD, History, Network, batches, fit

rng = np.random.default_rng(5)
X, TARGET, LABELS = rng.normal(size=(10, 2)), rng.normal(size=(10, 3)), np.arange(10) % 3
W1, b1, W2, b2 = (rng.normal(size=shape) for shape in [(2, 4), 4, (4, 3), 3])


def two_layers(loss=MeanSquaredError, dtype=float):
    params = [w.astype(dtype) for w in (W1, b1, W2, b2)]
    return Network([Affine(*params[:2]), ReLU(), Affine(*params[2:])], loss())


def plain_step(X, t, params, rate):
    """Change the parameters as one iteration does, and return the loss before."""
    W1, b1, W2, b2 = params
    Z = X @ W1 + b1
    H = np.maximum(Z, 0)
    difference = H @ W2 + b2 - t
    dY = 2 / len(X) * difference
    dZ = (dY @ W2.T) * (Z > 0)
    gradients = [X.T @ dZ, dZ.sum(axis=0), H.T @ dY, dY.sum(axis=0)]
    for w, gradient in zip(params, gradients, strict=True):
        w -= rate * gradient
    return (difference**2).sum() / len(X)


def assert_params(network, params):
    for w, expected in zip(network.params.values(), params, strict=True):
        np.testing.assert_array_equal(w, expected)


# Equal to a plain loop


def test_full_batches_equal_a_plain_loop_bit_by_bit():
    network, params = two_layers(), [w.copy() for w in (W1, b1, W2, b2)]
    history = fit(network, X, TARGET, SGD(0.01), 20)
    losses = [plain_step(X, TARGET, params, 0.01) for _ in range(20)]
    assert history.losses == history.epoch_losses == losses
    assert_params(network, params)


@pytest.mark.parametrize("size", [1, 4, 5, 9])
def test_mini_batches_equal_a_plain_loop_in_the_order_of_batches(size):
    network, params = two_layers(), [w.copy() for w in (W1, b1, W2, b2)]
    history = fit(network, X, TARGET, SGD(0.01), epochs=3, batch_size=size, seed=4)
    order, losses = np.random.default_rng(4), []
    for _ in range(3):
        of_epoch = [
            plain_step(X[rows], TARGET[rows], params, 0.01) for rows in batches(10, size, order)
        ]
        losses += of_epoch
        mean = history.epoch_losses[len(losses) // len(of_epoch) - 1]
        assert mean == pytest.approx(np.mean(of_epoch), rel=1e-14)
    assert history.losses == losses and len(history.epoch_losses) == 3
    assert_params(network, params)


def test_the_optimizer_is_asked_once_an_iteration_with_all_names():
    asked = []

    class Watching:
        def update(self, params, grads):
            asked.append((list(params), list(grads), params["W1"] is network.params["W1"]))

    network = two_layers()
    history = fit(network, X, TARGET, Watching(), 2, batch_size=4)
    names = ["W1", "b1", "W2", "b2"]
    assert asked == [(names, names, True)] * 6
    assert_params(network, [W1, b1, W2, b2])
    whole = fit(network, X, TARGET, Watching(), 2)
    assert whole.losses[0] == whole.losses[1] == network.forward(X, TARGET)
    assert len(history.losses) == 6


def test_the_regression_that_the_course_prints():
    old = np.random.RandomState(42)  # the way its run was seeded
    X, Y = old.rand(100, 3), old.rand(100, 1)
    old.seed(42)
    first, last = Affine(old.randn(3, 5), np.zeros(5)), Affine(old.randn(5, 1), np.zeros(1))
    network = Network([first, ReLU(), last, ReLU()], MeanSquaredError())
    losses = fit(network, X, Y, SGD(0.005), 1000).losses
    assert losses[0] == pytest.approx(0.29617825471294423, rel=1e-12)
    assert losses[999] == pytest.approx(0.11822725964911873, rel=1e-12)


# Batches


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 9))
def test_batches_show_each_number_once(count, size, seed):
    parts = list(batches(count, size, np.random.default_rng(seed)))
    assert sorted(np.concatenate(parts)) == list(range(count))
    *full, last = map(len, parts)
    assert full == [size] * ((count - 1) // size) and last == (count - 1) % size + 1
    if size >= count:
        assert parts[0].tolist() == list(range(count))


def test_each_epoch_has_another_order():
    seeded = np.random.default_rng(0)
    orders = [tuple(np.concatenate(list(batches(20, 6, seeded)))) for _ in range(5)]
    assert len({*orders, tuple(range(20))}) == 6


# What happened


def test_the_same_seed_gives_the_same_history():
    one, same, other = (
        fit(two_layers(), X, TARGET, SGD(0.01, 0.9), 3, batch_size=3, **seed)
        for seed in ({}, {"seed": 0}, {"seed": 2})
    )
    assert one == same and one.losses != other.losses


def test_measures_are_taken_after_each_epoch():
    network, seen = two_layers(), []

    def measure():
        seen.append(network.forward(X, TARGET))
        return len(seen), seen[-1]

    history = fit(network, X, TARGET, SGD(0.01), 3, batch_size=20, each_epoch=measure)
    assert history.measures == [(1, seen[0]), (2, seen[1]), (3, seen[2])]
    assert seen[:2] == history.losses[1:], "the loss after an epoch is that before the next"
    assert fit(network, X, TARGET, SGD(0.01), 2).measures == [None, None]


def test_a_history_holds_plain_numbers_and_starts_empty():
    history = fit(two_layers(dtype=np.float32), X, TARGET, SGD(0.01), 2, batch_size=5)
    assert {type(number) for number in history.losses + history.epoch_losses} == {float}
    assert (History().losses, History().epoch_losses, History().measures) == ([], [], [])
    assert History().losses is not History().losses


# What it may be given

CLASSES = {
    "list": LABELS.tolist(),
    "floats": LABELS.astype(float),
    "small integers": LABELS.astype(np.uint8),
    "one-hot": np.eye(3)[LABELS],
    "one-hot list": np.eye(3, dtype=int)[LABELS].tolist(),
    "one-hot booleans": np.eye(3, dtype=bool)[LABELS],
}


@pytest.mark.parametrize("target", CLASSES.values(), ids=CLASSES)
def test_forms_of_a_target(target):
    expected = fit(two_layers(SoftmaxWithLoss), X, LABELS, SGD(0.1), 3, batch_size=4)
    history = fit(two_layers(SoftmaxWithLoss), X, target, SGD(0.1), 3, batch_size=4)
    np.testing.assert_allclose(history.losses, expected.losses, rtol=1e-13)


@pytest.mark.parametrize("dtype", [list, np.uint8, np.int64, np.bool_])
def test_examples_of_whole_numbers_are_computed_as_floats(dtype):
    whole = np.arange(20).reshape(10, 2) % 2
    given = whole.tolist() if dtype is list else whole.astype(dtype)
    networks = two_layers(), two_layers()
    history = fit(networks[0], given, TARGET, SGD(0.01), 3, batch_size=4)
    assert history == fit(networks[1], whole.astype(float), TARGET, SGD(0.01), 3, batch_size=4)
    assert_params(networks[0], networks[1].params.values())


class Watched:
    """The output is the input, and both dtypes are kept."""

    def __init__(self):
        self.seen = set()

    def forward(self, x):
        self.seen.add(x.dtype)
        return x

    def backward(self, upstream):
        self.seen.add(upstream.dtype)
        return upstream


@pytest.mark.parametrize("target, loss", [(TARGET, MeanSquaredError), (LABELS, SoftmaxWithLoss)])
def test_float32_stays_float32(target, loss):
    layers, watched = two_layers(dtype=np.float32).layers, Watched()
    network = Network([*layers, watched], loss())
    fit(network, X.astype(np.float32), target, SGD(0.01, 0.9), 3, batch_size=4)
    arrays = [*network.params.values(), *network.grads.values()]
    assert watched.seen == {np.dtype(np.float32)} == {array.dtype for array in arrays}


class Flat:
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, upstream):
        return upstream.reshape(self.shape)


def test_examples_of_any_shape():
    images = X.reshape(5, 2, 2)
    network = Network([Flat(), *mlp((4, 3, 3))], MeanSquaredError())
    history = fit(network, images, TARGET[:5], SGD(0.1), 3)
    same = Network(mlp((4, 3, 3)), MeanSquaredError())
    assert history == fit(same, images.reshape(5, 4), TARGET[:5], SGD(0.1), 3)


def test_one_number_an_example():
    network = Network([Watched()], MeanSquaredError())
    history = fit(network, [1, 2, 3], [1, 2, 6], SGD(0.1), 2, batch_size=np.int64(3))
    assert history.losses == [3, 3]


def test_a_batch_size_above_the_number_of_examples_takes_all():
    one, all_of_them = (
        fit(two_layers(), X, TARGET, SGD(0.01), 2, batch_size=size) for size in (99, None)
    )
    assert one == all_of_them


def test_the_data_are_left_alone():
    data, target = X.copy(), TARGET.copy()
    data.flags.writeable = target.flags.writeable = False
    fit(two_layers(), data, target, SGD(0.01), 2, batch_size=3)
    np.testing.assert_array_equal(data, X)


@pytest.mark.parametrize("size", [None, 3])
def test_only_the_first_iteration_has_the_checks(monkeypatch, size):
    checked = []
    monkeypatch.setattr(Affine, "check", lambda self, X: checked.append(len(X)))
    fit(two_layers(), X, TARGET, SGD(0.01), 3, batch_size=size)
    assert checked == [1] * 2 + [size or 10] * 2, "one example is for a look at the targets"


@pytest.mark.parametrize("size", [None, 3])
def test_the_loss_looks_at_all_targets_once_and_then_at_the_first_batch(monkeypatch, size):
    seen = []
    monkeypatch.setattr(
        SoftmaxWithLoss, "check", lambda self, scores, target: seen.append((scores.shape, target))
    )
    fit(two_layers(SoftmaxWithLoss), X, LABELS, SGD(0.01), 3, batch_size=size)
    assert [shape for shape, _ in seen] == [(10, 3), (size or 10, 3)]
    np.testing.assert_array_equal(seen[0][1], LABELS)


class NoNode:
    """(y − t)² summed, by a class that is no Node and has no check; it counts its forwards."""

    asked = 0

    def forward(self, y, t):
        self.asked += 1
        self.difference = y - t
        return (self.difference**2).sum()

    def backward(self, upstream=1.0):
        return 2 * upstream * self.difference


def test_a_loss_without_a_check_is_asked_once_an_iteration():
    network, watched = two_layers(NoNode), two_layers()
    history = fit(network, X, TARGET, SGD(0.001), 4)
    assert network.loss.asked == 4
    same = fit(watched, X, TARGET, SGD(0.01), 4)
    np.testing.assert_allclose(history.losses, np.multiply(same.losses, 10), rtol=1e-12)


# What is refused


@pytest.mark.parametrize(
    "X, target",
    [((10, 2), (9, 3)), ((10, 2), (11,)), ((0, 2), (0, 3)), ((), ()), ((3,), ()), ((), (3,))],
)
def test_as_many_targets_as_examples(X, target):
    with pytest.raises(ValueError) as caught:
        fit(two_layers(), np.ones(X), np.ones(target), SGD(0.1), 1)
    assert str(caught.value) == (
        "fit: expected as many targets as examples, and at least one of each; "
        f"got X of shape {X} and a target of shape {target}"
    )


@pytest.mark.parametrize("name", ["epochs", "batch_size"])
@pytest.mark.parametrize("bad", [0, -1, 1.0, 2.5, True, np.nan, "3", [2]])
def test_sizes_are_whole_numbers_of_1_or_more(name, bad):
    network = two_layers()
    with pytest.raises(ValueError) as caught:
        fit(network, X, TARGET, SGD(0.1), **{"epochs": 1, name: bad})
    assert str(caught.value) == f"fit: {name} must be a whole number of 1 or more, got {bad!r}"
    assert_params(network, [W1, b1, W2, b2])


@pytest.mark.parametrize("bad", ["a", None, [[1, 2], [3]]], ids=str)
def test_examples_that_are_not_numbers(bad):
    with pytest.raises(TypeError) as caught:
        fit(two_layers(), bad, TARGET, SGD(0.1), 1)
    assert str(caught.value) == f"fit: expected a number or an array of numbers, got {bad!r}"


@pytest.mark.parametrize(
    "X, target, error, said",
    [
        (np.ones((10, 3)), LABELS, ValueError, r"^Affine.forward: W has shape \(2, 4\), so X"),
        (X, LABELS + 1, ValueError, "^SoftmaxWithLoss.forward: class numbers must be .* 0 to 2"),
        (X, TARGET, ValueError, "^SoftmaxWithLoss.forward: each one-hot row must be ≥ 0"),
        (X, ["a"] * 10, TypeError, "^fit: expected a number or an array of numbers, got"),
        (X, LABELS + 0j, TypeError, "a target must be real"),
    ],
)
def test_what_the_nodes_refuse(X, target, error, said):
    network = two_layers(SoftmaxWithLoss)
    with pytest.raises(error, match=said):
        fit(network, X, target, SGD(0.1), 1)
    assert_params(network, [W1, b1, W2, b2])


ROWS, ANSWERS = np.eye(3)[LABELS], np.ones((10, 3))
BAD_TARGETS = {
    "class 3": (SoftmaxWithLoss, LABELS, 3, "class numbers must be whole numbers from 0 to 2"),
    "class -1": (SoftmaxWithLoss, LABELS, -1, "class numbers must be whole numbers from 0 to 2"),
    "class 0.5": (SoftmaxWithLoss, LABELS, 0.5, "class numbers must be whole numbers from 0 to 2"),
    "no class": (SoftmaxWithLoss, LABELS, np.nan, "class numbers must be whole numbers from 0 to"),
    "two hot": (SoftmaxWithLoss, ROWS, [1, 1, 0], "each one-hot row must be ≥ 0 and sum to 1"),
    "none hot": (SoftmaxWithLoss, ROWS, [0, 0, 0], "each one-hot row must be ≥ 0 and sum to 1"),
    "below 0": (SoftmaxWithLoss, ROWS, [-1, 1, 1], "each one-hot row must be ≥ 0 and sum to 1"),
    "answer 1.5": (SigmoidWithLoss, ANSWERS, [1, 1.5, 1], "a target is 0, 1 or a probability"),
    "answer -1": (SigmoidWithLoss, ANSWERS, [1, -1, 0], "a target is 0, 1 or a probability"),
    "no answer": (SigmoidWithLoss, ANSWERS, [1, np.nan, 0], "a target is 0, 1 or a probability"),
}


@pytest.mark.parametrize("size", [1, 3, None])
@pytest.mark.parametrize("loss, target, bad, words", BAD_TARGETS.values(), ids=BAD_TARGETS)
def test_a_bad_target_is_refused_before_anything_is_learned(loss, target, bad, words, size):
    class Never:
        def update(self, params, grads):
            raise AssertionError("no update may come before the refusal")

    for place in (0, 4, 9):
        network, spoilt = two_layers(loss), target.astype(float)
        spoilt[place] = bad
        with pytest.raises(ValueError, match=f"^{loss.__name__}.forward: {words}"):
            fit(network, X, spoilt, Never(), 2, batch_size=size)
        assert_params(network, [W1, b1, W2, b2])


@pytest.mark.parametrize("loss", [SoftmaxWithLoss, SigmoidWithLoss])
def test_targets_may_be_probabilities(loss):
    shares = np.full((10, 3), 1 / 3)
    losses = fit(two_layers(loss), X, shares, SGD(0.1), 3, batch_size=4).losses
    assert len(losses) == 9 and np.isfinite(losses).all()
