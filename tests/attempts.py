"""Answers as a reader writes them: what stands in the stub's place, in the notebook's names."""

import ast
import linecache
import re
from functools import cache

import numpy as np
from checked import module_of
from lessons import PATHS, Lesson

from course_utils.exercises.exercise import _one


@cache
def names(number):
    """Return the names of a lesson's exercises, as their checks call them."""
    return [check.split("(")[0][len("check.") :] for _, check, _ in _lesson(number).exercises()]


@cache
def _lesson(number):
    return Lesson(PATHS[number])


@cache
def task(number, name):
    """Return (exercise, name of the answer, its stub's source, names of the cells before it)."""
    lesson = _lesson(number)
    for cell, (stub, check, _) in zip(lesson.tagged("exercise"), lesson.exercises(), strict=True):
        if check.startswith(f"check.{name}("):
            namespace = {}
            exec(lesson.definitions(cell), namespace)
            attempt = re.fullmatch(r"check\.\w+\((\w+)\)", check)[1]
            return getattr(module_of(PATHS[number]), name), attempt, stub, namespace
    raise LookupError(f"no cell checks {name}")


def written(number, name, bodies, **earlier):
    """Return an answer whose stub is filled with these bodies; ``earlier`` cells made values.

    A body is an expression, which is returned, or statements. A tuple holds those of the last
    methods of a class; None leaves a method as the stub has it.
    """
    _, attempt, stub, namespace = task(number, name)
    bodies = bodies if isinstance(bodies, tuple) else (bodies,)
    tree = ast.parse(stub)
    first = tree.body[0]
    methods = [node for node in first.body if isinstance(node, ast.FunctionDef)]
    functions = methods if isinstance(first, ast.ClassDef) else [first]
    for function, body in zip(functions[-len(bodies) :], bodies, strict=True):
        function.body = function.body if body is None else _statements(body)
    return run_cell(ast.unparse(ast.fix_missing_locations(tree)), namespace | earlier)[attempt]


def _statements(body):
    try:
        return [ast.Return(ast.parse(body, mode="eval").body)]
    except SyntaxError:
        return ast.parse(body).body


def run_cell(source, namespace):
    """Run a cell in a notebook's names, so that its lines can be shown; return the names."""
    cell = f"<cell {hash(source)}>"
    linecache.cache[cell] = (len(source), None, source.splitlines(keepends=True), cell)
    exec(compile(source, cell, "exec"), namespace)
    return namespace


ASIDES = r"in line \d+: .*|shapes? \([\d, ]*\)|shapes .*|\d+ (values?|gradients)|needs \d+"


def numbers(text):
    """Return the numbers that a text says, without those of lines, shapes and counts."""
    return set(re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]\d+)?", re.sub(ASIDES, "", text)))


def given_away(exercise, attempt, message):
    """Return the numbers of right results that a message says, and the reader did not have."""
    if not (said := numbers(message)):
        return said
    had = {"0", "1", "2", "3"}
    for case in exercise.cases:
        had |= numbers(_one(case))
        try:
            with np.errstate(all="ignore"):
                results = exercise._results(attempt, case)
            had |= numbers(_one(results)) | numbers(" ".join(_one(r, 12) for r in results))
        except Exception:
            continue  # it stops in this case, or its results are no numbers
    right = [r for case in exercise.cases for r in exercise._results(exercise.answer, case)]
    return said & set().union(*(numbers(_one(r)) for r in right)) - had
