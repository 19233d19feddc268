"""The mechanism of an exercise: run an answer on cases, and say what is wrong with it.

A check never shows the right value. It says, in this order: not attempted yet; the reader's own
exception; a known mistake by its name; a wrong shape; a wrong sign; a wrong value.
"""

import copy
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from IPython import get_ipython

from course_utils.exercises.limit import TimeIsUp, time_limit
from course_utils.exercises.readers_code import from_elsewhere, own_exception
from course_utils.graph import Variable

STUCK = (
    " It is the same for every input: does your code use its arguments, or a number or a name "
    "from an earlier cell?"
)
KEPT = (
    "And the first input gives something else when it comes again: your code keeps something "
    "between calls."
)
OLD_CODE = (
    " The cell that you ran before this one stopped with {}, so it defined nothing: what is "
    "checked here is from before."
)

IN_PLACE = "An argument was changed in place; compute new values instead."
ENDLESS = "your code does not come to an end: does a loop in it go on for ever?"
NOTHING = "Your code returns None: is a return missing?"


class Problem(Exception):
    """A sentence about an answer, raised where the problem is noticed."""


@dataclass(frozen=True)
class Verdict:
    """What a check found: whether the answer is right, and the sentence that says so."""

    passed: bool
    message: str


@dataclass(frozen=True)
class Exercise:
    """A task whose answer is a function or a class that the reader writes.

    Calling it with the reader's answer prints the verdict.

    Attributes:
        title: its number and name, as in the lesson.
        answer: a right answer, to compare with.
        cases: argument tuples; at least one is not in the lesson, so that printed numbers
            do not pass.
        mistakes: sentence → a wrong answer. An answer that agrees with it in every case is
            told the sentence.
        results: what the answer returns, one name for each value.
        run: how to get the results from an answer: ``run(answer, *case)``.
        praise: a sentence for the right answer: why it is right, or what to notice.
        seconds: how long an answer may take for one case.
    """

    title: str
    answer: object
    cases: tuple
    mistakes: dict = field(default_factory=dict)
    results: tuple = ("result",)
    run: object = None
    praise: str = ""
    seconds: float = 20

    def __call__(self, attempt):
        """Print what the check finds in the reader's answer."""
        verdict = self.verdict(attempt)
        print(f"{self.title}: {verdict.message}{'' if verdict.passed else _of_a_broken_cell()}")

    def verdict(self, attempt):
        """Return the Verdict on an answer."""
        if attempt is ...:
            return _not_attempted()
        if not callable(attempt):
            said = f"{type(attempt).__name__!r} object is not callable"
            said = f"not yet. {said}: write the name of your function or class, without (...)."
            return Verdict(False, said)
        found = []
        for case in self.cases:
            verdict = self._try(attempt, case, found)
            if verdict:
                return verdict
        return self._compare(found, attempt)

    def _try(self, attempt, case, found):
        """Append an answer's results in one case; return the Verdict that ends the check there."""
        try:
            with time_limit(self.seconds):
                found.append(self._results(attempt, case))
        except TimeIsUp:
            return Verdict(False, f"not yet. {self._with(case)}, {ENDLESS}")
        except Problem as problem:
            return Verdict(False, f"not yet. {problem}")
        except (Exception, SystemExit) as error:
            return _blank_left(error) or self._wrong_before(found, attempt, error)
        return _shape_problem(found[-1], self.results, self._with(case))

    def _wrong_before(self, found, attempt, error):
        """Return the verdict on an exception: a wrong result of an earlier case explains more."""
        earlier = self._compare(found, attempt)
        given = f"{self._with(self.cases[len(found)])}, " if found else ""
        said = own_exception(error, attempt, given)
        return Verdict(False, said) if earlier.passed else earlier

    def _results(self, answer, case):
        case = copy.deepcopy(case)
        given = copy.deepcopy(case)
        try:
            with np.errstate(all="ignore"):  # the verdict speaks of overflow, where it matters
                results = answer(*case) if self.run is None else self.run(answer, *case)
        except Problem:
            raise
        except Exception as error:  # what stops it may be what it changed itself
            raise error if same(case, given) else Problem(IN_PLACE) from None
        if not same(case, given):
            raise Problem(IN_PLACE)
        return _unpacked(results, len(self.results))

    def _with(self, case):
        """Return a case as "With price = 100, count = 2"."""
        names = list(inspect.signature(self.run or self.answer).parameters)[-len(case) :]
        pairs = zip(names, case, strict=True)
        return "With " + ", ".join(f"{name} = {_one(value)}" for name, value in pairs)

    def _compare(self, found, attempt):
        wanted = [self._results(self.answer, case) for case in self.cases[: len(found)]]
        if same(found, wanted):
            return Verdict(True, f"right. {self.praise}".rstrip())
        for sentence, mistake in self.mistakes.items():
            if self._agrees(mistake, found):
                return Verdict(False, f"not yet. {sentence}")
        said = f"{self._first_fault(found, wanted)}{self._why(found, attempt)}"
        return Verdict(False, f"not yet. {said}")

    def _first_fault(self, found, wanted):
        """Return what is wrong with the first wrong result, and whether it is always the same."""
        case, i = next(
            (case, i)
            for case in range(len(found))
            for i in range(len(self.results))
            if not same(found[case][i], wanted[case][i])
        )
        got = found[case][i]
        said = (
            f"{self._with(self.cases[case])}, the {self.results[i]} {_fault(got, wanted[case][i])}"
        )
        stuck = len(found) > 1 and np.size(got) and all(same(got, one[i]) for one in found)
        return f"{said}{STUCK if stuck else ''}"

    def _why(self, found, attempt):
        """Return what else the code shows: something kept, or a name from an earlier cell."""
        said = KEPT if len(found) > 1 and self._differs(attempt, found[0]) else ""
        said = said or from_elsewhere(attempt)
        return f" {said}" if said else ""

    def _differs(self, attempt, first):
        """Return whether the first case, run again, gives other results."""
        try:
            with time_limit(self.seconds):
                return not same(self._results(attempt, self.cases[0]), first)
        except (Exception, SystemExit, TimeIsUp):
            return False

    def _agrees(self, mistake, found):
        """Return whether a known mistake gives what was found, in as many cases."""
        try:
            pairs = zip(found, self.cases, strict=False)
            return all(same(results, self._results(mistake, case)) for results, case in pairs)
        except Exception:
            return False  # it stops where the answer did not


