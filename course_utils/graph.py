"""A graph that records itself: Variables remember the nodes they came from.

``price * count`` on two Variables makes a Mul node, runs it forward, and returns a Variable
that remembers the node and its two parents. ``total.backward()`` then walks the record from the
end to the start. Lessons 01 and 03 draw such graphs, lesson 14 builds this file anew.
"""

import numpy as np

from course_utils.nodes import (
    Add,
    Exp,
    Log,
    MatMul,
    Mean,
    Mul,
    Negate,
    Power,
    Reciprocal,
    ReLU,
    Sum,
)
from course_utils.nodes.node import fitted, float_arrays, run_backward, run_checked, run_forward
from course_utils.nodes.quiet import quiet


class Variable:
    """A value in a graph: the value itself, where it came from, and its gradient.

    Args:
        value: a number, a list of numbers or an array; integers are kept as floats.
        name: what a picture calls it.

    Attributes:
        value: the array.
        grad: ∂L/∂value with the value's shape once ``L.backward()`` has run, else None.
        node: the node that computed the value; None for an input of the graph (a leaf).
        parents: the Variables that went into the node, in its order.
        sent: after ``backward``, the gradient that the node sent to each parent; where a value
            is used more than once, its ``grad`` is the sum of what it was sent.
        is_constant: True for a plain number that took part in an operation, as 2 in ``2 * x``.
        is_broadcast: True if the node's inputs had to be repeated to one shape.

    Raises:
        TypeError: the value is not numbers.
    """

    __array_ufunc__ = None  # let ``array * variable`` reach __rmul__ below

    name = grad = node = None
    parents = sent = ()
    is_constant = is_broadcast = False

    def __init__(self, value, name=None):
        (self.value,) = float_arrays("Variable" if name is None else f"Variable {name!r}", value)
        self.name = name

    def __repr__(self):
        shown = f"{self.value:g}" if self.value.ndim == 0 else f"shape {self.value.shape}"
        return f"Variable({shown}{'' if self.name is None else f', name={self.name!r}'})"

    def __add__(self, other):
        return apply(Add(), self, other)

    def __radd__(self, other):
        return self if type(other) is int and other == 0 else apply(Add(), other, self)  # sum(...)

    def __mul__(self, other):
        return apply(Mul(), self, other)

    def __rmul__(self, other):
        return apply(Mul(), other, self)

    def __matmul__(self, other):
        return apply(MatMul(), self, other)

    def __rmatmul__(self, other):
        return apply(MatMul(), other, self)

    def __neg__(self):
        return apply(Negate(), self)

    def __sub__(self, other):
        return self + -_checked(other, self)

    def __rsub__(self, other):
        return other + -self

    def __truediv__(self, other):
        other = _checked(other, self)
        return self * (1 / other if isinstance(other, Variable) else Reciprocal().forward(other))

    def __rtruediv__(self, other):
        reciprocal = apply(Reciprocal(), self)
        return reciprocal if isinstance(other, int) and other == 1 else other * reciprocal

    def __pow__(self, exponent):
        return apply(Power(exponent), self)

    def exp(self):
        """Return e to the power of this value, element by element."""
        return apply(Exp(), self)

    def log(self):
        """Return the natural logarithm, element by element; the value must be above 0."""
        return apply(Log(), self)

    def relu(self):
        """Return max(x, 0), element by element."""
        return apply(ReLU(), self)

    def sum(self):
        """Return the sum of all entries, a single number."""
        return apply(Sum(), self)

    def mean(self):
        """Return the mean of all entries, a single number."""
        return apply(Mean(), self)

    @quiet
    def backward(self, upstream=None):
        """Set ``grad`` on every Variable that this one was computed from.

        The nodes run backward in reverse topological order. Gradients that arrive over several
        edges are added. A second call adds to the leaves' ``grad``; in between it is set anew.

        Args:
            upstream: ∂L/∂self, in this value's shape. 1 unless given, for a single number.

        Raises:
            ValueError: the shape does not fit, or is needed and was not given.
        """
        arrived = {self: self._seed(upstream)}
        for variable in reversed(topological_order(self)):
            gradient = arrived.pop(variable)
            if variable.node is None:
                known = variable.grad
                variable.grad = gradient if known is None else np.asarray(known + gradient)
                continue
            variable.grad, variable.sent = gradient, _shares(variable, gradient)
            for parent, share in zip(variable.parents, variable.sent):  # noqa: B905 (strict= is slow)
                known = arrived.get(parent)
                arrived[parent] = share if known is None else np.asarray(known + share)

    def _seed(self, upstream):
        if upstream is None:
            if self.value.ndim > 0:
                raise ValueError(
                    f"backward: this value has shape {self.value.shape}; say from which upstream "
                    "gradient of that shape to start (only a single number starts from 1)"
                )
            return np.array(1, self.value.dtype)
        (seed,) = float_arrays("backward", upstream)
        if seed.shape != self.value.shape:
            raise ValueError(
                f"backward: the upstream gradient has shape {seed.shape}, "
                f"but the value has shape {self.value.shape}"
            )
        return seed.astype(self.value.dtype)


