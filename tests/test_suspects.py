"""The line-up of lesson 12: each suspect is wrong as said, and the network without one is right."""

import re

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from oracles import sigmoid, softmax, squares

from course_utils import suspects
from course_utils.gradients import check_gradient, numerical_gradient
from course_utils.nodes import Affine, MeanSquaredError, Sigmoid, Softmax
from course_utils.suspects import SUSPECTS, Shortcut, examples, network, right_parts
from course_utils.training import Network

NAMES = ["W1", "b1", "W2", "b2"]
FIRST, SECOND = NAMES[:2], NAMES[2:]
each_suspect = pytest.mark.parametrize("letter", SUSPECTS)
each_network = pytest.mark.parametrize("output", [Sigmoid, Softmax])
RIGHT_CLASSES = {"first": Affine, "shortcut": Shortcut, "second": Affine, "loss": MeanSquaredError}


def right_network(output=Sigmoid):
    *layers, loss = (right_parts() | {"output": output()}).values()
    return Network(layers, loss)


def right_twin(letter):
    """Return the network whose forward pass a suspect's network has, without a mistake."""
    return right_network(Softmax if letter == "G" else Sigmoid)


def gradients(network):
    network.forward(*examples())
    dX = network.backward()
    return network.grads | {"X": dX}


def ratios(letter):
    """Return backward's gradients over the right ones, by name."""
    right = gradients(right_twin(letter))
    return {name: g / right[name] for name, g in gradients(network(letter)).items()}


def wrong_ones(letter):
    """Return the names of the parameters with any wrong entry, and of those with only such."""
    ones = {name: np.isclose(ratio, 1, rtol=1e-6) for name, ratio in ratios(letter).items()}
    some = [name for name in NAMES if not ones[name].all()]
    return some, [name for name in NAMES if not ones[name].any()]


def loss_of(values, output):
    X, targets = values["X"], examples()[1]
    a = anp.dot(X, values["W1"]) + values["b1"]
    a = anp.maximum(a, 0) + a
    return squares(output(anp.dot(a, values["W2"]) + values["b2"]), targets)


def assert_all(array, number):
    np.testing.assert_allclose(array, np.full(array.shape, number), rtol=1e-12, atol=1e-15)


# The right network


@each_network
def test_the_right_network_has_the_gradients_of_autograd(output):
    net = right_network(output)
    oracle = sigmoid if output is Sigmoid else softmax
    values = {"X": examples()[0]} | net.params
    found, expected = gradients(net), grad(lambda v: loss_of(v, oracle))(values)
    assert net.forward(*examples()) == pytest.approx(loss_of(values, oracle), rel=1e-14)
    assert sorted(found) == sorted(expected) == sorted([*NAMES, "X"])
    for name, gradient in found.items():
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-10, atol=1e-15)


@each_network
@pytest.mark.parametrize("name", [*NAMES, "X"])
def test_the_right_network_passes_the_gradient_check(name, output):
    net = right_network(output)
    found = gradients(net)[name]
    values = {"X": examples()[0]} | {k: p.copy() for k, p in net.params.items()}
    oracle = sigmoid if output is Sigmoid else softmax
    check = check_gradient(lambda x: loss_of(values | {name: x}, oracle), values[name], found)
    assert check.passed and check.directions == check.excused == 0


def test_no_suspect_means_the_right_network():
    for name, gradient in gradients(network()).items():
        assert np.array_equal(gradient, gradients(right_network())[name])
    assert list(network().params) == NAMES
    assert [p.shape for p in network().params.values()] == [(2, 3), (3,), (3, 3), (3,)]


@each_network
def test_no_entry_of_a_right_gradient_is_near_0(output):
    found = gradients(right_network(output))
    assert all(np.abs(found[name]).min() > 0.005 for name in NAMES)


def test_neuron_1_is_closed_and_neuron_2_open_and_neuron_3_mixed():
    X, targets = examples()
    z = X @ network().params["W1"] + network().params["b1"]
    assert [(column > 0).sum() for column in z.T] == [0, 5, 3]
    assert np.abs(z).min() > 0.1  # the largest step of a numerical gradient meets no kink at 0
    assert X.shape == (5, 2) and targets.shape == (5, 3)
    assert targets.sum(axis=1).tolist() == [1] * 5 and targets.max() == 1
    assert targets.any(axis=0).all()


