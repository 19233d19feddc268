"""What a training starts from: weights, layers, made-up points; and that it then learns."""

import numpy as np
import pytest

from course_utils.datasets import moons, spirals
from course_utils.initialisation import he, mlp, normal, xavier
from course_utils.nodes import Affine, ReLU, Sigmoid, SoftmaxWithLoss
from course_utils.training import SGD, Network, accuracy, fit

# Weights

VARIANCES = [
    (he, (400, 100), 2 / 400),
    (he, (100, 400), 2 / 100),
    (xavier, (400, 100), 2 / 500),
    (xavier, (100, 400), 2 / 500),
    (normal(0.01), (400, 100), 0.01**2),
    (normal(3), (100, 400), 3**2),
]


@pytest.mark.parametrize("weights, shape, variance", VARIANCES)
def test_weights_are_normal_numbers_of_this_variance(weights, shape, variance):
    W = weights(shape, np.random.default_rng(1))
    assert W.shape == shape and W.dtype == float
    z = W.ravel() / np.sqrt(variance)
    of_moments = np.sqrt(np.array([1, 2, 15, 96]) / z.size)  # standard deviations of these means
    means = [np.mean(z**power) for power in (1, 2, 3, 4)]
    assert np.all(np.abs(means - np.array([0, 1, 0, 3])) < 4 * of_moments)


@pytest.mark.parametrize("weights", [he, xavier, normal(1)])
def test_weights_come_from_the_generator(weights):
    generator = np.random.default_rng(1)
    one, next_one = weights((3, 2), generator), weights([3, 2], generator)
    assert not np.array_equal(one, next_one)
    np.testing.assert_array_equal(weights((np.int64(3), 2), np.random.default_rng(1)), one)


def test_he_keeps_a_signal_through_many_relus():
    rng = np.random.default_rng(0)
    signal = rng.normal(size=(50, 200))
    for _ in range(20):
        signal = np.maximum(signal @ he((200, 200), rng), 0)
    assert 0.3 < (signal**2).mean() < 3


@pytest.mark.parametrize("weights, name", [(he, "he"), (xavier, "xavier"), (normal(1), "normal")])
@pytest.mark.parametrize("shape", [3, (3,), (2, 3, 4), (0, 3), (3, 0), (-1, 2), (2.0, 3), (), None])
def test_shapes_that_are_refused(weights, name, shape):
    with pytest.raises(ValueError) as caught:
        weights(shape, np.random.default_rng(0))
    assert str(caught.value) == (
        f"{name}: expected the shape (D, M) of W, both 1 or more, got {shape!r}"
    )


@pytest.mark.parametrize("scale", [0, -1, np.nan, np.inf, -np.inf])
def test_scales_that_normal_refuses(scale):
    with pytest.raises(ValueError) as caught:
        normal(scale)
    assert str(caught.value) == f"normal: expected a scale above 0, got {scale!r}"


# Layers


def test_mlp_puts_an_activation_between_two_affine_layers():
    layers = mlp((784, 100, 50, 10))
    assert [type(layer) for layer in layers] == [Affine, ReLU, Affine, ReLU, Affine]
    shapes = [layer.params["W"].shape for layer in layers[::2]]
    assert shapes == [(784, 100), (100, 50), (50, 10)]
    assert [layer.params["b"].tolist() for layer in layers[::2]] == [[0] * n for n in (100, 50, 10)]
    assert layers[1] is not layers[3]
    (only,) = mlp([2, 3])
    assert type(only) is Affine
    assert type(mlp((2, 3, 4), activation=Sigmoid)[1]) is Sigmoid


@pytest.mark.parametrize("weights", [he, xavier, normal(0.1)])
def test_the_weights_of_mlp_are_drawn_in_order(weights):
    rng = np.random.default_rng(3)
    first, _, last = mlp((4, 5, 2), seed=3, weights=weights)
    np.testing.assert_array_equal(first.params["W"], weights((4, 5), rng))
    np.testing.assert_array_equal(last.params["W"], weights((5, 2), rng))


