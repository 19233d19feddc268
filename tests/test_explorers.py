"""Every explorer follows its controls; the first ones show what plain arithmetic says."""

import math
import re
from html import unescape
from itertools import product
from types import SimpleNamespace

import ipywidgets as widgets
import pytest
from every_explorer import OPENED_ALONE, each
from explored import caption, root_of, said, texts
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from course_utils.explorers import (
    explorer,
    fork,
    gears,
    one_node,
)
from course_utils.pictures import short, theme

MARKED = f'stroke="{theme.HIGHLIGHT}"'
each_explorer = each(OPENED_ALONE)


def extremes(control):
    return sorted({control.min, control.value, control.max})


# The pictures are right.


@pytest.mark.parametrize("price, count", [*product((0, 100, 200), (0, 2, 10))])
def test_one_node(price, count):
    picture = one_node.picture(price, count)
    written = texts(picture)
    assert sorted(written) == sorted(
        ["price", "×", "count", "cost", str(price), str(count), short(price * count)]
    )
    assert picture.alt.endswith(f"gives cost = {short(price * count)}.")


@pytest.mark.parametrize("x", [-3.0, -1.2, -0.1, 0.0, 0.3, 1.5, 3.0])
def test_gears(x):
    picture = gears.picture(x)
    written = texts(picture)
    assert {f"x = {short(x)}", f"t = {short(x * x)}", f"z = {short(3 * x * x)}"} <= set(written)
    rate = short(2 * x) if x >= 0 else f"({short(2 * x)})"
    assert f"×{rate}" in written and "×3" in written
    assert f"dz/dx = {rate} × 3 = {short(6 * x)}" in written
    assert f"so {short(6 * x)} times as much as x" in picture.alt
    nudged = 3 * (x + 0.01) ** 2 - 3 * x**2
    words = f"Nudge x by 0.01: z moves by {short(nudged)}; the rates say {short(6 * x * 0.01)}."
    assert caption(picture) == words


@pytest.mark.parametrize("x", [-2.0, 0.4, 1.5])
def test_gears_turn_by_their_values_and_their_wedges_by_their_rates(x):
    markup = gears.picture(x).markup
    hands = re.findall(r'points="([^ ]*) ([^"]*)" fill="none" stroke="#0072B2"', markup)
    wedges = re.findall(r' d="M([^ ]*) L([^ ]*) A[^ ]* 0 . . ([^ ]*) Z"', markup)
    dials = [turn(*hand) for hand in hands if not hand[1].endswith(",150")]  # not the arrows
    expected = [gears.DEGREES * value for value in (x, x * x, 3 * x * x)]
    assert dials == [pytest.approx(angle, abs=0.2) for angle in expected]
    nudges = [turn(centre, end) - turn(centre, start) for centre, start, end in wedges]
    rates = [gears.NUDGE * rate for rate in (1, 2 * x, 6 * x)]
    assert nudges == [pytest.approx(angle, abs=0.3) for angle in rates]


def turn(centre, end):
    """Return how many degrees clockwise from the top a hand points."""
    (x, y), (end_x, end_y) = (map(float, point.split(",")) for point in (centre, end))
    return math.degrees(math.atan2(end_x - x, y - end_y))


@pytest.mark.parametrize("x, y", [*product((-5, 0, 2, 5), (-5, 0, 3, 5))])
@pytest.mark.parametrize("path", fork.PATHS)
def test_fork(x, y, path):
    picture = fork.picture(x, y, path)
    assert said(picture.alt, "Inputs") == {"x": short(x), "y": short(y)}
    gradients = said(picture.alt, "Gradients")
    assert (gradients["x"], gradients["y"]) == (short(y), short(x + 2 * y))
    written = texts(picture)
    assert {short(v) for v in (x + y, (x + y) * y, y, x + 2 * y)} <= set(written)
    assert sorted(written[-2:]) == sorted([short(y), short(x + y)])  # the two shares
    words = {
        "both paths": f"{short(y)} + {short(x + y) if x + y >= 0 else f'({short(x + y)})'} "
        f"= {short(x + 2 * y)} is its gradient.",
        "through +": f"The path through + brings {short(y)} back",
        "straight to ×": f"The path straight to × brings {short(x + y)} back",
    }
    assert words[path] in caption(picture)
    assert picture.markup.count(MARKED) == {"both paths": 3, "through +": 2}.get(path, 1)


def test_each_path_of_the_fork_is_marked_elsewhere():
    marked = {
        path: set(re.findall(r'points="([^"]*)"[^>]*' + MARKED, fork.picture(2, 3, path).markup))
        for path in fork.PATHS
    }
    assert marked["both paths"] == marked["through +"] | marked["straight to ×"]
    assert not marked["through +"] & marked["straight to ×"]
    fork_at = re.search(r'<circle cx="([^"]*)" cy="([^"]*)"', fork.picture(2, 3).markup).groups()
    for path in ("through +", "straight to ×"):
        assert ",".join(fork_at) in {points.split(" ")[0] for points in marked[path]}


def test_an_unknown_path_is_refused():
    with pytest.raises(ValueError, match=r"expected a path of both paths, .*, got 'around'"):
        fork.picture(2, 3, "around")


# The controls.


@each_explorer
def test_controls_have_descriptions_and_are_on_the_page(module):
    shown = module.explore()
    page = list(children(shown.box))
    for name, control in shown.controls.items():
        assert control.description.strip(), name
        assert control in page, name
        assert getattr(control, "continuous_update", True)
    sliders = [w.description for w in page if hasattr(w, "max") and hasattr(w, "readout")]
    visible = [d for d in sliders if d not in ("price", "count")]  # rows without an item
    assert len(set(visible)) == len(visible) or module is one_node


