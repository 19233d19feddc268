"""Orders of a graph's values: how an answer is judged, and wrong orders that readers write.

There are many right ones, so an answer is judged by what is wrong with it.
"""

from course_utils.exercises.exercise import Problem
from course_utils.graph import Variable, topological_order


def diamond(Variable):
    """Return z = a · (a + x) with a = x + y, where the first value met is asked too early."""
    x, y = Variable(2.0), Variable(3.0)
    a = x + y
    return a * (a + x)


def fork(Variable):
    """Return z = (x + y) · y, where a leaf is used twice."""
    x, y = Variable(3.0), Variable(3.0)
    return (x + y) * y


def ladder(Variable):
    """Return x · x + x, taken of itself four times: sixteen paths, if none is remembered."""
    x = Variable(0.5)
    for _ in range(4):
        x = x * x + x
    return x


def lone(Variable):
    """Return a leaf, from which nothing was computed."""
    return Variable(7.0)


GRAPHS = {
    "a · (a + x) with a = x + y": diamond,
    "(x + y) · y with x = y = 3": fork,
    "x · x + x, four times": ladder,
    "a leaf": lone,
}


def engine_of(answer):
    """Return the class of Variables that an answer sees: the reader's own, or the library's."""
    function = getattr(answer, "func", answer)  # of a functools.partial
    if not hasattr(function, "__globals__"):
        function = type(function).__call__
    return getattr(function, "__globals__", {}).get("Variable", Variable)


def judge(answer, z):
    """Return (values, repeated ones, uses of a value by one that stands before it, last is z)."""
    output = GRAPHS[z](engine_of(answer))
    found = answer(output)
    if found is ... or found is None:
        return (found,) * 4
    if not isinstance(found, (list, tuple)):
        raise Problem(f"Return a list of Variables; this is a {type(found).__name__}.")
    wanted = set(topological_order(output))
    if any(not hasattr(one, "parents") for one in found):
        raise Problem("The list should hold the Variables themselves, and nothing else.")
    if not wanted.issuperset(found):
        raise Problem("The list holds a Variable that z was not computed from.")
    place = {variable: k for k, variable in reversed(list(enumerate(found)))}
    uses = [(parent, v) for v in place for parent in v.parents]
    early = sum(place.get(parent, -1) > place[v] for parent, v in uses)
    is_last = bool(found) and found[-1] is output
    return len(place), len(found) - len(place), early, float(is_last)


def depth_first(output, seen=None, first=False, without=None):
    """Return the values, each after its parents, or before them; ``without`` drops a kind."""
    seen = set() if seen is None else seen
    if output in seen:
        return []
    seen.add(output)
    rest = [v for parent in output.parents for v in depth_first(parent, seen, first, without)]
    own = [] if without and without(output) else [output]
    return own + rest if first else rest + own


def without_memory(output):
    """Return each value after its parents, as often as it is met."""
    return [v for parent in output.parents for v in without_memory(parent)] + [output]


def breadth_first(output):
    """Return the values as they are met from the output on, level by level."""
    order, queue = [], [output]
    while queue:
        variable = queue.pop(0)
        if variable not in order:
            order.append(variable)
            queue.extend(variable.parents)
    return order


def stack_turned_around(output):
    """Return the values as a stack meets them, and turned around: not yet a topological order."""
    order, stack = [], [output]
    while stack:
        variable = stack.pop()
        if variable not in order:
            order.append(variable)
            stack.extend(variable.parents)
    return order[::-1]


def first_parents(z):
    """Return the chain of first parents, the leaf first."""
    chain = [z]
    while chain[-1].parents:
        chain.append(chain[-1].parents[0])
    return chain[::-1]


def by_value(output):
    """Return the values, each after its parents, without those whose number was met before."""
    return list({float(v.value): v for v in topological_order(output)[::-1]}.values())[::-1]
