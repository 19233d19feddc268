"""Every arithmetic node against HIPS autograd and the complex step, and its promises."""

import inspect
import re

import numpy as np
import pytest
from arithmetic_kinds import (
    KINDS,
    LAYOUTS,
    assert_equals_autograd,
    each_node,
    every_kind,
    few,
    power,
    run,
    sample,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.nodes import Add, Exp, Negate, Node, Power, Reciprocal

# Equal to what others computed


@every_kind
def test_values_and_gradients_equal_autograd(kind):
    for shape in [(), (1,), (3,), (2, 3), (1, 3), (0,), (0, 3), (2, 1, 2)]:
        assert_equals_autograd(kind, *sample(kind, shape))


@every_kind
def test_any_layout_in_memory(kind):
    inputs, upstream = sample(kind, (2, 3))
    for layout in LAYOUTS.values():
        assert_equals_autograd(kind, [layout(x) for x in inputs], layout(upstream))


@every_kind
def test_gradients_equal_the_complex_step(kind):
    inputs, upstream = sample(kind, (2, 3))
    _, gradients = run(kind, inputs, upstream)
    for i, gradient in enumerate(gradients):
        moved = [x + 1e-20j if i == j else x for j, x in enumerate(inputs)]
        slope = kind.make().forward(*moved).imag / 1e-20
        np.testing.assert_allclose(gradient, upstream * slope, rtol=1e-10)


def test_the_numbers_of_lesson_03():
    assert [g.item() for g in run(KINDS["Add of 2"], (10, 5), 1.3)[1]] == [1.3, 1.3]
    assert [g.item() for g in run(KINDS["Mul"], (10, 5), 1.3)[1]] == [6.5, 13.0]


def test_the_sigmoid_of_lesson_05():
    negate, exp, add, reciprocal = Negate(), Exp(), Add(), Reciprocal()
    y = reciprocal.forward(add.forward(exp.forward(negate.forward(2)), 1))
    at_sum = reciprocal.backward(1)
    at_exp, at_one = add.backward(at_sum)
    at_minus = exp.backward(at_exp)
    numbers = [y, at_sum, at_exp, at_one, at_minus, negate.backward(at_minus)]
    np.testing.assert_allclose(
        numbers, [0.8808, -0.7758, -0.7758, -0.7758, -0.1050, 0.1050], atol=5e-5
    )


# Types


@every_kind
def test_one_gradient_for_one_input_a_tuple_for_several(kind):
    inputs, upstream = sample(kind, (3,))
    node = kind.make()
    node.forward(*inputs)
    gradients = node.backward(upstream)
    assert type(gradients) is (tuple if kind.inputs > 1 else np.ndarray)
    assert kind.inputs == 1 or len(gradients) == kind.inputs


@every_kind
def test_float32_stays_float32(kind):
    for shape in [(), (2, 3), (0,)]:
        inputs, upstream = sample(kind, shape)
        inputs = [x.astype(np.float32) for x in inputs]
        output, gradients = run(kind, inputs, upstream)
        assert {a.dtype for a in (output, *gradients)} == {np.dtype(np.float32)}
        assert_equals_autograd(kind, inputs, upstream, rtol=1e-5)


NUMBERS = {
    "int": 3,
    "bool": True,
    "list": [1, 2, 3],
    "tuple": (1.5, 2),
    "int64": np.array([[1, 2], [3, 4]]),
    "uint8": np.array([1, 200], dtype=np.uint8),
    "int8": np.array([1, 100], dtype=np.int8),
    "bool array": np.array([True, True]),
    "int32 scalar": np.int32(3),
}


@each_node
@pytest.mark.parametrize("x", NUMBERS.values(), ids=NUMBERS)
def test_whole_numbers_are_computed_as_float64(kind, x):
    output, gradients = run(kind, [x] * kind.inputs, x)
    assert all(type(a) is np.ndarray and a.dtype == float for a in (output, *gradients))
    assert_equals_autograd(kind, [x] * kind.inputs, x)


@pytest.mark.parametrize("kind", [KINDS["Add of 2"], KINDS["Mul"]], ids=["Add", "Mul"])
@pytest.mark.parametrize("number", [2, 2.5, True])
@pytest.mark.parametrize("swap", [False, True])
def test_a_python_number_beside_float32_takes_its_dtype(kind, number, swap):
    inputs = [np.array(3, dtype=np.float32), number]
    output, gradients = run(kind, inputs[::-1] if swap else inputs, 1)
    assert {a.dtype for a in (output, *gradients)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("kind", [KINDS["Add of 2"], KINDS["Mul"]], ids=["Add", "Mul"])
def test_each_gradient_has_the_dtype_of_its_own_input(kind):
    inputs = [np.ones(3, dtype=np.float32), np.ones(3)]
    output, gradients = run(kind, inputs, np.ones(3))
    assert [a.dtype for a in (output, *gradients)] == [float, np.float32, float]


def test_a_python_number_beside_two_dtypes_takes_the_finer():
    assert Add().forward(np.float32(1), np.array(1.0), 0.1) == pytest.approx(2.1, rel=1e-14)


@pytest.mark.parametrize("n", [2, 0.5])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_power_with_a_numpy_number_is_power_with_a_number(n, dtype):
    output, gradients = run(power(dtype(n)), [np.ones(3, dtype=np.float32)], np.ones(3))
    assert output.dtype == gradients[0].dtype == np.float32
    np.testing.assert_allclose(gradients[0], n)
    assert Power(np.int64(2)).symbol == "( )²"


# Properties


@st.composite
def calls(draw, dtypes=(np.float64,), any_float=False):
    """Draw a kind of node, inputs, and two upstream gradients."""
    kind = draw(st.sampled_from(list(KINDS.values())))
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))

    def array(positive=False):
        dtype = np.dtype(draw(st.sampled_from(dtypes)))
        width = 8 * dtype.itemsize
        above, below = st.floats(0.125, 8, width=width), st.floats(-8, -0.125, width=width)
        elements = st.floats(width=width) if any_float else above if positive else above | below
        return draw(hnp.arrays(dtype, shape, elements=elements))

    return kind, [array(kind.positive) for _ in range(kind.inputs)], array(), array()


