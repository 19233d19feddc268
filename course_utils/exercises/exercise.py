"""The mechanism of an exercise: run an answer on cases, and say what is wrong with it.

A check never shows the right value. It says, in this order: not attempted yet; the reader's own
exception; a known mistake by its name; a wrong shape; a wrong sign; a wrong value.
"""

import copy
import linecache
import traceback
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

PACKAGE = Path(__file__).resolve().parent.parent


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
    """

    title: str
    answer: object
    cases: tuple
    mistakes: dict = field(default_factory=dict)
    results: tuple = ("result",)
    run: object = None
    praise: str = ""

    def __call__(self, attempt):
        """Print what the check finds in the reader's answer."""
        print(f"{self.title}: {self.verdict(attempt).message}")

    def verdict(self, attempt):
        """Return the Verdict on an answer."""
        if attempt is ...:
            return _not_attempted()
        found = []
        for case in self.cases:
            try:
                found.append(self._results(attempt, case))
            except Exception as error:
                return _blank_left(error) or Verdict(False, _own_exception(error))
        return _shape_problem(found[0], self.results) or self._compare(found)

    def _results(self, answer, case):
        case = copy.deepcopy(case)
        given = copy.deepcopy(case)
        results = answer(*case) if self.run is None else self.run(answer, *case)
        if not _same(case, given):
            raise ValueError("an argument was changed in place; compute new values instead")
        return results if isinstance(results, (tuple, list)) else (results,)

    def _compare(self, found):
        wanted = [self._results(self.answer, case) for case in self.cases]
        if _same(found, wanted):
            return Verdict(True, f"right. {self.praise}".rstrip())
        for sentence, mistake in self.mistakes.items():
            if _same(found, [self._results(mistake, case) for case in self.cases]):
                return Verdict(False, f"not yet. {sentence}")
        for case, got, want in zip(self.cases, found, wanted, strict=True):
            problem = _shape_problem(got, self.results) or self._value_problem(case, got, want)
            if problem:
                return problem
        raise AssertionError("unreachable: the results differ, but no case does")

    def _value_problem(self, case, found, wanted):
        for name, got, want in zip(self.results, found, wanted, strict=True):
            got, want = np.asarray(got), np.asarray(want)
            said = f"not yet. With {_shown(case)}, the {name}"
            if got.shape != want.shape:
                said += f" has shape {got.shape}, and should have shape {want.shape}."
            elif _same(got, want):
                continue
            elif np.any(got * want < 0):
                said += f" comes out as {_shown((got,))}: its sign is wrong."
            else:
                said += f" comes out as {_shown((got,))}, which is not right."
            return Verdict(False, said)
        return None


def _not_attempted():
    return Verdict(False, "not attempted yet. Replace each ... in the cell above, and run both.")


def _blank_left(error):
    """Return the verdict on an exception that a ``...`` left in the code explains."""
    return _not_attempted() if "ellipsis" in str(error).lower() else None


def _shape_problem(results, names):
    """Return the verdict on results that are open, missing, too few, or no numbers."""
    if any(value is ... for value in results):
        return _not_attempted()
    if any(value is None for value in results):
        return Verdict(False, "not yet. Your code returns None: is a return missing?")
    if len(results) != len(names):
        wanted = f"{len(names)} ({', '.join(names)})" if len(names) > 1 else "one value"
        return Verdict(False, f"not yet. It returns {len(results)} values, and needs {wanted}.")
    for name, value in zip(names, results, strict=True):
        if _as_numbers(value) is None:
            return Verdict(False, f"not yet. The {name} is not a number but {value!r:.40}.")
    return None


def _as_numbers(value):
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "iuf" else None


def _same(a, b):
    """Return whether two values, or two nested lists of values, agree to nine digits."""
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    a, b = _as_numbers(a), _as_numbers(b)
    if a is None or b is None:
        return a is None and b is None
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-12)


def _own_exception(error):
    """Return the reader's exception as their own, with the line where it happened."""
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [f for f in frames if PACKAGE not in Path(f.filename).parents]
    if not theirs:
        return f"not yet. Calling your code gives {said}."
    frame = [f for f in theirs if f.filename == theirs[0].filename][-1]
    code = linecache.getline(frame.filename, frame.lineno).strip()
    return f"not yet. Your code stops with {said}, in line {frame.lineno}: {code}"


def _shown(values):
    """Return arguments or results as a reader would write them."""
    return ", ".join(_one(value) for value in values)


def _one(value):
    value = np.asarray(value)
    if value.ndim == 0:
        return f"{value.item():.6g}" if value.dtype.kind in "iuf" else str(value)
    return np.array2string(value, precision=4, separator=", ", threshold=20).replace("\n", "")
