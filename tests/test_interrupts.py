"""A reader who presses the square in the middle of a check: nothing of the check stays behind."""

import os
import signal
import threading
import warnings
from time import monotonic

import numpy as np
import pytest

from course_utils.exercises import Exercise
from course_utils.nodes import Affine, MeanSquaredError
from course_utils.training import SGD, Network, fit

LONGEST = 10  # seconds that a lost interrupt may cost
pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals between threads")


def state():
    """Return what a check or a training changes while it runs."""
    timer = getattr(signal, "getitimer", lambda _: None)(getattr(signal, "ITIMER_REAL", 0))
    return np.geterr(), list(warnings.filters), signal.getsignal(signal.SIGALRM), timer


@pytest.fixture
def interrupt():
    """Return a function that has the main thread interrupted a moment later."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job has none
    timers = []

    def interrupt_soon():
        timers.append(threading.Timer(0.15, os.kill, (os.getpid(), signal.SIGINT)))
        timers[-1].start()

    yield interrupt_soon
    for timer in timers:
        timer.join()
    signal.signal(signal.SIGINT, before)


class Endless:
    """Answers of which one place comes to no end for long, after the interrupt was sent for."""

    def __init__(self, interrupt, place):
        self.interrupt, self.place = interrupt, place

    def spin(self, place):
        if place == self.place:
            self.interrupt()
            end = monotonic() + LONGEST
            while monotonic() < end:
                pass

    def answer(self, x):
        self.spin("answer")
        return 3 * x

    def mistake(self, x):
        self.spin("known mistake")
        return 4 * x

    def right(self, x):
        self.spin("right answer")
        return 2 * x


@pytest.mark.parametrize("place", ["answer", "known mistake", "right answer"])
def test_an_interrupted_check_leaves_nothing_behind(interrupt, place):
    before = state()
    endless = Endless(interrupt, place)
    check = Exercise(
        "Exercise 0.0", endless.right, ((1.0,), (2.0,)), {"Four times.": endless.mistake}
    )
    with pytest.raises(KeyboardInterrupt):
        check.verdict(endless.answer)
    assert state() == before
    endless.place = None
    assert check.verdict(lambda x: 2 * x).passed
    assert check.verdict(lambda x: 4 * x).message == "not yet. Four times."


def test_an_interrupted_training_can_be_gone_on_with(interrupt):
    network = Network([Affine(np.ones((4, 1)), [0.0])], MeanSquaredError())
    X, targets = np.ones((8, 4)), np.ones((8, 1))
    before = state()
    interrupt()
    with pytest.raises(KeyboardInterrupt):
        fit(network, X, targets, SGD(0.001), 10**9, batch_size=1, progress=False)
    assert state() == before
    loss = network.forward(X, targets)
    history = fit(network, X, targets, SGD(0.001), 2, progress=False)
    assert len(history.losses) == 2 and history.losses[-1] <= loss