def _fault(result, want):
    """Return what is wrong with a result, without the right one: its shape, sign or value."""
    got, want = np.asarray(result), np.asarray(want)
    if got.shape != want.shape and isinstance(result, tuple):
        return _fault_of_a_tuple(result)
    if got.shape != want.shape and want.ndim == 0:
        return f"should be a single number, and is an array or a list: {_one(got)}."
    if got.shape != want.shape:
        return f"has shape {got.shape}, and should have shape {want.shape}."
    if got.dtype.kind != "b" and same(-got, want):
        return f"comes out as {_one(got)}: its sign is wrong."
    if got.dtype in (np.float16, np.float32) and _is_close(got, want, 10 * np.finfo(got.dtype).eps):
        return f"is right as far as {got.dtype} goes. Leave the numbers in float64, as they come."
    if _is_close(got, want, 0.01):
        return (
            f"comes out as {_one(got, 12)}: close, but not exact. Is something rounded, is a tiny "
            "number added, or is it found by a nudge of another size?"
        )
    return f"comes out as {_one(got)}, which is not right."


def _fault_of_a_tuple(values):
    if len(values) == 1:
        return f"is a tuple with one value in it, {_one(values[0])}. Is there a comma behind it?"
    return f"is a tuple: your code returns {len(values)} values, and needs one value."


def _is_close(got, want, rtol):
    return np.allclose(got, want, rtol=rtol, atol=1e-6)


def _of_a_broken_cell():
    """Return a sentence, if the cell that ran before this one could not run at all."""
    last = getattr(get_ipython(), "last_execution_result", None)
    error = last and last.error_before_exec
    return OLD_CODE.format(f"a {type(error).__name__}") if error else ""


def _not_attempted():
    return Verdict(False, "not attempted yet. Replace each ... in the cell above, and run both.")


def _blank_left(error):
    """Return the verdict on an exception that a ``...`` left in the code explains."""
    if "ellipsis" not in str(error).lower():
        return None
    said = "not attempted yet. A ... is left: in the cell above, or in an exercise that it uses."
    return Verdict(False, said)


def _unpacked(results, count):
    """Return what an answer returned as a sequence of results.

    Where one result is wanted, numbers in a list are a table. Rows of a table are not results.
    """
    results = list(results) if isinstance(results, Iterator) else results
    is_sequence = isinstance(results, (tuple, list))
    if is_sequence and count == 1 and len(results) and as_numbers(results) is not None:
        return (results,)
    if is_sequence:
        return results
    several = np.iterable(results) and not isinstance(results, (str, bytes, dict, set))
    return tuple(results) if several and count > 1 and np.ndim(results) < 2 else (results,)


def _is_open(value):
    """Return whether a ``...`` is left: in place of a result, or as an entry of one."""
    if isinstance(value, np.ndarray) and value.dtype == object:
        value = value.ravel().tolist()
    return value is ... or (isinstance(value, (tuple, list)) and any(map(_is_open, value)))


def _shape_problem(results, names, given):
    """Return the verdict on results that are open, missing, too few, or no numbers."""
    if _is_open(results):
        return _not_attempted()
    if all(value is None for value in results):
        return Verdict(False, f"not yet. {given}, your code returns None: is a return missing?")
    if len(results) != len(names):
        values = "1 value" if len(results) == 1 else f"{len(results)} values"
        wanted = f"{len(names)} ({', '.join(names)})" if len(names) > 1 else "one value"
        return Verdict(False, f"not yet. It returns {values}, and needs {wanted}.")
    for name, value in zip(names, results, strict=True):
        if value is None:
            return Verdict(False, f"not yet. {given}, the {name} is None: is a return missing?")
        if as_numbers(value) is None:
            shown = " ".join(repr(value).split())
            said = f"not yet. The {name} is not a number but {shown:.40}"
            is_leftover = isinstance(value, Variable)
            asked = ": does your code use a name from an earlier cell?" if is_leftover else "."
            return Verdict(False, said + asked)
    return None


def as_numbers(value):
    """Return a value as an array of numbers, or as a mask; None if it is neither."""
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    is_mask = array.dtype.kind == "b" and array.ndim > 0
    return array if is_mask or array.dtype.kind in "iuf" else None


def same(a, b):
    """Return whether two values, or two nested lists of values, agree to nine digits."""
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    x, y = as_numbers(a), as_numbers(b)
    if x is None or y is None:
        return x is y and np.array_equal(a, b)
    return x.shape == y.shape and np.allclose(x, y, rtol=1e-9, atol=1e-12, equal_nan=True)


def _one(value, digits=6):
    """Return an argument or a result as a reader would write it."""
    if isinstance(value, (tuple, list)):
        return f"({', '.join(map(_one, value))}{',' * (len(value) == 1)})"
    value = np.asarray(value)
    if value.ndim == 0:
        return f"{value.item():.{digits}g}" if value.dtype.kind in "iuf" else str(value)
    return np.array2string(value, precision=4, separator=", ", threshold=20).replace("\n", "")
