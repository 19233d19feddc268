"""An answer that never ends is stopped, and nothing of the limit stays behind."""

import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

import pytest

from course_utils.exercises import Exercise
from course_utils.exercises.limit import TimeIsUp, time_limit

needs_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer to be had")


def twice(x):
    return 2 * x


def spin(x):
    while True:
        pass


def spin_and_catch(x):
    while True:
        with suppress(Exception):
            time.sleep(0.01)


@dataclass
class SpinAtStart:
    """An answer that is a class, whose making never ends."""

    x: float

    def __post_init__(self):
        spin(self.x)


def exercise(**changes):
    return Exercise(
        title="Exercise 0.0", answer=twice, cases=((1.5,), (4.0,)), seconds=0.2, **changes
    )


@needs_timer
@pytest.mark.parametrize("attempt", [spin, spin_and_catch, SpinAtStart])
def test_an_endless_answer_is_stopped_and_told_so(attempt):
    verdict = exercise().verdict(attempt)
    assert not verdict.passed
    assert verdict.message == (
        "not yet. With x = 1.5, your code does not come to an end: does a loop in it go on for "
        "ever?"
    )


@needs_timer
def test_an_answer_that_is_endless_in_a_later_case_alone():
    verdict = exercise().verdict(lambda x: spin(x) if x > 2 else 2 * x)
    assert verdict.message.startswith("not yet. With x = 4, your code does not come to an end")


@needs_timer
def test_the_limit_is_for_each_case():
    def slow(x):
        time.sleep(0.12)
        return 2 * x

    assert exercise().verdict(slow).passed


@needs_timer
@pytest.mark.parametrize("attempt", [twice, spin, lambda x: 1 / 0])
def test_nothing_stays_behind(attempt):
    def mine(number, frame):
        raise AssertionError("the alarm rings after the check")

    before = signal.signal(signal.SIGALRM, mine)
    try:
        exercise().verdict(attempt)
        assert signal.getsignal(signal.SIGALRM) is mine
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
        time.sleep(0.3)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_in_another_thread_a_check_works_without_a_limit():
    found = []
    thread = threading.Thread(target=lambda: found.append(exercise().verdict(twice)))
    thread.start()
    thread.join()
    assert found[0].passed


def test_without_a_timer_there_is_no_limit(monkeypatch):
    monkeypatch.delattr(signal, "setitimer", raising=False)
    with time_limit(0.01):
        time.sleep(0.05)


@needs_timer
def test_time_is_up_is_no_exception_that_code_would_catch():
    assert not issubclass(TimeIsUp, Exception)
    with pytest.raises(TimeIsUp), time_limit(0.05):
        spin_and_catch(0)