@few
@given(calls(), st.floats(-4, 4), st.floats(-4, 4))
def test_backward_is_linear_in_the_upstream(call, a, b):
    kind, inputs, u, v = call
    node = kind.make()
    node.forward(*inputs)
    parts = [node.backward(w) for w in (a * u + b * v, u, v)]
    parts = [p if isinstance(p, tuple) else (p,) for p in parts]
    for both, du, dv in zip(*parts, strict=True):
        rounding = 1e-13 * (1 + np.abs(a * du) + np.abs(b * dv))
        assert np.all(np.abs(both - (a * du + b * dv)) <= rounding)


@few
@given(calls(dtypes=(np.float64, np.float32)))
def test_arguments_are_left_alone_and_results_are_new(call):
    kind, inputs, upstream, _ = call
    arguments = [*inputs, upstream]
    before = [a.copy() for a in arguments]
    for argument in arguments:
        argument.flags.writeable = False
    output, gradients = run(kind, inputs, upstream)
    results = [output, *gradients]
    for argument, copy in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(argument, copy)
        assert not any(np.shares_memory(argument, result) for result in results)
    for i, result in enumerate(results):
        assert result.flags.writeable
        assert not any(np.shares_memory(result, other) for other in results[:i])


@few
@given(calls(dtypes=(np.float64, np.float32)))
def test_a_gradient_has_the_shape_and_dtype_of_its_input(call):
    kind, inputs, upstream, _ = call
    _, gradients = run(kind, inputs, upstream)
    assert [(g.shape, g.dtype) for g in gradients] == [(x.shape, x.dtype) for x in inputs]


@settings(few, max_examples=200)
@given(calls(dtypes=(np.float64, np.float32), any_float=True))
def test_no_value_makes_a_warning(call):
    kind, inputs, upstream, _ = call
    try:
        run(kind, inputs, upstream)
    except ValueError as error:
        assert re.match(r"(Reciprocal|Power|Log)\.forward: ", str(error))


HUGE = [
    ("Exp", [1000], np.inf, [np.inf]),
    ("Exp", [-1000], 0, [0]),
    ("Mul", [1e308, 10], np.inf, [10, 1e308]),
    ("Add of 2", [1.7e308, 1.7e308], np.inf, [1, 1]),
    ("Add of 2", [np.inf, -np.inf], np.nan, [1, 1]),
    ("Mul", [np.inf, 0], np.nan, [0, np.inf]),
    ("Reciprocal", [5e-324], np.inf, [-np.inf]),
    ("Power(2)", [1e200], np.inf, [2e200]),
    ("Log", [5e-324], np.log(5e-324), [np.inf]),
]


