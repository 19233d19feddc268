"""Graphs against the lessons' numbers and HIPS autograd, and what a graph promises."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import make_vjp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course_utils.graph import Variable, apply, topological_order
from course_utils.nodes import Add, MeanSquaredError, Mul

few = settings(max_examples=100, deadline=None, derandomize=True)


def variables(**values):
    return [Variable(value, name) for name, value in values.items()]


def grads(*leaves):
    return [leaf.grad.tolist() for leaf in leaves]


# The numbers of the lessons


def test_two_apples():
    price, count, tax = variables(price=100, count=2, tax=1.1)
    total = price * count * tax
    total.backward()
    assert total.value == pytest.approx(220, rel=1e-14)
    assert grads(price, count, tax) == pytest.approx([2.2, 110, 200], rel=1e-14)


def test_apples_and_oranges():
    leaves = variables(count=2, price=100, orange_price=150, oranges=3, tax=1.1)
    count, price, orange_price, oranges, tax = leaves
    apples, other = price * count, orange_price * oranges
    total = (apples + other) * tax
    total.backward()
    assert total.value == pytest.approx(715, rel=1e-14)
    assert grads(*leaves) == pytest.approx([110, 2.2, 3.3, 165, 650], rel=1e-14)
    assert grads(apples, other) == [1.1, 1.1]


def test_a_square_of_a_sum():
    x, y = variables(x=3, y=4)
    z = (x + y) ** 2
    z.backward()
    assert z.value == 49 and grads(x, y) == [14, 14]


@pytest.mark.parametrize("write", [lambda x: x + x**2, lambda x: x + x * x, lambda x: x * (1 + x)])
def test_a_value_used_twice(write):
    (x,) = variables(x=3)
    z = write(x)
    z.backward()
    assert z.value == 12 and x.grad == 7


def test_a_fork():
    x, y = variables(x=2, y=3)
    z = (x + y) * y
    z.backward()
    assert z.value == 15 and grads(x, y) == [3, 8]
    total, _ = z.parents
    assert [s.tolist() for s in z.sent] == [3, 5]
    assert [s.tolist() for s in total.sent] == [3, 3]


# Any expression equals HIPS autograd


def grow(smaller):
    return st.one_of(
        st.tuples(smaller, st.sampled_from("+-*/"), smaller).map("({0[0]} {0[1]} {0[2]})".format),
        smaller.map("(-{})".format),
        smaller.map("{}**2".format),
        smaller.map("exp({})".format),
    )


NAMES = st.sampled_from(["a", "b", "c"])
NUMBERS = st.sampled_from(["1", "2", "0.5", "3.0", "(-1.5)"])
expressions = st.recursive(NAMES | NAMES | NUMBERS, grow, max_leaves=9).map("({}) * a".format)
shapes = st.sampled_from(
    [
        [(), (), ()],
        [(3,), (3,), (3,)],
        [(2, 3), (3,), ()],
        [(2, 1), (1, 3), (2, 3)],
        [(), (2, 1, 2), (3, 1)],
        [(1,), (), (1, 1)],
    ]
)


def exp(x):
    return x.exp() if isinstance(x, Variable) else math.exp(x)


def build(expression, leaves):
    """Return the graph of an expression in a, b and c after backward, and where that started."""
    try:
        with np.errstate(all="raise", under="ignore"):
            output = eval(expression, dict(zip("abc", leaves, strict=True), exp=exp))
    except (ArithmeticError, ValueError):
        assume(False)
    upstream = np.random.default_rng(1).normal(size=output.value.shape)
    output.backward(upstream)
    return output, upstream


def largest(output):
    """Return the largest number in the graph."""
    arrays = [a for v in topological_order(output) for a in (v.value, v.grad, *v.sent)]
    return max(np.max(np.abs(a)) for a in arrays)


@few
@given(expressions, shapes, st.integers(0, 99))
def test_random_expressions_equal_autograd(expression, shapes, seed):
    rng = np.random.default_rng(seed)
    values = [rng.uniform(0.5, 2, shape) * rng.choice([-1, 1], shape) for shape in shapes]
    leaves = [Variable(value) for value in values]
    output, upstream = build(expression, leaves)
    size = largest(output)
    assume(size < 1e6)

    def oracle(*abc):
        return eval(expression, dict(zip("abc", abc, strict=True), exp=anp.exp))

    vjp, expected = make_vjp(oracle, (0, 1, 2))(*values)
    np.testing.assert_allclose(output.value, expected, rtol=1e-10, atol=1e-13 * size)
    for leaf, expected in zip(leaves, vjp(upstream), strict=True):
        gradient = np.zeros(leaf.value.shape) if leaf.grad is None else leaf.grad
        assert gradient.shape == leaf.value.shape
        np.testing.assert_allclose(gradient, expected, rtol=1e-10, atol=1e-13 * size)


@few
@given(expressions, shapes)
def test_what_a_value_was_sent_adds_up_to_its_gradient(expression, shapes):
    output, upstream = build(expression, [Variable(np.full(shape, 1.5)) for shape in shapes])
    assume(largest(output) < 1e6)
    order = topological_order(output)
    received = {variable: [] for variable in order}
    received[output].append(upstream)
    for variable in order:
        assert len(variable.sent) == len(variable.parents)
        for parent, share in zip(variable.parents, variable.sent, strict=True):
            assert (share.shape, share.dtype) == (parent.value.shape, parent.value.dtype)
            received[parent].append(share)
    for variable, shares in received.items():
        scale = max(np.max(np.abs(share)) for share in shares)
        np.testing.assert_allclose(variable.grad, sum(shares), rtol=1e-12, atol=1e-13 * scale)


@few
@given(expressions, shapes)
def test_a_second_backward_doubles_the_leaves_alone(expression, shapes):
    output, upstream = build(expression, [Variable(np.full(shape, 1.5)) for shape in shapes])
    order = topological_order(output)
    first = [np.array(variable.grad) for variable in order]
    sent = [[np.array(share) for share in variable.sent] for variable in order]
    output.backward(upstream)
    for variable, gradient, shares in zip(order, first, sent, strict=True):
        times = 2 if variable.node is None else 1
        np.testing.assert_array_equal(variable.grad, times * gradient)
        for share, again in zip(shares, variable.sent, strict=True):
            np.testing.assert_array_equal(share, again)


@few
@given(expressions, shapes)
def test_topological_order(expression, shapes):
    output, _ = build(expression, [Variable(np.full(shape, 1.5)) for shape in shapes])
    order = topological_order(output)
    position = {variable: i for i, variable in enumerate(order)}
    assert len(position) == len(order), "each once"
    assert order[-1] is output
    assert all(position[p] < position[v] for v in order for p in v.parents), "parents first"
    assert order == topological_order(output)


def test_topological_order_follows_the_parents_from_left_to_right():
    a, b, c = variables(a=1, b=2, c=3)
    left, right = b * a, a + c
    output = left * right
    assert topological_order(output) == [b, a, left, c, right, output]


# Broadcasting is undone

PAIRS = [
    ((2, 3), (3,)),
    ((2, 1), (1, 3)),
    ((2, 3), ()),
    ((2, 3), (1, 1)),
    ((3,), (1,)),
    ((2, 3, 4), (3, 1)),
    ((2, 3), (2, 3)),
    ((1, 1), ()),
    ((4, 1, 2), (1, 3, 1)),
    ((0, 3), (1, 3)),
    ((0,), ()),
    ((0,), (1,)),
]
OPERATIONS = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@pytest.mark.parametrize("pair", PAIRS + [pair[::-1] for pair in PAIRS], ids=str)
def test_broadcasting(operation, pair):
    rng = np.random.default_rng(3)
    values = [np.asarray(rng.uniform(0.5, 2, shape)) for shape in pair]
    leaves = [Variable(value) for value in values]
    output = operation(*leaves)
    upstream = rng.normal(size=np.broadcast_shapes(*pair))
    output.backward(upstream)
    vjp, expected = make_vjp(operation, (0, 1))(*values)
    np.testing.assert_allclose(output.value, expected, rtol=1e-10)
    for leaf, expected in zip(leaves, vjp(upstream), strict=True):
        assert leaf.grad.shape == leaf.value.shape
        np.testing.assert_allclose(leaf.grad, expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("one, other", [((3,), (2, 2)), ((2, 3), (2,)), ((0,), (2,))])
@pytest.mark.parametrize("write, name", [(OPERATIONS["+"], "Add"), (OPERATIONS["*"], "Mul")])
def test_shapes_that_do_not_broadcast(write, name, one, other):
    with pytest.raises(ValueError) as caught:
        write(Variable(np.ones(one)), Variable(np.ones(other)))
    assert str(caught.value) == f"{name}: shapes {one} and {other} do not broadcast to one shape"


def test_a_node_with_three_inputs():
    x, y, z = variables(x=1, y=[1, 2], z=[[1], [2], [3]])
    output = apply(Add(), x, y, z)
    output.backward(np.ones((3, 2)))
    assert grads(x, y, z) == [6, [3, 3], [[2], [2], [2]]]
    assert apply(Mul(), 2, 3).value == 6


# Large graphs


@pytest.mark.parametrize("length", [2_000, 20_000])
def test_a_long_chain(length):
    x = Variable(2)
    y = x
    for _ in range(length):
        y = -y
    y.backward()
    assert x.grad == 1
    assert len(topological_order(y)) == length + 1


def test_many_paths_are_walked_once():
    x = Variable(1)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad == 2.0**60


# Forks and leaves


@pytest.mark.parametrize("write, slope", [(lambda x: x * x, 6), (lambda x: x + x, 2)])
def test_one_variable_twice_in_one_node(write, slope):
    x = Variable(3)
    z = write(x)
    z.backward()
    assert z.parents == (x, x) and len(z.sent) == 2
    assert x.grad == slope == sum(z.sent)


def test_gradients_of_two_graphs_add_up_at_a_shared_leaf():
    x = Variable(3)
    (2 * x).backward()
    (x * x).backward()
    assert x.grad == 8
    x.grad = None
    (x * x).backward()
    assert x.grad == 6


def test_a_leaf_by_itself():
    x = Variable([1, 2])
    x.backward([3, 4])
    assert x.grad.tolist() == [3, 4]
    assert topological_order(x) == [x] and x.sent == ()


def test_before_backward_there_are_no_gradients():
    x, y = variables(x=1, y=2)
    z = x * y
    assert [v.grad for v in (x, y, z)] == [None] * 3 and z.sent == ()
    assert (x.node, x.parents, x.name) == (None, (), "x")
    assert type(z.node) is Mul and z.parents == (x, y)


def test_gradients_and_the_upstream_share_no_memory():
    x, y = Variable(np.ones(3)), Variable(np.ones(3))
    upstream = np.array([1.0, 2.0, 3.0])
    z = x + y
    z.backward(upstream)
    for gradient in (x.grad, y.grad, z.grad):
        assert not np.shares_memory(gradient, upstream)
    assert not np.shares_memory(x.grad, y.grad)
    assert not np.shares_memory(x.grad, z.grad)
    assert upstream.tolist() == [1, 2, 3]


def test_values_and_upstream_may_be_read_only():
    x, upstream = np.ones((2, 1)), np.ones((2, 3))
    x.flags.writeable = upstream.flags.writeable = False
    leaf = Variable(x)
    for _ in range(2):
        ((leaf * leaf + np.ones(3)) / 2).backward(upstream)
    assert leaf.grad.tolist() == [[6], [6]]


# Matrix products and losses


def test_a_network_of_matrix_products_equals_autograd():
    rng = np.random.default_rng(6)
    values = [rng.normal(size=shape) for shape in [(5, 3), (3, 4), (4,), (4, 2), (2,)]]
    target = rng.normal(size=(5, 2))

    def f(X, W1, b1, W2, b2):
        h = 1 / (1 + anp.exp(-(anp.matmul(X, W1) + b1)))
        return anp.sum((anp.matmul(h, W2) + b2 - target) ** 2) / 5

    leaves = X, W1, b1, W2, b2 = [Variable(value) for value in values]
    h = 1 / (1 + (-(X @ W1 + b1)).exp())
    loss = apply(MeanSquaredError(), h @ W2 + b2, target)
    loss.backward()
    vjp, expected = make_vjp(f, (0, 1, 2, 3, 4))(*values)
    np.testing.assert_allclose(loss.value, expected, rtol=1e-10)
    for leaf, gradient in zip(leaves, vjp(1.0), strict=True):
        np.testing.assert_allclose(leaf.grad, gradient, rtol=1e-10)
