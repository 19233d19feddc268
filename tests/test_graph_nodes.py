"""Sum, mean and ReLU on Variables, and what a graph promises about any node, a reader's own too."""

import warnings
from concurrent.futures import ThreadPoolExecutor

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import make_vjp

from course_utils.graph import Variable, apply
from course_utils.nodes import Add, Affine, Exp, Log, MatMul, Mean, Mul, Negate, Node, ReLU, Sum
from course_utils.nodes import quiet as quiet_module
from course_utils.nodes.quiet import quiet

SHAPES = [(), (1,), (3,), (2, 3), (0,), (0, 3), (2, 1, 2)]


# Sum, mean and ReLU


SUMS = [(Sum, anp.sum, shape) for shape in SHAPES]
MEANS = [(Mean, anp.mean, shape) for shape in SHAPES if 0 not in shape]


@pytest.mark.parametrize("kind, oracle, shape", SUMS + MEANS)
def test_sum_and_mean_equal_autograd(kind, oracle, shape):
    x = np.asarray(np.random.default_rng(3).normal(size=shape))
    node = kind()
    z, upstream = node.forward(x), 1.7
    vjp, expected = make_vjp(oracle, 0)(x)
    assert type(z) is np.ndarray and z.shape == ()
    np.testing.assert_allclose(z, expected, rtol=1e-14)
    gradient = node.backward(upstream)
    np.testing.assert_allclose(gradient, vjp(upstream), rtol=1e-14, strict=True)
    gradient[...] = 0
    np.testing.assert_array_equal(node.backward(upstream), np.full(shape, vjp(upstream)))


@pytest.mark.parametrize("kind, n", [(Sum, 1), (Mean, 2)])
def test_sum_and_mean_keep_the_dtype_and_have_a_slope_in_every_direction(kind, n):
    node = kind()
    assert node.forward(np.ones((2, 3), np.float32)).dtype == np.float32
    assert node.backward(2).dtype == np.float32
    assert node.forward([1, 2 + 1e-20j]).imag == 1e-20 / n
    with pytest.raises(ValueError, match=r"\.backward: the upstream gradient has shape \(2,\)"):
        node.backward([1, 1])


@pytest.mark.parametrize("shape", [(0,), (0, 3)])
def test_there_is_no_mean_of_nothing(shape):
    expected = f"Mean.forward: expected at least one entry, got shape {shape}"
    for compute in (Mean().forward, lambda x: Variable(x).mean()):
        with pytest.raises(ValueError) as caught:
            compute(np.ones(shape))
        assert str(caught.value) == expected


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_relu_and_sum_of_a_variable(dtype):
    x = Variable(np.array([[-1, 2], [3, 0]], dtype))
    y = x.relu()
    total = (3 * y).sum()
    total.backward()
    assert (type(y.node), type(total.node), y.parents) == (ReLU, Sum, (x,))
    assert total.value == 15 and total.value.dtype == x.grad.dtype == dtype
    assert x.grad.tolist() == [[0, 3], [3, 0]]
    x.grad = None
    mean = (8 * y).mean()
    mean.backward()
    assert type(mean.node) is Mean and mean.value == 10
    assert x.grad.tolist() == [[0, 2], [2, 0]] and x.grad.dtype == dtype


# A node of the graph is a node with all its checks


NODES = {
    "Add": (Add, [2.0, 3.0]),
    "Mul": (Mul, [2.0, 3.0]),
    "Negate": (Negate, [2.0]),
    "Exp": (Exp, [[1.0, 2.0]]),
    "Sum": (Sum, [[1.0, 2.0]]),
    "ReLU": (ReLU, [[1.0, -2.0]]),
    "MatMul": (MatMul, [[[1.0, 2.0]], [[3.0], [4.0]]]),
    "Affine": (lambda: Affine([[1, 2]], [3, 4]), [[[5.0], [6.0]]]),
}


def as_tuple(gradients):
    return gradients if isinstance(gradients, tuple) else (gradients,)


