"""The controls of lesson 13's explorer reach its picture, and what does not fit is refused."""

import re
import time

import numpy as np
import pytest
from explored import assert_follows_its_controls, range_of, show
from sliding_loops import COUNTED, COUNTS, DIRECTIONS, FORWARD, PLANS, each_state

from course_utils.explorers import sliding, window


def test_the_controls(monkeypatch):
    controls = window.explore().controls
    assert list(controls) == ["window", "direction", "node"]
    assert range_of(controls["window"]) == (4, 0, 4, 1)
    assert tuple(controls["direction"].options) == DIRECTIONS
    assert list(controls["node"].options) == list(PLANS)
    assert [c.description for c in controls.values()] == ["window", "pass", "node"]
    assert window.explore().picture() == window.picture() == window.picture("convolution")
    changes = {"window": 2, "direction": COUNTED, "node": "padding 1"}
    assert_follows_its_controls(window, changes, monkeypatch)


def test_the_slider_and_play_end_at_the_last_window_of_the_node(monkeypatch):
    shown = window.explore()
    handle = show(shown, monkeypatch)
    walked = [("padding 1", 16, 16), ("max pooling", 4, 4), ("average pooling", 4, 4),
              ("padding 1", 16, 16), ("convolution", 4, 4)]  # fmt: skip
    for updates, (name, last, at) in enumerate(walked, start=1):
        shown.controls["node"].value = name
        assert (shown.steps.max, shown.play.max) == (last, last)
        assert (shown.steps.value, shown.play.value) == (at, at)
        assert handle.shown[-1] == window.picture(name, FORWARD, at)._repr_mimebundle_()
        assert len(handle.shown) == updates  # one update each


@pytest.mark.parametrize("done, of_16", [(0, 0), (1, 1), (3, 3), (4, 16)])
def test_the_window_stays_where_it_is_and_who_is_at_the_end_stays_there(done, of_16):
    shown = window.explore()
    shown.steps.value = done
    shown.controls["node"].value = "padding 1"
    assert (shown.steps.value, shown.play.value) == (of_16, of_16)
    shown.controls["direction"].value = COUNTED
    assert shown.steps.value == of_16
    shown.steps.value = 9
    shown.controls["node"].value = "max pooling"
    assert (shown.steps.value, shown.play.value, shown.play.max) == (4, 4, 4)


def test_play_walks_with_the_slider():
    shown = window.explore()
    assert shown.play in shown.box.children[-1].children
    assert shown.steps in shown.box.children[-1].children
    shown.play.playing = True
    assert (shown.steps.value, shown.play.value) == (0, 0)


@each_state
def test_the_same_state_gives_the_same_bytes(state):
    first = window.picture(*state)
    for cached in (sliding._forward, window._padding, window._value, window._chip):
        cached.cache_clear()
    assert window.picture(*state) == first
    name, direction, done = state
    assert window.picture(name, direction, np.int64(done)) == first


def test_what_is_kept_for_the_next_picture_cannot_be_changed():
    walk = sliding.walk("max pooling", FORWARD, 2)
    for array in (walk.x, walk.y, walk.winners, sliding.walk("padding 1", FORWARD, 2).k):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_a_move_takes_well_under_20_ms():
    start = time.process_time()
    [window.picture("padding 1", COUNTED, done) for done in range(17)]
    assert (time.process_time() - start) / 17 < 0.02


@pytest.mark.parametrize("node", ["pooling", "", None, 1])
def test_an_unknown_node_is_refused(node):
    message = f"expected a node of {'; '.join(PLANS)}, got {node!r}"
    for given in (None, 0):
        with pytest.raises(ValueError, match=f"^{re.escape('window.picture: ' + message)}$"):
            window.picture(node, window=given)


@pytest.mark.parametrize("direction", ["backward", "", None, 1])
def test_an_unknown_pass_is_refused(direction):
    message = f"expected a pass of {'; '.join(DIRECTIONS)}, got {direction!r}"
    with pytest.raises(ValueError, match=f"^{re.escape('window.picture: ' + message)}$"):
        window.picture("convolution", direction)


@pytest.mark.parametrize("name, done", [*((name, COUNTS[name] + 1) for name in PLANS),
                                        ("padding 1", -1), ("convolution", 2.0),
                                        ("convolution", "2")])  # fmt: skip
def test_a_window_that_is_not_there_is_refused(name, done):
    message = f"expected a window from 0 to {COUNTS[name]} for {name}, got {done!r}"
    with pytest.raises(ValueError, match=f"^{re.escape('window.picture: ' + message)}$"):
        window.picture(name, FORWARD, done)
