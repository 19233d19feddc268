"""Every explorer at both ends of its sliders, with every option: a picture of that state, in order.

That no text overlaps there is for the browser tests, and for those of each explorer.
"""

import re
import warnings
from pathlib import Path

import ipywidgets as widgets
import numpy as np
import pytest
from every_explorer import EXPLORERS, OPENED_ALONE, each
from explored import texts

from course_utils import explorers

each_explorer = each(OPENED_ALONE)
NONSENSE = re.compile(r"(?<![\w.,])(nan|NaN|inf|-?Infinity|[-−]0(\.0*)?)(?!\w|[.,]\d)|∞")


def values_of(control):
    """Return every option of a control (of receipts, every fifth), or both its ends."""
    if hasattr(control, "options"):
        options = [o[1] if isinstance(o, tuple) else o for o in control.options]
        return options if len(options) < 20 else options[::5]
    is_log = isinstance(control, widgets.FloatLogSlider)  # whose ends are exponents
    return [control.base**end if is_log else end for end in (control.min, control.max)]


def every_choice(choices):
    """Go through all combinations of options; one choice may change what the next one offers."""
    if not choices:
        yield
        return
    first, *others = choices
    for value in values_of(first):
        first.value = value
        yield from every_choice(others)


def every_end(shown):
    """Go through all options, each with all sliders at their low ends, then at their high ones."""
    controls = shown.controls.values()
    sliders = [control for control in controls if not hasattr(control, "options")]
    for _ in every_choice([control for control in controls if hasattr(control, "options")]):
        for end in (0, 1):
            for slider in sliders:
                slider.value = values_of(slider)[end]
            yield end


def assert_makes_sense(picture):
    for text in (*texts(picture), picture.alt):
        assert not NONSENSE.search(text), text
    shape = re.sub(r'aria-label="[^"]*"|>[^<]*<', "", picture.markup)
    assert not re.search(r"\b(nan|inf)\b", shape), "a coordinate that is no number"


@each_explorer
def test_every_option_with_every_slider_at_either_end(module, show):
    shown = module.explore()
    handle = show(shown)
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        for _ in every_end(shown):
            picture = shown.picture()
            assert_makes_sense(picture)
            last = handle.shown[-1] if handle.shown else handle.first
            assert last == picture._repr_mimebundle_()


@each_explorer
def test_a_value_beyond_an_end_stays_at_the_end(module):
    shown = module.explore()
    for control in shown.controls.values():
        if hasattr(control, "options") or not control.description:
            continue
        low, high = values_of(control)
        for beyond, end in ((low - 1e6, low), (high + 1e6, high)):
            control.value = beyond
            assert control.value == pytest.approx(end)


@each_explorer
def test_a_choice_that_is_not_offered_is_refused_and_changes_nothing(module):
    shown = module.explore()
    before = shown.picture()
    for control in shown.controls.values():
        if hasattr(control, "options"):
            with pytest.raises(Exception, match="Invalid selection"):
                control.value = "what is not offered"
    assert shown.picture() == before


@each_explorer
def test_many_fast_changes_end_in_the_picture_of_the_last_state(module, show):
    shown = module.explore()
    handle = show(shown)
    rng = np.random.default_rng(7)
    controls = list(shown.controls.values())
    for _ in range(25):
        control = controls[rng.integers(len(controls))]
        values = values_of(control)
        control.value = values[rng.integers(len(values))]
    assert handle.shown[-1] == shown.picture()._repr_mimebundle_()
    assert show(module.explore()).first == handle.first, "explorers share something"


def test_every_explorer_is_listed():
    files = Path(explorers.__file__).parent.glob("*.py")
    names = {file.stem for file in files if "\ndef explore(" in file.read_text("utf-8")}
    assert names == {module.__name__.rpartition(".")[2] for module in EXPLORERS}


@pytest.mark.parametrize(
    "text, is_nonsense",
    [
        *((t, True) for t in ("nan", "x = inf", "−0", "loss −0.00, so", "is -0.", "∞", "(nan)")),
        *(
            (t, False)
            for t in ("−0.5", "1e−05", "0", "10−0", "banana", "−0,5", "10⁻⁰", "information")
        ),
    ],
)
def test_what_counts_as_nonsense(text, is_nonsense):
    assert bool(NONSENSE.search(text)) is is_nonsense