@quiet
def apply(node, *inputs):
    """Run ``node.forward`` on the inputs' values and return the recorded result.

    For nodes that work element by element the inputs are broadcast to one shape first;
    ``Variable.backward`` sums their gradients back to the shapes they came with.

    Args:
        node: a fresh node.
        *inputs: Variables, or numbers and arrays, which become constants. A loss's target has
            no gradient and does not become part of the record.
    """
    values = []
    for x in inputs:
        value = x.value if type(x) is Variable else None
        if type(value) is not np.ndarray or value.dtype.kind not in "fc":
            inputs = _variables(inputs)
            values = [x.value for x in inputs]
            break
        values.append(value)
    result = Variable.__new__(Variable)  # its value needs no check
    if node.has_target:
        result.value, inputs = run_checked(node, values), inputs[:-1]
    else:
        arrays = _in_one_shape(node, values) if node.same_shape else values
        result.value, result.is_broadcast = run_forward(node, arrays), arrays is not values
    result.node, result.parents = node, inputs
    return result


def topological_order(output):
    """Return every Variable that ``output`` depends on, parents before children, itself last."""
    order, met, stack = [], set(), [output]
    while stack:
        variable = stack.pop()
        if variable is None:  # all that the next one depends on is in order
            order.append(stack.pop())
        elif variable not in met:
            met.add(variable)
            if variable.node is None:
                order.append(variable)
            else:
                stack += variable, None
                stack += variable.parents[::-1]
    return order


def _variables(inputs):
    """Return the inputs as Variables of floats; a plain number takes the dtype of the others."""
    like = None
    for x in inputs:
        if isinstance(x, Variable):
            (x.value,) = float_arrays("apply", x.value)  # it may have been put there later
            like = like or x
    return tuple([x if isinstance(x, Variable) else _constant(x, like) for x in inputs])


def _constant(x, like):
    """Return a number or an array as a constant; a number takes the dtype of ``like``."""
    constant = Variable.__new__(Variable)
    if like is not None and isinstance(x, (int, float)):
        constant.value = np.asarray(x, like.value.dtype)
    else:
        (constant.value,) = float_arrays("Variable", x)
    constant.is_constant = True
    return constant


def _checked(x, like):
    """Return a Variable as it is, and anything else as an array of ``like``'s dtype."""
    return x if isinstance(x, Variable) else _variables((like, x))[1].value


def _in_one_shape(node, values):
    """Return the values as they are if their shapes are one, else repeated as NumPy would."""
    first = values[0].shape
    for value in values:
        if value.shape != first:
            return _broadcast(node, values)
    return values


def _broadcast(node, values):
    try:
        shape = np.broadcast(*values).shape
    except ValueError:
        shapes = " and ".join(str(value.shape) for value in values)
        raise ValueError(
            f"{type(node).__name__}: shapes {shapes} do not broadcast to one shape"
        ) from None
    return [value if value.shape == shape else _repeated(value, shape) for value in values]


def _repeated(value, shape):
    """Return an array of that shape, filled with the value."""
    array = np.empty(shape, value.dtype)
    array[...] = value
    return array


def _shares(variable, gradient):
    """Return what a node sends to each parent, in the parent's own shape."""
    parents = variable.parents
    shares = run_backward(variable.node, gradient)
    if len(shares) == len(parents) and not variable.is_broadcast:
        for share, parent in zip(shares, parents):  # noqa: B905 (strict= is slow)
            value = parent.value
            if type(share) is not np.ndarray or share.dtype is not value.dtype:
                break
            if share.shape != value.shape:
                break
        else:
            return shares
    return tuple(map(_sum_to, fitted(variable.node, shares), parents))


def _sum_to(gradient, variable):
    """Undo broadcasting: add up the gradient over the axes along which a value was repeated."""
    shape = variable.value.shape
    if gradient.shape == shape:
        return gradient
    while gradient.ndim > len(shape):
        gradient = np.add.reduce(gradient)
    for axis, length in enumerate(shape):
        if length != gradient.shape[axis]:
            gradient = np.add.reduce(gradient, axis=axis, keepdims=True)
    return np.asarray(gradient)