@pytest.mark.parametrize("make, inputs", NODES.values(), ids=NODES)
def test_backward_by_hand_after_apply(make, inputs):
    alone, z = make(), apply(make(), *map(Variable, inputs))
    output = alone.forward(*map(np.asarray, inputs))
    np.testing.assert_array_equal(z.value, output, strict=True)
    upstream = np.full(output.shape, 2.0)
    expected = alone.backward(upstream)
    for _ in range(2):
        got = z.node.backward(upstream)
        assert type(got) is type(expected)
        for one, other in zip(as_tuple(got), as_tuple(expected), strict=True):
            np.testing.assert_array_equal(one, other, strict=True)
    with pytest.raises(ValueError, match="the upstream gradient has shape"):
        z.node.backward(np.ones((7, 7)))
    z.backward(upstream)
    for share, other in zip(z.sent, as_tuple(expected), strict=True):
        np.testing.assert_array_equal(share, other, strict=True)


def test_backward_of_a_broadcast_node_by_hand_has_the_broadcast_shape():
    z = Variable(np.ones((2, 3))) * Variable(np.ones(3))
    assert [g.shape for g in z.node.backward(np.ones((2, 3)))] == [(2, 3), (2, 3)]


def test_a_node_with_parameters_in_a_graph():
    node = Affine(np.ones((2, 3), np.float32), np.ones(3))
    x = Variable([[1.0, 2.0]])
    apply(node, x).sum().backward()
    assert x.grad.tolist() == [[3, 3]]
    assert node.grads["W"].tolist() == [[1, 1, 1], [2, 2, 2]]
    assert [node.grads[name].dtype for name in "Wb"] == [np.float32, np.float64]


def test_what_a_node_refuses_it_refuses_in_a_graph():
    with pytest.raises(ValueError, match=r"^Log\.forward: log needs x > 0, got 0$"):
        apply(Log(), Variable([1.0, 0.0]))
    with pytest.raises(ValueError, match=r"^Reciprocal\.forward: 1/x is not defined at x = 0"):
        1 / Variable([1.0, 0.0])
    with pytest.raises(TypeError, match="positional argument"):
        apply(Add(), Variable(1))


# Nodes of a reader


def own(forward, backward, shared=False):
    """Return a node made of two functions."""
    return type("Own", (Node,), {"forward": forward, "backward": backward, "same_shape": shared})()


@pytest.mark.parametrize(
    "forward, backward",
    [
        (lambda self, x: 7.0, lambda self, upstream: [3, 4]),
        (lambda self, x: 7, lambda self, upstream: np.array([3, 4])),
        (lambda self, x: 7, lambda self, upstream: (np.array([3, 4], np.float32),)),
        (lambda self, x: np.float32(7), lambda self, upstream: [3.0, 4.0]),
    ],
    ids=["a number and a list", "whole numbers", "a tuple of one", "float32"],
)
def test_what_a_node_returns_becomes_floats(forward, backward):
    x = Variable([1.0, 2.0])
    z = apply(own(forward, backward), x)
    z.backward(0.5)
    assert type(z.value) is type(x.grad) is type(z.sent[0]) is np.ndarray
    assert z.value == 7 and z.value.dtype.kind == "f"
    assert x.grad.tolist() == [3, 4] and x.grad.dtype == z.sent[0].dtype == float


def test_a_loss_that_returns_a_whole_number():
    node = own(lambda self, x, target: 7, lambda self, upstream: upstream * np.ones(2))
    type(node).has_target = True
    x = Variable([1, 2])
    loss = apply(node, x, [3, 4])
    loss.backward()
    assert loss.value.dtype == float and loss.parents == (x,) and x.grad.tolist() == [1, 1]


def test_a_loss_of_two_values_has_both_as_parents():
    node = own(lambda self, x, y, t: x * y - t, lambda self, upstream: (2 * upstream, upstream))
    type(node).has_target = True
    x, y = Variable(1), Variable(2)
    loss = apply(node, x, y, 0)
    loss.backward()
    assert loss.parents == (x, y) and (x.grad, y.grad) == (2, 1)
    with pytest.raises(TypeError, match="a target must be real"):
        apply(node, x, y, 1j)


