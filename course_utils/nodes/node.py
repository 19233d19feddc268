"""What every node shares, so that a node's own class holds nothing but its equations.

Inputs arrive as floating-point arrays, a wrong call is refused with a message that says what
was given and what was expected, and a gradient leaves with the dtype of its input.
"""

import functools
import inspect

import numpy as np


class Node:
    """One step of a computation, forward and backward.

    A subclass writes ``forward(self, *inputs)``, which returns the output and keeps what
    ``backward`` will need, and ``backward(self, upstream)``, which returns ∂L/∂input for each
    input: one array for one input, a tuple in their order for several. ``upstream`` is
    ∂L/∂output and has the output's shape. ``check(self, *inputs)`` refuses inputs that do not fit;
    it runs before ``forward``, which so holds nothing but equations.

    Around both, every subclass gets the same checks:

    * numbers, lists and arrays are accepted; integers are computed as floats; float32 stays
      float32; a Python number takes the dtype of the arrays beside it;
    * an argument is never written to by a node of this library (lesson 12 has one that does);
    * overflow gives inf, as IEEE arithmetic says, and no warning.

    A node with parameters keeps them in ``params``, by name, and ``backward`` puts their
    gradients in ``grads`` under the same names, in the parameters' shapes and dtypes. Its
    ``backward_params(upstream)`` does that alone, for a node whose inputs nobody wants to change:
    the first one of a network. A loss's ``backward`` has the upstream gradient 1 unless given.

    Raises:
        TypeError: an input is not numbers.
        ValueError: shapes that do not fit, named with the node.
        RuntimeError: ``backward`` before ``forward``.
    """

    symbol = "?"  # what stands in the node's circle in a picture
    same_shape = False  # True: all inputs must have one shape
    has_target = False  # True: the last input is a target, and gets no gradient

    def check(self, *inputs):
        """Raise ValueError unless the inputs fit; a subclass says what fits."""

    def __init_subclass__(cls, **kwargs):
        """Put the shared checks around the subclass's own forward and backward."""
        super().__init_subclass__(**kwargs)
        if "backward" in cls.__dict__ and hasattr(cls, "backward_params"):
            _follow_backward(cls)
        if "forward" in cls.__dict__:
            cls.forward = _checked_forward(cls.forward)
        for name in ("backward", "backward_params"):
            if name in cls.__dict__:
                setattr(cls, name, _checked_backward(cls.__dict__[name], name))


def _follow_backward(cls):
    """Let a class with a backward of its own not inherit another one's backward_params."""
    backward = cls.__dict__["backward"]

    def backward_params(self, upstream):
        backward(self, upstream)

    if "backward_params" not in cls.__dict__:
        cls.backward_params = backward_params


def _checked_forward(forward):
    @np.errstate(all="ignore")
    @functools.wraps(forward)
    def checked(self, *inputs, **named):
        where = f"{type(self).__name__}.forward"
        if named:
            inputs = inspect.signature(forward).bind(self, *inputs, **named).args[1:]
        arrays = float_arrays(where, *inputs)
        if self.has_target and np.iscomplexobj(arrays[-1]):
            raise TypeError(f"{where}: a target must be real, and this one is complex")
        if self.same_shape and len({array.shape for array in arrays}) > 1:
            shapes = " and ".join(str(array.shape) for array in arrays)
            raise ValueError(f"{where}: the inputs must have one shape, got {shapes}")
        self.check(*arrays)
        output = np.asarray(forward(self, *arrays))
        self._ran = arrays, output
        return output

    checked.bare = forward
    return checked


def _checked_backward(backward, name):
    def checked(self, upstream):
        where = f"{type(self).__name__}.{name}"
        if not hasattr(self, "_ran"):
            raise RuntimeError(f"{where} was called before forward: run forward first")
        (upstream,) = float_arrays(where, upstream)
        _, output = self._ran
        if upstream.shape != output.shape:
            raise ValueError(
                f"{where}: the upstream gradient has shape {upstream.shape}, "
                f"but the output had shape {output.shape}"
            )
        gradients = backward(self, upstream.astype(output.dtype, copy=False))
        for key, parameter in vars(self).get("params", {}).items():
            self.grads[key] = _fitted(where, self.grads[key], parameter)
        if name == "backward_params":
            return None
        if isinstance(gradients, tuple):
            return fitted(self, gradients)
        return fitted(self, (gradients,))[0]

    checked.__defaults__ = backward.__defaults__  # a loss's upstream is 1.0 unless given
    checked = np.errstate(all="ignore")(functools.wraps(backward)(checked))
    checked.bare = backward
    return checked


