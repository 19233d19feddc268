"""The engine that lesson 14 builds, cell by cell: short, and the same as the library's."""

import numpy as np
import pytest
from lessons import FOLDER, Lesson

from course_utils import graph
from course_utils.nodes import Exp, MatMul, ReLU, SigmoidWithLoss, Softmax
from course_utils.pictures import draw

LESSON = Lesson(FOLDER / "14_autograd.ipynb")
PARTS = ("Variable", "apply", "topological_order", "add_up", "shares", "backward", "matmul")


def engine(with_exercise=False):
    """Return what the lesson's cells define; with Exercise 14.2 solved if asked for."""
    namespace = {}
    exec(LESSON.definitions(LESSON.code[-1]), namespace)
    if with_exercise:
        (source,) = (s for *_, s in LESSON.exercises() if "def sum_to" in s)
        exec(source + "\nadd_up = sum_to", namespace)
    return namespace


def test_the_engine_is_about_sixty_lines():
    """Count the lines that the last definition of each part has."""
    lines = {}
    for cell in LESSON.code:
        parts = cell.source.split("\n\n\n")
        for part in parts:
            name = part.split("(")[0].split(":")[0].removeprefix("def ").removeprefix("class ")
            if name in PARTS:
                lines[name] = sum(bool(line.strip()) for line in part.splitlines())
    assert set(lines) == set(PARTS)
    assert 50 <= sum(lines.values()) + 2 <= 68  # 2: where the methods are put into the class


def products(V, x, y):
    return (x + y) * y


def used_three_times(V, x, y):
    a = x * y
    return a * (a + a * x) + y


def column_and_row(V, x, y):
    """Return a sum of a column (3, 1) and a row (4,), made of x and y."""
    return (x + y) * (y + x * y)


GRAPHS = [products, used_three_times, column_and_row]
SHAPES = [((), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 3), ()), ((4,), (2, 4))]


@pytest.mark.parametrize("graph_of", GRAPHS)
@pytest.mark.parametrize("shapes", [*SHAPES, ((3, 1), (4,)), ((1, 2), (3, 1))], ids=str)
def test_values_and_gradients_are_the_librarys(graph_of, shapes):
    with_exercise = any(1 in shape for shape in shapes)
    found = [run(V, graph_of, shapes) for V in (engine(with_exercise)["Variable"], graph.Variable)]
    for one, other in zip(*found, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=1e-12)


def run(V, graph_of, shapes):
    rng = np.random.default_rng(2)
    x, y = (V(rng.normal(size=shape)) for shape in shapes)
    z = graph_of(V, x, y)
    z.backward(rng.normal(size=z.value.shape))
    return z.value, x.grad, y.grad


def test_nodes_of_one_input_two_inputs_and_a_target():
    own = engine()
    rng = np.random.default_rng(3)
    arrays = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    target = rng.integers(0, 2, (4, 2))
    found = []
    for V, apply in ((own["Variable"], own["apply"]), (graph.Variable, graph.apply)):
        X, W, b = map(V, arrays)
        h = apply(ReLU(), apply(MatMul(), X, W) + b)
        loss = apply(SigmoidWithLoss(), apply(Exp(), h) * apply(Softmax(), h), target)
        loss.backward()
        found.append((loss.value, X.grad, W.grad, b.grad))
        assert len(loss.parents) == 1
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


def test_a_second_backward_adds_to_the_leaves_alone():
    V = engine()["Variable"]
    x = V(3.0)
    a = x * x
    z = a + x
    for times in (1, 2, 3):
        z.backward()
        assert (x.grad, a.grad) == (7 * times, 1)


def test_its_order_is_a_topological_one():
    own = engine()
    x, y = own["Variable"](2.0), own["Variable"](3.0)
    a = x + y
    b = a + x
    z = a * (b * b)
    order = own["topological_order"](z)
    assert len(order) == len(set(order)) == 6 and order[-1] is z
    for variable in order:
        assert all(order.index(parent) < order.index(variable) for parent in variable.parents)


def test_it_is_drawn_as_the_librarys_is():
    pictures = []
    for V in (engine()["Variable"], graph.Variable):
        x, y = V(2.0, "x"), V(3.0, "y")
        z = (x + y) * y
        z.backward()
        pictures.append(draw(z))
    assert pictures[0] == pictures[1]
