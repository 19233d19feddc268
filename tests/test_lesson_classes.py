"""The classes that lessons write and those of the library: same cases, same results."""

import ast

import numpy as np
import pytest
from lessons import PATHS, Lesson

import course_utils.nodes as library
from course_utils.training import Network

SAME = {  # the name in a lesson -> the name in the library
    "MyExp": "Exp",
    "MyMatMul": "MatMul",
    "MyReLU": "ReLU",
    "MySigmoidWithLoss": "SigmoidWithLoss",
    "MySoftmaxWithLoss": "SoftmaxWithLoss",
}
OWN = {"Subtract", "Square", "LeakyReLU", "MendedShortcut"}  # of exercises alone

NETWORK, ENGINE = {"Network"}, {"Variable"}  # which have tests of their own


def classes():
    """Yield (place, name, source) of every class that a cell or a solution writes in full."""
    for path in PATHS:
        lesson = Lesson(path)
        sources = [cell.source for cell in lesson.code] + [s for *_, s in lesson.exercises()]
        for source in sources:
            for node in ast.parse(source).body:
                if isinstance(node, ast.ClassDef) and "..." not in source:
                    written = f"{lesson.imports}\n{ast.unparse(node)}"
                    yield pytest.param(node.name, written, id=f"{path.stem}-{node.name}")


def arrays(*shapes):
    rng = np.random.default_rng(3)
    return [rng.normal(size=shape) for shape in shapes]


X, W, B = arrays((4, 3), (3, 2), (2,))
CASES = {  # name -> (arguments of the class, inputs)
    "Add": [((), arrays((), ())), ((), arrays((2, 3), (2, 3)))],
    "Mul": [((), arrays((), ())), ((), arrays((2, 3), (2, 3)))],
    "Sigmoid": [((), arrays((5,))), ((), arrays((2, 3)))],
    "ReLU": [((), [np.array([-1.0, 0.0, 2.0])]), ((), arrays((2, 3)))],
    "Affine": [((W, B), [X])],
    "Exp": [((), arrays((5,))), ((), arrays((2, 3)))],
    "Flatten": [((), arrays((2, 3, 4, 5))), ((), arrays((1, 3)))],
    "MatMul": [((), [X, W])],
    "SigmoidWithLoss": [((), [B, np.array([0.0, 1.0])])],
    "SoftmaxWithLoss": [((), [X, np.array([2, 0, 1, 1])])],
}


def run(node_class, arguments, inputs):
    node = node_class(*arguments)
    output = node.forward(*inputs)
    (upstream,) = arrays(np.shape(output))
    gradients = node.backward(upstream)
    return output, gradients, getattr(node, "grads", {})


def assert_same(one, other):
    if isinstance(one, tuple):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_same(a, b)
    else:
        assert np.shape(one) == np.shape(other)
        np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "source"), [c for c in classes() if c.values[0] not in OWN | NETWORK | ENGINE]
)
def test_a_lessons_class_is_the_librarys(name, source):
    namespace = {}
    exec(source, namespace)
    theirs = SAME.get(name, name)
    for arguments, inputs in CASES[theirs]:
        one = run(namespace[name], arguments, inputs)
        other = run(getattr(library, theirs), arguments, inputs)
        assert_same(one[:2], other[:2])
        assert set(one[2]) == set(other[2])
        assert_same(tuple(one[2].values()), tuple(other[2][key] for key in one[2]))


def trained(network_class):
    """Return the losses and the last parameters of a few steps of a network of this class."""
    layers = [library.Affine(W, B), library.ReLU(), library.Affine(W[:2, :1], B[:1])]
    network, losses = network_class(layers, library.MeanSquaredError()), []
    for _ in range(5):
        losses.append(network.forward(X, X[:, :1]))
        network.backward()
        for layer in (layers[0], layers[2]):
            for name, gradient in layer.grads.items():
                layer.params[name] -= 0.1 * gradient
    return (*losses, layers[0].params["W"], network.predict(X))


def test_lesson_09s_network_is_the_librarys():
    (source,) = (c.values[1] for c in classes() if c.values[0] in NETWORK)
    namespace = {}
    exec(source, namespace)
    assert_same(trained(namespace["Network"]), trained(Network))


def test_every_node_that_a_lesson_writes_is_compared():
    written = {SAME.get(c.values[0], c.values[0]) for c in classes()} - OWN - NETWORK - ENGINE
    assert written == set(CASES)