def test_the_networks_share_nothing():
    one, other = network("A"), network("A")
    one.params["W1"][...] = 0
    one.params["b2"][...] = 0
    assert other.params["W1"].all() and other.params["b2"].all()
    examples()[0][...] = 0
    assert examples()[0].any()


def test_the_shortcut_is_a_fork_around_a_relu():
    shortcut, x = Shortcut(), np.array([-2.0, 0.0, 3.0])
    assert shortcut.forward(x).tolist() == [-2, 0, 6]
    upstream = np.array([1.0, 10.0, -1.0])
    assert shortcut.backward(upstream).tolist() == [1, 10, -2]
    assert upstream.tolist() == [1, 10, -1]


# The suspects


@each_suspect
def test_a_suspects_forward_pass_is_right(letter):
    suspect, right = network(letter), right_twin(letter)
    assert suspect.forward(*examples()) == right.forward(*examples())
    assert np.array_equal(suspect.predict(examples()[0]), right.predict(examples()[0]))
    for name, parameter in suspect.params.items():
        assert np.array_equal(parameter, right.params[name])


@each_suspect
def test_a_suspect_stands_where_it_is_said_to_and_nothing_else_is_replaced(letter):
    name, part = SUSPECTS[letter]
    net = network(letter)
    parts = dict(zip(right_parts(), [*net.layers, net.loss], strict=True))
    assert type(parts.pop(name)) is part
    right = RIGHT_CLASSES | {"output": Sigmoid}
    assert {other: type(node) for other, node in parts.items()} == {
        other: cls for other, cls in right.items() if other != name
    }
    assert issubclass(part, Softmax if letter == "G" else right[name])


@each_suspect
def test_a_suspect_fails_the_numerical_check_too(letter):
    net = network(letter)
    found, wrong = gradients(net), []
    for name in NAMES:

        def loss(values, p=net.params[name]):
            before, p[...] = p.copy(), values
            value = net.forward(*examples())
            p[...] = before
            return value

        numerical = numerical_gradient(loss, net.params[name].copy())
        if not np.allclose(found[name], numerical, rtol=1e-5):
            wrong.append(name)
    assert wrong == wrong_ones(letter)[0] != []


@pytest.mark.parametrize(
    "letters, some",
    [("ADGI", NAMES), ("CEFH", FIRST), ("B", ["b1"])],
)
def test_which_parameters_are_wrong(letters, some):
    for letter in letters:
        found, only = wrong_ones(letter)
        assert found == some
        assert only == ([] if letter in "FH" else some)  # F and H leave neuron 2 right


def test_nine_suspects():
    assert "".join(SUSPECTS) == "ABCDEFGHI"
    assert len({part for _, part in SUSPECTS.values()}) == 9
    assert suspects.__doc__.startswith("Nine backward passes")
    assert all(part.__doc__ and part.backward.__doc__ for _, part in SUSPECTS.values())


@pytest.mark.parametrize("letter, number", [("A", 5), ("I", 1 / 5)])
def test_a_wrong_count_is_the_same_factor_everywhere(letter, number):
    for ratio in ratios(letter).values():
        assert_all(ratio, number)


def test_b_is_one_fifth_in_b1_and_nowhere_else():
    found = ratios("B")
    assert_all(found.pop("b1"), 1 / 5)
    for ratio in found.values():
        assert_all(ratio, 1)


@pytest.mark.parametrize("letter, closed, opened", [("C", 0, 1 / 2), ("F", 2, 1), ("H", 0, 1)])
def test_the_neurons_of_the_first_layer_tell_the_shortcuts_apart(letter, closed, opened):
    found = ratios(letter)
    for name in FIRST:
        one, two, three = np.atleast_2d(found[name]).T
        assert_all(one, closed)
        assert_all(two, opened)
        for number in (closed, opened, 1):
            assert not np.isclose(three, number, rtol=1e-3).any()
    assert len(set(found["W1"][:, 2].round(2))) == 2, "in neuron 3 each entry has its own"
    for name in SECOND:
        assert_all(found[name], 1)


