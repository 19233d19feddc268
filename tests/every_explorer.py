"""The explorers of the course, in the order of the lessons."""

import pytest

from course_utils.explorers import (
    activation,
    affine_board,
    apple_shop,
    boundary,
    depth,
    draw_digit,
    fork,
    gears,
    lineup,
    loss_curves,
    one_node,
    order,
    secant,
    softmax,
    switch,
    window,
)

OPENED_ALONE = [
    one_node, apple_shop, gears, fork, secant, activation, switch, affine_board, loss_curves,
    softmax, boundary, depth, lineup, window, order,
]  # fmt: skip
EXPLORERS = [*OPENED_ALONE, draw_digit]  # the last one asks for a network


def each(modules):
    """Return the mark that gives a test one explorer's module after the other."""
    return pytest.mark.parametrize("module", modules, ids=lambda module: module.__name__[23:])