@pytest.mark.parametrize("name, inputs, output, gradients", HUGE)
def test_overflow_gives_inf_without_a_warning(name, inputs, output, gradients):
    got_output, got_gradients = run(KINDS[name], inputs, 1)
    np.testing.assert_array_equal(got_output, output)
    np.testing.assert_array_equal(got_gradients, gradients)


def test_overflow_to_float32_gives_inf_without_a_warning():
    output, gradients = run(KINDS["Mul"], [np.float32(1), 1e300], 1)
    assert output == gradients[0] == np.inf and gradients[1] == 1
    inputs = np.array([1], dtype=np.float32), np.array([1e300])
    assert run(KINDS["Mul"], inputs, [1])[1][0] == np.inf
    assert run(KINDS["Negate"], [np.float32(1)], 1e300)[1] == (-np.inf,)


@every_kind
def test_nan_propagates(kind):
    inputs, upstream = sample(kind, (2,))
    inputs[0][1] = np.nan
    output, _ = run(kind, inputs, upstream)
    assert list(np.isnan(output)) == [False, kind is not KINDS["Power(0)"]]
    upstream[0] = np.nan
    _, gradients = run(kind, inputs, upstream)
    assert np.isnan(gradients[-1][0]) == (kind is not KINDS["Power(0)"])


@every_kind
def test_backward_belongs_to_the_last_forward(kind):
    inputs, upstream = sample(kind, (2, 3))
    node = kind.make()
    node.forward(*[np.full(4, 1.5)] * kind.inputs)
    node.backward(np.ones(4))
    node.forward(*inputs)
    expected = run(kind, inputs, upstream)[1]
    for _ in range(2):
        gradients = node.backward(upstream)
        gradients = gradients if isinstance(gradients, tuple) else (gradients,)
        np.testing.assert_array_equal(gradients, expected)


@pytest.mark.parametrize(
    "n, symbol", [(2, "( )²"), (-1, "( )⁻¹"), (10.0, "( )¹⁰"), (0.5, "( )^0.5"), (-1.5, "( )^-1.5")]
)
def test_symbol_of_power(n, symbol):
    assert Power(n).symbol == symbol


def test_a_node_of_ones_own_gets_the_same_checks():
    class Twice(Node):
        def forward(self, x):
            return x + x

        def backward(self, upstream):
            return 2 * upstream

    node = Twice()
    with pytest.raises(RuntimeError, match=r"^Twice\.backward was called before forward"):
        node.backward(1)
    assert node.forward([1, 2]).dtype == float
    assert node.backward([1, 1]).tolist() == [2, 2]
    with pytest.raises(ValueError, match=re.escape("Twice.backward: the upstream gradient has")):
        node.backward(1)


def test_the_methods_keep_their_names_words_and_arguments():
    class Doubled(Node):
        def forward(self, x):
            """Return 2x."""
            return 2 * x

        def backward(self, upstream):
            """Return 2 · upstream."""
            return 2 * upstream

    for method, name, words, arguments in (
        (Doubled.forward, "forward", "Return 2x.", "(self, x)"),
        (Doubled.backward, "backward", "Return 2 · upstream.", "(self, upstream)"),
    ):
        assert (method.__name__, method.__doc__) == (name, words)
        assert str(inspect.signature(method)) == arguments


def test_backward_may_be_a_function_of_another_name():
    def slope(self, upstream):
        return 2 * upstream

    node = type("Doubled", (Node,), {"forward": lambda self, x: 2 * x, "backward": slope})()
    node.forward(1)
    assert node.backward(1) == 2


@pytest.mark.parametrize("target, expected", [(False, "one array"), (True, "a tuple of 0 arrays")])
def test_two_gradients_for_one_input_are_refused(target, expected):
    class Two(Node):
        has_target = target

        def forward(self, x):
            return x

        def backward(self, upstream):
            return upstream, upstream

    node = Two()
    node.forward(1)
    said = f"Two.backward: expected one gradient for each input, {expected}, got 2"
    with pytest.raises(ValueError, match=f"^{said}$"):
        node.backward(1)