def fitted(node, gradients):
    """Return a tuple of gradients, one for each input, in the inputs' shapes and dtypes."""
    where, (inputs, _) = f"{type(node).__name__}.backward", node._ran
    count = len(inputs) - node.has_target
    if any(gradient is None for gradient in gradients):
        raise ValueError(f"{where}: a gradient is None; is a return missing?")
    if len(gradients) != count:
        expected = "one array" if count == 1 else f"a tuple of {count} arrays"
        raise ValueError(
            f"{where}: expected one gradient for each input, {expected}, got {len(gradients)}"
        )
    pairs = zip(gradients, inputs, strict=False)
    return tuple([_fitted(where, gradient, x) for gradient, x in pairs])


def _fitted(where, gradient, like):
    """Return a gradient in the dtype of its input, whose shape it must have."""
    gradient = np.asarray(gradient, dtype=like.dtype)
    if gradient.shape != like.shape:
        raise ValueError(
            f"{where}: a gradient has shape {gradient.shape}, and its input had shape {like.shape}"
        )
    return gradient


def run_checked(node, values):
    """Return ``node.forward(*values)`` as a floating-point array."""
    return float_arrays(f"{type(node).__name__}.forward", node.forward(*values))[0]


def run_forward(node, arrays):
    """Return the same, for floating-point arrays that are of one shape where the node needs that.

    What is checked around ``forward`` is left out, what the node itself checks is not.
    """
    node.check(*arrays)
    output = type(node).forward.bare(node, *arrays)
    if type(output) is not np.ndarray:
        output = np.asarray(output)
    if output.dtype is not arrays[0].dtype and output.dtype.kind not in "fc":
        (output,) = float_arrays(f"{type(node).__name__}.forward", output)
    node._ran = arrays, output
    return output


def run_backward(node, upstream):
    """Return what ``node.backward(upstream)`` does as a tuple, for an upstream gradient that fits.

    Whether the gradients are arrays and fit as well is for ``fitted`` to say.
    """
    if hasattr(node, "params"):
        gradients = node.backward(upstream)
    else:
        gradients = type(node).backward.bare(node, upstream)
    return gradients if type(gradients) is tuple else (gradients,)


def unchecked(node, name):
    """Return a node's own method without the checks around it, for inputs that have passed them.

    What is no Node has none, and its method is returned as it is. So is that of a class which
    replaces one method of another class: it may call the other's, with what its checks remember.
    """
    if not isinstance(node, Node) or _writer(node, "forward") is not _writer(node, "backward"):
        return getattr(node, name)
    return getattr(type(node), name).bare.__get__(node)


def _writer(node, name):
    """Return the class that wrote a node's method."""
    return next(cls for cls in type(node).__mro__ if name in cls.__dict__)


def float_arrays(where, *values):
    """Return each value as a floating-point array; Python numbers follow the arrays' dtype.

    Args:
        where: who is asking, for the message.
        *values: numbers, lists of numbers, or arrays.

    Raises:
        TypeError: a value is not made of numbers.
    """
    for value in values:
        if type(value) is not np.ndarray or value.dtype.kind not in "fc":
            break
    else:
        return values  # what nodes hand to each other: nothing is to be done
    arrays = [_number_array(where, value) for value in values]
    typed = [
        a.dtype for v, a in zip(values, arrays, strict=True) if not isinstance(v, (int, float))
    ]
    beside = np.result_type(*typed) if typed else np.dtype(float)
    return [
        array.astype(beside if isinstance(value, (int, float)) else array.dtype, copy=False)
        for value, array in zip(values, arrays, strict=True)
    ]


def _number_array(where, value):
    try:
        array = np.asarray(value)
    except ValueError:
        array = None  # rows of different lengths
    if array is None or array.dtype.kind not in "biufc":
        raise TypeError(f"{where}: expected a number or an array of numbers, got {value!r:.60}")
    return array.astype(float) if array.dtype.kind in "biu" else array