def test_a_node_that_returns_whole_numbers_gets_its_upstream_as_it_is():
    x = Variable(3)
    z = apply(own(lambda self, x: int(x), lambda self, upstream: upstream), x)
    z.backward(0.5)
    assert x.grad == 0.5


WRONG = {
    "a shape": (lambda self, u: (u, u[:1]), r"a gradient has shape \(1,\), and its input had"),
    "larger shapes": (
        lambda self, u: (u.repeat(2), u.repeat(2)),
        r"a gradient has shape \(4,\), and its input had",
    ),
    "one too few": (
        lambda self, u: (u,),
        "one gradient for each input, a tuple of 2 arrays, got 1",
    ),
    "not a tuple": (lambda self, u: u, "one gradient for each input, a tuple of 2 arrays, got 1"),
    "nothing": (lambda self, u: None, r"a gradient is None; is a return missing\?"),
    "nothing for one": (lambda self, u: (u, None), r"a gradient is None; is a return missing\?"),
    "one too many": (
        lambda self, u: (u, u, u),
        "one gradient for each input, a tuple of 2 arrays, got 3",
    ),
}


@pytest.mark.parametrize("backward, words", WRONG.values(), ids=WRONG)
def test_wrong_gradients_are_refused(backward, words):
    z = apply(own(lambda self, x, y: x + y, backward), Variable([1, 2]), Variable([3, 4]))
    with pytest.raises(ValueError, match=r"^Own\.backward: .*" + words):
        z.backward([1, 1])
    with pytest.raises(ValueError, match=r"^Own\.backward: .*" + words):
        z.node.backward([1, 1])


def test_a_gradient_in_the_shape_before_broadcasting_is_refused():
    def backward(self, upstream):
        return upstream, upstream[0]

    node = own(lambda self, x, y: x + y, backward, shared=True)
    z = apply(node, Variable(np.ones((2, 3))), Variable(np.ones(3)))
    with pytest.raises(ValueError, match=r"shape \(3,\), and its input had shape \(2, 3\)"):
        z.backward(np.ones((2, 3)))


def test_a_node_of_equal_shapes_gets_them_from_a_graph():
    seen = []

    def forward(self, x, y):
        seen.extend([x.shape, y.shape])
        return x + y

    node = own(forward, lambda self, u: (u, u), shared=True)
    x, y = Variable(np.ones((2, 1))), Variable(np.ones(3, np.float32))
    z = apply(node, x, y)
    z.backward(np.ones((2, 3)))
    assert seen == [(2, 3), (2, 3)]
    assert x.grad.tolist() == [[3], [3]] and y.grad.tolist() == [2, 2, 2]
    assert [share.dtype for share in z.sent] == [np.float64, np.float32]


# Types of values


def test_float32_beside_float64():
    x, y = Variable(np.ones((2, 3), np.float32)), Variable(np.ones(3))
    z = (x * y + x).sum()
    z.backward()
    assert (z.value.dtype, x.grad.dtype, y.grad.dtype) == (float, np.float32, float)
    assert x.grad.tolist() == [[2] * 3] * 2 and y.grad.tolist() == [2] * 3


def test_values_and_gradients_are_arrays_even_of_single_numbers():
    x, y = Variable(2), Variable(np.float32(3))
    product = x * y
    z = product + product * x + (-x).exp().sum()
    for _ in range(2):
        z.backward()
        for variable in (x, y, product, z, *z.parents):
            assert type(variable.value) is type(variable.grad) is np.ndarray
            assert variable.grad.dtype == variable.value.dtype
            assert all(type(share) is np.ndarray for share in variable.sent)