def children(box):
    for child in getattr(box, "children", ()):
        yield child
        yield from children(child)


@each_explorer
def test_each_end_of_each_slider_is_shown(module, show):
    shown = module.explore()
    handle = show(shown)
    for control in shown.controls.values():
        if not hasattr(control, "max"):
            continue
        default = control.value
        for value in extremes(control):
            control.value = value
            assert handle.shown[-1:] in ([], [shown.picture()._repr_mimebundle_()])
        control.value = default
        assert handle.shown[-1] == handle.first


@each_explorer
def test_a_change_is_one_update(module, show):
    shown = module.explore()
    handle = show(shown)
    for name, control in shown.controls.items():
        if name == "receipt" or "_1" in name or "_2" in name:
            continue
        before = len(handle.shown)
        if hasattr(control, "max"):
            control.value = control.min if control.value != control.min else control.max
        else:
            control.value = next(v for v in control.options if v != control.value)
        assert len(handle.shown) == before + 1, name
        assert handle.shown[-1] == shown.picture()._repr_mimebundle_()
        assert handle.shown[-1] != (handle.shown[-2] if before else handle.first)


def test_the_controls_reach_the_picture_under_their_own_names(show):
    shown = one_node.explore()
    handle = show(shown)
    shown.controls["price"].value = 150
    assert handle.shown[-1]["text/plain"].endswith("cost = 300.")
    shown = fork.explore()
    handle = show(shown)
    shown.controls["y"].value = -4
    assert said(handle.shown[-1]["text/plain"], "Gradients")["y"] == "−6"
    shown.controls["path"].value = "through +"
    assert "The path through + brings −4 back" in handle.shown[-1]["text/plain"]
    shown = gears.explore()
    handle = show(shown)
    shown.controls["x"].value = -2.0
    assert "so −12 times as much as x" in handle.shown[-1]["text/plain"]


def test_play_starts_over_at_the_end():
    steps, play = explorer.step_control(6)
    play.value = 6
    play.playing = True
    assert (steps.value, play.value, play.playing) == (0, 0, True)
    steps, play = explorer.step_control(6)
    steps.value = play.value = 3
    play.playing = True
    assert (steps.value, play.value) == (3, 3)


def test_a_picture_that_fails_leaves_the_explorer_usable(show):
    def picture(x):
        if x == 2:
            raise ValueError("no picture of 2")
        return one_node.picture(x, 1)

    shown = explorer.Explorer(picture, {"x": explorer.slider("x", 1, 0, 5)})
    handle = show(shown)
    with pytest.raises(ValueError, match="no picture of 2"), shown.held():
        shown.controls["x"].value = 2
    shown.controls["x"].value = 3
    assert handle.shown == [one_node.picture(3, 1)._repr_mimebundle_()]


def test_200_fast_changes_leave_the_picture_of_the_last_state(show):
    shown = fork.explore()
    handle = show(shown)
    for i in range(200):
        name = ("x", "y")[i % 2]
        shown.controls[name].value = (7 * i) % 11 - 5
    assert len(handle.shown) <= 200
    assert (
        handle.shown[-1]
        == fork.picture(
            *(shown.controls[name].value for name in ("x", "y", "path"))
        )._repr_mimebundle_()
    )


@pytest.mark.parametrize("step, kind", [(1, widgets.IntSlider), (0.1, widgets.FloatSlider)])
def test_a_slider_counts_as_its_step_says(step, kind):
    made = explorer.slider("x", 1, 0, 5, step)
    assert type(made) is kind
    assert (made.value, made.min, made.max, made.step) == (1, 0, 5, step)


# What a notebook stores.


@each_explorer
def test_controls_and_picture_are_shown_with_words(module, show):
    shown = module.explore()
    controls, picture = show(shown).displayed
    assert set(picture) == {"text/html", "text/plain"}
    assert picture == shown.picture()._repr_mimebundle_()
    assert controls[explorer.WIDGET_VIEW]["model_id"] == shown.box.model_id
    for control in shown.controls.values():
        assert control.description in controls["text/plain"]


def test_a_real_display_gets_the_picture_and_its_updates(monkeypatch):
    shell = InteractiveShell.instance()
    publisher = CapturingDisplayPublisher()
    published = SimpleNamespace(all=publisher.outputs)
    monkeypatch.setattr(shell, "display_pub", publisher)
    try:
        shown = one_node.explore()
        shown._ipython_display_()
        shown.controls["count"].value = 7
    finally:
        InteractiveShell.clear_instance()
    controls, first, update = published.all
    assert explorer.WIDGET_VIEW in controls["data"]
    assert first["data"]["text/plain"].endswith("cost = 200.")
    assert update["data"]["text/plain"].endswith("cost = 700.") and update["update"]
    ids = [output["transient"]["display_id"] for output in (first, update)]
    assert ids[0] == ids[1]


@each_explorer
def test_the_alternative_text_is_on_the_picture_and_ends_with_the_caption(module):
    picture = module.explore().picture()
    said_aloud = root_of(picture).get("aria-label")
    captions = re.findall(r"<p [^>]*>([^<]*)</p>", picture.markup)
    assert picture.alt == " ".join([said_aloud, *map(unescape, captions)])


@each_explorer
def test_every_control_has_a_name_of_its_own(module):
    controls = module.explore().controls.values()
    names = [c.description for c in controls if c.layout.display != "none"]
    assert all(names) and len(set(names)) == len(names)