def test_mlp_starts_with_he_and_seed_0_unless_told():
    W = mlp((4, 5))[0].params["W"]
    np.testing.assert_array_equal(W, he((4, 5), np.random.default_rng(0)))
    np.testing.assert_array_equal(W, mlp((4, 5), seed=0)[0].params["W"])
    assert not np.array_equal(W, mlp((4, 5), seed=1)[0].params["W"])


def test_the_dtype_of_mlp():
    wide, narrow = mlp((4, 5, 2)), mlp((4, 5, 2), dtype=np.float32)
    for one, other in zip(wide[::2], narrow[::2], strict=True):
        for name in ("W", "b"):
            assert one.params[name].dtype == float and other.params[name].dtype == np.float32
        np.testing.assert_allclose(other.params["W"], one.params["W"], rtol=1e-7)


@pytest.mark.parametrize("sizes", [(), (784,), [5], 784, None])
def test_mlp_needs_two_sizes(sizes):
    with pytest.raises(ValueError) as caught:
        mlp(sizes)
    assert str(caught.value) == (
        f"mlp: expected two sizes or more, as (784, 100, 10), got {sizes!r}"
    )


@pytest.mark.parametrize("sizes", [(3, 0), (0, 3), (3, 2.5, 1), (3, -1, 2), (3, "4"), (3, None)])
def test_sizes_that_mlp_refuses(sizes):
    with pytest.raises(ValueError, match=r"expected the shape \(D, M\) of W, both 1 or more, got"):
        mlp(sizes)


# Points


def test_moons_are_two_half_circles():
    X, labels = moons(9, noise=0)
    assert labels.tolist() == [0, 1, 0, 1, 0, 1, 0, 1, 0]
    upper, lower = X[labels == 0], X[labels == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1)
    assert (upper[:, 1] >= 0).all() and (lower[:, 1] <= 0.5).all()
    np.testing.assert_allclose(upper[[0, 2, 4]], [[1, 0], [0, 1], [-1, 0]], atol=1e-15)
    assert lower[0, 0] < 1 < lower[-1, 0]


def test_spirals_are_arms_around_one_middle():
    X, labels = spirals(12, 3, noise=0)
    assert labels.tolist() == [0, 1, 2] * 4
    radius, angle = np.hypot(*X.T), np.arctan2(X[:, 1], X[:, 0])
    np.testing.assert_allclose(radius, np.linspace(0.1, 1, 12))
    turned = angle - 3.5 * radius - 2 * np.pi * labels / 3
    np.testing.assert_allclose(np.exp(1j * turned), 1, atol=1e-14)


@pytest.mark.parametrize("points", [moons, spirals])
def test_points_have_one_seed_and_one_noise(points):
    X, labels = points(60)
    assert X.shape == (60, 2) and labels.shape == (60,) and labels.dtype.kind == "i"
    for same in (points(60), points(count=60, noise=0.15, seed=0)):
        np.testing.assert_array_equal(X, same[0])
        np.testing.assert_array_equal(labels, same[1])
    assert not np.array_equal(X, points(60, seed=1)[0])
    assert (len(moons()[0]), len(spirals()[0])) == (100, 150)
    assert np.unique(spirals()[1]).tolist() == [0, 1, 2]


def test_the_noise_is_as_large_as_said():
    moved = moons(4000, noise=0.3)[0] - moons(4000, noise=0)[0]
    np.testing.assert_allclose(moved.std(axis=0), 0.3, rtol=0.05)
    (noisy, _), (calm, _) = spirals(4000, 2, noise=0.3), spirals(4000, 2, noise=0)
    np.testing.assert_allclose(np.hypot(*noisy.T), np.hypot(*calm.T))
    turn = np.angle((noisy @ [1, 1j]) / (calm @ [1, 1j]))
    assert turn.std() == pytest.approx(0.3, rel=0.05) and abs(turn.mean()) < 0.02