def test_the_complex_step_through_a_graph():
    def f(x, w):
        return ((x * w + 2).exp() / (1 + x * x)).relu().sum()

    values = [np.array([[0.3, -0.7], [1.1, 0.2]]), np.array([0.4, 0.9])]
    leaves = [Variable(value) for value in values]
    f(*leaves).backward()
    for i, leaf in enumerate(leaves):
        for place in np.ndindex(leaf.value.shape):
            moved = [value.astype(complex) for value in values]
            moved[i][place] += 1e-20j
            slope = f(*map(Variable, moved)).value.imag / 1e-20
            np.testing.assert_allclose(leaf.grad[place], slope, rtol=1e-12)


def test_whole_numbers_put_into_a_variable_are_computed_as_floats():
    x = Variable([1.0, 2.0])
    x.value = np.array([1, 100], np.int8)
    z = (x * x).sum()
    assert z.value == 10001


@pytest.mark.parametrize(
    "value", [3, 3.0, [1, 2], np.array([1, 2], np.int8), np.array(3, np.uint8)]
)
@pytest.mark.parametrize(
    "write",
    [lambda x: 0.5 * x, lambda x: x / 2, lambda x: x - 0.5, lambda x: x * x, lambda x: 1 / x],
)
def test_any_numbers_put_into_a_variable_beside_a_constant(write, value):
    x, expected = Variable(1.0), Variable(np.asarray(value, float))
    x.value = value
    for variable in (x, expected):
        write(variable).sum().backward()
    np.testing.assert_array_equal(write(x).value, write(expected).value, strict=True)
    np.testing.assert_array_equal(x.grad, expected.grad, strict=True)


def test_an_update_between_two_steps():
    w = Variable(3.0)
    for expected in (6, 3):
        (w * w).backward()
        assert w.grad == expected
        w.value = w.value - 0.25 * w.grad
        w.grad = None


def test_no_warning_in_any_node():
    class Careless(Node):
        def forward(self, x):
            self.x = x
            return np.log(x) / x

        def backward(self, upstream):
            return upstream / self.x

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x = Variable([0.0, 1e-320, 1e308])
        z = (apply(Careless(), x) * 1e308).sum() * 10
        z.backward()
    assert not np.isfinite(z.value) and not np.isfinite(x.grad).all()


class Warns(Node):
    """Divides by 0 in both directions; stops on request."""

    def forward(self, x):
        if x < 0:
            raise ValueError("stopped")
        self.inner = (Variable(x) / np.float64(1e-320) * 0).value  # a graph inside of a node
        return x / (x - x)

    def backward(self, upstream):
        return upstream / (upstream - upstream)


def check_errstate():
    settings = dict(divide="raise", over="call", under="ignore", invalid="warn")
    with np.errstate(**settings):
        x = Variable(1.0)
        apply(Warns(), x).backward()
        assert not np.isfinite(x.grad) and np.geterr() == settings
        with pytest.raises(ValueError, match="stopped"):
            apply(Warns(), Variable(-1.0))
        assert np.geterr() == settings
        with pytest.raises(FloatingPointError):
            np.ones(1) / np.zeros(1)


def test_what_numpy_does_about_overflow_stays_as_the_caller_set_it():
    check_errstate()
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(check_errstate) for _ in range(4)]:
            done.result()


def test_quiet_takes_and_returns_what_the_function_does():
    @quiet
    def divide(x, *, by):
        """Return x / by."""
        return x / by

    assert divide(np.ones(1), by=np.zeros(1)) == [np.inf]
    assert (divide.__name__, divide.__doc__) == ("divide", "Return x / by.")


def test_a_numpy_that_keeps_its_settings_elsewhere_is_quiet_too(monkeypatch):
    monkeypatch.setattr(quiet_module, "_VARIABLE", None)
    with np.errstate(all="raise"):
        assert quiet(np.divide)(np.ones(1), np.zeros(1)) == [np.inf]


def test_a_fork_to_many_nodes_adds_up():
    x = Variable(np.ones((2, 3)))
    terms = [(x * float(i)).sum() for i in range(100)]
    apply(Add(), *terms).backward()
    assert x.grad.tolist() == [[4950] * 3] * 2
