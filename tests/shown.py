"""Every picture that the course shows: those stored in lessons, and explorers in many states."""

from functools import cache
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
from every_explorer import EXPLORERS, each
from lessons import PATHS, Lesson, outputs_of

from course_utils.explorers import draw_digit

NETWORK = SimpleNamespace(predict=lambda X: 4 * np.sin(np.arange(10)) + 0 * X[:, :10])
DRAWINGS = ("", "130,40 130,220", "60,60 180,60 90,210;80,130 150,130")


class Shown:
    """A picture as it stands on a page.

    Attributes:
        where: the lesson and the cell, or the explorer and its state.
        root: of its SVG, without a caption.
        alt: its alternative text, or None.
        rest: the markup of the caption below it.
        state: of an explorer, what its controls are at, by name.
    """

    def __init__(self, where, markup, state=None):
        drawing, end, self.rest = markup.partition("</svg>")
        self.where, self.root = where, ElementTree.fromstring(drawing + end)
        self.alt, self.state = self.root.get("aria-label"), state or {}

    def __repr__(self):
        return f"{self.where}: {self.alt}"


@cache
def stored():
    """Return every picture stored in a lesson, in order."""
    return [
        Shown(f"{path.stem}, {cell.source.splitlines()[-1]}", markup)
        for path in PATHS
        for cell in Lesson(path).code
        for kind, markup in outputs_of([cell])
        if kind == "text/html" and "<svg" in markup
    ]


@cache
def explored(module):
    """Return an explorer's pictures: as it opens, and with each control at each of its ends."""
    shown, found = explorer_of(module), []
    for name, value in [(None, None), *changes(shown.controls)]:
        opened = explorer_of(module)
        if name:
            opened.controls[name].value = value
        state = {key: control.value for key, control in opened.controls.items()}
        found.append(Shown(f"{module.__name__}, {name} {value}", opened.picture().markup, state))
    return found


def explorer_of(module):
    return module.explore(NETWORK) if module is draw_digit else module.explore()


def changes(controls):
    """Return (name, value) of each control's ends, a value between them, or all its options."""
    visible = {n: c for n, c in controls.items() if c.layout.display != "none"}
    return [(name, value) for name, c in visible.items() for value in values_of(c)]


def values_of(control):
    if hasattr(control, "base"):
        return [control.base**end for end in (control.min, control.max)]
    if hasattr(control, "max"):
        steps = round((control.max - control.min) / control.step)
        middle = round(control.min + steps // 3 * control.step, 9)
        return [control.min, middle, control.max]
    if hasattr(control, "options"):
        return [option[-1] if isinstance(option, tuple) else option for option in control.options]
    return DRAWINGS


each_explorer = each(EXPLORERS)
each_stored = pytest.mark.parametrize("shown", stored(), ids=lambda shown: shown.where)
