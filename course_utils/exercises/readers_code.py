"""What a reader's code says about itself: its exceptions, and the names it takes from elsewhere."""

import dis
import inspect
import re
import sysconfig
import traceback
from pathlib import Path
from types import CodeType, ModuleType

PACKAGE = Path(__file__).resolve().parent.parent
NOT_THE_READERS = {PACKAGE} | {
    Path(sysconfig.get_path(name)).resolve()
    for name in ("stdlib", "platstdlib", "purelib", "platlib")
}

NEW_LINE = "\n"

HINTS = {  # what an exception says → what it often means
    r"positional argument": "Is self, or an argument, missing in its def line?",
    r"core dimension": "The two sizes that meet in the middle of @ must be equal.",
    r"truth value of an array": (
        "if, and, max and min need a single number. np.where, & and np.maximum take each entry."
    ),
    r"for \^": "In Python a power is written **.",
    r"arrays can be converted to Python": "math and int take a single number; np.exp takes arrays.",
    r"recursion depth": "It calls itself, again and again.",
    r"no attribute '(forward|backward)'": "Is it a method of your class, indented in it?",
}


def own_exception(error, answer, given=""):
    """Return a reader's exception as their own, with its line, and with what it often means.

    ``given`` says with which arguments, where that may explain it: "With x = 0, ".
    """
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    theirs = [f for f in traceback.extract_tb(error.__traceback__) if _is_the_readers(f)]
    hint = _hint(error, answer) or from_elsewhere(answer)
    if not theirs:
        return f"not yet. Calling your code gives {said}.{hint and ' '}{hint}"
    your = f"{given}your" if given else "Your"
    where = f"in line {theirs[-1].lineno}: {theirs[-1].line}"
    return f"not yet. {your} code stops with {said}, {where}{hint and NEW_LINE}{hint}"


def _hint(error, answer):
    """Return what an exception often means, or an empty string."""
    for pattern, hint in HINTS.items():
        if re.search(pattern, str(error)):
            return hint
    is_own = isinstance(error, AttributeError) and type(error.obj) is answer
    if is_own or (isinstance(error, NameError) and error.name in _locals_of(answer)):
        return f"Does forward keep it, as self.{error.name}?"
    return ""


def _locals_of(answer):
    """Return the names that are known inside single methods of a class."""
    methods = filter(inspect.isfunction, vars(answer).values()) if inspect.isclass(answer) else ()
    return {name for method in methods for name in method.__code__.co_varnames}


def _is_the_readers(frame):
    """Return whether a frame is a line of a notebook's cell, not one of a library."""
    return bool(frame.line) and NOT_THE_READERS.isdisjoint(Path(frame.filename).resolve().parents)


def from_elsewhere(answer):
    """Return a question about the first value, no function, that comes from an earlier cell."""
    is_class = inspect.isclass(answer)
    for function in filter(inspect.isfunction, vars(answer).values() if is_class else [answer]):
        for name in _globals_of(function.__code__):
            value = function.__globals__.get(name, len)
            if not callable(value) and not isinstance(value, ModuleType):
                meant = f"self.{name}" if is_class else "an argument"
                return f"Your code takes {name} from an earlier cell: should it be {meant}?"
    return ""


def _globals_of(code):
    """Yield the global names that code reads, those of the functions inside it as well."""
    for instruction in dis.get_instructions(code):
        if instruction.opname == "LOAD_GLOBAL":
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _globals_of(constant)
