"""Exercise 10.2: how an answer that makes mini-batches is run, and what may be wrong with it."""

import numpy as np

from course_utils.exercises.exercise import NOTHING, Problem

NOT_SHUFFLED = "The examples come in their own order: shuffle them with rng.permutation(count)."
WITHIN_BATCHES = (
    "Each epoch has batches of the same examples: shuffle all the numbers first, then cut them."
)
NOT_FROM_RNG = "The order is not drawn from the rng that is given: the same rng gives another one."
SAME_ORDER = (
    "Two epochs come in the same order: draw it from the rng that is given, and make no new one "
    "in there."
)
REPEATED = (
    "Some examples are shown more than once in an epoch, and others never: draw without "
    "replacement, as rng.permutation does."
)
OVERLAP = (
    "Some examples are shown more than once in an epoch: does a batch begin before the one in "
    "front of it ends, or is the last one filled up?"
)
LAST_LEFT_OUT = "The last examples are never shown, because they do not fill a batch: keep them."
SOME_LEFT_OUT = "Some examples are never shown: the batches leave gaps, or end too soon."
EMPTY = "There is a batch without examples: stop when all have been shown."
EMPTY_TOO_SOON = "There is a batch without examples, before all have been shown."
ONE_BATCH_LARGE = "A batch is larger than size."
NO_LIST = "Return a list of batches, each of which is an array of numbers of examples."


def run_batches(answer, count, size, seed):
    """Return (how often each example is shown, sizes of the batches) of an answer's epoch."""
    rng = np.random.default_rng(seed)
    epochs = [_one_epoch(answer, count, size, rng) for _ in range(2)]
    if epochs[0] is ...:
        return ..., ...
    shown = [np.concatenate(epoch) for epoch in epochs]
    for wrong in shown[0][(shown[0] < 0) | (shown[0] >= count)]:
        raise Problem(f"There is a number {wrong}; they go from 0 to {count - 1}.")
    times = np.bincount(shown[0], minlength=count)
    _check_epoch(epochs[0], times, size)
    _check_order(epochs, shown)
    again = _one_epoch(answer, count, size, np.random.default_rng(seed))
    if not np.array_equal(shown[0], np.concatenate(again)):
        raise Problem(NOT_FROM_RNG)
    return times, np.array([len(batch) for batch in epochs[0]])


def _one_epoch(answer, count, size, rng):
    """Return the batches of an answer as arrays of whole numbers; ... while it is open."""
    returned = answer(count, size, rng)
    if returned is None:
        raise Problem(NOTHING)
    if returned is not ... and not np.iterable(returned):
        raise Problem(NO_LIST)
    returned = ... if returned is ... else list(returned)
    if returned is ... or any(batch is ... for batch in returned):
        return ...
    if not returned:
        raise Problem("The list of batches is empty.")
    return [_numbers_of_a_batch(batch) for batch in returned]


def _numbers_of_a_batch(batch):
    try:
        row = np.asarray(batch)
    except ValueError:
        raise Problem(NO_LIST) from None
    if row.ndim != 1 or row.dtype.kind not in "iuf":
        raise Problem(NO_LIST)
    if row.size and row.dtype.kind == "f":
        raise Problem("The numbers of examples are whole numbers, and these are not.")
    return row.astype(int)


def _check_epoch(epoch, times, size):
    sizes = [len(batch) for batch in epoch]
    if 0 in sizes:
        raise Problem(EMPTY if times.min() > 0 else EMPTY_TOO_SOON)
    if max(sizes) > size:
        raise Problem(ONE_BATCH_LARGE)
    if times.max() > 1:
        raise Problem(OVERLAP if times.min() > 0 else REPEATED)
    if times.min() == 0:
        is_cut = sizes == [size] * (len(times) // size)
        raise Problem(LAST_LEFT_OUT if is_cut else SOME_LEFT_OUT)


def _check_order(epochs, shown):
    if np.array_equal(shown[0], np.sort(shown[0])):
        raise Problem(NOT_SHUFFLED)
    if np.array_equal(*shown):
        raise Problem(SAME_ORDER)
    first, second = ({frozenset(batch) for batch in epoch if len(batch) > 1} for epoch in epochs)
    if first and first == second:
        raise Problem(WITHIN_BATCHES)