@pytest.mark.parametrize("count", [1, 0, -2])
def test_too_few_points(count):
    for make, name, got in [
        (lambda: moons(count), "moons", f"{count} for 2"),
        (lambda: spirals(count), "spirals", f"{count} for 3"),
        (lambda: spirals(count + 3, 5), "spirals", f"{count + 3} for 5"),
    ]:
        with pytest.raises(ValueError) as caught:
            make()
        assert str(caught.value) == (
            f"{name}: expected at least one point for each class, got {got}"
        )
    assert len(moons(2)[0]) == 2 and len(spirals(5, 5)[0]) == 5


@pytest.mark.parametrize("count", [10, 0, -3])
@pytest.mark.parametrize("classes", [0, -1, -4])
def test_too_few_classes(count, classes):
    with pytest.raises(ValueError) as caught:
        spirals(count, classes)
    assert str(caught.value) == (
        f"spirals: expected at least one point for each class, got {count} for {classes}"
    )


def test_one_class_is_one_arm():
    X, labels = spirals(7, 1)
    assert X.shape == (7, 2) and labels.tolist() == [0] * 7


# Learning


@pytest.mark.parametrize("points, classes", [(moons, 2), (spirals, 3)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_small_network_learns(points, classes, dtype):
    X, labels = points()
    network = Network(mlp((2, 24, classes), dtype=dtype), SoftmaxWithLoss())
    assert accuracy(network, X, labels) < 0.9
    history = fit(network, X.astype(dtype), labels, SGD(0.3, 0.9), 60, batch_size=20)
    assert accuracy(network, X, labels) > 0.95
    assert history.epoch_losses[-1] < 0.2 * history.epoch_losses[0]


def test_no_straight_line_parts_the_points():
    for points, classes in [(moons, 2), (spirals, 3)]:
        X, labels = points()
        network = Network(mlp((2, classes)), SoftmaxWithLoss())
        fit(network, X, labels, SGD(0.5, 0.9), 200)
        assert accuracy(network, X, labels) < 0.92


class AsTheyAre:
    def forward(self, x):
        return x


def test_accuracy_is_the_share_of_right_ones():
    network = Network([AsTheyAre()], SoftmaxWithLoss())
    scores = np.array([[1.0, 2, 3], [3, 2, 1], [0, 0, 0], [-1, -3, -2]])
    for labels, share in [([2, 0, 0, 0], 1), ([2, 1, 0, 1], 0.5), ([0, 2, 1, 2], 0)]:
        for form in (labels, np.array(labels, np.uint8), np.array(labels, float)):
            assert accuracy(network, scores, form) == share
    assert type(accuracy(network, scores, [2, 0, 0, 1])) is float


class Counting(AsTheyAre):
    """A layer that remembers how many examples it was given at a time."""

    def __init__(self):
        self.seen = []

    def forward(self, x):
        self.seen.append(len(x))
        return x


def test_accuracy_looks_at_every_example_a_few_hundred_at_a_time():
    layer, rng = Counting(), np.random.default_rng(0)
    scores, labels = rng.normal(size=(1234, 3)), rng.integers(0, 3, 1234)
    share = np.mean(scores.argmax(axis=1) == labels)
    assert accuracy(Network([layer], SoftmaxWithLoss()), scores, labels) == share
    assert sum(layer.seen) == 1234 and max(layer.seen) <= 500


@pytest.mark.parametrize(
    "labels", [2, [2], [2, 1, 0], [[2], [1], [0], [1]], np.eye(4), []], ids=str
)
def test_accuracy_needs_one_label_for_each_example(labels):
    network = Network([AsTheyAre()], SoftmaxWithLoss())
    with pytest.raises(ValueError) as caught:
        accuracy(network, np.ones((4, 3)), labels)
    assert str(caught.value) == (
        "accuracy: expected one label for each example, and at least one; got labels of shape "
        f"{np.shape(labels)} for answers of shape (4,)"
    )


def test_accuracy_of_no_example():
    network = Network([AsTheyAre()], SoftmaxWithLoss())
    with pytest.raises(ValueError, match=r"and at least one; got labels of shape \(0,\) for"):
        accuracy(network, np.ones((0, 3)), [])
