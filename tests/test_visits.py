"""A backward pass by whole values, on graphs that the explorer of lesson 14 does not show."""

import pytest

from course_utils.explorers import visits
from course_utils.graph import Variable, topological_order


def test_both_orders_leave_out_what_is_no_variable_of_the_reader():
    z = (2 * Variable(3, "x")) * (1 + Variable(4, "y"))
    for found in (visits.topological(z), visits.as_met(z)):
        assert not any(v.is_constant for v in found) and len(found) == 5
    assert sum(v.is_constant for v in topological_order(z)) == 2


def test_a_value_that_goes_twice_into_one_node_is_met_once():
    x = Variable(3, "x")
    z = x * x
    assert visits.as_met(z) == [z, x]
    last = visits.visit_all(z, visits.as_met(z))[-1]
    assert (last.received, last.late, last.sent) == ([3, 3], [], ())


def test_nothing_is_lost_in_a_topological_order_of_a_deep_graph():
    x = Variable(1.5, "x")
    value = x
    for _ in range(6):
        value = value * value + x
    found = visits.visit_all(value, visits.topological(value))
    value.backward()
    assert sum(found[-1].received) == pytest.approx(x.grad)
    assert found[-1].variable is x
    assert all(sum(visit.received) == visit.variable.grad for visit in found)


def test_a_pass_that_is_not_done_leaves_only_what_has_been_sent():
    walk, _ = visits.walk_of("a·(a + x)", "as met", 2, 3)
    z, a, b, x, y = (visit.variable for visit in walk.visits)
    grads = []
    for step in range(walk.begin, walk.last + 1):
        walk.leave(step)
        visited = step - walk.begin
        assert [bool(v.sent) for v in (z, a, b)] == [visited > i for i in range(3)]
        grads.append([None if v.grad is None else float(v.grad) for v in (z, a, b, x, y)])
    assert grads == [
        [None, None, None, None, None],
        [1, 7, 5, None, None],
        [1, 7, 5, 7, 7],
        [1, 7, 5, 12, 7],
        [1, 7, 5, 12, 7],
        [1, 7, 5, 12, 7],
    ]
