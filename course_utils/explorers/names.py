"""What a screen reader says of the controls, where ipywidgets leaves it without words."""

from pathlib import Path

from anywidget import AnyWidget

HERE = Path(__file__)


class Names(AnyWidget):
    """Puts names on the controls of the box that it stands in, and a clear ring around the focus.

    ipywidgets gives the handle of a slider and the buttons of Play no accessible name, a slider a
    number with rounding errors or an exponent as its value, and a row of buttons no state. The
    words are those that stand on the page beside them, and follow them. It takes no room itself.

    Attributes:
        children: none; so it can stand among the rows of a box.
    """

    _esm = HERE.with_suffix(".js").read_text(encoding="utf-8")
    _css = HERE.with_suffix(".css").read_text(encoding="utf-8")
    children = ()
