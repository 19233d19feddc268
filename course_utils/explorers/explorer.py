"""Sliders over one picture: the small helper that wires every explorer.

The picture is shown as an ordinary output and replaced in place whenever a control moves, so it
is still there when the notebook is saved, opened without a kernel or exported.
"""

from contextlib import contextmanager

import ipywidgets as widgets
from IPython.display import display

from course_utils.explorers.names import Names

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
DESCRIPTION = {"description_width": "8.5em"}  # the names of controls, one below the other
WIDE = {"width": "32em", "max_width": "100%"}


class Explorer:
    """Controls over a picture that is a function of their values.

    Args:
        picture: a function that takes the controls' values by name and returns a Picture.
        controls: name → widget with a ``value``.
        rows: lists of widgets, as they stand on the page; one below the other unless given.
    """

    def __init__(self, picture, controls, rows=None):
        self.controls = controls
        self._picture = picture
        self._shown = None
        self._latest = None
        self._holding = False
        rows = [[control] for control in controls.values()] if rows is None else rows
        lines = [widgets.HBox(row, layout=_wrapping()) for row in rows]
        self.box = widgets.VBox([Names(), *lines])
        for control in controls.values():
            control.observe(self._redraw, names="value")

    def picture(self):
        """Return the picture of the controls' present values."""
        return self._picture(**{name: _value(c) for name, c in self.controls.items()})

    @contextmanager
    def held(self):
        """Change several controls, and redraw once at the end."""
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
        self._redraw()

    def _redraw(self, _change=None):
        if self._shown is not None and not self._holding:
            picture = self.picture()
            if picture != self._latest:
                self._shown.update(picture._repr_mimebundle_(), raw=True)
                self._latest = picture

    def _ipython_display_(self):
        visible = [c for c in self.controls.values() if c.layout.display != "none"]
        named = ", ".join(control.description for control in visible)
        show_widget(self.box, f"Controls: {named}. Run this cell to use them.")
        self._latest = self.picture()
        self._shown = display(self._latest._repr_mimebundle_(), raw=True, display_id=True)


def _value(control):
    """Return a control's value, without the 0.0000000000000002 of a page that adds up steps."""
    return round(control.value, 9) if isinstance(control.value, float) else control.value


def show_widget(widget, words):
    """Display a widget with words that stand in for it where there is no kernel."""
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    display({WIDGET_VIEW: view, "text/plain": words}, raw=True)


def slider(description, value, least, most, step=1):
    """Return a slider that redraws while it moves: whole numbers for a whole step."""
    kind = widgets.IntSlider if isinstance(step, int) else widgets.FloatSlider
    return kind(
        value=value,
        min=least,
        max=most,
        step=step,
        description=description,
        style=DESCRIPTION,
        layout=WIDE,
    )


def choice(description, options, value):
    """Return a row of buttons, one for each option, of which one is chosen."""
    return widgets.ToggleButtons(
        options=list(options), value=value, description=description, style=DESCRIPTION
    )


def step_control(last, interval=900):
    """Return (slider, play button) that walk through the steps 0 to ``last`` together.

    The slider has the keyboard: left and right arrows move a step. Play starts over when the
    walk is at its end.
    """
    steps = slider("step", last, 0, last)
    play = widgets.Play(value=last, min=0, max=last, interval=interval, show_repeat=False)
    play.layout.margin = "2px 0 2px 2em"
    widgets.jslink((play, "value"), (steps, "value"))

    def start_over(change):
        if change["new"] and steps.value == steps.max:
            play.value = steps.value = 0
            play.playing = True

    play.observe(start_over, names="playing")
    return steps, play


def end_at(steps, play, last):
    """Let a walk's controls end at another step; who was at the end stays there."""
    was_at_end = steps.value == steps.max
    steps.max = play.max = last
    if was_at_end:
        steps.value = last
    play.value = steps.value


def _wrapping():
    return widgets.Layout(flex_flow="row wrap")
