"""A time limit for a reader's code, so that a loop without an end does not hang the notebook."""

import signal
import threading
from contextlib import contextmanager

AGAIN = 1.0  # seconds: a second ring, should the first one have been swallowed


class TimeIsUp(BaseException):
    """Raised inside code that takes too long; no Exception, which that code might catch."""


@contextmanager
def time_limit(seconds):
    """Raise TimeIsUp in the code inside once so many seconds have passed.

    That takes a timer of the system and the main thread, where cells run. Where there is none,
    as on Windows, the code has all the time that it takes.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not (is_main and hasattr(signal, "setitimer")):
        yield
        return
    before = signal.getsignal(signal.SIGALRM)
    try:
        try:
            signal.signal(signal.SIGALRM, _ring)
            signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
            yield
        finally:
            _stop(before)
    finally:
        _stop(before)  # again, should an interrupt have come in the middle of it


def _stop(before):
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def _ring(_number, _frame):
    raise TimeIsUp
