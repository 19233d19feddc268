"""What every node promises about memory, as tests check it."""

import numpy as np


def kept_arrays(node):
    values = [*vars(node).values(), *getattr(node, "params", {}).values()]
    return [value for value in values if isinstance(value, np.ndarray)]


def assert_left_alone(arguments, compute):
    """Assert that read-only arguments suffice, and that every result is an array of its own.

    ``compute`` returns (the node, its results).
    """
    before = [a.copy() for a in arguments]
    for argument in arguments:
        argument.flags.writeable = False
    node, results = compute()
    for argument, copy in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(argument, copy)
    for i, result in enumerate(results):
        assert result.flags.writeable
        others = [*arguments, *kept_arrays(node), *results[:i]]
        assert not any(np.shares_memory(result, other) for other in others)