def test_in_neuron_3_the_ratio_of_each_example_is_that_of_a_closed_or_an_open_neuron():
    upstream = np.random.default_rng(0).normal(size=(5, 3))
    z = examples()[0] @ network().params["W1"] + network().params["b1"]
    for letter, closed, opened in (("C", 0, 1 / 2), ("F", 2, 1), ("H", 0, 1)):
        right, suspect = Shortcut(), SUSPECTS[letter][1]()
        right.forward(z), suspect.forward(z)
        ratio = suspect.backward(upstream.copy()) / right.backward(upstream)
        np.testing.assert_allclose(ratio, np.where(z > 0, opened, closed), atol=1e-15)


def test_h_overwrites_its_upstream_gradient_and_the_other_shortcuts_do_not():
    x, given = np.array([[-1.0, 2.0]]), np.array([[3.0, 5.0]])
    for part in (Shortcut, *(SUSPECTS[letter][1] for letter in "CFH")):
        node, upstream = part(), given.copy()
        node.forward(x)
        node.backward(upstream)
        assert upstream.tolist() == ([[0, 5]] if part is SUSPECTS["H"][1] else [[3, 5]])


def test_e_leaves_the_second_layer_right_and_the_first_without_a_pattern():
    found = ratios("E")
    for name in SECOND:
        assert_all(found[name], 1)
    first = np.concatenate([found[name].ravel() for name in FIRST])
    assert len(set(first.round(1))) >= 8 and (first < 0).sum() == 6 and (first > 0).sum() == 3


@pytest.mark.parametrize("letter", "DG")
def test_d_and_g_have_no_pattern_in_any_parameter(letter):
    for name, ratio in ratios(letter).items():
        apart = np.abs(ratio.ravel()[:, None] - ratio.ravel()) + np.eye(ratio.size)
        assert apart.min() > 1e-3, name
    both = np.concatenate([ratio.ravel() for ratio in ratios(letter).values()])
    assert both.min() < 0 < 1 < both.max()


def test_the_right_gradient_of_b2_sums_to_0_for_softmax_and_not_for_g():
    right, suspect = gradients(right_network(Softmax)), gradients(network("G"))
    assert right["b2"].sum() == pytest.approx(0, abs=1e-15)
    np.testing.assert_allclose(right["W2"].sum(axis=1), 0, atol=1e-15)
    assert abs(suspect["b2"].sum()) > 0.1
    assert np.abs(suspect["W2"].sum(axis=1)).min() > 0.01


def test_the_sum_of_b2_tells_nothing_of_a_sigmoid():
    assert gradients(right_network())["b2"].sum() > 0.2 < gradients(network("D"))["b2"].sum()


def test_d_sends_the_gradient_of_the_loss_through_the_output_as_it_is():
    found, (X, targets) = gradients(network("D")), examples()
    dY = 2 * (network().predict(X) - targets) / 5
    np.testing.assert_allclose(found["b2"], dY.sum(axis=0), rtol=1e-13)
    y = network().predict(X)
    right = gradients(right_network())["b2"]
    np.testing.assert_allclose(right, (dY * y * (1 - y)).sum(axis=0), rtol=1e-13)
    assert (np.abs(found["b2"]) > np.abs(right)).all()


def test_g_keeps_the_diagonal_of_the_jacobian():
    node, z = SUSPECTS["G"][1](), np.array([5.3, 0.3, 10.1])
    right = Softmax()
    assert np.array_equal(node.forward(z), right.forward(z))
    upstream = np.array([1.0, -2.0, 3.0])
    np.testing.assert_allclose(node.backward(upstream), np.diag(right.jacobian()) * upstream)


def test_e_multiplies_by_the_weights_as_they_stand():
    net = network("E")
    net.forward(*examples())
    upstream = np.random.default_rng(1).normal(size=(5, 3))
    W2 = net.params["W2"]
    np.testing.assert_allclose(net.layers[2].backward(upstream), upstream @ W2, rtol=1e-13)
    assert np.abs(W2 - W2.T).max() > 1


@pytest.mark.parametrize("letter", ["J", "a", "", "none", "AB", 0])
def test_an_unknown_letter_is_refused(letter):
    message = f"suspects.network: expected one of A, B, C, D, E, F, G, H, I, got {letter!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        network(letter)
