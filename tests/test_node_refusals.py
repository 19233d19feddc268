"""What every arithmetic node refuses, and what it says."""

import numpy as np
import pytest
from arithmetic_kinds import KINDS, each_node, power, run, sample

from course_utils.nodes import Add, Exp, Log, Mul, Negate, Power, Reciprocal


def name_of(kind):
    return type(kind.make()).__name__


@each_node
def test_backward_before_forward(kind):
    with pytest.raises(RuntimeError) as caught:
        kind.make().backward(1)
    where = f"{name_of(kind)}.backward"
    assert str(caught.value) == f"{where} was called before forward: run forward first"


@pytest.mark.parametrize("kind", [k for k in KINDS.values() if k.inputs > 1])
@pytest.mark.parametrize("one, other", [((2, 3), (3,)), ((3,), ()), ((1, 3), (2, 3)), ((0,), (1,))])
def test_inputs_of_different_shapes(kind, one, other):
    inputs = [np.ones(one)] * (kind.inputs - 1) + [np.ones(other)]
    shapes = " and ".join(str(x.shape) for x in inputs)
    with pytest.raises(ValueError) as caught:
        kind.make().forward(*inputs)
    where = f"{name_of(kind)}.forward"
    assert str(caught.value) == f"{where}: the inputs must have one shape, got {shapes}"


@each_node
def test_an_upstream_of_another_shape(kind):
    inputs, _ = sample(kind, (2, 3))
    for shape in [(), (1,), (3,), (3, 2), (1, 2, 3), (0,)]:
        with pytest.raises(ValueError) as caught:
            run(kind, inputs, np.ones(shape))
        assert str(caught.value) == (
            f"{name_of(kind)}.backward: the upstream gradient has shape {shape}, "
            "but the output had shape (2, 3)"
        )


NOT_NUMBERS = {
    "text": "12",
    "bytes": b"1",
    "None": None,
    "ragged": [[1, 2], [3]],
    "ragged arrays": [np.ones(2), np.ones(3)],
    "text in a list": [1, "x"],
    "None in a list": [1, None],
    "object": Ellipsis,
    "class": int,
    "dict": {"x": 1},
    "date": np.datetime64("2020-01-01"),
    "objects in a list": [Ellipsis, Ellipsis],
}


not_numbers = pytest.mark.parametrize("x", NOT_NUMBERS.values(), ids=NOT_NUMBERS)


def message(where, x):
    return f"{where}: expected a number or an array of numbers, got {x!r:.60}"


@each_node
@not_numbers
def test_what_is_not_numbers(kind, x):
    ones = [1.0] * kind.inputs
    for position in range(kind.inputs):
        with pytest.raises(TypeError) as caught:
            kind.make().forward(*ones[:position], x, *ones[position + 1 :])
        assert str(caught.value) == message(f"{name_of(kind)}.forward", x)
    with pytest.raises(TypeError) as caught:
        run(kind, ones, x)
    assert str(caught.value) == message(f"{name_of(kind)}.backward", x)


@pytest.mark.parametrize("given", [[], [1]])
@pytest.mark.parametrize("make", [Add, Mul])
def test_too_few_inputs(make, given):
    with pytest.raises(TypeError, match=rf"^{make.__name__}\.forward\(\) missing"):
        make().forward(*given)


@pytest.mark.parametrize("make, count", [(Mul, 3), (Negate, 2), (Exp, 2)])
def test_too_many_inputs(make, count):
    with pytest.raises(TypeError, match=rf"^{make.__name__}\.forward\(\) takes"):
        make().forward(*[1] * count)


@pytest.mark.parametrize("x, shown", [(0, "0"), (-2, "-2"), ([1, -3, 5], "-3"), (-np.inf, "-inf")])
def test_log_of_0_and_below(x, shown):
    with pytest.raises(ValueError) as caught:
        Log().forward(x)
    assert str(caught.value) == f"Log.forward: log needs x > 0, got {shown}"


@pytest.mark.parametrize("x", [0, -0.0, [1, 0], [[2.0], [0.0]]])
def test_reciprocal_of_0(x):
    with pytest.raises(ValueError) as caught:
        Reciprocal().forward(x)
    assert str(caught.value).startswith("Reciprocal.forward: 1/x is not defined at x = 0")


@pytest.mark.parametrize("n", [0.5, 1.5, -0.5])
@pytest.mark.parametrize("x, shown", [(-1, "-1"), ([4, -2.5], "-2.5")])
def test_a_fractional_power_below_0(n, x, shown):
    with pytest.raises(ValueError) as caught:
        Power(n).forward(x)
    assert str(caught.value) == f"Power.forward: x^{n:g} needs x ≥ 0, got {shown}"


@pytest.mark.parametrize("n", [0.5, 0.999, -1, -2, -0.5])
@pytest.mark.parametrize("x", [0, -0.0, [1, 0]])
def test_a_power_without_a_slope_at_0(n, x):
    with pytest.raises(ValueError) as caught:
        Power(n).forward(x)
    assert str(caught.value).startswith(f"Power.forward: x^{n:g} has no slope at x = 0")


@pytest.mark.parametrize("n, slope", [(0, 0), (1, 1), (2, 0), (1.5, 0), (3.0, 0)])
def test_a_power_with_a_slope_at_0(n, slope):
    assert run(power(n), [0.0], 1)[1] == (slope,)


@pytest.mark.parametrize("make, x", [(Log, [np.nan, -1]), (lambda: Power(0.5), [np.nan, -1])])
def test_a_message_names_the_number_not_the_nan_beside_it(make, x):
    with pytest.raises(ValueError, match=r"got -1$"):
        make().forward(x)


@pytest.mark.parametrize("n", ["2", None, True, 2j, [2], np.ones(2), Ellipsis])
def test_an_exponent_that_is_not_a_number(n):
    with pytest.raises(TypeError) as caught:
        Power(n)
    assert str(caught.value) == f"Power: the exponent must be a fixed number, got {n!r:.60}"
